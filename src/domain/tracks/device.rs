//! Is the device of a unit well? Its battery, the accuracy it claims, and whether it sends now what it recorded before.
//!
//! Each is told once when it begins and once when it is over, with a little hysteresis, so that a battery at the line between
//! two figures is one piece of news. Only the newest fix speaks of battery and accuracy; one that was recorded long before it
//! arrived speaks of what is still to come.

use super::fix::Fix;
use super::track::Track;
use crate::domain::event::DeviceNews;
use crate::domain::measure::{Metres, Span, Timestamp};

/// A battery below this is low...
const BATTERY_LOW_PCT: f64 = 20.0;
/// ...and fine again from this on.
const BATTERY_FINE_PCT: f64 = 25.0;
/// An accuracy worse than this is poor: crossings are tried with receivers up to here (docs/BENCHMARKS.md).
const POOR: Metres = Metres::from_centimetres(5_000);
/// ...and it is good again at this.
const GOOD: Metres = Metres::from_centimetres(4_000);
/// A fix that took longer was stored first (as for clocks).
const STORED: Span = Span::from_secs(60);
/// That stored fixes arrive is told again after this long.
const TOLD_AGAIN_AFTER: Span = Span::from_secs(60);

/// What was told of a unit's device and is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Device {
    /// How full its battery was when it was told to be low, per cent, and when.
    pub battery_low: Option<(u8, Timestamp)>,
    /// How poor its accuracy was when that was told, and when.
    pub inaccurate: Option<(Metres, Timestamp)>,
    /// When the stored fix was recorded that was told last, and when it arrived.
    pub behind: Option<(Timestamp, Timestamp)>,
}

impl Device {
    /// Folds one piece of news.
    pub(super) fn note(&mut self, news: DeviceNews, at: Timestamp) {
        match news {
            DeviceNews::BatteryLow { percent } => self.battery_low = Some((percent, at)),
            DeviceNews::BatteryFine => self.battery_low = None,
            DeviceNews::Inaccurate { accuracy } => self.inaccurate = Some((accuracy, at)),
            DeviceNews::Accurate => self.inaccurate = None,
            DeviceNews::Behind { recorded_at } => self.behind = Some((recorded_at, at)),
        }
    }

    fn behind_by(&self, fix: &Fix) -> Option<DeviceNews> {
        let now = fix.received_at;
        let recorded_at = fix.fixed_at;
        let was_just_told = |(_, told_at): (_, Timestamp)| now.since(told_at) < TOLD_AGAIN_AFTER;
        let stored = now.since(recorded_at) > STORED;
        (stored && !self.behind.is_some_and(was_just_told))
            .then_some(DeviceNews::Behind { recorded_at })
    }

    fn battery_by(&self, fix: &Fix) -> Option<DeviceNews> {
        let pct = fix.measured.battery_pct?;
        match self.battery_low {
            None if pct < BATTERY_LOW_PCT => {
                let percent = pct.clamp(0.0, 100.0) as u8;
                Some(DeviceNews::BatteryLow { percent })
            }
            Some(_) if pct >= BATTERY_FINE_PCT => Some(DeviceNews::BatteryFine),
            None | Some(_) => None,
        }
    }

    /// The default in place of an accuracy that was not posted tells nothing of the device.
    fn accuracy_by(&self, fix: &Fix) -> Option<DeviceNews> {
        fix.measured.accuracy_m?;
        let accuracy = fix.accuracy;
        match self.inaccurate {
            None if accuracy > POOR => Some(DeviceNews::Inaccurate { accuracy }),
            Some(_) if accuracy <= GOOD => Some(DeviceNews::Accurate),
            None | Some(_) => None,
        }
    }
}

impl Track {
    /// What was told of the unit's device and is not over; that stored fixes arrive is over by itself.
    #[must_use]
    pub fn device(&self) -> Option<&Device> {
        self.device.as_deref()
    }

    /// What an admitted fix that is not folded yet says of the device that sent it, and of when that is told.
    pub(super) fn device_news(
        &self,
        fix: &Fix,
        is_newest: bool,
    ) -> impl Iterator<Item = (Timestamp, DeviceNews)> + use<> {
        let known = self.device.as_deref().copied().unwrap_or_default();
        let behind = known.behind_by(fix).map(|news| (fix.received_at, news));
        let of_newest = |news: Option<DeviceNews>| {
            let news = news.filter(|_| is_newest);
            news.map(|news| (fix.fixed_at, news))
        };
        let battery = of_newest(known.battery_by(fix));
        let accuracy = of_newest(known.accuracy_by(fix));
        [behind, battery, accuracy].into_iter().flatten()
    }
}
