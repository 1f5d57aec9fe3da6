//! What a track asks of the borders. The atlas answers it; tests answer it with borders whose truth is exact.

use crate::domain::borders::{
    Atlas, CrossingPoint, CrossingPoints, Frontier, Location, Meeting, Near, Survey,
};
use crate::domain::ids::State;
use crate::domain::measure::{Metres, Position};
use std::sync::Arc;

/// The questions a track asks of a border set.
pub trait BorderView {
    /// The states of a position, and whether a circle of `accuracy` around it touches others.
    fn locate(&self, position: Position, accuracy: Metres) -> Location;

    /// How far the nearest line lies beyond which the set of states is another than at `position`.
    fn depth(&self, position: Position) -> Metres;

    /// Both at once; `near` is only where a search begins.
    fn survey(&self, position: Position, accuracy: Metres, near: Near) -> Survey {
        let _ = near;
        Survey {
            location: self.locate(position, accuracy),
            depth: self.depth(position),
        }
    }

    /// Where the straight path meets lines at which the set of states changes, in order.
    fn meetings(&self, from: Position, to: Position) -> Vec<Meeting>;

    /// The states that a circle touches, those of its centre included.
    fn reach(&self, centre: Position, radius: Metres) -> Vec<State>;

    /// The states over which a small ring lies: by default those of its corners, and those that its sides pass.
    fn under(&self, ring: &[Position]) -> Vec<State> {
        let next = ring.iter().cycle().skip(1);
        let mut states = Vec::new();
        for (from, to) in ring.iter().zip(next) {
            states.extend(self.locate(*from, Metres::ZERO).states.iter());
            for meeting in self.meetings(*from, *to) {
                states.extend(meeting.to.iter());
            }
        }
        states.sort_unstable();
        states.dedup();
        states
    }

    /// How far the nearest land line of one frontier lies; none when the two states have none on land.
    fn distance_to(&self, position: Position, frontier: Frontier) -> Option<Metres>;

    /// The name of the border set, kept with every decision that rests on it.
    fn border_set(&self) -> Arc<str>;

    /// The named places where roads cross a frontier.
    fn crossing_points(&self, frontier: Frontier) -> &[CrossingPoint] {
        let _ = frontier;
        &[]
    }
}

/// Borders, and the crossing points that are known on them.
#[derive(Clone, Copy)]
pub struct WithCrossingPoints<'a> {
    /// The borders.
    pub borders: &'a dyn BorderView,
    /// The crossing points.
    pub points: &'a CrossingPoints,
}

impl BorderView for WithCrossingPoints<'_> {
    fn locate(&self, position: Position, accuracy: Metres) -> Location {
        self.borders.locate(position, accuracy)
    }

    fn depth(&self, position: Position) -> Metres {
        self.borders.depth(position)
    }

    fn survey(&self, position: Position, accuracy: Metres, near: Near) -> Survey {
        self.borders.survey(position, accuracy, near)
    }

    fn meetings(&self, from: Position, to: Position) -> Vec<Meeting> {
        self.borders.meetings(from, to)
    }

    fn reach(&self, centre: Position, radius: Metres) -> Vec<State> {
        self.borders.reach(centre, radius)
    }

    fn under(&self, ring: &[Position]) -> Vec<State> {
        self.borders.under(ring)
    }

    fn distance_to(&self, position: Position, frontier: Frontier) -> Option<Metres> {
        self.borders.distance_to(position, frontier)
    }

    fn border_set(&self) -> Arc<str> {
        self.borders.border_set()
    }

    fn crossing_points(&self, frontier: Frontier) -> &[CrossingPoint] {
        self.points.on(frontier)
    }
}

impl BorderView for Atlas {
    fn locate(&self, position: Position, accuracy: Metres) -> Location {
        self.locate_with_accuracy(position, accuracy)
    }

    fn depth(&self, position: Position) -> Metres {
        // Where the territory of these very states ends, at sea as well. Without any line there is no end to the depth.
        let states = Self::locate(self, position);
        self.depth_in(position, states).unwrap_or(Metres::MOST)
    }

    fn survey(&self, position: Position, accuracy: Metres, near: Near) -> Survey {
        Self::survey(self, position, accuracy, near)
    }

    fn meetings(&self, from: Position, to: Position) -> Vec<Meeting> {
        Self::meetings(self, from, to)
    }

    fn reach(&self, centre: Position, radius: Metres) -> Vec<State> {
        Self::reach(self, centre, radius)
    }

    fn under(&self, ring: &[Position]) -> Vec<State> {
        Self::under(self, ring)
    }

    fn distance_to(&self, position: Position, frontier: Frontier) -> Option<Metres> {
        let (_, distance) = self.nearest_on(frontier, position)?;
        Some(distance)
    }

    fn border_set(&self) -> Arc<str> {
        Arc::clone(Self::border_set(self))
    }
}
