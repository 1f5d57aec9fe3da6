//! What host states permit of technical sources, to and from its stored form.

use super::EventBody;
use crate::domain::event::{OperationEvent, OperationEventKind, What};
use crate::domain::ids::{OperationId, State, UnitId};
use crate::domain::operations::trackers::{TrackerEvent, TrackerPermission};
use crate::domain::rights::Role;
use crate::wire::parts::{PersonWire, WireError, timestamp, word};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What a host state permitted of a technical source, as its document says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TrackerPermissionWire {
    /// Which source.
    pub unit: String,
    /// Which state.
    pub state: String,
    /// The number of its document.
    pub number: String,
    /// From when, inclusive.
    pub from: String,
    /// Until when, exclusive.
    pub to: String,
}

impl From<&TrackerPermission> for TrackerPermissionWire {
    fn from(permission: &TrackerPermission) -> Self {
        Self {
            unit: permission.unit.to_string(),
            state: permission.state.to_string(),
            number: permission.number.to_string(),
            from: permission.from.to_string(),
            to: permission.to.to_string(),
        }
    }
}

impl TryFrom<&TrackerPermissionWire> for TrackerPermission {
    type Error = WireError;

    fn try_from(permission: &TrackerPermissionWire) -> Result<Self, WireError> {
        Ok(Self {
            unit: UnitId::parse(&permission.unit)?,
            state: State::parse(&permission.state)?,
            number: permission.number.as_str().into(),
            from: timestamp(&permission.from)?,
            to: timestamp(&permission.to)?,
        })
    }
}

/// A person entered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PermissionEnteredWire {
    /// In which operation.
    pub operation: Option<String>,
    /// What.
    pub permission: TrackerPermissionWire,
    /// Who.
    pub by: PersonWire,
    /// As what: `supervisor` or `legal`.
    pub role: String,
}

pub(super) fn from_domain(operation: Option<String>, event: &TrackerEvent) -> EventBody {
    let entered = PermissionEnteredWire {
        operation,
        permission: (&event.permission).into(),
        by: (&event.by).into(),
        role: event.role.as_str().to_owned(),
    };
    if event.granted {
        EventBody::TrackerPermitted(entered)
    } else {
        EventBody::PermissionEntered(entered)
    }
}

pub(super) fn to_domain(entered: &PermissionEnteredWire, granted: bool) -> Result<What, WireError> {
    let operation = entered.operation.as_deref();
    let event = TrackerEvent {
        permission: (&entered.permission).try_into()?,
        by: (&entered.by).try_into()?,
        role: word(&entered.role, Role::parse, "a role")?,
        granted,
    };
    Ok(What::Operation(OperationEvent {
        operation: operation.map(OperationId::parse).transpose()?,
        kind: OperationEventKind::Tracker(event),
    }))
}
