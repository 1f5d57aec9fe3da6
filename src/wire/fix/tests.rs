use super::time::TimeFault;
use super::*;
use proptest::prelude::*;

const LINE: &str = r#"{"unit":"HU-1","fixed_at":"2027-03-16T11:33:17.250Z","lat":46.2,"lon":20.4}"#;

fn phone() -> SourceId {
    SourceId::parse("token-7").unwrap()
}

fn json(body: &str) -> Result<Vec<ReportedFix>, FixesError> {
    parse_fixes(body.as_bytes(), Format::Json, &phone(), 10_000)
}

fn ndjson(body: &str) -> Result<Vec<ReportedFix>, FixesError> {
    parse_fixes(body.as_bytes(), Format::Ndjson, &phone(), 10_000)
}

fn fault(result: Result<Vec<ReportedFix>, FixesError>) -> ParseError {
    match result {
        Err(FixesError::Malformed(error)) => error,
        other => panic!("expected a fault, got {other:?}"),
    }
}

/// One object with `key` set to `value` as raw JSON.
fn with(key: &str, value: &str) -> String {
    let mut keys: Vec<(&str, &str)> = vec![
        ("unit", r#""HU-1""#),
        ("fixed_at", "1805196797250"),
        ("lat", "46.2"),
        ("lon", "20.4"),
    ];
    keys.retain(|(known, _)| *known != key);
    keys.push((key, value));
    let body: Vec<String> = keys
        .iter()
        .map(|(key, value)| format!(r#""{key}":{value}"#))
        .collect();
    format!("{{{}}}", body.join(","))
}

#[test]
fn one_object_an_array_and_lines_hold_the_same_fix() {
    let one = json(LINE).unwrap();
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].unit.as_str(), "HU-1");
    assert_eq!(one[0].source, phone());
    assert_eq!(one[0].fixed_at.to_string(), "2027-03-16T11:33:17.250Z");
    assert_eq!((one[0].lat, one[0].lon), (46.2, 20.4));
    assert_eq!(one[0].measured, Measured::default());
    assert_eq!(json(&format!("[{LINE}]")).unwrap(), one);
    assert_eq!(ndjson(LINE).unwrap(), one);
}

#[test]
fn all_optional_keys_are_read() {
    let fix = &json(
        r#"{"unit":"u","fixed_at":1805196797250,"lat":1,"lon":-2,"accuracy_m":4.5,"speed_mps":31.25,
            "course_deg":359.9,"altitude_m":-12,"battery_pct":88,"source":"radio"}"#,
    )
    .unwrap()[0];
    assert_eq!(fix.source.as_str(), "radio");
    assert_eq!(fix.fixed_at, Timestamp::from_millis(1_805_196_797_250));
    assert_eq!((fix.lat, fix.lon), (1.0, -2.0));
    let all = Measured {
        accuracy_m: Some(4.5),
        speed_mps: Some(31.25),
        course_deg: Some(359.9),
        altitude_m: Some(-12.0),
        battery_pct: Some(88.0),
    };
    assert_eq!(fix.measured, all);
}

#[test]
fn null_is_absent_and_unknown_keys_are_ignored() {
    let body = r#"{"unit":"u","fixed_at":1805196797250,"lat":1,"lon":2,"speed_mps":null,"source":null,
        "vendor":{"deep":[1,{"lat":"x"}],"unit":5},"Lat":"no"}"#;
    let fix = &json(body).unwrap()[0];
    assert_eq!(fix.measured, Measured::default());
    assert_eq!(fix.source, phone());
    assert_eq!(fault(json(&with("lat", "null"))).key, Some(Key::Lat));
}

#[test]
fn empty_lists_hold_no_fix_and_an_empty_body_is_refused() {
    assert_eq!(json("[]").unwrap(), []);
    assert_eq!(ndjson("").unwrap(), []);
    assert_eq!(ndjson("\r\n\n  \n").unwrap(), []);
    assert_eq!(fault(json(" \n")).at, At::Body);
}

#[test]
fn mark_crlf_and_blank_lines_pass_and_lines_keep_their_number() {
    let body = format!("\u{feff}{LINE}\r\n\r\n  {LINE}  \r\n");
    assert_eq!(ndjson(&body).unwrap().len(), 2);
    let body = format!("{body}\n{{}}");
    assert_eq!(fault(ndjson(&body)).at, At::Line(5));
    assert_eq!(json(&format!("\u{feff}{LINE}")).unwrap().len(), 1);
}

/// Bodies of one object, the key that is wrong in each, and words of what is said of it.
fn faults() -> Vec<(String, Key, &'static str)> {
    vec![
        (with("lat", r#""46.2""#), Key::Lat, "a text, not a number"),
        (with("lon", "true"), Key::Lon, "true or false, not a number"),
        (with("lat", "[1]"), Key::Lat, "an array, not a number"),
        (with("lat", "{}"), Key::Lat, "an object, not a number"),
        (with("lat", "1e400"), Key::Lat, "number out of range"),
        (with("lat", "NaN"), Key::Lat, "not valid JSON"),
        (with("lon", "-Infinity"), Key::Lon, "not valid JSON"),
        (with("lon", "01"), Key::Lon, "not valid JSON"),
        (
            with("accuracy_m", r#""5""#),
            Key::Accuracy,
            "a text, not a number",
        ),
        (with("unit", "7"), Key::Unit, "a number, not a text"),
        (with("unit", r#""""#), Key::Unit, "1 to 64"),
        (with("unit", r#""HU 1""#), Key::Unit, "1 to 64"),
        (with("unit", r#""\u0000""#), Key::Unit, "1 to 64"),
        (with("source", r#""Ä""#), Key::Source, "1 to 64"),
        (with("fixed_at", "1805196797"), Key::FixedAt, "seconds?"),
        (with("fixed_at", "-5"), Key::FixedAt, "seconds?"),
        (with("fixed_at", "99999999999"), Key::FixedAt, "seconds?"),
        (
            with("fixed_at", "1805196797250000"),
            Key::FixedAt,
            "microseconds?",
        ),
        (
            with("fixed_at", "99999999999999999999999"),
            Key::FixedAt,
            "microseconds?",
        ),
        (
            with("fixed_at", "1805196797250.5"),
            Key::FixedAt,
            "RFC 3339",
        ),
        (with("fixed_at", "true"), Key::FixedAt, "RFC 3339"),
        (
            with("fixed_at", r#""2027-03-16T11:33:17""#),
            Key::FixedAt,
            "no zone",
        ),
        (
            with("fixed_at", r#""1805196797250""#),
            Key::FixedAt,
            "RFC 3339",
        ),
        (
            with("fixed_at", r#""2027-02-29T11:33:17Z""#),
            Key::FixedAt,
            "RFC 3339",
        ),
        (
            r#"{"unit":"u","fixed_at":1805196797250,"lat":1,"lat":1,"lon":2}"#.to_owned(),
            Key::Lat,
            "stands twice",
        ),
    ]
}

#[test]
fn a_fault_names_its_place_and_its_key() {
    for (body, key, words) in faults() {
        let alone = fault(json(&body));
        assert_eq!(
            (alone.at, alone.key),
            (At::Body, Some(key)),
            "{body}: {alone}"
        );
        assert!(alone.sentence.contains(words), "{body}: {alone}");
        assert!(alone.sentence.contains(key.as_str()), "{body}: {alone}");
        let second = fault(json(&format!("[{LINE},\n{body}]")));
        assert_eq!(
            (second.at, second.key),
            (At::Index(1), Some(key)),
            "{body}: {second}"
        );
        let third = fault(ndjson(&format!("{LINE}\n\n{body}\n")));
        assert_eq!(
            (third.at, third.key),
            (At::Line(3), Some(key)),
            "{body}: {third}"
        );
    }
}

#[test]
fn each_missing_key_is_named() {
    for key in [Key::Unit, Key::FixedAt, Key::Lat, Key::Lon] {
        let word = format!(r#""{}":"#, key.as_str());
        let renamed = with("x", "1").replace(&word, r#""y":"#);
        let error = fault(json(&renamed));
        assert_eq!(error.key, Some(key), "{renamed}");
        assert!(error.sentence.contains("is missing"), "{error}");
    }
}

#[test]
fn what_is_no_object_is_refused_where_it_stands() {
    assert_eq!(fault(json("5")).at, At::Body);
    assert_eq!(fault(json("null")).at, At::Body);
    assert_eq!(fault(json(&format!("[{LINE},[{LINE}]]"))).at, At::Index(1));
    assert_eq!(fault(json(&format!("[{LINE},null]"))).at, At::Index(1));
    assert_eq!(fault(ndjson(&format!("{LINE}\n[{LINE}]"))).at, At::Line(2));
    assert_eq!(fault(json(&format!("[{LINE}"))).at, At::Index(1));
    assert_eq!(fault(json(&format!("[{LINE},]"))).at, At::Index(1));
    assert_eq!(fault(json(&LINE[..40])).at, At::Body);
}

#[test]
fn several_objects_in_a_row_are_told_how_to_be_sent() {
    let error = fault(json(&format!("{LINE}\n{LINE}")));
    assert!(error.sentence.contains("application/x-ndjson"), "{error}");
    let error = fault(ndjson(&format!("{LINE}{LINE}")));
    assert_eq!(error.at, At::Line(1));
}

#[test]
fn broken_utf_8_is_refused_with_its_line() {
    let mut body = format!("{LINE}\n").into_bytes();
    body.extend(b"{\"unit\":\"\xff\"}");
    let error = fault(parse_fixes(&body, Format::Ndjson, &phone(), 10));
    assert_eq!(error.at, At::Line(2));
    assert!(error.sentence.contains("UTF-8"));
}

#[test]
fn deep_nesting_ends_without_exhausting_the_stack() {
    let deep = "[".repeat(200_000);
    assert!(json(&deep).is_err());
    assert!(json(&with("vendor", &deep)).is_err());
    assert!(json(&with("lat", &deep)).is_err());
    let closed = format!("{deep}{}", "]".repeat(200_000));
    assert_eq!(fault(json(&with("lat", &closed))).key, Some(Key::Lat));
    // What Limes ignores it need not understand, however deep.
    assert_eq!(json(&with("vendor", &closed)).unwrap().len(), 1);
}

#[test]
fn one_fix_too_many_is_told_apart_from_a_fault() {
    let list = |n: usize| format!("[{}]", vec![LINE; n].join(","));
    let limited = |body: &str| parse_fixes(body.as_bytes(), Format::Json, &phone(), 3);
    assert_eq!(limited(&list(3)).unwrap().len(), 3);
    assert_eq!(limited(&list(4)), Err(FixesError::TooMany { limit: 3 }));
    let lines = [LINE; 4].join("\n");
    let limited = parse_fixes(lines.as_bytes(), Format::Ndjson, &phone(), 3);
    assert_eq!(limited, Err(FixesError::TooMany { limit: 3 }));
}

#[test]
fn equal_units_of_one_body_are_one_allocation() {
    let fixes = json(&format!("[{LINE},{LINE}]")).unwrap();
    assert!(std::ptr::eq(fixes[0].unit.as_str(), fixes[1].unit.as_str()));
}

#[test]
fn escapes_in_names_and_keys_are_read() {
    let fix = &json(r#"{"\u0075nit":"H\u0055-1","fixed_at":1805196797250,"lat":-0.0,"lon":-0}"#)
        .unwrap()[0];
    assert_eq!(fix.unit.as_str(), "HU-1");
    assert!(fix.lat.is_sign_positive() && fix.lon.is_sign_positive());
}

#[test]
fn what_is_well_formed_is_never_refused_for_its_content() {
    for (key, value) in [
        ("lat", "91"),
        ("lat", "-1e308"),
        ("lon", "1e-400"),
        ("lon", "123456789012345678901234567890"),
        ("accuracy_m", "-1"),
        ("accuracy_m", "0"),
        ("speed_mps", "-3"),
        ("course_deg", "720"),
        ("battery_pct", "1000"),
        ("fixed_at", r#""1970-01-01T00:00:10+12:00""#),
        ("fixed_at", r#""9999-12-30T22:00:00Z""#),
        ("fixed_at", "100000000000"),
        ("fixed_at", "1805196797250.0"),
        ("fixed_at", "1.80519679725e12"),
    ] {
        assert_eq!(
            json(&with(key, value)).map(|fixes| fixes.len()),
            Ok(1),
            "{key} {value}"
        );
    }
}

#[test]
fn times_are_exactly_rfc_3339() {
    let ms = |text: &str| parse_time(text).map(Timestamp::as_millis);
    assert_eq!(ms("1970-01-01T00:00:00Z"), Ok(0));
    assert_eq!(ms("2000-02-29T23:59:59.9999Z"), Ok(951_868_799_999));
    assert_eq!(ms("2027-03-16t12:33:17.25+01:00"), Ok(1_805_196_797_250));
    assert_eq!(ms("2027-03-16 11:03:17.25-00:30"), Ok(1_805_196_797_250));
    assert_eq!(ms("2016-12-31T23:59:60Z"), ms("2016-12-31T23:59:59Z"));
    for bad in [
        "",
        "Z",
        "2027-03-16",
        "2027-03-16T11:33Z",
        "2027-03-16T11:33:17.Z",
        "2027-03-16T11:33:17,5Z",
        "2027-03-16T24:00:00Z",
        "2027-03-16T11:60:00Z",
        "2027-13-16T11:33:17Z",
        "2027-00-16T11:33:17Z",
        "2027-03-00T11:33:17Z",
        "2027-04-31T11:33:17Z",
        "1900-02-29T00:00:00Z",
        "+02027-03-16T11:33:17Z",
        "2027-03-16T11:33:17+1:00",
        "2027-03-16T11:33:17+24:00",
        "2027-03-16T11:33:17+01:60",
        "2027-03-16T11:33:17+0100",
        "2027-03-16T11:33:17ZZ",
        "2027-03-16T11:33:17 Z",
        "2027/03/16T11:33:17Z",
        "２027-03-16T11:33:17Z",
        "2027-03-16T11:33:17Z[Europe/Paris]",
        "2027-03-16T-1:33:17Z",
    ] {
        assert_eq!(parse_time(bad), Err(TimeFault::NotATime), "{bad}");
    }
    assert_eq!(parse_time("2027-03-16T11:33:17.5"), Err(TimeFault::NoZone));
    assert_eq!(parse_time("9999-12-31T00:00:00Z"), Err(TimeFault::TooLate));
    for early in [
        "0000-01-01T00:00:00+00:01",
        "0000-01-01T00:00:00Z",
        "1850-01-01T00:00:00Z",
    ] {
        assert_eq!(parse_time(early), Err(TimeFault::TooEarly), "{early}");
    }
}

fn any_fix() -> impl Strategy<Value = ReportedFix> {
    use proptest::num::f64::{NORMAL, SUBNORMAL, ZERO};
    let float = || NORMAL | SUBNORMAL | ZERO;
    let number = || proptest::option::of(float());
    let measured = (number(), number(), number(), number(), number());
    let name = "[A-Za-z0-9._-]{1,64}";
    (
        name,
        name,
        100_000_000_000..253_402_207_200_999_i64,
        float(),
        float(),
        measured,
    )
        .prop_map(|(unit, source, millis, lat, lon, measured)| ReportedFix {
            unit: UnitId::parse(&unit).unwrap(),
            source: SourceId::parse(&source).unwrap(),
            fixed_at: Timestamp::from_millis(millis),
            lat,
            lon,
            measured: Measured {
                accuracy_m: measured.0,
                speed_mps: measured.1,
                course_deg: measured.2,
                altitude_m: measured.3,
                battery_pct: measured.4,
            },
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_to_the_bit(fixes in proptest::collection::vec(any_fix(), 0..20)) {
        let bodies: Vec<FixBody<'_>> = fixes.iter().map(FixBody::from).collect();
        let array = serde_json::to_string(&bodies).unwrap();
        prop_assert_eq!(json(&array).unwrap(), fixes.clone());
        let lines: Vec<String> = bodies.iter().map(|body| serde_json::to_string(body).unwrap()).collect();
        prop_assert_eq!(ndjson(&lines.join("\n")).unwrap(), fixes);
    }

    #[test]
    fn every_time_taken_is_written_and_read_again(millis in -86_400_000..253_402_207_200_999_i64) {
        let at = Timestamp::from_millis(millis);
        prop_assert_eq!(parse_time(&at.to_string()), Ok(at));
        prop_assert_eq!(Timestamp::parse(&at.to_string()), Ok(at));
    }

    #[test]
    fn times_agree_with_the_calendar_library(
        millis in 0..253_402_207_200_999_i64, digits in 0..10_usize, minutes in -1_439..1_440_i32,
    ) {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::Offset::from_seconds(minutes * 60).unwrap());
        let at = jiff::Timestamp::from_millisecond(millis).unwrap().to_zoned(zone);
        prop_assume!((0..=9999).contains(&at.year()));
        let text = if digits == 0 {
            at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        } else {
            at.strftime(&format!("%Y-%m-%dT%H:%M:%S.%{digits}f%:z")).to_string()
        };
        prop_assert_eq!(parse_time(&text).ok(), Timestamp::parse(&text).ok(), "{}", text);
    }

    #[test]
    fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        for format in [Format::Json, Format::Ndjson] {
            let _ = parse_fixes(&body, format, &phone(), 5);
        }
    }

    #[test]
    fn no_damage_to_a_good_body_makes_it_panic(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let whole = format!("[{LINE},{LINE},{}]", with("vendor", r#"{"a":[1,2,{"b":null}],"c":"\u00e9"}"#));
        let mut body = whole.into_bytes();
        for (index, byte) in damage {
            let index = index.index(body.len());
            body[index] = byte;
        }
        body.truncate(1 + cut.index(body.len()));
        for format in [Format::Json, Format::Ndjson] {
            let _ = parse_fixes(&body, format, &phone(), 5);
        }
    }

    #[test]
    fn no_text_makes_the_time_panic(text in "\\PC{0,40}") {
        let _ = parse_time(&text);
    }
}
