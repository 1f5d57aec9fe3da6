//! How far is the frontier? Straight chords in space, and the arc of the ellipsoid over each.
//!
//! ```text
//!        ____●────────●____        Every line is kept as points on the ellipsoid, in metres from the Earth's
//!    ●──‾    chords     ‾──●       centre, at most 700 m apart along the line of longitude and latitude. A
//!   ╱   ‾ ‾ ‾ ‾ ‾ ‾ ‾ ‾     ╲      chord of 700 m runs at most 1 cm below the surface. The nearest chord is
//!  ╱      the ellipsoid      ╲     the nearest line; chords come in boxes of 16 in an R-tree.
//! ```

use super::partition::{Arc, Partition};
use super::predicate::Vertex;
use crate::domain::measure::{Metres, Position};
use geo::{Distance, Geodesic, Point};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// Semi-major axis of WGS 84, metres.
const EQUATORIAL_RADIUS_M: f64 = 6_378_137.0;
/// First eccentricity of WGS 84, squared.
const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_141_316;
/// No chord is longer, metres.
const CHORD_MAX_M: f64 = 700.0;
/// Chords in a box of the tree.
const CHORDS_PER_BOX: usize = 16;
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
fn position_of(point: Space) -> Option<Position> {
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
    let chord = squared_distance(space_of(from), space_of(to)).sqrt();
    arc_over(from, to, chord)
}

/// The length of the geodesic over a chord, metres.
///
/// A geodesic of up to 300 km is an arc of a circle whose radius is that of the ellipsoid in its direction (Euler):
/// `s = c (1 + c²/24R² + 3c⁴/640R⁴)`. Longer ones are computed by Karney's method.
fn arc_over(from: Position, to: Position, chord: f64) -> f64 {
    if chord > SERIES_MAX_M {
        let point = |p: Position| Point::new(p.lon(), p.lat());
        return Geodesic.distance(point(from), point(to));
    }
    let lat = ((from.lat() + to.lat()) / 2.0).to_radians();
    let (sin, cos) = lat.sin_cos();
    let flat = 1.0 - ECCENTRICITY_SQUARED * sin * sin;
    let normal = EQUATORIAL_RADIUS_M / flat.sqrt();
    let meridional = normal * (1.0 - ECCENTRICITY_SQUARED) / flat;
    let north = (to.lat() - from.lat()) * meridional;
    let east = (to.lon() - from.lon()) * cos * normal;
    let square = north * north + east * east;
    let curvature = if square > 0.0 {
        (north * north / meridional + east * east / normal) / square
    } else {
        0.0
    };
    let bend = (chord * curvature).powi(2);
    chord * (1.0 + bend / 24.0 + 3.0 * bend * bend / 640.0)
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

/// A line found near a position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// The arc it belongs to.
    pub(super) arc: usize,
    /// The point on it.
    pub(super) point: Position,
    /// How far along the ellipsoid.
    pub(super) distance: Metres,
}

/// All lines, ready to be asked for the nearest.
pub(super) struct Chords {
    points: Vec<Space>,
    stretches: Vec<Stretch>,
    tree: RTree<GeomWithData<Rectangle<Space>, u32>>,
}

impl Chords {
    /// Lays chords along every arc of the partition.
    pub(super) fn of(partition: &Partition) -> Self {
        let mut points = Vec::with_capacity(partition.vertices.len() * 5 / 4);
        let mut stretches = Vec::new();
        for (index, arc) in partition.arcs.iter().enumerate() {
            let first = points.len();
            lay_chords(partition, arc, &mut points);
            let last = points.len() - 1;
            for start in (first..last).step_by(CHORDS_PER_BOX) {
                stretches.push(Stretch {
                    start: start as u32,
                    count: CHORDS_PER_BOX.min(last - start) as u16,
                    arc: index as u32,
                });
            }
        }
        points.shrink_to_fit();
        let boxes = stretches
            .iter()
            .enumerate()
            .map(|(index, stretch)| {
                let around = AABB::from_points(points[stretch.range()].iter());
                GeomWithData::new(Rectangle::from_aabb(around), index as u32)
            })
            .collect();
        Self {
            tree: RTree::bulk_load(boxes),
            points,
            stretches,
        }
    }

    /// The nearest line among the arcs that `wanted` accepts, if one lies within `limit_m` metres. Of lines at the same
    /// distance to the centimetre, the one with the smallest `rank`.
    pub(super) fn nearest<R: Ord + Copy>(
        &self,
        from: Position,
        limit_m: f64,
        wanted: impl Fn(usize) -> Option<R>,
    ) -> Option<Hit> {
        let here = space_of(from);
        let mut best: Option<(i64, R, usize, Space)> = None;
        for (item, squared) in self.tree.nearest_neighbor_iter_with_distance_2(&here) {
            let bound_m = best.map_or(limit_m, |(cm, ..)| (cm + 1) as f64 / 100.0);
            if squared > bound_m * bound_m {
                break;
            }
            let stretch = self.stretches[item.data as usize];
            let Some(rank) = wanted(stretch.arc as usize) else {
                continue;
            };
            let (point, squared) = self.nearest_of(stretch, here);
            let candidate = (
                (squared.sqrt() * 100.0).round() as i64,
                rank,
                stretch.arc as usize,
                point,
            );
            if best.is_none_or(|best| (candidate.0, candidate.1) < (best.0, best.1)) {
                best = Some(candidate);
            }
        }
        let (_, _, arc, point) = best?;
        let point_position = position_of(point)?;
        let chord = squared_distance(here, point).sqrt();
        let distance = Metres::new(arc_over(from, point_position, chord));
        (distance <= Metres::new(limit_m)).then_some(Hit {
            arc,
            point: point_position,
            distance,
        })
    }

    /// Visits every arc with a point within `radius_m` metres, some of them more than once.
    pub(super) fn within(&self, from: Position, radius_m: f64, mut visit: impl FnMut(usize)) {
        let here = space_of(from);
        let limit = radius_m * radius_m;
        for (item, squared) in self.tree.nearest_neighbor_iter_with_distance_2(&here) {
            if squared > limit {
                return;
            }
            let stretch = self.stretches[item.data as usize];
            if self.nearest_of(stretch, here).1 <= limit {
                visit(stretch.arc as usize);
            }
        }
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

    /// Bytes held, the tree estimated.
    pub(super) fn bytes(&self) -> usize {
        self.points.len() * size_of::<Space>() + self.stretches.len() * (size_of::<Stretch>() + 80)
    }
}

impl Stretch {
    /// The points of its chords.
    fn range(self) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start + usize::from(self.count) + 1
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
