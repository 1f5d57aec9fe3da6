//! Which fixes were admitted already: the same again is a duplicate, the same moment with other content a conflict.

use super::fix::{Fix, Measured, ReportedFix};
use crate::domain::ids::SourceId;
use crate::domain::measure::Timestamp;
use std::collections::VecDeque;

/// Fixes remembered per unit, over all its devices: more than one request may carry.
const REMEMBERED: usize = 16_384;

/// What is known of a fix that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing.
    New,
    /// The same was admitted.
    Same,
    /// At that moment another one of this device was admitted.
    Other,
}

/// The admitted fixes of one unit, by device and time.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Admitted {
    devices: Vec<Device>,
    count: u64,
}

#[derive(Debug, Clone, PartialEq)]
struct Device {
    source: SourceId,
    /// Device time and digest of the content, sorted by time.
    fixes: VecDeque<(Timestamp, u64)>,
}

impl Admitted {
    /// How many fixes were admitted, ever.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn knows(&self, fix: &ReportedFix) -> Known {
        let Some(device) = self.devices.iter().find(|d| d.source == fix.source) else {
            return Known::New;
        };
        match place(&device.fixes, fix.fixed_at) {
            Ok(index) if device.fixes[index].1 == digest(fix.lat, fix.lon, &fix.measured) => {
                Known::Same
            }
            Ok(_) => Known::Other,
            Err(_) => Known::New,
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
        let known = self.devices.iter().position(|d| d.source == fix.source);
        let index = known.unwrap_or(self.devices.len());
        if known.is_none() {
            self.devices.push(Device {
                source: fix.source.clone(),
                fixes: VecDeque::new(),
            });
        }
        let share = REMEMBERED / self.devices.len();
        let fixes = &mut self.devices[index].fixes;
        let (lat, lon) = (fix.position.lat(), fix.position.lon());
        let entry = (fix.fixed_at, digest(lat, lon, &fix.measured));
        if let Err(place) = place(fixes, fix.fixed_at) {
            fixes.insert(place, entry);
        }
        if fixes.len() > share.max(1) {
            fixes.pop_front();
        }
    }
}

fn place(fixes: &VecDeque<(Timestamp, u64)>, at: Timestamp) -> Result<usize, usize> {
    match fixes.back() {
        Some((newest, _)) if *newest < at => Err(fixes.len()),
        Some(_) => fixes.binary_search_by_key(&at, |(known, _)| *known),
        None => Err(0),
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
