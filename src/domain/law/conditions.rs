//! The conditions of the law, one function each: facts in, one finding out. Names are stable words.

use super::basis::{Authorisation, Basis, Carrier, PersonCategory, Purpose};
use super::clocks::{consent_hours, utc};
use super::facts::Declared;
use super::finding::{Answer, Citation, Finding};
use super::rulebook::row::{ContactPersons, Granted, Pair, Row};
use super::rulebook::{ART_40_7, Rulebook};
use crate::domain::ids::State;
use crate::domain::measure::Timestamp;

/// Builds a finding.
pub(super) fn finding(
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
    }
}

const fn met_if(holds: bool) -> Answer {
    if holds { Answer::Met } else { Answer::NotMet }
}

/// Where a condition is looked at: one host, one row, one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) rulebook: &'a Rulebook,
    pub(super) pair: Pair,
    pub(super) row: &'a Row,
    pub(super) at: Timestamp,
}

impl Place<'_> {
    fn cite(&self, article: &str) -> Citation {
        self.row.cite_surveillance(article, self.rulebook.version())
    }
}

/// The article of a basis, as cited.
pub(super) const fn article(basis: Basis) -> &'static str {
    match basis {
        Basis::SurveillanceAuthorised => "Art. 40(1)",
        Basis::SurveillanceUrgent => "Art. 40(2)",
        Basis::JointPatrol => "Art. 17",
    }
}

/// Cites the provision that a basis rests on.
/// The citation of a basis as a whole, for what rests on the document that it asks for.
#[must_use]
pub fn cite_basis(rulebook: &Rulebook, basis: Basis) -> Citation {
    match basis {
        Basis::SurveillanceAuthorised | Basis::SurveillanceUrgent => {
            rulebook.cite_convention(article(basis))
        }
        Basis::JointPatrol => rulebook.cite_joint_operations(),
    }
}

/// `offence_known`: the offence is one of the rule data. A joint patrol may name none.
pub(super) fn offence_known(rulebook: &Rulebook, declared: &Declared) -> Finding {
    let id = &*declared.offence;
    let (answer, sentence) = match (rulebook.offence(id), declared.basis) {
        (Some(offence), _) => (Answer::Met, format!("Offence: {}.", offence.label)),
        (None, Basis::JointPatrol) if id.is_empty() => (
            Answer::Met,
            "A joint patrol rests on no offence.".to_owned(),
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

/// `host_state_named`: the state is one of the operation's host states, and not the requesting state itself.
pub(super) fn host_state_named(rulebook: &Rulebook, declared: &Declared, host: State) -> Finding {
    let named = declared.host_states.contains(&host) && host != declared.requesting_state;
    let sentence = if named {
        format!("{host} is a host state of the operation.")
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
pub(super) fn officers_of_requesting_state(
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

/// `purpose_covered`: rows of Art. 40 speak of criminal investigations by police; joint patrols also of prevention.
pub(super) fn purpose_covered(rulebook: &Rulebook, declared: &Declared) -> Finding {
    let covered = match (declared.basis, declared.purpose) {
        (_, Purpose::CriminalInvestigation) | (Basis::JointPatrol, Purpose::Preventive) => true,
        (Basis::SurveillanceAuthorised | Basis::SurveillanceUrgent, Purpose::Preventive)
        | (_, Purpose::Customs) => false,
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
    finding(
        "purpose_covered",
        answer,
        sentence,
        cite_basis(rulebook, declared.basis),
    )
}

/// `rule_known`, when it is not: no row for this pair is in force at the moment.
pub(super) fn no_row(rulebook: &Rulebook, pair: Pair, at: Timestamp) -> Finding {
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
pub(super) fn rule_known(place: &Place<'_>, basis: Basis) -> Finding {
    let Pair { territory, from } = place.pair;
    let since = place
        .row
        .valid_from
        .map_or("an unknown start".to_owned(), |day| day.to_string());
    finding(
        "rule_known",
        Answer::Met,
        format!(
            "Rule for officers of {from} in {territory}: {}, since {since} (confidence {}).",
            place.row.instrument,
            place.row.surveillance.confidence.as_str()
        ),
        place.cite(article(basis)),
    )
}

/// `instrument_found`: some instrument lets officers enter at all.
pub(super) fn instrument_found(place: &Place<'_>, basis: Basis) -> Finding {
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
        place.cite(article(basis)),
    )
}

/// `implementing_agreement_named`: where surveillance waits for an implementing agreement, the rules must name it.
pub(super) fn implementing_agreement_named(place: &Place<'_>, basis: Basis) -> Option<Finding> {
    let Pair { territory, from } = place.pair;
    place.row.waits_for_agreement().then(|| {
        finding(
            "implementing_agreement_named",
            Answer::Unknown,
            format!(
                "Surveillance between {from} and {territory} waits for an implementing agreement of the two; the rules name none. Refused until they do."
            ),
            place.cite(article(basis)),
        )
    })
}

/// `convention_binds_both`: a row that rests on the Convention needs both states bound by it at that moment.
pub(super) fn convention_binds_both(place: &Place<'_>, basis: Basis) -> Option<Finding> {
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
pub(super) fn form_foreseen(place: &Place<'_>, basis: Basis) -> Option<Finding> {
    let Pair { territory, from } = place.pair;
    let (condition, form, granted) = match basis {
        Basis::SurveillanceAuthorised if place.row.surveillance.planned => {
            ("planned_foreseen", "Authorised", Granted::Yes)
        }
        Basis::SurveillanceAuthorised => ("planned_foreseen", "Authorised", Granted::No),
        Basis::SurveillanceUrgent => ("urgent_foreseen", "Urgent", place.row.surveillance.urgent),
        Basis::JointPatrol => return None,
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
    Some(finding(
        condition,
        answer,
        sentence,
        place.cite(article(basis)),
    ))
}

/// `offence_listed`: urgent surveillance needs an offence of the pair's list, or of Art. 40(7) where the Convention
/// binds both. An open list of which the rules hold no part answers nothing.
pub(super) fn offence_listed(place: &Place<'_>, declared: &Declared) -> Finding {
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
    let own = place.row.surveillance.offences_urgent.as_deref();
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
pub(super) fn person_category_covered(place: &Place<'_>, declared: &Declared) -> Finding {
    let article = article(declared.basis);
    let (answer, sentence, citation) = match (declared.person_category, declared.basis) {
        (PersonCategory::Suspect, _) => (
            Answer::Met,
            "The person is a suspect.".to_owned(),
            place.rulebook.cite_convention(article),
        ),
        (PersonCategory::Contact, Basis::SurveillanceUrgent) => {
            let added = place.row.surveillance.contact_persons
                == Some(ContactPersons::PlannedAndUrgent);
            let sentence = if added {
                "The person is a contact person; the pair's treaty adds them to urgent surveillance."
            } else {
                "The person is a contact person: barred from urgent surveillance. Ask for authorisation under Art. 40(1)."
            };
            (met_if(added), sentence.to_owned(), place.cite(article))
        }
        (PersonCategory::Contact, Basis::SurveillanceAuthorised | Basis::JointPatrol) => (
            Answer::Met,
            "The person is a contact person: covered by authorised surveillance since Decision 2003/725/JHA."
                .to_owned(),
            place.rulebook.cite_convention(article),
        ),
    };
    finding("person_category_covered", answer, sentence, citation)
}

/// `carrier_covered`: land is the plain case; water, air and drones need a row that names them.
pub(super) fn carrier_covered(place: &Place<'_>, basis: Basis, carrier: Carrier) -> Finding {
    let Pair { territory, from } = place.pair;
    let word = carrier.as_str();
    let answer = match (&place.row.surveillance.media, carrier) {
        (Some(media), _) if media.contains(&carrier) => Answer::Met,
        (None, Carrier::Land) => Answer::Met,
        (Some(_), Carrier::Land) => Answer::NotMet,
        (None | Some(_), Carrier::Water | Carrier::Air | Carrier::Drone) => Answer::Unknown,
    };
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
    finding(
        "carrier_covered",
        answer,
        sentence,
        place.cite(article(basis)),
    )
}

/// `consent_hours_known`: urgent surveillance needs a last moment for consent.
pub(super) fn consent_hours_known(place: &Place<'_>) -> Finding {
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
pub(super) fn document_given(declared: &Declared, citation: Citation, now: Timestamp) -> Finding {
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
pub(super) fn document_in_force(
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
pub(super) fn joint_operations_bind_both(rulebook: &Rulebook, pair: Pair) -> Finding {
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
pub(super) fn patrol_area(rulebook: &Rulebook, host: State, inside: Option<bool>) -> Finding {
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
