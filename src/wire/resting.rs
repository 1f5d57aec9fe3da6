//! On which rules and profiles an operation is to rest, as it is ordered, stored and shown.

use super::live::RulesVersionWire;
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

impl From<&RestingAnew> for RestingAnewWire {
    fn from(anew: &RestingAnew) -> Self {
        Self {
            rules: RulesVersionWire {
                version: anew.rules.version,
                digest: anew.rules.digest.to_string(),
            },
            profiles: anew.profiles.values().map(Into::into).collect(),
            because: anew.because.to_string(),
            holds: anew.holds,
        }
    }
}

impl TryFrom<&RestingAnewWire> for RestingAnew {
    type Error = WireError;

    fn try_from(anew: &RestingAnewWire) -> Result<Self, WireError> {
        let profiles: Result<Adopted, WireError> = anew
            .profiles
            .iter()
            .map(|named| ProfileVersion::try_from(named).map(|named| (named.pair, named)))
            .collect();
        Ok(Self {
            rules: RulesVersion {
                version: anew.rules.version,
                digest: anew.rules.digest.as_str().into(),
            },
            profiles: Arc::new(profiles?),
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
