//! What must hold after every step, and what must hold once everything has arrived.

use super::people::{ROOMS, operation_id, unit};
use super::service::Service;
use crate::checks::Broken;
use limes::domain::event::{Event, HandoverEvent, OperationEvent, OperationEventKind, What};
use limes::domain::ids::{MessageId, RoomId};
use limes::domain::invariant;
use limes::domain::measure::Timestamp;
use limes::domain::operations::handover::Handover;
use std::collections::{BTreeMap, BTreeSet};

fn first(found: Vec<invariant::Broken>) -> Result<(), Broken> {
    let first = found.into_iter().next();
    first.map_or(Ok(()), |broken| Err(Broken(broken.to_string())))
}

/// What holds at every moment.
pub(crate) fn at_every_moment(services: &[Service; 2]) -> Result<(), Broken> {
    for service in services {
        first(invariant::of_world(service.world()))?;
    }
    first(invariant::of_rooms(services.iter().map(Service::world)))
}

/// What holds of the records.
pub(crate) fn of_records(services: &[Service; 2]) -> Result<(), Broken> {
    let all = services.iter().flat_map(|service| &service.ledger);
    first(invariant::of_records(all))?;
    let trackers = BTreeSet::from([unit("TR-1")]);
    first(invariant::of_foreign_trackers(
        &trackers,
        services[1].ledger.iter(),
    ))?;
    services.iter().try_for_each(Service::refolds)
}

/// What holds once every message has arrived: nothing is lost or doubled, and both rooms see the same.
pub(crate) fn when_all_has_arrived(services: &[Service; 2]) -> Result<(), Broken> {
    for me in [0, 1] {
        let (sent, heard) = (said(&services[me], true)?, said(&services[1 - me], false)?);
        let gone: Vec<&str> = sent.difference(&heard).map(MessageId::as_str).collect();
        let invented: Vec<&str> = heard.difference(&sent).map(MessageId::as_str).collect();
        if !gone.is_empty() || !invented.is_empty() {
            return Err(Broken(format!(
                "I9: of {} were lost: {}; never said: {}",
                ROOMS[me],
                gone.join(" "),
                invented.join(" ")
            )));
        }
    }
    both_see_the_same(services)
}

/// The ids of what was sent or has come, each once.
fn said(service: &Service, out: bool) -> Result<BTreeSet<MessageId>, Broken> {
    let mut ids = BTreeSet::new();
    for event in &service.ledger {
        if let What::Operation(OperationEvent { kind, .. }) = &event.what
            && let OperationEventKind::Handover(HandoverEvent::Said { sent, said, .. }) = kind
            && *sent == out
            && !ids.insert(said.id.clone())
        {
            let word = if out { "said" } else { "heard" };
            return Err(Broken(format!(
                "I9: {} was {word} twice in {}",
                said.id, service.room
            )));
        }
    }
    Ok(ids)
}

/// The dialogue and the lead are the same in both rooms, and nothing waits.
pub(crate) fn both_see_the_same(services: &[Service; 2]) -> Result<(), Broken> {
    let [one, other] = services.each_ref().map(picture);
    if let Some(different) = one
        .iter()
        .find(|(key, value)| other.get(*key) != Some(*value))
    {
        let (key, here) = different;
        let there = other.get(key).map_or("nothing", String::as_str);
        return Err(Broken(format!(
            "same: {key} is {here} in {}, and {there} in {}",
            ROOMS[0], ROOMS[1]
        )));
    }
    Ok(())
}

/// How far a room is, as text by subject.
pub(crate) fn picture(service: &Service) -> BTreeMap<&'static str, String> {
    let partner = ROOMS.iter().find(|room| **room != service.room.as_str());
    let partner = RoomId::parse(partner.unwrap_or(&"")).unwrap();
    let Some(operation) = service.world().operations().get(&operation_id()) else {
        // Nothing was shared yet, so nothing was said.
        let budapest = RoomId::parse(ROOMS[0]).unwrap();
        let state = Handover::new(partner, budapest, Timestamp::EPOCH);
        let mut picture = of_dialogue(&state);
        picture.insert("lead", format!("{} e1", ROOMS[0]));
        return picture;
    };
    let mut picture = of_dialogue(&operation.handover_with(&partner, Timestamp::EPOCH));
    picture.insert(
        "lead",
        format!("{} {}", operation.lead.room, operation.lead.epoch),
    );
    picture
}

fn of_dialogue(state: &Handover) -> BTreeMap<&'static str, String> {
    let Handover {
        partner: _,
        giver,
        phase,
        since: _,
        notified,
        agreed,
        proposed,
        counters: _,
        stand_by,
        withdrawing,
        requested,
        offered,
        unreceipted,
        closed_by,
    } = state;
    // One that refuses shows the refused message as unanswered until the refusal has come: by now it has.
    let waiting: Vec<&str> = unreceipted.iter().map(|one| one.code.as_str()).collect();
    BTreeMap::from([
        ("giver", giver.to_string()),
        ("phase", phase.as_str().to_owned()),
        ("notified", format!("{notified:?}")),
        ("agreed", format!("{agreed:?}")),
        ("proposed", format!("{proposed:?}")),
        ("stand_by", format!("{stand_by:?}")),
        ("withdrawing", format!("{withdrawing:?}")),
        ("requested", format!("{requested:?}")),
        ("offered", format!("{offered:?}")),
        ("closed_by", format!("{closed_by:?}")),
        ("unreceipted", waiting.join(" ")),
    ])
}

/// Nothing waits in either room for the other one's machine.
pub(crate) fn nothing_waits(services: &[Service; 2]) -> Result<(), Broken> {
    for service in services {
        let waits = picture(service).remove("unreceipted").unwrap_or_default();
        if !waits.is_empty() {
            return Err(Broken(format!("same: {waits} waits in {}", service.room)));
        }
    }
    Ok(())
}

/// How often each kind of event is in a ledger.
pub(crate) fn count(ledger: &[Event], kind: &str) -> usize {
    ledger.iter().filter(|event| event.kind() == kind).count()
}
