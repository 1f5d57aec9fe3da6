//! What proves a crossing, against simulated truth.

use super::plane::{Plane, set};
use super::sim::{Field, Receiver, at, fix, fix_at};
use crate::domain::measure::Metres;

fn parked(seed: u64, claims_m: f64, deviation_m: f64, lasts_s: f64) -> (usize, usize) {
    let mut field = Field::new(Plane::two());
    let mut receiver = Receiver::new(seed, deviation_m, lasts_s);
    let mut flips = 0;
    let mut was = None;
    for second in 0..3_600 {
        let report = receiver.sees((-10.0, 0.0), 1.0);
        let side = report.0 > 0.0;
        flips += usize::from(was.is_some_and(|was| was != side));
        was = Some(side);
        field.post(&fix_at(f64::from(second), report, claims_m));
    }
    (field.count("crossing.confirmed"), flips)
}

#[test]
fn a_unit_parked_ten_metres_from_the_line_never_crosses_it() {
    for seed in 0..20 {
        for claims_m in [8.0, 12.0] {
            let (confirmed, flips) = parked(seed, claims_m, 8.0, 60.0);
            assert!(
                flips > 10,
                "seed {seed}: the noise must flip the raw state, {flips} times"
            );
            assert_eq!(confirmed, 0, "seed {seed}, claiming {claims_m} m");
        }
    }
}

#[test]
fn a_crossing_at_thirty_metres_a_second_is_confirmed_within_two_fixes_beyond_the_line() {
    let mut late = Vec::new();
    for seed in 0..200 {
        let accuracy_m = [5.0, 8.0][seed as usize % 2];
        let mut field = Field::new(Plane::two());
        let mut receiver = Receiver::new(seed, accuracy_m / 1.51, 60.0);
        let start_m = -300.0 - receiver.dice.share() * 30.0;
        let mut beyond = 0;
        for second in 0..40 {
            let truth = (start_m + 30.0 * f64::from(second), 0.0);
            let report = receiver.sees(truth, 1.0);
            field.post(&fix_at(f64::from(second), report, accuracy_m));
            beyond += usize::from(report.0 > 0.0);
            if beyond == 2 {
                break;
            }
        }
        if field.ways() != ["HU>RO"] {
            late.push(seed);
        }
    }
    assert!(
        late.is_empty(),
        "not confirmed at the second fix beyond: seeds {late:?}"
    );
}

#[test]
fn one_fix_beyond_the_line_is_a_suspicion_and_no_proof() {
    let mut field = Field::new(Plane::two());
    for second in 0..5 {
        field.post(&fix(
            f64::from(second),
            -200.0 + 30.0 * f64::from(second),
            2.0,
        ));
    }
    field.post(&fix(5.0, -50.0, 2.0));
    field.post(&fix(6.0, 40.0, 2.0));
    assert_eq!(field.words(), ["unit.located", "crossing.suspected"]);
    field.post(&fix(7.0, -40.0, 2.0));
    assert_eq!(field.words()[2..], ["crossing.retracted"]);
    assert!(field.confirmed().is_empty());
}

#[test]
fn the_first_known_state_is_never_a_crossing() {
    let mut field = Field::new(Plane::two());
    for second in 0..60 {
        field.post(&fix(f64::from(second), 5_000.0, 8.0));
    }
    assert_eq!(field.words(), ["unit.located"]);
    assert_eq!(field.track.settled(), Some(set("RO")));
}

#[test]
fn a_hundred_parked_fixes_that_agree_are_not_a_hundred_proofs() {
    let mut field = Field::new(Plane::two());
    for second in 0..60 {
        field.post(&fix(f64::from(second), -100.0, 8.0));
    }
    // One accuracy beyond the line, for a minute and a half: explained by one error.
    for second in 60..160 {
        field.post(&fix(f64::from(second), 8.0, 8.0));
    }
    assert!(field.confirmed().is_empty());
}

#[test]
fn every_stay_of_thirty_seconds_and_two_accuracies_is_found() {
    for interval_s in [1.0, 5.0, 10.0] {
        for accuracy_m in [3.0, 8.0, 15.0, 50.0] {
            let deep_m = 2.05 * accuracy_m;
            let mut field = Field::new(Plane::two());
            let mut time = 0.0;
            while time <= 200.0 {
                // Out and back at a constant speed, beyond the line from second 100 to second 132.
                let turn_s = (time - 116.0_f64).abs();
                let east_m = (deep_m * (16.0 - turn_s) / 12.0).min(deep_m);
                field.post(&fix(time, east_m, accuracy_m));
                time += interval_s;
            }
            let case = format!("every {interval_s} s, {accuracy_m} m");
            assert_eq!(field.ways(), ["HU>RO", "RO>HU"], "{case}");
            let crossings = field.confirmed();
            for (crossing, truth_s) in crossings.iter().zip([100.0, 132.0]) {
                assert!(crossing.earliest <= at(truth_s), "{case}: {crossing:?}");
                assert!(crossing.latest >= at(truth_s), "{case}: {crossing:?}");
            }
        }
    }
}

#[test]
fn place_and_time_are_interpolated_on_the_frontier() {
    let mut field = Field::new(Plane::two());
    for (second, east_m) in [(0.0, -400.0), (10.0, -100.0), (20.0, 200.0), (30.0, 500.0)] {
        field.post(&fix(second, east_m, 8.0));
    }
    let crossing = field.confirmed().remove(0);
    assert_eq!(crossing.from, set("HU"));
    assert_eq!(crossing.to, set("RO"));
    assert_eq!(crossing.earliest, at(10.0));
    assert!((crossing.likely.since(at(13.333)).as_millis()).abs() <= 1);
    assert_eq!(crossing.latest, at(20.0));
    assert!(crossing.point.lon() - 21.0 < 1e-7);
    assert_eq!(crossing.border_error, None);
    assert_eq!(&*crossing.border_set, "plane 1");
    assert!(!crossing.inferred);
    assert!(crossing.position_error > Metres::new(16.0));
    assert_eq!(crossing.id.as_str(), "HU-1.1");
    assert!(crossing.why.fixes.len() >= 3);
    assert!(crossing.why.fixes[0].beyond < Metres::ZERO);
}

#[test]
fn a_fix_that_weighs_less_than_is_asked_does_not_end_the_span() {
    let mut field = Field::new(Plane::two());
    // Long at the line: more than two accuracies are asked.
    for fix_of in 0..40 {
        let east_m = if fix_of < 3 { -40.0 } else { -3.0 };
        field.post(&fix(60.0 * f64::from(fix_of), east_m, 8.0));
    }
    // An error of two accuracies and a half lingers; the unit crosses between the last two.
    for (fix_of, east_m) in [20.0, 3.0, 2.0, 60.0, 90.0].into_iter().enumerate() {
        field.post(&fix(2_400.0 + 60.0 * fix_of as f64, east_m, 8.0));
    }
    let crossings = field.confirmed();
    assert_eq!(crossings.len(), 1);
    assert!(crossings[0].latest >= at(2_580.0), "{crossings:?}");
}

#[test]
fn a_disputed_strip_is_never_crossed_into_but_it_is_crossed() {
    let plane = Plane::strips(&[("HU", 0.0), ("HU|RO?", 2_000.0), ("RO", 300_000.0)]);
    let mut field = Field::new(plane);
    let mut time = 0.0;
    for east_m in (-500..1_000).step_by(100) {
        field.post(&fix(time, f64::from(east_m), 8.0));
        time += 5.0;
    }
    for _ in 0..600 {
        field.post(&fix(time, 1_000.0, 8.0));
        time += 5.0;
    }
    assert!(field.confirmed().is_empty());
    assert_eq!(field.count("crossing.suspected"), 1);
    for east_m in (1_000..3_000).step_by(100) {
        field.post(&fix(time, f64::from(east_m), 8.0));
        time += 5.0;
    }
    assert_eq!(field.ways(), ["HU>RO"]);
    assert_eq!(
        field.track.crossings().len(),
        1,
        "the suspicion became the crossing"
    );
}

#[test]
fn states_entered_and_left_between_two_fixes_are_inferred() {
    let plane = Plane::strips(&[("HU", 0.0), ("RS", 3_000.0), ("RO", 300_000.0)]);
    let mut field = Field::new(plane);
    for (second, east_m) in [
        (0.0, -3_000.0),
        (60.0, -1_500.0),
        (300.0, 5_000.0),
        (360.0, 6_000.0),
        (420.0, 7_000.0),
    ] {
        field.post(&fix(second, east_m, 8.0));
    }
    assert_eq!(field.ways(), ["HU>RS", "RS>RO"]);
    assert!(field.confirmed().iter().all(|crossing| crossing.inferred));
}

#[test]
fn a_strip_that_no_way_avoids_is_inferred_between_two_fixes_of_one_state() {
    let plane = Plane::strips(&[("HU", 0.0), ("RO", 1_000.0), ("HU", 300_000.0)]);
    let mut field = Field::new(plane);
    for (second, east_m) in [
        (-120.0, -2_000.0),
        (-60.0, -1_500.0),
        (0.0, -1_000.0),
        (60.0, -500.0),
        (120.0, 1_500.0),
        (180.0, 2_000.0),
        (240.0, 2_500.0),
    ] {
        field.post(&fix(second, east_m, 8.0));
    }
    assert_eq!(field.ways(), ["HU>RO", "RO>HU"]);
    // A fix from the gap, late: still the same two crossings, at better known times.
    field.post_at(&fix(90.0, 500.0, 8.0), at(260.0));
    field.post_at(&fix(95.0, 600.0, 8.0), at(260.0));
    assert_eq!(field.ways(), ["HU>RO", "RO>HU"]);
    assert_eq!(field.confirmed()[0].latest, at(90.0));
}

#[test]
fn a_corner_that_a_short_detour_avoids_is_not_inferred() {
    use super::plane::Land;
    let plane = Plane::of(vec![
        Land::new("RO", -100.0, 100.0, -50_000.0, 60.0),
        Land::new("HU", -300_000.0, 300_000.0, -300_000.0, 300_000.0),
    ]);
    let mut field = Field::new(plane);
    for (second, east_m) in [
        (0.0, -1_500.0),
        (30.0, -1_000.0),
        (90.0, 1_000.0),
        (120.0, 1_500.0),
    ] {
        field.post(&fix(second, east_m, 8.0));
    }
    assert!(field.confirmed().is_empty());
}

#[test]
fn a_condominium_is_a_territory_of_its_own() {
    let plane = Plane::strips(&[("DE", 0.0), ("DE|LU", 200.0), ("LU", 300_000.0)]);
    let mut field = Field::new(plane);
    let mut time = 0.0;
    for east_m in (-300..600).step_by(20) {
        field.post(&fix(time, f64::from(east_m), 8.0));
        time += 1.0;
    }
    assert_eq!(field.ways(), ["DE>DE|LU", "DE|LU>LU"]);
}

#[test]
fn beyond_all_polygons_the_unit_has_left_coverage() {
    let plane = Plane::strips(&[("ES", 0.0)]);
    let mut field = Field::new(plane);
    let mut time = 0.0;
    for east_m in (-300..600).step_by(20) {
        field.post(&fix(time, f64::from(east_m), 8.0));
        time += 1.0;
    }
    assert_eq!(field.ways(), ["ES>-"]);
    assert_eq!(field.count("unit.left_coverage"), 1);
}
