//! `POST /api/v1/units/{id}/footprint`: the ground that an aircraft's camera sees.

use super::body;
use super::fixes::desk_problem;
use super::own::{posted, refused};
use super::{Ingest, IngestState};
use crate::service::desk::OrderAnswer;
use crate::wire::footprint::{FootprintReceiptWire, parse_footprint};
use crate::wire::problem::Problem;
use axum::body::BodyDataStream;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;

/// Takes one footprint of the token's own unit and answers once what it changes is durable.
pub(super) async fn post(
    State(IngestState(ingest)): State<IngestState>,
    unit: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut stream = body.into_data_stream();
    let taken = take(&ingest, unit, &parts.headers, &mut stream).await;
    body::answered(&ingest, taken, &parts.headers, &mut stream).await
}

async fn take(
    ingest: &Ingest,
    unit: Result<Path<String>, PathRejection>,
    headers: &HeaderMap,
    stream: &mut BodyDataStream,
) -> Result<FootprintReceiptWire, Problem> {
    let json_only = "send one footprint as application/json, as it is";
    let posted = posted(ingest, unit, headers, stream, json_only).await?;
    let footprint = parse_footprint(&posted.unit, &posted.body.bytes)?;
    let answer = ingest.desk.footprint(posted.room, footprint).await;
    match answer.map_err(desk_problem)? {
        OrderAnswer::Done { repeated, .. } => Ok(FootprintReceiptWire {
            unit: posted.unit.to_string(),
            changed: !repeated,
        }),
        OrderAnswer::Refused(refusal) => Err(refused(&refusal)),
    }
}
