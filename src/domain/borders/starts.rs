//! Where does a search begin? For every square of the map: how far its middle lies from the lines, and the way into the
//! tree of boxes.
//!
//! ```text
//!      ┌───────────────┐        c, the middle, lies at d from the nearest land frontier, and no position of the square
//!      │     ρ ╱       │        further than ρ from c. So the nearest frontier of a position in the square lies
//!      │      c────────┼─ d ─▶     at most d + ρ from it,          where its search begins, and
//!      │               │           at most d + 2ρ from c,          which boxes the entry of the square names.
//!      └───────────────┘        A line nearer than d - ρ there is not.
//! ```
//!
//! What a search finds within such a limit is right; what it does not find is looked for from the root.

use super::boxes::{ROOT, smaller};
use super::ellipsoid::{Here, on_ellipsoid, squared_distance};
use super::partition::Partition;
use super::predicate::Vertex;
use crate::domain::measure::Position;

/// The side of a square: 2¹⁸ microdegrees, a quarter of a degree.
const SIDE_BITS: u32 = 18;
/// For rounding, and for what a square on the ellipsoid bulges, metres.
const SLACK_M: f64 = 5.0;
const SLACK_SHARE: f64 = 0.001;

/// How a search may begin in one square.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// Where to begin among the land frontiers.
    pub(super) entry: u32,
    /// How far the nearest land frontier lies from the middle, metres.
    pub(super) land_m: f32,
    /// How far the nearest of the other lines lies from the middle, metres.
    pub(super) others_m: f32,
    /// How far a position of the square lies from the middle at most, metres.
    pub(super) radius_m: f32,
}

impl Start {
    /// How a search begins where nothing is known.
    pub(super) const ANYWHERE: Self = Self {
        entry: ROOT,
        land_m: f32::INFINITY,
        others_m: 0.0,
        radius_m: f32::INFINITY,
    };

    /// How far the nearest land frontier lies at most, metres.
    pub(super) fn land_at_most_m(&self) -> f64 {
        f64::from(self.land_m) + f64::from(self.radius_m)
    }

    /// How far the nearest line of all lies at most, metres.
    pub(super) fn any_at_most_m(&self) -> f64 {
        f64::from(smaller(self.land_m, self.others_m)) + f64::from(self.radius_m)
    }

    /// How far the nearest of the other lines lies at least, metres.
    pub(super) fn others_at_least_m(&self) -> f64 {
        f64::from(self.others_m) - f64::from(self.radius_m)
    }
}

/// A square of the map.
#[derive(Debug, Clone, Copy)]
pub(super) struct Middle {
    /// Where its middle is.
    pub(super) here: Here,
    /// How far a position of the square lies from it at most, metres.
    pub(super) radius_m: f64,
}

/// The starts of all squares, west to east, then south to north.
#[derive(Debug)]
pub(super) struct Starts {
    west: i32,
    south: i32,
    columns: usize,
    rows: usize,
    squares: Vec<Start>,
}

impl Starts {
    /// Finds the start of every square over the lines of a partition.
    pub(super) fn of(partition: &Partition, mut find: impl FnMut(Middle) -> Start) -> Self {
        let least = |of: fn(&Vertex) -> i32| partition.vertices.iter().map(of).min().unwrap_or(0);
        let most = |of: fn(&Vertex) -> i32| partition.vertices.iter().map(of).max().unwrap_or(0);
        let count = |low: i32, high: i32| ((high.abs_diff(low)) >> SIDE_BITS) as usize + 1;
        let (west, south) = (least(|v| v.lon), least(|v| v.lat));
        let mut starts = Self {
            west,
            south,
            columns: count(west, most(|v| v.lon)),
            rows: count(south, most(|v| v.lat)),
            squares: Vec::new(),
        };
        for row in 0..starts.rows {
            for column in 0..starts.columns {
                starts
                    .squares
                    .extend(starts.middle(column, row).map(&mut find));
            }
        }
        starts
    }

    fn middle(&self, column: usize, row: usize) -> Option<Middle> {
        let at = |east: f64, north: f64| {
            let degrees = |origin: i32, squares: f64| {
                (f64::from(origin) + squares * f64::from(1 << SIDE_BITS)) / 1e6
            };
            let lon = degrees(self.west, column as f64 + east).clamp(-180.0, 180.0);
            (
                lon,
                degrees(self.south, row as f64 + north).clamp(-90.0, 90.0),
            )
        };
        let (lon, lat) = at(0.5, 0.5);
        let here = Here::of(Position::new(lat, lon).ok()?);
        let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
        let furthest = corners
            .map(|(east, north)| {
                let (lon, lat) = at(east, north);
                squared_distance(here.place, on_ellipsoid(lon, lat))
            })
            .into_iter()
            .fold(0.0, f64::max)
            .sqrt();
        Some(Middle {
            here,
            radius_m: furthest * (1.0 + SLACK_SHARE) + SLACK_M,
        })
    }

    /// The start of a position's square; none off the map.
    pub(super) fn at(&self, position: Position) -> Option<&Start> {
        let squares = |degrees: f64, origin: i32| {
            (degrees * 1e6 - f64::from(origin)) / f64::from(1 << SIDE_BITS)
        };
        let column = squares(position.lon(), self.west);
        let row = squares(position.lat(), self.south);
        // Off the map to the west or south the number is below zero; `as` would make it the first.
        let is_on = column >= 0.0 && row >= 0.0 && (column as usize) < self.columns;
        self.squares
            .get(row as usize * self.columns + column as usize)
            .filter(|_| is_on)
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.squares.as_slice())
    }
}
