//! Silence, and what may have happened in it.

use super::plane::{Plane, set};
use super::sim::{Field, at, fix};
use crate::domain::measure::Span;
use crate::domain::tracks::Watch;
use crate::domain::tracks::fix::ReportedFix;

/// A unit that drives towards the line at 10 m/s, reporting every so many seconds, and is last heard 2 km before it.
fn driving(interval_s: f64) -> (Field, f64) {
    let mut field = Field::new(Plane::two());
    let mut time = 0.0;
    for step in 0..20 {
        time = f64::from(step) * interval_s;
        field.post(&fix(
            time,
            -2_000.0 - 10.0 * interval_s * f64::from(19 - step),
            8.0,
        ));
    }
    (field, time)
}

#[test]
fn a_unit_is_silent_after_a_minute_or_four_of_its_own_intervals() {
    for (interval_s, patience_s) in [(1.0, 60.0), (15.0, 60.0), (30.0, 120.0)] {
        let (mut field, last) = driving(interval_s);
        let patience = Span::from_millis((patience_s * 1_000.0) as i64);
        assert_eq!(
            field.track.interval().map(Span::as_secs_f64),
            Some(interval_s)
        );
        field.tick(last + patience_s - 0.001);
        assert_eq!(field.count("unit.silent"), 0);
        field.tick(last + patience_s);
        assert_eq!(field.count("unit.silent"), 1, "every {interval_s} s");
        let (silence, _) = field.track.silence().unwrap();
        assert_eq!(silence.since, at(last));
        assert!(silence.radius.as_f64() >= 10.0 * patience.as_secs_f64());
        field.tick(last + patience_s + 1.0);
        assert_eq!(field.count("unit.silent"), 1, "told once");
    }
}

#[test]
fn it_may_have_crossed_once_its_reach_meets_the_line() {
    let (mut field, last) = driving(1.0);
    field.tick(last + 60.0);
    assert_eq!(field.count("unit.may_have_crossed"), 0);
    let deadline = field
        .track
        .next_deadline(Watch::ALWAYS, &field.limits)
        .unwrap();
    // 2,000 m less two accuracies, at 10 m/s and a quarter more.
    let expected = at(last + (2_000.0 - 16.0) / 12.5);
    assert!(
        deadline.since(expected).as_millis().abs() < 500,
        "{deadline} is not {expected}"
    );
    field.tick(last + 155.0);
    assert_eq!(field.count("unit.may_have_crossed"), 0);
    field.tick(last + 160.0);
    assert_eq!(field.count("unit.may_have_crossed"), 1);
    assert_eq!(field.track.silence().unwrap().0.reach, set("HU|RO"));
    field.tick(last + 600.0);
    assert_eq!(field.count("unit.may_have_crossed"), 1, "told once");
    field.post(&fix(last + 700.0, -2_000.0, 8.0));
    assert_eq!(field.count("unit.back"), 1);
    assert!(field.track.silence().is_none());
}

#[test]
fn while_a_backlog_arrives_the_unit_is_late_and_not_silent() {
    let (mut field, last) = driving(1.0);
    let now = last + 2_400.0;
    // 40 minutes of a tunnel arrive in order, one batch a second.
    for step in 0..100 {
        let fixed = last + 1.0 + f64::from(step);
        field.post_at(&fix(fixed, -2_000.0, 8.0), at(now + f64::from(step)));
        field.tick(now + f64::from(step) + 0.5);
    }
    assert_eq!(field.count("unit.silent"), 0);
    assert_eq!(field.count("unit.may_have_crossed"), 0);
}

#[test]
fn the_deadline_is_when_the_silence_begins() {
    let (field, last) = driving(1.0);
    assert_eq!(
        field.track.next_deadline(Watch::ALWAYS, &field.limits),
        Some(at(last + 60.0))
    );
}

#[test]
fn of_a_time_when_nobody_listened_no_unit_is_accused() {
    // Last heard 2 km from the line; the service is down for ten minutes.
    let (mut field, last) = driving(1.0);
    let up = last + 600.0;
    for second in 0..60 {
        field.tick_listening_since(at(up), up + f64::from(second));
    }
    assert_eq!(field.words(), ["unit.located", "border.approaching"]);
    let deadline = field.track.next_deadline(at(up), &field.limits);
    assert_eq!(deadline, Some(at(up + 60.0)));
    // It had a minute to speak.
    field.tick_listening_since(at(up), up + 60.0);
    assert_eq!(field.words()[2..], ["unit.silent", "unit.may_have_crossed"]);
    assert_eq!(field.track.silence().unwrap().0.since, at(last));
}

#[test]
fn a_unit_that_was_silent_before_the_outage_is_not_said_to_have_crossed_before_it_could_speak() {
    let (mut field, last) = driving(1.0);
    field.tick(last + 60.0);
    assert_eq!(field.count("unit.silent"), 1);
    let up = last + 600.0;
    field.tick_listening_since(at(up), up);
    assert_eq!(field.count("unit.may_have_crossed"), 0);
    field.tick_listening_since(at(up), up + 60.0);
    assert_eq!(field.count("unit.may_have_crossed"), 1);
}

/// Forty minutes in a tunnel, 2 km before the line.
const TUNNEL_S: i32 = 2_400;

/// Its backlog, a fix every ten seconds, oldest first.
fn stored(last: f64) -> Vec<ReportedFix> {
    let moments = (1..TUNNEL_S / 10).map(|step| last + 10.0 * f64::from(step));
    moments.map(|time| fix(time, -2_000.0, 8.0)).collect()
}

/// The backlog in that order, over thirty seconds, a tick between each two; every `live_every` fixes one that is fresh.
fn catches_up(backlog: &[ReportedFix], live_every: Option<usize>) {
    let (mut field, last) = driving(1.0);
    // Unheard, it was silent, and may have crossed: that was true until now.
    let begins = last + f64::from(TUNNEL_S);
    field.tick(begins - 1.0);
    let told = |field: &Field| {
        (
            field.count("unit.silent"),
            field.count("unit.may_have_crossed"),
        )
    };
    assert_eq!(told(&field), (1, 1));
    let pause_s = 30.0 / backlog.len() as f64;
    for (index, stored) in backlog.iter().enumerate() {
        let now = begins + pause_s * index as f64;
        field.post_at(stored, at(now));
        if live_every.is_some_and(|every| index % every == 0) {
            field.post(&fix(now + 0.01, -2_000.0, 8.0));
        }
        field.tick(now + 0.02);
        assert!(field.track.silence().is_none(), "after {index} fixes");
    }
    // It is late for as long as something may still come.
    for second in 30..89 {
        field.tick(begins + f64::from(second));
    }
    assert_eq!((told(&field), field.count("unit.back")), ((1, 1), 1));
    assert!(field.confirmed().is_empty());
}

#[test]
fn a_backlog_of_forty_minutes_is_no_silence_in_whatever_order_it_comes() {
    let (_, last) = driving(1.0);
    let oldest_first = stored(last);
    let newest_first: Vec<_> = oldest_first.iter().rev().cloned().collect();
    for live_every in [None, Some(1), Some(20)] {
        catches_up(&oldest_first, live_every);
        catches_up(&newest_first, live_every);
    }
}

#[test]
fn a_backlog_that_breaks_off_leaves_the_unit_silent_since_its_newest_fix() {
    let (mut field, last) = driving(1.0);
    let begins = last + f64::from(TUNNEL_S);
    let half = &stored(last)[..120];
    for stored in half {
        field.post_at(stored, at(begins));
    }
    // Its newest fix is twenty minutes old, and its reach met the line long ago.
    let newest = half[119].fixed_at;
    field.tick(begins + 59.0);
    assert!(field.track.silence().is_none());
    field.tick(begins + 61.0);
    let (silence, may_have_crossed) = field.track.silence().unwrap();
    assert_eq!((silence.since, may_have_crossed), (newest, true));
}
