//! The rows of table B that tell the dialogue of the rooms.

use crate::domain::report::MessageRow;
use crate::wire::parts::PersonWire;
use crate::wire::report::{AtWire, ByWire};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::notices::FailedRowWire;

/// A message between two rooms, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageRowWire {
    /// Its id.
    pub message: String,
    /// `PRO`, `ACP`, `HOP`, `MAS` …
    pub code: String,
    /// From which room.
    pub from: String,
    /// To which room.
    pub to: String,
    /// When it was sent, or came.
    pub at: String,
    /// Which person said it; `null` when a machine did.
    pub by: Option<PersonWire>,
    /// The record.
    pub record: u64,
    /// The words that go with it.
    pub words: Option<String>,
    /// When the other room's machine confirmed it: of what this room said.
    pub received: Option<AtWire>,
    /// Which person of the other side has read it.
    pub read: Option<ByWire>,
    /// Why a machine refused it.
    pub refused: Option<FailedRowWire>,
    /// Of an order to turn: which units said that they will.
    pub turned: Vec<TurnedWire>,
}

/// A unit that said that it will turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TurnedWire {
    /// Which.
    pub unit: String,
    /// When.
    pub at: String,
    /// The record.
    pub record: u64,
}

impl From<&MessageRow> for MessageRowWire {
    fn from(row: &MessageRow) -> Self {
        Self {
            message: row.message.to_string(),
            code: row.code.as_str().to_owned(),
            from: row.from.to_string(),
            to: row.to.to_string(),
            at: row.said.at.to_string(),
            by: row.said.value.as_ref().map(Into::into),
            record: row.said.record.0,
            words: row.words.as_ref().map(ToString::to_string),
            received: row.received.as_ref().map(Into::into),
            read: row.read.as_ref().map(Into::into),
            refused: row.refused.as_ref().map(Into::into),
            turned: (row.turned.iter())
                .map(|turned| TurnedWire {
                    unit: turned.value.to_string(),
                    at: turned.at.to_string(),
                    record: turned.record.0,
                })
                .collect(),
        }
    }
}
