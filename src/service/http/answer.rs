//! What went wrong, as a problem; and how JSON is answered.

use crate::domain::event::Refusal;
use crate::service::desk::DeskError;
use crate::wire::problem::{Problem, ProblemKind};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What the desk's silence means to a person.
pub(super) fn desk_problem(error: DeskError) -> Problem {
    let (kind, seconds) = match error {
        DeskError::Full => (ProblemKind::Busy, 1),
        DeskError::Failing => (ProblemKind::NotRecording, 5),
        DeskError::Closed => (ProblemKind::Ending, 5),
    };
    Problem::new(kind, error.to_string()).retry_after_s(seconds)
}

/// A refusal of the desk, with its guard and citation.
pub(super) fn refused(refusal: &Refusal) -> Problem {
    let kind = match &*refusal.guard {
        "version_conflict" => ProblemKind::VersionConflict,
        "key_of_another_order" => ProblemKind::KeyReused,
        "no_such_operation" => ProblemKind::NotFound,
        _ => ProblemKind::Refused,
    };
    let citation = refusal.citation.as_ref().map(Into::into);
    Problem::new(kind, refusal.sentence.to_string()).refused_by(&*refusal.guard, citation)
}

/// A refusal by a guard of this room.
pub(super) fn refused_by(guard: &'static str, sentence: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Refused, sentence.into()).refused_by(guard, None)
}

/// A fault of the service. Its cause is for the log only.
pub(super) fn internal(cause: &dyn std::error::Error) -> Problem {
    tracing::error!(%cause, "a request could not be answered");
    Problem::new(
        ProblemKind::Internal,
        "the service could not do it: try again, and look at its log",
    )
}

/// Nothing of this name is here.
pub(super) fn not_found(sentence: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::NotFound, sentence.into())
}

/// A value of the address that is not what it should be.
pub(super) fn malformed(key: &'static str, sentence: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Malformed, sentence.into()).at_key(key)
}

/// JSON with the version of what it shows.
pub(super) fn versioned(status: StatusCode, version: u64, body: &impl Serialize) -> Response {
    let mut response = (status, Json(body)).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
