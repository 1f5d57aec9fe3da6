//! Since when the desk hears what units post.

use crate::domain::measure::Timestamp;
use crate::service::clock::Clock;
use std::time::{Duration, Instant};

/// A pause longer than this between two looks at the queue is one in which nobody was heard.
const DEAF_LEAST: Duration = Duration::from_secs(5);

/// Whoever could not be heard for a while (before the start, on a full disk, behind a hub that took nothing) is given the
/// time to speak before it is called silent.
pub(super) struct Listening {
    since: Timestamp,
    /// When the queue was last looked at; `None` before the first time.
    looked: Option<Instant>,
}

impl Listening {
    /// A desk that has not looked at its queue yet.
    pub(super) const fn not_yet(now: Timestamp) -> Self {
        Self {
            since: now,
            looked: None,
        }
    }

    /// The queue is looked at now.
    pub(super) fn looks(&mut self, clock: &Clock) {
        let heard_all = self.looked.is_some_and(|last| last.elapsed() < DEAF_LEAST);
        if !heard_all {
            self.since = clock.now();
        }
        self.looked = Some(Instant::now());
    }

    /// Since when there was no pause.
    pub(super) const fn since(&self) -> Timestamp {
        self.since
    }
}
