use super::{drive, recorded};
use crate::cli::replay::load::Recording;
use crate::cli::replay::offline::{Summary, Units, replay};
use crate::domain::registry::UnitKind;
use crate::wire::event::{EventBody, EventWire};
use std::path::Path;

fn run(recording: &Recording, operation: Option<&Path>) -> (Vec<EventWire>, Summary) {
    let units = Units {
        state: None,
        kind: UnitKind::Vehicle,
        operation,
        crossing_points: None,
    };
    run_of(recording, &units)
}

fn run_of(recording: &Recording, units: &Units<'_>) -> (Vec<EventWire>, Summary) {
    let mut out = Vec::new();
    let summary = replay(None, recording, units, &mut out).unwrap();
    let lines = String::from_utf8(out).unwrap();
    let events = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (events, summary)
}

#[test]
fn a_drive_into_romania_tells_its_one_crossing_line_by_line() {
    let (events, summary) = run(&drive(900), None);
    let numbers: Vec<u64> = events.iter().map(|event| event.seq).collect();
    let wanted: Vec<u64> = (1..=events.len() as u64).collect();
    assert_eq!(numbers, wanted);
    let confirmed: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.body {
            EventBody::CrossingConfirmed(crossing) => {
                Some((crossing.from.as_str(), crossing.to.as_str()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(confirmed, [("HU", "RO")]);
    assert!(matches!(events[0].body, EventBody::Located { .. }));
    assert!(events.iter().all(|event| event.at <= event.recorded_at));
    // Abroad without an operation: the law is asked all the same.
    assert!(
        events
            .iter()
            .any(|event| matches!(event.body, EventBody::Assessed { .. }))
    );
    let text = summary.to_string();
    assert!(
        text.starts_with(
            "900 fixes: 900 admitted, 0 duplicate, 0 quarantined\n1 confirmed crossings"
        ),
        "{text}"
    );
    assert!(text.contains(" HU-1 HU to RO"), "{text}");
}

#[test]
fn what_is_repeated_or_impossible_is_counted_by_reason() {
    let mut recording = drive(100);
    let repeated = recording.fixes[99].clone();
    recording.fixes.push(repeated);
    recording.fixes.push(recorded(100, 96.0, 20.0));
    recording.fixes.push(recorded(101, 0.0, 0.0));
    let (_, summary) = run(&recording, None);
    assert_eq!((summary.accepted, summary.duplicate), (100, 1));
    let reasons: Vec<_> = summary.quarantined.into_iter().collect();
    assert_eq!(reasons, [("null_island", 1), ("out_of_range", 1)]);
}

#[test]
fn silence_speaks_between_fixes_and_not_after_the_last() {
    let mut recording = drive(60);
    recording.fixes.push(recorded(3_600, 46.17, 20.62));
    let (events, _) = run(&recording, None);
    let silent = events
        .iter()
        .position(|event| matches!(event.body, EventBody::Silent(_)))
        .expect("an hour without a fix");
    assert!(
        events[silent..]
            .iter()
            .any(|event| matches!(event.body, EventBody::Back { .. }))
    );
    let (events, _) = run(&drive(60), None);
    assert!(
        !events
            .iter()
            .any(|event| matches!(event.body, EventBody::Silent(_)))
    );
}

#[test]
fn an_operation_owes_its_notice_at_the_crossing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("operation.json");
    let told = r#"{"basis":"40(2)","purpose":"criminal_investigation","offence":"murder","person_category":"suspect",
        "requesting_state":"HU","host_states":["RO"]}"#;
    std::fs::write(&path, told).unwrap();
    let (events, _) = run(&drive(900), Some(&path));
    let owed = events
        .iter()
        .any(|event| matches!(&event.body, EventBody::NoticeOwed { to, .. } if to == "replay-RO"));
    assert!(owed, "{events:?}");
}

#[test]
fn a_start_in_no_state_asks_for_the_state() {
    let recording = Recording {
        fixes: vec![recorded(0, 10.0, -30.0)],
    };
    let units = Units {
        state: None,
        kind: UnitKind::Boat,
        operation: None,
        crossing_points: None,
    };
    let error = replay(None, &recording, &units, Vec::new()).unwrap_err();
    assert!(error.to_string().contains("--state"), "{error}");
}

fn with_points(path: &Path) -> Units<'_> {
    Units {
        state: None,
        kind: UnitKind::Vehicle,
        operation: None,
        crossing_points: Some(path),
    }
}

/// A crossing point near the road of [`drive`].
const POINTS: &str = r#"
format = 1
[[crossing_points]]
name = "COP-1"
frontier = "HU-RO"
lat = 46.17
lon = 20.71
source = "agreed by both rooms, 2027-01-12"
"#;

#[test]
fn an_approach_names_the_crossing_points_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("points.toml");
    let units = with_points(&path);
    std::fs::write(&path, POINTS).unwrap();
    let (events, summary) = run_of(&drive(900), &units);
    let named = |events: &[EventWire]| {
        let mut names: Vec<String> = events
            .iter()
            .filter_map(|event| match &event.body {
                EventBody::Approaching(approach) => Some(&approach.crossings),
                _ => None,
            })
            .flatten()
            .map(|crossing| crossing.name.clone())
            .collect();
        names.dedup();
        names
    };
    assert_eq!(named(&events), ["COP-1"]);
    assert!(
        summary
            .to_string()
            .contains("\n1 crossing points by name\n"),
        "{summary}"
    );
    // Without the file no name is made up, and the crossing is the same.
    let (without, bare) = run(&drive(900), None);
    assert!(named(&without).is_empty());
    assert_eq!(bare.crossings, summary.crossings);
    assert!(!bare.to_string().contains("crossing points"), "{bare}");
}

#[test]
fn a_file_of_crossing_points_that_does_not_fit_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("points.toml");
    let units = with_points(&path);
    let refused = || {
        let error = replay(None, &drive(2), &units, Vec::new()).unwrap_err();
        let said = format!("{error:#}");
        assert!(said.contains("points.toml"), "{said}");
        said
    };
    assert!(refused().contains("cannot be read"));
    std::fs::write(&path, POINTS.replace("20.71", "22.71")).unwrap();
    assert!(refused().contains("COP-1"));
    std::fs::write(&path, "format = 2").unwrap();
    assert!(refused().contains("format = 2"));
}
