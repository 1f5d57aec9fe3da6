//! How far the report of an operation has come, as a map shows it.

use crate::wire::parts::PersonWire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// How far the report of an operation has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct ReportPicture {
    /// Since when it is owed: the last unit was home.
    pub owed_since: Option<String>,
    /// How many statements it has.
    pub statements: u32,
    /// Who signed it: the report, then addenda.
    pub signed: Vec<ReportSignedPicture>,
}

/// A signature under a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReportSignedPicture {
    /// When.
    pub at: String,
    /// By whom.
    pub by: PersonWire,
    /// The SHA-256 of the facts that were signed.
    pub facts: String,
}
