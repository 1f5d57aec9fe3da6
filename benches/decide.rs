//! Fixes a second through gate, detector and fold, one unit on one core: over a single straight frontier (the engine
//! alone) and over the real borders (with `locate` and depth).
//!
//! `cargo bench --bench decide`

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use limes::domain::borders::{Certainty, Frontier, Location, Meeting, Nearest};
use limes::domain::ids::{RoomId, SourceId, State, StateSet, UnitId};
use limes::domain::measure::{Metres, Position, Timestamp};
use limes::domain::registry::{UnitCard, UnitKind};
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::tracks::{BorderView, GateLimits, Track};
use limes::service::borderdata::atlas;
use std::hint::black_box;
use std::sync::Arc;

/// Fixes in one run.
const FIXES: u32 = 3_600;
/// 2027-03-16T11:00:00Z.
const START: i64 = 1_805_194_800_000;

/// Hungary west of a meridian, Romania east of it.
struct Meridian {
    lon: f64,
    hu: State,
    ro: State,
    name: Arc<str>,
}

impl Meridian {
    fn new() -> Self {
        Self {
            lon: 20.7,
            hu: State::parse("HU").expect("a state"),
            ro: State::parse("RO").expect("a state"),
            name: Arc::from("meridian"),
        }
    }

    fn states(&self, lon: f64) -> StateSet {
        StateSet::one(if lon < self.lon { self.hu } else { self.ro })
    }
}

impl BorderView for Meridian {
    fn locate(&self, position: Position, accuracy: Metres) -> Location {
        let depth = self.depth(position);
        Location {
            states: self.states(position.lon()),
            certainty: if depth <= accuracy {
                Certainty::Frontier
            } else {
                Certainty::Inside
            },
            nearest: Some(Nearest {
                frontier: Frontier::between(self.hu, self.ro),
                distance: depth,
            }),
        }
    }

    fn depth(&self, position: Position) -> Metres {
        Metres::new((position.lon() - self.lon).abs() * 77_000.0)
    }

    fn meetings(&self, from: Position, to: Position) -> Vec<Meeting> {
        let (before, after) = (self.states(from.lon()), self.states(to.lon()));
        if before == after {
            return Vec::new();
        }
        let fraction = (self.lon - from.lon()) / (to.lon() - from.lon());
        let lat = from.lat() + fraction * (to.lat() - from.lat());
        vec![Meeting {
            fraction,
            point: Position::new(lat, self.lon).expect("a position"),
            from: before,
            to: after,
            frontier: Some(Frontier::between(self.hu, self.ro)),
            disputed: false,
        }]
    }

    fn reach(&self, _: Position, _: Metres) -> Vec<State> {
        vec![self.hu, self.ro]
    }

    fn distance_to(&self, position: Position, frontier: Frontier) -> Option<Metres> {
        let nearest = self.locate(position, Metres::ZERO).nearest;
        nearest
            .filter(|nearest| nearest.frontier == frontier)
            .map(|nearest| nearest.distance)
    }

    fn border_set(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }
}

/// A drive north at 20 m/s along a meridian, one fix a second, swaying by 30 m.
fn drive(lon: f64) -> Vec<ReportedFix> {
    let unit = UnitId::parse("HU-1").expect("an id");
    let source = SourceId::parse("car").expect("an id");
    (0..FIXES)
        .map(|second| ReportedFix {
            unit: unit.clone(),
            source: source.clone(),
            fixed_at: Timestamp::from_millis(START + i64::from(second) * 1_000),
            lat: 46.15 + f64::from(second) * 20.0 / 111_200.0 / 36.0,
            lon: lon + (f64::from(second) / 40.0).sin() * 0.000_4,
            measured: Measured {
                accuracy_m: Some(8.0),
                ..Measured::default()
            },
        })
        .collect()
}

fn card() -> UnitCard {
    UnitCard {
        id: UnitId::parse("HU-1").expect("an id"),
        room: RoomId::parse("budapest").expect("an id"),
        state: State::parse("HU").expect("a state"),
        kind: UnitKind::Vehicle,
        callsign: Arc::from("Kilo 1"),
        marks: None,
    }
}

fn run(fixes: &[ReportedFix], view: &impl BorderView) -> Track {
    let limits = GateLimits::default();
    let mut track = Track::new(&card());
    let mut events = Vec::new();
    for fix in fixes {
        track.decide_fix(fix, fix.fixed_at, view, &limits, &mut events);
        for event in &events {
            track.apply(event);
        }
        events.clear();
    }
    track
}

fn decide(criterion: &mut Criterion) {
    let atlas = atlas(None).expect("the built-in border data");
    let meridian = Meridian::new();
    let mut group = criterion.benchmark_group("decide and apply");
    group.throughput(Throughput::Elements(u64::from(FIXES)));
    // Some 150 km, 1 km and 100 m from the frontier.
    for (name, lon) in [
        ("deep inside", 18.8),
        ("a kilometre off", 20.687),
        ("at the line", 20.699_9),
    ] {
        let fixes = drive(lon);
        group.bench_function(format!("{name}, straight frontier"), |bencher| {
            bencher.iter(|| run(black_box(&fixes), &meridian));
        });
        group.bench_function(format!("{name}, real borders"), |bencher| {
            bencher.iter(|| run(black_box(&fixes), &*atlas));
        });
    }
    let backlog: Vec<ReportedFix> = drive(20.699_9).into_iter().rev().collect();
    group.bench_function(
        "backlog at the line, newest first, straight frontier",
        |bencher| {
            bencher.iter(|| {
                let limits = GateLimits::default();
                let now = Timestamp::from_millis(START + i64::from(FIXES) * 1_000);
                let mut track = Track::new(&card());
                let mut events = Vec::new();
                for fix in black_box(&backlog) {
                    track.decide_fix(fix, now, &meridian, &limits, &mut events);
                    for event in &events {
                        track.apply(event);
                    }
                    events.clear();
                }
                track
            });
        },
    );
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = decide
}
criterion_main!(benches);
