//! Writing: everything of one append in one transaction.

use super::super::chain::{self, PartContent};
use super::super::keys::Slot;
use super::super::record::{
    Appended, Header, KIND_ERASED, KIND_MAX, NewRecord, PARTS_MAX, Part, PartHeader, PositionSpan,
};
use super::super::seal::Place;
use super::super::{JournalError, Snapshot};
use super::row::{self, number};
use super::{SqliteJournal, Tail, WIDE, snapshot};
use crate::domain::ids::{RoomId, Seq};
use crate::domain::measure::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};
use std::collections::{BTreeMap, BTreeSet};

/// The largest payload of one part, bytes.
const PAYLOAD_MAX: usize = 256 << 20;

/// A record with its number, sealed.
pub(super) struct SealedRecord {
    header: Header,
    hash: super::HeaderHash,
    unit: Option<String>,
    operation: Option<String>,
    sealed: Vec<u8>,
    spans: Vec<(usize, PositionSpan)>,
}

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
        records.iter().try_for_each(check)?;
        self.append_with(recorded_at, records, |_, _| Ok(()))
    }

    /// Appends, and does something more in the same transaction.
    pub(super) fn append_with(
        &mut self,
        recorded_at: Timestamp,
        records: &[NewRecord],
        more: impl FnOnce(&Connection, &[SealedRecord]) -> Result<(), rusqlite::Error>,
    ) -> Result<Vec<Appended>, JournalError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let mut tails = self.tails.clone();
        self.keys.ensure(&slots(recorded_at, records))?;
        let sealed = self.seal_all(recorded_at, records, &mut tails)?;
        write(&mut self.connection, &tails, &sealed, more)
            .map_err(|source| JournalError::writing("appending to the journal", source))?;
        self.tails = tails;
        Ok(sealed.into_iter().map(appended).collect())
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
            });
            let done = self.seal_one(recorded_at, record, tail)?;
            (tail.seq, tail.hash) = (done.header.seq, done.hash);
            sealed.push(done);
        }
        Ok(sealed)
    }

    fn seal_one(
        &self,
        recorded_at: Timestamp,
        record: &NewRecord,
        tail: &Tail,
    ) -> Result<SealedRecord, JournalError> {
        let seq = tail.seq.next();
        let mut parts = Vec::with_capacity(record.parts.len());
        let mut keys = Vec::with_capacity(record.parts.len());
        let mut spans = Vec::new();
        for (index, part) in record.parts.iter().enumerate() {
            let slot = Slot::new(&record.ledger, &part.subject, record.retention, recorded_at);
            // `ensure` was called with this very slot.
            let key = self.keys.get(&slot).ok_or(JournalError::Stopped)?;
            let place = Place {
                ledger: &record.ledger,
                seq,
                part: index,
            };
            let part_spans = merged(part);
            let content = PartContent {
                unit: record.unit.as_ref(),
                operation: record.operation.as_ref(),
                spans: &part_spans,
                payload: &part.payload,
            };
            parts.push(PartHeader {
                key: key.id,
                digest: chain::digest(&key.sealer.salt(place), content),
            });
            keys.push(key);
            spans.extend(part_spans.into_iter().map(|span| (index, span)));
        }
        let header = Header {
            ledger: record.ledger.clone(),
            seq,
            at: record.at,
            recorded_at,
            kind: record.kind.clone(),
            schema: record.schema,
            retention: record.retention,
            parts,
            prev: tail.hash,
        };
        let hash = chain::hash(&header);
        let mut sealed = Vec::with_capacity(record.parts.len());
        for ((part, key), head) in record.parts.iter().zip(keys).zip(&header.parts) {
            let bytes = key.sealer.seal(head.digest, hash, &part.payload);
            sealed.push(bytes.ok_or_else(|| unfit(record, "a payload is too large"))?);
        }
        Ok(SealedRecord {
            header,
            hash,
            unit: record.unit.as_ref().map(ToString::to_string),
            operation: record.operation.as_ref().map(ToString::to_string),
            sealed: row::pack_sealed(sealed.iter().map(Vec::as_slice)),
            spans,
        })
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

impl SealedRecord {
    pub(super) const fn seq(&self) -> Seq {
        self.header.seq
    }
}

fn appended(record: SealedRecord) -> Appended {
    Appended {
        ledger: record.header.ledger,
        seq: record.header.seq,
    }
}

fn slots(recorded_at: Timestamp, records: &[NewRecord]) -> BTreeSet<Slot> {
    let parts = records
        .iter()
        .flat_map(|record| record.parts.iter().map(move |part| (record, part)));
    parts
        .map(|(record, part)| {
            Slot::new(&record.ledger, &part.subject, record.retention, recorded_at)
        })
        .collect()
}

fn unfit(record: &NewRecord, why: &'static str) -> JournalError {
    JournalError::Unfit {
        kind: record.kind.clone(),
        why,
    }
}

fn check(record: &NewRecord) -> Result<(), JournalError> {
    let why = if record.kind.is_empty() || record.kind.len() > KIND_MAX {
        "a kind has 1 to 64 bytes"
    } else if record.kind == KIND_ERASED {
        "only the journal itself writes that kind"
    } else if record.parts.is_empty() || record.parts.len() > PARTS_MAX {
        "it needs 1 to 20,000 parts"
    } else if record
        .parts
        .iter()
        .any(|part| part.payload.len() > PAYLOAD_MAX)
    {
        "a payload is larger than 256 MiB"
    } else if record
        .parts
        .iter()
        .any(|part| part.positions.len() > PARTS_MAX)
    {
        "a part has more than 20,000 spans of positions"
    } else {
        return Ok(());
    };
    Err(unfit(record, why))
}

/// The spans of a part, sorted, one per unit and source.
fn merged(part: &Part) -> Vec<PositionSpan> {
    let mut spans = part.positions.clone();
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let same = next.unit == kept.unit && next.source == kept.source;
        if same {
            kept.to = kept.to.max(next.to);
        }
        same
    });
    spans
}

fn write(
    connection: &mut Connection,
    tails: &BTreeMap<RoomId, Tail>,
    records: &[SealedRecord],
    more: impl FnOnce(&Connection, &[SealedRecord]) -> Result<(), rusqlite::Error>,
) -> Result<(), rusqlite::Error> {
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
        insert_spans(&transaction, ledger, record)?;
    }
    more(&transaction, records)?;
    transaction.commit()
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
            record.unit,
            record.operation,
            &record.hash.0[..],
            row::pack_parts(&header.parts),
            record.sealed,
        ])
        .map(drop)
}

fn insert_spans(
    connection: &Connection,
    ledger: i64,
    record: &SealedRecord,
) -> Result<(), rusqlite::Error> {
    if record.spans.is_empty() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(
        "INSERT INTO positions (ledger, unit, wide, from_ms, seq, part, source, to_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (part, span) in &record.spans {
        statement.execute(params![
            ledger,
            span.unit.as_str(),
            span.to.since(span.from) > WIDE,
            span.from.as_millis(),
            number(record.header.seq),
            *part as i64,
            span.source.as_str(),
            span.to.as_millis(),
        ])?;
    }
    Ok(())
}
