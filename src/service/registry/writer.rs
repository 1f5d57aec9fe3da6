//! Changing the registry: each change and its effect in one transaction.

use super::error::RegistryError;
use super::picture::{Picture, last_change};
use super::rows::ChangeColumns;
use super::secret::{Secret, SecretKind};
use crate::domain::ids::{AccountId, DeviceId, RoomId, TokenId, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::registry::{Marks, RoomCard, UnitCard};
use crate::domain::registry_change::{AccountCard, Author, Change, Holder, RegistryChange};
use rusqlite::{Transaction, named_params, params};

/// Who changes the registry, and when.
#[derive(Debug, Clone)]
pub struct Made {
    /// Who.
    pub by: Author,
    /// When, by the wall clock (never the exercise's).
    pub at: Timestamp,
}

/// A password's argon2id hash in its usual text form, with parameters and salt.
#[derive(Clone)]
pub struct PasswordHash(pub(in crate::service) String);

impl PasswordHash {
    /// The text form.
    pub(in crate::service) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// A token just made: the only moment its secret is known.
#[derive(Debug)]
pub struct IssuedToken {
    /// Its name.
    pub token: TokenId,
    /// From this moment it is refused.
    pub expires_at: Timestamp,
    /// What the device sends.
    pub secret: Secret,
}

/// Changes inside one transaction: all of them become true together, or none.
pub struct Writer<'t> {
    transaction: &'t Transaction<'t>,
    made: &'t Made,
    // What held before the transaction, brought along change by change.
    picture: Picture,
}

impl<'t> Writer<'t> {
    /// Starts from `known`, unless another process changed the file since.
    pub(super) fn new(
        transaction: &'t Transaction<'t>,
        made: &'t Made,
        known: &Picture,
    ) -> Result<Self, RegistryError> {
        let picture = if last_change(transaction)? == known.last_change() {
            known.clone()
        } else {
            Picture::read(transaction)?
        };
        Ok(Self {
            transaction,
            made,
            picture,
        })
    }

    /// What holds within this transaction.
    #[must_use]
    pub const fn picture(&self) -> &Picture {
        &self.picture
    }

    /// What held before, with all that was changed since.
    pub(super) fn into_picture(self) -> Picture {
        self.picture
    }

    /// Adds a room.
    ///
    /// # Errors
    /// [`RegistryError::RoomExists`].
    pub fn add_room(&mut self, card: RoomCard) -> Result<(), RegistryError> {
        if let Some(found) = self.picture.room(&card.room) {
            return Err(RegistryError::RoomExists {
                room: found.room.clone(),
                state: found.state,
            });
        }
        self.transaction
            .prepare_cached("INSERT INTO rooms (room, state) VALUES (?1, ?2)")?
            .execute(params![card.room.as_str(), card.state.as_str()])?;
        self.record(RegistryChange::RoomAdded(card))
    }

    /// Adds a unit.
    ///
    /// # Errors
    /// [`RegistryError::UnitExists`], [`RegistryError::UnitRetired`],
    /// [`RegistryError::UnitNamedAsDevice`], [`RegistryError::NoRoom`], [`RegistryError::OtherState`],
    /// [`RegistryError::BadCallsign`].
    pub fn add_unit(&mut self, card: UnitCard) -> Result<(), RegistryError> {
        self.check_unit(&card)?;
        let sql = "INSERT INTO units (unit, room, state, kind, callsign, marks) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.transaction.prepare_cached(sql)?.execute(params![
            card.id.as_str(),
            card.room.as_str(),
            card.state.as_str(),
            card.kind.as_str(),
            &*card.callsign,
            card.marks.map(Marks::as_str),
        ])?;
        self.record(RegistryChange::UnitAdded(card))
    }

    fn check_unit(&self, card: &UnitCard) -> Result<(), RegistryError> {
        if card.id.is_unregistered_device() {
            return Err(RegistryError::UnitNamedAsDevice);
        }
        if let Some(found) = self.picture.unit_entry(&card.id) {
            let unit = card.id.clone();
            return Err(match found.retired_at {
                Some(_) => RegistryError::UnitRetired { unit },
                None => RegistryError::UnitExists {
                    unit,
                    room: found.card.room.clone(),
                },
            });
        }
        let room = self.room(&card.room)?;
        if room.state != card.state {
            return Err(RegistryError::OtherState {
                room: room.room.clone(),
                room_state: room.state,
                state: card.state,
            });
        }
        let length = card.callsign.chars().count();
        let readable = (1..=40).contains(&length)
            && !card.callsign.trim().is_empty()
            && !card.callsign.chars().any(char::is_control);
        if !readable {
            return Err(RegistryError::BadCallsign {
                callsign: card
                    .callsign
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(40)
                    .collect(),
            });
        }
        Ok(())
    }

    /// Retires a unit, revokes its tokens and removes its devices. Its id stays with its history.
    ///
    /// # Errors
    /// [`RegistryError::NoUnit`], [`RegistryError::UnitRetired`].
    pub fn retire_unit(&mut self, unit: &UnitId) -> Result<(), RegistryError> {
        self.speaking_unit(unit)?;
        self.revoke_tokens(&Holder::Unit(unit.clone()))?;
        let devices = self.picture.devices().filter(|(_, of)| *of == unit);
        let devices: Vec<DeviceId> = devices.map(|(device, _)| device.clone()).collect();
        for device in &devices {
            self.remove_device(device)?;
        }
        self.transaction.execute(
            "UPDATE units SET retired_at_ms = ?2 WHERE unit = ?1",
            params![unit.as_str(), self.made.at.as_millis()],
        )?;
        self.record(RegistryChange::UnitRetired { unit: unit.clone() })
    }

    /// Adds an account.
    ///
    /// # Errors
    /// [`RegistryError::AccountExists`], [`RegistryError::AccountDisabled`], [`RegistryError::NoRoom`].
    pub fn add_account(
        &mut self,
        card: AccountCard,
        password: &PasswordHash,
    ) -> Result<(), RegistryError> {
        if let Some(found) = self.picture.account_entry(&card.account) {
            let account = card.account.clone();
            return Err(match found.disabled_at {
                Some(_) => RegistryError::AccountDisabled { account },
                None => RegistryError::AccountExists { account },
            });
        }
        self.room(&card.room)?;
        let sql = "INSERT INTO accounts (account, room, role, password_hash, credential) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.transaction.prepare_cached(sql)?.execute(params![
            card.account.as_str(),
            card.room.as_str(),
            card.role.as_str(),
            password.as_str(),
            self.next_number() as i64,
        ])?;
        self.record(RegistryChange::AccountAdded(card))
    }

    /// Gives an account another password; its open sessions end.
    ///
    /// # Errors
    /// [`RegistryError::NoAccount`], [`RegistryError::AccountDisabled`].
    pub fn set_password(
        &mut self,
        account: &AccountId,
        password: &PasswordHash,
    ) -> Result<(), RegistryError> {
        self.enabled_account(account)?;
        self.transaction.execute(
            "UPDATE accounts SET password_hash = ?2, credential = ?3 WHERE account = ?1",
            params![
                account.as_str(),
                password.as_str(),
                self.next_number() as i64
            ],
        )?;
        self.end_sessions(account)?;
        self.record(RegistryChange::PasswordSet {
            account: account.clone(),
        })
    }

    /// Disables an account; its open sessions end.
    ///
    /// # Errors
    /// [`RegistryError::NoAccount`], [`RegistryError::AccountDisabled`].
    pub fn disable_account(&mut self, account: &AccountId) -> Result<(), RegistryError> {
        self.enabled_account(account)?;
        self.transaction.execute(
            "UPDATE accounts SET disabled_at_ms = ?2, credential = ?3 WHERE account = ?1",
            params![
                account.as_str(),
                self.made.at.as_millis(),
                self.next_number() as i64
            ],
        )?;
        self.end_sessions(account)?;
        self.record(RegistryChange::AccountDisabled {
            account: account.clone(),
        })
    }

    /// Makes a token. A holder may have several: one for each device, or the next one before the last expires.
    ///
    /// # Errors
    /// [`RegistryError::NoUnit`], [`RegistryError::UnitRetired`], [`RegistryError::NoRoom`],
    /// [`RegistryError::ExpiresInPast`], [`RegistryError::NoRandom`].
    pub fn create_token(
        &mut self,
        holder: &Holder,
        expires_at: Timestamp,
    ) -> Result<IssuedToken, RegistryError> {
        let (kind, unit, room) = match holder {
            Holder::Unit(unit) => {
                self.speaking_unit(unit)?;
                (SecretKind::Unit, Some(unit.as_str()), None)
            }
            Holder::Gateway(room) => {
                self.room(room)?;
                (SecretKind::Gateway, None, Some(room.as_str()))
            }
        };
        if expires_at <= self.made.at {
            return Err(RegistryError::ExpiresInPast);
        }
        let secret = Secret::draw(kind)?;
        let token = token_id(self.next_number());
        let sql = "INSERT INTO tokens (token, hash, unit, room, created_at_ms, expires_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.transaction.prepare_cached(sql)?.execute(params![
            token.as_str(),
            secret.hash().as_bytes(),
            unit,
            room,
            self.made.at.as_millis(),
            expires_at.as_millis(),
        ])?;
        self.record(RegistryChange::TokenCreated {
            token: token.clone(),
            holder: holder.clone(),
            expires_at,
        })?;
        self.picture.know_secret(secret.hash(), token.clone());
        Ok(IssuedToken {
            token,
            expires_at,
            secret,
        })
    }

    /// Revokes all tokens of a holder; answers their names, of which there may be none.
    ///
    /// # Errors
    /// [`RegistryError::NoUnit`], [`RegistryError::NoRoom`].
    pub fn revoke_tokens(&mut self, holder: &Holder) -> Result<Vec<TokenId>, RegistryError> {
        match holder {
            Holder::Unit(unit) if self.picture.unit_entry(unit).is_none() => {
                return Err(RegistryError::NoUnit { unit: unit.clone() });
            }
            Holder::Unit(_) => {}
            Holder::Gateway(room) => {
                self.room(room)?;
            }
        }
        let held: Vec<TokenId> = self
            .picture
            .tokens()
            .filter(|card| card.holder == *holder && card.revoked_at.is_none())
            .map(|card| card.token.clone())
            .collect();
        for token in &held {
            self.transaction.execute(
                "UPDATE tokens SET revoked_at_ms = ?2 WHERE token = ?1",
                params![token.as_str(), self.made.at.as_millis()],
            )?;
            self.record(RegistryChange::TokenRevoked {
                token: token.clone(),
                holder: holder.clone(),
            })?;
        }
        Ok(held)
    }

    /// Makes the fixes of a device those of a unit. A unit may have several devices, a device has one unit.
    ///
    /// # Errors
    /// [`RegistryError::DeviceExists`], [`RegistryError::NoUnit`], [`RegistryError::UnitRetired`].
    pub fn add_device(&mut self, device: &DeviceId, unit: &UnitId) -> Result<(), RegistryError> {
        if let Some(found) = self.picture.unit_of_device(device) {
            return Err(RegistryError::DeviceExists {
                device: device.clone(),
                unit: found.clone(),
            });
        }
        self.speaking_unit(unit)?;
        self.transaction
            .prepare_cached("INSERT INTO devices (device, unit) VALUES (?1, ?2)")?
            .execute(params![device.as_str(), unit.as_str()])?;
        self.record(RegistryChange::DeviceAdded {
            device: device.clone(),
            unit: unit.clone(),
        })
    }

    /// Makes the fixes of a device nobody's; answers whose they were.
    ///
    /// # Errors
    /// [`RegistryError::NoDevice`].
    pub fn remove_device(&mut self, device: &DeviceId) -> Result<UnitId, RegistryError> {
        let unit = self.picture.unit_of_device(device).cloned();
        let unit = unit.ok_or_else(|| RegistryError::NoDevice {
            device: device.clone(),
        })?;
        self.transaction
            .execute("DELETE FROM devices WHERE device = ?1", [device.as_str()])?;
        self.record(RegistryChange::DeviceRemoved {
            device: device.clone(),
            unit: unit.clone(),
        })?;
        Ok(unit)
    }

    fn room(&self, room: &RoomId) -> Result<&RoomCard, RegistryError> {
        self.picture
            .room(room)
            .ok_or_else(|| RegistryError::NoRoom { room: room.clone() })
    }

    fn speaking_unit(&self, unit: &UnitId) -> Result<(), RegistryError> {
        match self.picture.unit_entry(unit) {
            None => Err(RegistryError::NoUnit { unit: unit.clone() }),
            Some(entry) if entry.retired_at.is_some() => {
                Err(RegistryError::UnitRetired { unit: unit.clone() })
            }
            Some(_) => Ok(()),
        }
    }

    fn enabled_account(&self, account: &AccountId) -> Result<(), RegistryError> {
        let account = account.clone();
        match self.picture.account_entry(&account) {
            None => Err(RegistryError::NoAccount { account }),
            Some(entry) if entry.disabled_at.is_some() => {
                Err(RegistryError::AccountDisabled { account })
            }
            Some(_) => Ok(()),
        }
    }

    fn end_sessions(&self, account: &AccountId) -> Result<(), RegistryError> {
        self.transaction.execute(
            "DELETE FROM sessions WHERE account = ?1",
            [account.as_str()],
        )?;
        Ok(())
    }

    /// Writes a change down and brings the picture forward by it.
    fn record(&mut self, what: RegistryChange) -> Result<(), RegistryError> {
        let change = Change {
            number: self.next_number(),
            at: self.made.at,
            by: self.made.by.clone(),
            what,
        };
        let columns = ChangeColumns::from(&change.what);
        let sql = "INSERT INTO changes (number, at_ms, made_by, kind, room, state, unit, unit_kind, callsign, marks, \
                   account, role, token, expires_at_ms, device) VALUES (:number, :at_ms, :made_by, :kind, :room, :state, :unit, \
                   :unit_kind, :callsign, :marks, :account, :role, :token, :expires_at_ms, :device)";
        self.transaction
            .prepare_cached(sql)?
            .execute(named_params! {
                ":number": change.number as i64,
                ":at_ms": change.at.as_millis(),
                ":made_by": change.by.to_string(),
                ":kind": change.what.kind(),
                ":room": columns.room,
                ":state": columns.state,
                ":unit": columns.unit,
                ":unit_kind": columns.unit_kind,
                ":callsign": columns.callsign,
                ":marks": columns.marks,
                ":account": columns.account,
                ":role": columns.role,
                ":token": columns.token,
                ":expires_at_ms": columns.expires_at_ms,
                ":device": columns.device,
            })?;
        self.picture.apply(change);
        Ok(())
    }

    const fn next_number(&self) -> u64 {
        self.picture.last_change() + 1
    }
}

/// The name of the token that a change makes.
fn token_id(number: u64) -> TokenId {
    TokenId::parse(&format!("t{number}")).expect("a letter and a number are an id")
}
