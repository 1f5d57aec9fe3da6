//! A quarter's figures as CSV, for a spreadsheet, and as a sheet. Small numbers are told as "fewer than".

use super::sheet::{Cell, Languages, Piece, Row, Section, Sheet};
use crate::domain::ids::State;
use crate::domain::law::basis::Basis;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::report::quarter::{Count, Passage, Quarter, QuarterReport, Side};
use crate::wire::words::Language;

/// One figure: what is counted, by what, and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// `operations`, `crossings`, `outcomes`, `notices_sent`, `notices_not_sent`, `latency_median_s`, `latency_95_s`,
    /// `handovers`, `overlap_median_s`, `overlap_95_s`, `alarms`.
    pub figure: &'static str,
    /// `requesting` or `host`; empty of the room's alarms.
    pub side: &'static str,
    /// The basis; empty where it is not counted by basis.
    pub basis: &'static str,
    /// The states left and entered, the outcome or the priority; empty where there is none.
    pub by: String,
    /// The figure: a number, `<5`, or `not recorded`.
    pub value: String,
}

const NOT_RECORDED: &str = "not recorded";

/// All figures of a quarter, in a fixed order.
#[must_use]
pub fn figures(report: &QuarterReport) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut push = |figure, side: Option<Side>, basis, by: String, value: String| {
        figures.push(Figure {
            figure,
            side: side.map_or("", Side::as_str),
            basis,
            by,
            value,
        });
    };
    for (side, basis, count) in report.operations() {
        push(
            "operations",
            Some(side),
            basis.as_str(),
            String::new(),
            count.to_string(),
        );
    }
    for (side, basis, passage, count) in report.crossings() {
        push(
            "crossings",
            Some(side),
            basis.as_str(),
            words(passage),
            count.to_string(),
        );
    }
    for (side, outcome, count) in report.outcomes() {
        let outcome = outcome.map_or(NOT_RECORDED, |outcome| outcome.as_str());
        push(
            "outcomes",
            Some(side),
            "",
            outcome.to_owned(),
            count.to_string(),
        );
    }
    for side in [Side::Requesting, Side::Host] {
        let latency = report.latency(side);
        let number = |count: Option<Count>| {
            count.map_or_else(|| NOT_RECORDED.to_owned(), |count| count.to_string())
        };
        let seconds = |span: Option<Span>| {
            span.map_or_else(
                || NOT_RECORDED.to_owned(),
                |span| format!("{:.0}", span.as_secs_f64()),
            )
        };
        push(
            "notices_sent",
            Some(side),
            "",
            String::new(),
            latency.sent.to_string(),
        );
        push(
            "notices_not_sent",
            Some(side),
            "",
            String::new(),
            number(latency.not_sent),
        );
        push(
            "latency_median_s",
            Some(side),
            "",
            String::new(),
            seconds(latency.median),
        );
        push(
            "latency_95_s",
            Some(side),
            "",
            String::new(),
            seconds(latency.most),
        );
        let overlap = report.overlap(side);
        for (figure, value) in [
            ("handovers", number(overlap.handovers)),
            ("overlap_median_s", seconds(overlap.median)),
            ("overlap_95_s", seconds(overlap.most)),
        ] {
            push(figure, Some(side), "", String::new(), value);
        }
    }
    for (priority, count) in ["P1", "P2", "P3"].into_iter().zip(report.alarms()) {
        push("alarms", None, "", priority.to_owned(), count.to_string());
    }
    figures
}

fn words((from, to): Passage) -> String {
    format!("{from}>{to}")
}

/// As CSV (RFC 4180): a line of names, then a line a figure.
///
/// # Panics
/// Never: writing into memory does not fail.
#[must_use]
pub fn csv(state: State, quarter: Quarter, report: &QuarterReport) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let (state, quarter) = (state.to_string(), quarter.to_string());
    let mut line = |fields: [&str; 7]| writer.write_record(fields).expect("memory takes it");
    line(["state", "quarter", "figure", "side", "basis", "by", "value"]);
    for of in figures(report) {
        line([
            &state, &quarter, of.figure, of.side, of.basis, &of.by, &of.value,
        ]);
    }
    let bytes = writer.into_inner().expect("memory takes it");
    String::from_utf8(bytes).expect("made of text")
}

/// As a sheet in one language.
#[must_use]
pub fn sheet(
    state: State,
    quarter: Quarter,
    report: &QuarterReport,
    (language, exercise): (Language, bool),
    made_at: Timestamp,
) -> Sheet {
    let languages = Languages([language; 2]);
    let (named, quarter) = (state.to_string(), quarter.to_string());
    let side = |side: Side| of_side(side, languages);
    let basis = |basis: Basis| Cell::of(Piece::Word(languages.coded("basis", basis.as_str())));
    let count = |count: Count| Cell::plain(count.to_string());
    let seconds = |span: Option<Span>| lasting(span, languages);
    let operations = report
        .operations()
        .map(|(of, on, number)| Row::of(vec![side(of), basis(on), count(number)]));
    let crossings = report.crossings().map(|(of, on, passage, number)| {
        Row::of(vec![
            side(of),
            basis(on),
            Cell::plain(words(passage)),
            count(number),
        ])
    });
    let outcomes = report.outcomes().map(|(of, outcome, number)| {
        let word = outcome.map(|outcome| languages.coded("outcome", outcome.as_str()));
        let outcome = word.map_or_else(|| languages.unknown(), Piece::Word);
        Row::of(vec![side(of), Cell::of(outcome), count(number)])
    });
    let notices = [Side::Requesting, Side::Host].map(|of| {
        let latency = report.latency(of);
        Row::of(vec![
            side(of),
            count(latency.sent),
            Cell::of(languages.maybe(latency.not_sent.map(|count| count.to_string()))),
            seconds(latency.median),
            seconds(latency.most),
        ])
    });
    let alarms = ["P1", "P2", "P3"].into_iter().zip(report.alarms());
    let alarms =
        alarms.map(|(priority, number)| Row::of(vec![Cell::plain(priority), count(number)]));
    let by_side = [("side", 2.0), ("outcome", 2.0), ("number", 1.0)];
    Sheet {
        language,
        made_at,
        band: exercise.then(|| languages.word("report-exercise")),
        title: languages.word_with("quarter-title", &[("state", &named), ("quarter", &quarter)]),
        notes: vec![languages.word("quarter-note")],
        foot: None,
        sections: vec![
            languages.table(
                "operation",
                &[("side", 2.0), ("basis", 3.0), ("number", 1.0)],
                operations.collect(),
            ),
            languages.table(
                "section-crossings",
                &[
                    ("side", 2.0),
                    ("basis", 3.0),
                    ("frontier", 1.0),
                    ("number", 1.0),
                ],
                crossings.collect(),
            ),
            languages.table("outcome", &by_side, outcomes.collect()),
            languages.table(
                "section-notices",
                &[
                    ("side", 2.0),
                    ("notices-sent", 1.0),
                    ("notices-not-sent", 1.0),
                    ("latency-median", 1.0),
                    ("latency-most", 1.0),
                ],
                notices.to_vec(),
            ),
            handovers(report, languages),
            languages.table(
                "section-alarms",
                &[("priority", 1.0), ("number", 1.0)],
                alarms.collect(),
            ),
        ],
    }
}

/// A side, by its word.
fn of_side(side: Side, languages: Languages) -> Cell {
    let key = format!("side-{}", side.as_str());
    Cell::of(Piece::Word(languages.word(&key)))
}

fn lasting(span: Option<Span>, languages: Languages) -> Cell {
    let text = span.map(|span| format!("{:.0} s", span.as_secs_f64()));
    Cell::of(languages.maybe(text))
}

/// Hand-overs, and how long units stayed after them.
fn handovers(report: &QuarterReport, languages: Languages) -> Section {
    let rows = [Side::Requesting, Side::Host].map(|of| {
        let overlap = report.overlap(of);
        Row::of(vec![
            of_side(of, languages),
            Cell::of(languages.maybe(overlap.handovers.map(|count| count.to_string()))),
            lasting(overlap.median, languages),
            lasting(overlap.most, languages),
        ])
    });
    let columns = [
        ("side", 2.0),
        ("handovers", 1.0),
        ("overlap-median", 1.0),
        ("overlap-most", 1.0),
    ];
    Section {
        foot: Cell::of(Piece::Word(languages.word("overlap-note"))),
        ..languages.table("section-handovers", &columns, rows.to_vec())
    }
}
