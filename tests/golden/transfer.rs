//! To a room outside the Union and Schengen nothing personal goes without a basis that the profile names.

use crate::chase::{Chase, agreed, opened, state};
use limes::domain::event::{NoticeEvent, OperationEvent, OperationEventKind, What};
use limes::domain::ids::RoomId;
use limes::domain::law::basis::Basis;
use limes::domain::law::profile::{Parts, Transfer, TransferBasis};
use limes::domain::operations::channels::{ChannelKind, Channels, Waits};
use limes::domain::registry::Marks;
use limes::domain::world::Answer;
use std::collections::{BTreeMap, BTreeSet};

fn serbian_room() -> RoomId {
    RoomId::parse("room-RS").unwrap()
}

/// A Romanian pursuit that was opened towards Hungary and turns into Serbia near Jimbolia.
fn into_serbia(change: impl FnOnce(&mut Parts)) -> Chase {
    let profiles = vec![agreed("RO", "HU", |_| {}), agreed("RO", "RS", change)];
    let (marks, place) = (Some(Marks::MarkedCar), (45.79, 20.76));
    let mut chase = Chase::begin_as_agreed("RO", &["HU", "RS"], marks, place, profiles);
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["HU"], |_| {}));
    chase.to(45.79, 20.60);
    chase
}

#[test]
fn without_a_basis_nothing_goes_to_the_third_states_room_and_a_person_calls() {
    let mut chase = into_serbia(|_| {});
    let notice = chase.notice_to("room-RS");
    let there = |chase: &Chase| chase.rooms.worlds[&serbian_room()].clone();
    assert!(there(&chase).operations().is_empty());
    let shared = |chase: &Chase| {
        let entries = chase.rooms.ledgers.get(&serbian_room());
        entries.map_or(0, |ledger| {
            ledger
                .iter()
                .filter(|entry| entry.shared_by.is_some())
                .count()
        })
    };
    assert_eq!(shared(&chase), 0);
    let Answer::Refused(refusal) = chase.send(&notice) else {
        panic!("it must not be sent");
    };
    assert_eq!(&*refusal.guard, "no_transfer_basis");
    let citation = refusal.citation.expect("it is cited");
    assert_eq!(&*citation.instrument, "Directive (EU) 2016/680 Art. 35");
    opened(&chase.voice(&notice));
    assert_eq!(shared(&chase), 0, "a call shares nothing");
}

#[test]
fn with_a_basis_in_the_profile_it_goes() {
    let mut chase = into_serbia(|parts| {
        parts.transfers = vec![Transfer {
            to: state("RS"),
            basis: TransferBasis::Derogation,
            instrument: "decision of the exercise".into(),
        }];
    });
    let notice = chase.notice_to("room-RS");
    assert_eq!(chase.rooms.worlds[&serbian_room()].operations().len(), 1);
    opened(&chase.send(&notice));
}

#[test]
fn mail_and_webhook_are_barred_like_the_room_and_open_with_the_same_basis() {
    let by_mail = || {
        let kinds = BTreeSet::from([ChannelKind::Email, ChannelKind::Webhook]);
        Channels::new(
            BTreeMap::from([(serbian_room(), kinds)]),
            true,
            Waits::WORKFLOW,
        )
    };
    let mut chase = into_serbia(|_| {});
    chase.rooms.ground.channels = by_mail();
    let notice = chase.notice_to("room-RS");
    let Answer::Refused(refusal) = chase.send(&notice) else {
        panic!("it must not be mailed");
    };
    assert_eq!(&*refusal.guard, "no_transfer_basis");
    let told = chase.told();
    assert!(
        !told.contains("notice.sent"),
        "nothing for the outbox: {told}"
    );

    let mut chase = into_serbia(|parts| {
        parts.transfers = vec![Transfer {
            to: state("RS"),
            basis: TransferBasis::Derogation,
            instrument: "decision of the exercise".into(),
        }];
    });
    chase.rooms.ground.channels = by_mail();
    let notice = chase.notice_to("room-RS");
    opened(&chase.send(&notice));
    let channels = chase.events().find_map(|event| match &event.what {
        What::Operation(OperationEvent {
            kind:
                OperationEventKind::Notice {
                    kind: NoticeEvent::Sent { channels, .. },
                    ..
                },
            ..
        }) => Some(channels.clone()),
        _ => None,
    });
    let both = vec![ChannelKind::Email, ChannelKind::Webhook];
    assert_eq!(channels, Some(both));
}

#[test]
fn within_the_union_nothing_more_is_asked() {
    let profiles = vec![agreed("RO", "HU", |_| {})];
    let (marks, place) = (Some(Marks::MarkedCar), (46.17, 20.80));
    let mut chase = Chase::begin_as_agreed("RO", &["HU"], marks, place, profiles);
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["HU"], |_| {}));
    chase.to(46.17, 20.65);
    let there = &chase.rooms.worlds[&RoomId::parse("room-HU").unwrap()];
    assert_eq!(there.operations().len(), 1, "{}", chase.told());
}
