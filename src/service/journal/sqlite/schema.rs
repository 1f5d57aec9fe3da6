//! The two database files, their marks and versions, and how they are opened.

use super::super::JournalError;
use super::spans;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// The ledgers.
pub(crate) const JOURNAL_FILE: &str = "journal.sqlite";
/// The keys: a small file of its own, so that destroying a key touches little.
pub(crate) const KEYS_FILE: &str = "keys.sqlite";

/// How long to wait for another connection.
pub(crate) const BUSY_WAIT: Duration = Duration::from_secs(5);

/// The step from one schema version to the next.
enum Migration {
    Sql(&'static str),
    /// In between, what no SQL can say.
    Around(
        &'static str,
        fn(&Connection) -> Result<(), rusqlite::Error>,
        &'static str,
    ),
}

impl Migration {
    fn run(&self, connection: &Connection) -> Result<(), rusqlite::Error> {
        match self {
            Self::Sql(sql) => connection.execute_batch(sql),
            Self::Around(before, step, after) => {
                connection.execute_batch(before)?;
                step(connection)?;
                connection.execute_batch(after)
            }
        }
    }
}

/// One of the two files.
pub(crate) struct FileKind {
    /// Its name in the data folder.
    pub(crate) name: &'static str,
    /// Its mark in `SQLite`'s header.
    application_id: i64,
    /// What brings it from each schema version to the next.
    migrations: &'static [Migration],
    /// How it journals.
    pragmas: &'static str,
}

// "LiMJ" and "LiMK".
pub(crate) const JOURNAL: FileKind = FileKind {
    name: JOURNAL_FILE,
    application_id: 0x4c69_4d4a,
    migrations: &[
        Migration::Sql(JOURNAL_V1),
        Migration::Sql(JOURNAL_V2),
        Migration::Around(JOURNAL_V3, spans::adopt, "DROP TABLE positions;"),
        Migration::Sql(JOURNAL_V4),
    ],
    // Its log is written back beside the writer: see `checkpoint`.
    pragmas: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
              PRAGMA journal_size_limit = 67108864;",
};
pub(crate) const KEYS: FileKind = FileKind {
    name: KEYS_FILE,
    application_id: 0x4c69_4d4b,
    migrations: &[Migration::Sql(KEYS_V1)],
    // A write-ahead log would keep copies of destroyed keys until the next checkpoint.
    pragmas: "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;",
};

/// `records.id` is the order of appending over all ledgers. `parts` holds, per part, 16 bytes of key id and 32 of
/// digest; `sealed`, per part, a length of 4 bytes (big-endian) and the sealed bytes, length 0 when erased.
const JOURNAL_V1: &str = "
CREATE TABLE journal (id BLOB NOT NULL) STRICT;
CREATE TABLE ledgers (
    id INTEGER PRIMARY KEY,
    room TEXT NOT NULL UNIQUE,
    oldest INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE records (
    id INTEGER PRIMARY KEY,
    ledger INTEGER NOT NULL REFERENCES ledgers (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    schema INTEGER NOT NULL,
    retention TEXT NOT NULL,
    unit TEXT,
    operation TEXT,
    hash BLOB NOT NULL,
    parts BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX records_by_seq ON records (ledger, seq);
CREATE INDEX records_by_kind ON records (ledger, kind, seq);
CREATE INDEX records_by_unit ON records (ledger, unit, seq) WHERE unit IS NOT NULL;
CREATE INDEX records_by_operation ON records (ledger, operation, seq) WHERE operation IS NOT NULL;
CREATE TABLE positions (
    ledger INTEGER NOT NULL REFERENCES ledgers (id),
    unit TEXT NOT NULL,
    wide INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    part INTEGER NOT NULL,
    source TEXT NOT NULL,
    to_ms INTEGER NOT NULL,
    PRIMARY KEY (ledger, unit, wide, from_ms, seq, part, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX positions_by_seq ON positions (ledger, seq, part);
CREATE TABLE erased (
    key BLOB PRIMARY KEY,
    ledger INTEGER NOT NULL REFERENCES ledgers (id),
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshots (
    ledger INTEGER PRIMARY KEY REFERENCES ledgers (id),
    through INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    key BLOB NOT NULL,
    digest BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
";

/// Events are few among positions: reading them must not pass over all of these.
const JOURNAL_V2: &str = "
CREATE INDEX events_by_seq ON records (ledger, seq) WHERE kind <> 'positions';
";

/// The index of positions is appended to and never inserted into: see [`spans`].
const JOURNAL_V3: &str = "
CREATE TABLE spans (
    ledger INTEGER NOT NULL REFERENCES ledgers (id),
    seq INTEGER NOT NULL,
    count INTEGER NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (ledger, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE runs (
    ledger INTEGER NOT NULL REFERENCES ledgers (id),
    through INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    PRIMARY KEY (ledger, through)
) STRICT, WITHOUT ROWID;
CREATE TABLE spans_by_unit (
    ledger INTEGER NOT NULL,
    through INTEGER NOT NULL,
    unit TEXT NOT NULL,
    places BLOB NOT NULL,
    PRIMARY KEY (ledger, through, unit),
    FOREIGN KEY (ledger, through) REFERENCES runs (ledger, through)
) STRICT, WITHOUT ROWID;
";

/// A run is closed in small steps, and a snapshot kept in small pieces, so that no commit waits for either: see [`runs`]
/// and [`snapshot`]. A snapshot of the earlier form is let go: the next start folds from the beginning.
///
/// [`runs`]: super::runs
/// [`snapshot`]: super::snapshot
const JOURNAL_V4: &str = "
ALTER TABLE runs ADD COLUMN closed INTEGER NOT NULL DEFAULT 1 CHECK (closed IN (0, 1));
DROP TABLE snapshots;
CREATE TABLE snapshots (
    ledger INTEGER PRIMARY KEY REFERENCES ledgers (id),
    through INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    key BLOB NOT NULL,
    digest BLOB NOT NULL
) STRICT;
CREATE TABLE snapshot_pieces (
    ledger INTEGER NOT NULL REFERENCES ledgers (id),
    key BLOB NOT NULL,
    piece INTEGER NOT NULL,
    digest BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (ledger, key, piece)
) STRICT;
";

/// `day` is the day of recording (UTC, days since 1970): each subject has a key per retention class and day, so that
/// what is past its time can be erased without touching what is not.
const KEYS_V1: &str = "
CREATE TABLE journal (id BLOB NOT NULL) STRICT;
CREATE TABLE keys (
    id BLOB PRIMARY KEY,
    ledger TEXT NOT NULL,
    subject TEXT NOT NULL,
    retention TEXT NOT NULL,
    day INTEGER NOT NULL,
    secret BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX keys_by_subject ON keys (ledger, subject, retention, day);
";

/// Opens a file for writing, makes it when it is new, brings an older schema to this one.
pub(crate) fn open_for_writing(folder: &Path, kind: &FileKind) -> Result<Connection, JournalError> {
    let path = folder.join(kind.name);
    let mut connection = Connection::open_with_flags(
        &path,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(JournalError::reading("opening the journal"))?;
    keep_private(&path)?;
    prepare(&connection)?;
    let version = version(&connection, kind, &path)?;
    let opening = |source| JournalError::writing("opening the journal", source);
    connection
        .execute_batch("PRAGMA secure_delete = ON;")
        .map_err(opening)?;
    connection.execute_batch(kind.pragmas).map_err(opening)?;
    let transaction = connection.transaction().map_err(opening)?;
    for migration in &kind.migrations[version..] {
        migration.run(&transaction).map_err(opening)?;
    }
    if version < kind.migrations.len() {
        let known = kind.migrations.len() as i64;
        transaction
            .pragma_update(None, "application_id", kind.application_id)
            .and_then(|()| transaction.pragma_update(None, "user_version", known))
            .map_err(opening)?;
    }
    transaction.commit().map_err(opening)?;
    Ok(connection)
}

/// Nobody but the service's own account reads the file; what `SQLite` puts beside it follows.
pub(crate) fn keep_private(path: &Path) -> Result<(), JournalError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path, private).map_err(|source| JournalError::Folder {
            path: path.to_path_buf(),
            source,
        })?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Opens a file for reading, beside a writer or alone.
pub(crate) fn open_for_reading(folder: &Path, kind: &FileKind) -> Result<Connection, JournalError> {
    let path = folder.join(kind.name);
    if !path.is_file() {
        return Err(JournalError::Missing {
            path: folder.to_path_buf(),
        });
    }
    settle(&path);
    let connection = Connection::open_with_flags(
        &path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(JournalError::reading("opening the journal"))?;
    prepare(&connection)?;
    if version(&connection, kind, &path)? < kind.migrations.len() {
        return Err(JournalError::Older { path });
    }
    Ok(connection)
}

/// A process that was killed in the midst of a commit leaves a rollback journal beside the keys, and who only reads can
/// not roll it back. One look by a connection that may write does; it leaves a commit that is under way alone. Where
/// that is not permitted the reader says why it can not read.
fn settle(path: &Path) {
    let mut beside = path.as_os_str().to_owned();
    beside.push("-journal");
    if !Path::new(&beside).exists() {
        return;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let looked = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(BUSY_WAIT)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
    });
    if let Err(error) = looked {
        tracing::debug!(%error, "a rollback journal could not be looked at");
    }
}

fn prepare(connection: &Connection) -> Result<(), JournalError> {
    connection
        .busy_timeout(BUSY_WAIT)
        .and_then(|()| {
            connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON;")
        })
        .map_err(JournalError::reading("opening the journal"))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// The schema version of a file; 0 when it is new.
fn version(connection: &Connection, kind: &FileKind, path: &Path) -> Result<usize, JournalError> {
    let number = |name: &str| -> Result<i64, JournalError> {
        connection
            .pragma_query_value(None, name, |row| row.get(0))
            .map_err(|source| not_ours(source, path))
    };
    let (mark, found) = (number("application_id")?, number("user_version")?);
    let known = kind.migrations.len() as i64;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|source| not_ours(source, path))?;
    if mark == 0 && found == 0 && tables == 0 {
        return Ok(0);
    }
    if mark != kind.application_id || found < 1 {
        return Err(JournalError::Foreign {
            path: path.to_path_buf(),
        });
    }
    if found > known {
        return Err(JournalError::Newer {
            path: path.to_path_buf(),
            found,
            known,
        });
    }
    Ok(found as usize)
}

fn not_ours(source: rusqlite::Error, path: &Path) -> JournalError {
    match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => JournalError::Foreign {
            path: path.to_path_buf(),
        },
        _ => JournalError::Store {
            doing: "opening the journal",
            source,
        },
    }
}

/// The name that the two files of one journal share.
pub(crate) fn journal_id(connection: &Connection) -> Result<Option<Vec<u8>>, JournalError> {
    use rusqlite::OptionalExtension as _;
    connection
        .query_row("SELECT id FROM journal", [], |row| row.get(0))
        .optional()
        .map_err(JournalError::reading("reading the journal's name"))
}

/// Fails unless the keys belong to the journal.
pub(crate) fn check_pair(
    journal: &Connection,
    keys: &Connection,
    folder: &Path,
) -> Result<(), JournalError> {
    if journal_id(journal)? == journal_id(keys)? {
        Ok(())
    } else {
        Err(JournalError::OtherKeys {
            path: folder.join(KEYS_FILE),
        })
    }
}

/// Opens both files for writing and makes them when they are new, the keys first. An empty journal never takes the
/// place of a lost one.
pub(crate) fn open_pair(folder: &Path) -> Result<(Connection, Connection), JournalError> {
    let (journal_path, keys_path) = (folder.join(JOURNAL_FILE), folder.join(KEYS_FILE));
    let had_journal = journal_path.exists();
    if had_journal && !keys_path.exists() {
        return Err(JournalError::Half { missing: keys_path });
    }
    let keys = open_for_writing(folder, &KEYS)?;
    let used: bool = keys
        .query_row("SELECT EXISTS (SELECT 1 FROM keys)", [], |row| row.get(0))
        .map_err(JournalError::reading("reading the keys"))?;
    if used && !had_journal {
        return Err(JournalError::Half {
            missing: journal_path,
        });
    }
    let name = if let Some(name) = journal_id(&keys)? {
        name
    } else {
        let mut name = vec![0; 16];
        getrandom::fill(&mut name).map_err(|_| JournalError::Random)?;
        set_journal_id(&keys, &name)?;
        name
    };
    let journal = open_for_writing(folder, &JOURNAL)?;
    if journal_id(&journal)?.is_none() && !used {
        set_journal_id(&journal, &name)?;
    }
    check_pair(&journal, &keys, folder)?;
    Ok((journal, keys))
}

fn set_journal_id(connection: &Connection, name: &[u8]) -> Result<(), JournalError> {
    connection
        .execute("INSERT INTO journal (id) VALUES (?1)", [name])
        .map(drop)
        .map_err(|source| JournalError::writing("naming the journal", source))
}
