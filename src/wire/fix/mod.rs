//! A fix as it is posted: one object, an array, or one object a line, read straight into the domain.
//!
//! A body is read in one pass without an intermediate tree. What is not well-formed is refused with its place and its
//! key, and then nothing of the body is taken; what is well-formed but cannot be used is the gate's business. Decided
//! where the keys leave it open:
//!
//! - `null` is as good as an absent key;
//! - a key that Limes knows may stand only once in an object: two values would leave open which one is meant;
//! - numbers are numbers, not texts; one too large for a 64-bit float is refused, `-0.0` is `0.0`;
//! - a time is exactly RFC 3339 with a zone, or whole milliseconds, neither before 1970 nor after the year 9999;
//! - a byte order mark at the start, CRLF and blank lines are let pass.

mod body;
mod names;
mod read;
mod time;

#[cfg(test)]
mod tests;

pub use body::{
    FixBody, QuarantinedAnswer, QuarantinedWire, ReceiptWire, StreamAnswer, StreamReceiptWire,
};
pub(crate) use time::{TimeFault, from_civil, from_millis, parse_time};

use crate::domain::ids::{SourceId, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::tracks::fix::{Measured, ReportedFix};
use std::fmt;

/// The keys of a fix, as the outside contract names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The unit's id.
    Unit,
    /// The device.
    Source,
    /// Device time.
    FixedAt,
    /// Degrees north.
    Lat,
    /// Degrees east.
    Lon,
    /// Radius of the 68 % circle, metres.
    Accuracy,
    /// Over ground, metres a second.
    Speed,
    /// Over ground, degrees from true north.
    Course,
    /// Above the ellipsoid, metres.
    Altitude,
    /// Per cent.
    Battery,
}

impl Key {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Unit,
        Self::Source,
        Self::FixedAt,
        Self::Lat,
        Self::Lon,
        Self::Accuracy,
        Self::Speed,
        Self::Course,
        Self::Altitude,
        Self::Battery,
    ];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Source => "source",
            Self::FixedAt => "fixed_at",
            Self::Lat => "lat",
            Self::Lon => "lon",
            Self::Accuracy => "accuracy_m",
            Self::Speed => "speed_mps",
            Self::Course => "course_deg",
            Self::Altitude => "altitude_m",
            Self::Battery => "battery_pct",
        }
    }

    /// The key of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.as_str() == word)
    }
}

/// How a body holds its fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One object, or an array of objects.
    Json,
    /// One object a line.
    Ndjson,
}

/// Where in a body something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// In the body as a whole, or in its only object.
    Body,
    /// In this line, from 1; blank lines count.
    Line(usize),
    /// In this element of the array, from 0.
    Index(usize),
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => f.write_str("the body"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Index(index) => write!(f, "index {index}"),
        }
    }
}

/// What is not well-formed, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {sentence}")]
pub struct ParseError {
    /// Where.
    pub at: At,
    /// The key, when the fault lies in one.
    pub key: Option<Key>,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// Why a body of fixes is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FixesError {
    /// It is not well-formed.
    #[error(transparent)]
    Malformed(#[from] ParseError),
    /// It holds more fixes than one batch may.
    #[error("more than {limit} fixes in one batch: send them in several")]
    TooMany {
        /// The most there may be.
        limit: usize,
    },
}

/// A fix as it was posted or recorded, before the defaults are filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct PostedFix {
    /// The unit, where it is named.
    pub unit: Option<UnitId>,
    /// The device, where it is named.
    pub source: Option<SourceId>,
    /// Device time.
    pub fixed_at: Timestamp,
    /// Degrees north, as posted.
    pub lat: f64,
    /// Degrees east, as posted.
    pub lon: f64,
    /// What the receiver measured beside the place.
    pub measured: Measured,
}

/// Reads the fixes of one body. `source` is the device of a fix that names none; `limit` the most fixes one batch holds.
///
/// # Errors
/// [`FixesError`]: nothing of the body is to be taken.
pub fn parse_fixes(
    body: &[u8],
    format: Format,
    source: &SourceId,
    limit: usize,
) -> Result<Vec<ReportedFix>, FixesError> {
    let mut fixes = Vec::new();
    let unit_required = true;
    read::read(body, format, unit_required, &mut |fix: PostedFix| {
        // The reader has refused a fix without a unit.
        let Some(unit) = fix.unit else { return Ok(()) };
        if fixes.len() == limit {
            return Err(FixesError::TooMany { limit });
        }
        fixes.push(ReportedFix {
            unit,
            source: fix.source.unwrap_or_else(|| source.clone()),
            fixed_at: fix.fixed_at,
            lat: fix.lat,
            lon: fix.lon,
            measured: fix.measured,
        });
        Ok(())
    })?;
    Ok(fixes)
}

/// Reads recorded fixes, which need not name their unit.
///
/// # Errors
/// [`FixesError::Malformed`] with the first fault.
pub fn parse_recorded(body: &[u8], format: Format) -> Result<Vec<PostedFix>, FixesError> {
    let mut fixes = Vec::new();
    let unit_required = false;
    read::read(body, format, unit_required, &mut |fix| {
        fixes.push(fix);
        Ok(())
    })?;
    Ok(fixes)
}
