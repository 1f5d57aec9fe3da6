//! What rooms say to each other is signed by the key of the room, and checked by it: an own room's by the one in the data
//! folder, a partner's by those that the configuration pins.

use super::Signing;
use super::keys::{PublicKey, unhex};
use crate::domain::ids::{RoomId, State};
use crate::domain::input::Frame;
use crate::domain::operations::handover::{Envelope, Post, Said, Unreadable};
use crate::wire::dialogue::letter::{digest, read, write};
use crate::wire::link::frame;
use std::sync::Arc;

/// How much of a public key names it.
const KEY_ID_DIGITS: usize = 16;

impl Post for Signing {
    fn seal(&self, said: &Said, state: State) -> Result<Envelope, Arc<str>> {
        self.sealed((&said.from, state), write(said)?)
    }

    fn open(&self, from: (&RoomId, State), envelope: &Envelope) -> Result<Said, Unreadable> {
        self.check(from, envelope)?;
        read(&envelope.bytes)
    }

    fn seal_frame(&self, frame: &Frame, state: State) -> Result<Envelope, Arc<str>> {
        self.sealed((&frame.from, state), frame::write(frame)?)
    }

    fn own_frame(&self, envelope: &Envelope) -> Option<Frame> {
        frame::read(&envelope.bytes).ok()
    }

    fn open_frame(&self, from: (&RoomId, State), envelope: &Envelope) -> Result<Frame, Unreadable> {
        self.check(from, envelope)?;
        frame::read(&envelope.bytes)
    }
}

impl Signing {
    fn sealed(&self, (room, state): (&RoomId, State), bytes: String) -> Result<Envelope, Arc<str>> {
        let key = self.cached((room, state)).map_err(|error| {
            tracing::error!(room.id = %room, error = format!("{error:#}"), "a room cannot sign");
            Arc::<str>::from(
                "The room's signing key cannot be used: call a technician, and speak by telephone.",
            )
        })?;
        Ok(Envelope {
            signature: key.sign(bytes.as_bytes()).into(),
            key_id: id_of(&key.public().digits()).into(),
            digest: digest(&bytes),
            bytes: bytes.into(),
        })
    }

    /// Whether a key of this room signed it.
    fn check(&self, from: (&RoomId, State), envelope: &Envelope) -> Result<(), Unreadable> {
        let (room, _) = from;
        let keys = self.keys_of(from);
        let named = |key: &&PublicKey| id_of(&key.digits()) == &*envelope.key_id;
        let Some(key) = keys.iter().find(named) else {
            let sentence = format!(
                "`{}` is no key of {room} that is known here.",
                envelope.key_id
            );
            return Err(Unreadable::new("key", sentence));
        };
        let signature = unhex::<64>(&envelope.signature);
        let holds = signature.is_some_and(|it| key.signed(envelope.bytes.as_bytes(), &it));
        if !holds {
            return Err(Unreadable::new(
                "signature",
                format!("The signature is not that of {room}."),
            ));
        }
        Ok(())
    }

    fn keys_of(&self, from: (&RoomId, State)) -> Vec<PublicKey> {
        match self.partners.get(from.0) {
            Some(pinned) => pinned.clone(),
            None => self
                .cached(from)
                .map(|key| key.public())
                .into_iter()
                .collect(),
        }
    }
}

/// The first digits of a key.
fn id_of(digits: &str) -> &str {
    digits.get(..KEY_ID_DIGITS).unwrap_or(digits)
}
