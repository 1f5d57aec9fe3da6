//! What is measured: time, distance, position. Every quantity is checked where it enters the house.

use std::fmt;

/// A moment in UTC, in whole milliseconds since 1970-01-01T00:00:00Z (no leap seconds, as POSIX counts).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Why a text is not a [`Timestamp`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not an RFC 3339 time with a zone")]
pub struct TimestampError {
    /// The text as it came.
    pub value: String,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// From milliseconds since 1970.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Parses RFC 3339 with a zone, digits below a millisecond are cut off; and whatever [`fmt::Display`] writes, or ever
    /// wrote: a record must not become unreadable by its time.
    ///
    /// # Errors
    /// [`TimestampError`] when the text has no zone or is no time.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        let read = |text: &str| text.parse::<jiff::Timestamp>().ok();
        read(text)
            .or_else(|| read(&wide_year(text)?))
            .map(|at| Self(at.as_millisecond()))
            .or_else(|| Some(Self(text.strip_suffix(BEYOND_CALENDAR)?.parse().ok()?)))
            .ok_or_else(|| TimestampError {
                value: text.to_owned(),
            })
    }

    /// This moment moved by a span, which may be negative. Saturates at the ends of `i64`.
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// The span from `earlier` to this moment: negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

/// What follows the number of a moment that no calendar here reaches.
const BEYOND_CALENDAR: &str = " ms since 1970";

/// A year before 0 written with few digits, `-001-12-31T…`, as ISO 8601 has it: `-000001-12-31T…`.
fn wide_year(text: &str) -> Option<String> {
    let (year, rest) = text.strip_prefix('-')?.split_once('-')?;
    Some(format!("-{year:0>6}-{rest}"))
}

impl fmt::Display for Timestamp {
    /// `2027-03-16T11:33:17.000Z`: always UTC, always milliseconds. [`Timestamp::parse`] reads all that is written here.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => {
                let text = at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
                f.write_str(&wide_year(&text).unwrap_or(text))
            }
            Err(_) => write!(f, "{}{BEYOND_CALENDAR}", self.0),
        }
    }
}

/// A length of time in whole milliseconds; may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(i64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// From milliseconds.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// From whole seconds.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// From whole minutes.
    #[must_use]
    pub const fn from_minutes(minutes: i64) -> Self {
        Self::from_secs(minutes.saturating_mul(60))
    }

    /// From whole hours.
    #[must_use]
    pub const fn from_hours(hours: i64) -> Self {
        Self::from_minutes(hours.saturating_mul(60))
    }

    /// Milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Seconds, with the fraction.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1_000.0
    }
}

/// A distance in metres, kept in whole centimetres.
///
/// `sin` and `cos` may differ in their last bit between platforms; a distance is therefore rounded to centimetres
/// before it is compared or stored, so that every machine decides alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Metres(i32);

impl Metres {
    /// No distance.
    pub const ZERO: Self = Self(0);
    /// The largest: farther than any two places on Earth.
    pub const MOST: Self = Self(i32::MAX);

    /// Rounds to the nearest centimetre. A value that is not finite becomes the largest distance.
    #[must_use]
    pub fn new(metres: f64) -> Self {
        if metres.is_finite() {
            // A cast ends at the largest.
            Self::from_centimetres((metres * 100.0).round() as i64)
        } else {
            Self::MOST
        }
    }

    /// From centimetres; what is larger than [`Self::MOST`] becomes that.
    #[must_use]
    pub const fn from_centimetres(centimetres: i64) -> Self {
        if centimetres > i32::MAX as i64 {
            Self::MOST
        } else if centimetres < -(i32::MAX as i64) {
            Self(-i32::MAX)
        } else {
            Self(centimetres as i32)
        }
    }

    /// Centimetres.
    #[must_use]
    pub const fn as_centimetres(self) -> i64 {
        self.0 as i64
    }

    /// Metres.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

/// Why two numbers are not a [`Position`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "latitude {lat}, longitude {lon} is not a position: degrees from -90 to 90 and -180 to 180"
)]
pub struct PositionError {
    /// Latitude as it came, degrees.
    pub lat: f64,
    /// Longitude as it came, degrees.
    pub lon: f64,
}

/// A place on the WGS 84 ellipsoid, in degrees: finite and in range by construction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    lat: f64,
    lon: f64,
}

impl Position {
    /// From degrees north and degrees east.
    ///
    /// # Errors
    /// [`PositionError`] when a value is not finite, latitude is outside ±90 or longitude outside ±180.
    pub fn new(lat: f64, lon: f64) -> Result<Self, PositionError> {
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) {
            // `+ 0.0` turns -0.0 into 0.0, so that equal places are equal bytes.
            Ok(Self {
                lat: lat + 0.0,
                lon: lon + 0.0,
            })
        } else {
            Err(PositionError { lat, lon })
        }
    }

    /// Degrees north.
    #[must_use]
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east.
    #[must_use]
    pub const fn lon(self) -> f64 {
        self.lon
    }
}

const DAY_MS: i64 = 86_400_000;

/// A day of UTC, from midnight to midnight, counted from 1970-01-01.
///
/// Of the first day of something, such as a treaty in force: where the place's own midnight is earlier, the hours between
/// count as before the day, so that it is not yet in force. That is the strict reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day of a moment.
    #[must_use]
    pub const fn of(at: Timestamp) -> Self {
        Self(at.as_millis().div_euclid(DAY_MS))
    }

    /// Its first moment.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_mul(DAY_MS))
    }

    /// So many days later; earlier when negative.
    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Parses `2027-03-16`: a year of four digits, as everywhere outside.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let date: jiff::civil::Date = text.parse().ok().filter(|_| text.len() == 10)?;
        Some(Self(i64::from((date - FIRST_DAY).get_days())))
    }
}

/// The day that others are counted from.
const FIRST_DAY: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

impl fmt::Display for Day {
    /// `2027-03-16`; beyond the years of the calendar the count.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = jiff::Span::new()
            .try_days(self.0)
            .and_then(|days| FIRST_DAY.checked_add(days));
        match date {
            Ok(date) => date.fmt(f),
            Err(_) => write!(f, "{} days since 1970", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_time_before_the_year_0_is_read_as_it_was_written_by_earlier_versions() {
        let written = Timestamp::parse("-001-12-31T23:59:00.000Z").unwrap();
        assert_eq!(written.to_string(), "-000001-12-31T23:59:00.000Z");
        assert_eq!(Timestamp::parse(&written.to_string()), Ok(written));
    }

    proptest! {
        #[test]
        fn every_time_is_read_as_it_is_written(
            millis in prop_oneof![any::<i64>(), -400_000_000_000_000..400_000_000_000_000_i64]
        ) {
            let at = Timestamp::from_millis(millis);
            prop_assert_eq!(Timestamp::parse(&at.to_string()), Ok(at));
        }
    }
}
