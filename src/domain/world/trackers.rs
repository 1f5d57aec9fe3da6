//! Technical sources on a target: read inside their legal area, sealed outside it (WORKFLOW.md 4.5, invariant I12).

use super::{Answer, Decision, Grounds, Unit, World};
use crate::domain::event::{Event, TrackEvent, TrackEventKind, What};
use crate::domain::ids::{State, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::operations::trackers::permits;
use crate::domain::registry::UnitKind;
use crate::domain::tracks::fix::ReportedFix;
use crate::domain::tracks::seal::Reading;

impl World {
    /// Whether a unit is a technical source of this room, retired ones too: what it posts is never kept apart with its place.
    pub(super) fn is_tracker(&self, unit: &UnitId) -> bool {
        let known = self.units.get(unit);
        known.is_some_and(|unit| unit.card.kind == UnitKind::Tracker)
    }

    /// What follows from a fix of a technical source that may not be read; `None` of one that may. The sender is told as of
    /// every fix that was taken, and of the place nothing is left but that it is sealed since.
    pub(super) fn seal(
        &self,
        unit: &Unit,
        fix: &ReportedFix,
        now: Timestamp,
        grounds: Grounds<'_>,
    ) -> Option<Decision> {
        // Off duty no place is kept of any unit.
        if unit.card.kind != UnitKind::Tracker || !unit.track.on_duty(fix.fixed_at) {
            return None;
        }
        let legal = self.legal_area(unit, fix.fixed_at);
        let event = |at, kind| Event {
            at,
            what: What::Track(TrackEvent {
                unit: unit.card.id.clone(),
                kind,
            }),
        };
        let mut decision = Decision {
            answer: Answer::Accepted,
            ..Decision::default()
        };
        match unit
            .track
            .reading(fix, &legal, grounds.borders, grounds.gate)
        {
            Reading::Open => return None,
            Reading::Sealed(without) => {
                let is_newest = unit.track.would_be_newest(fix);
                if unit.track.sealed().is_none() && is_newest {
                    let at = fix.fixed_at.min(now);
                    let sealed = TrackEventKind::Sealed { without };
                    decision.events.push(event(at, sealed));
                }
            }
            Reading::Unusable(quarantine) => {
                let kept = TrackEventKind::FixQuarantined {
                    reason: quarantine.reason,
                    detail: "The fix of a technical source cannot be used, and is not kept.".into(),
                    fix: None,
                };
                decision.events.push(event(now, kept));
                decision.answer = Answer::Quarantined {
                    reason: quarantine.reason,
                    detail: quarantine.detail,
                };
            }
        }
        Some(decision)
    }

    /// Tells that a source is read again, when these events of it hold a fix of after it was sealed: before that fix.
    pub(super) fn unseal(unit: &Unit, events: &mut Vec<Event>) {
        let Some((sealed_at, _)) = unit.track.sealed() else {
            return;
        };
        let first = events.iter().position(|event| match &event.what {
            What::Fix(fix) => fix.fixed_at > sealed_at,
            _ => false,
        });
        if let Some(first) = first {
            let at = events[first].at;
            let what = What::Track(TrackEvent {
                unit: unit.card.id.clone(),
                kind: TrackEventKind::Unsealed,
            });
            events.insert(first, Event { at, what });
        }
    }

    /// The states in which a technical source may be read at a moment: its own, and those that permitted it in an operation
    /// it is in, from when the second person entered that.
    pub(super) fn legal_area(&self, unit: &Unit, at: Timestamp) -> Vec<State> {
        let mut legal = vec![unit.card.state];
        for operation in self.own_operations_of(&unit.card.id) {
            legal.extend(permits(operation, &unit.card.id, at));
        }
        legal
    }
}
