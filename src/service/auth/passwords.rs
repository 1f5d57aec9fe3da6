//! Passwords: argon2id with the parameters OWASP names (19 MiB, 2 passes, 1 lane).

use crate::domain::ids::AccountId;
use crate::service::registry::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::{Condvar, Mutex, PoisonError};

/// Memory of one hash, in KiB, and passes over it (OWASP Password Storage Cheat Sheet, argon2id).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Fewest characters of a password (NIST SP 800-63B, 5.1.1.1).
pub const SHORTEST: usize = 8;
/// Most bytes of a password: more would only cost work.
pub const LONGEST_BYTES: usize = 1_024;

/// Why a password is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too few characters.
    #[error(
        "a password has at least {SHORTEST} characters, this one has {characters}: choose a longer one"
    )]
    TooShort {
        /// How many it has.
        characters: usize,
    },
    /// Too many bytes.
    #[error(
        "a password has at most {LONGEST_BYTES} bytes, this one has {bytes}: choose a shorter one"
    )]
    TooLong {
        /// How many it has.
        bytes: usize,
    },
    /// Anybody would try this one first.
    #[error("the password of {account} may not be its name: choose another one")]
    IsTheName {
        /// Whose.
        account: AccountId,
    },
    /// The hash could not be made.
    #[error("the password cannot be hashed now ({0}): try again")]
    NotHashed(String),
}

/// Hashes a new password, about 20 ms of work.
///
/// # Errors
/// [`PasswordError`] when it is too short, too long or the account's own name.
pub fn hash(account: &AccountId, password: &str) -> Result<PasswordHash, PasswordError> {
    let characters = password.chars().count();
    if characters < SHORTEST {
        return Err(PasswordError::TooShort { characters });
    }
    if password.len() > LONGEST_BYTES {
        return Err(PasswordError::TooLong {
            bytes: password.len(),
        });
    }
    if password.eq_ignore_ascii_case(account.as_str()) {
        return Err(PasswordError::IsTheName {
            account: account.clone(),
        });
    }
    hash_unchecked(password)
}

/// Hashes any text.
pub(super) fn hash_unchecked(password: &str) -> Result<PasswordHash, PasswordError> {
    hasher()?
        .hash_password(password.as_bytes())
        .map(|made| PasswordHash(made.to_string()))
        .map_err(|cause| PasswordError::NotHashed(cause.to_string()))
}

/// Whether the password belongs to the hash: the same work for right and wrong ones.
pub(super) fn verify(password: &str, hash: &PasswordHash) -> bool {
    // The parameters of the stored hash are used, so that older hashes stay good when the parameters grow.
    hasher().is_ok_and(|argon2| {
        argon2
            .verify_password(password.as_bytes(), hash.as_str())
            .is_ok()
    })
}

fn hasher() -> Result<Argon2<'static>, PasswordError> {
    Params::new(MEMORY_KIB, PASSES, 1, None)
        .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
        .map_err(|cause| PasswordError::NotHashed(cause.to_string()))
}

/// Bounds how many passwords are verified at once, and how many wait: each takes 19 MiB.
#[derive(Debug)]
pub(super) struct Slots {
    running_max: usize,
    waiting_max: usize,
    taken: Mutex<Taken>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Taken {
    running: usize,
    waiting: usize,
}

/// Held while one password is verified.
#[derive(Debug)]
pub(super) struct Slot<'s>(&'s Slots);

impl Slots {
    pub(super) fn new(running_max: usize, waiting_max: usize) -> Self {
        Self {
            running_max,
            waiting_max,
            taken: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// Waits for a free slot; `None` at once when too many wait already.
    pub(super) fn take(&self) -> Option<Slot<'_>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.running >= self.running_max {
            if taken.waiting >= self.waiting_max {
                return None;
            }
            taken.waiting += 1;
            taken = self
                .freed
                .wait_while(taken, |taken| taken.running >= self.running_max)
                .unwrap_or_else(PoisonError::into_inner);
            taken.waiting -= 1;
        }
        taken.running += 1;
        Some(Slot(self))
    }

    #[cfg(test)]
    pub(super) fn someone_waits(&self) -> bool {
        self.taken.lock().is_ok_and(|taken| taken.waiting > 0)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.running -= 1;
        drop(taken);
        self.0.freed.notify_one();
    }
}
