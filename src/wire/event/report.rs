//! Events of reports, to and from their stored form.

use super::EventBody;
use crate::domain::event::ReportEvent;
use crate::domain::operations::{SignedReport, Statement, Topic};
use crate::domain::registry::Person;
use crate::wire::parts::{PersonWire, WireError, word};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What a person states in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StatementWire {
    /// `weapons_used`, `force_used`, `injuries`, `damage`, `objects`, `why_ended`, `remark`.
    pub topic: String,
    /// What, in the person's words.
    pub text: String,
    /// In which language, such as `hu`; `null` when it was not said.
    #[serde(default)]
    pub language: Option<String>,
}

impl From<&Statement> for StatementWire {
    fn from(statement: &Statement) -> Self {
        Self {
            topic: statement.topic.as_str().to_owned(),
            text: statement.text.to_string(),
            language: statement.language.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<&StatementWire> for Statement {
    type Error = WireError;

    fn try_from(statement: &StatementWire) -> Result<Self, WireError> {
        Ok(Self {
            topic: word(&statement.topic, Topic::parse, "a topic of a report")?,
            text: statement.text.as_str().into(),
            language: statement.language.as_deref().map(Into::into),
        })
    }
}

/// A report as it was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SignedReportWire {
    /// The SHA-256 of its facts.
    pub facts: String,
    /// The room's public key: 64 hexadecimal digits (Ed25519).
    pub key: String,
    /// The signature over the bytes of the document: 128 hexadecimal digits.
    pub signature: String,
    /// The document, word for word.
    pub document: String,
}

impl From<&SignedReport> for SignedReportWire {
    fn from(signed: &SignedReport) -> Self {
        Self {
            facts: signed.facts.to_string(),
            key: signed.key.to_string(),
            signature: signed.signature.to_string(),
            document: signed.document.to_string(),
        }
    }
}

impl From<&SignedReportWire> for SignedReport {
    fn from(signed: &SignedReportWire) -> Self {
        Self {
            facts: signed.facts.as_str().into(),
            key: signed.key.as_str().into(),
            signature: signed.signature.as_str().into(),
            document: signed.document.as_str().into(),
        }
    }
}

pub(super) fn from_domain(operation: Option<String>, event: &ReportEvent) -> EventBody {
    match event {
        ReportEvent::Owed => EventBody::ReportOwed { operation },
        ReportEvent::Stated { statement, by } => EventBody::ReportStated {
            operation,
            statement: statement.into(),
            by: by.into(),
        },
        ReportEvent::Signed { signed, by } => EventBody::ReportSigned {
            operation,
            signed: (&**signed).into(),
            by: by.into(),
        },
    }
}

pub(super) fn stated(statement: &StatementWire, by: &PersonWire) -> Result<ReportEvent, WireError> {
    Ok(ReportEvent::Stated {
        statement: statement.try_into()?,
        by: Person::try_from(by)?,
    })
}

pub(super) fn signed(signed: &SignedReportWire, by: &PersonWire) -> Result<ReportEvent, WireError> {
    Ok(ReportEvent::Signed {
        signed: Box::new(signed.into()),
        by: Person::try_from(by)?,
    })
}
