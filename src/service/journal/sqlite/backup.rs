//! Backups: a copy of both files as of one moment, also while the service runs.

use super::super::JournalError;
use super::reader::SqliteReader;
use super::schema::{self, JOURNAL_FILE, KEYS_FILE};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::path::Path;
use std::time::Duration;

/// How long to wait for a file that is being written.
const BUSY_TRIES: usize = 100;
const BUSY_PAUSE: Duration = Duration::from_millis(50);

impl SqliteReader {
    /// Copies the journal and its keys into a folder that is new or empty; what is there afterwards is a data folder
    /// with a journal. Whoever can read both files can read everything: keep the keys of a backup apart, and destroy
    /// with them what is erased later.
    ///
    /// # Errors
    /// [`JournalError::NotEmpty`], or when a file cannot be read or written.
    pub fn back_up(&self, to: &Path) -> Result<(), JournalError> {
        let unusable = |source| JournalError::Folder {
            path: to.to_path_buf(),
            source,
        };
        std::fs::create_dir_all(to).map_err(unusable)?;
        let mut entries = std::fs::read_dir(to).map_err(unusable)?;
        if entries.next().is_some() {
            return Err(JournalError::NotEmpty {
                path: to.to_path_buf(),
            });
        }
        // The records first: every key they need is older than they are.
        copy(&self.connection, &to.join(JOURNAL_FILE))?;
        self.keys
            .with(|connection| copy(connection, &to.join(KEYS_FILE)))
    }
}

fn copy(from: &Connection, to: &Path) -> Result<(), JournalError> {
    let copying = |source| JournalError::writing("copying the journal", source);
    let mut target = Connection::open(to).map_err(copying)?;
    schema::keep_private(to)?;
    let copied = {
        let backup = Backup::new(from, &mut target).map_err(copying)?;
        step(&backup).map_err(copying)?
    };
    if !copied {
        return Err(JournalError::Store {
            doing: "copying the journal while it is being written",
            source: rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(5), None),
        });
    }
    // One file that stands alone; the service changes it back when it opens it.
    target
        .query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
        .map_err(copying)
}

/// All pages in one step, so that they are of one moment. Whether it came to its end.
fn step(backup: &Backup<'_, '_>) -> Result<bool, rusqlite::Error> {
    for _ in 0..BUSY_TRIES {
        match backup.step(-1)? {
            StepResult::Done => return Ok(true),
            _ => std::thread::sleep(BUSY_PAUSE),
        }
    }
    Ok(false)
}
