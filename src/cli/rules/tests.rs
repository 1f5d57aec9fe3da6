use super::*;
use clap::Parser as _;
use std::path::PathBuf;

#[derive(Debug, clap::Parser)]
struct Wrapped {
    #[command(flatten)]
    rules: RulesArgs,
}

fn built_in() -> std::sync::Arc<Rulebook> {
    ruledata::rulebook(None).expect("the built-in rules have no flaw")
}

fn run_with(words: &[&str]) -> anyhow::Result<ExitCode> {
    run_on(None, words)
}

fn run_on(border_data: Option<PathBuf>, words: &[&str]) -> anyhow::Result<ExitCode> {
    let words = std::iter::once("rules").chain(words.iter().copied());
    run(
        &Context { border_data },
        Wrapped::try_parse_from(words)?.rules,
    )
}

fn text(rulebook: &Rulebook, pair: Pair) -> String {
    shown(rulebook, pair, Format::Text).expect("two known states can be shown")
}

fn between(from: &str, territory: &str) -> Pair {
    Pair {
        territory: State::parse(territory).expect("a state"),
        from: State::parse(from).expect("a state"),
    }
}

#[test]
fn every_row_prints_its_hours_kilometres_and_minutes_as_digits_and_its_confidence_word() {
    let rulebook = built_in();
    for row in rulebook.rows() {
        let text = text(&rulebook, row.pair);
        let confidence = format!("\nRow, confidence {}\n", row.confidence.as_str());
        let figures = [
            row.surveillance.consent_hours.map(|h| format!(" {h} h")),
            row.pursuit.radius_km.map(|km| format!(" {km} km")),
            row.pursuit.minutes.map(|min| format!(" {min} min")),
            row.pursuit
                .evade_check_origin_km
                .map(|km| format!(" {km} km")),
            row.valid_from.map(|day| day.to_string()),
            Some(confidence),
        ];
        for figure in figures.into_iter().flatten() {
            assert!(
                text.contains(&figure),
                "{}: no `{figure}` in\n{text}",
                row.pair
            );
        }
    }
}

#[test]
fn a_figure_that_the_row_does_not_have_is_not_printed() {
    let rulebook = built_in();
    let text = text(&rulebook, between("HU", "RO"));
    assert!(!text.contains(" km"), "no radius is known:\n{text}");
    assert!(!text.contains(" min"), "no period is known:\n{text}");
    assert!(text.contains("limit not known: ask the host before crossing"));
    assert!(text.contains("ASK ROOM"));
}

#[test]
fn hours_of_the_strict_reading_say_that_the_pairs_own_text_was_not_read() {
    let rulebook = built_in();
    let text = text(&rulebook, between("HU", "AT"));
    assert!(
        text.contains("5 h (CISA Art. 40(2); pair's own text not read)"),
        "{text}"
    );
}

#[test]
fn every_pair_of_two_known_states_can_be_shown_in_both_forms() {
    let rulebook = built_in();
    for territory in rulebook.states() {
        for from in rulebook
            .states()
            .filter(|from| from.state != territory.state)
        {
            let pair = Pair {
                territory: territory.state,
                from: from.state,
            };
            assert!(text(&rulebook, pair).contains(&*territory.name));
            let json = shown(&rulebook, pair, Format::Json).expect("JSON");
            let json: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
            let rows = json["rows"].as_array().expect("rows");
            assert_eq!(rows.len(), rulebook.rows_of(pair).len());
            assert_eq!(json["without_row"].is_null(), !rows.is_empty());
        }
    }
}

#[test]
fn json_keeps_what_is_not_known_as_null() {
    let rulebook = built_in();
    let json = shown(&rulebook, between("HU", "AT"), Format::Json).expect("JSON");
    let json: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
    let row = &json["rows"][0];
    assert!(row["surveillance"]["consent_hours"].is_null());
    assert_eq!(row["strict_reading"]["consent"]["hours"], 5);
    assert_eq!(row["strict_reading"]["consent"]["origin"], "law");
    assert_eq!(row["strict_reading"]["consent"]["confidence"], "low");
    assert_eq!(row["confidence"], "medium");
}

#[test]
fn an_unknown_state_fails_and_is_named() {
    for wrong in ["XX", "ROU", "Romania", ""] {
        let error = run_with(&["show", "HU", wrong]).expect_err("no such state");
        let said = error.to_string();
        assert!(said.contains(&format!("`{wrong}`")), "{said}");
        assert!(said.contains(" RO "), "names what there is: {said}");
    }
    assert!(
        run_with(&["show", "HU", "HU"]).is_err(),
        "one state is no pair"
    );
}

#[test]
fn small_letters_are_understood() {
    assert!(run_with(&["show", "hu", "ro"]).is_ok());
}

#[test]
fn the_built_in_rules_check_well_and_a_folder_without_rules_does_not() {
    assert!(run_with(&["check"]).is_ok());
    let folder = tempfile::tempdir().expect("a folder");
    let said = run_on(Some(folder.path().to_owned()), &["check"])
        .expect_err("no rules there")
        .to_string();
    assert!(said.contains("law"), "{said}");
}

/// A legal service's file that speaks of one pair.
const OVERLAY: &str = r#"
[overlay]
state = "RO"
legal_service = "Legal service of the ministry"
reference = "12/2026"
date = 2026-11-20

[[pair]]
territory = "RO"
from = "HU"
valid_from = 2026-12-01
confidence = "high"
[pair.surveillance]
consent_hours = 4
[pair.pursuit]
limit = "radius"
radius_km = 20
"#;

fn with_overlay() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ro.toml");
    std::fs::write(&file, OVERLAY).expect("written");
    (folder, file)
}

#[test]
fn figures_of_an_overlay_say_where_they_come_from_and_how_well_they_are_known() {
    let (_folder, file) = with_overlay();
    let rulebook = ruledata::overlaid(None, &[file]).expect("sound");
    let text = text(&rulebook, between("HU", "RO"));
    let rows: Vec<&str> = text.split("\nRow, confidence ").skip(1).collect();
    let [first, second] = rows[..] else {
        panic!("one row before the overlay's day and one from it on:\n{text}");
    };
    assert!(
        !first.contains("overlay"),
        "the row before the overlay is as it was:\n{first}"
    );
    let words = "origin: overlay of RO (Legal service of the ministry, ref.";
    assert_eq!(
        second.matches(words).count(),
        3,
        "hours, limit and radius:\n{second}"
    );
    for figure in ["high        4 h of the earliest", "high        20 km"] {
        assert!(second.contains(figure), "no `{figure}` in\n{second}");
    }
    let book = book::write(&rulebook);
    assert!(book.contains(
        "With the overlay of RO (Legal service of the ministry, ref. 12/2026 of 2026-11-20)."
    ));
    assert!(book.contains("| 20 km | high | law | overlay of RO"));
}

#[test]
fn an_overlay_is_named_on_the_command_line_and_its_flaws_are_told() {
    let (_folder, file) = with_overlay();
    let path = file.to_string_lossy().into_owned();
    assert!(run_with(&["check", "--rules", &path]).is_ok());
    assert!(run_with(&["--rules", &path, "show", "HU", "RO"]).is_ok());
    std::fs::write(&file, OVERLAY.replace("radius_km = 20", "radius_km = 0")).expect("written");
    let said = run_with(&["check", "--rules", &path])
        .expect_err("no radius")
        .to_string();
    assert!(
        said.contains(&path) && said.contains("pair RO from HU: pursuit.radius_km"),
        "{said}"
    );
    let said = run_with(&["check", "--rules", "/nowhere/ro.toml"]).expect_err("no file");
    assert!(format!("{said:#}").contains("/nowhere/ro.toml"));
}
