//! Small maps of squares, for tests: easy to read, and easy to ask without any index.

use super::predicate::Spot;
use super::sources::polygon_contains;
use super::*;

/// The side of a square of the small maps, microdegrees: some 110 m.
pub(super) const SIDE: i32 = 1_000;
/// Where the small maps begin: 20° E, 45° N.
const ORIGIN: (i32, i32) = (20_000_000, 45_000_000);

/// A map of squares, one letter each; the first row is the northernmost. `.` is no state's.
#[derive(Debug)]
pub(super) struct SmallMap {
    /// The rows, the southernmost first.
    pub(super) rows: Vec<Vec<u8>>,
    /// How far vertices are moved, so that edges slant, microdegrees.
    pub(super) jitter: i32,
}

impl SmallMap {
    pub(super) fn new(rows: &[&str]) -> Self {
        Self {
            rows: rows
                .iter()
                .rev()
                .map(|row| row.as_bytes().to_vec())
                .collect(),
            jitter: 0,
        }
    }

    pub(super) fn vertex(&self, column: usize, row: usize) -> Vertex {
        let shift = |seed: usize| {
            let mixed = (column * 7_919 + row * 104_729 + seed * 1_299_709) % 2_003;
            (mixed as i32 - 1_001) * self.jitter / 1_001
        };
        Vertex {
            lon: ORIGIN.0 + column as i32 * SIDE + shift(1),
            lat: ORIGIN.1 + row as i32 * SIDE + shift(2),
        }
    }

    pub(super) fn square(&self, column: usize, row: usize) -> Ring {
        [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
            .map(|(dx, dy)| self.vertex(column + dx, row + dy))
            .to_vec()
    }

    fn squares(&self) -> impl Iterator<Item = (u8, Ring)> + '_ {
        self.rows.iter().enumerate().flat_map(move |(row, cells)| {
            (cells.iter().enumerate())
                .map(move |(column, letter)| (*letter, self.square(column, row)))
        })
    }

    /// One polygon for each square: `A` becomes the state AA.
    pub(super) fn sources(&self) -> Sources {
        let mut letters: Vec<u8> = self.squares().map(|(letter, _)| letter).collect();
        letters.sort_unstable();
        letters.dedup();
        let territories = letters
            .into_iter()
            .filter(u8::is_ascii_uppercase)
            .map(|letter| Territory {
                state: state_of(letter),
                polygons: self
                    .squares()
                    .filter(|(owner, _)| *owner == letter)
                    .map(|(_, ring)| vec![ring])
                    .collect(),
            })
            .collect();
        Sources {
            territories,
            ..Sources::default()
        }
    }

    pub(super) fn atlas(&self) -> Atlas {
        atlas_of(&self.sources())
    }

    /// The answer without any index.
    pub(super) fn states_by_hand(&self, position: Position) -> StateSet {
        let spot = Spot::of(position);
        self.squares()
            .filter(|(letter, ring)| {
                letter.is_ascii_uppercase() && polygon_contains(std::slice::from_ref(ring), spot)
            })
            .fold(StateSet::NONE, |set, (letter, _)| {
                set.with(state_of(letter))
            })
    }
}

pub(super) fn atlas_of(sources: &Sources) -> Atlas {
    Atlas::new(assemble(sources).expect("a partition"), "test").expect("an atlas")
}

pub(super) fn state_of(letter: u8) -> State {
    let letter = char::from(letter);
    State::parse(&format!("{letter}{letter}")).expect("two capitals")
}

pub(super) fn set(text: &str) -> StateSet {
    StateSet::parse(text).expect("a set")
}

/// A position in squares from the map's corner: east, north.
pub(super) fn at(east: f64, north: f64) -> Position {
    let degrees = |origin: i32, squares: f64| (f64::from(origin) + squares * f64::from(SIDE)) / 1e6;
    Position::new(degrees(ORIGIN.1, north), degrees(ORIGIN.0, east)).expect("a position")
}
