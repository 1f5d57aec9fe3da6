//! What a track tells, as it is stored and sent: approaches, crossings with their grounds, silences, fixes kept apart.

use crate::domain::borders::Frontier;
use crate::domain::event::{
    Approach, Crossing, LikelyCrossing, Silence, TrackEventKind, WeighedFix, Why,
};
use crate::domain::ids::{CrossingId, SourceId, StateSet, UnitId};
use crate::domain::measure::Metres;
use crate::domain::tracks::fix::{Measured, ReportedFix};
use crate::wire::parts::{Point, WireError, position, span, timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A predicted arrival at a frontier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct ApproachWire {
    /// Which unit.
    pub unit: String,
    /// The states it is in.
    pub from: String,
    /// The states beyond.
    pub to: String,
    /// Which frontier.
    pub frontier: String,
    /// Along the predicted way.
    pub distance_m: f64,
    /// At recent motion.
    pub eta_s: f64,
    /// The least.
    pub eta_earliest_s: f64,
    /// The most.
    pub eta_latest_s: f64,
    /// Where.
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub point: Point,
    /// Of a unit on the road, the named crossing points it may be on its way to, the likeliest first, at most four. Left
    /// out when there is none; what is missing to 1 is elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<LikelyCrossingWire>>", optional)]
    pub crossings: Vec<LikelyCrossingWire>,
}

/// A crossing point that a unit may be on its way to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct LikelyCrossingWire {
    /// Its name.
    pub name: String,
    /// Where it lies on the frontier.
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub point: Point,
    /// How probable it is, from 0 to 1, that the unit, if it crosses this frontier next, does so there.
    pub probability: f64,
    /// Straight and at recent motion.
    pub eta_s: f64,
}

/// A crossing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct CrossingWire {
    /// Its id.
    pub crossing: String,
    /// Whose.
    pub unit: String,
    /// The states left.
    pub from: String,
    /// The states entered.
    pub to: String,
    /// On the frontier.
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub point: Point,
    /// Not before.
    pub earliest: String,
    /// Most likely.
    pub likely: String,
    /// Not after.
    pub latest: String,
    /// How far the true place may be.
    pub position_error_m: f64,
    /// How far the true frontier may be; null is not established.
    pub border_error_m: Option<f64>,
    /// The border data set.
    pub border_set: String,
    /// Whether it lies in a gap between fixes.
    pub inferred: bool,
    /// Why.
    pub why: WhyWire,
}

/// The grounds of a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct WhyWire {
    /// The rule and its version.
    pub rule: String,
    /// The fixes weighed.
    pub fixes: Vec<WeighedFixWire>,
}

/// One fix as it was weighed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct WeighedFixWire {
    /// Device time.
    pub fixed_at: String,
    /// Distance beyond the line; negative is before it.
    pub beyond_m: f64,
    /// The accuracy used.
    pub accuracy_m: f64,
}

/// A unit that is not heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct SilenceWire {
    /// Which unit.
    pub unit: String,
    /// Since its last fix.
    pub since: String,
    /// How far it may have come.
    pub radius_m: f64,
    /// The states within that reach.
    pub reach: String,
}

/// A fix as posted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReportedFixWire {
    /// The unit it names.
    pub unit: String,
    /// The device.
    pub source: String,
    /// Device time.
    pub fixed_at: String,
    /// As posted.
    pub lat: f64,
    /// As posted.
    pub lon: f64,
    /// As posted.
    pub accuracy_m: Option<f64>,
    /// As posted.
    pub speed_mps: Option<f64>,
    /// As posted.
    pub course_deg: Option<f64>,
    /// As posted.
    pub altitude_m: Option<f64>,
    /// As posted.
    pub battery_pct: Option<f64>,
}

/// That a camera looks at these states: the ground that it sees, its corners in turn.
pub(super) fn camera_over(states: &str, ring: Vec<Point>) -> Result<TrackEventKind, WireError> {
    let corners: Result<Vec<_>, WireError> = ring.into_iter().map(position).collect();
    Ok(TrackEventKind::CameraOver {
        states: StateSet::parse(states)?,
        ring: corners?.into(),
    })
}

/// A fix as it was posted.
pub(super) fn reported(fix: &ReportedFixWire) -> Result<ReportedFix, WireError> {
    Ok(ReportedFix {
        unit: UnitId::parse(&fix.unit)?,
        source: SourceId::parse(&fix.source)?,
        fixed_at: timestamp(&fix.fixed_at)?,
        lat: fix.lat,
        lon: fix.lon,
        measured: Measured {
            accuracy_m: fix.accuracy_m,
            speed_mps: fix.speed_mps,
            course_deg: fix.course_deg,
            altitude_m: fix.altitude_m,
            battery_pct: fix.battery_pct,
        },
    })
}

pub(super) fn approach(approach: &ApproachWire) -> Result<Approach, WireError> {
    Ok(Approach {
        from: StateSet::parse(&approach.from)?,
        to: StateSet::parse(&approach.to)?,
        frontier: Frontier::parse(&approach.frontier)?,
        distance: Metres::new(approach.distance_m),
        eta: span(approach.eta_s),
        eta_earliest: span(approach.eta_earliest_s),
        eta_latest: span(approach.eta_latest_s),
        point: position(approach.point)?,
        crossings: approach
            .crossings
            .iter()
            .map(likely)
            .collect::<Result<_, _>>()?,
    })
}

fn likely(crossing: &LikelyCrossingWire) -> Result<LikelyCrossing, WireError> {
    Ok(LikelyCrossing {
        name: crossing.name.as_str().into(),
        point: position(crossing.point)?,
        probability: crossing.probability,
        eta: span(crossing.eta_s),
    })
}

pub(super) fn crossing(crossing: &CrossingWire) -> Result<Box<Crossing>, WireError> {
    let mut fixes = Vec::with_capacity(crossing.why.fixes.len());
    for fix in &crossing.why.fixes {
        fixes.push(WeighedFix {
            fixed_at: timestamp(&fix.fixed_at)?,
            beyond: Metres::new(fix.beyond_m),
            accuracy: Metres::new(fix.accuracy_m),
        });
    }
    Ok(Box::new(Crossing {
        id: CrossingId::parse(&crossing.crossing)?,
        from: StateSet::parse(&crossing.from)?,
        to: StateSet::parse(&crossing.to)?,
        point: position(crossing.point)?,
        earliest: timestamp(&crossing.earliest)?,
        likely: timestamp(&crossing.likely)?,
        latest: timestamp(&crossing.latest)?,
        position_error: Metres::new(crossing.position_error_m),
        border_error: crossing.border_error_m.map(Metres::new),
        border_set: crossing.border_set.as_str().into(),
        inferred: crossing.inferred,
        why: Why {
            rule: crossing.why.rule.as_str().into(),
            fixes,
        },
    }))
}

pub(super) fn silence(silence: &SilenceWire) -> Result<Silence, WireError> {
    Ok(Silence {
        since: timestamp(&silence.since)?,
        radius: Metres::new(silence.radius_m),
        reach: StateSet::parse(&silence.reach)?,
    })
}
