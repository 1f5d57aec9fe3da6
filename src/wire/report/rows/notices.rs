//! The rows of table B: what the rooms told each other.

use crate::domain::operations::HostAnswer;
use crate::domain::registry::Person;
use crate::domain::report::{Noted, NoticeRow};
use crate::wire::answer::HostAnswerWire;
use crate::wire::call::CallWire;
use crate::wire::parts::{PersonWire, seconds};
use crate::wire::report::{AtWire, ByWire};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A notice, from owed to read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NoticeRowWire {
    /// Its id.
    pub notice: String,
    /// `notice_of_crossing`, `request`.
    pub duty: String,
    /// From which room.
    pub from: String,
    /// To which room.
    pub to: String,
    /// Since when it is owed.
    pub owed: Option<AtWire>,
    /// Who sent it.
    pub sent: Option<ByWire>,
    /// Each time that no way was left by which it would arrive; left out when that was never so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedRowWire>,
    /// When the partner's machine had it.
    pub delivered: Option<AtWire>,
    /// Who of the partner read it first; of a call, who wrote it down.
    pub seen: Option<ByWire>,
    /// The call by which the host said that it was read; left out when a person of a room here did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_call: Option<CallWire>,
    /// What the host answered, oldest first; left out when nothing was written down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<AnswerRowWire>,
    /// To whom, under which number and when it was given by telephone, and who wrote that down; left out when it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<VoiceRowWire>,
    /// When nothing was owed by it any more.
    pub withdrawn: Option<AtWire>,
    /// Why.
    pub because: Option<String>,
    /// From owed to sent, or told by telephone; below zero when that was before the crossing.
    pub latency_s: Option<f64>,
}

impl From<&NoticeRow> for NoticeRowWire {
    fn from(row: &NoticeRow) -> Self {
        Self {
            notice: row.notice.to_string(),
            duty: row.duty.as_str().to_owned(),
            from: row.from.to_string(),
            to: row.to.to_string(),
            owed: row.owed.as_ref().map(|owed| AtWire {
                at: owed.value.to_string(),
                record: owed.record.0,
            }),
            sent: row.sent.as_ref().map(Into::into),
            failed: row.failed.iter().map(Into::into).collect(),
            delivered: row.delivered.as_ref().map(Into::into),
            seen: row.seen.as_ref().map(Into::into),
            seen_call: row.seen_call.as_ref().map(Into::into),
            answers: row.answers.iter().map(Into::into).collect(),
            voice: row.voice.as_ref().map(|voice| VoiceRowWire {
                call: (&voice.value.1).into(),
                by: (&voice.value.0).into(),
                record: voice.record.0,
            }),
            withdrawn: row.withdrawn.as_ref().map(Into::into),
            because: row.withdrawn.as_ref().map(|of| of.value.to_string()),
            latency_s: row.latency().map(seconds),
        }
    }
}

/// What a host answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnswerRowWire {
    /// The answer.
    #[serde(flatten)]
    pub answer: HostAnswerWire,
    /// Who wrote it down.
    pub by: PersonWire,
    /// The record.
    pub record: u64,
}

impl From<&Noted<(Person, HostAnswer)>> for AnswerRowWire {
    fn from(noted: &Noted<(Person, HostAnswer)>) -> Self {
        let (by, answer) = &noted.value;
        Self {
            answer: answer.into(),
            by: by.into(),
            record: noted.record.0,
        }
    }
}

/// That a notice could not be delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FailedRowWire {
    /// When.
    pub at: String,
    /// By which record.
    pub record: u64,
    /// Why, in the words of the way or of the far side's machine.
    pub because: String,
}

impl From<&Noted<Arc<str>>> for FailedRowWire {
    fn from(failed: &Noted<Arc<str>>) -> Self {
        Self {
            at: failed.at.to_string(),
            record: failed.record.0,
            because: failed.value.to_string(),
        }
    }
}

/// A notice given by telephone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VoiceRowWire {
    /// The call.
    #[serde(flatten)]
    pub call: CallWire,
    /// Who wrote it down.
    pub by: PersonWire,
    /// The record.
    pub record: u64,
}
