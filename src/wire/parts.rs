//! The small forms that every message shares: times, points, states, persons.

use crate::domain::borders::{Certainty, Frontier, Location, Nearest};
use crate::domain::ids::{AccountId, IdError, RoomId, State, StateSet};
use crate::domain::measure::{Metres, Position, PositionError, Span, Timestamp, TimestampError};
use crate::domain::registry::{Marks, Person, RoomCard, UnitCard, UnitKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Why a stored or received form is not what it claims to be.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WireError {
    /// An identifier.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A time.
    #[error(transparent)]
    Time(#[from] TimestampError),
    /// A position.
    #[error(transparent)]
    Position(#[from] PositionError),
    /// A word of a closed list.
    #[error("`{value}` is not {wanted}")]
    Word {
        /// The word as it came.
        value: String,
        /// What it should have been.
        wanted: &'static str,
    },
}

/// Reads a word of a closed list.
pub(super) fn word<T>(
    value: &str,
    parse: fn(&str) -> Option<T>,
    wanted: &'static str,
) -> Result<T, WireError> {
    parse(value).ok_or_else(|| WireError::Word {
        value: value.to_owned(),
        wanted,
    })
}

/// `[longitude, latitude]` in degrees, as `GeoJSON` has it.
pub type Point = [f64; 2];

pub(super) fn point(position: Position) -> Point {
    [position.lon(), position.lat()]
}

pub(super) fn position(point: Point) -> Result<Position, WireError> {
    Ok(Position::new(point[1], point[0])?)
}

pub(super) fn time(at: Timestamp) -> String {
    at.to_string()
}

pub(super) fn seconds(span: Span) -> f64 {
    span.as_secs_f64()
}

pub(super) fn span(seconds: f64) -> Span {
    Span::from_millis((seconds * 1_000.0).round() as i64)
}

pub(super) fn metres(distance: Metres) -> f64 {
    distance.as_f64()
}

impl Certainty {
    fn parse(word: &str) -> Option<Self> {
        [Self::Inside, Self::Frontier, Self::Disputed, Self::Outside]
            .into_iter()
            .find(|certainty| certainty.as_str() == word)
    }
}

/// Where a position lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct Place {
    /// `HU`, `DE|LU`, `-`.
    pub states: String,
    /// `inside`, `frontier`, `disputed`, `outside`.
    pub certainty: String,
    /// The nearest land frontier, `HU-RO`.
    pub frontier: Option<String>,
    /// The distance to it.
    pub distance_m: Option<f64>,
}

impl From<&Location> for Place {
    fn from(location: &Location) -> Self {
        Self {
            states: location.states.to_string(),
            certainty: location.certainty.as_str().to_owned(),
            frontier: location.nearest.map(|nearest| nearest.frontier.to_string()),
            distance_m: location.nearest.map(|nearest| metres(nearest.distance)),
        }
    }
}

impl TryFrom<&Place> for Location {
    type Error = WireError;

    fn try_from(place: &Place) -> Result<Self, WireError> {
        let nearest = match (&place.frontier, place.distance_m) {
            (Some(frontier), Some(distance_m)) => Some(Nearest {
                frontier: Frontier::parse(frontier)?,
                distance: Metres::new(distance_m),
            }),
            _ => None,
        };
        Ok(Self {
            states: StateSet::parse(&place.states)?,
            certainty: word(&place.certainty, Certainty::parse, "a certainty")?,
            nearest,
        })
    }
}

/// A named person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PersonWire {
    /// The account.
    pub account: String,
    /// Its room.
    pub room: String,
}

impl From<&Person> for PersonWire {
    fn from(person: &Person) -> Self {
        Self {
            account: person.account.to_string(),
            room: person.room.to_string(),
        }
    }
}

impl TryFrom<&PersonWire> for Person {
    type Error = WireError;

    fn try_from(person: &PersonWire) -> Result<Self, WireError> {
        Ok(Self {
            account: AccountId::parse(&person.account)?,
            room: RoomId::parse(&person.room)?,
        })
    }
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RoomWire {
    /// Its id.
    pub id: String,
    /// Its state.
    pub state: String,
}

impl From<&RoomCard> for RoomWire {
    fn from(card: &RoomCard) -> Self {
        Self {
            id: card.room.to_string(),
            state: card.state.to_string(),
        }
    }
}

impl TryFrom<&RoomWire> for RoomCard {
    type Error = WireError;

    fn try_from(card: &RoomWire) -> Result<Self, WireError> {
        Ok(Self {
            room: RoomId::parse(&card.id)?,
            state: State::parse(&card.state)?,
        })
    }
}

/// A unit as registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct UnitCardWire {
    /// Its id.
    pub unit: String,
    /// Its room.
    pub room: String,
    /// Its state.
    pub state: String,
    /// `vehicle`, `officer`, …
    pub unit_kind: String,
    /// Its call sign.
    pub callsign: String,
    /// `uniform`, `marked_car`, `covert`.
    pub marks: Option<String>,
}

impl From<&UnitCard> for UnitCardWire {
    fn from(card: &UnitCard) -> Self {
        Self {
            unit: card.id.to_string(),
            room: card.room.to_string(),
            state: card.state.to_string(),
            unit_kind: card.kind.as_str().to_owned(),
            callsign: card.callsign.to_string(),
            marks: card.marks.map(|marks| marks.as_str().to_owned()),
        }
    }
}

impl TryFrom<&UnitCardWire> for UnitCard {
    type Error = WireError;

    fn try_from(card: &UnitCardWire) -> Result<Self, WireError> {
        Ok(Self {
            id: crate::domain::ids::UnitId::parse(&card.unit)?,
            room: RoomId::parse(&card.room)?,
            state: State::parse(&card.state)?,
            kind: word(&card.unit_kind, UnitKind::parse, "a kind of unit")?,
            callsign: card.callsign.as_str().into(),
            marks: card
                .marks
                .as_deref()
                .map(|marks| word(marks, Marks::parse, "marks of a unit"))
                .transpose()?,
        })
    }
}

pub(super) fn timestamp(text: &str) -> Result<Timestamp, WireError> {
    Ok(Timestamp::parse(text)?)
}
