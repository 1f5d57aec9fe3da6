//! An operation as its events have made it.

use super::card::{OperationCard, OperationChange, Sighting};
use super::notice::Notice;
use crate::domain::event::{
    Clock, ClockEvent, ClockKey, Crossing, Event, LifeEvent, NoticeEvent, OperationEventKind,
    TrackEventKind,
};
use crate::domain::ids::{CrossingId, NoticeId, RoomId, StateSet, UnitId};
use crate::domain::law::finding::{Assessment, Verdict};
use crate::domain::measure::{Span, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One surveillance, from opening to closing.
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
    /// The partner rooms that see it.
    pub shared_with: BTreeSet<RoomId>,
    /// Its notices.
    pub notices: BTreeMap<NoticeId, Notice>,
    /// Its clocks.
    pub clocks: BTreeMap<ClockKey, RunningClock>,
    /// Which of its units are abroad, by their last confirmed crossing.
    pub abroad: BTreeMap<UnitId, Abroad>,
    /// When each of its units last crossed, by the likely time: an older crossing found late moves nobody.
    pub last_moved: BTreeMap<UnitId, Timestamp>,
    /// The unit that has the target in sight.
    pub eyes: Option<UnitId>,
    /// Where the target was last seen.
    pub sighting: Option<Sighting>,
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

/// A unit abroad.
#[derive(Debug, Clone, PartialEq)]
pub struct Abroad {
    /// The crossing that took it there.
    pub crossing: CrossingId,
    /// Where it is now.
    pub territory: StateSet,
    /// The earliest moment of that crossing.
    pub earliest: Timestamp,
    /// What the law answered.
    pub verdict: Option<Verdict>,
}

impl Operation {
    /// As opened.
    #[must_use]
    pub fn new(card: OperationCard, opened_at: Timestamp) -> Self {
        Self {
            card,
            opened_at,
            version: 0,
            closed_at: None,
            shared_with: BTreeSet::new(),
            notices: BTreeMap::new(),
            clocks: BTreeMap::new(),
            abroad: BTreeMap::new(),
            last_moved: BTreeMap::new(),
            eyes: None,
            sighting: None,
            history: Vec::new(),
        }
    }

    /// Whether it runs.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// Whether the unit is assigned to it.
    #[must_use]
    pub fn has(&self, unit: &UnitId) -> bool {
        self.card.units.contains(unit)
    }

    /// The id of its next notice.
    ///
    /// # Panics
    /// Never: an operation's id is short enough (see [`super::orders::OPERATION_ID_MAX`]).
    #[must_use]
    pub fn next_notice(&self, ahead: usize) -> NoticeId {
        let number = self.notices.len() + 1 + ahead;
        NoticeId::parse(&format!("{}.{number}", self.card.id))
            .expect("an operation's id leaves room for a number")
    }

    /// Folds one event of this operation. Total: every event has an effect or none, never an error.
    pub fn apply(&mut self, event: &Event, kind: &OperationEventKind) {
        match kind {
            OperationEventKind::Life(life) => self.apply_life(life, event.at),
            OperationEventKind::Notice { notice, kind } => self.apply_notice(notice, kind),
            OperationEventKind::Clock(clock) => self.apply_clock(clock),
            OperationEventKind::Assessed {
                unit: Some(unit),
                crossing: Some(crossing),
                assessment,
            } => self.apply_assessment(unit, crossing, assessment),
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
        }
        self.history.push(event.clone());
    }

    fn apply_life(&mut self, life: &LifeEvent, at: Timestamp) {
        match life {
            LifeEvent::Opened(_) => self.version += 1,
            LifeEvent::Changed { change, .. } => {
                self.version += 1;
                match change {
                    OperationChange::Units(units) => {
                        self.card.units.clone_from(units);
                        self.abroad.retain(|unit, _| units.contains(unit));
                    }
                    OperationChange::Authorisation(authorisation) => {
                        self.card.declared.authorisation = Some(authorisation.clone());
                    }
                }
            }
            LifeEvent::Closed { .. } => {
                self.version += 1;
                self.closed_at = Some(at);
            }
            LifeEvent::Shared { with } => {
                self.shared_with.insert(with.clone());
            }
        }
    }

    fn apply_notice(&mut self, id: &NoticeId, kind: &NoticeEvent) {
        let told = match kind {
            NoticeEvent::Owed { duty, to, .. }
            | NoticeEvent::Drafted { duty, to, .. }
            | NoticeEvent::Sent { duty, to, .. } => Some((*duty, to.clone())),
            NoticeEvent::Ready | NoticeEvent::Delivered | NoticeEvent::Seen { .. } => None,
        };
        if let Some((duty, to)) = told {
            self.notices
                .entry(id.clone())
                .or_insert_with(|| Notice::new(duty, to));
        }
        if let Some(notice) = self.notices.get_mut(id) {
            notice.apply(kind);
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

    fn apply_assessment(&mut self, unit: &UnitId, crossing: &CrossingId, assessment: &Assessment) {
        if let Some(abroad) = self.abroad.get_mut(unit)
            && abroad.crossing == *crossing
        {
            abroad.verdict = Some(assessment.verdict);
        }
    }

    /// Folds what one of its units did.
    pub fn apply_track(&mut self, unit: &UnitId, kind: &TrackEventKind) {
        match kind {
            TrackEventKind::CrossingConfirmed(crossing) => self.moved(unit, crossing),
            TrackEventKind::CrossingRevised(crossing) => {
                if let Some(abroad) = self.abroad.get_mut(unit)
                    && abroad.crossing == crossing.id
                {
                    abroad.earliest = crossing.earliest;
                    abroad.territory = crossing.to;
                }
            }
            TrackEventKind::CrossingRetracted { crossing, .. }
                if self
                    .abroad
                    .get(unit)
                    .is_some_and(|abroad| abroad.crossing == crossing.id) =>
            {
                self.abroad.remove(unit);
            }
            _ => {}
        }
    }

    fn moved(&mut self, unit: &UnitId, crossing: &Crossing) {
        let last = self
            .last_moved
            .entry(unit.clone())
            .or_insert(crossing.likely);
        if crossing.likely < *last {
            return;
        }
        *last = crossing.likely;
        if crossing.to.single() == Some(self.card.declared.requesting_state) {
            self.abroad.remove(unit);
            return;
        }
        let abroad = Abroad {
            crossing: crossing.id.clone(),
            territory: crossing.to,
            earliest: crossing.earliest,
            verdict: None,
        };
        self.abroad.insert(unit.clone(), abroad);
    }

    /// Why everything must stop now, when it must: a clock that is over, or a unit abroad against the law's answer.
    #[must_use]
    pub fn must_stop(&self) -> Option<Arc<str>> {
        let expired = self
            .clocks
            .values()
            .find(|clock| clock.status == ClockStatus::Expired);
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
