//! Who sends: each sender has units of its own, and posts one second of all of them at once.

use crate::fleet::{self, Mix, Way};
use crate::house;
use limes::domain::borders::Atlas;
use std::fmt::Write as _;

/// How many send at once.
pub(crate) const SENDERS: usize = 4;
/// Fixes in one request or message: one of each of a sender's units.
pub(crate) const BATCH: usize = house::UNITS / SENDERS;
/// Sent fixes begin this long ago: a backlog of recorded seconds.
const BEFORE_MS: i64 = 12 * 3_600 * 1_000;

/// One sender.
pub(crate) struct Sender {
    units: Vec<(String, Way)>,
    begins_ms: i64,
    second: u32,
}

/// How a batch is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One object a line.
    Lines,
    /// An array.
    Array,
}

/// The senders: of twenty units one is near a frontier, one goes to and fro over it.
pub(crate) fn senders(atlas: &Atlas) -> Vec<Sender> {
    let mix = Mix { near: 1, across: 1 };
    let ways = fleet::fleet(atlas, mix, house::UNITS, 20_260_105);
    let begins_ms = limes::service::app::real_now().as_millis() - BEFORE_MS;
    let units: Vec<(String, Way)> = ways
        .into_iter()
        .enumerate()
        .map(|(index, way)| (house::unit(index), way))
        .collect();
    units
        .chunks(BATCH)
        .map(|units| Sender {
            units: units.to_vec(),
            begins_ms,
            second: 0,
        })
        .collect()
}

impl Sender {
    /// The next second of all its units.
    pub(crate) fn batch(&mut self, form: Form) -> String {
        let at = self.begins_ms + i64::from(self.second) * 1_000;
        let mut body = String::with_capacity(BATCH * 150);
        for (unit, way) in &self.units {
            let comma = match form {
                Form::Lines => "",
                Form::Array if body.is_empty() => "[",
                Form::Array => ",",
            };
            body.push_str(comma);
            write_fix(&mut body, unit, at, way, self.second);
            if form == Form::Lines {
                body.push('\n');
            }
        }
        if form == Form::Array {
            body.push(']');
        }
        self.second += 1;
        body
    }
}

/// One fix as a phone writes it.
pub(crate) fn write_fix(body: &mut String, unit: &str, at_ms: i64, way: &Way, second: u32) {
    let spot = way.at(second);
    // Writing to a string does not fail.
    let _ = write!(
        body,
        r#"{{"unit":"{unit}","fixed_at":{at_ms},"lat":{},"lon":{},"accuracy_m":{},"speed_mps":{},"course_deg":{}}}"#,
        spot.lat, spot.lon, spot.accuracy_m, spot.speed_mps, spot.course_deg
    );
}
