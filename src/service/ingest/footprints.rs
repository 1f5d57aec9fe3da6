//! `POST /api/v1/units/{id}/footprint`: the ground that an aircraft's camera sees.

use super::acts::own_unit;
use super::body;
use super::fixes::{desk_problem, slow_down};
use super::gatekeeper::sender_of;
use super::rate::Counted;
use super::{Ingest, IngestState};
use crate::service::desk::OrderAnswer;
use crate::wire::fix::Format;
use crate::wire::footprint::{FootprintReceiptWire, parse_footprint};
use crate::wire::problem::{Problem, ProblemKind};
use axum::Json;
use axum::body::BodyDataStream;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

/// Takes one footprint of the token's own unit and answers once what it changes is durable.
pub(super) async fn post(
    State(IngestState(ingest)): State<IngestState>,
    unit: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut stream = body.into_data_stream();
    let unit = unit.map_or_else(|_| String::new(), |Path(unit)| unit);
    match take(&ingest, &unit, &parts.headers, &mut stream).await {
        Ok(receipt) => Json(receipt).into_response(),
        Err(problem) => {
            ingest.metrics.refused(problem.kind());
            body::discard(&mut stream, &parts.headers, &ingest.limits).await;
            problem.into_response()
        }
    }
}

async fn take(
    ingest: &Ingest,
    unit: &str,
    headers: &HeaderMap,
    stream: &mut BodyDataStream,
) -> Result<FootprintReceiptWire, Problem> {
    let who = sender_of(&*ingest.gate, headers)?;
    let _turn = ingest.turn(&who)?;
    slow_down(ingest, &who, Counted::Request).await?;
    let unit = own_unit(&who, unit)?;
    let shape = body::Shape::of(headers)?;
    if shape.gzip || shape.format != Format::Json {
        let sentence = "send one footprint as application/json, as it is";
        return Err(Problem::new(ProblemKind::UnsupportedMedia, sentence));
    }
    let received = body::receive(ingest, &who, headers, stream, ingest.limits.act_bytes).await?;
    let footprint = parse_footprint(&unit, &received.bytes)?;
    let room = who.sender.room().clone();
    let answer = ingest.desk.footprint(room, footprint).await;
    match answer.map_err(desk_problem)? {
        OrderAnswer::Done { repeated, .. } => Ok(FootprintReceiptWire {
            unit: unit.to_string(),
            changed: !repeated,
        }),
        OrderAnswer::Refused(refusal) => {
            let problem = Problem::new(ProblemKind::Refused, refusal.sentence.to_string());
            Err(problem.refused_by(&*refusal.guard, None))
        }
    }
}
