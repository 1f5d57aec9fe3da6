//! Place and time of a crossing as legal facts: what the clock and a slanted way do to them.

use super::plane::Plane;
use super::sim::{Field, Receiver, at, fix, fix_at};
use crate::domain::borders::Atlas;
use crate::domain::event::Crossing;
use crate::domain::measure::Span;
use crate::domain::tracks::crossing;

/// Drives over the line at 20 m/s, at second 60 of the true time, with a clock so many seconds ahead; from second 40 on
/// everything arrives ten minutes late.
fn late_crossing(ahead_s: f64) -> Crossing {
    let mut field = Field::new(Plane::two());
    for second in 0..80 {
        let second = f64::from(second);
        let arrives_s = if second < 40.0 {
            second + 0.3
        } else {
            640.0 + 0.1 * (second - 40.0)
        };
        let fix = fix(second + ahead_s, 20.0 * (second - 60.0), 5.0);
        field.post_at(&fix, at(arrives_s));
    }
    field.confirmed().pop().expect("a crossing")
}

#[test]
fn a_proven_error_of_the_clock_widens_the_interval_and_shifts_nothing() {
    let right = late_crossing(0.0);
    let ahead = late_crossing(3.0);
    assert!(ahead.earliest <= at(60.0), "{ahead:?}");
    assert_eq!(ahead.latest.since(right.latest).as_millis(), 3_000);
    assert_eq!(ahead.likely.since(right.likely).as_millis(), 3_000);
    let behind = late_crossing(-20.0);
    assert!(behind.latest >= at(60.0), "{behind:?}");
    assert_eq!(behind.earliest.since(right.earliest).as_millis(), -20_000);
    assert_eq!(behind.likely.since(right.likely).as_millis(), -20_000);
}

#[test]
fn the_grounds_say_what_of_the_interval_is_the_clocks() {
    let behind = late_crossing(-20.0).why.rule;
    assert!(
        behind.ends_with("; clock perhaps behind by 21 s"),
        "{behind}"
    );
    assert_eq!(crossing::behind(&behind), Span::from_secs(21));
    let ahead = late_crossing(3.0).why.rule;
    assert!(ahead.ends_with("; clock ahead by 3 s at least"), "{ahead}");
    assert_eq!(crossing::behind(&ahead), Span::ZERO);
}

#[test]
fn the_lag_of_the_network_alone_is_no_error_of_the_clock() {
    let right = late_crossing(0.0);
    assert!(
        right.latest.since(at(60.0)).as_secs_f64() < 2.0,
        "{right:?}"
    );
    assert!(
        at(60.0).since(right.earliest).as_secs_f64() < 2.0,
        "{right:?}"
    );
}

/// A boat drifts over the line at one tenth of its speed: an error across it moves the place ten times as far along it.
#[test]
fn the_place_of_a_slanted_crossing_is_as_uncertain_as_it_is_slanted() {
    let mut covered = 0;
    for seed in 0..100 {
        let mut field = Field::new(Plane::two());
        let mut receiver = Receiver::new(seed, 8.0 / 1.51, 60.0);
        for second in 0..300 {
            let time = f64::from(second);
            let truth = (0.8 * (time - 150.0), 8.0 * time);
            let report = receiver.sees(truth, 1.0);
            field.post(&fix_at(time, report, 8.0));
        }
        let crossings = field.confirmed();
        let [crossing] = crossings.as_slice() else {
            panic!("seed {seed}: {crossings:?}");
        };
        let truth = super::plane::place(0.0, 8.0 * 150.0);
        let off = Atlas::distance(truth, crossing.point);
        covered += usize::from(off <= crossing.position_error);
    }
    assert!(covered >= 95, "{covered} of 100 places are covered");
}
