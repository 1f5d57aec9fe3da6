//! How much of the units' ways a snapshot brings along: enough to see them, and a bounded number of bytes.

use crate::wire::live::UnitPicture;
use std::collections::BTreeMap;

/// So many points of all units together, about 1.8 MB; the map lengthens the tails itself from then on.
const POINTS_MAX: usize = 40_000;
/// A tail is never cut below this.
const LEAST: usize = 2;
/// The newest points are kept as they are: the map learns from them how often a unit reports, and so when it is stale.
const NEWEST: usize = 6;

/// The units with tails that hold [`POINTS_MAX`] points together, or [`LEAST`] each.
pub(super) fn within_budget(units: &BTreeMap<String, UnitPicture>) -> Vec<UnitPicture> {
    let most = longest(units.values().map(|unit| unit.tail.len()), POINTS_MAX);
    let shortened = |unit: &UnitPicture| {
        let mut unit = unit.clone();
        if unit.tail.len() > most {
            unit.tail = thinned(&unit.tail, most);
        }
        unit
    };
    units.values().map(shortened).collect()
}

/// How long a tail may be so that all together hold no more than `budget`: what short ones leave goes to the long ones.
fn longest(lengths: impl Iterator<Item = usize>, budget: usize) -> usize {
    let mut lengths: Vec<usize> = lengths.collect();
    lengths.sort_unstable();
    let (mut left, mut units) = (budget, lengths.len());
    for length in lengths {
        let share = left / units;
        if length > share {
            return share.max(LEAST);
        }
        left -= length;
        units -= 1;
    }
    usize::MAX
}

/// A tail of at most `most` points: the newest as they are, of the older ones evenly from the oldest on.
fn thinned(tail: &[[f64; 3]], most: usize) -> Vec<[f64; 3]> {
    if tail.len() <= most {
        return tail.to_vec();
    }
    let newest = NEWEST.min(most);
    let (older, kept) = (tail.len() - newest, most - newest);
    let picked = (0..kept).map(|index| tail[index * older / kept]);
    picked.chain(tail[older..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::{longest, thinned};
    use std::iter::repeat_n;

    fn tail(points: usize) -> Vec<[f64; 3]> {
        (0..points).map(|at| [20.0, 46.0, at as f64]).collect()
    }

    #[test]
    fn a_small_fleet_keeps_every_point() {
        let most = longest(repeat_n(360, 100), 40_000);
        assert_eq!(thinned(&tail(360), most), tail(360));
    }

    #[test]
    fn a_large_fleet_shares_the_points_and_what_short_tails_leave() {
        assert_eq!(longest(repeat_n(360, 4_000), 40_000), 10);
        assert_eq!(longest([1, 1, 360, 360].into_iter(), 102), 50);
        assert_eq!(longest(repeat_n(360, 40_000), 40_000), 2);
        assert_eq!(longest(std::iter::empty(), 40_000), usize::MAX);
    }

    #[test]
    fn a_thinned_tail_begins_where_the_way_began_and_keeps_its_newest_points() {
        let at = |tail: Vec<[f64; 3]>| -> Vec<f64> { tail.iter().map(|point| point[2]).collect() };
        let kept = at(thinned(&tail(360), 10));
        assert_eq!(
            kept,
            [
                0.0, 88.0, 177.0, 265.0, 354.0, 355.0, 356.0, 357.0, 358.0, 359.0
            ]
        );
        assert_eq!(at(thinned(&tail(360), 2)), [358.0, 359.0]);
        assert_eq!(thinned(&tail(3), 10), tail(3));
    }
}
