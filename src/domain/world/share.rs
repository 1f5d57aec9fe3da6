//! What leaves this room for a partner, and what of a partner's is taken in.

use super::{Decision, Unit, World};
use crate::domain::event::{
    Crossing, Event, LifeEvent, OperationEvent, OperationEventKind, RegisterEvent, TrackEvent,
    TrackEventKind, What,
};
use crate::domain::ids::{RoomId, UnitId};
use crate::domain::input::{Message, MessageBody};
use crate::domain::measure::Timestamp;
use crate::domain::operations::{Operation, OperationChange, sharing};
use crate::domain::registry::UnitKind;
use crate::domain::tracks::Standing;
use std::collections::BTreeMap;

impl World {
    /// What partners must be told of an event, right after it was folded in.
    #[must_use]
    pub fn share(&self, event: &Event) -> Vec<Message> {
        if let What::Fix(fix) = &event.what
            && !self.is_assigned(&fix.unit)
        {
            return Vec::new();
        }
        let mut by_room: BTreeMap<RoomId, Vec<Event>> = BTreeMap::new();
        match &event.what {
            What::Operation(of) => self.share_operation(event, of, &mut by_room),
            What::Fix(fix) => self.share_track(&fix.unit, event, &mut by_room),
            What::Track(track) if leaves(&track.kind) => {
                self.share_track(&track.unit, event, &mut by_room);
            }
            What::Register(RegisterEvent::UnitAdded(card)) => {
                self.share_track(&card.id, event, &mut by_room);
            }
            What::Register(RegisterEvent::UnitRetired(unit)) => {
                self.share_track(unit, event, &mut by_room);
            }
            What::Register(RegisterEvent::RoomAdded(_))
            | What::Track(_)
            | What::Alarm(_)
            | What::Link(_)
            | What::House(_) => {}
        }
        by_room
            .into_iter()
            .map(|(to, events)| Message {
                from: self.room.clone(),
                to,
                body: MessageBody::Shared(events),
            })
            .collect()
    }

    fn share_track(
        &self,
        unit: &UnitId,
        event: &Event,
        by_room: &mut BTreeMap<RoomId, Vec<Event>>,
    ) {
        let mut operations = self.own_operations_of(unit).peekable();
        // What a technical source tells stays in the room whose law lets it.
        if operations.peek().is_none() || !self.owns(unit) || self.is_tracker(unit) {
            return;
        }
        for operation in operations {
            for room in sharing::partners(operation) {
                if sharing::shows(operation, unit, room) && !by_room.contains_key(room) {
                    by_room.insert(room.clone(), vec![event.clone()]);
                }
            }
        }
    }

    fn share_operation(
        &self,
        event: &Event,
        of: &OperationEvent,
        by_room: &mut BTreeMap<RoomId, Vec<Event>>,
    ) {
        let Some(operation) = of.operation.as_ref().and_then(|id| self.operations.get(id)) else {
            return;
        };
        if operation.card.room != self.room || !sharing::leaves(&of.kind) {
            return;
        }
        let opened_to = sharing::opened_to(event).map(|(room, _)| room);
        for room in sharing::partners(operation) {
            let introduce = |unit: &UnitId| self.introduction(unit, (operation, event.at), room);
            let mut events = Vec::new();
            if opened_to == Some(room) {
                let before = sharing::seen_before(operation, room);
                match &before {
                    None => events.extend(sharing::granted(operation)),
                    Some(_) => events.push(sharing::as_shared(event)),
                }
                let before = before.unwrap_or_default();
                let units = operation.card.units.iter();
                let news = units.filter(|unit| !before.has(unit));
                let news = news.filter(|unit| sharing::shows(operation, unit, room));
                events.extend(news.flat_map(introduce));
            } else if sharing::is_for(&of.kind, room) {
                events.push(sharing::as_shared(event));
                let news = newly_assigned(operation, of).into_iter();
                let news = news.filter(|unit| sharing::shows(operation, unit, room));
                events.extend(news.flat_map(introduce));
            } else {
                continue;
            }
            by_room.insert(room.clone(), events);
        }
    }

    pub(super) fn own_operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations
            .values()
            .filter(|operation| operation.card.room == self.room && operation.is_open())
    }

    /// The open operations of this room that a unit is assigned to, in the order of their ids.
    pub(super) fn own_operations_of(&self, unit: &UnitId) -> impl Iterator<Item = &Operation> {
        self.open_operations_of(unit)
            .filter(|operation| operation.card.room == self.room)
    }

    /// What a partner must know of a unit when it first sees it: its card, where it was when the operation began, its
    /// crossings since, what is under way with it, and its last fix; from then on each fix as it comes. Of a unit off duty
    /// no fix is shown. A unit that the partner sees already is not introduced twice.
    fn introduction(
        &self,
        id: &UnitId,
        (operation, now): (&Operation, Timestamp),
        room: &RoomId,
    ) -> Vec<Event> {
        let shown_before = self
            .own_operations_of(id)
            .any(|other| other.card.id != operation.card.id && sharing::shows(other, id, room));
        let Some(unit) = self.units.get(id) else {
            return Vec::new();
        };
        if shown_before || unit.card.kind == UnitKind::Tracker {
            return Vec::new();
        }
        let mut events = vec![Event {
            at: operation.opened_at,
            what: What::Register(RegisterEvent::UnitAdded(unit.card.clone())),
        }];
        events.extend(where_and_how(unit, operation, now));
        if unit.track.on_duty(now) {
            events.extend(unit.track.latest().map(|fix| Event {
                at: fix.fixed_at,
                what: What::Fix(fix.clone()),
            }));
        }
        if unit.retired {
            let retired = RegisterEvent::UnitRetired(id.clone());
            events.push(Event {
                at: now,
                what: What::Register(retired),
            });
        }
        events
    }

    /// Takes in what a partner shares: only what is the partner's own to share.
    pub(super) fn receive(&self, message: &Message, events: &[Event], now: Timestamp) -> Decision {
        let own = |event: &&Event| self.is_partners_own(&message.from, event);
        let opens = |event: &Event| {
            matches!(
                event.of_operation(),
                Some(OperationEventKind::Life(LifeEvent::Opened(_)))
            )
        };
        // Rooms of two services may give one id to two operations: what cannot be shared is told.
        let taken = events.iter().find(|event| opens(event) && !own(event));
        if let Some(event) = taken {
            let id = event.operation().map(ToString::to_string);
            let sentence = format!(
                "Operation {} of {} cannot be shown: one of this id is known here already.",
                id.unwrap_or_default(),
                message.from
            );
            return self.refuse_link(&message.from, "operation", &sentence, now);
        }
        Decision {
            shared_by: Some(message.from.clone()),
            events: events.iter().filter(own).cloned().collect(),
            ..Decision::default()
        }
    }

    /// A partner may speak of its own units and operations, never of ours.
    fn is_partners_own(&self, from: &RoomId, event: &Event) -> bool {
        match &event.what {
            What::Register(RegisterEvent::UnitAdded(card)) => {
                card.room == *from && !self.owns(&card.id)
            }
            What::Register(RegisterEvent::UnitRetired(unit)) => self
                .units
                .get(unit)
                .is_some_and(|unit| unit.card.room == *from),
            What::Register(RegisterEvent::RoomAdded(_))
            | What::Alarm(_)
            | What::Link(_)
            | What::House(_) => false,
            What::Fix(fix) => !self.owns(&fix.unit),
            What::Track(track) => !self.owns(&track.unit),
            What::Operation(of) => match (&of.operation, &of.kind) {
                (None, _) => false,
                // Nor may an opening fold into an operation of another room that has the same id.
                (Some(id), OperationEventKind::Life(LifeEvent::Opened(card))) => {
                    card.room == *from
                        && card.id == *id
                        && self
                            .operations
                            .get(id)
                            .is_none_or(|of| of.card.room == *from)
                }
                (Some(id), _) => self
                    .operations
                    .get(id)
                    .is_none_or(|of| of.card.room == *from),
            },
        }
    }
}

/// Whether what a track tells may leave the room.
const fn leaves(kind: &TrackEventKind) -> bool {
    match kind {
        TrackEventKind::SignedOn
        | TrackEventKind::SignedOff
        | TrackEventKind::Located { .. }
        | TrackEventKind::Approaching(_)
        | TrackEventKind::Receding { .. }
        | TrackEventKind::CrossingSuspected(_)
        | TrackEventKind::CrossingConfirmed(_)
        | TrackEventKind::CrossingRetracted { .. }
        | TrackEventKind::CrossingRevised(_)
        | TrackEventKind::Silent(_)
        | TrackEventKind::MayHaveCrossed(_)
        | TrackEventKind::Back
        | TrackEventKind::LeftCoverage => true,
        TrackEventKind::FixQuarantined { .. }
        | TrackEventKind::FixReleased { .. }
        | TrackEventKind::CameraOver { .. }
        | TrackEventKind::Device(_)
        | TrackEventKind::StandOffBroken(_)
        | TrackEventKind::BreachPredicted(_)
        | TrackEventKind::StandOffKept
        | TrackEventKind::Sealed { .. }
        | TrackEventKind::Unsealed
        | TrackEventKind::Acted { .. } => false,
    }
}

/// The units that a change assigned and that were not assigned before.
fn newly_assigned<'o>(operation: &'o Operation, of: &OperationEvent) -> Vec<&'o UnitId> {
    let OperationEventKind::Life(LifeEvent::Changed {
        change: OperationChange::Units(_),
        ..
    }) = &of.kind
    else {
        return Vec::new();
    };
    // The last event of the history is the change itself.
    let before = operation.history.iter().rev().skip(1).find_map(units_of);
    operation
        .card
        .units
        .iter()
        .filter(|unit| before.is_none_or(|before| !before.contains(unit)))
        .collect()
}

fn units_of(event: &Event) -> Option<&Vec<UnitId>> {
    match event.of_operation()? {
        OperationEventKind::Life(LifeEvent::Opened(card)) => Some(&card.units),
        OperationEventKind::Life(LifeEvent::Changed {
            change: OperationChange::Units(units),
            ..
        }) => Some(units),
        _ => None,
    }
}

fn where_and_how(unit: &Unit, operation: &Operation, now: Timestamp) -> Vec<Event> {
    let id = &unit.card.id;
    let told = |at, kind| Event {
        at,
        what: What::Track(TrackEvent {
            unit: id.clone(),
            kind,
        }),
    };
    let since: Vec<_> = unit
        .track
        .crossings()
        .iter()
        .filter(|recorded| recorded.standing == Standing::Confirmed)
        .map(|recorded| &recorded.crossing)
        .filter(|crossing| crossing.likely >= operation.opened_at)
        .collect();
    let mut events = Vec::new();
    if let Some(fix) = unit.track.latest() {
        let states = since
            .first()
            .map_or_else(|| unit.track.settled(), |first| Some(first.from));
        let kind = TrackEventKind::Located {
            states: states.unwrap_or(fix.location.states),
            certainty: fix.location.certainty,
            nearest: fix.location.nearest,
        };
        events.push(told(operation.opened_at, kind));
    }
    for crossing in since {
        events.push(told(
            crossing.likely,
            TrackEventKind::CrossingConfirmed(Box::new(Crossing::clone(crossing))),
        ));
    }
    let suspected = unit
        .track
        .crossings()
        .iter()
        .filter(|recorded| recorded.standing == Standing::Suspected);
    for crossing in suspected.map(|recorded| &recorded.crossing) {
        let kind = TrackEventKind::CrossingSuspected(Box::new(Crossing::clone(crossing)));
        events.push(told(crossing.likely, kind));
    }
    if let Some((approach, at)) = unit.track.approach_told() {
        events.push(told(at, TrackEventKind::Approaching(approach.clone())));
    }
    if let Some(at) = unit.track.signed_off(now) {
        events.push(told(at, TrackEventKind::SignedOff));
    }
    if let Some((silence, may_have_crossed)) = unit.track.silence() {
        let kind = if may_have_crossed {
            TrackEventKind::MayHaveCrossed(silence.clone())
        } else {
            TrackEventKind::Silent(silence.clone())
        };
        events.push(told(silence.since, kind));
    }
    events
}
