//! How do the clocks of a unit's devices differ from ours? Told by when their fixes arrive, minute by minute.
//!
//! ```text
//!   lag = our time on arrival − device time = time on the way − what the device's clock is ahead
//!
//!   ──────────┼───────────┼──────────────────────┼──────────────▶ lag
//!     ahead   0  network  2 s    may be behind   60 s   stored
//! ```
//!
//! * Below zero the clock is *ahead*, by at least as much: nothing arrives before it was sent. That is proven.
//! * When no fix ever comes sooner than 2 s after its time, the clock *may be behind* by what it takes at least.
//! * What takes longer than a minute was stored, and tells nothing of the clock.
//!
//! A clock is set: by its network, its owner, its receiver. So what was heard holds for the time about it only, for
//! [`TELLS`]: a fix of a tunnel is judged by what was heard before and after it, and a clock that was set right is trusted
//! again. Lags are counted in whole seconds, away from zero, so that the noise of the network changes nothing that was told.
//!
//! All this is a function of the *set* of the fixes: the order in which they are folded leaves no trace.

use super::window::KEPT;
use crate::domain::measure::{Span, Timestamp};

/// A lag up to here may be the network's, and says nothing of a clock that is behind.
const NETWORK_LAG: Span = Span::from_secs(2);
/// With a longer lag than this a fix was stored first.
const LIVE_LAG: Span = Span::from_secs(60);
/// How long before it and after it a fix tells of its device's clock: a quartz drifts by less than half a second in an
/// hour, and a backlog of 40 minutes has a live fix at one of its ends within it.
pub(super) const TELLS: Span = Span::from_minutes(60);
/// Minutes remembered, over all devices: of four devices for as long as a fix is kept, and what tells of it.
const HEARD_MOST: usize = 4 * 60 * 26;
/// So many minutes the first one makes room for...
const FIRST: usize = 2;
/// ...and a later one, at least.
const MORE: usize = 8;
const MINUTE_MS: i64 = 60_000;
const TELLS_MINUTES: i32 = (TELLS.as_millis() / MINUTE_MS) as i32;
const KEPT_MINUTES: i32 = (KEPT.as_millis() / MINUTE_MS) as i32 + TELLS_MINUTES;

/// The least lag of one device within one minute of its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Heard {
    /// Minutes since 1970.
    pub(crate) minute: i32,
    /// The device, as a digest of its name.
    pub(crate) source: u32,
    /// Whole seconds, away from zero.
    pub(crate) least_s: i32,
}

impl Heard {
    /// What a fix tells; `None` when it was stored.
    pub(super) fn of(source: u32, fixed_at: Timestamp, received_at: Timestamp) -> Option<Self> {
        let lag = received_at.since(fixed_at);
        (lag <= LIVE_LAG).then(|| Self {
            minute: minute(fixed_at),
            source,
            least_s: away_from_zero(lag),
        })
    }

    /// From when to when it tells of a clock, device time and ours.
    pub(super) fn tells_of(self) -> (Timestamp, Timestamp) {
        let begins = |minute: i64| Timestamp::from_millis(minute.saturating_mul(MINUTE_MS));
        let minute = i64::from(self.minute);
        // A minute and its neighbour, for both ends are counted in whole ones.
        let reach = i64::from(TELLS_MINUTES) + 2;
        (begins(minute - reach), begins(minute + reach))
    }

    const fn key(&self) -> (i32, u32) {
        (self.minute, self.source)
    }

    fn least(self) -> Span {
        Span::from_secs(i64::from(self.least_s))
    }
}

fn minute(at: Timestamp) -> i32 {
    let minute = at.as_millis().div_euclid(MINUTE_MS);
    i32::try_from(minute).unwrap_or(if minute < 0 { i32::MIN } else { i32::MAX })
}

fn away_from_zero(lag: Span) -> i32 {
    let millis = lag.as_millis();
    let whole = if millis < 0 {
        millis.div_euclid(1_000)
    } else {
        millis.saturating_add(999) / 1_000
    };
    i32::try_from(whole).unwrap_or(if whole < 0 { i32::MIN } else { i32::MAX })
}

/// What the clock of a device may be wrong by, at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ClockError {
    /// It is ahead by at least this much.
    pub(super) ahead: Span,
    /// It may be behind by this much.
    pub(super) behind: Span,
}

/// What the fixes of a unit told of the clocks of its devices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Clocks {
    /// Sorted by minute, then device.
    heard: Vec<Heard>,
    received_at: Option<Timestamp>,
}

impl Clocks {
    /// As it was remembered.
    pub(crate) fn remembered(
        heard: impl IntoIterator<Item = Heard>,
        received_at: Option<Timestamp>,
    ) -> Self {
        let mut clocks = Self {
            received_at,
            ..Self::default()
        };
        for heard in heard {
            clocks.take(heard);
        }
        clocks
    }

    /// Minute by minute, oldest first.
    pub(crate) fn heard(&self) -> impl Iterator<Item = Heard> + '_ {
        self.heard.iter().copied()
    }

    /// When the last fix arrived.
    pub(crate) const fn received_at(&self) -> Option<Timestamp> {
        self.received_at
    }

    /// Folds the arrival of a fix.
    pub(super) fn note(&mut self, source: u32, fixed_at: Timestamp, received_at: Timestamp) {
        self.received_at = self.received_at.max(Some(received_at));
        if let Some(heard) = Heard::of(source, fixed_at, received_at) {
            self.take(heard);
        }
    }

    fn take(&mut self, fresh: Heard) {
        match self.place(fresh) {
            Ok(known) => {
                let known = &mut self.heard[known];
                known.least_s = known.least_s.min(fresh.least_s);
            }
            Err(place) => {
                if self.heard.len() == self.heard.capacity() {
                    // Doubling would leave half of a fleet's memory empty.
                    let more = MORE.max(self.heard.len() / 8);
                    let empty = self.heard.is_empty();
                    self.heard.reserve_exact(if empty { FIRST } else { more });
                }
                self.heard.insert(place, fresh);
                self.forget();
            }
        }
    }

    fn place(&self, of: Heard) -> Result<usize, usize> {
        match self.heard.last() {
            Some(newest) if newest.key() == of.key() => Ok(self.heard.len() - 1),
            Some(newest) if newest.key() < of.key() => Err(self.heard.len()),
            _ => self.heard.binary_search_by_key(&of.key(), Heard::key),
        }
    }

    fn forget(&mut self) {
        let newest = self.heard.last().map_or(0, |heard| heard.minute);
        let is_old = |heard: &Heard| newest.saturating_sub(heard.minute) > KEPT_MINUTES;
        let old = self.heard.partition_point(is_old);
        let beyond = self.heard.len().saturating_sub(HEARD_MOST);
        if old.max(beyond) > 0 {
            self.heard.drain(..old.max(beyond));
        }
    }

    /// Whether a fix changes what is said of a clock at some time up to the newest fix. Where it is no later than others
    /// and no proof that the clock is ahead, it may end a doubt whether it was behind: `perhaps_behind` is whether there is
    /// one.
    pub(super) fn is_news(&self, fresh: Heard, is_newest: bool, perhaps_behind: bool) -> bool {
        let known = self.place(fresh);
        if known.is_ok_and(|known| self.heard[known].least_s <= fresh.least_s) {
            return false;
        }
        let before = || {
            let from = fresh.minute.saturating_sub(TELLS_MINUTES);
            let mut before = self.between(from, fresh.minute.saturating_sub(1));
            before.any(|heard| heard.source == fresh.source)
        };
        fresh.least_s < 0 || !is_newest || perhaps_behind || !before()
    }

    /// What was heard in the minutes from one to another, both included.
    fn between(&self, from: i32, until: i32) -> impl Iterator<Item = Heard> + '_ {
        let first = self.heard.partition_point(|heard| heard.minute < from);
        let heard = self.heard[first..].iter().copied();
        heard.take_while(move |heard| heard.minute <= until)
    }

    /// All this, and what one more fix tells.
    pub(super) const fn with(&self, fresh: Option<Heard>) -> ClocksWith<'_> {
        ClocksWith { known: self, fresh }
    }
}

/// What is known of the clocks with one more fix among the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClocksWith<'a> {
    known: &'a Clocks,
    fresh: Option<Heard>,
}

impl ClocksWith<'_> {
    /// What the clock of one device may have been wrong by at some time of it. Ahead by the most that is proven about
    /// then; behind by the least lag of the minutes before, which a clock that is set right later does not change, or
    /// else of those from then on.
    pub(super) fn error(&self, source: u32, at: Timestamp) -> ClockError {
        let here = minute(at);
        let (mut ahead, mut before, mut after) = (0, None, None);
        for heard in self.about(here).filter(|heard| heard.source == source) {
            let lag = heard.least();
            ahead = ahead.min(heard.least_s);
            let side = if heard.minute < here {
                &mut before
            } else {
                &mut after
            };
            *side = Some(side.map_or(lag, |least: Span| least.min(lag)));
        }
        let behind = before.or(after).unwrap_or(Span::ZERO);
        ClockError {
            ahead: Span::from_secs(-i64::from(ahead)),
            behind: if behind > NETWORK_LAG {
                behind
            } else {
                Span::ZERO
            },
        }
    }

    /// The same of whichever device was farthest off.
    pub(super) fn error_of_any(&self, at: Timestamp) -> ClockError {
        let mut sources: Vec<u32> = self.about(minute(at)).map(|heard| heard.source).collect();
        sources.sort_unstable();
        sources.dedup();
        let errors = sources.into_iter().map(|source| self.error(source, at));
        errors.fold(ClockError::default(), |most, error| ClockError {
            ahead: most.ahead.max(error.ahead),
            behind: most.behind.max(error.behind),
        })
    }

    /// What was heard within [`TELLS`] of a minute.
    fn about(&self, here: i32) -> impl Iterator<Item = Heard> + '_ {
        let from = here.saturating_sub(TELLS_MINUTES);
        let until = here.saturating_add(TELLS_MINUTES);
        let fresh = self.fresh;
        let fresh = fresh.filter(|fresh| (from..=until).contains(&fresh.minute));
        self.known.between(from, until).chain(fresh)
    }
}
