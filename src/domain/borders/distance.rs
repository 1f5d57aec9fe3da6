//! How far is the frontier? Straight chords in space, the nearest of them, and the arc of the ellipsoid to it.
//!
//! ```text
//!        ____●────────●____        Every line is kept as points on the ellipsoid, in metres from the Earth's
//!    ●──‾    chords     ‾──●       centre, at most 700 m apart along the line of longitude and latitude. A
//!   ╱   ‾ ‾ ‾ ‾ ‾ ‾ ‾ ‾     ╲      chord of 700 m runs at most 1 cm below the surface. The nearest chord is
//!  ╱      the ellipsoid      ╲     the nearest line.
//!
//!    land frontiers ─▶ one tree of boxes        Two questions in one search: the nearest land frontier, and the
//!    all other lines ─▶ another                 nearest line where the states change. On land it is mostly the
//!                                               same line, and the other tree has nothing as near.
//! ```

use super::boxes::{Bounds, Boxed, Boxes, ROOT};
use super::ellipsoid::{Here, Space, metres, nearest_whole, on_ellipsoid, squared_distance};
use super::partition::{Arc, Partition};
use super::predicate::Vertex;
use super::starts::{Start, Starts};
use super::stretch::{CHORDS, Foot, Stretch, seeming};
use crate::domain::measure::Metres;

/// No chord is longer, metres.
const CHORD_MAX_M: f64 = 700.0;
/// Half the Earth's girth and more: no limit, metres.
pub(super) const ANYWHERE_M: f64 = 30_000_000.0;
/// A square of the map further away than this from every land frontier has no entry to them, metres.
const ENTRY_WITHIN_M: f64 = 300_000.0;
/// A limit wider than this, and vague, is narrowed by a first look before all boxes within it are looked at, metres.
const WIDE_M: f64 = 2_000.0;
/// A limit that ends a search, metres.
const NOWHERE_M: f64 = -1.0;
/// Beyond a limit is searched this much further, so that lines at the same centimetre are told apart there as
/// everywhere, metres.
const SAME_M: f64 = 0.05;
/// Where states meet, chords may lie in another order than their lines, by the sag of a chord and by rounding; this is
/// much more, metres.
pub(super) const ORDER_M: f64 = 1.0;

/// A line found near a position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// The arc it belongs to.
    pub(super) arc: usize,
    /// The point on it.
    pub(super) point: Space,
    /// The square of the distance to it through the Earth.
    pub(super) squared: f64,
    /// How far along the ellipsoid.
    pub(super) distance: Metres,
}

/// The nearest line so far. Of lines at the same distance to the centimetre, the one with the smallest rank; of those,
/// the nearest; of those, the first stretch: so the order of the search never shows.
#[derive(Debug, Clone, Copy)]
struct Best<R> {
    found: Option<(i64, R, f64, usize)>,
    point: Space,
    /// What is further away than this cannot be better, metres.
    bound_m: f64,
    /// The same, as squares of rough distances are compared to it.
    seeming: f32,
}

impl<R: Ord + Copy> Best<R> {
    fn within(limit_m: f64) -> Self {
        Self {
            found: None,
            point: [0.0; 3],
            bound_m: limit_m,
            seeming: seeming(limit_m),
        }
    }

    fn offer(&mut self, rank: R, index: usize, foot: &Foot) {
        let centimetres = nearest_whole(foot.squared.sqrt() * 100.0);
        let offered = (centimetres, rank, foot.squared, index);
        let is_better = self.found.is_none_or(|found| {
            (offered.0, offered.1)
                .cmp(&(found.0, found.1))
                .then(offered.2.total_cmp(&found.2))
                .then(offered.3.cmp(&found.3))
                .is_lt()
        });
        if is_better {
            self.found = Some(offered);
            self.point = foot.point;
            self.bound_to((centimetres + 1) as f64 / 100.0);
        }
    }

    fn bound_to(&mut self, bound_m: f64) {
        if bound_m < self.bound_m {
            self.bound_m = bound_m;
            self.seeming = seeming(bound_m);
        }
    }

    fn stretch(&self) -> Option<usize> {
        self.found.map(|(.., index)| index)
    }

    fn hit(&self, chords: &Chords, here: &Here) -> Option<Hit> {
        let (_, _, squared, index) = self.found?;
        Some(Hit {
            arc: chords.stretches[index].arc as usize,
            point: self.point,
            squared,
            distance: metres(here.arc_to(self.point)),
        })
    }

    /// Whether nothing that was left out could be better than what was found.
    fn is_settled(&self) -> bool {
        self.found
            .is_some_and(|(centimetres, ..)| (centimetres + 1) as f64 / 100.0 <= self.bound_m)
    }

    /// Whether it is, or nothing lies within the limit, which was searched.
    fn is_complete(&self, limit_m: f64) -> bool {
        self.is_settled() || self.bound_m >= limit_m
    }
}

/// All lines, ready to be asked for the nearest.
#[derive(Debug)]
pub(super) struct Chords {
    /// Those of land frontiers first.
    stretches: Vec<Stretch>,
    /// How many belong to land frontiers.
    on_land: usize,
    land: Boxes,
    others: Boxes,
    starts: Starts,
}

/// How far to search, metres; below zero, not at all.
#[derive(Debug, Clone, Copy)]
struct Reach {
    /// Where to begin among the land frontiers.
    entry: u32,
    /// Among the land frontiers.
    land_m: f64,
    /// Among the other lines.
    others_m: f64,
    /// Whether the nearest line may be much nearer.
    is_vague: bool,
}

/// Which lines to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Among {
    /// Land frontiers.
    Land,
    /// All arcs, the outer limits included.
    All,
}

impl Among {
    fn reach(self, limit_m: f64) -> Reach {
        Reach {
            entry: ROOT,
            land_m: limit_m,
            others_m: match self {
                Self::Land => NOWHERE_M,
                Self::All => limit_m,
            },
            is_vague: true,
        }
    }
}

/// How far to search for each of the two lines of [`Chords::survey`], metres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// The nearest land frontier.
    pub(super) land_m: f64,
    /// The nearest line where the territory of the states ends.
    pub(super) end_m: f64,
}

/// What an arc is to the place that [`Chords::survey`] asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind<R> {
    /// As a land frontier; none when it is not one.
    pub(super) land: Option<R>,
    /// Whether the territory of the states of the place ends here.
    pub(super) ends: bool,
    /// Whether the states change here, from any to any.
    pub(super) changes: bool,
}

/// What [`Chords::survey`] found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nearby {
    /// The nearest land frontier, if it lies within the limit.
    pub(super) land: Option<Hit>,
    /// The nearest line where the territory of the states ends.
    pub(super) end: Option<Hit>,
}

impl Chords {
    /// Lays chords along every arc of the partition; `is_land` tells which arcs are land frontiers.
    pub(super) fn of(partition: &Partition, is_land: impl Fn(usize) -> bool) -> Self {
        let mut groups = [Vec::new(), Vec::new()];
        let mut points = Vec::new();
        for (index, arc) in partition.arcs.iter().enumerate() {
            points.clear();
            lay_chords(partition, arc, &mut points);
            let group = &mut groups[usize::from(!is_land(index))];
            for start in (0..points.len() - 1).step_by(CHORDS) {
                let part = &points[start..points.len().min(start + CHORDS + 1)];
                group.push((Stretch::new(part, index as u32), Bounds::around(part)));
            }
        }
        let mut stretches = Vec::with_capacity(groups[0].len() + groups[1].len());
        let mut pack = |group: &[(Stretch, Bounds)]| {
            let mut items: Vec<Boxed> = (group.iter().zip(0..))
                .map(|((_, bounds), item)| Boxed {
                    item,
                    bounds: *bounds,
                })
                .collect();
            let boxes = Boxes::pack(&mut items);
            stretches.extend(items.iter().map(|boxed| group[boxed.item as usize].0));
            boxes
        };
        let (mut land, others) = (pack(&groups[0]), pack(&groups[1]));
        let starts = find_starts(partition, (&mut land, &others), &stretches);
        Self {
            stretches,
            on_land: groups[0].len(),
            land,
            others,
            starts,
        }
    }

    /// Visits the stretches whose boxes lie within the limits, those of land frontiers first. What `visit` returns are
    /// the limits from there on.
    fn search(
        &self,
        here: &Here,
        mut limits: Reach,
        mut visit: impl FnMut(usize, &Stretch) -> Reach,
    ) {
        let (land, others) = self.stretches.split_at(self.on_land);
        let mut first = None;
        if limits.is_vague && limits.land_m > WIDE_M {
            first = self.land.near(here.place, limits.entry);
            if let Some(item) = first {
                limits = visit(item as usize, &land[item as usize]);
            }
        }
        self.land
            .search(here.place, (limits.entry, limits.land_m), |item| {
                if Some(item) != first {
                    limits = visit(item as usize, &land[item as usize]);
                }
                limits.land_m
            });
        self.others
            .search(here.place, (ROOT, limits.others_m), |item| {
                visit(self.on_land + item as usize, &others[item as usize]).others_m
            });
    }

    /// The nearest line among the arcs to which `rank` gives a rank, if one lies within `limit_m` metres. Of lines at
    /// the same distance to the centimetre, the one with the smallest rank.
    pub(super) fn nearest<R: Ord + Copy>(
        &self,
        here: &Here,
        (among, limit_m): (Among, f64),
        rank: impl Fn(usize) -> Option<R>,
    ) -> Option<Hit> {
        let look = |reach: Reach| {
            let mut best = Best::within(reach.land_m);
            self.search(here, reach, |index, stretch| {
                if let Some(rank) = rank(stretch.arc as usize) {
                    let rough = stretch.rough(here.place);
                    if rough.least <= best.seeming {
                        best.offer(rank, index, &stretch.foot(here.place, &rough));
                    }
                }
                among.reach(best.bound_m)
            });
            best
        };
        let everywhere = among.reach(limit_m + SAME_M);
        let mut best = match self.starts.at(here.position) {
            Some(start) if among == Among::Land => look(Reach {
                entry: start.entry,
                land_m: start.land_at_most_m().min(everywhere.land_m),
                ..everywhere
            }),
            _ => look(everywhere),
        };
        if !best.is_complete(everywhere.land_m) {
            best = look(everywhere);
        }
        best.hit(self, here)
            .filter(|hit| hit.distance <= metres(limit_m))
    }

    /// Both lines at once: the nearest land frontier within `land_m` metres, of those at the same centimetre the first
    /// in rank, and the nearest line where the territory of the states of this place ends. They are looked for within
    /// `near` first; what is not found there, everywhere.
    ///
    /// ```text
    ///      ┌───── everywhere ─────┐    An earlier fix said: 40 m. Since then 30 m were driven: so at most 70 m.
    ///      │      ╭ near ╮        │    A line found within 70 m is the nearest. If none is, the hint was wrong,
    ///      │──────│──●   │────    │    and the search begins again without it.
    ///      │      ╰──────╯        │
    ///      └──────────────────────┘
    /// ```
    pub(super) fn survey<R: Ord + Copy>(
        &self,
        here: &Here,
        land_m: f64,
        near: Limits,
        kind: impl Fn(usize) -> Kind<R>,
    ) -> Nearby {
        let everywhere = Limits {
            land_m: land_m + SAME_M,
            end_m: ANYWHERE_M,
        };
        let start = self.starts.at(here.position).unwrap_or(&Start::ANYWHERE);
        let within = Limits {
            land_m: near
                .land_m
                .min(everywhere.land_m)
                .min(start.land_at_most_m()),
            end_m: near
                .end_m
                .min(everywhere.end_m)
                .min(start.any_at_most_m() + ORDER_M),
        };
        let (mut land, mut end) = self.two_nearest(here, start, within, &kind);
        if !(land.is_complete(everywhere.land_m) && end.is_settled()) {
            (land, end) = self.two_nearest(here, &Start::ANYWHERE, everywhere, &kind);
        }
        let ending = if end.is_settled() {
            end.hit(self, here)
        } else {
            let ends = |arc: usize| kind(arc).ends.then_some(());
            self.nearest(here, (Among::All, ANYWHERE_M), ends)
        };
        // On land it is mostly the same point.
        let is_same = end.is_settled() && land.stretch() == end.stretch();
        let land = if is_same {
            ending
        } else {
            land.hit(self, here)
        };
        Nearby {
            land: land.filter(|hit| hit.distance <= metres(land_m)),
            end: ending,
        }
    }

    /// The two nearest lines of [`Self::survey`], as far as they lie within the limits.
    fn two_nearest<R: Ord + Copy>(
        &self,
        here: &Here,
        start: &Start,
        limits: Limits,
        kind: impl Fn(usize) -> Kind<R>,
    ) -> (Best<R>, Best<()>) {
        let mut land = Best::within(limits.land_m);
        let mut end = Best::within(limits.end_m);
        let others_at_least_m = start.others_at_least_m();
        // A hint that says more than the square is close to the truth: a first look would tell nothing new.
        let square_m = start.land_at_most_m();
        let is_vague = square_m.is_infinite() || limits.land_m >= square_m;
        let reach = |land: &Best<R>, end: &Best<()>| Reach {
            entry: start.entry,
            land_m: land.bound_m.max(end.bound_m),
            others_m: if end.bound_m < others_at_least_m {
                NOWHERE_M
            } else {
                end.bound_m
            },
            is_vague,
        };
        self.search(here, reach(&land, &end), |index, stretch| {
            let rough = stretch.rough(here.place);
            if rough.least <= land.seeming.max(end.seeming) {
                let kind = kind(stretch.arc as usize);
                let foot = stretch.foot(here.place, &rough);
                if let Some(rank) = kind.land {
                    land.offer(rank, index, &foot);
                }
                if kind.ends {
                    end.offer((), index, &foot);
                } else if kind.changes {
                    // No territory reaches over a line where the states change: this one ends before.
                    end.bound_to(foot.squared.sqrt() + ORDER_M);
                }
            }
            reach(&land, &end)
        });
        (land, end)
    }

    /// Visits every arc with a point within `radius_m` metres, some of them more than once, until `visit` says that it
    /// has seen enough.
    pub(super) fn within(&self, here: &Here, radius_m: f64, mut visit: impl FnMut(usize) -> bool) {
        let limit = radius_m * radius_m;
        let seeming = seeming(radius_m);
        self.search(here, Among::All.reach(radius_m), |_, stretch| {
            let rough = stretch.rough(here.place);
            let touches =
                rough.least <= seeming && stretch.foot(here.place, &rough).squared <= limit;
            let is_enough = touches && visit(stretch.arc as usize);
            Among::All.reach(if is_enough { NOWHERE_M } else { radius_m })
        });
    }

    /// What [`Self::nearest`] answers, by measuring every chord of every line.
    #[cfg(test)]
    pub(super) fn nearest_by_hand<R: Ord + Copy>(
        &self,
        here: &Here,
        limit_m: f64,
        rank: impl Fn(usize) -> Option<R>,
    ) -> Option<Hit> {
        let mut best = Best::within(f64::INFINITY);
        for (index, stretch) in self.stretches.iter().enumerate() {
            if let Some(rank) = rank(stretch.arc as usize) {
                best.offer(rank, index, &stretch.foot_by_hand(here.place));
            }
        }
        best.hit(self, here)
            .filter(|hit| hit.distance <= metres(limit_m))
    }

    /// What [`Self::within`] visits, by measuring every chord of every line.
    #[cfg(test)]
    pub(super) fn within_by_hand(&self, here: &Here, radius_m: f64) -> Vec<usize> {
        (self.stretches.iter())
            .filter(|stretch| stretch.foot_by_hand(here.place).squared <= radius_m * radius_m)
            .map(|stretch| stretch.arc as usize)
            .collect()
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.stretches.as_slice())
            + self.land.bytes()
            + self.others.bytes()
            + self.starts.bytes()
    }
}

fn find_starts(
    partition: &Partition,
    (land, others): (&mut Boxes, &Boxes),
    stretches: &[Stretch],
) -> Starts {
    let on_land = stretches.len() - others.items();
    let (land_stretches, other_stretches) = stretches.split_at(on_land);
    let mut before: Option<(Space, Start)> = None;
    Starts::of(partition, |middle| {
        let place = middle.here.place;
        // No further than from the square before, and the way from there to here.
        let at_most = |known: fn(&Start) -> f32| {
            before.map_or(f64::INFINITY, |(from, start)| {
                f64::from(known(&start)) + squared_distance(from, place).sqrt() + ORDER_M
            })
        };
        let land_m = least_distance_m(land, land_stretches, place, at_most(|s| s.land_m));
        let others_m = least_distance_m(others, other_stretches, place, at_most(|s| s.others_m));
        let start = Start {
            entry: if land_m < ENTRY_WITHIN_M {
                let reach_m = land_m + 2.0 * (middle.radius_m + ORDER_M);
                land.entry(place, reach_m)
            } else {
                ROOT
            },
            land_m: land_m as f32,
            others_m: others_m as f32,
            radius_m: middle.radius_m as f32,
        };
        before = Some((place, start));
        start
    })
}

/// How far the nearest of some stretches lies, to a metre; infinite when none lies within a limit.
fn least_distance_m(boxes: &Boxes, stretches: &[Stretch], from: Space, limit_m: f64) -> f64 {
    let mut least_m = f64::INFINITY;
    boxes.search(from, (ROOT, limit_m), |item| {
        let rough = stretches[item as usize].rough(from);
        least_m = least_m.min(f64::from(rough.least.sqrt()));
        least_m
    });
    least_m
}

/// Appends the points of one arc, long edges divided.
fn lay_chords(partition: &Partition, arc: &Arc, points: &mut Vec<Space>) {
    let vertices = &partition.vertices[arc.range()];
    let place = |v: Vertex| on_ellipsoid(v.lon_deg(), v.lat_deg());
    let mut previous = place(vertices[0]);
    points.push(previous);
    for pair in vertices.windows(2) {
        let next = place(pair[1]);
        let pieces = (squared_distance(previous, next).sqrt() / CHORD_MAX_M).ceil() as u32;
        for piece in 1..pieces {
            let share = f64::from(piece) / f64::from(pieces);
            let (a, b) = (pair[0], pair[1]);
            points.push(on_ellipsoid(
                a.lon_deg() + share * (b.lon_deg() - a.lon_deg()),
                a.lat_deg() + share * (b.lat_deg() - a.lat_deg()),
            ));
        }
        points.push(next);
        previous = next;
    }
}
