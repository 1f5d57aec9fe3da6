//! One feed per room: its picture, and the mailboxes of its viewers.

use super::mailbox::{Encoded, Mail, Mailbox};
use super::picture::Picture;
use crate::domain::ids::{RoomId, Seq};
use crate::service::desk::Published;
use crate::service::telemetry::LiveMetrics;
use crate::wire::live::{Bulletin, PositionWire};
use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};

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

    fn publish(&self, published: Published) {
        let feed = self.feed(&published.room).unwrap_or_else(|| {
            self.begin(
                Picture::new(published.room.as_str()),
                published.room.clone(),
            );
            self.feed(&published.room).expect("it was put in just now")
        });
        let mut inner = lock(&feed);
        inner.viewers.retain(|viewer| viewer.strong_count() > 0);
        if inner.viewers.is_empty() {
            let Published {
                seq, events, fixes, ..
            } = published;
            inner.picture.fold_unseen(seq.0, &events, fixes);
            return;
        }
        let positions: Vec<PositionWire> = published.fixes.iter().map(Into::into).collect();
        // A restart of the journal inside the service may have lost what was never durable: viewers read anew.
        let prev = if published.prev.0 == inner.picture.seq {
            published.prev
        } else {
            Seq(inner.picture.seq)
        };
        inner
            .picture
            .fold(published.seq.0, &published.events, &positions);
        let bulletin = Bulletin {
            prev: prev.0,
            seq: published.seq.0,
            at: published.at.to_string(),
            positions,
            events: published.events,
        };
        let encoded = Arc::new(Encoded::new(bulletin));
        for viewer in inner.viewers.iter().filter_map(Weak::upgrade) {
            viewer.put(&encoded);
        }
    }
}

/// Folds and shows what the desk has recorded, until the desk is gone: the work of a thread of its own.
pub fn follow(hub: &Hub, published: &Receiver<Published>, metrics: &LiveMetrics) {
    for next in published {
        let taken = next.taken;
        hub.publish(next);
        metrics.shown(taken.elapsed());
    }
}
