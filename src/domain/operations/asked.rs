//! What the law is asked of a unit, as far as it is known.

use super::card::RecognisedBy;
use super::operation::Operation;
use super::whereabouts::Abroad;
use crate::domain::borders::ring;
use crate::domain::event::Crossing;
use crate::domain::ids::StateSet;
use crate::domain::law::basis::Carrier;
use crate::domain::law::facts::{CrossingFacts, Recognisable};
use crate::domain::measure::Timestamp;
use crate::domain::registry::{Marks, UnitCard, UnitKind};

/// On what a kind of unit moves.
#[must_use]
pub const fn carrier(kind: UnitKind) -> Carrier {
    match kind {
        UnitKind::Vehicle | UnitKind::Officer | UnitKind::Tracker => Carrier::Land,
        UnitKind::Boat => Carrier::Water,
        UnitKind::Helicopter => Carrier::Air,
        UnitKind::Drone => Carrier::Drone,
    }
}

/// What the law is asked of a crossing; `None` for a unit of no operation.
pub(super) fn facts<'o>(
    operation: Option<&'o Operation>,
    unit: &UnitCard,
    crossing: &Crossing,
) -> CrossingFacts<'o> {
    CrossingFacts {
        declared: operation.map(|operation| &operation.card.declared),
        unit_state: unit.state,
        carrier: carrier(unit.kind),
        territory: crossing.to,
        earliest: crossing.earliest,
        likely: crossing.likely,
        disputed: false,
        came_from: crossing.from,
        recognisable: recognisable(operation, unit),
        contacted: operation.map_or(&[], |operation| &operation.contacted),
        in_patrol_area: operation.and_then(|operation| in_patrol_area(operation, crossing)),
        abroad_at: None,
    }
}

/// What the law is asked of a unit that is abroad without a known crossing.
pub(super) fn facts_of_place<'o>(
    operation: Option<&'o Operation>,
    unit: &UnitCard,
    abroad: &Abroad,
    now: Timestamp,
) -> CrossingFacts<'o> {
    CrossingFacts {
        declared: operation.map(|operation| &operation.card.declared),
        unit_state: unit.state,
        carrier: carrier(unit.kind),
        territory: abroad.territory,
        earliest: abroad.since,
        likely: abroad.since,
        disputed: false,
        came_from: StateSet::NONE,
        recognisable: recognisable(operation, unit),
        contacted: operation.map_or(&[], |operation| &operation.contacted),
        in_patrol_area: None,
        abroad_at: Some(now),
    }
}

/// Whether a crossing led into the state and area of a joint patrol; `None` when the area is the whole state. The place
/// of a crossing is as exact as it says, and an area may end at the frontier.
fn in_patrol_area(operation: &Operation, crossing: &Crossing) -> Option<bool> {
    let patrol = operation.card.patrol.as_ref()?;
    if !crossing.to.contains(patrol.state) {
        return Some(false);
    }
    let area = patrol.area.as_ref()?;
    Some(!ring::is_beyond(
        area,
        crossing.point,
        crossing.position_error,
    ))
}

/// How a unit can be recognised as police: as somebody ticked in this operation, else as it is registered.
fn recognisable(operation: Option<&Operation>, unit: &UnitCard) -> Recognisable {
    let ticked = operation.and_then(|operation| operation.recognised.get(&unit.id));
    match (ticked, unit.marks) {
        (
            Some(RecognisedBy::Uniform | RecognisedBy::Armband | RecognisedBy::VehicleFittings),
            _,
        )
        | (None, Some(Marks::Uniform | Marks::MarkedCar)) => Recognisable::Yes,
        (Some(RecognisedBy::Nothing), _) | (None, Some(Marks::Covert)) => Recognisable::No,
        (None, None) => Recognisable::NotSaid,
    }
}
