//! How much each token sends: a sender that is too fast is slowed down first, and refused only when it does not wait.
//! And how much each token holds at once, so that none takes the places of all.

use super::limits::{IngestLimits, RateLimit};
use crate::domain::ids::SourceId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Above this many tokens, those at rest are forgotten.
const REMEMBERED_TOKENS: usize = 10_000;

/// The rates of all tokens.
#[derive(Debug)]
pub(super) struct Rates {
    fixes: RateLimit,
    requests: RateLimit,
    most: Held,
    tokens: Mutex<HashMap<SourceId, Usage>>,
}

#[derive(Debug)]
struct Usage {
    fixes: Bucket,
    requests: Bucket,
    held: Held,
}

/// What one token holds at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Held {
    sockets: usize,
    requests: usize,
    bytes: usize,
}

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holding {
    /// Open sockets.
    Sockets,
    /// HTTP requests being answered.
    Requests,
    /// Bytes of bodies being received.
    Bytes,
}

impl Held {
    const fn of(&mut self, what: Holding) -> &mut usize {
        match what {
            Holding::Sockets => &mut self.sockets,
            Holding::Requests => &mut self.requests,
            Holding::Bytes => &mut self.bytes,
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// HTTP requests.
    Request,
    /// This many fixes.
    Fixes(usize),
}

/// The sender did not wait: it may come again after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooFast {
    pub(super) retry_after: Duration,
}

impl Rates {
    pub(super) fn new(limits: &IngestLimits) -> Self {
        Self {
            fixes: limits.fixes,
            requests: limits.requests,
            most: Held {
                sockets: limits.sockets_per_token,
                requests: limits.requests_at_once_per_token,
                bytes: limits.receiving_bytes_per_token,
            },
            tokens: Mutex::default(),
        }
    }

    /// Counts, and says how long the sender is to wait before it goes on.
    pub(super) fn take(
        &self,
        token: &SourceId,
        counted: Counted,
        now: Instant,
    ) -> Result<Duration, TooFast> {
        self.with(token, now, |usage| match counted {
            Counted::Request => usage.requests.take(1.0, self.requests, now),
            Counted::Fixes(count) => usage.fixes.take(count as f64, self.fixes, now),
        })
    }

    /// As [`Self::take`] for a sender that can be made to wait as long as it takes.
    pub(super) fn take_patiently(&self, token: &SourceId, fixes: usize, now: Instant) -> Duration {
        let patient = RateLimit {
            longest_wait: Duration::MAX,
            ..self.fixes
        };
        self.with(token, now, |usage| {
            usage.fixes.take(fixes as f64, patient, now)
        })
        .unwrap_or_default()
    }

    /// So many of what this token may hold at once, until the share is dropped.
    pub(super) fn hold(
        self: &Arc<Self>,
        token: &SourceId,
        what: Holding,
        count: usize,
    ) -> Option<Share> {
        let mut share = Share {
            rates: Arc::clone(self),
            token: token.clone(),
            what,
            count: 0,
        };
        share.grow(count).then_some(share)
    }

    fn with<T>(&self, token: &SourceId, now: Instant, act: impl FnOnce(&mut Usage) -> T) -> T {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(usage) = tokens.get_mut(token) {
            return act(usage);
        }
        if tokens.len() >= REMEMBERED_TOKENS {
            tokens.retain(|_, usage| !self.at_rest(usage, now));
        }
        let usage = tokens.entry(token.clone()).or_insert_with(|| Usage {
            fixes: Bucket::full(self.fixes, now),
            requests: Bucket::full(self.requests, now),
            held: Held::default(),
        });
        act(usage)
    }

    fn at_rest(&self, usage: &Usage, now: Instant) -> bool {
        usage.held == Held::default()
            && usage.fixes.level(self.fixes, now) >= self.fixes.burst
            && usage.requests.level(self.requests, now) >= self.requests.burst
    }
}

/// What counts for its token until it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    rates: Arc<Rates>,
    token: SourceId,
    what: Holding,
    count: usize,
}

impl Share {
    /// Takes more; says whether there was enough left for this token.
    pub(super) fn grow(&mut self, more: usize) -> bool {
        let mut most = self.rates.most;
        let most = *most.of(self.what);
        let fits = self.rates.with(&self.token, Instant::now(), |usage| {
            let held = usage.held.of(self.what);
            let fits = held.saturating_add(more) <= most;
            *held += if fits { more } else { 0 };
            fits
        });
        self.count += if fits { more } else { 0 };
        fits
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut tokens = self
            .rates
            .tokens
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(usage) = tokens.get_mut(&self.token) {
            let held = usage.held.of(self.what);
            *held = held.saturating_sub(self.count);
        }
    }
}

/// A bucket of tokens. Its level goes below zero while senders wait: each waits until its own share has flowed in.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    level: f64,
    at: Instant,
}

impl Bucket {
    fn full(limit: RateLimit, now: Instant) -> Self {
        Self {
            level: limit.burst,
            at: now,
        }
    }

    fn level(&self, limit: RateLimit, now: Instant) -> f64 {
        let flowed = now.saturating_duration_since(self.at).as_secs_f64() * limit.per_second;
        (self.level + flowed).min(limit.burst)
    }

    fn take(&mut self, count: f64, limit: RateLimit, now: Instant) -> Result<Duration, TooFast> {
        let level = self.level(limit, now) - count;
        let wait = Duration::try_from_secs_f64((-level / limit.per_second).max(0.0))
            .unwrap_or(Duration::MAX);
        if wait > limit.longest_wait {
            return Err(TooFast {
                retry_after: wait.saturating_sub(limit.longest_wait),
            });
        }
        *self = Self { level, at: now };
        Ok(wait)
    }
}
