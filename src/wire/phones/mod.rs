//! What phones' apps send: the `OsmAnd` protocol and `OwnTracks`, read into fixes in the units of this house.
//!
//! The apps know nothing of units: a fix comes with the name of its device, and the register says whose it is. What is
//! not well-formed is refused with its place and key, and then nothing of the body is taken. A message that is
//! well-formed but says nothing new of where the device is, is [`PassedOver`]. For every app:
//!
//! - a time is the device's own time of the fix; without one there is no fix;
//! - an accuracy is taken as the radius of the 68 % circle: Android defines it so, iOS says a radius of uncertainty and
//!   not of how many per cent. Zero means unknown (Android's word for it), a negative one is kept, and the gate refuses it;
//! - a negative speed, course or battery means unknown;
//! - a height is left out unless the app says that it is above the ellipsoid.

mod json;
pub mod osmand;
pub mod owntracks;

#[cfg(test)]
mod tests;

use super::fix::{At, TimeFault, from_millis};
use super::problem::{Problem, ProblemKind};
use crate::domain::ids::{DeviceId, SourceId, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::tracks::fix::{Measured, ReportedFix};
use std::borrow::Cow;

/// The most messages one body holds, whatever the service's own limit is: they are bounded while they are read.
const MESSAGES_MAX: usize = 10_000;
/// Metres a second in one knot: 1,852 m in 3,600 s, by definition of the nautical mile.
const MPS_PER_KNOT: f64 = 1_852.0 / 3_600.0;
/// Metres a second in one kilometre an hour.
const MPS_PER_KMH: f64 = 1.0 / 3.6;

/// What a body says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// Its fixes, in its order.
    pub fixes: Vec<PhoneFix>,
    /// The messages that are no fix, in its order.
    pub passed_over: Vec<PassedOver>,
}

/// A fix as a phone's app reports it; whose it is, is not known yet.
#[derive(Debug, Clone, PartialEq)]
pub struct PhoneFix {
    /// Which message of the body it was, from 0.
    pub index: usize,
    /// The device, where the message names one.
    pub device: Option<DeviceId>,
    /// Device time.
    pub fixed_at: Timestamp,
    /// Degrees north, as reported.
    pub lat: f64,
    /// Degrees east, as reported.
    pub lon: f64,
    /// What the receiver measured beside the place.
    pub measured: Measured,
}

impl PhoneFix {
    /// The fix in the name of a unit.
    #[must_use]
    pub fn of(self, unit: UnitId, source: SourceId) -> ReportedFix {
        ReportedFix {
            unit,
            source,
            fixed_at: self.fixed_at,
            lat: self.lat,
            lon: self.lon,
            measured: self.measured,
        }
    }
}

/// Why a well-formed message is no fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PassedOver {
    /// The receiver itself says that the position is not valid.
    Invalid,
    /// The position was made up by another app on the phone.
    Mocked,
    /// The last known position again, under a newer time: nobody measured it at that time.
    LastKnown,
    /// The app's own region was entered or left; the position comes as a location too.
    Transition,
    /// A place the user has marked, not where the phone is.
    Waypoint,
    /// The app said goodbye: the unit's silence tells more.
    LastWill,
    /// Something else the app may send: cards, steps, its settings.
    Other,
}

impl PassedOver {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Invalid,
        Self::Mocked,
        Self::LastKnown,
        Self::Transition,
        Self::Waypoint,
        Self::LastWill,
        Self::Other,
    ];

    /// The word it is counted under.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Mocked => "mocked",
            Self::LastKnown => "last_known",
            Self::Transition => "transition",
            Self::Waypoint => "waypoint",
            Self::LastWill => "last_will",
            Self::Other => "other",
        }
    }
}

/// Why nothing of a body is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// It is not well-formed.
    #[error("{at}: {sentence}")]
    Malformed {
        /// Where.
        at: At,
        /// The key, when the fault lies in one.
        key: Option<Cow<'static, str>>,
        /// What is wrong and what to do.
        sentence: String,
    },
    /// It is encrypted with a key that only the phone and its friends have.
    #[error(
        "{0}: is encrypted, which Limes cannot read: empty the app's encryption key and let TLS protect the way"
    )]
    Encrypted(At),
    /// It holds more messages than one batch may.
    #[error("more than {limit} positions in one body: send them in several")]
    TooMany {
        /// The most there may be.
        limit: usize,
    },
}

impl From<PhoneError> for Problem {
    fn from(error: PhoneError) -> Self {
        let kind = match &error {
            PhoneError::Malformed { .. } => ProblemKind::Malformed,
            PhoneError::Encrypted(_) => ProblemKind::UnsupportedMedia,
            PhoneError::TooMany { .. } => ProblemKind::TooLarge,
        };
        let problem = Self::new(kind, error.to_string());
        let (at, key) = match error {
            PhoneError::Malformed { at, key, .. } => (at, key),
            PhoneError::Encrypted(at) => (at, Some(Cow::Borrowed(owntracks::TYPE))),
            PhoneError::TooMany { .. } => (At::Body, None),
        };
        let problem = match at {
            At::Body => problem,
            At::Line(line) => problem.at_line(line),
            At::Index(index) => problem.at_index(index),
        };
        match key {
            Some(key) => problem.at_key(key),
            None => problem,
        }
    }
}

/// A fault in one key: the key, and what is wrong and what to do, to stand after it.
type Fault = (&'static str, String);

fn missing(key: &'static str) -> Fault {
    (key, "is missing".to_owned())
}

/// The fault of a key as the error of a body.
fn malformed(at: At, (key, sentence): Fault) -> PhoneError {
    PhoneError::Malformed {
        at,
        key: Some(Cow::Borrowed(key)),
        sentence: format!("`{key}` {sentence}"),
    }
}

/// A time from a number of seconds or, above 10¹¹, of milliseconds since 1970: as seconds that would be the year 5138.
/// It is rounded to milliseconds.
fn seconds_or_millis(value: f64) -> Result<Timestamp, TimeFault> {
    const FIRST_MS: f64 = 100_000_000_000.0;
    if value < 0.0 {
        Err(TimeFault::TooEarly)
    } else if value < FIRST_MS {
        Ok(Timestamp::from_millis((value * 1_000.0).round() as i64))
    } else {
        from_millis(value as i64)
    }
}

/// A radius as the apps give it: zero is their word for unknown.
fn radius(metres: Option<f64>) -> Option<f64> {
    metres.filter(|metres| *metres != 0.0)
}

/// A speed, course or charge as the apps give it: a negative one is their word for unknown.
fn known(value: Option<f64>) -> Option<f64> {
    value.filter(|value| *value >= 0.0)
}

/// `+ 0.0` turns -0.0 into 0.0, so that equal places are equal bytes.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value + 0.0)
}

/// The device of this text; an empty one names none.
fn named_device(key: &'static str, text: &str) -> Result<Option<DeviceId>, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let device = DeviceId::parse(text);
    device.map(Some).map_err(|_| {
        let sentence = "is not 1 to 128 bytes of visible text: name the device in the app so";
        (key, sentence.to_owned())
    })
}
