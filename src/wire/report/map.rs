//! The map of an operation: the frontier, the ways of its units, where it was crossed and where somebody was held.
//!
//! Only what is recorded is drawn. What is not, or was erased, is said in the legend: no line stands for a way that nobody
//! knows. Persons have no names on it, and the target is not drawn.

use super::ReportWire;
use super::figure::{Anchor, Colour, FAINT, Figure, INK, Mark, Place, RULE, cut};
use super::plane::{Plane, reduced};
use super::sheet::{Cell, Languages, Piece, Said, Section, time};
use crate::domain::borders::{Atlas, LineKind, Window};
use crate::domain::measure::Position;
use crate::domain::report::ways::{Way, Ways};

/// Where the units were, and the ground they were on.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'g> {
    /// Where the units were.
    pub ways: &'g Ways,
    /// Where the frontiers lie.
    pub atlas: &'g Atlas,
}

/// The whole drawing, and the map in it; the legend stands beside the map.
const SIZE: Place = (769.0, 330.0);
const FRAME: Place = (520.0, SIZE.1);
/// Between what is drawn and the frame.
const EDGE: f32 = 28.0;
/// The least that a map shows from side to side.
const LEAST_M: f64 = 2_000.0;
/// What lies nearer to a straight line is left out of it.
const OFF: f32 = 0.4;
/// Marks nearer than this share their numbers.
const NEAR: f32 = 9.0;
const LETTERS: f32 = 7.5;
const LEGEND_LINE: f32 = 13.0;
/// The most letters of a line of the legend: more are set on two.
const LEGEND_LETTERS: usize = 44;
/// The colours of ways; a ninth unit has that of the first.
const COLOURS: [Colour; 8] = [
    [0x1f, 0x5f, 0xbf],
    [0xb4, 0x5f, 0x06],
    [0x0b, 0x7a, 0x4b],
    [0x8a, 0x2b, 0x9e],
    [0xa8, 0x1e, 0x2e],
    [0x00, 0x7c, 0x89],
    [0x6b, 0x5b, 0x00],
    [0x50, 0x50, 0x50],
];
const HELD: Colour = [0x9a, 0x34, 0x12];

/// The section of the map. Without ground it is said to be left out.
pub(super) fn section(
    report: &ReportWire,
    ground: Option<&Ground<'_>>,
    languages: Languages,
) -> Section {
    let mut section = languages.pairs("section-map", Vec::new());
    let Some(ground) = ground else {
        section.empty = languages.word("left-out");
        return section;
    };
    let drawn = Drawing::of(report, *ground, languages);
    section.foot = Cell(said_under(report, *ground, drawn.is_some(), languages));
    section.figures = drawn.into_iter().collect();
    section.empty = languages.word("not-recorded");
    section
}

/// What the drawing cannot say itself.
fn said_under(
    report: &ReportWire,
    ground: Ground<'_>,
    is_drawn: bool,
    languages: Languages,
) -> Vec<Vec<Piece>> {
    let erased = report.made.erased_positions.iter().map(|erased| {
        vec![
            Piece::Strong(languages.word("positions-erased")),
            Piece::Plain(format!(
                "{} {} – {}",
                erased.unit, erased.from_day, erased.to_day
            )),
            Piece::Record(erased.record),
        ]
    });
    let mut said: Vec<Vec<Piece>> = erased.collect();
    for held in ground.ways.held.iter().filter(|held| held.place.is_none()) {
        said.push(vec![
            Piece::Word(languages.coded("kind", "held")),
            Piece::Plain(format!(
                "{}, {} ·",
                held.host.value,
                time(&held.host.at.to_string())
            )),
            Piece::Word(languages.word("place")),
            languages.unknown(),
            Piece::Record(held.host.record.0),
        ]);
    }
    if is_drawn {
        said.push(vec![Piece::Word(languages.word("map-note"))]);
        said.push(vec![
            Piece::Word(languages.word("border-data")),
            Piece::Code(ground.atlas.border_set().to_string()),
        ]);
    }
    said
}

struct Drawing {
    figure: Figure,
    plane: Plane,
    /// Boxes that words take already: left, top, right, bottom.
    taken: Vec<[f32; 4]>,
    /// Where the next line of the legend stands.
    legend: f32,
}

impl Drawing {
    /// Everything that is known of places; `None` when nothing is.
    fn of(report: &ReportWire, ground: Ground<'_>, languages: Languages) -> Option<Figure> {
        let crossings = crossings(report);
        let mut all: Vec<Position> = crossings.iter().map(|(.., place)| *place).collect();
        all.extend(ground.ways.held.iter().filter_map(|held| held.place));
        let ways = ground.ways.of.iter();
        all.extend(ways.flat_map(|way| way.pieces.iter().flatten().copied()));
        let plane = Plane::over(&all, FRAME, (EDGE, LEAST_M))?;
        let name = languages.word("section-map").one.1;
        let mut drawing = Self {
            figure: Figure::new(SIZE.0, SIZE.1, name),
            plane,
            taken: Vec::new(),
            legend: 12.0,
        };
        drawing.frontier(ground.atlas, languages);
        let ways = ground.ways.of.iter().zip(COLOURS.iter().cycle());
        let under = (0..ground.ways.of.len()).rev();
        for ((way, colour), under) in ways.zip(under) {
            // Units that go together lie over each other: the earlier drawn show on both sides of the later.
            let width = (1.4 + 1.4 * under as f32).min(7.0);
            drawing.way(way, (*colour, width), report, languages);
        }
        drawing.crossings(&crossings, languages);
        drawing.held(ground.ways, languages);
        drawing.around(ground.atlas);
        Some(drawing.figure)
    }

    fn frontier(&mut self, atlas: &Atlas, languages: Languages) {
        let corners = (
            self.plane.position((0.0, FRAME.1)),
            self.plane.position((FRAME.0, 0.0)),
        );
        let (Some(south_west), Some(north_east)) = corners else {
            return;
        };
        let window = Window {
            south_west,
            north_east,
        };
        for (line, positions) in atlas.lines_within(window) {
            let places: Vec<Place> = positions.iter().map(|of| self.plane.place(*of)).collect();
            let (width, colour) = match line.kind {
                LineKind::Land => (1.8, INK),
                LineKind::Maritime | LineKind::Claim => (0.9, FAINT),
            };
            for piece in self.plane.within(&places) {
                self.figure.line(reduced(&piece, OFF), width, colour);
            }
        }
        let sample = Sample::Line(1.8, INK);
        self.legend_line(sample, &languages.word("frontier"), "");
    }

    fn way(
        &mut self,
        way: &Way,
        (colour, width): (Colour, f32),
        report: &ReportWire,
        languages: Languages,
    ) {
        for piece in &way.pieces {
            let places: Vec<Place> = piece.iter().map(|of| self.plane.place(*of)).collect();
            match places.as_slice() {
                [alone] => self.figure.mark(Mark::Disc, *alone, 1.5, colour),
                _ => self.figure.line(reduced(&places, OFF), width, colour),
            }
        }
        let unit = way.unit.to_string();
        let last = way.pieces.last().and_then(|piece| piece.last());
        if let Some(last) = last {
            let at = self.plane.place(*last);
            self.label(at, &unit);
        }
        let mut erased = report.made.erased_positions.iter();
        let is_erased = erased.any(|erased| erased.unit == unit);
        let said = match (last, is_erased) {
            (_, true) => languages.word("map-erased"),
            (None, false) => languages.word("not-recorded"),
            (Some(_), false) => {
                let mut units = report.units.iter();
                let kind = units.find(|card| card.unit == unit);
                kind.map_or_else(
                    || languages.word("unit"),
                    |card| languages.coded("unit", &card.unit_kind),
                )
            }
        };
        let sample = last.map_or(Sample::None, |_| Sample::Line(width, colour));
        self.legend_line(sample, &said, &unit);
    }

    fn crossings(&mut self, crossings: &[(usize, bool, Position)], languages: Languages) {
        let mut groups: Vec<(Place, Vec<usize>)> = Vec::new();
        for (number, is_sure, position) in crossings {
            let at = self.plane.place(*position);
            let mark = if *is_sure { Mark::Disc } else { Mark::Ring };
            self.figure.mark(mark, at, 3.2, INK);
            let near = |(other, _): &&mut (Place, Vec<usize>)| {
                (other.0 - at.0).hypot(other.1 - at.1) < NEAR
            };
            match groups.iter_mut().find(near) {
                Some((_, numbers)) => numbers.push(*number),
                None => groups.push((at, vec![*number])),
            }
        }
        for (at, numbers) in &groups {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            self.label(*at, &cut(&numbers.join(", "), 24));
        }
        for (is_sure, mark, key) in [
            (true, Mark::Disc, "map-crossing"),
            (false, Mark::Ring, "map-suspected"),
        ] {
            if crossings.iter().any(|(_, sure, _)| *sure == is_sure) {
                let sample = Sample::Mark(mark, INK);
                self.legend_line(sample, &languages.word(key), "");
            }
        }
    }

    fn held(&mut self, ways: &Ways, languages: Languages) {
        for held in &ways.held {
            let Some(place) = held.place else { continue };
            let at = self.plane.place(place);
            self.figure.mark(Mark::Block, at, 4.5, HELD);
            let said = languages.coded("kind", "held");
            let since = time(&held.host.at.to_string());
            self.legend_line(Sample::Mark(Mark::Block, HELD), &said, &since);
        }
    }

    /// The frame, the states in its corners, north, and how long a length is.
    fn around(&mut self, atlas: &Atlas) {
        let (right, bottom) = FRAME;
        let corners = [
            ((8.0, 16.0), Anchor::Start),
            ((right - 8.0, 16.0), Anchor::End),
            ((8.0, bottom - 28.0), Anchor::Start),
            ((right - 8.0, bottom - 8.0), Anchor::End),
        ];
        for (at, anchor) in corners {
            let states = self.plane.position(at).map(|of| atlas.locate(of));
            if let Some(states) = states.filter(|states| !states.is_empty()) {
                self.figure.bold(at, states.to_string(), 11.0, anchor);
            }
        }
        let (middle, top) = (right - 16.0, 26.0);
        let needle = (middle, top + 8.0);
        self.figure.mark(Mark::Triangle, needle, 7.0, INK);
        let north = (middle, top + 24.0);
        self.figure.bold(north, "N", 9.0, Anchor::Middle);
        let (metres, long) = self.plane.bar(120.0);
        let foot = bottom - 8.0;
        for (from, to) in [
            ((8.0, foot), (8.0 + long, foot)),
            ((8.0, foot - 3.0), (8.0, foot + 3.0)),
            ((8.0 + long, foot - 3.0), (8.0 + long, foot + 3.0)),
        ] {
            self.figure.line(vec![from, to], 1.2, INK);
        }
        let length = if metres < 1_000.0 {
            format!("{metres:.0} m")
        } else {
            format!("{:.0} km", metres / 1_000.0)
        };
        let after = (14.0 + long, foot + 2.5);
        self.figure.text(after, length, LETTERS, Anchor::Start);
        let frame = [(0.0, 0.0), (right, 0.0), (right, bottom), (0.0, bottom)];
        let around = frame.into_iter().chain([frame[0]]).collect();
        self.figure.line(around, 0.8, RULE);
    }

    /// Writes beside a place where no other word stands; of many at one place the last may lie on another.
    fn label(&mut self, (x, y): Place, text: &str) {
        let wide = text.chars().count() as f32 * LETTERS * 0.6;
        let by = [-4.0, 9.0, -14.0, 19.0, -24.0, 29.0];
        let to_the_left = x + 6.0 + wide > FRAME.0;
        let left = if to_the_left { x - 6.0 - wide } else { x + 6.0 };
        let boxed = |down: f32| [left, y + down - LETTERS, left + wide, y + down];
        let is_free = |of: &[f32; 4]| {
            let meets = |other: &[f32; 4]| {
                of[0] < other[2] && other[0] < of[2] && of[1] < other[3] && other[1] < of[3]
            };
            !self.taken.iter().any(meets)
        };
        let free = by.into_iter().find(|down| is_free(&boxed(*down)));
        let down = free.unwrap_or(by[0]);
        self.taken.push(boxed(down));
        let (at, anchor) = if to_the_left {
            (x - 6.0, Anchor::End)
        } else {
            (x + 6.0, Anchor::Start)
        };
        self.figure.bold((at, y + down), text, LETTERS, anchor);
    }

    /// One line of the legend, behind its sample; what has no room any more is left to the tables.
    fn legend_line(&mut self, sample: Sample, said: &Said, of: &str) {
        if self.legend > SIZE.1 {
            return;
        }
        let (left, middle) = (FRAME.0 + 12.0, self.legend - 3.0);
        match sample {
            Sample::Line(width, colour) => {
                let line = vec![(left, middle), (left + 20.0, middle)];
                self.figure.line(line, width, colour);
            }
            Sample::Mark(mark, colour) => {
                self.figure.mark(mark, (left + 10.0, middle), 3.5, colour);
            }
            Sample::None => {}
        }
        let right = FRAME.0 + 38.0;
        let whole = format!("{of} {}", said.in_one());
        let first = format!("{of} {}", said.one.1);
        let (text, under) = match &said.other {
            Some((_, other)) if whole.chars().count() > LEGEND_LETTERS => (first, Some(other)),
            _ => (whole, None),
        };
        let text = cut(text.trim(), LEGEND_LETTERS);
        self.figure
            .text((right, self.legend), text, LETTERS, Anchor::Start);
        if let Some(under) = under {
            self.legend += LEGEND_LINE - 3.0;
            let under = cut(under, LEGEND_LETTERS);
            self.figure
                .faint((right, self.legend), under, LETTERS, Anchor::Start);
        }
        self.legend += LEGEND_LINE;
    }
}

/// What stands before a line of the legend.
#[derive(Debug, Clone, Copy)]
enum Sample {
    Line(f32, Colour),
    Mark(Mark, Colour),
    None,
}

/// The crossings that are told and not taken back: their numbers in the table, whether they are sure, and where.
fn crossings(report: &ReportWire) -> Vec<(usize, bool, Position)> {
    let rows = report.crossings.iter().zip(1..);
    let standing = rows.filter(|(row, _)| row.standing != "retracted");
    let placed = standing.filter_map(|(row, number)| {
        let [lon, lat] = row.crossing.point;
        let place = Position::new(lat, lon).ok()?;
        Some((number, row.standing == "confirmed", place))
    });
    placed.collect()
}
