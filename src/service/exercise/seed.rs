//! The register of an exercise: rooms, persons, units and their tokens. Only for exercises: one password for all.

use crate::domain::exercise::Scenario;
use crate::domain::ids::UnitId;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::registry_change::{Author, Holder};
use crate::service::auth::passwords::{self, PasswordError};
use crate::service::registry::{Made, Registry, RegistryError, Secret};
use std::collections::BTreeMap;

/// The password of every account of an exercise.
pub const PASSWORD: &str = "exercise";
/// How long the tokens of an exercise last: longer than anybody lets one run.
const TOKENS_LAST: Span = Span::from_hours(24 * 365);

/// What each unit of an exercise speaks with.
pub type Tokens = BTreeMap<UnitId, Secret>;

/// Why an exercise cannot be registered.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The registry refused.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

/// Registers what is not registered yet, and hands out new tokens in place of the old ones. `now` is real time.
///
/// # Errors
/// [`SeedError`]; then nothing was changed.
pub fn seed(registry: &Registry, scenario: &Scenario, now: Timestamp) -> Result<Tokens, SeedError> {
    let made = Made {
        by: Author::Service,
        at: now,
    };
    // All accounts have one password: it is hashed once, that is 20 ms instead of 120.
    let hash = match scenario.accounts.first() {
        Some(account) => Some(passwords::hash(&account.account, PASSWORD)?),
        None => None,
    };
    let tokens = registry.change(&made, |writer| {
        for room in &scenario.rooms {
            if writer.picture().room(&room.room).is_none() {
                writer.add_room(room.clone())?;
            }
        }
        for account in &scenario.accounts {
            let known = writer.picture().account_entry(&account.account).is_some();
            if let (false, Some(hash)) = (known, &hash) {
                writer.add_account(account.clone(), hash)?;
            }
        }
        let mut tokens = Tokens::new();
        for unit in &scenario.units {
            let id = &unit.card.id;
            if writer.picture().unit_entry(id).is_none() {
                writer.add_unit(unit.card.clone())?;
            }
            let holder = Holder::Unit(id.clone());
            writer.revoke_tokens(&holder)?;
            let issued = writer.create_token(&holder, now.plus(TOKENS_LAST))?;
            tokens.insert(id.clone(), issued.secret);
        }
        Ok(tokens)
    })?;
    Ok(tokens)
}
