//! A message as signed bytes, and back. Who signs, and by which key a signature is checked, is decided elsewhere.

use super::said::{SCHEMA, SaidWire};
use crate::domain::ids::{MessageId, OperationId, RoomId, State};
use crate::domain::input::Frame;
use crate::domain::operations::handover::{Code, Envelope, Post, Said, Unreadable};
use crate::wire::border_index::hex;
use crate::wire::link::frame;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The longest message, in bytes.
pub const BYTES_MOST: usize = 64 * 1024;

/// The bytes of a message.
///
/// # Errors
/// One sentence, when they would be too many.
pub fn write(said: &Said) -> Result<String, Arc<str>> {
    let bytes = serde_json::to_string(&SaidWire::from(said)).map_err(|error| error.to_string())?;
    if bytes.len() > BYTES_MOST {
        return Err("The message is longer than 64 KiB: say less.".into());
    }
    Ok(bytes)
}

/// Reads the bytes of a message. Keys that this version does not know stay in the bytes.
///
/// # Errors
/// [`Unreadable`], with as much of it as can be read.
pub fn read(bytes: &str) -> Result<Said, Unreadable> {
    if bytes.len() > BYTES_MOST {
        return Err(Unreadable::new(
            "too_long",
            "The message is longer than 64 KiB.",
        ));
    }
    let said: SaidWire = serde_json::from_str(bytes).map_err(|error| {
        Unreadable::new("form", format!("The message cannot be read: {error}."))
    })?;
    let named = |it: Unreadable| Unreadable {
        id: MessageId::parse(&said.id).ok(),
        operation: OperationId::parse(&said.operation).ok(),
        ..it
    };
    if said.schema != SCHEMA {
        let sentence = format!(
            "Messages of version {} are not spoken here: version {SCHEMA} is.",
            said.schema
        );
        return Err(named(Unreadable::new("version", sentence)));
    }
    if Code::parse(&said.code).is_none() {
        let sentence = format!("`{}` is no code of a message.", said.code);
        return Err(named(Unreadable::new("code", sentence)));
    }
    Said::try_from(&said).map_err(|error| {
        named(Unreadable::new(
            "form",
            format!("The message cannot be read: {error}."),
        ))
    })
}

/// What an acceptance names of a message.
#[must_use]
pub fn digest(bytes: &str) -> Arc<str> {
    hex(&Sha256::digest(bytes.as_bytes())).into()
}

/// Writes and reads, and signs nothing: where no room speaks to another service, as in a replay.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unsigned;

impl Post for Unsigned {
    fn seal(&self, said: &Said, _: State) -> Result<Envelope, Arc<str>> {
        Ok(unsigned(write(said)?))
    }

    fn seal_frame(&self, frame: &Frame, _: State) -> Result<Envelope, Arc<str>> {
        Ok(unsigned(frame::write(frame)?))
    }

    fn own_frame(&self, envelope: &Envelope) -> Option<Frame> {
        frame::read(&envelope.bytes).ok()
    }

    fn open_frame(&self, _: (&RoomId, State), envelope: &Envelope) -> Result<Frame, Unreadable> {
        frame::read(&envelope.bytes)
    }

    fn open(&self, _: (&RoomId, State), envelope: &Envelope) -> Result<Said, Unreadable> {
        read(&envelope.bytes)
    }
}

fn unsigned(bytes: String) -> Envelope {
    Envelope {
        digest: digest(&bytes),
        bytes: bytes.into(),
        signature: "".into(),
        key_id: "".into(),
    }
}
