//! Recorded tracks through the core on the real borders, against what plain geometry says of them.
//!
//! The recordings are real persons' movements and stay outside the repository: `LIMES_TRACKS_DIR` names their folder.

use limes::domain::event::{Crossing, Event};
use limes::domain::ids::{RoomId, SourceId, State, UnitId};
use limes::domain::measure::Timestamp;
use limes::domain::registry::{UnitCard, UnitKind};
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::tracks::{GateLimits, Replay, Standing};
use limes::service::borderdata::atlas;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The accuracy of a fix that posts none, metres.
const ACCURACY_M: f64 = 15.0;

fn card() -> UnitCard {
    UnitCard {
        id: UnitId::parse("glider").expect("as recorded"),
        room: RoomId::parse("budapest").expect("as recorded"),
        state: State::parse("HU").expect("as recorded"),
        kind: UnitKind::Helicopter,
        callsign: Arc::from("glider"),
        marks: None,
    }
}

fn read(path: &Path) -> Vec<ReportedFix> {
    let mut rows = csv::Reader::from_path(path).expect("a recorded track");
    rows.records()
        .map(|row| {
            let row = row.expect("a row");
            ReportedFix {
                unit: UnitId::parse("glider").expect("as recorded"),
                source: SourceId::parse("logger").expect("as recorded"),
                fixed_at: Timestamp::parse(&row[0]).expect("as recorded"),
                lat: row[1].parse().expect("as recorded"),
                lon: row[2].parse().expect("as recorded"),
                measured: Measured::default(),
            }
        })
        .collect()
}

fn millis(seconds: &serde_json::Value) -> i64 {
    (seconds.as_f64().expect("as recorded") * 1_000.0).round() as i64
}

/// What plain geometry says and the core does not, or the other way round.
fn differences(oracle: &serde_json::Value, confirmed: &[Crossing]) -> Vec<String> {
    let mut wrong = Vec::new();
    let raw = oracle["crossings"].as_array().expect("as recorded");
    for crossing in confirmed {
        let found = raw.iter().any(|raw| {
            raw["frm"] == crossing.from.to_string()
                && raw["to"] == crossing.to.to_string()
                && millis(&raw["t_before"]) <= crossing.likely.as_millis()
                && crossing.likely.as_millis() <= millis(&raw["t_after"])
        });
        if !found {
            wrong.push(format!(
                "confirmed, but no raw change: {}>{} at {}",
                crossing.from, crossing.to, crossing.likely
            ));
        }
    }
    let runs = oracle["runs"].as_array().expect("as recorded");
    for run in &runs[1..] {
        // One recording ends in a way-point out of order: its last stay ends before it began.
        let lasts = millis(&run["t1"]) - millis(&run["t0"]);
        let middle = millis(&run["t0"]) + (lasts / 2).max(1_000);
        let found = state_at(oracle, confirmed, middle) == run["c"];
        let long = run["dur"].as_f64().expect("as recorded").abs() >= 30.0;
        let deep = run["depth_m"].as_f64().expect("as recorded") > 2.0 * ACCURACY_M;
        if long && deep && !found {
            wrong.push(format!("a stay that was not found: {run}"));
        }
    }
    wrong
}

/// The state that the confirmed crossings put the unit in at a moment.
fn state_at(oracle: &serde_json::Value, confirmed: &[Crossing], moment: i64) -> String {
    let last = confirmed
        .iter()
        .rev()
        .find(|crossing| crossing.likely.as_millis() <= moment);
    last.map_or_else(
        || {
            oracle["runs"][0]["c"]
                .as_str()
                .expect("as recorded")
                .to_owned()
        },
        |crossing| crossing.to.to_string(),
    )
}

#[test]
fn recorded_tracks_have_the_crossings_that_plain_geometry_finds_in_them() {
    let Ok(folder) = std::env::var("LIMES_TRACKS_DIR") else {
        println!("Skipped: set LIMES_TRACKS_DIR to the folder of recorded tracks.");
        return;
    };
    let folder = Path::new(&folder);
    let text = std::fs::read_to_string(folder.join("oracle.json")).expect("oracle.json");
    let oracle: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let atlas = atlas(None).expect("the built-in border data");
    let mut wrong = Vec::new();
    for expected in oracle["tracks"].as_array().expect("as recorded") {
        let id = expected["id"].as_str().expect("as recorded");
        let fixes = read(&folder.join(format!("{id}.csv")));
        let mut replay = Replay::new(&card(), &*atlas, GateLimits::default());
        let mut events = Vec::new();
        let begun = std::time::Instant::now();
        for fix in &fixes {
            replay.take(fix, &mut events);
        }
        let took = begun.elapsed();
        let mut kinds = BTreeMap::new();
        for kind in events.iter().map(Event::kind) {
            *kinds.entry(kind).or_insert(0_u32) += 1;
        }
        let mut confirmed: Vec<Crossing> = replay
            .track()
            .crossings()
            .iter()
            .filter(|recorded| recorded.standing == Standing::Confirmed)
            .map(|recorded| Crossing::clone(&recorded.crossing))
            .collect();
        confirmed.sort_by_key(|crossing| crossing.likely);
        println!("{id}: {} fixes in {took:?}: {kinds:?}", fixes.len());
        for crossing in &confirmed {
            println!(
                "  {}>{} {} (earliest {}, latest {}) ±{} m{}",
                crossing.from,
                crossing.to,
                crossing.likely,
                crossing.earliest,
                crossing.latest,
                crossing.position_error.as_f64(),
                if crossing.inferred { " inferred" } else { "" },
            );
        }
        let differences = differences(expected, &confirmed);
        wrong.extend(differences.into_iter().map(|text| format!("{id}: {text}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
