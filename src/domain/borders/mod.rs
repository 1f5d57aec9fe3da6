//! Where is this position? The set of states it lies in, and the nearest frontier.

use super::ids::{IdError, State, StateSet};
use super::measure::{Metres, Position};
use std::fmt;

/// How sure the set of states of a position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// The whole accuracy circle lies in the same states.
    Inside,
    /// The accuracy circle touches another state.
    Frontier,
    /// In a disputed, undelimited or overlapping area: the states named are its claimants.
    Disputed,
    /// In none of the states with polygons.
    Outside,
}

impl Certainty {
    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Frontier => "frontier",
            Self::Disputed => "disputed",
            Self::Outside => "outside",
        }
    }
}

/// The line between two states, named by the two codes in alphabetical order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frontier {
    a: State,
    b: State,
}

impl Frontier {
    /// The frontier between two states, in either order.
    #[must_use]
    pub fn between(one: State, other: State) -> Self {
        Self {
            a: one.min(other),
            b: one.max(other),
        }
    }

    /// The two states, alphabetical.
    #[must_use]
    pub const fn states(self) -> (State, State) {
        (self.a, self.b)
    }

    /// Parses `HU-RO`.
    ///
    /// # Errors
    /// [`IdError`] when it is not two states joined by `-`.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let (a, b) = text.split_once('-').ok_or_else(|| IdError {
            value: text.to_owned(),
            wanted: "a frontier such as HU-RO",
        })?;
        Ok(Self::between(State::parse(a)?, State::parse(b)?))
    }
}

impl fmt::Display for Frontier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.a, self.b)
    }
}

impl fmt::Debug for Frontier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The nearest land frontier of a position, and the geodesic distance to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    /// Which frontier.
    pub frontier: Frontier,
    /// How far, along the ellipsoid.
    pub distance: Metres,
}

/// What the atlas says of one position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location {
    /// The states it lies in.
    pub states: StateSet,
    /// How sure that is.
    pub certainty: Certainty,
    /// The nearest land frontier, when one lies within 200 km.
    pub nearest: Option<Nearest>,
}

/// One place where a straight path leaves some states and enters others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meeting {
    /// How far along the path, from 0 at its start to 1 at its end.
    pub fraction: f64,
    /// The place on the frontier.
    pub point: Position,
    /// The states before it.
    pub from: StateSet,
    /// The states after it.
    pub to: StateSet,
}
