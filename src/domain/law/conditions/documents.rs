//! What the host state granted beforehand: an authorisation under Art. 40(1), the terms of a joint patrol, or its own
//! request for help.

use super::{cite_basis, finding, met_if};
use crate::domain::ids::State;
use crate::domain::law::basis::{Authorisation, Basis, Carrier, Form};
use crate::domain::law::clocks::utc;
use crate::domain::law::facts::{Declared, Flown, HostDocument};
use crate::domain::law::finding::{Answer, Citation, Finding};
use crate::domain::law::rulebook::Rulebook;
use crate::domain::law::rulebook::row::Pair;
use crate::domain::measure::Timestamp;

/// What a document of the host is called in a sentence.
fn document(basis: Basis) -> &'static str {
    match basis.form() {
        Form::Surveillance | Form::Pursuit => "authorisation",
        Form::JointPatrol => "agreed period",
        Form::OtherCrossing => "request",
    }
}

/// `authorisation_given` (or `patrol_period_agreed`, `request_given`), at the opening: the document is there, one of the hosts granted it,
/// its window is a window and not over.
pub(in crate::domain::law) fn document_given(
    declared: &Declared,
    citation: Citation,
    now: Timestamp,
) -> Finding {
    let (condition, needs_number) = match declared.basis.form() {
        Form::Surveillance | Form::Pursuit => ("authorisation_given", true),
        Form::JointPatrol => ("patrol_period_agreed", false),
        Form::OtherCrossing => ("request_given", false),
    };
    let what = document(declared.basis);
    let (answer, sentence) = match declared.authorisations.last() {
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
        Some(given) => granted(declared, given, now),
    };
    finding(condition, answer, sentence, citation)
}

/// Whether one of the hosts granted the document, and which.
fn granted(declared: &Declared, given: &Authorisation, now: Timestamp) -> (Answer, String) {
    let what = document(declared.basis);
    let Some(host) = declared.granted_by(given) else {
        return (Answer::Unknown, who_granted(declared, given));
    };
    if !declared.host_states.contains(&host) {
        return (
            Answer::NotMet,
            format!(
                "The {what} {} is of {host}, which is not a host state of the operation.",
                given.number
            ),
        );
    }
    let others: Vec<String> = declared
        .host_states
        .iter()
        .filter(|other| **other != host)
        .map(ToString::to_string)
        .collect();
    let none_yet = if others.is_empty() {
        String::new()
    } else {
        format!(" None is given of {}: no entry there.", others.join(", "))
    };
    (
        Answer::Met,
        format!(
            "The {what} {} of {host} holds from {} to {}.{none_yet}{}",
            given.number,
            utc(given.from, now),
            utc(given.to, now),
            unchecked_conditions(given)
        ),
    )
}

/// Why a document counts for none of several hosts.
fn who_granted(declared: &Declared, given: &Authorisation) -> String {
    let hosts: Vec<String> = declared
        .host_states
        .iter()
        .map(ToString::to_string)
        .collect();
    format!(
        "Which of {} granted {} {} is not said: name the state with it.",
        hosts.join(" and "),
        document(declared.basis),
        given.number
    )
}

/// When a document is asked for.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain::law) enum Moment {
    /// At the crossing, which lies between the two.
    Crossing {
        /// Not before.
        earliest: Timestamp,
        /// Most likely.
        likely: Timestamp,
    },
    /// Later, the unit being abroad still.
    Abroad(Timestamp),
}

impl Moment {
    /// Whether the host's document holds at that moment; `None` when it holds for a part of it.
    pub(in crate::domain::law) fn within(self, declared: &Declared, host: State) -> Option<bool> {
        let holds = |at| declared.document_at(host, at).is_some();
        match self {
            Self::Abroad(at) => Some(holds(at)),
            Self::Crossing { earliest, likely } => {
                let (first, last) = (holds(earliest), holds(likely));
                (first == last).then_some(first)
            }
        }
    }

    pub(in crate::domain::law) const fn last(self) -> Timestamp {
        match self {
            Self::Abroad(at) => at,
            Self::Crossing { likely, .. } => likely,
        }
    }

    fn in_words(self, host: State, known: bool) -> String {
        match self {
            Self::Abroad(at) => format!("In {host} at {}", utc(at, at)),
            Self::Crossing { likely, .. } if known => format!("Crossed at {}", utc(likely, likely)),
            Self::Crossing { earliest, likely } => format!(
                "Crossed between {} and {}",
                utc(earliest, likely),
                utc(likely, likely)
            ),
        }
    }
}

/// `host_consents`, when it does not: the host refused, or took back what it had granted, and has granted nothing since.
pub(in crate::domain::law) fn not_refused(
    rulebook: &Rulebook,
    declared: &Declared,
    host: State,
    moment: Moment,
) -> Option<Finding> {
    let last = moment.last();
    let refusal = declared.refused(host, last)?;
    let because = if refusal.because.is_empty() {
        String::new()
    } else {
        format!(": {}", refusal.because)
    };
    Some(finding(
        "host_consents",
        Answer::NotMet,
        format!("{}{because}. Stop.", refusal.in_words(last)),
        cite_basis(rulebook, declared.basis),
    ))
}

/// `authorisation_in_force` (or `patrol_period`, `request_in_force`), on a crossing: the whole time between the earliest and
/// the likely moment lies in a window that this host granted.
pub(in crate::domain::law) fn document_in_force(
    declared: &Declared,
    host: State,
    citation: Citation,
    moment: Moment,
) -> Finding {
    let condition = match declared.basis.form() {
        Form::Surveillance | Form::Pursuit => "authorisation_in_force",
        Form::JointPatrol => "patrol_period",
        Form::OtherCrossing => "request_in_force",
    };
    let what = document(declared.basis);
    let last = moment.last();
    let given = declared
        .document_at(host, last)
        .or_else(|| declared.documents_of(host).next());
    let (answer, sentence) = match (given, declared.authorisations.last()) {
        (None, Some(unsaid)) if declared.granted_by(unsaid).is_none() => (
            Answer::Unknown,
            format!("{} Stop.", who_granted(declared, unsaid)),
        ),
        (None, _) => (
            Answer::NotMet,
            format!(
                "{}: no {what} of {host} is given. Stop.",
                moment.in_words(host, true)
            ),
        ),
        (
            Some(HostDocument {
                document: given,
                ends,
            }),
            _,
        ) => {
            let (from, to) = (utc(given.from, last), utc(ends, last));
            let number = &given.number;
            match moment.within(declared, host) {
                Some(true) => (
                    Answer::Met,
                    format!(
                        "{}, within the {what} {number} from {from} to {to}.{}",
                        moment.in_words(host, true),
                        unchecked_conditions(given)
                    ),
                ),
                Some(false) => (
                    Answer::NotMet,
                    format!(
                        "{}, outside the {what} {number} from {from} to {to}. Stop.",
                        moment.in_words(host, true)
                    ),
                ),
                None => (
                    Answer::Unknown,
                    format!(
                        "{}: whether within the {what} {number} from {from} to {to} is not known. Stop.",
                        moment.in_words(host, false)
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

/// `carrier_covered`, of a drone where the rules leave it to the host (they are silent, name others, or ask for an
/// agreement): the host was asked, and its document in force lets the drone fly. What the rules forbid no document here
/// opens.
pub(in crate::domain::law) fn as_permitted(
    covered: Finding,
    carrier: Carrier,
    (declared, host): (&Declared, State),
    moment: Moment,
) -> Finding {
    if carrier != Carrier::Drone || covered.answer != Answer::Unknown {
        return covered;
    }
    let document = declared.document_at(host, moment.last());
    let document = document.map(|granted| granted.document);
    let Some(document) = document.filter(|document| document.drone.is_some()) else {
        return covered;
    };
    Finding {
        answer: Answer::Met,
        sentence: format!(
            "Carrier drone: not in the rules; {host} was asked, and its document {} lets the drone fly.",
            document.number
        )
        .into(),
        ..covered
    }
}

/// `drone_area`, `drone_height`: the drone is where the host's document lets it fly, and no higher. Outside either the
/// permission does not hold; a height that is not known is not kept.
pub(in crate::domain::law) fn keeps_to_permission(
    flown: &Flown,
    citation: &Citation,
) -> Vec<Finding> {
    let Flown { host, document, .. } = flown;
    let citation = || Citation {
        instrument: format!(
            "document {document} of {host} under {}",
            citation.instrument
        )
        .into(),
        ..citation.clone()
    };
    let mut findings = Vec::new();
    if let Some(inside) = flown.in_area {
        let sentence = if inside {
            format!("The drone is in the area of document {document} of {host}.")
        } else {
            format!(
                "The drone is outside the area of document {document} of {host}: it is not permitted there. Hold or return."
            )
        };
        findings.push(finding("drone_area", met_if(inside), sentence, citation()));
    }
    if let Some((up_to, answer)) = flown.height {
        let most = up_to.as_f64();
        let sentence = match answer {
            Answer::Met => format!(
                "The drone is no higher than the {most} m above the ellipsoid of document {document} of {host}."
            ),
            Answer::NotMet => format!(
                "The drone is higher than the {most} m above the ellipsoid of document {document} of {host}: it is not permitted there. Descend or return."
            ),
            Answer::Unknown => format!(
                "How high the drone is is not known, and document {document} of {host} lets it fly no higher than {most} m above the ellipsoid. Return, or send the height."
            ),
        };
        findings.push(finding("drone_height", answer, sentence, citation()));
    }
    findings
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
