//! Fixes as one block of bytes: columns of differences, exact to the last bit.
//!
//! Schema 1, everything in the order given; `u` is an unsigned number of seven bits a byte, lowest first, `s` a signed
//! one folded onto it (0, -1, 1, -2 …), `runs` a column of unsigned numbers as value and length, value and length:
//!
//! ```text
//! schema: byte = 1
//! fixes: u
//! senders: u, then each: unit: u bytes, source: u bytes
//! places: u, then each: states: u, then two letters each; certainty: byte; frontier: byte 0, or 1 and four letters
//! sender of each fix: runs                      place of each fix: runs
//! fixed_at of each fix: s                       difference, ms, from what the sender's last two make likely
//! received_at of each fix: s                    difference, ms, from the fix before
//! lat, lon, accuracy_m, speed_mps, course_deg, altitude_m, battery_pct, each:
//!     decimals: byte, forms: runs, then the numbers
//! distance to the frontier: s                   difference, cm, only where the place has a frontier
//! accuracy used: runs of s                      difference, cm, from the accuracy_m posted, else from the one before
//! depth: runs of s                              difference, cm, from the distance to the frontier where the fix before
//!                                               had it for its depth (and for the first), else from the one before
//! ```
//!
//! A form says how a number is written: 0 absent, 1 as a whole number of units (s, the difference; a unit is the column's
//! last decimal), 2 four bytes, 3 eight bytes (both as IEEE 754, big-endian). Differences are to the same sender's fix before; all of them wrap around, so that every value passes.

mod columns;

#[cfg(test)]
mod tests;

use crate::domain::borders::{Certainty, Frontier, Location, Nearest};
use crate::domain::ids::{SourceId, State, StateSet, UnitId};
use crate::domain::measure::{Metres, Position, Timestamp};
use crate::domain::tracks::fix::{Fix, Measured};
use columns::{Form, Reader, Writer, scale, whole};
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The schema that [`encode`] writes.
pub const SCHEMA: u16 = 1;
/// The most fixes in one block.
pub const FIXES_MAX: usize = 65_536;

/// Why bytes are no block of fixes, or fixes do not fit into one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PositionsError {
    /// More fixes than one block holds.
    #[error("{fixes} fixes do not fit into one block: split them at 65,536")]
    TooMany {
        /// How many.
        fixes: usize,
    },
    /// Another schema.
    #[error("positions of schema {found} cannot be read: use the newer limes that wrote them")]
    Schema {
        /// Which.
        found: u8,
    },
    /// The block ends too early.
    #[error("the block of positions is cut short: run `limes journal verify`")]
    Cut,
    /// Something follows the block.
    #[error("{bytes} bytes follow the block of positions: run `limes journal verify`")]
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// A number that nothing wrote.
    #[error("a number in the block of positions is malformed: run `limes journal verify`")]
    Number,
    /// More things than can be.
    #[error("the block of positions claims {count} where {max} can be: run `limes journal verify`")]
    Count {
        /// What it claims.
        count: u64,
        /// The most that can be.
        max: usize,
    },
    /// An id, a state or a certainty that is none.
    #[error("a word in the block of positions is malformed: run `limes journal verify`")]
    Text,
    /// A place that is nowhere on Earth.
    #[error("a place in the block of positions is out of range: run `limes journal verify`")]
    Place,
}

fn each<F: Borrow<Fix>>(fixes: &[F]) -> impl Iterator<Item = &Fix> + Clone {
    fixes.iter().map(Borrow::borrow)
}

/// What the last fix of one sender was, for the differences.
#[derive(Debug, Clone, Copy, Default)]
struct Last {
    fixed_at: i64,
    step: i64,
    numbers: [i64; COLUMNS],
    distance: i64,
    accuracy: i64,
    depth: i64,
    /// Whether its depth was not its distance to the frontier.
    apart: bool,
}

/// Latitude, longitude and the five of [`Measured`].
const COLUMNS: usize = 7;

/// The fewest and the most decimals tried: phones and receivers report degrees with five to eight (11 mm at seven),
/// anything else with up to three.
const fn decimals(column: usize) -> RangeInclusive<u8> {
    if column < 2 { 5..=8 } else { 0..=3 }
}

fn number(fix: &Fix, column: usize) -> Option<f64> {
    match column {
        0 => Some(fix.position.lat()),
        1 => Some(fix.position.lon()),
        2 => fix.measured.accuracy_m,
        3 => fix.measured.speed_mps,
        4 => fix.measured.course_deg,
        5 => fix.measured.altitude_m,
        _ => fix.measured.battery_pct,
    }
}

/// The part of a [`Location`] that repeats.
type Place = (StateSet, Certainty, Option<Frontier>);

fn place(location: &Location) -> Place {
    let frontier = location.nearest.map(|nearest| nearest.frontier);
    (location.states, location.certainty, frontier)
}

/// Writes fixes, in the order given, as one block.
///
/// # Errors
/// [`PositionsError::TooMany`] above [`FIXES_MAX`].
pub fn encode<F: Borrow<Fix>>(fixes: &[F]) -> Result<Vec<u8>, PositionsError> {
    if fixes.len() > FIXES_MAX {
        return Err(PositionsError::TooMany { fixes: fixes.len() });
    }
    let mut writer = Writer::for_fixes(fixes.len());
    writer.0.push(SCHEMA as u8);
    writer.unsigned(fixes.len() as u64);
    let (senders, sender_of) = dictionary(each(fixes).map(|fix| (&fix.unit, &fix.source)));
    writer.unsigned(senders.len() as u64);
    for (unit, source) in &senders {
        writer.text(unit.as_str());
        writer.text(source.as_str());
    }
    let (places, place_of) = listed(each(fixes).map(|fix| place(&fix.location)));
    writer.unsigned(places.len() as u64);
    for place in &places {
        write_place(&mut writer, place);
    }
    writer.runs(sender_of.iter().map(|sender| *sender as u64));
    writer.runs(place_of.iter().map(|place| *place as u64));
    let mut last = vec![Last::default(); senders.len()];
    write_times(&mut writer, fixes, &sender_of, &mut last);
    let mut forms = Vec::with_capacity(fixes.len());
    for column in 0..COLUMNS {
        write_numbers(
            &mut writer,
            fixes,
            column,
            (&sender_of, &mut last),
            &mut forms,
        );
    }
    for (fix, sender) in each(fixes).zip(&sender_of) {
        if let Some(nearest) = fix.location.nearest {
            let distance = nearest.distance.as_centimetres();
            writer.signed(distance.wrapping_sub(last[*sender].distance));
            last[*sender].distance = distance;
        }
    }
    let beside = each(fixes).zip(&sender_of);
    let accuracy = beside.clone().map(|(fix, sender)| {
        let expected = last[*sender].expect_accuracy(&fix.measured);
        last[*sender].accuracy = fix.accuracy.as_centimetres();
        columns::folded(fix.accuracy.as_centimetres().wrapping_sub(expected))
    });
    writer.runs(accuracy);
    let depth = beside.map(|(fix, sender)| {
        let expected = last[*sender].expect_depth(fix.location.nearest);
        last[*sender].had_depth(fix.depth.as_centimetres(), fix.location.nearest);
        columns::folded(fix.depth.as_centimetres().wrapping_sub(expected))
    });
    writer.runs(depth);
    Ok(writer.0)
}

impl Last {
    /// The accuracy that will most likely have been used, cm.
    fn expect_accuracy(&self, measured: &Measured) -> i64 {
        let posted = measured.accuracy_m.map(Metres::new);
        posted.map_or(self.accuracy, Metres::as_centimetres)
    }

    /// The depth that a fix most likely has, cm.
    fn expect_depth(&self, nearest: Option<Nearest>) -> i64 {
        let along = nearest.filter(|_| !self.apart);
        along.map_or(self.depth, |nearest| nearest.distance.as_centimetres())
    }

    fn had_depth(&mut self, depth: i64, nearest: Option<Nearest>) {
        self.depth = depth;
        self.apart = nearest.is_some_and(|nearest| nearest.distance.as_centimetres() != depth);
    }
}

/// The different values in order of appearance, and which one each item is. Mostly there is one value, and it is looked up
/// nowhere; however many there are, the work stays in proportion.
fn dictionary<T: Ord + Copy>(items: impl Iterator<Item = T>) -> (Vec<T>, Vec<usize>) {
    let mut values: Vec<T> = Vec::new();
    let mut index = BTreeMap::new();
    let mut before: Option<(T, usize)> = None;
    let indices = items
        .map(|item| {
            if let Some((same, at)) = before
                && same == item
            {
                return at;
            }
            let at = match values.first() {
                Some(first) if *first == item => 0,
                None => {
                    values.push(item);
                    0
                }
                Some(_) => *index.entry(item).or_insert_with(|| {
                    values.push(item);
                    values.len() - 1
                }),
            };
            before = Some((item, at));
            at
        })
        .collect();
    (values, indices)
}

/// As [`dictionary`], for the few values that have no order.
fn listed(items: impl Iterator<Item = Place>) -> (Vec<Place>, Vec<usize>) {
    let mut values: Vec<Place> = Vec::new();
    let indices = items
        .map(|item| {
            let known = values.iter().position(|value| *value == item);
            known.unwrap_or_else(|| {
                values.push(item);
                values.len() - 1
            })
        })
        .collect();
    (values, indices)
}

fn write_place(writer: &mut Writer, (states, certainty, frontier): &Place) {
    writer.unsigned(states.len() as u64);
    for state in states.iter() {
        writer.0.extend_from_slice(state.as_str().as_bytes());
    }
    writer.0.push(match certainty {
        Certainty::Inside => 0,
        Certainty::Frontier => 1,
        Certainty::Disputed => 2,
        Certainty::Outside => 3,
    });
    match frontier {
        None => writer.0.push(0),
        Some(frontier) => {
            let (one, other) = frontier.states();
            writer.0.push(1);
            writer.0.extend_from_slice(one.as_str().as_bytes());
            writer.0.extend_from_slice(other.as_str().as_bytes());
        }
    }
}

fn write_times<F: Borrow<Fix>>(
    writer: &mut Writer,
    fixes: &[F],
    sender_of: &[usize],
    last: &mut [Last],
) {
    for (fix, sender) in each(fixes).zip(sender_of) {
        let last = &mut last[*sender];
        let step = fix.fixed_at.as_millis().wrapping_sub(last.fixed_at);
        writer.signed(step.wrapping_sub(last.step));
        (last.fixed_at, last.step) = (fix.fixed_at.as_millis(), step);
    }
    let mut before = 0_i64;
    for fix in each(fixes) {
        let received_at = fix.received_at.as_millis();
        writer.signed(received_at.wrapping_sub(before));
        before = received_at;
    }
}

fn write_numbers<F: Borrow<Fix>>(
    writer: &mut Writer,
    fixes: &[F],
    column: usize,
    (sender_of, last): (&[usize], &mut [Last]),
    forms: &mut Vec<Form>,
) {
    let values = each(fixes).filter_map(|fix| number(fix, column));
    let decimals = values
        .filter_map(|value| decimals(column).find(|few| whole(value, scale(*few)).is_some()))
        .max()
        .unwrap_or(0);
    let scale = scale(decimals);
    writer.0.push(decimals);
    forms.clear();
    forms.extend(each(fixes).map(|fix| Form::of(number(fix, column), scale)));
    writer.runs(forms.iter().map(|form| *form as u64));
    for ((fix, form), sender) in each(fixes).zip(&*forms).zip(sender_of) {
        let Some(value) = number(fix, column) else {
            continue;
        };
        match form {
            Form::Absent => {}
            Form::Whole => {
                let units = whole(value, scale).unwrap_or_default();
                let before = &mut last[*sender].numbers[column];
                writer.signed(units.wrapping_sub(*before));
                *before = units;
            }
            Form::Single => writer.0.extend_from_slice(&(value as f32).to_be_bytes()),
            Form::Double => writer.0.extend_from_slice(&value.to_be_bytes()),
        }
    }
}

/// Reads a block of fixes.
///
/// # Errors
/// [`PositionsError`] for anything that [`encode`] did not write; nothing of it is then believed.
pub fn decode(bytes: &[u8]) -> Result<Vec<Fix>, PositionsError> {
    let mut reader = Reader::new(bytes);
    let [schema] = reader.bytes()?;
    if u16::from(schema) != SCHEMA {
        return Err(PositionsError::Schema { found: schema });
    }
    let count = reader.count(FIXES_MAX)?;
    let senders = read_senders(&mut reader, count)?;
    let places = read_places(&mut reader, count)?;
    let sender_of = reader.runs(count, senders.len())?;
    let place_of = reader.runs(count, places.len())?;
    let mut last = vec![Last::default(); senders.len()];
    let fixed_at = read_fixed_at(&mut reader, &sender_of, &mut last)?;
    let received_at = read_received_at(&mut reader, count)?;
    let mut numbers: [Vec<Option<f64>>; COLUMNS] = Default::default();
    for (column, values) in numbers.iter_mut().enumerate() {
        *values = read_numbers(&mut reader, column, &sender_of, &mut last)?;
    }
    let nearest = read_nearest(&mut reader, &sender_of, (&places, &place_of), &mut last)?;
    let accuracy = reader.signed_runs(count)?;
    let depth = reader.signed_runs(count)?;
    reader.end()?;
    let mut fixes = Vec::with_capacity(count);
    for index in 0..count {
        let (unit, source) = &senders[sender_of[index]];
        let (states, certainty, _) = places[place_of[index]];
        let measured = measured(&numbers, index);
        let nearest = nearest[index];
        let last = &mut last[sender_of[index]];
        last.accuracy = last
            .expect_accuracy(&measured)
            .wrapping_add(accuracy[index]);
        let depth = last.expect_depth(nearest).wrapping_add(depth[index]);
        last.had_depth(depth, nearest);
        fixes.push(Fix {
            unit: unit.clone(),
            source: source.clone(),
            fixed_at: Timestamp::from_millis(fixed_at[index]),
            received_at: Timestamp::from_millis(received_at[index]),
            position: position(&numbers, index)?,
            measured,
            location: Location {
                states,
                certainty,
                nearest,
            },
            accuracy: Metres::from_centimetres(last.accuracy),
            depth: Metres::from_centimetres(depth),
        });
    }
    Ok(fixes)
}

fn position(
    numbers: &[Vec<Option<f64>>; COLUMNS],
    index: usize,
) -> Result<Position, PositionsError> {
    match (numbers[0][index], numbers[1][index]) {
        (Some(lat), Some(lon)) => Position::new(lat, lon).map_err(|_| PositionsError::Place),
        _ => Err(PositionsError::Place),
    }
}

fn measured(numbers: &[Vec<Option<f64>>; COLUMNS], index: usize) -> Measured {
    Measured {
        accuracy_m: numbers[2][index],
        speed_mps: numbers[3][index],
        course_deg: numbers[4][index],
        altitude_m: numbers[5][index],
        battery_pct: numbers[6][index],
    }
}

fn read_senders(
    reader: &mut Reader<'_>,
    fixes: usize,
) -> Result<Vec<(UnitId, SourceId)>, PositionsError> {
    let count = reader.count(fixes)?;
    let mut senders = Vec::new();
    for _ in 0..count {
        let unit = UnitId::parse(reader.text()?).map_err(|_| PositionsError::Text)?;
        let source = SourceId::parse(reader.text()?).map_err(|_| PositionsError::Text)?;
        senders.push((unit, source));
    }
    Ok(senders)
}

fn read_places(reader: &mut Reader<'_>, fixes: usize) -> Result<Vec<Place>, PositionsError> {
    let count = reader.count(fixes)?;
    let mut places = Vec::new();
    for _ in 0..count {
        let mut states = StateSet::NONE;
        for _ in 0..reader.count(StateSet::MAX)? {
            states = states.with(read_state(reader)?);
        }
        let certainty = match reader.bytes()? {
            [0] => Certainty::Inside,
            [1] => Certainty::Frontier,
            [2] => Certainty::Disputed,
            [3] => Certainty::Outside,
            _ => return Err(PositionsError::Text),
        };
        let frontier = match reader.bytes()? {
            [0] => None,
            [1] => Some(Frontier::between(read_state(reader)?, read_state(reader)?)),
            _ => return Err(PositionsError::Text),
        };
        places.push((states, certainty, frontier));
    }
    Ok(places)
}

fn read_state(reader: &mut Reader<'_>) -> Result<State, PositionsError> {
    let letters: [u8; 2] = reader.bytes()?;
    std::str::from_utf8(&letters)
        .ok()
        .and_then(|code| State::parse(code).ok())
        .ok_or(PositionsError::Text)
}

fn read_fixed_at(
    reader: &mut Reader<'_>,
    sender_of: &[usize],
    last: &mut [Last],
) -> Result<Vec<i64>, PositionsError> {
    let read = sender_of.iter().map(|sender| {
        let last = &mut last[*sender];
        last.step = last.step.wrapping_add(reader.signed()?);
        last.fixed_at = last.fixed_at.wrapping_add(last.step);
        Ok(last.fixed_at)
    });
    read.collect()
}

fn read_received_at(reader: &mut Reader<'_>, count: usize) -> Result<Vec<i64>, PositionsError> {
    let mut before = 0_i64;
    let read = (0..count).map(|_| {
        before = before.wrapping_add(reader.signed()?);
        Ok(before)
    });
    read.collect()
}

fn read_nearest(
    reader: &mut Reader<'_>,
    sender_of: &[usize],
    (places, place_of): (&[Place], &[usize]),
    last: &mut [Last],
) -> Result<Vec<Option<Nearest>>, PositionsError> {
    let read = sender_of.iter().zip(place_of).map(|(sender, place)| {
        let Some(frontier) = places[*place].2 else {
            return Ok(None);
        };
        let centimetres = &mut last[*sender].distance;
        *centimetres = centimetres.wrapping_add(reader.signed()?);
        let distance = Metres::from_centimetres(*centimetres);
        Ok(Some(Nearest { frontier, distance }))
    });
    read.collect()
}

fn read_numbers(
    reader: &mut Reader<'_>,
    column: usize,
    sender_of: &[usize],
    last: &mut [Last],
) -> Result<Vec<Option<f64>>, PositionsError> {
    let [decimals] = reader.bytes()?;
    if decimals > *self::decimals(0).end() {
        return Err(PositionsError::Number);
    }
    let scale = scale(decimals);
    let forms = reader.runs(sender_of.len(), Form::COUNT)?;
    let read = forms.into_iter().zip(sender_of).map(|(form, sender)| {
        Ok(match Form::of_index(form) {
            Form::Absent => None,
            Form::Whole => {
                let units = &mut last[*sender].numbers[column];
                *units = units.wrapping_add(reader.signed()?);
                Some(*units as f64 / scale)
            }
            Form::Single => Some(f64::from(f32::from_be_bytes(reader.bytes()?))),
            Form::Double => Some(f64::from_be_bytes(reader.bytes()?)),
        })
    });
    read.collect()
}
