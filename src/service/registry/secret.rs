//! Secrets that are handed out once and kept only as hashes: tokens and log-in sessions.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// What a secret opens; its prefix lets people and scanners recognise it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// A unit's token.
    Unit,
    /// A gateway's token.
    Gateway,
    /// A log-in session.
    Session,
}

impl SecretKind {
    /// The prefix of its text.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Unit => "limes_u_",
            Self::Gateway => "limes_g_",
            Self::Session => "limes_s_",
        }
    }
}

/// Random bytes in a secret: 256 bits.
const BYTES: usize = 32;
/// Characters of 32 bytes in base64 without padding.
const CHARACTERS: usize = 43;

/// A secret in the clear, wiped when dropped. It is shown once, to the one it is for.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Draws a new one from the operating system.
    ///
    /// # Errors
    /// What the operating system said when it has no random numbers.
    pub fn draw(kind: SecretKind) -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; BYTES];
        getrandom::fill(&mut bytes)?;
        let mut text = Zeroizing::new(String::with_capacity(kind.prefix().len() + CHARACTERS));
        text.push_str(kind.prefix());
        URL_SAFE_NO_PAD.encode_string(bytes, &mut text);
        bytes.zeroize();
        Ok(Self(text))
    }

    /// The text to hand out.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256 of a secret's text. 256 random bits need no salt and no slow hash.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Of a text that has the form of a secret of this kind; `None` for anything else, so that no long text is hashed.
    #[must_use]
    pub fn of_well_formed(kind: SecretKind, text: &str) -> Option<Self> {
        let characters = text.strip_prefix(kind.prefix())?.as_bytes();
        let fits = characters.len() == CHARACTERS
            && characters
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        fits.then(|| Self::of(text))
    }

    /// From stored bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Eight bytes to look it up by.
    const fn bucket(&self) -> u64 {
        match self.0.first_chunk() {
            Some(head) => u64::from_le_bytes(*head),
            None => 0,
        }
    }

    /// Whether both are equal, in a time that does not depend on where they differ.
    pub(in crate::service) fn same(&self, other: &Self) -> bool {
        subtle::ConstantTimeEq::ct_eq(&self.0[..], &other.0[..]).into()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// What belongs to secrets, found by their hashes. A look-up goes by eight bytes of the hash, and then compares the whole
/// in constant time.
#[derive(Debug, Clone)]
pub(in crate::service) struct BySecret<T> {
    buckets: HashMap<u64, Vec<(SecretHash, T)>>,
}

impl<T> Default for BySecret<T> {
    fn default() -> Self {
        Self {
            buckets: HashMap::new(),
        }
    }
}

impl<T> BySecret<T> {
    /// Keeps what belongs to a secret that is not in it yet.
    pub(in crate::service) fn insert(&mut self, hash: SecretHash, value: T) {
        self.buckets
            .entry(hash.bucket())
            .or_default()
            .push((hash, value));
    }

    /// What belongs to a secret.
    pub(in crate::service) fn get(&self, hash: &SecretHash) -> Option<&T> {
        self.buckets
            .get(&hash.bucket())?
            .iter()
            .find(|(kept, _)| kept.same(hash))
            .map(|(_, value)| value)
    }

    /// Takes out what belongs to a secret.
    pub(in crate::service) fn remove(&mut self, hash: &SecretHash) -> Option<T> {
        let bucket = self.buckets.get_mut(&hash.bucket())?;
        let at = bucket.iter().position(|(kept, _)| kept.same(hash))?;
        let (_, value) = bucket.swap_remove(at);
        if bucket.is_empty() {
            self.buckets.remove(&hash.bucket());
        }
        Some(value)
    }

    /// All of it, in no order.
    pub(in crate::service) fn values(&self) -> impl Iterator<Item = &T> {
        self.buckets.values().flatten().map(|(_, value)| value)
    }
}
