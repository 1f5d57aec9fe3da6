//! Writing: everything of one append in one transaction.

use super::super::compose::{self, SealedRecord};
use super::super::keys::OpenKey;
use super::super::record::{Appended, NewRecord};
use super::super::{JournalError, chain};
use super::closing::Step;
use super::row::{self, number};
use super::spans::{self, SpansError};
use super::{SqliteJournal, Tail};
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
                JournalError::Unfit { .. } | JournalError::InUse { .. } => false,
                JournalError::Full => !self.read_tails().is_ok_and(|tails| tails == self.tails),
                _ => true,
            };
        }
        outcome
    }

    pub(super) fn append_all(
        &mut self,
        recorded_at: Timestamp,
        records: Vec<NewRecord>,
    ) -> Result<Vec<Appended>, JournalError> {
        compose::check(&records)?;
        self.append_with(recorded_at, records, |_, _| Ok(()))
    }

    /// Appends, and does something more in the same transaction.
    pub(super) fn append_with(
        &mut self,
        recorded_at: Timestamp,
        records: Vec<NewRecord>,
        more: impl FnOnce(&Connection, &[SealedRecord]) -> Result<(), SpansError>,
    ) -> Result<Vec<Appended>, JournalError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let mut tails = self.tails.clone();
        let keys = self.keys.of(compose::slots(recorded_at, &records))?;
        let sealed = seal_all(recorded_at, records, &keys, &mut tails)?;
        self.checkpointer.before_commit(&self.connection);
        let steps = self.write(&tails, &sealed, more).map_err(unindexed)?;
        self.checkpointer.committed(pages(&sealed));
        for (ledger, step) in steps {
            let tail = &tails[&ledger];
            let of = |record: &&SealedRecord| record.header.ledger == ledger;
            let spans = sealed.iter().filter(of).flat_map(|record| {
                let seq = record.header.seq;
                record.spans.iter().map(move |span| (seq, span))
            });
            let next = self.next_runs.entry(tail.id).or_default();
            next.committed(step, (tail.id, tail.seq), spans);
        }
        self.tails = tails;
        Ok(sealed.iter().map(SealedRecord::appended).collect())
    }

    /// One transaction: the records, their spans, and a few rows of each run that is closing.
    fn write(
        &mut self,
        tails: &BTreeMap<RoomId, Tail>,
        records: &[SealedRecord],
        more: impl FnOnce(&Connection, &[SealedRecord]) -> Result<(), SpansError>,
    ) -> Result<BTreeMap<RoomId, Step>, SpansError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut spans: BTreeMap<RoomId, usize> = BTreeMap::new();
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
            *spans.entry(record.header.ledger.clone()).or_default() += record.spans.len();
        }
        let mut steps = BTreeMap::new();
        for (room, spans) in spans {
            let next = self.next_runs.get(&tails[&room].id);
            let step = next
                .map(|next| next.step(&transaction, spans))
                .transpose()?;
            steps.insert(room, step.unwrap_or_default());
        }
        more(&transaction, records)?;
        transaction.commit()?;
        Ok(steps)
    }
}

/// Gives every record its number, seals it, and moves the tails. `keys` are those of all parts, in their order.
fn seal_all(
    recorded_at: Timestamp,
    records: Vec<NewRecord>,
    mut keys: &[OpenKey],
    tails: &mut BTreeMap<RoomId, Tail>,
) -> Result<Vec<SealedRecord>, JournalError> {
    let mut sealed = Vec::with_capacity(records.len());
    for record in records {
        let next_id = tails.values().map(|tail| tail.id).max().unwrap_or(0) + 1;
        let tail = tails.entry(record.ledger.clone()).or_insert_with(|| Tail {
            id: next_id,
            seq: Seq::ZERO,
            hash: chain::genesis(&record.ledger),
        });
        let own = keys.split_off(..record.parts.len());
        let own = own.ok_or(JournalError::Stopped)?;
        let done = compose::seal(recorded_at, record, (tail.seq, tail.hash), own)?;
        (tail.seq, tail.hash) = (done.header.seq, done.hash);
        sealed.push(done);
    }
    Ok(sealed)
}

/// About how many pages of the log these records take: their bytes, and a page of each index.
fn pages(records: &[SealedRecord]) -> u64 {
    let bytes: usize = records
        .iter()
        .flat_map(|record| &record.sealed)
        .map(Vec::len)
        .sum();
    let parts: usize = records.iter().map(|record| record.sealed.len()).sum();
    (records.len() * 8 + (bytes + parts * 96) / 4_096) as u64
}

pub(super) fn unindexed(error: SpansError) -> JournalError {
    match error {
        SpansError::Store(source) => JournalError::writing("appending to the journal", source),
        SpansError::Altered(_) => JournalError::Stopped,
    }
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
