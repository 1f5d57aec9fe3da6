//! When each recorded fix is posted, and the time it then carries.

use super::load::{Recorded, Recording};
use crate::domain::measure::{Span, Timestamp};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

/// How fast a recording is posted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Speed {
    /// So many times as fast as it was recorded.
    Times(f64),
    /// As fast as it goes.
    Max,
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "max" {
            return Ok(Self::Max);
        }
        match text.parse::<f64>() {
            Ok(times) if (0.001..=100_000.0).contains(&times) => Ok(Self::Times(times)),
            Ok(_) | Err(_) => Err("give a factor from 0.001 to 100000, or max".to_owned()),
        }
    }
}

/// How recorded times become times of posting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Schedule {
    pub(super) speed: Speed,
    pub(super) keep_times: bool,
}

impl Schedule {
    /// How long after the start a fix that arrives at `arrives` is posted.
    pub(super) fn due(self, recording: &Recording, arrives: Timestamp) -> Duration {
        let after = arrives.since(recording.begins()).as_secs_f64().max(0.0);
        match self.speed {
            Speed::Times(times) => {
                Duration::try_from_secs_f64(after / times).unwrap_or(Duration::MAX)
            }
            Speed::Max => Duration::ZERO,
        }
    }

    /// The device times with which the fixes are posted, in their order, when the posting starts at `start`. However much
    /// faster it goes, two recorded times of one device stay two: they lie at least a millisecond apart.
    pub(super) fn device_times(self, recording: &Recording, start: Timestamp) -> Vec<Timestamp> {
        let mut devices: BTreeMap<_, BTreeMap<Timestamp, Timestamp>> = BTreeMap::new();
        for recorded in &recording.fixes {
            let times = devices
                .entry((&recorded.unit, &recorded.fix.source))
                .or_default();
            let at = recorded.fix.fixed_at;
            times.insert(at, self.fixed_at(recording, at, start));
        }
        for times in devices.values_mut() {
            let mut least = None;
            for posted in times.values_mut() {
                *posted = least.map_or(*posted, |least| (*posted).max(least));
                least = Some(posted.plus(Span::from_millis(1)));
            }
        }
        let of = |recorded: &Recorded| {
            let device = (&recorded.unit, &recorded.fix.source);
            devices[&device][&recorded.fix.fixed_at]
        };
        recording.fixes.iter().map(of).collect()
    }

    /// The device time with which a fix is posted, when the posting starts at `start`. Each fix falls on the moment it
    /// is posted; as fast as it goes, the recording is a backlog that ends now, with its own spacing.
    pub(super) fn fixed_at(
        self,
        recording: &Recording,
        fixed_at: Timestamp,
        start: Timestamp,
    ) -> Timestamp {
        if self.keep_times {
            return fixed_at;
        }
        match self.speed {
            Speed::Times(times) => {
                let after = fixed_at.since(recording.begins()).as_millis() as f64 / times;
                start.plus(Span::from_millis(after.round() as i64))
            }
            Speed::Max => fixed_at.plus(start.since(recording.ends())),
        }
    }
}
