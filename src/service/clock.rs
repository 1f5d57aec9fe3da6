//! The only `now()` of the house: monotonic, anchored to UTC, and in an exercise faster or slower than real time.

use crate::domain::measure::{Span, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A step of the wall clock larger than this is an event.
pub const JUMP_LIMIT: Span = Span::from_millis(500);

/// The service's time. Never goes back while the process lives; a step of the wall clock is reported by
/// [`Clock::jump`] and followed from there, forward at once, backward by standing still until the wall clock catches up.
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
    last: Timestamp,
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
        Self::starting(wall(), 1.0, true)
    }

    /// An exercise clock: starts now and runs `rate` times as fast as real time.
    #[must_use]
    pub fn exercise(rate: f64) -> Self {
        Self::starting(wall(), rate, false)
    }

    /// An exercise clock that starts now, but not before `earliest`: one that ran fast has left records of a time yet
    /// to come, and time never goes back.
    #[must_use]
    pub fn exercise_not_before(earliest: Timestamp, rate: f64) -> Self {
        Self::starting(wall().max(earliest), rate, false)
    }

    fn starting(utc: Timestamp, rate: f64, follows_wall: bool) -> Self {
        Self {
            inner: Arc::new(Mutex::new(Anchor {
                utc,
                at: Instant::now(),
                last: utc,
            })),
            rate,
            follows_wall,
        }
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
        let passed = anchor.at.elapsed().as_secs_f64() * 1_000.0 * self.rate;
        let now = anchor
            .utc
            .plus(Span::from_millis(passed as i64))
            .max(anchor.last);
        anchor.last = now;
        now
    }

    /// How long in real time until the clock shows `moment`; zero when it is past.
    #[must_use]
    pub fn until(&self, moment: Timestamp) -> Duration {
        let left = moment.since(self.now()).as_millis().max(0);
        Duration::from_secs_f64(left as f64 / 1_000.0 / self.rate)
    }

    /// By how much the wall clock has stepped since the last look, when by more than [`JUMP_LIMIT`]; the clock follows
    /// it from here on. An exercise clock has no wall clock to follow.
    #[must_use]
    pub fn jump(&self) -> Option<Span> {
        if !self.follows_wall {
            return None;
        }
        let mut anchor = self.lock();
        let passed = i64::try_from(anchor.at.elapsed().as_millis()).unwrap_or(i64::MAX);
        let steady = anchor.utc.plus(Span::from_millis(passed));
        let step = wall().since(steady);
        if step.as_millis().abs() <= JUMP_LIMIT.as_millis() {
            return None;
        }
        anchor.utc = wall();
        anchor.at = Instant::now();
        Some(step)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Anchor> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
