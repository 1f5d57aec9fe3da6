//! An operation as its events have made it.

use super::card::{
    Detention, DetentionStepKind, Held, OperationCard, OperationChange, RecognisedBy, Sighting,
};
use super::handover::{Dialogue, Dispute, Epoch, Lead, Recall};
use super::notice::Notice;
use super::reporting::Reporting;
use super::resting::RestingAnew;
use super::sharing::Extent;
use super::trackers::EnteredPermission;
use super::whereabouts::Abroad;
use crate::domain::borders::Frontier;
use crate::domain::event::{
    Clock, ClockEvent, ClockKey, Event, LifeEvent, Limit, NoticeEvent, OperationEventKind,
    TrackEventKind,
};
use crate::domain::ids::{CrossingId, NoticeId, RoomId, State, UnitId};
use crate::domain::law::clocks::LimitStage;
use crate::domain::law::facts::foreign;
use crate::domain::law::finding::{Assessment, Duty, Verdict};
use crate::domain::law::profile::agreed::{Adopted, Figures, Profiles, Wanted};
use crate::domain::law::rulebook::kept::RulesVersion;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::registry::Person;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One surveillance, pursuit or patrol, from opening to closing.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// As opened, with the changes since.
    pub card: OperationCard,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Grows with each change by a person: the `ETag`.
    pub version: u64,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The room that leads.
    pub lead: Lead,
    /// What it says with other rooms about it, by room.
    pub handovers: BTreeMap<RoomId, Dialogue>,
    /// What hosts ordered of its units.
    pub recalls: Vec<Recall>,
    /// The partner rooms that see it, and how much of it.
    pub shared_with: BTreeMap<RoomId, Extent>,
    /// Its notices.
    pub notices: BTreeMap<NoticeId, Notice>,
    /// Its clocks.
    pub clocks: BTreeMap<ClockKey, RunningClock>,
    /// Which of its units are abroad, by the crossings that stand.
    pub abroad: BTreeMap<UnitId, Abroad>,
    /// The crossings of its units into other states that stand.
    pub crossed: BTreeSet<CrossingId>,
    /// The units of which the last assessment is not that they are home.
    pub assessed_abroad: BTreeSet<UnitId>,
    /// How its units can be recognised as police, as persons ticked.
    pub recognised: BTreeMap<UnitId, RecognisedBy>,
    /// When each host state first had a notice of a crossing, in that order.
    pub contacted: Vec<(State, Timestamp)>,
    /// How far its units went of what a pursuit may, by unit and host.
    pub limits: BTreeMap<(UnitId, State), Limit>,
    /// Who is or was held in each host state; the newest of each.
    pub held: BTreeMap<State, Held>,
    /// What host states permitted of technical sources, as persons entered it.
    pub trackers: Vec<EnteredPermission>,
    /// The unit that has the target in sight.
    pub eyes: Option<UnitId>,
    /// The unit of the other side that wants to take the target from it.
    pub eyes_taken_by: Option<UnitId>,
    /// Partners that name another lead.
    pub disputes: BTreeMap<RoomId, Dispute>,
    /// Where the target was last seen.
    pub sighting: Option<Sighting>,
    /// The rules it was opened with, or that two persons decided on since: all that is asked of the law about it is asked of
    /// these.
    pub rules: Option<RulesVersion>,
    /// The profiles that its room had adopted then; `None` of a partner's operation.
    pub profiles: Option<Arc<Adopted>>,
    /// What one person wants it to rest on, until a second one wants the same.
    pub resting_anew: Option<(RestingAnew, Person)>,
    /// How far its report has come.
    pub report: Reporting,
    /// Its events so far, for the room that it is shared with later. Positions are not among them.
    pub history: Vec<Event>,
}

/// A clock and how far it has come.
#[derive(Debug, Clone, PartialEq)]
pub struct RunningClock {
    /// The clock.
    pub clock: Clock,
    /// Whether it still counts.
    pub status: ClockStatus,
    /// The least time left for which it has warned.
    pub warned: Option<Span>,
}

/// Whether a clock still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockStatus {
    /// It counts.
    Running,
    /// It is over.
    Expired,
    /// It no longer applies.
    Stopped,
}

impl Operation {
    /// As opened.
    #[must_use]
    pub fn new(card: OperationCard, opened_at: Timestamp) -> Self {
        let lead = Lead {
            room: card.room.clone(),
            epoch: Epoch::FIRST,
            since: opened_at,
        };
        Self {
            card,
            opened_at,
            version: 0,
            closed_at: None,
            lead,
            handovers: BTreeMap::new(),
            recalls: Vec::new(),
            shared_with: BTreeMap::new(),
            notices: BTreeMap::new(),
            clocks: BTreeMap::new(),
            abroad: BTreeMap::new(),
            crossed: BTreeSet::new(),
            assessed_abroad: BTreeSet::new(),
            recognised: BTreeMap::new(),
            contacted: Vec::new(),
            limits: BTreeMap::new(),
            held: BTreeMap::new(),
            trackers: Vec::new(),
            eyes: None,
            eyes_taken_by: None,
            disputes: BTreeMap::new(),
            sighting: None,
            rules: None,
            profiles: None,
            resting_anew: None,
            report: Reporting::default(),
            history: Vec::new(),
        }
    }

    /// The same without its history, to try out on it what follows from an event.
    #[must_use]
    pub fn scratch(&self) -> Self {
        Self {
            card: self.card.clone(),
            opened_at: self.opened_at,
            version: self.version,
            closed_at: self.closed_at,
            lead: self.lead.clone(),
            handovers: self.handovers.clone(),
            recalls: self.recalls.clone(),
            shared_with: self.shared_with.clone(),
            notices: self.notices.clone(),
            clocks: self.clocks.clone(),
            abroad: self.abroad.clone(),
            crossed: self.crossed.clone(),
            assessed_abroad: self.assessed_abroad.clone(),
            recognised: self.recognised.clone(),
            contacted: self.contacted.clone(),
            limits: self.limits.clone(),
            held: self.held.clone(),
            trackers: self.trackers.clone(),
            eyes: self.eyes.clone(),
            eyes_taken_by: self.eyes_taken_by.clone(),
            disputes: self.disputes.clone(),
            sighting: self.sighting.clone(),
            rules: self.rules.clone(),
            profiles: self.profiles.clone(),
            resting_anew: self.resting_anew.clone(),
            report: self.report.clone(),
            history: Vec::new(),
        }
    }

    /// Whether it runs.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// Whether something about it can need a person: while it runs, and while its report is owed.
    #[must_use]
    pub fn has_alarms(&self) -> bool {
        self.is_open() || self.report.is_owed()
    }

    /// Whether the unit is assigned to it.
    #[must_use]
    pub fn has(&self, unit: &UnitId) -> bool {
        self.card.units.contains(unit)
    }

    /// What was agreed with a host state, by the profile that it rests on.
    #[must_use]
    pub fn figures<'p>(&self, profiles: &'p Profiles, host: State) -> Figures<'p> {
        let wanted = Wanted {
            pair: Frontier::between(self.card.declared.requesting_state, host),
            opened_at: self.opened_at,
            exercise: self.card.exercise,
        };
        profiles.figures(self.profiles.as_deref(), wanted)
    }

    /// The host states that it names or has entered.
    #[must_use]
    pub fn hosts(&self) -> BTreeSet<State> {
        let named = self.card.declared.host_states.iter().copied();
        named.chain(self.hosts_entered()).collect()
    }

    /// The id of its next notice.
    ///
    /// # Panics
    /// Never: an operation's id is short enough (see [`super::orders::OPERATION_ID_MAX`]).
    #[must_use]
    pub fn next_notice(&self) -> NoticeId {
        let number = self.notices.len() + 1;
        NoticeId::parse(&format!("{}.{number}", self.card.id))
            .expect("an operation's id leaves room for a number")
    }

    /// Folds one event of this operation. Total: every event has an effect or none, never an error.
    pub fn apply(&mut self, event: &Event, kind: &OperationEventKind) {
        match kind {
            OperationEventKind::Life(life) => self.apply_life(life, event.at),
            OperationEventKind::Notice { notice, kind } => {
                self.apply_notice(notice, kind, event.at);
            }
            OperationEventKind::Limit(limit) => {
                let key = (limit.unit.clone(), limit.host);
                self.limits.insert(key, limit.clone());
            }
            OperationEventKind::Clock(clock) => self.apply_clock(clock),
            OperationEventKind::Assessed {
                unit: Some(unit),
                crossing,
                assessment,
            } => self.apply_assessment(unit, crossing.as_ref(), assessment),
            OperationEventKind::Assessed { .. } | OperationEventKind::OrderRefused { .. } => {}
            OperationEventKind::TargetSighted { sighting, .. } => {
                let newest = self
                    .sighting
                    .as_ref()
                    .is_none_or(|last| last.seen_at <= sighting.seen_at);
                if newest {
                    self.sighting = Some((**sighting).clone());
                }
            }
            OperationEventKind::EyesMoved(eyes) => self.eyes.clone_from(&eyes.unit),
            OperationEventKind::Report(report) => self.report.apply(report, event.at),
            OperationEventKind::Handover(it) => self.apply_handover(it, event.at),
            OperationEventKind::Tracker(it) => {
                self.version += 1;
                it.apply(&mut self.trackers, event.at);
            }
        }
        self.history.push(event.clone());
    }

    fn apply_life(&mut self, life: &LifeEvent, at: Timestamp) {
        match life {
            LifeEvent::Opened(_) => self.version += 1,
            LifeEvent::Changed { change, by } => {
                self.version += 1;
                match change {
                    OperationChange::Units(units) => {
                        self.card.units.clone_from(units);
                        self.abroad.retain(|unit, _| units.contains(unit));
                        self.assessed_abroad.retain(|unit| units.contains(unit));
                    }
                    OperationChange::Authorisation(authorisation) => {
                        let documents = &mut self.card.declared.authorisations;
                        documents.push(authorisation.clone());
                    }
                    OperationChange::HostRefused(refusal) => {
                        self.card.declared.refuse(refusal.clone());
                    }
                    OperationChange::Recognisable { unit, by } => {
                        self.recognised.insert(unit.clone(), *by);
                    }
                    OperationChange::Amended(amendment) => {
                        amendment.apply(&mut self.card.declared);
                    }
                    OperationChange::RestingAnew(wanted) if wanted.holds => {
                        self.rules = Some(wanted.rules.clone());
                        self.profiles = Some(Arc::clone(&wanted.profiles));
                        self.resting_anew = None;
                    }
                    OperationChange::RestingAnew(wanted) => {
                        self.resting_anew = Some((wanted.clone(), by.clone()));
                    }
                    OperationChange::Detained(detention) => self.hold(detention),
                    OperationChange::DetentionEnded { host, step } => {
                        if let Some(held) = self.held.get_mut(host) {
                            held.steps.push(step.clone());
                        }
                    }
                }
            }
            LifeEvent::Closed { .. } => {
                self.version += 1;
                self.closed_at = Some(at);
            }
            LifeEvent::Shared { with, extent } => {
                let known = self.shared_with.entry(with.clone()).or_default();
                known.widen(extent);
            }
        }
    }

    /// A person is held. Told again while it goes on it is the same detention, better known.
    fn hold(&mut self, detention: &Detention) {
        let goes_on = self
            .held
            .get(&detention.host)
            .filter(|held| !held.is(DetentionStepKind::Released));
        let steps = goes_on.map_or_else(Vec::new, |held| held.steps.clone());
        let detention = detention.clone();
        self.held.insert(detention.host, Held { detention, steps });
    }

    fn apply_notice(&mut self, id: &NoticeId, kind: &NoticeEvent, at: Timestamp) {
        if let Some((duty, to)) = kind.addressed() {
            self.notices
                .entry(id.clone())
                .or_insert_with(|| Notice::new(duty, to.clone()));
        }
        if let Some(notice) = self.notices.get_mut(id) {
            notice.apply(kind, at);
            // A notice on its way is no contact yet: what is sent by mail may fail.
            let arrived = matches!(
                kind,
                NoticeEvent::Delivered
                    | NoticeEvent::Voice { .. }
                    | NoticeEvent::Seen { call: Some(_), .. }
            );
            if let Some(fields) = &notice.fields
                && arrived
                && notice.duty == Duty::NoticeOfCrossing
                && !self
                    .contacted
                    .iter()
                    .any(|(host, _)| *host == fields.host_state)
            {
                self.contacted.push((fields.host_state, at));
            }
        }
    }

    fn apply_clock(&mut self, event: &ClockEvent) {
        match event {
            ClockEvent::Started(clock) => {
                let running = RunningClock {
                    clock: clock.clone(),
                    status: ClockStatus::Running,
                    warned: None,
                };
                self.clocks.insert(clock.key, running);
            }
            ClockEvent::Revised { clock, .. } => {
                if let Some(running) = self.clocks.get_mut(&clock.key) {
                    // Late data only shorten; a later end is a person's, and the clock counts anew.
                    if clock.ends > running.clock.ends {
                        running.status = ClockStatus::Running;
                        running.warned = None;
                    }
                    running.clock = clock.clone();
                }
            }
            ClockEvent::Warned { clock, left, .. } => {
                if let Some(running) = self.clocks.get_mut(clock) {
                    running.warned = Some(*left);
                }
            }
            ClockEvent::Expired { clock, .. } => self.end_clock(*clock, ClockStatus::Expired),
            ClockEvent::Stopped { clock, .. } => self.end_clock(*clock, ClockStatus::Stopped),
        }
    }

    fn end_clock(&mut self, key: ClockKey, status: ClockStatus) {
        if let Some(running) = self.clocks.get_mut(&key) {
            running.status = status;
        }
    }

    fn apply_assessment(
        &mut self,
        unit: &UnitId,
        crossing: Option<&CrossingId>,
        assessment: &Assessment,
    ) {
        if assessment.findings.is_empty() {
            self.assessed_abroad.remove(unit);
        } else {
            self.assessed_abroad.insert(unit.clone());
        }
        if let Some(abroad) = self.abroad.get_mut(unit)
            && abroad.crossing_id() == crossing
        {
            abroad.verdict = Some(assessment.verdict);
        }
    }

    /// Folds what one of its units did, whose officers are of `own`: which of its crossings stand.
    pub fn apply_track(&mut self, own: State, kind: &TrackEventKind) {
        match kind {
            TrackEventKind::CrossingConfirmed(crossing)
                if foreign(crossing.to, own).next().is_some() =>
            {
                self.crossed.insert(crossing.id.clone());
            }
            TrackEventKind::CrossingRetracted { crossing, .. } => {
                self.crossed.remove(&crossing.id);
            }
            _ => {}
        }
    }

    /// Takes over where one of its units is: `None` when it is not abroad. What the law answered is kept while the
    /// crossing that took it there is the same.
    pub fn settle(&mut self, unit: &UnitId, abroad: Option<Abroad>) {
        let Some(mut abroad) = abroad else {
            self.abroad.remove(unit);
            return;
        };
        abroad.verdict = self
            .abroad
            .get(unit)
            .filter(|before| before.crossing_id() == abroad.crossing_id())
            .and_then(|before| before.verdict);
        self.abroad.insert(unit.clone(), abroad);
    }

    /// The host states in which it has units now.
    #[must_use]
    pub fn hosts_entered(&self) -> BTreeSet<State> {
        let requesting = self.card.declared.requesting_state;
        self.abroad
            .values()
            .flat_map(|abroad| foreign(abroad.territory, requesting))
            .collect()
    }

    /// Why everything must stop now, when it must: a clock that is over, or a unit abroad against the law's answer.
    #[must_use]
    pub fn must_stop(&self) -> Option<Arc<str>> {
        let expired = self.clocks.values().find(|clock| {
            clock.status == ClockStatus::Expired && clock.clock.key.kind.ends_the_stay()
        });
        if let Some(clock) = expired
            && !self.abroad.is_empty()
        {
            return Some(
                format!(
                    "{} clock over: stop and return",
                    clock.clock.key.kind.as_str()
                )
                .into(),
            );
        }
        let exceeded = self.limits.iter().find(|((unit, _), limit)| {
            limit.stage == LimitStage::Exceeded && self.abroad.contains_key(unit)
        });
        if let Some((_, limit)) = exceeded {
            return Some(limit.in_words().into());
        }
        let stopped = self
            .abroad
            .iter()
            .find(|(_, abroad)| abroad.verdict == Some(Verdict::Stop))?;
        Some(
            format!(
                "{} in {}: an obstacle was found",
                stopped.0, stopped.1.territory
            )
            .into(),
        )
    }
}
