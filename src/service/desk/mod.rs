//! The one loop that decides: takes inputs from one bounded queue, decides, folds, records, and only then shows.
//!
//! ```text
//!  handle ─▶ [bounded queue] ─▶ run: decide, apply, share ─▶ stage ─▶ journal.append ─┬─▶ answers to senders
//!                                                                    (one commit)    └─▶ the live hub
//! ```
//!
//! The desk is a thread of its own: deciding is computation and appending waits for the disk.

pub mod handle;
mod keeper;
mod recovery;
mod run;
pub mod stage;
#[cfg(test)]
pub mod stand_in;
#[cfg(test)]
mod tests;

pub use handle::{
    DeskError, DeskHandle, FixReceipt, FixSender, FrameTaken, Numbers, OrderAnswer, Quarantined,
    QueuedFixes, Recording, RoomLinks,
};
pub use keeper::{KeepEvery, OpenReader};
pub use recovery::{
    Recovered, RecoveryError, Shown, TAIL_FIXES, Tail, decided, recover, snapshots,
};
pub use run::{Desk, Disk, Parts, Published, disk_of};
