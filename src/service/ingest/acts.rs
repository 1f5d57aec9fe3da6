//! `POST /api/v1/units/{id}/acts`: what an officer says by pressing a button, now or while out of reach.

use super::body;
use super::fixes::{desk_problem, slow_down};
use super::gatekeeper::{Authenticated, sender_of};
use super::rate::Counted;
use super::{Ingest, IngestState};
use crate::domain::ids::UnitId;
use crate::domain::input::UnitAct;
use crate::service::desk::{FixSender, OrderAnswer};
use crate::wire::act::{ActReceiptWire, parse_act};
use crate::wire::fix::Format;
use crate::wire::problem::{Problem, ProblemKind};
use axum::Json;
use axum::body::BodyDataStream;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

/// Takes one act of the token's own unit and answers once it is durable.
pub(super) async fn post(
    State(IngestState(ingest)): State<IngestState>,
    unit: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut stream = body.into_data_stream();
    // A segment that is not UTF-8 is no unit; the empty one is refused as such.
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
) -> Result<ActReceiptWire, Problem> {
    let who = sender_of(&*ingest.gate, headers)?;
    let _turn = ingest.turn(&who)?;
    slow_down(ingest, &who, Counted::Request).await?;
    let unit = own_unit(&who, unit)?;
    let shape = body::Shape::of(headers)?;
    if shape.gzip || shape.format != Format::Json {
        let sentence = "send one act as application/json, as it is";
        return Err(Problem::new(ProblemKind::UnsupportedMedia, sentence));
    }
    let received = body::receive(ingest, &who, headers, stream, ingest.limits.act_bytes).await?;
    let posted = parse_act(&received.bytes, key_header(headers)?)?;
    let act = UnitAct {
        unit: unit.clone(),
        act: posted.act,
        at: posted.at,
        key: posted.key.clone(),
    };
    let answer = ingest
        .desk
        .act(who.sender.room().clone(), act)
        .await
        .map_err(desk_problem)?;
    match answer {
        OrderAnswer::Done { repeated, .. } => {
            ingest.metrics.act();
            Ok(ActReceiptWire::new(&unit, &posted, repeated))
        }
        OrderAnswer::Refused(refusal) => {
            let citation = refusal.citation.as_ref().map(Into::into);
            let problem = Problem::new(ProblemKind::Refused, refusal.sentence.to_string());
            Err(problem.refused_by(&*refusal.guard, citation))
        }
    }
}

/// The unit of the address, when it is the token's own.
pub(super) fn own_unit(who: &Authenticated, unit: &str) -> Result<UnitId, Problem> {
    let unit = UnitId::parse(unit).map_err(|_| {
        let sentence = "the unit in the address is not 1 to 64 of A-Z a-z 0-9 . _ -";
        Problem::new(ProblemKind::Malformed, sentence).at_key("unit")
    })?;
    let forbidden = |sentence| Err(Problem::new(ProblemKind::Forbidden, sentence));
    match &who.sender {
        FixSender::Unit { unit: own, .. } if *own == unit => Ok(unit),
        FixSender::Unit { .. } => {
            forbidden("this token is another unit's: a unit speaks for itself only")
        }
        FixSender::Gateway { .. } => {
            forbidden("a gateway cannot act for a unit: use the unit's own token")
        }
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
