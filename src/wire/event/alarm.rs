//! Events of alarms, to and from their stored form.

use super::EventBody;
use crate::domain::alarms::Alarm;
use crate::domain::event::{AlarmChange, AlarmEvent};
use crate::domain::measure::Timestamp;
use crate::domain::registry::Person;
use crate::wire::alarm::{AlarmSubjectWire, AlarmWire, RaisedWire, ShelfWire, kind};
use crate::wire::parts::{PersonWire, WireError};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Which alarm an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OfAlarmWire {
    /// Its id.
    pub alarm: String,
    /// The code of the list.
    pub code: String,
    /// What it is about.
    #[serde(flatten)]
    pub subject: AlarmSubjectWire,
}

impl From<&AlarmEvent> for OfAlarmWire {
    fn from(event: &AlarmEvent) -> Self {
        Self {
            alarm: event.id.to_string(),
            code: event.kind.code().to_owned(),
            subject: (&event.subject).into(),
        }
    }
}

pub(super) fn from_domain(event: &AlarmEvent) -> EventBody {
    let of = event.into();
    match &event.change {
        AlarmChange::Raised(alarm) => EventBody::AlarmRaised((&**alarm).into()),
        AlarmChange::Reopened(alarm) => EventBody::AlarmReopened((&**alarm).into()),
        AlarmChange::Annunciated(by) => EventBody::AlarmAnnunciated { of, by: by.into() },
        AlarmChange::Acknowledged(by) => EventBody::AlarmAcknowledged { of, by: by.into() },
        AlarmChange::Shelved(shelf) => EventBody::AlarmShelved {
            of,
            shelf: shelf.into(),
        },
        AlarmChange::Returned => EventBody::AlarmReturned(of),
        AlarmChange::Cleared => EventBody::AlarmCleared(of),
    }
}

pub(super) fn raised(raised: &RaisedWire, at: Timestamp) -> Result<AlarmEvent, WireError> {
    let alarm = raised.raised(at)?;
    Ok(AlarmEvent {
        id: std::sync::Arc::clone(&alarm.id),
        kind: alarm.kind,
        subject: alarm.subject.clone(),
        change: AlarmChange::Raised(Box::new(alarm)),
    })
}

pub(super) fn reopened(alarm: &AlarmWire) -> Result<AlarmEvent, WireError> {
    let alarm = Alarm::try_from(alarm)?;
    Ok(AlarmEvent {
        id: std::sync::Arc::clone(&alarm.id),
        kind: alarm.kind,
        subject: alarm.subject.clone(),
        change: AlarmChange::Reopened(Box::new(alarm)),
    })
}

pub(super) fn changed(of: &OfAlarmWire, change: AlarmChange) -> Result<AlarmEvent, WireError> {
    Ok(AlarmEvent {
        id: of.alarm.as_str().into(),
        kind: kind(&of.code)?,
        subject: (&of.subject).try_into()?,
        change,
    })
}

pub(super) fn annunciated(of: &OfAlarmWire, by: &PersonWire) -> Result<AlarmEvent, WireError> {
    changed(of, AlarmChange::Annunciated(Person::try_from(by)?))
}

pub(super) fn taken(of: &OfAlarmWire, by: &PersonWire) -> Result<AlarmEvent, WireError> {
    changed(of, AlarmChange::Acknowledged(Person::try_from(by)?))
}

pub(super) fn shelved(of: &OfAlarmWire, shelf: &ShelfWire) -> Result<AlarmEvent, WireError> {
    changed(of, AlarmChange::Shelved(shelf.try_into()?))
}
