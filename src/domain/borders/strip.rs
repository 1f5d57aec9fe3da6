//! How far may a pursuit go? The part of a host state that lies within a radius of a frontier, for drawing.
//!
//! ```text
//!   ┌───────┬───┬─┬─┐    How deep a place lies in the strip is asked of the very functions that decide: the radius less the
//!   │       │   ├─┼─┤    distance to the frontier, or the depth in the host state, whichever is less. It changes by no more
//!   │       ├─┬─┼─┼─┘    than the way that is gone, so a square whose middle lies deeper inside, or farther outside, than
//!   │       ├─┼─┤        its own corners are away holds no edge and is left; the others are quartered down to the smallest.
//!   └───────┴─┴─┘        There each side that an edge crosses is searched for the place, and the places are joined.
//! ```

use super::{Atlas, Frontier, Window};
use crate::domain::ids::{State, StateSet};
use crate::domain::measure::{Metres, Position};
use std::collections::BTreeMap;

/// The window is divided so often: into 512 squares each way...
const LEVELS_MAX: u32 = 9;
/// ...but none is made smaller than this, metres.
const SQUARE_LEAST_M: f64 = 8.0;
/// A corner of an edge lies no farther than this inside the strip, metres.
const CORNER_M: f64 = 0.5;
/// Much more than what a place may be off by rounding, metres.
const ROUNDING_M: f64 = 0.01;
/// A side is halved so often at most in search of that place: then what is left of it is shorter than any rounding.
const STEPS_MAX: u32 = 40;
/// No degree of latitude, and none of longitude at the equator, is longer, metres.
const DEGREE_MOST_M: f64 = 111_700.0;
/// No degree of latitude is shorter, metres.
const DEGREE_LEAST_M: f64 = 110_570.0;

/// Which strip is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StripWanted {
    /// From which frontier it is measured.
    pub frontier: Frontier,
    /// In which state it lies.
    pub host: State,
    /// How wide it is: places at less than this distance are in it.
    pub max: Metres,
    /// What of it is looked at.
    pub window: Window,
}

/// The part of a strip that lies in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    /// Where it lies: polygons, each an outer ring and its holes, closed. At the edges of the window they are cut.
    pub areas: Vec<Vec<Vec<Position>>>,
    /// Where its radius ends: the lines that no unit may reach. Neither the frontier nor the cuts are among them.
    pub edges: Vec<Vec<Position>>,
    /// No place of `edges` is nearer to the end of the radius, or farther from it, than this.
    pub error: Metres,
}

impl Atlas {
    /// The strip of a state within a radius of one of its frontiers on land, by [`Atlas::nearest_on`]. `None` when there
    /// is no such frontier: from where it would be measured is not on the map.
    #[must_use]
    pub fn strip(&self, wanted: &StripWanted) -> Option<Strip> {
        self.nearest_on(wanted.frontier, wanted.window.south_west)?;
        let squares = Squares::over(wanted.window);
        let field = Field {
            atlas: self,
            wanted,
            squares,
        };
        Some(Drawing::of(&field).strip())
    }
}

/// What ends the strip at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The radius.
    Radius,
    /// The territory of the host.
    Territory,
    /// The window.
    Window,
}

/// How deep a place lies in the strip, metres, and what ends it there; not above 0 outside.
#[derive(Debug, Clone, Copy)]
struct Depth {
    metres: f64,
    end: End,
}

/// The squares of a window.
#[derive(Debug, Clone, Copy)]
struct Squares {
    window: Window,
    levels: u32,
    /// Metres in a degree of longitude here: at least, and at most.
    across_m: (f64, f64),
}

/// A corner of the smallest squares, counted east and north from the south-western one.
type Corner = (u32, u32);
/// A side of them: the corner where it begins, and whether it leads north, not east.
type Side = (u32, u32, bool);

impl Squares {
    fn over(window: Window) -> Self {
        let (south, north) = (window.south_west.lat(), window.north_east.lat());
        let to_equator = if south <= 0.0 && north >= 0.0 {
            0.0
        } else {
            south.abs().min(north.abs())
        };
        let to_pole = south.abs().max(north.abs());
        let squares = Self {
            window,
            levels: 0,
            across_m: (
                DEGREE_LEAST_M * to_pole.to_radians().cos(),
                DEGREE_MOST_M * to_equator.to_radians().cos(),
            ),
        };
        let (east_m, north_m) = squares.square_m(0);
        let halvings = (east_m.max(north_m) / SQUARE_LEAST_M).log2().floor();
        Self {
            levels: (halvings.max(0.0) as u32).min(LEVELS_MAX),
            ..squares
        }
    }

    /// Squares each way at a level.
    const fn count(level: u32) -> u32 {
        1 << level
    }

    /// How long the sides of a square are at most: east, north.
    fn square_m(&self, level: u32) -> (f64, f64) {
        let Window {
            south_west,
            north_east,
        } = self.window;
        let count = f64::from(Self::count(level));
        (
            (north_east.lon() - south_west.lon()) / count * self.across_m.1,
            (north_east.lat() - south_west.lat()) / count * DEGREE_MOST_M,
        )
    }

    /// How far the corners of a square are from its middle at most.
    fn half_diagonal_m(&self, level: u32) -> f64 {
        let (east_m, north_m) = self.square_m(level);
        east_m.hypot(north_m) / 2.0
    }

    /// A place, in shares of the smallest squares east and north of the south-western corner.
    fn place(&self, east: f64, north: f64) -> Position {
        let Window {
            south_west,
            north_east,
        } = self.window;
        let count = f64::from(Self::count(self.levels));
        let between =
            |from: f64, to: f64, share: f64| (from + (to - from) * (share / count)).min(to);
        Position::new(
            between(south_west.lat(), north_east.lat(), north),
            between(south_west.lon(), north_east.lon(), east),
        )
        .expect("a place between two others is one")
    }

    fn corner(&self, (east, north): Corner) -> Position {
        self.place(f64::from(east), f64::from(north))
    }

    /// How far a place is from the edge of the window at least; below zero at the edge itself, however it was rounded.
    fn inside_m(&self, place: Position) -> f64 {
        let Window {
            south_west,
            north_east,
        } = self.window;
        let east = (place.lon() - south_west.lon()).min(north_east.lon() - place.lon());
        let north = (place.lat() - south_west.lat()).min(north_east.lat() - place.lat());
        (east * self.across_m.0).min(north * DEGREE_LEAST_M) - ROUNDING_M
    }
}

/// What is drawn: how deep places lie in the strip.
struct Field<'a> {
    atlas: &'a Atlas,
    wanted: &'a StripWanted,
    squares: Squares,
}

impl Field<'_> {
    /// How deep a place lies in the strip. Of a place outside, how far outside at least.
    fn depth(&self, place: Position) -> Depth {
        let of = |metres: f64, end: End| Depth { metres, end };
        let window = of(self.squares.inside_m(place), End::Window);
        if window.metres <= 0.0 {
            return window;
        }
        let StripWanted {
            frontier,
            host,
            max,
            ..
        } = *self.wanted;
        // At the radius itself a unit has gone as far as it may: it is out of the strip.
        let nowhere = of(f64::NEG_INFINITY, End::Territory);
        let Some((_, away)) = self.atlas.nearest_on(frontier, place) else {
            return nowhere;
        };
        let left = max.as_centimetres() - away.as_centimetres();
        let radius = of(left as f64 / 100.0, End::Radius);
        if radius.metres <= 0.0 {
            return radius;
        }
        let Some(inside) = self.atlas.depth_in(place, StateSet::one(host)) else {
            return nowhere;
        };
        let territory = of(inside.as_f64(), End::Territory);
        let least = |one: Depth, other: Depth| {
            if other.metres < one.metres {
                other
            } else {
                one
            }
        };
        least(least(radius, territory), window)
    }
}

/// A strip on its way to be drawn.
struct Drawing<'a> {
    field: &'a Field<'a>,
    corners: BTreeMap<Corner, Depth>,
    /// Where an edge crosses a side, by side.
    places: BTreeMap<Side, (Position, End)>,
    /// From which side the edge leads on to which; the strip is on the left.
    leads: BTreeMap<Side, Side>,
}

impl<'a> Drawing<'a> {
    fn of(field: &'a Field<'a>) -> Self {
        let mut drawing = Self {
            field,
            corners: BTreeMap::new(),
            places: BTreeMap::new(),
            leads: BTreeMap::new(),
        };
        drawing.look(0, (0, 0));
        drawing
    }

    /// Looks for edges in a square of a level, the smallest of which it is made being `corner`.
    fn look(&mut self, level: u32, corner: Corner) {
        let squares = self.field.squares;
        if level == squares.levels {
            self.cross(corner);
            return;
        }
        let across = Squares::count(squares.levels - level);
        let half = across / 2;
        let middle = self.depth_at((corner.0 + half, corner.1 + half));
        // A metre for what rounding takes.
        if middle.metres.abs() > squares.half_diagonal_m(level) + 1.0 {
            return;
        }
        for (east, north) in [(0, 0), (half, 0), (0, half), (half, half)] {
            self.look(level + 1, (corner.0 + east, corner.1 + north));
        }
    }

    fn depth_at(&mut self, corner: Corner) -> Depth {
        let field = self.field;
        *(self.corners.entry(corner)).or_insert_with(|| field.depth(field.squares.corner(corner)))
    }

    /// Draws the edges through one of the smallest squares.
    ///
    /// ```text
    ///   3──top──2      Its corners in turn. A side that leads from inside to outside is where an edge leaves the strip on
    ///   │       │      its left: it goes on to the next side, counted backwards, that leads in again.
    ///   0─bottom─1
    /// ```
    fn cross(&mut self, (east, north): Corner) {
        let corners = [
            (east, north),
            (east + 1, north),
            (east + 1, north + 1),
            (east, north + 1),
        ];
        let inside = corners.map(|corner| self.depth_at(corner).metres > 0.0);
        if inside.iter().all(|one| *one == inside[0]) {
            return;
        }
        let sides: [Side; 4] = [
            (east, north, false),
            (east + 1, north, true),
            (east, north + 1, false),
            (east, north, true),
        ];
        // Where two corners that face each other are inside and the others are not, the middle tells whether they meet.
        let saddle = inside[0] == inside[2] && inside[1] == inside[3];
        let meet = saddle && {
            let middle = (f64::from(east) + 0.5, f64::from(north) + 0.5);
            let place = self.field.squares.place(middle.0, middle.1);
            self.field.depth(place).metres > 0.0
        };
        for from in 0..4 {
            // Seen counter-clockwise, the strip ends on this side.
            if !inside[from] || inside[(from + 1) % 4] {
                continue;
            }
            let begins = |side: usize| !inside[side] && inside[(side + 1) % 4];
            let to = if meet {
                (1..4).map(|n| (from + n) % 4).find(|side| begins(*side))
            } else {
                (1..4)
                    .map(|n| (from + 4 - n) % 4)
                    .find(|side| begins(*side))
            };
            let to = to.expect("a way around a square that leads out leads in again");
            for side in [from, to] {
                self.find(sides[side]);
            }
            self.leads.insert(sides[from], sides[to]);
        }
    }

    /// Finds where the strip ends on a side: barely inside.
    fn find(&mut self, side: Side) {
        if self.places.contains_key(&side) {
            return;
        }
        let (east, north, is_north) = side;
        let ends = [
            (east, north),
            if is_north {
                (east, north + 1)
            } else {
                (east + 1, north)
            },
        ];
        let depths = ends.map(|corner| self.depth_at(corner));
        let [begin, end] = ends.map(|(east, north)| (f64::from(east), f64::from(north)));
        let at = |share: f64| {
            self.field.squares.place(
                begin.0 + (end.0 - begin.0) * share,
                begin.1 + (end.1 - begin.1) * share,
            )
        };
        let is_first_out = depths[0].metres <= 0.0;
        let (mut out, mut within) = if is_first_out {
            ((0.0, depths[0]), (1.0, depths[1]))
        } else {
            ((1.0, depths[1]), (0.0, depths[0]))
        };
        for step in 0..STEPS_MAX {
            if within.1.metres <= CORNER_M {
                break;
            }
            // Along a way a distance changes evenly, mostly: where it does not, the way is halved.
            let even = -out.1.metres / (within.1.metres - out.1.metres);
            let share = if step % 3 == 2 || !even.is_finite() {
                0.5
            } else {
                even.clamp(0.02, 0.98)
            };
            let middle = out.0 + (within.0 - out.0) * share;
            let depth = self.field.depth(at(middle));
            if depth.metres > 0.0 {
                within = (middle, depth);
            } else {
                out = (middle, depth);
            }
        }
        self.places.insert(side, (at(within.0), within.1.end));
    }

    fn strip(mut self) -> Strip {
        let mut rings = Vec::new();
        while let Some((first, mut side)) = self.leads.pop_first() {
            let mut ring = vec![self.places[&first]];
            while side != first {
                ring.push(self.places[&side]);
                side = (self.leads.remove(&side))
                    .expect("where an edge leaves a square it enters the next one");
            }
            rings.push(ring);
        }
        let squares = self.field.squares;
        let error_m = squares.half_diagonal_m(squares.levels) + CORNER_M;
        Strip {
            edges: rings.iter().flat_map(|ring| radius_ends(ring)).collect(),
            areas: polygons(rings),
            error: Metres::new(error_m.ceil()),
        }
    }
}

/// The parts of a ring where it is the radius that ends the strip.
fn radius_ends(ring: &[(Position, End)]) -> Vec<Vec<Position>> {
    let is_end = |at: usize| ring[at % ring.len()].1 == End::Radius;
    let Some(start) = (0..ring.len()).find(|at| !is_end(*at)) else {
        let closed = ring.iter().chain(ring.first());
        return vec![closed.map(|(place, _)| *place).collect()];
    };
    let mut lines: Vec<Vec<Position>> = Vec::new();
    let mut was_end = false;
    for at in start..start + ring.len() {
        if is_end(at) {
            let place = ring[at % ring.len()].0;
            match lines.last_mut().filter(|_| was_end) {
                Some(line) => line.push(place),
                None => lines.push(vec![place]),
            }
        }
        was_end = is_end(at);
    }
    lines.retain(|line| line.len() > 1);
    lines
}

/// Rings as polygons: those that run counter-clockwise are outer ones, the others holes in the smallest that is around.
fn polygons(rings: Vec<Vec<(Position, End)>>) -> Vec<Vec<Vec<Position>>> {
    let (mut outer, mut holes) = (Vec::new(), Vec::new());
    for ring in rings {
        let places: Vec<Position> = ring.iter().map(|(place, _)| *place).collect();
        let area = signed_area(&places);
        if area > 0.0 {
            outer.push((area, vec![places]));
        } else if area < 0.0 {
            holes.push(places);
        }
    }
    outer.sort_by(|one, other| one.0.total_cmp(&other.0));
    for hole in holes {
        let around = |polygon: &Vec<Vec<Position>>| super::ring::contains(&polygon[0], hole[0]);
        if let Some((_, polygon)) = outer.iter_mut().find(|(_, polygon)| around(polygon)) {
            polygon.push(hole);
        }
    }
    let closed = |mut ring: Vec<Position>| {
        ring.push(ring[0]);
        ring
    };
    let polygons = outer.into_iter().rev().map(|(_, rings)| rings);
    polygons
        .map(|rings| rings.into_iter().map(closed).collect())
        .collect()
}

/// Above zero when the ring runs counter-clockwise.
fn signed_area(ring: &[Position]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|(a, b)| a.lon() * b.lat() - b.lon() * a.lat())
        .sum::<f64>()
        / 2.0
}

#[cfg(test)]
#[path = "strip_tests.rs"]
mod tests;
