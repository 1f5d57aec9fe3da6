//! Drones before a line that they may not cross.

use super::plane::{Plane, set};
use super::sim::{Field, Receiver, at, fix_at};
use crate::domain::event::{Event, Refusal, StandOff, TrackEventKind, What};
use crate::domain::ids::StateSet;
use crate::domain::measure::{Metres, Span, Timestamp};
use crate::domain::registry::UnitKind;
use crate::domain::tracks::Margin;
use crate::domain::tracks::fix::ReportedFix;

const MARGIN: Margin = Margin {
    stand_off: Metres::from_centimetres(30_000),
    ahead: Span::from_secs(30),
};

/// A drone of HU, west of a line; nothing lets it into RO.
struct Drone {
    field: Field,
    may_cross: bool,
}

impl Drone {
    fn before_the_line() -> Self {
        Self {
            field: Field::of(Plane::two(), UnitKind::Drone),
            may_cross: false,
        }
    }

    fn post(&mut self, fix: &ReportedFix) {
        self.post_at(fix, fix.fixed_at);
    }

    /// As a room does it: first what the fix brings about, then the stand-off, and all of it is folded.
    fn post_at(&mut self, fix: &ReportedFix, now: Timestamp) {
        let before = self.field.track.clone();
        let begun = self.field.events.len();
        self.field.post_at(fix, now);
        let new = &self.field.events[begun..];
        if new.iter().any(|event| event.kind() == "crossing.confirmed") {
            return;
        }
        let admitted = new.iter().find_map(|event| match &event.what {
            What::Fix(fix) => Some(fix.clone()),
            _ => None,
        });
        let Some(admitted) = admitted else {
            return;
        };
        let forbids = |to: StateSet| (!self.may_cross && to == set("RO")).then(refusal);
        let mut told = Vec::new();
        before.decide_stand_off(&admitted, MARGIN, &self.field.plane, forbids, &mut told);
        for event in told {
            self.field.track.apply(&event);
            self.field.events.push(event);
        }
    }

    /// Flies from a place at a velocity, one fix a second, with errors of so many metres.
    fn flies(
        &mut self,
        (from_s, until_s): (i32, i32),
        way: impl Fn(f64) -> (f64, f64),
        error_m: f64,
    ) {
        let mut receiver = Receiver::new(7, error_m / 1.51, 60.0);
        for second in from_s..until_s {
            let passed = f64::from(second);
            let seen = receiver.sees(way(f64::from(second - from_s)), 1.0);
            self.post(&fix_at(passed, seen, error_m.max(3.0)));
        }
    }

    fn told(&self, word: &str) -> Vec<&Event> {
        let all = self.field.events.iter();
        all.filter(|event| event.kind() == word).collect()
    }

    fn stand_off(&self) -> Option<&StandOff> {
        self.field.track.stand_off().map(|(told, _)| told)
    }
}

fn refusal() -> Refusal {
    Refusal {
        guard: "carrier_covered".into(),
        sentence: "Carrier drone: rule not known.".into(),
        citation: None,
    }
}

fn exact(seconds: f64, east_m: f64) -> ReportedFix {
    fix_at(seconds, (east_m, 0.0), 5.0)
}

#[test]
fn at_the_stand_off_itself_it_is_not_kept_and_a_metre_before_it_is() {
    let mut drone = Drone::before_the_line();
    drone.post(&exact(0.0, -301.0));
    assert_eq!(drone.stand_off(), None);
    let mut drone = Drone::before_the_line();
    drone.post(&exact(0.0, -299.9));
    let told = drone.stand_off().unwrap();
    assert_eq!(
        (told.from, told.to, told.over_at),
        (set("HU"), set("RO"), None)
    );
    assert!((told.distance.as_f64() - 299.9).abs() < 0.2, "{told:?}");
    assert_eq!(told.because, refusal());
}

#[test]
fn a_breach_is_foretold_twenty_seconds_before_the_line_at_any_speed_of_a_drone() {
    for (speed_mps, error_m) in [
        (2.0, 1.0),
        (5.0, 3.0),
        (10.0, 5.0),
        (20.0, 5.0),
        (30.0, 8.0),
    ] {
        let mut drone = Drone::before_the_line();
        let crosses_s = 70.0;
        let way = |second: f64| (-speed_mps * (crosses_s - second), 0.0);
        drone.flies((0, 78), way, error_m);
        let first = drone.told("border.breach_predicted")[0].at;
        let ahead_s = at(crosses_s).since(first).as_secs_f64();
        assert!(
            (20.0..50.0).contains(&ahead_s),
            "{speed_mps} m/s: {ahead_s} s before"
        );
        assert_eq!(drone.field.count("crossing.confirmed"), 1);
        assert_eq!(drone.stand_off(), None, "the crossing takes its place");
    }
}

#[test]
fn the_time_foretold_is_that_of_the_line() {
    let mut drone = Drone::before_the_line();
    drone.flies((0, 60), |second| (-700.0 + 10.0 * second, 0.0), 1.0);
    let first = drone.told("border.breach_predicted")[0];
    let What::Track(track) = &first.what else {
        unreachable!()
    };
    let TrackEventKind::BreachPredicted(told) = &track.kind else {
        unreachable!()
    };
    let off_s = told.over_at.unwrap().since(at(70.0)).as_secs_f64();
    assert!(off_s.abs() < 3.0, "{told:?}");
}

#[test]
fn a_slow_drift_is_seen_too() {
    let mut drone = Drone::before_the_line();
    drone.flies((0, 100), |second| (-100.0 + second, 0.0), 3.0);
    let first = drone.told("border.breach_predicted")[0].at;
    let ahead_s = at(100.0).since(first).as_secs_f64();
    assert!((20.0..60.0).contains(&ahead_s), "{ahead_s} s before");
}

#[test]
fn what_the_aircraft_says_of_its_own_motion_foretells_at_once() {
    let mut drone = Drone::before_the_line();
    let mut fix = exact(0.0, -200.0);
    fix.measured.speed_mps = Some(12.0);
    fix.measured.course_deg = Some(90.0);
    drone.post(&fix);
    let told = drone.stand_off().unwrap();
    let over_s = told.over_at.unwrap().since(at(0.0)).as_secs_f64();
    assert!((over_s - 200.0 / 12.0).abs() < 0.1, "{over_s}");
}

#[test]
fn one_that_hovers_with_all_errors_of_its_receiver_is_near_and_foretold_nothing() {
    let mut drone = Drone::before_the_line();
    drone.flies((0, 1_800), |_| (-150.0, 0.0), 5.0);
    assert_eq!(drone.told("border.breach_predicted").len(), 0);
    assert_eq!(drone.told("border.stand_off_broken").len(), 1);
    assert_eq!(drone.told("border.stand_off_kept").len(), 0);
}

#[test]
fn one_that_circles_before_the_line_is_not_foretold_to_leave_its_circle() {
    let mut drone = Drone::before_the_line();
    // 12 m/s on a circle of 80 m: the nearest point lies 120 m before the line.
    let circle = |second: f64| {
        let angle = second * 12.0 / 80.0;
        (-200.0 + 80.0 * angle.cos(), 80.0 * angle.sin())
    };
    drone.flies((0, 600), circle, 3.0);
    let foretold = drone.told("border.breach_predicted").len();
    // Until the turn is known it may go straight on.
    assert!(foretold <= 1, "{foretold} times");
}

#[test]
fn it_is_over_when_it_turns_back_but_not_sooner_than_ten_seconds_after() {
    let mut drone = Drone::before_the_line();
    let way = |second: f64| {
        let towards = second.min(20.0) - (second - 20.0).max(0.0);
        (-500.0 + 12.0 * towards, 0.0)
    };
    drone.flies((0, 40), way, 1.0);
    let foretold = drone.told("border.breach_predicted");
    let near = drone.told("border.stand_off_broken");
    assert_eq!((foretold.len(), near.len()), (1, 1), "foretold, then near");
    let stood = near[0].at.since(foretold[0].at).as_secs_f64();
    assert!(stood >= 10.0, "{stood} s");
    let kept = drone.told("border.stand_off_kept");
    assert_eq!(
        kept.len(),
        1,
        "50 m farther than the stand-off it keeps it again"
    );
    assert_eq!(drone.stand_off(), None);
}

#[test]
fn who_may_cross_keeps_no_stand_off_and_a_permission_ends_what_was_told() {
    let mut drone = Drone::before_the_line();
    drone.may_cross = true;
    drone.post(&exact(0.0, -100.0));
    assert_eq!(drone.stand_off(), None);
    drone.may_cross = false;
    drone.post(&exact(1.0, -100.0));
    assert!(drone.stand_off().is_some());
    drone.may_cross = true;
    drone.post(&exact(2.0, -100.0));
    assert_eq!(drone.stand_off(), None);
    assert_eq!(drone.told("border.stand_off_kept").len(), 1);
}

#[test]
fn beyond_the_line_and_not_proven_to_be_it_seems_to_be_over_it_now() {
    let mut drone = Drone::before_the_line();
    drone.post(&exact(0.0, -20.0));
    drone.post(&exact(2.0, 1.0));
    let told = drone.stand_off().unwrap();
    assert_eq!((told.to, told.over_at), (set("RO"), Some(at(2.0))));
    assert_eq!(drone.field.count("crossing.confirmed"), 0);
}

#[test]
fn on_its_way_home_there_is_nothing_to_keep_away_from() {
    let mut drone = Drone::before_the_line();
    drone.flies((0, 120), |second| (-600.0 + 10.0 * second, 0.0), 1.0);
    assert_eq!(drone.field.count("crossing.confirmed"), 1);
    let told = drone.told("border.breach_predicted").len();
    drone.flies((120, 220), |second| (600.0 - 10.0 * second, 0.0), 1.0);
    assert_eq!(drone.told("border.breach_predicted").len(), told);
    assert_eq!(
        drone.stand_off(),
        None,
        "home, and far enough from the line"
    );
}

#[test]
fn what_comes_late_foretells_nothing_and_an_older_fix_changes_nothing() {
    let mut drone = Drone::before_the_line();
    drone.post_at(&exact(0.0, -100.0), at(60.0));
    assert_eq!(drone.stand_off(), None, "a minute old");
    drone.post(&exact(70.0, -100.0));
    assert!(drone.stand_off().is_some());
    drone.post_at(&exact(65.0, -900.0), at(71.0));
    assert!(drone.stand_off().is_some(), "an older fix");
}
