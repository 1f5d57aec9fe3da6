//! What waits for one viewer: at most one bulletin.

use crate::wire::live::{Bulletin, LiveMessage, PositionWire};
use axum::extract::ws::Utf8Bytes;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// The most events that wait for a viewer; beyond, it must read them from the journal.
const EVENTS_MAX: usize = 5_000;
/// So many bulletins wait side by side before they are joined.
const JOIN_AT: usize = 8;

/// A bulletin, encoded once for every viewer of the room.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) bulletin: Bulletin,
    pub(super) text: Utf8Bytes,
}

impl Encoded {
    pub(super) fn new(bulletin: Bulletin) -> Self {
        let message = LiveMessage::Bulletin(bulletin);
        let text = encode(&message);
        let LiveMessage::Bulletin(bulletin) = message else {
            unreachable!("it was made a bulletin just now")
        };
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
    Some(Box<Waiting>),
    Behind {
        since: u64,
    },
}

/// Bulletins that wait, oldest first. They are joined when the viewer takes them, on its own time: filling a mailbox
/// costs the same however slow its viewer is.
#[derive(Debug)]
struct Waiting {
    /// The older ones, joined already so that what waits stays bounded.
    joined: Option<Bulletin>,
    newer: Vec<Arc<Encoded>>,
    events: usize,
}

impl Waiting {
    fn of(first: &Arc<Encoded>) -> Self {
        Self {
            joined: None,
            events: first.bulletin.events.len(),
            newer: vec![Arc::clone(first)],
        }
    }

    fn prev(&self) -> u64 {
        match (&self.joined, self.newer.first()) {
            (Some(joined), _) => joined.prev,
            (None, Some(first)) => first.bulletin.prev,
            (None, None) => 0,
        }
    }

    /// Takes one more; false when that would be too much.
    fn push(&mut self, next: &Arc<Encoded>) -> bool {
        self.events += next.bulletin.events.len();
        if self.events > EVENTS_MAX {
            return false;
        }
        self.newer.push(Arc::clone(next));
        if self.newer.len() >= JOIN_AT {
            self.join();
        }
        true
    }

    fn join(&mut self) {
        let newer = std::mem::take(&mut self.newer);
        let newer = newer.iter().map(|encoded| &encoded.bulletin);
        self.joined = join(self.joined.take(), newer);
    }

    fn into_mail(mut self) -> Mail {
        if let (None, [only]) = (&self.joined, self.newer.as_slice()) {
            return Mail::Fresh(Post {
                prev: only.bulletin.prev,
                seq: only.bulletin.seq,
                text: only.text.clone(),
            });
        }
        let since = self.prev();
        self.join();
        match self.joined {
            Some(joined) => {
                let (prev, seq) = (joined.prev, joined.seq);
                let text = encode(&LiveMessage::Bulletin(joined));
                Mail::Conflated(Post { prev, seq, text })
            }
            None => Mail::Behind { since },
        }
    }
}

/// One viewer's mailbox: bounded, whatever the viewer does.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    pending: Mutex<Pending>,
    bell: Notify,
}

impl Mailbox {
    /// Puts a bulletin in.
    pub(super) fn put(&self, encoded: &Arc<Encoded>) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *pending {
            Pending::Nothing => *pending = Pending::Some(Box::new(Waiting::of(encoded))),
            Pending::Some(waiting) => {
                if !waiting.push(encoded) {
                    let since = waiting.prev();
                    *pending = Pending::Behind { since };
                }
            }
            Pending::Behind { .. } => {}
        }
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
                Pending::Some(waiting) => return waiting.into_mail(),
                Pending::Behind { since } => return Mail::Behind { since },
            }
        }
    }
}

/// Joins bulletins that follow each other: events append, positions keep the newest of each unit.
fn join<'a>(
    first: Option<Bulletin>,
    newer: impl Iterator<Item = &'a Bulletin>,
) -> Option<Bulletin> {
    let mut joined = first;
    let mut newest: BTreeMap<String, PositionWire> = BTreeMap::new();
    let mut keep = |position: PositionWire| match newest.get_mut(&position.unit) {
        Some(before) if is_newer(before, &position) => {}
        Some(before) => *before = position,
        None => {
            newest.insert(position.unit.clone(), position);
        }
    };
    if let Some(joined) = &mut joined {
        joined.positions.drain(..).for_each(&mut keep);
    }
    for next in newer {
        next.positions.iter().cloned().for_each(&mut keep);
        match &mut joined {
            None => {
                joined = Some(Bulletin {
                    positions: Vec::new(),
                    ..next.clone()
                });
            }
            Some(joined) => {
                joined.seq = next.seq;
                joined.at.clone_from(&next.at);
                joined.events.extend(next.events.iter().cloned());
            }
        }
    }
    if let Some(joined) = &mut joined {
        joined.positions = newest.into_values().collect();
    }
    joined
}

fn is_newer(one: &PositionWire, other: &PositionWire) -> bool {
    one.fixed_at > other.fixed_at
}

#[cfg(test)]
mod tests {
    use super::{EVENTS_MAX, Encoded, Mail, Mailbox};
    use crate::wire::event::{EventBody, EventWire};
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

    fn with_events(prev: u64, events: usize) -> Arc<Encoded> {
        let event = |index: usize| EventWire {
            seq: prev + index as u64 + 1,
            at: String::new(),
            recorded_at: String::new(),
            shared_by: None,
            body: EventBody::Back {
                unit: "HU-1".to_owned(),
            },
        };
        Arc::new(Encoded::new(Bulletin {
            prev,
            seq: prev + events as u64,
            at: String::new(),
            positions: Vec::new(),
            events: (0..events).map(event).collect(),
        }))
    }

    #[tokio::test]
    async fn many_bulletins_are_joined_without_losing_an_event_or_the_newest_position() {
        let mailbox = Mailbox::default();
        for step in 0..50 {
            mailbox.put(&with_events(step * 3, 2));
            let time = format!("t{step:03}");
            mailbox.put(&bulletin(step * 3 + 2, step * 3 + 3, &[("HU-1", &time)]));
        }
        let Mail::Conflated(post) = mailbox.take().await else {
            panic!("a hundred bulletins are conflated")
        };
        assert_eq!((post.prev, post.seq), (0, 150));
        let joined: Bulletin = serde_json::from_str::<serde_json::Value>(&post.text)
            .and_then(serde_json::from_value)
            .expect("it is a bulletin");
        let seqs: Vec<u64> = joined.events.iter().map(|event| event.seq).collect();
        let all: Vec<u64> = (0..50)
            .flat_map(|step| [step * 3 + 1, step * 3 + 2])
            .collect();
        assert_eq!(seqs, all);
        assert_eq!(joined.positions.len(), 1);
        assert_eq!(joined.positions[0].fixed_at, "t049");
    }

    #[tokio::test]
    async fn a_viewer_for_whom_too_much_waits_is_sent_to_the_journal_from_where_it_stands() {
        let mailbox = Mailbox::default();
        mailbox.put(&with_events(7, EVENTS_MAX));
        mailbox.put(&with_events(7 + EVENTS_MAX as u64, 1));
        mailbox.put(&with_events(8 + EVENTS_MAX as u64, 1));
        assert!(matches!(mailbox.take().await, Mail::Behind { since: 7 }));
        mailbox.put(&bulletin(9, 10, &[]));
        assert!(
            matches!(mailbox.take().await, Mail::Fresh(_)),
            "what comes after is mail again"
        );
    }
}
