//! A fix as the hub takes it, for tests.

use crate::domain::borders::{Certainty, Location};
use crate::domain::ids::{SourceId, State, StateSet, UnitId};
use crate::domain::measure::{Metres, Position, Timestamp};
use crate::domain::tracks::fix::{Fix, Measured};

/// A moment from which tests count.
pub(super) const NOON: i64 = 1_805_196_797_000;

/// The fix of a unit so many seconds after [`NOON`], each step at another place, received so many milliseconds after it.
pub(super) fn fix(unit: usize, second: i64, step: u32, received: i64) -> Fix {
    Fix {
        unit: UnitId::parse(&format!("HU-{unit}")).expect("a unit"),
        source: SourceId::parse("phone").expect("a device"),
        fixed_at: Timestamp::from_millis(NOON + second * 1_000),
        received_at: Timestamp::from_millis(NOON + received),
        position: Position::new(46.2, 20.4 + f64::from(step) * 1e-4).expect("a place"),
        measured: Measured::default(),
        location: Location {
            states: StateSet::one(State::parse("HU").expect("a state")),
            certainty: Certainty::Inside,
            nearest: None,
        },
        accuracy: Metres::new(15.0),
        depth: Metres::new(9_000.0),
    }
}
