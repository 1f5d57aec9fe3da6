//! A recorded track through the same core, offline.

use super::decide::FixReceipt;
use super::fix::ReportedFix;
use super::gate::GateLimits;
use super::silence::Watch;
use super::track::Track;
use super::view::BorderView;
use crate::domain::event::Event;
use crate::domain::measure::Timestamp;
use crate::domain::registry::UnitCard;

/// A recorded track, replayed: each fix arrives at its own device time, the earlier first.
pub struct Replay<'a, V: BorderView + ?Sized> {
    track: Track,
    view: &'a V,
    limits: GateLimits,
    now: Option<Timestamp>,
}

impl<'a, V: BorderView + ?Sized> Replay<'a, V> {
    /// A unit that was never heard, over these borders.
    #[must_use]
    pub fn new(card: &UnitCard, view: &'a V, limits: GateLimits) -> Self {
        Self {
            track: Track::new(card),
            view,
            limits,
            now: None,
        }
    }

    /// Takes the next fix of the file; appends what happened to `out`, silences before it included. A fix out of order
    /// arrives with the one before it.
    pub fn take(&mut self, fix: &ReportedFix, out: &mut Vec<Event>) -> FixReceipt {
        let arrives = self.now.map_or(fix.fixed_at, |now| now.max(fix.fixed_at));
        self.pass_until(arrives, out);
        self.now = Some(arrives);
        let begun = out.len();
        let receipt = self
            .track
            .decide_fix(fix, arrives, self.view, &self.limits, out);
        for event in &out[begun..] {
            self.track.apply(event);
        }
        receipt
    }

    /// The track as it stands.
    #[must_use]
    pub const fn track(&self) -> &Track {
        &self.track
    }

    fn pass_until(&mut self, moment: Timestamp, out: &mut Vec<Event>) {
        // Each deadline is answered by at most two events, after which there is no earlier one.
        for _ in 0..4 {
            let Some(deadline) = self.track.next_deadline(Watch::ALWAYS, &self.limits) else {
                return;
            };
            if deadline >= moment {
                return;
            }
            let begun = out.len();
            let watch = Watch {
                now: deadline,
                listening_since: Watch::ALWAYS,
            };
            self.track.decide_tick(watch, self.view, &self.limits, out);
            if out.len() == begun {
                return;
            }
            for event in &out[begun..] {
                self.track.apply(event);
            }
        }
    }
}

/// Replays a whole track; answers all its events, admitted fixes included.
#[must_use]
pub fn replay<'f>(
    card: &UnitCard,
    fixes: impl IntoIterator<Item = &'f ReportedFix>,
    view: &(impl BorderView + ?Sized),
    limits: GateLimits,
) -> Vec<Event> {
    let mut replay = Replay::new(card, view, limits);
    let mut events = Vec::new();
    for fix in fixes {
        replay.take(fix, &mut events);
    }
    events
}
