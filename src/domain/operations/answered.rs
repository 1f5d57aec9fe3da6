//! What a host says back, as a person of the room that told it writes down: that it has read a notice, and what it answers.
//!
//! ```text
//!   sent by mail or webhook ──▶ delivered ──▶ "we have read it", by telephone ──▶ seen      a room here says so itself
//!                                             "yes" | "no" | other words ───────▶ answered  after seen or voice too
//! ```
//!
//! An answer is words. What a host grants or takes back of an operation is its document (`operation.changed`), which alone
//! the law is asked of.

use super::by_voice::{life_of, was_silent_to};
use super::crossings::Consequences;
use super::detentions::not_ahead;
use super::notice::{Call, HostAnswer, Notice, NoticeStatus};
use super::operation::Operation;
use super::orders::{Ask, Ordered, current, event, refuse};
use crate::domain::event::{NoticeEvent, OperationEventKind, Refusal};
use crate::domain::ids::{NoticeId, UnitId};
use crate::domain::input::HostSaid;
use crate::domain::law::finding::Duty;
use crate::domain::measure::Timestamp;
use crate::domain::registry::UnitCard;
use std::collections::BTreeMap;

/// Writes down what a host said back.
///
/// # Errors
/// A [`Refusal`]: by the guards of every order, and by those of [`HostSaid::Read`] (it was not sent by a channel, was read or
/// given already, or goes to a room here, whose persons say so themselves; the call lies ahead, or before it was sent) or
/// [`HostSaid::Answered`] (the host has not got the notice yet; the answer lies ahead, or before the host was told).
pub fn take(
    ask: Ask<'_>,
    operation: &Operation,
    (id, said): (&NoticeId, &HostSaid),
    units: &BTreeMap<UnitId, &UnitCard>,
) -> Ordered {
    match said {
        HostSaid::Read(call) => confirm_read(ask, operation, (id, call), units),
        HostSaid::Answered(answer) => record(ask, operation, id, answer),
    }
}

/// A person of the host says by telephone that a notice sent by mail or webhook was read. What was read has arrived, whatever
/// its channels say.
fn confirm_read(
    ask: Ask<'_>,
    operation: &Operation,
    (id, call): (&NoticeId, &Call),
    units: &BTreeMap<UnitId, &UnitCard>,
) -> Ordered {
    let notice = known(ask, operation, id)?;
    if notice.status >= NoticeStatus::Seen {
        let how_far = notice.status.as_str();
        let sentence = format!("Notice {id} is read already ({how_far}).");
        return Err(refuse("notice_told", sentence));
    }
    if ask.lookup.rooms.contains_key(&notice.to) {
        let sentence = format!(
            "{} has a room here: its persons say themselves that they have read it (`ACK`).",
            notice.to
        );
        return Err(refuse("reader_has_room", sentence));
    }
    let Some(sent) = notice.sent_at else {
        let sentence = format!(
            "Notice {id} was not sent: send it, or write down that it was given by telephone (`voice`)."
        );
        return Err(refuse("notice_not_sent", sentence));
    };
    not_ahead(ask, call.at)?;
    if call.at < sent {
        let sentence = format!(
            "Notice {id} was sent at {sent}: nobody had read it at {}.",
            call.at
        );
        return Err(refuse("call_before_known", sentence));
    }
    let mut events = Vec::new();
    let mut consequences = Consequences::of(operation, ask.lookup, ask.now, &mut events);
    let seen = NoticeEvent::Seen {
        by: ask.by.clone(),
        call: Some(Box::new(call.clone())),
    };
    let seen = OperationEventKind::Notice {
        notice: id.clone(),
        kind: seen,
    };
    consequences.push_at(call.at.min(ask.now), seen);
    let host = notice.fields.as_ref().map(|fields| fields.host_state);
    if let Some(host) = host
        && notice.duty == Duty::NoticeOfCrossing
        && was_silent_to(operation, host)
    {
        consequences.host_was_told(host, units);
    }
    Ok(events)
}

/// A host answers. It may answer again: each answer is kept, and the last one stands.
fn record(ask: Ask<'_>, operation: &Operation, id: &NoticeId, answer: &HostAnswer) -> Ordered {
    let notice = known(ask, operation, id)?;
    if notice.status < NoticeStatus::Delivered {
        let how_far = notice.status.as_str();
        let sentence = format!(
            "Nobody of {} can have answered notice {id} yet: it is {how_far}. Write the call down first by which they know of it.",
            notice.to
        );
        return Err(refuse("notice_not_delivered", sentence));
    }
    not_ahead(ask, answer.at)?;
    if let Some(told) = told_at(operation, id, notice).filter(|told| answer.at < *told) {
        let sentence = format!(
            "The host was told at {told}: an answer at {} comes before it. Correct the time.",
            answer.at
        );
        return Err(refuse("answer_before_notice", sentence));
    }
    let kind = NoticeEvent::Answered {
        by: ask.by.clone(),
        answer: Box::new(answer.clone()),
    };
    let kind = OperationEventKind::Notice {
        notice: id.clone(),
        kind,
    };
    Ok(vec![event(&operation.card.id, ask.now, kind)])
}

fn known<'o>(ask: Ask<'_>, operation: &'o Operation, id: &NoticeId) -> Result<&'o Notice, Refusal> {
    current(ask, operation, None)?;
    operation.notices.get(id).ok_or_else(|| {
        let sentence = format!("There is no notice {id}.");
        refuse("no_such_notice", sentence)
    })
}

/// When the host was first told: when it was sent, or when they spoke.
fn told_at(operation: &Operation, id: &NoticeId, notice: &Notice) -> Option<Timestamp> {
    let spoken = life_of(operation, id).filter_map(|(_, kind)| match kind {
        NoticeEvent::Voice { call, .. } => Some(call.at),
        _ => None,
    });
    notice.sent_at.into_iter().chain(spoken).min()
}
