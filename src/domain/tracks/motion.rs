//! How does the unit move? From several of its newest fixes, never from one heading.

use super::ground::{self, Offset};
use super::window::Sample;
use crate::domain::measure::{Metres, Position, Span, Timestamp};

/// Places kept to tell the motion.
const KEPT: usize = 8;
/// Places closer together than this tell nothing more.
const SPACING: Span = Span::from_secs(8);
/// A motion shorter than this is not told.
const SHORTEST: Span = Span::from_secs(4);
/// Older places than this do not tell how the unit moves now, unless it reports less often.
const MEMORY: Span = Span::from_secs(60);
/// From gaps longer than this no interval is learnt.
const PAUSE: Span = Span::from_minutes(20);

/// Where the unit was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub(crate) at: Timestamp,
    pub(crate) position: Position,
    pub(crate) depth: Metres,
    pub(crate) accuracy: Metres,
}

/// The newest places of a unit, some seconds apart, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Recent {
    places: [Option<Place>; KEPT],
    len: usize,
    interval: Option<Span>,
}

/// The motion over the last minute or so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Motion {
    /// Ground speed of the straight way, metres a second.
    pub(super) speed_mps: f64,
    /// The least and the greatest of the speeds in its parts.
    pub(super) slowest_mps: f64,
    /// See `slowest_mps`.
    pub(super) fastest_mps: f64,
    /// The straight way itself.
    pub(super) way: Offset,
    /// How fast the nearest line comes closer, metres a second; negative: farther.
    pub(super) closing_mps: f64,
}

impl Recent {
    /// The places and the interval as they were remembered. Of more places than are kept, the newest.
    pub(super) fn remembered(places: &[Place], interval: Option<Span>) -> Self {
        let newest = &places[places.len().saturating_sub(KEPT)..];
        let mut recent = Self {
            len: newest.len(),
            interval,
            ..Self::default()
        };
        for (slot, place) in recent.places.iter_mut().zip(newest) {
            *slot = Some(*place);
        }
        recent
    }

    /// The places, oldest first.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.places[..self.len].iter().flatten().copied()
    }

    /// Folds the newest fix. Older ones change nothing.
    pub(super) fn push(&mut self, sample: &Sample) {
        if let Some(newest) = self.get(self.len.wrapping_sub(1)).copied() {
            let gap = sample.fixed_at.since(newest.at);
            if gap <= Span::ZERO {
                return;
            }
            self.learn(gap);
            // The newest is a rung of the ladder only when it is far enough from the rung before it.
            let rung = self.get(self.len.wrapping_sub(2));
            if rung.is_some_and(|rung| newest.at.since(rung.at) < SPACING) {
                self.len -= 1;
            }
        }
        if self.len == KEPT {
            self.places.rotate_left(1);
            self.len -= 1;
        }
        self.places[self.len] = Some(Place {
            at: sample.fixed_at,
            position: sample.position,
            depth: sample.depth,
            accuracy: sample.accuracy,
        });
        self.len += 1;
    }

    fn get(&self, index: usize) -> Option<&Place> {
        self.places[..self.len].get(index)?.as_ref()
    }

    fn learn(&mut self, gap: Span) {
        if gap > PAUSE {
            return;
        }
        let learnt = self.interval.map_or(gap.as_millis(), |known| {
            (known.as_millis() * 7 + gap.as_millis()) / 8
        });
        self.interval = Some(Span::from_millis(learnt));
    }

    /// The unit's own reporting interval.
    pub(super) const fn interval(&self) -> Option<Span> {
        self.interval
    }

    /// The motion since `shift_began`, when at least three fixes over some seconds tell it and it exceeds their errors.
    pub(super) fn motion(&self, shift_began: Timestamp) -> Option<Motion> {
        let newest = self.get(self.len.wrapping_sub(1))?;
        let interval = self.interval.unwrap_or(Span::ZERO);
        let memory = MEMORY.max(Span::from_millis(interval.as_millis().saturating_mul(3)));
        let since = newest
            .at
            .plus(Span::from_millis(-memory.as_millis()))
            .max(shift_began);
        let is_old = |place: &&Option<Place>| place.is_some_and(|place| place.at < since);
        let first = self.places[..self.len].iter().take_while(is_old).count();
        let oldest = self.get(first)?;
        let lasted = newest.at.since(oldest.at);
        let way = ground::offset(oldest.position, newest.position);
        let errors_m = 2.0 * oldest.accuracy.max(newest.accuracy).as_f64();
        if self.len - first < 3 || lasted < SHORTEST || way.length_m() <= errors_m {
            return None;
        }
        let middle = self.get(usize::midpoint(first, self.len))?;
        let halves = [(oldest, middle), (middle, newest)].map(|(a, b)| speed(a, b));
        let seconds = lasted.as_secs_f64();
        let speed_mps = way.length_m() / seconds;
        let closed_m = oldest.depth.as_f64() - newest.depth.as_f64();
        Some(Motion {
            speed_mps,
            slowest_mps: speed_mps.min(halves[0]).min(halves[1]),
            fastest_mps: speed_mps.max(halves[0]).max(halves[1]),
            way,
            closing_mps: closed_m / seconds,
        })
    }
}

fn speed(a: &Place, b: &Place) -> f64 {
    let seconds = b.at.since(a.at).as_secs_f64();
    ground::distance(a.position, b.position).as_f64() / seconds.max(0.001)
}

/// How far apart device time and our time on arrival are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClockOffset {
    /// Of the newest fix to arrive: arrival less device time.
    pub last: Span,
    /// The least there was: below zero, the device's clock is ahead by at least this much.
    pub least: Span,
    /// When the last fix arrived.
    pub received_at: Option<Timestamp>,
}

impl ClockOffset {
    /// Folds the arrival of a fix.
    pub(super) fn note(&mut self, fixed_at: Timestamp, received_at: Timestamp) {
        let lag = received_at.since(fixed_at);
        self.least = if self.received_at.is_none() {
            lag
        } else {
            self.least.min(lag)
        };
        if self.received_at.is_none_or(|known| known <= received_at) {
            self.last = lag;
            self.received_at = Some(received_at);
        }
    }
}
