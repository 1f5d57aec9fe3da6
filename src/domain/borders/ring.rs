//! Whether a place lies in a small agreed area, such as that of a joint patrol.

use crate::domain::measure::Position;
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
