//! Who signs: states their profiles, by keys that their legal services keep ([`keys`]), and rooms their reports and what they
//! send by webhook, by a key of each room that is made when it is first needed and kept in the data folder.
//!
//! A report names the public key. Who wants to trust it compares that with the one the room handed over in person.

use crate::domain::ids::{RoomId, State};
use crate::domain::operations::SignedReport;
use crate::service::datadir::DataDir;
use anyhow::Context as _;
use keys::{PrivateKey, PublicKey, unhex};
use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

pub mod keys;
mod post;
#[cfg(test)]
mod tests;

/// The folder of the keys, in the data folder.
const FOLDER: &str = "signing";

/// Signs in the name of rooms.
#[derive(Debug)]
pub struct Signing {
    folder: PathBuf,
    // Two requests must not make two keys for one room.
    turn: Mutex<()>,
    // Every message between rooms is signed: its key is read once.
    read: Mutex<BTreeMap<RoomId, Arc<PrivateKey>>>,
    // The keys of rooms in other services, which the configuration pins.
    partners: BTreeMap<RoomId, Vec<PublicKey>>,
}

impl Signing {
    /// With the keys of this data folder.
    #[must_use]
    pub fn new(data: &DataDir) -> Self {
        Self {
            folder: data.file(FOLDER),
            turn: Mutex::default(),
            read: Mutex::default(),
            partners: BTreeMap::new(),
        }
    }

    /// With the keys of rooms in other services: what comes in their name is checked by these alone.
    #[must_use]
    pub fn with_partners(self, partners: BTreeMap<RoomId, Vec<PublicKey>>) -> Self {
        Self { partners, ..self }
    }

    /// Signs the document of a report whose facts have this digest.
    ///
    /// # Errors
    /// When the room's key cannot be read, or made.
    pub fn sign(
        &self,
        (room, state): (&RoomId, State),
        facts: &str,
        document: String,
    ) -> anyhow::Result<SignedReport> {
        let key = self.key(room, state)?;
        Ok(SignedReport {
            facts: facts.into(),
            key: key.public().digits().into(),
            signature: key.sign(document.as_bytes()).into(),
            document: document.into(),
        })
    }

    /// Signs these bytes in the name of a room: 64 bytes of Ed25519.
    ///
    /// # Errors
    /// When the room's key cannot be read, or made.
    pub fn sign_bytes(
        &self,
        (room, state): (&RoomId, State),
        bytes: &[u8],
    ) -> anyhow::Result<[u8; 64]> {
        let signature = self.key(room, state)?.sign(bytes);
        unhex(&signature).context("a signature has 64 bytes")
    }

    /// By which key what a room signs is checked; made when it is not there yet.
    ///
    /// # Errors
    /// When the room's key cannot be read, or made.
    pub fn public(&self, room: &RoomId, state: State) -> anyhow::Result<PublicKey> {
        Ok(self.key(room, state)?.public())
    }

    /// The key of a room, read once.
    fn cached(&self, (room, state): (&RoomId, State)) -> anyhow::Result<Arc<PrivateKey>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = read.get(room) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(self.key(room, state)?);
        read.insert(room.clone(), Arc::clone(&key));
        Ok(key)
    }

    fn key(&self, room: &RoomId, state: State) -> anyhow::Result<PrivateKey> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let file = self.folder.join(format!("{room}.key"));
        if !file.exists() {
            if !self.folder.exists() {
                let made = DirBuilder::new().mode(0o700).create(&self.folder);
                made.with_context(|| format!("no folder {} can be made", self.folder.display()))?;
            }
            PrivateKey::make(state, &file)?;
        }
        PrivateKey::read(&file)
    }
}

/// Takes the keys into another data folder, with a backup.
///
/// # Errors
/// When the operating system refuses.
pub fn copy(from: &DataDir, to: &DataDir) -> std::io::Result<()> {
    let (from, to) = (from.file(FOLDER), to.file(FOLDER));
    if !from.exists() {
        return Ok(());
    }
    DirBuilder::new().mode(0o700).create(&to)?;
    for entry in std::fs::read_dir(&from)? {
        let entry = entry?;
        // The rights of a file go with it.
        std::fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
