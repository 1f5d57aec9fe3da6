//! The invariants, as plain as they can be said.

use limes::domain::event::HandoverEvent;
use limes::domain::event::{
    Event, LifeEvent, NoticeEvent, OperationEventKind, TrackEventKind, What,
};
use limes::domain::ids::{RoomId, Seq, UnitId};
use limes::domain::input::{Message, MessageBody};
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::measure::Timestamp;
use limes::domain::operations::Operation;
use limes::domain::operations::sharing;
use limes::domain::world::World;
use limes::service::journal::simulated::SimulatedDisk;
use limes::service::journal::{JournalRead, RecordQuery};
use std::collections::BTreeMap;

/// An invariant that does not hold, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken(pub(crate) String);

/// Numbers follow each other.
pub(crate) fn follows(ledger: &RoomId, before: Seq, seq: Seq) -> Result<(), Broken> {
    if seq == before.next() {
        return Ok(());
    }
    Err(Broken(format!("{ledger}: {seq} follows {before}")))
}

/// The alarms of a room are those of the facts that stand, no more and no less.
pub(crate) fn alarms_are_what_stands(
    worlds: &BTreeMap<RoomId, World>,
    now: Timestamp,
) -> Result<(), Broken> {
    let unsettled = |world: &&World| !world.alarms_are_settled(Profiles::none(), now);
    match worlds.values().find(unsettled) {
        None => Ok(()),
        Some(world) => Err(Broken(format!(
            "{}: an alarm is untold or outlived its fact",
            world.room()
        ))),
    }
}

/// A crossing that stands and was drafted is in a notice still, whatever was sent or given by telephone in between.
pub(crate) fn no_crossing_drops_out_of_its_notices(
    worlds: &BTreeMap<RoomId, World>,
) -> Result<(), Broken> {
    for world in worlds.values() {
        let own = |of: &&Operation| of.card.room == *world.room();
        for operation in world.operations().values().filter(own) {
            let drafted = operation
                .history
                .iter()
                .flat_map(|event| match &event.what {
                    What::Operation(of) => match &of.kind {
                        OperationEventKind::Notice {
                            kind: NoticeEvent::Drafted { fields, .. },
                            ..
                        } => fields.crossings.as_slice(),
                        _ => &[],
                    },
                    _ => &[],
                });
            let crossings = drafted.filter_map(|entry| entry.crossing.as_ref());
            for crossing in crossings.filter(|one| operation.crossed.contains(one)) {
                let mut notices = operation.notices.values();
                if !notices.any(|notice| notice.entry(crossing).is_some()) {
                    return Err(Broken(format!("{crossing} is in no notice any more")));
                }
            }
        }
    }
    Ok(())
}

/// Every ledger on the disk counts from 1 to its head.
pub(crate) fn without_holes(
    disk: &SimulatedDisk,
    heads: &BTreeMap<RoomId, Seq>,
) -> Result<(), Broken> {
    for (ledger, head) in heads {
        let query = RecordQuery::since(ledger.clone(), Seq::ZERO, usize::MAX);
        let page = disk.records(&query);
        let page = page.map_err(|error| Broken(format!("{ledger} cannot be read: {error}")))?;
        let mut before = Seq::ZERO;
        for record in &page.records {
            follows(ledger, before, record.header.seq)?;
            before = record.header.seq;
        }
        if before != *head {
            return Err(Broken(format!("{ledger} ends at {before}, not at {head}")));
        }
    }
    Ok(())
}

/// What a start folds is what was answered, or that and all of the commit that was under way.
pub(crate) fn nothing_answered_is_lost(
    folded: &BTreeMap<RoomId, World>,
    answered: &BTreeMap<RoomId, World>,
    live: &BTreeMap<RoomId, World>,
) -> Result<(), Broken> {
    // A room without a record yet is not in the journal.
    let empty = |worlds: &BTreeMap<RoomId, World>| -> BTreeMap<RoomId, World> {
        let has_records =
            |(room, world): &(&RoomId, &World)| **world != World::new((*room).clone());
        let kept = worlds.iter().filter(has_records);
        kept.map(|(room, world)| (room.clone(), world.clone()))
            .collect()
    };
    let folded = empty(folded);
    if folded == empty(answered) || folded == empty(live) {
        return Ok(());
    }
    let differing: Vec<&str> = folded
        .iter()
        .filter(|(room, world)| answered.get(*room) != Some(world))
        .map(|(room, _)| room.as_str())
        .collect();
    Err(Broken(format!(
        "a start folds another world than the one answered for, in {}",
        differing.join(", ")
    )))
}

/// What one room tells another: of an operation that it shares with it, and of that operation's units; never drafts,
/// refusals, what it owes, or what is its own business.
pub(crate) fn may_be_told(teller: &World, message: &Message) -> Result<(), Broken> {
    let MessageBody::Shared(events) = &message.body else {
        return Ok(());
    };
    for event in events {
        if !allowed(teller, &message.to, event) {
            return Err(Broken(format!(
                "{} tells {} of {} ({:?})",
                message.from,
                message.to,
                event.kind(),
                event.unit()
            )));
        }
    }
    Ok(())
}

fn allowed(teller: &World, to: &RoomId, event: &Event) -> bool {
    let shared = |operation: &&Operation| {
        operation.card.room == *teller.room() && operation.shared_with.contains_key(to)
    };
    let shows = |unit: &UnitId| {
        let mut operations = teller.operations().values().filter(shared);
        teller.owns(unit) && operations.any(|of| sharing::shows(of, unit, to))
    };
    match &event.what {
        What::Fix(fix) => shows(&fix.unit),
        What::Track(track) => shows(&track.unit) && !private(&track.kind),
        What::Register(limes::domain::event::RegisterEvent::UnitAdded(card)) => shows(&card.id),
        What::Register(_) | What::Alarm(_) | What::Link(_) | What::House(_) => false,
        What::Operation(of) => {
            let known = of
                .operation
                .as_ref()
                .and_then(|id| teller.operations().get(id));
            let told = match &of.kind {
                OperationEventKind::Notice { kind, .. } => matches!(
                    kind,
                    NoticeEvent::Sent { .. }
                        | NoticeEvent::Delivered
                        | NoticeEvent::Seen { .. }
                        | NoticeEvent::Answered { .. }
                        | NoticeEvent::Voice { .. }
                ),
                OperationEventKind::OrderRefused { .. }
                | OperationEventKind::Report(_)
                | OperationEventKind::Tracker(_) => false,
                OperationEventKind::Assessed { assessment, .. } => assessment.duties.is_empty(),
                OperationEventKind::Life(
                    LifeEvent::Opened(_)
                    | LifeEvent::Changed { .. }
                    | LifeEvent::Closed { .. }
                    | LifeEvent::Shared { .. },
                )
                | OperationEventKind::Clock(_)
                | OperationEventKind::Limit(_)
                | OperationEventKind::TargetSighted { .. }
                | OperationEventKind::EyesMoved(_) => true,
                OperationEventKind::Handover(it) => !matches!(it, HandoverEvent::Said { .. }),
            };
            told && known.is_some_and(|known| shared(&known))
        }
    }
}

fn private(kind: &TrackEventKind) -> bool {
    matches!(
        kind,
        TrackEventKind::Acted { .. }
            | TrackEventKind::FixQuarantined { .. }
            | TrackEventKind::FixReleased { .. }
    )
}
