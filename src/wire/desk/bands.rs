//! The bands that drones are to keep out of: those that the room was told of, and what the law is asked of a drone that is near a
//! line, as a picture shows it.

use crate::domain::ids::{State, UnitId};
use crate::domain::law::basis::HostRefusal;
use crate::domain::measure::{Metres, Position, Timestamp};
use crate::domain::operations::{Operation, OperationCard, RecognisedBy};
use crate::domain::registry::{UnitCard, UnitKind};
use crate::wire::desk::strips::rests_on;
use crate::wire::live::{OperationPicture, UnitPicture};
use crate::wire::operation::OperationCardWire;
use crate::wire::parts::{UnitCardWire, WireError, position, word};
use std::sync::Arc;

/// So near a line the band before it is drawn, though the drone keeps out of it.
const NEAR: Metres = Metres::from_centimetres(300_000);

/// The band before a line that no rule lets a drone cross.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Which drone.
    pub unit: String,
    /// In which state it lies.
    pub within: State,
    /// Beyond the line.
    pub beyond: State,
    /// How wide it is, as was agreed.
    pub stand_off: Metres,
}

/// The band that the room was told this drone does not keep out of, or soon will not. One before a condominium, or in it,
/// has no single frontier: the alarm says it in words.
#[must_use]
pub fn told(unit: &UnitPicture) -> Option<Band> {
    let told = unit.stand_off.as_ref()?;
    Some(Band {
        unit: unit.id.clone(),
        within: State::parse(&told.from).ok()?,
        beyond: State::parse(&told.to).ok()?,
        stand_off: Metres::new(told.stand_off_m),
    })
}

/// A drone that is near a line, to ask whether it may cross it.
#[derive(Debug, Clone, PartialEq)]
pub struct NearLine {
    /// Which.
    pub card: UnitCard,
    /// In which state it is.
    pub within: State,
    /// Beyond the line.
    pub beyond: State,
    /// Where it is, and how far from the line.
    pub near: (Position, Metres),
    /// The operations that it flies for.
    pub operations: Vec<Operation>,
}

/// Reads whether a unit is a drone near the line of another state, and the operations it flies for. `None` as well where the
/// picture does not hold all that the law would be asked of: then nothing is said before the room is told.
///
/// # Errors
/// [`WireError`] when the picture holds what is none; it never does.
pub fn near_line(
    unit: &UnitPicture,
    operations: &[OperationPicture],
    now: Timestamp,
) -> Result<Option<NearLine>, WireError> {
    let card = UnitCard::try_from(&UnitCardWire {
        unit: unit.id.clone(),
        room: unit.room.clone(),
        state: unit.state.clone(),
        unit_kind: unit.kind.clone(),
        callsign: unit.callsign.clone(),
        marks: unit.marks.clone(),
    })?;
    let law = unit.law.as_deref().map(State::parse);
    let (UnitKind::Drone, true, Some(Ok(within)), Some(fix)) =
        (card.kind, unit.on_duty, law, unit.position.as_ref())
    else {
        return Ok(None);
    };
    let (Some(frontier), Some(distance_m)) = (fix.frontier.as_deref(), fix.distance_m) else {
        return Ok(None);
    };
    let (a, b) = crate::domain::borders::Frontier::parse(frontier)?.states();
    let beyond = if within == a { b } else { a };
    let distance = Metres::new(distance_m);
    let of_unit = (operations.iter()).filter(|operation| operation.units.contains(&unit.id));
    let of_unit: Vec<&OperationPicture> = of_unit.collect();
    let known = (of_unit.iter()).all(|operation| are_documents_known(operation, now));
    if distance > NEAR || (within != a && within != b) || of_unit.is_empty() || !known {
        return Ok(None);
    }
    Ok(Some(NearLine {
        card,
        within,
        beyond,
        near: (position([fix.lon, fix.lat])?, distance),
        operations: of_unit
            .into_iter()
            .map(operation)
            .collect::<Result<_, _>>()?,
    }))
}

/// Whether the one document that a picture keeps is all that counts now: the one entered last takes the place of those
/// before it while it is in force. With several hosts others may hold beside it.
fn are_documents_known(operation: &OperationPicture, now: Timestamp) -> bool {
    let holds = |from: &str, to: &str| {
        let (from, to) = (Timestamp::parse(from), Timestamp::parse(to));
        from.is_ok_and(|from| from <= now) && to.is_ok_and(|to| now < to)
    };
    let last = operation.authorisation.as_ref();
    operation.host_states.len() == 1 && last.is_none_or(|last| holds(&last.from, &last.to))
}

fn operation(picture: &OperationPicture) -> Result<Operation, WireError> {
    let mut card = OperationCard::try_from(&OperationCardWire {
        id: picture.id.clone(),
        name: picture.name.clone(),
        room: picture.room.clone(),
        basis: picture.basis.clone(),
        purpose: picture.purpose.clone(),
        offence: picture.offence.clone(),
        person_category: picture.person_category.clone(),
        requesting_state: picture.requesting_state.clone(),
        host_states: picture.host_states.clone(),
        host_rooms: picture.host_rooms.clone(),
        target: picture.target.clone(),
        units: picture.units.clone(),
        authorisation: picture.authorisation.clone(),
        patrol: picture.patrol.clone(),
        extraditable: picture.extraditable,
        grounds: picture.grounds.clone(),
        evaded_check: picture.evaded_check.clone(),
        exercise: picture.exercise,
        opened_by: picture.opened_by.clone(),
    })?;
    for said in &picture.refusals {
        // What is still shown as granted was granted after it.
        card.declared
            .refusals
            .push((HostRefusal::try_from(said)?, 0));
    }
    let mut operation = Operation::new(card, Timestamp::parse(&picture.opened_at)?);
    for ticked in &picture.recognised {
        let by = word(&ticked.by, RecognisedBy::parse, "a mark of police")?;
        operation
            .recognised
            .insert(UnitId::parse(&ticked.unit)?, by);
    }
    if let Some(rests) = &picture.rests_on {
        let (rules, adopted) = rests_on(rests)?;
        (operation.rules, operation.profiles) = (rules, Some(Arc::new(adopted)));
    }
    Ok(operation)
}
