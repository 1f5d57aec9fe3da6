//! How much is asked of the people at the desk: alarms in an hour and in ten minutes, by priority (EEMUA 191; ISA-18.2).

use super::kind::Priority;
use crate::domain::measure::{Span, Timestamp};
use std::collections::VecDeque;

/// How far back alarms are counted.
const KEPT: Span = Span::from_hours(24);
/// More than this many are not counted apart: the figures then say "at least".
const MOST: usize = 10_000;
/// What is called a flood: more than so many alarms in ten minutes (EEMUA 191).
pub const FLOOD: usize = 10;

/// When alarms were raised, and how pressing they were.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Counted {
    raised: VecDeque<(Timestamp, Priority)>,
}

/// The figures at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Raised in the last ten minutes.
    pub ten_minutes: usize,
    /// Raised in the last hour.
    pub hour: usize,
    /// Raised in the last 24 hours, by priority.
    pub day: [usize; 3],
    /// Whether more come than a person can take.
    pub flood: bool,
}

impl Counted {
    /// One more was raised.
    pub fn note(&mut self, at: Timestamp, priority: Priority) {
        self.raised.push_back((at, priority));
        let old = at.plus(Span::from_millis(-KEPT.as_millis()));
        while self.raised.len() > MOST || self.raised.front().is_some_and(|(at, _)| *at <= old) {
            self.raised.pop_front();
        }
    }

    /// The figures at `now`: what was raised exactly so long ago does not count any more.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Figures {
        let within = |span: Span| {
            let from = now.plus(Span::from_millis(-span.as_millis()));
            self.raised.iter().filter(move |(at, _)| *at > from)
        };
        let ten_minutes = within(Span::from_minutes(10)).count();
        let by = |priority| within(KEPT).filter(|(_, of)| *of == priority).count();
        Figures {
            ten_minutes,
            hour: within(Span::from_hours(1)).count(),
            day: Priority::ALL.map(by),
            flood: ten_minutes > FLOOD,
        }
    }
}
