//! Corners of the real borders, driven through: where three states meet, an enclave inside an enclave, a river under
//! joint sovereignty, a disputed pocket, a lake, a road along the line, a corner crossed unheard. What is expected was
//! written down from the published lines; where a place must lie is said in the test.

use limes::domain::borders::{Atlas, Certainty};
use limes::domain::event::Crossing;
use limes::domain::ids::{RoomId, SourceId, State, UnitId};
use limes::domain::measure::{Metres, Position, Timestamp};
use limes::domain::registry::{UnitCard, UnitKind};
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::tracks::{GateLimits, Standing, Track};
use limes::service::borderdata::atlas;
use std::sync::Arc;

/// 2027-03-16T11:00:00Z, in milliseconds.
const START_MS: i64 = 1_805_194_800_000;
/// Metres in a degree of latitude on the mean sphere.
const DEGREE_M: f64 = 111_194.93;

type Place = (f64, f64);

fn position((lat, lon): Place) -> Position {
    Position::new(lat, lon).unwrap()
}

fn states(atlas: &Atlas, place: Place) -> String {
    atlas.locate(position(place)).to_string()
}

/// A drive: how fast, metres a second, how often heard, seconds, and how well.
#[derive(Clone, Copy)]
struct Drive {
    speed_mps: f64,
    every_s: f64,
    accuracy_m: f64,
}

const CAR: Drive = Drive {
    speed_mps: 15.0,
    every_s: 5.0,
    accuracy_m: 5.0,
};

/// What the core made of a drive.
struct Driven {
    track: Track,
    words: Vec<&'static str>,
}

impl Driven {
    /// The crossings that stand confirmed, by likely time.
    fn crossings(&self) -> Vec<Crossing> {
        let confirmed = |standing| standing == Standing::Confirmed;
        let recorded = self.track.crossings().iter();
        let mut crossings: Vec<Crossing> = recorded
            .filter(|recorded| confirmed(recorded.standing))
            .map(|recorded| Crossing::clone(&recorded.crossing))
            .collect();
        crossings.sort_by_key(|crossing| crossing.likely);
        crossings
    }

    fn ways(&self) -> Vec<String> {
        let way = |crossing: &Crossing| format!("{}>{}", crossing.from, crossing.to);
        self.crossings().iter().map(way).collect()
    }

    fn count(&self, word: &str) -> usize {
        self.words.iter().filter(|told| **told == word).count()
    }
}

fn fix(seconds: f64, (lat, lon): Place, accuracy_m: f64) -> ReportedFix {
    ReportedFix {
        unit: UnitId::parse("HU-1").unwrap(),
        source: SourceId::parse("phone").unwrap(),
        fixed_at: Timestamp::from_millis(START_MS + (seconds * 1_000.0).round() as i64),
        lat,
        lon,
        measured: Measured {
            accuracy_m: Some(accuracy_m),
            ..Measured::default()
        },
    }
}

/// Fixes, each arriving at once.
fn post(atlas: &Atlas, fixes: &[ReportedFix]) -> Driven {
    let card = UnitCard {
        id: UnitId::parse("HU-1").unwrap(),
        room: RoomId::parse("budapest").unwrap(),
        state: State::parse("HU").unwrap(),
        kind: UnitKind::Vehicle,
        callsign: Arc::from("Kilo 1"),
        marks: None,
    };
    let (mut track, limits) = (Track::new(&card), GateLimits::default());
    let (mut events, mut words) = (Vec::new(), Vec::new());
    for fix in fixes {
        events.clear();
        track.decide_fix(fix, fix.fixed_at, atlas, &limits, &mut events);
        for event in &events {
            track.apply(event);
            words.push(event.kind());
        }
    }
    Driven { track, words }
}

fn metres_between(a: Place, b: Place) -> f64 {
    Atlas::distance(position(a), position(b)).as_f64()
}

/// From place to place in straight lines, a wait of two minutes at both ends.
fn fixes_along(way: &[Place], drive: Drive) -> Vec<ReportedFix> {
    let lengths: Vec<f64> = way.windows(2).map(|p| metres_between(p[0], p[1])).collect();
    let drives_s = lengths.iter().sum::<f64>() / drive.speed_mps;
    let place = |run_m: f64| {
        let mut left_m = run_m;
        for (pair, length_m) in way.windows(2).zip(&lengths) {
            if left_m <= *length_m {
                let at = |a: f64, b: f64| a + (b - a) * left_m / length_m;
                return (at(pair[0].0, pair[1].0), at(pair[0].1, pair[1].1));
            }
            left_m -= length_m;
        }
        way[way.len() - 1]
    };
    let count = ((drives_s + 240.0) / drive.every_s) as i32;
    (0..=count)
        .map(|step| {
            let seconds = f64::from(step) * drive.every_s;
            let run_m = (seconds - 120.0).clamp(0.0, drives_s) * drive.speed_mps;
            fix(seconds, place(run_m), drive.accuracy_m)
        })
        .collect()
}

fn driven(atlas: &Atlas, way: &[Place], drive: Drive) -> Driven {
    post(atlas, &fixes_along(way, drive))
}

/// Round a place at a distance, from north over east, in so many straight pieces.
fn round((lat, lon): Place, radius_m: f64, pieces: u32) -> Vec<Place> {
    (0..=pieces)
        .map(|piece| {
            let angle = std::f64::consts::TAU * f64::from(piece) / f64::from(pieces) + 0.13;
            let north = radius_m / DEGREE_M * angle.cos();
            let east = radius_m / DEGREE_M / lat.to_radians().cos() * angle.sin();
            (lat + north, lon + east)
        })
        .collect()
}

#[test]
fn round_a_point_where_three_states_meet_each_is_entered_once() {
    let atlas = atlas(None).unwrap();
    let corners = [
        ((48.0066, 17.1608), 800.0, ["SK>HU", "HU>AT", "AT>SK"]),
        ((46.8686, 16.1131), 800.0, ["AT>HU", "HU>SI", "SI>AT"]),
        ((46.1270, 20.2630), 1_500.0, ["HU>RO", "RO>RS", "RS>HU"]),
    ];
    for (corner, radius_m, expected) in corners {
        let there = round(corner, radius_m, 24);
        let back: Vec<Place> = there.iter().rev().copied().collect();
        let reversed: Vec<String> = expected
            .iter()
            .rev()
            .map(|way| format!("{}>{}", &way[3..], &way[..2]))
            .collect();
        for every_s in [1.0, 5.0, 20.0] {
            let drive = Drive { every_s, ..CAR };
            let way = driven(&atlas, &there, drive);
            assert_eq!(way.ways(), expected, "every {every_s} s");
            for crossing in way.crossings() {
                let at = (crossing.point.lat(), crossing.point.lon());
                let off_m = (metres_between(corner, at) - radius_m).abs();
                assert!(off_m < 60.0, "{off_m} m off the circle: {crossing:?}");
            }
            assert_eq!(driven(&atlas, &back, drive).ways(), reversed);
        }
    }
}

#[test]
fn beside_the_point_where_three_states_meet_the_third_is_not_made_up() {
    let atlas = atlas(None).unwrap();
    // From Austria into the tip of Slovakia, and a wait 70 m from the line to Hungary.
    let way = [(48.0075, 17.1500), (48.0075, 17.1606)];
    assert_eq!(way.map(|place| states(&atlas, place)), ["AT", "SK"]);
    for every_s in [1.0, 5.0, 20.0] {
        let made = driven(&atlas, &way, Drive { every_s, ..CAR });
        assert_eq!(made.ways(), ["AT>SK"]);
        assert_eq!(made.count("crossing.retracted"), 0);
    }
}

#[test]
fn an_enclave_inside_an_enclave_is_entered_and_left() {
    let atlas = atlas(None).unwrap();
    // Baarle: the great Belgian enclave, in it the two Dutch ones by 51.439 N and 51.436 N, and out again to the south.
    let way = [
        (51.4390, 4.9120),
        (51.4390, 4.92325),
        (51.4365, 4.9270),
        (51.4360, 4.9320),
        (51.4338, 4.9285),
        (51.4290, 4.9285),
    ];
    let within = [way[0], way[1], (51.43625, 4.927), way[3], way[5]];
    assert_eq!(
        within.map(|at| states(&atlas, at)),
        ["NL", "NL", "BE", "NL", "NL"]
    );
    for (speed_mps, every_s) in [(1.5, 1.0), (5.0, 1.0), (1.5, 5.0)] {
        let walk = Drive {
            speed_mps,
            every_s,
            accuracy_m: 3.0,
        };
        let ways = driven(&atlas, &way, walk).ways();
        let expected = ["NL>BE", "BE>NL", "NL>BE", "BE>NL", "NL>BE", "BE>NL"];
        assert_eq!(ways, expected, "at {speed_mps} m/s, every {every_s} s");
    }
}

#[test]
fn a_river_under_joint_sovereignty_is_a_stay_of_its_own() {
    let atlas = atlas(None).unwrap();
    // Over the Moselle near Wormeldange, from Germany.
    let way = [(49.60, 6.42), (49.60, 6.36)];
    let made = driven(
        &atlas,
        &way,
        Drive {
            every_s: 1.0,
            ..CAR
        },
    );
    assert_eq!(made.ways(), ["DE>DE|LU", "DE|LU>LU"]);
    let banks: Vec<f64> = made.crossings().iter().map(|of| of.point.lon()).collect();
    assert!((banks[0] - 6.39475).abs() < 0.0004, "{banks:?}");
    assert!((banks[1] - 6.38532).abs() < 0.0004, "{banks:?}");
}

#[test]
fn into_a_disputed_pocket_nothing_is_confirmed_and_through_one_the_other_side_is() {
    let atlas = atlas(None).unwrap();
    // A pocket by the Danube, from Croatia, and a wait there.
    let pocket = [(45.264, 19.185), (45.264, 19.205)];
    let location = atlas.locate_with_accuracy(position(pocket[1]), Metres::new(5.0));
    assert_eq!(location.certainty, Certainty::Disputed);
    let made = driven(&atlas, &pocket, CAR);
    assert!(made.ways().is_empty(), "{:?}", made.ways());
    assert_eq!(made.count("crossing.suspected"), 1);
    assert!(made.track.is_suspected_disputed());
    // Over the bay of Piran, from Croatia to Slovenia: certain only that it lies between the two.
    let bay = [(45.480, 13.5366), (45.525, 13.5667)];
    let made = driven(&atlas, &bay, CAR);
    assert_eq!(made.ways(), ["HR>SI"]);
    let crossing = made.crossings().remove(0);
    let over_m = metres_between((45.4982, 13.5488), (45.50675, 13.5545));
    let spans_s = crossing.latest.since(crossing.earliest).as_secs_f64();
    assert!(spans_s >= over_m / CAR.speed_mps - 10.0, "{crossing:?}");
}

#[test]
fn a_river_and_a_lake_are_crossed_where_the_line_is_published() {
    let atlas = atlas(None).unwrap();
    for (way, expected, line_lat) in [
        // The Danube by Komárom; Lake Constance between Romanshorn and Friedrichshafen.
        ([(47.740, 18.12), (47.765, 18.12)], "HU>SK", 47.75133),
        ([(47.560, 9.45), (47.605, 9.45)], "CH>DE", 47.58285),
    ] {
        let made = driven(&atlas, &way, CAR);
        assert_eq!(made.ways(), [expected]);
        let crossing = made.crossings().remove(0);
        let off_m = (crossing.point.lat() - line_lat).abs() * DEGREE_M;
        assert!(off_m < 60.0, "{off_m} m off: {crossing:?}");
    }
}

/// A road in Hungary some 100 to 260 m from Romania, by Battonya.
const BESIDE: [Place; 16] = [
    (46.1475, 20.6114),
    (46.1420, 20.6174),
    (46.1349, 20.6271),
    (46.1298, 20.6328),
    (46.1306, 20.6412),
    (46.1353, 20.6468),
    (46.1421, 20.6470),
    (46.1492, 20.6507),
    (46.1526, 20.6611),
    (46.1516, 20.6718),
    (46.1473, 20.6788),
    (46.1472, 20.6858),
    (46.1516, 20.6898),
    (46.1598, 20.6929),
    (46.1629, 20.7030),
    (46.1664, 20.7094),
];

#[test]
fn a_road_along_the_frontier_is_no_crossing_and_no_flood() {
    let atlas = atlas(None).unwrap();
    // To and fro for an hour: at 20 m/s some 70 km.
    let back: Vec<Place> = BESIDE.iter().rev().copied().collect();
    let laps: Vec<Place> = (0..6)
        .flat_map(|lap| {
            if lap % 2 == 0 {
                BESIDE.to_vec()
            } else {
                back.clone()
            }
        })
        .collect();
    let fixes = fixes_along(
        &laps,
        Drive {
            speed_mps: 20.0,
            every_s: 1.0,
            accuracy_m: 8.0,
        },
    );
    let strays = fixes
        .iter()
        .filter(|fix| states(&atlas, (fix.lat, fix.lon)) != "HU");
    assert_eq!(strays.count(), 0, "the way itself keeps to Hungary");
    let made = post(&atlas, &fixes);
    assert_eq!(made.count("crossing.suspected"), 0);
    assert!(made.ways().is_empty());
    let words = made.count("border.approaching") + made.count("border.receding");
    let hours = fixes.len() as f64 / 3_600.0;
    assert!(
        words as f64 <= 3.0 * hours.max(1.0),
        "{words} words in {hours} h"
    );
}

#[test]
fn a_state_entered_and_left_unheard_is_inferred() {
    let atlas = atlas(None).unwrap();
    // Last heard in Hungary, heard again in Serbia two minutes later: between them lie 1.8 km of Romania.
    let (before, after) = ((46.13771, 20.27484), (46.11600, 20.27486));
    assert_eq!([before, after].map(|at| states(&atlas, at)), ["HU", "RS"]);
    let waits = |from_s: f64, at: Place| {
        (0..24).map(move |step| fix(from_s + 5.0 * f64::from(step), at, 5.0))
    };
    let fixes: Vec<_> = waits(0.0, before).chain(waits(235.0, after)).collect();
    let made = post(&atlas, &fixes);
    assert_eq!(made.ways(), ["HU>RO", "RO>RS"]);
    let crossings = made.crossings();
    assert!(crossings.iter().all(|crossing| crossing.inferred));
    assert!((crossings[0].point.lat() - 46.13343).abs() < 0.0005);
    assert!((crossings[1].point.lat() - 46.11705).abs() < 0.0005);
}
