//! What follows from a fix, an act or the passing of time. Reads only; the answer is folded by `apply`.

use super::act::Act;
use super::approach::Turn;
use super::book::{Scope, Standing};
use super::crossing::{self, Draft};
use super::evidence::{Detector, Passage};
use super::fix::{Fix, QuarantineReason, ReportedFix};
use super::fold;
use super::gate::{self, GateLimits, Quarantine, Usable, Waypoint};
use super::ledger::{Known, digest};
use super::track::{Held, Track, sample};
use super::view::BorderView;
use super::window::Sample;
use crate::domain::event::{Event, TrackEventKind, What};
use crate::domain::input::UnitAct;
use crate::domain::measure::Timestamp;
use std::sync::Arc;

/// What the sender of a fix is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FixReceipt {
    /// It was admitted.
    Accepted,
    /// It had been admitted before.
    Duplicate,
    /// It is kept apart.
    Quarantined(Quarantine),
}

/// What the sender of an act is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActReceipt {
    /// It was taken.
    Accepted,
    /// An act with this key had been taken before.
    Duplicate,
}

/// A change of states, as decided.
struct Outlook {
    end: Detector,
    drafts: Vec<Draft>,
    scope: Scope,
    left_coverage: Option<Timestamp>,
}

impl Track {
    /// What follows from a posted fix that arrives at `now`: the events, in the order in which they are to be folded,
    /// are appended to `out` (an admitted fix comes before what it brings about).
    pub fn decide_fix(
        &self,
        reported: &ReportedFix,
        now: Timestamp,
        view: &(impl BorderView + ?Sized),
        limits: &GateLimits,
        out: &mut Vec<Event>,
    ) -> FixReceipt {
        if !self.duty.on_duty(reported.fixed_at) {
            let detail = "The unit had signed off; sign on to be tracked.".to_owned();
            let quarantine = Quarantine::new(QuarantineReason::OffDuty, detail);
            out.push(self.quarantined_event(&quarantine, None, now));
            return FixReceipt::Quarantined(quarantine);
        }
        let known = self.admitted.knows(reported);
        if known == Known::Same {
            return FixReceipt::Duplicate;
        }
        let usable = gate::usable(reported, limits)
            .and_then(|usable| {
                gate::timely(reported.fixed_at, now, limits)?;
                Ok(usable)
            })
            .and_then(|usable| match known {
                Known::Other => Err(conflict()),
                Known::New | Known::Same => Ok(usable),
            });
        let usable = match usable {
            Ok(usable) => usable,
            Err(quarantine) => return self.quarantine(reported, quarantine, now, out),
        };
        match self.jump(reported, usable, limits) {
            None => {
                self.admit(reported, usable, now, view, out);
                FixReceipt::Accepted
            }
            Some(quarantine) => match self.believed_chain(reported, usable, limits) {
                Some(chain) => {
                    self.release(&chain, now, view, limits, out);
                    FixReceipt::Accepted
                }
                None => self.quarantine(reported, quarantine, now, out),
            },
        }
    }

    /// What follows from a unit's own act. Judged by `act.at`, however late it arrives.
    pub fn decide_act(&self, act: &UnitAct, out: &mut Vec<Event>) -> ActReceipt {
        if self.duty.knows(&act.key) {
            return ActReceipt::Duplicate;
        }
        let acted = TrackEventKind::Acted {
            act: act.act,
            key: Arc::clone(&act.key),
        };
        out.push(self.event(act.at, acted));
        match act.act {
            Act::SignOn => {
                out.push(self.event(act.at, TrackEventKind::SignedOn));
                self.retract_across(act.at, out);
            }
            Act::SignOff => out.push(self.event(act.at, TrackEventKind::SignedOff)),
            Act::Crossed
            | Act::HaveTarget
            | Act::TargetLost
            | Act::HandedOver
            | Act::BackHome
            | Act::Wilco
            | Act::Emergency => {}
        }
        ActReceipt::Accepted
    }

    /// A crossing between the fixes of two shifts is none: what happened off duty is not known.
    fn retract_across(&self, began: Timestamp, out: &mut Vec<Event>) {
        for recorded in self.book.crossings() {
            let crossing = &recorded.crossing;
            let across = crossing.earliest < began && began <= crossing.latest;
            if across && recorded.standing != Standing::Retracted {
                let kind = TrackEventKind::CrossingRetracted {
                    crossing: Box::new(crossing.clone()),
                    because: Arc::from("The unit signed on between the fixes on both sides."),
                };
                out.push(self.event(crossing.likely, kind));
            }
        }
    }

    /// What follows from the passing of time alone.
    pub fn decide_tick(
        &self,
        now: Timestamp,
        view: &(impl BorderView + ?Sized),
        limits: &GateLimits,
        out: &mut Vec<Event>,
    ) {
        if !self.duty.on_duty(now) {
            return;
        }
        if self.approaches.expires_at().is_some_and(|end| end <= now) {
            out.extend(self.approach().map(|approach| {
                let frontier = approach.frontier;
                self.event(now, TrackEventKind::Receding { frontier })
            }));
        }
        let Some(heard) = self.last_heard(limits.speeds.of(self.kind)) else {
            return;
        };
        let already = self.unheard.as_ref();
        if already.is_none() && heard.silent_at() > now {
            return;
        }
        if already.is_none() {
            let silence = heard.silence(now, view);
            out.push(self.event(now, TrackEventKind::Silent(silence)));
        }
        let warned = already.is_some_and(|unheard| unheard.may_have_crossed);
        if warned || heard.meets_line_at() > now {
            return;
        }
        let silence = heard.silence(now, view);
        let here = self.settled().unwrap_or(heard.sample.states);
        if silence.reach.iter().any(|state| !here.contains(state)) {
            out.push(self.event(now, TrackEventKind::MayHaveCrossed(silence)));
        }
    }

    /// When [`Self::decide_tick`] may have something to say, if nothing comes before.
    #[must_use]
    pub fn next_deadline(&self, limits: &GateLimits) -> Option<Timestamp> {
        let approach = self.approaches.expires_at();
        let heard = self.last_heard(limits.speeds.of(self.kind));
        let silence = heard.and_then(|heard| match &self.unheard {
            None => Some(heard.silent_at()),
            Some(unheard) if !unheard.may_have_crossed => Some(heard.meets_line_at()),
            Some(_) => None,
        });
        let deadline = approach.into_iter().chain(silence).min()?;
        self.duty.on_duty(deadline).then_some(deadline)
    }

    fn quarantined_event(
        &self,
        quarantine: &Quarantine,
        fix: Option<&ReportedFix>,
        now: Timestamp,
    ) -> Event {
        let kind = TrackEventKind::FixQuarantined {
            reason: quarantine.reason,
            detail: Arc::clone(&quarantine.detail),
            fix: fix.map(|fix| Box::new(fix.clone())),
        };
        self.event(now, kind)
    }

    /// Keeps a fix apart; the same fix for the same reason is kept once.
    fn quarantine(
        &self,
        reported: &ReportedFix,
        quarantine: Quarantine,
        now: Timestamp,
        out: &mut Vec<Event>,
    ) -> FixReceipt {
        let again = self
            .held
            .iter()
            .any(|held| held.reason == quarantine.reason && is_same(&held.fix, reported));
        if !again {
            out.push(self.quarantined_event(&quarantine, Some(reported), now));
        }
        FixReceipt::Quarantined(quarantine)
    }

    /// Judges a fix against its neighbours in time, before and after.
    fn jump(
        &self,
        reported: &ReportedFix,
        usable: Usable,
        limits: &GateLimits,
    ) -> Option<Quarantine> {
        let here = waypoint(reported, usable);
        let most_mps = limits.speeds.of(self.kind);
        let shift = self.duty.shift(reported.fixed_at);
        let after = self.window.after(reported.fixed_at);
        let before = after.checked_sub(1);
        before
            .into_iter()
            .chain([after])
            .filter_map(|index| self.window.get(index))
            .filter(|neighbour| self.duty.shift(neighbour.fixed_at) == shift)
            .find_map(|neighbour| gate::jump(of(neighbour), here, most_mps, limits))
            .map(|jump| gate::jumped(jump, most_mps))
    }

    /// The fixes held as jumps that agree with this one and with one another, when they are enough to be believed.
    fn believed_chain(
        &self,
        reported: &ReportedFix,
        usable: Usable,
        limits: &GateLimits,
    ) -> Option<Vec<Held>> {
        let most_mps = limits.speeds.of(self.kind);
        let mut chain: Vec<(Waypoint, Held)> = vec![(
            waypoint(reported, usable),
            Held {
                fix: reported.clone(),
                reason: QuarantineReason::ImplausibleJump,
                received_at: reported.fixed_at,
            },
        )];
        let mut held: Vec<(Waypoint, &Held)> = self
            .held
            .iter()
            .filter(|held| held.reason == QuarantineReason::ImplausibleJump)
            .filter(|held| self.duty.on_duty(held.fix.fixed_at))
            .filter_map(|held| {
                let usable = gate::usable(&held.fix, limits).ok()?;
                Some((waypoint(&held.fix, usable), held))
            })
            .collect();
        held.sort_by_key(|(place, _)| place.at);
        let agrees = |a: Waypoint, b: Waypoint| {
            let nothing_between =
                self.window.after(a.at.min(b.at)) == self.window.after(a.at.max(b.at));
            nothing_between && gate::jump(a, b, most_mps, limits).is_none()
        };
        let place = held.partition_point(|(place, _)| place.at < reported.fixed_at);
        for (at, fix) in held[place..]
            .iter()
            .filter(|(_, fix)| !is_same(&fix.fix, reported))
        {
            let (end, _) = chain.last()?;
            if agrees(*end, *at) {
                chain.push((*at, (*fix).clone()));
            }
        }
        for (at, fix) in held[..place].iter().rev() {
            let (start, _) = chain.first()?;
            if agrees(*at, *start) {
                chain.insert(0, (*at, (*fix).clone()));
            }
        }
        let spans = chain.last()?.0.at.since(chain.first()?.0.at);
        let enough = chain.len() >= limits.release_fixes && spans >= limits.release_span;
        enough.then(|| chain.into_iter().map(|(_, held)| held).collect())
    }

    /// Admits a chain of fixes that were held, in the order of their times.
    fn release(
        &self,
        chain: &[Held],
        now: Timestamp,
        view: &(impl BorderView + ?Sized),
        limits: &GateLimits,
        out: &mut Vec<Event>,
    ) {
        let mut shadow = self.clone();
        for held in chain {
            let begun = out.len();
            let was_held = self.held.iter().any(|h| is_same(&h.fix, &held.fix));
            let received_at = if was_held { held.received_at } else { now };
            if shadow.admitted.knows(&held.fix) != Known::New {
                continue;
            }
            if was_held {
                let released = TrackEventKind::FixReleased {
                    reason: QuarantineReason::ImplausibleJump,
                    fixed_at: held.fix.fixed_at,
                };
                out.push(self.event(now, released));
            }
            if let Ok(usable) = gate::usable(&held.fix, limits) {
                shadow.admit(&held.fix, usable, received_at, view, out);
            }
            for event in &out[begun..] {
                shadow.apply(event);
            }
        }
    }

    /// What follows from a fix that is believed.
    fn admit(
        &self,
        reported: &ReportedFix,
        usable: Usable,
        now: Timestamp,
        view: &(impl BorderView + ?Sized),
        out: &mut Vec<Event>,
    ) {
        let fix = Fix {
            unit: reported.unit.clone(),
            source: reported.source.clone(),
            fixed_at: reported.fixed_at,
            received_at: now,
            position: usable.position,
            measured: reported.measured,
            location: view.locate(usable.position, usable.accuracy),
            accuracy: usable.accuracy,
            depth: view.depth(usable.position),
        };
        let location = fix.location;
        let sample = sample(&fix);
        let is_newest = self
            .latest
            .as_ref()
            .is_none_or(|latest| latest.fixed_at < fix.fixed_at);
        out.push(Event {
            at: fix.fixed_at,
            what: What::Fix(Box::new(fix)),
        });
        let outlook = self.outlook(&sample, view);
        self.tell_place(&sample, &location, outlook.as_ref(), out);
        if self.unheard.is_some() {
            out.push(self.event(now, TrackEventKind::Back));
        }
        let begun = out.len();
        if let Some(outlook) = outlook {
            self.tell_crossings(outlook, view, out);
        }
        let crossed = out[begun..]
            .iter()
            .any(|event| event.kind() == "crossing.confirmed");
        if is_newest && !crossed && self.approaches.concerns(&sample) {
            let mut recent = self.recent;
            recent.push(&sample);
            let motion = recent.motion(self.duty.shift_began());
            let turn = self.approaches.turn(&sample, motion, view);
            out.extend(turn.map(|turn| {
                let kind = match turn {
                    Turn::Approaching(approach) => TrackEventKind::Approaching(approach),
                    Turn::Receding(frontier) => TrackEventKind::Receding { frontier },
                };
                self.event(sample.fixed_at, kind)
            }));
        }
    }

    /// What the fixes say with one more among them; `None` when that changes nothing.
    fn outlook(&self, sample: &Sample, view: &(impl BorderView + ?Sized)) -> Option<Outlook> {
        let index = self.window.place(sample);
        if self.window.has(index, sample) || self.window.is_covered(index, sample) {
            return None;
        }
        let before = index
            .checked_sub(1)
            .and_then(|before| self.window.get(before));
        if index < self.window.len() {
            return Some(self.outlook_back(index, before, sample, view));
        }
        let mut end = self.fold.current().clone();
        let passage = fold::step(&mut end, &self.duty, sample);
        let mut drafts = before.map_or_else(Vec::new, |before| self.passed(before, sample, view));
        let left_coverage = passage
            .as_ref()
            .filter(|passage| passage.stay.to.is_empty())
            .map(|passage| passage.stay.entered.fixed_at);
        drafts.extend(passage.iter().flat_map(|p| crossing::proven(p, view)));
        Some(Outlook {
            end,
            drafts,
            scope: Scope::SUSPICIONS,
            left_coverage,
        })
    }

    fn outlook_back(
        &self,
        index: usize,
        before: Option<&Sample>,
        sample: &Sample,
        view: &(impl BorderView + ?Sized),
    ) -> Outlook {
        let review = self.fold.review(&self.window, &self.duty, index, sample);
        let mut drafts: Vec<Draft> = before
            .into_iter()
            .flat_map(|before| self.passed(before, sample, view))
            .collect();
        let after = self.window.get(index);
        drafts.extend(
            after
                .into_iter()
                .flat_map(|after| self.passed(sample, after, view)),
        );
        let proven = |passage: &Passage| crossing::proven(passage, view);
        drafts.extend(review.passages.iter().flat_map(proven));
        Outlook {
            end: review.end,
            drafts,
            scope: Scope {
                from: review.from,
                until: review.until,
                around: Some(sample.fixed_at),
            },
            left_coverage: None,
        }
    }

    /// The states entered and left between two neighbouring fixes of one shift.
    fn passed(
        &self,
        before: &Sample,
        after: &Sample,
        view: &(impl BorderView + ?Sized),
    ) -> Vec<Draft> {
        if self.duty.shift(before.fixed_at) == self.duty.shift(after.fixed_at) {
            crossing::between(before, after, view)
        } else {
            Vec::new()
        }
    }

    /// The first known place of a shift; told again when a certain fix finds it was another.
    fn tell_place(
        &self,
        sample: &Sample,
        location: &crate::domain::borders::Location,
        outlook: Option<&Outlook>,
        out: &mut Vec<Event>,
    ) {
        let is_first = self
            .located
            .is_none_or(|first| self.duty.shift(first.at) < self.duty.shift(sample.fixed_at));
        let settles = outlook.is_some_and(|outlook| {
            let now_settled = outlook.end.settled && !self.fold.current().settled;
            now_settled && outlook.end.states != self.located.map(|first| first.states)
        });
        let is_newest = self
            .window
            .newest()
            .is_none_or(|n| n.fixed_at <= sample.fixed_at);
        if is_first || (settles && is_newest) {
            let kind = TrackEventKind::Located {
                states: location.states,
                certainty: location.certainty,
                nearest: location.nearest,
            };
            out.push(self.event(sample.fixed_at, kind));
        }
    }

    fn tell_crossings(
        &self,
        outlook: Outlook,
        view: &(impl BorderView + ?Sized),
        out: &mut Vec<Event>,
    ) {
        let Outlook {
            end,
            mut drafts,
            scope,
            left_coverage,
        } = outlook;
        let suspicion = end.suspicion();
        let nothing_new = drafts.is_empty() && suspicion.is_none();
        if nothing_new && scope.is_suspicions() && !self.book.has_suspicion() {
            return;
        }
        if let Some((from, last_certain, stay)) = suspicion {
            drafts.extend(crossing::suspected(from, last_certain, stay, view));
        }
        drafts.sort_by_key(|draft| draft.likely);
        let border_set = view.border_set();
        self.book
            .differences(&self.unit, &border_set, drafts, scope, out);
        out.extend(left_coverage.map(|at| self.event(at, TrackEventKind::LeftCoverage)));
    }
}

fn conflict() -> Quarantine {
    Quarantine::new(
        QuarantineReason::Conflicting,
        "Another fix of this device and this very moment was admitted.".to_owned(),
    )
}

fn waypoint(reported: &ReportedFix, usable: Usable) -> Waypoint {
    Waypoint {
        at: reported.fixed_at,
        position: usable.position,
        accuracy: usable.accuracy,
    }
}

fn of(sample: &Sample) -> Waypoint {
    Waypoint {
        at: sample.fixed_at,
        position: sample.position,
        accuracy: sample.accuracy,
    }
}

/// Whether two posted fixes are the same one.
fn is_same(a: &ReportedFix, b: &ReportedFix) -> bool {
    let content = |fix: &ReportedFix| digest(fix.lat, fix.lon, &fix.measured);
    a.fixed_at == b.fixed_at && a.source == b.source && content(a) == content(b)
}
