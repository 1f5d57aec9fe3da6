//! Counting what is there.

use super::super::JournalError;
use super::super::record::KeyId;
use super::super::tally::{self, Tally};
use super::reader::SqliteReader;
use super::row::{COLUMNS, StoredRow};
use crate::domain::ids::{RoomId, Seq};
use crate::domain::measure::Timestamp;
use rusqlite::Row;
use std::collections::BTreeMap;

/// What one ledger holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerStats {
    /// The ledger.
    pub ledger: RoomId,
    /// By kind, in alphabetical order.
    pub kinds: Vec<KindStats>,
    /// Entries in the index of positions.
    pub spans: u64,
    /// Keys destroyed.
    pub erased_keys: u64,
}

/// What one ledger holds of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindStats {
    /// The kind.
    pub kind: String,
    /// Records.
    pub records: u64,
    /// Sealed bytes.
    pub bytes: u64,
    /// When the first was recorded.
    pub first: Timestamp,
    /// When the last was recorded.
    pub last: Timestamp,
}

impl SqliteReader {
    /// Counts every ledger, or one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn stats(&self, only: Option<&RoomId>) -> Result<Vec<LedgerStats>, JournalError> {
        let reading = JournalError::reading("counting the journal");
        let rooms: Result<Vec<i64>, rusqlite::Error> = self
            .connection
            .prepare("SELECT id FROM ledgers ORDER BY room")
            .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect());
        let mut stats = Vec::new();
        for id in rooms.map_err(reading)? {
            let ledger = self.room(id)?;
            if only.is_none_or(|only| *only == ledger) {
                let counted = self.count(id, ledger);
                stats.push(counted.map_err(JournalError::reading("counting the journal"))?);
            }
        }
        Ok(stats)
    }

    /// How much is sealed under these keys, by their groups; what was erased before does not count. Reads the whole ledger.
    ///
    /// # Errors
    /// When the journal cannot be read or a record is damaged.
    pub fn tally<G: Ord + Clone>(
        &self,
        ledger: &RoomId,
        groups: &BTreeMap<KeyId, G>,
    ) -> Result<BTreeMap<G, Tally>, JournalError> {
        let mut tallies = BTreeMap::new();
        let Some(id) = self.ledger_id(ledger)?.filter(|_| !groups.is_empty()) else {
            return Ok(tallies);
        };
        let reading = JournalError::reading("counting what is to be erased");
        let mut read = || -> Result<Option<(Seq, &'static str)>, rusqlite::Error> {
            let sql = format!("SELECT {COLUMNS} FROM records AS r WHERE r.ledger = ?1");
            let mut statement = self.connection.prepare(&sql)?;
            let mut rows = statement.query([id])?;
            while let Some(row) = rows.next()? {
                let stored = StoredRow::read(row)?;
                match stored.sealed_parts() {
                    Ok(sealed) => {
                        let parts = stored.part_keys().zip(sealed);
                        let parts = parts.map(|(key, sealed)| (key, !sealed.is_empty()));
                        tally::count(groups, &mut tallies, &stored.kind, parts);
                    }
                    Err(why) => return Ok(Some((stored.seq, why))),
                }
            }
            Ok(None)
        };
        match read().map_err(reading)? {
            None => Ok(tallies),
            Some((seq, why)) => Err(JournalError::Damaged {
                ledger: ledger.clone(),
                seq,
                why: why.to_owned(),
            }),
        }
    }

    fn count(&self, id: i64, ledger: RoomId) -> Result<LedgerStats, rusqlite::Error> {
        let number = |sql: &str| -> Result<u64, rusqlite::Error> {
            self.connection
                .query_row(sql, [id], |row| row.get(0).map(i64::cast_unsigned))
        };
        let mut statement = self.connection.prepare(
            "SELECT kind, count(*), sum(length(sealed)), min(recorded_at), max(recorded_at)
             FROM records WHERE ledger = ?1 GROUP BY kind ORDER BY kind",
        )?;
        let kinds = statement.query_map([id], read_kind)?;
        Ok(LedgerStats {
            ledger,
            kinds: kinds.collect::<Result<_, _>>()?,
            spans: number("SELECT coalesce(sum(count), 0) FROM spans WHERE ledger = ?1")?,
            erased_keys: number("SELECT count(*) FROM erased WHERE ledger = ?1")?,
        })
    }
}

fn read_kind(row: &Row<'_>) -> Result<KindStats, rusqlite::Error> {
    Ok(KindStats {
        kind: row.get(0)?,
        records: row.get(1).map(i64::cast_unsigned)?,
        bytes: row.get(2).map(i64::cast_unsigned)?,
        first: Timestamp::from_millis(row.get(3)?),
        last: Timestamp::from_millis(row.get(4)?),
    })
}
