//! docs/RULES.md: what a car, an officer on foot, a boat, a helicopter and a drone may meet in every pair of states.
//!
//! Every word comes from the functions that decisions ask ([`crate::domain::law::strict`] and the clocks), so that what is
//! read here and what is decided can not differ.

mod figures;

use crate::domain::ids::State;
use crate::domain::law::basis::Carrier;
use crate::domain::law::clocks::consent_hours;
use crate::domain::law::finding::Confidence;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::law::rulebook::row::{Border, Pair, Row};
use crate::domain::law::strict::{self, CarrierRule, Opening, Reach};
use crate::domain::measure::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// On what officers move, as the tables name it.
const MEANS: [(&str, Carrier); 5] = [
    ("a car", Carrier::Land),
    ("an officer on foot", Carrier::Land),
    ("a boat", Carrier::Water),
    ("a helicopter", Carrier::Air),
    ("a drone", Carrier::Drone),
];

/// How the file begins.
const HEAD: &str = "\
# What officers may meet in each pair of states

Written by `limes rules book`; a test fails when it is not what the rule data says. Drawn from public sources: not legal
advice. The two states confirm each value before it is used.

How to read it:

- **RO from HU**: Romanian soil is entered, by officers of Hungary. Each pair stands here twice, once for each direction.
- The first table of a pair says, for each means and each basis, whether the rules hold an obstacle. Nothing here permits
  anything: at best no obstacle was found, and the conditions of the article stand (authorisation, offence, person,
  notice, identifiability).
- The second table holds every figure, with how well it is known, where it comes from and the instrument. `high`: read in
  the source named; `medium`: general knowledge, consistent with what was read; `low`: unsure; `unknown`: looked for, not
  found. What is not known is never filled in: no number is shown and none assumed.
- A third table holds the lawful crossings of other kinds that the two have a rule for, such as transit by road. For a
  reason that is not there no rule is known, and an operation for it is refused.
- Origin: `law` is the Convention or national law, `treaty` a treaty between the states.
";

/// The whole file.
pub(super) fn write(rulebook: &Rulebook) -> String {
    let mut text = HEAD.to_owned();
    let _ = writeln!(
        text,
        "- A pair that is not here has no row in these rules: bases 40 and 41 are refused, and a unit stops at the frontier.\n\n\
         Rules v{} of {}: {} rows.\n",
        rulebook.version(),
        rulebook.as_of(),
        rulebook.rows().count()
    );
    for overlay in rulebook.overlays() {
        let _ = writeln!(text, "With the {overlay}.\n");
    }
    index(rulebook, &mut text);
    let mut territory = None;
    for pair in pairs(rulebook) {
        if territory != Some(pair.territory) {
            territory = Some(pair.territory);
            let _ = writeln!(text, "\n## {}", named(rulebook, pair.territory));
        }
        let _ = writeln!(
            text,
            "\n### {pair}\n\nOfficers of {} in {}.",
            named(rulebook, pair.from),
            named(rulebook, pair.territory)
        );
        for row in rulebook.rows_of(pair) {
            of_row(rulebook, row, &mut text);
        }
        other_crossings(rulebook, pair, &mut text);
    }
    text
}

fn pairs(rulebook: &Rulebook) -> BTreeSet<Pair> {
    rulebook.rows().map(|row| row.pair).collect()
}

/// `Romania (RO)`.
fn named(rulebook: &Rulebook, state: State) -> String {
    rulebook.state(state).map_or_else(
        || state.to_string(),
        |info| format!("{} ({state})", info.name),
    )
}

/// Which pairs there are, by the state whose soil is entered.
fn index(rulebook: &Rulebook, text: &mut String) {
    let mut by_territory: BTreeMap<State, Vec<Pair>> = BTreeMap::new();
    for pair in pairs(rulebook) {
        by_territory.entry(pair.territory).or_default().push(pair);
    }
    text.push_str("| soil entered | by officers of |\n|---|---|\n");
    for (territory, pairs) in by_territory {
        let links: Vec<String> = pairs
            .iter()
            .map(|pair| {
                let anchor = pair.to_string().to_lowercase().replace(' ', "-");
                format!("[{}](#{anchor})", pair.from)
            })
            .collect();
        let _ = writeln!(
            text,
            "| {} | {} |",
            named(rulebook, territory),
            links.join(" ")
        );
    }
}

fn of_row(rulebook: &Rulebook, row: &Row, text: &mut String) {
    let since = row.valid_from.map_or_else(
        || "an unknown start, treated as in force".to_owned(),
        |day| day.to_string(),
    );
    let border = match row.border {
        Border::Land => "a frontier on land".to_owned(),
        Border::Bridge => "a fixed link over water".to_owned(),
        Border::Via(state) => format!("no common frontier; via {}", named(rulebook, state)),
    };
    let _ = writeln!(
        text,
        "Instrument: {}; purpose {}; since {since}; {border}. Row confidence {}; sources: {}.\n",
        row.instrument,
        row.purpose.as_str().replace('_', " "),
        row.confidence.as_str(),
        row.sources.join(", ")
    );
    text.push_str("| with | authorised surveillance, 40(1) | urgent surveillance, 40(2) | pursuit, 41 |\n|---|---|---|---|\n");
    for (means, carrier) in MEANS {
        let met = Met {
            rulebook,
            row,
            carrier,
        };
        cells(
            text,
            &[means, &met.planned(), &met.urgent(), &met.pursuit()],
        );
    }
    text.push_str(
        "\n| figure | reading | confidence | origin | instrument |\n|---|---|---|---|---|\n",
    );
    for figure in figures::of(rulebook, row) {
        let (confidence, origin, instrument) = figure.cited();
        cells(
            text,
            &[figure.name, &figure.reading, confidence, origin, instrument],
        );
    }
    for notes in [&row.notes, &row.surveillance.notes, &row.pursuit.notes]
        .into_iter()
        .flatten()
    {
        let _ = writeln!(text, "\nNote: {notes}.");
    }
}

/// What the two have for a crossing that follows nobody.
fn other_crossings(rulebook: &Rulebook, pair: Pair, text: &mut String) {
    let known = rulebook.other_crossings_of(pair);
    if known.is_empty() {
        return;
    }
    text.push_str(
        "\n| other lawful crossing | by | what is asked | notice | confidence | instrument |\n|---|---|---|---|---|---|\n",
    );
    for one in known {
        let media: Vec<&str> = one.media.iter().map(|carrier| carrier.as_str()).collect();
        cells(
            text,
            &[
                &one.basis.as_str().replace('_', " "),
                &media.join(", "),
                &one.asks,
                one.notice
                    .as_deref()
                    .unwrap_or("no rule read; told all the same"),
                one.confidence.as_str(),
                &one.instrument,
            ],
        );
    }
}

/// One line of a table.
fn cells(text: &mut String, cells: &[&str]) {
    for cell in cells {
        let _ = write!(text, "| {} ", cell.replace('|', "\\|"));
    }
    text.push_str("|\n");
}

/// What one means may meet in one row.
struct Met<'a> {
    rulebook: &'a Rulebook,
    row: &'a Row,
    carrier: Carrier,
}

impl Met<'_> {
    fn planned(&self) -> String {
        let opening = strict::planned(self.rulebook, self.row, end_of_time());
        let carrier = strict::surveillance_carrier(&self.row.surveillance, self.carrier);
        let confidence = self.row.cite_surveillance("Art. 40(1)", 0).confidence;
        self.cell(opening, carrier, None, confidence)
    }

    fn urgent(&self) -> String {
        let opening = strict::urgent(self.rulebook, self.row, end_of_time());
        let carrier = strict::surveillance_carrier(&self.row.surveillance, self.carrier);
        let consent = consent_hours(self.rulebook, self.row, end_of_time());
        let no_hours = consent
            .is_none()
            .then_some("until when the host must consent is not known: stop and ask");
        let confidence = consent.map_or(Confidence::Unknown, |consent| consent.citation.confidence);
        self.cell(
            opening,
            carrier,
            no_hours,
            confidence.max(self.row.cite_surveillance("Art. 40(2)", 0).confidence),
        )
    }

    fn pursuit(&self) -> String {
        let opening = strict::pursuit(self.rulebook, self.row, end_of_time());
        let carrier = strict::pursuit_carrier(&self.row.pursuit, self.carrier);
        let no_limit = (strict::reach(&self.row.pursuit) == Reach::NotKnown)
            .then_some("limit not known: ask the host before crossing");
        let confidence = self.row.cite_pursuit("Art. 41", 0).confidence;
        self.cell(opening, carrier, no_limit, confidence)
    }

    fn cell(
        &self,
        opening: Opening,
        carrier: CarrierRule<'_>,
        not_known: Option<&str>,
        confidence: Confidence,
    ) -> String {
        let form = match opening {
            Opening::Foreseen => None,
            Opening::NotForeseen => Some("stop: not foreseen"),
            Opening::NoInstrument => Some("stop: no instrument found; contact, record"),
            Opening::WaitsForAgreement => {
                Some("stop: refused until the rules name the implementing agreement")
            }
            Opening::ConventionDoesNotBind => {
                Some("stop: the Convention is not known to bind both states")
            }
        };
        let by_carrier = match carrier {
            CarrierRule::Covered => None,
            CarrierRule::OnCondition(condition) => Some(format!("stop and ask: {condition}")),
            CarrierRule::LandOnly => Some("stop: on land only".to_owned()),
            CarrierRule::NotNamed => Some("stop and ask: not among the means named".to_owned()),
            CarrierRule::NotKnown => Some("stop and ask: rule not known".to_owned()),
        };
        form.map(str::to_owned)
            .or(by_carrier)
            .or(not_known.map(str::to_owned))
            .unwrap_or_else(|| {
                format!(
                    "no obstacle found in rules v{} (confidence {})",
                    self.rulebook.version(),
                    confidence.as_str()
                )
            })
    }
}

/// A moment after every start that the rules name.
const fn end_of_time() -> Timestamp {
    Timestamp::from_millis(i64::MAX)
}

#[cfg(test)]
mod tests;
