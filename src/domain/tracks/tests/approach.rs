//! Approaching a frontier.

use super::plane::{Land, Plane};
use super::sim::{Dice, Field, Receiver, at, fix_at};
use crate::domain::borders::Frontier;
use crate::domain::event::{Approach, Event, TrackEvent, TrackEventKind, What};
use crate::domain::registry::UnitKind;

pub(super) fn approaches(events: &[Event]) -> Vec<Approach> {
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
pub(super) fn drive(
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
fn who_just_set_out_is_told_when_the_pace_is_known() {
    // Standing, then at 30 m/s: the fixes kept are 8 s apart, so the start falls somewhere between them.
    for waits_s in 60..76 {
        let mut field = Field::new(Plane::two());
        drive(&mut field, 9, 0, (-2_500.0, 0.0), (0.0, 0.0), waits_s);
        drive(&mut field, 10, waits_s, (-2_500.0, 0.0), (30.0, 0.0), 80);
        let comes = at(f64::from(waits_s) + 2_500.0 / 30.0);
        let told: Vec<_> = field
            .events
            .iter()
            .flat_map(|event| {
                let told = approaches(std::slice::from_ref(event));
                told.into_iter().map(|approach| (event.at, approach))
            })
            .collect();
        assert!(!told.is_empty(), "after {waits_s} s");
        for (told_at, approach) in told {
            let left = comes.since(told_at);
            let is_covered = approach.eta_earliest <= left && left <= approach.eta_latest;
            assert!(is_covered, "after {waits_s} s: {left:?}, {approach:?}");
            let width_s = approach.eta_latest.as_secs_f64() - approach.eta_earliest.as_secs_f64();
            assert!(width_s < 180.0, "after {waits_s} s: {approach:?}");
        }
    }
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
        assert!(told <= 2, "seed {seed}: {told} words in an hour");
        assert!(field.confirmed().is_empty());
    }
}

/// How far the told times of arrival are off the true one, as a share of the time that is left.
fn worst_error(told: &[(f64, Approach)], arrives_s: f64) -> f64 {
    let errors = told.iter().map(|(at_s, approach)| {
        let left_s = arrives_s - at_s;
        (approach.eta.as_secs_f64() - left_s).abs() / left_s
    });
    errors.fold(0.0, f64::max)
}

/// The approaches told, with the second of each.
fn told(field: &Field) -> Vec<(f64, Approach)> {
    let second = |event: &Event| event.at.since(at(0.0)).as_secs_f64();
    let of = |event: &Event| match &event.what {
        What::Track(TrackEvent {
            kind: TrackEventKind::Approaching(approach),
            ..
        }) => Some((second(event), approach.clone())),
        _ => None,
    };
    field.events.iter().filter_map(of).collect()
}

#[test]
fn a_unit_that_stood_is_expected_by_its_speed_since_it_started() {
    for stood_s in [5, 30, 300] {
        let mut field = Field::new(Plane::two());
        drive(&mut field, 6, 0, (-2_400.0, 0.0), (0.0, 0.0), stood_s);
        drive(&mut field, 7, stood_s, (-2_400.0, 0.0), (20.0, 0.0), 100);
        let told = told(&field);
        assert_eq!(told.len(), 1, "after {stood_s} s");
        let error = worst_error(&told, f64::from(stood_s) + 120.0);
        assert!(error < 0.2, "after {stood_s} s: {error}, {told:?}");
        let (_, approach) = &told[0];
        assert!(approach.eta_latest.as_secs_f64() < 4.0 * approach.eta.as_secs_f64());
    }
}

#[test]
fn a_unit_that_turned_round_is_expected_by_its_speed_since_the_turn() {
    for speed in [5.0, 20.0] {
        let mut field = Field::new(Plane::two());
        // Away from the line for a minute, and back.
        let far = -1_500.0 - 60.0 * speed;
        drive(&mut field, 8, 0, (-1_500.0, 0.0), (-speed, 0.0), 60);
        assert!(told(&field).is_empty());
        drive(&mut field, 9, 60, (far, 0.0), (speed, 0.0), 50);
        let told = told(&field);
        assert_eq!(told.len(), 1, "at {speed} m/s");
        let error = worst_error(&told, 60.0 - far / speed);
        assert!(error < 0.2, "at {speed} m/s: {error}, {told:?}");
    }
}

#[test]
fn a_unit_that_goes_at_another_speed_is_told_again_and_its_approach_goes_on() {
    let mut field = Field::new(Plane::two());
    drive(&mut field, 10, 0, (-4_000.0, 0.0), (20.0, 0.0), 150);
    // A queue at the border: 1 km at 1 m/s.
    let mut receiver = Receiver::new(11, 5.0 / 1.51, 60.0);
    for second in 0..900 {
        let report = receiver.sees((-1_000.0 + f64::from(second), 0.0), 1.0);
        field.post(&fix_at(f64::from(150 + second), report, 5.0));
        field.tick(f64::from(150 + second) + 0.5);
    }
    assert_eq!(field.count("border.receding"), 0);
    let told = told(&field);
    assert!((2..=4).contains(&told.len()), "{told:?}");
    let error = worst_error(&told[1..], 1_150.0);
    assert!(error < 0.25, "{error}, {told:?}");
}

#[test]
fn an_approach_that_nothing_is_heard_of_ends_by_itself() {
    let mut field = Field::new(Plane::two());
    drive(&mut field, 12, 0, (-5_000.0, 0.0), (20.0, 0.0), 60);
    assert!(field.track.approach().is_some());
    field.tick(3_000.0);
    assert_eq!(field.count("border.receding"), 1);
    assert!(field.track.approach().is_none());
}

/// Hungary in the north-west, Romania in the east, Serbia in the south.
fn tripoint() -> Plane {
    Plane::of(vec![
        Land::new("HU", -300_000.0, 0.0, 0.0, 300_000.0),
        Land::new("RO", 0.0, 300_000.0, -300_000.0, 300_000.0),
        Land::new("RS", -300_000.0, 0.0, -300_000.0, 0.0),
    ])
}

#[test]
fn a_unit_that_turns_from_one_frontier_to_another_is_told_to_approach_that_one() {
    let mut field = Field::new(tripoint());
    drive(&mut field, 13, 0, (-6_000.0, 3_000.0), (20.0, 0.0), 250);
    drive(&mut field, 14, 250, (-1_000.0, 3_000.0), (0.0, -20.0), 160);
    assert_eq!(field.ways(), ["HU>RS"]);
    let frontiers: Vec<String> = told(&field)
        .iter()
        .map(|(_, approach)| approach.frontier.to_string())
        .collect();
    assert_eq!(frontiers, ["HU-RO", "HU-RS"]);
    let told = told(&field);
    assert!(
        told[1].0 < 290.0 && worst_error(&told[1..], 400.0) < 0.2,
        "{told:?}"
    );
    assert_eq!(field.count("border.receding"), 1);
}

#[test]
fn towards_the_point_where_three_states_meet_there_is_no_flood() {
    for seed in 0..20 {
        let mut field = Field::new(tripoint());
        drive(&mut field, seed, 0, (-8_000.0, 8_000.0), (8.0, -8.0), 960);
        let words = field.count("border.approaching") + field.count("border.receding");
        assert!(words <= 4, "seed {seed}: {words} words");
    }
}

#[test]
fn stop_and_go_is_no_flood() {
    for seed in 0..10 {
        let mut field = Field::new(Plane::two());
        let mut receiver = Receiver::new(seed, 5.0 / 1.51, 60.0);
        let mut dice = Dice(seed);
        let (mut east_m, mut speed) = (-3_000.0, 0.0);
        for second in 0..1_800 {
            if dice.share() < 0.05 {
                speed = [0.0, 0.0, 2.0, 6.0][(dice.word() % 4) as usize];
            }
            east_m = f64::min(east_m + speed, -50.0);
            field.post(&fix_at(
                f64::from(second),
                receiver.sees((east_m, 0.0), 1.0),
                5.0,
            ));
        }
        let words = field.count("border.approaching") + field.count("border.receding");
        assert!(words <= 20, "seed {seed}: {words} words in half an hour");
    }
}

#[test]
fn what_is_more_than_half_an_hour_ahead_is_not_told() {
    let mut field = Field::new(Plane::two());
    drive(&mut field, 15, 0, (-6_000.0, 0.0), (1.5, 0.0), 900);
    assert!(told(&field).is_empty());
    drive(&mut field, 16, 900, (-4_650.0, 0.0), (1.5, 0.0), 1_800);
    let (_, approach) = &told(&field)[0];
    assert!(approach.eta.as_secs_f64() <= 1_800.0);
}

/// Of the approaches told, how many began no later and ended no sooner than the arrival, at that second.
fn held(told: &[(f64, Approach)], arrives_s: f64) -> usize {
    let holds = |at_s: f64, approach: &Approach| {
        let left_s = arrives_s - at_s;
        let (least, most) = (approach.eta_earliest, approach.eta_latest);
        least.as_secs_f64() <= left_s && left_s <= most.as_secs_f64()
    };
    told.iter().filter(|(at_s, of)| holds(*at_s, of)).count()
}

#[test]
fn the_interval_holds_nine_of_ten_arrivals_of_drivers_who_vary() {
    let (mut all, mut held_all) = (0, 0);
    for seed in 0..120 {
        let mut field = Field::new(Plane::two());
        let accuracy_m = [5.0, 12.0, 25.0][seed as usize % 3];
        let mut receiver = Receiver::new(seed, accuracy_m / 1.51, 60.0);
        let mut dice = Dice(seed ^ 0xa5a5);
        let usual = [1.5, 8.0, 20.0, 33.0][seed as usize % 4];
        let (mut at_m, mut speed, mut course) = ((-60.0 * usual - 200.0, 0.0), usual, 0.0_f64);
        let mut second = 0;
        while at_m.0 < 0.0 && second < 2_000 {
            let report = receiver.sees(at_m, 1.0);
            field.post(&fix_at(f64::from(second), report, accuracy_m));
            speed = (speed + 0.05 * usual * dice.normal()).clamp(0.6 * usual, 1.3 * usual);
            // It winds, and is drawn back to the way across.
            course = 0.97 * course + 0.06 * dice.normal();
            at_m.0 += speed * course.cos();
            at_m.1 += speed * course.sin();
            second += 1;
        }
        let told = told(&field);
        all += told.len();
        held_all += held(&told, f64::from(second));
    }
    assert!(all >= 100, "{all} told");
    assert!(held_all * 10 >= all * 9, "{held_all} of {all}");
}

#[test]
fn of_a_start_between_two_fixes_no_time_is_told_that_helps_nobody() {
    let mut told_of = 0;
    for seed in 0..12 {
        let mut field = Field::of(Plane::two(), UnitKind::Drone);
        let mut receiver = Receiver::new(seed, 8.0, 60.0);
        let mut dice = Dice(seed);
        // It hovers, darts to another place at 12 m/s, and hovers.
        let (mut east_m, mut goal_m, mut hovers_s) = (-150.0_f64, -150.0, 30.0);
        for second in 0..3_600 {
            if (goal_m - east_m).abs() < 1.0 {
                hovers_s -= 1.0;
            }
            if hovers_s < 0.0 {
                goal_m = -400.0 + 600.0 * dice.share();
                hovers_s = 10.0 + 170.0 * dice.share();
            }
            east_m += (goal_m - east_m).clamp(-12.0, 12.0);
            if second % 15 == 0 {
                let report = receiver.sees((east_m, 0.0), 15.0);
                field.post(&fix_at(f64::from(second), report, 12.0));
            }
        }
        for approach in approaches(&field.events) {
            let wide_s = approach.eta_latest.as_secs_f64() - approach.eta_earliest.as_secs_f64();
            let helps = wide_s <= 120.0_f64.max(2.0 * approach.eta.as_secs_f64());
            assert!(helps, "seed {seed}: {approach:?}");
            told_of += 1;
        }
    }
    assert!(told_of >= 5, "{told_of}");
}

#[test]
fn who_has_just_started_is_not_expected_by_the_drift_of_a_receiver() {
    for seed in 0..40 {
        let mut field = Field::new(Plane::two());
        let mut receiver = Receiver::new(seed, 75.0 / 1.51, 60.0);
        for second in 0..175 {
            let driven_s = f64::from(second.max(120) - 120);
            let report = receiver.sees((-2_400.0 + 33.0 * driven_s, 0.0), 1.0);
            field.post(&fix_at(f64::from(second), report, 75.0));
        }
        let arrives_s = 120.0 + 2_400.0 / 33.0;
        for (at_s, approach) in told(&field) {
            let earliest_s = approach.eta_earliest.as_secs_f64();
            assert!(
                at_s + earliest_s <= arrives_s,
                "seed {seed}: {approach:?} at {at_s}"
            );
        }
    }
}

#[test]
fn an_approach_is_taken_back_when_its_time_has_run_out_and_not_before() {
    let mut field = Field::new(Plane::two());
    drive(&mut field, 20, 0, (-2_000.0, 0.0), (20.0, 0.0), 60);
    let (told_s, approach) = told(&field)[0].clone();
    let latest_s = told_s + approach.eta_latest.as_secs_f64();
    // It waits 800 m from the line.
    let mut receiver = Receiver::new(21, 5.0 / 1.51, 60.0);
    for second in 60..900 {
        let report = receiver.sees((-800.0, 0.0), 1.0);
        field.post(&fix_at(f64::from(second), report, 5.0));
        let runs = f64::from(second) <= latest_s;
        assert_eq!(field.track.approach().is_some(), runs, "at {second} s");
    }
    assert_eq!(field.count("border.receding"), 1);
}

#[test]
fn who_is_beyond_the_line_and_not_proven_to_be_has_not_turned_away() {
    let mut field = Field::new(Plane::two());
    drive(&mut field, 22, 0, (-1_500.0, 0.0), (20.0, 0.0), 60);
    let (told_s, approach) = told(&field)[0].clone();
    let late = told_s + approach.eta_latest.as_secs_f64() + 10.0;
    // One fix beyond, of a receiver that says little: a suspicion.
    field.post(&fix_at(late, (30.0, 0.0), 200.0));
    assert!(field.confirmed().is_empty());
    assert_eq!(field.count("border.receding"), 0);
    assert!(field.track.approach().is_some());
}

#[test]
fn of_a_unit_in_a_tunnel_nothing_says_that_it_turned() {
    let mut field = Field::new(Plane::two());
    drive(&mut field, 23, 0, (-2_000.0, 0.0), (20.0, 0.0), 60);
    let (told_s, approach) = told(&field)[0].clone();
    let latest_s = told_s + approach.eta_latest.as_secs_f64();
    field.tick(latest_s + 60.0);
    assert_eq!(field.count("unit.silent"), 1);
    assert_eq!(field.count("border.receding"), 0);
    assert!(field.track.approach().is_some());
}

#[test]
fn beside_the_line_little_is_told_and_at_once_after_it_was_away() {
    // To and fro between 40 and 280 m from the line, every 8 minutes.
    let beside = |second: i32| {
        let phase = second % 480;
        let share = f64::from(phase.min(480 - phase)) / 240.0;
        (-280.0 + 240.0 * share, 0.0)
    };
    let mut field = Field::new(Plane::two());
    let mut receiver = Receiver::new(24, 5.0 / 1.51, 60.0);
    for second in 0..7_200 {
        let report = receiver.sees(beside(second), 1.0);
        field.post(&fix_at(f64::from(second), report, 5.0));
    }
    let told_beside = told(&field).len();
    let words = told_beside + field.count("border.receding");
    assert!(told_beside >= 1 && words <= 6, "{words} in two hours");
    drive(&mut field, 25, 7_200, (-280.0, 0.0), (-5.0, 0.0), 200);
    drive(&mut field, 26, 7_400, (-1_280.0, 0.0), (5.0, 0.0), 200);
    assert_eq!(told(&field).len(), told_beside + 1);
}

#[test]
fn who_waited_by_the_line_and_sets_out_for_it_is_told_again() {
    for waits_s in [120, 1_800] {
        let mut field = Field::new(Plane::two());
        drive(&mut field, 3, 0, (-12_000.0, 0.0), (20.0, 0.0), 565);
        drive(&mut field, 4, 565, (-700.0, 0.0), (0.0, 0.0), waits_s);
        let told = approaches(&field.events).len();
        drive(&mut field, 5, 565 + waits_s, (-700.0, 0.0), (10.0, 0.0), 65);
        let again = approaches(&field.events).len() - told;
        let left_alone = field.count("border.receding");
        let expected = usize::from(waits_s > 300);
        assert_eq!(
            (left_alone, again),
            (expected, expected),
            "waited {waits_s} s"
        );
    }
}

#[test]
fn a_steady_way_that_meets_the_line_at_twenty_degrees_is_told() {
    let mut field = Field::new(Plane::two());
    let mut second = 0;
    let mut receiver = Receiver::new(27, 5.0 / 1.51, 60.0);
    // 20 m/s, 0.342 of it towards the line.
    while second < 290 {
        let passed = f64::from(second);
        let truth = (-2_000.0 + 6.84 * passed, 18.8 * passed);
        field.post(&fix_at(passed, receiver.sees(truth, 1.0), 5.0));
        second += 1;
    }
    let told = told(&field);
    assert!(!told.is_empty());
    assert_eq!(held(&told, 2_000.0 / 6.84), told.len(), "{told:?}");
}

#[test]
fn a_place_told_from_afar_is_told_again_when_it_is_near_and_elsewhere() {
    let mut field = Field::new(Plane::two());
    drive(&mut field, 28, 0, (-8_000.0, 0.0), (20.0, 0.0), 200);
    // A bend: 40 % of the speed goes north from now on.
    drive(&mut field, 29, 200, (-4_000.0, 0.0), (18.0, 8.0), 205);
    let told = told(&field);
    assert_eq!(told.len(), 2, "{told:?}");
    let north_m = |approach: &Approach| (approach.point.lat() - 46.0) * 111_195.0;
    assert!(north_m(&told[0].1).abs() < 700.0, "{told:?}");
    assert!((north_m(&told[1].1) - 1_778.0).abs() < 200.0, "{told:?}");
    assert_eq!(held(&told, 200.0 + 4_000.0 / 18.0), 2, "{told:?}");
}
