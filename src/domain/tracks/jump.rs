//! A fix that no unit of its kind could have reached is held apart, until others agree with it.

use super::fix::{QuarantineReason, ReportedFix};
use super::gate::{self, GateLimits, Quarantine, Usable, Waypoint};
use super::ledger::{Known, digest};
use super::track::{Held, Track};
use super::view::BorderView;
use super::window::Sample;
use crate::domain::event::{Event, TrackEventKind};
use crate::domain::measure::Timestamp;

impl Track {
    /// Judges a fix against its neighbours in time, before and after.
    pub(super) fn jump(
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
        limits: &GateLimits,
    ) -> Option<Vec<Held>> {
        let most_mps = limits.speeds.of(self.kind);
        let mut chain: Vec<(Waypoint, Held)> = vec![(
            waypoint(reported, usable),
            Held {
                fix: reported.clone(),
                reason: QuarantineReason::ImplausibleJump,
                received_at: reported.fixed_at,
            },
        )];
        let mut held: Vec<(Waypoint, &Held)> = self
            .held
            .iter()
            .filter(|held| held.reason == QuarantineReason::ImplausibleJump)
            .filter(|held| self.duty.on_duty(held.fix.fixed_at))
            .filter_map(|held| {
                let usable = gate::usable(&held.fix, limits).ok()?;
                Some((waypoint(&held.fix, usable), held))
            })
            .collect();
        held.sort_by_key(|(place, _)| place.at);
        let agrees = |a: Waypoint, b: Waypoint| {
            let nothing_between =
                self.window.after(a.at.min(b.at)) == self.window.after(a.at.max(b.at));
            nothing_between && gate::jump(a, b, most_mps, limits).is_none()
        };
        let place = held.partition_point(|(place, _)| place.at < reported.fixed_at);
        for (at, fix) in held[place..]
            .iter()
            .filter(|(_, fix)| !is_same(&fix.fix, reported))
        {
            let (end, _) = chain.last()?;
            if agrees(*end, *at) {
                chain.push((*at, (*fix).clone()));
            }
        }
        for (at, fix) in held[..place].iter().rev() {
            let (start, _) = chain.first()?;
            if agrees(*at, *start) {
                chain.insert(0, (*at, (*fix).clone()));
            }
        }
        let spans = chain.last()?.0.at.since(chain.first()?.0.at);
        let enough = chain.len() >= limits.release_fixes && spans >= limits.release_span;
        enough.then(|| chain.into_iter().map(|(_, held)| held).collect())
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
            let received_at = if was_held { held.received_at } else { now };
            if shadow.admitted.knows(&held.fix) != Known::New {
                continue;
            }
            if was_held {
                let released = TrackEventKind::FixReleased {
                    reason: QuarantineReason::ImplausibleJump,
                    fixed_at: held.fix.fixed_at,
                };
                out.push(self.event(now, released));
            }
            if let Ok(usable) = gate::usable(&held.fix, limits) {
                shadow.admit(&held.fix, usable, received_at, view, out);
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
