//! What a lawful crossing of another kind asks: a rule of the two states for that very reason, and its means.

use super::{cite_basis, finding, met_if};
use crate::domain::law::basis::{Basis, Carrier};
use crate::domain::law::finding::{Answer, Finding};
use crate::domain::law::rulebook::Rulebook;
use crate::domain::law::rulebook::register::OtherCrossing;
use crate::domain::law::rulebook::row::Pair;
use crate::domain::measure::Timestamp;

/// The reason, in a sentence.
const fn in_words(basis: Basis) -> &'static str {
    match basis {
        Basis::ImminentDanger => "Help in imminent danger",
        Basis::TransitByRoad => "Transit by road",
        Basis::TrainOrShip => "Travel on a train or ship",
        Basis::Assistance => "Help that the host asked for",
        Basis::TransferOfPerson => "Transfer of a person at the border",
        Basis::ControlledDelivery => "Controlled delivery",
        _ => basis.as_str(),
    }
}

/// `crossing_foreseen`: the rules name a treaty of the two states for this reason, and what it asks of the officers.
pub(in crate::domain::law) fn foreseen(
    rulebook: &Rulebook,
    pair: Pair,
    basis: Basis,
    at: Timestamp,
) -> Finding {
    let Pair { territory, from } = pair;
    let what = in_words(basis);
    match rulebook.other_crossing(pair, basis, at) {
        Some(known) => finding(
            "crossing_foreseen",
            Answer::Met,
            format!(
                "{what}: foreseen for officers of {from} in {territory}. Asked: {}.",
                known.asks
            ),
            known.cite(rulebook.version()),
        ),
        None => finding(
            "crossing_foreseen",
            Answer::Unknown,
            format!(
                "{what}: no rule is known for officers of {from} in {territory}. Stop at the frontier and ask {territory}."
            ),
            cite_basis(rulebook, basis),
        ),
    }
}

/// `carrier_covered`, of a crossing of another kind: the means that the rule names.
pub(in crate::domain::law) fn carrier_covered(
    rulebook: &Rulebook,
    known: &OtherCrossing,
    carrier: Carrier,
) -> Finding {
    let covered = known.media.contains(&carrier);
    let word = carrier.as_str();
    let sentence = if covered {
        format!("Carrier {word}: covered.")
    } else {
        format!("Carrier {word}: not among those named. Stop at the frontier and ask.")
    };
    finding(
        "carrier_covered",
        met_if(covered),
        sentence,
        known.cite(rulebook.version()),
    )
}
