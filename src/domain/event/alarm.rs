//! What can happen to an alarm.

use crate::domain::alarms::{Alarm, AlarmKind, Shelf, Subject};
use crate::domain::registry::Person;
use std::sync::Arc;

/// Something happened to an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmEvent {
    /// Which alarm.
    pub id: Arc<str>,
    /// What it is.
    pub kind: AlarmKind,
    /// What it is about.
    pub subject: Subject,
    /// What happened.
    pub change: AlarmChange,
}

/// The life of an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlarmChange {
    /// A fact needs a person.
    Raised(Box<Alarm>),
    /// The fact holds again, so soon after it ended that this is the same alarm: who took it before has it.
    Reopened(Box<Alarm>),
    /// A screen showed it first, before this person's eyes.
    Annunciated(Person),
    /// A named person has taken it.
    Acknowledged(Person),
    /// A named person put it aside for a while.
    Shelved(Shelf),
    /// The time for which it was put aside is over, and the fact still holds.
    Returned,
    /// The fact does not hold any more.
    Cleared,
}

impl AlarmChange {
    /// The word of the outside contract.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Raised(_) => "alarm.raised",
            Self::Reopened(_) => "alarm.reopened",
            Self::Annunciated(_) => "alarm.annunciated",
            Self::Acknowledged(_) => "alarm.acknowledged",
            Self::Shelved(_) => "alarm.shelved",
            Self::Returned => "alarm.returned",
            Self::Cleared => "alarm.cleared",
        }
    }
}
