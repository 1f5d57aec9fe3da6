//! Verifying: everything that can be known of a journal from itself, and from heads that somebody noted.
//!
//! An altered byte of a header, a payload, an index or a snapshot is found. A tail that was cut off, or a history
//! written anew to its end, is not to be seen in the journal itself: for that, compare with heads noted elsewhere.

use super::super::chain::{self, PartContent};
use super::super::record::{
    Head, Header, HeaderHash, KIND_ERASED, KeyId, PositionSpan, RetentionClass,
};
use super::super::seal::Place;
use super::super::{JournalError, JournalRead as _};
use super::reader::SqliteReader;
use super::row::{COLUMNS, StoredRow};
use super::runs::RunCheck;
use super::snapshot;
use super::spans;
use crate::domain::ids::{RoomId, Seq};
use crate::wire::journal::ErasedWire;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The ledger; `None` when it is about the files as a whole.
    pub ledger: Option<RoomId>,
    /// The record, where there is one.
    pub seq: Option<Seq>,
    /// What is wrong.
    pub what: String,
}

/// A part that was erased as recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasedPart {
    /// The record.
    pub seq: Seq,
    /// Which part of it.
    pub part: usize,
    /// The key that was destroyed.
    pub key: KeyId,
    /// The record of the erasure.
    pub by: Seq,
}

/// What was seen of one ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerVerified {
    /// Its last record: what a partner may note.
    pub head: Head,
    /// How many records were checked.
    pub records: u64,
    /// How many parts were opened and compared with their digests.
    pub parts: u64,
    /// What was erased.
    pub erased: Vec<ErasedPart>,
    /// What the record of each erasure says, by its number.
    pub erasures: BTreeMap<Seq, ErasedWire>,
    /// The record its snapshot rests on.
    pub snapshot: Option<Seq>,
}

/// The outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Every ledger looked at.
    pub ledgers: Vec<LedgerVerified>,
    /// Everything that is wrong; empty when the journal is whole.
    pub findings: Vec<Finding>,
}

/// What to verify.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyRequest {
    /// Only this ledger.
    pub only: Option<RoomId>,
    /// Heads noted earlier, here or by a partner: each must still be in its ledger.
    pub noted: Vec<Head>,
}

impl SqliteReader {
    /// Verifies the journal as it is at this moment; a running service goes on. `progress` is told after every record
    /// how many were checked.
    ///
    /// # Errors
    /// Only when nothing can be read at all; whatever is wrong with the contents is a finding.
    pub fn verify(
        &self,
        request: &VerifyRequest,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Verified, JournalError> {
        let _moment = self
            .connection
            .unchecked_transaction()
            .map_err(JournalError::reading("verifying the journal"))?;
        let mut verified = Verified::default();
        check_files(self, &mut verified.findings);
        let mut spans = 0;
        let ledgers = match self.ledgers() {
            Ok(ledgers) => ledgers,
            Err(error) => {
                verified.findings.push(finding(None, None, &error));
                Vec::new()
            }
        };
        for (id, room, oldest) in &ledgers {
            let wanted = request.only.as_ref().is_none_or(|only| only == room);
            if wanted {
                let mut ledger = LedgerCheck::new(self, *id, room);
                ledger.run(*oldest, progress);
                spans += ledger.spans;
                verified.ledgers.push(ledger.outcome());
                verified.findings.append(&mut ledger.findings);
            }
        }
        if request.only.is_none() {
            check_strays(&self.connection, spans, &mut verified.findings);
        }
        for head in &request.noted {
            self.check_noted(head, &mut verified.findings);
        }
        Ok(verified)
    }

    fn ledgers(&self) -> Result<Vec<(i64, RoomId, i64)>, String> {
        let read = || -> Result<Vec<(i64, String, i64)>, rusqlite::Error> {
            let mut statement = self
                .connection
                .prepare("SELECT id, room, oldest FROM ledgers ORDER BY room")?;
            let rows =
                statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect()
        };
        let ledgers = read().map_err(|error| format!("the list of ledgers: {error}"))?;
        let parsed = ledgers.into_iter().map(|(id, room, oldest)| {
            let room = RoomId::parse(&room).map_err(|error| format!("a ledger's name: {error}"))?;
            Ok((id, room, oldest))
        });
        parsed.collect()
    }

    /// The index of positions of one record, by part, as the digest wants it.
    pub(super) fn spans(
        &self,
        id: i64,
        seq: Seq,
    ) -> Result<BTreeMap<usize, Vec<PositionSpan>>, String> {
        spans::of_record(&self.connection, id, seq).map_err(|error| error.to_string())
    }

    fn check_noted(&self, noted: &Head, findings: &mut Vec<Finding>) {
        let found = self.ledger_id(&noted.ledger).and_then(|id| match id {
            Some(id) => self.hash_at(&noted.ledger, id, noted.seq),
            None => Ok(None),
        });
        let what = match found {
            Ok(Some(hash)) if hash == noted.hash => return,
            Ok(Some(hash)) => format!("the noted hash is {} and the ledger's {hash}", noted.hash),
            Ok(None) => {
                "a head was noted here and the record is gone: the end was cut off".to_owned()
            }
            Err(error) => error.to_string(),
        };
        findings.push(finding(Some(&noted.ledger), Some(noted.seq), &what));
    }
}

fn finding(ledger: Option<&RoomId>, seq: Option<Seq>, what: &str) -> Finding {
    Finding {
        ledger: ledger.cloned(),
        seq,
        what: what.to_owned(),
    }
}

/// `SQLite`'s own check of pages and indexes.
fn check_files(reader: &SqliteReader, findings: &mut Vec<Finding>) {
    let checked = |connection: &Connection| -> Result<Vec<String>, rusqlite::Error> {
        let mut statement = connection.prepare("PRAGMA integrity_check")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        rows.collect()
    };
    for (name, outcome) in [
        (super::schema::JOURNAL_FILE, checked(&reader.connection)),
        (super::schema::KEYS_FILE, reader.keys.with(checked)),
    ] {
        let lines = outcome.unwrap_or_else(|error| vec![error.to_string()]);
        let bad = lines.iter().filter(|line| *line != "ok");
        findings.extend(bad.map(|line| finding(None, None, &format!("{name}: {line}"))));
    }
}

/// Rows that belong to nothing.
fn check_strays(connection: &Connection, spans: u64, findings: &mut Vec<Finding>) {
    let count = |sql: &str| -> Result<i64, rusqlite::Error> {
        connection.query_row(sql, [], |row| row.get(0))
    };
    let checks = [
        (
            "SELECT coalesce(sum(count), 0) FROM spans",
            spans as i64,
            "spans of positions belong to no record",
        ),
        (
            "SELECT count(*) FROM spans_by_unit WHERE (ledger, through) NOT IN (SELECT ledger, through FROM runs)",
            0,
            "rows of the index of positions belong to no run",
        ),
        (
            "SELECT count(*) FROM runs WHERE ledger NOT IN (SELECT id FROM ledgers)",
            0,
            "runs of the index of positions belong to no ledger",
        ),
        (
            "SELECT count(*) FROM records WHERE ledger NOT IN (SELECT id FROM ledgers)",
            0,
            "records belong to no ledger",
        ),
        (
            "SELECT count(*) FROM snapshots WHERE ledger NOT IN (SELECT id FROM ledgers)",
            0,
            "snapshots belong to no ledger",
        ),
        (
            "SELECT count(*) FROM snapshot_pieces WHERE ledger NOT IN (SELECT id FROM ledgers)",
            0,
            "pieces of snapshots belong to no ledger",
        ),
        (
            "SELECT count(*) FROM erased WHERE ledger NOT IN (SELECT id FROM ledgers)",
            0,
            "erasures belong to no ledger",
        ),
    ];
    for (sql, expected, what) in checks {
        match count(sql) {
            Ok(found) if found == expected => {}
            Ok(_) => findings.push(finding(None, None, what)),
            Err(error) => findings.push(finding(None, None, &error.to_string())),
        }
    }
}

/// The verification of one ledger.
struct LedgerCheck<'a> {
    reader: &'a SqliteReader,
    id: i64,
    room: &'a RoomId,
    /// The last record seen: number, stored hash, order of appending.
    last: (Seq, HeaderHash, i64),
    records: u64,
    parts: u64,
    spans: u64,
    /// The runs of the index of positions, once they are read.
    runs: Option<RunCheck>,
    /// Parts without payload, and the erasures recorded.
    absent: Vec<(Seq, usize, KeyId)>,
    erasures: BTreeMap<KeyId, Seq>,
    told: BTreeMap<Seq, ErasedWire>,
    snapshot: Option<Seq>,
    findings: Vec<Finding>,
}

impl<'a> LedgerCheck<'a> {
    fn new(reader: &'a SqliteReader, id: i64, room: &'a RoomId) -> Self {
        Self {
            reader,
            id,
            room,
            last: (Seq::ZERO, chain::genesis(room), 0),
            records: 0,
            parts: 0,
            spans: 0,
            runs: None,
            absent: Vec::new(),
            erasures: BTreeMap::new(),
            told: BTreeMap::new(),
            snapshot: None,
            findings: Vec::new(),
        }
    }

    fn wrong(&mut self, seq: Seq, what: &str) {
        let found = finding(Some(self.room), Some(seq), what);
        self.findings.push(found);
    }

    fn run(&mut self, oldest: i64, progress: &mut dyn FnMut(u64)) {
        match RunCheck::of(&self.reader.connection, self.id) {
            Ok(runs) => self.runs = Some(runs),
            Err(error) => self.wrong(
                Seq::ZERO,
                &format!("its index of positions cannot be read: {error}"),
            ),
        }
        if let Err(error) = self.check_records(progress) {
            self.wrong(self.last.0.next(), &format!("cannot be read: {error}"));
        }
        if self.runs.as_ref().is_some_and(|runs| !runs.is_done()) {
            self.wrong(
                self.last.0,
                "a run of the index of positions ends where no record is",
            );
        }
        if oldest != 1 {
            self.wrong(Seq::ZERO, "records are called retired and none were");
        }
        if let Err(error) = self.check_erasures() {
            self.wrong(Seq::ZERO, &format!("its erasures cannot be read: {error}"));
        }
        self.check_snapshot();
    }

    fn outcome(&self) -> LedgerVerified {
        let erased = self.absent.iter().filter_map(|(seq, part, key)| {
            let by = *self.erasures.get(key)?;
            Some(ErasedPart {
                seq: *seq,
                part: *part,
                key: *key,
                by,
            })
        });
        LedgerVerified {
            head: Head {
                ledger: self.room.clone(),
                seq: self.last.0,
                hash: self.last.1,
            },
            records: self.records,
            parts: self.parts,
            erased: erased.collect(),
            erasures: self.told.clone(),
            snapshot: self.snapshot,
        }
    }

    fn check_records(&mut self, progress: &mut dyn FnMut(u64)) -> Result<(), rusqlite::Error> {
        let sql =
            format!("SELECT {COLUMNS}, r.id FROM records AS r WHERE r.ledger = ?1 ORDER BY r.seq");
        let mut statement = self.reader.connection.prepare(&sql)?;
        let mut rows = statement.query([self.id])?;
        while let Some(row) = rows.next()? {
            self.records += 1;
            progress(self.records);
            let read = StoredRow::read(row).and_then(|stored| Ok((stored, row.get(12)?)));
            match read {
                Ok((stored, order)) => self.check_row(&stored, order),
                Err(error) => {
                    self.wrong(self.last.0.next(), &format!("cannot be read: {error}"));
                    self.last.0 = self.last.0.next();
                }
            }
        }
        Ok(())
    }

    fn check_row(&mut self, row: &StoredRow, order: i64) {
        let (before, prev, last_order) = self.last;
        if row.seq != before.next() {
            self.wrong(
                before.next(),
                &format!("missing: {} follows {before}", row.seq),
            );
        }
        if order <= last_order {
            self.wrong(row.seq, "its order of appending was altered");
        }
        let checked = row.checked_header(self.room, prev);
        // The stored hash stands for the record from here on, so that one altered record is one finding, or two.
        let stored = row.hash().unwrap_or(prev);
        self.last = (row.seq, stored, order);
        match checked {
            Ok((header, hash)) => self.check_parts(row, &header, hash),
            Err(why) => self.wrong(row.seq, why),
        }
    }

    fn check_run(&mut self, seq: Seq, spans: &BTreeMap<usize, Vec<PositionSpan>>) {
        let Some(runs) = &mut self.runs else { return };
        match runs.step(&self.reader.connection, self.id, seq, spans) {
            Ok(true) => {}
            Ok(false) => self.wrong(seq, "a run of the index of positions was altered"),
            Err(error) => self.wrong(seq, &error.to_string()),
        }
    }

    fn check_parts(&mut self, row: &StoredRow, header: &Header, hash: HeaderHash) {
        let (sealed, label) = match (row.sealed_parts(), row.label()) {
            (Ok(sealed), Ok(label)) => (sealed, label),
            (Err(why), _) | (_, Err(why)) => return self.wrong(row.seq, why),
        };
        let mut spans = match self.reader.spans(self.id, row.seq) {
            Ok(spans) => spans,
            Err(why) => return self.wrong(row.seq, &why),
        };
        self.spans += spans.values().map(|spans| spans.len() as u64).sum::<u64>();
        self.check_run(row.seq, &spans);
        if sealed.iter().all(|part| part.is_empty()) && label != (None, None) {
            self.wrong(row.seq, "it is erased and its index is not");
        }
        for (part, sealed) in sealed.into_iter().enumerate() {
            let content = PartContent {
                unit: label.0.as_ref(),
                operation: label.1.as_ref(),
                spans: &spans.remove(&part).unwrap_or_default(),
                payload: sealed,
            };
            if let Err(what) = self.check_part((header, hash), part, content) {
                self.wrong(row.seq, &format!("part {part}: {what}"));
            }
        }
        if !spans.is_empty() {
            self.wrong(
                row.seq,
                "its index of positions names parts that it has not",
            );
        }
    }

    /// Opens one part and compares it with its digest; `content` has the sealed bytes for a payload.
    fn check_part(
        &mut self,
        (header, hash): (&Header, HeaderHash),
        part: usize,
        content: PartContent<'_>,
    ) -> Result<(), String> {
        let head = header.parts[part];
        if content.payload.is_empty() {
            self.absent.push((header.seq, part, head.key));
            return if content.spans.is_empty() {
                Ok(())
            } else {
                Err("it is erased and its index of positions is not".to_owned())
            };
        }
        let key = self.reader.keys.get(head.key);
        let key = key.map_err(|error| error.to_string())?;
        let key = key.ok_or("its key is missing")?;
        let payload = key
            .open(head.digest, hash, content.payload)
            .ok_or("its payload was altered")?;
        let place = Place {
            ledger: self.room,
            seq: header.seq,
            part,
        };
        let content = PartContent {
            payload: &payload,
            ..content
        };
        if chain::digest(&key.salt(place), content) != head.digest {
            return Err("its index was altered".to_owned());
        }
        self.parts += 1;
        self.note_erasure(header, &payload);
        Ok(())
    }

    fn note_erasure(&mut self, header: &Header, payload: &[u8]) {
        if header.kind != KIND_ERASED || header.retention != RetentionClass::Service {
            return;
        }
        match ErasedWire::from_bytes(payload) {
            Some(erased) => {
                let keys = erased.keys.iter().filter_map(|key| KeyId::parse(key));
                self.erasures.extend(keys.map(|key| (key, header.seq)));
                self.told.insert(header.seq, erased);
            }
            None => self.wrong(header.seq, "this record of an erasure cannot be read"),
        }
    }

    /// Every missing payload has its record, every record its missing key.
    fn check_erasures(&mut self) -> Result<(), JournalError> {
        for (seq, part, key) in self.absent.clone() {
            match self.erasures.get(&key) {
                Some(by) if *by > seq => {}
                _ => self.wrong(
                    seq,
                    &format!("part {part}: its payload is missing and no erasure is recorded"),
                ),
            }
        }
        let listed = super::erase::erased_keys(&self.reader.connection, self.id)
            .map_err(JournalError::reading("reading what was erased"))?;
        if listed != self.erasures {
            self.wrong(Seq::ZERO, "the list of erased keys is not the recorded one");
        }
        let keys = self.reader.keys(self.room)?;
        let existing: BTreeSet<KeyId> = keys.into_iter().map(|key| key.id).collect();
        for (key, by) in self.erasures.clone() {
            if existing.contains(&key) {
                self.wrong(by, "an erased key still exists: start the service once");
            }
        }
        Ok(())
    }

    fn check_snapshot(&mut self) {
        let outcome = snapshot::find(self.reader, self.id).and_then(|stored| match stored {
            None => Ok(None),
            Some(stored) => snapshot::open(self.reader, self.room, &stored).map(Some),
        });
        match outcome {
            Ok(None) => {}
            Ok(Some(Ok(snapshot))) => self.snapshot = Some(snapshot.through),
            Ok(Some(Err(why))) => self.wrong(Seq::ZERO, &format!("its snapshot: {why}")),
            Err(error) => self.wrong(Seq::ZERO, &format!("its snapshot: {error}")),
        }
    }
}
