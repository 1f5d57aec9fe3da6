//! Approaching a frontier.

use super::plane::Plane;
use super::sim::{Dice, Field, Receiver, fix_at};
use crate::domain::borders::Frontier;
use crate::domain::event::{Approach, Event, TrackEvent, TrackEventKind, What};

fn approaches(events: &[Event]) -> Vec<Approach> {
    events
        .iter()
        .filter_map(|event| match &event.what {
            What::Track(TrackEvent {
                kind: TrackEventKind::Approaching(approach),
                ..
            }) => Some(approach.clone()),
            _ => None,
        })
        .collect()
}

/// Drives from a start at a velocity for so many seconds, one fix a second with 5 m of error.
fn drive(
    field: &mut Field,
    seed: u64,
    begun_s: i32,
    start: (f64, f64),
    velocity: (f64, f64),
    seconds: i32,
) {
    let mut receiver = Receiver::new(seed, 5.0 / 1.51, 60.0);
    for second in 0..seconds {
        let passed = f64::from(second);
        let truth = (start.0 + velocity.0 * passed, start.1 + velocity.1 * passed);
        field.post(&fix_at(
            f64::from(begun_s + second),
            receiver.sees(truth, 1.0),
            5.0,
        ));
    }
}

#[test]
fn an_approach_is_told_once_with_place_and_time() {
    let mut field = Field::new(Plane::two());
    drive(&mut field, 1, 0, (-12_000.0, 0.0), (20.0, 0.0), 590);
    let told = approaches(&field.events);
    assert_eq!(told.len(), 1);
    let approach = &told[0];
    assert_eq!(approach.frontier, Frontier::parse("HU-RO").unwrap());
    assert!(approach.eta.as_secs_f64() < 600.0);
    assert!(approach.eta_earliest < approach.eta && approach.eta < approach.eta_latest);
    let off = (approach.distance.as_f64() / 20.0 - approach.eta.as_secs_f64()).abs();
    assert!(off < 60.0, "{approach:?}");
    assert!((approach.point.lon() - 21.0).abs() < 1e-6);
    assert_eq!(field.count("border.receding"), 0);
    assert!(field.track.approach().is_some());
}

#[test]
fn far_from_any_line_nothing_is_told() {
    let mut field = Field::new(Plane::two());
    drive(&mut field, 2, 0, (-40_000.0, 0.0), (30.0, 0.0), 300);
    assert!(approaches(&field.events).is_empty());
}

#[test]
fn a_crossing_ends_the_approach() {
    let mut field = Field::new(Plane::two());
    drive(&mut field, 3, 0, (-3_000.0, 0.0), (30.0, 0.0), 200);
    assert_eq!(field.ways(), ["HU>RO"]);
    assert_eq!(approaches(&field.events).len(), 1);
    assert_eq!(field.count("border.receding"), 0);
    assert!(field.track.approach().is_none());
}

#[test]
fn turning_back_is_receding() {
    let mut field = Field::new(Plane::two());
    drive(&mut field, 4, 0, (-5_000.0, 0.0), (20.0, 0.0), 150);
    drive(&mut field, 5, 150, (-2_000.0, 0.0), (-20.0, 0.0), 400);
    assert_eq!(approaches(&field.events).len(), 1);
    assert_eq!(field.count("border.receding"), 1);
    assert!(field.track.approach().is_none());
}

#[test]
fn a_road_along_the_border_is_no_flood() {
    for seed in 0..10 {
        let mut field = Field::new(Plane::two());
        let mut receiver = Receiver::new(seed, 5.0 / 1.51, 60.0);
        let mut dice = Dice(seed);
        // An hour at 25 m/s, some 300 m from the line, winding by 150 m.
        let bend = 400.0 + 400.0 * dice.share();
        for second in 0..3_600 {
            let north = 25.0 * f64::from(second);
            let east = -300.0 + 150.0 * (north / bend).sin();
            let report = receiver.sees((east, north), 1.0);
            field.post(&fix_at(f64::from(second), report, 5.0));
        }
        let told = field.count("border.approaching") + field.count("border.receding");
        assert!(told <= 8, "seed {seed}: {told} words in an hour");
        assert!(field.confirmed().is_empty());
    }
}
