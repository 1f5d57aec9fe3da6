//! A room of the pursuers, rooms of the hosts, and a car between them on the real frontiers.

use crate::rooms::{Ground, Rooms};
use crate::told;
use limes::domain::borders::Frontier;
use limes::domain::event::{Event, Limit, OperationEvent, OperationEventKind, What};
use limes::domain::ids::{AccountId, NoticeId, OperationId, RoomId, SourceId, State, UnitId};
use limes::domain::input::{Cause, Order, OrderKind};
use limes::domain::law::basis::{Basis, PersonCategory, Purpose};
use limes::domain::law::facts::Declared;
use limes::domain::law::finding::Verdict;
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::law::profile::{Overlap, Parts, Profile, ProfileVersion};
use limes::domain::measure::{Day, Span, Timestamp};
use limes::domain::operations::{Call, OperationCard, OperationChange};
use limes::domain::registry::{Marks, Person, RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::world::Answer;
use std::collections::BTreeMap;

/// Metres between two fixes of a car, five seconds apart.
const STEP_M: f64 = 140.0;
const STEP: Span = Span::from_secs(5);

pub(crate) fn state(code: &str) -> State {
    State::parse(code).unwrap()
}

pub(crate) fn start() -> Timestamp {
    Timestamp::parse("2027-03-16T10:00:00Z").unwrap()
}

/// The profile of an exercise between two states: the workflow's defaults, but for what is changed.
pub(crate) fn agreed(one: &str, other: &str, change: impl FnOnce(&mut Parts)) -> Profile {
    let mut parts = Parts {
        named: ProfileVersion {
            pair: Frontier::between(state(one), state(other)),
            version: 1,
            digest: "digest 1".into(),
        },
        reference: "of the test".into(),
        from: Day::parse("2027-01-01").unwrap(),
        until: Day::parse("2027-12-31").unwrap(),
        exercise: true,
        figures: BTreeMap::new(),
        overlap: Overlap::default(),
        limits: Vec::new(),
        crossing_points: Vec::new(),
        voice_numbers: Vec::new(),
        transfers: Vec::new(),
    };
    change(&mut parts);
    Profile::new(parts).unwrap()
}

/// An operation of a room with one unit: on aggravated theft, after a suspect, in an exercise.
pub(crate) fn operation(
    room: &RoomId,
    own: &str,
    (basis, hosts): (Basis, &[&str]),
    unit: &str,
) -> OperationCard {
    OperationCard {
        id: id(),
        name: "CHASE".into(),
        room: room.clone(),
        declared: Declared {
            basis,
            purpose: Purpose::CriminalInvestigation,
            offence: "aggravated_theft".into(),
            person_category: PersonCategory::Suspect,
            requesting_state: state(own),
            host_states: hosts.iter().map(|host| state(host)).collect(),
            authorisations: Vec::new(),
            refusals: Vec::new(),
            extraditable: None,
            grounds: Some("seen at the break-in; the other side's patrol is far".into()),
            evaded_check: Vec::new(),
        },
        host_rooms: Vec::new(),
        target: None,
        units: vec![UnitId::parse(unit).unwrap()],
        patrol: None,
        evaded_at: None,
        exercise: true,
        opened_by: Person {
            account: AccountId::parse("operator").unwrap(),
            room: room.clone(),
        },
    }
}

/// A person of a room orders something.
pub(crate) fn order(
    rooms: &mut Rooms,
    (room, account): (&RoomId, &str),
    kind: OrderKind,
    now: Timestamp,
) -> Answer {
    let by = Person {
        account: AccountId::parse(account).unwrap(),
        room: room.clone(),
    };
    let order = Order {
        by,
        key: None,
        kind,
    };
    rooms.decide(room, Cause::Order(order), now)
}

/// A room of the pursuers, one of each host, and a car.
pub(crate) struct Chase {
    pub(crate) rooms: Rooms,
    own: String,
    pub(crate) now: Timestamp,
    place: (f64, f64),
}

impl Chase {
    pub(crate) fn begin(
        own: &str,
        hosts: &[&str],
        marks: Option<Marks>,
        place: (f64, f64),
    ) -> Self {
        let agreed = hosts.iter().map(|host| agreed(own, host, |_| {}));
        Self::begin_as_agreed(own, hosts, marks, place, agreed.collect())
    }

    /// With these profiles.
    pub(crate) fn begin_as_agreed(
        own: &str,
        hosts: &[&str],
        marks: Option<Marks>,
        place: (f64, f64),
        profiles: Vec<Profile>,
    ) -> Self {
        let ground = Ground {
            profiles: Profiles::new(profiles).unwrap(),
            ..Ground::built_in()
        };
        let card = |code: &str| RoomCard {
            room: RoomId::parse(&format!("room-{code}")).unwrap(),
            state: state(code),
        };
        let cards: Vec<RoomCard> = [own].iter().chain(hosts).map(|code| card(code)).collect();
        let car = UnitCard {
            id: UnitId::parse("CAR").unwrap(),
            room: card(own).room,
            state: state(own),
            kind: UnitKind::Vehicle,
            callsign: "CAR".into(),
            marks,
        };
        let mut chase = Self {
            rooms: Rooms::with(&cards, &[car], ground, start()),
            own: own.to_owned(),
            now: start(),
            place,
        };
        // Known at its first place before anything happens.
        for _ in 0..3 {
            chase.fix();
        }
        chase
    }

    pub(crate) fn room(&self) -> RoomId {
        RoomId::parse(&format!("room-{}", self.own)).unwrap()
    }

    pub(crate) fn fix(&mut self) {
        self.now = self.now.plus(STEP);
        self.rooms.pass(self.now);
        let fix = ReportedFix {
            unit: UnitId::parse("CAR").unwrap(),
            source: SourceId::parse("car").unwrap(),
            fixed_at: self.now,
            lat: self.place.0,
            lon: self.place.1,
            measured: Measured {
                accuracy_m: Some(5.0),
                ..Measured::default()
            },
        };
        let room = self.room();
        let answer = self.rooms.decide(&room, Cause::Fix(fix), self.now);
        assert_eq!(answer, Answer::Accepted);
    }

    /// Drives straight to a place.
    pub(crate) fn to(&mut self, lat: f64, lon: f64) {
        let (from_lat, from_lon) = self.place;
        let east = (lon - from_lon) * 111_320.0 * from_lat.to_radians().cos();
        let north = (lat - from_lat) * 111_320.0;
        let steps = (east.hypot(north) / STEP_M).ceil().max(1.0) as u32;
        for step in 1..=steps {
            let part = f64::from(step) / f64::from(steps);
            self.place = (
                from_lat + (lat - from_lat) * part,
                from_lon + (lon - from_lon) * part,
            );
            self.fix();
        }
    }

    pub(crate) fn pass(&mut self, span: Span) {
        self.now = self.now.plus(span);
        self.rooms.pass(self.now);
    }

    pub(crate) fn order(&mut self, kind: OrderKind) -> Answer {
        let room = self.room();
        order(&mut self.rooms, (&room, "operator"), kind, self.now)
    }

    pub(crate) fn open(
        &mut self,
        basis: Basis,
        hosts: &[&str],
        declare: impl FnOnce(&mut OperationCard),
    ) -> Answer {
        let mut card = operation(&self.room(), &self.own, (basis, hosts), "CAR");
        declare(&mut card);
        self.order(OrderKind::Open(Box::new(card)))
    }

    pub(crate) fn change(&mut self, change: OperationChange) -> Answer {
        self.order(OrderKind::Change {
            operation: id(),
            version: None,
            change,
        })
    }

    pub(crate) fn send(&mut self, notice: &str) -> Answer {
        self.order(OrderKind::SendNotice {
            operation: id(),
            notice: NoticeId::parse(notice).unwrap(),
            grounds: None,
        })
    }

    /// The notice that is owed to a room.
    pub(crate) fn notice_to(&self, room: &str) -> String {
        let operation = &self.rooms.worlds[&self.room()].operations()[&id()];
        let mut notices = operation.notices.iter();
        let owed = notices.find(|(_, notice)| notice.to.as_str() == room);
        let (notice, _) = owed.unwrap_or_else(|| panic!("none to {room} in {}", self.told()));
        notice.to_string()
    }

    /// Somebody of the room that a notice went to has read it.
    pub(crate) fn seen_by(&mut self, room: &str, notice: &str) {
        let room = RoomId::parse(room).unwrap();
        let kind = OrderKind::AcknowledgeNotice {
            operation: id(),
            notice: NoticeId::parse(notice).unwrap(),
        };
        opened(&order(&mut self.rooms, (&room, "reader"), kind, self.now));
    }

    /// Gives a notice by telephone, now.
    pub(crate) fn voice(&mut self, notice: &str) -> Answer {
        self.order(OrderKind::GiveByVoice {
            operation: id(),
            notice: NoticeId::parse(notice).unwrap(),
            call: Call {
                name: "Adjudant Roux".into(),
                number: "+33 4 68 00 00".into(),
                at: self.now,
                reference: Some("2027/118".into()),
            },
            grounds: None,
        })
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.rooms.ledgers[&self.room()]
            .iter()
            .map(|entry| &entry.event)
    }

    pub(crate) fn told(&self) -> String {
        told::ledger(&self.rooms.ledgers[&self.room()], start())
    }

    pub(crate) fn limits(&self) -> Vec<&Limit> {
        self.events()
            .filter_map(|event| match &event.what {
                What::Operation(OperationEvent {
                    kind: OperationEventKind::Limit(limit),
                    ..
                }) => Some(limit),
                _ => None,
            })
            .collect()
    }

    /// The last answer of the law of the car: its verdict, what stops, what only warns.
    pub(crate) fn answer(&self) -> (Verdict, Vec<String>, Vec<String>) {
        let last = told::last_answer(self.events());
        let words = |finding: &limes::domain::law::finding::Finding| finding.condition.to_string();
        (
            last.verdict,
            last.obstacles().map(words).collect(),
            last.warnings().map(words).collect(),
        )
    }

    pub(crate) fn must_stop(&self) -> Option<String> {
        let world = &self.rooms.worlds[&self.room()];
        let operation = &world.operations()[&id()];
        operation.must_stop().map(|why| why.to_string())
    }
}

fn id() -> OperationId {
    OperationId::parse("CHASE").unwrap()
}

pub(crate) fn opened(answer: &Answer) {
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
}
