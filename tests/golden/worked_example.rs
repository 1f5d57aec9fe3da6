//! The table of the worked example NAGYLAK-27, row by row, in both rooms.
//!
//! The table has what this test does not: the hours before 10:33, the names and chances of crossing points in the first notice
//! (foretold from ten minutes or ten kilometres before the line only), the alarm that another crossing point is likely
//! (11:16:30), the moments of the warning of the tracker (11:23:20) and of the first draft (11:31:00), which follow from what is
//! foretold, the return told by message, the report. Its exercise ends at 12:20, a lap at 11:52.

use crate::nagylak_27::{PLAYED, kinds, lap_from, ledger, play, room, scenario, start, unit};
use crate::rooms::{Entry, Ground, Rooms};
use limes::domain::event::{HandoverEvent, OperationEvent, OperationEventKind, What};
use limes::domain::exercise::Scenario;
use limes::domain::ids::{State, StateSet};
use limes::domain::measure::{Metres, Span, Timestamp};
use limes::domain::operations::Operation;
use limes::domain::operations::handover::{Handover, Phase, RecallKind, Term, Terms};
use limes::domain::world::World;

/// What a person does, and what the engine finds, may be off by so much.
const PERSON: Span = Span::from_secs(1);
const ENGINE: Span = Span::from_secs(30);

/// One row: a kind of event and the how manyth of it (from 0), and how things stand after it.
struct Row {
    at: &'static str,
    within: Span,
    event: (&'static str, usize),
    phase: Phase,
    revising: bool,
    lead: (&'static str, u32),
    eyes: &'static str,
}

const fn row(
    at: &'static str,
    within: Span,
    event: (&'static str, usize),
    phase: Phase,
    lead: (&'static str, u32),
    eyes: &'static str,
) -> Row {
    Row {
        at,
        within,
        event,
        phase,
        revising: false,
        lead,
        eyes,
    }
}

const BUD: (&str, u32) = ("budapest", 1);
const ARD: (&str, u32) = ("arad", 2);

/// H1 to H8, CONTROL and EYES as the table has them.
const TABLE: [Row; 21] = [
    row(
        "10:33:20",
        ENGINE,
        ("handover.ntf", 0),
        Phase::Notified,
        BUD,
        "HU-1",
    ),
    row(
        "10:34:05",
        PERSON,
        ("handover.ack", 0),
        Phase::Notified,
        BUD,
        "HU-1",
    ),
    row(
        "11:06:00",
        PERSON,
        ("handover.pro", 0),
        Phase::Proposed,
        BUD,
        "HU-1",
    ),
    row(
        "11:06:35",
        PERSON,
        ("handover.sby", 0),
        Phase::StandBy,
        BUD,
        "HU-1",
    ),
    row(
        "11:08:50",
        PERSON,
        ("handover.cdn", 0),
        Phase::Countered,
        BUD,
        "HU-1",
    ),
    row(
        "11:09:20",
        PERSON,
        ("handover.acp", 0),
        Phase::Agreed,
        BUD,
        "HU-1",
    ),
    Row {
        revising: true,
        ..row(
            "11:17:20",
            PERSON,
            ("handover.rvr", 0),
            Phase::Agreed,
            BUD,
            "HU-1",
        )
    },
    row(
        "11:18:10",
        PERSON,
        ("handover.acp", 1),
        Phase::Agreed,
        BUD,
        "HU-1",
    ),
    row(
        "11:29:40",
        PERSON,
        ("handover.eye", 0),
        Phase::Agreed,
        BUD,
        "HU-1",
    ),
    // The table has T1 over the line at 11:33:20, HU-1 proven abroad at 11:33:31 and XNG pressed in between.
    row(
        "11:33:20",
        ENGINE,
        ("crossing.confirmed", 0),
        Phase::Agreed,
        BUD,
        "HU-1",
    ),
    row(
        "11:33:24",
        PERSON,
        ("notice.sent", 0),
        Phase::Agreed,
        BUD,
        "HU-1",
    ),
    row(
        "11:33:52",
        PERSON,
        ("notice.seen", 0),
        Phase::Agreed,
        BUD,
        "HU-1",
    ),
    row(
        "11:34:00",
        PERSON,
        ("handover.hop", 0),
        Phase::Transferring,
        BUD,
        "HU-1",
    ),
    row(
        "11:34:18",
        PERSON,
        ("handover.eye", 2),
        Phase::Transferring,
        BUD,
        "RO-1",
    ),
    row(
        "11:34:25",
        PERSON,
        ("handover.mas", 0),
        Phase::Passed,
        ARD,
        "RO-1",
    ),
    row(
        "11:41:10",
        PERSON,
        ("handover.rel", 0),
        Phase::Passed,
        ARD,
        "RO-1",
    ),
    // HU-1 says that it will within the minute; its room has read it before.
    row(
        "11:41:13",
        PERSON,
        ("handover.ack", 2),
        Phase::Passed,
        ARD,
        "RO-1",
    ),
    row(
        "11:50:05",
        ENGINE,
        ("crossing.confirmed", 1),
        Phase::Passed,
        ARD,
        "RO-1",
    ),
    // The end of the lap, which is not the table's.
    row(
        "11:51:05",
        PERSON,
        ("handover.cls", 0),
        Phase::Passed,
        ARD,
        "RO-1",
    ),
    row(
        "11:51:08",
        PERSON,
        ("handover.cls", 1),
        Phase::Passed,
        ARD,
        "RO-1",
    ),
    row(
        "11:51:30",
        PERSON,
        ("operation.closed", 0),
        Phase::Passed,
        ARD,
        "RO-1",
    ),
];

pub(crate) fn moment(time: &str) -> Timestamp {
    Timestamp::parse(&format!("2027-03-16T{time}Z")).unwrap()
}

fn other(name: &str) -> &'static str {
    if name == "arad" { "budapest" } else { "arad" }
}

pub(crate) fn operation(world: &World) -> &Operation {
    let mut operations = world.operations().values();
    operations.next().expect("the operation is there")
}

/// How far a room is with the other one.
pub(crate) fn stands<'r>(rooms: &'r Rooms, name: &str) -> &'r Handover {
    let operation = operation(&rooms.worlds[&room(name)]);
    &operation.handovers[&room(other(name))].state
}

fn nth<'l>(ledger: &'l [Entry], (kind, nth): (&str, usize)) -> &'l Entry {
    let mut of_kind = ledger.iter().filter(|entry| entry.event.kind() == kind);
    of_kind
        .nth(nth)
        .unwrap_or_else(|| panic!("there is no {kind} {nth}"))
}

#[test]
fn every_row_of_the_table_comes_at_its_time_and_stands_alike_in_both_rooms() {
    for name in ["budapest", "arad"] {
        let entries = ledger(&PLAYED, name);
        let mut world = World::new(room(name));
        let mut folded = 0;
        for row in &TABLE {
            let recorded_at = nth(entries, row.event).recorded_at;
            let off = recorded_at.since(moment(row.at));
            let what = format!("{name}, {} {:?}", row.at, row.event);
            assert!(
                off.as_millis().abs() <= row.within.as_millis(),
                "{what}: {} s off",
                off.as_secs_f64()
            );
            while let Some(entry) = entries.get(folded)
                && entry.recorded_at <= recorded_at
            {
                world.apply(&entry.event);
                folded += 1;
            }
            let operation = operation(&world);
            let state = &operation.handovers[&room(other(name))].state;
            assert_eq!(state.phase, row.phase, "{what}");
            assert_eq!(state.is_revising(), row.revising, "{what}");
            let lead = &operation.lead;
            assert_eq!((lead.room.as_str(), lead.epoch.0), row.lead, "{what}");
            assert_eq!(operation.eyes, Some(unit(row.eyes)), "{what}");
            assert!(state.unreceipted.is_empty(), "{what}");
        }
    }
    for name in ["budapest", "arad"] {
        assert!(stands(&PLAYED, name).is_closed());
    }
}

#[test]
fn both_rooms_hold_the_same_messages_and_nothing_was_refused() {
    let said = |name: &str| -> Vec<String> {
        let operation = operation(&PLAYED.worlds[&room(name)]);
        let dialogue = &operation.handovers[&room(other(name))];
        let heard = dialogue.said.iter();
        heard
            .map(|heard| {
                assert_eq!(heard.unfit, None);
                format!("{} {}", heard.said.id, heard.digest)
            })
            .collect()
    };
    assert_eq!(said("budapest"), said("arad"));
}

/// What the person who gave the terms wrote, held against what both agreed on in the end.
#[test]
fn what_was_agreed_is_the_counter_proposal_with_the_other_crossing_point() {
    let agreed = |name: &str| stands(&PLAYED, name).agreed.clone().unwrap();
    assert_eq!(agreed("budapest"), agreed("arad"));
    let Terms {
        crossing_points,
        transfer_at,
        takes_eyes,
        units,
        overlap,
        voice,
        ..
    } = agreed("arad").terms;
    assert_eq!(&*crossing_points[0].name, "COP-1 Nagylak–Nădlac I");
    assert_eq!(transfer_at.map(Metres::as_f64), Some(0.0));
    assert_eq!(
        (takes_eyes, units),
        (Some(unit("RO-1")), vec![unit("HU-1")])
    );
    let profile = PLAYED.ground.profiles.all().next().unwrap().parts();
    assert_eq!(overlap.distance, profile.overlap.distance);
    assert_eq!(overlap.period, profile.overlap.duration);
    let voice = voice.unwrap();
    let mut numbers = profile.voice_numbers.iter();
    assert!(
        numbers.any(|of| voice.contains(&*of.number) && voice.contains(&*of.desk)),
        "{voice}"
    );
}

#[test]
fn the_counter_proposal_and_the_revision_change_what_they_name_and_nothing_else() {
    let terms = |kind: &str| {
        let entry = nth(ledger(&PLAYED, "arad"), (kind, 0));
        let What::Operation(OperationEvent {
            kind: OperationEventKind::Handover(HandoverEvent::Said { said, .. }),
            ..
        }) = &entry.event.what
        else {
            panic!("{kind} is said");
        };
        said.body.terms().unwrap().clone()
    };
    let (proposed, countered) = (terms("handover.pro"), terms("handover.cdn"));
    let changed = proposed.differences(&countered);
    assert_eq!(changed, [Term::TransferAt, Term::Units, Term::Voice]);
    let changed = countered.differences(&terms("handover.rvr"));
    assert_eq!(changed, [Term::CrossingPoint, Term::Expected]);
}

/// The way is set by hand: held against the borders that the service knows.
#[test]
fn who_is_followed_and_who_follows_are_in_hungary_until_the_line() {
    let scenario = scenario();
    let atlas = &PLAYED.ground.borders;
    let hungary = StateSet::one(State::parse("HU").unwrap());
    let line = moment("11:33:12").since(start()).as_millis() / 1_000;
    let cars = ["HU-1", "HU-2", "TR-1"].map(|name| &scenario.unit(&unit(name)).unwrap().way);
    for way in cars.into_iter().chain([&scenario.target.way]) {
        for second in 0..line {
            let place = way.at(Span::from_secs(second), [0.0, 0.0]).unwrap();
            let states = atlas.locate(place.position);
            assert_eq!(states, hungary, "at {second} s");
        }
    }
}

#[test]
fn drones_pass_the_target_on_beside_the_cars_and_the_tracker_is_sealed_at_the_line() {
    let taken = nth(ledger(&PLAYED, "budapest"), ("eyes.taken", 0));
    assert!(matches!(
        &taken.event.what,
        What::Operation(OperationEvent {
            kind: OperationEventKind::Handover(HandoverEvent::EyesTaken(Some(by))),
            ..
        }) if *by == unit("RO-D1")
    ));
    let sealed = nth(ledger(&PLAYED, "budapest"), ("tracker.sealed", 0)).recorded_at;
    let off = sealed.since(moment("11:33:20")).as_millis().abs();
    assert!(off <= ENGINE.as_millis(), "{off} ms");
}

#[test]
fn who_is_released_says_that_it_turns_and_the_release_is_done() {
    let operation = operation(&PLAYED.worlds[&room("budapest")]);
    let [release] = &operation.recalls[..] else {
        panic!("{:?}", operation.recalls);
    };
    assert_eq!(release.kind, RecallKind::Release);
    let (_, read_at) = release.read.as_ref().unwrap();
    assert!(read_at.since(release.at) <= Span::from_secs(10));
    let turns = release.units[&unit("HU-1")].unwrap();
    assert!(turns.since(release.at) <= Span::from_secs(15));
    assert!(release.is_done(operation));
}

/// Where nothing was posted before: the notice does not go out by itself, and the proposal opens the dialogue.
#[test]
fn a_lap_begun_late_says_all_that_lies_before_and_comes_to_the_same_agreement() {
    let scenario = scenario();
    let whole = stands(&PLAYED, "arad").agreed.clone().unwrap().terms;
    for (mark, seconds) in [("line", 2), ("proposal", 12 * 60 + 25)] {
        let lap = lap_from(&scenario, scenario.marks[mark]);
        let from = lap.start.plus(lap.from);
        let until = from.plus(Span::from_secs(seconds));
        let rooms = played_until(&scenario, lap.from, until);
        for name in ["budapest", "arad"] {
            let state = stands(&rooms, name);
            assert_eq!(state.phase, Phase::Agreed, "{mark}");
            assert!(!state.is_revising(), "{mark}");
            let terms = state.agreed.clone().unwrap().terms;
            assert_eq!(terms.crossing_points, whole.crossing_points);
            assert_eq!(terms.transfer_at, whole.transfer_at);
            assert_eq!(terms.units, whole.units);
            let told = kinds(ledger(&rooms, name));
            assert!(!told.contains(&"order.refused"), "{mark}");
            let notified = told.contains(&"handover.ntf");
            assert_eq!(notified, mark == "proposal", "{mark}");
        }
        let rooms = play(&lap);
        for name in ["budapest", "arad"] {
            let told = kinds(ledger(&rooms, name));
            assert!(!told.contains(&"order.refused"), "{mark}");
            assert!(stands(&rooms, name).is_closed(), "{mark}");
        }
    }
}

/// The exercise up to a moment, begun at `from`.
pub(crate) fn played_until(scenario: &Scenario, from: Span, until: Timestamp) -> Rooms {
    let lap = lap_from(scenario, from);
    let before = lap.start.plus(lap.from).plus(Span::from_secs(-1));
    let mut rooms = Rooms::of(scenario, Ground::of(scenario), before);
    for step in lap.steps() {
        if step.at > until {
            break;
        }
        rooms.pass(step.at);
        rooms.perform(&step.deed);
    }
    rooms.pass(until);
    rooms
}
