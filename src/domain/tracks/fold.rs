//! The detector run over the window: one step for a fix in order, from the nearest mark for a late one.

use super::detector::Detector;
use super::duty::DutyRoster;
use super::evidence::Passage;
use super::window::{Moment, Sample, Window};
use crate::domain::measure::Timestamp;
use std::cmp::Ordering;

/// A mark is kept every so many fixes.
const MARK_EVERY: u32 = 32;

/// What the detector said before the fix at this place in time, with no stay undecided and no fix kept apart.
#[derive(Debug, Clone)]
struct Mark {
    next: Moment,
    before: Box<Detector>,
}

/// The detector at the newest fix, and enough of its past to correct it.
#[derive(Debug, Clone)]
pub(super) struct Fold {
    /// Before the oldest fix of the window; `None` when that is the first there ever was.
    origin: Option<Box<Detector>>,
    current: Detector,
    marks: Vec<Mark>,
    since_mark: u32,
}

/// Two folds are equal when they say the same; where they keep their marks is their own affair.
impl PartialEq for Fold {
    fn eq(&self, other: &Self) -> bool {
        self.origin == other.origin && self.current == other.current
    }
}

/// A new look at the fixes from some moment on.
#[derive(Debug)]
pub(super) struct Review {
    /// The detector at the newest fix.
    pub(super) end: Detector,
    /// The passages proven from `from` on, and before `until`.
    pub(super) passages: Vec<Passage>,
    /// From which moment on they were judged again.
    pub(super) from: Timestamp,
    /// Until when; from there on nothing changes.
    pub(super) until: Timestamp,
}

impl Fold {
    pub(super) const fn new() -> Self {
        Self {
            origin: None,
            current: Detector::new(0),
            marks: Vec::new(),
            since_mark: 0,
        }
    }

    /// The fold of a window whose past ended with `origin`.
    pub(super) fn remembered(origin: Detector, window: &Window, duty: &DutyRoster) -> Self {
        let mut fold = Self {
            origin: (origin != Detector::new(0)).then(|| Box::new(origin)),
            ..Self::new()
        };
        fold.rerun(window, duty);
        fold
    }

    /// The detector before the oldest fix of the window.
    pub(super) fn origin(&self) -> Detector {
        let known = self.origin.as_deref();
        known.cloned().unwrap_or(Detector::new(0))
    }

    /// The detector at the newest fix.
    pub(super) const fn current(&self) -> &Detector {
        &self.current
    }

    /// Whether the newest fix lies in the states in which the unit is, with nothing undecided: then it proves nothing and
    /// brings no suspicion.
    pub(super) fn stays(&self, duty: &DutyRoster, sample: &Sample) -> bool {
        let current = &self.current;
        let stays = current.settled
            && current.stay.is_none()
            && current.apart.is_empty()
            && !sample.disputed
            && current.states == Some(sample.states)
            && current.shift == duty.shift(sample.fixed_at);
        debug_assert!(!stays || says_nothing(&mut current.clone(), duty, sample));
        stays
    }

    /// Looks at the fixes with `extra` among them, which belongs at `index` of the window and is not the newest.
    pub(super) fn review(
        &self,
        window: &Window,
        duty: &DutyRoster,
        index: usize,
        extra: &Sample,
    ) -> Review {
        let kept = self.marks_before(extra);
        let (mut detector, start) = self.start(kept, window);
        let mut passages = Vec::new();
        let mut coming = self.marks[kept..].iter();
        let from = begins(&detector, window.get(start)).unwrap_or(extra.fixed_at);
        for (offset, sample) in window.from(start).enumerate() {
            if start + offset == index {
                passages.extend(step(&mut detector, duty, extra));
            }
            if start + offset >= index && meets(&mut coming, sample, &detector) {
                return Review {
                    end: self.current.clone(),
                    passages,
                    from: from.min(extra.fixed_at),
                    until: sample.fixed_at,
                };
            }
            passages.extend(step(&mut detector, duty, sample));
        }
        Review {
            end: detector,
            passages,
            from: from.min(extra.fixed_at),
            until: Timestamp::from_millis(i64::MAX),
        }
    }

    /// Looks at the fixes from one moment on and before another, and further on both sides to where no stay was undecided:
    /// from there on, and before there, every passage is found. What the window has shed is not looked at.
    pub(super) fn look_back(
        &self,
        window: &Window,
        duty: &DutyRoster,
        (from, until): (Timestamp, Timestamp),
    ) -> Review {
        let kept = self.marks.partition_point(|mark| mark.next.0 <= from);
        let (mut detector, start) = self.start(kept, window);
        let from = begins(&detector, window.get(start)).unwrap_or(from);
        let ahead = self.marks.partition_point(|mark| mark.next.0 < until);
        let until = self
            .marks
            .get(ahead)
            .map_or(Timestamp::from_millis(i64::MAX), |mark| mark.next.0);
        let mut passages = Vec::new();
        for sample in window.from(start).take_while(|s| s.fixed_at < until) {
            passages.extend(step(&mut detector, duty, sample));
        }
        Review {
            end: self.current.clone(),
            passages,
            from,
            until,
        }
    }

    /// Takes the newest fix.
    pub(super) fn push(
        &mut self,
        newest_before: Option<&Sample>,
        duty: &DutyRoster,
        sample: &Sample,
    ) {
        self.mark(newest_before, sample);
        step(&mut self.current, duty, sample);
    }

    /// Takes in that a fix was put into the window at `index`, before others.
    pub(super) fn repair(&mut self, window: &Window, duty: &DutyRoster, index: usize) {
        let Some(extra) = window.get(index).copied() else {
            return;
        };
        let kept = self.marks_before(&extra);
        let (mut detector, start) = self.start(kept, window);
        // Moved aside, not copied: a copy of every later mark would make a long backlog cost its square.
        let mut known = std::mem::take(&mut self.marks);
        let mut coming = known[kept..].iter();
        let mut previous: Option<Sample> = None;
        let end = std::mem::replace(&mut self.current, Detector::new(0));
        for (offset, sample) in window.from(start).enumerate() {
            if start + offset > index && meets(&mut coming, sample, &detector) {
                let reached = known.partition_point(|mark| mark.next < sample.moment());
                let fresh = std::mem::take(&mut self.marks);
                known.splice(kept..reached, fresh);
                self.marks = known;
                self.current = end;
                return;
            }
            self.current = detector;
            self.mark(previous.as_ref(), sample);
            detector = std::mem::replace(&mut self.current, Detector::new(0));
            step(&mut detector, duty, sample);
            previous = Some(*sample);
        }
        known.truncate(kept);
        known.append(&mut self.marks);
        self.marks = known;
        self.current = detector;
    }

    /// Runs over the whole window again: the shifts changed.
    pub(super) fn rerun(&mut self, window: &Window, duty: &DutyRoster) {
        self.marks.clear();
        self.current = self.origin();
        let mut previous: Option<Sample> = None;
        for sample in window.from(0) {
            self.push(previous.as_ref(), duty, sample);
            previous = Some(*sample);
        }
    }

    /// A fix that the window no longer holds is part of the past from now on.
    pub(super) fn shed(&mut self, duty: &DutyRoster, sample: &Sample) {
        let origin = self
            .origin
            .get_or_insert_with(|| Box::new(Detector::new(0)));
        step(origin, duty, sample);
        let passed = self
            .marks
            .partition_point(|mark| mark.next <= sample.moment());
        self.marks.drain(..passed);
    }

    /// A fix was left out of a stretch: it is no way to a mark.
    pub(super) fn forget(&mut self, sample: &Sample) {
        self.since_mark = self.since_mark.saturating_sub(1);
        let found = self
            .marks
            .binary_search_by_key(&sample.moment(), |mark| mark.next);
        if let Ok(index) = found {
            self.marks.remove(index);
        }
    }

    fn mark(&mut self, previous: Option<&Sample>, next: &Sample) {
        self.since_mark += 1;
        let alone_in_time = previous.is_some_and(|previous| previous.fixed_at < next.fixed_at);
        let decided = self.current.stay.is_none() && self.current.apart.is_empty();
        if self.since_mark >= MARK_EVERY && alone_in_time && decided {
            self.since_mark = 0;
            self.marks.push(Mark {
                next: next.moment(),
                before: Box::new(self.current.clone()),
            });
        }
    }

    /// How many marks lie before a fix.
    fn marks_before(&self, sample: &Sample) -> usize {
        self.marks
            .partition_point(|mark| mark.next < sample.moment())
    }

    /// The detector at the last of the first `kept` marks, and the place of the next fix in the window.
    fn start(&self, kept: usize, window: &Window) -> (Detector, usize) {
        match kept.checked_sub(1).and_then(|last| self.marks.get(last)) {
            Some(mark) => ((*mark.before).clone(), window.place(mark.next)),
            None => (self.origin(), 0),
        }
    }
}

/// Whether a fix changes nothing that must be told.
fn says_nothing(detector: &mut Detector, duty: &DutyRoster, sample: &Sample) -> bool {
    step(detector, duty, sample).is_empty() && detector.suspicion().is_none() && detector.settled
}

/// From which moment on a look that begins with this detector, before this fix, may find passages: an undecided stay
/// that it begins with, or a fix kept apart, is one that may be proven.
fn begins(detector: &Detector, first: Option<&Sample>) -> Option<Timestamp> {
    let stay = detector.stay.as_ref().map(|stay| stay.entered.fixed_at);
    first
        .map(|sample| sample.fixed_at)
        .into_iter()
        .chain(stay)
        .chain(detector.apart.first().map(|fix| fix.fixed_at))
        .chain(detector.jumped.as_ref().map(|fix| fix.fixed_at))
        .min()
}

/// Whether the detector says before `next` what it said there before: from here on nothing changes.
fn meets<'a>(
    coming: &mut (impl Iterator<Item = &'a Mark> + Clone),
    next: &Sample,
    detector: &Detector,
) -> bool {
    let mut ahead = coming.clone();
    while let Some(mark) = ahead.next() {
        match mark.next.cmp(&next.moment()) {
            Ordering::Less => *coming = ahead.clone(),
            Ordering::Equal => return *mark.before == *detector,
            Ordering::Greater => return false,
        }
    }
    false
}

/// One step; a new shift begins with nothing known.
pub(super) fn step(detector: &mut Detector, duty: &DutyRoster, sample: &Sample) -> Vec<Passage> {
    let shift = duty.shift(sample.fixed_at);
    if detector.shift != shift {
        *detector = Detector::new(shift);
    }
    detector.step(sample)
}
