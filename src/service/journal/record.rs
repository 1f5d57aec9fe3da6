//! What is kept: a record before it has its number, and a record as it is read again.

use crate::domain::ids::{OperationId, RoomId, Seq, SourceId, UnitId};
use crate::domain::measure::Timestamp;
pub use crate::domain::retention::RetentionClass;
use std::fmt;

/// The kind of the journal's own record of an erasure.
pub const KIND_ERASED: &str = "journal.erased";
/// The kind of a record of positions; see [`super::positions`].
pub const KIND_POSITIONS: &str = "positions";
/// The longest kind, in bytes.
pub const KIND_MAX: usize = 64;
/// The most parts in one record.
pub const PARTS_MAX: usize = 20_000;

/// Whom or what a payload is about: payloads of one subject are sealed under keys of their own and erased together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKey {
    /// The room's own matters.
    Room,
    /// A unit outside any operation.
    Unit(UnitId),
    /// An operation as a whole.
    Operation(OperationId),
    /// A unit within one operation.
    UnitInOperation {
        /// The unit.
        unit: UnitId,
        /// The operation.
        operation: OperationId,
    },
}

impl fmt::Display for SubjectKey {
    /// `room`, `unit:HU-1`, `operation:OP-7`, `operation:OP-7/unit:HU-1`. Ids have neither `:` nor `/` in them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Room => f.write_str("room"),
            Self::Unit(unit) => write!(f, "unit:{unit}"),
            Self::Operation(operation) => write!(f, "operation:{operation}"),
            Self::UnitInOperation { unit, operation } => {
                write!(f, "operation:{operation}/unit:{unit}")
            }
        }
    }
}

impl SubjectKey {
    /// The operation it is of.
    #[must_use]
    pub const fn operation(&self) -> Option<&OperationId> {
        match self {
            Self::Room | Self::Unit(_) => None,
            Self::Operation(operation) | Self::UnitInOperation { operation, .. } => Some(operation),
        }
    }

    /// The unit it is of.
    #[must_use]
    pub const fn unit(&self) -> Option<&UnitId> {
        match self {
            Self::Room | Self::Operation(_) => None,
            Self::Unit(unit) | Self::UnitInOperation { unit, .. } => Some(unit),
        }
    }

    /// Parses the form of [`fmt::Display`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "room" {
            return Some(Self::Room);
        }
        if let Some(unit) = text.strip_prefix("unit:") {
            return UnitId::parse(unit).ok().map(Self::Unit);
        }
        let rest = text.strip_prefix("operation:")?;
        match rest.split_once("/unit:") {
            None => OperationId::parse(rest).ok().map(Self::Operation),
            Some((operation, unit)) => Some(Self::UnitInOperation {
                unit: UnitId::parse(unit).ok()?,
                operation: OperationId::parse(operation).ok()?,
            }),
        }
    }
}

/// Which fixes a part of positions holds: unit, source, and the first and last `fixed_at`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PositionSpan {
    /// The unit.
    pub unit: UnitId,
    /// The device.
    pub source: SourceId,
    /// The earliest `fixed_at`.
    pub from: Timestamp,
    /// The latest `fixed_at`.
    pub to: Timestamp,
}

/// One piece of a record's payload, sealed under the key of its own subject. An event has one part; a record of
/// positions has one per unit, so that one unit's positions can be erased and the others' stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Whom it is about.
    pub subject: SubjectKey,
    /// The bytes: the journal never looks inside.
    pub payload: Vec<u8>,
    /// The positions in it, for the index; empty for anything else.
    pub positions: Vec<PositionSpan>,
}

/// A record before it has its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// The ledger it goes to.
    pub ledger: RoomId,
    /// When it happened.
    pub at: Timestamp,
    /// What it is, in the words of the outside contract: `crossing.confirmed`. At most [`KIND_MAX`] bytes.
    pub kind: String,
    /// The version of the payload's schema, given by the caller's codec.
    pub schema: u16,
    /// How long it is kept.
    pub retention: RetentionClass,
    /// The unit it speaks of, for the index.
    pub unit: Option<UnitId>,
    /// The operation it belongs to, for the index.
    pub operation: Option<OperationId>,
    /// The payload: at least one part.
    pub parts: Vec<Part>,
}

impl NewRecord {
    /// A record with one part and no positions.
    #[must_use]
    pub fn of_one(head: NewHead, subject: SubjectKey, payload: Vec<u8>) -> Self {
        Self {
            ledger: head.ledger,
            at: head.at,
            kind: head.kind,
            schema: head.schema,
            retention: head.retention,
            unit: head.unit,
            operation: head.operation,
            parts: vec![Part {
                subject,
                payload,
                positions: Vec::new(),
            }],
        }
    }
}

/// Everything of a [`NewRecord`] but its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHead {
    /// The ledger it goes to.
    pub ledger: RoomId,
    /// When it happened.
    pub at: Timestamp,
    /// What it is.
    pub kind: String,
    /// The version of the payload's schema.
    pub schema: u16,
    /// How long it is kept.
    pub retention: RetentionClass,
    /// The unit it speaks of.
    pub unit: Option<UnitId>,
    /// The operation it belongs to.
    pub operation: Option<OperationId>,
}

macro_rules! bytes_newtype {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Takes exactly the right number of bytes.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                <[u8; $len]>::try_from(bytes).ok().map(Self)
            }

            /// Parses lower- or upper-case hexadecimal digits.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let digits = text.as_bytes();
                if digits.len() != 2 * $len {
                    return None;
                }
                let mut bytes = [0; $len];
                for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
                    let high = char::from(pair[0]).to_digit(16)?;
                    let low = char::from(pair[1]).to_digit(16)?;
                    *byte = (high * 16 + low) as u8;
                }
                Some(Self(bytes))
            }
        }

        impl fmt::Display for $name {
            /// Hexadecimal, lower case.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

bytes_newtype!(
    /// The SHA-256 of a header; it stands in the next header of the ledger.
    HeaderHash,
    32
);
bytes_newtype!(
    /// The salted SHA-256 of one part of a payload.
    PartDigest,
    32
);
bytes_newtype!(
    /// The public name of a key: random, so that it says nothing of its subject.
    KeyId,
    16
);

/// What the header says of one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartHeader {
    /// The key it is sealed under.
    pub key: KeyId,
    /// Its salted digest.
    pub digest: PartDigest,
}

/// The part of a record that is chained and never erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The ledger.
    pub ledger: RoomId,
    /// Its number: from 1, without holes.
    pub seq: Seq,
    /// When it happened.
    pub at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What it is.
    pub kind: String,
    /// The version of the payload's schema.
    pub schema: u16,
    /// How long it is kept.
    pub retention: RetentionClass,
    /// Its parts: key and salted digest each.
    pub parts: Vec<PartHeader>,
    /// The hash of the header before it; of the first, the ledger's genesis.
    pub prev: HeaderHash,
}

/// A record as it is read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The chained part.
    pub header: Header,
    /// The header's hash.
    pub hash: HeaderHash,
    /// The unit it speaks of; gone when the record is erased.
    pub unit: Option<UnitId>,
    /// The operation it belongs to; gone when the record is erased.
    pub operation: Option<OperationId>,
    /// The payload of each part, in the header's order; `None` when it was erased.
    pub payloads: Vec<Option<Vec<u8>>>,
}

impl Record {
    /// The payload of a record of one part; `None` when it was erased.
    #[must_use]
    pub fn payload(&self) -> Option<&[u8]> {
        match self.payloads.as_slice() {
            [only] => only.as_deref(),
            _ => None,
        }
    }

    /// Whether every part was erased.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.payloads.iter().all(Option::is_none)
    }
}

/// The last record of a ledger: what another room notes to find a cut tail later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The ledger.
    pub ledger: RoomId,
    /// The last number, [`Seq::ZERO`] in an empty ledger.
    pub seq: Seq,
    /// The hash of the last header; in an empty ledger its genesis.
    pub hash: HeaderHash,
}

impl Head {
    /// Parses `LEDGER:SEQ:HASH`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.splitn(3, ':');
        Some(Self {
            ledger: RoomId::parse(words.next()?).ok()?,
            seq: Seq(words.next()?.parse().ok()?),
            hash: HeaderHash::parse(words.next()?)?,
        })
    }
}

impl fmt::Display for Head {
    /// `LEDGER:SEQ:HASH`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.ledger, self.seq, self.hash)
    }
}

/// Where a record went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The ledger.
    pub ledger: RoomId,
    /// Its number there.
    pub seq: Seq,
}
