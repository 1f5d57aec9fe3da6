//! The keys by which a state signs its profiles, and a room its reports: Ed25519.
//!
//! The private key is a file of its owner alone, PKCS#8 as PEM under a line that says whose it is; it is shown nowhere. The
//! public key is one line, `HU:` and 64 hexadecimal digits, for the configurations of both sides.

use crate::domain::ids::State;
use crate::wire::border_index::hex;
use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use zeroize::Zeroizing;

/// The first words of a file of a private key.
const OF: &str = "Limes signing key of ";

/// By what a signature of one state is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey {
    /// Whose.
    pub state: State,
    bytes: [u8; 32],
}

impl PublicKey {
    /// Parses `HU:` and 64 hexadecimal digits.
    ///
    /// # Errors
    /// One sentence that names the text.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let wanted = || {
            format!(
                "`{text}` is no public key of a state: write it as `limes profile key` prints it, such as HU:3b6a…"
            )
        };
        let (state, digits) = text.trim().split_once(':').with_context(wanted)?;
        let state = State::parse(state).with_context(wanted)?;
        let bytes = unhex(digits).with_context(wanted)?;
        Ok(Self { state, bytes })
    }

    /// The 64 hexadecimal digits.
    #[must_use]
    pub fn digits(&self) -> String {
        hex(&self.bytes)
    }

    /// Whether it made this signature over these bytes.
    #[must_use]
    pub fn signed(&self, bytes: &[u8], signature: &[u8; 64]) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, &self.bytes);
        key.verify(bytes, signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    /// `HU:3b6a…`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.state, self.digits())
    }
}

/// The key by which one state signs.
pub struct PrivateKey {
    state: State,
    pair: Ed25519KeyPair,
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({}, …)", self.state)
    }
}

impl PrivateKey {
    /// Makes a key and writes it to a file that did not exist, for its owner alone.
    ///
    /// # Errors
    /// When the file exists or cannot be written, or the system gives no random numbers.
    pub fn make(state: State, file: &Path) -> anyhow::Result<PublicKey> {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .ok()
            .context("the system gives no random numbers")?;
        let encoded = Zeroizing::new(STANDARD.encode(made.as_ref()));
        let mut text = Zeroizing::new(format!("{OF}{state}\n-----BEGIN PRIVATE KEY-----\n"));
        let mut rest = encoded.as_str();
        while !rest.is_empty() {
            let (line, after) = rest.split_at(rest.len().min(64));
            text.push_str(line);
            text.push('\n');
            rest = after;
        }
        text.push_str("-----END PRIVATE KEY-----\n");
        let key = Self::parse(&text)?;
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            });
        written.with_context(|| {
            format!(
                "the key cannot be written to {}: name a file that does not exist yet",
                file.display()
            )
        })?;
        Ok(key.public())
    }

    /// Reads the file of a key.
    ///
    /// # Errors
    /// When it cannot be read, is no key, or others than its owner may read it.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let shown = file.display();
        let found = std::fs::metadata(file).with_context(|| format!("there is no key {shown}"))?;
        let of_others = found.mode() & 0o077;
        ensure!(
            of_others == 0,
            "the key {shown} is open to other users: close it with `chmod 600 {shown}`, or make a new one"
        );
        let text = std::fs::read_to_string(file).map(Zeroizing::new);
        let text = text.with_context(|| format!("the key {shown} cannot be read"))?;
        Self::parse(&text).with_context(|| format!("{shown} is no signing key of Limes"))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let first = text.lines().next().unwrap_or_default();
        let Some(state) = first.strip_prefix(OF) else {
            bail!("its first line does not say `{OF}` and the state");
        };
        let state = State::parse(state.trim())?;
        let der = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes())?;
        let pair = Ed25519KeyPair::from_pkcs8(der.secret_pkcs8_der())
            .ok()
            .context("it holds no Ed25519 key")?;
        Ok(Self { state, pair })
    }

    /// Whose it is, and by what its signatures are checked.
    ///
    /// # Panics
    /// Never: a public key of Ed25519 has 32 bytes.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let bytes = self.pair.public_key().as_ref();
        PublicKey {
            state: self.state,
            bytes: bytes.try_into().expect("a public key has 32 bytes"),
        }
    }

    /// Signs these bytes: 128 hexadecimal digits.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> String {
        hex(self.pair.sign(bytes).as_ref())
    }
}

/// The bytes of so many hexadecimal digits, and no other number of them.
#[must_use]
pub fn unhex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let digits = digits.trim().as_bytes();
    let mut bytes = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, two) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |of: u8| char::from(of).to_digit(16);
        let value = digit(two[0])? * 16 + digit(two[1])?;
        *byte = u8::try_from(value).ok()?;
    }
    Some(bytes)
}
