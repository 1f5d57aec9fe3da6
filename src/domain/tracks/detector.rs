//! In which states is the unit, by its fixes so far? Takes one fix after the other; the rule is that of `evidence`.

use super::evidence::{
    ERROR_LASTS, LINGER_ASKS, Passage, SCATTER_KNOWN, SCATTER_MOST, Stay, WEIGHT_ASKED, believed_m,
    is_certain, weight,
};
use super::trend::{Scatter, Trend};
use super::window::Sample;
use crate::domain::ids::StateSet;
use crate::domain::measure::Span;

/// From this weight on a unit does not linger at the line: four accuracies.
const FAR: f64 = 8.0;
/// From this weight on its lingering is over: eight accuracies, where no error carries it by chance.
const GONE: f64 = 32.0;
/// From this weight on a fix back inside ends a stay: one accuracy.
const BACK: f64 = 0.5;
/// No error drifts by three accuracies within this time: a unit that does so moves.
const DRIFT_LASTS: Span = Span::from_secs(10);
/// A first place is settled by a fix of weight `FAR`, or by weight 2 held for [`ERROR_LASTS`].
const SETTLED_AT: f64 = 2.0;

/// What the fixes so far say. A function of the fixes alone: their order of arrival leaves no trace in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Detector {
    /// The shift it belongs to.
    pub(crate) shift: u32,
    /// The states it is in, once a fix lay in any.
    pub(crate) states: Option<StateSet>,
    /// Whether a certain fix said so: only then can it leave them.
    pub(crate) settled: bool,
    /// A stay elsewhere, not decided yet.
    pub(crate) stay: Option<Box<Stay>>,
    pub(crate) last_certain: Option<Sample>,
    pub(crate) last_inside: Option<Sample>,
    pub(crate) newest: Option<Sample>,
    pub(crate) trend: Trend,
    /// How sure its first states are, until they are settled.
    pub(crate) trust: f64,
    pub(crate) lingered: Span,
    pub(crate) scatter: Scatter,
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
            trend: Trend::NONE,
            trust: 0.0,
            lingered: Span::ZERO,
            scatter: Scatter::NONE,
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
            self.trend = Trend::NONE;
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
            self.trend = Trend::NONE;
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
        self.scatter = Scatter::NONE;
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
            self.trend = Trend::NONE;
            self.trend.push(sample.fixed_at, -sample.depth.as_f64());
        }
    }
}

/// How many independent looks a time is worth: never more than one, for one fix is one look.
fn looks(passed: Span) -> f64 {
    passed.min(ERROR_LASTS).as_secs_f64() / ERROR_LASTS.as_secs_f64()
}
