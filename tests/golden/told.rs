//! A ledger as readable lines: the time in the lap, the kind, whose it is, and the essentials.

use crate::rooms::Entry;
use limes::domain::event::HandoverEvent;
use limes::domain::event::{
    AlarmChange, ClockEvent, DeviceNews, Event, HouseEvent, LifeEvent, LikelyCrossing, NoticeEvent,
    OperationEvent, OperationEventKind, RegisterEvent, ReportEvent, TrackEvent, TrackEventKind,
    What,
};
use limes::domain::ids::UnitId;
use limes::domain::law::finding::{Answer, Assessment};
use limes::domain::measure::{Position, Timestamp};
use limes::domain::operations::sharing::Extent;

/// A ledger as text: its lines, then how many fixes and sightings it has.
pub(crate) fn ledger(entries: &[Entry], start: Timestamp) -> String {
    let count = |kind: &str| {
        let of_kind = entries.iter().filter(|entry| entry.event.kind() == kind);
        of_kind.count()
    };
    let mut lines = lines(entries, start);
    let (fixes, sightings) = (count("positions"), count("target.sighted"));
    lines.push(format!(
        "{fixes} fixes, {sightings} sightings of the target"
    ));
    lines.join("\n")
}

/// One line for each event but fixes and sightings.
pub(crate) fn lines(entries: &[Entry], start: Timestamp) -> Vec<String> {
    entries
        .iter()
        .filter(|entry| !["positions", "target.sighted"].contains(&entry.event.kind()))
        .map(|entry| {
            let shared = entry.shared_by.as_ref();
            let from = shared.map_or(String::new(), |room| format!("  (from {room})"));
            format!("{}{from}", one(&entry.event, start))
        })
        .collect()
}

/// What the law answered of a unit last.
pub(crate) fn last_answer<'e>(events: impl Iterator<Item = &'e Event>) -> &'e Assessment {
    let of_units = events.filter_map(|event| match &event.what {
        What::Operation(OperationEvent {
            kind:
                OperationEventKind::Assessed {
                    unit: Some(_),
                    assessment,
                    ..
                },
            ..
        }) => Some(assessment),
        _ => None,
    });
    of_units.last().expect("the law was asked")
}

fn one(event: &Event, start: Timestamp) -> String {
    let at = relative(event.at, start);
    let kind = event.kind();
    let (who, rest) = match &event.what {
        What::Register(change) => register(change),
        What::Fix(fix) => (fix.unit.to_string(), String::new()),
        What::Track(track) => (track.unit.to_string(), of_track(track, start)),
        What::Operation(of) => {
            let id = of.operation.as_ref().map(ToString::to_string);
            (
                id.unwrap_or_else(|| "-".to_owned()),
                of_operation(&of.kind, start),
            )
        }
        What::Alarm(alarm) => {
            let unit = alarm.subject.unit.as_ref().map(ToString::to_string);
            let says = match &alarm.change {
                AlarmChange::Raised(raised) => raised.sentence.to_string(),
                other => format!("{other:?}"),
            };
            (
                unit.unwrap_or_else(|| "-".to_owned()),
                format!("{} {says}", alarm.id)
                    .replace("Cleared", "")
                    .trim_end()
                    .to_owned(),
            )
        }
        What::Link(link) => (link.partner.to_string(), format!("{:?}", link.kind)),
        What::House(HouseEvent::ProfilesAdopted { profiles, .. }) => {
            let named: Vec<String> = profiles.values().map(ToString::to_string).collect();
            ("house".to_owned(), named.join(", "))
        }
        What::House(house) => ("house".to_owned(), format!("{house:?}")),
    };
    format!("{at}  {kind:<20} {who:<12} {rest}")
        .trim_end()
        .to_owned()
}

/// `+17:20.3`: minutes, seconds and tenths since the start of the lap.
fn relative(at: Timestamp, start: Timestamp) -> String {
    let tenths = (at.since(start).as_millis() as f64 / 100.0).round() as i64;
    let sign = if tenths < 0 { '-' } else { '+' };
    let tenths = tenths.abs();
    format!(
        "{sign}{:02}:{:02}.{}",
        tenths / 600,
        tenths / 10 % 60,
        tenths % 10
    )
}

fn place(position: Position) -> String {
    format!("{:.5} {:.5}", position.lat(), position.lon())
}

fn register(change: &RegisterEvent) -> (String, String) {
    match change {
        RegisterEvent::RoomAdded(card) => (card.room.to_string(), card.state.to_string()),
        RegisterEvent::UnitAdded(card) => (
            card.id.to_string(),
            format!("{} {} `{}`", card.room, card.kind.as_str(), card.callsign),
        ),
        RegisterEvent::UnitRetired(unit) => (unit.to_string(), String::new()),
    }
}

fn likely(it: &LikelyCrossing) -> String {
    let eta_s = it.eta.as_secs_f64();
    format!(", {} {:.2} in {eta_s:.0} s", it.name, it.probability)
}

fn of_track(track: &TrackEvent, start: Timestamp) -> String {
    match &track.kind {
        TrackEventKind::SignedOn
        | TrackEventKind::SignedOff
        | TrackEventKind::Back
        | TrackEventKind::StandOffKept
        | TrackEventKind::Unsealed
        | TrackEventKind::LeftCoverage => String::new(),
        TrackEventKind::Located {
            states, certainty, ..
        } => format!("{states} {certainty:?}"),
        TrackEventKind::Approaching(it) => format!(
            "{} -> {} in {:.0} m, {:.0} s ({:.0} to {:.0}) at {}{}",
            it.from,
            it.to,
            it.distance.as_f64(),
            it.eta.as_secs_f64(),
            it.eta_earliest.as_secs_f64(),
            it.eta_latest.as_secs_f64(),
            place(it.point),
            it.crossings.iter().map(likely).collect::<String>()
        ),
        TrackEventKind::Sealed { without } => format!("no permission {without}"),
        TrackEventKind::Receding { frontier } => format!("{frontier}"),
        TrackEventKind::StandOffBroken(it) | TrackEventKind::BreachPredicted(it) => {
            let over = it
                .over_at
                .map(|at| format!(", over it {}", relative(at, start)));
            let (metres, kept) = (it.distance.as_f64(), it.stand_off.as_f64());
            format!(
                "{} -> {} in {metres:.0} m of {kept:.0}{}: {}",
                it.from,
                it.to,
                over.unwrap_or_default(),
                it.because.guard
            )
        }
        TrackEventKind::CrossingSuspected(it)
        | TrackEventKind::CrossingConfirmed(it)
        | TrackEventKind::CrossingRevised(it)
        | TrackEventKind::CrossingRetracted { crossing: it, .. } => format!(
            "{} -> {} at {} within {:.0} m, {} .. {} .. {}{}",
            it.from,
            it.to,
            place(it.point),
            it.position_error.as_f64(),
            relative(it.earliest, start),
            relative(it.likely, start),
            relative(it.latest, start),
            if it.inferred { ", inferred" } else { "" }
        ),
        TrackEventKind::Silent(it) | TrackEventKind::MayHaveCrossed(it) => format!(
            "since {}, within {:.0} m, {}",
            relative(it.since, start),
            it.radius.as_f64(),
            it.reach
        ),
        TrackEventKind::CameraOver { states, ring } => {
            format!("{states} by {} corners", ring.len())
        }
        TrackEventKind::Device(news) => match news {
            DeviceNews::BatteryLow { percent } => format!("battery {percent} %"),
            DeviceNews::BatteryFine => "battery fine".to_owned(),
            DeviceNews::Inaccurate { accuracy } => format!("within {:.0} m", accuracy.as_f64()),
            DeviceNews::Accurate => "accurate".to_owned(),
            DeviceNews::Behind { recorded_at } => {
                format!("recorded at {}", relative(*recorded_at, start))
            }
        },
        TrackEventKind::FixQuarantined { reason, detail, .. } => {
            format!("{}: {detail}", reason.as_str())
        }
        TrackEventKind::FixReleased {
            reason, fixed_at, ..
        } => {
            format!("{} of {}", reason.as_str(), relative(*fixed_at, start))
        }
        TrackEventKind::Acted { act, .. } => act.as_str().to_owned(),
    }
}

fn of_operation(kind: &OperationEventKind, start: Timestamp) -> String {
    match kind {
        OperationEventKind::Life(life) => of_life(life),
        OperationEventKind::Notice { notice, kind } => {
            format!("{notice} {}", of_notice(kind, start))
        }
        OperationEventKind::Clock(clock) => of_clock(clock, start),
        OperationEventKind::Limit(limit) => limit.in_words(),
        OperationEventKind::Assessed {
            unit, assessment, ..
        } => {
            let who = unit
                .as_ref()
                .map_or("opening".to_owned(), ToString::to_string);
            let unmet: Vec<String> = assessment
                .findings
                .iter()
                .filter(|finding| finding.answer != Answer::Met)
                .map(|finding| format!("{} {}", finding.condition, finding.answer.as_str()))
                .collect();
            let duties: Vec<&str> = assessment.duties.iter().map(|d| d.duty.as_str()).collect();
            format!(
                "{who}: {}; not met or unknown: [{}]; owed: [{}]",
                assessment.verdict.as_str(),
                unmet.join(", "),
                duties.join(", ")
            )
        }
        OperationEventKind::OrderRefused { by, order, refusal } => {
            format!("{order} by {}: {}", by.account, refusal.sentence)
        }
        OperationEventKind::Tracker(it) => {
            let (of, by) = (&it.permission, &it.by.account);
            format!("{} in {} by {by} ({})", of.unit, of.state, it.role.as_str())
        }
        OperationEventKind::Report(report) => match report {
            ReportEvent::Owed => String::new(),
            ReportEvent::Stated { statement, by } => {
                format!(
                    "{} by {}: {}",
                    statement.topic.as_str(),
                    by.account,
                    statement.text
                )
            }
            ReportEvent::Signed { by, .. } => format!("by {}", by.account),
        },
        OperationEventKind::Handover(it) => of_handover(it),
        OperationEventKind::TargetSighted { target, .. } => target.to_string(),
        OperationEventKind::EyesMoved(eyes) => {
            let name = |unit: &Option<UnitId>| {
                unit.as_ref()
                    .map_or("nobody".to_owned(), ToString::to_string)
            };
            format!("{} -> {}", name(&eyes.was), name(&eyes.unit))
        }
    }
}

fn of_handover(event: &HandoverEvent) -> String {
    match event {
        HandoverEvent::Said {
            sent, said, state, ..
        } => {
            let by = said.by.as_ref().map_or("machine", |by| by.account.as_str());
            let way = if *sent { "to" } else { "from" };
            let other = if *sent { &said.to } else { &said.from };
            let waits = state.unreceipted.len();
            let waits = if waits > 0 {
                format!(", {waits} unconfirmed")
            } else {
                String::new()
            };
            format!(
                "{way} {other} by {by} ({}): {}{waits}",
                said.epoch,
                state.phase.as_str()
            )
        }
        HandoverEvent::LeadMoved { lead, .. } => format!("to {} {}", lead.room, lead.epoch),
        HandoverEvent::LeadDisputed {
            partner,
            room,
            epoch,
        } => format!("{partner} says {room} {epoch}"),
        HandoverEvent::LeadSettled { partner } => partner.to_string(),
        HandoverEvent::EyesTaken(unit) => unit
            .as_ref()
            .map_or("settled".to_owned(), ToString::to_string),
        HandoverEvent::Recalled(recall) => {
            let units: Vec<&str> = recall.units.keys().map(UnitId::as_str).collect();
            format!("by {}: {}", recall.by.account, units.join(" "))
        }
        HandoverEvent::RecallRead { by, .. } => format!("by {}", by.account),
        HandoverEvent::UnitTurns { unit, .. } => format!("by {unit}"),
    }
}

fn of_life(life: &LifeEvent) -> String {
    match life {
        LifeEvent::Opened(card) => {
            let units: Vec<&str> = card.units.iter().map(UnitId::as_str).collect();
            format!(
                "by {}: {} {}, {}, exercise {}",
                card.opened_by.account,
                card.declared.basis.as_str(),
                card.declared.offence,
                units.join(" "),
                card.exercise
            )
        }
        LifeEvent::Changed { by, .. } => format!("by {}", by.account),
        LifeEvent::Closed { by, closing } => {
            let outcome = closing.outcome.map_or("", |outcome| outcome.as_str());
            format!("by {}: {} {outcome}", by.account, closing.reason)
                .trim_end()
                .to_owned()
        }
        LifeEvent::Shared { with, extent } => match extent {
            Extent::All => format!("with {with}: all units"),
            Extent::Units(units) => {
                let units: Vec<&str> = units.iter().map(UnitId::as_str).collect();
                format!("with {with}: {}", units.join(" "))
            }
        },
    }
}

fn of_notice(kind: &NoticeEvent, start: Timestamp) -> String {
    match kind {
        NoticeEvent::Owed {
            duty, to, since, ..
        } => format!(
            "{} to {to} since {}",
            duty.as_str(),
            relative(*since, start)
        ),
        NoticeEvent::Drafted { duty, to, fields } => {
            format!("{} to {to}: {}", duty.as_str(), crossings(fields, start))
        }
        NoticeEvent::Sent { by, to, fields, .. } => {
            format!("by {} to {to}: {}", by.account, crossings(fields, start))
        }
        NoticeEvent::Attempted(attempt) => {
            let (channel, number) = (attempt.channel.as_str(), attempt.number);
            format!("by {channel}, {number}: {:?}", attempt.outcome)
        }
        NoticeEvent::Voice {
            by,
            to,
            call,
            fields,
            ..
        } => format!(
            "by {} to {to}, {} on {} at {}: {}",
            by.account,
            call.name,
            call.number,
            relative(call.at, start),
            crossings(fields, start)
        ),
        NoticeEvent::Ready | NoticeEvent::Delivered => String::new(),
        NoticeEvent::Withdrawn { because } | NoticeEvent::Failed { because } => because.to_string(),
        NoticeEvent::Seen { by, .. } | NoticeEvent::SentAgain { by, .. } => {
            format!("by {}", by.account)
        }
        NoticeEvent::Answered { by, answer } => {
            format!(
                "{} by {}: {}",
                answer.kind.as_str(),
                answer.name,
                by.account
            )
        }
    }
}

fn crossings(fields: &limes::domain::operations::NoticeFields, start: Timestamp) -> String {
    let each: Vec<String> = fields
        .crossings
        .iter()
        .map(|entry| {
            let expected = if entry.taken_back {
                "taken back"
            } else if entry.expected {
                "expected"
            } else {
                "crossed"
            };
            format!(
                "{} {expected} {}",
                entry.unit,
                relative(entry.likely, start)
            )
        })
        .collect();
    let missing = if fields.missing.is_empty() {
        String::new()
    } else {
        format!("; missing {}", fields.missing.join(", "))
    };
    format!("[{}]{missing}", each.join(", "))
}

fn of_clock(event: &ClockEvent, start: Timestamp) -> String {
    match event {
        ClockEvent::Started(clock) | ClockEvent::Revised { clock, .. } => format!(
            "{} {} from {} to {}",
            clock.key.kind.as_str(),
            clock.key.host,
            relative(clock.starts, start),
            relative(clock.ends, start)
        ),
        ClockEvent::Warned { clock, left, .. } => {
            format!("{} {:.0} s left", clock.kind.as_str(), left.as_secs_f64())
        }
        ClockEvent::Expired { clock, because } | ClockEvent::Stopped { clock, because } => {
            format!("{} {}: {because}", clock.kind.as_str(), clock.host)
        }
    }
}
