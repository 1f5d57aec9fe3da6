//! What a person at a desk orders of an operation, and why it is refused when it is.

use super::Eyes;
use super::answers::{granted_by_host, may_be_refused};
use super::by_voice::told_what_is_owed;
use super::card::{Closing, OperationCard, OperationChange, Sighting, SightingSource};
use super::crossings::{Again, Consequences, Lookup};
use super::detentions::{may_record, may_step, nobody_held_by_us};
use super::notice::NoticeStatus;
use super::operation::{ClockStatus, Operation};
use super::{reporting, resting};
use crate::domain::borders::Location;
use crate::domain::event::{
    ClockEvent, Event, LifeEvent, NoticeEvent, OperationEvent, OperationEventKind, Refusal, What,
};
use crate::domain::ids::{NoticeId, OperationId, UnitId};
use crate::domain::input::Seen;
use crate::domain::law::assess::assess_opening;
use crate::domain::law::basis::Basis;
use crate::domain::law::finding::{Answer, Assessment, Verdict};
use crate::domain::measure::Timestamp;
use crate::domain::registry::{Person, UnitCard};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest id an operation may have: a notice's id is this and a number.
pub const OPERATION_ID_MAX: usize = 48;

/// What was ordered: events, or a refusal that is kept too.
pub type Ordered = Result<Vec<Event>, Refusal>;

/// An order's circumstances.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Who.
    pub by: &'a Person,
    /// Our time.
    pub now: Timestamp,
    /// Where to look things up.
    pub lookup: Lookup<'a>,
}

pub(super) fn refuse(guard: &str, sentence: String) -> Refusal {
    Refusal {
        guard: guard.into(),
        sentence: sentence.into(),
        citation: None,
    }
}

pub(in crate::domain) fn event(
    operation: &OperationId,
    at: Timestamp,
    kind: OperationEventKind,
) -> Event {
    Event {
        at,
        what: What::Operation(OperationEvent {
            operation: Some(operation.clone()),
            kind,
        }),
    }
}

/// Opens an operation, when the law finds no obstacle in what it declares.
///
/// # Errors
/// A [`Refusal`]: by a guard of the house, or by the law with its citation.
pub fn open(
    ask: Ask<'_>,
    card: &OperationCard,
    taken: bool,
    units: &BTreeMap<UnitId, &UnitCard>,
) -> Ordered {
    if card.id.as_str().len() > OPERATION_ID_MAX {
        let sentence = format!(
            "The id {} is longer than {OPERATION_ID_MAX} characters: take a shorter one.",
            card.id
        );
        return Err(refuse("operation_id_too_long", sentence));
    }
    if taken {
        return Err(refuse(
            "operation_exists",
            format!(
                "There is an operation {} already: take another id.",
                card.id
            ),
        ));
    }
    let own_state = ask.lookup.rooms.get(&ask.by.room).map(|room| room.state);
    if card.room != ask.by.room || own_state != Some(card.declared.requesting_state) {
        let sentence = format!(
            "Room {} opens operations of its own state's officers only: the requesting state must be that of the room.",
            ask.by.room
        );
        return Err(refuse("requesting_state_of_room", sentence));
    }
    units_of_room(card.units.iter(), units)?;
    if card.declared.basis == Basis::JointPatrol && card.patrol.is_none() {
        return Err(refuse(
            "patrol_area_missing",
            "A joint patrol needs the host state and, where agreed, the area.".to_owned(),
        ));
    }
    if let Some(patrol) = &card.patrol
        && !card.declared.host_states.contains(&patrol.state)
    {
        return Err(refuse(
            "patrol_state",
            format!(
                "The patrol is agreed for {}, which is not a host state of the operation.",
                patrol.state
            ),
        ));
    }
    let assessment = assess_opening(ask.lookup.rulebook, &card.declared, ask.now);
    if assessment.verdict == Verdict::Stop {
        return Err(by_law(&assessment));
    }
    let opened = OperationEventKind::Life(LifeEvent::Opened(Box::new(card.clone())));
    let assessed = OperationEventKind::Assessed {
        unit: None,
        crossing: None,
        assessment,
    };
    let mut events = vec![
        event(&card.id, ask.now, opened),
        event(&card.id, ask.now, assessed),
    ];
    let operation = Operation::new(card.clone(), ask.now);
    Consequences::of(&operation, ask.lookup, ask.now, &mut events).documents();
    Ok(events)
}

fn units_of_room<'u>(
    wanted: impl Iterator<Item = &'u UnitId>,
    units: &BTreeMap<UnitId, &UnitCard>,
) -> Result<(), Refusal> {
    for unit in wanted {
        if !units.contains_key(unit) {
            return Err(refuse(
                "unit_not_of_room",
                format!(
                    "Unit {unit} is not a unit of this room: register it first, or leave it out."
                ),
            ));
        }
    }
    Ok(())
}

/// The refusal by law: the first obstacle speaks, with its citation.
fn by_law(assessment: &Assessment) -> Refusal {
    let obstacle = assessment
        .findings
        .iter()
        .find(|finding| finding.answer == Answer::NotMet)
        .or_else(|| {
            assessment
                .findings
                .iter()
                .find(|finding| finding.answer == Answer::Unknown)
        });
    match obstacle {
        Some(finding) => Refusal {
            guard: Arc::clone(&finding.condition),
            sentence: Arc::clone(&finding.sentence),
            citation: Some(finding.citation.clone()),
        },
        None => refuse("law", "The law finds an obstacle.".to_owned()),
    }
}

/// The guards every order about an existing operation passes: it is open, it is this room's, and the person saw it as
/// it is now.
pub(super) fn current(
    ask: Ask<'_>,
    operation: &Operation,
    version: Option<u64>,
) -> Result<(), Refusal> {
    if operation.card.room != ask.by.room {
        return Err(refuse(
            "not_our_operation",
            format!(
                "Operation {} is room {}'s.",
                operation.card.id, operation.card.room
            ),
        ));
    }
    if !operation.is_open() {
        return Err(refuse(
            "operation_closed",
            format!("Operation {} is closed: open a new one.", operation.card.id),
        ));
    }
    as_seen(operation, version)
}

/// Whether the person saw the operation as it is now.
///
/// # Errors
/// A [`Refusal`] when it was changed since.
pub fn as_seen(operation: &Operation, version: Option<u64>) -> Result<(), Refusal> {
    match version {
        Some(seen) if seen != operation.version => Err(refuse(
            "version_conflict",
            format!(
                "Operation {} was changed since you saw it: you saw version {seen}, it is at {}; look again.",
                operation.card.id, operation.version
            ),
        )),
        _ => Ok(()),
    }
}

/// Changes an open operation.
///
/// # Errors
/// A [`Refusal`] by a guard.
pub fn change(
    ask: Ask<'_>,
    operation: &Operation,
    version: Option<u64>,
    change: &OperationChange,
    units: &BTreeMap<UnitId, &UnitCard>,
) -> Ordered {
    current(ask, operation, version)?;
    changed(ask, operation, change, units)
}

/// A change of an open operation that somebody may make: a person of the room, or a host by a message.
///
/// # Errors
/// A [`Refusal`] by a guard.
pub(super) fn changed(
    ask: Ask<'_>,
    operation: &Operation,
    change: &OperationChange,
    units: &BTreeMap<UnitId, &UnitCard>,
) -> Ordered {
    let mut events = Vec::new();
    match change {
        OperationChange::Units(wanted) => units_of_room(wanted.iter(), units)?,
        OperationChange::Authorisation(document) => {
            granted_by_host(&operation.card.declared, document)?;
        }
        OperationChange::HostRefused(refusal) => may_be_refused(ask, operation, refusal)?,
        OperationChange::Recognisable { unit, .. } => {
            if !operation.has(unit) {
                let sentence = format!("Unit {unit} is not in operation {}.", operation.card.id);
                return Err(refuse("unit_not_in_operation", sentence));
            }
        }
        OperationChange::Amended(amendment) => {
            if amendment
                .more_hosts
                .contains(&operation.card.declared.requesting_state)
            {
                return Err(refuse(
                    "host_is_requesting_state",
                    "The requesting state is no host: name the other state.".to_owned(),
                ));
            }
        }
        OperationChange::RestingAnew(_) => {}
        OperationChange::Detained(detention) => may_record(ask, operation, detention)?,
        OperationChange::DetentionEnded { host, step } => may_step(ask, operation, *host, step)?,
    }
    let mut consequences = Consequences::of(operation, ask.lookup, ask.now, &mut events);
    let (mut change, mut said) = (change.clone(), None);
    if let OperationChange::Detained(detention) = &mut change {
        let assessment = consequences.ask_of_detention(detention);
        detention.findings.clone_from(&assessment.findings);
        said = Some(assessment);
    }
    if let OperationChange::RestingAnew(anew) = &mut change {
        *anew = resting::wanted(ask, operation, anew)?;
    }
    consequences.push(OperationEventKind::Life(LifeEvent::Changed {
        change: change.clone(),
        by: ask.by.clone(),
    }));
    let abroad = || operation.abroad.keys().filter_map(|unit| units.get(unit));
    match &change {
        OperationChange::Units(_) => {}
        OperationChange::Detained(detention) => {
            if let Some(assessment) = said {
                consequences.count_release(detention.host, &assessment);
            }
        }
        OperationChange::DetentionEnded { host, step } => consequences.follow_step(*host, step),
        OperationChange::Authorisation(_) => {
            consequences.documents();
            for unit in abroad() {
                consequences.look_again(unit, Again::At(ask.now));
            }
        }
        OperationChange::HostRefused(refusal) => {
            consequences.refused(refusal);
            for unit in abroad() {
                consequences.look_again(unit, Again::At(ask.now));
            }
        }
        OperationChange::Recognisable { unit, .. } => {
            for unit in abroad().filter(|card| card.id == *unit) {
                consequences.look_again(unit, Again::Crossing);
            }
        }
        OperationChange::RestingAnew(anew) if !anew.holds => {}
        OperationChange::RestingAnew(_) => {
            consequences.rest_on(ask.lookup.rulebook);
            consequences.ask_of_opening();
            for unit in abroad() {
                consequences.look_again(unit, Again::Crossing);
            }
        }
        // A correction is never refused for what the law then says: it is said, and stops what must stop.
        OperationChange::Amended(_) => {
            consequences.ask_of_opening();
            for unit in abroad() {
                consequences.look_again(unit, Again::Crossing);
            }
        }
    }
    Ok(events)
}

/// Closes an operation. While one of its units is abroad it stays open: the partner would lose sight of a unit on its
/// soil. So it does while a notice of a crossing that happened is owed to a room that can take it.
///
/// # Errors
/// A [`Refusal`] by a guard.
pub fn close(
    ask: Ask<'_>,
    operation: &Operation,
    version: Option<u64>,
    closing: &Closing,
) -> Ordered {
    current(ask, operation, version)?;
    if !operation.abroad.is_empty() {
        let names: Vec<&str> = operation.abroad.keys().map(UnitId::as_str).collect();
        return Err(refuse(
            "units_abroad",
            format!(
                "{} still abroad: wait for the return, or take the unit out of the operation.",
                names.join(", ")
            ),
        ));
    }
    nobody_held_by_us(operation)?;
    told_what_is_owed(ask, operation)?;
    let id = &operation.card.id;
    let mut events: Vec<Event> = reporting::owed(operation, ask.now).into_iter().collect();
    for (key, running) in &operation.clocks {
        if running.status == ClockStatus::Running {
            let stopped = ClockEvent::Stopped {
                clock: *key,
                because: "the operation was closed".into(),
            };
            events.push(event(id, ask.now, OperationEventKind::Clock(stopped)));
        }
    }
    let closed = LifeEvent::Closed {
        by: ask.by.clone(),
        closing: closing.clone(),
    };
    events.push(event(id, ask.now, OperationEventKind::Life(closed)));
    Ok(events)
}

/// Whether a person of this host room may say that it has read a notice.
///
/// # Errors
/// A [`Refusal`] by a guard.
pub fn acknowledge(ask: Ask<'_>, operation: &Operation, id: &NoticeId) -> Result<(), Refusal> {
    let notice = operation
        .notices
        .get(id)
        .filter(|notice| notice.to == ask.by.room);
    match notice {
        Some(notice) if notice.status >= NoticeStatus::Sent => Ok(()),
        _ => Err(refuse(
            "no_such_notice",
            format!("There is no notice {id} to this room."),
        )),
    }
}

/// The owner's side of that: the notice was seen. Once is enough.
#[must_use]
pub fn seen(operation: &Operation, id: &NoticeId, by: &Person, now: Timestamp) -> Vec<Event> {
    let unseen = operation.notices.get(id).is_some_and(|notice| {
        notice.to == by.room && notice.status >= NoticeStatus::Sent && notice.read_at.is_none()
    });
    if !unseen {
        return Vec::new();
    }
    let kind = OperationEventKind::Notice {
        notice: id.clone(),
        kind: NoticeEvent::Seen {
            by: by.clone(),
            call: None,
        },
    };
    vec![event(&operation.card.id, now, kind)]
}

/// The owner's side of a machine receipt: the notice was delivered.
#[must_use]
pub fn delivered(operation: &Operation, id: &NoticeId, now: Timestamp) -> Vec<Event> {
    let on_its_way = operation
        .notices
        .get(id)
        .is_some_and(|notice| notice.status == NoticeStatus::Sent);
    if !on_its_way {
        return Vec::new();
    }
    let kind = OperationEventKind::Notice {
        notice: id.clone(),
        kind: NoticeEvent::Delivered,
    };
    vec![event(&operation.card.id, now, kind)]
}

/// Whether a sighting fits the operation.
///
/// # Errors
/// A [`Refusal`] when the operation is closed or follows somebody else, or the sighting is from the future.
pub fn may_sight(operation: &Operation, seen: &Seen, now: Timestamp) -> Result<(), Refusal> {
    if !operation.is_open() {
        return Err(refuse(
            "operation_closed",
            format!("Operation {} is closed.", operation.card.id),
        ));
    }
    let known = operation
        .card
        .target
        .as_ref()
        .is_some_and(|target| target.id == seen.target);
    if !known {
        return Err(refuse(
            "no_such_target",
            format!(
                "Operation {} does not follow {}.",
                operation.card.id, seen.target
            ),
        ));
    }
    if seen.seen_at > now.plus(crate::domain::measure::Span::from_secs(60)) {
        return Err(refuse(
            "seen_in_future",
            format!(
                "The sighting is from the future: {} is after {now}.",
                seen.seen_at
            ),
        ));
    }
    Ok(())
}

/// The target was seen: its place, and whose eyes it is in.
///
/// # Errors
/// A [`Refusal`] by [`may_sight`].
pub fn sight(operation: &Operation, seen: &Seen, location: Location, now: Timestamp) -> Ordered {
    may_sight(operation, seen, now)?;
    let id = &operation.card.id;
    let sighted = OperationEventKind::TargetSighted {
        target: seen.target.clone(),
        sighting: Box::new(Sighting {
            seen_at: seen.seen_at,
            position: seen.position,
            accuracy: seen.accuracy,
            source: seen.source,
            unit: seen.unit.clone(),
            course_deg: seen.course_deg,
            speed_mps: seen.speed_mps,
            location,
        }),
    };
    let mut events = vec![event(id, seen.seen_at.min(now), sighted)];
    // To see the target takes it from nobody of the other side: that both sides say (EYE).
    let of_other_side = |unit: &UnitId| {
        let has = operation.eyes.as_ref();
        has.is_some_and(|has| operation.has(has) != operation.has(unit))
    };
    if let (SightingSource::Unit, Some(unit)) = (seen.source, &seen.unit)
        && seen.unit != operation.eyes
        && !of_other_side(unit)
    {
        events.push(eyes(operation, seen.unit.clone(), now));
    }
    Ok(events)
}

/// Another unit has the target in sight, or none.
#[must_use]
pub fn eyes(operation: &Operation, unit: Option<UnitId>, now: Timestamp) -> Event {
    let moved = OperationEventKind::EyesMoved(Eyes {
        unit,
        was: operation.eyes.clone(),
    });
    event(&operation.card.id, now, moved)
}

/// An order refused, kept.
#[must_use]
pub fn refused(
    operation: Option<OperationId>,
    by: &Person,
    order: &str,
    refusal: Refusal,
    now: Timestamp,
) -> Event {
    Event {
        at: now,
        what: What::Operation(OperationEvent {
            operation,
            kind: OperationEventKind::OrderRefused {
                by: by.clone(),
                order: order.into(),
                refusal,
            },
        }),
    }
}
