//! The file: how it is opened, recognised and brought to the newest form.

use super::error::RegistryError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// `LIMR` in ASCII: a file with another mark is no registry.
const APPLICATION_ID: i32 = 0x4C49_4D52;

/// How long a writer waits for another process before it gives up.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// The steps from an empty file to the newest form; step n leads from version n to n + 1. A released step is never
/// changed.
const STEPS: [&str; 2] = [include_str!("schema_1.sql"), include_str!("schema_2.sql")];

/// Prepares a connection and brings its file to the newest form.
///
/// # Errors
/// [`RegistryError`] when the file is no registry, is newer than this program, or cannot be written.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), RegistryError> {
    connection.busy_timeout(BUSY)?;
    recognise(connection, path)?;
    // An in-memory database answers `memory` here, which is all the same to it.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have brought it forward between the first look and the lock.
    let version = recognise(&transaction, path)?;
    for step in STEPS.iter().skip(version) {
        transaction.execute_batch(step)?;
    }
    if version < STEPS.len() {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", STEPS.len() as i64)?;
    }
    transaction.commit()?;
    Ok(())
}

/// The version of the file: 0 for an empty one.
fn recognise(connection: &Connection, path: &Path) -> Result<usize, RegistryError> {
    let not_ours = || RegistryError::NotARegistry {
        path: path.to_owned(),
    };
    let mark: i32 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(|cause| match cause.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => not_ours(),
            _ => cause.into(),
        })?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match (mark, tables, version) {
        (0, 0, 0) => Ok(0),
        (APPLICATION_ID, _, 1..) if version as usize > STEPS.len() => Err(RegistryError::Newer {
            path: path.to_owned(),
            version,
        }),
        (APPLICATION_ID, _, 1..) => Ok(version as usize),
        _ => Err(not_ours()),
    }
}
