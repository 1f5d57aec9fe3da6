mod files;
mod offline;
mod post;

use super::load::{Recorded, Recording};
use crate::domain::ids::UnitId;
use crate::domain::measure::Timestamp;
use crate::domain::tracks::fix::Measured;
use crate::wire::fix::PostedFix;

/// 2027-03-16T11:33:17Z.
const START_MS: i64 = 1_805_196_797_000;

/// A fix of the car `HU-1`, so many seconds after the start.
fn recorded(second: i64, lat: f64, lon: f64) -> Recorded {
    let fixed_at = Timestamp::from_millis(START_MS + second * 1_000);
    Recorded {
        arrives: fixed_at,
        unit: UnitId::parse("HU-1").unwrap(),
        fix: PostedFix {
            unit: None,
            source: None,
            fixed_at,
            lat,
            lon,
            measured: Measured {
                accuracy_m: Some(5.0),
                ..Measured::default()
            },
        },
    }
}

/// A car that drives east from Hungary into Romania at 30 m/s, past Nagylak, for so many seconds.
fn drive(seconds: i64) -> Recording {
    let step_deg = 30.0 / (111_320.0 * 46.17_f64.to_radians().cos());
    let fixes =
        (0..seconds).map(|second| recorded(second, 46.17, 20.60 + step_deg * second as f64));
    Recording {
        fixes: fixes.collect(),
    }
}
