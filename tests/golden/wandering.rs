//! Units that drive about the line by chance, decided by the core: what the picture must show of them.

use crate::chance::Chance;
use crate::nagylak_27::room;
use crate::rooms::Rooms;
use limes::domain::ids::{SourceId, UnitId};
use limes::domain::input::{Cause, UnitAct};
use limes::domain::measure::{Span, Timestamp};
use limes::domain::tracks::act::Act;
use limes::domain::tracks::fix::{Measured, ReportedFix};
use std::sync::Arc;

/// Each step lasts this long.
const STEP: Span = Span::from_secs(5);

/// When the wandering begins.
pub(crate) fn start() -> Timestamp {
    Timestamp::parse("2027-03-16T11:16:00Z").unwrap()
}

/// An hour of two cars on the road over the line at Nagylak.
pub(crate) fn wander(rooms: &mut Rooms, chance: &mut Chance) {
    let mut cars = [("HU-1", 20.66_f64, 1.0), ("HU-2", 20.76, -1.0)];
    let mut now = start();
    for step in 0..720 {
        now = now.plus(STEP);
        rooms.pass(now);
        for (unit, lon, way) in &mut cars {
            *lon += *way * 0.0015;
            if chance.one_in(50) || !(20.6..20.82).contains(lon) {
                *way = -*way;
                *lon = lon.clamp(20.6, 20.82);
            }
            drive(rooms, chance, unit, *lon, now);
            if chance.one_in(60) {
                duty(rooms, chance, unit, now, step);
            }
        }
    }
}

/// Most fixes come in time; some never, some late, some from a clock that runs ahead.
fn drive(rooms: &mut Rooms, chance: &mut Chance, unit: &str, lon: f64, now: Timestamp) {
    let fixed_at = match chance.below(20) {
        0 => now.plus(Span::from_secs(300)),
        1 | 2 => now.plus(Span::from_secs(-40)),
        3..=6 => return,
        // Whole minutes without a word.
        _ if now.as_millis() / 60_000 % 9 == 0 => return,
        _ => now,
    };
    let fix = ReportedFix {
        unit: UnitId::parse(unit).unwrap(),
        source: SourceId::parse("phone").unwrap(),
        fixed_at,
        lat: 46.165,
        lon,
        measured: Measured {
            accuracy_m: Some(8.0),
            ..Measured::default()
        },
    };
    rooms.decide(&room("budapest"), Cause::Fix(fix), now);
}

/// A sign-off or sign-on, some pressed a while ago.
fn duty(rooms: &mut Rooms, chance: &mut Chance, unit: &str, now: Timestamp, step: u32) {
    let ago = i64::try_from(chance.below(120)).unwrap();
    let act = if chance.one_in(3) {
        Act::SignOff
    } else {
        Act::SignOn
    };
    let act = UnitAct {
        unit: UnitId::parse(unit).unwrap(),
        act,
        at: now.plus(Span::from_secs(-ago)),
        key: Arc::from(format!("{unit}-{step}")),
    };
    rooms.decide(&room("budapest"), Cause::Act(act), now);
}
