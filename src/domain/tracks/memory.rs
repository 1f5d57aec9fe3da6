//! What a restart must know of a track without its whole past: what the *fixes* told. What was decided is told by the
//! events, which a restart folds anew.

use super::Track;
use super::fold::Fold;
use super::ledger::Admitted;
use super::motion::Recent;
use super::window::Window;
use crate::domain::measure::{Span, Timestamp};

pub(crate) use super::clock::{Clocks, Heard};
pub(crate) use super::detector::Detector;
pub(crate) use super::evidence::{Stay, Weighed};
pub(crate) use super::fix::Fix;
pub(crate) use super::motion::Place;
pub(crate) use super::trend::Trend;
pub(crate) use super::window::Sample;

/// What the fixes of one unit told, up to some record of its ledger.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TrackMemory {
    /// How many were admitted.
    pub(crate) admitted: u64,
    /// The newest by device time.
    pub(crate) latest: Fix,
    /// Those that can still decide something, oldest first.
    pub(crate) samples: Vec<Sample>,
    /// Up to here nothing can be corrected any more.
    pub(crate) closed_until: Option<Timestamp>,
    /// The detector before the oldest of the samples.
    pub(crate) origin: Detector,
    /// The newest places, some seconds apart, oldest first.
    pub(crate) places: Vec<Place>,
    /// The unit's own reporting interval.
    pub(crate) interval: Option<Span>,
    /// How its devices' clocks and ours differ.
    pub(crate) clocks: Clocks,
}

impl Track {
    /// What its fixes told; `None` before the first.
    pub(crate) fn memory(&self) -> Option<TrackMemory> {
        Some(TrackMemory {
            admitted: self.admitted.count(),
            latest: self.latest.clone()?,
            samples: self.window.from(0).copied().collect(),
            closed_until: self.window.closed_until(),
            origin: self.fold.origin(),
            places: self.recent.places().collect(),
            interval: self.recent.interval(),
            clocks: self.clocks.clone(),
        })
    }

    /// Takes over what its fixes told, in place of folding them. Which of them were admitted it does not know until
    /// they are recalled: before that it must not be asked about a fix older than its newest.
    pub(crate) fn remember(&mut self, memory: TrackMemory) {
        self.admitted = Admitted::remembered(memory.admitted);
        self.latest = Some(memory.latest);
        self.window = Window::remembered(memory.samples, memory.closed_until);
        self.fold = Fold::remembered(memory.origin, &self.window, &self.duty);
        self.recent = Recent::remembered(&memory.places, memory.interval);
        self.clocks = memory.clocks;
    }

    /// Learns again that this fix was admitted.
    pub(crate) fn recall(&mut self, fix: &Fix) {
        self.admitted.recall(fix);
    }
}
