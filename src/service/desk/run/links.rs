//! Rooms in other services: what is to be told to them, and what came from them.

use super::{Desk, Waiting};
use crate::domain::event::LinkRefusal;
use crate::domain::ids::RoomId;
use crate::domain::input::{Cause, Register};
use crate::domain::measure::Timestamp;
use crate::domain::operations::handover::Envelope;
use crate::domain::registry::RoomCard;
use crate::domain::world::{Answer, Link};
use crate::service::desk::handle::{FrameTaken, LinkRequest, Numbers, RoomLinks};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Desk {
    /// Every room here knows the partners' rooms.
    pub(super) fn introduce_partners(&mut self, now: Timestamp) {
        for card in Arc::clone(&self.parts.partners).iter() {
            for room in self.rooms() {
                let change = Register::RoomAdded(card.clone());
                self.decide(&room, Cause::Register(change), now);
            }
        }
    }

    pub(super) fn link(&mut self, request: LinkRequest, now: Timestamp) -> Option<Waiting> {
        match request {
            LinkRequest::Take {
                room,
                partner,
                envelope,
                answer,
            } => {
                let taken = self.take_frame(&room, partner, envelope, now);
                Some(Waiting::Frame(answer, taken))
            }
            LinkRequest::Tell {
                room,
                partner,
                news,
                answer,
            } => {
                self.decide(&room, Cause::Link { partner, news }, now);
                Some(Waiting::Looked(answer))
            }
            LinkRequest::Frames {
                room,
                partner,
                after,
                most,
                answer,
            } => {
                // What is not recorded yet is told to nobody.
                let recorded = self.recorded(&room, &partner);
                let waiting = self.link_to(&room, &partner).map(|link| {
                    let waiting = link.waiting(after).take_while(|(it, _)| *it <= recorded);
                    let frames = waiting.take(most);
                    frames.map(|(number, it)| (number, it.clone())).collect()
                });
                // Who asked and went away asks again.
                let _ = answer.send(waiting.unwrap_or_default());
                None
            }
        }
    }

    fn take_frame(
        &mut self,
        room: &RoomId,
        from: RoomId,
        envelope: Envelope,
        now: Timestamp,
    ) -> FrameTaken {
        let partner = from.clone();
        let given = self.decide(room, Cause::Frame { from, envelope }, now);
        let refused = match given {
            Answer::Refused(refusal) => Some(LinkRefusal {
                guard: refusal.guard,
                sentence: refusal.sentence,
            }),
            _ => None,
        };
        FrameTaken {
            through: self.link_to(room, &partner).map_or(0, Link::taken),
            refused,
        }
    }

    fn link_to(&self, room: &RoomId, partner: &RoomId) -> Option<&Link> {
        self.worlds.get(room)?.links().get(partner)
    }

    fn recorded(&self, room: &RoomId, partner: &RoomId) -> u64 {
        let links = self.links.borrow();
        let of_room = links.get(room);
        let numbers = of_room.and_then(|links| links.partners.get(partner));
        numbers.map_or(0, |numbers| numbers.sent)
    }

    /// Tells how far every room and its partners have come, as it is recorded: this comes after the commit.
    pub(super) fn tell_links(&self) {
        if self.parts.partners.is_empty() {
            return;
        }
        let Some(journal) = &self.journal else { return };
        let mut now = BTreeMap::new();
        for (room, world) in &self.worlds {
            let numbers = |card: &RoomCard| {
                let link = world.links().get(&card.room);
                let numbers = link.map_or_else(Numbers::default, |link| Numbers {
                    sent: link.sent(),
                    confirmed: link.confirmed(),
                    taken: link.taken(),
                    taken_digest: Arc::clone(link.taken_digest()),
                    heard: world.heard_of(&card.room),
                    leads: world.leads_told_to(&card.room),
                });
                (card.room.clone(), numbers)
            };
            // A head that cannot be read now is told after the next commit.
            let Ok(head) = journal.head(room) else { return };
            let links = RoomLinks {
                seq: head.seq,
                hash: head.hash.to_string().into(),
                partners: self.parts.partners.iter().map(numbers).collect(),
            };
            now.insert(room.clone(), links);
        }
        self.links.send_replace(Arc::new(now));
    }
}
