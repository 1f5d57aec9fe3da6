//! What a host answered to a notice or request.

use super::parts::{PersonWire, WireError, timestamp, word};
use crate::domain::operations::{AnswerKind, HostAnswer};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Who of a host answered, when and what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct HostAnswerWire {
    /// The person who answered, by the name that was given.
    pub name: String,
    /// When.
    pub answered_at: String,
    /// `yes`, `no`, `other`: as the person who wrote it down understood it.
    pub answer: String,
    /// The words.
    pub words: String,
}

impl From<&HostAnswer> for HostAnswerWire {
    fn from(answer: &HostAnswer) -> Self {
        Self {
            name: answer.name.to_string(),
            answered_at: answer.at.to_string(),
            answer: answer.kind.as_str().to_owned(),
            words: answer.words.to_string(),
        }
    }
}

impl TryFrom<&HostAnswerWire> for HostAnswer {
    type Error = WireError;

    fn try_from(answer: &HostAnswerWire) -> Result<Self, WireError> {
        Ok(Self {
            name: answer.name.as_str().into(),
            at: timestamp(&answer.answered_at)?,
            kind: word(&answer.answer, AnswerKind::parse, "an answer")?,
            words: answer.words.as_str().into(),
        })
    }
}

/// An answer, as a picture shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AnsweredPicture {
    /// Who wrote it down.
    pub by: PersonWire,
    /// The answer.
    #[serde(flatten)]
    pub answer: HostAnswerWire,
}
