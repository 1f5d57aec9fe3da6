//! What needs a person, through the core: raised from facts, cleared by them, and the same after a restart.

use crate::chase::{Chase, agreed, opened, state};
use limes::domain::alarms::Alarm;
use limes::domain::event::{AlarmChange, What};
use limes::domain::ids::{AccountId, OperationId, RoomId, SourceId, UnitId};
use limes::domain::input::{AlarmOrder, AlarmOrderKind, Cause, UnitAct};
use limes::domain::law::basis::Basis;
use limes::domain::law::profile::VoiceNumber;
use limes::domain::measure::{Day, Span, Timestamp};
use limes::domain::operations::{
    Closing, Detention, DetentionStep, DetentionStepKind, OperationChange,
};
use limes::domain::registry::{Marks, Person};
use limes::domain::rights::Role;
use limes::domain::tracks::act::Act;
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::world::{Answer, World};

impl Chase {
    pub(crate) fn world(&self) -> &World {
        &self.rooms.worlds[&self.room()]
    }

    /// The codes of the alarms that stand, in order.
    pub(crate) fn standing(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = self
            .world()
            .alarms()
            .standing()
            .map(|alarm| alarm.kind.code())
            .collect();
        codes.sort_unstable();
        codes
    }

    fn alarm(&self, code: &str) -> &Alarm {
        let mut all = self.world().alarms().standing();
        all.find(|alarm| alarm.kind.code() == code)
            .unwrap_or_else(|| panic!("{code} stands: {}", self.told()))
    }

    /// Every alarm of a code, with when it was raised.
    fn raised(&self, code: &str) -> Vec<(Timestamp, String)> {
        let of = |what: &What| match what {
            What::Alarm(alarm) if alarm.kind.code() == code => match &alarm.change {
                AlarmChange::Raised(raised) => {
                    Some((raised.raised_at, raised.sentence.to_string()))
                }
                _ => None,
            },
            _ => None,
        };
        self.events().filter_map(|event| of(&event.what)).collect()
    }

    pub(crate) fn signs_off(&mut self) {
        self.press(Act::SignOff);
    }

    fn press(&mut self, act: Act) {
        self.press_at(act, self.now);
    }

    /// Presses on a phone whose clock shows `at`.
    fn press_at(&mut self, act: Act, at: Timestamp) {
        let (room, now) = (self.room(), self.now);
        let act = UnitAct {
            unit: UnitId::parse("CAR").unwrap(),
            act,
            at,
            key: format!("{act:?}-{now}").into(),
        };
        let answer = self.rooms.decide(&room, Cause::Act(act), now);
        assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    }

    fn take(&mut self, id: &str, name: &str) -> Answer {
        let (room, now) = (self.room(), self.now);
        let order = AlarmOrder {
            by: Person {
                account: AccountId::parse(name).unwrap(),
                room: room.clone(),
            },
            role: Role::Operator,
            alarm: id.into(),
            kind: AlarmOrderKind::Acknowledge,
        };
        self.rooms.decide(&room, Cause::AlarmOrder(order), now)
    }

    /// The same room after a restart: what was recorded, folded anew.
    pub(crate) fn refolded(&self) -> World {
        let mut world = World::new(self.room());
        for event in self.events() {
            world.apply(event);
        }
        world
    }
}

fn into_france() -> Chase {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.48, 2.87);
    chase
}

#[test]
fn a_notice_nobody_sent_is_an_alarm_a_minute_after_the_crossing_was_recorded_until_it_is_read() {
    let mut chase = into_france();
    let recorded = chase.rooms.ledgers[&chase.room()]
        .iter()
        .find(|entry| entry.event.kind() == "notice.owed")
        .unwrap()
        .recorded_at;
    let minute = recorded.plus(Span::from_secs(60));
    assert!(chase.now < minute, "the drive ends before");
    let left = minute.since(chase.now);
    chase.pass(Span::from_millis(left.as_millis() - 200));
    assert_eq!(chase.raised("A02"), [], "{}", chase.told());
    chase.pass(Span::from_millis(200));
    let [(at, sentence)] = &chase.raised("A02")[..] else {
        panic!("{}", chase.told());
    };
    assert_eq!(*at, minute);
    assert_eq!(
        sentence,
        "CAR abroad: the crossing notice to room-FR is not sent"
    );
    let id = chase.alarm("A02").id.to_string();
    assert!(matches!(
        chase.take(&id, "eva"),
        Answer::Done {
            repeated: false,
            ..
        }
    ));
    assert!(matches!(
        chase.take(&id, "eva"),
        Answer::Done { repeated: true, .. }
    ));
    assert!(
        matches!(chase.take(&id, "pal"), Answer::Refused(refusal) if &*refusal.guard == "acknowledged_already")
    );
    // Sent and not read it goes on: the law asks for a person.
    opened(&chase.send("CHASE.1"));
    assert!(chase.standing().contains(&"A02"));
    let partner = RoomId::parse("room-FR").unwrap();
    assert_eq!(
        chase.rooms.worlds[&partner].alarms().standing().count(),
        0,
        "it was sent just now"
    );
    chase.pass(Span::from_secs(60));
    let waits: Vec<_> = chase.rooms.worlds[&partner]
        .alarms()
        .standing()
        .map(|alarm| alarm.sentence.to_string())
        .collect();
    assert_eq!(
        waits,
        ["CAR of room-ES: the crossing notice is not read here"]
    );
    let read = limes::domain::input::Order {
        by: Person {
            account: AccountId::parse("luc").unwrap(),
            room: partner.clone(),
        },
        key: None,
        kind: limes::domain::input::OrderKind::AcknowledgeNotice {
            operation: OperationId::parse("CHASE").unwrap(),
            notice: limes::domain::ids::NoticeId::parse("CHASE.1").unwrap(),
        },
    };
    let now = chase.now;
    chase.rooms.decide(&partner, Cause::Order(read), now);
    assert!(!chase.standing().contains(&"A02"), "{}", chase.told());
    assert_eq!(chase.rooms.worlds[&partner].alarms().standing().count(), 0);
    assert_eq!(*chase.world().alarms(), *chase.refolded().alarms());
}

#[test]
fn a_state_without_a_room_here_is_called_and_the_call_clears_the_alarm() {
    let mut chase = Chase::begin("ES", &[], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.48, 2.87);
    chase.pass(Span::from_secs(60));
    let alarm = chase.alarm("A02");
    assert_eq!(
        &*alarm.sentence,
        "CAR abroad: FR, which has no room here, is not told"
    );
    assert_eq!(&*alarm.action, "Call, and log the voice contact");
    assert!(
        matches!(chase.send("CHASE.1"), Answer::Refused(refusal) if &*refusal.guard == "no_room_of_host")
    );
    opened(&chase.voice("CHASE.1"));
    assert!(!chase.standing().contains(&"A02"), "{}", chase.told());
    assert_eq!(*chase.world().alarms(), *chase.refolded().alarms());
}

#[test]
fn a_call_after_a_notice_was_sent_clears_the_alarm_in_both_rooms() {
    let mut chase = into_france();
    opened(&chase.send("CHASE.1"));
    chase.pass(Span::from_secs(60));
    let partner = RoomId::parse("room-FR").unwrap();
    let waits = |chase: &Chase| {
        let mut all = chase.rooms.worlds[&partner].alarms().standing();
        all.any(|alarm| alarm.kind.code() == "A02")
    };
    assert!(chase.standing().contains(&"A02") && waits(&chase));
    opened(&chase.voice("CHASE.1"));
    assert!(!chase.standing().contains(&"A02"), "{}", chase.told());
    assert!(!waits(&chase));
}

#[test]
fn each_stage_of_a_limit_takes_the_place_of_the_one_before() {
    let mut chase = into_france();
    chase.to(42.62, 2.87);
    let codes = |chase: &Chase| -> Vec<&'static str> {
        chase
            .standing()
            .into_iter()
            .filter(|code| ["A04", "A27", "A45"].contains(code))
            .collect()
    };
    assert_eq!(codes(&chase), ["A04"]);
    assert_eq!(
        (
            chase.raised("A27").len(),
            chase.raised("A45").len(),
            chase.raised("A04").len()
        ),
        (1, 1, 1)
    );
    chase.to(42.40, 2.87);
    assert_eq!(codes(&chase), Vec::<&str>::new(), "{}", chase.told());
    assert_eq!(*chase.world().alarms(), *chase.refolded().alarms());
}

#[test]
fn a_silent_unit_is_missed_and_heard_again() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (41.60, 1.00));
    let last = chase.now;
    chase.pass(Span::from_secs(110));
    assert_eq!(chase.standing(), Vec::<&str>::new());
    chase.pass(Span::from_secs(15));
    let raised = chase.raised("A28");
    assert_eq!(raised.len(), 1, "{}", chase.told());
    assert_eq!(raised[0].0, last.plus(Span::from_secs(120)));
    chase.fix();
    assert_eq!(chase.standing(), Vec::<&str>::new());
    chase.pass(Span::from_secs(130));
    chase.press(Act::SignOff);
    assert_eq!(
        chase.standing(),
        Vec::<&str>::new(),
        "off duty nobody is missed: {}",
        chase.told()
    );
}

#[test]
fn an_officer_who_calls_for_help_is_first_until_the_officer_says_it_is_over() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (41.60, 1.00));
    let ahead = chase.now.plus(Span::from_secs(90));
    chase.press_at(Act::Emergency, ahead);
    assert_eq!(
        chase.standing(),
        ["A05"],
        "a phone whose clock is ahead is heard at once: {}",
        chase.told()
    );
    assert_eq!(&*chase.alarm("A05").sentence, "EMERGENCY CAR");
    chase.fix();
    assert_eq!(chase.standing(), ["A05"], "a fix is no word on it");
    assert_eq!(*chase.world().alarms(), *chase.refolded().alarms());
    chase.press(Act::Wilco);
    assert_eq!(chase.standing(), Vec::<&str>::new());
}

#[test]
fn a_crossing_that_the_officer_said_and_the_map_does_not_see_is_told_after_half_a_minute() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    let said = chase.now;
    chase.press(Act::Crossed);
    chase.pass(Span::from_secs(29));
    assert_eq!(chase.standing(), Vec::<&str>::new(), "{}", chase.told());
    chase.pass(Span::from_secs(2));
    assert_eq!(chase.standing(), ["A32"], "{}", chase.told());
    assert_eq!(chase.raised("A32")[0].0, said.plus(Span::from_secs(30)));
    chase.press(Act::BackHome);
    assert_eq!(chase.standing(), Vec::<&str>::new());
    // Said at the line, and seen: nothing to tell, then or on the way home.
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.4665, 2.87);
    chase.press(Act::Crossed);
    chase.to(42.55, 2.87);
    chase.to(42.40, 2.87);
    chase.pass(Span::from_secs(40));
    assert_eq!(chase.raised("A32").len(), 1, "{}", chase.told());
    assert_eq!(*chase.world().alarms(), *chase.refolded().alarms());
}

#[test]
fn a_rejected_jump_is_told_for_two_minutes_after_the_last() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (41.60, 1.00));
    let strays = |chase: &mut Chase| {
        let (room, now) = (chase.room(), chase.now);
        let fix = ReportedFix {
            unit: UnitId::parse("CAR").unwrap(),
            source: SourceId::parse("car").unwrap(),
            fixed_at: now.plus(Span::from_secs(-1)),
            lat: 41.60,
            lon: 3.00,
            measured: Measured::default(),
        };
        let answer = chase.rooms.decide(&room, Cause::Fix(fix), now);
        assert!(matches!(answer, Answer::Quarantined { .. }), "{answer:?}");
    };
    strays(&mut chase);
    assert_eq!(chase.standing(), ["A40"], "{}", chase.told());
    assert!(
        chase.alarm("A40").sentence.contains(" km "),
        "{}",
        chase.told()
    );
    let on = |chase: &mut Chase, seconds: i64| {
        for _ in 0..seconds / 5 {
            chase.fix();
        }
    };
    on(&mut chase, 60);
    strays(&mut chase);
    on(&mut chase, 115);
    assert_eq!(chase.standing(), ["A40"], "{}", chase.told());
    on(&mut chase, 10);
    assert_eq!(chase.standing(), Vec::<&str>::new(), "{}", chase.told());
    assert_eq!(chase.raised("A40").len(), 1);
}

#[test]
fn a_number_that_nobody_tested_for_ninety_days_is_told() {
    for (checked, told) in [("2026-12-16", true), ("2026-12-17", false)] {
        let profile = agreed("ES", "FR", |parts| {
            let number = |room: &str, checked: &str| VoiceNumber {
                room: RoomId::parse(room).unwrap(),
                desk: "duty officer".into(),
                number: "000 1".into(),
                checked_on: Day::parse(checked).unwrap(),
                checked_by: "staff".into(),
            };
            // The room's own number is the other room's to test.
            parts.voice_numbers = vec![number("room-ES", "2026-01-01"), number("room-FR", checked)];
        });
        let marks = Some(Marks::MarkedCar);
        let mut chase = Chase::begin_as_agreed("ES", &["FR"], marks, (42.40, 2.87), vec![profile]);
        opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
        assert_eq!(chase.standing().contains(&"A34"), told, "{checked}");
    }
}

#[test]
fn a_unit_abroad_in_no_operation_is_an_alarm_until_it_is_in_one_or_home() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    chase.to(42.48, 2.87);
    assert_eq!(chase.standing(), ["A44"]);
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    assert!(!chase.standing().contains(&"A44"), "{}", chase.told());
    let mut other = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    other.to(42.48, 2.87);
    other.to(42.40, 2.87);
    assert_eq!(other.standing(), Vec::<&str>::new());
}

#[test]
fn a_person_held_without_an_officer_of_the_host_is_an_alarm_after_ten_minutes() {
    let mut chase = into_france();
    let since = chase.now;
    opened(&chase.change(OperationChange::Detained(Detention {
        host: state("FR"),
        since,
        unit: Some(UnitId::parse("CAR").unwrap()),
        host_national: None,
        findings: Vec::new(),
    })));
    chase.pass(Span::from_minutes(10));
    assert_eq!(
        chase.raised("A23").first().map(|(at, _)| *at),
        Some(since.plus(Span::from_minutes(10)))
    );
    let now = chase.now;
    opened(&chase.change(OperationChange::DetentionEnded {
        host: state("FR"),
        step: DetentionStep {
            kind: DetentionStepKind::HandedOver,
            at: now,
            note: "gendarmerie".into(),
        },
    }));
    assert!(!chase.standing().contains(&"A23"));
    chase.pass(Span::from_hours(6));
    assert_eq!(chase.raised("A48").len(), 1, "an hour before the release");
    let standing = chase.standing();
    assert!(
        standing.contains(&"A49") && !standing.contains(&"A48"),
        "{standing:?}"
    );
}

#[test]
fn nothing_of_an_alarm_reaches_the_partner_and_a_closed_operation_has_none() {
    let mut chase = into_france();
    chase.pass(Span::from_secs(120));
    assert!(!chase.standing().is_empty());
    let partner = RoomId::parse("room-FR").unwrap();
    let told = chase.rooms.ledgers[&partner]
        .iter()
        .filter(|entry| entry.shared_by.is_some());
    assert!(
        told.map(|entry| entry.event.kind())
            .all(|kind| !kind.starts_with("alarm."))
    );
    opened(&chase.send("CHASE.1"));
    chase.to(42.40, 2.87);
    let close = limes::domain::input::OrderKind::Close {
        operation: OperationId::parse("CHASE").unwrap(),
        version: None,
        closing: Closing::because("over"),
    };
    opened(&chase.order(close));
    assert_eq!(chase.standing(), Vec::<&str>::new(), "{}", chase.told());
}

#[test]
fn the_host_room_is_told_to_call_when_a_partners_unit_must_stop() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::Covert), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.48, 2.87);
    assert!(chase.standing().contains(&"A43"), "{}", chase.told());
    let partner = RoomId::parse("room-FR").unwrap();
    let theirs = |chase: &Chase| -> Vec<(String, String)> {
        let alarms = chase.rooms.worlds[&partner].alarms();
        let stands = alarms.standing().filter(|alarm| alarm.kind.code() == "A43");
        stands
            .map(|alarm| (alarm.sentence.to_string(), alarm.action.to_string()))
            .collect()
    };
    assert_eq!(
        theirs(&chase),
        [(
            "CAR in FR: the rules say stop".to_owned(),
            "Call the room that leads".to_owned()
        )]
    );
    chase.to(42.40, 2.87);
    assert_eq!(theirs(&chase), []);
}
