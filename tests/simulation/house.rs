//! A service on a simulated disk: what the desk does, step by step, with a process that may die between any two.

use crate::checks::{self, Broken};
use limes::domain::borders::{Atlas, CrossingPoints};
use limes::domain::event::What;
use limes::domain::ids::{RoomId, Seq};
use limes::domain::input::{Cause, Input, Message, MessageBody};
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::law::rulebook::Rulebook;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::channels::Channels;
use limes::domain::tracks::GateLimits;
use limes::domain::world::{Answer, Grounds, World};
use limes::service::desk::recover;
use limes::service::desk::stage::{Staged, records};
use limes::service::journal::simulated::{SimulatedDisk, SimulatedJournal};
use limes::service::journal::{Journal, JournalError};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, LazyLock};

static ATLAS: LazyLock<Arc<Atlas>> = LazyLock::new(|| {
    limes::service::borderdata::atlas(None).expect("the border data are built in")
});
static RULEBOOK: LazyLock<Arc<Rulebook>> =
    LazyLock::new(|| limes::service::ruledata::rulebook(None).expect("the rules are built in"));

/// What became of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Committed {
    /// It is durable: senders are answered.
    Durable,
    /// The disk is full: nobody is answered, the same is tried again.
    Waits,
    /// The write failed, and the service began anew: nobody is answered.
    Anew,
}

/// One service and its disk.
pub(crate) struct House {
    pub(crate) disk: SimulatedDisk,
    pub(crate) worlds: BTreeMap<RoomId, World>,
    pub(crate) now: Timestamp,
    listening_since: Timestamp,
    /// Until when it was looked whether time made or ended an alarm.
    alarms_until: Timestamp,
    /// The worlds as the last answered commit left them.
    pub(crate) answered: BTreeMap<RoomId, World>,
    /// The last number of each ledger, as answered.
    pub(crate) heads: BTreeMap<RoomId, Seq>,
    journal: SimulatedJournal,
    staged: BTreeMap<RoomId, Staged>,
    gate: GateLimits,
    /// What was passed between rooms against the rules, found as it happened.
    leaked: Option<Broken>,
    /// A planted fault: what partners are told is no longer asked about.
    pub(crate) tells_all: bool,
}

impl House {
    /// An empty house of these rooms.
    pub(crate) fn new(rooms: &[RoomId], now: Timestamp) -> Self {
        let disk = SimulatedDisk::new();
        let worlds: BTreeMap<RoomId, World> = rooms
            .iter()
            .map(|room| (room.clone(), World::new(room.clone())))
            .collect();
        Self {
            journal: disk.open(),
            disk,
            answered: worlds.clone(),
            worlds,
            now,
            listening_since: now,
            alarms_until: Timestamp::EPOCH,
            heads: BTreeMap::new(),
            staged: BTreeMap::new(),
            gate: GateLimits::default(),
            leaked: None,
            tells_all: false,
        }
    }

    /// Decides one input of one room, folds what follows, and passes on what other rooms must be told.
    pub(crate) fn decide(&mut self, room: &RoomId, cause: Cause) -> Answer {
        let mut messages = VecDeque::new();
        let answer = self.one(room, cause, &mut messages);
        while let Some(message) = messages.pop_front() {
            self.watch(&message);
            let to = message.to.clone();
            self.one(&to, Cause::Message(message), &mut messages);
        }
        answer
    }

    fn one(&mut self, room: &RoomId, cause: Cause, messages: &mut VecDeque<Message>) -> Answer {
        let grounds = Grounds {
            borders: &**ATLAS,
            crossing_points: CrossingPoints::none(),
            rulebook: &RULEBOOK,
            profiles: Profiles::none(),
            scribe: limes::wire::letter::write,
            post: &limes::wire::dialogue::letter::Unsigned,
            channels: Channels::none(),
            gate: &self.gate,
            listening_since: self.listening_since,
        };
        let Some(world) = self.worlds.get_mut(room) else {
            return Answer::Silence;
        };
        let ticked = matches!(cause, Cause::Tick);
        let decision = world.decide(
            &Input {
                at: self.now,
                cause,
            },
            grounds,
        );
        let mut concerned = world.concerned(&decision.events);
        if !decision.events.is_empty() {
            let staged = self.staged.entry(room.clone()).or_default();
            for event in decision.events {
                world.apply(&event);
                messages.extend(world.share(&event));
                if self.tells_all && matches!(event.what, What::Track(_) | What::Fix(_)) {
                    messages.extend(gossip(world, &event));
                }
                staged.push(event, decision.shared_by.as_ref(), world);
            }
        }
        messages.extend(decision.messages);
        if ticked {
            concerned.extend(world.watched());
        }
        for owner in concerned {
            for event in world.decide_alarms(&owner, Profiles::none(), self.now) {
                world.apply(&event);
                let staged = self.staged.entry(room.clone()).or_default();
                staged.push(event, None, world);
            }
        }
        decision.answer
    }

    /// Holds what one room tells another against what it may tell.
    fn watch(&mut self, message: &Message) {
        if let Some(world) = self.worlds.get(&message.from)
            && self.leaked.is_none()
        {
            self.leaked = checks::may_be_told(world, message).err();
        }
    }

    /// Lets time pass, and looks at what is due.
    pub(crate) fn pass(&mut self, span: Span) {
        self.now = self.now.plus(span);
        let before = std::mem::replace(&mut self.alarms_until, self.now);
        let rooms: Vec<RoomId> = self.worlds.keys().cloned().collect();
        for room in rooms {
            let world = &self.worlds[&room];
            let due = world.next_deadline(self.listening_since, &self.gate, Profiles::none());
            let due = due.is_some_and(|due| due <= self.now);
            if due || world.alarms_change(Profiles::none(), (before, self.now)) {
                self.decide(&room, Cause::Tick);
            }
        }
    }

    /// Records what was decided.
    pub(crate) fn commit(&mut self) -> Result<Committed, Broken> {
        if let Some(leaked) = self.leaked.take() {
            return Err(leaked);
        }
        if self.alarms_until == self.now {
            checks::alarms_are_what_stands(&self.worlds, self.now)?;
        }
        if self.staged.is_empty() {
            return Ok(Committed::Durable);
        }
        checks::no_crossing_drops_out_of_its_notices(&self.worlds)?;
        let records = records(&self.staged, &self.worlds, self.now);
        match self.journal.append(self.now, records) {
            Ok(appended) => {
                for record in &appended {
                    let head = self.heads.entry(record.ledger.clone()).or_default();
                    checks::follows(&record.ledger, *head, record.seq)?;
                    *head = record.seq;
                }
                self.staged.clear();
                self.answered.clone_from(&self.worlds);
                Ok(Committed::Durable)
            }
            Err(JournalError::Full) => Ok(Committed::Waits),
            Err(_) => {
                self.begin_anew()?;
                Ok(Committed::Anew)
            }
        }
    }

    /// The process dies and a new one begins: what is there is folded. All that was answered is there; what was not
    /// answered is there wholly or not at all.
    pub(crate) fn begin_anew(&mut self) -> Result<(), Broken> {
        self.journal = self.disk.open();
        let recovered = recover(&self.disk, &mut |_| {})
            .map_err(|error| Broken(format!("the journal cannot be folded: {error}")))?;
        checks::nothing_answered_is_lost(&recovered.worlds, &self.answered, &self.worlds)?;
        checks::without_holes(&self.disk, &recovered.heads)?;
        self.worlds = recovered.worlds;
        self.heads = recovered.heads;
        self.answered.clone_from(&self.worlds);
        self.staged.clear();
        self.listening_since = self.now;
        self.alarms_until = Timestamp::EPOCH;
        Ok(())
    }
}

/// The planted fault: every other room is told, whether it may know or not.
fn gossip(world: &World, event: &limes::domain::event::Event) -> Vec<Message> {
    let own = event.unit().is_some_and(|unit| world.owns(unit));
    let others = world.rooms().keys().filter(|room| *room != world.room());
    others
        .filter(|_| own)
        .map(|to| Message {
            from: world.room().clone(),
            to: to.clone(),
            body: MessageBody::Shared(vec![event.clone()]),
        })
        .collect()
}
