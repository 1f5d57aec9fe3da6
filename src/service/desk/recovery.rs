//! A restart folds what was decided; it does not decide again.

use crate::domain::ids::{RoomId, Seq};
use crate::domain::tracks::fix::Fix;
use crate::domain::world::World;
use crate::service::journal::{JournalError, JournalRead, KIND_ERASED, KIND_POSITIONS, Record};
use crate::wire::event::EventWire;
use crate::wire::positions::{self, PositionsError};
use crate::wire::stored::{StoredError, StoredEvent};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc;

/// What the journal made of every room.
#[derive(Debug, Default)]
pub struct Recovered {
    /// The worlds.
    pub worlds: BTreeMap<RoomId, World>,
    /// The last number of each ledger.
    pub heads: BTreeMap<RoomId, Seq>,
    /// How many records were folded.
    pub records: u64,
    /// How many fixes were folded.
    pub fixes: u64,
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

/// What a restart shows again, in the order it was recorded.
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

/// Folds a whole journal; `show` is given everything on the way. One thread reads and opens, another folds.
///
/// # Errors
/// [`RecoveryError`] when the journal is damaged or newer than this Limes.
pub fn recover(
    journal: &dyn JournalRead,
    show: &mut (dyn FnMut(Shown<'_>) + Send),
) -> Result<Recovered, RecoveryError> {
    let (opened, records) = mpsc::sync_channel::<Record>(AHEAD);
    std::thread::scope(|scope| {
        let folding = scope.spawn(move || {
            let mut recovered = Recovered::default();
            for record in records {
                fold(&mut recovered, &record, show)?;
            }
            Ok(recovered)
        });
        // A record that is taken no more means that the fold has ended early.
        let read = journal.fold(&BTreeMap::new(), &mut |record| match opened.send(record) {
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
