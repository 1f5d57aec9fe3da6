//! The bilateral profile: as two states write and sign it, as it is kept, and as it is shown.

mod kept;
mod read;
pub mod show;

use super::parts::WireError;
use crate::domain::borders::Frontier;
use crate::domain::law::profile::ProfileVersion;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

pub use kept::{KeptProfile, KeptSignature};
pub use read::{FORMAT, ProfileProblem, read};

/// Which profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ProfileVersionWire {
    /// Whose: two states, as `HU-RO`.
    pub pair: String,
    /// The version that they gave it.
    pub version: u32,
    /// The SHA-256 of the bytes that both signed.
    pub digest: String,
}

impl From<&ProfileVersion> for ProfileVersionWire {
    fn from(named: &ProfileVersion) -> Self {
        Self {
            pair: named.pair.to_string(),
            version: named.version,
            digest: named.digest.to_string(),
        }
    }
}

impl TryFrom<&ProfileVersionWire> for ProfileVersion {
    type Error = WireError;

    fn try_from(named: &ProfileVersionWire) -> Result<Self, WireError> {
        Ok(Self {
            pair: Frontier::parse(&named.pair)?,
            version: named.version,
            digest: named.digest.as_str().into(),
        })
    }
}

#[cfg(test)]
mod tests;
