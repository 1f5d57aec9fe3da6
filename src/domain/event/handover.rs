//! What follows from the dialogue of two rooms: every message, the lead that passes, units that are told to turn.

use crate::domain::ids::{MessageId, RoomId, UnitId};
use crate::domain::operations::handover::{
    Envelope, Epoch, Handover, Lead, Recall, RecallKind, Said,
};
use crate::domain::registry::Person;
use std::sync::Arc;

/// What happens between two rooms about an operation.
#[derive(Debug, Clone, PartialEq)]
pub enum HandoverEvent {
    /// A message was sent, or has come.
    Said {
        /// Whether this room sent it.
        sent: bool,
        /// What it says.
        said: Arc<Said>,
        /// The same as it travels: signed bytes.
        envelope: Envelope,
        /// How far the two rooms are after it, as this room knows it.
        state: Box<Handover>,
    },
    /// The lead passed.
    LeadMoved {
        /// With which room that was settled.
        partner: RoomId,
        /// Who leads from now on.
        lead: Lead,
        /// Who assumed it.
        by: Option<Person>,
        /// By which message.
        message: MessageId,
    },
    /// A partner names another lead, although each of the two has heard everything that the other one told.
    LeadDisputed {
        /// Which partner.
        partner: RoomId,
        /// Which room leads, as it says.
        room: RoomId,
        /// In which epoch.
        epoch: Epoch,
    },
    /// It names the same lead again.
    LeadSettled {
        /// Which partner.
        partner: RoomId,
    },
    /// A unit of one side wants to take the target from one of the other side, which has it; `None`: that is settled.
    EyesTaken(Option<UnitId>),
    /// Units are told to turn.
    Recalled(Box<Recall>),
    /// A person of their room has read that.
    RecallRead {
        /// What it was.
        kind: RecallKind,
        /// The message.
        message: MessageId,
        /// Who.
        by: Person,
    },
    /// A unit said that it will.
    UnitTurns {
        /// What it was.
        kind: RecallKind,
        /// The message.
        message: MessageId,
        /// Which unit.
        unit: UnitId,
    },
}

impl HandoverEvent {
    /// The word of the outside contract.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Said { said, .. } => said.body.code().event(),
            Self::LeadMoved { .. } => "lead.moved",
            Self::LeadDisputed { .. } => "lead.disputed",
            Self::LeadSettled { .. } => "lead.settled",
            Self::EyesTaken(_) => "eyes.taken",
            Self::Recalled(recall) => match recall.kind {
                RecallKind::Cease => "cease.ordered",
                RecallKind::Release => "release.ordered",
            },
            Self::RecallRead { kind, .. } | Self::UnitTurns { kind, .. } => match kind {
                RecallKind::Cease => "cease.acknowledged",
                RecallKind::Release => "release.acknowledged",
            },
        }
    }
}
