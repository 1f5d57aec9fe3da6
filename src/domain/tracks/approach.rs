//! Is the unit on its way to a frontier, and when will it be there?

use super::ground::{self, Offset};
use super::likely::Likely;
use super::motion::{Motion, Recent};
use super::view::BorderView;
use super::window::{Sample, Window};
use crate::domain::borders::{Frontier, Meeting};
use crate::domain::event::{Approach, LikelyCrossing};
use crate::domain::measure::{Metres, Span, Timestamp};

/// Told when the frontier is nearer than this...
const NEAR: Metres = Metres::from_centimetres(1_000_000);
/// ...or will be reached sooner than this.
const SOON: Span = Span::from_minutes(10);
/// An arrival sooner than this, or one that errors alone may have brought about by now, is not foretold: the crossing
/// itself is told as soon.
const SOONEST: Span = Span::from_secs(15);
/// Of its speed a unit must bring at least this share to bear against the line: along the line is not towards it.
const CLOSING_SHARE: f64 = 0.25;
/// Slower than this nothing approaches, metres a second.
const CLOSING_LEAST_MPS: f64 = 0.7;
/// Another place than was told is farther than this from it.
const AWAY: Metres = Metres::from_centimetres(30_000);
/// A unit that goes away from the line, and came farther from it than it had been by this share of the way told, has turned
/// away.
const TURNED_SHARE: f64 = 0.25;
/// A frontier that was left alone is not told again sooner than this...
const AGAIN: Span = Span::from_minutes(5);
/// ...and while the unit has neither been farther than [`BESIDE`] from every line since nor stood for [`AGAIN`], than
/// this: it goes along the line, as was told. One that waited there and sets out for the line is told again.
const AGAIN_AT_THE_LINE: Span = Span::from_minutes(60);
/// Roads along a frontier keep nearer to it than this.
const BESIDE: Metres = Metres::from_centimetres(100_000);
/// A straight way foretells nothing farther ahead than this: three times [`SOON`].
const ETA_MOST: Span = Span::from_minutes(30);
/// An interval wider than this...
const WIDE: Span = Span::from_minutes(2);
/// ...and than so many times the time foretold helps nobody. So it is just after a start or a turn, and the next fixes know
/// more: it is waited for.
const WIDE_SHARE: i64 = 2;
/// Who goes by no road and hovers for this long has ended the way that was told.
const HOVERS: Span = Span::from_secs(8);
/// And nobody is expected longer than this.
const LATEST_MOST: Span = Span::from_minutes(60);
/// The approach under way is not told again sooner than this, whatever changes: a log is read by people...
const RETOLD: Span = Span::from_secs(15);
/// ...and a later arrival than was told can wait this long: it takes no time from anybody.
const RETOLD_LATER: Span = Span::from_secs(60);
/// Nor by a unit that brings less than this share of its speed to bear against the line (30° to it): on a road along the
/// line every bend has another time of arrival.
const RETOLD_SHARE: f64 = 0.5;
/// A place told from afar is told again when so small a part of the way is left, and it is [`AWAY`] from there.
const RETOLD_NEARER: f64 = 4.0;
/// A frontier lies ahead when it does so this far to the left and to the right as well (15°): no unit keeps a direction
/// better.
const ASIDE_TANGENT: f64 = 0.268;
/// ...and not farther there than by this factor: on a straight line that is 30° to it. A unit that bends by less than
/// those 15° until it arrives may come along the line.
const ASIDE_FARTHER: f64 = 2.0;
/// The newest seconds of a steady leg: so long at least...
const LATELY: Span = Span::from_secs(4);
/// ...and not farther off than errors and this share of the way that the leg leads one to expect.
const LATELY_OFF: f64 = 0.6;
/// Drivers vary: the interval's ends are the fastest and slowest part of the steady leg, and this much more.
const VARIES: f64 = 1.25;

/// What was told of approaches.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Approaches {
    /// The one under way, and when it was told. Most units have none.
    pub(super) current: Option<Box<(Approach, Timestamp)>>,
    /// The frontier last left alone, and when.
    ended: Option<(Frontier, Timestamp)>,
}

/// What must be told of an approach now.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Turn {
    Approaching(Approach),
    Receding(Frontier),
    /// It turned from one frontier to another.
    Instead(Frontier, Approach),
}

impl Approaches {
    /// Folds that an approach was told.
    pub(super) fn note(&mut self, approach: &Approach, at: Timestamp) {
        self.current = Some(Box::new((approach.clone(), at)));
    }

    /// Folds that the approach under way is over: turned away, arrived, or off duty.
    pub(super) fn end(&mut self, at: Timestamp) {
        if let Some((approach, _)) = self.current.take().map(|told| *told) {
            self.ended = Some((approach.frontier, at));
        }
    }

    /// Until when the approach under way is believed of a unit that is not heard: nothing says that it turned.
    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        let (approach, told_at) = self.current.as_deref()?;
        let twice = Span::from_millis(approach.eta_latest.as_millis().saturating_mul(2));
        Some(told_at.plus(twice).plus(AGAIN))
    }

    /// Whether the newest fix can change anything at all, after the places before it; most fixes lie far from any line.
    pub(super) fn concerns(&self, sample: &Sample, before: &Recent) -> bool {
        let soon_m = || before.at_most_mps(sample) * SOON.as_secs_f64();
        self.current.is_some() || sample.depth <= NEAR || sample.depth.as_f64() <= soon_m()
    }

    /// What the newest fix changes; `window` holds those before it. Told of it are whether the unit keeps to roads, and
    /// which frontier is the nearest on land.
    pub(super) fn turn(
        &self,
        sample: &Sample,
        motion: Option<Motion>,
        (by_road, nearest): (bool, Option<Frontier>),
        view: &(impl BorderView + ?Sized),
        window: &Window,
    ) -> Option<Turn> {
        let now = sample.fixed_at;
        let course = motion.map(|motion| Course {
            sample,
            motion,
            by_road,
            view,
            window,
        });
        let Some((approach, told_at)) = self.current.as_deref() else {
            let course = course?;
            let approach = course.leads_to(|frontier| !self.was_told_just_now(frontier, now))?;
            let beside = self.stayed_beside(approach.frontier, now, window)
                || (nearest == Some(approach.frontier) && course.goes_along());
            return (!beside).then_some(Turn::Approaching(approach));
        };
        let since_told = || window.from(window.after(*told_at));
        let ended = match &course {
            Some(course) => course.has_turned_from(approach, *told_at, since_told()),
            None => {
                !by_road && sample.states != approach.to && hovers(since_told(), sample, approach)
            }
        };
        if ended {
            return Some(Turn::Receding(approach.frontier));
        }
        // Beyond the line it has arrived, and only that is not proven yet.
        let is_overdue = now > told_at.plus(approach.eta_latest) && sample.states != approach.to;
        if is_overdue {
            let closing = course.filter(Course::is_closing);
            let next = closing.and_then(|course| course.leads_to(|at| at == approach.frontier));
            return Some(next.map_or(Turn::Receding(approach.frontier), Turn::Approaching));
        }
        if now.since(*told_at) < RETOLD {
            return None;
        }
        self.goes_otherwise(approach, *told_at, &course?, window)
    }

    /// Whether the unit goes to the frontier of the approach under way at another time than was told, or to another one.
    fn goes_otherwise<V: BorderView + ?Sized>(
        &self,
        approach: &Approach,
        told_at: Timestamp,
        course: &Course<'_, V>,
        window: &Window,
    ) -> Option<Turn> {
        if !course.motion.at_rung || !course.keeps_up() {
            return None;
        }
        let now = course.sample.fixed_at;
        let ahead = course.ahead()?;
        let next = &ahead.approach;
        if !is_worth_telling(next) {
            return None;
        }
        if next.frontier != approach.frontier {
            let sure = ahead.is_ahead_aside()
                && !self.was_told_just_now(next.frontier, now)
                && !self.stayed_beside(next.frontier, now, window);
            return sure.then(|| Turn::Instead(approach.frontier, course.tells(ahead, &[])));
        }
        let arrives_at = now.plus(next.eta);
        let earlier = arrives_at < told_at.plus(approach.eta_earliest);
        let later = arrives_at > told_at.plus(approach.eta_latest);
        let waited = now.since(told_at) >= RETOLD_LATER;
        let otherwise = earlier || (later && waited);
        let moved = ground::distance(next.point, approach.point) > AWAY;
        let nearer = next.distance.as_f64() * RETOLD_NEARER <= approach.distance.as_f64();
        let straight = !course.is_slanting() && course.is_closing();
        let changed = (otherwise || (moved && nearer)) && straight;
        let elsewhere = || {
            let told = &approach.crossings;
            let turned = || course.likely(&ahead, told).turned_from(told);
            let part = Span::from_millis((approach.eta.as_millis() as f64 / RETOLD_NEARER) as i64);
            waited && now.since(told_at) >= part && course.is_closing() && turned()
        };
        (changed || elsewhere())
            .then(|| Turn::Approaching(course.tells(ahead, &approach.crossings)))
    }

    fn was_told_just_now(&self, frontier: Frontier, now: Timestamp) -> bool {
        self.ended
            .is_some_and(|(ended, at)| ended == frontier && now.since(at) < AGAIN)
    }

    /// Whether the unit still goes along the frontier that it left alone. Asked last: it looks through the fixes since.
    fn stayed_beside(&self, frontier: Frontier, now: Timestamp, window: &Window) -> bool {
        let left = self.ended.filter(|(ended, _)| *ended == frontier);
        left.is_some_and(|(_, at)| {
            let since = || window.from(window.after(at));
            let was_away = || since().any(|fix| fix.depth > BESIDE);
            now.since(at) < AGAIN_AT_THE_LINE && !was_away() && !stood(since())
        })
    }
}

/// Whether a unit keeps to one place, within two accuracies, for [`HOVERS`], and for so long that by the speed it was told
/// with it would have left that place.
fn hovers<'a>(
    fixes: impl Iterator<Item = &'a Sample>,
    newest: &Sample,
    approach: &Approach,
) -> bool {
    let within_m = 2.0 * newest.accuracy.as_f64();
    let is_here =
        |fix: &Sample| ground::distance(fix.position, newest.position).as_f64() <= within_m;
    let mut since = newest.fixed_at;
    let mut was_here = false;
    for fix in fixes {
        if is_here(fix) && !was_here {
            since = fix.fixed_at;
        }
        was_here = is_here(fix);
    }
    let lasts = newest.fixed_at.since(since);
    let speed_mps = approach.distance.as_f64() / approach.eta.as_secs_f64().max(1.0);
    was_here && lasts >= HOVERS && speed_mps * lasts.as_secs_f64() >= 2.0 * within_m
}

/// Whether a unit stood for [`AGAIN`]: its fixes kept within two accuracies of the first of them.
fn stood<'a>(mut fixes: impl Iterator<Item = &'a Sample>) -> bool {
    let Some(mut first) = fixes.next() else {
        return false;
    };
    fixes.any(|fix| {
        let error_m = 2.0 * fix.accuracy.max(first.accuracy).as_f64();
        if ground::distance(first.position, fix.position).as_f64() > error_m {
            first = fix;
        }
        fix.fixed_at.since(first.fixed_at) >= AGAIN
    })
}

fn is_worth_telling(approach: &Approach) -> bool {
    let near = approach.distance < NEAR || approach.eta < SOON;
    let ahead = approach.eta >= SOONEST && approach.eta_earliest > Span::ZERO;
    let (earliest, latest) = (approach.eta_earliest, approach.eta_latest);
    let wide_ms = latest.as_millis() - earliest.as_millis();
    let helps = wide_ms <= WIDE.as_millis().max(WIDE_SHARE * approach.eta.as_millis());
    near && ahead && approach.eta <= ETA_MOST && helps
}

/// A place, the motion there, and the borders ahead.
struct Course<'a, V: BorderView + ?Sized> {
    sample: &'a Sample,
    motion: Motion,
    /// Whether it keeps to roads: then it may cross at a crossing point.
    by_road: bool,
    view: &'a V,
    /// The fixes before.
    window: &'a Window,
}

/// A frontier ahead.
struct Ahead {
    /// Without the crossing points.
    approach: Approach,
    /// Where the straight way meets it.
    meeting: Meeting,
    /// The greater of the ways to it on the left and on the right; `None` when it does not lie there.
    aside_m: Option<f64>,
    /// How much the course will have bent on arrival, when it goes on bending as it did: a tangent.
    bend: f64,
}

impl Ahead {
    /// Whether it lies ahead on both sides of the straight way too, and about as far.
    fn is_ahead_aside(&self) -> bool {
        let most_m = ASIDE_FARTHER * self.approach.distance.as_f64();
        self.aside_m.is_some_and(|aside_m| aside_m <= most_m)
    }

    /// Whether it lies ahead on both sides, and the unit keeps its direction.
    fn is_ahead_steadily(&self) -> bool {
        self.aside_m.is_some() && self.bend <= ASIDE_TANGENT
    }
}

impl<V: BorderView + ?Sized> Course<'_, V> {
    /// Whether the nearest line comes closer, by more than errors.
    fn is_closing(&self) -> bool {
        let closing_mps = self.motion.closing_mps;
        closing_mps >= CLOSING_LEAST_MPS
            && closing_mps >= CLOSING_SHARE * self.motion.speed_mps
            && closing_mps >= self.motion.closing_error_mps
    }

    /// The way of the newest seconds, and how many they are.
    fn lately(&self) -> Option<(Offset, f64)> {
        let until = self
            .sample
            .fixed_at
            .plus(Span::from_millis(-LATELY.as_millis()));
        let before = self.window.get(self.window.after(until).checked_sub(1)?)?;
        let seconds = self.sample.fixed_at.since(before.fixed_at).as_secs_f64();
        Some((
            ground::offset(before.position, self.sample.position),
            seconds,
        ))
    }

    /// Whether the newest seconds go on as the leg does. Just after a start or a turn its places are too far apart to show
    /// that it is a mixture of two.
    fn keeps_up(&self) -> bool {
        let motion = &self.motion;
        self.lately().is_none_or(|(went, seconds)| {
            let share = seconds / motion.lasted_s.max(0.001);
            let off = Offset {
                east_m: went.east_m - motion.way.east_m * share,
                north_m: went.north_m - motion.way.north_m * share,
            };
            let expected_m = motion.speed_mps * seconds;
            off.length_m() <= self.sample.accuracy.as_f64() + LATELY_OFF * expected_m
        })
    }

    /// Whether the nearest line comes closer slowly for its speed: it goes rather along it than to it.
    fn is_slanting(&self) -> bool {
        self.motion.closing_mps < RETOLD_SHARE * self.motion.speed_mps
    }

    /// Whether the unit goes along the nearest line: had it gone to it at 30° or more on its newest leg, it would be there.
    fn goes_along(&self) -> bool {
        let motion = &self.motion;
        let began_m = self.sample.depth.as_f64() + motion.closing_mps * motion.lasted_s;
        self.is_slanting() && RETOLD_SHARE * motion.speed_mps * motion.lasted_s >= began_m
    }

    /// Whether the unit has turned away from the line it approached, by more than errors and from where it had come to by
    /// the fixes since. Not as long as the straight way still leads there in time: another line may be the nearest.
    fn has_turned_from<'f>(
        &self,
        approach: &Approach,
        told_at: Timestamp,
        mut since: impl Iterator<Item = &'f Sample>,
    ) -> bool {
        let (sample, motion) = (self.sample, self.motion);
        let away_mps = -motion.closing_mps;
        let goes_away = away_mps >= CLOSING_LEAST_MPS
            && away_mps >= CLOSING_SHARE * motion.speed_mps
            && away_mps >= motion.closing_error_mps;
        if !goes_away || sample.states == approach.to {
            return false;
        }
        let margin_m = approach.distance.as_f64() * TURNED_SHARE;
        let had_come = |fix: &Sample| fix.depth.as_f64() + margin_m < sample.depth.as_f64();
        let latest = told_at.plus(approach.eta_latest);
        since.any(had_come)
            && !self
                .ahead()
                .map(|ahead| ahead.approach)
                .is_some_and(|next| {
                    next.frontier == approach.frontier && sample.fixed_at.plus(next.eta) <= latest
                })
    }

    /// The approach to tell, if there is none yet, to a frontier of which something may be told; when the nearest line
    /// does not come closer, to another one.
    fn leads_to(&self, may_tell: impl FnOnce(Frontier) -> bool) -> Option<Approach> {
        let closing = self.is_closing();
        let near = self.sample.depth.as_f64() <= self.horizon_m();
        let looks = closing || self.motion.at_rung;
        let moves = self.motion.speed_mps >= CLOSING_LEAST_MPS;
        if self.sample.disputed || !near || !looks || !moves {
            return None;
        }
        let meeting = self.meeting(0.0)?;
        let ahead = may_tell(meeting.frontier?).then(|| self.ahead_at(&meeting))??;
        let leads = ahead.is_ahead_aside() || (closing && ahead.is_ahead_steadily());
        (leads && is_worth_telling(&ahead.approach) && self.keeps_up())
            .then(|| self.tells(ahead, &[]))
    }

    /// The crossing points that it may be on its way to, after what was told of that.
    fn likely(&self, ahead: &Ahead, told: &[LikelyCrossing]) -> Likely<'_> {
        let view = self.by_road.then_some(self.view);
        Likely::of(self.sample, &self.motion, &ahead.meeting, (view, told))
    }

    /// The approach as it is told, after what was told of the same way.
    fn tells(&self, mut ahead: Ahead, told: &[LikelyCrossing]) -> Approach {
        let likely = self.likely(&ahead, told);
        ahead.approach.crossings = likely.told(self.sample, &self.motion);
        ahead.approach
    }

    fn horizon_m(&self) -> f64 {
        let soon_m = self.motion.speed_mps * SOON.as_secs_f64();
        soon_m.max(NEAR.as_f64())
    }

    /// Where the straight way ahead, turned to the left by the angle of `tangent`, meets the first line.
    fn meeting(&self, tangent: f64) -> Option<Meeting> {
        let from = self.sample.position;
        let end = ground::moved(from, self.motion.way.turned(self.horizon_m(), tangent));
        self.view.meetings(from, end).into_iter().next()
    }

    /// Where and when the straight way ahead meets the first line.
    fn ahead(&self) -> Option<Ahead> {
        self.ahead_at(&self.meeting(0.0)?)
    }

    /// The interval: at the earliest it goes straight to the nearest line, faster than it was seen to go; at the latest
    /// it keeps to the side where the line is farthest, as slowly as it was seen to go, and goes on bending as it did.
    fn ahead_at(&self, meeting: &Meeting) -> Option<Ahead> {
        let (sample, motion) = (self.sample, self.motion);
        // At the outer limit of the territorial sea no state begins.
        let frontier = meeting.frontier?;
        let distance = ground::distance(sample.position, meeting.point);
        let metres = distance.as_f64();
        let sides = [ASIDE_TANGENT, -ASIDE_TANGENT].map(|tangent| {
            let aside = self.meeting(tangent)?;
            let metres = ground::distance(sample.position, aside.point).as_f64();
            Some((aside.frontier == Some(frontier), metres))
        });
        let farthest_m = sides.iter().flatten().fold(metres, |m, side| m.max(side.1));
        let is_there = sides.iter().all(|side| side.is_some_and(|(same, _)| same));
        let seconds = metres / motion.speed_mps.max(0.1);
        let bends = motion.bend * seconds / motion.lasted_s;
        let error_m = 2.0 * sample.accuracy.as_f64();
        let shortest_m = (sample.depth.as_f64().min(metres) - error_m).max(0.0);
        let longest_m = (farthest_m + error_m) * (1.0 + bends);
        let lately_mps = self
            .lately()
            .map_or(0.0, |(went, seconds)| went.length_m() / seconds);
        let fastest_mps = motion.fastest_mps.max(lately_mps);
        let approach = Approach {
            from: meeting.from_named(),
            to: meeting.to_named(),
            frontier,
            distance,
            eta: takes(metres, motion.speed_mps),
            eta_earliest: takes(shortest_m, fastest_mps * VARIES),
            eta_latest: takes(longest_m, motion.slowest_mps / VARIES).min(LATEST_MOST),
            point: meeting.point,
            crossings: Vec::new(),
        };
        Some(Ahead {
            meeting: *meeting,
            approach,
            aside_m: is_there.then_some(farthest_m),
            bend: motion.bend + bends,
        })
    }
}

fn takes(metres: f64, speed_mps: f64) -> Span {
    Span::from_millis((metres / speed_mps.max(0.1) * 1_000.0).round().max(0.0) as i64)
}
