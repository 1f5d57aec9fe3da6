//! What two states agreed of the figures that are not law: the bilateral profile.
//!
//! [`figure`] lists the figures; [`Profile`] is one signed document, checked; [`agreed`] says which document an operation
//! rests on, and what its figures are. A profile may only be stricter than the law ([`Profile::weakened`]): of an end that
//! the law gives it can warn sooner and stop sooner, never later.

pub mod agreed;
pub mod figure;
mod weakened;

use crate::domain::borders::{Frontier, ListedPoint};
use crate::domain::ids::{RoomId, State};
use crate::domain::measure::{Day, Metres, Span, Timestamp};
use figure::{ASCENDING, Figure};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// A day, for the last moment of the day on which a profile ends.
const A_DAY: Span = Span::from_hours(24);

/// Names one profile so that no other can be mistaken for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProfileVersion {
    /// Whose.
    pub pair: Frontier,
    /// The version that the two sides gave it.
    pub version: u32,
    /// The SHA-256 of the bytes that both signed, as 64 hexadecimal digits.
    pub digest: Arc<str>,
}

impl fmt::Display for ProfileVersion {
    /// `HU-RO v3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} v{}", self.pair, self.version)
    }
}

/// How long and how far a unit may go along after the host has taken over, as far as that is agreed (T7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overlap {
    /// How far, from the frontier.
    pub distance: Option<Metres>,
    /// How long, from the crossing.
    pub duration: Option<Span>,
}

/// Ends that the two sides set before those of the law, for officers of one state in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgreedLimit {
    /// Whose officers.
    pub from: State,
    /// Where.
    pub into: State,
    /// The hours for the consent of Art. 40(2), counted from the earliest possible crossing.
    pub consent: Option<Span>,
    /// The period of a pursuit, counted from the earliest possible crossing.
    pub period: Option<Span>,
    /// The radius of a pursuit.
    pub radius: Option<Metres>,
}

/// A number to call when the link is gone or too slow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceNumber {
    /// The room that answers, or for which a joint centre answers.
    pub room: RoomId,
    /// Who answers, such as `duty officer` or `joint centre`.
    pub desk: Arc<str>,
    /// The number, as it is dialled.
    pub number: Arc<str>,
    /// The day of the last test call.
    pub checked_on: Day,
    /// Who made it.
    pub checked_by: Arc<str>,
}

/// Whether a number can be dialled: two digits at least, perhaps with +, blanks, - or /.
#[must_use]
pub fn can_be_dialled(number: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let dialled = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '/');
    digits >= 2 && number.chars().all(dialled)
}

/// On what personal data may go to a state outside the Union and Schengen (Directive (EU) 2016/680, Art. 35 to 38).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TransferBasis {
    /// The Commission found its protection adequate (Art. 36).
    Adequacy,
    /// Appropriate safeguards, in a binding instrument or as the sender judged (Art. 37).
    Safeguards,
    /// A derogation for a specific situation (Art. 38).
    Derogation,
}

impl TransferBasis {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Adequacy, Self::Safeguards, Self::Derogation];

    /// The word of the document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Adequacy => "adequacy",
            Self::Safeguards => "safeguards",
            Self::Derogation => "derogation",
        }
    }

    /// The basis of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == word)
    }
}

/// That personal data may go to one such state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Where to.
    pub to: State,
    /// On what it rests.
    pub basis: TransferBasis,
    /// The decision or instrument.
    pub instrument: Arc<str>,
}

/// What a profile says, not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// Whose, and which.
    pub named: ProfileVersion,
    /// How the two sides file the agreement.
    pub reference: Arc<str>,
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub until: Day,
    /// Whether it is of an exercise: no real operation ever rests on it.
    pub exercise: bool,
    /// The figures that differ from the workflow's defaults, or say them again.
    pub figures: BTreeMap<Figure, i64>,
    /// See [`Overlap`].
    pub overlap: Overlap,
    /// See [`AgreedLimit`].
    pub limits: Vec<AgreedLimit>,
    /// The crossing points by the names that both rooms use.
    pub crossing_points: Vec<ListedPoint>,
    /// The numbers to call.
    pub voice_numbers: Vec<VoiceNumber>,
    /// The states outside the Union and Schengen to which personal data may go.
    pub transfers: Vec<Transfer>,
}

/// What is wrong with a profile, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The table and key, such as `T5.alarm_s`, or of a list the table and its place in it, such as `limit 2`.
    pub place: String,
    /// What is wrong, and what to do.
    pub says: String,
}

/// A bilateral profile that is sound. Whether both sides signed it is told by who reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    parts: Parts,
    signed: BTreeMap<State, Arc<str>>,
}

impl Profile {
    /// Checks the parts.
    ///
    /// # Errors
    /// Every [`Flaw`] found.
    pub fn new(parts: Parts) -> Result<Self, Vec<Flaw>> {
        let flaws = Flaws::of(&parts);
        if flaws.is_empty() {
            Ok(Self {
                parts,
                signed: BTreeMap::new(),
            })
        } else {
            Err(flaws)
        }
    }

    /// The same with the public key by which each side signed it.
    #[must_use]
    pub fn signed(self, signed: BTreeMap<State, Arc<str>>) -> Self {
        Self { signed, ..self }
    }

    /// The public key by which each side signed it.
    #[must_use]
    pub const fn signatures(&self) -> &BTreeMap<State, Arc<str>> {
        &self.signed
    }

    /// What it says.
    #[must_use]
    pub const fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Which it is.
    #[must_use]
    pub const fn named(&self) -> &ProfileVersion {
        &self.parts.named
    }

    /// Whose it is.
    #[must_use]
    pub const fn pair(&self) -> Frontier {
        self.parts.named.pair
    }

    /// Whether it is in force at a moment: its last day counts whole. Days are those of UTC.
    #[must_use]
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        self.parts.from.start() <= at && at < self.ends()
    }

    /// The first moment at which it is no longer in force.
    #[must_use]
    pub fn ends(&self) -> Timestamp {
        self.parts.until.start().plus(A_DAY)
    }

    /// What it says of officers of one state in the other.
    #[must_use]
    pub fn limit(&self, from: State, into: State) -> Option<&AgreedLimit> {
        let mut limits = self.parts.limits.iter();
        limits.find(|limit| limit.from == from && limit.into == into)
    }
}

/// Collects what is wrong.
struct Flaws(Vec<Flaw>);

impl Flaws {
    fn of(parts: &Parts) -> Vec<Flaw> {
        let mut flaws = Self(Vec::new());
        flaws.head(parts);
        flaws.figures(&parts.figures);
        flaws.overlap(parts.overlap);
        flaws.limits(parts);
        flaws.points(parts);
        flaws.numbers(parts);
        flaws.transfers(&parts.transfers);
        flaws.0
    }

    fn tell(&mut self, place: impl fmt::Display, says: impl Into<String>) {
        self.0.push(Flaw {
            place: place.to_string(),
            says: says.into(),
        });
    }

    fn named(&mut self, place: impl fmt::Display, text: &str) {
        if text.trim().is_empty() {
            self.tell(place, "is empty: say it in words");
        }
    }

    fn head(&mut self, parts: &Parts) {
        let (one, other) = parts.named.pair.states();
        if one == other {
            let says = format!("`{one}` twice: a profile is of two states");
            self.tell("profile.states", says);
        }
        if parts.named.version == 0 {
            self.tell("profile.version", "0: the first version is 1");
        }
        if parts.until < parts.from {
            let says = format!("{} is before valid_from {}", parts.until, parts.from);
            self.tell("profile.valid_until", says);
        }
        self.named("profile.reference", &parts.reference);
    }

    fn figures(&mut self, figures: &BTreeMap<Figure, i64>) {
        for (figure, number) in figures {
            let (least, most) = figure.range();
            if !(least..=most).contains(number) {
                let says = format!(
                    "{} is not possible: from {least} to {most}",
                    figure.in_words(*number)
                );
                self.tell(figure, says);
            }
        }
        let value = |figure: Figure| {
            let said = figures.get(&figure).copied();
            said.unwrap_or_else(|| figure.workflow())
        };
        for (less, more) in ASCENDING {
            if value(*less) < value(*more) {
                continue;
            }
            // Of the two the one that the document says is named; the other may be the default.
            let (place, other, word) = if figures.contains_key(less) {
                (*less, *more, "less")
            } else {
                (*more, *less, "more")
            };
            let by_default = if figures.contains_key(&other) {
                ""
            } else {
                ", the workflow's default"
            };
            let says = format!(
                "{} must be {word} than {other}, which is {}{by_default}",
                place.in_words(value(place)),
                other.in_words(value(other))
            );
            self.tell(place, says);
        }
    }

    fn overlap(&mut self, overlap: Overlap) {
        let (least, most) = (Metres::new(100.0), Metres::new(100_000.0));
        if overlap
            .distance
            .is_some_and(|far| !(least..=most).contains(&far))
        {
            self.tell(
                "overlap.distance_m",
                "is not possible: from 100 m to 100000 m",
            );
        }
        let (least, most) = (Span::from_minutes(1), Span::from_hours(24));
        if overlap
            .duration
            .is_some_and(|long| !(least..=most).contains(&long))
        {
            self.tell(
                "overlap.duration_min",
                "is not possible: from 1 min to 1440 min",
            );
        }
    }

    fn limits(&mut self, parts: &Parts) {
        let mut seen = BTreeSet::new();
        for (index, limit) in parts.limits.iter().enumerate() {
            let place = format!("limit {}", index + 1);
            let (from, into) = (limit.from, limit.into);
            if from == into || Frontier::between(from, into) != parts.named.pair {
                let says = format!("from {from} into {into} is not of {}", parts.named.pair);
                self.tell(&place, says);
            }
            if !seen.insert((from, into)) {
                let says = format!("from {from} into {into} stands here twice: join the two");
                self.tell(&place, says);
            }
            let spans = [limit.consent, limit.period];
            let none = limit.radius.is_none() && spans.iter().all(Option::is_none);
            if none {
                self.tell(&place, "limits nothing: take it out");
            }
            let no_time = spans.into_iter().flatten().any(|span| span <= Span::ZERO);
            if no_time || limit.radius.is_some_and(|radius| radius <= Metres::ZERO) {
                self.tell(&place, "a limit of nothing is none: give more than 0");
            }
        }
    }

    fn points(&mut self, parts: &Parts) {
        let mut seen = BTreeSet::new();
        for (index, point) in parts.crossing_points.iter().enumerate() {
            let place = format!("crossing_point {}", index + 1);
            if !seen.insert(&point.name) {
                let says = format!("a second `{}`: give each a name of its own", point.name);
                self.tell(&place, says);
            }
        }
    }

    fn numbers(&mut self, parts: &Parts) {
        let mut seen = BTreeSet::new();
        for (index, voice) in parts.voice_numbers.iter().enumerate() {
            let place = format!("voice_number {}", index + 1);
            self.named(format!("{place}: desk"), &voice.desk);
            self.named(format!("{place}: checked_by"), &voice.checked_by);
            if !can_be_dialled(&voice.number) {
                let says = format!(
                    "number: `{}` cannot be dialled: write digits, perhaps with + in front, blanks, - or /",
                    voice.number
                );
                self.tell(&place, says);
            }
            if voice.checked_on > parts.until {
                let says = format!("checked_on: {} is after valid_until", voice.checked_on);
                self.tell(&place, says);
            }
            if !seen.insert((&voice.room, &voice.desk)) {
                let says = format!("{} of {} stands here twice", voice.desk, voice.room);
                self.tell(&place, says);
            }
        }
    }

    fn transfers(&mut self, transfers: &[Transfer]) {
        let mut seen = BTreeSet::new();
        for (index, transfer) in transfers.iter().enumerate() {
            let place = format!("transfer {}", index + 1);
            self.named(format!("{place}: instrument"), &transfer.instrument);
            if !seen.insert(transfer.to) {
                let says = format!("{} stands here twice: join the two", transfer.to);
                self.tell(&place, says);
            }
        }
    }
}

#[cfg(test)]
mod tests;
