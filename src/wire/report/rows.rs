//! The rows of a report's tables.

mod messages;
mod notices;

pub use messages::{MessageRowWire, TurnedWire};
pub use notices::{AnswerRowWire, FailedRowWire, NoticeRowWire, VoiceRowWire};

use super::{AtWire, ByWire, text};
use crate::domain::operations::handover::Epoch;
use crate::domain::report::duties::{DutyKind, DutyRow, Fact, FactKind};
use crate::domain::report::sources::{Gap, Sealed, SourceRow};
use crate::domain::report::{
    AlarmRow, AlarmTotals, ChangeRow, CrossingRow, Led, RefusalRow, SignatureRow, StatementRow,
    Stay,
};
use crate::domain::tracks::Standing;
use crate::wire::alarm::RaisedWire;
use crate::wire::event::{ChangedWire, CrossingWire, StatementWire};
use crate::wire::law::CitationWire;
use crate::wire::operation::OperationCardWire;
use crate::wire::parts::{PersonWire, metres, seconds};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Which room led, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedWire {
    /// Which room.
    pub room: String,
    /// How often the lead had passed; left out of the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
    /// Who assumed it; left out of the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonWire>,
    /// From when.
    pub from: String,
    /// Until when; `null` while it leads.
    pub until: Option<String>,
    /// The record.
    pub record: u64,
}

impl From<&Led> for LedWire {
    fn from(led: &Led) -> Self {
        Self {
            room: led.room.to_string(),
            epoch: (led.epoch > Epoch::FIRST).then_some(led.epoch.0),
            by: led.by.as_ref().map(Into::into),
            from: led.from.to_string(),
            until: text(led.until),
            record: led.record.0,
        }
    }
}

/// A crossing, and whether it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CrossingRowWire {
    /// Place, time and grounds as last told.
    #[serde(flatten)]
    pub crossing: CrossingWire,
    /// `suspected`, `confirmed`, `retracted`.
    pub standing: String,
    /// Every record that speaks of it.
    pub records: Vec<u64>,
}

impl From<&CrossingRow> for CrossingRowWire {
    fn from(row: &CrossingRow) -> Self {
        Self {
            crossing: CrossingWire::of(&row.unit, &row.crossing),
            standing: match row.standing {
                Standing::Suspected => "suspected",
                Standing::Confirmed => "confirmed",
                Standing::Retracted => "retracted",
            }
            .to_owned(),
            records: row.records.iter().map(|record| record.0).collect(),
        }
    }
}

/// A unit abroad, by the crossings that stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StayWire {
    /// Which unit.
    pub unit: String,
    /// Where.
    pub states: String,
    /// Since when, most likely; `null`: no crossing into it is recorded.
    pub since: Option<String>,
    /// Until when, most likely; `null`: no crossing out of it is recorded.
    pub until: Option<String>,
}

impl From<&Stay> for StayWire {
    fn from(stay: &Stay) -> Self {
        Self {
            unit: stay.unit.to_string(),
            states: stay.states.to_string(),
            since: text(stay.since),
            until: text(stay.until),
        }
    }
}

/// One duty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DutyRowWire {
    /// `condition`, `notice`, `clock`, `limit`, `held`.
    pub kind: String,
    /// Which: the condition, `notice_of_crossing` or `request`, the clock; `null` of the others.
    pub what: Option<String>,
    /// The notice.
    pub notice: Option<String>,
    /// Whose, when it is one unit's.
    pub unit: Option<String>,
    /// Towards which state.
    pub host: Option<String>,
    /// `met`, `not_met`, `not_applicable`, `not_recorded`.
    pub kept: String,
    /// What happened, oldest first.
    pub facts: Vec<FactWire>,
    /// On what it rests.
    pub citation: Option<CitationWire>,
}

impl From<&DutyRow> for DutyRowWire {
    fn from(row: &DutyRow) -> Self {
        let (kind, what, notice) = match &row.kind {
            DutyKind::Condition(word) => ("condition", Some(word.to_string()), None),
            DutyKind::Notice(duty, notice) => {
                let duty = Some(duty.as_str().to_owned());
                ("notice", duty, Some(notice.to_string()))
            }
            DutyKind::Clock(clock) => ("clock", Some(clock.as_str().to_owned()), None),
            DutyKind::Limit => ("limit", None, None),
            DutyKind::Held => ("held", None, None),
        };
        Self {
            kind: kind.to_owned(),
            what,
            notice,
            unit: text(row.unit.as_ref()),
            host: text(row.host),
            kept: row.kept.as_str().to_owned(),
            facts: row.facts.iter().map(Into::into).collect(),
            citation: row.citation.as_ref().map(Into::into),
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FactWire {
    /// When.
    pub at: String,
    /// `met`, `not_met`, `unknown` (the law's answer), `owed`, `sent`, `seen`, `voice`, `withdrawn`, `began`, `ends`, `expired`,
    /// `stopped`, `reached`, `held`, `handed_over`, `arrest_requested`, `released`.
    pub what: String,
    /// What was said of it, as it was recorded.
    pub said: Option<String>,
    /// The unit that holds a person; `null` when officers of the host do.
    pub unit: Option<String>,
    /// The distance measured.
    pub measured_m: Option<f64>,
    /// How far it may be.
    pub max_m: Option<f64>,
    /// The record.
    pub record: u64,
}

impl From<&Fact> for FactWire {
    fn from(fact: &Fact) -> Self {
        let plain = Self {
            at: fact.at.to_string(),
            what: fact.what.as_str().to_owned(),
            said: None,
            unit: None,
            measured_m: None,
            max_m: None,
            record: fact.record.0,
        };
        match &fact.what {
            FactKind::Voice(name, number) => Self {
                said: Some(format!("{name}, {number}")),
                ..plain
            },
            FactKind::Answered(_, said) => Self {
                said: Some(said.to_string()),
                ..plain
            },
            FactKind::Step(_, note) => Self {
                said: (!note.is_empty()).then(|| note.to_string()),
                ..plain
            },
            FactKind::Reached(measured, max) => Self {
                measured_m: Some(metres(*measured)),
                max_m: Some(metres(*max)),
                ..plain
            },
            FactKind::HeldBy(unit) => Self {
                unit: text(unit.as_ref()),
                ..plain
            },
            FactKind::Owed
            | FactKind::Sent
            | FactKind::Seen
            | FactKind::Withdrawn
            | FactKind::Began
            | FactKind::Ends
            | FactKind::Expired
            | FactKind::Stopped => plain,
        }
    }
}

/// An alarm, from raised to cleared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlarmRowWire {
    /// What it said.
    #[serde(flatten)]
    pub alarm: RaisedWire,
    /// When it was raised.
    pub raised: AtWire,
    /// Who took it first.
    pub acknowledged: Option<ByWire>,
    /// Who put it aside.
    pub shelved: Vec<PutAsideWire>,
    /// When the fact held no more.
    pub cleared: Option<AtWire>,
    /// From raised to taken.
    pub taken_after_s: Option<f64>,
}

/// An alarm put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PutAsideWire {
    /// When.
    pub at: String,
    /// By whom.
    pub by: PersonWire,
    /// Until when.
    pub until: String,
    /// The record.
    pub record: u64,
}

impl From<&AlarmRow> for AlarmRowWire {
    fn from(row: &AlarmRow) -> Self {
        Self {
            alarm: (&row.alarm).into(),
            raised: (&row.raised).into(),
            acknowledged: row.acknowledged.as_ref().map(Into::into),
            shelved: (row.shelved.iter())
                .map(|shelf| PutAsideWire {
                    at: shelf.at.to_string(),
                    by: (&shelf.value.0).into(),
                    until: shelf.value.1.to_string(),
                    record: shelf.record.0,
                })
                .collect(),
            cleared: row.cleared.as_ref().map(Into::into),
            taken_after_s: row.taken_after().map(seconds),
        }
    }
}

/// The alarms of an operation in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlarmTotalsWire {
    /// Of the first priority.
    pub p1: u64,
    /// Of the second.
    pub p2: u64,
    /// Of the third.
    pub p3: u64,
    /// How many an hour, while it was open; `null` for less than a minute.
    pub an_hour: Option<f64>,
    /// How long until one was taken, at the median; `null` when none was.
    pub taken_after_s: Option<f64>,
}

impl From<&AlarmTotals> for AlarmTotalsWire {
    fn from(totals: &AlarmTotals) -> Self {
        let [p1, p2, p3] = totals.raised;
        Self {
            p1,
            p2,
            p3,
            // Tenths: a rate of some hours is no exacter.
            an_hour: totals.an_hour.map(|rate| (rate * 10.0).round() / 10.0),
            taken_after_s: totals.taken_after.map(seconds),
        }
    }
}

/// What the positions of one unit rest on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SourceRowWire {
    /// Which unit.
    pub unit: String,
    /// Its devices.
    pub devices: Vec<String>,
    /// Fixes admitted while the operation was open, and since the earliest crossing told in it.
    pub fixes: u64,
    /// The first; `null` when there is none.
    pub first: Option<String>,
    /// The last.
    pub last: Option<String>,
    /// Times without a fix, longer than 15 s: the fifty longest at most.
    pub gaps: Vec<GapWire>,
    /// How many there were.
    pub gap_count: u64,
    /// Fixes that came later than 60 s after they were taken.
    pub stored: u64,
    /// The latest of these.
    pub latest_by_s: Option<f64>,
    /// Fixes kept apart, by reason.
    pub kept_apart: BTreeMap<String, u64>,
    /// When it was said to be silent, since its last fix.
    pub silences: Vec<AtWire>,
    /// Of a technical source, the times in which it was sealed; left out when it never was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed: Vec<SealedWire>,
}

/// A time in which a technical source was sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SealedWire {
    /// Since when.
    pub from: AtWire,
    /// Until when; `null` when it was never read again.
    pub until: Option<AtWire>,
}

impl From<&Sealed> for SealedWire {
    fn from(sealed: &Sealed) -> Self {
        Self {
            from: (&sealed.from).into(),
            until: sealed.until.as_ref().map(Into::into),
        }
    }
}

/// A time without a fix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GapWire {
    /// The last fix before it.
    pub from: String,
    /// The first after it.
    pub to: String,
    /// How long.
    pub seconds: f64,
}

impl From<&Gap> for GapWire {
    fn from(gap: &Gap) -> Self {
        Self {
            from: gap.from.to_string(),
            to: gap.to.to_string(),
            seconds: seconds(gap.length()),
        }
    }
}

impl From<&SourceRow> for SourceRowWire {
    fn from(row: &SourceRow) -> Self {
        Self {
            unit: row.unit.to_string(),
            devices: row.devices.iter().map(ToString::to_string).collect(),
            fixes: row.fixes,
            first: text(row.heard.map(|(first, _)| first)),
            last: text(row.heard.map(|(_, last)| last)),
            gaps: row.gaps.iter().map(Into::into).collect(),
            gap_count: row.gap_count,
            stored: row.stored,
            latest_by_s: row.latest_by.map(seconds),
            kept_apart: (row.kept_apart.iter())
                .map(|(reason, count)| (reason.as_str().to_owned(), *count))
                .collect(),
            silences: (row.silences.iter())
                .map(|silence| AtWire {
                    at: silence.value.to_string(),
                    record: silence.record.0,
                })
                .collect(),
            sealed: row.sealed.iter().map(Into::into).collect(),
        }
    }
}

/// A change, and what stood before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChangeRowWire {
    /// When.
    pub at: String,
    /// By whom.
    pub by: PersonWire,
    /// The record.
    pub record: u64,
    /// What.
    #[serde(flatten)]
    pub change: ChangedWire,
    /// The operation before it: the old values.
    pub before: OperationCardWire,
}

impl From<&ChangeRow> for ChangeRowWire {
    fn from(row: &ChangeRow) -> Self {
        Self {
            at: row.by.at.to_string(),
            by: (&row.by.value).into(),
            record: row.by.record.0,
            change: (&row.change).into(),
            before: (&row.before).into(),
        }
    }
}

/// An order that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefusalRowWire {
    /// When.
    pub at: String,
    /// Who asked.
    pub by: PersonWire,
    /// What was asked.
    pub order: String,
    /// The guard that held.
    pub guard: String,
    /// Why not, as it was said.
    pub sentence: String,
    /// The record.
    pub record: u64,
}

impl From<&RefusalRow> for RefusalRowWire {
    fn from(row: &RefusalRow) -> Self {
        Self {
            at: row.at.to_string(),
            by: (&row.by).into(),
            order: row.order.to_string(),
            guard: row.guard.to_string(),
            sentence: row.sentence.to_string(),
            record: row.record.0,
        }
    }
}

/// What a person stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatementRowWire {
    /// When.
    pub at: String,
    /// By whom.
    pub by: PersonWire,
    /// What.
    #[serde(flatten)]
    pub statement: StatementWire,
    /// The record.
    pub record: u64,
}

impl From<&StatementRow> for StatementRowWire {
    fn from(row: &StatementRow) -> Self {
        Self {
            at: row.by.at.to_string(),
            by: (&row.by.value).into(),
            statement: (&row.statement).into(),
            record: row.by.record.0,
        }
    }
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignatureRowWire {
    /// When.
    pub at: String,
    /// By whom.
    pub by: PersonWire,
    /// The SHA-256 of the facts that were signed.
    pub facts: String,
    /// The room's public key (Ed25519).
    pub key: String,
    /// The signature over the signed document, which stands in the record.
    pub signature: String,
    /// The record.
    pub record: u64,
}

impl From<&SignatureRow> for SignatureRowWire {
    fn from(row: &SignatureRow) -> Self {
        Self {
            at: row.by.at.to_string(),
            by: (&row.by.value).into(),
            facts: row.facts.to_string(),
            key: row.key.to_string(),
            signature: row.signature.to_string(),
            record: row.by.record.0,
        }
    }
}
