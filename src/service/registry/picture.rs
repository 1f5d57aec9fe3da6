//! What the registry says at one change number, in memory.

use super::Sender;
use super::error::RegistryError;
use super::rows::{account_card, count, holder, moment, read, unit_card};
use super::secret::{BySecret, SecretHash};
use crate::domain::ids::{AccountId, DeviceId, RoomId, State, TokenId, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::registry::{RoomCard, UnitCard};
use crate::domain::registry_change::{AccountCard, Change, Holder, RegistryChange};
use rusqlite::{Connection, Row, Transaction};
use std::collections::BTreeMap;

/// A unit, and whether it still speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitEntry {
    /// As registered.
    pub card: UnitCard,
    /// When it was retired; `None` while it speaks.
    pub retired_at: Option<Timestamp>,
}

/// An account, and whether it may still log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// As registered.
    pub card: AccountCard,
    /// The number of the change that last set its password or disabled it.
    pub credential: u64,
    /// When it was disabled; `None` while it may log in.
    pub disabled_at: Option<Timestamp>,
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenCard {
    /// Its name.
    pub token: TokenId,
    /// Who speaks with it.
    pub holder: Holder,
    /// When it was made.
    pub created_at: Timestamp,
    /// From this moment it is refused.
    pub expires_at: Timestamp,
    /// When it was revoked; `None` while it holds.
    pub revoked_at: Option<Timestamp>,
}

/// What the registry says at one change number. It is never altered: a change makes a new one.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    last_change: u64,
    rooms: BTreeMap<RoomId, RoomCard>,
    units: BTreeMap<UnitId, UnitEntry>,
    accounts: BTreeMap<AccountId, AccountEntry>,
    tokens: BTreeMap<TokenId, TokenCard>,
    token_by_secret: BySecret<TokenId>,
    devices: BTreeMap<DeviceId, UnitId>,
}

impl Picture {
    /// Reads it whole, inside a transaction, so that all tables are of the same moment.
    pub(super) fn read(reading: &Transaction<'_>) -> Result<Self, RegistryError> {
        let mut picture = Self {
            last_change: last_change(reading)?,
            ..Self::default()
        };
        each(reading, "SELECT room, state FROM rooms", |row| {
            let card = RoomCard {
                room: read(row, 0, "room", RoomId::parse)?,
                state: read(row, 1, "state", State::parse)?,
            };
            picture.rooms.insert(card.room.clone(), card);
            Ok(())
        })?;
        picture.read_units(reading)?;
        picture.read_accounts(reading)?;
        picture.read_tokens(reading)?;
        each(reading, "SELECT device, unit FROM devices", |row| {
            let device = read(row, 0, "device", DeviceId::parse)?;
            let unit = read(row, 1, "unit", UnitId::parse)?;
            picture.devices.insert(device, unit);
            Ok(())
        })?;
        Ok(picture)
    }

    fn read_units(&mut self, reading: &Connection) -> Result<(), RegistryError> {
        let sql = "SELECT unit, room, state, kind, callsign, marks, retired_at_ms FROM units";
        each(reading, sql, |row| {
            let card = unit_card(row, 0)?;
            let entry = UnitEntry {
                retired_at: moment(row, 6)?,
                card,
            };
            self.units.insert(entry.card.id.clone(), entry);
            Ok(())
        })
    }

    fn read_accounts(&mut self, reading: &Connection) -> Result<(), RegistryError> {
        let sql = "SELECT account, room, role, credential, disabled_at_ms FROM accounts";
        each(reading, sql, |row| {
            let entry = AccountEntry {
                card: account_card(row, 0)?,
                credential: count(row, 3)?,
                disabled_at: moment(row, 4)?,
            };
            self.accounts.insert(entry.card.account.clone(), entry);
            Ok(())
        })
    }

    fn read_tokens(&mut self, reading: &Connection) -> Result<(), RegistryError> {
        let sql = "SELECT token, unit, room, created_at_ms, expires_at_ms, revoked_at_ms, hash FROM tokens";
        each(reading, sql, |row| {
            let card = TokenCard {
                token: read(row, 0, "token", TokenId::parse)?,
                holder: holder(row, 1)?,
                created_at: Timestamp::from_millis(row.get(3)?),
                expires_at: Timestamp::from_millis(row.get(4)?),
                revoked_at: moment(row, 5)?,
            };
            self.know_secret(SecretHash::from_bytes(row.get(6)?), card.token.clone());
            self.tokens.insert(card.token.clone(), card);
            Ok(())
        })
    }

    /// Brings it forward by one change. A token's secret is told apart, by [`Picture::know_secret`].
    pub(super) fn apply(&mut self, change: Change) {
        let (number, at) = (change.number, change.at);
        match change.what {
            RegistryChange::RoomAdded(card) => {
                self.rooms.insert(card.room.clone(), card);
            }
            RegistryChange::UnitAdded(card) => {
                let entry = UnitEntry {
                    card,
                    retired_at: None,
                };
                self.units.insert(entry.card.id.clone(), entry);
            }
            RegistryChange::UnitRetired { unit } => {
                if let Some(entry) = self.units.get_mut(&unit) {
                    entry.retired_at = Some(at);
                }
            }
            RegistryChange::AccountAdded(card) => {
                let entry = AccountEntry {
                    card,
                    credential: number,
                    disabled_at: None,
                };
                self.accounts.insert(entry.card.account.clone(), entry);
            }
            RegistryChange::PasswordSet { account } => {
                if let Some(entry) = self.accounts.get_mut(&account) {
                    entry.credential = number;
                }
            }
            RegistryChange::AccountDisabled { account } => {
                if let Some(entry) = self.accounts.get_mut(&account) {
                    entry.credential = number;
                    entry.disabled_at = Some(at);
                }
            }
            RegistryChange::TokenCreated {
                token,
                holder,
                expires_at,
            } => {
                let card = TokenCard {
                    token,
                    holder,
                    created_at: at,
                    expires_at,
                    revoked_at: None,
                };
                self.tokens.insert(card.token.clone(), card);
            }
            RegistryChange::TokenRevoked { token, .. } => {
                if let Some(card) = self.tokens.get_mut(&token) {
                    card.revoked_at = Some(at);
                }
            }
            RegistryChange::DeviceAdded { device, unit } => {
                self.devices.insert(device, unit);
            }
            RegistryChange::DeviceRemoved { device, .. } => {
                self.devices.remove(&device);
            }
        }
        self.last_change = number;
    }

    /// Lets a token be found by its secret.
    pub(super) fn know_secret(&mut self, hash: SecretHash, token: TokenId) {
        self.token_by_secret.insert(hash, token);
    }

    /// The number of the newest change in it; 0 before the first.
    #[must_use]
    pub const fn last_change(&self) -> u64 {
        self.last_change
    }

    /// All rooms, by name.
    pub fn rooms(&self) -> impl Iterator<Item = &RoomCard> {
        self.rooms.values()
    }

    /// One room.
    #[must_use]
    pub fn room(&self, room: &RoomId) -> Option<&RoomCard> {
        self.rooms.get(room)
    }

    /// The one room of a state.
    ///
    /// # Errors
    /// [`RegistryError::NoRoomOfState`] or [`RegistryError::SeveralRoomsOfState`].
    pub fn room_of_state(&self, state: State) -> Result<&RoomCard, RegistryError> {
        let found: Vec<&RoomCard> = self.rooms().filter(|card| card.state == state).collect();
        match found.as_slice() {
            [] => Err(RegistryError::NoRoomOfState { state }),
            [only] => Ok(only),
            several => Err(RegistryError::SeveralRoomsOfState {
                state,
                rooms: several.iter().map(|card| card.room.to_string()).collect(),
            }),
        }
    }

    /// All units that ever were, by id.
    pub fn units(&self) -> impl Iterator<Item = &UnitEntry> {
        self.units.values()
    }

    /// A unit, retired or not.
    #[must_use]
    pub fn unit_entry(&self, unit: &UnitId) -> Option<&UnitEntry> {
        self.units.get(unit)
    }

    /// A unit that speaks: `None` for an unknown and for a retired one.
    #[must_use]
    pub fn unit(&self, unit: &UnitId) -> Option<&UnitCard> {
        self.units
            .get(unit)
            .filter(|entry| entry.retired_at.is_none())
            .map(|entry| &entry.card)
    }

    /// All accounts that ever were, by name.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountEntry> {
        self.accounts.values()
    }

    /// An account, disabled or not.
    #[must_use]
    pub fn account_entry(&self, account: &AccountId) -> Option<&AccountEntry> {
        self.accounts.get(account)
    }

    /// An account that may log in: `None` for an unknown and for a disabled one.
    #[must_use]
    pub fn account(&self, account: &AccountId) -> Option<&AccountEntry> {
        self.accounts
            .get(account)
            .filter(|entry| entry.disabled_at.is_none())
    }

    /// All tokens that ever were, by name.
    pub fn tokens(&self) -> impl Iterator<Item = &TokenCard> {
        self.tokens.values()
    }

    /// One token.
    #[must_use]
    pub fn token(&self, token: &TokenId) -> Option<&TokenCard> {
        self.tokens.get(token)
    }

    /// Whether a sender may speak of this unit: a unit of itself, a gateway of the units of its room.
    #[must_use]
    pub fn speaks_for(&self, sender: &Sender, unit: &UnitId) -> bool {
        match sender {
            Sender::Unit { unit: own, .. } => own == unit,
            Sender::Gateway { room, .. } => self.unit(unit).is_some_and(|card| card.room == *room),
        }
    }

    /// All devices and their units, by device.
    pub fn devices(&self) -> impl Iterator<Item = (&DeviceId, &UnitId)> {
        self.devices.iter()
    }

    /// The unit a device is registered for, in whatever room.
    #[must_use]
    pub fn unit_of_device(&self, device: &DeviceId) -> Option<&UnitId> {
        self.devices.get(device)
    }

    /// The unit of this room a device is registered for. A device of another room's unit is as unknown as one that
    /// nobody registered: a gateway learns nothing of other rooms.
    #[must_use]
    pub fn unit_of_device_in(&self, room: &RoomId, device: &DeviceId) -> Option<&UnitId> {
        let card = self.unit(self.devices.get(device)?)?;
        (card.room == *room).then_some(&card.id)
    }

    /// The token of this secret.
    pub(super) fn token_of(&self, hash: &SecretHash) -> Option<&TokenCard> {
        let token = self.token_by_secret.get(hash)?;
        self.tokens.get(token)
    }
}

/// The number of the newest change; 0 before the first.
pub(super) fn last_change(connection: &Connection) -> Result<u64, RegistryError> {
    let sql = "SELECT coalesce(max(number), 0) FROM changes";
    Ok(connection.query_row(sql, [], |row| count(row, 0))?)
}

/// Runs `take` on each row of a query.
fn each(
    connection: &Connection,
    sql: &str,
    mut take: impl FnMut(&Row<'_>) -> Result<(), RegistryError>,
) -> Result<(), RegistryError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}
