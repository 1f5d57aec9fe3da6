use super::*;
use crate::domain::ids::{OperationId, SourceId, UnitId};
use crate::service::journal::{
    Head, NewHead, Part, PositionSpan, RetentionClass, SqliteJournal, SubjectKey,
};
use proptest::prelude::*;
use tempfile::TempDir;

const KINDS: [&str; 3] = ["unit.located", "crossing.confirmed", "positions"];
const ROOMS: [&str; 2] = ["arad", "budapest"];

fn room(index: usize) -> RoomId {
    RoomId::parse(ROOMS[index]).unwrap()
}

fn unit(index: u8) -> UnitId {
    UnitId::parse(&format!("U-{index}")).unwrap()
}

fn ms(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn any_part() -> impl Strategy<Value = Part> {
    let payload = prop::collection::vec(any::<u8>(), 0..40);
    let spans = prop::collection::vec((0..3_u8, 0..2_u8, 0..9_000_000_i64, 0..5_000_000_i64), 0..3);
    (0..4_u8, payload, spans).prop_map(|(subject, payload, spans)| Part {
        subject: match subject {
            0 => SubjectKey::Room,
            1 => SubjectKey::Operation(OperationId::parse("OP-1").unwrap()),
            index => SubjectKey::Unit(unit(index)),
        },
        payload,
        positions: spans
            .into_iter()
            .map(|(of, source, from, length)| PositionSpan {
                unit: unit(of),
                source: SourceId::parse(&format!("s{source}")).unwrap(),
                from: ms(from),
                to: ms(from + length),
            })
            .collect(),
    })
}

fn any_record() -> impl Strategy<Value = NewRecord> {
    let names = (
        0..2_usize,
        0..3_usize,
        prop::option::of(0..3_u8),
        any::<bool>(),
    );
    let parts = prop::collection::vec(any_part(), 1..4);
    (names, any::<i64>(), any::<u16>(), parts).prop_map(
        |((ledger, kind, of, operation), at, schema, parts)| NewRecord {
            ledger: room(ledger),
            at: ms(at),
            kind: KINDS[kind].to_owned(),
            schema,
            retention: RetentionClass::ALL[kind],
            unit: of.map(unit),
            operation: operation.then(|| OperationId::parse("OP-1").unwrap()),
            parts,
        },
    )
}

/// What a test does to both journals.
#[derive(Debug, Clone)]
enum Act {
    Append(Vec<NewRecord>),
    Snapshot(usize, u64),
    Erase(usize, usize),
    Restart,
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        5 => prop::collection::vec(any_record(), 0..5).prop_map(Act::Append),
        1 => (0..2_usize, 0..9_u64).prop_map(|(ledger, through)| Act::Snapshot(ledger, through)),
        1 => (0..2_usize, 0..9_usize).prop_map(|(ledger, key)| Act::Erase(ledger, key)),
        1 => Just(Act::Restart),
    ]
}

/// Does one act and says how it went, without what differs by nature: random keys and what follows from them.
fn act(journal: &mut dyn Journal, act: &Act, now: Timestamp) -> String {
    match act {
        Act::Append(records) => format!("{:?}", journal.append(now, records.clone())),
        Act::Snapshot(ledger, through) => {
            let snapshot = Snapshot {
                ledger: room(*ledger),
                through: Seq(*through),
                schema: 1,
                bytes: vec![*ledger as u8; 9],
            };
            format!("{:?}", journal.put_snapshot(&snapshot))
        }
        Act::Erase(ledger, key) => {
            let mut keys = journal.keys(&room(*ledger)).unwrap();
            keys.sort_by_key(|key| (key.day, key.subject.clone(), key.retention));
            let erasure = Erasure {
                ledger: room(*ledger),
                keys: keys.get(*key).map(|key| key.id).into_iter().collect(),
                by: "the records office".to_owned(),
                reason: "test".to_owned(),
                unit: None,
            };
            format!("{:?}", journal.erase(now, &erasure))
        }
        Act::Restart => String::new(),
    }
}

/// All that can be read from a journal, without what differs by nature.
fn picture(journal: &dyn JournalRead) -> Vec<String> {
    let mut lines = Vec::new();
    let mut show = |record: Record| {
        let header = record.header;
        let payloads = if header.kind == KIND_ERASED {
            Vec::new()
        } else {
            record.payloads
        };
        lines.push(format!(
            "{} {} {} {} {} {} {:?} {:?} {:?} {:?}",
            header.ledger,
            header.seq,
            header.at.as_millis(),
            header.recorded_at,
            header.kind,
            header.schema,
            header.retention,
            record.unit,
            record.operation,
            payloads,
        ));
        ControlFlow::Continue(())
    };
    journal.fold(&BTreeMap::new(), &mut show).unwrap();
    for index in 0..2 {
        let query = RecordQuery {
            kinds: vec![KINDS[0].to_owned(), KINDS[1].to_owned()],
            unit: Some(unit(1)),
            ..RecordQuery::since(room(index), Seq(1), 2)
        };
        let page = journal.records(&query).unwrap();
        let numbers: Vec<Seq> = page
            .records
            .iter()
            .map(|record| record.header.seq)
            .collect();
        lines.push(format!("{numbers:?} {}", page.next));
        lines.push(format!("{:?}", journal.head(&room(index)).unwrap().seq));
        lines.push(format!(
            "{:?}",
            journal.latest_snapshot(&room(index), 1).unwrap()
        ));
        let query = PositionQuery {
            ledger: room(index),
            unit: unit(1),
            from: ms(4_000_000),
            to: ms(6_000_000),
        };
        let mut show = |part: PositionPart| {
            lines.push(format!("{part:?}"));
            ControlFlow::Continue(())
        };
        journal.positions(&query, &mut show).unwrap();
    }
    let heads = journal.heads().unwrap();
    lines.extend(
        heads
            .iter()
            .map(|head| format!("{} {}", head.ledger, head.seq)),
    );
    lines
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_simulated_journal_and_the_real_one_agree(acts in prop::collection::vec(any_act(), 1..12)) {
        let folder = TempDir::new().unwrap();
        let disk = SimulatedDisk::new();
        let mut simulated = disk.open();
        let mut real = SqliteJournal::open(folder.path()).unwrap();
        for (number, todo) in acts.iter().enumerate() {
            if matches!(todo, Act::Restart) {
                drop(real);
                real = SqliteJournal::open(folder.path()).unwrap();
                simulated = disk.open();
            }
            // Half a day each: keys change.
            let now = ms(number as i64 * 43_200_000);
            prop_assert_eq!(act(&mut real, todo, now), act(&mut simulated, todo, now));
        }
        prop_assert_eq!(picture(&real), picture(&simulated));
    }
}

fn event(payload: &str) -> NewRecord {
    NewRecord::of_one(
        NewHead {
            ledger: room(1),
            at: ms(0),
            kind: "unit.located".to_owned(),
            schema: 1,
            retention: RetentionClass::Operation,
            unit: None,
            operation: None,
        },
        SubjectKey::Room,
        payload.as_bytes().to_vec(),
    )
}

fn head(disk: &SimulatedDisk) -> Head {
    disk.head(&room(1)).unwrap()
}

#[test]
fn a_full_disk_refuses_one_append_and_goes_on() {
    let disk = SimulatedDisk::new();
    let mut journal = disk.open();
    disk.plan(1, Fault::Full);
    journal.append(ms(0), vec![event("1")]).unwrap();
    let before = head(&disk);
    assert!(matches!(
        journal.append(ms(1), vec![event("2")]),
        Err(JournalError::Full)
    ));
    assert_eq!(head(&disk), before);
    assert_eq!(
        journal.append(ms(1), vec![event("2")]).unwrap()[0].seq,
        Seq(2)
    );
}

#[test]
fn a_torn_append_is_kept_whole_or_not_at_all_and_stops_the_writer() {
    for kept in [false, true] {
        let disk = SimulatedDisk::new();
        let mut journal = disk.open();
        disk.plan(0, Fault::Torn { kept });
        let torn = journal.append(ms(0), vec![event("1"), event("2")]);
        assert!(matches!(torn, Err(JournalError::Io { .. })));
        let after = journal.append(ms(1), vec![event("3")]);
        assert!(matches!(after, Err(JournalError::Stopped)));
        assert_eq!(head(&disk).seq, Seq(if kept { 2 } else { 0 }));
        let mut next = disk.open();
        next.append(ms(1), vec![event("3")]).unwrap();
        assert!(matches!(
            journal.append(ms(1), vec![event("4")]),
            Err(JournalError::Stopped)
        ));
    }
}

#[test]
fn a_lost_tail_is_gone_and_its_snapshot_is_passed_over() {
    let disk = SimulatedDisk::new();
    let mut journal = disk.open();
    journal.append(ms(0), vec![event("1")]).unwrap();
    let noted = head(&disk);
    journal.append(ms(1), vec![event("2"), event("3")]).unwrap();
    let snapshot = Snapshot {
        ledger: room(1),
        through: Seq(3),
        schema: 1,
        bytes: Vec::new(),
    };
    journal.put_snapshot(&snapshot).unwrap();
    assert_eq!(disk.lose_tail(1), 2);
    assert_eq!(head(&disk), noted);
    assert_eq!(disk.latest_snapshot(&room(1), 1).unwrap(), None);
    let mut next = disk.open();
    next.append(ms(2), vec![event("x"), event("y")]).unwrap();
    assert_eq!(disk.latest_snapshot(&room(1), 1).unwrap(), None);
}
