//! Where a unit was.

use crate::domain::ids::{Seq, UnitId};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::rights::DeskAct;
use crate::service::http::HttpState;
use crate::service::http::answer::{internal, malformed, not_found};
use crate::service::http::door::Who;
use crate::service::http::looks::TrackLook;
use crate::service::http::query::Pairs;
use crate::service::journal::positions::{TrackError, track};
use crate::service::journal::{Erased, JournalError, PositionQuery, RecordQuery, erased};
use crate::wire::desk::reading::{TrackErasedWire, TrackWire};
use crate::wire::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use std::ops::ControlFlow;

/// The longest reason for a look, in characters.
const REASON_MAX: usize = 500;
/// Before and after all fixes, yet far enough from the ends of a number to be counted with.
const BEGINNING: Timestamp = Timestamp::from_millis(i64::MIN / 4);
const END: Timestamp = Timestamp::from_millis(i64::MAX / 4);

/// The admitted fixes of a unit, oldest first.
pub(in crate::service::http) async fn read(
    State(state): State<HttpState>,
    who: Who,
    Path(unit): Path<String>,
    pairs: Pairs,
) -> Result<Json<TrackWire>, Problem> {
    who.may(DeskAct::ViewTrackHistory)?;
    let unit = UnitId::parse(&unit).map_err(|error| malformed("unit", error.to_string()))?;
    let limit = pairs.limit()?;
    let look = look(unit.clone(), &pairs)?;
    known(&state, &who, &unit).await?;
    state.looks_at_track(&who, &look).await?;
    // The cursor is the last moment read; reading goes on after it.
    let after = look.since.map(|at| at.plus(Span::from_millis(1)));
    let query = PositionQuery {
        ledger: who.card.room.clone(),
        unit: unit.clone(),
        from: look.from.max(after).unwrap_or(BEGINNING),
        to: look.to.unwrap_or(END),
    };
    let (page, gone) = state
        .readers
        .read(move |journal| -> Result<_, TrackError> {
            let mut gone = erased(journal, &query.ledger)?;
            gone.retain(|gone| gone.may_have(&query.unit, (query.from, query.to)));
            Ok((track(journal, &query, limit)?, gone))
        })
        .await
        .map_err(|error: TrackError| internal(&error))?;
    let last = page.fixes.last().map(|fix| fix.fixed_at);
    let next = page.next.and(last);
    state.track_goes_on(&who, &look, next);
    Ok(Json(TrackWire {
        unit: unit.to_string(),
        fixes: page.fixes.iter().map(Into::into).collect(),
        next: next.map(|at| at.to_string()),
        erased: gone.iter().map(told).collect(),
    }))
}

fn told(gone: &Erased) -> TrackErasedWire {
    TrackErasedWire {
        class: gone.class.as_str().to_owned(),
        from_day: gone.from.to_string(),
        to_day: gone.to.to_string(),
        at: gone.at.to_string(),
        record: gone.by.0,
    }
}

fn look(unit: UnitId, pairs: &Pairs) -> Result<TrackLook, Problem> {
    let reason = match pairs.get("reason")? {
        Some(reason) if reason.chars().count() > REASON_MAX => {
            let sentence = format!("longer than {REASON_MAX} characters: shorten it");
            return Err(malformed("reason", sentence));
        }
        reason => reason.map(Into::into),
    };
    Ok(TrackLook {
        unit,
        from: pairs.moment("from")?,
        to: pairs.moment("to")?,
        since: pairs.moment("since")?,
        reason,
    })
}

/// Whether this room's ledger knows the unit: its own, or one that was shared with it.
async fn known(state: &HttpState, who: &Who, unit: &UnitId) -> Result<(), Problem> {
    let room = &who.card.room;
    let on_the_map = state
        .hub
        .look(room, |picture| picture.units.contains_key(unit.as_str()));
    if on_the_map == Some(true) {
        return Ok(());
    }
    let query = PositionQuery {
        ledger: room.clone(),
        unit: unit.clone(),
        from: BEGINNING,
        to: END,
    };
    let was_here = state
        .readers
        .read(move |journal| {
            let mut found = false;
            journal.positions(&query, &mut |_| {
                found = true;
                ControlFlow::Break(())
            })?;
            if found {
                return Ok(true);
            }
            // Its positions may have been erased: its card or an event of it says that there was a track.
            let mut named = RecordQuery::since(query.ledger.clone(), Seq::ZERO, 1);
            named.unit = Some(query.unit.clone());
            Ok(!journal.records(&named)?.records.is_empty())
        })
        .await
        .map_err(|error: JournalError| internal(&error))?;
    if was_here {
        return Ok(());
    }
    Err(not_found("this room has no track of a unit of this id"))
}
