//! Which facts of an operation need a person, and since when or from when?
//!
//! A cause has a moment from which it is an alarm: before it, it is only known that it will be one if nothing happens. The
//! delays are what the rooms agreed on (the bilateral profile), not law; what is law comes with the clock or limit that it
//! belongs to.

mod dialogues;
mod notices;

use super::board::Subject;
use super::kind::{AlarmKind, Priority};
use crate::domain::borders::Frontier;
use crate::domain::event::{Approach, Cut};
use crate::domain::ids::{RoomId, State, UnitId};
use crate::domain::law::basis::Form;
use crate::domain::law::clocks::{LimitStage, stages_of, utc};
use crate::domain::law::finding::{ClockKind, Verdict};
use crate::domain::law::profile::agreed::{Figures, Profiles, strictest};
use crate::domain::law::profile::figure::Figure;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::operations::operation::{ClockStatus, Operation, RunningClock};
use crate::domain::operations::whereabouts::Abroad;
use crate::domain::registry::{UnitCard, UnitKind};
use std::sync::Arc;

/// A fact that is an alarm from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What it is.
    pub kind: AlarmKind,
    /// What it is about.
    pub subject: Subject,
    /// Since when the fact holds.
    pub since: Timestamp,
    /// From when it is an alarm; exactly then it is one.
    pub due: Timestamp,
    /// Until when, when something more pressing takes its place; exactly then it is none.
    pub until: Option<Timestamp>,
    /// What, who and where.
    pub sentence: Arc<str>,
    /// What to do.
    pub action: &'static str,
}

impl Cause {
    /// A fact that is an alarm as soon as it is told: also when the clock that dated it runs ahead of ours.
    pub(super) fn now(
        kind: AlarmKind,
        subject: Subject,
        since: Timestamp,
        sentence: impl Into<Arc<str>>,
        action: &'static str,
    ) -> Self {
        Self {
            kind,
            subject,
            since,
            due: Timestamp::EPOCH,
            until: None,
            sentence: sentence.into(),
            action,
        }
    }

    /// The same, once it has held so long.
    pub(super) fn after(self, delay: Span) -> Self {
        Self {
            due: self.since.plus(delay),
            ..self
        }
    }

    /// Whether it is an alarm at a moment.
    #[must_use]
    pub fn stands(&self, now: Timestamp) -> bool {
        self.due <= now && self.until.is_none_or(|until| now < until)
    }

    /// When that changes by itself, after a moment.
    #[must_use]
    pub fn changes_after(&self, now: Timestamp) -> Option<Timestamp> {
        let moments = std::iter::once(self.due).chain(self.until);
        moments.filter(|at| *at > now).min()
    }
}

/// What is known of the units an operation speaks of.
pub trait Roster {
    /// A unit's card.
    fn card(&self, unit: &UnitId) -> Option<&UnitCard>;
    /// Since when a unit is silent.
    fn silent_since(&self, unit: &UnitId) -> Option<Timestamp>;
    /// A unit of another state in a partner's open operation whose call sign is heard as this one's.
    fn namesake(&self, card: &UnitCard) -> Option<&UnitCard>;
    /// Whether a room is known here: to one that is not, nothing can be sent.
    fn is_here(&self, room: &RoomId) -> bool;
    /// Of which state a room is.
    fn state_of(&self, room: &RoomId) -> Option<State>;
    /// How the link to a room in another service is cut, when it is.
    fn cut_to(&self, room: &RoomId) -> Option<&Cut>;
    /// Where a unit is on its way to over a frontier, and when that was told.
    fn approach(&self, unit: &UnitId) -> Option<(&Approach, Timestamp)>;
}

/// The causes in one operation, for the room `own`; of one that is closed, its report alone. Of a partner's operation only what a
/// person of this room must do or know at once.
#[must_use]
pub fn of_operation(
    operation: &Operation,
    own: &RoomId,
    roster: &dyn Roster,
    profiles: &Profiles,
) -> Vec<Cause> {
    let mut asked = Asked {
        operation,
        roster,
        profiles,
        causes: Vec::new(),
    };
    if operation.card.room == *own {
        asked.report();
    }
    if !operation.is_open() {
        return asked.causes;
    }
    asked.clocks();
    asked.limits();
    asked.units_abroad();
    if operation.card.room == *own {
        asked.notices();
        asked.refusals();
        asked.held();
        asked.marks();
        asked.eyes();
        asked.without_profile();
        asked.numbers();
        asked.namesakes();
    } else {
        asked
            .causes
            .retain(|cause| cause.kind.priority() == Priority::P1);
        for cause in &mut asked.causes {
            cause.action = "Call the room that leads";
        }
        asked.notices_to(own);
    }
    asked.dialogues(own);
    asked.causes
}

struct Asked<'a> {
    operation: &'a Operation,
    roster: &'a dyn Roster,
    profiles: &'a Profiles,
    causes: Vec<Cause>,
}

impl<'a> Asked<'a> {
    /// What was agreed with a host.
    fn agreed(&self, host: State) -> Figures<'a> {
        self.operation.figures(self.profiles, host)
    }

    fn clocks(&mut self) {
        for running in self.operation.clocks.values() {
            let (key, ends) = (running.clock.key, running.clock.ends);
            let subject = self.subject(|subject| subject.host = Some(key.host));
            let (what, kinds, over, action) = words(key.kind);
            let time = utc(ends, running.clock.starts);
            match running.status {
                ClockStatus::Running => {
                    let steps = before_the_end(kinds, running, self.agreed(key.host));
                    let sentence = format!("{what} {} end at {time}", key.host);
                    self.ladder(&subject, running.clock.starts, &steps, &sentence, action);
                }
                ClockStatus::Expired if key.kind.ends_the_stay() => {
                    if !self.operation.abroad.is_empty() {
                        let sentence = format!("{what} {} ended at {time}", key.host);
                        let action = "Stop, and confirm with each unit";
                        self.causes
                            .push(Cause::now(over, subject, ends, sentence, action));
                    }
                }
                ClockStatus::Expired => {
                    let sentence = format!("{what} {} ended at {time}", key.host);
                    self.causes
                        .push(Cause::now(over, subject, ends, sentence, action));
                }
                ClockStatus::Stopped => {}
            }
        }
    }

    fn limits(&mut self) {
        for ((unit, host), limit) in &self.operation.limits {
            let Some(abroad) = self.operation.abroad.get(unit) else {
                continue;
            };
            let (kind, action) = match limit.stage {
                LimitStage::Within => continue,
                LimitStage::Near => (AlarmKind::LimitNear, "Tell the unit"),
                LimitStage::NearlyReached => {
                    (AlarmKind::LimitNearlyReached, "Turn back, or hand over")
                }
                LimitStage::Exceeded => {
                    let action = "Stop and return, and tell the host";
                    (AlarmKind::LimitExceeded, action)
                }
            };
            let subject = self.of_unit(unit, Some(*host));
            let sentence = limit.in_words();
            self.causes
                .push(Cause::now(kind, subject, abroad.since, sentence, action));
        }
    }

    /// A host said no, and granted nothing since.
    fn refusals(&mut self) {
        let declared = &self.operation.card.declared;
        for host in self.operation.hosts() {
            let Some((said, until)) = declared.refusals_of(host).last() else {
                continue;
            };
            let subject = self.subject(|subject| subject.host = Some(host));
            let kind = AlarmKind::HostRefused;
            let sentence = said.in_words(said.at);
            let cause = Cause::now(kind, subject, said.at, sentence, "Stop, or re-plan");
            self.causes.push(Cause { until, ..cause });
        }
    }

    /// A person is held by one of our units, and nobody of the host is recorded there.
    fn held(&mut self) {
        for (host, held) in &self.operation.held {
            let Some(unit) = held.detention.unit.as_ref().filter(|_| held.is_ours()) else {
                continue;
            };
            let sentence = format!(
                "A person is held in {host} by {}, and no officer of {host} is recorded there",
                self.name(unit)
            );
            let (kind, since) = (AlarmKind::PersonHeld, held.detention.since);
            let subject = self.of_unit(unit, Some(*host));
            let cause = Cause::now(kind, subject, since, sentence, "Call the host's room");
            let delay = self.agreed(*host).span(Figure::HostOnScene);
            self.causes.push(cause.after(delay));
        }
    }

    fn units_abroad(&mut self) {
        let stopped = |(_, abroad): &(&UnitId, &Abroad)| abroad.verdict == Some(Verdict::Stop);
        for (unit, abroad) in self.operation.abroad.iter().filter(stopped) {
            let card = self.roster.card(unit);
            let drone = card.is_some_and(|card| card.kind == UnitKind::Drone);
            let (kind, action) = if drone {
                let action = "Pilot: hold or return; tell the host";
                (AlarmKind::DroneAbroad, action)
            } else {
                let action = "Stop, and confirm with the unit";
                (AlarmKind::AgainstTheRules, action)
            };
            let (name, place) = (self.name(unit), abroad.territory);
            let sentence = format!("{name} in {place}: the rules say stop");
            let subject = self.of_unit(unit, None);
            self.causes
                .push(Cause::now(kind, subject, abroad.since, sentence, action));
        }
    }

    /// Art. 41(5)(d): of every unit of a pursuit it is known by what it can be recognised.
    fn marks(&mut self) {
        if self.operation.card.declared.basis.form() != Form::Pursuit {
            return;
        }
        for unit in &self.operation.card.units {
            let card = self.roster.card(unit);
            let registered = card.is_some_and(|card| card.marks.is_some());
            if registered || self.operation.recognised.contains_key(unit) {
                continue;
            }
            let name = self.name(unit);
            let sentence = format!("How {name} can be recognised as police is not ticked");
            let (kind, since) = (AlarmKind::NotTicked, self.operation.opened_at);
            let subject = self.of_unit(unit, None);
            self.causes
                .push(Cause::now(kind, subject, since, sentence, "Tick it"));
        }
    }

    fn eyes(&mut self) {
        let Some(unit) = &self.operation.eyes else {
            return;
        };
        let Some(since) = self.roster.silent_since(unit) else {
            return;
        };
        let (name, time) = (self.name(unit), utc(since, since));
        let sentence = format!("{name} has the target in sight and is not heard since {time}");
        let action = "Call it, or give another unit the eyes";
        let cause = Cause::now(
            AlarmKind::EyesLost,
            self.of_unit(unit, None),
            since,
            sentence,
            action,
        );
        let delay = strictest_of(self.operation, self.profiles, Figure::EyesMissed);
        self.causes.push(cause.after(delay));
    }

    /// The report that is owed since the last unit was home.
    fn report(&mut self) {
        let report = &self.operation.report;
        let Some(since) = report.owed_since.filter(|_| report.is_owed()) else {
            return;
        };
        let after = |figure| since.plus(strictest_of(self.operation, self.profiles, figure));
        let steps = [
            (AlarmKind::ReportDue, after(Figure::ReportDue)),
            (AlarmKind::ReportLate, after(Figure::ReportLate)),
        ];
        let sentence = format!(
            "The report on {} is owed since {} and not signed",
            self.operation.card.id,
            utc(since, since)
        );
        let subject = self.subject(|_| {});
        let action = "Supervisor: read the draft, add what no record tells, sign";
        self.ladder(&subject, since, &steps, &sentence, action);
    }

    /// With a host nothing was agreed on that holds: the defaults of the workflow are no word of either state.
    fn without_profile(&mut self) {
        let requesting = self.operation.card.declared.requesting_state;
        for host in self.operation.hosts() {
            if self.agreed(host).profile().is_some() {
                continue;
            }
            let pair = Frontier::between(requesting, host);
            let sentence = format!(
                "No profile of {pair} that both states signed is in force: the workflow's defaults and the strict reading hold"
            );
            let (kind, since) = (AlarmKind::NoProfile, self.operation.opened_at);
            let subject = self.subject(|subject| subject.host = Some(host));
            let action = "Legal: have a profile signed; agree by voice until then";
            self.causes
                .push(Cause::now(kind, subject, since, sentence, action));
        }
    }

    /// Numbers of the hosts that nobody has tested for long.
    fn numbers(&mut self) {
        for host in self.operation.hosts() {
            let agreed = self.agreed(host);
            let Some(profile) = agreed.profile() else {
                continue;
            };
            let delay = agreed.span(Figure::VoiceUnchecked);
            let own = &self.operation.card.room;
            let theirs = profile.parts().voice_numbers.iter();
            let oldest = theirs
                .filter(|voice| voice.room != *own)
                .min_by_key(|voice| voice.checked_on);
            let Some(voice) = oldest else { continue };
            let sentence = format!(
                "The number of {}, {}, was last tested on {}",
                voice.room, voice.desk, voice.checked_on
            );
            let subject = self.subject(|subject| subject.host = Some(host));
            let (kind, since) = (AlarmKind::NumberUnchecked, voice.checked_on.start());
            let cause = Cause::now(
                kind,
                subject,
                since,
                sentence,
                "Make a test call; have the profile renewed",
            );
            self.causes.push(cause.after(delay));
        }
    }

    /// Two units on one map that are called alike.
    fn namesakes(&mut self) {
        for unit in &self.operation.card.units {
            let Some(card) = self.roster.card(unit) else {
                continue;
            };
            let Some(other) = self.roster.namesake(card) else {
                continue;
            };
            let sentence = format!(
                "{} of {} and {} of {} are called alike",
                card.callsign, card.state, other.callsign, other.state
            );
            let (kind, since) = (AlarmKind::SameCallsign, self.operation.opened_at);
            let action = "Say the state with the call sign";
            let subject = self.of_unit(unit, Some(other.state));
            self.causes
                .push(Cause::now(kind, subject, since, sentence, action));
        }
    }

    /// Of several steps the last that has come stands for those before it: each is an alarm until the next one is.
    fn ladder(
        &mut self,
        subject: &Subject,
        since: Timestamp,
        steps: &[(AlarmKind, Timestamp)],
        sentence: &str,
        action: &'static str,
    ) {
        for (index, (kind, due)) in steps.iter().enumerate() {
            let cause = Cause::now(*kind, subject.clone(), since, sentence, action);
            let until = steps.get(index + 1).map(|(_, next)| *next);
            self.causes.push(Cause {
                due: *due,
                until,
                ..cause
            });
        }
    }

    fn subject(&self, more: impl FnOnce(&mut Subject)) -> Subject {
        let mut subject = Subject {
            operation: Some(self.operation.card.id.clone()),
            ..Subject::default()
        };
        more(&mut subject);
        subject
    }

    fn of_unit(&self, unit: &UnitId, host: Option<State>) -> Subject {
        self.subject(|subject| {
            subject.unit = Some(unit.clone());
            subject.host = host;
        })
    }

    fn name(&self, unit: &UnitId) -> String {
        let card = self.roster.card(unit);
        card.map_or_else(|| unit.to_string(), |card| card.callsign.to_string())
    }
}

/// The strictest of what was agreed with the hosts of an operation.
#[must_use]
pub fn strictest_of(operation: &Operation, profiles: &Profiles, figure: Figure) -> Span {
    let hosts = operation.hosts();
    let agreed = hosts.iter().map(|host| operation.figures(profiles, *host));
    let span = figure.unit().span(strictest(agreed, figure));
    span.unwrap_or(Span::ZERO)
}

/// What a clock counts, in words; its alarms before the end, from the last backwards; the alarm of its end; what to do.
const fn words(kind: ClockKind) -> (&'static str, &'static [AlarmKind], AlarmKind, &'static str) {
    use AlarmKind as A;
    match kind {
        ClockKind::Consent => (
            "The hours for the consent of",
            &[A::ConsentNearlyOver, A::ConsentEnds],
            A::ConsentOver,
            "Get the consent, or turn back",
        ),
        ClockKind::AuthorisationWindow => (
            "The hours authorised by",
            &[A::AuthorisationNearlyOver, A::AuthorisationEnds],
            A::LimitExceeded,
            "Ask for more, or turn back",
        ),
        ClockKind::PursuitPeriod => (
            "The minutes of the pursuit in",
            &[A::LimitNearlyReached, A::LimitNear],
            A::LimitExceeded,
            "Turn back, or hand over",
        ),
        ClockKind::Release => (
            "The hours until the release in",
            &[A::ReleaseNearlyOver],
            A::ReleaseOver,
            "Ask the host: request for arrest, or release",
        ),
    }
}

/// The steps of a running clock, earliest first. A stage without an alarm of its own shares that of the stage after it.
fn before_the_end(
    kinds: &[AlarmKind],
    running: &RunningClock,
    figures: Figures<'_>,
) -> Vec<(AlarmKind, Timestamp)> {
    let clock = &running.clock;
    let stages = stages_of(clock.key.kind, clock.ends.since(clock.starts), figures);
    let mut steps: Vec<(AlarmKind, Timestamp)> = Vec::new();
    for (index, stage) in stages.iter().rev().enumerate() {
        let Some(kind) = kinds.get(index).or(kinds.last()) else {
            continue;
        };
        let due = stage.before(clock.ends);
        match steps.last_mut() {
            Some((last, at)) if last == kind => *at = due,
            _ => steps.push((*kind, due)),
        }
    }
    steps.reverse();
    steps
}
