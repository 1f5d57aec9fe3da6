//! Snapshots: kept in pieces, opened as one, and never against what was erased.

use super::tests::{about, at, count, event, room};
use super::*;
use crate::domain::ids::UnitId;
use crate::service::journal::record::SubjectKey;
use tempfile::TempDir;

#[test]
fn a_snapshot_is_given_back_replaced_and_refused_when_it_does_not_fit() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    journal
        .append(
            at(0),
            vec![event("budapest", "a", "1"), event("budapest", "a", "2")],
        )
        .unwrap();
    let mut snapshot = Snapshot {
        ledger: room("budapest"),
        through: Seq(1),
        schema: 3,
        bytes: b"picture".to_vec(),
    };
    journal.put_snapshot(&snapshot).unwrap();
    snapshot.through = Seq(2);
    journal.put_snapshot(&snapshot).unwrap();
    let latest = |schema| journal.latest_snapshot(&room("budapest"), schema).unwrap();
    assert_eq!(latest(3), Some(snapshot.clone()));
    assert_eq!(latest(4), None);
    assert_eq!(journal.latest_snapshot(&room("arad"), 3).unwrap(), None);
    let after = BTreeMap::from([(room("budapest"), Seq(2))]);
    journal
        .fold(&after, &mut |record| {
            panic!("nothing is left to fold, not {record:?}")
        })
        .unwrap();
    journal
        .connection
        .execute(
            "UPDATE snapshot_pieces SET sealed = zeroblob(length(sealed))",
            [],
        )
        .unwrap();
    assert_eq!(journal.latest_snapshot(&room("budapest"), 3).unwrap(), None);
    snapshot.through = Seq(3);
    assert!(matches!(
        journal.put_snapshot(&snapshot),
        Err(JournalError::Unfit { .. })
    ));
}

fn a_snapshot(through: u64, bytes: &[u8]) -> Snapshot {
    Snapshot {
        ledger: room("budapest"),
        through: Seq(through),
        schema: 3,
        bytes: bytes.to_vec(),
    }
}

#[test]
fn each_step_of_keeping_a_snapshot_is_small_and_the_earlier_one_stays_until_the_last_piece() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let two = vec![event("budapest", "a", "1"), event("budapest", "a", "2")];
    journal.append(at(0), two).unwrap();
    let (old, new) = (a_snapshot(1, &[1; 41]), a_snapshot(2, &[2; 402]));
    journal.put_snapshot(&old).unwrap();
    let latest = |journal: &SqliteJournal| journal.latest_snapshot(&room("budapest"), 3).unwrap();
    // Pieces of four bytes.
    for step in 0..200 {
        let changes = journal.connection.total_changes();
        let more = journal.keep_step(&new, step).unwrap();
        assert!(journal.connection.total_changes() - changes <= 2);
        let kept = if step < 100 { &old } else { &new };
        assert_eq!(latest(&journal).as_ref(), Some(kept), "step {step}");
        if !more {
            assert_eq!(step, 101 + 11);
            break;
        }
        // A commit comes in between whenever it likes.
        let more = vec![event("budapest", "a", "3")];
        journal.append(at(1), more).unwrap();
    }
    let pieces = count(&journal, "SELECT count(*) FROM snapshot_pieces");
    assert_eq!(pieces, 101);
}

#[test]
fn a_snapshot_cut_off_at_any_step_leaves_the_earlier_one_or_the_whole_new_one() {
    let (old, new) = (a_snapshot(1, b"earlier"), a_snapshot(2, b"a picture"));
    for steps in 0..6 {
        let folder = TempDir::new().unwrap();
        let mut journal = SqliteJournal::open(folder.path()).unwrap();
        let two = vec![event("budapest", "a", "1"), event("budapest", "a", "2")];
        journal.append(at(0), two).unwrap();
        journal.put_snapshot(&old).unwrap();
        for step in 0..steps {
            journal.keep_step(&new, step).unwrap();
        }
        drop(journal);
        let mut journal = SqliteJournal::open(folder.path()).unwrap();
        let expected = if steps < 3 { &old } else { &new };
        let latest = |journal: &SqliteJournal| journal.latest_snapshot(&room("budapest"), 3);
        assert_eq!(
            latest(&journal).unwrap().as_ref(),
            Some(expected),
            "{steps}"
        );
        let stray =
            "SELECT count(*) FROM snapshot_pieces WHERE key NOT IN (SELECT key FROM snapshots)";
        assert_eq!(count(&journal, stray), 0);
        // One that was not begun in this life is not gone on with, and another may follow.
        let gone_on = journal.keep_step(&new, steps + 1);
        assert!(
            matches!(gone_on, Err(JournalError::Unfit { .. })),
            "{gone_on:?}"
        );
        journal.put_snapshot(&new).unwrap();
        assert_eq!(latest(&journal).unwrap(), Some(new.clone()));
    }
}

#[test]
fn a_snapshot_whose_pieces_are_missing_doubled_or_in_another_order_is_passed_over() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    journal
        .append(at(0), vec![event("budapest", "a", "1")])
        .unwrap();
    let snapshot = a_snapshot(1, b"pieces of the same");
    for wrong in [
        "DELETE FROM snapshot_pieces WHERE piece = 4",
        "DELETE FROM snapshot_pieces WHERE piece = 0",
        "UPDATE snapshot_pieces SET piece = 9 WHERE piece = 4",
        "UPDATE snapshot_pieces SET piece = 9 - piece",
        "INSERT INTO snapshot_pieces SELECT ledger, key, 5, digest, sealed FROM snapshot_pieces WHERE piece = 4",
    ] {
        journal.put_snapshot(&snapshot).unwrap();
        assert!(
            journal
                .latest_snapshot(&room("budapest"), 3)
                .unwrap()
                .is_some()
        );
        journal.connection.execute(wrong, []).unwrap();
        assert_eq!(
            journal.latest_snapshot(&room("budapest"), 3).unwrap(),
            None,
            "{wrong}"
        );
    }
}

#[test]
fn an_erasure_while_a_snapshot_is_kept_gives_it_up() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    journal.append(at(0), vec![about("U-1", "a", "1")]).unwrap();
    let snapshot = a_snapshot(1, b"made before");
    assert!(journal.keep_step(&snapshot, 0).unwrap());
    let keys = journal.keys(&room("budapest")).unwrap();
    let erasure = Erasure {
        ledger: room("budapest"),
        keys: keys.into_iter().map(|key| key.id).collect(),
        by: "the records office".to_owned(),
        reason: "retention".to_owned(),
        unit: None,
    };
    journal.erase(at(1), &erasure).unwrap();
    for step in [1, 0] {
        let refused = journal.keep_step(&snapshot, step);
        assert!(
            matches!(refused, Err(JournalError::Unfit { .. })),
            "{refused:?}"
        );
    }
    let pieces = count(&journal, "SELECT count(*) FROM snapshot_pieces");
    assert_eq!(pieces, 0);
}

#[test]
fn a_snapshot_from_before_an_erasure_is_not_kept_after_it() {
    let folder = TempDir::new().unwrap();
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    let mut record = event("budapest", "a", "1");
    record.parts[0].subject = SubjectKey::Unit(UnitId::parse("U-1").unwrap());
    journal.append(at(0), vec![record]).unwrap();
    let keys = journal.keys(&room("budapest")).unwrap();
    let erasure = Erasure {
        ledger: room("budapest"),
        keys: keys.into_iter().map(|key| key.id).collect(),
        by: "the records office".to_owned(),
        reason: "retention".to_owned(),
        unit: None,
    };
    let mut snapshot = Snapshot {
        ledger: room("budapest"),
        through: Seq(1),
        schema: 1,
        bytes: b"made before".to_vec(),
    };
    journal.erase(at(1), &erasure).unwrap();
    assert!(matches!(
        journal.put_snapshot(&snapshot),
        Err(JournalError::Unfit { .. })
    ));
    snapshot.through = Seq(2);
    journal.put_snapshot(&snapshot).unwrap();
}
