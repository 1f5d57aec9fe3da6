//! Which fixes were admitted already: the same again is a duplicate, the same moment with other content a conflict.
//!
//! They are remembered by time, longer than the gate takes a late fix, ten bytes each: a unit heard every second for a
//! whole day takes about 1 MB. What is forgotten sooner, because a unit speaks with very many devices or very often,
//! is never admitted again: a fix from before that cannot be told from a repeat.

use super::fix::{Fix, Measured, ReportedFix};
use super::roomy::Roomy;
use super::window::KEPT;
use crate::domain::ids::SourceId;
use crate::domain::measure::{Span, Timestamp};
use std::collections::VecDeque;

/// Devices remembered per unit; of more, the one that is longest silent is forgotten.
const DEVICES_MOST: usize = 16;
/// Fixes remembered per unit, over all its devices: more than five a second for as long as they are kept.
const FIXES_MOST: usize = 500_000;
const MINUTE_MS: i64 = 60_000;

/// What is known of a fix that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing.
    New,
    /// The same was admitted.
    Same,
    /// At that moment another one of this device was admitted.
    Other,
    /// Nothing any more: whether it was admitted cannot be said.
    Forgotten,
}

/// An admitted fix: its device time, and a digest of its content. In words of two bytes, so that none is lost between
/// two entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    /// Milliseconds since 1970, from the highest word to the lowest: times within 4,459 years of it.
    at: [u16; 3],
    content: [u16; 2],
}

/// Times are kept as words of a whole number: this is 1970.
const EPOCH: i64 = 1 << 47;

impl Entry {
    fn new(at: Timestamp, digest: u64) -> Self {
        let at = within_words(at) + EPOCH;
        let short = digest ^ (digest >> 32);
        Self {
            at: [(at >> 32) as u16, (at >> 16) as u16, at as u16],
            content: [(short >> 16) as u16, short as u16],
        }
    }

    fn at_ms(self) -> i64 {
        let [high, middle, low] = self.at.map(i64::from);
        (high << 32 | middle << 16 | low) - EPOCH
    }

    fn minute(self) -> i64 {
        self.at_ms().div_euclid(MINUTE_MS)
    }
}

/// Milliseconds since 1970, as near as words can tell them.
fn within_words(at: Timestamp) -> i64 {
    at.as_millis().clamp(-EPOCH, EPOCH - 1)
}

fn minute(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(MINUTE_MS)
}

/// The admitted fixes of one unit, by device and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Admitted {
    devices: Vec<Device>,
    /// How many are remembered.
    kept: usize,
    /// How many there were, ever.
    count: u64,
    /// The first minute from which a device that is not remembered was never heard.
    from: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Device {
    source: SourceId,
    /// The first minute of which all is remembered.
    from: i64,
    /// Sorted by time.
    fixes: VecDeque<Entry>,
}

impl Default for Admitted {
    fn default() -> Self {
        Self {
            devices: Vec::new(),
            kept: 0,
            count: 0,
            from: i64::MIN,
        }
    }
}

impl Device {
    /// Where a fix of that moment is, or belongs.
    fn place(&self, at: Timestamp) -> Result<usize, usize> {
        let at_ms = within_words(at);
        match self.fixes.back() {
            Some(newest) if newest.at_ms() < at_ms => Err(self.fixes.len()),
            _ => self.fixes.binary_search_by_key(&at_ms, |of| of.at_ms()),
        }
    }

    fn find(&self, at: Timestamp) -> Option<&Entry> {
        self.fixes.get(self.place(at).ok()?)
    }

    /// Whether it was new.
    fn insert(&mut self, at: Timestamp, digest: u64) -> bool {
        let place = self.place(at);
        if let Err(index) = place {
            self.fixes.make_room();
            self.fixes.insert(index, Entry::new(at, digest));
        }
        place.is_err()
    }

    /// Forgets all before a minute; says how many that were.
    fn forget_before(&mut self, minute: i64) -> usize {
        self.from = self.from.max(minute);
        let forgotten = self.fixes.partition_point(|of| of.minute() < minute);
        self.fixes.drain(..forgotten);
        forgotten
    }

    fn first_minute(&self) -> i64 {
        self.fixes.front().map_or(i64::MAX, |of| of.minute())
    }

    fn last_minute(&self) -> i64 {
        self.fixes.back().map_or(i64::MIN, |of| of.minute())
    }
}

impl Admitted {
    /// How many fixes were admitted, ever.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn knows(&self, fix: &ReportedFix) -> Known {
        let device = self.devices.iter().find(|d| d.source == fix.source);
        let content = || Entry::new(fix.fixed_at, digest(fix.lat, fix.lon, &fix.measured));
        match device.and_then(|device| device.find(fix.fixed_at)) {
            Some(known) if *known == content() => Known::Same,
            Some(_) => Known::Other,
            None if minute(fix.fixed_at) < device.map_or(self.from, |device| device.from) => {
                Known::Forgotten
            }
            None => Known::New,
        }
    }

    /// As many as were remembered, without knowing which: see [`Self::recall`].
    pub(super) fn remembered(count: u64) -> Self {
        Self {
            count,
            ..Self::default()
        }
    }

    pub(super) fn note(&mut self, fix: &Fix) {
        self.count += 1;
        self.recall(fix);
    }

    /// Takes in a fix that was counted already.
    pub(super) fn recall(&mut self, fix: &Fix) {
        let (lat, lon) = (fix.position.lat(), fix.position.lon());
        let device = self.device(&fix.source);
        if device.insert(fix.fixed_at, digest(lat, lon, &fix.measured)) {
            self.kept += 1;
        }
        let back = Span::from_millis(-KEPT.as_millis());
        self.forget_before(minute(fix.received_at.plus(back)));
        while self.kept > FIXES_MOST {
            self.forget_oldest_minute();
        }
    }

    /// The device of this name; a new one when it is not remembered.
    fn device(&mut self, source: &SourceId) -> &mut Device {
        let known = self.devices.iter().position(|d| d.source == *source);
        let index = known.unwrap_or_else(|| {
            let from = self.from;
            if self.devices.len() == DEVICES_MOST {
                self.forget_most_silent();
            }
            // Nearly every unit has one.
            self.devices.reserve_exact(1);
            self.devices.push(Device {
                source: source.clone(),
                from,
                fixes: VecDeque::new(),
            });
            self.devices.len() - 1
        });
        &mut self.devices[index]
    }

    fn forget_most_silent(&mut self) {
        let silent = (0..self.devices.len()).min_by_key(|i| self.devices[*i].last_minute());
        if let Some(index) = silent {
            let mut device = self.devices.remove(index);
            self.from = self.from.max(device.last_minute().saturating_add(1));
            self.kept -= device.forget_before(i64::MAX);
        }
    }

    fn forget_before(&mut self, minute: i64) {
        if minute <= self.from && self.devices.iter().all(|device| minute <= device.from) {
            return;
        }
        self.from = self.from.max(minute);
        for device in &mut self.devices {
            self.kept -= device.forget_before(minute);
        }
        self.devices.retain(|device| !device.fixes.is_empty());
    }

    fn forget_oldest_minute(&mut self) {
        let oldest = self.devices.iter_mut().min_by_key(|d| d.first_minute());
        if let Some(device) = oldest {
            let end = device.first_minute().saturating_add(1);
            self.kept -= device.forget_before(end);
        }
    }
}

/// A digest (FNV-1a) of what a fix says beside its key.
pub(super) fn digest(lat: f64, lon: f64, measured: &Measured) -> u64 {
    let Measured {
        accuracy_m,
        speed_mps,
        course_deg,
        altitude_m,
        battery_pct,
    } = *measured;
    // `+ 0.0` turns -0.0 into 0.0, as a position does.
    let optional = |value: Option<f64>| value.map_or(u64::MAX, |value| (value + 0.0).to_bits());
    [
        (lat + 0.0).to_bits(),
        (lon + 0.0).to_bits(),
        optional(accuracy_m),
        optional(speed_mps),
        optional(course_deg),
        optional(altitude_m),
        optional(battery_pct),
    ]
    .into_iter()
    .fold(0xcbf2_9ce4_8422_2325, |hash: u64, word| {
        let mixed = (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3);
        mixed ^ (mixed >> 29)
    })
}

/// A digest (FNV-1a) of a device's name: it orders two fixes of one moment.
pub(super) fn device_digest(source: &SourceId) -> u32 {
    source
        .as_str()
        .bytes()
        .fold(0x811c_9dc5, |hash: u32, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
}
