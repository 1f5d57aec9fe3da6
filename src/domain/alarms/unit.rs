//! Which facts of one unit need a person, whatever it takes part in?

use super::board::{Remembered, Subject};
use super::causes::Cause;
use super::kind::AlarmKind;
use crate::domain::event::{Approach, Silence, StandOff};
use crate::domain::ids::State;
use crate::domain::law::clocks::utc;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::operations::whereabouts::Abroad;
use crate::domain::registry::UnitCard;
use crate::domain::tracks::device::Device;

/// What is known of one unit of the room, as far as alarms ask.
#[derive(Debug, Clone)]
pub struct Observed<'a> {
    /// Its card.
    pub card: &'a UnitCard,
    /// Where it is, when abroad in no open operation.
    pub stray: Option<Abroad>,
    /// Its silence, and whether it may have crossed in it; `None` off duty.
    pub silence: Option<(&'a Silence, bool)>,
    /// Whether it has a target in sight: then its silence is an alarm of the operation.
    pub has_eyes: bool,
    /// After how long without a fix it is missed, as was agreed with the hosts of its operations.
    pub missed_after: Span,
    /// What was told of its device and is not over; `None` off duty.
    pub device: Option<&'a Device>,
    /// The stand-off that it does not keep, and since when that is told; `None` off duty.
    pub stand_off: Option<(&'a StandOff, Timestamp)>,
    /// Of a technical source: where it is on its way to without a permission, since when that is told, and how long before it
    /// the room wants to know.
    pub sealing: Option<(&'a Approach, Timestamp, Span)>,
    /// What is remembered of it.
    pub noted: Remembered,
}

/// How long the map may take to see a crossing that the officer reported.
const CROSSING_SEEN_WITHIN: Span = Span::from_secs(30);

/// How long a rejected jump is told of, when none follows.
const JUMP_TOLD_FOR: Span = Span::from_minutes(2);

/// How long an accuracy must be poor (the list of alarms: A31).
const POOR_FOR: Span = Span::from_secs(60);

/// How long it is told that stored fixes arrive, when no more is told of any.
const STORED_TOLD_FOR: Span = Span::from_minutes(2);

/// The causes of one unit by itself.
#[must_use]
pub fn of_unit(unit: &Observed<'_>) -> Vec<Cause> {
    let name = &unit.card.callsign;
    let about = |kind, since, sentence: String, action: &'static str| {
        let subject = Subject {
            unit: Some(unit.card.id.clone()),
            ..Subject::default()
        };
        Cause::now(kind, subject, since, sentence, action)
    };
    let mut causes = Vec::new();
    if let Some(since) = unit.noted.calls {
        let action = "Emergency procedure; tell the partner";
        causes.push(about(
            AlarmKind::Emergency,
            since,
            format!("EMERGENCY {name}"),
            action,
        ));
    }
    if let Some(since) = unit.noted.crossed {
        let (pressed, action) = (utc(since, since), "Call the unit: where is it?");
        let sentence = format!("{name} said CROSSED at {pressed}; the map does not see it abroad");
        let cause = about(AlarmKind::CrossedUnseen, since, sentence, action);
        causes.push(cause.after(CROSSING_SEEN_WITHIN));
    }
    if let Some((since, why)) = &unit.noted.jumped {
        let sentence = format!("{name}: fix rejected. {why}");
        let cause = about(AlarmKind::FixJumped, *since, sentence, "Check the device");
        let until = Some(since.plus(JUMP_TOLD_FOR));
        causes.push(Cause { until, ..cause });
    }
    if let Some(device) = unit.device {
        causes.extend(of_device(name, device, about));
    }
    if let Some(abroad) = &unit.stray {
        causes.push(about(
            AlarmKind::NoOperation,
            abroad.since,
            format!("{name} in {} without an operation", abroad.territory),
            "Stop, and confirm with the unit",
        ));
    }
    if let Some((approach, told_at, early)) = unit.sealing {
        let expected = told_at.plus(approach.eta);
        let sentence = format!(
            "{name} will be sealed about {}: no permission {}",
            utc(expected, expected),
            approach.to
        );
        let action = "Confirm eyes on the target; ask for the permission";
        let cause = about(AlarmKind::TrackerSealed, told_at, sentence, action);
        let due = expected.plus(Span::from_millis(-early.as_millis()));
        causes.push(Cause { due, ..cause });
    }
    if let Some((stand_off, since)) = unit.stand_off {
        let (kind, sentence) = in_words(name, stand_off);
        causes.push(about(kind, since, sentence, "Pilot: hold or return"));
    }
    match unit.silence {
        Some((silence, true)) => {
            let states: Vec<String> = silence
                .reach
                .iter()
                .map(|state: State| state.to_string())
                .collect();
            let (since, reach) = (utc(silence.since, silence.since), states.join(" "));
            causes.push(about(
                AlarmKind::MayHaveCrossed,
                silence.since,
                format!("{name} may have crossed: no fix since {since}, within reach of {reach}"),
                "Call the unit",
            ));
        }
        Some((silence, false)) if !unit.has_eyes => {
            let since = utc(silence.since, silence.since);
            let cause = about(
                AlarmKind::UnitStale,
                silence.since,
                format!("{name}: no fix since {since}"),
                "Call the unit, or sign it off",
            );
            causes.push(cause.after(unit.missed_after));
        }
        Some(_) | None => {}
    }
    causes
}

/// What the device of a unit needs.
fn of_device(
    name: &str,
    device: &Device,
    about: impl Fn(AlarmKind, Timestamp, String, &'static str) -> Cause,
) -> impl Iterator<Item = Cause> {
    let battery = device.battery_low.map(|(percent, since)| {
        let sentence = format!("{name}: battery at {percent} %");
        about(AlarmKind::BatteryLow, since, sentence, "Have it charged")
    });
    let stored = device.behind.map(|(recorded_at, last)| {
        let recorded = utc(recorded_at, last);
        let sentence =
            format!("{name} sends what it recorded at {recorded}, or its clock is behind");
        let action = "Wait for the rest before you rely on its track";
        let cause = about(AlarmKind::SendsStored, last, sentence, action);
        let until = Some(last.plus(STORED_TOLD_FOR));
        Cause { until, ..cause }
    });
    let inaccurate = device.inaccurate.map(|(accuracy, since)| {
        let metres = accuracy.as_f64();
        let sentence = format!("{name}: accuracy {metres:.0} m");
        let action = "Crossings are told late: ask the unit where it is";
        about(AlarmKind::Inaccurate, since, sentence, action).after(POOR_FOR)
    });
    [battery, stored, inaccurate].into_iter().flatten()
}

/// Which alarm a stand-off that is not kept is, and what it says.
fn in_words(name: &str, it: &StandOff) -> (AlarmKind, String) {
    let (to, metres) = (it.to, it.distance.as_f64());
    match it.over_at {
        Some(at) => (
            AlarmKind::BreachPredicted,
            format!(
                "{name} will be over {to} at {}: {}",
                utc(at, at),
                it.because.sentence
            ),
        ),
        None => (
            AlarmKind::StandOffBroken,
            format!(
                "{name} is {metres:.0} m before {to}; the stand-off is {:.0} m",
                it.stand_off.as_f64()
            ),
        ),
    }
}
