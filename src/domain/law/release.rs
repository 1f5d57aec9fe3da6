//! Until when is a person who was arrested abroad released? Hours that leave out the night, in the place's own time
//! (Art. 41(6) of the Schengen Convention).

use super::rulebook::register::ConventionPursuit;
use crate::domain::measure::{Span, Timestamp};
use jiff::civil::Time;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// A period of which the hours of the night do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaytimeHours {
    /// How long it is.
    hours: u32,
    /// From when in the day no time counts; this minute is the first that does not.
    night_from: Time,
    /// From when it counts again; this minute is the first that does.
    night_to: Time,
}

impl DaytimeHours {
    /// What the rules say of the Convention: `None` when they do not hold the hours and both ends of the night, or a night
    /// that does not end later in the day than it begins.
    #[must_use]
    pub fn of(convention: &ConventionPursuit) -> Option<Self> {
        let read = |text: &Option<std::sync::Arc<str>>| text.as_deref().and_then(time_of_day);
        let hours = Self {
            hours: convention.release_hours?,
            night_from: read(&convention.release_excluded_from)?,
            night_to: read(&convention.release_excluded_to)?,
        };
        (hours.night_from < hours.night_to).then_some(hours)
    }

    /// `6 h, 00:00 to 09:00 not counted`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let (from, to) = (
            self.night_from.strftime("%H:%M"),
            self.night_to.strftime("%H:%M"),
        );
        format!("{} h, {from} to {to} not counted", self.hours)
    }

    /// The moment at which the hours are used up, counted from `start` by the clocks on the wall of a zone. Real time is
    /// counted: where the clocks change by day, the hour that is repeated counts twice and the one left out not at all.
    ///
    /// Exactly on the end of the night the time counts; a period that is used up exactly as the night begins ends there.
    /// `None` beyond the calendar.
    #[must_use]
    pub fn end(&self, start: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut at = jiff::Timestamp::from_millisecond(start.as_millis()).ok()?;
        let mut left = Span::from_hours(i64::from(self.hours)).as_millis();
        // A day leaves at least a minute that counts: a period of hours is over within so many days.
        for _ in 0..=self.hours.saturating_mul(60) {
            let wall = at.to_zoned(zone.clone());
            let day = wall.date();
            if wall.time() >= self.night_from && wall.time() < self.night_to {
                at = instant(day.to_datetime(self.night_to), zone)?;
                continue;
            }
            let night_of = if wall.time() < self.night_from {
                day
            } else {
                day.tomorrow().ok()?
            };
            let night = instant(night_of.to_datetime(self.night_from), zone)?;
            let counts = night.as_millisecond() - at.as_millisecond();
            if left <= counts {
                return Some(Timestamp::from_millis(at.as_millisecond() + left));
            }
            left -= counts;
            at = night;
        }
        None
    }
}

/// A zone by its name in the IANA database; `None` for a name that is in it not.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// `09:00`.
#[must_use]
pub fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let plain = |digits: &str| digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
    let two = |digits: &str| plain(digits).then(|| digits.parse().ok()).flatten();
    Time::new(two(hour)?, two(minute)?, 0, 0).ok()
}

/// The moment of a time on the wall. Where the clocks jump over it the jump counts; of one that comes twice, the first.
fn instant(wall: jiff::civil::DateTime, zone: &TimeZone) -> Option<jiff::Timestamp> {
    zone.to_ambiguous_timestamp(wall).compatible().ok()
}

#[cfg(test)]
mod tests {
    use super::{DaytimeHours, time_of_day, zone};
    use crate::domain::law::rulebook::register::ConventionPursuit;
    use crate::domain::measure::Timestamp;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    fn six_hours() -> DaytimeHours {
        DaytimeHours::of(&ConventionPursuit {
            release_hours: Some(6),
            release_excluded_from: Some("00:00".into()),
            release_excluded_to: Some("09:00".into()),
            ..ConventionPursuit::default()
        })
        .expect("complete")
    }

    fn on_the_wall(zone: &TimeZone, wall: &str) -> Timestamp {
        let wall: jiff::civil::DateTime = wall.parse().expect("a time on the wall");
        let at = zone
            .to_ambiguous_timestamp(wall)
            .compatible()
            .expect("a moment");
        Timestamp::from_millis(at.as_millisecond())
    }

    fn ends(zone: &TimeZone, wall: &str) -> String {
        let end = six_hours()
            .end(on_the_wall(zone, wall), zone)
            .expect("an end");
        let end = jiff::Timestamp::from_millisecond(end.as_millis()).expect("a moment");
        end.to_zoned(zone.clone())
            .strftime("%Y-%m-%dT%H:%M")
            .to_string()
    }

    #[test]
    fn a_night_is_left_out_as_art_41_6_says() {
        for name in [
            "Europe/Bucharest",
            "Europe/Budapest",
            "Europe/Lisbon",
            "Europe/Helsinki",
        ] {
            let zone = zone(name).expect("in the database");
            for (held, released) in [
                ("2027-03-16T17:00", "2027-03-16T23:00"),
                ("2027-03-16T18:00", "2027-03-17T00:00"),
                ("2027-03-16T18:30", "2027-03-17T09:30"),
                ("2027-03-16T22:00", "2027-03-17T13:00"),
                ("2027-03-16T00:00", "2027-03-16T15:00"),
                ("2027-03-16T03:00", "2027-03-16T15:00"),
                ("2027-03-16T08:59", "2027-03-16T15:00"),
                ("2027-03-16T09:00", "2027-03-16T15:00"),
            ] {
                assert_eq!(ends(&zone, held), released, "{name}, held at {held}");
            }
        }
    }

    #[test]
    fn both_nights_of_2027_in_which_the_clocks_change_read_the_same_on_the_wall() {
        for name in ["Europe/Bucharest", "Europe/Paris", "Europe/Lisbon"] {
            let zone = zone(name).expect("in the database");
            for (evening, morning) in [("2027-03-27", "2027-03-28"), ("2027-10-30", "2027-10-31")] {
                for (held, released) in [("18:30", "09:30"), ("22:00", "13:00"), ("23:59", "14:59")]
                {
                    assert_eq!(
                        ends(&zone, &format!("{evening}T{held}")),
                        format!("{morning}T{released}"),
                        "{name}"
                    );
                }
                assert_eq!(
                    ends(&zone, &format!("{morning}T02:30")),
                    format!("{morning}T15:00"),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn the_length_of_a_night_of_change_is_real_time() {
        let zone = zone("Europe/Bucharest").expect("in the database");
        let hours = |held: &str| {
            let start = on_the_wall(&zone, held);
            let end = six_hours().end(start, &zone).expect("an end");
            end.since(start).as_millis() / 60_000
        };
        assert_eq!(hours("2027-03-16T22:00"), 15 * 60);
        assert_eq!(
            hours("2027-03-27T22:00"),
            14 * 60,
            "an hour of the night is left out"
        );
        assert_eq!(
            hours("2027-10-30T22:00"),
            16 * 60,
            "an hour of the night comes twice"
        );
    }

    #[test]
    fn rules_that_lack_an_hour_give_none() {
        let whole = ConventionPursuit {
            release_hours: Some(6),
            release_excluded_from: Some("00:00".into()),
            release_excluded_to: Some("09:00".into()),
            ..ConventionPursuit::default()
        };
        assert!(DaytimeHours::of(&whole).is_some());
        for broken in [
            ConventionPursuit {
                release_hours: None,
                ..whole.clone()
            },
            ConventionPursuit {
                release_excluded_from: None,
                ..whole.clone()
            },
            ConventionPursuit {
                release_excluded_to: Some("24:00".into()),
                ..whole.clone()
            },
            ConventionPursuit {
                release_excluded_from: Some("09:00".into()),
                ..whole.clone()
            },
        ] {
            assert_eq!(DaytimeHours::of(&broken), None, "{broken:?}");
        }
        for text in ["9:00", "09:60", "0900", "+9:00", ""] {
            assert_eq!(time_of_day(text), None, "{text}");
        }
        assert!(zone("Europe/Arad").is_none());
    }

    proptest! {
        /// Against a count minute by minute of what the clocks on the wall show.
        #[test]
        fn the_end_is_that_of_counting_every_minute(minute in 0_i64..2 * 366 * 24 * 60, place in 0_usize..4) {
            let zone = zone(["Europe/Bucharest", "Europe/Madrid", "Europe/London", "Europe/Tallinn"][place])
                .expect("in the database");
            let start = on_the_wall(&TimeZone::UTC, "2027-01-01T00:00").as_millis() + minute * 60_000;
            let (mut at, mut counted) = (start, 0);
            while counted < 6 * 60 {
                let wall = jiff::Timestamp::from_millisecond(at).expect("a moment").to_zoned(zone.clone());
                counted += i64::from(wall.hour() >= 9);
                at += 60_000;
            }
            prop_assert_eq!(six_hours().end(Timestamp::from_millis(start), &zone), Some(Timestamp::from_millis(at)));
        }
    }
}
