//! Positions of one commit as one record per ledger: one part per unit, so that each unit's can be read and erased
//! alone.

use super::record::{
    KIND_POSITIONS, NewRecord, PARTS_MAX, Part, PositionSpan, RetentionClass, SubjectKey,
};
use super::{JournalError, JournalRead, PositionQuery};
use crate::domain::ids::{OperationId, RoomId, SourceId, UnitId};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::tracks::fix::Fix;
use crate::wire::positions::{FIXES_MAX, PositionsError, SCHEMA, decode, encode};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

#[cfg(test)]
mod tests;

/// The record of admitted fixes, in the order they were admitted; `None` when there are none. `operation` names the
/// operation that a unit is in, if any: its positions are then sealed under a key of both. The order is kept within
/// each unit.
///
/// # Errors
/// None for any fixes: the error of the codec is passed on so that nothing is ever left out in silence.
pub fn record(
    ledger: &RoomId,
    at: Timestamp,
    fixes: &[Fix],
    operation: impl Fn(&UnitId) -> Option<OperationId>,
) -> Result<Option<NewRecord>, PositionsError> {
    let mut sorted: Vec<&Fix> = fixes.iter().collect();
    // Stable: the order within each unit is kept.
    sorted.sort_by(|one, other| one.unit.cmp(&other.unit));
    let mut parts = Vec::new();
    for fixes in sorted.chunk_by(|one, other| one.unit == other.unit) {
        let unit = &fixes[0].unit;
        let subject = match operation(unit) {
            None => SubjectKey::Unit(unit.clone()),
            Some(operation) => SubjectKey::UnitInOperation {
                unit: unit.clone(),
                operation,
            },
        };
        // Each fix may be of another device: a part has at most as many spans as fixes.
        for fixes in fixes.chunks(FIXES_MAX.min(PARTS_MAX)) {
            parts.push(Part {
                subject: subject.clone(),
                payload: encode(fixes)?,
                positions: spans(fixes),
            });
        }
    }
    Ok((!parts.is_empty()).then(|| NewRecord {
        ledger: ledger.clone(),
        at,
        kind: KIND_POSITIONS.to_owned(),
        schema: SCHEMA,
        retention: RetentionClass::Positions,
        unit: None,
        operation: None,
        parts,
    }))
}

/// First and last `fixed_at` of each source.
fn spans(fixes: &[&Fix]) -> Vec<PositionSpan> {
    if let [only] = fixes {
        return vec![PositionSpan {
            unit: only.unit.clone(),
            source: only.source.clone(),
            from: only.fixed_at,
            to: only.fixed_at,
        }];
    }
    let mut spans: BTreeMap<(&UnitId, &SourceId), (Timestamp, Timestamp)> = BTreeMap::new();
    for fix in fixes {
        spans
            .entry((&fix.unit, &fix.source))
            .and_modify(|(from, to)| {
                *from = fix.fixed_at.min(*from);
                *to = fix.fixed_at.max(*to);
            })
            .or_insert((fix.fixed_at, fix.fixed_at));
    }
    let span = |((unit, source), (from, to)): ((&UnitId, &SourceId), (Timestamp, Timestamp))| {
        let (unit, source) = (unit.clone(), source.clone());
        PositionSpan {
            unit,
            source,
            from,
            to,
        }
    };
    spans.into_iter().map(span).collect()
}

/// Why a track could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TrackError {
    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Its positions could not be decoded.
    #[error(transparent)]
    Positions(#[from] PositionsError),
}

/// A page of a track.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackPage {
    /// Oldest first; equal times by source, then by arrival.
    pub fixes: Vec<Fix>,
    /// The `fixed_at` from which to read on; `None` at the end.
    pub next: Option<Timestamp>,
}

/// The fixes of one unit in a range of `fixed_at`, both ends included. At most `limit`; fixes of one moment stay
/// together, so a page may exceed it when that moment alone has more. Holds little more than one page in memory.
///
/// # Errors
/// When the journal cannot be read or is damaged.
pub fn track(
    journal: &dyn JournalRead,
    query: &PositionQuery,
    limit: usize,
) -> Result<TrackPage, TrackError> {
    let limit = limit.max(1);
    let mut found: Vec<Fix> = Vec::new();
    let mut broken = None;
    journal.positions(query, &mut |part| {
        // Parts come by their first fix: once there are enough earlier ones, nothing that follows belongs here.
        if found.len() > limit && found.last().is_some_and(|last| last.fixed_at < part.from) {
            return ControlFlow::Break(());
        }
        match decode(&part.payload) {
            Ok(fixes) => {
                let wanted = |fix: &Fix| {
                    fix.unit == query.unit && (query.from..=query.to).contains(&fix.fixed_at)
                };
                found.extend(fixes.into_iter().filter(wanted));
                found.sort_by(by_time);
                if let Some(beyond) = found.get(limit).map(|fix| fix.fixed_at) {
                    found.truncate(found.partition_point(|fix| fix.fixed_at <= beyond));
                }
                ControlFlow::Continue(())
            }
            Err(error) => {
                broken = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    match broken {
        None => Ok(page(found, limit)),
        Some(error) => Err(error.into()),
    }
}

fn by_time(one: &Fix, other: &Fix) -> Ordering {
    let times = one.fixed_at.cmp(&other.fixed_at);
    times
        .then_with(|| one.source.cmp(&other.source))
        .then_with(|| one.received_at.cmp(&other.received_at))
}

/// Cuts between two moments: before the one that holds the first fix too many, or after it when it is the only one.
fn page(mut found: Vec<Fix>, limit: usize) -> TrackPage {
    let Some(beyond) = found.get(limit).map(|fix| fix.fixed_at) else {
        return TrackPage {
            fixes: found,
            next: None,
        };
    };
    let before = found.partition_point(|fix| fix.fixed_at < beyond);
    if before > 0 {
        found.truncate(before);
    }
    let next = if before > 0 {
        beyond
    } else {
        beyond.plus(Span::from_millis(1))
    };
    TrackPage {
        fixes: found,
        next: Some(next),
    }
}
