use super::{ChannelKind, Channels, Delivery, DeliveryResult, Outcome, Standing, Waits, attempted};
use crate::domain::event::{Event, NoticeEvent, OperationEvent, OperationEventKind, What};
use crate::domain::ids::{AccountId, CrossingId, NoticeId, OperationId, RoomId, State, UnitId};
use crate::domain::law::basis::{Basis, PersonCategory, Purpose};
use crate::domain::law::facts::Declared;
use crate::domain::law::finding::Duty;
use crate::domain::measure::{Position, Span, Timestamp};
use crate::domain::operations::notice::NoticeCrossing;
use crate::domain::operations::{Notice, NoticeFields, NoticeStatus, Operation, OperationCard};
use crate::domain::registry::{Person, UnitKind};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const WAITS: Waits = Waits {
    first: Span::from_secs(2),
    most: Span::from_secs(10),
    attempts: 3,
};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_000_000_000_000 + seconds * 1_000)
}

fn state(code: &str) -> State {
    State::parse(code).expect("a state")
}

fn room(id: &str) -> RoomId {
    RoomId::parse(id).expect("a room")
}

fn notice() -> NoticeId {
    NoticeId::parse("OP.1").expect("an id")
}

fn by() -> Person {
    Person {
        account: AccountId::parse("eva").expect("an account"),
        room: room("budapest"),
    }
}

fn operation() -> Operation {
    let card = OperationCard {
        id: OperationId::parse("OP").expect("an id"),
        name: "OP".into(),
        room: room("budapest"),
        declared: Declared {
            basis: Basis::SurveillanceUrgent,
            purpose: Purpose::CriminalInvestigation,
            offence: "murder".into(),
            person_category: PersonCategory::Suspect,
            requesting_state: state("HU"),
            host_states: vec![state("RO")],
            authorisations: Vec::new(),
            refusals: Vec::new(),
            extraditable: None,
            grounds: None,
            evaded_check: Vec::new(),
        },
        host_rooms: Vec::new(),
        target: None,
        units: Vec::new(),
        patrol: None,
        evaded_at: None,
        exercise: false,
        opened_by: by(),
    };
    Operation::new(card, at(0))
}

fn told(operation: &mut Operation, kind: NoticeEvent, now: Timestamp) {
    let event = Event {
        at: now,
        what: What::Operation(OperationEvent {
            operation: Some(operation.card.id.clone()),
            kind: OperationEventKind::Notice {
                notice: notice(),
                kind,
            },
        }),
    };
    fold(operation, &[event]);
}

fn fold(operation: &mut Operation, events: &[Event]) {
    for event in events {
        if let What::Operation(of) = &event.what {
            operation.apply(event, &of.kind);
        }
    }
}

/// An operation with one notice, sent by these channels.
fn sent(channels: &[ChannelKind]) -> Operation {
    let mut operation = operation();
    let fields = NoticeFields {
        operation: operation.card.id.clone(),
        name: "OP".into(),
        basis: Basis::SurveillanceUrgent,
        requesting_state: state("HU"),
        host_state: state("RO"),
        offence: "murder".into(),
        person_category: PersonCategory::Suspect,
        authorisation: None,
        grounds: None,
        crossings: Vec::new(),
        amends: None,
        missing: Vec::new(),
    };
    let kind = NoticeEvent::Sent {
        by: by(),
        duty: Duty::NoticeOfCrossing,
        to: room("RO"),
        fields: Box::new(fields),
        texts: Vec::new(),
        channels: channels.to_vec(),
    };
    told(&mut operation, kind, at(0));
    operation
}

fn of(operation: &Operation) -> &Notice {
    &operation.notices[&notice()]
}

fn delivery(channel: ChannelKind, number: u32, taken: bool) -> Delivery {
    Delivery {
        operation: OperationId::parse("OP").expect("an id"),
        notice: notice(),
        channel,
        number,
        address: "somewhere".into(),
        result: if taken {
            DeliveryResult::Taken("250 OK".into())
        } else {
            DeliveryResult::Failed {
                because: "no".into(),
                for_good: false,
                chance: 999,
            }
        },
    }
}

fn try_once(operation: &mut Operation, delivery: &Delivery, now: Timestamp) -> Vec<&'static str> {
    let events = attempted(operation, delivery, &WAITS, now);
    fold(operation, &events);
    events.iter().map(Event::kind).collect()
}

#[test]
fn the_wait_doubles_up_to_the_longest_and_chance_takes_up_to_half_of_it() {
    let whole = |attempt| WAITS.after(attempt, 999).as_millis();
    assert_eq!(
        [1, 2, 3, 4, 5, u32::MAX].map(whole),
        [2_000, 4_000, 8_000, 10_000, 10_000, 10_000]
    );
    assert_eq!(WAITS.after(1, 0), Span::from_secs(1));
    assert_eq!(WAITS.after(1, 5_000), Span::from_secs(2));
    let longest = Waits {
        first: Span::from_millis(i64::MAX),
        most: Span::from_millis(i64::MAX),
        attempts: 1,
    };
    assert!(longest.after(40, 999).as_millis() > 0);
}

#[test]
fn what_is_said_of_a_room_goes_before_what_is_said_of_its_state_and_an_exercise_has_none() {
    let of = |kind| BTreeSet::from([kind]);
    let channels = |in_exercise| {
        let of = BTreeMap::from([
            (room("arad"), of(ChannelKind::Webhook)),
            (room("RO"), of(ChannelKind::Email)),
        ]);
        Channels::new(of, in_exercise, WAITS)
    };
    let to = |channels: &Channels, to: &str, host: &str, exercise| -> Vec<ChannelKind> {
        channels.to(&room(to), state(host), exercise).collect()
    };
    let real = channels(false);
    assert_eq!(to(&real, "arad", "RO", false), [ChannelKind::Webhook]);
    assert_eq!(to(&real, "timis", "RO", false), [ChannelKind::Email]);
    assert_eq!(to(&real, "RO", "RO", false), [ChannelKind::Email]);
    assert!(to(&real, "BG", "BG", false).is_empty());
    assert!(to(&real, "arad", "RO", true).is_empty());
    assert_eq!(
        to(&channels(true), "arad", "RO", true),
        [ChannelKind::Webhook]
    );
}

#[test]
fn a_notice_is_delivered_by_the_first_channel_and_contact_counts_from_then() {
    let mut operation = sent(&[ChannelKind::Email, ChannelKind::Webhook]);
    assert!(operation.contacted.is_empty(), "on its way is no contact");
    let failed = delivery(ChannelKind::Email, 1, false);
    assert_eq!(
        try_once(&mut operation, &failed, at(1)),
        ["notice.attempted"]
    );
    assert_eq!(
        of(&operation).carriage.waiting(ChannelKind::Email),
        Some((2, at(3)))
    );
    let taken = delivery(ChannelKind::Webhook, 1, true);
    assert_eq!(
        try_once(&mut operation, &taken, at(2)),
        ["notice.attempted", "notice.delivered"]
    );
    assert_eq!(operation.contacted, [(state("RO"), at(2))]);
    let taken = delivery(ChannelKind::Email, 2, true);
    assert_eq!(
        try_once(&mut operation, &taken, at(3)),
        ["notice.attempted"],
        "delivered once"
    );
}

#[test]
fn a_dead_letter_is_no_failure_while_another_channel_has_it() {
    let mut operation = sent(&[ChannelKind::Email, ChannelKind::Webhook]);
    try_once(
        &mut operation,
        &delivery(ChannelKind::Webhook, 1, true),
        at(1),
    );
    for number in 1..=3 {
        try_once(
            &mut operation,
            &delivery(ChannelKind::Email, number, false),
            at(2),
        );
    }
    let notice = of(&operation);
    assert_eq!(notice.status, NoticeStatus::Delivered);
    let email = notice
        .carriage
        .iter()
        .find(|(kind, _)| *kind == ChannelKind::Email);
    assert_eq!(email.expect("it is there").1.standing, Standing::Failed);
}

#[test]
fn what_failed_is_tried_as_often_again_when_it_is_sent_again() {
    let mut operation = sent(&[ChannelKind::Email]);
    for number in 1..=2 {
        let kinds = try_once(
            &mut operation,
            &delivery(ChannelKind::Email, number, false),
            at(1),
        );
        assert_eq!(kinds, ["notice.attempted"]);
    }
    let last = delivery(ChannelKind::Email, 3, false);
    assert_eq!(
        try_once(&mut operation, &last, at(9)),
        ["notice.attempted", "notice.failed"]
    );
    assert_eq!(of(&operation).status, NoticeStatus::Failed);
    assert_eq!(of(&operation).failed.as_deref(), Some("no"));
    assert!(operation.contacted.is_empty());
    let again = NoticeEvent::SentAgain {
        by: by(),
        channels: vec![ChannelKind::Email],
    };
    told(&mut operation, again, at(20));
    assert_eq!(of(&operation).status, NoticeStatus::Sent);
    assert_eq!(
        of(&operation).carriage.waiting(ChannelKind::Email),
        Some((4, at(20)))
    );
    for number in 4..=5 {
        try_once(
            &mut operation,
            &delivery(ChannelKind::Email, number, false),
            at(21),
        );
    }
    assert_eq!(of(&operation).status, NoticeStatus::Sent);
    try_once(
        &mut operation,
        &delivery(ChannelKind::Email, 6, false),
        at(30),
    );
    assert_eq!(of(&operation).status, NoticeStatus::Failed);
}

#[test]
fn what_is_owed_is_told_once_it_is_delivered_and_not_before() {
    let mut operation = sent(&[ChannelKind::Email]);
    let notice = operation.notices.get_mut(&notice()).expect("it is there");
    notice.owed_since = Some(at(0));
    let entry = NoticeCrossing {
        unit: UnitId::parse("HU-1").expect("an id"),
        callsign: "HU-1".into(),
        kind: UnitKind::Vehicle,
        marks: None,
        crossing: Some(CrossingId::parse("c.1").expect("an id")),
        point: Position::new(46.17, 20.73).expect("a place"),
        earliest: at(0),
        likely: at(0),
        expected: false,
        taken_back: false,
    };
    let fields = notice.fields.as_mut().expect("it was sent");
    fields.crossings.push(entry);
    assert!(of(&operation).is_due(), "on its way");
    for number in 1..=3 {
        try_once(
            &mut operation,
            &delivery(ChannelKind::Email, number, false),
            at(1),
        );
    }
    assert!(of(&operation).is_due(), "failed");
    let again = NoticeEvent::SentAgain {
        by: by(),
        channels: vec![ChannelKind::Email],
    };
    told(&mut operation, again, at(2));
    try_once(
        &mut operation,
        &delivery(ChannelKind::Email, 4, true),
        at(3),
    );
    assert!(!of(&operation).is_due());
}

#[test]
fn what_no_attempt_can_change_fails_at_once() {
    let mut operation = sent(&[ChannelKind::Webhook]);
    let mut delivery = delivery(ChannelKind::Webhook, 1, false);
    delivery.result = DeliveryResult::Failed {
        because: "a private address".into(),
        for_good: true,
        chance: 0,
    };
    assert_eq!(
        try_once(&mut operation, &delivery, at(1)),
        ["notice.attempted", "notice.failed"]
    );
}

/// One thing that comes to the desk: an outcome (perhaps told before, perhaps never asked for), or a person who sends again.
#[derive(Debug, Clone)]
enum Comes {
    Outcome {
        channel: ChannelKind,
        number: u32,
        taken: bool,
    },
    Again,
}

fn comes() -> impl Strategy<Value = Comes> {
    let channel = prop_oneof![Just(ChannelKind::Email), Just(ChannelKind::Webhook)];
    prop_oneof![
        9 => (channel, 0..9_u32, prop::bool::weighted(0.2)).prop_map(|(channel, number, taken)| {
            Comes::Outcome { channel, number, taken }
        }),
        1 => Just(Comes::Again),
    ]
}

proptest! {
    /// Whatever comes, how often and in which order: every channel is waiting, delivered or failed; a notice is delivered and
    /// fails as its channels say; no attempt is recorded twice; and the fold of what is recorded is the same.
    #[test]
    fn a_sent_notice_is_on_its_way_delivered_or_failed_and_nothing_is_recorded_twice(
        both in any::<bool>(),
        coming in prop::collection::vec(comes(), 0..60),
    ) {
        let channels: &[ChannelKind] = if both {
            &[ChannelKind::Email, ChannelKind::Webhook]
        } else {
            &[ChannelKind::Email]
        };
        let mut operation = sent(channels);
        for (seconds, one) in (1..).zip(coming) {
            let now = at(seconds);
            match one {
                Comes::Outcome { channel, number, taken } => {
                    let delivery = delivery(channel, number, taken);
                    try_once(&mut operation, &delivery, now);
                    prop_assert!(attempted(&operation, &delivery, &WAITS, now).is_empty(), "told again");
                }
                Comes::Again if of(&operation).status == NoticeStatus::Failed => {
                    let kind = NoticeEvent::SentAgain { by: by(), channels: channels.to_vec() };
                    told(&mut operation, kind, now);
                }
                Comes::Again => {}
            }
            let notice = of(&operation);
            let standing: Vec<Standing> = notice.carriage.iter().map(|(_, it)| it.standing).collect();
            let delivered = standing.contains(&Standing::Delivered);
            let waits = standing.iter().any(|it| matches!(it, Standing::Waiting(_)));
            let expected = if delivered {
                NoticeStatus::Delivered
            } else if waits {
                NoticeStatus::Sent
            } else {
                NoticeStatus::Failed
            };
            prop_assert_eq!(notice.status, expected);
            prop_assert_eq!(!operation.contacted.is_empty(), delivered);
        }
        let mut seen = BTreeSet::new();
        let mut deliveries = 0;
        for event in &operation.history {
            let What::Operation(OperationEvent {
                kind: OperationEventKind::Notice { kind, .. }, ..
            }) = &event.what else { continue };
            match kind {
                NoticeEvent::Attempted(attempt) => {
                    let first = seen.insert((attempt.channel, attempt.number));
                    prop_assert!(first, "attempt {} twice", attempt.number);
                    if let Outcome::Failed { next: Some(next), .. } = &attempt.outcome {
                        prop_assert!(*next > event.at);
                    }
                }
                NoticeEvent::Delivered => deliveries += 1,
                _ => {}
            }
        }
        prop_assert!(deliveries <= 1);
        let mut anew = Operation::new(operation.card.clone(), at(0));
        fold(&mut anew, &operation.history);
        prop_assert_eq!(of(&anew), of(&operation));
    }
}
