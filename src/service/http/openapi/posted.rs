//! What other doors read and answer, described: the bodies there are read by hand.
#![expect(dead_code, reason = "these structs are described, never made")]

use crate::wire::law::CitationWire;
use utoipa::ToSchema;

/// What went wrong (RFC 9457).
#[derive(ToSchema)]
pub(super) struct Problem {
    /// Stable: `/problems/refused`.
    #[schema(rename = "type")]
    kind: String,
    /// What it is, in a few words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened and what to do, in one sentence.
    detail: String,
    /// The line of an NDJSON body, from 1.
    line: Option<u64>,
    /// The index in an array, from 0.
    index: Option<u64>,
    /// The key that is wrong.
    key: Option<String>,
    /// The guard that refused.
    guard: Option<String>,
    /// The law, when it is the law that refuses.
    citation: Option<CitationWire>,
    /// The oldest number still kept.
    oldest: Option<u64>,
}

/// A fix as a unit posts it.
#[derive(ToSchema)]
pub(super) struct Fix {
    /// The unit: 1 to 64 of `A-Z a-z 0-9 . _ -`.
    unit: String,
    /// Device time: RFC 3339 with a zone, or whole milliseconds since 1970.
    fixed_at: String,
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lon: f64,
    /// Radius of the 68 % circle; absent is unknown.
    accuracy_m: Option<f64>,
    /// Over ground.
    speed_mps: Option<f64>,
    /// Over ground, from true north.
    course_deg: Option<f64>,
    /// Above the ellipsoid.
    altitude_m: Option<f64>,
    /// Per cent.
    battery_pct: Option<f64>,
    /// The device, when a unit has several; else the token's id.
    source: Option<String>,
}

/// A position as Traccar Client 9 and later posts it.
#[derive(ToSchema)]
pub(super) struct TraccarPosition {
    /// The app's device identifier.
    device_id: Option<String>,
    /// One position, or a list of them.
    location: TraccarLocation,
}

/// Where and when.
#[derive(ToSchema)]
pub(super) struct TraccarLocation {
    /// Device time: RFC 3339 with a zone.
    timestamp: String,
    /// The place.
    coords: TraccarCoords,
    /// The battery.
    battery: Option<TraccarBattery>,
    /// Whether another app made the position up: then it is passed over.
    mock: Option<bool>,
}

/// The place.
#[derive(ToSchema)]
pub(super) struct TraccarCoords {
    /// Degrees north.
    latitude: f64,
    /// Degrees east.
    longitude: f64,
    /// Metres; 0 is unknown.
    accuracy: Option<f64>,
    /// Metres a second; below 0 is unknown.
    speed: Option<f64>,
    /// Degrees from true north; below 0 is unknown.
    heading: Option<f64>,
    /// Metres above the ellipsoid.
    ellipsoidal_altitude: Option<f64>,
}

/// The battery.
#[derive(ToSchema)]
pub(super) struct TraccarBattery {
    /// 0 to 1; below 0 is unknown.
    level: Option<f64>,
}

/// A message of `OwnTracks`; all but `location` is passed over, and `encrypted` refused.
#[derive(ToSchema)]
pub(super) struct OwnTracksMessage {
    /// `location`, `transition`, `waypoint`, `waypoints`, `lwt` and others.
    #[schema(rename = "_type")]
    kind: String,
    /// Device time: seconds since 1970.
    tst: Option<i64>,
    /// Degrees north.
    lat: Option<f64>,
    /// Degrees east.
    lon: Option<f64>,
    /// Metres.
    acc: Option<f64>,
    /// Kilometres an hour.
    vel: Option<f64>,
    /// Degrees from true north.
    cog: Option<f64>,
    /// Per cent.
    batt: Option<f64>,
    /// The trigger: `p` is the last known position again, and passed over.
    t: Option<String>,
    /// `…/user/device`: its last two parts are the device.
    topic: Option<String>,
}

/// What became of a batch, once it is durable.
#[derive(ToSchema)]
pub(super) struct FixReceipt {
    /// How many were admitted.
    accepted: u64,
    /// How many were there already.
    duplicate: u64,
    /// Which were kept apart.
    quarantined: Vec<QuarantinedFix>,
}

/// What became of the fixes received on a socket so far.
#[derive(ToSchema)]
pub(super) struct StreamReceipt {
    /// How many fixes received on this socket are durable.
    through: u64,
    /// How many of them were there already.
    duplicate: u64,
    /// Which were kept apart.
    quarantined: Vec<QuarantinedFix>,
}

/// A fix that was kept apart.
#[derive(ToSchema)]
pub(super) struct QuarantinedFix {
    /// Its index, from 0.
    index: u64,
    /// `fixed_at_in_future`, `fixed_at_too_old`, `implausible_jump`, `null_island`, `out_of_range`,
    /// `accuracy_unusable`, `conflicting`, `not_your_unit`, `unknown_unit`, `off_duty`.
    reason: String,
    /// What is wrong with it, in one sentence.
    detail: String,
}

/// A unit's own act.
#[derive(ToSchema)]
pub(super) struct Act {
    /// `sign_on`, `sign_off`, `crossed`, `have_target`, `target_lost`, `handed_over`, `back_home`, `wilco`, `emergency`.
    #[schema(rename = "act")]
    does: String,
    /// When, by the device: RFC 3339 with a zone, or whole milliseconds since 1970.
    at: String,
    /// The same act sent again has the same key; may be sent as the header `Idempotency-Key`.
    key: Option<String>,
}

/// The answer to an act, once it is durable.
#[derive(ToSchema)]
pub(super) struct ActReceipt {
    /// Whose.
    unit: String,
    /// What.
    #[schema(rename = "act")]
    done: String,
    /// When, by the device.
    at: String,
    /// Its key.
    key: String,
    /// Whether the same key had been answered before.
    repeated: bool,
}
