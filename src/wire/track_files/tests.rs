use super::*;
use crate::domain::ids::UnitId;
use proptest::prelude::*;

fn times(fixes: &[PostedFix]) -> Vec<String> {
    fixes.iter().map(|fix| fix.fixed_at.to_string()).collect()
}

const CSV: &str = "\u{feff}fixed_at, lat,lon,comment,speed_mps,unit\r\n\
    2027-03-16T11:00:00Z,46.2,20.4,start,,HU-1\r\n\
    \r\n\
    1805194801000,46.3,20.5,\"a, b\",12.5,\r\n";

const GPX: &str = r#"<?xml version="1.0"?>
<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="1" lon="1"><time>2027-03-16T10:00:00Z</time></wpt>
<rte><rtept lat="2" lon="2"/></rte>
<trk><trkseg>
<trkpt lat="46.2" lon="20.4"><ele>80</ele><time>2027-03-16T11:00:00Z</time></trkpt>
<trkpt lat="46.3" lon="20.5"><ele>80</ele><time>2027-03-16T12:00:01.5+01:00</time><geoidheight>44.5</geoidheight></trkpt>
</trkseg><trkseg>
<trkpt lat="46.4" lon="20.6"><time>2027-03-16T10:59:00Z</time></trkpt>
</trkseg></trk></gpx>"#;

const LINE: &str = r#"{"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"time":"2027-03-16T09:00:00Z"},"geometry":{"type":"Point","coordinates":[1,1]}},
    {"type":"Feature","properties":{"unit":"HU-1","coordTimes":["2027-03-16T11:00:00Z",1805194801000]},
     "geometry":{"type":"LineString","coordinates":[[20.4,46.2,120.5],[20.5,46.3]]}}]}"#;

const POINTS: &str = r#"{"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"time":"2027-03-16T11:00:00Z","accuracy_m":5,"name":"x"},
     "geometry":{"type":"Point","coordinates":[20.4,46.2]}}]}"#;

#[test]
fn csv_takes_its_columns_by_name_in_any_order() {
    let fixes = read(CSV.as_bytes(), TrackFormat::Csv).unwrap();
    assert_eq!(
        times(&fixes),
        ["2027-03-16T11:00:00.000Z", "2027-03-16T11:00:01.000Z"]
    );
    assert_eq!(fixes[0].unit.as_ref().map(UnitId::as_str), Some("HU-1"));
    assert_eq!(fixes[1].unit, None);
    assert_eq!((fixes[1].lat, fixes[1].lon), (46.3, 20.5));
    assert_eq!(fixes[0].measured.speed_mps, None);
    assert_eq!(fixes[1].measured.speed_mps, Some(12.5));
}

#[test]
fn gpx_gives_track_points_in_file_order_and_no_way_points() {
    let fixes = read(GPX.as_bytes(), TrackFormat::Gpx).unwrap();
    assert_eq!(
        times(&fixes),
        [
            "2027-03-16T11:00:00.000Z",
            "2027-03-16T11:00:01.500Z",
            "2027-03-16T10:59:00.000Z"
        ]
    );
    assert_eq!((fixes[2].lat, fixes[2].lon), (46.4, 20.6));
}

#[test]
fn a_marked_place_within_a_segment_is_no_part_of_the_track() {
    fn read_times<const N: usize>(times: [&str; N]) -> usize {
        let points = times.map(|time| {
            [
                r#"<trkpt lat="46" lon="20"><time>2027-03-16T"#,
                time,
                "Z</time></trkpt>",
            ]
            .concat()
        });
        let points = points.concat();
        let text =
            format!(r#"<gpx version="1.1" creator="t"><trk><trkseg>{points}</trkseg></trk></gpx>"#);
        read(text.as_bytes(), TrackFormat::Gpx).unwrap().len()
    }
    // Behind the last point, and among the others.
    assert_eq!(read_times(["11:00:00", "11:00:10", "10:00:10"]), 2);
    assert_eq!(
        read_times(["11:00:00", "11:00:10", "10:00:00", "11:00:20"]),
        3
    );
    // A time that was wrong at first takes nothing with it, and neither does a clock that was set back.
    assert_eq!(
        read_times(["23:00:00", "11:00:00", "11:00:10", "11:00:20"]),
        4
    );
    assert_eq!(read_times(["11:00:00", "10:00:00", "10:00:10"]), 3);
    assert_eq!(read_times(["11:00:00", "11:00:00"]), 2);
}

#[test]
fn a_height_above_sea_is_none_above_the_ellipsoid() {
    let fixes = read(GPX.as_bytes(), TrackFormat::Gpx).unwrap();
    assert_eq!(fixes[0].measured.altitude_m, None);
    assert_eq!(fixes[1].measured.altitude_m, Some(124.5));
}

#[test]
fn geojson_gives_lines_with_times_and_leaves_their_way_points() {
    let fixes = read(LINE.as_bytes(), TrackFormat::GeoJson).unwrap();
    assert_eq!(
        times(&fixes),
        ["2027-03-16T11:00:00.000Z", "2027-03-16T11:00:01.000Z"]
    );
    assert_eq!((fixes[0].lat, fixes[0].lon), (46.2, 20.4));
    assert_eq!(fixes[0].measured.altitude_m, Some(120.5));
    assert_eq!(fixes[1].unit.as_ref().map(UnitId::as_str), Some("HU-1"));
    let points = read(POINTS.as_bytes(), TrackFormat::GeoJson).unwrap();
    assert_eq!(points[0].measured.accuracy_m, Some(5.0));
    let nested = LINE
        .replace(r#""coordTimes":["#, r#""coordinateProperties":{"times":["#)
        .replace("01000]}", "01000]}}");
    assert_eq!(
        read(nested.as_bytes(), TrackFormat::GeoJson).unwrap(),
        fixes
    );
    let multi = LINE
        .replace("LineString", "MultiLineString")
        .replace("[[20.4", "[[[20.4")
        .replace("46.3]]", "46.3]]]")
        .replace(r#"["2027-03-16T11"#, r#"[["2027-03-16T11"#)
        .replace("01000]}", "01000]]}");
    assert_eq!(read(multi.as_bytes(), TrackFormat::GeoJson).unwrap(), fixes);
}

#[test]
fn ndjson_and_json_need_no_unit() {
    let line = r#"{"fixed_at":1805194801000,"lat":1,"lon":2}"#;
    let lines = format!("{line}\n{line}\n");
    assert_eq!(
        read(lines.as_bytes(), TrackFormat::Ndjson).unwrap().len(),
        2
    );
    let array = format!("[{line}]");
    assert_eq!(read(array.as_bytes(), TrackFormat::Json).unwrap().len(), 1);
}

#[test]
fn the_form_is_told_by_the_name() {
    let of = |name| TrackFormat::of(name, b"");
    assert_eq!(of("a.CSV"), Some(TrackFormat::Csv));
    assert_eq!(of("a.b.jsonl"), Some(TrackFormat::Ndjson));
    assert_eq!(of("a.gpx"), Some(TrackFormat::Gpx));
    assert_eq!(of("a.IGC"), Some(TrackFormat::Igc));
    assert_eq!(of("a.fit"), Some(TrackFormat::Fit));
    assert_eq!(of("a.nmea"), Some(TrackFormat::Nmea));
    assert_eq!(of("a.log"), None);
    assert_eq!(TrackFormat::of("a.log", b"$GPRMC"), Some(TrackFormat::Nmea));
    assert_eq!(of("a.kml"), None);
    assert_eq!(of("csv"), None);
    assert_eq!(TrackFormat::of("a.json", b" [1]"), Some(TrackFormat::Json));
    assert_eq!(TrackFormat::of("a.json", b"{}"), Some(TrackFormat::GeoJson));
}

fn said(text: &str, format: TrackFormat) -> String {
    read(text.as_bytes(), format).unwrap_err().to_string()
}

fn assert_said(cases: &[(String, &str)]) {
    for (said, wanted) in cases {
        assert!(
            said.starts_with(wanted),
            "`{said}` does not start with `{wanted}`"
        );
    }
}

#[test]
fn a_fault_in_csv_names_its_line() {
    let csv = |text: &str| said(text, TrackFormat::Csv);
    let cases = [
        (csv(""), "line 1: the header has no `fixed_at`"),
        (csv("fixed_at,lat\n"), "line 1: the header has no `lon`"),
        (
            csv("fixed_at,lat,lon,lat\n"),
            "line 1: the column `lat` stands 2 times",
        ),
        (csv("fixed_at,lat,lon\n"), "the file: holds no fix"),
        (
            csv("fixed_at,lat,lon\n\n2027-03-16T11:00:00Z,1\n"),
            "line 3: has 2 cells",
        ),
        (
            csv("fixed_at,lat,lon\n2027-03-16T11:00:00,1,2\n"),
            "line 2: `fixed_at` has no zone",
        ),
        (
            csv("fixed_at,lat,lon\n1805194801,1,2\n"),
            "line 2: `fixed_at` is too small",
        ),
        (
            csv("fixed_at,lat,lon\n2027-03-16T11:00:00Z,NaN,2\n"),
            "line 2: `lat` is not a number",
        ),
        (
            csv("fixed_at,lat,lon\n2027-03-16T11:00:00Z,1,\n"),
            "line 2: `lon` is missing",
        ),
        (
            csv("fixed_at,lat,lon,unit\n2027-03-16T11:00:00Z,1,2,a b\n"),
            "line 2: `unit`",
        ),
    ];
    assert_said(&cases);
}

#[test]
fn a_fault_in_gpx_names_its_line_or_point() {
    let gpx = |text: &str| said(text, TrackFormat::Gpx);
    let cases = [
        (gpx(""), "line 1: is not valid GPX"),
        (gpx("<kml/>"), "line 1: is not valid GPX"),
        (
            gpx(&GPX.replace("lat=\"46.2\"", "lat=\"96.2\"")),
            "line 6: is not valid GPX",
        ),
        (
            gpx(&GPX.replace("</trkseg></trk></gpx>", "")),
            "line 10: is not valid GPX",
        ),
        (
            gpx(&GPX.replace("<time>2027-03-16T10:59:00Z</time>", "")),
            "track 1, point 3: has no <time>",
        ),
        (
            gpx(r#"<gpx version="1.1" creator="t"></gpx>"#),
            "the file: holds no fix",
        ),
    ];
    assert_said(&cases);
}

#[test]
fn a_fault_in_geojson_names_its_feature() {
    let geo = |text: &str| said(text, TrackFormat::GeoJson);
    let cases = [
        (geo("{"), "the file: is not valid GeoJSON"),
        (
            geo(r#"{"type":"Point","coordinates":[1,2]}"#),
            "the file: is a bare geometry",
        ),
        (
            geo(&LINE.replace(",1805194801000", "")),
            "feature 1: has 2 points but 1 times",
        ),
        (
            geo(&LINE.replace("1805194801000", "5")),
            "feature 1, point 1: `fixed_at` is too small",
        ),
        (
            geo(&LINE.replace("coordTimes", "when")),
            "feature 1: has no times",
        ),
        (
            geo(&POINTS.replace("time\"", "when\"")),
            "feature 0: has no time",
        ),
        (
            geo(&POINTS.replace("\"accuracy_m\":5", "\"accuracy_m\":\"5\"")),
            "feature 0: `accuracy_m` is a text",
        ),
        (
            geo(r#"{"type":"Feature","properties":null,"geometry":null}"#),
            "feature 0: has no geometry",
        ),
    ];
    assert_said(&cases);
}

#[test]
fn broken_utf_8_in_csv_is_named_by_its_line() {
    let bytes = b"fixed_at,lat,lon\n2027-03-16T11:00:00Z,1,\xff\n";
    assert_eq!(
        read(bytes, TrackFormat::Csv).unwrap_err().place,
        Place::Line(2)
    );
}

proptest! {
    #[test]
    fn no_damage_to_a_good_file_makes_it_panic(
        which in 0..4_usize,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let (text, format) = [
            (CSV, TrackFormat::Csv),
            (GPX, TrackFormat::Gpx),
            (LINE, TrackFormat::GeoJson),
            (POINTS, TrackFormat::GeoJson),
        ][which];
        let mut bytes = text.as_bytes().to_vec();
        for (index, byte) in damage {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        bytes.truncate(1 + cut.index(bytes.len()));
        let _ = read(&bytes, format);
    }
}
