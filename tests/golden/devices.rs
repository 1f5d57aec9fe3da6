//! Alarms of what sends and what records: batteries, stored fixes, poor receivers, one call sign twice, a disk nearly full.

use crate::chase::{Chase, opened, operation, order, state};
use limes::domain::alarms::Owner;
use limes::domain::event::{AlarmChange, AlarmEvent, DiskRoom, What};
use limes::domain::ids::{AccountId, OperationId, RoomId, SourceId, UnitId};
use limes::domain::input::{AlarmOrder, AlarmOrderKind, Cause, OrderKind, Register};
use limes::domain::law::basis::Basis;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::registry::{Person, UnitCard, UnitKind};
use limes::domain::rights::Role;
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::world::Answer;

const INLAND: (f64, f64) = (42.20, 2.87);

fn inland() -> Chase {
    Chase::begin("ES", &["FR"], None, INLAND)
}

impl Chase {
    /// A fix where the car stands, of a receiver in some state, recorded so long ago.
    fn sends(&mut self, measured: Measured, ago: Span) {
        self.now = self.now.plus(Span::from_secs(5));
        self.rooms.pass(self.now);
        let fix = ReportedFix {
            unit: UnitId::parse("CAR").unwrap(),
            source: SourceId::parse("phone").unwrap(),
            fixed_at: self.now.plus(Span::from_millis(-ago.as_millis())),
            lat: INLAND.0,
            lon: INLAND.1,
            measured,
        };
        let room = self.room();
        let answer = self.rooms.decide(&room, Cause::Fix(fix), self.now);
        assert_eq!(answer, Answer::Accepted);
    }

    fn battery(&mut self, pct: f64) {
        let measured = Measured {
            accuracy_m: Some(5.0),
            battery_pct: Some(pct),
            ..Measured::default()
        };
        self.sends(measured, Span::ZERO);
    }

    fn accuracy(&mut self, accuracy_m: Option<f64>) {
        let measured = Measured {
            accuracy_m,
            ..Measured::default()
        };
        self.sends(measured, Span::ZERO);
    }

    fn alarm_order(&mut self, code: &str, kind: AlarmOrderKind) -> Answer {
        let (room, now) = (self.room(), self.now);
        let id = {
            let mut standing = self.world().alarms().standing();
            let alarm = standing.find(|alarm| alarm.kind.code() == code);
            alarm.map_or_else(|| code.into(), |alarm| alarm.id.clone())
        };
        let by = Person {
            account: AccountId::parse("eva").unwrap(),
            room: room.clone(),
        };
        let order = AlarmOrder {
            by,
            role: Role::Operator,
            alarm: id,
            kind,
        };
        self.rooms.decide(&room, Cause::AlarmOrder(order), now)
    }

    /// What happened to the alarms of a code, in words.
    fn life_of(&self, code: &str) -> Vec<&'static str> {
        let of = |what: &What| match what {
            What::Alarm(AlarmEvent { kind, change, .. }) if kind.code() == code => {
                Some(change.word())
            }
            _ => None,
        };
        self.events().filter_map(|event| of(&event.what)).collect()
    }
}

#[test]
fn a_low_battery_is_one_alarm_until_it_is_charged() {
    let mut chase = inland();
    chase.battery(20.0);
    assert_eq!(chase.standing(), Vec::<&str>::new(), "twenty is not below");
    for pct in [19.9, 19.0, 20.5, 24.9] {
        chase.battery(pct);
        assert_eq!(chase.standing(), ["A29"], "{pct}: {}", chase.told());
    }
    chase.battery(25.0);
    assert_eq!(chase.standing(), Vec::<&str>::new(), "{}", chase.told());
    assert_eq!(chase.life_of("A29"), ["alarm.raised", "alarm.cleared"]);
}

#[test]
fn a_poor_accuracy_is_an_alarm_after_a_minute_and_what_was_not_posted_is_none() {
    let mut chase = inland();
    for _ in 0..20 {
        chase.accuracy(None);
    }
    chase.accuracy(Some(50.0));
    chase.accuracy(Some(51.0));
    let poor_since = chase.now;
    chase.accuracy(Some(45.0));
    while chase.now.since(poor_since) < Span::from_secs(55) {
        chase.accuracy(Some(200.0));
    }
    assert_eq!(chase.standing(), Vec::<&str>::new(), "{}", chase.told());
    chase.accuracy(Some(200.0));
    assert_eq!(chase.standing(), ["A31"], "{}", chase.told());
    chase.accuracy(Some(40.0));
    assert_eq!(chase.standing(), Vec::<&str>::new(), "{}", chase.told());
    assert_eq!(chase.life_of("A31"), ["alarm.raised", "alarm.cleared"]);
}

#[test]
fn stored_fixes_are_told_of_while_they_come_and_two_minutes_more() {
    let mut chase = inland();
    let good = Measured {
        accuracy_m: Some(5.0),
        ..Measured::default()
    };
    chase.sends(good, Span::from_secs(60));
    assert_eq!(
        chase.standing(),
        Vec::<&str>::new(),
        "a minute is the network's"
    );
    for ago in (0..60).map(|step| 2_400 - step * 37) {
        chase.sends(good, Span::from_secs(ago));
        assert_eq!(chase.standing(), ["A30"], "{ago}: {}", chase.told());
    }
    for _ in 0..24 {
        chase.accuracy(Some(5.0));
    }
    assert_eq!(chase.standing(), Vec::<&str>::new(), "{}", chase.told());
    assert_eq!(chase.life_of("A30"), ["alarm.raised", "alarm.cleared"]);
    assert_eq!(&chase.refolded(), chase.world(), "the same after a restart");
}

#[test]
fn an_alarm_put_aside_is_back_when_its_time_is_over_and_the_fact_still_holds() {
    let mut chase = inland();
    chase.battery(10.0);
    assert!(matches!(
        chase.alarm_order("A29", AlarmOrderKind::Annunciate),
        Answer::Done {
            repeated: false,
            ..
        }
    ));
    for _ in 0..2 {
        let again = chase.alarm_order("A29", AlarmOrderKind::Annunciate);
        assert!(matches!(again, Answer::Done { repeated: true, .. }));
    }
    let aside = AlarmOrderKind::Shelve {
        span: Span::from_minutes(5),
        reason: "charger is on its way".into(),
    };
    opened(&chase.alarm_order("A29", aside));
    let until = chase.now.plus(Span::from_minutes(5));
    while chase.now.plus(Span::from_secs(5)) < until {
        chase.battery(10.0);
    }
    let before = ["alarm.raised", "alarm.annunciated", "alarm.shelved"];
    assert_eq!(chase.life_of("A29"), before);
    chase.battery(10.0);
    assert_eq!(chase.life_of("A29")[3..], ["alarm.returned"]);
    chase.alarm_order("A29", AlarmOrderKind::Annunciate);
    assert_eq!(chase.life_of("A29")[4..], ["alarm.annunciated"], "anew");
    let over = chase.alarm_order("A05-77", AlarmOrderKind::Annunciate);
    assert!(
        matches!(over, Answer::Done { repeated: true, .. }),
        "of what is over there is nothing to tell: {over:?}"
    );
    assert_eq!(&chase.refolded(), chase.world());
}

#[test]
fn a_disk_that_is_nearly_full_is_told_to_the_room_before_nothing_can_be_recorded() {
    let mut chase = inland();
    let (room, now) = (chase.room(), chase.now);
    let mut left = |left_mib| {
        let disk = DiskRoom {
            left_mib,
            is_little: left_mib < 2_048,
        };
        chase.rooms.decide(&room, Cause::Disk(disk), now);
    };
    for left_mib in [4_000, 2_048, 2_047, 1_500, 2_048, 2_047] {
        left(left_mib);
    }
    assert_eq!(chase.standing(), ["A09"], "{}", chase.told());
    assert_eq!(
        chase.life_of("A09"),
        ["alarm.raised", "alarm.cleared", "alarm.raised"],
        "what changes nothing is not told"
    );
    let told = chase.told();
    assert!(told.contains("2047 MiB"), "{told}");
    let house = chase.world().alarms().owners().next();
    assert_eq!(house, Some(&Owner::House));
    assert_eq!(&chase.refolded(), chase.world());
}

#[test]
fn two_units_called_alike_in_operations_of_two_states_are_told_in_the_room_that_sees_both() {
    let mut chase = inland();
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.48, 2.87);
    let fr = RoomId::parse("room-FR").unwrap();
    let card = |id: &str, callsign: &str| UnitCard {
        id: UnitId::parse(id).unwrap(),
        room: fr.clone(),
        state: state("FR"),
        kind: UnitKind::Vehicle,
        callsign: callsign.into(),
        marks: None,
    };
    let mut opens = |unit: &str, callsign: &str| {
        let now = chase.now;
        let added = Cause::Register(Register::UnitAdded(card(unit, callsign)));
        chase.rooms.decide(&fr, added, now);
        let basis = (Basis::PursuitCaughtInTheAct, &["ES"][..]);
        let mut of_fr = operation(&fr, "FR", basis, unit);
        of_fr.id = OperationId::parse(&format!("OF-{unit}")).unwrap();
        let open = OrderKind::Open(Box::new(of_fr));
        opened(&order(&mut chase.rooms, (&fr, "operator"), open, now));
    };
    opens("FR-1", "Car 1");
    opens("FR-2", "C.A.R.");
    let standing = chase.rooms.worlds[&fr].alarms().standing();
    let alike: Vec<String> = standing
        .filter(|alarm| alarm.kind.code() == "A39")
        .map(|alarm| alarm.sentence.to_string())
        .collect();
    assert_eq!(alike, ["C.A.R. of FR and CAR of ES are called alike"]);
    assert!(
        !chase.standing().contains(&"A39"),
        "the other room does not see the French unit"
    );
}

#[test]
fn what_is_over_leaves_no_alarm_at_the_end_of_duty() {
    let mut chase = inland();
    chase.battery(5.0);
    assert_eq!(chase.standing(), ["A29"]);
    let cleared = |chase: &Chase| {
        chase.events().any(|event| {
            matches!(&event.what, What::Alarm(alarm) if alarm.change == AlarmChange::Cleared)
        })
    };
    assert!(!cleared(&chase));
    let off: Timestamp = chase.now.plus(Span::from_secs(1));
    chase.now = off;
    chase.signs_off();
    assert_eq!(chase.standing(), Vec::<&str>::new(), "{}", chase.told());
    assert!(cleared(&chase));
}
