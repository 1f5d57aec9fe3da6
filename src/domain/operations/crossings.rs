//! What a crossing, or the approach to one, asks of an operation: findings, notices, clocks, sharing.
//!
//! Each consequence is folded into a scratch of the operation before the next is looked at, so that what is found at once
//! (out and back in one gap, a retraction and what takes its place) ends as if it had been found one by one.

use super::asked::{facts, facts_of_place};
use super::channels::Channels;
use super::letter::Scribe;
use super::notice::NoticeCrossing;
use super::operation::Operation;
use super::sharing::Extent;
use super::transfer::{self, Passage};
use super::whereabouts::Abroad;
use crate::domain::event::{
    Approach, Crossing, Event, LifeEvent, OperationEvent, OperationEventKind, TrackEventKind, What,
};
use crate::domain::ids::{CrossingId, OperationId, RoomId, State, UnitId};
use crate::domain::law::assess::{
    assess_crossing, assess_crossing_into, assess_disputed, assess_home, assess_opening,
    assess_unknown_entry,
};
use crate::domain::law::basis::{Basis, Form};
use crate::domain::law::facts::foreign;
use crate::domain::law::finding::{Assessment, Duty, Verdict};
use crate::domain::law::profile::agreed::Profiles;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::measure::Timestamp;
use crate::domain::registry::{RoomCard, UnitCard};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What decisions of this room look things up in.
#[derive(Debug, Clone, Copy)]
pub struct Lookup<'a> {
    /// The law.
    pub rulebook: &'a Rulebook,
    /// What pairs of states agreed on.
    pub profiles: &'a Profiles,
    /// The rooms known here.
    pub rooms: &'a BTreeMap<RoomId, RoomCard>,
    /// Who writes notices out.
    pub scribe: Scribe,
    /// By which channels notices leave beside the other room.
    pub channels: &'a Channels,
}

/// One thing that the track of a unit told, and where the unit is after it.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    /// Who.
    pub unit: &'a UnitCard,
    /// What.
    pub kind: &'a TrackEventKind,
    /// When.
    pub at: Timestamp,
    /// Where the unit was before it, when abroad.
    pub before: Option<Abroad>,
    /// Where the unit is after it, when abroad.
    pub abroad: Option<Abroad>,
    /// Whether the fix behind it lies in a disputed, undelimited or overlapping area.
    pub disputed: bool,
    /// Of an approach: whether one to the same frontier was under way.
    pub again: bool,
}

/// Why the law is asked again of a unit that is abroad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// What holds at the crossing is asked.
    Crossing,
    /// What holds at this later moment is asked.
    At(Timestamp),
    /// At this moment the unit is outside the area of its joint patrol.
    OutsideArea(Timestamp),
}

/// What follows for a unit of no operation: abroad, it must stop, and the room is told why; home again, that is over.
#[must_use]
pub fn without_operation(told: &Told<'_>, lookup: Lookup<'_>, now: Timestamp) -> Option<Event> {
    let crossing = match told.kind {
        TrackEventKind::CrossingConfirmed(crossing)
        | TrackEventKind::CrossingRevised(crossing)
        | TrackEventKind::CrossingRetracted { crossing, .. } => Some(&crossing.id),
        TrackEventKind::Located { .. } => None,
        _ => return None,
    };
    match (&told.before, &told.abroad) {
        (before, Some(abroad)) => {
            // Told again only when the law says something else.
            let said = before
                .as_ref()
                .map(|before| stray(told.unit, before, lookup, now));
            Some(stray(told.unit, abroad, lookup, now)).filter(|says| said.as_ref() != Some(says))
        }
        (Some(_), None) => Some(Event {
            at: now,
            what: What::Operation(OperationEvent {
                operation: None,
                kind: OperationEventKind::Assessed {
                    unit: Some(told.unit.id.clone()),
                    crossing: crossing.cloned(),
                    assessment: assess_home(lookup.rulebook, Basis::JointPatrol, false),
                },
            }),
        }),
        (None, None) => None,
    }
}

/// What the law says of a unit that is abroad in no operation.
#[must_use]
pub fn stray(unit: &UnitCard, abroad: &Abroad, lookup: Lookup<'_>, now: Timestamp) -> Event {
    let assessment = abroad.crossing.as_ref().map_or_else(
        || assess_crossing(lookup.rulebook, &facts_of_place(None, unit, abroad, now)),
        |crossing| assess_crossing(lookup.rulebook, &facts(None, unit, crossing)),
    );
    Event {
        at: now,
        what: What::Operation(OperationEvent {
            operation: None,
            kind: OperationEventKind::Assessed {
                unit: Some(unit.id.clone()),
                crossing: abroad.crossing_id().cloned(),
                assessment,
            },
        }),
    }
}

/// Writes what follows for one operation.
pub struct Consequences<'a> {
    /// The operation as everything written so far has made it.
    pub(super) operation: Operation,
    pub(super) lookup: Lookup<'a>,
    pub(super) now: Timestamp,
    events: &'a mut Vec<Event>,
}

impl<'a> Consequences<'a> {
    /// For one operation, at our time `now`.
    #[must_use]
    pub fn of(
        operation: &Operation,
        lookup: Lookup<'a>,
        now: Timestamp,
        events: &'a mut Vec<Event>,
    ) -> Self {
        Self {
            operation: operation.scratch(),
            lookup: Lookup {
                rulebook: lookup.rulebook.of(operation.rules.as_ref()),
                ..lookup
            },
            now,
            events,
        }
    }

    /// From here on the law is asked of these rules.
    pub(super) fn rest_on(&mut self, rules: &'a Rulebook) {
        self.lookup.rulebook = rules;
    }

    /// The track of one of its units told something.
    pub fn follow(&mut self, told: &Told<'_>) {
        let before = self.operation.hosts_entered();
        self.operation.apply_track(told.unit.state, told.kind);
        self.operation.settle(&told.unit.id, told.abroad.clone());
        match told.kind {
            TrackEventKind::CrossingConfirmed(crossing) => self.confirmed(told.unit, crossing),
            TrackEventKind::CrossingRevised(crossing) => {
                self.revised(told.unit, crossing, told.before.as_ref());
            }
            TrackEventKind::CrossingRetracted { crossing, .. } => {
                self.retracted(told.unit, crossing);
            }
            TrackEventKind::CrossingSuspected(crossing) if told.disputed => {
                self.seems_disputed(told.unit, crossing);
            }
            TrackEventKind::Approaching(approach) => {
                self.approaching(told.unit, approach, told.at, told.again);
            }
            TrackEventKind::Receding { .. } | TrackEventKind::SignedOff => {
                self.not_expected(told.unit);
            }
            TrackEventKind::Located { .. } => self.located(told.unit),
            TrackEventKind::CrossingSuspected(_)
            | TrackEventKind::SignedOn
            | TrackEventKind::Silent(_)
            | TrackEventKind::MayHaveCrossed(_)
            | TrackEventKind::Back
            | TrackEventKind::CameraOver { .. }
            | TrackEventKind::Device(_)
            | TrackEventKind::StandOffBroken(_)
            | TrackEventKind::BreachPredicted(_)
            | TrackEventKind::StandOffKept
            | TrackEventKind::Sealed { .. }
            | TrackEventKind::Unsealed
            | TrackEventKind::LeftCoverage
            | TrackEventKind::FixQuarantined { .. }
            | TrackEventKind::FixReleased { .. }
            | TrackEventKind::Acted { .. } => {}
        }
        self.keep_clocks(&before);
    }

    /// A unit was assigned while it is abroad already: the law is asked at once, and every host that it is in is owed.
    /// `entries` are the crossings by which it entered them.
    pub fn assigned(&mut self, unit: &UnitCard, abroad: Abroad, entries: &[(State, Crossing)]) {
        let before = self.operation.hosts_entered();
        self.operation.settle(&unit.id, Some(abroad));
        self.ask(unit, Again::Crossing);
        if entries.is_empty() {
            self.owe_for_place(unit);
        }
        for (host, crossing) in entries {
            self.enter(unit, crossing, *host);
        }
        self.keep_clocks(&before);
    }

    /// Asks the law again of what the operation declares, and writes the answer.
    pub fn ask_of_opening(&mut self) {
        let declared = &self.operation.card.declared;
        let assessment = assess_opening(self.lookup.rulebook, declared, self.now);
        let assessment = self.of_kind(assessment);
        self.push(OperationEventKind::Assessed {
            unit: None,
            crossing: None,
            assessment,
        });
    }

    /// Asks the law again of a unit that is abroad, and drafts what is owed by the answer.
    pub fn look_again(&mut self, unit: &UnitCard, again: Again) {
        let Some(assessment) = self.ask(unit, again) else {
            return;
        };
        let abroad = self.operation.abroad.get(&unit.id).cloned();
        let Some(crossing) = abroad.and_then(|abroad| abroad.crossing) else {
            return;
        };
        if assessment.duties.is_empty() {
            return;
        }
        for host in foreign(crossing.to, unit.state) {
            for room in self.rooms_of(host) {
                self.share(&room, Some(&unit.id));
                self.follow_up(host, &room, &assessment.duties, unit, &crossing);
            }
        }
    }

    /// The units of the operation that are in a host state.
    #[must_use]
    pub fn units_in(&self, host: State) -> Vec<UnitId> {
        let in_host = |(_, abroad): &(_, &Abroad)| abroad.territory.contains(host);
        let abroad = self.operation.abroad.iter();
        abroad.filter(in_host).map(|(id, _)| id.clone()).collect()
    }

    fn confirmed(&mut self, unit: &UnitCard, crossing: &Crossing) {
        let facts = facts(Some(&self.operation), unit, crossing);
        if !facts.is_return_home() {
            let assessment = assess_crossing(self.lookup.rulebook, &facts);
            let goes_on = assessment.verdict != Verdict::Stop;
            self.assessed(unit, Some(&crossing.id), assessment);
            for host in newly_entered(unit, crossing) {
                self.enter(unit, crossing, host);
            }
            // An older crossing, found late, or one that a host's no overtook: what holds now is said last.
            let refused = self.operation.abroad.get(&unit.id);
            let refused = refused.is_some_and(|abroad| self.is_refused(abroad));
            if !self.is_current(unit, crossing) || (refused && goes_on) {
                self.ask(unit, Again::Crossing);
            }
        }
        self.home(unit, Some(&crossing.id));
    }

    fn revised(&mut self, unit: &UnitCard, crossing: &Crossing, before: Option<&Abroad>) {
        if self.is_current(unit, crossing) && self.says_otherwise(unit, crossing, before) {
            self.ask(unit, Again::Crossing);
        }
        if !self.concerns(unit, crossing) {
            return;
        }
        for host in newly_entered(unit, crossing) {
            let assessment = self.entering(unit, crossing, host);
            for clock in &assessment.clocks {
                self.start_or_shorten(host, clock);
            }
            for room in self.rooms_of(host) {
                self.follow_up(host, &room, &assessment.duties, unit, crossing);
            }
        }
    }

    /// Whether a crossing is one of this operation: the one that the unit is abroad by, one confirmed since the opening, or
    /// one that a notice names. A unit that was out and home again before the opening crossed without it, whatever late
    /// data say of that.
    fn concerns(&self, unit: &UnitCard, crossing: &Crossing) -> bool {
        let mut notices = self.operation.notices.values();
        self.is_current(unit, crossing)
            || self.operation.crossed.contains(&crossing.id)
            || notices.any(|notice| notice.entry(&crossing.id).is_some())
    }

    fn retracted(&mut self, unit: &UnitCard, crossing: &Crossing) {
        self.take_back(unit, crossing);
        let unasked = self
            .operation
            .abroad
            .get(&unit.id)
            .is_some_and(|abroad| abroad.verdict.is_none());
        if unasked {
            self.ask(unit, Again::Crossing);
        }
        self.home(unit, Some(&crossing.id));
    }

    fn located(&mut self, unit: &UnitCard) {
        let abroad = self.operation.abroad.get(&unit.id);
        if abroad.is_some_and(|abroad| abroad.verdict.is_none() && abroad.crossing.is_none()) {
            self.ask(unit, Again::Crossing);
            self.owe_for_place(unit);
        }
        self.home(unit, None);
    }

    /// A unit seems to be in a disputed area: never confirmed, and a reason to stop all the same.
    fn seems_disputed(&mut self, unit: &UnitCard, crossing: &Crossing) {
        let mut facts = facts(Some(&self.operation), unit, crossing);
        facts.disputed = true;
        let assessment = assess_disputed(self.lookup.rulebook, &facts);
        self.assessed(unit, Some(&crossing.id), assessment);
    }

    /// A unit entered a host state: its rooms see the operation, are owed what the law says, and its clocks run.
    fn enter(&mut self, unit: &UnitCard, crossing: &Crossing, host: State) {
        let assessment = self.entering(unit, crossing, host);
        let since = crossing.earliest.min(crossing.likely);
        for room in self.rooms_of(host) {
            self.share(&room, Some(&unit.id));
            let entry = happened(unit, crossing);
            self.owe(&assessment.duties, host, &room, (since, Some(&entry)));
        }
        for clock in &assessment.clocks {
            self.start_or_shorten(host, clock);
        }
    }

    fn owe_for_place(&mut self, unit: &UnitCard) {
        let Some(abroad) = self.operation.abroad.get(&unit.id).cloned() else {
            return;
        };
        for host in foreign(abroad.territory, unit.state) {
            let assessment = {
                let facts = facts_of_place(Some(&self.operation), unit, &abroad, self.now);
                assess_crossing_into(self.lookup.rulebook, &facts, host)
            };
            for room in self.rooms_of(host) {
                self.share(&room, Some(&unit.id));
                self.owe(&assessment.duties, host, &room, (abroad.since, None));
            }
        }
    }

    fn entering(&self, unit: &UnitCard, crossing: &Crossing, host: State) -> Assessment {
        let facts = facts(Some(&self.operation), unit, crossing);
        self.of_kind(assess_crossing_into(self.lookup.rulebook, &facts, host))
    }

    /// Asks the law of a unit where it is abroad, and writes the answer.
    fn ask(&mut self, unit: &UnitCard, again: Again) -> Option<Assessment> {
        let abroad = self.operation.abroad.get(&unit.id)?.clone();
        let assessment = if let Some(crossing) = &abroad.crossing {
            let mut facts = facts(Some(&self.operation), unit, crossing);
            match again {
                Again::Crossing => {
                    facts.abroad_at = self.is_refused(&abroad).then_some(self.now);
                }
                Again::At(at) => facts.abroad_at = Some(at),
                Again::OutsideArea(at) => {
                    facts.abroad_at = Some(at);
                    facts.in_patrol_area = Some(false);
                }
            }
            assess_crossing(self.lookup.rulebook, &facts)
        } else {
            let facts = facts_of_place(Some(&self.operation), unit, &abroad, self.now);
            assess_unknown_entry(self.lookup.rulebook, &facts)
        };
        self.assessed(unit, abroad.crossing_id(), assessment.clone());
        Some(assessment)
    }

    /// Whether a host where the unit is says no by now, whatever it said when the unit crossed.
    fn is_refused(&self, abroad: &Abroad) -> bool {
        let declared = &self.operation.card.declared;
        let mut hosts = abroad.territory.iter();
        hosts.any(|host| declared.refused(host, self.now).is_some())
    }

    /// Whether the law says of a crossing something else than it said of it before it was revised.
    fn says_otherwise(
        &self,
        unit: &UnitCard,
        crossing: &Crossing,
        before: Option<&Abroad>,
    ) -> bool {
        let says = |crossing| {
            let facts = facts(Some(&self.operation), unit, crossing);
            assess_crossing(self.lookup.rulebook, &facts)
        };
        let before = before.and_then(|abroad| abroad.crossing.as_ref());
        before.is_none_or(|before| says(before) != says(crossing))
    }

    /// Says that a unit is home, when something else was said of it before.
    fn home(&mut self, unit: &UnitCard, crossing: Option<&CrossingId>) {
        let abroad = self.operation.abroad.contains_key(&unit.id);
        if abroad || !self.operation.assessed_abroad.contains(&unit.id) {
            return;
        }
        let basis = self.operation.card.declared.basis;
        let was_abroad = !self.operation.crossed.is_empty();
        let assessment = assess_home(self.lookup.rulebook, basis, was_abroad);
        self.assessed(unit, crossing, assessment);
    }

    /// Whether it is this crossing that took the unit where it is.
    fn is_current(&self, unit: &UnitCard, crossing: &Crossing) -> bool {
        let abroad = self.operation.abroad.get(&unit.id);
        abroad.is_some_and(|abroad| abroad.crossing_id() == Some(&crossing.id))
    }

    /// A unit of the operation is about to enter a host state: the notice is drafted before the line.
    fn approaching(
        &mut self,
        unit: &UnitCard,
        approach: &Approach,
        predicted_at: Timestamp,
        again: bool,
    ) {
        let declared = &self.operation.card.declared;
        if declared.basis == Basis::JointPatrol || unit.state != declared.requesting_state {
            return;
        }
        let anywhere = declared.basis.form() == Form::Pursuit;
        let hosts: Vec<State> = foreign(approach.to, unit.state)
            .filter(|host| anywhere || declared.host_states.contains(host))
            .collect();
        for host in hosts {
            for room in self.rooms_of(host) {
                self.share(&room, Some(&unit.id));
                // Another time of arrival corrects the draft; a notice that was sent is not owed once more by it.
                if again && !self.has_open(Duty::NoticeOfCrossing, &room) {
                    continue;
                }
                let entry = NoticeCrossing {
                    unit: unit.id.clone(),
                    callsign: Arc::clone(&unit.callsign),
                    kind: unit.kind,
                    marks: unit.marks,
                    crossing: None,
                    point: approach.point,
                    earliest: predicted_at.plus(approach.eta_earliest),
                    likely: predicted_at.plus(approach.eta),
                    expected: true,
                    taken_back: false,
                };
                self.draft(Duty::NoticeOfCrossing, host, &room, Some(entry));
            }
        }
    }

    /// An exercise's own document is marked as such; law stays law.
    fn of_kind(&self, assessment: Assessment) -> Assessment {
        if self.operation.card.exercise {
            assessment.of_exercise()
        } else {
            assessment
        }
    }

    /// Opens the operation to a room, with one of its units, unless it sees that already or nothing personal may go there.
    pub(super) fn share(&mut self, room: &RoomId, unit: Option<&UnitId>) {
        let to = self.lookup.rooms.get(room).map(|card| card.state);
        let known = to.is_some_and(|to| {
            transfer::passage(self.lookup, &self.operation, to) != Passage::Barred
        });
        let extent = unit.map_or_else(Extent::default, Extent::of);
        let seen = self.operation.shared_with.get(room);
        let already = seen.is_some_and(|seen| seen.covers(&extent));
        if known && !already && *room != self.operation.card.room {
            self.push(OperationEventKind::Life(LifeEvent::Shared {
                with: room.clone(),
                extent,
            }));
        }
    }

    /// The host rooms of a state: those the operation names, else any of that state; a state without a room here keeps
    /// its notice under its own code, to be given by telephone.
    pub(super) fn rooms_of(&self, host: State) -> Vec<RoomId> {
        let of_state = |room: &&RoomId| {
            self.lookup
                .rooms
                .get(*room)
                .is_some_and(|card| card.state == host)
        };
        let named: Vec<RoomId> = self
            .operation
            .card
            .host_rooms
            .iter()
            .filter(of_state)
            .cloned()
            .collect();
        if !named.is_empty() {
            return named;
        }
        let any: Vec<RoomId> = self.lookup.rooms.keys().filter(of_state).cloned().collect();
        if any.is_empty() {
            return RoomId::parse(host.as_str()).into_iter().collect();
        }
        any
    }

    pub(super) fn assessed(
        &mut self,
        unit: &UnitCard,
        crossing: Option<&CrossingId>,
        of: Assessment,
    ) {
        let assessment = self.of_kind(of);
        self.push(OperationEventKind::Assessed {
            unit: Some(unit.id.clone()),
            crossing: crossing.cloned(),
            assessment,
        });
    }

    /// Writes an event, and folds it into the scratch.
    pub(super) fn push(&mut self, kind: OperationEventKind) {
        self.push_at(self.now, kind);
    }

    /// The same for what happened at a moment.
    pub(super) fn push_at(&mut self, at: Timestamp, kind: OperationEventKind) {
        let operation: OperationId = self.operation.card.id.clone();
        let event = Event {
            at,
            what: What::Operation(OperationEvent {
                operation: Some(operation),
                kind,
            }),
        };
        if let What::Operation(of) = &event.what {
            self.operation.apply(&event, &of.kind);
        }
        self.events.push(event);
    }
}

/// The host states that a crossing entered: one that the unit was in before, such as through a condominium, is not
/// entered again.
fn newly_entered(unit: &UnitCard, crossing: &Crossing) -> Vec<State> {
    foreign(crossing.to, unit.state)
        .filter(|host| !crossing.from.contains(*host))
        .collect()
}

/// A crossing as a notice tells it.
pub(super) fn happened(unit: &UnitCard, crossing: &Crossing) -> NoticeCrossing {
    NoticeCrossing {
        unit: unit.id.clone(),
        callsign: Arc::clone(&unit.callsign),
        kind: unit.kind,
        marks: unit.marks,
        crossing: Some(crossing.id.clone()),
        point: crossing.point,
        earliest: crossing.earliest,
        likely: crossing.likely,
        expected: false,
        taken_back: false,
    }
}

/// Whether a unit abroad was found to have an obstacle.
#[must_use]
pub fn is_stopped(abroad: &Abroad) -> bool {
    abroad.verdict == Some(Verdict::Stop)
}
