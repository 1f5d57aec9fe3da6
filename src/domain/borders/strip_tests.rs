//! Strips of small maps against the functions that decide: at every corner drawn, halfway between them, and at places of
//! which it is known whether they lie in the strip.

use super::super::ring;
use super::super::small_map::{SmallMap, at, set};
use super::*;

/// B within 400 m of A on the west; C is an enclave in it, D a neighbour, and the sea lies to the north-east.
fn map(jitter: i32) -> SmallMap {
    let mut map = SmallMap::new(&[
        "AABBBBBB....",
        "AABBBBBBB...",
        "AAABBBBBBBBB",
        "AABBBCBBBBBB",
        "AABBBBBBBBBB",
        "AAABBBBBBBBB",
        "AAABBBBBBBBB",
        "AADDDBBBBBBB",
        "AADDDDBBBBBB",
    ]);
    map.jitter = jitter;
    map
}

fn wanted(max_m: f64, (west, south, east, north): (f64, f64, f64, f64)) -> StripWanted {
    StripWanted {
        frontier: Frontier::parse("AA-BB").expect("a frontier"),
        host: State::parse("BB").expect("a state"),
        max: Metres::new(max_m),
        window: Window {
            south_west: at(west, south),
            north_east: at(east, north),
        },
    }
}

const WHOLE: (f64, f64, f64, f64) = (-1.5, -1.5, 13.5, 10.5);

fn holds(strip: &Strip, place: Position) -> bool {
    strip.areas.iter().any(|rings| {
        let mut inside = rings.iter().map(|ring| ring::contains(ring, place));
        inside.next() == Some(true) && !inside.any(|hole| hole)
    })
}

fn halfway(from: Position, to: Position) -> Position {
    let middle = |a: f64, b: f64| f64::midpoint(a, b);
    Position::new(middle(from.lat(), to.lat()), middle(from.lon(), to.lon())).expect("a position")
}

#[test]
fn an_edge_lies_where_the_limit_is_measured_to_end() {
    let mut corners = 0;
    for jitter in [0, 150, 400] {
        let atlas = map(jitter).atlas();
        for max_m in [60.0, 250.0, 400.0] {
            let wanted = wanted(max_m, WHOLE);
            let strip = atlas.strip(&wanted).expect("a strip");
            let away = |place| {
                let (_, away) = atlas.nearest_on(wanted.frontier, place).expect("a line");
                away.as_f64()
            };
            for line in &strip.edges {
                for corner in line {
                    let left = max_m - away(*corner);
                    assert!((0.0..=0.5).contains(&left), "{jitter} {max_m}: {left}");
                    assert_eq!(atlas.locate(*corner), set("BB"));
                    corners += 1;
                }
                for pair in line.windows(2) {
                    let off = (max_m - away(halfway(pair[0], pair[1]))).abs();
                    assert!(off <= strip.error.as_f64(), "{jitter} {max_m}: {off}");
                }
            }
        }
    }
    assert!(corners > 500, "{corners}");
}

#[test]
fn a_place_is_in_the_strip_when_it_is_in_the_host_and_nearer_than_the_radius() {
    let (mut inside, mut outside) = (0, 0);
    for jitter in [0, 400] {
        let atlas = map(jitter).atlas();
        let wanted = wanted(400.0, WHOLE);
        let strip = atlas.strip(&wanted).expect("a strip");
        for step in 0..6_000_u32 {
            let place = at(
                f64::from(step % 101) * 0.12 - 0.05,
                f64::from(step / 101) * 0.152,
            );
            let (_, away) = atlas
                .nearest_on(wanted.frontier, place)
                .expect("a frontier");
            let here = set("BB");
            let depth = atlas.depth_in(place, here).expect("a territory").as_f64();
            let error = strip.error.as_f64();
            if depth.abs() <= error || (400.0 - away.as_f64()).abs() <= error {
                continue;
            }
            let is_in = depth > 0.0 && away < wanted.max;
            assert_eq!(holds(&strip, place), is_in, "{place:?} {depth} {away:?}");
            if is_in {
                inside += 1;
            } else {
                outside += 1;
            }
        }
    }
    assert!(inside > 1_000 && outside > 1_000, "{inside} {outside}");
    // The enclave is in no strip of the state around it.
    let strip = map(0).atlas().strip(&wanted(400.0, WHOLE)).expect("one");
    assert!(!holds(&strip, at(5.5, 5.5)) && holds(&strip, at(4.5, 5.5)));
}

#[test]
fn a_window_cuts_the_area_and_makes_no_edge() {
    let atlas = map(0).atlas();
    let all = atlas.strip(&wanted(250.0, WHOLE)).expect("a strip");
    let part = (1.0, 3.0, 6.0, 6.0);
    let cut = atlas.strip(&wanted(250.0, part)).expect("a strip");
    assert!(holds(&all, at(3.5, 2.5)) && !holds(&cut, at(3.5, 2.5)));
    assert!(holds(&all, at(3.5, 4.5)) && holds(&cut, at(3.5, 4.5)));
    let near_cut = cut.edges.iter().flatten().filter(|place| {
        let inside = Squares::over(wanted(250.0, part).window).inside_m(**place);
        inside < 1.0
    });
    // Where the edge itself runs out of the window, once at each end.
    assert!(near_cut.count() <= 2);
    assert!(cut.error <= Metres::new(10.0), "{:?}", cut.error);
}

#[test]
fn a_window_wholly_in_the_strip_is_all_area_and_one_without_it_is_empty() {
    let atlas = map(0).atlas();
    let inside = atlas.strip(&wanted(400.0, (3.2, 3.2, 3.8, 3.8)));
    let inside = inside.expect("a strip");
    assert!(inside.edges.is_empty() && holds(&inside, at(3.5, 3.5)));
    let outside = atlas.strip(&wanted(200.0, (9.0, 3.0, 11.0, 5.0)));
    let outside = outside.expect("a strip");
    assert!(outside.edges.is_empty() && outside.areas.is_empty());
}

#[test]
fn without_a_common_frontier_there_is_no_strip() {
    let wanted = StripWanted {
        frontier: Frontier::parse("AA-CC").expect("a frontier"),
        ..wanted(400.0, WHOLE)
    };
    assert_eq!(map(0).atlas().strip(&wanted), None);
}
