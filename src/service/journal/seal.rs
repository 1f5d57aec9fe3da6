//! How a payload is sealed: XChaCha20-Poly1305 under the key of its subject.
//!
//! The nonce is the beginning of the part's salted digest. The digest changes whenever ledger, number, part or payload
//! changes, so one nonce never serves two texts, also when a tail that was lost is written anew. The hash of the
//! header is authenticated along: a sealed part cannot be moved to another record.

use super::chain::Canonical;
use super::record::{HeaderHash, PartDigest};
use crate::domain::ids::{RoomId, Seq};
use chacha20poly1305::aead::{Aead as _, AeadInOut as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

/// What the seal adds to a payload, bytes.
pub const OVERHEAD: usize = 16;
const NONCE: usize = 24;

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

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.key).into())
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
        let sealed = self
            .cipher()
            .encrypt_in_place(&nonce(digest), &hash.0, &mut payload);
        sealed.ok().map(|()| payload)
    }

    /// Opens a sealed payload; `None` when a byte of it, of its header or of its digest was changed.
    #[must_use]
    pub fn open(&self, digest: PartDigest, hash: HeaderHash, sealed: &[u8]) -> Option<Vec<u8>> {
        let text = Payload {
            msg: sealed,
            aad: &hash.0,
        };
        self.cipher().decrypt(&nonce(digest), text).ok()
    }
}

fn nonce(digest: PartDigest) -> XNonce {
    let mut nonce = [0; NONCE];
    nonce.copy_from_slice(&digest.0[..NONCE]);
    XNonce::from(nonce)
}
