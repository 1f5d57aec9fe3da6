//! Signed bytes as they go from one service to another.

use crate::domain::operations::handover::Envelope;
use crate::wire::dialogue::letter::digest;
use serde::{Deserialize, Serialize};

/// Signed bytes. What they hash to is computed by who reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedWire {
    /// What the signature covers.
    pub bytes: String,
    /// The signature over it (Ed25519, hexadecimal).
    pub signature: String,
    /// By which key it is checked.
    pub key_id: String,
}

impl From<&Envelope> for CarriedWire {
    fn from(envelope: &Envelope) -> Self {
        Self {
            bytes: envelope.bytes.to_string(),
            signature: envelope.signature.to_string(),
            key_id: envelope.key_id.to_string(),
        }
    }
}

impl From<CarriedWire> for Envelope {
    fn from(carried: CarriedWire) -> Self {
        Self {
            digest: digest(&carried.bytes),
            bytes: carried.bytes.into(),
            signature: carried.signature.into(),
            key_id: carried.key_id.into(),
        }
    }
}
