//! Whether a place lies in a small agreed area, such as that of a joint patrol.

use crate::domain::measure::{Metres, Position};
use geo::{Contains, Coord, LineString, Point, Polygon};

/// Whether the place lies inside the ring, straight lines in longitude and latitude. A place exactly on the ring is
/// outside: at the edge of an agreed area the stricter reading holds.
#[must_use]
pub fn contains(ring: &[Position], place: Position) -> bool {
    let outline: LineString<f64> = ring
        .iter()
        .map(|corner| Coord {
            x: corner.lon(),
            y: corner.lat(),
        })
        .collect();
    Polygon::new(outline, Vec::new()).contains(&Point::new(place.lon(), place.lat()))
}

/// Metres in a degree of latitude, on the mean sphere (IUGG).
const DEGREE_M: f64 = 111_195.08;

/// Whether the place lies outside the ring, by more than `margin` from all of it. On a flat Earth at the place: near
/// enough for a margin of kilometres at most.
#[must_use]
pub fn is_beyond(ring: &[Position], place: Position, margin: Metres) -> bool {
    if contains(ring, place) {
        return false;
    }
    let across = place.lat().to_radians().cos();
    let flat = |corner: &Position| {
        [
            (corner.lon() - place.lon()) * across * DEGREE_M,
            (corner.lat() - place.lat()) * DEGREE_M,
        ]
    };
    let from = ring.iter();
    let to = ring.iter().cycle().skip(1);
    let nearest = from
        .zip(to)
        .map(|(from, to)| squared_from_origin(flat(from), flat(to)))
        .fold(f64::INFINITY, f64::min);
    nearest > margin.as_f64() * margin.as_f64()
}

/// How far a stretch lies from the origin, squared.
fn squared_from_origin(from: [f64; 2], to: [f64; 2]) -> f64 {
    let along = [to[0] - from[0], to[1] - from[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let share = if length > 0.0 {
        (-(from[0] * along[0] + from[1] * along[1]) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let nearest = [from[0] + share * along[0], from[1] + share * along[1]];
    nearest[0] * nearest[0] + nearest[1] * nearest[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(lat: f64, lon: f64) -> Position {
        Position::new(lat, lon).expect("a position")
    }

    #[test]
    fn a_place_is_beyond_a_ring_by_more_than_the_margin_only() {
        let ring = [
            place(46.0, 20.0),
            place(46.0, 20.1),
            place(46.1, 20.1),
            place(46.1, 20.0),
        ];
        let hundred = Metres::new(100.0);
        assert!(!is_beyond(&ring, place(46.05, 20.05), hundred), "inside");
        // 0.001° of longitude is 77 m here, 0.002° is 154 m; the last side closes the ring.
        assert!(!is_beyond(&ring, place(46.05, 19.999), hundred));
        assert!(is_beyond(&ring, place(46.05, 19.998), hundred));
        assert!(!is_beyond(&ring, place(46.1008, 20.05), hundred));
        assert!(is_beyond(&ring, place(46.1010, 20.05), hundred));
    }
}
