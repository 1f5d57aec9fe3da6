//! In which states is the unit, by its fixes so far? Takes one fix after the other; the rule is that of `evidence`.

use super::evidence::{
    CHANCE_ASKS, CHANCES_LEFT, ERROR_LASTS, FIRST_ASKS, Passage, RECORD_ASKS, Stay, WEIGHT_ASKED,
    Weighed, believed_m, chance, decayed, is_certain, outlasts, weight,
};
use super::trend::Trend;
use super::window::Sample;
use crate::domain::ids::StateSet;
use crate::domain::measure::{Metres, Span, Timestamp};

/// From this weight on a unit has left the line: eight accuracies, where no error carries it by chance.
const GONE: f64 = 32.0;
/// From this weight on a fix back inside ends a stay: one accuracy.
const BACK: f64 = 0.5;
/// No error drifts by three accuracies within this time: a unit that does so moves.
const DRIFT_LASTS: Span = Span::from_secs(10);

/// What the fixes so far say. A function of the fixes alone: their order of arrival leaves no trace in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Detector {
    /// The shift it belongs to.
    pub(crate) shift: u32,
    /// The states it is in, once a fix lay in any.
    pub(crate) states: Option<StateSet>,
    /// Whether fixes enough said so: only then can it leave them.
    pub(crate) settled: bool,
    /// A stay elsewhere, not decided yet.
    pub(crate) stay: Option<Box<Stay>>,
    pub(crate) last_certain: Option<Sample>,
    pub(crate) last_inside: Option<Sample>,
    /// The newest fix that was taken.
    pub(crate) newest: Option<Sample>,
    /// Fixes that motion did not lead to: outliers, or the first of a new motion.
    pub(crate) apart: Vec<Sample>,
    /// The first of several jumps within the same other states, weighing as much as the lightest of those before `apart`.
    pub(crate) jumped: Option<Box<Sample>>,
    pub(crate) trend: Trend,
    /// The accuracy believed of the newest fix, and when.
    pub(crate) believed: Option<(Timestamp, Metres)>,
    /// What speaks for its first states, until they are settled.
    pub(crate) first: Option<Weighed>,
    /// The chances there were to err across the line, in seconds on the line.
    pub(crate) chances_s: f64,
    /// What the heaviest stay weighed that fell away meanwhile.
    pub(crate) record: f64,
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
            apart: Vec::new(),
            jumped: None,
            trend: Trend::NONE,
            believed: None,
            first: None,
            chances_s: 0.0,
            record: 0.0,
        }
    }

    /// Takes the next fix; answers the passages it proves: hardly ever one, and more only after fixes kept apart.
    pub(super) fn step(&mut self, sample: &Sample) -> Vec<Passage> {
        let sample = &Sample {
            joined: false,
            accuracy: self.believe(sample),
            ..*sample
        };
        self.judge(sample)
    }

    /// The accuracy believed: as posted, but an error does not vanish all at once.
    fn believe(&mut self, sample: &Sample) -> Metres {
        let posted = Metres::new(believed_m(sample));
        // Left-out fixes of a stretch must leave no trace.
        let decayed = self
            .believed
            .filter(|_| !sample.is_deep())
            .map(|(at, m)| decayed(m, sample.fixed_at.since(at)));
        let believed = decayed.map_or(posted, |decayed| posted.max(decayed));
        self.believed = Some((sample.fixed_at, believed));
        believed
    }

    fn is_inside(&self, sample: &Sample) -> bool {
        !sample.disputed && self.states == Some(sample.states)
    }

    /// Takes a fix that motion leads to, or another one bears out; keeps one apart until it is known what it is.
    fn judge(&mut self, sample: &Sample) -> Vec<Passage> {
        // No outlier that the gate admits lies deep in a state.
        if sample.is_deep() {
            self.apart.clear();
            self.jumped = None;
            return self.take(sample).into_iter().collect();
        }
        let is_back = self.trend.comes_back(&self.apart, sample);
        let is_like = !is_back && self.is_like_those_apart(sample);
        if is_back || (!is_like && self.trend.leads_to(sample)) {
            return self.come_back(sample);
        }
        let goes_on = self.goes_on(sample);
        if !goes_on && !is_like {
            return self.jump(sample);
        }
        if goes_on {
            return self.set_out(sample);
        }
        self.apart.push(*sample);
        let since = self.apart[0].fixed_at;
        if !outlasts(since, sample.fixed_at, self.apart.len()) {
            return self.jump_on(sample);
        }
        self.jumped = None;
        self.trend = Trend::NONE;
        let mut apart = std::mem::take(&mut self.apart);
        // Fixes beyond the line that the newest is not like on its side have nothing to outlast them.
        apart.retain(|fix| self.is_inside(fix) || is_same_side(fix, sample));
        apart.iter().filter_map(|fix| self.take(fix)).collect()
    }

    /// Takes those apart for a new motion, with which this fix goes on. It may be an outlier itself: it is taken when the
    /// new motion leads to it, or when it and the one before bear each other out.
    fn set_out(&mut self, sample: &Sample) -> Vec<Passage> {
        self.jumped = None;
        let mut apart = std::mem::take(&mut self.apart);
        let leads_on = |first| self.trend.leads_on(first, sample);
        let is_led = apart.first().is_some_and(leads_on);
        let witness = apart
            .last_mut()
            .filter(|last| !is_led && bears_out(last, sample));
        let borne_out = witness.map(|last| {
            let borne_out = as_far_as(sample, last);
            *last = as_far_as(last, sample);
            borne_out
        });
        let mut passages: Vec<Passage> = apart.iter().filter_map(|fix| self.take(fix)).collect();
        if is_led || self.trend.leads_to(sample) {
            passages.extend(self.take(sample));
        } else if let Some(borne_out) = borne_out {
            passages.extend(self.take(&borne_out));
            self.newest = Some(*sample);
        } else {
            self.apart.push(*sample);
        }
        passages
    }

    /// Takes a fix that motion led to. Those apart were outliers, unless it bears the last of them out.
    fn come_back(&mut self, sample: &Sample) -> Vec<Passage> {
        let last = self.apart.last().copied();
        self.apart.clear();
        self.jumped = None;
        let borne_out = last.filter(|last| bears_out(last, sample));
        let trend = self.trend;
        let passage = borne_out.and_then(|last| self.take(&as_far_as(&last, sample)));
        self.trend = trend;
        passage.into_iter().chain(self.take(sample)).collect()
    }

    /// Takes a fix that no motion led to when the one before bears it out, and keeps it apart otherwise.
    fn jump(&mut self, sample: &Sample) -> Vec<Passage> {
        let apart = std::mem::take(&mut self.apart);
        let last = apart.last().copied();
        let Some(witness) = last.or(self.newest).filter(|w| bears_out(w, sample)) else {
            for fix in &apart {
                self.note_jump(fix);
            }
            self.apart.push(*sample);
            return self.jump_on(sample);
        };
        self.jumped = None;
        let mut passages = Vec::new();
        if last.is_some() {
            self.trend = Trend::NONE;
            passages.extend(self.take(&as_far_as(&witness, sample)));
        }
        passages.extend(self.take(&as_far_as(sample, &witness)));
        // It bears out the next one by its own accuracy.
        self.newest = Some(*sample);
        passages
    }

    /// Notes a fix that motion did not lead to, and that the next one is not like.
    fn note_jump(&mut self, fix: &Sample) {
        let before = self.jumped.take().filter(|first| is_same_side(first, fix));
        self.jumped = match before {
            Some(first) => Some(Box::new(as_far_as(&first, fix))),
            None if self.is_inside(fix) => None,
            None => Some(Box::new(*fix)),
        };
    }

    /// Takes jumps within the same other states once they outlast any outlier: at least one of them is none.
    fn jump_on(&mut self, sample: &Sample) -> Vec<Passage> {
        let Some(first) = self.jumped.take() else {
            return Vec::new();
        };
        if !is_same_side(&first, sample) {
            return Vec::new();
        }
        let apart = self.apart.iter().filter(|fix| is_same_side(&first, fix));
        let lightest = apart.fold(*first, |first, fix| as_far_as(&first, fix));
        if !bears_out(&first, sample) {
            self.jumped = Some(first);
            return Vec::new();
        }
        self.trend = Trend::NONE;
        self.apart.clear();
        let newest = as_far_as(sample, &lightest);
        let mut passages = Vec::new();
        for fix in [lightest, newest] {
            passages.extend(self.take(&fix));
        }
        // It bears out the next one by its own accuracy.
        self.newest = Some(*sample);
        passages
    }

    /// Whether a fix carries on the new motion that the first of those apart began.
    fn goes_on(&self, sample: &Sample) -> bool {
        self.apart
            .first()
            .is_some_and(|first| self.trend.goes_on(first, sample))
    }

    /// Whether a fix may have the same cause as those apart: another outlier has another place.
    fn is_like_those_apart(&self, sample: &Sample) -> bool {
        let (Some(first), Some(last)) = (self.apart.first(), self.apart.last()) else {
            return false;
        };
        let mut theirs = Trend::NONE;
        for fix in &self.apart {
            theirs.push(fix);
        }
        theirs.leads_to(sample)
            || self
                .trend
                .leads_from((last.fixed_at, last.position), sample)
            || self.trend.stays_at(first, sample)
    }

    fn take(&mut self, sample: &Sample) -> Option<Passage> {
        let passed = self
            .newest
            .map_or(Span::ZERO, |newest| sample.fixed_at.since(newest.fixed_at));
        let passage = if !self.settled && !self.came_at_speed(sample, passed) {
            self.settle(sample, passed);
            None
        } else if self.is_inside(sample) {
            self.settled = true;
            self.inside(sample, passed);
            None
        } else {
            self.settled = true;
            self.outside(sample, passed)
        };
        if sample.is_deep() {
            // Left-out fixes of a stretch must leave no trace.
            self.trend = Trend::NONE;
            self.gone();
        }
        self.trend.push(sample);
        self.newest = Some(*sample);
        passage
    }

    /// Until its first states are sure there is nothing to leave: they may change without a crossing. They are sure by
    /// [`FIRST_ASKS`] times the weight that it takes to leave them.
    fn settle(&mut self, sample: &Sample, passed: Span) {
        if sample.disputed {
            return;
        }
        let w = weight(sample);
        self.had_chance(chance(w), passed);
        let known = self.first.filter(|_| self.is_inside(sample));
        if known.is_none()
            && self
                .first
                .is_some_and(|first| w < BACK && w < first.weight())
        {
            return;
        }
        let mut first = known.unwrap_or(Weighed::nothing(sample.fixed_at));
        first.take(sample);
        let sure = first.outlasts() && first.weight() >= FIRST_ASKS * self.asked();
        self.settled = sample.is_deep() || sure;
        self.states = Some(sample.states);
        self.first = (!self.settled).then_some(first);
        self.note_inside(sample);
    }

    /// Whether the way from the last certain fix to this one is too fast for an error that drifts.
    fn came_at_speed(&self, sample: &Sample, passed: Span) -> bool {
        let Some(last) = self.last_inside.filter(is_certain) else {
            return false;
        };
        let side = if self.is_inside(sample) { -1.0 } else { 1.0 };
        let moved_m = (side * sample.depth.as_f64() + last.depth.as_f64()).abs();
        passed <= DRIFT_LASTS && moved_m >= 3.0 * believed_m(sample)
    }

    fn note_inside(&mut self, sample: &Sample) {
        if is_certain(sample) {
            self.last_certain = Some(*sample);
        }
        self.last_inside = Some(*sample);
    }

    fn inside(&mut self, sample: &Sample, passed: Span) {
        let w = weight(sample);
        if let Some(stay) = &mut self.stay {
            if w >= BACK || w >= stay.weight() {
                // No error of a receiver carries a fix so far.
                if stay.weighed.heaviest < GONE {
                    self.record = self.record.max(stay.weighed.heaviest);
                }
                self.stay = None;
            } else {
                stay.tell(sample, -1);
            }
        }
        if w >= GONE {
            self.gone();
        } else {
            self.had_chance(chance(w), passed);
        }
        self.note_inside(sample);
    }

    fn outside(&mut self, sample: &Sample, passed: Span) -> Option<Passage> {
        let before = self.last_inside?;
        let just_before = self.newest.unwrap_or(before);
        let asked = self.asked();
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
        stay.take(sample);
        stay.suspected |= stay.weight() >= asked / 4.0;
        let proven = stay.is_proven(asked);
        if !proven {
            self.had_chance(1.0, passed);
            return None;
        }
        // A fix that does not weigh what is asked by now does not know it alone.
        stay.certain = stay.certain.filter(|fix| weight(fix) >= asked);
        let passage = self.leave()?;
        self.chances_s *= CHANCES_LEFT;
        self.note_inside_after(sample);
        Some(passage)
    }

    /// The unit left the line: what its receiver did there is over.
    fn gone(&mut self) {
        self.chances_s = 0.0;
        self.record = 0.0;
    }

    fn had_chance(&mut self, chance: f64, passed: Span) {
        // However long the gap, one fix is one look.
        self.chances_s += chance * passed.min(ERROR_LASTS).as_secs_f64();
    }

    /// The weight asked of a stay by now.
    fn asked(&self) -> f64 {
        // Whole looks: the number of doublings is then the same on every machine.
        let looks = (self.chances_s / ERROR_LASTS.as_secs_f64()) as u64 + 1;
        let by_chance = WEIGHT_ASKED + CHANCE_ASKS * f64::from(looks.ilog2());
        by_chance.max(RECORD_ASKS * self.record)
    }

    /// The stay under suspicion, if any, and the states and last certain fix it would leave. Fixes kept apart are told of
    /// at once, as if motion had led to them.
    pub(super) fn suspicion(&self) -> Option<(StateSet, Sample, Stay)> {
        let known = self.stay.as_deref().filter(|stay| stay.suspected).cloned();
        let stay = known.or_else(|| self.suspicion_apart())?;
        let last_certain = self.last_certain.unwrap_or(stay.before);
        Some((self.states?, last_certain, stay))
    }

    fn suspicion_apart(&self) -> Option<Stay> {
        let newest = self.apart.last().filter(|newest| !self.is_inside(newest))?;
        let like = |fix: &&Sample| is_same_side(fix, newest);
        let before = self.last_inside?;
        let mut stay = Stay::new(before, before, *self.apart.iter().find(like)?);
        stay.tell(&before, -1);
        for fix in self.apart.iter().filter(like) {
            stay.take(fix);
        }
        (stay.weight() >= self.asked() / 4.0).then_some(stay)
    }

    /// Takes the stay as real.
    fn leave(&mut self) -> Option<Passage> {
        let stay = *self.stay.take()?;
        let from = self.states?;
        let last_certain = self.last_certain.unwrap_or(stay.before);
        self.states = Some(stay.to);
        self.last_inside = Some(stay.entered);
        self.last_certain = Some(stay.entered);
        Some(Passage {
            from,
            last_certain,
            stay,
        })
    }

    /// The fix that proved a passage is the newest fix inside the states entered.
    fn note_inside_after(&mut self, sample: &Sample) {
        if is_certain(sample) {
            self.last_certain = Some(*sample);
        }
        self.last_inside = Some(*sample);
        if weight(sample) >= GONE {
            self.gone();
        }
    }
}

/// Whether two fixes that no motion joins bear each other out: no outlier lasts from one to the other, so that at least
/// one is none, and both lie in the same states.
fn bears_out(earlier: &Sample, later: &Sample) -> bool {
    outlasts(earlier.fixed_at, later.fixed_at, 2) && is_same_side(earlier, later)
}

fn is_same_side(a: &Sample, b: &Sample) -> bool {
    (a.states, a.disputed) == (b.states, b.disputed)
}

/// A fix as far as another one bears it out: it weighs no more than that.
fn as_far_as(sample: &Sample, other: &Sample) -> Sample {
    let share = sample.depth.as_f64() / other.depth.as_f64().max(0.01);
    Sample {
        accuracy: sample
            .accuracy
            .max(Metres::new(share * other.accuracy.as_f64())),
        ..*sample
    }
}
