//! Rooms and units, and how their register changes. Who may speak is decided at the door; the core only needs to know
//! whose a unit is and on what it moves, at that time.

use super::ids::{AccountId, RoomId, State, UnitId};
use std::sync::Arc;

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// A car or motorcycle.
    Vehicle,
    /// A person on foot.
    Officer,
    /// A manned aircraft.
    Helicopter,
    /// A vessel.
    Boat,
    /// An unmanned aircraft.
    Drone,
    /// A technical source on the target.
    Tracker,
}

impl UnitKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Vehicle,
        Self::Officer,
        Self::Helicopter,
        Self::Boat,
        Self::Drone,
        Self::Tracker,
    ];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vehicle => "vehicle",
            Self::Officer => "officer",
            Self::Helicopter => "helicopter",
            Self::Boat => "boat",
            Self::Drone => "drone",
            Self::Tracker => "tracker",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How a unit can be recognised as police (Art. 41(5)(d)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Marks {
    /// In uniform.
    Uniform,
    /// In a marked vehicle.
    MarkedCar,
    /// Neither.
    Covert,
}

impl Marks {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Uniform, Self::MarkedCar, Self::Covert];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::MarkedCar => "marked_car",
            Self::Covert => "covert",
        }
    }

    /// The marks of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|marks| marks.as_str() == word)
    }
}

/// One control room: an authority of one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomCard {
    /// Its id.
    pub room: RoomId,
    /// Its state.
    pub state: State,
}

/// One unit as registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitCard {
    /// Its id.
    pub id: UnitId,
    /// The room it belongs to.
    pub room: RoomId,
    /// The state whose officers it carries.
    pub state: State,
    /// What it is.
    pub kind: UnitKind,
    /// How it is called on the air.
    pub callsign: Arc<str>,
    /// How it can be recognised.
    pub marks: Option<Marks>,
}

/// A named person at a desk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    /// Who.
    pub account: AccountId,
    /// Of which room.
    pub room: RoomId,
}
