use super::form::relative;
use super::*;

const WELL: &str = include_str!("../../../border-data/exercises/nagylak-27.toml");

/// The built-in scenario with one text in place of another.
fn with(old: &str, new: &str) -> String {
    assert!(WELL.contains(old), "the scenario has `{old}`");
    WELL.replacen(old, new, 1)
}

#[test]
fn the_built_in_scenario_is_read_whole() {
    let scenario = parse(WELL).unwrap();
    assert_eq!(scenario.rooms.len(), 2);
    assert_eq!(scenario.accounts.len(), 6);
    assert_eq!(scenario.units.len(), 13);
    assert_eq!(scenario.marks["line"], Span::from_secs(58 * 60 + 25));
    let document = scenario.operation.authorisation.unwrap();
    assert_eq!(document.from, Span::from_secs(-(3 * 3_600 + 32 * 60 + 40)));
    assert!(document.number.starts_with("EXERCISE"));
    assert!(document.conditions.starts_with("EXERCISE"));
}

/// What is wrong with the second text in place of the first is told with the third.
fn assert_told(cases: &[(&str, &str, &str)]) {
    for (old, new, told) in cases {
        let error = parse(&with(old, new)).expect_err(new).to_string();
        assert!(error.contains(told), "`{new}` is told as: {error}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_line_or_its_key() {
    let cases = [
        ("format = 1", "format = 2", "format = 2"),
        ("exercise = true", "exercise = false", "meta.exercise"),
        ("seed = 27", "seed = 27\nspeed = 9", "unknown field `speed`"),
        (
            "length = \"+01:19:20\"",
            "length = \"01:19:20\"",
            "no time of a lap",
        ),
        (
            "length = \"+01:19:20\"",
            "length = \"+36:61\"",
            "no time of a lap",
        ),
        (
            "sign_off = \"+01:18:40\"",
            "sign_off = \"+01:20:00\"",
            "lap.sign_off",
        ),
        ("line = \"+58:25\"", "line = \"+98:25\"", "marks.line"),
        ("state = \"RO\"", "state = \"Romania\"", "ISO 3166-1"),
        ("role = \"operator\"", "role = \"boss\"", "one of operator"),
        (
            "room = \"budapest\"\nrole",
            "room = \"vienna\"\nrole",
            "accounts[1].room",
        ),
        ("kind = \"vehicle\"", "kind = \"tank\"", "one of vehicle"),
        ("id = \"HU-2\"", "id = \"HU-1\"", "units[2].id"),
        ("every_s = 1\n", "every_s = 0\n", "units[1].every_s"),
        ("accuracy_m = 4.5", "accuracy_m = 0", "units[1].accuracy_m"),
        ("to = \"+59:40\"", "to = \"+58:00\"", "units[2].gaps"),
        (
            "km = -96.35 }",
            "km = -199.0 }",
            "units[1].legs: leg 1 is at km -199",
        ),
        (
            "\"+12:12\", km = -74.9",
            "\"+00:00\", km = -74.9",
            "leg 2 is not later",
        ),
        ("km = -96.35 }", "lat = 46.0 }", "units[1].legs[1]"),
        ("course = \"road\"", "course = \"rail\"", "no course `rail`"),
        ("km_0_at_point = 40", "km_0_at_point = 99", "courses.road"),
        (
            "[46.2120, 20.5010]",
            "[146.2120, 20.5010]",
            "courses.road.points[23]",
        ),
        ("basis = \"40(1)\"", "basis = \"41\"", "one of 40(1)"),
        (
            "host_rooms = [\"arad\"]",
            "host_rooms = [\"vienna\"]",
            "operation.host_rooms",
        ),
        ("units = [\"HU-1\"", "units = [\"RO-1\"", "operation.units"),
        (
            "to = \"+09:27:20\"",
            "to = \"-09:27:20\"",
            "operation.authorisation",
        ),
        (
            "order = \"open\"",
            "order = \"opne\"",
            "unknown variant `opne`",
        ),
        (
            "by = \"budapest\"\norder = \"open\"",
            "order = \"open\"",
            "script[1].order",
        ),
        ("duty = \"notice_of_crossing\"", "", "script[14].duty"),
        (
            "reason = \"End of the exercise lap\"",
            "",
            "script[29].reason",
        ),
        (
            "unit = \"HU-1\"\nact",
            "unit = \"HU-9\"\nact",
            "script[2].unit",
        ),
        ("lat = 46.17250", "lat = 146.17250", "truth[1]"),
        ("lat = 46.2205", "lat = 146.2205", "crossing_points[2]"),
        (
            "frontier = \"HU-RO\"",
            "frontier = \"HU\"",
            "crossing_points[1]",
        ),
    ];
    assert_told(&cases);
}

#[test]
fn what_is_wrong_in_what_is_said_is_named_too() {
    let cases = [
        ("at = \"+33:55\"", "at = \"+33:00\"", "script[5].at"),
        ("code = \"PRO\"", "code = \"PRP\"", "`PRP` is no code"),
        ("code = \"PRO\"", "code = \"AUT\"", "script[4].code"),
        ("code = \"PRO\"", "", "script[4].code"),
        (
            "code = \"PRO\"",
            "code = \"HOP\"",
            "script[4].terms: does not go with HOP",
        ),
        (
            "code = \"PRO\"",
            "code = \"PRO\"\nwho = \"X\"",
            "script[4].who: does not go with PRO",
        ),
        (
            "crossing_point = \"COP-2 Csanádpalota–Nădlac II\"",
            "",
            "script[4].terms",
        ),
        (
            "crossing_point = \"COP-2 Csanádpalota–Nădlac II\"",
            "crossing_point = \"COP-3\"",
            "no crossing point `COP-3`",
        ),
        ("expected_within = \"+05:00\"", "", "script[4].terms"),
        (
            "transfer_at_m = 2000",
            "transfer_at_km = 2",
            "unknown field `transfer_at_km`",
        ),
        (
            "takes_eyes = \"RO-1\"",
            "takes_eyes = \"RO-9\"",
            "names RO-9",
        ),
        (
            "lasts = \"+02:25\"",
            "lasts = \"-02:25\"",
            "script[5].lasts",
        ),
        ("who = \"Sgt Pop\"", "who = \" \"", "script[5].who"),
        ("eyes = \"takes\"", "eyes = \"sees\"", "one of has, lost"),
        ("eyes = \"takes\"", "", "script[10].eyes"),
        (
            "order = \"open\"",
            "order = \"open\"\ncode = \"PRO\"",
            "script[1].code: goes with `order = \"say\"` alone",
        ),
    ];
    assert_told(&cases);
}

#[test]
fn a_wrong_word_is_told_with_its_line() {
    let error = parse(&with("kind = \"vehicle\"", "kind = \"tank\"")).unwrap_err();
    let line = WELL
        .lines()
        .position(|line| line == "kind = \"vehicle\"")
        .unwrap()
        + 1;
    assert!(
        error.to_string().contains(&format!("line {line}")),
        "{error}"
    );
}

#[test]
fn relative_times_are_read_to_the_millisecond() {
    let cases = [
        ("+00:00", Some(0)),
        ("+17:20", Some(1_040_000)),
        ("+01:02:03.5", Some(3_723_500)),
        ("-04:16:00", Some(-15_360_000)),
        ("+90:00", Some(5_400_000)),
        ("17:20", None),
        ("+17", None),
        ("+17:60", None),
        ("+1:60:00", None),
        ("+1:2:3:4", None),
        ("+17:-1", None),
        ("+17:1e1", None),
        ("", None),
        ("ä", None),
    ];
    for (text, millis) in cases {
        assert_eq!(relative(text), millis.map(Span::from_millis), "{text}");
    }
}
