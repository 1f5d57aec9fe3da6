//! Simulated units: a true way, a receiver that errs, and what the track makes of it.

use super::plane::{Plane, place};
use crate::domain::event::{Crossing, Event};
use crate::domain::ids::{RoomId, SourceId, State, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::registry::{UnitCard, UnitKind};
use crate::domain::tracks::fix::{Measured, QuarantineReason, ReportedFix};
use crate::domain::tracks::{FixReceipt, GateLimits, Standing, Track, Untold, Watch};
use std::sync::Arc;

/// 2027-03-16T11:00:00Z, in milliseconds.
pub(crate) const START: i64 = 1_805_194_800_000;

/// Seconds after [`START`].
pub(crate) fn at(seconds: f64) -> Timestamp {
    Timestamp::from_millis(START + (seconds * 1_000.0).round() as i64)
}

pub(crate) fn card(kind: UnitKind) -> UnitCard {
    UnitCard {
        id: UnitId::parse("HU-1").unwrap(),
        room: RoomId::parse("budapest").unwrap(),
        state: State::parse("HU").unwrap(),
        kind,
        callsign: Arc::from("Kilo 1"),
        marks: None,
    }
}

/// A fix so many metres east of the line.
pub(crate) fn fix(seconds: f64, east_m: f64, accuracy_m: f64) -> ReportedFix {
    fix_at(seconds, (east_m, 0.0), accuracy_m)
}

pub(crate) fn fix_at(seconds: f64, (east_m, north_m): (f64, f64), accuracy_m: f64) -> ReportedFix {
    let position = place(east_m, north_m);
    ReportedFix {
        unit: UnitId::parse("HU-1").unwrap(),
        source: SourceId::parse("phone").unwrap(),
        fixed_at: at(seconds),
        lat: position.lat(),
        lon: position.lon(),
        measured: Measured {
            accuracy_m: Some(accuracy_m),
            ..Measured::default()
        },
    }
}

/// `SplitMix64` (public domain): the same numbers on every machine.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Normal, of mean 0 and deviation 1.
    pub(crate) fn normal(&mut self) -> f64 {
        let (a, b) = (1.0 - self.share(), self.share());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
}

/// An error that decays: a first-order autoregression towards east and north.
pub(crate) struct Receiver {
    pub(crate) dice: Dice,
    deviation_m: f64,
    lasts_s: f64,
    error: (f64, f64),
}

impl Receiver {
    pub(crate) fn new(seed: u64, deviation_m: f64, lasts_s: f64) -> Self {
        let mut dice = Dice(seed);
        let error = (dice.normal() * deviation_m, dice.normal() * deviation_m);
        Self {
            dice,
            deviation_m,
            lasts_s,
            error,
        }
    }

    /// What it reports of a true place, so many seconds after the last.
    pub(crate) fn sees(&mut self, truth: (f64, f64), passed_s: f64) -> (f64, f64) {
        let keeps = (-passed_s / self.lasts_s).exp();
        let fresh = (1.0 - keeps * keeps).sqrt() * self.deviation_m;
        self.error.0 = self.error.0 * keeps + self.dice.normal() * fresh;
        self.error.1 = self.error.1 * keeps + self.dice.normal() * fresh;
        (truth.0 + self.error.0, truth.1 + self.error.1)
    }
}

impl FixReceipt {
    /// Why it was kept apart.
    pub(crate) fn reason(&self) -> Option<QuarantineReason> {
        match self {
            Self::Quarantined(quarantine) => Some(quarantine.reason),
            Self::Accepted | Self::Duplicate => None,
        }
    }
}

/// A track with the borders it lives in.
pub(crate) struct Field {
    pub(crate) plane: Plane,
    pub(crate) track: Track,
    pub(crate) limits: GateLimits,
    pub(crate) events: Vec<Event>,
}

impl Field {
    pub(crate) fn new(plane: Plane) -> Self {
        Self::of(plane, UnitKind::Vehicle)
    }

    pub(crate) fn of(plane: Plane, kind: UnitKind) -> Self {
        Self {
            plane,
            track: Track::new(&card(kind)),
            limits: GateLimits::default(),
            events: Vec::new(),
        }
    }

    /// Posts a fix that arrives at once.
    pub(crate) fn post(&mut self, fix: &ReportedFix) -> FixReceipt {
        self.post_at(fix, fix.fixed_at)
    }

    pub(crate) fn post_at(&mut self, fix: &ReportedFix, now: Timestamp) -> FixReceipt {
        let begun = self.events.len();
        let receipt = self
            .track
            .decide_fix(fix, now, &self.plane, &self.limits, &mut self.events);
        for event in &self.events[begun..] {
            self.track.apply(event);
        }
        receipt
    }

    /// Posts fixes that arrive together, in this order.
    pub(crate) fn post_together(&mut self, fixes: &[ReportedFix], now: Timestamp) {
        let mut untold = Untold::default();
        for fix in fixes {
            if self.track.would_be_newest(fix) {
                self.tell_late(&mut untold);
            }
            self.post_of_batch(fix, now, &mut untold);
        }
        self.tell_late(&mut untold);
    }

    /// Posts a fix of a batch that is not told yet.
    pub(crate) fn post_of_batch(&mut self, fix: &ReportedFix, now: Timestamp, untold: &mut Untold) {
        let begun = self.events.len();
        let (view, limits, out) = (&self.plane, &self.limits, &mut self.events);
        self.track
            .decide_fix_of_batch(fix, now, view, limits, untold, out);
        for event in &self.events[begun..] {
            self.track.apply(event);
        }
    }

    pub(crate) fn tell_late(&mut self, untold: &mut Untold) {
        let begun = self.events.len();
        self.track
            .decide_late(&std::mem::take(untold), &self.plane, &mut self.events);
        for event in &self.events[begun..] {
            self.track.apply(event);
        }
    }

    pub(crate) fn tick(&mut self, seconds: f64) {
        self.tick_listening_since(Watch::ALWAYS, seconds);
    }

    /// A tick of a service that takes fixes since that moment only.
    pub(crate) fn tick_listening_since(&mut self, listening_since: Timestamp, seconds: f64) {
        let watch = Watch {
            now: at(seconds),
            listening_since,
        };
        let begun = self.events.len();
        self.track
            .decide_tick(watch, &self.plane, &self.limits, &mut self.events);
        for event in &self.events[begun..] {
            self.track.apply(event);
        }
    }

    /// The words of all events but the fixes.
    pub(crate) fn words(&self) -> Vec<&'static str> {
        self.events
            .iter()
            .map(Event::kind)
            .filter(|kind| *kind != "positions")
            .collect()
    }

    pub(crate) fn count(&self, word: &str) -> usize {
        self.events
            .iter()
            .filter(|event| event.kind() == word)
            .count()
    }

    /// The crossings that stand confirmed, by likely time.
    pub(crate) fn confirmed(&self) -> Vec<Crossing> {
        let mut confirmed: Vec<Crossing> = self
            .track
            .crossings()
            .iter()
            .filter(|recorded| recorded.standing == Standing::Confirmed)
            .map(|recorded| Crossing::clone(&recorded.crossing))
            .collect();
        confirmed.sort_by_key(|crossing| crossing.likely);
        confirmed
    }

    /// The confirmed ways: `HU>RO`.
    pub(crate) fn ways(&self) -> Vec<String> {
        self.confirmed()
            .iter()
            .map(|crossing| format!("{}>{}", crossing.from, crossing.to))
            .collect()
    }
}
