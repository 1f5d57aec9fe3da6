//! What waits for one viewer: at most one bulletin.

use crate::wire::live::{Bulletin, LiveMessage};
use axum::extract::ws::Utf8Bytes;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// The most events that wait for a viewer; beyond, it must read them from the journal.
const EVENTS_MAX: usize = 5_000;

/// A bulletin, encoded once for every viewer of the room.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) bulletin: Bulletin,
    pub(super) text: Utf8Bytes,
}

impl Encoded {
    pub(super) fn new(bulletin: Bulletin) -> Self {
        let text = encode(&LiveMessage::Bulletin(bulletin.clone()));
        Self { bulletin, text }
    }
}

/// The text of a live message.
///
/// # Panics
/// Never: plain structs with text keys always have a JSON form.
#[must_use]
pub(super) fn encode(message: &LiveMessage) -> Utf8Bytes {
    serde_json::to_string(message)
        .expect("plain structs have a JSON form")
        .into()
}

/// A bulletin as it is sent, and from where to where it leads.
#[derive(Debug)]
pub struct Post {
    /// The record before the first one covered.
    pub prev: u64,
    /// The last record covered.
    pub seq: u64,
    /// The bulletin's JSON.
    pub text: Utf8Bytes,
}

impl Post {
    fn of(bulletin: &Bulletin, text: Utf8Bytes) -> Self {
        Self {
            prev: bulletin.prev,
            seq: bulletin.seq,
            text,
        }
    }
}

/// What a viewer takes from its mailbox.
#[derive(Debug)]
pub enum Mail {
    /// One bulletin as it was encoded for everybody.
    Fresh(Post),
    /// Several bulletins in one: every event, and of the positions the newest of each unit.
    Conflated(Post),
    /// More waited than a mailbox holds: read on from the journal after this record.
    Behind {
        /// The last record the viewer has been given.
        since: u64,
    },
}

#[derive(Debug, Default)]
enum Pending {
    #[default]
    Nothing,
    One(Arc<Encoded>),
    Several(Box<Bulletin>),
    Behind {
        since: u64,
    },
}

/// One viewer's mailbox: bounded, whatever the viewer does.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    pending: Mutex<Pending>,
    bell: Notify,
}

impl Mailbox {
    /// Puts a bulletin in. What waits already is joined with it.
    pub(super) fn put(&self, encoded: &Arc<Encoded>) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        *pending = match std::mem::take(&mut *pending) {
            Pending::Nothing => Pending::One(Arc::clone(encoded)),
            Pending::One(first) => join(first.bulletin.clone(), &encoded.bulletin),
            Pending::Several(joined) => join(*joined, &encoded.bulletin),
            Pending::Behind { since } => Pending::Behind { since },
        };
        drop(pending);
        self.bell.notify_one();
    }

    /// Waits for mail and takes it.
    pub(super) async fn take(&self) -> Mail {
        loop {
            let pending =
                std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
            match pending {
                Pending::Nothing => self.bell.notified().await,
                Pending::One(encoded) => {
                    let post = Post::of(&encoded.bulletin, encoded.text.clone());
                    return Mail::Fresh(post);
                }
                Pending::Several(bulletin) => return Mail::Conflated(joined(*bulletin)),
                Pending::Behind { since } => return Mail::Behind { since },
            }
        }
    }
}

/// A joined bulletin, encoded for its one viewer.
fn joined(bulletin: Bulletin) -> Post {
    let (prev, seq) = (bulletin.prev, bulletin.seq);
    let text = encode(&LiveMessage::Bulletin(bulletin));
    Post { prev, seq, text }
}

/// Joins what waits with what comes: events append, positions keep the newest of each unit.
fn join(mut waiting: Bulletin, next: &Bulletin) -> Pending {
    if waiting.events.len() + next.events.len() > EVENTS_MAX {
        return Pending::Behind {
            since: waiting.prev,
        };
    }
    let mut newest = BTreeMap::new();
    for position in waiting
        .positions
        .drain(..)
        .chain(next.positions.iter().cloned())
    {
        match newest.get(&position.unit) {
            Some(before) if is_newer(before, &position) => {}
            _ => {
                newest.insert(position.unit.clone(), position);
            }
        }
    }
    waiting.positions = newest.into_values().collect();
    waiting.events.extend(next.events.iter().cloned());
    waiting.seq = next.seq;
    waiting.at.clone_from(&next.at);
    Pending::Several(Box::new(waiting))
}

fn is_newer(
    one: &crate::wire::live::PositionWire,
    other: &crate::wire::live::PositionWire,
) -> bool {
    one.fixed_at > other.fixed_at
}

#[cfg(test)]
mod tests {
    use super::{Encoded, Mail, Mailbox};
    use crate::wire::live::{Bulletin, PositionWire};
    use std::sync::Arc;

    fn bulletin(prev: u64, seq: u64, positions: &[(&str, &str)]) -> Arc<Encoded> {
        let positions = positions.iter().map(|(unit, fixed_at)| PositionWire {
            unit: (*unit).to_owned(),
            fixed_at: (*fixed_at).to_owned(),
            received_at: String::new(),
            lat: 46.0,
            lon: 20.0,
            accuracy_m: None,
            speed_mps: None,
            course_deg: None,
            altitude_m: None,
            battery_pct: None,
            states: "HU".to_owned(),
            certainty: "inside".to_owned(),
            frontier: None,
            distance_m: None,
        });
        Arc::new(Encoded::new(Bulletin {
            prev,
            seq,
            at: String::new(),
            positions: positions.collect(),
            events: Vec::new(),
        }))
    }

    #[tokio::test]
    async fn a_viewer_that_keeps_up_gets_the_shared_text() {
        let mailbox = Mailbox::default();
        let one = bulletin(0, 1, &[("HU-1", "t1")]);
        mailbox.put(&one);
        let Mail::Fresh(post) = mailbox.take().await else {
            panic!("one bulletin is fresh")
        };
        assert_eq!((post.prev, post.seq, post.text), (0, 1, one.text.clone()));
    }

    #[tokio::test]
    async fn a_slow_viewer_gets_one_bulletin_from_the_first_prev_to_the_last_seq_with_the_newest_positions()
     {
        let mailbox = Mailbox::default();
        mailbox.put(&bulletin(4, 5, &[("HU-1", "t1"), ("HU-2", "t9")]));
        mailbox.put(&bulletin(5, 6, &[("HU-1", "t2"), ("HU-2", "t8")]));
        mailbox.put(&bulletin(6, 8, &[("HU-1", "t3")]));
        let Mail::Conflated(post) = mailbox.take().await else {
            panic!("three bulletins are conflated")
        };
        assert_eq!((post.prev, post.seq), (4, 8));
        let joined: serde_json::Value = serde_json::from_str(&post.text).expect("it is JSON");
        assert_eq!((&joined["prev"], &joined["seq"]), (&4.into(), &8.into()));
        let shown: Vec<_> = joined["positions"]
            .as_array()
            .expect("positions")
            .iter()
            .map(|row| {
                (
                    row["unit"].as_str().expect("unit"),
                    row["fixed_at"].as_str().expect("time"),
                )
            })
            .collect();
        assert_eq!(shown, [("HU-1", "t3"), ("HU-2", "t9")]);
    }
}
