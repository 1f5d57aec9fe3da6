//! A person held abroad in a pursuit: what is recorded, what the law says of it, and until when.

use crate::chase::{Chase, opened, state};
use limes::domain::event::{OperationEvent, OperationEventKind, What};
use limes::domain::ids::{OperationId, UnitId};
use limes::domain::input::OrderKind;
use limes::domain::law::basis::Basis;
use limes::domain::law::finding::ClockKind;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::operation::ClockStatus;
use limes::domain::operations::{
    Closing, Detention, DetentionStep, DetentionStepKind, OperationChange,
};
use limes::domain::registry::Marks;
use limes::domain::world::Answer;

/// The clock of the release in France, when one was ever started.
fn release(chase: &Chase) -> Option<(ClockStatus, Timestamp)> {
    let world = &chase.rooms.worlds[&chase.room()];
    let operation = &world.operations()[&OperationId::parse("CHASE").unwrap()];
    let clocks = operation.clocks.iter();
    clocks
        .filter(|(key, _)| key.kind == ClockKind::Release)
        .map(|(_, running)| (running.status, running.clock.ends))
        .next()
}

fn guard(answer: &Answer) -> String {
    match answer {
        Answer::Refused(refusal) => refusal.guard.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn who_is_held_in_france_is_released_after_six_hours_of_the_day_and_a_warrant_ends_them() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.50, 2.87);
    let held = |since| {
        OperationChange::Detained(Detention {
            host: state("FR"),
            since,
            unit: Some(UnitId::parse("CAR").unwrap()),
            host_national: None,
            findings: Vec::new(),
        })
    };
    let became = |kind, at| OperationChange::DetentionEnded {
        host: state("FR"),
        step: DetentionStep {
            kind,
            at,
            note: "Gendarmerie Le Boulou".into(),
        },
    };
    let since = chase.now;
    assert_eq!(
        guard(&chase.change(became(DetentionStepKind::Released, since))),
        "nobody_held"
    );
    let ahead = since.plus(Span::from_minutes(5));
    assert_eq!(guard(&chase.change(held(ahead))), "time_in_future");
    opened(&chase.change(held(since)));
    // 10:07Z in March is 11:07 in France: the six hours end before its midnight.
    assert_eq!(
        release(&chase),
        Some((ClockStatus::Running, since.plus(Span::from_hours(6))))
    );
    let findings = chase.events().find_map(|event| match &event.what {
        What::Operation(OperationEvent {
            kind:
                OperationEventKind::Life(limes::domain::event::LifeEvent::Changed {
                    change: OperationChange::Detained(detention),
                    ..
                }),
            ..
        }) => Some(detention.findings.clone()),
        _ => None,
    });
    let foreseen = findings.unwrap().remove(0);
    assert_eq!(&*foreseen.condition, "detention_foreseen");
    assert!(
        foreseen
            .sentence
            .starts_with("FR gives officers of ES no right"),
        "{}",
        foreseen.sentence
    );

    // Better known: earlier shortens, later is refused.
    let earlier = since.plus(Span::from_minutes(-2));
    opened(&chase.change(held(earlier)));
    let ends = earlier.plus(Span::from_hours(6));
    assert_eq!(release(&chase), Some((ClockStatus::Running, ends)));
    assert_eq!(guard(&chase.change(held(since))), "detention_recorded");
    assert_eq!(release(&chase), Some((ClockStatus::Running, ends)));

    // Handed over, the hours go on for the host; the room may not close while it answers for the person.
    chase.to(42.40, 2.87);
    let close = |chase: &mut Chase| {
        chase.order(OrderKind::Close {
            operation: OperationId::parse("CHASE").unwrap(),
            version: None,
            closing: Closing::because("over"),
        })
    };
    assert_eq!(guard(&close(&mut chase)), "person_held");
    let now = chase.now;
    assert_eq!(
        guard(&chase.change(became(
            DetentionStepKind::HandedOver,
            earlier.plus(Span::from_secs(-1))
        ))),
        "before_detention"
    );
    opened(&chase.change(became(DetentionStepKind::HandedOver, now)));
    assert_eq!(
        guard(&chase.change(became(DetentionStepKind::HandedOver, now))),
        "detention_recorded"
    );
    assert_eq!(release(&chase), Some((ClockStatus::Running, ends)));
    chase.pass(Span::from_hours(5));
    let warned = chase
        .events()
        .filter(|event| event.kind() == "clock.warned")
        .count();
    assert_eq!(warned, 1, "an hour before the end");
    assert_eq!(chase.must_stop(), None);
    let now = chase.now;
    opened(&chase.change(became(DetentionStepKind::ArrestRequested, now)));
    assert_eq!(
        release(&chase).map(|(status, _)| status),
        Some(ClockStatus::Stopped)
    );
    chase.pass(Span::from_hours(2));
    assert!(!chase.events().any(|event| event.kind() == "clock.expired"));
}

#[test]
fn hours_of_release_that_are_over_stop_no_unit_and_say_what_is_to_be_done() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.50, 2.87);
    let detained = OperationChange::Detained(Detention {
        host: state("FR"),
        since: chase.now,
        unit: None,
        host_national: Some(false),
        findings: Vec::new(),
    });
    opened(&chase.change(detained));
    chase.pass(Span::from_hours(7));
    let expired = chase.events().find_map(|event| match &event.what {
        What::Operation(OperationEvent {
            kind:
                OperationEventKind::Clock(limes::domain::event::ClockEvent::Expired {
                    clock,
                    because,
                    ..
                }),
            ..
        }) => Some((clock.kind, because.to_string())),
        _ => None,
    });
    let (kind, because) = expired.unwrap();
    assert_eq!(kind, ClockKind::Release);
    assert!(because.contains("was to be released by"), "{because}");
    assert_eq!(
        chase.must_stop(),
        None,
        "the car may stay: it is the person who must not"
    );
}
