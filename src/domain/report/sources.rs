//! On what do the positions rest? Gaps, late fixes and what was kept apart, unit by unit.

use super::Noted;
use crate::domain::ids::{SourceId, UnitId};
use crate::domain::measure::{Position, Span, Timestamp};
use crate::domain::tracks::fix::{Fix, QuarantineReason};
use std::collections::{BTreeMap, BTreeSet};

/// A pause longer than this is a gap: what the screens call stale.
pub const GAP: Span = Span::from_secs(15);
/// A fix that came later than this after it was taken came out of a store.
pub const STORED: Span = Span::from_secs(60);
/// Gaps named one by one; of more, the longest, and how many there were.
pub const GAPS_MOST: usize = 50;

/// A time without a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The last fix before it.
    pub from: Timestamp,
    /// The first fix after it.
    pub to: Timestamp,
}

impl Gap {
    /// How long it is.
    #[must_use]
    pub const fn length(&self) -> Span {
        self.to.since(self.from)
    }
}

/// A time in which a technical source was sealed: its places of then are known to nobody.
#[derive(Debug, Clone, PartialEq)]
pub struct Sealed {
    /// Since when.
    pub from: Noted<()>,
    /// Until when; `None` when it was never read again.
    pub until: Option<Noted<()>>,
}

/// What the positions of one unit rest on.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRow {
    /// Which unit.
    pub unit: UnitId,
    /// Its devices that were heard.
    pub devices: Vec<SourceId>,
    /// How many fixes were admitted.
    pub fixes: u64,
    /// The first and the last of them; `None` when there is none.
    pub heard: Option<(Timestamp, Timestamp)>,
    /// The gaps longer than [`GAP`], oldest first, at most [`GAPS_MOST`].
    pub gaps: Vec<Gap>,
    /// How many there were.
    pub gap_count: u64,
    /// How many fixes came out of a store, later than [`STORED`].
    pub stored: u64,
    /// The latest of these, after it was taken; `None` when there is none.
    pub latest_by: Option<Span>,
    /// How many were kept apart, by reason.
    pub kept_apart: BTreeMap<QuarantineReason, u64>,
    /// The times when it was said to be silent.
    pub silences: Vec<Noted<Timestamp>>,
    /// The times in which it was sealed.
    pub sealed: Vec<Sealed>,
}

/// Hears the fixes of one unit, in any order.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    at: Vec<(Timestamp, Position)>,
    devices: BTreeSet<SourceId>,
    stored: u64,
    latest_by: Option<Span>,
}

impl Heard {
    /// One more admitted fix.
    pub fn take(&mut self, fix: &Fix) {
        self.at.push((fix.fixed_at, fix.position));
        if !self.devices.contains(&fix.source) {
            self.devices.insert(fix.source.clone());
        }
        let late = fix.received_at.since(fix.fixed_at);
        if late > STORED {
            self.stored += 1;
            self.latest_by = self.latest_by.max(Some(late));
        }
    }

    /// In the order of time; of one moment, from south to north and west to east, so that the order of the records is none.
    pub(super) fn sort(&mut self) {
        self.at.sort_by(|(at, place), (other_at, other)| {
            (at.cmp(other_at))
                .then_with(|| place.lat().total_cmp(&other.lat()))
                .then_with(|| place.lon().total_cmp(&other.lon()))
        });
    }

    /// Where it was when, once sorted.
    pub(super) fn places(&self) -> &[(Timestamp, Position)] {
        &self.at
    }

    /// What they come to once sorted, with what the records say of the unit.
    pub(super) fn into_row(self, unit: UnitId, told: Told) -> SourceRow {
        let mut gaps: Vec<Gap> = (self.at.windows(2))
            .map(|pair| Gap {
                from: pair[0].0,
                to: pair[1].0,
            })
            .filter(|gap| gap.length() > GAP)
            .collect();
        let gap_count = gaps.len() as u64;
        if gaps.len() > GAPS_MOST {
            gaps.sort_by_key(|gap| (std::cmp::Reverse(gap.length()), gap.from));
            gaps.truncate(GAPS_MOST);
            gaps.sort_by_key(|gap| gap.from);
        }
        SourceRow {
            unit,
            devices: self.devices.into_iter().collect(),
            fixes: self.at.len() as u64,
            heard: (self.at.first().zip(self.at.last())).map(|(first, last)| (first.0, last.0)),
            gaps,
            gap_count,
            stored: self.stored,
            latest_by: self.latest_by,
            kept_apart: told.kept_apart,
            silences: told.silences,
            sealed: told.sealed,
        }
    }
}

/// What the records say of a unit's source.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    pub(super) kept_apart: BTreeMap<QuarantineReason, u64>,
    pub(super) silences: Vec<Noted<Timestamp>>,
    pub(super) sealed: Vec<Sealed>,
}
