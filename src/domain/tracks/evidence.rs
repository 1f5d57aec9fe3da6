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
/// From this weight on a unit does not linger at the line: four accuracies.
const FAR: f64 = 8.0;
/// From this weight on its lingering is over: eight accuracies, where no error carries it by chance.
const GONE: f64 = 32.0;
/// From this weight on a fix back inside ends a stay: one accuracy.
const BACK: f64 = 0.5;
/// What a vehicle can do to a steady motion, metres a second squared.
const CHANGE_OF_MOTION: f64 = 3.0;
/// No error drifts by three accuracies within this time: a unit that does so moves.
const DRIFT_LASTS: Span = Span::from_secs(10);
/// A first place is settled by a fix of weight `FAR`, or by weight 2 held for [`ERROR_LASTS`].
const SETTLED_AT: f64 = 2.0;
/// Fixes closer together than this tell no speed.
const SPEED_BASE: Span = Span::from_millis(500);
/// Weighed fixes told of one decision.
const TOLD: usize = 8;

/// The accuracy that is believed.
fn believed_m(sample: &Sample) -> f64 {
    sample.accuracy.max(ACCURACY_LEAST).as_f64()
}

/// What a fix weighs against the story that it lies on the other side of the line, nats.
fn weight(sample: &Sample) -> f64 {
    let ratio = sample.depth.as_f64() / believed_m(sample);
    ratio * ratio / 2.0
}

/// Whether a fix is certain: two accuracies from any line, undisputed.
pub(super) fn is_certain(sample: &Sample) -> bool {
    !sample.disputed && weight(sample) >= CERTAIN
}

/// A stay in other states that may or may not be real.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stay {
    /// The states it would be in.
    pub(super) to: StateSet,
    /// Whether these are only claimants: never confirmed.
    pub(super) disputed: bool,
    /// The last fix on this side.
    pub(super) before: Sample,
    /// The last fix before `entered`: another than `before` when other states lie between.
    pub(super) just_before: Sample,
    /// The first fix in `to`.
    pub(super) entered: Sample,
    /// The first certain fix in `to`.
    pub(super) certain: Option<Timestamp>,
    /// The fixes weighed, bounded.
    pub(super) told: Vec<WeighedFix>,
    /// Whether it was heavy enough to be suspected.
    pub(super) suspected: bool,
    /// The newest fix of it.
    newest: Timestamp,
    fixes: u32,
    heaviest: f64,
    standing: f64,
    jump: Option<Jump>,
}

/// A stay that began with, or came to, a fix that motion does not explain.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Jump {
    /// What the stay weighed before.
    before: f64,
    /// What the outliers needed since weigh.
    outliers: f64,
}

impl Stay {
    fn new(before: Sample, just_before: Sample, entered: Sample) -> Self {
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

    fn weight(&self) -> f64 {
        self.heaviest + self.standing.min(self.heaviest)
    }

    fn take(&mut self, sample: &Sample, led_here: bool) {
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
    fn tell(&mut self, sample: &Sample, side: i64) {
        let told = weighed(sample, side);
        if self.told.len() < TOLD {
            self.told.push(told);
        } else if let Some(last) = self.told.last_mut() {
            *last = told;
        }
    }

    fn is_proven(&self, asked: f64) -> bool {
        let jump_excluded = self
            .jump
            .is_none_or(|jump| jump.before + jump.outliers >= JUMP_ASKED);
        !self.disputed && self.fixes >= 2 && self.weight() >= asked && jump_excluded
    }

    fn is_proven_alone(&self, unheard: Span) -> bool {
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

/// The signed distance to the line over the last fixes: below zero on this side.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Trend {
    last: Option<(Timestamp, f64)>,
    earlier: Option<(Timestamp, f64)>,
}

impl Trend {
    fn push(&mut self, at: Timestamp, beyond_m: f64) {
        let tells_speed = self
            .last
            .is_none_or(|(last, _)| at.since(last) >= SPEED_BASE);
        if tells_speed {
            self.earlier = self.last;
        }
        self.last = Some((at, beyond_m));
    }

    /// Whether steady motion leads to a fix this far beyond the line, as far as accuracy and brakes allow.
    fn leads_to(&self, sample: &Sample) -> bool {
        let Some((last_at, last_m)) = self.last else {
            return true;
        };
        let passed_s = sample.fixed_at.since(last_at).as_secs_f64();
        let speed = self.earlier.map_or(0.0, |(at, m)| {
            (last_m - m) / last_at.since(at).as_secs_f64().max(0.5)
        });
        let expected_m = last_m + speed * passed_s;
        let allowed_m = 3.0 * believed_m(sample) + CHANGE_OF_MOTION / 2.0 * passed_s * passed_s;
        // With one fix before it there is no motion to compare with; the gate has judged its speed.
        self.earlier.is_none() || (sample.depth.as_f64() - expected_m).abs() <= allowed_m
    }

    fn mirrored(self) -> Self {
        let mirror = |(at, m): (Timestamp, f64)| (at, -m);
        Self {
            last: self.last.map(mirror),
            earlier: self.earlier.map(mirror),
        }
    }
}

/// What the fixes so far say. A function of the fixes alone: their order of arrival leaves no trace in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Detector {
    /// The shift it belongs to.
    pub(super) shift: u32,
    /// The states it is in, once a fix lay in any.
    pub(super) states: Option<StateSet>,
    /// Whether a certain fix said so: only then can it leave them.
    pub(super) settled: bool,
    /// A stay elsewhere, not decided yet.
    pub(super) stay: Option<Box<Stay>>,
    last_certain: Option<Sample>,
    last_inside: Option<Sample>,
    newest: Option<Sample>,
    trend: Trend,
    /// How sure its first states are, until they are settled.
    trust: f64,
    lingered: Span,
    scatter: Scatter,
}

/// Where a lingering unit was seen, across the line: weights, mean and squared deviations (Welford).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Scatter {
    seconds: f64,
    mean_m: f64,
    squares: f64,
}

impl Scatter {
    fn see(&mut self, beyond_m: f64, passed: Span) {
        let seconds = passed.min(ERROR_LASTS).as_secs_f64();
        if seconds <= 0.0 {
            return;
        }
        self.seconds += seconds;
        let off = beyond_m - self.mean_m;
        self.mean_m += off * seconds / self.seconds;
        self.squares += seconds * off * (beyond_m - self.mean_m);
    }

    /// The variance, square metres.
    fn variance(&self) -> f64 {
        if self.seconds > 0.0 {
            self.squares / self.seconds
        } else {
            0.0
        }
    }

    fn mirrored(self) -> Self {
        Self {
            mean_m: -self.mean_m,
            ..self
        }
    }
}

/// How many independent looks a time is worth: never more than one, for one fix is one look.
fn looks(passed: Span) -> f64 {
    passed.min(ERROR_LASTS).as_secs_f64() / ERROR_LASTS.as_secs_f64()
}

impl Detector {
    /// Before the first fix of a shift.
    pub(super) const fn new(shift: u32) -> Self {
        Self {
            shift,
            states: None,
            settled: false,
            stay: None,
            last_certain: None,
            last_inside: None,
            newest: None,
            trend: Trend {
                last: None,
                earlier: None,
            },
            trust: 0.0,
            lingered: Span::ZERO,
            scatter: Scatter {
                seconds: 0.0,
                mean_m: 0.0,
                squares: 0.0,
            },
        }
    }

    /// Takes the next fix; answers the passage it proves, if any.
    pub(super) fn step(&mut self, sample: &Sample) -> Option<Passage> {
        let sample = &Sample {
            joined: false,
            ..*sample
        };
        let passed = self
            .newest
            .map_or(Span::ZERO, |newest| sample.fixed_at.since(newest.fixed_at));
        let passage = if self.settled {
            self.settled_step(sample, passed)
        } else {
            self.settle(sample, passed)
        };
        self.newest = Some(*sample);
        passage
    }

    fn settled_step(&mut self, sample: &Sample, passed: Span) -> Option<Passage> {
        if !sample.disputed && self.states == Some(sample.states) {
            self.inside(sample, passed)
        } else {
            self.outside(sample, passed)
        }
    }

    /// Until its first states are sure there is nothing to leave: they may change without a crossing.
    fn settle(&mut self, sample: &Sample, passed: Span) -> Option<Passage> {
        if sample.disputed {
            return None;
        }
        let Some(states) = self.states else {
            self.states = Some(sample.states);
            self.settled = weight(sample) >= FAR;
            self.note_inside(sample);
            return None;
        };
        let agrees = states == sample.states;
        if self.came_at_speed(sample, agrees, passed) {
            self.settled = true;
            return self.settled_step(sample, passed);
        }
        let w = weight(sample);
        let held = w * looks(passed);
        if agrees {
            self.trust += held;
            self.settled = w >= FAR || self.trust >= SETTLED_AT;
        } else {
            self.trust -= held;
            if self.trust > 0.0 && w < FAR {
                return None;
            }
            self.states = Some(sample.states);
            self.trend = Trend::default();
            self.trust = 0.0;
        }
        self.note_inside(sample);
        None
    }

    /// Whether the way from the last certain fix to this one is too fast for an error that drifts.
    fn came_at_speed(&self, sample: &Sample, agrees: bool, passed: Span) -> bool {
        let Some(last) = self.last_inside.filter(is_certain) else {
            return false;
        };
        let side = if agrees { -1.0 } else { 1.0 };
        let moved_m = (side * sample.depth.as_f64() + last.depth.as_f64()).abs();
        passed <= DRIFT_LASTS && moved_m >= 3.0 * believed_m(sample)
    }

    fn note_inside(&mut self, sample: &Sample) {
        if is_certain(sample) {
            self.last_certain = Some(*sample);
        }
        self.last_inside = Some(*sample);
        if sample.is_deep() {
            // Left-out fixes of a stretch must leave no trace.
            self.trend = Trend::default();
            self.gone();
        }
        self.trend.push(sample.fixed_at, -sample.depth.as_f64());
    }

    fn inside(&mut self, sample: &Sample, passed: Span) -> Option<Passage> {
        let w = weight(sample);
        let alone = self
            .stay
            .as_ref()
            .is_some_and(|stay| w >= BACK && stay.is_proven_alone(passed));
        if alone {
            let passage = self.leave()?;
            // Seen from there, this fix lies beyond the line.
            self.outside(sample, passed);
            return Some(passage);
        }
        if let Some(stay) = &mut self.stay {
            if w >= BACK || w >= stay.weight() {
                self.stay = None;
            } else {
                stay.tell(sample, -1);
            }
        }
        if w >= GONE {
            self.gone();
        } else {
            if w < FAR {
                self.linger(passed);
            }
            self.scatter.see(-sample.depth.as_f64(), passed);
        }
        self.note_inside(sample);
        None
    }

    fn outside(&mut self, sample: &Sample, passed: Span) -> Option<Passage> {
        let before = self.last_inside?;
        let just_before = self.newest.unwrap_or(before);
        let led_here = self.trend.leads_to(sample);
        let asked = self.asked(sample);
        self.scatter.see(sample.depth.as_f64(), passed);
        match &mut self.stay {
            Some(stay) if stay.to == sample.states && stay.disputed == sample.disputed => {}
            Some(stay) => {
                let suspected = stay.suspected;
                **stay = Stay::new(before, just_before, *sample);
                stay.suspected = suspected;
            }
            None => {
                let mut stay = Stay::new(before, just_before, *sample);
                stay.tell(&before, -1);
                self.stay = Some(Box::new(stay));
            }
        }
        let stay = self.stay.as_mut()?;
        stay.take(sample, led_here);
        stay.suspected |= stay.weight() >= asked / 4.0;
        let proven = stay.is_proven(asked);
        self.trend.push(sample.fixed_at, sample.depth.as_f64());
        if !proven {
            return None;
        }
        let gone = weight(sample) >= GONE;
        let passage = self.leave()?;
        self.note_inside_after(sample, gone);
        Some(passage)
    }

    fn linger(&mut self, passed: Span) {
        // However long the gap, one fix is one look.
        let looked = passed.min(ERROR_LASTS);
        self.lingered = Span::from_millis(self.lingered.as_millis() + looked.as_millis());
    }

    fn gone(&mut self) {
        self.lingered = Span::ZERO;
        self.scatter = Scatter::default();
    }

    /// The weight asked of a stay by now.
    fn asked(&self, sample: &Sample) -> f64 {
        let looks = self.lingered.as_millis() / ERROR_LASTS.as_millis() + 1;
        let doublings = looks.max(1).ilog2();
        let asked = WEIGHT_ASKED + LINGER_ASKS * f64::from(doublings);
        if self.lingered < SCATTER_KNOWN {
            return asked;
        }
        // A circle of 1.51 deviations holds 68 %.
        let claimed = believed_m(sample) / 1.51;
        asked * (self.scatter.variance() / (claimed * claimed)).clamp(1.0, SCATTER_MOST)
    }

    /// The stay under suspicion, if any, and the states and last certain fix it would leave.
    pub(super) fn suspicion(&self) -> Option<(StateSet, &Sample, &Stay)> {
        let stay = self.stay.as_deref().filter(|stay| stay.suspected)?;
        let last_certain = self.last_certain.as_ref().unwrap_or(&stay.before);
        Some((self.states?, last_certain, stay))
    }

    /// Takes the stay as real.
    fn leave(&mut self) -> Option<Passage> {
        let stay = *self.stay.take()?;
        let from = self.states?;
        let last_certain = self.last_certain.unwrap_or(stay.before);
        self.states = Some(stay.to);
        self.trend = self.trend.mirrored();
        self.scatter = self.scatter.mirrored();
        self.last_inside = Some(stay.entered);
        self.last_certain = Some(stay.entered);
        Some(Passage {
            from,
            last_certain,
            stay,
        })
    }

    /// The fix that proved a passage is the newest fix inside the states entered.
    fn note_inside_after(&mut self, sample: &Sample, gone: bool) {
        if is_certain(sample) {
            self.last_certain = Some(*sample);
        }
        self.last_inside = Some(*sample);
        if gone {
            self.gone();
        }
        if sample.is_deep() {
            self.trend = Trend::default();
            self.trend.push(sample.fixed_at, -sample.depth.as_f64());
        }
    }
}
