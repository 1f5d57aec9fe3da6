//! Clocks that are wrong, set right, and found to be wrong too late.

use super::plane::Plane;
use super::properties::{facts, wandering};
use super::sim::{Dice, Field, at, card, fix};
use crate::domain::event::Crossing;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::registry::UnitKind;
use crate::domain::tracks::clock::{ClockError, Clocks, Heard};
use crate::domain::tracks::fix::ReportedFix;
use crate::domain::tracks::{Track, Untold};
use proptest::prelude::*;

/// A fix as it was heard: device, device time and arrival, milliseconds.
type Lagged = (u32, i64, i64);

fn clocks(fixes: &[Lagged]) -> Clocks {
    let mut clocks = Clocks::default();
    for (source, fixed_at, lag) in fixes {
        let fixed_at = Timestamp::from_millis(*fixed_at);
        clocks.note(*source, fixed_at, fixed_at.plus(Span::from_millis(*lag)));
    }
    clocks
}

/// The rule as it is written, over all fixes.
fn naive(fixes: &[Lagged], source: u32, at_ms: i64) -> ClockError {
    let minute = |ms: i64| ms.div_euclid(60_000);
    let here = minute(at_ms);
    let live: Vec<(i64, i64)> = fixes
        .iter()
        .filter(|(of, fixed_at, lag)| {
            *of == source && *lag <= 60_000 && (minute(*fixed_at) - here).abs() <= 60
        })
        .map(|(_, fixed_at, lag)| (minute(*fixed_at), *lag))
        .collect();
    let least = |of: &dyn Fn(i64) -> bool| {
        let lags = live.iter().filter(|(minute, _)| of(*minute));
        lags.map(|(_, lag)| *lag).min()
    };
    let ahead = least(&|_| true).unwrap_or(0).min(0);
    let lag = least(&|minute| minute < here)
        .or_else(|| least(&|minute| minute >= here))
        .unwrap_or(0);
    let whole = |ms: i64| Span::from_secs((ms + 999) / 1_000);
    ClockError {
        ahead: whole(-ahead),
        behind: if lag > 2_000 { whole(lag) } else { Span::ZERO },
    }
}

fn lagged() -> impl Strategy<Value = Vec<Lagged>> {
    let minutes = 60_000..200 * 60_000_i64;
    let of = (0..3_u32, minutes, -40_000..90_000_i64);
    prop::collection::vec(of, 0..60)
}

proptest! {
    #[test]
    fn what_is_known_of_a_clock_is_what_the_rule_says_of_all_fixes(
        fixes in lagged(), source in 0..3_u32, at_ms in 0..260 * 60_000_i64
    ) {
        let clocks = clocks(&fixes);
        let at = Timestamp::from_millis(at_ms);
        prop_assert_eq!(clocks.with(None).error(source, at), naive(&fixes, source, at_ms));
        // One more that is not folded in yet counts as if it were.
        if let Some((last, before)) = fixes.split_last() {
            let fixed_at = Timestamp::from_millis(last.1);
            let fresh = Heard::of(last.0, fixed_at, fixed_at.plus(Span::from_millis(last.2)));
            let known = self::clocks(before);
            prop_assert_eq!(known.with(fresh).error(source, at), naive(&fixes, source, at_ms));
            let any = (0..3).map(|source| naive(&fixes, source, at_ms));
            let most = any.fold(ClockError::default(), |most, error| ClockError {
                ahead: most.ahead.max(error.ahead),
                behind: most.behind.max(error.behind),
            });
            prop_assert_eq!(known.with(fresh).error_of_any(at), most);
        }
    }

    #[test]
    fn whatever_changes_what_is_said_of_a_clock_is_news(
        fixes in lagged(), last in (0..3_u32, 60_000..200 * 60_000_i64, -40_000..90_000_i64),
        at_ms in 0..260 * 60_000_i64
    ) {
        let clocks = clocks(&fixes);
        let fixed_at = Timestamp::from_millis(last.1);
        let fresh = Heard::of(last.0, fixed_at, fixed_at.plus(Span::from_millis(last.2)));
        let is_newest = fixes.iter().all(|fix| fix.1 < last.1);
        let at = Timestamp::from_millis(at_ms);
        // Of what is still to come nothing was told.
        if at < fixed_at || !is_newest {
            let changes = clocks.with(fresh).error(last.0, at) != clocks.with(None).error(last.0, at);
            let perhaps_behind = clocks.with(None).error(last.0, at).behind > Span::ZERO;
            let is_news =
                fresh.is_some_and(|fresh| clocks.is_news(fresh, is_newest, perhaps_behind));
            prop_assert!(is_news || !changes);
            if let (Some(fresh), true) = (fresh, changes) {
                let (from, until) = fresh.tells_of();
                prop_assert!(from <= at && at <= until);
            }
        }
    }

    #[test]
    fn the_order_of_the_fixes_leaves_no_trace_and_memory_keeps_all(mut fixes in lagged(), seed: u64) {
        let one = clocks(&fixes);
        let mut dice = Dice(seed);
        for index in (1..fixes.len()).rev() {
            fixes.swap(index, (dice.word() % (index as u64 + 1)) as usize);
        }
        let other = clocks(&fixes);
        prop_assert!(one.heard().eq(other.heard()));
        let again = Clocks::remembered(one.heard(), one.received_at());
        prop_assert_eq!(again, one);
    }

    /// Devices whose clocks are wrong and are set meanwhile; some fixes are stored for a while. Each is judged with the
    /// time at which it arrived, in whatever order and batches.
    #[test]
    fn with_wrong_clocks_any_order_ends_in_the_same_confirmed_crossings(
        seed: u64, shuffle: u64, count in 5_usize..160
    ) {
        let posted = skewed(seed, count);
        let mut field = Field::new(Plane::two());
        // What the gate holds depends on what came first.
        field.limits.speeds.vehicle_mps = 1e9;
        for (fix, now) in &posted {
            field.post_at(fix, *now);
        }
        let told = |track: &Track| confirmed(track).iter().map(facts).collect::<Vec<_>>();
        let mut dice = Dice(shuffle);
        let mut deck = posted.clone();
        match dice.word() % 3 {
            0 => deck.reverse(),
            1 => {}
            _ => for index in (1..deck.len()).rev() {
                deck.swap(index, (dice.word() % (index as u64 + 1)) as usize);
            },
        }
        let batched = in_batches(&deck, 1 + dice.word() % 20, &mut dice);
        prop_assert_eq!(told(&field.track), told(&batched.track));
        // Folding what was told is all that a restart does.
        let mut folded = Track::new(&card(UnitKind::Vehicle));
        for event in &batched.events {
            folded.apply(event);
        }
        prop_assert_eq!(&folded, &batched.track);
    }
}

/// Fixes with the times at which they arrive, in that order.
fn skewed(seed: u64, count: usize) -> Vec<(ReportedFix, Timestamp)> {
    let mut dice = Dice(seed);
    let mut errors = [0, 1].map(|_| [-25.0, 0.0, 0.0, 25.0][(dice.word() % 4) as usize]);
    let mut stored_until = 0.0;
    let mut posted: Vec<(ReportedFix, Timestamp)> = Vec::new();
    for mut fix in wandering(dice.word(), count) {
        let taken = fix.fixed_at;
        let second = taken.since(at(0.0)).as_secs_f64();
        if dice.share() < 0.02 {
            errors[(dice.word() % 2) as usize] = 0.0;
        }
        if dice.share() < 0.03 {
            stored_until = second + 600.0 * dice.share();
        }
        let device = usize::from(fix.source.as_str() == "car");
        let ahead_ms = 1_000.0 * errors[device];
        fix.fixed_at = taken.plus(Span::from_millis(ahead_ms as i64));
        let arrives = second.max(stored_until) + 0.1 + 3.0 * dice.share();
        posted.push((fix, at(arrives)));
    }
    posted.sort_by_key(|(_, now)| *now);
    posted
}

fn in_batches(deck: &[(ReportedFix, Timestamp)], most: u64, dice: &mut Dice) -> Field {
    let mut field = Field::new(Plane::two());
    field.limits.speeds.vehicle_mps = 1e9;
    let mut untold = Untold::default();
    for (fix, now) in deck {
        if field.track.would_be_newest(fix) || dice.word().is_multiple_of(most) {
            field.tell_late(&mut untold);
        }
        field.post_of_batch(fix, *now, &mut untold);
    }
    field.tell_late(&mut untold);
    field
}

fn confirmed(track: &Track) -> Vec<Crossing> {
    let standing = track.crossings().iter();
    let standing =
        standing.filter(|recorded| recorded.standing == crate::domain::tracks::Standing::Confirmed);
    let mut confirmed: Vec<Crossing> = standing.map(|of| Crossing::clone(&of.crossing)).collect();
    confirmed.sort_by_key(|crossing| (crossing.likely, crossing.latest));
    confirmed
}

/// Over the line at 20 m/s at second 60 of the device, which is ahead by so much of what the network takes.
fn cross(field: &mut Field, begins_s: f64, lag_s: f64) {
    for second in 0..120 {
        let second = f64::from(second);
        let fix = fix(begins_s + second, 20.0 * (second - 60.0), 5.0);
        field.post_at(&fix, at(begins_s + second + lag_s));
    }
}

#[test]
fn a_clock_that_is_proven_wrong_after_a_crossing_widens_what_was_told_of_it() {
    let mut field = Field::new(Plane::two());
    cross(&mut field, 0.0, 0.3);
    let told = field.confirmed().remove(0);
    // The network had taken 20 s all the time. Ten minutes later it does not.
    for second in 720..730 {
        let second = f64::from(second);
        field.post_at(&fix(second, 1_200.0, 5.0), at(second - 19.6));
    }
    assert_eq!(field.count("crossing.revised"), 1);
    let revised = field.confirmed().remove(0);
    assert_eq!(revised.id, told.id);
    assert_eq!(told.earliest.since(revised.earliest), Span::from_secs(20));
    assert_eq!((revised.likely, revised.latest), (told.likely, told.latest));
    assert_eq!(revised.point, told.point);
    assert!(
        revised.why.rule.contains("clock ahead by 20 s"),
        "{}",
        revised.why.rule
    );
}

#[test]
fn what_a_gap_hides_is_widened_as_well() {
    let mut field = Field::new(Plane::strips(&[
        ("HU", 0.0),
        ("RS", 3_000.0),
        ("RO", 300_000.0),
    ]));
    // Into a tunnel under the strip of Serbia and out of it on the other side; then it is heard as it is.
    for second in 0..20 {
        let second = f64::from(second);
        field.post_at(&fix(second, 20.0 * second - 2_000.0, 5.0), at(second));
    }
    for second in 320..340 {
        let second = f64::from(second);
        field.post_at(&fix(second, 20.0 * second - 2_000.0, 5.0), at(second));
    }
    let told = field.confirmed();
    assert_eq!(field.ways(), ["HU>RS", "RS>RO"]);
    let late = 400.0;
    field.post_at(&fix(late, 6_000.0, 5.0), at(late - 30.0));
    let revised = field.confirmed();
    assert_eq!(field.ways(), ["HU>RS", "RS>RO"]);
    for (told, revised) in told.iter().zip(&revised) {
        assert_eq!(told.earliest.since(revised.earliest), Span::from_secs(30));
        assert_eq!((told.likely, &told.id), (revised.likely, &revised.id));
    }
    assert_eq!(field.count("crossing.retracted"), 0);
}

#[test]
fn a_clock_that_was_set_right_is_trusted_again() {
    let mut field = Field::new(Plane::two());
    for second in 0..60 {
        let second = f64::from(second);
        field.post_at(&fix(second, -1_200.0, 5.0), at(second - 40.0));
    }
    // Two hours later it is right.
    let later = 7_200.0;
    for second in 0..60 {
        let second = later - 1_000.0 + 15.0 * f64::from(second);
        field.post_at(&fix(second, -1_200.0, 5.0), at(second + 0.3));
    }
    cross(&mut field, later, 0.3);
    let mut right = Field::new(Plane::two());
    cross(&mut right, later, 0.3);
    let spans = [&field, &right].map(|field| {
        let crossing = field.confirmed().remove(0);
        (crossing.earliest, crossing.latest)
    });
    assert_eq!(spans[0], spans[1]);
}

#[test]
fn a_late_fix_takes_no_crossing_back_whose_time_a_slow_clock_had_widened() {
    // The clock is 20 s behind, so the latest time of the crossing lies 20 s after the fix that proved it. Late fixes are
    // looked at from a moment between the two.
    let lag_s = 20.0;
    for left_out in 70..200 {
        let mut field = Field::new(Plane::two());
        let is_late = |second: u32| second == left_out;
        let drive = |second: u32| {
            let time = f64::from(second);
            fix(time, (20.0 * (time - 60.0)).min(400.0), 5.0)
        };
        for second in (0..300).filter(|second| !is_late(*second)) {
            let fix = drive(second);
            field.post_at(&fix, fix.fixed_at.plus(Span::from_millis(20_000)));
        }
        field.post_at(&drive(left_out), at(f64::from(left_out) + lag_s + 30.0));
        let told = (field.ways(), field.count("crossing.retracted"));
        assert_eq!(told, (vec!["HU>RO".to_owned()], 0), "late: {left_out}");
    }
}
