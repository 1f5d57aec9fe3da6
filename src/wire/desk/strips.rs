//! How far a pursuit may go, for drawing: what a picture says of it, read for the question, and the strips as `GeoJSON`.

use crate::domain::borders::Strip;
use crate::domain::ids::State;
use crate::domain::law::basis::{Basis, PersonCategory, Purpose};
use crate::domain::law::facts::Declared;
use crate::domain::law::granted::Extent;
use crate::domain::law::profile::agreed::Adopted;
use crate::domain::law::rulebook::kept::RulesVersion;
use crate::domain::measure::{Metres, Position, Timestamp};
use crate::wire::law::CitationWire;
use crate::wire::live::{OperationPicture, UnitPicture};
use crate::wire::parts::{Point, WireError, word};
use crate::wire::resting::{RestsOnWire, adopted};
use serde::Serialize;
use std::collections::BTreeSet;
use ts_rs::TS;
use utoipa::ToSchema;

/// How far the units of an operation may go, as a `GeoJSON` feature collection of what can be drawn of it.
#[derive(Debug, Clone, PartialEq, Serialize, TS, ToSchema)]
pub struct StripsWire {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    #[ts(type = "\"FeatureCollection\"")]
    pub kind: &'static str,
    /// The operation.
    pub operation: String,
    /// The border data set.
    pub border_set: String,
    /// How far, by whose officers and host state, drawn or not; empty when the operation is no pursuit.
    pub extents: Vec<ExtentWire>,
    /// What of the strips lies in the box.
    pub features: Vec<StripPartWire>,
}

/// How far officers of one state may go in another.
#[derive(Debug, Clone, PartialEq, Serialize, TS, ToSchema)]
pub struct ExtentWire {
    /// Whose officers.
    pub from: String,
    /// In which state.
    pub host: String,
    /// `radius`: drawn; `no_limit`, `not_known`, `by_hand` (from where is not on the map), `no_pursuit`: not drawn.
    pub extent: String,
    /// Of a radius: how far.
    pub max_m: Option<f64>,
    /// Of a radius: from where it is measured: `common_frontier`, the shortest distance to it, as each fix is.
    pub measured_from: Option<String>,
    /// Of a radius: no place of its edge in this answer is farther off than this.
    pub error_m: Option<f64>,
    /// All that in one sentence.
    pub sentence: String,
    /// On what a radius rests.
    pub citation: Option<CitationWire>,
}

/// One part of a strip.
#[derive(Debug, Clone, PartialEq, Serialize, TS, ToSchema)]
pub struct StripPartWire {
    /// `Feature`.
    #[serde(rename = "type")]
    #[ts(type = "\"Feature\"")]
    pub kind: &'static str,
    /// What it is.
    pub properties: StripKindWire,
    /// Where it lies.
    pub geometry: StripGeometryWire,
}

/// What a part of a strip is.
#[derive(Debug, Clone, PartialEq, Serialize, TS, ToSchema)]
pub struct StripKindWire {
    /// `area`, the strip, cut at the edges of the box; `edge`, where its radius ends; `stand_off`, the band that a drone is
    /// to keep out of before a line that no rule lets it cross.
    pub part: String,
    /// Whose officers; of a band, the state in which it lies.
    pub from: String,
    /// In which state; of a band, the state beyond the line.
    pub host: String,
    /// How far they may go; of a band, how wide it is.
    pub max_m: f64,
    /// Of a band: which drone does not keep out of it, or soon will not.
    pub unit: Option<String>,
}

/// Where a part of a strip lies: `[longitude, latitude]` each.
#[derive(Debug, Clone, PartialEq, Serialize, TS, ToSchema)]
#[serde(tag = "type")]
pub enum StripGeometryWire {
    /// Polygons, each an outer ring and its holes.
    MultiPolygon {
        /// The rings.
        #[schema(value_type = Vec<Vec<Vec<Vec<f64>>>>)]
        coordinates: Vec<Vec<Vec<Point>>>,
    },
    /// Lines.
    MultiLineString {
        /// The lines.
        #[schema(value_type = Vec<Vec<Vec<f64>>>)]
        coordinates: Vec<Vec<Point>>,
    },
}

impl StripsWire {
    /// Nothing of an operation yet.
    #[must_use]
    pub fn new(operation: &str, border_set: &str) -> Self {
        Self {
            kind: "FeatureCollection",
            operation: operation.to_owned(),
            border_set: border_set.to_owned(),
            extents: Vec::new(),
            features: Vec::new(),
        }
    }

    /// Adds how far officers of `from` may go in `host`, and the strip of a radius.
    pub fn add(&mut self, (from, host): (State, State), extent: &Extent, strip: Option<&Strip>) {
        let radius = match extent {
            Extent::Radius(radius) => Some(radius),
            Extent::NoLimit | Extent::NotKnown | Extent::ByHand(_) | Extent::NoPursuit => None,
        };
        self.extents.push(ExtentWire {
            from: from.to_string(),
            host: host.to_string(),
            extent: extent.as_str().to_owned(),
            max_m: radius.map(|radius| radius.max.as_f64()),
            measured_from: radius.map(|_| "common_frontier".to_owned()),
            error_m: strip.map(|strip| strip.error.as_f64()),
            sentence: extent.in_words(from, host),
            citation: radius.map(|radius| (&radius.citation).into()),
        });
        if let (Some(radius), Some(strip)) = (radius, strip) {
            self.draw((from, host), radius.max, strip);
        }
    }

    /// Adds the band before a line that a drone is to keep out of.
    pub fn add_band(&mut self, band: &Band, strip: &Strip) {
        let coordinates = polygons(strip);
        if coordinates.is_empty() {
            return;
        }
        self.features.push(StripPartWire {
            kind: "Feature",
            properties: StripKindWire {
                part: "stand_off".to_owned(),
                from: band.within.to_string(),
                host: band.beyond.to_string(),
                max_m: band.stand_off.as_f64(),
                unit: Some(band.unit.clone()),
            },
            geometry: StripGeometryWire::MultiPolygon { coordinates },
        });
    }

    fn draw(&mut self, (from, host): (State, State), max: Metres, strip: &Strip) {
        let part = |part: &str, geometry: StripGeometryWire| StripPartWire {
            kind: "Feature",
            properties: StripKindWire {
                part: part.to_owned(),
                from: from.to_string(),
                host: host.to_string(),
                max_m: max.as_f64(),
                unit: None,
            },
            geometry,
        };
        let areas = polygons(strip);
        let edges: Vec<Vec<Point>> = strip.edges.iter().map(|edge| line(edge)).collect();
        if !areas.is_empty() {
            let coordinates = areas;
            let geometry = StripGeometryWire::MultiPolygon { coordinates };
            self.features.push(part("area", geometry));
        }
        if !edges.is_empty() {
            let coordinates = edges;
            let geometry = StripGeometryWire::MultiLineString { coordinates };
            self.features.push(part("edge", geometry));
        }
    }
}

fn polygons(strip: &Strip) -> Vec<Vec<Vec<Point>>> {
    let polygon = |rings: &Vec<Vec<Position>>| rings.iter().map(|ring| line(ring)).collect();
    strip.areas.iter().map(polygon).collect()
}

/// To a millionth of a degree, a tenth of a metre.
fn line(places: &[Position]) -> Vec<Point> {
    let short = |degrees: f64| (degrees * 1e6).round() / 1e6;
    places
        .iter()
        .map(|place| [short(place.lon()), short(place.lat())])
        .collect()
}

/// What a picture says of an operation that it is asked by how far its units may go.
#[derive(Debug, Clone, PartialEq)]
pub struct StripsAsked {
    /// What it declared.
    pub declared: Declared,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Whether it belongs to an exercise.
    pub exercise: bool,
    /// Whose officers, in which host state, and when they entered it; `None` while none of them is there.
    pub stays: BTreeSet<(State, State, Option<Timestamp>)>,
}

impl StripsAsked {
    /// Reads it from an operation and those of its units that are seen.
    ///
    /// # Errors
    /// [`WireError`] when the picture holds what is none; it never does.
    pub fn read(operation: &OperationPicture, units: &[UnitPicture]) -> Result<Self, WireError> {
        let requesting_state = State::parse(&operation.requesting_state)?;
        let host_states: Vec<State> = (operation.host_states.iter())
            .map(|state| State::parse(state))
            .collect::<Result<_, _>>()?;
        let mut own = BTreeSet::from([requesting_state]);
        let mut stays = BTreeSet::new();
        for unit in units {
            let state = State::parse(&unit.state)?;
            own.insert(state);
            if let Some((host, entered)) = abroad(unit, state)? {
                stays.insert((state, host, Some(entered)));
            }
        }
        for (from, host) in (own.iter()).flat_map(|own| host_states.iter().map(|to| (*own, *to))) {
            let is_there = |stay: &(State, State, _)| (stay.0, stay.1) == (from, host);
            if from != host && !stays.iter().any(is_there) {
                stays.insert((from, host, None));
            }
        }
        Ok(Self {
            declared: Declared {
                basis: word(&operation.basis, Basis::parse, "a legal basis")?,
                purpose: word(&operation.purpose, Purpose::parse, "a purpose")?,
                offence: operation.offence.as_str().into(),
                person_category: word(
                    &operation.person_category,
                    PersonCategory::parse,
                    "a person category",
                )?,
                requesting_state,
                host_states,
                // No document and no refusal changes how far the rules let a pursuit go.
                authorisations: Vec::new(),
                refusals: Vec::new(),
                extraditable: operation.extraditable,
                grounds: None,
                evaded_check: Vec::new(),
            },
            opened_at: Timestamp::parse(&operation.opened_at)?,
            exercise: operation.exercise,
            stays,
        })
    }
}

/// The band before a line that no rule lets a drone cross.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Which drone was told that it does not keep out of it, or soon will not.
    pub unit: String,
    /// In which state it lies.
    pub within: State,
    /// Beyond the line.
    pub beyond: State,
    /// How wide it is, as was agreed.
    pub stand_off: Metres,
}

/// The bands that these drones were told of. One before a condominium, or in it, has no single frontier: the alarm says
/// it in words.
#[must_use]
pub fn bands(units: &[UnitPicture]) -> Vec<Band> {
    let band = |unit: &UnitPicture| {
        let told = unit.stand_off.as_ref()?;
        Some(Band {
            unit: unit.id.clone(),
            within: State::parse(&told.from).ok()?,
            beyond: State::parse(&told.to).ok()?,
            stand_off: Metres::new(told.stand_off_m),
        })
    };
    units.iter().filter_map(band).collect()
}

/// The one state that a unit is abroad in, and when it entered it, or was first known there.
fn abroad(unit: &UnitPicture, own: State) -> Result<Option<(State, Timestamp)>, WireError> {
    let Some(law) = unit.law.as_deref() else {
        return Ok(None);
    };
    let Ok(host) = State::parse(law) else {
        // Both states of a condominium, or none: no limit is measured there.
        return Ok(None);
    };
    let crossed = unit.crossings.last().filter(|last| last.to == law);
    let since = crossed
        .map(|last| &last.likely)
        .or(unit.located_at.as_ref());
    let since = since.map(|since| Timestamp::parse(since)).transpose()?;
    Ok(since.filter(|_| host != own).map(|since| (host, since)))
}

/// The rules and profiles that an operation rests on.
///
/// # Errors
/// [`WireError`] when the picture holds what is none; it never does.
pub fn rests_on(wire: &RestsOnWire) -> Result<(Option<RulesVersion>, Adopted), WireError> {
    let rules = wire.rules.as_ref().map(Into::into);
    Ok((rules, adopted(&wire.profiles)?))
}
