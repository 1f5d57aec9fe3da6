//! Who and what is meant: newtypes, parsed at the door.

mod device;

pub use device::DeviceId;

use std::fmt;
use std::num::NonZeroU16;
use std::sync::Arc;

/// Why a text is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not {wanted}")]
pub struct IdError {
    /// The text as it came.
    pub value: String,
    /// What it should have been, as a noun phrase.
    pub wanted: &'static str,
}

/// A state, by ISO 3166-1 alpha-2 (Kosovo: `XK`). Any two capital letters parse; whether Limes has polygons or rules
/// for the state is a question to the atlas and the rulebook.
///
/// Kept as its number among them, from 1: so that a set of states takes no more than eight bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct State(NonZeroU16);

/// All pairs of two capital letters, alphabetical.
const PAIRS: [u8; 2 * 26 * 26] = {
    let mut pairs = [0; 2 * 26 * 26];
    let mut number = 0;
    while number < 26 * 26 {
        pairs[2 * number] = b'A' + (number / 26) as u8;
        pairs[2 * number + 1] = b'A' + (number % 26) as u8;
        number += 1;
    }
    pairs
};

impl State {
    /// Parses two capital letters.
    ///
    /// # Errors
    /// [`IdError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => {
                let number = u16::from(a - b'A') * 26 + u16::from(b - b'A');
                Ok(Self(NonZeroU16::MIN.saturating_add(number)))
            }
            _ => Err(IdError {
                value: text.to_owned(),
                wanted: "a state's ISO 3166-1 code of two capital letters",
            }),
        }
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let place = 2 * (usize::from(self.0.get()) - 1);
        // Only ASCII capitals pass `parse`.
        std::str::from_utf8(&PAIRS[place..place + 2]).unwrap_or("??")
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The states a position lies in, alphabetical, at most [`StateSet::MAX`]: none (`-`), one, or several in a condominium
/// or a disputed area.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct StateSet {
    // Alphabetical, `None` last; equal sets are equal values.
    states: [Option<State>; Self::MAX],
}

impl StateSet {
    /// More states than meet anywhere on land.
    pub const MAX: usize = 4;
    /// None of the states with polygons.
    pub const NONE: Self = Self {
        states: [None; Self::MAX],
    };

    /// The set of one state.
    #[must_use]
    pub const fn one(state: State) -> Self {
        let mut states = [None; Self::MAX];
        states[0] = Some(state);
        Self { states }
    }

    /// This set with `state` in it.
    ///
    /// # Panics
    /// When a fifth state is added: no border data may claim that.
    #[must_use]
    pub fn with(self, state: State) -> Self {
        if self.contains(state) {
            return self;
        }
        assert!(
            self.len() < Self::MAX,
            "a position lies in at most four states"
        );
        let mut members: Vec<State> = self.iter().chain(std::iter::once(state)).collect();
        members.sort_unstable();
        let mut set = Self::NONE;
        for (slot, member) in set.states.iter_mut().zip(members) {
            *slot = Some(member);
        }
        set
    }

    /// Whether `state` is in it.
    #[must_use]
    pub fn contains(&self, state: State) -> bool {
        self.iter().any(|member| member == state)
    }

    /// The members, alphabetical.
    pub fn iter(&self) -> impl Iterator<Item = State> + '_ {
        self.states.iter().flatten().copied()
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.states[0].is_none()
    }

    /// The one member, when it is exactly one.
    #[must_use]
    pub fn single(&self) -> Option<State> {
        if self.states[1].is_none() {
            self.states[0]
        } else {
            None
        }
    }

    /// Parses the form of [`fmt::Display`].
    ///
    /// # Errors
    /// [`IdError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text == "-" {
            return Ok(Self::NONE);
        }
        let members = text
            .split('|')
            .map(State::parse)
            .collect::<Result<Vec<_>, _>>()?;
        if members.len() > Self::MAX {
            return Err(IdError {
                value: text.to_owned(),
                wanted: "at most four states joined by `|`",
            });
        }
        Ok(members.into_iter().fold(Self::NONE, Self::with))
    }
}

impl fmt::Display for StateSet {
    /// `HU`, `DE|LU`, or `-` for none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("-");
        }
        for (index, state) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("|")?;
            }
            f.write_str(state.as_str())?;
        }
        Ok(())
    }
}

impl fmt::Debug for StateSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether a text is 1 to 64 characters of `A-Z a-z 0-9 . _ -`.
fn fits_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// An identifier of 1 to 64 characters of `A-Z a-z 0-9 . _ -`.
fn parse_id(text: &str, wanted: &'static str) -> Result<Arc<str>, IdError> {
    if fits_id(text) {
        Ok(Arc::from(text))
    } else {
        Err(IdError {
            value: text.chars().take(80).collect(),
            wanted,
        })
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $wanted:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Parses 1 to 64 characters of `A-Z a-z 0-9 . _ -`.
            ///
            /// # Errors
            /// [`IdError`] for anything else.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                parse_id(text, $wanted).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A unit: vehicle, officer, helicopter, boat, drone (or tracker). Unique within a service.
    UnitId,
    "a unit id: 1 to 64 of A-Z a-z 0-9 . _ -"
);
id!(
    /// A control room; it names a ledger too.
    RoomId,
    "a room id: 1 to 64 of A-Z a-z 0-9 . _ -"
);
id!(
    /// One surveillance or pursuit.
    OperationId,
    "an operation id: 1 to 64 of A-Z a-z 0-9 . _ -"
);
id!(
    /// The device a fix came from, when a unit has several.
    SourceId,
    "a source: 1 to 64 of A-Z a-z 0-9 . _ -"
);
id!(
    /// The person or vehicle followed, as the operation calls it.
    TargetId,
    "a target id: 1 to 64 of A-Z a-z 0-9 . _ -"
);
id!(
    /// An account: one named person at a desk.
    AccountId,
    "an account name: 1 to 64 of A-Z a-z 0-9 . _ -"
);
id!(
    /// One crossing of one unit; kept through suspicion, confirmation, revision and retraction.
    CrossingId,
    "a crossing id: 1 to 64 of A-Z a-z 0-9 . _ -"
);
id!(
    /// One notice to one host room.
    NoticeId,
    "a notice id: 1 to 64 of A-Z a-z 0-9 . _ -"
);
id!(
    /// One token, as lists and journals name it. It is no secret and says nothing of the secret.
    TokenId,
    "a token id: 1 to 64 of A-Z a-z 0-9 . _ -"
);

/// The longest [`MessageId`]: two rooms and a number.
const MESSAGE_ID_MAX: usize = 160;

/// A message between two rooms. Unique between them; whoever receives it reads nothing out of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(Arc<str>);

impl MessageId {
    /// That of the how manyth message of one room to another.
    #[must_use]
    pub fn of(from: &RoomId, to: &RoomId, number: u64) -> Self {
        Self(format!("{from}:{to}:{number}").into())
    }

    /// Parses 1 to 160 characters of `A-Z a-z 0-9 . _ - :`.
    ///
    /// # Errors
    /// [`IdError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b':');
        if (1..=MESSAGE_ID_MAX).contains(&text.len()) && text.bytes().all(fits) {
            return Ok(Self(text.into()));
        }
        Err(IdError {
            value: text.chars().take(80).collect(),
            wanted: "a message id: 1 to 160 of A-Z a-z 0-9 . _ - :",
        })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number of a record in its room's ledger: from 1, without holes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seq(pub u64);

impl Seq {
    /// Before the first record.
    pub const ZERO: Self = Self(0);

    /// The next number.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_capital_letters_is_told_as_it_was_parsed_and_in_its_order() {
        let mut before = None;
        for a in 'A'..='Z' {
            for b in 'A'..='Z' {
                let text = format!("{a}{b}");
                let state = State::parse(&text).unwrap();
                assert_eq!(state.as_str(), text);
                assert!(before < Some(state));
                before = Some(state);
            }
        }
        for wrong in ["", "H", "hu", "HUN", "H1", "ÁB"] {
            assert!(State::parse(wrong).is_err());
        }
    }

    #[test]
    fn a_set_of_states_takes_eight_bytes() {
        assert_eq!(size_of::<StateSet>(), 8);
    }
}
