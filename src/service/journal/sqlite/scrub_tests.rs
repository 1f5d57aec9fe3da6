//! Down to the bytes: of what was erased nothing is left in any file of the folder, and the chain is whole whatever was
//! erased in whatever order.

use super::tests::{at, found, positions, range, room, unit};
use super::*;
use crate::domain::ids::UnitId;
use crate::domain::measure::Day;
use crate::service::journal::record::{KeyId, RetentionClass, SubjectKey};
use crate::service::journal::{NewHead, Snapshot, erased};
use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rusqlite::OpenFlags;
use std::collections::{BTreeSet, HashMap};
use tempfile::TempDir;

const DAY: i64 = 86_400_000;

/// Everything in the folder, file by file.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap();
    let read = entries.map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap())
    });
    read.collect()
}

/// In which files each needle is found.
fn traces(folder: &Path, needles: &BTreeSet<Vec<u8>>) -> Vec<String> {
    let mut traces = Vec::new();
    for (name, bytes) in files(folder) {
        // Every needle has at least eight bytes.
        let mut by_head: HashMap<&[u8], Vec<&Vec<u8>>> = HashMap::new();
        for needle in needles {
            by_head.entry(&needle[..8]).or_default().push(needle);
        }
        for (place, window) in bytes.windows(8).enumerate() {
            let Some(candidates) = by_head.get(window) else {
                continue;
            };
            let rest = &bytes[place..];
            let hits = candidates.iter().filter(|needle| rest.starts_with(needle));
            traces.extend(hits.map(|_| name.clone()));
        }
    }
    traces
}

/// The secrets of these keys, and what is sealed under them.
fn secret_bytes(folder: &Path, keys: &[KeyId]) -> (BTreeSet<Vec<u8>>, BTreeSet<Vec<u8>>) {
    let open = |name| {
        Connection::open_with_flags(folder.join(name), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
    };
    let store = open(schema::KEYS_FILE);
    let secret = |key: &KeyId| -> Vec<u8> {
        let sql = "SELECT secret FROM keys WHERE id = ?1";
        store
            .query_row(sql, [&key.0[..]], |row| row.get(0))
            .unwrap()
    };
    let secrets = keys.iter().map(secret).collect();
    let keys: BTreeSet<KeyId> = keys.iter().copied().collect();
    let journal = open(schema::JOURNAL_FILE);
    let sql = format!("SELECT {} FROM records AS r", row::COLUMNS);
    let mut statement = journal.prepare(&sql).unwrap();
    let rows = statement.query_map([], row::StoredRow::read).unwrap();
    let mut sealed = BTreeSet::new();
    for row in rows {
        let row = row.unwrap();
        let parts = row.sealed_parts().unwrap();
        sealed.extend(
            row.parts_under(&keys)
                .into_iter()
                .map(|part| parts[part].to_vec()),
        );
    }
    (secrets, sealed)
}

fn erasure(keys: Vec<KeyId>) -> Erasure {
    Erasure {
        ledger: room("budapest"),
        keys,
        by: "the records office".to_owned(),
        reason: "retention".to_owned(),
        unit: None,
    }
}

/// Three weeks of two hundred units that come and go, so that rows move from page to page.
fn weeks(folder: &Path) -> SqliteJournal {
    let mut journal = SqliteJournal::open(folder).unwrap();
    let mut random = StdRng::seed_from_u64(41);
    for commit in 0..126_i64 {
        let mut names: Vec<String> = (0..random.random_range(1..80))
            .map(|_| format!("UNIT-{:03}", random.random_range(0..200)))
            .collect();
        names.sort();
        names.dedup();
        let parts: Vec<(&str, i64, i64)> = names
            .iter()
            .map(|name| (name.as_str(), commit * 1_000, commit * 1_000 + 900))
            .collect();
        let recorded_at = at(commit * DAY / 6);
        journal
            .append(recorded_at, vec![positions(&parts)])
            .unwrap();
    }
    journal
}

#[test]
fn no_file_holds_a_secret_a_sealed_byte_or_the_name_of_what_was_erased() {
    let folder = TempDir::new().unwrap();
    let mut journal = weeks(folder.path());
    // A snapshot is sealed under a key of its own, and knows all of them.
    let head = journal.head(&room("budapest")).unwrap();
    let snapshot = Snapshot {
        ledger: room("budapest"),
        through: head.seq,
        schema: 1,
        bytes: b"where they all were".to_vec(),
    };
    journal.put_snapshot(&snapshot).unwrap();
    // Of each third unit everything goes, of the others the first two weeks.
    let early = Day::of(at(14 * DAY));
    let goes_whole = |name: &UnitId| {
        let number: u32 = name.as_str()[5..].parse().unwrap();
        number.is_multiple_of(3)
    };
    let keys = journal.keys(&room("budapest")).unwrap();
    let (mut gone, mut names) = (Vec::new(), BTreeSet::new());
    for key in &keys {
        let SubjectKey::Unit(name) = &key.subject else {
            continue;
        };
        if goes_whole(name) {
            names.insert(name.as_str().as_bytes().to_vec());
        }
        if goes_whole(name) || key.day < early {
            gone.push(key.id);
        }
    }
    assert!(gone.len() > 1_000, "{}", gone.len());
    let (secrets, sealed) = secret_bytes(folder.path(), &gone);
    for needles in [&secrets, &sealed, &names] {
        // The search finds what is there.
        assert!(traces(folder.path(), needles).len() >= needles.len());
    }

    journal.erase(at(30 * DAY), &erasure(gone)).unwrap();
    assert!(journal.has_traces());
    journal.scrub().unwrap();
    assert!(!journal.has_traces());
    for needles in [&secrets, &sealed, &names] {
        assert_eq!(traces(folder.path(), needles), Vec::<String>::new());
    }
    let free: i64 = journal
        .connection
        .query_row("PRAGMA freelist_count", [], |row| row.get(0))
        .unwrap();
    assert_eq!(free, 0, "no page is free: none can hold a trace");
    // What was not erased is there, and the chain is whole.
    let request = VerifyRequest::default();
    let verified = journal.reader.verify(&request, &mut |_| {}).unwrap();
    assert_eq!(verified.findings, []);
    assert!(verified.ledgers[0].parts > 1_000);
    assert_eq!(found(&journal, &range("UNIT-003", 0, 126_000)), [""; 0]);
    assert!(!found(&journal, &range("UNIT-001", 84_000, 126_000)).is_empty());
    // Recording goes on, of the same units on the same day too.
    journal
        .append(at(30 * DAY), vec![positions(&[("UNIT-003", 1, 2)])])
        .unwrap();
    assert_eq!(
        found(&journal, &range("UNIT-003", 0, 126_000)),
        ["UNIT-003 1 2"]
    );
    drop(journal);
    assert_eq!(traces(folder.path(), &secrets), Vec::<String>::new());
    assert_eq!(traces(folder.path(), &sealed), Vec::<String>::new());
}

#[test]
fn an_erasure_whose_traces_were_not_overwritten_is_finished_by_the_next_start() {
    let folder = TempDir::new().unwrap();
    let mut journal = weeks(folder.path());
    let keys = journal.keys(&room("budapest")).unwrap();
    let gone: Vec<KeyId> = keys.iter().map(|key| key.id).take(500).collect();
    let (secrets, sealed) = secret_bytes(folder.path(), &gone);
    journal.erase(at(30 * DAY), &erasure(gone)).unwrap();
    drop(journal);
    let journal = SqliteJournal::open(folder.path()).unwrap();
    assert!(!journal.has_traces());
    assert_eq!(traces(folder.path(), &secrets), Vec::<String>::new());
    assert_eq!(traces(folder.path(), &sealed), Vec::<String>::new());
}

#[test]
fn while_another_command_reads_the_log_the_traces_are_not_called_gone() {
    let folder = TempDir::new().unwrap();
    let mut journal = weeks(folder.path());
    let keys = journal.keys(&room("budapest")).unwrap();
    let reader = SqliteReader::open(folder.path()).unwrap();
    let reading = reader.connection.unchecked_transaction().unwrap();
    let _: i64 = reading
        .query_row("SELECT count(*) FROM records", [], |row| row.get(0))
        .unwrap();
    journal
        .erase(at(30 * DAY), &erasure(vec![keys[0].id]))
        .unwrap();
    let refused = journal.scrub().unwrap_err();
    assert!(matches!(refused, JournalError::InUse { .. }), "{refused}");
    assert!(journal.has_traces() && reader.has_traces());
    // A start is not refused for it.
    drop(journal);
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    assert!(journal.has_traces());
    journal
        .append(at(31 * DAY), vec![positions(&[("UNIT-001", 1, 2)])])
        .unwrap();
    drop(reading);
    drop(reader);
    drop(journal);
    assert!(!SqliteJournal::open(folder.path()).unwrap().has_traces());
}

#[test]
fn the_register_and_what_the_room_decides_with_can_not_be_erased() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let head = NewHead {
        ledger: room("budapest"),
        at: at(0),
        kind: "unit.added".to_owned(),
        schema: 1,
        retention: RetentionClass::Service,
        unit: Some(unit("U-1")),
        operation: None,
    };
    let card = NewRecord::of_one(head, SubjectKey::Unit(unit("U-1")), b"card".to_vec());
    journal.append(at(0), vec![card]).unwrap();
    let keys = journal.keys(&room("budapest")).unwrap();
    let refused = journal.erase(at(1), &erasure(vec![keys[0].id]));
    assert!(
        matches!(refused, Err(JournalError::Unfit { .. })),
        "{refused:?}"
    );
    assert!(!journal.has_traces(), "what is refused leaves no mark");
}

/// Why both files are written anew. Should a later `SQLite` wipe where a row stood as well, this says so.
#[test]
fn overwriting_what_is_deleted_leaves_copies_of_rows_that_moved_and_writing_the_file_anew_none() {
    let folder = TempDir::new().unwrap();
    let connection = Connection::open(folder.path().join("rows")).unwrap();
    connection
        .execute_batch(
            "PRAGMA secure_delete = ON;
             CREATE TABLE rows (a INTEGER, b TEXT, c BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID;",
        )
        .unwrap();
    let mut random = StdRng::seed_from_u64(2);
    let rows: Vec<(i64, Vec<u8>)> = (0..6_000)
        .map(|number| {
            let mut bytes = format!("{number:06} needle ").into_bytes();
            bytes.resize(random.random_range(25..600), b'.');
            (random.random_range(0..100_000_i64), bytes)
        })
        .collect();
    let within = |sql: &str, row: &(i64, Vec<u8>)| {
        let params = rusqlite::params![row.0, &row.1[..14], row.1];
        connection
            .prepare_cached(sql)
            .unwrap()
            .execute(params)
            .unwrap();
    };
    for some in rows.chunks(20) {
        connection.execute_batch("BEGIN").unwrap();
        for row in some {
            within(
                "INSERT INTO rows VALUES (?1, cast(substr(?2, 1, 6) AS TEXT), ?3)",
                row,
            );
        }
        connection.execute_batch("COMMIT").unwrap();
    }
    let gone: BTreeSet<Vec<u8>> = rows
        .iter()
        .step_by(2)
        .map(|(_, bytes)| bytes[..14].to_vec())
        .collect();
    connection.execute_batch("BEGIN").unwrap();
    for row in rows.iter().step_by(2) {
        within(
            "DELETE FROM rows WHERE a = ?1 AND b = cast(substr(?2, 1, 6) AS TEXT) AND c = ?3",
            row,
        );
    }
    connection.execute_batch("COMMIT").unwrap();
    assert!(!traces(folder.path(), &gone).is_empty());
    rewrite(&connection).unwrap();
    assert_eq!(traces(folder.path(), &gone), Vec::<String>::new());
}

#[derive(Debug, Clone)]
enum Act {
    /// On a day, of these units.
    Append(i64, Vec<u8>),
    /// Of all keys in their order, each that this number divides.
    Erase(usize),
    Scrub,
    Restart,
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        5 => (0..5_i64, prop::collection::vec(0..6_u8, 1..5)).prop_map(|(day, units)| Act::Append(day, units)),
        2 => (1..5_usize).prop_map(Act::Erase),
        1 => Just(Act::Scrub),
        1 => Just(Act::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_chain_is_whole_and_tells_all_that_was_erased_after_any_appends_and_erasures(
        acts in prop::collection::vec(any_act(), 1..25)
    ) {
        let folder = TempDir::new().unwrap();
        let mut journal = SqliteJournal::open(folder.path()).unwrap();
        let ledger = room("budapest");
        let (mut now, mut erasures) = (0, 0);
        for act in acts {
            now += 1;
            match act {
                Act::Append(day, mut units) => {
                    units.sort_unstable();
                    units.dedup();
                    let names: Vec<String> = units.iter().map(|unit| format!("U-{unit}")).collect();
                    let parts: Vec<(&str, i64, i64)> =
                        names.iter().map(|name| (name.as_str(), now, now)).collect();
                    journal.append(at(day * DAY), vec![positions(&parts)]).unwrap();
                }
                Act::Erase(each) => {
                    let service = |key: &&KeyInfo| key.retention != RetentionClass::Service;
                    let keys = journal.keys(&ledger).unwrap();
                    let keys: Vec<KeyId> =
                        keys.iter().filter(service).map(|key| key.id).step_by(each).collect();
                    if !keys.is_empty() {
                        journal.erase(at(6 * DAY + now), &erasure(keys)).unwrap();
                        erasures += 1;
                    }
                }
                Act::Scrub => journal.scrub().unwrap(),
                Act::Restart => {
                    drop(journal);
                    journal = SqliteJournal::open(folder.path()).unwrap();
                }
            }
        }
        let verified = journal.reader.verify(&VerifyRequest::default(), &mut |_| {}).unwrap();
        prop_assert_eq!(verified.findings, []);
        let Some(seen) = verified.ledgers.first() else {
            return Ok(());
        };
        let told = erased(&journal, &ledger).unwrap();
        prop_assert_eq!(told.len(), erasures);
        let of = seen.erasures.values().flat_map(|told| &told.of);
        let parts: u64 = of.map(|of| of.parts).sum();
        prop_assert_eq!(parts, seen.erased.len() as u64);
    }
}
