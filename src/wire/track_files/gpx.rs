//! GPX 1.0 and 1.1: the points of its tracks. Way-points (`<wpt>`) and routes are no part of a track.
//!
//! Some programs put a marked place behind the last point of a track. A segment is in the order of its making, so a single
//! point from before the one before it, after which the segment ends or goes on as if it were not there, was not recorded
//! there and is left out. Where more than one is out of order none is: then it is the gate's business.

use super::{Place, TrackFileError};
use crate::domain::measure::Timestamp;
use crate::domain::tracks::fix::Measured;
use crate::wire::fix::{PostedFix, parse_time};
use gpx::Waypoint;
use std::cell::Cell;
use std::io::Read;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<PostedFix>, TrackFileError> {
    let line = Cell::new(1);
    let counted = Counted { bytes, line: &line };
    let gpx = gpx::read(counted).map_err(|error| {
        TrackFileError::new(
            Place::Line(line.get()),
            format!("is not valid GPX: {error}"),
        )
    })?;
    let mut fixes = Vec::new();
    for (index, track) in gpx.tracks.iter().enumerate() {
        let mut point = 0;
        for segment in &track.segments {
            let mut recorded = Vec::with_capacity(segment.points.len());
            for waypoint in &segment.points {
                point += 1;
                let track = index + 1;
                let place = Place::PointOfTrack { track, point };
                let fix = fix(waypoint).map_err(|sentence| TrackFileError::new(place, sentence))?;
                recorded.push(fix);
            }
            append(recorded, &mut fixes);
        }
    }
    Ok(fixes)
}

/// Appends the points of a segment, but for a marked place among them.
fn append(segment: Vec<PostedFix>, fixes: &mut Vec<PostedFix>) {
    let times: Vec<Timestamp> = segment.iter().map(|fix| fix.fixed_at).collect();
    let is_marked = |at: usize| {
        let before = times[..at].last();
        before.is_some_and(|before| {
            let goes_on = times.get(at + 1).is_none_or(|after| after >= before);
            times[at] < *before && goes_on
        })
    };
    let recorded = segment.into_iter().enumerate();
    fixes.extend(recorded.filter_map(|(at, fix)| (!is_marked(at)).then_some(fix)));
}

fn fix(point: &Waypoint) -> Result<PostedFix, String> {
    let time = point
        .time
        .ok_or("has no <time>: a track is played by the times of its points")?;
    let text = time
        .format()
        .map_err(|_| "has a <time> outside the years 0 to 9999")?;
    let fixed_at = parse_time(&text).map_err(|fault| format!("<time> {}", fault.sentence()))?;
    let place = point.point();
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let (lat, lon) = (finite(Some(place.y())), finite(Some(place.x())));
    // `<ele>` is above sea level; only with the height of the geoid is it one above the ellipsoid.
    let altitude_m = point
        .elevation
        .zip(point.geoidheight)
        .map(|(sea, geoid)| sea + geoid);
    Ok(PostedFix {
        unit: None,
        source: None,
        fixed_at,
        lat: lat.ok_or("its lat is not a number")? + 0.0,
        lon: lon.ok_or("its lon is not a number")? + 0.0,
        measured: Measured {
            speed_mps: finite(point.speed),
            altitude_m: finite(altitude_m),
            ..Measured::default()
        },
    })
}

/// Counts lines as they are read, so that a fault can name its line: the GPX reader takes byte after byte.
struct Counted<'a> {
    bytes: &'a [u8],
    line: &'a Cell<usize>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        let lines = buffer[..count].split(|byte| *byte == b'\n').count() - 1;
        self.line.set(self.line.get() + lines);
        Ok(count)
    }
}
