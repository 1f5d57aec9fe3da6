//! On which side of the line is the unit? A sequential test over its fixes, oldest first.
//!
//! The claim "the unit left its states" is weighed against the best other story: that its receiver erred.
//!
//! * **One fix.** A fix at distance `d` beyond the line with accuracy `r` is explained by an error of at least `d`. Its
//!   weight is `d² / 2r²`: the log-likelihood ratio (in nats) of a normal error, with the posted 68 % radius taken as
//!   the standard deviation towards the line. For an honest receiver that deviation is `r / 1.51` (a circle of 1.51 σ
//!   holds 68 % of a two-dimensional normal error), so receivers may under-report by a third and are still believed
//!   rightly. Posted radii below [`ACCURACY_LEAST`] are not believed, nor is one that is better all at once: the error
//!   of the fix before decays over [`ERROR_LASTS`], it does not vanish.
//! * **Many fixes.** Errors of one receiver are correlated: a shift of `d` explains all fixes of a short stay at once.
//!   So a stay weighs as much as its *heaviest* fix, plus half of each fix's weight for every [`ERROR_LASTS`] since the
//!   one before: what an error that decays so (an Ornstein-Uhlenbeck process) pays to stay out there. All of it together
//!   counts no more than the heaviest fix, for part of an error does not decay (multipath, orbits): a hundred parked fixes
//!   are not a hundred proofs.
//! * **Outliers.** A fix that steady motion does not lead to may be an outlier whose claimed accuracy means nothing. It is
//!   kept apart until its like have outlasted any outlier ([`OUTLIER_FIXES`], [`OUTLIER_LASTS`]): then all are taken as they
//!   are; or until another goes on moving as it came: then the newest waits, unless the new motion leads to it, for an
//!   outlier on a bent road looks so too. When a fix falls in with the motion before them, they were outliers. Of a unit
//!   that is heard too seldom for that, or that starts, turns and stops between its fixes, those in the same states bear
//!   each other out once they outlast any outlier: at least one of them is none, so each weighs as much as the lightest.
//! * **Many chances.** A unit near the line gives its receiver many chances to err far enough. Each doubling of their
//!   number raises what is asked by [`CHANCE_ASKS`] (the correction for repeated looks); a look from farther away is
//!   the smaller a chance. And a stay that fell away shows what the receiver can err by: another one must weigh
//!   [`RECORD_ASKS`] times as much as its heaviest fix.
//! * **Decision.** Confirmed from two fixes on, when the weight reaches [`WEIGHT_ASKED`]: two accuracies beyond the line
//!   weigh exactly that. A stay falls away when a fix lies one accuracy or more back inside. The crossing was at the
//!   latest when the fix came that weighs what is asked alone; without one, when all were there that weigh it together.
//!
//! ```text
//!                     line
//!   A      · · ·  ·  ·  |           the error of one receiver: near, so it lingers, and each look is a chance
//!              ·  ·     |  · ·      a stay of little weight: suspected when a quarter of what is asked is there
//!          · · · ·      |      ·    an outlier: motion did not lead there; apart until its like outlast five fixes
//!     ·     ·     ·     |   ·     · motion leads over the line: two fixes beyond it prove the crossing
//! ```
//!
//! The test follows A. Wald, "Sequential Tests of Statistical Hypotheses" (1945), with E. S. Page's restart (1954) and
//! Bonferroni's correction for repeated looks. `cargo bench --bench crossings` measures it against simulated truth.
//! Only comparisons and the four basic operations are used, so every machine decides alike.

use super::window::Sample;
use crate::domain::event::WeighedFix;
use crate::domain::ids::StateSet;
use crate::domain::measure::{Metres, Span, Timestamp};

/// The rule and its version, as told with every decision.
pub const RULE: &str = "weighed fixes, version 5";
/// Posted radii below this are taken as this: no field receiver knows its place better for long.
pub const ACCURACY_LEAST: Metres = Metres::from_centimetres(300);
/// Weight asked of a unit that did not linger at the line, nats: two accuracies beyond it.
pub const WEIGHT_ASKED: f64 = 2.0;
/// Added to the weight asked with each doubling of the chances there were, nats.
pub const CHANCE_ASKS: f64 = 1.2;
/// A stay must weigh so many times as much as the heaviest fix of those that fell away since the unit came to the line.
pub const RECORD_ASKS: f64 = 1.2;
/// The first states must weigh so many times as much as a stay: every later crossing stands on them.
pub const FIRST_ASKS: f64 = 3.0;
/// A proven crossing leaves this share of the chances: of a unit that crosses, crossings are to be expected.
pub const CHANCES_LEFT: f64 = 0.5;
/// The errors of a receiver that stands still are independent after about this long.
pub const ERROR_LASTS: Span = Span::from_secs(60);
/// No outlier lasts for more fixes than this...
pub const OUTLIER_FIXES: usize = 5;
/// ...nor for as long as this.
pub const OUTLIER_LASTS: Span = Span::from_secs(30);
/// From this weight on a fix is certain: two accuracies from the line.
const CERTAIN: f64 = 2.0;
/// Weighed fixes told of one decision.
const TOLD: usize = 8;

/// Whether fixes last longer than any outlier does.
pub(super) fn outlasts(first: Timestamp, last: Timestamp, fixes: usize) -> bool {
    fixes > OUTLIER_FIXES || last.since(first) >= OUTLIER_LASTS
}

/// How much of a chance a fix of this weight on its own side gave: 1 on the line, and less the farther the error had
/// still to go. This is `1 / eʷ` from above, by the first terms of its series.
pub(super) fn chance(weight: f64) -> f64 {
    1.0 / (1.0 + weight * (1.0 + weight / 2.0 * (1.0 + weight / 3.0)))
}

/// The accuracy that is believed.
pub(super) fn believed_m(sample: &Sample) -> f64 {
    sample.accuracy.max(ACCURACY_LEAST).as_f64()
}

/// What is left of an error after a time.
pub(super) fn decayed(error: Metres, passed: Span) -> Metres {
    let share = passed.min(ERROR_LASTS).as_secs_f64() / ERROR_LASTS.as_secs_f64();
    Metres::new(error.as_f64() * (1.0 - share))
}

/// A fix with the accuracy that is believed of it beside another one: an error neither vanishes nor comes all at once.
pub(super) fn beside(sample: &Sample, other: &Sample) -> Sample {
    let (first, last) = (
        sample.fixed_at.min(other.fixed_at),
        sample.fixed_at.max(other.fixed_at),
    );
    let passed = last.since(first);
    Sample {
        accuracy: sample.accuracy.max(decayed(other.accuracy, passed)),
        ..*sample
    }
}

/// What a fix weighs against the story that it lies on the other side of the line, nats.
pub(super) fn weight(sample: &Sample) -> f64 {
    let ratio = sample.depth.as_f64() / believed_m(sample);
    ratio * ratio / 2.0
}

/// Whether a fix is certain: two accuracies from any line, undisputed.
pub(super) fn is_certain(sample: &Sample) -> bool {
    !sample.disputed && weight(sample) >= CERTAIN
}

/// A stay in other states that may or may not be real.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stay {
    /// The states it would be in.
    pub(crate) to: StateSet,
    /// Whether these are only claimants: never confirmed.
    pub(crate) disputed: bool,
    /// The last fix on this side.
    pub(crate) before: Sample,
    /// The last fix before `entered`: another than `before` when other states lie between.
    pub(crate) just_before: Sample,
    /// The first fix in `to`.
    pub(crate) entered: Sample,
    /// The first certain fix in `to`; of a stay that is proven, one that weighs what was asked of it.
    pub(crate) certain: Option<Sample>,
    /// The fixes weighed, bounded.
    pub(crate) told: Vec<WeighedFix>,
    /// Whether it was heavy enough to be suspected.
    pub(crate) suspected: bool,
    pub(crate) weighed: Weighed,
}

/// What fixes on one side of the line weigh together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Weighed {
    /// The first and the newest of them.
    pub(crate) since: Timestamp,
    pub(crate) newest: Timestamp,
    pub(crate) fixes: u32,
    pub(crate) heaviest: f64,
    pub(crate) standing: f64,
}

impl Weighed {
    /// Nothing yet, from this moment on.
    pub(super) const fn nothing(since: Timestamp) -> Self {
        Self {
            since,
            newest: since,
            fixes: 0,
            heaviest: 0.0,
            standing: 0.0,
        }
    }

    pub(super) fn take(&mut self, sample: &Sample) {
        let w = weight(sample);
        if self.fixes > 0 {
            let passed = sample.fixed_at.since(self.newest).min(ERROR_LASTS);
            self.standing += w * passed.as_secs_f64() / (2.0 * ERROR_LASTS.as_secs_f64());
        }
        self.fixes += 1;
        self.heaviest = self.heaviest.max(w);
        self.newest = sample.fixed_at;
    }

    pub(super) fn weight(&self) -> f64 {
        self.heaviest + self.standing.min(self.heaviest)
    }

    /// Whether no outlier lasts as long.
    pub(super) fn outlasts(&self) -> bool {
        outlasts(self.since, self.newest, self.fixes as usize)
    }
}

impl Stay {
    pub(crate) fn new(before: Sample, just_before: Sample, entered: Sample) -> Self {
        Self {
            to: entered.states,
            disputed: entered.disputed,
            before,
            just_before,
            entered,
            certain: None,
            told: Vec::new(),
            suspected: false,
            weighed: Weighed::nothing(entered.fixed_at),
        }
    }

    /// Its newest fix.
    pub(super) const fn newest(&self) -> Timestamp {
        self.weighed.newest
    }

    pub(super) fn weight(&self) -> f64 {
        self.weighed.weight()
    }

    pub(crate) fn take(&mut self, sample: &Sample) {
        self.weighed.take(sample);
        if self.certain.is_none() && is_certain(sample) {
            self.certain = Some(*sample);
        }
        self.tell(sample, 1);
    }

    /// Notes a fix for the grounds: the first few and the last.
    pub(super) fn tell(&mut self, sample: &Sample, side: i64) {
        let told = weighed(sample, side);
        if self.told.len() < TOLD {
            self.told.push(told);
        } else if let Some(last) = self.told.last_mut() {
            *last = told;
        }
    }

    pub(super) fn is_proven(&self, asked: f64) -> bool {
        !self.disputed && self.weighed.fixes >= 2 && self.weight() >= asked
    }
}

/// A fix as told in the grounds: `side` is 1 beyond the line and -1 before it.
fn weighed(sample: &Sample, side: i64) -> WeighedFix {
    WeighedFix {
        fixed_at: sample.fixed_at,
        beyond: Metres::from_centimetres(side * sample.depth.as_centimetres()),
        accuracy: sample.accuracy,
    }
}

/// A change of states that the fixes prove.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Passage {
    /// The states left.
    pub(super) from: StateSet,
    /// The last certain fix in them.
    pub(super) last_certain: Sample,
    /// The stay that proves it.
    pub(super) stay: Stay,
}
