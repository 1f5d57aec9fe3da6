//! Snapshots made beside the desk are kept step by step: after each commit one small step, whatever is to be kept, so that
//! no sender waits for more than that.

use super::Desk;
use crate::service::journal::{JournalError, Snapshot};

/// The snapshots that are to be kept, the one under way last.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    snapshots: Vec<Snapshot>,
    step: usize,
}

impl Keeping {
    /// Begins with these.
    pub(super) fn begin(&mut self, snapshots: Vec<Snapshot>) {
        *self = Self { snapshots, step: 0 };
    }

    /// Whether nothing is to be kept.
    pub(super) const fn is_over(&self) -> bool {
        self.snapshots.is_empty()
    }

    /// The one under way is done with.
    fn next(&mut self) -> Option<Snapshot> {
        self.step = 0;
        self.snapshots.pop()
    }
}

impl Desk {
    /// One step of keeping, if there is something to keep. A snapshot that cannot be kept is given up: the earlier one
    /// stays.
    pub(super) fn keep_on(&mut self) {
        let (Some(snapshot), Some(journal)) = (self.keeping.snapshots.last(), &mut self.journal)
        else {
            return;
        };
        match journal.keep_step(snapshot, self.keeping.step) {
            Ok(true) => self.keeping.step += 1,
            Ok(false) => self.kept(),
            Err(error @ (JournalError::Full | JournalError::Unfit { .. })) => {
                let ledger = &snapshot.ledger;
                tracing::warn!(ledger.id = %ledger, %error, "no snapshot kept; the earlier one stays");
                self.keeping.next();
            }
            Err(error) => {
                self.keeping = Keeping::default();
                self.fail(&Err(error));
                self.start_anew();
            }
        }
        if self.keeping.is_over() {
            self.keeper.ended();
        }
    }

    fn kept(&mut self) {
        if let Some(snapshot) = self.keeping.next() {
            let (ledger, through) = (&snapshot.ledger, snapshot.through);
            let bytes = snapshot.bytes.len();
            tracing::info!(ledger.id = %ledger, snapshot.through = through.0, bytes, "snapshot kept");
        }
    }
}
