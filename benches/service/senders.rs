//! Who sends: each sender has units of its own, and posts a few seconds of some of them at once.

use crate::fleet::{self, Mix, Way};
use crate::house;
use limes::domain::borders::Atlas;
use std::fmt::Write as _;

/// How many send at once.
pub(crate) const SENDERS: usize = 4;
/// Fixes in one request or message.
pub(crate) const BATCH: usize = 1_000;
/// Sent fixes begin this long ago: a backlog of recorded seconds.
const BEFORE_MS: i64 = 12 * 3_600 * 1_000;

/// One sender.
pub(crate) struct Sender {
    units: Vec<Unit>,
    next: usize,
    begins_ms: i64,
}

/// A unit, its way, and how far it has come.
#[derive(Clone)]
struct Unit {
    id: String,
    way: Way,
    second: u32,
}

/// Fixes of one unit in one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// One of each: a gateway that passes on what 1,000 units send.
    One,
    /// Fifty of each of twenty: units that were out of reach for a while.
    Fifty,
}

impl Depth {
    /// The fixes.
    pub(crate) const fn fixes(self) -> usize {
        match self {
            Self::One => 1,
            Self::Fifty => 50,
        }
    }
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
    let unit = |(index, way)| Unit {
        id: house::unit(index),
        way,
        second: 0,
    };
    let units: Vec<Unit> = ways.into_iter().enumerate().map(unit).collect();
    units
        .chunks(house::UNITS / SENDERS)
        .map(|units| Sender {
            units: units.to_vec(),
            next: 0,
            begins_ms,
        })
        .collect()
}

impl Sender {
    /// The next batch: of one unit after the other the next seconds.
    pub(crate) fn batch(&mut self, form: Form, depth: Depth) -> String {
        let mut body = String::with_capacity(BATCH * 150);
        for _ in 0..BATCH / depth.fixes() {
            let unit = &mut self.units[self.next];
            for _ in 0..depth.fixes() {
                let at = self.begins_ms + i64::from(unit.second) * 1_000;
                let before = match form {
                    Form::Lines => "",
                    Form::Array if body.is_empty() => "[",
                    Form::Array => ",",
                };
                body.push_str(before);
                write_fix(&mut body, &unit.id, at, &unit.way, unit.second);
                if form == Form::Lines {
                    body.push('\n');
                }
                unit.second += 1;
            }
            self.next = (self.next + 1) % self.units.len();
        }
        if form == Form::Array {
            body.push(']');
        }
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
