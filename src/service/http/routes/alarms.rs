//! Alarms: what stands, who takes it, what is put aside for a while.

use crate::domain::input::{AlarmOrder, AlarmOrderKind};
use crate::domain::measure::Span;
use crate::domain::rights::DeskAct;
use crate::service::desk::OrderAnswer;
use crate::service::http::answer::{desk_problem, refused};
use crate::service::http::body::Body;
use crate::service::http::door::Who;
use crate::service::http::looks::Sight;
use crate::service::http::{HttpState, late};
use crate::wire::alarm::AlarmsWire;
use crate::wire::desk::alarms::ShelvingWire;
use crate::wire::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};

/// The alarms of the room that stand, and how much is asked of its people.
pub(in crate::service::http) async fn list(
    State(state): State<HttpState>,
    who: Who,
) -> Result<Json<AlarmsWire>, Problem> {
    who.may(DeskAct::ViewPositions)?;
    state.looks_once(&who, Sight::Picture, None).await?;
    standing(&state, &who).await
}

/// A screen showed an alarm to a person: the first one is recorded. Again, or when it is over, changes nothing.
pub(in crate::service::http) async fn annunciate(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<AlarmsWire>, Problem> {
    order(&state, &who, &id, AlarmOrderKind::Annunciate).await
}

/// A person takes an alarm on themselves. Again by the same person changes nothing.
pub(in crate::service::http) async fn acknowledge(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<AlarmsWire>, Problem> {
    order(&state, &who, &id, AlarmOrderKind::Acknowledge).await
}

/// A person puts an alarm aside for a while.
pub(in crate::service::http) async fn shelve(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<AlarmsWire>, Problem> {
    let shelving: ShelvingWire = body.read()?;
    let (minutes, reason) = shelving.read()?;
    let span = Span::from_minutes(i64::from(minutes));
    order(&state, &who, &id, AlarmOrderKind::Shelve { span, reason }).await
}

async fn order(
    state: &HttpState,
    who: &Who,
    id: &str,
    kind: AlarmOrderKind,
) -> Result<Json<AlarmsWire>, Problem> {
    who.may(DeskAct::AcknowledgeAlarm)?;
    let order = AlarmOrder {
        by: who.person(),
        role: who.card.role,
        alarm: id.into(),
        kind,
    };
    match state.desk.alarm(order).await.map_err(desk_problem)? {
        OrderAnswer::Done { .. } => standing(state, who).await,
        OrderAnswer::Refused(refusal) => Err(refused(&refusal)),
    }
}

async fn standing(state: &HttpState, who: &Who) -> Result<Json<AlarmsWire>, Problem> {
    state.caught_up(&who.card.room).await?;
    let now = state.clock.now();
    let seen = state
        .hub
        .look(&who.card.room, |picture| picture.alarms_at(now));
    seen.map(Json).ok_or_else(late)
}
