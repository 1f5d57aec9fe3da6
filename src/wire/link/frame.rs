//! A frame as bytes, and back: what one room tells a partner in another service.

use super::CarriedWire;
use crate::domain::event::{Event, What};
use crate::domain::ids::{OperationId, RoomId, TargetId, UnitId};
use crate::domain::input::{Frame, MessageBody, Seen};
use crate::domain::measure::Metres;
use crate::domain::operations::SightingSource;
use crate::domain::operations::handover::Unreadable;
use crate::domain::registry::Person;
use crate::wire::event::EventBody;
use crate::wire::parts::{PersonWire, WireError, metres, position, timestamp, word};
use crate::wire::positions;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The version of the form of frames.
pub const SCHEMA: u16 = 1;
/// The longest frame, in bytes.
pub const BYTES_MOST: usize = 1024 * 1024;

#[derive(Debug, Serialize, Deserialize)]
struct FrameWire {
    schema: u16,
    from: String,
    to: String,
    frame: u64,
    at: String,
    messages: Vec<MessageWire>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MessageWire {
    /// What an operation shares, in order.
    Shared(Vec<SharedWire>),
    /// One of the coded messages, as it was signed.
    Said(CarriedWire),
    /// A person of the host room saw the target.
    Sighted(Box<SightedWire>),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SharedWire {
    Event {
        at: String,
        what: Box<EventBody>,
    },
    /// A block of positions, to the bit, as base64.
    Fix(String),
}

#[derive(Debug, Serialize, Deserialize)]
struct SightedWire {
    by: PersonWire,
    operation: String,
    target: String,
    seen_at: String,
    lat: f64,
    lon: f64,
    accuracy_m: f64,
    source: String,
    by_unit: Option<String>,
    course_deg: Option<f64>,
    speed_mps: Option<f64>,
}

/// The bytes of a frame.
///
/// # Errors
/// One sentence, when something in it has no written form.
pub fn write(frame: &Frame) -> Result<String, Arc<str>> {
    let messages = frame.messages.iter().map(message);
    let wire = FrameWire {
        schema: SCHEMA,
        from: frame.from.to_string(),
        to: frame.to.to_string(),
        frame: frame.number,
        at: frame.at.to_string(),
        messages: messages.collect::<Result<_, _>>()?,
    };
    serde_json::to_string(&wire).map_err(|error| error.to_string().into())
}

/// Reads the bytes of a frame.
///
/// # Errors
/// [`Unreadable`], with what is wrong with it.
pub fn read(bytes: &str) -> Result<Frame, Unreadable> {
    if bytes.len() > BYTES_MOST {
        return Err(Unreadable::new(
            "too_long",
            "The frame is longer than 1 MiB.",
        ));
    }
    let form = |error: &dyn std::fmt::Display| {
        Unreadable::new("form", format!("The frame cannot be read: {error}."))
    };
    let wire: FrameWire = serde_json::from_str(bytes).map_err(|error| form(&error))?;
    if wire.schema != SCHEMA {
        let sentence = format!(
            "Frames of version {} are not read here: version {SCHEMA} is.",
            wire.schema
        );
        return Err(Unreadable::new("version", sentence));
    }
    frame_of(wire).map_err(|error| form(&error))
}

fn message(body: &MessageBody) -> Result<MessageWire, Arc<str>> {
    Ok(match body {
        MessageBody::Shared(events) => {
            let shared = events.iter().map(shared);
            MessageWire::Shared(shared.collect::<Result<_, _>>()?)
        }
        MessageBody::Said(envelope) => MessageWire::Said(envelope.into()),
        MessageBody::Sighted {
            by,
            operation,
            seen,
        } => MessageWire::Sighted(Box::new(SightedWire {
            by: by.into(),
            operation: operation.to_string(),
            target: seen.target.to_string(),
            seen_at: seen.seen_at.to_string(),
            lat: seen.position.lat(),
            lon: seen.position.lon(),
            accuracy_m: metres(seen.accuracy),
            source: seen.source.as_str().to_owned(),
            by_unit: seen.unit.as_ref().map(ToString::to_string),
            course_deg: seen.course_deg,
            speed_mps: seen.speed_mps,
        })),
    })
}

fn shared(event: &Event) -> Result<SharedWire, Arc<str>> {
    if let What::Fix(fix) = &event.what {
        let block = positions::encode(&[fix]).map_err(|error| error.to_string())?;
        return Ok(SharedWire::Fix(STANDARD.encode(block)));
    }
    let what = EventBody::of(event).ok_or("An event has no written form.")?;
    Ok(SharedWire::Event {
        at: event.at.to_string(),
        what: Box::new(what),
    })
}

fn frame_of(wire: FrameWire) -> Result<Frame, WireError> {
    let messages = wire.messages.into_iter().map(body_of);
    Ok(Frame {
        from: RoomId::parse(&wire.from)?,
        to: RoomId::parse(&wire.to)?,
        number: wire.frame,
        at: timestamp(&wire.at)?,
        messages: messages.collect::<Result<_, _>>()?,
    })
}

fn body_of(message: MessageWire) -> Result<MessageBody, WireError> {
    Ok(match message {
        MessageWire::Shared(shared) => {
            let events = shared.into_iter().map(event_of);
            MessageBody::Shared(events.collect::<Result<_, _>>()?)
        }
        MessageWire::Said(envelope) => MessageBody::Said(envelope.into()),
        MessageWire::Sighted(sighted) => MessageBody::Sighted {
            by: Person::try_from(&sighted.by)?,
            operation: OperationId::parse(&sighted.operation)?,
            seen: Box::new(seen_of(&sighted)?),
        },
    })
}

fn seen_of(sighted: &SightedWire) -> Result<Seen, WireError> {
    Ok(Seen {
        target: TargetId::parse(&sighted.target)?,
        seen_at: timestamp(&sighted.seen_at)?,
        position: position([sighted.lon, sighted.lat])?,
        accuracy: Metres::new(sighted.accuracy_m),
        source: word(
            &sighted.source,
            SightingSource::parse,
            "a source of a sighting",
        )?,
        unit: sighted.by_unit.as_deref().map(UnitId::parse).transpose()?,
        course_deg: sighted.course_deg,
        speed_mps: sighted.speed_mps,
    })
}

fn event_of(shared: SharedWire) -> Result<Event, WireError> {
    let block = match shared {
        SharedWire::Event { at, what } => return what.into_event(timestamp(&at)?),
        SharedWire::Fix(block) => block,
    };
    let none = || WireError::Word {
        value: block.clone(),
        wanted: "a block with one position",
    };
    let bytes = STANDARD.decode(&block).map_err(|_| none())?;
    let fix = positions::decode(&bytes).map_err(|_| none())?.pop();
    let fix = fix.ok_or_else(none)?;
    Ok(Event {
        at: fix.fixed_at,
        what: What::Fix(fix),
    })
}
