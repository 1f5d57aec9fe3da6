//! The verifier is itself put to the test: whatever is altered, it must say so.

use super::tests::{about, all, at, event, positions, room, unit};
use super::*;
use crate::service::journal::SubjectKey;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use rusqlite::types::Value;
use tempfile::TempDir;

/// A journal with everything in it: two ledgers, positions short and long, an erasure, snapshots.
fn example() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let mut wide = positions(&[("U-2", -9_000_000, 0), ("U-3", 1, 2)]);
    wide.at = at(7);
    journal
        .append(
            at(0),
            vec![
                event("arad", "operation.opened", "shared"),
                about("U-1", "crossing.suspected", "suspected"),
                about("U-2", "crossing.confirmed", "confirmed"),
                positions(&[("U-1", 0, 900), ("U-2", 0, 900)]),
            ],
        )
        .unwrap();
    journal.append(at(1), vec![wide]).unwrap();
    let keys = journal.keys(&room("budapest")).unwrap();
    let keys = keys
        .into_iter()
        .filter(|key| key.subject == SubjectKey::Unit(unit("U-1")))
        .map(|key| key.id)
        .collect();
    let erasure = Erasure {
        ledger: room("budapest"),
        keys,
        by: "the records office".to_owned(),
        reason: "retention".to_owned(),
        unit: None,
    };
    journal.erase(at(2), &erasure).unwrap();
    for (ledger, through) in [("budapest", 5), ("arad", 1)] {
        let snapshot = Snapshot {
            ledger: room(ledger),
            through: Seq(through),
            schema: 1,
            bytes: b"a picture".to_vec(),
        };
        journal.put_snapshot(&snapshot).unwrap();
    }
    // With these and the last commit a run is closed.
    for n in 3..5 {
        let more = vec![event("budapest", "a", "")];
        journal.append(at(n), more).unwrap();
    }
    let more = vec![
        about("U-2", "crossing.retracted", "no"),
        event("arad", "a", ""),
    ];
    journal.append(at(5), more).unwrap();
    folder
}

fn verify(folder: &Path, noted: Vec<Head>) -> Verified {
    let request = VerifyRequest { only: None, noted };
    let reader = SqliteReader::open(folder).unwrap();
    reader.verify(&request, &mut |_| ()).unwrap()
}

#[test]
fn a_whole_journal_has_no_findings_and_names_what_was_erased() {
    let folder = example();
    let verified = verify(folder.path(), Vec::new());
    assert_eq!(verified.findings, []);
    let [arad, budapest] = verified.ledgers.as_slice() else {
        panic!("two ledgers, not {verified:?}");
    };
    assert_eq!((arad.records, arad.erased.len()), (2, 0));
    assert_eq!((budapest.records, budapest.head.seq), (8, Seq(8)));
    let erased: Vec<(u64, usize, u64)> = budapest
        .erased
        .iter()
        .map(|part| (part.seq.0, part.part, part.by.0))
        .collect();
    assert_eq!(erased, [(1, 0, 5), (3, 0, 5)]);
    assert_eq!(budapest.snapshot, Some(Seq(5)));
}

/// Everything that is stored about records, by file.
const COLUMNS: [(&str, &str, &[&str]); 9] = [
    (
        schema::JOURNAL_FILE,
        "records",
        &[
            "ledger",
            "seq",
            "at",
            "recorded_at",
            "kind",
            "schema",
            "retention",
            "unit",
            "operation",
            "hash",
            "parts",
            "sealed",
        ],
    ),
    (
        schema::JOURNAL_FILE,
        "spans",
        &["ledger", "seq", "count", "packed"],
    ),
    (
        schema::JOURNAL_FILE,
        "runs",
        &["ledger", "through", "from_ms", "to_ms"],
    ),
    (
        schema::JOURNAL_FILE,
        "spans_by_unit",
        &["ledger", "through", "unit", "places"],
    ),
    (schema::JOURNAL_FILE, "ledgers", &["room", "oldest"]),
    (schema::JOURNAL_FILE, "erased", &["key", "ledger", "seq"]),
    (
        schema::JOURNAL_FILE,
        "snapshots",
        &["ledger", "through", "schema", "key", "digest"],
    ),
    (
        schema::JOURNAL_FILE,
        "snapshot_pieces",
        &["ledger", "key", "piece", "digest", "sealed"],
    ),
    (
        schema::KEYS_FILE,
        "keys",
        &["id", "ledger", "subject", "retention", "day", "secret"],
    ),
];

fn altered(value: &Value, random: &mut StdRng) -> Option<Value> {
    let mut flip = |bytes: &[u8]| -> Option<Vec<u8>> {
        let mut bytes = bytes.to_vec();
        let at = random.random_range(0..bytes.len().max(1));
        *bytes.get_mut(at)? ^= 1 << random.random_range(0..8);
        Some(bytes)
    };
    match value {
        Value::Null | Value::Real(_) => None,
        Value::Integer(number) => Some(Value::Integer(number ^ (1 << random.random_range(0..63)))),
        // As bytes: what comes out need not be a text.
        Value::Text(text) => flip(text.as_bytes()).map(Value::Blob),
        Value::Blob(bytes) => flip(bytes).map(Value::Blob),
    }
}

/// All values of a table's column, with what finds their rows again.
fn values(raw: &Connection, table: &str, column: &str) -> Vec<Value> {
    let sql = format!("SELECT {column} FROM {table}");
    let mut statement = raw.prepare(&sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// Both files, as bytes.
fn files(folder: &Path) -> Vec<(&'static str, Vec<u8>)> {
    assert!(
        !folder.join("journal.sqlite-wal").exists(),
        "the log was written back"
    );
    let names = [schema::JOURNAL_FILE, schema::KEYS_FILE];
    names
        .map(|name| (name, std::fs::read(folder.join(name)).unwrap()))
        .to_vec()
}

/// A folder with these files.
fn folder_of(files: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// Alters one bit of one value somewhere, and says what; `None` when a rule of the store refuses it.
fn alter(folder: &Path, random: &mut StdRng) -> Option<String> {
    let (file, table, columns) = COLUMNS[random.random_range(0..COLUMNS.len())];
    let column = columns[random.random_range(0..columns.len())];
    let raw = Connection::open(folder.join(file)).unwrap();
    raw.execute_batch("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF")
        .unwrap();
    let values = values(&raw, table, column);
    let value = &values[random.random_range(0..values.len())];
    let new = altered(value, random)?;
    let typed = if matches!(value, Value::Text(_)) {
        "CAST(?1 AS TEXT)"
    } else {
        "?1"
    };
    // One row only: the first with that value.
    let key = match table {
        "erased" => "key",
        "keys" => "id",
        "spans" => "(ledger, seq)",
        "runs" => "(ledger, through)",
        "spans_by_unit" => "(ledger, through, unit)",
        _ => "rowid",
    };
    let sql = format!(
        "UPDATE {table} SET {column} = {typed}
         WHERE {key} = (SELECT {} FROM {table} WHERE {column} = ?2 LIMIT 1)",
        key.trim_matches(['(', ')'])
    );
    raw.execute(&sql, rusqlite::params![new, value]).ok()?;
    Some(format!("{table}.{column}: {value:?} became {new:?}"))
}

#[test]
fn a_thousand_altered_bits_are_a_thousand_findings() {
    let files = files(example().path());
    let mut random = StdRng::seed_from_u64(40);
    let mut tried = 0;
    while tried < 1_000 {
        let folder = folder_of(&files);
        let Some(what) = alter(folder.path(), &mut random) else {
            continue;
        };
        let findings = verify(folder.path(), Vec::new()).findings;
        assert!(!findings.is_empty(), "unseen: {what}");
        tried += 1;
    }
    assert_eq!(verify(folder_of(&files).path(), Vec::new()).findings, []);
}

#[test]
fn altered_bytes_of_the_file_are_found_or_change_nothing() {
    let folder = example();
    let journal = SqliteJournal::open(folder.path()).unwrap();
    let records = all(&journal);
    drop(journal);
    let files = files(folder.path());
    let mut random = StdRng::seed_from_u64(41);
    let mut found = 0;
    for _ in 0..150 {
        let mut files = files.clone();
        let bytes = &mut files[0].1;
        for _ in 0..10 {
            let at = random.random_range(0..bytes.len());
            bytes[at] ^= 1 << random.random_range(0..8);
        }
        let copy = folder_of(&files);
        let verified = SqliteReader::open(copy.path())
            .and_then(|reader| reader.verify(&VerifyRequest::default(), &mut |_| ()));
        if verified.is_ok_and(|verified| verified.findings.is_empty()) {
            assert_eq!(all(&SqliteReader::open(copy.path()).unwrap()), records);
        } else {
            found += 1;
        }
    }
    assert!(found > 20, "only {found} of 150 touched anything");
}

#[test]
fn a_file_cut_short_is_found() {
    let folder = example();
    let path = folder.path().join(schema::JOURNAL_FILE);
    let bytes = std::fs::read(&path).unwrap();
    for part in 1..8 {
        std::fs::write(&path, &bytes[..bytes.len() * part / 8]).unwrap();
        let verified = SqliteReader::open(folder.path())
            .and_then(|reader| reader.verify(&VerifyRequest::default(), &mut |_| ()));
        assert!(verified.is_err() || !verified.unwrap().findings.is_empty());
    }
}

#[test]
fn a_cut_tail_and_a_history_written_anew_are_found_by_a_noted_head() {
    let folder = example();
    let noted: Vec<Head> = verify(folder.path(), Vec::new())
        .ledgers
        .into_iter()
        .map(|ledger| ledger.head)
        .collect();
    assert_eq!(verify(folder.path(), noted.clone()).findings, []);
    let raw = Connection::open(folder.path().join(schema::JOURNAL_FILE)).unwrap();
    raw.execute("DELETE FROM records WHERE kind = 'crossing.retracted'", [])
        .unwrap();
    assert_eq!(verify(folder.path(), Vec::new()).findings, []);
    assert_eq!(verify(folder.path(), noted.clone()).findings.len(), 1);
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    journal
        .append(at(4), vec![about("U-2", "crossing.retracted", "yes")])
        .unwrap();
    assert_eq!(verify(folder.path(), Vec::new()).findings, []);
    assert_eq!(verify(folder.path(), noted).findings.len(), 1);
}

#[test]
fn a_payload_removed_without_a_record_is_found() {
    let folder = example();
    let raw = Connection::open(folder.path().join(schema::JOURNAL_FILE)).unwrap();
    raw.execute(
        "UPDATE records SET sealed = x'00000000', unit = NULL, operation = NULL WHERE kind = 'crossing.confirmed'",
        [],
    )
    .unwrap();
    let findings = verify(folder.path(), Vec::new()).findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].what.contains("no erasure is recorded"));
}

#[test]
fn an_erasure_cut_off_is_seen_and_completed_at_the_next_start() {
    let folder = example();
    let kept = Connection::open(folder.path().join(schema::KEYS_FILE)).unwrap();
    // The key of the shared record: erased on paper, still in the store.
    let key: Vec<u8> = kept
        .query_row(
            "SELECT id FROM keys WHERE ledger = 'budapest' AND subject = 'unit:U-3'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let copy: Vec<Value> = kept
        .query_row("SELECT * FROM keys WHERE id = ?1", [&key], |row| {
            (0..6).map(|column| row.get(column)).collect()
        })
        .unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let erasure = Erasure {
        ledger: room("budapest"),
        keys: vec![crate::service::journal::KeyId::from_slice(&key).unwrap()],
        by: "the records office".to_owned(),
        reason: "retention".to_owned(),
        unit: None,
    };
    journal.erase(at(5), &erasure).unwrap();
    drop(journal);
    kept.execute(
        "INSERT INTO keys VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        rusqlite::params_from_iter(copy),
    )
    .unwrap();
    let findings = verify(folder.path(), Vec::new()).findings;
    assert!(
        findings
            .iter()
            .any(|finding| finding.what.contains("still exists")),
        "{findings:?}"
    );
    drop(SqliteJournal::open(folder.path()).unwrap());
    assert_eq!(verify(folder.path(), Vec::new()).findings, []);
}

#[test]
fn what_was_erased_is_in_no_byte_of_the_files() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let name = "U-Erased-Officer";
    journal
        .append(
            at(0),
            vec![
                about(name, "a", "x"),
                positions(&[(name, 0, 5), ("U-2", 0, 5)]),
            ],
        )
        .unwrap();
    let secrets: Vec<Vec<u8>> = {
        let raw = Connection::open(folder.path().join(schema::KEYS_FILE)).unwrap();
        let mut statement = raw
            .prepare("SELECT secret FROM keys WHERE subject LIKE '%Erased%'")
            .unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(secrets.len(), 2);
    let traces = |folder: &Path| -> usize {
        let files = std::fs::read_dir(folder).unwrap();
        let holds = |bytes: &[u8], needle: &[u8]| {
            bytes.windows(needle.len()).any(|window| window == needle)
        };
        files
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .map(|bytes| {
                secrets
                    .iter()
                    .filter(|secret| holds(&bytes, secret))
                    .count()
                    + usize::from(holds(&bytes, name.as_bytes()))
            })
            .sum()
    };
    assert!(traces(folder.path()) >= 3);
    let keys = journal.keys(&room("budapest")).unwrap().into_iter();
    let subject = SubjectKey::Unit(unit(name));
    let erasure = Erasure {
        ledger: room("budapest"),
        keys: keys
            .filter(|key| key.subject == subject)
            .map(|key| key.id)
            .collect(),
        by: "the records office".to_owned(),
        reason: "retention".to_owned(),
        unit: None,
    };
    journal.erase(at(1), &erasure).unwrap();
    assert_eq!(traces(folder.path()), 0);
}
