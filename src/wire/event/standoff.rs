//! Drones that do not keep away from a line, to and from their stored form.

use crate::domain::event::{Refusal, StandOff};
use crate::domain::ids::{StateSet, UnitId};
use crate::domain::measure::{Metres, Timestamp};
use crate::wire::law::CitationWire;
use crate::wire::parts::WireError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A drone nearer than the stand-off to a line that no rule lets it cross, or on its way over it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct StandOffWire {
    /// Which unit.
    pub unit: String,
    /// The states it is in.
    pub from: String,
    /// The states beyond, whose rules do not let it in.
    pub to: String,
    /// How far from the line; when it will be over it, straight to where.
    pub distance_m: f64,
    /// How far away it is to keep, as was agreed.
    pub stand_off_m: f64,
    /// When it will be over the line as it goes; null when it is only near.
    pub over_at: Option<String>,
    /// The first condition that is not met.
    pub condition: String,
    /// What stands against it, in one sentence.
    pub sentence: String,
    /// On what that rests.
    pub citation: Option<CitationWire>,
}

impl StandOffWire {
    /// From the event.
    #[must_use]
    pub fn of(unit: &UnitId, it: &StandOff) -> Self {
        Self {
            unit: unit.to_string(),
            from: it.from.to_string(),
            to: it.to.to_string(),
            distance_m: it.distance.as_f64(),
            stand_off_m: it.stand_off.as_f64(),
            over_at: it.over_at.map(|at| at.to_string()),
            condition: it.because.guard.to_string(),
            sentence: it.because.sentence.to_string(),
            citation: it.because.citation.as_ref().map(CitationWire::from),
        }
    }
}

impl TryFrom<&StandOffWire> for Box<StandOff> {
    type Error = WireError;

    fn try_from(it: &StandOffWire) -> Result<Self, WireError> {
        let over_at = it.over_at.as_deref().map(Timestamp::parse).transpose()?;
        Ok(Self::new(StandOff {
            from: StateSet::parse(&it.from)?,
            to: StateSet::parse(&it.to)?,
            distance: Metres::new(it.distance_m),
            stand_off: Metres::new(it.stand_off_m),
            over_at,
            because: Refusal {
                guard: it.condition.as_str().into(),
                sentence: it.sentence.as_str().into(),
                citation: it.citation.as_ref().map(TryInto::try_into).transpose()?,
            },
        }))
    }
}
