//! How the register changes: a numbered, closed list. No change carries a secret.

use super::ids::{AccountId, DeviceId, RoomId, TokenId, UnitId};
use super::measure::Timestamp;
use super::registry::{RoomCard, UnitCard};
use super::rights::Role;
use std::fmt;
use std::sync::Arc;

/// One change of the register. Numbers run from 1 without holes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub number: u64,
    /// When it was made, by the wall clock of the machine it was made on.
    pub at: Timestamp,
    /// Who made it.
    pub by: Author,
    /// What changed.
    pub what: RegistryChange,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistryChange {
    /// A room exists.
    RoomAdded(RoomCard),
    /// A unit exists.
    UnitAdded(UnitCard),
    /// A unit speaks no more; its id stays with its history.
    UnitRetired {
        /// Which.
        unit: UnitId,
    },
    /// A person may log in.
    AccountAdded(AccountCard),
    /// An account has a new password; its open sessions end.
    PasswordSet {
        /// Whose.
        account: AccountId,
    },
    /// An account logs in no more; its open sessions end.
    AccountDisabled {
        /// Whose.
        account: AccountId,
    },
    /// A token was handed out.
    TokenCreated {
        /// Its name, not its secret.
        token: TokenId,
        /// Who speaks with it.
        holder: Holder,
        /// From this moment it is refused.
        expires_at: Timestamp,
    },
    /// A token is refused from now on.
    TokenRevoked {
        /// Its name.
        token: TokenId,
        /// Who spoke with it.
        holder: Holder,
    },
    /// Fixes of a device are a unit's from now on.
    DeviceAdded {
        /// Which, as it calls itself.
        device: DeviceId,
        /// Whose.
        unit: UnitId,
    },
    /// Fixes of a device are nobody's from now on.
    DeviceRemoved {
        /// Which, as it calls itself.
        device: DeviceId,
        /// Whose they were.
        unit: UnitId,
    },
}

impl RegistryChange {
    /// The word shown and stored.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::RoomAdded(_) => "room_added",
            Self::UnitAdded(_) => "unit_added",
            Self::UnitRetired { .. } => "unit_retired",
            Self::AccountAdded(_) => "account_added",
            Self::PasswordSet { .. } => "password_set",
            Self::AccountDisabled { .. } => "account_disabled",
            Self::TokenCreated { .. } => "token_created",
            Self::TokenRevoked { .. } => "token_revoked",
            Self::DeviceAdded { .. } => "device_added",
            Self::DeviceRemoved { .. } => "device_removed",
        }
    }
}

/// A named person at a desk, without the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCard {
    /// The name to log in with.
    pub account: AccountId,
    /// The room the person sits in.
    pub room: RoomId,
    /// What the person may do.
    pub role: Role,
}

/// Who speaks with a token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// One unit, for itself only.
    Unit(UnitId),
    /// A gateway, for every unit of one room.
    Gateway(RoomId),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit(unit) => write!(f, "unit {unit}"),
            Self::Gateway(room) => write!(f, "gateway {room}"),
        }
    }
}

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Author {
    /// A user of the operating system, at the command line.
    OsUser(Arc<str>),
    /// A person at a desk.
    Account(AccountId),
    /// The service itself, for the exercise.
    Service,
}

impl Author {
    /// Parses the form of [`fmt::Display`]; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            Some(("os", user)) => Some(Self::OsUser(Arc::from(user))),
            Some(("account", name)) => AccountId::parse(name).ok().map(Self::Account),
            None if text == "service" => Some(Self::Service),
            Some(_) | None => None,
        }
    }
}

impl fmt::Display for Author {
    /// `os:root`, `account:budapest`, `service`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OsUser(user) => write!(f, "os:{user}"),
            Self::Account(account) => write!(f, "account:{account}"),
            Self::Service => f.write_str("service"),
        }
    }
}
