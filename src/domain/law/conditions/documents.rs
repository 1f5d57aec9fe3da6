//! What the host state granted beforehand: an authorisation under Art. 40(1), or the terms of a joint patrol.

use super::{finding, met_if};
use crate::domain::ids::State;
use crate::domain::law::basis::{Authorisation, Basis};
use crate::domain::law::clocks::utc;
use crate::domain::law::facts::Declared;
use crate::domain::law::finding::{Answer, Citation, Finding};
use crate::domain::law::rulebook::Rulebook;
use crate::domain::law::rulebook::row::Pair;
use crate::domain::measure::Timestamp;

/// A moment against a window: from inclusive, to exclusive.
fn within(window: &Authorisation, at: Timestamp) -> bool {
    window.from <= at && at < window.to
}

/// What a document of the host is called in a sentence.
fn document(basis: Basis) -> &'static str {
    match basis {
        Basis::SurveillanceAuthorised | Basis::SurveillanceUrgent => "authorisation",
        Basis::JointPatrol => "agreed period",
    }
}

/// `authorisation_given` (or `patrol_period_agreed`), at the opening: the document is there, its window is a window and
/// not over.
pub(in crate::domain::law) fn document_given(
    declared: &Declared,
    citation: Citation,
    now: Timestamp,
) -> Finding {
    let (condition, needs_number) = match declared.basis {
        Basis::SurveillanceAuthorised | Basis::SurveillanceUrgent => ("authorisation_given", true),
        Basis::JointPatrol => ("patrol_period_agreed", false),
    };
    let what = document(declared.basis);
    let (answer, sentence) = match &declared.authorisation {
        None => (
            Answer::NotMet,
            format!("No {what} is given: enter it as the host state granted it."),
        ),
        Some(given) if needs_number && given.number.trim().is_empty() => (
            Answer::NotMet,
            format!("The {what} has no number: enter the number of the host state's document."),
        ),
        Some(given) if given.to <= given.from => (
            Answer::NotMet,
            format!(
                "The {what} ends at {} before it begins at {}: correct the window.",
                utc(given.to, now),
                utc(given.from, now)
            ),
        ),
        Some(given) if given.to <= now => (
            Answer::NotMet,
            format!(
                "The {what} ended at {}: ask for a new one.",
                utc(given.to, now)
            ),
        ),
        Some(given) => (
            Answer::Met,
            format!(
                "The {what} {} holds from {} to {}.{}",
                given.number,
                utc(given.from, now),
                utc(given.to, now),
                unchecked_conditions(given)
            ),
        ),
    };
    finding(condition, answer, sentence, citation)
}

/// `authorisation_in_force` (or `patrol_period`), on a crossing: the whole time between the earliest and the likely
/// moment lies in the window.
pub(in crate::domain::law) fn document_in_force(
    declared: &Declared,
    citation: Citation,
    earliest: Timestamp,
    likely: Timestamp,
) -> Finding {
    let condition = match declared.basis {
        Basis::SurveillanceAuthorised | Basis::SurveillanceUrgent => "authorisation_in_force",
        Basis::JointPatrol => "patrol_period",
    };
    let what = document(declared.basis);
    let crossed = utc(likely, likely);
    let (answer, sentence) = match &declared.authorisation {
        None => (
            Answer::NotMet,
            format!("No {what} is given for the crossing at {crossed}. Stop."),
        ),
        Some(given) => {
            let (from, to) = (utc(given.from, likely), utc(given.to, likely));
            match (within(given, earliest), within(given, likely)) {
                (true, true) => (
                    Answer::Met,
                    format!(
                        "Crossed at {crossed}, within the {what} {} from {from} to {to}.{}",
                        given.number,
                        unchecked_conditions(given)
                    ),
                ),
                (false, false) => (
                    Answer::NotMet,
                    format!(
                        "Crossed at {crossed}, outside the {what} {} from {from} to {to}. Stop.",
                        given.number
                    ),
                ),
                (true, false) | (false, true) => (
                    Answer::Unknown,
                    format!(
                        "Crossed between {} and {crossed}: whether within the {what} {} from {from} to {to} is not known. Stop.",
                        utc(earliest, likely),
                        given.number
                    ),
                ),
            }
        }
    };
    finding(condition, answer, sentence, citation)
}

fn unchecked_conditions(given: &Authorisation) -> String {
    if given.conditions.trim().is_empty() {
        String::new()
    } else {
        format!(
            " Its conditions are for a person to check: {}",
            given.conditions.trim()
        )
    }
}

/// `joint_operations_bind_both`: Decision 2008/615/JHA binds members of the Union; for others the rules name nothing.
pub(in crate::domain::law) fn joint_operations_bind_both(
    rulebook: &Rulebook,
    pair: Pair,
) -> Finding {
    let Pair { territory, from } = pair;
    let member = |state| rulebook.state(state).is_some_and(|info| info.eu);
    let (answer, sentence) = if member(territory) && member(from) {
        (
            Answer::Met,
            format!("Decision 2008/615/JHA binds {from} and {territory}."),
        )
    } else {
        (
            Answer::Unknown,
            format!(
                "No instrument for joint patrols of {from} in {territory} is known: one of them is no member of the Union. Ask the legal desk."
            ),
        )
    };
    finding(
        "joint_operations_bind_both",
        answer,
        sentence,
        rulebook.cite_joint_operations(),
    )
}

/// `patrol_area`: the place lies in the agreed area; where none was agreed the area is the whole host state.
pub(in crate::domain::law) fn patrol_area(
    rulebook: &Rulebook,
    host: State,
    inside: Option<bool>,
) -> Finding {
    let inside = inside.unwrap_or(true);
    let sentence = if inside {
        format!("Within the agreed area in {host}.")
    } else {
        format!(
            "Outside the agreed area in {host}: the patrol no longer acts under {host}'s command. Stop, contact {host}, record."
        )
    };
    finding(
        "patrol_area",
        met_if(inside),
        sentence,
        rulebook.cite_joint_operations(),
    )
}
