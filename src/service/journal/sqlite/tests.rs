use super::*;
use crate::domain::ids::{OperationId, SourceId, UnitId};
use crate::service::journal::chain;
use crate::service::journal::record::{
    KIND_ERASED, KIND_POSITIONS, NewHead, Part, PositionSpan, RetentionClass, SubjectKey,
};
use tempfile::TempDir;

pub(super) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000 + millis)
}

pub(super) fn room(name: &str) -> RoomId {
    RoomId::parse(name).unwrap()
}

pub(super) fn unit(name: &str) -> UnitId {
    UnitId::parse(name).unwrap()
}

pub(super) fn event(ledger: &str, kind: &str, payload: &str) -> NewRecord {
    NewRecord::of_one(
        NewHead {
            ledger: room(ledger),
            at: at(0),
            kind: kind.to_owned(),
            schema: 1,
            retention: RetentionClass::Operation,
            unit: None,
            operation: None,
        },
        SubjectKey::Room,
        payload.as_bytes().to_vec(),
    )
}

pub(super) fn about(unit_id: &str, kind: &str, payload: &str) -> NewRecord {
    let mut record = event("budapest", kind, payload);
    record.unit = Some(unit(unit_id));
    record.operation = Some(OperationId::parse("OP-1").unwrap());
    record.parts[0].subject = SubjectKey::Unit(unit(unit_id));
    record
}

pub(super) fn positions(parts: &[(&str, i64, i64)]) -> NewRecord {
    let mut record = event("budapest", KIND_POSITIONS, "");
    record.retention = RetentionClass::Positions;
    record.parts = parts
        .iter()
        .map(|(name, from, to)| Part {
            subject: SubjectKey::Unit(unit(name)),
            payload: format!("{name} {from} {to}").into_bytes(),
            positions: vec![PositionSpan {
                unit: unit(name),
                source: SourceId::parse("phone").unwrap(),
                from: at(*from),
                to: at(*to),
            }],
        })
        .collect();
    record
}

pub(super) fn all(journal: &dyn JournalRead) -> Vec<Record> {
    let mut records = Vec::new();
    journal
        .fold(&BTreeMap::new(), &mut |record| {
            records.push(record);
            ControlFlow::Continue(())
        })
        .unwrap();
    records
}

fn payloads(records: &[Record]) -> Vec<String> {
    let text = |record: &Record| String::from_utf8_lossy(record.payload().unwrap()).into_owned();
    records.iter().map(text).collect()
}

/// The number that a query answers.
pub(super) fn count(journal: &SqliteJournal, sql: &str) -> i64 {
    let connection = &journal.connection;
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

pub(super) fn range(unit_id: &str, from: i64, to: i64) -> PositionQuery {
    PositionQuery {
        ledger: room("budapest"),
        unit: unit(unit_id),
        from: at(from),
        to: at(to),
    }
}

pub(super) fn found(journal: &dyn JournalRead, query: &PositionQuery) -> Vec<String> {
    let mut found = Vec::new();
    journal
        .positions(query, &mut |part| {
            found.push(String::from_utf8(part.payload).unwrap());
            ControlFlow::Continue(())
        })
        .unwrap();
    found
}

#[test]
fn what_was_appended_is_read_again_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let appended = journal
        .append(
            at(5),
            vec![
                event("budapest", "unit.located", "one"),
                event("arad", "unit.located", "shared"),
                event("budapest", "crossing.suspected", "two"),
            ],
        )
        .unwrap();
    let numbers: Vec<(String, u64)> = appended
        .iter()
        .map(|done| (done.ledger.to_string(), done.seq.0))
        .collect();
    assert_eq!(
        numbers,
        [
            ("budapest".to_owned(), 1),
            ("arad".to_owned(), 1),
            ("budapest".to_owned(), 2)
        ]
    );
    let heads = journal.heads().unwrap();
    drop(journal);

    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    assert_eq!(journal.heads().unwrap(), heads);
    let records = all(&journal);
    assert_eq!(payloads(&records), ["one", "shared", "two"]);
    assert_eq!(records[2].header.prev, records[0].hash);
    assert_eq!(records[1].header.prev, chain::genesis(&room("arad")));
    assert_eq!(records[2].header.recorded_at, at(5));
    let next = journal
        .append(
            at(6),
            vec![event("budapest", "crossing.confirmed", "three")],
        )
        .unwrap();
    assert_eq!(next[0].seq, Seq(3));
}

#[test]
fn a_reader_beside_the_writer_sees_what_was_appended_last() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let reader = journal.open_reader().unwrap();
    assert_eq!(reader.head(&room("budapest")).unwrap().seq, Seq::ZERO);
    journal
        .append(at(0), vec![event("budapest", "a", "1")])
        .unwrap();
    assert_eq!(reader.head(&room("budapest")).unwrap().seq, Seq(1));
    assert_eq!(payloads(&all(reader.as_ref())), ["1"]);
}

#[test]
fn pages_go_on_from_next_and_filters_leave_no_hole_in_the_cursor() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let records = (0..10)
        .map(|number| {
            let kind = if number % 2 == 0 { "even" } else { "odd" };
            about(&format!("U-{}", number % 3), kind, &number.to_string())
        })
        .collect();
    journal.append(at(0), records).unwrap();
    let ask = |query: &RecordQuery| {
        let page = journal.records(query).unwrap();
        (payloads(&page.records).join(" "), page.next.0)
    };
    let mut query = RecordQuery::since(room("budapest"), Seq(2), 3);
    assert_eq!(ask(&query), ("2 3 4".to_owned(), 5));
    query.kinds = vec!["odd".to_owned()];
    assert_eq!(ask(&query), ("3 5 7".to_owned(), 8));
    query.limit = 100;
    assert_eq!(ask(&query), ("3 5 7 9".to_owned(), 10));
    query.unit = Some(unit("U-0"));
    assert_eq!(ask(&query), ("3 9".to_owned(), 10));
    query.kinds.clear();
    query.without_kinds = vec!["odd".to_owned()];
    assert_eq!(ask(&query), ("6".to_owned(), 10));
    query.operation = OperationId::parse("OP-2").ok();
    assert_eq!(ask(&query), (String::new(), 10));
    let beyond = RecordQuery::since(room("budapest"), Seq(10), 5);
    assert_eq!(ask(&beyond), (String::new(), 10));
    let ahead = RecordQuery::since(room("budapest"), Seq(99), 5);
    assert_eq!(ask(&ahead), (String::new(), 99));
    let nobody = RecordQuery::since(room("nobody"), Seq(0), 5);
    assert_eq!(ask(&nobody), (String::new(), 0));
}

#[test]
fn positions_are_found_by_unit_and_time_also_in_long_spans() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let hour = 3_600_000;
    journal
        .append(
            at(0),
            vec![
                positions(&[("U-1", 0, 1_000), ("U-2", 0, 1_000)]),
                positions(&[("U-1", 2_000, 3_000)]),
                positions(&[("U-1", -20 * hour, 500)]),
                positions(&[("U-1", 4_000, 4_000)]),
            ],
        )
        .unwrap();
    let long = format!("U-1 {} 500", -20 * hour);
    assert_eq!(
        found(&journal, &range("U-1", 3_000, 4_000)),
        ["U-1 2000 3000", "U-1 4000 4000"]
    );
    assert_eq!(
        found(&journal, &range("U-1", 400, 1_999)),
        [long.as_str(), "U-1 0 1000"]
    );
    assert_eq!(found(&journal, &range("U-1", -9 * hour, -8 * hour)), [long]);
    assert_eq!(found(&journal, &range("U-2", 0, 9_000)), ["U-2 0 1000"]);
    assert!(found(&journal, &range("U-2", 1_001, 9_000)).is_empty());
}

#[test]
fn one_service_at_a_time_and_readers_beside_it() {
    let folder = TempDir::new().unwrap();
    let journal = SqliteJournal::open(folder.path()).unwrap();
    let second = SqliteJournal::open(folder.path()).err().unwrap();
    assert!(matches!(second, JournalError::Locked { .. }), "{second}");
    assert!(SqliteReader::open(folder.path()).is_ok());
    drop(journal);
    assert!(SqliteJournal::open(folder.path()).is_ok());
}

#[test]
fn erasing_one_unit_leaves_the_others_and_the_chain() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    journal
        .append(
            at(0),
            vec![
                about("U-1", "crossing.confirmed", "secret of one"),
                about("U-2", "crossing.confirmed", "of two"),
                positions(&[("U-1", 0, 1), ("U-2", 0, 1)]),
            ],
        )
        .unwrap();
    let subject = SubjectKey::Unit(unit("U-1"));
    let keys = journal.keys(&room("budapest")).unwrap();
    let keys: Vec<_> = keys
        .into_iter()
        .filter(|key| key.subject == subject)
        .map(|key| key.id)
        .collect();
    assert_eq!(keys.len(), 2, "one per retention class");
    let done = journal
        .erase(
            at(1),
            &Erasure {
                ledger: room("budapest"),
                keys,
                by: "the records office".to_owned(),
                reason: "retention".to_owned(),
                unit: None,
            },
        )
        .unwrap();
    assert_eq!(done.seq, Seq(4));

    let records = all(&journal);
    assert!(records[0].is_erased() && records[0].unit.is_none());
    assert_eq!(records[1].payload(), Some(&b"of two"[..]));
    assert!(records[2].payloads[0].is_none() && records[2].payloads[1].is_some());
    assert_eq!(records[3].header.kind, KIND_ERASED);
    assert!(found(&journal, &range("U-1", 0, 9)).is_empty());
    assert_eq!(found(&journal, &range("U-2", 0, 9)), ["U-2 0 1"]);
    // The unit may go on: a new key.
    journal
        .append(at(2), vec![about("U-1", "unit.located", "again")])
        .unwrap();
    assert_eq!(all(&journal)[4].payload(), Some(&b"again"[..]));
}

#[test]
fn a_full_disk_keeps_nothing_of_the_append_and_the_next_one_goes_on() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    journal
        .append(at(0), vec![event("budapest", "a", "1")])
        .unwrap();
    let heads = journal.heads().unwrap();
    let pages: i64 = journal
        .connection
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    let limit = |journal: &SqliteJournal, pages: i64| {
        journal
            .connection
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
            .unwrap();
    };
    limit(&journal, pages + 4);
    let big = "x".repeat(100_000);
    let refused = journal.append(
        at(1),
        vec![event("arad", "a", "small"), event("budapest", "a", &big)],
    );
    assert!(matches!(refused, Err(JournalError::Full)), "{refused:?}");
    assert_eq!(journal.heads().unwrap(), heads);
    limit(&journal, 1_000_000);
    let done = journal
        .append(at(2), vec![event("budapest", "a", &big)])
        .unwrap();
    assert_eq!(done[0].seq, Seq(2));
    assert_eq!(all(&journal).len(), 2);
}

#[test]
fn a_failed_write_stops_the_journal_until_it_is_opened_again() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    journal
        .append(at(0), vec![event("budapest", "a", "1")])
        .unwrap();
    journal
        .connection
        .execute_batch("PRAGMA query_only = ON")
        .unwrap();
    let failed = journal.append(at(1), vec![event("budapest", "a", "2")]);
    assert!(matches!(failed, Err(JournalError::Io { .. })), "{failed:?}");
    journal
        .connection
        .execute_batch("PRAGMA query_only = OFF")
        .unwrap();
    let stopped = journal.append(at(1), vec![event("budapest", "a", "2")]);
    assert!(matches!(stopped, Err(JournalError::Stopped)), "{stopped:?}");
    drop(journal);
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let done = journal
        .append(at(1), vec![event("budapest", "a", "2")])
        .unwrap();
    assert_eq!(done[0].seq, Seq(2));
}

#[test]
fn a_newer_schema_is_refused_by_name_and_other_files_are_left_alone() {
    let folder = TempDir::new().unwrap();
    drop(SqliteJournal::open(folder.path()).unwrap());
    let file = folder.path().join(schema::JOURNAL_FILE);
    let raw = Connection::open(&file).unwrap();
    raw.pragma_update(None, "user_version", 5).unwrap();
    drop(raw);
    let refused = SqliteJournal::open(folder.path()).err().unwrap();
    assert!(
        matches!(
            refused,
            JournalError::Newer {
                found: 5,
                known: 4,
                ..
            }
        ),
        "{refused}"
    );

    let folder = TempDir::new().unwrap();
    let raw = Connection::open(folder.path().join(schema::KEYS_FILE)).unwrap();
    raw.execute_batch("CREATE TABLE recipes (name TEXT)")
        .unwrap();
    drop(raw);
    let refused = SqliteJournal::open(folder.path()).err().unwrap();
    assert!(matches!(refused, JournalError::Foreign { .. }), "{refused}");
}

#[test]
fn an_empty_journal_never_takes_the_place_of_a_lost_one() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    journal
        .append(at(0), vec![event("budapest", "a", "1")])
        .unwrap();
    drop(journal);
    let (journal, keys) = (
        folder.path().join(schema::JOURNAL_FILE),
        folder.path().join(schema::KEYS_FILE),
    );
    let aside = folder.path().join("aside");
    for lost in [&journal, &keys] {
        std::fs::rename(lost, &aside).unwrap();
        let refused = SqliteJournal::open(folder.path()).err().unwrap();
        assert!(matches!(refused, JournalError::Half { .. }), "{refused}");
        std::fs::rename(&aside, lost).unwrap();
    }
    assert!(SqliteJournal::open(folder.path()).is_ok());
}

#[test]
fn a_full_disk_while_keys_are_made_keeps_nothing_either() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let limit = |journal: &SqliteJournal, pages: &str| {
        let sql = format!("PRAGMA max_page_count = {pages}");
        journal
            .keys
            .with(|connection| connection.query_row(&sql, [], |_| Ok(())))
            .unwrap();
    };
    limit(&journal, "1");
    let records: Vec<NewRecord> = (0..200)
        .map(|number| about(&format!("U-{number}"), "a", "x"))
        .collect();
    let refused = journal.append(at(0), records.clone());
    assert!(matches!(refused, Err(JournalError::Full)), "{refused:?}");
    assert_eq!(journal.heads().unwrap(), []);
    limit(&journal, "1000000");
    assert_eq!(journal.append(at(0), records).unwrap().len(), 200);
}

#[test]
fn the_rooms_own_service_records_stay() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let mut own = event("budapest", "clock.jumped", "x");
    own.retention = RetentionClass::Service;
    journal.append(at(0), vec![own]).unwrap();
    let keys = journal.keys(&room("budapest")).unwrap();
    let erasure = Erasure {
        ledger: room("budapest"),
        keys: keys.iter().map(|key| key.id).collect(),
        by: "the records office".to_owned(),
        reason: "test".to_owned(),
        unit: None,
    };
    let refused = journal.erase(at(1), &erasure);
    assert!(
        matches!(refused, Err(JournalError::Unfit { .. })),
        "{refused:?}"
    );
    assert_eq!(payloads(&all(&journal)), ["x"]);
}

#[test]
fn what_no_journal_takes_is_refused_and_the_next_append_goes_on() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let mut empty = event("budapest", "a", "x");
    empty.parts.clear();
    let unfit = [
        event("budapest", "", "x"),
        event("budapest", &"k".repeat(65), "x"),
        event("budapest", KIND_ERASED, "x"),
        empty,
    ];
    for record in unfit {
        let refused = journal.append(at(0), vec![event("budapest", "a", "x"), record]);
        assert!(
            matches!(refused, Err(JournalError::Unfit { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(journal.append(at(0), Vec::new()).unwrap(), []);
    let done = journal
        .append(at(0), vec![event("budapest", "a", "")])
        .unwrap();
    assert_eq!(done[0].seq, Seq(1));
    assert_eq!(payloads(&all(&journal)), [""]);
}

#[test]
fn the_log_is_ended_while_commits_go_on() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let log = folder.path().join("journal.sqlite-wal");
    let mut records = 0;
    // How soon hangs on who is faster; that it comes to that does not.
    let is_ended = (0..10_000).any(|_| {
        let record = event("budapest", "a", &"x".repeat(50_000));
        journal.append(at(0), vec![record]).unwrap();
        records += 1;
        std::fs::metadata(&log).unwrap().len() < records * 50_000
    });
    assert!(is_ended);
    drop(journal);
    let read = all(&SqliteJournal::open(folder.path()).unwrap()).len();
    assert_eq!(read as u64, records);
}

#[test]
fn what_a_killed_process_left_of_a_commit_of_keys_is_rolled_back_by_who_reads_next() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let records: Vec<NewRecord> = (0..200)
        .map(|number| about(&format!("U-{number}"), "a", "x"))
        .collect();
    journal.append(at(0), records).unwrap();
    // The files as they are when the process dies in the midst of writing keys: some pages are in the file already.
    let after = TempDir::new().unwrap();
    journal
        .keys
        .with(|connection| {
            let half = "PRAGMA cache_size = 1; BEGIN IMMEDIATE; DELETE FROM keys WHERE length(secret) > 0;";
            connection.execute_batch(half).unwrap();
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let path = file.unwrap().path();
                std::fs::copy(&path, after.path().join(path.file_name().unwrap())).unwrap();
            }
            connection.execute_batch("ROLLBACK")
        })
        .unwrap();
    let keys = after.path().join(schema::KEYS_FILE);
    let beside = after.path().join(format!("{}-journal", schema::KEYS_FILE));
    let bytes = std::fs::read(&beside).unwrap();
    assert_eq!(bytes.first(), Some(&0xd9), "a commit was under way");
    let plain = Connection::open_with_flags(&keys, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY);
    let count = |connection: &Connection| {
        connection.query_row("SELECT count(*) FROM keys", [], |row| row.get::<_, i64>(0))
    };
    let refused = count(&plain.unwrap()).unwrap_err();
    let code = refused.sqlite_error().map(|error| error.extended_code);
    assert_eq!(code, Some(rusqlite::ffi::SQLITE_READONLY_ROLLBACK));
    let reader = SqliteReader::open(after.path()).unwrap();
    assert_eq!(reader.heads().unwrap(), journal.heads().unwrap());
    let kept = journal.keys.with(count).unwrap();
    assert_eq!(
        Connection::open(&keys).and_then(|c| count(&c)).unwrap(),
        kept
    );
    assert!(!beside.exists(), "it was rolled back");
}
