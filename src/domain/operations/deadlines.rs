//! What follows from time alone: clocks warn, and are over.

use super::operation::{ClockStatus, Operation, RunningClock};
use crate::domain::event::{ClockEvent, ClockKey, Event, OperationEvent, OperationEventKind, What};
use crate::domain::law::clocks::{STAGES_ORIGIN, expired, stages_of};
use crate::domain::law::finding::{ClockKind, ClockSpec};
use crate::domain::measure::{Span, Timestamp};
use std::sync::Arc;

/// The clocks of one operation at `now`: warnings whose stage has come, and ends. A stage that passed while nobody
/// looked is not announced when a later one has come too.
pub fn tick(operation: &Operation, now: Timestamp, events: &mut Vec<Event>) {
    if !operation.is_open() {
        return;
    }
    for running in operation.clocks.values() {
        let authorised = authorised_from(operation, running).filter(|(from, _)| *from <= now);
        let clock = match authorised {
            Some((_, because)) => Some(ClockEvent::Stopped {
                clock: running.clock.key,
                because,
            }),
            None => due(running, now),
        };
        if let Some(clock) = clock {
            events.push(Event {
                at: now,
                what: What::Operation(OperationEvent {
                    operation: Some(operation.card.id.clone()),
                    kind: OperationEventKind::Clock(clock),
                }),
            });
        }
    }
}

/// When the next clock of the operation has something to say.
#[must_use]
pub fn next(operation: &Operation) -> Option<Timestamp> {
    if !operation.is_open() {
        return None;
    }
    let begins = |running| authorised_from(operation, running).map(|(from, _)| from);
    let clocks = operation.clocks.values();
    clocks
        .flat_map(|running| next_of(running).into_iter().chain(begins(running)))
        .min()
}

/// From when a consent clock that counts no longer applies: when the window that the host has granted begins.
fn authorised_from(operation: &Operation, running: &RunningClock) -> Option<(Timestamp, Arc<str>)> {
    let host = running.clock.key.host;
    let counts =
        running.clock.key.kind == ClockKind::Consent && running.status == ClockStatus::Running;
    let key = ClockKey {
        kind: ClockKind::AuthorisationWindow,
        host,
    };
    let window = operation.clocks.get(&key);
    let window = window.filter(|window| counts && window.status == ClockStatus::Running)?;
    let starts = window.clock.starts;
    let document = operation.card.declared.document_at(host, starts)?;
    let because = format!("authorisation {} of {host} holds", document.number);
    (starts < running.clock.ends).then(|| (starts, because.into()))
}

fn next_of(running: &RunningClock) -> Option<Timestamp> {
    if running.status != ClockStatus::Running {
        return None;
    }
    let warned = running.warned;
    stages(running)
        .iter()
        .filter(|stage| warned.is_none_or(|left| before(**stage) < left))
        .map(|stage| running.clock.ends.plus(*stage))
        .chain(std::iter::once(running.clock.ends))
        .min()
}

fn stages(running: &RunningClock) -> Vec<Span> {
    let clock = &running.clock;
    stages_of(clock.key.kind, clock.ends.since(clock.starts))
}

/// The time left at a stage: stages are spans before the end, so negative.
fn before(stage: Span) -> Span {
    Span::from_millis(-stage.as_millis())
}

fn due(running: &RunningClock, now: Timestamp) -> Option<ClockEvent> {
    if running.status != ClockStatus::Running {
        return None;
    }
    let clock = &running.clock;
    if now >= clock.ends {
        let spec = ClockSpec {
            kind: clock.key.kind,
            starts: clock.starts,
            ends: clock.ends,
            citation: clock.citation.clone(),
        };
        return Some(ClockEvent::Expired {
            clock: clock.key,
            because: expired(&spec, clock.key.host).sentence,
        });
    }
    let stages = stages(running);
    let stage = stages
        .iter()
        .rfind(|stage| now >= clock.ends.plus(**stage))?;
    let left = before(*stage);
    let new = running.warned.is_none_or(|warned| left < warned);
    new.then_some(ClockEvent::Warned {
        clock: clock.key,
        left,
        origin: STAGES_ORIGIN,
    })
}
