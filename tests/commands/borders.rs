//! `limes locate` and `limes borders`, from the outside.

use std::io::Write;
use std::process::{Command, Output, Stdio};

const HEADER: &str = "state,certainty,frontier,distance_m";

fn limes(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_limes"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("limes starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A command that fails early does not read to the end.
    let _ = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output().expect("limes ends")
}

fn lines(output: &Output) -> Vec<String> {
    let text = String::from_utf8(output.stdout.clone()).expect("text");
    text.lines().map(str::to_owned).collect()
}

fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

#[test]
fn each_line_is_answered_in_order_with_or_without_a_header() {
    let plain = "46.1660,20.7500\n49.4720,6.3684,5\n53.36,6.94\n64.14,-21.9,\n60.0,-20.0\n";
    let answers = limes(&["locate"], plain.as_bytes());
    assert_eq!(answers.status.code(), Some(0));
    let rows = lines(&answers);
    assert_eq!(rows[0], HEADER);
    assert!(rows[1].starts_with("RO,inside,HU-RO,263"), "{}", rows[1]);
    assert!(rows[2].starts_with("DE|LU,inside,DE-LU,"), "{}", rows[2]);
    assert!(rows[3].starts_with("DE|NL,disputed,DE-NL,"), "{}", rows[3]);
    assert_eq!(rows[4..], ["IS,inside,-,-", "-,outside,-,-"]);
    let titled = "name,lon,lat\n\"Nadlac, east\",20.7500,46.1660\n";
    let titled = limes(&["locate"], titled.as_bytes());
    assert_eq!(lines(&titled), rows[..2]);
    let objects = "{\"lat\":46.1660,\"lon\":20.7500,\"unit\":\"HU-1\"}\n";
    let objects = limes(&["locate"], objects.as_bytes());
    assert_eq!(lines(&objects), rows[..2]);
    let one = limes(&["locate", "46.1660", "20.7500"], b"");
    assert_eq!(lines(&one), rows[..2]);
    let json = limes(&["locate", "64.14", "-21.9", "--format", "ndjson"], b"");
    assert_eq!(
        lines(&json),
        [r#"{"state":"IS","certainty":"inside","frontier":null,"distance_m":null}"#]
    );
}

#[test]
fn a_bad_line_ends_with_code_1_and_its_number() {
    let cases = [
        ("lat,lon\n46.1,20.7\n91,20\n", "line 3"),
        ("46.1,20.7\n\n46.1,20.7\n", "line 2"),
    ];
    for (input, named) in cases {
        let output = limes(&["locate"], input.as_bytes());
        assert_eq!(output.status.code(), Some(1), "{input}");
        let complaint = complaint(&output);
        assert!(complaint.contains(named), "{input}: {complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
}

#[test]
fn wrong_usage_ends_with_code_2() {
    for arguments in [
        &["locate", "46.1"][..],
        &["locate", "x", "y"],
        &["borders"],
        &["lokate"],
    ] {
        assert_eq!(
            limes(arguments, b"").status.code(),
            Some(2),
            "{arguments:?}"
        );
    }
}

#[test]
fn the_built_in_border_data_is_sound_and_says_where_it_comes_from() {
    let check = limes(&["borders", "check"], b"");
    assert_eq!(check.status.code(), Some(0), "{}", complaint(&check));
    assert_eq!(
        lines(&check).last().map(String::as_str),
        Some("the border data is sound")
    );
    let info = lines(&limes(&["borders", "info"], b"")).join("\n");
    for said in [
        "osm-2026e+",
        "ODbL",
        "OpenStreetMap contributors",
        "53: AD AL",
        "DE|LU",
    ] {
        assert!(info.contains(said), "{said}");
    }
}

#[test]
fn a_folder_without_border_data_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("text");
    let output = limes(&["--border-data", path, "locate", "46.1", "20.7"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("MANIFEST.toml"));
}
