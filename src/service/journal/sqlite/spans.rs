//! The index of positions: which record holds a unit's fixes of some time. Here by record; by unit in [`super::runs`].
//!
//! A commit may hold one fix of each of a thousand units. Put into one tree by unit, that would touch a thousand pages of
//! the file. So the index is only ever appended to:
//!
//! ```text
//! spans           one row a record, in order     │ 41 │ 42 │ 43 │ … │ 97 │ 98 │ 99 │
//! runs            so many spans, then a run      └──────── run 97 ───┘ └ not yet ┘
//! spans_by_unit   of each run, one row a unit    │ U-1: 41 43 60 │ U-2: 42 43 97 │ …
//! ```
//!
//! A search asks the runs whose time meets the range for the row of the unit, and reads the spans of the records after
//! the last run as they are. What `spans` holds is under the digests of the chain; the runs follow from it, and
//! verifying makes them again.

use super::super::compose::SealedRecord;
use super::super::record::PositionSpan;
use super::row::{number, seq_at};
use crate::domain::ids::{Seq, SourceId, UnitId};
use crate::domain::measure::Timestamp;
use crate::wire::position_index::{PackedSpan, pack, unpack};
use rusqlite::types::Type;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// Why the index cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum SpansError {
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
    #[error("its index of positions was altered")]
    Altered(Seq),
}

fn packed(spans: &[(usize, PositionSpan)]) -> Vec<u8> {
    let rows: Vec<PackedSpan<'_>> = spans
        .iter()
        .map(|(part, span)| PackedSpan {
            part: *part as u32,
            unit: span.unit.as_str(),
            source: span.source.as_str(),
            from: span.from.as_millis(),
            to: span.to.as_millis(),
        })
        .collect();
    pack(&rows)
}

/// Indexes one new record.
pub(super) fn insert(
    connection: &Connection,
    ledger: i64,
    record: &SealedRecord,
) -> Result<(), rusqlite::Error> {
    if record.spans.is_empty() {
        return Ok(());
    }
    let count = record.spans.len() as i64;
    let row = packed(&record.spans);
    store(connection, (ledger, record.header.seq), count, &row)
}

fn store(
    connection: &Connection,
    (ledger, seq): (i64, Seq),
    count: i64,
    row: &[u8],
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO spans (ledger, seq, count, packed) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![ledger, number(seq), count, row])
        .map(drop)
}

/// The spans of one record, by part, as the digests want them.
pub(super) fn of_record(
    connection: &Connection,
    ledger: i64,
    seq: Seq,
) -> Result<BTreeMap<usize, Vec<PositionSpan>>, SpansError> {
    let mut statement = connection
        .prepare_cached("SELECT count, packed FROM spans WHERE ledger = ?1 AND seq = ?2")?;
    let mut rows = statement.query(params![ledger, number(seq)])?;
    let mut spans: BTreeMap<usize, Vec<PositionSpan>> = BTreeMap::new();
    let Some(row) = rows.next()? else {
        return Ok(spans);
    };
    let altered = || SpansError::Altered(seq);
    let count: i64 = row.get(0)?;
    let bytes = row.get_ref(1)?.as_blob().map_err(|_| altered())?;
    let read: Vec<PackedSpan<'_>> = unpack(bytes).ok_or_else(altered)?;
    if read.len() as i64 != count || read.is_empty() {
        return Err(altered());
    }
    for span in read {
        let parsed = PositionSpan {
            unit: UnitId::parse(span.unit).map_err(|_| altered())?,
            source: SourceId::parse(span.source).map_err(|_| altered())?,
            from: Timestamp::from_millis(span.from),
            to: Timestamp::from_millis(span.to),
        };
        spans.entry(span.part as usize).or_default().push(parsed);
    }
    Ok(spans)
}

/// Takes parts of a record out of the index, and tells their spans.
pub(super) fn erase(
    connection: &Connection,
    ledger: i64,
    seq: Seq,
    parts: &[usize],
) -> Result<Vec<(usize, PositionSpan)>, SpansError> {
    let (mut kept, mut gone) = (Vec::new(), Vec::new());
    for (part, spans) in of_record(connection, ledger, seq)? {
        let list = if parts.contains(&part) {
            &mut gone
        } else {
            &mut kept
        };
        list.extend(spans.into_iter().map(|span| (part, span)));
    }
    if kept.is_empty() {
        connection
            .prepare_cached("DELETE FROM spans WHERE ledger = ?1 AND seq = ?2")?
            .execute(params![ledger, number(seq)])?;
    } else if !gone.is_empty() {
        store(connection, (ledger, seq), kept.len() as i64, &packed(&kept))?;
    }
    Ok(gone)
}

/// A record by its ledger and number, and its spans by part.
type Indexed = ((i64, Seq), Vec<(usize, PositionSpan)>);

/// Brings an index from before there were runs into this form.
pub(super) fn adopt(connection: &Connection) -> Result<(), rusqlite::Error> {
    let mut statement = connection.prepare(
        "SELECT ledger, seq, part, unit, source, from_ms, to_ms FROM positions
         ORDER BY ledger, seq, part, unit, source",
    )?;
    let mut rows = statement.query([])?;
    let mut now: Option<Indexed> = None;
    let flush = |record: Option<Indexed>| {
        record.map_or(Ok(()), |(place, spans)| {
            store(connection, place, spans.len() as i64, &packed(&spans))
        })
    };
    while let Some(row) = rows.next()? {
        let place = (row.get(0)?, seq_at(row, 1)?);
        let (unit, source): (String, String) = (row.get(3)?, row.get(4)?);
        let wrong = |column| rusqlite::Error::InvalidColumnType(column, "id".into(), Type::Text);
        let span = PositionSpan {
            unit: UnitId::parse(&unit).map_err(|_| wrong(3))?,
            source: SourceId::parse(&source).map_err(|_| wrong(4))?,
            from: Timestamp::from_millis(row.get(5)?),
            to: Timestamp::from_millis(row.get(6)?),
        };
        let part = row.get::<_, u32>(2)? as usize;
        match &mut now {
            Some((same, spans)) if *same == place => spans.push((part, span)),
            _ => flush(now.replace((place, vec![(part, span)])))?,
        }
    }
    flush(now)
}
