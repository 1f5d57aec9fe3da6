//! JSON bodies, read with a bound in size and time.

use super::HttpState;
use super::answer::malformed;
use crate::wire::problem::{Problem, ProblemKind};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<HttpState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let sentence = "send the body as `Content-Type: application/json`";
            return Err(Problem::new(ProblemKind::UnsupportedMedia, sentence));
        }
        let limits = &state.limits;
        let reading = axum::body::to_bytes(request.into_body(), limits.body_bytes);
        let bytes = match tokio::time::timeout(limits.body_time, reading).await {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(_)) => {
                let sentence = format!(
                    "the body broke off or has more than {} bytes",
                    limits.body_bytes
                );
                return Err(Problem::new(ProblemKind::TooLarge, sentence));
            }
            Err(_) => {
                let sentence = format!(
                    "the body did not arrive within {} s",
                    limits.body_time.as_secs()
                );
                return Err(Problem::new(ProblemKind::BodyTooSlow, sentence));
            }
        };
        match serde_json::from_slice(&bytes) {
            Ok(read) => Ok(Self(read)),
            Err(error) => {
                let problem = Problem::new(
                    ProblemKind::Malformed,
                    format!("the body cannot be read: {error}"),
                );
                Err(match key_of(&error.to_string()) {
                    Some(key) => problem.at_key(key),
                    None => problem,
                })
            }
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The key that a reader's message puts between grave accents: the missing or doubled one.
fn key_of(message: &str) -> Option<String> {
    let known = ["missing field `", "duplicate field `"];
    known.iter().find_map(|start| {
        let rest = message.strip_prefix(start)?;
        rest.split_once('`').map(|(key, _)| key.to_owned())
    })
}

/// The key of the header `Idempotency-Key`, with or without quotes.
pub(super) fn order_key(headers: &HeaderMap) -> Result<Option<std::sync::Arc<str>>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let bare = value.to_str().ok().map(|text| {
        let inner = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        inner.unwrap_or(text)
    });
    match bare {
        Some(key) if (1..=128).contains(&key.len()) => Ok(Some(key.into())),
        Some(_) | None => {
            let sentence = "the header Idempotency-Key is not 1 to 128 printable ASCII characters";
            Err(malformed("Idempotency-Key", sentence))
        }
    }
}

/// The version of the header `If-Match`; `None` when there is none, or it is `*`.
pub(super) fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let tag = text.strip_prefix("W/").unwrap_or(text);
    match tag.trim_matches('"').parse() {
        Ok(version) => Ok(Some(version)),
        Err(_) => {
            let sentence = "the header If-Match is not the ETag of an operation, such as \"3\"";
            Err(malformed("If-Match", sentence))
        }
    }
}
