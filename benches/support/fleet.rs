//! Units that drive: seeded, never jumping, each at 1 Hz.

use limes::domain::borders::{Atlas, LineKind, Vertex};
use limes::domain::ids::State;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Metres in a degree of latitude, roughly.
const DEGREE_M: f64 = 111_200.0;

/// Of twenty units, how many drive where; the others are around Kecskemét, 80 km and more from any frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mix {
    /// Within about 2 km of a Hungarian frontier, to and fro on 400 m.
    pub(crate) near: usize,
    /// To and fro over a Hungarian frontier, on 4 km.
    pub(crate) across: usize,
}

/// The way of one unit: to and fro on a straight line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way {
    lat: f64,
    lon: f64,
    course_deg: f64,
    half_m: f64,
    speed_mps: f64,
    phase_m: f64,
}

/// Where a unit is, and how it moves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) lat: f64,
    pub(crate) lon: f64,
    pub(crate) speed_mps: f64,
    pub(crate) course_deg: f64,
    pub(crate) accuracy_m: f64,
}

impl Way {
    /// Where the unit is after so many seconds.
    pub(crate) fn at(&self, second: u32) -> Spot {
        let round_m = 4.0 * self.half_m;
        let driven_m = (self.phase_m + f64::from(second) * self.speed_mps) % round_m;
        let (along_m, back) = if driven_m < 2.0 * self.half_m {
            (driven_m - self.half_m, false)
        } else {
            (3.0 * self.half_m - driven_m, true)
        };
        let course = self.course_deg.to_radians();
        let north_m = along_m * course.cos();
        let east_m = along_m * course.sin();
        let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
        let course_deg = if back {
            (self.course_deg + 180.0) % 360.0
        } else {
            self.course_deg
        };
        Spot {
            lat: rounded(self.lat + north_m / DEGREE_M),
            lon: rounded(self.lon + east_m / (DEGREE_M * self.lat.to_radians().cos())),
            speed_mps: self.speed_mps,
            course_deg,
            accuracy_m: 4.0 + f64::from(second % 16) / 4.0,
        }
    }
}

/// The ways of so many units.
pub(crate) fn fleet(atlas: &Atlas, mix: Mix, units: usize, seed: u64) -> Vec<Way> {
    let mut random = StdRng::seed_from_u64(seed);
    let frontier = hungarian_frontiers(atlas);
    (0..units)
        .map(|index| {
            let place = index % 20;
            if place < mix.near {
                near(&frontier, &mut random)
            } else if place < mix.near + mix.across {
                across(&frontier, &mut random)
            } else {
                inside(&mut random)
            }
        })
        .collect()
}

fn hungarian_frontiers(atlas: &Atlas) -> Vec<Vertex> {
    let partition = atlas.partition();
    let hungary = State::parse("HU").expect("HU is a state");
    let is_hungarian = |arc| {
        partition.line(arc).is_some_and(|line| {
            let (one, other) = line.frontier.states();
            line.kind == LineKind::Land && (one == hungary || other == hungary)
        })
    };
    partition
        .arcs
        .iter()
        .filter(|arc| is_hungarian(arc))
        .flat_map(|arc| &partition.vertices[arc.range()])
        .copied()
        .collect()
}

fn way(lat: f64, lon: f64, half_m: f64, random: &mut StdRng) -> Way {
    Way {
        lat,
        lon,
        course_deg: random.random_range(0..360_u16).into(),
        half_m,
        speed_mps: 20.0 + f64::from(random.random_range(0..40_u8)) / 4.0,
        phase_m: random.random_range(0.0..4.0) * half_m,
    }
}

fn inside(random: &mut StdRng) -> Way {
    let lat = random.random_range(46.75..47.05);
    let lon = random.random_range(19.4..19.9);
    way(lat, lon, 2_000.0, random)
}

fn near(frontier: &[Vertex], random: &mut StdRng) -> Way {
    let vertex = frontier[random.random_range(0..frontier.len())];
    let lat = vertex.lat_deg() + random.random_range(-0.018..0.018);
    let lon = vertex.lon_deg() + random.random_range(-0.026..0.026);
    way(lat, lon, 200.0, random)
}

fn across(frontier: &[Vertex], random: &mut StdRng) -> Way {
    let vertex = frontier[random.random_range(0..frontier.len())];
    way(vertex.lat_deg(), vertex.lon_deg(), 2_000.0, random)
}
