//! The figures of a quarter.

use super::{chase, nagylak, report_of};
use crate::chase::{Chase, state};
use limes::domain::ids::UnitId;
use limes::domain::input::{Cause, UnitAct};
use limes::domain::law::basis::Basis;
use limes::domain::measure::Span;
use limes::domain::report::Report;
use limes::domain::report::quarter::{Count, Quarter, QuarterReport, Side};
use limes::domain::tracks::act::Act;

#[test]
fn a_quarter_counts_operations_and_tells_small_numbers_as_few() {
    let report = nagylak("budapest");
    let of = |times: u64, state: &str| {
        let mut quarter = QuarterReport::default();
        for _ in 0..times {
            quarter.take(crate::chase::state(state), &report);
        }
        quarter
    };
    let few = of(1, "HU");
    let first = few.operations().next().unwrap();
    assert_eq!(
        first,
        (Side::Requesting, Basis::SurveillanceAuthorised, Count::Few)
    );
    assert_eq!(few.latency(Side::Requesting).median, None);
    let enough = of(6, "HU");
    let first = enough.operations().next().unwrap();
    assert_eq!(first.2, Count::Exactly(6));
    assert!(enough.latency(Side::Requesting).median.is_some());
    let csv =
        limes::wire::report::quarter::csv(state("HU"), Quarter::parse("2027Q1").unwrap(), &enough);
    insta::assert_snapshot!(csv);
    // In the other room they are others' officers: what it was sent it knows, what it was not sent it does not.
    let mut host = QuarterReport::default();
    for _ in 0..6 {
        host.take(state("RO"), &nagylak("arad"));
    }
    assert_eq!(host.operations().next().unwrap().0, Side::Host);
    let latency = host.latency(Side::Host);
    assert_eq!((latency.sent, latency.not_sent), (Count::Exactly(6), None));
    assert_eq!(latency.median, None);
    assert_eq!(host.latency(Side::Requesting).sent, Count::Exactly(0));
}

#[test]
fn an_overlap_counts_from_the_hand_over_that_a_unit_recorded_until_it_had_left() {
    let mut report = report_of(&chase());
    let stay = report.stays[0].clone();
    let came = stay.since.unwrap();
    let after = |minutes: i64| came.plus(Span::from_minutes(minutes));
    let figures = |report: &Report, state: &str| {
        let mut quarter = QuarterReport::default();
        for _ in 0..5 {
            quarter.take(crate::chase::state(state), report);
        }
        let [ours, host] = [Side::Requesting, Side::Host].map(|side| quarter.overlap(side));
        assert_eq!((host.handovers, host.median), (None, None));
        (ours.handovers, ours.median, ours.most)
    };
    let none = Some(Count::Exactly(0));
    assert_eq!(figures(&report, "ES"), (none, None, None), "nobody pressed");
    report.handed_over = vec![
        (stay.unit.clone(), came.plus(Span::from_secs(-1))),
        (UnitId::parse("OTHER").unwrap(), after(1)),
        (stay.unit.clone(), after(4)),
        (stay.unit.clone(), after(6)),
    ];
    let five = Some(Count::Exactly(5));
    assert_eq!(figures(&report, "ES"), (five, None, None), "still abroad");
    report.stays[0].until = Some(after(13));
    let stayed = Some(Span::from_minutes(9));
    assert_eq!(figures(&report, "ES"), (five, stayed, stayed));
    assert_eq!(
        figures(&report, "FR"),
        (none, None, None),
        "the host's record"
    );
}

#[test]
fn a_hand_over_is_read_from_the_units_own_button() {
    let mut chase = chase();
    let press = |chase: &mut Chase, act: Act| {
        let told = UnitAct {
            unit: UnitId::parse("CAR").unwrap(),
            act,
            at: chase.now,
            key: format!("{act:?}").into(),
        };
        let (room, now) = (chase.room(), chase.now);
        chase.rooms.decide(&room, Cause::Act(told), now);
    };
    press(&mut chase, Act::HaveTarget);
    press(&mut chase, Act::HandedOver);
    let at = chase.now;
    chase.to(42.40, 2.87);
    let report = report_of(&chase);
    assert_eq!(report.handed_over, [(UnitId::parse("CAR").unwrap(), at)]);
    assert!(report.stays[0].until.is_some());
}

#[test]
fn a_quarter_begins_and_ends_on_its_days() {
    let quarter = Quarter::parse("2026Q4").unwrap();
    assert_eq!(quarter.begins().to_string(), "2026-10-01T00:00:00.000Z");
    assert_eq!(quarter.ends().to_string(), "2027-01-01T00:00:00.000Z");
    assert!(quarter.has(quarter.begins()) && !quarter.has(quarter.ends()));
    for wrong in [
        "2026", "2026Q5", "26Q1", "+026Q1", "2026q1", "2026Q01", "3000Q1", "Q1", "",
    ] {
        assert!(Quarter::parse(wrong).is_err(), "{wrong}");
    }
}
