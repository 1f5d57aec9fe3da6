//! Damaged bodies and files: no reader panics, and neither does the gate, whatever comes. The damage is drawn from a
//! seed, so that a run can be repeated; `fuzz/` goes further by hand.

use crate::bodies::{ALL, Body};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::panic::catch_unwind;

/// Damaged bodies for each reader.
const CASES: usize = 4_000;
/// Of the gate: each is a whole track.
const TRACKS: usize = 400;

const FIX: &str = r#"{"unit":"HU-1","fixed_at":"2027-03-16T11:33:20Z","lat":46.1618,"lon":20.7014,"accuracy_m":5,"source":"a"}"#;
const ACT: &str = r#"{"act":"crossed","at":1805194800000,"key":"k"}"#;
const QUERY: &str = "id=48241179&timestamp=1805194800&lat=46.2&lon=20.4&speed=10&bearing=88.5&accuracy=6.5&batt=85.0&valid=true";
const TRACCAR: &str = r#"{"location":[{"timestamp":"2027-03-16T11:00:00.000Z","coords":{"latitude":46.2,"longitude":20.4,"accuracy":6.5,
    "speed":12.5,"heading":88.0,"ellipsoidal_altitude":143.5},"battery":{"level":0.85},"mock":false}],"device_id":"a/b"}"#;
const OWNTRACKS: &str = r#"[{"_type":"location","acc":12,"batt":85,"cog":88,"lat":46.2,"lon":20.4,"t":"u",
    "topic":"owntracks/kovacs/pixel","tst":1805194800,"vel":90},{"_type":"lwt","tst":1},{"_type":"transition"}]"#;
const GPX: &str = r#"<?xml version="1.0"?><gpx version="1.1" creator="t"><trk><trkseg><trkpt lat="46.2" lon="20.4">
    <ele>80</ele><time>2027-03-16T11:00:00Z</time></trkpt></trkseg></trk><wpt lat="1" lon="1"/></gpx>"#;
const GEOJSON: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"coordTimes":
    ["2027-03-16T11:00:00Z",1805194801000]},"geometry":{"type":"LineString","coordinates":[[20.4,46.2,120],[20.5,46.3]]}}]}"#;
const CSV: &str = "fixed_at,lat,lon,unit,accuracy_m\n2027-03-16T11:00:00Z,46.2,20.4,HU-1,5\n1805194801000,46.3,20.5,,\n";
const NMEA: &str = "$GPRMC,110000.00,A,4612.000,N,02024.000,E,10.0,088.5,160327,,,A*6E\r\n\
    $GPGGA,110000.00,4612.000,N,02024.000,E,1,09,0.8,80.0,M,44.5,M,,*55\r\n";
const IGC: &str = "AXXX001\r\nHFDTEDATE:160327,01\r\nI023636LAD3737LOD\r\nB1100004612000N02024000EA001150012056\r\n\
    B1100014612000S02024000WV0011500120\r\n";

/// A FIT file: one definition, two records; the checksum is compared last, so damage reaches the reader.
fn fit() -> Vec<u8> {
    let mut messages = vec![
        0x40, 0, 0, 20, 0, 4, 253, 4, 0x86, 0, 4, 0x85, 1, 4, 0x85, 31, 1, 2,
    ];
    for second in 0..2_u32 {
        messages.push(0);
        messages.extend((1_174_129_200 + second).to_le_bytes());
        messages.extend(551_183_128_i32.to_le_bytes());
        messages.extend(243_379_044_i32.to_le_bytes());
        messages.push(5);
    }
    let mut file = vec![14, 0x20, 0x54, 8];
    file.extend((messages.len() as u32).to_le_bytes());
    file.extend(b".FIT\0\0");
    file.extend(messages);
    let crc = file.iter().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xa001
            } else {
                crc >> 1
            }
        })
    });
    file.extend(crc.to_le_bytes());
    file
}

/// A body that is taken, for each reader.
fn example(name: &str) -> Vec<u8> {
    match name {
        "fixes_json" => format!("[{FIX},{FIX}]").into_bytes(),
        "fixes_ndjson" => format!("{FIX}\n{FIX}\n").into_bytes(),
        "act" => ACT.into(),
        "osmand_query" => QUERY.into(),
        "osmand_json" => TRACCAR.into(),
        "owntracks" => OWNTRACKS.into(),
        "gpx" => GPX.into(),
        "geojson" => GEOJSON.into(),
        "csv" => CSV.into(),
        "nmea" => NMEA.into(),
        "igc" => IGC.into(),
        "fit" => fit(),
        "format" => format!("a.csv\n{CSV}").into_bytes(),
        // A drive of a hundred fixes over the line.
        "gate" => [100, 0, 0, 0, 200, 4, 9, 7, 0, 5, 25, 45].repeat(100),
        other => panic!("no example for {other}"),
    }
}

/// Words that readers trip over.
const WORDS: [&[u8]; 16] = [
    b"NaN",
    b"1e999",
    b"-0.0",
    b"null",
    b"[[[[[[[[",
    b"{\"a\":",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"9999999999999999999",
    b"-",
    b"\r\n",
    b"\"",
    b"\\u0000",
    b"%00",
    b"2027-02-30T24:60:60Z",
];

/// A few changes of a body: bytes turned, cut, doubled, moved, and words put in.
fn damaged(example: &[u8], rng: &mut StdRng) -> Vec<u8> {
    let mut bytes = example.to_vec();
    for _ in 0..rng.random_range(1..6) {
        let at = rng.random_range(0..=bytes.len());
        let end = (at + rng.random_range(0..40)).min(bytes.len());
        match rng.random_range(0..6) {
            0 if at < bytes.len() => bytes[at] = rng.random(),
            1 if at < bytes.len() => bytes[at] ^= 1 << rng.random_range(0..8),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes[at..end].to_vec();
                let to = rng.random_range(0..=bytes.len());
                bytes.splice(to..to, piece);
            }
            4 => {
                let word = WORDS[rng.random_range(0..WORDS.len())];
                bytes.splice(at..at, word.iter().copied());
            }
            _ => bytes.truncate(bytes.len() - bytes.len() / 8),
        }
    }
    bytes
}

fn survives(name: &str, body: Body, bytes: &[u8]) {
    let panicked = catch_unwind(|| body(bytes)).is_err();
    assert!(
        !panicked,
        "{name} panics over {}",
        String::from_utf8_lossy(bytes)
    );
}

#[test]
fn no_damage_to_a_good_body_makes_a_reader_or_the_gate_panic() {
    for (number, (name, body)) in ALL.into_iter().enumerate() {
        let example = example(name);
        let mut rng = StdRng::seed_from_u64(0x0051_4d45_5300 + number as u64);
        survives(name, body, &example);
        for _ in 0..if name == "gate" { TRACKS } else { CASES } {
            survives(name, body, &damaged(&example, &mut rng));
        }
    }
}

#[test]
fn no_bytes_at_all_and_none_that_mean_anything_make_one_panic() {
    let mut rng = StdRng::seed_from_u64(7);
    for (name, body) in ALL {
        survives(name, body, b"");
        for length in [1, 2, 7, 12, 14, 64, 600] {
            let bytes: Vec<u8> = (0..length).map(|_| rng.random()).collect();
            survives(name, body, &bytes);
        }
        let deep = b"[".repeat(50_000);
        survives(name, body, &deep);
        survives(name, body, &b"{\"a\":".repeat(20_000));
    }
}

#[test]
fn every_example_is_taken_whole() {
    use limes::wire::phones::{osmand, owntracks};
    use limes::wire::track_files::{TrackFormat, read};
    let count = |name: &str, format| read(&example(name), format).map(|fixes| fixes.len());
    assert_eq!(count("gpx", TrackFormat::Gpx), Ok(1));
    assert_eq!(count("geojson", TrackFormat::GeoJson), Ok(2));
    assert_eq!(count("csv", TrackFormat::Csv), Ok(2));
    assert_eq!(count("nmea", TrackFormat::Nmea), Ok(1));
    assert_eq!(count("igc", TrackFormat::Igc), Ok(1));
    assert_eq!(count("fit", TrackFormat::Fit), Ok(2));
    assert_eq!(
        osmand::parse_query(&example("osmand_query"))
            .unwrap()
            .fixes
            .len(),
        1
    );
    assert_eq!(
        osmand::parse_json(&example("osmand_json"))
            .unwrap()
            .fixes
            .len(),
        1
    );
    assert_eq!(
        owntracks::parse(&example("owntracks")).unwrap().fixes.len(),
        1
    );
}
