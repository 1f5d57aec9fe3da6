//! Where a fix was on its way to a map, by the times that the service tells of itself: whole milliseconds, so each may be
//! one too many or too few.
//!
//! ```text
//! sent ── to the desk ──▶ received_at ── decided ──▶ at ── durable, to the map ──▶ here
//! ```

use crate::latency::Arrived;
use limes::domain::measure::Timestamp;
use limes::wire::live::LiveMessage;

/// Fixes in one bulletin that were no steady stream.
const MANY: usize = 1_000;
const HOPS: [&str; 3] = [
    "to the desk",
    "decided",
    "written, synced and at the map's socket",
];

/// Prints how long each part of the way took, for the fixes of all these viewers.
pub(crate) fn tell(viewers: &[Arrived]) -> anyhow::Result<()> {
    let mut hops: [Vec<i64>; 3] = Default::default();
    for came in viewers.iter().flatten() {
        let LiveMessage::Bulletin(bulletin) = serde_json::from_str(&came.text)? else {
            continue;
        };
        if bulletin.positions.len() >= MANY {
            continue;
        }
        let at = Timestamp::parse(&bulletin.at)?.as_millis();
        for position in &bulletin.positions {
            let sent = Timestamp::parse(&position.fixed_at)?.as_millis();
            let received = Timestamp::parse(&position.received_at)?.as_millis();
            let parts = [received - sent, at - received, came.wall - at];
            for (hop, part) in hops.iter_mut().zip(parts) {
                hop.push(part);
            }
        }
    }
    print!("   of it, p50 / p99 / most:");
    for (name, hop) in HOPS.iter().zip(&mut hops) {
        hop.sort_unstable();
        let last = hop.len().saturating_sub(1);
        let of = |share: f64| hop.get((last as f64 * share).round() as usize).copied();
        let [half, nearly, most] = [0.5, 0.99, 1.0].map(|share| of(share).unwrap_or_default());
        print!(" {name} {half} / {nearly} / {most} ms;");
    }
    println!();
    Ok(())
}
