//! What was raised about the operation, and who took it?

use super::Noted;
use crate::domain::alarms::{Alarm, AlarmKind, Priority};
use crate::domain::event::{AlarmChange, AlarmEvent};
use crate::domain::ids::Seq;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::registry::Person;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One alarm, from raised to cleared.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmRow {
    /// As it was raised.
    pub alarm: Alarm,
    /// When it was raised.
    pub raised: Noted<()>,
    /// Who took it first.
    pub acknowledged: Option<Noted<Person>>,
    /// Who put it aside, and until when.
    pub shelved: Vec<Noted<(Person, Timestamp)>>,
    /// When the fact held no more.
    pub cleared: Option<Noted<()>>,
}

impl AlarmRow {
    /// How long after it was raised somebody took it.
    #[must_use]
    pub fn taken_after(&self) -> Option<Span> {
        Some(self.acknowledged.as_ref()?.at.since(self.raised.at))
    }
}

/// The alarms of an operation in figures.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AlarmTotals {
    /// How many, by priority.
    pub raised: [u64; 3],
    /// How many an hour, over the time it was open; `None` for less than a minute.
    pub an_hour: Option<f64>,
    /// How long until somebody took one, at the median of those taken; `None` when none was.
    pub taken_after: Option<Span>,
}

impl AlarmTotals {
    /// Of these alarms, raised in so much time.
    #[must_use]
    pub(super) fn of(alarms: &[AlarmRow], open: Span) -> Self {
        let by = |priority| {
            let of = alarms
                .iter()
                .filter(|row| row.alarm.kind.priority() == priority);
            of.count() as u64
        };
        let mut taken: Vec<Span> = alarms.iter().filter_map(AlarmRow::taken_after).collect();
        taken.sort_unstable();
        let hours = open.as_secs_f64() / 3_600.0;
        Self {
            raised: Priority::ALL.map(by),
            an_hour: (open >= Span::from_minutes(1)).then(|| alarms.len() as f64 / hours),
            taken_after: median(&taken),
        }
    }
}

/// The middle one; of two in the middle the lower.
pub(super) fn median<T: Copy>(sorted: &[T]) -> Option<T> {
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

/// Alarms by id.
#[derive(Debug, Default)]
pub(super) struct Alarms(BTreeMap<Arc<str>, AlarmRow>);

impl Alarms {
    /// One more event. Alarms about the report itself are none of it: they would change what was signed.
    pub(super) fn take(&mut self, event: &AlarmEvent, at: Timestamp, record: Seq) {
        if matches!(event.kind, AlarmKind::ReportDue | AlarmKind::ReportLate) {
            return;
        }
        let noted = |by: &Person| Noted {
            value: by.clone(),
            at,
            record,
        };
        if let AlarmChange::Raised(alarm) = &event.change {
            let row = AlarmRow {
                alarm: (**alarm).clone(),
                raised: Noted {
                    value: (),
                    at,
                    record,
                },
                acknowledged: None,
                shelved: Vec::new(),
                cleared: None,
            };
            self.0.insert(Arc::clone(&event.id), row);
            return;
        }
        let Some(row) = self.0.get_mut(&event.id) else {
            return;
        };
        match &event.change {
            AlarmChange::Acknowledged(by) => {
                row.acknowledged.get_or_insert_with(|| noted(by));
            }
            AlarmChange::Shelved(aside) => row.shelved.push(Noted {
                value: (aside.by.clone(), aside.until),
                at,
                record,
            }),
            AlarmChange::Cleared => {
                row.cleared = Some(Noted {
                    value: (),
                    at,
                    record,
                });
            }
            AlarmChange::Reopened(_) => row.cleared = None,
            AlarmChange::Raised(_) | AlarmChange::Annunciated(_) | AlarmChange::Returned => {}
        }
    }

    /// In the order in which they were raised.
    pub(super) fn into_rows(self) -> Vec<AlarmRow> {
        let mut rows: Vec<AlarmRow> = self.0.into_values().collect();
        rows.sort_by_key(|row| row.raised.record);
        rows
    }
}
