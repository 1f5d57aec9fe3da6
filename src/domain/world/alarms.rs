//! Which facts of this room need a person: what is looked at again when something happened, and when time passed.

use super::{Answer, Decision, Unit, World};
use crate::domain::alarms::causes::{Cause, Roster, of_operation};
use crate::domain::alarms::house::{LinkSeen, of_house};
use crate::domain::alarms::unit::{Observed, of_unit};
use crate::domain::alarms::{Board, Owner, Remembered};
use crate::domain::event::{
    Approach, Cut, Event, HouseEvent, LifeEvent, LinkEventKind, OperationEvent, OperationEventKind,
    RegisterEvent, TrackEvent, TrackEventKind, What,
};
use crate::domain::ids::{RoomId, State, UnitId};
use crate::domain::input::{AlarmOrder, AlarmOrderKind};
use crate::domain::law::profile::agreed::{Profiles, strictest};
use crate::domain::law::profile::figure::Figure;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::operations::operation::Operation;
use crate::domain::operations::{OperationChange, orders};
use crate::domain::registry::{UnitCard, UnitKind};
use crate::domain::tracks::act::Act;
use crate::domain::tracks::fix::QuarantineReason;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Roster for World {
    fn card(&self, unit: &UnitId) -> Option<&UnitCard> {
        self.units.get(unit).map(|unit| &unit.card)
    }

    fn silent_since(&self, unit: &UnitId) -> Option<Timestamp> {
        let (silence, _) = self.units.get(unit)?.track.silence()?;
        Some(silence.since)
    }

    fn is_here(&self, room: &RoomId) -> bool {
        self.rooms.contains_key(room)
    }

    fn state_of(&self, room: &RoomId) -> Option<State> {
        self.rooms.get(room).map(|card| card.state)
    }

    fn cut_to(&self, room: &RoomId) -> Option<&Cut> {
        self.links.get(room)?.cut()
    }

    fn approach(&self, unit: &UnitId) -> Option<(&Approach, Timestamp)> {
        self.units.get(unit)?.track.approach_told()
    }

    fn namesake(&self, card: &UnitCard) -> Option<&UnitCard> {
        let partners = self.operations.values();
        let partners = partners.filter(|of| of.is_open() && of.card.room != self.room);
        let units = partners.flat_map(|of| &of.card.units);
        let mut cards = units.filter_map(|unit| self.card(unit));
        cards.find(|other| {
            other.state != card.state && is_same_callsign(&other.callsign, &card.callsign)
        })
    }
}

impl World {
    /// The alarms of the room.
    #[must_use]
    pub const fn alarms(&self) -> &Board {
        &self.alarms
    }

    /// What is to be written of the alarms of one owner, as everything stands now.
    #[must_use]
    pub fn decide_alarms(&self, owner: &Owner, profiles: &Profiles, now: Timestamp) -> Vec<Event> {
        let causes = self.causes(owner, profiles, now);
        let changed = self.alarms.compare(owner, &causes, now);
        let event = |alarm| Event {
            at: now,
            what: What::Alarm(alarm),
        };
        changed.into_iter().map(event).collect()
    }

    /// Whose alarms may change by these events.
    #[must_use]
    pub fn concerned(&self, events: &[Event]) -> BTreeSet<Owner> {
        let mut owners = BTreeSet::new();
        for event in events {
            match &event.what {
                What::Track(TrackEvent { unit, kind }) if matters(kind) => {
                    owners.insert(Owner::Unit(unit.clone()));
                    let operations = self.assigned.get(unit).into_iter().flatten();
                    owners.extend(operations.cloned().map(Owner::Operation));
                    // The eyes of an operation may be a unit that is not of it.
                    let seeing = self.operations.values();
                    let seeing = seeing.filter(|of| of.eyes.as_ref() == Some(unit));
                    owners.extend(seeing.map(|of| Owner::Operation(of.card.id.clone())));
                }
                What::Operation(of) => {
                    of_event(of, &mut owners);
                    if !self.links.is_empty() && matches!(of.kind, OperationEventKind::Life(_)) {
                        owners.insert(Owner::House);
                    }
                    if changes_units(of) {
                        owners.extend(
                            self.own_open()
                                .map(|of| Owner::Operation(of.card.id.clone())),
                        );
                    }
                }
                What::Link(link) => {
                    if matches!(
                        link.kind,
                        LinkEventKind::Lost(_)
                            | LinkEventKind::Restored
                            | LinkEventKind::Missing(_)
                            | LinkEventKind::ClockDiffers { .. }
                    ) {
                        owners.insert(Owner::House);
                        let shared = self.open_with(&link.partner);
                        owners.extend(shared.map(|of| Owner::Operation(of.card.id.clone())));
                    }
                }
                What::House(HouseEvent::DiskRoom(_)) => {
                    owners.insert(Owner::House);
                }
                What::Register(RegisterEvent::UnitRetired(unit)) => {
                    owners.insert(Owner::Unit(unit.clone()));
                }
                What::Track(_)
                | What::Fix(_)
                | What::Register(_)
                | What::House(_)
                | What::Alarm(_) => {}
            }
        }
        owners
    }

    /// Everything that alarms are read from: looked at when time passed.
    #[must_use]
    pub fn watched(&self) -> BTreeSet<Owner> {
        let open = self.operations.values().filter(|of| of.has_alarms());
        let mut owners: BTreeSet<Owner> = self.alarms.owners().cloned().collect();
        owners.extend(open.map(|of| Owner::Operation(of.card.id.clone())));
        let trackers = self.units.values();
        let trackers = trackers.filter(|unit| unit.card.kind == UnitKind::Tracker);
        owners.extend(trackers.map(|unit| Owner::Unit(unit.card.id.clone())));
        let noted = self.alarms.units_noted();
        owners.extend(noted.map(|unit| Owner::Unit(unit.clone())));
        if self.links.values().any(|link| link.cut().is_some()) {
            owners.insert(Owner::House);
        }
        owners.extend(self.silent().map(|unit| Owner::Unit(unit.card.id.clone())));
        owners.extend(
            self.with_device_news()
                .map(|unit| Owner::Unit(unit.card.id.clone())),
        );
        owners
    }

    /// Whether what was told is what stands: the invariant of the board, after every input and every look at the time.
    #[must_use]
    pub fn alarms_are_settled(&self, profiles: &Profiles, now: Timestamp) -> bool {
        let owners = self.watched();
        owners
            .iter()
            .all(|owner| self.decide_alarms(owner, profiles, now).is_empty())
    }

    /// Whether time alone makes or ends an alarm after one moment and until another, inclusive.
    #[must_use]
    pub fn alarms_change(
        &self,
        profiles: &Profiles,
        (after, until): (Timestamp, Timestamp),
    ) -> bool {
        let changes = |cause: &Cause| cause.changes_after(after).is_some_and(|at| at <= until);
        let open = self.operations.values().filter(|of| of.has_alarms());
        let mut operations = open.flat_map(|of| of_operation(of, &self.room, self, profiles));
        // Of units time alone makes few alarms: very many may be silent, and of few something is remembered.
        let missed = |unit: &Unit| {
            let (silence, _) = unit.track.silence()?;
            Some(
                silence
                    .since
                    .plus(self.missed_after(&unit.card.id, profiles)),
            )
        };
        let mut missed = self.silent().filter_map(missed);
        let trackers = self
            .units
            .values()
            .filter(|unit| unit.card.kind == UnitKind::Tracker && self.owns(&unit.card.id));
        let noted = self.alarms.units_noted();
        let noted = noted.filter_map(|unit| self.units.get(unit).filter(|_| self.owns(unit)));
        let mut of_units = trackers
            .chain(noted)
            .chain(self.with_device_news())
            .flat_map(|unit| of_unit(&self.observed(unit, profiles, after)));
        operations.any(|cause| changes(&cause))
            || self.causes_of_house(profiles).iter().any(changes)
            || missed.any(|at| after < at && at <= until)
            || of_units.any(|cause| changes(&cause))
            || self.alarms.return_within((after, until))
    }

    /// What follows when a person takes an alarm or puts it aside.
    pub(super) fn decide_alarm_order(&self, order: &AlarmOrder, now: Timestamp) -> Decision {
        let (id, by) = (&*order.alarm, &order.by);
        let ordered = match &order.kind {
            AlarmOrderKind::Annunciate => Ok(self.alarms.annunciate(id, by)),
            AlarmOrderKind::Acknowledge => self.alarms.acknowledge(id, by),
            AlarmOrderKind::Shelve { span, reason } => self
                .alarms
                .shelve(id, (by, order.role), now, now.plus(*span), reason)
                .map(Some),
        };
        match ordered {
            Ok(event) => Decision {
                answer: Answer::Done {
                    id: Arc::clone(&order.alarm),
                    version: 0,
                    repeated: event.is_none(),
                },
                events: event
                    .map(What::Alarm)
                    .map(|what| Event { at: now, what })
                    .into_iter()
                    .collect(),
                ..Decision::default()
            },
            Err(refusal) => {
                let subject = self
                    .alarms
                    .get(id)
                    .and_then(|alarm| alarm.subject.operation.clone());
                let kept = orders::refused(subject, by, order.kind.word(), refusal.clone(), now);
                Decision {
                    events: vec![kept],
                    answer: Answer::Refused(refusal),
                    ..Decision::default()
                }
            }
        }
    }

    fn causes(&self, owner: &Owner, profiles: &Profiles, now: Timestamp) -> Vec<Cause> {
        match owner {
            Owner::House => self.causes_of_house(profiles),
            Owner::Operation(id) => self
                .operations
                .get(id)
                .map(|operation| of_operation(operation, &self.room, self, profiles))
                .unwrap_or_default(),
            Owner::Unit(id) => {
                let own = self.speaking(id);
                own.map(|unit| of_unit(&self.observed(unit, profiles, now)))
                    .unwrap_or_default()
            }
        }
    }

    fn causes_of_house(&self, profiles: &Profiles) -> Vec<Cause> {
        let links = self.links.iter().filter_map(|(partner, link)| {
            Some(LinkSeen {
                partner,
                state: self.rooms.get(partner)?.state,
                cut: link.cut(),
                lost_after: self.lost_after(partner, profiles),
                clock: link.clock(),
                missing: link
                    .missing()
                    .filter(|(_, at)| self.open_with(partner).any(|of| of.opened_at <= *at)),
            })
        });
        of_house(self.nearly_full, links)
    }

    /// The strictest of what was agreed for open operations with a partner; without one the workflow's own (T11).
    fn lost_after(&self, partner: &RoomId, profiles: &Profiles) -> Span {
        let figure = Figure::LinkLost;
        let spans = self.open_with(partner).flat_map(|operation| {
            let hosts = operation.hosts();
            let of_host = |host| operation.figures(profiles, host).span(figure);
            hosts.into_iter().map(of_host).collect::<Vec<_>>()
        });
        let own = figure.unit().span(figure.workflow());
        spans.min().or(own).unwrap_or(Span::ZERO)
    }

    /// The open operations that this room and a partner share.
    pub(super) fn open_with(&self, partner: &RoomId) -> impl Iterator<Item = &Operation> {
        let operations = self.operations.values();
        operations.filter(move |of| {
            of.is_open() && (of.card.room == *partner || of.card.host_rooms.contains(partner))
        })
    }

    fn own_open(&self) -> impl Iterator<Item = &Operation> {
        let operations = self.operations.values();
        operations.filter(|of| of.is_open() && of.card.room == self.room)
    }

    fn silent(&self) -> impl Iterator<Item = &Unit> {
        self.units.values().filter(|unit| {
            unit.card.room == self.room && !unit.retired && unit.track.silence().is_some()
        })
    }

    /// The units of whose devices something was told.
    fn with_device_news(&self) -> impl Iterator<Item = &Unit> {
        self.units.values().filter(|unit| {
            unit.card.room == self.room && !unit.retired && unit.track.device().is_some()
        })
    }

    /// After how long without a fix a unit is missed: the strictest of what was agreed for its open operations.
    fn missed_after(&self, unit: &UnitId, profiles: &Profiles) -> Span {
        self.span_agreed_for(unit, profiles, Figure::UnitMissed)
    }

    /// The strictest of what was agreed for the open operations of a unit; of one in none the workflow's own.
    pub(super) fn agreed_for(&self, unit: &UnitId, profiles: &Profiles, figure: Figure) -> i64 {
        let stricter = figure.stricter();
        let numbers = self.open_operations_of(unit).map(|operation| {
            let hosts = operation.hosts();
            let agreed = hosts.iter().map(|host| operation.figures(profiles, *host));
            strictest(agreed, figure)
        });
        numbers
            .reduce(|one, other| stricter.of(one, other))
            .unwrap_or_else(|| figure.workflow())
    }

    fn span_agreed_for(&self, unit: &UnitId, profiles: &Profiles, figure: Figure) -> Span {
        let number = self.agreed_for(unit, profiles, figure);
        figure.unit().span(number).unwrap_or(Span::ZERO)
    }

    fn observed<'u>(&self, unit: &'u Unit, profiles: &Profiles, now: Timestamp) -> Observed<'u> {
        let id = &unit.card.id;
        let on_duty = unit.track.on_duty(now);
        Observed {
            card: &unit.card,
            stray: unit.abroad().filter(|_| on_duty && !self.is_assigned(id)),
            silence: unit.track.silence().filter(|_| on_duty),
            has_eyes: self
                .open_operations_of(id)
                .any(|operation| operation.eyes.as_ref() == Some(id)),
            missed_after: self.missed_after(id, profiles),
            sealing: self.sealing(unit, profiles).filter(|_| on_duty),
            device: unit.track.device().filter(|_| on_duty),
            stand_off: unit.track.stand_off().filter(|_| on_duty),
            noted: self.alarms.noted(id).cloned().unwrap_or_default(),
        }
    }

    /// Where a technical source is on its way to without a permission.
    fn sealing<'u>(
        &self,
        unit: &'u Unit,
        profiles: &Profiles,
    ) -> Option<(&'u Approach, Timestamp, Span)> {
        if unit.card.kind != UnitKind::Tracker {
            return None;
        }
        let (approach, told_at) = unit.track.approach_told()?;
        let legal = self.legal_area(unit, told_at.plus(approach.eta));
        let sealed = approach.to.iter().any(|state| !legal.contains(&state));
        let early = self.span_agreed_for(&unit.card.id, profiles, Figure::TrackerWarns);
        sealed.then_some((approach, told_at, early))
    }

    /// Folds in what the alarms of a unit must remember of what it told.
    pub(super) fn note_for_alarms(&mut self, unit: &UnitId, kind: &TrackEventKind, at: Timestamp) {
        if !self.owns(unit) {
            return;
        }
        let seen_abroad = || {
            self.units
                .get(unit)
                .is_some_and(|unit| unit.abroad().is_some())
        };
        match kind {
            TrackEventKind::Acted { act, .. } => match act {
                Act::Emergency => self.alarms.note(unit, |noted| {
                    noted.calls.get_or_insert(at);
                }),
                Act::Crossed if !seen_abroad() => {
                    self.alarms.note(unit, |noted| noted.crossed = Some(at));
                }
                Act::Wilco => self.alarms.note(unit, |noted| noted.calls = None),
                Act::BackHome => self.alarms.note(unit, |noted| {
                    (noted.calls, noted.crossed) = (None, None);
                }),
                Act::Crossed
                | Act::SignOn
                | Act::SignOff
                | Act::HaveTarget
                | Act::TargetLost
                | Act::HandedOver => {}
            },
            TrackEventKind::SignedOff => self
                .alarms
                .note(unit, |noted| *noted = Remembered::default()),
            TrackEventKind::CrossingConfirmed(_) | TrackEventKind::Located { .. } => {
                self.alarms.note(unit, |noted| noted.crossed = None);
            }
            TrackEventKind::FixQuarantined { reason, detail, .. }
                if *reason == QuarantineReason::ImplausibleJump =>
            {
                let why = Some((at, detail.clone()));
                self.alarms.note(unit, |noted| noted.jumped = why);
            }
            TrackEventKind::FixReleased { .. } => {
                self.alarms.note(unit, |noted| noted.jumped = None);
            }
            _ => {}
        }
    }
}

/// Whether two call signs are heard as one.
fn is_same_callsign(one: &str, other: &str) -> bool {
    let heard = |sign: &str| -> String {
        let spoken = sign.chars().filter(|c| c.is_alphanumeric());
        spoken.flat_map(char::to_lowercase).collect()
    };
    heard(one) == heard(other)
}

/// Whether an event changes which units take part in open operations.
const fn changes_units(of: &OperationEvent) -> bool {
    matches!(
        of.kind,
        OperationEventKind::Life(
            LifeEvent::Opened(_)
                | LifeEvent::Closed { .. }
                | LifeEvent::Changed {
                    change: OperationChange::Units(_),
                    ..
                }
        )
    )
}

/// Whether a unit's alarms, or those of its operations, may change by what its track tells.
const fn matters(kind: &TrackEventKind) -> bool {
    match kind {
        TrackEventKind::SignedOn
        | TrackEventKind::SignedOff
        | TrackEventKind::Located { .. }
        | TrackEventKind::Approaching(_)
        | TrackEventKind::Receding { .. }
        | TrackEventKind::CrossingConfirmed(_)
        | TrackEventKind::CrossingRetracted { .. }
        | TrackEventKind::CrossingRevised(_)
        | TrackEventKind::Silent(_)
        | TrackEventKind::MayHaveCrossed(_)
        | TrackEventKind::Back
        | TrackEventKind::Device(_)
        | TrackEventKind::StandOffBroken(_)
        | TrackEventKind::BreachPredicted(_)
        | TrackEventKind::StandOffKept
        | TrackEventKind::Sealed { .. }
        | TrackEventKind::Unsealed
        | TrackEventKind::FixReleased { .. }
        | TrackEventKind::Acted { .. } => true,
        TrackEventKind::FixQuarantined { reason, .. } => {
            matches!(reason, QuarantineReason::ImplausibleJump)
        }
        TrackEventKind::CrossingSuspected(_)
        | TrackEventKind::CameraOver { .. }
        | TrackEventKind::LeftCoverage => false,
    }
}

fn of_event(of: &OperationEvent, owners: &mut BTreeSet<Owner>) {
    owners.extend(of.operation.clone().map(Owner::Operation));
    let mut unit = |unit: &UnitId| {
        owners.insert(Owner::Unit(unit.clone()));
    };
    match &of.kind {
        OperationEventKind::Life(LifeEvent::Opened(card)) => card.units.iter().for_each(unit),
        OperationEventKind::Life(LifeEvent::Changed {
            change: OperationChange::Units(units),
            ..
        }) => units.iter().for_each(unit),
        OperationEventKind::Assessed { unit: Some(of), .. } => unit(of),
        OperationEventKind::EyesMoved(eyes) => {
            eyes.unit.iter().chain(&eyes.was).for_each(unit);
        }
        OperationEventKind::Life(_)
        | OperationEventKind::Notice { .. }
        | OperationEventKind::Clock(_)
        | OperationEventKind::Limit(_)
        | OperationEventKind::Assessed { unit: None, .. }
        | OperationEventKind::OrderRefused { .. }
        | OperationEventKind::TargetSighted { .. }
        | OperationEventKind::Tracker(_)
        | OperationEventKind::Handover(_)
        | OperationEventKind::Report(_) => {}
    }
}
