//! Notices: one written out, what a host answered to one, and what could not be delivered.

use super::operations::{carried_out, may_see_some, no_operation, operation_id, picture_of, sees};
use crate::domain::ids::NoticeId;
use crate::domain::input::{HostSaid, OrderKind};
use crate::domain::rights::DeskAct;
use crate::service::http::HttpState;
use crate::service::http::answer::{internal, malformed, not_found};
use crate::service::http::body::Body;
use crate::service::http::door::Who;
use crate::service::http::looks::Sight;
use crate::wire::dead_letters::DeadLettersWire;
use crate::wire::desk::messages::AnswerOrderWire;
use crate::wire::letter;
use crate::wire::live::NoticePicture;
use crate::wire::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

/// One notice, written out in the languages of both states.
pub(in crate::service::http) async fn show(
    State(state): State<HttpState>,
    who: Who,
    Path((id, notice)): Path<(String, String)>,
) -> Result<Json<NoticePicture>, Problem> {
    may_see_some(&who)?;
    state.looks_once(&who, Sight::Picture, None).await?;
    state.caught_up(&who.card.room).await?;
    let operation = picture_of(&state, &who.card.room, &id)
        .filter(|operation| sees(&who, operation))
        .ok_or_else(no_operation)?;
    let mut known = operation.notices.iter();
    let found = known.find(|known| known.id == notice).cloned();
    let mut found = found.ok_or_else(|| not_found("the operation has no notice of this id"))?;
    found.texts = letter::of_picture(&operation, &found, &state.rulebook)
        .map_err(|error| internal(&error))?;
    Ok(Json(found))
}

/// Writes down what the host answered to a notice.
pub(in crate::service::http) async fn answer(
    State(state): State<HttpState>,
    who: Who,
    Path((id, notice)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    who.may(DeskAct::SendMessage)?;
    let answer: AnswerOrderWire = body.read()?;
    let notice = NoticeId::parse(&notice);
    let kind = OrderKind::HostSaid {
        operation: operation_id(&id)?,
        notice: notice.map_err(|error| malformed("notice", error.to_string()))?,
        said: HostSaid::Answered(answer.read(state.clock.now())?),
    };
    carried_out(&state, &who, (&headers, &body), kind).await
}

/// What this room's channels could not deliver.
pub(in crate::service::http) async fn dead_letters(
    State(state): State<HttpState>,
    who: Who,
) -> Result<Json<DeadLettersWire>, Problem> {
    may_see_some(&who)?;
    state.looks_once(&who, Sight::Picture, None).await?;
    state.caught_up(&who.card.room).await?;
    let seen = state.hub.look(&who.card.room, |picture| {
        let operations = picture.operations.values();
        DeadLettersWire::of(
            picture.seq,
            operations.filter(|operation| sees(&who, operation)),
        )
    });
    Ok(Json(seen.unwrap_or(DeadLettersWire {
        seq: 0,
        dead_letters: Vec::new(),
    })))
}
