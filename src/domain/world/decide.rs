//! From one input to what follows. Reads only.

use super::{Answer, Decision, Grounds, Unit, World};
use crate::domain::borders::ring;
use crate::domain::event::{
    Crossing, Event, HouseEvent, RegisterEvent, TrackEvent, TrackEventKind, What,
};
use crate::domain::ids::OperationId;
use crate::domain::input::{Cause, Input, Message, MessageBody, Register, UnitAct};
use crate::domain::law::basis::{Basis, PatrolArea};
use crate::domain::law::finding::Verdict;
use crate::domain::measure::{Position, Timestamp};
use crate::domain::operations::crossings::{Consequences, Crossed, Lookup, without_operation};
use crate::domain::operations::orders::{self};
use crate::domain::operations::{Operation, deadlines};
use crate::domain::registry::{Person, UnitCard};
use crate::domain::tracks::act::Act;
use crate::domain::tracks::fix::{Fix, QuarantineReason, ReportedFix};
use crate::domain::tracks::{ActReceipt, FixReceipt, Quarantine, Watch};
use std::sync::Arc;

impl World {
    /// What follows from one input. Reads only: the caller applies the events in order.
    #[must_use]
    pub fn decide(&self, input: &Input, grounds: Grounds<'_>) -> Decision {
        let now = input.at;
        match &input.cause {
            Cause::Register(change) => self.decide_register(change, now),
            Cause::Fix(fix) => self.decide_fix(fix, now, grounds),
            Cause::Foreign { fix, gateway } => foreign(fix, *gateway, now),
            Cause::Act(act) => self.decide_act(act, now, grounds),
            Cause::Order(order) => self.decide_order(order, now, grounds),
            Cause::Message(message) => self.decide_message(message, now, grounds),
            Cause::Looked(look) => only(now, What::House(look.clone())),
            Cause::ClockJumped(by) => only(now, What::House(HouseEvent::ClockJumped { by: *by })),
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
            rooms: &self.rooms,
        }
    }

    fn decide_fix(&self, fix: &ReportedFix, now: Timestamp, grounds: Grounds<'_>) -> Decision {
        let Some(unit) = self
            .units
            .get(&fix.unit)
            .filter(|unit| unit.card.room == self.room && !unit.retired)
        else {
            return foreign(fix, true, now);
        };
        let mut events = Vec::new();
        let receipt = unit
            .track
            .decide_fix(fix, now, grounds.borders, grounds.gate, &mut events);
        self.follow(unit, now, grounds, &mut events);
        let answer = match receipt {
            FixReceipt::Accepted => Answer::Accepted,
            FixReceipt::Duplicate => Answer::Duplicate,
            FixReceipt::Quarantined(Quarantine { reason, detail }) => {
                Answer::Quarantined { reason, detail }
            }
        };
        Decision {
            events,
            answer,
            ..Decision::default()
        }
    }

    /// What the events of one unit's track mean for its operations, or for a unit without one.
    fn follow(&self, unit: &Unit, now: Timestamp, grounds: Grounds<'_>, events: &mut Vec<Event>) {
        let has_news = events
            .iter()
            .any(|event| matches!(event.what, What::Track(_)));
        let patrol_fix = events.iter().rev().find_map(|event| match &event.what {
            What::Fix(fix) => Some(fix),
            _ => None,
        });
        let own = |operation: &&Operation| {
            operation.is_open() && operation.card.room == self.room && operation.has(&unit.card.id)
        };
        let mut in_operation = false;
        let mut follow_up = Vec::new();
        for operation in self.operations.values().filter(own) {
            in_operation = true;
            if has_news {
                let mut consequences =
                    Consequences::of(operation, self.lookup(grounds), now, &mut follow_up);
                for event in events.iter() {
                    if let What::Track(track) = &event.what {
                        consequence(&mut consequences, operation, unit, (track, event.at));
                    }
                }
            }
            if let (Some(fix), Some(patrol)) = (patrol_fix, &operation.card.patrol) {
                self.patrol(operation, unit, fix, patrol, now, grounds, &mut follow_up);
            }
        }
        if has_news && !in_operation {
            for event in events.iter() {
                if let What::Track(TrackEvent {
                    kind: TrackEventKind::CrossingConfirmed(crossing),
                    ..
                }) = &event.what
                {
                    let crossed = Crossed {
                        unit: &unit.card,
                        crossing,
                        in_patrol_area: None,
                    };
                    follow_up.extend(without_operation(&crossed, self.lookup(grounds), now));
                }
            }
        }
        events.append(&mut follow_up);
    }

    /// A unit on joint patrol that left the agreed area, still abroad: told once.
    #[expect(
        clippy::too_many_arguments,
        reason = "one call site; a struct would only rename them"
    )]
    fn patrol(
        &self,
        operation: &Operation,
        unit: &Unit,
        fix: &Fix,
        patrol: &PatrolArea,
        now: Timestamp,
        grounds: Grounds<'_>,
        events: &mut Vec<Event>,
    ) {
        let Some(area) = &patrol.area else { return };
        let Some(abroad) = operation.abroad.get(&unit.card.id) else {
            return;
        };
        let clearly_inside = ring::contains(area, fix.position);
        if operation.card.declared.basis != Basis::JointPatrol
            || clearly_inside
            || abroad.verdict == Some(Verdict::Stop)
        {
            return;
        }
        let last = unit
            .track
            .last_crossing()
            .filter(|crossing| crossing.id == abroad.crossing);
        if let Some(crossing) = last {
            let left = Crossing {
                likely: fix.fixed_at,
                ..crossing.clone()
            };
            let crossed = Crossed {
                unit: &unit.card,
                crossing: &left,
                in_patrol_area: Some(false),
            };
            Consequences::of(operation, self.lookup(grounds), now, events)
                .left_patrol_area(&crossed);
        }
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
        let receipt = unit.track.decide_act(act, &mut events);
        if receipt == ActReceipt::Accepted {
            self.eyes_by_act(act, now, &mut events);
        }
        self.follow(unit, now, grounds, &mut events);
        let answer = Answer::Done {
            id: Arc::clone(&act.key),
            version: 0,
            repeated: receipt == ActReceipt::Duplicate,
        };
        Decision {
            events,
            answer,
            ..Decision::default()
        }
    }

    fn eyes_by_act(&self, act: &UnitAct, now: Timestamp, events: &mut Vec<Event>) {
        for operation in self.operations.values() {
            let own =
                operation.is_open() && operation.card.room == self.room && operation.has(&act.unit);
            let has_eyes = operation.eyes.as_ref() == Some(&act.unit);
            match act.act {
                Act::HaveTarget if own && !has_eyes => {
                    events.push(orders::eyes(operation, Some(act.unit.clone()), now));
                }
                Act::TargetLost | Act::HandedOver if own && has_eyes => {
                    events.push(orders::eyes(operation, None, now));
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
                self.follow(unit, now, grounds, &mut of_unit);
                events.append(&mut of_unit);
            }
        }
        for operation in self
            .operations
            .values()
            .filter(|operation| operation.card.room == self.room)
        {
            deadlines::tick(operation, now, &mut events);
        }
        Decision {
            events,
            ..Decision::default()
        }
    }

    fn decide_message(&self, message: &Message, now: Timestamp, grounds: Grounds<'_>) -> Decision {
        match &message.body {
            MessageBody::Shared(events) => self.receive(message, events),
            MessageBody::NoticeDelivered { operation, notice } => {
                self.fold_message(operation, |of| orders::delivered(of, notice, now))
            }
            MessageBody::NoticeSeen {
                operation,
                notice,
                by,
            } if by.room == message.from => {
                self.fold_message(operation, |of| orders::seen(of, notice, by, now))
            }
            // A room speaks for its own persons only.
            MessageBody::NoticeSeen { .. } => Decision::default(),
            MessageBody::Sighted { operation, seen } => self.fold_message(operation, |of| {
                let partner = of.shared_with.contains(&message.from);
                let sighted = if partner {
                    self.sight_own(of, seen, &message.from, now, grounds)
                } else {
                    Ok(Vec::new())
                };
                sighted.unwrap_or_else(|refusal| {
                    let by = Person {
                        account: of.card.opened_by.account.clone(),
                        room: message.from.clone(),
                    };
                    vec![orders::refused(
                        Some(of.card.id.clone()),
                        &by,
                        "sight",
                        refusal,
                        now,
                    )]
                })
            }),
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

fn only(at: Timestamp, what: What) -> Decision {
    Decision {
        events: vec![Event { at, what }],
        ..Decision::default()
    }
}

/// A fix that its sender may not post, or of a unit that the room does not have: kept apart under the name it gives.
fn foreign(fix: &ReportedFix, gateway: bool, now: Timestamp) -> Decision {
    let (reason, detail): (_, Arc<str>) = if gateway {
        (
            QuarantineReason::UnknownUnit,
            format!(
                "Unit {} is not a unit of this room: register it first.",
                fix.unit
            )
            .into(),
        )
    } else {
        (
            QuarantineReason::NotYourUnit,
            format!("The token is not that of unit {}.", fix.unit).into(),
        )
    };
    let kept = What::Track(TrackEvent {
        unit: fix.unit.clone(),
        kind: TrackEventKind::FixQuarantined {
            reason,
            detail: Arc::clone(&detail),
            fix: Some(Box::new(fix.clone())),
        },
    });
    Decision {
        answer: Answer::Quarantined { reason, detail },
        ..only(now, kept)
    }
}

fn consequence(
    consequences: &mut Consequences<'_>,
    operation: &Operation,
    of: &Unit,
    (track, at): (&TrackEvent, Timestamp),
) {
    let unit = &of.card;
    let crossed = |crossing| Crossed {
        unit,
        crossing,
        in_patrol_area: patrol_area(operation, crossing.point),
    };
    match &track.kind {
        TrackEventKind::CrossingConfirmed(crossing) => consequences.confirmed(&crossed(crossing)),
        TrackEventKind::CrossingRevised(crossing) => consequences.revised(&crossed(crossing)),
        TrackEventKind::CrossingRetracted { crossing, .. } => {
            consequences.retracted(&crossed(crossing));
        }
        TrackEventKind::Approaching(approach) => {
            let before = of.track.approach();
            let again = before.is_some_and(|before| before.frontier == approach.frontier);
            consequences.approaching(unit, approach, at, again);
        }
        TrackEventKind::SignedOn
        | TrackEventKind::SignedOff
        | TrackEventKind::Located { .. }
        | TrackEventKind::Receding { .. }
        | TrackEventKind::CrossingSuspected(_)
        | TrackEventKind::Silent(_)
        | TrackEventKind::MayHaveCrossed(_)
        | TrackEventKind::Back
        | TrackEventKind::LeftCoverage
        | TrackEventKind::FixQuarantined { .. }
        | TrackEventKind::FixReleased { .. }
        | TrackEventKind::Acted { .. } => {}
    }
}

/// Whether a place lies in the area of a joint patrol; `None` when no area was agreed.
pub(super) fn patrol_area(operation: &Operation, place: Position) -> Option<bool> {
    let area = operation.card.patrol.as_ref()?.area.as_ref()?;
    Some(ring::contains(area, place))
}
