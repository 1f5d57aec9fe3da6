//! Units that are abroad when they are assigned, taken out, or in no operation at all.

use crate::nagylak_27::{lap, room, scenario};
use crate::rooms::{Ground, Rooms};
use limes::domain::event::{OperationEvent, OperationEventKind, What};
use limes::domain::exercise::Deed;
use limes::domain::ids::{AccountId, OperationId, SourceId, UnitId};
use limes::domain::input::{Cause, Order, OrderKind};
use limes::domain::law::finding::{Assessment, Verdict};
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::{Operation, OperationChange};
use limes::domain::registry::Person;
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::world::Answer;

/// On the road two kilometres inside Hungary, and as far inside Romania.
const HOME: (f64, f64) = (46.171, 20.680);
const ABROAD: (f64, f64) = (46.165, 20.740);

fn hu1() -> UnitId {
    UnitId::parse("HU-1").unwrap()
}

fn by() -> Person {
    Person {
        account: AccountId::parse("budapest").unwrap(),
        room: room("budapest"),
    }
}

struct Desk {
    rooms: Rooms,
    now: Timestamp,
    operation: OperationId,
}

impl Desk {
    fn new() -> Self {
        let scenario = scenario();
        let now = Timestamp::parse("2027-03-16T11:16:00Z").unwrap();
        Self {
            rooms: Rooms::of(&scenario, Ground::built_in(), now),
            now,
            operation: lap(&scenario).operation(),
        }
    }

    /// HU-1 drives to a place and stays: a fix every ten seconds for two minutes, after ten minutes on the way.
    fn drive(&mut self, (lat, lon): (f64, f64)) {
        self.now = self.now.plus(Span::from_minutes(10));
        self.rooms.pass(self.now);
        for _ in 0..12 {
            self.now = self.now.plus(Span::from_secs(10));
            self.rooms.pass(self.now);
            let fix = ReportedFix {
                unit: hu1(),
                source: SourceId::parse("test").unwrap(),
                fixed_at: self.now,
                lat,
                lon,
                measured: Measured {
                    accuracy_m: Some(5.0),
                    ..Measured::default()
                },
            };
            let answer = self
                .rooms
                .decide(&room("budapest"), Cause::Fix(fix), self.now);
            assert_eq!(answer, Answer::Accepted);
        }
    }

    fn order(&mut self, kind: OrderKind) -> Answer {
        let order = Order {
            by: by(),
            key: None,
            kind,
        };
        let mut answers = self.rooms.perform(&Deed::Order(Box::new(order)));
        answers.remove(0)
    }

    fn open(&mut self) {
        let scenario = scenario();
        let card = lap(&scenario).card(by());
        let answer = self.order(OrderKind::Open(Box::new(card)));
        assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    }

    fn operation(&self) -> &Operation {
        &self.rooms.worlds[&room("budapest")].operations()[&self.operation]
    }

    /// What the law answered of HU-1, in or without the operation, oldest first.
    fn answers(&self) -> Vec<(bool, Assessment)> {
        let ledger = &self.rooms.ledgers[&room("budapest")];
        let of_unit = |what: &What| match what {
            What::Operation(OperationEvent {
                operation,
                kind:
                    OperationEventKind::Assessed {
                        unit: Some(_),
                        assessment,
                        ..
                    },
            }) => Some((operation.is_some(), assessment.clone())),
            _ => None,
        };
        ledger
            .iter()
            .filter_map(|entry| of_unit(&entry.event.what))
            .collect()
    }

    fn last(&self) -> (bool, Verdict, bool) {
        let (in_operation, assessment) = self.answers().pop().expect("the law was asked");
        (
            in_operation,
            assessment.verdict,
            assessment.findings.is_empty(),
        )
    }
}

#[test]
fn a_unit_that_is_abroad_at_the_opening_is_known_to_be_there() {
    let mut desk = Desk::new();
    desk.drive(HOME);
    desk.drive(ABROAD);
    let crossing = desk.rooms.worlds[&room("budapest")].units()[&hu1()]
        .track
        .last_crossing()
        .cloned();
    desk.open();
    let abroad = &desk.operation().abroad[&hu1()];
    assert_eq!(abroad.crossing, crossing);
    assert_eq!(abroad.verdict, Some(Verdict::NoObstacle));
    assert_eq!(desk.operation().clocks.len(), 1, "one window, started once");
    desk.drive(HOME);
    assert_eq!(desk.last(), (true, Verdict::NoObstacle, true), "home again");
    assert!(desk.operation().abroad.is_empty());
}

#[test]
fn a_unit_first_heard_abroad_must_stop_in_its_operation_too() {
    let mut desk = Desk::new();
    desk.drive(ABROAD);
    desk.open();
    assert_eq!(desk.last(), (true, Verdict::Stop, false));
    assert!(desk.operation().must_stop().is_some());
    let arad = room("arad");
    assert!(
        desk.operation().shared_with.contains_key(&arad),
        "its soil, its right to see"
    );
}

#[test]
fn a_unit_that_came_home_is_not_abroad_by_an_old_crossing() {
    let mut desk = Desk::new();
    desk.drive(HOME);
    desk.drive(ABROAD);
    desk.drive(HOME);
    let before = desk.answers().len();
    desk.open();
    assert!(desk.operation().abroad.is_empty());
    assert_eq!(
        desk.answers().len(),
        before,
        "nothing is asked of a unit at home"
    );
}

#[test]
fn a_unit_taken_out_while_abroad_is_there_without_a_basis() {
    let mut desk = Desk::new();
    desk.drive(HOME);
    desk.open();
    desk.drive(ABROAD);
    assert_eq!(desk.last(), (true, Verdict::NoObstacle, false));
    let operation = desk.operation.clone();
    let change = OperationChange::Units(Vec::new());
    desk.order(OrderKind::Change {
        operation,
        version: None,
        change,
    });
    assert_eq!(desk.last(), (false, Verdict::Stop, false));
    desk.drive(HOME);
    assert_eq!(
        desk.last(),
        (false, Verdict::NoObstacle, true),
        "home again"
    );
}

#[test]
fn folding_what_was_told_gives_the_same_operations() {
    let mut desk = Desk::new();
    desk.drive(ABROAD);
    desk.open();
    desk.drive(HOME);
    desk.drive(ABROAD);
    for (room, world) in &desk.rooms.worlds {
        let mut folded = limes::domain::world::World::new(room.clone());
        for entry in &desk.rooms.ledgers[room] {
            folded.apply(&entry.event);
        }
        assert_eq!(folded, *world);
    }
}
