//! Distances between fixes. Near enough for speeds and jumps; legal distances are the atlas's.

use crate::domain::measure::{Metres, Position};

/// Mean radius of the Earth, metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

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
        self.east_m.hypot(self.north_m)
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

/// How `to` lies from `from`, on a flat Earth that touches it half way: within 1 % up to some 300 km, and never less
/// than a quarter of the truth beyond.
pub(super) fn offset(from: Position, to: Position) -> Offset {
    let half_way = f64::midpoint(from.lat(), to.lat()).to_radians();
    let mut east_deg = to.lon() - from.lon();
    if east_deg > 180.0 {
        east_deg -= 360.0;
    } else if east_deg < -180.0 {
        east_deg += 360.0;
    }
    Offset {
        east_m: east_deg.to_radians() * half_way.cos() * EARTH_RADIUS_M,
        north_m: (to.lat() - from.lat()).to_radians() * EARTH_RADIUS_M,
    }
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
