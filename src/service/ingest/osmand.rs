//! `GET` and `POST /api/v1/osmand` and `/api/v1/osmand/{token}`: the `OsmAnd` protocol, for Traccar Client and `OsmAnd`.
//!
//! The position stands in the query, in a form, or in JSON. Traccar Client knows an address and nothing else, so the
//! token may stand in it; no log and no counter of this service names it.

use super::body::{self, is_gzip, media_type, unsupported};
use super::fixes::{receipt, slow_down};
use super::gatekeeper::{Authenticated, bearer_of};
use super::phone::{self, caller};
use super::rate::Counted;
use super::{Ingest, IngestState};
use crate::wire::fix::ReceiptWire;
use crate::wire::phones::Report;
use crate::wire::phones::osmand::{parse_json, parse_query};
use crate::wire::problem::{Problem, ProblemKind};
use axum::Json;
use axum::body::BodyDataStream;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};

const WANTED: &str = "send the position in the query, as Content-Type: application/x-www-form-urlencoded, or as application/json";

/// A position in the query, or of a `POST` in a form or JSON; the token in the header.
pub(super) async fn with_header(
    State(IngestState(ingest)): State<IngestState>,
    request: Request,
) -> Response {
    let who = caller(&*ingest.gate, request.headers()).map(|caller| caller.who);
    answer(&ingest, who, request).await
}

/// The same; the token in the address.
pub(super) async fn with_token(
    State(IngestState(ingest)): State<IngestState>,
    token: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let who = of_path(&ingest, token);
    answer(&ingest, who, request).await
}

fn of_path(
    ingest: &Ingest,
    token: Result<Path<String>, PathRejection>,
) -> Result<Authenticated, Problem> {
    // A part that is not UTF-8 is no token; the empty one is refused as such.
    let token = token.map_or_else(|_| String::new(), |Path(token)| token);
    bearer_of(&*ingest.gate, &token)
}

async fn answer(
    ingest: &Ingest,
    who: Result<Authenticated, Problem>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut stream = body.into_data_stream();
    let taken = match who {
        Ok(who) => take(ingest, who, &parts, &mut stream).await,
        Err(problem) => Err(problem),
    };
    match taken {
        Ok(receipt) => Json(receipt).into_response(),
        Err(problem) => {
            ingest.metrics.refused(problem.kind());
            body::discard(&mut stream, &parts.headers, &ingest.limits).await;
            phone::refusal(problem)
        }
    }
}

async fn take(
    ingest: &Ingest,
    who: Authenticated,
    parts: &Parts,
    stream: &mut BodyDataStream,
) -> Result<ReceiptWire, Problem> {
    let _turn = ingest.turn(&who)?;
    slow_down(ingest, &who, Counted::Request).await?;
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let (report, key) = if parts.method == Method::POST {
        posted(ingest, &who, &parts.headers, query, stream).await?
    } else {
        (parse_query(query)?, "id")
    };
    let taken = phone::hand_in(ingest, who, report, None, key).await?;
    Ok(receipt(&taken))
}

/// What a `POST` says, by its body, or without one by its query; and the key that names the device there.
async fn posted(
    ingest: &Ingest,
    who: &Authenticated,
    headers: &HeaderMap,
    query: &[u8],
    stream: &mut BodyDataStream,
) -> Result<(Report, &'static str), Problem> {
    let json = match media_type(headers, WANTED)?.as_deref() {
        Some("application/json") => true,
        Some("application/x-www-form-urlencoded") | None => false,
        Some(_) => return Err(unsupported(WANTED)),
    };
    let gzip = is_gzip(headers)?;
    let received = body::receive(ingest, who, headers, stream, ingest.limits.body_bytes).await?;
    if received.bytes.is_empty() && !query.is_empty() {
        return Ok((parse_query(query)?, "id"));
    }
    if json {
        let report = body::report(ingest, received, gzip, parse_json).await?;
        return Ok((report, "device_id"));
    }
    if !received.bytes.is_empty() && !query.is_empty() {
        let sentence = "the query and the body both say something: send the position in one";
        return Err(Problem::new(ProblemKind::Malformed, sentence));
    }
    let report = body::report(ingest, received, gzip, parse_query).await?;
    Ok((report, "id"))
}
