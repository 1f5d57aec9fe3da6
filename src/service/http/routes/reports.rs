//! The report of an operation, as JSON, as a page that prints, or as PDF/A.

use crate::domain::ids::OperationId;
use crate::service::http::HttpState;
use crate::service::http::answer::{internal, malformed, not_found};
use crate::service::http::door::Who;
use crate::service::http::query::Pairs;
use crate::service::http::routes::events::may_read;
use crate::service::reports::{ReportError, report};
use crate::wire::problem::Problem;
use crate::wire::report::content::sheet;
use crate::wire::report::html::{STYLE, page};
use crate::wire::report::pdf::{PdfError, pdf};
use crate::wire::report::sheet::Languages;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

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
    let operation = OperationId::parse(&id).map_err(|error| malformed("id", error.to_string()))?;
    let form = match pairs.get("format")? {
        None | Some("json") => Form::Json,
        Some("html") => Form::Html,
        Some("pdf") => Form::Pdf,
        Some(_) => {
            let sentence = "write json, html or pdf".to_owned();
            return Err(malformed("format", sentence));
        }
    };
    may_read(&state, &who, Some(&operation))?;
    let reason = pairs.get("reason")?.map(Into::into);
    state.looks_at_report(&who, &operation, reason).await?;
    let (room, now) = (who.card.room.clone(), state.clock.now());
    let read = state
        .readers
        .read(move |journal| report(journal, &room, &operation, now))
        .await
        .map_err(|error: ReportError| internal(&error))?;
    let report = read.ok_or_else(|| not_found("this room's ledger has no operation of this id"))?;
    let sheet = |report| sheet(report, Languages::of(report));
    Ok(match form {
        Form::Json => answer("application/json", report.to_bytes()),
        Form::Pdf => {
            let drawn = pdf(&sheet(&report)).map_err(|error: PdfError| internal(&error))?;
            answer("application/pdf", drawn)
        }
        Form::Html => {
            let page = page(&sheet(&report), true);
            let mut response = answer("text/html; charset=utf-8", page.into_bytes());
            let policy = header::CONTENT_SECURITY_POLICY;
            response.headers_mut().insert(policy, POLICY.clone());
            response
        }
    })
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
