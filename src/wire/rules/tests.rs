use super::documents::PairDoc;
use super::*;
use crate::domain::law::rulebook::row::Row;

/// The smallest rules that are whole: two states and one row.
pub(super) const WHOLE: &str = r#"
[meta]
version = 1
as_of = 2026-11-21
default_rule = "none"

[default.surveillance]
consent_hours = 5

[default.pursuit]
[default.prum]

[[source]]
id = "agreement"
title = "The agreement"
read = true

[[offence_list]]
id = "CISA40_7"
label = "Art. 40(7)"
closed = true
confidence = "high"

[[offence]]
id = "murder"
label = "Murder"
lists = ["CISA40_7"]
since = "1990"

[[state]]
iso = "HU"
name = "Hungary"
schengen = true
schengen_since = 2007-12-21
eu = true
languages = ["hu"]
authority_confidence = "high"

[[state]]
iso = "RO"
name = "Romania"
schengen = true
schengen_since = 2025-01-01
eu = true
languages = ["ro"]
authority_confidence = "high"

[[pair]]
territory = "RO"
from = "HU"
border = "land"
regime = "CISA"
instrument = "The agreement"
sources = ["agreement"]
confidence = "low"
[pair.surveillance]
planned = true
urgent = true
consent_hours = 5
offences_urgent = "CISA40_7"
confidence = "medium"
[pair.pursuit]
allowed = "yes"
limit = "unknown"
confidence = "low"
"#;

pub(super) fn file(text: &str) -> Vec<RuleFile> {
    vec![RuleFile {
        name: "rules.toml".to_owned(),
        text: text.to_owned(),
    }]
}

/// What reading says after one change of the whole rules.
fn said(from: &str, to: &str) -> String {
    let changed = WHOLE.replacen(from, to, 1);
    assert_ne!(changed, WHOLE, "`{from}` is in the rules");
    match read(&file(&changed), &[]) {
        Ok(_) => "nothing".to_owned(),
        Err(problems) => problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

#[test]
fn whole_rules_are_read_and_absent_keys_stay_absent() {
    let rulebook = read(&file(WHOLE), &[]).expect("no flaw");
    let row: Vec<&Row> = rulebook.rows().collect();
    assert_eq!(row.len(), 1);
    assert_eq!(row[0].valid_from, None);
    assert_eq!(row[0].surveillance.media, None);
    assert_eq!(row[0].pursuit.radius_km, None);
    assert_eq!(row[0].pursuit.land_only, None, "not taken from [default]");
}

#[test]
fn absent_hours_are_not_taken_from_the_convention() {
    let text = WHOLE.replace("urgent = true\nconsent_hours = 5\n", "urgent = true\n");
    let rulebook = read(&file(&text), &[]).expect("no flaw");
    let row = rulebook.rows().next().expect("one row");
    assert_eq!(row.surveillance.consent_hours, None);
}

#[test]
#[rustfmt::skip]
fn each_flaw_is_told_with_its_row_and_key() {
    // What is changed, to what, and every part that the message must have.
    let table: &[(&str, &str, &[&str])] = &[
        ("urgent = true\nconsent_hours = 5", "urgent = true\nconsent_hour = 5", &["line 59", "(pair RO from HU)", "no key `consent_hour`", "did you mean `consent_hours`?"]),
        ("[[source]]", "[[sauce]]", &["no key `sauce`", "`source`"]),
        ("eu = true", "eu = \"yes\"", &["(state HU)", "boolean"]),
        ("urgent = true\nconsent_hours = 5", "urgent = true\nconsent_hours = 0", &["rules.toml: pair RO from HU: surveillance.consent_hours", "0 hours", "leave the key out"]),
        ("urgent = true\nconsent_hours = 5", "urgent = true\nconsent_hours = 500", &["surveillance.consent_hours", "500 hours"]),
        ("urgent = true\nconsent_hours = 5", "urgent = true\nconsent_hours = -5", &["(pair RO from HU)", "invalid value"]),
        ("urgent = true", "urgent = \"perhaps\"", &["pair RO from HU: surveillance.urgent", "`perhaps`", "with_implementing_agreement"]),
        ("urgent = true", "urgent = \"with_implementing_agreement\"", &["surveillance.needs_implementing_agreement"]),
        ("urgent = true", "urgent = 3", &["(pair RO from HU)", "true, false or"]),
        ("planned = true", "", &["(pair RO from HU)", "planned"]),
        ("offences_urgent = \"CISA40_7\"", "offences_urgent = \"CISA40\"", &["pair RO from HU: surveillance.offences_urgent", "no offence list `CISA40`", "CISA40_7"]),
        ("lists = [\"CISA40_7\"]", "lists = [\"X\"]", &["offence murder: lists", "no offence list `X`"]),
        ("sources = [\"agreement\"]", "sources = [\"agrement\"]", &["pair RO from HU: sources", "no source `agrement`"]),
        ("sources = [\"agreement\"]", "sources = []", &["pair RO from HU: sources", "empty"]),
        ("from = \"HU\"", "from = \"AT\"", &["pair RO from AT: from", "no state `AT`"]),
        ("from = \"HU\"", "from = \"Hungary\"", &["pair RO from Hungary: from", "two capital letters"]),
        ("from = \"HU\"", "from = \"RO\"", &["pair RO from RO: from", "two states"]),
        ("border = \"land\"", "border = \"see\"", &["pair RO from HU: border", "`see`", "bridge"]),
        ("border = \"land\"", "border = \"via AT\"", &["border", "no state `AT`"]),
        ("regime = \"CISA\"", "regime = \"CISSA\"", &["regime", "did you mean `CISA`?"]),
        ("regime = \"CISA\"", "regime = \"NONE_FOUND\"", &["pursuit.allowed", "NONE_FOUND"]),
        ("allowed = \"yes\"", "allowed = \"no\"", &["pursuit.allowed", "NONE_FOUND"]),
        ("allowed = \"yes\"", "allowed = \"maybe\"", &["pursuit.allowed", "`maybe`"]),
        ("limit = \"unknown\"", "limit = \"radius\"", &["pursuit.radius_km", "exactly when"]),
        ("limit = \"unknown\"", "radius_km = 25", &["pursuit.radius_km", "exactly when"]),
        ("limit = \"unknown\"", "limit = \"radius\"\nradius_km = 0", &["pursuit.radius_km"]),
        ("limit = \"unknown\"", "limit = \"radius_or_time\"\nradius_km = 50", &["pursuit.minutes"]),
        ("limit = \"unknown\"", "detain = \"conditional\"", &["pursuit.detain_condition"]),
        ("limit = \"unknown\"", "media = [\"train\"]", &["pursuit.media", "`train`", "drone"]),
        ("confidence = \"medium\"", "confidence = \"sure\"", &["pair RO from HU: surveillance.confidence", "`sure`", "high, medium, low, unknown"]),
        ("sources = [\"agreement\"]", "valid_from = \"2025-01-01\"\nsources = [\"agreement\"]", &["(pair RO from HU)", "line"]),
        ("sources = [\"agreement\"]", "valid_from = 2025-02-30\nsources = [\"agreement\"]", &["line"]),
        ("sources = [\"agreement\"]", "valid_from = 2025-01-01T00:00:00Z\nsources = [\"agreement\"]", &["no day", "2025-01-01"]),
        ("instrument = \"The agreement\"", "instrument = \" \"", &["pair RO from HU: instrument", "empty"]),
        ("instrument = \"The agreement\"", "instrument = \"The agreement\"\npurpose = \"holiday\"", &["purpose", "customs"]),
        ("schengen_since = 2007-12-21\n", "", &["state HU: schengen_since"]),
        ("languages = [\"hu\"]", "languages = []", &["state HU: languages"]),
        ("version = 1", "version = 0", &["meta: version"]),
        ("[meta]\nversion = 1\nas_of = 2026-11-21\ndefault_rule = \"none\"\n", "", &["[meta]", "missing"]),
        ("id = \"CISA40_7\"", "id = \"CISA40_8\"", &["CISA40_7", "missing"]),
        ("[default.surveillance]\nconsent_hours = 5", "[default.surveillance]\nconsent_hours = 0", &["default: surveillance.consent_hours"]),
    ];
    for (from, to, parts) in table {
        let said = said(from, to);
        for part in *parts {
            assert!(said.contains(part), "`{from}` -> `{to}`: no `{part}` in: {said}");
        }
        assert!(said.contains("rules.toml") || said.contains("rule data"), "{said}");
    }
}

#[test]
fn all_flaws_are_told_at_once() {
    let text = WHOLE
        .replace("confidence = \"medium\"", "confidence = \"sure\"")
        .replace("regime = \"CISA\"", "regime = \"none\"");
    let problems = read(&file(&text), &[]).expect_err("two flaws");
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn a_row_twice_for_the_same_time_is_a_flaw_and_from_another_day_is_not() {
    let start = WHOLE.find("[[pair]]").expect("a row");
    let row = &WHOLE[start..];
    let twice = format!("{WHOLE}\n{row}");
    let problems = read(&file(&twice), &[]).expect_err("twice");
    assert!(
        problems[0]
            .says
            .contains("pair RO from HU: valid_from: another row"),
        "{problems:?}"
    );
    let later = row.replacen("[[pair]]", "[[pair]]\nvalid_from = 2027-01-01", 1);
    assert!(read(&file(&format!("{WHOLE}\n{later}")), &[]).is_ok());
    let customs = row.replacen("[[pair]]", "[[pair]]\npurpose = \"customs\"", 1);
    assert!(read(&file(&format!("{WHOLE}\n{customs}")), &[]).is_ok());
}

#[test]
fn meta_in_two_files_is_a_flaw() {
    let mut files = file(WHOLE);
    files.push(RuleFile {
        name: "more.toml".to_owned(),
        text: "[meta]\nversion = 2\nas_of = 2027-01-01\ndefault_rule = \"none\"\n".to_owned(),
    });
    let problems = read(&files, &[]).expect_err("two versions");
    assert_eq!(
        problems[0].to_string(),
        "more.toml: rules: [meta]: stands in two files; remove one"
    );
}

#[test]
fn a_row_turned_into_a_document_is_the_document_it_came_from() {
    let document = parse(&file(WHOLE)[0]).expect("TOML");
    let rulebook = read(&file(WHOLE), &[]).expect("no flaw");
    let back: Vec<PairDoc> = rulebook.rows().map(PairDoc::from).collect();
    assert_eq!(back, document.pair);
}
