//! What does a ministry read of a quarter? How many operations, crossings, notices and alarms: never per officer or unit,
//! and small numbers never as they are.

use super::Report;
use super::alarms::median;
use crate::domain::ids::{State, StateSet};
use crate::domain::law::basis::Basis;
use crate::domain::law::facts::foreign;
use crate::domain::law::finding::Duty;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::operations::Outcome;
use crate::domain::tracks::Standing;
use jiff::civil;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt;

/// A number from one up to below this is told as "fewer than" this: with fewer, somebody could be recognised.
pub const SMALL: u64 = 5;

/// A quarter of a year, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    year: i16,
    number: i8,
}

/// Why a text is no [`Quarter`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not a quarter such as 2026Q2")]
pub struct QuarterError {
    /// The text as it came.
    pub value: String,
}

impl Quarter {
    /// Parses `2026Q2`, of the years 1970 to 2999.
    ///
    /// # Errors
    /// [`QuarterError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, QuarterError> {
        let read = || {
            let (year, number) = text.split_once('Q')?;
            let is_plain = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
            let year: i16 = year.parse().ok().filter(|_| is_plain)?;
            let number = match number {
                "1" => 1,
                "2" => 2,
                "3" => 3,
                "4" => 4,
                _ => return None,
            };
            (1970..3000)
                .contains(&year)
                .then_some(Self { year, number })
        };
        read().ok_or_else(|| QuarterError {
            value: text.to_owned(),
        })
    }

    /// Its first moment.
    ///
    /// # Panics
    /// Never: every month of the years that parse has a first day.
    #[must_use]
    pub fn begins(self) -> Timestamp {
        let month = 3 * self.number - 2;
        let first = civil::date(self.year, month, 1)
            .to_zoned(TimeZone::UTC)
            .expect("a first of a month is a day");
        Timestamp::from_millis(first.timestamp().as_millisecond())
    }

    /// The first moment after it.
    #[must_use]
    pub fn ends(self) -> Timestamp {
        let next = if self.number == 4 {
            Self {
                year: self.year + 1,
                number: 1,
            }
        } else {
            Self {
                number: self.number + 1,
                ..self
            }
        };
        next.begins()
    }

    /// Whether a moment lies in it.
    #[must_use]
    pub fn has(self, at: Timestamp) -> bool {
        self.begins() <= at && at < self.ends()
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Q{}", self.year, self.number)
    }
}

/// A number as it may leave the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// As it is: none, or enough.
    Exactly(u64),
    /// At least one, and fewer than [`SMALL`].
    Few,
}

impl Count {
    /// Of a number.
    #[must_use]
    pub const fn of(number: u64) -> Self {
        if number == 0 || number >= SMALL {
            Self::Exactly(number)
        } else {
            Self::Few
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(number) => write!(f, "{number}"),
            Self::Few => write!(f, "<{SMALL}"),
        }
    }
}

/// As what the state took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Its officers went abroad.
    Requesting,
    /// Others' officers came.
    Host,
}

impl Side {
    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requesting => "requesting",
            Self::Host => "host",
        }
    }
}

/// A change of states, such as HU to RO.
pub type Passage = (StateSet, StateSet);

/// What one state's rooms recorded of the operations that were opened in a quarter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QuarterReport {
    operations: BTreeMap<(Side, Basis), u64>,
    crossings: BTreeMap<(Side, Basis, Passage), u64>,
    outcomes: BTreeMap<(Side, Option<Outcome>), u64>,
    /// Notices of a crossing that were sent, or given by telephone.
    sent: BTreeMap<Side, u64>,
    /// How long after the crossing: known to the room that owed them.
    latencies: Vec<Span>,
    not_sent: u64,
    /// Hand-overs that own units recorded.
    handovers: u64,
    /// From each hand-over until its unit had left the host state.
    overlaps: Vec<Span>,
    alarms: [u64; 3],
}

/// How fast hosts were told of crossings. What only the requesting side's record holds is none of the host's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    /// Notices sent.
    pub sent: Count,
    /// Crossings of which the host was not told; `None` of the host.
    pub not_sent: Option<Count>,
    /// From the crossing to the notice, at the median; `None` of fewer than [`SMALL`].
    pub median: Option<Span>,
    /// And in nineteen of twenty.
    pub most: Option<Span>,
}

/// How long units stayed in a host state after its officers had taken over, as the unit said by its button, until it had left.
/// How long the host's units were with it then, nobody records: it is the most that it can have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    /// Hand-overs recorded; `None` of the host, whose record does not hold what others' officers press.
    pub handovers: Option<Count>,
    /// From the hand-over until out of the host state, at the median; `None` of fewer than [`SMALL`].
    pub median: Option<Span>,
    /// And in nineteen of twenty.
    pub most: Option<Span>,
}

/// The median, and what nineteen of twenty stay below; none of fewer than [`SMALL`].
fn spread(of: &[Span]) -> (Option<Span>, Option<Span>) {
    let mut sorted = of.to_vec();
    sorted.sort_unstable();
    if (sorted.len() as u64) < SMALL {
        return (None, None);
    }
    let most = (sorted.len() * 19).div_ceil(20).checked_sub(1);
    let most = most.and_then(|at| sorted.get(at).copied());
    (median(&sorted), most)
}

impl QuarterReport {
    /// One more operation, as a room of `state` recorded it.
    pub fn take(&mut self, state: State, report: &Report) {
        let requesting = report.card.declared.requesting_state;
        let side = if requesting == state {
            Side::Requesting
        } else {
            Side::Host
        };
        let basis = report.card.declared.basis;
        let add = |number: &mut u64| *number += 1;
        add(self.operations.entry((side, basis)).or_default());
        let stands = report
            .crossings
            .iter()
            .filter(|row| row.standing == Standing::Confirmed);
        for crossing in stands.map(|row| &row.crossing) {
            let touches = |states| foreign(states, requesting).next().is_some();
            if touches(crossing.from) || touches(crossing.to) {
                let passage = (crossing.from, crossing.to);
                add(self.crossings.entry((side, basis, passage)).or_default());
            }
        }
        if let Some(closed) = &report.closed {
            add(self
                .outcomes
                .entry((side, closed.value.closing.outcome))
                .or_default());
        }
        let of_crossings = report
            .notices
            .iter()
            .filter(|row| row.duty == Duty::NoticeOfCrossing);
        for notice in of_crossings {
            if notice.given().is_some() {
                add(self.sent.entry(side).or_default());
            }
            if side == Side::Requesting {
                let is_due = notice.given().is_none() && notice.owed.is_some();
                self.not_sent += u64::from(is_due);
                self.latencies.extend(notice.latency());
            }
        }
        if side == Side::Requesting {
            self.take_handovers(report);
        }
        for (sum, raised) in self.alarms.iter_mut().zip(report.alarm_totals.raised) {
            *sum += raised;
        }
    }

    /// Of a unit that pressed more than once in one stay, the first time counts. One whose leaving is not recorded gives no
    /// length.
    fn take_handovers(&mut self, report: &Report) {
        for stay in &report.stays {
            let within = |at: Timestamp| {
                let came = stay.since.is_none_or(|since| since <= at);
                came && stay.until.is_none_or(|until| at <= until)
            };
            let mut pressed = report.handed_over.iter();
            let first = pressed.find(|(unit, at)| *unit == stay.unit && within(*at));
            if let Some((_, at)) = first {
                self.handovers += 1;
                self.overlaps
                    .extend(stay.until.map(|until| until.since(*at)));
            }
        }
    }

    /// Operations opened, by side and basis.
    pub fn operations(&self) -> impl Iterator<Item = (Side, Basis, Count)> + '_ {
        let row =
            |((side, basis), number): (&(Side, Basis), &u64)| (*side, *basis, Count::of(*number));
        self.operations.iter().map(row)
    }

    /// Crossings that stand, by side, basis and the states left and entered.
    pub fn crossings(&self) -> impl Iterator<Item = (Side, Basis, Passage, Count)> + '_ {
        let row = |((side, basis, passage), number): (&(Side, Basis, Passage), &u64)| {
            (*side, *basis, *passage, Count::of(*number))
        };
        self.crossings.iter().map(row)
    }

    /// How those closed ended; `None` of those of which nobody said.
    pub fn outcomes(&self) -> impl Iterator<Item = (Side, Option<Outcome>, Count)> + '_ {
        let row = |((side, outcome), number): (&(Side, Option<Outcome>), &u64)| {
            (*side, *outcome, Count::of(*number))
        };
        self.outcomes.iter().map(row)
    }

    /// How fast hosts were told.
    #[must_use]
    pub fn latency(&self, side: Side) -> Latency {
        let is_ours = side == Side::Requesting;
        let known = if is_ours { &self.latencies[..] } else { &[] };
        let (median, most) = spread(known);
        Latency {
            sent: Count::of(self.sent.get(&side).copied().unwrap_or(0)),
            not_sent: is_ours.then(|| Count::of(self.not_sent)),
            median,
            most,
        }
    }

    /// How long units stayed after a hand-over.
    #[must_use]
    pub fn overlap(&self, side: Side) -> Overlap {
        let is_ours = side == Side::Requesting;
        let known = if is_ours { &self.overlaps[..] } else { &[] };
        let (median, most) = spread(known);
        Overlap {
            handovers: is_ours.then(|| Count::of(self.handovers)),
            median,
            most,
        }
    }

    /// Alarms raised about these operations, by priority.
    #[must_use]
    pub fn alarms(&self) -> [Count; 3] {
        self.alarms.map(Count::of)
    }
}
