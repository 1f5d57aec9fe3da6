//! The atlas on the real border data, judged by places whose state is known and by plain geometry.

use crate::geo_states::{GeoStates, Kind};
use geo::{Contains, Distance, Geodesic, Point};
use limes::domain::borders::{
    Atlas, Certainty, Frontier, LineKind, Location, Near, Nearest, Sources, Survey, Vertex, Window,
    assemble, check_crossings, check_sources,
};
use limes::domain::ids::StateSet;
use limes::domain::measure::{Metres, Position};
use limes::service::borderdata::{BorderFiles, atlas};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::sync::{Arc, OnceLock};

fn the_atlas() -> Arc<Atlas> {
    atlas(None).expect("the built-in border data")
}

/// The published files, read once.
fn the_sources() -> &'static Sources {
    static SOURCES: OnceLock<Sources> = OnceLock::new();
    SOURCES.get_or_init(|| {
        let files = BorderFiles::open(None).expect("a manifest");
        files.sources().expect("the published files")
    })
}

fn position(lat: f64, lon: f64) -> Position {
    Position::new(lat, lon).expect("a position")
}

fn states(lat: f64, lon: f64) -> String {
    the_atlas().locate(position(lat, lon)).to_string()
}

/// The chain of sets that a path goes through.
fn chain(from: (f64, f64), to: (f64, f64)) -> Vec<String> {
    let (from, to) = (position(from.0, from.1), position(to.0, to.1));
    let met = the_atlas().meetings(from, to);
    let first = the_atlas().locate(from);
    std::iter::once(first.to_string())
        .chain(met.iter().map(|meeting| meeting.to_named().to_string()))
        .collect()
}

#[test]
fn every_known_place_lies_in_its_state() {
    // 60 m from an enclave, and less sure of its own place than that.
    const NOT_EXACT: &str = "Baarle-Hertog church";
    let atlas = the_atlas();
    let mut wrong = Vec::new();
    let mut judged = 0;
    let text = include_str!("../data/truth_points.csv");
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    for row in rows.records() {
        let row = row.expect("a row");
        let number = |column: usize| row[column].parse::<f64>().expect("a number");
        let (name, expected) = (&row[0], &row[3]);
        if name.starts_with(NOT_EXACT) {
            continue;
        }
        judged += 1;
        let found = atlas.locate(position(number(1), number(2))).to_string();
        // Two answers are right: either of two states, both of them, or (when empty) no state.
        let joined = StateSet::parse(expected).map(|set| set.to_string());
        let right = joined.is_ok_and(|joined| joined == found)
            || expected
                .split('|')
                .any(|state| state == found || (state.is_empty() && found == "-"));
        if !right {
            wrong.push(format!("{name}: {found} instead of {expected}"));
        }
    }
    assert_eq!(judged, 142);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_index_is_what_the_published_files_say() {
    let files = BorderFiles::open(None).expect("a manifest");
    let partition = assemble(the_sources()).expect("a partition");
    assert!(
        files.index_is_fresh(&partition),
        "run `limes borders build border-data`"
    );
    assert!(the_atlas().border_set().starts_with("osm-2026e+"));
    assert_eq!(the_atlas().border_set().len(), "osm-2026e+".len() + 8);
}

#[test]
fn the_published_files_are_sound() {
    let findings = check_sources(the_sources());
    assert_eq!(findings.faults, []);
    assert_eq!(findings.shared_edges, 810_000);
    assert_eq!(findings.line_edges, 880_292);
    assert_eq!(findings.without_line.values().sum::<usize>(), 22);
    assert_eq!(check_crossings(the_atlas().partition()), []);
}

#[test]
fn a_folder_of_border_data_is_read_and_a_changed_file_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let built_in = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("border-data");
    for name in ["MANIFEST.toml", "borders.index"] {
        std::fs::copy(built_in.join(name), folder.path().join(name)).expect("a copy");
    }
    let found = atlas(Some(folder.path())).expect("the index fits the manifest");
    assert_eq!(found.border_set(), the_atlas().border_set());
    // Another vintage of one file: the index no longer fits, and the file is not there to build it anew.
    let manifest = folder.path().join("MANIFEST.toml");
    let text = std::fs::read_to_string(&manifest).expect("text");
    let other = text.replacen("sha256 = \"", "sha256 = \"0000", 1).replacen(
        text.split("sha256 = \"")
            .nth(1)
            .expect("a digest")
            .get(..64)
            .expect("64 digits"),
        &text.split("sha256 = \"").nth(1).expect("a digest")[..60],
        1,
    );
    std::fs::write(&manifest, other).expect("written");
    let refused = atlas(Some(folder.path())).expect_err("the states are missing");
    assert!(
        refused.to_string().contains("states.geojson.gz"),
        "{refused}"
    );
    std::fs::write(folder.path().join("states.geojson.gz"), b"other").expect("written");
    let refused = atlas(Some(folder.path())).expect_err("the states are others");
    assert!(refused.to_string().contains("is not the file"), "{refused}");
}

/// A plain `geo` polygon with the state it belongs to.
struct Plain {
    state: limes::domain::ids::State,
    polygon: geo::Polygon<f64>,
    low: Vertex,
    high: Vertex,
}

fn plain_polygons() -> Vec<Plain> {
    let line = |ring: &Vec<Vertex>| -> geo::LineString<f64> {
        ring.iter().map(|v| (v.lon_deg(), v.lat_deg())).collect()
    };
    let mut plain = Vec::new();
    for territory in &the_sources().territories {
        for rings in &territory.polygons {
            let outer = &rings[0];
            let lon = || outer.iter().map(|v| v.lon);
            let lat = || outer.iter().map(|v| v.lat);
            let bound = |value: Option<i32>| value.expect("a ring has vertices");
            plain.push(Plain {
                state: territory.state,
                polygon: geo::Polygon::new(line(outer), rings[1..].iter().map(line).collect()),
                low: Vertex {
                    lon: bound(lon().min()),
                    lat: bound(lat().min()),
                },
                high: Vertex {
                    lon: bound(lon().max()),
                    lat: bound(lat().max()),
                },
            });
        }
    }
    plain
}

/// Some positions within 2 km of land frontiers, and some anywhere in Europe.
fn samples(seed: u64, near: usize, anywhere: usize) -> Vec<Position> {
    let mut random = StdRng::seed_from_u64(seed);
    let atlas = the_atlas();
    let partition = atlas.partition();
    let mut samples = Vec::new();
    while samples.len() < near {
        let vertex = random.random_range(0..partition.vertices.len());
        let arc = partition
            .arcs
            .partition_point(|arc| arc.start as usize <= vertex)
            - 1;
        let land = partition
            .line(&partition.arcs[arc])
            .is_some_and(|line| line.kind == LineKind::Land);
        if !land {
            continue;
        }
        let (lat, lon) = (
            partition.vertices[vertex].lat_deg(),
            partition.vertices[vertex].lon_deg(),
        );
        let spread = [0.00002, 0.001, 0.018][samples.len() % 3];
        samples.push(position(
            lat + random.random_range(-spread..spread),
            lon + random.random_range(-spread..spread),
        ));
    }
    for _ in 0..anywhere {
        samples.push(position(
            random.random_range(34.0..72.0),
            random.random_range(-25.0..45.0),
        ));
    }
    samples
}

#[test]
fn the_atlas_agrees_with_geo_also_exactly_on_lines_and_vertices() {
    let judge = GeoStates::new(the_sources());
    for (kind, seed) in Kind::ALL.into_iter().zip(100..) {
        let mut random = StdRng::seed_from_u64(seed);
        let found = kind.differences((&the_atlas(), &judge), 5_000, &mut random);
        assert_eq!(found, (0, None), "{kind:?}");
    }
}

/// A hint that is right, one that is too small, and none.
fn hints(survey: &Survey) -> [Near; 4] {
    let more = |distance: Metres, by: i64| {
        Metres::from_centimetres(distance.as_centimetres().saturating_add(by))
    };
    let frontier = survey
        .location
        .nearest
        .map_or(Metres::ZERO, |nearest| nearest.distance);
    let near = |by: i64| Near {
        frontier: more(frontier, by),
        depth: more(survey.depth, by),
    };
    [near(3_100), near(0), near(-200), Near::UNKNOWN]
}

#[test]
fn a_survey_says_what_the_atlas_says_of_each_whatever_the_hint() {
    let atlas = the_atlas();
    let mut places = samples(7, 3_000, 500);
    let mut random = StdRng::seed_from_u64(8);
    let vertices = &atlas.partition().vertices;
    for _ in 0..500 {
        let vertex = vertices[random.random_range(0..vertices.len())];
        places.extend(vertex.position());
    }
    // The far ends of the map, the middle of the sea, a condominium, an undelimited area, an enclave in an enclave.
    let named = [
        (90.0, 0.0),
        (-90.0, 180.0),
        (0.0, -180.0),
        (0.0, 180.0),
        (60.0, -31.0),
        (72.0, -24.0),
        (49.472, 6.365),
        (53.36, 6.94),
        (51.4391, 4.9290),
        (35.29, -2.95),
        (81.9, 20.0),
    ];
    places.extend(named.map(|(lat, lon)| position(lat, lon)));
    for place in places {
        let accuracy = Metres::new(10_f64.powf(random.random_range(-1.0..3.7)));
        let survey = atlas.survey(place, accuracy, Near::UNKNOWN);
        let Location {
            states,
            certainty,
            nearest,
        } = survey.location;
        assert_eq!(states, atlas.locate(place));
        assert_eq!(
            Some(survey.depth),
            atlas.depth_in(place, states),
            "{place:?}"
        );
        let found = atlas
            .nearest_point(place)
            .map(|(frontier, _, distance)| Nearest { frontier, distance });
        let limit = Metres::new(200_000.0);
        assert_eq!(
            nearest,
            found.filter(|nearest| nearest.distance <= limit),
            "{place:?}"
        );
        // Certain is what lies alone within reach: but for the open sea, which is no state.
        let reach = atlas.reach(place, accuracy);
        match certainty {
            Certainty::Inside | Certainty::Outside => {
                let alone = reach.iter().all(|state| states.contains(*state));
                assert!(alone, "{place:?}: {states} {certainty:?} {reach:?}");
            }
            Certainty::Frontier => {
                assert!(
                    survey.depth.as_centimetres() <= accuracy.as_centimetres() + 1,
                    "{place:?}"
                );
            }
            Certainty::Disputed => assert!(states.len() > 1),
        }
        for near in hints(&survey) {
            assert_eq!(
                atlas.survey(place, accuracy, near),
                survey,
                "{place:?} {near:?}"
            );
        }
    }
}

#[test]
fn the_atlas_agrees_with_polygons_asked_one_by_one() {
    let polygons = plain_polygons();
    let atlas = the_atlas();
    for place in samples(1, 150, 100) {
        let point = Point::new(place.lon(), place.lat());
        let inside = |plain: &&Plain| {
            (plain.low.lon_deg()..=plain.high.lon_deg()).contains(&place.lon())
                && (plain.low.lat_deg()..=plain.high.lat_deg()).contains(&place.lat())
                && plain.polygon.contains(&point)
        };
        let by_polygon = polygons
            .iter()
            .filter(inside)
            .fold(StateSet::NONE, |set, plain| set.with(plain.state));
        let found = atlas.locate(place);
        if found.len() <= 1 {
            assert_eq!(found, by_polygon, "{place:?}");
        } else {
            // A joint area lies over the polygon of one of its states.
            let owner = by_polygon.single().expect("one polygon");
            assert!(found.contains(owner), "{place:?}: {found} over {owner}");
        }
    }
}

/// The distance to an edge, straight in longitude and latitude, by trying ever finer points of it.
fn distance_to_edge(from: Position, a: Vertex, b: Vertex) -> f64 {
    let here = Point::new(from.lon(), from.lat());
    let there = |share: f64| {
        let between = |a: f64, b: f64| a + share * (b - a);
        let point = Point::new(
            between(a.lon_deg(), b.lon_deg()),
            between(a.lat_deg(), b.lat_deg()),
        );
        Geodesic.distance(here, point)
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..40 {
        let third = (high - low) / 3.0;
        if there(low + third) < there(high - third) {
            high -= third;
        } else {
            low += third;
        }
    }
    there(f64::midpoint(low, high))
}

/// The nearest published land frontier, by looking at every edge that could matter.
fn nearest_by_hand(from: Position) -> (Frontier, f64) {
    let scale = from.lat().to_radians().cos();
    // Off by a few per cent at most.
    let rough = |v: Vertex| {
        ((v.lon_deg() - from.lon()) * scale).hypot(v.lat_deg() - from.lat()) * 111_200.0
    };
    let chains = || {
        (the_sources().lines.iter())
            .filter(|line| line.kind == LineKind::Land)
            .flat_map(|line| line.chains.iter().map(|chain| (line.frontier, chain)))
    };
    let most = chains()
        .flat_map(|(_, chain)| chain.iter().map(|v| rough(*v)))
        .fold(f64::INFINITY, f64::min);
    let mut best: Option<(Frontier, f64)> = None;
    for (frontier, chain) in chains() {
        for pair in chain.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let length = (a.lon_deg() - b.lon_deg()).hypot(a.lat_deg() - b.lat_deg()) * 111_200.0;
            if (rough(a).min(rough(b)) - length) * 0.9 > most * 1.1 + 10.0 {
                continue;
            }
            let metres = distance_to_edge(from, a, b);
            if best.is_none_or(|(_, least)| metres < least) {
                best = Some((frontier, metres));
            }
        }
    }
    best.expect("a frontier")
}

#[test]
fn the_nearest_frontier_is_the_one_found_by_trying_all() {
    let atlas = the_atlas();
    for place in samples(2, 24, 3) {
        let (frontier, metres) = nearest_by_hand(place);
        let (found, point, distance) = atlas.nearest_point(place).expect("a frontier");
        let ours = distance.as_f64();
        // The condominium's far edge is in no published line: nearer than any line, and only there.
        let condominium = found.to_string() == "DE-LU" && ours < metres;
        assert!(
            condominium || (ours - metres).abs() < 0.1,
            "{place:?}: {ours} {metres}"
        );
        assert!(condominium || found == frontier || (ours - metres).abs() < 0.02);
        let between = Geodesic.distance(
            Point::new(place.lon(), place.lat()),
            Point::new(point.lon(), point.lat()),
        );
        assert!((between - ours).abs() < 0.02, "{place:?}: {between} {ours}");
        let near = atlas.locate_with_accuracy(place, Metres::new(ours + 0.1));
        assert!(matches!(
            near.certainty,
            Certainty::Frontier | Certainty::Disputed
        ));
    }
}

#[test]
fn crossing_the_moselle_goes_through_the_condominium() {
    assert_eq!(
        chain((49.472, 6.360), (49.472, 6.376)),
        ["LU", "DE|LU", "DE"]
    );
    assert_eq!(
        chain((49.472, 6.376), (49.472, 6.360)),
        ["DE", "DE|LU", "LU"]
    );
}

#[test]
fn a_path_over_melilla_goes_from_morocco_to_spain_and_back() {
    assert_eq!(chain((35.29, -3.05), (35.29, -2.9)), ["-", "ES", "MA"]);
    assert_eq!(states(35.29, -2.95), "ES");
}

#[test]
fn meetings_in_a_disputed_area_say_so() {
    let atlas = the_atlas();
    // Ems-Dollart, never delimited.
    let met = atlas.meetings(position(53.35, 6.85), position(53.40, 7.05));
    assert!(met.iter().any(|meeting| meeting.disputed), "{met:?}");
    let here = atlas.locate_with_accuracy(position(53.36, 6.94), Metres::new(10.0));
    assert_eq!(
        (here.states.to_string().as_str(), here.certainty),
        ("DE|NL", Certainty::Disputed)
    );
}

#[test]
fn long_paths_chain_and_end_where_they_end() {
    let atlas = the_atlas();
    let ends = samples(3, 60, 20);
    for pair in ends.chunks(2) {
        let met = atlas.meetings(pair[0], pair[1]);
        let mut states = atlas.locate(pair[0]);
        for meeting in &met {
            assert_eq!(meeting.from, states);
            states = meeting.to;
        }
        assert_eq!(states, atlas.locate(pair[1]));
    }
}

#[test]
fn far_from_every_frontier_none_is_named_nearest() {
    let reykjavik = the_atlas().locate_with_accuracy(position(64.14, -21.9), Metres::new(15.0));
    assert_eq!(reykjavik.states.to_string(), "IS");
    assert_eq!(reykjavik.nearest, None);
    assert!(the_atlas().nearest_point(position(64.14, -21.9)).is_some());
    for lost in [
        position(-89.0, 179.9),
        position(0.0, 0.0),
        position(90.0, -180.0),
    ] {
        assert_eq!(the_atlas().locate(lost), StateSet::NONE);
    }
}

#[test]
fn lines_within_a_window_include_enclaves_and_the_condominium() {
    let window = Window {
        south_west: position(49.46, 6.36),
        north_east: position(49.48, 6.38),
    };
    let lines = the_atlas().lines_within(window);
    let de_lu = lines
        .iter()
        .filter(|(line, _)| line.frontier.to_string() == "DE-LU")
        .count();
    // Both banks.
    assert!(de_lu >= 2, "{de_lu}");
}
