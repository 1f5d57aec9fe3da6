//! What holds for all tracks.

use super::plane::Plane;
use super::sim::{Dice, Field, Receiver, at, card, fix_at};
use crate::domain::event::{Crossing, Event, What};
use crate::domain::ids::SourceId;
use crate::domain::input::UnitAct;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::registry::UnitKind;
use crate::domain::tracks::act::Act;
use crate::domain::tracks::fix::ReportedFix;
use crate::domain::tracks::{FixReceipt, Track};
use proptest::prelude::*;
use std::sync::Arc;

/// A unit that wanders about the line, seen by one or two devices that err.
pub(crate) fn wandering(seed: u64, fixes: usize) -> Vec<ReportedFix> {
    let mut dice = Dice(seed);
    let interval_s = [1.0, 2.0, 5.0, 15.0][(dice.word() % 4) as usize];
    let accuracy_m = [3.0, 8.0, 15.0, 50.0][(dice.word() % 4) as usize];
    let start_m = -400.0 + 500.0 * dice.share();
    // Near the line, or out into the depth of the land and back.
    let (most_mps, back_m) = [(40.0, 500.0), (120.0, 20_000.0)][(dice.word() % 2) as usize];
    let devices = 1 + dice.word() % 2;
    let mut receiver = Receiver::new(dice.word(), accuracy_m / 1.51, 60.0);
    let (mut truth, mut velocity) = ((start_m, 0.0), (0.0, 0.0));
    let mut time = 0.0;
    (0..fixes)
        .map(|_| {
            let gap = if dice.share() < 0.03 { 120.0 } else { 0.0 };
            let passed = interval_s * (0.5 + dice.share()) + gap;
            time += passed;
            if dice.share() < 0.1 {
                velocity = (most_mps * dice.normal(), 10.0 * dice.normal());
            }
            velocity.0 = (velocity.0 - truth.0 / back_m).clamp(-most_mps, most_mps);
            truth.0 += velocity.0 * passed;
            truth.1 += velocity.1.clamp(-40.0, 40.0) * passed;
            let mut fix = fix_at(time, receiver.sees(truth, passed), accuracy_m);
            if devices == 2 && dice.share() < 0.3 {
                fix.source = SourceId::parse("car").unwrap();
            }
            fix
        })
        .collect()
}

fn shuffled(fixes: &[ReportedFix], seed: u64, copies: usize) -> Vec<ReportedFix> {
    let mut dice = Dice(seed);
    let mut deck: Vec<ReportedFix> = fixes.to_vec();
    for _ in 0..copies {
        deck.push(fixes[(dice.word() % fixes.len() as u64) as usize].clone());
    }
    match dice.word() % 3 {
        // Newest first.
        0 => deck.reverse(),
        // A backlog in the middle of live fixes.
        1 => {
            let third = deck.len() / 3;
            deck.rotate_left(third);
        }
        _ => {
            for index in (1..deck.len()).rev() {
                deck.swap(index, (dice.word() % (index as u64 + 1)) as usize);
            }
        }
    }
    deck
}

/// What a crossing says, without its id and grounds.
pub(crate) fn facts(crossing: &Crossing) -> String {
    format!(
        "{}>{} at {:?} {} {} {} {:?} {}",
        crossing.from,
        crossing.to,
        crossing.point,
        crossing.earliest,
        crossing.likely,
        crossing.latest,
        crossing.position_error,
        crossing.inferred
    )
}

fn confirmed_of(plane: &Plane, fixes: &[ReportedFix]) -> Vec<String> {
    let mut field = Field::new(plane.clone());
    // Faster than any wandering: what the gate holds depends on what came first.
    field.limits.speeds.vehicle_mps = 1_000.0;
    for fix in fixes {
        field.post_at(fix, at(80_000.0));
    }
    field.confirmed().iter().map(facts).collect()
}

/// The same fixes over most of a day, in three parts with hours between them.
fn over_a_day(fixes: &[ReportedFix], dice: &mut Dice) -> Vec<ReportedFix> {
    let cuts = [dice.word(), dice.word()].map(|word| word % fixes.len() as u64);
    let gap_ms = 9 * 3_600_000;
    let later = |index: usize| cuts.iter().filter(|cut| index as u64 > **cut).count() as i64;
    let moved = |(index, fix): (usize, &ReportedFix)| ReportedFix {
        fixed_at: fix.fixed_at.plus(Span::from_millis(gap_ms * later(index))),
        ..fix.clone()
    };
    fixes.iter().enumerate().map(moved).collect()
}

/// What is confirmed when the fixes come in batches of up to so many.
fn confirmed_in_batches(
    plane: &Plane,
    deck: &[ReportedFix],
    most: usize,
    dice: &mut Dice,
) -> Field {
    let mut field = Field::new(plane.clone());
    field.limits.speeds.vehicle_mps = 1_000.0;
    let mut rest = deck;
    while !rest.is_empty() {
        let size = 1 + dice.word() as usize % most.min(rest.len());
        let (batch, after) = rest.split_at(size);
        field.post_together(batch, at(80_000.0));
        rest = after;
    }
    field
}

/// Hours of driving between the depth of the land and the far side of the line, at the speeds of cars.
fn long_way(dice: &mut Dice) -> Vec<ReportedFix> {
    let interval_s = [2.0, 5.0, 20.0][(dice.word() % 3) as usize];
    let mut receiver = Receiver::new(dice.word(), 8.0 / 1.51, 60.0);
    let mut east_m = -15_000.0 - 20_000.0 * dice.share();
    let mut velocity = 0.0;
    let mut time = 0.0;
    (0..1_200)
        .map(|_| {
            let passed = interval_s * (0.5 + dice.share());
            time += passed;
            if dice.share() < 0.02 {
                velocity = [0.0, 0.0, 35.0, -35.0][(dice.word() % 4) as usize];
            }
            if east_m.abs() > 40_000.0 {
                velocity = -35.0 * east_m.signum();
            }
            east_m += velocity * passed;
            fix_at(time, receiver.sees((east_m, 0.0), passed), 8.0)
        })
        .collect()
}

/// A place no unit comes from within a minute, 10 s or less from a fix of the way.
fn outlier(way: &[ReportedFix], dice: &mut Dice) -> ReportedFix {
    let near = &way[(dice.word() % way.len() as u64) as usize];
    let mut outlier = fix_at(0.0, (150_000.0 - 300_000.0 * dice.share(), 60_000.0), 8.0);
    let after_ms = 1 + (10_000.0 * dice.share()) as i64;
    outlier.fixed_at = near.fixed_at.plus(Span::from_millis(after_ms));
    outlier
}

fn planes() -> [Plane; 3] {
    [
        Plane::two(),
        Plane::strips(&[("HU", 0.0), ("RS", 150.0), ("RO", 300_000.0)]),
        Plane::strips(&[("HU", 0.0), ("HU|RO?", 150.0), ("RO", 300_000.0)]),
    ]
}

/// A car that wanders about the line: no step of it is a jump, whatever comes between.
fn at_the_speeds_of_cars(seed: u64, fixes: usize) -> Vec<ReportedFix> {
    let mut dice = Dice(seed);
    let mut receiver = Receiver::new(dice.word(), 8.0 / 1.51, 60.0);
    let (mut east_m, mut velocity, mut time) = (-400.0 + 500.0 * dice.share(), 0.0, 0.0);
    (0..fixes)
        .map(|_| {
            let passed = 1.0 + 9.0 * dice.share() + if dice.share() < 0.03 { 120.0 } else { 0.0 };
            time += passed;
            if dice.share() < 0.1 {
                velocity = 60.0 * (dice.share() - 0.5) - east_m / 100.0;
            }
            velocity = f64::clamp(velocity, -40.0, 40.0);
            east_m += velocity * passed;
            fix_at(time, receiver.sees((east_m, 0.0), passed), 8.0)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_order_and_repetition_of_a_batch_ends_in_the_same_confirmed_crossings(
        seed: u64, shuffle: u64, count in 5_usize..160, copies in 0_usize..40, plane in 0_usize..3
    ) {
        let plane = &planes()[plane];
        let fixes = wandering(seed, count);
        let in_order = confirmed_of(plane, &fixes);
        let otherwise = confirmed_of(plane, &shuffled(&fixes, shuffle, copies));
        prop_assert_eq!(in_order, otherwise);
    }

    #[test]
    fn in_whatever_batches_the_fixes_of_a_day_come_they_end_in_the_same_confirmed_crossings(
        seed: u64, shuffle: u64, count in 5_usize..160, copies in 0_usize..40,
        most in 1_usize..200, plane in 0_usize..3
    ) {
        let (plane, mut dice) = (&planes()[plane], Dice(shuffle));
        let mut fixes = wandering(seed, count);
        if dice.word().is_multiple_of(2) {
            fixes = over_a_day(&fixes, &mut dice);
        }
        let in_order = confirmed_of(plane, &fixes);
        let deck = shuffled(&fixes, shuffle, copies);
        let field = confirmed_in_batches(plane, &deck, most, &mut dice);
        let confirmed: Vec<String> = field.confirmed().iter().map(facts).collect();
        prop_assert_eq!(in_order, confirmed);
        // Folding what was told is all that a restart does.
        let mut folded = Track::new(&card(UnitKind::Vehicle));
        for event in &field.events {
            folded.apply(event);
        }
        prop_assert_eq!(&folded, &field.track);
    }

    #[test]
    fn with_the_gate_as_it_is_any_order_ends_in_the_same_confirmed_crossings(
        seed: u64, shuffle: u64, count in 5_usize..160, copies in 0_usize..40
    ) {
        let fixes = at_the_speeds_of_cars(seed, count);
        let crossings = |deck: &[ReportedFix]| {
            let mut field = Field::new(Plane::two());
            for fix in deck {
                assert_eq!(field.post_at(fix, at(80_000.0)).reason(), None);
            }
            field.confirmed().iter().map(facts).collect::<Vec<_>>()
        };
        prop_assert_eq!(crossings(&fixes), crossings(&shuffled(&fixes, shuffle, copies)));
    }

    #[test]
    fn a_fix_that_comes_hours_late_is_judged_like_a_fresh_one(seed: u64, outliers in 1_usize..12) {
        let mut dice = Dice(seed);
        let way = long_way(&mut dice);
        let mut whole = Field::new(Plane::two());
        for fix in &way {
            whole.post(fix);
        }
        let mut field = Field::new(Plane::two());
        let mut late = Vec::new();
        for fix in &way {
            if dice.share() < 0.1 {
                late.push(fix.clone());
            } else {
                field.post(fix);
            }
        }
        let now = way[way.len() - 1].fixed_at;
        for fix in &late {
            prop_assert_eq!(field.post_at(fix, now), FixReceipt::Accepted);
        }
        for _ in 0..outliers {
            let outlier = outlier(&way, &mut dice);
            if outlier.fixed_at < now {
                // In a stretch of its own states it is admitted, and says nothing.
                field.post_at(&outlier, now);
            }
        }
        let facts_of = |field: &Field| field.confirmed().iter().map(facts).collect::<Vec<_>>();
        prop_assert_eq!(facts_of(&whole), facts_of(&field));
    }

    #[test]
    fn fixes_and_decisions_fold_in_any_order(seed: u64, shuffle: u64, count in 5_usize..120) {
        let mut field = Field::new(Plane::two());
        let mut dice = Dice(shuffle);
        let mut time = 0.0;
        for (index, fix) in shuffled(&wandering(seed, count), shuffle, 10).iter().enumerate() {
            time += 5.0 * dice.share();
            field.post_at(fix, at(80_000.0 + time));
            if dice.share() < 0.05 {
                time += 400.0;
                field.tick(80_000.0 + time);
            }
            if dice.share() < 0.05 {
                let moment = fix.fixed_at;
                let act = [Act::SignOff, Act::SignOn, Act::Wilco][(dice.word() % 3) as usize];
                act_at(&mut field, act, moment, index);
            }
        }
        let mut fixes_first = Track::new(&card(UnitKind::Vehicle));
        let is_fix = |event: &&Event| matches!(event.what, What::Fix(_));
        for event in field.events.iter().filter(is_fix) {
            fixes_first.apply(event);
        }
        for event in field.events.iter().filter(|event| !is_fix(event)) {
            fixes_first.apply(event);
        }
        prop_assert_eq!(&fixes_first, &field.track);
        // The order of recovery.
        let mut decisions_first = Track::new(&card(UnitKind::Vehicle));
        let (fixes, decisions): (Vec<&Event>, Vec<&Event>) = field.events.iter().partition(is_fix);
        for event in decisions.into_iter().chain(fixes) {
            decisions_first.apply(event);
        }
        prop_assert_eq!(&decisions_first, &field.track);
    }

    #[test]
    fn a_track_remembered_and_recalled_is_the_track_that_was_folded(
        seed: u64, shuffle: u64, count in 5_usize..160, plane in 0_usize..3
    ) {
        let mut field = Field::new(planes()[plane].clone());
        let mut dice = Dice(shuffle);
        for (index, fix) in shuffled(&wandering(seed, count), shuffle, 10).iter().enumerate() {
            field.post_at(fix, at(80_000.0 + index as f64));
            if dice.share() < 0.03 {
                let act = [Act::SignOff, Act::SignOn][(dice.word() % 2) as usize];
                act_at(&mut field, act, fix.fixed_at, index);
            }
        }
        let mut remembered = Track::new(&card(UnitKind::Vehicle));
        for event in field.events.iter().filter(|event| !matches!(event.what, What::Fix(_))) {
            remembered.apply(event);
        }
        if let Some(memory) = field.track.memory() {
            remembered.remember(memory);
        }
        for event in &field.events {
            if let What::Fix(fix) = &event.what {
                remembered.recall(fix);
            }
        }
        prop_assert_eq!(&remembered, &field.track);
    }

    #[test]
    fn deciding_changes_nothing_and_answers_the_same_twice(seed: u64, count in 5_usize..60) {
        let mut field = Field::new(Plane::two());
        for fix in wandering(seed, count) {
            let before = field.track.clone();
            let (mut once, mut twice) = (Vec::new(), Vec::new());
            let (track, plane, limits) = (&field.track, &field.plane, &field.limits);
            let a = track.decide_fix(&fix, fix.fixed_at, plane, limits, &mut once);
            let b = track.decide_fix(&fix, fix.fixed_at, plane, limits, &mut twice);
            prop_assert_eq!(a, b);
            prop_assert_eq!(once, twice);
            prop_assert_eq!(&before, &field.track);
            field.post(&fix);
        }
    }

    #[test]
    fn no_crossing_into_a_disputed_area_is_ever_confirmed(seed: u64, count in 20_usize..200) {
        let mut field = Field::new(Plane::strips(&[("HU", 0.0), ("HU|RO?", 150.0), ("RO", 300_000.0)]));
        field.limits.speeds.vehicle_mps = 1_000.0;
        for fix in wandering(seed, count) {
            field.post(&fix);
        }
        for crossing in field.confirmed() {
            prop_assert!(crossing.from.single().is_some() && crossing.to.single().is_some());
        }
    }

    #[test]
    fn every_fix_has_one_receipt_and_no_crossing_is_dated_after_its_proof(seed: u64, count in 5_usize..120) {
        let mut field = Field::new(Plane::two());
        let (mut accepted, mut apart) = (0, 0);
        let posted = shuffled(&wandering(seed, count), seed, 10);
        for fix in &posted {
            match field.post_at(fix, at(80_000.0)) {
                FixReceipt::Accepted => accepted += 1,
                FixReceipt::Duplicate => {}
                FixReceipt::Quarantined(_) => apart += 1,
            }
        }
        prop_assert!(accepted + apart >= count as u64);
        prop_assert_eq!(field.count("positions") as u64, field.track.admitted());
        // A fix that was held can be posted again, and be believed by then.
        let released = field.count("fix.released") as u64;
        prop_assert!((accepted..=accepted + released).contains(&field.track.admitted()));
        for crossing in field.confirmed() {
            prop_assert!(crossing.earliest <= crossing.likely);
            prop_assert!(crossing.likely <= crossing.latest);
        }
    }
}

fn act_at(field: &mut Field, act: Act, moment: Timestamp, number: usize) {
    let act = UnitAct {
        unit: field.track.unit().clone(),
        act,
        at: moment,
        key: Arc::from(format!("key {number}")),
    };
    let begun = field.events.len();
    field.track.decide_act(&act, &mut field.events);
    for event in &field.events[begun..] {
        field.track.apply(event);
    }
}
