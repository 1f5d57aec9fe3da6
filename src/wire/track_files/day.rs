//! The day of recorders that write times of day: NMEA and IGC give the date apart from the time.

use crate::domain::measure::Timestamp;
use crate::wire::fix::from_civil;

const MS_PER_HOUR: i64 = 3_600_000;
const MS_PER_DAY: i64 = 24 * MS_PER_HOUR;

/// The day that times of day belong to.
#[derive(Debug, Default)]
pub(super) struct Day {
    // The midnight that the newest time counts from, milliseconds since 1970.
    midnight: Option<i64>,
    // The newest time of day, milliseconds.
    newest: Option<i64>,
}

impl Day {
    /// Takes a date in six digits, day, month, year; years from 80 on are those before 2000, when GPS began.
    pub(super) fn set(&mut self, digits: &[u8]) -> Option<()> {
        let [day, month, year] = pairs(digits)?;
        let year = if year >= 80 { 1900 + year } else { 2000 + year };
        self.midnight = Some(from_civil(year, month, day)?);
        self.newest = None;
        Some(())
    }

    /// The moment of a time of day; `None` while no date is known. A time that lies more than half a day before the one
    /// before it is of the next day; one that then lies 23 hours after it has come late, from before midnight.
    pub(super) fn at(&mut self, time: i64) -> Option<Timestamp> {
        let midnight = self.midnight?;
        let ahead = time - self.newest.unwrap_or(time);
        let of = if ahead < -12 * MS_PER_HOUR {
            self.midnight = Some(midnight + MS_PER_DAY);
            midnight + MS_PER_DAY
        } else if ahead > 23 * MS_PER_HOUR {
            return Some(Timestamp::from_millis(midnight - MS_PER_DAY + time));
        } else {
            midnight
        };
        self.newest = Some(time);
        Some(Timestamp::from_millis(of + time))
    }
}

/// A time of day in six digits, hour, minute, second, in milliseconds. Second 60 counts as second 59.
pub(super) fn time_of_day(digits: &[u8]) -> Option<i64> {
    let [hour, minute, second] = pairs(digits)?;
    let in_range = hour <= 23 && minute <= 59 && second <= 60;
    in_range.then(|| ((hour * 60 + minute) * 60 + second.min(59)) * 1_000)
}

/// Three numbers of two digits each.
fn pairs(digits: &[u8]) -> Option<[i64; 3]> {
    let digits: &[u8; 6] = digits.try_into().ok()?;
    let number = |at: usize| number(&digits[at..at + 2]);
    Some([number(0)?, number(2)?, number(4)?])
}

/// A number of digits alone.
pub(super) fn number(digits: &[u8]) -> Option<i64> {
    let fits = (1..=15).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let number = digits
        .iter()
        .fold(0, |sum, digit| sum * 10 + i64::from(digit & 0x0f));
    fits.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(day: &mut Day, time: &str) -> String {
        let time = time_of_day(time.as_bytes()).unwrap();
        day.at(time).unwrap().to_string()
    }

    #[test]
    fn a_time_before_its_predecessor_is_of_the_next_day_only_over_midnight() {
        let mut day = Day::default();
        assert_eq!(day.at(0), None);
        day.set(b"311227").unwrap();
        assert_eq!(moment(&mut day, "235958"), "2027-12-31T23:59:58.000Z");
        // Out of order, but not over midnight.
        assert_eq!(moment(&mut day, "235900"), "2027-12-31T23:59:00.000Z");
        assert_eq!(moment(&mut day, "000001"), "2028-01-01T00:00:01.000Z");
        // From before midnight, and late.
        assert_eq!(moment(&mut day, "235959"), "2027-12-31T23:59:59.000Z");
        assert_eq!(moment(&mut day, "000002"), "2028-01-01T00:00:02.000Z");
        assert_eq!(moment(&mut day, "190000"), "2028-01-01T19:00:00.000Z");
        assert_eq!(moment(&mut day, "010000"), "2028-01-02T01:00:00.000Z");
    }

    #[test]
    fn what_is_no_date_or_time_is_none() {
        let mut day = Day::default();
        for wrong in [
            "", "310227", "320127", "011327", "1127", "0101270", "01a127",
        ] {
            assert_eq!(day.set(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(day.set(b"060180"), Some(()));
        assert_eq!(moment(&mut day, "000000"), "1980-01-06T00:00:00.000Z");
        for wrong in ["240000", "006000", "000061", "0000", "+10000"] {
            assert_eq!(time_of_day(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(time_of_day(b"235960"), time_of_day(b"235959"));
    }
}
