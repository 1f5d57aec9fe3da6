//! `limes journal erase`, from the outside: over the ledgers of a whole exercise, as its rooms recorded them.

use crate::rooms::{Ground, Rooms};
use limes::domain::event::{Event, HouseEvent, What};
use limes::domain::exercise::Lap;
use limes::domain::ids::{AccountId, RoomId};
use limes::domain::measure::{Span, Timestamp};
use limes::domain::registry::Person;
use limes::domain::world::World;
use limes::service::datadir::DataDir;
use limes::service::desk::stage::{Staged, records};
use limes::service::journal::{Journal as _, SqliteJournal};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;
use tempfile::TempDir;

/// What each room's ledger takes of the exercise.
static PLAYED: LazyLock<Rooms> = LazyLock::new(|| {
    let scenario = limes::service::exercise::nagylak_27().unwrap();
    let lap = Lap {
        scenario: &scenario,
        number: 1,
        start: moment("2027-03-16T10:32:40Z"),
        from: Span::ZERO,
    };
    let before = lap.start.plus(Span::from_secs(-1));
    let mut rooms = Rooms::of(&scenario, Ground::of(&scenario), before);
    for step in lap.steps() {
        rooms.pass(step.at);
        rooms.perform(&step.deed);
    }
    rooms.pass(lap.end());
    rooms
});

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn room(name: &str) -> RoomId {
    RoomId::parse(name).unwrap()
}

/// A data folder with all that the rooms took before the first event of the kind `until`; then one look two months later,
/// which is the time of the exercise from then on.
fn recorded(until: Option<&str>) -> TempDir {
    let folder = TempDir::new().unwrap();
    DataDir::existing(folder.path())
        .unwrap()
        .mark("NAGYLAK-27")
        .unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let mut worlds: BTreeMap<RoomId, World> = BTreeMap::new();
    for name in ["arad", "budapest"] {
        let room = room(name);
        worlds.insert(room.clone(), World::new(room.clone()));
        let ledger = &PLAYED.ledgers[&room];
        let end = until.and_then(|kind| ledger.iter().position(|entry| entry.event.kind() == kind));
        let ledger = &ledger[..end.unwrap_or(ledger.len())];
        for commit in ledger.chunk_by(|one, other| one.recorded_at == other.recorded_at) {
            let mut staged = Staged::default();
            for entry in commit {
                let world = worlds.get_mut(&room).unwrap();
                world.apply(&entry.event);
                staged.push(entry.event.clone(), entry.shared_by.as_ref(), world);
            }
            let at = commit[0].recorded_at;
            let records = records(&BTreeMap::from([(room.clone(), staged)]), &worlds, at);
            journal.append(at, records).unwrap();
        }
    }
    let now = moment("2027-05-20T08:00:00Z");
    let mut staged = Staged::default();
    let looked = HouseEvent::AccessViewed {
        by: Person {
            account: AccountId::parse("kovacs").unwrap(),
            room: room("budapest"),
        },
        what: "report".into(),
        reason: "not stated".into(),
    };
    let event = Event {
        at: now,
        what: What::House(looked),
    };
    staged.push(event, None, &worlds[&room("budapest")]);
    let looked = records(&BTreeMap::from([(room("budapest"), staged)]), &worlds, now);
    journal.append(now, looked).unwrap();
    std::fs::write(
        folder.path().join("limes.toml"),
        "[retention]\npositions_days = 30\noperation_positions_days = 60\n",
    )
    .unwrap();
    folder
}

/// Runs `limes journal …` on the folder.
fn journal(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_limes"))
        .arg("journal")
        .args(words)
        .arg("--data")
        .arg(folder)
        .output()
        .unwrap()
}

fn erase(folder: &Path, words: &[&str]) -> Output {
    let config = folder.join("limes.toml");
    let config = ["--config", config.to_str().unwrap()];
    journal(folder, &[&["erase"][..], &config, words].concat())
}

fn said(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn refused(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn bytes(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join("journal.sqlite")).unwrap()
}

#[test]
fn a_dry_run_says_what_is_due_and_what_is_held_and_changes_nothing() {
    let folder = recorded(Some("report.owed"));
    let before = bytes(folder.path());
    let text = said(&erase(folder.path(), &["--due", "--dry-run"]));
    assert!(
        text.contains("access: kept until somebody decides (no retention.access_days)"),
        "{text}"
    );
    assert!(
        text.contains("held back, operation NAGYLAK-27.1 is open"),
        "{text}"
    );
    assert!(text.contains("would be erased"), "{text}");
    assert!(!text.contains(": erased"), "{text}");
    assert_eq!(bytes(folder.path()), before);
    let verified = said(&journal(folder.path(), &["verify"]));
    assert!(!verified.contains("erased by record"), "{verified}");
    // In a year as well: what is held is held.
    let text = said(&erase(
        folder.path(),
        &["--due", "--dry-run", "--at", "2028-06-01T00:00:00Z"],
    ));
    assert!(
        text.contains("operation_positions recorded 2027-03-16"),
        "{text}"
    );
    assert!(!text.contains("operation_positions recorded 2027-03-16 to 2027-03-16, 0 parts"));
    let refused = refused(
        &erase(folder.path(), &["--due", "--at", "2028-06-01T00:00:00Z"]),
        2,
    );
    assert!(refused.contains("is not yet"), "{refused}");
}

#[test]
fn positions_of_a_closed_operation_are_held_until_its_report_is_signed() {
    let folder = recorded(None);
    let text = said(&erase(folder.path(), &["--due"]));
    let held = "operation NAGYLAK-27.1 has a report that is owed and not signed";
    assert!(text.contains(held), "{text}");
    assert!(
        text.contains("arad: operation_positions"),
        "the partner keeps it too: {text}"
    );
    let verified = said(&journal(folder.path(), &["verify"]));
    assert!(verified.ends_with("whole\n"), "{verified}");
}

#[test]
fn a_closed_operation_has_a_day_on_which_it_is_to_be_reviewed() {
    let folder = recorded(None);
    let reviews = |words: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_limes"))
            .args(["report", "reviews", "--data"])
            .arg(folder.path())
            .args(words)
            .output()
            .unwrap()
    };
    let header = "room,operation,closed,reviewed,review_on,due\n";
    let line = "budapest,NAGYLAK-27.1,2027-03-16,,2028-03-15,false\n";
    let text = said(&reviews(&["--every", "365"]));
    assert_eq!(
        text,
        format!("{header}{line}"),
        "the partner's is the partner's"
    );
    assert_eq!(said(&reviews(&["--every", "365", "--due"])), header);
    let text = said(&reviews(&["--every", "30", "--due"]));
    assert!(text.ends_with(",2027-04-15,true\n"), "{text}");
    for wrong in [&["--every", "0"][..], &[]] {
        refused(&reviews(wrong), 2);
    }
}

#[test]
fn what_was_erased_is_told_by_verify_and_the_same_again_finds_nothing() {
    let folder = recorded(Some("operation.opened"));
    let text = said(&erase(folder.path(), &["--due"]));
    assert!(text.contains(": erased"), "{text}");
    assert!(text.contains("backups made before still hold it"), "{text}");
    let verified = said(&journal(folder.path(), &["verify"]));
    assert!(verified.contains("erased by record"), "{verified}");
    assert!(
        verified.contains("of the operating system, because: retention"),
        "{verified}"
    );
    assert!(
        verified.contains("positions recorded 2027-03-16 to 2027-03-16, from"),
        "{verified}"
    );
    assert!(verified.ends_with("whole\n"), "{verified}");
    let again = said(&erase(folder.path(), &["--due"]));
    assert!(again.ends_with("nothing to erase\n"), "{again}");
    let after = said(&journal(folder.path(), &["verify"]));
    assert_eq!(after, verified, "an erasure of nothing is no record");
    let parts = said(&journal(folder.path(), &["verify", "--parts"]));
    assert!(parts.contains(": erased: record "), "{parts}");
}

#[test]
fn an_order_names_who_and_why_and_takes_one_unit() {
    let folder = recorded(Some("operation.opened"));
    let order = [
        "--unit",
        "HU-1",
        "--room",
        "budapest",
        "--until",
        "2027-04-30",
        "--by",
        "Nagy Eva",
        "--reason",
        "order 12/2027",
    ];
    let unknown = erase(
        folder.path(),
        &[&order[..3], &["szeged"], &order[4..]].concat(),
    );
    assert!(refused(&unknown, 1).contains("no ledger here"));
    for missing in ["--by", "--reason", "--until", "--room"] {
        let place = order.iter().position(|word| *word == missing).unwrap();
        let words = [&order[..place], &order[place + 2..]].concat();
        refused(&erase(folder.path(), &words), 2);
    }
    refused(&erase(folder.path(), &[]), 2);
    let text = said(&erase(folder.path(), &order));
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("budapest: positions recorded 2027-03-16 to 2027-03-16")
            && lines[0].ends_with(": erased"),
        "{text}"
    );
    assert_eq!(lines.len(), 2, "one unit, one room: {text}");
    let verified = said(&journal(folder.path(), &["verify"]));
    assert!(
        verified.contains("by Nagy Eva, because: order 12/2027")
            && verified.contains(", of unit HU-1"),
        "{verified}"
    );
    // The others' are still there.
    let rest = said(&erase(folder.path(), &["--due", "--dry-run"]));
    assert!(rest.contains("budapest: positions recorded"), "{rest}");
    let again = said(&erase(folder.path(), &order));
    assert_eq!(again, "nothing to erase\n");
}

#[test]
fn beside_a_running_service_nothing_is_erased() {
    let folder = recorded(Some("operation.opened"));
    let service = SqliteJournal::open(folder.path()).unwrap();
    let sentence = refused(&erase(folder.path(), &["--due"]), 1);
    assert!(
        sentence.contains("stop it, erase, start it again") && sentence.lines().count() == 1,
        "{sentence}"
    );
    let text = said(&erase(folder.path(), &["--due", "--dry-run"]));
    assert!(text.contains("would be erased"), "{text}");
    drop(service);
    said(&erase(folder.path(), &["--due"]));
}

#[test]
fn a_folder_without_a_journal_gets_none_by_erasing() {
    let folder = TempDir::new().unwrap();
    let sentence = refused(&journal(folder.path(), &["erase", "--due"]), 1);
    assert!(sentence.contains("has no journal"), "{sentence}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
