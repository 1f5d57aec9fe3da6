//! A notice goes out: by whom, by which ways, and again when it failed.

use super::channels::ChannelKind;
use super::notice::{Notice, NoticeFields, NoticeStatus};
use super::operation::Operation;
use super::orders::{Ask, Ordered, current, event, refuse};
use super::{letter, transfer};
use crate::domain::event::{NoticeEvent, OperationEventKind, Refusal};
use crate::domain::ids::{NoticeId, State};
use crate::domain::law::finding::Duty;
use std::sync::Arc;

/// Sends a notice that is ready. A notice already sent is not sent twice: the order is answered as done.
///
/// # Errors
/// A [`Refusal`] by a guard.
pub fn send_notice(
    ask: Ask<'_>,
    operation: &Operation,
    id: &NoticeId,
    grounds: Option<&Arc<str>>,
) -> Ordered {
    current(ask, operation, None)?;
    let Some(notice) = operation.notices.get(id) else {
        return Err(refuse(
            "no_such_notice",
            format!("There is no notice {id}."),
        ));
    };
    if notice.status == NoticeStatus::Failed {
        return send_again(ask, operation, (id, notice));
    }
    if !notice.is_open() {
        return Ok(Vec::new());
    }
    let Some(fields) = notice.fields.clone() else {
        return Err(refuse(
            "notice_not_drafted",
            format!("Notice {id} has no draft yet."),
        ));
    };
    let fields = with_grounds(fields, notice.duty, grounds);
    if !fields.missing.is_empty() {
        return Err(refuse(
            "notice_incomplete",
            format!("Notice {id} still misses: {}.", fields.missing.join(", ")),
        ));
    }
    if let Some(refusal) = transfer::barred(ask.lookup, operation, fields.host_state) {
        return Err(refusal);
    }
    let channels = channels_to(ask, operation, notice, fields.host_state);
    if channels.is_empty() && !ask.lookup.rooms.contains_key(&notice.to) {
        return Err(no_way_to(notice));
    }
    let sent = NoticeEvent::Sent {
        channels,
        by: ask.by.clone(),
        duty: notice.duty,
        to: notice.to.clone(),
        texts: letter::written(ask, operation, notice, &fields),
        fields: Box::new(fields),
    };
    let kind = OperationEventKind::Notice {
        notice: id.clone(),
        kind: sent,
    };
    Ok(vec![event(&operation.card.id, ask.now, kind)])
}

/// A notice that failed goes out once more as it was sent: its text stands.
fn send_again(ask: Ask<'_>, operation: &Operation, (id, notice): (&NoticeId, &Notice)) -> Ordered {
    let host = notice.fields.as_ref().map(|fields| fields.host_state);
    if let Some(refusal) = host.and_then(|host| transfer::barred(ask.lookup, operation, host)) {
        return Err(refusal);
    }
    let channels = host.map_or_else(Vec::new, |host| channels_to(ask, operation, notice, host));
    if channels.is_empty() {
        return Err(no_way_to(notice));
    }
    let kind = NoticeEvent::SentAgain {
        by: ask.by.clone(),
        channels,
    };
    let kind = OperationEventKind::Notice {
        notice: id.clone(),
        kind,
    };
    Ok(vec![event(&operation.card.id, ask.now, kind)])
}

fn channels_to(
    ask: Ask<'_>,
    operation: &Operation,
    notice: &Notice,
    host: State,
) -> Vec<ChannelKind> {
    let channels = ask.lookup.channels;
    let to = channels.to(&notice.to, host, operation.card.exercise);
    to.collect()
}

fn no_way_to(notice: &Notice) -> Refusal {
    refuse(
        "no_room_of_host",
        format!(
            "There is no room of {} here and no channel to it: give the notice by telephone and write that down (`voice`).",
            notice.to
        ),
    )
}

/// A request with the grounds that the person who gives it states.
pub(super) fn with_grounds(
    mut fields: NoticeFields,
    duty: Duty,
    grounds: Option<&Arc<str>>,
) -> NoticeFields {
    if let Some(grounds) = grounds
        && duty == Duty::Request
        && !grounds.trim().is_empty()
    {
        fields.grounds = Some(Arc::clone(grounds));
        fields.missing.retain(|word| &**word != "grounds");
    }
    fields
}
