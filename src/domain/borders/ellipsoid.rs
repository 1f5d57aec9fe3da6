//! Where is a position in space, and how long is the geodesic to a point nearby?
//!
//! ```text
//!          up  ╱ here              Places are points in space, metres from the Earth's centre. A geodesic of up to
//!           ╲ ╱ ‾‾●‾‾‾──__ arc     300 km is an arc of a circle whose radius is that of the ellipsoid in its
//!            ●  chord ────●        direction (Euler), so the length of the arc follows from that of the chord:
//!             ╲          ╱
//!              ╲ radius ╱              arc = c (1 + c²/24R² + 3c⁴/640R⁴)
//! ```

use crate::domain::measure::{Metres, Position};
use geo::{Distance, Geodesic, Point};
use std::sync::LazyLock;

/// Semi-major axis of WGS 84, metres.
const EQUATORIAL_RADIUS_M: f64 = 6_378_137.0;
/// First eccentricity of WGS 84, squared.
const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_141_316;
/// Up to here the series of [`Here::arc_to`] is exact to a millimetre, metres.
const SERIES_MAX_M: f64 = 300_000.0;

/// A point in space, metres from the Earth's centre: towards 0° E on the equator, 90° E on the equator, the north pole.
pub(super) type Space = [f64; 3];

/// From one point to another.
pub(super) fn way(from: Space, to: Space) -> Space {
    [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
}

/// The inner product.
pub(super) fn dot(a: Space, b: Space) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The square of the distance of two points, through the Earth.
pub(super) fn squared_distance(a: Space, b: Space) -> f64 {
    let way = way(a, b);
    dot(way, way)
}

/// The whole number nearest to a finite one, halves away from zero: what `round` says, without calling for it.
pub(super) fn nearest_whole(value: f64) -> i64 {
    let whole = value as i64;
    let rest = value - whole as f64;
    whole + i64::from(rest >= 0.5) - i64::from(rest <= -0.5)
}

/// Metres to the nearest centimetre.
pub(super) fn metres(value: f64) -> Metres {
    Metres::from_centimetres(nearest_whole(value * 100.0))
}

/// Steps of [`TURNS`] in a degree.
const STEPS_PER_DEGREE: f64 = 4.0;
/// Steps from 0° to 180°.
const STEPS: i64 = 720;

/// Sine and cosine of every quarter of a degree from -180° to 180°.
static TURNS: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
    (-STEPS..=STEPS)
        .map(|step| (step as f64 / STEPS_PER_DEGREE).to_radians().sin_cos())
        .collect()
});

/// Sine and cosine of an angle within ±180°: of the nearest quarter of a degree, turned by the rest, whose series end
/// below what a double holds. Half the time of the general functions.
fn sin_cos(degrees: f64) -> (f64, f64) {
    let step = nearest_whole(degrees * STEPS_PER_DEGREE).clamp(-STEPS, STEPS);
    let (sin, cos) = TURNS[(step + STEPS) as usize];
    let rest = (degrees - step as f64 / STEPS_PER_DEGREE).to_radians();
    let squared = rest * rest;
    let rest_sin = rest * (1.0 - squared / 6.0 * (1.0 - squared / 20.0));
    let rest_cos = 1.0 - squared / 2.0 * (1.0 - squared / 12.0 * (1.0 - squared / 30.0));
    (
        sin * rest_cos + cos * rest_sin,
        cos * rest_cos - sin * rest_sin,
    )
}

/// The place of a position given in degrees.
pub(super) fn on_ellipsoid(lon_deg: f64, lat_deg: f64) -> Space {
    let (sin_lat, cos_lat) = sin_cos(lat_deg);
    let (sin_lon, cos_lon) = sin_cos(lon_deg);
    let normal = EQUATORIAL_RADIUS_M / (1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat).sqrt();
    [
        normal * cos_lat * cos_lon,
        normal * cos_lat * sin_lon,
        normal * (1.0 - ECCENTRICITY_SQUARED) * sin_lat,
    ]
}

/// The position under a point that lies on the ellipsoid, or a few centimetres off it.
pub(super) fn position_of(point: Space) -> Option<Position> {
    let [x, y, z] = point;
    let lat = (z / (1.0 - ECCENTRICITY_SQUARED)).atan2(x.hypot(y));
    Position::new(lat.to_degrees(), y.atan2(x).to_degrees()).ok()
}

/// The geodesic distance between two positions, metres.
pub(super) fn geodesic_m(from: Position, to: Position) -> f64 {
    Here::of(from).arc_to(on_ellipsoid(to.lon(), to.lat()))
}

/// A position from which is measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here {
    pub(super) position: Position,
    /// Its place.
    pub(super) place: Space,
    /// One metre due north.
    north: Space,
    /// The curvature of the ellipsoid due east, 1/metres.
    eastward: f64,
    /// The curvature of the ellipsoid due north, 1/metres.
    northward: f64,
}

impl Here {
    pub(super) fn of(position: Position) -> Self {
        let (sin_lat, cos_lat) = sin_cos(position.lat());
        let (sin_lon, cos_lon) = sin_cos(position.lon());
        let flat = 1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat;
        let eastward = flat.sqrt() / EQUATORIAL_RADIUS_M;
        let normal = 1.0 / eastward;
        Self {
            position,
            place: [
                normal * cos_lat * cos_lon,
                normal * cos_lat * sin_lon,
                normal * (1.0 - ECCENTRICITY_SQUARED) * sin_lat,
            ],
            north: [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
            eastward,
            northward: eastward * flat / (1.0 - ECCENTRICITY_SQUARED),
        }
    }

    /// The length of the geodesic to a point on the ellipsoid, metres. Longer ones than 300 km by Karney's method
    /// ("Algorithms for geodesics", 2013) as `geo` has it.
    pub(super) fn arc_to(&self, point: Space) -> f64 {
        let way = way(self.place, point);
        let squared = dot(way, way);
        let chord = squared.sqrt();
        if chord > SERIES_MAX_M {
            let Some(to) = position_of(point) else {
                return chord;
            };
            let plain = |p: Position| Point::new(p.lon(), p.lat());
            return Geodesic.distance(plain(self.position), plain(to));
        }
        if squared <= 0.0 {
            return 0.0;
        }
        // Euler: the curvature in a direction, by how much of it leads north.
        let along = dot(way, self.north);
        let north = (along * along / squared).min(1.0);
        let curvature = north * self.northward + (1.0 - north) * self.eastward;
        let bend = squared * curvature * curvature;
        chord * (1.0 + bend / 24.0 + 3.0 * bend * bend / 640.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sines_from_the_table_are_those_of_the_library(degrees in -180.0..=180.0) {
            let (sin, cos) = sin_cos(degrees);
            let (exact_sin, exact_cos) = degrees.to_radians().sin_cos();
            // Near 180° the angle itself is rounded to 4.4e-16 in radians. On the Earth 1e-15 is 6 nanometres.
            prop_assert!((sin - exact_sin).abs() < 1e-15, "{} {}", sin, exact_sin);
            prop_assert!((cos - exact_cos).abs() < 1e-15, "{} {}", cos, exact_cos);
        }

        #[test]
        fn a_whole_number_is_the_one_that_round_says(value in prop_oneof![
            -1e12..1e12_f64,
            (-1_000_000_i64..1_000_000).prop_map(|halves| halves as f64 / 2.0),
            (-1_000_000_i64..1_000_000).prop_map(|halves| (halves as f64 / 2.0).next_down()),
            (-1_000_000_i64..1_000_000).prop_map(|halves| (halves as f64 / 2.0).next_up()),
        ]) {
            prop_assert_eq!(nearest_whole(value), value.round() as i64);
        }

        #[test]
        fn an_arc_is_the_geodesic(
            lat in -89.9..89.9_f64, lon in -180.0..180.0_f64,
            north in -1.2..1.2_f64, east in -1.2..1.2_f64,
        ) {
            let from = Position::new(lat, lon).expect("a position");
            let to_lon = lon + east / lat.to_radians().cos().max(0.01);
            let to = Position::new((lat + north).clamp(-90.0, 90.0), to_lon.clamp(-180.0, 180.0)).expect("a position");
            let plain = |p: Position| Point::new(p.lon(), p.lat());
            let exact = Geodesic.distance(plain(from), plain(to));
            let ours = geodesic_m(from, to);
            prop_assert!((ours - exact).abs() < 0.01, "{} {}", ours, exact);
        }
    }

    #[test]
    fn a_pole_and_the_end_of_the_map_are_places_like_others() {
        let at = |lat, lon| Position::new(lat, lon).expect("a position");
        assert!(geodesic_m(at(90.0, 0.0), at(90.0, 120.0)) < 1e-6);
        assert!(geodesic_m(at(10.0, 180.0), at(10.0, -180.0)) < 1e-6);
        let from_pole = geodesic_m(at(-90.0, 77.0), at(-89.0, -33.0));
        assert!((from_pole - 111_693.865).abs() < 0.01, "{from_pole}");
    }
}
