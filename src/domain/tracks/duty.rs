//! Is the unit on duty at that moment? On duty at all times, except between a sign-off and its next sign-on.

use super::act::Act;
use crate::domain::measure::Timestamp;
use std::collections::VecDeque;
use std::sync::Arc;

/// Acts remembered per unit by their idempotency keys: more than an officer presses in a day.
const ACTS: usize = 1_024;
/// Changes of duty remembered per unit.
const CHANGES: usize = 256;

/// When a unit was on duty, by its own acts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct DutyRoster {
    /// Sorted by time; at one moment a sign-off comes before a sign-on.
    changes: Vec<(Timestamp, bool)>,
    /// Shifts whose beginning is no longer remembered.
    forgotten: u32,
    /// The acts already taken, oldest first.
    taken: VecDeque<TakenAct>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct TakenAct {
    key: Arc<str>,
    act: Act,
    at: Timestamp,
}

impl DutyRoster {
    /// Whether the unit is on duty at `at`: from its sign-on, inclusive, until its sign-off, exclusive.
    pub(super) fn on_duty(&self, at: Timestamp) -> bool {
        let until = self.changes.partition_point(|(when, _)| *when <= at);
        until == 0 || self.changes[until - 1].1
    }

    /// When the unit signed off, if it is off duty at that moment.
    pub(super) fn signed_off(&self, at: Timestamp) -> Option<Timestamp> {
        let until = self.changes.partition_point(|(when, _)| *when <= at);
        let last = self.changes[..until].iter().rev();
        let off = last.take_while(|(_, on)| !on).last();
        off.map(|(when, _)| *when)
    }

    /// Which shift a moment belongs to: a sign-on after a sign-off begins a new one, and the first known place of a
    /// shift is no crossing.
    pub(super) fn shift(&self, at: Timestamp) -> u32 {
        let until = self.changes.partition_point(|(when, _)| *when <= at);
        self.forgotten + (0..until).filter(|index| self.begins(*index)).count() as u32
    }

    fn begins(&self, index: usize) -> bool {
        let was_off = index > 0 && !self.changes[index - 1].1;
        was_off && self.changes[index].1
    }

    /// When the newest shift began; long ago when the unit never signed on.
    pub(super) fn shift_began(&self) -> Timestamp {
        let begun = (0..self.changes.len())
            .rev()
            .find(|index| self.begins(*index));
        begun.map_or(Timestamp::from_millis(i64::MIN), |index| {
            self.changes[index].0
        })
    }

    /// The act that was taken with this key.
    pub(super) fn taken(&self, key: &str) -> Option<(Act, Timestamp)> {
        let known = self.taken.iter().find(|known| &*known.key == key);
        known.map(|known| (known.act, known.at))
    }

    /// Folds a sign-on (`true`) or sign-off.
    pub(super) fn change(&mut self, at: Timestamp, on: bool) {
        let change = (at, on);
        if let Err(index) = self.changes.binary_search(&change) {
            self.changes.insert(index, change);
        }
        if self.changes.len() > CHANGES {
            self.forgotten += u32::from(self.begins(1));
            self.changes.remove(0);
        }
    }

    /// Folds an act with its key.
    pub(super) fn remember(&mut self, key: &Arc<str>, act: Act, at: Timestamp) {
        if self.taken(key).is_some() {
            return;
        }
        if self.taken.len() == ACTS {
            self.taken.pop_front();
        }
        self.taken.push_back(TakenAct {
            key: Arc::clone(key),
            act,
            at,
        });
    }
}
