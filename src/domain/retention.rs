//! How long is what kept? One closed list: every event has a class, and who adds an event must say which.
//!
//! The law sets no number of days that would hold in every state: Directive (EU) 2016/680 Art. 5 asks that limits be set in
//! advance, Art. 25(1) that an erasure be logged. So the days come from the installation, and a class without them is kept
//! until somebody decides. What the picture of a restart is folded from is kept as long as its ledger.

use super::event::{
    Event, HouseEvent, LifeEvent, LinkEventKind, OperationEventKind, ReportEvent, TrackEventKind,
    What,
};
use super::ids::{OperationId, RoomId, UnitId};
use super::measure::{Day, Timestamp};
use super::operations::{Operation, OperationChange};
use super::world::World;
use std::collections::BTreeSet;

/// How long a record is kept, as a class. The word stands in its header and is chained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RetentionClass {
    /// Positions of officers, vehicles and drones outside any operation: the shortest.
    Positions,
    /// Positions within an operation: what its report rests on.
    OperationPositions,
    /// What was told of a unit's way and duty outside any operation: crossings, approaches, silences, alarms.
    Movements,
    /// The case: crossings, findings, notices, sightings, alarms of one operation, from its opening to its closing.
    Operation,
    /// The report of an operation: owed, stated, signed.
    Report,
    /// Who looked at what, when and why, who logged in, who gave which order (Directive (EU) 2016/680 Art. 25).
    Access,
    /// The room's own running: its register, rules, profiles, clock, and what was erased.
    Service,
}

impl RetentionClass {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Positions,
        Self::OperationPositions,
        Self::Movements,
        Self::Operation,
        Self::Report,
        Self::Access,
        Self::Service,
    ];

    /// Those that can be given a number of days: nothing that a restart decides on rests on them.
    pub const ERASABLE: [Self; 3] = [Self::Positions, Self::OperationPositions, Self::Access];

    /// The word that stands in the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Positions => "positions",
            Self::OperationPositions => "operation_positions",
            Self::Movements => "movements",
            Self::Operation => "operation",
            Self::Report => "report",
            Self::Access => "access",
            Self::Service => "service",
        }
    }

    /// The class of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == word)
    }

    /// The class of an event, which belongs to an operation or to none.
    #[must_use]
    pub const fn of(event: &Event, in_operation: bool) -> Self {
        match &event.what {
            What::Fix(_) => Self::positions(in_operation),
            What::Track(track) => match &track.kind {
                // It holds the fix.
                TrackEventKind::FixQuarantined { .. } => Self::positions(in_operation),
                TrackEventKind::SignedOn
                | TrackEventKind::SignedOff
                | TrackEventKind::Located { .. }
                | TrackEventKind::Approaching(_)
                | TrackEventKind::Receding { .. }
                | TrackEventKind::CrossingSuspected(_)
                | TrackEventKind::CrossingConfirmed(_)
                | TrackEventKind::CrossingRetracted { .. }
                | TrackEventKind::CrossingRevised(_)
                | TrackEventKind::Silent(_)
                | TrackEventKind::MayHaveCrossed(_)
                | TrackEventKind::Back
                | TrackEventKind::CameraOver { .. }
                | TrackEventKind::Device(_)
                | TrackEventKind::StandOffBroken(_)
                | TrackEventKind::BreachPredicted(_)
                | TrackEventKind::StandOffKept
                | TrackEventKind::Sealed { .. }
                | TrackEventKind::Unsealed
                | TrackEventKind::LeftCoverage
                | TrackEventKind::FixReleased { .. }
                | TrackEventKind::Acted { .. } => Self::case(in_operation),
            },
            What::Operation(operation) => match &operation.kind {
                OperationEventKind::Report(report) => match report {
                    ReportEvent::Owed | ReportEvent::Stated { .. } | ReportEvent::Signed { .. } => {
                        Self::Report
                    }
                },
                OperationEventKind::Life(_)
                | OperationEventKind::Notice { .. }
                | OperationEventKind::Clock(_)
                | OperationEventKind::Limit(_)
                | OperationEventKind::Assessed { .. }
                | OperationEventKind::OrderRefused { .. }
                | OperationEventKind::TargetSighted { .. }
                | OperationEventKind::EyesMoved(_)
                | OperationEventKind::Handover(_)
                | OperationEventKind::Tracker(_) => Self::Operation,
            },
            What::Alarm(_) => Self::case(in_operation),
            What::Link(link) => match &link.kind {
                // It holds positions, and what the room was told of is kept beside it.
                LinkEventKind::Sent(_) => Self::positions(in_operation),
                LinkEventKind::Confirmed { .. }
                | LinkEventKind::Taken { .. }
                | LinkEventKind::Missing(_)
                | LinkEventKind::Lost(_)
                | LinkEventKind::Restored
                | LinkEventKind::Refused(_)
                | LinkEventKind::Head(_)
                | LinkEventKind::ClockDiffers { .. } => Self::Service,
            },
            What::House(house) => match house {
                HouseEvent::AccessViewed { .. }
                | HouseEvent::AccessExported { .. }
                | HouseEvent::Session { .. }
                | HouseEvent::OrderTaken { .. } => Self::Access,
                // What the room decides with: a restart that lacked it would decide otherwise.
                HouseEvent::RulesAdopted { .. }
                | HouseEvent::ProfilesAdopted { .. }
                | HouseEvent::ClockJumped { .. }
                | HouseEvent::DiskRoom(_) => Self::Service,
            },
            What::Register(_) => Self::Service,
        }
    }

    /// The class of positions.
    #[must_use]
    pub const fn positions(in_operation: bool) -> Self {
        if in_operation {
            Self::OperationPositions
        } else {
            Self::Positions
        }
    }

    const fn case(in_operation: bool) -> Self {
        if in_operation {
            Self::Operation
        } else {
            Self::Movements
        }
    }
}

/// How many days each class is kept, where the installation says so: checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention(Days);

/// The days that an installation states, by class; `None` is kept until somebody decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days {
    /// Of [`RetentionClass::Positions`].
    pub positions: Option<u32>,
    /// Of [`RetentionClass::OperationPositions`].
    pub operation_positions: Option<u32>,
    /// Of [`RetentionClass::Access`].
    pub access: Option<u32>,
}

/// Why days are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RetentionError {
    /// Out of range.
    #[error("retention.{}_days must be from 1 to 36500", .0.as_str())]
    OutOfRange(RetentionClass),
    /// Positions outside operations would outlast another class.
    #[error(
        "retention.positions_days must be set and no more than retention.{}_days: an officer's positions are kept the shortest", .0.as_str()
    )]
    PositionsOutlast(RetentionClass),
    /// Shorter than the gate takes a late fix: a repeat of what was erased would be taken for a new fix.
    #[error(
        "retention.{}_days must be at least {least}: the gate takes fixes of that age, and tells a repeat by what is kept", class.as_str()
    )]
    TooShort {
        /// Which.
        class: RetentionClass,
        /// The least number of days.
        least: u32,
    },
}

impl Retention {
    /// From the days that an installation states. `age_max_h` is how old a fix may be that the gate takes, hours.
    ///
    /// # Errors
    /// [`RetentionError`], a sentence that names the key.
    pub fn new(days: Days, age_max_h: u32) -> Result<Self, RetentionError> {
        let kept = Self(days);
        let least = age_max_h.div_ceil(24) + 1;
        for class in RetentionClass::ERASABLE {
            let Some(stated) = kept.days(class) else {
                continue;
            };
            if !(1..=36_500).contains(&stated) {
                return Err(RetentionError::OutOfRange(class));
            }
            if stated < least && class != RetentionClass::Access {
                return Err(RetentionError::TooShort { class, least });
            }
            if days.positions.is_none_or(|positions| positions > stated) {
                return Err(RetentionError::PositionsOutlast(class));
            }
        }
        Ok(kept)
    }

    /// The days of a class; `None`: kept until somebody decides.
    #[must_use]
    pub const fn days(self, class: RetentionClass) -> Option<u32> {
        match class {
            RetentionClass::Positions => self.0.positions,
            RetentionClass::OperationPositions => self.0.operation_positions,
            RetentionClass::Access => self.0.access,
            RetentionClass::Movements
            | RetentionClass::Operation
            | RetentionClass::Report
            | RetentionClass::Service => None,
        }
    }

    /// The last day of recording whose records of a class are past their time at `now`; `None` when none ever are.
    #[must_use]
    pub fn due_through(self, class: RetentionClass, now: Timestamp) -> Option<Day> {
        let days = self.days(class)?;
        Some(Day::of(now).plus(-i64::from(days) - 1))
    }
}

/// Why positions are held though their time is over, or an order asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeldBecause {
    /// The operation runs.
    Open,
    /// It is over, and its report is owed and not signed.
    ReportOwed,
}

impl HeldBecause {
    /// In words, after the operation's id.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "is open",
            Self::ReportOwed => "has a report that is owed and not signed",
        }
    }
}

/// An operation whose positions are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Which.
    pub operation: OperationId,
    /// Why.
    pub because: HeldBecause,
    /// The units that it has or had.
    pub units: BTreeSet<UnitId>,
    /// From which day of recording on positions of its units tell of it, also those from before they were assigned.
    pub from: Day,
    /// Until which day.
    pub until: Day,
}

impl Hold {
    /// The holds of one room's ledger, by operation. A partner's operation is held while it is open there; whether its
    /// report is owed, only its own room knows.
    #[must_use]
    pub fn all(world: &World, room: &RoomId) -> Vec<Self> {
        let held = world.operations().values().filter_map(|operation| {
            let because = because(operation, room)?;
            Some(Self {
                operation: operation.card.id.clone(),
                because,
                units: units(operation),
                // What led to the opening is evidence too: a pursuit begins before it is opened.
                from: Day::of(operation.opened_at).plus(-1),
                // And what came late, as long as the gate takes it at most.
                until: operation
                    .closed_at
                    .map_or(Day(i64::MAX), |at| Day::of(at).plus(8)),
            })
        });
        held.collect()
    }

    /// Whether it holds what was recorded of a unit on a day outside any operation.
    #[must_use]
    pub fn holds(&self, unit: &UnitId, day: Day) -> bool {
        self.units.contains(unit) && (self.from..=self.until).contains(&day)
    }
}

fn because(operation: &Operation, room: &RoomId) -> Option<HeldBecause> {
    if operation.is_open() {
        return Some(HeldBecause::Open);
    }
    let ours = operation.card.room == *room;
    let report = &operation.report;
    // Of one that was closed while a unit was abroad the report is owed once that unit is home.
    let will_be =
        !operation.abroad.is_empty() && operation.card.declared.basis.form().follows_somebody();
    let unsigned = report.signed.is_empty() && (report.owed_since.is_some() || will_be);
    (ours && unsigned).then_some(HeldBecause::ReportOwed)
}

fn units(operation: &Operation) -> BTreeSet<UnitId> {
    let mut units: BTreeSet<UnitId> = operation.card.units.iter().cloned().collect();
    for event in &operation.history {
        let What::Operation(of) = &event.what else {
            continue;
        };
        match &of.kind {
            OperationEventKind::Life(LifeEvent::Opened(card)) => {
                units.extend(card.units.iter().cloned());
            }
            OperationEventKind::Life(LifeEvent::Changed {
                change: OperationChange::Units(changed),
                ..
            }) => units.extend(changed.iter().cloned()),
            _ => {}
        }
    }
    units
}

#[cfg(test)]
mod tests;
