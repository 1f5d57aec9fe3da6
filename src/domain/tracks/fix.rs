//! A fix: one reported position with its time and accuracy, before and after the gate.

use super::ground::{self, Offset};
use crate::domain::borders::Location;
use crate::domain::ids::{SourceId, UnitId};
use crate::domain::measure::{Metres, Position, Span, Timestamp};

/// A fix as a unit posted it: well-formed, but not yet believed.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedFix {
    /// The unit it speaks of.
    pub unit: UnitId,
    /// The device, when a unit has several; else the token's id.
    pub source: SourceId,
    /// Device time.
    pub fixed_at: Timestamp,
    /// Degrees north, as posted: may be out of range.
    pub lat: f64,
    /// Degrees east, as posted: may be out of range.
    pub lon: f64,
    /// What the receiver measured beside the place.
    pub measured: Measured,
}

/// What a receiver measures beside time and place; absent is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measured {
    /// Radius of the 68 % circle, metres.
    pub accuracy_m: Option<f64>,
    /// Speed over ground, metres a second.
    pub speed_mps: Option<f64>,
    /// Course over ground, degrees from true north.
    pub course_deg: Option<f64>,
    /// Height above the ellipsoid, metres.
    pub altitude_m: Option<f64>,
    /// Battery, per cent.
    pub battery_pct: Option<f64>,
}

/// A fix that the gate admitted, with what the atlas said of it at that moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// The unit.
    pub unit: UnitId,
    /// The device.
    pub source: SourceId,
    /// Device time.
    pub fixed_at: Timestamp,
    /// Our time on arrival.
    pub received_at: Timestamp,
    /// The place.
    pub position: Position,
    /// What the receiver measured beside the place.
    pub measured: Measured,
    /// What the atlas said, with the accuracy used.
    pub location: Location,
    /// The accuracy used: the posted one, or the configured default.
    pub accuracy: Metres,
    /// How far the nearest line lies beyond which the set of states is another one.
    pub depth: Metres,
}

impl Fix {
    /// Where it leads in so long, straight and as fast as it was measured; `None` when speed or course was not.
    #[must_use]
    pub fn leads_to(&self, span: Span) -> Option<Position> {
        let (speed, course) = (self.measured.speed_mps?, self.measured.course_deg?);
        let way_m = speed * span.as_secs_f64();
        let (sin, cos) = course.to_radians().sin_cos();
        let by = Offset {
            east_m: way_m * sin,
            north_m: way_m * cos,
        };
        Some(ground::moved(self.position, by))
    }
}

/// Why a fix is kept apart and not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuarantineReason {
    /// `fixed_at` lies further ahead of `received_at` than the gate allows.
    FixedAtInFuture,
    /// `fixed_at` is older than the gate allows.
    FixedAtTooOld,
    /// No vehicle of this kind gets there in that time.
    ImplausibleJump,
    /// Latitude and longitude are both zero: a receiver without a fix.
    NullIsland,
    /// Latitude or longitude is no degree on Earth.
    OutOfRange,
    /// Accuracy is not above zero, or above 5 km.
    AccuracyUnusable,
    /// Unit, source and time of an admitted fix, with other content.
    Conflicting,
    /// A unit token names another unit.
    NotYourUnit,
    /// A gateway names a unit that its room does not have.
    UnknownUnit,
    /// The unit had signed off at `fixed_at`: counted, not kept.
    OffDuty,
}

impl QuarantineReason {
    /// All of them, in the order of the outside contract.
    pub const ALL: [Self; 10] = [
        Self::FixedAtInFuture,
        Self::FixedAtTooOld,
        Self::ImplausibleJump,
        Self::NullIsland,
        Self::OutOfRange,
        Self::AccuracyUnusable,
        Self::Conflicting,
        Self::NotYourUnit,
        Self::UnknownUnit,
        Self::OffDuty,
    ];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FixedAtInFuture => "fixed_at_in_future",
            Self::FixedAtTooOld => "fixed_at_too_old",
            Self::ImplausibleJump => "implausible_jump",
            Self::NullIsland => "null_island",
            Self::OutOfRange => "out_of_range",
            Self::AccuracyUnusable => "accuracy_unusable",
            Self::Conflicting => "conflicting",
            Self::NotYourUnit => "not_your_unit",
            Self::UnknownUnit => "unknown_unit",
            Self::OffDuty => "off_duty",
        }
    }

    /// Whether it says nothing of the unit that the fix names: its sender may not speak for that unit, or nobody may.
    #[must_use]
    pub const fn is_foreign(self) -> bool {
        matches!(self, Self::NotYourUnit | Self::UnknownUnit)
    }

    /// The reason of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}
