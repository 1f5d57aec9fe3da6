use super::noise::{Random, Wander};
use super::saying::{Saying, TermsPlan};
use super::way::{Course, CourseError, Way, WayError, apart};
use crate::domain::ids::{MessageId, RoomId, UnitId};
use crate::domain::measure::{Metres, Position, Span, Timestamp};
use crate::domain::operations::handover::{
    Agreement, Body, Epoch, Handover, Offer, Phase, Proposal, Terms,
};
use std::sync::Arc;

fn at(lat: f64, lon: f64) -> Position {
    Position::new(lat, lon).unwrap()
}

fn secs(seconds: i64) -> Span {
    Span::from_secs(seconds)
}

/// A road of about 770 m to the east, then 1,112 m to the north; kilometre 0 is its corner.
fn corner() -> Arc<Course> {
    let points = [at(46.17, 20.70), at(46.17, 20.71), at(46.18, 20.71)];
    Arc::new(Course::through(&points, 2).unwrap())
}

#[test]
fn kilometres_count_from_the_point_named_and_are_negative_before_it() {
    let (from, to) = corner().ends();
    assert!((-800.0..-770.0).contains(&from), "{from}");
    assert!((1_105.0..1_135.0).contains(&to), "{to}");
}

#[test]
fn a_course_goes_through_every_point_it_was_drawn_with() {
    let course = corner();
    let (from, to) = course.ends();
    let legs = [(secs(0), from), (secs(60), 0.0), (secs(120), to)];
    let way = Way::along(course, &legs).unwrap();
    for (time, point) in [
        (0, at(46.17, 20.70)),
        (60, at(46.17, 20.71)),
        (120, at(46.18, 20.71)),
    ] {
        let found = way.at(secs(time), [0.0, 0.0]).unwrap().position;
        assert!(
            apart(found, point).as_f64() < 0.1,
            "{found:?} for {point:?}"
        );
    }
}

#[test]
fn a_course_of_one_point_without_its_zero_or_with_a_point_twice_is_refused() {
    let one = [at(46.0, 20.0)];
    assert_eq!(Course::through(&one, 1), Err(CourseError::TooShort(1)));
    let twice = [at(46.0, 20.0), at(46.0, 20.0)];
    assert_eq!(Course::through(&twice, 1), Err(CourseError::Twice(2)));
    let two = [at(46.0, 20.0), at(46.0, 20.1)];
    for zero in [0, 3] {
        let error = CourseError::NoZero { zero, points: 2 };
        assert_eq!(Course::through(&two, zero), Err(error));
    }
}

#[test]
fn whoever_waits_stands_still_and_has_no_course() {
    let legs = [
        (secs(0), -500.0),
        (secs(60), 0.0),
        (secs(120), 0.0),
        (secs(180), 800.0),
    ];
    let way = Way::along(corner(), &legs).unwrap();
    let there = way.at(secs(60), [0.0, 0.0]).unwrap().position;
    for time in 60..=120 {
        let place = way.at(secs(time), [0.0, 0.0]).unwrap();
        assert_eq!(place.position, there);
        assert_eq!(place.course_deg, None);
    }
}

#[test]
fn nobody_overshoots_between_two_legs_or_moves_after_the_last() {
    let legs = [
        (secs(0), -700.0),
        (secs(50), 100.0),
        (secs(60), 110.0),
        (secs(100), 1_000.0),
    ];
    let way = Way::along(corner(), &legs).unwrap();
    let mut before = way.at(secs(0), [0.0, 0.0]).unwrap();
    for tenth in 1..=1_000 {
        let place = way.at(Span::from_millis(tenth * 100), [0.0, 0.0]).unwrap();
        let step = apart(before.position, place.position).as_f64();
        // A tenth of a second at its greatest speed, a little smoothed corner included.
        assert!(
            step <= 0.1 * 1.05 * before.speed_mps.max(place.speed_mps) + 0.02,
            "{step} m at {tenth}"
        );
        before = place;
    }
    let end = way.at(secs(100), [0.0, 0.0]).unwrap().position;
    let later = way.at(secs(500), [0.0, 0.0]).unwrap();
    assert_eq!((later.position, later.speed_mps), (end, 0.0));
}

#[test]
fn the_course_told_is_the_direction_gone_also_on_the_way_back() {
    let legs = [(secs(0), 100.0), (secs(60), 1_000.0), (secs(120), 100.0)];
    let way = Way::along(corner(), &legs).unwrap();
    let there = way.at(secs(30), [0.0, 0.0]).unwrap().course_deg.unwrap();
    let back = way.at(secs(90), [0.0, 0.0]).unwrap().course_deg.unwrap();
    assert!(there.min(360.0 - there) < 15.0, "north is 0, not {there}");
    assert!((back - 180.0).abs() < 15.0, "south is 180, not {back}");
}

#[test]
fn legs_must_rise_in_time_and_stay_on_the_course() {
    let way = |legs: &[(Span, f64)]| Way::along(corner(), legs);
    assert_eq!(way(&[]), Err(WayError::Empty));
    let same = [(secs(5), 0.0), (secs(5), 1.0)];
    assert_eq!(way(&same), Err(WayError::NotLater(2)));
    let beyond = way(&[(secs(0), 0.0), (secs(9), 5_000.0)]);
    assert!(matches!(beyond, Err(WayError::BeyondCourse { leg: 2, .. })));
}

#[test]
fn what_flies_has_its_height_and_its_places_at_their_times() {
    let legs = [(secs(0), at(46.17, 20.70)), (secs(60), at(46.18, 20.71))];
    let way = Way::free(&legs).unwrap();
    let way = way
        .at_heights(&[(secs(0), 130.0), (secs(60), 230.0)])
        .unwrap();
    let end = way.at(secs(60), [0.0, 0.0]).unwrap();
    assert!(apart(end.position, at(46.18, 20.71)).as_f64() < 0.1);
    assert_eq!(end.altitude_m, Some(230.0));
    let middle = way.at(secs(30), [0.0, 0.0]).unwrap().altitude_m.unwrap();
    assert!((middle - 180.0).abs() < 1.0);
}

#[test]
fn two_thirds_of_the_errors_lie_within_the_accuracy_claimed() {
    let mut wander = Wander::new(Random::named(27, "receiver"), 30.0);
    let mut within = 0;
    let draws = 200_000;
    for _ in 0..draws {
        let error = wander.next(10.0, 5.0);
        within += i32::from(error.east_m.hypot(error.north_m) <= error.accuracy_m);
    }
    let share = f64::from(within) / f64::from(draws);
    assert!((0.66..0.70).contains(&share), "{share}");
}

#[test]
fn an_error_wanders_and_does_not_jump() {
    let mut wander = Wander::new(Random::named(27, "receiver"), 30.0);
    let (mut product, mut square) = (0.0, 0.0);
    let mut before = wander.next(1.0, 5.0);
    for _ in 0..100_000 {
        let next = wander.next(1.0, 5.0);
        product += before.east_m * next.east_m;
        square += next.east_m * next.east_m;
        before = next;
    }
    // One second of a correlation over 30: exp(-1/30) = 0.967.
    let correlation = product / square;
    assert!((0.95..0.985).contains(&correlation), "{correlation}");
}

#[test]
fn the_same_name_under_the_same_seed_draws_the_same_numbers_and_another_draws_others() {
    let draw = |seed, name| Random::named(seed, name).number();
    assert_eq!(draw(1, "HU-1"), draw(1, "HU-1"));
    assert_ne!(draw(1, "HU-1"), draw(1, "HU-2"));
    assert_ne!(draw(1, "HU-1"), draw(2, "HU-1"));
}

#[test]
fn numbers_below_a_bound_stay_below_it() {
    let mut random = Random::seeded(1);
    assert!((0..10_000).all(|_| random.below(3) < 3));
    assert_eq!(random.below(0), 0);
    let mean = (0..10_000).map(|_| random.share()).sum::<f64>() / 10_000.0;
    assert!((0.48..0.52).contains(&mean), "{mean}");
}

fn room(name: &str) -> RoomId {
    RoomId::parse(name).unwrap()
}

/// What Arad knows of a dialogue in which Budapest hands over.
fn of_arad(phase: Phase) -> Handover {
    let state = Handover::new(room("budapest"), room("budapest"), Timestamp::EPOCH);
    Handover { phase, ..state }
}

fn terms(units: &[&str]) -> Terms {
    Terms {
        units: units.iter().map(|id| UnitId::parse(id).unwrap()).collect(),
        voice: Some("000".into()),
        ..Terms::default()
    }
}

fn proposed_by(name: &str, mut state: Handover) -> Handover {
    state.proposed = Some(Proposal {
        message: MessageId::parse("m").unwrap(),
        digest: "digest".into(),
        by: room(name),
        at: Timestamp::EPOCH,
        terms: terms(&["HU-1", "HU-2"]),
    });
    state
}

/// At 100 s, in a lap that started at 10 s.
fn body(saying: &Saying, state: &Handover) -> Option<Body> {
    let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
    saying.body(state, at(10), at(100))
}

#[test]
fn what_waits_for_a_room_is_accepted_by_its_digest_and_its_own_proposal_never() {
    let state = proposed_by("budapest", of_arad(Phase::Proposed));
    let digest = "digest".into();
    assert_eq!(
        body(&Saying::Accepts, &state),
        Some(Body::Accepts { digest })
    );
    let own = proposed_by("arad", of_arad(Phase::Countered));
    assert_eq!(body(&Saying::Accepts, &own), None);
    assert_eq!(body(&Saying::Accepts, &of_arad(Phase::Notified)), None);
}

#[test]
fn a_counter_proposal_changes_what_it_names_and_keeps_the_rest() {
    let plan = TermsPlan {
        transfer_at: Some(Metres::ZERO),
        units: Some(vec![UnitId::parse("HU-1").unwrap()]),
        expected: Some((secs(60), secs(5))),
        ..TermsPlan::default()
    };
    let state = proposed_by("budapest", of_arad(Phase::Proposed));
    let Some(Body::Counters(told)) = body(&Saying::Counters(plan.clone()), &state) else {
        panic!("it fits");
    };
    let expected = told.expected.unwrap();
    let millis = [expected.earliest, expected.likely, expected.latest]
        .map(|at| at.since(Timestamp::EPOCH).as_millis());
    assert_eq!(millis, [65_000, 70_000, 75_000]);
    let kept = Terms {
        transfer_at: Some(Metres::ZERO),
        expected: told.expected,
        ..terms(&["HU-1"])
    };
    assert_eq!(told, kept);
    // Nothing agreed yet, and not this room's to revise.
    assert_eq!(body(&Saying::Revises(plan), &state), None);
}

#[test]
fn stand_by_lasts_from_when_it_is_said_and_is_said_once() {
    let saying = Saying::StandsBy {
        who: "Sgt Pop".into(),
        lasts: secs(30),
    };
    let mut state = proposed_by("budapest", of_arad(Phase::Proposed));
    let Some(Body::StandsBy { who, until }) = body(&saying, &state) else {
        panic!("it fits");
    };
    assert_eq!(until, Timestamp::from_millis(130_000));
    state.stand_by = Some(crate::domain::operations::handover::StandBy { who, until });
    assert_eq!(body(&saying, &state), None);
}

#[test]
fn the_lead_is_assumed_where_it_is_offered_and_offered_by_who_has_it() {
    let mut state = of_arad(Phase::Agreed);
    state.agreed = Some(Agreement {
        message: MessageId::parse("m").unwrap(),
        digest: "digest".into(),
        terms: terms(&["HU-1"]),
        since: Timestamp::EPOCH,
    });
    assert_eq!(body(&Saying::Assumes, &state), None);
    assert_eq!(body(&Saying::Offers, &state), None, "Budapest leads");
    assert_eq!(body(&Saying::Requests, &state), Some(Body::Requests));
    state.phase = Phase::Transferring;
    state.offered = Some(Offer {
        message: MessageId::parse("o").unwrap(),
        epoch: Epoch::FIRST,
        at: Timestamp::EPOCH,
    });
    assert_eq!(body(&Saying::Assumes, &state), Some(Body::Assumes));
    assert_eq!(body(&Saying::Requests, &state), None);
    // Once it has passed, Arad is the one that gives it back.
    (state.phase, state.offered) = (Phase::Passed, None);
    let notice = Saying::Notifies(TermsPlan::default());
    assert_eq!(
        body(&notice, &state),
        Some(Body::Notifies(Terms::default()))
    );
    assert_eq!(body(&Saying::Assumes, &state), None);
}
