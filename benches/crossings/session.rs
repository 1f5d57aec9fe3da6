//! One session of one unit: its reports through the real engine, and through the field's two rules beside it.

use crate::border::{Frame, View};
use crate::receiver::Report;
use limes::domain::event::{
    Approach, Crossing, Event, TrackEvent, TrackEventKind, WeighedFix, What,
};
use limes::domain::ids::{CrossingId, RoomId, SourceId, State, StateSet, UnitId};
use limes::domain::measure::{Metres, Position, Timestamp};
use limes::domain::registry::{UnitCard, UnitKind};
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::tracks::{GateLimits, Track};
use std::collections::BTreeMap;
use std::sync::Arc;

/// 2027-03-16T11:00:00Z, in milliseconds.
const START_MS: i64 = 1_805_194_800_000;

pub(crate) fn moment(seconds: f64) -> Timestamp {
    Timestamp::from_millis(START_MS + (seconds * 1_000.0).round() as i64)
}

pub(crate) fn seconds(at: Timestamp) -> f64 {
    at.since(Timestamp::from_millis(START_MS)).as_secs_f64()
}

/// A crossing as a rule told it.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) to: StateSet,
    pub(crate) earliest_s: f64,
    pub(crate) likely_s: f64,
    pub(crate) latest_s: f64,
    /// Between the fixes on both sides of it, by the clock of the receiver.
    pub(crate) by_device_s: f64,
    pub(crate) point: Position,
    pub(crate) error_m: f64,
    /// When it was first said to be certain.
    pub(crate) confirmed_s: f64,
    /// Whether it still stood at the end.
    pub(crate) stands: bool,
}

/// What the engine and the two rules made of a session.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) ours: Vec<Told>,
    /// When the engine first knew in which states the unit is, and when it found that they were others.
    pub(crate) located: Vec<(f64, StateSet)>,
    pub(crate) flip: Vec<Told>,
    pub(crate) two: Vec<Told>,
    pub(crate) approaches: Vec<(f64, Approach)>,
    /// When an approach was taken back.
    pub(crate) taken_back: Vec<f64>,
    /// Words on approach, of all kinds.
    pub(crate) words: usize,
    pub(crate) fixes: usize,
    /// How far ahead of the truth the receiver's clock was, seconds.
    pub(crate) ahead_s: f64,
    /// The seconds at which the reported side was seen.
    pub(crate) seen: Vec<(f64, StateSet)>,
}

fn card(kind: UnitKind) -> UnitCard {
    UnitCard {
        id: UnitId::parse("HU-1").expect("an id"),
        room: RoomId::parse("budapest").expect("an id"),
        state: State::parse("HU").expect("a state"),
        kind,
        callsign: Arc::from("Kilo 1"),
        marks: None,
    }
}

/// A fix as the unit reports it.
pub(crate) fn fixed(at: Timestamp, place: Position, accuracy_m: Option<f64>) -> ReportedFix {
    ReportedFix {
        unit: UnitId::parse("HU-1").expect("an id"),
        source: SourceId::parse("phone").expect("an id"),
        fixed_at: at,
        lat: place.lat(),
        lon: place.lon(),
        measured: Measured {
            accuracy_m,
            ..Measured::default()
        },
    }
}

/// Runs a session.
pub(crate) fn run(reports: &[Report], frame: Frame, view: &View, kind: UnitKind) -> Outcome {
    let fixes = reports.iter().map(|report| {
        let fix = fixed(
            moment(report.says_s),
            frame.place(report.place),
            Some(report.claims_m),
        );
        (fix, moment(report.arrives_s))
    });
    let mut outcome = engine(fixes, view, kind);
    let mut in_order: Vec<&Report> = reports.iter().collect();
    in_order.sort_by(|a, b| a.says_s.total_cmp(&b.says_s));
    let sides: Vec<(f64, Position, StateSet)> = in_order
        .iter()
        .map(|report| {
            let place = frame.place(report.place);
            let states = view.locate(place, Metres::ZERO).states;
            (report.says_s, place, states)
        })
        .collect();
    outcome.flip = field_rule(&sides, 1);
    outcome.two = field_rule(&sides, 2);
    outcome.ahead_s = in_order
        .first()
        .map_or(0.0, |report| report.says_s - report.taken_s);
    outcome.seen = in_order
        .iter()
        .zip(&sides)
        .map(|(report, side)| (report.taken_s, side.2))
        .collect();
    outcome
}

/// The fixes, in the order in which they arrive, through the engine.
pub(crate) fn engine(
    fixes: impl Iterator<Item = (ReportedFix, Timestamp)>,
    view: &View,
    kind: UnitKind,
) -> Outcome {
    let mut track = Track::new(&card(kind));
    let limits = GateLimits::default();
    let mut outcome = Outcome::default();
    let mut crossings: BTreeMap<CrossingId, Told> = BTreeMap::new();
    let mut events: Vec<Event> = Vec::new();
    for (fix, now) in fixes {
        events.clear();
        track.decide_fix(&fix, now, &**view, &limits, &mut events);
        outcome.fixes += 1;
        for event in &events {
            track.apply(event);
            note(event, seconds(now), &mut crossings, &mut outcome);
        }
    }
    outcome.ours = crossings.into_values().collect();
    outcome
        .ours
        .sort_by(|a, b| a.likely_s.total_cmp(&b.likely_s));
    outcome
}

fn note(
    event: &Event,
    now_s: f64,
    crossings: &mut BTreeMap<CrossingId, Told>,
    outcome: &mut Outcome,
) {
    let What::Track(TrackEvent { kind, .. }) = &event.what else {
        return;
    };
    match kind {
        TrackEventKind::Located { states, .. } => {
            outcome.located.push((seconds(event.at), *states));
        }
        TrackEventKind::CrossingConfirmed(crossing) | TrackEventKind::CrossingRevised(crossing) => {
            let confirmed_s = crossings
                .get(&crossing.id)
                .map_or(now_s, |known| known.confirmed_s);
            let told = Told {
                to: crossing.to,
                earliest_s: seconds(crossing.earliest),
                likely_s: seconds(crossing.likely),
                latest_s: seconds(crossing.latest),
                by_device_s: by_device_s(crossing),
                point: crossing.point,
                error_m: crossing.position_error.as_f64(),
                confirmed_s,
                stands: true,
            };
            crossings.insert(crossing.id.clone(), told);
        }
        TrackEventKind::CrossingRetracted { crossing, .. } => {
            if let Some(told) = crossings.get_mut(&crossing.id) {
                told.stands = false;
            }
        }
        TrackEventKind::Approaching(approach) => {
            outcome.words += 1;
            outcome.approaches.push((now_s, approach.clone()));
        }
        TrackEventKind::Receding { .. } => {
            outcome.words += 1;
            outcome.taken_back.push(now_s);
        }
        _ => {}
    }
}

/// When the fixes on both sides of a crossing were taken, as their device says: its grounds begin with them.
fn by_device_s(crossing: &Crossing) -> f64 {
    let fixes = &crossing.why.fixes;
    let is_beyond = |fix: &WeighedFix| fix.beyond >= Metres::ZERO;
    let beyond = fixes.iter().position(is_beyond).unwrap_or(0);
    let at_s = |index: usize| fixes.get(index).map(|fix| seconds(fix.fixed_at));
    let after_s = at_s(beyond).unwrap_or(seconds(crossing.likely));
    let before_s = beyond.checked_sub(1).and_then(at_s).unwrap_or(after_s);
    f64::midpoint(before_s, after_s)
}

/// The field's rules: another state counts once so many fixes in a row lie in it.
pub(crate) fn field_rule(sides: &[(f64, Position, StateSet)], in_a_row: usize) -> Vec<Told> {
    let mut told = Vec::new();
    let Some((_, _, mut states)) = sides.first().copied() else {
        return told;
    };
    let mut run = 0;
    for index in 1..sides.len() {
        let (now_s, _, side) = sides[index];
        let goes_on = run > 0 && side == sides[index - 1].2;
        run = match (side == states, goes_on) {
            (true, _) => 0,
            (false, true) => run + 1,
            (false, false) => 1,
        };
        if run < in_a_row {
            continue;
        }
        let (before, after) = (sides[index - run], sides[index + 1 - run]);
        told.push(Told {
            to: side,
            earliest_s: before.0,
            likely_s: f64::midpoint(before.0, after.0),
            latest_s: after.0,
            by_device_s: f64::midpoint(before.0, after.0),
            point: after.1,
            error_m: 0.0,
            confirmed_s: now_s,
            stands: true,
        });
        (states, run) = (side, 0);
    }
    told
}
