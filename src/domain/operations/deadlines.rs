//! What follows from time alone: clocks warn, and are over; the report is owed once all are home.

use super::operation::{ClockStatus, Operation, RunningClock};
use super::reporting::{becomes_owed, owed};
use crate::domain::event::{ClockEvent, ClockKey, Event, OperationEvent, OperationEventKind, What};
use crate::domain::law::clocks::{expired, stages_of};
use crate::domain::law::finding::{ClockKind, ClockSpec};
use crate::domain::law::profile::agreed::{Profiles, Stage};
use crate::domain::measure::Timestamp;
use std::sync::Arc;

/// That the report is owed, and the clocks of one operation at `now`: warnings whose stage has come, and ends. A stage that
/// passed while nobody looked is not announced when a later one has come too.
pub fn tick(operation: &Operation, profiles: &Profiles, now: Timestamp, events: &mut Vec<Event>) {
    if !operation.is_open() {
        return;
    }
    events.extend(owed(operation, now));
    for running in operation.clocks.values() {
        let authorised = authorised_from(operation, running).filter(|(from, _)| *from <= now);
        let clock = match authorised {
            Some((_, because)) => Some(ClockEvent::Stopped {
                clock: running.clock.key,
                because,
            }),
            None => due(running, &stages(operation, profiles, running), now),
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

/// When the operation has something to say next.
#[must_use]
pub fn next(operation: &Operation, profiles: &Profiles) -> Option<Timestamp> {
    if !operation.is_open() {
        return None;
    }
    if becomes_owed(operation) {
        return Some(operation.opened_at);
    }
    let begins = |running| authorised_from(operation, running).map(|(from, _)| from);
    let clocks = operation.clocks.values();
    clocks
        .flat_map(|running| {
            let next = next_of(running, &stages(operation, profiles, running));
            next.into_iter().chain(begins(running))
        })
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
    let number = &document.document.number;
    let because = format!("authorisation {number} of {host} holds");
    (starts < running.clock.ends).then(|| (starts, because.into()))
}

fn next_of(running: &RunningClock, stages: &[Stage]) -> Option<Timestamp> {
    if running.status != ClockStatus::Running {
        return None;
    }
    let (ends, warned) = (running.clock.ends, running.warned);
    stages
        .iter()
        .filter(|stage| warned.is_none_or(|left| stage.left < left))
        .map(|stage| stage.before(ends))
        .chain(std::iter::once(ends))
        .min()
}

fn stages(operation: &Operation, profiles: &Profiles, running: &RunningClock) -> Vec<Stage> {
    let clock = &running.clock;
    let figures = operation.figures(profiles, clock.key.host);
    stages_of(clock.key.kind, clock.ends.since(clock.starts), figures)
}

fn due(running: &RunningClock, stages: &[Stage], now: Timestamp) -> Option<ClockEvent> {
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
    let stage = stages
        .iter()
        .rfind(|stage| now >= stage.before(clock.ends))?;
    let new = running.warned.is_none_or(|warned| stage.left < warned);
    new.then_some(ClockEvent::Warned {
        clock: clock.key,
        left: stage.left,
        origin: stage.origin,
    })
}
