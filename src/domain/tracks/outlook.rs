//! What do the fixes say with one more among them, and what of it must be told?

use super::book::Scope;
use super::clock::{ClocksWith, Heard};
use super::crossing::{self, Draft};
use super::detector::Detector;
use super::evidence::{Passage, beside};
use super::fold::{self, Review};
use super::ground;
use super::track::Track;
use super::untold::Untold;
use super::view::BorderView;
use super::window::Sample;
use crate::domain::borders::Location;
use crate::domain::event::{Event, TrackEventKind};
use crate::domain::measure::Timestamp;

/// A change of states, as decided.
pub(super) struct Outlook<'a> {
    end: Detector,
    drafts: Vec<Draft>,
    /// `None`: it is told later.
    scope: Option<Scope<'a>>,
    left_coverage: Option<Timestamp>,
}

impl Track {
    /// What the fixes say with one more among them; `None` when that changes nothing. Of a late one it is noted in
    /// `untold`, when that is given, and not looked at further.
    pub(super) fn outlook<'a>(
        &self,
        (sample, heard): (&'a Sample, Option<Heard>),
        view: &(impl BorderView + ?Sized),
        untold: Option<&mut Untold>,
    ) -> Option<Outlook<'a>> {
        let clocks = self.clocks.with(heard);
        let index = self.window.place(sample.moment());
        if self.window.has(index, sample) || self.window.is_covered(index, sample) {
            return None;
        }
        let before = index
            .checked_sub(1)
            .and_then(|before| self.window.get(before));
        if index < self.window.len() {
            let review = self.fold.review(&self.window, &self.duty, index, sample);
            return Some(match untold {
                None => self.outlook_back(review, index, sample, (clocks, view)),
                Some(untold) => {
                    untold.note(sample.fixed_at, &review);
                    Outlook {
                        end: review.end,
                        drafts: Vec::new(),
                        scope: None,
                        left_coverage: None,
                    }
                }
            });
        }
        let mut drafts = before.map_or_else(Vec::new, |before| {
            self.passed(before, sample, (clocks, view))
        });
        // Nearly every fix lies where the one before it lay.
        if drafts.is_empty() && !self.book.has_suspicion() && self.fold.stays(&self.duty, sample) {
            return None;
        }
        let mut end = self.fold.current().clone();
        let passages = fold::step(&mut end, &self.duty, sample);
        let left_coverage = passages
            .iter()
            .find(|passage| passage.stay.to.is_empty())
            .map(|passage| passage.stay.entered.fixed_at);
        let proven = |passage: &Passage| crossing::proven(passage, clocks, view);
        drafts.extend(passages.iter().flat_map(proven));
        Some(Outlook {
            end,
            drafts,
            scope: Some(Scope::SUSPICIONS),
            left_coverage,
        })
    }

    fn outlook_back<'a>(
        &self,
        review: Review,
        index: usize,
        sample: &'a Sample,
        with: (ClocksWith<'_>, &(impl BorderView + ?Sized)),
    ) -> Outlook<'a> {
        let before = index.checked_sub(1).and_then(|k| self.window.get(k));
        let after = self.window.get(index);
        let ways = [before.map(|b| (b, sample)), after.map(|a| (sample, a))];
        let passed = ways.into_iter().flatten();
        let drafts = passed.flat_map(|(before, after)| self.passed(before, after, with));
        let around = std::slice::from_ref(&sample.fixed_at);
        Self::reviewed(review, drafts.collect(), around, with)
    }

    /// What the fixes say of the time that late ones changed, now that they are all among them.
    pub(super) fn outlook_late<'a>(
        &self,
        untold: &'a Untold,
        view: &(impl BorderView + ?Sized),
    ) -> Option<Outlook<'a>> {
        let review = self
            .fold
            .look_back(&self.window, &self.duty, untold.span()?);
        let with = (self.clocks.with(None), view);
        let mut drafts = Vec::new();
        // The next fix to which the way was not looked at yet: late ones may be neighbours.
        let mut next = 1;
        for moment in untold.moments() {
            let first = self.window.before(*moment);
            for k in first.max(next)..=self.window.after(*moment) {
                if let (Some(before), Some(after)) = (self.window.get(k - 1), self.window.get(k)) {
                    drafts.extend(self.passed(before, after, with));
                }
                next = k + 1;
            }
        }
        Some(Self::reviewed(review, drafts, untold.moments(), with))
    }

    /// The states entered and left between two neighbouring fixes of one shift.
    fn passed(
        &self,
        before: &Sample,
        after: &Sample,
        (clocks, view): (ClocksWith<'_>, &(impl BorderView + ?Sized)),
    ) -> Vec<Draft> {
        // Within both depths the way meets no line.
        let clear = before.depth.as_f64() + after.depth.as_f64();
        let apart = ground::at_most_m(before.position, after.position) + 0.01;
        if apart < clear || self.duty.shift(before.fixed_at) != self.duty.shift(after.fixed_at) {
            Vec::new()
        } else {
            let (before, after) = (beside(before, after), beside(after, before));
            crossing::between(&before, &after, clocks, view)
        }
    }

    /// The first known place of a shift; told again when a certain fix finds it was another.
    pub(super) fn tell_place(
        &self,
        sample: &Sample,
        location: &Location,
        outlook: Option<&Outlook<'_>>,
        out: &mut Vec<Event>,
    ) {
        let is_first = self
            .located
            .is_none_or(|first| self.duty.shift(first.at) < self.duty.shift(sample.fixed_at));
        let settles = outlook.is_some_and(|outlook| {
            let now_settled = outlook.end.settled && !self.fold.current().settled;
            now_settled && outlook.end.states != self.located.map(|first| first.states)
        });
        let is_newest = self
            .window
            .newest()
            .is_none_or(|n| n.fixed_at <= sample.fixed_at);
        if is_first || (settles && is_newest) {
            let kind = TrackEventKind::Located {
                states: location.states,
                certainty: location.certainty,
                nearest: location.nearest,
            };
            out.push(self.event(sample.fixed_at, kind));
        }
    }

    pub(super) fn tell_crossings(
        &self,
        outlook: Outlook<'_>,
        (clocks, view): (ClocksWith<'_>, &(impl BorderView + ?Sized)),
        out: &mut Vec<Event>,
    ) {
        let Outlook {
            end,
            mut drafts,
            scope,
            left_coverage,
        } = outlook;
        let Some(scope) = scope else {
            return;
        };
        let suspicion = end.suspicion();
        let nothing_new = drafts.is_empty() && suspicion.is_none();
        if nothing_new && scope.is_suspicions() && !self.book.has_suspicion() {
            return;
        }
        if let Some((from, last_certain, stay)) = suspicion {
            drafts.extend(crossing::suspected(
                from,
                &last_certain,
                &stay,
                clocks,
                view,
            ));
        }
        drafts.sort_by_key(|draft| draft.likely);
        let border_set = view.border_set();
        self.book
            .differences(&self.unit, &border_set, drafts, scope, out);
        out.extend(left_coverage.map(|at| self.event(at, TrackEventKind::LeftCoverage)));
    }

    /// What a look back says, with what was passed on the ways from fix to fix.
    fn reviewed<'a>(
        review: Review,
        passed: Vec<Draft>,
        around: &'a [Timestamp],
        (clocks, view): (ClocksWith<'_>, &(impl BorderView + ?Sized)),
    ) -> Outlook<'a> {
        let mut drafts = passed;
        let proven = |passage: &Passage| crossing::proven(passage, clocks, view);
        drafts.extend(review.passages.iter().flat_map(proven));
        Outlook {
            end: review.end,
            drafts,
            scope: Some(Scope {
                from: review.from,
                until: review.until,
                around,
            }),
            left_coverage: None,
        }
    }
}
