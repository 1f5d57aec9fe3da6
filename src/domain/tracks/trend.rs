//! How a unit moves, and whether that leads to its next fix.

use super::evidence::{ERROR_LASTS, believed_m};
use super::window::Sample;
use crate::domain::measure::{Position, Span, Timestamp};

/// What a vehicle can do to a steady motion, metres a second squared.
const CHANGE_OF_MOTION: f64 = 3.0;
/// And no more than this share of the way it was expected to go.
const CHANGE_MOST: f64 = 0.25;
/// A new motion goes on at this share of the pace at least that it began with.
const GOES_ON: f64 = 0.5;
/// And at no more than so many times that pace.
const GOES_ON_MOST: f64 = 3.0;
/// This share of an error is new with every fix; the rest decays over [`ERROR_LASTS`].
const ERROR_NEW: f64 = 1.0 / 3.0;
/// Fixes closer together than this tell no speed.
const SPEED_BASE: Span = Span::from_millis(500);
/// Metres in a degree of latitude, on the mean sphere.
const DEGREE_M: f64 = 111_195.0;

/// Where the unit was at the last two fixes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Trend {
    pub(crate) last: Option<(Timestamp, Position)>,
    pub(crate) earlier: Option<(Timestamp, Position)>,
}

/// East and north, metres.
type Vector = (f64, f64);

impl Trend {
    /// Nothing known.
    pub(super) const NONE: Self = Self {
        last: None,
        earlier: None,
    };

    pub(super) fn push(&mut self, sample: &Sample) {
        let at = sample.fixed_at;
        let tells_speed = self
            .last
            .is_none_or(|(last, _)| at.since(last) >= SPEED_BASE);
        if tells_speed {
            self.earlier = self.last;
        }
        self.last = Some((at, sample.position));
    }

    /// Whether standing still or steady motion leads to a fix, as far as its error and brakes allow. Of a unit seen once
    /// no motion is known.
    pub(super) fn leads_to(&self, sample: &Sample) -> bool {
        self.last.is_none_or(|from| self.leads_from(from, sample))
    }

    /// The same of a unit that moves as this one does, from another place.
    pub(super) fn leads_from(&self, (at, from): (Timestamp, Position), sample: &Sample) -> bool {
        let passed = sample.fixed_at.since(at);
        let seconds = passed.as_secs_f64();
        let error_m = error_m(sample, passed);
        let went = way(from, sample.position);
        if is_within(went, error_m) {
            return true;
        }
        let expected = times(self.velocity(), seconds);
        let brakes_m = CHANGE_OF_MOTION / 2.0 * seconds * seconds;
        let share_m = CHANGE_MOST * square(expected).sqrt();
        is_within(less(went, expected), error_m + brakes_m.min(share_m))
    }

    /// Whether two fixes that it did not lead to go on as they came: the second departs from the motion before in the
    /// direction of the first, by more than its error and at half the pace at least. An outlier stays where it jumped to.
    pub(super) fn goes_on(&self, first: &Sample, second: &Sample) -> bool {
        let Some((last_at, last)) = self.last else {
            return true;
        };
        let velocity = self.velocity();
        let came_s = first.fixed_at.since(last_at).as_secs_f64();
        let went_s = second.fixed_at.since(first.fixed_at).as_secs_f64();
        let came = less(way(last, first.position), times(velocity, came_s));
        let went = less(
            way(first.position, second.position),
            times(velocity, went_s),
        );
        let length_m = square(came).sqrt();
        let onward_m = (went.0 * came.0 + went.1 * came.1) / length_m.max(0.01);
        let is_onward = onward_m >= believed_m(second);
        let is_kept_up = onward_m * came_s >= GOES_ON * length_m * went_s;
        // A greater jump still is another outlier.
        let is_like = square(went).sqrt() * came_s <= GOES_ON_MOST * length_m * went_s;
        is_onward && is_kept_up && is_like
    }

    /// Whether a change of motion that was under way at the first of two fixes leads to the second: by as much as until
    /// then it turned further, or became faster or slower further, or by less.
    pub(super) fn leads_on(&self, first: &Sample, second: &Sample) -> bool {
        let Some((last_at, last)) = self.last else {
            return true;
        };
        let came_s = first.fixed_at.since(last_at).as_secs_f64();
        let passed = second.fixed_at.since(first.fixed_at);
        let seconds = passed.as_secs_f64();
        let before = times(self.velocity(), seconds);
        let straight = times(way(last, first.position), seconds / came_s.max(0.001));
        let went = way(first.position, second.position);
        let further = less(times(straight, 2.0), before);
        let turned = quotient(product(straight, straight), before);
        let leads = |to: Vector| {
            let change = less(to, straight);
            let off = less(went, straight);
            let share = (dot(off, change) / square(change).max(0.01)).clamp(0.0, 1.0);
            let way_m = square(times(change, share))
                .sqrt()
                .max(square(straight).sqrt());
            is_within(
                less(off, times(change, share)),
                error_m(second, passed) + CHANGE_MOST * way_m,
            )
        };
        leads(further) || (square(straight) <= 4.0 * square(before) && leads(turned))
    }

    /// Whether a fix comes back from the jump that those apart began: it lies nearer to where the unit stood or was to be
    /// expected than half the way that the first of them had gone, and not nearer still to where they lead. Of a unit that
    /// turned meanwhile the fixes of one outlier come by the place that it was last seen at.
    pub(super) fn comes_back(&self, apart: &[Sample], sample: &Sample) -> bool {
        let (Some(first), Some(newest), Some(last)) = (apart.first(), apart.last(), self.last)
        else {
            return false;
        };
        let off = self.off(last, sample);
        let goes_beside = self.off((newest.fixed_at, newest.position), sample);
        off < self.off(last, first) / 4.0 && off <= goes_beside
    }

    /// How far a fix lies from where a unit would be that stood at a place or went on from it as this one does, squared.
    fn off(&self, (at, from): (Timestamp, Position), sample: &Sample) -> f64 {
        let went = way(from, sample.position);
        let expected = times(self.velocity(), sample.fixed_at.since(at).as_secs_f64());
        square(went).min(square(less(went, expected)))
    }

    /// Whether a fix lies nearer to the first fix of a jump than a quarter of the way that this had gone.
    pub(super) fn stays_at(&self, jumped: &Sample, sample: &Sample) -> bool {
        self.last.is_none_or(|(_, last)| {
            let went = square(way(jumped.position, sample.position));
            went < square(way(last, jumped.position)) / 16.0
        })
    }

    /// East and north, metres a second.
    fn velocity(&self) -> Vector {
        let (Some((at, earlier)), Some((last_at, last))) = (self.earlier, self.last) else {
            return (0.0, 0.0);
        };
        let seconds = last_at.since(at).as_secs_f64().max(0.5);
        times(way(earlier, last), 1.0 / seconds)
    }
}

/// How far errors may carry a fix from the one so long before.
fn error_m(sample: &Sample, passed: Span) -> f64 {
    let decayed = passed.min(ERROR_LASTS).as_secs_f64() / ERROR_LASTS.as_secs_f64();
    3.0 * believed_m(sample) * (ERROR_NEW + (1.0 - ERROR_NEW) * decayed)
}

/// As complex numbers: turned by the angle of the other, and as many times as long.
fn product(a: Vector, b: Vector) -> Vector {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

fn quotient(a: Vector, b: Vector) -> Vector {
    times(product(a, (b.0, -b.1)), 1.0 / square(b).max(0.000_001))
}

fn less(a: Vector, b: Vector) -> Vector {
    (a.0 - b.0, a.1 - b.1)
}

fn times(a: Vector, by: f64) -> Vector {
    (a.0 * by, a.1 * by)
}

fn dot(a: Vector, b: Vector) -> f64 {
    a.0 * b.0 + a.1 * b.1
}

fn square(a: Vector) -> f64 {
    dot(a, a)
}

fn is_within(a: Vector, metres: f64) -> bool {
    square(a) <= metres * metres
}

/// From one place to another on a flat Earth: within some per cent, and by the four basic operations alone.
fn way(from: Position, to: Position) -> Vector {
    let mut east_deg = to.lon() - from.lon();
    if east_deg > 180.0 {
        east_deg -= 360.0;
    } else if east_deg < -180.0 {
        east_deg += 360.0;
    }
    // The cosine by its series: better than a thousandth up to the 70th degree.
    let x = from.lat() * (std::f64::consts::PI / 180.0);
    let square = x * x;
    let scale = 1.0 - square / 2.0 * (1.0 - square / 12.0 * (1.0 - square / 30.0));
    (
        east_deg * scale * DEGREE_M,
        (to.lat() - from.lat()) * DEGREE_M,
    )
}
