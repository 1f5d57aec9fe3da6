//! A fix that no unit of its kind could have reached is held apart, until others agree with it.

use super::fix::{QuarantineReason, ReportedFix};
use super::gate::{self, GateLimits, Quarantine, Usable, Waypoint};
use super::ledger::{Known, digest};
use super::track::{Held, Track};
use super::view::BorderView;
use super::window::{DEEP, STRETCH_GAP, Sample};
use crate::domain::event::{Event, TrackEventKind};
use crate::domain::measure::{Metres, Span, Timestamp};

impl Track {
    /// Judges a fix against its neighbours in time, before and after.
    pub(super) fn jump(
        &self,
        reported: &ReportedFix,
        usable: Usable,
        view: &(impl BorderView + ?Sized),
        limits: &GateLimits,
    ) -> Option<Quarantine> {
        self.out_of_stretch(reported, usable, view, limits)
            .or_else(|| self.far_from_neighbours(reported, usable, limits))
    }

    /// The neighbours in time of a late fix may be left out of the window. It is known of them that they lay deep in one
    /// state, one of them at most half a [`STRETCH_GAP`] away: beyond the line the fix is as far off as both depths.
    fn out_of_stretch(
        &self,
        reported: &ReportedFix,
        usable: Usable,
        view: &(impl BorderView + ?Sized),
        limits: &GateLimits,
    ) -> Option<Quarantine> {
        let states = self.window.stretch(self.window.after(reported.fixed_at))?;
        let location = view.locate(usable.position, usable.accuracy);
        if location.states == states && !Sample::is_disputed(location.certainty) {
            return None;
        }
        let beyond = view.depth(usable.position).as_centimetres();
        let least = Metres::from_centimetres(beyond.saturating_add(DEEP.as_centimetres()));
        let half = Span::from_millis(STRETCH_GAP.as_millis() / 2);
        let errors_m = 2.0 * usable.accuracy.as_f64();
        let most_mps = limits.speeds.of(self.kind);
        gate::too_far(least, half, errors_m, most_mps, limits)
            .map(|_| gate::left_a_stretch(states, least))
    }

    fn far_from_neighbours(
        &self,
        reported: &ReportedFix,
        usable: Usable,
        limits: &GateLimits,
    ) -> Option<Quarantine> {
        let here = waypoint(reported, usable);
        let most_mps = limits.speeds.of(self.kind);
        let shift = self.duty.shift(reported.fixed_at);
        let after = self.window.after(reported.fixed_at);
        let before = after.checked_sub(1);
        before
            .into_iter()
            .chain([after])
            .filter_map(|index| self.window.get(index))
            .filter(|neighbour| self.duty.shift(neighbour.fixed_at) == shift)
            .find_map(|neighbour| gate::jump(of(neighbour), here, most_mps, limits))
            .map(|jump| gate::jumped(jump, most_mps))
    }

    /// The fixes held as jumps that agree with this one and with one another, when they are enough to be believed.
    pub(super) fn believed_chain(
        &self,
        reported: &ReportedFix,
        usable: Usable,
        now: Timestamp,
        limits: &GateLimits,
    ) -> Option<Vec<Held>> {
        let (mut chain, mut held) = (Vec::new(), Vec::new());
        for known in self
            .held
            .iter()
            .filter(|held| held.reason == QuarantineReason::ImplausibleJump)
            .filter(|held| self.duty.on_duty(held.fix.fixed_at))
        {
            if is_same(&known.fix, reported) {
                chain.push((waypoint(reported, usable), known));
            } else if let Ok(usable) = gate::usable(&known.fix, limits) {
                held.push((waypoint(&known.fix, usable), known));
            }
        }
        let fresh = Held {
            fix: reported.clone(),
            reason: QuarantineReason::ImplausibleJump,
            received_at: now,
        };
        chain.truncate(1);
        if chain.is_empty() {
            chain.push((waypoint(reported, usable), &fresh));
        }
        held.sort_by_key(|(place, _)| place.at);
        let most_mps = limits.speeds.of(self.kind);
        let agrees = |a: Waypoint, b: Waypoint| {
            self.nothing_between(a.at, b.at) && gate::jump(a, b, most_mps, limits).is_none()
        };
        let place = held.partition_point(|(place, _)| place.at < reported.fixed_at);
        for next in &held[place..] {
            if agrees(chain.last()?.0, next.0) {
                chain.push(*next);
            }
        }
        for next in held[..place].iter().rev() {
            if agrees(next.0, chain.first()?.0) {
                chain.insert(0, *next);
            }
        }
        let (first, last) = (chain.first()?.0, chain.last()?.0);
        let enough = chain.len() >= limits.release_fixes
            && last.at.since(first.at) >= limits.release_span
            && self.leads_somewhere(first, last, limits);
        enough.then(|| chain.into_iter().map(|(_, held)| held.clone()).collect())
    }

    /// Whether no admitted fix lies between two moments, one that was left out of a stretch included.
    fn nothing_between(&self, a: Timestamp, b: Timestamp) -> bool {
        let index = self.window.after(a.min(b));
        index == self.window.after(a.max(b)) && self.window.stretch(index).is_none()
    }

    /// Whether the admitted fixes before a chain or those after it can be right beside it, or there are none. When both
    /// contradict it, it is the outlier: no unit goes there and back.
    fn leads_somewhere(&self, first: Waypoint, last: Waypoint, limits: &GateLimits) -> bool {
        let most_mps = limits.speeds.of(self.kind);
        let fits = |index: Option<usize>, end: Waypoint| {
            index
                .and_then(|index| self.window.get(index))
                .filter(|sample| self.duty.shift(sample.fixed_at) == self.duty.shift(end.at))
                .is_none_or(|sample| gate::jump(of(sample), end, most_mps, limits).is_none())
        };
        let before = self.window.after(first.at).checked_sub(1);
        fits(before, first) || fits(Some(self.window.after(last.at)), last)
    }

    /// Admits a chain of fixes that were held, in the order of their times.
    pub(super) fn release(
        &self,
        chain: &[Held],
        now: Timestamp,
        view: &(impl BorderView + ?Sized),
        limits: &GateLimits,
        out: &mut Vec<Event>,
    ) {
        let mut shadow = self.clone();
        for held in chain {
            let begun = out.len();
            let was_held = self.held.iter().any(|h| is_same(&h.fix, &held.fix));
            if shadow.admitted.knows(&held.fix) != Known::New {
                continue;
            }
            if was_held {
                let released = TrackEventKind::FixReleased {
                    reason: QuarantineReason::ImplausibleJump,
                    fixed_at: held.fix.fixed_at,
                    source: Some(held.fix.source.clone()),
                };
                out.push(self.event(now, released));
            }
            if let Ok(usable) = gate::usable(&held.fix, limits) {
                shadow.admit((&held.fix, usable), held.received_at, view, None, out);
            }
            for event in &out[begun..] {
                shadow.apply(event);
            }
        }
    }
}

fn waypoint(reported: &ReportedFix, usable: Usable) -> Waypoint {
    Waypoint {
        at: reported.fixed_at,
        position: usable.position,
        accuracy: usable.accuracy,
    }
}

fn of(sample: &Sample) -> Waypoint {
    Waypoint {
        at: sample.fixed_at,
        position: sample.position,
        accuracy: sample.accuracy,
    }
}

/// Whether two posted fixes are the same one.
pub(super) fn is_same(a: &ReportedFix, b: &ReportedFix) -> bool {
    let content = |fix: &ReportedFix| digest(fix.lat, fix.lon, &fix.measured);
    a.fixed_at == b.fixed_at && a.source == b.source && content(a) == content(b)
}
