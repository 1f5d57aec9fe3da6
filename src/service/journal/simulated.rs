//! A journal in memory whose disk can be made to fail: for simulations and for tests of what stands on the journal.
//!
//! The [`SimulatedDisk`] outlives the process that is simulated; a [`SimulatedJournal`] is one life of that process.
//! Headers, chain and seals are the real ones, the keys follow from a counter: the same run gives the same bytes.

use super::chain::{self, Canonical};
use super::compose::{self, SealedRecord};
use super::keys::{OpenKey, Slot};
use super::record::HeaderHash;
use super::{
    Appended, Erasure, Head, Journal, JournalError, JournalRead, KIND_ERASED, KeyId, KeyInfo,
    NewRecord, PositionPart, PositionQuery, Record, RecordPage, RecordQuery, Snapshot, tally,
};
use crate::domain::ids::{RoomId, Seq};
use crate::domain::measure::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

/// In how many steps a snapshot is kept.
const STEPS: usize = 3;

/// How an append fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No room: nothing is kept, the journal goes on.
    Full,
    /// The write fails, nothing is kept, the journal stops.
    Failed,
    /// The append is cut off in the middle. The writer sees a failure; what the next life finds is all of it or
    /// nothing.
    Torn {
        /// Whether all of it is kept.
        kept: bool,
    },
}

/// What outlives the process.
#[derive(Clone, Default)]
pub struct SimulatedDisk(Arc<Mutex<Disk>>);

#[derive(Default)]
struct Disk {
    records: Vec<SealedRecord>,
    /// How many records there were after each commit.
    commits: Vec<usize>,
    keys: BTreeMap<Slot, OpenKey>,
    slots: BTreeMap<KeyId, Slot>,
    keys_made: u64,
    snapshots: BTreeMap<RoomId, (Snapshot, HeaderHash)>,
    /// How many commits there were at each step of keeping a snapshot.
    steps: Vec<usize>,
    faults: VecDeque<Option<Fault>>,
    life: u64,
}

/// One life of the process that writes.
pub struct SimulatedJournal {
    disk: SimulatedDisk,
    life: u64,
    stopped: bool,
}

impl SimulatedDisk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets every snapshot.
    pub fn lose_snapshots(&self) {
        self.lock().snapshots.clear();
    }

    /// How many commits there were at each step of keeping a snapshot.
    #[must_use]
    pub fn steps(&self) -> Vec<usize> {
        self.lock().steps.clone()
    }

    /// Starts a life. An earlier one still in somebody's hands writes no more.
    #[must_use]
    pub fn open(&self) -> SimulatedJournal {
        let mut disk = self.lock();
        disk.life += 1;
        SimulatedJournal {
            disk: self.clone(),
            life: disk.life,
            stopped: false,
        }
    }

    /// Makes a coming append, erasure or trial fail: the next one after `spared` that go well, counted from the faults
    /// already planned.
    pub fn plan(&self, spared: usize, fault: Fault) {
        let mut disk = self.lock();
        disk.faults.extend(std::iter::repeat_n(None, spared));
        disk.faults.push_back(Some(fault));
    }

    /// Forgets the last commits, as a disk does that called them durable and lied. Answers how many records are gone.
    #[must_use]
    pub fn lose_tail(&self, commits: usize) -> usize {
        let mut disk = self.lock();
        let left = disk.commits.len().saturating_sub(commits);
        disk.commits.truncate(left);
        let end = disk.commits.last().copied().unwrap_or(0);
        let lost = disk.records.len() - end;
        disk.records.truncate(end);
        lost
    }

    fn lock(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disk {
    fn tail(&self, ledger: &RoomId) -> (Seq, HeaderHash) {
        let last = self.of(ledger).next_back();
        last.map_or_else(
            || (Seq::ZERO, chain::genesis(ledger)),
            |record| (record.header.seq, record.hash),
        )
    }

    fn of<'a>(&'a self, ledger: &'a RoomId) -> impl DoubleEndedIterator<Item = &'a SealedRecord> {
        self.records
            .iter()
            .filter(move |record| record.header.ledger == *ledger)
    }

    /// The keys of these slots, in their order.
    fn keys_of(&mut self, slots: impl Iterator<Item = Slot>) -> Vec<OpenKey> {
        let mut keys = Vec::new();
        for slot in slots {
            if let Some(key) = self.keys.get(&slot) {
                keys.push(key.clone());
                continue;
            }
            self.keys_made += 1;
            let bytes = |purpose| {
                let mut canonical = Canonical::of(purpose);
                canonical.fixed(&self.keys_made.to_be_bytes());
                canonical.finish()
            };
            let mut id = [0; 16];
            id.copy_from_slice(&bytes("limes.journal.simulated.id")[..16]);
            let secret = Zeroizing::new(bytes("limes.journal.simulated.secret"));
            self.slots.insert(KeyId(id), slot.clone());
            let key = OpenKey::new(KeyId(id), &slot.to_string(), &secret);
            keys.push(key.clone());
            self.keys.insert(slot, key);
        }
        keys
    }

    /// The same as the real thing: number, seal, chain.
    fn seal(
        &mut self,
        recorded_at: Timestamp,
        records: Vec<NewRecord>,
    ) -> Result<Vec<SealedRecord>, JournalError> {
        let keys = self.keys_of(compose::slots(recorded_at, &records));
        let mut keys = keys.as_slice();
        let mut tails: BTreeMap<RoomId, (Seq, HeaderHash)> = BTreeMap::new();
        let mut sealed = Vec::with_capacity(records.len());
        for record in records {
            let tail = tails
                .entry(record.ledger.clone())
                .or_insert_with(|| self.tail(&record.ledger));
            let own = keys.split_off(..record.parts.len());
            let own = own.ok_or(JournalError::Stopped)?;
            let done = compose::seal(recorded_at, record, *tail, own)?;
            *tail = (done.header.seq, done.hash);
            sealed.push(done);
        }
        Ok(sealed)
    }

    fn keep(&mut self, sealed: Vec<SealedRecord>) {
        self.records.extend(sealed);
        self.commits.push(self.records.len());
    }

    fn open_part(&self, record: &SealedRecord, part: usize) -> Option<Vec<u8>> {
        let head = record.header.parts[part];
        let key = self.keys.get(self.slots.get(&head.key)?)?;
        key.sealer
            .open(head.digest, record.hash, &record.sealed[part])
    }

    fn opened(&self, record: &SealedRecord) -> Record {
        let parts = 0..record.header.parts.len();
        Record {
            header: record.header.clone(),
            hash: record.hash,
            unit: record.unit.clone(),
            operation: record.operation.clone(),
            payloads: parts.map(|part| self.open_part(record, part)).collect(),
        }
    }
}

fn io_error() -> JournalError {
    // SQLITE_IOERR, as a dying disk gives it.
    JournalError::Io {
        doing: "appending to the journal",
        source: rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(10), None),
    }
}

impl SimulatedJournal {
    /// Runs a write on the disk, unless a fault is planned for it.
    fn write(
        &mut self,
        change: impl FnOnce(&mut Disk) -> Result<Vec<Appended>, JournalError>,
    ) -> Result<Vec<Appended>, JournalError> {
        let disk = self.disk.clone();
        let mut disk = disk.lock();
        if self.stopped || disk.life != self.life {
            return Err(JournalError::Stopped);
        }
        match disk.faults.pop_front().flatten() {
            None => change(&mut disk),
            Some(Fault::Full) => Err(JournalError::Full),
            Some(Fault::Failed | Fault::Torn { kept: false }) => {
                self.stopped = true;
                Err(io_error())
            }
            Some(Fault::Torn { kept: true }) => {
                change(&mut disk)?;
                self.stopped = true;
                Err(io_error())
            }
        }
    }
}

impl Journal for SimulatedJournal {
    fn append(
        &mut self,
        recorded_at: Timestamp,
        records: Vec<NewRecord>,
    ) -> Result<Vec<Appended>, JournalError> {
        compose::check(&records)?;
        if records.is_empty() {
            return Ok(Vec::new());
        }
        self.write(|disk| {
            let sealed = disk.seal(recorded_at, records)?;
            let appended = sealed.iter().map(SealedRecord::appended).collect();
            disk.keep(sealed);
            Ok(appended)
        })
    }

    fn try_write(&mut self) -> Result<(), JournalError> {
        self.write(|_| Ok(Vec::new())).map(drop)
    }

    /// Keeps it with the third step.
    fn keep_step(&mut self, snapshot: &Snapshot, step: usize) -> Result<bool, JournalError> {
        let mut disk = self.disk.lock();
        if self.stopped || disk.life != self.life {
            return Err(JournalError::Stopped);
        }
        let found = disk
            .of(&snapshot.ledger)
            .find(|record| record.header.seq == snapshot.through)
            .map(|record| record.hash);
        let Some(hash) = found else {
            return Err(JournalError::Unfit {
                kind: "snapshot".to_owned(),
                why: "the record it rests on is not there",
            });
        };
        let erased = |record: &SealedRecord| {
            record.header.kind == KIND_ERASED && record.header.seq > snapshot.through
        };
        if disk.of(&snapshot.ledger).any(erased) {
            return Err(JournalError::Unfit {
                kind: "snapshot".to_owned(),
                why: "something was erased since",
            });
        }
        let commits = disk.commits.len();
        disk.steps.push(commits);
        if step + 1 < STEPS {
            return Ok(true);
        }
        disk.snapshots
            .insert(snapshot.ledger.clone(), (snapshot.clone(), hash));
        Ok(false)
    }

    fn erase(
        &mut self,
        recorded_at: Timestamp,
        erasure: &Erasure,
    ) -> Result<Appended, JournalError> {
        let existing = self.keys(&erasure.ledger)?;
        tally::check_erasure(erasure, &existing)?;
        let groups = tally::classes(erasure, &existing);
        let appended = self.write(|disk| {
            let mut tallies = BTreeMap::new();
            for record in &disk.records {
                let parts = record.header.parts.iter().zip(&record.sealed);
                let parts = parts.map(|(head, sealed)| (head.key, !sealed.is_empty()));
                tally::count(&groups, &mut tallies, &record.header.kind, parts);
            }
            let record = tally::erased(recorded_at, erasure, &existing, &tallies);
            let sealed = disk.seal(recorded_at, vec![record])?;
            let appended = sealed.iter().map(SealedRecord::appended).collect();
            disk.keep(sealed);
            for record in &mut disk.records {
                record.blank(&erasure.keys);
            }
            disk.keys.retain(|_, key| !erasure.keys.contains(&key.id));
            disk.slots.retain(|key, _| !erasure.keys.contains(key));
            disk.snapshots.remove(&erasure.ledger);
            Ok(appended)
        })?;
        appended.into_iter().next().ok_or(JournalError::Stopped)
    }

    fn open_reader(&self) -> Result<Box<dyn JournalRead>, JournalError> {
        Ok(Box::new(self.disk.clone()))
    }
}

impl JournalRead for SimulatedDisk {
    fn heads(&self) -> Result<Vec<Head>, JournalError> {
        let rooms: BTreeSet<RoomId> = {
            let disk = self.lock();
            let records = disk.records.iter();
            records.map(|record| record.header.ledger.clone()).collect()
        };
        rooms.iter().map(|room| self.head(room)).collect()
    }

    fn head(&self, ledger: &RoomId) -> Result<Head, JournalError> {
        let (seq, hash) = self.lock().tail(ledger);
        Ok(Head {
            ledger: ledger.clone(),
            seq,
            hash,
        })
    }

    fn oldest(&self, _ledger: &RoomId) -> Result<Seq, JournalError> {
        Ok(Seq(1))
    }

    fn records(&self, query: &RecordQuery) -> Result<RecordPage, JournalError> {
        let disk = self.lock();
        let wanted = |record: &&SealedRecord| {
            record.header.seq > query.since
                && (query.kinds.is_empty() || query.kinds.contains(&record.header.kind))
                && !query.without_kinds.contains(&record.header.kind)
                && (query.unit.is_none() || query.unit == record.unit)
                && (query.operation.is_none() || query.operation == record.operation)
        };
        let found = disk.of(&query.ledger).filter(wanted).take(query.limit);
        let records: Vec<Record> = found.map(|record| disk.opened(record)).collect();
        let head = disk.tail(&query.ledger).0;
        let next = query.next(&records, head);
        Ok(RecordPage { records, next })
    }

    fn positions(
        &self,
        query: &PositionQuery,
        visit: &mut dyn FnMut(PositionPart) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        let mut found = Vec::new();
        {
            let disk = self.lock();
            for record in disk.of(&query.ledger) {
                let mut parts: BTreeMap<usize, Timestamp> = BTreeMap::new();
                for (part, span) in &record.spans {
                    if span.unit == query.unit && span.from <= query.to && span.to >= query.from {
                        let from = parts.entry(*part).or_insert(span.from);
                        *from = span.from.min(*from);
                    }
                }
                found.extend(parts.into_iter().filter_map(|(part, from)| {
                    Some(PositionPart {
                        seq: record.header.seq,
                        part,
                        schema: record.header.schema,
                        from,
                        payload: disk.open_part(record, part)?,
                    })
                }));
            }
        }
        found.sort_by_key(|part| (part.from, part.seq, part.part));
        let _ = found.into_iter().try_for_each(visit);
        Ok(())
    }

    fn fold(
        &self,
        after: &BTreeMap<RoomId, Seq>,
        visit: &mut dyn FnMut(Record) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        let records: Vec<Record> = {
            let disk = self.lock();
            let wanted = |record: &&SealedRecord| {
                let after = after.get(&record.header.ledger).copied();
                record.header.seq > after.unwrap_or(Seq::ZERO)
            };
            let found = disk.records.iter().filter(wanted);
            found.map(|record| disk.opened(record)).collect()
        };
        let _ = records.into_iter().try_for_each(visit);
        Ok(())
    }

    fn latest_snapshot(
        &self,
        ledger: &RoomId,
        schema: u16,
    ) -> Result<Option<Snapshot>, JournalError> {
        let disk = self.lock();
        let kept = disk.snapshots.get(ledger).filter(|(snapshot, hash)| {
            let mut records = disk.of(ledger);
            snapshot.schema == schema
                && records
                    .any(|record| record.header.seq == snapshot.through && record.hash == *hash)
        });
        Ok(kept.map(|(snapshot, _)| snapshot.clone()))
    }

    fn keys(&self, ledger: &RoomId) -> Result<Vec<KeyInfo>, JournalError> {
        let disk = self.lock();
        let slots = disk.keys.iter().filter(|(slot, _)| slot.ledger() == ledger);
        Ok(slots.map(|(slot, key)| slot.info(key.id)).collect())
    }
}

impl JournalRead for SimulatedJournal {
    fn heads(&self) -> Result<Vec<Head>, JournalError> {
        self.disk.heads()
    }

    fn head(&self, ledger: &RoomId) -> Result<Head, JournalError> {
        self.disk.head(ledger)
    }

    fn oldest(&self, ledger: &RoomId) -> Result<Seq, JournalError> {
        self.disk.oldest(ledger)
    }

    fn records(&self, query: &RecordQuery) -> Result<RecordPage, JournalError> {
        self.disk.records(query)
    }

    fn positions(
        &self,
        query: &PositionQuery,
        visit: &mut dyn FnMut(PositionPart) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        self.disk.positions(query, visit)
    }

    fn fold(
        &self,
        after: &BTreeMap<RoomId, Seq>,
        visit: &mut dyn FnMut(Record) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        self.disk.fold(after, visit)
    }

    fn latest_snapshot(
        &self,
        ledger: &RoomId,
        schema: u16,
    ) -> Result<Option<Snapshot>, JournalError> {
        self.disk.latest_snapshot(ledger, schema)
    }

    fn keys(&self, ledger: &RoomId) -> Result<Vec<KeyInfo>, JournalError> {
        self.disk.keys(ledger)
    }
}
