//! NAGYLAK-27 from an hour before the line to the return of the Hungarian car.

use crate::rooms::{Entry, Ground, Rooms};
use crate::told;
use limes::domain::event::{
    Crossing, Event, LifeEvent, NoticeEvent, OperationEvent, OperationEventKind, TrackEvent,
    TrackEventKind, What,
};
use limes::domain::exercise::way::apart;
use limes::domain::exercise::{Deed, Lap, Scenario, ScriptLine, ScriptedDeed};
use limes::domain::ids::{AccountId, RoomId, UnitId};
use limes::domain::input::{Order, OrderKind};
use limes::domain::law::basis::Basis;
use limes::domain::law::finding::{Answer, ClockKind, Duty};
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::Closing;
use limes::domain::world::World;
use std::sync::LazyLock;

/// One play of the whole lap, looked at by several tests.
pub(crate) static PLAYED: LazyLock<Rooms> = LazyLock::new(|| play(&lap(&scenario())));

/// 2027-03-16T10:32:40Z, as in the worked example.
pub(crate) fn start() -> Timestamp {
    Timestamp::parse("2027-03-16T10:32:40Z").unwrap()
}

pub(crate) fn scenario() -> Scenario {
    limes::service::exercise::nagylak_27().unwrap()
}

pub(crate) fn room(name: &str) -> RoomId {
    RoomId::parse(name).unwrap()
}

pub(crate) fn unit(name: &str) -> UnitId {
    UnitId::parse(name).unwrap()
}

pub(crate) fn ledger<'r>(rooms: &'r Rooms, name: &str) -> &'r [Entry] {
    &rooms.ledgers[&room(name)]
}

/// The first lap, from its beginning.
pub(crate) fn lap(scenario: &Scenario) -> Lap<'_> {
    lap_from(scenario, Span::ZERO)
}

pub(crate) fn lap_from(scenario: &Scenario, from: Span) -> Lap<'_> {
    Lap {
        scenario,
        number: 1,
        start: start(),
        from,
    }
}

pub(crate) fn play(lap: &Lap<'_>) -> Rooms {
    let before = lap.start.plus(lap.from).plus(Span::from_secs(-1));
    let mut rooms = Rooms::of(lap.scenario, Ground::of(lap.scenario), before);
    for step in lap.steps() {
        rooms.pass(step.at);
        rooms.perform(&step.deed);
    }
    rooms.pass(lap.end());
    rooms
}

pub(crate) fn kinds(ledger: &[Entry]) -> Vec<&'static str> {
    ledger.iter().map(|entry| entry.event.kind()).collect()
}

fn confirmed(ledger: &[Entry]) -> Vec<(&UnitId, &Crossing)> {
    ledger
        .iter()
        .filter_map(|entry| match &entry.event.what {
            What::Track(TrackEvent {
                unit,
                kind: TrackEventKind::CrossingConfirmed(crossing),
            }) => Some((unit, &**crossing)),
            _ => None,
        })
        .collect()
}

fn of_operation(event: &Event) -> Option<&OperationEventKind> {
    match &event.what {
        What::Operation(OperationEvent { kind, .. }) => Some(kind),
        _ => None,
    }
}

fn notices(ledger: &[Entry]) -> Vec<&'static str> {
    let kinds = kinds(ledger).into_iter();
    kinds.filter(|kind| kind.starts_with("notice.")).collect()
}

/// Holds the confirmed crossings of a ledger against what truly happens.
fn assert_true_crossings(scenario: &Scenario, ledger: &[Entry]) {
    let found = confirmed(ledger);
    assert_eq!(found.len(), scenario.truths.len(), "{found:#?}");
    for (truth, (unit, crossing)) in scenario.truths.iter().zip(found) {
        assert_eq!(*unit, truth.unit);
        assert_eq!((crossing.from, crossing.to), (truth.from, truth.to));
        let late = crossing.likely.since(start().plus(truth.at));
        assert!(
            late.as_millis().abs() <= truth.within_time.as_millis(),
            "{unit} is found {} s late",
            late.as_secs_f64()
        );
        let off = apart(truth.point, crossing.point);
        assert!(
            off <= truth.within,
            "{unit} is found {} m off",
            off.as_f64()
        );
        let at = start().plus(truth.at);
        assert!((crossing.earliest..=crossing.latest).contains(&at));
    }
}

#[test]
fn both_rooms_take_the_events_of_the_worked_example() {
    for name in ["budapest", "arad"] {
        let told = told::ledger(ledger(&PLAYED, name), start());
        insta::assert_snapshot!(name, told);
    }
}

#[test]
fn the_hungarian_car_crosses_once_each_way_where_and_when_it_truly_does() {
    for name in ["budapest", "arad"] {
        assert_true_crossings(&scenario(), ledger(&PLAYED, name));
    }
}

#[test]
fn what_stays_before_the_line_never_even_seems_to_cross() {
    for name in ["budapest", "arad"] {
        for entry in ledger(&PLAYED, name) {
            let Some(of) = entry.event.unit() else {
                continue;
            };
            let crossing = entry.event.kind().starts_with("crossing.");
            assert!(!crossing || *of == unit("HU-1"), "{entry:?}");
        }
    }
}

#[test]
fn the_drone_keeps_the_stand_off_of_300_m_to_the_line_with_30_m_for_the_wind() {
    let scenario = scenario();
    let drone = scenario.unit(&unit("HU-D1")).unwrap();
    let atlas = &PLAYED.ground.borders;
    let depths = (0..scenario.sign_off.as_millis() / 1_000).map(|second| {
        let place = drone.way.at(Span::from_secs(second), [0.0, 0.0]).unwrap();
        atlas.depth(place.position).unwrap().as_f64()
    });
    let nearest = depths.fold(f64::INFINITY, f64::min);
    assert!((325.0..335.0).contains(&nearest), "{nearest} m");
}

#[test]
fn the_notice_is_drafted_before_the_line_owed_at_it_and_then_sent_delivered_and_seen() {
    let told = notices(ledger(&PLAYED, "budapest"));
    let owed = told.iter().position(|kind| *kind == "notice.owed").unwrap();
    assert!(
        owed > 0
            && told[..owed]
                .iter()
                .all(|kind| ["notice.drafted", "notice.ready"].contains(kind))
    );
    let after = [
        "notice.owed",
        "notice.drafted",
        "notice.ready",
        "notice.sent",
        "notice.delivered",
        "notice.seen",
    ];
    assert_eq!(told[owed..], after);
    let arad = notices(ledger(&PLAYED, "arad"));
    assert_eq!(arad, ["notice.sent", "notice.delivered", "notice.seen"]);
}

#[test]
fn what_is_sent_names_who_crossed_and_nobody_else() {
    let sent = ledger(&PLAYED, "arad")
        .iter()
        .find_map(|entry| match of_operation(&entry.event) {
            Some(OperationEventKind::Notice {
                kind: NoticeEvent::Sent { fields, .. },
                ..
            }) => Some(fields),
            _ => None,
        });
    let fields = sent.expect("a notice was sent");
    let named: Vec<_> = fields
        .crossings
        .iter()
        .map(|entry| entry.unit.as_str())
        .collect();
    assert_eq!(named, ["HU-1"]);
    assert!(fields.crossings.iter().all(|entry| !entry.expected));
    assert_eq!(
        fields.authorisation.as_deref(),
        Some("EXERCISE AUT RO-27-0312")
    );
}

#[test]
fn the_partner_sees_nothing_before_it_is_shared_and_only_what_sharing_grants() {
    let budapest = ledger(&PLAYED, "budapest");
    let shared_at = budapest
        .iter()
        .find(|entry| {
            matches!(
                of_operation(&entry.event),
                Some(OperationEventKind::Life(LifeEvent::Shared { .. }))
            )
        })
        .expect("the operation is shared")
        .recorded_at;
    let scenario = scenario();
    let from_budapest: Vec<&Entry> = ledger(&PLAYED, "arad")
        .iter()
        .filter(|entry| entry.shared_by.is_some())
        .collect();
    assert_eq!(from_budapest[0].event.kind(), "operation.opened");
    for entry in from_budapest {
        assert!(entry.recorded_at >= shared_at);
        assert_eq!(entry.shared_by, Some(room("budapest")));
        let kind = entry.event.kind();
        let inner = [
            "notice.owed",
            "notice.drafted",
            "notice.ready",
            "order.refused",
            "unit.acted",
        ];
        assert!(
            !inner.contains(&kind) && !kind.starts_with("fix."),
            "{kind}"
        );
        if let Some(of) = entry.event.unit() {
            assert!(scenario.operation.units.contains(of), "{of} is not shared");
        }
    }
}

#[test]
fn nothing_of_the_romanian_units_reaches_budapest() {
    for entry in ledger(&PLAYED, "budapest") {
        assert!(entry.shared_by.is_none());
        let of = entry.event.unit().map(UnitId::as_str);
        assert!(of.is_none_or(|of| !of.starts_with("RO-")), "{entry:?}");
    }
}

#[test]
fn the_law_finds_no_obstacle_and_a_report_is_owed_with_its_citation() {
    let assessed =
        ledger(&PLAYED, "budapest")
            .iter()
            .find_map(|entry| match of_operation(&entry.event) {
                Some(OperationEventKind::Assessed {
                    unit: Some(_),
                    assessment,
                    ..
                }) => Some(assessment),
                _ => None,
            });
    let assessment = assessed.expect("the crossing was judged");
    assert!(
        assessment
            .findings
            .iter()
            .all(|finding| finding.answer == Answer::Met)
    );
    let owed: Vec<Duty> = assessment.duties.iter().map(|duty| duty.duty).collect();
    assert!(owed.contains(&Duty::Report) && owed.contains(&Duty::NoticeOfCrossing));
    assert!(
        assessment
            .duties
            .iter()
            .all(|duty| !duty.citation.instrument.is_empty())
    );
}

#[test]
fn the_consent_clock_is_absent_under_an_authorisation() {
    let operation = &PLAYED.worlds[&room("budapest")].operations()[&lap(&scenario()).operation()];
    let kinds: Vec<ClockKind> = operation.clocks.keys().map(|key| key.kind).collect();
    assert_eq!(kinds, [ClockKind::AuthorisationWindow]);
}

#[test]
fn the_eyes_go_from_the_hungarian_to_the_romanian_car() {
    let moved: Vec<String> = ledger(&PLAYED, "arad")
        .iter()
        .filter_map(|entry| match of_operation(&entry.event) {
            Some(OperationEventKind::EyesMoved(eyes)) => Some(
                eyes.unit
                    .as_ref()
                    .map_or("-".to_owned(), ToString::to_string),
            ),
            _ => None,
        })
        .collect();
    assert_eq!(moved, ["HU-1", "HU-D1", "HU-1", "RO-1", "RO-D1", "RO-1"]);
}

#[test]
fn a_partner_does_not_speak_for_our_units() {
    let scenario = scenario();
    let lap = lap_from(&scenario, scenario.marks["line"]);
    let before = lap.start.plus(lap.from).plus(Span::from_secs(-1));
    let mut rooms = Rooms::of(&scenario, Ground::of(&scenario), before);
    let by_romania = |step: &limes::domain::exercise::Step| matches!(&step.deed, Deed::Order(order) if order.by.room == room("arad"));
    for mut step in lap.steps() {
        rooms.pass(step.at);
        let last = by_romania(&step);
        if let Deed::Order(order) = &mut step.deed
            && let OrderKind::Sight { seen, .. } = &mut order.kind
            && last
        {
            seen.unit = Some(unit("HU-2"));
        }
        rooms.perform(&step.deed);
        if last {
            break;
        }
    }
    let operation = &rooms.worlds[&room("budapest")].operations()[&lap.operation()];
    assert_eq!(operation.eyes, Some(unit("RO-1")), "both had said so");
    // Refused where it was reported; the owner hears nothing of it.
    let told = kinds(ledger(&rooms, "arad"));
    assert_eq!(told.last(), Some(&"order.refused"));
    assert!(!kinds(ledger(&rooms, "budapest")).contains(&"order.refused"));
}

#[test]
fn nothing_is_refused_or_kept_apart() {
    for name in ["budapest", "arad"] {
        let told = kinds(ledger(&PLAYED, name));
        for kind in ["order.refused", "fix.quarantined", "crossing.retracted"] {
            assert!(!told.contains(&kind), "{name} has {kind}");
        }
    }
}

#[test]
fn folding_a_ledger_gives_the_world_that_decided_it() {
    for (room, world) in &PLAYED.worlds {
        let mut folded = World::new(room.clone());
        for entry in &PLAYED.ledgers[room] {
            folded.apply(&entry.event);
        }
        assert_eq!(folded, *world);
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_other_noise() {
    let scenario = scenario();
    let steps = |seed| {
        let scenario = Scenario {
            seed,
            ..scenario.clone()
        };
        format!("{:?}", lap(&scenario).steps())
    };
    assert_eq!(steps(27), steps(27));
    assert_ne!(steps(27), steps(28));
    let again = play(&lap(&scenario));
    let bytes = |rooms: &Rooms| format!("{:?}", rooms.ledgers);
    assert!(bytes(&again) == bytes(&PLAYED), "two plays differ");
}

#[test]
fn a_lap_begun_at_the_line_comes_to_the_same_crossings_and_the_same_notice() {
    let scenario = scenario();
    let rooms = play(&lap_from(&scenario, scenario.marks["line"]));
    for name in ["budapest", "arad"] {
        assert_true_crossings(&scenario, ledger(&rooms, name));
        assert_eq!(notices(ledger(&rooms, name)).last(), Some(&"notice.seen"));
    }
    let last = kinds(ledger(&rooms, "arad")).last().copied();
    assert_eq!(last, Some("operation.closed"));
}

#[test]
fn a_second_lap_signs_on_elsewhere_without_a_crossing_or_a_jump() {
    let scenario = scenario();
    let first = lap_from(&scenario, scenario.marks["line"]);
    let mut rooms = play(&first);
    let before = ledger(&rooms, "budapest").len();
    let second = Lap {
        number: 2,
        start: first.start.plus(Span::from_minutes(21)),
        ..first
    };
    for step in second.steps() {
        if step.at > second.start.plus(Span::from_secs(59 * 60 + 20)) {
            break;
        }
        rooms.pass(step.at);
        rooms.perform(&step.deed);
    }
    for entry in &ledger(&rooms, "budapest")[before..] {
        let kind = entry.event.kind();
        assert!(
            !kind.starts_with("crossing.") && !kind.starts_with("fix."),
            "{entry:?}"
        );
    }
    assert!(rooms.worlds[&room("budapest")].operations()[&second.operation()].is_open());
}

#[test]
fn what_a_person_has_done_already_is_not_done_again() {
    let scenario = scenario();
    let lap = lap_from(&scenario, scenario.marks["line"]);
    let before = lap.start.plus(lap.from).plus(Span::from_secs(-1));
    let mut rooms = Rooms::of(&scenario, Ground::of(&scenario), before);
    for step in lap.steps() {
        rooms.pass(step.at);
        // The person is a moment faster than the script.
        match &step.deed {
            Deed::Notice(_) => drop(rooms.perform(&step.deed)),
            Deed::Message(deed) if deed.saying.code().negotiates() => {
                rooms.perform(&step.deed);
            }
            _ => {}
        }
        rooms.perform(&step.deed);
    }
    let told = notices(ledger(&rooms, "budapest"));
    for kind in ["notice.sent", "notice.delivered", "notice.seen"] {
        assert_eq!(
            told.iter().filter(|word| **word == kind).count(),
            1,
            "{kind}"
        );
    }
    let told = kinds(ledger(&rooms, "budapest"));
    assert!(!told.contains(&"order.refused"));
    for (kind, times) in [
        ("handover.pro", 1),
        ("handover.acp", 2),
        ("handover.hop", 1),
        ("handover.mas", 1),
    ] {
        let said = told.iter().filter(|word| **word == kind).count();
        assert_eq!(said, times, "{kind}");
    }
}

/// Inject a: the authorisation is not there at the crossing. The operation rests on Art. 40(2), the clock counts from
/// the earliest moment of the crossing, the request is owed, and the authorisation that comes later retires the clock. (In
/// the worked example it comes at 12:10; here at 11:46, while the car is still there.)
fn urgent() -> Scenario {
    let mut scenario = scenario();
    let budapest = AccountId::parse("budapest").unwrap();
    scenario.operation.basis = Basis::SurveillanceUrgent;
    // Minutes from 11:16:00Z.
    let line = |minutes: i64, deed| ScriptLine {
        at: Span::from_secs(43 * 60 + 20 + minutes * 60),
        deed,
    };
    scenario.script.push(line(
        19,
        ScriptedDeed::SendNotice {
            by: budapest.clone(),
            duty: Duty::Request,
            grounds: Some("EXERCISE: the target turned to the frontier without warning".into()),
        },
    ));
    scenario
        .script
        .push(line(30, ScriptedDeed::Authorise { by: budapest }));
    scenario
}

#[test]
fn without_an_authorisation_the_consent_clock_runs_from_the_earliest_crossing() {
    let scenario = urgent();
    let rooms = play(&lap_from(&scenario, scenario.marks["line"]));
    let (_, crossing) = confirmed(ledger(&rooms, "budapest"))[0];
    let operation = &rooms.worlds[&room("budapest")].operations()[&lap(&scenario).operation()];
    let (_, consent) = operation
        .clocks
        .iter()
        .find(|(key, _)| key.kind == ClockKind::Consent)
        .expect("the consent clock ran");
    assert_eq!(consent.clock.starts, crossing.earliest);
    assert_eq!(
        consent.clock.ends,
        crossing.earliest.plus(Span::from_hours(5))
    );
    let expected = Timestamp::parse("2027-03-16T16:33:17Z").unwrap();
    let off = consent.clock.ends.since(expected).as_millis().abs();
    assert!(off <= 5_000, "{off} ms from the worked example");
    let told: Vec<String> = told::lines(ledger(&rooms, "budapest"), start())
        .into_iter()
        .filter(|line| {
            line.contains("  notice.") || line.contains("  clock.") || line.contains("  law.")
        })
        .collect();
    insta::assert_snapshot!("urgent", told.join("\n"));
}

#[test]
fn an_order_on_a_closed_operation_is_refused_and_changes_nothing() {
    let scenario = scenario();
    let lap = lap_from(&scenario, scenario.marks["line"]);
    let mut rooms = play(&lap);
    let by = limes::domain::registry::Person {
        account: AccountId::parse("budapest").unwrap(),
        room: room("budapest"),
    };
    let kind = OrderKind::Close {
        operation: lap.operation(),
        version: None,
        closing: Closing::because("again"),
    };
    let key = None;
    let answers = rooms.perform(&Deed::Order(Box::new(Order { by, key, kind })));
    assert!(matches!(
        answers[..],
        [limes::domain::world::Answer::Refused(_)]
    ));
}
