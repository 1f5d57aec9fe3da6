//! How many stays must the best possible test miss?
//!
//! A unit that goes over the straight line and back is told apart from every unit that keeps to its own side, by the same
//! receiver, by nothing but the errors. Of normal errors with a known covariance `Σ` that is solved: against a convex set of
//! stories (here: all ways that stay on the own side) the most powerful test of any level asks for the story of the set
//! that explains the fixes best (the least favourable one). With `m` the errors that this story needs, its distance is
//!
//! ```text
//!   d² = min mᵀ Σ⁻¹ m   over all m with mᵢ ≥ pᵢ      pᵢ: how far the unit is beyond the line at its fix i
//!
//!               ·····  the unit            errors that decay over a minute would have to swing out to it and back,
//!   line ──── ·───────·────                before it and after it too: that is the cheapest story
//!           ·´         `·
//! ```
//!
//! and a test that tells a crossing that was none in at most a share `α` of such stories misses at least `Φ(z − d)` of
//! these stays, `Φ(z) = 1 − α` (J. Neyman and E. S. Pearson, "On the Problem of the Most Efficient Tests of Statistical
//! Hypotheses", 1933; E. L. Lehmann and J. P. Romano, "Testing Statistical Hypotheses", 3.8). The covariance is the one that
//! `receiver` draws its errors with. A thousand hours at the line are at least [`LOOKS`] independent chances to err, so a
//! test without a false crossing in them has at most one of so many for `α`.
//!
//! The bound knows the errors, the way and the line; a rule does not. It is one level for all stays: a rule that asks less of
//! a unit that just came to the line, and more of one that lingers there, may miss fewer with as few false crossings.

use crate::receiver::{LASTS_S, WHITE};

/// In a thousand hours, one for each minute that an error lasts.
pub(crate) const LOOKS: f64 = 60_000.0;
/// False crossings, one in so many chances, for which the bound is told.
pub(crate) const LEVELS: [f64; 4] = [100.0, 1_000.0, 10_000.0, LOOKS];
/// From this distance on no level told misses anything worth counting.
const FAR: f64 = 11.0;
/// The search ends when a round changes less than this, or after so many rounds.
const EXACT: f64 = 1e-6;
const ROUNDS: usize = 300;

/// A fix of a stay: its second, and how far beyond the line the unit was.
pub(crate) type Beyond = (f64, f64);

/// The distance of a stay from the nearest story without a crossing, in deviations: `beyond` are its fixes, of a receiver
/// with a deviation of `deviation_m`.
pub(crate) fn distance(beyond: &[Beyond], deviation_m: f64) -> f64 {
    let depths: Vec<f64> = beyond.iter().map(|fix| fix.1 / deviation_m).collect();
    let deepest = depths.iter().copied().fold(0.0, f64::max);
    if deepest >= FAR {
        return deepest;
    }
    // The dual problem: as much weight on each fix as explains it, never below nothing.
    let covariance = |i: usize, j: usize| {
        let passed_s = (beyond[i].0 - beyond[j].0).abs();
        let slow = (1.0 - WHITE * WHITE) * (-passed_s / LASTS_S).exp();
        if i == j { 1.0 } else { slow }
    };
    let rows: Vec<Vec<f64>> = (0..depths.len())
        .map(|i| (0..depths.len()).map(|j| covariance(i, j)).collect())
        .collect();
    let mut weights = vec![0.0; depths.len()];
    let mut needs = vec![0.0; depths.len()];
    for _ in 0..ROUNDS {
        let mut moved: f64 = 0.0;
        for i in 0..depths.len() {
            let step = (depths[i] - needs[i]).max(-weights[i]);
            if step == 0.0 {
                continue;
            }
            weights[i] += step;
            moved = moved.max(step.abs());
            for (need, share) in needs.iter_mut().zip(&rows[i]) {
                *need += step * share;
            }
        }
        if moved < EXACT {
            break;
        }
    }
    // What is still short of the way after the last round is scaled up to it: never nearer than the nearest story.
    let short = depths.iter().zip(&needs).map(|(p, m)| p / m.max(1e-9));
    let scale = short.fold(1.0, f64::max);
    let square: f64 = weights.iter().zip(&needs).map(|(w, m)| w * m).sum();
    scale * square.max(0.0).sqrt()
}

/// The share of such stays that a test with one false crossing in `looks` chances misses at least.
pub(crate) fn missed(distance: f64, looks: f64) -> f64 {
    normal(quantile(1.0 / looks) - distance)
}

/// The distribution function of the normal distribution, by its series or its continued fraction.
fn normal(x: f64) -> f64 {
    let density = (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
    if x.abs() > 5.0 {
        let tail = (1..=60)
            .rev()
            .fold(x.abs(), |sum, k| x.abs() + f64::from(k) / sum);
        let beyond = density / tail;
        return if x < 0.0 { beyond } else { 1.0 - beyond };
    }
    let (mut term, mut sum) = (x, x);
    for k in 1..200 {
        term *= x * x / f64::from(2 * k + 1);
        sum += term;
    }
    0.5 + density * sum
}

/// The value that a normal number exceeds with this probability, by halving.
fn quantile(above: f64) -> f64 {
    let (mut low, mut high) = (-10.0, 10.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if normal(-middle) > above {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// A stay that holds: its distance, and whether our rule missed it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) distance: f64,
    pub(crate) missed: bool,
}

/// The head of the table of [`row`].
pub(crate) fn head() -> String {
    let levels = LEVELS.map(|looks| format!(" one false in {looks:.0} chances |"));
    format!(
        "\n| missed at least, by any test | stays that hold | ours |{}\n|---|---|---|---|---|---|---|\n",
        levels.concat()
    )
}

/// What any test misses of such stays, beside what ours does.
pub(crate) fn row(name: &str, stays: &[Held]) -> String {
    let ours = stays.iter().filter(|stay| stay.missed).count();
    let least = LEVELS.map(|looks| {
        let sum: f64 = stays.iter().map(|stay| missed(stay.distance, looks)).sum();
        format!(" {sum:.0} |")
    });
    format!("| {name} | {} | {ours} |{}\n", stays.len(), least.concat())
}
