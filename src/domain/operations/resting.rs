//! On which rules and profiles does an operation rest once it runs? On those of its opening, until two persons decide that it
//! rests on those of now.
//!
//! ```text
//!   opened ── rules 1 ──────────────────────────────────┐
//!               room adopts rules 2    eva: rest on 2    │ pal: the same      the law is asked again of
//!   ────────────────┼─────────────────────┼──────────────┼────────────────▶   the opening and of every unit abroad
//!               nothing changes        nothing changes   rules 2
//! ```

use super::operation::Operation;
use super::orders::{Ask, refuse};
use crate::domain::event::Refusal;
use crate::domain::law::profile::agreed::Adopted;
use crate::domain::law::rulebook::kept::RulesVersion;
use std::sync::Arc;

/// The rules and profiles of now, as one of two persons wants an operation to rest on them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestingAnew {
    /// The rules; of an order, their digest alone counts.
    pub rules: RulesVersion,
    /// The profiles; of an order, none are read.
    pub profiles: Arc<Adopted>,
    /// Why.
    pub because: Arc<str>,
    /// Whether this is the second person: from here on it holds.
    pub holds: bool,
}

/// What a person wants, completed: the second person who wants the same makes it hold.
///
/// # Errors
/// A [`Refusal`] when these are not the rules of now, when nothing would change, or when one person wants it twice.
pub(super) fn wanted(
    ask: Ask<'_>,
    operation: &Operation,
    wanted: &RestingAnew,
) -> Result<RestingAnew, Refusal> {
    let profiles = ask.lookup.profiles.named();
    let rules = match ask.lookup.rulebook.named() {
        Some(rules) if rules.digest == wanted.rules.digest => rules,
        _ => {
            let sentence = "These are not the rules that the room decides with now: look again.";
            return Err(refuse("rules_not_of_now", sentence.to_owned()));
        }
    };
    let same_profiles = operation.profiles.as_deref() == Some(&profiles);
    if operation.rules.as_ref() == Some(&rules) && same_profiles {
        let sentence = format!(
            "Operation {} rests on these rules and profiles already.",
            operation.card.id
        );
        return Err(refuse("rests_on_these", sentence));
    }
    let first = operation
        .resting_anew
        .as_ref()
        .filter(|(first, _)| first.rules == rules && *first.profiles == profiles);
    if first.is_some_and(|(_, by)| by == ask.by) {
        let sentence = "You entered it: a second person must enter it too.";
        return Err(refuse("second_person", sentence.to_owned()));
    }
    Ok(RestingAnew {
        rules,
        profiles: Arc::new(profiles),
        because: Arc::clone(&wanted.because),
        holds: first.is_some(),
    })
}
