//! Every trick of the search for the nearest line against measuring every chord: wrong hints, rough distances, entries
//! into the tree, long edges, positions on lines, the ends of the map.

use super::distance::ANYWHERE_M;
use super::ellipsoid::{Here, Space, on_ellipsoid};
use super::small_map::{SIDE, SmallMap, atlas_of, set, state_of};
use super::stretch::{CHORDS, Stretch, seeming};
use super::*;
use geo::{Distance, Geodesic, Point};
use proptest::prelude::*;

/// Where the maps here begin, degrees east and north.
const ORIGIN: (i32, i32) = (20, 45);

/// A small map, its squares so many times as large: up to 2 degrees.
#[derive(Debug)]
struct LargeMap {
    map: SmallMap,
    times: i32,
}

impl LargeMap {
    fn vertex(&self, vertex: Vertex) -> Vertex {
        let large = |value: i32, origin: i32| {
            origin * 1_000_000 + (value - origin * 1_000_000) * self.times
        };
        Vertex {
            lon: large(vertex.lon, ORIGIN.0),
            lat: large(vertex.lat, ORIGIN.1),
        }
    }

    fn at(&self, (east, north): (f64, f64)) -> Position {
        let degrees = |origin: i32, squares: f64| {
            f64::from(origin) + squares * f64::from(SIDE) * f64::from(self.times) / 1e6
        };
        Position::new(degrees(ORIGIN.1, north), degrees(ORIGIN.0, east)).expect("a position")
    }

    /// The map, with the square at the corner held in some way by A and B as well, and the southernmost edge the
    /// frontier with MA, which has no polygons.
    fn atlas(&self, joint: JointKind) -> Atlas {
        let mut sources = self.map.sources();
        let corner = self.map.square(0, 0);
        sources.joint_areas.push(JointArea {
            states: set("AA|BB"),
            kind: joint,
            polygons: vec![vec![corner]],
        });
        sources.lines.push(FrontierLine {
            frontier: Frontier::parse("AA-MA").expect("a frontier"),
            kind: LineKind::Land,
            chains: vec![vec![self.map.vertex(2, 0), self.map.vertex(3, 0)]],
        });
        sources.lines.push(FrontierLine {
            frontier: Frontier::parse("AA-BB").expect("a frontier"),
            kind: LineKind::Maritime,
            chains: vec![vec![self.map.vertex(3, 3), self.map.vertex(3, 4)]],
        });
        let polygons = (sources.territories.iter_mut().map(|t| &mut t.polygons)).chain(
            sources
                .joint_areas
                .iter_mut()
                .map(|area| &mut area.polygons),
        );
        for vertex in polygons.flatten().flatten().flatten() {
            *vertex = self.vertex(*vertex);
        }
        for vertex in (sources.lines.iter_mut())
            .flat_map(|line| &mut line.chains)
            .flatten()
        {
            *vertex = self.vertex(*vertex);
        }
        atlas_of(&sources)
    }
}

/// What [`Atlas::survey`] answers, without any search.
fn survey_by_hand(atlas: &Atlas, position: Position, accuracy: Metres) -> Survey {
    let here = Here::of(position);
    let region = atlas.region(position);
    let land = |arc: usize| atlas.divides[arc].land();
    let nearest = (atlas.chords.nearest_by_hand(&here, 200_000.0, land)).map(|hit| Nearest {
        frontier: land(hit.arc).expect("on land"),
        distance: hit.distance,
    });
    let ends = |arc: usize| atlas.divides[arc].ends(region.states).then_some(());
    let end = atlas.chords.nearest_by_hand(&here, ANYWHERE_M, ends);
    let touches = || {
        (atlas.chords.within_by_hand(&here, accuracy.as_f64()).iter())
            .any(|arc| atlas.divides[*arc].borders_on_other(region.states))
    };
    let certainty = match region.standing {
        Standing::Disputed => Certainty::Disputed,
        Standing::Sovereign | Standing::Condominium if touches() => Certainty::Frontier,
        Standing::Sovereign | Standing::Condominium if region.states.is_empty() => {
            Certainty::Outside
        }
        Standing::Sovereign | Standing::Condominium => Certainty::Inside,
    };
    Survey {
        location: Location {
            states: region.states,
            certainty,
            nearest,
        },
        depth: end.map_or(Metres::MOST, |hit| hit.distance),
    }
}

fn large_maps() -> impl Strategy<Value = LargeMap> {
    let letter = prop::sample::select(vec![b'A', b'B', b'C', b'.']);
    let rows = prop::collection::vec(prop::collection::vec(letter, 6), 6);
    let jitter = prop::sample::select(vec![0, 150, 300]);
    let times = prop::sample::select(vec![1, 30, 400, 2_000]);
    (rows, jitter, times).prop_map(|(rows, jitter, times)| LargeMap {
        map: SmallMap { rows, jitter },
        times,
    })
}

/// In squares of the map: on its corners and lines, by a hair beside them, anywhere on it, and far off it.
fn places() -> impl Strategy<Value = (f64, f64)> {
    let halves = || (-2..14_i32).prop_map(|halves| f64::from(halves) / 2.0);
    let hair = prop::sample::select(vec![-1e-4, -1e-6, 0.0, 1e-6, 1e-4]);
    prop_oneof![
        (halves(), halves(), hair.clone(), hair).prop_map(|(x, y, dx, dy)| (x + dx, y + dy)),
        (-0.5..6.5, -0.5..6.5),
        (-9.0..15.0, -9.0..15.0),
    ]
}

/// How a hint may be wrong: by how much it is more than the truth, or what it says instead.
#[derive(Debug, Clone, Copy)]
enum Hint {
    MoreBy(i64),
    Says(i64),
}

fn hints() -> impl Strategy<Value = Hint> {
    let more = prop::sample::select(vec![-100_000, -101, -2, -1, 0, 1, 2, 100, 3_100, 100_000]);
    let says = prop::sample::select(vec![i64::MIN, -1, 0, 1, 20_000_000, i64::MAX]);
    prop_oneof![
        more.prop_map(Hint::MoreBy),
        says.prop_map(Hint::Says),
        (0..30_000_000_i64).prop_map(Hint::Says)
    ]
}

impl Hint {
    fn of(self, truth: Metres) -> Metres {
        Metres::from_centimetres(match self {
            Self::MoreBy(more) => truth.as_centimetres().saturating_add(more),
            Self::Says(centimetres) => centimetres,
        })
    }
}

fn joint_kinds() -> impl Strategy<Value = JointKind> {
    prop::sample::select(vec![
        JointKind::Condominium,
        JointKind::Disputed,
        JointKind::Undelimited,
        JointKind::Overlap,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_survey_is_what_measuring_every_chord_says_whatever_the_hint(
        map in large_maps(),
        joint in joint_kinds(),
        asked in prop::collection::vec((places(), 0.0..4.0_f64, hints(), hints()), 16),
    ) {
        let atlas = map.atlas(joint);
        for (place, accuracy, frontier, depth) in asked {
            let position = map.at(place);
            // From a centimetre to the span of a square.
            let accuracy = Metres::new(10_f64.powf(accuracy) * f64::from(map.times).sqrt() / 100.0);
            let truth = survey_by_hand(&atlas, position, accuracy);
            let nearest = truth.location.nearest.map_or(Metres::from_centimetres(0), |n| n.distance);
            let near = Near { frontier: frontier.of(nearest), depth: depth.of(truth.depth) };
            prop_assert_eq!(atlas.survey(position, accuracy, near), truth, "{:?} {:?}", position, near);
            prop_assert_eq!(atlas.survey(position, accuracy, Near::UNKNOWN), truth, "{:?}", position);
            // The other questions of the atlas say the same.
            let states = truth.location.states;
            prop_assert_eq!(atlas.locate(position), states);
            prop_assert_eq!(atlas.depth_in(position, states).unwrap_or(truth.depth), truth.depth);
            let land = |arc: usize| atlas.divides[arc].land();
            let by_hand = atlas.chords.nearest_by_hand(&Here::of(position), ANYWHERE_M, land);
            let found = atlas.nearest_point(position).map(|(frontier, _, distance)| (frontier, distance));
            prop_assert_eq!(found, by_hand.map(|hit| (land(hit.arc).expect("on land"), hit.distance)));
        }
    }

    #[test]
    fn on_a_line_every_question_keeps_the_one_rule(
        map in large_maps(),
        edges in prop::collection::vec((0..7_usize, 0..7_usize, any::<bool>(), any::<bool>()), 12),
    ) {
        let atlas = map.atlas(JointKind::Disputed);
        for (column, row, is_north, is_vertex) in edges {
            let end = if is_north { (column, (row + 1).min(6)) } else { ((column + 1).min(6), row) };
            let (a, b) = (map.vertex(map.map.vertex(column, row)), map.vertex(map.map.vertex(end.0, end.1)));
            let middle = |a: i32, b: i32| (f64::from(a) + f64::from(b)) / 2e6;
            let on_line = Position::new(middle(a.lat, b.lat), middle(a.lon, b.lon)).expect("a position");
            let position = if is_vertex { a.position().expect("a position") } else { on_line };
            let survey = atlas.survey(position, Metres::new(1.0), Near::UNKNOWN);
            let states = atlas.locate(position);
            prop_assert_eq!(survey.location.states, states);
            // The sign of the depth follows the rule too: at a distance of none it is not below zero.
            let depth = atlas.depth_in(position, states).unwrap_or(survey.depth);
            prop_assert!(depth >= Metres::ZERO && depth == survey.depth);
            // A path that begins here begins in these states, one that ends here ends in them.
            let away = map.at((2.7, 3.3));
            let there = atlas.meetings(position, away);
            let back = atlas.meetings(away, position);
            prop_assert_eq!(there.first().map_or(atlas.locate(away), |m| m.from), states);
            prop_assert_eq!(back.last().map_or(atlas.locate(away), |m| m.to), states);
            // And what lies on both sides of the line is within reach, the rule's own states among it.
            let reach = atlas.reach(position, Metres::new(1.0));
            for state in states.iter() {
                prop_assert!(reach.contains(&state));
            }
        }
    }

    #[test]
    fn rough_distances_are_off_by_less_than_the_slack(
        lat in -90.0..90.0_f64,
        lon in -180.0..180.0_f64,
        count in 1..=CHORDS,
        steps in prop::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64), CHORDS),
        size in -3.0..2.84_f64,
        from in (-1.0..1.0_f64, -1.0..1.0_f64, 0.0..5.6_f64),
    ) {
        // Chords of a millimetre to 700 m, seen from a metre to 400 km away.
        let degrees = |metres: f64| metres / 111_200.0;
        let mut point = (lat, lon);
        let mut points: Vec<Space> = vec![on_ellipsoid(lon, lat)];
        for (north, east) in &steps[..count] {
            let step = degrees(10_f64.powf(size)) / 1.5;
            point = ((point.0 + north * step).clamp(-90.0, 90.0), (point.1 + east * step).clamp(-180.0, 180.0));
            points.push(on_ellipsoid(point.1, point.0));
        }
        let stretch = Stretch::new(&points, 7);
        let away = degrees(10_f64.powf(from.2));
        let here = on_ellipsoid((lon + from.0 * away).clamp(-180.0, 180.0), (lat + from.1 * away).clamp(-90.0, 90.0));
        let rough = stretch.rough(here);
        let exact = stretch.foot_by_hand(here);
        let distance = exact.squared.sqrt();
        prop_assert!(rough.least <= seeming(distance), "{} {}", rough.least.sqrt(), distance);
        prop_assert!(distance * distance <= f64::from(seeming(f64::from(rough.least.sqrt()))) * (1.0 + 1e-6));
        let foot = stretch.foot(here, &rough);
        prop_assert_eq!((foot.squared, foot.point), (exact.squared, exact.point));
        // Where fewer chords are, the last point stands for the others.
        prop_assert_eq!(stretch.arc, 7);
    }
}

/// A state between two corners, all by itself.
fn lone_state(low: (i32, i32), high: (i32, i32)) -> Atlas {
    let corner = |(lon, lat): (i32, i32)| Vertex { lon, lat };
    let ring = vec![
        corner(low),
        corner((high.0, low.1)),
        corner(high),
        corner((low.0, high.1)),
        corner(low),
    ];
    let sources = Sources {
        territories: vec![Territory {
            state: state_of(b'A'),
            polygons: vec![vec![ring.clone()]],
        }],
        lines: vec![FrontierLine {
            frontier: Frontier::parse("AA-MA").expect("a frontier"),
            kind: LineKind::Land,
            chains: vec![ring],
        }],
        ..Sources::default()
    };
    atlas_of(&sources)
}

#[test]
fn long_edges_are_straight_in_longitude_and_latitude() {
    // Edges of 7 degrees on 60° and 67° N: the geodesic between their ends leaves them by kilometres.
    let atlas = lone_state((10_000_000, 60_000_000), (17_000_000, 67_000_000));
    for step in 0..200 {
        let lon = 10.0 + 7.0 * f64::from(step) / 200.0;
        let away = [0.0, 1e-6, 0.001, 0.3][step as usize % 4];
        let position = Position::new(60.0 - away, lon).expect("a position");
        let (_, foot, distance) = atlas.nearest_point(position).expect("a frontier");
        assert!((foot.lat() - 60.0).abs() < 2e-7, "{foot:?}");
        // From the south the nearest point of a parallel lies due north, but for what its bend adds far away.
        let north = Geodesic.distance(Point::new(lon, position.lat()), Point::new(lon, 60.0));
        // A chord of 700 m runs 1.7 cm north of its parallel here.
        assert!(
            (distance.as_f64() - north).abs() < 0.05,
            "{lon} {away}: {distance:?} {north}"
        );
    }
}

#[test]
fn at_the_ends_of_the_map_distances_go_round_the_earth() {
    // A state that ends at 180° E is as near from the other side.
    let atlas = lone_state((179_000_000, -1_000_000), (180_000_000, 1_000_000));
    for lon in [179.999, 180.0, -180.0, -179.999] {
        let position = Position::new(0.0, lon).expect("a position");
        let survey = atlas.survey(position, Metres::new(5.0), Near::UNKNOWN);
        assert_eq!(survey, survey_by_hand(&atlas, position, Metres::new(5.0)));
        let expected = if lon.abs() < 180.0 { 111.32 } else { 0.0 };
        assert!(
            (survey.depth.as_f64() - expected).abs() < 0.02,
            "{lon}: {survey:?}"
        );
        // The line itself, due north, belongs to what lies east of it: nothing.
        let states = if lon > 0.0 && lon < 180.0 { "AA" } else { "-" };
        assert_eq!(survey.location.states.to_string(), states, "{lon}");
    }
    // A state around a pole, as far as a map of longitude and latitude can show one.
    let atlas = lone_state((-4_000_000, 83_000_000), (4_000_000, 90_000_000));
    for (lat, lon) in [
        (90.0, 0.0),
        (90.0, 170.0),
        (-90.0, 0.0),
        (89.9, 3.9),
        (83.0, 0.0),
    ] {
        let position = Position::new(lat, lon).expect("a position");
        for near in [
            Near::UNKNOWN,
            Near {
                frontier: Metres::ZERO,
                depth: Metres::ZERO,
            },
        ] {
            let survey = atlas.survey(position, Metres::new(5.0), near);
            assert_eq!(
                survey,
                survey_by_hand(&atlas, position, Metres::new(5.0)),
                "{lat} {lon}"
            );
        }
    }
}

#[test]
fn a_map_without_lines_has_no_end() {
    let atlas = atlas_of(&Sources::default());
    let anywhere = Position::new(47.0, 19.0).expect("a position");
    let survey = atlas.survey(anywhere, Metres::new(15.0), Near::UNKNOWN);
    assert_eq!(survey, survey_by_hand(&atlas, anywhere, Metres::new(15.0)));
    assert_eq!(survey.location.certainty, Certainty::Outside);
    assert_eq!(atlas.nearest_point(anywhere), None);
}

#[test]
fn rings_of_a_metre_are_states_like_others() {
    // Ten microdegrees: 1.1 m by 0.8 m.
    let atlas = lone_state((20_000_000, 45_000_000), (20_000_010, 45_000_010));
    let middle = Position::new(45.000_005, 20.000_005).expect("a position");
    let survey = atlas.survey(middle, Metres::new(0.1), Near::UNKNOWN);
    assert_eq!(survey.location.states, set("AA"));
    assert_eq!(survey.location.certainty, Certainty::Inside);
    assert_eq!(survey.depth, Metres::new(0.39));
    assert_eq!(
        atlas
            .survey(middle, Metres::new(0.4), Near::UNKNOWN)
            .location
            .certainty,
        Certainty::Frontier
    );
}
