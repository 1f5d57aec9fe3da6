//! Every reader of what comes from outside, and the gate, as plain functions over any bytes: none may panic, and what
//! they let through must be what their rooms promise. Run over damaged examples by the tests, over anything by `fuzz/`.

use limes::domain::borders::Atlas;
use limes::domain::event::Event;
use limes::domain::ids::{RoomId, SourceId, State, UnitId};
use limes::domain::measure::Timestamp;
use limes::domain::registry::{UnitCard, UnitKind};
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::tracks::{GateLimits, Replay};
use limes::service::borderdata;
use limes::wire::act::parse_act;
use limes::wire::fix::{Format, parse_fixes};
use limes::wire::phones::{Report, osmand, owntracks};
use limes::wire::track_files::{self, TrackFormat};
use std::sync::{Arc, OnceLock};

/// A reader over any bytes.
pub(crate) type Body = fn(&[u8]);

/// All of them, by name.
pub(crate) const ALL: [(&str, Body); 14] = [
    ("fixes_json", fixes_json),
    ("fixes_ndjson", fixes_ndjson),
    ("act", act),
    ("osmand_query", osmand_query),
    ("osmand_json", osmand_json),
    ("owntracks", owntracks_json),
    ("gpx", gpx),
    ("geojson", geojson),
    ("csv", csv),
    ("nmea", nmea),
    ("igc", igc),
    ("fit", fit),
    ("format", format),
    ("gate", gate),
];

/// The most fixes that a body of fixes may hold.
const BATCH: usize = 10_000;

fn id<T, E: std::fmt::Debug>(parse: fn(&str) -> Result<T, E>, text: &str) -> T {
    parse(text).expect("an id")
}

/// Whether two numbers are numbers, as every reader promises.
fn assert_place(lat: f64, lon: f64) {
    assert!(lat.is_finite() && lon.is_finite(), "{lat} {lon}");
    let negative_zero = |value: f64| value == 0.0 && value.is_sign_negative();
    assert!(!negative_zero(lat) && !negative_zero(lon), "{lat} {lon}");
}

fn fixes(bytes: &[u8], format: Format) {
    let source = id(SourceId::parse, "t1");
    if let Ok(fixes) = parse_fixes(bytes, format, &source, BATCH) {
        assert!(fixes.len() <= BATCH);
        for fix in fixes {
            assert_place(fix.lat, fix.lon);
        }
    }
}

/// A body of `/api/v1/fixes`.
pub(crate) fn fixes_json(bytes: &[u8]) {
    fixes(bytes, Format::Json);
}

/// A body of `/api/v1/fixes`, one object a line.
pub(crate) fn fixes_ndjson(bytes: &[u8]) {
    fixes(bytes, Format::Ndjson);
}

/// A body of `/api/v1/units/{id}/acts`.
pub(crate) fn act(bytes: &[u8]) {
    let _ = parse_act(bytes, None);
}

fn report(report: Result<Report, impl std::fmt::Display>) {
    match report {
        Ok(report) => {
            let mut last = None;
            for fix in report.fixes {
                assert_place(fix.lat, fix.lon);
                assert!(last < Some(fix.index), "the order of the body is kept");
                last = Some(fix.index);
                if let Some(device) = &fix.device {
                    id(SourceId::parse, device.source().as_str());
                    id(UnitId::parse, device.unregistered().as_str());
                }
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// The query of `/api/v1/osmand`, or a form.
pub(crate) fn osmand_query(bytes: &[u8]) {
    report(osmand::parse_query(bytes));
}

/// A JSON body of `/api/v1/osmand`.
pub(crate) fn osmand_json(bytes: &[u8]) {
    report(osmand::parse_json(bytes));
}

/// A body of `/api/v1/owntracks`.
pub(crate) fn owntracks_json(bytes: &[u8]) {
    report(owntracks::parse(bytes));
}

fn file(bytes: &[u8], format: TrackFormat) {
    match track_files::read(bytes, format) {
        Ok(fixes) => {
            assert!(!fixes.is_empty(), "a file without a fix is an error");
            for fix in fixes {
                assert_place(fix.lat, fix.lon);
            }
        }
        Err(error) => assert!(!error.sentence.is_empty()),
    }
}

/// A file of tracks.
pub(crate) fn gpx(bytes: &[u8]) {
    file(bytes, TrackFormat::Gpx);
}

/// A file of tracks.
pub(crate) fn geojson(bytes: &[u8]) {
    file(bytes, TrackFormat::GeoJson);
}

/// A file of tracks.
pub(crate) fn csv(bytes: &[u8]) {
    file(bytes, TrackFormat::Csv);
}

/// A file of tracks.
pub(crate) fn nmea(bytes: &[u8]) {
    file(bytes, TrackFormat::Nmea);
}

/// A file of tracks.
pub(crate) fn igc(bytes: &[u8]) {
    file(bytes, TrackFormat::Igc);
}

/// A file of tracks.
pub(crate) fn fit(bytes: &[u8]) {
    file(bytes, TrackFormat::Fit);
}

/// A file whose form is told by its name: the first line.
pub(crate) fn format(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (name, content) = bytes.split_at(end.unwrap_or(0));
    if let Some(format) = TrackFormat::of(&String::from_utf8_lossy(name), content) {
        file(content, format);
    }
}

fn atlas() -> &'static Atlas {
    static ATLAS: OnceLock<Arc<Atlas>> = OnceLock::new();
    ATLAS.get_or_init(|| borderdata::atlas(None).expect("the built-in border data"))
}

/// Fixes of one car near Nagylak, twelve bytes each: how much later, how far on, how accurate, and whether something of it
/// is no number of this world.
pub(crate) fn gate(bytes: &[u8]) {
    let unit = id(UnitId::parse, "HU-1");
    let card = UnitCard {
        id: unit.clone(),
        room: id(RoomId::parse, "budapest"),
        state: id(State::parse, "HU"),
        kind: UnitKind::Vehicle,
        callsign: Arc::from("car"),
        marks: None,
    };
    let sources = [id(SourceId::parse, "a"), id(SourceId::parse, "b")];
    let mut replay = Replay::new(&card, atlas(), GateLimits::default());
    let mut events: Vec<Event> = Vec::new();
    let (mut at, mut lat, mut lon) = (1_805_194_800_000_i64, 46.165, 20.70);
    for chunk in bytes.chunks_exact(12).take(300) {
        let number = |from: usize| f64::from(i16::from_le_bytes([chunk[from], chunk[from + 1]]));
        // Mostly seconds, sometimes days, forward and back.
        let unit_ms = if chunk[0].is_multiple_of(16) {
            10_000_000.0
        } else {
            10.0
        };
        at = (at + (number(0) * unit_ms) as i64).clamp(0, 4_000_000_000_000);
        lat += number(2) / 3e6;
        lon += number(4) / 3e6;
        let odd = match chunk[6] {
            0 => f64::NAN,
            1 => f64::INFINITY,
            2 => f64::MAX,
            3 => -400.0,
            4 => f64::MIN_POSITIVE,
            _ => 0.0,
        };
        let of = |bit: u8, value: f64| (chunk[7] & bit != 0).then_some(value + odd);
        let fix = ReportedFix {
            unit: unit.clone(),
            source: sources[usize::from(chunk[8] & 1)].clone(),
            fixed_at: Timestamp::from_millis(at),
            lat: if chunk[8] & 2 == 0 { lat } else { lat + odd },
            lon: if chunk[8] & 4 == 0 { lon } else { lon + odd },
            measured: Measured {
                accuracy_m: of(1, f64::from(chunk[9])),
                speed_mps: of(2, f64::from(chunk[10])),
                course_deg: of(4, f64::from(chunk[11]) * 2.0),
                altitude_m: of(8, 100.0),
                battery_pct: of(16, 50.0),
            },
        };
        replay.take(&fix, &mut events);
    }
    for crossing in replay.track().crossings() {
        let crossing = &crossing.crossing;
        assert!(
            crossing.earliest <= crossing.likely && crossing.likely <= crossing.latest,
            "{crossing:?}"
        );
    }
}
