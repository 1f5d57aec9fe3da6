//! What events and positions make of one unit. The core's `Track` decides by the same rules; a test holds the two together.

use super::{CROSSINGS_MAX, TAIL_MAX, TAIL_SPAN_MS};
use crate::domain::measure::{Position, Timestamp};
use crate::wire::event::{CrossingWire, ReportedFixWire};
use crate::wire::live::{ClockWrongPicture, CrossingBrief, PositionWire, UnitPicture};
use crate::wire::parts::UnitCardWire;
use std::collections::BTreeMap;

/// So many points more than a tail has may wait to be taken away: the vector that holds a full tail has room for them.
const SLACK: usize = 128;

/// Shows a position, unless a newer one is shown. Whatever arrives with a time that can be right outdoes a place without one.
pub(super) fn show(unit: &mut UnitPicture, row: PositionWire) {
    arrived(unit, &row.received_at);
    let older = unit
        .position
        .as_ref()
        .is_some_and(|last| row.fixed_at < last.fixed_at);
    if !older {
        unit.position = Some(row);
    }
}

/// Puts a point, `[lon, lat, milliseconds]`, where it belongs in time: a late one fills its gap, a second one of the same moment changes nothing.
pub(super) fn lengthen(tail: &mut Vec<[f64; 3]>, point: [f64; 3]) {
    if put(tail, point) {
        shorten(tail);
    }
}

/// As [`lengthen`], but what is too old or too much is taken away now and then only: each time, what is left is moved. To
/// be shortened ([`shorten`]) before anybody looks; then it is the same tail.
pub(super) fn lengthen_unseen(tail: &mut Vec<[f64; 3]>, point: [f64; 3]) {
    if put(tail, point) && tail.len() >= TAIL_MAX + SLACK {
        shorten(tail);
    }
}

/// Puts a point in its place; whether it was new.
fn put(tail: &mut Vec<[f64; 3]>, point: [f64; 3]) -> bool {
    let at = point[2];
    let place = match tail.last() {
        Some(last) if last[2] < at => tail.len(),
        _ => tail.partition_point(|point| point[2] < at),
    };
    let new = tail.get(place).is_none_or(|point| point[2] > at);
    if new {
        tail.insert(place, point);
    }
    new
}

/// Takes away what is too old or too much.
pub(super) fn shorten(tail: &mut Vec<[f64; 3]>) {
    let Some([_, _, newest]) = tail.last().copied() else {
        return;
    };
    let old = tail.partition_point(|point| point[2] < newest - TAIL_SPAN_MS as f64);
    let beyond = tail.len().saturating_sub(TAIL_MAX);
    tail.drain(..old.max(beyond));
}

pub(super) fn millis(time: &str) -> i64 {
    Timestamp::parse(time).map_or(0, Timestamp::as_millis)
}

pub(super) fn unseen(card: &UnitCardWire) -> UnitPicture {
    UnitPicture {
        id: card.unit.clone(),
        callsign: card.callsign.clone(),
        kind: card.unit_kind.clone(),
        state: card.state.clone(),
        room: card.room.clone(),
        marks: card.marks.clone(),
        retired: false,
        on_duty: true,
        duty_at: None,
        position: None,
        located: None,
        located_at: None,
        crossings: Vec::new(),
        suspected: None,
        law: None,
        stray: None,
        tail: Vec::new(),
        silence: None,
        approach: None,
        stand_off: None,
        camera: None,
        sealed: None,
        clock_wrong: None,
        quarantined: BTreeMap::new(),
    }
}

pub(super) fn brief(crossing: &CrossingWire) -> CrossingBrief {
    CrossingBrief {
        id: crossing.crossing.clone(),
        from: crossing.from.clone(),
        to: crossing.to.clone(),
        point: crossing.point,
        earliest: crossing.earliest.clone(),
        likely: crossing.likely.clone(),
        latest: crossing.latest.clone(),
        inferred: crossing.inferred,
    }
}

/// A crossing as confirmed or revised: it stands among the others by its likely time.
pub(super) fn crossed(unit: &mut UnitPicture, crossing: &CrossingWire) {
    unit.suspected
        .take_if(|suspected| suspected.id == crossing.crossing);
    unit.crossings
        .retain(|before| before.id != crossing.crossing);
    unit.crossings.push(brief(crossing));
    unit.crossings
        .sort_by(|one, other| (&one.likely, &one.latest).cmp(&(&other.likely, &other.latest)));
    let beyond = unit.crossings.len().saturating_sub(CROSSINGS_MAX);
    unit.crossings.drain(..beyond);
    unit.law = law(unit);
}

/// The states whose law holds: of the last crossing, or of a first known place that is later than it.
pub(super) fn law(unit: &UnitPicture) -> Option<String> {
    match (unit.crossings.last(), &unit.located_at) {
        (Some(last), Some(at)) if last.likely < *at => unit.located.clone(),
        (Some(last), _) => Some(last.to.clone()),
        (None, _) => unit.located.clone(),
    }
}

/// A sign-on or sign-off. Acts arrive late too: the newest by its own time counts, and at one moment the sign-on.
pub(super) fn duty(unit: &mut UnitPicture, at: &str, on: bool) {
    unit.approach = None;
    unit.stand_off = None;
    unit.camera = None;
    unit.silence = None;
    match unit.duty_at.as_deref() {
        Some(known) if at < known => return,
        Some(known) if at == known => unit.on_duty |= on,
        _ => unit.on_duty = on,
    }
    unit.duty_at = Some(at.to_owned());
}

/// A place whose device time lies ahead of `received_at`: shown as of then, unless a better fix has arrived since.
pub(super) fn clock_wrong(unit: &mut UnitPicture, fix: &ReportedFixWire, received_at: &str) {
    let ahead = millis(&fix.fixed_at) - millis(received_at);
    let on_earth = Position::new(fix.lat, fix.lon).is_ok();
    unit.clock_wrong = on_earth.then(|| ClockWrongPicture {
        lat: fix.lat,
        lon: fix.lon,
        received_at: received_at.to_owned(),
        ahead_s: ahead as f64 / 1_000.0,
    });
    if let Some(position) = &unit.position {
        let last = position.received_at.clone();
        arrived(unit, &last);
    }
}

/// A fix arrived whose time can be right: what came before it with a wrong time is outdone.
pub(super) fn arrived(unit: &mut UnitPicture, received_at: &str) {
    unit.clock_wrong
        .take_if(|wrong| *wrong.received_at <= *received_at);
}
