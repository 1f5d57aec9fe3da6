//! A unit's own act as it is posted, and its answer.

use super::fix::{At, ParseError, from_millis, parse_time};
use super::problem::{Problem, ProblemKind};
use crate::domain::ids::UnitId;
use crate::domain::input::UnitAct;
use crate::domain::measure::Timestamp;
use crate::domain::tracks::act::Act;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An act, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedAct {
    /// What.
    pub act: Act,
    /// When, by the device.
    pub at: Timestamp,
    /// The same act sent again has the same key.
    pub key: Arc<str>,
}

/// The answer to an act, once it is durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActReceiptWire {
    /// Whose.
    pub unit: String,
    /// What.
    pub act: &'static str,
    /// When, by the device.
    pub at: String,
    /// Its key.
    pub key: String,
    /// Whether the same key had been answered before.
    pub repeated: bool,
}

impl ActReceiptWire {
    /// The answer to this act.
    #[must_use]
    pub fn new(unit: &UnitId, posted: &PostedAct, repeated: bool) -> Self {
        Self {
            unit: unit.to_string(),
            act: posted.act.as_str(),
            at: posted.at.to_string(),
            key: posted.key.to_string(),
            repeated,
        }
    }
}

#[derive(Serialize)]
struct PostedActBody<'a> {
    act: &'static str,
    at: String,
    key: &'a str,
}

/// An act as its unit posts it.
#[must_use]
pub fn act_body(act: &UnitAct) -> String {
    let body = PostedActBody {
        act: act.act.as_str(),
        at: act.at.to_string(),
        key: &act.key,
    };
    // Plain texts always serialise.
    serde_json::to_string(&body).unwrap_or_default()
}

#[derive(Deserialize)]
struct ActBody {
    act: Option<String>,
    at: Option<Time>,
    key: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Time {
    Millis(i64),
    Text(String),
}

/// Reads one act. Its idempotency key is `key` in the body, or the request's header, or the same in both.
///
/// # Errors
/// A [`Problem`] that names the key.
pub fn parse_act(body: &[u8], header_key: Option<&str>) -> Result<PostedAct, Problem> {
    let body: ActBody = serde_json::from_slice(body).map_err(|error| {
        let sentence = format!("is no act as a JSON object with act, at and key: {error}");
        Problem::from(ParseError {
            at: At::Body,
            key: None,
            sentence,
        })
    })?;
    let word = body.act.ok_or_else(|| missing("act"))?;
    let act = Act::parse(&word).ok_or_else(|| {
        let known: Vec<&str> = Act::ALL.into_iter().map(Act::as_str).collect();
        wrong("act", &format!("is none of {}", known.join(", ")))
    })?;
    let at = match body.at.ok_or_else(|| missing("at"))? {
        Time::Millis(millis) => from_millis(millis),
        Time::Text(text) => parse_time(&text),
    }
    .map_err(|fault| wrong("at", fault.sentence()))?;
    let key = match (body.key.as_deref(), header_key) {
        (Some(body), Some(header)) if body != header => {
            return Err(wrong(
                "key",
                "differs from the header Idempotency-Key: send one key",
            ));
        }
        (Some(key), _) | (None, Some(key)) => key,
        (None, None) => return Err(missing("key")),
    };
    if !(1..=128).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(wrong(
            "key",
            "is not 1 to 128 printable ASCII characters without spaces",
        ));
    }
    Ok(PostedAct {
        act,
        at,
        key: Arc::from(key),
    })
}

fn missing(key: &'static str) -> Problem {
    wrong(
        key,
        "is missing: every act needs act, at and key (or the header Idempotency-Key)",
    )
}

fn wrong(key: &'static str, what: &str) -> Problem {
    Problem::new(ProblemKind::Malformed, format!("`{key}` {what}")).at_key(key)
}
