//! Table B: what the rooms told each other, and what was said back.

use super::{by, maybe, moment, noted, person};
use crate::wire::report::NoticeRowWire;
use crate::wire::report::sheet::{Cell, Languages, Piece, span};

/// One notice, from owed to answered.
pub(super) fn notice(row: &NoticeRowWire, languages: Languages) -> Vec<Cell> {
    let mut name = Cell::line(vec![
        Piece::Word(languages.coded("duty", &row.duty)),
        Piece::Code(row.notice.clone()),
    ]);
    name.0.extend(
        row.because
            .clone()
            .map(|because| vec![Piece::Recorded(because)]),
    );
    vec![
        name,
        Cell::plain(&*row.from),
        Cell::plain(&*row.to),
        noted(row.owed.as_ref(), languages),
        given(row, languages),
        maybe(row.latency_s.map(span), languages),
        delivered(row, languages),
        said_back(row, languages),
    ]
}

/// Who read a notice, by which call the host said so, and what it answered.
fn said_back(row: &NoticeRowWire, languages: Languages) -> Cell {
    let mut lines = by(row.seen.as_ref(), languages).0;
    lines.extend(row.seen_call.as_ref().map(|call| {
        vec![
            moment(&call.at),
            Piece::Plain(format!("{}, {}", call.name, call.number)),
        ]
    }));
    for answer in &row.answers {
        let said = &answer.answer;
        lines.extend([
            vec![
                moment(&said.answered_at),
                Piece::Strong(languages.coded("answer", &said.answer)),
                Piece::Plain(said.name.clone()),
            ],
            vec![Piece::Written(said.words.clone())],
            vec![person(&answer.by), Piece::Record(answer.record)],
        ]);
    }
    Cell(lines)
}

/// When a notice could not be delivered and why, and when the far side's machine had it.
fn delivered(row: &NoticeRowWire, languages: Languages) -> Cell {
    let mut lines = Vec::new();
    for failed in &row.failed {
        lines.extend([
            vec![
                moment(&failed.at),
                Piece::Word(languages.coded("fact", "failed")),
                Piece::Record(failed.record),
            ],
            vec![Piece::Recorded(failed.because.clone())],
        ]);
    }
    if lines.is_empty() || row.delivered.is_some() {
        lines.extend(noted(row.delivered.as_ref(), languages).0);
    }
    Cell(lines)
}

/// Who sent a notice, and who was told by telephone.
fn given(row: &NoticeRowWire, languages: Languages) -> Cell {
    let Some(voice) = &row.voice else {
        return by(row.sent.as_ref(), languages);
    };
    let sent = row.sent.as_ref();
    let mut lines = sent.map_or_else(Vec::new, |sent| by(Some(sent), languages).0);
    let call = &voice.call;
    let mut spoken_to = vec![Piece::Plain(format!("{}, {}", call.name, call.number))];
    spoken_to.extend(call.reference.clone().map(Piece::Code));
    lines.extend([
        vec![
            moment(&call.at),
            Piece::Word(languages.coded("fact", "voice")),
        ],
        spoken_to,
        vec![person(&voice.by), Piece::Record(voice.record)],
    ]);
    Cell(lines)
}
