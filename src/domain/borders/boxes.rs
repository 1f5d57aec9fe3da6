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

use super::ellipsoid::Space;

/// Boxes in a box.
const FAN: usize = 8;
/// By how much boxes are enlarged, metres; an `f32` of the Earth's radius is off by up to 0.25 m.
const SLACK_M: f32 = 2.0;
/// Where the whole tree begins.
pub(super) const ROOT: u32 = 0;
/// Marks a child that is an item, not a box.
const ITEM: u32 = 1 << 31;
/// Levels of boxes at most: sixteen million items.
const LEVELS_MAX: usize = 8;
/// All but one of the boxes at each level may wait while the search goes down, and all of the last.
const WAITING_MAX: usize = LEVELS_MAX * (FAN - 1) + 1;

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
#[repr(align(64))]
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

    fn put(&mut self, slot: usize, child: u32, bounds: Bounds) {
        for axis in 0..3 {
            self.low[axis][slot] = bounds.low[axis];
            self.high[axis][slot] = bounds.high[axis];
        }
        self.child[slot] = child;
    }

    fn bounds(&self, slot: usize) -> Bounds {
        Bounds {
            low: [0, 1, 2].map(|axis: usize| self.low[axis][slot]),
            high: [0, 1, 2].map(|axis: usize| self.high[axis][slot]),
        }
    }

    /// The squared distances of the boxes.
    fn squared_distances(&self, from: [f32; 3]) -> [f32; FAN] {
        let mut sums = [0.0; FAN];
        for ((low, high), here) in self.low.iter().zip(&self.high).zip(from) {
            for slot in 0..FAN {
                let gap = greater(greater(low[slot] - here, here - high[slot]), 0.0);
                sums[slot] += gap * gap;
            }
        }
        sums
    }
}

/// The greater of two numbers: one instruction where `max`, which minds what is none, takes five.
fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The square of a limit, as squares of distances are compared to it: a little more, so that rounding takes nothing away.
/// Below zero for a limit below zero, that nothing is within. A missing box is infinitely far, also without any limit.
fn square(limit_m: f64) -> f32 {
    smaller((limit_m * limit_m.abs() * (1.0 + 1e-6)) as f32, f32::MAX)
}

/// The smaller of two numbers.
pub(super) fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// The slots with a distance of at most `limit`, a bit for each.
fn slots_within(distances: &[f32; FAN], limit: f32) -> u32 {
    let mut bits = [0_u32; FAN];
    for (slot, bit) in bits.iter_mut().enumerate() {
        *bit = if distances[slot] <= limit {
            1 << slot
        } else {
            0
        };
    }
    bits.iter().fold(0, |all, bit| all | bit)
}

/// The numbers of the bits that are set.
fn slots(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let slot = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
        Some(slot)
    })
}

/// An item and the box around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Boxed {
    /// What the packer calls it.
    pub(super) item: u32,
    /// What it lies in.
    pub(super) bounds: Bounds,
}

/// The tree. Its items are numbered as they lie in it, so that those of one box are neighbours in memory too.
#[derive(Debug)]
pub(super) struct Boxes {
    nodes: Vec<Node>,
    items: usize,
}

impl Boxes {
    /// Packs items and brings them into their order: the first is item 0.
    ///
    /// # Panics
    /// When there are more than sixteen million.
    pub(super) fn pack(items: &mut [Boxed]) -> Self {
        assert!(
            items.len() <= FAN.pow(LEVELS_MAX as u32),
            "a tree of boxes holds sixteen million stretches of line"
        );
        let mut boxes = Self {
            nodes: vec![Node::EMPTY],
            items: items.len(),
        };
        boxes.fill(0, items, 0);
        boxes
    }

    /// Fills a node with items, of which `first` is the number of the first, and returns the box around them.
    fn fill(&mut self, node: usize, items: &mut [Boxed], first: usize) -> Bounds {
        let mut share = 1;
        while share * FAN < items.len() {
            share *= FAN;
        }
        split(items, share);
        let mut all = Bounds::NOTHING;
        for (slot, part) in items.chunks_mut(share).enumerate() {
            let first = first + slot * share;
            let (bounds, child) = if let [only] = part {
                (only.bounds, first as u32 | ITEM)
            } else {
                let child = self.nodes.len();
                self.nodes.push(Node::EMPTY);
                (self.fill(child, part, first), child as u32)
            };
            self.nodes[node].put(slot, child, bounds);
            all = all.with(bounds);
        }
        all
    }

    /// An item that is near, most often the nearest: down from a node into the nearest box, and never back. It gives a
    /// search that knows no limit one to begin with. None when there are no items.
    pub(super) fn near(&self, from: Space, entry: u32) -> Option<u32> {
        let here = from.map(|value| value as f32);
        let mut child = entry;
        while child & ITEM == 0 {
            let node = &self.nodes[child as usize];
            let distances = node.squared_distances(here);
            let least = distances.iter().copied().fold(f32::MAX, smaller);
            let slot = slots_within(&distances, least).trailing_zeros();
            child = *node.child.get(slot as usize)?;
        }
        Some(child & !ITEM)
    }

    /// Visits items whose box lies within `limit_m` of a point, the nearest boxes first, beginning at a node. What `visit`
    /// returns is the limit from there on.
    pub(super) fn search(
        &self,
        from: Space,
        (entry, mut limit_m): (u32, f64),
        mut visit: impl FnMut(u32) -> f64,
    ) {
        let here = from.map(|value| value as f32);
        if limit_m < 0.0 {
            return;
        }
        let mut limit = square(limit_m);
        let mut waiting = [(0.0_f32, 0_u32); WAITING_MAX];
        waiting[0].1 = entry;
        let mut count = 1;
        while count > 0 {
            count -= 1;
            let (distance, child) = waiting[count];
            if distance > limit {
                continue;
            }
            if child & ITEM != 0 {
                limit_m = visit(child & !ITEM).min(limit_m);
                limit = square(limit_m);
                continue;
            }
            let node = &self.nodes[child as usize];
            let distances = node.squared_distances(here);
            let first = count;
            for slot in slots(slots_within(&distances, limit)) {
                // The nearest comes last, so that it is taken first.
                let mut at = count;
                while at > first && waiting[at - 1].0 < distances[slot] {
                    waiting[at] = waiting[at - 1];
                    at -= 1;
                }
                waiting[at] = (distances[slot], node.child[slot]);
                count += 1;
            }
        }
    }

    /// A node to begin at when everything within `reach_m` of a point is wanted, and hardly anything else: as far down the
    /// tree as one node allows.
    ///
    /// ```text
    ///               root                The boxes within reach are few and lie deep. The entry is a node made of
    ///            ╱   │   ╲              them, from several levels if need be: a search that begins there goes
    ///           ○    ○    ○             past the levels above.
    ///              ╱ │ ╲    ╲
    ///             ○  ◉  ◉    ◉   ◀── entry {◉ ◉ ◉}
    /// ```
    pub(super) fn entry(&mut self, from: Space, reach_m: f64) -> u32 {
        let here = from.map(|value| value as f32);
        let limit = square(reach_m);
        let mut chosen = vec![(ROOT, Bounds::NOTHING)];
        let mut next = 0;
        while let Some(&(child, _)) = chosen.get(next) {
            next += 1;
            if child & ITEM != 0 {
                continue;
            }
            let node = &self.nodes[child as usize];
            let distances = node.squared_distances(here);
            let within = slots_within(&distances, limit);
            if chosen.len() - 1 + within.count_ones() as usize <= FAN {
                next -= 1;
                chosen.swap_remove(next);
                chosen.extend(slots(within).map(|slot| (node.child[slot], node.bounds(slot))));
            }
        }
        if let [(only, _)] = chosen[..]
            && only & ITEM == 0
        {
            return only;
        }
        let mut entry = Node::EMPTY;
        for (slot, (child, bounds)) in chosen.into_iter().enumerate() {
            entry.put(slot, child, bounds);
        }
        self.nodes.push(entry);
        self.nodes.len() as u32 - 1
    }

    /// How many items.
    pub(super) fn items(&self) -> usize {
        self.items
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
