//! JSON bodies, read with a bound in size and time.

use super::HttpState;
use super::answer::malformed;
use crate::domain::input::{OrderKey, OrderKind};
use crate::wire::problem::{Problem, ProblemKind};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

/// A body that has arrived and is not read yet: what a person may not do is refused before what it says is looked at.
pub(super) struct Body {
    json: bool,
    bytes: Bytes,
}

impl FromRequest<HttpState> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Problem> {
        let json = is_json(request.headers());
        let limits = &state.limits;
        let reading = axum::body::to_bytes(request.into_body(), limits.body_bytes);
        match tokio::time::timeout(limits.body_time, reading).await {
            Ok(Ok(bytes)) => Ok(Self { json, bytes }),
            Ok(Err(_)) => {
                let most = limits.body_bytes;
                let sentence = format!("the body broke off or has more than {most} bytes");
                Err(Problem::new(ProblemKind::TooLarge, sentence))
            }
            Err(_) => {
                let seconds = limits.body_time.as_secs();
                let sentence = format!("the body did not arrive within {seconds} s");
                Err(Problem::new(ProblemKind::BodyTooSlow, sentence))
            }
        }
    }
}

impl Body {
    /// Reads it as JSON.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        if !self.json {
            let sentence = "send the body as `Content-Type: application/json`";
            return Err(Problem::new(ProblemKind::UnsupportedMedia, sentence));
        }
        serde_json::from_slice(&self.bytes).map_err(|error| {
            let said = error.to_string();
            let sentence = format!("the body cannot be read: {said}");
            let problem = Problem::new(ProblemKind::Malformed, sentence);
            match key_of(&said) {
                Some(key) => problem.at_key(key),
                None => problem,
            }
        })
    }
}

impl Body {
    /// A digest of what is asked for. How the JSON is written does not count.
    fn digest(&self, about: &str) -> String {
        let said: serde_json::Value = serde_json::from_slice(&self.bytes).unwrap_or_default();
        let digest = Sha256::digest(format!("{about}\n{said}"));
        digest[..16]
            .iter()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
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

/// The key of the header `Idempotency-Key`, with or without quotes, and what it belongs to: the order, of which operation,
/// and all that its body says. An opening may leave its id to the service.
pub(super) fn order_key(
    headers: &HeaderMap,
    kind: &OrderKind,
    body: &Body,
) -> Result<Option<OrderKey>, Problem> {
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
        Some(key) if (1..=128).contains(&key.len()) => {
            let about = match kind {
                OrderKind::Open(_) => "",
                _ => kind.operation().as_str(),
            };
            Ok(Some(OrderKey {
                key: key.into(),
                asked: body.digest(&format!("{} {about}", kind.word())).into(),
            }))
        }
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
    let version = tag.trim_matches('"').parse().map_err(|_| {
        let sentence = "the header If-Match is not the ETag of an operation, such as \"3\"";
        malformed("If-Match", sentence)
    })?;
    Ok(Some(version))
}
