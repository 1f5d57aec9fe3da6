//! What is said on a connection between two services, one small JSON text each: `{"beat":{…}}`.
//!
//! ```text
//!  who dials                         who accepts
//!   hello {versions, from, to} ──────▶
//!                            ◀──────── welcome {version, taken, …}, or sorry {guard, sentence}
//!   frame {bytes, …}, in order ──────▶
//!                            ◀──────── taken {through}
//!   goes_on_with n ──────────────────▶        of what stood before there is nothing to be had any more
//!                            ◀──────── taken {through}
//!   beat ◀───────────────────────────▶ beat   every two seconds
//! ```
//!
//! What a frame holds is signed by its room, and is not read here. Keys that this version does not know are passed over.

use super::{CarriedWire, frame};
use crate::domain::ids::{OperationId, RoomId};
use crate::domain::measure::Timestamp;
use crate::domain::operations::handover::{Epoch, LeadTold};
use serde::{Deserialize, Serialize};

/// The versions that are spoken here.
pub const VERSIONS: &[u32] = &[1];
/// The longest text, in bytes: the longest frame, every byte of which may be escaped in a text.
pub const BYTES_MOST: usize = 2 * frame::BYTES_MOST + 4 * 1024;

/// One text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TalkWire {
    /// Who dials, and for whom.
    Hello(HelloWire),
    /// The one who was dialled knows them.
    Welcome(WelcomeWire),
    /// It does not, or refuses what came. Nothing follows.
    Sorry(SorryWire),
    /// The next frame has this number: those before it that are not recorded yet are nowhere to be had any more.
    GoesOnWith(u64),
    /// A frame, as it is kept by both.
    Frame(CarriedWire),
    /// What is recorded of them.
    Taken(TakenWire),
    /// I am here.
    Beat(BeatWire),
}

/// The first text of who dials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloWire {
    /// The versions that it speaks.
    pub versions: Vec<u32>,
    /// The room that tells.
    pub from: String,
    /// The room that is told.
    pub to: String,
}

impl HelloWire {
    /// The highest version that both speak.
    #[must_use]
    pub fn version(&self) -> Option<u32> {
        let common = self.versions.iter().filter(|it| VERSIONS.contains(it));
        common.max().copied()
    }
}

/// The answer to [`HelloWire`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeWire {
    /// In which version it goes on.
    pub version: u32,
    /// Through which frame everything is recorded.
    pub taken: u64,
    /// The SHA-256 of the bytes of that one, hexadecimal; empty when there is none. By it a room that was set back to an
    /// earlier state learns that it was.
    #[serde(default)]
    pub digest: String,
    /// The number of the last message of the room that dials which was heard, for the same reason; 0 when none was.
    #[serde(default)]
    pub said: u64,
}

/// Why nothing follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SorryWire {
    /// One stable word.
    pub guard: String,
    /// One sentence.
    pub sentence: String,
}

/// The answer to frames: one may cover several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenWire {
    /// Through which frame everything is recorded.
    pub through: u64,
}

/// Said by both, whatever else is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeatWire {
    /// The number of the last frame that the room of who says it has told the other one.
    pub sent: u64,
    /// How far that room's record has come.
    pub seq: u64,
    /// The hash of the header of its last record, hexadecimal.
    pub hash: String,
    /// When it was said, by its clock: RFC 3339.
    pub at: String,
    /// The last frame of the other one that it has taken in.
    #[serde(default)]
    pub taken: u64,
    /// Who leads each open operation of both, as it knows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads: Vec<LeadWire>,
    /// How long ago anything came from the other one on this connection, milliseconds; null when nothing did.
    pub heard_ms_ago: Option<u64>,
    /// The last beat of the other one: by it the clocks are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yours: Option<YoursWire>,
}

/// Who leads an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadWire {
    /// Which operation.
    pub operation: String,
    /// The room.
    pub room: String,
    /// In which epoch.
    pub epoch: u32,
}

impl From<&LeadTold> for LeadWire {
    fn from(told: &LeadTold) -> Self {
        Self {
            operation: told.operation.to_string(),
            room: told.room.to_string(),
            epoch: told.epoch.0,
        }
    }
}

impl LeadWire {
    /// What it says; `None` when that is no operation or no room.
    #[must_use]
    pub fn read(&self) -> Option<LeadTold> {
        Some(LeadTold {
            operation: OperationId::parse(&self.operation).ok()?,
            room: RoomId::parse(&self.room).ok()?,
            epoch: Epoch(self.epoch),
        })
    }
}

/// When a beat was said, and when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YoursWire {
    /// Its `at`, as it came.
    pub at: String,
    /// When it was read, by the clock of who read it.
    pub read_at: String,
}

impl BeatWire {
    /// The four times by which clocks are compared: our beat said and read, this one said and read.
    #[must_use]
    pub fn times(&self, read_at: Timestamp) -> Option<[Timestamp; 4]> {
        let yours = self.yours.as_ref()?;
        let read = |text: &str| Timestamp::parse(text).ok();
        Some([
            read(&yours.at)?,
            read(&yours.read_at)?,
            read(&self.at)?,
            read_at,
        ])
    }
}

impl TalkWire {
    /// The text of it.
    ///
    /// # Panics
    /// Never: there is nothing in it that JSON cannot hold.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("JSON takes numbers and texts")
    }

    /// Reads one.
    ///
    /// # Errors
    /// One sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text)
            .map_err(|error| format!("What was said cannot be read: {error}."))
    }

    /// That something is refused.
    #[must_use]
    pub fn sorry(guard: &str, sentence: &str) -> Self {
        Self::Sorry(SorryWire {
            guard: guard.to_owned(),
            sentence: sentence.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read_as_it_was_written() {
        let beat = BeatWire {
            taken: 2,
            leads: vec![LeadWire {
                operation: "op-1".to_owned(),
                room: "arad".to_owned(),
                epoch: 2,
            }],
            sent: 3,
            seq: 9,
            hash: "0a".to_owned(),
            at: "2027-03-16T11:33:17.000Z".to_owned(),
            heard_ms_ago: None,
            yours: None,
        };
        let hello = HelloWire {
            versions: vec![1],
            from: "budapest".to_owned(),
            to: "arad".to_owned(),
        };
        let frame = CarriedWire {
            bytes: "{\"from\":\"budapest\"}".to_owned(),
            signature: "00".to_owned(),
            key_id: "3b6a".to_owned(),
        };
        for (talk, text) in [
            (
                TalkWire::Hello(hello),
                r#"{"hello":{"versions":[1],"from":"budapest","to":"arad"}}"#,
            ),
            (
                TalkWire::Welcome(WelcomeWire {
                    version: 1,
                    taken: 7,
                    digest: "0b".to_owned(),
                    said: 2,
                }),
                r#"{"welcome":{"version":1,"taken":7,"digest":"0b","said":2}}"#,
            ),
            (
                TalkWire::sorry("room", "No."),
                r#"{"sorry":{"guard":"room","sentence":"No."}}"#,
            ),
            (TalkWire::GoesOnWith(8), r#"{"goes_on_with":8}"#),
            (
                TalkWire::Frame(frame),
                r#"{"frame":{"bytes":"{\"from\":\"budapest\"}","signature":"00","key_id":"3b6a"}}"#,
            ),
            (
                TalkWire::Taken(TakenWire { through: 8 }),
                r#"{"taken":{"through":8}}"#,
            ),
            (
                TalkWire::Beat(beat),
                r#"{"beat":{"sent":3,"seq":9,"hash":"0a","at":"2027-03-16T11:33:17.000Z","taken":2,"leads":[{"operation":"op-1","room":"arad","epoch":2}],"heard_ms_ago":null}}"#,
            ),
        ] {
            assert_eq!(talk.to_text(), text);
            assert_eq!(TalkWire::read(text).unwrap(), talk);
        }
        let newer = r#"{"taken":{"through":8,"more":1}}"#;
        assert_eq!(
            TalkWire::read(newer).unwrap(),
            TalkWire::Taken(TakenWire { through: 8 })
        );
        for wrong in ["", "[]", r#"{"bye":1}"#, r#"{"taken":{"through":-1}}"#] {
            assert!(TalkWire::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_highest_version_that_both_speak_is_spoken() {
        let hello = |versions: &[u32]| HelloWire {
            versions: versions.to_vec(),
            from: String::new(),
            to: String::new(),
        };
        assert_eq!(hello(&[3, 1, 2]).version(), Some(1));
        assert_eq!(hello(&[2]).version(), None);
        assert_eq!(hello(&[]).version(), None);
    }
}
