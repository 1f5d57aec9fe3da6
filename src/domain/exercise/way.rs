//! Where somebody is at a time: along a hand-made course, or through hand-made places, smoothly.

use crate::domain::measure::{Metres, Position, PositionError, Span};
use std::sync::Arc;

/// A course is cut into pieces no longer than about this, metres.
const PIECE_M: f64 = 8.0;
/// The direction on a course is that between two places so far before and behind, metres.
const REACH_M: f64 = 4.0;
/// Slower than this a receiver has no course to tell, metres a second.
const STANDING_MPS: f64 = 0.4;

/// A plane in metres around a place: good to some centimetres over the tens of kilometres of an exercise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    origin: Position,
    east_m: f64,
    north_m: f64,
}

impl Plane {
    /// Around this place.
    #[must_use]
    pub fn around(origin: Position) -> Self {
        // Length of a degree on the WGS 84 ellipsoid, by the usual series in the latitude.
        let lat = origin.lat().to_radians();
        Self {
            origin,
            east_m: 111_412.84 * lat.cos() - 93.5 * (3.0 * lat).cos() + 0.118 * (5.0 * lat).cos(),
            north_m: 111_132.92 - 559.82 * (2.0 * lat).cos() + 1.175 * (4.0 * lat).cos(),
        }
    }

    /// A place on the plane.
    #[must_use]
    pub fn of(&self, position: Position) -> [f64; 2] {
        [
            (position.lon() - self.origin.lon()) * self.east_m,
            (position.lat() - self.origin.lat()) * self.north_m,
        ]
    }

    /// A place on Earth, to 1e-7 degrees as receivers tell it.
    ///
    /// # Errors
    /// [`PositionError`] beyond the poles or the date line: no exercise goes there.
    pub fn position(&self, [east, north]: [f64; 2]) -> Result<Position, PositionError> {
        let fine = |degrees: f64| (degrees * 1e7).round() / 1e7;
        Position::new(
            fine(self.origin.lat() + north / self.north_m),
            fine(self.origin.lon() + east / self.east_m),
        )
    }
}

/// A road as drawn by hand: smooth through its points, measured in metres from one of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    plane: Plane,
    // Metres along, east, north.
    pieces: Vec<[f64; 3]>,
}

/// Why points are no course.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CourseError {
    /// Fewer than two points.
    #[error("a course has at least two points, this one has {0}")]
    TooShort(usize),
    /// The point that distances count from is not there.
    #[error(
        "point {zero} is to be kilometre 0, but there are only {points}; the first is number 1"
    )]
    NoZero {
        /// Which was named.
        zero: usize,
        /// How many there are.
        points: usize,
    },
    /// Two points at the same place.
    #[error("point {0} of the course lies where the point before it lies")]
    Twice(usize),
}

impl Course {
    /// The course through these points; metres along it count from point number `zero` (from 1), and are negative
    /// before it.
    ///
    /// # Errors
    /// [`CourseError`].
    pub fn through(points: &[Position], zero: usize) -> Result<Self, CourseError> {
        let origin = zero.checked_sub(1).and_then(|zero| points.get(zero));
        let Some(origin) = origin else {
            let points = points.len();
            return Err(CourseError::NoZero { zero, points });
        };
        if points.len() < 2 {
            return Err(CourseError::TooShort(points.len()));
        }
        let plane = Plane::around(*origin);
        let flat: Vec<[f64; 2]> = points.iter().map(|point| plane.of(*point)).collect();
        if let Some(twice) = flat.windows(2).position(|two| gap(two[0], two[1]) < 0.01) {
            return Err(CourseError::Twice(twice + 2));
        }
        let mut pieces = vec![[0.0, flat[0][0], flat[0][1]]];
        let mut start = 0.0;
        for index in 0..flat.len() - 1 {
            if index + 1 == zero {
                start = last(&pieces)[0];
            }
            smooth(&flat, index, &mut pieces);
        }
        if zero == flat.len() {
            start = last(&pieces)[0];
        }
        for piece in &mut pieces {
            piece[0] -= start;
        }
        Ok(Self { plane, pieces })
    }

    /// The metres at which it begins and ends.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        (self.pieces[0][0], last(&self.pieces)[0])
    }

    fn flat(&self, along: f64) -> [f64; 2] {
        let after = self
            .pieces
            .partition_point(|piece| piece[0] <= along)
            .clamp(1, self.pieces.len() - 1);
        let ([from, e1, n1], [to, e2, n2]) = (self.pieces[after - 1], self.pieces[after]);
        let share = (along - from) / (to - from);
        [e1 + share * (e2 - e1), n1 + share * (n2 - n1)]
    }
}

fn last(pieces: &[[f64; 3]]) -> [f64; 3] {
    pieces[pieces.len() - 1]
}

fn gap(a: [f64; 2], b: [f64; 2]) -> f64 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}

/// Adds the stretch from point `index` to the next: a centripetal Catmull–Rom curve, which makes no loops.
fn smooth(points: &[[f64; 2]], index: usize, pieces: &mut Vec<[f64; 3]>) {
    let (from, to) = (points[index], points[index + 1]);
    let mirrored =
        |centre: [f64; 2], of: [f64; 2]| [2.0 * centre[0] - of[0], 2.0 * centre[1] - of[1]];
    let before = index
        .checked_sub(1)
        .map_or_else(|| mirrored(from, to), |before| points[before]);
    let after = points
        .get(index + 2)
        .copied()
        .unwrap_or_else(|| mirrored(to, from));
    let knot = |start: f64, one, other| start + gap(one, other).sqrt();
    let at_from = knot(0.0, before, from);
    let at_to = knot(at_from, from, to);
    let at_after = knot(at_to, to, after);
    let steps = (gap(from, to) / PIECE_M).ceil().max(1.0) as usize;
    for step in 1..=steps {
        let now = at_from + (at_to - at_from) * step as f64 / steps as f64;
        let mix = |one: [f64; 2], other: [f64; 2], start: f64, end: f64| {
            let share = (now - start) / (end - start);
            [0, 1].map(|axis| one[axis] + share * (other[axis] - one[axis]))
        };
        // Neville's scheme: three lines, two parabolas, one cubic.
        let lines = [
            mix(before, from, 0.0, at_from),
            mix(from, to, at_from, at_to),
            mix(to, after, at_to, at_after),
        ];
        let one = mix(lines[0], lines[1], 0.0, at_to);
        let other = mix(lines[1], lines[2], at_from, at_after);
        let [east, north] = mix(one, other, at_from, at_to);
        let [along, last_east, last_north] = last(pieces);
        let length = gap([last_east, last_north], [east, north]);
        pieces.push([along + length, east, north]);
    }
}

/// A quantity given at some times and smooth between them: monotone cubic interpolation (Fritsch and Carlson 1980),
/// so that a car that waits stands still and none overshoots.
#[derive(Debug, Clone, PartialEq)]
struct Graph {
    // Seconds, value, slope.
    knots: Vec<[f64; 3]>,
}

impl Graph {
    /// Times must rise.
    fn through(given: &[(f64, f64)]) -> Self {
        let secants: Vec<f64> = given
            .windows(2)
            .map(|two| (two[1].1 - two[0].1) / (two[1].0 - two[0].0))
            .collect();
        let slope = |index: usize| -> f64 {
            let before = index.checked_sub(1).and_then(|i| secants.get(i));
            match (before, secants.get(index)) {
                (Some(before), Some(after)) if before * after > 0.0 => {
                    let h1 = given[index].0 - given[index - 1].0;
                    let h2 = given[index + 1].0 - given[index].0;
                    let (w1, w2) = (2.0 * h2 + h1, h2 + 2.0 * h1);
                    (w1 + w2) / (w1 / before + w2 / after)
                }
                (Some(only), None) | (None, Some(only)) => *only,
                // Turning, standing, or nothing else given.
                (Some(_), Some(_)) | (None, None) => 0.0,
            }
        };
        Self {
            knots: (0..given.len())
                .map(|index| [given[index].0, given[index].1, slope(index)])
                .collect(),
        }
    }

    /// The value and its change a second; before the first and after the last time it rests.
    fn at(&self, t: f64) -> (f64, f64) {
        let after = self.knots.partition_point(|knot| knot[0] <= t);
        let Some(before) = after.checked_sub(1) else {
            return (self.knots[0][1], 0.0);
        };
        let [t1, v1, s1] = self.knots[before];
        let Some([t2, v2, s2]) = self.knots.get(after).copied() else {
            return (v1, 0.0);
        };
        let (h, u) = (t2 - t1, (t - t1) / (t2 - t1));
        let (u2, u3) = (u * u, u * u * u);
        let value = v1 * (2.0 * u3 - 3.0 * u2 + 1.0)
            + h * s1 * (u3 - 2.0 * u2 + u)
            + v2 * (3.0 * u2 - 2.0 * u3)
            + h * s2 * (u3 - u2);
        let change = (v2 - v1) / h * 6.0 * (u - u2)
            + s1 * (3.0 * u2 - 4.0 * u + 1.0)
            + s2 * (3.0 * u2 - 2.0 * u);
        (value, change)
    }
}

/// Where somebody is at every time of a lap.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    line: Line,
    altitude: Option<Graph>,
}

#[derive(Debug, Clone, PartialEq)]
enum Line {
    Along {
        course: Arc<Course>,
        metres: Graph,
    },
    Free {
        plane: Plane,
        east: Graph,
        north: Graph,
    },
}

/// Somebody at one moment, as it truly is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Where.
    pub position: Position,
    /// How fast over ground, metres a second.
    pub speed_mps: f64,
    /// Whereto, degrees from true north; `None` while standing.
    pub course_deg: Option<f64>,
    /// How high above the ellipsoid, metres, for what flies.
    pub altitude_m: Option<f64>,
}

/// Why legs are no way.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum WayError {
    /// Nobody can be nowhere.
    #[error("a way has at least one leg")]
    Empty,
    /// Times must rise.
    #[error("leg {0} is not later than the leg before it")]
    NotLater(usize),
    /// The course ends earlier.
    #[error("leg {leg} is at km {km}, but the course goes from km {from} to km {to}")]
    BeyondCourse {
        /// Which leg, from 1.
        leg: usize,
        /// Where it is said to be.
        km: f64,
        /// Where the course begins.
        from: f64,
        /// Where it ends.
        to: f64,
    },
}

fn rising(times: impl Iterator<Item = Span>) -> Result<(), WayError> {
    let mut before = None;
    let mut number = 0;
    for at in times {
        number += 1;
        if before.is_some_and(|before| at <= before) {
            return Err(WayError::NotLater(number));
        }
        before = Some(at);
    }
    before.map(|_| ()).ok_or(WayError::Empty)
}

impl Way {
    /// Along a course: when, and how many metres from its zero. It may wait and turn.
    ///
    /// # Errors
    /// [`WayError`].
    pub fn along(course: Arc<Course>, legs: &[(Span, f64)]) -> Result<Self, WayError> {
        rising(legs.iter().map(|leg| leg.0))?;
        let (from, to) = course.ends();
        let beyond = legs
            .iter()
            .position(|(_, metres)| *metres < from - 1.0 || *metres > to + 1.0);
        if let Some(index) = beyond {
            return Err(WayError::BeyondCourse {
                leg: index + 1,
                km: legs[index].1 / 1_000.0,
                from: (from / 10.0).ceil() / 100.0,
                to: (to / 10.0).floor() / 100.0,
            });
        }
        let metres: Vec<(f64, f64)> = legs.iter().map(|(at, m)| (at.as_secs_f64(), *m)).collect();
        Ok(Self {
            line: Line::Along {
                course,
                metres: Graph::through(&metres),
            },
            altitude: None,
        })
    }

    /// Through places, each at its time.
    ///
    /// # Errors
    /// [`WayError`].
    pub fn free(legs: &[(Span, Position)]) -> Result<Self, WayError> {
        rising(legs.iter().map(|leg| leg.0))?;
        let plane = Plane::around(legs[0].1);
        let axis = |axis: usize| {
            let given: Vec<(f64, f64)> = legs
                .iter()
                .map(|(at, position)| (at.as_secs_f64(), plane.of(*position)[axis]))
                .collect();
            Graph::through(&given)
        };
        Ok(Self {
            line: Line::Free {
                plane,
                east: axis(0),
                north: axis(1),
            },
            altitude: None,
        })
    }

    /// The same way at these heights, metres above the ellipsoid.
    ///
    /// # Errors
    /// [`WayError`] when the times do not rise.
    pub fn at_heights(self, legs: &[(Span, f64)]) -> Result<Self, WayError> {
        rising(legs.iter().map(|leg| leg.0))?;
        let given: Vec<(f64, f64)> = legs.iter().map(|(at, m)| (at.as_secs_f64(), *m)).collect();
        Ok(Self {
            altitude: Some(Graph::through(&given)),
            ..self
        })
    }

    /// The place at a time of the lap, moved by an error of the receiver in metres east and north.
    ///
    /// # Errors
    /// [`PositionError`] beyond the poles or the date line.
    pub fn at(&self, t: Span, [east_m, north_m]: [f64; 2]) -> Result<Place, PositionError> {
        let t = t.as_secs_f64();
        let (plane, flat, velocity) = match &self.line {
            Line::Along { course, metres } => {
                let (along, change) = metres.at(t);
                let (behind, before) = (course.flat(along - REACH_M), course.flat(along + REACH_M));
                let length = gap(behind, before).max(0.001);
                let velocity = [
                    (before[0] - behind[0]) / length * change,
                    (before[1] - behind[1]) / length * change,
                ];
                (course.plane, course.flat(along), velocity)
            }
            Line::Free { plane, east, north } => {
                let ((e, ve), (n, vn)) = (east.at(t), north.at(t));
                (*plane, [e, n], [ve, vn])
            }
        };
        let speed_mps = velocity[0].hypot(velocity[1]);
        let course_deg = velocity[0]
            .atan2(velocity[1])
            .to_degrees()
            .rem_euclid(360.0);
        Ok(Place {
            position: plane.position([flat[0] + east_m, flat[1] + north_m])?,
            speed_mps,
            course_deg: (speed_mps > STANDING_MPS).then_some(course_deg),
            altitude_m: self.altitude.as_ref().map(|graph| graph.at(t).0),
        })
    }
}

/// How far two places of an exercise lie apart, on the plane around the first.
#[must_use]
pub fn apart(one: Position, other: Position) -> Metres {
    let [east, north] = Plane::around(one).of(other);
    Metres::new(east.hypot(north))
}
