//! Signing on and off.

use super::plane::{Plane, set};
use super::sim::{Field, at, fix};
use crate::domain::input::UnitAct;
use crate::domain::tracks::act::Act;
use crate::domain::tracks::fix::QuarantineReason;
use crate::domain::tracks::{ActReceipt, FixReceipt};
use std::sync::Arc;

fn act(field: &mut Field, act: Act, seconds: f64, key: &str) -> ActReceipt {
    let act = UnitAct {
        unit: field.track.unit().clone(),
        act,
        at: at(seconds),
        key: Arc::from(key),
    };
    let begun = field.events.len();
    let receipt = field.track.decide_act(&act, &mut field.events);
    for event in &field.events[begun..] {
        field.track.apply(event);
    }
    receipt
}

#[test]
fn a_unit_is_on_duty_at_all_times_except_from_a_sign_off_to_its_next_sign_on() {
    let mut field = Field::new(Plane::two());
    assert!(field.track.on_duty(at(-1_000_000.0)));
    act(&mut field, Act::SignOn, 200.0, "b");
    act(&mut field, Act::SignOff, 100.0, "a");
    assert!(field.track.on_duty(at(99.999)));
    assert!(!field.track.on_duty(at(100.0)));
    assert!(!field.track.on_duty(at(199.999)));
    assert!(field.track.on_duty(at(200.0)));
}

#[test]
fn off_duty_a_position_is_counted_and_not_kept() {
    let mut field = Field::new(Plane::two());
    act(&mut field, Act::SignOff, 100.0, "a");
    let receipt = field.post(&fix(150.0, -5_000.0, 8.0));
    let FixReceipt::Quarantined(quarantine) = receipt else {
        panic!("{receipt:?}");
    };
    assert_eq!(quarantine.reason, QuarantineReason::OffDuty);
    assert_eq!(field.track.quarantined(), 1);
    assert_eq!(field.track.admitted(), 0);
    let told = format!("{:?}", field.events);
    assert!(!told.contains("lat"), "no position off duty: {told}");
    // Judged at the time of the fix, not of its arrival.
    assert_eq!(
        field.post_at(&fix(99.0, -5_000.0, 8.0), at(150.0)),
        FixReceipt::Accepted
    );
}

#[test]
fn the_same_act_again_is_a_duplicate() {
    let mut field = Field::new(Plane::two());
    assert_eq!(act(&mut field, Act::Wilco, 1.0, "k"), ActReceipt::Accepted);
    assert_eq!(act(&mut field, Act::Wilco, 1.0, "k"), ActReceipt::Duplicate);
    assert_eq!(field.words(), ["unit.acted"]);
}

#[test]
fn the_key_of_another_act_is_not_answered_as_if_it_were_that_act() {
    let mut field = Field::new(Plane::two());
    act(&mut field, Act::Wilco, 1.0, "k");
    for (other, seconds) in [(Act::Emergency, 1.0), (Act::Wilco, 2.0)] {
        let receipt = act(&mut field, other, seconds, "k");
        assert_eq!(receipt, ActReceipt::KeyOfAnother, "{other:?} {seconds}");
    }
    assert_eq!(field.words(), ["unit.acted"]);
}

#[test]
fn a_sign_on_without_a_sign_off_takes_back_no_crossing() {
    let mut field = Field::new(Plane::two());
    for (second, east_m) in [
        (0.0, -9_000.0),
        (10.0, -9_000.0),
        (900.0, 9_000.0),
        (910.0, 9_000.0),
    ] {
        field.post(&fix(second, east_m, 8.0));
    }
    act(&mut field, Act::SignOn, 500.0, "on");
    assert_eq!(field.ways(), ["HU>RO"]);
    // A sign-off before both fixes, or after them, begins no shift between them.
    act(&mut field, Act::SignOn, -50.0, "on again");
    act(&mut field, Act::SignOff, -100.0, "off");
    act(&mut field, Act::SignOff, 1_000.0, "off again");
    assert_eq!(field.ways(), ["HU>RO"]);
}

#[test]
fn the_first_place_of_a_new_shift_is_no_crossing() {
    let mut field = Field::new(Plane::two());
    for second in 0..30 {
        field.post(&fix(f64::from(second), -5_000.0, 8.0));
    }
    act(&mut field, Act::SignOff, 100.0, "off");
    act(&mut field, Act::SignOn, 101.0, "on");
    for second in 102..200 {
        field.post(&fix(f64::from(second), 50_000.0, 8.0));
    }
    assert!(field.track.crossings().is_empty());
    assert_eq!(field.count("unit.located"), 2);
    assert_eq!(field.track.settled(), Some(set("RO")));
}

#[test]
fn signing_on_twice_does_not_hide_a_crossing() {
    let mut field = Field::new(Plane::two());
    for second in 0..60 {
        if second == 30 {
            act(&mut field, Act::SignOn, 29.5, "again");
        }
        field.post(&fix(
            f64::from(second),
            -900.0 + 30.0 * f64::from(second),
            8.0,
        ));
    }
    assert_eq!(field.ways(), ["HU>RO"]);
}

#[test]
fn a_sign_on_that_arrives_late_takes_back_a_crossing_from_shift_to_shift() {
    let mut field = Field::new(Plane::two());
    for (second, east_m) in [
        (0.0, -9_000.0),
        (10.0, -9_000.0),
        (900.0, 9_000.0),
        (910.0, 9_000.0),
    ] {
        field.post(&fix(second, east_m, 8.0));
    }
    assert_eq!(field.ways(), ["HU>RO"]);
    let mut other_way = Field::new(Plane::two());
    other_way.track = field.track.clone();
    act(&mut field, Act::SignOff, 20.0, "off");
    act(&mut field, Act::SignOn, 890.0, "on");
    assert!(field.confirmed().is_empty());
    act(&mut other_way, Act::SignOn, 890.0, "on");
    assert_eq!(other_way.ways(), ["HU>RO"]);
    act(&mut other_way, Act::SignOff, 20.0, "off");
    assert!(other_way.confirmed().is_empty());
    // And nothing brings it back.
    field.post(&fix(920.0, 9_000.0, 8.0));
    field.post_at(&fix(905.0, 9_000.0, 8.0), at(930.0));
    assert!(field.confirmed().is_empty());
}

#[test]
fn a_silence_ends_with_the_shift_and_the_next_counts_from_its_own_sign_on() {
    let mut field = Field::new(Plane::two());
    for second in 0..30 {
        field.post(&fix(f64::from(second), -5_000.0, 8.0));
    }
    field.tick(100.0);
    act(&mut field, Act::SignOff, 200.0, "off");
    assert_eq!(
        field.words()[1..],
        ["unit.silent", "unit.acted", "unit.back", "unit.signed_off"]
    );
    act(&mut field, Act::SignOn, 30_000.0, "on");
    field.tick(30_059.9);
    assert_eq!(field.count("unit.silent"), 1);
    field.tick(30_060.0);
    assert_eq!(field.count("unit.silent"), 2);
    let (silence, may_have_crossed) = field.track.silence().unwrap();
    assert_eq!(silence.since, at(30_000.0));
    // Where it is in this shift nobody knows.
    assert!(!may_have_crossed);
    field.tick(40_000.0);
    assert_eq!(field.count("unit.may_have_crossed"), 0);
}

#[test]
fn a_silent_unit_that_signs_on_again_is_told_to_be_back() {
    let mut field = Field::new(Plane::two());
    for second in 0..30 {
        field.post(&fix(f64::from(second), -5_000.0, 8.0));
    }
    field.tick(100.0);
    act(&mut field, Act::SignOn, 120.0, "on");
    field.post(&fix(120.0, -5_000.0, 8.0));
    assert_eq!(field.count("unit.back"), 1);
    assert!(field.track.silence().is_none());
}
