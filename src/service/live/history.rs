//! What was recorded, read back: for a viewer that resumes, and for readers of past events.

use crate::domain::ids::{RoomId, Seq};
use crate::service::journal::{
    JournalError, JournalRead, KIND_ERASED, KIND_POSITIONS, Record, RecordQuery,
};
use crate::wire::event::EventWire;
use crate::wire::live::{Bulletin, PositionWire};
use crate::wire::positions;
use crate::wire::stored::{StoredError, StoredEvent};

/// How many records one page of a resumed feed holds.
pub const PAGE: usize = 1_000;

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

/// The bulletin that leads from `since` as far as one page goes; `None` when there is nothing after it.
///
/// # Errors
/// [`HistoryError`] when the journal cannot be read.
pub fn bulletin(
    journal: &dyn JournalRead,
    room: &RoomId,
    since: Seq,
    at: String,
) -> Result<Option<Bulletin>, HistoryError> {
    let page = journal.records(&RecordQuery::since(room.clone(), since, PAGE))?;
    if page.next == since {
        return Ok(None);
    }
    let mut bulletin = Bulletin {
        prev: since.0,
        seq: page.next.0,
        at,
        positions: Vec::new(),
        events: Vec::new(),
    };
    for record in page.records {
        if record.header.kind == KIND_POSITIONS {
            for payload in record.payloads.iter().flatten() {
                let fixes = positions::decode(payload)?;
                bulletin
                    .positions
                    .extend(fixes.iter().map(PositionWire::from));
            }
        } else if let Some(event) = event(&record)? {
            bulletin.events.push(event);
        }
    }
    Ok(Some(bulletin))
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
    let stored = StoredEvent::from_bytes(header.schema, payload)?;
    Ok(Some(stored.into_wire(
        header.seq,
        header.at,
        header.recorded_at,
    )))
}
