//! At which of the named crossing points will a unit on the road cross?
//!
//! From where it is and how it goes; and by the square root of what was told of the same way before, for a road winds, and
//! where it leads for a minute is half the truth.
//!
//! ```text
//!                   COP-2
//!    ─────────────────╫──────────────╫─────────── frontier     weight of a place = 1 / (1 + q)
//!                    ·   ╲ straight  COP-1
//!                  ·       ╲  way    ·                         q = (its angle to the way / the spread of angles)²
//!                ·           ╲    ·                              + (how much farther it is than the way leads)²
//!                              ●
//! ```
//!
//! The bell has fat tails (it is Cauchy's): roads bend, and a place far aside is improbable but never excluded. What is not
//! called by any name, the next village's road or the open field, has the weight of a place [`ELSEWHERE`] spreads aside. The
//! shares of all these weights are the probabilities; `make bench-crossings` shows what share of them comes true. The three
//! constants are those by which simulated roads over bridges were the likeliest.

use super::ground;
use super::motion::Motion;
use super::view::BorderView;
use super::window::Sample;
use crate::domain::borders::{CrossingPoint, Meeting};
use crate::domain::event::LikelyCrossing;
use crate::domain::measure::Span;
use std::sync::Arc;

/// At most so many are named.
const NAMED_MOST: usize = 4;
/// How far the direction of a road is off that of the place it leads to, as a tangent.
const ROADS_BEND: f64 = 0.5;
/// How far a place may lie from where the road really crosses, metres: it is listed by hand, and has a width.
const PLACE_M: f64 = 200.0;
/// A place farther than the straight way by this share of it is one spread off.
const FARTHER: f64 = 0.075;
/// What is not named counts as a place so many spreads aside.
const ELSEWHERE: f64 = 4.0;
/// Another place is told as the likeliest when it is so many times as probable as the one that was told: a ranking that
/// changes with every bend is not read.
const DECISIVELY: f64 = 2.0;
/// Less than this is not named.
const NAMED_LEAST: f64 = 0.01;

/// A crossing point and its weight.
type Weighed<'a> = (&'a CrossingPoint, f64);

/// The crossing points of one frontier, weighed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Likely<'a> {
    /// The heaviest, heaviest first.
    named: [Option<Weighed<'a>>; NAMED_MOST],
    /// What is not named.
    elsewhere: f64,
    /// The weight of all places, named or not.
    sum: f64,
}

impl<'a> Likely<'a> {
    /// Those on the frontier that the straight way meets there, after what was told of the way so far; without a view,
    /// none.
    pub(super) fn of<V: BorderView + ?Sized>(
        sample: &Sample,
        motion: &Motion,
        meeting: &Meeting,
        (view, told): (Option<&'a V>, &[LikelyCrossing]),
    ) -> Self {
        let elsewhere = weight(ELSEWHERE * ELSEWHERE) * told_before(told, None);
        let mut likely = Self {
            named: [None; NAMED_MOST],
            elsewhere,
            sum: elsewhere,
        };
        let (Some(frontier), Some(view)) = (meeting.frontier, view) else {
            return likely;
        };
        let straight_m = ground::distance(sample.position, meeting.point).as_f64();
        for point in view.crossing_points(frontier) {
            if let Some(off) = off(sample, motion, point, straight_m) {
                let before = told_before(told, Some(&point.name));
                likely.add((point, weight(off) * before));
            }
        }
        likely
    }

    fn add(&mut self, weighed: Weighed<'a>) {
        self.sum += weighed.1;
        let mut falling = Some(weighed);
        for place in &mut self.named {
            // Of two that weigh the same, the one listed first.
            if place.is_none_or(|(_, known)| falling.is_some_and(|(_, new)| new > known)) {
                std::mem::swap(place, &mut falling);
            }
        }
    }

    /// The probability of a place, by its name; `None`: elsewhere. Of a place that is not among the heaviest, none.
    fn probability(&self, name: Option<&str>) -> f64 {
        let weight = match name {
            None => self.elsewhere,
            Some(name) => {
                let mut named = self.named.iter().flatten();
                let found = named.find(|(point, _)| *point.name == *name);
                found.map_or(0.0, |(_, weight)| *weight)
            }
        };
        weight / self.sum
    }

    /// The likeliest; `None`: elsewhere.
    fn first(&self) -> Option<&'a str> {
        let (point, _) = self.named[0]?;
        let name: &'a str = &point.name;
        (self.probability(Some(name)) >= self.probability(None)).then_some(name)
    }

    /// Whether another place than was told is decisively the likeliest now.
    pub(super) fn turned_from(&self, told: &[LikelyCrossing]) -> bool {
        let rest = 1.0 - told.iter().map(|of| of.probability).sum::<f64>();
        let before = told.first().filter(|first| first.probability >= rest);
        let before = before.map(|first| &*first.name);
        let first = self.first();
        first != before && self.probability(first) >= DECISIVELY * self.probability(before)
    }

    /// As it is told.
    pub(super) fn told(&self, sample: &Sample, motion: &Motion) -> Vec<LikelyCrossing> {
        let tell = |(point, weight): &Weighed<'_>| {
            let metres = ground::distance(sample.position, point.point).as_f64();
            let millis = (metres / motion.speed_mps.max(0.1) * 1_000.0).round();
            LikelyCrossing {
                name: Arc::clone(&point.name),
                point: point.point,
                probability: (weight / self.sum * 100.0).floor() / 100.0,
                eta: Span::from_millis(millis as i64),
            }
        };
        let named = self.named.iter().flatten().map(tell);
        named.filter(|of| of.probability >= NAMED_LEAST).collect()
    }
}

/// How far a place is off the way, in squares of spreads; `None` behind the unit.
fn off(sample: &Sample, motion: &Motion, point: &CrossingPoint, straight_m: f64) -> Option<f64> {
    let way = motion.way;
    let to = ground::offset(sample.position, point.point);
    let (length_m, far_m) = (way.length_m().max(0.001), to.length_m());
    let along_m = (way.east_m * to.east_m + way.north_m * to.north_m) / length_m;
    let across_m = (way.east_m * to.north_m - way.north_m * to.east_m) / length_m;
    if along_m <= 0.0 {
        return (far_m <= PLACE_M).then_some(0.0);
    }
    let tangent = across_m / along_m;
    let place = PLACE_M / along_m;
    let error = motion.closing_error_mps / motion.speed_mps.max(0.1);
    let spread =
        ROADS_BEND * ROADS_BEND + motion.bend * motion.bend + place * place + error * error;
    let farther = (far_m - straight_m).max(0.0) / (straight_m + PLACE_M) / FARTHER;
    Some(tangent * tangent / spread + farther * farther)
}

/// What an earlier telling of the same way counts for a place; `None`: elsewhere.
fn told_before(told: &[LikelyCrossing], name: Option<&str>) -> f64 {
    if told.is_empty() {
        return 1.0;
    }
    let named = told.iter().find(|of| name == Some(&*of.name));
    let probability = match name {
        Some(_) => named.map_or(0.0, |of| of.probability),
        None => 1.0 - told.iter().map(|of| of.probability).sum::<f64>(),
    };
    probability.max(NAMED_LEAST).sqrt()
}

/// The bell.
fn weight(off: f64) -> f64 {
    1.0 / (1.0 + off)
}
