//! Where a unit is, as far as it is decided: home, or abroad by the last of its crossings that stand.

use crate::domain::event::Crossing;
use crate::domain::ids::{CrossingId, State, StateSet};
use crate::domain::law::facts::foreign;
use crate::domain::law::finding::Verdict;
use crate::domain::measure::Timestamp;
use crate::domain::tracks::{Standing, Track};

/// A unit abroad.
#[derive(Debug, Clone, PartialEq)]
pub struct Abroad {
    /// The crossing that took it there; `None` when it was first known there.
    pub crossing: Option<Crossing>,
    /// Where it is now.
    pub territory: StateSet,
    /// The earliest moment of that crossing, or when it was first known there.
    pub since: Timestamp,
    /// What the law answered.
    pub verdict: Option<Verdict>,
}

impl Abroad {
    /// The crossing that took it there.
    #[must_use]
    pub fn crossing_id(&self) -> Option<&CrossingId> {
        self.crossing.as_ref().map(|crossing| &crossing.id)
    }
}

/// Where a unit of `own` is abroad; `None` when it is home, or was never located.
#[must_use]
pub fn abroad(track: &Track, own: State) -> Option<Abroad> {
    let territory = track.settled()?;
    if !territory.is_empty() && foreign(territory, own).next().is_none() {
        return None;
    }
    // The first place of a new shift may be where the last crossing led.
    let crossing = track
        .last_crossing()
        .filter(|crossing| crossing.to == territory);
    let since = match (crossing, track.located()) {
        (Some(crossing), _) => crossing.earliest,
        (None, Some(first)) => first.at,
        (None, None) => return None,
    };
    Some(Abroad {
        crossing: crossing.cloned(),
        territory,
        since,
        verdict: None,
    })
}

/// The crossing by which a unit entered each state that it is in: through a condominium, the one into the condominium.
/// Empty when no crossing of it is known.
#[must_use]
pub fn entries(track: &Track, abroad: &Abroad, own: State) -> Vec<(State, Crossing)> {
    if abroad.crossing.is_none() {
        return Vec::new();
    }
    let mut newest_first: Vec<&Crossing> = track
        .crossings()
        .iter()
        .filter(|recorded| recorded.standing == Standing::Confirmed)
        .map(|recorded| &*recorded.crossing)
        .collect();
    newest_first.sort_by_key(|crossing| std::cmp::Reverse((crossing.likely, crossing.latest)));
    foreign(abroad.territory, own)
        .filter_map(|host| {
            let inside = newest_first
                .iter()
                .take_while(|crossing| crossing.to.contains(host));
            let entered = inside.last()?;
            Some((host, (*entered).clone()))
        })
        .collect()
}
