//! `POST /api/v1/units/{id}/acts`: what an officer says by pressing a button, now or while out of reach.

use super::body;
use super::fixes::desk_problem;
use super::own::{posted, refused};
use super::{Ingest, IngestState};
use crate::domain::input::UnitAct;
use crate::service::desk::OrderAnswer;
use crate::wire::act::{ActReceiptWire, parse_act};
use crate::wire::problem::{Problem, ProblemKind};
use axum::body::BodyDataStream;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;

/// Takes one act of the token's own unit and answers once it is durable.
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
) -> Result<ActReceiptWire, Problem> {
    let json_only = "send one act as application/json, as it is";
    let posted = posted(ingest, unit, headers, stream, json_only).await?;
    let read = parse_act(&posted.body.bytes, key_header(headers)?)?;
    let act = UnitAct {
        unit: posted.unit.clone(),
        act: read.act,
        at: read.at,
        key: read.key.clone(),
    };
    let answer = ingest.desk.act(posted.room, act).await;
    match answer.map_err(desk_problem)? {
        OrderAnswer::Done { repeated, .. } => {
            ingest.metrics.act();
            Ok(ActReceiptWire::new(&posted.unit, &read, repeated))
        }
        OrderAnswer::Refused(refusal) => Err(refused(&refusal)),
    }
}

/// The key of the header `Idempotency-Key`, with or without quotes.
fn key_header(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| {
        Problem::new(
            ProblemKind::Malformed,
            "the header Idempotency-Key is not printable ASCII",
        )
        .at_key("key")
    })?;
    let bare = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    Ok(Some(bare.unwrap_or(text)))
}
