//! What a person changed of an operation: one thing at a time.

use crate::domain::ids::UnitId;
use crate::domain::operations::{OperationChange, RecognisedBy};
use crate::wire::detention::{DetainedWire, DetentionStepWire};
use crate::wire::operation::{AmendmentWire, AuthorisationWire, RecognisableWire};
use crate::wire::parts::{WireError, word};
use crate::wire::refusal::HostRefusedWire;
use crate::wire::resting::RestingAnewWire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What was changed: the one that is given.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct ChangedWire {
    /// The units assigned from now on.
    pub units: Option<Vec<String>>,
    /// An authorisation that came in, or changed.
    pub authorisation: Option<AuthorisationWire>,
    /// A host refused, or took back what it had granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_refused: Option<HostRefusedWire>,
    /// How the officers of a unit can be recognised as police.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognisable: Option<RecognisableWire>,
    /// A mistake of the opening, corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amendment: Option<AmendmentWire>,
    /// One of two persons wants it to rest on the rules and profiles of then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resting_anew: Option<RestingAnewWire>,
    /// A person is held in a host state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detained: Option<DetainedWire>,
    /// What became of the person held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detention_step: Option<DetentionStepWire>,
}

impl From<&OperationChange> for ChangedWire {
    fn from(change: &OperationChange) -> Self {
        let nothing = Self::default();
        match change {
            OperationChange::Units(now) => Self {
                units: Some(now.iter().map(ToString::to_string).collect()),
                ..nothing
            },
            OperationChange::Authorisation(document) => Self {
                authorisation: Some(document.into()),
                ..nothing
            },
            OperationChange::HostRefused(said) => Self {
                host_refused: Some(said.into()),
                ..nothing
            },
            OperationChange::Recognisable { unit, by } => Self {
                recognisable: Some(RecognisableWire {
                    unit: unit.to_string(),
                    by: by.as_str().to_owned(),
                }),
                ..nothing
            },
            OperationChange::Amended(corrected) => Self {
                amendment: Some(corrected.into()),
                ..nothing
            },
            OperationChange::RestingAnew(wanted) => Self {
                resting_anew: Some(wanted.into()),
                ..nothing
            },
            OperationChange::Detained(detention) => Self {
                detained: Some(detention.into()),
                ..nothing
            },
            OperationChange::DetentionEnded { host, step } => Self {
                detention_step: Some(DetentionStepWire::of(*host, step)),
                ..nothing
            },
        }
    }
}

impl TryFrom<&ChangedWire> for OperationChange {
    type Error = WireError;

    fn try_from(changed: &ChangedWire) -> Result<Self, WireError> {
        if let Some(detained) = &changed.detained {
            return Ok(Self::Detained(detained.try_into()?));
        }
        if let Some(step) = &changed.detention_step {
            let (host, step) = step.read()?;
            return Ok(Self::DetentionEnded { host, step });
        }
        if let Some(amendment) = &changed.amendment {
            return Ok(Self::Amended(amendment.try_into()?));
        }
        if let Some(ticked) = &changed.recognisable {
            return Ok(Self::Recognisable {
                unit: UnitId::parse(&ticked.unit)?,
                by: word(&ticked.by, RecognisedBy::parse, "a mark of police")?,
            });
        }
        if let Some(wanted) = &changed.resting_anew {
            return Ok(Self::RestingAnew(wanted.try_into()?));
        }
        if let Some(said) = &changed.host_refused {
            return Ok(Self::HostRefused(said.try_into()?));
        }
        if let Some(authorisation) = &changed.authorisation {
            return Ok(Self::Authorisation(authorisation.try_into()?));
        }
        let units = changed.units.as_deref().unwrap_or_default();
        let units = units.iter().map(|unit| UnitId::parse(unit));
        Ok(Self::Units(units.collect::<Result<_, _>>()?))
    }
}
