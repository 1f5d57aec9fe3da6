//! Border data as `GeoJSON` and its manifest as TOML, read into the domain's sources.

use crate::domain::borders::{
    Frontier, FrontierLine, JointArea, JointKind, LineKind, Polygon, Ring, Sources, Territory,
    Vertex,
};
use crate::domain::ids::{State, StateSet};
use geojson::{Feature, FeatureReader, GeometryValue, Position};
use std::io::Read;

/// Why border data cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BorderDataError {
    /// Not `GeoJSON`, or not a feature collection.
    #[error("{what} cannot be read as GeoJSON: {reason}")]
    GeoJson {
        /// Which data.
        what: &'static str,
        /// Why, as the reader says.
        reason: String,
    },
    /// A feature lacks a property, or it has an unknown value.
    #[error(
        "feature {index} of {what} has no usable `{property}`: correct it or rebuild the border data"
    )]
    Property {
        /// Which data.
        what: &'static str,
        /// Which feature, from 1.
        index: usize,
        /// Which property.
        property: &'static str,
    },
    /// A geometry of another kind, or a coordinate out of range.
    #[error(
        "feature {index} of {what} has a geometry that is not {wanted} within ±180, ±90 degrees"
    )]
    Geometry {
        /// Which data.
        what: &'static str,
        /// Which feature, from 1.
        index: usize,
        /// What was wanted.
        wanted: &'static str,
    },
    /// The manifest is not what it should be.
    #[error("the manifest of the border data cannot be read: {reason}")]
    Manifest {
        /// Why, as the reader says.
        reason: String,
    },
}

/// The three `GeoJSON` collections of a border set, as readers of plain (not compressed) text.
#[derive(Debug)]
pub struct Collections<S, L, J> {
    /// State polygons: property `iso_a2`.
    pub states: S,
    /// Frontier lines: properties `a`, `b`, `kind` (`land` or `maritime`).
    pub frontiers: L,
    /// Joint areas: properties `states`, `kind`.
    pub joint_areas: J,
}

/// Reads a border set.
///
/// # Errors
/// [`BorderDataError`] naming the collection and the feature.
pub fn read_sources<S: Read, L: Read, J: Read>(
    collections: Collections<S, L, J>,
) -> Result<Sources, BorderDataError> {
    Ok(Sources {
        territories: read("the states", collections.states, territory)?,
        lines: read("the frontiers", collections.frontiers, line)?,
        joint_areas: read("the joint areas", collections.joint_areas, joint_area)?,
    })
}

/// A feature and where it stands, for messages.
struct Entry {
    what: &'static str,
    index: usize,
    feature: Feature,
}

impl Entry {
    fn bad(&self, property: &'static str) -> BorderDataError {
        BorderDataError::Property {
            what: self.what,
            index: self.index,
            property,
        }
    }

    fn text(&self, property: &'static str) -> Result<&str, BorderDataError> {
        self.feature
            .property(property)
            .and_then(|value| value.as_str())
            .ok_or_else(|| self.bad(property))
    }

    fn state(&self, property: &'static str) -> Result<State, BorderDataError> {
        State::parse(self.text(property)?).map_err(|_| self.bad(property))
    }

    fn wrong_geometry(&self, wanted: &'static str) -> BorderDataError {
        BorderDataError::Geometry {
            what: self.what,
            index: self.index,
            wanted,
        }
    }

    fn polygons(&self) -> Result<Vec<Polygon>, BorderDataError> {
        let polygon = |rings: &Vec<Vec<Position>>| -> Option<Polygon> {
            rings.iter().map(|ring| vertices(ring)).collect()
        };
        let geometry = self.feature.geometry.as_ref().map(|g| &g.value);
        let read: Option<Vec<Polygon>> = match geometry {
            Some(GeometryValue::Polygon { coordinates }) => {
                polygon(coordinates).map(|polygon| vec![polygon])
            }
            Some(GeometryValue::MultiPolygon { coordinates }) => {
                coordinates.iter().map(polygon).collect()
            }
            _ => None,
        };
        read.ok_or_else(|| self.wrong_geometry("polygons"))
    }

    fn chains(&self) -> Result<Vec<Vec<Vertex>>, BorderDataError> {
        let geometry = self.feature.geometry.as_ref().map(|g| &g.value);
        let read: Option<Vec<Vec<Vertex>>> = match geometry {
            Some(GeometryValue::LineString { coordinates }) => {
                vertices(coordinates).map(|chain| vec![chain])
            }
            Some(GeometryValue::MultiLineString { coordinates }) => {
                coordinates.iter().map(|chain| vertices(chain)).collect()
            }
            _ => None,
        };
        read.ok_or_else(|| self.wrong_geometry("lines"))
    }
}

/// Vertices as whole microdegrees; `None` when one is out of range.
fn vertices(positions: &[Position]) -> Option<Ring> {
    positions
        .iter()
        .map(|position| match position.as_slice() {
            [lon, lat, ..] => Vertex::from_degrees(*lon, *lat),
            _ => None,
        })
        .collect()
}

fn read<T>(
    what: &'static str,
    reader: impl Read,
    parse: fn(&Entry) -> Result<T, BorderDataError>,
) -> Result<Vec<T>, BorderDataError> {
    FeatureReader::from_reader(reader)
        .features()
        .enumerate()
        .map(|(index, feature)| {
            let feature = feature.map_err(|error| BorderDataError::GeoJson {
                what,
                reason: error.to_string(),
            })?;
            parse(&Entry {
                what,
                index: index + 1,
                feature,
            })
        })
        .collect()
}

fn territory(entry: &Entry) -> Result<Territory, BorderDataError> {
    Ok(Territory {
        state: entry.state("iso_a2")?,
        polygons: entry.polygons()?,
    })
}

fn line(entry: &Entry) -> Result<FrontierLine, BorderDataError> {
    let kind = match entry.text("kind")? {
        "land" => LineKind::Land,
        "maritime" => LineKind::Maritime,
        _ => return Err(entry.bad("kind")),
    };
    Ok(FrontierLine {
        frontier: Frontier::between(entry.state("a")?, entry.state("b")?),
        kind,
        chains: entry.chains()?,
    })
}

fn joint_area(entry: &Entry) -> Result<JointArea, BorderDataError> {
    let kind = match entry.text("kind")? {
        "condominium" => JointKind::Condominium,
        "disputed" => JointKind::Disputed,
        "undelimited" => JointKind::Undelimited,
        "overlap" => JointKind::Overlap,
        _ => return Err(entry.bad("kind")),
    };
    let names = entry.feature.property("states").and_then(|v| v.as_array());
    let states = names
        .filter(|names| names.len() == 2)
        .into_iter()
        .flatten()
        .map(|name| name.as_str().and_then(|name| State::parse(name).ok()))
        .collect::<Option<Vec<State>>>()
        .filter(|states| states.len() == 2)
        .ok_or_else(|| entry.bad("states"))?;
    Ok(JointArea {
        states: states.into_iter().fold(StateSet::NONE, StateSet::with),
        kind,
        polygons: entry.polygons()?,
    })
}

/// What a border set says of itself: `MANIFEST.toml`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Source and vintage in one word, such as `osm-2026e`.
    pub vintage: String,
    /// What to show wherever the borders are shown.
    pub attribution: String,
    /// The licence's short name.
    pub licence: String,
    /// Where the data come from, in a sentence.
    pub source: String,
    /// What is known to be less than exact.
    pub notes: Vec<String>,
    /// The three files and their digests.
    pub files: ManifestFiles,
}

/// The files of a border set.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFiles {
    /// State polygons.
    pub states: ManifestFile,
    /// Frontier lines.
    pub frontiers: ManifestFile,
    /// Joint areas.
    pub joint_areas: ManifestFile,
}

/// One file of a border set.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Its name, in the folder of the manifest: gzipped `GeoJSON`.
    pub name: String,
    /// The SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Reads `MANIFEST.toml`.
    ///
    /// # Errors
    /// [`BorderDataError::Manifest`] when it is no TOML, or a key is missing or unknown.
    pub fn parse(text: &str) -> Result<Self, BorderDataError> {
        toml::from_str(text).map_err(|error| BorderDataError::Manifest {
            reason: error.to_string().replace('\n', " ").trim().to_owned(),
        })
    }
}
