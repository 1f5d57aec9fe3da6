//! Late fixes of a unit that was remembered from a snapshot: which of its fixes were admitted, the journal says.

use super::Desk;
use crate::domain::ids::{RoomId, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::tracks::fix::ReportedFix;
use crate::service::journal::{JournalError, PositionQuery};
use crate::wire::positions;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

impl Desk {
    /// Recalls which fixes were admitted in the time that the late ones of this batch are of. A fix newer than all that
    /// the snapshot knew needs no look: what was admitted since then is in memory.
    pub(super) fn read_up(&mut self, room: &RoomId, fixes: &[ReportedFix]) {
        let Some(unread) = self.unread.get(room) else {
            return;
        };
        let mut late: BTreeMap<&UnitId, (Timestamp, Timestamp)> = BTreeMap::new();
        for fix in fixes {
            let newest = unread.get(&fix.unit);
            if newest.is_some_and(|newest| fix.fixed_at <= *newest) {
                late.entry(&fix.unit)
                    .and_modify(|(from, to)| {
                        *from = fix.fixed_at.min(*from);
                        *to = fix.fixed_at.max(*to);
                    })
                    .or_insert((fix.fixed_at, fix.fixed_at));
            }
        }
        for (unit, (from, to)) in late {
            let query = PositionQuery {
                ledger: room.clone(),
                unit: unit.clone(),
                from,
                to,
            };
            if let Err(error) = self.recall(&query) {
                self.unreadable = Some(error);
            }
        }
    }

    fn recall(&mut self, query: &PositionQuery) -> Result<(), JournalError> {
        let (Some(journal), Some(world)) = (&self.journal, self.worlds.get_mut(&query.ledger))
        else {
            return Err(JournalError::Stopped);
        };
        let mut damaged = None;
        journal.positions(query, &mut |part| match positions::decode(&part.payload) {
            Ok(fixes) => {
                for fix in fixes.iter().filter(|fix| fix.unit == query.unit) {
                    world.recall(fix);
                }
                ControlFlow::Continue(())
            }
            Err(error) => {
                damaged = Some(JournalError::Damaged {
                    ledger: query.ledger.clone(),
                    seq: part.seq,
                    why: error.to_string(),
                });
                ControlFlow::Break(())
            }
        })?;
        damaged.map_or(Ok(()), Err)
    }
}
