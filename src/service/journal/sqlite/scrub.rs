//! After an erasure: nothing of it stays in a free page, in the gap that a moved row left in a page, or in the log.
//!
//! What is deleted is overwritten at once (`secure_delete`). But `SQLite` also moves rows between pages when a table grows,
//! and does not wipe where they stood: such a copy of a key, or of who was where, would outlast the row. So both files are
//! written anew, from what is still in them, and the log is emptied. Until that is done a mark lies in the folder: cut off
//! in between, the next start does it again.

use super::super::JournalError;
use super::SqliteJournal;
use super::reader::SqliteReader;
use super::schema::BUSY_WAIT;
use rusqlite::Connection;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The mark: something was erased, and the files were not written anew since.
const MARK: &str = "journal.erasing";
/// How long to wait for readers to let go of the log.
const READERS_WAIT: Duration = if cfg!(test) {
    Duration::from_millis(100)
} else {
    Duration::from_secs(10)
};

fn mark(folder: &Path) -> PathBuf {
    folder.join(MARK)
}

fn unusable(path: PathBuf) -> impl FnOnce(std::io::Error) -> JournalError {
    |source| JournalError::Folder { path, source }
}

impl SqliteJournal {
    /// Sets the mark, durably: before the first byte of an erasure is written.
    pub(super) fn mark_erasing(&self) -> Result<(), JournalError> {
        let path = mark(&self.folder);
        File::create(&path)
            .and_then(|file| file.sync_all())
            .and_then(|()| File::open(&self.folder)?.sync_all())
            .map_err(unusable(path))
    }

    /// Whether something was erased and its traces were not overwritten since.
    #[must_use]
    pub fn has_traces(&self) -> bool {
        mark(&self.folder).exists()
    }

    /// Writes both files anew and empties the log, so that no byte of the folder holds what was erased. Takes the time and,
    /// meanwhile, about twice the room of the journal; nothing is recorded while it lasts.
    ///
    /// # Errors
    /// When a file cannot be written, or a reader keeps the log: what was erased is erased, and its traces go with the next
    /// call or the next start.
    pub fn scrub(&mut self) -> Result<(), JournalError> {
        self.guarded(Self::write_anew)
    }

    /// At a start: what an erasure left when it was cut off. No start is refused for it: the mark stays, and `verify` says so.
    pub(super) fn finish_scrub(&mut self) {
        if !self.has_traces() {
            return;
        }
        tracing::warn!("an erasure was cut off: the journal is written anew");
        if let Err(error) = self.write_anew() {
            tracing::warn!(%error, "traces of what was erased are not overwritten yet");
        }
    }

    fn write_anew(&mut self) -> Result<(), JournalError> {
        if !self.has_traces() {
            return Ok(());
        }
        let in_use = |error| in_use(error, &self.folder);
        self.keys.write_anew().map_err(in_use)?;
        {
            let _alone = self.checkpointer.alone();
            rewrite(&self.connection).map_err(in_use)?;
            if !empty_log(&self.connection)? {
                let path = self.folder.clone();
                return Err(JournalError::InUse { path });
            }
        }
        let path = mark(&self.folder);
        std::fs::remove_file(&path).map_err(unusable(path))
    }
}

fn rewriting(source: rusqlite::Error) -> JournalError {
    JournalError::writing("writing the journal anew", source)
}

/// Writes a file anew from what is in it.
pub(in crate::service::journal) fn rewrite(connection: &Connection) -> Result<(), JournalError> {
    // A statement that is kept ready may hold the file.
    connection.flush_prepared_statement_cache();
    connection.execute_batch("VACUUM").map_err(rewriting)
}

/// As `flush_log`, with more patience: a log that is left may hold what was erased. Whether it is empty.
fn empty_log(connection: &Connection) -> Result<bool, JournalError> {
    let wait = |pause| connection.busy_timeout(pause).map_err(rewriting);
    wait(READERS_WAIT)?;
    let held_up: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(rewriting)?;
    wait(BUSY_WAIT)?;
    Ok(held_up == 0)
}

/// A file that another connection holds is in use, and nothing is wrong with it.
fn in_use(error: JournalError, folder: &Path) -> JournalError {
    let busy = matches!(
        &error,
        JournalError::Io { source, .. }
            if source.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
    );
    if busy {
        JournalError::InUse {
            path: folder.to_path_buf(),
        }
    } else {
        error
    }
}

impl SqliteReader {
    /// Whether something was erased and its traces were not overwritten since.
    #[must_use]
    pub fn has_traces(&self) -> bool {
        mark(&self.folder).exists()
    }
}
