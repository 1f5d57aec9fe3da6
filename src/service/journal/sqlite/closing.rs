//! How the newest spans become a run, a few rows a commit.
//!
//! The writer keeps in memory what the run to come is made of. When there are enough spans the run is *closing*: each
//! following commit writes some of its rows, in the order of units, and the last of them says that it is closed. No
//! search asks a run before that: till then it reads the spans of the records as they are.
//!
//! ```text
//! commit        98           99              100             101
//! runs          97           97 (99 open)    97 (99 open)    97 99
//! rows          …            U-1 U-2         U-3 U-4         U-5
//! ```
//!
//! The rows follow from `spans`. A run that the end of the process left open is taken away at the next start, and made
//! again.

use super::row::number;
use super::runs::{Run, Writing, last_run, of_spans, store_row};
use super::spans::SpansError;
use crate::domain::ids::{Seq, UnitId};
use crate::service::journal::record::PositionSpan;
use crate::wire::position_index::SpanPlace;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// A run is made of this many spans, or a few more. In tests of three, so that they have runs.
const RUN_SPANS: u64 = if cfg!(test) { 3 } else { 16_384 };
/// A commit writes this many rows of a run that is closing, or as many as it has spans of its own: so a run is closed
/// before as many spans have come again. In tests one, so that they have runs that are half closed.
const ROWS: usize = if cfg!(test) { 1 } else { 64 };

/// What is to become of the newest spans of one ledger.
#[derive(Debug, Default)]
pub(super) struct NextRun {
    /// The spans that are in no run and in none that is closing.
    run: Run,
    closing: Option<Closing>,
}

#[derive(Debug)]
struct Closing {
    writing: Writing,
    /// Not yet written.
    rows: BTreeMap<UnitId, Vec<SpanPlace>>,
}

/// What one commit writes of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Step(usize);

impl NextRun {
    /// Reads what is in no run.
    pub(super) fn read(connection: &Connection, ledger: i64) -> Result<Self, SpansError> {
        let after = last_run(connection, ledger)?;
        Ok(Self {
            run: of_spans(connection, ledger, after)?,
            closing: None,
        })
    }

    /// Writes some rows of the run that is closing, for a commit with so many spans of its own. What it tells is for
    /// [`NextRun::committed`], and for nothing when the commit fails.
    pub(super) fn step(&self, connection: &Connection, spans: usize) -> Result<Step, SpansError> {
        let Some(closing) = &self.closing else {
            return Ok(Step(0));
        };
        if !closing.writing.begun {
            closing.writing.begin(connection)?;
        }
        let rows = closing.rows.len().min(ROWS.max(spans));
        for (unit, places) in closing.rows.iter().take(rows) {
            let mut places = places.clone();
            places.sort_unstable();
            store_row(connection, closing.writing.place, unit, &places)?;
        }
        if rows == closing.rows.len() {
            closing.writing.end(connection)?;
        }
        Ok(Step(rows))
    }

    /// A commit is durable: what it wrote of the run, and its own spans, up to the record `through`.
    pub(super) fn committed<'a>(
        &mut self,
        step: Step,
        (ledger, through): (i64, Seq),
        spans: impl Iterator<Item = (Seq, &'a (usize, PositionSpan))>,
    ) {
        if let Some(closing) = &mut self.closing {
            closing.writing.begun = true;
            for _ in 0..step.0 {
                closing.rows.pop_first();
            }
        }
        self.closing.take_if(|closing| closing.rows.is_empty());
        for (seq, (part, span)) in spans {
            self.run.take(seq, *part, span);
        }
        if self.closing.is_none() && self.run.spans() >= RUN_SPANS {
            let run = std::mem::take(&mut self.run);
            self.closing = Some(Closing {
                writing: Writing::of(&run, (ledger, through)),
                rows: run.into_units(),
            });
        }
    }
}

/// Takes away the run that is closing, if any: what it was made of is in no run again.
pub(super) fn undo(connection: &Connection, ledger: i64) -> Result<(), rusqlite::Error> {
    let mut statement =
        connection.prepare_cached("SELECT through FROM runs WHERE ledger = ?1 AND closed = 0")?;
    let open: Vec<i64> = statement
        .query_map([ledger], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for through in open {
        connection.execute(
            "DELETE FROM spans_by_unit WHERE ledger = ?1 AND through = ?2",
            params![ledger, through],
        )?;
        connection.execute(
            "DELETE FROM runs WHERE ledger = ?1 AND through = ?2",
            params![ledger, through],
        )?;
    }
    Ok(())
}

impl Writing {
    /// The run is there, and open.
    fn begin(&self, connection: &Connection) -> Result<(), rusqlite::Error> {
        let (ledger, through) = self.place;
        connection
            .prepare_cached(
                "INSERT INTO runs (ledger, through, from_ms, to_ms, closed) VALUES (?1, ?2, ?3, ?4, 0)",
            )?
            .execute(params![ledger, number(through), self.range.from, self.range.to])
            .map(drop)
    }

    /// All its rows are there: from now on it is asked.
    fn end(&self, connection: &Connection) -> Result<(), rusqlite::Error> {
        let (ledger, through) = self.place;
        connection
            .prepare_cached("UPDATE runs SET closed = 1 WHERE ledger = ?1 AND through = ?2")?
            .execute(params![ledger, number(through)])
            .map(drop)
    }
}
