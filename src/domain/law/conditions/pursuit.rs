//! What Art. 41, or a treaty that goes further, asks of a pursuit.

use super::pair_rules::Place;
use super::{finding, met_if, warning};
use crate::domain::ids::{State, StateSet};
use crate::domain::law::basis::{Authorisation, Basis, Carrier};
use crate::domain::law::clocks::utc;
use crate::domain::law::facts::{CrossingFacts, Declared, Recognisable};
use crate::domain::law::finding::{Answer, Finding};
use crate::domain::law::rulebook::row::{Border, Contact, Granted, Pair, Pursuit};
use crate::domain::law::rulebook::{ANY_OFFENCE, ART_41_4A, EXTRADITABLE, LISTED_OR_EXTRADITABLE};
use crate::domain::law::strict::{self, CarrierRule, ContactTime, EvadedCheck, Reach};

/// `pursuit_foreseen`: the row gives pursuit at all; after an evaded check it must say so by itself.
pub(in crate::domain::law) fn foreseen(place: &Place<'_>, basis: Basis) -> Finding {
    let Pair { territory, from } = place.pair;
    let part = &place.row.pursuit;
    let (answer, sentence) = match (part.allowed, basis) {
        (Granted::No, _) => (
            Answer::NotMet,
            format!(
                "Pursuit by {from} in {territory} is not foreseen. Stop, contact {territory}, record."
            ),
        ),
        (Granted::WithImplementingAgreement, _) => (
            Answer::Unknown,
            format!(
                "Pursuit by {from} in {territory} waits for an implementing agreement of the two; the rules name none. Refused until they do."
            ),
        ),
        (Granted::Yes, Basis::PursuitEvadedCheck)
            if strict::evaded_check(part) == EvadedCheck::NoGround =>
        {
            (
                Answer::Unknown,
                format!(
                    "That an evaded check is a ground to pursue from {from} into {territory} is not known. Stop at the frontier and ask."
                ),
            )
        }
        (Granted::Yes, _) => (
            Answer::Met,
            format!("Pursuit by {from} in {territory} is foreseen."),
        ),
    };
    finding("pursuit_foreseen", answer, sentence, place.cite_for(basis))
}

/// `offence_listed`, of a pursuit: caught in the act of an offence of the pair's list. A list that is not known is read
/// as that of Art. 41(4)(a). Whether an offence may lead to extradition is judged by a person. Who escaped from custody
/// or evaded a check is pursued whatever the offence.
pub(in crate::domain::law) fn offence_listed(place: &Place<'_>, declared: &Declared) -> Finding {
    let basis = declared.basis;
    let cite = place.cite_for(basis);
    match basis {
        Basis::PursuitEscape => {
            let sentence = "Escaped from custody or from serving a sentence: no offence of a list is asked for.";
            return finding("offence_listed", Answer::Met, sentence.to_owned(), cite);
        }
        Basis::PursuitEvadedCheck => {
            let sentence = "A check was evaded: no offence of a list is asked for.";
            return finding("offence_listed", Answer::Met, sentence.to_owned(), cite);
        }
        _ => {}
    }
    let known = place.rulebook.offence(&declared.offence);
    let on_list = |list: &str| known.is_some_and(|o| o.lists.iter().any(|id| **id == *list));
    let offence = known.map_or_else(|| declared.offence.to_string(), |o| o.label.to_string());
    let own = place.row.pursuit.offences.as_deref().unwrap_or_default();
    let list = place.rulebook.list(own);
    let label = list.map_or_else(|| "not known".to_owned(), |list| list.label.to_string());
    let (listed, binds) = (
        on_list(ART_41_4A),
        place.rulebook.convention_binds(place.pair, place.at),
    );
    let on = |label: &str| (Answer::Met, format!("{offence}: on the list {label}."));
    let (answer, sentence) = if own == ANY_OFFENCE {
        (Answer::Met, format!("{offence}: {label}."))
    } else if on_list(own) {
        on(&label)
    } else if own == LISTED_OR_EXTRADITABLE && listed {
        on("Art. 41(4)(a) CISA")
    } else if own == EXTRADITABLE || own == LISTED_OR_EXTRADITABLE {
        match declared.extraditable {
            Some(true) => (
                Answer::Met,
                format!("{offence}: may lead to extradition, as the room judged."),
            ),
            Some(false) => (
                Answer::NotMet,
                format!("{offence}: does not lead to extradition, as the room judged; no pursuit."),
            ),
            None => (
                Answer::Unknown,
                format!(
                    "{offence}: whether it may lead to extradition is not said. Judge it, and say so with the operation."
                ),
            ),
        }
    } else if list.is_some_and(|list| list.closed) {
        (
            Answer::NotMet,
            format!("{offence}: not on the list {label}; pursuit is not open for it."),
        )
    } else if listed && binds {
        on("Art. 41(4)(a) CISA")
    } else {
        (
            Answer::Unknown,
            format!(
                "{offence}: whether it is on the list for pursuit ({label}) is not known. Stop and ask the legal desk."
            ),
        )
    };
    finding("offence_listed", answer, sentence, cite)
}

/// `check_within_zone`: where the treaty binds the evaded check to a zone in the state of origin, it was within it. The
/// zone is where a pursuit may begin, never how far it may go.
pub(in crate::domain::law) fn check_within_zone(
    place: &Place<'_>,
    declared: &Declared,
) -> Option<Finding> {
    if declared.basis != Basis::PursuitEvadedCheck {
        return None;
    }
    let Pair { territory, from } = place.pair;
    let EvadedCheck::Ground { km: Some(km) } = strict::evaded_check(&place.row.pursuit) else {
        return None;
    };
    let check = declared
        .evaded_check
        .iter()
        .find(|check| check.host == territory);
    let (answer, sentence) = match check.and_then(|check| check.to_frontier) {
        None => (
            Answer::Unknown,
            format!(
                "Where the check was evaded is not said: it must lie in {from} within {km} km of {territory}. Enter the place."
            ),
        ),
        Some(distance) => {
            let within = distance.as_f64() <= f64::from(km) * 1_000.0;
            let measured = distance.as_f64() / 1_000.0;
            let says = if within { "within" } else { "beyond" };
            (
                met_if(within),
                format!(
                    "The check was evaded {measured:.1} km from the frontier with {territory}, {says} the {km} km of the treaty."
                ),
            )
        }
    };
    Some(finding(
        "check_within_zone",
        answer,
        sentence,
        place.cite_for(declared.basis),
    ))
}

/// `carrier_covered`, of a pursuit: Art. 41(5)(b) gives pursuit over land frontiers only; a row that is silent is read
/// so. A row that goes further names the carriers.
pub(in crate::domain::law) fn carrier_covered(
    place: &Place<'_>,
    basis: Basis,
    carrier: Carrier,
) -> Finding {
    let Pair { territory, from } = place.pair;
    let word = carrier.as_str();
    let rule = strict::pursuit_carrier(&place.row.pursuit, carrier);
    let sentence = match rule {
        CarrierRule::Covered => format!("Carrier {word}: covered."),
        CarrierRule::OnCondition(condition) => {
            format!("Carrier {word}: {condition}. Stop at the frontier until that is done.")
        }
        CarrierRule::LandOnly => format!(
            "Carrier {word}: pursuit by {from} in {territory} is over land only. Stop at the frontier and ask."
        ),
        CarrierRule::NotNamed => format!(
            "Carrier {word}: not among those named for {from} in {territory}. Stop at the frontier and ask."
        ),
        CarrierRule::NotKnown => format!(
            "Carrier {word}: rule not known for {from} in {territory}. Stop at the frontier and ask."
        ),
    };
    let answer = rule.answer(carrier);
    finding("carrier_covered", answer, sentence, place.cite_for(basis))
}

/// `limit_known`: how far and how long the pursuit may go. What is not known is never given a number: the host is asked,
/// and its own document says.
pub(in crate::domain::law) fn limit_known(
    place: &Place<'_>,
    basis: Basis,
    document: Option<&Authorisation>,
) -> Finding {
    let Pair { territory, from } = place.pair;
    let part = &place.row.pursuit;
    let (answer, sentence) = match (strict::reach(part), document) {
        (Reach::NoLimit, _) => (
            Answer::Met,
            format!("No limit in space or time for {from} in {territory}."),
        ),
        (Reach::Radius { km }, _) => (
            Answer::Met,
            format!("At most {km} km from the frontier, for {from} in {territory}."),
        ),
        (Reach::RadiusOrTime { km, minutes }, _) => (
            Answer::Met,
            format!(
                "At most {km} km from the frontier or {minutes} minutes, for {from} in {territory}; which of the two ends it is not stated: the first does."
            ),
        ),
        (Reach::NotKnown, None) => (
            Answer::Unknown,
            format!("Limit not known: ask {territory} before crossing."),
        ),
        (Reach::NotKnown, Some(document)) => (
            Answer::Met,
            format!(
                "Limit not in the rules; {territory} was asked, and its document {} says: {}",
                document.number,
                if document.conditions.trim().is_empty() {
                    "no limit"
                } else {
                    document.conditions.trim()
                }
            ),
        ),
    };
    finding("limit_known", answer, sentence, place.cite_for(basis))
}

/// `from_requesting_state`: the pursuit came over a frontier of its own state. One that goes on from a third state needs
/// a treaty that lets it.
pub(in crate::domain::law) fn from_requesting_state(
    place: &Place<'_>,
    basis: Basis,
    came_from: StateSet,
) -> Option<Finding> {
    let Pair { territory, from } = place.pair;
    if came_from.is_empty() || came_from.contains(from) {
        return None;
    }
    let through = |state: State| came_from.contains(state);
    let foreseen = match place.row.border {
        Border::Via(state) => through(state),
        Border::Land | Border::Bridge => false,
    } || place.row.pursuit.from_third_state == Some(true);
    let states: Vec<String> = came_from.iter().map(|state| state.to_string()).collect();
    let states = states.join(" and ");
    let (answer, sentence) = if foreseen {
        (
            Answer::Met,
            format!("The pursuit goes on from {states} into {territory}: foreseen."),
        )
    } else {
        (
            Answer::Unknown,
            format!(
                "The pursuit goes on from {states} into {territory}: no rule is known that lets it. Stop at the frontier and ask {territory}."
            ),
        )
    };
    Some(finding(
        "from_requesting_state",
        answer,
        sentence,
        place.cite_for(basis),
    ))
}

/// `recognisable` (Art. 41(5)(d)): by uniform, armband or the fittings of the vehicle; plain clothes in an unmarked
/// vehicle are forbidden.
pub(in crate::domain::law) fn recognisable(
    place: &Place<'_>,
    facts: &CrossingFacts<'_>,
) -> Finding {
    let citation = place.rulebook.cite_convention("Art. 41(5)(d)");
    let (answer, sentence) = match facts.recognisable {
        Recognisable::Yes => (Answer::Met, "The officers can be recognised as police."),
        Recognisable::No => (
            Answer::NotMet,
            "Plain clothes in an unmarked vehicle: forbidden in a pursuit. Stop, or put on armbands and say so.",
        ),
        Recognisable::NotSaid => (
            Answer::Unknown,
            "How the officers can be recognised as police is not said: uniform, armband or fittings of the vehicle. Tick it, or stop.",
        ),
    };
    finding("recognisable", answer, sentence.to_owned(), citation)
}

/// `host_contacted` (Art. 41(1)): the host state was told at the latest when crossing, or before, as the pair says; a row
/// that is silent asks for it before. Not done, it is owed at once: it warns.
pub(in crate::domain::law) fn host_contacted(
    place: &Place<'_>,
    basis: Basis,
    facts: &CrossingFacts<'_>,
) -> Finding {
    let territory = place.pair.territory;
    let told = facts.contacted.iter().find(|(host, _)| *host == territory);
    let told = told.map(|(_, at)| *at);
    let asked = when_told(&place.row.pursuit);
    let in_time = told.is_some_and(|at| match strict::contact(&place.row.pursuit) {
        ContactTime::Stated(Contact::AtCrossing | Contact::Immediately) => at <= facts.likely,
        ContactTime::Stated(Contact::BeforeCrossingAsRule) | ContactTime::BeforeCrossing => {
            at < facts.earliest
        }
    });
    let sentence = match told {
        Some(at) if in_time => format!("{territory} was told at {}.", utc(at, facts.likely)),
        Some(at) => format!(
            "{territory} was told at {}; it is to be told {asked}. Say why it could not be.",
            utc(at, facts.likely)
        ),
        None => format!("{territory} is to be told {asked}: send the notice now."),
    };
    warning(
        "host_contacted",
        met_if(in_time),
        sentence,
        place.cite_for(basis),
    )
}

/// When the host state is to be told, in words.
pub(in crate::domain::law) const fn when_told(part: &Pursuit) -> &'static str {
    match strict::contact(part) {
        ContactTime::Stated(Contact::AtCrossing) => "at the latest when crossing",
        ContactTime::Stated(Contact::Immediately) => "immediately",
        ContactTime::Stated(Contact::BeforeCrossingAsRule) => "as a rule before the crossing",
        ContactTime::BeforeCrossing => "before the crossing",
    }
}

/// `limit_measured`: a radius is measured by the map along the shortest way to the common frontier on land, as no text
/// read says otherwise. Where the two states meet by a fixed link, a person measures it.
pub(in crate::domain::law) fn limit_measured(place: &Place<'_>, basis: Basis) -> Option<Finding> {
    let km = place.row.pursuit.radius_km?;
    let Pair { territory, from } = place.pair;
    let (answer, sentence) = if place.row.border == Border::Land {
        (
            Answer::Met,
            format!(
                "The {km} km are measured as the shortest distance to the frontier of {from} and {territory}."
            ),
        )
    } else {
        (
            Answer::Unknown,
            format!(
                "From where the {km} km are measured is not on the map: {from} and {territory} have no frontier on land. Measure by hand."
            ),
        )
    };
    Some(warning(
        "limit_measured",
        answer,
        sentence,
        place.cite_for(basis),
    ))
}

/// `urgency_stated` (Art. 41(1)): why the host's authorities could not be told before, or could not come in time.
pub(in crate::domain::law) fn urgency_stated(place: &Place<'_>, declared: &Declared) -> Finding {
    let stated = declared
        .grounds
        .as_ref()
        .is_some_and(|grounds| !grounds.trim().is_empty());
    let (answer, sentence) = if stated {
        (
            Answer::Met,
            "Why the host's authorities could not act in time is stated.",
        )
    } else {
        (
            Answer::Unknown,
            "Why the host's authorities could not be told before, or could not come in time, is not stated yet.",
        )
    };
    warning(
        "urgency_stated",
        answer,
        sentence.to_owned(),
        place.cite_for(declared.basis),
    )
}
