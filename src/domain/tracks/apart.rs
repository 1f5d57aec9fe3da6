//! Which fixes were told to be kept apart already: a phone posts again what was not taken, and is told once.

use super::fix::{QuarantineReason, ReportedFix};
use super::ledger::digest;
use std::collections::{BTreeSet, VecDeque};

/// Fixes remembered, as digests: more than one request carries, and posts again until it is answered.
const REMEMBERED: usize = 16_384;

/// The newest fixes that were told to be kept apart, by digest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToldApart {
    /// Oldest first.
    told: VecDeque<u64>,
    known: BTreeSet<u64>,
}

impl ToldApart {
    /// Nothing told.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            told: VecDeque::new(),
            known: BTreeSet::new(),
        }
    }

    /// Whether this very fix was told to be kept apart for this reason.
    #[must_use]
    pub fn knows(&self, fix: &ReportedFix, reason: QuarantineReason) -> bool {
        self.known.contains(&of(fix, reason))
    }

    /// Folds that a fix was told to be kept apart.
    pub fn note(&mut self, fix: &ReportedFix, reason: QuarantineReason) {
        let digest = of(fix, reason);
        if !self.known.insert(digest) {
            return;
        }
        self.told.push_back(digest);
        if self.told.len() > REMEMBERED
            && let Some(oldest) = self.told.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

/// A digest (FNV-1a) of a fix, its key included, and the reason.
fn of(fix: &ReportedFix, reason: QuarantineReason) -> u64 {
    let mix = |hash: u64, word: u64| {
        let mixed = (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3);
        mixed ^ (mixed >> 29)
    };
    let names = [fix.unit.as_str(), fix.source.as_str()];
    let bytes = names.into_iter().flat_map(|name| name.bytes().chain([0]));
    let numbers = [
        digest(fix.lat, fix.lon, &fix.measured),
        fix.fixed_at.as_millis().cast_unsigned(),
        reason as u64,
    ];
    bytes
        .map(u64::from)
        .chain(numbers)
        .fold(0xcbf2_9ce4_8422_2325, mix)
}
