//! A restart folds what was decided; it does not decide again.
//!
//! Positions are by far the most records. What they told of each unit is kept now and then as a snapshot of the ledger
//! ([`crate::wire::memory`]), so that a restart folds only those that came after it; events are folded from the
//! first. [`snapshots`] makes the next ones the same way: each is a rehearsal of the restart.

use crate::domain::ids::{RoomId, Seq, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::tracks::fix::Fix;
use crate::domain::world::World;
use crate::service::journal::{
    Head, JournalError, JournalRead, KIND_ERASED, KIND_POSITIONS, Record, RecordQuery, Snapshot,
};
use crate::wire::event::EventWire;
use crate::wire::memory::{self, MemoryError, UnitMemory};
use crate::wire::positions::{self, PositionsError};
use crate::wire::stored::{StoredError, StoredEvent};
use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::mpsc;

/// How many of the newest fixes of each unit a restart brings back for the map.
pub const TAIL_FIXES: usize = 360;

/// What the journal made of every room.
#[derive(Debug, Default)]
pub struct Recovered {
    /// The worlds.
    pub worlds: BTreeMap<RoomId, World>,
    /// The last number of each ledger.
    pub heads: BTreeMap<RoomId, Seq>,
    /// The newest fixes of each unit.
    pub tails: BTreeMap<RoomId, BTreeMap<UnitId, Tail>>,
    /// Units remembered from a snapshot: which of their fixes up to this moment were admitted, only the journal knows.
    pub unread: BTreeMap<RoomId, BTreeMap<UnitId, Timestamp>>,
    /// When the last record was made.
    pub recorded_at: Option<Timestamp>,
    /// How many records were folded since the snapshots.
    pub records: u64,
    /// How many fixes were folded since the snapshots.
    pub fixes: u64,
}

/// The newest fixes of one unit, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tail(VecDeque<Fix>);

impl Tail {
    /// The fixes.
    pub fn fixes(&self) -> impl Iterator<Item = &Fix> {
        self.0.iter()
    }

    fn take(&mut self, fix: &Fix) {
        let index = self
            .0
            .partition_point(|known| known.fixed_at <= fix.fixed_at);
        if self.0.len() == TAIL_FIXES {
            if index == 0 {
                return;
            }
            self.0.pop_front();
            self.0.insert(index - 1, fix.clone());
        } else {
            self.0.insert(index, fix.clone());
        }
    }
}

/// Why a journal can not be folded.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// The journal cannot be read or is damaged.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// An event cannot be read.
    #[error("record {seq} of ledger {ledger}: {source}")]
    Event {
        /// The ledger.
        ledger: RoomId,
        /// The record.
        seq: Seq,
        /// Why.
        source: StoredError,
    },
    /// What is remembered cannot be written as a snapshot.
    #[error("the snapshot of ledger {ledger}: {source}")]
    Memory {
        /// The ledger.
        ledger: RoomId,
        /// Why.
        source: MemoryError,
    },
    /// Positions cannot be read.
    #[error("record {seq} of ledger {ledger}: {source}")]
    Positions {
        /// The ledger.
        ledger: RoomId,
        /// The record.
        seq: Seq,
        /// Why.
        source: PositionsError,
    },
}

/// What a restart shows again, of each ledger in the order it was recorded.
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time, on the stack, and gone"
)]
pub enum Shown<'a> {
    /// An event of this ledger.
    Event(&'a RoomId, EventWire),
    /// An admitted fix of this ledger, and its record.
    Fix(&'a RoomId, Seq, &'a Fix),
}

/// Opened records that wait to be folded, at most.
const AHEAD: usize = 256;

/// How many events are read at once.
const PAGE: usize = 1_000;

/// Folds a whole journal; `show` is given every event on the way, and every fix that no snapshot covers. One thread
/// reads and opens, another folds.
///
/// # Errors
/// [`RecoveryError`] when the journal is damaged or newer than this Limes.
pub fn recover(
    journal: &dyn JournalRead,
    show: &mut (dyn FnMut(Shown<'_>) + Send),
) -> Result<Recovered, RecoveryError> {
    recover_behind(journal, show, || {})
}

/// As [`recover`]; `stand_back` is called first on each thread that only computes. The thread that reads the journal never
/// stands back: kept from the processor in the middle of a read it would keep the journal's writer waiting.
fn recover_behind(
    journal: &dyn JournalRead,
    show: &mut (dyn FnMut(Shown<'_>) + Send),
    stand_back: fn(),
) -> Result<Recovered, RecoveryError> {
    let mut recovered = Recovered::default();
    for head in journal.heads()? {
        recovered.recorded_at = recovered.recorded_at.max(recorded_at(journal, &head)?);
        if let Some((through, units)) = remembered(journal, &head.ledger, stand_back)? {
            begin(
                journal,
                &mut recovered,
                (&head.ledger, through, units),
                show,
            )?;
        }
    }
    recovered.records = 0;
    let after = recovered.heads.clone();
    let (opened, records) = mpsc::sync_channel::<Record>(AHEAD);
    std::thread::scope(|scope| {
        let folding = scope.spawn(move || {
            stand_back();
            for record in records {
                fold(&mut recovered, &record, show)?;
            }
            Ok(recovered)
        });
        // A record that is taken no more means that the fold has ended early.
        let read = journal.fold(&after, &mut |record| match opened.send(record) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        });
        drop(opened);
        let folded: Result<Recovered, RecoveryError> = match folding.join() {
            Ok(folded) => folded,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        let recovered = folded?;
        read?;
        Ok(recovered)
    })
}

/// The snapshot of every ledger as it is now. `stand_back` is called on each thread, this one too, before it only computes.
///
/// # Errors
/// [`RecoveryError`] when the journal cannot be folded.
pub fn snapshots(
    journal: &dyn JournalRead,
    stand_back: fn(),
) -> Result<Vec<Snapshot>, RecoveryError> {
    let mut recovered = recover_behind(journal, &mut |_| {}, stand_back)?;
    stand_back();
    let mut snapshots = Vec::new();
    for (ledger, through) in &recovered.heads {
        let mut tails = recovered.tails.remove(ledger).unwrap_or_default();
        let units: Vec<UnitMemory> = recovered.worlds[ledger]
            .memories()
            .map(|(unit, track)| UnitMemory {
                unit: unit.clone(),
                track,
                tail: tails.remove(unit).unwrap_or_default().0.into(),
            })
            .collect();
        let bytes = memory::encode(&units).map_err(|source| RecoveryError::Memory {
            ledger: ledger.clone(),
            source,
        })?;
        snapshots.push(Snapshot {
            ledger: ledger.clone(),
            through: *through,
            schema: memory::SCHEMA,
            bytes,
        });
    }
    Ok(snapshots)
}

/// What was decided in every ledger, without any position: operations, alarms, the register.
///
/// # Errors
/// [`RecoveryError`] when the journal is damaged or newer than this Limes.
pub fn decided(journal: &dyn JournalRead) -> Result<BTreeMap<RoomId, World>, RecoveryError> {
    let mut recovered = Recovered::default();
    for head in journal.heads()? {
        let events = (&head.ledger, head.seq, Vec::new());
        begin(journal, &mut recovered, events, &mut |_| {})?;
        let world = World::new(head.ledger.clone());
        recovered.worlds.entry(head.ledger).or_insert(world);
    }
    Ok(recovered.worlds)
}

/// When the last record of a ledger was made.
fn recorded_at(journal: &dyn JournalRead, head: &Head) -> Result<Option<Timestamp>, JournalError> {
    let before = Seq(head.seq.0.saturating_sub(1));
    let page = journal.records(&RecordQuery::since(head.ledger.clone(), before, 1))?;
    Ok(page.records.first().map(|record| record.header.recorded_at))
}

/// What the snapshot of a ledger holds, and the record it rests on. One that cannot be read is passed over: then the
/// whole past is folded.
fn remembered(
    journal: &dyn JournalRead,
    ledger: &RoomId,
    stand_back: fn(),
) -> Result<Option<(Seq, Vec<UnitMemory>)>, JournalError> {
    let Some(snapshot) = journal.latest_snapshot(ledger, memory::SCHEMA)? else {
        return Ok(None);
    };
    let decoded = std::thread::scope(|scope| {
        let decoding = scope.spawn(|| {
            stand_back();
            memory::decode(&snapshot.bytes)
        });
        decoding.join()
    });
    match decoded.unwrap_or_else(|panic| std::panic::resume_unwind(panic)) {
        Ok(units) => Ok(Some((snapshot.through, units))),
        Err(error) => {
            tracing::warn!(ledger.id = %ledger, %error, "snapshot passed over");
            Ok(None)
        }
    }
}

/// Folds the events of a ledger up to its snapshot, and takes over what that remembers of the positions: a fix touches
/// only the kinematics of its track, an event only what was decided.
fn begin(
    journal: &dyn JournalRead,
    recovered: &mut Recovered,
    (ledger, through, units): (&RoomId, Seq, Vec<UnitMemory>),
    show: &mut (dyn FnMut(Shown<'_>) + Send),
) -> Result<(), RecoveryError> {
    let mut query = RecordQuery::since(ledger.clone(), Seq::ZERO, PAGE);
    query.without_kinds = vec![KIND_POSITIONS.to_owned()];
    loop {
        let page = journal.records(&query)?;
        let covered = page
            .records
            .partition_point(|record| record.header.seq <= through);
        for record in &page.records[..covered] {
            fold(recovered, record, show)?;
        }
        if covered < PAGE {
            break;
        }
        query.since = page.next;
    }
    recovered.heads.insert(ledger.clone(), through);
    let Some(world) = recovered.worlds.get_mut(ledger) else {
        return Ok(());
    };
    for UnitMemory { unit, track, tail } in units {
        let newest = track.latest.fixed_at;
        if world.remember(&unit, track) {
            let tails = recovered.tails.entry(ledger.clone()).or_default();
            tails.insert(unit.clone(), Tail(tail.into()));
            let unread = recovered.unread.entry(ledger.clone()).or_default();
            unread.insert(unit, newest);
        }
    }
    Ok(())
}

fn fold(
    recovered: &mut Recovered,
    record: &Record,
    show: &mut (dyn FnMut(Shown<'_>) + Send),
) -> Result<(), RecoveryError> {
    let (ledger, seq) = (&record.header.ledger, record.header.seq);
    recovered.records += 1;
    recovered.heads.insert(ledger.clone(), seq);
    let world = recovered
        .worlds
        .entry(ledger.clone())
        .or_insert_with(|| World::new(ledger.clone()));
    if record.header.kind == KIND_ERASED {
        return Ok(());
    }
    // What was erased is gone from the picture too.
    for payload in record.payloads.iter().flatten() {
        if record.header.kind == KIND_POSITIONS {
            let fixes = positions::decode(payload).map_err(|source| RecoveryError::Positions {
                ledger: ledger.clone(),
                seq,
                source,
            })?;
            recovered.fixes += fixes.len() as u64;
            for fix in fixes {
                show(Shown::Fix(ledger, seq, &fix));
                world.apply_fix(&fix);
                lengthen(&mut recovered.tails, ledger, &fix);
            }
        } else {
            let event = StoredEvent::from_bytes(record.header.schema, payload)
                .and_then(|stored| {
                    let wire =
                        stored
                            .clone()
                            .into_wire(seq, record.header.at, record.header.recorded_at);
                    show(Shown::Event(ledger, wire));
                    stored.into_event(record.header.at)
                })
                .map_err(|source| RecoveryError::Event {
                    ledger: ledger.clone(),
                    seq,
                    source,
                })?;
            world.apply(&event);
        }
    }
    Ok(())
}

fn lengthen(tails: &mut BTreeMap<RoomId, BTreeMap<UnitId, Tail>>, ledger: &RoomId, fix: &Fix) {
    let known = tails
        .get_mut(ledger)
        .and_then(|tails| tails.get_mut(&fix.unit));
    if let Some(tail) = known {
        tail.take(fix);
    } else {
        let tails = tails.entry(ledger.clone()).or_default();
        tails.entry(fix.unit.clone()).or_default().take(fix);
    }
}
