//! What can go wrong with the journal, and what to do about it.

use crate::domain::ids::{RoomId, Seq};
use std::path::PathBuf;

/// Why the journal did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// No room on the disk. Nothing of the append is kept; it may be tried again once there is room.
    #[error("the disk is full: free some space, nothing is acknowledged until then")]
    Full,
    /// Writing failed. What became of the append is known only after the journal is opened again.
    #[error("{doing} failed: check the disk and start the service again")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The private cause.
        source: rusqlite::Error,
    },
    /// An earlier append failed; this handle writes no more.
    #[error("the journal stopped after a failed write: start the service again")]
    Stopped,
    /// Reading or opening failed.
    #[error("{doing} failed: check the data folder and run `limes journal verify`")]
    Store {
        /// What was tried.
        doing: &'static str,
        /// The private cause.
        source: rusqlite::Error,
    },
    /// The folder or a file in it cannot be used.
    #[error("`{path}` cannot be used: check that it exists and that this account may write there")]
    Folder {
        /// Which.
        path: PathBuf,
        /// The private cause.
        source: std::io::Error,
    },
    /// There is no journal in the folder.
    #[error("`{path}` has no journal: name the data folder of a service with --data")]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// Something is in the folder already.
    #[error("`{path}` is not empty: name a new folder")]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// Another service has the folder.
    #[error("another service is using `{path}`: stop it, or name another data folder")]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// Another command reads the journal at length, and what must be alone cannot be.
    #[error(
        "another command still reads the journal in `{path}`: let it end, then do the same again"
    )]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// Written by a newer Limes.
    #[error(
        "`{path}` has schema {found} and this limes knows {known}: use the newer limes that wrote it"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema this binary knows.
        known: i64,
    },
    /// The file is something else.
    #[error("`{path}` is no file of a Limes journal: name another data folder")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Written by an older Limes, and opened for reading only.
    #[error("`{path}` has an older schema: start the service once, it brings the file up to date")]
    Older {
        /// The file.
        path: PathBuf,
    },
    /// One of the two files is gone.
    #[error("`{missing}` is gone while the rest of the journal is there: restore it from a backup")]
    Half {
        /// The file that is not there.
        missing: PathBuf,
    },
    /// The keys belong to another journal.
    #[error("`{path}` holds the keys of another journal: restore both from one backup")]
    OtherKeys {
        /// The file.
        path: PathBuf,
    },
    /// A stored record is not what was written.
    #[error("record {seq} of ledger {ledger} is damaged ({why}): run `limes journal verify`")]
    Damaged {
        /// The ledger.
        ledger: RoomId,
        /// The record.
        seq: Seq,
        /// What is wrong with it.
        why: String,
    },
    /// A record that cannot be written.
    #[error("a record of kind `{kind}` cannot be written: {why}")]
    Unfit {
        /// Its kind.
        kind: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The operating system gave no random bytes.
    #[error("no random bytes for a key: check the operating system")]
    Random,
}

impl JournalError {
    /// Sorts a failure while writing.
    pub(crate) fn writing(doing: &'static str, source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            _ => Self::Io { doing, source },
        }
    }

    /// For `map_err` while reading.
    pub(crate) fn reading(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| Self::Store { doing, source }
    }
}
