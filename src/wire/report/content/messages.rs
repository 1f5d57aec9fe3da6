//! Table B: what the rooms said to each other of the lead.

use super::{by, moment, noted, person, rows};
use crate::wire::report::sheet::{Cell, Languages, Piece, Section};
use crate::wire::report::{MessageRowWire, ReportWire};

/// The dialogue, message by message.
pub(super) fn table(report: &ReportWire, languages: Languages) -> Section {
    languages.table(
        "section-messages",
        &[
            ("message", 1.6),
            ("from", 0.8),
            ("to", 0.8),
            ("sent", 1.4),
            ("delivered", 1.1),
            ("seen", 1.4),
            ("said", 2.4),
        ],
        rows(&report.messages, |row| message(row, languages)),
    )
}

/// One message, from said to read.
fn message(row: &MessageRowWire, languages: Languages) -> Vec<Cell> {
    let mut said = vec![vec![moment(&row.at), Piece::Record(row.record)]];
    said.extend(row.by.as_ref().map(|by| vec![person(by)]));
    vec![
        Cell::line(vec![
            Piece::Code(row.code.clone()),
            Piece::Word(languages.coded("code", &row.code)),
        ]),
        Cell::plain(&*row.from),
        Cell::plain(&*row.to),
        Cell(said),
        noted(row.received.as_ref(), languages),
        by(row.read.as_ref(), languages),
        what_became(row),
    ]
}

/// The words of it, why it was refused, and which units said that they will turn.
fn what_became(row: &MessageRowWire) -> Cell {
    let mut lines = Vec::new();
    lines.extend(row.words.clone().map(|words| vec![Piece::Written(words)]));
    if let Some(refused) = &row.refused {
        lines.push(vec![moment(&refused.at), Piece::Record(refused.record)]);
        lines.push(vec![Piece::Recorded(refused.because.clone())]);
    }
    for turned in &row.turned {
        lines.push(vec![
            Piece::Plain(turned.unit.clone()),
            moment(&turned.at),
            Piece::Record(turned.record),
        ]);
    }
    Cell(lines)
}
