//! Fixes that motion does not lead to: outliers that claim two metres, and units heard too seldom for any motion.

use super::plane::Plane;
use super::sim::{Field, fix, fix_at};

/// A unit that drives along the line, 40 m from it at 20 m/s, heard every so many seconds until `seconds`.
fn along(field: &mut Field, interval_s: f64, seconds: f64) -> f64 {
    let mut time = 0.0;
    while time < seconds {
        field.post(&fix_at(time, (-40.0, 20.0 * time), 8.0));
        time += interval_s;
    }
    time
}

#[test]
fn a_burst_of_five_outliers_that_claim_two_metres_is_no_crossing() {
    for (interval_s, far_m) in [(1.0, 30.0), (1.0, 60.0), (5.0, 100.0), (5.0, 300.0)] {
        let mut field = Field::new(Plane::two());
        let mut time = along(&mut field, interval_s, 120.0);
        for _ in 0..5 {
            field.post(&fix_at(time, (far_m - 20.0, 20.0 * time), 2.0));
            time += interval_s;
        }
        for _ in 0..20 {
            field.post(&fix_at(time, (-40.0, 20.0 * time), 8.0));
            time += interval_s;
        }
        let case = format!("{far_m} m, every {interval_s} s");
        assert!(field.confirmed().is_empty(), "{case}");
        assert_eq!(field.count("crossing.suspected"), 1, "{case}: told at once");
        assert_eq!(field.count("crossing.retracted"), 1, "{case}");
    }
}

#[test]
fn what_outlasts_any_outlier_is_taken_as_it_is() {
    let mut field = Field::new(Plane::two());
    let begun = along(&mut field, 1.0, 120.0);
    for second in 0..6 {
        assert!(field.confirmed().is_empty(), "after {second} fixes");
        let time = begun + f64::from(second);
        field.post(&fix_at(time, (100.0, 20.0 * time), 2.0));
    }
    assert_eq!(field.ways(), ["HU>RO"]);
}

#[test]
fn two_outliers_and_a_fix_that_may_be_like_them_are_no_crossing() {
    let mut field = Field::new(Plane::two());
    let time = along(&mut field, 15.0, 300.0);
    field.post(&fix_at(time, (40.0, 20.0 * time + 44.0), 3.0));
    field.post(&fix_at(time + 15.0, (20.0, 20.0 * time + 334.0), 3.0));
    for k in 2..8 {
        let time = time + 15.0 * f64::from(k);
        field.post(&fix_at(time, (-70.0, 20.0 * time), 8.0));
    }
    assert!(field.confirmed().is_empty(), "{:?}", field.words());
}

#[test]
fn of_a_unit_heard_once_a_minute_two_fixes_bear_each_other_out() {
    let mut field = Field::new(Plane::two());
    for minute in 0..5 {
        field.post(&fix_at(60.0 * f64::from(minute), (-1_500.0, 0.0), 8.0));
    }
    // Nothing leads from one of these places to another.
    field.post(&fix_at(300.0, (800.0, 0.0), 8.0));
    assert!(field.confirmed().is_empty());
    field.post(&fix_at(360.0, (300.0, 900.0), 8.0));
    assert_eq!(field.ways(), ["HU>RO"]);
}

#[test]
fn they_weigh_no_more_than_the_lighter_of_them() {
    let mut field = Field::new(Plane::two());
    for minute in 0..5 {
        field.post(&fix(60.0 * f64::from(minute), -20.0, 8.0));
    }
    // One outlier of 500 m that claims two, and then an honest error of five metres: together nothing.
    field.post(&fix(300.0, 500.0, 2.0));
    field.post(&fix(360.0, 5.0, 8.0));
    field.post(&fix(420.0, -20.0, 8.0));
    assert!(field.confirmed().is_empty());
    // The other way about.
    field.post(&fix(480.0, 5.0, 8.0));
    field.post(&fix(540.0, 500.0, 2.0));
    field.post(&fix(600.0, -20.0, 8.0));
    assert!(field.confirmed().is_empty());
}
