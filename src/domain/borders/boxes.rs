//! Boxes in boxes: which stretches of line can be near?
//!
//! A tree of boxes in space, eight in each, packed once and never changed. The search goes down to the nearest box
//! first and turns back where a box is further away than what it has found:
//!
//! ```text
//!      ┌──────────┐ ┌─────┐         q asks. The left box is nearer: the line in it is found first, at d.
//!   q  │ ┌──┐ ┌──┐│ │     │         The right box is further than d: nothing in it is looked at.
//!   ●──┼─│~~│ │~~││ │     │
//!      └─└──┘─└──┘┘ └─────┘
//! ```
//!
//! Boxes are `f32`, each made [`SLACK_M`] larger than what it holds, more than rounding takes away: a box never seems
//! further than its lines.

use super::distance::Space;

/// Boxes in a box.
const FAN: usize = 8;
/// By how much boxes are enlarged, metres; an `f32` of the Earth's radius is off by up to 0.25 m.
const SLACK_M: f32 = 2.0;
/// Marks a child that is an item, not a box.
const ITEM: u32 = 1 << 31;
/// Deeper than seven boxes waiting at each of the levels that four billion items would take.
const WAITING_MAX: usize = 96;

/// A box: its least and greatest coordinates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    low: [f32; 3],
    high: [f32; 3],
}

impl Bounds {
    const NOTHING: Self = Self {
        low: [f32::INFINITY; 3],
        high: [f32::NEG_INFINITY; 3],
    };

    /// The box around some points, enlarged.
    pub(super) fn around(points: &[Space]) -> Self {
        let mut bounds = Self::NOTHING;
        for point in points {
            for (axis, value) in point.map(|value| value as f32).into_iter().enumerate() {
                bounds.low[axis] = bounds.low[axis].min(value - SLACK_M);
                bounds.high[axis] = bounds.high[axis].max(value + SLACK_M);
            }
        }
        bounds
    }

    fn with(self, other: Self) -> Self {
        let mut bounds = self;
        for axis in 0..3 {
            bounds.low[axis] = bounds.low[axis].min(other.low[axis]);
            bounds.high[axis] = bounds.high[axis].max(other.high[axis]);
        }
        bounds
    }

    fn middle(self, axis: usize) -> f32 {
        self.low[axis].midpoint(self.high[axis])
    }
}

/// Eight boxes, axis by axis so that they are measured together; missing ones are infinitely far.
#[derive(Debug, Clone, Copy)]
struct Node {
    low: [[f32; FAN]; 3],
    high: [[f32; FAN]; 3],
    child: [u32; FAN],
}

impl Node {
    const EMPTY: Self = Self {
        low: [[f32::INFINITY; FAN]; 3],
        high: [[f32::NEG_INFINITY; FAN]; 3],
        child: [ITEM; FAN],
    };

    /// The squared distances of the eight boxes.
    fn squared_distances(&self, from: [f32; 3]) -> [f32; FAN] {
        let mut sums = [0.0; FAN];
        for ((low, high), here) in self.low.iter().zip(&self.high).zip(from) {
            for slot in 0..FAN {
                let gap = (low[slot] - here).max(here - high[slot]).max(0.0);
                sums[slot] += gap * gap;
            }
        }
        sums
    }
}

/// An item and the box around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Boxed {
    /// The number of the item.
    pub(super) item: u32,
    /// What it lies in.
    pub(super) bounds: Bounds,
}

/// The tree.
#[derive(Debug)]
pub(super) struct Boxes {
    nodes: Vec<Node>,
}

impl Boxes {
    /// Packs items.
    pub(super) fn pack(mut items: Vec<Boxed>) -> Self {
        let mut boxes = Self {
            nodes: vec![Node::EMPTY],
        };
        boxes.fill(0, &mut items);
        boxes
    }

    /// Fills a node with items and returns the box around them.
    fn fill(&mut self, node: usize, items: &mut [Boxed]) -> Bounds {
        let mut share = 1;
        while share * FAN < items.len() {
            share *= FAN;
        }
        split(items, share);
        let mut all = Bounds::NOTHING;
        for (slot, part) in items.chunks_mut(share).enumerate() {
            let (bounds, child) = if let [only] = part {
                (only.bounds, only.item | ITEM)
            } else {
                let child = self.nodes.len();
                self.nodes.push(Node::EMPTY);
                (self.fill(child, part), child as u32)
            };
            let filled = &mut self.nodes[node];
            for axis in 0..3 {
                filled.low[axis][slot] = bounds.low[axis];
                filled.high[axis][slot] = bounds.high[axis];
            }
            filled.child[slot] = child;
            all = all.with(bounds);
        }
        all
    }

    /// Visits items whose box lies within `limit_m` of a point, the nearest boxes first. What `visit` returns is the
    /// limit from there on.
    pub(super) fn search(&self, from: Space, mut limit_m: f64, mut visit: impl FnMut(u32) -> f64) {
        let here = from.map(|value| value as f32);
        let squared = |limit: f64| (limit * limit) as f32;
        let mut limit = squared(limit_m);
        let mut waiting = [(0.0_f32, 0_u32); WAITING_MAX];
        let mut count = 1;
        while count > 0 {
            count -= 1;
            let (distance, child) = waiting[count];
            if distance > limit {
                continue;
            }
            if child & ITEM != 0 {
                limit_m = visit(child & !ITEM).min(limit_m);
                limit = squared(limit_m);
                continue;
            }
            let node = &self.nodes[child as usize];
            let distances = node.squared_distances(here);
            let first = count;
            for (slot, &distance) in distances.iter().enumerate() {
                // A missing box is infinitely far, also when there is no limit.
                if distance <= limit && distance < f32::INFINITY {
                    // The nearest comes last, so that it is taken first.
                    let mut at = count;
                    while at > first && waiting[at - 1].0 < distance {
                        waiting[at] = waiting[at - 1];
                        at -= 1;
                    }
                    waiting[at] = (distance, node.child[slot]);
                    count += 1;
                }
            }
        }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.nodes.len() * size_of::<Node>()
    }
}

/// Orders items so that each `share` of them, taken in turn, lie together: halves the pile across its longest side
/// until a share is left.
fn split(items: &mut [Boxed], share: usize) {
    let parts = items.len().div_ceil(share);
    if parts < 2 {
        return;
    }
    let (mut low, mut high) = ([f32::INFINITY; 3], [f32::NEG_INFINITY; 3]);
    for item in &*items {
        for axis in 0..3 {
            let middle = item.bounds.middle(axis);
            low[axis] = low[axis].min(middle);
            high[axis] = high[axis].max(middle);
        }
    }
    let extent = |axis: usize| high[axis] - low[axis];
    let longest = if extent(0) >= extent(1) && extent(0) >= extent(2) {
        0
    } else if extent(1) >= extent(2) {
        1
    } else {
        2
    };
    let half = parts / 2 * share;
    items.select_nth_unstable_by(half, |one, other| {
        (one.bounds
            .middle(longest)
            .total_cmp(&other.bounds.middle(longest)))
        .then(one.item.cmp(&other.item))
    });
    let (first, second) = items.split_at_mut(half);
    split(first, share);
    split(second, share);
}
