//! The service's picture and the page's picture are the same fold. Written here for the page's own test, which reads it
//! when `LIMES_FOLD_FILE` names the file.

use crate::nagylak_27::{lap, play, room, scenario};
use limes::domain::event::What;
use limes::domain::ids::Seq;
use limes::service::live::picture::Picture;
use limes::wire::live::{Bulletin, ModeWire, PositionWire, Snapshot};
use limes::wire::parts::RoomWire;
use limes::wire::stored::StoredEvent;

fn snapshot(picture: &Picture, room: &str, state: &str) -> Snapshot {
    Snapshot {
        seq: picture.seq,
        at: "2027-03-16T12:30:00.000Z".to_owned(),
        room: RoomWire {
            id: room.to_owned(),
            state: state.to_owned(),
        },
        me: None,
        mode: ModeWire {
            exercise: true,
            name: None,
            rate: 1.0,
        },
        border_set: "test".to_owned(),
        rooms: picture.rooms.values().cloned().collect(),
        units: picture.units.values().cloned().collect(),
        operations: picture.operations.values().cloned().collect(),
        alarms: Vec::new(),
        recent: picture.recent.iter().cloned().collect(),
    }
}

/// The bulletins of one room's ledger: events first, then positions, as commits are.
fn bulletins(name: &str) -> Vec<Bulletin> {
    let scenario = scenario();
    let rooms = play(&lap(&scenario));
    let entries = &rooms.ledgers[&room(name)];
    let mut bulletins: Vec<Bulletin> = Vec::new();
    let mut seq = 0;
    for commit in entries.chunk_by(|one, other| one.recorded_at == other.recorded_at) {
        let at = commit[0].recorded_at;
        let prev = seq;
        let mut events = Vec::new();
        let mut positions = Vec::new();
        for entry in commit {
            if let What::Fix(fix) = &entry.event.what {
                positions.push(PositionWire::from(&**fix));
            } else if let Some(stored) = StoredEvent::of(&entry.event, entry.shared_by.as_ref()) {
                seq += 1;
                events.push(stored.into_wire(Seq(seq), entry.event.at, at));
            }
        }
        seq += u64::from(!positions.is_empty());
        bulletins.push(Bulletin {
            prev,
            seq,
            at: at.to_string(),
            positions,
            events,
        });
    }
    bulletins
}

#[test]
fn the_picture_of_the_exercise_is_written_for_the_page_to_fold_too() {
    let bulletins = bulletins("arad");
    let mut picture = Picture::new("arad");
    let start = snapshot(&picture, "arad", "RO");
    for bulletin in &bulletins {
        assert_eq!(bulletin.prev, picture.seq, "bulletins chain");
        picture.fold(bulletin.seq, &bulletin.events, &bulletin.positions);
    }
    let expected = snapshot(&picture, "arad", "RO");
    assert!(
        picture
            .operations
            .values()
            .any(|operation| operation.closed.is_some()),
        "the exercise was shared, and it ended"
    );
    if let Some(path) = std::env::var_os("LIMES_FOLD_FILE") {
        let file =
            serde_json::json!({ "start": start, "bulletins": bulletins, "expected": expected });
        std::fs::write(path, file.to_string()).expect("the file can be written");
    }
}
