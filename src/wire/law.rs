//! Findings, duties and citations as they are stored and shown.

use super::parts::{WireError, word};
use crate::domain::law::finding::{
    Answer, Assessment, Citation, ClockSpec, Confidence, Duty, DutyOwed, Finding, Origin, Verdict,
    Weight,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;
use utoipa::ToSchema;

/// On what something rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CitationWire {
    /// `law`, `treaty`, `profile`, `exercise`.
    pub origin: String,
    /// Instrument and article.
    pub instrument: String,
    /// Source ids of the rule data.
    pub sources: Vec<String>,
    /// `high`, `medium`, `low`, `unknown`.
    pub confidence: String,
    /// The version of the rules.
    pub rules_version: u32,
}

impl From<&Citation> for CitationWire {
    fn from(citation: &Citation) -> Self {
        Self {
            origin: citation.origin.as_str().to_owned(),
            instrument: citation.instrument.to_string(),
            sources: citation.sources.iter().map(ToString::to_string).collect(),
            confidence: citation.confidence.as_str().to_owned(),
            rules_version: citation.rules_version,
        }
    }
}

impl TryFrom<&CitationWire> for Citation {
    type Error = WireError;

    fn try_from(citation: &CitationWire) -> Result<Self, WireError> {
        Ok(Self {
            origin: word(&citation.origin, Origin::parse, "an origin")?,
            instrument: citation.instrument.as_str().into(),
            sources: citation
                .sources
                .iter()
                .map(|source| Arc::from(source.as_str()))
                .collect(),
            confidence: word(&citation.confidence, Confidence::parse, "a confidence")?,
            rules_version: citation.rules_version,
        })
    }
}

/// One condition, answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FindingWire {
    /// A stable word.
    pub condition: String,
    /// `met`, `not_met`, `unknown`.
    pub answer: String,
    /// One sentence.
    pub sentence: String,
    /// On what it rests.
    pub citation: CitationWire,
    /// Whether it stops nothing when it is not met, and only warns.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warns: bool,
}

impl From<&Finding> for FindingWire {
    fn from(finding: &Finding) -> Self {
        Self {
            condition: finding.condition.to_string(),
            answer: finding.answer.as_str().to_owned(),
            sentence: finding.sentence.to_string(),
            citation: (&finding.citation).into(),
            warns: finding.weight == Weight::Warns,
        }
    }
}

impl TryFrom<&FindingWire> for Finding {
    type Error = WireError;

    fn try_from(finding: &FindingWire) -> Result<Self, WireError> {
        Ok(Self {
            condition: finding.condition.as_str().into(),
            answer: word(&finding.answer, Answer::parse, "an answer")?,
            sentence: finding.sentence.as_str().into(),
            citation: (&finding.citation).try_into()?,
            weight: if finding.warns {
                Weight::Warns
            } else {
                Weight::Stops
            },
        })
    }
}

/// A duty owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DutyWire {
    /// `notice_of_crossing`, `request`, `report`.
    pub duty: String,
    /// When, in the law's own word.
    pub when: String,
    /// On what it rests.
    pub citation: CitationWire,
}

impl From<&DutyOwed> for DutyWire {
    fn from(owed: &DutyOwed) -> Self {
        Self {
            duty: owed.duty.as_str().to_owned(),
            when: owed.when.to_string(),
            citation: (&owed.citation).into(),
        }
    }
}

impl TryFrom<&DutyWire> for DutyOwed {
    type Error = WireError;

    fn try_from(owed: &DutyWire) -> Result<Self, WireError> {
        Ok(Self {
            duty: word(&owed.duty, Duty::parse, "a duty")?,
            when: owed.when.as_str().into(),
            citation: (&owed.citation).try_into()?,
        })
    }
}

/// What the law answered. Its clocks are events of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AssessmentWire {
    /// `no_obstacle` or `stop`.
    pub verdict: String,
    /// Every condition looked at.
    pub findings: Vec<FindingWire>,
    /// What is owed.
    pub duties: Vec<DutyWire>,
    /// Which clocks run.
    pub clocks: Vec<ClockSpecWire>,
}

/// A clock that the law starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ClockSpecWire {
    /// `consent`, `authorisation_window`, `pursuit_period`.
    pub clock: String,
    /// From when it counts.
    pub starts: String,
    /// When it is over.
    pub ends: String,
    /// On what it rests.
    pub citation: CitationWire,
}

impl From<&Assessment> for AssessmentWire {
    fn from(assessment: &Assessment) -> Self {
        Self {
            verdict: assessment.verdict.as_str().to_owned(),
            findings: assessment.findings.iter().map(Into::into).collect(),
            duties: assessment.duties.iter().map(Into::into).collect(),
            clocks: assessment
                .clocks
                .iter()
                .map(|clock| ClockSpecWire {
                    clock: clock.kind.as_str().to_owned(),
                    starts: clock.starts.to_string(),
                    ends: clock.ends.to_string(),
                    citation: (&clock.citation).into(),
                })
                .collect(),
        }
    }
}

impl TryFrom<&AssessmentWire> for Assessment {
    type Error = WireError;

    fn try_from(assessment: &AssessmentWire) -> Result<Self, WireError> {
        let clock = |clock: &ClockSpecWire| -> Result<ClockSpec, WireError> {
            Ok(ClockSpec {
                kind: word(
                    &clock.clock,
                    crate::domain::law::finding::ClockKind::parse,
                    "a clock",
                )?,
                starts: super::parts::timestamp(&clock.starts)?,
                ends: super::parts::timestamp(&clock.ends)?,
                citation: (&clock.citation).try_into()?,
            })
        };
        Ok(Self {
            verdict: word(&assessment.verdict, Verdict::parse, "a verdict")?,
            findings: assessment
                .findings
                .iter()
                .map(TryInto::try_into)
                .collect::<Result<_, _>>()?,
            duties: assessment
                .duties
                .iter()
                .map(TryInto::try_into)
                .collect::<Result<_, _>>()?,
            clocks: assessment
                .clocks
                .iter()
                .map(clock)
                .collect::<Result<_, _>>()?,
        })
    }
}
