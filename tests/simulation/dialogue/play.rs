//! One simulated exercise: two services, a line between them, units that drive over the frontier, persons who press.

use super::checks;
use super::fault::Fault;
use super::link::{Packet, Wire};
use super::people::{Desk, LINE, ROOMS, authorisation, operation_id, person, unit};
use super::service::{Service, begin};
use crate::checks::Broken;
use limes::domain::exercise::noise::Random;
use limes::domain::ids::{RoomId, SourceId, State, TargetId};
use limes::domain::input::{Cause, OrderKind, Register, UnitAct};
use limes::domain::law::basis::{Basis, PersonCategory, Purpose};
use limes::domain::law::facts::Declared;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::OperationCard;
use limes::domain::operations::card::Target;
use limes::domain::registry::{RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::act::Act;
use limes::domain::tracks::fix::{Measured, ReportedFix};

/// Units post so often.
const POSTS: Span = Span::from_secs(2);
/// After the last step the line is given so long to become quiet.
const QUIET: usize = 3_000;

/// One thing that happens. Each has dice of its own, so that the others stay what they are when one is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Time passes, in milliseconds.
    Pass(i64),
    /// A person of a room presses something.
    Press { room: usize, dice: u64 },
    /// A unit turns round.
    Turn(usize),
    /// An officer presses a button of the field card.
    Act { unit: usize, dice: u64 },
    /// The line carries to these rooms from now on.
    Carries([bool; 2]),
    /// The process of a room dies within its next commit.
    Dies(usize),
    /// The process of a room dies between two commits.
    Restarts(usize),
}

/// The steps of a seed.
pub(crate) fn steps(seed: u64, count: usize) -> Vec<Step> {
    let mut random = Random::named(seed, "steps");
    let one = |random: &mut Random| match random.below(100) {
        0..=37 => Step::Pass(100 + random.below(6_000) as i64),
        38..=87 => Step::Press {
            room: random.below(2),
            dice: random.number(),
        },
        88..=89 => Step::Turn(random.below(4)),
        90..=91 => Step::Act {
            unit: random.below(2),
            dice: random.number(),
        },
        92..=93 => Step::Carries([random.below(2) == 0, random.below(2) == 0]),
        94..=95 => Step::Carries([true, true]),
        96..=97 => Step::Dies(random.below(2)),
        _ => Step::Restarts(random.below(2)),
    };
    (0..count).map(|_| one(&mut random)).collect()
}

/// A unit on the road.
struct Driver {
    room: usize,
    id: &'static str,
    kind: UnitKind,
    lon: f64,
    mps: f64,
}

/// How the world of a run is set up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Setting {
    /// A planted fault, in both rooms.
    pub(crate) fault: Option<Fault>,
    /// Whether some of what is said was said by telephone.
    pub(crate) by_voice: bool,
}

/// A run under way.
pub(crate) struct Play {
    pub(crate) services: [Service; 2],
    pub(crate) now: Timestamp,
    setting: Setting,
    wire: Wire,
    drivers: Vec<Driver>,
    next_post: Timestamp,
    next_second: Timestamp,
    acts: u32,
}

impl Play {
    /// Both rooms know each other and their units; the operation is open.
    pub(crate) fn new(seed: u64, setting: Setting) -> Self {
        let mut random = Random::named(seed, "setting");
        let mut skew = || Span::from_millis(random.below(6_001) as i64 - 3_000);
        let services = ROOMS.map(|room| Service::new(room, skew()));
        let driver = |room, id, kind, lon, mps| Driver {
            room,
            id,
            kind,
            lon: LINE[1] + lon,
            mps,
        };
        let mut play = Self {
            services,
            now: begin(),
            setting,
            wire: Wire::new(seed),
            drivers: vec![
                driver(0, "HU-1", UnitKind::Vehicle, -0.02, 30.0),
                driver(0, "HU-2", UnitKind::Vehicle, -0.05, 25.0),
                driver(1, "RO-1", UnitKind::Vehicle, 0.02, 0.0),
                driver(0, "TR-1", UnitKind::Tracker, -0.02, 30.0),
            ],
            next_post: begin(),
            next_second: begin(),
            acts: 0,
        };
        play.enlist();
        for service in &mut play.services {
            service.fault = setting.fault;
        }
        play
    }

    fn enlist(&mut self) {
        let states = ["HU", "RO"].map(|state| State::parse(state).unwrap());
        let mut causes: Vec<(usize, Cause)> = Vec::new();
        for me in [0, 1] {
            for (room, state) in ROOMS.into_iter().zip(states) {
                let room = RoomId::parse(room).unwrap();
                let added = Register::RoomAdded(RoomCard { room, state });
                causes.push((me, Cause::Register(added)));
            }
            causes.push((me, Cause::RulesAdopted));
            causes.push((me, Cause::ProfilesAdopted));
        }
        for driver in &self.drivers {
            let card = UnitCard {
                id: unit(driver.id),
                room: RoomId::parse(ROOMS[driver.room]).unwrap(),
                state: states[driver.room],
                kind: driver.kind,
                callsign: driver.id.into(),
                marks: None,
            };
            causes.push((driver.room, Cause::Register(Register::UnitAdded(card))));
        }
        causes.push((
            0,
            self.desk(0).order(OrderKind::Open(Box::new(card(states)))),
        ));
        for (me, cause) in causes {
            let answer = self.services[me]
                .decide(cause, begin())
                .expect("nothing fails yet");
            let refused = matches!(answer, limes::domain::world::Answer::Refused(_));
            assert!(!refused, "{answer:?}");
        }
    }

    pub(crate) fn desk(&self, me: usize) -> Desk<'_> {
        Desk {
            me,
            service: &self.services[me],
            now: self.now,
        }
    }

    /// Does one step, and holds what must hold after it.
    pub(crate) fn step(&mut self, step: Step) -> Result<(), Broken> {
        match step {
            Step::Pass(millis) => self.pass(Span::from_millis(millis), true)?,
            Step::Press { room, dice } => self.press(room, dice)?,
            Step::Turn(index) => {
                let driver = &mut self.drivers[index];
                driver.mps = -driver.mps;
            }
            Step::Act { unit, dice } => self.act(unit, dice)?,
            Step::Carries(up) => self.wire.up = up,
            Step::Dies(room) => self.services[room].dies = true,
            Step::Restarts(room) => {
                self.services[room].restart(self.now)?;
            }
        }
        self.send();
        checks::at_every_moment(&self.services)
    }

    fn press(&mut self, room: usize, dice: u64) -> Result<(), Broken> {
        let mut random = Random::seeded(dice);
        // One in five presses what comes first, allowed or not.
        let tries = if random.below(5) == 0 { 1 } else { 8 };
        let mut pressed = None;
        for _ in 0..tries {
            let cause = self.desk(room).any(&mut random, self.setting.by_voice);
            let would = tries > 1 && self.services[room].would(&cause, self.now);
            pressed = Some(cause);
            if would {
                break;
            }
        }
        if let Some(cause) = pressed {
            self.services[room].decide(cause, self.now)?;
        }
        Ok(())
    }

    fn act(&mut self, index: usize, dice: u64) -> Result<(), Broken> {
        let mut random = Random::seeded(dice);
        let acts = [Act::Wilco, Act::HaveTarget, Act::TargetLost, Act::Crossed];
        self.acts += 1;
        let act = UnitAct {
            unit: unit(self.drivers[index].id),
            act: acts[random.below(acts.len())],
            at: self.now,
            key: format!("key-{}", self.acts).into(),
        };
        let room = self.drivers[index].room;
        self.services[room].decide(Cause::Act(act), self.now)?;
        Ok(())
    }

    /// Lets time pass: packets arrive, units post, deadlines come.
    fn pass(&mut self, span: Span, drive: bool) -> Result<(), Broken> {
        let until = self.now.plus(span);
        loop {
            self.send();
            let due = until.min(self.next_second).min(self.next_post);
            if let Some((at, to, packet)) = self.wire.next(due) {
                self.now = self.now.max(at);
                self.arrive(to, packet)?;
                continue;
            }
            self.now = self.now.max(due);
            if self.next_post <= self.now {
                self.next_post = self.now.plus(POSTS);
                if drive {
                    self.drive()?;
                }
            } else if self.next_second <= self.now {
                self.next_second = self.now.plus(Span::from_secs(1));
                for service in &mut self.services {
                    service.tick(self.now)?;
                }
            } else if self.now >= until {
                return Ok(());
            }
            checks::at_every_moment(&self.services)?;
        }
    }

    fn arrive(&mut self, to: usize, packet: Packet) -> Result<(), Broken> {
        match packet {
            Packet::Frame(envelope) => {
                let taken = self.services[to].take(envelope, self.now)?;
                self.wire.carry(1 - to, &Packet::Confirms(taken), self.now);
                checks::at_every_moment(&self.services)
            }
            Packet::Confirms(number) => self.services[to].confirmed(number, self.now),
        }
    }

    fn send(&mut self) {
        for me in [0, 1] {
            for envelope in self.services[me].due(self.now) {
                self.wire.carry(1 - me, &Packet::Frame(envelope), self.now);
            }
        }
    }

    fn drive(&mut self) -> Result<(), Broken> {
        for driver in &mut self.drivers {
            let metres = driver.mps * POSTS.as_secs_f64();
            driver.lon += metres / 77_000.0;
            let fix = ReportedFix {
                unit: unit(driver.id),
                source: SourceId::parse("gps").unwrap(),
                fixed_at: self.now.plus(Span::from_millis(-200)),
                lat: LINE[0],
                lon: driver.lon,
                measured: Measured {
                    accuracy_m: Some(5.0),
                    speed_mps: Some(driver.mps.abs()),
                    course_deg: Some(if driver.mps < 0.0 { 270.0 } else { 90.0 }),
                    ..Measured::default()
                },
            };
            self.services[driver.room].decide(Cause::Fix(fix), self.now)?;
        }
        Ok(())
    }

    /// The line is whole again, nobody presses and nobody drives, until everything has arrived.
    pub(crate) fn settle(&mut self) -> Result<(), Broken> {
        self.wire.up = [true, true];
        for service in &mut self.services {
            service.dies = false;
        }
        for _ in 0..QUIET {
            self.pass(Span::from_secs(1), false)?;
            let quiet = self.services.iter().all(|service| service.waits() == 0);
            if quiet && self.wire.is_empty() {
                return Ok(());
            }
        }
        let waiting = self.services.iter().map(Service::waits);
        let waiting: Vec<usize> = waiting.collect();
        Err(Broken(format!(
            "I9: the line never becomes quiet, {waiting:?} frames wait"
        )))
    }
}

/// A surveillance that the host has authorised, in an exercise.
fn card([own, host]: [State; 2]) -> OperationCard {
    OperationCard {
        id: operation_id(),
        name: "SIMULATED".into(),
        room: RoomId::parse(ROOMS[0]).unwrap(),
        declared: Declared {
            basis: Basis::SurveillanceAuthorised,
            purpose: Purpose::CriminalInvestigation,
            offence: "drugs".into(),
            person_category: PersonCategory::Suspect,
            requesting_state: own,
            host_states: vec![host],
            authorisations: vec![authorisation(begin())],
            refusals: Vec::new(),
            extraditable: None,
            grounds: None,
            evaded_check: Vec::new(),
        },
        host_rooms: vec![RoomId::parse(ROOMS[1]).unwrap()],
        target: Some(Target {
            id: TargetId::parse("TGT-1").unwrap(),
            description: "silver estate car".into(),
        }),
        units: ["HU-1", "HU-2", "TR-1"].map(unit).to_vec(),
        patrol: None,
        evaded_at: None,
        exercise: true,
        opened_by: person(ROOMS[0]),
    }
}

/// Plays all steps, lets everything arrive, and holds what must hold.
pub(crate) fn run(seed: u64, steps: &[Step], setting: Setting) -> Result<Play, Broken> {
    let mut play = Play::new(seed, setting);
    for step in steps {
        play.step(*step)?;
    }
    play.settle()?;
    checks::of_records(&play.services)?;
    checks::when_all_has_arrived(&play.services)?;
    checks::nothing_waits(&play.services)?;
    Ok(play)
}

/// Leaves steps out as long as the run fails in the same way: fewer are easier to read.
pub(crate) fn shrink(seed: u64, steps: &[Step], setting: Setting, kind: &str) -> Vec<Step> {
    let fails = |steps: &[Step]| {
        let broken = run(seed, steps, setting).err();
        broken.is_some_and(|broken| broken.0.starts_with(kind))
    };
    let mut kept = steps.to_vec();
    let mut size = kept.len() / 2;
    while size > 0 {
        let mut from = 0;
        while from < kept.len() {
            let mut fewer = kept.clone();
            fewer.drain(from..(from + size).min(kept.len()));
            if fails(&fewer) {
                kept = fewer;
            } else {
                from += size;
            }
        }
        size /= 2;
    }
    kept
}
