use super::*;
use crate::domain::event::{Event, LinkEvent, LinkEventKind, RoomHead, What};
use crate::domain::ids::{State, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::registry::RoomCard;
use crate::domain::registry_change::Author;
use crate::service::journal::{
    Erasure, Journal as _, NewHead, NewRecord, RetentionClass, SqliteJournal, SubjectKey, chain,
};
use crate::service::registry::Made;
use crate::wire::stored::StoredEvent;
use clap::FromArgMatches as _;
use serde_json::Value;
use tempfile::TempDir;

fn room_id(name: &str) -> RoomId {
    RoomId::parse(name).unwrap()
}

fn record(ledger: &str, unit: &str, payload: &[u8]) -> NewRecord {
    let unit = UnitId::parse(unit).unwrap();
    NewRecord::of_one(
        NewHead {
            ledger: room_id(ledger),
            at: Timestamp::EPOCH,
            kind: "unit.located".to_owned(),
            schema: 1,
            retention: RetentionClass::Operation,
            unit: Some(unit.clone()),
            operation: None,
        },
        SubjectKey::Unit(unit),
        payload.to_vec(),
    )
}

/// A journal of two rooms with one erasure.
fn example() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let records = vec![
        record("budapest", "U-1", br#"{"b":1.50,"a":"x"}"#),
        record("arad", "U-1", b"\xff\x00"),
        record("budapest", "U-2", b"gone"),
    ];
    journal.append(Timestamp::EPOCH, records).unwrap();
    let keys = journal.keys(&room_id("budapest")).unwrap();
    let keys = keys
        .iter()
        .filter(|key| key.subject.to_string() == "unit:U-2");
    let erasure = Erasure {
        ledger: room_id("budapest"),
        keys: keys.map(|key| key.id).collect(),
        by: "the records office".to_owned(),
        reason: "retention".to_owned(),
        unit: None,
    };
    journal.erase(Timestamp::EPOCH, &erasure).unwrap();
    folder
}

/// A journal of a partner to which `budapest` told how far its record had come.
fn of_a_partner(head: &Head) -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let told = RoomHead {
        seq: head.seq,
        hash: head.hash.to_string().into(),
        at: Timestamp::EPOCH,
    };
    let event = Event {
        at: Timestamp::EPOCH,
        what: What::Link(LinkEvent {
            partner: head.ledger.clone(),
            kind: LinkEventKind::Head(told),
        }),
    };
    let head = NewHead {
        ledger: room_id("arad"),
        at: Timestamp::EPOCH,
        kind: event.kind().to_owned(),
        schema: 1,
        retention: RetentionClass::Service,
        unit: None,
        operation: None,
    };
    let payload = StoredEvent::of(&event, None).unwrap().to_bytes();
    let record = NewRecord::of_one(head, SubjectKey::Room, payload);
    journal.append(Timestamp::EPOCH, vec![record]).unwrap();
    folder
}

#[test]
fn what_a_partner_was_told_finds_a_record_whose_end_was_cut_off() {
    let (folder, partner) = (example(), TempDir::new().unwrap());
    let data = folder.path().to_str().unwrap();
    let head = SqliteReader::open(folder.path()).unwrap();
    let head = head.head(&room_id("budapest")).unwrap();
    let theirs = of_a_partner(&head);
    let theirs = theirs.path().to_str().unwrap();
    let (heads, _) = limes(&["heads", "--data", theirs]).unwrap();
    assert_eq!(heads, format!("{head}\n"));
    let (of_nobody, _) = limes(&["heads", "--data", theirs, "--of", "arad"]).unwrap();
    assert_eq!(of_nobody, "");
    let file = partner.path().join("heads");
    std::fs::write(&file, &heads).unwrap();
    let file = file.to_str().unwrap();
    let (text, whole) = limes(&["verify", "--data", data, "--heads", file]).unwrap();
    assert!(whole, "{text}");
    // The same record without its end is whole by itself, and not what was told.
    let cut = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(cut.path()).unwrap();
    let first = record("budapest", "U-1", br#"{"b":1.50,"a":"x"}"#);
    journal.append(Timestamp::EPOCH, vec![first]).unwrap();
    drop(journal);
    let cut = cut.path().to_str().unwrap();
    assert!(limes(&["verify", "--data", cut]).unwrap().1);
    let (text, whole) = limes(&["verify", "--data", cut, "--heads", file]).unwrap();
    assert!(!whole && text.contains("cut off"), "{text}");
    // A file that names no ledger of the folder proves nothing, and says so.
    assert!(limes(&["verify", "--data", theirs, "--heads", file]).is_err());
    std::fs::write(file, "budapest:3\n").unwrap();
    let error = limes(&["verify", "--data", data, "--heads", file]).unwrap_err();
    assert!(error.to_string().contains("line 1"), "{error}");
}

/// Runs one subcommand as its words say; answers what it wrote and whether all was well.
fn limes(words: &[&str]) -> anyhow::Result<(String, bool)> {
    let command = Command::augment_subcommands(clap::Command::new("journal"));
    let matches = command.try_get_matches_from(["journal"].iter().chain(words))?;
    let mut out = Vec::new();
    let code = match Command::from_arg_matches(&matches)? {
        Command::Verify(args) => verify(&args, &mut out),
        Command::Export(args) => export(&args, &mut out),
        Command::Heads(args) => heads::run(&args, &mut out),
        Command::Stats(args) => stats(&args, &mut out),
        Command::Backup(args) => back_up(&args.data, &args.to, &mut out),
        Command::Restore(args) => back_up(&args.from, &args.data, &mut out),
        Command::Erase(args) => erase::run(&args, &mut out),
    }?;
    Ok((String::from_utf8(out).unwrap(), code == ExitCode::SUCCESS))
}

#[test]
fn verify_prints_heads_that_a_later_verify_takes() {
    let folder = example();
    let data = folder.path().to_str().unwrap();
    let (text, whole) = limes(&["verify", "--data", data]).unwrap();
    assert!(whole, "{text}");
    assert!(
        text.contains("budapest: 3 records, 2 parts opened, 1 erased"),
        "{text}"
    );
    assert!(text.contains("by record 3"), "{text}");
    let heads: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("head "))
        .collect();
    let [arad, budapest] = heads.as_slice() else {
        panic!("two heads, not {text}");
    };
    let (_, whole) =
        limes(&["verify", "--data", data, "--head", arad, "--head", budapest]).unwrap();
    assert!(whole);
    let other = budapest.replacen(":3:", ":2:", 1);
    let (text, whole) = limes(&["verify", "--data", data, "--head", &other]).unwrap();
    assert!(
        !whole && text.contains("WRONG budapest: record 2"),
        "{text}"
    );
    let beyond = budapest.replacen(":3:", ":4:", 1);
    let (text, whole) = limes(&["verify", "--data", data, "--head", &beyond]).unwrap();
    assert!(!whole && text.contains("cut off"), "{text}");
    assert!(limes(&["verify", "--data", data, "--room", "nobody"]).is_err());
    assert!(limes(&["verify", "--data", data, "--head", "budapest"]).is_err());
}

#[test]
fn an_export_can_be_verified_by_a_stranger() {
    let folder = example();
    let data = folder.path().to_str().unwrap();
    let (text, _) = limes(&["export", "--data", data]).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 4);
    assert!(text.contains(r#""payload":{"b":1.50,"a":"x"}"#), "{text}");
    assert_eq!(lines[1]["parts"][0]["payload_base64"], "/wA=");
    assert_eq!(lines[2]["parts"][0]["erased"], true);
    assert!(lines[2]["parts"][0]["salt"].is_null() && lines[2]["unit"].is_null());
    assert_eq!(lines[3]["prev"], lines[2]["hash"]);
    assert_eq!(
        lines[0]["prev"],
        chain::genesis(&room_id("budapest")).to_string()
    );
    let salt =
        crate::service::journal::PartDigest::parse(lines[0]["parts"][0]["salt"].as_str().unwrap());
    let unit = UnitId::parse("U-1").unwrap();
    let content = chain::PartContent {
        unit: Some(&unit),
        operation: None,
        spans: &[],
        payload: br#"{"b":1.50,"a":"x"}"#,
    };
    let digest = chain::digest(&salt.unwrap().0, content).to_string();
    assert_eq!(lines[0]["parts"][0]["digest"], digest);

    let (text, _) = limes(&[
        "export", "--data", data, "--room", "budapest", "--since", "2",
    ])
    .unwrap();
    assert_eq!(text.lines().count(), 1);
    let (text, _) = limes(&["export", "--data", data, "--kind", "unit.located"]).unwrap();
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn stats_count_by_room_and_kind() {
    let folder = example();
    let data = folder.path().to_str().unwrap();
    let (text, _) = limes(&["stats", "--data", data, "--room", "budapest"]).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[1].starts_with("budapest,journal.erased,1,"));
    assert!(lines[2].starts_with("budapest,unit.located,2,"));
}

#[test]
fn a_backup_takes_the_registry_along_and_stays_that_of_an_exercise() {
    let folder = example();
    let data = DataDir::existing(folder.path()).unwrap();
    data.mark("NAGYLAK-27").unwrap();
    let registry = Registry::open(&data).unwrap();
    let made = Made {
        by: Author::OsUser("test".into()),
        at: Timestamp::EPOCH,
    };
    let room = RoomCard {
        room: RoomId::parse("budapest").unwrap(),
        state: State::parse("HU").unwrap(),
    };
    registry
        .change(&made, |writer| writer.add_room(room.clone()))
        .unwrap();
    let place = TempDir::new().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    limes(&[
        "backup",
        "--data",
        folder.path().to_str().unwrap(),
        "--to",
        &path("b"),
    ])
    .unwrap();
    limes(&["restore", "--from", &path("b"), "--data", &path("new")]).unwrap();
    let restored = DataDir::existing(&place.path().join("new")).unwrap();
    assert_eq!(restored.permission_hint(), None);
    assert!(restored.keep_apart(None).is_err(), "taken for real");
    restored.keep_apart(Some("NAGYLAK-27")).unwrap();
    let rooms = Registry::open(&restored).unwrap().picture();
    assert!(rooms.rooms().any(|card| *card == room));
}

#[test]
fn a_backup_beside_the_service_is_restored_into_a_new_folder_only() {
    let folder = example();
    let service = SqliteJournal::open(folder.path()).unwrap();
    let place = TempDir::new().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let data = folder.path().to_str().unwrap();
    let (text, whole) = limes(&["backup", "--data", data, "--to", &path("backup")]).unwrap();
    assert!(whole, "{text}");
    assert!(limes(&["backup", "--data", data, "--to", &path("backup")]).is_err());
    assert!(limes(&["restore", "--from", &path("backup"), "--data", data]).is_err());
    assert!(
        limes(&[
            "restore",
            "--from",
            &path("nothing"),
            "--data",
            &path("new")
        ])
        .is_err()
    );
    let (text, whole) =
        limes(&["restore", "--from", &path("backup"), "--data", &path("new")]).unwrap();
    assert!(whole, "{text}");
    let mut restored = SqliteJournal::open(&place.path().join("new")).unwrap();
    assert_eq!(restored.heads().unwrap(), service.heads().unwrap());
    restored
        .append(Timestamp::EPOCH, vec![record("arad", "U-1", b"on")])
        .unwrap();
}
