//! The time of an operation in rows: who led, who was abroad, clocks, notices, and what ended it. All of it stands in the
//! tables too; the drawing only sets it side by side, in UTC.
//!
//! ```text
//!                    11:30Z     12:00Z     12:30Z
//!   HU-1 RO             ├──────────────────?          ? an end that nobody recorded
//!   Consent of the host ├────────────────────────▶    ▶ goes on beyond what is drawn
//!   Notice N.1             ○●■◇                       owed, sent, delivered, read
//! ```

use super::ReportWire;
use super::figure::{Anchor, Colour, FAINT, Figure, INK, Mark, Place, RULE, cut};
use super::sheet::{Cell, Languages, Piece, Said, Section};
use crate::domain::measure::{Span, Timestamp};

const WIDTH: f32 = 769.0;
/// Where the time begins and ends, from the left.
const LEFT: f32 = 230.0;
const RIGHT: f32 = 755.0;
const ROW: f32 = 19.0;
/// Marks stand no nearer to each other.
const APART: f32 = 8.0;
/// Above the rows, for the axis; below, for the legend.
const TOP: f32 = 24.0;
const BELOW: f32 = 18.0;
/// The most rows of one drawing: it fits a page.
const ROWS: usize = 19;
/// The most letters of a name.
const LETTERS: usize = 56;
const BAR: Colour = [0x1f, 0x5f, 0xbf];
const CLOCK: Colour = [0x8a, 0x94, 0xa6];
const STOP: Colour = [0x9a, 0x34, 0x12];
/// How far apart the times on the axis may be, seconds.
const STEPS: [i64; 18] = [
    1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800,
    604_800,
];
/// The most times on the axis.
const TIMES: i64 = 9;

/// What marks mean, in the order of the legend.
const MEANS: [(Mark, &str); 7] = [
    (Mark::Ring, "fact-owed"),
    (Mark::Disc, "fact-sent"),
    (Mark::Square, "delivered"),
    (Mark::Block, "fact-seen"),
    (Mark::Diamond, "fact-voice"),
    (Mark::Triangle, "answered"),
    (Mark::Cross, "timeline-stop"),
];

/// One row.
struct Line {
    /// What it is about.
    name: String,
    /// The same in the second language; of a notice its id and to whom.
    under: String,
    /// From when until when: `None` is an end that nobody recorded.
    bars: Vec<(Option<Timestamp>, Until, Colour)>,
    /// What happened when.
    marks: Vec<(Timestamp, Mark)>,
}

/// The end of a bar.
#[derive(Clone, Copy)]
enum Until {
    At(Timestamp),
    /// Not over when the report was made.
    GoesOn,
    Unknown,
}

/// The section of the timeline.
pub(super) fn section(report: &ReportWire, languages: Languages) -> Section {
    let lines = lines(report, languages);
    let mut section = languages.pairs("section-timeline", Vec::new());
    section.empty = languages.word("not-recorded");
    if let Some(axis) = axis(report, &lines) {
        let drawn = lines.chunks(ROWS).map(|some| draw(some, axis, languages));
        section.figures = drawn.collect();
        section.foot = Cell::of(Piece::Word(languages.word("timeline-note")));
    }
    section
}

/// A row of this name, with nothing in it yet.
fn named(said: Said, of: &str) -> Line {
    let (name, under) = match said.other {
        Some((_, other)) => (said.one.1, other),
        None => (said.one.1, String::new()),
    };
    Line {
        name: format!("{of} {name}").trim().to_owned(),
        under,
        bars: Vec::new(),
        marks: Vec::new(),
    }
}

fn at(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).ok()
}

fn lines(report: &ReportWire, languages: Languages) -> Vec<Line> {
    let is_open = report.closed.is_none();
    let end = |until: Option<&str>| match until.and_then(at) {
        Some(until) => Until::At(until),
        None if is_open => Until::GoesOn,
        None => Until::Unknown,
    };
    let mut lines = Vec::new();
    for led in &report.led {
        let mut line = named(languages.word("leading-room"), &led.room);
        line.bars = vec![(at(&led.from), end(led.until.as_deref()), INK)];
        lines.push(line);
    }
    for stay in &report.stays {
        let of = format!("{} {}", stay.unit, stay.states);
        let mut line = named(languages.word("abroad"), &of);
        let since = stay.since.as_deref().and_then(at);
        line.bars = vec![(since, end(stay.until.as_deref()), BAR)];
        lines.push(line);
    }
    lines.extend(clocks(report, languages));
    lines.extend(notices(report, languages));
    lines.extend(stops(report, languages));
    lines
}

fn clocks(report: &ReportWire, languages: Languages) -> Vec<Line> {
    let clocks = report.duties.iter().filter(|row| row.kind == "clock");
    let line = |row: &super::DutyRowWire| {
        let word = row.what.as_deref().unwrap_or_default();
        let host = row.host.as_deref().unwrap_or_default();
        let mut line = named(languages.coded("clock", word), host);
        let fact = |what: &str| {
            let mut facts = row.facts.iter();
            facts
                .find(|fact| fact.what == what)
                .and_then(|fact| at(&fact.at))
        };
        let until = fact("stopped").or_else(|| fact("ends"));
        line.bars = vec![(
            fact("began"),
            until.map_or(Until::Unknown, Until::At),
            CLOCK,
        )];
        line.marks = fact("expired")
            .map(|at| (at, Mark::Cross))
            .into_iter()
            .collect();
        line
    };
    clocks.map(line).collect()
}

fn notices(report: &ReportWire, languages: Languages) -> Vec<Line> {
    let line = |row: &super::NoticeRowWire| {
        let mut line = named(languages.coded("duty", &row.duty), "");
        if !line.under.is_empty() {
            line.name = format!("{} · {}", line.name, line.under);
        }
        line.under = format!("{} → {}", row.notice, row.to);
        let mut mark = |text: Option<&String>, mark| {
            let at = text.and_then(|text| at(text));
            line.marks.extend(at.map(|at| (at, mark)));
        };
        mark(row.owed.as_ref().map(|owed| &owed.at), Mark::Ring);
        mark(row.sent.as_ref().map(|sent| &sent.at), Mark::Disc);
        for failed in &row.failed {
            mark(Some(&failed.at), Mark::Cross);
        }
        let delivered = row.delivered.as_ref();
        mark(delivered.map(|delivered| &delivered.at), Mark::Square);
        mark(row.seen.as_ref().map(|seen| &seen.at), Mark::Block);
        mark(row.voice.as_ref().map(|of| &of.call.at), Mark::Diamond);
        for answer in &row.answers {
            mark(Some(&answer.answer.answered_at), Mark::Triangle);
        }
        line.marks.sort_by_key(|(at, _)| *at);
        line
    };
    report.notices.iter().map(line).collect()
}

/// A host's no, and persons held until they were handed over or released.
fn stops(report: &ReportWire, languages: Languages) -> Vec<Line> {
    let mut lines = Vec::new();
    for row in report.duties.iter().filter(|row| row.kind == "held") {
        let host = row.host.as_deref().unwrap_or_default();
        let mut line = named(languages.coded("kind", "held"), host);
        let fact = |what: &str| {
            let mut facts = row.facts.iter();
            facts
                .find(|fact| fact.what == what)
                .and_then(|fact| at(&fact.at))
        };
        let over = fact("released").or_else(|| fact("handed_over"));
        let until = match over {
            Some(over) => Until::At(over),
            None if report.closed.is_none() => Until::GoesOn,
            None => Until::Unknown,
        };
        line.bars = vec![(fact("held"), until, STOP)];
        lines.push(line);
    }
    for row in &report.changes {
        let Some(no) = &row.change.host_refused else {
            continue;
        };
        let mut line = named(languages.word("timeline-host-no"), &no.host);
        line.marks = at(&no.at).map(|at| (at, Mark::Cross)).into_iter().collect();
        lines.push(line);
    }
    lines
}

/// From the first to the last that is drawn, clocks left out: the window of a document may begin and end days away. `None` of
/// no time.
fn axis(report: &ReportWire, lines: &[Line]) -> Option<(Timestamp, Timestamp)> {
    let mut all: Vec<Timestamp> = Vec::new();
    for line in lines {
        all.extend(line.marks.iter().map(|(at, _)| *at));
        for (since, until, _) in line.bars.iter().filter(|(.., colour)| *colour != CLOCK) {
            all.extend(*since);
            if let Until::At(until) = until {
                all.push(*until);
            }
        }
    }
    all.extend(at(&report.opened.at));
    let closed = report.closed.as_ref().map(|closed| &closed.at);
    all.extend(at(closed.unwrap_or(&report.made.at)));
    let (first, last) = (all.iter().min()?, all.iter().max()?);
    Some((*first, (*last).max(first.plus(Span::from_secs(10)))))
}

fn draw(lines: &[Line], axis: (Timestamp, Timestamp), languages: Languages) -> Figure {
    let height = TOP + lines.len() as f32 * ROW + BELOW;
    let name = languages.word("section-timeline").one.1;
    let mut figure = Figure::new(WIDTH, height, name);
    let (first, last) = axis;
    let whole = last.since(first).as_millis().max(1) as f64;
    let across = |at: Timestamp| {
        let share = at.since(first).as_millis() as f64 / whole;
        LEFT + (share.clamp(0.0, 1.0) as f32) * (RIGHT - LEFT)
    };
    let foot = height - BELOW;
    for (at, text) in times(axis) {
        let x = across(at);
        figure.line(vec![(x, TOP - 6.0), (x, foot)], 0.5, RULE);
        figure.faint((x, TOP - 9.0), text, 7.0, Anchor::Middle);
    }
    for (line, at) in lines.iter().zip(0_u16..) {
        let middle = TOP + f32::from(at) * ROW + ROW / 2.0;
        let name = cut(&line.name, LETTERS);
        let above = if line.under.is_empty() { 2.5 } else { -1.0 };
        figure.text((0.0, middle + above), name, 7.5, Anchor::Start);
        let under = cut(&line.under, LETTERS);
        figure.faint((0.0, middle + 7.0), under, 6.5, Anchor::Start);
        for (since, until, colour) in &line.bars {
            bar(
                &mut figure,
                (middle, *colour),
                (*since, *until),
                (axis, &across),
            );
        }
        let places: Vec<f32> = line.marks.iter().map(|(at, _)| across(*at)).collect();
        for ((_, mark), x) in line.marks.iter().zip(side_by_side(&places)) {
            let colour = if *mark == Mark::Cross { STOP } else { INK };
            figure.mark(*mark, (x, middle), 3.2, colour);
        }
        let under = middle + ROW / 2.0;
        figure.line(vec![(0.0, under), (RIGHT, under)], 0.3, RULE);
    }
    let mut x = 0.0;
    for (mark, key) in MEANS {
        let is_used = |line: &Line| line.marks.iter().any(|(_, used)| *used == mark);
        if !lines.iter().any(is_used) {
            continue;
        }
        let text = languages.word(key).in_one();
        let colour = if mark == Mark::Cross { STOP } else { INK };
        figure.mark(mark, (x + 5.0, height - 6.0), 3.2, colour);
        let wide = text.chars().count() as f32 * 4.0;
        figure.faint((x + 12.0, height - 3.5), text, 7.0, Anchor::Start);
        x += wide + 24.0;
    }
    figure
}

/// Where marks stand that must not lie over each other: none nearer to the one before than [`APART`], and none beyond the end.
fn side_by_side(places: &[f32]) -> Vec<f32> {
    let mut set = Vec::with_capacity(places.len());
    let mut least = f32::MIN;
    for place in places {
        let x = place.max(least);
        set.push(x);
        least = x + APART;
    }
    let mut most = RIGHT;
    for x in set.iter_mut().rev() {
        *x = x.min(most);
        most = *x - APART;
    }
    set
}

/// A bar from when until when. An end that nobody recorded is a question mark, with no bar to it.
fn bar(
    figure: &mut Figure,
    (middle, colour): (f32, Colour),
    (since, until): (Option<Timestamp>, Until),
    ((first, last), across): ((Timestamp, Timestamp), &impl Fn(Timestamp) -> f32),
) {
    const THICK: f32 = 6.0;
    let ends = match until {
        Until::At(until) => Some(until.min(last)),
        Until::GoesOn => Some(last),
        Until::Unknown => None,
    };
    let goes_on = match until {
        Until::At(until) => until > last,
        Until::GoesOn => true,
        Until::Unknown => false,
    };
    let question = |figure: &mut Figure, x: f32, towards: f32| {
        figure.dashes((x, middle), (x + towards * 24.0, middle), FAINT);
        let at = (x + towards * 30.0, middle + 2.5);
        figure.bold(at, "?", 8.0, Anchor::Middle);
    };
    match (since, ends) {
        (Some(since), Some(until)) => {
            let (from, to) = (across(since), across(until));
            if since < first {
                let at = (from - 1.0, middle + 2.5);
                figure.bold(at, "<", 8.0, Anchor::End);
            }
            let left: Place = (from, middle - THICK / 2.0);
            figure.bar(left, ((to - from).max(1.0), THICK), colour);
            if goes_on {
                let at = (to + 1.0, middle + 2.5);
                figure.bold(at, ">", 8.0, Anchor::Start);
            }
        }
        (Some(since), None) => {
            figure.bar((across(since), middle - THICK / 2.0), (2.0, THICK), colour);
            question(figure, across(since), 1.0);
        }
        (None, Some(until)) => {
            figure.bar((across(until), middle - THICK / 2.0), (2.0, THICK), colour);
            question(figure, across(until), -1.0);
        }
        (None, None) => question(figure, across(first), 1.0),
    }
}

/// Round times on the axis, with as many letters as tell them apart.
fn times((first, last): (Timestamp, Timestamp)) -> Vec<(Timestamp, String)> {
    let whole = last.since(first).as_millis() / 1_000;
    let fits = STEPS.into_iter().find(|step| whole / step < TIMES);
    let step = fits.unwrap_or_else(|| whole / TIMES + 1) * 1_000;
    let begin = first.as_millis().div_euclid(step) * step;
    let after = (0..=TIMES + 1).map(|count| Timestamp::from_millis(begin + count * step));
    let mut day = String::new();
    after
        .filter(|at| (first..=last).contains(at))
        .map(|at| {
            let text = at.to_string();
            let (date, clock) = text.split_once('T').unwrap_or((&text, ""));
            let letters = if step < 60_000 { 8 } else { 5 };
            let clock: String = clock.chars().take(letters).collect();
            let is_new = day != date;
            date.clone_into(&mut day);
            if step >= 86_400_000 {
                (at, date.to_owned())
            } else if is_new {
                (at, format!("{date} {clock}Z"))
            } else {
                (at, format!("{clock}Z"))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_fall_together_stand_side_by_side_within_the_frame() {
        assert_eq!(side_by_side(&[300.0, 301.0, 400.0]), [300.0, 308.0, 400.0]);
        assert_eq!(side_by_side(&[754.0, 755.0]), [RIGHT - APART, RIGHT]);
        assert_eq!(side_by_side(&[]), [0.0; 0]);
    }

    #[test]
    fn the_axis_has_round_times_and_each_day_once() {
        let of = |first: &str, last: &str| -> Vec<String> {
            let [first, last] = [first, last].map(|text| Timestamp::parse(text).unwrap());
            let times = times((first, last)).into_iter();
            times.map(|(_, text)| text).collect()
        };
        assert_eq!(
            of("2027-03-16T11:33:17.352Z", "2027-03-16T11:34:00Z"),
            [
                "2027-03-16 11:33:20Z",
                "11:33:25Z",
                "11:33:30Z",
                "11:33:35Z",
                "11:33:40Z",
                "11:33:45Z",
                "11:33:50Z",
                "11:33:55Z",
                "11:34:00Z"
            ]
        );
        assert_eq!(
            of("2027-03-16T20:10:00Z", "2027-03-17T05:00:00Z"),
            [
                "2027-03-16 21:00Z",
                "22:00Z",
                "23:00Z",
                "2027-03-17 00:00Z",
                "01:00Z",
                "02:00Z",
                "03:00Z",
                "04:00Z",
                "05:00Z"
            ]
        );
        assert_eq!(
            of("2027-03-16T20:10:00Z", "2027-03-19T20:10:00Z"),
            ["2027-03-17", "2027-03-18", "2027-03-19"]
        );
        let years = of("2027-01-01T00:00:00Z", "2028-12-31T00:00:00Z");
        assert!((5..=12).contains(&years.len()), "{years:?}");
    }
}
