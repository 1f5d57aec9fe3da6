//! The atlas: one border set, asked from every side.

use super::cells::Cells;
use super::distance::{ANYWHERE_M, Among, Chords};
use super::ellipsoid::{self, Here};
use super::lines::LineBoxes;
use super::partition::{Arc, Line, Partition, PartitionError, Region, RegionId};
use super::path::{self, Leg};
use super::predicate::Spot;
use super::{Frontier, LineKind, Meeting, Window};
use crate::domain::ids::{State, StateSet};
use crate::domain::measure::{Metres, Position};

/// The states, frontiers and joint areas of one border set, ready to be asked. Never changes; share it in an `Arc`.
///
/// A position exactly on a line belongs to the states east of it (on a line due east: north of it); every question
/// keeps this rule. Positions are taken to the nearest 1e-9 degree, 0.1 mm.
pub struct Atlas {
    border_set: std::sync::Arc<str>,
    partition: Partition,
    cells: Cells,
    pub(super) chords: Chords,
    lines: LineBoxes,
    /// What each arc separates, by arc.
    pub(super) divides: Vec<Divide>,
}

/// What lies on the two sides of an arc.
#[derive(Debug, Clone, Copy)]
pub(super) struct Divide {
    left: Region,
    right: Region,
    line: Option<Line>,
}

impl Divide {
    /// The frontier, when it counts as one on land.
    pub(super) fn land(self) -> Option<Frontier> {
        self.line
            .filter(|line| line.kind == LineKind::Land)
            .map(|line| line.frontier)
    }

    /// Whether the set of states changes here from one to another, neither of them the open sea.
    fn parts_states(self) -> bool {
        self.left.states != self.right.states && self.line.is_some()
    }

    /// Whether the set of states changes here, the open sea being one without any.
    pub(super) fn changes_states(self) -> bool {
        self.left.states != self.right.states
    }

    /// Whether the territory of exactly these states ends here.
    pub(super) fn ends(self, states: StateSet) -> bool {
        (self.left.states == states) != (self.right.states == states)
    }

    /// Whether one of its sides is another territory than that of `states`.
    pub(super) fn borders_on_other(self, states: StateSet) -> bool {
        let other = |region: Region| !region.states.is_empty() && region.states != states;
        let unmapped = !states.is_empty() && self.beyond().is_some();
        other(self.left) || other(self.right) || unmapped
    }

    /// The state without polygons on the other side of this line.
    fn beyond(self) -> Option<State> {
        let (a, b) = self.line?.frontier.states();
        let mapped = match (self.left.states.is_empty(), self.right.states.is_empty()) {
            (false, true) => self.left.states,
            (true, false) => self.right.states,
            (true, true) | (false, false) => return None,
        };
        match (mapped.contains(a), mapped.contains(b)) {
            (true, false) => Some(b),
            (false, true) => Some(a),
            (true, true) | (false, false) => None,
        }
    }
}

/// The sizes of an [`Atlas`], for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtlasSize {
    /// Regions, the outside included.
    pub regions: usize,
    /// Frontiers, land, sea and claims apart.
    pub lines: usize,
    /// Chains of edges.
    pub arcs: usize,
    /// Vertices of all arcs.
    pub vertices: usize,
    /// Cells of the index.
    pub cells: usize,
    /// Runs of edges in its leaves.
    pub runs: usize,
    /// Memory of all of it, roughly.
    pub bytes: usize,
}

impl Atlas {
    /// Builds the index over a partition.
    ///
    /// # Errors
    /// [`PartitionError`] when the partition contradicts itself.
    pub fn new(
        partition: Partition,
        border_set: impl Into<std::sync::Arc<str>>,
    ) -> Result<Self, PartitionError> {
        partition.validate()?;
        let divide = |arc: &Arc| Divide {
            left: partition.region(arc.left),
            right: partition.region(arc.right),
            line: partition.line(arc),
        };
        let divides: Vec<Divide> = partition.arcs.iter().map(divide).collect();
        Ok(Self {
            border_set: border_set.into(),
            cells: Cells::of(&partition),
            chords: Chords::of(&partition, |arc| divides[arc].land().is_some()),
            lines: LineBoxes::of(&partition),
            divides,
            partition,
        })
    }

    /// The name of the border set, such as `osm-2026e+1234abcd`: to be kept with every decision that rests on it.
    #[must_use]
    pub fn border_set(&self) -> &std::sync::Arc<str> {
        &self.border_set
    }

    /// The lines behind the atlas.
    #[must_use]
    pub fn partition(&self) -> &Partition {
        &self.partition
    }

    /// The states with polygons, alphabetical.
    #[must_use]
    pub fn states(&self) -> Vec<State> {
        self.partition
            .regions
            .iter()
            .filter_map(|region| region.states.single())
            .collect()
    }

    fn region_id(&self, position: Position) -> RegionId {
        self.cells.region(&self.partition, Spot::of(position))
    }

    /// The states a position lies in and how they hold it. Exact on the polygons.
    #[must_use]
    pub fn region(&self, position: Position) -> Region {
        self.partition.region(self.region_id(position))
    }

    /// The set of states a position lies in: one, several in a condominium or a disputed area, or none.
    #[must_use]
    pub fn locate(&self, position: Position) -> StateSet {
        self.region(position).states
    }

    /// The nearest land frontier, however far, the point on it and the geodesic distance (within 10 cm). Frontiers to
    /// states without polygons and the edge of a condominium count; of two at the same centimetre, the first by name.
    #[must_use]
    pub fn nearest_point(&self, position: Position) -> Option<(Frontier, Position, Metres)> {
        let land = |arc: usize| self.divides[arc].land();
        let here = Here::of(position);
        let hit = self
            .chords
            .nearest(&here, (Among::Land, ANYWHERE_M), land)?;
        Some((
            land(hit.arc)?,
            ellipsoid::position_of(hit.point)?,
            hit.distance,
        ))
    }

    /// The nearest place of one frontier on land, and the geodesic distance to it (within 10 cm). None when there is no
    /// such frontier. Dear where others are nearer: meant for data that is read once, and for the units of a pursuit.
    #[must_use]
    pub fn nearest_on(&self, frontier: Frontier, position: Position) -> Option<(Position, Metres)> {
        let of = |arc: usize| self.divides[arc].land().filter(|land| *land == frontier);
        let here = Here::of(position);
        let hit = self.chords.nearest(&here, (Among::Land, ANYWHERE_M), of)?;
        Some((ellipsoid::position_of(hit.point)?, hit.distance))
    }

    /// How deep a position lies inside its states: the distance to the nearest line, on land or at sea, beyond which
    /// other states begin. The outer limit of the territorial sea is no such line.
    #[must_use]
    pub fn depth(&self, position: Position) -> Option<Metres> {
        let parts = |arc: usize| self.divides[arc].parts_states().then_some(());
        let here = Here::of(position);
        let hit = self
            .chords
            .nearest(&here, (Among::All, ANYWHERE_M), parts)?;
        Some(hit.distance)
    }

    /// The signed distance to the nearest line where the territory of exactly these states ends: above zero inside it,
    /// below zero outside. None when there is no such territory.
    #[must_use]
    pub fn depth_in(&self, position: Position, states: StateSet) -> Option<Metres> {
        let ends = |arc: usize| self.divides[arc].ends(states).then_some(());
        let here = Here::of(position);
        let hit = self.chords.nearest(&here, (Among::All, ANYWHERE_M), ends)?;
        let distance = hit.distance;
        Some(if self.locate(position) == states {
            distance
        } else {
            Metres::from_centimetres(-distance.as_centimetres())
        })
    }

    /// The states, alphabetical, with ground or water within a radius, those of the position included. A state without
    /// polygons counts when its frontier lies within.
    #[must_use]
    pub fn reach(&self, position: Position, radius: Metres) -> Vec<State> {
        let mut states: Vec<State> = self.locate(position).iter().collect();
        self.chords
            .within(&Here::of(position), radius.as_f64(), |arc| {
                let divide = self.divides[arc];
                states.extend(divide.left.states.iter());
                states.extend(divide.right.states.iter());
                states.extend(divide.beyond());
                false
            });
        states.sort_unstable();
        states.dedup();
        states
    }

    /// The states, alphabetical, over which a small ring lies, straight lines in longitude and latitude: those of its
    /// corners, those that its sides pass, and those of every frontier that lies wholly within.
    #[must_use]
    pub fn under(&self, ring: &[Position]) -> Vec<State> {
        let mut states: Vec<State> = Vec::new();
        let next = ring.iter().cycle().skip(1);
        for (from, to) in ring.iter().zip(next) {
            states.extend(self.locate(*from).iter());
            for meeting in self.meetings(*from, *to) {
                states.extend(meeting.to_named().iter());
            }
        }
        if let Some(window) = window_around(ring) {
            let inside = |(_, places): &(Line, Vec<Position>)| {
                places
                    .iter()
                    .any(|place| super::ring::contains(ring, *place))
            };
            for (line, _) in self.lines_within(window).iter().filter(|of| inside(of)) {
                let (one, other) = line.frontier.states();
                states.extend([one, other]);
            }
        }
        states.sort_unstable();
        states.dedup();
        states
    }

    /// Where the straight path between two positions leaves some states and enters others, in order.
    ///
    /// Straight means a straight line of longitude and latitude, which for a kilometre lies within millimetres of the
    /// geodesic; meant for paths up to a few hundred kilometres that do not cross 180° E. The first meeting's `from` is
    /// what [`Self::locate`] says of the start, each `to` is the next `from`, the last `to` that of the end. Beyond a
    /// frontier to a state without polygons the set is empty; [`Meeting::to_named`] has its name.
    #[must_use]
    pub fn meetings(&self, from: Position, to: Position) -> Vec<Meeting> {
        path::meetings(&self.partition, &self.cells, Leg { from, to })
    }

    /// The geodesic distance between two positions.
    #[must_use]
    pub fn distance(from: Position, to: Position) -> Metres {
        ellipsoid::metres(ellipsoid::geodesic_m(from, to))
    }

    /// The frontier lines that touch a window, as chains of positions cut to the edges near it.
    #[must_use]
    pub fn lines_within(&self, window: Window) -> Vec<(Line, Vec<Position>)> {
        self.lines.within(&self.partition, window)
    }

    /// How big it is.
    #[must_use]
    pub fn size(&self) -> AtlasSize {
        let (cells, runs) = self.cells.size();
        let partition = &self.partition;
        AtlasSize {
            regions: partition.regions.len(),
            lines: partition.lines.len(),
            arcs: partition.arcs.len(),
            vertices: partition.vertices.len(),
            cells,
            runs,
            bytes: self.cells.bytes()
                + self.chords.bytes()
                + size_of_val(partition.vertices.as_slice())
                + size_of_val(partition.arcs.as_slice())
                + size_of_val(self.divides.as_slice()),
        }
    }
}

impl std::fmt::Debug for Atlas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Atlas")
            .field("border_set", &self.border_set)
            .field("size", &self.size())
            .finish_non_exhaustive()
    }
}

/// The smallest box around some positions; none around none.
fn window_around(places: &[Position]) -> Option<Window> {
    let least = |of: fn(&Position) -> f64| places.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&Position) -> f64| places.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    Some(Window {
        south_west: Position::new(least(|p| p.lat()), least(|p| p.lon())).ok()?,
        north_east: Position::new(most(|p| p.lat()), most(|p| p.lon())).ok()?,
    })
}
