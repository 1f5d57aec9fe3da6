//! What was recorded, read back: for a viewer that resumes, and for readers of past events.

use crate::domain::ids::{RoomId, Seq};
use crate::service::journal::{
    JournalError, JournalRead, KIND_ERASED, KIND_POSITIONS, Record, RecordQuery,
};
use crate::wire::event::EventWire;
use crate::wire::link::BETWEEN_SERVICES;
use crate::wire::live::{Bulletin, PositionWire};
use crate::wire::positions;
use crate::wire::stored::{StoredError, StoredEvent};

/// How many records one page of a resumed feed holds at most.
const PAGE: usize = 500;
/// A page of a resumed feed ends with the record that brings it to this many positions.
const POSITIONS_MAX: usize = 5_000;

/// A stretch of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// After this record.
    pub since: Seq,
    /// Up to this record.
    pub through: Seq,
}

/// Why history can not be read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// An event.
    #[error(transparent)]
    Event(#[from] StoredError),
    /// Positions.
    #[error(transparent)]
    Positions(#[from] positions::PositionsError),
}

/// The bulletin that leads from the beginning of a stretch as far as one page goes; `None` when there is nothing in it.
///
/// # Errors
/// [`HistoryError`] when the journal cannot be read.
pub fn bulletin(
    journal: &dyn JournalRead,
    room: &RoomId,
    stretch: Stretch,
    at: String,
) -> Result<Option<Bulletin>, HistoryError> {
    let left = stretch.through.0.saturating_sub(stretch.since.0);
    // Numbers have no holes: so many records never lead beyond the stretch.
    let limit = usize::try_from(left).unwrap_or(PAGE).min(PAGE);
    let page = journal.records(&RecordQuery::since(room.clone(), stretch.since, limit))?;
    if page.records.is_empty() {
        return Ok(None);
    }
    let mut bulletin = Bulletin {
        prev: stretch.since.0,
        seq: stretch.since.0,
        at,
        positions: Vec::new(),
        events: Vec::new(),
    };
    for record in &page.records {
        take(&mut bulletin, record)?;
        if bulletin.positions.len() >= POSITIONS_MAX {
            break;
        }
    }
    Ok(Some(bulletin))
}

fn take(bulletin: &mut Bulletin, record: &Record) -> Result<(), HistoryError> {
    bulletin.seq = record.header.seq.0;
    if record.header.kind == KIND_POSITIONS {
        for payload in record.payloads.iter().flatten() {
            let fixes = positions::decode(payload)?;
            bulletin
                .positions
                .extend(fixes.iter().map(PositionWire::from));
        }
    } else if let Some(event) = event(record)? {
        bulletin.events.push(event);
    }
    Ok(())
}

/// The event of a record; `None` when it was erased, or is no event.
///
/// # Errors
/// [`HistoryError`] when it cannot be read.
pub fn event(record: &Record) -> Result<Option<EventWire>, HistoryError> {
    if record.header.kind == KIND_ERASED || record.header.kind == KIND_POSITIONS {
        return Ok(None);
    }
    let Some(payload) = record.payload() else {
        return Ok(None);
    };
    let header = &record.header;
    if BETWEEN_SERVICES.contains(&header.kind.as_str()) {
        return Ok(None);
    }
    let stored = StoredEvent::from_bytes(header.schema, payload)?;
    Ok(Some(stored.into_wire(
        header.seq,
        header.at,
        header.recorded_at,
    )))
}
