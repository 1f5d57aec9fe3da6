//! IGC, as flight recorders of gliders write it (FAI, technical specification for IGC-approved recorders, appendix A): the
//! fixes of its B records.
//!
//! Task points (C records) are way-points and no part of the track. A fix marked `V` has no altitude or no position at all
//! and is left out. Altitudes are left out: what they lie above is not told alike by all recorders. Accuracy is left out
//! (`FXA`: of how many per cent is not told). Where the I record names `LAD` and `LOD`, they are further digits of the
//! minutes.

use super::day::{Day, number, time_of_day};
use super::{Place, TrackFileError};
use crate::domain::tracks::fix::Measured;
use crate::wire::fix::PostedFix;
use std::ops::Range;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<PostedFix>, TrackFileError> {
    let mut flight = Flight::default();
    let mut fixes = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let read = flight.line(line.trim_ascii());
        let wrong = |sentence: &str| TrackFileError::new(Place::Line(index + 1), sentence);
        fixes.extend(read.map_err(wrong)?);
    }
    Ok(fixes)
}

/// What the records before a fix say.
#[derive(Default)]
struct Flight {
    day: Day,
    // The digits that B records carry beyond their fixed part.
    more_lat: Option<Range<usize>>,
    more_lon: Option<Range<usize>>,
}

impl Flight {
    fn line(&mut self, line: &[u8]) -> Result<Option<PostedFix>, &'static str> {
        if let Some(date) = line.strip_prefix(b"HFDTE") {
            let date = date.strip_prefix(b"DATE").unwrap_or(date);
            let date = date.strip_prefix(b":").unwrap_or(date).trim_ascii_start();
            let digits = date.get(..6).unwrap_or_default();
            let wrong = "the date is not DDMMYY: write it like HFDTE160327";
            return self.day.set(digits).map(|()| None).ok_or(wrong);
        }
        match line.first() {
            Some(b'B') => self.fix(line),
            Some(b'I') => self.additions(line).map(|()| None),
            Some(_) | None => Ok(None),
        }
    }

    /// `I023638FXA3940LAD`: how many, and for each its first and last byte, from 1, and its code.
    fn additions(&mut self, line: &[u8]) -> Result<(), &'static str> {
        const WRONG: &str = "the I record is not a count and as many additions of the form 3638FXA";
        let count = line.get(1..3).and_then(number).ok_or(WRONG)?;
        let additions = line.get(3..).unwrap_or_default().chunks(7);
        (self.more_lat, self.more_lon) = (None, None);
        let mut read = 0;
        for addition in additions.take(count as usize) {
            let [s1, s2, f1, f2, code @ ..] = addition else {
                return Err(WRONG);
            };
            let first = number(&[*s1, *s2]).ok_or(WRONG)? as usize;
            let last = number(&[*f1, *f2]).ok_or(WRONG)? as usize;
            // Beyond the fixed part of a B record.
            if first < 36 || last < first {
                return Err(WRONG);
            }
            match code {
                b"LAD" => self.more_lat = Some(first - 1..last),
                b"LOD" => self.more_lon = Some(first - 1..last),
                [_, _, _] => {}
                _ => return Err(WRONG),
            }
            read += 1;
        }
        if read == count { Ok(()) } else { Err(WRONG) }
    }

    /// `B1101355206343N00006198WA0058700558`: time, place, validity, heights.
    fn fix(&mut self, line: &[u8]) -> Result<Option<PostedFix>, &'static str> {
        let part = |range: Range<usize>| line.get(range).ok_or("the B record ends early");
        part(0..35)?;
        let time = time_of_day(part(1..7)?).ok_or("the time of the fix is not HHMMSS")?;
        match part(24..25)? {
            b"A" => {}
            b"V" => return Ok(None),
            _ => return Err("the validity of the fix is neither A nor V"),
        }
        let more = |range: &Option<Range<usize>>| range.clone().map(part).transpose();
        let lat = degrees(part(7..14)?, more(&self.more_lat)?, 90)
            .and_then(|degrees| signed(degrees, part(14..15).ok()?, *b"NS"))
            .ok_or("the latitude of the fix is not DDMMmmmN")?;
        let lon = degrees(part(15..23)?, more(&self.more_lon)?, 180)
            .and_then(|degrees| signed(degrees, part(23..24).ok()?, *b"EW"))
            .ok_or("the longitude of the fix is not DDDMMmmmE")?;
        let fixed_at = self.day.at(time);
        Ok(Some(PostedFix {
            unit: None,
            source: None,
            fixed_at: fixed_at.ok_or("no HFDTE record before the fix tells its date")?,
            lat,
            lon,
            measured: Measured::default(),
        }))
    }
}

/// Whole degrees, minutes and thousandths of them, and further digits of the minutes.
fn degrees(digits: &[u8], more: Option<&[u8]>, most: i64) -> Option<f64> {
    let (whole, minutes) = digits.split_at(digits.len() - 5);
    let (whole, thousandths) = (number(whole)?, number(minutes)?);
    let more = more.unwrap_or_default();
    let further = if more.is_empty() { 0 } else { number(more)? };
    let scale = 10_f64.powi(more.len() as i32);
    let minutes = (thousandths as f64 * scale + further as f64) / (1_000.0 * scale);
    let degrees = whole as f64 + minutes / 60.0;
    (thousandths < 60_000 && degrees <= most as f64).then_some(degrees)
}

fn signed(degrees: f64, letter: &[u8], [plus, minus]: [u8; 2]) -> Option<f64> {
    match letter {
        [letter] if *letter == plus => Some(degrees),
        // `+ 0.0` turns -0.0 into 0.0, so that equal places are equal bytes.
        [letter] if *letter == minus => Some(-degrees + 0.0),
        _ => None,
    }
}
