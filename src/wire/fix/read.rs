//! From bytes to fixes in one pass, with the place and key of the first fault.

use super::names::Names;
use super::time::{TimeFault, from_millis, parse_time};
use super::{At, FixesError, Format, Key, ParseError, PostedFix};
use crate::domain::ids::{IdError, SourceId, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::tracks::fix::Measured;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use std::borrow::Cow;
use std::fmt;

/// Takes each fix in turn; its error ends the reading.
pub(super) type Sink<'s> = &'s mut dyn FnMut(PostedFix) -> Result<(), FixesError>;

/// Reads all fixes of a body.
pub(super) fn read(
    body: &[u8],
    format: Format,
    unit_required: bool,
    sink: Sink<'_>,
) -> Result<(), FixesError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|error| {
        let before = &body[..error.valid_up_to()];
        let line = before.split(|b| *b == b'\n').count();
        malformed(
            At::Line(line),
            None,
            "is not UTF-8: write the body in UTF-8",
        )
    })?;
    let mut reading = Reading {
        unit_required,
        ..Reading::default()
    };
    match format {
        Format::Json => read_json(text, &mut reading, sink),
        Format::Ndjson => read_lines(text, &mut reading, sink),
    }
}

fn read_json<'de>(
    text: &'de str,
    reading: &mut Reading<'de>,
    sink: Sink<'_>,
) -> Result<(), FixesError> {
    if text.trim_ascii().is_empty() {
        return Err(malformed(At::Body, None, "is empty: send one object or an array").into());
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut stopped = None;
    let document = Document {
        reading: &mut *reading,
        sink,
        stopped: &mut stopped,
    };
    let result = document
        .deserialize(&mut deserializer)
        .and_then(|()| reading.ended(deserializer.end()));
    match (stopped, result) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(reading.explain(&error, Format::Json).into()),
        (None, Ok(())) => Ok(()),
    }
}

fn read_lines<'de>(
    text: &'de str,
    reading: &mut Reading<'de>,
    sink: Sink<'_>,
) -> Result<(), FixesError> {
    for (number, line) in text.split('\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        reading.at = At::Line(number + 1);
        let mut deserializer = serde_json::Deserializer::from_str(line);
        let fix = Object(reading)
            .deserialize(&mut deserializer)
            .and_then(|fix| reading.ended(deserializer.end()).map(|()| fix))
            .map_err(|error| reading.explain(&error, Format::Ndjson))?;
        sink(fix)?;
    }
    Ok(())
}

fn malformed(at: At, key: Option<Key>, sentence: impl Into<String>) -> ParseError {
    ParseError {
        at,
        key,
        sentence: sentence.into(),
    }
}

/// Where the reading stands, and what it has found.
struct Reading<'de> {
    unit_required: bool,
    at: At,
    // The key whose value is being read: a syntax error belongs to it.
    key: Option<Key>,
    // The fault in our own words; serde only carries the news that there is one.
    fault: Option<(Option<Key>, String)>,
    units: Names<'de, UnitId>,
    sources: Names<'de, SourceId>,
}

impl Default for Reading<'_> {
    fn default() -> Self {
        Self {
            unit_required: true,
            at: At::Body,
            key: None,
            fault: None,
            units: Names::default(),
            sources: Names::default(),
        }
    }
}

impl Reading<'_> {
    fn fault<E: serde::de::Error>(&mut self, key: Option<Key>, sentence: String) -> E {
        self.fault = Some((key, sentence));
        E::custom("not well-formed")
    }

    /// After the end there may only be white space.
    fn ended(&mut self, end: Result<(), serde_json::Error>) -> Result<(), serde_json::Error> {
        end.inspect_err(|_| {
            self.fault = Some((
                None,
                "goes on after its end: send several fixes as an array, or one a line as application/x-ndjson".to_owned(),
            ));
        })
    }

    /// The first fault in words that name its place, its key and what to do.
    fn explain(&mut self, error: &serde_json::Error, format: Format) -> ParseError {
        if let Some((key, sentence)) = self.fault.take() {
            return malformed(self.at, key, sentence);
        }
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or(&text);
        let place = match format {
            Format::Json => format!("line {}, column {}", error.line(), error.column()),
            Format::Ndjson => format!("column {}", error.column()),
        };
        let sentence = match self.key {
            Some(key) => format!("`{}` is not valid JSON: {what} at {place}", key.as_str()),
            None => format!("is not valid JSON: {what} at {place}"),
        };
        malformed(self.at, self.key, sentence)
    }
}

/// The whole of a JSON body: one object, or an array of them.
struct Document<'r, 'de, 's> {
    reading: &'r mut Reading<'de>,
    sink: Sink<'s>,
    stopped: &'r mut Option<FixesError>,
}

impl<'de> DeserializeSeed<'de> for Document<'_, 'de, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, 'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one fix as an object, or an array of them")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let fix = Object(self.reading).visit_map(map)?;
        (self.sink)(fix).map_err(|error| {
            *self.stopped = Some(error);
            A::Error::custom("stopped")
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        self.reading.at = At::Index(index);
        while let Some(fix) = list.next_element_seed(Object(self.reading))? {
            (self.sink)(fix).map_err(|error| {
                *self.stopped = Some(error);
                A::Error::custom("stopped")
            })?;
            index += 1;
            self.reading.at = At::Index(index);
            self.reading.key = None;
        }
        self.reading.at = At::Body;
        Ok(())
    }
}

/// One fix.
struct Object<'r, 'de>(&'r mut Reading<'de>);

impl<'de> DeserializeSeed<'de> for Object<'_, 'de> {
    type Value = PostedFix;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<PostedFix, D::Error> {
        self.0.key = None;
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, 'de> {
    type Value = PostedFix;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fix as an object with unit, fixed_at, lat and lon")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PostedFix, A::Error> {
        let reading = self.0;
        let mut draft = Draft::default();
        loop {
            reading.key = None;
            let Some(name) = map.next_key_seed(KeyName)? else {
                break;
            };
            let Some(key) = name else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            reading.key = Some(key);
            let value = map.next_value_seed(AnyValue)?;
            draft
                .take(key, value, reading)
                .map_err(|sentence| reading.fault(Some(key), sentence))?;
        }
        draft
            .finish(reading.unit_required)
            .map_err(|(key, sentence)| reading.fault(Some(key), sentence))
    }
}

/// A key, if it is one of ours.
struct KeyName;

impl<'de> DeserializeSeed<'de> for KeyName {
    type Value = Option<Key>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Key>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeyName {
    type Value = Option<Key>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, word: &str) -> Result<Option<Key>, E> {
        Ok(Key::parse(word))
    }
}

/// Any JSON value, as far as a fix needs to look into it.
enum Value<'de> {
    Null,
    Integer(i128),
    Number(f64),
    Text(Cow<'de, str>),
    Other(&'static str),
}

impl Value<'_> {
    const fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Integer(_) | Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Other(noun) => noun,
        }
    }
}

struct AnyValue;

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value<'de>, E> {
        Ok(Value::Other("true or false"))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value<'de>, E> {
        Ok(Value::Integer(i128::from(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value<'de>, E> {
        Ok(Value::Integer(i128::from(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other("an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other("an object"))
    }
}

/// A fix while its keys come in, in whatever order.
#[derive(Default)]
struct Draft {
    // One bit for each key that has been there, `null` included.
    seen: u16,
    unit: Option<UnitId>,
    source: Option<SourceId>,
    fixed_at: Option<Timestamp>,
    lat: Option<f64>,
    lon: Option<f64>,
    measured: Measured,
}

impl Draft {
    fn take<'de>(
        &mut self,
        key: Key,
        value: Value<'de>,
        reading: &mut Reading<'de>,
    ) -> Result<(), String> {
        let bit = 1 << key as u16;
        if self.seen & bit != 0 {
            return Err(format!(
                "`{}` stands twice in one object: send it once",
                key.as_str()
            ));
        }
        self.seen |= bit;
        if matches!(value, Value::Null) {
            return Ok(());
        }
        match key {
            Key::Unit => {
                self.unit = Some(name(key, value, &mut reading.units, UnitId::parse)?);
            }
            Key::Source => {
                self.source = Some(name(key, value, &mut reading.sources, SourceId::parse)?);
            }
            Key::FixedAt => self.fixed_at = Some(time(&value)?),
            Key::Lat => self.lat = Some(number(key, &value)?),
            Key::Lon => self.lon = Some(number(key, &value)?),
            Key::Accuracy => self.measured.accuracy_m = Some(number(key, &value)?),
            Key::Speed => self.measured.speed_mps = Some(number(key, &value)?),
            Key::Course => self.measured.course_deg = Some(number(key, &value)?),
            Key::Altitude => self.measured.altitude_m = Some(number(key, &value)?),
            Key::Battery => self.measured.battery_pct = Some(number(key, &value)?),
        }
        Ok(())
    }

    fn finish(self, unit_required: bool) -> Result<PostedFix, (Key, String)> {
        if unit_required && self.unit.is_none() {
            return Err(missing(Key::Unit));
        }
        Ok(PostedFix {
            unit: self.unit,
            source: self.source,
            fixed_at: self.fixed_at.ok_or_else(|| missing(Key::FixedAt))?,
            lat: self.lat.ok_or_else(|| missing(Key::Lat))?,
            lon: self.lon.ok_or_else(|| missing(Key::Lon))?,
            measured: self.measured,
        })
    }
}

fn missing(key: Key) -> (Key, String) {
    let word = key.as_str();
    (
        key,
        format!("`{word}` is missing: every fix needs unit, fixed_at, lat and lon"),
    )
}

fn name<'de, T: Clone>(
    key: Key,
    value: Value<'de>,
    names: &mut Names<'de, T>,
    parse: fn(&str) -> Result<T, IdError>,
) -> Result<T, String> {
    let word = key.as_str();
    let Value::Text(text) = value else {
        return Err(format!(
            "`{word}` is {}, not a text: write it in quotes",
            value.noun()
        ));
    };
    names.get(text, parse).map_err(|_| {
        format!("`{word}` is not 1 to 64 of A-Z a-z 0-9 . _ -: send the id as registered")
    })
}

fn time(value: &Value<'_>) -> Result<Timestamp, String> {
    let found = match value {
        Value::Text(text) => parse_time(text),
        Value::Integer(millis) => {
            from_millis(i64::try_from(*millis).unwrap_or(if *millis < 0 { 0 } else { i64::MAX }))
        }
        // JSON does not tell 1e12 from 1000000000000: a whole number is one however it is written.
        Value::Number(millis) if millis.fract() == 0.0 => from_millis(*millis as i64),
        Value::Number(_) | Value::Null | Value::Other(_) => Err(TimeFault::NotATime),
    };
    found.map_err(|fault| format!("`fixed_at` {}", fault.sentence()))
}

fn number(key: Key, value: &Value<'_>) -> Result<f64, String> {
    let word = key.as_str();
    match value {
        // `+ 0.0` turns -0.0 into 0.0, so that equal places are equal bytes.
        Value::Number(number) if number.is_finite() => Ok(number + 0.0),
        Value::Number(_) => Err(format!(
            "`{word}` is too large: send a number that fits a 64-bit float"
        )),
        Value::Integer(number) => Ok(*number as f64),
        Value::Text(_) => Err(format!(
            "`{word}` is a text, not a number: write it without quotes"
        )),
        Value::Null | Value::Other(_) => Err(format!("`{word}` is {}, not a number", value.noun())),
    }
}
