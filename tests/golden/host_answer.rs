//! A host that refuses or takes back what it granted: nothing granted before holds, and the units abroad must stop.

use crate::chase::{Chase, opened, state};
use limes::domain::event::{ClockEvent, OperationEvent, OperationEventKind, What};
use limes::domain::law::basis::{Authorisation, Basis, HostRefusal, HostRefusalKind};
use limes::domain::law::finding::{ClockKind, Verdict};
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::OperationChange;
use limes::domain::registry::Marks;
use limes::domain::world::Answer;

fn document(number: &str, from: Timestamp, hours: i64) -> Authorisation {
    Authorisation {
        number: number.into(),
        from,
        to: from.plus(Span::from_hours(hours)),
        conditions: "".into(),
        state: None,
        drone: None,
    }
}

fn no(kind: HostRefusalKind, at: Timestamp) -> OperationChange {
    OperationChange::HostRefused(HostRefusal {
        host: state("RO"),
        kind,
        at,
        said_by: "A. Pop, duty officer".into(),
        because: "another service is on it".into(),
    })
}

/// A surveillance by a Hungarian car that has crossed into Romania at Nagylak.
fn abroad(basis: Basis) -> Chase {
    let mut chase = Chase::begin("HU", &["RO"], Some(Marks::MarkedCar), (46.17, 20.65));
    let now = chase.now;
    opened(&chase.open(basis, &["RO"], |card| {
        card.declared.offence = "murder".into();
        if basis == Basis::SurveillanceAuthorised {
            card.declared.authorisations = vec![document("RO-1", now, 8)];
        }
    }));
    chase.to(46.17, 20.80);
    assert_eq!(chase.answer().0, Verdict::NoObstacle, "{}", chase.told());
    let notice = chase.notice_to("room-RO");
    opened(&chase.send(&notice));
    chase.seen_by("room-RO", &notice);
    chase
}

/// How each clock of a kind was last said to end, and why.
fn revised(chase: &Chase, wanted: ClockKind) -> Vec<(Timestamp, String)> {
    let of = |what: &What| match what {
        What::Operation(OperationEvent {
            kind: OperationEventKind::Clock(ClockEvent::Revised { clock, because }),
            ..
        }) if clock.key.kind == wanted => Some((clock.ends, because.to_string())),
        _ => None,
    };
    chase.events().filter_map(|event| of(&event.what)).collect()
}

#[test]
fn a_document_taken_back_ends_its_window_stops_the_unit_and_is_an_alarm_until_a_new_one() {
    let mut chase = abroad(Basis::SurveillanceAuthorised);
    chase.pass(Span::from_minutes(2));
    let said = chase.now.plus(Span::from_secs(-30));
    opened(&chase.change(no(HostRefusalKind::Withdrawn, said)));
    let (verdict, obstacles, _) = chase.answer();
    assert_eq!(verdict, Verdict::Stop, "{}", chase.told());
    assert_eq!(obstacles, ["host_consents", "authorisation_in_force"]);
    let windows = revised(&chase, ClockKind::AuthorisationWindow);
    assert_eq!(windows.len(), 1, "{}", chase.told());
    assert_eq!(windows[0].0, said, "the window ends when it was taken back");
    assert!(windows[0].1.starts_with("RO: withdrawn at "), "{windows:?}");
    chase.pass(Span::from_secs(1));
    for code in ["A04", "A19", "A43"] {
        assert!(chase.standing().contains(&code), "{code}: {}", chase.told());
    }
    assert!(chase.must_stop().is_some());
    let now = chase.now;
    opened(&chase.change(OperationChange::Authorisation(document("RO-2", now, 2))));
    assert_eq!(chase.answer().0, Verdict::NoObstacle, "{}", chase.told());
    chase.pass(Span::from_secs(1));
    for code in ["A04", "A19", "A43"] {
        assert!(
            !chase.standing().contains(&code),
            "{code}: {}",
            chase.told()
        );
    }
    assert_eq!(chase.must_stop(), None);
    assert_eq!(*chase.world().alarms(), *chase.refolded().alarms());
}

#[test]
fn a_request_that_is_refused_leaves_no_hours_to_wait_for() {
    let mut chase = abroad(Basis::SurveillanceUrgent);
    chase.pass(Span::from_minutes(30));
    let said = chase.now;
    opened(&chase.change(no(HostRefusalKind::Refused, said)));
    assert_eq!(chase.answer().1, ["host_consents"], "{}", chase.told());
    let consent = revised(&chase, ClockKind::Consent);
    assert_eq!(consent.len(), 1);
    assert_eq!(consent[0].0, said);
    chase.pass(Span::from_secs(1));
    assert!(chase.standing().contains(&"A03"), "{}", chase.told());
    // Out and in again: no new hours.
    chase.to(46.17, 20.65);
    chase.to(46.17, 20.80);
    assert_eq!(chase.answer().0, Verdict::Stop);
    let starts = |event: &&limes::domain::event::Event| {
        matches!(&event.what, What::Operation(OperationEvent {
            kind: OperationEventKind::Clock(ClockEvent::Started(clock)), ..
        }) if clock.key.kind == ClockKind::Consent && clock.ends > said)
    };
    let late = chase.events().filter(starts).count();
    assert_eq!(late, 1, "the first entry alone: {}", chase.told());
}

#[test]
fn a_no_is_of_a_host_and_of_the_past() {
    let mut chase = abroad(Basis::SurveillanceAuthorised);
    let (now, withdrawn) = (chase.now, HostRefusalKind::Withdrawn);
    for (change, guard) in [
        (
            no(withdrawn, now.plus(Span::from_secs(1))),
            "refused_in_future",
        ),
        (
            no(withdrawn, now.plus(Span::from_hours(-2))),
            "refused_before_opening",
        ),
        (
            OperationChange::HostRefused(HostRefusal {
                host: state("BG"),
                kind: withdrawn,
                at: now,
                said_by: "somebody".into(),
                because: "".into(),
            }),
            "refusing_state",
        ),
    ] {
        let Answer::Refused(refusal) = chase.change(change) else {
            panic!("{guard}");
        };
        assert_eq!(&*refusal.guard, guard);
    }
    assert_eq!(chase.answer().0, Verdict::NoObstacle);
    // Exactly when it was said nothing holds any more.
    opened(&chase.change(no(withdrawn, now)));
    assert_eq!(chase.answer().0, Verdict::Stop);
}
