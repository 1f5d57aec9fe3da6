//! One feed per room: its picture, and the mailboxes of its viewers.

use super::gather::{Gathered, pause};
use super::mailbox::{Encoded, Mail, Mailbox};
use super::picture::Picture;
use crate::domain::ids::RoomId;
use crate::service::desk::Published;
use crate::service::telemetry::LiveMetrics;
use crate::wire::live::{Bulletin, PositionWire};
use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};
use std::time::Instant;

/// The feeds of every room.
#[derive(Debug, Default)]
pub struct Hub {
    feeds: RwLock<BTreeMap<RoomId, Arc<Mutex<Feed>>>>,
}

#[derive(Debug)]
struct Feed {
    picture: Picture,
    viewers: Vec<Weak<Mailbox>>,
}

/// A viewer's place in the hub; ends when it is dropped.
#[derive(Debug)]
pub struct Subscription {
    mailbox: Arc<Mailbox>,
    feed: Arc<Mutex<Feed>>,
    /// The last record before the first mail.
    pub seq: u64,
}

impl Subscription {
    /// Waits for what happened next.
    pub async fn next(&self) -> Mail {
        self.mailbox.take().await
    }

    /// The last record of the room.
    #[must_use]
    pub fn head(&self) -> u64 {
        lock(&self.feed).picture.seq
    }
}

fn lock(feed: &Mutex<Feed>) -> MutexGuard<'_, Feed> {
    feed.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// Starts with what a restart folded.
    pub fn begin(&self, picture: Picture, room: RoomId) {
        let feed = Feed {
            picture,
            viewers: Vec::new(),
        };
        self.feeds
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(room, Arc::new(Mutex::new(feed)));
    }

    fn feed(&self, room: &RoomId) -> Option<Arc<Mutex<Feed>>> {
        let feeds = self.feeds.read().unwrap_or_else(PoisonError::into_inner);
        feeds.get(room).map(Arc::clone)
    }

    /// A place from which nothing is missed, and the picture as it was at that moment when it is wanted; `None` for a
    /// room that is not here.
    #[must_use]
    pub fn subscribe<T>(
        &self,
        room: &RoomId,
        look: impl FnOnce(&Picture) -> T,
    ) -> Option<(Subscription, T)> {
        let feed = self.feed(room)?;
        let mailbox = Arc::new(Mailbox::default());
        let mut inner = lock(&feed);
        inner.viewers.push(Arc::downgrade(&mailbox));
        inner.picture.settle();
        let seen = look(&inner.picture);
        let seq = inner.picture.seq;
        drop(inner);
        Some((Subscription { mailbox, feed, seq }, seen))
    }

    /// Looks at a room's picture; `None` for a room that is not here.
    pub fn look<T>(&self, room: &RoomId, look: impl FnOnce(&Picture) -> T) -> Option<T> {
        let feed = self.feed(room)?;
        let mut inner = lock(&feed);
        inner.picture.settle();
        Some(look(&inner.picture))
    }

    /// Looks at every room's picture, one after the other.
    pub fn each(&self, mut look: impl FnMut(&Picture)) {
        let feeds: Vec<_> = {
            let feeds = self.feeds.read().unwrap_or_else(PoisonError::into_inner);
            feeds.values().map(Arc::clone).collect()
        };
        for feed in feeds {
            let mut inner = lock(&feed);
            inner.picture.settle();
            look(&inner.picture);
        }
    }

    /// How many viewers there are.
    #[must_use]
    pub fn viewers(&self) -> usize {
        let feeds = self.feeds.read().unwrap_or_else(PoisonError::into_inner);
        let count = |feed: &Arc<Mutex<Feed>>| {
            lock(feed)
                .viewers
                .iter()
                .filter(|viewer| viewer.strong_count() > 0)
                .count()
        };
        feeds.values().map(count).sum()
    }

    /// Folds what was recorded of one room, oldest first, and shows it in one bulletin.
    fn publish(&self, room: &RoomId, commits: Vec<Published>) {
        let feed = self.feed(room).unwrap_or_else(|| {
            self.begin(Picture::new(room.as_str()), room.clone());
            self.feed(room).expect("it was put in just now")
        });
        let mut inner = lock(&feed);
        inner.viewers.retain(|viewer| viewer.strong_count() > 0);
        if inner.viewers.is_empty() {
            for commit in commits {
                let picture = &mut inner.picture;
                picture.fold_unseen(commit.seq.0, &commit.events, commit.fixes);
            }
            return;
        }
        // A bulletin begins where the picture ends, also when a journal opened anew has lost what was never durable.
        let mut bulletin = Bulletin {
            prev: inner.picture.seq,
            seq: inner.picture.seq,
            at: String::new(),
            positions: Vec::new(),
            events: Vec::new(),
        };
        for commit in commits {
            let before = bulletin.positions.len();
            let positions = commit.fixes.iter().map(PositionWire::from);
            bulletin.positions.extend(positions);
            let (seq, positions) = (commit.seq.0, &bulletin.positions[before..]);
            inner.picture.fold(seq, &commit.events, positions);
            bulletin.seq = seq;
            bulletin.at = commit.at.to_string();
            bulletin.events.extend(commit.events);
        }
        let encoded = Arc::new(Encoded::new(bulletin));
        for viewer in inner.viewers.iter().filter_map(Weak::upgrade) {
            viewer.put(&encoded);
        }
    }
}

/// Folds and shows what the desk has recorded, until the desk is gone: the work of a thread of its own. What comes while
/// the viewers are still being written to is gathered.
pub fn follow(hub: &Hub, published: &Receiver<Published>, metrics: &LiveMetrics) {
    let mut next_at = Instant::now();
    while let Ok(first) = published.recv() {
        let mut gathered = Gathered::of(first);
        while !gathered.is_enough()
            && let Some(next) = wait(published, next_at)
        {
            gathered.push(next);
        }
        let began = Instant::now();
        let taken = gathered.taken();
        for (room, commits) in gathered.into_rooms() {
            hub.publish(&room, commits);
        }
        for taken in taken {
            metrics.shown(taken.elapsed());
        }
        next_at = began + pause(hub.viewers());
    }
}

/// What is there already, or comes before this moment.
fn wait(published: &Receiver<Published>, until: Instant) -> Option<Published> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        published.try_recv().ok()
    } else {
        published.recv_timeout(left).ok()
    }
}

#[cfg(test)]
mod tests;
