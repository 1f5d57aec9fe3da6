//! What the rules of one ordered pair ask.

use super::{article, finding, met_if};
use crate::domain::law::basis::{Basis, Carrier, Form, PersonCategory, Purpose};
use crate::domain::law::clocks::{consent_hours, utc};
use crate::domain::law::facts::Declared;
use crate::domain::law::finding::{Answer, Citation, Finding, Weight};
use crate::domain::law::rulebook::row::{Granted, Pair, Row};
use crate::domain::law::rulebook::{ANY_OFFENCE, ART_40_7, Rulebook};
use crate::domain::law::strict;
use crate::domain::measure::Timestamp;

/// Where a condition is looked at: one host, one row, one moment.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain::law) struct Place<'a> {
    pub(in crate::domain::law) rulebook: &'a Rulebook,
    pub(in crate::domain::law) pair: Pair,
    pub(in crate::domain::law) row: &'a Row,
    pub(in crate::domain::law) at: Timestamp,
}

impl Place<'_> {
    fn cite(&self, article: &str) -> Citation {
        self.row.cite_surveillance(article, self.rulebook.version())
    }

    /// Cites the part of the row that speaks of this basis.
    pub(in crate::domain::law) fn cite_for(&self, basis: Basis) -> Citation {
        let version = self.rulebook.version();
        match basis.form() {
            Form::Surveillance | Form::JointPatrol | Form::OtherCrossing => {
                self.row.cite_surveillance(article(basis), version)
            }
            Form::Pursuit => self.row.cite_pursuit(article(basis), version),
        }
    }
}

/// `rule_known`, when it is not: no row for this pair is in force at the moment.
pub(in crate::domain::law) fn no_row(rulebook: &Rulebook, pair: Pair, at: Timestamp) -> Finding {
    let Pair { territory, from } = pair;
    finding(
        "rule_known",
        Answer::Unknown,
        format!(
            "No rule is known for officers of {from} in {territory} at {}. Stop at the frontier and contact {territory}.",
            utc(at, Timestamp::EPOCH)
        ),
        rulebook.cite_no_rule(),
    )
}

/// `rule_known`: the row in force and what it rests on.
pub(in crate::domain::law) fn rule_known(place: &Place<'_>, basis: Basis) -> Finding {
    let Pair { territory, from } = place.pair;
    let since = place
        .row
        .valid_from
        .map_or("an unknown start".to_owned(), |day| day.to_string());
    let citation = place.cite_for(basis);
    finding(
        "rule_known",
        Answer::Met,
        format!(
            "Rule for officers of {from} in {territory}: {}, since {since} (confidence {}).",
            place.row.instrument,
            citation.confidence.as_str()
        ),
        citation,
    )
}

/// `instrument_found`: some instrument lets officers enter at all.
pub(in crate::domain::law) fn instrument_found(place: &Place<'_>, basis: Basis) -> Finding {
    let Pair { territory, from } = place.pair;
    let found = place.row.instrument_found();
    let sentence = if found {
        format!("Instrument: {}.", place.row.instrument)
    } else {
        format!(
            "No instrument was found that lets officers of {from} enter {territory}: neither Art. 40 nor Art. 41 is open. Stop, contact {territory}, record."
        )
    };
    finding(
        "instrument_found",
        met_if(found),
        sentence,
        place.cite_for(basis),
    )
}

/// `implementing_agreement_named`: where surveillance waits for an implementing agreement, the rules must name it.
pub(in crate::domain::law) fn implementing_agreement_named(
    place: &Place<'_>,
    basis: Basis,
) -> Option<Finding> {
    let Pair { territory, from } = place.pair;
    let waits = basis.form() == Form::Surveillance && place.row.waits_for_agreement();
    waits.then(|| {
        finding(
            "implementing_agreement_named",
            Answer::Unknown,
            format!(
                "Surveillance between {from} and {territory} waits for an implementing agreement of the two; the rules name none. Refused until they do."
            ),
            place.cite_for(basis),
        )
    })
}

/// `convention_binds_both`: a row that rests on the Convention needs both states bound by it at that moment.
pub(in crate::domain::law) fn convention_binds_both(
    place: &Place<'_>,
    basis: Basis,
) -> Option<Finding> {
    let Pair { territory, from } = place.pair;
    if !place.row.regime.rests_on_convention() {
        return None;
    }
    let (answer, sentence) = if place.rulebook.convention_binds(place.pair, place.at) {
        (
            Answer::Met,
            format!("The Convention binds {from} and {territory}."),
        )
    } else {
        (
            Answer::Unknown,
            format!(
                "Whether the Convention bound {from} and {territory} at {} is not known: one of them was not yet a full Schengen state. Stop.",
                utc(place.at, Timestamp::EPOCH)
            ),
        )
    };
    Some(finding(
        "convention_binds_both",
        answer,
        sentence,
        place.rulebook.cite_convention(article(basis)),
    ))
}

/// `planned_foreseen` or `urgent_foreseen`: the row gives this form of surveillance.
pub(in crate::domain::law) fn form_foreseen(place: &Place<'_>, basis: Basis) -> Option<Finding> {
    let Pair { territory, from } = place.pair;
    let (condition, form, granted) = match basis {
        Basis::SurveillanceAuthorised if place.row.surveillance.planned => {
            ("planned_foreseen", "Authorised", Granted::Yes)
        }
        Basis::SurveillanceAuthorised => ("planned_foreseen", "Authorised", Granted::No),
        Basis::SurveillanceUrgent => ("urgent_foreseen", "Urgent", place.row.surveillance.urgent),
        _ => return None,
    };
    let (answer, sentence) = match granted {
        Granted::Yes => (
            Answer::Met,
            format!("{form} surveillance by {from} in {territory} is foreseen."),
        ),
        Granted::No => (
            Answer::NotMet,
            format!(
                "{form} surveillance by {from} in {territory} is not foreseen: ask {territory} before the frontier."
            ),
        ),
        Granted::WithImplementingAgreement => (
            Answer::NotMet,
            format!(
                "{form} surveillance by {from} in {territory} exists only under an implementing agreement; the rules name none. Refused until they do."
            ),
        ),
    };
    Some(finding(condition, answer, sentence, place.cite_for(basis)))
}

/// `preventive_area`: where a preventive surveillance is confined to an area that the map does not know. A document of the
/// host names its own place, so that only a surveillance without one must stop and ask.
pub(in crate::domain::law) fn preventive_area(
    place: &Place<'_>,
    declared: &Declared,
) -> Option<Finding> {
    let area = place.row.surveillance.preventive_area.as_ref();
    let area = area.filter(|_| declared.purpose == Purpose::Preventive)?;
    let weight = match declared.basis {
        Basis::SurveillanceAuthorised => Weight::Warns,
        _ => Weight::Stops,
    };
    Some(Finding {
        weight,
        ..finding(
            "preventive_area",
            Answer::Unknown,
            format!(
                "Preventive surveillance: {area}. Whether the place lies there the map does not know: ask {}.",
                place.pair.territory
            ),
            place.cite(article(declared.basis)),
        )
    })
}

/// `offence_listed`: urgent surveillance needs an offence of the pair's list, or of Art. 40(7) where the Convention
/// binds both. An open list of which the rules hold no part answers nothing. A preventive one may have a list of its own.
pub(in crate::domain::law) fn offence_listed(place: &Place<'_>, declared: &Declared) -> Finding {
    let on_list = |list: &str| {
        place
            .rulebook
            .offence(&declared.offence)
            .is_some_and(|offence| offence.lists.iter().any(|id| **id == *list))
    };
    let label = |list: &str| {
        place
            .rulebook
            .list(list)
            .map_or_else(|| list.to_owned(), |list| list.label.to_string())
    };
    let offence = place
        .rulebook
        .offence(&declared.offence)
        .map_or_else(|| declared.offence.to_string(), |o| o.label.to_string());
    let part = &place.row.surveillance;
    let preventive = part.preventive_offences.as_deref();
    let own = preventive
        .filter(|_| declared.purpose == Purpose::Preventive)
        .or(part.offences_urgent.as_deref());
    if own == Some(ANY_OFFENCE) {
        let sentence = format!("{offence}: no list of offences is asked for.");
        return finding(
            "offence_listed",
            Answer::Met,
            sentence,
            place.cite("Art. 40(7)"),
        );
    }
    let closed = own
        .and_then(|list| place.rulebook.list(list))
        .is_some_and(|list| list.closed);
    let (answer, sentence, citation) = if let Some(list) = own.filter(|list| on_list(list)) {
        (
            Answer::Met,
            format!("{offence}: on the list {}.", label(list)),
            place.cite("Art. 40(7)"),
        )
    } else if on_list(ART_40_7) && place.rulebook.convention_binds(place.pair, place.at) {
        (
            Answer::Met,
            format!("{offence}: on the list {}.", label(ART_40_7)),
            place.rulebook.cite_convention("Art. 40(7)"),
        )
    } else if closed {
        (
            Answer::NotMet,
            format!(
                "{offence}: not on the list {}; urgent surveillance is not open for it.",
                own.map(label).unwrap_or_default()
            ),
            place.cite("Art. 40(7)"),
        )
    } else {
        (
            Answer::Unknown,
            format!(
                "{offence}: whether it is on the list for urgent surveillance ({}) is not known. Stop and ask the legal desk.",
                own.map_or_else(|| "list not known".to_owned(), label)
            ),
            place.cite("Art. 40(7)"),
        )
    };
    finding("offence_listed", answer, sentence, citation)
}

/// `person_category_covered`: contact persons are barred from urgent surveillance unless the pair's treaty adds them.
pub(in crate::domain::law) fn person_category_covered(
    place: &Place<'_>,
    declared: &Declared,
) -> Finding {
    let article = article(declared.basis);
    let (answer, sentence, citation) = match (declared.person_category, declared.basis) {
        (PersonCategory::Nobody, _) => (
            Answer::NotMet,
            "Who is followed is not said: suspect or contact person.".to_owned(),
            place.rulebook.cite_convention(article),
        ),
        (PersonCategory::Suspect, _) => (
            Answer::Met,
            "The person is a suspect.".to_owned(),
            place.rulebook.cite_convention(article),
        ),
        (PersonCategory::Contact, Basis::SurveillanceUrgent) => {
            let added = strict::contact_persons_in_urgent(&place.row.surveillance);
            let sentence = if added {
                "The person is a contact person; the pair's treaty adds them to urgent surveillance."
            } else {
                "The person is a contact person: barred from urgent surveillance. Ask for authorisation under Art. 40(1)."
            };
            (met_if(added), sentence.to_owned(), place.cite(article))
        }
        (
            PersonCategory::Contact,
            Basis::PursuitCaughtInTheAct | Basis::PursuitEscape | Basis::PursuitEvadedCheck,
        ) => (
            Answer::NotMet,
            "The person is a contact person: nobody who was not caught in the act, did not escape and did not evade a check is pursued abroad."
                .to_owned(),
            place.cite_for(declared.basis),
        ),
        (PersonCategory::Contact, _) => (
            Answer::Met,
            "The person is a contact person: covered by authorised surveillance since Decision 2003/725/JHA."
                .to_owned(),
            place.rulebook.cite_convention(article),
        ),
    };
    finding("person_category_covered", answer, sentence, citation)
}

/// `carrier_covered`: land is the plain case; water, air and drones need a row that names them.
pub(in crate::domain::law) fn carrier_covered(
    place: &Place<'_>,
    basis: Basis,
    carrier: Carrier,
) -> Finding {
    let Pair { territory, from } = place.pair;
    let word = carrier.as_str();
    let answer = strict::surveillance_carrier(&place.row.surveillance, carrier).answer(carrier);
    let sentence = match (answer, carrier) {
        (Answer::Met, _) => format!("Carrier {word}: covered."),
        (Answer::NotMet, _) => {
            format!("Carrier {word}: not among those named for {from} in {territory}. Stop.")
        }
        (Answer::Unknown, Carrier::Drone) => format!(
            "Carrier drone: rule not known for {from} in {territory}; a surveillance drone needs its technical means approved. Stop at the frontier and ask."
        ),
        (Answer::Unknown, Carrier::Land | Carrier::Water | Carrier::Air) => format!(
            "Carrier by {word}: rule not known for {from} in {territory}. Stop at the frontier and ask."
        ),
    };
    finding("carrier_covered", answer, sentence, place.cite_for(basis))
}

/// `consent_hours_known`: urgent surveillance needs a last moment for consent.
pub(in crate::domain::law) fn consent_hours_known(place: &Place<'_>) -> Finding {
    let Pair { territory, from } = place.pair;
    match consent_hours(place.rulebook, place.row, place.at) {
        Some(consent) => finding(
            "consent_hours_known",
            Answer::Met,
            format!(
                "Consent of {territory} must be there {} after the earliest possible crossing.",
                consent.in_words()
            ),
            consent.citation,
        ),
        None => finding(
            "consent_hours_known",
            Answer::Unknown,
            format!(
                "Until when {territory} must consent to officers of {from} is not known: no hours are assumed. Stop and ask."
            ),
            place.cite("Art. 40(2)"),
        ),
    }
}
