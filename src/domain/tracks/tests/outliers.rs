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

/// A unit that drives along the line at 20 m/s, turns away from it at a bend, and has outliers just then: the first fix
/// after the bend is true, and motion does not lead to it.
fn bend(interval_s: f64, slope: (f64, f64), off_m: (f64, f64), outliers: i32) -> Field {
    let mut field = Field::new(Plane::two());
    let begun = along(&mut field, interval_s, 300.0);
    for fix in -1..12 {
        let gone_m = 20.0 * interval_s * (f64::from(fix) + 1.5);
        let (east_m, north_m) = (
            -40.0 - slope.0 * gone_m,
            20.0 * (begun - 0.5 * interval_s) + slope.1 * gone_m,
        );
        let time = begun + interval_s * f64::from(fix + 1);
        if (0..outliers).contains(&fix) {
            field.post(&fix_at(time, (east_m + off_m.0, north_m + off_m.1), 2.0));
        } else {
            field.post(&fix_at(time, (east_m, north_m), 4.0));
        }
    }
    field
}

#[test]
fn outliers_at_a_bend_of_the_road_are_no_crossing() {
    for interval_s in [5.0, 15.0] {
        for slope in [(0.1, 0.995), (0.38, 0.92), (0.71, 0.71), (0.92, 0.38)] {
            for off_m in [80.0, 120.0, 200.0, 350.0, 450.0] {
                for north_m in [-250.0, -60.0, 60.0, 250.0] {
                    for outliers in 1..=(25.0 / interval_s) as i32 {
                        let field = bend(interval_s, slope, (off_m, north_m), outliers);
                        let case = format!("{outliers} of {off_m} m, every {interval_s} s");
                        let words = field.words();
                        assert!(field.confirmed().is_empty(), "{case}, {slope:?}: {words:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_unit_that_turns_at_every_fix_is_followed_over_the_line() {
    // A circle of 420 m through the line, at 40 m/s: an eighth of a turn from fix to fix, two and three of them beyond it.
    let mut field = Field::new(Plane::two());
    for fix in 0..24 {
        let turned = f64::from(fix) * std::f64::consts::TAU / 8.0;
        let place = (-100.0 - 420.0 * turned.cos(), 420.0 * turned.sin());
        field.post(&fix_at(8.25 * f64::from(fix), place, 8.0));
    }
    assert_eq!(field.ways()[..4], ["HU>RO", "RO>HU", "HU>RO", "RO>HU"]);
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

/// A drone that hovers 85 m before the line, darts over it and hovers at each of these places for a fix, and comes back.
fn darts(beyond_m: &[(f64, f64)]) -> Field {
    let mut field = Field::new(Plane::two());
    let home = [(-85.0, 0.0); 8];
    let way = home.iter().chain(beyond_m).chain(&home);
    for (fix, place) in way.enumerate() {
        field.post(&fix_at(15.0 * fix as f64, *place, 5.0));
    }
    field
}

#[test]
fn jumps_within_other_states_bear_each_other_out_once_they_outlast_any_outlier() {
    let far = [(48.0, 90.0), (115.0, -80.0), (113.0, -78.0), (24.0, 70.0)];
    assert_eq!(darts(&far).ways(), ["HU>RO", "RO>HU"]);
    // Two of them within fifteen seconds may be one outlier.
    assert!(darts(&far[..2]).confirmed().is_empty());
    // And together they weigh no more than the lightest of them.
    let shallow = [(2.0, 90.0), (115.0, -80.0), (113.0, 60.0)];
    assert!(darts(&shallow).confirmed().is_empty());
}

#[test]
fn a_stay_too_short_for_proof_asks_no_more_of_the_next_one() {
    let mut field = Field::new(Plane::two());
    // On foot 25 m over the line and back: one fix beyond it proves nothing, and no error of 3 m is so large.
    let there = [-75.0, -50.0, -25.0, -1.0, 25.0, -1.0];
    let back = [-15.0; 4];
    let again = [9.0; 4];
    for (fix_of, east_m) in there.iter().chain(&back).chain(&again).enumerate() {
        let is_again = fix_of == there.len() + back.len();
        assert!(!is_again || field.confirmed().is_empty());
        field.post(&fix(15.0 * fix_of as f64, *east_m, 3.0));
    }
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

#[test]
fn an_outlier_that_claims_two_metres_passes_no_state_on_its_way() {
    let plane = Plane::strips(&[("HU", 0.0), ("RO", 300.0), ("HU", 300_000.0)]);
    let mut field = Field::new(plane);
    for fix_of in 0..16 {
        // The strip fills every way to the outlier and back; 50 m behind it, its claim alone would make it certain.
        let (east_m, claims_m) = if fix_of == 8 {
            (350.0, 2.0)
        } else {
            (-200.0, 60.0)
        };
        field.post(&fix(20.0 * f64::from(fix_of), east_m, claims_m));
    }
    assert!(field.confirmed().is_empty(), "{:?}", field.words());
}
