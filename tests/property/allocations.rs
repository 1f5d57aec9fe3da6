//! What a fix that changes nothing asks of the machine: no memory but that in which it is remembered.

use limes::domain::borders::CrossingPoints;
use limes::domain::ids::{RoomId, SourceId, State, UnitId};
use limes::domain::input::{Cause, Input, Register};
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::channels::Channels;
use limes::domain::registry::{RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::tracks::{GateLimits, Watch};
use limes::domain::world::rooms::Batch;
use limes::domain::world::{Answer, Grounds, World};
use limes::service::{borderdata, ruledata};
use std::collections::BTreeMap;

const START_MS: i64 = 1_805_194_800_000;

/// A car that goes to and fro deep in Hungary, or a kilometre from Romania.
fn fix(second: u32, lon: f64) -> ReportedFix {
    let sway = (f64::from(second) / 40.0).sin();
    ReportedFix {
        unit: UnitId::parse("HU-1").unwrap(),
        source: SourceId::parse("phone").unwrap(),
        fixed_at: Timestamp::from_millis(START_MS + i64::from(second) * 1_000),
        lat: 46.9 + sway * 0.003,
        lon,
        measured: Measured {
            accuracy_m: Some(8.0),
            ..Measured::default()
        },
    }
}

#[test]
fn a_fix_that_changes_nothing_is_decided_and_folded_without_asking_for_memory() {
    let atlas = borderdata::atlas(None).unwrap();
    let rulebook = ruledata::rulebook(None).unwrap();
    let gate = GateLimits::default();
    let grounds = Grounds {
        borders: &*atlas,
        crossing_points: CrossingPoints::none(),
        rulebook: &rulebook,
        profiles: Profiles::none(),
        scribe: limes::wire::letter::write,
        post: &limes::wire::dialogue::letter::Unsigned,
        channels: Channels::none(),
        gate: &gate,
        listening_since: Watch::ALWAYS,
    };
    let (room, state) = (
        RoomId::parse("budapest").unwrap(),
        State::parse("HU").unwrap(),
    );
    let mut worlds = BTreeMap::from([(room.clone(), World::new(room.clone()))]);
    let mut batch = Batch::default();
    let room_card = RoomCard {
        room: room.clone(),
        state,
    };
    let unit_card = UnitCard {
        id: UnitId::parse("HU-1").unwrap(),
        room: room.clone(),
        state,
        kind: UnitKind::Vehicle,
        callsign: "Kilo 1".into(),
        marks: None,
    };
    let mut put = |cause, at| {
        let (mut asked, mut events) = (0, 0);
        let input = Input { at, cause };
        let counted = allocation_counter::measure(|| {
            let answer = batch.decide(&mut worlds, &room, &input, grounds, &mut |_| events += 1);
            asked = u32::from(answer == Answer::Accepted);
        });
        (asked == 1, events, counted.count_total)
    };
    let start = Timestamp::from_millis(START_MS);
    put(Cause::Register(Register::RoomAdded(room_card)), start);
    put(Cause::Register(Register::UnitAdded(unit_card)), start);
    let mut grew = 0;
    for second in 0..2_000 {
        let fix = fix(second, 19.5);
        let arrives = fix.fixed_at.plus(Span::from_millis(200));
        let (accepted, events, asked) = put(Cause::Fix(fix), arrives);
        assert!(accepted);
        if second >= 1_000 {
            assert_eq!(events, 1, "a fix at second {second} changed something");
            // The list of the admitted ones grows by an eighth when it is full.
            assert!(asked <= 1, "{asked} times at second {second}");
            grew += asked;
        }
    }
    assert!(grew <= 10, "{grew} of a thousand fixes asked for memory");
}
