//! `GeoJSON`: lines whose properties carry a time for each point (`coordTimes` or `times`), or points that carry their
//! own. Where a file has such lines, its points are way-points and no part of the track.

use super::{Place, TrackFileError};
use crate::wire::fix::{FixesError, Format, Key, PostedFix, parse_recorded};
use geojson::{Feature, GeoJson, GeometryValue, JsonObject, JsonValue, Position};

/// The keys under which a line's times are known.
const TIMES: [&str; 2] = ["coordTimes", "times"];
/// The keys under which a point's time is known.
const TIME: [&str; 3] = ["fixed_at", "time", "timestamp"];

pub(super) fn read(bytes: &[u8]) -> Result<Vec<PostedFix>, TrackFileError> {
    let wrong = |sentence: String| TrackFileError::new(Place::File, sentence);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes)
        .map_err(|_| wrong("is not UTF-8: save the file in UTF-8".to_owned()))?;
    let document: GeoJson = text
        .parse()
        .map_err(|error| wrong(format!("is not valid GeoJSON: {error}")))?;
    let features = match document {
        GeoJson::FeatureCollection(collection) => collection.features,
        GeoJson::Feature(feature) => vec![feature],
        GeoJson::Geometry(_) => {
            return Err(wrong(
                "is a bare geometry without times: wrap it in a feature with coordTimes".to_owned(),
            ));
        }
    };
    let lines_only = features.iter().any(is_timed_line);
    let mut fixes = Vec::new();
    for (index, feature) in features.iter().enumerate() {
        let of_feature = Fixes {
            index,
            properties: feature.properties.as_ref(),
        };
        of_feature.read(feature, lines_only, &mut fixes)?;
    }
    Ok(fixes)
}

fn is_timed_line(feature: &Feature) -> bool {
    let line = feature.geometry.as_ref().is_some_and(|geometry| {
        matches!(
            geometry.value,
            GeometryValue::LineString { .. } | GeometryValue::MultiLineString { .. }
        )
    });
    line && times(feature.properties.as_ref()).is_some()
}

/// The times of a line, also where a converter has put them into `coordinateProperties`.
fn times(properties: Option<&JsonObject>) -> Option<&Vec<JsonValue>> {
    let properties = properties?;
    let nested = properties
        .get("coordinateProperties")
        .and_then(JsonValue::as_object);
    [Some(properties), nested]
        .into_iter()
        .flatten()
        .find_map(|object| TIMES.iter().find_map(|key| object.get(*key)))?
        .as_array()
}

/// The fixes of one feature.
struct Fixes<'a> {
    index: usize,
    properties: Option<&'a JsonObject>,
}

impl Fixes<'_> {
    fn read(
        &self,
        feature: &Feature,
        lines_only: bool,
        fixes: &mut Vec<PostedFix>,
    ) -> Result<(), TrackFileError> {
        let Some(geometry) = &feature.geometry else {
            return Err(self.fault("has no geometry"));
        };
        match &geometry.value {
            GeometryValue::LineString { coordinates } => {
                self.line(coordinates, self.times()?, fixes)
            }
            GeometryValue::MultiLineString { coordinates } => {
                let times = self.times()?;
                if times.len() != coordinates.len() {
                    return Err(self.fault("has not as many lists of times as lines"));
                }
                for (line, times) in coordinates.iter().zip(times) {
                    let times = times
                        .as_array()
                        .ok_or_else(|| self.fault("has times that are no list for each line"))?;
                    self.line(line, times, fixes)?;
                }
                Ok(())
            }
            GeometryValue::Point { .. } if lines_only => Ok(()),
            GeometryValue::Point { coordinates } => self.point(coordinates, fixes),
            GeometryValue::MultiPoint { .. }
            | GeometryValue::Polygon { .. }
            | GeometryValue::MultiPolygon { .. }
            | GeometryValue::GeometryCollection { .. } => Err(self.fault(
                "is no track: a track is a LineString with coordTimes, or Points with a time",
            )),
        }
    }

    fn fault(&self, sentence: &str) -> TrackFileError {
        TrackFileError::new(Place::Feature(self.index), sentence)
    }

    fn times(&self) -> Result<&Vec<JsonValue>, TrackFileError> {
        times(self.properties).ok_or_else(|| {
            self.fault("has no times: give the line a property coordTimes or times with one time for each point")
        })
    }

    fn line(
        &self,
        line: &[Position],
        times: &[JsonValue],
        fixes: &mut Vec<PostedFix>,
    ) -> Result<(), TrackFileError> {
        if times.len() != line.len() {
            let sentence = format!("has {} points but {} times", line.len(), times.len());
            return Err(self.fault(&sentence));
        }
        for (point, (position, time)) in line.iter().zip(times).enumerate() {
            let place = Place::PointOfFeature {
                feature: self.index,
                point,
            };
            // What else the properties say holds for the line, not for each of its points.
            let keys = self.known(&[Key::Unit, Key::Source]);
            fixes.push(fix(keys, position, time, place)?);
        }
        Ok(())
    }

    fn point(&self, position: &Position, fixes: &mut Vec<PostedFix>) -> Result<(), TrackFileError> {
        let time = self
            .properties
            .and_then(|properties| TIME.iter().find_map(|key| properties.get(*key)))
            .ok_or_else(|| self.fault("has no time: give the point a property fixed_at or time"))?;
        let keys = self.known(&Key::ALL);
        fixes.push(fix(keys, position, time, Place::Feature(self.index))?);
        Ok(())
    }

    fn known(&self, keys: &[Key]) -> JsonObject {
        let Some(properties) = self.properties else {
            return JsonObject::new();
        };
        keys.iter()
            .filter_map(|key| {
                let value = properties.get(key.as_str())?;
                Some((key.as_str().to_owned(), value.clone()))
            })
            .collect()
    }
}

/// A fix of a position, its time, and the keys that are its own; read by the rules of every posted fix.
fn fix(
    mut keys: JsonObject,
    position: &Position,
    time: &JsonValue,
    place: Place,
) -> Result<PostedFix, TrackFileError> {
    let [lon, lat, rest @ ..] = position.as_slice() else {
        return Err(TrackFileError::new(place, "has no longitude and latitude"));
    };
    keys.insert(Key::Lon.as_str().to_owned(), (*lon).into());
    keys.insert(Key::Lat.as_str().to_owned(), (*lat).into());
    keys.insert(Key::FixedAt.as_str().to_owned(), time.clone());
    // RFC 7946: the third number is the height above the ellipsoid.
    if let Some(height) = rest.first() {
        keys.insert(Key::Altitude.as_str().to_owned(), (*height).into());
    }
    let body = JsonValue::Object(keys).to_string();
    let read = parse_recorded(body.as_bytes(), Format::Json).map_err(|error| {
        let sentence = match error {
            FixesError::Malformed(error) => error.sentence,
            FixesError::TooMany { .. } => error.to_string(),
        };
        TrackFileError::new(place, sentence)
    })?;
    read.into_iter()
        .next()
        .ok_or_else(|| TrackFileError::new(place, "holds no fix"))
}
