//! On which rules and profiles decisions rest, and an operation is to rest, as it is ordered, stored and shown.

use super::parts::{PersonWire, WireError};
use super::profile::ProfileVersionWire;
use crate::domain::law::profile::ProfileVersion;
use crate::domain::law::profile::agreed::Adopted;
use crate::domain::law::rulebook::kept::RulesVersion;
use crate::domain::operations::resting::RestingAnew;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;
use utoipa::ToSchema;

/// The rules and the profiles that decisions rest on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct RestsOnWire {
    /// The rules; null before any were recorded.
    pub rules: Option<RulesVersionWire>,
    /// The profiles, by pair; of every other pair the workflow's defaults hold.
    pub profiles: Vec<ProfileVersionWire>,
}

/// Which rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RulesVersionWire {
    /// Their version.
    pub version: u32,
    /// The SHA-256 of all that they were read from.
    pub digest: String,
}

/// What a person wants an operation to rest on: the rules and profiles that the room decides with now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RestingAnewOrder {
    /// The digest of the rules that the person saw: an order on others is refused.
    pub rules: String,
    /// Why.
    pub because: String,
}

/// One of two persons wants an operation to rest on these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RestingAnewWire {
    /// The rules.
    pub rules: RulesVersionWire,
    /// The profiles, by pair.
    pub profiles: Vec<ProfileVersionWire>,
    /// Why.
    pub because: String,
    /// Whether this is the second person: from here on it holds.
    pub holds: bool,
}

/// What one person wants an operation to rest on, until a second one wants the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RestingAnewPicture {
    /// What.
    #[serde(flatten)]
    pub wanted: RestingAnewWire,
    /// The first person.
    pub by: PersonWire,
}

impl From<&RulesVersion> for RulesVersionWire {
    fn from(rules: &RulesVersion) -> Self {
        Self {
            version: rules.version,
            digest: rules.digest.to_string(),
        }
    }
}

impl From<&RulesVersionWire> for RulesVersion {
    fn from(rules: &RulesVersionWire) -> Self {
        Self {
            version: rules.version,
            digest: rules.digest.as_str().into(),
        }
    }
}

/// Profiles by pair.
///
/// # Errors
/// [`WireError`] when a pair is none.
pub fn adopted(profiles: &[ProfileVersionWire]) -> Result<Adopted, WireError> {
    let named = |profile| {
        let named = ProfileVersion::try_from(profile)?;
        Ok((named.pair, named))
    };
    profiles.iter().map(named).collect()
}

impl From<&RestingAnew> for RestingAnewWire {
    fn from(anew: &RestingAnew) -> Self {
        Self {
            rules: (&anew.rules).into(),
            profiles: anew.profiles.values().map(Into::into).collect(),
            because: anew.because.to_string(),
            holds: anew.holds,
        }
    }
}

impl TryFrom<&RestingAnewWire> for RestingAnew {
    type Error = WireError;

    fn try_from(anew: &RestingAnewWire) -> Result<Self, WireError> {
        Ok(Self {
            rules: (&anew.rules).into(),
            profiles: Arc::new(adopted(&anew.profiles)?),
            because: anew.because.as_str().into(),
            holds: anew.holds,
        })
    }
}

impl From<&RestingAnewOrder> for RestingAnew {
    fn from(order: &RestingAnewOrder) -> Self {
        Self {
            rules: RulesVersion {
                version: 0,
                digest: order.rules.as_str().into(),
            },
            profiles: Arc::default(),
            because: order.because.as_str().into(),
            holds: false,
        }
    }
}
