//! Reads the report of an operation, and a quarter's figures, out of the journal.

use crate::domain::event::{LifeEvent, OperationEventKind, What};
use crate::domain::ids::{OperationId, RoomId, Seq, State, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::report::quarter::{Quarter, QuarterReport};
use crate::domain::report::sources::Heard;
use crate::domain::report::ways::Ways;
use crate::domain::report::{Draft, Entry, Report};
use crate::service::journal::{
    Erased, JournalError, JournalRead, KIND_ERASED, KIND_POSITIONS, PositionQuery, Record,
    RecordQuery, erased as erased_of,
};
use crate::wire::link::BETWEEN_SERVICES;
use crate::wire::positions::{PositionsError, decode};
use crate::wire::report::{ErasedPositionsWire, MadeWire, ReportWire};
use crate::wire::stored::{StoredError, StoredEvent};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Records read at once.
const PAGE: usize = 1_000;
/// What names an operation's units and its rules, outside its own records.
const REGISTER: [&str; 3] = ["profile.adopted", "rules.adopted", "unit.added"];

/// Why no report could be read.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The journal cannot be read or is damaged.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// An event cannot be read.
    #[error("record {seq}: {source}")]
    Event {
        /// Its number.
        seq: Seq,
        /// Why.
        source: StoredError,
    },
    /// Positions cannot be read.
    #[error(transparent)]
    Positions(#[from] PositionsError),
}

/// A report, and what its map is drawn from.
#[derive(Debug)]
pub struct Drawn {
    /// What it says.
    pub report: ReportWire,
    /// Where the units were, as far as their positions are kept: no fact of it.
    pub ways: Ways,
}

/// The report of an operation from one room's ledger, as it is now; `None` when the ledger holds no opening of it.
///
/// # Errors
/// [`ReportError`] when the journal cannot be read.
pub fn report(
    journal: &dyn JournalRead,
    room: &RoomId,
    operation: &OperationId,
    now: Timestamp,
) -> Result<Option<Drawn>, ReportError> {
    // The head first: what is appended while we read is of the next report.
    let head = journal.head(room)?;
    let Some(read) = read(journal, room, operation, now)? else {
        return Ok(None);
    };
    let made = MadeWire {
        ledger: room.to_string(),
        at: now.to_string(),
        through: read.report.through.0,
        erased: read.erased,
        erased_positions: read.gone,
        head: head.to_string(),
        program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
        facts: String::new(),
    };
    Ok(Some(Drawn {
        report: ReportWire::of(&read.report, made),
        ways: read.report.ways,
    }))
}

/// The figures of the operations that were opened in a quarter, as these rooms of `state` recorded them: real ones, or
/// those of the exercise.
///
/// # Errors
/// [`ReportError`] when the journal cannot be read.
pub fn quarter(
    journal: &dyn JournalRead,
    (state, rooms): (State, &[RoomId]),
    (quarter, exercise): (Quarter, bool),
    now: Timestamp,
) -> Result<QuarterReport, ReportError> {
    let mut figures = QuarterReport::default();
    for room in rooms {
        for operation in opened_in(journal, room, quarter)? {
            let read = read(journal, room, &operation, now)?;
            if let Some(read) = read.filter(|read| read.report.card.exercise == exercise) {
                figures.take(state, &read.report);
            }
        }
    }
    Ok(figures)
}

/// When the newest record of all ledgers was made.
///
/// # Errors
/// When the journal cannot be read.
pub fn last_recorded(journal: &dyn JournalRead) -> Result<Option<Timestamp>, JournalError> {
    let mut newest = None;
    for head in journal.heads()? {
        let before = Seq(head.seq.0.saturating_sub(1));
        let page = journal.records(&RecordQuery::since(head.ledger, before, 1))?;
        newest = newest.max(page.records.last().map(|last| last.header.recorded_at));
    }
    Ok(newest)
}

struct Read {
    report: Report,
    /// Records of it that were erased.
    erased: u64,
    /// Positions of its units that were erased.
    gone: Vec<ErasedPositionsWire>,
}

fn read(
    journal: &dyn JournalRead,
    room: &RoomId,
    operation: &OperationId,
    now: Timestamp,
) -> Result<Option<Read>, ReportError> {
    let mut query = RecordQuery::since(room.clone(), Seq::ZERO, PAGE);
    query.operation = Some(operation.clone());
    query.without_kinds = vec![KIND_POSITIONS.to_owned(), KIND_ERASED.to_owned()];
    query
        .without_kinds
        .extend(BETWEEN_SERVICES.map(str::to_owned));
    let (mut entries, mut erased) = (Vec::new(), 0);
    records(journal, query, |record| {
        match entry(&record)? {
            Some(entry) => entries.push(entry),
            None => erased += 1,
        }
        Ok(())
    })?;
    let Some(opened) = entries
        .iter()
        .find(|entry| is_opening(entry))
        .map(|of| of.seq)
    else {
        return Ok(None);
    };
    let mut draft = Draft::of(room.clone());
    let mut query = RecordQuery::since(room.clone(), Seq::ZERO, PAGE);
    query.kinds = REGISTER.map(str::to_owned).to_vec();
    let mut later = Vec::new();
    records(journal, query, |record| {
        if let Some(entry) = entry(&record)? {
            if entry.seq < opened {
                draft.take(&entry);
            } else {
                later.push(entry);
            }
        }
        Ok(())
    })?;
    // A card that changed while its unit was in the operation is a record of both.
    entries.extend(later);
    entries.sort_by_key(|entry| entry.seq);
    entries.dedup_by_key(|entry| entry.seq);
    for entry in &entries {
        draft.take(entry);
    }
    let (units, period) = (draft.units(), draft.period());
    let (heard, gone) = match period {
        Some((from, until)) => {
            let time = (from, until.unwrap_or(now));
            let heard = hear(journal, room, &units, time)?;
            (heard, gone(&erased_of(journal, room)?, &units, time))
        }
        None => (BTreeMap::new(), Vec::new()),
    };
    let report = draft.finish(heard, now);
    Ok(report.map(|report| Read {
        report,
        erased,
        gone,
    }))
}

fn is_opening(entry: &Entry) -> bool {
    matches!(
        &entry.event.what,
        What::Operation(of) if matches!(of.kind, OperationEventKind::Life(LifeEvent::Opened(_)))
    )
}

/// The operations that a room's ledger says were opened in a quarter.
fn opened_in(
    journal: &dyn JournalRead,
    room: &RoomId,
    quarter: Quarter,
) -> Result<Vec<OperationId>, ReportError> {
    let mut query = RecordQuery::since(room.clone(), Seq::ZERO, PAGE);
    query.kinds = vec!["operation.opened".to_owned()];
    let mut found = Vec::new();
    records(journal, query, |record| {
        if quarter.has(record.header.at) {
            found.extend(record.operation);
        }
        Ok(())
    })?;
    Ok(found)
}

/// Shows all records of a query, page after page.
pub(super) fn records(
    journal: &dyn JournalRead,
    mut query: RecordQuery,
    mut take: impl FnMut(Record) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    loop {
        let page = journal.records(&query)?;
        let is_last = page.records.len() < query.limit;
        page.records.into_iter().try_for_each(&mut take)?;
        if is_last {
            return Ok(());
        }
        query.since = page.next;
    }
}

/// The event of a record; `None` when it was erased.
pub(super) fn entry(record: &Record) -> Result<Option<Entry>, ReportError> {
    let Some(payload) = record.payload() else {
        return Ok(None);
    };
    let (seq, at) = (record.header.seq, record.header.at);
    let wrong = |source| ReportError::Event { seq, source };
    let stored = StoredEvent::from_bytes(record.header.schema, payload).map_err(wrong)?;
    let event = stored.into_event(at).map_err(wrong)?;
    Ok(Some(Entry { seq, event }))
}

/// Hears the positions of units in a stretch of device time, both ends included.
fn hear(
    journal: &dyn JournalRead,
    room: &RoomId,
    units: &[UnitId],
    (from, to): (Timestamp, Timestamp),
) -> Result<BTreeMap<UnitId, Heard>, ReportError> {
    let mut all = BTreeMap::new();
    for unit in units {
        let query = PositionQuery {
            ledger: room.clone(),
            unit: unit.clone(),
            from,
            to,
        };
        let mut heard = Heard::default();
        let mut broken = None;
        journal.positions(&query, &mut |part| match decode(&part.payload) {
            Ok(fixes) => {
                let wanted = |fix: &&_| is_wanted(fix, &query);
                fixes.iter().filter(wanted).for_each(|fix| heard.take(fix));
                ControlFlow::Continue(())
            }
            Err(error) => {
                broken = Some(error);
                ControlFlow::Break(())
            }
        })?;
        if let Some(error) = broken {
            return Err(error.into());
        }
        all.insert(unit.clone(), heard);
    }
    Ok(all)
}

/// What of these units was erased and may have been of this time. No fact of the report: it says why facts differ.
fn gone(
    erased: &[Erased],
    units: &[UnitId],
    time: (Timestamp, Timestamp),
) -> Vec<ErasedPositionsWire> {
    let of = |unit: &UnitId| {
        let named = unit.to_string();
        let of_it = erased.iter().filter(|gone| gone.may_have(unit, time));
        let told = of_it.map(|gone| ErasedPositionsWire {
            unit: named.clone(),
            from_day: gone.from.to_string(),
            to_day: gone.to.to_string(),
            record: gone.by.0,
        });
        told.collect::<Vec<_>>()
    };
    units.iter().flat_map(of).collect()
}

fn is_wanted(fix: &crate::domain::tracks::fix::Fix, query: &PositionQuery) -> bool {
    fix.unit == query.unit && (query.from..=query.to).contains(&fix.fixed_at)
}
