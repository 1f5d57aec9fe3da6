//! Which fixes were told to be kept apart already: a phone posts again what was not taken, and is told once.

use super::fix::{QuarantineReason, ReportedFix};
use super::ledger::{device_digest, digest};
use std::collections::VecDeque;

/// Fixes remembered per unit, as digests: more than a device stores and posts again in one go.
const REMEMBERED: usize = 4_096;

/// The newest fixes that were told to be kept apart, by digest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ToldApart {
    /// Oldest first.
    digests: VecDeque<u64>,
}

impl ToldApart {
    /// Whether this very fix was told to be kept apart for this reason.
    pub(super) fn knows(&self, fix: &ReportedFix, reason: QuarantineReason) -> bool {
        self.digests.contains(&of(fix, reason))
    }

    /// Folds that a fix was told to be kept apart.
    pub(super) fn note(&mut self, fix: &ReportedFix, reason: QuarantineReason) {
        if self.digests.len() == REMEMBERED {
            self.digests.pop_front();
        }
        self.digests.push_back(of(fix, reason));
    }
}

/// A digest of a fix, its key included, and the reason.
fn of(fix: &ReportedFix, reason: QuarantineReason) -> u64 {
    let words = [
        digest(fix.lat, fix.lon, &fix.measured),
        u64::from(device_digest(&fix.source)),
        fix.fixed_at.as_millis().cast_unsigned(),
        reason as u64,
    ];
    words.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, word| {
        let mixed = (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3);
        mixed ^ (mixed >> 29)
    })
}
