//! A dialogue as a map shows it.

use super::said::SaidWire;
use super::state::HandoverWire;
use crate::wire::parts::PersonWire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What two rooms say to each other of an operation, as one of them knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct DialoguePicture {
    /// How far they are.
    pub state: HandoverWire,
    /// What was said, oldest first; without the machines' receipts.
    pub messages: Vec<HeardPicture>,
}

/// One message of a dialogue, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct HeardPicture {
    /// `sent`, `received`.
    pub direction: String,
    /// When it was sent, or came.
    pub at: String,
    /// What it says.
    pub message: SaidWire,
    /// The SHA-256 of its bytes.
    pub digest: String,
    /// When the other room's machine confirmed it: of what this room said.
    pub receipted_at: Option<String>,
    /// Why a machine refused it.
    pub unfit: Option<String>,
    /// Which person of the room that received it has read it.
    pub read_by: Option<PersonWire>,
    /// When.
    pub read_at: Option<String>,
}

/// What a host ordered of units that are abroad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RecallPicture {
    /// `cease`, `release`.
    pub kind: String,
    /// The room that ordered it.
    pub room: String,
    /// The message.
    pub message: String,
    /// Who of that room.
    pub by: PersonWire,
    /// When it came to the units' own room.
    pub at: String,
    /// Why, in words.
    pub words: String,
    /// The person of the units' own room who has read it.
    pub read_by: Option<PersonWire>,
    /// When.
    pub read_at: Option<String>,
    /// The units that must turn.
    pub units: Vec<RecalledUnit>,
}

/// A unit that must turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RecalledUnit {
    /// Which.
    pub unit: String,
    /// When it said that it will; `null`: not yet.
    pub wilco_at: Option<String>,
}

/// A partner names another lead than this room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DisputePicture {
    /// Which partner.
    pub partner: String,
    /// Which room leads, as it says.
    pub room: String,
    /// In which epoch.
    pub epoch: u32,
    /// Since when that is known.
    pub since: String,
}
