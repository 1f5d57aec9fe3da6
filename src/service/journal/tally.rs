//! What an erasure takes: checked, counted, and told in a record of its own.

use super::keys::KeyInfo;
use super::record::{KIND_ERASED, KeyId, NewHead, NewRecord, RetentionClass, SubjectKey};
use super::{Erasure, JournalError};
use crate::domain::measure::Timestamp;
use crate::wire::journal::{ERASED_SCHEMA, ErasedOfWire, ErasedWire};
use std::collections::{BTreeMap, BTreeSet};

/// How much is sealed under some keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Records with at least one such part.
    pub records: u64,
    /// Parts.
    pub parts: u64,
    /// The kinds of these records.
    pub kinds: BTreeSet<String>,
}

/// Counts one record: of each of its parts the key, and whether it is still there.
pub(crate) fn count<G: Ord + Clone>(
    groups: &BTreeMap<KeyId, G>,
    tallies: &mut BTreeMap<G, Tally>,
    kind: &str,
    parts: impl Iterator<Item = (KeyId, bool)>,
) {
    let mut met: BTreeSet<&G> = BTreeSet::new();
    for (key, is_there) in parts {
        let Some(group) = groups.get(&key).filter(|_| is_there) else {
            continue;
        };
        let tally = tallies.entry(group.clone()).or_default();
        tally.parts += 1;
        if met.insert(group) {
            tally.records += 1;
            if !tally.kinds.contains(kind) {
                tally.kinds.insert(kind.to_owned());
            }
        }
    }
}

/// Refuses an erasure of keys that the ledger has not, or that must stay: the room's register and what it decides with,
/// and the records of erasures.
pub(crate) fn check_erasure(erasure: &Erasure, existing: &[KeyInfo]) -> Result<(), JournalError> {
    let refused = |why| {
        Err(JournalError::Unfit {
            kind: KIND_ERASED.to_owned(),
            why,
        })
    };
    let found: Vec<&KeyInfo> = taken(erasure, existing).collect();
    let named: BTreeSet<&KeyId> = erasure.keys.iter().collect();
    if found.is_empty() || found.len() != named.len() {
        return refused("it names no key, or one that the ledger has not");
    }
    if found
        .iter()
        .any(|info| info.retention == RetentionClass::Service)
    {
        return refused("the room's own service records cannot be erased: they say what was");
    }
    Ok(())
}

fn taken<'k>(erasure: &Erasure, existing: &'k [KeyInfo]) -> impl Iterator<Item = &'k KeyInfo> {
    let named: BTreeSet<KeyId> = erasure.keys.iter().copied().collect();
    existing.iter().filter(move |info| named.contains(&info.id))
}

/// The class of each key that an erasure takes.
pub(crate) fn classes(erasure: &Erasure, existing: &[KeyInfo]) -> BTreeMap<KeyId, RetentionClass> {
    taken(erasure, existing)
        .map(|info| (info.id, info.class()))
        .collect()
}

/// The record of an erasure: who, why, and of each class from which day to which, whose and how much. The register and what
/// was decided name these units as long; without them a reader could not tell what is missing from what never was.
pub(crate) fn erased(
    recorded_at: Timestamp,
    erasure: &Erasure,
    existing: &[KeyInfo],
    tallies: &BTreeMap<RetentionClass, Tally>,
) -> NewRecord {
    let mut of: BTreeMap<RetentionClass, Vec<&KeyInfo>> = BTreeMap::new();
    for info in taken(erasure, existing) {
        of.entry(info.class()).or_default().push(info);
    }
    let of = of.into_iter().map(|(class, keys)| {
        let tally = tallies.get(&class);
        let days = || keys.iter().map(|key| key.day);
        let operations: BTreeSet<_> = (keys.iter())
            .filter_map(|key| key.subject.operation())
            .collect();
        let units: BTreeSet<_> = keys.iter().filter_map(|key| key.subject.unit()).collect();
        ErasedOfWire {
            class: class.as_str().to_owned(),
            from_day: days().min().map_or_else(String::new, |day| day.to_string()),
            to_day: days().max().map_or_else(String::new, |day| day.to_string()),
            operations: operations.into_iter().map(ToString::to_string).collect(),
            units: units.into_iter().map(ToString::to_string).collect(),
            records: tally.map_or(0, |tally| tally.records),
            parts: tally.map_or(0, |tally| tally.parts),
        }
    });
    let payload = ErasedWire {
        keys: erasure.keys.iter().map(ToString::to_string).collect(),
        reason: erasure.reason.clone(),
        by: Some(erasure.by.clone()),
        unit: erasure.unit.as_ref().map(ToString::to_string),
        of: of.collect(),
    };
    NewRecord::of_one(
        NewHead {
            ledger: erasure.ledger.clone(),
            at: recorded_at,
            kind: KIND_ERASED.to_owned(),
            schema: ERASED_SCHEMA,
            retention: RetentionClass::Service,
            unit: None,
            operation: None,
        },
        SubjectKey::Room,
        payload.to_bytes(),
    )
}
