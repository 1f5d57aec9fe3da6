//! The keys: one per ledger, subject, retention class and day of recording.

use super::JournalError;
use super::record::{KeyId, RetentionClass, SubjectKey};
use super::seal::Sealer;
use crate::domain::ids::RoomId;
use crate::domain::measure::{Day, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The subject under which a ledger's snapshot is sealed: no [`SubjectKey`], since each snapshot has a key of its own
/// that is destroyed with it.
const SNAPSHOT: &str = "snapshot";
/// Beyond this many open keys a cache starts afresh.
const CACHE_MAX: usize = 100_000;

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its name, as in the headers.
    pub id: KeyId,
    /// Whom or what it seals.
    pub subject: SubjectKey,
    /// The class of the records it seals.
    pub retention: RetentionClass,
    /// The day of recording.
    pub day: Day,
}

impl KeyInfo {
    /// The class of what it seals. One record of positions has parts of units in operations and of others, and the word in
    /// its header is that of the shortest kept: whose a part is says the rest.
    #[must_use]
    pub const fn class(&self) -> RetentionClass {
        use RetentionClass::{Movements, Operation, OperationPositions, Positions};
        match (self.retention, &self.subject) {
            (Positions, SubjectKey::Operation(_) | SubjectKey::UnitInOperation { .. }) => {
                OperationPositions
            }
            // As earlier versions wrote it.
            (Operation, SubjectKey::Unit(_)) => Movements,
            (class, _) => class,
        }
    }
}

/// What a key is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Slot {
    ledger: RoomId,
    subject: SubjectKey,
    retention: RetentionClass,
    day: Day,
}

impl Slot {
    pub(crate) const fn ledger(&self) -> &RoomId {
        &self.ledger
    }

    /// What may be known of the key of this slot.
    pub(crate) fn info(&self, id: KeyId) -> KeyInfo {
        KeyInfo {
            id,
            subject: self.subject.clone(),
            retention: self.retention,
            day: self.day,
        }
    }

    pub(crate) fn new(
        ledger: &RoomId,
        subject: &SubjectKey,
        retention: RetentionClass,
        recorded_at: Timestamp,
    ) -> Self {
        Self {
            ledger: ledger.clone(),
            subject: subject.clone(),
            retention,
            day: Day::of(recorded_at),
        }
    }
}

impl fmt::Display for Slot {
    /// What the key is derived for: ledger, subject, retention class and day.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let retention = self.retention.as_str();
        write!(
            f,
            "{} {} {retention} {}",
            self.ledger, self.subject, self.day.0
        )
    }
}

fn snapshot_slot(ledger: &RoomId) -> String {
    format!("{ledger} {SNAPSHOT} {} 0", RetentionClass::Service.as_str())
}

/// A key, ready to seal.
#[derive(Clone)]
pub(crate) struct OpenKey {
    pub(crate) id: KeyId,
    pub(crate) sealer: Arc<Sealer>,
}

/// The 32 random bytes of a key.
pub(crate) type Secret = Zeroizing<[u8; 32]>;

impl OpenKey {
    /// From a name, what it is for, and a secret.
    pub(crate) fn new(id: KeyId, slot: &str, secret: &Secret) -> Self {
        let sealer = Arc::new(Sealer::new(secret, slot));
        Self { id, sealer }
    }

    fn random(slot: &str) -> Result<(Self, Secret), JournalError> {
        let mut id = [0; 16];
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(&mut id)
            .and_then(|()| getrandom::fill(&mut *secret))
            .map_err(|_| JournalError::Random)?;
        Ok((Self::new(KeyId(id), slot, &secret), secret))
    }
}

/// The writer's side.
pub(crate) struct KeyStore {
    connection: Connection,
    open: HashMap<Slot, OpenKey>,
}

impl KeyStore {
    pub(crate) fn new(connection: Connection) -> Self {
        Self {
            connection,
            open: HashMap::new(),
        }
    }

    /// Asks the key store itself.
    #[cfg(test)]
    pub(crate) fn with<T>(&self, ask: impl FnOnce(&Connection) -> T) -> T {
        ask(&self.connection)
    }

    /// The keys of these slots, in their order. Missing ones are made, durably, before anything is sealed under them; a key
    /// that is then never used does no harm.
    pub(crate) fn of(
        &mut self,
        slots: impl Iterator<Item = Slot>,
    ) -> Result<Vec<OpenKey>, JournalError> {
        if self.open.len() > CACHE_MAX {
            self.open.clear();
        }
        let mut keys = Vec::with_capacity(slots.size_hint().0);
        let mut new: BTreeMap<Slot, (OpenKey, Secret)> = BTreeMap::new();
        for slot in slots {
            if let Some(key) = self.open.get(&slot) {
                keys.push(key.clone());
                continue;
            }
            if let Some((key, _)) = new.get(&slot) {
                keys.push(key.clone());
                continue;
            }
            let found = find(&self.connection, &slot);
            if let Some(key) = found.map_err(JournalError::reading("reading a key"))? {
                keys.push(key.clone());
                self.open.insert(slot, key);
            } else {
                let (key, secret) = OpenKey::random(&slot.to_string())?;
                keys.push(key.clone());
                new.insert(slot, (key, secret));
            }
        }
        if !new.is_empty() {
            self.insert(&new)
                .map_err(|source| JournalError::writing("storing keys", source))?;
            let made = new.into_iter().map(|(slot, (key, _))| (slot, key));
            self.open.extend(made);
        }
        Ok(keys)
    }

    fn insert(&mut self, new: &BTreeMap<Slot, (OpenKey, Secret)>) -> Result<(), rusqlite::Error> {
        let transaction = self.connection.transaction()?;
        for (slot, (key, secret)) in new {
            transaction
                .prepare_cached(
                    "INSERT INTO keys (id, ledger, subject, retention, day, secret)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    &key.id.0[..],
                    slot.ledger.as_str(),
                    slot.subject.to_string(),
                    slot.retention.as_str(),
                    slot.day.0,
                    &secret[..],
                ])?;
        }
        transaction.commit()
    }

    /// A fresh key for the next snapshot of a ledger.
    pub(crate) fn for_snapshot(&mut self, ledger: &RoomId) -> Result<OpenKey, JournalError> {
        let (key, secret) = OpenKey::random(&snapshot_slot(ledger))?;
        self.connection
            .execute(
                "INSERT INTO keys (id, ledger, subject, retention, day, secret)
                 VALUES (?1, ?2, ?3, ?4, 0, ?5)",
                params![
                    &key.id.0[..],
                    ledger.as_str(),
                    SNAPSHOT,
                    RetentionClass::Service.as_str(),
                    &secret[..]
                ],
            )
            .map_err(|source| JournalError::writing("storing keys", source))?;
        Ok(key)
    }

    /// Destroys the keys of all snapshots of a ledger but the one that is kept.
    pub(crate) fn destroy_snapshot_keys(
        &mut self,
        ledger: &RoomId,
        kept: Option<KeyId>,
    ) -> Result<(), JournalError> {
        let kept = kept.map_or_else(Vec::new, |key| key.0.to_vec());
        self.connection
            .execute(
                "DELETE FROM keys WHERE ledger = ?1 AND subject = ?2 AND id <> ?3",
                params![ledger.as_str(), SNAPSHOT, kept],
            )
            .map(drop)
            .map_err(|source| JournalError::writing("destroying keys", source))
    }

    /// Destroys keys: the file's pages are overwritten (`secure_delete`).
    pub(crate) fn destroy(&mut self, keys: &[KeyId]) -> Result<(), JournalError> {
        let destroying = |source| JournalError::writing("destroying keys", source);
        self.open.retain(|_, key| !keys.contains(&key.id));
        let transaction = self.connection.transaction().map_err(destroying)?;
        for key in keys {
            transaction
                .execute("DELETE FROM keys WHERE id = ?1", [&key.0[..]])
                .map_err(destroying)?;
        }
        transaction.commit().map_err(destroying)
    }

    /// Writes the file anew: no page of it holds a key that was destroyed.
    pub(crate) fn write_anew(&self) -> Result<(), JournalError> {
        // The copy that is made meanwhile holds secrets: in memory, not in a file of its own.
        self.connection
            .execute_batch("PRAGMA temp_store = MEMORY")
            .map_err(|source| JournalError::writing("writing the keys anew", source))?;
        super::sqlite::rewrite(&self.connection)
    }

    /// The keys of one ledger.
    pub(crate) fn list(&self, ledger: &RoomId) -> Result<Vec<KeyInfo>, JournalError> {
        list(&self.connection, ledger)
    }
}

fn find(connection: &Connection, slot: &Slot) -> Result<Option<OpenKey>, rusqlite::Error> {
    connection
        .prepare_cached(
            "SELECT id, secret FROM keys
             WHERE ledger = ?1 AND subject = ?2 AND retention = ?3 AND day = ?4",
        )?
        .query_row(
            params![
                slot.ledger.as_str(),
                slot.subject.to_string(),
                slot.retention.as_str(),
                slot.day.0
            ],
            |row| {
                let (id, secret) = (row.get::<_, [u8; 16]>(0)?, row.get::<_, [u8; 32]>(1)?);
                let secret = Zeroizing::new(secret);
                Ok(OpenKey::new(KeyId(id), &slot.to_string(), &secret))
            },
        )
        .optional()
}

pub(crate) fn list(connection: &Connection, ledger: &RoomId) -> Result<Vec<KeyInfo>, JournalError> {
    let listing = || -> Result<Vec<KeyInfo>, rusqlite::Error> {
        let mut statement = connection.prepare(
            "SELECT id, subject, retention, day FROM keys WHERE ledger = ?1 ORDER BY day, id",
        )?;
        let rows = statement.query_map([ledger.as_str()], |row| {
            let (subject, retention): (String, String) = (row.get(1)?, row.get(2)?);
            let named = SubjectKey::parse(&subject).zip(RetentionClass::parse(&retention));
            let Some((subject, retention)) = named else {
                return Ok(None);
            };
            Ok(Some(KeyInfo {
                id: KeyId(row.get(0)?),
                subject,
                retention,
                day: Day(row.get(3)?),
            }))
        })?;
        rows.filter_map(Result::transpose).collect()
    };
    listing().map_err(JournalError::reading("reading the keys"))
}

/// A reader's side: opens keys by their name, each once.
pub(crate) struct KeyRing {
    connection: Connection,
    open: RefCell<BTreeMap<KeyId, Arc<Sealer>>>,
}

impl KeyRing {
    pub(crate) const fn new(connection: Connection) -> Self {
        Self {
            connection,
            open: RefCell::new(BTreeMap::new()),
        }
    }

    /// Asks the key store itself.
    pub(crate) fn with<T>(&self, ask: impl FnOnce(&Connection) -> T) -> T {
        ask(&self.connection)
    }

    /// The key of this name, if it exists.
    pub(crate) fn get(&self, key: KeyId) -> Result<Option<Arc<Sealer>>, JournalError> {
        if let Some(found) = self.open.borrow().get(&key) {
            return Ok(Some(Arc::clone(found)));
        }
        let found = self
            .connection
            .prepare_cached(
                "SELECT ledger || ' ' || subject || ' ' || retention || ' ' || day, secret FROM keys WHERE id = ?1",
            )
            .and_then(|mut statement| {
                statement
                    .query_row([&key.0[..]], |row| {
                        Ok((row.get::<_, String>(0)?, Zeroizing::new(row.get(1)?)))
                    })
                    .optional()
            })
            .map_err(JournalError::reading("reading a key"))?;
        let Some((slot, secret)) = found else {
            return Ok(None);
        };
        let sealer = Arc::new(Sealer::new(&secret, &slot));
        let mut open = self.open.borrow_mut();
        if open.len() > CACHE_MAX {
            open.clear();
        }
        open.insert(key, Arc::clone(&sealer));
        Ok(Some(sealer))
    }

    /// The keys of one ledger.
    pub(crate) fn list(&self, ledger: &RoomId) -> Result<Vec<KeyInfo>, JournalError> {
        list(&self.connection, ledger)
    }
}
