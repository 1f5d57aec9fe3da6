//! What an event of the dialogue changes of an operation. Every event carries the state after it: nothing is decided here.

use super::said::{Body, Said};
use super::state::{Dialogue, Dispute, Handover, Heard};
use crate::domain::event::HandoverEvent;
use crate::domain::ids::{MessageId, RoomId};
use crate::domain::measure::Timestamp;
use crate::domain::operations::Operation;
use std::sync::Arc;

impl Operation {
    /// The dialogue with a room as it stands: at the beginning the room that leads hands over.
    #[must_use]
    pub fn handover_with(&self, partner: &RoomId, now: Timestamp) -> Handover {
        self.handovers.get(partner).map_or_else(
            || Handover::new(partner.clone(), self.lead.room.clone(), now),
            |dialogue| dialogue.state.clone(),
        )
    }

    /// Whether one of its own units has the target in sight.
    #[must_use]
    pub fn has_eyes_of_its_own(&self) -> bool {
        self.eyes.as_ref().is_some_and(|eyes| self.has(eyes))
    }

    pub(in crate::domain::operations) fn apply_handover(
        &mut self,
        event: &HandoverEvent,
        at: Timestamp,
    ) {
        match event {
            HandoverEvent::Said {
                sent,
                said,
                envelope,
                state,
            } => {
                let partner = if *sent { &said.to } else { &said.from };
                let dialogue = self
                    .handovers
                    .entry(partner.clone())
                    .or_insert_with(|| Dialogue {
                        state: (**state).clone(),
                        said: Vec::new(),
                    });
                dialogue.state = (**state).clone();
                dialogue.hear((*sent, said), &envelope.digest, at);
            }
            HandoverEvent::LeadMoved { lead, .. } => {
                // Two rooms tell it, and one of them perhaps late.
                if lead.epoch > self.lead.epoch {
                    self.lead = lead.clone();
                }
            }
            HandoverEvent::LeadDisputed {
                partner,
                room,
                epoch,
            } => {
                let dispute = Dispute {
                    room: room.clone(),
                    epoch: *epoch,
                    since: at,
                };
                self.disputes.insert(partner.clone(), dispute);
            }
            HandoverEvent::LeadSettled { partner } => {
                self.disputes.remove(partner);
            }
            HandoverEvent::EyesTaken(unit) => self.eyes_taken_by.clone_from(unit),
            HandoverEvent::Recalled(recall) => self.recalls.push((**recall).clone()),
            HandoverEvent::RecallRead { message, by, .. } => {
                self.of_recall(message, |recall| {
                    recall.read.get_or_insert_with(|| (by.clone(), at));
                });
            }
            HandoverEvent::UnitTurns { message, unit, .. } => {
                self.of_recall(message, |recall| {
                    recall.units.insert(unit.clone(), Some(at));
                });
            }
        }
    }

    fn of_recall(&mut self, message: &MessageId, note: impl Fn(&mut super::Recall)) {
        let recalls = self.recalls.iter_mut();
        recalls.filter(|one| one.message == *message).for_each(note);
    }
}

impl Dialogue {
    /// Keeps one message, and what it says of an earlier one.
    fn hear(&mut self, (sent, said): (bool, &Arc<Said>), digest: &Arc<str>, at: Timestamp) {
        let earlier = said.reply_to.as_ref();
        if let Some(earlier) = earlier.and_then(|id| self.find_mut(id)) {
            match &said.body {
                Body::Unfit { sentence, .. } => earlier.unfit = Some(Arc::clone(sentence)),
                Body::HasRead => {
                    earlier.read = said.by.clone().map(|by| (by, at));
                }
                _ => {}
            }
            // What answers a message has it.
            if !sent && !matches!(said.body, Body::Unfit { .. }) {
                earlier.receipted_at.get_or_insert(at);
            }
        }
        if !said.body.code().is_of_machine() {
            self.said.push(Heard {
                said: Arc::clone(said),
                digest: Arc::clone(digest),
                receipted_at: None,
                unfit: None,
                read: None,
            });
        }
    }
}
