//! True ways of units: one place a second, in metres of a frame. On the straight line east is across, below zero is home.

use crate::border::BRIDGES_M;
use crate::dice::Dice;

/// What a unit does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Way {
    /// Stands this far from the line.
    Parked(f64),
    /// Walks about near the line, over it and back.
    Walking,
    /// Walks or drives over the line for a short stay, and waits on its own side.
    Stays,
    /// Drives along a winding road that keeps 20 m and more from the line.
    Along,
    /// Crosses on a motorway, to and fro.
    Motorway,
    /// The same with no reception around the line.
    Tunnel,
    /// An aircraft that crosses at any angle.
    Aircraft,
    /// A drone that hovers near the line and darts over it.
    Drone,
    /// Stays on the real line: along it at a distance, metres; below zero weaves over it by as much.
    Real(f64),
    /// Drives by road over one of the bridges of a river, and back by one of them.
    Bridges,
    /// Drives about inside a square of the real atlas, half its width in metres.
    Square(f64),
}

impl Way {
    /// The way of a session; `line` is the stretch of frontier that a way on the real line follows.
    pub(crate) fn places(
        self,
        seconds: usize,
        line: &[(f64, f64)],
        radius_m: f64,
        dice: &mut Dice,
    ) -> Vec<(f64, f64)> {
        match self {
            Self::Parked(far_m) => vec![(-far_m, 0.0); seconds],
            Self::Walking => wander(seconds, 1.4, 30.0, 60.0 + radius_m, dice),
            Self::Stays => stays(seconds, radius_m, dice),
            Self::Along => along(seconds, dice),
            Self::Motorway | Self::Tunnel => to_and_fro(seconds, 33.0, 2_500.0, dice),
            Self::Aircraft => wander(seconds, 70.0, 90.0, 6_000.0, dice),
            Self::Drone => darts(seconds, dice),
            Self::Real(far_m) => beside(seconds, line, far_m, dice),
            Self::Bridges => over_bridges(seconds, dice),
            Self::Square(half_m) => about(seconds, half_m, dice),
        }
    }
}

/// At a steady speed on a course that turns now and then, drawn back to the line.
fn wander(
    seconds: usize,
    speed_mps: f64,
    turns_every_s: f64,
    range_m: f64,
    dice: &mut Dice,
) -> Vec<(f64, f64)> {
    let mut at = (-range_m * dice.share(), 0.0);
    let mut course = dice.between(0.0, std::f64::consts::TAU);
    let mut turn = 0.0;
    (0..seconds)
        .map(|_| {
            let here = at;
            if dice.share() < 1.0 / turns_every_s {
                turn = dice.between(-1.0, 1.0) * 8.0 / turns_every_s;
            }
            course += turn;
            if at.0.abs() > range_m && course.cos() * at.0 > 0.0 {
                course += 12.0 / turns_every_s * (course.sin() * at.0).signum();
            }
            at.0 += speed_mps * course.cos();
            at.1 += speed_mps * course.sin();
            here
        })
        .collect()
}

/// Waits on its own side, goes over for a while, comes back.
fn stays(seconds: usize, radius_m: f64, dice: &mut Dice) -> Vec<(f64, f64)> {
    let mut way = Vec::with_capacity(seconds);
    let (mut east_m, mut north_m) = (-100.0 - 3.0 * radius_m, 0.0);
    while way.len() < seconds {
        let speed_mps: f64 = dice.one_of(&[1.4, 5.0, 14.0]);
        let home_m = -radius_m * dice.between(3.0, 6.0) - 20.0;
        let depth_m = radius_m * dice.between(1.0, 6.0);
        let legs = [
            (home_m, dice.between(60.0, 240.0)),
            (depth_m, dice.between(5.0, 90.0)),
            (home_m, 60.0),
        ];
        for (goal_m, waits_s) in legs {
            while f64::abs(goal_m - east_m) > 0.01 {
                way.push((east_m, north_m));
                let step: f64 = goal_m - east_m;
                east_m += step.clamp(-speed_mps, speed_mps);
                north_m += 0.3 * speed_mps;
            }
            way.extend(std::iter::repeat_n((east_m, north_m), waits_s as usize));
        }
    }
    way.truncate(seconds);
    way
}

/// Along the line at 20 m/s, bending, never nearer than 20 m.
fn along(seconds: usize, dice: &mut Dice) -> Vec<(f64, f64)> {
    let (long_m, phase) = (
        dice.between(300.0, 1_500.0),
        dice.between(0.0, std::f64::consts::TAU),
    );
    let wide_m = dice.between(5.0, 60.0);
    (0..seconds)
        .map(|second| {
            let north_m = 20.0 * second as f64;
            let bend = (north_m / long_m + phase).sin();
            (-20.0 - wide_m * (1.0 + bend), north_m)
        })
        .collect()
}

/// Over the line and back at a speed, turning well beyond it; a queue now and then.
fn to_and_fro(seconds: usize, speed_mps: f64, range_m: f64, dice: &mut Dice) -> Vec<(f64, f64)> {
    let mut way = Vec::with_capacity(seconds);
    let (mut east_m, mut north_m) = (-range_m * dice.between(0.5, 1.0), 0.0);
    let (mut speed, mut ahead) = (speed_mps, 1.0);
    let slant = dice.between(0.0, 0.6);
    while way.len() < seconds {
        way.push((east_m, north_m));
        speed = (speed + dice.normal()).clamp(0.7 * speed_mps, 1.1 * speed_mps);
        east_m += ahead * speed;
        north_m += slant * speed;
        if ahead * east_m > range_m {
            ahead = -ahead;
            let waits_s = dice.between(0.0, 120.0) as usize;
            way.extend(std::iter::repeat_n((east_m, north_m), waits_s));
        }
    }
    way.truncate(seconds);
    way
}

/// Hovers, darts to another place at 12 m/s, hovers.
fn darts(seconds: usize, dice: &mut Dice) -> Vec<(f64, f64)> {
    let mut way = Vec::with_capacity(seconds);
    let mut at = (-150.0, 0.0);
    while way.len() < seconds {
        let goal = (
            dice.between(-250.0, 200.0),
            at.1 + dice.between(-150.0, 150.0),
        );
        go(&mut way, &mut at, goal, 12.0);
        let hovers_s = dice.between(10.0, 180.0) as usize;
        way.extend(std::iter::repeat_n(at, hovers_s));
    }
    way.truncate(seconds);
    way
}

fn go(way: &mut Vec<(f64, f64)>, at: &mut (f64, f64), goal: (f64, f64), speed_mps: f64) {
    loop {
        let (east, north) = (goal.0 - at.0, goal.1 - at.1);
        let left = east.hypot(north);
        if left <= speed_mps {
            *at = goal;
            return;
        }
        way.push(*at);
        at.0 += east / left * speed_mps;
        at.1 += north / left * speed_mps;
    }
}

/// Along a real line, to and fro: beside it at a distance, or (below zero) weaving over it.
fn beside(seconds: usize, line: &[(f64, f64)], far_m: f64, dice: &mut Dice) -> Vec<(f64, f64)> {
    let speed_mps = if far_m < 0.0 { 8.0 } else { 20.0 };
    let mut lengths = vec![0.0];
    for pair in line.windows(2) {
        let step = (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
        lengths.push(lengths[lengths.len() - 1] + step);
    }
    let total = lengths[lengths.len() - 1];
    let start = dice.share() * total;
    let long_m = dice.between(300.0, 900.0);
    let sharp: Vec<(f64, f64)> = (0..seconds)
        .map(|second| {
            let run = (start + speed_mps * second as f64).rem_euclid(2.0 * total);
            let run = if run > total { 2.0 * total - run } else { run };
            let edge = lengths
                .partition_point(|length| *length <= run)
                .clamp(1, line.len() - 1);
            let (a, b) = (line[edge - 1], line[edge]);
            let length = (lengths[edge] - lengths[edge - 1]).max(0.001);
            let share = (run - lengths[edge - 1]) / length;
            let ahead = ((b.0 - a.0) / length, (b.1 - a.1) / length);
            let off = if far_m < 0.0 {
                -far_m * (speed_mps * second as f64 / long_m).sin()
            } else {
                far_m
            };
            (
                a.0 + (b.0 - a.0) * share - ahead.1 * off,
                a.1 + (b.1 - a.1) * share + ahead.0 * off,
            )
        })
        .collect();
    // Roads and rivers bend where a frontier has corners.
    (0..seconds)
        .map(|second| {
            let part = &sharp[second.saturating_sub(4)..(second + 5).min(seconds)];
            let sum = part
                .iter()
                .fold((0.0, 0.0), |s, at| (s.0 + at.0, s.1 + at.1));
            (sum.0 / part.len() as f64, sum.1 / part.len() as f64)
        })
        .collect()
}

/// A bridge that carries no name, metres north.
const UNNAMED_BRIDGE_M: f64 = 3_200.0;
/// Whoever drives takes the shortest way by a named bridge, but for this share...
const BY_WHIM: f64 = 0.25;
/// ...and this share takes the bridge without a name.
const UNNAMED: f64 = 0.08;

/// From a place west of the river to one east of it, and to the west again: by winding roads, over a junction before the
/// bridge, at a speed of the road's own.
fn over_bridges(seconds: usize, dice: &mut Dice) -> Vec<(f64, f64)> {
    let mut way = Vec::with_capacity(seconds);
    let goal = |side: f64, dice: &mut Dice| {
        let east_m = side * dice.between(4_000.0, 15_000.0);
        (east_m, dice.between(-10_000.0, 11_000.0))
    };
    let mut side = if dice.share() < 0.5 { -1.0 } else { 1.0 };
    let mut at = goal(side, dice);
    while way.len() < seconds {
        let to = goal(-side, dice);
        let north_m = bridge(at, to, dice);
        let speed_mps = dice.between(13.0, 32.0);
        let junction = (
            side * dice.between(1_000.0, 4_000.0),
            north_m + 1_200.0 * dice.normal(),
        );
        for stop in [
            junction,
            (side * 250.0, north_m),
            (-side * 250.0, north_m),
            to,
        ] {
            winding(&mut way, &mut at, stop, speed_mps, dice);
        }
        let waits_s = dice.between(0.0, 240.0) as usize;
        way.extend(std::iter::repeat_n(at, waits_s));
        side = -side;
    }
    way.truncate(seconds);
    way
}

/// Which bridge leads from one place to another.
fn bridge(from: (f64, f64), to: (f64, f64), dice: &mut Dice) -> f64 {
    let choice = dice.share();
    if choice < UNNAMED {
        return UNNAMED_BRIDGE_M;
    }
    if choice < UNNAMED + BY_WHIM {
        return dice.one_of(&BRIDGES_M);
    }
    let length_m = |north_m: &f64| {
        let leg = |a: (f64, f64)| a.0.hypot(a.1 - north_m);
        leg(from) + leg(to)
    };
    let shortest = BRIDGES_M.into_iter();
    shortest
        .min_by(|a, b| length_m(a).total_cmp(&length_m(b)))
        .unwrap_or(0.0)
}

/// By a road that winds to both sides of the straight line.
fn winding(
    way: &mut Vec<(f64, f64)>,
    at: &mut (f64, f64),
    goal: (f64, f64),
    speed_mps: f64,
    dice: &mut Dice,
) {
    let (from, to) = (*at, goal);
    let along = (to.0 - from.0, to.1 - from.1);
    let length_m = along.0.hypot(along.1).max(1.0);
    let parts = (length_m / 700.0).ceil().max(1.0) as usize;
    for part in 1..=parts {
        let share = part as f64 / parts as f64;
        let off_m = if part == parts {
            0.0
        } else {
            160.0 * dice.normal()
        };
        let stop = (
            from.0 + along.0 * share - along.1 / length_m * off_m,
            from.1 + along.1 * share + along.0 / length_m * off_m,
        );
        go(way, at, stop, speed_mps * dice.between(0.8, 1.1));
    }
}

/// From place to place in a square at 10 m/s, with halts.
fn about(seconds: usize, half_m: f64, dice: &mut Dice) -> Vec<(f64, f64)> {
    let mut way = Vec::with_capacity(seconds);
    let place = |dice: &mut Dice| (dice.between(-half_m, half_m), dice.between(-half_m, half_m));
    let mut at = place(dice);
    while way.len() < seconds {
        let goal = place(dice);
        go(&mut way, &mut at, goal, 10.0);
        let halts_s = dice.between(0.0, 90.0) as usize;
        way.extend(std::iter::repeat_n(at, halts_s));
    }
    way.truncate(seconds);
    way
}
