//! The form of a scenario file: its keys, and the words and times that are read where they stand.

use crate::domain::ids::{AccountId, IdError, RoomId, State, StateSet, TargetId, UnitId};
use crate::domain::law::basis::{Basis, PersonCategory, Purpose};
use crate::domain::law::finding::Duty;
use crate::domain::measure::Span;
use crate::domain::operations::Outcome;
use crate::domain::operations::handover::Code;
use crate::domain::operations::handover::said::{EyesSaid, RefusedFor};
use crate::domain::registry::{Marks, UnitKind};
use crate::domain::rights::Role;
use crate::domain::tracks::act::Act;
use crate::wire::crossing_points::PointOfFile;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A time relative to the lap: `+mm:ss`, `+hh:mm:ss`, with `-` before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At(pub(super) Span);

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        relative(&text).map(Self).ok_or_else(|| {
            let sentence = format!("`{text}` is no time of a lap: write +mm:ss or +hh:mm:ss");
            serde::de::Error::custom(sentence)
        })
    }
}

/// Reads `+mm:ss`, `+hh:mm:ss`, `-hh:mm:ss`, with or without a fraction of a second.
pub(super) fn relative(text: &str) -> Option<Span> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let parts: Vec<&str> = rest.split(':').collect();
    let (whole, seconds) = match parts.as_slice() {
        [minutes, seconds] => (minutes.parse::<u16>().ok().map(i64::from)?, seconds),
        [hours, minutes, seconds] => {
            let minutes = minutes.parse::<u8>().ok().filter(|m| *m < 60)?;
            let hours = hours.parse::<u8>().ok()?;
            (i64::from(hours) * 60 + i64::from(minutes), seconds)
        }
        _ => return None,
    };
    let plain = seconds.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let seconds = seconds.parse::<f64>().ok().filter(|s| plain && *s < 60.0)?;
    let millis = whole * 60_000 + (seconds * 1_000.0).round() as i64;
    Some(Span::from_millis(sign * millis))
}

/// A word or an id, read where it stands, so that a wrong one is refused with its line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Read<T>(pub(super) T);

/// What can be read from a text.
pub(super) trait Readable: Sized {
    fn read(text: &str) -> Result<Self, String>;
}

impl<'de, T: Readable> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        T::read(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

macro_rules! readable_ids {
    ($($id:ty),* $(,)?) => {
        $(impl Readable for $id {
            fn read(text: &str) -> Result<Self, String> {
                Self::parse(text).map_err(|error: IdError| error.to_string())
            }
        })*
    };
}

macro_rules! readable_words {
    ($($word:ty => $what:literal),* $(,)?) => {
        $(impl Readable for $word {
            fn read(text: &str) -> Result<Self, String> {
                Self::parse(text).ok_or_else(|| {
                    let known: Vec<&str> = Self::ALL.iter().map(|word| word.as_str()).collect();
                    format!("`{text}` is no {}: write one of {}", $what, known.join(", "))
                })
            }
        })*
    };
}

readable_ids!(AccountId, RoomId, State, StateSet, TargetId, UnitId);
readable_words!(
    Act => "act",
    Basis => "basis",
    Code => "code",
    Duty => "duty",
    EyesSaid => "word of a unit and the target",
    Marks => "mark of a unit",
    Outcome => "outcome",
    PersonCategory => "category of persons",
    Purpose => "purpose",
    RefusedFor => "reason of a refusal",
    Role => "role",
    UnitKind => "kind of unit",
);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) format: u32,
    pub(super) meta: Meta,
    pub(super) lap: LapTimes,
    pub(super) marks: BTreeMap<String, At>,
    pub(super) rooms: Vec<Room>,
    pub(super) accounts: Vec<Account>,
    pub(super) courses: BTreeMap<String, Drawn>,
    pub(super) target: TargetOfFile,
    pub(super) units: Vec<Unit>,
    pub(super) operation: Operation,
    #[serde(default)]
    pub(super) crossing_points: Vec<PointOfFile>,
    #[serde(default)]
    pub(super) sightings: Vec<Sighting>,
    #[serde(default)]
    pub(super) script: Vec<Line>,
    #[serde(default)]
    pub(super) truth: Vec<TruthOfFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meta {
    pub(super) name: String,
    pub(super) exercise: bool,
    pub(super) description: String,
    pub(super) course: String,
    pub(super) licence: String,
    pub(super) seed: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LapTimes {
    pub(super) length: At,
    pub(super) sign_off: At,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Room {
    pub(super) id: Read<RoomId>,
    pub(super) state: Read<State>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    pub(super) name: Read<AccountId>,
    pub(super) room: Read<RoomId>,
    pub(super) role: Read<Role>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Drawn {
    /// Kilometres count from this point, the first being 1.
    pub(super) km_0_at_point: usize,
    pub(super) points: Vec<[f64; 2]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Leg {
    pub(super) at: At,
    pub(super) km: Option<f64>,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    pub(super) altitude_m: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetOfFile {
    pub(super) id: Read<TargetId>,
    pub(super) description: String,
    pub(super) course: Option<String>,
    pub(super) legs: Vec<Leg>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unit {
    pub(super) id: Read<UnitId>,
    pub(super) room: Read<RoomId>,
    pub(super) state: Read<State>,
    pub(super) kind: Read<UnitKind>,
    pub(super) callsign: String,
    pub(super) marks: Option<Read<Marks>>,
    pub(super) every_s: f64,
    pub(super) accuracy_m: f64,
    pub(super) correlation_s: f64,
    #[serde(default)]
    pub(super) gaps: Vec<GapOfFile>,
    pub(super) course: Option<String>,
    pub(super) legs: Vec<Leg>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GapOfFile {
    pub(super) from: At,
    pub(super) to: At,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operation {
    pub(super) room: Read<RoomId>,
    pub(super) basis: Read<Basis>,
    pub(super) purpose: Read<Purpose>,
    pub(super) offence: String,
    pub(super) person_category: Read<PersonCategory>,
    pub(super) requesting_state: Read<State>,
    pub(super) host_states: Vec<Read<State>>,
    pub(super) host_rooms: Vec<Read<RoomId>>,
    pub(super) units: Vec<Read<UnitId>>,
    pub(super) authorisation: Option<AuthorisationOfFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthorisationOfFile {
    pub(super) number: String,
    pub(super) from: At,
    pub(super) to: At,
    pub(super) conditions: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sighting {
    pub(super) unit: Read<UnitId>,
    pub(super) by: Read<AccountId>,
    pub(super) from: At,
    pub(super) to: At,
    pub(super) every_s: f64,
    pub(super) accuracy_m: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) at: At,
    pub(super) unit: Option<Read<UnitId>>,
    pub(super) act: Option<Read<Act>>,
    pub(super) by: Option<Read<AccountId>>,
    pub(super) order: Option<OrderWord>,
    pub(super) duty: Option<Read<Duty>>,
    pub(super) grounds: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) outcome: Option<Read<Outcome>>,
    // Of `say`; which of them goes with which code is read in `saying`.
    pub(super) code: Option<Read<Code>>,
    pub(super) terms: Option<TermsOfFile>,
    pub(super) who: Option<String>,
    pub(super) lasts: Option<At>,
    pub(super) eyes: Option<Read<EyesSaid>>,
    pub(super) units: Option<Vec<Read<UnitId>>>,
    pub(super) words: Option<String>,
    pub(super) language: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermsOfFile {
    pub(super) crossing_point: Option<String>,
    pub(super) expected: Option<At>,
    pub(super) expected_within: Option<At>,
    pub(super) transfer_at_m: Option<f64>,
    pub(super) takes_eyes: Option<Read<UnitId>>,
    pub(super) units: Option<Vec<Read<UnitId>>>,
    pub(super) overlap_m: Option<f64>,
    pub(super) overlap_min: Option<u32>,
    pub(super) voice: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum OrderWord {
    Open,
    Authorise,
    SendNotice,
    AcknowledgeNotice,
    Say,
    Close,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TruthOfFile {
    pub(super) unit: Read<UnitId>,
    pub(super) from: Read<StateSet>,
    pub(super) to: Read<StateSet>,
    pub(super) at: At,
    pub(super) lat: f64,
    pub(super) lon: f64,
    pub(super) within_m: f64,
    pub(super) within_s: f64,
}
