//! `limes locate`: in which state do positions lie, and how far is the frontier?

#[cfg(test)]
mod tests;

use super::Context;
use crate::domain::borders::{Atlas, Location};
use crate::domain::measure::{Metres, Position};
use crate::service::borderdata::atlas;
use anyhow::{Context as _, bail};
use std::fmt;
use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;

/// The accuracy of a position that names none, metres.
const DEFAULT_ACCURACY_M: f64 = 15.0;
const BUFFER_BYTES: usize = 1 << 16;

/// `limes locate …`
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Degrees north; without it, lines of `lat,lon[,accuracy_m]` (CSV, with or without a header) or NDJSON are read
    /// from standard input.
    #[arg(allow_negative_numbers = true, requires = "lon")]
    lat: Option<f64>,
    /// Degrees east.
    #[arg(allow_negative_numbers = true)]
    lon: Option<f64>,
    /// How to write the answers.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A header, then a row for each position.
    Csv,
    /// An object for each position.
    Ndjson,
}

/// A position with its accuracy, as a line gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Asked {
    position: Position,
    accuracy: Metres,
}

impl Asked {
    fn new(lat: f64, lon: f64, accuracy_m: Option<f64>) -> anyhow::Result<Self> {
        let accuracy_m = accuracy_m.unwrap_or(DEFAULT_ACCURACY_M);
        if !(accuracy_m.is_finite() && accuracy_m >= 0.0) {
            bail!("an accuracy of {accuracy_m} m is none: give metres, or leave it out");
        }
        Ok(Self {
            position: Position::new(lat, lon)?,
            accuracy: Metres::new(accuracy_m),
        })
    }
}

/// Runs it.
///
/// # Errors
/// When border data or a line cannot be read.
pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let asked = match (arguments.lat, arguments.lon) {
        (Some(lat), Some(lon)) => Some(Asked::new(lat, lon, None)?),
        (None, _) | (_, None) => None,
    };
    let atlas = atlas(context.border_data.as_deref())?;
    let out = BufWriter::with_capacity(BUFFER_BYTES, std::io::stdout().lock());
    let mut answers = Answers {
        atlas: &atlas,
        format: arguments.format,
        out,
    };
    answers.all(asked, &mut std::io::stdin().lock())?;
    Ok(ExitCode::SUCCESS)
}

/// Where answers go.
struct Answers<'a, W: Write> {
    atlas: &'a Atlas,
    format: Format,
    out: W,
}

impl<W: Write> Answers<'_, W> {
    /// Answers the one position asked for, or all lines of `input`. What was answered before a bad line is written.
    fn all(&mut self, asked: Option<Asked>, input: &mut impl BufRead) -> anyhow::Result<()> {
        if self.format == Format::Csv {
            writeln!(self.out, "state,certainty,frontier,distance_m")?;
        }
        let done = match asked {
            Some(asked) => self.one(asked),
            None => self.lines(input),
        };
        self.out.flush()?;
        done
    }

    fn one(&mut self, asked: Asked) -> anyhow::Result<()> {
        let location = self
            .atlas
            .locate_with_accuracy(asked.position, asked.accuracy);
        match self.format {
            Format::Csv => write_csv(&mut self.out, &location)?,
            Format::Ndjson => write_ndjson(&mut self.out, &location)?,
        }
        Ok(())
    }

    fn lines(&mut self, input: &mut impl BufRead) -> anyhow::Result<()> {
        let mut text = String::new();
        let mut reading = Reading::Nothing;
        let mut empty: Option<u64> = None;
        for number in 1_u64.. {
            text.clear();
            let read = input.read_line(&mut text);
            if read.with_context(|| format!("line {number} is no text"))? == 0 {
                break;
            }
            let line = text.trim_start_matches('\u{feff}').trim();
            if line.is_empty() {
                empty.get_or_insert(number);
                continue;
            }
            // Answers must stay in step with lines; only at the end may lines be empty.
            if let Some(empty) = empty {
                bail!("line {empty} is empty: give one position a line");
            }
            let asked = reading.line(line);
            if let Some(asked) = asked.with_context(|| format!("line {number} is no position"))? {
                self.one(asked)?;
            }
        }
        Ok(())
    }
}

/// What the first line told of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// No line was read yet.
    Nothing,
    Csv(Columns),
    Ndjson,
}

impl Reading {
    /// The position of a line; none for a header.
    fn line(&mut self, line: &str) -> anyhow::Result<Option<Asked>> {
        match *self {
            Self::Nothing if line.starts_with('{') => {
                *self = Self::Ndjson;
                parse_json(line).map(Some)
            }
            Self::Nothing => {
                let (columns, is_header) =
                    with_fields(line, |fields| Columns::of(&fields.collect::<Vec<_>>()))?;
                *self = Self::Csv(columns);
                if is_header {
                    return Ok(None);
                }
                with_fields(line, |fields| columns.read(fields)).map(Some)
            }
            Self::Csv(columns) => with_fields(line, |fields| columns.read(fields)).map(Some),
            Self::Ndjson => parse_json(line).map(Some),
        }
    }
}

/// Splits a line of CSV.
fn with_fields<T>(
    line: &str,
    read: impl Fn(&mut dyn Iterator<Item = &str>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    if !line.contains('"') {
        return read(&mut line.split(',').map(str::trim));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(line.as_bytes());
    let mut record = csv::StringRecord::new();
    reader.read_record(&mut record)?;
    read(&mut record.iter())
}

/// Which columns hold what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    lat: usize,
    lon: usize,
    accuracy_m: Option<usize>,
}

impl Columns {
    /// From the first row: by name when it is a header, else `lat,lon,accuracy_m`. Also whether it is a header.
    fn of(first: &[&str]) -> anyhow::Result<(Self, bool)> {
        let plain = Self {
            lat: 0,
            lon: 1,
            accuracy_m: Some(2),
        };
        if first
            .first()
            .is_some_and(|field| field.parse::<f64>().is_ok())
        {
            return Ok((plain, false));
        }
        let named = |name: &str| first.iter().position(|field| *field == name);
        let (Some(lat), Some(lon)) = (named("lat"), named("lon")) else {
            bail!("give `lat,lon[,accuracy_m]`");
        };
        let accuracy_m = named("accuracy_m");
        Ok((
            Self {
                lat,
                lon,
                accuracy_m,
            },
            true,
        ))
    }

    fn read(self, fields: &mut dyn Iterator<Item = &str>) -> anyhow::Result<Asked> {
        let (mut lat, mut lon, mut accuracy_m) = (None, None, None);
        for (column, text) in fields.enumerate() {
            if column == self.lat {
                lat = number("lat", text)?;
            } else if column == self.lon {
                lon = number("lon", text)?;
            } else if Some(column) == self.accuracy_m {
                accuracy_m = number("accuracy_m", text)?;
            }
        }
        let lat = lat.context("lat is missing")?;
        Asked::new(lat, lon.context("lon is missing")?, accuracy_m)
    }
}

/// The number of a field; none when it is empty.
fn number(name: &str, text: &str) -> anyhow::Result<Option<f64>> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse();
    Ok(Some(number.with_context(|| {
        format!("`{text}` is no number for {name}")
    })?))
}

/// A line of NDJSON; other keys are ignored.
fn parse_json(text: &str) -> anyhow::Result<Asked> {
    let value: serde_json::Value = serde_json::from_str(text)?;
    let number = |key: &str| -> anyhow::Result<Option<f64>> {
        match value.get(key) {
            None | Some(serde_json::Value::Null) => Ok(None),
            Some(value) => Ok(Some(
                value
                    .as_f64()
                    .with_context(|| format!("`{key}` is no number"))?,
            )),
        }
    };
    let lat = number("lat")?.context("lat is missing")?;
    let lon = number("lon")?.context("lon is missing")?;
    Asked::new(lat, lon, number("accuracy_m")?)
}

/// A distance to the decimetre, halves up.
struct Decimetres(Metres);

impl fmt::Display for Decimetres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimetres = (self.0.as_centimetres() + 5).div_euclid(10);
        write!(f, "{}.{}", decimetres / 10, decimetres % 10)
    }
}

fn write_csv(out: &mut impl Write, location: &Location) -> std::io::Result<()> {
    let (states, certainty) = (location.states, location.certainty.as_str());
    match location.nearest {
        Some(nearest) => writeln!(
            out,
            "{states},{certainty},{},{}",
            nearest.frontier,
            Decimetres(nearest.distance)
        ),
        None => writeln!(out, "{states},{certainty},-,-"),
    }
}

fn write_ndjson(out: &mut impl Write, location: &Location) -> std::io::Result<()> {
    // States, certainty words and frontiers have no character that JSON escapes.
    let (states, certainty) = (location.states, location.certainty.as_str());
    write!(out, r#"{{"state":"{states}","certainty":"{certainty}","#)?;
    match location.nearest {
        Some(nearest) => writeln!(
            out,
            r#""frontier":"{}","distance_m":{}}}"#,
            nearest.frontier,
            Decimetres(nearest.distance)
        ),
        None => writeln!(out, r#""frontier":null,"distance_m":null}}"#),
    }
}
