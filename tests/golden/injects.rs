//! What is put into NAGYLAK-27 to make it go otherwise: the script is altered, and the end is that of the worked example.
//!
//! Inject a (no authorisation at the line) stands in `nagylak_27`. A link that is cut (b), the alarms of an overlap (e) and a
//! drone or a telephone that fails (g, h) are no matter of the script.

use crate::nagylak_27::{kinds, lap, ledger, room, scenario, start, unit};
use crate::rooms::Rooms;
use crate::worked_example::{moment, operation, played_until, stands};
use limes::domain::exercise::{
    Deed, MessageDeed, Saying, Scenario, ScriptLine, ScriptedDeed, TermsPlan,
};
use limes::domain::ids::AccountId;
use limes::domain::law::basis::HostRefusalKind;
use limes::domain::measure::Timestamp;
use limes::domain::operations::handover::said::RefusedFor;
use limes::domain::operations::handover::{Body, Code, Epoch, Phase, RecallKind};
use limes::domain::registry::Person;
use limes::domain::tracks::act::Act;
use limes::domain::world::Answer;

/// From two minutes before the line: what lies before is said at once.
fn played(scenario: &Scenario, until: &str) -> Rooms {
    played_until(scenario, scenario.marks["line"], moment(until))
}

/// The script without what a room says from a moment on.
fn silent_from(scenario: &mut Scenario, name: &str, from: &str) {
    let from = moment(from).since(start());
    let account = AccountId::parse(name).unwrap();
    scenario.script.retain(|line| {
        let says = matches!(&line.deed, ScriptedDeed::Say { by, .. } if *by == account);
        !says || line.at < from
    });
}

fn says(scenario: &mut Scenario, at: &str, name: &str, saying: Saying) {
    let line = ScriptLine {
        at: moment(at).since(start()),
        deed: ScriptedDeed::Say {
            by: AccountId::parse(name).unwrap(),
            saying,
        },
    };
    let later = scenario.script.iter().position(|of| of.at > line.at);
    let place = later.unwrap_or(scenario.script.len());
    scenario.script.insert(place, line);
}

fn acts(scenario: &mut Scenario, at: &str, name: &str, act: Act) {
    scenario.script.push(ScriptLine {
        at: moment(at).since(start()),
        deed: ScriptedDeed::Act {
            unit: unit(name),
            act,
        },
    });
}

fn leads(rooms: &Rooms, leader: &str, epoch: u32) {
    for name in ["budapest", "arad"] {
        let lead = &operation(&rooms.worlds[&room(name)]).lead;
        assert_eq!(lead.room, room(leader), "in {name}");
        assert_eq!(lead.epoch, Epoch(epoch), "in {name}");
    }
}

fn in_phase(rooms: &Rooms, phase: Phase) {
    for name in ["budapest", "arad"] {
        assert_eq!(stands(rooms, name).phase, phase, "in {name}");
    }
}

/// Inject c: nothing moves by time. A late assumption of the offer that stands moves the lead.
#[test]
fn where_arad_is_silent_to_the_offer_budapest_leads_until_arad_assumes() {
    let mut scenario = scenario();
    silent_from(&mut scenario, "arad", "11:34:20");
    silent_from(&mut scenario, "budapest", "11:34:20");
    let rooms = played(&scenario, "11:36:30");
    in_phase(&rooms, Phase::Transferring);
    leads(&rooms, "budapest", 1);
    says(&mut scenario, "11:36:40", "arad", Saying::Assumes);
    let rooms = played(&scenario, "11:36:41");
    in_phase(&rooms, Phase::Passed);
    leads(&rooms, "arad", 2);
}

/// Inject c, as the table ends it: arad asks for the lead later. While the offer stands there is nothing to ask for; once it
/// was refused there is.
#[test]
fn where_arad_was_silent_to_the_offer_it_can_ask_for_the_lead_later() {
    let mut scenario = scenario();
    silent_from(&mut scenario, "arad", "11:34:20");
    silent_from(&mut scenario, "budapest", "11:34:20");
    let mut rooms = played(&scenario, "11:36:00");
    let asks = MessageDeed {
        by: Person {
            account: AccountId::parse("arad").unwrap(),
            room: room("arad"),
        },
        operation: lap(&scenario).operation(),
        to: room("budapest"),
        saying: Saying::Requests,
        start: start(),
    };
    let passed_over = rooms.perform(&Deed::Message(asks));
    assert_eq!(passed_over, Vec::<Answer>::new());

    let refuses = Saying::Refuses {
        reason: RefusedFor::NoUnit,
        words: "RO-1 was not ready".into(),
    };
    says(&mut scenario, "11:36:00", "arad", refuses);
    let rooms = played(&scenario, "11:36:05");
    in_phase(&rooms, Phase::Agreed);
    leads(&rooms, "budapest", 1);
    says(&mut scenario, "11:37:00", "arad", Saying::Requests);
    says(&mut scenario, "11:37:20", "budapest", Saying::Offers);
    says(&mut scenario, "11:37:40", "arad", Saying::Assumes);
    let rooms = played(&scenario, "11:37:30");
    in_phase(&rooms, Phase::Transferring);
    leads(&rooms, "budapest", 1);
    let rooms = played(&scenario, "11:37:41");
    in_phase(&rooms, Phase::Passed);
    leads(&rooms, "arad", 2);
}

/// Inject d: the host's order needs nobody's consent.
#[test]
fn a_cease_at_11_38_is_read_in_ten_seconds_and_stops_the_car_in_fifteen() {
    let mut scenario = scenario();
    silent_from(&mut scenario, "arad", "11:35:00");
    silent_from(&mut scenario, "budapest", "11:35:00");
    let words = "EXERCISE: stop and turn back".into();
    says(
        &mut scenario,
        "11:38:00",
        "arad",
        Saying::AsIs(Body::Ceases { words }),
    );
    says(
        &mut scenario,
        "11:38:08",
        "budapest",
        Saying::AsIs(Body::HasRead),
    );
    acts(&mut scenario, "11:38:13", "HU-1", Act::Wilco);
    let rooms = played(&scenario, "11:38:20");
    let operation = operation(&rooms.worlds[&room("budapest")]);
    let [cease] = &operation.recalls[..] else {
        panic!("{:?}", operation.recalls);
    };
    assert_eq!(cease.kind, RecallKind::Cease);
    let off = |at: Timestamp| at.since(moment("11:38:00")).as_millis();
    let (_, read_at) = cease.read.as_ref().unwrap();
    assert!(off(*read_at) <= 10_000);
    assert!(cease.units[&unit("HU-1")].is_some_and(|at| off(at) <= 15_000));
    // What the host had granted is withdrawn, and the law says stop.
    let refusals = &operation.card.declared.refusals;
    assert!(
        refusals
            .iter()
            .any(|(refusal, _)| refusal.kind == HostRefusalKind::Withdrawn)
    );
    assert!(operation.must_stop().is_some());
    leads(&rooms, "arad", 2);
    let told = kinds(ledger(&rooms, "budapest"));
    for kind in ["handover.cease", "cease.ordered", "cease.acknowledged"] {
        assert!(told.contains(&kind), "{kind}");
    }
}

/// The target and its tracker turn at 11:38:50, 5 km beyond the line, and are back over it at 11:45:10.
fn turns_back() -> Scenario {
    let written = include_str!("../../border-data/exercises/nagylak-27.toml");
    let from = "  { at = \"+01:07:53\", km = 7.3 },\n";
    let (mut text, mut rest) = (String::new(), written);
    while let Some((before, after)) = rest.split_once(from) {
        text.push_str(before);
        let (_, after) = after.split_once("]\n").unwrap();
        text.push_str(
            "  { at = \"+01:06:10\", km = 5.0 },\n  { at = \"+01:12:30\", km = 0.0 },\n  \
             { at = \"+01:15:30\", km = -2.5 },\n]\n",
        );
        rest = after;
    }
    text.push_str(rest);
    limes::wire::scenario::parse(&text).unwrap()
}

/// Inject f: the sides change with the host's notice, and the lead does not until Budapest assumes it. (The host's person
/// sends it: by itself it goes out of the room that opened the operation alone.)
#[test]
fn where_the_target_turns_back_the_sides_change_and_the_lead_stays_until_it_is_assumed() {
    let mut scenario = turns_back();
    silent_from(&mut scenario, "arad", "11:39:00");
    silent_from(&mut scenario, "budapest", "11:39:00");
    let terms = TermsPlan {
        units: Some(vec![unit("RO-1")]),
        ..TermsPlan::default()
    };
    says(&mut scenario, "11:39:10", "arad", Saying::Notifies(terms));
    let rooms = played(&scenario, "11:39:15");
    in_phase(&rooms, Phase::Notified);
    for name in ["budapest", "arad"] {
        assert_eq!(stands(&rooms, name).giver, room("arad"), "in {name}");
    }
    leads(&rooms, "arad", 2);
    says(&mut scenario, "11:44:50", "budapest", Saying::Requests);
    says(&mut scenario, "11:45:00", "arad", Saying::Offers);
    let rooms = played(&scenario, "11:45:20");
    in_phase(&rooms, Phase::Transferring);
    leads(&rooms, "arad", 2);
    says(&mut scenario, "11:45:30", "budapest", Saying::Assumes);
    let rooms = played(&scenario, "11:46:30");
    in_phase(&rooms, Phase::Passed);
    leads(&rooms, "budapest", 3);
    // Its tracker is read again by where it is, and nobody's order.
    let told = kinds(ledger(&rooms, "budapest"));
    assert!(told.contains(&"tracker.sealed") && told.contains(&"tracker.unsealed"));
    assert_eq!(
        told.iter()
            .filter(|kind| **kind == Code::Mas.event())
            .count(),
        2
    );
}
