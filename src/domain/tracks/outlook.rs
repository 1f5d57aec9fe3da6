//! What do the fixes say with one more among them, and what of it must be told?

use super::book::Scope;
use super::crossing::{self, Draft};
use super::detector::Detector;
use super::evidence::Passage;
use super::fold;
use super::track::Track;
use super::view::BorderView;
use super::window::Sample;
use crate::domain::borders::Location;
use crate::domain::event::{Event, TrackEventKind};
use crate::domain::measure::Timestamp;

/// A change of states, as decided.
pub(super) struct Outlook {
    end: Detector,
    drafts: Vec<Draft>,
    scope: Scope,
    left_coverage: Option<Timestamp>,
}

impl Track {
    /// What the fixes say with one more among them; `None` when that changes nothing.
    pub(super) fn outlook(
        &self,
        sample: &Sample,
        view: &(impl BorderView + ?Sized),
    ) -> Option<Outlook> {
        let index = self.window.place(sample);
        if self.window.has(index, sample) || self.window.is_covered(index, sample) {
            return None;
        }
        let before = index
            .checked_sub(1)
            .and_then(|before| self.window.get(before));
        if index < self.window.len() {
            return Some(self.outlook_back(index, before, sample, view));
        }
        let mut end = self.fold.current().clone();
        let passage = fold::step(&mut end, &self.duty, sample);
        let mut drafts = before.map_or_else(Vec::new, |before| self.passed(before, sample, view));
        let left_coverage = passage
            .as_ref()
            .filter(|passage| passage.stay.to.is_empty())
            .map(|passage| passage.stay.entered.fixed_at);
        drafts.extend(passage.iter().flat_map(|p| crossing::proven(p, view)));
        Some(Outlook {
            end,
            drafts,
            scope: Scope::SUSPICIONS,
            left_coverage,
        })
    }

    fn outlook_back(
        &self,
        index: usize,
        before: Option<&Sample>,
        sample: &Sample,
        view: &(impl BorderView + ?Sized),
    ) -> Outlook {
        let review = self.fold.review(&self.window, &self.duty, index, sample);
        let mut drafts: Vec<Draft> = before
            .into_iter()
            .flat_map(|before| self.passed(before, sample, view))
            .collect();
        let after = self.window.get(index);
        drafts.extend(
            after
                .into_iter()
                .flat_map(|after| self.passed(sample, after, view)),
        );
        let proven = |passage: &Passage| crossing::proven(passage, view);
        drafts.extend(review.passages.iter().flat_map(proven));
        Outlook {
            end: review.end,
            drafts,
            scope: Scope {
                from: review.from,
                until: review.until,
                around: Some(sample.fixed_at),
            },
            left_coverage: None,
        }
    }

    /// The states entered and left between two neighbouring fixes of one shift.
    fn passed(
        &self,
        before: &Sample,
        after: &Sample,
        view: &(impl BorderView + ?Sized),
    ) -> Vec<Draft> {
        if self.duty.shift(before.fixed_at) == self.duty.shift(after.fixed_at) {
            crossing::between(before, after, view)
        } else {
            Vec::new()
        }
    }

    /// The first known place of a shift; told again when a certain fix finds it was another.
    pub(super) fn tell_place(
        &self,
        sample: &Sample,
        location: &Location,
        outlook: Option<&Outlook>,
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
        outlook: Outlook,
        view: &(impl BorderView + ?Sized),
        out: &mut Vec<Event>,
    ) {
        let Outlook {
            end,
            mut drafts,
            scope,
            left_coverage,
        } = outlook;
        let suspicion = end.suspicion();
        let nothing_new = drafts.is_empty() && suspicion.is_none();
        if nothing_new && scope.is_suspicions() && !self.book.has_suspicion() {
            return;
        }
        if let Some((from, last_certain, stay)) = suspicion {
            drafts.extend(crossing::suspected(from, last_certain, stay, view));
        }
        drafts.sort_by_key(|draft| draft.likely);
        let border_set = view.border_set();
        self.book
            .differences(&self.unit, &border_set, drafts, scope, out);
        out.extend(left_coverage.map(|at| self.event(at, TrackEventKind::LeftCoverage)));
    }
}
