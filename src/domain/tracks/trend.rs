//! How a unit moves across the line, and how far its receiver strays while it lingers there.

use super::evidence::{ERROR_LASTS, believed_m};
use super::window::Sample;
use crate::domain::measure::{Span, Timestamp};

/// What a vehicle can do to a steady motion, metres a second squared.
const CHANGE_OF_MOTION: f64 = 3.0;
/// Fixes closer together than this tell no speed.
const SPEED_BASE: Span = Span::from_millis(500);

/// The signed distance to the line over the last fixes: below zero on this side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Trend {
    pub(crate) last: Option<(Timestamp, f64)>,
    pub(crate) earlier: Option<(Timestamp, f64)>,
}

impl Trend {
    /// Nothing known.
    pub(super) const NONE: Self = Self {
        last: None,
        earlier: None,
    };

    pub(super) fn push(&mut self, at: Timestamp, beyond_m: f64) {
        let tells_speed = self
            .last
            .is_none_or(|(last, _)| at.since(last) >= SPEED_BASE);
        if tells_speed {
            self.earlier = self.last;
        }
        self.last = Some((at, beyond_m));
    }

    /// Whether steady motion leads to a fix this far beyond the line, as far as accuracy and brakes allow.
    pub(super) fn leads_to(&self, sample: &Sample) -> bool {
        let Some((last_at, last_m)) = self.last else {
            return true;
        };
        let passed_s = sample.fixed_at.since(last_at).as_secs_f64();
        let speed = self.earlier.map_or(0.0, |(at, m)| {
            (last_m - m) / last_at.since(at).as_secs_f64().max(0.5)
        });
        let expected_m = last_m + speed * passed_s;
        let allowed_m = 3.0 * believed_m(sample) + CHANGE_OF_MOTION / 2.0 * passed_s * passed_s;
        // With one fix before it there is no motion to compare with; the gate has judged its speed.
        self.earlier.is_none() || (sample.depth.as_f64() - expected_m).abs() <= allowed_m
    }

    pub(super) fn mirrored(self) -> Self {
        let mirror = |(at, m): (Timestamp, f64)| (at, -m);
        Self {
            last: self.last.map(mirror),
            earlier: self.earlier.map(mirror),
        }
    }
}

/// Where a lingering unit was seen, across the line: weights, mean and squared deviations (Welford).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scatter {
    pub(crate) seconds: f64,
    pub(crate) mean_m: f64,
    pub(crate) squares: f64,
}

impl Scatter {
    /// Nothing seen.
    pub(super) const NONE: Self = Self {
        seconds: 0.0,
        mean_m: 0.0,
        squares: 0.0,
    };

    pub(super) fn see(&mut self, beyond_m: f64, passed: Span) {
        let seconds = passed.min(ERROR_LASTS).as_secs_f64();
        if seconds <= 0.0 {
            return;
        }
        self.seconds += seconds;
        let off = beyond_m - self.mean_m;
        self.mean_m += off * seconds / self.seconds;
        self.squares += seconds * off * (beyond_m - self.mean_m);
    }

    /// The variance, square metres.
    pub(super) fn variance(&self) -> f64 {
        if self.seconds > 0.0 {
            self.squares / self.seconds
        } else {
            0.0
        }
    }

    pub(super) fn mirrored(self) -> Self {
        Self {
            mean_m: -self.mean_m,
            ..self
        }
    }
}
