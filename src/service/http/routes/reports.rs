//! The report of an operation: read as JSON, as a page that prints, or as PDF/A; added to by statements; signed.

use crate::domain::ids::OperationId;
use crate::domain::input::OrderKind;
use crate::domain::rights::DeskAct;
use crate::service::http::HttpState;
use crate::service::http::answer::{internal, malformed, not_found, refused_by};
use crate::service::http::body::Body;
use crate::service::http::door::Who;
use crate::service::http::query::Pairs;
use crate::service::http::routes::events::may_read;
use crate::service::http::routes::operations::{carried_out, operation_id};
use crate::service::reports::{Drawn, ReportError, report};
use crate::wire::desk::reports::SigningWire;
use crate::wire::event::StatementWire;
use crate::wire::problem::Problem;
use crate::wire::report::ReportWire;
use crate::wire::report::content::sheet;
use crate::wire::report::html::{STYLE, page};
use crate::wire::report::map::Ground;
use crate::wire::report::pdf::{PdfError, pdf};
use crate::wire::report::redacted::redacted;
use crate::wire::report::sheet::Languages;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, LazyLock};

/// The page holds its own look, so that it stands alone when it is kept: that look and nothing else is let in.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let digest = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// The report, from this room's ledger, as it is now.
pub(in crate::service::http) async fn read(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
    pairs: Pairs,
) -> Result<Response, Problem> {
    let operation = operation_id(&id)?;
    let form = match pairs.get("format")? {
        None | Some("json") => Form::Json,
        Some("html") => Form::Html,
        Some("pdf") => Form::Pdf,
        Some(_) => {
            let sentence = "write json, html or pdf".to_owned();
            return Err(malformed("format", sentence));
        }
    };
    let is_redacted = match pairs.get("redacted")? {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            let sentence = "write true or false".to_owned();
            return Err(malformed("redacted", sentence));
        }
    };
    may_read(&state, &who, Some(&operation))?;
    let reason = pairs.get("reason")?.map(Into::into);
    state.looks_at_report(&who, &operation, reason).await?;
    let drawn = read_now(&state, &who, operation).await?;
    let copy = is_redacted.then(|| redacted(&drawn.report));
    let atlas = Arc::clone(&state.atlas);
    // To draw some pages takes longer than a thread of the runtime may be kept.
    let written = tokio::task::spawn_blocking(move || {
        if let Some(copy) = copy {
            return written(&copy, None, form);
        }
        let (ways, atlas) = (&drawn.ways, &*atlas);
        written(&drawn.report, Some(&Ground { ways, atlas }), form)
    });
    let written = written.await;
    let written = written.map_err(|error| internal(&error))?;
    written.map_err(|error: PdfError| internal(&error))
}

fn written(
    report: &ReportWire,
    ground: Option<&Ground<'_>>,
    form: Form,
) -> Result<Response, PdfError> {
    let sheet = || sheet(report, ground, Languages::of(report));
    Ok(match form {
        Form::Json => answer("application/json", report.to_bytes()),
        Form::Pdf => answer("application/pdf", pdf(&sheet())?),
        Form::Html => {
            // Who reads a copy may not read the records.
            let page = page(&sheet(), report.redacted.is_none());
            let mut response = answer("text/html; charset=utf-8", page.into_bytes());
            let policy = header::CONTENT_SECURITY_POLICY;
            response.headers_mut().insert(policy, POLICY.clone());
            response
        }
    })
}

/// The report as it is now.
async fn read_now(state: &HttpState, who: &Who, operation: OperationId) -> Result<Drawn, Problem> {
    let (room, now) = (who.card.room.clone(), state.clock.now());
    let read = state
        .readers
        .read(move |journal| report(journal, &room, &operation, now))
        .await
        .map_err(|error: ReportError| internal(&error))?;
    read.ok_or_else(|| not_found("this room's ledger has no operation of this id"))
}

/// States in the report what no record tells.
pub(in crate::service::http) async fn state_in(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    who.may(DeskAct::StateInReport)?;
    let statement: StatementWire = body.read()?;
    let kind = OrderKind::StateInReport {
        operation: operation_id(&id)?,
        statement: statement.read()?,
    };
    carried_out(&state, &who, (&headers, &body), kind).await
}

/// Signs the report that the person read: when it says something else by now, it is read again first.
pub(in crate::service::http) async fn sign(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    who.may(DeskAct::SignReport)?;
    let signing: SigningWire = body.read()?;
    let operation = operation_id(&id)?;
    let report = read_now(&state, &who, operation.clone()).await?.report;
    if report.made.facts != signing.facts {
        let sentence = "the report says something else by now: read it again, then sign";
        return Err(refused_by("report_changed", sentence));
    }
    let registered = state.registry.picture();
    let own = registered.room(&who.card.room).cloned();
    let own = own.ok_or_else(|| not_found("your room is not registered here any more"))?;
    let signing = Arc::clone(&state.signing);
    // A key is read from the disk, and the first time made there.
    let signed = tokio::task::spawn_blocking(move || {
        let document = String::from_utf8(report.to_bytes())?;
        signing.sign((&own.room, own.state), &report.made.facts, document)
    });
    let signed = signed.await.map_err(|error| internal(&error))?;
    let signed = signed.map_err(|error: anyhow::Error| internal(&*error))?;
    let signed = Box::new(signed);
    let kind = OrderKind::SignReport { operation, signed };
    carried_out(&state, &who, (&headers, &body), kind).await
}

/// What a report is wanted as.
#[derive(Debug, Clone, Copy)]
enum Form {
    Json,
    Html,
    Pdf,
}

fn answer(kind: &'static str, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}
