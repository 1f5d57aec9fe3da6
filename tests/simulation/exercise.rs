//! NAGYLAK-27 on a disk that fails again and again: units send again what was not answered, persons ask again. The
//! exercise ends as it does on a good disk.

use crate::checks::Broken;
use crate::house::{Committed, House};
use limes::domain::exercise::lap::NoticeAct;
use limes::domain::exercise::noise::Random;
use limes::domain::exercise::{Deed, Lap, Scenario};
use limes::domain::ids::{OperationId, RoomId, UnitId};
use limes::domain::input::{Cause, Order, OrderKind, Register};
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::NoticeStatus;
use limes::service::journal::simulated::Fault;

fn played(seed: u64, faults: bool) -> Result<House, Broken> {
    let scenario = limes::service::exercise::nagylak_27().unwrap();
    let start = Timestamp::parse("2027-03-16T10:32:40Z").unwrap();
    let lap = Lap {
        scenario: &scenario,
        number: 1,
        start,
        from: Span::from_secs(59 * 60 + 40),
    };
    let mut house = furnished(&scenario, start.plus(lap.from));
    let mut random = Random::seeded(seed);
    // Not two minutes: the approach, the crossing, the notice and its answer.
    let until = start.plus(lap.from).plus(Span::from_secs(100));
    let mut unanswered: Vec<Deed> = Vec::new();
    for step in lap.steps().into_iter().take_while(|step| step.at < until) {
        house.pass(step.at.since(house.now));
        unanswered.push(step.deed);
        if random.below(8) > 0 {
            continue;
        }
        if faults && random.below(4) == 0 {
            let fault = match random.below(4) {
                0 => Fault::Full,
                1 => Fault::Failed,
                2 => Fault::Torn { kept: false },
                _ => Fault::Torn { kept: true },
            };
            house.disk.plan(0, fault);
        }
        settle(&mut house, &mut unanswered)?;
        if faults && random.below(20) == 0 {
            house.begin_anew()?;
        }
    }
    settle(&mut house, &mut unanswered)?;
    house.begin_anew()?;
    Ok(house)
}

/// Does what is not answered yet until it is durable.
fn settle(house: &mut House, unanswered: &mut Vec<Deed>) -> Result<(), Broken> {
    loop {
        for deed in unanswered.iter() {
            perform(house, deed);
        }
        let mut committed = house.commit()?;
        while committed == Committed::Waits {
            committed = house.commit()?;
        }
        if committed == Committed::Durable {
            unanswered.clear();
            return Ok(());
        }
    }
}

fn furnished(scenario: &Scenario, now: Timestamp) -> House {
    let rooms: Vec<RoomId> = scenario
        .rooms
        .iter()
        .map(|card| card.room.clone())
        .collect();
    let mut house = House::new(&rooms, now);
    for owner in &rooms {
        for card in &scenario.rooms {
            house.decide(owner, Cause::Register(Register::RoomAdded(card.clone())));
        }
    }
    for unit in &scenario.units {
        let change = Register::UnitAdded(unit.card.clone());
        house.decide(&unit.card.room, Cause::Register(change));
    }
    house.commit().unwrap();
    house
}

fn perform(house: &mut House, deed: &Deed) {
    match deed {
        Deed::Fixes { room, fixes, .. } => {
            for fix in fixes {
                house.decide(room, Cause::Fix(fix.clone()));
            }
        }
        Deed::Act { room, act } => {
            house.decide(room, Cause::Act(act.clone()));
        }
        Deed::Order(order) => {
            house.decide(&order.by.room, Cause::Order((**order).clone()));
        }
        Deed::Notice(deed) => {
            let (by, operation) = (deed.by.clone(), deed.operation.clone());
            let notice = house.worlds[&by.room].operations()[&operation]
                .notices
                .iter()
                .find(|(_, notice)| notice.duty == deed.duty)
                .map(|(id, _)| id.clone());
            let Some(notice) = notice else { return };
            let kind = match &deed.act {
                NoticeAct::Send { grounds } => OrderKind::SendNotice {
                    operation,
                    notice,
                    grounds: grounds.clone(),
                },
                NoticeAct::Acknowledge => OrderKind::AcknowledgeNotice { operation, notice },
            };
            let (room, key) = (by.room.clone(), None);
            house.decide(&room, Cause::Order(Order { by, key, kind }));
        }
        // What two rooms say to each other is played in `rooms`.
        Deed::Message(_) => {}
    }
}

/// What matters in the end: who crossed where and when, and how far the notice came.
fn outcome(house: &House) -> Vec<String> {
    let operation = OperationId::parse("NAGYLAK-27.1").unwrap();
    let mut told = Vec::new();
    for (room, world) in &house.worlds {
        for unit in ["HU-1", "HU-2", "HU-D1"] {
            // A partner knows those that it was shown.
            let known = world.units().get(&UnitId::parse(unit).unwrap());
            let points: Option<Vec<_>> = known.map(|unit| {
                let crossings = unit.track.crossings().iter();
                crossings.map(|of| of.crossing.point).collect()
            });
            told.push(format!("{room} {unit} {points:?}"));
        }
        let operation = &world.operations()[&operation];
        let notices = operation.notices.values().map(|of| of.status.as_str());
        told.push(format!("{room} {:?}", notices.collect::<Vec<_>>()));
    }
    told
}

#[test]
fn the_exercise_ends_on_a_failing_disk_as_it_does_on_a_good_one() {
    let good = played(0, false).unwrap_or_else(|broken| panic!("{}", broken.0));
    let notices = &good.worlds[&RoomId::parse("arad").unwrap()].operations()
        [&OperationId::parse("NAGYLAK-27.1").unwrap()]
        .notices;
    assert!(
        notices
            .values()
            .all(|notice| notice.status == NoticeStatus::Seen)
    );
    for seed in 1..=3 {
        let bad = played(seed, true).unwrap_or_else(|broken| panic!("seed {seed}: {}", broken.0));
        assert_eq!(outcome(&bad), outcome(&good), "seed {seed}");
    }
}
