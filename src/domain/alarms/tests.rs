use super::causes::Cause;
use super::figures::{Counted, FLOOD};
use super::{AlarmKind, Board, Owner, Priority, Subject};
use crate::domain::event::{AlarmChange, AlarmEvent};
use crate::domain::ids::{AccountId, OperationId, RoomId, UnitId};
use crate::domain::law::profile::figure::Figure;
use crate::domain::measure::Timestamp;
use crate::domain::registry::Person;
use crate::domain::rights::Role;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_000_000_000_000 + seconds * 1_000)
}

fn person(name: &str) -> Person {
    Person {
        account: AccountId::parse(name).expect("an account"),
        room: RoomId::parse("BUD").expect("a room"),
    }
}

fn operation() -> Owner {
    Owner::Operation(OperationId::parse("OP").expect("an id"))
}

fn about(unit: &str) -> Subject {
    Subject {
        operation: Some(OperationId::parse("OP").expect("an id")),
        unit: Some(UnitId::parse(unit).expect("an id")),
        ..Subject::default()
    }
}

fn cause(kind: AlarmKind, unit: &str, due: i64) -> Cause {
    Cause {
        kind,
        subject: about(unit),
        since: at(0),
        due: at(due),
        until: None,
        sentence: format!("{} {unit}", kind.code()).into(),
        action: "do it",
    }
}

/// Writes what is to be written and folds it in.
fn settle(board: &mut Board, causes: &[Cause], now: i64) -> Vec<AlarmEvent> {
    let events = board.compare(&operation(), causes, at(now));
    for event in &events {
        board.apply(event, at(now));
    }
    events
}

fn words(events: &[AlarmEvent]) -> Vec<String> {
    events
        .iter()
        .map(|event| format!("{} {}", event.change.word(), event.id))
        .collect()
}

#[test]
fn a_fact_is_one_alarm_from_its_moment_on_until_it_is_over() {
    let mut board = Board::default();
    let late = [cause(AlarmKind::RequestLate, "A", 60)];
    assert!(settle(&mut board, &late, 59).is_empty());
    assert_eq!(
        words(&settle(&mut board, &late, 60)),
        ["alarm.raised A21-1"]
    );
    assert!(settle(&mut board, &late, 61).is_empty(), "once");
    let twice = [
        late[0].clone(),
        late[0].clone(),
        cause(AlarmKind::RequestLate, "B", 0),
    ];
    assert_eq!(
        words(&settle(&mut board, &twice, 62)),
        ["alarm.raised A21-2"]
    );
    assert_eq!(
        words(&settle(&mut board, &twice[2..], 63)),
        ["alarm.cleared A21-1"]
    );
    assert_eq!(
        words(&settle(&mut board, &late, 64)),
        ["alarm.cleared A21-2", "alarm.reopened A21-1"]
    );
    assert_eq!(board.standing().count(), 1);
}

#[test]
fn a_fact_that_holds_again_within_a_minute_is_the_same_alarm_but_for_the_first_priority() {
    let mut board = Board::default();
    let stale = [cause(AlarmKind::UnitStale, "A", 0)];
    settle(&mut board, &stale, 0);
    let taken = board.acknowledge("A28-1", &person("eva"));
    board.apply(&taken.expect("it stands").expect("nobody has it"), at(1));
    settle(&mut board, &[], 10);
    let again = [Cause {
        sentence: "since 69".into(),
        ..stale[0].clone()
    }];
    assert_eq!(
        words(&settle(&mut board, &again, 69)),
        ["alarm.reopened A28-1"]
    );
    let alarm = board.get("A28-1").expect("it stands");
    assert_eq!(&*alarm.sentence, "since 69", "as it is now");
    assert_eq!(alarm.raised_at, at(0));
    assert_eq!(alarm.acknowledged, Some((person("eva"), at(1))));
    settle(&mut board, &[], 70);
    assert_eq!(
        words(&settle(&mut board, &again, 130)),
        ["alarm.raised A28-2"],
        "after exactly a minute it is another one"
    );

    let help = [cause(AlarmKind::Emergency, "A", 0)];
    settle(&mut board, &help, 131);
    settle(&mut board, &[], 132);
    assert_eq!(
        words(&settle(&mut board, &help, 133)),
        ["alarm.raised A05-4"]
    );
}

#[test]
fn of_a_ladder_one_step_stands() {
    let mut board = Board::default();
    let mut steps = [
        cause(AlarmKind::ConsentEnds, "A", 10),
        cause(AlarmKind::ConsentNearlyOver, "A", 20),
    ];
    steps[0].until = Some(at(20));
    assert_eq!(
        words(&settle(&mut board, &steps, 19)),
        ["alarm.raised A26-1"]
    );
    assert_eq!(
        words(&settle(&mut board, &steps, 20)),
        ["alarm.cleared A26-1", "alarm.raised A17-2"]
    );
    assert_eq!(steps[0].changes_after(at(5)), Some(at(10)));
    assert_eq!(steps[0].changes_after(at(10)), Some(at(20)));
    assert_eq!(steps[0].changes_after(at(20)), None);
}

#[test]
fn the_first_person_to_take_an_alarm_stands() {
    let mut board = Board::default();
    settle(&mut board, &[cause(AlarmKind::NoticeNotSeen, "A", 0)], 0);
    let (eva, pal) = (person("eva"), person("pal"));
    let taken = board
        .acknowledge("A02-1", &eva)
        .expect("it stands")
        .expect("nobody has it");
    board.apply(&taken, at(5));
    assert_eq!(board.acknowledge("A02-1", &eva), Ok(None));
    let refused = board.acknowledge("A02-1", &pal).expect_err("taken");
    assert_eq!(&*refused.guard, "acknowledged_already");
    assert!(refused.sentence.contains("eva"));
    assert_eq!(
        &*board.acknowledge("A02-9", &pal).expect_err("none").guard,
        "no_such_alarm"
    );
    assert!(
        settle(&mut board, &[cause(AlarmKind::NoticeNotSeen, "A", 0)], 6).is_empty(),
        "it goes on"
    );
    assert_eq!(words(&settle(&mut board, &[], 7)), ["alarm.cleared A02-1"]);
    assert_eq!(
        &*board.acknowledge("A02-1", &eva).expect_err("over").guard,
        "no_such_alarm"
    );
}

#[test]
fn a_first_priority_is_never_put_aside_and_the_others_only_within_rights() {
    let mut board = Board::default();
    let all = [
        cause(AlarmKind::Emergency, "A", 0),
        cause(AlarmKind::EyesLost, "A", 0),
        cause(AlarmKind::UnitStale, "A", 0),
    ];
    settle(&mut board, &all, 0);
    let ids: BTreeMap<Priority, String> = board
        .standing()
        .map(|alarm| (alarm.kind.priority(), alarm.id.to_string()))
        .collect();
    let by = person("eva");
    let why = "known".into();
    let guard = |priority: Priority, role: Role, minutes: i64| {
        let until = at(minutes * 60);
        let ordered = board.shelve(&ids[&priority], (&by, role), at(0), until, &why);
        ordered.map_or_else(|refusal| refusal.guard.to_string(), |_| String::new())
    };
    for role in Role::ALL {
        assert_eq!(guard(Priority::P1, role, 1), "may_not_shelve", "{role:?}");
    }
    assert_eq!(guard(Priority::P2, Role::Operator, 1), "may_not_shelve");
    assert_eq!(guard(Priority::P2, Role::Supervisor, 15), "");
    assert_eq!(
        guard(Priority::P2, Role::Supervisor, 16),
        "shelved_too_long"
    );
    assert_eq!(guard(Priority::P3, Role::Operator, 30), "");
    assert_eq!(guard(Priority::P3, Role::Operator, 31), "shelved_too_long");
    assert_eq!(guard(Priority::P3, Role::Observer, 1), "may_not_shelve");
}

#[test]
fn more_than_ten_in_ten_minutes_are_a_flood() {
    let mut counted = Counted::default();
    for minute in 0..=(FLOOD as i64) {
        let before = counted.at(at(minute * 54));
        assert!(!before.flood, "{minute}");
        counted.note(at(minute * 54), Priority::P3);
    }
    let figures = counted.at(at(540));
    assert_eq!(
        (
            figures.ten_minutes,
            figures.hour,
            figures.day,
            figures.flood
        ),
        (11, 11, [0, 0, 11], true)
    );
    assert!(!counted.at(at(600)).flood, "the first is ten minutes old");
    assert_eq!(counted.at(at(24 * 3_600 + 540)).day, [0, 0, 0]);
}

#[test]
fn every_kind_is_in_the_list_for_people_with_its_priority() {
    let list = include_str!("../../../docs/ALARMS.md");
    for kind in AlarmKind::ALL {
        let row = format!("| {} | {} |", kind.code(), kind.priority().number());
        assert!(list.contains(&row), "{row}");
    }
    let rows = list.lines().filter(|line| line.starts_with("| A"));
    assert_eq!(rows.count(), AlarmKind::ALL.len(), "and no other");
}

#[test]
fn the_list_for_people_names_the_origin_and_default_of_every_delay() {
    let list = include_str!("../../../docs/ALARMS.md");
    let read = [
        Figure::NoticeUnread,
        Figure::EyesMissed,
        Figure::UnitMissed,
        Figure::ConsentFirst,
        Figure::ConsentSecond,
        Figure::ConsentLast,
        Figure::LimitNear,
        Figure::LimitNearlyReached,
        Figure::RequestDue,
        Figure::RequestLate,
        Figure::WindowFirst,
        Figure::WindowLast,
        Figure::HostOnScene,
        Figure::ReleaseNear,
        Figure::ReportDue,
        Figure::ReportLate,
        Figure::VoiceUnchecked,
    ];
    for figure in read {
        let row = list.lines().find(|line| line.contains(&figure.to_string()));
        let row = row.unwrap_or_else(|| panic!("{figure} stands nowhere"));
        assert!(row.contains(&figure.workflow().to_string()), "{row}");
    }
}

#[test]
fn every_code_is_one_kind() {
    let codes: BTreeSet<&str> = AlarmKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(codes.len(), AlarmKind::ALL.len());
    for kind in AlarmKind::ALL {
        assert_eq!(AlarmKind::parse(kind.code()), Some(*kind));
    }
}

const KINDS: [AlarmKind; 3] = [
    AlarmKind::NoticeNotSeen,
    AlarmKind::LimitNear,
    AlarmKind::UnitStale,
];
const UNITS: [&str; 3] = ["A", "B", "C"];

proptest! {
    /// Against the plain set of what is due: after every look exactly that stands, and what is written leads from one to
    /// the other, each alarm raised once and cleared once under an id of its own.
    #[test]
    fn what_stands_is_what_is_due(looks in proptest::collection::vec(
        proptest::collection::vec((0_usize..3, 0_usize..3, 0_i64..20), 0..6), 1..30,
    )) {
        let mut board = Board::default();
        let mut open: BTreeSet<String> = BTreeSet::new();
        let mut used: BTreeSet<String> = BTreeSet::new();
        for (second, look) in looks.iter().enumerate() {
            let now = second as i64;
            let causes: Vec<Cause> = look.iter().map(|(kind, unit, due)| cause(KINDS[*kind], UNITS[*unit], *due)).collect();
            for event in settle(&mut board, &causes, now) {
                match event.change {
                    AlarmChange::Raised(_) => {
                        prop_assert!(used.insert(event.id.to_string()), "an id is used once");
                        open.insert(event.id.to_string());
                    }
                    AlarmChange::Cleared => prop_assert!(open.remove(&*event.id), "it was raised before"),
                    AlarmChange::Reopened(_) => {
                        prop_assert_ne!(event.kind.priority(), Priority::P1);
                        prop_assert!(used.contains(&*event.id), "it was raised once");
                        prop_assert!(open.insert(event.id.to_string()), "and was over");
                    }
                    AlarmChange::Annunciated(_)
                    | AlarmChange::Acknowledged(_)
                    | AlarmChange::Shelved(_)
                    | AlarmChange::Returned => prop_assert!(false, "nobody did"),
                }
            }
            let due: BTreeSet<_> = look.iter().filter(|(_, _, due)| *due <= now).map(|(kind, unit, _)| (KINDS[*kind], UNITS[*unit].to_owned())).collect();
            let stands: BTreeSet<_> = board
                .standing()
                .map(|alarm| (alarm.kind, alarm.subject.unit.as_ref().map(ToString::to_string).unwrap_or_default()))
                .collect();
            prop_assert_eq!(stands, due);
            prop_assert_eq!(open.len(), board.standing().count());
        }
    }
}
