//! Who is logged in. Sessions live in memory, and in the registry so that they survive a restart.

use crate::domain::ids::{AccountId, RoomId};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::rights::Role;
use crate::service::registry::{
    AccountEntry, BySecret, Picture, Registry, RegistryError, SecretHash, SecretKind, SessionRow,
};
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

/// A session's use is written down at most this often.
const WRITE_EVERY: Span = Span::from_minutes(1);

/// When a session is over by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Over when unused for this long. An open live picture is use: a desk that watches is not idle.
    pub idle: Span,
    /// Over this long after it was opened, however much it is used.
    pub absolute: Span,
    /// Most sessions of one account; a further one ends the one that is longest unused.
    pub per_account_max: usize,
}

impl Default for SessionLimits {
    /// A room works round the clock in shifts: absolute 16 h is the longest shift with its handover, idle 4 h lets a
    /// desk that was left behind go dark within the shift.
    fn default() -> Self {
        Self {
            idle: Span::from_hours(4),
            absolute: Span::from_hours(16),
            per_account_max: 1_000,
        }
    }
}

/// Names a session without its secret.
#[derive(Clone, Copy)]
pub struct SessionKey(SecretHash);

impl SessionKey {
    /// Of the secret a browser sent; `None` when it has not the form of one.
    #[must_use]
    pub fn of(secret: &str) -> Option<Self> {
        SecretHash::of_well_formed(SecretKind::Session, secret).map(Self)
    }

    /// What is kept of the secret, to find by it what else belongs to the session.
    pub(in crate::service) const fn hash(&self) -> SecretHash {
        self.0
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(…)")
    }
}

/// Whose session it is.
#[derive(Debug, Clone)]
pub struct SessionCard {
    /// Its name within the service.
    pub key: SessionKey,
    /// Who.
    pub account: AccountId,
    /// Of which room.
    pub room: RoomId,
    /// With which rights.
    pub role: Role,
    /// Since when.
    pub opened_at: Timestamp,
    /// Over at the latest then.
    pub ends_at: Timestamp,
}

/// Why a session is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// There is no such session, or not any more.
    #[error("this session is not known here: log in")]
    Unknown,
    /// It was unused for too long, open for too long, or its account changed.
    #[error("this session is over: log in again")]
    Over,
}

#[derive(Debug)]
struct Entry {
    hash: SecretHash,
    account: AccountId,
    credential: u64,
    opened_at: Timestamp,
    // Milliseconds since 1970: last used, and last written down as used.
    seen_at: AtomicI64,
    written_at: AtomicI64,
}

impl Entry {
    fn seen_at(&self) -> Timestamp {
        Timestamp::from_millis(self.seen_at.load(Ordering::Relaxed))
    }
}

/// The sessions of one service.
#[derive(Debug)]
pub(super) struct Sessions {
    limits: SessionLimits,
    entries: RwLock<BySecret<Arc<Entry>>>,
}

impl Sessions {
    /// Takes up what the registry kept, except what is over.
    pub(super) fn take_up(
        registry: &Registry,
        limits: SessionLimits,
        now: Timestamp,
    ) -> Result<Self, RegistryError> {
        let sessions = Self {
            limits,
            entries: RwLock::default(),
        };
        for row in registry.kept_sessions()? {
            sessions.write().insert(row.hash, Arc::new(entry(&row)));
        }
        sessions.settle(registry, now)?;
        Ok(sessions)
    }

    /// Keeps a new session; `None` when its account changed since its password was verified.
    pub(super) fn open(
        &self,
        registry: &Registry,
        row: &SessionRow,
        now: Timestamp,
    ) -> Result<Option<SessionCard>, RegistryError> {
        registry.keep_session(row)?;
        let key = SessionKey(row.hash);
        let spare = {
            let mut entries = self.write();
            entries.insert(row.hash, Arc::new(entry(row)));
            self.longest_unused(&entries, row)
        };
        if let Some(spare) = spare {
            self.close(registry, &SessionKey(spare))?;
        }
        // The file may say more than this process saw yet: look before the session is believed.
        registry.refresh()?;
        Ok(self.stands(&registry.picture(), &key, now).ok())
    }

    pub(super) fn stands(
        &self,
        picture: &Picture,
        key: &SessionKey,
        now: Timestamp,
    ) -> Result<SessionCard, SessionError> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(&key.0).ok_or(SessionError::Unknown)?;
        let account = self
            .open_account(picture, entry, now)
            .ok_or(SessionError::Over)?;
        entry.seen_at.fetch_max(now.as_millis(), Ordering::Relaxed);
        Ok(SessionCard {
            key: *key,
            account: entry.account.clone(),
            room: account.card.room.clone(),
            role: account.card.role,
            opened_at: entry.opened_at,
            ends_at: entry.opened_at.plus(self.limits.absolute),
        })
    }

    pub(super) fn close(&self, registry: &Registry, key: &SessionKey) -> Result<(), RegistryError> {
        if self.write().remove(&key.0).is_none() {
            return Ok(());
        }
        registry.ring();
        registry.settle_sessions(&[key.0], &[])
    }

    pub(super) fn settle(&self, registry: &Registry, now: Timestamp) -> Result<(), RegistryError> {
        let picture = registry.picture();
        let (mut over, mut seen) = (Vec::new(), Vec::new());
        {
            let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
            for entry in entries.values() {
                let written = Timestamp::from_millis(entry.written_at.load(Ordering::Relaxed));
                if self.open_account(&picture, entry, now).is_none() {
                    over.push(entry.hash);
                } else if entry.seen_at().since(written) >= WRITE_EVERY {
                    seen.push((entry.hash, entry.seen_at()));
                }
            }
        }
        registry.settle_sessions(&over, &seen)?;
        let mut entries = self.write();
        for hash in &over {
            entries.remove(hash);
        }
        for (hash, at) in &seen {
            if let Some(entry) = entries.get(hash) {
                entry.written_at.store(at.as_millis(), Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// The account of a session that is not over.
    fn open_account<'p>(
        &self,
        picture: &'p Picture,
        entry: &Entry,
        now: Timestamp,
    ) -> Option<&'p AccountEntry> {
        let fresh = now.since(entry.opened_at) < self.limits.absolute
            && now.since(entry.seen_at()) < self.limits.idle;
        picture
            .account(&entry.account)
            .filter(|account| fresh && account.credential == entry.credential)
    }

    /// Which of an account's other sessions ends because there is one too many with `new`.
    fn longest_unused(
        &self,
        entries: &BySecret<Arc<Entry>>,
        new: &SessionRow,
    ) -> Option<SecretHash> {
        let others = || {
            entries
                .values()
                .filter(|entry| entry.account == new.account && !entry.hash.same(&new.hash))
        };
        if others().count() < self.limits.per_account_max {
            return None;
        }
        others()
            .min_by_key(|entry| entry.seen_at())
            .map(|entry| entry.hash)
    }

    fn write(&self) -> RwLockWriteGuard<'_, BySecret<Arc<Entry>>> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn entry(row: &SessionRow) -> Entry {
    Entry {
        hash: row.hash,
        account: row.account.clone(),
        credential: row.credential,
        opened_at: row.opened_at,
        seen_at: AtomicI64::new(row.seen_at.as_millis()),
        written_at: AtomicI64::new(row.seen_at.as_millis()),
    }
}
