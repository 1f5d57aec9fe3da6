//! What of several commits is shown at once: the more watch, the longer the hub gathers.
//!
//! ```text
//! commits         │││││││││││││││││││││   one a millisecond at most
//! to one map      │││││││││││││││││││││   each is a bulletin
//! to a hundred    │    │    │    │    │   five in one: nobody misses a fix, and a hundred sockets are written to once
//! ```
//!
//! A message to a viewer is a call to the system, and a thread that wakes for it. Six hundred commits a second to a hundred
//! maps would be 60,000 of them: then the cores are full, and the desk and its senders wait for their turn.

use crate::domain::ids::RoomId;
use crate::service::desk::Published;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// So many bulletins are written a second, those to all viewers together: a third of a core (`cargo bench --bench service`).
const WRITTEN_PER_S: u32 = 20_000;
/// Nobody waits longer for a bulletin because of the others: on a map, shorter steps are not seen.
const PAUSE_MAX: Duration = Duration::from_millis(50);
/// So many fixes and events are shown without waiting for more: a bulletin stays below some megabytes.
const ENOUGH: usize = 5_000;

/// How long after one bulletin the next is written at the earliest, to so many viewers.
pub(super) fn pause(viewers: usize) -> Duration {
    let viewers = u32::try_from(viewers).unwrap_or(u32::MAX);
    let pause = Duration::from_secs(1).saturating_mul(viewers) / WRITTEN_PER_S;
    pause.min(PAUSE_MAX)
}

/// Commits that are shown at once, of each room oldest first.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    rooms: BTreeMap<RoomId, Vec<Published>>,
    size: usize,
}

impl Gathered {
    /// Begins with this one.
    pub(super) fn of(first: Published) -> Self {
        let mut gathered = Self::default();
        gathered.push(first);
        gathered
    }

    /// Takes one more, later than those before.
    pub(super) fn push(&mut self, next: Published) {
        self.size += next.events.len() + next.fixes.len();
        self.rooms.entry(next.room.clone()).or_default().push(next);
    }

    /// Whether no more should be waited for.
    pub(super) const fn is_enough(&self) -> bool {
        self.size >= ENOUGH
    }

    /// When the desk took the first request of each.
    pub(super) fn taken(&self) -> Vec<Instant> {
        let commits = self.rooms.values().flatten();
        commits.map(|commit| commit.taken).collect()
    }

    /// Room by room.
    pub(super) fn into_rooms(self) -> BTreeMap<RoomId, Vec<Published>> {
        self.rooms
    }
}
