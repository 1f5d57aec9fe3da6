//! What the journal itself writes into a payload.

use serde::{Deserialize, Serialize};

/// The record of an erasure, first schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedV1 {
    /// The keys destroyed, hexadecimal.
    pub keys: Vec<String>,
    /// Why.
    pub reason: String,
}

impl ErasedV1 {
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
