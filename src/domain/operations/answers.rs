//! What a host answered, as a person of the room enters it: a document, or a no.

use super::Operation;
use super::orders::{Ask, refuse};
use crate::domain::event::Refusal;
use crate::domain::ids::State;
use crate::domain::law::basis::{Authorisation, HostRefusal};
use crate::domain::law::facts::Declared;

/// Only a state whose officers do not lead can refuse, not in the future, and not before the operation began.
pub(super) fn may_be_refused(
    ask: Ask<'_>,
    operation: &Operation,
    refusal: &HostRefusal,
) -> Result<(), Refusal> {
    let declared = &operation.card.declared;
    let host = refusal.host;
    let named = declared.host_states.contains(&host) || operation.hosts().contains(&host);
    if !named || host == declared.requesting_state {
        return Err(refuse(
            "refusing_state",
            format!("{host} is not a host state of the operation."),
        ));
    }
    if refusal.at > ask.now {
        return Err(refuse(
            "refused_in_future",
            format!(
                "{} is still to come: say when the host said it.",
                refusal.at
            ),
        ));
    }
    if refusal.at < operation.opened_at {
        return Err(refuse(
            "refused_before_opening",
            format!("The operation was opened at {}.", operation.opened_at),
        ));
    }
    Ok(())
}

/// A document has a window, and is of one host state of the operation.
pub(super) fn granted_by_host(
    declared: &Declared,
    document: &Authorisation,
) -> Result<(), Refusal> {
    if document.to <= document.from {
        return Err(refuse(
            "authorisation_window",
            format!(
                "The authorisation ends at {} before it begins at {}.",
                document.to, document.from
            ),
        ));
    }
    let hosts: Vec<&str> = declared.host_states.iter().map(State::as_str).collect();
    match declared.granted_by(document) {
        Some(state) if declared.host_states.contains(&state) => Ok(()),
        Some(_) | None => Err(refuse(
            "authorisation_state",
            format!(
                "Say which host state of the operation granted the authorisation: {}.",
                hosts.join(", ")
            ),
        )),
    }
}
