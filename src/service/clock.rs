//! The only `now()` of the house: monotonic, anchored to UTC, and in an exercise faster or slower than real time.

use crate::domain::measure::{Span, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A step of the wall clock larger than this is an event.
pub const JUMP_LIMIT: Span = Span::from_millis(500);

/// The service's time. Never goes back, and never stands still: a step of the wall clock is reported by [`Clock::jump`]
/// and followed, forward at once, backward by running at half speed until the wall clock has caught up.
#[derive(Debug, Clone)]
pub struct Clock {
    inner: Arc<Mutex<Anchor>>,
    rate: f64,
    // An exercise clock has no wall clock to follow.
    follows_wall: bool,
}

#[derive(Debug)]
struct Anchor {
    utc: Timestamp,
    at: Instant,
    // How far it runs ahead of the wall clock, as of `at`.
    ahead: Span,
    last: Timestamp,
    // The steps not reported yet.
    stepped: Span,
}

impl Anchor {
    fn new(utc: Timestamp) -> Self {
        Self {
            utc,
            at: Instant::now(),
            ahead: Span::ZERO,
            last: utc,
            stepped: Span::ZERO,
        }
    }

    /// What the wall clock would show had it run evenly, and what is shown.
    fn read(&self, passed: Span) -> (Timestamp, Timestamp) {
        let steady = self.utc.plus(passed);
        let left = self.ahead.as_millis() - passed.as_millis() / 2;
        (steady, steady.plus(Span::from_millis(left.max(0))))
    }

    /// Follows the wall clock when it has stepped.
    fn follow(&mut self, wall: Timestamp, passed: Span) {
        let (steady, shown) = self.read(passed);
        let step = wall.since(steady);
        if step.as_millis().abs() > JUMP_LIMIT.as_millis() {
            self.stepped = Span::from_millis(self.stepped.as_millis() + step.as_millis());
            self.begin_at(wall, shown);
        }
    }

    /// Runs from the wall clock's time on, without going back behind what was shown.
    fn begin_at(&mut self, wall: Timestamp, shown: Timestamp) {
        self.utc = wall;
        self.at = Instant::now();
        self.ahead = shown.since(wall).max(Span::ZERO);
    }
}

fn wall() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl Clock {
    /// Real time.
    #[must_use]
    pub fn real() -> Self {
        Self::starting(1.0, true)
    }

    /// An exercise clock: starts now and runs `rate` times as fast as real time.
    #[must_use]
    pub fn exercise(rate: f64) -> Self {
        Self::starting(rate, false)
    }

    fn starting(rate: f64, follows_wall: bool) -> Self {
        Self {
            inner: Arc::new(Mutex::new(Anchor::new(wall()))),
            rate,
            follows_wall,
        }
    }

    /// From here on it shows nothing before `earliest`: records of that time exist, and time never goes back. An
    /// exercise that ran fast has left records of a time yet to come; it goes on from there.
    pub fn not_before(&self, earliest: Timestamp) {
        let shown = self.now().max(earliest);
        let mut anchor = self.lock();
        let utc = if self.follows_wall { wall() } else { shown };
        anchor.begin_at(utc, shown);
    }

    /// How fast it runs; 1 is real time.
    #[must_use]
    pub const fn rate(&self) -> f64 {
        self.rate
    }

    /// The time now; never earlier than any answer before.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let mut anchor = self.lock();
        let mut passed = passed(&anchor, self.rate);
        if self.follows_wall {
            anchor.follow(wall(), passed);
            passed = self::passed(&anchor, self.rate);
        }
        let (_, shown) = anchor.read(passed);
        anchor.last = shown.max(anchor.last);
        anchor.last
    }

    /// How long in real time until the clock shows `moment`; zero when it is past.
    #[must_use]
    pub fn until(&self, moment: Timestamp) -> Duration {
        let left = moment.since(self.now()).as_millis().max(0);
        Duration::from_secs_f64(left as f64 / 1_000.0 / self.rate)
    }

    /// By how much the wall clock has stepped since the last look, when by more than [`JUMP_LIMIT`]. An exercise clock
    /// has no wall clock to follow.
    #[must_use]
    pub fn jump(&self) -> Option<Span> {
        let stepped = std::mem::replace(&mut self.lock().stepped, Span::ZERO);
        (stepped != Span::ZERO).then_some(stepped)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Anchor> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn passed(anchor: &Anchor, rate: f64) -> Span {
    Span::from_millis((anchor.at.elapsed().as_secs_f64() * 1_000.0 * rate) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn shown(anchor: &Anchor, seconds: i64) -> Timestamp {
        anchor.read(Span::from_secs(seconds)).1
    }

    #[test]
    fn a_wall_clock_put_forward_is_followed_at_once() {
        let mut anchor = Anchor::new(at(1_000));
        anchor.follow(at(1_100), Span::from_secs(10));
        assert_eq!(anchor.stepped, Span::from_secs(90));
        assert_eq!(shown(&anchor, 0), at(1_100));
        assert_eq!(shown(&anchor, 5), at(1_105));
    }

    #[test]
    fn a_wall_clock_put_back_is_met_at_half_speed_so_that_time_neither_goes_back_nor_stands_still()
    {
        let mut anchor = Anchor::new(at(1_000));
        anchor.follow(at(950), Span::from_secs(10));
        assert_eq!(anchor.stepped, Span::from_secs(-60));
        assert_eq!(shown(&anchor, 0), at(1_010));
        assert_eq!(shown(&anchor, 60), at(1_040));
        assert_eq!(
            shown(&anchor, 120),
            at(1_070),
            "the wall clock has caught up"
        );
        assert_eq!(shown(&anchor, 130), at(1_080));
    }

    #[test]
    fn half_a_second_is_no_step() {
        let mut anchor = Anchor::new(at(1_000));
        anchor.follow(Timestamp::from_millis(1_000_500), Span::ZERO);
        assert_eq!(anchor.stepped, Span::ZERO);
        assert_eq!(shown(&anchor, 1), at(1_001));
    }

    #[test]
    fn a_clock_that_must_not_go_back_begins_where_the_records_end() {
        let later = wall().plus(Span::from_hours(2));
        for clock in [Clock::real(), Clock::exercise(4.0)] {
            clock.not_before(later);
            let now = clock.now();
            assert!(
                now >= later && now < later.plus(Span::from_secs(60)),
                "{now}"
            );
        }
        let clock = Clock::real();
        clock.not_before(wall().plus(Span::from_hours(-2)));
        assert!(clock.now() <= wall().plus(Span::from_secs(1)));
    }
}
