//! Pursuits (Art. 41 and the treaties that go further) on the real frontiers: what the room is told of each.

use crate::chase::{Chase, opened, start, state};
use limes::domain::borders::Frontier;
use limes::domain::event::{
    Event, OperationEvent, OperationEventKind, TrackEvent, TrackEventKind, What,
};
use limes::domain::ids::{OperationId, SourceId, UnitId};
use limes::domain::input::Cause;
use limes::domain::law::basis::{Authorisation, Basis, PatrolArea, PersonCategory};
use limes::domain::law::clocks::LimitStage;
use limes::domain::law::finding::{ClockKind, Verdict};
use limes::domain::measure::{Metres, Position, Span};
use limes::domain::operations::operation::ClockStatus;
use limes::domain::operations::{Amendment, OperationCard, OperationChange, RecognisedBy};
use limes::domain::registry::Marks;
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::world::Answer;

#[test]
fn a_pursuit_from_spain_into_france_is_told_each_stage_of_its_ten_kilometres_once_each_way() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.62, 2.87);
    let stages: Vec<LimitStage> = chase.limits().iter().map(|limit| limit.stage).collect();
    assert_eq!(
        stages,
        [
            LimitStage::Near,
            LimitStage::NearlyReached,
            LimitStage::Exceeded
        ]
    );
    let frontier = Frontier::parse("ES-FR").unwrap();
    let borders = chase.rooms.ground.borders.clone();
    let mut before = f64::INFINITY;
    for event in chase.events() {
        let What::Fix(fix) = &event.what else {
            continue;
        };
        let (_, away) = borders.nearest_on(frontier, fix.position).unwrap();
        let away = away.as_f64();
        if before < 8_000.0 && away >= 8_000.0 {
            let near = chase.limits()[0].measured.as_f64();
            assert!(
                (near - away).abs() < 0.02,
                "told at the first fix beyond: {near} {away}"
            );
        }
        before = away;
    }
    assert!(
        chase
            .must_stop()
            .is_some_and(|why| why.contains("beyond the limit"))
    );
    let limit = chase.limits()[2];
    assert_eq!(limit.max, Metres::new(10_000.0));
    assert_eq!(limit.citation.confidence.as_str(), "high");
    chase.to(42.40, 2.87);
    let back: Vec<LimitStage> = chase
        .limits()
        .iter()
        .skip(3)
        .map(|limit| limit.stage)
        .collect();
    assert_eq!(
        back,
        [
            LimitStage::NearlyReached,
            LimitStage::Near,
            LimitStage::Within
        ]
    );
    assert_eq!(chase.must_stop(), None);
    insta::assert_snapshot!("pursuit_es_fr", chase.told());
}

#[test]
fn a_backlog_shows_that_a_limit_was_exceeded_and_never_takes_it_back() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.55, 2.87);
    let told = chase.limits().len();
    assert!(
        chase
            .limits()
            .iter()
            .all(|limit| limit.stage < LimitStage::Exceeded)
    );
    // Out and back in a valley without a network: only then the phone sends what it kept.
    let out = chase.now;
    chase.now = chase.now.plus(Span::from_minutes(20));
    chase.fix();
    let room = chase.room();
    for minute in 1..20_i32 {
        let far = f64::from(10 - (minute - 10).abs()) * 0.01;
        let late = ReportedFix {
            unit: UnitId::parse("CAR").unwrap(),
            source: SourceId::parse("car").unwrap(),
            fixed_at: out.plus(Span::from_minutes(i64::from(minute))),
            lat: 42.55 + far,
            lon: 2.87,
            measured: Measured {
                accuracy_m: Some(5.0),
                ..Measured::default()
            },
        };
        chase.rooms.decide(&room, Cause::Fix(late), chase.now);
    }
    let new: Vec<LimitStage> = chase
        .limits()
        .iter()
        .skip(told)
        .map(|limit| limit.stage)
        .collect();
    assert_eq!(new.last(), Some(&LimitStage::Exceeded), "{new:?}");
    assert!(chase.must_stop().is_some());
}

#[test]
fn a_pursuit_from_portugal_into_spain_must_stop_after_its_two_hours() {
    let mut chase = Chase::begin("PT", &["ES"], Some(Marks::MarkedCar), (38.885, -7.10));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["ES"], |_| {}));
    chase.to(38.885, -6.97);
    let clock = |chase: &Chase| {
        let world = &chase.rooms.worlds[&chase.room()];
        let operation = &world.operations()[&OperationId::parse("CHASE").unwrap()];
        let running = operation.clocks.values().next().expect("one clock").clone();
        assert_eq!(running.clock.key.kind, ClockKind::PursuitPeriod);
        running
    };
    let began = clock(&chase);
    assert_eq!(
        began.clock.ends.since(began.clock.starts),
        Span::from_minutes(120)
    );
    assert_eq!(began.status, ClockStatus::Running);
    // A U-turn does not give it another two hours.
    chase.to(38.885, -7.10);
    assert_eq!(clock(&chase).status, ClockStatus::Stopped);
    chase.to(38.885, -6.97);
    assert_eq!(clock(&chase).clock, began.clock);
    chase.pass(Span::from_minutes(120));
    assert_eq!(clock(&chase).status, ClockStatus::Expired);
    assert!(chase.must_stop().is_some());
    let warned = chase
        .events()
        .filter(|event| event.kind() == "clock.warned")
        .count();
    assert_eq!(warned, 2, "at 80 and 95 per cent");
    insta::assert_snapshot!("pursuit_pt_es", chase.told());
}

#[test]
fn over_the_giurgiu_ruse_bridge_the_limit_is_not_known_until_bulgaria_says() {
    let mut chase = Chase::begin("RO", &["BG"], Some(Marks::MarkedCar), (43.925, 25.975));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["BG"], |_| {}));
    chase.to(43.855, 26.025);
    let (verdict, obstacles, warnings) = chase.answer();
    assert_eq!(verdict, Verdict::Stop);
    assert_eq!(obstacles, ["limit_known"]);
    assert_eq!(warnings, ["host_contacted"]);
    assert!(
        chase.limits().is_empty(),
        "no number is shown and none assumed"
    );
    assert!(matches!(chase.send("CHASE.1"), Answer::Done { .. }));
    let document = Authorisation {
        number: "BG-27-7".into(),
        from: chase.now,
        to: chase.now.plus(Span::from_hours(1)),
        conditions: "as far as Byala".into(),
        state: None,
        drone: None,
    };
    opened(&chase.change(OperationChange::Authorisation(document)));
    let (verdict, obstacles, _) = chase.answer();
    assert_eq!((verdict, obstacles), (Verdict::NoObstacle, Vec::new()));
    insta::assert_snapshot!("pursuit_ro_bg", chase.told());
}

#[test]
fn around_schengen_the_condominium_is_germany_s_too_and_france_needs_a_rule_of_its_own() {
    let mut chase = Chase::begin("LU", &["DE", "FR"], Some(Marks::Uniform), (49.476, 6.345));
    let answer = chase.open(Basis::PursuitCaughtInTheAct, &["DE", "FR"], |_| {});
    // Into Germany only for what may lead to extradition: a person judges it.
    assert!(
        matches!(answer, Answer::Refused(ref refusal) if &*refusal.guard == "offence_listed"),
        "{answer:?}"
    );
    opened(
        &chase.open(Basis::PursuitCaughtInTheAct, &["DE", "FR"], |card| {
            card.declared.extraditable = Some(true);
        }),
    );
    chase.to(49.474, 6.385);
    let (verdict, obstacles, _) = chase.answer();
    assert_eq!((verdict, obstacles), (Verdict::NoObstacle, Vec::new()));
    chase.to(49.445, 6.400);
    let (verdict, obstacles, _) = chase.answer();
    assert_eq!(
        (verdict, obstacles),
        (Verdict::Stop, vec!["from_requesting_state".to_owned()])
    );
    insta::assert_snapshot!("pursuit_schengen", chase.told());
}

#[test]
fn at_baarle_each_enclave_is_a_crossing_and_the_benelux_treaty_sets_no_limit() {
    let mut chase = Chase::begin("NL", &["BE"], None, (51.4400, 4.9100));
    opened(&chase.open(Basis::PursuitEscape, &["BE"], |card| {
        card.declared.offence = "".into();
    }));
    chase.to(51.4410, 4.9500);
    let crossed = chase
        .events()
        .filter(|event| event.kind() == "crossing.confirmed")
        .count();
    assert!(crossed >= 2, "{}", chase.told());
    insta::assert_snapshot!("pursuit_baarle", chase.told());
}

#[test]
fn officers_nobody_can_recognise_are_stopped_until_somebody_ticks_how() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::Covert), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.50, 2.87);
    assert_eq!(chase.answer().1, ["recognisable"]);
    let unit = UnitId::parse("CAR").unwrap();
    let tick = |unit: &UnitId, by| OperationChange::Recognisable {
        unit: unit.clone(),
        by,
    };
    opened(&chase.change(tick(&unit, RecognisedBy::Armband)));
    assert_eq!(chase.answer().0, Verdict::NoObstacle);
    let stranger = UnitId::parse("OTHER").unwrap();
    let refused = chase.change(tick(&stranger, RecognisedBy::Uniform));
    assert!(
        matches!(refused, Answer::Refused(ref refusal) if &*refusal.guard == "unit_not_in_operation")
    );
}

#[test]
fn a_correction_is_kept_beside_what_it_corrects_and_the_law_is_asked_again() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.50, 2.87);
    assert_eq!(chase.answer().0, Verdict::NoObstacle);
    let amendment = Amendment {
        person_category: Some(PersonCategory::Contact),
        because: "the driver is only a contact".into(),
        ..Amendment::default()
    };
    opened(&chase.change(OperationChange::Amended(amendment)));
    let (verdict, obstacles, _) = chase.answer();
    assert_eq!(
        (verdict, obstacles),
        (Verdict::Stop, vec!["person_category_covered".to_owned()])
    );
    let kinds: Vec<&str> = chase.events().map(Event::kind).collect();
    let changed = kinds
        .iter()
        .position(|kind| *kind == "operation.changed")
        .unwrap();
    assert!(kinds[changed..].contains(&"law.assessed"));
    assert!(
        kinds[..changed].contains(&"operation.opened"),
        "nothing is deleted"
    );
}

#[test]
fn a_romanian_patrol_in_luxembourg_raises_nothing_until_it_goes_on_towards_france() {
    let mut chase = Chase::begin("RO", &["LU", "FR"], Some(Marks::Uniform), (49.500, 6.030));
    opened(&chase.open(Basis::JointPatrol, &["LU"], |card| {
        card.declared.offence = "".into();
        card.declared.authorisations.push(Authorisation {
            number: "LU-RO-1".into(),
            from: start(),
            to: start().plus(Span::from_hours(8)),
            conditions: "".into(),
            state: None,
            drone: None,
        });
        card.patrol = Some(PatrolArea {
            state: state("LU"),
            area: None,
        });
    }));
    // Before the operation was opened it was there without one.
    let before = 1;
    let stops = |chase: &Chase| {
        let assessed = chase.events().filter(|event| matches!(&event.what,
            What::Operation(OperationEvent { kind: OperationEventKind::Assessed { assessment, .. }, .. })
                if assessment.verdict == Verdict::Stop));
        assessed.count() - before
    };
    chase.to(49.490, 6.000);
    assert_eq!(stops(&chase), 0, "{}", chase.told());
    chase.to(49.440, 6.000);
    assert_eq!(stops(&chase), 1, "{}", chase.told());
    let (_, obstacles, _) = chase.answer();
    assert!(
        obstacles.contains(&"host_state_named".to_owned()),
        "{obstacles:?}"
    );
}

#[test]
fn an_evaded_check_is_measured_from_the_frontier_of_each_host() {
    let mut chase = Chase::begin("DE", &["NL"], Some(Marks::MarkedCar), (51.80, 6.20));
    let at = |lat, lon| {
        move |card: &mut OperationCard| {
            card.declared.offence = "".into();
            card.evaded_at = Some(Position::new(lat, lon).unwrap());
        }
    };
    // Berlin is farther than 150 km from the Netherlands, Dortmund is not.
    let answer = chase.open(Basis::PursuitEvadedCheck, &["NL"], at(52.52, 13.40));
    assert!(
        matches!(answer, Answer::Refused(ref refusal) if &*refusal.guard == "check_within_zone"),
        "{answer:?}"
    );
    opened(&chase.open(Basis::PursuitEvadedCheck, &["NL"], at(51.51, 7.46)));
}

#[test]
fn a_crossing_of_before_the_opening_that_late_data_sharpen_owes_nothing() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    chase.to(42.50, 2.87);
    chase.to(42.40, 2.87);
    let crossing = chase
        .events()
        .find_map(|event| match &event.what {
            What::Track(TrackEvent {
                kind: TrackEventKind::CrossingConfirmed(crossing),
                ..
            }) => Some(crossing.clone()),
            _ => None,
        })
        .expect("it crossed");
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    let late = ReportedFix {
        unit: UnitId::parse("CAR").unwrap(),
        source: SourceId::parse("car").unwrap(),
        fixed_at: crossing.likely,
        lat: crossing.point.lat(),
        lon: crossing.point.lon(),
        measured: Measured {
            accuracy_m: Some(2.0),
            ..Measured::default()
        },
    };
    let (room, now) = (chase.room(), chase.now);
    let answer = chase.rooms.decide(&room, Cause::Fix(late), now);
    assert_eq!(answer, Answer::Accepted);
    let kinds: Vec<&str> = chase.events().map(Event::kind).collect();
    assert!(kinds.contains(&"crossing.revised"), "{}", chase.told());
    assert!(
        !kinds.iter().any(|kind| kind.starts_with("notice.")),
        "{}",
        chase.told()
    );
    // Abroad now, it is owed and seen.
    chase.to(42.50, 2.87);
    let kinds: Vec<&str> = chase.events().map(Event::kind).collect();
    assert!(kinds.contains(&"notice.owed") && kinds.contains(&"operation.shared"));
}
