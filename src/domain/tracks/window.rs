//! The admitted fixes of a unit that can still decide something: all that lie near a line or are recent, and of every
//! stretch deep inside one state its two ends.

use super::roomy::Roomy;
use crate::domain::borders::Certainty;
use crate::domain::ids::StateSet;
use crate::domain::measure::{Metres, Position, Span, Timestamp};
use std::collections::VecDeque;

/// Fixes kept at most: one a second for as long as a fix is kept, so that whatever the gate takes can still be judged.
/// They take 5 MB of memory, of a unit that stays near a line for the whole time. Of one that is heard oftener, a late
/// fix before them is admitted and corrects nothing.
pub(super) const FIXES_MAX: usize = 90_000;
/// How long a fix is kept.
pub(super) const KEPT: Span = Span::from_hours(25);
/// The newest fixes are kept whole, wherever they lie.
const RECENT: usize = 8;
/// Farther from any line than this a fix is deep. No unit reaches a line and comes back within [`STRETCH_GAP`]: that would
/// take 166 m/s, more than the gate admits of any kind. So nothing that a late fix could tell is lost with the fixes that
/// are left out, and a late fix beyond a line is an outlier.
pub(super) const DEEP: Metres = Metres::from_centimetres(500_000);
/// And so many of its accuracies: the distance at which no error carries a fix across.
const DEEP_ACCURACIES: i64 = 8;
/// Fixes further apart than this do not make one stretch.
pub(super) const STRETCH_GAP: Span = Span::from_secs(60);

/// An admitted fix as the window keeps it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sample {
    /// Device time.
    pub(crate) fixed_at: Timestamp,
    /// Device time, or our time on arrival when that is earlier: the fix was certainly taken by then.
    pub(crate) taken_by: Timestamp,
    /// The place.
    pub(crate) position: Position,
    /// Distance to the nearest line where the states change.
    pub(crate) depth: Metres,
    /// The accuracy used.
    pub(crate) accuracy: Metres,
    /// The states.
    pub(crate) states: StateSet,
    /// The device, as a digest of its name: two devices may speak at one moment.
    pub(crate) source: u32,
    /// Whether it lies in a disputed, undelimited or overlapping area.
    pub(crate) disputed: bool,
    /// Whether left-out fixes join it with the next one: the unit stayed deep inside the same states all the way.
    pub(crate) joined: bool,
}

impl Sample {
    /// Whether a fix is disputed, by what the atlas said.
    pub(super) fn is_disputed(certainty: Certainty) -> bool {
        match certainty {
            Certainty::Disputed => true,
            Certainty::Inside | Certainty::Frontier | Certainty::Outside => false,
        }
    }

    /// Where it stands in time.
    pub(super) const fn moment(&self) -> Moment {
        (self.fixed_at, self.source)
    }

    /// Whether it lies so far from any line that its neighbours in time say the same.
    pub(super) fn is_deep(&self) -> bool {
        let error = DEEP_ACCURACIES.saturating_mul(self.accuracy.as_centimetres());
        !self.disputed && self.depth >= DEEP && self.depth.as_centimetres() >= error
    }

    fn continues(&self, other: &Self) -> bool {
        self.is_deep() && other.is_deep() && self.states == other.states
    }
}

/// Where a sample stands in time: when it was taken, and by which device.
pub(super) type Moment = (Timestamp, u32);

/// The samples of one unit, sorted by device time.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Window {
    samples: VecDeque<Sample>,
    /// Up to here nothing is kept any more, and nothing can be corrected.
    closed_until: Option<Timestamp>,
}

impl Window {
    /// A window as it was remembered: `samples` sorted by device time.
    pub(super) fn remembered(samples: Vec<Sample>, closed_until: Option<Timestamp>) -> Self {
        Self {
            samples: samples.into(),
            closed_until,
        }
    }

    /// Up to here nothing is kept any more.
    pub(super) const fn closed_until(&self) -> Option<Timestamp> {
        self.closed_until
    }

    /// The newest sample.
    pub(super) fn newest(&self) -> Option<&Sample> {
        self.samples.back()
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.samples.len()
    }

    /// Those from `index` on, oldest first.
    pub(super) fn from(&self, index: usize) -> impl Iterator<Item = &Sample> {
        self.samples.range(index..)
    }

    /// One of them.
    pub(super) fn get(&self, index: usize) -> Option<&Sample> {
        self.samples.get(index)
    }

    /// Where a sample of this moment belongs: the number of samples before it.
    pub(super) fn place(&self, moment: Moment) -> usize {
        match self.samples.back() {
            Some(newest) if newest.moment() < moment => self.samples.len(),
            Some(_) => self
                .samples
                .partition_point(|known| known.moment() < moment),
            None => 0,
        }
    }

    /// The number of samples before a moment.
    pub(super) fn before(&self, at: Timestamp) -> usize {
        self.samples.partition_point(|known| known.fixed_at < at)
    }

    /// The number of samples at or before a moment.
    pub(super) fn after(&self, at: Timestamp) -> usize {
        match self.samples.back() {
            Some(newest) if newest.fixed_at <= at => self.samples.len(),
            Some(_) => self.samples.partition_point(|known| known.fixed_at <= at),
            None => 0,
        }
    }

    /// Whether a sample that belongs at `index` changes nothing: it lies in a stretch, whose left-out fixes say where the
    /// unit was, or before all that is kept.
    pub(super) fn is_covered(&self, index: usize, sample: &Sample) -> bool {
        self.closed_until.is_some_and(|end| sample.fixed_at <= end) || self.stretch(index).is_some()
    }

    /// The states of the stretch that a sample at `index` would lie in: left-out fixes join its neighbours.
    pub(super) fn stretch(&self, index: usize) -> Option<StateSet> {
        let before = self.samples.get(index.checked_sub(1)?)?;
        let joined = before.joined && self.samples.get(index).is_some();
        joined.then_some(before.states)
    }

    /// Whether the very place in time is taken.
    pub(super) fn has(&self, index: usize, sample: &Sample) -> bool {
        self.samples
            .get(index)
            .is_some_and(|known| known.moment() == sample.moment())
    }

    /// Puts a sample in at `index`, where it is not covered.
    pub(super) fn insert(&mut self, index: usize, mut sample: Sample) {
        sample.joined = false;
        self.samples.make_room();
        if index == self.samples.len() {
            self.samples.push_back(sample);
        } else {
            self.samples.insert(index, sample);
        }
    }

    /// Leaves out the samples around `index` that lie inside a stretch, telling which.
    pub(super) fn thin(&mut self, index: usize, mut left_out: impl FnMut(&Sample)) {
        let recent = self.samples.len().saturating_sub(RECENT);
        let index = index.min(recent);
        for k in (index.saturating_sub(1)..(index + 2).min(recent)).rev() {
            if self.is_inner(k) {
                self.samples[k - 1].joined = true;
                left_out(&self.samples[k]);
                self.samples.remove(k);
            }
        }
    }

    /// Whether the stretch would be as long without this sample. The first two of a stretch stay.
    fn is_inner(&self, index: usize) -> bool {
        let Some(first) = index.checked_sub(2) else {
            return false;
        };
        let near = |at: usize| match (self.samples.get(at), self.samples.get(at + 1)) {
            (Some(earlier), Some(later)) => {
                let gap = later.fixed_at.since(earlier.fixed_at);
                earlier.continues(later) && (earlier.joined || gap <= STRETCH_GAP)
            }
            _ => false,
        };
        (first..=index).all(near)
    }

    /// Takes the oldest sample out when there are too many, or when it is too old.
    pub(super) fn shed(&mut self) -> Option<Sample> {
        let newest = self.samples.back()?.fixed_at;
        let oldest = self.samples.front()?.fixed_at;
        if self.samples.len() > FIXES_MAX || newest.since(oldest) > KEPT {
            self.closed_until = Some(oldest);
            self.samples.pop_front()
        } else {
            None
        }
    }
}
