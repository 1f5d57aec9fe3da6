//! What follows from a fix, an act or the passing of time. Reads only; the answer is folded by `apply`.

use super::act::Act;
use super::approach::Turn;
use super::book::{About, Standing};
use super::clock::Heard;
use super::fix::{Fix, QuarantineReason, ReportedFix};
use super::gate::{self, GateLimits, Quarantine, Usable};
use super::ground;
use super::ledger::Known;
use super::silence::{LastHeard, Watch};
use super::track::{Track, sample};
use super::untold::Untold;
use super::view::BorderView;
use crate::domain::borders::Near;
use crate::domain::event::{Crossing, Event, TrackEventKind, What};
use crate::domain::input::UnitAct;
use crate::domain::measure::{Metres, Position, Timestamp};
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
    /// It had been taken before.
    Duplicate,
    /// Another act had been taken with this key.
    KeyOfAnother,
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
        self.judge((reported, now), view, limits, None, out)
    }

    /// As [`Self::decide_fix`], one of several fixes that arrive together: it is judged and admitted alike, but what it
    /// changes of crossings when it is late is noted in `untold`, for [`Self::decide_late`].
    pub fn decide_fix_of_batch(
        &self,
        reported: &ReportedFix,
        now: Timestamp,
        view: &(impl BorderView + ?Sized),
        limits: &GateLimits,
        untold: &mut Untold,
        out: &mut Vec<Event>,
    ) -> FixReceipt {
        self.judge((reported, now), view, limits, Some(untold), out)
    }

    /// What late fixes, folded in by now, changed of the crossings: the difference to what was told.
    pub fn decide_late(
        &self,
        untold: &Untold,
        view: &(impl BorderView + ?Sized),
        out: &mut Vec<Event>,
    ) {
        if let Some(outlook) = self.outlook_late(untold, view) {
            self.tell_crossings(outlook, (self.clocks.with(None), view), out);
        }
    }

    /// Whether a posted fix, once admitted, would be the newest: then it is live, and not late.
    #[must_use]
    pub fn would_be_newest(&self, reported: &ReportedFix) -> bool {
        let newest = self.latest.as_ref();
        newest.is_none_or(|newest| newest.fixed_at < reported.fixed_at)
    }

    fn judge(
        &self,
        (reported, now): (&ReportedFix, Timestamp),
        view: &(impl BorderView + ?Sized),
        limits: &GateLimits,
        untold: Option<&mut Untold>,
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
                Known::Forgotten => Err(forgotten()),
                Known::New | Known::Same => Ok(usable),
            });
        let usable = match usable {
            Ok(usable) => usable,
            Err(quarantine) => return self.quarantine(reported, quarantine, now, out),
        };
        match self.jump(reported, usable, view, limits) {
            None => {
                self.admit((reported, usable), now, view, untold, out);
                FixReceipt::Accepted
            }
            Some(quarantine) => match self.believed_chain(reported, usable, now, limits) {
                Some(chain) => {
                    self.release(&chain, now, view, limits, out);
                    FixReceipt::Accepted
                }
                None => self.quarantine(reported, quarantine, now, out),
            },
        }
    }

    /// What follows from a unit's own act. Judged by `act.at`, however late it arrives.
    ///
    /// A sign-off that arrives late takes back nothing by itself: the sign-on after it may still be on its way, and a
    /// crossing of that next shift must not vanish meanwhile. Once both are known, in whatever order they came, a
    /// crossing from shift to shift is taken back.
    pub fn decide_act(&self, act: &UnitAct, out: &mut Vec<Event>) -> ActReceipt {
        match self.duty.taken(&act.key) {
            None => {}
            Some(taken) if taken == (act.act, act.at) => return ActReceipt::Duplicate,
            Some(_) => return ActReceipt::KeyOfAnother,
        }
        let acted = TrackEventKind::Acted {
            act: act.act,
            key: Arc::clone(&act.key),
        };
        out.push(self.event(act.at, acted));
        let changes_duty = matches!(act.act, Act::SignOn | Act::SignOff);
        if changes_duty && self.unheard.is_some() {
            // A silence does not outlast the shift.
            out.push(self.event(act.at, TrackEventKind::Back));
        }
        match act.act {
            Act::SignOn => {
                out.push(self.event(act.at, TrackEventKind::SignedOn));
                self.retract_across(act.at, true, out);
            }
            Act::SignOff => {
                out.push(self.event(act.at, TrackEventKind::SignedOff));
                self.retract_across(act.at, false, out);
            }
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

    /// A crossing between the fixes of two shifts is none: what happened off duty is not known. Judged by the roster
    /// with this change of duty in it.
    fn retract_across(&self, at: Timestamp, on: bool, out: &mut Vec<Event>) {
        let mut duty = self.duty.clone();
        duty.change(at, on);
        for recorded in self.book.crossings() {
            let crossing = &recorded.crossing;
            let across = duty.shift(crossing.earliest) != duty.shift(crossing.latest);
            if across && recorded.standing != Standing::Retracted {
                let kind = TrackEventKind::CrossingRetracted {
                    crossing: Box::new(Crossing::clone(crossing)),
                    because: Arc::from("The unit signed on between the fixes on both sides."),
                };
                out.push(self.event(crossing.likely, kind));
            }
        }
    }

    /// What follows from the passing of time alone.
    pub fn decide_tick(
        &self,
        watch: Watch,
        view: &(impl BorderView + ?Sized),
        limits: &GateLimits,
        out: &mut Vec<Event>,
    ) {
        let now = watch.now;
        // Of a source that is sealed nothing is told, not even that it is silent.
        if !self.duty.on_duty(now) || self.sealed.is_some() {
            return;
        }
        let Some(heard) = self.last_heard(watch.listening_since, limits.speeds.of(self.kind))
        else {
            return;
        };
        if self.approach_ends(&heard).is_some_and(|end| end <= now) {
            out.extend(self.approach().map(|approach| {
                let frontier = approach.frontier;
                self.event(now, TrackEventKind::Receding { frontier })
            }));
        }
        let already = self.unheard.as_ref();
        if already.is_none() && heard.silent_at() > now {
            return;
        }
        if already.is_none() {
            let silence = heard.silence(now, view);
            let since = heard.silent_at().min(now);
            out.push(self.event(since, TrackEventKind::Silent(silence)));
        }
        let warned = already.is_some_and(|unheard| unheard.may_have_crossed);
        let Some(met_at) = heard.may_have_crossed_at().filter(|met| *met <= now) else {
            return;
        };
        let silence = heard.silence(now, view);
        let here = self.settled().unwrap_or(heard.sample.states);
        if !warned && silence.reach.iter().any(|state| !here.contains(state)) {
            let since = met_at.max(heard.silent_at()).min(now);
            out.push(self.event(since, TrackEventKind::MayHaveCrossed(silence)));
        }
    }

    /// When time alone ends the approach under way. While the unit is heard, its fixes say how it goes on.
    fn approach_ends(&self, heard: &LastHeard<'_>) -> Option<Timestamp> {
        let end = self.approaches.expires_at()?;
        Some(end.max(heard.silent_at()))
    }

    /// When [`Self::decide_tick`] may have something to say, if nothing comes before. `listening_since` as in [`Watch`].
    #[must_use]
    pub fn next_deadline(
        &self,
        listening_since: Timestamp,
        limits: &GateLimits,
    ) -> Option<Timestamp> {
        if self.sealed.is_some() {
            return None;
        }
        let heard = self.last_heard(listening_since, limits.speeds.of(self.kind))?;
        let silence = match &self.unheard {
            None => Some(heard.silent_at()),
            Some(unheard) if !unheard.may_have_crossed => heard.may_have_crossed_at(),
            Some(_) => None,
        };
        let deadline = self
            .approach_ends(&heard)
            .into_iter()
            .chain(silence)
            .min()?;
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
        let told = self.told_apart.as_ref();
        if !told.is_some_and(|told| told.knows(reported, quarantine.reason)) {
            out.push(self.quarantined_event(&quarantine, Some(reported), now));
        }
        FixReceipt::Quarantined(quarantine)
    }

    /// What follows from a fix that is believed.
    pub(super) fn admit(
        &self,
        (reported, usable): (&ReportedFix, Usable),
        now: Timestamp,
        view: &(impl BorderView + ?Sized),
        mut untold: Option<&mut Untold>,
        out: &mut Vec<Event>,
    ) {
        let admitted = out.len();
        let survey = view.survey(usable.position, usable.accuracy, self.near(usable.position));
        let fix = Fix {
            unit: reported.unit.clone(),
            source: reported.source.clone(),
            fixed_at: reported.fixed_at,
            received_at: now,
            position: usable.position,
            measured: reported.measured,
            location: survey.location,
            accuracy: usable.accuracy,
            depth: survey.depth,
        };
        let location = fix.location;
        let sample = sample(&fix);
        let heard = Heard::of(sample.source, fix.fixed_at, now);
        let is_newest = self
            .latest
            .as_ref()
            .is_none_or(|latest| latest.fixed_at < fix.fixed_at);
        let news = self.device_news(&fix, is_newest);
        out.push(Event {
            at: fix.fixed_at,
            what: What::Fix(fix),
        });
        out.extend(news.map(|(at, news)| self.event(at, TrackEventKind::Device(news))));
        let outlook = self.outlook((&sample, heard), view, untold.as_deref_mut());
        self.tell_place(&sample, &location, outlook.as_ref(), out);
        if self.unheard.is_some() {
            out.push(self.event(now, TrackEventKind::Back));
        }
        let begun = out.len();
        if let Some(outlook) = outlook {
            self.tell_crossings(outlook, (self.clocks.with(heard), view), out);
        }
        let crossed = out[begun..]
            .iter()
            .any(|event| event.kind() == "crossing.confirmed");
        if is_newest && !crossed && self.approaches.concerns(&sample, &self.recent) {
            let mut recent = self.recent;
            recent.push(&sample);
            let motion = recent.motion(self.duty.shift_began());
            let about = (self.goes_by_road(), location.nearest.map(|of| of.frontier));
            let turn = self
                .approaches
                .turn(&sample, motion, about, view, &self.window);
            let (left, ahead) = match turn {
                Some(Turn::Approaching(approach)) => (None, Some(approach)),
                Some(Turn::Receding(frontier)) => (Some(frontier), None),
                Some(Turn::Instead(frontier, approach)) => (Some(frontier), Some(approach)),
                None => (None, None),
            };
            let receding = left.map(|frontier| TrackEventKind::Receding { frontier });
            let told = receding
                .into_iter()
                .chain(ahead.map(TrackEventKind::Approaching));
            out.extend(told.map(|kind| self.event(sample.fixed_at, kind)));
        }
        if let Some(heard) = heard {
            self.tell_clock((heard, is_newest), view, (untold, admitted), out);
        }
    }

    /// What was told of crossings about the time of this fix is looked at again when it shows that the clock was wrong by
    /// more: noted in `untold`, or told at once when there is none. `admitted` is where in `out` begins what it brought
    /// about so far.
    fn tell_clock(
        &self,
        (heard, is_newest): (Heard, bool),
        view: &(impl BorderView + ?Sized),
        (untold, admitted): (Option<&mut Untold>, usize),
        out: &mut Vec<Event>,
    ) {
        if self.book.crossings().is_empty() || !self.clocks.is_news(heard, is_newest, true) {
            return;
        }
        let about = self.book.confirmed_about(heard.tells_of());
        let is_news = |about: &About| self.clocks.is_news(heard, is_newest, about.perhaps_behind);
        let Some(About { known, gaps, .. }) = about.filter(is_news) else {
            return;
        };
        if let Some(untold) = untold {
            untold.note_clock(known, &gaps);
            return;
        }
        let mut shadow = self.clone();
        for event in &out[admitted..] {
            shadow.apply(event);
        }
        let mut untold = Untold::default();
        untold.note_clock(known, &gaps);
        shadow.decide_late(&untold, view, out);
    }
}

impl Track {
    /// How far the nearest lines lie at most, by the newest fix and the way from there.
    fn near(&self, position: Position) -> Near {
        let Some(latest) = &self.latest else {
            return Near::UNKNOWN;
        };
        // Rounded up, and a metre for the ellipsoid.
        let way = (ground::at_most_m(latest.position, position) * 102.0) as i64 + 100;
        let most =
            |metres: Metres| Metres::from_centimetres(metres.as_centimetres().saturating_add(way));
        let nearest = latest.location.nearest;
        Near {
            frontier: nearest.map_or(Near::UNKNOWN.frontier, |nearest| most(nearest.distance)),
            depth: most(latest.depth),
        }
    }
}

fn forgotten() -> Quarantine {
    Quarantine::new(
        QuarantineReason::FixedAtTooOld,
        "What this device sent at that time is no longer remembered: it may be a repeat."
            .to_owned(),
    )
}

fn conflict() -> Quarantine {
    Quarantine::new(
        QuarantineReason::Conflicting,
        "Another fix of this device and this very moment was admitted.".to_owned(),
    )
}
