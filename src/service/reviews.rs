//! Of which closed operations is it to be reviewed whether their personal data are still needed? (Directive (EU) 2016/680 Art. 5:
//! time limits for erasure, or for a periodic review.)
//!
//! What was decided of an operation has no days after which it is erased (docs/RETENTION.md), so it is reviewed: so many days
//! after it was closed, and after each review that a person stated in its report.

use super::reports::{ReportError, entry, records};
use crate::domain::event::{LifeEvent, OperationEventKind, ReportEvent, What};
use crate::domain::ids::{OperationId, RoomId, Seq};
use crate::domain::measure::{Day, Timestamp};
use crate::domain::operations::Topic;
use crate::service::journal::{JournalRead, RecordQuery};
use std::collections::BTreeMap;

/// Records read at once.
const PAGE: usize = 1_000;

/// A closed operation and its reviews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The room that led it.
    pub room: RoomId,
    /// Which.
    pub operation: OperationId,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// When somebody last stated a review of it.
    pub reviewed_at: Option<Timestamp>,
}

impl Reviewed {
    /// The day of the next review, so many days after the last, or after the closing (UTC).
    #[must_use]
    pub fn due(&self, days: i64) -> Day {
        let last = self.reviewed_at.unwrap_or(self.closed_at);
        Day::of(last.max(self.closed_at)).plus(days)
    }
}

/// The closed operations of all ledgers, by room and id.
///
/// # Errors
/// [`ReportError`] when the journal cannot be read.
pub fn reviewed(journal: &dyn JournalRead) -> Result<Vec<Reviewed>, ReportError> {
    let mut all = Vec::new();
    let mut rooms: Vec<RoomId> = journal
        .heads()?
        .into_iter()
        .map(|head| head.ledger)
        .collect();
    rooms.sort();
    for room in &rooms {
        let mut of_room = BTreeMap::new();
        let mut query = RecordQuery::since(room.clone(), Seq::ZERO, PAGE);
        let kinds = ["operation.opened", "operation.closed", "report.stated"];
        query.kinds = kinds.map(str::to_owned).to_vec();
        records(journal, query, |record| {
            if let Some(entry) = entry(&record)?
                && let What::Operation(of) = &entry.event.what
                && let Some(id) = &of.operation
            {
                take(&mut of_room, (room, id), &of.kind, entry.event.at);
            }
            Ok(())
        })?;
        all.extend(of_room.into_values().flatten());
    }
    Ok(all)
}

fn take(
    known: &mut BTreeMap<OperationId, Option<Reviewed>>,
    (room, id): (&RoomId, &OperationId),
    kind: &OperationEventKind,
    at: Timestamp,
) {
    match kind {
        // A partner's operation is reviewed by the partner.
        OperationEventKind::Life(LifeEvent::Opened(card)) if card.room == *room => {
            known.insert(id.clone(), None);
        }
        OperationEventKind::Life(LifeEvent::Closed { .. }) => {
            if let Some(closed) = known.get_mut(id) {
                *closed = Some(Reviewed {
                    room: room.clone(),
                    operation: id.clone(),
                    closed_at: at,
                    reviewed_at: None,
                });
            }
        }
        OperationEventKind::Report(ReportEvent::Stated { statement, .. })
            if statement.topic == Topic::Review =>
        {
            if let Some(Some(closed)) = known.get_mut(id) {
                closed.reviewed_at = Some(at);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Timestamp {
        Day::parse(text).expect("a day").start()
    }

    #[test]
    fn the_next_review_is_so_many_days_after_the_last_or_after_the_closing() {
        let mut one = Reviewed {
            room: RoomId::parse("budapest").expect("a room"),
            operation: OperationId::parse("OP").expect("an id"),
            closed_at: day("2027-03-16"),
            reviewed_at: None,
        };
        assert_eq!(one.due(30).to_string(), "2027-04-15");
        one.reviewed_at = Some(day("2027-04-20"));
        assert_eq!(one.due(30).to_string(), "2027-05-20");
    }
}
