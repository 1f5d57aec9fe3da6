//! What rooms say to each other is signed by the key of the room, and checked by it.

use super::Signing;
use super::keys::unhex;
use crate::domain::ids::{RoomId, State};
use crate::domain::operations::handover::{Envelope, Post, Said, Unreadable};
use crate::wire::dialogue::letter::{digest, read, write};
use std::sync::Arc;

/// How much of a public key names it.
const KEY_ID_DIGITS: usize = 16;

impl Post for Signing {
    fn seal(&self, said: &Said, state: State) -> Result<Envelope, Arc<str>> {
        let bytes = write(said)?;
        let key = self.cached((&said.from, state)).map_err(|error| {
            tracing::error!(room.id = %said.from, error = format!("{error:#}"), "a room cannot sign");
            Arc::<str>::from("The room's signing key cannot be used: call a technician, and speak by telephone.")
        })?;
        Ok(Envelope {
            signature: key.sign(bytes.as_bytes()).into(),
            key_id: id_of(&key.public().digits()).into(),
            digest: digest(&bytes),
            bytes: bytes.into(),
        })
    }

    fn open(&self, from: (&RoomId, State), envelope: &Envelope) -> Result<Said, Unreadable> {
        let refused = |guard: &str, sentence: String| Unreadable {
            guard: guard.into(),
            sentence: sentence.into(),
            id: None,
            operation: None,
        };
        let (room, _) = from;
        let key = self
            .cached(from)
            .map_err(|_| refused("key", format!("No key of {room} is known here.")))?;
        let public = key.public();
        if id_of(&public.digits()) != &*envelope.key_id {
            return Err(refused(
                "key",
                format!("{} is no key of {room}.", envelope.key_id),
            ));
        }
        let signature = unhex::<64>(&envelope.signature);
        if !signature.is_some_and(|signature| public.signed(envelope.bytes.as_bytes(), &signature))
        {
            return Err(refused(
                "signature",
                format!("The signature is not that of {room}."),
            ));
        }
        read(&envelope.bytes)
    }
}

/// The first digits of a key.
fn id_of(digits: &str) -> &str {
    digits.get(..KEY_ID_DIGITS).unwrap_or(digits)
}
