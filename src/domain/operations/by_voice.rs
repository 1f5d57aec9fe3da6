//! A notice given by telephone: the way that is left when the line fails, and the only one to a state without a room here.
//!
//! ```text
//!   drafts of the notice   ──d1──────d2──────────▶
//!   the call                     ✆                     told: d1, as it stood when they spoke
//!   written down                            ✎          what only d2 says is owed or corrected by another notice
//! ```
//!
//! A call told what was known when it was made, never what was found out since.

use super::crossings::{Again, Consequences};
use super::detentions::not_ahead;
use super::letter::written;
use super::notice::{Call, Notice, NoticeFields, NoticeStatus};
use super::operation::Operation;
use super::orders::{Ask, Ordered, current, refuse};
use super::sending::with_grounds;
use crate::domain::event::{Event, NoticeEvent, OperationEventKind, Refusal, What};
use crate::domain::ids::{NoticeId, State, UnitId};
use crate::domain::law::basis::Form;
use crate::domain::law::finding::{Citation, Duty};
use crate::domain::measure::Timestamp;
use crate::domain::registry::UnitCard;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Writes down that a notice was given by telephone. It may still miss something: that they spoke is a fact all the same, and
/// the record names what the notice lacked.
///
/// # Errors
/// A [`Refusal`]: by the guards of every order; when the notice was read or given already; when the call lies ahead, or before
/// there was anything to tell.
pub fn give(
    ask: Ask<'_>,
    operation: &Operation,
    id: &NoticeId,
    (call, grounds): (&Call, Option<&Arc<str>>),
    units: &BTreeMap<UnitId, &UnitCard>,
) -> Ordered {
    current(ask, operation, None)?;
    let Some(notice) = operation.notices.get(id) else {
        let sentence = format!("There is no notice {id}.");
        return Err(refuse("no_such_notice", sentence));
    };
    if notice.status >= NoticeStatus::Seen {
        let sentence = format!(
            "Notice {id} is told already ({}): what is told once is not told again.",
            notice.status.as_str()
        );
        return Err(refuse("notice_told", sentence));
    }
    not_ahead(ask, call.at)?;
    let told = told(operation, id, notice, call.at)?;
    let told = with_grounds(told, notice.duty, grounds);
    let mut events = Vec::new();
    let mut consequences = Consequences::of(operation, ask.lookup, ask.now, &mut events);
    let voice = NoticeEvent::Voice {
        by: ask.by.clone(),
        duty: notice.duty,
        to: notice.to.clone(),
        call: Box::new(call.clone()),
        texts: written(ask, operation, notice, &told),
        fields: Box::new(told.clone()),
    };
    let voice = OperationEventKind::Notice {
        notice: id.clone(),
        kind: voice,
    };
    consequences.push_at(call.at.min(ask.now), voice);
    if notice.duty == Duty::NoticeOfCrossing {
        let citation = owed_by(operation, id);
        consequences.after_call((id, notice), &told, citation.as_ref());
        if was_silent_to(operation, told.host_state) {
            consequences.host_was_told(told.host_state, units);
        }
    }
    Ok(events)
}

/// What a notice said at a moment.
fn told(
    operation: &Operation,
    id: &NoticeId,
    notice: &Notice,
    at: Timestamp,
) -> Result<NoticeFields, Refusal> {
    let mut then = Notice::new(notice.duty, notice.to.clone());
    let mut first_draft = None;
    for (event, kind) in life_of(operation, id) {
        if matches!(kind, NoticeEvent::Drafted { .. }) {
            first_draft.get_or_insert(event.at);
        }
        if event.at <= at {
            then.apply(kind, event.at);
        }
    }
    let was_sent = notice.status >= NoticeStatus::Sent;
    let tells = |fields: &NoticeFields| {
        let now = notice.fields.as_ref();
        // What was sent stands as it is: a call before it tells of it only when it told the same.
        !was_sent || now.is_some_and(|now| now.crossings == fields.crossings)
    };
    let stood = then.status != NoticeStatus::Withdrawn;
    match then.fields.filter(|fields| stood && tells(fields)) {
        Some(fields) if was_sent => Ok(notice.fields.clone().unwrap_or(fields)),
        Some(fields) => Ok(fields),
        None => {
            let known = if was_sent {
                notice.sent_at
            } else {
                first_draft
            };
            let since = known.map_or_else(String::new, |known| format!(" since {known}"));
            let sentence = format!(
                "A call at {at} did not tell what notice {id} says: that is known here{since}. Correct the time."
            );
            Err(refuse("call_before_known", sentence))
        }
    }
}

/// Everything that happened to a notice.
pub(super) fn life_of<'o>(
    operation: &'o Operation,
    id: &'o NoticeId,
) -> impl Iterator<Item = (&'o Event, &'o NoticeEvent)> {
    operation.history.iter().filter_map(move |event| {
        let What::Operation(of) = &event.what else {
            return None;
        };
        match &of.kind {
            OperationEventKind::Notice { notice, kind } if notice == id => Some((event, kind)),
            _ => None,
        }
    })
}

/// On what the notice rests, as it was last owed.
fn owed_by(operation: &Operation, id: &NoticeId) -> Option<Citation> {
    let owed = life_of(operation, id).filter_map(|(_, kind)| match kind {
        NoticeEvent::Owed { citation, .. } => Some(citation.clone()),
        _ => None,
    });
    owed.last()
}

/// Whether nobody had told a host state of a crossing before.
pub(super) fn was_silent_to(operation: &Operation, host: State) -> bool {
    operation.contacted.iter().all(|(told, _)| *told != host)
}

/// What is owed goes out before the operation closes; a state without a room here is told by telephone.
pub(super) fn told_what_is_owed(ask: Ask<'_>, operation: &Operation) -> Result<(), Refusal> {
    let due = |(_, notice): &(&NoticeId, &Notice)| notice.is_due();
    let owed: Vec<String> = operation
        .notices
        .iter()
        .filter(due)
        .map(|(id, notice)| {
            let how_far = match notice.status {
                NoticeStatus::Sent => " (on its way, not delivered)",
                NoticeStatus::Failed => " (could not be delivered)",
                _ => "",
            };
            format!("{} {id} to {}{how_far}", notice.duty.as_str(), notice.to)
        })
        .collect();
    if owed.is_empty() {
        return Ok(());
    }
    let mut rooms = operation.notices.iter().filter(due);
    let how = if rooms.all(|(_, notice)| ask.lookup.rooms.contains_key(&notice.to)) {
        "Send it"
    } else {
        "Send it, or give it by telephone where there is no room here, and write that down"
    };
    Err(refuse(
        "notices_owed",
        format!("Still owed: {}. {how}; then close.", owed.join(", ")),
    ))
}

impl Consequences<'_> {
    /// A pursuit asks whether the host was told in time: a call that is written down late may have been in time.
    pub(super) fn host_was_told(&mut self, host: State, units: &BTreeMap<UnitId, &UnitCard>) {
        if self.operation.card.declared.basis.form() != Form::Pursuit {
            return;
        }
        for unit in self.units_in(host) {
            if let Some(card) = units.get(&unit) {
                self.look_again(card, Again::Crossing);
            }
        }
    }
}
