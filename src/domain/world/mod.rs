//! Everything one room knows, and the two functions that the whole house turns on: [`World::decide`] reads and answers
//! what follows from one input; [`World::apply`] folds one event in and can not fail.
//!
//! A restart applies what was decided; it does not decide again. A newer rulebook therefore never rewrites an old
//! decision. Admitted fixes and other events of one commit may be applied in either order: a fix touches only the
//! kinematics of its track, an event only what was decided.

mod alarms;
mod camera;
mod decide;
mod dialogue;
mod link;
mod order;
pub mod outbox;
mod profiles;
pub mod rooms;
mod rules;
mod share;
mod standoff;
mod trackers;
mod units;

use super::alarms::Board;
use super::borders::CrossingPoints;
use super::event::{
    DiskRoom, Event, HouseEvent, LifeEvent, LinkEventKind, OperationEvent, OperationEventKind,
    RegisterEvent, TrackEventKind, What,
};
use super::ids::{AccountId, OperationId, RoomId, UnitId};
use super::input::Message;
use super::law::profile::agreed::{Adopted, Profiles};
use super::law::rulebook::Rulebook;
use super::law::rulebook::kept::RulesVersion;
use super::measure::Timestamp;
use super::operations::channels::Channels;
use super::operations::handover::Post;
use super::operations::letter::Scribe;
use super::operations::whereabouts::{self, Abroad};
use super::operations::{Operation, deadlines};
use super::registry::{RoomCard, UnitCard};
use super::tracks::apart::ToldApart;
use super::tracks::fix::{Fix, QuarantineReason};
use super::tracks::memory::TrackMemory;
use super::tracks::{BorderView, GateLimits, Track};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use link::Link;
pub use units::Units;

/// What decisions rest on, and no fold does.
#[derive(Clone, Copy)]
pub struct Grounds<'a> {
    /// The borders.
    pub borders: &'a dyn BorderView,
    /// The named places where roads cross them.
    pub crossing_points: &'a CrossingPoints,
    /// The law.
    pub rulebook: &'a Rulebook,
    /// What pairs of states agreed on.
    pub profiles: &'a Profiles,
    /// Who writes notices out in the languages of both states.
    pub scribe: Scribe,
    /// By which channels notices leave beside the other room.
    pub channels: &'a Channels,
    /// Who signs what rooms say to each other, and checks it.
    pub post: &'a dyn Post,
    /// What the gate admits.
    pub gate: &'a GateLimits,
    /// Since when this service takes what units post, without a break. Of its own gaps no unit is accused.
    pub listening_since: Timestamp,
}

/// Everything one room knows.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    room: RoomId,
    rooms: BTreeMap<RoomId, RoomCard>,
    units: Units,
    operations: BTreeMap<OperationId, Operation>,
    /// The open operations of each unit that has any, by id. Operations stay when they are closed.
    assigned: BTreeMap<UnitId, Vec<OperationId>>,
    /// Orders that came with a key, and what was answered.
    taken: BTreeMap<(AccountId, Arc<str>), Taken>,
    /// Fixes kept apart that are no word on any unit of this room.
    apart: ToldApart,
    /// The rules it decides with, since they were adopted.
    rules: Option<RulesVersion>,
    /// The profiles that operations opened now rest on.
    profiles: Arc<Adopted>,
    /// The number of the last message that was said to each partner.
    numbers: BTreeMap<RoomId, u64>,
    /// The number of the last message that was heard of each partner.
    heard: BTreeMap<RoomId, u64>,
    /// How far this room and each one in another service have come.
    links: BTreeMap<RoomId, Link>,
    /// Since when the disk of the records is nearly full, and what was left of it then.
    nearly_full: Option<(DiskRoom, Timestamp)>,
    /// What needs a person, and who has taken it.
    alarms: Board,
}

/// An order that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Taken {
    /// What was answered: the id of what came of it.
    answer: Arc<str>,
    /// A digest of what was asked for; `None` when an earlier version recorded it.
    asked: Option<Arc<str>>,
}

/// One unit: this room's own, or a partner's that an operation shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// As registered.
    pub card: UnitCard,
    /// Whether it speaks no more.
    pub retired: bool,
    /// What it did.
    pub track: Track,
}

impl Unit {
    /// Where it is, when abroad.
    #[must_use]
    pub fn abroad(&self) -> Option<Abroad> {
        whereabouts::abroad(&self.track, self.card.state)
    }
}

/// What follows from one input.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decision {
    /// To be folded and recorded, in order.
    pub events: Vec<Event>,
    /// To be said to other rooms; what came in a frame is heard by this room itself.
    pub messages: Vec<Message>,
    /// To be answered to the sender, once all that is durable.
    pub answer: Answer,
    /// The room whose events these are, when they came by sharing.
    pub shared_by: Option<RoomId>,
}

/// What the sender of an input is told.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Answer {
    /// Nothing to tell.
    #[default]
    Silence,
    /// The fix was admitted.
    Accepted,
    /// The fix was there already.
    Duplicate,
    /// The fix is kept apart.
    Quarantined {
        /// Why.
        reason: QuarantineReason,
        /// What is wrong with it.
        detail: Arc<str>,
    },
    /// The order or act was carried out.
    Done {
        /// The id of what came of it.
        id: Arc<str>,
        /// The operation's version after it, or 0.
        version: u64,
        /// Whether it had been answered before.
        repeated: bool,
    },
    /// The order was refused, and the refusal kept.
    Refused(super::event::Refusal),
}

impl World {
    /// An empty room.
    #[must_use]
    pub fn new(room: RoomId) -> Self {
        Self {
            room,
            rooms: BTreeMap::new(),
            units: Units::default(),
            operations: BTreeMap::new(),
            assigned: BTreeMap::new(),
            taken: BTreeMap::new(),
            apart: ToldApart::new(),
            rules: None,
            profiles: Arc::default(),
            numbers: BTreeMap::new(),
            heard: BTreeMap::new(),
            links: BTreeMap::new(),
            nearly_full: None,
            alarms: Board::default(),
        }
    }

    /// Whose world this is.
    #[must_use]
    pub const fn room(&self) -> &RoomId {
        &self.room
    }

    /// The rooms known here.
    #[must_use]
    pub const fn rooms(&self) -> &BTreeMap<RoomId, RoomCard> {
        &self.rooms
    }

    /// The units known here: this room's own, and a partner's while an operation shares them.
    #[must_use]
    pub const fn units(&self) -> &Units {
        &self.units
    }

    /// The operations known here.
    #[must_use]
    pub const fn operations(&self) -> &BTreeMap<OperationId, Operation> {
        &self.operations
    }

    /// The open operations that a unit is assigned to, in the order of their ids.
    pub fn open_operations_of(&self, unit: &UnitId) -> impl Iterator<Item = &Operation> {
        let ids = self.assigned.get(unit).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.operations.get(id))
    }

    /// Whether any open operation has the unit: most have none.
    fn is_assigned(&self, unit: &UnitId) -> bool {
        self.assigned.contains_key(unit)
    }

    /// Whether the unit is this room's own.
    #[must_use]
    pub fn owns(&self, unit: &UnitId) -> bool {
        self.units
            .get(unit)
            .is_some_and(|unit| unit.card.room == self.room)
    }

    /// When time alone has something to say, at the earliest; `listening_since` as in [`Grounds`].
    #[must_use]
    pub fn next_deadline(
        &self,
        listening_since: Timestamp,
        gate: &GateLimits,
        profiles: &Profiles,
    ) -> Option<Timestamp> {
        let units = self
            .units
            .values()
            .filter(|unit| unit.card.room == self.room && !unit.retired)
            .filter_map(|unit| unit.track.next_deadline(listening_since, gate));
        let operations = self
            .operations
            .values()
            .filter(|operation| operation.card.room == self.room)
            .filter_map(|operation| deadlines::next(operation, profiles));
        units.chain(operations).min()
    }

    /// Folds one event in. Total: an event that does not fit (from a newer version, or a partner) changes nothing.
    pub fn apply(&mut self, event: &Event) {
        match &event.what {
            What::Register(change) => self.apply_register(change),
            What::Fix(fix) => self.apply_fix(fix),
            What::Alarm(alarm) => self.alarms.apply(alarm, event.at),
            What::Link(link) => {
                let known = self.links.entry(link.partner.clone()).or_default();
                known.apply(&link.kind, event.at);
                if let LinkEventKind::Missing(missing) = &link.kind {
                    let last = self.numbers.entry(link.partner.clone()).or_default();
                    *last = missing.said.max(*last);
                }
            }
            What::Track(track) => {
                self.note_apart(&track.kind);
                self.note_for_alarms(&track.unit, &track.kind, event.at);
                let Some(unit) = self.units.get_mut(&track.unit) else {
                    return;
                };
                unit.track.apply(event);
                for id in self.assigned.get(&track.unit).into_iter().flatten() {
                    if let Some(operation) = self.operations.get_mut(id) {
                        operation.apply_track(unit.card.state, &track.kind);
                        operation.settle(&track.unit, unit.abroad());
                    }
                }
            }
            What::Operation(of) => self.apply_operation(event, of),
            What::House(HouseEvent::OrderTaken {
                by,
                key,
                answer,
                order: _,
                asked,
            }) => {
                let key = (by.account.clone(), Arc::clone(key));
                let taken = Taken {
                    answer: Arc::clone(answer),
                    asked: asked.clone(),
                };
                self.taken.insert(key, taken);
            }
            What::House(HouseEvent::RulesAdopted { rules, .. }) => {
                self.adopt(rules);
            }
            What::House(HouseEvent::ProfilesAdopted { profiles, .. }) => {
                self.profiles = Arc::clone(profiles);
            }
            What::House(HouseEvent::DiskRoom(room)) => {
                self.nearly_full = room.is_little.then_some((*room, event.at));
            }
            What::House(
                HouseEvent::AccessViewed { .. }
                | HouseEvent::AccessExported { .. }
                | HouseEvent::Session { .. }
                | HouseEvent::ClockJumped { .. },
            ) => {}
        }
    }

    fn apply_register(&mut self, change: &RegisterEvent) {
        match change {
            RegisterEvent::RoomAdded(card) => {
                self.rooms.insert(card.room.clone(), card.clone());
            }
            RegisterEvent::UnitAdded(card) => {
                if let Some(unit) = self.units.get_mut(&card.id) {
                    unit.track.card_changed(card);
                    unit.card = card.clone();
                    unit.retired = false;
                } else {
                    let unit = Unit {
                        card: card.clone(),
                        retired: false,
                        track: Track::new(card),
                    };
                    self.units.insert(unit);
                }
            }
            RegisterEvent::UnitRetired(unit) => {
                if let Some(unit) = self.units.get_mut(unit) {
                    unit.retired = true;
                }
            }
        }
    }

    /// Folds one admitted fix in, as [`World::apply`] does with [`What::Fix`].
    pub fn apply_fix(&mut self, fix: &Fix) {
        if let Some(unit) = self.units.get_mut(&fix.unit) {
            unit.track.apply_fix(fix);
        }
    }

    fn note_apart(&mut self, kind: &TrackEventKind) {
        if let TrackEventKind::FixQuarantined {
            reason,
            fix: Some(fix),
            ..
        } = kind
            && reason.is_foreign()
        {
            self.apart.note(fix, *reason);
        }
    }

    /// What the fixes of every unit told.
    pub(crate) fn memories(&self) -> impl Iterator<Item = (&UnitId, TrackMemory)> {
        self.units
            .iter()
            .filter_map(|(id, unit)| Some((id, unit.track.memory()?)))
    }

    /// Takes over what the fixes of a unit told, in place of folding them; tells whether the unit is known.
    pub(crate) fn remember(&mut self, unit: &UnitId, memory: TrackMemory) -> bool {
        let known = self.units.get_mut(unit);
        known.map(|unit| unit.track.remember(memory)).is_some()
    }

    /// Learns again that a fix was admitted, after [`Self::remember`].
    pub(crate) fn recall(&mut self, fix: &Fix) {
        if let Some(unit) = self.units.get_mut(&fix.unit) {
            unit.track.recall(fix);
        }
    }

    fn apply_operation(&mut self, event: &Event, of: &OperationEvent) {
        let Some(id) = &of.operation else { return };
        self.count(&of.kind);
        if let OperationEventKind::Life(LifeEvent::Opened(card)) = &of.kind {
            let mut operation = Operation::new((**card).clone(), event.at);
            // A partner's operation rests on the partner's rules and profiles.
            if card.room == self.room {
                operation.rules.clone_from(&self.rules);
                operation.profiles = Some(Arc::clone(&self.profiles));
            }
            self.operations.entry(id.clone()).or_insert(operation);
        }
        if let Some(operation) = self.operations.get_mut(id) {
            operation.apply(event, &of.kind);
        }
        match &of.kind {
            OperationEventKind::Life(LifeEvent::Opened(_)) => {
                self.assign(id);
                self.settle_units(id);
            }
            OperationEventKind::Life(LifeEvent::Changed { .. }) => {
                self.assign(id);
                self.settle_units(id);
                self.forget_guests();
            }
            OperationEventKind::Life(LifeEvent::Closed { .. }) => {
                self.assign(id);
                self.forget_guests();
            }
            _ => {}
        }
    }

    /// Notes whose open operation this is.
    fn assign(&mut self, id: &OperationId) {
        self.assigned.retain(|_, operations| {
            operations.retain(|of| of != id);
            !operations.is_empty()
        });
        let open = self.operations.get(id).filter(|of| of.is_open());
        for unit in open.iter().flat_map(|operation| &operation.card.units) {
            let operations = self.assigned.entry(unit.clone()).or_default();
            if let Err(place) = operations.binary_search(id) {
                operations.insert(place, id.clone());
            }
        }
    }

    /// An operation takes over where its units are: they may be abroad already.
    fn settle_units(&mut self, id: &OperationId) {
        let Some(operation) = self.operations.get_mut(id) else {
            return;
        };
        for unit in operation.card.units.clone() {
            let abroad = self.units.get(&unit).and_then(Unit::abroad);
            operation.settle(&unit, abroad);
        }
    }

    /// Sharing ends by itself: a partner's unit that no open operation shows is not kept on the map.
    fn forget_guests(&mut self) {
        let (room, assigned) = (&self.room, &self.assigned);
        self.units
            .retain(|unit| unit.card.room == *room || assigned.contains_key(&unit.card.id));
    }
}
