//! The atlas on the built-in border data, beside its peers in the same run.
//!
//! `cargo bench --bench locate`, in processor time of the thread. Positions are seeded: within 2 km of a frontier, within
//! some 50 km of one, or anywhere in Europe. `cargo bench --bench locate -- agreement 10000000` compares answers with those
//! of `geo`; `-- lines 1000000` times `limes locate`.
//!
//! | peer | data |
//! |---|---|
//! | `geo`, polygon after polygon, states with boxes | ours |
//! | `geo` with an interval tree for each state, states with boxes | ours |
//! | `rstar` of polygons, each with `geo`'s interval tree | ours |
//! | `country-boundaries`, 360 by 180 cells | its own: OpenStreetMap, ODbL, much simplified; no distances |
//! | `rstar` of edges in space, for the nearest frontier | ours |

mod agreement;
#[path = "../support/criterion_time.rs"]
mod criterion_time;
#[path = "../support/geo_states.rs"]
mod geo_states;
mod lines;
mod peers;
#[path = "../support/thread_time.rs"]
mod thread_time;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group};
use criterion_time::ThreadTime;
use geo_states::GeoStates;
use limes::domain::borders::{Atlas, LineKind, Near, Vertex};
use limes::domain::measure::{Metres, Position};
use limes::service::borderdata::{BorderFiles, atlas};
use peers::{Boxed, Edges, Rival};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::hint::black_box;
use std::process::ExitCode;

/// Positions of each kind; cycled through.
const SAMPLES: usize = 20_000;
/// Some 2 km, degrees.
const NEAR_DEG: f64 = 0.018;
/// Positions that plain `geo` is asked for, which takes 100,000 times as long.
const PLAIN_SAMPLES: usize = 20;

/// Positions within so many degrees of a land frontier's vertices.
fn near_frontiers(atlas: &Atlas, degrees: f64, count: usize, random: &mut StdRng) -> Vec<Position> {
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
    (0..count)
        .filter_map(|_| {
            let vertex = land[random.random_range(0..land.len())];
            let lat = vertex.lat_deg() + random.random_range(-degrees..degrees);
            let scale = lat.to_radians().cos();
            let lon = vertex.lon_deg() + random.random_range(-degrees..degrees) / scale;
            Position::new(lat, lon).ok()
        })
        .collect()
}

fn anywhere(count: usize, random: &mut StdRng) -> Vec<Position> {
    (0..count)
        .filter_map(|_| {
            let lat = random.random_range(34.0..72.0);
            Position::new(lat, random.random_range(-25.0..45.0)).ok()
        })
        .collect()
}

/// Runs `ask` over all places in turn.
fn cycle<P: Copy, T>(
    group: &mut BenchmarkGroup<'_, ThreadTime>,
    name: &str,
    places: &[P],
    ask: impl Fn(P) -> T,
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
        (
            "near",
            near_frontiers(&atlas, NEAR_DEG, SAMPLES, &mut random),
        ),
        ("anywhere", anywhere(SAMPLES, &mut random)),
    ];
    let sources = BorderFiles::open(None)
        .and_then(|files| files.sources())
        .expect("the published files");
    let (boxed, tree) = (Boxed::new(&sources), GeoStates::new(&sources));
    let rival = Rival::new();
    for (name, places) in &sets {
        for place in places {
            // What is compared must give the same answers.
            let by_geo = tree.locate(place.lat(), place.lon());
            assert_eq!(atlas.locate(*place), by_geo, "{place:?}");
        }
        let mut group = criterion.benchmark_group(format!("locate/{name}"));
        group.throughput(Throughput::Elements(1));
        cycle(&mut group, "limes", places, |place| atlas.locate(place));
        cycle(
            &mut group,
            "rstar of polygons, interval trees",
            places,
            |place| tree.locate(place.lat(), place.lon()),
        );
        cycle(&mut group, "geo interval tree and boxes", places, |place| {
            boxed.locate_indexed(place)
        });
        cycle(
            &mut group,
            "country-boundaries, coarser data",
            places,
            |place| rival.count(place),
        );
        group.sample_size(10);
        let few = &places[..PLAIN_SAMPLES];
        cycle(&mut group, "geo plain and boxes", few, |place| {
            boxed.locate_plain(place)
        });
        group.finish();
    }
}

fn distance(criterion: &mut Criterion<ThreadTime>) {
    let atlas = atlas(None).expect("the built-in border data");
    let mut random = StdRng::seed_from_u64(20_260_102);
    let sets = [
        (
            "near",
            near_frontiers(&atlas, NEAR_DEG, SAMPLES, &mut random),
        ),
        (
            "within 50 km",
            near_frontiers(&atlas, 0.35, SAMPLES, &mut random),
        ),
        ("anywhere", anywhere(SAMPLES, &mut random)),
    ];
    let accuracy = Metres::new(15.0);
    let edges = Edges::new(&atlas);
    for (name, places) in &sets {
        let mut group = criterion.benchmark_group(format!("distance/{name}"));
        group.throughput(Throughput::Elements(1));
        cycle(
            &mut group,
            "nearest frontier, with its foot",
            places,
            |place| atlas.nearest_point(place),
        );
        cycle(
            &mut group,
            "nearest frontier, rstar of edges",
            places,
            |place| edges.nearest_m(place),
        );
        cycle(&mut group, "survey", places, |place| {
            atlas.survey(place, accuracy, Near::UNKNOWN)
        });
        // As after a second at 30 m/s, with a metre of slack.
        let hinted: Vec<(Position, Near)> = (places.iter())
            .map(|place| (*place, after(&atlas, *place, Metres::new(31.0))))
            .collect();
        cycle(&mut group, "survey, hinted", &hinted, |(place, near)| {
            atlas.survey(place, accuracy, near)
        });
        group.finish();
    }
    let (_, near) = &sets[0];
    let mut group = criterion.benchmark_group("path");
    cycle(&mut group, "meetings of 1 km/near", near, |place| {
        // A kilometre due north-east, roughly.
        let end = Position::new(place.lat() + 0.006_4, place.lon() + 0.009).unwrap_or(place);
        atlas.meetings(place, end)
    });
    group.finish();
}

/// What a fix so far away from a place would have told of it.
fn after(atlas: &Atlas, place: Position, way: Metres) -> Near {
    let survey = atlas.survey(place, Metres::ZERO, Near::UNKNOWN);
    let more = |distance: Metres| {
        Metres::from_centimetres(
            distance
                .as_centimetres()
                .saturating_add(way.as_centimetres()),
        )
    };
    let unknown = Near::UNKNOWN.frontier;
    Near {
        frontier: (survey.location.nearest).map_or(unknown, |nearest| more(nearest.distance)),
        depth: more(survey.depth),
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ThreadTime);
    targets = locate, distance
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |asked: &str| {
        let count = (arguments.iter().skip_while(|word| *word != asked)).nth(1);
        count.and_then(|word| word.parse().ok())
    };
    if let Some(count) = after("agreement") {
        return agreement::run(count);
    }
    if let Some(count) = after("lines") {
        lines::run(count).expect("the lines are answered");
        return ExitCode::SUCCESS;
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
    ExitCode::SUCCESS
}
