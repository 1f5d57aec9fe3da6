use super::Picture;
use crate::domain::tracks::fix::Fix;
use crate::service::live::fixture::fix;
use crate::service::live::picture::TAIL_MAX;
use crate::wire::event::{EventBody, EventWire};
use crate::wire::live::PositionWire;
use crate::wire::parts::UnitCardWire;
use proptest::prelude::*;

/// When all of them are received, milliseconds after the moment from which the seconds count.
const RECEIVED: i64 = 180;

fn added(unit: usize) -> EventWire {
    EventWire {
        seq: 1,
        at: "2027-03-16T11:00:00.000Z".to_owned(),
        recorded_at: "2027-03-16T11:00:00.000Z".to_owned(),
        body: EventBody::UnitAdded(UnitCardWire {
            unit: format!("HU-{unit}"),
            room: "budapest".to_owned(),
            state: "HU".to_owned(),
            unit_kind: "vehicle".to_owned(),
            callsign: format!("Car {unit}"),
            marks: None,
        }),
        shared_by: None,
    }
}

/// Bulletins of fixes of four units, of which the picture knows three, in any order of time; and which of them
/// somebody watches.
fn bulletins() -> impl Strategy<Value = Vec<(bool, Vec<(usize, i64)>)>> {
    let fixes = prop::collection::vec((0..4_usize, 0..2_500_i64), 0..40);
    prop::collection::vec((any::<bool>(), fixes), 1..12)
}

proptest! {
    #[test]
    fn what_nobody_watches_is_the_same_picture_once_somebody_looks(bulletins in bulletins()) {
        let mut watched = Picture::new("budapest");
        let events: Vec<EventWire> = (0..3).map(added).collect();
        watched.fold(3, &events, &[]);
        let mut unwatched = watched.clone();
        let mut step = 0;
        for (seq, (looks, rows)) in (4..).zip(bulletins) {
            let fixes: Vec<Fix> = rows
                .into_iter()
                .map(|(unit, second)| {
                    step += 1;
                    fix(unit, second, step, RECEIVED)
                })
                .collect();
            let positions: Vec<PositionWire> = fixes.iter().map(PositionWire::from).collect();
            watched.fold(seq, &[], &positions);
            if looks {
                unwatched.fold(seq, &[], &positions);
            } else {
                unwatched.fold_unseen(seq, &[], fixes);
            }
        }
        unwatched.settle();
        prop_assert_eq!(unwatched, watched);
    }
}

#[test]
fn a_tail_that_nobody_watches_ends_as_long_as_one_that_is_watched() {
    let mut watched = Picture::new("budapest");
    watched.fold(1, &[added(0)], &[]);
    let mut unwatched = watched.clone();
    for second in 0..1_000_i64 {
        // Every seventh comes late, into the gap that it left; every tenth comes twice.
        let late = if second % 7 == 0 { second - 21 } else { second };
        let fixes = [late, second - second % 10].map(|at| fix(0, at, second as u32, RECEIVED));
        let positions: Vec<PositionWire> = fixes.iter().map(PositionWire::from).collect();
        watched.fold(second as u64, &[], &positions);
        unwatched.fold_unseen(second as u64, &[], fixes.to_vec());
    }
    unwatched.settle();
    assert_eq!(unwatched.units["HU-0"].tail.len(), TAIL_MAX);
    assert_eq!(unwatched, watched);
}
