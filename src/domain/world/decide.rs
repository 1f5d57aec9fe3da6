//! From one input to what follows. Reads only.

use super::{Answer, Decision, Grounds, Unit, World};
use crate::domain::borders::{Certainty, ring};
use crate::domain::event::{
    ClockEvent, Event, HouseEvent, OperationEvent, OperationEventKind, Refusal, RegisterEvent,
    TrackEvent, TrackEventKind, What,
};
use crate::domain::ids::{OperationId, State, StateSet, UnitId};
use crate::domain::input::{Cause, Input, Message, MessageBody, Register, UnitAct};
use crate::domain::law::basis::{Basis, PatrolArea};
use crate::domain::law::finding::ClockKind;
use crate::domain::measure::{Metres, Timestamp};
use crate::domain::operations::crossings::{
    Again, Consequences, Lookup, Told, is_stopped, without_operation,
};
use crate::domain::operations::handover::hear;
use crate::domain::operations::orders::{self};
use crate::domain::operations::{Operation, channels, deadlines, limits, whereabouts};
use crate::domain::registry::{UnitCard, UnitKind};
use crate::domain::tracks::act::Act;
use crate::domain::tracks::fix::{Fix, QuarantineReason, ReportedFix};
use crate::domain::tracks::{
    ActReceipt, FixReceipt, Quarantine, Untold, Watch, WithCrossingPoints,
};
use std::sync::Arc;

impl World {
    /// What follows from one input by itself. Reads only: the caller applies the events in order.
    #[must_use]
    pub fn decide(&self, input: &Input, grounds: Grounds<'_>) -> Decision {
        let now = input.at;
        match &input.cause {
            Cause::Register(change) => self.decide_register(change, now),
            Cause::Fix(fix) => {
                let mut decision = Decision::default();
                self.decide_fix(fix, now, grounds, None, &mut decision);
                decision
            }
            Cause::Foreign { fix, sender } => self.not_your_unit(fix, sender, now),
            Cause::Act(act) => self.decide_act(act, now, grounds),
            Cause::Footprint(footprint) => self.decide_footprint(footprint, now, grounds),
            Cause::Order(order) => self.decide_order(order, false, now, grounds),
            Cause::OpeningOfTakenId(order) => self.decide_order(order, true, now, grounds),
            Cause::Message(message) => self.decide_message(message, now, grounds),
            Cause::Frame { from, envelope } => self.open_frame(from, envelope, now, grounds),
            Cause::Link { partner, news } => self.decide_link(partner, news, now, grounds),
            Cause::Delivery(delivery) => {
                let waits = &grounds.channels.waits;
                self.fold_message(&delivery.operation, |of| {
                    channels::attempted(of, delivery, waits, now)
                })
            }
            Cause::AlarmOrder(order) => self.decide_alarm_order(order, now),
            Cause::Looked(look) => only(now, What::House(look.clone())),
            Cause::RulesAdopted => self.decide_rules(now, grounds),
            Cause::ProfilesAdopted => self.decide_profiles(now, grounds),
            Cause::ClockJumped(by) => only(now, What::House(HouseEvent::ClockJumped { by: *by })),
            Cause::Disk(room) if room.is_little == self.nearly_full.is_some() => {
                Decision::default()
            }
            Cause::Disk(room) => only(now, What::House(HouseEvent::DiskRoom(*room))),
            Cause::Tick => self.decide_tick(now, grounds),
        }
    }

    fn decide_register(&self, change: &Register, now: Timestamp) -> Decision {
        let event = match change {
            Register::RoomAdded(card) if self.rooms.get(&card.room) != Some(card) => {
                RegisterEvent::RoomAdded(card.clone())
            }
            Register::UnitAdded(card) if self.is_news(card) => {
                RegisterEvent::UnitAdded(card.clone())
            }
            Register::UnitRetired(unit)
                if self.units.get(unit).is_some_and(|unit| !unit.retired) =>
            {
                RegisterEvent::UnitRetired(unit.clone())
            }
            Register::RoomAdded(_) | Register::UnitAdded(_) | Register::UnitRetired(_) => {
                return Decision::default();
            }
        };
        only(now, What::Register(event))
    }

    fn is_news(&self, card: &UnitCard) -> bool {
        self.units
            .get(&card.id)
            .is_none_or(|unit| unit.card != *card || unit.retired)
    }

    pub(super) fn lookup<'a>(&'a self, grounds: Grounds<'a>) -> Lookup<'a> {
        Lookup {
            rulebook: grounds.rulebook,
            profiles: grounds.profiles,
            rooms: &self.rooms,
            scribe: grounds.scribe,
            channels: grounds.channels,
        }
    }

    /// What follows from a fix, written into an empty decision. What a late one changes of crossings is told at once, or
    /// left `untold` for [`Self::decide_late`].
    pub(super) fn decide_fix(
        &self,
        fix: &ReportedFix,
        now: Timestamp,
        grounds: Grounds<'_>,
        untold: Option<&mut Untold>,
        decision: &mut Decision,
    ) {
        let Some(unit) = self.speaking(&fix.unit) else {
            *decision = self.unknown_unit(fix, now);
            return;
        };
        if let Some(sealed) = self.seal(unit, fix, now, grounds) {
            *decision = sealed;
            return;
        }
        let (track, events) = (&unit.track, &mut decision.events);
        let view = WithCrossingPoints {
            borders: grounds.borders,
            points: grounds.crossing_points,
        };
        let gate = grounds.gate;
        let receipt = match untold {
            None => track.decide_fix(fix, now, &view, gate, events),
            Some(untold) => track.decide_fix_of_batch(fix, now, &view, gate, untold, events),
        };
        Self::unseal(unit, events);
        self.follow(unit, now, grounds, false, events);
        self.decide_stand_off(unit, now, grounds, events);
        self.notify(unit, now, grounds, decision);
        decision.answer = match receipt {
            FixReceipt::Accepted => Answer::Accepted,
            FixReceipt::Duplicate => Answer::Duplicate,
            FixReceipt::Quarantined(Quarantine { reason, detail }) => {
                Answer::Quarantined { reason, detail }
            }
        };
    }

    /// What the late fixes of a unit, folded in by now, change of its crossings; written into an empty decision.
    pub(super) fn decide_late(
        &self,
        unit: &UnitId,
        untold: &Untold,
        now: Timestamp,
        grounds: Grounds<'_>,
        decision: &mut Decision,
    ) {
        let Some(unit) = self.speaking(unit) else {
            return;
        };
        let events = &mut decision.events;
        unit.track.decide_late(untold, grounds.borders, events);
        let disputed = unit.track.is_suspected_disputed();
        self.follow(unit, now, grounds, disputed, events);
    }

    /// A unit of this room that may speak.
    pub(super) fn speaking(&self, unit: &UnitId) -> Option<&Unit> {
        self.units
            .get(unit)
            .filter(|unit| unit.card.room == self.room && !unit.retired)
    }

    /// What the events of one unit's track mean for its operations, or for a unit without one. `disputed`: whether it is
    /// already known that a suspicion among them is of a disputed area.
    fn follow(
        &self,
        unit: &Unit,
        now: Timestamp,
        grounds: Grounds<'_>,
        disputed: bool,
        events: &mut Vec<Event>,
    ) {
        // A technical source is no officer: it owes nothing and has no clock.
        if unit.card.kind == UnitKind::Tracker {
            return;
        }
        let told = told(unit, disputed, events);
        let newest_fix = newest_fix(events);
        let mut in_operation = false;
        let mut follow_up = Vec::new();
        for operation in self.own_operations_of(&unit.card.id) {
            in_operation = true;
            // A late fix is no word on where a drone flies now.
            let flies = newest_fix.filter(|fix| {
                let latest = unit.track.latest();
                unit.card.kind == UnitKind::Drone
                    && latest.is_none_or(|last| last.fixed_at <= fix.fixed_at)
            });
            let is_abroad = flies.is_some() && operation.abroad.contains_key(&unit.card.id);
            if !told.is_empty() || is_abroad {
                let mut consequences =
                    Consequences::of(operation, self.lookup(grounds), now, &mut follow_up);
                for told in &told {
                    consequences.follow(told);
                }
                if let Some(fix) = flies {
                    consequences.fly(&unit.card, fix);
                }
            }
            if let (Some(fix), Some(patrol)) = (newest_fix, &operation.card.patrol)
                && told.is_empty()
                && has_left(operation, &unit.card.id, fix, patrol)
            {
                Consequences::of(operation, self.lookup(grounds), now, &mut follow_up)
                    .look_again(&unit.card, Again::OutsideArea(fix.fixed_at));
            }
            if let Some(fix) = newest_fix {
                let newest = unit
                    .track
                    .latest()
                    .is_none_or(|last| last.fixed_at <= fix.fixed_at);
                let distance_to = |frontier| grounds.borders.distance_to(fix.position, frontier);
                limits::measure(
                    operation,
                    &unit.card,
                    (fix, newest),
                    self.lookup(grounds),
                    distance_to,
                    &mut follow_up,
                );
            }
        }
        if !in_operation {
            let lookup = self.lookup(grounds);
            follow_up.extend(
                told.iter()
                    .filter_map(|told| without_operation(told, lookup, now)),
            );
        }
        drop(told);
        events.append(&mut follow_up);
    }

    fn decide_act(&self, act: &UnitAct, now: Timestamp, grounds: Grounds<'_>) -> Decision {
        let Some(unit) = self
            .units
            .get(&act.unit)
            .filter(|unit| unit.card.room == self.room)
        else {
            return Decision::default();
        };
        let mut events = Vec::new();
        let mut messages = Vec::new();
        let receipt = unit.track.decide_act(act, &mut events);
        if receipt == ActReceipt::Accepted {
            self.eyes_by_act(act, now, &mut events);
            self.turns_by_act(act, now, &mut events);
            self.tells_eyes(act, now, grounds, (&mut events, &mut messages));
        }
        self.follow(unit, now, grounds, false, &mut events);
        let answer = match receipt {
            ActReceipt::KeyOfAnother => Answer::Refused(Refusal {
                guard: "key_of_another_act".into(),
                sentence:
                    "Another act was taken with this key: send each act with a key of its own."
                        .into(),
                citation: None,
            }),
            ActReceipt::Accepted | ActReceipt::Duplicate => Answer::Done {
                id: Arc::clone(&act.key),
                version: 0,
                repeated: receipt == ActReceipt::Duplicate,
            },
        };
        Decision {
            events,
            messages,
            answer,
            ..Decision::default()
        }
    }

    fn eyes_by_act(&self, act: &UnitAct, now: Timestamp, events: &mut Vec<Event>) {
        for operation in self.own_operations_of(&act.unit) {
            let has_eyes = operation.eyes.as_ref() == Some(&act.unit);
            match act.act {
                Act::HaveTarget if !has_eyes => {
                    events.extend(hear::takes(operation, &act.unit, now));
                }
                // Who wanted to take the target has it now.
                Act::TargetLost | Act::HandedOver if has_eyes => {
                    events.extend(hear::let_go(operation, now));
                }
                _ => {}
            }
        }
    }

    fn decide_tick(&self, now: Timestamp, grounds: Grounds<'_>) -> Decision {
        let mut events = Vec::new();
        let watch = Watch {
            now,
            listening_since: grounds.listening_since,
        };
        for unit in self
            .units
            .values()
            .filter(|unit| unit.card.room == self.room && !unit.retired)
        {
            if unit
                .track
                .next_deadline(watch.listening_since, grounds.gate)
                .is_some_and(|due| due <= now)
            {
                let mut of_unit = Vec::new();
                unit.track
                    .decide_tick(watch, grounds.borders, grounds.gate, &mut of_unit);
                self.follow(unit, now, grounds, false, &mut of_unit);
                events.append(&mut of_unit);
            }
        }
        for operation in self
            .operations
            .values()
            .filter(|operation| operation.card.room == self.room)
        {
            let from = events.len();
            deadlines::tick(operation, grounds.profiles, now, &mut events);
            for host in windows_ended(&events[from..]) {
                self.window_ended(operation, host, now, grounds, &mut events);
            }
        }
        Decision {
            events,
            ..Decision::default()
        }
    }

    /// What a host granted is over: of its units that are still there the law is asked again. An urgent surveillance or
    /// a pursuit rests on no document, and stops by the clock alone.
    fn window_ended(
        &self,
        operation: &Operation,
        host: State,
        now: Timestamp,
        grounds: Grounds<'_>,
        events: &mut Vec<Event>,
    ) {
        if !operation.card.declared.basis.rests_on_document() {
            return;
        }
        let mut consequences = Consequences::of(operation, self.lookup(grounds), now, events);
        for unit in consequences.units_in(host) {
            if let Some(unit) = self.units.get(&unit) {
                consequences.look_again(&unit.card, Again::At(now));
            }
        }
    }

    fn decide_message(&self, message: &Message, now: Timestamp, grounds: Grounds<'_>) -> Decision {
        match &message.body {
            MessageBody::Shared(events) => self.receive(message, events, now),
            MessageBody::Said(envelope) => self.hear(&message.from, envelope, now, grounds),
            MessageBody::Sighted {
                by,
                operation,
                seen,
            } if by.room == message.from => self.fold_message(operation, |of| {
                if !of.shared_with.contains_key(&message.from) {
                    return Vec::new();
                }
                let sighted = self.sight_own(of, seen, &message.from, now, grounds);
                sighted.unwrap_or_else(|refusal| {
                    let id = Some(of.card.id.clone());
                    vec![orders::refused(id, by, "sight", refusal, now)]
                })
            }),
            // A room speaks for its own persons only.
            MessageBody::Sighted { .. } => Decision::default(),
        }
    }

    fn fold_message(
        &self,
        operation: &OperationId,
        what: impl FnOnce(&Operation) -> Vec<Event>,
    ) -> Decision {
        let own = self
            .operations
            .get(operation)
            .filter(|of| of.card.room == self.room);
        Decision {
            events: own.map(what).unwrap_or_default(),
            ..Decision::default()
        }
    }
}

/// The hosts of which a window of what they granted has just ended.
fn windows_ended(events: &[Event]) -> Vec<State> {
    let ended = |event: &Event| match &event.what {
        What::Operation(OperationEvent {
            kind: OperationEventKind::Clock(ClockEvent::Expired { clock, .. }),
            ..
        }) if clock.kind == ClockKind::AuthorisationWindow => Some(clock.host),
        _ => None,
    };
    events.iter().filter_map(ended).collect()
}

impl World {
    /// A fix whose sender is another unit: no word on the unit it names, so it is kept under the sender.
    fn not_your_unit(&self, fix: &ReportedFix, sender: &UnitId, now: Timestamp) -> Decision {
        let detail = format!("The token is not that of unit {}.", fix.unit);
        self.keep_apart(fix, sender, (QuarantineReason::NotYourUnit, detail), now)
    }

    /// A fix of a unit that the room does not have: kept under the name it gives.
    fn unknown_unit(&self, fix: &ReportedFix, now: Timestamp) -> Decision {
        let detail = if fix.unit.is_unregistered_device() {
            "No unit of this room has this device: register it first.".to_owned()
        } else {
            let unit = &fix.unit;
            format!("Unit {unit} is not a unit of this room: register it first.")
        };
        self.keep_apart(fix, &fix.unit, (QuarantineReason::UnknownUnit, detail), now)
    }

    /// Keeps a fix apart that is no word on any track; the same fix once.
    fn keep_apart(
        &self,
        fix: &ReportedFix,
        under: &UnitId,
        (reason, detail): (QuarantineReason, String),
        now: Timestamp,
    ) -> Decision {
        let detail: Arc<str> = detail.into();
        let answer = Answer::Quarantined {
            reason,
            detail: Arc::clone(&detail),
        };
        let sealed = self.is_tracker(under) || self.is_tracker(&fix.unit);
        if self.apart.knows(fix, reason) {
            return Decision {
                answer,
                ..Decision::default()
            };
        }
        let kept = What::Track(TrackEvent {
            unit: under.clone(),
            kind: TrackEventKind::FixQuarantined {
                reason,
                detail,
                // Where a technical source is, nobody learns by a mistake in what it posts.
                fix: (!sealed).then(|| Box::new(fix.clone())),
            },
        });
        Decision {
            answer,
            ..only(now, kept)
        }
    }
}

/// The newest of the fixes among events that were decided together.
pub(super) fn newest_fix(events: &[Event]) -> Option<&Fix> {
    events.iter().rev().find_map(|event| match &event.what {
        What::Fix(fix) => Some(fix),
        _ => None,
    })
}

fn only(at: Timestamp, what: What) -> Decision {
    Decision {
        events: vec![Event { at, what }],
        ..Decision::default()
    }
}

/// What the track of a unit told that matters to operations, one by one, each with where the unit is after it.
fn told<'e>(unit: &'e Unit, disputed: bool, events: &'e [Event]) -> Vec<Told<'e>> {
    let kinds = || {
        events.iter().filter_map(|event| match &event.what {
            What::Track(TrackEvent { kind, .. }) if matters(kind) => Some((event, kind)),
            _ => None,
        })
    };
    if kinds().next().is_none() {
        return Vec::new();
    }
    let in_disputed = |event: &Event| match &event.what {
        What::Fix(fix) => fix.location.certainty == Certainty::Disputed,
        _ => false,
    };
    let disputed = disputed || events.iter().any(in_disputed);
    let mut track = kinds()
        .any(|(_, kind)| moves(kind))
        .then(|| unit.track.outline());
    let mut before = unit.abroad();
    let mut told = Vec::new();
    for (event, kind) in kinds() {
        let abroad = match &mut track {
            Some(track) => {
                track.apply(event);
                whereabouts::abroad(track, unit.card.state)
            }
            None => before.clone(),
        };
        told.push(Told {
            unit: &unit.card,
            kind,
            at: event.at,
            before: std::mem::replace(&mut before, abroad.clone()),
            abroad,
            disputed,
            again: is_known(unit, kind),
        });
    }
    told
}

/// Whether an approach to this frontier was told before: what is told now is another time or place of it.
fn is_known(unit: &Unit, kind: &TrackEventKind) -> bool {
    match kind {
        TrackEventKind::Approaching(approach) => {
            let before = unit.track.approach();
            before.is_some_and(|before| before.frontier == approach.frontier)
        }
        _ => false,
    }
}

/// Whether an operation has anything to follow in what a track told.
const fn matters(kind: &TrackEventKind) -> bool {
    moves(kind)
        || matches!(
            kind,
            TrackEventKind::CrossingSuspected(_)
                | TrackEventKind::Approaching(_)
                | TrackEventKind::Receding { .. }
                | TrackEventKind::SignedOff
        )
}

/// Whether a unit may be elsewhere after it.
const fn moves(kind: &TrackEventKind) -> bool {
    matches!(
        kind,
        TrackEventKind::Located { .. }
            | TrackEventKind::CrossingConfirmed(_)
            | TrackEventKind::CrossingRevised(_)
            | TrackEventKind::CrossingRetracted { .. }
    )
}

/// Whether a fix shows that a unit has left the area that its joint patrol was agreed for: certainly in that state, after
/// it went there, and outside by two accuracies, as a fix is certain of a side of the line. Told once.
fn has_left(operation: &Operation, unit: &UnitId, fix: &Fix, patrol: &PatrolArea) -> bool {
    let (Some(area), Some(abroad)) = (&patrol.area, operation.abroad.get(unit)) else {
        return false;
    };
    let entered = abroad.crossing.as_ref();
    operation.card.declared.basis == Basis::JointPatrol
        && !is_stopped(abroad)
        && fix.location.certainty == Certainty::Inside
        && fix.location.states == StateSet::one(patrol.state)
        && entered.is_some_and(|crossing| fix.fixed_at > crossing.latest)
        && ring::is_beyond(area, fix.position, Metres::new(2.0 * fix.accuracy.as_f64()))
}
