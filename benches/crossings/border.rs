//! Borders of the simulation: one exact straight line, and places on the real atlas.

use limes::domain::borders::{
    Atlas, Certainty, CrossingPoint, Frontier, LineKind, Location, Meeting, Nearest, PointOrigin,
    Window,
};
use limes::domain::ids::{State, StateSet};
use limes::domain::measure::{Metres, Position};
use limes::domain::tracks::BorderView;
use std::sync::Arc;

/// Metres in a degree of latitude on the mean sphere.
const DEGREE_M: f64 = 111_194.93;

/// A border view that threads share.
pub(crate) type View = Arc<dyn BorderView + Send + Sync>;

/// Metres east and north of an origin: exact enough for some tens of kilometres.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    lat: f64,
    lon: f64,
    scale: f64,
}

impl Frame {
    pub(crate) fn at(lat: f64, lon: f64) -> Self {
        let scale = lat.to_radians().cos();
        Self { lat, lon, scale }
    }

    pub(crate) fn place(&self, (east_m, north_m): (f64, f64)) -> Position {
        let lat = self.lat + north_m / DEGREE_M;
        let lon = self.lon + east_m / (DEGREE_M * self.scale);
        Position::new(lat, lon).expect("a place near the origin")
    }

    pub(crate) fn metres(&self, place: Position) -> (f64, f64) {
        let east_m = (place.lon() - self.lon) * DEGREE_M * self.scale;
        (east_m, (place.lat() - self.lat) * DEGREE_M)
    }
}

/// Hungary in the west, Romania in the east, the line a meridian through the frame's origin; and the bridges over it.
pub(crate) struct StraightLine(pub(crate) Frame, pub(crate) Vec<CrossingPoint>);

/// The bridges that carry a name, metres north of the frame's origin.
pub(crate) const BRIDGES_M: [f64; 3] = [-6_000.0, 0.0, 7_000.0];

/// The bridges as the rooms on both sides know them.
pub(crate) fn bridges(frame: Frame) -> Vec<CrossingPoint> {
    let bridge = |(index, north_m): (usize, f64)| CrossingPoint {
        name: format!("COP-{}", index + 1).into(),
        frontier: Frontier::parse("HU-RO").expect("a frontier"),
        point: frame.place((0.0, north_m)),
        line_deg: 0.0,
        origin: PointOrigin::Exercise,
        source: "simulated".into(),
    };
    BRIDGES_M.into_iter().enumerate().map(bridge).collect()
}

impl StraightLine {
    fn side(place: Position, line: f64) -> StateSet {
        let code = if place.lon() < line { "HU" } else { "RO" };
        StateSet::one(State::parse(code).expect("a state"))
    }
}

impl BorderView for StraightLine {
    fn locate(&self, position: Position, accuracy: Metres) -> Location {
        let depth = self.depth(position);
        let certainty = if depth <= accuracy {
            Certainty::Frontier
        } else {
            Certainty::Inside
        };
        let frontier = Frontier::parse("HU-RO").expect("a frontier");
        Location {
            states: Self::side(position, self.0.lon),
            certainty,
            nearest: Some(Nearest {
                frontier,
                distance: depth,
            }),
        }
    }

    fn depth(&self, position: Position) -> Metres {
        Metres::new(self.0.metres(position).0.abs())
    }

    fn meetings(&self, from: Position, to: Position) -> Vec<Meeting> {
        let sides = [from, to].map(|place| Self::side(place, self.0.lon));
        if sides[0] == sides[1] {
            return Vec::new();
        }
        let fraction = (self.0.lon - from.lon()) / (to.lon() - from.lon());
        let lat = from.lat() + (to.lat() - from.lat()) * fraction;
        vec![Meeting {
            fraction,
            point: Position::new(lat, self.0.lon).expect("between two places"),
            from: sides[0],
            to: sides[1],
            frontier: Some(Frontier::parse("HU-RO").expect("a frontier")),
            disputed: false,
        }]
    }

    fn reach(&self, centre: Position, radius: Metres) -> Vec<State> {
        let here = Self::side(centre, self.0.lon);
        let mut states: Vec<State> = here.iter().collect();
        if self.depth(centre) <= radius {
            states = ["HU", "RO"]
                .map(|code| State::parse(code).expect("a state"))
                .to_vec();
        }
        states
    }

    fn distance_to(&self, position: Position, frontier: Frontier) -> Option<Metres> {
        let nearest = self.locate(position, Metres::ZERO).nearest;
        nearest
            .filter(|nearest| nearest.frontier == frontier)
            .map(|nearest| nearest.distance)
    }

    fn border_set(&self) -> Arc<str> {
        Arc::from("straight line")
    }

    fn crossing_points(&self, _: Frontier) -> &[CrossingPoint] {
        &self.1
    }
}

/// A stretch of a land frontier of the atlas, as metres in a frame: the longest run of it in a window of so many degrees.
pub(crate) fn stretch(atlas: &Atlas, frame: Frame, half_deg: f64, name: &str) -> Vec<(f64, f64)> {
    let corner = |sign: f64| {
        Position::new(frame.lat + sign * half_deg, frame.lon + sign * half_deg).expect("a place")
    };
    let frontier = Frontier::parse(name).expect("a frontier");
    let lines = atlas.lines_within(Window {
        south_west: corner(-1.0),
        north_east: corner(1.0),
    });
    let inside = |place: &Position| {
        (place.lat() - frame.lat).abs() <= half_deg && (place.lon() - frame.lon).abs() <= half_deg
    };
    let runs = lines
        .iter()
        .filter(|(line, _)| line.frontier == frontier && line.kind == LineKind::Land)
        .flat_map(|(_, places)| places.split(|place| !inside(place)));
    let longest = runs.max_by_key(|run| run.len()).unwrap_or_default();
    longest.iter().map(|place| frame.metres(*place)).collect()
}
