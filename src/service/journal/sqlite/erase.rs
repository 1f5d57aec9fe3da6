//! Erasing: keys and sealed parts go, the chain stays.

use super::super::record::{Appended, KIND_ERASED, KeyId};
use super::super::{Erasure, JournalError, tally};
use super::SqliteJournal;
use super::append::unindexed;
use super::closing::{self, NextRun};
use super::row::{self, COLUMNS, StoredRow, number, seq_at};
use super::schema::BUSY_WAIT;
use super::spans::{self, SpansError};
use super::{runs, snapshot};
use crate::domain::ids::Seq;
use crate::domain::measure::Timestamp;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long the emptying of the log waits for readers: the service writes nothing meanwhile.
const FLUSH_WAIT: Duration = Duration::from_millis(200);

impl SqliteJournal {
    /// First the record and the payloads, in one transaction; then the keys. Cut off in between, the next start
    /// destroys the keys. The traces in both files go with [`SqliteJournal::scrub`].
    pub(super) fn erase_keys(
        &mut self,
        recorded_at: Timestamp,
        erasure: &Erasure,
    ) -> Result<Appended, JournalError> {
        let existing = self.keys.list(&erasure.ledger)?;
        tally::check_erasure(erasure, &existing)?;
        let Some(ledger) = self.tails.get(&erasure.ledger).map(|tail| tail.id) else {
            return Err(JournalError::Unfit {
                kind: KIND_ERASED.to_owned(),
                why: "the ledger has no records",
            });
        };
        let groups = tally::classes(erasure, &existing);
        let tallies = self.reader.tally(&erasure.ledger, &groups)?;
        let record = tally::erased(recorded_at, erasure, &existing, &tallies);
        let keys: BTreeSet<KeyId> = erasure.keys.iter().copied().collect();
        self.mark_erasing()?;
        let appended = self.append_with(recorded_at, vec![record], |connection, sealed| {
            let seq = sealed.first().map_or(Seq::ZERO, |record| record.header.seq);
            note(connection, ledger, seq, &keys)?;
            closing::undo(connection, ledger)?;
            blank(connection, ledger, &keys)?;
            snapshot::forget(connection, ledger)?;
            Ok(())
        })?;
        self.under_way = None;
        self.tails = self.read_tails()?;
        let next = NextRun::read(&self.connection, ledger);
        self.next_runs.insert(ledger, next.map_err(unindexed)?);
        self.keys.destroy(&erasure.keys)?;
        self.keys.destroy_snapshot_keys(&erasure.ledger, None)?;
        self.flush_log()?;
        appended.into_iter().next().ok_or(JournalError::Stopped)
    }

    /// Destroys keys whose erasure was recorded and then cut off.
    pub(super) fn complete_erasures(&mut self) -> Result<(), JournalError> {
        let mut left = Vec::new();
        for (ledger, tail) in &self.tails {
            let erased = erased_keys(&self.connection, tail.id)
                .map_err(JournalError::reading("reading what was erased"))?;
            let keys = self.keys.list(ledger)?.into_iter().map(|info| info.id);
            left.extend(keys.filter(|key| erased.contains_key(key)));
        }
        if left.is_empty() {
            return Ok(());
        }
        tracing::warn!(keys = left.len(), "completing an erasure that was cut off");
        self.keys.destroy(&left)
    }

    /// Writes the log back into the file and empties it: it may hold pages from before an erasure. A reader in the
    /// middle of a long answer prevents that; the next start tries again.
    pub(super) fn flush_log(&self) -> Result<(), JournalError> {
        let flushing = |source| JournalError::writing("emptying the log", source);
        let _alone = self.checkpointer.alone();
        let wait = |pause| self.connection.busy_timeout(pause).map_err(flushing);
        wait(FLUSH_WAIT)?;
        let held_up: i64 = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(flushing)?;
        wait(BUSY_WAIT)?;
        if held_up != 0 {
            tracing::warn!("a reader keeps the log of the journal from being emptied");
        }
        Ok(())
    }
}

/// The erased keys of a ledger, and the record of each erasure.
pub(super) fn erased_keys(
    connection: &Connection,
    ledger: i64,
) -> Result<BTreeMap<KeyId, Seq>, rusqlite::Error> {
    let mut statement = connection.prepare("SELECT key, seq FROM erased WHERE ledger = ?1")?;
    let rows = statement.query_map([ledger], |row| Ok((KeyId(row.get(0)?), seq_at(row, 1)?)))?;
    rows.collect()
}

fn note(
    connection: &Connection,
    ledger: i64,
    seq: Seq,
    keys: &BTreeSet<KeyId>,
) -> Result<(), rusqlite::Error> {
    for key in keys {
        connection.execute(
            "INSERT OR IGNORE INTO erased (key, ledger, seq) VALUES (?1, ?2, ?3)",
            params![&key.0[..], ledger, number(seq)],
        )?;
    }
    Ok(())
}

/// Removes every part sealed under one of the keys, its index of positions, and the record's own index when no part is
/// left. Reads the whole ledger: complete whatever the indexes say.
fn blank(connection: &Connection, ledger: i64, keys: &BTreeSet<KeyId>) -> Result<(), SpansError> {
    let sql = format!("SELECT {COLUMNS} FROM records AS r WHERE r.ledger = ?1 ORDER BY r.seq");
    let mut reading = connection.prepare(&sql)?;
    let mut rows = reading.query([ledger])?;
    while let Some(found) = rows.next()? {
        let stored = StoredRow::read(found)?;
        let hits = stored.parts_under(keys);
        let Ok(sealed) = stored.sealed_parts() else {
            continue;
        };
        if hits.is_empty() {
            continue;
        }
        let kept = |(part, bytes): (usize, &&'_ [u8])| -> Vec<u8> {
            if hits.contains(&part) {
                Vec::new()
            } else {
                bytes.to_vec()
            }
        };
        let left: Vec<Vec<u8>> = sealed.iter().enumerate().map(kept).collect();
        let gone = left.iter().all(Vec::is_empty);
        connection
            .prepare_cached(
                "UPDATE records SET sealed = ?3, unit = iif(?4, NULL, unit),
                        operation = iif(?4, NULL, operation)
                 WHERE ledger = ?1 AND seq = ?2",
            )?
            .execute(params![
                ledger,
                number(stored.seq),
                row::pack_sealed(left.iter().map(Vec::as_slice)),
                gone
            ])?;
        let gone = spans::erase(connection, ledger, stored.seq, &hits)?;
        runs::take_out(connection, ledger, stored.seq, &gone)?;
    }
    runs::narrow(connection, ledger)
}
