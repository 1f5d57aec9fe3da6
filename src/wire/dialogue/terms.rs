//! The terms of a hand-over.

use crate::domain::ids::UnitId;
use crate::domain::measure::Metres;
use crate::domain::operations::handover::{Expected, ExpectedAt, Overlap, Terms};
use crate::wire::parts::{Point, WireError, metres, point, position, seconds, span, timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The terms of a hand-over, as they are notified, proposed and agreed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct TermsWire {
    /// Where the crossing is expected; the likeliest first.
    pub crossing_points: Vec<ExpectedAtWire>,
    /// When the target is expected over the line.
    pub expected: Option<ExpectedWire>,
    /// How far beyond the line the lead is to pass, metres along the way: 0 at the line, negative before it.
    pub transfer_at_m: Option<f64>,
    /// The unit of the room that takes the lead which takes the target.
    pub takes_eyes: Option<String>,
    /// The units of the room that hands over which enter.
    pub units: Vec<String>,
    /// How far beyond the line they may stay with the target after the lead has passed, metres.
    pub overlap_m: Option<f64>,
    /// And how long, seconds.
    pub overlap_s: Option<f64>,
    /// By which way rooms and units speak.
    pub voice: Option<String>,
}

/// A crossing point and how probable it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct ExpectedAtWire {
    /// Its name.
    pub name: String,
    /// Where it is, when it is known.
    #[serde(default)]
    #[schema(value_type = Option<Vec<f64>>, min_items = 2, max_items = 2)]
    pub point: Option<Point>,
    /// In parts of a hundred; `null` when a person chose it.
    #[serde(default)]
    pub percent: Option<u8>,
}

/// When something is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ExpectedWire {
    /// Not before.
    pub earliest: String,
    /// Most likely.
    pub likely: String,
    /// Not after.
    pub latest: String,
}

impl From<&Terms> for TermsWire {
    fn from(terms: &Terms) -> Self {
        let points = terms.crossing_points.iter();
        Self {
            crossing_points: points
                .map(|at| ExpectedAtWire {
                    name: at.name.to_string(),
                    point: at.position.map(point),
                    percent: at.percent,
                })
                .collect(),
            expected: terms.expected.map(|at| ExpectedWire {
                earliest: at.earliest.to_string(),
                likely: at.likely.to_string(),
                latest: at.latest.to_string(),
            }),
            transfer_at_m: terms.transfer_at.map(metres),
            takes_eyes: terms.takes_eyes.as_ref().map(ToString::to_string),
            units: terms.units.iter().map(ToString::to_string).collect(),
            overlap_m: terms.overlap.distance.map(metres),
            overlap_s: terms.overlap.period.map(seconds),
            voice: terms.voice.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<&TermsWire> for Terms {
    type Error = WireError;

    fn try_from(terms: &TermsWire) -> Result<Self, WireError> {
        let points = terms.crossing_points.iter().map(|at| {
            Ok(ExpectedAt {
                name: at.name.as_str().into(),
                position: at.point.map(position).transpose()?,
                percent: at.percent,
            })
        });
        let expected = terms.expected.as_ref().map(|at| {
            Ok::<_, WireError>(Expected {
                earliest: timestamp(&at.earliest)?,
                likely: timestamp(&at.likely)?,
                latest: timestamp(&at.latest)?,
            })
        });
        let units = terms.units.iter().map(|unit| Ok(UnitId::parse(unit)?));
        let takes_eyes = terms.takes_eyes.as_deref().map(UnitId::parse);
        Ok(Self {
            crossing_points: points.collect::<Result<_, WireError>>()?,
            expected: expected.transpose()?,
            transfer_at: terms.transfer_at_m.map(Metres::new),
            takes_eyes: takes_eyes.transpose()?,
            units: units.collect::<Result<_, WireError>>()?,
            overlap: Overlap {
                distance: terms.overlap_m.map(Metres::new),
                period: terms.overlap_s.map(span),
            },
            voice: terms.voice.as_deref().map(Into::into),
        })
    }
}
