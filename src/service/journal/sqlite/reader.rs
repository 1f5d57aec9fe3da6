//! Reading: on connections of its own, beside the writer or without one.

use super::super::keys::{KeyInfo, KeyRing};
use super::super::record::{Head, Header, HeaderHash, KIND_POSITIONS, Record};
use super::super::{
    JournalError, JournalRead, PositionPart, PositionQuery, RecordPage, RecordQuery, Snapshot,
    chain,
};
use super::row::{COLUMN_COUNT, COLUMNS, StoredRow, number, seq_at};
use super::runs::{Places, Range};
use super::schema::{self, JOURNAL, KEYS};
use super::snapshot;
use super::spans::SpansError;
use crate::domain::ids::{RoomId, Seq};
use crate::domain::measure::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params, params_from_iter};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The most records, and about the most bytes, that a fold reads at once.
const PAGE: usize = 256;
const PAGE_BYTES: usize = 1 << 20;

/// A reader of the journal in a data folder. Cheap to open; keep a few and reuse them.
pub struct SqliteReader {
    pub(super) connection: Connection,
    pub(super) keys: KeyRing,
    pub(super) folder: PathBuf,
    rooms: RefCell<BTreeMap<i64, RoomId>>,
}

impl SqliteReader {
    /// Opens the journal of a data folder for reading; a running service is not disturbed.
    ///
    /// # Errors
    /// When there is no journal, its keys are another's, or its schema is not this one.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        let connection = schema::open_for_reading(folder, &JOURNAL)?;
        let keys = schema::open_for_reading(folder, &KEYS)?;
        schema::check_pair(&connection, &keys, folder)?;
        Ok(Self {
            connection,
            keys: KeyRing::new(keys),
            folder: folder.to_path_buf(),
            rooms: RefCell::new(BTreeMap::new()),
        })
    }

    /// The ledger's number in the store, if it has records.
    pub(super) fn ledger_id(&self, ledger: &RoomId) -> Result<Option<i64>, JournalError> {
        self.connection
            .prepare_cached("SELECT id FROM ledgers WHERE room = ?1")
            .and_then(|mut statement| {
                statement
                    .query_row([ledger.as_str()], |row| row.get(0))
                    .optional()
            })
            .map_err(JournalError::reading("reading a ledger"))
    }

    /// The room of a ledger's number.
    pub(super) fn room(&self, id: i64) -> Result<RoomId, JournalError> {
        if let Some(room) = self.rooms.borrow().get(&id) {
            return Ok(room.clone());
        }
        let room: String = self
            .connection
            .prepare_cached("SELECT room FROM ledgers WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([id], |row| row.get(0)))
            .map_err(JournalError::reading("reading a ledger"))?;
        let room = RoomId::parse(&room).map_err(|_| JournalError::Foreign {
            path: self.folder.join(schema::JOURNAL_FILE),
        })?;
        self.rooms.borrow_mut().insert(id, room.clone());
        Ok(room)
    }

    /// The hash stored with a record; before the first, the genesis.
    pub(super) fn hash_at(
        &self,
        ledger: &RoomId,
        id: i64,
        seq: Seq,
    ) -> Result<Option<HeaderHash>, JournalError> {
        if seq == Seq::ZERO {
            return Ok(Some(chain::genesis(ledger)));
        }
        self.connection
            .prepare_cached("SELECT hash FROM records WHERE ledger = ?1 AND seq = ?2")
            .and_then(|mut statement| {
                statement
                    .query_row(params![id, number(seq)], |row| row.get(0))
                    .optional()
            })
            .map(|hash| hash.map(HeaderHash))
            .map_err(JournalError::reading("reading a hash"))
    }

    fn head_of(&self, ledger: &RoomId, id: i64) -> Result<Head, JournalError> {
        let last = self
            .connection
            .prepare_cached(
                "SELECT seq, hash FROM records WHERE ledger = ?1 ORDER BY seq DESC LIMIT 1",
            )
            .and_then(|mut statement| {
                statement
                    .query_row([id], |row| Ok((seq_at(row, 0)?, HeaderHash(row.get(1)?))))
                    .optional()
            })
            .map_err(JournalError::reading("reading a head"))?;
        let (seq, hash) = last.unwrap_or_else(|| (Seq::ZERO, chain::genesis(ledger)));
        Ok(Head {
            ledger: ledger.clone(),
            seq,
            hash,
        })
    }

    /// Opens one part; `None` when it was erased.
    fn open_part(
        &self,
        (header, hash): (&Header, HeaderHash),
        part: usize,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, JournalError> {
        if sealed.is_empty() {
            return Ok(None);
        }
        let claimed = header.parts[part];
        let damaged = |why| damaged(&header.ledger, header.seq, why);
        let key = self
            .keys
            .get(claimed.key)?
            .ok_or_else(|| damaged("its key is missing"))?;
        key.open(claimed.digest, hash, sealed)
            .map(Some)
            .ok_or_else(|| damaged("its payload was altered"))
    }

    /// Checks a row against the record before it and opens its payloads.
    fn open_row(
        &self,
        row: &StoredRow,
        room: &RoomId,
        prev: HeaderHash,
    ) -> Result<Record, JournalError> {
        let damaged = |why| damaged(room, row.seq, why);
        let (header, hash) = row.checked_header(room, prev).map_err(damaged)?;
        let sealed = row.sealed_parts().map_err(damaged)?;
        let mut payloads = Vec::with_capacity(sealed.len());
        for (part, sealed) in sealed.into_iter().enumerate() {
            payloads.push(self.open_part((&header, hash), part, sealed)?);
        }
        row.record((header, hash), payloads).map_err(damaged)
    }

    fn rows(&self, query: &RecordQuery, id: i64) -> Result<Vec<StoredRow>, JournalError> {
        let (sql, values) = selection(query, id);
        let reading = || -> Result<Vec<StoredRow>, rusqlite::Error> {
            let mut statement = self.connection.prepare_cached(&sql)?;
            let rows = statement.query_map(params_from_iter(values), StoredRow::read)?;
            rows.collect()
        };
        reading().map_err(JournalError::reading("reading records"))
    }

    /// The first and the last record of a fold, in the order of appending: it ends where the ledgers end now.
    fn extent_of_fold(&self, after: &BTreeMap<RoomId, Seq>) -> Result<(i64, i64), JournalError> {
        let reading = || -> Result<(i64, i64), rusqlite::Error> {
            let last = self.connection.query_row(
                "SELECT coalesce(max(id), 0) FROM records",
                [],
                |row| row.get(0),
            )?;
            let mut start = i64::MAX;
            let mut statement = self.connection.prepare("SELECT id, room FROM ledgers")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (id, room): (i64, String) = (row.get(0)?, row.get(1)?);
                let seq = RoomId::parse(&room)
                    .ok()
                    .and_then(|room| after.get(&room).copied())
                    .unwrap_or(Seq::ZERO);
                let first: Option<i64> = self
                    .connection
                    .prepare_cached(
                        "SELECT id FROM records WHERE ledger = ?1 AND seq > ?2 ORDER BY seq LIMIT 1",
                    )?
                    .query_row(params![id, number(seq)], |row| row.get(0))
                    .optional()?;
                start = start.min(first.unwrap_or(i64::MAX));
            }
            Ok((start, last))
        };
        reading().map_err(JournalError::reading("reading where to fold from"))
    }

    /// The next records of a fold, with their place in the order of appending. Each page is a read of its own: one that
    /// lasted as long as the fold would keep the log from ever being ended.
    fn page(&self, (from, to): (i64, i64)) -> Result<Vec<(i64, StoredRow)>, rusqlite::Error> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS}, r.id FROM records AS r WHERE r.id BETWEEN ?1 AND ?2 ORDER BY r.id"
        ))?;
        let mut rows = statement.query([from, to])?;
        let mut page = Vec::new();
        let mut bytes = 0;
        while bytes < PAGE_BYTES
            && page.len() < PAGE
            && let Some(row) = rows.next()?
        {
            let stored = StoredRow::read(row)?;
            bytes += stored.len();
            page.push((row.get(COLUMN_COUNT)?, stored));
        }
        Ok(page)
    }
}

fn damaged(ledger: &RoomId, seq: Seq, why: &str) -> JournalError {
    JournalError::Damaged {
        ledger: ledger.clone(),
        seq,
        why: why.to_owned(),
    }
}

/// The SQL of a query and its values.
fn selection(query: &RecordQuery, id: i64) -> (String, Vec<Value>) {
    let mut sql = format!("SELECT {COLUMNS} FROM records AS r WHERE r.ledger = ? AND r.seq > ?");
    let mut values = vec![Value::from(id), Value::from(number(query.since))];
    let lists = [
        (" AND r.kind IN (", &query.kinds),
        (" AND r.kind NOT IN (", &query.without_kinds),
    ];
    if query
        .without_kinds
        .iter()
        .any(|kind| kind == KIND_POSITIONS)
    {
        // Said in these words it can be read from the index of events.
        sql.push_str(" AND r.kind <> 'positions'");
    }
    for (clause, kinds) in lists {
        if !kinds.is_empty() {
            sql.push_str(clause);
            sql.push_str(&vec!["?"; kinds.len()].join(", "));
            sql.push(')');
            values.extend(kinds.iter().cloned().map(Value::from));
        }
    }
    if let Some(unit) = &query.unit {
        sql.push_str(" AND r.unit = ?");
        values.push(Value::from(unit.as_str().to_owned()));
    }
    if let Some(operation) = &query.operation {
        sql.push_str(" AND r.operation = ?");
        values.push(Value::from(operation.as_str().to_owned()));
    }
    sql.push_str(" ORDER BY r.seq LIMIT ?");
    values.push(Value::from(i64::try_from(query.limit).unwrap_or(i64::MAX)));
    (sql, values)
}

impl JournalRead for SqliteReader {
    fn heads(&self) -> Result<Vec<Head>, JournalError> {
        let reading = JournalError::reading("reading the ledgers");
        let rooms: Result<Vec<(i64, String)>, rusqlite::Error> = self
            .connection
            .prepare_cached("SELECT id, room FROM ledgers ORDER BY room")
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect()
            });
        let mut heads = Vec::new();
        for (id, _) in rooms.map_err(reading)? {
            heads.push(self.head_of(&self.room(id)?, id)?);
        }
        Ok(heads)
    }

    fn head(&self, ledger: &RoomId) -> Result<Head, JournalError> {
        match self.ledger_id(ledger)? {
            Some(id) => self.head_of(ledger, id),
            None => Ok(Head {
                ledger: ledger.clone(),
                seq: Seq::ZERO,
                hash: chain::genesis(ledger),
            }),
        }
    }

    fn oldest(&self, ledger: &RoomId) -> Result<Seq, JournalError> {
        let oldest: Option<Seq> = self
            .connection
            .prepare_cached("SELECT oldest FROM ledgers WHERE room = ?1")
            .and_then(|mut statement| {
                statement
                    .query_row([ledger.as_str()], |row| seq_at(row, 0))
                    .optional()
            })
            .map_err(JournalError::reading("reading a ledger"))?;
        Ok(oldest.unwrap_or(Seq(1)))
    }

    fn records(&self, query: &RecordQuery) -> Result<RecordPage, JournalError> {
        // One transaction: head and rows of the same moment.
        let _moment = self
            .connection
            .unchecked_transaction()
            .map_err(JournalError::reading("reading records"))?;
        let Some(id) = self.ledger_id(&query.ledger)? else {
            return Ok(RecordPage {
                records: Vec::new(),
                next: query.since,
            });
        };
        let head = self.head_of(&query.ledger, id)?;
        let mut records = Vec::new();
        for row in self.rows(query, id)? {
            let prev = self.hash_at(&query.ledger, id, Seq(row.seq.0.saturating_sub(1)))?;
            let prev =
                prev.ok_or_else(|| damaged(&query.ledger, row.seq, "the one before is gone"))?;
            records.push(self.open_row(&row, &query.ledger, prev)?);
        }
        let next = query.next(&records, head.seq);
        Ok(RecordPage { records, next })
    }

    fn positions(
        &self,
        query: &PositionQuery,
        visit: &mut dyn FnMut(PositionPart) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        // One transaction: runs and what follows them of the same moment.
        let _moment = self
            .connection
            .unchecked_transaction()
            .map_err(JournalError::reading("reading positions"))?;
        let Some(id) = self.ledger_id(&query.ledger)? else {
            return Ok(());
        };
        let unreadable = |error| match error {
            SpansError::Store(source) => JournalError::reading("reading positions")(source),
            SpansError::Altered(seq) => damaged(&query.ledger, seq, &error.to_string()),
        };
        let range = Range {
            from: query.from.as_millis(),
            to: query.to.as_millis(),
        };
        let mut places =
            Places::of(&self.connection, id, &query.unit, range).map_err(unreadable)?;
        while let Some(place) = places.next().map_err(unreadable)? {
            let row = self.row(&query.ledger, id, Seq(place.seq))?;
            let from = Timestamp::from_millis(place.from);
            let part = self.position_part(&row, &query.ledger, place.part as usize, from)?;
            if part.is_some_and(|part| visit(part).is_break()) {
                break;
            }
        }
        Ok(())
    }

    fn fold(
        &self,
        after: &BTreeMap<RoomId, Seq>,
        visit: &mut dyn FnMut(Record) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        let reading = |source| JournalError::Store {
            doing: "folding the records",
            source,
        };
        let (mut next, last) = self.extent_of_fold(after)?;
        let mut at: BTreeMap<i64, (RoomId, Seq, HeaderHash)> = BTreeMap::new();
        while next <= last {
            let page = self.page((next, last)).map_err(reading)?;
            let Some((end, _)) = page.last() else {
                break;
            };
            next = end + 1;
            for (_, stored) in page {
                let (room, seq, hash) = match at.entry(stored.ledger) {
                    Entry::Occupied(place) => place.into_mut(),
                    Entry::Vacant(place) => place.insert(self.place_after(stored.ledger, after)?),
                };
                if stored.seq <= *seq {
                    continue;
                }
                if stored.seq != seq.next() {
                    return Err(damaged(room, seq.next(), "it is missing"));
                }
                let record = self.open_row(&stored, room, *hash)?;
                (*seq, *hash) = (record.header.seq, record.hash);
                if visit(record).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn latest_snapshot(
        &self,
        ledger: &RoomId,
        schema: u16,
    ) -> Result<Option<Snapshot>, JournalError> {
        snapshot::latest(self, ledger, schema)
    }

    fn keys(&self, ledger: &RoomId) -> Result<Vec<KeyInfo>, JournalError> {
        self.keys.list(ledger)
    }
}

impl SqliteReader {
    /// Where the fold of one ledger begins: after which record, and with which hash.
    fn place_after(
        &self,
        id: i64,
        after: &BTreeMap<RoomId, Seq>,
    ) -> Result<(RoomId, Seq, HeaderHash), JournalError> {
        let room = self.room(id)?;
        let seq = after.get(&room).copied().unwrap_or(Seq::ZERO);
        let hash = self
            .hash_at(&room, id, seq)?
            .ok_or_else(|| damaged(&room, seq, "it is missing"))?;
        Ok((room, seq, hash))
    }

    fn row(&self, ledger: &RoomId, id: i64, seq: Seq) -> Result<StoredRow, JournalError> {
        let sql = format!("SELECT {COLUMNS} FROM records AS r WHERE r.ledger = ?1 AND r.seq = ?2");
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement
                    .query_row(params![id, number(seq)], StoredRow::read)
                    .optional()
            })
            .map_err(JournalError::reading("reading positions"))?
            .ok_or_else(|| {
                damaged(
                    ledger,
                    seq,
                    "the index of positions names it and it is not there",
                )
            })
    }

    fn position_part(
        &self,
        row: &StoredRow,
        room: &RoomId,
        part: usize,
        from: Timestamp,
    ) -> Result<Option<PositionPart>, JournalError> {
        let damaged = |why| damaged(room, row.seq, why);
        let prev = self
            .hash_at(room, row.ledger, Seq(row.seq.0.saturating_sub(1)))?
            .ok_or_else(|| damaged("the one before is gone"))?;
        let (header, hash) = row.checked_header(room, prev).map_err(damaged)?;
        let sealed = row.sealed_parts().map_err(damaged)?;
        let sealed = *sealed
            .get(part)
            .ok_or_else(|| damaged("the index names a part that it has not"))?;
        let payload = self.open_part((&header, hash), part, sealed)?;
        Ok(payload.map(|payload| PositionPart {
            seq: row.seq,
            part,
            schema: header.schema,
            from,
            payload,
        }))
    }
}
