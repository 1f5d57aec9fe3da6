//! Which fixes were admitted already: the same again is a duplicate, the same moment with other content a conflict.
//!
//! They are remembered by time, longer than the gate takes a late fix, six bytes each: a unit heard every second for a
//! whole day takes about 0.6 MB. What is forgotten sooner, because a unit speaks with very many devices or very often,
//! is never admitted again: a fix from before that cannot be told from a repeat.

use super::fix::{Fix, Measured, ReportedFix};
use super::window::KEPT;
use crate::domain::ids::SourceId;
use crate::domain::measure::{Span, Timestamp};
use std::collections::BTreeMap;

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

/// A minute since 1970, and a millisecond of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    minute: i64,
    millis: u16,
}

impl Place {
    fn of(at: Timestamp) -> Self {
        Self {
            minute: at.as_millis().div_euclid(MINUTE_MS),
            // Below 60,000.
            millis: at.as_millis().rem_euclid(MINUTE_MS) as u16,
        }
    }
}

/// Millisecond of its minute, and a digest of the content in two halves: six bytes.
type Entry = [u16; 3];

fn entry(place: Place, digest: u64) -> Entry {
    let short = (digest ^ (digest >> 32)) as u32;
    [place.millis, (short >> 16) as u16, short as u16]
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
    minutes: BTreeMap<i64, Vec<Entry>>,
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
    fn find(&self, place: Place) -> Option<&Entry> {
        let minute = self.minutes.get(&place.minute)?;
        let index = minute.binary_search_by_key(&place.millis, |entry| entry[0]);
        index.ok().map(|index| &minute[index])
    }

    /// Whether it was new.
    fn insert(&mut self, place: Place, digest: u64) -> bool {
        let minute = self.minutes.entry(place.minute).or_default();
        let index = minute.binary_search_by_key(&place.millis, |entry| entry[0]);
        if let Err(index) = index {
            minute.insert(index, entry(place, digest));
        }
        index.is_err()
    }

    /// Forgets all before a minute; says how many that were.
    fn forget_before(&mut self, minute: i64) -> usize {
        self.from = self.from.max(minute);
        let mut forgotten = 0;
        while let Some(first) = self.minutes.first_entry().filter(|of| *of.key() < minute) {
            forgotten += first.remove().len();
        }
        forgotten
    }

    fn first_minute(&self) -> i64 {
        self.minutes
            .keys()
            .next()
            .map_or(i64::MAX, |minute| *minute)
    }

    fn last_minute(&self) -> i64 {
        self.minutes
            .keys()
            .next_back()
            .map_or(i64::MIN, |minute| *minute)
    }
}

impl Admitted {
    /// How many fixes were admitted, ever.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn knows(&self, fix: &ReportedFix) -> Known {
        let place = Place::of(fix.fixed_at);
        let device = self.devices.iter().find(|d| d.source == fix.source);
        let content = || entry(place, digest(fix.lat, fix.lon, &fix.measured));
        match device.and_then(|device| device.find(place)) {
            Some(known) if *known == content() => Known::Same,
            Some(_) => Known::Other,
            None if place.minute < device.map_or(self.from, |device| device.from) => {
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
        let place = Place::of(fix.fixed_at);
        let (lat, lon) = (fix.position.lat(), fix.position.lon());
        let device = self.device(&fix.source);
        if device.insert(place, digest(lat, lon, &fix.measured)) {
            self.kept += 1;
        }
        let back = Span::from_millis(-KEPT.as_millis());
        self.forget_before(Place::of(fix.received_at.plus(back)).minute);
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
            self.devices.push(Device {
                source: source.clone(),
                from,
                minutes: BTreeMap::new(),
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
        self.devices.retain(|device| !device.minutes.is_empty());
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
