//! Where a host state lets a drone fly, as it is ordered, stored and shown.

use super::parts::{Point, WireError, metres, point, position};
use crate::domain::law::basis::Airspace;
use crate::domain::measure::Metres;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Where a host state lets a drone fly. What is left out its document does not bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct AirspaceWire {
    /// A ring of points, or wherever the document holds.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Vec<f64>>>)]
    pub area: Option<Vec<Point>>,
    /// No higher than this above the ellipsoid, as fixes give it.
    #[serde(default)]
    pub altitude_max_m: Option<f64>,
}

impl From<&Airspace> for AirspaceWire {
    fn from(airspace: &Airspace) -> Self {
        let ring = airspace.area.as_ref();
        Self {
            area: ring.map(|ring| ring.iter().map(|p| point(*p)).collect()),
            altitude_max_m: airspace.up_to.map(metres),
        }
    }
}

impl TryFrom<&AirspaceWire> for Airspace {
    type Error = WireError;

    fn try_from(airspace: &AirspaceWire) -> Result<Self, WireError> {
        let ring = airspace.area.as_ref();
        let ring = ring.map(|ring| ring.iter().map(|p| position(*p)).collect::<Result<_, _>>());
        Ok(Self {
            area: ring.transpose()?,
            up_to: airspace.altitude_max_m.map(Metres::new),
        })
    }
}
