//! A person is held abroad: what may be recorded of it, what the law says, and the clock of the release.

use super::card::{Detention, DetentionStep, DetentionStepKind, Held};
use super::crossings::Consequences;
use super::operation::{ClockStatus, Operation};
use super::orders::{Ask, refuse};
use crate::domain::event::{Clock, ClockEvent, ClockKey, OperationEventKind, Refusal};
use crate::domain::ids::State;
use crate::domain::law::detention::{DetentionFacts, assess_detention};
use crate::domain::law::finding::{Assessment, ClockKind, ClockSpec};
use crate::domain::measure::{Span, Timestamp};

/// How far a time that a person enters may lie ahead of our clock.
const AHEAD: Span = Span::from_secs(60);

/// Whether a detention may be recorded. That the law does not foresee it is no reason: it is written down and said.
pub(super) fn may_record(
    ask: Ask<'_>,
    operation: &Operation,
    detention: &Detention,
) -> Result<(), Refusal> {
    let host = detention.host;
    if host == operation.card.declared.requesting_state {
        let sentence =
            format!("{host} is the requesting state: who is held at home is not held abroad.");
        return Err(refuse("host_is_requesting_state", sentence));
    }
    if let Some(unit) = detention.unit.as_ref().filter(|unit| !operation.has(unit)) {
        let sentence = format!("Unit {unit} is not in operation {}.", operation.card.id);
        return Err(refuse("unit_not_in_operation", sentence));
    }
    not_ahead(ask, detention.since)?;
    match open(operation, host) {
        Some(held) if detention.since > held.detention.since => {
            let sentence = format!(
                "Held in {host} since {} is recorded already, and the clock keeps the earlier time. For another detention say first what became of this one.",
                held.detention.since
            );
            Err(refuse("detention_recorded", sentence))
        }
        Some(_) | None => Ok(()),
    }
}

/// Whether a step may be recorded of who is held in a host state.
pub(super) fn may_step(
    ask: Ask<'_>,
    operation: &Operation,
    host: State,
    step: &DetentionStep,
) -> Result<(), Refusal> {
    let Some(held) = open(operation, host) else {
        let sentence = format!("Nobody is recorded as held in {host}: say first since when.");
        return Err(refuse("nobody_held", sentence));
    };
    if held.is(step.kind) {
        let sentence = format!("That is recorded already of the person held in {host}.");
        return Err(refuse("detention_recorded", sentence));
    }
    if step.at < held.detention.since {
        let sentence = format!(
            "{} is before the detention at {}: correct the time.",
            step.at, held.detention.since
        );
        return Err(refuse("before_detention", sentence));
    }
    not_ahead(ask, step.at)
}

/// Whether the operation may close: not while its officers answer for a person held abroad.
pub(super) fn nobody_held_by_us(operation: &Operation) -> Result<(), Refusal> {
    match operation.held.values().find(|held| held.is_ours()) {
        None => Ok(()),
        Some(held) => {
            let host = held.detention.host;
            let sentence = format!(
                "A person is held in {host}: say whether the person was handed over or released, then close."
            );
            Err(refuse("person_held", sentence))
        }
    }
}

fn open(operation: &Operation, host: State) -> Option<&Held> {
    let held = operation.held.get(&host)?;
    (!held.is(DetentionStepKind::Released)).then_some(held)
}

/// Whether a time that a person entered has come, give or take what two clocks differ by.
pub(super) fn not_ahead(ask: Ask<'_>, at: Timestamp) -> Result<(), Refusal> {
    if at <= ask.now.plus(AHEAD) {
        return Ok(());
    }
    let sentence = format!("{at} has not come yet: it is {}.", ask.now);
    Err(refuse("time_in_future", sentence))
}

impl Consequences<'_> {
    /// What the law says of a detention: its findings, and the clock of the release.
    pub(super) fn ask_of_detention(&self, detention: &Detention) -> Assessment {
        let facts = DetentionFacts {
            host: detention.host,
            since: detention.since,
            host_national: detention.host_national,
        };
        assess_detention(self.lookup.rulebook, &self.operation.card.declared, &facts)
    }

    /// The clock of the release starts, or counts from an earlier moment; where it does not apply any more it stops.
    pub(super) fn count_release(&mut self, host: State, assessment: &Assessment) {
        let key = release_in(host);
        let requested = open(&self.operation, host)
            .is_some_and(|held| held.is(DetentionStepKind::ArrestRequested));
        let wanted = assessment.clocks.first().filter(|_| !requested);
        let known = self.operation.clocks.get(&key);
        let counts = known
            .filter(|clock| clock.status != ClockStatus::Stopped)
            .cloned();
        match (wanted, counts) {
            (None, Some(_)) => self.stop(
                key,
                format!("the person held in {host} is its national").into(),
            ),
            (Some(spec), None) => self.start(host, spec),
            (Some(spec), Some(before)) if spec.ends < before.clock.ends => {
                let ClockSpec {
                    kind: _,
                    starts,
                    ends,
                    citation,
                } = spec.clone();
                let clock = Clock {
                    key,
                    starts,
                    ends,
                    citation,
                };
                let because = format!("held since {starts}").into();
                self.push(OperationEventKind::Clock(ClockEvent::Revised {
                    clock,
                    because,
                }));
            }
            (None, None) | (Some(_), Some(_)) => {}
        }
    }

    /// What became of a person ends the clock of the release, but for a handing over: the host's officers are bound by it.
    pub(super) fn follow_step(&mut self, host: State, step: &DetentionStep) {
        let because = match step.kind {
            DetentionStepKind::HandedOver => return,
            DetentionStepKind::ArrestRequested => format!("request for arrest: {}", step.note),
            DetentionStepKind::Released => "the person was released".to_owned(),
        };
        let key = release_in(host);
        let counts = self.operation.clocks.get(&key);
        if counts.is_some_and(|clock| clock.status != ClockStatus::Stopped) {
            self.stop(key, because.into());
        }
    }
}

const fn release_in(host: State) -> ClockKey {
    ClockKey {
        kind: ClockKind::Release,
        host,
    }
}
