//! From published polygons and lines to one [`Partition`].
//!
//! Neighbours share their vertices as the same whole numbers, so a frontier is found by comparing, not by computing:
//! sort all edges of all rings, and equal edges meet. An edge that two rings own has a state on either side; one with a
//! single owner has the outside, or a state without polygons, beyond it. Joint areas are laid over: their edges either
//! are edges of the partition or run inside one state.

use super::partition::{Arc, Line, Partition, PartitionError, Region, RegionId, Standing};
use super::predicate::{Spot, Vertex};
use super::sources::{JointArea, Ring, Sources, any_contains, bounds, runs_counterclockwise};
use super::{Frontier, JointKind, LineKind};
use crate::domain::ids::{State, StateSet};

/// Why polygons and lines do not make a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssembleError {
    /// Two rings claim the same side of an edge.
    #[error(
        "the edge from {from:?} to {to:?} has {one} and {other} on the same side: the polygons overlap"
    )]
    Overlap {
        /// One end.
        from: Vertex,
        /// The other end.
        to: Vertex,
        /// Who claims the side.
        one: StateSet,
        /// Who claims it too.
        other: StateSet,
    },
    /// More frontiers than numbers for them.
    #[error("the border data names {count} frontier lines: at most 65535 fit")]
    Lines {
        /// How many.
        count: usize,
    },
    /// The result contradicts itself.
    #[error(transparent)]
    Partition(#[from] PartitionError),
}

/// What is known of an edge; left and right are seen going from the smaller vertex to the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sides<T> {
    left: Option<T>,
    right: Option<T>,
}

impl<T> Default for Sides<T> {
    fn default() -> Self {
        Self {
            left: None,
            right: None,
        }
    }
}

/// The two ends of an edge, the smaller first.
pub(super) type Key = (Vertex, Vertex);

/// The edge between two vertices, whichever way it runs.
pub(super) fn key(from: Vertex, to: Vertex) -> Key {
    (from.min(to), from.max(to))
}

/// One side of one edge, as a ring gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    /// Which edge.
    pub(super) key: Key,
    /// Whether the owner lies on the left, going from the smaller vertex to the greater.
    pub(super) on_left: bool,
    /// The number of the owner.
    pub(super) owner: u16,
}

/// An edge with all that lies beside it.
#[derive(Debug, Clone, Copy)]
struct Entry {
    key: Key,
    state: Sides<u16>,
    joint: Sides<u16>,
    line: Option<u16>,
    placed: bool,
}

/// Makes the partition.
///
/// # Errors
/// [`AssembleError`] when polygons overlap or the result contradicts itself.
pub fn assemble(sources: &Sources) -> Result<Partition, AssembleError> {
    let mut entries = merge_edges(sources)?;
    lay_joint_areas(sources, &mut entries);
    let mut lines = line_table(sources);
    assign_lines(sources, &mut lines, &mut entries);
    lines.sort_by_key(|line| *line);
    if lines.len() > usize::from(u16::MAX) {
        return Err(AssembleError::Lines { count: lines.len() });
    }
    let partition = chain(sources, entries, lines);
    partition.validate()?;
    Ok(partition)
}

/// Every ring with what it encloses on its left: `(owner, vertices)`, for holes the other way round.
fn rings<'a>(
    owners: impl Iterator<Item = &'a Vec<Vec<Ring>>> + 'a,
) -> impl Iterator<Item = (u16, bool, &'a Ring)> + 'a {
    owners.enumerate().flat_map(|(owner, polygons)| {
        polygons.iter().flat_map(move |polygon| {
            polygon.iter().enumerate().map(move |(index, ring)| {
                // A hole that runs counterclockwise has its own inside on the left, the polygon on the right.
                let inside_on_left = runs_counterclockwise(ring) == (index == 0);
                (owner as u16, inside_on_left, ring)
            })
        })
    })
}

/// All claims of all rings, sorted by edge.
pub(super) fn claims<'a>(owners: impl Iterator<Item = &'a Vec<Vec<Ring>>> + 'a) -> Vec<Claim> {
    let mut claims: Vec<Claim> = rings(owners)
        .flat_map(|(owner, inside_on_left, ring)| {
            ring.windows(2).map(move |pair| Claim {
                key: key(pair[0], pair[1]),
                on_left: inside_on_left == (pair[0] < pair[1]),
                owner,
            })
        })
        .collect();
    claims.sort_unstable();
    claims
}

/// The sides of every edge, sorted; an error when two claims name the same side.
fn sides(
    claims: &[Claim],
    name: impl Fn(u16) -> StateSet,
) -> Result<Vec<(Key, Sides<u16>)>, AssembleError> {
    let mut edges: Vec<(Key, Sides<u16>)> = Vec::with_capacity(claims.len());
    for claim in claims {
        if edges.last().is_none_or(|(key, _)| *key != claim.key) {
            edges.push((claim.key, Sides::default()));
        }
        let Some((_, sides)) = edges.last_mut() else {
            continue;
        };
        let side = if claim.on_left {
            &mut sides.left
        } else {
            &mut sides.right
        };
        if let Some(owner) = side.replace(claim.owner) {
            return Err(AssembleError::Overlap {
                from: claim.key.0,
                to: claim.key.1,
                one: name(owner),
                other: name(claim.owner),
            });
        }
    }
    Ok(edges)
}

fn merge_edges(sources: &Sources) -> Result<Vec<Entry>, AssembleError> {
    let state_claims = claims(sources.territories.iter().map(|t| &t.polygons));
    let states = sides(&state_claims, |owner| {
        StateSet::one(sources.territories[usize::from(owner)].state)
    })?;
    let joint_claims = claims(sources.joint_areas.iter().map(|area| &area.polygons));
    let joints = sides(&joint_claims, |owner| {
        sources.joint_areas[usize::from(owner)].states
    })?;
    let mut entries: Vec<Entry> = states
        .into_iter()
        .map(|(key, state)| Entry {
            key,
            state,
            joint: Sides::default(),
            line: None,
            placed: false,
        })
        .collect();
    let known = entries.len();
    for (key, joint) in joints {
        match entries[..known].binary_search_by_key(&key, |entry| entry.key) {
            Ok(index) => entries[index].joint = joint,
            Err(_) => entries.push(Entry {
                key,
                state: Sides::default(),
                joint,
                line: None,
                placed: false,
            }),
        }
    }
    entries.sort_unstable_by_key(|entry| entry.key);
    Ok(entries)
}

/// Completes what edges do not say themselves: the joint area around an edge that runs inside one, and the state around
/// an edge that only a joint area has.
fn lay_joint_areas(sources: &Sources, entries: &mut [Entry]) {
    for (index, area) in sources.joint_areas.iter().enumerate() {
        let boxes: Vec<(Vertex, Vertex)> = area.polygons.iter().filter_map(|p| bounds(p)).collect();
        for entry in entries.iter_mut() {
            let bare = entry.joint == Sides::default();
            if bare && boxes.iter().any(|around| touches(entry.key, *around)) {
                let middle = Spot::midway(entry.key.0, entry.key.1);
                if any_contains(&area.polygons, middle) {
                    let area = Some(index as u16);
                    entry.joint = Sides {
                        left: area,
                        right: area,
                    };
                }
            }
        }
        surround_with_states(sources, area, entries);
    }
}

fn touches(key: Key, (low, high): (Vertex, Vertex)) -> bool {
    let (a, b) = key;
    a.lon.max(b.lon) >= low.lon
        && a.lon.min(b.lon) <= high.lon
        && a.lat.max(b.lat) >= low.lat
        && a.lat.min(b.lat) <= high.lat
}

/// A chain of edges that only the joint area has runs inside one state: ask once for each chain.
fn surround_with_states(sources: &Sources, area: &JointArea, entries: &mut [Entry]) {
    for ring in area.polygons.iter().flatten() {
        let mut around: Option<Option<u16>> = None;
        for pair in ring.windows(2) {
            let Some(index) = find(entries, key(pair[0], pair[1])) else {
                continue;
            };
            if entries[index].state != Sides::default() {
                around = None;
                continue;
            }
            let state = *around.get_or_insert_with(|| {
                let middle = Spot::midway(pair[0], pair[1]);
                let found = sources
                    .territories
                    .iter()
                    .position(|territory| any_contains(&territory.polygons, middle));
                found.map(|owner| owner as u16)
            });
            entries[index].state = Sides {
                left: state,
                right: state,
            };
        }
    }
}

fn find(entries: &[Entry], key: Key) -> Option<usize> {
    entries.binary_search_by_key(&key, |entry| entry.key).ok()
}

fn line_table(sources: &Sources) -> Vec<Line> {
    let mut lines: Vec<Line> = sources
        .lines
        .iter()
        .map(|line| Line {
            frontier: line.frontier,
            kind: line.kind,
        })
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// Names the line of every edge. What the published lines leave out is completed: an edge between two states counts as
/// land, the edge of a condominium is a land frontier of its states, the far edge of a claim is a claim.
fn assign_lines(sources: &Sources, lines: &mut Vec<Line>, entries: &mut [Entry]) {
    let mut wanted: Vec<(usize, Line)> = Vec::new();
    for published in &sources.lines {
        let line = Line {
            frontier: published.frontier,
            kind: published.kind,
        };
        for pair in published.chains.iter().flat_map(|chain| chain.windows(2)) {
            if let Some(index) = find(entries, key(pair[0], pair[1])) {
                wanted.push((index, line));
            }
        }
    }
    let mut named = vec![false; entries.len()];
    for (index, _) in &wanted {
        named[*index] = true;
    }
    for (index, entry) in entries
        .iter()
        .enumerate()
        .filter(|(index, _)| !named[*index])
    {
        if let Some(line) = unpublished_line(sources, entry) {
            wanted.push((index, line));
        }
    }
    lines.extend(wanted.iter().map(|(_, line)| *line));
    lines.sort_unstable();
    lines.dedup();
    for (index, line) in wanted {
        entries[index].line = lines.binary_search(&line).ok().map(|at| at as u16);
    }
}

fn unpublished_line(sources: &Sources, entry: &Entry) -> Option<Line> {
    let state = |owner: u16| sources.territories[usize::from(owner)].state;
    if let (Some(left), Some(right)) = (entry.state.left, entry.state.right)
        && left != right
    {
        return Some(Line {
            frontier: Frontier::between(state(left), state(right)),
            kind: LineKind::Land,
        });
    }
    if entry.joint.left == entry.joint.right {
        return None;
    }
    let area = &sources.joint_areas[usize::from(entry.joint.left.or(entry.joint.right)?)];
    let members: Vec<State> = area.states.iter().collect();
    let [one, other] = members[..] else {
        return None;
    };
    let kind = match area.kind {
        JointKind::Condominium => LineKind::Land,
        JointKind::Disputed | JointKind::Undelimited | JointKind::Overlap => LineKind::Claim,
    };
    Some(Line {
        frontier: Frontier::between(one, other),
        kind,
    })
}

/// The regions that occur, the outside first.
fn region_table(sources: &Sources) -> Vec<Region> {
    let mut regions: Vec<Region> = sources
        .territories
        .iter()
        .map(|territory| Region {
            states: StateSet::one(territory.state),
            standing: Standing::Sovereign,
        })
        .chain(sources.joint_areas.iter().map(joint_region))
        .collect();
    regions.sort_unstable();
    regions.dedup();
    regions.insert(0, Region::OUTSIDE);
    regions
}

fn joint_region(area: &JointArea) -> Region {
    Region {
        states: area.states,
        standing: area.kind.standing(),
    }
}

/// Walks every ring and strings edges with equal sides and line into arcs, each edge once.
fn chain(sources: &Sources, mut entries: Vec<Entry>, lines: Vec<Line>) -> Partition {
    let regions = region_table(sources);
    let id = |region: Region| {
        let found = regions.iter().position(|known| *known == region);
        RegionId(found.unwrap_or(0) as u8)
    };
    let of_state: Vec<RegionId> = (sources.territories.iter())
        .map(|territory| {
            id(Region {
                states: StateSet::one(territory.state),
                standing: Standing::Sovereign,
            })
        })
        .collect();
    let of_joint: Vec<RegionId> = (sources.joint_areas.iter())
        .map(|area| id(joint_region(area)))
        .collect();
    let region = |joint: Option<u16>, state: Option<u16>| match (joint, state) {
        (Some(area), _) => of_joint[usize::from(area)],
        (None, Some(owner)) => of_state[usize::from(owner)],
        (None, None) => RegionId::OUTSIDE,
    };
    let all_rings = (sources.territories.iter().map(|t| &t.polygons))
        .chain(sources.joint_areas.iter().map(|area| &area.polygons))
        .flatten()
        .flatten();
    let mut strung = Strung::default();
    for ring in all_rings {
        strung.cut();
        for pair in ring.windows(2) {
            let Some(index) = find(&entries, key(pair[0], pair[1])) else {
                continue;
            };
            let entry = &mut entries[index];
            if std::mem::replace(&mut entry.placed, true) {
                strung.cut();
                continue;
            }
            let left = region(entry.joint.left, entry.state.left);
            let right = region(entry.joint.right, entry.state.right);
            let forward = pair[0] < pair[1];
            let label = if forward {
                (left, right)
            } else {
                (right, left)
            };
            strung.push(label, entry.line, pair[0], pair[1]);
        }
    }
    Partition {
        regions,
        lines,
        arcs: strung.arcs,
        vertices: strung.vertices,
    }
}

/// Arcs in the making.
#[derive(Default)]
struct Strung {
    arcs: Vec<Arc>,
    vertices: Vec<Vertex>,
    open: bool,
}

impl Strung {
    /// The next edge starts a new arc.
    fn cut(&mut self) {
        self.open = false;
    }

    fn push(
        &mut self,
        (left, right): (RegionId, RegionId),
        line: Option<u16>,
        from: Vertex,
        to: Vertex,
    ) {
        if let Some(arc) = self.arcs.last_mut()
            && self.open
            && (arc.left, arc.right, arc.line) == (left, right, line)
        {
            arc.len += 1;
            self.vertices.push(to);
            return;
        }
        self.arcs.push(Arc {
            left,
            right,
            line,
            start: self.vertices.len() as u32,
            len: 2,
        });
        self.vertices.extend([from, to]);
        self.open = true;
    }
}
