//! Writing the log back into the file, beside the writer.
//!
//! A commit appends to the write-ahead log and is durable there. Once the log is long its pages go into the file itself,
//! which takes many writes and two syncs: done by the writer, it would hold up every commit that comes meanwhile.
//!
//! ```text
//! writer        commit  commit  commit  …  commit │ the last few pages, then the log from its beginning
//!                  └ so many pages ─┐         ↑
//! checkpointer                      pages into the file; the log is long and nearly all of it is in the file
//! ```
//!
//! Only the writer can end a log: whatever is written back meanwhile, it has appended more. So it writes back the few
//! pages that are left, when it is told that they are few; its next commit begins the log anew. While a reader still
//! reads the log's beginning it goes on growing; nothing waits.

use super::super::JournalError;
use super::schema::JOURNAL_FILE;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// The log is written back after about so many of its pages, 4 MiB. In tests after each commit.
const PAGES: u64 = if cfg!(test) { 1 } else { 1_024 };
/// A log of so many pages, 16 MiB, is ended when the writer can.
const LONG: i64 = if cfg!(test) { 64 } else { 4_096 };
/// So many pages the writer writes back itself, at most about: some milliseconds.
const FEW: i64 = 256;

/// The thread that writes the log back, and how the writer speaks with it. Ends when dropped.
pub(super) struct Checkpointer {
    // `None` only while it is dropped.
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    /// Pages appended since the thread was woken.
    pages: u64,
}

#[derive(Default)]
struct Shared {
    /// Held while the thread writes back.
    turn: Mutex<()>,
    /// The log is long, and all but a few pages of it are in the file.
    nearly_done: AtomicBool,
}

impl Shared {
    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How much of the log there is, and how much of that is in the file, pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Log {
    pages: i64,
    written_back: i64,
}

impl Log {
    const fn can_be_ended(self) -> bool {
        self.pages >= LONG && self.pages - self.written_back <= FEW
    }
}

/// Writes back what can be without holding up anybody. `None` when another does so already.
fn write_back(connection: &Connection) -> Result<Option<Log>, rusqlite::Error> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        let busy: i64 = row.get(0)?;
        let log = Log {
            pages: row.get(1)?,
            written_back: row.get(2)?,
        };
        Ok((busy == 0).then_some(log))
    })
}

impl Checkpointer {
    /// Starts the thread, on a connection of its own.
    ///
    /// # Errors
    /// When the journal cannot be opened once more.
    pub(super) fn start(folder: &Path) -> Result<Self, JournalError> {
        let opening = |source| JournalError::reading("opening the journal")(source);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(folder.join(JOURNAL_FILE), flags).map_err(opening)?;
        connection
            .execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;")
            .map_err(opening)?;
        let (wake, woken) = sync_channel(1);
        let shared = Arc::new(Shared::default());
        let with = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("checkpointer".to_owned())
            .spawn(move || run(&connection, &woken, &with))
            .map_err(|source| JournalError::Folder {
                path: folder.to_path_buf(),
                source,
            })?;
        Ok(Self {
            wake: Some(wake),
            thread: Some(thread),
            shared,
            pages: 0,
        })
    }

    /// The writer is about to commit: ends the log when only a few pages are left to write back.
    pub(super) fn before_commit(&self, writer: &Connection) {
        if self.shared.nearly_done.swap(false, Ordering::AcqRel) {
            note(write_back(writer));
        }
    }

    /// Keeps the thread from writing back while the guard lives: only one at a time may, and one who must does not wait in
    /// the store for it.
    pub(super) fn alone(&self) -> MutexGuard<'_, ()> {
        self.shared.turn()
    }

    /// The writer has committed about so many pages.
    pub(super) fn committed(&mut self, pages: u64) {
        self.pages += pages;
        if self.pages >= PAGES {
            // One that is at work will do these too, or is woken by the next commit.
            let woken = self.wake.as_ref().map(|wake| wake.try_send(()));
            if let Some(Ok(())) = woken {
                self.pages = 0;
            }
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            // It has said why, if it ended by a fault.
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, woken: &Receiver<()>, shared: &Shared) {
    for () in woken {
        let log = {
            let _turn = shared.turn();
            note(write_back(connection))
        };
        if log.is_some_and(Log::can_be_ended) {
            shared.nearly_done.store(true, Ordering::Release);
        }
    }
}

/// A log that cannot be written back grows and loses nothing: the commits themselves say when nothing goes any more.
fn note(done: Result<Option<Log>, rusqlite::Error>) -> Option<Log> {
    done.unwrap_or_else(|error| {
        tracing::warn!(%error, "the log of the journal cannot be written back");
        None
    })
}
