//! Record after record into a report.

use super::alarms::Alarms;
use super::dialogue::Talks;
use super::duties::Duties;
use super::sources::{Heard, Sealed, Told};
use super::ways::{Ways, held_at, way};
use super::{
    AlarmTotals, ChangeRow, Closed, CrossingRow, Noted, NoticeRow, RefusalRow, Report,
    SignatureRow, StatementRow, Stay,
};
use crate::domain::borders::Frontier;
use crate::domain::event::{
    Crossing, Event, HouseEvent, LifeEvent, NoticeEvent, OperationEventKind, RegisterEvent,
    ReportEvent, TrackEvent, TrackEventKind, What,
};
use crate::domain::ids::{CrossingId, NoticeId, RoomId, Seq, State, StateSet, UnitId};
use crate::domain::law::facts::{Declared, foreign};
use crate::domain::law::finding::Duty;
use crate::domain::law::profile::ProfileVersion;
use crate::domain::law::profile::agreed::Adopted;
use crate::domain::law::rulebook::kept::RulesVersion;
use crate::domain::measure::Timestamp;
use crate::domain::operations::{Detention, OperationCard, OperationChange};
use crate::domain::registry::{Person, UnitCard};
use crate::domain::tracks::Standing;
use crate::domain::tracks::act::Act;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One record of the ledger, as read again.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number.
    pub seq: Seq,
    /// What it says.
    pub event: Event,
}

/// A report on its way: takes the records of the operation in their order, those of the register, and what was adopted.
#[derive(Debug)]
pub struct Draft {
    /// Whose ledger it is read from.
    ledger: RoomId,
    opening: Option<(OperationCard, Noted<Person>)>,
    closed: Option<Noted<Closed>>,
    adopted: Option<Noted<RulesVersion>>,
    rules: Option<Noted<RulesVersion>>,
    agreed: Option<Noted<Arc<Adopted>>>,
    profiles: Vec<Noted<ProfileVersion>>,
    cards: BTreeMap<UnitId, UnitCard>,
    crossings: BTreeMap<CrossingId, CrossingRow>,
    notices: BTreeMap<NoticeId, NoticeRow>,
    told: BTreeMap<UnitId, Told>,
    handed_over: Vec<(UnitId, Timestamp)>,
    changes: Vec<ChangeRow>,
    refusals: Vec<RefusalRow>,
    owed: Option<Noted<()>>,
    statements: Vec<StatementRow>,
    signatures: Vec<SignatureRow>,
    duties: Duties,
    talks: Talks,
    alarms: Alarms,
    through: Seq,
}

impl Draft {
    /// Of nothing yet, from this room's ledger.
    #[must_use]
    pub fn of(ledger: RoomId) -> Self {
        Self {
            ledger,
            opening: None,
            closed: None,
            adopted: None,
            rules: None,
            agreed: None,
            profiles: Vec::new(),
            cards: BTreeMap::new(),
            crossings: BTreeMap::new(),
            notices: BTreeMap::new(),
            told: BTreeMap::new(),
            handed_over: Vec::new(),
            changes: Vec::new(),
            refusals: Vec::new(),
            owed: None,
            statements: Vec::new(),
            signatures: Vec::new(),
            duties: Duties::default(),
            talks: Talks::default(),
            alarms: Alarms::default(),
            through: Seq::ZERO,
        }
    }

    /// One more record.
    pub fn take(&mut self, entry: &Entry) {
        let (at, record) = (entry.event.at, entry.seq);
        match &entry.event.what {
            // As they were in the operation: what is signed does not change with the register.
            What::Register(RegisterEvent::UnitAdded(card)) if self.closed.is_none() => {
                self.cards.insert(card.id.clone(), card.clone());
            }
            What::House(HouseEvent::RulesAdopted { rules, .. }) => {
                self.adopted = Some(noted(rules.clone(), at, record));
            }
            What::House(HouseEvent::ProfilesAdopted { profiles, .. }) => {
                self.agreed = Some(noted(Arc::clone(profiles), at, record));
            }
            What::Track(track) => self.take_track(track, at, record),
            What::Operation(event) => self.take_operation(&event.kind, at, record),
            What::Alarm(alarm) => self.alarms.take(alarm, at, record),
            What::Register(_) | What::House(_) | What::Link(_) | What::Fix(_) => {}
        }
        self.through = self.through.max(record);
    }

    fn take_operation(&mut self, kind: &OperationEventKind, at: Timestamp, record: Seq) {
        self.duties.take(kind, at, record);
        match kind {
            OperationEventKind::Life(life) => self.take_life(life, at, record),
            OperationEventKind::Notice { notice, kind } => {
                self.take_notice(notice, kind, at, record);
            }
            OperationEventKind::OrderRefused { by, order, refusal } => {
                self.refusals.push(RefusalRow {
                    at,
                    by: by.clone(),
                    order: Arc::clone(order),
                    guard: Arc::clone(&refusal.guard),
                    sentence: Arc::clone(&refusal.sentence),
                    record,
                });
            }
            OperationEventKind::Clock(_)
            | OperationEventKind::Limit(_)
            | OperationEventKind::Assessed { .. }
            | OperationEventKind::TargetSighted { .. }
            | OperationEventKind::Tracker(_)
            | OperationEventKind::EyesMoved(_) => {}
            OperationEventKind::Handover(it) => self.talks.take(it, at, record),
            OperationEventKind::Report(report) => self.take_report(report, at, record),
        }
    }

    fn take_report(&mut self, report: &ReportEvent, at: Timestamp, record: Seq) {
        match report {
            ReportEvent::Owed => {
                self.owed.get_or_insert_with(|| noted((), at, record));
            }
            ReportEvent::Stated { statement, by } => self.statements.push(StatementRow {
                statement: statement.clone(),
                by: noted(by.clone(), at, record),
            }),
            ReportEvent::Signed { signed, by } => self.signatures.push(SignatureRow {
                facts: Arc::clone(&signed.facts),
                key: Arc::clone(&signed.key),
                signature: Arc::clone(&signed.signature),
                by: noted(by.clone(), at, record),
            }),
        }
    }

    fn take_life(&mut self, life: &LifeEvent, at: Timestamp, record: Seq) {
        match life {
            LifeEvent::Opened(card) => {
                let by = noted(card.opened_by.clone(), at, record);
                self.opening = Some(((**card).clone(), by));
                // A partner's operation rests on what the partner adopted, which this ledger does not hold.
                if card.room == self.ledger {
                    self.rules.clone_from(&self.adopted);
                    self.profiles = self.agreed_with(&card.declared);
                }
            }
            LifeEvent::Changed { change, by } => {
                let Some((card, _)) = &mut self.opening else {
                    return;
                };
                self.changes.push(ChangeRow {
                    change: change.clone(),
                    before: card.clone(),
                    by: noted(by.clone(), at, record),
                });
                match change {
                    OperationChange::Units(units) => card.units.clone_from(units),
                    OperationChange::Authorisation(document) => {
                        card.declared.authorisations.push(document.clone());
                    }
                    OperationChange::HostRefused(refusal) => {
                        card.declared.refuse(refusal.clone());
                    }
                    OperationChange::Amended(amendment) => amendment.apply(&mut card.declared),
                    OperationChange::Recognisable { .. }
                    | OperationChange::RestingAnew(_)
                    | OperationChange::Detained(_)
                    | OperationChange::DetentionEnded { .. } => {}
                }
            }
            LifeEvent::Closed { by, closing } => {
                let (by, closing) = (by.clone(), closing.clone());
                self.closed = Some(noted(Closed { by, closing }, at, record));
            }
            LifeEvent::Shared { .. } => {}
        }
    }

    /// The profiles with the host states that the room had adopted by now.
    fn agreed_with(&self, declared: &Declared) -> Vec<Noted<ProfileVersion>> {
        let Some(agreed) = &self.agreed else {
            return Vec::new();
        };
        let pair = |host: &State| Frontier::between(declared.requesting_state, *host);
        let of = declared.host_states.iter().map(pair);
        of.filter_map(|pair| agreed.value.get(&pair))
            .map(|version| noted(version.clone(), agreed.at, agreed.record))
            .collect()
    }

    fn take_notice(&mut self, id: &NoticeId, kind: &NoticeEvent, at: Timestamp, record: Seq) {
        if let (Some((duty, to)), Some((card, _))) = (kind.addressed(), &self.opening) {
            let (from, to) = (card.room.clone(), to.clone());
            self.notices
                .entry(id.clone())
                .or_insert_with(|| blank(id, duty, from, to));
        }
        let Some(row) = self.notices.get_mut(id) else {
            return;
        };
        match kind {
            NoticeEvent::Owed { since, .. } => {
                // Owed anew for another crossing: the first counts, for what is late counts from it.
                row.owed.get_or_insert_with(|| noted(*since, at, record));
                row.withdrawn = None;
            }
            NoticeEvent::Sent { by, .. } => {
                row.sent
                    .get_or_insert_with(|| noted(by.clone(), at, record));
            }
            NoticeEvent::Failed { because } => {
                row.failed.push(noted(Arc::clone(because), at, record));
            }
            NoticeEvent::Delivered => {
                row.delivered.get_or_insert_with(|| noted((), at, record));
            }
            NoticeEvent::Seen { by, call } => {
                if row.seen.is_none() {
                    row.seen = Some(noted(by.clone(), at, record));
                    row.seen_call = call.as_deref().cloned();
                }
            }
            NoticeEvent::Answered { by, answer } => {
                let value = (by.clone(), (**answer).clone());
                row.answers.push(noted(value, at, record));
            }
            NoticeEvent::Voice { by, call, .. } => {
                row.voice
                    .get_or_insert_with(|| noted((by.clone(), (**call).clone()), at, record));
                row.withdrawn = None;
            }
            NoticeEvent::Withdrawn { because } => {
                row.owed = None;
                row.withdrawn = Some(noted(Arc::clone(because), at, record));
            }
            NoticeEvent::Drafted { .. }
            | NoticeEvent::Ready
            | NoticeEvent::Attempted(_)
            | NoticeEvent::SentAgain { .. } => {}
        }
    }

    fn take_track(&mut self, track: &TrackEvent, at: Timestamp, record: Seq) {
        let told = self.told.entry(track.unit.clone()).or_default();
        match &track.kind {
            TrackEventKind::CrossingSuspected(crossing) => {
                self.take_crossing(track, crossing, Some(Standing::Suspected), record);
            }
            TrackEventKind::CrossingConfirmed(crossing) => {
                self.take_crossing(track, crossing, Some(Standing::Confirmed), record);
            }
            TrackEventKind::CrossingRetracted { crossing, .. } => {
                self.take_crossing(track, crossing, Some(Standing::Retracted), record);
            }
            TrackEventKind::CrossingRevised(crossing) => {
                self.take_crossing(track, crossing, None, record);
            }
            TrackEventKind::Silent(silence) => {
                told.silences.push(noted(silence.since, at, record));
            }
            TrackEventKind::Sealed { .. } => told.sealed.push(Sealed {
                from: noted((), at, record),
                until: None,
            }),
            TrackEventKind::Unsealed => {
                let last = told.sealed.last_mut();
                if let Some(sealed) = last.filter(|sealed| sealed.until.is_none()) {
                    sealed.until = Some(noted((), at, record));
                }
            }
            TrackEventKind::FixQuarantined { reason, .. } => {
                *told.kept_apart.entry(*reason).or_default() += 1;
            }
            TrackEventKind::Acted {
                act: Act::HandedOver,
                ..
            } => self.handed_over.push((track.unit.clone(), at)),
            TrackEventKind::SignedOn
            | TrackEventKind::SignedOff
            | TrackEventKind::Located { .. }
            | TrackEventKind::Approaching(_)
            | TrackEventKind::Receding { .. }
            | TrackEventKind::MayHaveCrossed(_)
            | TrackEventKind::Back
            | TrackEventKind::CameraOver { .. }
            | TrackEventKind::Device(_)
            | TrackEventKind::StandOffBroken(_)
            | TrackEventKind::BreachPredicted(_)
            | TrackEventKind::StandOffKept
            | TrackEventKind::LeftCoverage
            | TrackEventKind::FixReleased { .. }
            | TrackEventKind::Acted { .. } => {}
        }
    }

    /// `standing`: as told; `None` when only place or time moved.
    fn take_crossing(
        &mut self,
        track: &TrackEvent,
        crossing: &Crossing,
        standing: Option<Standing>,
        record: Seq,
    ) {
        let row = self
            .crossings
            .entry(crossing.id.clone())
            .or_insert_with(|| CrossingRow {
                unit: track.unit.clone(),
                crossing: crossing.clone(),
                standing: Standing::Suspected,
                records: Vec::new(),
            });
        row.crossing = crossing.clone();
        row.standing = standing.unwrap_or(row.standing);
        row.records.push(record);
    }

    /// The units of which positions are to be heard, each from the opening on: those of the operation at any time.
    #[must_use]
    pub fn units(&self) -> Vec<UnitId> {
        let Some((card, _)) = &self.opening else {
            return Vec::new();
        };
        let mut units = card.units.clone();
        let before = self.changes.iter().flat_map(|change| &change.before.units);
        units.extend(before.cloned());
        units.sort_unstable();
        units.dedup();
        units
    }

    /// From when until when positions of its units tell of it: from the opening, or the earliest crossing told in it, to
    /// the closing. `None` before its opening was taken, an open end while it is open.
    #[must_use]
    pub fn period(&self) -> Option<(Timestamp, Option<Timestamp>)> {
        let (_, opened) = self.opening.as_ref()?;
        let crossed = self.crossings.values().map(|row| row.crossing.earliest);
        let from = crossed.fold(opened.at, Timestamp::min);
        Some((from, self.closed.as_ref().map(|closed| closed.at)))
    }

    /// The report at `now`; `None` when no record opened the operation.
    #[must_use]
    pub fn finish(mut self, mut heard: BTreeMap<UnitId, Heard>, now: Timestamp) -> Option<Report> {
        let units = self.units();
        let (card, opened) = self.opening.take()?;
        let until = self.closed.as_ref().map(|closed| closed.at);
        let mut crossings: Vec<CrossingRow> = self.crossings.into_values().collect();
        crossings.sort_by(|one, other| {
            (one.crossing.likely.cmp(&other.crossing.likely))
                .then_with(|| one.crossing.id.cmp(&other.crossing.id))
        });
        let requesting = card.declared.requesting_state;
        let stays = stays(&crossings, requesting);
        let notices: Vec<NoticeRow> = self.notices.into_values().collect();
        heard.values_mut().for_each(Heard::sort);
        let ways = ways(&units, self.duties.held(), &heard);
        let duties = self.duties.into_rows(&notices, &stays, now);
        let alarms = self.alarms.into_rows();
        let open = until.unwrap_or(now).since(opened.at);
        let mut told = self.told;
        // Of a unit that was never introduced to this room nothing is known here, not even that it was not heard.
        let sources = units
            .iter()
            .filter(|unit| self.cards.contains_key(*unit))
            .map(|unit| {
                let heard = heard.remove(unit).unwrap_or_default();
                heard.into_row(unit.clone(), told.remove(unit).unwrap_or_default())
            })
            .collect();
        let (led, messages) = self.talks.into_rows((&card.room, &opened), until);
        Some(Report {
            opened,
            closed: self.closed,
            rules: self.rules,
            profiles: self.profiles,
            units: (units.iter())
                .filter_map(|unit| self.cards.get(unit).cloned())
                .collect(),
            led,
            crossings,
            stays,
            duties,
            notices,
            messages,
            alarm_totals: AlarmTotals::of(&alarms, open),
            alarms,
            handed_over: self.handed_over,
            sources,
            ways,
            changes: self.changes,
            refusals: self.refusals,
            owed: self.owed,
            statements: self.statements,
            signatures: self.signatures,
            through: self.through,
            card,
        })
    }
}

/// The ways of the units and where they held persons, as far as positions are kept.
fn ways<'d>(
    units: &[UnitId],
    held: impl Iterator<Item = &'d Noted<Detention>>,
    heard: &BTreeMap<UnitId, Heard>,
) -> Ways {
    let places = |unit: &UnitId| heard.get(unit).map_or(&[][..], Heard::places);
    let by = |told: &Noted<Detention>| told.value.unit.as_ref().map_or(&[][..], places);
    Ways {
        of: (units.iter())
            .map(|unit| way(unit.clone(), places(unit)))
            .collect(),
        held: held.map(|told| held_at(told, by(told))).collect(),
    }
}

pub(super) const fn noted<T>(value: T, at: Timestamp, record: Seq) -> Noted<T> {
    Noted { value, at, record }
}

fn blank(id: &NoticeId, duty: Duty, from: RoomId, to: RoomId) -> NoticeRow {
    NoticeRow {
        notice: id.clone(),
        duty,
        from,
        to,
        owed: None,
        sent: None,
        failed: Vec::new(),
        delivered: None,
        seen: None,
        seen_call: None,
        answers: Vec::new(),
        voice: None,
        withdrawn: None,
    }
}

/// When units were abroad, by the crossings that stand, sorted by time.
fn stays(crossings: &[CrossingRow], requesting: State) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    let mut under_way: BTreeMap<&UnitId, usize> = BTreeMap::new();
    let abroad = |states: StateSet| -> StateSet {
        foreign(states, requesting).fold(StateSet::NONE, StateSet::with)
    };
    let confirmed = |row: &&CrossingRow| row.standing == Standing::Confirmed;
    for row in crossings.iter().filter(confirmed) {
        let (crossing, unit) = (&row.crossing, &row.unit);
        let (from, to) = (abroad(crossing.from), abroad(crossing.to));
        match under_way.remove(unit) {
            Some(stay) => stays[stay].until = Some(crossing.likely),
            None if !from.is_empty() => stays.push(Stay {
                unit: unit.clone(),
                states: from,
                since: None,
                until: Some(crossing.likely),
            }),
            None => {}
        }
        if !to.is_empty() {
            under_way.insert(unit, stays.len());
            stays.push(Stay {
                unit: unit.clone(),
                states: to,
                since: Some(crossing.likely),
                until: None,
            });
        }
    }
    stays
}
