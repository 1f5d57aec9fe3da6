//! `OwnTracks` in HTTP mode (owntracks.org/booklet/tech/json): one message or an array, told apart by `_type`.
//!
//! | `_type` | is |
//! |---|---|
//! | `location` | a fix, unless its trigger `t` says that it is the last known position again (below) |
//! | `transition` | an event of the app's own region, not where the phone goes on to be: passed over; the app sends the location too |
//! | `waypoint`, `waypoints` | places the user has marked: passed over |
//! | `lwt` | the app's goodbye: changes nothing |
//! | `encrypted` | refused: only the phone's friends can read it |
//! | any other | passed over |
//!
//! `tst` is whole seconds since 1970, `acc` metres, `vel` km/h, `cog` degrees, `batt` per cent. `alt` is above sea level and is
//! left out. The device is `user/device`, the last two parts of `topic`, or what the headers of the request say.
//!
//! With `t` = `p` (a ping) the app sends the last known position under the time of the ping, and trackers do so with
//! `l` and `L` when they have lost their fix: taken as a fix, a car that has crossed a line would be back behind it.

use super::json::{self, Scalar};
use super::{
    Fault, MPS_PER_KMH, PassedOver, PhoneError, PhoneFix, Report, known, malformed, missing,
    radius, seconds_or_millis,
};
use crate::domain::ids::DeviceId;
use crate::domain::tracks::fix::Measured;
use crate::wire::fix::At;
use serde::Deserialize;

/// The key that tells messages apart.
pub(super) const TYPE: &str = "_type";
/// Triggers of a location that is the last known one under a newer time.
const LAST_KNOWN: [&str; 3] = ["p", "l", "L"];

/// Reads the messages of a body. An empty one says nothing: the app sends it when a friend is deleted.
///
/// # Errors
/// [`PhoneError`]: nothing of the body is to be taken.
pub fn parse(body: &[u8]) -> Result<Report, PhoneError> {
    let messages: Vec<Message<'_>> = json::messages(body)?;
    let several = messages.len() > 1;
    let mut report = Report::default();
    for (index, message) in messages.iter().enumerate() {
        let at = if several { At::Index(index) } else { At::Body };
        let kind = json::text(TYPE, message.kind.as_ref())
            .and_then(|kind| kind.ok_or_else(|| missing(TYPE)))
            .map_err(|fault| malformed(at, fault))?;
        let passed_over = match kind {
            "location" => match message
                .location(index)
                .map_err(|fault| malformed(at, fault))?
            {
                Ok(fix) => {
                    report.fixes.push(fix);
                    continue;
                }
                Err(passed_over) => passed_over,
            },
            "encrypted" => return Err(PhoneError::Encrypted(at)),
            "transition" => PassedOver::Transition,
            "waypoint" | "waypoints" => PassedOver::Waypoint,
            "lwt" => PassedOver::LastWill,
            _ => PassedOver::Other,
        };
        report.passed_over.push(passed_over);
    }
    Ok(report)
}

/// The device that a user and a device name make up together; `None` when either is missing.
#[must_use]
pub fn device_of(user: &str, device: &str) -> Option<DeviceId> {
    let (user, device) = (user.trim(), device.trim());
    if user.is_empty() || device.is_empty() {
        return None;
    }
    DeviceId::parse(&format!("{user}/{device}")).ok()
}

#[derive(Debug, Deserialize)]
struct Message<'a> {
    #[serde(borrow, default, rename = "_type")]
    kind: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    topic: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    t: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    tst: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    lat: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    lon: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    acc: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    vel: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    cog: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    batt: Option<Scalar<'a>>,
}

impl Message<'_> {
    fn location(&self, index: usize) -> Result<Result<PhoneFix, PassedOver>, Fault> {
        let of = |key, value: &Option<Scalar<'_>>| json::number(key, value.as_ref());
        let must = |key, value| of(key, value)?.ok_or_else(|| missing(key));
        let fixed_at = seconds_or_millis(must("tst", &self.tst)?)
            .map_err(|fault| ("tst", fault.sentence().to_owned()))?;
        let (lat, lon) = (must("lat", &self.lat)?, must("lon", &self.lon)?);
        let measured = Measured {
            accuracy_m: radius(of("acc", &self.acc)?),
            speed_mps: known(of("vel", &self.vel)?).map(|kmh| kmh * MPS_PER_KMH),
            course_deg: known(of("cog", &self.cog)?),
            altitude_m: None,
            battery_pct: known(of("batt", &self.batt)?),
        };
        // A phone may be called in a way that no device can be: a unit's own token needs no name.
        let device = json::text("topic", self.topic.as_ref())?
            .and_then(|topic| DeviceId::parse(of_topic(topic).trim()).ok());
        if json::text("t", self.t.as_ref())?.is_some_and(|t| LAST_KNOWN.contains(&t)) {
            return Ok(Err(PassedOver::LastKnown));
        }
        Ok(Ok(PhoneFix {
            index,
            device,
            fixed_at,
            lat,
            lon,
            measured,
        }))
    }
}

/// `user/device`, the last two parts of a topic such as `owntracks/user/device`.
fn of_topic(topic: &str) -> &str {
    let slashes = topic.rmatch_indices('/').nth(1);
    slashes.map_or(topic, |(at, _)| &topic[at + 1..])
}
