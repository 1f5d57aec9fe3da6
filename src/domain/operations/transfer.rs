//! May personal data go to the room of another state?
//!
//! Within the Union and Schengen nothing more is asked (Directive (EU) 2016/680; Switzerland, Norway, Iceland and
//! Liechtenstein apply it through Schengen). To any other state its Art. 35 to 38 ask for a basis: the profile of the pair
//! names it, or nothing goes there. A person may still call.

use super::Operation;
use super::crossings::Lookup;
use crate::domain::event::Refusal;
use crate::domain::ids::State;
use crate::domain::law::finding::{Citation, Confidence, Origin};
use crate::domain::law::profile::Transfer;

/// What lets personal data of an operation pass to a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage<'a> {
    /// Both apply the Directive, or the sender is not bound by it.
    Open,
    /// The profile of the pair names a basis.
    On(&'a Transfer),
    /// Nothing does.
    Barred,
}

/// Whether, and on what, personal data of an operation may go to a state.
#[must_use]
pub fn passage<'a>(lookup: Lookup<'a>, operation: &Operation, to: State) -> Passage<'a> {
    let applies = |state: State| {
        let known = lookup.rulebook.state(state);
        known.is_some_and(|info| info.eu || info.schengen)
    };
    if applies(to) || !applies(operation.card.declared.requesting_state) {
        return Passage::Open;
    }
    let profile = operation.figures(lookup.profiles, to).profile();
    let named = profile.and_then(|profile| {
        let mut transfers = profile.parts().transfers.iter();
        transfers.find(|transfer| transfer.to == to)
    });
    named.map_or(Passage::Barred, Passage::On)
}

/// Why nothing is sent to a state, when nothing may be.
pub(super) fn barred(lookup: Lookup<'_>, operation: &Operation, to: State) -> Option<Refusal> {
    (passage(lookup, operation, to) == Passage::Barred).then(|| Refusal {
        guard: "no_transfer_basis".into(),
        sentence: format!(
            "{to} is outside the Union and Schengen, and no profile of {} and {to} that this operation rests on names a basis for personal data to go there: nothing is sent. Give the notice by telephone and write that down (`voice`).",
            operation.card.declared.requesting_state
        )
        .into(),
        citation: Some(Citation {
            origin: Origin::Law,
            instrument: "Directive (EU) 2016/680 Art. 35".into(),
            sources: Vec::new(),
            confidence: Confidence::Medium,
            rules_version: lookup.rulebook.version(),
        }),
    })
}
