//! What stands on a sheet, whatever it is drawn with: headings and words in one or two languages, tables of cells.

use super::figure::Figure;
use crate::domain::measure::Timestamp;
use crate::wire::words::{Language, coded, say, say_with};

/// A sheet to be read on a screen or on paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The language it begins with.
    pub language: Language,
    /// When it was made.
    pub made_at: Timestamp,
    /// A warning above everything.
    pub band: Option<Said>,
    /// Its title.
    pub title: Said,
    /// What is said under it.
    pub notes: Vec<Said>,
    /// What is said at the foot of every page.
    pub foot: Option<String>,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// The same in one language or two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// In the first.
    pub one: (Language, String),
    /// In the second, when it says something else.
    pub other: Option<(Language, String)>,
}

impl Said {
    /// Both languages on one line.
    #[must_use]
    pub fn in_one(&self) -> String {
        let other = self.other.as_ref().map(|(_, text)| format!(" · {text}"));
        format!("{}{}", self.one.1, other.unwrap_or_default())
    }
}

/// One section.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its heading.
    pub heading: Said,
    /// What is drawn above its rows.
    pub figures: Vec<Figure>,
    /// Its columns; none of a list of pairs.
    pub columns: Vec<Column>,
    /// Its rows; a word instead where there is none.
    pub rows: Vec<Row>,
    /// What stands instead of rows, where nothing is drawn either.
    pub empty: Said,
    /// What is said under them.
    pub foot: Cell,
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its heading.
    pub heading: Said,
    /// How wide it is on paper, in proportion to the others.
    pub share: f32,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The heading of a pair.
    pub heading: Option<Said>,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Whether it must not be overlooked.
    pub marked: bool,
}

impl Row {
    /// A row of a table.
    #[must_use]
    pub const fn of(cells: Vec<Cell>) -> Self {
        Self {
            heading: None,
            cells,
            marked: false,
        }
    }
}

/// One cell: paragraphs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell(pub Vec<Vec<Piece>>);

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Words of the catalogues.
    Word(Said),
    /// The same, and it matters.
    Strong(Said),
    /// Something that nobody recorded.
    Unknown(Said),
    /// A name, a time, a number.
    Plain(String),
    /// What a program reads: a key, a digest, a command.
    Code(String),
    /// A sentence as it was recorded, in the language of the record.
    Recorded(String),
    /// What a person wrote.
    Written(String),
    /// The number of a record.
    Record(u64),
}

impl Cell {
    /// One paragraph of one piece.
    #[must_use]
    pub fn of(piece: Piece) -> Self {
        Self(vec![vec![piece]])
    }

    /// One paragraph.
    #[must_use]
    pub fn line(pieces: Vec<Piece>) -> Self {
        Self(vec![pieces])
    }

    /// A name, a time, a number.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::of(Piece::Plain(text.into()))
    }
}

/// In which languages a sheet is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Languages(pub [Language; 2]);

impl Languages {
    /// What this says in both.
    pub fn each(self, words: impl Fn(Language) -> String) -> Said {
        let [one, other] = self.0.map(|language| (language, words(language)));
        let differs = one.1 != other.1;
        Said {
            one,
            other: differs.then_some(other),
        }
    }

    /// What the catalogues say under a key.
    #[must_use]
    pub fn word(self, key: &str) -> Said {
        self.each(|language| say(language, key))
    }

    /// The same with something put in.
    #[must_use]
    pub fn word_with(self, key: &str, with: &[(&str, &str)]) -> Said {
        self.each(|language| say_with(language, key, with))
    }

    /// What the catalogues say of a coded word.
    #[must_use]
    pub fn coded(self, group: &str, word: &str) -> Said {
        self.each(|language| coded(language, group, word))
    }

    /// What nobody recorded: never blank, never a zero.
    #[must_use]
    pub fn unknown(self) -> Piece {
        Piece::Unknown(self.word("not-recorded"))
    }

    /// A word that there is none.
    #[must_use]
    pub fn none(self) -> Piece {
        Piece::Word(self.word("none"))
    }

    /// A text, or that nobody recorded it.
    #[must_use]
    pub fn maybe(self, text: Option<String>) -> Piece {
        match text.filter(|text| !text.is_empty()) {
            Some(text) => Piece::Plain(text),
            None => self.unknown(),
        }
    }

    /// Columns by the keys of their headings and their shares.
    #[must_use]
    pub fn columns(self, columns: &[(&str, f32)]) -> Vec<Column> {
        let column = |(key, share): &(&str, f32)| Column {
            heading: self.word(key),
            share: *share,
        };
        columns.iter().map(column).collect()
    }

    /// A section with a table.
    #[must_use]
    pub fn table(self, key: &str, columns: &[(&str, f32)], rows: Vec<Row>) -> Section {
        Section {
            heading: self.word(key),
            figures: Vec::new(),
            columns: self.columns(columns),
            rows,
            empty: self.word("none"),
            foot: Cell::default(),
        }
    }

    /// A section with a list of pairs.
    #[must_use]
    pub fn pairs(self, key: &str, pairs: Vec<(&str, Cell)>) -> Section {
        let row = |(key, cell): (&str, Cell)| Row {
            heading: Some(self.word(key)),
            cells: vec![cell],
            marked: false,
        };
        Section {
            heading: self.word(key),
            figures: Vec::new(),
            columns: Vec::new(),
            rows: pairs.into_iter().map(row).collect(),
            empty: self.word("none"),
            foot: Cell::default(),
        }
    }
}

/// `2027-03-16T11:33:17.352Z` as `2027-03-16 11:33:17Z`: what is known to the millisecond stands in the JSON.
#[must_use]
pub fn time(at: &str) -> String {
    let second = at.split_once('.').map_or(at, |(second, _)| second);
    format!("{}Z", second.trim_end_matches('Z').replacen('T', " ", 1))
}

/// A signed length of time: seconds below two minutes, else minutes and seconds, else hours and minutes.
#[must_use]
pub fn span(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "−" } else { "" };
    let whole = seconds.abs().round() as u64;
    match whole {
        0..120 => format!("{sign}{whole} s"),
        120..7_200 => format!("{sign}{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{sign}{} h {:02} min", whole / 3_600, whole % 3_600 / 60),
    }
}

/// Metres, or kilometres from ten on.
#[must_use]
pub fn length(metres: f64) -> String {
    if metres < 10_000.0 {
        format!("{metres:.0} m")
    } else {
        format!("{:.1} km", metres / 1_000.0)
    }
}
