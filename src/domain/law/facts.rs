//! The facts that the law is asked about. The law never sees a track or a polygon.

use super::basis::{Authorisation, Basis, Carrier, PersonCategory, Purpose};
use crate::domain::ids::{State, StateSet};
use crate::domain::measure::Timestamp;
use std::sync::Arc;

/// What an operation declares when it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The provision it rests on.
    pub basis: Basis,
    /// What it is for.
    pub purpose: Purpose,
    /// The offence, by its id in the rule data.
    pub offence: Arc<str>,
    /// Who is followed.
    pub person_category: PersonCategory,
    /// Whose officers.
    pub requesting_state: State,
    /// Where they may have to go.
    pub host_states: Vec<State>,
    /// What the host granted, when it did.
    pub authorisation: Option<Authorisation>,
}

/// What is known when a unit of the operation entered another state.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossingFacts<'a> {
    /// What the operation declared; `None` when the unit is in no operation.
    pub declared: Option<&'a Declared>,
    /// Whose officers crossed.
    pub unit_state: State,
    /// On what they move.
    pub carrier: Carrier,
    /// Where they are now: one state, or both of a condominium (the stricter law applies).
    pub territory: StateSet,
    /// The earliest moment consistent with the data: every clock counts from here.
    pub earliest: Timestamp,
    /// The likely moment: the rule row is chosen by it.
    pub likely: Timestamp,
    /// Whether the place lies in a disputed, undelimited or overlapping area.
    pub disputed: bool,
    /// Of a joint patrol: whether the place lies in the agreed area. `None` when no area was agreed (the whole state).
    pub in_patrol_area: Option<bool>,
}

impl CrossingFacts<'_> {
    /// Whether the unit is back in its own state, and only there: then no law of another state is concerned.
    #[must_use]
    pub fn is_return_home(&self) -> bool {
        !self.disputed && !self.territory.is_empty() && self.foreign_states().next().is_none()
    }

    /// The states other than the unit's own whose law applies at the place. In a condominium the unit's own state being
    /// one of them changes nothing about the others.
    pub fn foreign_states(&self) -> impl Iterator<Item = State> + '_ {
        self.territory
            .iter()
            .filter(|place| *place != self.unit_state && !is_part_of(*place, self.unit_state))
    }
}

/// Whether a place with a code of its own is the soil of this state: Svalbard (SJ) is Norway's, so that Norwegian
/// officers do not go abroad there.
fn is_part_of(place: State, state: State) -> bool {
    (place.as_str(), state.as_str()) == ("SJ", "NO")
}
