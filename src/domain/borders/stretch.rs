//! How far is a stretch of line? Sixteen chords, measured together.
//!
//! ```text
//!       offsets from the middle, f32         1. All sixteen distances at once, in f32: no branch, so the compiler
//!        ●──●──●─●    ●──●                      lays them side by side. Off by up to the slack.
//!           middle ✕ ╱                       2. Only the chords within the slack of the least are measured in f64:
//!                ●──●                           one, or two that share the nearest vertex.
//! ```
//!
//! The points of a line *are* the middle plus the offset: within 0.3 mm of the published vertex, and both measures
//! speak of the same points.

use super::ellipsoid::{Space, dot, way};

/// Chords in a stretch.
pub(super) const CHORDS: usize = 16;
const POINTS: usize = CHORDS + 1;
/// How far the distances in f32 may be off: five units in the last place of the distance, and of a stretch's extent.
const SLACK_M: f32 = 0.05;
const SLACK_SHARE: f32 = 1e-6;

/// Consecutive chords of one arc.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Stretch {
    /// Its points from the middle, axis by axis, metres; the last is repeated where there are fewer chords.
    offsets: [[f32; POINTS]; 3],
    middle: Space,
    /// The arc they belong to.
    pub(super) arc: u32,
}

/// The squares of the distances of all chords, nearly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rough {
    squares: [f32; CHORDS],
    /// The least of them.
    pub(super) least: f32,
}

/// The nearest point of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Foot {
    /// Where.
    pub(super) point: Space,
    /// The square of the distance to it, through the Earth.
    pub(super) squared: f64,
}

/// The square of the rough distance at which a line that lies `within_m` metres away may seem to be, at most.
pub(super) fn seeming(within_m: f64) -> f32 {
    let seeming = within_m as f32 * (1.0 + SLACK_SHARE) + SLACK_M;
    seeming * seeming
}

impl Stretch {
    /// From at most seventeen consecutive points.
    pub(super) fn new(points: &[Space], arc: u32) -> Self {
        // Whole metres: the offsets begin from a number that every float has.
        let middle = points[points.len() / 2].map(f64::round);
        let mut offsets = [[0.0; POINTS]; 3];
        for (index, slot) in (0..POINTS).zip(0..) {
            let point = points[index.min(points.len() - 1)];
            for axis in 0..3 {
                offsets[axis][slot] = (point[axis] - middle[axis]) as f32;
            }
        }
        Self {
            offsets,
            middle,
            arc,
        }
    }

    /// All distances at once.
    pub(super) fn rough(&self, from: Space) -> Rough {
        let [x, y, z] = &self.offsets;
        let [from_x, from_y, from_z] = way(self.middle, from).map(|value| value as f32);
        let mut squares = [0.0; CHORDS];
        for (chord, square) in squares.iter_mut().enumerate() {
            let (along_x, to_x) = (x[chord + 1] - x[chord], from_x - x[chord]);
            let (along_y, to_y) = (y[chord + 1] - y[chord], from_y - y[chord]);
            let (along_z, to_z) = (z[chord + 1] - z[chord], from_z - z[chord]);
            let length2 = along_x * along_x + along_y * along_y + along_z * along_z;
            let covered = to_x * along_x + to_y * along_y + to_z * along_z;
            // A chord of no length has no covered way either.
            let share = covered / (length2 + f32::MIN_POSITIVE);
            let share = if share > 0.0 { share } else { 0.0 };
            let share = if share < 1.0 { share } else { 1.0 };
            let gap_x = to_x - share * along_x;
            let gap_y = to_y - share * along_y;
            let gap_z = to_z - share * along_z;
            *square = gap_x * gap_x + gap_y * gap_y + gap_z * gap_z;
        }
        let mut lanes = [f32::INFINITY; 4];
        for four in squares.chunks_exact(4) {
            for (lane, square) in lanes.iter_mut().zip(four) {
                *lane = if *square < *lane { *square } else { *lane };
            }
        }
        let least = lanes[0].min(lanes[1]).min(lanes[2].min(lanes[3]));
        Rough { squares, least }
    }

    /// The nearest of its points, given their rough distances.
    pub(super) fn foot(&self, from: Space, rough: &Rough) -> Foot {
        let from = way(self.middle, from);
        // The true least seems no further than this.
        let least = f64::from(rough.least.sqrt());
        let most = seeming(least + f64::from(SLACK_M + SLACK_SHARE * least as f32));
        let mut best = Foot {
            point: self.middle,
            squared: f64::INFINITY,
        };
        for (chord, square) in rough.squares.iter().enumerate() {
            if *square <= most {
                let foot = nearest_on_chord(from, self.point(chord), self.point(chord + 1));
                if foot.squared < best.squared {
                    best = foot;
                }
            }
        }
        for (value, middle) in best.point.iter_mut().zip(self.middle) {
            *value += middle;
        }
        best
    }

    /// The nearest of its points, all chords measured in f64.
    #[cfg(test)]
    pub(super) fn foot_by_hand(&self, from: Space) -> Foot {
        let rough = Rough {
            squares: [0.0; CHORDS],
            least: 0.0,
        };
        self.foot(from, &rough)
    }

    fn point(&self, index: usize) -> Space {
        [0, 1, 2].map(|axis: usize| f64::from(self.offsets[axis][index]))
    }
}

/// The point of the chord from `a` to `b` nearest to `from`.
fn nearest_on_chord(from: Space, a: Space, b: Space) -> Foot {
    let along = way(a, b);
    let length2 = dot(along, along);
    let share = if length2 > 0.0 {
        (dot(way(a, from), along) / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let point = [0, 1, 2].map(|axis: usize| a[axis] + share * along[axis]);
    let gap = way(point, from);
    Foot {
        point,
        squared: dot(gap, gap),
    }
}
