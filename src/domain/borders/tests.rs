use super::assemble::assemble;
use super::check::{Fault, check_crossings, check_sources};
use super::predicate::{Edge, Path, Spot};
use super::small_map::{SIDE, SmallMap, at, atlas_of, set, state_of};
use super::*;
use crate::domain::measure::{Metres, Position};
use proptest::prelude::*;

#[test]
fn a_position_on_a_line_belongs_to_the_east_and_on_a_line_due_east_to_the_north() {
    let atlas = SmallMap::new(&["AB", "CD"]).atlas();
    let cases = [
        ("on the line between C and D", at(1.0, 0.5), "DD"),
        ("on the line between A and B", at(1.0, 1.5), "BB"),
        ("on the line between C and A", at(0.5, 1.0), "AA"),
        ("on the line between D and B", at(1.5, 1.0), "BB"),
        ("where all four meet", at(1.0, 1.0), "BB"),
        ("on the western limit", at(0.0, 0.5), "CC"),
        ("on the southern limit", at(0.5, 0.0), "CC"),
        ("on the eastern limit", at(2.0, 0.5), "-"),
        ("on the northern limit", at(0.5, 2.0), "-"),
        ("on the south-western corner", at(0.0, 0.0), "CC"),
        ("on the north-eastern corner", at(2.0, 2.0), "-"),
        ("0.2 mm west of the line", at(1.0 - 2e-6, 0.5), "CC"),
    ];
    for (place, position, states) in cases {
        assert_eq!(atlas.locate(position), set(states), "{place}");
    }
}

#[test]
fn a_position_on_a_slanting_line_belongs_to_the_east() {
    let (a, b) = (Vertex { lon: 0, lat: 0 }, Vertex { lon: 30, lat: 10 });
    let middle = Spot::midway(a, b);
    // Going up and east, east is on the right; the other way round, on the left.
    assert!(!Edge { a, b }.has_on_left(middle));
    assert!(Edge { a: b, b: a }.has_on_left(middle));
    // Falling eastward, east of the line is above it.
    let (a, b) = (Vertex { lon: 0, lat: 10 }, Vertex { lon: 30, lat: 0 });
    assert!(Edge { a, b }.has_on_left(Spot::midway(a, b)));
}

#[test]
fn enclaves_in_enclaves_are_told_apart() {
    let atlas = SmallMap::new(&["AAAAA", "ABBBA", "ABABA", "ABBBA", "AAAAA"]).atlas();
    let states: Vec<String> = [0.5, 1.5, 2.5, 3.5, 4.5]
        .map(|east| atlas.locate(at(east, 2.5)).to_string())
        .to_vec();
    assert_eq!(states, ["AA", "BB", "AA", "BB", "AA"]);
    let met = atlas.meetings(at(0.5, 2.5), at(4.5, 2.5));
    let fractions: Vec<f64> = met.iter().map(|meeting| meeting.fraction).collect();
    assert_eq!(fractions, [0.125, 0.375, 0.625, 0.875]);
}

#[test]
fn a_path_through_the_point_where_three_states_meet_goes_straight_from_first_to_last() {
    let atlas = SmallMap::new(&["AB", "CB"]).atlas();
    // The tripoint is at (1, 1). From C slantwise through it into B.
    let met = atlas.meetings(at(0.5, 0.5), at(1.5, 1.5));
    assert_eq!(met.len(), 1);
    assert_eq!((met[0].from, met[0].to), (set("CC"), set("BB")));
    assert_eq!(
        met[0].frontier,
        Some(Frontier::parse("BB-CC").expect("a frontier"))
    );
    // Through it within C and A: the line due north of the point belongs to B, so B is not entered before the end.
    let met = atlas.meetings(at(0.5, 0.5), at(0.9, 1.5));
    assert_eq!(met.len(), 1);
    assert_eq!((met[0].from, met[0].to), (set("CC"), set("AA")));
}

#[test]
fn a_path_along_a_line_stays_in_the_states_to_which_the_line_belongs() {
    let atlas = SmallMap::new(&["AAA", "BBB"]).atlas();
    assert!(atlas.meetings(at(0.5, 1.0), at(2.5, 1.0)).is_empty());
    assert_eq!(atlas.locate(at(0.5, 1.0)), set("AA"));
    let atlas = SmallMap::new(&["AB", "AB"]).atlas();
    assert!(atlas.meetings(at(1.0, 0.5), at(1.0, 1.5)).is_empty());
    // Touching a line from the west and going back enters and leaves nothing but the line's owner at the touch.
    assert!(atlas.meetings(at(0.5, 0.5), at(1.0 - 1e-5, 1.0)).is_empty());
    let met = atlas.meetings(at(0.5, 0.5), at(1.0, 1.0));
    assert_eq!(met.len(), 1);
    assert_eq!(met[0].to, atlas.locate(at(1.0, 1.0)));
}

#[test]
fn a_path_of_no_length_meets_nothing() {
    let atlas = SmallMap::new(&["AB"]).atlas();
    assert!(atlas.meetings(at(1.0, 0.5), at(1.0, 0.5)).is_empty());
}

/// A strip A | B | C where B's square is a joint area of AA and CC laid over C.
fn with_joint_area(kind: JointKind) -> Atlas {
    let map = SmallMap::new(&["ACC"]);
    let mut sources = map.sources();
    sources.joint_areas.push(JointArea {
        states: set("AA|CC"),
        kind,
        polygons: vec![vec![map.square(1, 0)]],
    });
    // As in the published data, only the edge between the polygons is a frontier line.
    sources.lines.push(FrontierLine {
        frontier: Frontier::parse("AA-CC").expect("a frontier"),
        kind: LineKind::Land,
        chains: vec![vec![map.vertex(1, 0), map.vertex(1, 1)]],
    });
    atlas_of(&sources)
}

#[test]
fn a_condominium_has_both_laws_and_its_far_edge_is_a_frontier() {
    let atlas = with_joint_area(JointKind::Condominium);
    let inside = atlas.locate_with_accuracy(at(1.5, 0.5), Metres::new(5.0));
    assert_eq!(inside.states, set("AA|CC"));
    assert_eq!(inside.certainty, Certainty::Inside);
    let at_the_edge = atlas.locate_with_accuracy(at(1.95, 0.5), Metres::new(20.0));
    assert_eq!(at_the_edge.certainty, Certainty::Frontier);
    let (frontier, _, distance) = atlas.nearest_point(at(2.05, 0.5)).expect("a frontier");
    assert_eq!(frontier.to_string(), "AA-CC");
    assert!(distance < Metres::new(6.0), "{distance:?}");
    let met = atlas.meetings(at(0.5, 0.5), at(2.5, 0.5));
    let sets: Vec<String> = met
        .iter()
        .map(|m| format!("{} > {}", m.from, m.to))
        .collect();
    assert_eq!(sets, ["AA > AA|CC", "AA|CC > CC"]);
    assert!(met.iter().all(|m| !m.disputed && m.frontier.is_some()));
}

#[test]
fn a_disputed_area_names_its_claimants_and_marks_every_meeting() {
    for kind in [
        JointKind::Disputed,
        JointKind::Undelimited,
        JointKind::Overlap,
    ] {
        let atlas = with_joint_area(kind);
        let inside = atlas.locate_with_accuracy(at(1.5, 0.5), Metres::new(5.0));
        assert_eq!(inside.states, set("AA|CC"));
        assert_eq!(inside.certainty, Certainty::Disputed);
        let met = atlas.meetings(at(0.5, 0.5), at(2.5, 0.5));
        assert_eq!(met.len(), 2);
        assert!(met.iter().all(|meeting| meeting.disputed));
        // The far edge of a claim is a place where the states change, but no land frontier.
        let near_far_edge = at(2.05, 0.5);
        assert!(atlas.depth(near_far_edge) < Some(Metres::new(6.0)));
        let nearest = atlas.nearest_point(near_far_edge).expect("a frontier");
        assert!(nearest.2 > Metres::new(70.0));
    }
}

/// A strip A | . where the line between is the frontier with MA, which has no polygons.
fn with_unmapped_neighbour() -> Atlas {
    let map = SmallMap::new(&["A."]);
    let mut sources = map.sources();
    sources.lines.push(FrontierLine {
        frontier: Frontier::parse("AA-MA").expect("a frontier"),
        kind: LineKind::Land,
        chains: vec![vec![map.vertex(1, 0), map.vertex(1, 1)]],
    });
    atlas_of(&sources)
}

#[test]
fn beyond_a_frontier_to_a_state_without_polygons_the_set_is_empty_but_the_meeting_has_its_name() {
    let atlas = with_unmapped_neighbour();
    let met = atlas.meetings(at(0.5, 0.5), at(1.5, 0.5));
    assert_eq!(met.len(), 1);
    assert_eq!((met[0].from, met[0].to), (set("AA"), StateSet::NONE));
    assert_eq!(met[0].to_named(), set("MA"));
    assert_eq!(met[0].from_named(), set("AA"));
    let back = atlas.meetings(at(1.5, 0.5), at(0.5, 0.5));
    assert_eq!(back[0].from_named(), set("MA"));
    let near = |east: f64| atlas.locate_with_accuracy(at(east, 0.5), Metres::new(20.0));
    assert_eq!(near(0.9).certainty, Certainty::Frontier);
    assert_eq!(near(1.1).certainty, Certainty::Frontier);
    assert_eq!(near(1.9).certainty, Certainty::Outside);
    // The outer limit towards the open sea is no frontier.
    assert_eq!(near(0.1).certainty, Certainty::Inside);
    let west = atlas.meetings(at(0.5, 0.5), at(-0.5, 0.5));
    assert_eq!(west[0].frontier, None);
    assert_eq!(west[0].to_named(), StateSet::NONE);
    assert_eq!(
        atlas.reach(at(0.5, 0.5), Metres::new(60.0)),
        [state_of(b'A'), State::parse("MA").expect("a state")]
    );
}

#[test]
fn depth_is_signed_by_the_set_asked_for() {
    let atlas = SmallMap::new(&["AB."]).atlas();
    let place = at(0.75, 0.5);
    let quarter = atlas.depth(place).expect("a line");
    assert!((quarter.as_f64() - 19.7).abs() < 0.1, "{quarter:?}");
    assert_eq!(atlas.depth_in(place, set("AA")), Some(quarter));
    assert_eq!(
        atlas.depth_in(place, set("BB")),
        Some(Metres::from_centimetres(-quarter.as_centimetres()))
    );
    assert_eq!(atlas.depth_in(place, set("CC")), None);
    // Towards the open sea nothing changes for `depth`, but the territory of B ends there.
    let sea = at(1.9, 0.5);
    assert!(atlas.depth(sea) > Some(Metres::new(70.0)));
    assert!(atlas.depth_in(sea, set("BB")) < Some(Metres::new(9.0)));
}

#[test]
fn reach_names_every_state_within_the_radius_however_many() {
    let atlas = SmallMap::new(&["ABC", "DEF"]).atlas();
    let all = atlas.reach(at(1.5, 1.0), Metres::new(500.0));
    assert_eq!(all.len(), 6);
    let few = atlas.reach(at(0.5, 1.5), Metres::new(10.0));
    assert_eq!(few, [state_of(b'A')]);
}

#[test]
fn lines_within_a_window_are_those_that_touch_it() {
    let atlas = SmallMap::new(&["ABC"]).atlas();
    let window = Window {
        south_west: at(0.5, 0.2),
        north_east: at(1.5, 0.8),
    };
    let lines = atlas.lines_within(window);
    let names: Vec<String> = lines.iter().map(|(l, _)| l.frontier.to_string()).collect();
    assert_eq!(names, ["AA-BB"]);
    assert_eq!(lines[0].1.len(), 2);
}

#[test]
fn overlapping_polygons_are_refused() {
    let map = SmallMap::new(&["AB"]);
    let mut sources = map.sources();
    sources.territories[1].polygons[0][0] = map.square(0, 0);
    assert!(matches!(
        assemble(&sources),
        Err(AssembleError::Overlap { .. })
    ));
    let faults = check_sources(&sources).faults;
    assert!(faults.iter().any(|f| matches!(f, Fault::Owners { .. })));
}

#[test]
fn the_check_finds_a_line_between_the_wrong_states_and_an_open_ring() {
    let map = SmallMap::new(&["ABC"]);
    let mut sources = map.sources();
    sources.lines.push(FrontierLine {
        frontier: Frontier::parse("AA-CC").expect("a frontier"),
        kind: LineKind::Land,
        chains: vec![vec![map.vertex(1, 0), map.vertex(1, 1)]],
    });
    sources.territories[2].polygons[0][0].pop();
    let findings = check_sources(&sources);
    let has = |wanted: fn(&Fault) -> bool| findings.faults.iter().any(wanted);
    assert!(has(|fault| matches!(fault, Fault::Line { .. })));
    assert!(has(|fault| matches!(fault, Fault::Ring { .. })));
    assert!(has(|fault| matches!(fault, Fault::OpenLimit { .. })));
}

#[test]
fn the_check_finds_edges_that_cross() {
    let sound = SmallMap::new(&["A.", ".."]);
    let mut sources = sound.sources();
    assert!(check_crossings(&assemble(&sources).expect("a partition")).is_empty());
    // A second state's square, moved so that it cuts through the first.
    let moved = sound.square(0, 0).into_iter().map(|v| Vertex {
        lon: v.lon + SIDE / 2,
        lat: v.lat + SIDE / 2,
    });
    sources.territories.push(Territory {
        state: state_of(b'B'),
        polygons: vec![vec![moved.collect()]],
    });
    let partition = assemble(&sources).expect("no edge is shared");
    assert_eq!(check_crossings(&partition).len(), 2);
}

#[test]
fn a_partition_whose_regions_contradict_each_other_is_refused() {
    let mut partition = assemble(&SmallMap::new(&["AB", "CD"]).sources()).expect("a partition");
    partition.arcs[0].left = partition.arcs[0].right;
    assert!(matches!(
        Atlas::new(partition, "test"),
        Err(PartitionError::Vertex { .. })
    ));
}

#[test]
fn distances_follow_the_ellipsoid() {
    // Karney's method as implemented in `geo` is the judge.
    use geo::{Distance, Geodesic, Point};
    let start = Position::new(48.2, 16.4).expect("Vienna");
    for (lat, lon) in [
        (48.2, 16.4),
        (48.2001, 16.4),
        (48.2, 16.41),
        (48.5, 17.0),
        (50.4, 18.1),
        (47.5, 19.0),
        (60.0, 25.0),
    ] {
        let end = Position::new(lat, lon).expect("a position");
        let exact = Geodesic.distance(Point::new(start.lon(), start.lat()), Point::new(lon, lat));
        let ours = Atlas::distance(start, end).as_f64();
        assert!((ours - exact).abs() < 0.01, "{lat} {lon}: {ours} {exact}");
    }
}

fn small_maps() -> impl Strategy<Value = SmallMap> {
    let letter = prop::sample::select(vec![b'A', b'B', b'C', b'.']);
    let rows = prop::collection::vec(prop::collection::vec(letter, 6), 6);
    (rows, prop::sample::select(vec![0, 150, 300]))
        .prop_map(|(rows, jitter)| SmallMap { rows, jitter })
}

/// Positions anywhere on a small map, many of them exactly on its lines and vertices.
fn positions() -> impl Strategy<Value = Position> {
    let anywhere = (-0.5..6.5, -0.5..6.5).prop_map(|(east, north): (f64, f64)| at(east, north));
    let lattice = (-1..14_i32, -1..14_i32)
        .prop_map(|(east, north)| at(f64::from(east) / 2.0, f64::from(north) / 2.0));
    prop_oneof![anywhere, lattice]
}

/// A vertex of a jittered map, exactly.
fn on_vertices(map: &SmallMap, choice: (usize, usize)) -> Position {
    map.vertex(choice.0, choice.1)
        .position()
        .expect("a position")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_index_agrees_with_every_polygon_asked_one_by_one(
        map in small_maps(),
        positions in prop::collection::vec(positions(), 24),
        vertices in prop::collection::vec((0..7_usize, 0..7_usize), 12),
    ) {
        let atlas = map.atlas();
        let exact = vertices.into_iter().map(|choice| on_vertices(&map, choice));
        for position in positions.into_iter().chain(exact) {
            prop_assert_eq!(atlas.locate(position), map.states_by_hand(position), "{:?}", position);
        }
    }

    #[test]
    fn meetings_chain_from_the_start_to_the_end(
        map in small_maps(),
        ends in prop::collection::vec((positions(), positions()), 12),
        vertices in prop::collection::vec(((0..7_usize, 0..7_usize), (0..7_usize, 0..7_usize)), 6),
    ) {
        let atlas = map.atlas();
        let exact = vertices
            .into_iter()
            .map(|(from, to)| (on_vertices(&map, from), on_vertices(&map, to)));
        for (from, to) in ends.into_iter().chain(exact) {
            let met = atlas.meetings(from, to);
            let mut states = atlas.locate(from);
            let mut fraction = 0.0;
            for meeting in &met {
                prop_assert_eq!(meeting.from, states);
                prop_assert_ne!(meeting.from, meeting.to);
                prop_assert!(meeting.fraction >= fraction);
                (states, fraction) = (meeting.to, meeting.fraction);
            }
            prop_assert_eq!(states, atlas.locate(to));
        }
    }

    #[test]
    fn meetings_are_where_a_walk_along_the_path_changes_states(
        map in small_maps(),
        from in (-0.5..6.5, -0.5..6.5),
        to in (-0.5..6.5, -0.5..6.5),
    ) {
        let atlas = map.atlas();
        let (from, to) = (at(from.0, from.1), at(to.0, to.1));
        let met = atlas.meetings(from, to);
        let mut stops: Vec<f64> = met.iter().map(|meeting| meeting.fraction).collect();
        stops.insert(0, 0.0);
        stops.push(1.0);
        let sets = std::iter::once(atlas.locate(from)).chain(met.iter().map(|meeting| meeting.to));
        for (stretch, states) in stops.windows(2).zip(sets) {
            // Anywhere between two meetings, a millimetre away from them, the set is the same.
            for share in [0.02, 0.5, 0.98] {
                let here = stretch[0] + share * (stretch[1] - stretch[0]);
                if stretch[1] - stretch[0] > 1e-5 {
                    let between = |a: f64, b: f64| a + here * (b - a);
                    let place = Position::new(
                        between(from.lat(), to.lat()),
                        between(from.lon(), to.lon()),
                    )
                    .expect("a position");
                    prop_assert_eq!(map.states_by_hand(place), states);
                }
            }
        }
    }

    #[test]
    fn a_path_and_its_reverse_meet_the_same_lines(
        map in small_maps(),
        from in positions(),
        to in positions(),
    ) {
        let atlas = map.atlas();
        let there: Vec<_> = atlas.meetings(from, to).iter().map(|m| (m.from, m.to)).collect();
        let mut back: Vec<_> = atlas.meetings(to, from).iter().map(|m| (m.to, m.from)).collect();
        back.reverse();
        prop_assert_eq!(there, back);
    }

    #[test]
    fn whether_a_path_crosses_an_edge_does_not_depend_on_its_direction(
        ends in prop::array::uniform4((-5..5_i32, -5..5_i32)),
    ) {
        let [a, b, from, to] = ends.map(|(lon, lat)| Vertex { lon, lat });
        let path = Path { from: from.spot(), to: to.spot() };
        let back = Path { from: path.to, to: path.from };
        prop_assume!(a != b && from != to);
        let crossed = Edge { a, b }.is_crossed_by(path);
        prop_assert_eq!(crossed, Edge { a: b, b: a }.is_crossed_by(path));
        prop_assert_eq!(crossed, Edge { a, b }.is_crossed_by(back));
    }
}
