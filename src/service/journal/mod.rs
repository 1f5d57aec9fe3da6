//! The append-only record of every room.
//!
//! One service hosts several ledgers, one per room, in one store, so that one append is all or nothing over all of
//! them: what is shared with a partner reaches the partner's ledger in the same commit. A record is a header, chained
//! by hash and kept for ever ([`chain`]), and a payload in parts, each sealed under the key of its subject ([`seal`]).
//! Erasing destroys keys and sealed parts, is a record itself, and leaves the chain whole.
//!
//! The journal never looks inside a payload: the caller's codec makes it and names its schema.
//!
//! **The caller's duty.** Nothing is acknowledged or shown before [`Journal::append`] has returned `Ok`. After an
//! `Err` the caller stops acknowledging and says so; after [`JournalError::Full`] it may try the same append again,
//! after any other error only a new start tells what is kept: a commit whose sync failed may or may not be on the disk.

pub mod chain;
mod compose;
mod error;
mod keys;
pub mod positions;
mod readers;
mod record;
pub mod seal;
pub mod simulated;
mod sqlite;
mod tally;
mod told;

pub use error::JournalError;
pub use keys::KeyInfo;
pub use readers::{OpenReader, Readers};
pub use record::{
    Appended, Head, Header, HeaderHash, KIND_ERASED, KIND_MAX, KIND_POSITIONS, KeyId, NewHead,
    NewRecord, PARTS_MAX, Part, PartDigest, PartHeader, PositionSpan, Record, RetentionClass,
    SubjectKey,
};
pub use sqlite::{
    ErasedPart, ExportRequest, Finding, KindStats, LedgerStats, LedgerVerified, SqliteJournal,
    SqliteReader, Verified, VerifyRequest,
};
pub use tally::Tally;
pub use told::{Erased, erased};

use crate::domain::ids::{OperationId, RoomId, Seq, UnitId};
use crate::domain::measure::Timestamp;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Which records of a ledger to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordQuery {
    /// The ledger.
    pub ledger: RoomId,
    /// Only records after this one.
    pub since: Seq,
    /// At most this many.
    pub limit: usize,
    /// Only these kinds; empty: all.
    pub kinds: Vec<String>,
    /// None of these kinds.
    pub without_kinds: Vec<String>,
    /// Only records of this unit.
    pub unit: Option<UnitId>,
    /// Only records of this operation.
    pub operation: Option<OperationId>,
}

impl RecordQuery {
    /// Everything of a ledger after `since`.
    #[must_use]
    pub fn since(ledger: RoomId, since: Seq, limit: usize) -> Self {
        Self {
            ledger,
            since,
            limit,
            kinds: Vec::new(),
            without_kinds: Vec::new(),
            unit: None,
            operation: None,
        }
    }

    /// Where to read on after these records, when the ledger ends at `head`.
    fn next(&self, records: &[Record], head: Seq) -> Seq {
        match records.last() {
            Some(last) if records.len() >= self.limit => last.header.seq,
            None if self.limit == 0 => self.since,
            _ => head.max(self.since),
        }
    }
}

/// The answer to a [`RecordQuery`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPage {
    /// The records, in order.
    pub records: Vec<Record>,
    /// The last number this page covers: where to read on. When the limit cut the page, its last record; else the
    /// ledger's head as it was at that moment; never below `since`.
    pub next: Seq,
}

/// Which positions of a ledger to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionQuery {
    /// The ledger.
    pub ledger: RoomId,
    /// The unit.
    pub unit: UnitId,
    /// The earliest `fixed_at` wanted.
    pub from: Timestamp,
    /// The latest `fixed_at` wanted.
    pub to: Timestamp,
}

/// One part of a record of positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionPart {
    /// The record it stands in.
    pub seq: Seq,
    /// Which part of it.
    pub part: usize,
    /// The version of its schema.
    pub schema: u16,
    /// The earliest `fixed_at` in it, of the unit's sources that reach into the range.
    pub from: Timestamp,
    /// What the codec made.
    pub payload: Vec<u8>,
}

/// A picture kept so that a restart need not fold from the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The ledger.
    pub ledger: RoomId,
    /// The last record folded into it.
    pub through: Seq,
    /// The version of its schema.
    pub schema: u16,
    /// What the caller's codec made.
    pub bytes: Vec<u8>,
}

/// What is to be erased, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The ledger.
    pub ledger: RoomId,
    /// The keys to destroy, of [`JournalRead::keys`].
    pub keys: Vec<KeyId>,
    /// Who erases; kept for ever in the record of the erasure, as all that follows.
    pub by: String,
    /// The reason: no personal data.
    pub reason: String,
    /// The unit that an order names; `None` when the time of what is erased is over.
    pub unit: Option<UnitId>,
}

/// Reading a journal. Several readers work beside the one writer; each sees what was durable when it asked.
pub trait JournalRead: Send {
    /// The last record of every ledger that has one, by ledger.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn heads(&self) -> Result<Vec<Head>, JournalError>;

    /// The last record of one ledger; of an unknown ledger [`Seq::ZERO`] and its genesis.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn head(&self, ledger: &RoomId) -> Result<Head, JournalError>;

    /// The first record that retention has left: a cursor below the one before it is too old. 1 while nothing is
    /// retired.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn oldest(&self, ledger: &RoomId) -> Result<Seq, JournalError>;

    /// Reads records, opened; erased ones say so.
    ///
    /// # Errors
    /// When the store cannot be read or a record is damaged.
    fn records(&self, query: &RecordQuery) -> Result<RecordPage, JournalError>;

    /// Shows every part with positions of one unit in a range of `fixed_at`, by the first `fixed_at` of the unit in
    /// it, then by number. A part may hold fixes outside the range: the index speaks of whole parts.
    ///
    /// # Errors
    /// When the store cannot be read or a record is damaged.
    fn positions(
        &self,
        query: &PositionQuery,
        visit: &mut dyn FnMut(PositionPart) -> ControlFlow<()>,
    ) -> Result<(), JournalError>;

    /// Shows all records of all ledgers in the order they were appended, of each ledger only those after the number
    /// that `after` names (default: all). Checks chain, contiguity and seals on the way.
    ///
    /// # Errors
    /// When the store cannot be read or a record is damaged: what was shown before it is sound.
    fn fold(
        &self,
        after: &BTreeMap<RoomId, Seq>,
        visit: &mut dyn FnMut(Record) -> ControlFlow<()>,
    ) -> Result<(), JournalError>;

    /// The snapshot of a ledger, if there is one with this very schema, undamaged, and resting on a record that is
    /// still there. Anything else is passed over with a warning: the fold then starts from the beginning.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn latest_snapshot(
        &self,
        ledger: &RoomId,
        schema: u16,
    ) -> Result<Option<Snapshot>, JournalError>;

    /// The keys of a ledger that exist, without their secrets: what an [`Erasure`] chooses from.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn keys(&self, ledger: &RoomId) -> Result<Vec<KeyInfo>, JournalError>;
}

/// Writing a journal: one writer per data folder.
pub trait Journal: JournalRead {
    /// Appends all records in one transaction and gives each its number, in the order given. Durable when it returns.
    ///
    /// # Errors
    /// Nothing is kept, and heads are as before, after [`JournalError::Full`] and [`JournalError::Unfit`]. After any
    /// other error this handle writes no more: see the module's text for what the caller must do.
    fn append(
        &mut self,
        recorded_at: Timestamp,
        records: Vec<NewRecord>,
    ) -> Result<Vec<Appended>, JournalError>;

    /// Writes something that changes nothing, and makes it durable: whether the store takes writes (again).
    ///
    /// # Errors
    /// As [`Journal::append`].
    fn try_write(&mut self) -> Result<(), JournalError>;

    /// Does one small step of keeping a snapshot in place of the ledger's earlier one, the first step being 0: writes one
    /// piece of it, or clears one of the earlier away. Answers whether another step is to follow. The snapshot takes its
    /// place with its last piece; till then, and when the process ends before, the earlier one stays. It must have folded
    /// exactly the records through `snapshot.through`, which must exist.
    ///
    /// One snapshot is kept at a time: with the first step of another, one that was begun is given up.
    ///
    /// # Errors
    /// As [`Journal::append`]; a failed snapshot leaves the earlier one. [`JournalError::Unfit`] when something of the
    /// ledger was erased since: what is gone must not come back with it.
    fn keep_step(&mut self, snapshot: &Snapshot, step: usize) -> Result<bool, JournalError>;

    /// Keeps a snapshot at once, all steps of it.
    ///
    /// # Errors
    /// As [`Journal::keep_step`].
    fn put_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), JournalError> {
        let mut step = 0;
        while self.keep_step(snapshot, step)? {
            step += 1;
        }
        Ok(())
    }

    /// Destroys keys and everything sealed under them, and the ledger's snapshot; appends the record of it
    /// ([`KIND_ERASED`]). The chain stays whole. A picture in memory and backups are the caller's to cleanse.
    ///
    /// # Errors
    /// As [`Journal::append`]. An erasure cut off by the end of the process is completed when the journal is opened.
    fn erase(
        &mut self,
        recorded_at: Timestamp,
        erasure: &Erasure,
    ) -> Result<Appended, JournalError>;

    /// Another reader of the same journal.
    ///
    /// # Errors
    /// When the store cannot be opened once more.
    fn open_reader(&self) -> Result<Box<dyn JournalRead>, JournalError>;
}
