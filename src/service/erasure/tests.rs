use super::*;
use crate::domain::borders::{Certainty, Location};
use crate::domain::event::{Event, HouseEvent, What};
use crate::domain::ids::{AccountId, SourceId, StateSet};
use crate::domain::law::rulebook::kept::RulesVersion;
use crate::domain::measure::{Metres, Position};
use crate::domain::registry::Person;
use crate::domain::retention::Days;
use crate::domain::tracks::fix::{Fix, Measured};
use crate::domain::world::World;
use crate::service::desk::stage::{Staged, records};
use crate::service::journal::{NewRecord, VerifyRequest, erased};
use std::path::Path;
use tempfile::TempDir;

fn room() -> RoomId {
    RoomId::parse("budapest").unwrap()
}

fn unit(name: &str) -> UnitId {
    UnitId::parse(name).unwrap()
}

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn fix(name: &str, at: Timestamp) -> Event {
    let fix = Fix {
        unit: unit(name),
        source: SourceId::parse("phone").unwrap(),
        fixed_at: at,
        received_at: at,
        position: Position::new(46.9, 19.5).unwrap(),
        measured: Measured::default(),
        location: Location {
            states: StateSet::NONE,
            certainty: Certainty::Outside,
            nearest: None,
        },
        accuracy: Metres::from_centimetres(1_500),
        depth: Metres::from_centimetres(123_456),
    };
    Event {
        at,
        what: What::Fix(fix),
    }
}

fn looked(at: Timestamp) -> Event {
    let by = Person {
        account: AccountId::parse("kovacs").unwrap(),
        room: room(),
    };
    Event {
        at,
        what: What::House(HouseEvent::AccessViewed {
            by,
            what: "track of HU-1".into(),
            reason: "not stated".into(),
        }),
    }
}

fn adopted(at: Timestamp) -> Event {
    let rules = RulesVersion {
        version: 1,
        digest: "0".repeat(64).into(),
    };
    Event {
        at,
        what: What::House(HouseEvent::RulesAdopted {
            rules,
            changed: "the first".into(),
        }),
    }
}

/// As the desk makes them of these events.
fn staged(events: Vec<Event>, at: Timestamp) -> Vec<NewRecord> {
    let worlds = BTreeMap::from([(room(), World::new(room()))]);
    let mut staged = Staged::default();
    for event in events {
        staged.push(event, None, &worlds[&room()]);
    }
    records(&BTreeMap::from([(room(), staged)]), &worlds, at)
}

/// Two units heard and a look, on each of the first days of March.
fn march(folder: &Path) -> SqliteJournal {
    let mut journal = SqliteJournal::open(folder).unwrap();
    for number in 1..=9 {
        let at = moment(&format!("2027-03-{number:02}T11:00:00Z"));
        let events = vec![fix("HU-1", at), fix("HU-2", at), looked(at)];
        journal.append(at, staged(events, at)).unwrap();
    }
    journal
}

fn due(positions: u32, access: Option<u32>) -> Wanted {
    let days = Days {
        positions: Some(positions),
        operation_positions: None,
        access,
    };
    Wanted::Due(Retention::new(days, 24).unwrap())
}

fn planned(folder: &Path, wanted: &Wanted, now: &str) -> LedgerPlan {
    let reader = SqliteReader::open(folder).unwrap();
    let moment = Moment {
        now: moment(now),
        age: Span::from_hours(24),
    };
    plan(&reader, wanted, moment).unwrap().remove(0)
}

fn lots(plan: &LedgerPlan) -> Vec<String> {
    let line = |lot: &Lot| {
        let (class, tally) = (lot.class.as_str(), &lot.tally);
        format!(
            "{class} {} {} {} of {}",
            lot.from, lot.until, tally.parts, tally.records
        )
    };
    let erase = plan.erase.iter().map(line);
    let held = |(why, lot): &(Held, Lot)| format!("{why:?}: {}", line(lot));
    erase.chain(plan.held.iter().map(held)).collect()
}

const OFFICE: Grounds<'_> = Grounds {
    by: "the records office",
    reason: "retention",
    unit: None,
};

#[test]
fn what_is_past_its_time_is_erased_to_the_day_and_told_in_one_record() {
    let folder = TempDir::new().unwrap();
    let mut journal = march(folder.path());
    let now = "2027-03-10T00:00:00Z";
    let plan = planned(folder.path(), &due(5, Some(7)), now);
    // Two units: two parts of each record of positions.
    assert_eq!(
        lots(&plan),
        [
            "positions 2027-03-01 2027-03-04 8 of 4",
            "access 2027-03-01 2027-03-02 2 of 2"
        ]
    );
    carry_out(&mut journal, &[plan], moment(now), OFFICE).unwrap();
    let told = erased(&journal, &room()).unwrap();
    let told: Vec<(RetentionClass, Day, Day)> = told
        .iter()
        .map(|gone| (gone.class, gone.from, gone.to))
        .collect();
    assert_eq!(
        told,
        [
            (
                RetentionClass::Positions,
                day("2027-03-01"),
                day("2027-03-04")
            ),
            (RetentionClass::Access, day("2027-03-01"), day("2027-03-02"))
        ]
    );
    let reader = SqliteReader::open(folder.path()).unwrap();
    let verified = reader
        .verify(&VerifyRequest::default(), &mut |_| {})
        .unwrap();
    assert_eq!(verified.findings, []);
    assert_eq!(verified.ledgers[0].erased.len(), 10);
}

#[test]
fn an_erasure_done_again_finds_nothing_and_records_nothing() {
    let folder = TempDir::new().unwrap();
    let mut journal = march(folder.path());
    let now = "2027-03-10T00:00:00Z";
    let first = planned(folder.path(), &due(5, None), now);
    carry_out(&mut journal, &[first], moment(now), OFFICE).unwrap();
    let head = journal.head(&room()).unwrap();
    let again = planned(folder.path(), &due(5, None), now);
    assert_eq!(lots(&again), [""; 0]);
    carry_out(&mut journal, &[again], moment(now), OFFICE).unwrap();
    assert_eq!(journal.head(&room()).unwrap(), head);
}

#[test]
fn an_order_takes_one_units_positions_of_its_days_and_no_day_that_a_late_fix_may_be_of() {
    let folder = TempDir::new().unwrap();
    let mut journal = march(folder.path());
    let wanted = Wanted::Unit {
        room: room(),
        unit: unit("HU-1"),
        from: day("2027-03-03"),
        until: day("2027-03-09"),
    };
    let now = "2027-03-09T12:00:00Z";
    let plan = planned(folder.path(), &wanted, now);
    assert_eq!(
        lots(&plan),
        [
            "positions 2027-03-03 2027-03-07 5 of 5",
            "Young: positions 2027-03-08 2027-03-09 2 of 2"
        ]
    );
    let (asked, order) = (unit("HU-1"), "order of the court");
    let grounds = Grounds {
        reason: order,
        unit: Some(&asked),
        ..OFFICE
    };
    carry_out(&mut journal, &[plan], moment(now), grounds).unwrap();
    let whole = (moment("2027-03-01T00:00:00Z"), moment(now));
    let told = erased(&journal, &room()).unwrap();
    assert!(told[0].may_have(&unit("HU-1"), whole));
    assert!(!told[0].may_have(&unit("HU-2"), whole));
    let long_before = moment("2027-01-01T00:00:00Z");
    assert!(!told[0].may_have(&unit("HU-1"), (long_before, long_before)));
    let rest = planned(folder.path(), &due(1 + 1, None), "2027-05-01T00:00:00Z");
    assert_eq!(lots(&rest), ["positions 2027-03-01 2027-03-09 13 of 9"]);
}

#[test]
fn a_key_under_which_an_earlier_version_sealed_what_a_start_rests_on_is_held() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    for (date, events) in [
        ("2027-03-01", [looked as fn(Timestamp) -> Event, adopted]),
        ("2027-03-02", [looked, looked]),
    ] {
        let at = moment(&format!("{date}T11:00:00Z"));
        let events = events.map(|event| event(at)).to_vec();
        let mut records = staged(events, at);
        for record in &mut records {
            record.retention = RetentionClass::Access;
        }
        journal.append(at, records).unwrap();
    }
    let plan = planned(folder.path(), &due(2, Some(30)), "2027-06-01T00:00:00Z");
    assert_eq!(
        lots(&plan),
        [
            "access 2027-03-02 2027-03-02 2 of 2",
            "Mixed: access 2027-03-01 2027-03-01 2 of 2"
        ]
    );
}
