//! What a partner room sees: from the first drafted notice, at the latest the crossing, until the operation closes.
//! Messages and their effects and the units of the operation; never drafts, refusals or what the room owes.

use super::card::OperationChange;
use super::operation::Operation;
use crate::domain::event::{Event, LifeEvent, NoticeEvent, OperationEventKind, What};
use crate::domain::ids::{RoomId, UnitId};

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
    operation.shared_with.iter()
}

/// The earlier part that sharing grants: the operation's events so far that may leave the room.
#[must_use]
pub fn granted(operation: &Operation) -> Vec<Event> {
    operation
        .history
        .iter()
        .filter(|event| match &event.what {
            What::Operation(of) => leaves(&of.kind),
            What::Register(_) | What::Fix(_) | What::Track(_) | What::Alarm(_) | What::House(_) => {
                false
            }
        })
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

/// The partner that this event opens the operation to.
#[must_use]
pub fn opened_to(event: &Event) -> Option<&RoomId> {
    match &event.what {
        What::Operation(of) => match &of.kind {
            OperationEventKind::Life(LifeEvent::Shared { with }) => Some(with),
            _ => None,
        },
        What::Register(_) | What::Fix(_) | What::Track(_) | What::Alarm(_) | What::House(_) => None,
    }
}

/// Whether the operation's units are seen by this partner now.
#[must_use]
pub fn shows(operation: &Operation, unit: &UnitId, to: &RoomId) -> bool {
    operation.is_open() && operation.shared_with.contains(to) && operation.has(unit)
}
