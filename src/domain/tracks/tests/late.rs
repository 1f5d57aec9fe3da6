//! Late, repeated and reordered fixes.

use super::plane::{Plane, set};
use super::sim::{Field, at, fix};
use crate::domain::event::What;
use crate::domain::ids::SourceId;
use crate::domain::measure::Span;
use crate::domain::tracks::FixReceipt;
use crate::domain::tracks::fix::{QuarantineReason, ReportedFix};
use crate::domain::tracks::window::{FIXES_MAX, Sample};

/// From 3 km before the line to 3 km beyond it in 200 s, and a wait.
fn crossing_drive() -> Vec<ReportedFix> {
    (0..400)
        .map(|second| {
            let time = f64::from(second);
            fix(time, (-3_000.0 + 30.0 * time).min(3_000.0), 8.0)
        })
        .collect()
}

#[test]
fn a_late_fix_never_moves_the_live_picture_back() {
    let mut field = Field::new(Plane::two());
    field.post(&fix(100.0, -500.0, 8.0));
    field.post_at(&fix(50.0, -1_000.0, 8.0), at(101.0));
    assert_eq!(field.track.latest().unwrap().fixed_at, at(100.0));
}

#[test]
fn of_two_devices_in_one_instant_the_live_picture_is_the_same_whatever_came_first() {
    let of = |source: &str, east_m: f64| {
        let mut fix = fix(100.0, east_m, 8.0);
        fix.source = SourceId::parse(source).unwrap();
        fix
    };
    let pair = [of("car", -500.0), of("phone", -504.0)];
    let mut seen = Vec::new();
    for order in [[0, 1], [1, 0]] {
        let mut field = Field::new(Plane::two());
        for index in order {
            field.post(&pair[index]);
        }
        // What either of them stored before that moves nothing.
        for source in ["car", "phone"] {
            let mut late = of(source, -1_500.0);
            late.fixed_at = at(70.0);
            field.post_at(&late, at(101.0));
        }
        let latest = field.track.latest().unwrap();
        assert_eq!(latest.fixed_at, at(100.0));
        seen.push((latest.source.clone(), latest.position));
    }
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn a_backlog_that_arrives_together_is_told_once() {
    let mut field = Field::new(Plane::two());
    // A wait on both sides, a tunnel between: the crossing at second 100 is known only roughly.
    let (tunnel, heard): (Vec<_>, Vec<_>) = crossing_drive()
        .into_iter()
        .partition(|fix| fix.fixed_at >= at(60.0) && fix.fixed_at < at(180.0));
    for fix in &heard {
        field.post(fix);
    }
    let rough = field.confirmed().remove(0);
    let mut one_by_one = Field::new(Plane::two());
    for fix in heard.iter().chain(tunnel.iter().rev()) {
        one_by_one.post_at(fix, fix.fixed_at.max(at(400.0)));
    }
    let backlog: Vec<_> = tunnel.into_iter().rev().collect();
    field.post_together(&backlog, at(400.0));
    let exact = field.confirmed();
    assert_eq!((exact.len(), &exact[0].id), (1, &rough.id));
    assert_eq!(field.count("crossing.revised"), 1);
    assert!(one_by_one.count("crossing.revised") > 10);
    let when = |field: &Field| {
        let crossing = field.confirmed().remove(0);
        (crossing.earliest, crossing.likely, crossing.latest)
    };
    assert_eq!(when(&field), when(&one_by_one));
}

#[test]
fn what_is_live_within_a_batch_is_told_after_the_late_fixes_before_it() {
    let drive = crossing_drive();
    let mut field = Field::new(Plane::two());
    for fix in &drive[..60] {
        field.post(fix);
    }
    // Of the crossing at second 100 the last fix comes first: live, and then its backlog.
    let mut batch = vec![drive[300].clone()];
    batch.extend(drive[60..300].iter().cloned());
    batch.extend(drive[301..].iter().cloned());
    field.post_together(&batch, at(400.0));
    assert_eq!(field.ways(), ["HU>RO"]);
    assert!(!field.confirmed()[0].inferred);
    let words = field.words();
    assert!(
        words
            .iter()
            .filter(|word| word.starts_with("crossing."))
            .count()
            <= 3
    );
}

#[test]
fn a_backlog_after_a_tunnel_moves_the_crossing_to_where_it_was() {
    let drive = crossing_drive();
    let mut field = Field::new(Plane::two());
    // In the tunnel from second 60 to second 180: the crossing at second 100 is known only roughly.
    let (tunnel, heard): (Vec<_>, Vec<_>) = drive
        .iter()
        .cloned()
        .partition(|fix| fix.fixed_at >= at(60.0) && fix.fixed_at < at(180.0));
    for fix in &heard {
        field.post(fix);
    }
    let rough = field.confirmed().remove(0);
    assert!(rough.inferred);
    assert_eq!((rough.earliest, rough.latest), (at(59.0), at(180.0)));
    // The backlog arrives newest first.
    for fix in tunnel.iter().rev() {
        field.post_at(fix, at(500.0));
    }
    let exact = field.confirmed();
    assert_eq!(exact.len(), 1);
    assert_eq!(exact[0].id, rough.id);
    assert!(!exact[0].inferred);
    assert!(exact[0].likely.since(at(100.0)).as_millis().abs() < 500);
    assert!(field.count("crossing.revised") > 0);
    assert_eq!(field.count("crossing.retracted"), 0);
    assert_eq!(field.track.settled(), Some(set("RO")));
}

#[test]
fn late_fixes_take_back_a_crossing_that_never_was() {
    let mut field = Field::new(Plane::two());
    for second in 0..100 {
        field.post(&fix(f64::from(second), -60.0, 15.0));
    }
    // The phone sends three fixes that lie beyond the line; the rest of that time was stored.
    let sent = [110, 140, 142];
    for second in sent {
        field.post(&fix(f64::from(second), 35.0, 15.0));
    }
    assert_eq!(field.ways(), ["HU>RO"]);
    for second in (100..145).filter(|second| !sent.contains(second)) {
        field.post_at(&fix(f64::from(second), -60.0, 15.0), at(200.0));
    }
    assert!(field.confirmed().is_empty());
    assert!(field.count("crossing.retracted") >= 1);
    assert!(!field.track.book.has_suspicion());
    assert_eq!(field.track.settled(), Some(set("HU")));
}

#[test]
fn a_crossing_of_two_hours_ago_is_found_when_its_fixes_arrive() {
    let mut field = Field::new(Plane::two());
    for second in 0..200 {
        field.post(&fix(f64::from(second), -9_000.0, 8.0));
    }
    for second in 7_200..7_400 {
        field.post(&fix(f64::from(second), -9_000.0, 8.0));
    }
    assert!(field.confirmed().is_empty());
    // It had been in Romania meanwhile.
    for (second, east_m) in [
        (900, -9_000.0),
        (1_500, 9_000.0),
        (1_510, 9_000.0),
        (3_000, 9_000.0),
        (3_600, -9_000.0),
    ] {
        field.post_at(&fix(f64::from(second), east_m, 8.0), at(7_500.0));
    }
    assert_eq!(field.ways(), ["HU>RO", "RO>HU"]);
    assert_eq!(field.track.settled(), Some(set("HU")));
}

/// Two hours 60 km inside Hungary, one fix every 2 s.
fn two_hours_deep() -> Field {
    let mut field = Field::new(Plane::two());
    for step in 0..3_600 {
        field.post(&fix(f64::from(step) * 2.0, -60_000.0, 8.0));
    }
    field
}

#[test]
fn an_outlier_of_an_hour_ago_is_held_as_it_was_when_it_was_fresh() {
    // 178 km away, in Romania.
    let outlier = |second: f64| fix(second, 118_000.0, 8.0);
    let mut field = two_hours_deep();
    let fresh = field.post(&outlier(7_199.0));
    for step in 3_600..5_400 {
        field.post(&fix(f64::from(step) * 2.0, -60_000.0, 8.0));
    }
    let now = at(10_800.0);
    // Posted again, and others for the first time: one, and a row that agrees with itself.
    let again = field.post_at(&outlier(7_199.0), now);
    assert_eq!(fresh.reason(), Some(QuarantineReason::ImplausibleJump));
    assert_eq!(again.reason(), Some(QuarantineReason::ImplausibleJump));
    for second in [3_601.0, 5_001.0, 5_007.0, 5_013.0, 5_019.0] {
        let late = field.post_at(&outlier(second), now);
        assert_eq!(late.reason(), Some(QuarantineReason::ImplausibleJump));
    }
    assert!(field.track.crossings().is_empty());
    assert_eq!(field.count("fix.released"), 0);
}

#[test]
fn a_row_of_outliers_between_two_fixes_that_both_contradict_it_is_not_believed() {
    let mut field = Field::new(Plane::two());
    for minute in 0..20 {
        field.post(&fix(f64::from(minute) * 60.0, -60_000.0, 8.0));
    }
    for second in [905.0, 920.0, 935.0, 950.0] {
        let late = field.post_at(&fix(second, 118_000.0, 8.0), at(1_200.0));
        assert_eq!(late.reason(), Some(QuarantineReason::ImplausibleJump));
    }
    assert!(field.track.crossings().is_empty());
}

#[test]
fn a_late_fix_inside_a_stretch_is_admitted_and_leaves_it_whole() {
    let mut field = two_hours_deep();
    let kept = field.track.window.len();
    // At the edge of the depth, and so coarse that it may lie beyond the line.
    for late in [fix(3_601.0, -59_900.0, 8.0), fix(5_001.0, 500.0, 31_000.0)] {
        field.limits.accuracy_most = crate::domain::measure::Metres::new(40_000.0);
        let receipt = field.post_at(&late, at(7_300.0));
        assert_eq!(receipt, FixReceipt::Accepted);
    }
    assert_eq!(field.track.window.len(), kept);
    assert!(field.track.crossings().is_empty());
}

#[test]
fn a_fix_held_and_believed_when_posted_again_keeps_the_time_at_which_it_first_arrived() {
    let mut field = Field::new(Plane::two());
    field.post(&fix(0.0, -100_000.0, 8.0));
    let held = |second: f64| fix(second, -20_000.0, 8.0);
    for second in [100.0, 106.0, 112.0] {
        field.limits.release_span = Span::from_secs(60);
        field.post_at(&held(second), at(second + 3.0));
    }
    field.limits.release_span = Span::from_secs(10);
    let receipt = field.post_at(&held(106.0), at(200.0));
    assert_eq!(receipt, FixReceipt::Accepted);
    let arrivals: Vec<_> = field
        .events
        .iter()
        .filter_map(|event| match &event.what {
            What::Fix(fix) => Some(fix.received_at),
            _ => None,
        })
        .collect();
    assert_eq!(arrivals[1..], [at(103.0), at(109.0), at(115.0)]);
}

#[test]
fn a_day_deep_inside_a_state_is_kept_as_a_few_fixes() {
    let mut field = Field::new(Plane::two());
    for step in 0..20_000 {
        let time = f64::from(step) * 4.0;
        field.post(&fix(time, -50_000.0 - 100.0 * f64::from(step % 2), 8.0));
    }
    assert!(
        field.track.window.len() <= 20,
        "{} fixes kept",
        field.track.window.len()
    );
    assert_eq!(field.track.admitted(), 20_000);
}

#[test]
fn a_day_at_the_line_is_bounded_and_the_recent_part_can_be_corrected() {
    let mut field = Field::new(Plane::two());
    // Oftener than once a second, but for two gaps.
    let is_heard = |second: f64| {
        ![300.0, 20_000.0]
            .iter()
            .any(|gap| (0.0..5.0).contains(&(second - gap)))
    };
    let mut seconds = (0..FIXES_MAX + 1_000).map(|step| step as f64 * 0.9);
    for second in seconds.clone().filter(|second| is_heard(*second)) {
        field.post(&fix(second, -60.0, 8.0));
    }
    assert_eq!(field.track.window.len(), FIXES_MAX);
    let now = seconds.next_back().unwrap();
    let mut late = |begins: f64| {
        for half in 1..10 {
            let second = begins + f64::from(half) / 2.0;
            let receipt = field.post_at(&fix(second, 60.0, 8.0), at(now));
            assert_eq!(receipt, FixReceipt::Accepted);
        }
        field.ways()
    };
    // Older than all that is kept: admitted, and changes nothing.
    assert!(late(300.0).is_empty());
    assert_eq!(late(20_000.0), ["HU>RO", "RO>HU"]);
}

#[test]
fn of_a_day_at_the_line_heard_every_second_the_first_minutes_can_be_corrected() {
    let mut field = Field::new(Plane::two());
    let day = 24 * 3_600;
    for second in (0..day).filter(|second| !(100..105).contains(second)) {
        field.post(&fix(f64::from(second), -60.0, 8.0));
    }
    let stay: Vec<_> = (1..10)
        .map(|half| fix(100.0 + f64::from(half) / 2.0, 60.0, 8.0))
        .collect();
    field.post_together(&stay, at(f64::from(day)));
    assert_eq!(field.ways(), ["HU>RO", "RO>HU"]);
}

#[test]
fn the_fixes_kept_of_one_unit_take_little_memory() {
    let bytes = FIXES_MAX * size_of::<Sample>();
    assert!(bytes <= 6_000_000, "{bytes} bytes");
}

#[test]
fn two_devices_of_one_unit_tell_one_way() {
    let mut field = Field::new(Plane::two());
    for mut fix in crossing_drive() {
        field.post(&fix);
        // The car's own receiver stands 4 m ahead and speaks in the same instant.
        fix.source = SourceId::parse("car").unwrap();
        fix.lon += 0.000_05;
        field.post(&fix);
    }
    assert_eq!(field.ways(), ["HU>RO"]);
    assert_eq!(field.count("crossing.retracted"), 0);
    assert_eq!(field.count("fix.quarantined"), 0);
}

#[test]
fn earliest_is_never_after_arrival() {
    let mut field = Field::new(Plane::two());
    // A clock that is 40 s ahead.
    for fix in crossing_drive() {
        let received = at((fix.fixed_at.since(at(0.0)).as_millis() as f64) / 1_000.0 - 40.0);
        field.post_at(&fix, received);
    }
    let crossing = field.confirmed().remove(0);
    assert!(crossing.earliest <= at(60.0));
}
