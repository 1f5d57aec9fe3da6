//! Builds the index of [`super::cells`].

use super::cells::{
    Cell, Cells, EdgeId, FAN, FAN_BITS, LEAF_EDGES, ROOT_BITS, Run, SMALLEST_BITS, Square, Way,
};
use super::partition::{Partition, RegionId};
use super::predicate::{Edge, Spot, Vertex};

/// Builds the tree from the south-west, carrying the region of each corner to the next cell.
pub(super) struct Builder<'a> {
    partition: &'a Partition,
    /// The difference of every edge, by its first vertex.
    differences: Vec<u8>,
    index: Cells,
}

impl<'a> Builder<'a> {
    /// Before the first cell.
    pub(super) fn new(partition: &'a Partition) -> Self {
        let mut differences = vec![0; partition.vertices.len()];
        for arc in &partition.arcs {
            differences[arc.range()].fill(arc.left.0 ^ arc.right.0);
        }
        let fold = |start: i32, choose: fn(i32, i32) -> i32, of: fn(&Vertex) -> i32| {
            i64::from(partition.vertices.iter().map(of).fold(start, choose))
        };
        let (west, south) = (
            fold(i32::MAX, i32::min, |v| v.lon) - 1,
            fold(i32::MAX, i32::min, |v| v.lat) - 1,
        );
        let (east, north) = (
            fold(i32::MIN, i32::max, |v| v.lon) + 1,
            fold(i32::MIN, i32::max, |v| v.lat) + 1,
        );
        let cells_between = |low: i64, high: i64| ((high - low).max(0) >> ROOT_BITS) as u32 + 1;
        Self {
            partition,
            differences,
            index: Cells {
                west,
                south,
                columns: cells_between(west, east),
                rows: cells_between(south, north),
                tree: Vec::new(),
                runs: Vec::new(),
            },
        }
    }

    /// Builds it.
    pub(super) fn build(mut self) -> Cells {
        let edges: Vec<EdgeId> = (self.partition.arcs.iter())
            .filter(|arc| arc.left != arc.right)
            .flat_map(|arc| arc.start..arc.start + arc.len - 1)
            .collect();
        let root = Square {
            west: self.index.west,
            south: self.index.south,
            bits: ROOT_BITS,
        };
        let (columns, rows) = (self.index.columns, self.index.rows);
        self.index.tree = vec![Cell::uniform(RegionId::OUTSIDE); (columns * rows) as usize];
        self.divide(root, (columns, rows), 0, &edges, RegionId::OUTSIDE);
        self.index.tree.shrink_to_fit();
        self.index.runs.shrink_to_fit();
        self.index
    }

    fn edge(&self, id: EdgeId) -> Edge {
        self.partition.edge(id as usize)
    }

    /// Fills the children of a node, which begin at `first`, from its edges and its corner's region. `square` gives the
    /// node's corner and the side of a child.
    fn divide(
        &mut self,
        square: Square,
        (columns, rows): (u32, u32),
        first: usize,
        edges: &[EdgeId],
        corner: RegionId,
    ) {
        let shares = self.distribute(square, (columns, rows), edges);
        let mut row_corner = corner;
        for row in 0..rows {
            let mut corner = row_corner;
            for column in 0..columns {
                let at = (row * columns + column) as usize;
                let share = &shares[at];
                if share.is_empty() {
                    // Most cells: one region, which goes on in the next.
                    self.index.tree[first + at] = Cell::uniform(corner);
                    if column == 0 {
                        row_corner = corner;
                    }
                    continue;
                }
                let child = square.child(column, row, square.bits);
                self.index.tree[first + at] = self.cell(child, share, corner);
                let to = |dx: i64, dy: i64| Spot {
                    x: child.corner().x + dx * child.side() * 1_000,
                    y: child.corner().y + dy * child.side() * 1_000,
                };
                if column == 0 {
                    row_corner = self.walk(share, corner, child.corner(), to(0, 1));
                }
                corner = self.walk(share, corner, child.corner(), to(1, 0));
            }
        }
    }

    /// The region at the end of a way that begins in a known region.
    fn walk(&self, edges: &[EdgeId], region: RegionId, from: Spot, to: Spot) -> RegionId {
        let way = Way { from, to };
        RegionId(edges.iter().fold(region.0, |region, &id| {
            let edge = self.edge(id);
            let crossed = way.crosses_oddly(&[edge.a, edge.b]);
            region ^ (self.differences[id as usize] * u8::from(crossed))
        }))
    }

    fn cell(&mut self, square: Square, edges: &[EdgeId], corner: RegionId) -> Cell {
        if edges.is_empty() {
            return Cell::uniform(corner);
        }
        if edges.len() <= LEAF_EDGES || square.bits < SMALLEST_BITS + FAN_BITS {
            return Cell::leaf(corner, self.push_runs(edges));
        }
        let first = self.index.tree.len();
        self.index.tree.resize(
            first + (FAN * FAN) as usize,
            Cell::uniform(RegionId::OUTSIDE),
        );
        let inner = Square {
            bits: square.bits - FAN_BITS,
            ..square
        };
        self.divide(inner, (FAN, FAN), first, edges, corner);
        Cell::node(first)
    }

    /// Which edges touch which child.
    fn distribute(
        &self,
        square: Square,
        (columns, rows): (u32, u32),
        edges: &[EdgeId],
    ) -> Vec<Vec<EdgeId>> {
        let mut shares = vec![Vec::new(); (columns * rows) as usize];
        // A vertex on the side between two children touches both.
        let span = |a: i32, b: i32, origin: i64, count: u32| {
            let (low, high) = (i64::from(a.min(b)) - origin, i64::from(a.max(b)) - origin);
            let most = i64::from(count) - 1;
            let first = ((low - 1) >> square.bits).clamp(0, most) as u32;
            let last = (high >> square.bits).clamp(0, most) as u32;
            first..=last
        };
        for &id in edges {
            let edge = self.edge(id);
            let across = span(edge.a.lon, edge.b.lon, square.west, columns);
            for row in span(edge.a.lat, edge.b.lat, square.south, rows) {
                for column in across.clone() {
                    if square.child(column, row, square.bits).touches(edge) {
                        shares[(row * columns + column) as usize].push(id);
                    }
                }
            }
        }
        shares
    }

    /// Stores ascending edges as runs; the number of the first run.
    fn push_runs(&mut self, edges: &[EdgeId]) -> usize {
        let first = self.index.runs.len();
        for group in edges.chunk_by(|one, next| one + 1 == *next) {
            for part in group.chunks(usize::from(u16::MAX)) {
                self.index.runs.push(Run {
                    start: part[0],
                    count: part.len() as u16,
                    difference: self.differences[part[0] as usize],
                    last: false,
                });
            }
        }
        if let Some(run) = self.index.runs.last_mut() {
            run.last = true;
        }
        first
    }
}
