//! From what happened to what is stored and sent.

use super::{
    ApproachWire, ClockWire, CrossingWire, EventBody, LikelyCrossingWire, LimitWire,
    ReportedFixWire, SilenceWire, StandOffWire, WeighedFixWire, WhyWire,
};
use super::{alarm, handover, report, tracker};
use crate::domain::borders::Location;
use crate::domain::event::{
    Approach, Clock, ClockEvent, Crossing, Event, HouseEvent, LifeEvent, LikelyCrossing, Limit,
    NoticeEvent, OperationEvent, OperationEventKind, RegisterEvent, Silence, TrackEvent,
    TrackEventKind, What,
};
use crate::domain::ids::{OperationId, UnitId};
use crate::domain::law::clocks::LimitStage;
use crate::domain::operations::sharing::Extent;
use crate::domain::tracks::fix::ReportedFix;
use crate::wire::channels;
use crate::wire::link::event as link;
use crate::wire::parts::{metres, point, seconds, time};

impl EventBody {
    /// The stored form of an event; `None` for a fix, which goes into the column of positions.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        match &event.what {
            What::Fix(_) => None,
            What::Register(event) => Some(register(event)),
            What::Track(event) => Some(track(event)),
            What::Operation(event) => Some(operation(event)),
            What::Alarm(event) => Some(alarm::from_domain(event)),
            What::House(event) => Some(house(event)),
            What::Link(event) => Some(link::from_domain(event)),
        }
    }
}

fn register(event: &RegisterEvent) -> EventBody {
    match event {
        RegisterEvent::RoomAdded(card) => EventBody::RoomAdded(card.into()),
        RegisterEvent::UnitAdded(card) => EventBody::UnitAdded(card.into()),
        RegisterEvent::UnitRetired(unit) => EventBody::UnitRetired {
            unit: unit.to_string(),
        },
    }
}

fn track(event: &TrackEvent) -> EventBody {
    let unit = event.unit.to_string();
    match &event.kind {
        TrackEventKind::SignedOn => EventBody::SignedOn { unit },
        TrackEventKind::SignedOff => EventBody::SignedOff { unit },
        TrackEventKind::Located {
            states,
            certainty,
            nearest,
        } => EventBody::Located {
            unit,
            place: (&Location {
                states: *states,
                certainty: *certainty,
                nearest: *nearest,
            })
                .into(),
        },
        TrackEventKind::Approaching(approach) => {
            EventBody::Approaching(approaching(unit, approach))
        }
        TrackEventKind::Receding { frontier } => EventBody::Receding {
            unit,
            frontier: frontier.to_string(),
        },
        TrackEventKind::CrossingSuspected(it) => {
            EventBody::CrossingSuspected(CrossingWire::of(&event.unit, it))
        }
        TrackEventKind::CrossingConfirmed(it) => {
            EventBody::CrossingConfirmed(CrossingWire::of(&event.unit, it))
        }
        TrackEventKind::CrossingRetracted {
            crossing: it,
            because,
        } => EventBody::CrossingRetracted {
            crossing: CrossingWire::of(&event.unit, it),
            because: because.to_string(),
        },
        TrackEventKind::CrossingRevised(it) => {
            EventBody::CrossingRevised(CrossingWire::of(&event.unit, it))
        }
        TrackEventKind::Silent(it) => EventBody::Silent(silence(unit, it)),
        TrackEventKind::MayHaveCrossed(it) => EventBody::MayHaveCrossed(silence(unit, it)),
        TrackEventKind::Back => EventBody::Back { unit },
        TrackEventKind::CameraOver { states, ring } => EventBody::CameraOver {
            unit,
            states: states.to_string(),
            ring: ring.iter().map(|corner| point(*corner)).collect(),
        },
        TrackEventKind::Device(news) => EventBody::Device {
            unit,
            device: (*news).into(),
        },
        TrackEventKind::StandOffBroken(it) => {
            EventBody::StandOffBroken(StandOffWire::of(&event.unit, it))
        }
        TrackEventKind::BreachPredicted(it) => {
            EventBody::BreachPredicted(StandOffWire::of(&event.unit, it))
        }
        TrackEventKind::StandOffKept => EventBody::StandOffKept { unit },
        TrackEventKind::Sealed { without } => EventBody::Sealed {
            unit,
            without: without.to_string(),
        },
        TrackEventKind::Unsealed => EventBody::Unsealed { unit },
        TrackEventKind::LeftCoverage => EventBody::LeftCoverage { unit },
        TrackEventKind::FixQuarantined {
            reason,
            detail,
            fix,
        } => EventBody::FixQuarantined {
            unit,
            reason: reason.as_str().to_owned(),
            detail: detail.to_string(),
            fix: fix.as_deref().map(reported),
        },
        TrackEventKind::FixReleased {
            reason,
            fixed_at,
            source,
        } => EventBody::FixReleased {
            unit,
            reason: reason.as_str().to_owned(),
            fixed_at: time(*fixed_at),
            source: source.as_ref().map(ToString::to_string),
        },
        TrackEventKind::Acted { act, key } => EventBody::Acted {
            unit,
            act: act.as_str().to_owned(),
            key: key.to_string(),
        },
    }
}

fn approaching(unit: String, approach: &Approach) -> ApproachWire {
    ApproachWire {
        unit,
        from: approach.from.to_string(),
        to: approach.to.to_string(),
        frontier: approach.frontier.to_string(),
        distance_m: metres(approach.distance),
        eta_s: seconds(approach.eta),
        eta_earliest_s: seconds(approach.eta_earliest),
        eta_latest_s: seconds(approach.eta_latest),
        point: point(approach.point),
        crossings: approach.crossings.iter().map(likely).collect(),
    }
}

fn likely(crossing: &LikelyCrossing) -> LikelyCrossingWire {
    LikelyCrossingWire {
        name: crossing.name.to_string(),
        point: point(crossing.point),
        probability: crossing.probability,
        eta_s: seconds(crossing.eta),
    }
}

impl CrossingWire {
    /// A crossing of a unit.
    pub(in crate::wire) fn of(unit: &UnitId, crossing: &Crossing) -> Self {
        Self {
            crossing: crossing.id.to_string(),
            unit: unit.to_string(),
            from: crossing.from.to_string(),
            to: crossing.to.to_string(),
            point: point(crossing.point),
            earliest: time(crossing.earliest),
            likely: time(crossing.likely),
            latest: time(crossing.latest),
            position_error_m: metres(crossing.position_error),
            border_error_m: crossing.border_error.map(metres),
            border_set: crossing.border_set.to_string(),
            inferred: crossing.inferred,
            why: WhyWire {
                rule: crossing.why.rule.to_string(),
                fixes: crossing
                    .why
                    .fixes
                    .iter()
                    .map(|fix| WeighedFixWire {
                        fixed_at: time(fix.fixed_at),
                        beyond_m: metres(fix.beyond),
                        accuracy_m: metres(fix.accuracy),
                    })
                    .collect(),
            },
        }
    }
}

fn silence(unit: String, silence: &Silence) -> SilenceWire {
    SilenceWire {
        unit,
        since: time(silence.since),
        radius_m: metres(silence.radius),
        reach: silence.reach.to_string(),
    }
}

fn reported(fix: &ReportedFix) -> ReportedFixWire {
    ReportedFixWire {
        unit: fix.unit.to_string(),
        source: fix.source.to_string(),
        fixed_at: time(fix.fixed_at),
        lat: fix.lat,
        lon: fix.lon,
        accuracy_m: fix.measured.accuracy_m,
        speed_mps: fix.measured.speed_mps,
        course_deg: fix.measured.course_deg,
        altitude_m: fix.measured.altitude_m,
        battery_pct: fix.measured.battery_pct,
    }
}

fn clock(operation: Option<&OperationId>, clock: &Clock) -> ClockWire {
    ClockWire {
        operation: operation.map(ToString::to_string),
        clock: clock.key.kind.as_str().to_owned(),
        host: clock.key.host.to_string(),
        starts: time(clock.starts),
        ends: time(clock.ends),
        origin: clock.citation.origin.as_str().to_owned(),
        citation: (&clock.citation).into(),
    }
}

fn operation(event: &OperationEvent) -> EventBody {
    let operation = event.operation.as_ref().map(ToString::to_string);
    match &event.kind {
        OperationEventKind::Life(event) => life(operation.unwrap_or_default(), event),
        OperationEventKind::Notice { notice: id, kind } => notice(operation, id.to_string(), kind),
        OperationEventKind::Clock(kind) => clocks(event.operation.as_ref(), kind),
        OperationEventKind::Limit(it) => limit(operation, it),
        OperationEventKind::Assessed {
            unit,
            crossing,
            assessment,
        } => EventBody::Assessed {
            operation,
            unit: unit.as_ref().map(ToString::to_string),
            crossing: crossing.as_ref().map(ToString::to_string),
            assessment: assessment.into(),
        },
        OperationEventKind::OrderRefused { by, order, refusal } => EventBody::OrderRefused {
            operation,
            by: by.into(),
            order: order.to_string(),
            guard: refusal.guard.to_string(),
            sentence: refusal.sentence.to_string(),
            citation: refusal.citation.as_ref().map(Into::into),
        },
        OperationEventKind::TargetSighted { target, sighting } => EventBody::TargetSighted {
            operation,
            target: target.to_string(),
            sighting: (&**sighting).into(),
        },
        OperationEventKind::Tracker(event) => tracker::from_domain(operation, event),
        OperationEventKind::Report(event) => report::from_domain(operation, event),
        OperationEventKind::Handover(event) => handover::from_domain(operation, event),
        OperationEventKind::EyesMoved(eyes) => EventBody::EyesMoved {
            operation,
            to_unit: eyes.unit.as_ref().map(ToString::to_string),
            from_unit: eyes.was.as_ref().map(ToString::to_string),
        },
    }
}

fn limit(operation: Option<String>, limit: &Limit) -> EventBody {
    let wire = LimitWire {
        operation,
        unit: limit.unit.to_string(),
        host: limit.host.to_string(),
        stage: Some(limit.stage.as_str().to_owned()),
        percent: limit.percent,
        measured_m: metres(limit.measured),
        accuracy_m: metres(limit.accuracy),
        max_m: metres(limit.max),
        sentence: limit.in_words(),
        origin: limit.citation.origin.as_str().to_owned(),
        stages_origin: limit.stages.origin().as_str().to_owned(),
        stages_agreed: limit.stages.is_agreed(),
        citation: (&limit.citation).into(),
    };
    match limit.stage {
        LimitStage::Within => EventBody::LimitWithin(wire),
        LimitStage::Near | LimitStage::NearlyReached => EventBody::LimitNear(wire),
        LimitStage::Exceeded => EventBody::LimitExceeded(wire),
    }
}

fn life(operation: String, event: &LifeEvent) -> EventBody {
    match event {
        LifeEvent::Opened(card) => EventBody::Opened {
            operation,
            card: (&**card).into(),
        },
        LifeEvent::Changed { change, by } => EventBody::Changed {
            operation,
            change: change.into(),
            by: by.into(),
        },
        LifeEvent::Closed { by, closing } => EventBody::Closed {
            operation,
            by: by.into(),
            reason: closing.reason.to_string(),
            outcome: closing.outcome.map(|outcome| outcome.as_str().to_owned()),
        },
        LifeEvent::Shared { with, extent } => EventBody::Shared {
            operation,
            with: with.to_string(),
            units: match extent {
                Extent::All => None,
                Extent::Units(units) => Some(units.iter().map(ToString::to_string).collect()),
            },
        },
    }
}

fn notice(operation: Option<String>, notice: String, kind: &NoticeEvent) -> EventBody {
    match kind {
        NoticeEvent::Owed {
            duty,
            to,
            since,
            citation,
        } => EventBody::NoticeOwed {
            operation,
            notice,
            duty: duty.as_str().to_owned(),
            to: to.to_string(),
            since: time(*since),
            citation: citation.into(),
        },
        NoticeEvent::Drafted { duty, to, fields } => EventBody::NoticeDrafted {
            operation,
            notice,
            duty: duty.as_str().to_owned(),
            to: to.to_string(),
            fields: (&**fields).into(),
        },
        NoticeEvent::Ready => EventBody::NoticeReady { operation, notice },
        NoticeEvent::Withdrawn { because } => EventBody::NoticeWithdrawn {
            operation,
            notice,
            because: because.to_string(),
        },
        NoticeEvent::Sent {
            by,
            duty,
            to,
            fields,
            texts,
            channels,
        } => EventBody::NoticeSent {
            operation,
            notice,
            by: by.into(),
            duty: duty.as_str().to_owned(),
            to: to.to_string(),
            fields: (&**fields).into(),
            texts: texts.iter().map(Into::into).collect(),
            channels: channels::words(channels),
        },
        NoticeEvent::Attempted(attempt) => EventBody::NoticeAttempted {
            operation,
            notice,
            attempt: (&**attempt).into(),
        },
        NoticeEvent::Failed { because } => EventBody::NoticeFailed {
            operation,
            notice,
            because: because.to_string(),
        },
        NoticeEvent::SentAgain { by, channels } => EventBody::NoticeSentAgain {
            operation,
            notice,
            by: by.into(),
            channels: channels::words(channels),
        },
        NoticeEvent::Voice {
            by,
            duty,
            to,
            call,
            fields,
            texts,
        } => EventBody::NoticeVoice {
            operation,
            notice,
            by: by.into(),
            duty: duty.as_str().to_owned(),
            to: to.to_string(),
            call: (&**call).into(),
            fields: (&**fields).into(),
            texts: texts.iter().map(Into::into).collect(),
        },
        NoticeEvent::Delivered => EventBody::NoticeDelivered { operation, notice },
        NoticeEvent::Seen { by, call } => EventBody::NoticeSeen {
            operation,
            notice,
            by: by.into(),
            call: call.as_deref().map(Into::into),
        },
        NoticeEvent::Answered { by, answer } => EventBody::NoticeAnswered {
            operation,
            notice,
            by: by.into(),
            answer: (&**answer).into(),
        },
    }
}

fn clocks(id: Option<&OperationId>, event: &ClockEvent) -> EventBody {
    let operation = id.map(ToString::to_string);
    match event {
        ClockEvent::Started(it) => EventBody::ClockStarted(clock(id, it)),
        ClockEvent::Revised { clock: it, because } => EventBody::ClockRevised {
            clock: clock(id, it),
            because: because.to_string(),
        },
        ClockEvent::Warned {
            clock,
            left,
            origin,
        } => EventBody::ClockWarned {
            operation,
            clock: clock.kind.as_str().to_owned(),
            host: clock.host.to_string(),
            left_s: seconds(*left),
            origin: origin.origin().as_str().to_owned(),
            agreed: origin.is_agreed(),
        },
        ClockEvent::Expired { clock, because } => EventBody::ClockExpired {
            operation,
            clock: clock.kind.as_str().to_owned(),
            host: clock.host.to_string(),
            because: because.to_string(),
        },
        ClockEvent::Stopped { clock, because } => EventBody::ClockStopped {
            operation,
            clock: clock.kind.as_str().to_owned(),
            host: clock.host.to_string(),
            because: because.to_string(),
        },
    }
}

fn house(event: &HouseEvent) -> EventBody {
    match event {
        HouseEvent::AccessViewed { by, what, reason } => EventBody::AccessViewed {
            by: by.into(),
            what: what.to_string(),
            reason: reason.to_string(),
        },
        HouseEvent::AccessExported { by, what, reason } => EventBody::AccessExported {
            by: by.into(),
            what: what.to_string(),
            reason: reason.to_string(),
        },
        HouseEvent::Session { by, act } => EventBody::Session {
            by: by.into(),
            act: act.to_string(),
        },
        HouseEvent::OrderTaken {
            by,
            key,
            answer,
            order,
            asked,
        } => EventBody::OrderTaken {
            by: by.into(),
            key: key.to_string(),
            answer: answer.to_string(),
            order: order.as_ref().map(ToString::to_string),
            asked: asked.as_ref().map(ToString::to_string),
        },
        HouseEvent::RulesAdopted { rules, changed } => EventBody::RulesAdopted {
            version: rules.version,
            digest: rules.digest.to_string(),
            changed: changed.to_string(),
        },
        HouseEvent::ProfilesAdopted { profiles, changed } => EventBody::ProfilesAdopted {
            profiles: profiles.values().map(Into::into).collect(),
            changed: changed.to_string(),
        },
        HouseEvent::ClockJumped { by } => EventBody::ClockJumped { by_s: seconds(*by) },
        HouseEvent::DiskRoom(room) => EventBody::DiskRoom {
            left_mib: room.left_mib,
            is_little: room.is_little,
        },
    }
}
