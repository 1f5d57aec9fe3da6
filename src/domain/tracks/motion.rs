//! How does the unit move? From several of its newest fixes, never from one heading.

use super::ground::{self, Flat, Offset};
use super::window::Sample;
use crate::domain::measure::{Metres, Position, Span, Timestamp};

/// A way is sure when it is longer than so many accuracies: of two fixes at rest with normal errors one pair in 170 lies
/// farther apart (an accuracy is the radius of the 68 % circle, 1.51 deviations).
const BEYOND_ERRORS: f64 = 3.0;
/// Places kept to tell the motion.
const KEPT: usize = 8;
/// Places closer together than this tell nothing more.
const SPACING: Span = Span::from_secs(8);
/// A motion shorter than this is not told.
const SHORTEST: Span = Span::from_secs(4);
/// Parts of one leg differ in direction by less than this (45°): a bend, and no turn.
const TURN_COSINE: f64 = std::f64::consts::FRAC_1_SQRT_2;
/// And in speed by less than this factor: traffic, and no start or stop.
const SPEED_RATIO: f64 = 1.6;
/// In what comes a unit is not expected to be slower than it was by more than this factor: then it stops, and that is
/// told as such.
const SLOWER_MOST: f64 = 3.0;
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

/// The motion in the newest steady leg.
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
    /// By how much errors alone may change that, metres a second.
    pub(super) closing_error_mps: f64,
    /// How long the leg has lasted, seconds.
    pub(super) lasted_s: f64,
    /// How much its course bent meanwhile: the tangent of the angle between its two parts, 1 from 45° on.
    pub(super) bend: f64,
    /// Whether the newest place is one to keep: true every [`SPACING`] or so.
    pub(super) at_rung: bool,
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

    /// How the unit moves now, by the newest steady leg since `shift_began`: at least three of the places kept, over some
    /// seconds and farther than their errors. `None` at rest, and just after a start, a stop or a turn.
    pub(super) fn motion(&self, shift_began: Timestamp) -> Option<Motion> {
        let flat = self.flat()?;
        let from = self.leg(flat, self.newer_than_memory(shift_began))?;
        let last = self.len - 1;
        let (oldest, newest) = (self.get(from)?, self.get(last)?);
        let leg = way(flat, oldest, newest);
        let speed_mps = leg.speed_mps();
        let middle = self.get(from + (last - from).div_ceil(2))?;
        let parts = [way(flat, oldest, middle), way(flat, middle, newest)];
        let speeds = || {
            let lasting = parts
                .iter()
                .filter(|part| part.seconds >= SHORTEST.as_secs_f64());
            lasting.map(|part| part.speed_mps()).chain([speed_mps])
        };
        let closed_m = oldest.depth.as_f64() - newest.depth.as_f64();
        let rung = self.get(last - 1)?;
        Some(Motion {
            speed_mps,
            slowest_mps: speeds()
                .fold(f64::MAX, f64::min)
                .max(speed_mps / SLOWER_MOST),
            fastest_mps: speeds().fold(0.0, f64::max),
            way: leg.by,
            closing_mps: closed_m / leg.seconds,
            closing_error_mps: error_m(oldest, newest) / leg.seconds,
            lasted_s: leg.seconds,
            bend: parts[0].bend(parts[1]),
            at_rung: newest.at.since(rung.at) >= SPACING,
        })
    }

    /// The greatest speed in any part of the last minute or so, since `shift_began`; turns and stops included.
    pub(super) fn fastest_mps(&self, shift_began: Timestamp) -> Option<f64> {
        let first = self.newer_than_memory(shift_began);
        let flat = self.flat()?;
        (first + 1..self.len)
            .filter_map(|end| self.beyond_errors(flat, first, end))
            .map(|(_, part)| part.speed_mps())
            .max_by(f64::total_cmp)
    }

    /// No leg that ends with the newest fix is faster than this: a bound that costs little.
    pub(super) fn at_most_mps(&self, newest: &Sample) -> f64 {
        let speed_mps = |place: Place| {
            let passed = newest.fixed_at.since(place.at);
            let way_m = ground::at_most_m(place.position, newest.position);
            (passed >= SHORTEST).then(|| way_m / passed.as_secs_f64())
        };
        self.places().filter_map(speed_mps).fold(0.0, f64::max)
    }

    /// The first place that is not too old to tell how the unit moves now.
    fn newer_than_memory(&self, shift_began: Timestamp) -> usize {
        let Some(newest) = self.get(self.len.wrapping_sub(1)) else {
            return 0;
        };
        let interval = self.interval.unwrap_or(Span::ZERO);
        let memory = MEMORY.max(Span::from_millis(interval.as_millis().saturating_mul(3)));
        let since = newest
            .at
            .plus(Span::from_millis(-memory.as_millis()))
            .max(shift_began);
        let is_old = |place: &&Option<Place>| place.is_some_and(|place| place.at < since);
        self.places[..self.len].iter().take_while(is_old).count()
    }

    /// The Earth as it is there, for ways of a few minutes.
    fn flat(&self) -> Option<Flat> {
        let newest = self.get(self.len.checked_sub(1)?)?;
        Some(Flat::at(newest.position.lat()))
    }

    /// The place where the newest steady leg began, from `first` on: before it the unit stood, or went elsewhere.
    fn leg(&self, flat: Flat, first: usize) -> Option<usize> {
        let last = self.len.checked_sub(1)?;
        let newest = self.get(last)?;
        let (mut from, base) = self.beyond_errors(flat, first, last)?;
        let is_explained = |place: &Place| {
            base.misses(way(flat, place, newest)).length_m() <= error_m(place, newest)
        };
        // A stop or turn within it makes of the shortest way a mixture of two.
        if !(from..last).filter_map(|k| self.get(k)).all(is_explained) {
            return None;
        }
        // In the midst of a start or a stop the errors hide that the way is a mixture of two.
        let rung = (from..last).rev().find_map(|k| {
            let place = self.get(k)?;
            (newest.at.since(place.at) >= SHORTEST).then_some(place)
        })?;
        if !base.is_like(way(flat, rung, newest)) {
            return None;
        }
        while from > first {
            let (earlier, later) = (self.get(from - 1)?, self.get(from)?);
            if !is_explained(earlier) && !base.is_like(way(flat, earlier, later)) {
                break;
            }
            from -= 1;
        }
        // Two places tell a chord, and not that it is steady.
        let second = self.get(from + 1).filter(|_| from + 1 < last)?;
        (newest.at.since(second.at) >= SHORTEST).then_some(from)
    }

    /// The shortest way to the place `end`, from `first` on, that lasts long enough and is longer than its errors.
    fn beyond_errors(&self, flat: Flat, first: usize, end: usize) -> Option<(usize, Way)> {
        let newest = self.get(end)?;
        (first..end).rev().find_map(|from| {
            let oldest = self.get(from)?;
            let way = way(flat, oldest, newest);
            let lasts = way.seconds >= SHORTEST.as_secs_f64();
            (lasts && way.by.length_m() > error_m(oldest, newest)).then_some((from, way))
        })
    }
}

/// A straight way and the time it took.
#[derive(Debug, Clone, Copy)]
struct Way {
    by: Offset,
    seconds: f64,
}

impl Way {
    fn speed_mps(self) -> f64 {
        self.by.length_m() / self.seconds.max(0.001)
    }

    /// The tangent of the angle to another way; beyond 45° that of 45°.
    fn bend(self, other: Self) -> f64 {
        let (a, b) = (self.by, other.by);
        let across = (a.east_m * b.north_m - a.north_m * b.east_m).abs();
        let along = a.east_m * b.east_m + a.north_m * b.north_m;
        if across < along { across / along } else { 1.0 }
    }

    /// How far off another way is from one at this velocity.
    fn misses(self, other: Self) -> Offset {
        let share = other.seconds / self.seconds.max(0.001);
        Offset {
            east_m: other.by.east_m - self.by.east_m * share,
            north_m: other.by.north_m - self.by.north_m * share,
        }
    }

    /// Whether another way has about this direction and speed.
    fn is_like(self, other: Self) -> bool {
        let (here, there) = (self.speed_mps(), other.speed_mps());
        let along = self.by.east_m * other.by.east_m + self.by.north_m * other.by.north_m;
        let straight = along >= TURN_COSINE * self.by.length_m() * other.by.length_m();
        straight && there * SPEED_RATIO >= here && there <= here * SPEED_RATIO
    }
}

fn way(flat: Flat, from: &Place, to: &Place) -> Way {
    Way {
        by: flat.offset(from.position, to.position),
        seconds: to.at.since(from.at).as_secs_f64(),
    }
}

/// A shorter way may be none.
fn error_m(a: &Place, b: &Place) -> f64 {
    BEYOND_ERRORS * a.accuracy.max(b.accuracy).as_f64()
}
