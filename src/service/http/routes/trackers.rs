//! Technical sources: what host states permit of them.

use crate::domain::input::OrderKind;
use crate::domain::rights::DeskAct;
use crate::service::http::HttpState;
use crate::service::http::body::Body;
use crate::service::http::door::Who;
use crate::service::http::routes::operations::{carried_out, operation_id};
use crate::wire::event::TrackerPermissionWire;
use crate::wire::problem::Problem;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

/// Enters a host state's permission to read a technical source on its soil: the first person, or the second of two.
pub(in crate::service::http) async fn permit(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    who.may(DeskAct::UnsealTracker)?;
    let permission: TrackerPermissionWire = body.read()?;
    let kind = OrderKind::PermitTracker {
        operation: operation_id(&id)?,
        permission: permission.read()?,
        role: who.card.role,
    };
    carried_out(&state, &who, (&headers, &body), kind).await
}
