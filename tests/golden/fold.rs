//! The service's picture, the page's picture and the core's tracks are one fold. What is folded here is written for the
//! page's own test, which reads it when `LIMES_FOLD_FILE` names the file.

use crate::chance::{Chance, Making, any_event};
use crate::nagylak_27::{lap, play, room, scenario};
use crate::rooms::{Entry, Ground, Rooms};
use crate::wandering::wander;
use limes::domain::event::What;
use limes::domain::ids::{RoomId, Seq};
use limes::domain::measure::Timestamp;
use limes::domain::world::World;
use limes::service::live::picture::Picture;
use limes::wire::event::EventWire;
use limes::wire::live::{Bulletin, ModeWire, PositionWire, Snapshot, UnitPicture};
use limes::wire::parts::RoomWire;
use limes::wire::stored::StoredEvent;
use serde_json::{Value, json};

fn snapshot(picture: &Picture) -> Snapshot {
    Snapshot {
        seq: picture.seq,
        at: "2027-03-16T12:30:00.000Z".to_owned(),
        started_at: "2027-03-16T11:00:00.000Z".to_owned(),
        room: RoomWire {
            id: picture.room.clone(),
            state: "HU".to_owned(),
        },
        me: None,
        mode: ModeWire {
            exercise: true,
            name: None,
            rate: 1.0,
        },
        border_set: "test".to_owned(),
        rests_on: picture.rests_on.clone(),
        reached: Vec::new(),
        links: picture.links.values().cloned().collect(),
        rooms: picture.rooms.values().cloned().collect(),
        units: picture.units.values().cloned().collect(),
        operations: picture.operations.values().cloned().collect(),
        alarms: picture.standing(),
        recent: picture.recent.iter().cloned().collect(),
    }
}

/// The commits of one room's ledger.
fn commits(entries: &[Entry]) -> impl Iterator<Item = &[Entry]> {
    entries.chunk_by(|one, other| one.recorded_at == other.recorded_at)
}

/// A commit as its bulletin: events first, then positions.
fn bulletin(prev: u64, commit: &[Entry]) -> Bulletin {
    let at = commit[0].recorded_at;
    let mut seq = prev;
    let mut events = Vec::new();
    let mut positions = Vec::new();
    for entry in commit {
        if let What::Fix(fix) = &entry.event.what {
            positions.push(PositionWire::from(fix));
        } else if let Some(stored) = StoredEvent::of(&entry.event, entry.shared_by.as_ref()) {
            seq += 1;
            events.push(stored.into_wire(Seq(seq), entry.event.at, at));
        }
    }
    seq += u64::from(!positions.is_empty());
    Bulletin {
        prev,
        seq,
        at: at.to_string(),
        positions,
        events,
    }
}

/// What the core knows of the units of a room, in the words of the picture.
fn assert_is_what_the_core_decided(picture: &Picture, world: &World, now: Timestamp) {
    for (id, unit) in world.units() {
        let shown = &picture.units[id.as_str()];
        let track = &unit.track;
        let core = json!({
            "law": track.settled().map(|states| states.to_string()),
            "on_duty": track.on_duty(now),
            "approach": track.approach().map(|approach| approach.eta.as_secs_f64()),
            "silence": track.silence().map(|(silence, crossed)| (silence.since.to_string(), crossed)),
            "clock_wrong": track.clock_wrong().map(|wrong| (wrong.received_at.to_string(), wrong.ahead.as_secs_f64())),
            "fixed_at": track.latest().map(|fix| fix.fixed_at.to_string()),
        });
        assert_eq!(of_the_core(shown), core, "{id} at {now}");
    }
}

fn of_the_core(unit: &UnitPicture) -> Value {
    json!({
        "law": unit.law,
        "on_duty": unit.on_duty,
        "approach": unit.approach.as_ref().map(|approach| approach.eta_s),
        "silence": unit.silence.as_ref().map(|silence| (&silence.since, silence.may_have_crossed)),
        "clock_wrong": unit.clock_wrong.as_ref().map(|wrong| (&wrong.received_at, wrong.ahead_s)),
        "fixed_at": unit.position.as_ref().map(|position| &position.fixed_at),
    })
}

/// Folds a ledger as the map does, and beside it as a restart does; both know the same after each commit.
fn folded(name: &str, room: &RoomId, entries: &[Entry]) -> Value {
    let mut picture = Picture::new(room.as_str());
    let mut world = World::new(room.clone());
    let start = snapshot(&picture);
    let mut bulletins = Vec::new();
    for commit in commits(entries) {
        let next = bulletin(picture.seq, commit);
        picture.fold(next.seq, &next.events, &next.positions);
        for entry in commit {
            world.apply(&entry.event);
        }
        assert_is_what_the_core_decided(&picture, &world, commit[0].recorded_at);
        bulletins.push(next);
    }
    json!({ "name": name, "start": start, "bulletins": bulletins, "expected": snapshot(&picture) })
}

/// The exercise as both rooms take it.
fn exercise() -> Vec<Value> {
    let scenario = scenario();
    let rooms = play(&lap(&scenario));
    let of = |name: &str| folded(name, &room(name), &rooms.ledgers[&room(name)]);
    vec![of("budapest"), of("arad")]
}

/// Units that drive about the line, lie about the time, fall silent, and sign off and on: decided by the core.
fn wanderings() -> Vec<Value> {
    let scenario = scenario();
    let of = |seed: u64| {
        let mut rooms = Rooms::of(&scenario, Ground::built_in(), crate::wandering::start());
        wander(&mut rooms, &mut Chance::of(seed));
        let name = format!("wandering {seed}");
        folded(&name, &room("budapest"), &rooms.ledgers[&room("budapest")])
    };
    (1..=4).map(of).collect()
}

/// Events of every kind in an order that nobody decided: both folds take whatever comes.
fn anything(seed: u64) -> Value {
    let mut chance = Chance::of(seed);
    let mut picture = Picture::new("budapest");
    let start = snapshot(&picture);
    let mut bulletins = Vec::new();
    for _ in 0..60 {
        let prev = picture.seq;
        let mut making = Making::after(prev);
        let events: Vec<EventWire> = (0..=chance.below(6))
            .map(|_| any_event(&mut chance, &mut making))
            .collect();
        let positions: Vec<PositionWire> = (0..chance.below(4))
            .map(|_| crate::chance::any_position(&mut chance))
            .collect();
        let seq = making.seq() + u64::from(!positions.is_empty());
        picture.fold(seq, &events, &positions);
        let at = chance.time();
        bulletins.push(Bulletin {
            prev,
            seq,
            at,
            positions,
            events,
        });
    }
    json!({ "name": format!("anything {seed}"), "start": start, "bulletins": bulletins, "expected": snapshot(&picture) })
}

#[test]
fn the_picture_is_what_the_core_decided_and_is_written_for_the_page_to_fold_too() {
    let mut cases = exercise();
    let closed = |case: &Value| {
        let operations = case["expected"]["operations"].as_array().unwrap();
        operations.iter().any(|one| !one["closed"].is_null())
    };
    assert!(
        cases.iter().all(closed),
        "the exercise was shared, and it ended"
    );
    cases.extend(wanderings());
    cases.extend((1..=20).map(anything));
    if let Some(path) = std::env::var_os("LIMES_FOLD_FILE") {
        std::fs::write(path, Value::from(cases).to_string()).expect("the file can be written");
    }
}
