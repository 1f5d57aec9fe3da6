//! Fixes of units that their sender may not speak for: the same again is kept once.

use crate::domain::event::TrackEventKind;
use crate::domain::tracks::fix::{Measured, QuarantineReason, ReportedFix};
use std::collections::VecDeque;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

/// How many are remembered; a sender repeats one batch of at most 10,000 until it is answered.
const REMEMBERED: usize = 16_384;

/// The fixes kept apart lately that are of no unit of this room, or not of their sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Apart {
    digests: VecDeque<u64>,
}

impl Apart {
    pub(super) const fn new() -> Self {
        Self {
            digests: VecDeque::new(),
        }
    }

    pub(super) fn knows(&self, fix: &ReportedFix) -> bool {
        self.digests.contains(&digest(fix))
    }

    /// Folds what was kept apart; other events change nothing.
    pub(super) fn note(&mut self, kind: &TrackEventKind) {
        let TrackEventKind::FixQuarantined {
            reason: QuarantineReason::NotYourUnit | QuarantineReason::UnknownUnit,
            fix: Some(fix),
            ..
        } = kind
        else {
            return;
        };
        if self.digests.len() == REMEMBERED {
            self.digests.pop_front();
        }
        self.digests.push_back(digest(fix));
    }
}

/// The hasher has fixed keys, so every run says the same.
fn digest(fix: &ReportedFix) -> u64 {
    let Measured {
        accuracy_m,
        speed_mps,
        course_deg,
        altitude_m,
        battery_pct,
    } = fix.measured;
    let numbers = [
        Some(fix.lat),
        Some(fix.lon),
        accuracy_m,
        speed_mps,
        course_deg,
        altitude_m,
        battery_pct,
    ];
    let mut hasher = DefaultHasher::new();
    (&fix.unit, &fix.source, fix.fixed_at).hash(&mut hasher);
    numbers
        .map(|number| number.map(f64::to_bits))
        .hash(&mut hasher);
    hasher.finish()
}
