//! A room that is a service of its own: it decides and folds as the desk does, and keeps in one commit what it decided,
//! what it has to send, and how far it has taken in what the other one sent. Frames are sent again until they are
//! confirmed.

use super::fault::{Fault, Planted};
use super::people::ROOMS;
use crate::checks::Broken;
use limes::domain::borders::{Atlas, CrossingPoints};
use limes::domain::event::Event;
use limes::domain::ids::RoomId;
use limes::domain::input::{Cause, Frame, Input, LinkNews, Message};
use limes::domain::invariant;
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::law::rulebook::Rulebook;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::channels::Channels;
use limes::domain::operations::handover::{Envelope, Post as _};
use limes::domain::tracks::GateLimits;
use limes::domain::world::rooms::Batch;
use limes::domain::world::{Answer, Grounds, Link, World};
use limes::service::profiles::SignedProfiles;
use limes::wire::dialogue::letter::Unsigned;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// So long a frame waits to be confirmed before it is sent again.
const RESEND: Span = Span::from_secs(2);
/// No more than so many frames are under way unconfirmed.
const WINDOW: usize = 32;

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
    partner: RoomId,
    /// When each frame went out last; of this process alone.
    sent_at: BTreeMap<u64, Timestamp>,
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
        let other = ROOMS.into_iter().find(|other| *other != room.as_str());
        let partner = RoomId::parse(other.unwrap()).unwrap();
        let world = World::new(room.clone());
        let clock = begin().plus(skew);
        Self {
            worlds: BTreeMap::from([(room.clone(), world)]),
            room,
            ledger: Vec::new(),
            partner,
            sent_at: BTreeMap::new(),
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

    /// How far it and the other room have come.
    pub(crate) fn link(&self) -> Link {
        let link = self.world().links().get(&self.partner);
        link.cloned().unwrap_or_default()
    }

    /// The number of the last message that was heard of the other room.
    pub(crate) fn heard(&self) -> u64 {
        self.world().heard_of(&self.partner)
    }

    /// What goes out now: what never did, and what was not confirmed for long.
    pub(crate) fn due(&mut self, now: Timestamp) -> Vec<Envelope> {
        let mut due = Vec::new();
        for (number, envelope) in self.link().waiting(0).take(WINDOW) {
            let sent_at = self.sent_at.get(&number);
            if sent_at.is_none_or(|at| now.since(*at) >= RESEND) {
                self.sent_at.insert(number, now);
                due.push(envelope.clone());
            }
        }
        due
    }

    /// What it tells now, as on a line that loses nothing.
    pub(crate) fn frames(&mut self, now: Timestamp) -> Result<Vec<Frame>, Broken> {
        let state = self.world().rooms()[&self.room].state;
        let read = |envelope| Unsigned.open_frame((&self.room, state), envelope).unwrap();
        let frames: Vec<Frame> = self.link().waiting(0).map(|(_, it)| read(it)).collect();
        if let Some(last) = frames.last() {
            self.confirmed(last.number, now)?;
        }
        Ok(frames)
    }

    /// How many frames are not confirmed.
    pub(crate) fn waits(&self) -> usize {
        self.link().waiting(0).count()
    }

    /// The other room has everything up to this number.
    pub(crate) fn confirmed(&mut self, number: u64, now: Timestamp) -> Result<(), Broken> {
        self.sent_at = self.sent_at.split_off(&(number + 1));
        let partner = self.partner.clone();
        let news = LinkNews::Confirmed(number);
        self.decide(Cause::Link { partner, news }, now)?;
        Ok(())
    }

    /// Takes in a frame of the other room, once and in order. Answers how far everything was taken in.
    pub(crate) fn take(&mut self, envelope: Envelope, now: Timestamp) -> Result<u64, Broken> {
        let from = self.partner.clone();
        if self.fault == Some(Fault::FramesTakenTwice) {
            let state = self.world().rooms()[&from].state;
            let again = Unsigned.open_frame((&from, state), &envelope).unwrap();
            let known = again.number <= self.link().taken();
            for body in again.messages.into_iter().filter(|_| known) {
                let (from, to) = (from.clone(), self.room.clone());
                self.decide(Cause::Message(Message { from, to, body }), now)?;
            }
        }
        self.decide(Cause::Frame { from, envelope }, now)?;
        Ok(self.link().taken())
    }

    /// Decides one input, and keeps it with what is to be sent of it.
    pub(crate) fn decide(&mut self, cause: Cause, now: Timestamp) -> Result<Answer, Broken> {
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
        let ends = (&self.room, &self.partner);
        let planted = self.fault.map_or(Planted::Nothing, |fault| {
            fault.plant(ends, self.link().sent(), &mut events)
        });
        self.ledger.append(&mut events);
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
        self.sent_at.clear();
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

    /// It is put back from a copy of its records that ends here.
    pub(crate) fn set_back(&mut self, records: usize, now: Timestamp) {
        self.ledger.truncate(records);
        self.fold();
        self.begin_anew(now);
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
