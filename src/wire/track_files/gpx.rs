//! GPX 1.0 and 1.1: the points of its tracks. Way-points (`<wpt>`) and routes are no part of a track.

use super::{Place, TrackFileError};
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
        let points = track.segments.iter().flat_map(|segment| &segment.points);
        for (point, waypoint) in points.enumerate() {
            let place = Place::PointOfTrack {
                track: index + 1,
                point: point + 1,
            };
            fixes.push(fix(waypoint).map_err(|sentence| TrackFileError::new(place, sentence))?);
        }
    }
    Ok(fixes)
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
