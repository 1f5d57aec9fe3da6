use super::super::read;
use super::super::tests::{WHOLE, file};
use super::*;
use crate::domain::law::clocks::consent_hours;
use crate::domain::law::rulebook::row::{Detain, Granted, Limit, Pair, Row};
use crate::domain::law::rulebook::{Rulebook, Selection};
use crate::domain::measure::Timestamp;
use proptest::prelude::*;

/// An overlay of a state, with the lines of its one row after the pair.
fn overlay(state: &str, row: &str) -> RuleFile {
    RuleFile {
        name: format!("{}.toml", state.to_lowercase()),
        text: format!(
            "[overlay]\nstate = \"{state}\"\nlegal_service = \"Legal service\"\nreference = \"12/2026\"\ndate = 2026-11-20\n\n\
             [[pair]]\nterritory = \"RO\"\nfrom = \"HU\"\nvalid_from = 2026-12-01\nconfidence = \"high\"\n{row}"
        ),
    }
}

fn laid(overlays: &[RuleFile]) -> Rulebook {
    read(&file(WHOLE), overlays).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn at(day: &str) -> Timestamp {
    Timestamp::parse(&format!("{day}T12:00:00Z")).expect("a time")
}

fn in_force<'a>(rulebook: &'a Rulebook, day: &str) -> &'a Row {
    let state = |code| State::parse(code).expect("a state");
    let wanted = Selection {
        pair: Pair {
            territory: state("RO"),
            from: state("HU"),
        },
        purpose: crate::domain::law::basis::Purpose::CriminalInvestigation,
        at: at(day),
    };
    rulebook.row(wanted).expect("a row is in force")
}

#[test]
fn a_key_that_is_given_changes_from_its_day_on_and_nothing_else_does() {
    let rulebook = laid(&[overlay("RO", "[pair.surveillance]\nconsent_hours = 4\n")]);
    let before = in_force(&rulebook, "2026-11-30");
    assert_eq!(before.surveillance.consent_hours, Some(5));
    assert!(before.overlaid.is_empty());
    let after = in_force(&rulebook, "2026-12-01");
    assert_eq!(after.surveillance.consent_hours, Some(4));
    let plain = laid(&[]);
    let mut same = after.clone();
    let base = in_force(&plain, "2026-12-01");
    same.surveillance.consent_hours = base.surveillance.consent_hours;
    same.valid_from = base.valid_from;
    same.sources.clone_from(&base.sources);
    same.overlaid.clear();
    assert_eq!(&same, base);
}

#[test]
fn a_figure_of_an_overlay_is_cited_to_it_with_its_own_confidence() {
    let rulebook = laid(&[overlay("RO", "[pair.surveillance]\nconsent_hours = 4\n")]);
    let row = in_force(&rulebook, "2026-12-01");
    let consent = consent_hours(&rulebook, row, at("2026-12-01")).expect("hours");
    assert_eq!(consent.hours, 4);
    let cited = &consent.citation;
    assert!(
        cited
            .instrument
            .starts_with("overlay of RO (Legal service, ref. 12/2026 of 2026-11-20)"),
        "{}",
        cited.instrument
    );
    assert_eq!(cited.confidence, Confidence::High);
    assert!(
        cited
            .sources
            .iter()
            .any(|source| &**source == "overlay RO 12/2026")
    );
    // What the overlay does not speak of is as little known as before.
    let urgent = row.cite_field("surveillance.urgent", "Art. 40(2)", 1);
    assert_eq!(urgent.confidence, Confidence::Medium);
    assert!(!urgent.instrument.contains("overlay"));
}

#[test]
fn two_states_that_differ_are_shown_as_conflicting_and_the_stricter_is_used() {
    let one = "[pair.surveillance]\nconsent_hours = 8\n[pair.pursuit]\nlimit = \"radius\"\nradius_km = 30\ndetain = \"yes\"\n";
    let other = "[pair.surveillance]\nconsent_hours = 4\nconfidence = \"low\"\n[pair.pursuit]\nlimit = \"none\"\ndetain = \"no\"\n";
    let mut files = [overlay("RO", one), overlay("HU", other)];
    for _ in 0..2 {
        files.reverse();
        let rulebook = laid(&files);
        let row = in_force(&rulebook, "2026-12-01");
        assert_eq!(row.surveillance.consent_hours, Some(4));
        assert_eq!(row.pursuit.limit, Some(Limit::Radius));
        assert_eq!(row.pursuit.radius_km, Some(30));
        assert_eq!(row.pursuit.detain, Some(Detain::No));
        let hours = &row.overlaid["surveillance.consent_hours"];
        assert!(hours.conflicts());
        assert_eq!(
            hours.confidence(),
            Confidence::Low,
            "the least of what is said"
        );
        let words = hours.in_words();
        for part in [
            "conflict, the stricter is used",
            "overlay of RO",
            "says 8",
            "overlay of HU",
            "says 4",
        ] {
            assert!(words.contains(part), "no `{part}` in {words}");
        }
    }
}

#[test]
fn two_states_that_say_the_same_do_not_conflict() {
    let row = "[pair.surveillance]\nconsent_hours = 4\n";
    let rulebook = laid(&[overlay("RO", row), overlay("HU", row)]);
    let hours = &in_force(&rulebook, "2026-12-01").overlaid["surveillance.consent_hours"];
    assert!(!hours.conflicts());
    assert_eq!(hours.statements().len(), 2);
}

#[test]
fn a_limit_that_is_taken_away_leaves_no_radius_behind() {
    let whole = WHOLE.replace("limit = \"unknown\"", "limit = \"radius\"\nradius_km = 10");
    let file_of = overlay("RO", "[pair.pursuit]\nlimit = \"unknown\"\n");
    let rulebook = read(&file(&whole), &[file_of]).expect("sound");
    let row = in_force(&rulebook, "2026-12-01");
    assert_eq!(
        (row.pursuit.limit, row.pursuit.radius_km),
        (Some(Limit::Unknown), None)
    );
}

#[test]
fn an_implementing_agreement_opens_what_waits_for_it_and_is_named() {
    let whole = WHOLE
        .replace(
            "urgent = true\nconsent_hours = 5",
            "urgent = \"with_implementing_agreement\"\nneeds_implementing_agreement = true\nconsent_hours = 5",
        )
        .replace("allowed = \"yes\"", "allowed = \"with_implementing_agreement\"");
    let named = "implementing_agreement = \"Protocol of 1-10-2026\"\n";
    let surveillance = "[pair.surveillance]\nplanned = true\nurgent = true\n";
    let told = |row: &str| {
        read(&file(&whole), &[overlay("RO", row)]).map_err(|problems| {
            problems
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        })
    };
    let rulebook = told(&format!("{named}{surveillance}")).expect("the agreement is named");
    let row = in_force(&rulebook, "2026-12-01");
    assert_eq!(row.surveillance.urgent, Granted::Yes);
    assert!(!row.waits_for_agreement());
    assert!(
        row.instrument
            .ends_with("; implementing agreement: Protocol of 1-10-2026")
    );
    assert_eq!(
        row.pursuit.allowed,
        Granted::WithImplementingAgreement,
        "of pursuit it does not speak"
    );
    let refused = told(surveillance).expect_err("no agreement is named");
    assert!(
        refused.contains("ro.toml: pair RO from HU: surveillance.urgent: the row waits"),
        "{refused}"
    );
    let refused = told("[pair.pursuit]\nallowed = \"yes\"\n").expect_err("no agreement is named");
    assert!(
        refused.contains("pursuit.allowed: the row waits"),
        "{refused}"
    );
    let half = format!("{named}[pair.surveillance]\nurgent = true\n");
    let refused = told(&half).expect_err("planned is not said");
    assert!(
        refused.contains("surveillance.planned: say both"),
        "{refused}"
    );
}

#[test]
fn a_pair_without_a_row_needs_a_whole_one() {
    let whole = "border = \"land\"\nregime = \"CISA\"\ninstrument = \"Law 1/2026\"\n\
                 [pair.surveillance]\nplanned = true\nurgent = false\n[pair.pursuit]\nallowed = \"yes\"\n";
    let turned = |file: RuleFile| RuleFile {
        text: file.text.replace(
            "territory = \"RO\"\nfrom = \"HU\"",
            "territory = \"HU\"\nfrom = \"RO\"",
        ),
        ..file
    };
    let rulebook = read(&file(WHOLE), &[turned(overlay("RO", whole))]).expect("a whole row");
    let row = rulebook
        .rows()
        .find(|row| row.pair.territory.as_str() == "HU")
        .expect("the new row");
    assert_eq!(
        row.surveillance.confidence,
        Confidence::High,
        "the word that the overlay gives"
    );
    assert_eq!(row.pursuit.limit, None, "nothing is filled in");
    let part = whole.replace("planned = true\n", "");
    let problems = read(&file(WHOLE), &[turned(overlay("RO", &part))]).expect_err("not whole");
    let said = problems[0].to_string();
    assert!(
        said.contains("pair HU from RO")
            && said.contains("give a whole one")
            && said.contains("planned"),
        "{said}"
    );
}

#[test]
#[rustfmt::skip]
fn each_flaw_of_an_overlay_is_one_sentence_with_its_file_row_and_key() {
    let table: &[(&str, &str, &[&str])] = &[
        ("consent_hours = 4", "consent_hour = 4", &["surveillance.consent_hour: no such key", "did you mean `surveillance.consent_hours`?"]),
        ("consent_hours = 4", "consent_hours = \"four\"", &["surveillance.consent_hours", "correct the value"]),
        ("consent_hours = 4", "consent_hours = 0", &["surveillance.consent_hours", "0 hours"]),
        ("consent_hours = 4", "consent_hours = -4", &["surveillance.consent_hours", "whole number"]),
        ("consent_hours = 4", "consent_hours = 4.5", &["surveillance.consent_hours", "whole number"]),
        ("consent_hours = 4", "urgent = \"perhaps\"", &["surveillance.urgent", "`perhaps`"]),
        ("consent_hours = 4", "offences_urgent = \"NONE\"", &["surveillance.offences_urgent", "no offence list `NONE`"]),
        ("consent_hours = 4", "media = [\"train\"]", &["surveillance.media", "`train`"]),
        ("consent_hours = 4", "confidence = \"sure\"", &["confidence: say how well"]),
        ("confidence = \"high\"", "confidence = \"sure\"", &["confidence: say how well"]),
        ("confidence = \"high\"\n", "", &["confidence: say how well"]),
        ("confidence = \"high\"", "confidence = \"high\"\nsources = [\"agreement\"]", &["sources: no such key"]),
        ("confidence = \"high\"", "confidence = \"high\"\nregime = \"NONE_FOUND\"", &["pursuit.allowed", "NONE_FOUND"]),
        ("valid_from = 2026-12-01\n", "", &["valid_from: say from which day"]),
        ("valid_from = 2026-12-01", "valid_from = \"2026-12-01\"", &["valid_from: say from which day"]),
        ("territory = \"RO\"\nfrom = \"HU\"", "territory = \"AT\"\nfrom = \"HU\"", &["pair AT from HU: territory: neither is RO", "take the row out"]),
        ("territory = \"RO\"\n", "", &["territory: each row needs"]),
    ];
    let sound = overlay("RO", "[pair.surveillance]\nconsent_hours = 4\n");
    for (from, to, parts) in table {
        let text = sound.text.replacen(from, to, 1);
        assert_ne!(text, sound.text, "`{from}` is in the overlay");
        let problems = read(&file(WHOLE), &[RuleFile { text, ..sound.clone() }]).expect_err(to);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let said = said.join("\n");
        for part in *parts {
            assert!(said.contains(part), "`{from}` -> `{to}`: no `{part}` in: {said}");
        }
        assert!(said.starts_with("ro.toml: "), "{said}");
    }
}

#[test]
#[rustfmt::skip]
fn each_flaw_of_the_head_is_told() {
    let table: &[(&str, &str, &str)] = &[
        ("state = \"RO\"", "state = \"Romania\"", "two capital letters"),
        ("legal_service = \"Legal service\"", "legal_service = \" \"", "legal_service: empty"),
        ("reference = \"12/2026\"\n", "", "reference"),
        ("date = 2026-11-20", "date = \"2026-11-20\"", "line"),
        ("[overlay]", "[overlie]", "overlay"),
        ("[[pair]]", "[meta]\nversion = 2\n[[pair]]", "no key `meta`"),
    ];
    let sound = overlay("RO", "[pair.surveillance]\nconsent_hours = 4\n");
    for (from, to, part) in table {
        let text = sound.text.replacen(from, to, 1);
        let problems = read(&file(WHOLE), &[RuleFile { text, ..sound.clone() }]).expect_err(to);
        let said = problems[0].to_string();
        assert!(said.starts_with("ro.toml: ") && said.contains(part), "`{to}`: {said}");
    }
    let twice = read(&file(WHOLE), &[sound.clone(), sound]).expect_err("two of one state");
    assert!(twice[0].says.contains("a second overlay of RO"), "{twice:?}");
}

proptest! {
    /// Whatever two overlays say, no hours and no kilometres come out that nobody gave, the stricter of two is never
    /// exceeded, and every part keeps its confidence word.
    #[test]
    fn no_figure_comes_out_that_nobody_gave(
        ro in proptest::option::of(1u32..=24),
        hu in proptest::option::of(1u32..=24),
        ro_km in proptest::option::of(1u32..=100),
        hu_km in proptest::option::of(1u32..=100),
    ) {
        let text = |hours: Option<u32>, km: Option<u32>| {
            let hours = hours.map_or_else(String::new, |h| format!("consent_hours = {h}\n"));
            let km = km.map_or_else(String::new, |km| format!("limit = \"radius\"\nradius_km = {km}\n"));
            format!("[pair.surveillance]\n{hours}[pair.pursuit]\n{km}")
        };
        let rulebook = laid(&[overlay("RO", &text(ro, ro_km)), overlay("HU", &text(hu, hu_km))]);
        let row = in_force(&rulebook, "2026-12-01");
        let least = [ro, hu].into_iter().flatten().min();
        prop_assert_eq!(row.surveillance.consent_hours, least.or(Some(5)));
        prop_assert_eq!(row.pursuit.radius_km, [ro_km, hu_km].into_iter().flatten().min());
        let plain = laid(&[]);
        let base = in_force(&plain, "2026-12-01");
        prop_assert_eq!(row.confidence, base.confidence);
        prop_assert_eq!(row.surveillance.confidence, base.surveillance.confidence);
        prop_assert_eq!(row.pursuit.confidence, base.pursuit.confidence);
    }
}
