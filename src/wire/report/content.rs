//! A report as a sheet: which facts stand where.

mod changes;
mod messages;
mod notices;

use super::map::{self, Ground};
use super::sheet::{Cell, Languages, Piece, Row, Section, Sheet, length, span, time};
use super::{
    AlarmRowWire, AtWire, ByWire, ClosedRowWire, CrossingRowWire, DutyRowWire, FactWire, MadeWire,
    ProfileRowWire, RefusalRowWire, ReportWire, SealedWire, SourceRowWire, StayWire, timeline,
};
use crate::domain::ids::State;
use crate::domain::measure::Timestamp;
use crate::domain::operations::Topic;
use crate::domain::report::duties::Kept;
use crate::wire::parts::PersonWire;
use crate::wire::words::Language;

impl Languages {
    /// Those of the requesting and the first host state of a report.
    #[must_use]
    pub fn of(report: &ReportWire) -> Self {
        let language = |state: &str| State::parse(state).map_or(Language::En, Language::of);
        let own = language(&report.operation.requesting_state);
        let host = report.operation.host_states.first();
        Self([own, host.map_or(own, |host| language(host))])
    }
}

/// The sheet of a report. Without ground its map is left out.
#[must_use]
pub fn sheet(report: &ReportWire, ground: Option<&Ground<'_>>, languages: Languages) -> Sheet {
    let id = report.operation.id.as_str();
    let made = time(&report.made.at);
    let is_exercise = report.operation.exercise;
    let copy = report.redacted.as_ref();
    Sheet {
        language: languages.0[0],
        made_at: Timestamp::parse(&report.made.at).unwrap_or(Timestamp::EPOCH),
        band: is_exercise.then(|| languages.word("report-exercise")),
        title: languages.word_with("report-title", &[("operation", id)]),
        notes: [
            languages.word_with("report-draft", &[("at", &made)]),
            languages.word("time-utc"),
        ]
        .into_iter()
        .chain(copy.map(|_| languages.word("report-redacted")))
        .collect(),
        foot: copy.map(|copy| {
            let said = languages.word("redacted-copy").in_one();
            format!("{said} · {}", copy.of)
        }),
        sections: vec![
            summary(report, languages),
            map::section(report, ground, languages),
            timeline::section(report, languages),
            crossings(report, languages),
            languages.table(
                "section-duties",
                &[
                    ("duty", 1.7),
                    ("unit", 0.6),
                    ("kept", 0.9),
                    ("facts", 4.2),
                    ("citation", 1.8),
                ],
                (report.duties.iter())
                    .map(|row| Row {
                        marked: row.kept == Kept::NotMet.as_str(),
                        ..Row::of(duty(row, languages))
                    })
                    .collect(),
            ),
            languages.table(
                "section-notices",
                &[
                    ("notice", 1.8),
                    ("from", 0.8),
                    ("to", 0.8),
                    ("owed", 1.2),
                    ("sent", 1.4),
                    ("latency", 0.9),
                    ("delivered", 1.2),
                    ("seen", 1.4),
                ],
                rows(&report.notices, |row| notices::notice(row, languages)),
            ),
            messages::table(report, languages),
            alarms(report, languages),
            languages.table(
                "section-sources",
                &[
                    ("unit", 0.8),
                    ("fixes", 0.7),
                    ("first", 1.2),
                    ("last", 1.2),
                    ("gaps", 0.8),
                    ("longest-gap", 0.9),
                    ("stored", 1.0),
                    ("kept-apart", 1.3),
                    ("silences", 1.4),
                    ("sealed", 0.9),
                ],
                rows(&report.sources, |row| source(row, &report.made, languages)),
            ),
            languages.table(
                "section-changes",
                &[
                    ("at", 1.2),
                    ("by", 1.0),
                    ("old-value", 2.5),
                    ("new-value", 3.0),
                ],
                rows(&report.changes, |row| changes::change(row, languages)),
            ),
            languages.table(
                "section-refusals",
                &[("at", 1.2), ("by", 1.0), ("order", 1.0), ("said", 4.0)],
                rows(&report.refusals, refusal),
            ),
            statements(report, languages),
            integrity(report, languages),
        ],
    }
}

fn rows<T>(of: &[T], cells: impl Fn(&T) -> Vec<Cell>) -> Vec<Row> {
    of.iter().map(|one| Row::of(cells(one))).collect()
}

/// The epoch of a lead that passed: ` e2`.
fn epoch(epoch: Option<u32>) -> String {
    epoch.map_or_else(String::new, |epoch| format!(" e{epoch}"))
}

fn moment(at: &str) -> Piece {
    Piece::Plain(time(at))
}

fn person(by: &PersonWire) -> Piece {
    Piece::Plain(format!("{} ({})", by.account, by.room))
}

fn noted(at: Option<&AtWire>, languages: Languages) -> Cell {
    match at {
        Some(at) => Cell::line(vec![moment(&at.at), Piece::Record(at.record)]),
        None => Cell::of(languages.unknown()),
    }
}

fn by(by: Option<&ByWire>, languages: Languages) -> Cell {
    match by {
        Some(by) => Cell::line(vec![
            moment(&by.at),
            person(&by.by),
            Piece::Record(by.record),
        ]),
        None => Cell::of(languages.unknown()),
    }
}

fn maybe(text: Option<String>, languages: Languages) -> Cell {
    Cell::of(languages.maybe(text))
}

/// Paragraphs, or a word that there is none.
fn listed(lines: Vec<Vec<Piece>>, none: Piece) -> Cell {
    if lines.is_empty() {
        Cell::of(none)
    } else {
        Cell(lines)
    }
}

fn summary(report: &ReportWire, languages: Languages) -> Section {
    let card = &report.operation;
    let closed = report.closed.as_ref();
    let until = |end: Option<&str>| languages.maybe(end.map(time));
    let document = card.authorisation.as_ref().map(|document| {
        let (from, to) = (time(&document.from), time(&document.to));
        vec![
            vec![Piece::Plain(format!("{}, {from} – {to}", document.number))],
            vec![Piece::Written(document.conditions.clone())],
        ]
    });
    let units = report.units.iter().map(|unit| {
        let name = format!("{} ({})", unit.callsign, unit.unit);
        vec![
            Piece::Plain(name),
            Piece::Word(languages.coded("unit", &unit.unit_kind)),
        ]
    });
    let led = report.led.iter().map(|led| {
        vec![
            Piece::Plain(format!(
                "{}{}: {} –",
                led.room,
                epoch(led.epoch),
                time(&led.from)
            )),
            until(led.until.as_deref()),
            Piece::Record(led.record),
        ]
    });
    let stay = |stay: &StayWire| {
        vec![
            Piece::Plain(format!("{} {}:", stay.unit, stay.states)),
            until(stay.since.as_deref()),
            Piece::Plain("–".to_owned()),
            until(stay.until.as_deref()),
        ]
    };
    let word = |group: &str, word: &str| Cell::of(Piece::Word(languages.coded(group, word)));
    let closing = |closed: &ClosedRowWire| {
        Cell::line(vec![
            moment(&closed.at),
            person(&closed.by),
            Piece::Record(closed.record),
        ])
    };
    let unknown = || Cell::of(languages.unknown());
    let outcome = closed.and_then(|closed| closed.outcome.as_deref());
    languages.pairs(
        "section-summary",
        vec![
            ("operation", Cell::plain(&*card.id)),
            ("name", Cell::plain(&*card.name)),
            ("basis", word("basis", &card.basis)),
            ("offence", Cell::of(Piece::Code(card.offence.clone()))),
            ("person-followed", word("category", &card.person_category)),
            (
                "authorisation",
                listed(document.unwrap_or_default(), languages.none()),
            ),
            ("requesting-state", Cell::plain(&*card.requesting_state)),
            ("host-states", Cell::plain(card.host_states.join(", "))),
            ("leading-room", Cell(led.collect())),
            ("opened", by(Some(&report.opened), languages)),
            ("closed", closed.map_or_else(unknown, closing)),
            (
                "outcome",
                outcome.map_or_else(unknown, |outcome| word("outcome", outcome)),
            ),
            (
                "why",
                closed.map_or_else(unknown, |closed| {
                    Cell::of(Piece::Written(closed.reason.clone()))
                }),
            ),
            ("units", listed(units.collect(), languages.unknown())),
            (
                "abroad",
                listed(report.stays.iter().map(stay).collect(), languages.none()),
            ),
            (
                "rules",
                report.rules.as_ref().map_or_else(unknown, |rules| {
                    Cell::line(vec![
                        Piece::Plain(format!("v{}", rules.version)),
                        Piece::Code(rules.digest.clone()),
                        Piece::Record(rules.record),
                    ])
                }),
            ),
            (
                "profile",
                listed(
                    report.profiles.iter().map(profile).collect(),
                    languages.none(),
                ),
            ),
        ],
    )
}

fn profile(of: &ProfileRowWire) -> Vec<Piece> {
    vec![
        Piece::Plain(format!("{} v{}", of.pair, of.version)),
        Piece::Code(of.digest.clone()),
        Piece::Record(of.record),
    ]
}

fn crossings(report: &ReportWire, languages: Languages) -> Section {
    let rounded = report.redacted.is_some();
    let row = |(row, number)| Row::of(crossing(row, (number, rounded), languages));
    languages.table(
        "section-crossings",
        &[
            ("unit", 1.3),
            ("from", 0.6),
            ("to", 0.6),
            ("standing", 1.1),
            ("likely", 1.2),
            ("earliest", 1.2),
            ("latest", 1.2),
            ("place", 1.2),
            ("place-error", 1.0),
            ("border-error", 1.1),
        ],
        report.crossings.iter().zip(1..).map(row).collect(),
    )
}

/// `number`: as the map has it. `rounded`: whether the place is known to a hundredth of a degree only.
fn crossing(
    row: &CrossingRowWire,
    (number, rounded): (usize, bool),
    languages: Languages,
) -> Vec<Cell> {
    let of = &row.crossing;
    let mut unit = vec![Piece::Plain(format!("{number}. {}", of.unit))];
    unit.extend(row.records.iter().copied().map(Piece::Record));
    let [lon, lat] = of.point;
    let border = of
        .border_error_m
        .map(|error| format!("± {}", length(error)));
    vec![
        Cell::line(unit),
        Cell::plain(&*of.from),
        Cell::plain(&*of.to),
        Cell::of(Piece::Word(languages.coded("standing", &row.standing))),
        Cell::of(moment(&of.likely)),
        Cell::of(moment(&of.earliest)),
        Cell::of(moment(&of.latest)),
        Cell::plain(if rounded {
            format!("{lat:.2}, {lon:.2}")
        } else {
            format!("{lat:.5}, {lon:.5}")
        }),
        Cell::plain(format!("± {}", length(of.position_error_m))),
        maybe(border, languages),
    ]
}

fn duty(row: &DutyRowWire, languages: Languages) -> Vec<Cell> {
    let what = row.what.as_deref().unwrap_or_default();
    let name = match row.kind.as_str() {
        "condition" => languages.coded("condition", what),
        "notice" => languages.coded("duty", what),
        "clock" => languages.coded("clock", what),
        kind => languages.coded("kind", kind),
    };
    let mut name = vec![Piece::Word(name)];
    name.extend(row.notice.clone().map(Piece::Code));
    let whose: Vec<&str> = row
        .unit
        .iter()
        .chain(&row.host)
        .map(String::as_str)
        .collect();
    let facts = row.facts.iter().flat_map(|one| fact(one, languages));
    let citation = row.citation.as_ref().map(|citation| {
        let (origin, confidence) = (&citation.origin, &citation.confidence);
        format!("{} ({origin}, {confidence})", citation.instrument)
    });
    vec![
        Cell::line(name),
        Cell::plain(whose.join(" ")),
        Cell::of(Piece::Strong(languages.coded("kept", &row.kept))),
        listed(facts.collect(), languages.unknown()),
        maybe(citation, languages),
    ]
}

/// A fact, and under it what was said of it.
fn fact(fact: &FactWire, languages: Languages) -> Vec<Vec<Piece>> {
    let km = |metres: f64| format!("{:.1}", metres / 1_000.0);
    let what = match (&fact.unit, fact.measured_m.zip(fact.max_m)) {
        (_, Some((measured, max))) => {
            let (measured, max) = (km(measured), km(max));
            languages.word_with("fact-reached", &[("measured", &measured), ("max", &max)])
        }
        (Some(unit), None) => languages.word_with("fact-held-by", &[("unit", unit)]),
        (None, None) => languages.coded("fact", &fact.what),
    };
    let mut lines = vec![vec![
        moment(&fact.at),
        Piece::Word(what),
        Piece::Record(fact.record),
    ]];
    lines.extend(fact.said.clone().map(|said| vec![Piece::Recorded(said)]));
    lines
}

fn alarms(report: &ReportWire, languages: Languages) -> Section {
    let row = |row: &AlarmRowWire| {
        vec![
            Cell::plain(&*row.alarm.code),
            Cell::plain(format!("P{}", row.alarm.priority)),
            Cell::of(Piece::Recorded(row.alarm.sentence.clone())),
            noted(Some(&row.raised), languages),
            by(row.acknowledged.as_ref(), languages),
            noted(row.cleared.as_ref(), languages),
        ]
    };
    let columns = [
        ("alarm", 0.6),
        ("priority", 0.6),
        ("said", 3.5),
        ("raised", 1.3),
        ("taken", 1.6),
        ("cleared", 1.3),
    ];
    let totals = &report.alarm_totals;
    let counts = format!("P1 {}, P2 {}, P3 {}", totals.p1, totals.p2, totals.p3);
    let rate = totals.an_hour.map(|rate| format!("{rate:.1}"));
    Section {
        foot: Cell::line(vec![
            Piece::Plain(format!("{counts} ·")),
            Piece::Word(languages.word("alarms-an-hour")),
            languages.maybe(rate),
            Piece::Plain("·".to_owned()),
            Piece::Word(languages.word("alarms-taken-after")),
            languages.maybe(totals.taken_after_s.map(span)),
        ]),
        ..languages.table("section-alarms", &columns, rows(&report.alarms, row))
    }
}

fn source(row: &SourceRowWire, made: &MadeWire, languages: Languages) -> Vec<Cell> {
    let longest = row
        .gaps
        .iter()
        .map(|gap| gap.seconds)
        .max_by(f64::total_cmp);
    let stored = match row.latest_by_s {
        Some(most) => format!("{} (≤ {})", row.stored, span(most)),
        None => row.stored.to_string(),
    };
    let apart = row.kept_apart.iter().map(|(reason, count)| {
        vec![
            Piece::Plain(format!("{count} ×")),
            Piece::Word(languages.coded("reason", reason)),
        ]
    });
    let silence = |silence: &AtWire| vec![moment(&silence.at), Piece::Record(silence.record)];
    let sealed = |sealed: &SealedWire| {
        let mut pieces = silence(&sealed.from);
        pieces.push(Piece::Plain("–".to_owned()));
        pieces.extend(sealed.until.iter().flat_map(silence));
        pieces
    };
    let of_it = made
        .erased_positions
        .iter()
        .filter(|of| of.unit == row.unit);
    let erased = of_it.map(|erased| {
        vec![
            Piece::Word(languages.word("positions-erased")),
            Piece::Plain(format!("{} – {}", erased.from_day, erased.to_day)),
            Piece::Record(erased.record),
        ]
    });
    let fixes = vec![Piece::Plain(row.fixes.to_string())];
    vec![
        Cell::plain(&*row.unit),
        Cell(std::iter::once(fixes).chain(erased).collect()),
        maybe(row.first.as_deref().map(time), languages),
        maybe(row.last.as_deref().map(time), languages),
        Cell::plain(row.gap_count.to_string()),
        Cell::of(longest.map_or_else(|| languages.none(), |most| Piece::Plain(span(most)))),
        Cell::plain(stored),
        listed(apart.collect(), languages.none()),
        listed(row.silences.iter().map(silence).collect(), languages.none()),
        listed(row.sealed.iter().map(sealed).collect(), languages.none()),
    ]
}

fn refusal(row: &RefusalRowWire) -> Vec<Cell> {
    vec![
        Cell::line(vec![moment(&row.at), Piece::Record(row.record)]),
        Cell::of(person(&row.by)),
        Cell::of(Piece::Code(row.order.clone())),
        Cell::of(Piece::Recorded(row.sentence.clone())),
    ]
}

/// Each topic that an authority asks for, with what was stated: what nobody stated is said to be not recorded.
fn statements(report: &ReportWire, languages: Languages) -> Section {
    let of = |topic: Topic| {
        let stated = report
            .statements
            .iter()
            .filter(move |row| row.statement.topic == topic.as_str());
        let lines = stated.flat_map(|row| {
            let said = vec![moment(&row.at), person(&row.by), Piece::Record(row.record)];
            [said, vec![Piece::Written(row.statement.text.clone())]]
        });
        Row {
            heading: Some(languages.coded("topic", topic.as_str())),
            cells: vec![listed(lines.collect(), languages.unknown())],
            marked: false,
        }
    };
    Section {
        rows: Topic::ALL.into_iter().map(of).collect(),
        ..languages.pairs("section-statements", Vec::new())
    }
}

fn integrity(report: &ReportWire, languages: Languages) -> Section {
    let made = &report.made;
    let command = format!("limes journal verify --head {}", made.head);
    let signatures = report.signatures.iter().flat_map(|row| {
        let said = vec![moment(&row.at), person(&row.by), Piece::Record(row.record)];
        let facts = if row.facts == made.facts { "=" } else { "≠" };
        let key = format!("{facts} {} Ed25519 {}", row.facts, row.key);
        [said, vec![Piece::Code(key)]]
    });
    languages.pairs(
        "section-integrity",
        vec![
            ("ledger-head", Cell::of(Piece::Code(made.head.clone()))),
            ("records", Cell::plain(format!("≤ #{}", made.through))),
            ("erased", Cell::plain(made.erased.to_string())),
            ("program", Cell::plain(&*made.program)),
            ("facts-digest", Cell::of(Piece::Code(made.facts.clone()))),
            ("how-to-verify", Cell::of(Piece::Code(command))),
            (
                "signature",
                listed(
                    signatures.collect(),
                    Piece::Word(languages.word(if report.redacted.is_some() {
                        "left-out"
                    } else {
                        "not-signed"
                    })),
                ),
            ),
        ],
    )
}
