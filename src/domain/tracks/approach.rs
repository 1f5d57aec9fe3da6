//! Is the unit on its way to a frontier, and when will it be there?

use super::ground;
use super::motion::{Motion, Recent};
use super::view::BorderView;
use super::window::Sample;
use crate::domain::borders::{Frontier, Meeting};
use crate::domain::event::Approach;
use crate::domain::measure::{Metres, Span, Timestamp};

/// Told when the frontier is nearer than this...
const NEAR: Metres = Metres::from_centimetres(1_000_000);
/// ...or will be reached sooner than this.
const SOON: Span = Span::from_minutes(10);
/// Of its speed a unit must bring at least this share to bear against the line: along the line is not towards it.
const CLOSING_SHARE: f64 = 0.25;
/// Slower than this nothing approaches, metres a second.
const CLOSING_LEAST_MPS: f64 = 0.7;
/// A unit that came this much farther from the line than when its approach was told has turned away.
const AWAY: Metres = Metres::from_centimetres(30_000);
/// A frontier that was left alone is not told again sooner than this.
const AGAIN: Span = Span::from_minutes(5);
/// A straight way foretells nothing farther ahead than this: three times [`SOON`].
const ETA_MOST: Span = Span::from_minutes(30);
/// The approach under way is not told again sooner than this, whatever changes: a log is read by people...
const RETOLD: Span = Span::from_secs(15);
/// ...and a later arrival than was told can wait this long: it takes no time from anybody.
const RETOLD_LATER: Span = Span::from_secs(60);
/// Nor by a unit that brings less than this share of its speed to bear against the line (30° to it): on a road along the
/// line every bend has another time of arrival.
const RETOLD_SHARE: f64 = 0.5;
/// A frontier that is not the nearest lies ahead when it does so this far to the left and to the right as well (15°):
/// no unit keeps a direction better.
const ASIDE_TANGENT: f64 = 0.268;
/// Drivers vary: the interval's ends are the fastest and slowest part of the steady leg, and this much more.
const VARIES: f64 = 1.25;

/// What was told of approaches.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Approaches {
    /// The one under way, and when it was told.
    pub(super) current: Option<(Approach, Timestamp)>,
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
        self.current = Some((approach.clone(), at));
    }

    /// Folds that the approach under way is over: turned away, arrived, or off duty.
    pub(super) fn end(&mut self, at: Timestamp) {
        if let Some((approach, _)) = self.current.take() {
            self.ended = Some((approach.frontier, at));
        }
    }

    /// Until when the approach under way is believed without news.
    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        let (approach, told_at) = self.current.as_ref()?;
        let twice = Span::from_millis(approach.eta_latest.as_millis().saturating_mul(2));
        Some(told_at.plus(twice).plus(AGAIN))
    }

    /// Whether the newest fix can change anything at all, after the places before it; most fixes lie far from any line.
    pub(super) fn concerns(&self, sample: &Sample, before: &Recent) -> bool {
        let soon_m = || before.at_most_mps(sample) * SOON.as_secs_f64();
        self.current.is_some() || sample.depth <= NEAR || sample.depth.as_f64() <= soon_m()
    }

    /// What the newest fix changes.
    pub(super) fn turn(
        &self,
        sample: &Sample,
        motion: Option<Motion>,
        view: &(impl BorderView + ?Sized),
    ) -> Option<Turn> {
        let Some((approach, told_at)) = &self.current else {
            let course = Course {
                sample,
                motion: motion?,
                view,
            };
            let approach = course.leads_to(course.is_closing())?;
            let told_lately = self.was_told_lately(approach.frontier, sample.fixed_at);
            return (!told_lately).then_some(Turn::Approaching(approach));
        };
        let gone = sample.depth.as_centimetres()
            > approach.distance.as_centimetres() + AWAY.as_centimetres();
        let away = motion.is_some_and(|motion| motion.closing_mps < -CLOSING_LEAST_MPS);
        let course = motion.map(|motion| Course {
            sample,
            motion,
            view,
        });
        let closing = course.as_ref().is_some_and(Course::is_closing);
        let late = self
            .expires_at()
            .is_some_and(|end| sample.fixed_at > end && !closing);
        if late || (gone && away) {
            return Some(Turn::Receding(approach.frontier));
        }
        if sample.fixed_at.since(*told_at) < RETOLD {
            return None;
        }
        self.goes_otherwise(approach, *told_at, &course?)
    }

    /// Whether the unit goes to the frontier of the approach under way at another time than was told, or to another one.
    fn goes_otherwise<V: BorderView + ?Sized>(
        &self,
        approach: &Approach,
        told_at: Timestamp,
        course: &Course<'_, V>,
    ) -> Option<Turn> {
        if !course.motion.at_rung {
            return None;
        }
        let (
            now,
            Motion {
                speed_mps,
                closing_mps,
                ..
            },
        ) = (course.sample.fixed_at, course.motion);
        let next = course.ahead().filter(is_worth_telling)?;
        if next.frontier != approach.frontier {
            let sure = !self.was_told_lately(next.frontier, now) && course.is_ahead_aside(&next);
            return sure.then_some(Turn::Instead(approach.frontier, next));
        }
        let arrives_at = now.plus(next.eta);
        let earlier = arrives_at < told_at.plus(approach.eta_earliest);
        let later = arrives_at > told_at.plus(approach.eta_latest);
        let otherwise = earlier || (later && now.since(told_at) >= RETOLD_LATER);
        let straight = closing_mps >= RETOLD_SHARE * speed_mps && course.is_closing();
        (otherwise && straight).then_some(Turn::Approaching(next))
    }

    fn was_told_lately(&self, frontier: Frontier, now: Timestamp) -> bool {
        self.ended
            .is_some_and(|(ended, at)| ended == frontier && now.since(at) < AGAIN)
    }
}

fn is_worth_telling(approach: &Approach) -> bool {
    let near = approach.distance < NEAR || approach.eta < SOON;
    near && approach.eta <= ETA_MOST
}

/// A place, the motion there, and the borders ahead.
struct Course<'a, V: BorderView + ?Sized> {
    sample: &'a Sample,
    motion: Motion,
    view: &'a V,
}

impl<V: BorderView + ?Sized> Course<'_, V> {
    /// Whether the nearest line comes closer.
    fn is_closing(&self) -> bool {
        self.motion.closing_mps >= CLOSING_LEAST_MPS
            && self.motion.closing_mps >= CLOSING_SHARE * self.motion.speed_mps
    }

    /// The approach to tell, if there is none yet; when the nearest line does not come closer, to another one.
    fn leads_to(&self, closing: bool) -> Option<Approach> {
        let near = self.sample.depth.as_f64() <= self.horizon_m();
        let looks = closing || self.motion.at_rung;
        let moves = self.motion.speed_mps >= CLOSING_LEAST_MPS;
        if self.sample.disputed || !near || !looks || !moves {
            return None;
        }
        let approach = self.ahead().filter(is_worth_telling)?;
        (closing || self.is_ahead_aside(&approach)).then_some(approach)
    }

    /// Whether a frontier lies ahead on both sides of the straight way too.
    fn is_ahead_aside(&self, approach: &Approach) -> bool {
        [ASIDE_TANGENT, -ASIDE_TANGENT].into_iter().all(|tangent| {
            self.meeting(tangent)
                .is_some_and(|meeting| meeting.frontier == Some(approach.frontier))
        })
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
    fn ahead(&self) -> Option<Approach> {
        let (sample, motion) = (self.sample, self.motion);
        let meeting = self.meeting(0.0)?;
        let distance = ground::distance(sample.position, meeting.point);
        let eta = |metres: f64, speed_mps: f64| {
            Span::from_millis((metres / speed_mps.max(0.1) * 1_000.0).round().max(0.0) as i64)
        };
        let metres = distance.as_f64();
        let error_m = 2.0 * sample.accuracy.as_f64();
        let shortest_m = (sample.depth.as_f64().min(metres) - error_m).max(0.0);
        Some(Approach {
            from: meeting.from_named(),
            to: meeting.to_named(),
            // At the outer limit of the territorial sea no state begins.
            frontier: meeting.frontier?,
            distance,
            eta: eta(metres, motion.speed_mps),
            eta_earliest: eta(shortest_m, motion.fastest_mps * VARIES),
            eta_latest: eta(metres + error_m, motion.slowest_mps / VARIES),
            point: meeting.point,
        })
    }
}
