//! How much room is left for the records, looked at now and then: a room is told before nothing can be recorded any more.

use super::Desk;
use crate::domain::event::DiskRoom;
use crate::domain::input::Cause;
use crate::domain::measure::{Span, Timestamp};
use std::path::{Path, PathBuf};

/// How often it is looked at.
const EVERY: Span = Span::from_secs(10);
const MIB: u64 = 1024 * 1024;

/// Tells how much room is left; `None` where that cannot be known.
pub type Disk = Box<dyn Fn() -> Option<DiskRoom> + Send>;

/// The disk where a folder lies: less than `least_mib` left on it is little.
#[must_use]
pub fn disk_of(folder: PathBuf, least_mib: u64) -> Disk {
    Box::new(move || {
        let left_mib = left_bytes(&folder)? / MIB;
        Some(DiskRoom {
            left_mib,
            is_little: left_mib < least_mib,
        })
    })
}

#[cfg(target_os = "linux")]
fn left_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    // What an ordinary user may still write, not what is kept for root.
    disk.f_bavail.checked_mul(disk.f_frsize)
}

#[cfg(not(target_os = "linux"))]
const fn left_bytes(_: &Path) -> Option<u64> {
    None
}

impl Desk {
    /// Every room keeps records of its own on the one disk: each is told.
    pub(super) fn look_at_disk(&mut self, now: Timestamp) {
        if self.disk_seen.is_some_and(|seen| now.since(seen) < EVERY) {
            return;
        }
        self.disk_seen = Some(now);
        let Some(left) = (self.parts.disk)() else {
            return;
        };
        for room in self.rooms() {
            self.decide(&room, Cause::Disk(left), now);
        }
    }
}
