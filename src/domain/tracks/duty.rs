//! Is the unit on duty at that moment? On duty at all times, except between a sign-off and its next sign-on.

use super::act::Act;
use crate::domain::measure::Timestamp;
use std::collections::VecDeque;
use std::sync::Arc;

/// Acts remembered per unit by their idempotency keys: more than an officer presses in a day.
const ACTS: usize = 1_024;
/// Changes of duty remembered per unit.
const CHANGES: usize = 256;

/// When a unit was on duty, by its own acts. Those of many units are none: they take no room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct DutyRoster(Option<Box<Acts>>);

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Acts {
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
        let changes = self.changes();
        let until = changes.partition_point(|(when, _)| *when <= at);
        until == 0 || changes[until - 1].1
    }

    fn changes(&self) -> &[(Timestamp, bool)] {
        self.0.as_ref().map_or(&[], |acts| &acts.changes)
    }

    fn acts(&mut self) -> &mut Acts {
        self.0.get_or_insert_default()
    }

    /// When the unit signed off, if it is off duty at that moment.
    pub(super) fn signed_off(&self, at: Timestamp) -> Option<Timestamp> {
        let changes = self.changes();
        let until = changes.partition_point(|(when, _)| *when <= at);
        let last = changes[..until].iter().rev();
        let off = last.take_while(|(_, on)| !on).last();
        off.map(|(when, _)| *when)
    }

    /// Which shift a moment belongs to: a sign-on after a sign-off begins a new one, and the first known place of a
    /// shift is no crossing.
    pub(super) fn shift(&self, at: Timestamp) -> u32 {
        let Some(acts) = &self.0 else { return 0 };
        let until = acts.changes.partition_point(|(when, _)| *when <= at);
        acts.forgotten + (0..until).filter(|index| acts.begins(*index)).count() as u32
    }

    /// When the newest shift began; long ago when the unit never signed on.
    pub(super) fn shift_began(&self) -> Timestamp {
        let begun = self.0.as_ref().and_then(|acts| {
            let mut newest_first = (0..acts.changes.len()).rev();
            let index = newest_first.find(|index| acts.begins(*index))?;
            Some(acts.changes[index].0)
        });
        begun.unwrap_or(Timestamp::from_millis(i64::MIN))
    }

    /// The act that was taken with this key.
    pub(super) fn taken(&self, key: &str) -> Option<(Act, Timestamp)> {
        let taken = &self.0.as_ref()?.taken;
        let known = taken.iter().find(|known| &*known.key == key);
        known.map(|known| (known.act, known.at))
    }

    /// Folds a sign-on (`true`) or sign-off.
    pub(super) fn change(&mut self, at: Timestamp, on: bool) {
        let (acts, change) = (self.acts(), (at, on));
        if let Err(index) = acts.changes.binary_search(&change) {
            acts.changes.insert(index, change);
        }
        if acts.changes.len() > CHANGES {
            acts.forgotten += u32::from(acts.begins(1));
            acts.changes.remove(0);
        }
    }

    /// Folds an act with its key.
    pub(super) fn remember(&mut self, key: &Arc<str>, act: Act, at: Timestamp) {
        if self.taken(key).is_some() {
            return;
        }
        let taken = &mut self.acts().taken;
        if taken.len() == ACTS {
            taken.pop_front();
        }
        taken.push_back(TakenAct {
            key: Arc::clone(key),
            act,
            at,
        });
    }
}

impl Acts {
    /// Whether a change begins a shift.
    fn begins(&self, index: usize) -> bool {
        let was_off = index > 0 && !self.changes[index - 1].1;
        was_off && self.changes[index].1
    }
}
