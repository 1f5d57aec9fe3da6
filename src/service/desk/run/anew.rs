//! After a failed write: the journal is opened and folded anew, and nothing is taken before a write went well.

use super::keeping::Keeping;
use super::{Desk, Published, RETRY, Recording};
use crate::domain::ids::{RoomId, Seq};
use crate::domain::tracks::fix::Fix;
use crate::service::desk::recovery::{RecoveryError, Shown, recover};
use crate::service::journal::JournalError;
use crate::wire::event::EventWire;
use std::collections::BTreeMap;

impl Desk {
    /// Opens and folds the journal until that succeeds. What waits in the queue stays there.
    pub(super) fn start_anew(&mut self) {
        self.journal = None;
        // What was being kept is given up with the journal that kept it.
        if !self.keeping.is_over() {
            self.keeping = Keeping::default();
            self.keeper.ended();
        }
        loop {
            // What was decided on a world that is given up is decided anew.
            self.staged.clear();
            match self.reopen() {
                Ok(records) if self.is_written_again() => {
                    tracing::info!(records, "the journal is written again");
                    self.recording.send_replace(Recording::Ok);
                    return;
                }
                Ok(_) => self.journal = None,
                Err(error) => {
                    tracing::error!(%error, "the journal cannot be opened anew; trying again");
                }
            }
            if self.is_ending() {
                return;
            }
            std::thread::sleep(RETRY);
        }
    }

    /// Whether the journal just opened takes a write: only then anything is taken again.
    fn is_written_again(&mut self) -> bool {
        let tried = match &mut self.journal {
            Some(journal) => journal.try_write(),
            None => Err(JournalError::Stopped),
        };
        let done = tried.and_then(|()| self.enrol());
        self.fail(&done);
        done.is_ok()
    }

    /// Folds the journal as it is on the disk. A commit whose write failed may have been kept all the same: what is
    /// there beyond the last number shown is shown now.
    fn reopen(&mut self) -> Result<u64, RecoveryError> {
        let journal = (self.parts.reopen)()?;
        let mut kept: BTreeMap<RoomId, (Vec<EventWire>, Vec<Fix>)> = BTreeMap::new();
        let heads = &self.heads;
        let beyond = |room: &RoomId, seq: Seq| heads.get(room).is_none_or(|head| seq > *head);
        let recovered = recover(&*journal, &mut |shown| match shown {
            Shown::Event(room, event) if beyond(room, Seq(event.seq)) => {
                kept.entry(room.clone()).or_default().0.push(event);
            }
            Shown::Fix(room, seq, fix) if beyond(room, seq) => {
                kept.entry(room.clone()).or_default().1.push(fix.clone());
            }
            Shown::Event(..) | Shown::Fix(..) => {}
        })?;
        let at = self.parts.clock.now();
        for (room, (events, fixes)) in kept {
            let prev = self.heads.get(&room).copied().unwrap_or(Seq::ZERO);
            let seq = recovered.heads.get(&room).copied().unwrap_or(prev);
            // The hub lives as long as the service; when it is gone nobody looks.
            let _ = self.parts.published.send(Published {
                room,
                prev,
                seq,
                at,
                events,
                fixes,
                taken: self.taken,
            });
        }
        self.journal = Some(journal);
        self.worlds = recovered.worlds;
        self.tell_outgoing();
        self.unread = recovered.unread;
        self.heads = recovered.heads;
        self.tell_links();
        Ok(recovered.records)
    }
}
