//! The published border data, as read: polygons of states, frontier lines, joint areas.

use super::predicate::{Edge, Spot, Vertex};
use super::{Frontier, JointKind, LineKind};
use crate::domain::ids::{State, StateSet};

/// A closed ring; the first vertex is repeated at the end.
pub type Ring = Vec<Vertex>;

/// A polygon: its outer ring, then its holes.
pub type Polygon = Vec<Ring>;

/// The territory of one state, its territorial sea included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Territory {
    /// Whose.
    pub state: State,
    /// Its parts.
    pub polygons: Vec<Polygon>,
}

/// A published frontier: the lines on land, or those at sea, between two states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontierLine {
    /// Between whom.
    pub frontier: Frontier,
    /// On land or at sea.
    pub kind: LineKind,
    /// Its open or closed chains.
    pub chains: Vec<Vec<Vertex>>,
}

/// An area that two states hold together, or both claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointArea {
    /// Who holds or claims it.
    pub states: StateSet,
    /// How.
    pub kind: JointKind,
    /// Its parts.
    pub polygons: Vec<Polygon>,
}

/// Everything a border set is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// One entry for each state with polygons.
    pub territories: Vec<Territory>,
    /// Frontier lines, those to states without polygons included.
    pub lines: Vec<FrontierLine>,
    /// Areas laid over the territories.
    pub joint_areas: Vec<JointArea>,
}

/// Whether a closed ring runs counterclockwise: its inside is then on the left.
pub(super) fn runs_counterclockwise(ring: &[Vertex]) -> bool {
    let doubled: i128 = ring
        .windows(2)
        .map(|pair| {
            let (a, b) = (pair[0], pair[1]);
            i128::from(i64::from(a.lon) * i64::from(b.lat))
                - i128::from(i64::from(b.lon) * i64::from(a.lat))
        })
        .sum();
    doubled > 0
}

/// Whether the nudged spot lies inside a polygon: a ray to the east crosses its rings an odd number of times.
pub(super) fn polygon_contains(polygon: &[Ring], spot: Spot) -> bool {
    let crossings = polygon
        .iter()
        .flat_map(|ring| ring.windows(2))
        .filter(|pair| {
            let edge = Edge {
                a: pair[0],
                b: pair[1],
            };
            let (from, to) = (spot.is_south_of(edge.a), spot.is_south_of(edge.b));
            // An edge that climbs has the spot on its left when it passes east of it; one that falls, on its right.
            from != to && edge.has_on_left(spot) == to
        })
        .count();
    crossings % 2 == 1
}

/// The smallest box around a polygon's outer ring: south-west and north-east corner.
pub(super) fn bounds(polygon: &[Ring]) -> Option<(Vertex, Vertex)> {
    let outer = polygon.first()?;
    let first = *outer.first()?;
    Some(outer.iter().fold((first, first), |(low, high), vertex| {
        (
            Vertex {
                lon: low.lon.min(vertex.lon),
                lat: low.lat.min(vertex.lat),
            },
            Vertex {
                lon: high.lon.max(vertex.lon),
                lat: high.lat.max(vertex.lat),
            },
        )
    }))
}

/// Whether any of the polygons contains the nudged spot.
pub(super) fn any_contains(polygons: &[Polygon], spot: Spot) -> bool {
    polygons.iter().any(|polygon| {
        bounds(polygon).is_some_and(|(low, high)| {
            !spot.is_west_of(low)
                && !spot.is_south_of(low)
                && spot.is_west_of(high)
                && spot.is_south_of(high)
        }) && polygon_contains(polygon, spot)
    })
}
