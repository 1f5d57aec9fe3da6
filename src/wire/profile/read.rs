//! From the TOML of a profile to the domain. Strict: a key that does not exist, a value that cannot be, and what stands
//! there twice are told with their line, not the first alone.

use crate::domain::borders::{Frontier, ListedPoint, PointOrigin};
use crate::domain::ids::{IdError, RoomId, State};
use crate::domain::law::profile::figure::Figure;
use crate::domain::law::profile::{
    AgreedLimit, Overlap, Parts, Profile, ProfileVersion, Transfer, TransferBasis, VoiceNumber,
};
use crate::domain::measure::{Day, Metres, Position, Span};
use crate::wire::rules::{nearest, with_nearest};
use serde::{Deserialize, Deserializer};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// The version of the document that this program reads.
pub const FORMAT: u32 = 1;

/// What is wrong with a profile, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: line {line}: {says}")]
pub struct ProfileProblem {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The key, what is wrong, and what to do.
    pub says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    #[serde(deserialize_with = "pair")]
    states: Frontier,
    version: u32,
    reference: String,
    #[serde(deserialize_with = "day")]
    valid_from: Day,
    #[serde(deserialize_with = "day")]
    valid_until: Day,
    #[serde(default)]
    exercise: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverlapDoc {
    distance_m: Option<u32>,
    duration_min: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitDoc {
    #[serde(deserialize_with = "state")]
    from: State,
    #[serde(deserialize_with = "state")]
    into: State,
    consent_min: Option<u32>,
    pursuit_min: Option<u32>,
    pursuit_m: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PointDoc {
    name: String,
    lat: f64,
    lon: f64,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VoiceDoc {
    #[serde(deserialize_with = "room")]
    room: RoomId,
    desk: String,
    number: String,
    #[serde(deserialize_with = "day")]
    checked_on: Day,
    checked_by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransferDoc {
    #[serde(deserialize_with = "state")]
    to: State,
    #[serde(deserialize_with = "basis")]
    basis: TransferBasis,
    instrument: String,
}

/// Tables that are no figures.
const TABLES: [&str; 7] = [
    "format",
    "profile",
    "overlap",
    "limit",
    "crossing_point",
    "voice_number",
    "transfer",
];

/// Reads one profile: `file` names it in messages, `digest` is that of the text.
///
/// # Errors
/// Every [`ProfileProblem`] found. A text that is no TOML names its first problem only.
pub fn read(file: &str, text: &str, digest: Arc<str>) -> Result<Profile, Vec<ProfileProblem>> {
    let mut reader = Reader {
        file,
        text,
        problems: Vec::new(),
        lines: BTreeMap::new(),
        figures: BTreeMap::new(),
    };
    match DeTable::parse(text) {
        Ok(table) => reader.document(table.into_inner(), digest),
        Err(error) => {
            reader.of_toml(&error);
            Err(reader.problems)
        }
    }
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    problems: Vec<ProfileProblem>,
    /// The line of each place that the domain may name.
    lines: BTreeMap<String, usize>,
    figures: BTreeMap<Figure, i64>,
}

impl<'t> Reader<'t> {
    fn document(
        mut self,
        table: DeTable<'t>,
        digest: Arc<str>,
    ) -> Result<Profile, Vec<ProfileProblem>> {
        let (mut format, mut head, mut overlap) = (None, None, None);
        let (mut limits, mut points) = (Vec::new(), Vec::new());
        let (mut numbers, mut transfers) = (Vec::new(), Vec::new());
        for (key, value) in table {
            let name = key.get_ref().clone().into_owned();
            match name.as_str() {
                "format" => format = self.one::<u32>(&name, value),
                "profile" => {
                    self.keys_of(&name, &value);
                    head = self.one::<Head>(&name, value);
                }
                "overlap" => {
                    self.keys_of(&name, &value);
                    overlap = self.one::<OverlapDoc>(&name, value);
                }
                "limit" => limits = self.several::<LimitDoc>(&name, value),
                "crossing_point" => points = self.several::<PointDoc>(&name, value),
                "voice_number" => numbers = self.several::<VoiceDoc>(&name, value),
                "transfer" => transfers = self.several::<TransferDoc>(&name, value),
                _ => self.table_of_figures(&name, key.span(), value),
            }
        }
        if head.is_none() && self.problems.is_empty() {
            self.tell(
                0..0,
                "no [profile] here: say whose it is, its version and its days",
            );
        }
        if format != Some(FORMAT) && self.problems.is_empty() {
            let says = format!("no `format = {FORMAT}` here: this program reads no other");
            self.tell(0..0, says);
        }
        let points = self.crossing_points(points, head.as_ref());
        let Some(head) = head.filter(|_| self.problems.is_empty()) else {
            return Err(self.problems);
        };
        let parts = Parts {
            named: ProfileVersion {
                pair: head.states,
                version: head.version,
                digest,
            },
            reference: head.reference.trim().into(),
            from: head.valid_from,
            until: head.valid_until,
            exercise: head.exercise,
            figures: std::mem::take(&mut self.figures),
            overlap: overlap.map_or_else(Overlap::default, Overlap::from),
            limits: limits.into_iter().map(AgreedLimit::from).collect(),
            crossing_points: points,
            voice_numbers: numbers.into_iter().map(VoiceNumber::from).collect(),
            transfers: transfers.into_iter().map(Transfer::from).collect(),
        };
        Profile::new(parts).map_err(|flaws| {
            let of_flaw = |flaw: crate::domain::law::profile::Flaw| ProfileProblem {
                file: self.file.to_owned(),
                line: self.line_of(&flaw.place),
                says: format!("{}: {}", flaw.place, flaw.says),
            };
            flaws.into_iter().map(of_flaw).collect()
        })
    }

    fn tell(&mut self, at: Range<usize>, says: impl Into<String>) {
        let line = self.line(at.start);
        self.problems.push(ProfileProblem {
            file: self.file.to_owned(),
            line,
            says: says.into(),
        });
    }

    fn of_toml(&mut self, error: &toml::de::Error) {
        let at = error.span().unwrap_or(0..0);
        self.tell(at, with_nearest(error.message()));
    }

    fn line(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or_default();
        before.matches('\n').count() + 1
    }

    /// The line of a place, or of the table that it begins with.
    fn line_of(&self, place: &str) -> usize {
        let table = place.split(['.', ':']).next().unwrap_or_default();
        let known = self.lines.get(place).or_else(|| self.lines.get(table));
        known.copied().unwrap_or(1)
    }

    /// Notes where the keys of a table stand.
    fn keys_of(&mut self, name: &str, value: &Spanned<DeValue<'t>>) {
        let line = self.line(value.span().start);
        self.lines.insert(name.to_owned(), line);
        for (key, _) in value.get_ref().as_table().into_iter().flatten() {
            let line = self.line(key.span().start);
            self.lines.insert(format!("{name}.{}", key.get_ref()), line);
        }
    }

    fn one<T: Deserialize<'t>>(&mut self, name: &str, value: Spanned<DeValue<'t>>) -> Option<T> {
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(read) => Some(read),
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                self.tell(at, format!("{name}: {}", with_nearest(error.message())));
                None
            }
        }
    }

    fn several<T: Deserialize<'t>>(&mut self, name: &str, value: Spanned<DeValue<'t>>) -> Vec<T> {
        let at = value.span();
        let DeValue::Array(all) = value.into_inner() else {
            self.tell(at, format!("{name}: write each one under [[{name}]]"));
            return Vec::new();
        };
        let mut read = Vec::new();
        for (index, one) in all.into_iter().enumerate() {
            let place = format!("{name} {}", index + 1);
            let line = self.line(one.span().start);
            self.lines.insert(place.clone(), line);
            read.extend(self.one::<T>(&place, one));
        }
        read
    }

    /// `[T5]`: keys that are figures.
    fn table_of_figures(&mut self, name: &str, at: Range<usize>, value: Spanned<DeValue<'t>>) {
        let tables: BTreeSet<&str> = Figure::ALL.iter().map(|figure| figure.place().0).collect();
        if !tables.contains(name) {
            let near = nearest(name, tables.into_iter().chain(TABLES));
            let says = format!("no table `{name}` here{near}; correct it or take it out");
            return self.tell(at, says);
        }
        self.keys_of(name, &value);
        let DeValue::Table(table) = value.into_inner() else {
            return self.tell(at, format!("{name}: write its keys under [{name}]"));
        };
        for (key, value) in table {
            let (word, of_key, of_value) = (key.get_ref().as_ref(), key.span(), value.span());
            let Some(figure) = Figure::parse(name, word) else {
                let all = Figure::ALL.iter().map(|figure| figure.place());
                let keys = all.filter(|(table, _)| *table == name).map(|(_, key)| key);
                let near = nearest(word, keys);
                let says = format!("{name}: no key `{word}` here{near}; correct it or take it out");
                self.tell(of_key, says);
                continue;
            };
            let number = value.get_ref().as_integer();
            let number =
                number.and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
            if let Some(number) = number {
                self.figures.insert(figure, number);
            } else {
                let sign = figure.unit().sign();
                self.tell(
                    of_value,
                    format!("{figure}: write a whole number of {sign}"),
                );
            }
        }
    }

    fn crossing_points(&mut self, points: Vec<PointDoc>, head: Option<&Head>) -> Vec<ListedPoint> {
        let Some(head) = head else { return Vec::new() };
        let origin = if head.exercise {
            PointOrigin::Exercise
        } else {
            PointOrigin::Profile
        };
        let mut listed = Vec::new();
        for (index, point) in points.into_iter().enumerate() {
            let place = format!("crossing_point {}", index + 1);
            match Position::new(point.lat, point.lon) {
                Ok(near) => listed.push(ListedPoint {
                    name: point.name.into(),
                    frontier: head.states,
                    near,
                    origin,
                    source: point.source.into(),
                }),
                Err(error) => {
                    let line = self.line_of(&place);
                    self.problems.push(ProfileProblem {
                        file: self.file.to_owned(),
                        line,
                        says: format!("{place}: {error}"),
                    });
                }
            }
        }
        listed
    }
}

fn minutes(number: u32) -> Span {
    Span::from_minutes(number.into())
}

fn metres(number: u32) -> Metres {
    Metres::from_centimetres(i64::from(number) * 100)
}

impl From<OverlapDoc> for Overlap {
    fn from(doc: OverlapDoc) -> Self {
        Self {
            distance: doc.distance_m.map(metres),
            duration: doc.duration_min.map(minutes),
        }
    }
}

impl From<LimitDoc> for AgreedLimit {
    fn from(doc: LimitDoc) -> Self {
        Self {
            from: doc.from,
            into: doc.into,
            consent: doc.consent_min.map(minutes),
            period: doc.pursuit_min.map(minutes),
            radius: doc.pursuit_m.map(metres),
        }
    }
}

impl From<VoiceDoc> for VoiceNumber {
    fn from(doc: VoiceDoc) -> Self {
        Self {
            room: doc.room,
            desk: doc.desk.trim().into(),
            number: doc.number.trim().into(),
            checked_on: doc.checked_on,
            checked_by: doc.checked_by.trim().into(),
        }
    }
}

impl From<TransferDoc> for Transfer {
    fn from(doc: TransferDoc) -> Self {
        Self {
            to: doc.to,
            basis: doc.basis,
            instrument: doc.instrument.trim().into(),
        }
    }
}

/// A text, as what it names.
fn named<'de, D: Deserializer<'de>, T>(
    from: D,
    parse: impl FnOnce(&str) -> Result<T, IdError>,
) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    parse(&text).map_err(serde::de::Error::custom)
}

fn state<'de, D: Deserializer<'de>>(from: D) -> Result<State, D::Error> {
    named(from, State::parse)
}

fn room<'de, D: Deserializer<'de>>(from: D) -> Result<RoomId, D::Error> {
    named(from, RoomId::parse)
}

/// `["HU", "RO"]`, in either order.
fn pair<'de, D: Deserializer<'de>>(from: D) -> Result<Frontier, D::Error> {
    let [one, other] = <[String; 2]>::deserialize(from)?;
    let state = |text: &str| State::parse(text).map_err(serde::de::Error::custom);
    Ok(Frontier::between(state(&one)?, state(&other)?))
}

fn basis<'de, D: Deserializer<'de>>(from: D) -> Result<TransferBasis, D::Error> {
    let word = String::deserialize(from)?;
    TransferBasis::parse(&word).ok_or_else(|| {
        let all = TransferBasis::ALL.map(TransferBasis::as_str).join(", ");
        serde::de::Error::custom(format!("`{word}` is no basis of a transfer: one of {all}"))
    })
}

/// A TOML date without a time.
fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
    let written = toml::value::Datetime::deserialize(from)?;
    let text = written.to_string();
    Day::parse(&text).ok_or_else(|| {
        serde::de::Error::custom(format!(
            "`{text}` is no day; write it as 2027-01-01 without quotes or a time"
        ))
    })
}
