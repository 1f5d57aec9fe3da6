//! A joint patrol: inside its state, area and period a crossing raises nothing (Decision 2008/615/JHA Art. 17); outside
//! any of them the unit must stop.

use crate::nagylak_27::{lap, room, scenario};
use crate::rooms::{Ground, Rooms};
use limes::domain::event::{OperationEvent, OperationEventKind, What};
use limes::domain::exercise::Deed;
use limes::domain::ids::State;
use limes::domain::input::OrderKind;
use limes::domain::law::basis::{Basis, PatrolArea};
use limes::domain::law::finding::Verdict;
use limes::domain::measure::{Position, Span, Timestamp};
use std::sync::Arc;

/// The way of the exercise, driven as a joint patrol in an area of Romania, until a moment.
fn patrol(area: Option<&[(f64, f64)]>, until: Option<Timestamp>) -> Rooms {
    let scenario = scenario();
    let lap = lap(&scenario);
    let ring: Option<Arc<[Position]>> = area.map(|ring| {
        ring.iter()
            .map(|(lat, lon)| Position::new(*lat, *lon).unwrap())
            .collect()
    });
    let begins = lap.start.plus(lap.from).plus(Span::from_secs(-1));
    let mut rooms = Rooms::of(lap.scenario, Ground::built_in(), begins);
    for step in lap.steps() {
        rooms.pass(step.at);
        let deed = match &step.deed {
            Deed::Order(order) => {
                let mut order = order.clone();
                if let OrderKind::Open(card) = &mut order.kind {
                    card.declared.basis = Basis::JointPatrol;
                    card.patrol = Some(PatrolArea {
                        state: State::parse("RO").unwrap(),
                        area: ring.clone(),
                    });
                    if let (Some(agreed), Some(until)) =
                        (card.declared.authorisations.first_mut(), until)
                    {
                        agreed.to = until;
                    }
                }
                Deed::Order(order)
            }
            // A joint patrol hands nothing over.
            Deed::Message(_) => continue,
            other => other.clone(),
        };
        rooms.perform(&deed);
    }
    rooms.pass(lap.end());
    rooms
}

fn stops(rooms: &Rooms) -> Vec<String> {
    let of_budapest = rooms.ledgers[&room("budapest")].iter();
    of_budapest
        .filter_map(|entry| match &entry.event.what {
            What::Operation(OperationEvent {
                kind:
                    OperationEventKind::Assessed {
                        unit, assessment, ..
                    },
                ..
            }) if assessment.verdict == Verdict::Stop => Some(format!("{unit:?}")),
            _ => None,
        })
        .collect()
}

fn kinds(rooms: &Rooms) -> Vec<&'static str> {
    let of_budapest = rooms.ledgers[&room("budapest")].iter();
    of_budapest.map(|entry| entry.event.kind()).collect()
}

#[test]
fn a_joint_patrol_inside_state_area_and_period_raises_nothing() {
    let rooms = patrol(None, None);
    let kinds = kinds(&rooms);
    assert!(kinds.contains(&"operation.opened"), "it is opened");
    assert!(kinds.contains(&"crossing.confirmed"), "it crosses");
    for raised in [
        "notice.owed",
        "notice.drafted",
        "clock.expired",
        "order.refused",
    ] {
        assert!(!kinds.contains(&raised), "{raised}");
    }
    assert_eq!(stops(&rooms), Vec::<String>::new());
}

#[test]
fn a_joint_patrol_that_leaves_its_area_must_stop_and_is_told_once() {
    // From the line to two kilometres inside.
    let area = [
        (46.10, 20.60),
        (46.25, 20.60),
        (46.25, 20.735),
        (46.10, 20.735),
    ];
    let rooms = patrol(Some(&area), None);
    assert_eq!(stops(&rooms).len(), 1, "{:?}", stops(&rooms));
}

#[test]
fn a_joint_patrol_whose_period_ends_abroad_must_stop() {
    let scenario = scenario();
    let until = lap(&scenario).start.plus(Span::from_secs(63 * 60 + 20));
    let rooms = patrol(None, Some(until));
    assert!(kinds(&rooms).contains(&"clock.expired"));
    let operation = rooms.worlds[&room("budapest")].operations().values().next();
    assert!(operation.is_some_and(|operation| !operation.clocks.is_empty()));
}

#[test]
fn a_joint_patrol_whose_area_ends_at_the_line_enters_it_and_goes_home_without_a_stop() {
    let rooms = patrol(None, None);
    let track = &rooms.worlds[&room("budapest")].units()
        [&limes::domain::ids::UnitId::parse("HU-1").unwrap()]
        .track;
    let line = track.crossings()[0].crossing.point.lon() + 0.00003;
    let area = [(46.10, line), (46.25, line), (46.25, 20.90), (46.10, 20.90)];
    let rooms = patrol(Some(&area), None);
    assert!(
        kinds(&rooms)
            .iter()
            .filter(|kind| **kind == "crossing.confirmed")
            .count()
            >= 2
    );
    assert_eq!(stops(&rooms), Vec::<String>::new());
}

#[test]
fn a_joint_patrol_that_leaves_its_area_or_its_period_owes_the_notice_of_its_crossing() {
    let area = [
        (46.10, 20.60),
        (46.25, 20.60),
        (46.25, 20.735),
        (46.10, 20.735),
    ];
    let scenario = scenario();
    let until = lap(&scenario).start.plus(Span::from_secs(63 * 60 + 20));
    for rooms in [patrol(Some(&area), None), patrol(None, Some(until))] {
        let owed = kinds(&rooms)
            .into_iter()
            .filter(|kind| *kind == "notice.owed");
        assert_eq!(owed.count(), 1);
        assert_eq!(stops(&rooms).len(), 1);
    }
}
