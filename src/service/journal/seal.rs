//! How a payload is sealed: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) under the key of its subject.
//!
//! The cipher is that of RFC 8439, whose nonce has 12 bytes. The long nonce goes in as the draft says: its first 16 bytes
//! make a key for this one payload, the other 8 are the nonce under that key. A fix of each of a thousand units is a
//! thousand payloads of a few dozen bytes: what counts is what each costs before its first byte.
//!
//! The nonce is the beginning of the part's salted digest. The digest changes whenever ledger, number, part or payload
//! changes, so one nonce never serves two texts, also when a tail that was lost is written anew. The hash of the
//! header is authenticated along: a sealed part cannot be moved to another record.

use super::chain::Canonical;
use super::record::{HeaderHash, PartDigest};
use crate::domain::ids::{RoomId, Seq};
use chacha20::{R20, hchacha};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// What the seal adds to a payload, bytes.
pub const OVERHEAD: usize = 16;
/// The bytes of a digest that make a key, and those behind them that are the nonce under it.
const KEYED: usize = 16;
const REST: usize = 8;

/// Where a part stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The ledger.
    pub ledger: &'a RoomId,
    /// The record.
    pub seq: Seq,
    /// The part, from 0.
    pub part: usize,
}

/// What is derived from a key's secret and from what the key is for. Wiped when dropped.
pub struct Sealer {
    salt: Zeroizing<[u8; 32]>,
    key: Zeroizing<[u8; 32]>,
}

impl Sealer {
    /// From the 32 random bytes of the key store and the text of the key's slot: a key whose subject was altered in the
    /// store opens nothing.
    #[must_use]
    pub fn new(secret: &Zeroizing<[u8; 32]>, slot: &str) -> Self {
        let derive = |purpose| {
            let mut canonical = Canonical::of(purpose);
            canonical.fixed(&**secret);
            canonical.text(slot);
            Zeroizing::new(canonical.finish())
        };
        Self {
            salt: derive("limes.journal.salt-key.v1"),
            key: derive("limes.journal.seal-key.v1"),
        }
    }

    /// The salt of the part at this place.
    #[must_use]
    pub fn salt(&self, place: Place<'_>) -> [u8; 32] {
        let mut canonical = Canonical::of("limes.journal.salt.v1");
        canonical.fixed(&*self.salt);
        canonical.text(place.ledger.as_str());
        canonical.fixed(&place.seq.0.to_be_bytes());
        canonical.fixed(&(place.part as u64).to_be_bytes());
        canonical.finish()
    }

    /// The key and the nonce of the one payload with this digest.
    fn for_one(&self, digest: PartDigest) -> Option<(LessSafeKey, Nonce)> {
        let (keyed, rest) = digest.0.split_first_chunk::<KEYED>()?;
        let key: [u8; 32] = hchacha::<R20>((&*self.key).into(), keyed.into()).into();
        let key = Zeroizing::new(key);
        let key = UnboundKey::new(&CHACHA20_POLY1305, &*key).ok()?;
        let mut nonce = [0; NONCE_LEN];
        nonce[NONCE_LEN - REST..].copy_from_slice(&rest[..REST]);
        Some((LessSafeKey::new(key), Nonce::assume_unique_for_key(nonce)))
    }

    /// Seals a payload, in its own place when that has room for [`OVERHEAD`] bytes more. `None` only when it is larger than
    /// the cipher's limit of 256 GiB.
    #[must_use]
    pub fn seal(
        &self,
        digest: PartDigest,
        hash: HeaderHash,
        mut payload: Vec<u8>,
    ) -> Option<Vec<u8>> {
        let (key, nonce) = self.for_one(digest)?;
        let sealed = key.seal_in_place_append_tag(nonce, Aad::from(&hash.0), &mut payload);
        sealed.ok().map(|()| payload)
    }

    /// Opens a sealed payload; `None` when a byte of it, of its header or of its digest was changed.
    #[must_use]
    pub fn open(&self, digest: PartDigest, hash: HeaderHash, sealed: &[u8]) -> Option<Vec<u8>> {
        let (key, nonce) = self.for_one(digest)?;
        let mut bytes = sealed.to_vec();
        let opened = key.open_in_place(nonce, Aad::from(&hash.0), &mut bytes);
        let length = opened.ok()?.len();
        bytes.truncate(length);
        Some(bytes)
    }
}

#[cfg(test)]
mod tests;
