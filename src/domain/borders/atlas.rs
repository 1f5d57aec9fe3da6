//! The atlas: one border set, asked from every side.

use super::cells::Cells;
use super::distance::{self, Among, Chords, Hit};
use super::lines::LineBoxes;
use super::partition::{Arc, Line, Partition, PartitionError, Region, RegionId, Standing};
use super::path::{self, Leg};
use super::predicate::Spot;
use super::{Certainty, Frontier, LineKind, Location, Meeting, Near, Nearest, Survey, Window};
use crate::domain::ids::{State, StateSet};
use crate::domain::measure::{Metres, Position};

/// [`Location::nearest`] names no frontier further away, metres.
const NEAREST_WITHIN_M: f64 = 200_000.0;
/// Half the Earth's girth and more: no limit.
const ANYWHERE_M: f64 = 30_000_000.0;

/// The states, frontiers and joint areas of one border set, ready to be asked. Never changes; share it in an `Arc`.
///
/// A position exactly on a line belongs to the states east of it (on a line due east: north of it); every question
/// keeps this rule. Positions are taken to the nearest 1e-9 degree, 0.1 mm.
pub struct Atlas {
    border_set: std::sync::Arc<str>,
    partition: Partition,
    cells: Cells,
    chords: Chords,
    lines: LineBoxes,
    /// What each arc separates, by arc.
    divides: Vec<Divide>,
}

/// What lies on the two sides of an arc.
#[derive(Debug, Clone, Copy)]
struct Divide {
    left: Region,
    right: Region,
    line: Option<Line>,
}

impl Divide {
    /// The frontier, when it counts as one on land.
    fn land(self) -> Option<Frontier> {
        self.line
            .filter(|line| line.kind == LineKind::Land)
            .map(|line| line.frontier)
    }

    /// Whether the set of states changes here from one to another, neither of them the open sea.
    fn parts_states(self) -> bool {
        self.left.states != self.right.states && self.line.is_some()
    }

    /// Whether one of its sides is another territory than that of `states`.
    fn borders_on_other(self, states: StateSet) -> bool {
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

    /// The states of a position, how sure that is with this accuracy, and the nearest land frontier within 200 km.
    ///
    /// Certainty is `Disputed` in a disputed, undelimited or overlapping area; else `Frontier` when the circle of
    /// `accuracy` touches a place with another set of states (the open sea is none); else `Inside` or `Outside`.
    #[must_use]
    pub fn locate_with_accuracy(&self, position: Position, accuracy: Metres) -> Location {
        let region = self.region(position);
        let certainty = if region.standing == Standing::Disputed {
            Certainty::Disputed
        } else if self.touches_other(position, region.states, accuracy) {
            Certainty::Frontier
        } else if region.states.is_empty() {
            Certainty::Outside
        } else {
            Certainty::Inside
        };
        Location {
            states: region.states,
            certainty,
            nearest: self
                .nearest_land(position, NEAREST_WITHIN_M)
                .map(|(frontier, hit)| Nearest {
                    frontier,
                    distance: hit.distance,
                }),
        }
    }

    /// Everything that is asked of the place of a fix, at once: [`Self::locate_with_accuracy`], and the depth in the
    /// states it lies in.
    #[must_use]
    pub fn survey(&self, position: Position, accuracy: Metres, _near: Near) -> Survey {
        let location = self.locate_with_accuracy(position, accuracy);
        // Without any line there is no end to the depth.
        let depth = self.depth_in(position, location.states);
        Survey {
            location,
            depth: depth.unwrap_or(Metres::from_centimetres(i64::MAX)),
        }
    }

    fn touches_other(&self, position: Position, states: StateSet, accuracy: Metres) -> bool {
        let mut touched = false;
        self.chords.within(position, accuracy.as_f64(), |arc| {
            touched |= self.divides[arc].borders_on_other(states);
            touched
        });
        touched
    }

    fn nearest_land(&self, position: Position, limit_m: f64) -> Option<(Frontier, Hit)> {
        let hit = self
            .chords
            .nearest(position, (Among::Land, limit_m), |arc| {
                self.divides[arc].land()
            })?;
        Some((self.divides[hit.arc].land()?, hit))
    }

    /// The nearest land frontier, however far, the point on it and the geodesic distance (within 10 cm). Frontiers to
    /// states without polygons and the edge of a condominium count; of two at the same centimetre, the first by name.
    #[must_use]
    pub fn nearest_point(&self, position: Position) -> Option<(Frontier, Position, Metres)> {
        self.nearest_land(position, ANYWHERE_M)
            .and_then(|(frontier, hit)| {
                Some((frontier, distance::position_of(hit.point)?, hit.distance))
            })
    }

    /// How deep a position lies inside its states: the distance to the nearest line, on land or at sea, beyond which
    /// other states begin. The outer limit of the territorial sea is no such line.
    #[must_use]
    pub fn depth(&self, position: Position) -> Option<Metres> {
        let parts = |arc: usize| self.divides[arc].parts_states().then_some(());
        Some(
            self.chords
                .nearest(position, (Among::All, ANYWHERE_M), parts)?
                .distance,
        )
    }

    /// The signed distance to the nearest line where the territory of exactly these states ends: above zero inside it,
    /// below zero outside. None when there is no such territory.
    #[must_use]
    pub fn depth_in(&self, position: Position, states: StateSet) -> Option<Metres> {
        let ends = |arc: usize| {
            let divide = self.divides[arc];
            ((divide.left.states == states) != (divide.right.states == states)).then_some(())
        };
        let distance = self
            .chords
            .nearest(position, (Among::All, ANYWHERE_M), ends)?
            .distance;
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
        self.chords.within(position, radius.as_f64(), |arc| {
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
        Metres::new(distance::geodesic_m(from, to))
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
