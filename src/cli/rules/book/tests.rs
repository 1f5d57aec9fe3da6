use super::*;
use crate::domain::law::assess::assess_opening;
use crate::domain::law::basis::{Authorisation, Basis, PersonCategory};
use crate::domain::law::facts::Declared;
use crate::domain::law::finding::{Answer, Assessment};
use crate::service::ruledata;

const WRITTEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/RULES.md");

fn built_in() -> std::sync::Arc<Rulebook> {
    ruledata::rulebook(None).expect("the built-in rules have no flaw")
}

#[test]
fn the_file_in_docs_is_what_the_rule_data_says() {
    let kept = std::fs::read_to_string(WRITTEN).expect("docs/RULES.md can be read");
    let now = write(&built_in());
    let differs = kept
        .lines()
        .zip(now.lines())
        .find(|(kept, now)| kept != now);
    assert!(
        kept == now,
        "docs/RULES.md is stale: run `limes rules book > docs/RULES.md`; first difference: {differs:?}"
    );
}

#[test]
fn every_pair_has_its_section_and_its_place_in_the_index() {
    let rulebook = built_in();
    let text = write(&rulebook);
    for pair in pairs(&rulebook) {
        assert!(text.contains(&format!("\n### {pair}\n")), "{pair}");
        let anchor = pair.to_string().to_lowercase().replace(' ', "-");
        assert!(text.contains(&format!("(#{anchor})")), "{pair}");
    }
    assert_eq!(text.matches("\n### ").count(), pairs(&rulebook).len());
}

#[test]
fn nothing_is_called_allowed_and_no_cell_lacks_its_confidence() {
    let text = write(&built_in());
    // Notes are the words of those who read the texts.
    let ours = text.lines().filter(|line| !line.starts_with("Note: "));
    for line in ours {
        assert!(!line.to_lowercase().contains("allowed"), "{line}");
    }
    for cell in text.split('|').filter(|cell| cell.contains("no obstacle")) {
        let cell = cell.trim();
        if cell.starts_with("no obstacle") {
            assert!(cell.contains("rules v1 (confidence "), "{cell}");
        }
    }
}

#[test]
fn no_number_of_hours_kilometres_or_minutes_is_shown_that_the_row_does_not_hold() {
    let rulebook = built_in();
    for row in rulebook.rows() {
        let mut text = String::new();
        of_row(&rulebook, row, &mut text);
        let release = rulebook.convention().pursuit.release_hours;
        let consent = consent_hours(&rulebook, row, end_of_time()).map(|consent| consent.hours);
        let tables = text.lines().filter(|line| line.starts_with('|'));
        for line in tables {
            // The instrument's own words may hold numbers; the reading is the second cell.
            let reading = line.split('|').nth(2).unwrap_or_default();
            for (unit, held) in [
                (
                    " km",
                    vec![row.pursuit.radius_km, row.pursuit.evade_check_origin_km],
                ),
                (" min", vec![row.pursuit.minutes]),
                (" h", vec![consent, release]),
            ] {
                for number in numbers_before(reading, unit) {
                    assert!(held.contains(&Some(number)), "{}: {line}", row.pair);
                }
            }
        }
    }
}

/// The numbers that stand before a unit, as in `25 km`.
fn numbers_before(text: &str, unit: &str) -> Vec<u32> {
    text.match_indices(unit)
        .filter(|(at, _)| {
            let after = text[at + unit.len()..].chars().next();
            after.is_none_or(|next| !next.is_alphanumeric())
        })
        .filter_map(|(at, _)| text[..at].rsplit(' ').next()?.parse().ok())
        .collect()
}

#[test]
fn the_strict_reading_of_a_form_is_what_an_opening_is_answered() {
    let rulebook = built_in();
    let now = Timestamp::parse("2027-03-16T11:33:17Z").expect("a time");
    for row in rulebook.rows() {
        for basis in [Basis::SurveillanceAuthorised, Basis::SurveillanceUrgent] {
            let assessment = assess_opening(&rulebook, &declared(row, basis, now), now);
            let opening = match basis {
                Basis::SurveillanceAuthorised => strict::planned(&rulebook, row, now),
                _ => strict::urgent(&rulebook, row, now),
            };
            assert_eq!(
                opening == Opening::Foreseen,
                form_is_met(&assessment),
                "{} {}",
                row.pair,
                basis.as_str()
            );
        }
    }
}

/// Whether every condition that asks for the form of entry itself is met.
fn form_is_met(assessment: &Assessment) -> bool {
    const OF_THE_FORM: [&str; 5] = [
        "instrument_found",
        "implementing_agreement_named",
        "convention_binds_both",
        "planned_foreseen",
        "urgent_foreseen",
    ];
    let mut of_the_form = assessment
        .findings
        .iter()
        .filter(|finding| OF_THE_FORM.contains(&&*finding.condition));
    of_the_form.all(|finding| finding.answer == Answer::Met)
}

fn declared(row: &Row, basis: Basis, now: Timestamp) -> Declared {
    Declared {
        basis,
        purpose: row.purpose,
        offence: "murder".into(),
        person_category: PersonCategory::Suspect,
        requesting_state: row.pair.from,
        host_states: vec![row.pair.territory],
        authorisations: vec![Authorisation {
            number: "1".into(),
            from: now,
            to: Timestamp::from_millis(i64::MAX),
            conditions: "".into(),
            state: None,
            drone: None,
        }],
        refusals: Vec::new(),
        extraditable: None,
        grounds: None,
        evaded_check: Vec::new(),
    }
}
