//! Do polygons, lines and joint areas fit together? What `limes borders check` prints.

use super::assemble::{Claim, Key, claims, key};
use super::cells::Cells;
use super::partition::Partition;
use super::predicate::{Edge, Vertex};
use super::sources::Sources;
use super::{Frontier, LineKind};
use crate::domain::ids::{State, StateSet};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A ring of fewer than three corners, not closed, or with a vertex twice in a row.
    Ring {
        /// Whose.
        state: State,
        /// Where it begins, when it has a vertex.
        at: Option<Vertex>,
    },
    /// An edge that three rings own, or two on the same side.
    Owners {
        /// One end.
        at: Vertex,
        /// Its owners, one for each ring.
        owners: Vec<State>,
    },
    /// An edge of a frontier line that does not lie between the two states it names.
    Line {
        /// What the line says.
        frontier: Frontier,
        /// One end.
        at: Vertex,
        /// Who owns the edge.
        owners: Vec<State>,
    },
    /// A vertex where the edges with a single owner do not go on: the outer limit is open.
    OpenLimit {
        /// Where.
        at: Vertex,
    },
    /// Two edges that cross, or one that ends inside another.
    Crossing {
        /// One end of the first.
        at: Vertex,
        /// One end of the second.
        other: Vertex,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ring {
                state,
                at: Some(at),
            } => {
                write!(
                    f,
                    "a ring of {state} at {} is not closed or not simple",
                    Place(*at)
                )
            }
            Self::Ring { state, at: None } => write!(f, "a ring of {state} is empty"),
            Self::Owners { at, owners } => {
                write!(
                    f,
                    "the edge at {} is owned by {}",
                    Place(*at),
                    Names(owners)
                )
            }
            Self::Line {
                frontier,
                at,
                owners,
            } => write!(
                f,
                "the line {frontier} at {} lies on an edge owned by {}",
                Place(*at),
                Names(owners)
            ),
            Self::OpenLimit { at } => {
                write!(f, "the outer limit is open at {}", Place(*at))
            }
            Self::Crossing { at, other } => write!(
                f,
                "the edge at {} and the edge at {} cross",
                Place(*at),
                Place(*other)
            ),
        }
    }
}

/// `47.50000 N 19.04000 E` for a vertex, as `lat, lon`.
struct Place(Vertex);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}, {:.6}", self.0.lat_deg(), self.0.lon_deg())
    }
}

/// `HU and RO`, or `nobody`.
struct Names<'a>(&'a [State]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nobody");
        }
        for (index, state) in self.0.iter().enumerate() {
            let joint = if index == 0 { "" } else { " and " };
            write!(f, "{joint}{state}")?;
        }
        Ok(())
    }
}

/// Ground or water without a state, enclosed by states: a pocket neither neighbour claims, or open sea.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// A vertex of its rim.
    pub at: Vertex,
    /// The states around it, alphabetical.
    pub around: Vec<State>,
    /// Its size, roughly, in hectares.
    pub hectares: u64,
}

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// Rings of states.
    pub rings: usize,
    /// Edges that two states share.
    pub shared_edges: usize,
    /// Edges with one owner.
    pub single_edges: usize,
    /// Closed loops that the edges with one owner form.
    pub limits: usize,
    /// Edges of frontier lines.
    pub line_edges: usize,
    /// Shared edges in no frontier line, by frontier: the atlas takes them as land.
    pub without_line: BTreeMap<Frontier, usize>,
    /// Enclosed ground or water of no state.
    pub gaps: Vec<Gap>,
    /// What must not be.
    pub faults: Vec<Fault>,
}

/// Looks at polygons and lines.
#[must_use]
pub fn check_sources(sources: &Sources) -> Findings {
    let mut findings = Findings::default();
    check_rings(sources, &mut findings);
    let claims = claims(sources.territories.iter().map(|t| &t.polygons));
    let owned: Vec<&[Claim]> = claims.chunk_by(|one, other| one.key == other.key).collect();
    for edge in &owned {
        match edge {
            [_] => findings.single_edges += 1,
            [one, other] if one.on_left != other.on_left && one.owner != other.owner => {
                findings.shared_edges += 1;
            }
            _ => findings.faults.push(Fault::Owners {
                at: edge[0].key.0,
                owners: names(sources, edge),
            }),
        }
    }
    check_lines(sources, &owned, &mut findings);
    check_limits(sources, &owned, &mut findings);
    findings
}

fn names(sources: &Sources, edge: &[Claim]) -> Vec<State> {
    let mut names: Vec<State> = edge
        .iter()
        .map(|claim| sources.territories[usize::from(claim.owner)].state)
        .collect();
    names.sort_unstable();
    names
}

fn check_rings(sources: &Sources, findings: &mut Findings) {
    for territory in &sources.territories {
        for ring in territory.polygons.iter().flatten() {
            findings.rings += 1;
            let sound = ring.len() >= 4
                && ring.first() == ring.last()
                && ring.windows(2).all(|pair| pair[0] != pair[1]);
            if !sound {
                findings.faults.push(Fault::Ring {
                    state: territory.state,
                    at: ring.first().copied(),
                });
            }
        }
    }
}

fn check_lines(sources: &Sources, owned: &[&[Claim]], findings: &mut Findings) {
    let mapped: BTreeSet<State> = sources.territories.iter().map(|t| t.state).collect();
    let mut seen: BTreeSet<Key> = BTreeSet::new();
    for line in &sources.lines {
        let (a, b) = line.frontier.states();
        let wanted: Vec<State> = [a, b].into_iter().filter(|s| mapped.contains(s)).collect();
        for pair in line.chains.iter().flat_map(|chain| chain.windows(2)) {
            let key = key(pair[0], pair[1]);
            findings.line_edges += 1;
            let owners = owned
                .binary_search_by_key(&key, |edge| edge[0].key)
                .map_or_else(|_| Vec::new(), |at| names(sources, owned[at]));
            let first = seen.insert(key);
            if owners != wanted || !first {
                findings.faults.push(Fault::Line {
                    frontier: line.frontier,
                    at: pair[0],
                    owners,
                });
            }
        }
    }
    for edge in owned.iter().filter(|edge| edge.len() == 2) {
        if !seen.contains(&edge[0].key)
            && let [one, other] = names(sources, edge)[..]
        {
            let frontier = Frontier::between(one, other);
            *findings.without_line.entry(frontier).or_default() += 1;
        }
    }
}

/// A loop of edges with one owner, in the making: who owns its edges, and twice its signed area.
struct Rim {
    at: Vertex,
    around: StateList,
    doubled_area: i128,
}

type StateList = BTreeSet<State>;

fn check_limits(sources: &Sources, owned: &[&[Claim]], findings: &mut Findings) {
    let single: Vec<&Claim> = owned
        .iter()
        .filter(|edge| edge.len() == 1)
        .map(|edge| &edge[0])
        .collect();
    let mut ends: Vec<(Vertex, usize)> = (single.iter().enumerate())
        .flat_map(|(index, claim)| [(claim.key.0, index), (claim.key.1, index)])
        .collect();
    ends.sort_unstable();
    let mut groups = Groups::of(single.len());
    for around in ends.chunk_by(|one, other| one.0 == other.0) {
        if around.len() % 2 == 1 {
            findings.faults.push(Fault::OpenLimit { at: around[0].0 });
        }
        for pair in around.windows(2) {
            groups.join(pair[0].1, pair[1].1);
        }
    }
    let mut rims: BTreeMap<usize, Rim> = BTreeMap::new();
    for (index, claim) in single.iter().enumerate() {
        let rim = rims.entry(groups.root(index)).or_insert_with(|| Rim {
            at: claim.key.0,
            around: StateList::new(),
            doubled_area: 0,
        });
        rim.around
            .insert(sources.territories[usize::from(claim.owner)].state);
        let (a, b) = claim.key;
        let cross = i64::from(a.lon) * i64::from(b.lat) - i64::from(b.lon) * i64::from(a.lat);
        let sign = if claim.on_left { 1 } else { -1 };
        rim.doubled_area += sign * i128::from(cross);
    }
    findings.limits = rims.len();
    // With the territory on the left, a limit around states turns left, the rim of a gap turns right.
    findings.gaps = rims
        .into_values()
        .filter(|rim| rim.doubled_area < 0)
        .map(|rim| Gap {
            hectares: hectares(&rim),
            at: rim.at,
            around: rim.around.into_iter().collect(),
        })
        .collect();
}

fn hectares(rim: &Rim) -> u64 {
    // A microdegree of latitude is some 0.11132 m.
    let square_metres = -rim.doubled_area as f64 / 2.0 * 0.111_32_f64.powi(2);
    (square_metres * rim.at.lat_deg().to_radians().cos() / 10_000.0).round() as u64
}

/// Union-find.
struct Groups(Vec<usize>);

impl Groups {
    fn of(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}

/// Looks for edges of a partition that cross each other, or end inside one another: none may.
#[must_use]
pub fn check_crossings(partition: &Partition) -> Vec<Fault> {
    let mut faults = BTreeSet::new();
    Cells::of(partition).each_leaf(|edges| {
        for (index, &one) in edges.iter().enumerate() {
            for &other in &edges[index + 1..] {
                let (a, b) = (partition.edge(one as usize), partition.edge(other as usize));
                if meet_badly(a, b) {
                    faults.insert((a.a, b.a));
                }
            }
        }
    });
    (faults.into_iter())
        .map(|(at, other)| Fault::Crossing { at, other })
        .collect()
}

/// Whether two edges have a point in common that is not an end of both.
fn meet_badly(one: Edge, other: Edge) -> bool {
    let side = |edge: Edge, vertex: Vertex| edge.doubled_area(vertex.spot()).signum();
    let (c, d) = (side(one, other.a), side(one, other.b));
    let (a, b) = (side(other, one.a), side(other, one.b));
    if c * d < 0 && a * b < 0 {
        return true;
    }
    let inside = |edge: Edge, vertex: Vertex, side: i64| {
        side == 0
            && vertex != edge.a
            && vertex != edge.b
            && (edge.a.min(edge.b)..=edge.a.max(edge.b)).contains(&vertex)
    };
    inside(one, other.a, c)
        || inside(one, other.b, d)
        || inside(other, one.a, a)
        || inside(other, one.b, b)
}

/// What is known of the frontiers of a border set: length in metres on land and at sea, by frontier.
#[must_use]
pub fn frontier_lengths(partition: &Partition) -> BTreeMap<Frontier, Lengths> {
    let mut lengths: BTreeMap<Frontier, Lengths> = BTreeMap::new();
    for arc in &partition.arcs {
        let Some(line) = partition.line(arc) else {
            continue;
        };
        let metres: f64 = partition.vertices[arc.range()]
            .windows(2)
            .filter_map(|pair| Some((pair[0].position()?, pair[1].position()?)))
            .map(|(a, b)| super::ellipsoid::geodesic_m(a, b))
            .sum();
        let entry = lengths.entry(line.frontier).or_default();
        match line.kind {
            LineKind::Land => entry.land_m += metres,
            LineKind::Maritime => entry.maritime_m += metres,
            LineKind::Claim => {}
        }
    }
    lengths
}

/// How long a frontier is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Lengths {
    /// On land and in rivers and lakes, metres.
    pub land_m: f64,
    /// At sea, metres.
    pub maritime_m: f64,
}

/// The joint areas of a partition's regions, for `borders info`.
#[must_use]
pub fn joint_sets(partition: &Partition) -> Vec<StateSet> {
    (partition.regions.iter())
        .map(|region| region.states)
        .filter(|states| states.len() > 1)
        .collect()
}
