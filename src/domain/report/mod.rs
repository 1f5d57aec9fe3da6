//! What does the authority read afterwards? One operation, from the records of one room's ledger.
//!
//! ```text
//!   records of the operation ─▶ Draft ─▶ Report      every figure names the records it rests on
//!   fixes of its units ───────▶ Heard ─▶ sources     what nobody recorded is none here, never a zero
//! ```
//!
//! Nothing is decided here and nothing kept: the same records give the same report on every machine. [`duties`] sets each
//! duty of the law beside what happened, [`sources`] says what the positions rest on, [`ways`] where the units were, and
//! [`quarter`] counts a state's operations for its ministry.

mod alarms;
mod dialogue;
mod draft;
pub mod duties;
pub mod quarter;
pub mod sources;
pub mod ways;

pub use alarms::{AlarmRow, AlarmTotals};
pub use dialogue::MessageRow;
pub use draft::{Draft, Entry};

use super::event::Crossing;
use super::ids::{NoticeId, RoomId, Seq, StateSet, UnitId};
use super::law::finding::Duty;
use super::law::profile::ProfileVersion;
use super::law::rulebook::kept::RulesVersion;
use super::measure::{Span, Timestamp};
use super::operations::handover::Epoch;
use super::operations::{Call, Closing, HostAnswer, OperationCard, OperationChange, Statement};
use super::registry::{Person, UnitCard};
use super::tracks::Standing;
use duties::DutyRow;
use sources::SourceRow;
use std::sync::Arc;
use ways::Ways;

/// A value, and the record that says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Noted<T> {
    /// The value.
    pub value: T,
    /// When it happened.
    pub at: Timestamp,
    /// The record.
    pub record: Seq,
}

/// One operation as its records tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Its card, as corrected since.
    pub card: OperationCard,
    /// Who opened it.
    pub opened: Noted<Person>,
    /// Who closed it, and why; `None` while it is open.
    pub closed: Option<Noted<Closed>>,
    /// The rules it was opened with; `None` when no record names them.
    pub rules: Option<Noted<RulesVersion>>,
    /// The profiles that its room had adopted with its host states when it was opened; of the others the workflow's defaults
    /// held.
    pub profiles: Vec<Noted<ProfileVersion>>,
    /// Its units, as registered when they were last heard of in it.
    pub units: Vec<UnitCard>,
    /// Who led, and until when.
    pub led: Vec<Led>,
    /// Every crossing of its units that was told, by its most likely time.
    pub crossings: Vec<CrossingRow>,
    /// When its units were abroad.
    pub stays: Vec<Stay>,
    /// When its units pressed that the host's officers have taken over, oldest first.
    pub handed_over: Vec<(UnitId, Timestamp)>,
    /// Each duty, what happened, and whether it was met.
    pub duties: Vec<DutyRow>,
    /// What the rooms told each other.
    pub notices: Vec<NoticeRow>,
    /// What they said to each other of the lead, oldest first.
    pub messages: Vec<MessageRow>,
    /// What was raised, and who took it.
    pub alarms: Vec<AlarmRow>,
    /// The same in figures.
    pub alarm_totals: AlarmTotals,
    /// What the positions rest on.
    pub sources: Vec<SourceRow>,
    /// Where the units were, for a drawing: no fact of the report.
    pub ways: Ways,
    /// What was changed and corrected, oldest first.
    pub changes: Vec<ChangeRow>,
    /// What was refused, oldest first.
    pub refusals: Vec<RefusalRow>,
    /// Since when it is owed: the last unit was home.
    pub owed: Option<Noted<()>>,
    /// What persons stated in it, oldest first.
    pub statements: Vec<StatementRow>,
    /// Who signed it, oldest first: the report, then addenda.
    pub signatures: Vec<SignatureRow>,
    /// The last record it was read from.
    pub through: Seq,
}

/// Who closed an operation, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// Who.
    pub by: Person,
    /// Why, and how it ended.
    pub closing: Closing,
}

/// Which room led from when until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Led {
    /// Which.
    pub room: RoomId,
    /// How often the lead had passed, from 1.
    pub epoch: Epoch,
    /// Who assumed it; nobody the first one.
    pub by: Option<Person>,
    /// From.
    pub from: Timestamp,
    /// Until; `None` while it leads.
    pub until: Option<Timestamp>,
    /// The record that says so.
    pub record: Seq,
}

/// A crossing as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossingRow {
    /// Whose.
    pub unit: UnitId,
    /// Place, time and grounds as last told.
    pub crossing: Crossing,
    /// Whether it stands.
    pub standing: Standing,
    /// Every record that speaks of it.
    pub records: Vec<Seq>,
}

/// A unit abroad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Which unit.
    pub unit: UnitId,
    /// Where.
    pub states: StateSet,
    /// Since when, most likely; `None` when no crossing into it was recorded.
    pub since: Option<Timestamp>,
    /// Until when, most likely; `None` when no crossing out of it was recorded.
    pub until: Option<Timestamp>,
}

/// A notice, from owed to read.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeRow {
    /// Its id.
    pub notice: NoticeId,
    /// What is owed by it.
    pub duty: Duty,
    /// From which room.
    pub from: RoomId,
    /// To which room.
    pub to: RoomId,
    /// Since when it is owed.
    pub owed: Option<Noted<Timestamp>>,
    /// Who sent it.
    pub sent: Option<Noted<Person>>,
    /// Each time that no way was left by which it would arrive, and why.
    pub failed: Vec<Noted<Arc<str>>>,
    /// When the partner's machine had it.
    pub delivered: Option<Noted<()>>,
    /// Who of the partner read it first; of a call, who wrote it down.
    pub seen: Option<Noted<Person>>,
    /// The call by which the host said so, where it has no room here.
    pub seen_call: Option<Call>,
    /// What the host answered, and who wrote it down, oldest first.
    pub answers: Vec<Noted<(Person, HostAnswer)>>,
    /// Who wrote down that it was given by telephone, and the call. It happened when they spoke.
    pub voice: Option<Noted<(Person, Call)>>,
    /// Why nothing is owed by it any more.
    pub withdrawn: Option<Noted<Arc<str>>>,
}

impl NoticeRow {
    /// When it was first given, by either way: a room here has what is sent at once, of a mail the far side's word counts.
    #[must_use]
    pub fn given(&self) -> Option<Timestamp> {
        let arrived = self.delivered.as_ref().map(|delivered| delivered.at);
        let spoken = self.voice.as_ref().map(|voice| voice.at);
        arrived.into_iter().chain(spoken).min()
    }

    /// How long after it was owed it was sent, or told by telephone; below zero when that was before the crossing.
    #[must_use]
    pub fn latency(&self) -> Option<Span> {
        let owed = self.owed.as_ref()?;
        Some(self.given()?.since(owed.value))
    }
}

/// A change that a person made.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeRow {
    /// What.
    pub change: OperationChange,
    /// The card before it: the old values.
    pub before: OperationCard,
    /// Who.
    pub by: Noted<Person>,
}

/// What a person stated in the report.
#[derive(Debug, Clone, PartialEq)]
pub struct StatementRow {
    /// What.
    pub statement: Statement,
    /// Who.
    pub by: Noted<Person>,
}

/// A signature under the report.
#[derive(Debug, Clone, PartialEq)]
pub struct SignatureRow {
    /// The SHA-256 of the facts that were signed.
    pub facts: Arc<str>,
    /// By what it is checked: the room's public key.
    pub key: Arc<str>,
    /// The signature over the signed document.
    pub signature: Arc<str>,
    /// Who signed.
    pub by: Noted<Person>,
}

/// An order that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalRow {
    /// When.
    pub at: Timestamp,
    /// Who asked.
    pub by: Person,
    /// What was asked.
    pub order: Arc<str>,
    /// The guard that held.
    pub guard: Arc<str>,
    /// Why not, as it was said.
    pub sentence: Arc<str>,
    /// The record.
    pub record: Seq,
}
