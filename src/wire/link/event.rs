//! Events of a link, to and from their stored form.

use crate::domain::event::{
    Cut, LinkEvent, LinkEventKind, LinkRefusal, Missing, RoomHead, SentFrame, What,
};
use crate::domain::ids::{OperationId, RoomId, Seq, UnitId};
use crate::wire::dialogue::event::EnvelopeWire;
use crate::wire::event::EventBody;
use crate::wire::parts::{WireError, timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The kinds of events that lie between two services: kept in the ledger, and shown to nobody.
pub const BETWEEN_SERVICES: [&str; 3] = ["link.sent", "link.confirmed", "link.taken"];

impl EventBody {
    /// Whether it lies between two services.
    #[must_use]
    pub const fn is_between_services(&self) -> bool {
        matches!(
            self,
            Self::LinkSent(_) | Self::LinkConfirmed(_) | Self::LinkTaken(_)
        )
    }
}

/// Something is to be told to a partner in another service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LinkSentWire {
    /// The partner's room.
    pub partner: String,
    /// The number of the frame.
    #[ts(type = "number")]
    pub frame: u64,
    /// The unit that it speaks of.
    pub unit: Option<String>,
    /// The operation that it belongs to.
    pub operation: Option<String>,
    /// The frame as it travels.
    pub envelope: EnvelopeWire,
}

/// The partner's service has recorded everything through this frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LinkConfirmedWire {
    /// The partner's room.
    pub partner: String,
    /// The last frame.
    #[ts(type = "number")]
    pub through: u64,
}

/// What a partner told was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LinkTakenWire {
    /// The partner's room.
    pub partner: String,
    /// The number of its frame.
    #[ts(type = "number")]
    pub frame: u64,
    /// The SHA-256 of its bytes, hexadecimal.
    pub digest: String,
}

/// Frames of one room that are in no record of the other, and cannot be told again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LinkMissingWire {
    /// The partner's room.
    pub partner: String,
    /// Whether this room told them; else the partner did.
    pub told_here: bool,
    /// The first.
    #[ts(type = "number")]
    pub from: u64,
    /// The last.
    #[ts(type = "number")]
    pub through: u64,
    /// The number of the last message of this room that the partner has; 0 where the partner told them.
    #[ts(type = "number")]
    pub said: u64,
}

/// A partner is not heard, or does not hear this room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LinkCutWire {
    /// The partner's room.
    pub partner: String,
    /// Since when.
    pub since: String,
    /// Whether the partner is heard.
    pub hears: bool,
    /// Whether the partner hears this room.
    pub is_heard: bool,
}

/// The link to a room in another service, as a map shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LinkPicture {
    /// The partner's room.
    pub partner: String,
    /// How it is cut; `null` while both hear each other.
    pub cut: Option<LinkCutWire>,
}

/// Something that came in a partner's name was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LinkRefusedWire {
    /// The partner's room.
    pub partner: String,
    /// Why, as one word: `certificate`, `room`, `operation`, `version`, `key`, `signature`, `form`, `code`,
    /// `too_long`.
    pub guard: String,
    /// Why, in one sentence.
    pub sentence: String,
}

/// How far a partner's record had come, and what it chains to there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LinkHeadWire {
    /// The partner's room.
    pub partner: String,
    /// The number of its last record.
    #[ts(type = "number")]
    pub head_seq: u64,
    /// The hash of that record's header, hexadecimal.
    pub hash: String,
    /// When it was told, by the partner's clock.
    pub told_at: String,
}

/// The partner's clock differs from this room's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LinkClockWire {
    /// The partner's room.
    pub partner: String,
    /// By how much it is ahead; 0 when the two are as good as equal again.
    #[ts(type = "number")]
    pub by_ms: i64,
}

/// The stored form.
#[must_use]
pub fn from_domain(event: &LinkEvent) -> EventBody {
    let partner = event.partner.to_string();
    match &event.kind {
        LinkEventKind::Sent(sent) => EventBody::LinkSent(Box::new(LinkSentWire {
            partner,
            frame: sent.frame,
            unit: sent.unit.as_ref().map(ToString::to_string),
            operation: sent.operation.as_ref().map(ToString::to_string),
            envelope: (&sent.envelope).into(),
        })),
        LinkEventKind::Confirmed { through } => EventBody::LinkConfirmed(LinkConfirmedWire {
            partner,
            through: *through,
        }),
        LinkEventKind::Taken { frame, digest } => EventBody::LinkTaken(LinkTakenWire {
            partner,
            frame: *frame,
            digest: digest.to_string(),
        }),
        LinkEventKind::Missing(missing) => EventBody::LinkMissing(LinkMissingWire {
            partner,
            told_here: missing.told_here,
            from: missing.from,
            through: missing.through,
            said: missing.said,
        }),
        LinkEventKind::Lost(cut) => EventBody::LinkLost(LinkCutWire {
            partner,
            since: cut.since.to_string(),
            hears: cut.hears,
            is_heard: cut.is_heard,
        }),
        LinkEventKind::Restored => EventBody::LinkRestored { partner },
        LinkEventKind::Refused(refusal) => EventBody::LinkRefused(LinkRefusedWire {
            partner,
            guard: refusal.guard.to_string(),
            sentence: refusal.sentence.to_string(),
        }),
        LinkEventKind::Head(head) => EventBody::LinkHead(LinkHeadWire {
            partner,
            head_seq: head.seq.0,
            hash: head.hash.to_string(),
            told_at: head.at.to_string(),
        }),
        LinkEventKind::ClockDiffers { by } => EventBody::LinkClockDiffers(LinkClockWire {
            partner,
            by_ms: by.as_millis(),
        }),
    }
}

/// Something that became of the link to a partner.
///
/// # Errors
/// When the partner is no room's id.
pub fn of(partner: &str, kind: LinkEventKind) -> Result<What, WireError> {
    Ok(What::Link(LinkEvent {
        partner: RoomId::parse(partner)?,
        kind,
    }))
}

impl TryFrom<&LinkSentWire> for SentFrame {
    type Error = WireError;

    fn try_from(sent: &LinkSentWire) -> Result<Self, WireError> {
        Ok(Self {
            frame: sent.frame,
            envelope: (&sent.envelope).into(),
            unit: sent.unit.as_deref().map(UnitId::parse).transpose()?,
            operation: sent
                .operation
                .as_deref()
                .map(OperationId::parse)
                .transpose()?,
        })
    }
}

impl From<&LinkMissingWire> for Missing {
    fn from(missing: &LinkMissingWire) -> Self {
        Self {
            told_here: missing.told_here,
            from: missing.from,
            through: missing.through,
            said: missing.said,
        }
    }
}

impl TryFrom<&LinkCutWire> for Cut {
    type Error = WireError;

    fn try_from(cut: &LinkCutWire) -> Result<Self, WireError> {
        Ok(Self {
            since: timestamp(&cut.since)?,
            hears: cut.hears,
            is_heard: cut.is_heard,
        })
    }
}

impl From<&LinkRefusedWire> for LinkRefusal {
    fn from(refused: &LinkRefusedWire) -> Self {
        Self {
            guard: refused.guard.as_str().into(),
            sentence: refused.sentence.as_str().into(),
        }
    }
}

impl TryFrom<&LinkHeadWire> for RoomHead {
    type Error = WireError;

    fn try_from(head: &LinkHeadWire) -> Result<Self, WireError> {
        Ok(Self {
            seq: Seq(head.head_seq),
            hash: head.hash.as_str().into(),
            at: timestamp(&head.told_at)?,
        })
    }
}
