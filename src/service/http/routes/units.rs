//! The units a room may see, as they are now.

use crate::domain::rights::DeskAct;
use crate::service::http::HttpState;
use crate::service::http::answer::not_found;
use crate::service::http::door::Who;
use crate::service::http::looks::Sight;
use crate::wire::desk::reading::UnitsWire;
use crate::wire::live::UnitPicture;
use crate::wire::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};

/// The units this room may see, as they are now.
pub(in crate::service::http) async fn list(
    State(state): State<HttpState>,
    who: Who,
) -> Result<Json<UnitsWire>, Problem> {
    who.may(DeskAct::ViewPositions)?;
    state.looks_once(&who, Sight::Picture, None).await?;
    state.caught_up(&who.card.room).await?;
    let seen = state.hub.look(&who.card.room, |picture| UnitsWire {
        seq: picture.seq,
        units: picture.units.values().cloned().collect(),
    });
    Ok(Json(seen.unwrap_or(UnitsWire {
        seq: 0,
        units: Vec::new(),
    })))
}

/// One unit this room may see, as it is now.
pub(in crate::service::http) async fn show(
    State(state): State<HttpState>,
    who: Who,
    Path(unit): Path<String>,
) -> Result<Json<UnitPicture>, Problem> {
    who.may(DeskAct::ViewPositions)?;
    state.looks_once(&who, Sight::Picture, None).await?;
    state.caught_up(&who.card.room).await?;
    state
        .hub
        .look(&who.card.room, |picture| picture.units.get(&unit).cloned())
        .flatten()
        .map(Json)
        .ok_or_else(|| not_found("this room sees no unit of this id"))
}
