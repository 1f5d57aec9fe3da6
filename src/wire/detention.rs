//! A person held abroad, as it is stored and shown.

use super::law::FindingWire;
use super::parts::{WireError, timestamp, word};
use crate::domain::ids::{State, UnitId};
use crate::domain::operations::{Detention, DetentionStep, DetentionStepKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A person is held in a host state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DetainedWire {
    /// The host state.
    pub host: String,
    /// From when.
    pub since: String,
    /// Which unit holds the person; null when officers of the host do.
    #[serde(default)]
    pub unit: Option<String>,
    /// Whether the person is a national of the host state; null when nobody said, which counts as no.
    #[serde(default)]
    pub host_national: Option<bool>,
    /// What the law said of it when it was recorded; empty in an order.
    #[serde(default)]
    pub findings: Vec<FindingWire>,
}

impl From<&Detention> for DetainedWire {
    fn from(detention: &Detention) -> Self {
        Self {
            host: detention.host.to_string(),
            since: detention.since.to_string(),
            unit: detention.unit.as_ref().map(ToString::to_string),
            host_national: detention.host_national,
            findings: detention.findings.iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<&DetainedWire> for Detention {
    type Error = WireError;

    fn try_from(detained: &DetainedWire) -> Result<Self, WireError> {
        Ok(Self {
            host: State::parse(&detained.host)?,
            since: timestamp(&detained.since)?,
            unit: detained.unit.as_deref().map(UnitId::parse).transpose()?,
            host_national: detained.host_national,
            findings: detained
                .findings
                .iter()
                .map(TryInto::try_into)
                .collect::<Result<_, _>>()?,
        })
    }
}

/// What became of the person held in a host state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DetentionStepWire {
    /// The host state.
    pub host: String,
    /// `handed_over`, `arrest_requested`, `released`.
    pub step: String,
    /// When.
    pub at: String,
    /// To whom the person was handed, or the number of the request.
    #[serde(default)]
    pub note: String,
}

impl DetentionStepWire {
    /// The step of a host state.
    #[must_use]
    pub fn of(host: State, step: &DetentionStep) -> Self {
        Self {
            host: host.to_string(),
            step: step.kind.as_str().to_owned(),
            at: step.at.to_string(),
            note: step.note.to_string(),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`WireError`] when a word is none.
    pub fn read(&self) -> Result<(State, DetentionStep), WireError> {
        let wanted = "`handed_over`, `arrest_requested` or `released`";
        let step = DetentionStep {
            kind: word(&self.step, DetentionStepKind::parse, wanted)?,
            at: timestamp(&self.at)?,
            note: self.note.as_str().into(),
        };
        Ok((State::parse(&self.host)?, step))
    }
}

/// A person held abroad, on the map: the newest of each host state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct HeldPicture {
    /// As recorded.
    #[serde(flatten)]
    pub detained: DetainedWire,
    /// What became of the person, in the order in which it was recorded.
    pub steps: Vec<DetentionStepWire>,
}
