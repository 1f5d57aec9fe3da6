//! How far is the frontier? Straight chords in space, and the arc of the ellipsoid over each.
//!
//! ```text
//!        ____●────────●____        Every line is kept as points on the ellipsoid, in metres from the Earth's
//!    ●──‾    chords     ‾──●       centre, at most 700 m apart along the line of longitude and latitude. A
//!   ╱   ‾ ‾ ‾ ‾ ‾ ‾ ‾ ‾     ╲      chord of 700 m runs at most 1 cm below the surface. The nearest chord is
//!  ╱      the ellipsoid      ╲     the nearest line. Chords are searched in stretches of 16, by [`super::boxes`].
//! ```

use super::boxes::{Bounds, Boxed, Boxes};
use super::partition::{Arc, Partition};
use super::predicate::Vertex;
use crate::domain::measure::{Metres, Position};
use geo::{Distance, Geodesic, Point};

/// Semi-major axis of WGS 84, metres.
const EQUATORIAL_RADIUS_M: f64 = 6_378_137.0;
/// First eccentricity of WGS 84, squared.
const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_141_316;
/// No chord is longer, metres.
const CHORD_MAX_M: f64 = 700.0;
/// Chords in a stretch.
const CHORDS_PER_STRETCH: usize = 16;
/// Up to here the series of [`arc_over`] is exact to a millimetre, metres.
const SERIES_MAX_M: f64 = 300_000.0;

/// A point in space, metres from the Earth's centre: towards 0° E on the equator, 90° E on the equator, the north pole.
pub(super) type Space = [f64; 3];

/// The place of a position on the ellipsoid.
pub(super) fn space_of(position: Position) -> Space {
    on_ellipsoid(position.lon(), position.lat())
}

fn on_ellipsoid(lon_deg: f64, lat_deg: f64) -> Space {
    let (sin_lat, cos_lat) = lat_deg.to_radians().sin_cos();
    let (sin_lon, cos_lon) = lon_deg.to_radians().sin_cos();
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

fn squared_distance(a: Space, b: Space) -> f64 {
    let [dx, dy, dz] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    dx * dx + dy * dy + dz * dz
}

/// The point of the chord from `a` to `b` nearest to `from`.
fn nearest_on_chord(from: Space, a: Space, b: Space) -> Space {
    let along = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    let length2 = along.iter().map(|d| d * d).sum::<f64>();
    let dot = (0..3).map(|i| (from[i] - a[i]) * along[i]).sum::<f64>();
    let share = if length2 > 0.0 {
        (dot / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    [
        a[0] + share * along[0],
        a[1] + share * along[1],
        a[2] + share * along[2],
    ]
}

/// The geodesic distance between two positions, metres.
pub(super) fn geodesic_m(from: Position, to: Position) -> f64 {
    arc_to(from, space_of(from), space_of(to))
}

/// The length of the geodesic from a position, whose place is `here`, to a point on the ellipsoid, metres.
///
/// A geodesic of up to 300 km is an arc of a circle whose radius is that of the ellipsoid in its direction (Euler):
/// `s = c (1 + c²/24R² + 3c⁴/640R⁴)` over the chord `c`. Longer ones are computed by Karney's method.
fn arc_to(from: Position, here: Space, point: Space) -> f64 {
    let chord = squared_distance(here, point).sqrt();
    if chord > SERIES_MAX_M {
        let Some(to) = position_of(point) else {
            return chord;
        };
        let plain = |p: Position| Point::new(p.lon(), p.lat());
        return Geodesic.distance(plain(from), plain(to));
    }
    let bend = (chord * curvature(here, point)).powi(2);
    chord * (1.0 + bend / 24.0 + 3.0 * bend * bend / 640.0)
}

/// The curvature of the ellipsoid at `here` in the direction of `point`, 1/metres.
fn curvature(here: Space, point: Space) -> f64 {
    let axis_distance = here[0].hypot(here[1]);
    let up_z = here[2] / (1.0 - ECCENTRICITY_SQUARED);
    let scale = axis_distance.hypot(up_z);
    let (sin, cos) = (up_z / scale, axis_distance / scale);
    let flat = 1.0 - ECCENTRICITY_SQUARED * sin * sin;
    let normal = EQUATORIAL_RADIUS_M / flat.sqrt();
    let meridional = normal * (1.0 - ECCENTRICITY_SQUARED) / flat;
    let way = [point[0] - here[0], point[1] - here[1], point[2] - here[2]];
    let total = way.iter().map(|d| d * d).sum::<f64>();
    if total <= 0.0 {
        return 1.0 / normal;
    }
    // How much of the way leads north: north is at right angles to up, in the plane of the meridian.
    let outward = if axis_distance > 0.0 {
        (way[0] * here[0] + way[1] * here[1]) / axis_distance
    } else {
        way[0]
    };
    let north = (way[2] * cos - outward * sin).powi(2) / total;
    north / meridional + (1.0 - north) / normal
}

/// Some consecutive chords of one arc.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// The first of its points.
    start: u32,
    /// How many chords.
    count: u16,
    /// The arc they belong to.
    arc: u32,
}

impl Stretch {
    /// The points of its chords.
    fn range(self) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start + usize::from(self.count) + 1
    }
}

/// A line found near a position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// The arc it belongs to.
    pub(super) arc: usize,
    /// The point on it.
    pub(super) point: Space,
    /// How far along the ellipsoid.
    pub(super) distance: Metres,
}

/// Which lines to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Among {
    /// Land frontiers.
    Land,
    /// All arcs, the outer limits included.
    All,
}

/// All lines, ready to be asked for the nearest.
#[derive(Debug)]
pub(super) struct Chords {
    points: Vec<Space>,
    stretches: Vec<Stretch>,
    land: Boxes,
    all: Boxes,
}

impl Chords {
    /// Lays chords along every arc of the partition; `is_land` tells which arcs are land frontiers.
    pub(super) fn of(partition: &Partition, is_land: impl Fn(usize) -> bool) -> Self {
        let mut points = Vec::with_capacity(partition.vertices.len() * 5 / 4);
        let mut stretches = Vec::new();
        for (index, arc) in partition.arcs.iter().enumerate() {
            let first = points.len();
            lay_chords(partition, arc, &mut points);
            let last = points.len() - 1;
            for start in (first..last).step_by(CHORDS_PER_STRETCH) {
                stretches.push(Stretch {
                    start: start as u32,
                    count: CHORDS_PER_STRETCH.min(last - start) as u16,
                    arc: index as u32,
                });
            }
        }
        points.shrink_to_fit();
        let all: Vec<Boxed> = (stretches.iter().enumerate())
            .map(|(index, stretch)| Boxed {
                item: index as u32,
                bounds: Bounds::around(&points[stretch.range()]),
            })
            .collect();
        let land = (all.iter().copied())
            .filter(|boxed| is_land(stretches[boxed.item as usize].arc as usize))
            .collect();
        Self {
            land: Boxes::pack(land),
            all: Boxes::pack(all),
            points,
            stretches,
        }
    }

    fn boxes(&self, among: Among) -> &Boxes {
        match among {
            Among::Land => &self.land,
            Among::All => &self.all,
        }
    }

    /// The nearest line among the arcs to which `rank` gives a rank, if one lies within `limit_m` metres. Of lines at
    /// the same distance to the centimetre, the one with the smallest rank.
    pub(super) fn nearest<R: Ord + Copy>(
        &self,
        from: Position,
        (among, limit_m): (Among, f64),
        rank: impl Fn(usize) -> Option<R>,
    ) -> Option<Hit> {
        let here = space_of(from);
        let mut best: Option<(i64, R, usize, Space)> = None;
        let mut bound_m = limit_m;
        self.boxes(among).search(here, limit_m, |item| {
            let stretch = self.stretches[item as usize];
            let Some(rank) = rank(stretch.arc as usize) else {
                return bound_m;
            };
            let (point, squared) = self.nearest_of(stretch, here);
            let centimetres = (squared.sqrt() * 100.0).round() as i64;
            if best.is_none_or(|(least, first, ..)| (centimetres, rank) < (least, first)) {
                best = Some((centimetres, rank, stretch.arc as usize, point));
                bound_m = bound_m.min((centimetres + 1) as f64 / 100.0);
            }
            bound_m
        });
        let (_, _, arc, point) = best?;
        let distance = Metres::new(arc_to(from, here, point));
        (distance <= Metres::new(limit_m)).then_some(Hit {
            arc,
            point,
            distance,
        })
    }

    /// Visits every arc with a point within `radius_m` metres, some of them more than once, until `visit` says that it
    /// has seen enough.
    pub(super) fn within(
        &self,
        from: Position,
        radius_m: f64,
        mut visit: impl FnMut(usize) -> bool,
    ) {
        let here = space_of(from);
        let limit = radius_m * radius_m;
        self.all.search(here, radius_m, |item| {
            let stretch = self.stretches[item as usize];
            let touches = self.nearest_of(stretch, here).1 <= limit;
            if touches && visit(stretch.arc as usize) {
                -1.0
            } else {
                radius_m
            }
        });
    }

    fn nearest_of(&self, stretch: Stretch, here: Space) -> (Space, f64) {
        let points = &self.points[stretch.range()];
        let mut best = (points[0], f64::INFINITY);
        for pair in points.windows(2) {
            let point = nearest_on_chord(here, pair[0], pair[1]);
            let squared = squared_distance(here, point);
            if squared < best.1 {
                best = (point, squared);
            }
        }
        best
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.points.as_slice())
            + size_of_val(self.stretches.as_slice())
            + self.land.bytes()
            + self.all.bytes()
    }
}

/// Appends the points of one arc, long edges divided.
fn lay_chords(partition: &Partition, arc: &Arc, points: &mut Vec<Space>) {
    let vertices = &partition.vertices[arc.range()];
    let place = |v: Vertex| on_ellipsoid(v.lon_deg(), v.lat_deg());
    let mut previous = place(vertices[0]);
    points.push(previous);
    for pair in vertices.windows(2) {
        let next = place(pair[1]);
        let pieces = (squared_distance(previous, next).sqrt() / CHORD_MAX_M).ceil() as u32;
        for piece in 1..pieces {
            let share = f64::from(piece) / f64::from(pieces);
            let (a, b) = (pair[0], pair[1]);
            points.push(on_ellipsoid(
                a.lon_deg() + share * (b.lon_deg() - a.lon_deg()),
                a.lat_deg() + share * (b.lat_deg() - a.lat_deg()),
            ));
        }
        points.push(next);
        previous = next;
    }
}
