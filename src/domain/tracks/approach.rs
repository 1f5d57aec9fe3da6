//! Is the unit on its way to a frontier, and when will it be there?

use super::ground::{self, Offset};
use super::motion::Motion;
use super::view::BorderView;
use super::window::Sample;
use crate::domain::borders::Frontier;
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
/// The same frontier is not told again sooner than this after the last word on it.
const AGAIN: Span = Span::from_minutes(5);
/// Drivers vary: the interval's ends are the fastest and slowest part of the last minute, and this much more.
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

    /// Whether the newest fix can change anything at all; most fixes lie far from any line.
    pub(super) fn concerns(&self, sample: &Sample) -> bool {
        // No kind of unit comes farther in that time.
        self.current.is_some() || sample.depth.as_f64() <= 130.0 * SOON.as_secs_f64()
    }

    /// What the newest fix changes.
    pub(super) fn turn(
        &self,
        sample: &Sample,
        motion: Option<Motion>,
        view: &(impl BorderView + ?Sized),
    ) -> Option<Turn> {
        let Some((approach, _)) = &self.current else {
            let motion = motion.filter(is_closing)?;
            let approach = self.predict(sample, motion, view)?;
            return Some(Turn::Approaching(approach));
        };
        let gone = sample.depth.as_centimetres()
            > approach.distance.as_centimetres() + AWAY.as_centimetres();
        let away = motion.is_some_and(|motion| motion.closing_mps < -CLOSING_LEAST_MPS);
        let closing = motion.as_ref().is_some_and(is_closing);
        let late = self
            .expires_at()
            .is_some_and(|end| sample.fixed_at > end && !closing);
        (late || (gone && away)).then_some(Turn::Receding(approach.frontier))
    }

    fn predict(
        &self,
        sample: &Sample,
        motion: Motion,
        view: &(impl BorderView + ?Sized),
    ) -> Option<Approach> {
        let soon_m = motion.speed_mps * SOON.as_secs_f64();
        if sample.disputed || sample.depth.as_f64() > soon_m.max(NEAR.as_f64()) {
            return None;
        }
        let approach = ahead(sample, motion, view)?;
        let told_lately = self.ended.is_some_and(|(frontier, at)| {
            frontier == approach.frontier && sample.fixed_at.since(at) < AGAIN
        });
        let worth_telling = approach.distance < NEAR || approach.eta < SOON;
        (worth_telling && !told_lately).then_some(approach)
    }
}

fn is_closing(motion: &Motion) -> bool {
    motion.closing_mps >= CLOSING_LEAST_MPS
        && motion.closing_mps >= CLOSING_SHARE * motion.speed_mps
}

/// Where the straight way ahead meets the first line.
fn ahead(sample: &Sample, motion: Motion, view: &(impl BorderView + ?Sized)) -> Option<Approach> {
    let soon_m = motion.speed_mps * SOON.as_secs_f64();
    let horizon_m = soon_m.max(NEAR.as_f64());
    let scale = horizon_m / motion.way.length_m();
    let end = ground::moved(
        sample.position,
        Offset {
            east_m: motion.way.east_m * scale,
            north_m: motion.way.north_m * scale,
        },
    );
    let meeting = view.meetings(sample.position, end).into_iter().next()?;
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
