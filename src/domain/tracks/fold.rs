//! The detector run over the window: one step for a fix in order, from the nearest mark for a late one.

use super::detector::Detector;
use super::duty::DutyRoster;
use super::evidence::Passage;
use super::window::{Sample, Window, order};
use crate::domain::measure::Timestamp;
use std::cmp::Ordering;

/// A mark is kept every so many fixes.
const MARK_EVERY: u32 = 32;

/// What the detector said before the fix at this place in time, with no stay undecided.
#[derive(Debug, Clone)]
struct Mark {
    next: Sample,
    before: Detector,
}

/// The detector at the newest fix, and enough of its past to correct it.
#[derive(Debug, Clone)]
pub(super) struct Fold {
    /// Before the oldest fix of the window.
    origin: Detector,
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
            origin: Detector::new(0),
            current: Detector::new(0),
            marks: Vec::new(),
            since_mark: 0,
        }
    }

    /// The fold of a window whose past ended with `origin`.
    pub(super) fn remembered(origin: Detector, window: &Window, duty: &DutyRoster) -> Self {
        let mut fold = Self {
            origin,
            ..Self::new()
        };
        fold.rerun(window, duty);
        fold
    }

    /// The detector before the oldest fix of the window.
    pub(super) const fn origin(&self) -> &Detector {
        &self.origin
    }

    /// The detector at the newest fix.
    pub(super) const fn current(&self) -> &Detector {
        &self.current
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
        let from = window
            .get(start)
            .map_or(extra.fixed_at, |sample| sample.fixed_at);
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
        let stale = self.marks.split_off(kept);
        let mut coming = stale.iter();
        let mut previous: Option<Sample> = None;
        let end = std::mem::replace(&mut self.current, Detector::new(0));
        for (offset, sample) in window.from(start).enumerate() {
            if start + offset > index && meets(&mut coming, sample, &detector) {
                let reached = stale.partition_point(|m| order(&m.next, sample) == Ordering::Less);
                self.marks.extend_from_slice(&stale[reached..]);
                self.current = end;
                return;
            }
            self.current = detector;
            self.mark(previous.as_ref(), sample);
            detector = std::mem::replace(&mut self.current, Detector::new(0));
            step(&mut detector, duty, sample);
            previous = Some(*sample);
        }
        self.current = detector;
    }

    /// Runs over the whole window again: the shifts changed.
    pub(super) fn rerun(&mut self, window: &Window, duty: &DutyRoster) {
        self.marks.clear();
        self.current = self.origin.clone();
        let mut previous: Option<Sample> = None;
        for sample in window.from(0) {
            self.push(previous.as_ref(), duty, sample);
            previous = Some(*sample);
        }
    }

    /// A fix that the window no longer holds is part of the past from now on.
    pub(super) fn shed(&mut self, duty: &DutyRoster, sample: &Sample) {
        step(&mut self.origin, duty, sample);
        self.marks
            .retain(|mark| order(sample, &mark.next) == Ordering::Less);
    }

    /// A fix was left out of a stretch.
    pub(super) fn forget(&mut self, sample: &Sample) {
        self.marks
            .retain(|mark| order(sample, &mark.next) != Ordering::Equal);
    }

    fn mark(&mut self, previous: Option<&Sample>, next: &Sample) {
        self.since_mark += 1;
        let alone_in_time = previous.is_some_and(|previous| previous.fixed_at < next.fixed_at);
        if self.since_mark >= MARK_EVERY && alone_in_time && self.current.stay.is_none() {
            self.since_mark = 0;
            self.marks.push(Mark {
                next: *next,
                before: self.current.clone(),
            });
        }
    }

    /// How many marks lie before a fix.
    fn marks_before(&self, sample: &Sample) -> usize {
        self.marks
            .partition_point(|mark| order(&mark.next, sample) == Ordering::Less)
    }

    /// The detector at the last of the first `kept` marks, and the place of the next fix in the window.
    fn start(&self, kept: usize, window: &Window) -> (Detector, usize) {
        match kept.checked_sub(1).and_then(|last| self.marks.get(last)) {
            Some(mark) => (mark.before.clone(), window.place(&mark.next)),
            None => (self.origin.clone(), 0),
        }
    }
}

/// Whether the detector says before `next` what it said there before: from here on nothing changes.
fn meets<'a>(
    coming: &mut (impl Iterator<Item = &'a Mark> + Clone),
    next: &Sample,
    detector: &Detector,
) -> bool {
    let mut ahead = coming.clone();
    while let Some(mark) = ahead.next() {
        match order(&mark.next, next) {
            Ordering::Less => *coming = ahead.clone(),
            Ordering::Equal => return mark.before == *detector,
            Ordering::Greater => return false,
        }
    }
    false
}

/// One step; a new shift begins with nothing known.
pub(super) fn step(detector: &mut Detector, duty: &DutyRoster, sample: &Sample) -> Option<Passage> {
    let shift = duty.shift(sample.fixed_at);
    if detector.shift != shift {
        *detector = Detector::new(shift);
    }
    detector.step(sample)
}
