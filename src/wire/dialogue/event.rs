//! Events of a dialogue, to and from their stored form.

use super::said::SaidWire;
use super::state::{HandoverWire, LeadWire};
use crate::domain::event::HandoverEvent;
use crate::domain::ids::{MessageId, RoomId, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::operations::handover::{Envelope, Epoch, Recall, RecallKind, Said};
use crate::domain::registry::Person;
use crate::wire::parts::{PersonWire, WireError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use ts_rs::TS;
use utoipa::ToSchema;

/// A message was sent, or has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct SaidEventWire {
    /// About which operation.
    pub operation: Option<String>,
    /// The other room.
    pub partner: String,
    /// `sent`, `received`.
    pub direction: String,
    /// What it says.
    pub message: SaidWire,
    /// The same as it travels.
    pub envelope: EnvelopeWire,
    /// How far the two rooms are after it, as this room knows it.
    pub state: HandoverWire,
}

/// A message as it travels and is kept: signed bytes, which nobody changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct EnvelopeWire {
    /// What the signature covers, as it was sent.
    pub bytes: String,
    /// The signature over it (Ed25519, hexadecimal).
    pub signature: String,
    /// By which key it is checked.
    pub key_id: String,
    /// The SHA-256 of the bytes, hexadecimal.
    pub digest: String,
}

/// The lead passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LeadMovedWire {
    /// Of which operation.
    pub operation: Option<String>,
    /// With which room that was settled.
    pub partner: String,
    /// Who leads from now on.
    pub lead: LeadWire,
    /// Who assumed it.
    pub by: Option<PersonWire>,
    /// By which message.
    pub message: String,
}

/// A partner names another lead, although each of the two has heard everything that the other one told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LeadDisputedWire {
    /// Of which operation.
    pub operation: Option<String>,
    /// Which partner.
    pub partner: String,
    /// Which room leads, as it says.
    pub room: String,
    /// In which epoch.
    pub epoch: u32,
}

/// A unit of the other side wants to take the target; `null`: that is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct EyesTakenWire {
    /// Of which operation.
    pub operation: Option<String>,
    /// Which unit.
    pub unit: Option<String>,
}

/// Units are told to turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RecallWire {
    /// Of which operation.
    pub operation: Option<String>,
    /// The room that ordered it.
    pub room: String,
    /// The message.
    pub message: String,
    /// Who of that room.
    pub by: PersonWire,
    /// Why, in words.
    pub words: String,
    /// The units that must turn.
    pub units: Vec<String>,
}

/// A person has read that units are told to turn, or a unit said that it will: the one that is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RecallAnswerWire {
    /// Of which operation.
    pub operation: Option<String>,
    /// The message.
    pub message: String,
    /// The person of the units' own room.
    pub by: Option<PersonWire>,
    /// The unit.
    pub unit: Option<String>,
}

impl From<&Envelope> for EnvelopeWire {
    fn from(envelope: &Envelope) -> Self {
        Self {
            bytes: envelope.bytes.to_string(),
            signature: envelope.signature.to_string(),
            key_id: envelope.key_id.to_string(),
            digest: envelope.digest.to_string(),
        }
    }
}

impl From<&EnvelopeWire> for Envelope {
    fn from(envelope: &EnvelopeWire) -> Self {
        Self {
            bytes: envelope.bytes.as_str().into(),
            signature: envelope.signature.as_str().into(),
            key_id: envelope.key_id.as_str().into(),
            digest: envelope.digest.as_str().into(),
        }
    }
}

/// A message that was sent or has come.
#[must_use]
pub fn said(
    operation: Option<String>,
    (sent, said): (bool, &Said),
    envelope: &Envelope,
    state: &crate::domain::operations::handover::Handover,
) -> SaidEventWire {
    SaidEventWire {
        operation,
        partner: if sent { &said.to } else { &said.from }.to_string(),
        direction: if sent { "sent" } else { "received" }.to_owned(),
        message: said.into(),
        envelope: envelope.into(),
        state: state.into(),
    }
}

impl TryFrom<&SaidEventWire> for HandoverEvent {
    type Error = WireError;

    fn try_from(event: &SaidEventWire) -> Result<Self, WireError> {
        Ok(Self::Said {
            sent: event.direction == "sent",
            said: Arc::new((&event.message).try_into()?),
            envelope: (&event.envelope).into(),
            state: Box::new((&event.state).try_into()?),
        })
    }
}

impl TryFrom<&LeadMovedWire> for HandoverEvent {
    type Error = WireError;

    fn try_from(moved: &LeadMovedWire) -> Result<Self, WireError> {
        Ok(Self::LeadMoved {
            partner: RoomId::parse(&moved.partner)?,
            lead: (&moved.lead).try_into()?,
            by: moved.by.as_ref().map(Person::try_from).transpose()?,
            message: MessageId::parse(&moved.message)?,
        })
    }
}

impl TryFrom<&LeadDisputedWire> for HandoverEvent {
    type Error = WireError;

    fn try_from(disputed: &LeadDisputedWire) -> Result<Self, WireError> {
        Ok(Self::LeadDisputed {
            partner: RoomId::parse(&disputed.partner)?,
            room: RoomId::parse(&disputed.room)?,
            epoch: Epoch(disputed.epoch),
        })
    }
}

impl TryFrom<&EyesTakenWire> for HandoverEvent {
    type Error = WireError;

    fn try_from(taken: &EyesTakenWire) -> Result<Self, WireError> {
        let unit = taken.unit.as_deref().map(UnitId::parse);
        Ok(Self::EyesTaken(unit.transpose()?))
    }
}

/// That units are told to turn.
#[must_use]
pub fn recalled(operation: Option<String>, recall: &Recall) -> RecallWire {
    RecallWire {
        operation,
        room: recall.room.to_string(),
        message: recall.message.to_string(),
        by: (&recall.by).into(),
        words: recall.words.to_string(),
        units: recall.units.keys().map(ToString::to_string).collect(),
    }
}

/// The same, read: it came at the time of its event.
///
/// # Errors
/// [`WireError`] when it is not what it claims to be.
pub fn read_recall(
    (kind, at): (RecallKind, Timestamp),
    recall: &RecallWire,
) -> Result<HandoverEvent, WireError> {
    let units = recall
        .units
        .iter()
        .map(|unit| Ok((UnitId::parse(unit)?, None)));
    Ok(HandoverEvent::Recalled(Box::new(Recall {
        kind,
        room: RoomId::parse(&recall.room)?,
        message: MessageId::parse(&recall.message)?,
        by: (&recall.by).try_into()?,
        at,
        words: recall.words.as_str().into(),
        read: None,
        units: units.collect::<Result<BTreeMap<_, _>, WireError>>()?,
    })))
}

/// An answer to an order to turn, read.
///
/// # Errors
/// [`WireError`] when it is not what it claims to be.
pub fn read_answer(
    kind: RecallKind,
    answer: &RecallAnswerWire,
) -> Result<HandoverEvent, WireError> {
    let message = MessageId::parse(&answer.message)?;
    match (&answer.by, &answer.unit) {
        (Some(by), _) => Ok(HandoverEvent::RecallRead {
            kind,
            message,
            by: by.try_into()?,
        }),
        (None, unit) => Ok(HandoverEvent::UnitTurns {
            kind,
            message,
            unit: UnitId::parse(unit.as_deref().unwrap_or_default())?,
        }),
    }
}
