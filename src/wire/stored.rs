//! An event as the journal keeps it: its body, and the room that shared it.

use super::event::{EVENT_SCHEMA, EventBody, EventWire};
use super::parts::WireError;
use crate::domain::event::Event;
use crate::domain::ids::{RoomId, Seq};
use crate::domain::measure::Timestamp;
use serde::{Deserialize, Serialize};

/// The payload of a record that is an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredEvent {
    /// The room that shared it; absent for the room's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_by: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub body: EventBody,
}

/// Why a stored event can not be read.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// Written by a newer Limes.
    #[error(
        "event schema {found} is newer than this Limes knows ({EVENT_SCHEMA}): use a newer one"
    )]
    Newer {
        /// The schema found.
        found: u16,
    },
    /// Not JSON, or not of this form.
    #[error("a stored event cannot be read: {0}")]
    Form(#[from] serde_json::Error),
    /// A value is not what its key promises.
    #[error("a stored event cannot be read: {0}")]
    Value(#[from] WireError),
}

impl StoredEvent {
    /// The stored form of an event; `None` for a fix, which goes into the column of positions.
    #[must_use]
    pub fn of(event: &Event, shared_by: Option<&RoomId>) -> Option<Self> {
        Some(Self {
            shared_by: shared_by.map(ToString::to_string),
            body: EventBody::of(event)?,
        })
    }

    /// The bytes that the journal keeps.
    ///
    /// # Panics
    /// Never: plain structs with text keys always have a JSON form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain structs have a JSON form")
    }

    /// Reads what [`Self::to_bytes`] wrote, of this schema or an older one.
    ///
    /// # Errors
    /// [`StoredError`] when the schema is newer or the bytes are not an event.
    pub fn from_bytes(schema: u16, bytes: &[u8]) -> Result<Self, StoredError> {
        if schema > EVENT_SCHEMA {
            return Err(StoredError::Newer { found: schema });
        }
        Ok(serde_json::from_slice(bytes)?)
    }

    /// The domain's event.
    ///
    /// # Errors
    /// [`StoredError`] when a value is not what its key promises.
    pub fn into_event(self, at: Timestamp) -> Result<Event, StoredError> {
        Ok(self.body.into_event(at)?)
    }

    /// The form that leaves the house.
    #[must_use]
    pub fn into_wire(self, seq: Seq, at: Timestamp, recorded_at: Timestamp) -> EventWire {
        EventWire {
            seq: seq.0,
            at: at.to_string(),
            recorded_at: recorded_at.to_string(),
            shared_by: self.shared_by,
            body: self.body,
        }
    }
}
