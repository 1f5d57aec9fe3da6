//! What the law is asked of a unit, as far as it is known.

use super::card::RecognisedBy;
use super::operation::Operation;
use super::whereabouts::Abroad;
use crate::domain::borders::ring;
use crate::domain::event::{Crossing, Refusal};
use crate::domain::ids::StateSet;
use crate::domain::law::assess::assess_crossing;
use crate::domain::law::basis::Carrier;
use crate::domain::law::facts::{CrossingFacts, Flown, Recognisable, foreign};
use crate::domain::law::finding::Answer;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::measure::{Metres, Position, Timestamp};
use crate::domain::registry::{Marks, UnitCard, UnitKind};
use std::sync::Arc;

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

/// What the law is asked of a unit that went from some states to others at a moment, as far as its operation and its card
/// say; `None` for a unit of no operation.
fn asked_of<'o>(
    operation: Option<&'o Operation>,
    unit: &UnitCard,
    (from, to): (StateSet, StateSet),
    at: Timestamp,
) -> CrossingFacts<'o> {
    CrossingFacts {
        declared: operation.map(|operation| &operation.card.declared),
        unit_state: unit.state,
        carrier: carrier(unit.kind),
        territory: to,
        earliest: at,
        likely: at,
        disputed: false,
        came_from: from,
        recognisable: recognisable(operation, unit),
        contacted: operation.map_or(&[], |operation| &operation.contacted),
        in_patrol_area: None,
        abroad_at: None,
        flown: Vec::new(),
    }
}

/// How high a unit is, when it is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Height {
    /// It is not: of a crossing no height is known.
    NotAsked,
    /// It was not measured.
    NotMeasured,
    /// So high above the ellipsoid.
    At(Metres),
}

/// Whether a drone keeps to where hosts let it fly, by the document of each that holds then: outside an area when it is
/// so by more than `margin`.
pub(super) fn flown(
    operation: &Operation,
    unit: &UnitCard,
    (territory, at): (StateSet, Timestamp),
    (place, margin, height): (Position, Metres, Height),
) -> Vec<Flown> {
    if unit.kind != UnitKind::Drone {
        return Vec::new();
    }
    let declared = &operation.card.declared;
    let of_host = |host| {
        let document = declared.document_at(host, at)?.document;
        let airspace = document.drone.as_ref()?;
        let is_in = |area: &Arc<[Position]>| !ring::is_beyond(area, place, margin);
        let height = airspace.up_to.and_then(|up_to| {
            let answer = match height {
                Height::NotAsked => return None,
                Height::NotMeasured => Answer::Unknown,
                Height::At(high) if high <= up_to => Answer::Met,
                Height::At(_) => Answer::NotMet,
            };
            Some((up_to, answer))
        });
        Some(Flown {
            host,
            document: Arc::clone(&document.number),
            in_area: airspace.area.as_ref().map(is_in),
            height,
        })
    };
    foreign(territory, unit.state).filter_map(of_host).collect()
}

/// What the law is asked of a crossing; `None` for a unit of no operation.
pub(super) fn facts<'o>(
    operation: Option<&'o Operation>,
    unit: &UnitCard,
    crossing: &Crossing,
) -> CrossingFacts<'o> {
    let place = (crossing.point, crossing.position_error);
    let (point, error) = place;
    let entered = (crossing.to, crossing.likely);
    CrossingFacts {
        likely: crossing.likely,
        flown: operation.map_or_else(Vec::new, |of| {
            flown(of, unit, entered, (point, error, Height::NotAsked))
        }),
        in_patrol_area: operation.and_then(|of| in_patrol_area(of, crossing.to, place)),
        ..asked_of(
            operation,
            unit,
            (crossing.from, crossing.to),
            crossing.earliest,
        )
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
        abroad_at: Some(now),
        ..asked_of(
            operation,
            unit,
            (StateSet::NONE, abroad.territory),
            abroad.since,
        )
    }
}

/// What stands against a unit's going from some states to others now, as the rules would say of its crossing; `None` when
/// no obstacle is found for one of its operations. `near`: where it is, and how far from there it would cross.
#[must_use]
pub fn obstacle_ahead<'o>(
    rulebook: &Rulebook,
    operations: impl Iterator<Item = &'o Operation>,
    unit: &UnitCard,
    (from, to): (StateSet, StateSet),
    (now, near): (Timestamp, (Position, Metres)),
) -> Option<Refusal> {
    let asked = |operation: Option<&Operation>| {
        let facts = CrossingFacts {
            in_patrol_area: operation.and_then(|of| in_patrol_area(of, to, near)),
            flown: operation.map_or_else(Vec::new, |of| {
                flown(of, unit, (to, now), (near.0, near.1, Height::NotAsked))
            }),
            ..asked_of(operation, unit, (from, to), now)
        };
        let assessment = assess_crossing(rulebook, &facts);
        let first = assessment.obstacles().next();
        first.map(|finding| Refusal {
            guard: Arc::clone(&finding.condition),
            sentence: Arc::clone(&finding.sentence),
            citation: Some(finding.citation.clone()),
        })
    };
    let mut operations = operations.peekable();
    if operations.peek().is_none() {
        return asked(None);
    }
    let mut first = None;
    for operation in operations {
        let obstacle = asked(Some(operation))?;
        first.get_or_insert(obstacle);
    }
    first
}

/// Whether a place of these states lies in the state and area of a joint patrol; `None` when the area is the whole state.
/// A place is as exact as it says, and an area may end at the frontier.
fn in_patrol_area(
    operation: &Operation,
    territory: StateSet,
    (point, error): (Position, Metres),
) -> Option<bool> {
    let patrol = operation.card.patrol.as_ref()?;
    if !territory.contains(patrol.state) {
        return Some(false);
    }
    let area = patrol.area.as_ref()?;
    Some(!ring::is_beyond(area, point, error))
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
