//! Rooms in process: what the desk does between its queue and its journal, in simulated time and without a disk.

use limes::domain::borders::{Atlas, CrossingPoints};
use limes::domain::event::Event;
use limes::domain::exercise::lap::{NoticeAct, NoticeDeed};
use limes::domain::exercise::{Deed, MessageDeed, Scenario};
use limes::domain::ids::RoomId;
use limes::domain::input::{Cause, Input, Order, OrderKind, Register};
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::law::rulebook::Rulebook;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::NoticeStatus;
use limes::domain::operations::channels::Channels;
use limes::domain::operations::handover::Code;
use limes::domain::registry::{RoomCard, UnitCard};
use limes::domain::tracks::{GateLimits, Watch};
use limes::domain::world::{Answer, Grounds, World, rooms};
use limes::service::profiles::SignedProfiles;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What decisions rest on.
pub(crate) struct Ground {
    pub(crate) borders: Arc<Atlas>,
    pub(crate) crossing_points: CrossingPoints,
    pub(crate) rulebook: Arc<Rulebook>,
    pub(crate) profiles: Profiles,
    pub(crate) channels: Channels,
    pub(crate) gate: GateLimits,
}

impl Ground {
    /// The built-in data.
    pub(crate) fn built_in() -> Self {
        Self {
            crossing_points: CrossingPoints::default(),
            borders: limes::service::borderdata::atlas(None).expect("the border data are built in"),
            rulebook: limes::service::ruledata::rulebook(None).expect("the rules are built in"),
            profiles: Profiles::default(),
            channels: Channels::NONE,
            gate: GateLimits::default(),
        }
    }

    /// The built-in data, and what an exercise brings along: its crossing points and its profile.
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let mut ground = Self::built_in();
        let listed = scenario.crossing_points.iter().cloned();
        ground.crossing_points =
            CrossingPoints::laid(&ground.borders, listed).expect("they lie on the borders");
        let signed = SignedProfiles::of_exercise(&ground.rulebook, START);
        ground.profiles = signed.expect("the profile is built in").profiles();
        ground
    }
}

/// A moment at which the profile of the exercise is in force.
const START: Timestamp = Timestamp::from_millis(1_805_000_000_000);

/// An event as one room's ledger took it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) recorded_at: Timestamp,
    pub(crate) shared_by: Option<RoomId>,
    pub(crate) event: Event,
}

/// The worlds of all rooms and what each ledger took.
pub(crate) struct Rooms {
    pub(crate) ground: Ground,
    pub(crate) worlds: BTreeMap<RoomId, World>,
    pub(crate) ledgers: BTreeMap<RoomId, Vec<Entry>>,
    now: Timestamp,
}

impl Rooms {
    /// The rooms and units of a scenario, registered at `now`.
    pub(crate) fn of(scenario: &Scenario, ground: Ground, now: Timestamp) -> Self {
        let units: Vec<UnitCard> = scenario
            .units
            .iter()
            .map(|unit| unit.card.clone())
            .collect();
        Self::with(&scenario.rooms, &units, ground, now)
    }

    /// These rooms and units, registered at `now`.
    pub(crate) fn with(
        cards: &[RoomCard],
        units: &[UnitCard],
        ground: Ground,
        now: Timestamp,
    ) -> Self {
        let worlds = cards
            .iter()
            .map(|card| (card.room.clone(), World::new(card.room.clone())))
            .collect();
        let mut rooms = Self {
            ground,
            worlds,
            ledgers: BTreeMap::new(),
            now,
        };
        for owner in cards {
            for card in cards {
                let change = Register::RoomAdded(card.clone());
                rooms.decide(&owner.room, Cause::Register(change), now);
            }
        }
        for unit in units {
            let change = Register::UnitAdded(unit.clone());
            rooms.decide(&unit.room, Cause::Register(change), now);
        }
        for card in cards {
            rooms.decide(&card.room, Cause::ProfilesAdopted, now);
        }
        rooms
    }

    /// Decides one input of one room as the desk does, and keeps what every ledger takes.
    pub(crate) fn decide(&mut self, room: &RoomId, cause: Cause, now: Timestamp) -> Answer {
        let grounds = Grounds {
            borders: &*self.ground.borders,
            crossing_points: &self.ground.crossing_points,
            rulebook: &self.ground.rulebook,
            profiles: &self.ground.profiles,
            scribe: limes::wire::letter::write,
            post: &limes::wire::dialogue::letter::Unsigned,
            channels: &self.ground.channels,
            gate: &self.ground.gate,
            listening_since: Watch::ALWAYS,
        };
        let ledgers = &mut self.ledgers;
        let input = Input { at: now, cause };
        rooms::decide(&mut self.worlds, room, &input, grounds, &mut |taken| {
            let ledger = ledgers.entry(taken.room.clone()).or_default();
            ledger.push(Entry {
                recorded_at: now,
                shared_by: taken.shared_by.cloned(),
                event: taken.event,
            });
        })
    }

    /// Lets time pass until `to`, looking at what is due as often as the desk does.
    pub(crate) fn pass(&mut self, to: Timestamp) {
        let rooms: Vec<RoomId> = self.worlds.keys().cloned().collect();
        while self.now < to {
            let before = self.now;
            self.now = self.now.plus(Span::from_millis(200)).min(to);
            for room in &rooms {
                let world = &self.worlds[room];
                let due = world
                    .next_deadline(Watch::ALWAYS, &self.ground.gate, &self.ground.profiles)
                    .is_some_and(|due| due <= self.now);
                if due || world.alarms_change(&self.ground.profiles, (before, self.now)) {
                    self.decide(room, Cause::Tick, self.now);
                }
            }
        }
    }

    /// Does one deed of a lap now.
    pub(crate) fn perform(&mut self, deed: &Deed) -> Vec<Answer> {
        let now = self.now;
        match deed {
            Deed::Fixes { room, fixes, .. } => fixes
                .iter()
                .map(|fix| self.decide(room, Cause::Fix(fix.clone()), now))
                .collect(),
            Deed::Act { room, act } => vec![self.decide(room, Cause::Act(act.clone()), now)],
            Deed::Order(order) => self.order((**order).clone()),
            Deed::Notice(deed) => self.notice(deed),
            Deed::Message(deed) => self.message(deed).into_iter().flatten().collect(),
        }
    }

    /// Says something to the other room; `None` when it does not fit.
    fn message(&mut self, deed: &MessageDeed) -> Option<Vec<Answer>> {
        let operation = self.worlds[&deed.by.room]
            .operations()
            .get(&deed.operation)?;
        let state = operation.handover_with(&deed.to, self.now);
        let body = deed.body(&state, self.now)?;
        let reply_to = match body.code() {
            Code::Ack => {
                let dialogue = operation.handovers.get(&deed.to)?;
                Some(MessageDeed::unread(dialogue)?.clone())
            }
            _ => None,
        };
        Some(self.order(deed.order(body, reply_to)))
    }

    fn order(&mut self, order: Order) -> Vec<Answer> {
        let room = order.by.room.clone();
        vec![self.decide(&room, Cause::Order(order), self.now)]
    }

    fn notice(&mut self, deed: &NoticeDeed) -> Vec<Answer> {
        let world = &self.worlds[&deed.by.room];
        let found = world.operations().get(&deed.operation).and_then(|of| {
            let wanted = |status: NoticeStatus| match deed.act {
                NoticeAct::Send { .. } => status < NoticeStatus::Sent,
                NoticeAct::Acknowledge => status >= NoticeStatus::Sent,
            };
            let mut notices = of.notices.iter();
            notices.find(|(_, notice)| notice.duty == deed.duty && wanted(notice.status))
        });
        let Some((notice, _)) = found else {
            return Vec::new();
        };
        let (operation, notice) = (deed.operation.clone(), notice.clone());
        let kind = match &deed.act {
            NoticeAct::Send { grounds } => OrderKind::SendNotice {
                operation,
                notice,
                grounds: grounds.clone(),
            },
            NoticeAct::Acknowledge => OrderKind::AcknowledgeNotice { operation, notice },
        };
        self.order(Order {
            by: deed.by.clone(),
            key: None,
            kind,
        })
    }
}
