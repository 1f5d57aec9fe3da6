//! An event with its place in a ledger.

use super::EventBody;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// An event with its place in a ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct EventWire {
    /// Its number in the room's ledger.
    #[ts(type = "number")]
    pub seq: u64,
    /// When it happened.
    pub at: String,
    /// When it was recorded.
    pub recorded_at: String,
    /// The room that shared it; absent for the room's own.
    pub shared_by: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub body: EventBody,
}
