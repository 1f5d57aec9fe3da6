//! What the viewers of a service share, and how many there may be.

use super::history::{self, HistoryError, Stretch};
use super::hub::{Hub, Subscription};
use super::mailbox::encode;
use super::picture::Picture;
use super::tails;
use crate::domain::ids::{RoomId, Seq};
use crate::service::clock::Clock;
use crate::service::desk::Recording;
use crate::service::journal::{JournalError, Readers};
use crate::service::telemetry::LiveMetrics;
use crate::wire::channels::ReachedWire;
use crate::wire::live::{LiveMessage, MeWire, ModeWire, Snapshot};
use crate::wire::parts::RoomWire;
use axum::extract::ws::Utf8Bytes;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How many watch, and how long each is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewerLimits {
    /// Sockets of all rooms.
    pub in_total: usize,
    /// Sockets of one room.
    pub per_room: usize,
    /// Bytes of one message from a viewer.
    pub request_bytes: usize,
    /// Bytes that wait to be written to one socket: one message at a time, and the largest is a snapshot.
    pub write_buffer_bytes: usize,
    /// How long one message may take to be written before the viewer is given up.
    pub write_time: Duration,
    /// How often a viewer is pinged.
    pub ping_every: Duration,
    /// How long a viewer may say nothing, not even a pong.
    pub silence: Duration,
}

impl Default for ViewerLimits {
    fn default() -> Self {
        Self {
            in_total: 1_000,
            per_room: 250,
            request_bytes: 16 * 1024,
            write_buffer_bytes: 256 * 1024 * 1024,
            write_time: Duration::from_secs(10),
            ping_every: Duration::from_secs(15),
            silence: Duration::from_secs(50),
        }
    }
}

/// What [`Feeds`] are made of.
pub struct FeedParts {
    /// The pictures.
    pub hub: Arc<Hub>,
    /// The journal, to read.
    pub readers: Readers,
    /// The service's time.
    pub clock: Clock,
    /// Real or exercise.
    pub mode: ModeWire,
    /// Whom notices reach beside the rooms.
    pub reached: Vec<ReachedWire>,
    /// The border data set.
    pub border_set: Arc<str>,
    /// Whether what happens is recorded.
    pub recording: watch::Receiver<Recording>,
    /// Becomes true when the service is ending.
    pub ending: watch::Receiver<bool>,
    /// How many watch.
    pub limits: ViewerLimits,
    /// What is counted.
    pub metrics: LiveMetrics,
}

/// What the viewers of a service share.
pub struct Feeds {
    parts: FeedParts,
    started_at: String,
    taken: Arc<Mutex<BTreeMap<RoomId, usize>>>,
}

/// A viewer's place among those that may watch; free again when it is dropped.
#[derive(Debug)]
pub struct ViewerPlace {
    room: RoomId,
    taken: Arc<Mutex<BTreeMap<RoomId, usize>>>,
}

impl Drop for ViewerPlace {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.room) {
            *count = count.saturating_sub(1);
        }
    }
}

impl Feeds {
    /// Feeds of these parts, nobody watching yet.
    #[must_use]
    pub fn new(parts: FeedParts) -> Self {
        Self {
            started_at: parts.clock.now().to_string(),
            parts,
            taken: Arc::default(),
        }
    }

    /// How many watch, and how long each is waited for.
    #[must_use]
    pub const fn limits(&self) -> &ViewerLimits {
        &self.parts.limits
    }

    /// A place to watch a room from; `None` when all are taken.
    #[must_use]
    pub fn place(&self, room: &RoomId) -> Option<ViewerPlace> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let total: usize = taken.values().sum();
        let of_room = taken.entry(room.clone()).or_default();
        if total >= self.parts.limits.in_total || *of_room >= self.parts.limits.per_room {
            return None;
        }
        *of_room += 1;
        Some(ViewerPlace {
            room: room.clone(),
            taken: Arc::clone(&self.taken),
        })
    }

    pub(super) fn hub(&self) -> &Hub {
        &self.parts.hub
    }

    pub(super) const fn metrics(&self) -> &LiveMetrics {
        &self.parts.metrics
    }

    pub(super) fn ending(&self) -> watch::Receiver<bool> {
        self.parts.ending.clone()
    }

    pub(super) fn recording(&self) -> Recording {
        self.parts.recording.borrow().clone()
    }

    /// The service's time, as the wire has it.
    pub(super) fn now(&self) -> String {
        self.parts.clock.now().to_string()
    }

    /// When this service was started, as the wire has it.
    pub(super) fn started_at(&self) -> String {
        self.started_at.clone()
    }

    /// The whole picture of a room as it is sent, and a place from which nothing after it is missed.
    pub(super) async fn snapshot(
        &self,
        room: &RoomId,
        me: Option<MeWire>,
    ) -> Option<(Subscription, Utf8Bytes)> {
        let (hub, room, at) = (Arc::clone(&self.parts.hub), room.clone(), self.now());
        let (mode, border_set) = (self.parts.mode.clone(), self.parts.border_set.to_string());
        let (started_at, reached) = (self.started_at(), self.parts.reached.clone());
        // A large picture takes long to be copied and written: not on a thread that others wait for.
        let looking = tokio::task::spawn_blocking(move || {
            let (subscription, mut seen) = hub.subscribe(&room, |picture| seen(picture, at))?;
            (seen.me, seen.mode, seen.reached) = (me, mode, reached);
            (seen.border_set, seen.started_at) = (border_set, started_at);
            let text = encode(&LiveMessage::Snapshot(Box::new(seen)));
            Some((subscription, text))
        });
        looking.await.ok().flatten()
    }

    /// The oldest record that is still kept.
    pub(super) async fn oldest(&self, room: &RoomId) -> Result<Seq, JournalError> {
        let room = room.clone();
        let read = self
            .parts
            .readers
            .read(move |journal| journal.oldest(&room));
        read.await.inspect_err(|error| unreadable(error))
    }

    /// One page of a stretch: the record it leads to, and the bulletin as it is sent.
    pub(super) async fn page(
        &self,
        room: &RoomId,
        stretch: Stretch,
    ) -> Result<Option<(u64, Utf8Bytes)>, HistoryError> {
        let (room, at) = (room.clone(), self.now());
        let read = self.parts.readers.read(move |journal| {
            let bulletin = history::bulletin(journal, &room, stretch, at)?;
            Ok(bulletin.map(|bulletin| {
                let seq = bulletin.seq;
                (seq, encode(&LiveMessage::Bulletin(bulletin)))
            }))
        });
        read.await.inspect_err(|error| unreadable(error))
    }
}

fn unreadable(error: &dyn std::error::Error) {
    tracing::error!(%error, "a viewer's feed could not be read from the journal");
}

/// A picture as a snapshot; who looks and where is still missing.
fn seen(picture: &Picture, at: String) -> Snapshot {
    let room = picture.rooms.get(&picture.room).cloned();
    Snapshot {
        seq: picture.seq,
        at,
        started_at: String::new(),
        room: room.unwrap_or_else(|| RoomWire {
            id: picture.room.clone(),
            state: "-".to_owned(),
        }),
        me: None,
        mode: ModeWire {
            exercise: false,
            name: None,
            rate: 1.0,
        },
        border_set: String::new(),
        rests_on: picture.rests_on.clone(),
        rooms: picture.rooms.values().cloned().collect(),
        reached: Vec::new(),
        links: picture.links.values().cloned().collect(),
        units: tails::within_budget(&picture.units),
        operations: picture.operations.values().cloned().collect(),
        alarms: picture.standing(),
        recent: picture.recent.iter().cloned().collect(),
    }
}
