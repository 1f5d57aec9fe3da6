use super::*;
use crate::domain::exercise::{Deed, Lap};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::registry::UnitKind;
use crate::domain::tracks::act::Act;

fn lap(scenario: &Scenario, from: Span) -> Lap<'_> {
    Lap {
        scenario,
        number: 3,
        start: Timestamp::from_millis(1_800_000_000_000),
        from,
    }
}

#[test]
fn cars_and_drones_go_as_fast_as_cars_and_drones_do() {
    let scenario = nagylak_27().unwrap();
    for unit in &scenario.units {
        let most = match unit.card.kind {
            UnitKind::Drone => 18.0,
            // 92 km/h.
            _ => 25.5,
        };
        for second in 0..scenario.length.as_millis() / 1_000 {
            let place = unit.way.at(Span::from_secs(second), [0.0, 0.0]).unwrap();
            let speed = place.speed_mps;
            assert!(
                speed <= most,
                "{} goes {speed} m/s at {second} s",
                unit.card.id
            );
        }
    }
}

#[test]
fn what_cannot_be_sent_in_a_gap_is_sent_at_its_end_in_one_batch() {
    let scenario = nagylak_27().unwrap();
    let lap = lap(&scenario, Span::ZERO);
    let gap = scenario
        .units
        .iter()
        .find_map(|unit| unit.gaps.first())
        .unwrap();
    let batches: Vec<_> = lap
        .steps()
        .into_iter()
        .filter_map(|step| match step.deed {
            Deed::Fixes { fixes, .. } if fixes.len() > 1 => Some((step.at, fixes)),
            _ => None,
        })
        .collect();
    let [(at, fixes)] = &batches[..] else {
        panic!("{} batches", batches.len());
    };
    assert_eq!(fixes.len(), 70);
    assert!(*at >= lap.start.plus(gap.to));
    assert!(
        fixes
            .windows(2)
            .all(|two| two[0].fixed_at < two[1].fixed_at)
    );
}

#[test]
fn steps_come_in_the_order_of_time_and_nothing_is_posted_before_the_unit_signs_on() {
    let scenario = nagylak_27().unwrap();
    let lap = lap(&scenario, scenario.marks["line"]);
    let steps = lap.steps();
    assert!(steps.windows(2).all(|two| two[0].at <= two[1].at));
    let first = steps
        .iter()
        .position(|step| matches!(step.deed, Deed::Fixes { .. }));
    let signed_on = |step: &&crate::domain::exercise::Step| matches!(&step.deed, Deed::Act { act, .. } if act.act == Act::SignOn);
    let on = steps[..first.unwrap()].iter().filter(signed_on).count();
    assert_eq!(on, scenario.units.len());
    assert!(steps.iter().all(|step| step.at >= lap.start.plus(lap.from)));
}

#[test]
fn keys_of_acts_differ_within_a_lap_and_between_laps() {
    let scenario = nagylak_27().unwrap();
    let keys = |number| -> Vec<_> {
        let lap = Lap {
            number,
            ..lap(&scenario, Span::ZERO)
        };
        lap.steps()
            .into_iter()
            .filter_map(|step| match step.deed {
                Deed::Act { act, .. } => Some((act.unit, act.key)),
                _ => None,
            })
            .collect()
    };
    let mut all = keys(1);
    all.extend(keys(2));
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn the_operation_of_a_lap_is_an_exercise_and_names_the_lap() {
    let scenario = nagylak_27().unwrap();
    let lap = lap(&scenario, Span::ZERO);
    assert_eq!(lap.operation().as_str(), "NAGYLAK-27.3");
    let opened = lap.steps().into_iter().find_map(|step| match step.deed {
        Deed::Order(order) => match order.kind {
            crate::domain::input::OrderKind::Open(card) => Some(card),
            _ => None,
        },
        _ => None,
    });
    let card = opened.unwrap();
    assert!(card.exercise);
    let document = card.declared.authorisations[0].clone();
    assert!(document.number.starts_with("EXERCISE"));
}
