//! Every figure of a row with its reading and its citation.

use super::end_of_time;
use crate::domain::law::clocks::consent_hours;
use crate::domain::law::finding::{Citation, Confidence};
use crate::domain::law::rulebook::register::ConventionPursuit;
use crate::domain::law::rulebook::row::{ContactPersons, Row};
use crate::domain::law::rulebook::{ART_40_7, Rulebook};
use crate::domain::law::strict::{self, EvadedCheck, Holding, Opening, Reach, Release};

/// One figure.
pub(super) struct Figure {
    /// What it is.
    pub(super) name: &'static str,
    /// How it is read.
    pub(super) reading: String,
    /// On what it rests; `None` when it is not known.
    citation: Option<Citation>,
}

impl Figure {
    fn known(name: &'static str, reading: impl Into<String>, citation: Citation) -> Self {
        Self {
            name,
            reading: reading.into(),
            citation: Some(citation),
        }
    }

    fn not_known(name: &'static str, reading: impl Into<String>) -> Self {
        Self {
            name,
            reading: reading.into(),
            citation: None,
        }
    }

    /// Confidence, origin and instrument.
    pub(super) fn cited(&self) -> (&str, &str, &str) {
        self.citation.as_ref().map_or(
            (Confidence::Unknown.as_str(), "none", "none found"),
            |citation| {
                (
                    citation.confidence.as_str(),
                    citation.origin.as_str(),
                    &*citation.instrument,
                )
            },
        )
    }
}

/// The figures of a row, surveillance first. A form of entry that the row does not open has none.
pub(super) fn of(rulebook: &Rulebook, row: &Row) -> Vec<Figure> {
    let mut figures = Vec::new();
    let planned = strict::planned(rulebook, row, end_of_time());
    let urgent = strict::urgent(rulebook, row, end_of_time());
    if planned == Opening::Foreseen || urgent == Opening::Foreseen {
        surveillance(rulebook, row, urgent, &mut figures);
    }
    if strict::pursuit(rulebook, row, end_of_time()) == Opening::Foreseen {
        pursuit(rulebook, row, &mut figures);
    }
    if figures.is_empty() {
        let none = "none: neither Art. 40 nor Art. 41 is open";
        figures.push(Figure::not_known("every figure", none));
    }
    figures
}

fn surveillance(rulebook: &Rulebook, row: &Row, urgent: Opening, figures: &mut Vec<Figure>) {
    let part = &row.surveillance;
    let cite = |field: &str, article| {
        row.cite_field(
            &format!("surveillance.{field}"),
            article,
            rulebook.version(),
        )
    };
    if urgent == Opening::Foreseen {
        let name = "consent within, 40(2)";
        figures.push(match consent_hours(rulebook, row, end_of_time()) {
            Some(consent) => Figure::known(
                name,
                format!("{} h from the earliest possible crossing", consent.hours),
                consent.citation,
            ),
            None => Figure::not_known(name, "not known: no hours are assumed, stop and ask"),
        });
        figures.push(urgent_offences(rulebook, row));
    }
    let name = "contact persons, 40";
    figures.push(match part.contact_persons {
        Some(ContactPersons::PlannedAndUrgent) => {
            Figure::known(name, "in both forms", cite("contact_persons", "Art. 40(1)"))
        }
        Some(ContactPersons::Planned) => Figure::known(
            name,
            "in the authorised form only",
            cite("contact_persons", "Art. 40(1)"),
        ),
        None => Figure::not_known(name, "not stated: barred from the urgent form"),
    });
    let means = part.technical_means.as_deref();
    figures.extend(means.map(|means| {
        Figure::known(
            "technical means, 40",
            means,
            cite("technical_means", "Art. 40(1)"),
        )
    }));
    if part.preventive == Some(true) {
        let area = part.preventive_area.as_deref().unwrap_or("area not stated");
        figures.push(Figure::known(
            "preventive surveillance",
            area,
            cite("preventive", "Art. 40"),
        ));
    }
}

/// The offences of urgent surveillance, as `offence_listed` answers: those of the pair's own list, and of Art. 40(7) where
/// the Convention binds both.
fn urgent_offences(rulebook: &Rulebook, row: &Row) -> Figure {
    let name = "offences, 40(2)";
    let own = row.surveillance.offences_urgent.as_deref();
    let cited = row.cite_field(
        "surveillance.offences_urgent",
        "Art. 40(7)",
        rulebook.version(),
    );
    let binds = rulebook.convention_binds(row.pair, end_of_time());
    match strict::offence_list(rulebook, own) {
        Some(list) => {
            let besides = if binds && own != Some(ART_40_7) {
                "; an offence of Art. 40(7) counts too"
            } else {
                ""
            };
            Figure::known(name, format!("{}{besides}", list.label), cited)
        }
        None if binds => Figure::known(
            name,
            "the pair's own list not known; an offence of Art. 40(7) counts",
            rulebook.cite_convention("Art. 40(7)"),
        ),
        None => Figure::not_known(name, "list not known: stop and ask the legal desk"),
    }
}

fn pursuit(rulebook: &Rulebook, row: &Row, figures: &mut Vec<Figure>) {
    let part = &row.pursuit;
    let cite = |field: &str, article| {
        row.cite_field(&format!("pursuit.{field}"), article, rulebook.version())
    };
    let name = "how far, 41(3)";
    figures.push(match strict::reach(part) {
        Reach::NoLimit => Figure::known(name, "no limit in space or time", cite("limit", "Art. 41(3)")),
        Reach::Radius { km } => Figure::known(name, format!("{km} km"), cite("radius_km", "Art. 41(3)")),
        Reach::RadiusOrTime { km, minutes } => Figure::known(
            name,
            format!("{km} km or {minutes} min; which of the two ends it is not stated, so the first does"),
            cite("radius_km", "Art. 41(3)"),
        ),
        Reach::NotKnown => {
            Figure::not_known(name, "limit not known: ask the host before crossing")
        }
    });
    let name = "holding the person, 41(2)";
    figures.push(match strict::holding(part) {
        Holding::UntilHostComes => Figure::known(
            name,
            "until the host's officers come",
            cite("detain", "Art. 41(2)"),
        ),
        Holding::No => Figure::known(name, "no", cite("detain", "Art. 41(2)")),
        Holding::AskRoom(Some(condition)) => Figure::known(
            name,
            format!("ASK ROOM: {condition}"),
            cite("detain", "Art. 41(2)"),
        ),
        Holding::AskRoom(None) => Figure::not_known(name, "not known: ASK ROOM"),
    });
    let name = "offences, 41(4)";
    figures.push(
        match strict::offence_list(rulebook, part.offences.as_deref()) {
            Some(list) => Figure::known(name, &*list.label, cite("offences", "Art. 41(4)")),
            None => Figure::not_known(name, "list not known: read as that of Art. 41(4)(a)"),
        },
    );
    let (land, contact) = ("land only, 41(5)(b)", "contact, 41(1)");
    figures.push(match part.land_only {
        Some(true) => Figure::known(land, "yes", cite("land_only", "Art. 41(5)(b)")),
        Some(false) => Figure::known(land, "no", cite("land_only", "Art. 41(5)(b)")),
        None => Figure::not_known(land, "not stated: read as yes"),
    });
    let word = strict::contact(part).as_str().replace('_', " ");
    figures.push(match part.contact {
        Some(_) => Figure::known(contact, word, cite("contact", "Art. 41(1)")),
        None => Figure::not_known(contact, format!("not stated: read as {word}")),
    });
    figures.push(match strict::evaded_check(part) {
        EvadedCheck::Ground { km: Some(km) } => Figure::known(
            "evaded check",
            format!("a ground to start, for a check within {km} km inside the state of origin; never a radius of the pursuit"),
            cite("evade_check_origin_km", "Art. 41"),
        ),
        EvadedCheck::Ground { km: None } => {
            Figure::known("evaded check", "a ground to start", cite("evade_check_origin_km", "Art. 41"))
        }
        EvadedCheck::NoGround => Figure::not_known("evaded check", "not known to be a ground to start"),
    });
    figures.push(released(rulebook, row));
}

fn released(rulebook: &Rulebook, row: &Row) -> Figure {
    let name = "release after arrest, 41(6)";
    match strict::release(rulebook, row, end_of_time()) {
        Release::OwnRule(rule) => Figure::known(
            name,
            rule,
            row.cite_field("pursuit.release_rule", "Art. 41(6)", rulebook.version()),
        ),
        Release::Convention(convention) => Figure::known(
            name,
            in_words(convention),
            rulebook.cite_convention("Art. 41(6)"),
        ),
        Release::NotKnown => Figure::not_known(name, "not known: ask the host"),
    }
}

/// The release rule of the Convention, in one sentence of its own fields.
fn in_words(convention: &ConventionPursuit) -> String {
    let mut words = convention
        .release_hours
        .map_or_else(|| "not known".to_owned(), |hours| format!("{hours} h"));
    if let (Some(from), Some(to)) = (
        &convention.release_excluded_from,
        &convention.release_excluded_to,
    ) {
        let zone = convention.release_tz.as_deref().unwrap_or("zone not known");
        words = format!("{words}, {from} to {to} ({zone}) not counted");
    }
    if let Some(whom) = &convention.release_applies_to {
        words = format!("{words}; {whom}");
    }
    if let Some(exception) = &convention.release_exception {
        words = format!("{words}; unless {exception}");
    }
    words
}
