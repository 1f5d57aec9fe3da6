//! The map as lines: every place where one region ends and the next begins, once, with what lies on either side.
//!
//! ```text
//!                  left: DE
//!      ────●───────●────────●──────▶   an arc: vertices in order, one region on the left, one on the right,
//!                  right: DE|LU         and the frontier it belongs to (if any)
//! ```
//!
//! A region is a set of states with a standing. Two territories with the same set and standing are one region; what
//! has no polygons is region 0. An arc with the same region on both sides separates nothing, but may still be a
//! published frontier (a line inside a disputed area).

use super::predicate::{Edge, Vertex};
use super::{Frontier, LineKind};
use crate::domain::ids::StateSet;

/// The longest edge the predicates are proven for, in microdegrees either way: some 8 degrees.
pub const EDGE_SPAN_MAX: i32 = 1 << 23;

/// The number of a region in [`Partition::regions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionId(pub u8);

impl RegionId {
    /// What has no polygons: open sea, and states outside the data.
    pub const OUTSIDE: Self = Self(0);
}

/// How the states of a region hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// One state's own, or no state's at all.
    Sovereign,
    /// A condominium: the law of every state named.
    Condominium,
    /// Disputed, never delimited, or claimed twice by the data: the states named claim it.
    Disputed,
}

/// A set of states and how they hold the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    /// The states; empty for the outside.
    pub states: StateSet,
    /// How they hold it.
    pub standing: Standing,
}

impl Region {
    /// What has no polygons.
    pub const OUTSIDE: Self = Self {
        states: StateSet::NONE,
        standing: Standing::Sovereign,
    };
}

/// A frontier line that arcs belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    /// Between which states.
    pub frontier: Frontier,
    /// On land, at sea, or the far edge of a claim.
    pub kind: LineKind,
}

/// A chain of edges with the same regions on its sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arc {
    /// On the left, going from the first vertex to the last.
    pub left: RegionId,
    /// On the right.
    pub right: RegionId,
    /// The number in [`Partition::lines`]; none on the outer limit of the data.
    pub line: Option<u16>,
    /// The first of its vertices in [`Partition::vertices`].
    pub start: u32,
    /// How many vertices: at least two.
    pub len: u32,
}

impl Arc {
    /// Where its vertices lie in [`Partition::vertices`].
    #[must_use]
    pub const fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

/// All regions, frontiers and arcs of one border set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Regions by number; the first is [`Region::OUTSIDE`].
    pub regions: Vec<Region>,
    /// Frontier lines by number, sorted.
    pub lines: Vec<Line>,
    /// Arcs, whose vertices follow each other in `vertices` without gap.
    pub arcs: Vec<Arc>,
    /// The vertices of all arcs.
    pub vertices: Vec<Vertex>,
}

/// Why a [`Partition`] cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PartitionError {
    /// Region 0 must be the outside, and there is room for 256.
    #[error(
        "the border data has {count} regions, of which the first must be the outside: build it again"
    )]
    Regions {
        /// How many there are.
        count: usize,
    },
    /// An arc names what does not exist.
    #[error(
        "arc {arc} of the border data names a region, line or vertex that is not there: build it again"
    )]
    Arc {
        /// Its number.
        arc: usize,
    },
    /// An edge is too long for exact arithmetic, or has no length.
    #[error(
        "an edge at {vertex:?} of the border data is empty or longer than 8 degrees: build it from sound polygons"
    )]
    Edge {
        /// Where it starts.
        vertex: Vertex,
    },
    /// The regions around a vertex contradict each other.
    #[error(
        "the regions around {vertex:?} of the border data contradict each other: build it from a partition"
    )]
    Vertex {
        /// Where.
        vertex: Vertex,
    },
}

impl Partition {
    /// Checks what the atlas rests on: numbers in range, edges of a length that the predicates are exact for, and at
    /// every vertex regions that agree all the way round.
    ///
    /// # Errors
    /// [`PartitionError`] naming the first fault.
    pub fn validate(&self) -> Result<(), PartitionError> {
        let count = self.regions.len();
        if count > 256 || self.regions.first() != Some(&Region::OUTSIDE) {
            return Err(PartitionError::Regions { count });
        }
        let mut next = 0;
        for (index, arc) in self.arcs.iter().enumerate() {
            let line_exists = arc
                .line
                .is_none_or(|line| usize::from(line) < self.lines.len());
            let regions_exist = usize::from(arc.left.0.max(arc.right.0)) < count;
            let follows = arc.start as usize == next && arc.len >= 2;
            next += arc.len as usize;
            if !(line_exists && regions_exist && follows && next <= self.vertices.len()) {
                return Err(PartitionError::Arc { arc: index });
            }
            self.validate_edges(arc)?;
        }
        if next == self.vertices.len() {
            self.validate_ends()
        } else {
            Err(PartitionError::Arc {
                arc: self.arcs.len(),
            })
        }
    }

    fn validate_edges(&self, arc: &Arc) -> Result<(), PartitionError> {
        for pair in self.vertices[arc.range()].windows(2) {
            let (dx, dy) = (
                pair[0].lon.abs_diff(pair[1].lon),
                pair[0].lat.abs_diff(pair[1].lat),
            );
            let span = dx.max(dy);
            if span == 0 || span > EDGE_SPAN_MAX as u32 {
                return Err(PartitionError::Edge { vertex: pair[0] });
            }
        }
        Ok(())
    }

    /// Going once round a vertex must end in the region it began in: the differences of all arcs that end there cancel.
    /// (Inside an arc both edges carry the same difference, so only ends need a look.)
    fn validate_ends(&self) -> Result<(), PartitionError> {
        let mut ends: Vec<(Vertex, u8)> = Vec::with_capacity(self.arcs.len() * 2);
        for arc in &self.arcs {
            let range = arc.range();
            let difference = arc.left.0 ^ arc.right.0;
            ends.push((self.vertices[range.start], difference));
            ends.push((self.vertices[range.end - 1], difference));
        }
        ends.sort_unstable();
        for group in ends.chunk_by(|one, other| one.0 == other.0) {
            if group
                .iter()
                .fold(0, |sum, (_, difference)| sum ^ difference)
                != 0
            {
                return Err(PartitionError::Vertex { vertex: group[0].0 });
            }
        }
        Ok(())
    }

    /// The region of this number; numbers beyond the table are the outside.
    #[must_use]
    pub fn region(&self, id: RegionId) -> Region {
        self.regions
            .get(usize::from(id.0))
            .copied()
            .unwrap_or(Region::OUTSIDE)
    }

    /// The frontier line of an arc.
    #[must_use]
    pub fn line(&self, arc: &Arc) -> Option<Line> {
        arc.line.map(|line| self.lines[usize::from(line)])
    }

    /// The edge that starts at a vertex (which is not the last of its arc).
    pub(super) fn edge(&self, start: usize) -> Edge {
        Edge {
            a: self.vertices[start],
            b: self.vertices[start + 1],
        }
    }

    /// The number of the arc that a vertex belongs to.
    pub(super) fn arc_of(&self, vertex: usize) -> usize {
        self.arcs
            .partition_point(|arc| arc.start as usize <= vertex)
            .saturating_sub(1)
    }
}
