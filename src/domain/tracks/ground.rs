//! Distances between fixes. Near enough for speeds and jumps; legal distances are the atlas's.

use crate::domain::measure::{Metres, Position};

/// Mean radius of the Earth, metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Of a great circle, rounded up.
const METRES_A_DEGREE: f64 = 111_196.0;

/// East and north of a place, metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Offset {
    /// Towards the east.
    pub(super) east_m: f64,
    /// Towards the north.
    pub(super) north_m: f64,
}

impl Offset {
    /// How far.
    pub(super) fn length_m(self) -> f64 {
        (self.east_m * self.east_m + self.north_m * self.north_m).sqrt()
    }

    /// This way in one of so many parts.
    pub(super) fn over(self, parts: f64) -> Self {
        Self {
            east_m: self.east_m / parts,
            north_m: self.north_m / parts,
        }
    }

    /// The same length, turned to the left by this angle in radians.
    pub(super) fn rotated(self, radians: f64) -> Self {
        let (sin, cos) = radians.sin_cos();
        Self {
            east_m: self.east_m * cos - self.north_m * sin,
            north_m: self.north_m * cos + self.east_m * sin,
        }
    }

    /// By which angle another way is turned to the left of this one, in radians from -π to π.
    pub(super) fn bend_to(self, other: Self) -> f64 {
        let cross = self.east_m * other.north_m - self.north_m * other.east_m;
        let dot = self.east_m * other.east_m + self.north_m * other.north_m;
        cross.atan2(dot)
    }

    /// The same direction, so many metres far, turned to the left by the angle of this tangent.
    pub(super) fn turned(self, length_m: f64, tangent: f64) -> Self {
        let east_m = self.east_m - self.north_m * tangent;
        let north_m = self.north_m + self.east_m * tangent;
        let scale = length_m / east_m.hypot(north_m).max(0.001);
        Self {
            east_m: east_m * scale,
            north_m: north_m * scale,
        }
    }
}

/// A flat Earth that touches it at one latitude.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flat {
    /// Of its girth, the share that the circle of latitude is.
    narrowed: f64,
}

impl Flat {
    /// The one that touches it at this latitude, degrees.
    pub(super) fn at(lat: f64) -> Self {
        Self {
            narrowed: lat.to_radians().cos(),
        }
    }

    /// How `to` lies from `from`.
    pub(super) fn offset(self, from: Position, to: Position) -> Offset {
        let mut east_deg = to.lon() - from.lon();
        if east_deg > 180.0 {
            east_deg -= 360.0;
        } else if east_deg < -180.0 {
            east_deg += 360.0;
        }
        Offset {
            east_m: east_deg.to_radians() * self.narrowed * EARTH_RADIUS_M,
            north_m: (to.lat() - from.lat()).to_radians() * EARTH_RADIUS_M,
        }
    }
}

/// How `to` lies from `from`, on a flat Earth that touches it half way: within 1 % up to some 300 km, and never less
/// than a quarter of the truth beyond.
pub(super) fn offset(from: Position, to: Position) -> Offset {
    Flat::at(f64::midpoint(from.lat(), to.lat())).offset(from, to)
}

/// How far apart two positions are at most: the way north and the way east one after the other, and that east along the
/// equator. Dear functions are asked only beyond it.
pub(super) fn at_most_m(from: Position, to: Position) -> f64 {
    let (north_deg, east_deg) = (to.lat() - from.lat(), to.lon() - from.lon());
    (north_deg.abs() + east_deg.abs()) * METRES_A_DEGREE
}

/// How far apart two positions are.
pub(super) fn distance(from: Position, to: Position) -> Metres {
    Metres::new(offset(from, to).length_m())
}

/// The place that lies `by` from `from`, kept within the degrees there are.
pub(super) fn moved(from: Position, by: Offset) -> Position {
    let lat = (from.lat() + (by.north_m / EARTH_RADIUS_M).to_degrees()).clamp(-89.9, 89.9);
    let half_way = f64::midpoint(from.lat(), lat).to_radians();
    let lon = from.lon() + (by.east_m / (EARTH_RADIUS_M * half_way.cos())).to_degrees();
    Position::new(lat, lon.clamp(-180.0, 180.0)).unwrap_or(from)
}

/// The place a share of the way from `from` to `to`, on a straight line of degrees.
pub(super) fn between(from: Position, to: Position, share: f64) -> Position {
    let at = |a: f64, b: f64| a + (b - a) * share;
    Position::new(at(from.lat(), to.lat()), at(from.lon(), to.lon())).unwrap_or(from)
}
