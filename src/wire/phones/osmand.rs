//! The `OsmAnd` protocol, as Traccar Client speaks it (traccar.org/osmand): keys and values in the query or a form, or, from
//! Traccar Client 9 on, JSON as its location library writes it.
//!
//! | here | query and form | JSON |
//! |---|---|---|
//! | device | `id` or `deviceid` | `device_id` |
//! | `fixed_at` | `timestamp`: seconds or milliseconds since 1970, or RFC 3339 | `location.timestamp`: RFC 3339, or the same numbers |
//! | `lat`, `lon` | `lat`, `lon`, or `location=lat,lon` | `location.coords.latitude`, `.longitude` |
//! | `accuracy_m` | `accuracy`, metres | `location.coords.accuracy`, metres |
//! | `speed_mps` | `speed`, **knots** | `location.coords.speed`, **metres a second** |
//! | `course_deg` | `bearing` or `heading` | `location.coords.heading` |
//! | `altitude_m` | (`altitude`: above what, is not said) | `location.coords.ellipsoidal_altitude` |
//! | `battery_pct` | `batt`, per cent | `location.battery.level`, 0 to 1 |
//!
//! `hdop` is a factor and no distance: no accuracy is made of it. A position with `valid=false`, or one that another
//! app made up (`mock`), is passed over.

use super::json::{self, Object, OneOrMany, Scalar};
use super::{
    Fault, MPS_PER_KNOT, PassedOver, PhoneError, PhoneFix, Report, finite, known, malformed,
    missing, named_device, radius, seconds_or_millis,
};
use crate::domain::ids::DeviceId;
use crate::domain::measure::Timestamp;
use crate::domain::tracks::fix::Measured;
use crate::wire::fix::{At, parse_time};
use serde::Deserialize;

/// Reads the query of an address, or a form: one position.
///
/// # Errors
/// [`PhoneError`]: nothing is to be taken.
pub fn parse_query(query: &[u8]) -> Result<Report, PhoneError> {
    let mut draft = Draft::default();
    for (key, value) in form_urlencoded::parse(query) {
        // An empty value is as good as none.
        if !value.is_empty() {
            draft
                .take(&key, &value)
                .map_err(|fault| malformed(At::Body, fault))?;
        }
    }
    let mut report = Report::default();
    match draft.finish().map_err(|fault| malformed(At::Body, fault))? {
        Ok(fix) => report.fixes.push(fix),
        Err(passed_over) => report.passed_over.push(passed_over),
    }
    Ok(report)
}

/// Reads a JSON body: one position, or a list of them of one device.
///
/// # Errors
/// [`PhoneError`]: nothing is to be taken.
pub fn parse_json(body: &[u8]) -> Result<Report, PhoneError> {
    let post: Option<Object<Post<'_>>> = json::object(body)?;
    let missing = || malformed(At::Body, missing("location"));
    let Object(post) = post.ok_or_else(missing)?;
    let OneOrMany(positions) = post.location.ok_or_else(missing)?;
    let device = json::device("device_id", post.device_id.as_ref());
    let device = device.map_err(|fault| malformed(At::Body, fault))?;
    let mut report = Report::default();
    for (index, position) in positions.iter().enumerate() {
        let at = if positions.len() > 1 {
            At::Index(index)
        } else {
            At::Body
        };
        match position
            .read(index, device.as_ref())
            .map_err(|fault| malformed(at, fault))?
        {
            Ok(fix) => report.fixes.push(fix),
            Err(passed_over) => report.passed_over.push(passed_over),
        }
    }
    Ok(report)
}

/// A position while its keys come in, in whatever order.
#[derive(Default)]
struct Draft {
    device: Option<DeviceId>,
    invalid: Option<bool>,
    mocked: Option<bool>,
    fixed_at: Option<Timestamp>,
    lat: Option<f64>,
    lon: Option<f64>,
    measured: Measured,
}

/// Sets what was not set yet: two values would leave open which one is meant.
fn once<T>(slot: &mut Option<T>, key: &'static str, value: T) -> Result<(), Fault> {
    if slot.replace(value).is_some() {
        return Err((key, "stands there twice: send it once".to_owned()));
    }
    Ok(())
}

impl Draft {
    fn take(&mut self, key: &str, value: &str) -> Result<(), Fault> {
        match key {
            "id" | "deviceid" => match named_device("id", value)? {
                Some(device) => once(&mut self.device, "id", device),
                None => Ok(()),
            },
            "valid" => once(&mut self.invalid, "valid", !flag("valid", value)?),
            "mock" => once(&mut self.mocked, "mock", flag("mock", value)?),
            "timestamp" => once(&mut self.fixed_at, "timestamp", time(value)?),
            "lat" => once(&mut self.lat, "lat", number("lat", value)?),
            "lon" => once(&mut self.lon, "lon", number("lon", value)?),
            "location" => {
                let (lat, lon) = value
                    .split_once(',')
                    .ok_or_else(|| ("location", "is not `lat,lon`".to_owned()))?;
                once(&mut self.lat, "location", number("location", lat)?)?;
                once(&mut self.lon, "location", number("location", lon)?)
            }
            "accuracy" => {
                let metres = number("accuracy", value)?;
                once(&mut self.measured.accuracy_m, "accuracy", metres)
            }
            "speed" => {
                let knots = number("speed", value)?;
                once(&mut self.measured.speed_mps, "speed", knots * MPS_PER_KNOT)
            }
            "bearing" | "heading" => {
                let degrees = number("bearing", value)?;
                once(&mut self.measured.course_deg, "bearing", degrees)
            }
            "batt" => {
                let per_cent = number("batt", value)?;
                once(&mut self.measured.battery_pct, "batt", per_cent)
            }
            _ => Ok(()),
        }
    }

    fn finish(self) -> Result<Result<PhoneFix, PassedOver>, Fault> {
        if self.invalid == Some(true) {
            return Ok(Err(PassedOver::Invalid));
        }
        if self.mocked == Some(true) {
            return Ok(Err(PassedOver::Mocked));
        }
        Ok(Ok(PhoneFix {
            index: 0,
            device: self.device,
            fixed_at: self.fixed_at.ok_or_else(|| missing("timestamp"))?,
            lat: self.lat.ok_or_else(|| missing("lat"))?,
            lon: self.lon.ok_or_else(|| missing("lon"))?,
            measured: Measured {
                accuracy_m: radius(self.measured.accuracy_m),
                speed_mps: known(self.measured.speed_mps),
                course_deg: known(self.measured.course_deg),
                altitude_m: None,
                battery_pct: known(self.measured.battery_pct),
            },
        }))
    }
}

fn flag(key: &'static str, value: &str) -> Result<bool, Fault> {
    match value {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err((key, "is neither true nor false".to_owned())),
    }
}

fn number(key: &'static str, value: &str) -> Result<f64, Fault> {
    let number = value.trim().parse().ok().and_then(finite);
    number.ok_or_else(|| (key, "is not a number".to_owned()))
}

fn time(value: &str) -> Result<Timestamp, Fault> {
    let value = value.trim();
    let time = match value.parse::<f64>() {
        Ok(number) if number.is_finite() => seconds_or_millis(number),
        Ok(_) | Err(_) => parse_time(value),
    };
    time.map_err(|fault| ("timestamp", fault.sentence().to_owned()))
}

/// What Traccar Client 9 posts.
#[derive(Debug, Deserialize)]
struct Post<'a> {
    #[serde(borrow, default)]
    device_id: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    location: Option<OneOrMany<Position<'a>>>,
}

#[derive(Debug, Deserialize)]
struct Position<'a> {
    #[serde(borrow, default)]
    timestamp: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    coords: Option<Object<Coords<'a>>>,
    #[serde(borrow, default)]
    battery: Option<Object<Battery<'a>>>,
    #[serde(borrow, default)]
    mock: Option<Scalar<'a>>,
}

#[derive(Debug, Deserialize)]
struct Coords<'a> {
    #[serde(borrow, default)]
    latitude: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    longitude: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    accuracy: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    speed: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    heading: Option<Scalar<'a>>,
    #[serde(borrow, default)]
    ellipsoidal_altitude: Option<Scalar<'a>>,
}

#[derive(Debug, Deserialize)]
struct Battery<'a> {
    #[serde(borrow, default)]
    level: Option<Scalar<'a>>,
}

impl Position<'_> {
    fn read(
        &self,
        index: usize,
        device: Option<&DeviceId>,
    ) -> Result<Result<PhoneFix, PassedOver>, Fault> {
        const LAT: &str = "location.coords.latitude";
        const LON: &str = "location.coords.longitude";
        let Some(Object(coords)) = &self.coords else {
            return Err(missing("location.coords"));
        };
        let lat = json::number(LAT, coords.latitude.as_ref())?.ok_or_else(|| missing(LAT))?;
        let lon = json::number(LON, coords.longitude.as_ref())?.ok_or_else(|| missing(LON))?;
        let fixed_at = self.fixed_at()?;
        let level = self
            .battery
            .as_ref()
            .and_then(|Object(it)| it.level.as_ref());
        let level = json::number("location.battery.level", level)?;
        let of = |key, value: &Option<Scalar<'_>>| json::number(key, value.as_ref());
        let measured = Measured {
            accuracy_m: radius(of("location.coords.accuracy", &coords.accuracy)?),
            speed_mps: known(of("location.coords.speed", &coords.speed)?),
            course_deg: known(of("location.coords.heading", &coords.heading)?),
            altitude_m: of(
                "location.coords.ellipsoidal_altitude",
                &coords.ellipsoidal_altitude,
            )?,
            battery_pct: known(level).map(|level| level * 100.0),
        };
        if self.mock == Some(Scalar::Flag(true)) {
            return Ok(Err(PassedOver::Mocked));
        }
        Ok(Ok(PhoneFix {
            index,
            device: device.cloned(),
            fixed_at,
            lat,
            lon,
            measured,
        }))
    }

    fn fixed_at(&self) -> Result<Timestamp, Fault> {
        const KEY: &str = "location.timestamp";
        let time = match &self.timestamp {
            None => return Err(missing(KEY)),
            Some(Scalar::Number(number)) if number.is_finite() => seconds_or_millis(*number),
            other => {
                let text = json::text(KEY, other.as_ref())?.unwrap_or_default();
                parse_time(text)
            }
        };
        time.map_err(|fault| (KEY, fault.sentence().to_owned()))
    }
}
