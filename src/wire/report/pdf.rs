//! A sheet as PDF/A-2u, for archives: A4 across, drawn with a type of its own, so that it looks and reads alike for ever.
//!
//! ```text
//!   pieces of a cell ─▶ words ─▶ lines that fit the column ─▶ rows of lines ─▶ pages
//!                                a word too long is cut       a row too tall for what is left of a page begins the
//!                                                             next; one taller than a page is divided
//! ```

mod figure;
mod types;

use super::figure::{Colour, FAINT as GREY, Figure, INK as BLACK, Place, RULE};
use super::sheet::{Cell, Column, Piece, Row, Said, Section, Sheet};
use crate::domain::measure::Timestamp;
use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::text::KrillaGlyph;
use krilla::{Document, SerializeSettings};
use types::{Type, Types};

/// A4 across, points.
const PAGE: (f32, f32) = (841.89, 595.28);
const MARGIN: f32 = 36.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
/// The lowest line of the text.
const BOTTOM: f32 = PAGE.1 - MARGIN - 14.0;
/// Between the rule of a cell and its text.
const PADDING: f32 = 3.0;
const SIZE: f32 = 7.5;
const LEADING: f32 = 10.0;
/// How much of a list of pairs the headings take.
const PAIR_SHARE: f32 = 0.3;
const SHADE: Colour = [0xee, 0xf0, 0xf4];
const MARKED: Colour = [0xf6, 0xf0, 0xee];
const WARNING: Colour = [0x9a, 0x34, 0x12];

/// Why a sheet could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the PDF cannot be made: {0}")]
pub struct PdfError(String);

/// Draws a sheet. The same sheet gives the same bytes.
///
/// # Errors
/// [`PdfError`] when the types of the house cannot be read or the result is no PDF/A-2u: both are faults of the house.
pub fn pdf(sheet: &Sheet) -> Result<Vec<u8>, PdfError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_U)
        .finish()
        .map_err(|error| PdfError(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let metadata = Metadata::new()
        .title(sheet.title.one.1.clone())
        .language(sheet.language.tag().to_owned())
        .creator("Limes".to_owned())
        .creation_date(date(sheet.made_at));
    document.set_metadata(metadata);
    let types = Types::read()?;
    let mut paper = Paper::new(&types);
    paper.sheet(sheet);
    paper.draw(&mut document)?;
    document
        .finish()
        .map_err(|error| PdfError(format!("{error:?}")))
}

/// A moment as PDF has it, in UTC.
fn date(at: Timestamp) -> DateTime {
    let read = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    let at = read.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let part = |number: i8| number.unsigned_abs();
    DateTime::new(at.year().unsigned_abs())
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Look {
    bold: bool,
    size: f32,
    colour: Colour,
}

impl Look {
    const TEXT: Self = Self {
        bold: false,
        size: SIZE,
        colour: BLACK,
    };

    const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    const fn grey(self) -> Self {
        Self {
            colour: GREY,
            ..self
        }
    }

    const fn sized(self, size: f32) -> Self {
        Self { size, ..self }
    }
}

/// A text at a place on a page.
#[derive(Debug, Clone)]
struct Run {
    x: f32,
    y: f32,
    text: String,
    look: Look,
}

/// A filled box.
#[derive(Debug, Clone)]
struct Shade {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    colour: Colour,
}

#[derive(Debug, Default)]
struct Leaf {
    shades: Vec<Shade>,
    figures: Vec<(Place, Figure)>,
    runs: Vec<Run>,
}

/// Words on one line: each with the place where it begins.
type Line = Vec<(f32, String, Look)>;

/// What is being written, page after page.
struct Paper<'t> {
    types: &'t Types,
    leaves: Vec<Leaf>,
    /// Where the next thing stands.
    y: f32,
    /// What is said at the foot of every page.
    foot: String,
}

impl<'t> Paper<'t> {
    fn new(types: &'t Types) -> Self {
        Self {
            types,
            leaves: vec![Leaf::default()],
            y: MARGIN,
            foot: String::new(),
        }
    }

    fn leaf(&mut self) -> &mut Leaf {
        if self.leaves.is_empty() {
            self.leaves.push(Leaf::default());
        }
        let last = self.leaves.len() - 1;
        &mut self.leaves[last]
    }

    fn turn(&mut self) {
        self.leaves.push(Leaf::default());
        self.y = MARGIN;
    }

    /// Begins a new page when so much does not fit on this one.
    fn room_for(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > MARGIN {
            self.turn();
        }
    }

    fn sheet(&mut self, sheet: &Sheet) {
        self.foot = sheet.foot.clone().unwrap_or_default();
        if let Some(band) = &sheet.band {
            let look = Look {
                colour: WARNING,
                ..Look::TEXT.bold().sized(10.0)
            };
            self.said(band, (look, look), 14.0);
            self.y += 4.0;
        }
        let title = Look::TEXT.bold().sized(16.0);
        self.said(&sheet.title, (title, Look::TEXT.grey().sized(13.0)), 20.0);
        for note in &sheet.notes {
            self.said(note, (Look::TEXT.grey(), Look::TEXT.grey()), LEADING);
        }
        for section in &sheet.sections {
            self.section(section);
        }
    }

    /// Both languages, one under the other, over the whole width.
    fn said(&mut self, said: &Said, (one, other): (Look, Look), leading: f32) {
        let second = said.other.as_ref().map(|(_, text)| (text, other));
        for (text, look) in std::iter::once((&said.one.1, one)).chain(second) {
            for line in self.lines(&[(text.clone(), look)], WIDTH) {
                self.room_for(leading);
                self.put(&line, MARGIN, self.y);
                self.y += leading;
            }
        }
    }

    fn section(&mut self, section: &Section) {
        self.y += 10.0;
        // A heading never stands alone at the foot of a page, nor away from its drawing.
        let drawn = section.figures.first().map_or(0.0, |first| first.height);
        self.room_for(70.0 + drawn);
        let heading = Look::TEXT.bold().sized(10.5);
        self.said(
            &section.heading,
            (heading, Look::TEXT.grey().sized(9.5)),
            13.0,
        );
        self.y += 2.0;
        for figure in &section.figures {
            self.room_for(figure.height);
            let place = (MARGIN, self.y);
            self.leaf().figures.push((place, figure.clone()));
            self.y += figure.height + PADDING;
        }
        if section.rows.is_empty() && !section.figures.is_empty() {
            // The drawing is what is said.
        } else if section.rows.is_empty() {
            let look = Look::TEXT.grey();
            self.said(&section.empty, (look, look), LEADING);
        } else if section.columns.is_empty() {
            for row in &section.rows {
                self.pair(row);
            }
        } else {
            self.table(&section.columns, &section.rows);
        }
        for paragraph in &section.foot.0 {
            let pieces: Vec<_> = paragraph.iter().flat_map(written).collect();
            for line in self.lines(&pieces, WIDTH) {
                self.room_for(LEADING);
                self.put(&line, MARGIN, self.y + 3.0);
                self.y += LEADING;
            }
        }
    }

    fn pair(&mut self, row: &Row) {
        let widths = [WIDTH * PAIR_SHARE, WIDTH * (1.0 - PAIR_SHARE)];
        let heading = row.heading.as_ref().map_or_else(Vec::new, |heading| {
            self.lines(&both(heading, Look::TEXT.bold()), widths[0] - 2.0 * PADDING)
        });
        let cell = row.cells.first().map_or_else(Vec::new, |cell| {
            self.paragraphs(cell, widths[1] - 2.0 * PADDING)
        });
        self.cells(vec![heading, cell], &widths, (None, Some(SHADE)), None);
    }

    fn table(&mut self, columns: &[Column], rows: &[Row]) {
        let all: f32 = columns.iter().map(|column| column.share).sum();
        let widths: Vec<f32> = columns
            .iter()
            .map(|column| WIDTH * column.share / all)
            .collect();
        let heads: Vec<Vec<Line>> = (columns.iter().zip(&widths))
            .map(|(column, width)| {
                let heading = &column.heading;
                let width = width - 2.0 * PADDING;
                let mut lines = self.lines(&[(heading.one.1.clone(), Look::TEXT.bold())], width);
                if let Some((_, other)) = &heading.other {
                    lines.extend(self.lines(&[(other.clone(), Look::TEXT.grey())], width));
                }
                lines
            })
            .collect();
        self.cells(heads.clone(), &widths, (Some(SHADE), None), None);
        for row in rows {
            let cells = (row.cells.iter().zip(&widths))
                .map(|(cell, width)| self.paragraphs(cell, width - 2.0 * PADDING))
                .collect();
            let shade = row.marked.then_some(MARKED);
            self.cells(cells, &widths, (shade, None), Some(&heads));
        }
    }

    /// One row of cells. `shade`: of the whole row, and of its first cell. `heads`: said again at the top of a new page.
    fn cells(
        &mut self,
        mut cells: Vec<Vec<Line>>,
        widths: &[f32],
        shade: (Option<Colour>, Option<Colour>),
        heads: Option<&[Vec<Line>]>,
    ) {
        loop {
            let tallest = cells.iter().map(Vec::len).max().unwrap_or(0);
            let left = ((BOTTOM - self.y - 2.0 * PADDING) / LEADING)
                .floor()
                .max(0.0) as usize;
            let is_fresh = self.y <= MARGIN + 60.0;
            if tallest > left && !is_fresh {
                self.turn();
                if let Some(heads) = heads {
                    self.cells(heads.to_vec(), widths, (Some(SHADE), None), None);
                }
                continue;
            }
            // Taller than a page: what fits stands here, the rest on the next.
            let here = tallest.min(left.max(1));
            let rest: Vec<Vec<Line>> = cells
                .iter_mut()
                .map(|lines| lines.split_off(here.min(lines.len())))
                .collect();
            self.row(&cells, widths, here, shade);
            if rest.iter().all(Vec::is_empty) {
                return;
            }
            cells = rest;
            self.turn();
        }
    }

    fn row(
        &mut self,
        cells: &[Vec<Line>],
        widths: &[f32],
        lines: usize,
        (shade, first): (Option<Colour>, Option<Colour>),
    ) {
        let height = lines as f32 * LEADING + 2.0 * PADDING;
        let (top, mut x) = (self.y, MARGIN);
        for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let colour = if at == 0 { first.or(shade) } else { shade };
            let whole = |colour| Shade {
                x,
                y: top,
                width: *width,
                height,
                colour,
            };
            self.leaf().shades.extend(colour.map(whole));
            self.frame(x, top, *width, height);
            for (line, row) in cell.iter().zip(0_u16..) {
                self.put(line, x + PADDING, top + PADDING + f32::from(row) * LEADING);
            }
            x += width;
        }
        self.y += height;
    }

    /// Thin rules around a box.
    fn frame(&mut self, x: f32, y: f32, width: f32, height: f32) {
        const THIN: f32 = 0.5;
        let mut rule = |x, y, width, height| {
            self.leaf().shades.push(Shade {
                x,
                y,
                width,
                height,
                colour: RULE,
            });
        };
        rule(x, y, width, THIN);
        rule(x, y + height - THIN, width, THIN);
        rule(x, y, THIN, height);
        rule(x + width - THIN, y, THIN, height);
    }

    /// Puts a line, whose upper edge is at `y`.
    fn put(&mut self, line: &Line, x: f32, y: f32) {
        for (offset, text, look) in line {
            let run = Run {
                x: x + offset,
                y: y + look.size,
                text: text.clone(),
                look: *look,
            };
            self.leaf().runs.push(run);
        }
    }

    fn paragraphs(&self, cell: &Cell, width: f32) -> Vec<Line> {
        let paragraph = |pieces: &Vec<Piece>| {
            let pieces: Vec<_> = pieces.iter().flat_map(written).collect();
            self.lines(&pieces, width)
        };
        cell.0.iter().flat_map(paragraph).collect()
    }

    /// Breaks texts into lines no wider than `width`. A word wider than that is cut.
    fn lines(&self, texts: &[(String, Look)], width: f32) -> Vec<Line> {
        let mut lines: Vec<Line> = vec![Line::new()];
        let mut x = 0.0;
        for (text, look) in texts {
            let of = self.types.of(*look);
            let space = of.width(" ", look.size);
            let text = of.lettered(text);
            for word in text.split_whitespace() {
                let mut word = word;
                while !word.is_empty() {
                    let wide = of.width(word, look.size);
                    let gap = if x > 0.0 { space } else { 0.0 };
                    if x + gap + wide <= width {
                        put_word(&mut lines, (x + gap, word, *look));
                        x += gap + wide;
                        break;
                    }
                    if x > 0.0 {
                        lines.push(Line::new());
                        x = 0.0;
                        continue;
                    }
                    let (fits, rest) = word.split_at(cut(of, word, (look.size, width)));
                    put_word(&mut lines, (0.0, fits, *look));
                    lines.push(Line::new());
                    word = rest;
                }
            }
        }
        lines
    }

    fn draw(self, document: &mut Document) -> Result<(), PdfError> {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1)
            .ok_or_else(|| PdfError("a page of no size".to_owned()))?;
        let count = self.leaves.len();
        for (leaf, number) in self.leaves.iter().zip(1..) {
            let mut page = document.start_page_with(settings.clone());
            let mut surface = page.surface();
            for shade in &leaf.shades {
                let rect = Rect::from_xywh(shade.x, shade.y, shade.width, shade.height);
                let Some(rect) = rect else { continue };
                let mut path = PathBuilder::new();
                path.push_rect(rect);
                if let Some(path) = path.finish() {
                    surface.set_fill(Some(fill(shade.colour)));
                    surface.draw_path(&path);
                }
            }
            for (place, of) in &leaf.figures {
                figure::draw(&mut surface, self.types, of, *place);
            }
            let foot = Run {
                x: MARGIN,
                y: PAGE.1 - MARGIN + 6.0,
                text: format!("{number} / {count} {}", self.foot)
                    .trim_end()
                    .to_owned(),
                look: Look::TEXT.grey(),
            };
            for run in leaf.runs.iter().chain([&foot]) {
                let of = self.types.of(run.look);
                surface.set_fill(Some(fill(run.look.colour)));
                let start = Point::from_xy(run.x, run.y);
                let glyphs = glyphs(of, &run.text);
                surface.draw_glyphs(
                    start,
                    &glyphs,
                    of.font.clone(),
                    &run.text,
                    run.look.size,
                    false,
                );
            }
            surface.finish();
            page.finish();
        }
        Ok(())
    }
}

/// A colour to fill with.
fn fill([red, green, blue]: Colour) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::default(),
    }
}

fn put_word(lines: &mut [Line], (x, word, look): (f32, &str, Look)) {
    if let Some(line) = lines.last_mut() {
        line.push((x, word.to_owned(), look));
    }
}

/// After how many bytes a word is to be cut so that the beginning fits: one letter at least.
fn cut(of: &Type, word: &str, (size, width): (f32, f32)) -> usize {
    let mut so_far = 0.0;
    for (at, letter) in word.char_indices() {
        so_far += of.glyph(letter).1 * size;
        if so_far > width && at > 0 {
            return at;
        }
    }
    word.len()
}

fn glyphs(of: &Type, text: &str) -> Vec<KrillaGlyph> {
    let glyph = |(at, letter): (usize, char)| {
        let (id, width) = of.glyph(letter);
        KrillaGlyph::new(id, width, 0.0, 0.0, 0.0, at..at + letter.len_utf8(), None)
    };
    text.char_indices().map(glyph).collect()
}

fn both(said: &Said, look: Look) -> Vec<(String, Look)> {
    let mut texts = vec![(said.one.1.clone(), look)];
    if let Some((_, other)) = &said.other {
        texts.push((format!("· {other}"), Look::TEXT.grey()));
    }
    texts
}

/// A piece as texts with their look.
fn written(piece: &Piece) -> Vec<(String, Look)> {
    match piece {
        Piece::Word(said) => both(said, Look::TEXT),
        Piece::Strong(said) => both(said, Look::TEXT.bold()),
        Piece::Unknown(said) => both(said, Look::TEXT.grey()),
        Piece::Plain(text) | Piece::Code(text) => vec![(text.clone(), Look::TEXT)],
        Piece::Recorded(text) | Piece::Written(text) => vec![(text.clone(), Look::TEXT.grey())],
        Piece::Record(record) => vec![(format!("#{record}"), Look::TEXT.grey().sized(6.5))],
    }
}
