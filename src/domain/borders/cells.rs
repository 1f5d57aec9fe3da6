//! In which region is this spot? A tree of cells, 16 by 16 at each level, fine where the lines are dense.
//!
//! A cell without edges is one region. A leaf keeps the few edges that touch it and the region of its south-west
//! corner. From the corner a path leads to the spot, first north, then east; each edge it crosses changes the region:
//!
//! ```text
//!      ┌───────────────────────────┐     Regions are small numbers. Every edge carries the difference
//!      │           ╱    B          │     `left XOR right` of the two regions it separates. So
//!      │    A     ╱                │
//!    w ├─────────╱───────●─────────│         region(spot) = region(corner) XOR difference of each edge
//!      │↑       ╱    →  spot    ╱  │                                       that the path crosses
//!      │↑      ╱               ╱   │
//!      │↑  ___╱      C    ____╱    │     and the order of the edges does not matter. Crossing is decided by the
//!      └╱──────────────────────────┘     exact predicate, so neither do grazed vertices.
//!     corner
//! ```
//!
//! Edges are not copied: a leaf names runs of consecutive edges of the partition.

use super::partition::{Partition, RegionId};
use super::predicate::{Edge, Path, Spot, Vertex};

/// Levels below the root divide each side by 2⁴.
pub(super) const FAN_BITS: u32 = 4;
pub(super) const FAN: u32 = 1 << FAN_BITS;
/// The side of a root cell: 2¹⁸ microdegrees, a quarter of a degree.
pub(super) const ROOT_BITS: u32 = 18;
/// No cell is divided below this side: 2⁶ microdegrees, some 7 m.
pub(super) const SMALLEST_BITS: u32 = 6;
/// A cell with more edges is divided.
pub(super) const LEAF_EDGES: usize = 12;

/// What one cell holds, in 32 bits: two of kind, then a region and the first run, or the first child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell(u32);

/// A [`Cell`], unpacked.
enum Content {
    /// One region throughout.
    Uniform(RegionId),
    /// Edges: the region of the south-west corner, and where the runs begin.
    Leaf(RegionId, usize),
    /// Divided: where its children begin, west to east, then south to north.
    Node(usize),
}

impl Cell {
    const RUN_MAX: usize = 1 << 22;

    pub(super) const fn uniform(region: RegionId) -> Self {
        Self((region.0 as u32) << 2)
    }

    pub(super) fn leaf(corner: RegionId, run: usize) -> Self {
        assert!(
            run < Self::RUN_MAX,
            "the index holds four million runs of edges"
        );
        Self((run as u32) << 10 | u32::from(corner.0) << 2 | 1)
    }

    pub(super) fn node(child: usize) -> Self {
        assert!(child < 1 << 30, "the index holds a billion cells");
        Self((child as u32) << 2 | 2)
    }

    const fn content(self) -> Content {
        let region = RegionId((self.0 >> 2) as u8);
        match self.0 & 3 {
            0 => Content::Uniform(region),
            1 => Content::Leaf(region, (self.0 >> 10) as usize),
            _ => Content::Node((self.0 >> 2) as usize),
        }
    }
}

/// Consecutive edges of one arc that touch a leaf.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    /// The vertex its first edge starts at.
    pub(super) start: u32,
    /// How many edges.
    pub(super) count: u16,
    /// The difference of the regions on either side.
    pub(super) difference: u8,
    /// Whether the leaf has no further run.
    pub(super) last: bool,
}

/// A square of the grid: its south-west corner and its side, in microdegrees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Square {
    pub(super) west: i64,
    pub(super) south: i64,
    pub(super) bits: u32,
}

impl Square {
    pub(super) fn side(self) -> i64 {
        1 << self.bits
    }

    pub(super) fn corner(self) -> Spot {
        Spot {
            x: self.west * 1_000,
            y: self.south * 1_000,
        }
    }

    pub(super) fn child(self, column: u32, row: u32, bits: u32) -> Self {
        Self {
            west: self.west + (i64::from(column) << bits),
            south: self.south + (i64::from(row) << bits),
            bits,
        }
    }

    /// Whether an edge has a point in this square, its sides included.
    pub(super) fn touches(self, edge: Edge) -> bool {
        let (east, north) = (self.west + self.side(), self.south + self.side());
        let (a, b) = (edge.a, edge.b);
        let apart = i64::from(a.lon.max(b.lon)) < self.west
            || i64::from(a.lon.min(b.lon)) > east
            || i64::from(a.lat.max(b.lat)) < self.south
            || i64::from(a.lat.min(b.lat)) > north;
        if apart {
            return false;
        }
        let area = |x: i64, y: i64| {
            edge.doubled_area(Spot {
                x: x * 1_000,
                y: y * 1_000,
            })
            .signum()
        };
        let sum = area(self.west, self.south)
            + area(east, self.south)
            + area(self.west, north)
            + area(east, north);
        // All four corners strictly on one side: the line passes by.
        sum.abs() != 4
    }
}

/// The index.
#[derive(Debug)]
pub(super) struct Cells {
    pub(super) west: i64,
    pub(super) south: i64,
    pub(super) columns: u32,
    pub(super) rows: u32,
    /// The root's cells first, then the children of divided cells, 256 together.
    pub(super) tree: Vec<Cell>,
    pub(super) runs: Vec<Run>,
}

/// An edge of the partition, by the number of the vertex it starts at.
pub(super) type EdgeId = u32;

impl Cells {
    /// Builds the index of a valid partition.
    pub(super) fn of(partition: &Partition) -> Self {
        super::cell_builder::Builder::new(partition).build()
    }

    /// The region of a spot.
    pub(super) fn region(&self, partition: &Partition, spot: Spot) -> RegionId {
        let Some((content, square)) = self.find(spot) else {
            return RegionId::OUTSIDE;
        };
        match content {
            Content::Uniform(region) => region,
            Content::Leaf(corner, run) => {
                let way = Way {
                    from: square.corner(),
                    to: spot,
                };
                let mut region = corner.0;
                self.each_run(run, |run| {
                    let vertices = &partition.vertices[run.range()];
                    if way.crosses_oddly(vertices) {
                        region ^= run.difference;
                    }
                });
                RegionId(region)
            }
            Content::Node(_) => RegionId::OUTSIDE,
        }
    }

    /// The leaf or uniform cell of a spot; none beyond the data.
    fn find(&self, spot: Spot) -> Option<(Content, Square)> {
        let (x, y) = spot.floor_micro();
        let (x, y) = (x - self.west, y - self.south);
        let extent = |count: u32| i64::from(count) << ROOT_BITS;
        if !(0..extent(self.columns)).contains(&x) || !(0..extent(self.rows)).contains(&y) {
            return None;
        }
        let (x, y) = (x as u32, y as u32);
        let mut bits = ROOT_BITS;
        let mut content = self.tree[((y >> bits) * self.columns + (x >> bits)) as usize].content();
        while let Content::Node(children) = content {
            bits -= FAN_BITS;
            let (column, row) = ((x >> bits) % FAN, (y >> bits) % FAN);
            content = self.tree[children + (row * FAN + column) as usize].content();
        }
        let square = Square {
            west: self.west + i64::from(x >> bits << bits),
            south: self.south + i64::from(y >> bits << bits),
            bits,
        };
        Some((content, square))
    }

    fn each_run(&self, first: usize, mut visit: impl FnMut(Run)) {
        for run in &self.runs[first..] {
            visit(*run);
            if run.last {
                return;
            }
        }
    }

    /// Visits every edge of the leaves that a path passes, some of them more than once. Only edges that separate
    /// regions are in the index.
    pub(super) fn edges_near(&self, path: Path, mut visit: impl FnMut(EdgeId, u8)) {
        let root = Square {
            west: self.west,
            south: self.south,
            bits: ROOT_BITS,
        };
        self.descend(root, (self.columns, self.rows), 0, path, &mut visit);
    }

    /// Visits the children, which begin at `first`, that the path passes. `square` gives their common corner and side.
    fn descend(
        &self,
        square: Square,
        (columns, rows): (u32, u32),
        first: usize,
        path: Path,
        visit: &mut impl FnMut(EdgeId, u8),
    ) {
        let across = square.span(path.from.x, path.to.x, square.west, columns);
        let up = square.span(path.from.y, path.to.y, square.south, rows);
        // In a single row or column, every child in the span is passed.
        let narrow = across.end - across.start <= 1 || up.end - up.start <= 1;
        for row in up {
            for column in across.clone() {
                let child = square.child(column, row, square.bits);
                if !(narrow || child.meets(path)) {
                    continue;
                }
                match self.tree[first + (row * columns + column) as usize].content() {
                    Content::Uniform(_) => {}
                    Content::Leaf(_, run) => self.each_run(run, |run| {
                        for edge in run.start..run.start + u32::from(run.count) {
                            visit(edge, run.difference);
                        }
                    }),
                    Content::Node(children) => {
                        let inner = Square {
                            bits: square.bits - FAN_BITS,
                            ..child
                        };
                        self.descend(inner, (FAN, FAN), children, path, visit);
                    }
                }
            }
        }
    }

    /// Visits the edges of every leaf.
    pub(super) fn each_leaf(&self, mut visit: impl FnMut(&[EdgeId])) {
        let mut edges: Vec<EdgeId> = Vec::new();
        for run in &self.runs {
            edges.extend(run.start..run.start + u32::from(run.count));
            if run.last {
                visit(&edges);
                edges.clear();
            }
        }
    }

    /// How many cells and runs, for `borders info`.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.tree.len(), self.runs.len())
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.tree.len() * size_of::<Cell>() + self.runs.len() * size_of::<Run>()
    }
}

impl Run {
    /// The vertices of its edges.
    fn range(self) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start + usize::from(self.count) + 1
    }
}

impl Square {
    /// Which of `count` children in a row lie between two nanodegrees; this square has the side of a child.
    fn span(self, a: i64, b: i64, origin: i64, count: u32) -> std::ops::Range<u32> {
        let child = |nano: i64| (nano.div_euclid(1_000) - origin) >> self.bits;
        let first = child(a.min(b)).clamp(0, i64::from(count)) as u32;
        let end = (child(a.max(b)) + 1).clamp(0, i64::from(count)) as u32;
        first..end
    }

    /// Whether a path may have a point in this square.
    fn meets(self, path: Path) -> bool {
        let (west, south) = (self.west * 1_000, self.south * 1_000);
        let (east, north) = (west + self.side() * 1_000, south + self.side() * 1_000);
        let (a, b) = (path.from, path.to);
        if a.x.max(b.x) < west
            || a.x.min(b.x) > east
            || a.y.max(b.y) < south
            || a.y.min(b.y) > north
        {
            return false;
        }
        // On which side of the path a point lies is linear in the point: over a square it is least at one corner and
        // greatest at the opposite one.
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let (least_y, most_y) = if dx >= 0 {
            (south, north)
        } else {
            (north, south)
        };
        let (least_x, most_x) = if dy >= 0 { (east, west) } else { (west, east) };
        // The boxes meet, so a corner is from `a` at most as far as the path and the square are long: below 2^31.
        let short = dx.abs().max(dy.abs()).max(self.side() * 1_000) < 1 << 30;
        if short {
            let area = |x: i64, y: i64| dx * (y - a.y) - dy * (x - a.x);
            area(least_x, least_y) <= 0 && area(most_x, most_y) >= 0
        } else {
            let (dx, dy) = (i128::from(dx), i128::from(dy));
            let area = |x: i64, y: i64| dx * i128::from(y - a.y) - dy * i128::from(x - a.x);
            area(least_x, least_y) <= 0 && area(most_x, most_y) >= 0
        }
    }
}

/// The way from a cell's corner to a spot: north along the cell's west side, then east.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub(super) from: Spot,
    pub(super) to: Spot,
}

impl Way {
    /// Whether a chain of edges is crossed an odd number of times.
    pub(super) fn crosses_oddly(self, vertices: &[Vertex]) -> bool {
        let turn = Spot {
            x: self.from.x,
            y: self.to.y,
        };
        let mut odd = false;
        let mut a = vertices[0];
        let mut a_east = self.from.is_west_of(a);
        let mut a_north = turn.is_south_of(a);
        for &b in &vertices[1..] {
            let (b_east, b_north) = (self.from.is_west_of(b), turn.is_south_of(b));
            let edge = Edge { a, b };
            if a_east != b_east {
                odd ^= edge.has_on_left(self.from) != edge.has_on_left(turn);
            }
            if a_north != b_north {
                odd ^= edge.has_on_left(turn) != edge.has_on_left(self.to);
            }
            (a, a_east, a_north) = (b, b_east, b_north);
        }
        odd
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As it is meant: the boxes meet, and not all four corners lie strictly on one side.
    fn meets_plainly(square: Square, path: Path) -> bool {
        let (west, south) = (square.west * 1_000, square.south * 1_000);
        let side = square.side() * 1_000;
        let (a, b) = (path.from, path.to);
        let area = |x: i64, y: i64| {
            i128::from(b.x - a.x) * i128::from(y - a.y)
                - i128::from(b.y - a.y) * i128::from(x - a.x)
        };
        let corners = [(0, 0), (side, 0), (0, side), (side, side)];
        let areas = corners.map(|(x, y)| area(west + x, south + y));
        let apart = a.x.max(b.x) < west
            || a.x.min(b.x) > west + side
            || a.y.max(b.y) < south
            || a.y.min(b.y) > south + side;
        !(apart || areas.iter().all(|area| *area > 0) || areas.iter().all(|area| *area < 0))
    }

    fn spot(reach: i64) -> impl Strategy<Value = Spot> {
        // Often on the corners and sides themselves.
        let along = move || prop_oneof![-reach..reach, (-3_i64..4).prop_map(|n| n * 64_000)];
        (along(), along()).prop_map(|(x, y)| Spot { x, y })
    }

    proptest! {
        #[test]
        fn a_path_meets_a_square_when_not_all_corners_lie_on_one_side(
            from in prop_oneof![spot(200_000), spot(180_000_000_000)],
            to in prop_oneof![spot(200_000), spot(2_000_000_000), spot(180_000_000_000)],
            (west, south) in (-3_i64..4, -3_i64..4),
            bits in prop_oneof![Just(6_u32), 0..21_u32],
        ) {
            let square = Square { west: west * 64, south: south * 64, bits };
            let path = Path { from, to };
            prop_assert_eq!(square.meets(path), meets_plainly(square, path));
        }
    }
}
