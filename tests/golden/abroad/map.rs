//! What the map says of it.

use super::case::{Case, OUT, at, confirmed, document, out, retracted, state};
use limes::domain::event::{Event, LifeEvent, OperationEvent, OperationEventKind, What};
use limes::domain::law::basis::Basis;
use limes::domain::operations::whereabouts;

/// What the map shows of a case: its operation as opened, and all that was told since.
fn shown(case: &Case) -> limes::service::live::picture::Picture {
    let card = Case::on(case.operation.card.declared.basis, &["RO"])
        .operation
        .card;
    let opened = Event {
        at: at("10:00:00"),
        what: What::Operation(OperationEvent {
            operation: Some(card.id.clone()),
            kind: OperationEventKind::Life(LifeEvent::Opened(Box::new(card))),
        }),
    };
    let added = Event {
        at: at("10:00:00"),
        what: What::Register(limes::domain::event::RegisterEvent::UnitAdded(
            case.car.clone(),
        )),
    };
    let events = [added, opened].into_iter().chain(case.told.iter().cloned());
    let wire: Vec<_> = events
        .filter_map(|event| {
            let stored = limes::wire::stored::StoredEvent::of(&event, None)?;
            Some(stored.into_wire(limes::domain::ids::Seq(1), event.at, event.at))
        })
        .collect();
    let mut picture = limes::service::live::picture::Picture::new("budapest");
    picture.fold(1, &wire, &[]);
    picture
}

#[test]
fn the_map_says_stop_while_a_clock_is_over_and_a_unit_is_abroad() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    case.tick("16:33:17");
    assert!(shown(&case).operations["OP"].must_stop.is_some());
    case.tell("16:50:00", &[confirmed("c.2", "RO", "HU", "16:45:00")]);
    let operation = &shown(&case).operations["OP"];
    assert_eq!(operation.must_stop, None, "nobody is abroad");
    let owed = &operation.assessments[0];
    assert!(owed.findings.is_empty() && owed.duties[0].duty == "report");
    case.tell("17:10:00", &[confirmed("c.3", "HU", "RO", "17:05:00")]);
    assert!(shown(&case).operations["OP"].must_stop.is_some());
    case.change("17:20:00", document("RO-1", None, "17:00:00", "20:00:00"))
        .unwrap();
    assert_eq!(
        shown(&case).operations["OP"].must_stop,
        None,
        "it is authorised now"
    );
    case.tell(
        "17:30:00",
        &[
            retracted("c.3", "HU", "RO", "17:05:00"),
            retracted("c.2", "RO", "HU", "16:45:00"),
            retracted(OUT.0, OUT.1, OUT.2, OUT.3),
        ],
    );
    let operation = &shown(&case).operations["OP"];
    assert!(
        operation
            .notices
            .iter()
            .all(|notice| notice.owed_since.is_none())
    );
    assert!(
        operation
            .notices
            .iter()
            .all(|notice| notice.status == "withdrawn")
    );
}

#[test]
fn the_map_keeps_what_the_law_says_of_a_unit_in_no_operation() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    let abroad = whereabouts::abroad(&case.track, state("HU")).unwrap();
    let stray =
        limes::domain::operations::crossings::stray(&case.car, &abroad, case.lookup(), case.now);
    case.told.push(stray);
    let picture = shown(&case);
    let kept = picture.units["HU-1"].stray.as_ref().unwrap();
    assert_eq!(kept.verdict, "stop");
}
