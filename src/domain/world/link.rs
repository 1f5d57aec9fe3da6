//! What is told to rooms in other services, and what of theirs is taken in: in order, once, and with every gap recorded.
//!
//! ```text
//! decide ─▶ messages to a room that is not here ─▶ end of the commit: frames, numbered and signed (link.sent)
//!                                                       │ kept until the partner has recorded them (link.confirmed)
//! partner:  number = taken + 1 ? ── no ─▶ nothing: it has it, or it comes again
//!               │ yes: link.taken, then each message is heard as a room of the same service would hear it
//! ```
//!
//! What carries the frames may lose, repeat and reorder them: only the number decides. A frame that can never come any
//! more is passed over, and that is recorded (`link.missing`).
//!
//! A room that was set back to an earlier state would give numbers anew that the partner has seen. So whenever two rooms
//! meet, the partner names what our last frame hashed to that it has: when that is none of ours, what still waits is told
//! again under numbers that the partner has not seen.

use super::{Answer, Decision, Grounds, World};
use crate::domain::event::{
    Cut, Event, HandoverEvent, LinkEvent, LinkEventKind, LinkRefusal, Missing, OperationEventKind,
    Refusal, RoomHead, SentFrame, What,
};
use crate::domain::ids::{OperationId, RoomId, UnitId};
use crate::domain::input::{Frame, LinkNews, Message, MessageBody};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::operations::handover::{Envelope, LeadTold};
use crate::domain::operations::orders::event;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The same refusal of the same partner is recorded once in so long: who knocks without end fills no record.
const REFUSED_AGAIN: Span = Span::from_minutes(10);
/// A frame that is longer is told in two, when it can be.
const FRAME_BYTES: usize = 192 * 1024;
/// Clocks that differ by less are as good as equal (A24).
const CLOCKS_DIFFER: Span = Span::from_millis(500);

/// How far this room and one in another service have come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    sent: u64,
    confirmed: u64,
    confirmed_digest: Option<Arc<str>>,
    taken: u64,
    taken_digest: Arc<str>,
    waiting: BTreeMap<u64, Envelope>,
    cut: Option<Cut>,
    /// Whether it was ever told how the link is.
    known: bool,
    /// When each kind of refusal was recorded last.
    refused: BTreeMap<Arc<str>, Timestamp>,
    head: Option<RoomHead>,
    clock: Option<(Span, Timestamp)>,
    missing: Option<(Missing, Timestamp)>,
}

impl Link {
    /// The number of the last frame that was told.
    #[must_use]
    pub const fn sent(&self) -> u64 {
        self.sent
    }

    /// The number of the last frame that the partner has recorded.
    #[must_use]
    pub const fn confirmed(&self) -> u64 {
        self.confirmed
    }

    /// The number of the partner's last frame that was taken in.
    #[must_use]
    pub const fn taken(&self) -> u64 {
        self.taken
    }

    /// What that frame's bytes hash to, hexadecimal; empty when it was passed over.
    #[must_use]
    pub fn taken_digest(&self) -> &Arc<str> {
        &self.taken_digest
    }

    /// The frames after `after` that the partner has not confirmed, oldest first.
    pub fn waiting(&self, after: u64) -> impl Iterator<Item = (u64, &Envelope)> {
        let rest = self.waiting.range(after.saturating_add(1)..);
        rest.map(|(number, envelope)| (*number, envelope))
    }

    /// How it is cut, when it is.
    #[must_use]
    pub const fn cut(&self) -> Option<&Cut> {
        self.cut.as_ref()
    }

    /// How far the partner's record had come when it was told last.
    #[must_use]
    pub const fn head(&self) -> Option<&RoomHead> {
        self.head.as_ref()
    }

    /// By how much the partner's clock is ahead, and since when, where the two are not as good as equal.
    #[must_use]
    pub const fn clock(&self) -> Option<(Span, Timestamp)> {
        self.clock
    }

    /// Whether the partner's last frame is one that this room told. One set back has fewer than were confirmed: which
    /// they were is not remembered. Of a frame that was passed over there is no digest.
    fn has_told(&self, taken: u64, digest: &str) -> bool {
        if digest.is_empty() {
            return taken <= self.sent;
        }
        match taken.cmp(&self.confirmed) {
            Ordering::Less => true,
            Ordering::Equal => self
                .confirmed_digest
                .as_deref()
                .is_none_or(|it| it == digest),
            Ordering::Greater => self
                .waiting
                .get(&taken)
                .is_some_and(|it| *it.digest == *digest),
        }
    }

    /// What was found last to be missing for good between the two records, and when.
    #[must_use]
    pub const fn missing(&self) -> Option<(Missing, Timestamp)> {
        self.missing
    }

    pub(super) fn apply(&mut self, kind: &LinkEventKind, at: Timestamp) {
        if let LinkEventKind::Missing(missing) = kind {
            self.missing = Some((*missing, at));
        }
        match kind {
            LinkEventKind::Sent(sent) => {
                self.sent = sent.frame;
                self.waiting.insert(sent.frame, sent.envelope.clone());
            }
            LinkEventKind::Confirmed { through } => {
                let confirmed = self.waiting.get(through);
                self.confirmed_digest = confirmed.map(|it| Arc::clone(&it.digest));
                self.confirmed = *through;
                // What was told is erased before what was confirmed.
                self.sent = self.sent.max(*through);
                self.waiting = self.waiting.split_off(&through.saturating_add(1));
            }
            LinkEventKind::Taken { frame, digest } => {
                self.taken = *frame;
                self.taken_digest = Arc::clone(digest);
            }
            LinkEventKind::Missing(missing) if missing.told_here => {
                // What waited is told again after this.
                self.waiting.clear();
                self.sent = missing.through;
                self.confirmed = missing.through;
                self.confirmed_digest = None;
            }
            LinkEventKind::Missing(missing) => {
                self.taken = missing.through;
                self.taken_digest = Arc::default();
            }
            LinkEventKind::Lost(cut) => (self.cut, self.known) = (Some(*cut), true),
            LinkEventKind::Restored => (self.cut, self.known) = (None, true),
            LinkEventKind::Refused(refusal) => {
                self.refused.insert(Arc::clone(&refusal.guard), at);
            }
            LinkEventKind::Head(head) => self.head = Some(head.clone()),
            LinkEventKind::ClockDiffers { by } => {
                self.clock = (*by != Span::ZERO).then_some((*by, at));
            }
        }
    }
}

impl World {
    /// The number of the last message that was heard of a partner.
    #[must_use]
    pub fn heard_of(&self, partner: &RoomId) -> u64 {
        self.heard.get(partner).copied().unwrap_or_default()
    }

    /// The links to rooms in other services, by room.
    #[must_use]
    pub const fn links(&self) -> &BTreeMap<RoomId, Link> {
        &self.links
    }

    /// What this room tells a partner, as frames after the last one that was told.
    pub(super) fn told(
        &self,
        to: &RoomId,
        messages: Vec<MessageBody>,
        now: Timestamp,
        grounds: Grounds<'_>,
    ) -> Vec<Event> {
        let last = self.links.get(to).map_or(0, Link::sent);
        self.frames((to, last), messages, now, grounds)
    }

    /// Consecutive messages of one subject go together, so that what one unit did can be erased alone.
    fn frames(
        &self,
        (to, last): (&RoomId, u64),
        messages: Vec<MessageBody>,
        now: Timestamp,
        grounds: Grounds<'_>,
    ) -> Vec<Event> {
        let Some(state) = self.rooms.get(&self.room).map(|card| card.state) else {
            return Vec::new();
        };
        let mut number = last;
        let mut events = Vec::new();
        let mut of_one: Vec<Vec<MessageBody>> = Vec::new();
        for message in messages {
            let same = |before: &&mut Vec<MessageBody>| {
                before.last().map(subject).as_ref() == Some(&subject(&message))
            };
            match of_one.last_mut().filter(same) {
                Some(together) => together.push(message),
                None => of_one.push(vec![message]),
            }
        }
        of_one.reverse();
        while let Some(messages) = of_one.pop() {
            let (unit, operation) = messages.first().map(subject).unwrap_or_default();
            let frame = Frame {
                from: self.room.clone(),
                to: to.clone(),
                number: number + 1,
                at: now,
                messages,
            };
            let envelope = grounds.post.seal_frame(&frame, state);
            // Without a key it waits unsigned and is refused: better than a frame that nobody misses.
            let envelope = envelope.unwrap_or_else(|sentence| Envelope {
                bytes: sentence,
                signature: "".into(),
                key_id: "".into(),
                digest: "".into(),
            });
            if envelope.bytes.len() > FRAME_BYTES
                && let Some((first, rest)) = in_two(&frame.messages)
            {
                of_one.extend([rest, first]);
                continue;
            }
            number += 1;
            let sent = SentFrame {
                frame: number,
                envelope,
                unit,
                operation,
            };
            events.push(link_event(to, now, LinkEventKind::Sent(sent)));
        }
        events
    }

    /// Takes in a frame that came from a partner, when it is the next one: what it tells is then heard, message by message.
    pub(super) fn open_frame(
        &self,
        from: &RoomId,
        envelope: &Envelope,
        now: Timestamp,
        grounds: Grounds<'_>,
    ) -> Decision {
        let Some(card) = self.rooms.get(from) else {
            return Decision::default();
        };
        let frame = match grounds.post.open_frame((from, card.state), envelope) {
            Ok(frame) if frame.from == *from && frame.to == self.room => frame,
            Ok(frame) => return self.misdirected((&frame.from, &frame.to), from, now),
            Err(unread) => {
                return self.refuse_link(from, &unread.guard, &unread.sentence, now);
            }
        };
        let taken = self.links.get(from).map_or(0, Link::taken);
        if frame.number != taken + 1 {
            return Decision::default();
        }
        let kind = LinkEventKind::Taken {
            frame: frame.number,
            digest: Arc::clone(&envelope.digest),
        };
        let message = |body| Message {
            from: from.clone(),
            to: self.room.clone(),
            body,
        };
        Decision {
            events: vec![link_event(from, now, kind)],
            messages: frame.messages.into_iter().map(message).collect(),
            ..Decision::default()
        }
    }

    /// What is to be recorded of what became of a link.
    pub(super) fn decide_link(
        &self,
        partner: &RoomId,
        news: &LinkNews,
        now: Timestamp,
        grounds: Grounds<'_>,
    ) -> Decision {
        if !self.rooms.contains_key(partner) {
            return Decision::default();
        }
        let unknown = Link::default();
        let link = self.links.get(partner).unwrap_or(&unknown);
        let kind = match news {
            LinkNews::Met { taken, digest, .. } if link.has_told(*taken, digest) => {
                if *taken <= link.confirmed {
                    return Decision::default();
                }
                LinkEventKind::Confirmed { through: *taken }
            }
            LinkNews::Met { taken, said, .. } => {
                return self.tell_anew(partner, (link, *taken, *said), now, grounds);
            }
            LinkNews::Confirmed(through) if (link.confirmed + 1..=link.sent).contains(through) => {
                LinkEventKind::Confirmed { through: *through }
            }
            LinkNews::GoesOnWith(next) if *next > link.taken + 1 => {
                LinkEventKind::Missing(Missing {
                    told_here: false,
                    from: link.taken + 1,
                    through: next - 1,
                    said: 0,
                })
            }
            LinkNews::Cut(Some(cut)) if is_other(link.cut.as_ref(), cut) => {
                LinkEventKind::Lost(*cut)
            }
            LinkNews::Cut(None) if link.cut.is_some() || !link.known => LinkEventKind::Restored,
            LinkNews::Refused(refusal) => {
                return self.refuse_link(partner, &refusal.guard, &refusal.sentence, now);
            }
            LinkNews::Leads { sent, taken, leads } => {
                // Each has heard everything of the other one: then both must name the same.
                if (*sent, *taken) == (link.taken, link.sent) {
                    return self.compare_leads(partner, leads, now);
                }
                return Decision::default();
            }
            LinkNews::Head(head)
                if link.head.as_ref().is_none_or(|known| known.seq != head.seq) =>
            {
                LinkEventKind::Head(head.clone())
            }
            LinkNews::Clock(by) => {
                let little = by.as_millis().abs() <= CLOCKS_DIFFER.as_millis();
                let by = if little { Span::ZERO } else { *by };
                if (by == Span::ZERO) == link.clock.is_none() {
                    return Decision::default();
                }
                LinkEventKind::ClockDiffers { by }
            }
            LinkNews::Confirmed(_)
            | LinkNews::GoesOnWith(_)
            | LinkNews::Cut(_)
            | LinkNews::Head(_) => return Decision::default(),
        };
        Decision {
            events: vec![link_event(partner, now, kind)],
            ..Decision::default()
        }
    }

    /// What is to be recorded of what a partner says of who leads.
    fn compare_leads(&self, partner: &RoomId, leads: &[LeadTold], now: Timestamp) -> Decision {
        let mut events = Vec::new();
        for told in leads {
            let known = self.operations.get(&told.operation);
            let Some(operation) = known.filter(|of| of.is_open()) else {
                continue;
            };
            let same = (&operation.lead.room, operation.lead.epoch) == (&told.room, told.epoch);
            let dispute = operation.disputes.get(partner);
            let kind = match dispute {
                None if same => continue,
                Some(known) if (&known.room, known.epoch) == (&told.room, told.epoch) => continue,
                Some(_) if same => HandoverEvent::LeadSettled {
                    partner: partner.clone(),
                },
                None | Some(_) => HandoverEvent::LeadDisputed {
                    partner: partner.clone(),
                    room: told.room.clone(),
                    epoch: told.epoch,
                },
            };
            let kind = OperationEventKind::Handover(kind);
            events.push(event(&told.operation, now, kind));
        }
        Decision {
            events,
            ..Decision::default()
        }
    }

    /// Who leads each open operation that a partner takes part in, as this room knows it.
    #[must_use]
    pub fn leads_told_to(&self, partner: &RoomId) -> Vec<LeadTold> {
        let shared = self
            .open_with(partner)
            .filter(|of| of.card.room == *partner || of.shared_with.contains_key(partner));
        let told = shared.map(|of| LeadTold {
            operation: of.card.id.clone(),
            room: of.lead.room.clone(),
            epoch: of.lead.epoch,
        });
        told.collect()
    }

    /// The partner has frames through `taken` that this room does not know to have told: it was set back. What waits is told
    /// again after them.
    fn tell_anew(
        &self,
        partner: &RoomId,
        (link, taken, said): (&Link, u64, u64),
        now: Timestamp,
        grounds: Grounds<'_>,
    ) -> Decision {
        let missing = LinkEventKind::Missing(Missing {
            told_here: true,
            from: taken.min(link.confirmed + 1),
            through: taken,
            said,
        });
        let waiting = link.waiting.values();
        let opened = waiting.filter_map(|envelope| grounds.post.own_frame(envelope));
        let messages = opened.flat_map(|frame| frame.messages).collect();
        let again = self.frames((partner, taken), messages, now, grounds);
        let mut events = vec![link_event(partner, now, missing)];
        events.extend(again);
        Decision {
            events,
            ..Decision::default()
        }
    }

    /// What says that it goes from one room to another, and came as something else.
    pub(super) fn misdirected(
        &self,
        (from, to): (&RoomId, &RoomId),
        partner: &RoomId,
        now: Timestamp,
    ) -> Decision {
        let sentence = format!(
            "What goes from {from} to {to} came as something from {partner} to {}.",
            self.room
        );
        self.refuse_link(partner, "room", &sentence, now)
    }

    /// What is to be recorded when something in a partner's name is refused.
    pub(super) fn refuse_link(
        &self,
        partner: &RoomId,
        guard: &str,
        sentence: &str,
        now: Timestamp,
    ) -> Decision {
        let link = self.links.get(partner);
        let last = link.and_then(|link| link.refused.get(guard));
        let again = last.is_some_and(|at| now.since(*at) < REFUSED_AGAIN);
        let refusal = LinkRefusal {
            guard: guard.into(),
            sentence: sentence.into(),
        };
        let answer = Answer::Refused(Refusal {
            guard: Arc::clone(&refusal.guard),
            sentence: Arc::clone(&refusal.sentence),
            citation: None,
        });
        let event = (!again).then(|| link_event(partner, now, LinkEventKind::Refused(refusal)));
        Decision {
            events: event.into_iter().collect(),
            answer,
            ..Decision::default()
        }
    }
}

fn link_event(partner: &RoomId, at: Timestamp, kind: LinkEventKind) -> Event {
    Event {
        at,
        what: What::Link(LinkEvent {
            partner: partner.clone(),
            kind,
        }),
    }
}

/// Whether a link is cut otherwise than it was: since when is told once.
fn is_other(known: Option<&Cut>, cut: &Cut) -> bool {
    known.is_none_or(|known| (known.hears, known.is_heard) != (cut.hears, cut.is_heard))
}

/// What a message speaks of.
fn subject(message: &MessageBody) -> (Option<UnitId>, Option<OperationId>) {
    match message {
        MessageBody::Shared(events) => events.first().map_or((None, None), |event| {
            (event.unit().cloned(), event.operation().cloned())
        }),
        MessageBody::Said(_) => (None, None),
        MessageBody::Sighted { operation, .. } => (None, Some(operation.clone())),
    }
}

/// The same told in two; `None` when it is one piece.
fn in_two(messages: &[MessageBody]) -> Option<(Vec<MessageBody>, Vec<MessageBody>)> {
    match messages {
        [MessageBody::Shared(events)] if events.len() > 1 => {
            let (first, rest) = events.split_at(events.len() / 2);
            let shared = |events: &[Event]| vec![MessageBody::Shared(events.to_vec())];
            Some((shared(first), shared(rest)))
        }
        [] | [_] => None,
        _ => {
            let (first, rest) = messages.split_at(messages.len() / 2);
            Some((first.to_vec(), rest.to_vec()))
        }
    }
}
