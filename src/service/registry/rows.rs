//! From stored columns to the words of the domain, and of a change back to columns.

use super::error::RegistryError;
use crate::domain::ids::{AccountId, DeviceId, RoomId, State, TokenId, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::registry::{Marks, RoomCard, UnitCard, UnitKind};
use crate::domain::registry_change::{AccountCard, Author, Change, Holder, RegistryChange};
use crate::domain::rights::Role;
use rusqlite::Row;
use std::sync::Arc;

type Read<T> = Result<T, RegistryError>;

/// Reads a text column and parses it.
pub(super) fn read<T, E>(
    row: &Row<'_>,
    at: usize,
    column: &'static str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Read<T> {
    let text: String = row.get(at)?;
    parse(&text).map_err(|_| RegistryError::BadValue {
        column,
        value: text,
    })
}

/// Like [`read`], for one of our own words.
fn word<T>(
    row: &Row<'_>,
    at: usize,
    column: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Read<T> {
    read(row, at, column, |text| parse(text).ok_or(()))
}

/// A moment, when the column holds one.
pub(super) fn moment(row: &Row<'_>, at: usize) -> Read<Option<Timestamp>> {
    let millis: Option<i64> = row.get(at)?;
    Ok(millis.map(Timestamp::from_millis))
}

/// A number that is never negative.
pub(super) fn count(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(at).map(i64::cast_unsigned)
}

/// `unit, room, state, kind, callsign, marks` from column `at` on.
pub(super) fn unit_card(row: &Row<'_>, at: usize) -> Read<UnitCard> {
    let callsign: String = row.get(at + 4)?;
    let marks: Option<String> = row.get(at + 5)?;
    Ok(UnitCard {
        id: read(row, at, "unit", UnitId::parse)?,
        room: read(row, at + 1, "room", RoomId::parse)?,
        state: read(row, at + 2, "state", State::parse)?,
        kind: word(row, at + 3, "unit_kind", UnitKind::parse)?,
        callsign: Arc::from(callsign),
        marks: match marks {
            None => None,
            Some(_) => Some(word(row, at + 5, "marks", Marks::parse)?),
        },
    })
}

/// `account, room, role` from column `at` on.
pub(super) fn account_card(row: &Row<'_>, at: usize) -> Read<AccountCard> {
    Ok(AccountCard {
        account: read(row, at, "account", AccountId::parse)?,
        room: read(row, at + 1, "room", RoomId::parse)?,
        role: word(row, at + 2, "role", Role::parse)?,
    })
}

/// `unit, room` from column `at` on, of which one is null.
pub(super) fn holder(row: &Row<'_>, at: usize) -> Read<Holder> {
    let unit: Option<String> = row.get(at)?;
    match unit {
        Some(_) => Ok(Holder::Unit(read(row, at, "unit", UnitId::parse)?)),
        None => Ok(Holder::Gateway(read(row, at + 1, "room", RoomId::parse)?)),
    }
}

/// The columns a change is read from; the order is that of [`change`].
pub(super) const CHANGE_COLUMNS: &str = "number, at_ms, made_by, kind, unit, room, state, unit_kind, callsign, marks, account, room, role, token, expires_at_ms, device";

/// Reads a change from [`CHANGE_COLUMNS`].
pub(super) fn change(row: &Row<'_>) -> Read<Change> {
    const UNIT: usize = 4;
    const ROOM: usize = 5;
    const ACCOUNT: usize = 10;
    const TOKEN: usize = 13;
    const DEVICE: usize = 15;
    let kind: String = row.get(3)?;
    let unit = || read(row, UNIT, "unit", UnitId::parse);
    let account = || read(row, ACCOUNT, "account", AccountId::parse);
    let token = || read(row, TOKEN, "token", TokenId::parse);
    let device = || read(row, DEVICE, "device", DeviceId::parse);
    let what = match kind.as_str() {
        "room_added" => RegistryChange::RoomAdded(RoomCard {
            room: read(row, ROOM, "room", RoomId::parse)?,
            state: read(row, ROOM + 1, "state", State::parse)?,
        }),
        "unit_added" => RegistryChange::UnitAdded(unit_card(row, UNIT)?),
        "unit_retired" => RegistryChange::UnitRetired { unit: unit()? },
        "account_added" => RegistryChange::AccountAdded(account_card(row, ACCOUNT)?),
        "password_set" => RegistryChange::PasswordSet {
            account: account()?,
        },
        "account_disabled" => RegistryChange::AccountDisabled {
            account: account()?,
        },
        "token_created" => RegistryChange::TokenCreated {
            token: token()?,
            holder: holder(row, UNIT)?,
            expires_at: Timestamp::from_millis(row.get(TOKEN + 1)?),
        },
        "token_revoked" => RegistryChange::TokenRevoked {
            token: token()?,
            holder: holder(row, UNIT)?,
        },
        "device_added" => RegistryChange::DeviceAdded {
            device: device()?,
            unit: unit()?,
        },
        "device_removed" => RegistryChange::DeviceRemoved {
            device: device()?,
            unit: unit()?,
        },
        _ => {
            return Err(RegistryError::BadValue {
                column: "kind",
                value: kind,
            });
        }
    };
    Ok(Change {
        number: count(row, 0)?,
        at: Timestamp::from_millis(row.get(1)?),
        by: word(row, 2, "made_by", Author::parse)?,
        what,
    })
}

/// A change as columns; absent ones are null.
#[derive(Default)]
pub(super) struct ChangeColumns {
    pub(super) room: Option<String>,
    pub(super) state: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) unit_kind: Option<&'static str>,
    pub(super) callsign: Option<String>,
    pub(super) marks: Option<&'static str>,
    pub(super) account: Option<String>,
    pub(super) role: Option<&'static str>,
    pub(super) token: Option<String>,
    pub(super) expires_at_ms: Option<i64>,
    pub(super) device: Option<String>,
}

impl From<&RegistryChange> for ChangeColumns {
    fn from(what: &RegistryChange) -> Self {
        let mut columns = Self::default();
        match what {
            RegistryChange::RoomAdded(card) => {
                columns.room = Some(card.room.to_string());
                columns.state = Some(card.state.to_string());
            }
            RegistryChange::UnitAdded(card) => {
                columns.unit = Some(card.id.to_string());
                columns.room = Some(card.room.to_string());
                columns.state = Some(card.state.to_string());
                columns.unit_kind = Some(card.kind.as_str());
                columns.callsign = Some(card.callsign.to_string());
                columns.marks = card.marks.map(Marks::as_str);
            }
            RegistryChange::UnitRetired { unit } => columns.unit = Some(unit.to_string()),
            RegistryChange::AccountAdded(card) => {
                columns.account = Some(card.account.to_string());
                columns.room = Some(card.room.to_string());
                columns.role = Some(card.role.as_str());
            }
            RegistryChange::PasswordSet { account }
            | RegistryChange::AccountDisabled { account } => {
                columns.account = Some(account.to_string());
            }
            RegistryChange::TokenCreated {
                token,
                holder,
                expires_at,
            } => {
                columns.token = Some(token.to_string());
                columns.expires_at_ms = Some(expires_at.as_millis());
                columns.set_holder(holder);
            }
            RegistryChange::TokenRevoked { token, holder } => {
                columns.token = Some(token.to_string());
                columns.set_holder(holder);
            }
            RegistryChange::DeviceAdded { device, unit }
            | RegistryChange::DeviceRemoved { device, unit } => {
                columns.device = Some(device.to_string());
                columns.unit = Some(unit.to_string());
            }
        }
        columns
    }
}

impl ChangeColumns {
    fn set_holder(&mut self, holder: &Holder) {
        match holder {
            Holder::Unit(unit) => self.unit = Some(unit.to_string()),
            Holder::Gateway(room) => self.room = Some(room.to_string()),
        }
    }
}
