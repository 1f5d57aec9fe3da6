//! Who may speak: rooms, units, their devices, accounts, tokens and log-in sessions, in a small database of its own.
//!
//! Every change is numbered, says who made it, and is written in one transaction with its effect. Several processes may
//! work on the file at once: the service holds a [`Picture`] in memory and looks for changes of others with
//! [`Registry::refresh`], which costs one pragma when there are none.
//!
//! Architecture Invariant: no secret is stored in the clear, and none is in a change or in a [`Picture`].
//! Architecture Invariant: checking a token reads memory only.

mod error;
mod picture;
mod rows;
mod schema;
mod secret;
mod sessions;
mod writer;

pub use error::RegistryError;
pub use picture::{AccountEntry, Picture, TokenCard, UnitEntry};
pub(in crate::service) use secret::BySecret;
pub use secret::{Secret, SecretHash, SecretKind};
pub(in crate::service) use sessions::SessionRow;
pub use writer::{IssuedToken, Made, PasswordHash, Writer};

use crate::domain::ids::{RoomId, TokenId, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::registry_change::{Change, Holder};
use crate::service::datadir::{DataDir, REGISTRY};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use tokio::sync::watch;

/// How often a running service looks for changes of other processes: their effect must show within a second.
pub const REFRESH_EVERY: std::time::Duration = std::time::Duration::from_millis(250);

/// The registry of one data folder.
#[derive(Debug)]
pub struct Registry {
    store: Mutex<Store>,
    picture: RwLock<Arc<Picture>>,
    // Rings when rooms, units, accounts or tokens changed, and when a session was closed.
    bell: watch::Sender<u64>,
}

#[derive(Debug)]
struct Store {
    connection: Connection,
    // `PRAGMA data_version` at the last look: it moves only when another connection commits.
    data_version: i64,
}

/// Whom a token lets speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// One unit, for itself only.
    Unit {
        /// Which.
        unit: UnitId,
        /// The room it belongs to.
        room: RoomId,
        /// With which token.
        token: TokenId,
    },
    /// A gateway, for every unit of one room.
    Gateway {
        /// Which room.
        room: RoomId,
        /// With which token.
        token: TokenId,
    },
}

impl Sender {
    /// The token it speaks with.
    #[must_use]
    pub const fn token(&self) -> &TokenId {
        match self {
            Self::Unit { token, .. } | Self::Gateway { token, .. } => token,
        }
    }

    /// The room it speaks to.
    #[must_use]
    pub const fn room(&self) -> &RoomId {
        match self {
            Self::Unit { room, .. } | Self::Gateway { room, .. } => room,
        }
    }
}

/// Why a token is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Nobody was given this token.
    #[error(
        "this token is not known here: ask the room's administrator for one (`limes token create`)"
    )]
    Unknown,
    /// It has expired.
    #[error(
        "this token expired at {at}: ask the room's administrator for a new one (`limes token create`)"
    )]
    Expired {
        /// When.
        at: Timestamp,
    },
    /// It was revoked.
    #[error(
        "this token was revoked at {at}: ask the room's administrator for a new one (`limes token create`)"
    )]
    Revoked {
        /// When.
        at: Timestamp,
    },
}

impl Registry {
    /// Copies the registry of a folder, as of one moment, into another that has none; a folder without one has nothing
    /// to copy. The copy knows what was known at that moment: a token revoked later is not revoked in it.
    ///
    /// # Errors
    /// [`RegistryError`] when it cannot be read or the copy cannot be written.
    pub fn back_up(from: &DataDir, to: &DataDir) -> Result<(), RegistryError> {
        let file = from.file(REGISTRY);
        if !file.is_file() {
            return Ok(());
        }
        let copy = to.touch_private(REGISTRY)?;
        let connection = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(schema::BUSY)?;
        connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()])?;
        Ok(())
    }

    /// Opens the registry of a data folder, and creates it when it is missing.
    ///
    /// # Errors
    /// [`RegistryError`] when the file is no registry, is newer than this program, or cannot be read or written.
    pub fn open(data: &DataDir) -> Result<Self, RegistryError> {
        let path = data.touch_private(REGISTRY)?;
        Self::over(Connection::open(&path)?, &path)
    }

    /// A registry that ends with the process: for tests.
    ///
    /// # Errors
    /// [`RegistryError::Store`] when there is no memory for it.
    pub fn in_memory() -> Result<Self, RegistryError> {
        Self::over(Connection::open_in_memory()?, Path::new(":memory:"))
    }

    fn over(mut connection: Connection, path: &Path) -> Result<Self, RegistryError> {
        schema::prepare(&mut connection, path)?;
        let data_version = data_version(&connection)?;
        let reading = connection.transaction()?;
        let picture = Picture::read(&reading)?;
        reading.commit()?;
        Ok(Self {
            store: Mutex::new(Store {
                connection,
                data_version,
            }),
            picture: RwLock::new(Arc::new(picture)),
            bell: watch::Sender::new(0),
        })
    }

    /// What the registry says, as this process knows it.
    #[must_use]
    pub fn picture(&self) -> Arc<Picture> {
        Arc::clone(&self.picture.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the registry. All that `change` does becomes true together, or nothing when it answers an error.
    ///
    /// # Errors
    /// What `change` answers, or [`RegistryError::Store`] when the file cannot be written.
    pub fn change<T>(
        &self,
        made: &Made,
        change: impl FnOnce(&mut Writer<'_>) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        let mut store = self.store();
        let known = self.picture();
        let transaction = store
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut writer = Writer::new(&transaction, made, &known)?;
        let answer = change(&mut writer)?;
        let picture = writer.into_picture();
        transaction.commit()?;
        // Shown before the store is free again, so that no older picture can overtake it.
        self.show(picture);
        drop(store);
        Ok(answer)
    }

    /// Looks for changes of other processes; answers whether there were any. Blocks for as long as a disk read takes.
    ///
    /// # Errors
    /// [`RegistryError`] when the file cannot be read: what was known stays known.
    pub fn refresh(&self) -> Result<bool, RegistryError> {
        let mut store = self.store();
        let version = data_version(&store.connection)?;
        if version == store.data_version {
            return Ok(false);
        }
        let reading = store.connection.transaction()?;
        let changed = picture::last_change(&reading)? != self.picture().last_change();
        if changed {
            self.show(Picture::read(&reading)?);
        }
        reading.commit()?;
        store.data_version = version;
        Ok(changed)
    }

    /// Changes with a number above `after`, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`RegistryError`] when the file cannot be read.
    pub fn changes_since(&self, after: u64, limit: usize) -> Result<Vec<Change>, RegistryError> {
        let store = self.store();
        let sql = format!(
            "SELECT {} FROM changes WHERE number > ?1 ORDER BY number LIMIT ?2",
            rows::CHANGE_COLUMNS
        );
        let mut statement = store.connection.prepare_cached(&sql)?;
        let mut found = statement.query([after as i64, limit as i64])?;
        let mut changes = Vec::new();
        while let Some(row) = found.next()? {
            changes.push(rows::change(row)?);
        }
        Ok(changes)
    }

    /// A bell that rings whenever somebody may have lost the right to speak or look: then ask [`Registry::stands`] (or
    /// the sessions) again. The number means nothing.
    #[must_use]
    pub fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// Rings the bell.
    pub(in crate::service) fn ring(&self) {
        self.bell
            .send_modify(|rings| *rings = rings.wrapping_add(1));
    }

    /// Whom a token lets speak. Reads memory only.
    ///
    /// # Errors
    /// [`AuthError`] when the token is unknown, expired or revoked.
    pub fn authenticate(&self, token: &str, now: Timestamp) -> Result<Sender, AuthError> {
        let kind = if token.starts_with(SecretKind::Gateway.prefix()) {
            SecretKind::Gateway
        } else {
            SecretKind::Unit
        };
        let hash = SecretHash::of_well_formed(kind, token).ok_or(AuthError::Unknown)?;
        let picture = self.picture();
        let card = picture.token_of(&hash).ok_or(AuthError::Unknown)?;
        holds(card, now)?;
        let token = card.token.clone();
        match &card.holder {
            Holder::Gateway(room) => Ok(Sender::Gateway {
                room: room.clone(),
                token,
            }),
            Holder::Unit(unit) => {
                // Retiring a unit revokes its tokens in the same transaction.
                let card = picture.unit(unit).ok_or(AuthError::Unknown)?;
                Ok(Sender::Unit {
                    unit: unit.clone(),
                    room: card.room.clone(),
                    token,
                })
            }
        }
    }

    /// Whether a sender may still speak: for sockets that stay open.
    ///
    /// # Errors
    /// [`AuthError`] when its token has expired or was revoked.
    pub fn stands(&self, sender: &Sender, now: Timestamp) -> Result<(), AuthError> {
        let picture = self.picture();
        let card = picture.token(sender.token()).ok_or(AuthError::Unknown)?;
        holds(card, now)
    }

    fn show(&self, picture: Picture) {
        *self.picture.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(picture);
        self.ring();
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        // A panic elsewhere leaves a transaction rolled back, never half a one: the store stays good.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a token holds at this moment.
fn holds(card: &TokenCard, now: Timestamp) -> Result<(), AuthError> {
    match card.revoked_at {
        Some(at) => Err(AuthError::Revoked { at }),
        None if now >= card.expires_at => Err(AuthError::Expired {
            at: card.expires_at,
        }),
        None => Ok(()),
    }
}

fn data_version(connection: &Connection) -> Result<i64, RegistryError> {
    Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
}

/// Looks for changes of other processes until the task is dropped. A file that cannot be read is said once in the log
/// and looked at again: what was known stays known, because a fault of a disk must not silence the units.
pub async fn keep_current(registry: Arc<Registry>) {
    let mut every = tokio::time::interval(REFRESH_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut well = true;
    loop {
        every.tick().await;
        let looking = Arc::clone(&registry);
        let looked = tokio::task::spawn_blocking(move || looking.refresh()).await;
        let now_well = matches!(looked, Ok(Ok(_)));
        if well && !now_well {
            tracing::error!(
                ?looked,
                "the registry cannot be read: changes take no effect until it can"
            );
        } else if !well && now_well {
            tracing::info!("the registry can be read again");
        }
        well = now_well;
    }
}

#[cfg(test)]
mod tests;
