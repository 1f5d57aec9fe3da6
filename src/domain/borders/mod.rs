//! Where is this position? The set of states it lies in, and the nearest frontier.

mod assemble;
mod atlas;
mod boxes;
mod cell_builder;
mod cells;
mod check;
mod crossing_point;
mod distance;
mod ellipsoid;
mod lines;
mod partition;
mod path;
mod predicate;
pub mod ring;
#[cfg(test)]
mod small_map;
mod sources;
mod starts;
mod stretch;
mod strip;
mod survey;
#[cfg(test)]
mod survey_tests;
#[cfg(test)]
mod tests;

pub use assemble::{AssembleError, assemble};
pub use atlas::{Atlas, AtlasSize};
pub use check::{
    Fault, Findings, Gap, Lengths, check_crossings, check_sources, frontier_lengths, joint_sets,
};
pub use crossing_point::{
    CrossingPoint, CrossingPointError, CrossingPoints, ListedPoint, PointOrigin,
};
pub use partition::{
    Arc, EDGE_SPAN_MAX, Line, Partition, PartitionError, Region, RegionId, Standing,
};
pub use predicate::Vertex;
pub use sources::{FrontierLine, JointArea, Polygon, Ring, Sources, Territory};
pub use strip::{Strip, StripWanted};

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

/// What kind of line separates two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineKind {
    /// A frontier on land, in a river or lake, or the edge of a condominium. From the source: within some 1.3 km of land.
    Land,
    /// A frontier at sea.
    Maritime,
    /// The edge of a disputed, undelimited or overlapping area that is no published frontier.
    Claim,
}

impl LineKind {
    /// The word used in data.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Land => "land",
            Self::Maritime => "maritime",
            Self::Claim => "claim",
        }
    }
}

/// Why an area belongs to more than one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JointKind {
    /// Held together: the law of both applies.
    Condominium,
    /// Both claim it.
    Disputed,
    /// Never delimited.
    Undelimited,
    /// The source gives it to both.
    Overlap,
}

impl JointKind {
    /// How the states of such an area hold it.
    #[must_use]
    pub const fn standing(self) -> Standing {
        match self {
            Self::Condominium => Standing::Condominium,
            Self::Disputed | Self::Undelimited | Self::Overlap => Standing::Disputed,
        }
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

/// What the atlas says of the place of a fix: where it lies, and how deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survey {
    /// Its states, how sure they are, and the nearest land frontier.
    pub location: Location,
    /// How far the nearest line lies, at sea or on land, at which the territory of these very states ends.
    pub depth: Metres,
}

/// How far the nearest lines lie at most, as an earlier answer close by tells. A search begins there. One that finds
/// nothing looks on, so a wrong estimate costs time and changes no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// The nearest land frontier.
    pub frontier: Metres,
    /// The nearest line at which the territory of the states there ends.
    pub depth: Metres,
}

impl Near {
    /// Nothing known.
    pub const UNKNOWN: Self = Self {
        frontier: Metres::MOST,
        depth: Metres::MOST,
    };
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
    /// The frontier crossed, which also names a state without polygons (`ES-MA`, with `to` empty); none at the outer
    /// limit of the territorial sea.
    pub frontier: Option<Frontier>,
    /// Whether a disputed, undelimited or overlapping area lies on either side: never a certain crossing.
    pub disputed: bool,
}

impl Meeting {
    /// The states before it, by name: a state without polygons stands where the set is empty.
    #[must_use]
    pub fn from_named(&self) -> StateSet {
        named(self.from, self.to, self.frontier)
    }

    /// The states after it, by name: a state without polygons stands where the set is empty.
    #[must_use]
    pub fn to_named(&self) -> StateSet {
        named(self.to, self.from, self.frontier)
    }
}

/// `set`, or when it is empty the state of `frontier` that is not in the set `opposite`.
fn named(set: StateSet, opposite: StateSet, frontier: Option<Frontier>) -> StateSet {
    let Some(frontier) = frontier.filter(|_| set.is_empty()) else {
        return set;
    };
    let (a, b) = frontier.states();
    match (opposite.contains(a), opposite.contains(b)) {
        (true, false) => StateSet::one(b),
        (false, true) => StateSet::one(a),
        (true, true) | (false, false) => set,
    }
}

/// A box of longitude and latitude, its edges included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Its south-west corner.
    pub south_west: Position,
    /// Its north-east corner.
    pub north_east: Position,
}
