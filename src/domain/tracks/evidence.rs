//! On which side of the line is the unit? A sequential test over its fixes, oldest first.
//!
//! The claim "the unit left its states" is weighed against the best other story: that its receiver erred.
//!
//! * **One fix.** A fix at distance `d` beyond the line with accuracy `r` is explained by an error of at least `d`. Its
//!   weight is `d² / 2r²`: the log-likelihood ratio (in nats) of a normal error, with the posted 68 % radius taken as
//!   the standard deviation towards the line. For an honest receiver that deviation is `r / 1.51` (a circle of 1.51 σ
//!   holds 68 % of a two-dimensional normal error), so receivers may under-report by half and are still believed
//!   rightly. Posted radii below [`ACCURACY_LEAST`] are not believed.
//! * **Many fixes.** Errors of one receiver are correlated: a shift of `d` explains all fixes of a short stay at once.
//!   So a stay weighs as much as its *heaviest* fix, plus a share that grows with [`STANDING_ERROR`] and never exceeds
//!   it: a hundred parked fixes are not a hundred proofs.
//! * **Jumps.** A fix that the motion before it does not lead to may be an outlier whose claimed accuracy means
//!   nothing. Such a stay weighs [`JUMP_WEIGHT`] for each independent outlier that would be needed, and outliers
//!   within [`JUMP_LASTS`] are one.
//! * **Many chances.** A unit that lingers at the line gives its receiver many chances to err far enough. Each doubling
//!   of the time spent there raises what is asked by [`LINGER_ASKS`] (the correction for repeated looks).
//! * **Claims against scatter.** While a unit lingers for more than [`SCATTER_KNOWN`], its own scatter across the line
//!   shows what its receiver really errs by. When that is more than it claims, more is asked accordingly, up to
//!   [`SCATTER_MOST`] times.
//! * **Decision.** Confirmed from two fixes on, when the weight reaches [`WEIGHT_ASKED`] and, after a jump,
//!   [`JUMP_ASKED`]. Two accuracies beyond the line weigh exactly `WEIGHT_ASKED`. A stay falls away when a fix lies one
//!   accuracy or more back inside.
//!
//! The test follows A. Wald, "Sequential Tests of Statistical Hypotheses" (1945), with E. S. Page's restart (1954) and
//! Bonferroni's correction for repeated looks; the numbers are chosen so that a unit parked 10 m from the line with 8 m
//! of error, correlated over a minute, stays where it is, and a stay of 30 s and two accuracies is found.
//! Only comparisons and the four basic operations are used, so every machine decides alike.

use super::window::Sample;
use crate::domain::event::WeighedFix;
use crate::domain::ids::StateSet;
use crate::domain::measure::{Metres, Span, Timestamp};

/// The rule and its version, as told with every decision.
pub const RULE: &str = "weighed fixes, version 1";
/// Posted radii below this are taken as this: no field receiver knows its place better for long.
pub const ACCURACY_LEAST: Metres = Metres::from_centimetres(300);
/// Weight asked of a unit that did not linger at the line, nats: two accuracies beyond it.
pub const WEIGHT_ASKED: f64 = 2.0;
/// Added to the weight asked with each doubling of the time lingered, nats.
pub const LINGER_ASKS: f64 = 0.83;
/// Scatter is known after lingering this long: a walker has passed the line by then.
pub const SCATTER_KNOWN: Span = Span::from_secs(120);
/// The most that scatter multiplies the weight asked by: a receiver that claims a deviation as its 68 % radius.
pub const SCATTER_MOST: f64 = 2.28;
/// The errors of a receiver that stands still are independent after about this long.
pub const ERROR_LASTS: Span = Span::from_secs(60);
/// A stay this long weighs as if it had been seen twice: the part of the error that does not pass (multipath, orbits).
pub const STANDING_ERROR: Span = Span::from_secs(600);
/// What one outlier costs to believe in, nats.
pub const JUMP_WEIGHT: f64 = 1.7;
/// Outliers closer together than this have one cause.
pub const JUMP_LASTS: Span = Span::from_secs(5);
/// Weight asked after a jump, nats.
pub const JUMP_ASKED: f64 = 2.9;
/// Weight of a single fix that lasts, nats: five accuracies beyond the line.
const ALONE_ASKED: f64 = 12.5;
/// How long the unit must be unheard after such a fix.
const ALONE_LASTS: Span = Span::from_secs(30);
/// From this weight on a fix is certain: two accuracies from the line.
const CERTAIN: f64 = 2.0;
/// Weighed fixes told of one decision.
const TOLD: usize = 8;

/// The accuracy that is believed.
pub(super) fn believed_m(sample: &Sample) -> f64 {
    sample.accuracy.max(ACCURACY_LEAST).as_f64()
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
    /// The first certain fix in `to`.
    pub(crate) certain: Option<Timestamp>,
    /// The fixes weighed, bounded.
    pub(crate) told: Vec<WeighedFix>,
    /// Whether it was heavy enough to be suspected.
    pub(crate) suspected: bool,
    /// The newest fix of it.
    pub(crate) newest: Timestamp,
    pub(crate) fixes: u32,
    pub(crate) heaviest: f64,
    pub(crate) standing: f64,
    pub(crate) jump: Option<Jump>,
}

/// A stay that began with, or came to, a fix that motion does not explain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Jump {
    /// What the stay weighed before.
    pub(crate) before: f64,
    /// What the outliers needed since weigh.
    pub(crate) outliers: f64,
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
            newest: entered.fixed_at,
            fixes: 0,
            heaviest: 0.0,
            standing: 0.0,
            jump: None,
        }
    }

    /// Its newest fix.
    pub(super) const fn newest(&self) -> Timestamp {
        self.newest
    }

    pub(super) fn weight(&self) -> f64 {
        self.heaviest + self.standing.min(self.heaviest)
    }

    pub(crate) fn take(&mut self, sample: &Sample, led_here: bool) {
        let passed = sample.fixed_at.since(self.newest);
        let w = weight(sample);
        match (&mut self.jump, led_here) {
            (Some(jump), _) => jump.outliers += JUMP_WEIGHT * share(passed, JUMP_LASTS),
            (None, false) => {
                self.jump = Some(Jump {
                    before: self.weight(),
                    outliers: JUMP_WEIGHT,
                });
            }
            (None, true) => {}
        }
        if self.fixes > 0 {
            let lasted = passed.as_millis().min(ERROR_LASTS.as_millis()) as f64;
            self.standing += w * lasted / STANDING_ERROR.as_millis() as f64;
        }
        self.fixes += 1;
        self.heaviest = self.heaviest.max(w);
        self.newest = sample.fixed_at;
        if self.certain.is_none() && is_certain(sample) {
            self.certain = Some(sample.fixed_at);
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
        let jump_excluded = self
            .jump
            .is_none_or(|jump| jump.before + jump.outliers >= JUMP_ASKED);
        !self.disputed && self.fixes >= 2 && self.weight() >= asked && jump_excluded
    }

    pub(super) fn is_proven_alone(&self, unheard: Span) -> bool {
        !self.disputed
            && self.jump.is_none()
            && self.weight() >= ALONE_ASKED
            && unheard >= ALONE_LASTS
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

/// `passed` as a share of itself and `scale`: 0 at once, a half after `scale`, towards 1.
fn share(passed: Span, scale: Span) -> f64 {
    let passed = passed.as_millis().max(0) as f64;
    passed / (passed + scale.as_millis() as f64)
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
