//! The index of positions by unit, in runs that are written once: the picture is in [`super::spans`], how a run comes
//! about in [`super::closing`].

use super::super::record::PositionSpan;
use super::row::{number, seq_at};
use super::spans::{SpansError, of_record};
use crate::domain::ids::{Seq, UnitId};
use crate::wire::position_index::{SpanPlace, pack, unpack};
use rusqlite::{Connection, params};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A range of device time, milliseconds since 1970, both ends included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) from: i64,
    pub(super) to: i64,
}

/// The range of no fix at all.
const NOTHING: Range = Range {
    from: i64::MAX,
    to: i64::MIN,
};

impl Range {
    fn with(self, place: &SpanPlace) -> Self {
        Self {
            from: self.from.min(place.from),
            to: self.to.max(place.to),
        }
    }

    const fn meets(self, from: i64, to: i64) -> bool {
        from <= self.to && to >= self.from
    }
}

/// The places of some records by unit: what a run is made of.
#[derive(Debug)]
pub(super) struct Run {
    units: BTreeMap<UnitId, Vec<SpanPlace>>,
    spans: u64,
    /// From its earliest fix to its latest.
    range: Range,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            units: BTreeMap::new(),
            spans: 0,
            range: NOTHING,
        }
    }
}

impl Run {
    /// Takes in one span of a record.
    pub(super) fn take(&mut self, seq: Seq, part: usize, span: &PositionSpan) {
        let place = SpanPlace {
            from: span.from.as_millis(),
            to: span.to.as_millis(),
            seq: seq.0,
            part: part as u32,
        };
        self.spans += 1;
        self.range = self.range.with(&place);
        if let Some(places) = self.units.get_mut(&span.unit) {
            places.push(place);
        } else {
            self.units.insert(span.unit.clone(), vec![place]);
        }
    }

    /// Takes in the spans of a record.
    fn take_all(&mut self, seq: Seq, spans: &BTreeMap<usize, Vec<PositionSpan>>) {
        for (part, spans) in spans {
            for span in spans {
                self.take(seq, *part, span);
            }
        }
    }

    /// How many spans it is made of.
    pub(super) const fn spans(&self) -> u64 {
        self.spans
    }

    /// The places of each unit, in the order they were taken in.
    pub(super) fn into_units(self) -> BTreeMap<UnitId, Vec<SpanPlace>> {
        self.units
    }

    fn rows(mut self) -> impl Iterator<Item = (UnitId, Vec<SpanPlace>)> {
        for places in self.units.values_mut() {
            places.sort_unstable();
        }
        self.units.into_iter()
    }
}

/// A run on its way into the store.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writing {
    /// Its ledger, and the last record in it.
    pub(super) place: (i64, Seq),
    pub(super) range: Range,
    /// Whether it is in the list of runs.
    pub(super) begun: bool,
}

impl Writing {
    pub(super) const fn of(run: &Run, place: (i64, Seq)) -> Self {
        Self {
            place,
            range: run.range,
            begun: false,
        }
    }
}

fn range_of<'a>(places: impl Iterator<Item = &'a SpanPlace>) -> Range {
    places.fold(NOTHING, Range::with)
}

/// What the records after this one make of their spans.
pub(super) fn of_spans(
    connection: &Connection,
    ledger: i64,
    after: Seq,
) -> Result<Run, SpansError> {
    let mut run = Run::default();
    for seq in indexed_after(connection, ledger, after)? {
        run.take_all(seq, &of_record(connection, ledger, seq)?);
    }
    Ok(run)
}

pub(super) fn store_row(
    connection: &Connection,
    (ledger, through): (i64, Seq),
    unit: &UnitId,
    places: &[SpanPlace],
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO spans_by_unit (ledger, through, unit, places) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![ledger, number(through), unit.as_str(), pack(places)])
        .map(drop)
}

/// The last record of the last run that is closed.
pub(super) fn last_run(connection: &Connection, ledger: i64) -> Result<Seq, rusqlite::Error> {
    connection
        .prepare_cached(
            "SELECT coalesce(max(through), 0) FROM runs WHERE ledger = ?1 AND closed = 1",
        )?
        .query_row([ledger], |row| seq_at(row, 0))
}

fn indexed_after(
    connection: &Connection,
    ledger: i64,
    after: Seq,
) -> Result<Vec<Seq>, rusqlite::Error> {
    let mut statement = connection
        .prepare_cached("SELECT seq FROM spans WHERE ledger = ?1 AND seq > ?2 ORDER BY seq")?;
    let rows = statement.query_map(params![ledger, number(after)], |row| seq_at(row, 0))?;
    rows.collect()
}

/// A closed run as the list of runs has it.
#[derive(Debug, Clone, Copy)]
struct RunHead {
    through: Seq,
    range: Range,
}

fn runs(connection: &Connection, ledger: i64) -> Result<Vec<RunHead>, rusqlite::Error> {
    let mut statement = connection.prepare_cached(
        "SELECT through, from_ms, to_ms FROM runs WHERE ledger = ?1 AND closed = 1 ORDER BY through",
    )?;
    let rows = statement.query_map([ledger], |row| {
        Ok(RunHead {
            through: seq_at(row, 0)?,
            range: Range {
                from: row.get(1)?,
                to: row.get(2)?,
            },
        })
    })?;
    rows.collect()
}

/// The places of one unit's fixes in a range of time, the earliest first: runs are read when their time comes.
pub(super) struct Places<'a> {
    connection: &'a Connection,
    ledger: i64,
    unit: &'a UnitId,
    range: Range,
    /// The runs not read yet, the earliest last.
    ahead: Vec<RunHead>,
    found: BinaryHeap<Reverse<SpanPlace>>,
}

impl<'a> Places<'a> {
    pub(super) fn of(
        connection: &'a Connection,
        ledger: i64,
        unit: &'a UnitId,
        range: Range,
    ) -> Result<Self, SpansError> {
        let mut ahead = runs(connection, ledger)?;
        let indexed = ahead.last().map_or(Seq::ZERO, |run| run.through);
        ahead.retain(|run| range.meets(run.range.from, run.range.to));
        ahead.sort_by_key(|run| Reverse(run.range.from));
        let mut rest = of_spans(connection, ledger, indexed)?;
        let found = rest.units.remove(unit).unwrap_or_default();
        let mut places = Self {
            connection,
            ledger,
            unit,
            range,
            ahead,
            found: BinaryHeap::new(),
        };
        places.add(found);
        Ok(places)
    }

    /// A part may hold fixes of several devices: it is one place, from the earliest of them on.
    fn add(&mut self, found: Vec<SpanPlace>) {
        let mut parts: BTreeMap<(u64, u32), SpanPlace> = BTreeMap::new();
        for place in found
            .into_iter()
            .filter(|place| self.range.meets(place.from, place.to))
        {
            let part = parts.entry((place.seq, place.part)).or_insert(place);
            part.from = part.from.min(place.from);
        }
        self.found.extend(parts.into_values().map(Reverse));
    }

    /// The next place.
    pub(super) fn next(&mut self) -> Result<Option<SpanPlace>, SpansError> {
        loop {
            let first = self.found.peek().map(|Reverse(place)| place.from);
            match self.ahead.last() {
                Some(run) if first.is_none_or(|first| run.range.from <= first) => {
                    let through = run.through;
                    self.ahead.pop();
                    let row = row_of(self.connection, (self.ledger, through), self.unit)?;
                    self.add(row);
                }
                _ => return Ok(self.found.pop().map(|Reverse(place)| place)),
            }
        }
    }
}

fn row_of(
    connection: &Connection,
    (ledger, through): (i64, Seq),
    unit: &UnitId,
) -> Result<Vec<SpanPlace>, SpansError> {
    let mut statement = connection.prepare_cached(
        "SELECT places FROM spans_by_unit WHERE ledger = ?1 AND through = ?2 AND unit = ?3",
    )?;
    let mut rows = statement.query(params![ledger, number(through), unit.as_str()])?;
    let Some(row) = rows.next()? else {
        return Ok(Vec::new());
    };
    let bytes = row.get_ref(0)?.as_blob();
    unpack(bytes.unwrap_or_default()).ok_or(SpansError::Altered(through))
}

/// Takes spans of a record out of its run, if it is in one.
pub(super) fn take_out(
    connection: &Connection,
    ledger: i64,
    seq: Seq,
    gone: &[(usize, PositionSpan)],
) -> Result<(), SpansError> {
    if gone.is_empty() {
        return Ok(());
    }
    let run: Option<i64> = connection
        .prepare_cached("SELECT min(through) FROM runs WHERE ledger = ?1 AND through >= ?2")?
        .query_row(params![ledger, number(seq)], |row| row.get(0))?;
    let Some(through) = run.map(|through| Seq(through.cast_unsigned())) else {
        return Ok(());
    };
    for (part, span) in gone {
        let mut places = row_of(connection, (ledger, through), &span.unit)?;
        places.retain(|place| (place.seq, place.part) != (seq.0, *part as u32));
        if places.is_empty() {
            connection
                .prepare_cached(
                    "DELETE FROM spans_by_unit WHERE ledger = ?1 AND through = ?2 AND unit = ?3",
                )?
                .execute(params![ledger, number(through), span.unit.as_str()])?;
        } else {
            store_row(connection, (ledger, through), &span.unit, &places)?;
        }
    }
    Ok(())
}

/// After an erasure: the times of the runs say nothing of what is gone.
pub(super) fn narrow(connection: &Connection, ledger: i64) -> Result<(), SpansError> {
    for run in runs(connection, ledger)? {
        let mut statement = connection.prepare_cached(
            "SELECT places FROM spans_by_unit WHERE ledger = ?1 AND through = ?2",
        )?;
        let mut rows = statement.query(params![ledger, number(run.through)])?;
        let mut range = range_of([].iter());
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(0)?.as_blob();
            let places: Vec<SpanPlace> =
                unpack(bytes.unwrap_or_default()).ok_or(SpansError::Altered(run.through))?;
            let of_row = range_of(places.iter());
            range.from = range.from.min(of_row.from);
            range.to = range.to.max(of_row.to);
        }
        connection
            .prepare_cached(
                "UPDATE runs SET from_ms = ?3, to_ms = ?4 WHERE ledger = ?1 AND through = ?2",
            )?
            .execute(params![ledger, number(run.through), range.from, range.to])?;
    }
    Ok(())
}

/// Compares the runs of a ledger with what its spans make of them, while its records are gone through in order.
pub(super) struct RunCheck {
    runs: Vec<RunHead>,
    now: Run,
}

impl RunCheck {
    pub(super) fn of(connection: &Connection, ledger: i64) -> Result<Self, rusqlite::Error> {
        let mut runs = runs(connection, ledger)?;
        runs.reverse();
        Ok(Self {
            runs,
            now: Run::default(),
        })
    }

    /// After the record `seq`: whether a run that ends here is what it should be.
    pub(super) fn step(
        &mut self,
        connection: &Connection,
        ledger: i64,
        seq: Seq,
        spans: &BTreeMap<usize, Vec<PositionSpan>>,
    ) -> Result<bool, SpansError> {
        self.now.take_all(seq, spans);
        let Some(head) = self.runs.pop_if(|run| run.through <= seq) else {
            return Ok(true);
        };
        let run = std::mem::take(&mut self.now);
        let range = run.range;
        let ends_here = head.through == seq;
        let same_range = (range.from, range.to) == (head.range.from, head.range.to);
        let expected: BTreeMap<String, Vec<u8>> = run
            .rows()
            .map(|(unit, places)| (unit.to_string(), pack(&places)))
            .collect();
        let mut statement = connection.prepare_cached(
            "SELECT unit, places FROM spans_by_unit WHERE ledger = ?1 AND through = ?2",
        )?;
        let rows = statement.query_map(params![ledger, number(head.through)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        let found: BTreeMap<String, Vec<u8>> = rows.collect::<Result<_, _>>()?;
        Ok(ends_here && same_range && found == expected)
    }

    /// Whether no run is left that ends after the last record, and no more spans are outside of runs than may be.
    pub(super) fn is_done(&self) -> bool {
        self.runs.is_empty()
    }
}
