//! What a desk reads: units, operations, tracks, events, borders and rules.

use crate::domain::borders::{CrossingPoint, CrossingPoints, Line};
use crate::domain::measure::Position;
use crate::domain::tracks::fix::Fix;
use crate::wire::event::EventWire;
use crate::wire::live::{OperationPicture, UnitPicture};
use crate::wire::parts::Point;
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

/// The units a room may see.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct UnitsWire {
    /// The last record in this picture.
    pub seq: u64,
    /// The units, by id.
    pub units: Vec<UnitPicture>,
}

/// The operations a room may see.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OperationsWire {
    /// The last record in this picture.
    pub seq: u64,
    /// The operations, by id.
    pub operations: Vec<OperationPicture>,
}

/// A page of past events.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EventsWire {
    /// The events, oldest first.
    pub events: Vec<EventWire>,
    /// The last number read: the `since` of the next page.
    pub next: u64,
    /// How many records of this page were erased: they stand in the chain and say nothing. What they spoke of is gone with
    /// them, so of one unit or one operation they are not counted.
    pub erased: u64,
}

/// A page of a unit's track.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TrackWire {
    /// Whose.
    pub unit: String,
    /// The admitted fixes, oldest first.
    pub fixes: Vec<TrackFixWire>,
    /// The `since` of the next page; null at the end.
    pub next: Option<String>,
    /// What was erased, and fixes of this unit and time may have been among it. Empty: nothing of it ever was.
    pub erased: Vec<TrackErasedWire>,
}

/// An erasure that a track may lack fixes by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrackErasedWire {
    /// `positions` outside operations, `operation_positions` within them.
    pub class: String,
    /// The first day of recording, UTC.
    pub from_day: String,
    /// The last.
    pub to_day: String,
    /// When it was erased.
    pub at: String,
    /// The record of the erasure.
    pub record: u64,
}

/// A fix as posted, and when it arrived. What was not posted is left out.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TrackFixWire {
    /// Whose.
    pub unit: String,
    /// The device.
    pub source: String,
    /// Device time.
    pub fixed_at: String,
    /// Our time on arrival.
    pub received_at: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Radius of the 68 % circle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// Over ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed_mps: Option<f64>,
    /// From true north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course_deg: Option<f64>,
    /// Above the ellipsoid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude_m: Option<f64>,
    /// Per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub battery_pct: Option<f64>,
}

impl From<&Fix> for TrackFixWire {
    fn from(fix: &Fix) -> Self {
        Self {
            unit: fix.unit.to_string(),
            source: fix.source.to_string(),
            fixed_at: fix.fixed_at.to_string(),
            received_at: fix.received_at.to_string(),
            lat: fix.position.lat(),
            lon: fix.position.lon(),
            accuracy_m: fix.measured.accuracy_m,
            speed_mps: fix.measured.speed_mps,
            course_deg: fix.measured.course_deg,
            altitude_m: fix.measured.altitude_m,
            battery_pct: fix.measured.battery_pct,
        }
    }
}

/// Frontier lines as a `GeoJSON` feature collection.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FrontiersWire {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The border data set.
    pub border_set: String,
    /// One feature for each chain of the line.
    pub features: Vec<FrontierWire>,
}

/// A piece of a frontier.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FrontierWire {
    /// `Feature`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it is.
    pub properties: FrontierKindWire,
    /// Where it runs.
    pub geometry: LineWire,
}

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FrontierKindWire {
    /// Between which states: `HU-RO`.
    pub frontier: String,
    /// `land`, `maritime`, or `claim` for the edge of a disputed area.
    pub kind: &'static str,
}

/// A line of positions.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LineWire {
    /// `LineString`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// `[longitude, latitude]` each.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub coordinates: Vec<Point>,
}

impl FrontiersWire {
    /// The lines of a border set.
    #[must_use]
    pub fn new(border_set: &str, lines: &[(Line, Vec<Position>)]) -> Self {
        let feature = |(line, chain): &(Line, Vec<Position>)| FrontierWire {
            kind: "Feature",
            properties: FrontierKindWire {
                frontier: line.frontier.to_string(),
                kind: line.kind.as_str(),
            },
            geometry: LineWire {
                kind: "LineString",
                coordinates: chain.iter().map(|p| [p.lon(), p.lat()]).collect(),
            },
        };
        Self {
            kind: "FeatureCollection",
            border_set: border_set.to_owned(),
            features: lines.iter().map(feature).collect(),
        }
    }
}

/// The named places where roads cross a frontier.
#[derive(Debug, Clone, PartialEq, Serialize, TS, ToSchema)]
pub struct CrossingPointsWire {
    /// By frontier, as they were listed.
    pub crossing_points: Vec<CrossingPointWire>,
}

/// A named place where a road crosses a frontier.
#[derive(Debug, Clone, PartialEq, Serialize, TS, ToSchema)]
pub struct CrossingPointWire {
    /// What the rooms call it.
    pub name: String,
    /// Between which states: `HU-RO`.
    pub frontier: String,
    /// Where it lies, on our line.
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub point: Point,
    /// The direction of the line there, degrees clockwise from north, from 0 to below 180.
    pub line_deg: f64,
    /// Whose data it is: `exercise` or `installation`.
    pub origin: String,
    /// Where the place is taken from.
    pub source: String,
}

impl CrossingPointsWire {
    /// Those that are known.
    #[must_use]
    pub fn of(points: &CrossingPoints) -> Self {
        let wire = |point: &CrossingPoint| CrossingPointWire {
            name: point.name.to_string(),
            frontier: point.frontier.to_string(),
            point: [point.point.lon(), point.point.lat()],
            line_deg: (point.line_deg * 10.0).round() / 10.0,
            origin: point.origin.as_str().to_owned(),
            source: point.source.to_string(),
        };
        Self {
            crossing_points: points.all().map(wire).collect(),
        }
    }
}

/// The offences an operation can name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OffencesWire {
    /// The version of the rules.
    pub rules_version: u32,
    /// The offences, by id.
    pub offences: Vec<OffenceWire>,
}

/// An offence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OffenceWire {
    /// Its id, for `offence` of an operation.
    pub id: String,
    /// What it is, for people.
    pub label: String,
    /// The lists it is on, by id: `CISA40_7` is Art. 40(7).
    pub lists: Vec<String>,
}

/// The states the rules know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatesWire {
    /// The version of the rules.
    pub rules_version: u32,
    /// The states, by code.
    pub states: Vec<StateWire>,
}

/// A state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StateWire {
    /// Its ISO 3166-1 code.
    pub id: String,
    /// Its English name.
    pub name: String,
    /// Whether the Schengen Convention binds it now, as far as the rules know.
    pub bound: bool,
    /// Its rooms here.
    pub rooms: Vec<String>,
}

/// The rules that the service decides with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RulesShownWire {
    /// The version of the rules.
    pub rules_version: u32,
    /// The SHA-256 of all that they were read from; null when they were put together without a text.
    pub digest: Option<String>,
    /// The day on which they were drawn up.
    pub as_of: String,
    /// The files of legal services that were laid over them.
    pub overlays: Vec<String>,
}

/// Whether the service is ready, and what it lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReadyWire {
    /// Whether it is.
    pub ready: bool,
    /// What is not, one sentence each.
    pub not_ready: Vec<String>,
    /// What a person should know all the same.
    pub notes: Vec<String>,
    /// How many rooms there are.
    pub rooms: usize,
}
