//! One pair as an aligned text table for a legal officer.

use crate::domain::law::finding::Confidence;
use crate::domain::law::rulebook::Rulebook;
use crate::wire::rules::documents::{FlagOrWord, PursuitDoc, SurveillanceDoc};
use crate::wire::rules::show::{OverlaidShown, PairShown, RowShown, StrictReading};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Where the columns begin, and where lines end.
const CONFIDENCE_COLUMN: usize = 26;
const FIGURE_COLUMN: usize = 38;
const LINE_WIDTH: usize = 110;

const UNKNOWN: &str = "unknown";

/// A table under construction.
struct Table {
    text: String,
    /// The confidence of the part whose fields are being written.
    confidence: String,
    /// How the keys of that part begin, such as `surveillance.`.
    part: &'static str,
    /// What overlays say, by key.
    overlays: BTreeMap<String, OverlaidShown>,
}

impl Table {
    /// A blank line, a heading, and the names of the columns.
    fn part(&mut self, heading: &str, confidence: &str) {
        confidence.clone_into(&mut self.confidence);
        let _ = writeln!(self.text, "\n{heading}, confidence {confidence}");
    }

    /// `field  confidence  figure`, the figure wrapped under itself.
    fn line(&mut self, field: &str, confidence: &str, figure: &str) {
        let mut start = format!(
            "  {field:<0$}{confidence:<1$}",
            CONFIDENCE_COLUMN - 2,
            FIGURE_COLUMN - CONFIDENCE_COLUMN
        );
        for line in wrapped(figure, LINE_WIDTH - FIGURE_COLUMN) {
            let _ = writeln!(self.text, "{}", format!("{start}{line}").trim_end());
            start = " ".repeat(FIGURE_COLUMN);
        }
    }

    /// A field that is known, at the confidence of its part; or unknown. One that an overlay speaks of has the overlay's
    /// confidence, and says where it comes from.
    fn field(&mut self, key: &str, field: &str, figure: Option<impl Into<String>>) {
        let overlaid = self.overlays.get(&format!("{}{key}", self.part)).cloned();
        let confidence = overlaid.as_ref().map_or_else(
            || self.confidence.clone(),
            |overlaid| overlaid.confidence.to_owned(),
        );
        match figure.map(Into::into) {
            Some(figure) if figure != UNKNOWN => self.line(field, &confidence, &figure),
            Some(_) | None => self.line(field, UNKNOWN, UNKNOWN),
        }
        if let Some(overlaid) = overlaid {
            self.line("", "", &format!("origin: {}", overlaid.words));
        }
    }

    /// A field that is shown only when it is known, or when overlays speak of it.
    fn extra(&mut self, key: &str, field: &str, figure: Option<impl Into<String>>) {
        if figure.is_some() || self.overlays.contains_key(&format!("{}{key}", self.part)) {
            self.field(key, field, figure);
        }
    }

    /// What the strict reading makes of the field above.
    fn strict(&mut self, says: Option<&str>) {
        if let Some(says) = says {
            self.line("", "", &format!("strict reading: {says}"));
        }
    }
}

/// Breaks a text into lines of at most `width` characters, at spaces.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().filter(|line| {
            line.is_empty() || line.chars().count() + 1 + word.chars().count() <= width
        });
        match last {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

fn yes_no(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

fn listed(words: Option<&Vec<String>>) -> Option<String> {
    words.map(|words| words.join(", "))
}

/// An offence list by its label, its id and how well it is known; a list that was not found is unknown, and its label
/// says how it is read.
fn offence_list(
    rulebook: &Rulebook,
    table: &mut Table,
    (key, field): (&str, &str),
    id: Option<&String>,
) {
    match id.and_then(|id| rulebook.list(id)) {
        Some(list) if list.confidence == Confidence::Unknown => {
            table.field(key, field, None::<String>);
            table.strict(Some(&list.label));
        }
        Some(list) => {
            let (label, id) = (&list.label, &list.id);
            let known = list.confidence.as_str();
            table.field(
                key,
                field,
                Some(format!("{label} ({id}; list confidence {known})")),
            );
        }
        None => table.field(key, field, None::<String>),
    }
}

/// The whole table.
pub(super) fn table(rulebook: &Rulebook, pair: &PairShown) -> String {
    let mut table = Table {
        text: format!(
            "Officers of {} ({}) in {} ({}): rules v{} of {}\n\
             Drawn from public sources; not legal advice. The two states confirm each value before use.\n",
            pair.from.name,
            pair.from.iso,
            pair.territory.name,
            pair.territory.iso,
            pair.rules_version,
            pair.as_of
        ),
        confidence: String::new(),
        part: "",
        overlays: BTreeMap::new(),
    };
    if let Some(says) = pair.without_row {
        table.part("Row", UNKNOWN);
        table.line("row", UNKNOWN, UNKNOWN);
        table.line("default rule", "", rulebook.default_rule());
        table.strict(Some(says));
    }
    for row in &pair.rows {
        table.overlays.clone_from(&row.overlays);
        row_part(&mut table, row);
        surveillance(rulebook, &mut table, row);
        pursuit(rulebook, &mut table, row);
        let _ = writeln!(table.text, "\nSources");
        for source in &row.sources_in_full {
            let read = if source.read { "" } else { "not read" };
            table.line(&source.id, read, &source.title);
        }
    }
    other_crossings(&mut table, pair);
    table.text
}

/// What the two have for a crossing that follows nobody.
fn other_crossings(table: &mut Table, pair: &PairShown) {
    if pair.other_crossings.is_empty() {
        return;
    }
    let _ = writeln!(table.text, "\nOther lawful crossings");
    for known in &pair.other_crossings {
        let by = known.media.join(", ");
        let notice = known
            .notice
            .as_deref()
            .unwrap_or("no rule read; told all the same");
        table.line(
            &known.reason.replace('_', " "),
            known.confidence,
            &format!(
                "{}; by {by}; asked: {}; notice: {notice}",
                known.instrument, known.asks
            ),
        );
    }
}

fn row_part(table: &mut Table, shown: &RowShown) {
    let row = &shown.row;
    table.part = "";
    table.part("Row", &row.confidence);
    table.line("field", "confidence", "figure");
    table.field("instrument", "instrument", Some(&*row.instrument));
    table.field("regime", "regime", Some(&*row.regime));
    table.field("border", "border", Some(&*row.border));
    table.extra("purpose", "purpose", row.purpose.clone());
    table.field("valid_from", "in force from", row.valid_from.clone());
    table.strict(shown.strict_reading.valid_from);
    table.field("sources", "sources", Some(row.sources.join(", ")));
    table.extra("notes", "notes", row.notes.clone());
}

fn surveillance(rulebook: &Rulebook, table: &mut Table, shown: &RowShown) {
    let part = &shown.row.surveillance;
    let strict = &shown.strict_reading;
    table.part = "surveillance.";
    table.part("Surveillance (Art. 40)", &part.confidence);
    table.field("planned", "planned, Art. 40(1)", Some(yes_no(part.planned)));
    table.strict(strict.planned_refused);
    table.field(
        "urgent",
        "urgent, Art. 40(2)",
        Some(match &part.urgent {
            FlagOrWord::Flag(flag) => yes_no(*flag).to_owned(),
            FlagOrWord::Word(word) => word.replace('_', " "),
        }),
    );
    table.strict(strict.urgent_refused);
    consent(table, part, strict);
    offence_list(
        rulebook,
        table,
        ("offences_urgent", "offences, urgent"),
        part.offences_urgent.as_ref(),
    );
    table.field(
        "contact_persons",
        "contact persons",
        part.contact_persons.clone(),
    );
    table.field("media", "carriers", listed(part.media.as_ref()));
    table.field(
        "whole_territory",
        "whole territory",
        part.whole_territory.map(yes_no),
    );
    table.field(
        "technical_means",
        "technical means",
        part.technical_means.clone(),
    );
    table.field("request_to", "request to", part.request_to.clone());
    table.field("notify", "notice to", part.notify.clone());
    table.extra("inform", "inform", part.inform.clone());
    table.extra("grant", "decides", part.grant.clone());
    table.extra("languages", "languages", listed(part.languages.as_ref()));
    table.extra(
        "start_abroad",
        "may start abroad",
        part.start_abroad.map(yes_no),
    );
    table.extra("preventive", "preventive", part.preventive.map(yes_no));
    table.extra(
        "preventive_area",
        "preventive, area",
        part.preventive_area.clone(),
    );
    table.extra(
        "preventive_offences",
        "preventive, offences",
        part.preventive_offences.clone(),
    );
    table.extra(
        "min_penalty_years",
        "least maximum penalty",
        part.min_penalty_years.map(|years| format!("{years} years")),
    );
    table.extra(
        "sentence_enforcement",
        "evading a sentence",
        part.sentence_enforcement.map(yes_no),
    );
    table.extra(
        "sentence_enforcement_min_months",
        "sentence left, least",
        part.sentence_enforcement_min_months
            .map(|months| format!("{months} months")),
    );
    table.extra("notes", "notes", part.notes.clone());
}

fn consent(table: &mut Table, part: &SurveillanceDoc, strict: &StrictReading) {
    let own = part.consent_hours.map(|hours| format!("{hours} h"));
    match (&strict.consent, own) {
        (Some(used), Some(own)) => {
            table.field(
                "consent_hours",
                "consent within",
                Some(format!("{own} of the earliest possible crossing")),
            );
            table.line(
                "",
                "",
                &format!(
                    "origin {}; {}; sources {}",
                    used.origin,
                    used.instrument,
                    used.sources.join(", ")
                ),
            );
        }
        (Some(used), None) => {
            table.line("consent within", UNKNOWN, "unknown in the pair's own text");
            table.strict(Some(&format!(
                "{} of the earliest possible crossing; origin {}, confidence {}, source {}",
                used.words,
                used.origin,
                used.confidence,
                used.sources.join(", ")
            )));
        }
        (None, own) => {
            let refused = own
                .is_some()
                .then_some("not used while urgent surveillance is refused");
            table.field("consent_hours", "consent within", own);
            table.strict(refused.or(strict.consent_missing));
        }
    }
}

fn pursuit(rulebook: &Rulebook, table: &mut Table, shown: &RowShown) {
    let part = &shown.row.pursuit;
    let strict = &shown.strict_reading;
    table.part = "pursuit.";
    table.part("Pursuit (Art. 41)", &part.confidence);
    table.field("allowed", "foreseen", Some(part.allowed.replace('_', " ")));
    table.strict(strict.pursuit_refused);
    limits(table, part, strict);
    table.field("detain", "may hold the person", part.detain.clone());
    table.extra(
        "detain_condition",
        "on condition",
        part.detain_condition.clone(),
    );
    table.strict(strict.detain);
    offence_list(
        rulebook,
        table,
        ("offences", "offences"),
        part.offences.as_ref(),
    );
    table.field("land_only", "land only", part.land_only.map(yes_no));
    if part.land_only.is_none() {
        table.strict(Some(yes_no(strict.land_only)));
    }
    table.field(
        "contact",
        "contact",
        part.contact.as_ref().map(|word| word.replace('_', " ")),
    );
    if part.contact.is_none() {
        table.strict(Some(&strict.contact.replace('_', " ")));
    }
    table.field("media", "carriers", listed(part.media.as_ref()));
    table.extra(
        "manned_aircraft",
        "manned aircraft",
        part.manned_aircraft.clone(),
    );
    table.extra(
        "unmanned_aircraft",
        "unmanned aircraft",
        part.unmanned_aircraft.clone(),
    );
    table.extra(
        "evade_check",
        "evading a check",
        part.evade_check.map(yes_no),
    );
    table.extra(
        "evade_check_origin_km",
        "evaded check, how deep",
        part.evade_check_origin_km
            .map(|km| format!("{km} km inside the state of origin; never the radius of a pursuit")),
    );
    table.extra(
        "from_third_state",
        "from a third state",
        part.from_third_state.map(yes_no),
    );
    table.extra(
        "log_retention_min_years",
        "transfer log kept",
        part.log_retention_min_years
            .map(|years| format!("{years} years at least")),
    );
    table.extra("release_rule", "release", part.release_rule.clone());
    table.extra("notify", "notice to", part.notify.clone());
    table.extra(
        "notify_fields",
        "notice names",
        listed(part.notify_fields.as_ref()),
    );
    table.extra("notes", "notes", part.notes.clone());
}

fn limits(table: &mut Table, part: &PursuitDoc, strict: &StrictReading) {
    let limit = part.limit.as_deref().map(|limit| match limit {
        "none" => "none in space or time".to_owned(),
        other => other.replace('_', " "),
    });
    table.field("limit", "limit", limit);
    table.extra(
        "radius_km",
        "radius",
        part.radius_km.map(|km| format!("{km} km")),
    );
    table.extra(
        "minutes",
        "period",
        part.minutes.map(|min| format!("{min} min")),
    );
    table.extra("limit_rule", "which limit", part.limit_rule.clone());
    table.extra("time_limit", "limit in time", part.time_limit.clone());
    table.strict(strict.limit);
}
