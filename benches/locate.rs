//! The atlas on the built-in border data, beside plain `geo` in the same run.
//!
//! `cargo bench --bench locate`, in processor time of the thread. Positions are seeded: within 2 km of a frontier, or anywhere in Europe.

#[path = "support/criterion_time.rs"]
mod criterion_time;
#[path = "support/thread_time.rs"]
mod thread_time;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use criterion_time::ThreadTime;
use geo::indexed::IntervalTreeMultiPolygon;
use geo::{BoundingRect, Contains, Coord, LineString, MultiPolygon, Point, Polygon, Rect};
use limes::domain::borders::{Atlas, LineKind, Sources, Vertex};
use limes::domain::ids::State;
use limes::domain::measure::{Metres, Position};
use limes::service::borderdata::{BorderFiles, atlas};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::hint::black_box;

/// Positions of each kind; cycled through.
const SAMPLES: usize = 20_000;
/// Positions that plain `geo` is asked for, which takes 100,000 times as long.
const PLAIN_SAMPLES: usize = 20;

fn near_frontiers(atlas: &Atlas, random: &mut StdRng) -> Vec<Position> {
    let partition = atlas.partition();
    let land: Vec<&Vertex> = partition
        .arcs
        .iter()
        .filter(|arc| {
            partition
                .line(arc)
                .is_some_and(|line| line.kind == LineKind::Land)
        })
        .flat_map(|arc| &partition.vertices[arc.range()])
        .collect();
    (0..SAMPLES)
        .filter_map(|_| {
            let vertex = land[random.random_range(0..land.len())];
            let lat = vertex.lat_deg() + random.random_range(-0.018..0.018);
            let scale = lat.to_radians().cos();
            let lon = vertex.lon_deg() + random.random_range(-0.018..0.018) / scale;
            Position::new(lat, lon).ok()
        })
        .collect()
}

fn anywhere(random: &mut StdRng) -> Vec<Position> {
    (0..SAMPLES)
        .filter_map(|_| {
            let lat = random.random_range(34.0..72.0);
            Position::new(lat, random.random_range(-25.0..45.0)).ok()
        })
        .collect()
}

/// The states as `geo` would hold them.
fn plain(sources: &Sources) -> Vec<(State, Rect, MultiPolygon)> {
    let line = |ring: &Vec<Vertex>| -> LineString {
        ring.iter()
            .map(|v| Coord {
                x: v.lon_deg(),
                y: v.lat_deg(),
            })
            .collect()
    };
    sources
        .territories
        .iter()
        .filter_map(|territory| {
            let polygons: Vec<Polygon> = territory
                .polygons
                .iter()
                .map(|rings| Polygon::new(line(&rings[0]), rings[1..].iter().map(line).collect()))
                .collect();
            let polygons = MultiPolygon::new(polygons);
            Some((territory.state, polygons.bounding_rect()?, polygons))
        })
        .collect()
}

/// Runs `ask` over all places in turn.
fn cycle<T>(
    group: &mut BenchmarkGroup<'_, ThreadTime>,
    name: &str,
    places: &[Position],
    ask: impl Fn(Position) -> T,
) {
    let mut next = 0;
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            next = (next + 1) % places.len();
            ask(black_box(places[next]))
        });
    });
}

fn locate(criterion: &mut Criterion<ThreadTime>) {
    let atlas = atlas(None).expect("the built-in border data");
    let mut random = StdRng::seed_from_u64(20_260_101);
    let sets = [
        ("near", near_frontiers(&atlas, &mut random)),
        ("anywhere", anywhere(&mut random)),
    ];
    let sources = BorderFiles::open(None)
        .and_then(|files| files.sources())
        .expect("the published files");
    let plain = plain(&sources);
    let indexed: Vec<(State, Rect, IntervalTreeMultiPolygon<f64>)> = plain
        .iter()
        .map(|(state, around, polygons)| (*state, *around, IntervalTreeMultiPolygon::new(polygons)))
        .collect();
    for (name, places) in &sets {
        agree(&atlas, &indexed, places);
        let mut group = criterion.benchmark_group(format!("locate/{name}"));
        group.throughput(Throughput::Elements(1));
        cycle(&mut group, "limes", places, |place| atlas.locate(place));
        cycle(&mut group, "geo interval tree and boxes", places, |place| {
            let point = Point::new(place.lon(), place.lat());
            (indexed.iter())
                .find(|(_, around, polygons)| around.contains(&point) && polygons.contains(&point))
                .map(|(state, ..)| *state)
        });
        group.sample_size(10);
        cycle(
            &mut group,
            "geo plain and boxes",
            &places[..PLAIN_SAMPLES],
            |place| {
                let point = Point::new(place.lon(), place.lat());
                (plain.iter())
                    .find(|(_, around, polygons)| {
                        around.contains(&point) && polygons.contains(&point)
                    })
                    .map(|(state, ..)| *state)
            },
        );
        group.finish();
    }
}

/// What is compared must give the same answers.
fn agree(
    atlas: &Atlas,
    indexed: &[(State, Rect, IntervalTreeMultiPolygon<f64>)],
    places: &[Position],
) {
    for place in places {
        let point = Point::new(place.lon(), place.lat());
        let by_geo = (indexed.iter())
            .find(|(_, around, polygons)| around.contains(&point) && polygons.contains(&point))
            .map(|(state, ..)| *state);
        let ours = atlas.locate(*place);
        let same = ours.single() == by_geo || by_geo.is_some_and(|state| ours.contains(state));
        assert!(same, "{place:?}: {ours} and {by_geo:?}");
    }
}

fn distance(criterion: &mut Criterion<ThreadTime>) {
    let atlas = atlas(None).expect("the built-in border data");
    let mut random = StdRng::seed_from_u64(20_260_102);
    let near = near_frontiers(&atlas, &mut random);
    let anywhere = anywhere(&mut random);
    let mut group = criterion.benchmark_group("distance");
    group.throughput(Throughput::Elements(1));
    cycle(&mut group, "nearest/near", &near, |place| {
        atlas.nearest_point(place)
    });
    cycle(&mut group, "nearest/anywhere", &anywhere, |place| {
        atlas.nearest_point(place)
    });
    cycle(&mut group, "depth/near", &near, |place| atlas.depth(place));
    let accuracy = Metres::new(15.0);
    cycle(&mut group, "locate with accuracy/near", &near, |place| {
        atlas.locate_with_accuracy(place, accuracy)
    });
    cycle(
        &mut group,
        "locate with accuracy/anywhere",
        &anywhere,
        |place| atlas.locate_with_accuracy(place, accuracy),
    );
    cycle(&mut group, "meetings of 1 km/near", &near, |place| {
        // A kilometre due north-east, roughly.
        let end = Position::new(place.lat() + 0.006_4, place.lon() + 0.009).unwrap_or(place);
        atlas.meetings(place, end)
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ThreadTime);
    targets = locate, distance
}
criterion_main!(benches);
