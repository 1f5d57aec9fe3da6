//! The ground that an aircraft's camera sees: told apart from where the aircraft is, and never a crossing.

use crate::chase::{start, state};
use crate::rooms::{Ground, Rooms};
use limes::domain::event::{Event, TrackEventKind, What};
use limes::domain::ids::{RoomId, SourceId, State, UnitId};
use limes::domain::input::{Cause, Footprint, UnitAct};
use limes::domain::measure::{Position, Span, Timestamp};
use limes::domain::registry::{RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::act::Act;
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::world::Answer;

fn ring(corners: &[(f64, f64)]) -> Vec<Position> {
    let place = |(lat, lon): &(f64, f64)| Position::new(*lat, *lon).unwrap();
    corners.iter().map(place).collect()
}

/// A box of latitudes and longitudes.
fn square((south, north): (f64, f64), (west, east): (f64, f64)) -> Vec<Position> {
    ring(&[(south, west), (south, east), (north, east), (north, west)])
}

#[test]
fn a_ring_lies_over_the_states_of_its_corners_of_its_sides_and_of_enclaves_within() {
    let ground = Ground::built_in();
    let under = |ring: &[Position]| -> Vec<String> {
        let states = ground.borders.under(ring).into_iter();
        states.map(|state: State| state.to_string()).collect()
    };
    assert_eq!(under(&square((46.20, 46.21), (20.50, 20.51))), ["HU"]);
    let over_the_line = square((46.15, 46.16), (20.69, 20.72));
    assert_eq!(under(&over_the_line), ["HU", "RO"]);
    // Llivia lies wholly within: no corner and no side is in Spain.
    let around_llivia = square((42.443, 42.500), (1.950, 2.045));
    let sides = around_llivia
        .iter()
        .zip(around_llivia.iter().cycle().skip(1));
    for (from, to) in sides {
        assert!(ground.borders.meetings(*from, *to).is_empty());
    }
    assert_eq!(under(&around_llivia), ["ES", "FR"]);
    assert!(under(&[]).is_empty());
}

struct Flight {
    rooms: Rooms,
    now: Timestamp,
}

impl Flight {
    fn begin() -> Self {
        let room = RoomId::parse("room-HU").unwrap();
        let card = RoomCard {
            room: room.clone(),
            state: state("HU"),
        };
        let unit = |id: &str, kind: UnitKind| UnitCard {
            id: UnitId::parse(id).unwrap(),
            room: room.clone(),
            state: state("HU"),
            kind,
            callsign: id.into(),
            marks: None,
        };
        let units = [
            unit("HU-D1", UnitKind::Drone),
            unit("HU-1", UnitKind::Vehicle),
        ];
        let mut flight = Self {
            rooms: Rooms::with(&[card], &units, Ground::built_in(), start()),
            now: start(),
        };
        for _ in 0..5 {
            flight.fix();
        }
        flight
    }

    fn decide(&mut self, cause: Cause) -> Answer {
        let room = RoomId::parse("room-HU").unwrap();
        self.rooms.decide(&room, cause, self.now)
    }

    /// The drone stays a kilometre inside Hungary.
    fn fix(&mut self) {
        self.now = self.now.plus(Span::from_secs(1));
        self.rooms.pass(self.now);
        let fix = ReportedFix {
            unit: UnitId::parse("HU-D1").unwrap(),
            source: SourceId::parse("autopilot").unwrap(),
            fixed_at: self.now,
            lat: 46.175,
            lon: 20.70,
            measured: Measured {
                accuracy_m: Some(3.0),
                ..Measured::default()
            },
        };
        assert_eq!(self.decide(Cause::Fix(fix)), Answer::Accepted);
    }

    fn sees(&mut self, unit: &str, at: Timestamp, ring: Vec<Position>) -> Answer {
        let footprint = Footprint {
            unit: UnitId::parse(unit).unwrap(),
            at,
            ring: ring.into(),
        };
        self.decide(Cause::Footprint(footprint))
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        let room = RoomId::parse("room-HU").unwrap();
        self.rooms.ledgers[&room].iter().map(|entry| &entry.event)
    }

    fn told(&self) -> Vec<String> {
        let over = |event: &Event| match &event.what {
            What::Track(track) => match &track.kind {
                TrackEventKind::CameraOver { states, .. } => Some(states.to_string()),
                _ => None,
            },
            _ => None,
        };
        self.events().filter_map(over).collect()
    }
}

#[test]
fn what_a_camera_sees_is_told_when_it_changes_and_brings_about_nothing_else() {
    let mut flight = Flight::begin();
    let (home, over) = (
        square((46.170, 46.175), (20.690, 20.700)),
        square((46.150, 46.165), (20.690, 20.720)),
    );
    let before = flight.events().count();
    let is_news = |answer: Answer| match answer {
        Answer::Done { repeated, .. } => !repeated,
        other => panic!("{other:?}"),
    };
    for (ring, news) in [
        (home.clone(), true),
        (home.clone(), false),
        (over.clone(), true),
        (over.clone(), false),
    ] {
        flight.fix();
        let now = flight.now;
        assert_eq!(is_news(flight.sees("HU-D1", now, ring)), news);
    }
    // A late one changes nothing; a camera that is off sees no state.
    let late = flight.now.plus(Span::from_secs(-3));
    assert!(!is_news(flight.sees("HU-D1", late, home)));
    let now = flight.now;
    assert!(is_news(flight.sees("HU-D1", now, Vec::new())));
    assert_eq!(flight.told(), ["HU", "HU|RO", "-"]);
    let others = flight.events().count() - before - 3;
    assert_eq!(
        others, 4,
        "its four fixes, and no crossing, notice or alarm"
    );

    // Another shift begins with nothing known.
    assert!(is_news(flight.sees("HU-D1", now, over.clone())));
    let act = |act, seconds: i64| UnitAct {
        unit: UnitId::parse("HU-D1").unwrap(),
        act,
        at: now.plus(Span::from_secs(seconds)),
        key: format!("{act:?}").into(),
    };
    flight.now = now.plus(Span::from_secs(10));
    flight.decide(Cause::Act(act(Act::SignOff, 2)));
    let off_duty = now.plus(Span::from_secs(3));
    assert!(!is_news(flight.sees("HU-D1", off_duty, over.clone())));
    flight.decide(Cause::Act(act(Act::SignOn, 5)));
    let on_duty = now.plus(Span::from_secs(6));
    assert!(is_news(flight.sees("HU-D1", on_duty, over)));
}

#[test]
fn a_car_has_no_footprint_and_none_is_of_a_time_to_come() {
    let mut flight = Flight::begin();
    let (now, ring) = (flight.now, square((46.170, 46.175), (20.690, 20.700)));
    let Answer::Refused(refusal) = flight.sees("HU-1", now, ring.clone()) else {
        panic!("a car flies");
    };
    assert_eq!(&*refusal.guard, "no_aircraft");
    let tomorrow = now.plus(Span::from_hours(24));
    let Answer::Refused(refusal) = flight.sees("HU-D1", tomorrow, ring) else {
        panic!("tomorrow is known");
    };
    assert_eq!(&*refusal.guard, "time_in_future");
    assert!(flight.told().is_empty());
}
