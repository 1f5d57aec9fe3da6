//! Alarms as they are stored, sent and shown.

use super::parts::{PersonWire, WireError, timestamp, word};
use crate::domain::alarms::figures::Figures;
use crate::domain::alarms::{Alarm, AlarmKind, Shelf, Subject};
use crate::domain::ids::{NoticeId, OperationId, RoomId, State, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::registry::Person;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What an alarm is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct AlarmSubjectWire {
    /// Which operation.
    pub operation: Option<String>,
    /// Which unit.
    pub unit: Option<String>,
    /// Which notice.
    pub notice: Option<String>,
    /// Which host state.
    pub host: Option<String>,
    /// Which room in another service; left out of alarms of anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub room: Option<String>,
}

impl From<&Subject> for AlarmSubjectWire {
    fn from(subject: &Subject) -> Self {
        Self {
            operation: subject.operation.as_ref().map(ToString::to_string),
            unit: subject.unit.as_ref().map(ToString::to_string),
            notice: subject.notice.as_ref().map(ToString::to_string),
            host: subject.host.map(|host| host.to_string()),
            room: subject.room.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<&AlarmSubjectWire> for Subject {
    type Error = WireError;

    fn try_from(subject: &AlarmSubjectWire) -> Result<Self, WireError> {
        Ok(Self {
            operation: subject
                .operation
                .as_deref()
                .map(OperationId::parse)
                .transpose()?,
            unit: subject.unit.as_deref().map(UnitId::parse).transpose()?,
            notice: subject.notice.as_deref().map(NoticeId::parse).transpose()?,
            host: subject.host.as_deref().map(State::parse).transpose()?,
            room: subject.room.as_deref().map(RoomId::parse).transpose()?,
        })
    }
}

/// An alarm as it was raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RaisedWire {
    /// Its id: the code and a number.
    pub alarm: String,
    /// The code of the list, such as `A02`.
    pub code: String,
    /// 1, 2 or 3.
    pub priority: u8,
    /// What it is about.
    #[serde(flatten)]
    pub subject: AlarmSubjectWire,
    /// Since when the fact holds.
    pub since: String,
    /// What, who and where, in one sentence.
    pub sentence: String,
    /// What to do.
    pub action: String,
}

impl From<&Alarm> for RaisedWire {
    fn from(alarm: &Alarm) -> Self {
        Self {
            alarm: alarm.id.to_string(),
            code: alarm.kind.code().to_owned(),
            priority: alarm.kind.priority().number(),
            subject: (&alarm.subject).into(),
            since: alarm.since.to_string(),
            sentence: alarm.sentence.to_string(),
            action: alarm.action.to_string(),
        }
    }
}

impl RaisedWire {
    /// The alarm, raised at a moment.
    ///
    /// # Errors
    /// [`WireError`] when a value is not what its key promises.
    pub fn raised(&self, at: Timestamp) -> Result<Alarm, WireError> {
        Ok(Alarm {
            id: self.alarm.as_str().into(),
            kind: kind(&self.code)?,
            subject: (&self.subject).try_into()?,
            since: timestamp(&self.since)?,
            sentence: self.sentence.as_str().into(),
            action: self.action.as_str().into(),
            raised_at: at,
            annunciated: None,
            acknowledged: None,
            shelved: None,
        })
    }
}

/// The kind of a code.
///
/// # Errors
/// [`WireError`] for a code that is not in the list.
pub fn kind(code: &str) -> Result<AlarmKind, WireError> {
    word(code, AlarmKind::parse, "a code of the alarm list")
}

/// Who put an alarm aside, until when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ShelfWire {
    /// Who.
    pub by: PersonWire,
    /// Until when.
    pub until: String,
    /// Why.
    pub reason: String,
}

impl From<&Shelf> for ShelfWire {
    fn from(shelf: &Shelf) -> Self {
        Self {
            by: (&shelf.by).into(),
            until: shelf.until.to_string(),
            reason: shelf.reason.to_string(),
        }
    }
}

impl TryFrom<&ShelfWire> for Shelf {
    type Error = WireError;

    fn try_from(shelf: &ShelfWire) -> Result<Self, WireError> {
        Ok(Self {
            by: (&shelf.by).try_into()?,
            until: timestamp(&shelf.until)?,
            reason: shelf.reason.as_str().into(),
        })
    }
}

/// Who has taken an alarm, or saw it first, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TakenWire {
    /// Who.
    pub by: PersonWire,
    /// When.
    pub at: String,
}

/// An alarm that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AlarmWire {
    /// Its id: the code and a number.
    pub id: String,
    /// As it was raised.
    #[serde(flatten)]
    pub raised: RaisedWire,
    /// When it was raised.
    pub raised_at: String,
    /// Before whose eyes a screen showed it first, and when.
    pub annunciated: Option<TakenWire>,
    /// Who has taken it.
    pub acknowledged: Option<TakenWire>,
    /// Put aside until then; it is shown again after that.
    pub shelved: Option<ShelfWire>,
}

impl From<&Alarm> for AlarmWire {
    fn from(alarm: &Alarm) -> Self {
        let named = |told: &Option<(Person, Timestamp)>| {
            told.as_ref().map(|(by, at)| TakenWire {
                by: by.into(),
                at: at.to_string(),
            })
        };
        Self {
            id: alarm.id.to_string(),
            raised: alarm.into(),
            raised_at: alarm.raised_at.to_string(),
            annunciated: named(&alarm.annunciated),
            acknowledged: named(&alarm.acknowledged),
            shelved: alarm.shelved.as_ref().map(Into::into),
        }
    }
}

impl TryFrom<&AlarmWire> for Alarm {
    type Error = WireError;

    fn try_from(alarm: &AlarmWire) -> Result<Self, WireError> {
        let named = |told: &Option<TakenWire>| {
            let read = |told: &TakenWire| {
                Ok::<_, WireError>((Person::try_from(&told.by)?, timestamp(&told.at)?))
            };
            told.as_ref().map(read).transpose()
        };
        Ok(Self {
            annunciated: named(&alarm.annunciated)?,
            acknowledged: named(&alarm.acknowledged)?,
            shelved: alarm.shelved.as_ref().map(Shelf::try_from).transpose()?,
            ..alarm.raised.raised(timestamp(&alarm.raised_at)?)?
        })
    }
}

/// How much is asked of the people at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AlarmFiguresWire {
    /// Alarms that stand.
    pub standing: usize,
    /// Of them, not taken by anybody.
    pub unacknowledged: usize,
    /// Raised in the last ten minutes.
    pub ten_minutes: usize,
    /// Raised in the last hour.
    pub hour: usize,
    /// Raised in the last 24 hours: priority 1, 2 and 3.
    pub day: [usize; 3],
    /// More than ten in ten minutes: more than a person can take.
    pub flood: bool,
}

/// The alarms of a room and their figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AlarmsWire {
    /// Those that stand, the most pressing first, then the oldest.
    pub alarms: Vec<AlarmWire>,
    /// How much is asked of the people.
    pub figures: AlarmFiguresWire,
}

impl AlarmFiguresWire {
    /// Of what stands, and what was counted.
    #[must_use]
    pub fn of(alarms: &[AlarmWire], counted: Figures) -> Self {
        Self {
            standing: alarms.len(),
            unacknowledged: alarms
                .iter()
                .filter(|alarm| alarm.acknowledged.is_none())
                .count(),
            ten_minutes: counted.ten_minutes,
            hour: counted.hour,
            day: counted.day,
            flood: counted.flood,
        }
    }
}
