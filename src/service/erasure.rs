//! What is to be erased, and what is held: from the retention of the installation, or by the order of a named person.
//!
//! A key seals what was recorded of one subject on one day (UTC), so a day is the least that can be erased. Erased are keys,
//! what they sealed, and the traces of both in the files; the record of it stays. The service must stand still meanwhile:
//! what it holds in memory no erasure reaches.

use crate::domain::ids::{OperationId, RoomId, UnitId};
use crate::domain::measure::{Day, Span, Timestamp};
use crate::domain::retention::{HeldBecause, Hold, Retention, RetentionClass};
use crate::service::desk::{RecoveryError, decided};
use crate::service::journal::{
    Erasure, Journal as _, JournalError, JournalRead as _, KeyId, KeyInfo, SqliteJournal,
    SqliteReader, Tally,
};
use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
mod tests;

/// The kinds of records that are of [`RetentionClass::Access`]. Earlier versions sealed others under the same key.
const ACCESS: [&str; 4] = [
    "access.exported",
    "access.session",
    "access.viewed",
    "order.taken",
];

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Whatever is past its time.
    Due(Retention),
    /// The positions of one unit in one room's ledger, by order.
    Unit {
        /// The ledger.
        room: RoomId,
        /// The unit.
        unit: UnitId,
        /// The first day of recording.
        from: Day,
        /// The last.
        until: Day,
    },
}

/// When it is asked, and how old a fix may be that the gate takes: what is younger is needed to tell a repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Now.
    pub now: Timestamp,
    /// How old a fix may be.
    pub age: Span,
}

/// Why something is held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// An operation needs it.
    Operation(OperationId, HeldBecause),
    /// A late fix could still come: a repeat is told by what is kept.
    Young,
    /// An earlier version sealed what a start rests on under the same key.
    Mixed,
}

/// Some keys of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Their class.
    pub class: RetentionClass,
    /// The keys.
    pub keys: Vec<KeyId>,
    /// The first day of recording.
    pub from: Day,
    /// The last.
    pub until: Day,
    /// How much they seal.
    pub tally: Tally,
}

/// What is to be done with one ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerPlan {
    /// The ledger.
    pub room: RoomId,
    /// To be erased, by class.
    pub erase: Vec<Lot>,
    /// Held, by class and why.
    pub held: Vec<(Held, Lot)>,
}

/// Reads what is to be erased, ledger by ledger; changes nothing, also beside a running service.
///
/// # Errors
/// When the journal cannot be read or is damaged: then nothing may be erased, for what is held cannot be known.
pub fn plan(
    journal: &SqliteReader,
    wanted: &Wanted,
    moment: Moment,
) -> Result<Vec<LedgerPlan>, RecoveryError> {
    let worlds = decided(journal)?;
    // What one room must keep, its partner in this house keeps too: both ledgers tell of the same operation.
    let holds: Vec<Hold> = worlds
        .iter()
        .flat_map(|(room, world)| Hold::all(world, room))
        .collect();
    let mut plans = Vec::new();
    for room in worlds.keys() {
        let of_another = matches!(wanted, Wanted::Unit { room: of, .. } if of != room);
        if !of_another {
            plans.push(plan_ledger(journal, room, wanted, (&holds, moment))?);
        }
    }
    Ok(plans)
}

fn plan_ledger(
    journal: &SqliteReader,
    room: &RoomId,
    wanted: &Wanted,
    (holds, moment): (&[Hold], Moment),
) -> Result<LedgerPlan, JournalError> {
    let keys: Vec<KeyInfo> = journal
        .keys(room)?
        .into_iter()
        .filter(|key| is_wanted(key, wanted, moment.now))
        .collect();
    let access = keys
        .iter()
        .filter(|key| key.class() == RetentionClass::Access);
    let each: BTreeMap<KeyId, KeyId> = access.map(|key| (key.id, key.id)).collect();
    let mixed: BTreeSet<KeyId> = journal
        .tally(room, &each)?
        .into_iter()
        .filter(|(_, tally)| {
            !tally
                .kinds
                .iter()
                .all(|kind| ACCESS.contains(&kind.as_str()))
        })
        .map(|(key, _)| key)
        .collect();
    let fate = |key: &KeyInfo| {
        let held = if mixed.contains(&key.id) {
            Some(Held::Mixed)
        } else {
            held(key, holds, moment)
        };
        (held, key.class())
    };
    let groups = keys.iter().map(|key| (key.id, fate(key))).collect();
    let mut tallies = journal.tally(room, &groups)?;
    let mut lots: BTreeMap<(Option<Held>, RetentionClass), Lot> = BTreeMap::new();
    for key in &keys {
        let (fate, day) = (fate(key), key.day);
        let lot = lots.entry(fate.clone()).or_insert_with(|| Lot {
            class: fate.1,
            keys: Vec::new(),
            from: day,
            until: day,
            tally: tallies.remove(&fate).unwrap_or_default(),
        });
        lot.keys.push(key.id);
        (lot.from, lot.until) = (lot.from.min(day), lot.until.max(day));
    }
    let mut plan = LedgerPlan {
        room: room.clone(),
        erase: Vec::new(),
        held: Vec::new(),
    };
    for ((held, _), lot) in lots {
        match held {
            None => plan.erase.push(lot),
            Some(why) => plan.held.push((why, lot)),
        }
    }
    Ok(plan)
}

fn is_wanted(key: &KeyInfo, wanted: &Wanted, now: Timestamp) -> bool {
    let (class, day) = (key.class(), key.day);
    match wanted {
        Wanted::Due(retention) => retention
            .due_through(class, now)
            .is_some_and(|last| day <= last),
        Wanted::Unit {
            unit, from, until, ..
        } => {
            let positions = [
                RetentionClass::Positions,
                RetentionClass::OperationPositions,
            ];
            positions.contains(&class)
                && key.subject.unit() == Some(unit)
                && (*from..=*until).contains(&day)
        }
    }
}

/// Why a key must stay.
fn held(key: &KeyInfo, holds: &[Hold], moment: Moment) -> Option<Held> {
    let (class, day) = (key.class(), key.day);
    let holding = holds.iter().find(|hold| match class {
        RetentionClass::OperationPositions => key.subject.operation() == Some(&hold.operation),
        RetentionClass::Positions => key.subject.unit().is_some_and(|unit| hold.holds(unit, day)),
        RetentionClass::Movements
        | RetentionClass::Operation
        | RetentionClass::Report
        | RetentionClass::Access
        | RetentionClass::Service => false,
    });
    if let Some(hold) = holding {
        return Some(Held::Operation(hold.operation.clone(), hold.because));
    }
    let back = Span::from_millis(-moment.age.as_millis());
    let needed_from = moment.now.plus(back);
    (day >= Day::of(needed_from)).then_some(Held::Young)
}

/// Who erases, and why: kept for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grounds<'a> {
    /// Who.
    pub by: &'a str,
    /// Why.
    pub reason: &'a str,
    /// The unit that an order names.
    pub unit: Option<&'a UnitId>,
}

/// Erases what a plan names, one record a ledger, and overwrites the traces. A plan with nothing to erase records nothing; a
/// trace that an earlier erasure left goes all the same.
///
/// # Errors
/// When the journal cannot be written. What was recorded as erased is erased; its traces go with the next call.
pub fn carry_out(
    journal: &mut SqliteJournal,
    plans: &[LedgerPlan],
    now: Timestamp,
    grounds: Grounds<'_>,
) -> Result<(), JournalError> {
    for plan in plans {
        let keys = plan.erase.iter().flat_map(|lot| lot.keys.iter().copied());
        let erasure = Erasure {
            ledger: plan.room.clone(),
            keys: keys.collect(),
            by: grounds.by.to_owned(),
            reason: grounds.reason.to_owned(),
            unit: grounds.unit.cloned(),
        };
        if !erasure.keys.is_empty() {
            journal.erase(now, &erasure)?;
        }
    }
    journal.scrub()
}
