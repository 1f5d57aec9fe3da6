//! A host tells the other side's units to turn: at once (CEASE), or because its own officers go on (REL).

use super::said::Said;
use super::speak::Desk;
use super::state::{Recall, RecallKind};
use crate::domain::event::{Event, HandoverEvent, OperationEventKind};
use crate::domain::ids::{State, UnitId};
use crate::domain::law::basis::{HostRefusal, HostRefusalKind};
use crate::domain::measure::Timestamp;
use crate::domain::operations::Operation;
use crate::domain::operations::orders::event;
use crate::domain::registry::Person;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Recall {
    /// The units of which nothing is known yet: they did not say that they will turn, and are not home.
    pub fn open<'a>(&'a self, operation: &'a Operation) -> impl Iterator<Item = &'a UnitId> {
        let unanswered = self.units.iter().filter(|(_, said)| said.is_none());
        let unanswered = unanswered.map(|(unit, _)| unit);
        unanswered.filter(|unit| operation.abroad.contains_key(*unit))
    }

    /// Whether a person of the units' own room has read it and every unit turns.
    #[must_use]
    pub fn is_done(&self, operation: &Operation) -> bool {
        self.read.is_some() && self.open(operation).next().is_none()
    }
}

/// Art. 40(3)(a) and 41(5)(a): the host's order concerns every unit that is there.
pub(super) fn cease(
    desk: Desk<'_>,
    operation: &Operation,
    said: &Said,
    words: &Arc<str>,
) -> Option<Event> {
    let host = state_of(desk, said)?;
    let there = operation.abroad.iter();
    let there = there.filter(|(_, abroad)| abroad.territory.contains(host));
    let units = there.map(|(unit, _)| (unit.clone(), None)).collect();
    ordered(desk, operation, (said, RecallKind::Cease), units, words)
}

/// Nothing that the host granted holds from its order on.
pub(super) fn refusal(
    desk: Desk<'_>,
    operation: &Operation,
    said: &Said,
    by: &Person,
    words: &Arc<str>,
) -> Option<HostRefusal> {
    Some(HostRefusal {
        host: state_of(desk, said)?,
        kind: HostRefusalKind::Withdrawn,
        at: desk.now.max(operation.opened_at),
        said_by: format!("{} of {}", by.account, by.room).into(),
        because: Arc::clone(words),
    })
}

/// The units named are released.
pub(super) fn release(
    desk: Desk<'_>,
    operation: &Operation,
    said: &Said,
    units: &[UnitId],
) -> Option<Event> {
    let named = units.iter().filter(|unit| operation.has(unit));
    let units = named.map(|unit| (unit.clone(), None)).collect();
    ordered(
        desk,
        operation,
        (said, RecallKind::Release),
        units,
        &"".into(),
    )
}

fn ordered(
    desk: Desk<'_>,
    operation: &Operation,
    (said, kind): (&Said, RecallKind),
    units: BTreeMap<UnitId, Option<Timestamp>>,
    words: &Arc<str>,
) -> Option<Event> {
    let recall = Recall {
        kind,
        room: said.from.clone(),
        message: said.id.clone(),
        by: said.by.clone()?,
        at: desk.now,
        words: Arc::clone(words),
        read: None,
        units,
    };
    let kind = OperationEventKind::Handover(HandoverEvent::Recalled(Box::new(recall)));
    Some(event(&operation.card.id, desk.now, kind))
}

fn state_of(desk: Desk<'_>, said: &Said) -> Option<State> {
    desk.lookup.rooms.get(&said.from).map(|card| card.state)
}

/// A unit said that it will: of every order to turn that it had not answered.
#[must_use]
pub fn will_turn(operation: &Operation, unit: &UnitId, now: Timestamp) -> Vec<Event> {
    let open = operation
        .recalls
        .iter()
        .filter(|recall| recall.units.get(unit).is_some_and(Option::is_none));
    let answered = |recall: &Recall| {
        let kind = HandoverEvent::UnitTurns {
            kind: recall.kind,
            message: recall.message.clone(),
            unit: unit.clone(),
        };
        event(&operation.card.id, now, OperationEventKind::Handover(kind))
    };
    open.map(answered).collect()
}
