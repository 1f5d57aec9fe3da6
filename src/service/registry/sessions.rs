//! Log-in sessions as stored, so that they survive a restart. What a session may do is decided by `auth`.

use super::error::RegistryError;
use super::rows::{count, read};
use super::secret::SecretHash;
use super::{PasswordHash, Registry};
use crate::domain::ids::AccountId;
use crate::domain::measure::Timestamp;
use rusqlite::{OptionalExtension, TransactionBehavior, params};

/// What a password is checked against.
#[derive(Debug, Clone)]
pub(in crate::service) struct Credential {
    pub(in crate::service) account: AccountId,
    pub(in crate::service) password: PasswordHash,
    /// The number of the change that set it.
    pub(in crate::service) number: u64,
}

/// A session as stored.
#[derive(Debug, Clone)]
pub(in crate::service) struct SessionRow {
    pub(in crate::service) hash: SecretHash,
    pub(in crate::service) account: AccountId,
    /// The credential it was opened with.
    pub(in crate::service) credential: u64,
    pub(in crate::service) opened_at: Timestamp,
    pub(in crate::service) seen_at: Timestamp,
}

impl Registry {
    /// What this account's password is checked against; `None` when it may not log in.
    pub(in crate::service) fn credential(
        &self,
        account: &AccountId,
    ) -> Result<Option<Credential>, RegistryError> {
        let sql = "SELECT password_hash, credential FROM accounts WHERE account = ?1 AND disabled_at_ms IS NULL";
        let found = self
            .store()
            .connection
            .prepare_cached(sql)?
            .query_row([account.as_str()], |row| Ok((row.get(0)?, count(row, 1)?)))
            .optional()?;
        Ok(found.map(|(hash, number)| Credential {
            account: account.clone(),
            password: PasswordHash(hash),
            number,
        }))
    }

    /// Keeps a session.
    pub(in crate::service) fn keep_session(&self, row: &SessionRow) -> Result<(), RegistryError> {
        let sql = "INSERT INTO sessions (hash, account, credential, opened_at_ms, seen_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.store()
            .connection
            .prepare_cached(sql)?
            .execute(params![
                row.hash.as_bytes(),
                row.account.as_str(),
                row.credential as i64,
                row.opened_at.as_millis(),
                row.seen_at.as_millis(),
            ])?;
        Ok(())
    }

    /// Forgets sessions, and notes of others when they were last seen, in one transaction.
    pub(in crate::service) fn settle_sessions(
        &self,
        over: &[SecretHash],
        seen: &[(SecretHash, Timestamp)],
    ) -> Result<(), RegistryError> {
        if over.is_empty() && seen.is_empty() {
            return Ok(());
        }
        let mut store = self.store();
        let transaction = store
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for hash in over {
            transaction
                .prepare_cached("DELETE FROM sessions WHERE hash = ?1")?
                .execute([hash.as_bytes()])?;
        }
        for (hash, at) in seen {
            transaction
                .prepare_cached("UPDATE sessions SET seen_at_ms = ?2 WHERE hash = ?1")?
                .execute(params![hash.as_bytes(), at.as_millis()])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// All sessions kept.
    pub(in crate::service) fn kept_sessions(&self) -> Result<Vec<SessionRow>, RegistryError> {
        let store = self.store();
        let sql = "SELECT hash, account, credential, opened_at_ms, seen_at_ms FROM sessions";
        let mut statement = store.connection.prepare_cached(sql)?;
        let mut found = statement.query([])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            rows.push(SessionRow {
                hash: SecretHash::from_bytes(row.get(0)?),
                account: read(row, 1, "account", AccountId::parse)?,
                credential: count(row, 2)?,
                opened_at: Timestamp::from_millis(row.get(3)?),
                seen_at: Timestamp::from_millis(row.get(4)?),
            });
        }
        Ok(rows)
    }
}
