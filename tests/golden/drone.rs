//! Drones before a frontier: one that the wind takes over the line.

use crate::chase::{agreed, operation, order, start, state};
use crate::rooms::{Ground, Rooms};
use crate::told;
use limes::domain::alarms::AlarmKind;
use limes::domain::borders::Frontier;
use limes::domain::event::{
    AlarmChange, Event, OperationEvent, OperationEventKind, TrackEventKind, What,
};
use limes::domain::ids::{RoomId, SourceId, UnitId};
use limes::domain::input::{Cause, OrderKind};
use limes::domain::law::basis::{Airspace, Authorisation, Basis};
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::law::profile::figure::Figure;
use limes::domain::measure::{Metres, Position, Span, Timestamp};
use limes::domain::registry::{RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::world::Answer;

/// A drone of a Hungarian room on a straight way to the nearest place of the frontier with Romania.
struct Flight {
    rooms: Rooms,
    now: Timestamp,
    from: Position,
    line: Position,
    length_m: f64,
    altitude_m: Option<f64>,
}

impl Flight {
    fn begin(ground: Ground) -> Self {
        let card = |code: &str| RoomCard {
            room: RoomId::parse(&format!("room-{code}")).unwrap(),
            state: state(code),
        };
        let drone = UnitCard {
            id: UnitId::parse("HU-D1").unwrap(),
            room: card("HU").room,
            state: state("HU"),
            kind: UnitKind::Drone,
            callsign: "HU-D1".into(),
            marks: None,
        };
        let from = Position::new(46.175, 20.70).unwrap();
        let frontier = Frontier::parse("HU-RO").unwrap();
        let (line, away) = ground.borders.nearest_on(frontier, from).unwrap();
        Self {
            rooms: Rooms::with(&[card("HU"), card("RO")], &[drone], ground, start()),
            now: start(),
            from,
            line,
            length_m: away.as_f64(),
            altitude_m: None,
        }
    }

    /// One fix a second, from so many metres before the line to so many; beyond it they are negative.
    fn flies(&mut self, (from_m, to_m): (f64, f64), speed_mps: f64) {
        let seconds = ((from_m - to_m).abs() / speed_mps).ceil().max(1.0);
        for second in 1..=seconds as u32 {
            let before_m = from_m + (to_m - from_m) * f64::from(second) / seconds;
            self.fix(before_m);
        }
    }

    fn hovers(&mut self, before_m: f64, seconds: u32) {
        for _ in 0..seconds {
            self.fix(before_m);
        }
    }

    fn fix(&mut self, before_m: f64) {
        self.now = self.now.plus(Span::from_secs(1));
        self.rooms.pass(self.now);
        let share = 1.0 - before_m / self.length_m;
        let between = |from: f64, to: f64| from + (to - from) * share;
        let fix = ReportedFix {
            unit: UnitId::parse("HU-D1").unwrap(),
            source: SourceId::parse("autopilot").unwrap(),
            fixed_at: self.now,
            lat: between(self.from.lat(), self.line.lat()),
            lon: between(self.from.lon(), self.line.lon()),
            measured: Measured {
                accuracy_m: Some(3.0),
                altitude_m: self.altitude_m,
                ..Measured::default()
            },
        };
        let room = RoomId::parse("room-HU").unwrap();
        let answer = self.rooms.decide(&room, Cause::Fix(fix), self.now);
        assert_eq!(answer, Answer::Accepted);
    }

    fn ledger(&self, room: &str) -> impl Iterator<Item = &Event> {
        let room = RoomId::parse(room).unwrap();
        self.rooms.ledgers[&room].iter().map(|entry| &entry.event)
    }

    fn first(&self, is: impl Fn(&Event) -> bool) -> Timestamp {
        self.ledger("room-HU").find(|event| is(event)).unwrap().at
    }

    fn alarms(&self, kind: AlarmKind) -> Vec<&'static str> {
        self.ledger("room-HU")
            .filter_map(|event| match &event.what {
                What::Alarm(alarm) if alarm.kind == kind => Some(alarm.change.word()),
                _ => None,
            })
            .collect()
    }
}

fn raised(event: &Event, wanted: AlarmKind) -> bool {
    match &event.what {
        What::Alarm(alarm) => {
            alarm.kind == wanted && matches!(alarm.change, AlarmChange::Raised(_))
        }
        _ => false,
    }
}

#[test]
fn a_drone_that_the_wind_takes_over_the_line_is_foretold_twenty_seconds_before_and_its_crossing_is_pressing()
 {
    let mut flight = Flight::begin(Ground::built_in());
    flight.flies((700.0, 310.0), 10.0);
    flight.hovers(310.0, 60);
    assert_eq!(
        flight.alarms(AlarmKind::StandOffBroken),
        [] as [&str; 0],
        "it holds before the stand-off"
    );
    flight.flies((310.0, -60.0), 4.0);
    flight.hovers(-60.0, 10);
    flight.flies((-60.0, 400.0), 10.0);
    flight.hovers(400.0, 20);
    let crossed = |event: &Event| match &event.what {
        What::Track(_) => event.kind() == "crossing.confirmed",
        _ => false,
    };
    let foretold = flight.first(|event| raised(event, AlarmKind::BreachPredicted));
    let over = flight.first(crossed);
    let ahead_s = over.since(foretold).as_secs_f64();
    assert!(ahead_s >= 20.0, "{ahead_s} s before");
    let once = ["alarm.raised", "alarm.cleared"];
    for kind in [AlarmKind::BreachPredicted, AlarmKind::NoOperation] {
        assert_eq!(flight.alarms(kind), once, "{kind:?}");
    }
    assert_eq!(
        flight.alarms(AlarmKind::StandOffBroken),
        [once, once].concat(),
        "before the line, and again on the way back"
    );
    let partner: Vec<&str> = flight.ledger("room-RO").map(Event::kind).collect();
    assert!(
        !partner.iter().any(|kind| kind.starts_with("border.")),
        "{partner:?}"
    );
    let room = RoomId::parse("room-HU").unwrap();
    let told = told::ledger(&flight.rooms.ledgers[&room], start());
    insta::assert_snapshot!("drone_over_the_line", told);
}

#[test]
fn of_an_operation_the_stand_off_is_the_one_that_the_two_states_agreed_on() {
    let profile = agreed("HU", "RO", |parts| {
        parts.figures.insert(Figure::StandOff, 500);
    });
    let mut flight = Flight::begin(Ground {
        profiles: Profiles::new(vec![profile]).unwrap(),
        ..Ground::built_in()
    });
    flight.hovers(450.0, 5);
    assert_eq!(
        flight.alarms(AlarmKind::StandOffBroken),
        [] as [&str; 0],
        "in no operation the workflow's 300 m hold"
    );
    let room = RoomId::parse("room-HU").unwrap();
    let card = operation(&room, "HU", (Basis::SurveillanceUrgent, &["RO"]), "HU-D1");
    let opening = OrderKind::Open(Box::new(card));
    let now = flight.now;
    let answer = order(&mut flight.rooms, (&room, "operator"), opening, now);
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    flight.hovers(450.0, 1);
    let told = flight
        .ledger("room-HU")
        .find_map(|event| match &event.what {
            What::Track(track) => match &track.kind {
                TrackEventKind::StandOffBroken(told) => Some(told),
                _ => None,
            },
            _ => None,
        });
    let told = told.unwrap();
    assert!((told.stand_off.as_f64() - 500.0).abs() < 0.01, "{told:?}");
    assert_eq!(&*told.because.guard, "carrier_covered");
    assert!(told.because.citation.is_some());
    assert_eq!(flight.alarms(AlarmKind::StandOffBroken), ["alarm.raised"]);
}

/// The conditions that were not met when the law was last asked of the drone.
fn obstacles(flight: &Flight) -> Vec<String> {
    let asked = flight
        .ledger("room-HU")
        .filter_map(|event| match &event.what {
            What::Operation(OperationEvent {
                kind:
                    OperationEventKind::Assessed {
                        unit: Some(_),
                        assessment,
                        ..
                    },
                ..
            }) => Some(assessment),
            _ => None,
        });
    let last = asked.last().unwrap();
    last.obstacles()
        .map(|finding| finding.condition.to_string())
        .collect()
}

#[test]
fn a_drone_that_the_host_lets_fly_is_pressing_outside_the_area_and_above_the_height_only() {
    let mut flight = Flight::begin(Ground::built_in());
    let (line, hours) = (flight.line, Span::from_hours);
    let around = |north: f64, east: f64| {
        Position::new(line.lat() + north * 0.0045, line.lon() + east * 0.0065).unwrap()
    };
    let ring = [(-1.0, -1.0), (-1.0, 1.0), (1.0, 1.0), (1.0, -1.0)];
    let room = RoomId::parse("room-HU").unwrap();
    let mut card = operation(
        &room,
        "HU",
        (Basis::SurveillanceAuthorised, &["RO"]),
        "HU-D1",
    );
    card.declared.authorisations = vec![Authorisation {
        number: "RO-D-7".into(),
        from: flight.now.plus(hours(-1)),
        to: flight.now.plus(hours(8)),
        conditions: "".into(),
        state: None,
        drone: Some(Airspace {
            area: Some(ring.map(|(north, east)| around(north, east)).into()),
            up_to: Some(Metres::new(250.0)),
        }),
    }];
    let opening = OrderKind::Open(Box::new(card));
    let now = flight.now;
    let answer = order(&mut flight.rooms, (&room, "operator"), opening, now);
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");

    flight.altitude_m = Some(180.0);
    flight.flies((280.0, -100.0), 10.0);
    flight.hovers(-100.0, 20);
    assert_eq!(obstacles(&flight), [] as [&str; 0]);
    for kind in [
        AlarmKind::DroneAbroad,
        AlarmKind::StandOffBroken,
        AlarmKind::BreachPredicted,
    ] {
        assert_eq!(flight.alarms(kind), [] as [&str; 0], "{kind:?}: it may");
    }
    flight.flies((-100.0, -900.0), 10.0);
    assert_eq!(obstacles(&flight), ["drone_area"]);
    assert_eq!(flight.alarms(AlarmKind::DroneAbroad), ["alarm.raised"]);
    flight.flies((-900.0, -100.0), 10.0);
    assert_eq!(
        obstacles(&flight),
        [] as [&str; 0],
        "it is back in the area"
    );
    flight.hovers(-100.0, 20);
    assert_eq!(
        flight.alarms(AlarmKind::DroneAbroad),
        ["alarm.raised", "alarm.cleared"]
    );
    flight.altitude_m = Some(260.0);
    flight.hovers(-100.0, 3);
    assert_eq!(obstacles(&flight), ["drone_height"]);
    flight.altitude_m = Some(250.0);
    flight.hovers(-100.0, 3);
    assert_eq!(obstacles(&flight), [] as [&str; 0]);
    // A height that is not known is not kept.
    flight.altitude_m = None;
    flight.hovers(-100.0, 3);
    assert_eq!(obstacles(&flight), ["drone_height"]);
    let raised = flight.alarms(AlarmKind::DroneAbroad);
    assert_eq!(raised.last(), Some(&"alarm.raised"), "{raised:?}");
}
