//! CSV with the keys of a fix as its header; empty cells and unknown columns are passed over.

use super::{Place, TrackFileError};
use crate::domain::ids::{SourceId, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::tracks::fix::Measured;
use crate::wire::fix::{Key, PostedFix, from_millis, parse_time};
use csv::{ByteRecord, ErrorKind, ReaderBuilder, StringRecord, Trim};

const REQUIRED: [Key; 3] = [Key::FixedAt, Key::Lat, Key::Lon];

pub(super) fn read(bytes: &[u8]) -> Result<Vec<PostedFix>, TrackFileError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(bytes);
    let fault = |error| fault(error, bytes);
    let columns = columns(reader.byte_headers().map_err(fault)?)?;
    let mut row = StringRecord::new();
    let mut fixes = Vec::new();
    while reader.read_record(&mut row).map_err(fault)? {
        let line = row.position().map_or(0, |at| line(at, bytes));
        let fix = fix(&columns, &row)
            .map_err(|sentence| TrackFileError::new(Place::Line(line), sentence))?;
        fixes.push(fix);
    }
    Ok(fixes)
}

fn fault(error: csv::Error, bytes: &[u8]) -> TrackFileError {
    let line = error.position().map(|at| line(at, bytes));
    let place = line.map_or(Place::File, Place::Line);
    let sentence = match error.into_kind() {
        ErrorKind::Utf8 { .. } => "is not UTF-8: save the file in UTF-8".to_owned(),
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("has {len} cells where the header has {expected_len}")
        }
        kind => format!("cannot be read as CSV: {kind:?}"),
    };
    TrackFileError::new(place, sentence)
}

/// The line in which a record stands; its position may lie before the blank lines above it.
fn line(at: &csv::Position, bytes: &[u8]) -> usize {
    let before = bytes.get(at.byte() as usize..).unwrap_or_default();
    let blank = before
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n');
    at.line() as usize + blank.count()
}

/// Which key each column holds.
fn columns(header: &ByteRecord) -> Result<Vec<Option<Key>>, TrackFileError> {
    let wrong = |sentence: String| TrackFileError::new(Place::Line(1), sentence);
    let columns: Vec<Option<Key>> = header
        .iter()
        .map(|name| std::str::from_utf8(name).ok().and_then(Key::parse))
        .collect();
    for key in Key::ALL {
        let count = columns
            .iter()
            .filter(|column| **column == Some(key))
            .count();
        let word = key.as_str();
        if count > 1 {
            return Err(wrong(format!(
                "the column `{word}` stands {count} times: keep one"
            )));
        }
        if count == 0 && REQUIRED.contains(&key) {
            let sentence = format!(
                "the header has no `{word}`: the first line names the columns, at least fixed_at,lat,lon"
            );
            return Err(wrong(sentence));
        }
    }
    Ok(columns)
}

#[derive(Default)]
struct Row {
    unit: Option<UnitId>,
    source: Option<SourceId>,
    fixed_at: Option<Timestamp>,
    lat: Option<f64>,
    lon: Option<f64>,
    measured: Measured,
}

fn fix(columns: &[Option<Key>], cells: &StringRecord) -> Result<PostedFix, String> {
    let mut row = Row::default();
    for (key, cell) in columns.iter().zip(cells) {
        if let Some(key) = key
            && !cell.is_empty()
        {
            take(&mut row, *key, cell)?;
        }
    }
    let missing = |key: Key| format!("`{}` is missing", key.as_str());
    Ok(PostedFix {
        unit: row.unit,
        source: row.source,
        fixed_at: row.fixed_at.ok_or_else(|| missing(Key::FixedAt))?,
        lat: row.lat.ok_or_else(|| missing(Key::Lat))?,
        lon: row.lon.ok_or_else(|| missing(Key::Lon))?,
        measured: row.measured,
    })
}

fn take(row: &mut Row, key: Key, cell: &str) -> Result<(), String> {
    match key {
        Key::Unit => {
            row.unit = Some(UnitId::parse(cell).map_err(|error| format!("`unit`: {error}"))?);
        }
        Key::Source => {
            row.source = Some(SourceId::parse(cell).map_err(|error| format!("`source`: {error}"))?);
        }
        Key::FixedAt => row.fixed_at = Some(time(cell)?),
        Key::Lat => row.lat = Some(number(key, cell)?),
        Key::Lon => row.lon = Some(number(key, cell)?),
        Key::Accuracy => row.measured.accuracy_m = Some(number(key, cell)?),
        Key::Speed => row.measured.speed_mps = Some(number(key, cell)?),
        Key::Course => row.measured.course_deg = Some(number(key, cell)?),
        Key::Altitude => row.measured.altitude_m = Some(number(key, cell)?),
        Key::Battery => row.measured.battery_pct = Some(number(key, cell)?),
    }
    Ok(())
}

fn time(cell: &str) -> Result<Timestamp, String> {
    let found = match cell.parse::<i64>() {
        Ok(millis) => from_millis(millis),
        Err(_) => parse_time(cell),
    };
    found.map_err(|fault| format!("`fixed_at` {}", fault.sentence()))
}

fn number(key: Key, cell: &str) -> Result<f64, String> {
    match cell.parse::<f64>() {
        // `+ 0.0` turns -0.0 into 0.0, so that equal places are equal bytes.
        Ok(number) if number.is_finite() => Ok(number + 0.0),
        Ok(_) | Err(_) => Err(format!("`{}` is not a number", key.as_str())),
    }
}
