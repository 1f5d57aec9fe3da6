use super::{Hub, follow};
use crate::domain::ids::{RoomId, Seq};
use crate::domain::measure::Timestamp;
use crate::service::desk::Published;
use crate::service::live::fixture::{NOON, fix};
use crate::service::live::gather::{Gathered, pause};
use crate::service::live::mailbox::Mail;
use crate::service::live::picture::Picture;
use crate::service::telemetry::LiveMetrics;
use crate::wire::event::{EventBody, EventWire};
use crate::wire::live::LiveMessage;
use crate::wire::parts::UnitCardWire;
use proptest::prelude::*;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

fn room() -> RoomId {
    RoomId::parse("budapest").unwrap()
}

fn event(seq: u64, body: EventBody) -> EventWire {
    let at = Timestamp::from_millis(NOON).to_string();
    EventWire {
        seq,
        recorded_at: at.clone(),
        at,
        body,
        shared_by: None,
    }
}

fn added(seq: u64, unit: usize) -> EventWire {
    event(
        seq,
        EventBody::UnitAdded(UnitCardWire {
            unit: format!("HU-{unit}"),
            room: "budapest".to_owned(),
            state: "HU".to_owned(),
            unit_kind: "vehicle".to_owned(),
            callsign: format!("Car {unit}"),
            marks: None,
        }),
    )
}

/// What one commit says: whether a unit is added, and fixes.
type Said = (Option<usize>, Vec<(usize, i64)>);

/// Commits that follow each other; a fix each is told apart by its place.
fn commits(said: &[Said]) -> Vec<Published> {
    let (mut seq, mut step) = (0, 0);
    let commit = |(unit, fixes): &Said| {
        let prev = seq;
        let events: Vec<EventWire> = unit.iter().map(|unit| added(prev + 1, *unit)).collect();
        seq += events.len() as u64 + u64::from(!fixes.is_empty());
        let fixes = fixes.iter().map(|row| {
            step += 1;
            fix(row.0, row.1, step as u32, i64::from(step))
        });
        Published {
            room: room(),
            prev: Seq(prev),
            seq: Seq(seq),
            at: Timestamp::from_millis(NOON),
            events,
            fixes: fixes.collect(),
            taken: Instant::now(),
        }
    };
    said.iter().map(commit).collect()
}

fn hub() -> Hub {
    let hub = Hub::default();
    hub.begin(Picture::new("budapest"), room());
    hub
}

fn picture(hub: &Hub) -> Picture {
    hub.look(&room(), Picture::clone).expect("the room is here")
}

#[test]
fn the_more_watch_the_longer_is_gathered_and_never_longer_than_is_seen() {
    assert_eq!(pause(0), Duration::ZERO);
    assert_eq!(pause(1), Duration::from_micros(50));
    assert_eq!(pause(100), Duration::from_millis(5));
    assert_eq!(pause(usize::MAX), Duration::from_millis(50));
}

#[test]
fn what_fills_a_bulletin_waits_for_no_more() {
    let few: Said = (None, vec![(0, 0); 4_999]);
    let mut gathered = Gathered::of(commits(&[few]).remove(0));
    assert!(!gathered.is_enough());
    gathered.push(commits(&[(Some(0), Vec::new())]).remove(0));
    assert!(gathered.is_enough());
}

#[tokio::test]
async fn commits_that_wait_are_shown_in_one_bulletin_with_every_fix_of_them() {
    let hub = hub();
    let (viewer, ()) = hub.subscribe(&room(), |_| ()).expect("the room is here");
    let said: [Said; 3] = [
        (Some(0), vec![(0, 1)]),
        (None, vec![(0, 2), (0, 3)]),
        (Some(1), vec![(1, 4)]),
    ];
    let (desk, published) = sync_channel(8);
    for commit in commits(&said) {
        desk.send(commit).expect("there is room");
    }
    drop(desk);
    follow(&hub, &published, &LiveMetrics::default());
    let Mail::Fresh(post) = viewer.next().await else {
        panic!("one bulletin waits")
    };
    assert_eq!((post.prev, post.seq), (0, 5));
    let LiveMessage::Bulletin(told) = serde_json::from_str(&post.text).expect("it is JSON") else {
        panic!("it is a bulletin")
    };
    let units: Vec<&str> = told.positions.iter().map(|row| &*row.unit).collect();
    assert_eq!(units, ["HU-0", "HU-0", "HU-0", "HU-1"]);
    let events: Vec<u64> = told.events.iter().map(|event| event.seq).collect();
    assert_eq!(events, [1, 4]);
}

/// Of units that are all known: who is not is given no fix by any desk.
fn said() -> impl Strategy<Value = Vec<Said>> {
    let fixes = prop::collection::vec((0..4_usize, 0..2_500_i64), 0..12);
    prop::collection::vec((prop::option::of(0..4_usize), fixes), 1..16)
}

proptest! {
    #[test]
    fn however_commits_are_gathered_the_picture_and_what_a_viewer_folds_are_the_same(
        said in said(), together in prop::collection::vec(1..6_usize, 20)
    ) {
        let known = (0..4).map(|unit| (Some(unit), Vec::new()));
        let commits = commits(&known.chain(said).collect::<Vec<_>>());
        let one_by_one = hub();
        let (_watched, ()) = one_by_one.subscribe(&room(), |_| ()).expect("it is here");
        for commit in commits.clone() {
            one_by_one.publish(&room(), vec![commit]);
        }
        let gathered = hub();
        let (viewer, mut seen) = gathered
            .subscribe(&room(), Picture::clone)
            .expect("it is here");
        let mut rest = commits.as_slice();
        for many in together {
            let (now, later) = rest.split_at(many.min(rest.len()));
            rest = later;
            if now.is_empty() {
                break;
            }
            gathered.publish(&room(), now.to_vec());
            let mail = futures_util::FutureExt::now_or_never(viewer.next());
            let Some(Mail::Fresh(post)) = mail else {
                panic!("one bulletin waits")
            };
            prop_assert_eq!(post.prev, seen.seq);
            let told = serde_json::from_str(&post.text).expect("it is JSON");
            let LiveMessage::Bulletin(told) = told else {
                panic!("it is a bulletin")
            };
            seen.fold(told.seq, &told.events, &told.positions);
        }
        prop_assert!(rest.is_empty());
        prop_assert_eq!(picture(&gathered), picture(&one_by_one));
        prop_assert_eq!(seen, picture(&one_by_one));
    }
}
