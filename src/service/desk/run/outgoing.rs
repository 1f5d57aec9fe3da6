//! What is to be sent by mail or webhook, told to the outbox: always the whole of it, as it is recorded.

use super::Desk;
use crate::domain::event::{OperationEvent, OperationEventKind, What};
use crate::domain::ids::RoomId;
use crate::domain::world::World;
use crate::domain::world::outbox::Outgoing;
use crate::service::desk::stage::Staged;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All that is to be sent by the rooms of this service.
pub(super) fn of(worlds: &BTreeMap<RoomId, World>) -> Arc<[Outgoing]> {
    worlds.values().flat_map(World::outgoing).collect()
}

/// Whether what one ledger took in a commit can change that.
pub(super) fn may_change(staged: &Staged) -> bool {
    let of_a_notice = |what: &What| {
        matches!(
            what,
            What::Operation(OperationEvent {
                kind: OperationEventKind::Notice { .. },
                ..
            })
        )
    };
    staged
        .events
        .iter()
        .any(|staged| of_a_notice(&staged.event.what))
}

impl Desk {
    /// Tells the outbox. Only what is recorded is told: this comes after the commit.
    pub(super) fn tell_outgoing(&self) {
        let now = of(&self.worlds);
        self.outgoing.send_if_modified(|before| {
            let changed = **before != *now;
            *before = now;
            changed
        });
    }
}
