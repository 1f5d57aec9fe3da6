//! At which crossing point will it cross?

use super::approach::{approaches, drive};
use super::plane::{Plane, place};
use super::sim::{Dice, Field, Receiver, fix_at};
use crate::domain::event::LikelyCrossing;
use crate::domain::registry::UnitKind;
use proptest::prelude::*;

const THREE: [(&str, f64); 3] = [("COP-1", 0.0), ("COP-2", 6_000.0), ("COP-3", -7_000.0)];

fn names(told: &[LikelyCrossing]) -> Vec<&str> {
    told.iter().map(|of| &*of.name).collect()
}

fn sum(told: &[LikelyCrossing]) -> f64 {
    told.iter().map(|of| of.probability).sum()
}

#[test]
fn a_car_is_told_with_where_it_may_cross_the_likeliest_first() {
    let mut field = Field::new(Plane::two().with_points(&THREE));
    drive(&mut field, 1, 0, (-8_000.0, 0.0), (20.0, 0.0), 100);
    let told = approaches(&field.events);
    assert_eq!(told.len(), 1);
    let crossings = &told[0].crossings;
    assert_eq!(crossings[0].name.as_ref(), "COP-1");
    assert_eq!(crossings[0].point, place(0.0, 0.0));
    assert!(crossings[0].probability > 0.6, "{crossings:?}");
    let off = (crossings[0].eta.as_secs_f64() - told[0].eta.as_secs_f64()).abs();
    assert!(off < 20.0, "{told:?}");
    assert!(crossings.len() <= 3 && sum(crossings) <= 1.0);
    // What a restart folds is what was told.
    assert_eq!(field.track.approach(), Some(&told[0]));
}

#[test]
fn between_two_points_neither_is_preferred() {
    let points = [("COP-1", 3_000.0), ("COP-2", -3_000.0)];
    let mut field = Field::new(Plane::two().with_points(&points));
    drive(&mut field, 2, 0, (-8_000.0, 0.0), (20.0, 0.0), 100);
    let crossings = &approaches(&field.events)[0].crossings;
    assert_eq!(crossings.len(), 2);
    let apart = crossings[0].probability - crossings[1].probability;
    assert!(apart < 0.15, "{crossings:?}");
    assert!(crossings[0].probability < 0.6, "{crossings:?}");
}

#[test]
fn who_goes_by_no_road_is_told_without() {
    for kind in UnitKind::ALL {
        let mut field = Field::of(Plane::two().with_points(&THREE), kind);
        drive(&mut field, 3, 0, (-6_000.0, 0.0), (20.0, 0.0), 100);
        let told = approaches(&field.events);
        let by_road = matches!(kind, UnitKind::Vehicle | UnitKind::Tracker);
        assert!(!told.is_empty(), "{kind:?}");
        let named = told.iter().all(|of| of.crossings.is_empty() != by_road);
        assert!(named, "{kind:?}: {told:?}");
    }
}

#[test]
fn far_from_every_named_point_it_is_elsewhere() {
    let points = [("COP-1", 60_000.0)];
    let mut field = Field::new(Plane::two().with_points(&points));
    drive(&mut field, 4, 0, (-6_000.0, 0.0), (20.0, 0.0), 100);
    let crossings = &approaches(&field.events)[0].crossings;
    assert!(sum(crossings) < 0.05, "{crossings:?}");
    // And without any nothing is named.
    let mut field = Field::new(Plane::two());
    drive(&mut field, 4, 0, (-6_000.0, 0.0), (20.0, 0.0), 100);
    assert!(approaches(&field.events)[0].crossings.is_empty());
}

#[test]
fn who_turns_to_another_point_is_told_again() {
    let mut field = Field::new(Plane::two().with_points(&THREE));
    drive(&mut field, 5, 0, (-9_500.0, 0.0), (20.0, 0.0), 200);
    let first = approaches(&field.events);
    assert_eq!(first.len(), 1);
    // From 5,500 m before COP-1 towards COP-2.
    drive(&mut field, 6, 200, (-5_500.0, 0.0), (13.5, 14.75), 250);
    let told = approaches(&field.events);
    let heads: Vec<&str> = told.iter().map(|of| names(&of.crossings)[0]).collect();
    assert_eq!(heads.first(), Some(&"COP-1"));
    assert_eq!(heads.last(), Some(&"COP-2"), "{told:?}");
    assert!(told.len() <= 4, "{told:?}");
}

#[test]
fn a_winding_road_between_two_points_is_no_flood() {
    for seed in 0..10 {
        let points = [("COP-1", 1_500.0), ("COP-2", -1_500.0)];
        let mut field = Field::new(Plane::two().with_points(&points));
        let mut receiver = Receiver::new(seed, 5.0 / 1.51, 60.0);
        let mut dice = Dice(seed);
        let bend = 250.0 + 200.0 * dice.share();
        for second in 0..900 {
            let east = -9_500.0 + 10.0 * f64::from(second);
            let north = 150.0 * (east / bend).sin();
            let report = receiver.sees((east, north), 1.0);
            field.post(&fix_at(f64::from(second), report, 5.0));
        }
        let words = field.count("border.approaching") + field.count("border.receding");
        assert!(
            words <= 8,
            "seed {seed}: {words} words in a quarter of an hour"
        );
    }
}

#[test]
fn a_bend_of_the_road_is_no_change_of_mind() {
    for seed in 0..10 {
        let points = [("COP-1", 0.0), ("COP-2", 5_000.0)];
        let mut field = Field::new(Plane::two().with_points(&points));
        // Towards COP-1, and for a minute to the north-east: by itself that leads to COP-2.
        drive(&mut field, seed, 0, (-9_500.0, 0.0), (20.0, 0.0), 200);
        drive(&mut field, seed, 200, (-5_500.0, 0.0), (16.0, 12.0), 65);
        drive(&mut field, seed, 265, (-4_460.0, 780.0), (19.7, -3.4), 135);
        let told = approaches(&field.events);
        let heads: Vec<&str> = told.iter().map(|of| names(&of.crossings)[0]).collect();
        assert!(
            heads.iter().all(|head| *head == "COP-1"),
            "seed {seed}: {told:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever points there are and in whatever order they are listed: at most four, sorted, and no more than certain.
    #[test]
    fn what_is_told_is_a_ranking_of_probabilities(
        north_m in proptest::collection::vec(-20_000.0_f64..20_000.0, 0..9),
        seed in 0_u64..1_000,
    ) {
        let all: Vec<String> = (0..north_m.len()).map(|index| format!("COP-{index}")).collect();
        let mut points: Vec<(&str, f64)> =
            all.iter().map(String::as_str).zip(north_m.iter().copied()).collect();
        let told_of = |points: &[(&str, f64)]| {
            let mut field = Field::new(Plane::two().with_points(points));
            drive(&mut field, seed, 0, (-6_000.0, 0.0), (20.0, 3.0), 60);
            approaches(&field.events)[0].crossings.clone()
        };
        let told = told_of(&points);
        prop_assert!(told.len() <= 4 && sum(&told) <= 1.0);
        let sorted = told.windows(2).all(|pair| pair[0].probability >= pair[1].probability);
        prop_assert!(sorted && told.iter().all(|of| of.probability >= 0.01));
        // The likeliest is the one that lies nearest to the way.
        if let Some(first) = told.first() {
            let ahead_m = 900.0;
            let off = |north: f64| (north - ahead_m).abs();
            let least = north_m.iter().copied().map(off).fold(f64::MAX, f64::min);
            let its = points.iter().find(|(name, _)| *name == &*first.name).unwrap().1;
            prop_assert!(off(its) <= 1.5 * least + 1_500.0);
        }
        points.reverse();
        prop_assert_eq!(told_of(&points), told);
    }
}
