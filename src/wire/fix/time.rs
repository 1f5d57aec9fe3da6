//! The times of a fix: exactly RFC 3339 with a zone, or whole milliseconds since 1970.

use crate::domain::measure::Timestamp;

/// The last millisecond that can be written as RFC 3339 and read again: 9999-12-30T22:00:00.999Z.
const LAST_MS: i64 = 253_402_207_200_999;
/// The first millisecond that is taken as text: 1969-12-31T00:00:00Z. A device that woke up without a time says 1970 in
/// its own zone; that is kept apart as too old. What lies before is no time of a device.
const EARLIEST_MS: i64 = -MS_PER_DAY;
/// Whole numbers below this are taken for seconds: as milliseconds they would lie before March 1973.
const FIRST_MS: i64 = 100_000_000_000;
const MS_PER_DAY: i64 = 86_400_000;

/// Why something is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeFault {
    /// A date and a time, but no zone.
    NoZone,
    /// No RFC 3339 time.
    NotATime,
    /// A number too small for milliseconds.
    Seconds,
    /// A time before 1970 in every zone.
    TooEarly,
    /// A time after the year 9999.
    TooLate,
}

impl TimeFault {
    /// What is wrong and what to do, to stand after the key.
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::NoZone => "has no zone: end it with Z or an offset like +02:00",
            Self::NotATime => {
                "is not an RFC 3339 time with a zone: write it like 2027-03-16T11:33:17.250Z, or as whole milliseconds since 1970"
            }
            Self::Seconds => {
                "is too small for milliseconds since 1970 (seconds?): multiply it by 1000"
            }
            Self::TooEarly => "lies before 1970: set the device's clock",
            Self::TooLate => {
                "lies after the year 9999 (microseconds?): write milliseconds since 1970"
            }
        }
    }
}

/// A time from whole milliseconds since 1970.
pub(crate) const fn from_millis(millis: i64) -> Result<Timestamp, TimeFault> {
    if millis < FIRST_MS {
        Err(TimeFault::Seconds)
    } else if millis > LAST_MS {
        Err(TimeFault::TooLate)
    } else {
        Ok(Timestamp::from_millis(millis))
    }
}

/// A time from RFC 3339 with a zone. Digits below a millisecond are cut off; second 60 counts as second 59.
pub(crate) fn parse_time(text: &str) -> Result<Timestamp, TimeFault> {
    let bytes = text.as_bytes();
    let (date_and_time, rest) = bytes.split_at_checked(19).ok_or(TimeFault::NotATime)?;
    let seconds = seconds_since_1970(date_and_time).ok_or(TimeFault::NotATime)?;
    let (millis, zone) = fraction(rest).ok_or(TimeFault::NotATime)?;
    let offset_minutes = match zone {
        [] => return Err(TimeFault::NoZone),
        [b'Z' | b'z'] => 0,
        _ => offset_minutes(zone).ok_or(TimeFault::NotATime)?,
    };
    let at = (seconds - offset_minutes * 60) * 1_000 + millis;
    match at {
        ..EARLIEST_MS => Err(TimeFault::TooEarly),
        EARLIEST_MS..=LAST_MS => Ok(Timestamp::from_millis(at)),
        _ => Err(TimeFault::TooLate),
    }
}

/// `2027-03-16T11:33:17`, as if its zone were UTC.
fn seconds_since_1970(text: &[u8]) -> Option<i64> {
    let separators = text[4] == b'-'
        && text[7] == b'-'
        && matches!(text[10], b'T' | b't' | b' ')
        && text[13] == b':'
        && text[16] == b':';
    if !separators {
        return None;
    }
    let year = number(&text[..4])?;
    let month = number(&text[5..7])?;
    let day = number(&text[8..10])?;
    let hour = number(&text[11..13])?;
    let minute = number(&text[14..16])?;
    let second = number(&text[17..19])?;
    let in_range = (1..=12).contains(&month)
        && (1..=days_of_month(year, month)).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 60;
    in_range.then(|| {
        days_since_1970(year, month, day) * (MS_PER_DAY / 1_000)
            + hour * 3_600
            + minute * 60
            + second.min(59)
    })
}

/// Milliseconds of `.250…`, and what follows the digits.
fn fraction(rest: &[u8]) -> Option<(i64, &[u8])> {
    let Some((b'.', digits)) = rest.split_first() else {
        return Some((0, rest));
    };
    let count = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    if count == 0 {
        return None;
    }
    let millis = digits[..count]
        .iter()
        .copied()
        .chain(std::iter::repeat(b'0'))
        .take(3)
        .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    Some((millis, &digits[count..]))
}

/// Minutes of `+02:00`.
fn offset_minutes(zone: &[u8]) -> Option<i64> {
    let [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] = zone else {
        return None;
    };
    let hours = number(&[*h1, *h2]).filter(|hours| *hours <= 23)?;
    let minutes = number(&[*m1, *m2]).filter(|minutes| *minutes <= 59)?;
    let offset = hours * 60 + minutes;
    Some(if *sign == b'-' { -offset } else { offset })
}

/// The midnight that begins a day in UTC, in milliseconds since 1970; `None` for what is no day of the years 0 to 9999.
pub(crate) fn from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_day = (0..=9_999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_of_month(year, month)).contains(&day);
    is_day.then(|| days_since_1970(year, month, day) * MS_PER_DAY)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, digit| {
        digit
            .is_ascii_digit()
            .then(|| sum * 10 + i64::from(digit - b'0'))
    })
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the Gregorian calendar, for years from 0 to 9999.
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    const DAYS_BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    // Leap days of the years before this one; year 0 is a leap year.
    let leap_days = if year == 0 {
        0
    } else {
        let before = year - 1;
        before / 4 - before / 100 + before / 400 + 1
    };
    let leap_day_of_this_year = if month > 2 && is_leap(year) { 1 } else { 0 };
    let days_since_year_0 = year * 365
        + leap_days
        + DAYS_BEFORE_MONTH[(month - 1) as usize]
        + leap_day_of_this_year
        + (day - 1);
    // 1970-01-01 is day 719,528 of the calendar that begins with 0000-01-01.
    days_since_year_0 - 719_528
}
