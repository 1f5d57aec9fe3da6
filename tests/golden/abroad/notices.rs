//! What the law says of a unit abroad, and what a host is owed and told.

use super::case::{
    Case, OUT, approaching, at, back, confirmed, crossing, document, located, out, retracted,
    revised, state,
};
use limes::domain::borders::Frontier;
use limes::domain::event::{
    Event, LifeEvent, OperationEvent, OperationEventKind, TrackEventKind, What,
};
use limes::domain::ids::NoticeId;
use limes::domain::input::OrderKind;
use limes::domain::law::basis::{Basis, PatrolArea};
use limes::domain::law::finding::{ClockKind, Verdict};
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::operations::crossings::{Again, Consequences, Lookup};
use limes::domain::operations::operation::ClockStatus::Running;
use limes::domain::operations::orders::{self, Ask};
use limes::domain::operations::{NoticeStatus, whereabouts};
use limes::domain::tracks::Track;
use std::collections::BTreeMap;

#[test]
fn a_revised_crossing_is_assessed_again() {
    let mut case = Case::on(Basis::SurveillanceAuthorised, &["RO"]);
    case.change("10:30:00", document("RO-1", None, "11:33:10", "12:00:00"))
        .unwrap();
    case.tell("11:33:20", &[out()]);
    assert_eq!(case.verdict(), Some(Verdict::NoObstacle));
    case.tell("11:40:00", &[revised(OUT.0, OUT.1, OUT.2, "11:33:00")]);
    assert_eq!(
        case.verdict(),
        Some(Verdict::Stop),
        "it crossed before the window"
    );
}

#[test]
fn an_open_request_follows_a_retraction_and_one_that_was_sent_is_not_owed_again() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    let kinds = case.tell("11:40:00", &[retracted(OUT.0, OUT.1, OUT.2, OUT.3)]);
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "notice.withdrawn")
            .count(),
        2
    );
    assert_eq!(case.notice("OP.1").owed_since, None);
    assert_eq!(case.notice("OP.2").status, NoticeStatus::Withdrawn);
    assert_eq!(
        case.answer(),
        (Verdict::NoObstacle, Vec::new()),
        "it is home"
    );
    case.tell("12:00:00", &[confirmed("c.2", "HU", "RO", "11:59:00")]);
    assert_eq!(case.named("OP.2"), ["c.2"]);
    assert_eq!(case.notice("OP.2").owed_since, Some(at("11:59:00")));
    case.send("OP.2");
    case.tell("12:10:00", &[confirmed("c.3", "RO", "HU", "12:05:00")]);
    case.tell("12:20:00", &[confirmed("c.4", "HU", "RO", "12:15:00")]);
    assert_eq!(case.named("OP.2"), ["c.2"], "sent once, asked once");
    assert_eq!(case.named("OP.1"), ["c.2", "c.4"]);
}

#[test]
fn what_was_sent_is_corrected_when_its_crossing_moves_or_falls_away() {
    let mut case = Case::on(Basis::SurveillanceAuthorised, &["RO"]);
    case.change("10:30:00", document("RO-1", None, "11:00:00", "20:00:00"))
        .unwrap();
    case.tell("11:33:20", &[out()]);
    case.send("OP.1");
    let kinds = case.tell("11:34:00", &[revised(OUT.0, OUT.1, OUT.2, "11:33:17.200")]);
    assert!(
        !kinds.contains(&"notice.drafted"),
        "to the second it is told"
    );
    case.tell("11:35:00", &[revised(OUT.0, OUT.1, OUT.2, "11:33:10")]);
    let fields = case.notice("OP.2").fields.as_ref().unwrap();
    assert_eq!(fields.amends.as_ref().map(NoticeId::as_str), Some("OP.1"));
    assert_eq!(fields.crossings[0].likely, at("11:33:10"));
    assert_eq!(
        case.notice("OP.2").owed_since,
        None,
        "a correction is no new crossing"
    );
    case.send("OP.2");
    case.tell("11:40:00", &[retracted(OUT.0, OUT.1, OUT.2, "11:33:10")]);
    let fields = case.notice("OP.3").fields.as_ref().unwrap();
    assert!(fields.crossings[0].taken_back);
    assert_eq!(fields.amends.as_ref().map(NoticeId::as_str), Some("OP.2"));
}

#[test]
fn a_state_that_the_operation_does_not_name_is_told_of_the_crossing_and_not_asked() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[confirmed("c.1", "HU", "AT", "11:33:17")]);
    let duties: Vec<_> = case
        .operation
        .notices
        .values()
        .map(|one| one.duty.as_str())
        .collect();
    assert_eq!(duties, ["notice_of_crossing"]);
    assert_eq!(case.consent("AT"), None);
    assert_eq!(case.verdict(), Some(Verdict::Stop));
}

#[test]
fn a_unit_first_known_abroad_must_stop_and_is_owed_until_its_crossing_is_known() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.track = Track::new(&case.car);
    case.tell("11:40:00", &[located("RO")]);
    assert_eq!(case.verdict(), Some(Verdict::Stop));
    assert_eq!(case.answer().1, ["entry_known"]);
    assert_eq!(case.consent("RO"), None, "no clock is invented");
    let fields = case.notice("OP.1").fields.as_ref().unwrap();
    assert_eq!(&*fields.missing[0], "crossing");
}

#[test]
fn who_turned_away_is_expected_no_more_and_what_is_owed_stays_owed() {
    let receding = || TrackEventKind::Receding {
        frontier: Frontier::between(state("HU"), state("RO")),
    };
    let expected = |case: &Case| {
        let crossings = &case.notice("OP.1").fields.as_ref().unwrap().crossings;
        crossings.iter().filter(|one| one.expected).count()
    };
    for ending in [receding(), TrackEventKind::SignedOff] {
        let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
        case.tell("11:30:00", &[approaching()]);
        assert_eq!(expected(&case), 1);
        case.tell("11:32:00", &[ending]);
        assert_eq!(expected(&case), 0);
        assert_eq!(case.notice("OP.1").status, NoticeStatus::Withdrawn);
    }
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.track = Track::new(&case.car);
    case.tell("11:40:00", &[located("RO")]);
    case.tell("11:41:00", &[approaching()]);
    let kinds = case.tell("11:42:00", &[receding()]);
    assert_eq!(expected(&case), 0);
    assert!(!kinds.contains(&"notice.withdrawn"), "{kinds:?}");
    assert_eq!(case.notice("OP.1").owed_since, Some(at("11:40:00")));
}

#[test]
fn a_unit_assigned_abroad_counts_from_its_first_entry() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["AT"]);
    let empty = case.operation.clone();
    case.tell("11:33:20", &[confirmed("c.1", "HU", "AT|HU", "11:33:17")]);
    case.tell("11:35:10", &[confirmed("c.2", "AT|HU", "AT", "11:35:00")]);
    case.operation = empty;
    let abroad = whereabouts::abroad(&case.track, state("HU")).unwrap();
    let entries = whereabouts::entries(&case.track, &abroad, state("HU"));
    let mut events = Vec::new();
    Consequences::of(&case.operation, case.lookup(), at("12:00:00"), &mut events).assigned(
        &case.car,
        abroad.clone(),
        &entries,
    );
    case.operation.settle(&case.car.id, Some(abroad));
    case.take(events);
    let (status, starts, _) = case.clock(ClockKind::Consent, "AT").unwrap();
    assert_eq!((status, starts), (Running, at("11:33:17")));
    assert_eq!(case.named("OP.1"), ["c.1"]);
    assert_eq!(case.verdict(), Some(Verdict::NoObstacle));
}

#[test]
fn what_seems_a_disputed_area_is_a_stop_until_it_falls_away() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    let suspected =
        TrackEventKind::CrossingSuspected(Box::new(crossing("c.1", "HU", "HU|RO", "11:33:17")));
    let kinds = case.tell("11:33:20", &[suspected]);
    assert_eq!(
        kinds,
        ["law.assessed"],
        "nothing is owed of what is not confirmed"
    );
    assert_eq!(
        case.answer(),
        (Verdict::Stop, vec!["territory_certain".to_owned()])
    );
    case.tell("11:34:00", &[retracted("c.1", "HU", "HU|RO", "11:33:17")]);
    assert_eq!(case.answer(), (Verdict::NoObstacle, Vec::new()));
}

#[test]
fn an_operation_stays_open_while_a_notice_of_a_crossing_is_owed() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    assert_eq!(case.close(), Err("units_abroad".into()));
    case.tell("11:50:10", &[back()]);
    assert_eq!(case.close(), Err("notices_owed".into()));
    case.send("OP.1");
    case.send("OP.2");
    assert_eq!(case.close(), Ok(()));
}

#[test]
fn a_patrol_that_may_no_longer_be_there_owes_its_notice() {
    let mut case = Case::on(Basis::JointPatrol, &["RO"]);
    case.operation.card.patrol = Some(PatrolArea {
        state: state("RO"),
        area: None,
    });
    case.change("10:30:00", document("P-1", None, "11:00:00", "12:00:00"))
        .unwrap();
    let kinds = case.tell("11:33:20", &[out()]);
    assert!(!kinds.contains(&"notice.owed"));
    let mut events = Vec::new();
    let lookup = Lookup {
        rulebook: &case.rulebook,
        profiles: Profiles::none(),
        rooms: &case.rooms,
        scribe: limes::wire::letter::write,
        channels: limes::domain::operations::channels::Channels::none(),
    };
    Consequences::of(&case.operation, lookup, at("12:00:00"), &mut events)
        .look_again(&case.car, Again::At(at("12:00:00")));
    let kinds = case.take(events);
    assert!(kinds.contains(&"notice.owed"), "{kinds:?}");
    assert_eq!(case.answer().1, ["patrol_period"]);
    assert_eq!(case.named("OP.1"), ["c.1"]);
}

#[test]
fn a_patrol_agreed_for_another_state_is_refused_and_stops_at_the_line() {
    let mut case = Case::on(Basis::JointPatrol, &["RO", "AT"]);
    case.operation.card.patrol = Some(PatrolArea {
        state: state("RO"),
        area: None,
    });
    case.operation.card.declared.authorisations =
        vec![document("P-1", Some("AT"), "08:00:00", "20:00:00")];
    case.tell("11:33:20", &[confirmed("c.1", "HU", "AT", "11:33:17")]);
    assert!(
        case.answer().1.contains(&"patrol_area".to_owned()),
        "{:?}",
        case.answer()
    );
    let mut card = case.operation.card.clone();
    card.patrol = Some(PatrolArea {
        state: state("SK"),
        area: None,
    });
    let ask = Ask {
        by: &card.opened_by,
        now: case.now,
        lookup: case.lookup(),
    };
    let units = BTreeMap::from([(case.car.id.clone(), &case.car)]);
    let refused = orders::open(ask, &card, false, &units).unwrap_err();
    assert_eq!(&*refused.guard, "patrol_state");
    let kind = OrderKind::Open(Box::new(card));
    assert_eq!(kind.operation(), &case.operation.card.id);
}

#[test]
fn the_partner_is_not_told_what_is_owed() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    let granted = limes::domain::operations::sharing::granted(&case.operation);
    let assessed = granted.iter().filter_map(|event| match &event.what {
        What::Operation(OperationEvent {
            kind: OperationEventKind::Assessed { assessment, .. },
            ..
        }) => Some(assessment),
        _ => None,
    });
    let assessed: Vec<_> = assessed.collect();
    assert!(!assessed.is_empty() && assessed.iter().all(|one| one.duties.is_empty()));
    let opened = |event: &Event| {
        matches!(
            &event.what,
            What::Operation(OperationEvent {
                kind: OperationEventKind::Life(LifeEvent::Shared { .. }),
                ..
            })
        )
    };
    assert!(granted.iter().any(opened));
}
