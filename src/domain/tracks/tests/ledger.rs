//! Which fixes were admitted: as a plain map remembers it.

use super::sim::card;
use crate::domain::borders::{Certainty, Location};
use crate::domain::ids::{SourceId, StateSet};
use crate::domain::measure::{Metres, Position, Span, Timestamp};
use crate::domain::registry::UnitKind;
use crate::domain::tracks::fix::{Fix, Measured, ReportedFix};
use crate::domain::tracks::ledger::{Admitted, Known};
use crate::domain::tracks::window::KEPT;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn source(of: u8) -> SourceId {
    SourceId::parse(&format!("device-{of}")).unwrap()
}

fn reported(of: u8, at_ms: i64, lon: f64) -> ReportedFix {
    ReportedFix {
        unit: card(UnitKind::Vehicle).id,
        source: source(of),
        fixed_at: Timestamp::from_millis(at_ms),
        lat: 46.0,
        lon,
        measured: Measured::default(),
    }
}

fn admitted(of: u8, at_ms: i64, lon: f64, received_at: Timestamp) -> Fix {
    Fix {
        unit: card(UnitKind::Vehicle).id,
        source: source(of),
        fixed_at: Timestamp::from_millis(at_ms),
        received_at,
        position: Position::new(46.0, lon).unwrap(),
        measured: Measured::default(),
        location: Location {
            states: StateSet::NONE,
            certainty: Certainty::Outside,
            nearest: None,
        },
        accuracy: Metres::from_centimetres(800),
        depth: Metres::MOST,
    }
}

/// Steps of time: mostly seconds, sometimes weeks, in which nothing is heard.
fn step() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => 0..90_000_i64,
        1 => 0..30 * 3_600_000_i64,
        1 => 0..100 * 86_400_000_i64,
    ]
}

fn minute(ms: i64) -> i64 {
    ms.div_euclid(60_000)
}

proptest! {
    /// Fixes up to a day late or a minute early, of three devices, over months.
    #[test]
    fn it_knows_what_a_map_of_all_fixes_knows(
        begins in -2_000_000_000_000..4_000_000_000_000_i64,
        steps in prop::collection::vec((step(), -60_000..86_400_000_i64, 0..3_u8, any::<bool>()), 1..80),
    ) {
        let mut ledger = Admitted::default();
        let mut map: BTreeMap<(u8, i64), f64> = BTreeMap::new();
        let (mut now, mut from) = (begins, i64::MIN);
        for (passed, late, of, other) in steps {
            now += passed;
            let at = now - late;
            let lon: f64 = if other { 21.0 } else { 22.0 };
            let received_at = Timestamp::from_millis(now);
            let expected = match map.get(&(of, at)) {
                Some(known) if known.to_bits() == lon.to_bits() => Known::Same,
                Some(_) => Known::Other,
                None if minute(at) < from => Known::Forgotten,
                None => Known::New,
            };
            prop_assert_eq!(ledger.knows(&reported(of, at, lon)), expected);
            if expected == Known::New {
                ledger.note(&admitted(of, at, lon, received_at));
                map.insert((of, at), lon);
                let back = Span::from_millis(-KEPT.as_millis());
                from = from.max(minute(received_at.plus(back).as_millis()));
                map.retain(|(_, at), _| minute(*at) >= from);
            }
        }
        prop_assert_eq!(ledger.kept(), map.len());
    }

    /// Times that no gate admits are forgotten, and never taken for others.
    #[test]
    fn whatever_the_times_a_fix_is_never_taken_for_one_of_another_time(
        times in prop::collection::vec(any::<i64>(), 1..40)
    ) {
        let mut ledger = Admitted::default();
        for at in &times {
            ledger.note(&admitted(0, *at, 21.0, Timestamp::from_millis(*at)));
        }
        for at in times {
            let known = ledger.knows(&reported(0, at.wrapping_add(1), 22.0));
            prop_assert!(known != Known::Same);
        }
    }
}
