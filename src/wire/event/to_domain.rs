//! From what was stored to what happened.

#[cfg(test)]
mod tests;

use super::device::disk_room;
use super::track::{approach, camera_over, crossing, reported, silence};
use super::{ClockWire, EventBody, LimitWire};
use super::{alarm, report, told, tracker};
use crate::domain::borders::{Frontier, Location};
use crate::domain::event::{
    AlarmChange, Clock, ClockEvent, ClockKey, Event, HandoverEvent, HouseEvent, LifeEvent, Limit,
    LinkEventKind, NoticeEvent, OperationEvent, OperationEventKind, Refusal, RegisterEvent,
    ReportEvent, TrackEvent, TrackEventKind, What,
};
use crate::domain::ids::{
    CrossingId, NoticeId, OperationId, RoomId, SourceId, State, StateSet, TargetId, UnitId,
};
use crate::domain::law::clocks::LimitStage;
use crate::domain::law::finding::{ClockKind, Origin};
use crate::domain::law::profile::agreed::FigureOrigin;
use crate::domain::law::rulebook::kept::RulesVersion;
use crate::domain::measure::{Metres, Span, Timestamp};
use crate::domain::operations::handover::RecallKind;
use crate::domain::operations::sharing::Extent;
use crate::domain::operations::{Closing, Eyes, Outcome};
use crate::domain::tracks::act::Act;
use crate::domain::tracks::fix::QuarantineReason;
use crate::wire::dialogue::event::{read_answer, read_recall};
use crate::wire::link::event as link;
use crate::wire::parts::{WireError, span, timestamp, word};
use crate::wire::resting::adopted;

impl EventBody {
    /// The event of this stored form.
    ///
    /// # Errors
    /// [`WireError`] when a value is not what its key promises.
    pub fn into_event(self, at: Timestamp) -> Result<Event, WireError> {
        Ok(Event {
            at,
            what: what(self, at)?,
        })
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "a table: one arm for each kind, so that none can be forgotten"
)]
fn what(body: EventBody, at: Timestamp) -> Result<What, WireError> {
    use EventBody as B;
    use LinkEventKind as L;
    use RecallKind::{Cease, Release};
    use TrackEventKind as T;
    Ok(match body {
        B::RoomAdded(card) => What::Register(RegisterEvent::RoomAdded((&card).try_into()?)),
        B::UnitAdded(card) => What::Register(RegisterEvent::UnitAdded((&card).try_into()?)),
        B::UnitRetired { unit } => {
            What::Register(RegisterEvent::UnitRetired(UnitId::parse(&unit)?))
        }
        B::SignedOn { unit } => track(&unit, T::SignedOn)?,
        B::SignedOff { unit } => track(&unit, T::SignedOff)?,
        B::Located { unit, place } => {
            let location = Location::try_from(&place)?;
            let kind = T::Located {
                states: location.states,
                certainty: location.certainty,
                nearest: location.nearest,
            };
            track(&unit, kind)?
        }
        B::Approaching(it) => track(&it.unit, T::Approaching(approach(&it)?))?,
        B::Receding { unit, frontier } => {
            let frontier = Frontier::parse(&frontier)?;
            track(&unit, T::Receding { frontier })?
        }
        B::CrossingSuspected(it) => track(&it.unit, T::CrossingSuspected(crossing(&it)?))?,
        B::CrossingConfirmed(it) => track(&it.unit, T::CrossingConfirmed(crossing(&it)?))?,
        B::CrossingRetracted {
            crossing: it,
            because,
        } => {
            let kind = T::CrossingRetracted {
                crossing: crossing(&it)?,
                because: because.into(),
            };
            track(&it.unit, kind)?
        }
        B::CrossingRevised(it) => track(&it.unit, T::CrossingRevised(crossing(&it)?))?,
        B::Silent(it) => track(&it.unit, T::Silent(silence(&it)?))?,
        B::MayHaveCrossed(it) => track(&it.unit, T::MayHaveCrossed(silence(&it)?))?,
        B::Back { unit } => track(&unit, T::Back)?,
        B::CameraOver { unit, states, ring } => track(&unit, camera_over(&states, ring)?)?,
        B::Device { unit, device: it } => track(&unit, T::Device((&it).try_into()?))?,
        B::StandOffBroken(it) => track(&it.unit, T::StandOffBroken((&it).try_into()?))?,
        B::BreachPredicted(it) => track(&it.unit, T::BreachPredicted((&it).try_into()?))?,
        B::StandOffKept { unit } => track(&unit, T::StandOffKept)?,
        B::Sealed { unit, without } => {
            let without = StateSet::parse(&without)?;
            track(&unit, T::Sealed { without })?
        }
        B::Unsealed { unit } => track(&unit, T::Unsealed)?,
        B::PermissionEntered(it) => tracker::to_domain(&it, false)?,
        B::TrackerPermitted(it) => tracker::to_domain(&it, true)?,
        B::LeftCoverage { unit } => track(&unit, T::LeftCoverage)?,
        B::FixQuarantined {
            unit,
            reason,
            detail,
            fix,
        } => {
            let kind = T::FixQuarantined {
                reason: word(&reason, QuarantineReason::parse, "a reason of quarantine")?,
                detail: detail.into(),
                fix: fix.as_ref().map(reported).transpose()?.map(Box::new),
            };
            track(&unit, kind)?
        }
        B::FixReleased {
            unit,
            reason,
            fixed_at,
            source,
        } => {
            let kind = T::FixReleased {
                reason: word(&reason, QuarantineReason::parse, "a reason of quarantine")?,
                fixed_at: timestamp(&fixed_at)?,
                source: source.as_deref().map(SourceId::parse).transpose()?,
            };
            track(&unit, kind)?
        }
        B::Acted { unit, act, key } => {
            let act = word(&act, Act::parse, "an act of a unit")?;
            track(
                &unit,
                T::Acted {
                    act,
                    key: key.into(),
                },
            )?
        }
        B::Opened { operation, card } => {
            life(operation, LifeEvent::Opened(Box::new((&card).try_into()?)))?
        }
        B::Changed {
            operation,
            change,
            by,
        } => {
            let (change, by) = ((&change).try_into()?, (&by).try_into()?);
            life(operation, LifeEvent::Changed { change, by })?
        }
        B::Closed {
            operation,
            by,
            reason,
            outcome,
        } => {
            let by = (&by).try_into()?;
            let outcome = (outcome.as_deref())
                .map(|outcome| word(outcome, Outcome::parse, "an outcome"))
                .transpose()?;
            let closing = Closing {
                reason: reason.into(),
                outcome,
            };
            life(operation, LifeEvent::Closed { by, closing })?
        }
        B::Shared {
            operation,
            with,
            units,
        } => {
            let (with, extent) = (RoomId::parse(&with)?, extent(units)?);
            life(operation, LifeEvent::Shared { with, extent })?
        }
        B::Assessed {
            operation: id,
            unit,
            crossing,
            assessment,
        } => {
            let kind = OperationEventKind::Assessed {
                unit: unit.as_deref().map(UnitId::parse).transpose()?,
                crossing: crossing.as_deref().map(CrossingId::parse).transpose()?,
                assessment: (&assessment).try_into()?,
            };
            operation(id, kind)?
        }
        B::OrderRefused {
            operation: id,
            by,
            order,
            guard,
            sentence,
            citation,
        } => {
            let kind = OperationEventKind::OrderRefused {
                by: (&by).try_into()?,
                order: order.into(),
                refusal: Refusal {
                    guard: guard.into(),
                    sentence: sentence.into(),
                    citation: citation.as_ref().map(TryInto::try_into).transpose()?,
                },
            };
            operation(id, kind)?
        }
        B::NoticeOwed {
            operation: id,
            notice: n,
            duty,
            to,
            since,
            citation,
        } => notice(id, &n, told::owed((&duty, &to), &since, &citation)?)?,
        B::NoticeDrafted {
            operation: id,
            notice: n,
            duty,
            to,
            fields,
        } => notice(id, &n, told::drafted((&duty, &to), &fields)?)?,
        B::NoticeReady {
            operation: id,
            notice: n,
        } => notice(id, &n, NoticeEvent::Ready)?,
        B::NoticeWithdrawn {
            operation: id,
            notice: n,
            because,
        } => {
            let because = because.into();
            notice(id, &n, NoticeEvent::Withdrawn { because })?
        }
        B::NoticeSent {
            operation: id,
            notice: n,
            by,
            duty,
            to,
            fields,
            texts,
            channels,
        } => notice(
            id,
            &n,
            told::sent(&by, (&duty, &to), (&fields, &texts), &channels)?,
        )?,
        B::NoticeAttempted {
            operation: id,
            notice: n,
            attempt,
        } => {
            let attempt = Box::new((&attempt).try_into()?);
            notice(id, &n, NoticeEvent::Attempted(attempt))?
        }
        B::NoticeFailed {
            operation: id,
            notice: n,
            because,
        } => {
            let because = because.into();
            notice(id, &n, NoticeEvent::Failed { because })?
        }
        B::NoticeSentAgain {
            operation: id,
            notice: n,
            by,
            channels,
        } => notice(id, &n, told::sent_again(&by, &channels)?)?,
        B::NoticeDelivered {
            operation: id,
            notice: n,
        } => notice(id, &n, NoticeEvent::Delivered)?,
        B::NoticeSeen {
            operation: id,
            notice: n,
            by,
            call,
        } => notice(id, &n, told::seen(&by, call.as_ref())?)?,
        B::NoticeAnswered {
            operation: id,
            notice: n,
            by,
            answer,
        } => notice(id, &n, told::answered(&by, &answer)?)?,
        B::NoticeVoice {
            operation: id,
            notice: n,
            by,
            duty,
            to,
            call,
            fields,
            texts,
        } => notice(
            id,
            &n,
            told::by_voice((&by, &call), (&duty, &to), (&fields, &texts))?,
        )?,
        B::LimitNear(it) | B::LimitExceeded(it) | B::LimitWithin(it) => {
            operation(it.operation.clone(), OperationEventKind::Limit(limit(&it)?))?
        }
        B::ClockStarted(it) => clock_event(it.operation.clone(), ClockEvent::Started(clock(&it)?))?,
        B::ClockRevised { clock: it, because } => {
            let event = ClockEvent::Revised {
                clock: clock(&it)?,
                because: because.into(),
            };
            clock_event(it.operation, event)?
        }
        B::ClockWarned {
            operation: id,
            clock,
            host,
            left_s,
            origin,
            agreed,
        } => {
            let event = ClockEvent::Warned {
                clock: key(&clock, &host)?,
                left: span(left_s),
                origin: FigureOrigin::of(word(&origin, Origin::parse, "an origin")?, agreed),
            };
            clock_event(id, event)?
        }
        B::ClockExpired {
            operation: id,
            clock,
            host,
            because,
        } => {
            let event = ClockEvent::Expired {
                clock: key(&clock, &host)?,
                because: because.into(),
            };
            clock_event(id, event)?
        }
        B::ClockStopped {
            operation: id,
            clock,
            host,
            because,
        } => {
            let event = ClockEvent::Stopped {
                clock: key(&clock, &host)?,
                because: because.into(),
            };
            clock_event(id, event)?
        }
        B::TargetSighted {
            operation: id,
            target,
            sighting,
        } => {
            let kind = OperationEventKind::TargetSighted {
                target: TargetId::parse(&target)?,
                sighting: Box::new((&sighting).try_into()?),
            };
            operation(id, kind)?
        }
        B::EyesMoved {
            operation: id,
            to_unit,
            from_unit,
        } => {
            let eyes = Eyes {
                unit: to_unit.as_deref().map(UnitId::parse).transpose()?,
                was: from_unit.as_deref().map(UnitId::parse).transpose()?,
            };
            operation(id, OperationEventKind::EyesMoved(eyes))?
        }
        B::Ntf(told)
        | B::Xng(told)
        | B::Rqa(told)
        | B::Aut(told)
        | B::Pro(told)
        | B::Rvn(told)
        | B::Rvr(told)
        | B::Sby(told)
        | B::Cdn(told)
        | B::Acp(told)
        | B::Rjc(told)
        | B::Abr(told)
        | B::Hop(told)
        | B::Rof(told)
        | B::Mas(told)
        | B::Eye(told)
        | B::Rel(told)
        | B::Cease(told)
        | B::Ext(told)
        | B::Cls(told)
        | B::Ack(told)
        | B::Txt(told)
        | B::Lam(told)
        | B::Lrm(told) => {
            let event = HandoverEvent::try_from(&*told)?;
            operation(told.operation, OperationEventKind::Handover(event))?
        }
        B::LeadMoved(it) => of_handover(it.operation.as_ref(), (&it).try_into()?)?,
        B::LeadDisputed(it) => of_handover(it.operation.as_ref(), (&it).try_into()?)?,
        B::LeadSettled { operation, partner } => {
            let partner = RoomId::parse(&partner)?;
            of_handover(operation.as_ref(), HandoverEvent::LeadSettled { partner })?
        }
        B::EyesTaken(it) => of_handover(it.operation.as_ref(), (&it).try_into()?)?,
        B::CeaseOrdered(it) => of_handover(it.operation.as_ref(), read_recall((Cease, at), &it)?)?,
        B::CeaseAcknowledged(it) => of_handover(it.operation.as_ref(), read_answer(Cease, &it)?)?,
        B::ReleaseOrdered(it) => {
            of_handover(it.operation.as_ref(), read_recall((Release, at), &it)?)?
        }
        B::ReleaseAcknowledged(it) => {
            of_handover(it.operation.as_ref(), read_answer(Release, &it)?)?
        }
        B::ReportOwed { operation: id } => {
            operation(id, OperationEventKind::Report(ReportEvent::Owed))?
        }
        B::ReportStated {
            operation: id,
            statement,
            by,
        } => operation(
            id,
            OperationEventKind::Report(report::stated(&statement, &by)?),
        )?,
        B::ReportSigned {
            operation: id,
            signed,
            by,
        } => operation(
            id,
            OperationEventKind::Report(report::signed(&signed, &by)?),
        )?,
        B::AlarmRaised(raised) => What::Alarm(alarm::raised(&raised, at)?),
        B::AlarmReopened(alarm) => What::Alarm(alarm::reopened(&alarm)?),
        B::AlarmAnnunciated { of, by } => What::Alarm(alarm::annunciated(&of, &by)?),
        B::AlarmAcknowledged { of, by } => What::Alarm(alarm::taken(&of, &by)?),
        B::AlarmShelved { of, shelf } => What::Alarm(alarm::shelved(&of, &shelf)?),
        B::AlarmReturned(of) => What::Alarm(alarm::changed(&of, AlarmChange::Returned)?),
        B::AlarmCleared(of) => What::Alarm(alarm::changed(&of, AlarmChange::Cleared)?),
        B::AccessViewed { by, what, reason } => What::House(HouseEvent::AccessViewed {
            by: (&by).try_into()?,
            what: what.into(),
            reason: reason.into(),
        }),
        B::AccessExported { by, what, reason } => What::House(HouseEvent::AccessExported {
            by: (&by).try_into()?,
            what: what.into(),
            reason: reason.into(),
        }),
        B::Session { by, act } => What::House(HouseEvent::Session {
            by: (&by).try_into()?,
            act: act.into(),
        }),
        B::OrderTaken {
            by,
            key,
            answer,
            order,
            asked,
        } => What::House(HouseEvent::OrderTaken {
            by: (&by).try_into()?,
            key: key.into(),
            answer: answer.into(),
            order: order.map(Into::into),
            asked: asked.map(Into::into),
        }),
        B::RulesAdopted {
            version,
            digest,
            changed,
        } => What::House(HouseEvent::RulesAdopted {
            rules: RulesVersion {
                version,
                digest: digest.into(),
            },
            changed: changed.into(),
        }),
        B::ProfilesAdopted { profiles, changed } => {
            let adopted = adopted(&profiles)?;
            What::House(HouseEvent::ProfilesAdopted {
                profiles: std::sync::Arc::new(adopted),
                changed: changed.into(),
            })
        }
        B::LinkSent(it) => link::of(&it.partner, L::Sent((&*it).try_into()?))?,
        B::LinkConfirmed(it) => {
            let through = it.through;
            link::of(&it.partner, L::Confirmed { through })?
        }
        B::LinkTaken(it) => {
            let (frame, digest) = (it.frame, it.digest.into());
            link::of(&it.partner, L::Taken { frame, digest })?
        }
        B::LinkMissing(it) => link::of(&it.partner, L::Missing((&it).into()))?,
        B::LinkLost(it) => link::of(&it.partner, L::Lost((&it).try_into()?))?,
        B::LinkRestored { partner } => link::of(&partner, L::Restored)?,
        B::LinkRefused(it) => link::of(&it.partner, L::Refused((&it).into()))?,
        B::LinkHead(it) => link::of(&it.partner, L::Head((&it).try_into()?))?,
        B::LinkClockDiffers(it) => {
            let by = Span::from_millis(it.by_ms);
            link::of(&it.partner, L::ClockDiffers { by })?
        }
        B::ClockJumped { by_s } => What::House(HouseEvent::ClockJumped { by: span(by_s) }),
        B::DiskRoom {
            left_mib,
            is_little,
        } => What::House(disk_room(left_mib, is_little)),
    })
}

fn track(unit: &str, kind: TrackEventKind) -> Result<What, WireError> {
    Ok(What::Track(TrackEvent {
        unit: UnitId::parse(unit)?,
        kind,
    }))
}

#[expect(clippy::needless_pass_by_value, reason = "the id ends here")]
fn operation(id: Option<String>, kind: OperationEventKind) -> Result<What, WireError> {
    Ok(What::Operation(OperationEvent {
        operation: id.as_deref().map(OperationId::parse).transpose()?,
        kind,
    }))
}

fn of_handover(id: Option<&String>, event: HandoverEvent) -> Result<What, WireError> {
    operation(id.cloned(), OperationEventKind::Handover(event))
}

fn extent(units: Option<Vec<String>>) -> Result<Extent, WireError> {
    let Some(units) = units else {
        return Ok(Extent::All);
    };
    let units = units.iter().map(|unit| Ok(UnitId::parse(unit)?));
    Ok(Extent::Units(units.collect::<Result<_, WireError>>()?))
}

fn life(id: String, event: LifeEvent) -> Result<What, WireError> {
    operation(Some(id), OperationEventKind::Life(event))
}

fn notice(id: Option<String>, notice: &str, kind: NoticeEvent) -> Result<What, WireError> {
    let notice = NoticeId::parse(notice)?;
    operation(id, OperationEventKind::Notice { notice, kind })
}

fn clock_event(id: Option<String>, event: ClockEvent) -> Result<What, WireError> {
    operation(id, OperationEventKind::Clock(event))
}

fn key(clock: &str, host: &str) -> Result<ClockKey, WireError> {
    Ok(ClockKey {
        kind: word(clock, ClockKind::parse, "a clock")?,
        host: State::parse(host)?,
    })
}

fn clock(clock: &ClockWire) -> Result<Clock, WireError> {
    Ok(Clock {
        key: key(&clock.clock, &clock.host)?,
        starts: timestamp(&clock.starts)?,
        ends: timestamp(&clock.ends)?,
        citation: (&clock.citation).try_into()?,
    })
}

fn limit(limit: &LimitWire) -> Result<Limit, WireError> {
    let stage = match &limit.stage {
        Some(stage) => word(stage, LimitStage::parse, "a stage of a limit")?,
        None => LimitStage::of_percent(limit.percent).ok_or_else(|| WireError::Word {
            value: limit.percent.to_string(),
            wanted: "a stage of a limit: 0, 80, 95 or 100",
        })?,
    };
    let stages = word(&limit.stages_origin, Origin::parse, "an origin")?;
    Ok(Limit {
        unit: UnitId::parse(&limit.unit)?,
        host: State::parse(&limit.host)?,
        stage,
        percent: limit.percent,
        measured: Metres::new(limit.measured_m),
        accuracy: Metres::new(limit.accuracy_m),
        max: Metres::new(limit.max_m),
        citation: (&limit.citation).try_into()?,
        stages: FigureOrigin::of(stages, limit.stages_agreed),
    })
}
