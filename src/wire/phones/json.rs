//! JSON of the apps: one object or an array of them, bounded while it is read, with the place and key of a fault.

use super::{Fault, MESSAGES_MAX, PhoneError};
use crate::domain::ids::DeviceId;
use crate::wire::fix::At;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// Reads one object, or an array of them. An empty body holds none.
pub(super) fn messages<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<Vec<T>, PhoneError> {
    let read: Option<OneOrMany<T>> = object(body)?;
    Ok(read.map_or_else(Vec::new, |OneOrMany(messages)| messages))
}

/// Reads one value; `None` for an empty body.
pub(super) fn object<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<Option<T>, PhoneError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|_| PhoneError::Malformed {
        at: At::Body,
        key: None,
        sentence: "is not UTF-8: write the body in UTF-8".to_owned(),
    })?;
    if text.trim_ascii().is_empty() {
        return Ok(None);
    }
    serde_json::from_str(text)
        .map(Some)
        .map_err(|error| fault(&error))
}

/// What the reader says, in our words.
fn fault(error: &serde_json::Error) -> PhoneError {
    let text = error.to_string();
    if text.starts_with(TOO_MANY) {
        return PhoneError::TooMany {
            limit: MESSAGES_MAX,
        };
    }
    let what = text.split(" at line ").next().unwrap_or(&text);
    // The key that stands twice, which is the only one the reader names.
    let key = what
        .strip_prefix("duplicate field `")
        .and_then(|rest| rest.split_once('`'))
        .map(|(key, _)| Cow::Owned(key.to_owned()));
    let (line, column) = (error.line(), error.column());
    PhoneError::Malformed {
        at: At::Body,
        key,
        sentence: format!("cannot be read: {what} at line {line}, column {column}"),
    }
}

const TOO_MANY: &str = "too many messages";

/// One object, or an array of them.
#[derive(Debug)]
pub(super) struct OneOrMany<T>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reading<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one object, or an array of them")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OneOrMany<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|one| OneOrMany(vec![one]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMany<T>, A::Error> {
                let mut all = Vec::new();
                while let Some(Object(one)) = list.next_element()? {
                    if all.len() == MESSAGES_MAX {
                        return Err(A::Error::custom(TOO_MANY));
                    }
                    all.push(one);
                }
                Ok(OneOrMany(all))
            }
        }

        deserializer.deserialize_any(Reading(PhantomData))
    }
}

/// One object, and nothing else: a derived reader takes an array too, by the order of its own keys.
#[derive(Debug)]
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reading<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_any(Reading(PhantomData))
    }
}

/// Any JSON value, as far as an app's message needs to be looked into. What is nested is read over, not kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar<'de> {
    Flag(bool),
    Number(f64),
    Text(Cow<'de, str>),
    Nested(&'static str),
}

impl Scalar<'_> {
    const fn noun(&self) -> &'static str {
        match self {
            Self::Flag(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Nested(noun) => noun,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyScalar)
    }
}

struct AnyScalar;

impl<'de> Visitor<'de> for AnyScalar {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Flag(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested("an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested("an object"))
    }
}

/// The number of a key, where it stands there.
pub(super) fn number(key: &'static str, value: Option<&Scalar<'_>>) -> Result<Option<f64>, Fault> {
    match value {
        None => Ok(None),
        Some(Scalar::Number(number)) => match super::finite(*number) {
            Some(number) => Ok(Some(number)),
            None => Err((key, "is too large for a 64-bit float".to_owned())),
        },
        Some(other) => Err((key, format!("is {}, not a number", other.noun()))),
    }
}

/// The text of a key, where it stands there.
pub(super) fn text<'a>(
    key: &'static str,
    value: Option<&'a Scalar<'_>>,
) -> Result<Option<&'a str>, Fault> {
    match value {
        None => Ok(None),
        Some(Scalar::Text(text)) => Ok(Some(text)),
        Some(other) => Err((key, format!("is {}, not a text", other.noun()))),
    }
}

/// The device that a key names, where it stands there; an empty text names none.
pub(super) fn device(
    key: &'static str,
    value: Option<&Scalar<'_>>,
) -> Result<Option<DeviceId>, Fault> {
    let text: Cow<'_, str> = match value {
        // Numbers made up of digits are the apps' own default.
        Some(Scalar::Number(number)) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Cow::Owned(format!("{number:.0}"))
        }
        other => Cow::Borrowed(text(key, other)?.unwrap_or_default()),
    };
    super::named_device(key, &text)
}
