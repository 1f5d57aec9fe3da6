//! The picture of one room, folded from what was recorded, exactly as the map folds it.
//!
//! The browser's `reduce` (`web-map/src/picture`) is the same fold in TypeScript; a test holds the two together.

mod alarms;
mod dialogue;
mod links;
mod operation;
mod rests_on;
mod unit;
mod unseen;

use self::operation::{
    changed, end_clock, forward, given_by_voice, must_stop, opened, permission, reported, sent,
    sent_again, set_clock, set_limit, unsent,
};
use crate::domain::alarms::figures::Counted;
use crate::domain::ids::UnitId;
use crate::domain::tracks::fix::Fix;
use crate::service::desk::TAIL_FIXES;
use crate::wire::alarm::AlarmWire;
use crate::wire::answer::AnsweredPicture;
use crate::wire::channels::AttemptPicture;
use crate::wire::event::{EventBody, EventWire};
use crate::wire::link::LinkPicture;
use crate::wire::live::{
    ApproachPicture, AssessmentPicture, CameraPicture, ClosedWire, NoticePicture, OperationPicture,
    PositionWire, SealedPicture, SilencePicture, UnitPicture,
};
use crate::wire::parts::{RoomWire, UnitCardWire};
use crate::wire::resting::RestsOnWire;
use std::collections::{BTreeMap, VecDeque};
use unit::{brief, clock_wrong, crossed, duty, law, lengthen, millis, show, unseen};

/// The most points of a tail.
pub const TAIL_MAX: usize = TAIL_FIXES;
/// How long a tail is, milliseconds.
pub const TAIL_SPAN_MS: i64 = 30 * 60 * 1_000;
/// The most crossings kept for a unit.
pub const CROSSINGS_MAX: usize = 20;
/// The most events a snapshot brings along.
pub const RECENT_MAX: usize = 200;

/// The reason under which a fix from the future is kept apart.
const FIXED_AT_IN_FUTURE: &str = "fixed_at_in_future";

/// What one room sees.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Picture {
    /// The room.
    pub room: String,
    /// The last record folded in.
    pub seq: u64,
    /// What operations opened now rest on.
    pub rests_on: RestsOnWire,
    /// All rooms known here.
    pub rooms: BTreeMap<String, RoomWire>,
    /// The links to rooms in other services.
    pub links: BTreeMap<String, LinkPicture>,
    /// The units it may see.
    pub units: BTreeMap<String, UnitPicture>,
    /// The operations it may see.
    pub operations: BTreeMap<String, OperationPicture>,
    /// The alarms that stand, by id.
    pub alarms: BTreeMap<String, AlarmWire>,
    /// How many alarms were raised, and when.
    pub counted: Counted,
    /// The last events, oldest first.
    pub recent: VecDeque<EventWire>,
    /// The newest fixes that nobody has looked at: written out by [`Self::settle`].
    unseen: BTreeMap<UnitId, Fix>,
}

impl Picture {
    /// An empty picture.
    #[must_use]
    pub fn new(room: &str) -> Self {
        Self {
            room: room.to_owned(),
            ..Self::default()
        }
    }

    /// Folds what one bulletin says: events first, then positions.
    pub fn fold(&mut self, seq: u64, events: &[EventWire], positions: &[PositionWire]) {
        self.settle();
        for event in events {
            self.event(event);
        }
        for position in positions {
            self.position(position);
        }
        self.seq = seq;
    }

    fn position(&mut self, row: &PositionWire) {
        let Some(unit) = self.units.get_mut(&row.unit) else {
            return;
        };
        let at = millis(&row.fixed_at) as f64;
        lengthen(&mut unit.tail, [row.lon, row.lat, at]);
        show(unit, row.clone());
    }

    fn event(&mut self, event: &EventWire) {
        self.recent.push_back(event.clone());
        if self.recent.len() > RECENT_MAX {
            self.recent.pop_front();
        }
        match &event.body {
            EventBody::RoomAdded(room) => {
                self.rooms.insert(room.id.clone(), room.clone());
            }
            EventBody::UnitAdded(card) => self.unit_added(card),
            EventBody::UnitRetired { unit } => self.on_unit(unit, |unit| unit.retired = true),
            EventBody::Opened { operation, card } => {
                let own = card.room == self.room;
                let rests_on = own.then(|| self.rests_on.clone());
                let opened = opened(card, &event.at, rests_on);
                self.operations.entry(operation.clone()).or_insert(opened);
            }
            EventBody::RulesAdopted { .. } | EventBody::ProfilesAdopted { .. } => {
                rests_on::fold(self, &event.body);
            }
            EventBody::LinkLost(_) | EventBody::LinkRestored { .. } => {
                links::fold(self, &event.body);
            }
            EventBody::AlarmRaised(_)
            | EventBody::AlarmAcknowledged { .. }
            | EventBody::AlarmReopened(_)
            | EventBody::AlarmAnnunciated { .. }
            | EventBody::AlarmReturned(_)
            | EventBody::AlarmShelved { .. }
            | EventBody::AlarmCleared(_) => alarms::fold(self, event),
            body => {
                self.track(event, body);
                self.operation(event, body);
            }
        }
    }

    fn unit_added(&mut self, card: &UnitCardWire) {
        let unit = self
            .units
            .entry(card.unit.clone())
            .or_insert_with(|| unseen(card));
        unit.callsign.clone_from(&card.callsign);
        unit.kind.clone_from(&card.unit_kind);
        unit.state.clone_from(&card.state);
        unit.room.clone_from(&card.room);
        unit.marks.clone_from(&card.marks);
        unit.retired = false;
    }

    fn on_unit(&mut self, id: &str, change: impl FnOnce(&mut UnitPicture)) {
        if let Some(unit) = self.units.get_mut(id) {
            change(unit);
        }
    }

    fn on_operation(&mut self, id: Option<&String>, change: impl FnOnce(&mut OperationPicture)) {
        if let Some(operation) = id.and_then(|id| self.operations.get_mut(id)) {
            change(operation);
        }
    }

    /// What a track tells. Kinds that say nothing of a unit fall through.
    fn track(&mut self, event: &EventWire, body: &EventBody) {
        match body {
            EventBody::SignedOn { unit } => self.on_unit(unit, |unit| duty(unit, &event.at, true)),
            EventBody::SignedOff { unit } => {
                self.on_unit(unit, |unit| duty(unit, &event.at, false));
            }
            EventBody::Located { unit, place } => self.on_unit(unit, |unit| {
                unit.located = Some(place.states.clone());
                unit.located_at = Some(event.at.clone());
                unit.law = law(unit);
            }),
            EventBody::Approaching(it) => self.on_unit(&it.unit, |unit| {
                unit.approach = Some(ApproachPicture {
                    frontier: it.frontier.clone(),
                    from: it.from.clone(),
                    to: it.to.clone(),
                    distance_m: it.distance_m,
                    eta_s: it.eta_s,
                    eta_earliest_s: it.eta_earliest_s,
                    eta_latest_s: it.eta_latest_s,
                    point: it.point,
                    crossings: it.crossings.clone(),
                    at: event.at.clone(),
                });
            }),
            EventBody::Receding { unit, .. } => self.on_unit(unit, |unit| unit.approach = None),
            EventBody::CrossingSuspected(it) => {
                self.on_unit(&it.unit, |unit| unit.suspected = Some(brief(it)));
            }
            EventBody::CrossingConfirmed(it) => self.on_unit(&it.unit, |unit| {
                crossed(unit, it);
                unit.approach = None;
                unit.stand_off = None;
            }),
            EventBody::CrossingRevised(it) => self.on_unit(&it.unit, |unit| crossed(unit, it)),
            EventBody::CrossingRetracted { crossing: it, .. } => self.on_unit(&it.unit, |unit| {
                unit.crossings.retain(|crossing| crossing.id != it.crossing);
                unit.suspected
                    .take_if(|crossing| crossing.id == it.crossing);
                unit.law = law(unit);
            }),
            EventBody::Silent(it) => self.on_unit(&it.unit, |unit| {
                unit.silence = Some(SilencePicture::of(it, false));
            }),
            EventBody::MayHaveCrossed(it) => self.on_unit(&it.unit, |unit| {
                unit.silence = Some(SilencePicture::of(it, true));
            }),
            EventBody::StandOffBroken(it) | EventBody::BreachPredicted(it) => {
                self.on_unit(&it.unit, |unit| unit.stand_off = Some(it.clone()));
            }
            EventBody::CameraOver { unit, states, .. } => self.on_unit(unit, |unit| {
                unit.camera = (states != "-").then(|| CameraPicture {
                    since: event.at.clone(),
                    states: states.clone(),
                });
            }),
            EventBody::StandOffKept { unit } => self.on_unit(unit, |unit| unit.stand_off = None),
            EventBody::Sealed { unit, without } => self.on_unit(unit, |unit| {
                unit.approach = None;
                unit.silence = None;
                unit.sealed = Some(SealedPicture {
                    since: event.at.clone(),
                    without: without.clone(),
                });
            }),
            EventBody::Unsealed { unit } => self.on_unit(unit, |unit| unit.sealed = None),
            EventBody::Back { unit } => self.on_unit(unit, |unit| unit.silence = None),
            EventBody::FixQuarantined {
                unit, reason, fix, ..
            } => self.on_unit(unit, |unit| {
                *unit.quarantined.entry(reason.clone()).or_default() += 1;
                if let (Some(fix), FIXED_AT_IN_FUTURE) = (fix, reason.as_str()) {
                    clock_wrong(unit, fix, &event.at);
                }
            }),
            _ => {}
        }
    }

    /// What happens to an operation. Kinds that say nothing of one fall through.
    fn operation(&mut self, event: &EventWire, body: &EventBody) {
        match body {
            EventBody::Changed { operation, .. } => {
                self.on_operation(Some(operation), |operation| changed(operation, body));
                self.forget_guests();
            }
            EventBody::Closed {
                operation,
                by,
                reason,
                outcome,
            } => {
                self.on_operation(Some(operation), |operation| {
                    operation.version += 1;
                    operation.closed = Some(ClosedWire {
                        at: event.at.clone(),
                        by: by.clone(),
                        reason: reason.clone(),
                        outcome: outcome.clone(),
                    });
                });
                self.forget_guests();
            }
            EventBody::Shared {
                operation, with, ..
            } => {
                self.on_operation(Some(operation), |operation| {
                    if !operation.shared_with.contains(with) {
                        operation.shared_with.push(with.clone());
                    }
                });
            }
            EventBody::Assessed {
                operation,
                unit,
                crossing,
                assessment,
            } => {
                let asked = AssessmentPicture {
                    at: event.at.clone(),
                    unit: unit.clone(),
                    crossing: crossing.clone(),
                    verdict: assessment.verdict.clone(),
                    findings: assessment.findings.clone(),
                    duties: assessment.duties.clone(),
                };
                self.assessed(operation.as_ref(), asked);
            }
            EventBody::TargetSighted {
                operation,
                sighting,
                ..
            } => self.on_operation(operation.as_ref(), |operation| {
                let newer = operation
                    .sighting
                    .as_ref()
                    .is_none_or(|last| last.seen_at <= sighting.seen_at);
                if newer {
                    operation.sighting = Some(sighting.clone());
                }
            }),
            EventBody::LimitNear(limit)
            | EventBody::LimitExceeded(limit)
            | EventBody::LimitWithin(limit) => {
                self.on_operation(limit.operation.as_ref(), |operation| {
                    set_limit(operation, limit, &event.at);
                });
            }
            EventBody::EyesMoved {
                operation, to_unit, ..
            } => {
                self.on_operation(operation.as_ref(), |operation| {
                    operation.eyes.clone_from(to_unit);
                });
            }
            EventBody::PermissionEntered(it) => {
                self.on_operation(it.operation.as_ref(), |of| permission(of, it, None));
            }
            EventBody::TrackerPermitted(it) => {
                let at = Some(&event.at);
                self.on_operation(it.operation.as_ref(), |of| permission(of, it, at));
            }
            EventBody::ReportOwed { operation }
            | EventBody::ReportStated { operation, .. }
            | EventBody::ReportSigned { operation, .. } => {
                self.on_operation(operation.as_ref(), |operation| reported(operation, event));
            }
            body => {
                self.notice(event, body);
                self.clock(body);
                dialogue::fold(self, event);
            }
        }
    }

    /// What the law answered: of an operation, or of a unit that is abroad without one. At home there is no finding, and
    /// only what is still owed is kept.
    fn assessed(&mut self, operation: Option<&String>, asked: AssessmentPicture) {
        let says = !asked.findings.is_empty();
        if let Some(unit) = &asked.unit {
            let stray = (says && operation.is_none()).then(|| asked.clone());
            self.on_unit(unit, |unit| unit.stray = stray);
        }
        self.on_operation(operation, |operation| {
            operation
                .assessments
                .retain(|before| before.unit != asked.unit);
            if says || asked.unit.is_none() || !asked.duties.is_empty() {
                operation.assessments.push(asked);
            }
            must_stop(operation);
        });
    }

    fn notice(&mut self, event: &EventWire, body: &EventBody) {
        let at = || Some(event.at.clone());
        match body {
            EventBody::NoticeOwed {
                operation,
                notice,
                duty,
                to,
                since,
                ..
            } => self.on_notice(operation.as_ref(), notice, Some((duty, to)), |notice| {
                let earlier = notice
                    .owed_since
                    .as_ref()
                    .is_some_and(|before| before <= since);
                if !earlier {
                    notice.owed_since = Some(since.clone());
                }
                forward(notice, "owed");
            }),
            EventBody::NoticeDrafted {
                operation,
                notice,
                duty,
                to,
                fields,
            } => self.on_notice(operation.as_ref(), notice, Some((duty, to)), |notice| {
                notice.fields = Some(fields.clone());
                notice.drafted_at = at();
                forward(notice, "draft");
            }),
            EventBody::NoticeReady { operation, notice } => {
                self.on_notice(operation.as_ref(), notice, None, |notice| {
                    forward(notice, "ready");
                });
            }
            EventBody::NoticeWithdrawn {
                operation, notice, ..
            } => {
                self.on_notice(operation.as_ref(), notice, None, |notice| {
                    notice.owed_since = None;
                    forward(notice, "withdrawn");
                });
            }
            EventBody::NoticeSent {
                operation,
                notice,
                by,
                duty,
                to,
                fields,
                texts,
                channels,
            } => self.on_notice(operation.as_ref(), notice, Some((duty, to)), |notice| {
                sent(notice, (fields, texts), channels);
                notice.sent_at = at();
                notice.sent_by = Some(by.clone());
            }),
            EventBody::NoticeVoice {
                operation,
                notice,
                by,
                duty,
                to,
                call,
                fields,
                texts,
            } => self.on_notice(operation.as_ref(), notice, Some((duty, to)), |notice| {
                given_by_voice(notice, (by, call), (fields, texts));
            }),
            EventBody::NoticeSeen {
                operation,
                notice,
                by,
                call,
            } => {
                self.on_notice(operation.as_ref(), notice, None, |notice| {
                    notice.seen_at = at();
                    notice.seen_by = Some(by.clone());
                    notice.seen_call.clone_from(call);
                    forward(notice, "seen");
                });
            }
            EventBody::NoticeAnswered {
                operation,
                notice,
                by,
                answer,
            } => {
                self.on_notice(operation.as_ref(), notice, None, |notice| {
                    let (by, answer) = (by.clone(), answer.clone());
                    notice.answers.push(AnsweredPicture { by, answer });
                    forward(notice, "answered");
                });
            }
            _ => self.carried(event, body),
        }
    }

    /// What came of sending a notice.
    fn carried(&mut self, event: &EventWire, body: &EventBody) {
        let at = || Some(event.at.clone());
        match body {
            EventBody::NoticeAttempted {
                operation,
                notice,
                attempt,
            } => self.on_notice(operation.as_ref(), notice, None, |notice| {
                notice.attempts.push(AttemptPicture {
                    at: event.at.clone(),
                    attempt: attempt.clone(),
                });
            }),
            EventBody::NoticeFailed {
                operation,
                notice,
                because,
            } => self.on_notice(operation.as_ref(), notice, None, |notice| {
                notice.failed_at = at();
                notice.failed_because = Some(because.clone());
                forward(notice, "failed");
            }),
            EventBody::NoticeSentAgain {
                operation,
                notice,
                channels,
                ..
            } => self.on_notice(operation.as_ref(), notice, None, |notice| {
                notice.sent_again_at = at();
                sent_again(notice, channels);
            }),
            EventBody::NoticeDelivered { operation, notice } => {
                self.on_notice(operation.as_ref(), notice, None, |notice| {
                    notice.delivered_at = at();
                    (notice.failed_at, notice.failed_because) = (None, None);
                    forward(notice, "delivered");
                });
            }
            _ => {}
        }
    }

    fn on_notice(
        &mut self,
        operation: Option<&String>,
        id: &str,
        new: Option<(&String, &String)>,
        change: impl FnOnce(&mut NoticePicture),
    ) {
        self.on_operation(operation, |operation| {
            let known = operation.notices.iter().any(|notice| notice.id == id);
            if let (false, Some((duty, to))) = (known, new) {
                operation.notices.push(unsent(id, duty, to));
            }
            if let Some(notice) = operation.notices.iter_mut().find(|notice| notice.id == id) {
                change(notice);
            }
        });
    }

    fn clock(&mut self, body: &EventBody) {
        match body {
            EventBody::ClockStarted(clock) => {
                self.on_operation(clock.operation.as_ref(), |operation| {
                    set_clock(operation, clock, None);
                });
            }
            EventBody::ClockRevised { clock, because } => {
                self.on_operation(clock.operation.as_ref(), |operation| {
                    set_clock(operation, clock, Some(because));
                });
            }
            EventBody::ClockExpired {
                operation,
                clock,
                host,
                because,
            } => self.on_operation(operation.as_ref(), |operation| {
                end_clock(operation, (clock, host), "expired", because);
            }),
            EventBody::ClockStopped {
                operation,
                clock,
                host,
                because,
            } => self.on_operation(operation.as_ref(), |operation| {
                end_clock(operation, (clock, host), "stopped", because);
            }),
            _ => {}
        }
    }

    /// Sharing ends by itself: a partner's unit that no open operation shows leaves the map.
    fn forget_guests(&mut self) {
        let (room, operations) = (&self.room, &self.operations);
        self.units.retain(|id, unit| {
            unit.room == *room
                || operations
                    .values()
                    .any(|operation| operation.closed.is_none() && operation.units.contains(id))
        });
        let units = &self.units;
        self.unseen.retain(|id, _| units.contains_key(id.as_str()));
    }
}
