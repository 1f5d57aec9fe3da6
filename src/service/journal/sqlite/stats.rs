//! Counting what is there.

use super::super::JournalError;
use super::reader::SqliteReader;
use crate::domain::ids::RoomId;
use crate::domain::measure::Timestamp;
use rusqlite::Row;

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
