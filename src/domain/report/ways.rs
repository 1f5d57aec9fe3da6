//! Where were the units? Their ways for the drawing of a report, from the positions that are kept today.
//!
//! ```text
//!   fixes  ● ● ● ●        ● ● ●       ●          nothing heard for a minute: the way ends there and begins anew,
//!          └─────┘        └───┘       └ one place   so that no line is drawn where nobody knows the way
//! ```
//!
//! They are no facts of the report: a signed report is kept for years, and a way must be erased in weeks.

use super::Noted;
use super::draft::noted;
use crate::domain::ids::{State, UnitId};
use crate::domain::measure::{Position, Span, Timestamp};
use crate::domain::operations::Detention;

/// A pause longer than this breaks a way: what the screens call lost.
pub const BREAK: Span = Span::from_secs(60);

/// The way of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Whose.
    pub unit: UnitId,
    /// Its pieces in the order of time, each of one place at least; none when no position of it is kept.
    pub pieces: Vec<Vec<Position>>,
}

/// A person held abroad, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldAt {
    /// In which state, since when.
    pub host: Noted<State>,
    /// Where the unit that holds the person was then; `None` when no unit does, or none of its positions is kept of the
    /// minute before.
    pub place: Option<Position>,
}

/// What a map of the operation is drawn from, beside its crossings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ways {
    /// Unit by unit.
    pub of: Vec<Way>,
    /// Persons held.
    pub held: Vec<HeldAt>,
}

/// A way out of places in the order of time.
pub(super) fn way(unit: UnitId, places: &[(Timestamp, Position)]) -> Way {
    let mut pieces: Vec<Vec<Position>> = Vec::new();
    let mut before: Option<Timestamp> = None;
    for (at, place) in places {
        let goes_on = before.is_some_and(|before| at.since(before) <= BREAK);
        match pieces.last_mut().filter(|_| goes_on) {
            Some(piece) => piece.push(*place),
            None => pieces.push(vec![*place]),
        }
        before = Some(*at);
    }
    Way { unit, pieces }
}

/// Where a person was held: at the last of the unit's places, in the order of time, that is not older than [`BREAK`].
pub(super) fn held_at(told: &Noted<Detention>, places: &[(Timestamp, Position)]) -> HeldAt {
    let since = told.value.since;
    let before = places.iter().rev().find(|(at, _)| *at <= since);
    let near = before.filter(|(at, _)| since.since(*at) <= BREAK);
    HeldAt {
        host: noted(told.value.host, since, told.record),
        place: near.map(|(_, place)| *place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Seq;

    fn place(at: i64, lon: f64) -> (Timestamp, Position) {
        let at = Timestamp::from_millis(at * 1_000);
        (at, Position::new(46.0, lon).unwrap())
    }

    fn unit() -> UnitId {
        UnitId::parse("HU-1").unwrap()
    }

    #[test]
    fn a_way_is_broken_where_nothing_was_heard_for_more_than_a_minute() {
        let heard = [place(0, 20.0), place(60, 20.1), place(121, 20.2)];
        let pieces = way(unit(), &heard).pieces;
        assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(way(unit(), &[]).pieces, Vec::<Vec<Position>>::new());
    }

    #[test]
    fn a_person_is_held_where_the_unit_was_then_or_nobody_knows() {
        let held = |since: i64| {
            let detention = Detention {
                host: State::parse("RO").unwrap(),
                since: Timestamp::from_millis(since * 1_000),
                unit: Some(unit()),
                host_national: None,
                findings: Vec::new(),
            };
            let told = noted(detention, Timestamp::EPOCH, Seq(7));
            let heard = [place(0, 20.0), place(10, 20.1), place(20, 20.2)];
            held_at(&told, &heard).place.map(Position::lon)
        };
        assert_eq!(held(15), Some(20.1));
        assert_eq!(held(80), Some(20.2));
        assert_eq!(held(81), None, "heard too long before");
        assert_eq!(held(-1), None, "not heard before");
    }
}
