//! The conditions of the law, one function each: facts in, one finding out. Names are stable words.

pub(in crate::domain::law) mod documents;
pub(in crate::domain::law) mod other_crossing;
pub(in crate::domain::law) mod pair_rules;
pub(in crate::domain::law) mod pursuit;

use super::basis::{Basis, Form, Purpose};
use super::facts::{CrossingFacts, Declared};
use super::finding::{Answer, Citation, Finding, Weight};
use super::rulebook::Rulebook;
use super::rulebook::row::Row;
use crate::domain::ids::State;

/// Builds a finding.
pub(in crate::domain::law) fn finding(
    condition: &'static str,
    answer: Answer,
    sentence: String,
    citation: Citation,
) -> Finding {
    Finding {
        condition: condition.into(),
        answer,
        sentence: sentence.into(),
        citation,
        weight: Weight::Stops,
    }
}

/// Builds a finding that warns and stops nothing.
pub(in crate::domain::law) fn warning(
    condition: &'static str,
    answer: Answer,
    sentence: String,
    citation: Citation,
) -> Finding {
    Finding {
        weight: Weight::Warns,
        ..finding(condition, answer, sentence, citation)
    }
}

pub(in crate::domain::law) const fn met_if(holds: bool) -> Answer {
    if holds { Answer::Met } else { Answer::NotMet }
}

/// The article of a basis, as cited; a crossing of another kind has one between two states only.
pub(in crate::domain::law) const fn article(basis: Basis) -> &'static str {
    match basis {
        Basis::SurveillanceAuthorised => "Art. 40(1)",
        Basis::SurveillanceUrgent => "Art. 40(2)",
        Basis::PursuitCaughtInTheAct | Basis::PursuitEscape | Basis::PursuitEvadedCheck => {
            "Art. 41(1)"
        }
        Basis::JointPatrol => "Art. 17",
        Basis::ImminentDanger
        | Basis::TransitByRoad
        | Basis::TrainOrShip
        | Basis::Assistance
        | Basis::TransferOfPerson
        | Basis::ControlledDelivery => "",
    }
}

/// Cites the provision that a basis rests on.
#[must_use]
pub fn cite_basis(rulebook: &Rulebook, basis: Basis) -> Citation {
    match basis.form() {
        Form::Surveillance | Form::Pursuit => rulebook.cite_convention(article(basis)),
        Form::JointPatrol => rulebook.cite_joint_operations(),
        Form::OtherCrossing => rulebook.cite_no_rule(),
    }
}

/// `offence_known`: the offence is one of the rule data. A joint patrol may name none; so may a pursuit of somebody who
/// escaped or evaded a check.
pub(in crate::domain::law) fn offence_known(rulebook: &Rulebook, declared: &Declared) -> Finding {
    let id = &*declared.offence;
    let (answer, sentence) = match (rulebook.offence(id), declared.basis) {
        (Some(offence), _) => (Answer::Met, format!("Offence: {}.", offence.label)),
        (None, Basis::JointPatrol) if id.is_empty() => (
            Answer::Met,
            "A joint patrol rests on no offence.".to_owned(),
        ),
        (None, basis) if id.is_empty() && basis.form() == Form::OtherCrossing => (
            Answer::Met,
            "A crossing that follows nobody rests on no offence.".to_owned(),
        ),
        (None, Basis::PursuitEscape) if id.is_empty() => (
            Answer::Met,
            "Somebody who escaped from custody is pursued: no offence is asked for.".to_owned(),
        ),
        (None, Basis::PursuitEvadedCheck) if id.is_empty() => (
            Answer::Met,
            "Somebody who evaded a check is pursued: no offence is asked for.".to_owned(),
        ),
        (None, _) => (
            Answer::NotMet,
            format!(
                "The offence `{}` is not in rules v{}: choose one of the list.",
                id.chars().take(80).collect::<String>(),
                rulebook.version()
            ),
        ),
    };
    finding(
        "offence_known",
        answer,
        sentence,
        cite_basis(rulebook, declared.basis),
    )
}

/// `host_state_named`: the state is one of the operation's host states, and not the requesting state itself. A pursuit
/// may lead into a state that nobody named.
pub(in crate::domain::law) fn host_state_named(
    rulebook: &Rulebook,
    declared: &Declared,
    host: State,
) -> Finding {
    let listed = declared.host_states.contains(&host);
    let pursued = declared.basis.form() == Form::Pursuit;
    let named = (listed || pursued) && host != declared.requesting_state;
    let sentence = if named && listed {
        format!("{host} is a host state of the operation.")
    } else if named {
        format!("{host} was not named at the opening; a pursuit may lead there.")
    } else {
        format!(
            "{host} is not a host state of the operation: its basis does not reach there. Stop, contact {host}, record."
        )
    };
    finding(
        "host_state_named",
        met_if(named),
        sentence,
        cite_basis(rulebook, declared.basis),
    )
}

/// `officers_of_requesting_state`: rows speak of the officers of the requesting state only.
pub(in crate::domain::law) fn officers_of_requesting_state(
    rulebook: &Rulebook,
    declared: &Declared,
    unit_state: State,
) -> Finding {
    let own = unit_state == declared.requesting_state;
    let requesting = declared.requesting_state;
    let (answer, sentence) = if own {
        (
            Answer::Met,
            format!("The officers are of {requesting}, the requesting state."),
        )
    } else {
        (
            Answer::Unknown,
            format!(
                "The officers are of {unit_state}, the request is of {requesting}: no rule is known for them. Stop."
            ),
        )
    };
    finding(
        "officers_of_requesting_state",
        answer,
        sentence,
        cite_basis(rulebook, declared.basis),
    )
}

/// `purpose_covered`: rows of Art. 40 and 41 speak of criminal investigations by police; where nobody is followed
/// prevention is covered too, and of a surveillance where the `row` says that it has preventive ones.
pub(in crate::domain::law) fn purpose_covered(
    rulebook: &Rulebook,
    declared: &Declared,
    row: Option<&Row>,
) -> Finding {
    let form = declared.basis.form();
    let preventive = row.filter(|row| row.surveillance.preventive == Some(true));
    let covered = match declared.purpose {
        Purpose::CriminalInvestigation => true,
        Purpose::Preventive => {
            !form.follows_somebody() || (form == Form::Surveillance && preventive.is_some())
        }
        Purpose::Customs => false,
    };
    let (answer, sentence) = if covered {
        (
            Answer::Met,
            format!("Purpose {}: covered.", declared.purpose.as_str()),
        )
    } else {
        (
            Answer::Unknown,
            format!(
                "Purpose {}: no rule is known for it, rows speak of criminal investigations. Stop and ask the legal desk.",
                declared.purpose.as_str()
            ),
        )
    };
    let citation = match (declared.purpose, preventive) {
        (Purpose::Preventive, Some(row)) if form == Form::Surveillance => {
            row.cite_surveillance(article(declared.basis), rulebook.version())
        }
        _ => cite_basis(rulebook, declared.basis),
    };
    finding("purpose_covered", answer, sentence, citation)
}

/// `operation_declared`, when it is not.
pub(in crate::domain::law) fn undeclared(
    rulebook: &Rulebook,
    unit_state: State,
    host: State,
) -> Finding {
    finding(
        "operation_declared",
        Answer::NotMet,
        format!(
            "Officers of {unit_state} are in {host} without an operation: no legal basis is declared. Stop, contact {host}, record."
        ),
        rulebook.cite_convention("Art. 40"),
    )
}

/// `territory_certain`, when it is not: disputed, undelimited, or in none of the states with polygons.
pub(in crate::domain::law) fn place_uncertain(
    rulebook: &Rulebook,
    facts: &CrossingFacts<'_>,
) -> Finding {
    let sentence = if facts.territory.is_empty() {
        "The place lies in none of the states known to the map: whose law applies is not known. Stop and contact the room."
            .to_owned()
    } else {
        let claimants: Vec<String> = facts.territory.iter().map(|s| s.to_string()).collect();
        format!(
            "The place lies in a disputed or undelimited area of {}: whose law applies is uncertain. Stop; the stricter of both applies.",
            claimants.join(" and ")
        )
    };
    finding(
        "territory_certain",
        Answer::Unknown,
        sentence,
        rulebook.cite_no_rule(),
    )
}

#[cfg(test)]
mod tests;
