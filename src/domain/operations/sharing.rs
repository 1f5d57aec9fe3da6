//! What a partner room sees: from the notice that a crossing is coming, at the latest the crossing, until the operation
//! closes. Messages and their effects, and its units: first those that are named or have crossed, from the agreement on all
//! of them; never drafts, refusals or what the room owes.

use super::card::OperationChange;
use super::operation::Operation;
use crate::domain::event::{
    Event, HandoverEvent, LifeEvent, NoticeEvent, OperationEventKind, What,
};
use crate::domain::ids::{RoomId, UnitId};
use std::collections::BTreeSet;

/// Which units of an operation a partner room sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// These.
    Units(BTreeSet<UnitId>),
    /// All of them, also those that are assigned later.
    All,
}

impl Default for Extent {
    /// None.
    fn default() -> Self {
        Self::Units(BTreeSet::new())
    }
}

impl Extent {
    /// Only this unit.
    #[must_use]
    pub fn of(unit: &UnitId) -> Self {
        Self::Units(BTreeSet::from([unit.clone()]))
    }

    /// Whether a unit is among them.
    #[must_use]
    pub fn has(&self, unit: &UnitId) -> bool {
        match self {
            Self::Units(units) => units.contains(unit),
            Self::All => true,
        }
    }

    /// Whether it is at least so wide.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Units(_), Self::All) => false,
            (Self::Units(units), Self::Units(others)) => units.is_superset(others),
        }
    }

    /// Becomes at least so wide: sharing never takes anything back while it lasts.
    pub fn widen(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Units(units), Self::Units(others)) => units.extend(others.iter().cloned()),
            (_, Self::All) => *self = Self::All,
            (Self::All, Self::Units(_)) => {}
        }
    }
}

/// Whether an event of this operation may leave the room.
#[must_use]
pub const fn leaves(kind: &OperationEventKind) -> bool {
    match kind {
        // A partner's rules and profiles are its own.
        OperationEventKind::Life(life) => !matches!(
            life,
            LifeEvent::Changed {
                change: OperationChange::RestingAnew(_),
                ..
            }
        ),
        OperationEventKind::Clock(_)
        | OperationEventKind::Limit(_)
        | OperationEventKind::Assessed { .. }
        | OperationEventKind::TargetSighted { .. }
        | OperationEventKind::EyesMoved(_) => true,
        // What two rooms say to each other each of them keeps itself.
        OperationEventKind::Handover(it) => !matches!(
            it,
            HandoverEvent::Said { .. }
                | HandoverEvent::LeadDisputed { .. }
                | HandoverEvent::LeadSettled { .. }
        ),
        OperationEventKind::Notice { kind, .. } => match kind {
            NoticeEvent::Sent { .. }
            | NoticeEvent::Failed { .. }
            | NoticeEvent::SentAgain { .. }
            | NoticeEvent::Delivered
            | NoticeEvent::Seen { .. }
            | NoticeEvent::Voice { .. }
            | NoticeEvent::Answered { .. } => true,
            NoticeEvent::Owed { .. }
            | NoticeEvent::Drafted { .. }
            | NoticeEvent::Ready
            | NoticeEvent::Withdrawn { .. }
            // Addresses and what machines said are the room's own.
            | NoticeEvent::Attempted(_) => false,
        },
        // What a source tells stays in the room, and so does what lets it.
        OperationEventKind::OrderRefused { .. }
        | OperationEventKind::Report(_)
        | OperationEventKind::Tracker(_) => false,
    }
}

/// The partner rooms that see what happens in an operation after `event` was folded into it.
pub fn partners(operation: &Operation) -> impl Iterator<Item = &RoomId> {
    operation.shared_with.keys()
}

/// The earlier part that sharing grants: the operation's events so far that may leave the room.
#[must_use]
pub fn granted(operation: &Operation) -> Vec<Event> {
    operation
        .history
        .iter()
        .filter(|event| event.of_operation().is_some_and(leaves))
        .map(as_shared)
        .collect()
}

/// An event as a partner takes it: of an assessment, not what the room still owes.
#[must_use]
pub fn as_shared(event: &Event) -> Event {
    let mut shared = event.clone();
    if let What::Operation(of) = &mut shared.what
        && let OperationEventKind::Assessed { assessment, .. } = &mut of.kind
    {
        assessment.duties.clear();
    }
    shared
}

/// The partner that this event opens the operation to, or more of it.
#[must_use]
pub fn opened_to(event: &Event) -> Option<(&RoomId, &Extent)> {
    match event.of_operation()? {
        OperationEventKind::Life(LifeEvent::Shared { with, extent }) => Some((with, extent)),
        _ => None,
    }
}

/// How much of the operation a partner saw before the newest event, which opened more of it; `None`: nothing.
#[must_use]
pub fn seen_before(operation: &Operation, room: &RoomId) -> Option<Extent> {
    let earlier = operation.history.iter().rev().skip(1);
    let opened = earlier
        .filter_map(opened_to)
        .filter(|(with, _)| *with == room);
    opened.fold(None, |seen, (_, extent)| {
        let mut seen = seen.unwrap_or_default();
        seen.widen(extent);
        Some(seen)
    })
}

/// Whether a partner is told this by the room that it happened in: how the lead passed between the two it knows itself.
#[must_use]
pub fn is_for(kind: &OperationEventKind, room: &RoomId) -> bool {
    !matches!(
        kind,
        OperationEventKind::Handover(HandoverEvent::LeadMoved { partner, .. }) if partner == room
    )
}

/// Whether the operation's units are seen by this partner now.
#[must_use]
pub fn shows(operation: &Operation, unit: &UnitId, to: &RoomId) -> bool {
    let seen = operation.shared_with.get(to);
    operation.is_open() && operation.has(unit) && seen.is_some_and(|seen| seen.has(unit))
}
