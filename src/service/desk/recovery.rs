//! A restart folds what was decided; it does not decide again.

use crate::domain::event::{Event, What};
use crate::domain::ids::{RoomId, Seq};
use crate::domain::tracks::fix::Fix;
use crate::domain::world::World;
use crate::service::journal::{JournalError, JournalRead, KIND_ERASED, KIND_POSITIONS, Record};
use crate::wire::event::EventWire;
use crate::wire::positions::{self, PositionsError};
use crate::wire::stored::{StoredError, StoredEvent};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

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
pub enum Shown<'a> {
    /// An event of this ledger.
    Event(&'a RoomId, EventWire),
    /// An admitted fix of this ledger, and its record.
    Fix(&'a RoomId, Seq, &'a Fix),
}

/// Folds a whole journal; `show` is given everything on the way.
///
/// # Errors
/// [`RecoveryError`] when the journal is damaged or newer than this Limes.
pub fn recover(
    journal: &dyn JournalRead,
    show: &mut dyn FnMut(Shown<'_>),
) -> Result<Recovered, RecoveryError> {
    let mut recovered = Recovered::default();
    let mut broken = None;
    journal.fold(
        &BTreeMap::new(),
        &mut |record| match fold(&mut recovered, &record, show) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                broken = Some(error);
                ControlFlow::Break(())
            }
        },
    )?;
    match broken {
        Some(error) => Err(error),
        None => Ok(recovered),
    }
}

fn fold(
    recovered: &mut Recovered,
    record: &Record,
    show: &mut dyn FnMut(Shown<'_>),
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
                let event = Event {
                    at: fix.fixed_at,
                    what: What::Fix(Box::new(fix)),
                };
                world.apply(&event);
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
