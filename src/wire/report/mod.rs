//! A report as it leaves the house: JSON with a record's number beside every figure, and a sheet to read and print.
//!
//! [`content`] says which facts stand where on the [`sheet`], with a [`map`] and a timeline; [`html`] and [`pdf`] draw it.

pub mod content;
pub mod figure;
pub mod html;
pub mod map;
pub mod pdf;
mod picture;
mod plane;
pub mod quarter;
pub mod redacted;
mod rows;
pub mod sheet;
mod timeline;

pub use picture::{ReportPicture, ReportSignedPicture};
pub use rows::{
    AlarmRowWire, AlarmTotalsWire, AnswerRowWire, ChangeRowWire, CrossingRowWire, DutyRowWire,
    FactWire, FailedRowWire, GapWire, LedWire, MessageRowWire, NoticeRowWire, PutAsideWire,
    RefusalRowWire, SealedWire, SignatureRowWire, SourceRowWire, StatementRowWire, StayWire,
    TurnedWire, VoiceRowWire,
};

use self::redacted::RedactedWire;
use super::border_index::hex;
use super::operation::OperationCardWire;
use super::parts::{PersonWire, UnitCardWire};
use crate::domain::law::profile::ProfileVersion;
use crate::domain::report::{Noted, Report};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt::Display;
use utoipa::ToSchema;

/// The version of this form.
pub const REPORT_FORMAT: u32 = 1;

/// The report of one operation, from one room's ledger. What nobody recorded is `null`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportWire {
    /// The version of this form.
    pub format: u32,
    /// Of a redacted copy: of which report. Left out of the report itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<RedactedWire>,
    /// What it was made from.
    pub made: MadeWire,
    /// The operation, with what was corrected since.
    pub operation: OperationCardWire,
    /// Who opened it.
    pub opened: ByWire,
    /// Who closed it, and how it ended; `null` while it is open.
    pub closed: Option<ClosedRowWire>,
    /// The rules it was opened with.
    pub rules: Option<RulesRowWire>,
    /// The profiles with its host states that it rests on; of the others the workflow's defaults held.
    pub profiles: Vec<ProfileRowWire>,
    /// Its units, as registered.
    pub units: Vec<UnitCardWire>,
    /// Who led, and until when.
    pub led: Vec<LedWire>,
    /// Every crossing of its units that was told.
    pub crossings: Vec<CrossingRowWire>,
    /// When its units were abroad.
    pub stays: Vec<StayWire>,
    /// Table A: each duty, what happened, and whether it was met.
    pub duties: Vec<DutyRowWire>,
    /// Table B: what the rooms told each other.
    pub notices: Vec<NoticeRowWire>,
    /// The same table: what they said to each other of the lead; left out when that was nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<MessageRowWire>,
    /// Table C: alarms, and who took them.
    pub alarms: Vec<AlarmRowWire>,
    /// The same in figures.
    pub alarm_totals: AlarmTotalsWire,
    /// Table D: what the positions rest on.
    pub sources: Vec<SourceRowWire>,
    /// What was changed and corrected.
    pub changes: Vec<ChangeRowWire>,
    /// What was refused.
    pub refusals: Vec<RefusalRowWire>,
    /// Since when it is owed: the last unit was home.
    pub owed: Option<AtWire>,
    /// What persons stated: what no record tells.
    pub statements: Vec<StatementRowWire>,
    /// Who signed it: the report, then addenda.
    pub signatures: Vec<SignatureRowWire>,
}

/// From what a report was made, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct MadeWire {
    /// The room whose ledger it is.
    pub ledger: String,
    /// When.
    pub at: String,
    /// The last record of the operation in it.
    pub through: u64,
    /// Records of the operation that were erased: what they said is not in it.
    pub erased: u64,
    /// Positions of its units that were erased, of days near it: fixes counted in `sources` once may be missing now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased_positions: Vec<ErasedPositionsWire>,
    /// The ledger's last record when it was made, as `LEDGER:SEQ:HASH`: `limes journal verify --head` checks that it is
    /// still there.
    pub head: String,
    /// The program and its version.
    pub program: String,
    /// The SHA-256 of what it says, whenever it was made: who signs it names this.
    pub facts: String,
}

/// Positions of one unit that were erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErasedPositionsWire {
    /// The unit.
    pub unit: String,
    /// The first day of recording, UTC.
    pub from_day: String,
    /// The last.
    pub to_day: String,
    /// The record of the erasure.
    pub record: u64,
}

/// When something was done, by whom, and the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ByWire {
    /// When.
    pub at: String,
    /// By whom.
    pub by: PersonWire,
    /// The record.
    pub record: u64,
}

/// When an operation was closed, by whom, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClosedRowWire {
    /// When.
    pub at: String,
    /// By whom.
    pub by: PersonWire,
    /// Why.
    pub reason: String,
    /// How it ended; `null` when nobody said.
    pub outcome: Option<String>,
    /// The record.
    pub record: u64,
}

/// The rules an operation rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RulesRowWire {
    /// The version its authors gave it.
    pub version: u32,
    /// The SHA-256 of all it was read from.
    pub digest: String,
    /// The record that says that the room adopted it.
    pub record: u64,
}

/// A profile an operation rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfileRowWire {
    /// Of which two states.
    pub pair: String,
    /// The version that they gave it.
    pub version: u32,
    /// The SHA-256 of the bytes that both signed.
    pub digest: String,
    /// The record that says that the room adopted it.
    pub record: u64,
}

impl From<&Noted<ProfileVersion>> for ProfileRowWire {
    fn from(noted: &Noted<ProfileVersion>) -> Self {
        Self {
            pair: noted.value.pair.to_string(),
            version: noted.value.version,
            digest: noted.value.digest.to_string(),
            record: noted.record.0,
        }
    }
}

/// When something happened, and the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AtWire {
    /// When.
    pub at: String,
    /// The record.
    pub record: u64,
}

impl<T> From<&Noted<T>> for AtWire {
    fn from(noted: &Noted<T>) -> Self {
        Self {
            at: noted.at.to_string(),
            record: noted.record.0,
        }
    }
}

impl From<&Noted<crate::domain::registry::Person>> for ByWire {
    fn from(noted: &Noted<crate::domain::registry::Person>) -> Self {
        Self {
            at: noted.at.to_string(),
            by: (&noted.value).into(),
            record: noted.record.0,
        }
    }
}

impl ReportWire {
    /// The form of a report that was made so.
    #[must_use]
    pub fn of(report: &Report, made: MadeWire) -> Self {
        let mut wire = Self {
            format: REPORT_FORMAT,
            redacted: None,
            made,
            operation: (&report.card).into(),
            opened: (&report.opened).into(),
            closed: report.closed.as_ref().map(|closed| ClosedRowWire {
                at: closed.at.to_string(),
                by: (&closed.value.by).into(),
                reason: closed.value.closing.reason.to_string(),
                outcome: (closed.value.closing.outcome).map(|outcome| outcome.as_str().to_owned()),
                record: closed.record.0,
            }),
            rules: report.rules.as_ref().map(|rules| RulesRowWire {
                version: rules.value.version,
                digest: rules.value.digest.to_string(),
                record: rules.record.0,
            }),
            profiles: all(&report.profiles),
            units: all(&report.units),
            led: all(&report.led),
            crossings: all(&report.crossings),
            stays: all(&report.stays),
            duties: all(&report.duties),
            notices: all(&report.notices),
            messages: all(&report.messages),
            alarms: all(&report.alarms),
            alarm_totals: (&report.alarm_totals).into(),
            sources: all(&report.sources),
            changes: all(&report.changes),
            refusals: all(&report.refusals),
            owed: report.owed.as_ref().map(Into::into),
            statements: all(&report.statements),
            signatures: all(&report.signatures),
        };
        wire.made.facts = wire.digest();
        wire
    }

    /// The SHA-256 of what it says, whenever and by whatever it was made, and whoever signed it: two reports of the same
    /// facts and statements have the same.
    fn digest(&self) -> String {
        let facts = Self {
            made: MadeWire::default(),
            signatures: Vec::new(),
            ..self.clone()
        };
        hex(&Sha256::digest(facts.to_bytes()))
    }

    /// The bytes of it: the same report gives the same bytes.
    ///
    /// # Panics
    /// Never: plain structs with text keys always have a JSON form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("plain structs have a JSON form")
    }
}

fn all<'a, T: 'a, W: From<&'a T>>(rows: &'a [T]) -> Vec<W> {
    rows.iter().map(W::from).collect()
}

fn text<T: Display>(value: Option<T>) -> Option<String> {
    value.map(|value| value.to_string())
}
