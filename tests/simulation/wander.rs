//! Hundreds of short, random worlds at the frontier between Nagylak and Nădlac.

use crate::checks::Broken;
use crate::house::{Committed, House};
use limes::domain::exercise::noise::Random;
use limes::domain::ids::{AccountId, OperationId, RoomId, Seq, SourceId, State, TargetId, UnitId};
use limes::domain::input::{Cause, HostSaid, Order, OrderKey, OrderKind, Register, Seen, UnitAct};
use limes::domain::law::basis::{
    Authorisation, Basis, HostRefusal, HostRefusalKind, PersonCategory, Purpose,
};
use limes::domain::law::facts::Declared;
use limes::domain::measure::{Metres, Position, Span, Timestamp};
use limes::domain::operations::card::Target;
use limes::domain::operations::{
    AnswerKind, Call, Closing, HostAnswer, Notice, NoticeStatus, OperationCard, OperationChange,
    SightingSource,
};
use limes::domain::registry::{Person, RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::act::Act;
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::service::journal::simulated::Fault;
use limes::service::journal::{JournalRead, RecordQuery};
use std::sync::Arc;

/// Where the road meets the frontier.
const LINE: [f64; 2] = [46.1725, 20.716_82];
/// Commits of one world.
const COMMITS: usize = 20;

fn room(name: &str) -> RoomId {
    RoomId::parse(name).unwrap()
}

fn person(room: &RoomCard) -> Person {
    Person {
        account: AccountId::parse(&format!("operator-{}", room.room)).unwrap(),
        room: room.room.clone(),
    }
}

struct Wanderer {
    card: UnitCard,
    place: [f64; 2],
    velocity: [f64; 2],
    sent: Vec<ReportedFix>,
    held: Vec<ReportedFix>,
    acts: u32,
}

/// One random world.
struct Sim {
    random: Random,
    house: House,
    rooms: Vec<RoomCard>,
    wanderers: Vec<Wanderer>,
    operations: u32,
    /// A planted fault: the disk forgets what it called durable.
    lies: bool,
}

impl Sim {
    fn new(seed: u64) -> Self {
        let mut random = Random::seeded(seed);
        let now = Timestamp::parse("2027-03-16T11:00:00Z").unwrap();
        let card = |name, state| RoomCard {
            room: room(name),
            state: State::parse(state).unwrap(),
        };
        let rooms = vec![
            card("arad", "RO"),
            card("budapest", "HU"),
            card("szeged", "HU"),
        ];
        let names: Vec<RoomId> = rooms.iter().map(|card| card.room.clone()).collect();
        let mut sim = Self {
            house: House::new(&names, now),
            wanderers: Vec::new(),
            operations: 0,
            lies: false,
            random: Random::seeded(random.number()),
            rooms,
        };
        for owner in &names {
            for card in sim.rooms.clone() {
                sim.house
                    .decide(owner, Cause::Register(Register::RoomAdded(card)));
            }
        }
        for (index, owner) in [1, 1, 1, 0, 0, 2].into_iter().enumerate() {
            sim.enlist(index, owner);
        }
        sim.house.commit().expect("nothing fails yet");
        sim
    }

    fn enlist(&mut self, index: usize, owner: usize) {
        let of = self.rooms[owner].clone();
        let kinds = [UnitKind::Vehicle, UnitKind::Drone, UnitKind::Officer];
        let card = UnitCard {
            id: UnitId::parse(&format!("{}-{index}", of.state)).unwrap(),
            room: of.room.clone(),
            state: of.state,
            kind: kinds[self.random.below(3)],
            callsign: format!("Unit {index}").into(),
            marks: None,
        };
        self.house
            .decide(&of.room, Cause::Register(Register::UnitAdded(card.clone())));
        let spread = 0.02;
        let near = |middle: f64, random: &mut Random| middle + spread * (random.share() - 0.5);
        let place = [
            near(LINE[0], &mut self.random),
            near(LINE[1], &mut self.random),
        ];
        self.wanderers.push(Wanderer {
            card,
            place,
            velocity: [0.0, 0.0],
            sent: Vec::new(),
            held: Vec::new(),
            acts: 0,
        });
    }

    fn run(&mut self) -> Result<(), Broken> {
        self.plan_faults();
        for _ in 0..COMMITS {
            for _ in 0..=self.random.below(5) {
                self.something();
            }
            let step = Span::from_millis(500 + self.random.below(9_000) as i64);
            self.house.pass(step);
            let mut committed = self.house.commit()?;
            while committed == Committed::Waits {
                committed = self.house.commit()?;
            }
            if self.lies && committed == Committed::Durable {
                self.lies = self.house.disk.lose_tail(1) == 0;
                self.house.begin_anew()?;
            }
            if self.random.below(12) == 0 {
                self.house.begin_anew()?;
            }
        }
        self.house.begin_anew()
    }

    fn plan_faults(&mut self) {
        for _ in 0..self.random.below(5) {
            let fault = match self.random.below(4) {
                0 => Fault::Full,
                1 => Fault::Failed,
                2 => Fault::Torn { kept: false },
                _ => Fault::Torn { kept: true },
            };
            let spared = self.random.below(COMMITS / 3);
            self.house.disk.plan(spared, fault);
        }
    }

    fn something(&mut self) {
        match self.random.below(20) {
            0 => self.act(),
            1 | 2 => self.open(),
            3 => self.change_or_close(),
            4 | 5 => self.notice(),
            6 => self.sight(),
            _ => self.fixes(),
        }
    }

    /// A unit moves on and posts: some of it late, twice, out of order, or with a clock that lies.
    fn fixes(&mut self) {
        let index = self.random.below(self.wanderers.len());
        let count = 1 + self.random.below(5);
        for back in (0..count).rev() {
            let fix = self.wanderers[index].moves(&mut self.random, self.house.now, back as i64);
            self.wanderers[index].held.push(fix);
        }
        // No network: held back until next time.
        if self.random.below(6) == 0 {
            return;
        }
        let unit = &mut self.wanderers[index];
        let mut batch = std::mem::take(&mut unit.held);
        if self.random.below(4) == 0 {
            batch.reverse();
        }
        if self.random.below(4) == 0 && !unit.sent.is_empty() {
            let again = self.random.below(unit.sent.len());
            batch.push(unit.sent[again].clone());
        }
        unit.sent.extend(batch.iter().cloned());
        let room = unit.card.room.clone();
        for mut fix in batch {
            lie(&mut fix, &mut self.random);
            let foreign = self.random.below(40) == 0;
            let cause = if foreign {
                let sender = fix.unit.clone();
                Cause::Foreign { fix, sender }
            } else {
                Cause::Fix(fix)
            };
            self.house.decide(&room, cause);
        }
    }

    fn act(&mut self) {
        let index = self.random.below(self.wanderers.len());
        let unit = &mut self.wanderers[index];
        unit.acts += self.random.below(4) as u32;
        let act = UnitAct {
            unit: unit.card.id.clone(),
            act: Act::ALL[self.random.below(Act::ALL.len())],
            at: self
                .house
                .now
                .plus(Span::from_secs(-(self.random.below(90) as i64))),
            key: format!("key-{}", unit.acts).into(),
        };
        let room = unit.card.room.clone();
        self.house.decide(&room, Cause::Act(act));
    }

    fn order(&mut self, by: Person, kind: OrderKind) {
        let keyed = self.random.below(3) == 0;
        let key = keyed.then(|| OrderKey {
            key: Arc::from(format!("order-{}", self.random.below(20))),
            asked: kind.word().into(),
        });
        let room = by.room.clone();
        self.house
            .decide(&room, Cause::Order(Order { by, key, kind }));
    }

    fn some_units(&mut self, of: &RoomId) -> Vec<UnitId> {
        let mut units = Vec::new();
        for wanderer in &self.wanderers {
            if wanderer.card.room == *of && self.random.below(3) > 0 {
                units.push(wanderer.card.id.clone());
            }
        }
        units
    }

    fn open(&mut self) {
        let opener = self.rooms[self.random.below(self.rooms.len())].clone();
        let (ours, theirs) = if opener.state.as_str() == "HU" {
            ("HU", "RO")
        } else {
            ("RO", "HU")
        };
        let hosts: Vec<RoomId> = self
            .rooms
            .iter()
            .filter(|card| card.state.as_str() == theirs)
            .take(1)
            .map(|card| card.room.clone())
            .collect();
        self.operations += 1;
        let (basis, authorised) = match self.random.below(3) {
            0 => (Basis::SurveillanceAuthorised, true),
            1 => (Basis::SurveillanceUrgent, false),
            _ => (Basis::PursuitCaughtInTheAct, false),
        };
        let authorisation = authorised.then(|| self.authorisation());
        let card = OperationCard {
            id: OperationId::parse(&format!("OP-{}", self.operations)).unwrap(),
            name: "SIMULATED".into(),
            room: opener.room.clone(),
            declared: Declared {
                basis,
                purpose: Purpose::CriminalInvestigation,
                offence: "drugs".into(),
                person_category: PersonCategory::Suspect,
                requesting_state: State::parse(ours).unwrap(),
                host_states: vec![State::parse(theirs).unwrap()],
                authorisations: authorisation.into_iter().collect(),
                refusals: Vec::new(),
                extraditable: None,
                grounds: None,
                evaded_check: Vec::new(),
            },
            host_rooms: hosts,
            target: Some(Target {
                id: TargetId::parse("TGT-1").unwrap(),
                description: "silver estate car".into(),
            }),
            units: self.some_units(&opener.room),
            patrol: None,
            evaded_at: None,
            exercise: true,
            opened_by: person(&opener),
        };
        let by = person(&opener);
        self.order(by, OrderKind::Open(Box::new(card)));
    }

    fn authorisation(&mut self) -> Authorisation {
        let from = self.house.now.plus(Span::from_minutes(-10));
        Authorisation {
            number: "EXERCISE".into(),
            from,
            to: from.plus(Span::from_minutes(11 + self.random.below(30) as i64)),
            conditions: "none".into(),
            state: None,
            drone: None,
        }
    }

    /// The other state says no, up to five minutes ago.
    fn refusal(&mut self, of: &RoomCard) -> HostRefusal {
        let host = if of.state.as_str() == "HU" {
            "RO"
        } else {
            "HU"
        };
        let kind = HostRefusalKind::ALL[self.random.below(2)];
        let ago = Span::from_millis(-(self.random.below(300_000) as i64));
        HostRefusal {
            host: State::parse(host).unwrap(),
            kind,
            at: self.house.now.plus(ago),
            said_by: "simulated officer".into(),
            because: "".into(),
        }
    }

    fn some_operation(&mut self, room: &RoomId) -> Option<OperationId> {
        let known: Vec<OperationId> = self.house.worlds[room]
            .operations()
            .keys()
            .cloned()
            .collect();
        (!known.is_empty()).then(|| known[self.random.below(known.len())].clone())
    }

    fn change_or_close(&mut self) {
        let of = self.rooms[self.random.below(self.rooms.len())].clone();
        let Some(operation) = self.some_operation(&of.room) else {
            return;
        };
        let version = None;
        let kind = match self.random.below(4) {
            0 => OrderKind::Close {
                operation,
                version,
                closing: Closing::because("simulated"),
            },
            1 => OrderKind::Change {
                operation,
                version,
                change: OperationChange::Units(self.some_units(&of.room)),
            },
            2 => OrderKind::Change {
                operation,
                version,
                change: OperationChange::HostRefused(self.refusal(&of)),
            },
            _ => OrderKind::Change {
                operation,
                version,
                change: OperationChange::Authorisation(self.authorisation()),
            },
        };
        let by = person(&of);
        self.order(by, kind);
    }

    fn notice(&mut self) {
        let of = self.rooms[self.random.below(self.rooms.len())].clone();
        let Some(operation) = self.some_operation(&of.room) else {
            return;
        };
        let notices = &self.house.worlds[&of.room].operations()[&operation].notices;
        // A notice of a unit first heard abroad names no crossing yet: nobody can send it.
        let names_one = |n: &Notice| n.fields.as_ref().is_some_and(|f| !f.crossings.is_empty());
        let known: Vec<_> = notices
            .iter()
            .filter(|(_, n)| names_one(n))
            .map(|(id, n)| (id.clone(), n.status))
            .collect();
        if known.is_empty() {
            return;
        }
        let (notice, status) = known[self.random.below(known.len())].clone();
        let kind = if status >= NoticeStatus::Delivered && self.random.below(3) == 0 {
            OrderKind::HostSaid {
                operation,
                notice,
                said: HostSaid::Answered(self.answer()),
            }
        } else if status >= NoticeStatus::Sent {
            OrderKind::AcknowledgeNotice { operation, notice }
        } else {
            let grounds = Some(Arc::from("simulated grounds"));
            OrderKind::SendNotice {
                operation,
                notice,
                grounds,
            }
        };
        let kind = if self.random.below(2) == 0 {
            self.by_voice(kind)
        } else {
            kind
        };
        let by = person(&of);
        self.order(by, kind);
    }

    /// An answer of a host, up to twenty seconds ago: one before it was told is refused.
    fn answer(&mut self) -> HostAnswer {
        let ago = Span::from_millis(-(self.random.below(20_000) as i64));
        let kinds = AnswerKind::ALL;
        HostAnswer {
            name: "simulated officer".into(),
            at: self.house.now.plus(ago),
            kind: kinds[self.random.below(kinds.len())],
            words: "simulated words".into(),
        }
    }

    /// The same notice given by telephone, up to twenty seconds ago: what the call could not have told yet is refused or owed.
    fn by_voice(&mut self, kind: OrderKind) -> OrderKind {
        let (OrderKind::SendNotice {
            operation, notice, ..
        }
        | OrderKind::AcknowledgeNotice { operation, notice }) = kind
        else {
            return kind;
        };
        let ago = Span::from_millis(-(self.random.below(20_000) as i64));
        OrderKind::GiveByVoice {
            operation,
            notice,
            call: Call {
                name: "simulated officer".into(),
                number: "112".into(),
                at: self.house.now.plus(ago),
                reference: None,
            },
            grounds: None,
        }
    }

    fn sight(&mut self) {
        let of = self.rooms[self.random.below(self.rooms.len())].clone();
        let Some(operation) = self.some_operation(&of.room) else {
            return;
        };
        let index = self.random.below(self.wanderers.len());
        let unit = &self.wanderers[index];
        let seen = Seen {
            target: TargetId::parse("TGT-1").unwrap(),
            seen_at: self.house.now,
            position: Position::new(unit.place[0], unit.place[1]).unwrap(),
            accuracy: Metres::new(20.0),
            source: SightingSource::Unit,
            unit: Some(unit.card.id.clone()),
            course_deg: None,
            speed_mps: None,
        };
        let by = person(&of);
        let seen = Box::new(seen);
        self.order(
            by,
            OrderKind::Sight {
                operation,
                version: None,
                seen,
            },
        );
    }
}

impl Wanderer {
    /// Where it is `back` seconds before now, drifting towards the line and away from it.
    fn moves(&mut self, random: &mut Random, now: Timestamp, back: i64) -> ReportedFix {
        let axes = self.place.iter_mut().zip(&mut self.velocity).zip(LINE);
        for ((place, velocity), line) in axes {
            let home = (line - *place) * 0.02;
            *velocity = 0.8 * *velocity + home + 0.000_15 * random.normal();
            *place += *velocity;
        }
        ReportedFix {
            unit: self.card.id.clone(),
            source: SourceId::parse("gps").unwrap(),
            fixed_at: now.plus(Span::from_millis(-back * 1_000)),
            lat: self.place[0] + 0.000_03 * random.normal(),
            lon: self.place[1] + 0.000_04 * random.normal(),
            measured: Measured {
                accuracy_m: (random.below(5) > 0).then(|| 3.0 + 10.0 * random.share()),
                ..Measured::default()
            },
        }
    }
}

/// One fix in ten is spoilt.
fn lie(fix: &mut ReportedFix, random: &mut Random) {
    match random.below(60) {
        0 => fix.fixed_at = fix.fixed_at.plus(Span::from_hours(1)),
        1 => fix.fixed_at = fix.fixed_at.plus(Span::from_hours(-25)),
        2 => (fix.lat, fix.lon) = (0.0, 0.0),
        3 => fix.lat = 95.0,
        4 => fix.measured.accuracy_m = Some(-1.0),
        5 => fix.lat += 0.5,
        _ => {}
    }
}

#[test]
fn hundreds_of_random_worlds_hold_the_invariants_through_faults_and_restarts() {
    for seed in 0..200 {
        if let Err(broken) = Sim::new(seed).run() {
            panic!("seed {seed}: {}", broken.0);
        }
    }
}

#[test]
fn the_same_seed_is_the_same_world() {
    let fold = |seed| {
        let mut sim = Sim::new(seed);
        sim.run().unwrap();
        format!("{:?}", sim.house.worlds)
    };
    assert_eq!(fold(7), fold(7));
    assert_ne!(fold(7), fold(8));
}

#[test]
fn the_random_worlds_are_not_empty() {
    let (mut crossings, mut shared, mut quarantined, mut sent, mut spoken) = (0, 0, 0, 0, 0);
    for seed in 0..40 {
        let mut sim = Sim::new(seed);
        sim.run().unwrap();
        for world in sim.house.worlds.values() {
            for unit in world.units().values() {
                crossings += unit.track.crossings().len();
            }
            for operation in world.operations().values() {
                shared += operation.shared_with.len();
                let notices = operation.notices.values();
                let by_voice = |n: &&Notice| n.status == NoticeStatus::Voice;
                spoken += notices.clone().filter(by_voice).count();
                sent += notices.filter(|n| n.status >= NoticeStatus::Sent).count();
            }
        }
        let kept_apart = RecordQuery {
            kinds: vec!["fix.quarantined".to_owned()],
            ..RecordQuery::since(room("budapest"), Seq::ZERO, usize::MAX)
        };
        quarantined += sim.house.disk.records(&kept_apart).unwrap().records.len();
    }
    assert!(crossings > 20, "{crossings} crossings");
    assert!(shared > 20, "{shared} shares");
    assert!(quarantined > 20, "{quarantined} quarantined fixes");
    assert!(sent > 5, "{sent} notices sent");
    assert!(spoken > 3, "{spoken} notices given by telephone");
}

#[test]
fn a_disk_that_forgets_what_it_called_durable_is_caught() {
    for seed in 0..20 {
        let mut sim = Sim::new(seed);
        sim.lies = true;
        let broken = sim.run().expect_err("an answered commit is gone");
        assert!(broken.0.contains("another world"), "{}", broken.0);
    }
}

#[test]
fn a_room_that_tells_a_partner_too_much_is_caught() {
    let caught = (0..20).filter(|seed| {
        let mut sim = Sim::new(*seed);
        sim.house.tells_all = true;
        sim.run().is_err_and(|broken| broken.0.contains(" tells "))
    });
    assert_eq!(caught.count(), 20);
}
