//! Clocks and limits of an operation, as they are stored and shown.

use crate::wire::law::CitationWire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A clock of an operation and host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ClockWire {
    /// Whose.
    pub operation: Option<String>,
    /// `consent`, `authorisation_window`, `pursuit_period`.
    pub clock: String,
    /// The host state.
    pub host: String,
    /// From when.
    pub starts: String,
    /// Until when.
    pub ends: String,
    /// `law`, `treaty`, `profile`, `exercise`.
    pub origin: String,
    /// On what it rests.
    pub citation: CitationWire,
}

/// How far a unit is from the frontier, of what a pursuit may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct LimitWire {
    /// Of which operation.
    pub operation: Option<String>,
    /// Which unit.
    pub unit: String,
    /// In which host state.
    pub host: String,
    /// The stage reached: `within`, `near`, `nearly_reached`, `exceeded`; `null` when an earlier version recorded it.
    #[serde(default)]
    pub stage: Option<String>,
    /// The share from which that stage counts, per cent: 0, 80, 95, 100 unless a profile says otherwise.
    pub percent: u8,
    /// The shortest distance to the common frontier.
    pub measured_m: f64,
    /// The accuracy of the fix it was measured at.
    pub accuracy_m: f64,
    /// How far it may be.
    pub max_m: f64,
    /// All that in one sentence.
    pub sentence: String,
    /// Where the limit comes from: `law`, `treaty`, `profile`, `exercise`.
    pub origin: String,
    /// Where the share comes from.
    pub stages_origin: String,
    /// Whether a profile says it; else it is the workflow's default.
    #[serde(default)]
    pub stages_agreed: bool,
    /// On what the limit rests.
    pub citation: CitationWire,
}
