//! What this room says to others, and hears from them.

use super::decide::newest_fix;
use super::{Decision, Grounds, Unit, World};
use crate::domain::borders::{Frontier, Location};
use crate::domain::event::{
    Event, HandoverEvent, NoticeEvent, OperationEvent, OperationEventKind, Refusal, What,
};
use crate::domain::ids::{RoomId, UnitId};
use crate::domain::input::{Message, UnitAct};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::operations::Operation;
use crate::domain::operations::handover::hear;
use crate::domain::operations::handover::notify::{self, Way};
use crate::domain::operations::handover::recall;
use crate::domain::operations::handover::said::{Body, EyesSaid, ToldNotice};
use crate::domain::operations::handover::speak::{self, Desk, Speech, Spoken};
use crate::domain::operations::handover::{Envelope, Phase, Unreadable};
use crate::domain::operations::orders::{Ask, event};
use crate::domain::registry::UnitKind;
use crate::domain::tracks::act::Act;
use crate::domain::tracks::fix::Fix;

/// So far ahead a unit's way is looked at, to see whether it comes nearer to a line.
const AHEAD: Span = Span::from_minutes(5);

impl World {
    pub(super) fn speak(
        &self,
        ask: Ask<'_>,
        operation: &Operation,
        speech: &Speech,
        grounds: Grounds<'_>,
    ) -> Result<Spoken, Refusal> {
        let desk = self.desk_to(&speech.to, operation, (ask.now, grounds), &[]);
        let mut spoken = speak::speak(desk, operation, Some(ask.by), speech)?;
        spoken
            .events
            .extend(hear::own_eyes(desk, operation, speech));
        if let (Body::HasRead, Some(message)) = (&speech.body, &speech.reply_to) {
            let mut recalls = operation.recalls.iter();
            let read = recalls.find(|one| one.message == *message);
            spoken.events.extend(read.map(|recall| {
                let kind = HandoverEvent::RecallRead {
                    kind: recall.kind,
                    message: message.clone(),
                    by: ask.by.clone(),
                };
                let kind = OperationEventKind::Handover(kind);
                event(&operation.card.id, ask.now, kind)
            }));
        }
        Ok(spoken)
    }

    /// The notices that were just sent, or given by telephone, go out as messages to the rooms that are known here.
    pub(super) fn tell(
        &self,
        ask: Ask<'_>,
        operation: &Operation,
        events: &[Event],
        grounds: Grounds<'_>,
    ) -> Result<Spoken, Refusal> {
        let mut all = Spoken::default();
        for event in events {
            let What::Operation(OperationEvent {
                kind: OperationEventKind::Notice { notice, kind },
                ..
            }) = &event.what
            else {
                continue;
            };
            let (duty, to, fields, texts, call) = match kind {
                NoticeEvent::Sent {
                    duty,
                    to,
                    fields,
                    texts,
                    ..
                } => (duty, to, fields, texts, None),
                NoticeEvent::Voice {
                    duty,
                    to,
                    fields,
                    texts,
                    call,
                    ..
                } => (duty, to, fields, texts, Some((**call).clone())),
                _ => continue,
            };
            if !self.rooms.contains_key(to) {
                continue;
            }
            let told = ToldNotice {
                notice: notice.clone(),
                duty: *duty,
                fields: (**fields).clone(),
                texts: texts.clone(),
            };
            let desk = self.desk_to(to, operation, (ask.now, grounds), &all.messages);
            let spoken = speak::tell(desk, operation, ask.by, (to, told, call))?;
            all.events.extend(spoken.events);
            all.messages.extend(spoken.messages);
        }
        Ok(all)
    }

    pub(super) fn hear(
        &self,
        from: &RoomId,
        envelope: &Envelope,
        now: Timestamp,
        grounds: Grounds<'_>,
    ) -> Decision {
        let Some(card) = self.rooms.get(from) else {
            return Decision::default();
        };
        let said = match grounds.post.open((from, card.state), envelope) {
            Ok(said) => said,
            Err(unread) => return self.hear_unreadable((from, &unread), now, grounds),
        };
        if said.from != *from || said.to != self.room {
            return self.misdirected((&said.from, &said.to), from, now);
        }
        let Some(operation) = self.operations.get(&said.operation) else {
            let sentence = format!("No operation {} is known here.", said.operation);
            return self.refuse_link(from, "operation", &sentence, now);
        };
        let desk = self.desk_to(from, operation, (now, grounds), &[]);
        let spoken = hear::hear(desk, operation, (said, envelope.clone()), &self.cards());
        Decision {
            events: spoken.events,
            messages: spoken.messages,
            ..Decision::default()
        }
    }

    fn hear_unreadable(
        &self,
        (from, unread): (&RoomId, &Unreadable),
        now: Timestamp,
        grounds: Grounds<'_>,
    ) -> Decision {
        let mut decision = self.refuse_link(from, &unread.guard, &unread.sentence, now);
        let known = unread.operation.as_ref();
        if let Some(operation) = known.and_then(|id| self.operations.get(id)) {
            let desk = self.desk_to(from, operation, (now, grounds), &[]);
            let spoken = hear::unreadable(desk, operation, (from, unread));
            decision.events.extend(spoken.events);
            decision.messages.extend(spoken.messages);
        }
        decision
    }

    /// The notice that a crossing is coming, and what is new of it, of every operation of a unit that goes to a host.
    pub(super) fn notify(
        &self,
        unit: &Unit,
        now: Timestamp,
        grounds: Grounds<'_>,
        decision: &mut Decision,
    ) {
        let flies = matches!(unit.card.kind, UnitKind::Drone | UnitKind::Tracker);
        if flies || !self.is_assigned(&unit.card.id) {
            return;
        }
        let Some(fix) = newest_fix(&decision.events)
            .filter(|fix| is_newest(unit, fix))
            .cloned()
        else {
            return;
        };
        for operation in self.own_operations_of(&unit.card.id) {
            // Where the target goes, the unit goes that has it in sight; of several others the first that nears the line.
            let eyes = operation.eyes.as_ref().filter(|eyes| operation.has(eyes));
            let follows = eyes.is_none_or(|eyes| *eyes == unit.card.id);
            if !follows || operation.card.patrol.is_some() || operation.lead.room != self.room {
                continue;
            }
            for host in &operation.card.host_rooms {
                let phase = operation.handovers.get(host).map(|one| one.state.phase);
                let told = unit.track.approach().is_some();
                // Most fixes have nothing new to tell: the line is looked for where they may.
                let open = match phase.unwrap_or(Phase::Idle) {
                    Phase::Idle => true,
                    Phase::Notified | Phase::Agreed => told,
                    Phase::Proposed
                    | Phase::StandBy
                    | Phase::Countered
                    | Phase::Transferring
                    | Phase::Passed => false,
                };
                if let Some(way) = open.then(|| self.way(unit, &fix, host, grounds)).flatten() {
                    self.notify_of(operation, (host, way), now, grounds, decision);
                }
            }
        }
    }

    fn way<'u>(
        &self,
        unit: &'u Unit,
        fix: &Fix,
        host: &RoomId,
        grounds: Grounds<'_>,
    ) -> Option<Way<'u>> {
        let state = self.rooms.get(host)?.state;
        let frontier = Frontier::between(unit.card.state, state);
        // Once it is over the line nothing is coming any more.
        if fix.location.states.contains(state) {
            return None;
        }
        let distance = grounds.borders.distance_to(fix.position, frontier)?;
        let ahead = fix.leads_to(AHEAD);
        let then = ahead.and_then(|ahead| grounds.borders.distance_to(ahead, frontier));
        let speed = fix.measured.speed_mps.filter(|speed| *speed > 0.0);
        let predicted = unit.track.approach_told();
        Some(Way {
            distance,
            soonest: speed
                .map(|speed| Span::from_millis((distance.as_f64() / speed * 1_000.0) as i64)),
            nears: then.is_some_and(|then| then < distance),
            predicted: predicted.filter(|(approach, _)| {
                approach.frontier == frontier && approach.to.contains(state)
            }),
        })
    }

    fn notify_of(
        &self,
        operation: &Operation,
        (host, way): (&RoomId, Way<'_>),
        now: Timestamp,
        grounds: Grounds<'_>,
        decision: &mut Decision,
    ) {
        let Some(card) = self.rooms.get(host) else {
            return;
        };
        let figures = operation.figures(grounds.profiles, card.state);
        let state = operation.handover_with(host, now);
        let eyes = operation.eyes.iter().filter(|eyes| operation.has(eyes));
        let units: Vec<UnitId> = eyes.cloned().collect();
        let Some(body) = notify::news(&state, way, &units, figures) else {
            return;
        };
        let speech = Speech {
            to: host.clone(),
            body,
            reply_to: None,
            call: None,
        };
        let desk = self.desk_to(host, operation, (now, grounds), &decision.messages);
        // What cannot be said by itself (no profile, no way for personal data) a person sees as an alarm or a refusal.
        if let Ok(spoken) = speak::speak(desk, operation, None, &speech) {
            decision.events.extend(spoken.events);
            decision.messages.extend(spoken.messages);
        }
    }

    /// From where this room speaks to another one. `said`: what the same decision has said so far; it is numbered before.
    fn desk_to<'a>(
        &'a self,
        partner: &RoomId,
        operation: &Operation,
        (now, grounds): (Timestamp, Grounds<'a>),
        said: &[Message],
    ) -> Desk<'a> {
        let last = self.numbers.get(partner).copied().unwrap_or_default();
        let before = said.iter().filter(|message| message.to == *partner);
        Desk {
            room: &self.room,
            lookup: self.lookup(grounds),
            post: grounds.post,
            now,
            next: last + before.count() as u64 + 1,
            target: self.target_of(operation),
        }
    }

    /// Where the target is, as far as this room knows: where it was seen last, or where the unit is that has it in sight,
    /// whichever is newer.
    fn target_of(&self, operation: &Operation) -> Option<Location> {
        let seen = operation.sighting.as_ref();
        let eyes = operation
            .eyes
            .as_ref()
            .and_then(|eyes| self.units.get(eyes));
        let eyes = eyes.and_then(|unit| unit.track.latest());
        match (seen, eyes) {
            (Some(seen), Some(fix)) if fix.fixed_at > seen.seen_at => Some(fix.location),
            (Some(seen), _) => Some(seen.location),
            (None, fix) => fix.map(|fix| fix.location),
        }
    }

    /// A unit said that it will do what it is told.
    pub(super) fn turns_by_act(&self, act: &UnitAct, now: Timestamp, events: &mut Vec<Event>) {
        if act.act != Act::Wilco {
            return;
        }
        for operation in self.own_operations_of(&act.unit) {
            events.extend(recall::will_turn(operation, &act.unit, now));
        }
    }

    /// A unit that was agreed to take the target says so with its button, and its room passes that on: also that it lost it.
    pub(super) fn tells_eyes(
        &self,
        act: &UnitAct,
        now: Timestamp,
        grounds: Grounds<'_>,
        (events, messages): (&mut Vec<Event>, &mut Vec<Message>),
    ) {
        let what = match act.act {
            Act::HaveTarget => EyesSaid::Takes,
            Act::TargetLost => EyesSaid::Lost,
            Act::HandedOver => EyesSaid::Hands,
            Act::SignOn
            | Act::SignOff
            | Act::Crossed
            | Act::BackHome
            | Act::Wilco
            | Act::Emergency => return,
        };
        let others = self.operations.values();
        let others = others.filter(|of| of.is_open() && of.card.room != self.room);
        for operation in others {
            let dialogue = operation.handovers.get(&operation.card.room);
            let agreed = dialogue.and_then(|dialogue| dialogue.state.agreed.as_ref());
            let agreed = agreed.and_then(|agreed| agreed.terms.takes_eyes.as_ref());
            let takes = agreed == Some(&act.unit) || operation.eyes.as_ref() == Some(&act.unit);
            if !takes {
                continue;
            }
            let speech = Speech {
                to: operation.card.room.clone(),
                body: Body::Eyes {
                    unit: act.unit.clone(),
                    what,
                },
                reply_to: None,
                call: None,
            };
            let desk = self.desk_to(&speech.to, operation, (now, grounds), messages);
            if let Ok(spoken) = speak::speak(desk, operation, None, &speech) {
                events.extend(spoken.events);
                messages.extend(spoken.messages);
            }
        }
    }

    /// Counts what is said, and what is heard.
    pub(super) fn count(&mut self, kind: &OperationEventKind) {
        let OperationEventKind::Handover(HandoverEvent::Said { sent, said, .. }) = kind else {
            return;
        };
        let last = if *sent {
            self.numbers.entry(said.to.clone()).or_default()
        } else {
            self.heard.entry(said.from.clone()).or_default()
        };
        *last = said.number.max(*last);
    }
}

/// Whether a fix is the newest word on where a unit is.
fn is_newest(unit: &Unit, fix: &Fix) -> bool {
    let latest = unit.track.latest();
    latest.is_none_or(|last| last.fixed_at <= fix.fixed_at)
}
