use super::*;
use crate::domain::law::profile::Profile;
use crate::domain::law::profile::agreed::{FigureOrigin, Figures};
use crate::domain::law::profile::figure::Figure;
use show::ProfileWire;
use std::collections::BTreeSet;

/// The document of docs/PROFILE.md.
fn whole() -> String {
    let guide = include_str!("../../../docs/PROFILE.md");
    let after = guide.split("```toml\n").nth(1).expect("a document");
    after.split("```").next().expect("its end").to_owned()
}

fn told(text: &str) -> Result<Profile, Vec<String>> {
    let told = |problem: ProfileProblem| problem.to_string();
    read("hu-ro.toml", text, "d".into())
        .map_err(|problems| problems.into_iter().map(told).collect())
}

/// What is told once `from` is `to`.
fn refused(from: &str, to: &str) -> Vec<String> {
    let whole = whole();
    assert_eq!(whole.matches(from).count(), 1, "{from}");
    told(&whole.replace(from, to)).expect_err(to)
}

/// The line of the guide's document that holds this text.
fn line_of(text: &str) -> usize {
    let whole = whole();
    let index = whole.lines().position(|line| line.contains(text));
    index.expect("it is there") + 1
}

#[test]
fn the_document_of_the_guide_is_read_whole() {
    let profile = told(&whole()).expect("sound");
    assert_eq!(profile.named().to_string(), "HU-RO v3");
    let figures = Figures::of(&profile);
    assert_eq!(
        figures.get(Figure::NoticeUnread),
        (45, FigureOrigin::Profile)
    );
    let shown = ProfileWire::from(&profile);
    assert_eq!(shown.valid_until, "2027-12-31");
    assert_eq!(
        (shown.overlap_m, shown.overlap_min),
        (Some(10_000.0), Some(15))
    );
    assert_eq!(shown.limits[0].consent_min, Some(240));
    assert_eq!(shown.crossing_points.len(), 1);
    assert_eq!(shown.voice_numbers[0].checked_by, "Sgt Pop");
    assert_eq!(shown.transfers[0].basis, "safeguards");
    assert_eq!(shown.figures.len(), Figure::ALL.len());
}

#[test]
fn every_figure_is_in_the_guide_with_its_unit_range_default_and_direction() {
    let guide = include_str!("../../../docs/PROFILE.md");
    let rows: BTreeSet<&str> = guide
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    for figure in Figure::ALL {
        let ((least, most), unit) = (figure.range(), figure.unit().sign());
        let row = format!(
            "| `{figure}` | {} | {} {unit} | {least} to {most} | {} |",
            figure.meaning(),
            figure.workflow(),
            figure.stricter().as_str()
        );
        assert!(rows.contains(row.as_str()), "{row}");
    }
    assert_eq!(rows.len(), Figure::ALL.len(), "and no other");
}

#[test]
fn a_key_that_does_not_exist_is_told_with_its_line_and_the_nearest() {
    let line = line_of("alarm_s = 45");
    assert_eq!(
        refused("alarm_s = 45", "alarms_s = 45"),
        [format!(
            "hu-ro.toml: line {line}: T5: no key `alarms_s` here; did you mean `alarm_s`?; correct it or take it out"
        )]
    );
    let said = refused("[T5]", "[T55]").remove(0);
    assert!(
        said.contains("no table `T55` here; did you mean `T5`?"),
        "{said}"
    );
    let said = refused("checked_by =", "checker =").remove(0);
    assert!(said.contains("no key `checker` here"), "{said}");
    let said = refused("reference =", "refernce =").remove(0);
    assert!(said.contains("did you mean `reference`?"), "{said}");
}

#[test]
fn a_value_that_cannot_be_is_told_with_its_line() {
    let line = line_of("alarm_s = 45");
    assert_eq!(
        refused("alarm_s = 45", "alarm_s = 4500"),
        [format!(
            "hu-ro.toml: line {line}: T5.alarm_s: 4500 s is not possible: from 10 to 300"
        )]
    );
    for (from, to, says) in [
        (
            "alarm_s = 45",
            "alarm_s = \"45\"",
            "write a whole number of s",
        ),
        (
            "alarm_s = 45",
            "alarm_s = 45.5",
            "write a whole number of s",
        ),
        ("\"HU\", \"RO\"", "\"HU\", \"Romania\"", "profile: "),
        ("\"HU\", \"RO\"", "\"HU\"", "profile: "),
        (
            "\"HU\", \"RO\"",
            "\"HU\", \"HU\"",
            "a profile is of two states",
        ),
        (
            "valid_until = 2027-12-31",
            "valid_until = \"2027-12-31\"",
            "profile: ",
        ),
        (
            "valid_until = 2027-12-31",
            "valid_until = 2026-12-31",
            "is before valid_from",
        ),
        ("lat = 46.1725", "lat = 146.1725", "crossing_point 1: "),
        (
            "basis = \"safeguards\"",
            "basis = \"trust\"",
            "adequacy, safeguards, derogation",
        ),
        ("format = 1", "format = 2", "format = 1"),
        ("[profile]", "[overlap]", "duplicate"),
    ] {
        let said = refused(from, to);
        assert!(said.iter().any(|one| one.contains(says)), "{to}: {said:?}");
        assert!(
            said.iter().all(|one| one.starts_with("hu-ro.toml: line ")),
            "{said:?}"
        );
    }
    assert!(told("").is_err());
    assert!(told("\0").is_err());
    assert!(told("format = 1\nlimit = 3\n").is_err());
    assert!(told("format = 1\nT5 = 3\n").is_err());
}

#[test]
fn what_is_kept_is_read_again_as_it_was() {
    let signature = KeptSignature {
        state: "HU".to_owned(),
        key: "00".to_owned(),
        signature: "11".to_owned(),
    };
    let kept = KeptProfile::new("hu-ro.toml".to_owned(), whole(), vec![signature]);
    let text = kept.to_text().expect("texts");
    assert_eq!(KeptProfile::parse(&text).expect("read"), kept);
    let newer = text.replacen("\"format\":1", "\"format\":9", 1);
    assert!(KeptProfile::parse(&newer).is_err());
}
