//! Which fixes are believed? What cannot be used is kept apart with its reason; nothing is refused.

use super::fix::{QuarantineReason, ReportedFix};
use super::ground;
use crate::domain::ids::StateSet;
use crate::domain::measure::{Metres, Position, Span, Timestamp};
use crate::domain::registry::UnitKind;
use std::sync::Arc;

/// What the gate allows. The defaults are those of the outside contract.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GateLimits {
    /// A fix may lie this far ahead of its arrival.
    pub future: Span,
    /// A fix may be this old on arrival.
    pub age: Span,
    /// The greatest usable accuracy.
    pub accuracy_most: Metres,
    /// The accuracy of a fix that posts none.
    pub accuracy_default: Metres,
    /// Latitude and longitude both smaller than this are a receiver without a fix, degrees.
    pub null_island_deg: f64,
    /// The greatest speed by kind of unit.
    pub speeds: SpeedLimits,
    /// Added to the time between two fixes: device times are often whole seconds.
    pub clock_grain: Span,
    /// So many fixes that agree with one another are believed against the fix before them...
    pub release_fixes: usize,
    /// ...when they span at least this time.
    pub release_span: Span,
}

/// The greatest speed over ground that a unit of each kind reaches, metres a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpeedLimits {
    /// Cars and motorcycles: 290 km/h.
    pub vehicle_mps: f64,
    /// Persons, who also ride in cars and trains: 290 km/h.
    pub officer_mps: f64,
    /// Manned aircraft: 470 km/h over ground.
    pub helicopter_mps: f64,
    /// Vessels: 78 kn.
    pub boat_mps: f64,
    /// Unmanned aircraft: 180 km/h.
    pub drone_mps: f64,
    /// Trackers ride in cars.
    pub tracker_mps: f64,
}

impl SpeedLimits {
    /// The greatest speed of a kind, metres a second.
    #[must_use]
    pub const fn of(&self, kind: UnitKind) -> f64 {
        match kind {
            UnitKind::Vehicle => self.vehicle_mps,
            UnitKind::Officer => self.officer_mps,
            UnitKind::Helicopter => self.helicopter_mps,
            UnitKind::Boat => self.boat_mps,
            UnitKind::Drone => self.drone_mps,
            UnitKind::Tracker => self.tracker_mps,
        }
    }
}

impl Default for GateLimits {
    fn default() -> Self {
        Self {
            future: Span::from_secs(60),
            age: Span::from_hours(24),
            accuracy_most: Metres::from_centimetres(500_000),
            accuracy_default: Metres::from_centimetres(1_500),
            null_island_deg: 0.001,
            speeds: SpeedLimits {
                vehicle_mps: 80.0,
                officer_mps: 80.0,
                helicopter_mps: 130.0,
                boat_mps: 40.0,
                drone_mps: 50.0,
                tracker_mps: 80.0,
            },
            clock_grain: Span::from_secs(1),
            release_fixes: 3,
            release_span: Span::from_secs(10),
        }
    }
}

/// Why a fix is kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantine {
    /// The reason of the outside contract.
    pub reason: QuarantineReason,
    /// One sentence on this very fix.
    pub detail: Arc<str>,
}

impl Quarantine {
    pub(super) fn new(reason: QuarantineReason, detail: String) -> Self {
        Self {
            reason,
            detail: Arc::from(detail),
        }
    }
}

/// A fix whose numbers can be used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Usable {
    pub(super) position: Position,
    pub(super) accuracy: Metres,
}

/// Whether place and accuracy can be used at all.
pub(super) fn usable(fix: &ReportedFix, limits: &GateLimits) -> Result<Usable, Quarantine> {
    let Ok(position) = Position::new(fix.lat, fix.lon) else {
        return Err(Quarantine::new(
            QuarantineReason::OutOfRange,
            format!(
                "Latitude {}, longitude {} is no place on Earth; send degrees from -90 to 90 and -180 to 180.",
                fix.lat, fix.lon
            ),
        ));
    };
    let tiny = limits.null_island_deg;
    if fix.lat.abs() < tiny && fix.lon.abs() < tiny {
        return Err(Quarantine::new(
            QuarantineReason::NullIsland,
            "Latitude and longitude are zero: the receiver had no fix.".to_owned(),
        ));
    }
    let Some(posted) = fix.measured.accuracy_m else {
        return Ok(Usable {
            position,
            accuracy: limits.accuracy_default,
        });
    };
    let most = limits.accuracy_most.as_f64();
    if posted > 0.0 && posted <= most {
        return Ok(Usable {
            position,
            // Below half a centimetre it would round to nothing.
            accuracy: Metres::new(posted).max(Metres::from_centimetres(1)),
        });
    }
    Err(Quarantine::new(
        QuarantineReason::AccuracyUnusable,
        format!(
            "An accuracy of {posted} m cannot be used; it must be above 0 and at most {most} m."
        ),
    ))
}

/// Whether device time and our time on arrival can both be right.
pub(super) fn timely(
    fixed_at: Timestamp,
    received_at: Timestamp,
    limits: &GateLimits,
) -> Result<(), Quarantine> {
    let ahead = fixed_at.since(received_at);
    if ahead > limits.future {
        return Err(Quarantine::new(
            QuarantineReason::FixedAtInFuture,
            format!(
                "Clock wrong by {:.0} s, not used for law: the fix is from the future.",
                ahead.as_secs_f64()
            ),
        ));
    }
    let age = received_at.since(fixed_at);
    if age > limits.age {
        return Err(Quarantine::new(
            QuarantineReason::FixedAtTooOld,
            format!(
                "The fix is {:.1} h old; at most {:.0} h can be used.",
                age.as_secs_f64() / 3_600.0,
                limits.age.as_secs_f64() / 3_600.0
            ),
        ));
    }
    Ok(())
}

/// A place at a time, as good as it was known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Waypoint {
    pub(super) at: Timestamp,
    pub(super) position: Position,
    pub(super) accuracy: Metres,
}

/// The jump between two places, when no unit of this kind gets from one to the other in that time: how far, and the
/// speed it would take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Jump {
    pub(super) distance: Metres,
    pub(super) speed_mps: f64,
}

/// Whether the way between two places takes a speed that this kind of unit does not reach. Two accuracies of each end
/// are allowed for, so two devices of one unit need not agree.
pub(super) fn jump(a: Waypoint, b: Waypoint, most_mps: f64, limits: &GateLimits) -> Option<Jump> {
    let errors_m = 2.0 * (a.accuracy.as_f64() + b.accuracy.as_f64());
    let seconds = seconds_between(a.at.since(b.at), limits);
    // A centimetre is what a distance is rounded to.
    if ground::at_most_m(a.position, b.position) + 0.01 <= most_mps * seconds + errors_m {
        return None;
    }
    let distance = ground::distance(a.position, b.position);
    too_far(distance, a.at.since(b.at), errors_m, most_mps, limits)
}

/// Whether a distance is too far for so much time.
pub(super) fn too_far(
    distance: Metres,
    between: Span,
    errors_m: f64,
    most_mps: f64,
    limits: &GateLimits,
) -> Option<Jump> {
    let seconds = seconds_between(between, limits);
    (distance.as_f64() > most_mps * seconds + errors_m).then(|| Jump {
        distance,
        speed_mps: (distance.as_f64() - errors_m) / seconds,
    })
}

/// The time between two fixes, as long as it may have been.
fn seconds_between(between: Span, limits: &GateLimits) -> f64 {
    (between.as_millis().abs() + limits.clock_grain.as_millis()) as f64 / 1_000.0
}

/// The sentence for a jump.
pub(super) fn jumped(jump: Jump, most_mps: f64) -> Quarantine {
    Quarantine::new(
        QuarantineReason::ImplausibleJump,
        format!(
            "{:.1} km from its neighbour in time would take {:.0} m/s; this kind of unit reaches {most_mps:.0} m/s.",
            jump.distance.as_f64() / 1_000.0,
            jump.speed_mps
        ),
    )
}

/// The sentence for a late fix that lies beyond a line while the unit was deep in one state, before it and after it.
pub(super) fn left_a_stretch(states: StateSet, least: Metres) -> Quarantine {
    Quarantine::new(
        QuarantineReason::ImplausibleJump,
        format!(
            "Half a minute before it or after it the unit was in {states}, at least {:.1} km away.",
            least.as_f64() / 1_000.0
        ),
    )
}
