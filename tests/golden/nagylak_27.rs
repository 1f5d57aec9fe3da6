//! NAGYLAK-27 from Makó to the return of the Hungarian car.

use crate::rooms::{Ground, Rooms};
use crate::told;
use limes::domain::exercise::{Lap, Scenario};
use limes::domain::ids::RoomId;
use limes::domain::measure::{Span, Timestamp};

/// 2027-03-16T11:16:00Z, as in the worked example.
fn start() -> Timestamp {
    Timestamp::parse("2027-03-16T11:16:00Z").unwrap()
}

pub(crate) fn scenario() -> Scenario {
    let text = include_str!("../../border-data/exercises/nagylak-27.toml");
    limes::wire::scenario::parse(text).unwrap()
}

pub(crate) fn room(name: &str) -> RoomId {
    RoomId::parse(name).unwrap()
}

pub(crate) fn lap(scenario: &Scenario) -> Lap<'_> {
    Lap {
        scenario,
        number: 1,
        start: start(),
        from: Span::ZERO,
    }
}

pub(crate) fn play(lap: &Lap<'_>) -> Rooms {
    let before = lap.start.plus(Span::from_secs(-1));
    let mut rooms = Rooms::of(lap.scenario, Ground::built_in(), before);
    for step in lap.steps() {
        rooms.pass(step.at);
        rooms.perform(&step.deed);
    }
    rooms.pass(lap.end());
    rooms
}

#[test]
fn both_rooms_take_the_events_of_the_worked_example() {
    let scenario = scenario();
    let rooms = play(&lap(&scenario));
    for name in ["budapest", "arad"] {
        let told = told::ledger(&rooms.ledgers[&room(name)], start());
        insta::assert_snapshot!(name, told);
    }
}
