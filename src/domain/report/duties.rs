//! Each duty of the law, what happened, and whether it was met.

use super::draft::noted;
use super::{Noted, NoticeRow, Stay};
use crate::domain::event::{
    Clock, ClockEvent, ClockKey, LifeEvent, Limit, NoticeEvent, OperationEventKind,
};
use crate::domain::ids::{NoticeId, Seq, State, UnitId};
use crate::domain::law::clocks::LimitStage;
use crate::domain::law::finding::{Answer, Assessment, Citation, ClockKind, Duty};
use crate::domain::measure::{Metres, Timestamp};
use crate::domain::operations::{
    Call, Detention, DetentionStep, DetentionStepKind, OperationChange,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whether a duty was met, as far as the records tell. A person judges; this names what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kept {
    /// What was recorded meets it.
    Met,
    /// What was recorded does not meet it.
    NotMet,
    /// Nothing is owed by it.
    NotApplicable,
    /// Nobody recorded enough to tell.
    NotRecorded,
}

impl Kept {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Met,
        Self::NotMet,
        Self::NotApplicable,
        Self::NotRecorded,
    ];

    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::NotApplicable => "not_applicable",
            Self::NotRecorded => "not_recorded",
        }
    }
}

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DutyKind {
    /// A condition of the opening (no unit), or of a unit abroad.
    Condition(Arc<str>),
    /// A notice or request that is owed to a room.
    Notice(Duty, NoticeId),
    /// The end of a clock.
    Clock(ClockKind),
    /// How far a pursuit may go.
    Limit,
    /// A person held abroad.
    Held,
}

/// One duty.
#[derive(Debug, Clone, PartialEq)]
pub struct DutyRow {
    /// What it is.
    pub kind: DutyKind,
    /// Whose, when it is one unit's.
    pub unit: Option<UnitId>,
    /// Towards which state.
    pub host: Option<State>,
    /// Whether it was met.
    pub kept: Kept,
    /// What happened, oldest first.
    pub facts: Vec<Fact>,
    /// On what it rests.
    pub citation: Option<Citation>,
}

/// One thing that happened, with its record.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: FactKind,
    /// The record.
    pub record: Seq,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum FactKind {
    /// The law was asked, and the answer was another one than before.
    Answered(Answer, Arc<str>),
    /// It is owed since then.
    Owed,
    /// It was sent.
    Sent,
    /// A person of the partner read it.
    Seen,
    /// It was given by telephone: to whom, under which number.
    Voice(Arc<str>, Arc<str>),
    /// Nothing is owed by it any more.
    Withdrawn,
    /// The clock began.
    Began,
    /// It was to be over then.
    Ends,
    /// It was over.
    Expired,
    /// It no longer applied.
    Stopped,
    /// So far from the frontier, of so much.
    Reached(Metres, Metres),
    /// A person was held, by this unit or by officers of the host.
    HeldBy(Option<UnitId>),
    /// What became of the person.
    Step(DetentionStepKind, Arc<str>),
}

impl FactKind {
    /// The word shown and stored.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Answered(answer, _) => answer.as_str(),
            Self::Owed => "owed",
            Self::Sent => "sent",
            Self::Seen => "seen",
            Self::Voice(..) => "voice",
            Self::Withdrawn => "withdrawn",
            Self::Began => "began",
            Self::Ends => "ends",
            Self::Expired => "expired",
            Self::Stopped => "stopped",
            Self::Reached(..) => "reached",
            Self::HeldBy(_) => "held",
            Self::Step(step, _) => step.as_str(),
        }
    }
}

/// The answers to one condition, newest last.
type Answers = Vec<Noted<(Answer, Arc<str>, Citation)>>;

/// What the records say of duties, one after the other.
#[derive(Debug, Default)]
pub(super) struct Duties {
    conditions: BTreeMap<(Option<UnitId>, Arc<str>), Answers>,
    clocks: BTreeMap<ClockKey, ClockLife>,
    limits: BTreeMap<(UnitId, State), Vec<Noted<Limit>>>,
    held: Vec<(Noted<Detention>, Vec<Noted<DetentionStep>>)>,
    owed: BTreeMap<NoticeId, Citation>,
}

#[derive(Debug)]
struct ClockLife {
    clock: Noted<Clock>,
    end: Option<(FactKind, Timestamp, Seq)>,
}

impl Duties {
    pub(super) fn take(&mut self, kind: &OperationEventKind, at: Timestamp, record: Seq) {
        match kind {
            OperationEventKind::Assessed {
                unit, assessment, ..
            } => self.take_answers(unit.as_ref(), assessment, at, record),
            OperationEventKind::Clock(clock) => self.take_clock(clock, at, record),
            OperationEventKind::Limit(limit) => {
                let key = (limit.unit.clone(), limit.host);
                let known = self.limits.entry(key).or_default();
                known.push(noted(limit.clone(), at, record));
            }
            OperationEventKind::Life(LifeEvent::Changed { change, .. }) => match change {
                OperationChange::Detained(detention) => self.hold(detention, at, record),
                OperationChange::DetentionEnded { host, step } => {
                    let newest = self.held.iter_mut().rev();
                    let mut of_host = newest.filter(|(held, _)| held.value.host == *host);
                    if let Some((_, steps)) = of_host.next() {
                        steps.push(noted(step.clone(), at, record));
                    }
                }
                _ => {}
            },
            OperationEventKind::Notice {
                notice,
                kind: NoticeEvent::Owed { citation, .. },
            } => {
                self.owed.insert(notice.clone(), citation.clone());
            }
            _ => {}
        }
    }

    /// Of a unit abroad each answer that differs from the one before; of one at home the conditions rest.
    fn take_answers(
        &mut self,
        unit: Option<&UnitId>,
        assessment: &Assessment,
        at: Timestamp,
        record: Seq,
    ) {
        for finding in &assessment.findings {
            let key = (unit.cloned(), Arc::clone(&finding.condition));
            let answers = self.conditions.entry(key).or_default();
            let is_news = answers
                .last()
                .is_none_or(|last| last.value.0 != finding.answer);
            if is_news {
                let citation = finding.citation.clone();
                let value = (finding.answer, Arc::clone(&finding.sentence), citation);
                answers.push(noted(value, at, record));
            }
        }
    }

    fn take_clock(&mut self, event: &ClockEvent, at: Timestamp, record: Seq) {
        match event {
            ClockEvent::Started(clock) => {
                let life = ClockLife {
                    clock: noted(clock.clone(), at, record),
                    end: None,
                };
                self.clocks.insert(clock.key, life);
            }
            ClockEvent::Revised { clock, .. } => {
                if let Some(life) = self.clocks.get_mut(&clock.key) {
                    if clock.ends > life.clock.value.ends {
                        life.end = None;
                    }
                    life.clock = noted(clock.clone(), at, record);
                }
            }
            ClockEvent::Expired { clock, .. } => self.end(*clock, FactKind::Expired, at, record),
            ClockEvent::Stopped { clock, .. } => self.end(*clock, FactKind::Stopped, at, record),
            ClockEvent::Warned { .. } => {}
        }
    }

    fn end(&mut self, key: ClockKey, what: FactKind, at: Timestamp, record: Seq) {
        if let Some(life) = self.clocks.get_mut(&key) {
            life.end.get_or_insert((what, at, record));
        }
    }

    /// Told again while it goes on it is the same detention, better known.
    fn hold(&mut self, detention: &Detention, at: Timestamp, record: Seq) {
        let is_over = |steps: &[Noted<DetentionStep>]| {
            let released =
                |step: &Noted<DetentionStep>| step.value.kind == DetentionStepKind::Released;
            steps.iter().any(released)
        };
        let goes_on = self
            .held
            .iter_mut()
            .find(|(held, steps)| held.value.host == detention.host && !is_over(steps));
        let told = noted(detention.clone(), at, record);
        if let Some((held, _)) = goes_on {
            *held = told;
        } else {
            self.held.push((told, Vec::new()));
        }
    }

    /// The persons held, as last told.
    pub(super) fn held(&self) -> impl Iterator<Item = &Noted<Detention>> {
        self.held.iter().map(|(held, _)| held)
    }

    /// The rows: conditions, notices, clocks, limits, persons held.
    pub(super) fn into_rows(
        self,
        notices: &[NoticeRow],
        stays: &[Stay],
        now: Timestamp,
    ) -> Vec<DutyRow> {
        let owed = self.owed;
        let mut rows: Vec<DutyRow> = self.conditions.into_iter().map(condition).collect();
        rows.extend(notices.iter().map(|row| notice(row, owed.get(&row.notice))));
        rows.extend(
            self.clocks
                .into_values()
                .map(|life| clock(life, stays, now)),
        );
        rows.extend(self.limits.into_iter().filter_map(limit));
        rows.extend(self.held.into_iter().map(held));
        rows
    }
}

fn condition(((unit, word), answers): ((Option<UnitId>, Arc<str>), Answers)) -> DutyRow {
    let last = answers
        .last()
        .map(|last| (last.value.0, last.value.2.clone()));
    let facts = (answers.into_iter())
        .map(|answer| Fact {
            at: answer.at,
            what: FactKind::Answered(answer.value.0, answer.value.1),
            record: answer.record,
        })
        .collect();
    DutyRow {
        kind: DutyKind::Condition(word),
        unit,
        host: None,
        kept: match last {
            Some((Answer::Met, _)) => Kept::Met,
            Some((Answer::NotMet, _)) => Kept::NotMet,
            Some((Answer::Unknown, _)) | None => Kept::NotRecorded,
        },
        facts,
        citation: last.map(|(_, citation)| citation),
    }
}

fn notice(row: &NoticeRow, citation: Option<&Citation>) -> DutyRow {
    let fact = |what, at, record| Fact { at, what, record };
    let mut facts: Vec<Fact> = Vec::new();
    if let Some(owed) = &row.owed {
        facts.push(fact(FactKind::Owed, owed.value, owed.record));
    }
    if let Some(sent) = &row.sent {
        facts.push(fact(FactKind::Sent, sent.at, sent.record));
    }
    if let Some(seen) = &row.seen {
        facts.push(fact(FactKind::Seen, seen.at, seen.record));
    }
    if let Some(voice) = &row.voice {
        let Call { name, number, .. } = &voice.value.1;
        let what = FactKind::Voice(Arc::clone(name), Arc::clone(number));
        facts.push(fact(what, voice.at, voice.record));
    }
    if let Some(withdrawn) = &row.withdrawn {
        facts.push(fact(FactKind::Withdrawn, withdrawn.at, withdrawn.record));
    }
    DutyRow {
        kind: DutyKind::Notice(row.duty, row.notice.clone()),
        unit: None,
        host: None,
        kept: match (&row.owed, row.given()) {
            (_, Some(_)) => Kept::Met,
            (Some(_), None) => Kept::NotMet,
            (None, None) => Kept::NotApplicable,
        },
        facts,
        citation: citation.cloned(),
    }
}

/// A clock that ends the stay is met when no unit was in that state beyond its end; the one of release when it was
/// stopped before. Of one that still counts nothing is said.
fn clock(life: ClockLife, stays: &[Stay], now: Timestamp) -> DutyRow {
    let Clock {
        key,
        starts,
        ends,
        citation,
    } = life.clock.value;
    let record = life.clock.record;
    let beyond = |stay: &Stay| stay.states.contains(key.host) && stay.until.unwrap_or(now) > ends;
    let is_kept = if key.kind.ends_the_stay() {
        !stays.iter().any(beyond)
    } else {
        !matches!(life.end, Some((FactKind::Expired, ..)))
    };
    let is_running = life.end.is_none() && now < ends;
    let mut facts = vec![
        Fact {
            at: starts,
            what: FactKind::Began,
            record,
        },
        Fact {
            at: ends,
            what: FactKind::Ends,
            record,
        },
    ];
    facts.extend(life.end.map(|(what, at, record)| Fact { at, what, record }));
    DutyRow {
        kind: DutyKind::Clock(key.kind),
        unit: None,
        host: Some(key.host),
        kept: match (is_kept, is_running) {
            (false, _) => Kept::NotMet,
            (true, true) => Kept::NotApplicable,
            (true, false) => Kept::Met,
        },
        facts,
        citation: Some(citation),
    }
}

fn limit(((unit, host), told): ((UnitId, State), Vec<Noted<Limit>>)) -> Option<DutyRow> {
    let exceeded = |limit: &Noted<Limit>| limit.value.stage == LimitStage::Exceeded;
    let is_kept = !told.iter().any(exceeded);
    let citation = told.last()?.value.citation.clone();
    let facts = (told.into_iter())
        .map(|limit| Fact {
            at: limit.at,
            what: FactKind::Reached(limit.value.measured, limit.value.max),
            record: limit.record,
        })
        .collect();
    Some(DutyRow {
        kind: DutyKind::Limit,
        unit: Some(unit),
        host: Some(host),
        kept: if is_kept { Kept::Met } else { Kept::NotMet },
        facts,
        citation: Some(citation),
    })
}

/// Whether a person held was handed over or released is what is recorded; whether that was in time, the clock of release
/// says.
fn held((held, steps): (Noted<Detention>, Vec<Noted<DetentionStep>>)) -> DutyRow {
    let Noted { value, record, .. } = held;
    let citation = value
        .findings
        .first()
        .map(|finding| finding.citation.clone());
    let mut facts = vec![Fact {
        at: value.since,
        what: FactKind::HeldBy(value.unit),
        record,
    }];
    let is_over = |step: &Noted<DetentionStep>| {
        matches!(
            step.value.kind,
            DetentionStepKind::Released | DetentionStepKind::HandedOver
        )
    };
    let kept = if steps.iter().any(is_over) {
        Kept::Met
    } else {
        Kept::NotRecorded
    };
    facts.extend(steps.into_iter().map(|step| Fact {
        at: step.value.at,
        what: FactKind::Step(step.value.kind, step.value.note),
        record: step.record,
    }));
    DutyRow {
        kind: DutyKind::Held,
        unit: None,
        host: Some(value.host),
        kept,
        facts,
        citation,
    }
}
