//! A profile as it is kept: the bytes that were signed, and both signatures.

use serde::{Deserialize, Serialize};

/// The format of kept profiles.
const FORMAT: u32 = 1;

/// A profile with what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptProfile {
    format: u32,
    /// The name of the file, without its folder.
    pub name: String,
    /// Its text: exactly what was signed.
    pub text: String,
    /// One of each side.
    pub signatures: Vec<KeptSignature>,
}

/// The signature of one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptSignature {
    /// Whose.
    pub state: String,
    /// The public key by which it was checked, as 64 hexadecimal digits.
    pub key: String,
    /// The signature, as 128 hexadecimal digits.
    pub signature: String,
}

impl KeptProfile {
    /// With what proves it.
    #[must_use]
    pub const fn new(name: String, text: String, signatures: Vec<KeptSignature>) -> Self {
        Self {
            format: FORMAT,
            name,
            text,
            signatures,
        }
    }

    /// As it is written.
    ///
    /// # Errors
    /// Never for texts.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads what [`Self::to_text`] wrote.
    ///
    /// # Errors
    /// When it is damaged, or of a format that this version does not know.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let kept: Self = serde_json::from_str(text)?;
        if kept.format == FORMAT {
            Ok(kept)
        } else {
            Err(<serde_json::Error as serde::de::Error>::custom(format!(
                "format {} is not known to this version",
                kept.format
            )))
        }
    }
}
