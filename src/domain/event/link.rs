//! What becomes of the link to a partner's room that lives in another service.

use crate::domain::ids::{OperationId, RoomId, Seq, UnitId};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::operations::handover::Envelope;
use std::sync::Arc;

/// Something about the link to one partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkEvent {
    /// The partner's room.
    pub partner: RoomId,
    /// What.
    pub kind: LinkEventKind,
}

/// The kinds of [`LinkEvent`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkEventKind {
    /// Something is to be told to the partner: it waits until the partner has it.
    Sent(SentFrame),
    /// The partner's service has recorded everything through this frame.
    Confirmed {
        /// The last one.
        through: u64,
    },
    /// What the partner told was taken in.
    Taken {
        /// Its number.
        frame: u64,
        /// The SHA-256 of its bytes, hexadecimal.
        digest: Arc<str>,
    },
    /// Frames that one of the two rooms told are in no record of the other, and cannot be told again.
    Missing(Missing),
    /// The partner is not heard, or does not hear this room.
    Lost(Cut),
    /// Both hear each other again.
    Restored,
    /// Something that came in the partner's name was refused.
    Refused(LinkRefusal),
    /// How far the partner's record had come, and what it chains to there.
    Head(RoomHead),
    /// The partner's clock differs from this room's; positive is ahead. Of little no word is made: then it is zero.
    ClockDiffers {
        /// By how much.
        by: Span,
    },
}

/// What a room tells a partner in one piece: signed bytes, numbered without holes from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentFrame {
    /// Its number.
    pub frame: u64,
    /// As it travels.
    pub envelope: Envelope,
    /// The unit that it speaks of.
    pub unit: Option<UnitId>,
    /// The operation that it belongs to.
    pub operation: Option<OperationId>,
}

/// Frames that are nowhere to be had any more: one of the two rooms was set back to an earlier state, or they were erased
/// before they could be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// Whether this room has told them; else the partner has.
    pub told_here: bool,
    /// The first.
    pub from: u64,
    /// The last.
    pub through: u64,
    /// The number of the last message of this room that the partner has: no number is given twice. 0 where the partner told
    /// them.
    pub said: u64,
}

/// How a link is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Since when.
    pub since: Timestamp,
    /// Whether the partner is heard.
    pub hears: bool,
    /// Whether the partner hears this room.
    pub is_heard: bool,
}

/// Why something that came in a partner's name was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRefusal {
    /// One stable word: `certificate`, `room`, `operation`, `version`, `key`, `signature`, `form`, `code`,
    /// `too_long`.
    pub guard: Arc<str>,
    /// One sentence.
    pub sentence: Arc<str>,
}

/// How far a room's record has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomHead {
    /// The number of its last record.
    pub seq: Seq,
    /// The hash of that record's header, hexadecimal.
    pub hash: Arc<str>,
    /// When it was told, by the partner's clock.
    pub at: Timestamp,
}

impl LinkEventKind {
    /// The word of the outside contract.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Sent(_) => "link.sent",
            Self::Confirmed { .. } => "link.confirmed",
            Self::Taken { .. } => "link.taken",
            Self::Missing(_) => "link.missing",
            Self::Lost(_) => "link.lost",
            Self::Restored => "link.restored",
            Self::Refused(_) => "link.refused",
            Self::Head(_) => "link.head",
            Self::ClockDiffers { .. } => "link.clock_differs",
        }
    }
}
