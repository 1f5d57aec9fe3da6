//! Which true change does each telling belong to?
//!
//! One and one, in order of time, into the same states, and as many as possible; of several ways to do so the one whose times
//! lie nearest. Where changes follow each other within seconds the nearest of each telling alone would take its neighbour's.

use crate::session::Told;
use crate::truth::Change;

/// How many belong, and how far off they are together, seconds.
type Sum = (usize, f64);

/// The true change that each telling belongs to, by index; both in order of time. A change may belong when it lies within
/// `belongs_s` of the span told; how near it lies is said by the clock of the receiver, `ahead_s` ahead of the truth.
pub(crate) fn matched(
    changes: &[Change],
    told: &[Told],
    (belongs_s, ahead_s): (f64, f64),
) -> Vec<Option<usize>> {
    // The best sum of the first so many tellings with the first so many changes.
    let wide = changes.len() + 1;
    let mut best: Vec<Sum> = vec![(0, 0.0); (told.len() + 1) * wide];
    let is_better = |a: Sum, b: Sum| a.0 > b.0 || (a.0 == b.0 && a.1 < b.1);
    let with = |before: Sum, told: &Told, change: &Change| {
        let span = told.earliest_s - belongs_s..=told.latest_s + belongs_s;
        let belongs = change.to == told.to && span.contains(&change.at_s);
        let off_s = (change.at_s + ahead_s - told.by_device_s).abs();
        belongs.then_some((before.0 + 1, before.1 + off_s))
    };
    for (row, telling) in told.iter().enumerate() {
        for (column, change) in changes.iter().enumerate() {
            let at = (row + 1) * wide + column + 1;
            let (without_telling, without_change) = (best[at - wide], best[at - 1]);
            let mut sum = without_telling;
            if is_better(without_change, sum) {
                sum = without_change;
            }
            let both = with(best[at - wide - 1], telling, change);
            best[at] = both.filter(|both| is_better(*both, sum)).unwrap_or(sum);
        }
    }
    let mut matches = vec![None; told.len()];
    let (mut row, mut column) = (told.len(), changes.len());
    while row > 0 && column > 0 {
        let at = row * wide + column;
        if best[at] == best[at - wide] {
            row -= 1;
        } else if best[at] == best[at - 1] {
            column -= 1;
        } else {
            (row, column) = (row - 1, column - 1);
            matches[row] = Some(column);
        }
    }
    matches
}
