//! The clocks of an operation: when they start, stop, go on and end otherwise.
//!
//! A consent clock of Art. 40(2) counts while a unit is in that host state and the host has not authorised it, the
//! clock of a pursuit's period while a unit is there: one per host, from the first entry. Neither ever counts from a
//! later moment than before.

use super::crossings::Consequences;
use super::operation::{ClockStatus, RunningClock};
use crate::domain::event::{Clock, ClockEvent, ClockKey, OperationEventKind};
use crate::domain::ids::State;
use crate::domain::law::basis::{Basis, HostRefusal};
use crate::domain::law::finding::{ClockKind, ClockSpec, Origin};
use crate::domain::law::granted::authorisation_window;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Consequences<'_> {
    /// What a host granted came in, or is there from the opening: the consent clock of that host stops while its document
    /// holds, and the clock of its window runs.
    pub fn documents(&mut self) {
        for host in self.operation.card.declared.host_states.clone() {
            self.consent_came(host);
            self.window(host);
        }
    }

    /// A host said no: there is no consent left to wait for, and what it granted before is over.
    pub(super) fn refused(&mut self, refusal: &HostRefusal) {
        let host = refusal.host;
        let key = ClockKey {
            kind: ClockKind::Consent,
            host,
        };
        let running = self.operation.clocks.get(&key);
        let running = running.filter(|running| running.status == ClockStatus::Running);
        if let Some(clock) = running.map(|running| running.clock.clone())
            && refusal.at < clock.ends
        {
            let ends = refusal.at.max(clock.starts);
            let because = said_no(refusal).into();
            let clock = Clock { ends, ..clock };
            self.push(OperationEventKind::Clock(ClockEvent::Revised {
                clock,
                because,
            }));
        }
        self.window(host);
    }

    fn consent_came(&mut self, host: State) {
        let key = ClockKey {
            kind: ClockKind::Consent,
            host,
        };
        let counts = self
            .operation
            .clocks
            .get(&key)
            .is_some_and(|clock| clock.status != ClockStatus::Stopped);
        if let (true, Some(number)) = (counts, self.document_now(host)) {
            self.stop(
                key,
                format!("authorisation {number} of {host} holds").into(),
            );
        }
    }

    fn window(&mut self, host: State) {
        let declared = &self.operation.card.declared;
        let spec = authorisation_window(self.lookup.rulebook, declared, host, self.now);
        let Some(mut spec) = spec else { return };
        if self.operation.card.exercise {
            spec.citation.origin = Origin::Exercise;
        }
        let holds = self.document_now(host).is_some();
        let urgent = declared.basis == Basis::SurveillanceUrgent;
        let key = ClockKey {
            kind: ClockKind::AuthorisationWindow,
            host,
        };
        match self.operation.clocks.get(&key) {
            // Under Art. 40(2) a window that is over grants nothing and ends nothing.
            None if urgent && !holds && spec.starts <= self.now => {}
            None => self.start(host, &spec),
            Some(running) => {
                let here = self.operation.hosts_entered().contains(&host);
                let over = running.status == ClockStatus::Expired && here && !holds;
                if !over && !is_same(running, &spec) {
                    let clock = clock(key, &spec);
                    let because = match declared.refused(host, self.now) {
                        Some(refusal) => said_no(refusal),
                        None => format!("{} came in", spec.citation.instrument),
                    };
                    let because = because.into();
                    let revised = ClockEvent::Revised { clock, because };
                    self.push(OperationEventKind::Clock(revised));
                }
            }
        }
    }

    /// After a unit moved from the host states of `before` to where it is now.
    pub(super) fn keep_clocks(&mut self, before: &BTreeSet<State>) {
        let now = self.operation.hosts_entered();
        let of_crossings: Vec<RunningClock> = self
            .operation
            .clocks
            .values()
            .filter(|running| counts_from_crossing(running.clock.key.kind))
            .cloned()
            .collect();
        for RunningClock { clock, status, .. } in of_crossings {
            let host = clock.key.host;
            let (here, entered) = (now.contains(&host), !before.contains(&host));
            let consent = clock.key.kind == ClockKind::Consent;
            let document = self.document_now(host).filter(|_| consent);
            match (status, document) {
                (ClockStatus::Running, Some(number)) => {
                    self.stop(
                        clock.key,
                        format!("authorisation {number} of {host} holds").into(),
                    );
                }
                (ClockStatus::Running, None) if !here => {
                    let because = format!("every unit of the operation has left {host}");
                    self.stop(clock.key, because.into());
                }
                // Re-entry, or a return that was none: it goes on from its first start.
                (ClockStatus::Stopped, None) if here && entered => {
                    self.push(OperationEventKind::Clock(ClockEvent::Started(clock)));
                }
                (ClockStatus::Running | ClockStatus::Stopped | ClockStatus::Expired, _) => {}
            }
        }
    }

    /// Starts a clock of a crossing, or counts it from an earlier one. It is never lengthened: by late data neither, nor
    /// by a profile.
    pub(super) fn start_or_shorten(&mut self, host: State, spec: &ClockSpec) {
        let from = self.operation.card.declared.requesting_state;
        let figures = self.operation.figures(self.lookup.profiles, host);
        let spec = &figures.shorten((from, host), spec);
        let key = ClockKey {
            kind: spec.kind,
            host,
        };
        match self.operation.clocks.get(&key) {
            None => self.start(host, spec),
            Some(running)
                if counts_from_crossing(spec.kind) && spec.starts < running.clock.starts =>
            {
                let clock = Clock {
                    key,
                    starts: spec.starts,
                    ends: running.clock.ends.min(spec.ends),
                    citation: spec.citation.clone(),
                };
                self.push(OperationEventKind::Clock(ClockEvent::Revised {
                    clock,
                    because: "late data show an earlier crossing".into(),
                }));
            }
            Some(_) => {}
        }
    }

    pub(super) fn start(&mut self, host: State, spec: &ClockSpec) {
        let key = ClockKey {
            kind: spec.kind,
            host,
        };
        let started = ClockEvent::Started(clock(key, spec));
        self.push(OperationEventKind::Clock(started));
    }

    pub(super) fn stop(&mut self, clock: ClockKey, because: Arc<str>) {
        let stopped = ClockEvent::Stopped { clock, because };
        self.push(OperationEventKind::Clock(stopped));
    }

    /// The number of the document by which a host authorises the operation now.
    fn document_now(&self, host: State) -> Option<Arc<str>> {
        let declared = &self.operation.card.declared;
        let granted = declared.document_at(host, self.now)?;
        Some(Arc::clone(&granted.document.number))
    }
}

/// Whether a clock counts from a crossing, and not by the window of a document.
const fn counts_from_crossing(kind: ClockKind) -> bool {
    match kind {
        ClockKind::Consent | ClockKind::PursuitPeriod => true,
        ClockKind::AuthorisationWindow | ClockKind::Release => false,
    }
}

/// Why a clock ends sooner than it was told.
fn said_no(refusal: &HostRefusal) -> String {
    let (host, kind, at) = (refusal.host, refusal.kind.as_str(), refusal.at);
    format!("{host}: {kind} at {at}")
}

fn clock(key: ClockKey, spec: &ClockSpec) -> Clock {
    Clock {
        key,
        starts: spec.starts,
        ends: spec.ends,
        citation: spec.citation.clone(),
    }
}

/// Whether a clock counts what the window says.
fn is_same(running: &RunningClock, spec: &ClockSpec) -> bool {
    running.status == ClockStatus::Running && running.clock == clock(running.clock.key, spec)
}
