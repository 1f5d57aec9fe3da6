//! When a snapshot is made, and by whom: a thread of its own folds the journal as a restart would, beside the desk, and
//! hands the snapshots to it.

use super::handle::Request;
use super::recovery::{Recovered, RecoveryError, snapshots};
use crate::service::journal::{JournalError, JournalRead, Snapshot};
use std::sync::Arc;
use tokio::sync::mpsc::WeakSender;

/// Opens one more reader of the journal.
pub type OpenReader = dyn Fn() -> Result<Box<dyn JournalRead>, JournalError> + Send + Sync;

/// How much comes in between two snapshots: what a restart folds anew, at most about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeepEvery {
    /// Fixes.
    pub fixes: u64,
    /// Records.
    pub records: u64,
}

impl Default for KeepEvery {
    fn default() -> Self {
        Self {
            fixes: 1_000_000,
            records: 200_000,
        }
    }
}

/// Counts what comes in, and has snapshots made.
pub(super) struct Keeper {
    every: KeepEvery,
    fixes: u64,
    records: u64,
    under_way: bool,
    open_reader: Arc<OpenReader>,
    queue: WeakSender<Request>,
}

impl Keeper {
    /// `since` is what a restart has folded since the last snapshot: lives that end early add up.
    pub(super) fn new(
        every: KeepEvery,
        since: &Recovered,
        open_reader: Arc<OpenReader>,
        queue: WeakSender<Request>,
    ) -> Self {
        Self {
            every,
            fixes: since.fixes,
            records: since.records,
            under_way: false,
            open_reader,
            queue,
        }
    }

    /// Counts what was recorded; has snapshots made when it is time and none are under way.
    pub(super) fn recorded(&mut self, records: u64, fixes: u64) {
        self.records += records;
        self.fixes += fixes;
        let is_due = self.fixes >= self.every.fixes || self.records >= self.every.records;
        if is_due && !self.under_way {
            (self.fixes, self.records) = (0, 0);
            self.under_way = self.begin();
        }
    }

    /// Whether snapshots are being made or kept.
    pub(super) const fn is_under_way(&self) -> bool {
        self.under_way
    }

    /// The snapshots that were made are kept, or none were.
    pub(super) fn ended(&mut self) {
        self.under_way = false;
    }

    fn begin(&self) -> bool {
        let (open, queue) = (Arc::clone(&self.open_reader), self.queue.clone());
        let work = move || {
            let made = open()
                .map_err(RecoveryError::from)
                .and_then(|reader| snapshots(&*reader, stand_back));
            let made: Vec<Snapshot> = made.unwrap_or_else(|error| {
                tracing::warn!(%error, "no snapshot could be made; the earlier one stays");
                Vec::new()
            });
            // A desk that is gone needs none.
            if let Some(queue) = queue.upgrade() {
                let _ = queue.blocking_send(Request::Keep(made));
            }
        };
        let begun = std::thread::Builder::new()
            .name("keeper".to_owned())
            .spawn(work);
        if let Err(error) = &begun {
            tracing::warn!(%error, "no thread to make a snapshot");
        }
        begun.is_ok()
    }
}

/// The least of the processor's time that there is (0 is the usual, 19 the least): whoever waits for a commit comes first.
const NICE: i32 = 15;

/// Lets this thread have only what the others leave over. On Linux, where a thread has a priority of its own; elsewhere it
/// competes with them.
fn stand_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(%error, "snapshots are made at the usual priority");
    }
}
