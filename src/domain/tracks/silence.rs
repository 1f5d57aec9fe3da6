//! Is the unit heard? And if not: may it have crossed meanwhile?

use super::motion::Recent;
use super::view::BorderView;
use super::window::Sample;
use crate::domain::event::Silence;
use crate::domain::ids::{State, StateSet};
use crate::domain::measure::{Metres, Span, Timestamp};

/// A unit is silent after this, however often it reports.
const LEAST: Span = Span::from_secs(60);
/// And after so many of its own intervals.
const INTERVALS: i64 = 4;
/// The interval of a unit that has told none yet.
const INTERVAL_UNKNOWN: Span = Span::from_secs(15);
/// A unit that stood still may have begun to move at this speed, metres a second.
const STARTS_MPS: f64 = 2.0;
/// It may go faster than it went, by this factor.
const FASTER: f64 = 1.25;
/// Nobody asks for the states within a larger circle than this.
const RADIUS_MOST: Metres = Metres::from_centimetres(20_000_000);

/// Time, as silence counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    /// Our time.
    pub now: Timestamp,
    /// Since when anything a unit posts is taken without a break: nobody is silent for a time when nobody listened.
    pub listening_since: Timestamp,
}

impl Watch {
    /// `listening_since` of recordings and tests: there is no time when nobody listened.
    pub const ALWAYS: Timestamp = Timestamp::from_millis(i64::MIN);
}

/// A unit as it was last heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LastHeard<'a> {
    /// Its newest place.
    pub(super) sample: &'a Sample,
    /// When anything of it last arrived: while a backlog arrives the unit is not silent, only late.
    pub(super) received_at: Timestamp,
    /// When the newest shift began: before that it had nothing to say.
    pub(super) shift_began: Timestamp,
    /// Since when it could be heard.
    pub(super) listening_since: Timestamp,
    /// Its own reporting interval, when known.
    pub(super) interval: Option<Span>,
    /// Its newest places: they tell its speed.
    pub(super) recent: &'a Recent,
    /// The speed it posted last, metres a second: used when its places tell none.
    pub(super) posted_mps: Option<f64>,
    /// What its kind can do, metres a second.
    pub(super) most_mps: f64,
}

impl LastHeard<'_> {
    /// From when on it is silent, if nothing comes.
    pub(super) fn silent_at(&self) -> Timestamp {
        let interval = self.interval.unwrap_or(INTERVAL_UNKNOWN);
        let patience = Span::from_millis(interval.as_millis().saturating_mul(INTERVALS));
        let expected = self.received_at.max(self.shift_began);
        expected.max(self.listening_since).plus(patience.max(LEAST))
    }

    /// From when on it is told that it may have crossed: not before it could have said where it is.
    pub(super) fn may_have_crossed_at(&self) -> Option<Timestamp> {
        // Where it is in a new shift is not known before its first fix.
        let in_shift = self.sample.fixed_at >= self.shift_began;
        let could_speak = self.listening_since.plus(LEAST);
        in_shift.then(|| self.meets_line_at().max(could_speak))
    }

    fn growth_mps(&self) -> f64 {
        let told = self.recent.fastest_mps(self.shift_began);
        let speed_mps = told.or(self.posted_mps).unwrap_or(0.0);
        (speed_mps * FASTER).max(STARTS_MPS).min(self.most_mps)
    }

    /// How far it may be from its last place.
    pub(super) fn radius(&self, now: Timestamp) -> Metres {
        let unheard_s = now.since(self.sample.fixed_at).as_secs_f64().max(0.0);
        let error_m = 2.0 * self.sample.accuracy.as_f64();
        Metres::new(error_m + self.growth_mps() * unheard_s).min(RADIUS_MOST)
    }

    /// When that radius meets the nearest line.
    fn meets_line_at(&self) -> Timestamp {
        let error_m = 2.0 * self.sample.accuracy.as_f64();
        let way_m = (self.sample.depth.as_f64() - error_m).max(0.0);
        let takes_ms = way_m / self.growth_mps() * 1_000.0;
        // A line beyond the largest circle asked for is never met.
        let never = self.sample.depth >= RADIUS_MOST;
        let takes_ms = if never {
            i64::MAX
        } else {
            takes_ms.ceil() as i64
        };
        self.sample.fixed_at.plus(Span::from_millis(takes_ms))
    }

    /// What silence means by now.
    pub(super) fn silence(&self, now: Timestamp, view: &(impl BorderView + ?Sized)) -> Silence {
        let radius = self.radius(now);
        Silence {
            since: self.sample.fixed_at.max(self.shift_began),
            radius,
            reach: set(&view.reach(self.sample.position, radius)),
        }
    }
}

/// The first states of a list, as many as a set holds.
fn set(states: &[State]) -> StateSet {
    states
        .iter()
        .take(StateSet::MAX)
        .fold(StateSet::NONE, |set, state| set.with(*state))
}
