//! A flat country of rectangles: borders whose truth is exact.

use crate::domain::borders::{
    Certainty, CrossingPoint, Frontier, Location, Meeting, Nearest, PointOrigin,
};
use crate::domain::ids::{State, StateSet};
use crate::domain::measure::{Metres, Position};
use crate::domain::tracks::ground::{self, Offset};
use crate::domain::tracks::view::BorderView;
use std::sync::Arc;

/// Where the middle line runs.
pub(crate) const ORIGIN: (f64, f64) = (46.0, 21.0);

/// A rectangle, edges in degrees: south and west edges belong to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Land {
    west: f64,
    east: f64,
    south: f64,
    north: f64,
    states: StateSet,
    disputed: bool,
}

/// A country of rectangles; elsewhere there is no state.
#[derive(Debug, Clone)]
pub(crate) struct Plane {
    lands: Vec<Land>,
    points: Vec<CrossingPoint>,
}

pub(crate) fn set(text: &str) -> StateSet {
    StateSet::parse(text).unwrap()
}

/// The place so many metres east and north of the origin.
pub(crate) fn place(east_m: f64, north_m: f64) -> Position {
    let origin = Position::new(ORIGIN.0, ORIGIN.1).unwrap();
    ground::moved(origin, Offset { east_m, north_m })
}

impl Land {
    /// Metres east and north of the origin.
    pub(crate) fn new(states: &str, west_m: f64, east_m: f64, south_m: f64, north_m: f64) -> Self {
        let (disputed, states) = match states.strip_suffix('?') {
            Some(states) => (true, states),
            None => (false, states),
        };
        Self {
            west: place(west_m, 0.0).lon(),
            east: place(east_m, 0.0).lon(),
            south: place(0.0, south_m).lat(),
            north: place(0.0, north_m).lat(),
            states: set(states),
            disputed,
        }
    }

    fn holds(&self, lat: f64, lon: f64) -> bool {
        (self.west..self.east).contains(&lon) && (self.south..self.north).contains(&lat)
    }

    fn distance_m(&self, from: Position) -> f64 {
        let lat = from.lat().clamp(self.south, self.north);
        let lon = from.lon().clamp(self.west, self.east);
        ground::offset(from, Position::new(lat, lon).unwrap()).length_m()
    }
}

impl Plane {
    /// Strips from west to east: `("HU", 0.0)` ends at the origin, `("RO", 500.0)` 500 m east of it.
    pub(crate) fn strips(strips: &[(&str, f64)]) -> Self {
        let mut west = -300_000.0;
        let mut lands = Vec::new();
        for (states, east) in strips {
            lands.push(Land::new(states, west, *east, -300_000.0, 300_000.0));
            west = *east;
        }
        Self::of(lands)
    }

    /// Hungary in the west, Romania in the east.
    pub(crate) fn two() -> Self {
        Self::strips(&[("HU", 0.0), ("RO", 300_000.0)])
    }

    /// Any rectangles; the first that holds a place counts.
    pub(crate) fn of(lands: Vec<Land>) -> Self {
        Self {
            lands,
            points: Vec::new(),
        }
    }

    /// The same with crossing points on the meridian of the origin, so many metres north: HU-RO.
    pub(crate) fn with_points(mut self, points: &[(&str, f64)]) -> Self {
        let point = |(name, north_m): &(&str, f64)| CrossingPoint {
            name: Arc::from(*name),
            frontier: Frontier::parse("HU-RO").unwrap(),
            point: place(0.0, *north_m),
            line_deg: 0.0,
            origin: PointOrigin::Exercise,
            source: Arc::from("a test"),
        };
        self.points = points.iter().map(point).collect();
        self
    }

    fn at(&self, lat: f64, lon: f64) -> (StateSet, bool) {
        self.lands
            .iter()
            .find(|land| land.holds(lat, lon))
            .map_or((StateSet::NONE, false), |land| (land.states, land.disputed))
    }
}

impl BorderView for Plane {
    fn locate(&self, position: Position, accuracy: Metres) -> Location {
        let (states, disputed) = self.at(position.lat(), position.lon());
        let depth = self.depth(position);
        let certainty = if disputed {
            Certainty::Disputed
        } else if depth <= accuracy {
            Certainty::Frontier
        } else if states.is_empty() {
            Certainty::Outside
        } else {
            Certainty::Inside
        };
        let other = self
            .lands
            .iter()
            .filter(|land| land.states != states)
            .min_by(|a, b| a.distance_m(position).total_cmp(&b.distance_m(position)))
            .and_then(|land| land.states.iter().find(|s| !states.contains(*s)));
        let nearest = states
            .iter()
            .next()
            .zip(other)
            .map(|(here, there)| Nearest {
                frontier: Frontier::between(here, there),
                distance: depth,
            });
        Location {
            states,
            certainty,
            nearest,
        }
    }

    fn depth(&self, position: Position) -> Metres {
        let (states, _) = self.at(position.lat(), position.lon());
        let nearest = self
            .lands
            .iter()
            .filter(|land| land.states != states)
            .map(|land| land.distance_m(position))
            .fold(f64::MAX, f64::min);
        Metres::new(nearest)
    }

    fn meetings(&self, from: Position, to: Position) -> Vec<Meeting> {
        let (dlat, dlon) = (to.lat() - from.lat(), to.lon() - from.lon());
        let mut cuts: Vec<f64> = self
            .lands
            .iter()
            .flat_map(|land| {
                [
                    (land.west - from.lon()) / dlon,
                    (land.east - from.lon()) / dlon,
                    (land.south - from.lat()) / dlat,
                    (land.north - from.lat()) / dlat,
                ]
            })
            .filter(|cut| (0.0..=1.0).contains(cut))
            .chain([0.0, 1.0])
            .collect();
        cuts.sort_by(f64::total_cmp);
        let at = |cut: f64| (from.lat() + dlat * cut, from.lon() + dlon * cut);
        let mut known = self.at(from.lat(), from.lon()).0;
        let mut meetings = Vec::new();
        for pair in cuts.windows(2) {
            let middle = at(f64::midpoint(pair[0], pair[1]));
            let states = self.at(middle.0, middle.1).0;
            if states != known && pair[1] - pair[0] > 1e-12 {
                let (lat, lon) = at(pair[0]);
                meetings.push(Meeting {
                    fraction: pair[0],
                    point: Position::new(lat, lon).unwrap(),
                    from: known,
                    to: states,
                    frontier: known
                        .iter()
                        .find(|state| !states.contains(*state))
                        .zip(states.iter().find(|state| !known.contains(*state)))
                        .map(|(left, entered)| Frontier::between(left, entered)),
                    disputed: false,
                });
                known = states;
            }
        }
        meetings
    }

    fn reach(&self, centre: Position, radius: Metres) -> Vec<State> {
        let mut states: Vec<State> = self
            .lands
            .iter()
            .filter(|land| land.distance_m(centre) <= radius.as_f64())
            .flat_map(|land| land.states.iter().collect::<Vec<_>>())
            .collect();
        states.sort_unstable();
        states.dedup();
        states
    }

    fn crossing_points(&self, frontier: Frontier) -> &[CrossingPoint] {
        let is_hu_ro = frontier == Frontier::parse("HU-RO").unwrap();
        if is_hu_ro { &self.points } else { &[] }
    }

    fn distance_to(&self, position: Position, frontier: Frontier) -> Option<Metres> {
        let nearest = self.locate(position, Metres::ZERO).nearest;
        nearest
            .filter(|nearest| nearest.frontier == frontier)
            .map(|nearest| nearest.distance)
    }

    fn border_set(&self) -> Arc<str> {
        Arc::from("plane 1")
    }
}
