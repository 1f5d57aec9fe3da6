//! Recorded tracks: CSV with the keys of a fix as its header, NDJSON, GPX, `GeoJSON`, NMEA 0183, IGC, FIT.
//!
//! Fixes come in the order of the file. Nothing is guessed: a point without a time, or a height of which the file does
//! not say that it is above the ellipsoid, is an error or is left out. What the recorder itself calls no fix, and what was
//! planned or marked and not driven, is no part of a track.

mod csv;
mod day;
mod fit;
mod geojson;
mod gpx;
mod igc;
mod nmea;

#[cfg(test)]
mod recorders;
#[cfg(test)]
mod tests;

use super::fix::{At, FixesError, Format, ParseError, PostedFix, parse_recorded};
use std::fmt;

/// The forms of a file of tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrackFormat {
    /// A header with the keys of a fix; `unit` may be left out.
    Csv,
    /// One fix a line.
    Ndjson,
    /// One fix, or an array of fixes.
    Json,
    /// Track points; way-points and routes are no part of the track.
    Gpx,
    /// Lines with `coordTimes` or `times`, or points with a time.
    GeoJson,
    /// The sentences RMC and GGA.
    Nmea,
    /// The B records of a flight.
    Igc,
    /// The records of an activity.
    Fit,
}

impl TrackFormat {
    /// The form of a file, by its name and, for `.json`, `.log` and `.txt`, by its first bytes.
    #[must_use]
    pub fn of(name: &str, bytes: &[u8]) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "gpx" => Some(Self::Gpx),
            "json" if bytes.trim_ascii_start().first() == Some(&b'[') => Some(Self::Json),
            "json" | "geojson" => Some(Self::GeoJson),
            "nmea" | "nma" => Some(Self::Nmea),
            "log" | "txt" if bytes.trim_ascii_start().first() == Some(&b'$') => Some(Self::Nmea),
            "igc" => Some(Self::Igc),
            "fit" => Some(Self::Fit),
            _ => None,
        }
    }
}

/// Where in a file something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the file as a whole.
    File,
    /// In this line, from 1.
    Line(usize),
    /// At this byte, from 0.
    Byte(usize),
    /// In this element of the array, from 0.
    Index(usize),
    /// In this feature, from 0, as a program counts them.
    Feature(usize),
    /// In this point of a feature, both from 0.
    PointOfFeature {
        /// The feature.
        feature: usize,
        /// The point of it.
        point: usize,
    },
    /// In this point of this track, both from 1.
    PointOfTrack {
        /// The track.
        track: usize,
        /// The point of it, over all its segments.
        point: usize,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("the file"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Byte(byte) => write!(f, "byte {byte}"),
            Self::Index(index) => write!(f, "index {index}"),
            Self::Feature(feature) => write!(f, "feature {feature}"),
            Self::PointOfFeature { feature, point } => {
                write!(f, "feature {feature}, point {point}")
            }
            Self::PointOfTrack { track, point } => write!(f, "track {track}, point {point}"),
        }
    }
}

/// Why a file of tracks cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {sentence}")]
pub struct TrackFileError {
    /// Where.
    pub place: Place,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl TrackFileError {
    fn new(place: Place, sentence: impl Into<String>) -> Self {
        Self {
            place,
            sentence: sentence.into(),
        }
    }
}

/// Reads a file of tracks, in the order of the file.
///
/// # Errors
/// [`TrackFileError`] with the first fault.
pub fn read(bytes: &[u8], format: TrackFormat) -> Result<Vec<PostedFix>, TrackFileError> {
    let fixes = match format {
        TrackFormat::Csv => csv::read(bytes)?,
        TrackFormat::Ndjson => json(bytes, Format::Ndjson)?,
        TrackFormat::Json => json(bytes, Format::Json)?,
        TrackFormat::Gpx => gpx::read(bytes)?,
        TrackFormat::GeoJson => geojson::read(bytes)?,
        TrackFormat::Nmea => nmea::read(bytes)?,
        TrackFormat::Igc => igc::read(bytes)?,
        TrackFormat::Fit => fit::read(bytes)?,
    };
    if fixes.is_empty() {
        return Err(TrackFileError::new(Place::File, "holds no fix of a track"));
    }
    Ok(fixes)
}

fn json(bytes: &[u8], format: Format) -> Result<Vec<PostedFix>, TrackFileError> {
    parse_recorded(bytes, format).map_err(|error| match error {
        FixesError::Malformed(ParseError { at, sentence, .. }) => {
            let place = match at {
                At::Body => Place::File,
                At::Line(line) => Place::Line(line),
                At::Index(index) => Place::Index(index),
            };
            TrackFileError { place, sentence }
        }
        FixesError::TooMany { .. } => TrackFileError::new(Place::File, error.to_string()),
    })
}
