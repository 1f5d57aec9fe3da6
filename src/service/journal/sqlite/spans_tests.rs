//! The index of positions against a plain search through everything that was written.

use super::tests::{at, count, found, positions, range, room, unit};
use super::*;
use crate::service::journal::record::SubjectKey;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use rusqlite::Connection;
use tempfile::TempDir;

/// Parts as they were written: unit, from, to.
type Written = Vec<(String, i64, i64)>;

fn written(random: &mut StdRng) -> Written {
    let parts = random.random_range(1..5);
    let mut written: Written = (0..parts)
        .map(|_| {
            let from = random.random_range(-50_000_000..50_000);
            let lasts = [0, 900, 9_000_000][random.random_range(0..3)];
            let name = format!("U-{}", random.random_range(0..4));
            (name, from, from + lasts)
        })
        .collect();
    // As a commit has them: each unit once.
    written.sort();
    written.dedup_by(|next, kept| next.0 == kept.0);
    written
}

fn record(written: &Written) -> NewRecord {
    let parts: Vec<(&str, i64, i64)> = written
        .iter()
        .map(|(name, from, to)| (name.as_str(), *from, *to))
        .collect();
    positions(&parts)
}

fn plain(all: &Written, name: &str, (from, to): (i64, i64)) -> Vec<String> {
    // In the order of writing among equal times.
    let mut met: Vec<&(String, i64, i64)> = all
        .iter()
        .filter(|part| part.0 == name && part.1 <= to && part.2 >= from)
        .collect();
    met.sort_by_key(|part| part.1);
    met.iter()
        .map(|(name, from, to)| format!("{name} {from} {to}"))
        .collect()
}

#[test]
fn every_search_finds_what_a_plain_one_finds_through_runs_restarts_and_erasures() {
    let folder = TempDir::new().unwrap();
    let mut random = StdRng::seed_from_u64(7);
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let mut all: Written = Vec::new();
    for round in 0..60 {
        let commit: Vec<Written> = (0..random.random_range(1..4))
            .map(|_| written(&mut random))
            .collect();
        all.extend(commit.iter().flatten().cloned());
        let records = commit.iter().map(record).collect();
        journal.append(at(round), records).unwrap();
        if round % 7 == 3 {
            drop(journal);
            journal = SqliteJournal::open(folder.path()).unwrap();
        }
        if round == 40 {
            let keys = journal.keys(&room("budapest")).unwrap();
            let of_one = SubjectKey::Unit(unit("U-1"));
            let keys = keys.iter().filter(|key| key.subject == of_one);
            let erasure = Erasure {
                ledger: room("budapest"),
                keys: keys.map(|key| key.id).collect(),
                by: "the records office".to_owned(),
                reason: "retention".to_owned(),
                unit: None,
            };
            journal.erase(at(round), &erasure).unwrap();
            all.retain(|part| part.0 != "U-1");
        }
        for _ in 0..10 {
            let name = format!("U-{}", random.random_range(0..5));
            let from = random.random_range(-60_000_000..60_000);
            let to = from + [0, 5_000, 20_000_000][random.random_range(0..3)];
            assert_eq!(
                found(&journal, &range(&name, from, to)),
                plain(&all, &name, (from, to)),
                "{name} {from} {to}"
            );
        }
    }
    let verified = journal
        .reader
        .verify(&VerifyRequest::default(), &mut |_| {});
    assert_eq!(verified.unwrap().findings, []);
}

#[test]
fn an_index_from_before_there_were_runs_is_taken_over() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let mut random = StdRng::seed_from_u64(8);
    let mut all: Written = Vec::new();
    for round in 0..9 {
        let written = written(&mut random);
        journal.append(at(round), vec![record(&written)]).unwrap();
        all.extend(written);
    }
    drop(journal);

    let raw = Connection::open(folder.path().join(schema::JOURNAL_FILE)).unwrap();
    raw.execute_batch(
        "CREATE TABLE positions (
             ledger INTEGER NOT NULL, unit TEXT NOT NULL, wide INTEGER NOT NULL, from_ms INTEGER NOT NULL,
             seq INTEGER NOT NULL, part INTEGER NOT NULL, source TEXT NOT NULL, to_ms INTEGER NOT NULL);",
    )
    .unwrap();
    let mut statement = raw.prepare("SELECT ledger, seq FROM spans").unwrap();
    let seqs: Vec<(i64, i64)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    drop(statement);
    for (ledger, seq) in seqs {
        let of_record = spans::of_record(&raw, ledger, Seq(seq.cast_unsigned())).unwrap();
        for (part, span) in of_record
            .into_iter()
            .flat_map(|(part, spans)| spans.into_iter().map(move |span| (part, span)))
        {
            let (from, to) = (span.from.as_millis(), span.to.as_millis());
            raw.execute(
                "INSERT INTO positions VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7)",
                rusqlite::params![
                    ledger,
                    span.unit.as_str(),
                    from,
                    seq,
                    part as i64,
                    span.source.as_str(),
                    to
                ],
            )
            .unwrap();
        }
    }
    raw.execute_batch(
        "DROP TABLE spans_by_unit; DROP TABLE runs; DROP TABLE spans; DROP TABLE snapshot_pieces;
         PRAGMA user_version = 2;",
    )
    .unwrap();
    drop(raw);

    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let everything = (i64::MIN / 2, i64::MAX / 2);
    let search =
        |journal: &SqliteJournal, name: &str| found(journal, &range(name, -60_000_000, 60_000_000));
    assert_eq!(search(&journal, "U-2"), plain(&all, "U-2", everything));
    // The next append makes a run of all that was there.
    journal
        .append(at(20), vec![positions(&[("U-9", 1, 2)])])
        .unwrap();
    assert_eq!(search(&journal, "U-2"), plain(&all, "U-2", everything));
    let verified = journal
        .reader
        .verify(&VerifyRequest::default(), &mut |_| {});
    assert_eq!(verified.unwrap().findings, []);
}

/// Runs, and those that are half closed.
fn runs_and_open(journal: &SqliteJournal) -> (i64, i64) {
    let runs = count(journal, "SELECT count(*) FROM runs");
    (
        runs,
        count(journal, "SELECT count(*) FROM runs WHERE closed = 0"),
    )
}

fn no_findings(journal: &SqliteJournal) {
    let request = VerifyRequest::default();
    let verified = journal.reader.verify(&request, &mut |_| {}).unwrap();
    assert_eq!(verified.findings, []);
}

#[test]
fn a_commit_writes_no_more_rows_of_a_run_than_it_has_spans_however_many_units_the_run_has() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let names: Vec<String> = (0..500).map(|index| format!("U-{index}")).collect();
    let many: Vec<(&str, i64, i64)> = names.iter().map(|name| (name.as_str(), 0, 9)).collect();
    journal.append(at(0), vec![positions(&many)]).unwrap();
    let rows = |journal: &SqliteJournal| count(journal, "SELECT count(*) FROM spans_by_unit");
    assert_eq!(
        rows(&journal),
        0,
        "the commit that fills a run writes none of it"
    );
    let mut commits = 0;
    while runs_and_open(&journal) != (1, 0) {
        let before = rows(&journal);
        let spans = commits % 4 + 1;
        let some: Vec<(&str, i64, i64)> = names[..spans]
            .iter()
            .map(|name| (name.as_str(), 10, 11))
            .collect();
        let changes = journal.connection.total_changes();
        journal.append(at(1), vec![positions(&some)]).unwrap();
        assert_eq!(rows(&journal) - before, spans as i64);
        // The record, its spans, the rows, and the run begun or closed.
        let written = journal.connection.total_changes() - changes;
        assert!(written <= spans as u64 + 4, "{written} rows in one commit");
        assert_eq!(found(&journal, &range("U-0", 0, 9)), ["U-0 0 9"]);
        commits += 1;
    }
    assert_eq!(commits, 200);
    no_findings(&journal);
}

#[test]
fn a_run_left_half_closed_is_taken_away_at_the_start_and_made_again() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let four = [("U-1", 0, 9), ("U-2", 0, 9), ("U-3", 0, 9), ("U-4", 0, 9)];
    let one = || vec![positions(&[("U-1", 20, 29)])];
    journal.append(at(0), vec![positions(&four)]).unwrap();
    for done in 0..4 {
        for n in 0..done {
            journal.append(at(n), one()).unwrap();
        }
        let open = i64::from(done > 0);
        assert_eq!(
            runs_and_open(&journal),
            (open, open),
            "{done} rows are written"
        );
        // As when the process dies: what is on the disk is all there is.
        no_findings(&journal);
        assert_eq!(found(&journal, &range("U-3", 0, 9)), ["U-3 0 9"]);
        drop(journal);
        journal = SqliteJournal::open(folder.path()).unwrap();
        assert_eq!(runs_and_open(&journal), (0, 0));
        assert_eq!(count(&journal, "SELECT count(*) FROM spans_by_unit"), 0);
        assert_eq!(found(&journal, &range("U-3", 0, 9)), ["U-3 0 9"]);
        // The next commit begins to close it.
        journal.append(at(9), one()).unwrap();
    }
    for n in 0..5 {
        journal.append(at(n), one()).unwrap();
    }
    assert!(runs_and_open(&journal).0 > 0);
    assert_eq!(found(&journal, &range("U-3", 0, 9)), ["U-3 0 9"]);
    no_findings(&journal);
}

#[test]
fn an_erasure_while_a_run_is_closing_leaves_nothing_of_what_is_erased() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let four = [("U-1", 0, 9), ("U-2", 0, 9), ("U-3", 0, 9), ("U-4", 0, 9)];
    journal.append(at(0), vec![positions(&four)]).unwrap();
    for n in 1..3 {
        let more = vec![positions(&[("U-4", n * 100, n * 100 + 9)])];
        journal.append(at(n), more).unwrap();
    }
    assert_eq!(runs_and_open(&journal), (1, 1));
    let keys = journal.keys(&room("budapest")).unwrap();
    let of_two = |key: &&KeyInfo| {
        [unit("U-1"), unit("U-3")]
            .map(SubjectKey::Unit)
            .contains(&key.subject)
    };
    let erasure = Erasure {
        ledger: room("budapest"),
        keys: keys.iter().filter(of_two).map(|key| key.id).collect(),
        by: "the records office".to_owned(),
        reason: "retention".to_owned(),
        unit: None,
    };
    journal.erase(at(3), &erasure).unwrap();
    for n in 4..20 {
        let more = vec![positions(&[("U-2", n * 100, n * 100 + 9)])];
        journal.append(at(n), more).unwrap();
        assert_eq!(found(&journal, &range("U-1", 0, 9_999)), [""; 0]);
        assert_eq!(
            found(&journal, &range("U-4", 0, 150)),
            ["U-4 0 9", "U-4 100 109"]
        );
    }
    let left = "SELECT count(*) FROM spans_by_unit WHERE unit IN ('U-1', 'U-3')";
    assert_eq!(count(&journal, left), 0);
    no_findings(&journal);
}

#[test]
fn a_run_that_is_called_open_between_two_others_is_found() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    for n in 0..12 {
        let more = vec![positions(&[("U-1", n, n), ("U-2", n, n)])];
        journal.append(at(n), more).unwrap();
    }
    no_findings(&journal);
    let first = "UPDATE runs SET closed = 0 WHERE through = (SELECT min(through) FROM runs)";
    journal.connection.execute(first, []).unwrap();
    let request = VerifyRequest::default();
    let verified = journal.reader.verify(&request, &mut |_| {}).unwrap();
    assert!(!verified.findings.is_empty());
}
