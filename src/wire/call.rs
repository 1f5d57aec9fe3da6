//! The telephone call by which a notice was given.

use super::parts::{PersonWire, WireError, timestamp};
use crate::domain::operations::Call;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// To whom a notice was given by telephone, under which number, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CallWire {
    /// The person spoken to, by the name that was given.
    pub name: String,
    /// The number that was called.
    pub number: String,
    /// When they spoke.
    pub at: String,
    /// The call's reference in a log of calls; `null` when nobody noted one.
    pub reference: Option<String>,
}

impl From<&Call> for CallWire {
    fn from(call: &Call) -> Self {
        Self {
            name: call.name.to_string(),
            number: call.number.to_string(),
            at: call.at.to_string(),
            reference: call.reference.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<&CallWire> for Call {
    type Error = WireError;

    fn try_from(call: &CallWire) -> Result<Self, WireError> {
        Ok(Self {
            name: call.name.as_str().into(),
            number: call.number.as_str().into(),
            at: timestamp(&call.at)?,
            reference: call.reference.as_deref().map(Into::into),
        })
    }
}

/// A notice given by telephone, as a picture shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct GivenByVoice {
    /// Who wrote it down.
    pub by: PersonWire,
    /// The call.
    #[serde(flatten)]
    pub call: CallWire,
}
