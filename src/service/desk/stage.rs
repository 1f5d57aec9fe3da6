//! What one commit holds, ledger by ledger: events in order, then the positions.

use crate::domain::event::{Event, What};
use crate::domain::ids::{OperationId, RoomId, Seq, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::tracks::fix::Fix;
use crate::domain::world::World;
use crate::service::journal::{NewHead, NewRecord, RetentionClass, SubjectKey, positions};
use crate::wire::event::EVENT_SCHEMA;
use crate::wire::stored::StoredEvent;
use std::collections::BTreeMap;

/// What one ledger takes in one commit.
#[derive(Debug, Default)]
pub struct Staged {
    /// The events, in order.
    pub events: Vec<StagedEvent>,
    /// The admitted fixes, in order.
    pub fixes: Vec<Fix>,
}

/// An event on its way into the journal.
#[derive(Debug)]
pub struct StagedEvent {
    /// The event.
    pub event: Event,
    /// The room that shared it.
    pub shared_by: Option<RoomId>,
    /// The operation it belongs to: its own, or that of its unit.
    operation: Option<OperationId>,
}

impl Staged {
    /// Takes an event that `world` has just folded in.
    pub fn push(&mut self, event: Event, shared_by: Option<&RoomId>, world: &World) {
        if let What::Fix(fix) = event.what {
            self.fixes.push(fix);
            return;
        }
        let operation = event
            .operation()
            .cloned()
            .or_else(|| event.unit().and_then(|unit| operation_of(world, unit)));
        self.events.push(StagedEvent {
            event,
            shared_by: shared_by.cloned(),
            operation,
        });
    }
}

/// The open operation that a unit is assigned to, the first by id.
fn operation_of(world: &World, unit: &UnitId) -> Option<OperationId> {
    let first = world.open_operations_of(unit).next();
    first.map(|operation| operation.card.id.clone())
}

/// The records of one commit, in the order they get their numbers.
///
/// # Panics
/// Never: the codec of positions takes any admitted fix.
#[must_use]
pub fn records(
    staged: &BTreeMap<RoomId, Staged>,
    worlds: &BTreeMap<RoomId, World>,
    now: Timestamp,
) -> Vec<NewRecord> {
    let mut records = Vec::new();
    for (room, staged) in staged {
        records.extend(
            staged
                .events
                .iter()
                .filter_map(|staged| record(room, staged)),
        );
        let world = &worlds[room];
        let positions =
            positions::record(room, now, &staged.fixes, |unit| operation_of(world, unit))
                .expect("the codec takes whatever the gate admits");
        records.extend(positions);
    }
    records
}

fn record(room: &RoomId, staged: &StagedEvent) -> Option<NewRecord> {
    let stored = StoredEvent::of(&staged.event, staged.shared_by.as_ref())?;
    let unit = staged.event.unit().cloned();
    let subject = match (&unit, &staged.operation) {
        (Some(unit), Some(operation)) => SubjectKey::UnitInOperation {
            unit: unit.clone(),
            operation: operation.clone(),
        },
        (None, Some(operation)) => SubjectKey::Operation(operation.clone()),
        (Some(unit), None) => SubjectKey::Unit(unit.clone()),
        (None, None) => SubjectKey::Room,
    };
    let head = NewHead {
        ledger: room.clone(),
        at: staged.event.at,
        kind: staged.event.kind().to_owned(),
        schema: EVENT_SCHEMA,
        retention: RetentionClass::of(&staged.event, staged.operation.is_some()),
        unit,
        operation: staged.operation.clone(),
    };
    Some(NewRecord::of_one(head, subject, stored.to_bytes()))
}

/// The number of each staged event and of the positions, from the first number of the ledger's part of the commit.
pub(super) const fn seq_at(first: Seq, index: usize) -> Seq {
    Seq(first.0 + index as u64)
}
