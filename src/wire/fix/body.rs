//! What is written: a fix to post, and the answers to one.

use super::PostedFix;
use crate::domain::ids::SourceId;
use crate::domain::tracks::fix::ReportedFix;
use serde::{Deserialize, Serialize};

/// A fix to post; absent keys are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FixBody<'a> {
    /// The unit.
    pub unit: &'a str,
    /// Device time, RFC 3339.
    pub fixed_at: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Radius of the 68 % circle, metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// Over ground, metres a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed_mps: Option<f64>,
    /// Over ground, degrees from true north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course_deg: Option<f64>,
    /// Above the ellipsoid, metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude_m: Option<f64>,
    /// Per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub battery_pct: Option<f64>,
    /// The device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'a str>,
}

impl<'a> FixBody<'a> {
    /// A recorded fix in the name of `unit`.
    #[must_use]
    pub fn of(fix: &'a PostedFix, unit: &'a str) -> Self {
        Self {
            unit,
            fixed_at: fix.fixed_at.to_string(),
            lat: fix.lat,
            lon: fix.lon,
            accuracy_m: fix.measured.accuracy_m,
            speed_mps: fix.measured.speed_mps,
            course_deg: fix.measured.course_deg,
            altitude_m: fix.measured.altitude_m,
            battery_pct: fix.measured.battery_pct,
            source: fix.source.as_ref().map(SourceId::as_str),
        }
    }
}

impl<'a> From<&'a ReportedFix> for FixBody<'a> {
    fn from(fix: &'a ReportedFix) -> Self {
        Self {
            unit: fix.unit.as_str(),
            fixed_at: fix.fixed_at.to_string(),
            lat: fix.lat,
            lon: fix.lon,
            accuracy_m: fix.measured.accuracy_m,
            speed_mps: fix.measured.speed_mps,
            course_deg: fix.measured.course_deg,
            altitude_m: fix.measured.altitude_m,
            battery_pct: fix.measured.battery_pct,
            source: Some(fix.source.as_str()),
        }
    }
}

/// The answer to a posted batch, once it is durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptWire {
    /// How many were admitted.
    pub accepted: u64,
    /// How many were there already.
    pub duplicate: u64,
    /// Which were kept apart; the index counts the fixes of the batch from 0.
    pub quarantined: Vec<QuarantinedWire>,
}

/// The answer on a socket, once its fixes are durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StreamReceiptWire {
    /// How many fixes of those received on this socket are durable: all up to here.
    pub through: u64,
    /// How many of those since the last answer were there already.
    pub duplicate: u64,
    /// Which of those since the last answer were kept apart; the index counts all fixes received on this socket from 0.
    pub quarantined: Vec<QuarantinedWire>,
}

/// One fix that was kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuarantinedWire {
    /// Which.
    pub index: u64,
    /// Why, as one of the contract's words.
    pub reason: &'static str,
    /// What is wrong with it, in one sentence.
    pub detail: String,
}

/// The answer on a socket, as its sender reads it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StreamAnswer {
    /// How many fixes sent on this socket are durable.
    pub through: u64,
    /// How many of those since the last answer were there already.
    pub duplicate: u64,
    /// Which of those since the last answer were kept apart.
    pub quarantined: Vec<QuarantinedAnswer>,
}

/// One fix that was kept apart, as its sender reads it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct QuarantinedAnswer {
    /// Which, counted from 0 over the socket.
    pub index: u64,
    /// Why.
    pub reason: String,
    /// What is wrong with it.
    pub detail: String,
}
