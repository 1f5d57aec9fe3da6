use super::*;
use crate::domain::measure::Timestamp;

/// What Traccar Client 9 posts.
const TRACCAR: &str = r#"{"location":{"timestamp":"2027-03-16T11:00:00.000Z","coords":{"latitude":46.2,"longitude":20.4,
    "accuracy":6.5,"speed":12.5,"heading":88.0,"altitude":101.0,"ellipsoidal_altitude":143.5},"is_moving":true,
    "odometer":1520.3,"event":"motionchange","battery":{"level":0.85,"is_charging":false},
    "activity":{"type":"in_vehicle"},"extras":{},"_":"&id=48241179&lat=1&lon=2&"},"device_id":"48241179"}"#;
/// What Traccar Client before 9 sends.
const QUERY: &str = "id=48241179&timestamp=1805194800&lat=46.2&lon=20.4&speed=10&bearing=88.5&altitude=101.0&accuracy=6.5&batt=85.0";
/// What `OwnTracks` on a phone posts.
const OWNTRACKS: &str = r#"{"_type":"location","acc":12,"alt":97,"batt":85,"bs":1,"cog":88,"conn":"m","created_at":1805194802,
    "lat":46.2,"lon":20.4,"m":2,"t":"u","tid":"KP","topic":"owntracks/kovacs/pixel","tst":1805194800,"vac":3,"vel":90}"#;

fn at() -> Timestamp {
    Timestamp::parse("2027-03-16T11:00:00Z").unwrap()
}

fn only(report: Report) -> PhoneFix {
    assert_eq!(report.passed_over, []);
    let [fix] = <[PhoneFix; 1]>::try_from(report.fixes).unwrap();
    assert_eq!((fix.fixed_at, fix.lat, fix.lon), (at(), 46.2, 20.4));
    fix
}

fn close(value: Option<f64>, wanted: f64) -> bool {
    value.is_some_and(|value| (value - wanted).abs() < 1e-9)
}

/// The key that is named, and what is said.
fn fault(read: Result<Report, PhoneError>) -> (String, String) {
    let error = read.unwrap_err();
    let said = error.to_string();
    match error {
        PhoneError::Malformed { key, .. } => (key.unwrap_or_default().into_owned(), said),
        PhoneError::Encrypted(_) | PhoneError::TooMany { .. } => (String::new(), said),
    }
}

#[test]
fn a_query_is_in_knots_and_per_cent() {
    let fix = only(osmand::parse_query(QUERY.as_bytes()).unwrap());
    assert_eq!(fix.device.unwrap().as_str(), "48241179");
    let measured = fix.measured;
    assert_eq!(measured.accuracy_m, Some(6.5));
    // 10 knots are 18.52 km/h.
    assert!(close(measured.speed_mps, 18.52 / 3.6), "{measured:?}");
    assert_eq!(measured.course_deg, Some(88.5));
    assert_eq!(measured.altitude_m, None);
    assert_eq!(measured.battery_pct, Some(85.0));
}

#[test]
fn traccar_client_9_is_in_metres_a_second_and_parts_of_one() {
    let fix = only(osmand::parse_json(TRACCAR.as_bytes()).unwrap());
    assert_eq!(fix.device.unwrap().as_str(), "48241179");
    let measured = fix.measured;
    assert_eq!(measured.accuracy_m, Some(6.5));
    assert_eq!(measured.speed_mps, Some(12.5));
    assert_eq!(measured.course_deg, Some(88.0));
    assert_eq!(measured.altitude_m, Some(143.5));
    assert!(close(measured.battery_pct, 85.0), "{measured:?}");
}

#[test]
fn owntracks_is_in_kilometres_an_hour_and_seconds() {
    let fix = only(owntracks::parse(OWNTRACKS.as_bytes()).unwrap());
    assert_eq!(fix.device.unwrap().as_str(), "kovacs/pixel");
    let measured = fix.measured;
    assert_eq!(measured.accuracy_m, Some(12.0));
    assert!(close(measured.speed_mps, 25.0), "{measured:?}");
    assert_eq!(measured.course_deg, Some(88.0));
    assert_eq!(measured.altitude_m, None);
    assert_eq!(measured.battery_pct, Some(85.0));
}

#[test]
fn a_time_is_seconds_milliseconds_or_a_text_with_a_zone() {
    let at_of = |time: &str| {
        let query = QUERY.replace("1805194800", time);
        osmand::parse_query(query.as_bytes()).map(|report| report.fixes[0].fixed_at)
    };
    for same in [
        "1805194800",
        "1805194800.0",
        "1805194800000",
        "2027-03-16T11:00:00Z",
        "2027-03-16T11:00:00.000Z",
        "2027-03-16T12:00:00%2B01:00",
    ] {
        assert_eq!(at_of(same).unwrap(), at(), "{same}");
    }
    assert_eq!(
        at_of("1805194800.123").unwrap().as_millis(),
        at().as_millis() + 123
    );
    for wrong in ["2027-03-16 11:00:00", "-5", "yesterday", "NaN", "1e300"] {
        let query = QUERY.replace("1805194800", wrong);
        assert_eq!(
            fault(osmand::parse_query(query.as_bytes())).0,
            "timestamp",
            "{wrong}"
        );
    }
}

#[test]
fn the_apps_words_for_unknown_are_unknown_and_what_is_wrong_is_left_to_the_gate() {
    let query = QUERY
        .replace("accuracy=6.5", "accuracy=0.0")
        .replace("speed=10", "speed=-1")
        .replace("88.5", "-1")
        .replace("batt=85.0", "batt=-1");
    let fix = only(osmand::parse_query(query.as_bytes()).unwrap());
    assert_eq!(fix.measured, Measured::default());
    let json = TRACCAR
        .replace("6.5", "-1")
        .replace("12.5", "-1")
        .replace("88.0", "-1")
        .replace("0.85", "-1");
    let measured = only(osmand::parse_json(json.as_bytes()).unwrap()).measured;
    assert_eq!(measured.accuracy_m, Some(-1.0));
    assert_eq!((measured.speed_mps, measured.course_deg), (None, None));
    assert_eq!(measured.battery_pct, None);
    let track = OWNTRACKS.replace(r#""vel":90"#, r#""vel":-4"#);
    let measured = only(owntracks::parse(track.as_bytes()).unwrap()).measured;
    assert_eq!(measured.speed_mps, None);
}

#[test]
fn a_position_may_stand_in_one_pair_and_a_device_under_two_names() {
    let query = "deviceid=a%2Fb+c&timestamp=1805194800&location=46.2,%2020.4&heading=1&hdop=0.8&x=y&valid=true";
    let fix = only(osmand::parse_query(query.as_bytes()).unwrap());
    assert_eq!(fix.device.unwrap().as_str(), "a/b c");
    assert_eq!(fix.measured.accuracy_m, None);
    assert_eq!(fix.measured.course_deg, Some(1.0));
    let number = TRACCAR.replace(r#""48241179"}"#, "48241179}");
    let fix = only(osmand::parse_json(number.as_bytes()).unwrap());
    assert_eq!(fix.device.unwrap().as_str(), "48241179");
}

#[test]
fn several_positions_come_in_one_body_and_keep_their_place() {
    let position = |lat: &str| {
        format!(r#"{{"timestamp":1805194800000,"coords":{{"latitude":{lat},"longitude":20.4}}}}"#)
    };
    let mocked = position("46.9").replace("{\"time", "{\"mock\":true,\"time");
    let body = format!(
        r#"{{"device_id":"a","location":[{},{mocked},{}]}}"#,
        position("46.1"),
        position("46.3")
    );
    let report = osmand::parse_json(body.as_bytes()).unwrap();
    let seen: Vec<_> = report
        .fixes
        .iter()
        .map(|fix| (fix.index, fix.lat))
        .collect();
    assert_eq!(seen, [(0, 46.1), (2, 46.3)]);
    assert_eq!(report.passed_over, [PassedOver::Mocked]);
    let messages = format!("[{OWNTRACKS},{}]", OWNTRACKS.replace("46.2", "46.5"));
    assert_eq!(
        owntracks::parse(messages.as_bytes()).unwrap().fixes.len(),
        2
    );
}

#[test]
fn what_says_nothing_new_of_the_place_is_passed_over() {
    let owntracks = |text: String| owntracks::parse(text.as_bytes()).unwrap();
    for (kind, wanted) in [
        ("transition", PassedOver::Transition),
        ("waypoint", PassedOver::Waypoint),
        ("waypoints", PassedOver::Waypoint),
        ("lwt", PassedOver::LastWill),
        ("card", PassedOver::Other),
    ] {
        let report = owntracks(OWNTRACKS.replace(r#""location""#, &format!(r#""{kind}""#)));
        assert_eq!(
            (report.fixes.len(), report.passed_over),
            (0, vec![wanted]),
            "{kind}"
        );
    }
    for trigger in ["p", "l", "L"] {
        let report = owntracks(OWNTRACKS.replace(r#""t":"u""#, &format!(r#""t":"{trigger}""#)));
        assert_eq!(report.passed_over, [PassedOver::LastKnown], "{trigger}");
    }
    let empty = r#"{"_type":"lwt","tst":1}"#.to_owned();
    assert_eq!(owntracks(empty).passed_over, [PassedOver::LastWill]);
    assert_eq!(owntracks(String::new()), Report::default());
    let query = |more: &str| osmand::parse_query(format!("{QUERY}&{more}").as_bytes()).unwrap();
    assert_eq!(query("valid=false").passed_over, [PassedOver::Invalid]);
    assert_eq!(query("mock=true").passed_over, [PassedOver::Mocked]);
}

#[test]
fn what_is_encrypted_is_refused_with_a_clear_word_and_nothing_is_taken() {
    let secret = r#"{"_type":"encrypted","data":"e3VubnM="}"#;
    let (_, said) = fault(owntracks::parse(secret.as_bytes()));
    assert!(
        said.contains("is encrypted") && said.contains("TLS"),
        "{said}"
    );
    let error = owntracks::parse(format!("[{OWNTRACKS},{secret}]").as_bytes()).unwrap_err();
    assert_eq!(error, PhoneError::Encrypted(At::Index(1)));
    let problem = Problem::from(error);
    assert_eq!(problem.kind(), ProblemKind::UnsupportedMedia);
}

#[test]
fn a_fault_names_its_key_and_place() {
    let query = |text: &str| fault(osmand::parse_query(text.as_bytes())).0;
    assert_eq!(query(""), "timestamp");
    assert_eq!(query(&QUERY.replace("timestamp", "time")), "timestamp");
    assert_eq!(query(&QUERY.replace("lat=46.2", "lat=46,2")), "lat");
    assert_eq!(query(&QUERY.replace("lat=46.2", "lat=NaN")), "lat");
    assert_eq!(query(&QUERY.replace("lon=20.4", "lon=")), "lon");
    assert_eq!(query(&format!("{QUERY}&lat=47")), "lat");
    assert_eq!(query(&format!("{QUERY}&deviceid=other")), "id");
    assert_eq!(query(&format!("{QUERY}&location=46")), "location");
    assert_eq!(query(&format!("{QUERY}&valid=maybe")), "valid");
    assert_eq!(query(&QUERY.replace("48241179", "a%00b")), "id");

    let json = |from: &str, to: &str| {
        let body = TRACCAR.replace(from, to);
        assert_ne!(body, TRACCAR, "{from}");
        fault(osmand::parse_json(body.as_bytes())).0
    };
    assert_eq!(json("\"location\"", "\"place\""), "location");
    assert_eq!(json("\"coords\"", "\"place\""), "location.coords");
    assert_eq!(json("46.2", "\"46.2\""), "location.coords.latitude");
    assert_eq!(
        json("\"longitude\"", "\"lng\""),
        "location.coords.longitude"
    );
    assert_eq!(json("00.000Z", "00.000"), "location.timestamp");
    assert_eq!(json("\"timestamp\"", "\"time\""), "location.timestamp");
    assert_eq!(json("6.5", "[6.5]"), "location.coords.accuracy");
    assert_eq!(json("0.85", "\"full\""), "location.battery.level");
    assert_eq!(json("\"48241179\"}", "{}}"), "device_id");
    assert_eq!(
        json("\"accuracy\"", "\"latitude\":1,\"accuracy\""),
        "latitude"
    );

    let track = |from: &str, to: &str| {
        let body = OWNTRACKS.replace(from, to);
        assert_ne!(body, OWNTRACKS, "{from}");
        fault(owntracks::parse(body.as_bytes())).0
    };
    assert_eq!(track("\"_type\"", "\"type\""), "_type");
    assert_eq!(track("\"tst\"", "\"ts\""), "tst");
    assert_eq!(track("1805194800,", "\"1805194800\","), "tst");
    assert_eq!(track("46.2", "null"), "lat");
    assert_eq!(track("\"vel\":90", "\"vel\":\"90\""), "vel");
    assert_eq!(track("\"u\"", "7"), "t");
    let (_, said) = fault(owntracks::parse(format!("[{OWNTRACKS},{{}}]").as_bytes()));
    assert_eq!(said, "index 1: `_type` is missing");
}

#[test]
fn an_array_is_no_object_and_no_list_is_without_end() {
    // As a list, longitude would come first, as in GeoJSON.
    let list = TRACCAR.replace(
        r#""coords":{"latitude":46.2,"longitude":20.4,"#,
        r#""coords":[20.4,46.2],"x":{"#,
    );
    let (_, said) = fault(osmand::parse_json(list.as_bytes()));
    assert!(said.contains("expected an object"), "{said}");
    let (_, said) = fault(owntracks::parse(br#"[["location","a/b",null,1,2,3]]"#));
    assert!(said.contains("expected an object"), "{said}");
    let many = format!("[{}{{}}]", "{},".repeat(MESSAGES_MAX));
    let error = owntracks::parse(many.as_bytes()).unwrap_err();
    assert!(matches!(error, PhoneError::TooMany { .. }), "{error}");
    for wrong in ["1", "\"a\"", "{", "[", "{}{}", "\u{0}", "[{},1]"] {
        assert!(owntracks::parse(wrong.as_bytes()).is_err(), "{wrong}");
        assert!(osmand::parse_json(wrong.as_bytes()).is_err(), "{wrong}");
    }
    assert!(owntracks::parse(b"\xff").is_err());
}

#[test]
fn the_device_of_a_topic_is_its_last_two_parts() {
    let device = |topic: &str| {
        let body = OWNTRACKS.replace("owntracks/kovacs/pixel", topic);
        only(owntracks::parse(body.as_bytes()).unwrap()).device
    };
    assert_eq!(
        device("police/hu/kovacs/pixel").unwrap().as_str(),
        "kovacs/pixel"
    );
    assert_eq!(device("kovacs/pixel").unwrap().as_str(), "kovacs/pixel");
    assert_eq!(device("pixel").unwrap().as_str(), "pixel");
    assert_eq!(device(""), None);
    assert_eq!(device(r"kovacs/a\u202eb"), None);
    assert_eq!(
        owntracks::device_of("kovacs", "pixel").unwrap().as_str(),
        "kovacs/pixel"
    );
    assert_eq!(owntracks::device_of("kovacs", " "), None);
}
