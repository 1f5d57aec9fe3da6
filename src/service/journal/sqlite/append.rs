//! Writing: everything of one append in one transaction.

use super::super::compose::{self, SealedRecord};
use super::super::record::{Appended, NewRecord};
use super::super::{JournalError, Snapshot, chain};
use super::row::{self, number};
use super::runs;
use super::spans::{self, SpansError};
use super::{SqliteJournal, Tail, erase, snapshot};
use crate::domain::ids::{OperationId, RoomId, Seq, UnitId};
use crate::domain::measure::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};
use std::collections::BTreeMap;

impl SqliteJournal {
    /// Runs a write. After a failure that may have left something on the disk, or anything not understood, the handle
    /// writes no more; after a full disk it goes on only when the store still ends where the memory says.
    pub(super) fn guarded<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        if self.stopped {
            return Err(JournalError::Stopped);
        }
        let outcome = write(self);
        if let Err(error) = &outcome {
            self.stopped = match error {
                JournalError::Unfit { .. } => false,
                JournalError::Full => !self.read_tails().is_ok_and(|tails| tails == self.tails),
                _ => true,
            };
        }
        outcome
    }

    pub(super) fn append_all(
        &mut self,
        recorded_at: Timestamp,
        records: &[NewRecord],
    ) -> Result<Vec<Appended>, JournalError> {
        compose::check(records)?;
        self.append_with(recorded_at, records, |_, _| Ok(()))
    }

    /// Appends, and does something more in the same transaction.
    pub(super) fn append_with(
        &mut self,
        recorded_at: Timestamp,
        records: &[NewRecord],
        more: impl FnOnce(&Connection, &[SealedRecord]) -> Result<(), SpansError>,
    ) -> Result<Vec<Appended>, JournalError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let mut tails = self.tails.clone();
        self.keys.ensure(compose::slots(recorded_at, records))?;
        let sealed = self.seal_all(recorded_at, records, &mut tails)?;
        write(&mut self.connection, &tails, &sealed, more).map_err(|error| match error {
            SpansError::Store(source) => JournalError::writing("appending to the journal", source),
            SpansError::Altered(_) => JournalError::Stopped,
        })?;
        for tail in tails.values_mut() {
            if runs::make_a_run(tail.spans) {
                tail.spans = 0;
            }
        }
        self.tails = tails;
        Ok(sealed.iter().map(SealedRecord::appended).collect())
    }

    /// Gives every record its number, seals it, and moves the tails.
    fn seal_all(
        &self,
        recorded_at: Timestamp,
        records: &[NewRecord],
        tails: &mut BTreeMap<RoomId, Tail>,
    ) -> Result<Vec<SealedRecord>, JournalError> {
        let mut sealed = Vec::with_capacity(records.len());
        for record in records {
            let next_id = tails.values().map(|tail| tail.id).max().unwrap_or(0) + 1;
            let tail = tails.entry(record.ledger.clone()).or_insert_with(|| Tail {
                id: next_id,
                seq: Seq::ZERO,
                hash: chain::genesis(&record.ledger),
                spans: 0,
            });
            let end = (tail.seq, tail.hash);
            let done = compose::seal(recorded_at, record, end, &|slot| self.keys.get(slot))?;
            (tail.seq, tail.hash) = (done.header.seq, done.hash);
            tail.spans += done.spans.len() as u64;
            sealed.push(done);
        }
        Ok(sealed)
    }

    pub(super) fn store_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), JournalError> {
        let id = self.reader.ledger_id(&snapshot.ledger)?;
        let found = match id {
            Some(id) => self
                .reader
                .hash_at(&snapshot.ledger, id, snapshot.through)?
                .map(|hash| (id, hash)),
            None => None,
        };
        let Some((id, hash)) = found.filter(|_| snapshot.through > Seq::ZERO) else {
            return Err(JournalError::Unfit {
                kind: "snapshot".to_owned(),
                why: "the record it rests on is not there",
            });
        };
        let reading = JournalError::reading("reading what was erased");
        let erased = erase::erased_keys(&self.connection, id).map_err(reading)?;
        if erased.values().any(|seq| *seq > snapshot.through) {
            return Err(JournalError::Unfit {
                kind: "snapshot".to_owned(),
                why: "something was erased since",
            });
        }
        let key = self.keys.for_snapshot(&snapshot.ledger)?;
        let stored = snapshot::seal(snapshot, &key, hash).ok_or_else(|| JournalError::Unfit {
            kind: "snapshot".to_owned(),
            why: "it is too large",
        })?;
        snapshot::store(&self.connection, id, &stored)
            .map_err(|source| JournalError::writing("storing a snapshot", source))?;
        self.keys
            .destroy_snapshot_keys(&snapshot.ledger, Some(key.id))
    }
}

fn write(
    connection: &mut Connection,
    tails: &BTreeMap<RoomId, Tail>,
    records: &[SealedRecord],
    more: impl FnOnce(&Connection, &[SealedRecord]) -> Result<(), SpansError>,
) -> Result<(), SpansError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for record in records {
        let ledger = tails[&record.header.ledger].id;
        if record.header.seq == Seq::ZERO.next() {
            transaction.execute(
                "INSERT INTO ledgers (id, room) VALUES (?1, ?2)",
                params![ledger, record.header.ledger.as_str()],
            )?;
        }
        insert(&transaction, ledger, record)?;
        spans::insert(&transaction, ledger, record)?;
    }
    more(&transaction, records)?;
    for tail in tails.values().filter(|tail| runs::make_a_run(tail.spans)) {
        runs::close(&transaction, tail.id, tail.seq)?;
    }
    transaction.commit().map_err(Into::into)
}

fn insert(
    connection: &Connection,
    ledger: i64,
    record: &SealedRecord,
) -> Result<(), rusqlite::Error> {
    let header = &record.header;
    connection
        .prepare_cached(
            "INSERT INTO records (ledger, seq, at, recorded_at, kind, schema, retention, unit, operation, hash, parts,
                                  sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            ledger,
            number(header.seq),
            header.at.as_millis(),
            header.recorded_at.as_millis(),
            header.kind,
            header.schema,
            header.retention.as_str(),
            record.unit.as_ref().map(UnitId::as_str),
            record.operation.as_ref().map(OperationId::as_str),
            &record.hash.0[..],
            row::pack_parts(&header.parts),
            row::pack_sealed(record.sealed.iter().map(Vec::as_slice)),
        ])
        .map(drop)
}
