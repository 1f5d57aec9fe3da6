//! Does an aircraft keep away from a line that no rule lets it cross, and when will it be over it?
//!
//! ```text
//!              stand-off           line
//!   ·  ·  ·  ·  ·|░░░░░░░░░░░░░░░░░░░|        near: the distance to the line, whatever it does
//!        o───────|──────────────────>|        ahead: its way of the next seconds meets the line
//!        o──╮    |                   |        ...and a steady turn is taken into account
//! ```
//!
//! An unmanned aircraft hovers, drifts and turns on the spot: unlike an approach (`approach.rs`), which foretells the arrival of who
//! goes somewhere, this looks at the newest seconds alone and forgets nothing for having been told an hour ago. What may be
//! crossed is for the law to say: whoever asks hands in the answer.

use super::ground::{self, Offset};
use super::track::Track;
use super::view::BorderView;
use crate::domain::event::{Event, Refusal, StandOff, TrackEventKind};
use crate::domain::ids::StateSet;
use crate::domain::measure::{Metres, Position, Span, Timestamp};
use crate::domain::tracks::fix::Fix;

/// Who was nearer than the stand-off keeps it again when it is so much farther (WORKFLOW.md 4.3 has the same hysteresis).
const FARTHER: Metres = Metres::from_centimetres(5_000);
/// What was foretold stands for so long at least, though the aircraft has turned meanwhile: a log is read by people.
const HOLDS: Span = Span::from_secs(10);
/// A time foretold is told anew when it moved by more than this.
const MOVED: Span = Span::from_secs(10);
/// A fix that is older on arrival foretells nothing: what it foretold may be over.
const FRESH: Span = Span::from_secs(15);
/// The newest seconds: a velocity is the way over one of these spans, the first that errors alone do not explain...
const LEGS: [Span; 4] = [
    Span::from_secs(3),
    Span::from_secs(6),
    Span::from_secs(12),
    Span::from_secs(24),
];
/// ...which is longer than so many accuracies.
const PROVEN: f64 = 2.0;
/// Whether it turns is seen over three legs of so long each...
const TURN_LEG: Span = Span::from_secs(4);
/// ...that may last so much longer, if its receiver speaks seldom.
const TURN_LEG_MOST: Span = Span::from_secs(8);
/// ...each bent against the one before by more than this, the same way.
const TURN_LEAST_RAD: f64 = 0.14;
/// A turn is followed in steps of so many seconds.
const STEP_S: f64 = 2.0;
/// Slower than this it hovers, metres a second.
const HOVERS_MPS: f64 = 0.3;

/// What is to be kept from a line that may not be crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Margin {
    /// So far away.
    pub stand_off: Metres,
    /// And nothing that leads over it within this.
    pub ahead: Span,
}

/// A way that leads over a line, by geometry alone.
struct Prospect {
    to: StateSet,
    distance: Metres,
    over_at: Timestamp,
}

impl Track {
    /// What was last told of a stand-off that is not kept, and when.
    #[must_use]
    pub fn stand_off(&self) -> Option<(&StandOff, Timestamp)> {
        let told = self.stand_off.as_deref()?;
        Some((&told.0, told.1))
    }

    /// What a fix that is not folded yet changes of the stand-off. `forbids` says what stands against entering these states;
    /// `None` when no obstacle is found. A fix that is not the newest, or came late, changes nothing.
    pub fn decide_stand_off(
        &self,
        fix: &Fix,
        margin: Margin,
        view: &(impl BorderView + ?Sized),
        forbids: impl Fn(StateSet) -> Option<Refusal>,
        out: &mut Vec<Event>,
    ) {
        let newer = |latest: &Fix| latest.fixed_at > fix.fixed_at;
        let late = fix.received_at.since(fix.fixed_at) > FRESH;
        if late || self.latest.as_ref().is_some_and(newer) {
            return;
        }
        let told = self.stand_off();
        let stands = self.stands(fix, margin, view, &forbids);
        let kind = match (told, stands) {
            (None, None) => return,
            (Some((told, at)), now) if was_just_foretold(told, at, now.as_ref(), fix.fixed_at) => {
                return;
            }
            (Some(_), None) => TrackEventKind::StandOffKept,
            (Some((told, at)), Some(now)) if !is_news(told, at, &now, fix.fixed_at) => return,
            (_, Some(now)) if now.over_at.is_some() => {
                TrackEventKind::BreachPredicted(Box::new(now))
            }
            (_, Some(now)) => TrackEventKind::StandOffBroken(Box::new(now)),
        };
        out.push(self.event(fix.fixed_at, kind));
    }

    fn stands(
        &self,
        fix: &Fix,
        margin: Margin,
        view: &(impl BorderView + ?Sized),
        forbids: &impl Fn(StateSet) -> Option<Refusal>,
    ) -> Option<StandOff> {
        let from = self.settled().unwrap_or(fix.location.states);
        let prospect = self.prospect(fix, from, margin, view);
        let breach = prospect.and_then(|ahead| {
            let because = forbids(ahead.to)?;
            Some(StandOff {
                from,
                to: ahead.to,
                distance: ahead.distance,
                stand_off: margin.stand_off,
                over_at: Some(ahead.over_at),
                because,
            })
        });
        breach.or_else(|| {
            let kept_from = match self.stand_off {
                Some(_) => farther(margin.stand_off),
                None => margin.stand_off,
            };
            if fix.depth > kept_from {
                return None;
            }
            let mut near = view.reach(fix.position, kept_from);
            near.retain(|state| !from.contains(*state));
            let (to, because) = near.into_iter().find_map(|state| {
                let to = StateSet::one(state);
                Some((to, forbids(to)?))
            })?;
            Some(StandOff {
                from,
                to,
                distance: fix.depth,
                stand_off: margin.stand_off,
                over_at: None,
                because,
            })
        })
    }

    /// The soonest way over a line, of those that the newest seconds and the aircraft's own word lead on.
    fn prospect(
        &self,
        fix: &Fix,
        from: StateSet,
        margin: Margin,
        view: &(impl BorderView + ?Sized),
    ) -> Option<Prospect> {
        let here = fix.location.states;
        if here != from && !here.is_empty() {
            // It seems to be over it already: the crossing is proven by the next fixes, or not.
            return Some(Prospect {
                to: here,
                distance: Metres::ZERO,
                over_at: fix.fixed_at,
            });
        }
        let turn = self.turn(fix);
        let velocities = [reported(fix), self.lately(fix)].into_iter().flatten();
        velocities
            .filter(|velocity| {
                let speed_mps = velocity.length_m();
                let reach_m = speed_mps * margin.ahead.as_secs_f64();
                speed_mps >= HOVERS_MPS && fix.depth.as_f64() <= reach_m
            })
            .filter_map(|velocity| leads_over(fix, (velocity, turn), (from, margin.ahead), view))
            .min_by_key(|prospect| prospect.over_at)
    }

    /// The velocity over the shortest of the newest spans that errors alone do not explain, metres a second.
    fn lately(&self, fix: &Fix) -> Option<Offset> {
        LEGS.into_iter().find_map(|span| {
            let (position, seconds) = self.before(fix.fixed_at, span, Span::ZERO)?;
            let way = ground::offset(position, fix.position);
            let proven = way.length_m() > PROVEN * fix.accuracy.as_f64();
            proven.then(|| way.over(seconds))
        })
    }

    /// Where it was so long before, by the newest fix that is at least as old and of the same shift, and how many seconds
    /// lie between. None when there is no such fix within twice the span and `more`.
    fn before(&self, at: Timestamp, span: Span, more: Span) -> Option<(Position, f64)> {
        let until = at.plus(Span::from_millis(-span.as_millis()));
        let sample = self.window.get(self.window.after(until).checked_sub(1)?)?;
        let between = at.since(sample.fixed_at);
        let most = Span::from_millis(2 * span.as_millis() + more.as_millis());
        let counts = sample.fixed_at >= self.duty.shift_began() && between <= most;
        counts.then(|| (sample.position, between.as_secs_f64()))
    }

    /// How fast it turns, radians a second to the left: 0 unless three legs in a row bend the same way.
    fn turn(&self, fix: &Fix) -> f64 {
        let mut at = (fix.fixed_at, fix.position);
        let mut legs: Vec<(Offset, f64)> = Vec::with_capacity(3);
        for _ in 0..3 {
            let slack = Span::from_millis(TURN_LEG_MOST.as_millis() - 2 * TURN_LEG.as_millis());
            let Some((before, seconds)) = self.before(at.0, TURN_LEG, slack) else {
                return 0.0;
            };
            let way = ground::offset(before, at.1);
            if way.length_m() <= PROVEN * fix.accuracy.as_f64() {
                return 0.0;
            }
            legs.push((way, seconds));
            at = (
                at.0.plus(Span::from_millis((-1_000.0 * seconds) as i64)),
                before,
            );
        }
        let bends = [legs[1].0.bend_to(legs[0].0), legs[2].0.bend_to(legs[1].0)];
        let same = bends.iter().all(|bend| *bend >= TURN_LEAST_RAD)
            || bends.iter().all(|bend| *bend <= -TURN_LEAST_RAD);
        if !same {
            return 0.0;
        }
        let between_s = f64::midpoint(legs[0].1, legs[2].1) + legs[1].1;
        (bends[0] + bends[1]) / between_s
    }
}

/// The velocity that the aircraft itself reports, metres a second.
fn reported(fix: &Fix) -> Option<Offset> {
    let (speed_mps, course_deg) = (fix.measured.speed_mps?, fix.measured.course_deg?);
    let (sin, cos) = course_deg.to_radians().sin_cos();
    Some(Offset {
        east_m: sin * speed_mps,
        north_m: cos * speed_mps,
    })
}

/// Where and when a way of this velocity and turn first leads out of `from` into a state.
fn leads_over(
    fix: &Fix,
    (velocity, turn): (Offset, f64),
    (from, ahead): (StateSet, Span),
    view: &(impl BorderView + ?Sized),
) -> Option<Prospect> {
    let most_s = ahead.as_secs_f64();
    let step_s = if turn == 0.0 { most_s } else { STEP_S };
    let (mut place, mut velocity, mut passed_s) = (fix.position, velocity, 0.0);
    while passed_s < most_s {
        velocity = velocity.rotated(turn * step_s / 2.0);
        let next = ground::moved(place, velocity.over(1.0 / step_s));
        let meeting = view
            .meetings(place, next)
            .into_iter()
            .find(|meeting| !meeting.to_named().is_empty() && meeting.to_named() != from);
        if let Some(meeting) = meeting {
            let seconds = passed_s + meeting.fraction * step_s;
            return (seconds <= most_s).then(|| Prospect {
                to: meeting.to_named(),
                distance: ground::distance(fix.position, meeting.point),
                over_at: fix
                    .fixed_at
                    .plus(Span::from_millis((seconds * 1_000.0) as i64)),
            });
        }
        velocity = velocity.rotated(turn * step_s / 2.0);
        (place, passed_s) = (next, passed_s + step_s);
    }
    None
}

/// Whether a breach was foretold so lately that its end, or the nearness that is left of it, is not told yet.
fn was_just_foretold(
    told: &StandOff,
    told_at: Timestamp,
    stands: Option<&StandOff>,
    now: Timestamp,
) -> bool {
    let still = stands.is_some_and(|stands| stands.over_at.is_some());
    told.over_at.is_some() && !still && now.since(told_at) < HOLDS
}

fn farther(than: Metres) -> Metres {
    Metres::from_centimetres(
        than.as_centimetres()
            .saturating_add(FARTHER.as_centimetres()),
    )
}

/// Whether this says something else than what was told.
fn is_news(told: &StandOff, told_at: Timestamp, stands: &StandOff, now: Timestamp) -> bool {
    if told.to != stands.to {
        return true;
    }
    match (told.over_at, stands.over_at) {
        (None, None) => false,
        (Some(_), None) | (None, Some(_)) => true,
        (Some(was), Some(is)) => {
            let moved = is.since(was).as_millis().abs() > MOVED.as_millis();
            moved && now.since(told_at) >= HOLDS
        }
    }
}
