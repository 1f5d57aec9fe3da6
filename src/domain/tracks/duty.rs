//! Is the unit on duty at that moment? On duty at all times, except between a sign-off and its next sign-on.

use crate::domain::measure::Timestamp;
use std::sync::Arc;

/// Idempotency keys remembered per unit.
const KEYS: usize = 64;
/// Changes of duty remembered per unit.
const CHANGES: usize = 256;

/// When a unit was on duty, by its own acts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct DutyRoster {
    /// Sorted by time; at one moment a sign-off comes before a sign-on.
    changes: Vec<(Timestamp, bool)>,
    /// Shifts whose beginning is no longer remembered.
    forgotten: u32,
    /// The keys of acts already taken, oldest first.
    keys: Vec<Arc<str>>,
}

impl DutyRoster {
    /// Whether the unit is on duty at `at`: from its sign-on, inclusive, until its sign-off, exclusive.
    pub(super) fn on_duty(&self, at: Timestamp) -> bool {
        let until = self.changes.partition_point(|(when, _)| *when <= at);
        until == 0 || self.changes[until - 1].1
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

    /// Whether an act with this key was taken before.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.keys.iter().any(|known| &**known == key)
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

    /// Folds the key of an act.
    pub(super) fn remember(&mut self, key: &Arc<str>) {
        if self.knows(key) {
            return;
        }
        if self.keys.len() == KEYS {
            self.keys.remove(0);
        }
        self.keys.push(Arc::clone(key));
    }
}
