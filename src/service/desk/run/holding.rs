//! Whether what must hold of the rooms holds: looked at after every commit that could have changed it, and said aloud when
//! it does not.

use super::Desk;
use crate::domain::event::{OperationEvent, OperationEventKind, What};
use crate::domain::invariant::{self, Invariant};
use crate::service::desk::stage::Staged;
use std::collections::BTreeMap;

/// Whether what one ledger took in a commit could have broken something.
pub(super) fn may_change(staged: &Staged) -> bool {
    let matters = |what: &What| {
        matches!(
            what,
            What::Operation(OperationEvent {
                kind: OperationEventKind::Handover(_)
                    | OperationEventKind::Life(_)
                    | OperationEventKind::Assessed { .. },
                ..
            })
        )
    };
    staged
        .events
        .iter()
        .any(|staged| matters(&staged.event.what))
}

impl Desk {
    /// Counts what does not hold now. The service goes on: a room that loses its screen over this is worse off.
    pub(super) fn look_at_invariants(&self) {
        let of_each = self.worlds.values().flat_map(invariant::of_world);
        let of_all = invariant::of_rooms(self.worlds.values());
        let mut counts: BTreeMap<Invariant, i64> = BTreeMap::new();
        for broken in of_each.chain(of_all) {
            let invariant = broken.invariant.as_str();
            tracing::error!(invariant, "what must hold does not: call the makers");
            *counts.entry(broken.invariant).or_default() += 1;
        }
        for invariant in Invariant::ALL {
            let count = counts.get(&invariant).copied().unwrap_or_default();
            self.parts.metrics.broken(invariant.as_str(), count);
        }
    }
}
