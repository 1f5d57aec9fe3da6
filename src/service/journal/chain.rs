//! The chain over the headers, and the salted digest of a payload.
//!
//! Everything hashed is written in one canonical form: integers big-endian and of fixed width, texts and byte strings
//! behind their length (`u16` for texts, `u64` for payloads), an absent text as length `0xffff`. Each use begins with a
//! name of its own, so that no digest of one kind can stand for another:
//!
//! ```text
//! genesis(ledger)  = SHA-256("limes.journal.genesis.v1" ledger)
//! header           = "limes.journal.header.v1" ledger seq:u64 at:i64 recorded_at:i64 kind schema:u16 retention
//!                    parts:u16 (key:[16] digest:[32])* prev:[32]
//! hash(header)     = SHA-256(header)
//! digest(part)     = SHA-256("limes.journal.part.v1" salt:[32] unit? operation?
//!                    spans:u16 (unit source from:i64 to:i64)* payload)
//! ```
//!
//! Times are milliseconds since 1970. The unit and the operation of the record (its index) and the spans of the
//! part are under the digest, so that a changed index is found like a changed payload. The salt comes from the part's
//! key (see [`super::seal`]) and dies with it: a digest left in the chain then says nothing of what it was made from.

use super::record::{Header, HeaderHash, PartDigest, PositionSpan};
use crate::domain::ids::{OperationId, RoomId, UnitId};
use sha2::{Digest as _, Sha256};

#[cfg(test)]
mod tests;

/// Feeds the canonical form into SHA-256.
pub(crate) struct Canonical(Sha256);

impl Canonical {
    /// Begins with the name of the use.
    pub(crate) fn of(domain: &str) -> Self {
        let mut canonical = Self(Sha256::new());
        canonical.text(domain);
        canonical
    }

    /// A text of less than 65,535 bytes: ids, kinds and words are far shorter by construction.
    pub(crate) fn text(&mut self, text: &str) {
        self.0.update((text.len() as u16).to_be_bytes());
        self.0.update(text.as_bytes());
    }

    /// A text that may be absent.
    fn option(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.0.update(u16::MAX.to_be_bytes()),
        }
    }

    /// A number or byte string of fixed width.
    pub(crate) fn fixed(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest.
    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// What stands as the previous hash in the first header of a ledger.
#[must_use]
pub fn genesis(ledger: &RoomId) -> HeaderHash {
    let mut canonical = Canonical::of("limes.journal.genesis.v1");
    canonical.text(ledger.as_str());
    HeaderHash(canonical.finish())
}

/// The hash of a header: SHA-256 over its canonical form.
#[must_use]
pub fn hash(header: &Header) -> HeaderHash {
    let mut canonical = Canonical::of("limes.journal.header.v1");
    canonical.text(header.ledger.as_str());
    canonical.fixed(&header.seq.0.to_be_bytes());
    canonical.fixed(&header.at.as_millis().to_be_bytes());
    canonical.fixed(&header.recorded_at.as_millis().to_be_bytes());
    canonical.text(&header.kind);
    canonical.fixed(&header.schema.to_be_bytes());
    canonical.text(header.retention.as_str());
    canonical.fixed(&(header.parts.len() as u16).to_be_bytes());
    for part in &header.parts {
        canonical.fixed(&part.key.0);
        canonical.fixed(&part.digest.0);
    }
    canonical.fixed(&header.prev.0);
    HeaderHash(canonical.finish())
}

/// What a part's digest is made from.
#[derive(Debug, Clone, Copy)]
pub struct PartContent<'a> {
    /// The unit the record speaks of.
    pub unit: Option<&'a UnitId>,
    /// The operation the record belongs to.
    pub operation: Option<&'a OperationId>,
    /// The part's positions, sorted.
    pub spans: &'a [PositionSpan],
    /// The part's bytes.
    pub payload: &'a [u8],
}

/// The salted digest of one part.
#[must_use]
pub fn digest(salt: &[u8; 32], content: PartContent<'_>) -> PartDigest {
    let mut canonical = Canonical::of("limes.journal.part.v1");
    canonical.fixed(salt);
    canonical.option(content.unit.map(UnitId::as_str));
    canonical.option(content.operation.map(OperationId::as_str));
    canonical.fixed(&(content.spans.len() as u16).to_be_bytes());
    for span in content.spans {
        canonical.text(span.unit.as_str());
        canonical.text(span.source.as_str());
        canonical.fixed(&span.from.as_millis().to_be_bytes());
        canonical.fixed(&span.to.as_millis().to_be_bytes());
    }
    canonical.fixed(&(content.payload.len() as u64).to_be_bytes());
    canonical.fixed(content.payload);
    PartDigest(canonical.finish())
}
