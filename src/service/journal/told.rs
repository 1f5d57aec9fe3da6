//! What was erased, as the records of erasures tell it: so that a reader says "erased" and not "nothing".

use super::record::{KIND_ERASED, RetentionClass};
use super::{JournalError, JournalRead, RecordQuery};
use crate::domain::ids::{OperationId, RoomId, Seq, UnitId};
use crate::domain::measure::{Day, Timestamp};
use crate::wire::journal::{ErasedOfWire, ErasedWire};

/// Records read at once.
const PAGE: usize = 1_000;
/// Days by which the day of recording may differ from that of a fix: it may come just before its own time, or late. What came
/// late within an operation was sealed with it, up to a week; outside, what came more than a day late is passed over rather
/// than that every report would lack what its units did on the days after it.
const EARLIER: i64 = 1;
const LATER: i64 = 1;
const LATER_IN_OPERATION: i64 = 8;

/// What one erasure took of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The record of the erasure.
    pub by: Seq,
    /// When it was recorded.
    pub at: Timestamp,
    /// The units whose positions they were.
    pub units: Vec<UnitId>,
    /// The class.
    pub class: RetentionClass,
    /// The first day of recording.
    pub from: Day,
    /// The last.
    pub to: Day,
    /// The operations that it was of.
    pub operations: Vec<OperationId>,
}

impl Erased {
    /// Whether fixes of this unit, taken in this time, may be among what is gone.
    #[must_use]
    pub fn may_have(&self, unit: &UnitId, (from, to): (Timestamp, Timestamp)) -> bool {
        let later = match self.class {
            RetentionClass::Positions => LATER,
            RetentionClass::OperationPositions => LATER_IN_OPERATION,
            RetentionClass::Movements
            | RetentionClass::Operation
            | RetentionClass::Report
            | RetentionClass::Access
            | RetentionClass::Service => return false,
        };
        let (from, to) = (Day::of(from).plus(-EARLIER), Day::of(to).plus(later));
        self.units.contains(unit) && self.from <= to && self.to >= from
    }

    fn of(record: (Seq, Timestamp), of: &ErasedOfWire) -> Option<Self> {
        Some(Self {
            by: record.0,
            at: record.1,
            units: (of.units.iter())
                .map(|id| UnitId::parse(id))
                .collect::<Result<_, _>>()
                .ok()?,
            class: RetentionClass::parse(&of.class)?,
            from: Day::parse(&of.from_day)?,
            to: Day::parse(&of.to_day)?,
            operations: of
                .operations
                .iter()
                .map(|id| OperationId::parse(id))
                .collect::<Result<_, _>>()
                .ok()?,
        })
    }
}

/// All that was erased of a ledger, oldest erasure first.
///
/// # Errors
/// When the journal cannot be read, or the record of an erasure says something that is unknown here.
pub fn erased(journal: &dyn JournalRead, ledger: &RoomId) -> Result<Vec<Erased>, JournalError> {
    let mut query = RecordQuery::since(ledger.clone(), Seq::ZERO, PAGE);
    query.kinds = vec![KIND_ERASED.to_owned()];
    let mut all = Vec::new();
    loop {
        let page = journal.records(&query)?;
        for record in &page.records {
            let (seq, at) = (record.header.seq, record.header.recorded_at);
            let told = record.payload().and_then(ErasedWire::from_bytes);
            let read = told.and_then(|told| {
                let of = told.of.iter().map(|of| Erased::of((seq, at), of));
                of.collect::<Option<Vec<_>>>()
            });
            all.extend(read.ok_or_else(|| JournalError::Damaged {
                ledger: ledger.clone(),
                seq,
                why: "the record of an erasure cannot be read".to_owned(),
            })?);
        }
        if page.records.len() < PAGE {
            return Ok(all);
        }
        query.since = page.next;
    }
}
