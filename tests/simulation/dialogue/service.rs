//! A room that is a service of its own: it decides and folds as the desk does, and keeps in one commit what it decided,
//! what it has to send, and how far it has taken in what the other one sent.

use super::fault::{Fault, Planted};
use super::link::Ends;
use crate::checks::Broken;
use limes::domain::borders::{Atlas, CrossingPoints};
use limes::domain::event::Event;
use limes::domain::ids::RoomId;
use limes::domain::input::{Cause, Input, Message};
use limes::domain::invariant;
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::law::rulebook::Rulebook;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::channels::Channels;
use limes::domain::tracks::GateLimits;
use limes::domain::world::rooms::Batch;
use limes::domain::world::{Answer, Grounds, World};
use limes::service::profiles::SignedProfiles;
use limes::wire::dialogue::letter::Unsigned;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// What both rooms decide with: the built-in borders and rules, the profile and the crossing points of the exercise.
struct Ground {
    borders: Arc<Atlas>,
    crossing_points: CrossingPoints,
    rulebook: Arc<Rulebook>,
    profiles: Profiles,
    gate: GateLimits,
}

static GROUND: LazyLock<Ground> = LazyLock::new(|| {
    let borders = limes::service::borderdata::atlas(None).expect("the border data are built in");
    let rulebook = limes::service::ruledata::rulebook(None).expect("the rules are built in");
    let signed = SignedProfiles::of_exercise(&rulebook, begin()).expect("it is built in");
    Ground {
        crossing_points: CrossingPoints::laid(&borders, signed.crossing_points())
            .expect("they lie on the borders"),
        profiles: signed.profiles(),
        borders,
        rulebook,
        gate: GateLimits::default(),
    }
});

/// When every simulated exercise begins.
pub(crate) fn begin() -> Timestamp {
    Timestamp::parse("2027-03-16T11:00:00Z").unwrap()
}

/// One room, its durable records, and its clock.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) room: RoomId,
    worlds: BTreeMap<RoomId, World>,
    /// Durable: every event, in order.
    pub(crate) ledger: Vec<Event>,
    /// Durable, in the same commits: what is to be sent, and what was taken in.
    pub(crate) ends: Ends,
    /// How far its clock is off.
    skew: Span,
    clock: Timestamp,
    listening_since: Timestamp,
    alarms_until: Timestamp,
    /// Its process dies within its next commit: nothing of that is kept.
    pub(crate) dies: bool,
    pub(crate) fault: Option<Fault>,
}

impl Service {
    /// An empty room whose clock is off by so much.
    pub(crate) fn new(room: &str, skew: Span) -> Self {
        let room = RoomId::parse(room).unwrap();
        let world = World::new(room.clone());
        let clock = begin().plus(skew);
        Self {
            worlds: BTreeMap::from([(room.clone(), world)]),
            room,
            ledger: Vec::new(),
            ends: Ends::default(),
            skew,
            clock,
            listening_since: clock,
            alarms_until: clock,
            dies: false,
            fault: None,
        }
    }

    pub(crate) fn world(&self) -> &World {
        &self.worlds[&self.room]
    }

    fn grounds(&self) -> Grounds<'static> {
        Grounds {
            borders: &*GROUND.borders,
            crossing_points: &GROUND.crossing_points,
            rulebook: &GROUND.rulebook,
            profiles: &GROUND.profiles,
            scribe: limes::wire::letter::write,
            post: &Unsigned,
            channels: Channels::none(),
            gate: &GROUND.gate,
            listening_since: self.listening_since,
        }
    }

    /// Its own time, which never goes back.
    pub(crate) fn time(&mut self, now: Timestamp) -> Timestamp {
        self.clock = self.clock.max(now.plus(self.skew));
        self.clock
    }

    /// Whether an order would be carried out now; nothing happens.
    pub(crate) fn would(&mut self, cause: &Cause, now: Timestamp) -> bool {
        let input = Input {
            at: self.time(now),
            cause: cause.clone(),
        };
        let decision = self.world().decide(&input, self.grounds());
        matches!(decision.answer, Answer::Done { .. })
    }

    /// Decides one input, and keeps it. What is to be sent waits in [`Ends`].
    pub(crate) fn decide(&mut self, cause: Cause, now: Timestamp) -> Result<Answer, Broken> {
        self.commit(cause, None, now)
    }

    /// Takes in a frame of the other room, once and in order. Answers how far everything was taken in.
    pub(crate) fn take(
        &mut self,
        (number, message): (u64, Message),
        now: Timestamp,
    ) -> Result<u64, Broken> {
        let known = number <= self.ends.taken && self.fault != Some(Fault::FramesTakenTwice);
        let in_turn = number <= self.ends.taken + 1;
        if !known && in_turn {
            self.commit(Cause::Message(message), Some(number), now)?;
        }
        Ok(self.ends.taken)
    }

    fn commit(
        &mut self,
        cause: Cause,
        number: Option<u64>,
        now: Timestamp,
    ) -> Result<Answer, Broken> {
        let input = Input {
            at: self.time(now),
            cause,
        };
        let durable = self.dies.then(|| self.world().clone());
        let (mut batch, mut events) = (Batch::default(), Vec::new());
        let grounds = self.grounds();
        let mut keep = |taken: limes::domain::world::rooms::Taken<'_>| events.push(taken.event);
        let answer = batch.decide(&mut self.worlds, &self.room, &input, grounds, &mut keep);
        batch.end(&mut self.worlds, input.at, grounds, &mut keep);
        if let Some(durable) = durable {
            self.dies = false;
            self.fold();
            self.begin_anew(now);
            return self.is(&durable).map(|()| Answer::Silence);
        }
        let mut outbound = batch.take_outbound();
        let planted = self.fault.map_or(Planted::Nothing, |fault| {
            fault.plant(&self.room, &mut events, &mut outbound)
        });
        self.ledger.append(&mut events);
        if let Some(number) = number {
            self.ends.taken = self.ends.taken.max(number);
        }
        for message in outbound {
            self.ends.send(message);
        }
        match planted {
            Planted::Nothing => {}
            Planted::Altered => self.fold(),
        }
        Ok(answer)
    }

    /// Folds the ledger, as a start does.
    fn fold(&mut self) {
        let mut world = World::new(self.room.clone());
        for event in &self.ledger {
            world.apply(event);
        }
        self.worlds.insert(self.room.clone(), world);
    }

    fn begin_anew(&mut self, now: Timestamp) {
        self.listening_since = self.time(now);
        self.ends.forget_what_was_sent_when();
    }

    fn is(&self, durable: &World) -> Result<(), Broken> {
        if self.world() == durable {
            return Ok(());
        }
        Err(Broken(format!(
            "I10: a start of {} folds another world",
            self.room
        )))
    }

    /// The process dies between two commits, and a new one begins.
    pub(crate) fn restart(&mut self, now: Timestamp) -> Result<(), Broken> {
        let durable = self.world().clone();
        self.fold();
        self.begin_anew(now);
        self.is(&durable)
    }

    /// Looks at what time alone brings about.
    pub(crate) fn tick(&mut self, now: Timestamp) -> Result<(), Broken> {
        let now_here = self.time(now);
        let before = std::mem::replace(&mut self.alarms_until, now_here);
        let world = self.world();
        let due = world.next_deadline(self.listening_since, &GROUND.gate, &GROUND.profiles);
        let due = due.is_some_and(|due| due <= now_here);
        if due || world.alarms_change(&GROUND.profiles, (before, now_here)) {
            self.decide(Cause::Tick, now)?;
        }
        Ok(())
    }

    /// The ledger folds into the world that stands.
    pub(crate) fn refolds(&self) -> Result<(), Broken> {
        let broken = invariant::refolds(self.world(), self.ledger.iter());
        broken.map_or(Ok(()), |broken| Err(Broken(broken.to_string())))
    }
}
