//! That a host said no, as it is ordered, stored and shown.

use super::parts::{WireError, timestamp, word};
use crate::domain::ids::State;
use crate::domain::law::basis::{HostRefusal, HostRefusalKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A host state refused, or took back what it had granted. What it grants afterwards holds again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct HostRefusedWire {
    /// The host state.
    pub host: String,
    /// `refused`, `withdrawn`.
    pub kind: String,
    /// When it said so; exactly then nothing granted before holds any more.
    pub at: String,
    /// Who said it, by name or office.
    pub said_by: String,
    /// Why, in the words of the host.
    #[serde(default)]
    pub because: String,
}

impl From<&HostRefusal> for HostRefusedWire {
    fn from(said: &HostRefusal) -> Self {
        Self {
            host: said.host.to_string(),
            kind: said.kind.as_str().to_owned(),
            at: said.at.to_string(),
            said_by: said.said_by.to_string(),
            because: said.because.to_string(),
        }
    }
}

impl TryFrom<&HostRefusedWire> for HostRefusal {
    type Error = WireError;

    fn try_from(said: &HostRefusedWire) -> Result<Self, WireError> {
        Ok(Self {
            host: State::parse(&said.host)?,
            kind: word(
                &said.kind,
                HostRefusalKind::parse,
                "`refused` or `withdrawn`",
            )?,
            at: timestamp(&said.at)?,
            said_by: said.said_by.as_str().into(),
            because: said.because.as_str().into(),
        })
    }
}
