//! Aircraft that say what ground their cameras see.

use super::{Answer, Decision, Grounds, World};
use crate::domain::event::Refusal;
use crate::domain::input::Footprint;
use crate::domain::measure::Timestamp;
use crate::domain::registry::UnitKind;

impl World {
    /// What follows when an aircraft says what ground its camera sees: told apart, it brings about nothing else.
    pub(super) fn decide_footprint(
        &self,
        footprint: &Footprint,
        now: Timestamp,
        grounds: Grounds<'_>,
    ) -> Decision {
        let Some(unit) = self.speaking(&footprint.unit) else {
            return Decision::default();
        };
        let refused = |guard: &str, sentence: &str| Decision {
            answer: Answer::Refused(Refusal {
                guard: guard.into(),
                sentence: sentence.into(),
                citation: None,
            }),
            ..Decision::default()
        };
        if !matches!(unit.card.kind, UnitKind::Drone | UnitKind::Helicopter) {
            return refused(
                "no_aircraft",
                "Only a drone or a helicopter has a footprint.",
            );
        }
        if footprint.at > now.plus(grounds.gate.future) {
            return refused("time_in_future", "The footprint is of a time to come.");
        }
        let event = unit.track.decide_camera(footprint, grounds.borders);
        Decision {
            answer: Answer::Done {
                id: unit.card.id.as_str().into(),
                version: 0,
                repeated: event.is_none(),
            },
            events: event.into_iter().collect(),
            ..Decision::default()
        }
    }
}
