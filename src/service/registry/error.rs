//! Why the registry refuses.

use crate::domain::ids::{AccountId, DeviceId, RoomId, State, UnitId};
use crate::service::datadir::DataDirError;
use std::path::PathBuf;

/// Why the registry refuses; each sentence names what to do.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The file cannot be read or written.
    #[error(
        "the registry cannot be read or written ({0}): check the disk and the rights of the data folder"
    )]
    Store(rusqlite::Error),
    /// The data folder cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The file is something else.
    #[error("{} is not a registry of limes: name another data folder with --data", path.display())]
    NotARegistry {
        /// Its path.
        path: PathBuf,
    },
    /// The file was written by a newer program.
    #[error("{} has version {version}, which is newer than this program reads: use the newer limes", path.display())]
    Newer {
        /// Its path.
        path: PathBuf,
        /// Its version.
        version: i64,
    },
    /// A stored value is none of ours.
    #[error(
        "the registry holds `{value}` as {column}, which is no such thing: restore it from a backup"
    )]
    BadValue {
        /// Where.
        column: &'static str,
        /// What.
        value: String,
    },
    /// The operating system has no random numbers.
    #[error("the operating system gives no random numbers ({0}): no secret can be made now")]
    NoRandom(getrandom::Error),
    /// The room exists.
    #[error("room {room} exists already (state {state}): choose another name")]
    RoomExists {
        /// Which.
        room: RoomId,
        /// Its state.
        state: State,
    },
    /// The room does not exist.
    #[error(
        "there is no room {room}: add it with `limes room add {room} --state XX`, or see `limes room list`"
    )]
    NoRoom {
        /// Which.
        room: RoomId,
    },
    /// No room at all is of this state.
    #[error("no room of state {state} exists: add one with `limes room add ROOM --state {state}`")]
    NoRoomOfState {
        /// Which.
        state: State,
    },
    /// Several rooms are of this state.
    #[error("state {state} has the rooms {}: say which with --room", rooms.join(", "))]
    SeveralRoomsOfState {
        /// Which.
        state: State,
        /// Their names.
        rooms: Vec<String>,
    },
    /// A room is an authority of one state, and so are its units.
    #[error(
        "room {room} is of state {room_state}, not {state}: give the unit that state, or another room"
    )]
    OtherState {
        /// Which room.
        room: RoomId,
        /// Its state.
        room_state: State,
        /// The unit's state.
        state: State,
    },
    /// The unit exists.
    #[error("unit {unit} exists already in room {room}: choose another id")]
    UnitExists {
        /// Which.
        unit: UnitId,
        /// Its room.
        room: RoomId,
    },
    /// The unit does not exist.
    #[error(
        "there is no unit {unit}: add it with `limes unit add {unit} …`, or see `limes unit list`"
    )]
    NoUnit {
        /// Which.
        unit: UnitId,
    },
    /// The unit was retired.
    #[error("unit {unit} was retired and its id stays with its history: choose another id")]
    UnitRetired {
        /// Which.
        unit: UnitId,
    },
    /// The id is kept for devices that nobody registered.
    #[error(
        "unit ids that begin with `device.` are kept for devices that nobody registered: choose another id"
    )]
    UnitNamedAsDevice,
    /// The device is a unit's already.
    #[error(
        "device {device} is unit {unit}'s already: remove it first with `limes device remove`, or let the phone have another name"
    )]
    DeviceExists {
        /// Which.
        device: DeviceId,
        /// Whose.
        unit: UnitId,
    },
    /// The device is nobody's.
    #[error("there is no device {device}: see `limes device list`")]
    NoDevice {
        /// Which.
        device: DeviceId,
    },
    /// A callsign is empty, too long, or holds control characters.
    #[error("`{callsign}` is no callsign: 1 to 40 characters, none of them a control character")]
    BadCallsign {
        /// As it came, cut short.
        callsign: String,
    },
    /// The account exists.
    #[error(
        "account {account} exists already: choose another name, or use `limes account set-password {account}`"
    )]
    AccountExists {
        /// Which.
        account: AccountId,
    },
    /// The account does not exist.
    #[error(
        "there is no account {account}: add it with `limes account add {account} …`, or see `limes account list`"
    )]
    NoAccount {
        /// Which.
        account: AccountId,
    },
    /// The account was disabled.
    #[error(
        "account {account} is disabled and its name stays with its history: add another account"
    )]
    AccountDisabled {
        /// Which.
        account: AccountId,
    },
    /// A token would be refused from the start.
    #[error("a token must expire later than now: give --expires as 12h, 30d or a date to come")]
    ExpiresInPast,
}

// Written out, because `#[from]` would name the cause a second time where the chain of causes is printed.
impl From<rusqlite::Error> for RegistryError {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Store(cause)
    }
}

impl From<getrandom::Error> for RegistryError {
    fn from(cause: getrandom::Error) -> Self {
        Self::NoRandom(cause)
    }
}
