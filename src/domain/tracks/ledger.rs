//! Which fixes were admitted already: the same again is a duplicate, the same moment with other content a conflict.
//!
//! They are remembered by time, longer than the gate takes a late fix, eight bytes each: a unit heard every second for a
//! whole day takes about 700 KB. What is forgotten sooner, because a unit speaks with very many devices or very often,
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

/// An admitted fix: its device time, and a digest of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    /// Milliseconds after the beginning that its device counts from.
    after: u32,
    content: u32,
}

/// A device counts from so long before the first of its fixes: late ones come before it.
const LATE_MS: i64 = KEPT.as_millis();
/// And so far: seven weeks.
const REACH_MS: i64 = u32::MAX as i64;

/// The digest of a fix's content, as it is kept.
fn content(digest: u64) -> u32 {
    (digest ^ (digest >> 32)) as u32
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

#[derive(Debug, Clone)]
struct Device {
    source: SourceId,
    /// The first minute of which all is remembered.
    from: i64,
    /// From when its fixes are counted, milliseconds since 1970.
    begins: i64,
    /// Sorted by time.
    fixes: VecDeque<Entry>,
}

/// Two are equal when they remember the same fixes, whatever they count from.
impl PartialEq for Device {
    fn eq(&self, other: &Self) -> bool {
        let known = |of: &Self, fix: &Entry| (of.at_ms(*fix), fix.content);
        let ours = self.fixes.iter().map(|fix| known(self, fix));
        let theirs = other.fixes.iter().map(|fix| known(other, fix));
        (&self.source, self.from) == (&other.source, other.from) && ours.eq(theirs)
    }
}

impl Eq for Device {}

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
    fn new(source: SourceId, from: i64) -> Self {
        Self {
            source,
            from,
            begins: 0,
            fixes: VecDeque::new(),
        }
    }

    fn at_ms(&self, fix: Entry) -> i64 {
        self.begins.saturating_add(i64::from(fix.after))
    }

    fn minute(&self, fix: Entry) -> i64 {
        self.at_ms(fix).div_euclid(MINUTE_MS)
    }

    /// A moment as the device counts it; `None` beyond its reach.
    fn after(&self, at: Timestamp) -> Option<u32> {
        u32::try_from(at.as_millis().saturating_sub(self.begins)).ok()
    }

    /// Where a fix so long after the beginning is, or belongs.
    fn place(&self, after: u32) -> Result<usize, usize> {
        match self.fixes.back() {
            Some(newest) if newest.after < after => Err(self.fixes.len()),
            _ => self.fixes.binary_search_by_key(&after, |of| of.after),
        }
    }

    fn find(&self, at: Timestamp) -> Option<&Entry> {
        self.fixes.get(self.place(self.after(at)?).ok()?)
    }

    /// Takes a fix in, where it is new; says how many are remembered more, or fewer.
    fn insert(&mut self, at: Timestamp, digest: u64) -> isize {
        let forgotten = if self.fixes.is_empty() || self.after(at).is_none() {
            self.reach(at.as_millis())
        } else {
            0
        };
        let taken = self.after(at).is_some_and(|after| {
            let place = self.place(after);
            if let Err(index) = place {
                self.fixes.make_room();
                let content = content(digest);
                self.fixes.insert(index, Entry { after, content });
            }
            place.is_err()
        });
        isize::from(taken) - forgotten as isize
    }

    /// Counts from another beginning, so that a moment is within reach; says how many fixes had to be forgotten for that.
    /// None as the gate admits them: they lie within a day of each other.
    fn reach(&mut self, at_ms: i64) -> usize {
        let newest = self
            .fixes
            .back()
            .map_or(at_ms, |newest| self.at_ms(*newest));
        if newest.saturating_sub(at_ms) > REACH_MS - LATE_MS {
            // What is as old as that is forgotten with the newest.
            return 0;
        }
        let oldest_ms = at_ms.saturating_sub(REACH_MS - LATE_MS);
        let forgotten = match self.fixes.front() {
            Some(oldest) if self.at_ms(*oldest) < oldest_ms => {
                self.forget_before(oldest_ms.div_euclid(MINUTE_MS).saturating_add(1))
            }
            _ => 0,
        };
        let first = self.fixes.front().map_or(at_ms, |first| self.at_ms(*first));
        let begins = first.min(at_ms).saturating_sub(LATE_MS);
        let moved = self.begins.saturating_sub(begins);
        for fix in &mut self.fixes {
            fix.after = (i64::from(fix.after).saturating_add(moved)) as u32;
        }
        self.begins = begins;
        forgotten
    }

    /// Forgets all before a minute; says how many that were.
    fn forget_before(&mut self, minute: i64) -> usize {
        self.from = self.from.max(minute);
        let forgotten = self.fixes.partition_point(|of| self.minute(*of) < minute);
        self.fixes.drain(..forgotten);
        forgotten
    }

    fn first_minute(&self) -> i64 {
        self.fixes.front().map_or(i64::MAX, |of| self.minute(*of))
    }

    fn last_minute(&self) -> i64 {
        self.fixes.back().map_or(i64::MIN, |of| self.minute(*of))
    }
}

impl Admitted {
    /// How many fixes were admitted, ever.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// How many are remembered.
    #[cfg(test)]
    pub(super) const fn kept(&self) -> usize {
        self.kept
    }

    pub(super) fn knows(&self, fix: &ReportedFix) -> Known {
        let device = self.devices.iter().find(|d| d.source == fix.source);
        let same =
            |known: &Entry| known.content == content(digest(fix.lat, fix.lon, &fix.measured));
        match device.and_then(|device| device.find(fix.fixed_at)) {
            Some(known) if same(known) => Known::Same,
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
        let more = device.insert(fix.fixed_at, digest(lat, lon, &fix.measured));
        self.kept = self.kept.saturating_add_signed(more);
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
            self.devices.push(Device::new(source.clone(), from));
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
