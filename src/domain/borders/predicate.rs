//! Which side of a line? Decided in whole numbers, so that every machine and every room of the code decides alike.
//!
//! Vertices of the border data lie on a grid of 1e-6 degrees and are kept exactly, as `i32`. A position is taken to
//! the nearest 1e-9 degree (0.1 mm) and kept as `i64`; every product below fits its integer type.
//!
//! **On the line.** A position exactly on a line is treated as if it lay an infinitely small step `ε` further east and
//! a yet smaller step `ε²` further north. So no position is ever *on* a line:
//!
//! ```text
//!        │            a position on a line that runs north or slantwise belongs to the states EAST of it;
//!   A    ●→   B       on a line that runs due east, to the states NORTH of it;
//!        │            on a vertex, to the states met first on going east, then a hair north.
//! ```

use super::ellipsoid::nearest_whole;
use crate::domain::measure::Position;

/// Nanodegrees in a microdegree.
const NANO_PER_MICRO: i64 = 1_000;

/// A vertex of the border data, in 1e-6 degrees: exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vertex {
    /// Degrees east, times a million.
    pub lon: i32,
    /// Degrees north, times a million.
    pub lat: i32,
}

impl Vertex {
    /// The vertex nearest to a place given in degrees; `None` when it lies outside ±180, ±90 or is not finite.
    #[must_use]
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        let inside = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
        inside.then(|| Self {
            lon: (lon * 1e6).round() as i32,
            lat: (lat * 1e6).round() as i32,
        })
    }

    /// Degrees east.
    #[must_use]
    pub fn lon_deg(self) -> f64 {
        f64::from(self.lon) / 1e6
    }

    /// Degrees north.
    #[must_use]
    pub fn lat_deg(self) -> f64 {
        f64::from(self.lat) / 1e6
    }

    /// The same place as a position; `None` beyond ±180, ±90.
    #[must_use]
    pub fn position(self) -> Option<Position> {
        Position::new(self.lat_deg(), self.lon_deg()).ok()
    }

    /// The same place as a [`Spot`].
    pub(super) fn spot(self) -> Spot {
        Spot {
            x: i64::from(self.lon) * NANO_PER_MICRO,
            y: i64::from(self.lat) * NANO_PER_MICRO,
        }
    }
}

/// A position on the grid of 1e-9 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Nanodegrees east.
    pub(super) x: i64,
    /// Nanodegrees north.
    pub(super) y: i64,
}

impl Spot {
    /// The nearest spot of the grid.
    pub(super) fn of(position: Position) -> Self {
        Self {
            x: nearest_whole(position.lon() * 1e9),
            y: nearest_whole(position.lat() * 1e9),
        }
    }

    /// Halfway between two vertices.
    pub(super) fn midway(a: Vertex, b: Vertex) -> Self {
        let half = NANO_PER_MICRO / 2;
        Self {
            x: (i64::from(a.lon) + i64::from(b.lon)) * half,
            y: (i64::from(a.lat) + i64::from(b.lat)) * half,
        }
    }

    /// Whole microdegrees, rounded down: east and north.
    pub(super) fn floor_micro(self) -> (i64, i64) {
        (
            self.x.div_euclid(NANO_PER_MICRO),
            self.y.div_euclid(NANO_PER_MICRO),
        )
    }

    /// Whether `vertex` lies further east than this spot nudged by `ε`.
    pub(super) fn is_west_of(self, vertex: Vertex) -> bool {
        i64::from(vertex.lon) * NANO_PER_MICRO > self.x
    }

    /// Whether `vertex` lies further north than this spot nudged by `ε²`.
    pub(super) fn is_south_of(self, vertex: Vertex) -> bool {
        i64::from(vertex.lat) * NANO_PER_MICRO > self.y
    }
}

/// One straight edge of the border data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    /// Where it starts.
    pub(super) a: Vertex,
    /// Where it ends.
    pub(super) b: Vertex,
}

impl Edge {
    /// Twice the signed area of the triangle `a`, `b`, `spot`, in micro- times nanodegrees: above zero on the left.
    ///
    /// An edge spans at most 2²³ microdegrees (see [`super::partition`]) and a spot 3.6e11 nanodegrees: below 2⁶³.
    pub(super) fn doubled_area(self, spot: Spot) -> i64 {
        let dx = i64::from(self.b.lon) - i64::from(self.a.lon);
        let dy = i64::from(self.b.lat) - i64::from(self.a.lat);
        let a = self.a.spot();
        dx * (spot.y - a.y) - dy * (spot.x - a.x)
    }

    /// Whether the nudged spot lies to the left of the edge's line.
    pub(super) fn has_on_left(self, spot: Spot) -> bool {
        let area = self.doubled_area(spot);
        if area != 0 {
            return area > 0;
        }
        // On the line: ε east weighs -dy, and only for an edge due east or west does ε² north decide.
        let dy = self.b.lat - self.a.lat;
        if dy != 0 {
            dy < 0
        } else {
            self.b.lon > self.a.lon
        }
    }

    /// Whether the boxes around this edge and a path have a point in common: if not, they do not cross.
    pub(super) fn is_near(self, path: Path) -> bool {
        let (a, b) = (self.a.spot(), self.b.spot());
        let (from, to) = (path.from, path.to);
        a.x.max(b.x) >= from.x.min(to.x)
            && a.x.min(b.x) <= from.x.max(to.x)
            && a.y.max(b.y) >= from.y.min(to.y)
            && a.y.min(b.y) <= from.y.max(to.y)
    }

    /// Whether the path between two nudged spots crosses this edge.
    pub(super) fn is_crossed_by(self, path: Path) -> bool {
        self.has_on_left(path.from) != self.has_on_left(path.to)
            && path.has_on_left(self.a) != path.has_on_left(self.b)
    }
}

/// The straight way, in longitude and latitude, from one spot to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Path {
    /// Where it starts.
    pub(super) from: Spot,
    /// Where it ends.
    pub(super) to: Spot,
}

impl Path {
    /// Whether `vertex` lies to the left of the nudged path.
    fn has_on_left(self, vertex: Vertex) -> bool {
        let dx = i128::from(self.to.x - self.from.x);
        let dy = i128::from(self.to.y - self.from.y);
        let v = vertex.spot();
        let area = dx * i128::from(v.y - self.from.y) - dy * i128::from(v.x - self.from.x);
        if area != 0 {
            return area > 0;
        }
        // The path moves ε east and ε² north, the vertex stays: the opposite of the nudge above.
        if dy == 0 { dx < 0 } else { dy > 0 }
    }
}
