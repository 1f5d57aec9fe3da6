//! What the journal itself writes into a payload, and its records as an export shows them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The schema of the record of an erasure that is written. The first had only keys and reason.
pub const ERASED_SCHEMA: u16 = 2;

/// The record of an erasure, of every schema: what the first had not is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedWire {
    /// The keys destroyed, hexadecimal.
    pub keys: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The unit that was ordered to be erased; none when the time of what was erased was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What, by class.
    #[serde(default)]
    pub of: Vec<ErasedOfWire>,
}

/// What an erasure took of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedOfWire {
    /// The retention class.
    pub class: String,
    /// The first day of recording, UTC: `2027-03-16`.
    pub from_day: String,
    /// The last.
    pub to_day: String,
    /// The operations that it was of; none outside operations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// The units whose positions they were: a reader says of these that something is missing, and of no other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// How many records it took from.
    pub records: u64,
    /// How many parts: of a record of positions one a unit.
    pub parts: u64,
}

impl ErasedWire {
    /// As JSON.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// From JSON; `None` when it is something else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

/// One record of an export: a line of NDJSON. With salt and payload as they are, anybody can compute digests and chain
/// again.
#[derive(Debug, Serialize)]
pub struct ExportedRecord {
    /// The ledger.
    pub ledger: String,
    /// Its number.
    pub seq: u64,
    /// When it happened, RFC 3339.
    pub at: String,
    /// When it was recorded, RFC 3339.
    pub recorded_at: String,
    /// What it is.
    pub kind: String,
    /// The version of the payload's schema.
    pub schema: u16,
    /// How long it is kept.
    pub retention: &'static str,
    /// The unit it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The operation it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Its parts.
    pub parts: Vec<ExportedPart>,
    /// The hash of the header before it.
    pub prev: String,
    /// The hash of its header.
    pub hash: String,
}

/// One part of an exported record.
#[derive(Debug, Serialize)]
pub struct ExportedPart {
    /// The key it is sealed under.
    pub key: String,
    /// Its salted digest.
    pub digest: String,
    /// The salt; gone with the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The positions in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub positions: Vec<ExportedSpan>,
    /// What it says.
    #[serde(flatten)]
    pub payload: ExportedPayload,
}

/// The positions of one unit and source in a part.
#[derive(Debug, Serialize)]
pub struct ExportedSpan {
    /// The unit.
    pub unit: String,
    /// The device.
    pub source: String,
    /// The earliest `fixed_at`, RFC 3339.
    pub from: String,
    /// The latest `fixed_at`, RFC 3339.
    pub to: String,
}

/// A payload as an export shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportedPayload {
    /// It is JSON on one line: the very bytes.
    Payload(Box<RawValue>),
    /// It is anything else.
    PayloadBase64(String),
    /// It was erased.
    Erased(bool),
}

impl ExportedPayload {
    /// The payload of a part; `None` when it was erased.
    #[must_use]
    pub fn of(payload: Option<&[u8]>) -> Self {
        let Some(bytes) = payload else {
            return Self::Erased(true);
        };
        let line = std::str::from_utf8(bytes)
            .ok()
            .filter(|text| !text.contains(['\n', '\r']) && text.trim().len() == text.len());
        match line.map(|text| RawValue::from_string(text.to_owned())) {
            Some(Ok(raw)) => Self::Payload(raw),
            Some(Err(_)) | None => Self::PayloadBase64(STANDARD.encode(bytes)),
        }
    }
}
