//! What a crossing, or the approach to one, asks of an operation: findings, notices, clocks, sharing.

use super::notice::{NoticeCrossing, NoticeFields};
use super::operation::{ClockStatus, Operation};
use crate::domain::event::{
    Approach, Clock, ClockEvent, ClockKey, Crossing, Event, LifeEvent, NoticeEvent, OperationEvent,
    OperationEventKind, What,
};
use crate::domain::ids::{NoticeId, OperationId, RoomId, State, StateSet};
use crate::domain::law::assess::{assess_crossing, assess_crossing_into, authorisation_window};
use crate::domain::law::basis::{Basis, Carrier};
use crate::domain::law::facts::CrossingFacts;
use crate::domain::law::finding::{Assessment, ClockKind, ClockSpec, Duty, DutyOwed, Origin};
use crate::domain::law::rulebook::Rulebook;
use crate::domain::measure::Timestamp;
use crate::domain::registry::{RoomCard, UnitCard, UnitKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What decisions of this room look things up in.
#[derive(Debug, Clone, Copy)]
pub struct Lookup<'a> {
    /// The law.
    pub rulebook: &'a Rulebook,
    /// The rooms known here.
    pub rooms: &'a BTreeMap<RoomId, RoomCard>,
}

/// A unit and one of its crossings.
#[derive(Debug, Clone, Copy)]
pub struct Crossed<'a> {
    /// Who.
    pub unit: &'a UnitCard,
    /// What.
    pub crossing: &'a Crossing,
    /// Of a joint patrol with an area: whether the place lies in it.
    pub in_patrol_area: Option<bool>,
}

/// On what a kind of unit moves.
#[must_use]
pub const fn carrier(kind: UnitKind) -> Carrier {
    match kind {
        UnitKind::Vehicle | UnitKind::Officer | UnitKind::Tracker => Carrier::Land,
        UnitKind::Boat => Carrier::Water,
        UnitKind::Helicopter => Carrier::Air,
        UnitKind::Drone => Carrier::Drone,
    }
}

impl Crossed<'_> {
    fn facts<'o>(&self, operation: Option<&'o Operation>) -> CrossingFacts<'o> {
        CrossingFacts {
            declared: operation.map(|operation| &operation.card.declared),
            unit_state: self.unit.state,
            carrier: carrier(self.unit.kind),
            territory: self.crossing.to,
            earliest: self.crossing.earliest,
            likely: self.crossing.likely,
            disputed: false,
            in_patrol_area: self.in_patrol_area,
        }
    }
}

/// What follows for a unit of no operation: abroad, it must stop, and the room is told why.
#[must_use]
pub fn without_operation(
    crossed: &Crossed<'_>,
    lookup: Lookup<'_>,
    now: Timestamp,
) -> Option<Event> {
    let facts = crossed.facts(None);
    if facts.is_return_home() || facts.foreign_states().next().is_none() {
        return None;
    }
    Some(Event {
        at: now,
        what: What::Operation(OperationEvent {
            operation: None,
            kind: OperationEventKind::Assessed {
                unit: Some(crossed.unit.id.clone()),
                crossing: Some(crossed.crossing.id.clone()),
                assessment: assess_crossing(lookup.rulebook, &facts),
            },
        }),
    })
}

/// Writes what follows for one operation.
pub struct Consequences<'a> {
    operation: &'a Operation,
    lookup: Lookup<'a>,
    now: Timestamp,
    new_notices: Vec<(Duty, RoomId, NoticeId)>,
    events: &'a mut Vec<Event>,
}

impl<'a> Consequences<'a> {
    /// For one operation, at our time `now`.
    #[must_use]
    pub const fn of(
        operation: &'a Operation,
        lookup: Lookup<'a>,
        now: Timestamp,
        events: &'a mut Vec<Event>,
    ) -> Self {
        Self {
            operation,
            lookup,
            now,
            new_notices: Vec::new(),
            events,
        }
    }

    /// A unit of the operation crossed: confirmed now, or assigned while it was abroad already.
    pub fn confirmed(&mut self, crossed: &Crossed<'_>) {
        let facts = crossed.facts(Some(self.operation));
        if facts.is_return_home() {
            self.returned(crossed.unit);
            return;
        }
        self.push(OperationEventKind::Assessed {
            unit: Some(crossed.unit.id.clone()),
            crossing: Some(crossed.crossing.id.clone()),
            assessment: self.of_kind(assess_crossing(self.lookup.rulebook, &facts)),
        });
        for host in facts.foreign_states() {
            let assessment = self.of_kind(assess_crossing_into(self.lookup.rulebook, &facts, host));
            for room in self.rooms_of(host) {
                self.share(&room);
                self.owe(&assessment.duties, host, &room, crossed);
            }
            for clock in &assessment.clocks {
                self.start_or_shorten(host, clock);
            }
        }
    }

    /// Late data moved a crossing: clocks can only become shorter by themselves, open drafts are written anew.
    pub fn revised(&mut self, crossed: &Crossed<'_>) {
        let facts = crossed.facts(Some(self.operation));
        if facts.is_return_home() {
            return;
        }
        for host in facts.foreign_states() {
            let assessment = self.of_kind(assess_crossing_into(self.lookup.rulebook, &facts, host));
            for clock in &assessment.clocks {
                self.start_or_shorten(host, clock);
            }
            for room in self.rooms_of(host) {
                self.redraft(host, &room, crossed);
            }
        }
    }

    /// A crossing fell away: drafts no longer name it. What was sent stays as it was sent; clocks go on, for only two
    /// persons may lengthen them.
    pub fn retracted(&mut self, crossed: &Crossed<'_>) {
        let open: Vec<(NoticeId, Duty, RoomId, NoticeFields)> = self
            .operation
            .notices
            .iter()
            .filter(|(_, notice)| notice.is_open() && mentions(notice.fields.as_ref(), crossed))
            .filter_map(|(id, notice)| {
                let fields = notice.fields.clone()?;
                Some((id.clone(), notice.duty, notice.to.clone(), fields))
            })
            .collect();
        for (notice, duty, room, mut before) in open {
            before
                .crossings
                .retain(|entry| entry.crossing.as_ref() != Some(&crossed.crossing.id));
            let host = before.host_state;
            let fields = fields(self.operation, duty, host, Some(&before), None);
            self.write(&notice, duty, &room, fields);
        }
    }

    /// A unit of the operation left the area that its joint patrol was agreed for.
    pub fn left_patrol_area(&mut self, crossed: &Crossed<'_>) {
        let facts = crossed.facts(Some(self.operation));
        self.push(OperationEventKind::Assessed {
            unit: Some(crossed.unit.id.clone()),
            crossing: Some(crossed.crossing.id.clone()),
            assessment: assess_crossing(self.lookup.rulebook, &facts),
        });
    }

    /// A unit of the operation is about to enter a host state: the notice is drafted before the line.
    pub fn approaching(
        &mut self,
        unit: &UnitCard,
        approach: &Approach,
        predicted_at: Timestamp,
        again: bool,
    ) {
        let declared = &self.operation.card.declared;
        if declared.basis == Basis::JointPatrol || unit.state != declared.requesting_state {
            return;
        }
        let hosts: Vec<State> = entered(approach.to, unit.state)
            .filter(|host| declared.host_states.contains(host))
            .collect();
        for host in hosts {
            for room in self.rooms_of(host) {
                self.share(&room);
                // Another time of arrival corrects the draft; a notice that was sent is not owed once more by it.
                if again && !self.has_open(Duty::NoticeOfCrossing, &room) {
                    continue;
                }
                let entry = NoticeCrossing {
                    unit: unit.id.clone(),
                    callsign: Arc::clone(&unit.callsign),
                    kind: unit.kind,
                    marks: unit.marks,
                    crossing: None,
                    point: approach.point,
                    earliest: predicted_at.plus(approach.eta_earliest),
                    likely: predicted_at.plus(approach.eta),
                    expected: true,
                };
                self.draft(Duty::NoticeOfCrossing, host, &room, Some(entry));
            }
        }
    }

    /// The clock of an authorisation or agreed period, for each host; runs from the opening on.
    pub fn window(&mut self) {
        let declared = &self.operation.card.declared;
        for host in declared.host_states.clone() {
            let window = authorisation_window(self.lookup.rulebook, declared, host, self.now);
            if let Some(mut spec) = window {
                if self.operation.card.exercise {
                    spec.citation.origin = Origin::Exercise;
                }
                self.start(host, &spec);
            }
        }
    }

    /// An exercise's own document is marked as such; law stays law.
    fn of_kind(&self, assessment: Assessment) -> Assessment {
        if self.operation.card.exercise {
            assessment.of_exercise()
        } else {
            assessment
        }
    }

    fn returned(&mut self, unit: &UnitCard) {
        let others = self
            .operation
            .abroad
            .keys()
            .any(|abroad| *abroad != unit.id);
        if others || !self.operation.abroad.contains_key(&unit.id) {
            return;
        }
        let running: Vec<ClockKey> = self
            .operation
            .clocks
            .iter()
            .filter(|(key, clock)| {
                key.kind == ClockKind::Consent && clock.status == ClockStatus::Running
            })
            .map(|(key, _)| *key)
            .collect();
        for clock in running {
            self.push(OperationEventKind::Clock(ClockEvent::Stopped {
                clock,
                because: "every unit of the operation is home again".into(),
            }));
        }
    }

    fn share(&mut self, room: &RoomId) {
        let known = self.lookup.rooms.contains_key(room);
        let already = self.operation.shared_with.contains(room) || self.shares_already(room);
        if known && !already && *room != self.operation.card.room {
            self.push(OperationEventKind::Life(LifeEvent::Shared {
                with: room.clone(),
            }));
        }
    }

    fn shares_already(&self, room: &RoomId) -> bool {
        self.events.iter().any(|event| match &event.what {
            What::Operation(OperationEvent {
                operation: Some(operation),
                kind: OperationEventKind::Life(LifeEvent::Shared { with }),
            }) => *operation == self.operation.card.id && with == room,
            _ => false,
        })
    }

    fn owe(&mut self, duties: &[DutyOwed], host: State, room: &RoomId, crossed: &Crossed<'_>) {
        for owed in duties.iter().filter(|owed| owed.duty != Duty::Report) {
            let first_request = owed.duty != Duty::Request || !self.has_any(Duty::Request, room);
            if !first_request {
                continue;
            }
            let notice = self.notice_for(owed.duty, room);
            self.push(OperationEventKind::Notice {
                notice,
                kind: NoticeEvent::Owed {
                    duty: owed.duty,
                    to: room.clone(),
                    since: crossed.crossing.likely,
                    citation: owed.citation.clone(),
                },
            });
            self.draft(owed.duty, host, room, Some(happened(crossed)));
        }
    }

    fn redraft(&mut self, host: State, room: &RoomId, crossed: &Crossed<'_>) {
        let open: Vec<Duty> = self
            .operation
            .notices
            .values()
            .filter(|notice| {
                notice.is_open() && notice.to == *room && mentions(notice.fields.as_ref(), crossed)
            })
            .map(|notice| notice.duty)
            .collect();
        for duty in open {
            self.draft(duty, host, room, Some(happened(crossed)));
        }
    }

    /// Drafts the open notice of this duty to this room anew, with one crossing added or replaced.
    fn draft(&mut self, duty: Duty, host: State, room: &RoomId, entry: Option<NoticeCrossing>) {
        let notice = self.notice_for(duty, room);
        let before = self
            .operation
            .notices
            .get(&notice)
            .and_then(|notice| notice.fields.as_ref());
        let fields = fields(self.operation, duty, host, before, entry);
        self.write(&notice, duty, room, fields);
    }

    fn write(&mut self, notice: &NoticeId, duty: Duty, room: &RoomId, fields: NoticeFields) {
        let ready = fields.missing.is_empty();
        self.push(OperationEventKind::Notice {
            notice: notice.clone(),
            kind: NoticeEvent::Drafted {
                duty,
                to: room.clone(),
                fields: Box::new(fields),
            },
        });
        if ready {
            self.push(OperationEventKind::Notice {
                notice: notice.clone(),
                kind: NoticeEvent::Ready,
            });
        }
    }

    fn has_open(&self, duty: Duty, room: &RoomId) -> bool {
        self.operation
            .notices
            .values()
            .any(|notice| notice.is_open() && notice.duty == duty && notice.to == *room)
    }

    fn has_any(&self, duty: Duty, room: &RoomId) -> bool {
        self.operation
            .notices
            .values()
            .any(|notice| notice.duty == duty && notice.to == *room)
    }

    /// The open notice of this duty to this room, or the id of a new one.
    fn notice_for(&mut self, duty: Duty, room: &RoomId) -> NoticeId {
        let open = self
            .operation
            .notices
            .iter()
            .find(|(_, notice)| notice.is_open() && notice.duty == duty && notice.to == *room);
        if let Some((id, _)) = open {
            return id.clone();
        }
        let made = self
            .new_notices
            .iter()
            .find(|(of, to, _)| *of == duty && to == room);
        if let Some((_, _, id)) = made {
            return id.clone();
        }
        let id = self.operation.next_notice(self.new_notices.len());
        self.new_notices.push((duty, room.clone(), id.clone()));
        id
    }

    fn start_or_shorten(&mut self, host: State, spec: &ClockSpec) {
        let key = ClockKey {
            kind: spec.kind,
            host,
        };
        match self.operation.clocks.get(&key) {
            None => self.start(host, spec),
            Some(running) if spec.starts < running.clock.starts => {
                let clock = Clock {
                    key,
                    starts: spec.starts,
                    ends: running.clock.ends.min(spec.ends),
                    citation: spec.citation.clone(),
                };
                self.push(OperationEventKind::Clock(ClockEvent::Revised {
                    clock,
                    because: "late data show an earlier crossing".into(),
                }));
            }
            // A second entry does not reset the clock: it goes on from its first start.
            Some(running)
                if running.status == ClockStatus::Stopped && spec.kind == ClockKind::Consent =>
            {
                let clock = running.clock.clone();
                self.push(OperationEventKind::Clock(ClockEvent::Started(clock)));
            }
            Some(_) => {}
        }
    }

    fn start(&mut self, host: State, spec: &ClockSpec) {
        let key = ClockKey {
            kind: spec.kind,
            host,
        };
        self.push(OperationEventKind::Clock(ClockEvent::Started(Clock {
            key,
            starts: spec.starts,
            ends: spec.ends,
            citation: spec.citation.clone(),
        })));
    }

    /// The host rooms of a state: those the operation names, else any of that state; a state without a room here keeps
    /// its notice under its own code, to be given by telephone.
    fn rooms_of(&self, host: State) -> Vec<RoomId> {
        let of_state = |room: &&RoomId| {
            self.lookup
                .rooms
                .get(*room)
                .is_some_and(|card| card.state == host)
        };
        let named: Vec<RoomId> = self
            .operation
            .card
            .host_rooms
            .iter()
            .filter(of_state)
            .cloned()
            .collect();
        if !named.is_empty() {
            return named;
        }
        let any: Vec<RoomId> = self.lookup.rooms.keys().filter(of_state).cloned().collect();
        if any.is_empty() {
            return RoomId::parse(host.as_str()).into_iter().collect();
        }
        any
    }

    fn push(&mut self, kind: OperationEventKind) {
        let operation: OperationId = self.operation.card.id.clone();
        self.events.push(Event {
            at: self.now,
            what: What::Operation(OperationEvent {
                operation: Some(operation),
                kind,
            }),
        });
    }
}

fn entered(to: StateSet, own: State) -> impl Iterator<Item = State> {
    let states: Vec<State> = to.iter().filter(|state| *state != own).collect();
    states.into_iter()
}

fn mentions(fields: Option<&NoticeFields>, crossed: &Crossed<'_>) -> bool {
    fields.is_some_and(|fields| {
        fields
            .crossings
            .iter()
            .any(|entry| entry.crossing.as_ref() == Some(&crossed.crossing.id))
    })
}

fn happened(crossed: &Crossed<'_>) -> NoticeCrossing {
    NoticeCrossing {
        unit: crossed.unit.id.clone(),
        callsign: Arc::clone(&crossed.unit.callsign),
        kind: crossed.unit.kind,
        marks: crossed.unit.marks,
        crossing: Some(crossed.crossing.id.clone()),
        point: crossed.crossing.point,
        earliest: crossed.crossing.earliest,
        likely: crossed.crossing.likely,
        expected: false,
    }
}

/// What a notice says, from coded facts, and what it still misses.
pub(super) fn fields(
    operation: &Operation,
    duty: Duty,
    host: State,
    before: Option<&NoticeFields>,
    entry: Option<NoticeCrossing>,
) -> NoticeFields {
    let declared = &operation.card.declared;
    let mut crossings: Vec<NoticeCrossing> = before
        .map(|fields| fields.crossings.clone())
        .unwrap_or_default();
    if let Some(entry) = entry {
        // What happened takes the place of all that was expected: a notice of a crossing that names a unit that has
        // not crossed would be false. Should that unit follow, its crossing is owed by itself.
        crossings.retain(|old| {
            let same = old.crossing.is_some() && old.crossing == entry.crossing;
            let expected = old.expected && (old.unit == entry.unit || !entry.expected);
            !(same || expected)
        });
        crossings.push(entry);
    }
    let grounds = before.and_then(|fields| fields.grounds.clone());
    let mut missing: Vec<Arc<str>> = Vec::new();
    if crossings.is_empty() {
        missing.push("crossing".into());
    }
    if declared.basis == Basis::SurveillanceAuthorised && declared.authorisation.is_none() {
        missing.push("authorisation".into());
    }
    if duty == Duty::Request && grounds.is_none() {
        missing.push("grounds".into());
    }
    NoticeFields {
        operation: operation.card.id.clone(),
        name: Arc::clone(&operation.card.name),
        basis: declared.basis,
        requesting_state: declared.requesting_state,
        host_state: host,
        offence: Arc::clone(&declared.offence),
        person_category: declared.person_category,
        authorisation: declared
            .authorisation
            .as_ref()
            .map(|document| Arc::clone(&document.number)),
        grounds,
        crossings,
        missing,
    }
}
