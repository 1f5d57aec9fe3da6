//! Slows guessing down: after some free attempts, each failure doubles the wait, per account and per address.
//!
//! An account is counted as a whole for strangers, and apart for each address that has logged in to it before: a guesser
//! elsewhere cannot keep an operator from the own desk. Nobody is locked out for longer than [`LONGEST_WAIT`]. The memory
//! is bounded and ends with the process.

use crate::domain::ids::AccountId;
use crate::domain::measure::{Span, Timestamp};
use std::collections::HashMap;
use std::net::IpAddr;

/// Failures of an account before the first wait.
const FREE_PER_ACCOUNT: u32 = 5;
/// Failures from an address before the first wait: a whole room may sit behind one.
const FREE_PER_ADDRESS: u32 = 20;
/// The first wait; each further failure doubles it.
const FIRST_WAIT: Span = Span::from_secs(1);
/// The longest wait.
pub(super) const LONGEST_WAIT: Span = Span::from_minutes(5);
/// Failures are forgotten when none came for this long.
const FORGET_AFTER: Span = Span::from_hours(1);
/// Most counts, and most known pairs, kept at once.
const KEPT_MAX: usize = 10_000;

/// Where a failure is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Account(AccountId),
    Address(IpAddr),
    Pair(AccountId, IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

/// Who tries to log in, and from where.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    /// The name, when it has the form of one; it need not exist.
    pub(super) account: Option<AccountId>,
    pub(super) address: IpAddr,
}

/// What is remembered of failures.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    failures: HashMap<Key, Failures>,
    // Who logged in from where, and when last.
    known: HashMap<(AccountId, IpAddr), Timestamp>,
}

impl Throttle {
    /// How long this attempt must wait still; `None` when it may go on.
    pub(super) fn wait(&self, attempt: &Attempt, now: Timestamp) -> Option<Span> {
        self.keys(attempt)
            .iter()
            .filter_map(|key| {
                let failures = self.failures.get(key)?;
                let left = failures
                    .last
                    .plus(wait_after(key, failures.count))
                    .since(now);
                (left > Span::ZERO && !forgotten(failures, now)).then_some(left)
            })
            .max()
    }

    /// Counts a failure.
    pub(super) fn failed(&mut self, attempt: &Attempt, now: Timestamp) {
        for key in self.keys(attempt) {
            let failures = self.failures.entry(key).or_insert(Failures {
                count: 0,
                last: now,
            });
            if forgotten(failures, now) {
                failures.count = 0;
            }
            failures.count = failures.count.saturating_add(1);
            failures.last = now;
        }
        if self.failures.len() > KEPT_MAX {
            self.failures
                .retain(|_, failures| !forgotten(failures, now));
            keep_newest(&mut self.failures, |failures| failures.last);
        }
    }

    /// Clears the account's failures and knows the address from now on. The address's own failures stay: somebody with
    /// one account could otherwise guess at others without end.
    pub(super) fn succeeded(&mut self, attempt: &Attempt, now: Timestamp) {
        let Some(account) = &attempt.account else {
            return;
        };
        for key in self.keys(attempt) {
            match key {
                Key::Account(_) | Key::Pair(..) => {
                    self.failures.remove(&key);
                }
                Key::Address(_) => {}
            }
        }
        let pair = (account.clone(), network(attempt.address));
        self.known.insert(pair, now);
        if self.known.len() > KEPT_MAX {
            keep_newest(&mut self.known, |at| *at);
        }
    }

    fn keys(&self, attempt: &Attempt) -> Vec<Key> {
        let address = network(attempt.address);
        let mut keys = vec![Key::Address(address)];
        if let Some(account) = &attempt.account {
            let pair = (account.clone(), address);
            keys.push(if self.known.contains_key(&pair) {
                Key::Pair(pair.0, pair.1)
            } else {
                Key::Account(pair.0)
            });
        }
        keys
    }
}

/// The wait after so many failures.
fn wait_after(key: &Key, count: u32) -> Span {
    let free = match key {
        Key::Account(_) | Key::Pair(..) => FREE_PER_ACCOUNT,
        Key::Address(_) => FREE_PER_ADDRESS,
    };
    match count.checked_sub(free) {
        None | Some(0) => Span::ZERO,
        Some(over) => {
            let doubled = FIRST_WAIT
                .as_millis()
                .saturating_mul(1 << (over - 1).min(30));
            Span::from_millis(doubled).min(LONGEST_WAIT)
        }
    }
}

fn forgotten(failures: &Failures, now: Timestamp) -> bool {
    now.since(failures.last) >= FORGET_AFTER
}

/// An address as counted: one host of IPv4, one network of 64 bits of IPv6, because a guesser has all of it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(host) => IpAddr::V4(host),
        IpAddr::V6(host) => IpAddr::V6((host.to_bits() & (u128::MAX << 64)).into()),
    }
}

/// Keeps the newer three quarters when there are more than [`KEPT_MAX`].
fn keep_newest<K: Eq + std::hash::Hash, V>(map: &mut HashMap<K, V>, at: impl Fn(&V) -> Timestamp) {
    if map.len() <= KEPT_MAX {
        return;
    }
    let mut moments: Vec<Timestamp> = map.values().map(&at).collect();
    let quarter = moments.len() / 4;
    let (_, limit, _) = moments.select_nth_unstable(quarter);
    let limit = *limit;
    let mut spare = map.len() - KEPT_MAX * 3 / 4;
    map.retain(|_, value| {
        let goes = spare > 0 && at(value) <= limit;
        spare -= usize::from(goes);
        !goes
    });
}

#[cfg(test)]
mod tests;
