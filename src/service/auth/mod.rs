//! Log-in: passwords, throttle, sessions. It knows no HTTP; cookies and headers are the router's.
//!
//! All of it runs on real time, never on the exercise clock.
//!
//! Architecture Invariant: checking a session reads and writes memory only.
//! Architecture Invariant: an answer does not tell an unknown account from a wrong password, in words or in work.

pub mod passwords;
mod sessions;
mod throttle;

pub use sessions::{SessionCard, SessionError, SessionKey, SessionLimits};

use crate::domain::ids::AccountId;
use crate::domain::measure::{Span, Timestamp};
use crate::service::registry::{
    PasswordHash, Registry, RegistryError, Secret, SecretKind, SessionRow,
};
use passwords::Slots;
use sessions::Sessions;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use throttle::{Attempt, Throttle};

/// How many log-ins may wait for their password's verification.
const WAITING_MAX: usize = 64;
/// How often [`keep_sessions`] settles sessions with the registry.
const SETTLE_EVERY: std::time::Duration = std::time::Duration::from_secs(10);

/// Log-in to one service.
#[derive(Debug)]
pub struct Auth {
    registry: Arc<Registry>,
    sessions: Sessions,
    throttle: Mutex<Throttle>,
    slots: Slots,
    // Verified against when there is no account, so that the work is the same.
    nobody: PasswordHash,
}

/// Somebody wants to log in.
#[derive(Debug, Clone, Copy)]
pub struct LogIn<'a> {
    /// The name as sent.
    pub account: &'a str,
    /// The password as sent.
    pub password: &'a str,
    /// From where; behind a proxy, whom the proxy names.
    pub address: IpAddr,
}

/// A session just opened: the only moment its secret is known.
#[derive(Debug)]
pub struct Session {
    /// What the browser sends back.
    pub secret: Secret,
    /// Whose it is.
    pub card: SessionCard,
}

/// Why a log-in is refused.
#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// No such account, a disabled one, or another password.
    #[error(
        "account or password is wrong: try again, or ask the room's administrator for a new password"
    )]
    Wrong,
    /// Too many failures of this account or from this address.
    #[error("too many failed log-ins: try again in {} s", (retry_after.as_millis() + 999) / 1_000)]
    Throttled {
        /// How long to wait.
        retry_after: Span,
    },
    /// Too many log-ins at once.
    #[error("too many log-ins at once: try again in a few seconds")]
    Busy,
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl Auth {
    /// Takes up the sessions that the registry kept.
    ///
    /// # Errors
    /// [`RegistryError`] when the registry cannot be read or a hash cannot be made.
    pub fn new(
        registry: Arc<Registry>,
        limits: SessionLimits,
        now: Timestamp,
    ) -> Result<Self, RegistryError> {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let somebody = Secret::draw(SecretKind::Session)?;
        let nobody = passwords::hash_unchecked(somebody.reveal()).map_err(|cause| {
            RegistryError::BadValue {
                column: "password_hash",
                value: cause.to_string(),
            }
        })?;
        let sessions = Sessions::take_up(&registry, limits, now)?;
        Ok(Self {
            registry,
            sessions,
            throttle: Mutex::default(),
            slots: Slots::new(processors.clamp(1, 4), WAITING_MAX),
            nobody,
        })
    }

    /// Opens a session. Works for about 20 ms and may wait for others: call it on a thread that may block.
    ///
    /// # Errors
    /// [`LogInError`].
    pub fn open(&self, log_in: LogIn<'_>, now: Timestamp) -> Result<Session, LogInError> {
        let attempt = Attempt {
            account: AccountId::parse(log_in.account).ok(),
            address: log_in.address,
        };
        self.admit(&attempt, now)?;
        let slot = self.slots.take().ok_or(LogInError::Busy)?;
        // Others may have failed while this one waited: without a second look a burst would be one free attempt.
        self.admit(&attempt, now)?;
        let credential = match &attempt.account {
            Some(account) => self.registry.credential(account)?,
            None => None,
        };
        let kept = credential.as_ref().map_or(&self.nobody, |it| &it.password);
        let fits = log_in.password.len() <= passwords::LONGEST_BYTES;
        let right = passwords::verify(if fits { log_in.password } else { "" }, kept) && fits;
        let Some(credential) = credential.filter(|_| right) else {
            self.throttle().failed(&attempt, now);
            return Err(LogInError::Wrong);
        };
        self.throttle().succeeded(&attempt, now);
        drop(slot);
        let secret = Secret::draw(SecretKind::Session).map_err(RegistryError::from)?;
        let row = SessionRow {
            hash: secret.hash(),
            account: credential.account,
            credential: credential.number,
            opened_at: now,
            seen_at: now,
        };
        let card = self.sessions.open(&self.registry, &row, now)?;
        // The account was disabled, or its password changed, in this very moment.
        let card = card.ok_or(LogInError::Wrong)?;
        Ok(Session { secret, card })
    }

    /// Whose session this is; it counts as used. Reads and writes memory only.
    ///
    /// # Errors
    /// [`SessionError`] when it is unknown or over.
    pub fn check(&self, secret: &str, now: Timestamp) -> Result<SessionCard, SessionError> {
        let key = SessionKey::of(secret).ok_or(SessionError::Unknown)?;
        self.stands(&key, now)
    }

    /// Whether a session still stands, for sockets that stay open: somebody looks, so it counts as used. Ask when
    /// [`Registry::bell`] rings and at each heartbeat.
    ///
    /// # Errors
    /// [`SessionError`] when it is unknown or over.
    pub fn stands(&self, key: &SessionKey, now: Timestamp) -> Result<SessionCard, SessionError> {
        self.sessions.stands(&self.registry.picture(), key, now)
    }

    /// Closes a session at the person's wish; one that is over already is no error. Writes the registry: call it on a
    /// thread that may block.
    ///
    /// # Errors
    /// [`RegistryError::Store`] when the registry cannot be written: the session is over in this process all the same.
    pub fn close(&self, key: &SessionKey) -> Result<(), RegistryError> {
        self.sessions.close(&self.registry, key)
    }

    /// Forgets sessions that are over and writes down when the others were last used. Call it every few seconds on a
    /// thread that may block, and once at the end of the service.
    ///
    /// # Errors
    /// [`RegistryError::Store`] when the registry cannot be written: it is tried again the next time.
    pub fn settle(&self, now: Timestamp) -> Result<(), RegistryError> {
        self.sessions.settle(&self.registry, now)
    }

    fn admit(&self, attempt: &Attempt, now: Timestamp) -> Result<(), LogInError> {
        match self.throttle().wait(attempt, now) {
            Some(retry_after) => Err(LogInError::Throttled { retry_after }),
            None => Ok(()),
        }
    }

    fn throttle(&self) -> std::sync::MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Settles sessions until the task is dropped. `now` is the real time.
pub async fn keep_sessions(auth: Arc<Auth>, now: impl Fn() -> Timestamp + Send) {
    let mut every = tokio::time::interval(SETTLE_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let (settling, at) = (Arc::clone(&auth), now());
        let settled = tokio::task::spawn_blocking(move || settling.settle(at)).await;
        if !matches!(settled, Ok(Ok(()))) {
            tracing::warn!(?settled, "sessions could not be written down: trying again");
        }
    }
}

#[cfg(test)]
mod tests;
