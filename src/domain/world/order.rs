//! What a person's order brings about: guards, the law, and units that are abroad already.

use super::{Answer, Decision, Grounds, Taken, World};
use crate::domain::borders::{Frontier, Location};
use crate::domain::event::{Event, HouseEvent, Refusal, What};
use crate::domain::ids::{NoticeId, OperationId, RoomId, UnitId};
use crate::domain::input::{HostSaid, Message, MessageBody, Order, OrderKey, OrderKind, Seen};
use crate::domain::law::basis::EvadedCheck;
use crate::domain::measure::Timestamp;
use crate::domain::operations::crossings::{Consequences, stray};
use crate::domain::operations::handover::speak::Speech;
use crate::domain::operations::handover::{Body, Heard};
use crate::domain::operations::orders::{self, Ask, Ordered};
use crate::domain::operations::{
    Operation, OperationCard, OperationChange, SightingSource, whereabouts,
};
use crate::domain::operations::{answered, by_voice, reporting};
use crate::domain::operations::{sending, trackers};
use crate::domain::registry::UnitCard;
use std::collections::BTreeMap;
use std::sync::Arc;

impl World {
    pub(super) fn decide_order(
        &self,
        order: &Order,
        id_taken: bool,
        now: Timestamp,
        grounds: Grounds<'_>,
    ) -> Decision {
        let by = &order.by;
        let word = order.kind.word();
        if let Some(key) = &order.key
            && let Some(taken) = self.taken.get(&(by.account.clone(), Arc::clone(&key.key)))
        {
            return self.asked_before(order, key, taken, now);
        }
        let ask = Ask {
            by,
            now,
            lookup: self.lookup(grounds),
        };
        let mut messages = Vec::new();
        let (subject, id, ordered) = self.ordered(order, id_taken, ask, grounds, &mut messages);
        let mut decision = match ordered {
            Ok(events) => Decision {
                events,
                messages,
                ..Decision::default()
            },
            Err(refusal) => {
                let kept = orders::refused(subject.cloned(), by, word, refusal.clone(), now);
                return Decision {
                    events: vec![kept],
                    answer: Answer::Refused(refusal),
                    ..Decision::default()
                };
            }
        };
        self.follow_order(&order.kind, now, grounds, &mut decision.events);
        decision.events.extend(order_taken(order, id, now));
        decision.answer = done(id, false);
        decision
    }

    /// What an order brings about by itself: the operation that a refusal is kept with, what the answer names, and the
    /// events.
    fn ordered<'o>(
        &self,
        order: &'o Order,
        id_taken: bool,
        ask: Ask<'_>,
        grounds: Grounds<'_>,
        messages: &mut Vec<Message>,
    ) -> (Option<&'o OperationId>, &'o str, Ordered) {
        match &order.kind {
            OrderKind::Open(card) => {
                let taken = id_taken || self.operations.contains_key(&card.id);
                let measured = measured(card, grounds);
                let ordered = orders::open(ask, &measured, taken, &self.cards());
                (None, card.id.as_str(), ordered)
            }
            OrderKind::Change {
                operation,
                version,
                change,
            } => {
                let ordered = self.with(operation, |of| {
                    orders::change(ask, of, *version, change, &self.cards())
                });
                (Some(operation), operation.as_str(), ordered)
            }
            OrderKind::Close {
                operation,
                version,
                closing,
            } => {
                let ordered = self.with(operation, |of| orders::close(ask, of, *version, closing));
                (Some(operation), operation.as_str(), ordered)
            }
            OrderKind::SendNotice {
                operation,
                notice,
                grounds: because,
            } => {
                let ordered = self.with(operation, |of| {
                    let events = sending::send_notice(ask, of, notice, because.as_ref())?;
                    self.and_tell(ask, of, events, (grounds, messages))
                });
                (Some(operation), notice.as_str(), ordered)
            }
            OrderKind::GiveByVoice {
                operation,
                notice,
                call,
                grounds: because,
            } => {
                let how = (call, because.as_ref());
                let ordered = self.with(operation, |of| {
                    let events = by_voice::give(ask, of, notice, how, &self.cards())?;
                    self.and_tell(ask, of, events, (grounds, messages))
                });
                (Some(operation), notice.as_str(), ordered)
            }
            OrderKind::AcknowledgeNotice { operation, notice } => {
                let with = (grounds, messages);
                let ordered = self.with(operation, |of| self.acknowledge(ask, of, notice, with));
                (Some(operation), notice.as_str(), ordered)
            }
            OrderKind::HostSaid {
                operation,
                notice,
                said,
            } => self.host_said(ask, (operation, notice), said),
            OrderKind::StateInReport {
                operation,
                statement,
            } => {
                let ordered = self.with(operation, |of| reporting::state(ask, of, statement));
                (Some(operation), operation.as_str(), ordered)
            }
            OrderKind::SignReport { operation, signed } => {
                let ordered = self.with(operation, |of| reporting::sign(ask, of, signed));
                (Some(operation), operation.as_str(), ordered)
            }
            OrderKind::PermitTracker {
                operation,
                permission,
                role,
            } => {
                let ordered = self.with(operation, |of| {
                    trackers::permit(ask, of, permission, *role, &self.cards())
                });
                (Some(operation), operation.as_str(), ordered)
            }
            OrderKind::Speak { operation, speech } => {
                let ordered = self.with(operation, |of| {
                    self.say_so(ask, of, speech, (grounds, messages))
                });
                (Some(operation), operation.as_str(), ordered)
            }
            OrderKind::Sight {
                operation,
                version,
                seen,
            } => {
                let ordered = self.with(operation, |of| {
                    orders::as_seen(of, *version)?;
                    self.sight(ask, of, seen, grounds, messages)
                });
                (Some(operation), operation.as_str(), ordered)
            }
        }
    }

    /// A person of a host room has read a notice: once is enough.
    fn acknowledge(
        &self,
        ask: Ask<'_>,
        operation: &Operation,
        notice: &NoticeId,
        with: (Grounds<'_>, &mut Vec<Message>),
    ) -> Ordered {
        orders::acknowledge(ask, operation, notice)?;
        match read_notice(operation, notice) {
            Some(speech) => self.say_so(ask, operation, &speech, with),
            None => Ok(Vec::new()),
        }
    }

    /// A message to another room.
    fn say_so(
        &self,
        ask: Ask<'_>,
        operation: &Operation,
        speech: &Speech,
        (grounds, messages): (Grounds<'_>, &mut Vec<Message>),
    ) -> Ordered {
        let spoken = self.speak(ask, operation, speech, grounds)?;
        messages.extend(spoken.messages);
        Ok(spoken.events)
    }

    /// What was sent, or given by telephone, goes to the room that it is for as a message too.
    fn and_tell(
        &self,
        ask: Ask<'_>,
        operation: &Operation,
        mut events: Vec<Event>,
        (grounds, messages): (Grounds<'_>, &mut Vec<Message>),
    ) -> Ordered {
        let told = self.tell(ask, operation, &events, grounds)?;
        events.extend(told.events);
        messages.extend(told.messages);
        Ok(events)
    }

    /// What a host said back to a notice is written down.
    fn host_said<'o>(
        &self,
        ask: Ask<'_>,
        (operation, notice): (&'o OperationId, &'o NoticeId),
        said: &HostSaid,
    ) -> (Option<&'o OperationId>, &'o str, Ordered) {
        let take = |of: &Operation| answered::take(ask, of, (notice, said), &self.cards());
        let ordered = self.with(operation, take);
        (Some(operation), notice.as_str(), ordered)
    }

    /// An order with a key that was taken before: the same is answered the same way, another is not answered for it.
    fn asked_before(
        &self,
        order: &Order,
        key: &OrderKey,
        taken: &Taken,
        now: Timestamp,
    ) -> Decision {
        let same = taken.asked.as_ref().is_none_or(|asked| *asked == key.asked);
        if same {
            return Decision {
                answer: done(&taken.answer, true),
                ..Decision::default()
            };
        }
        let refusal = Refusal {
            guard: "key_of_another_order".into(),
            sentence: format!(
                "The key {} was sent with another order: give each order a key of its own.",
                key.key
            )
            .into(),
            citation: None,
        };
        let known = self.operations.get(order.kind.operation());
        let subject = known.map(|operation| operation.card.id.clone());
        let word = order.kind.word();
        let kept = orders::refused(subject, &order.by, word, refusal.clone(), now);
        Decision {
            events: vec![kept],
            answer: Answer::Refused(refusal),
            ..Decision::default()
        }
    }

    /// Units that are abroad already when they are assigned: the law is asked at once. One that is taken out while it is
    /// abroad is there without a basis.
    fn follow_order(
        &self,
        order: &OrderKind,
        now: Timestamp,
        grounds: Grounds<'_>,
        events: &mut Vec<Event>,
    ) {
        let (mut operation, before): (Operation, Vec<UnitId>) = match order {
            OrderKind::Open(card) => (Operation::new((**card).clone(), now), Vec::new()),
            OrderKind::Change {
                operation,
                change: OperationChange::Units(_),
                ..
            } => {
                let Some(known) = self.operations.get(operation) else {
                    return;
                };
                (known.scratch(), known.card.units.clone())
            }
            OrderKind::Change { .. }
            | OrderKind::Close { .. }
            | OrderKind::SendNotice { .. }
            | OrderKind::GiveByVoice { .. }
            | OrderKind::AcknowledgeNotice { .. }
            | OrderKind::HostSaid { .. }
            | OrderKind::StateInReport { .. }
            | OrderKind::SignReport { .. }
            | OrderKind::PermitTracker { .. }
            | OrderKind::Speak { .. }
            | OrderKind::Sight { .. } => return,
        };
        for event in events.iter() {
            if let What::Operation(of) = &event.what {
                operation.apply(event, &of.kind);
            }
        }
        let units = operation.card.units.clone();
        let abroad = |id: &UnitId| {
            let unit = self.units.get(id)?;
            Some((unit, unit.abroad()?))
        };
        let mut follow_up = Vec::new();
        let mut consequences =
            Consequences::of(&operation, self.lookup(grounds), now, &mut follow_up);
        for id in units.iter().filter(|unit| !before.contains(unit)) {
            if let Some((unit, abroad)) = abroad(id) {
                let entries = whereabouts::entries(&unit.track, &abroad, unit.card.state);
                consequences.assigned(&unit.card, abroad, &entries);
            }
        }
        for id in before.iter().filter(|unit| !units.contains(unit)) {
            let elsewhere = self
                .own_operations()
                .any(|other| other.card.id != operation.card.id && other.has(id));
            if let (false, Some((unit, abroad))) = (elsewhere, abroad(id)) {
                follow_up.push(stray(&unit.card, &abroad, self.lookup(grounds), now));
            }
        }
        events.append(&mut follow_up);
    }

    fn sight(
        &self,
        ask: Ask<'_>,
        operation: &Operation,
        seen: &Seen,
        grounds: Grounds<'_>,
        messages: &mut Vec<Message>,
    ) -> Ordered {
        if operation.card.room == self.room {
            return self.sight_own(operation, seen, &self.room, ask.now, grounds);
        }
        // The owner would refuse it without anybody here being told.
        self.names_a_witness(seen, &self.room)?;
        orders::may_sight(operation, seen, ask.now)?;
        let body = MessageBody::Sighted {
            by: ask.by.clone(),
            operation: operation.card.id.clone(),
            seen: Box::new(seen.clone()),
        };
        messages.push(self.say(operation, body));
        Ok(Vec::new())
    }

    pub(super) fn sight_own(
        &self,
        operation: &Operation,
        seen: &Seen,
        told_by: &RoomId,
        now: Timestamp,
        grounds: Grounds<'_>,
    ) -> Ordered {
        self.names_a_witness(seen, told_by)?;
        let location: Location = grounds.borders.locate(seen.position, seen.accuracy);
        orders::sight(operation, seen, location, now)
    }

    /// Whether a sighting says who saw the target.
    fn names_a_witness(&self, seen: &Seen, told_by: &RoomId) -> Result<(), Refusal> {
        let by_unit = match &seen.unit {
            // A room speaks for its own units only; a partner's need not be known here.
            Some(unit) if *told_by == self.room => self.owns(unit),
            Some(unit) => !self.owns(unit),
            None => seen.source == SightingSource::Voice,
        };
        if by_unit {
            return Ok(());
        }
        Err(Refusal {
            guard: "no_such_unit".into(),
            sentence:
                "Name a unit of the room that sees the target, or say that it was reported by voice."
                    .into(),
            citation: None,
        })
    }

    pub(super) fn say(&self, operation: &Operation, body: MessageBody) -> Message {
        Message {
            from: self.room.clone(),
            to: operation.card.room.clone(),
            body,
        }
    }

    pub(super) fn with(
        &self,
        id: &OperationId,
        order: impl FnOnce(&Operation) -> Ordered,
    ) -> Ordered {
        match self.operations.get(id) {
            Some(operation) => order(operation),
            None => Err(Refusal {
                guard: "no_such_operation".into(),
                sentence: format!("There is no operation {id} in this room.").into(),
                citation: None,
            }),
        }
    }

    pub(super) fn cards(&self) -> BTreeMap<UnitId, &UnitCard> {
        self.units
            .iter()
            .filter(|(_, unit)| unit.card.room == self.room && !unit.retired)
            .map(|(id, unit)| (id.clone(), &unit.card))
            .collect()
    }
}

/// That a person of a host room has read a notice; `None` when somebody of it had.
fn read_notice(operation: &Operation, notice: &NoticeId) -> Option<Speech> {
    let to = &operation.card.room;
    let dialogue = operation.handovers.get(to)?;
    let of_notice = |heard: &&Heard| match &heard.said.body {
        Body::Tells(told) => told.notice == *notice,
        _ => false,
    };
    let heard = dialogue.said.iter().rev().find(of_notice)?;
    heard.read.is_none().then(|| Speech {
        to: to.clone(),
        body: Body::HasRead,
        reply_to: Some(heard.said.id.clone()),
        call: None,
    })
}

/// The card of an operation to be opened, with what the map says of it: how far an evaded check was from the frontiers
/// of its hosts.
fn measured(card: &OperationCard, grounds: Grounds<'_>) -> OperationCard {
    let mut card = card.clone();
    let own = card.declared.requesting_state;
    card.declared.evaded_check = card.evaded_at.map_or_else(Vec::new, |place| {
        let hosts = card.declared.host_states.iter();
        hosts
            .map(|host| EvadedCheck {
                host: *host,
                to_frontier: grounds
                    .borders
                    .distance_to(place, Frontier::between(own, *host)),
            })
            .collect()
    });
    card
}

/// What is kept of an order that came with a key.
fn order_taken(order: &Order, answer: &str, now: Timestamp) -> Option<Event> {
    let key = order.key.as_ref()?;
    let taken = HouseEvent::OrderTaken {
        by: order.by.clone(),
        key: Arc::clone(&key.key),
        answer: answer.into(),
        order: Some(order.kind.word().into()),
        asked: Some(Arc::clone(&key.asked)),
    };
    Some(Event {
        at: now,
        what: What::House(taken),
    })
}

fn done(id: &str, repeated: bool) -> Answer {
    Answer::Done {
        id: id.into(),
        version: 0,
        repeated,
    }
}
