use super::*;
use crate::domain::borders::{Certainty, Location};
use crate::domain::ids::StateSet;
use crate::domain::measure::{Metres, Position};
use crate::domain::tracks::fix::Measured;
use crate::service::journal::{Journal as _, SqliteJournal};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tempfile::TempDir;

fn fix(unit: u8, source: u8, fixed_at: i64, received_at: i64) -> Fix {
    Fix {
        unit: UnitId::parse(&format!("U-{unit}")).unwrap(),
        source: SourceId::parse(&format!("s{source}")).unwrap(),
        fixed_at: Timestamp::from_millis(fixed_at),
        received_at: Timestamp::from_millis(received_at),
        position: Position::new(46.5, 20.7).unwrap(),
        measured: Measured::default(),
        location: Location {
            states: StateSet::NONE,
            certainty: Certainty::Outside,
            nearest: None,
        },
        accuracy: Metres::from_centimetres(1_500),
        depth: Metres::from_centimetres(123_456),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Fixes of three units in commits, some of them hours late; any question about any unit.
    #[test]
    fn a_track_is_what_sorting_all_fixes_would_give(
        commits in prop::collection::vec(
            prop::collection::vec((0..3_u8, 0..2_u8, 0..300_i64, any::<bool>()), 0..12), 1..12),
        from in -18_000..300_i64, length in 0..18_300_i64, limit in 1..20_usize,
    ) {
        let folder = TempDir::new().unwrap();
        let mut journal = SqliteJournal::open(folder.path()).unwrap();
        let ledger = RoomId::parse("budapest").unwrap();
        let mut all = Vec::new();
        for (number, commit) in commits.iter().enumerate() {
            let at = Timestamp::from_millis(number as i64);
            let fixes: Vec<Fix> = commit
                .iter()
                .map(|(unit, source, second, late)| {
                    let hours = if *late { 5 * 3_600 } else { 0 };
                    fix(*unit, *source, (second - hours) * 1_000, number as i64)
                })
                .collect();
            let record = record(&ledger, at, &fixes, |_| None).unwrap();
            prop_assert_eq!(record.is_none(), fixes.is_empty());
            journal.append(at, record.into_iter().collect()).unwrap();
            all.extend(fixes);
        }
        let mut query = PositionQuery {
            ledger,
            unit: UnitId::parse("U-1").unwrap(),
            from: Timestamp::from_millis(from * 1_000),
            to: Timestamp::from_millis((from + length) * 1_000),
        };
        all.retain(|fix| fix.unit == query.unit && (query.from..=query.to).contains(&fix.fixed_at));
        all.sort_by(by_time);
        let mut found = Vec::new();
        loop {
            let page = track(&journal, &query, limit).unwrap();
            let moments: BTreeSet<_> = page.fixes.iter().map(|fix| fix.fixed_at).collect();
            prop_assert!(page.fixes.len() <= limit || moments.len() == 1);
            found.extend(page.fixes);
            let Some(next) = page.next else { break };
            prop_assert!(next > query.from);
            query.from = next;
        }
        prop_assert_eq!(found, all);
    }
}

#[test]
fn a_unit_in_an_operation_is_sealed_under_both() {
    let ledger = RoomId::parse("budapest").unwrap();
    let at = Timestamp::EPOCH;
    let operation = OperationId::parse("OP-1").unwrap();
    let record = record(&ledger, at, &[fix(1, 0, 1, 1), fix(2, 0, 1, 1)], |unit| {
        (unit.as_str() == "U-2").then(|| operation.clone())
    });
    let subjects: Vec<String> = record
        .unwrap()
        .unwrap()
        .parts
        .iter()
        .map(|part| part.subject.to_string())
        .collect();
    assert_eq!(subjects, ["unit:U-1", "operation:OP-1/unit:U-2"]);
}
