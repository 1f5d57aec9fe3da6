//! What two rooms agree on before the lead passes: where, when, who enters, how far and how long both are there.

use crate::domain::ids::UnitId;
use crate::domain::measure::{Metres, Position, Span, Timestamp};
use std::sync::Arc;

/// The terms of one hand-over, as they are notified, proposed, countered and agreed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Terms {
    /// Where the crossing is expected; the likeliest first. One, once it is proposed.
    pub crossing_points: Vec<ExpectedAt>,
    /// When the target is expected over the line.
    pub expected: Option<Expected>,
    /// How far beyond the line the lead is to pass, along the way: nought at the line, negative before it.
    pub transfer_at: Option<Metres>,
    /// The unit of the room that takes the lead which takes the target.
    pub takes_eyes: Option<UnitId>,
    /// The units of the room that hands over which enter.
    pub units: Vec<UnitId>,
    /// How far beyond the line they may stay with the target, and how long, after the lead has passed.
    pub overlap: Overlap,
    /// By which way the rooms and units speak: a talk group, a number, a joint centre.
    pub voice: Option<Arc<str>>,
}

/// A crossing point and how probable it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedAt {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is, when it is known.
    pub position: Option<Position>,
    /// In parts of a hundred; `None` when a person chose it.
    pub percent: Option<u8>,
}

/// When something is expected: an interval and the likeliest moment in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// Not before.
    pub earliest: Timestamp,
    /// Most likely.
    pub likely: Timestamp,
    /// Not after.
    pub latest: Timestamp,
}

/// How far and how long units of both rooms are with the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overlap {
    /// So far beyond the line; `None` when nothing was agreed.
    pub distance: Option<Metres>,
    /// So long after the lead has passed; `None` when nothing was agreed.
    pub period: Option<Span>,
}

/// One thing that terms say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// The crossing point.
    CrossingPoint,
    /// The time.
    Expected,
    /// Where the lead passes.
    TransferAt,
    /// Who takes the target.
    TakesEyes,
    /// Who enters.
    Units,
    /// How far and how long both stay.
    Overlap,
    /// How they speak.
    Voice,
}

impl Term {
    /// All of them, as a card lists them.
    pub const ALL: [Self; 7] = [
        Self::CrossingPoint,
        Self::Expected,
        Self::TransferAt,
        Self::TakesEyes,
        Self::Units,
        Self::Overlap,
        Self::Voice,
    ];

    /// The word stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CrossingPoint => "crossing_point",
            Self::Expected => "expected",
            Self::TransferAt => "transfer_at",
            Self::TakesEyes => "takes_eyes",
            Self::Units => "units",
            Self::Overlap => "overlap",
            Self::Voice => "voice",
        }
    }

    /// The term of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|term| term.as_str() == word)
    }
}

impl Terms {
    /// In what others differ from these. A crossing point is the same when its name is.
    #[must_use]
    pub fn differences(&self, others: &Self) -> Vec<Term> {
        let name = |terms: &Self| terms.crossing_points.first().map(|at| Arc::clone(&at.name));
        let differs = |term: &Term| match term {
            Term::CrossingPoint => name(self) != name(others),
            Term::Expected => self.expected != others.expected,
            Term::TransferAt => self.transfer_at != others.transfer_at,
            Term::TakesEyes => self.takes_eyes != others.takes_eyes,
            Term::Units => self.units != others.units,
            Term::Overlap => self.overlap != others.overlap,
            Term::Voice => self.voice != others.voice,
        };
        Term::ALL.into_iter().filter(differs).collect()
    }

    /// Whether others are these but for a time of arrival that moved by no more than so much: told without an answer.
    #[must_use]
    pub fn is_within(&self, others: &Self, tolerance: Span) -> bool {
        let moved = match (self.expected, others.expected) {
            (Some(before), Some(after)) => {
                let by = after.likely.since(before.likely).as_millis().abs();
                by <= tolerance.as_millis()
            }
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let changed = self.differences(others);
        moved && changed.iter().all(|term| *term == Term::Expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(name: &str) -> ExpectedAt {
        ExpectedAt {
            name: name.into(),
            position: None,
            percent: None,
        }
    }

    fn expected(minute: i64) -> Expected {
        let at = |minute| Timestamp::from_millis(minute * 60_000);
        Expected {
            earliest: at(minute - 2),
            likely: at(minute),
            latest: at(minute + 2),
        }
    }

    #[test]
    fn a_time_that_moves_by_the_tolerance_is_a_small_change_and_a_second_more_is_none() {
        let before = Terms {
            crossing_points: vec![at("COP-1")],
            expected: Some(expected(30)),
            ..Terms::default()
        };
        let ten = Span::from_minutes(10);
        let moved = |minute| Terms {
            expected: Some(expected(minute)),
            ..before.clone()
        };
        for within in [20, 30, 40] {
            assert!(before.is_within(&moved(within), ten), "{within}");
        }
        for beyond in [19, 41] {
            assert!(!before.is_within(&moved(beyond), ten), "{beyond}");
        }
        let elsewhere = Terms {
            crossing_points: vec![at("COP-2")],
            ..before.clone()
        };
        assert!(!before.is_within(&elsewhere, ten));
        assert_eq!(before.differences(&elsewhere), [Term::CrossingPoint]);
        let nobody_knows = Terms {
            expected: None,
            ..before.clone()
        };
        assert!(!before.is_within(&nobody_knows, ten));
    }
}
