//! Past events of a room's ledger, page by page.

use crate::domain::ids::{OperationId, Seq, UnitId};
use crate::domain::rights::{DeskAct, Role};
use crate::service::http::HttpState;
use crate::service::http::answer::internal;
use crate::service::http::door::Who;
use crate::service::http::query::Pairs;
use crate::service::journal::{JournalError, KIND_ERASED, KIND_POSITIONS, RecordQuery};
use crate::service::live::history::{self, HistoryError};
use crate::wire::desk::reading::EventsWire;
use crate::wire::link::BETWEEN_SERVICES;
use crate::wire::problem::{Problem, ProblemKind};
use axum::Json;
use axum::extract::State;

/// Past events, oldest first.
pub(in crate::service::http) async fn read(
    State(state): State<HttpState>,
    who: Who,
    pairs: Pairs,
) -> Result<Json<EventsWire>, Problem> {
    let since = Seq(pairs.since()?.unwrap_or(0));
    let mut query = RecordQuery::since(who.card.room.clone(), since, pairs.limit()?);
    query.kinds = pairs.list("kind");
    query.without_kinds = vec![KIND_POSITIONS.to_owned(), KIND_ERASED.to_owned()];
    query
        .without_kinds
        .extend(BETWEEN_SERVICES.map(str::to_owned));
    query.operation = pairs.read("operation", OperationId::parse)?;
    query.unit = pairs.read("unit", UnitId::parse)?;
    may_read(&state, &who, query.operation.as_ref())?;
    still_kept(&state, &query).await?;
    let reason = pairs.get("reason")?.map(Into::into);
    state
        .looks_at_events(&who, since.0, reason.as_ref())
        .await?;
    let page = state
        .readers
        .read(move |journal| -> Result<EventsWire, HistoryError> {
            let page = journal.records(&query)?;
            let events = page.records.iter().map(history::event);
            let erased = page.records.iter().filter(|record| record.is_erased());
            Ok(EventsWire {
                erased: erased.count() as u64,
                events: events
                    .filter_map(Result::transpose)
                    .collect::<Result<_, _>>()?,
                next: page.next.0,
            })
        })
        .await;
    let page = page.map_err(|error| internal(&error))?;
    state.events_go_on(&who, page.next);
    Ok(Json(page))
}

/// An auditor reads what is over: the events of a closed operation.
pub(super) fn may_read(
    state: &HttpState,
    who: &Who,
    operation: Option<&OperationId>,
) -> Result<(), Problem> {
    if who.card.role != Role::Auditor {
        return who.may(DeskAct::ViewEvents);
    }
    who.may(DeskAct::ViewClosedEvents)?;
    let over = operation.is_some_and(|id| {
        let closed = state.hub.look(&who.card.room, |picture| {
            let known = picture.operations.get(id.as_str());
            known.is_some_and(|operation| operation.closed.is_some())
        });
        closed.unwrap_or(false)
    });
    if over {
        return Ok(());
    }
    let sentence = "an auditor reads the events of closed operations: name one with `operation`";
    Err(Problem::new(ProblemKind::Forbidden, sentence))
}

/// Whether nothing after the cursor was given up by retention.
async fn still_kept(state: &HttpState, query: &RecordQuery) -> Result<(), Problem> {
    let ledger = query.ledger.clone();
    let oldest = state
        .readers
        .read(move |journal| journal.oldest(&ledger))
        .await
        .map_err(|error: JournalError| internal(&error))?;
    if query.since.next() >= oldest {
        return Ok(());
    }
    let sentence = format!(
        "what came after {} is no longer kept: read on from since={}",
        query.since,
        oldest.0.saturating_sub(1)
    );
    Err(Problem::new(ProblemKind::Gone, sentence).oldest(oldest.0))
}
