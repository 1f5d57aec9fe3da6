use super::*;
use crate::domain::event::RegisterEvent;
use crate::domain::event::TrackEvent;
use crate::domain::ids::UnitId;
use crate::domain::measure::Span;
use crate::domain::tracks::fix::QuarantineReason;

fn unit() -> UnitId {
    UnitId::parse("HU-1").unwrap()
}

fn event(what: What) -> Event {
    Event {
        at: Timestamp::EPOCH,
        what,
    }
}

fn track(kind: TrackEventKind) -> Event {
    let unit = unit();
    event(What::Track(TrackEvent { unit, kind }))
}

fn days(positions: u32, operation_positions: u32, access: u32) -> Days {
    let stated = |days| (days > 0).then_some(days);
    Days {
        positions: stated(positions),
        operation_positions: stated(operation_positions),
        access: stated(access),
    }
}

#[test]
fn a_fix_kept_apart_is_a_position_and_not_an_event_of_the_case() {
    let apart = track(TrackEventKind::FixQuarantined {
        reason: QuarantineReason::OffDuty,
        detail: "off duty".into(),
        fix: None,
    });
    assert_eq!(RetentionClass::of(&apart, false), RetentionClass::Positions);
    assert_eq!(
        RetentionClass::of(&apart, true),
        RetentionClass::OperationPositions
    );
    let signed_on = track(TrackEventKind::SignedOn);
    assert_eq!(
        RetentionClass::of(&signed_on, false),
        RetentionClass::Movements
    );
    assert_eq!(
        RetentionClass::of(&signed_on, true),
        RetentionClass::Operation
    );
}

#[test]
fn what_a_restart_rests_on_has_a_class_that_no_days_can_be_given() {
    let retired = event(What::Register(RegisterEvent::UnitRetired(unit())));
    let stepped = event(What::House(HouseEvent::ClockJumped {
        by: Span::from_secs(1),
    }));
    let report = event(What::Operation(crate::domain::event::OperationEvent {
        operation: None,
        kind: OperationEventKind::Report(ReportEvent::Owed),
    }));
    for (kept, class) in [
        (retired, RetentionClass::Service),
        (stepped, RetentionClass::Service),
        (track(TrackEventKind::SignedOn), RetentionClass::Movements),
        (report, RetentionClass::Report),
    ] {
        assert_eq!(RetentionClass::of(&kept, false), class);
        let all = Retention::new(days(30, 400, 400), 24).unwrap();
        assert_eq!(all.days(class), None);
    }
}

#[test]
fn every_class_has_a_word_of_its_own_and_is_read_again_from_it() {
    for class in RetentionClass::ALL {
        assert_eq!(RetentionClass::parse(class.as_str()), Some(class));
    }
    assert_eq!(RetentionClass::parse("forever"), None);
}

#[test]
fn nothing_is_due_of_a_class_without_days() {
    let none = Retention::new(Days::default(), 24).unwrap();
    let now = Timestamp::parse("2027-03-16T11:00:00Z").unwrap();
    for class in RetentionClass::ALL {
        assert_eq!(none.due_through(class, now), None);
    }
}

#[test]
fn a_day_is_due_once_as_many_whole_days_have_passed_after_it() {
    let kept = Retention::new(days(30, 0, 0), 24).unwrap();
    let due = |now: &str| {
        let now = Timestamp::parse(now).unwrap();
        kept.due_through(RetentionClass::Positions, now)
            .unwrap()
            .to_string()
    };
    // What was recorded in the last moment of the 13th is thirty days old when the 12th of April is over.
    assert_eq!(due("2027-04-12T23:59:59.999Z"), "2027-03-12");
    assert_eq!(due("2027-04-13T00:00:00Z"), "2027-03-13");
}

#[test]
fn an_officers_positions_are_kept_no_longer_than_anything_else() {
    let longest = Retention::new(days(400, 30, 0), 24).unwrap_err();
    assert_eq!(
        longest,
        RetentionError::PositionsOutlast(RetentionClass::OperationPositions)
    );
    let for_ever = Retention::new(days(0, 0, 365), 24).unwrap_err();
    assert_eq!(
        for_ever,
        RetentionError::PositionsOutlast(RetentionClass::Access)
    );
    assert!(longest.to_string().contains("retention.positions_days"));
    assert!(Retention::new(days(30, 30, 30), 24).is_ok());
    assert!(Retention::new(days(30, 0, 0), 24).is_ok());
}

#[test]
fn days_shorter_than_the_gate_takes_a_late_fix_are_refused() {
    let short = Retention::new(days(7, 0, 0), 168).unwrap_err();
    assert!(
        matches!(short, RetentionError::TooShort { least: 8, .. }),
        "{short}"
    );
    assert!(Retention::new(days(8, 0, 0), 168).is_ok());
    let none = Retention::new(days(2, 0, 1), 24).unwrap_err();
    assert!(matches!(none, RetentionError::PositionsOutlast(_)));
    let beyond = Retention::new(days(2, 40_000, 0), 24).unwrap_err();
    assert!(matches!(beyond, RetentionError::OutOfRange(_)), "{beyond}");
}

#[test]
fn a_day_is_written_as_it_is_read() {
    for text in ["1970-01-01", "2027-03-16", "1969-12-31", "2028-02-29"] {
        assert_eq!(Day::parse(text).unwrap().to_string(), text);
    }
    for text in ["2027-02-30", "2027-3-16", "16.03.2027", "2027-03-16T", ""] {
        assert_eq!(Day::parse(text), None, "{text}");
    }
    assert_eq!(Day::of(Timestamp::from_millis(-1)), Day(-1));
}
