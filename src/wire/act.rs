//! A unit's own act as it is posted, and its answer.

use super::fix::{At, ParseError, TimeFault, from_millis, parse_time};
use super::problem::{Problem, ProblemKind};
use crate::domain::ids::UnitId;
use crate::domain::input::UnitAct;
use crate::domain::measure::Timestamp;
use crate::domain::tracks::act::Act;
use serde::{Deserialize, Serialize};
use serde_json::Value;
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

/// Read as any values first, so that one of a wrong type is told by its key.
#[derive(Deserialize)]
struct ActBody {
    act: Option<Value>,
    at: Option<Value>,
    key: Option<Value>,
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
    let word = text("act", body.act)?.ok_or_else(|| missing("act"))?;
    let act = Act::parse(&word).ok_or_else(|| {
        let known: Vec<&str> = Act::ALL.into_iter().map(Act::as_str).collect();
        wrong("act", &format!("is none of {}", known.join(", ")))
    })?;
    let at = time(&body.at.ok_or_else(|| missing("at"))?)
        .map_err(|fault| wrong("at", fault.sentence()))?;
    let key = match (text("key", body.key)?.as_deref(), header_key) {
        (Some(body), Some(header)) if body != header => {
            return Err(wrong(
                "key",
                "differs from the header Idempotency-Key: send one key",
            ));
        }
        (Some(key), _) | (None, Some(key)) => key.to_owned(),
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

fn text(key: &'static str, value: Option<Value>) -> Result<Option<String>, Problem> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(wrong(key, "is not a text: write it in quotes")),
    }
}

/// By the rule for the times of fixes: a whole number is one however JSON writes it.
fn time(value: &Value) -> Result<Timestamp, TimeFault> {
    match value {
        Value::String(text) => parse_time(text),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(millis), _) => from_millis(millis),
            (None, Some(millis)) if millis.fract() == 0.0 => from_millis(millis as i64),
            (None, _) => Err(TimeFault::NotATime),
        },
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err(TimeFault::NotATime)
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(body: &str) -> Value {
        let problem = parse_act(body.as_bytes(), None).unwrap_err();
        assert_eq!(problem.kind(), ProblemKind::Malformed);
        serde_json::to_value(&problem).unwrap()["key"].clone()
    }

    #[test]
    fn a_value_of_a_wrong_type_is_told_by_its_key() {
        assert_eq!(key_of(r#"{"act":5,"at":1805196797250,"key":"k"}"#), "act");
        for at in [
            "true",
            "[]",
            "12.5",
            "99999999999",
            r#""2027-03-16T11:33:17""#,
        ] {
            let body = format!(r#"{{"act":"wilco","at":{at},"key":"k"}}"#);
            assert_eq!(key_of(&body), "at", "{at}");
        }
        assert_eq!(
            key_of(r#"{"act":"wilco","at":1805196797250,"key":7}"#),
            "key"
        );
    }

    #[test]
    fn a_whole_number_is_a_time_however_it_is_written() {
        for at in [
            "1805196797250",
            "1805196797250.0",
            "1.80519679725e12",
            r#""2027-03-16T11:33:17.250Z""#,
        ] {
            let body = format!(r#"{{"act":"wilco","at":{at},"key":"k"}}"#);
            let act = parse_act(body.as_bytes(), None).unwrap();
            assert_eq!(act.at.as_millis(), 1_805_196_797_250, "{at}");
        }
    }
}
