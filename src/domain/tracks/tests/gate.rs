//! Each reason of the gate, on both sides of its limit.

use super::plane::Plane;
use super::sim::{Field, at, fix, fix_at};
use crate::domain::event::{TrackEvent, TrackEventKind, What};
use crate::domain::ids::SourceId;
use crate::domain::registry::UnitKind;
use crate::domain::tracks::FixReceipt;
use crate::domain::tracks::fix::{QuarantineReason, ReportedFix};

fn field() -> Field {
    Field::new(Plane::two())
}

fn reason(receipt: &FixReceipt) -> Option<QuarantineReason> {
    receipt.reason()
}

/// The reason for which a fix arriving at second 100,000 is kept apart.
fn judged(change: impl FnOnce(&mut ReportedFix)) -> Option<QuarantineReason> {
    let mut fix = fix(100_000.0, -5_000.0, 8.0);
    change(&mut fix);
    reason(&field().post_at(&fix, at(100_000.0)))
}

#[test]
fn a_fix_may_lie_sixty_seconds_ahead_and_no_more() {
    assert_eq!(judged(|fix| fix.fixed_at = at(100_060.0)), None);
    assert_eq!(
        judged(|fix| fix.fixed_at = at(100_060.001)),
        Some(QuarantineReason::FixedAtInFuture)
    );
}

#[test]
fn a_fix_may_be_a_day_old_and_no_more() {
    let day = 86_400.0;
    assert_eq!(judged(|fix| fix.fixed_at = at(100_000.0 - day)), None);
    assert_eq!(
        judged(|fix| fix.fixed_at = at(99_999.999 - day)),
        Some(QuarantineReason::FixedAtTooOld)
    );
}

#[test]
fn a_receiver_without_a_fix_says_zero_and_zero() {
    let at_zero = |lat: f64, lon: f64| {
        judged(|fix| {
            fix.lat = lat;
            fix.lon = lon;
        })
    };
    assert_eq!(at_zero(0.0, 0.0), Some(QuarantineReason::NullIsland));
    assert_eq!(
        at_zero(-0.000_9, 0.000_9),
        Some(QuarantineReason::NullIsland)
    );
    assert_eq!(at_zero(0.0, 21.0), None);
    assert_eq!(at_zero(0.001, 0.0), None);
}

#[test]
fn degrees_end_at_ninety_and_a_hundred_and_eighty() {
    assert_eq!(judged(|fix| fix.lat = 90.0), None);
    assert_eq!(
        judged(|fix| fix.lat = 90.1),
        Some(QuarantineReason::OutOfRange)
    );
    assert_eq!(
        judged(|fix| fix.lon = -180.1),
        Some(QuarantineReason::OutOfRange)
    );
}

#[test]
fn accuracy_is_above_zero_and_at_most_five_kilometres() {
    let with = |metres: f64| judged(|fix| fix.measured.accuracy_m = Some(metres));
    assert_eq!(with(5_000.0), None);
    assert_eq!(with(0.001), None);
    assert_eq!(with(5_000.1), Some(QuarantineReason::AccuracyUnusable));
    assert_eq!(with(0.0), Some(QuarantineReason::AccuracyUnusable));
    assert_eq!(with(-1.0), Some(QuarantineReason::AccuracyUnusable));
    assert_eq!(judged(|fix| fix.measured.accuracy_m = None), None);
}

#[test]
fn the_same_again_is_a_duplicate_and_another_at_that_moment_a_conflict() {
    let mut field = field();
    let first = fix(0.0, -5_000.0, 8.0);
    assert_eq!(field.post(&first), FixReceipt::Accepted);
    assert_eq!(field.post(&first), FixReceipt::Duplicate);
    let mut other = first.clone();
    other.measured.speed_mps = Some(3.0);
    assert_eq!(
        reason(&field.post(&other)),
        Some(QuarantineReason::Conflicting)
    );
    let mut other_device = other.clone();
    other_device.source = SourceId::parse("car").unwrap();
    assert_eq!(field.post(&other_device), FixReceipt::Accepted);
    assert_eq!(field.track.admitted(), 2);
}

#[test]
fn a_repeat_is_a_duplicate_as_long_as_its_time_is_taken() {
    let mut field = field();
    let day = 86_400;
    for second in 0..=day {
        field.post(&fix(f64::from(second), -5_000.0, 8.0));
    }
    for second in [0, 1, 40_000, day] {
        let again = fix(f64::from(second), -5_000.0, 8.0);
        assert_eq!(
            field.post_at(&again, at(f64::from(day))),
            FixReceipt::Duplicate
        );
    }
    // A late one at the very front is not forgotten at once.
    let late = fix(0.5, -5_000.0, 8.0);
    assert_eq!(
        field.post_at(&late, at(f64::from(day))),
        FixReceipt::Accepted
    );
    assert_eq!(
        field.post_at(&late, at(f64::from(day))),
        FixReceipt::Duplicate
    );
}

#[test]
fn no_number_of_devices_gets_a_fix_admitted_twice() {
    let mut field = field();
    let fixes: Vec<ReportedFix> = (0..200)
        .map(|index| ReportedFix {
            source: SourceId::parse(&format!("device-{}", index % 40)).unwrap(),
            ..fix(f64::from(index) * 30.0, -5_000.0, 8.0)
        })
        .collect();
    for fix in &fixes {
        assert_eq!(field.post(fix), FixReceipt::Accepted);
    }
    for fix in fixes.iter().rev().chain(&fixes) {
        let receipt = field.post_at(fix, at(6_000.0));
        assert_ne!(receipt, FixReceipt::Accepted, "{fix:?}");
    }
    assert_eq!(field.track.admitted(), 200);
    // A new device is heard at once, whatever was before it.
    let mut new = fix(6_060.0, -5_000.0, 8.0);
    new.source = SourceId::parse("device-new").unwrap();
    assert_eq!(field.post(&new), FixReceipt::Accepted);
}

#[test]
fn a_fix_kept_apart_takes_no_key_and_is_kept_once() {
    let mut field = field();
    let early = fix(200.0, -5_000.0, 8.0);
    for _ in 0..3 {
        let receipt = field.post_at(&early, at(100.0));
        assert_eq!(reason(&receipt), Some(QuarantineReason::FixedAtInFuture));
    }
    assert_eq!(field.words(), ["fix.quarantined"]);
    assert_eq!(field.post_at(&early, at(150.0)), FixReceipt::Accepted);
}

#[test]
fn a_batch_kept_apart_and_posted_again_is_told_once() {
    let mut field = field();
    for _ in 0..3 {
        for second in 0..100 {
            let mut empty = fix(f64::from(second), 0.0, 8.0);
            (empty.lat, empty.lon) = (0.0, 0.0);
            let receipt = field.post_at(&empty, at(200.0));
            assert_eq!(reason(&receipt), Some(QuarantineReason::NullIsland));
        }
    }
    assert_eq!(field.count("fix.quarantined"), 100);
}

#[test]
fn releasing_the_fix_of_one_device_leaves_that_of_another_held() {
    let mut field = field();
    field.post(&fix(0.0, -100_000.0, 8.0));
    let mut other = fix(4.0, 250_000.0, 8.0);
    other.source = SourceId::parse("car").unwrap();
    field.post(&other);
    for second in [4.0, 9.0, 14.0] {
        field.post(&fix(second, -20_000.0, 8.0));
    }
    assert_eq!(field.count("fix.released"), 2);
    let held: Vec<_> = field.track.held.iter().map(|held| &held.fix).collect();
    assert_eq!(held, [&other]);
}

#[test]
fn a_fix_from_the_future_still_shows_where_the_unit_is_until_a_better_one_comes() {
    let mut field = field();
    field.post_at(&fix(400.0, -5_000.0, 8.0), at(100.0));
    let shown = field.track.clock_wrong().unwrap();
    assert_eq!(shown.ahead.as_millis(), 300_000);
    assert_eq!(shown.received_at, at(100.0));
    assert!(field.track.latest().is_none());
    field.post(&fix(101.0, -5_000.0, 8.0));
    assert!(field.track.clock_wrong().is_none());
}

#[test]
fn each_kind_of_unit_has_a_speed_it_does_not_exceed() {
    let limits = field().limits.speeds;
    for kind in UnitKind::ALL {
        let most = limits.of(kind);
        for (factor, held) in [(0.95, false), (1.2, true)] {
            let mut field = Field::of(Plane::two(), kind);
            field.post(&fix(0.0, -100_000.0, 8.0));
            let receipt = field.post(&fix(100.0, -100_000.0 + factor * most * 100.0, 8.0));
            let expected = held.then_some(QuarantineReason::ImplausibleJump);
            assert_eq!(
                reason(&receipt),
                expected,
                "{kind:?} at {factor} of {most} m/s"
            );
        }
    }
}

#[test]
fn two_devices_that_disagree_within_their_accuracies_do_not_jump() {
    let mut field = field();
    for second in 0..30 {
        let time = f64::from(second);
        let mut other = fix_at(time, (-5_000.0, 90.0), 30.0);
        other.source = SourceId::parse("car").unwrap();
        assert_eq!(field.post(&fix(time, -5_000.0, 8.0)), FixReceipt::Accepted);
        assert_eq!(field.post(&other), FixReceipt::Accepted);
    }
}

#[test]
fn a_lone_jump_stays_apart_and_the_way_goes_on() {
    let mut field = field();
    field.post(&fix(0.0, -5_000.0, 8.0));
    let jump = field.post(&fix(1.0, 60_000.0, 2.0));
    assert_eq!(reason(&jump), Some(QuarantineReason::ImplausibleJump));
    for second in 2..60 {
        assert_eq!(
            field.post(&fix(f64::from(second), -5_000.0, 8.0)),
            FixReceipt::Accepted
        );
    }
    assert_eq!(field.words(), ["unit.located", "fix.quarantined"]);
}

#[test]
fn a_jump_is_believed_when_later_fixes_agree_with_it() {
    let mut field = field();
    field.post(&fix(0.0, -100_000.0, 8.0));
    let mut receipts = Vec::new();
    for second in 1..15 {
        let receipt = field.post(&fix(
            f64::from(second),
            -20_000.0 + 20.0 * f64::from(second),
            8.0,
        ));
        receipts.push(reason(&receipt));
    }
    // Ten seconds of agreement: eleven fixes at one a second.
    assert!(receipts[..10].iter().all(Option::is_some));
    assert!(receipts[10..].iter().all(Option::is_none));
    assert_eq!(field.count("fix.released"), 10);
    assert_eq!(field.track.admitted(), 15);
    let times: Vec<_> = field
        .events
        .iter()
        .filter_map(|event| match &event.what {
            What::Fix(fix) => Some(fix.fixed_at),
            _ => None,
        })
        .collect();
    assert!(times.is_sorted(), "released in the order of their times");
    assert!(field.confirmed().is_empty());
}

#[test]
fn scattered_jumps_do_not_vouch_for_one_another() {
    let mut field = field();
    for second in 0..300 {
        let time = f64::from(second);
        let jumps = second % 10 == 9;
        let east_m = if jumps { 50_000.0 } else { -5_000.0 };
        let receipt = field.post(&fix(time, east_m, 5.0));
        assert_eq!(reason(&receipt).is_some(), jumps, "second {second}");
    }
    assert!(field.confirmed().is_empty());
}

#[test]
fn a_late_fix_is_judged_by_both_neighbours_in_time() {
    let mut field = field();
    field.post(&fix(0.0, -100_000.0, 8.0));
    field.post(&fix(1_000.0, -50_000.0, 8.0));
    let now = at(1_100.0);
    // Reachable from the first, but not from there to the second.
    let receipt = field.post_at(&fix(990.0, -100_000.0, 8.0), now);
    assert_eq!(reason(&receipt), Some(QuarantineReason::ImplausibleJump));
    assert_eq!(
        field.post_at(&fix(500.0, -75_000.0, 8.0), now),
        FixReceipt::Accepted
    );
}

#[test]
fn a_fix_kept_apart_is_told_with_its_content() {
    let mut field = field();
    field.post(&fix(0.0, -5_000.0, -1.0));
    let kept = field.events.iter().any(|event| match &event.what {
        What::Track(TrackEvent {
            kind:
                TrackEventKind::FixQuarantined {
                    fix: Some(fix),
                    detail,
                    ..
                },
            ..
        }) => fix.measured.accuracy_m == Some(-1.0) && detail.contains("-1 m"),
        _ => false,
    });
    assert!(kept);
    assert_eq!(field.track.quarantined(), 1);
}
