//! The journal in `SQLite`: the embedded default.
//!
//! Two files in the data folder: `journal.sqlite` with the ledgers (write-ahead log, `synchronous = FULL`) and
//! `keys.sqlite` with the keys. A key is durable before anything is sealed under it. Both overwrite what is deleted.

mod append;
mod backup;
mod checkpoint;
mod closing;
mod erase;
mod export;
mod reader;
mod row;
mod runs;
mod schema;
mod scrub;
mod snapshot;
mod spans;
mod stats;
mod verify;

#[cfg(test)]
mod scrub_tests;
#[cfg(test)]
mod snapshot_tests;
#[cfg(test)]
mod spans_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod verify_tests;

pub use export::ExportRequest;
pub use reader::SqliteReader;
pub(in crate::service::journal) use scrub::rewrite;
pub use stats::{KindStats, LedgerStats};
pub use verify::{ErasedPart, Finding, LedgerVerified, Verified, VerifyRequest};

use super::keys::{KeyInfo, KeyStore};
use super::record::{Appended, Head, HeaderHash, NewRecord, Record};
use super::{
    Erasure, Journal, JournalError, JournalRead, PositionPart, PositionQuery, RecordPage,
    RecordQuery, Snapshot,
};
use crate::domain::ids::{RoomId, Seq};
use crate::domain::measure::Timestamp;
use checkpoint::Checkpointer;
use closing::NextRun;
use rusqlite::Connection;
use snapshot::UnderWay;
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The file whose lock says that a service uses the data folder.
const LOCK_FILE: &str = "limes.lock";

/// The end of one ledger, in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tail {
    id: i64,
    seq: Seq,
    hash: HeaderHash,
}

/// The one writer of the journal in a data folder.
pub struct SqliteJournal {
    // Closed before the writing connection, which then writes the whole log back into the file.
    reader: SqliteReader,
    checkpointer: Checkpointer,
    connection: Connection,
    keys: KeyStore,
    tails: BTreeMap<RoomId, Tail>,
    /// By the ledger's number in the store.
    next_runs: BTreeMap<i64, NextRun>,
    /// The snapshot that is being kept.
    under_way: Option<UnderWay>,
    stopped: bool,
    folder: PathBuf,
    // Held for its lock; the system lets go of it however the process ends.
    _lock: File,
}

impl SqliteJournal {
    /// Opens the journal of a data folder, makes folder and journal when they are new, takes the folder's lock and
    /// completes an erasure that was cut off, and overwrites its traces.
    ///
    /// # Errors
    /// [`JournalError::Locked`] while another service has the folder; [`JournalError::Newer`] when a newer Limes wrote
    /// it; otherwise when the files cannot be used or the end of a ledger is damaged.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        let lock = lock(folder)?;
        let (connection, keys) = schema::open_pair(folder)?;
        let reader = SqliteReader::open(folder)?;
        let checkpointer = Checkpointer::start(folder)?;
        let mut journal = Self {
            checkpointer,
            connection,
            keys: KeyStore::new(keys),
            tails: BTreeMap::new(),
            next_runs: BTreeMap::new(),
            under_way: None,
            stopped: false,
            reader,
            folder: folder.to_path_buf(),
            _lock: lock,
        };
        journal.tails = journal.read_tails()?;
        journal.check_tails()?;
        journal.complete_erasures()?;
        journal.undo_halves()?;
        journal.flush_log()?;
        journal.prove_writable()?;
        journal.finish_scrub();
        Ok(journal)
    }

    /// Writes what is there already, durably: a journal that can only be read is not open, and must not be taken for
    /// one that records. A full disk passes: it is waited for by whoever appends.
    fn prove_writable(&self) -> Result<(), JournalError> {
        let version = "user_version";
        let proven = self
            .connection
            .pragma_query_value(None, version, |row| row.get::<_, i64>(0))
            .and_then(|kept| self.connection.pragma_update(None, version, kept));
        passing(proven.map_err(|source| JournalError::writing("writing to the journal", source)))
    }

    fn read_tails(&self) -> Result<BTreeMap<RoomId, Tail>, JournalError> {
        let mut tails = BTreeMap::new();
        for head in self.reader.heads()? {
            if let Some(id) = self.reader.ledger_id(&head.ledger)? {
                let tail = Tail {
                    id,
                    seq: head.seq,
                    hash: head.hash,
                };
                tails.insert(head.ledger, tail);
            }
        }
        Ok(tails)
    }

    /// Takes away what the end of the process left half written: a run that was closing, a snapshot that was being kept.
    fn undo_halves(&mut self) -> Result<(), JournalError> {
        for tail in self.tails.values() {
            let undone = closing::undo(&self.connection, tail.id);
            passing(undone.map_err(|source| JournalError::writing("taking a run away", source)))?;
            let next = NextRun::read(&self.connection, tail.id).map_err(append::unindexed)?;
            self.next_runs.insert(tail.id, next);
        }
        let cleared = snapshot::clear_all(&self.connection);
        passing(cleared.map_err(|source| JournalError::writing("clearing a snapshot", source)))
    }

    /// Reads the last record of every ledger: what is appended must not rest on a damaged one.
    fn check_tails(&self) -> Result<(), JournalError> {
        for (ledger, tail) in &self.tails {
            let before = Seq(tail.seq.0.saturating_sub(1));
            self.reader
                .records(&RecordQuery::since(ledger.clone(), before, 1))?;
        }
        Ok(())
    }
}

/// A full disk passes: what could not be tidied now is tidied by a later start.
fn passing(done: Result<(), JournalError>) -> Result<(), JournalError> {
    match done {
        Err(JournalError::Full) => Ok(()),
        other => other,
    }
}

/// Takes the lock of a data folder, and makes the folder when it is new.
fn lock(folder: &Path) -> Result<File, JournalError> {
    let unusable = |source| JournalError::Folder {
        path: folder.to_path_buf(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(unusable)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK_FILE))
        .map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::Locked {
            path: folder.to_path_buf(),
        }),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

impl JournalRead for SqliteJournal {
    fn heads(&self) -> Result<Vec<Head>, JournalError> {
        self.reader.heads()
    }

    fn head(&self, ledger: &RoomId) -> Result<Head, JournalError> {
        self.reader.head(ledger)
    }

    fn oldest(&self, ledger: &RoomId) -> Result<Seq, JournalError> {
        self.reader.oldest(ledger)
    }

    fn records(&self, query: &RecordQuery) -> Result<RecordPage, JournalError> {
        self.reader.records(query)
    }

    fn positions(
        &self,
        query: &PositionQuery,
        visit: &mut dyn FnMut(PositionPart) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        self.reader.positions(query, visit)
    }

    fn fold(
        &self,
        after: &BTreeMap<RoomId, Seq>,
        visit: &mut dyn FnMut(Record) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        self.reader.fold(after, visit)
    }

    fn latest_snapshot(
        &self,
        ledger: &RoomId,
        schema: u16,
    ) -> Result<Option<Snapshot>, JournalError> {
        self.reader.latest_snapshot(ledger, schema)
    }

    fn keys(&self, ledger: &RoomId) -> Result<Vec<KeyInfo>, JournalError> {
        self.keys.list(ledger)
    }
}

impl Journal for SqliteJournal {
    fn append(
        &mut self,
        recorded_at: Timestamp,
        records: Vec<NewRecord>,
    ) -> Result<Vec<Appended>, JournalError> {
        self.guarded(|journal| journal.append_all(recorded_at, records))
    }

    fn try_write(&mut self) -> Result<(), JournalError> {
        self.guarded(|journal| {
            journal
                .connection
                .execute("UPDATE journal SET id = id", [])
                .map(drop)
                .map_err(|source| JournalError::writing("trying to write to the journal", source))
        })
    }

    fn keep_step(&mut self, snapshot: &Snapshot, step: usize) -> Result<bool, JournalError> {
        self.guarded(|journal| journal.store_piece(snapshot, step))
    }

    fn erase(
        &mut self,
        recorded_at: Timestamp,
        erasure: &Erasure,
    ) -> Result<Appended, JournalError> {
        self.guarded(|journal| journal.erase_keys(recorded_at, erasure))
    }

    fn open_reader(&self) -> Result<Box<dyn JournalRead>, JournalError> {
        Ok(Box::new(SqliteReader::open(&self.folder)?))
    }
}
