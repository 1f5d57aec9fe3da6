//! The strip that a map draws of a pursuit's radius, on the real frontiers, against what the room is told of each fix.

use crate::chase::{Chase, opened, state};
use limes::domain::borders::{Certainty, Frontier, Strip, StripWanted, Window, ring};
use limes::domain::event::{OperationEvent, OperationEventKind, What};
use limes::domain::ids::StateSet;
use limes::domain::law::basis::Basis;
use limes::domain::law::clocks::LimitStage;
use limes::domain::measure::{Metres, Position};
use limes::domain::registry::Marks;

fn position(lat: f64, lon: f64) -> Position {
    Position::new(lat, lon).unwrap()
}

fn holds(strip: &Strip, place: Position) -> bool {
    strip.areas.iter().any(|rings| {
        let (outer, holes) = rings.split_first().unwrap();
        ring::contains(outer, place) && !holes.iter().any(|hole| ring::contains(hole, place))
    })
}

#[test]
fn the_strip_ends_where_a_car_is_told_that_it_has_gone_too_far() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.62, 2.87);
    let limit = chase.limits()[2].clone();
    assert_eq!(limit.stage, LimitStage::Exceeded);
    let told_at = chase.events().find(|event| match &event.what {
        What::Operation(OperationEvent {
            kind: OperationEventKind::Limit(limit),
            ..
        }) => limit.stage == LimitStage::Exceeded,
        _ => false,
    });
    let told_at = told_at.unwrap().at;
    let borders = chase.rooms.ground.borders.clone();
    let frontier = Frontier::parse("ES-FR").unwrap();
    let wanted = StripWanted {
        frontier,
        host: state("FR"),
        max: limit.max,
        window: Window {
            south_west: position(42.30, 2.60),
            north_east: position(42.70, 3.10),
        },
    };
    let strip = borders.strip(&wanted).unwrap();
    assert!(strip.error <= Metres::new(60.0), "{:?}", strip.error);
    let error = strip.error.as_f64();
    let (mut inside, mut beyond) = (0, 0);
    for event in chase.events() {
        let What::Fix(fix) = &event.what else {
            continue;
        };
        if fix.location.certainty != Certainty::Inside
            || fix.location.states != StateSet::one(state("FR"))
        {
            continue;
        }
        let (_, away) = borders.nearest_on(frontier, fix.position).unwrap();
        // Whether the room was told by then that it is beyond.
        let told = fix.fixed_at >= told_at;
        assert_eq!(told, away >= limit.max);
        let left = limit.max.as_f64() - away.as_f64();
        let depth = borders.depth_in(fix.position, fix.location.states).unwrap();
        if left.abs() > error && depth.as_f64() > error {
            assert_eq!(holds(&strip, fix.position), !told, "{left}");
            if told {
                beyond += 1;
            } else {
                inside += 1;
            }
        }
    }
    assert!(inside > 20 && beyond > 20, "{inside} {beyond}");
    for corner in strip.edges.iter().flatten() {
        let (_, away) = borders.nearest_on(frontier, *corner).unwrap();
        let left = limit.max.as_f64() - away.as_f64();
        assert!((0.0..=0.5).contains(&left), "{left}");
        assert_eq!(borders.locate(*corner), StateSet::one(state("FR")));
    }
    for pair in strip.edges.iter().flat_map(|line| line.windows(2)) {
        let halfway = position(
            f64::midpoint(pair[0].lat(), pair[1].lat()),
            f64::midpoint(pair[0].lon(), pair[1].lon()),
        );
        let (_, away) = borders.nearest_on(frontier, halfway).unwrap();
        assert!((limit.max.as_f64() - away.as_f64()).abs() <= error);
    }
}

#[test]
fn a_closer_look_is_drawn_more_exactly() {
    let chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    let borders = chase.rooms.ground.borders.clone();
    let within = |half: f64| {
        borders.strip(&StripWanted {
            frontier: Frontier::parse("ES-FR").unwrap(),
            host: state("FR"),
            max: Metres::new(10_000.0),
            window: Window {
                south_west: position(42.55 - half, 2.87 - half),
                north_east: position(42.55 + half, 2.87 + half),
            },
        })
    };
    let (wide, near) = (within(1.0).unwrap(), within(0.05).unwrap());
    assert!(wide.error > Metres::new(200.0) && near.error < Metres::new(20.0));
    assert!(!near.edges.is_empty() && !wide.edges.is_empty());
}
