//! Which frontier lines touch a window? For drawing.

use super::Window;
use super::partition::{Line, Partition};
use super::predicate::Vertex;
use crate::domain::measure::Position;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::ops::Range;

/// Edges in a box.
const EDGES_PER_BOX: usize = 64;

/// A box in microdegrees around some consecutive edges, which begin at a vertex.
type LineBox = GeomWithData<Rectangle<[i32; 2]>, u32>;

/// All frontier lines in boxes.
pub(super) struct LineBoxes(RTree<LineBox>);

impl LineBoxes {
    pub(super) fn of(partition: &Partition) -> Self {
        let mut boxes = Vec::new();
        for arc in partition.arcs.iter().filter(|arc| arc.line.is_some()) {
            let last = arc.range().end - 1;
            for start in arc
                .range()
                .take(arc.len as usize - 1)
                .step_by(EDGES_PER_BOX)
            {
                let part = start..=(start + EDGES_PER_BOX).min(last);
                let corners = partition.vertices[part].iter().map(|v| [v.lon, v.lat]);
                let around = AABB::from_points(corners.collect::<Vec<_>>().iter());
                boxes.push(LineBox::new(Rectangle::from_aabb(around), start as u32));
            }
        }
        Self(RTree::bulk_load(boxes))
    }

    /// Chains of the edges whose boxes touch the window.
    pub(super) fn within(
        &self,
        partition: &Partition,
        window: Window,
    ) -> Vec<(Line, Vec<Position>)> {
        let (low, high) = (
            corner(window.south_west, f64::floor),
            corner(window.north_east, f64::ceil),
        );
        let mut starts: Vec<usize> = self
            .0
            .locate_in_envelope_intersecting(&AABB::from_corners(low, high))
            .map(|found| found.data as usize)
            .collect();
        starts.sort_unstable();
        let mut chains: Vec<Range<usize>> = Vec::new();
        for start in starts {
            let arc = partition.arcs[partition.arc_of(start)].range();
            for edge in start..(start + EDGES_PER_BOX).min(arc.end - 1) {
                let (a, b) = (partition.vertices[edge], partition.vertices[edge + 1]);
                if !touches((low, high), a, b) {
                    continue;
                }
                match chains.last_mut() {
                    // The next edge of the same arc; the last vertex of an arc starts no edge.
                    Some(chain) if chain.end == edge + 1 => chain.end = edge + 2,
                    _ => chains.push(edge..edge + 2),
                }
            }
        }
        chains
            .into_iter()
            .filter_map(|chain| {
                let line = partition.line(&partition.arcs[partition.arc_of(chain.start)])?;
                let places = partition.vertices[chain]
                    .iter()
                    .filter_map(|v| v.position());
                Some((line, places.collect()))
            })
            .collect()
    }
}

fn corner(position: Position, round: fn(f64) -> f64) -> [i32; 2] {
    [
        round(position.lon() * 1e6) as i32,
        round(position.lat() * 1e6) as i32,
    ]
}

fn touches((low, high): ([i32; 2], [i32; 2]), a: Vertex, b: Vertex) -> bool {
    a.lon.max(b.lon) >= low[0]
        && a.lon.min(b.lon) <= high[0]
        && a.lat.max(b.lat) >= low[1]
        && a.lat.min(b.lat) <= high[1]
}
