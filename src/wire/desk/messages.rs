//! What a desk says to another room: by the line, or by telephone.

use super::orders::{NAME_MAX, TEXT_MAX, moment};
use super::{KeyError, at, text};
use crate::domain::ids::NoticeId;
use crate::domain::law::finding::Duty;
use crate::domain::law::profile::can_be_dialled;
use crate::domain::measure::Timestamp;
use crate::domain::operations::handover::Code;
use crate::domain::operations::{AnswerKind, Call, HostAnswer};
use crate::wire::desk::saying::SayingWire;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A message to another room, by code.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize, ToSchema)]
pub struct MessageWire {
    /// Of notices: `XNG` (border crossed), `RQA` (request for assistance), `ACK` (read by a person). Of the hand-over: `NTF`,
    /// `PRO`, `RVN`, `RVR`, `SBY`, `CDN`, `ACP`, `RJC`, `ABR`, `HOP`, `ROF`, `MAS`, `EYE`, `REL`, `CEASE`, `AUT`, `EXT`, `CLS`,
    /// `TXT`, and `ACK` with `reply_to`.
    pub code: String,
    /// What a message of the hand-over says beside its code.
    #[serde(flatten)]
    pub saying: SayingWire,
    /// The notice that is sent, given by telephone, or was read.
    #[serde(default)]
    pub notice: Option<String>,
    /// Of `RQA`: why it could not be asked for beforehand.
    #[serde(default)]
    pub grounds: Option<String>,
    /// Of `XNG` and `RQA`: the call by which it was given already. Then nothing is sent, and the notice counts as read. Of `ACK`:
    /// the call by which a host without a room here said that it has read what was sent by mail or webhook.
    #[serde(default)]
    pub voice: Option<VoiceWire>,
}

/// A call that was made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct VoiceWire {
    /// The person spoken to, by the name that was given.
    pub name: String,
    /// The number that was called: digits, perhaps with + in front, blanks, - or /.
    pub number: String,
    /// When they spoke; now when left out. Neither ahead nor before there was something to tell.
    #[serde(default)]
    pub at: Option<String>,
    /// The call's reference in a log of calls.
    #[serde(default)]
    pub reference: Option<String>,
}

impl VoiceWire {
    fn read(&self, now: Timestamp) -> Result<Call, KeyError> {
        let name = text("name", &self.name, NAME_MAX)?;
        if name.is_empty() {
            return Err(KeyError::new("name", "empty: say who was spoken to"));
        }
        let number = text("number", &self.number, NAME_MAX)?;
        if !can_be_dialled(&number) {
            let sentence = format!(
                "`{number}` cannot be dialled: write digits, perhaps with + in front, blanks, - or /"
            );
            return Err(KeyError::new("number", sentence));
        }
        let reference = match &self.reference {
            None => None,
            Some(reference) => Some(text("reference", reference, NAME_MAX)?),
        };
        Ok(Call {
            name,
            number,
            at: match &self.at {
                None => now,
                Some(time) => moment("at", time)?,
            },
            reference: reference.filter(|reference| !reference.is_empty()),
        })
    }
}

/// What a host answered to a notice or request, to be written down.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct AnswerOrderWire {
    /// The person of the host who answered, by the name that was given.
    pub name: String,
    /// `yes`, `no`; `other` when it is neither.
    pub answer: String,
    /// The words.
    pub words: String,
    /// When; now when left out. Neither ahead nor before the host was told.
    #[serde(default)]
    pub answered_at: Option<String>,
}

impl AnswerOrderWire {
    /// Reads it; an answer without a time came now.
    ///
    /// # Errors
    /// [`KeyError`] naming the key whose value is none.
    pub fn read(&self, now: Timestamp) -> Result<HostAnswer, KeyError> {
        let name = text("name", &self.name, NAME_MAX)?;
        if name.is_empty() {
            return Err(KeyError::new("name", "empty: say who answered"));
        }
        let words = text("words", &self.words, TEXT_MAX)?;
        if words.is_empty() {
            return Err(KeyError::new("words", "empty: say what was answered"));
        }
        Ok(HostAnswer {
            name,
            at: match &self.answered_at {
                None => now,
                Some(time) => moment("answered_at", time)?,
            },
            kind: AnswerKind::parse(&self.answer).ok_or_else(|| {
                let sentence = format!("`{}` is none of: yes, no, other", self.answer);
                KeyError::new("answer", sentence)
            })?,
            words,
        })
    }
}

/// A [`MessageWire`] as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spoken {
    /// A notice is sent, or was given by telephone.
    Notice {
        /// Which.
        notice: NoticeId,
        /// What is owed by it.
        duty: Duty,
        /// Of a request: why it could not be asked for beforehand.
        grounds: Option<Arc<str>>,
        /// The call by which it was given; `None` when it is sent.
        call: Option<Call>,
    },
    /// A person has read a notice.
    Read {
        /// Which.
        notice: NoticeId,
        /// The call by which a host said so; `None` when the person who sends this has read it.
        call: Option<Call>,
    },
    /// A message of the hand-over.
    Handover {
        /// Its code.
        code: Code,
        /// The call by which it was said already.
        call: Option<Call>,
    },
    /// A code of the workflow that no person says, or not here yet.
    NotYet {
        /// Which.
        code: &'static str,
    },
}

impl MessageWire {
    /// Reads it; a call without a time was made now.
    ///
    /// # Errors
    /// [`KeyError`] for a code that is none, a notice that is missing, or a call that is none.
    pub fn read(&self, now: Timestamp) -> Result<Spoken, KeyError> {
        let notice = || match &self.notice {
            Some(notice) => at("notice", NoticeId::parse(notice)),
            None => Err(KeyError::new("notice", "missing: name the notice")),
        };
        let call = || self.voice.as_ref().map(|call| call.read(now)).transpose();
        match self.code.as_str() {
            "XNG" => Ok(Spoken::Notice {
                notice: notice()?,
                duty: Duty::NoticeOfCrossing,
                grounds: None,
                call: call()?,
            }),
            "RQA" => Ok(Spoken::Notice {
                notice: notice()?,
                duty: Duty::Request,
                grounds: match &self.grounds {
                    Some(grounds) => Some(text("grounds", grounds, TEXT_MAX)?),
                    None => None,
                },
                call: call()?,
            }),
            "ACK" if self.notice.is_some() || self.saying.reply_to.is_none() => Ok(Spoken::Read {
                notice: notice()?,
                call: call()?,
            }),
            other => match Code::parse(other) {
                Some(code @ (Code::Lam | Code::Lrm | Code::Hbt | Code::Rpt)) => {
                    Ok(Spoken::NotYet {
                        code: code.as_str(),
                    })
                }
                Some(code) => Ok(Spoken::Handover {
                    code,
                    call: call()?,
                }),
                None => Err(KeyError::new(
                    "code",
                    "no code of a message, such as PRO, ACP, XNG or ACK",
                )),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(voice: &serde_json::Value) -> Result<Spoken, KeyError> {
        let message = serde_json::json!({ "code": "XNG", "notice": "OP.1", "voice": voice });
        let message: MessageWire = serde_json::from_value(message).unwrap();
        message.read(Timestamp::from_millis(1_000))
    }

    #[test]
    fn a_call_names_a_person_and_a_number_and_was_made_now_when_it_does_not_say_when() {
        let spoken = read(
            &serde_json::json!({ "name": " Sgt Pop ", "number": "+40 257 1", "reference": " " }),
        );
        let Ok(Spoken::Notice {
            call: Some(call),
            duty: Duty::NoticeOfCrossing,
            ..
        }) = spoken
        else {
            panic!("{spoken:?}");
        };
        assert_eq!((&*call.name, &*call.number), ("Sgt Pop", "+40 257 1"));
        assert_eq!(
            (call.at, call.reference),
            (Timestamp::from_millis(1_000), None)
        );
    }

    #[test]
    fn a_call_without_a_name_a_number_or_a_moment_is_none() {
        for (key, voice) in [
            ("name", serde_json::json!({ "name": " ", "number": "112" })),
            (
                "number",
                serde_json::json!({ "name": "Pop", "number": "the usual one" }),
            ),
            (
                "number",
                serde_json::json!({ "name": "Pop", "number": "1" }),
            ),
            (
                "at",
                serde_json::json!({ "name": "Pop", "number": "112", "at": "noon" }),
            ),
            (
                "at",
                serde_json::json!({ "name": "Pop", "number": "112", "at": "0000-01-01T00:00:00+00:01" }),
            ),
            (
                "reference",
                serde_json::json!({ "name": "Pop", "number": "112", "reference": "x".repeat(81) }),
            ),
        ] {
            assert_eq!(read(&voice).unwrap_err().key, key);
        }
    }

    #[test]
    fn that_a_notice_was_read_is_said_by_who_read_it_or_by_a_call() {
        let spoken = |message: serde_json::Value| {
            let message: MessageWire = serde_json::from_value(message).unwrap();
            message.read(Timestamp::EPOCH)
        };
        let notice = NoticeId::parse("OP.1").unwrap();
        assert_eq!(
            spoken(serde_json::json!({ "code": "ACK", "notice": "OP.1" })),
            Ok(Spoken::Read { notice, call: None })
        );
        let voice = serde_json::json!({ "name": "Pop", "number": "112" });
        let by_call =
            spoken(serde_json::json!({ "code": "ACK", "notice": "OP.1", "voice": voice }));
        assert!(
            matches!(&by_call, Ok(Spoken::Read { call: Some(call), .. }) if &*call.name == "Pop"),
            "{by_call:?}"
        );
        let nobody = serde_json::json!({ "name": "", "number": "112" });
        let wrong = serde_json::json!({ "code": "ACK", "notice": "OP.1", "voice": nobody });
        assert_eq!(spoken(wrong).unwrap_err().key, "name");
    }

    #[test]
    fn an_answer_has_a_name_words_and_one_of_three_meanings() {
        let read = |answer: serde_json::Value| {
            let answer: AnswerOrderWire = serde_json::from_value(answer).unwrap();
            answer.read(Timestamp::from_millis(1_000))
        };
        let said = read(serde_json::json!({
            "name": " Cpt Radu ", "answer": "yes", "words": "Go on to Arad.",
        }))
        .unwrap();
        assert_eq!((&*said.name, said.kind), ("Cpt Radu", AnswerKind::Yes));
        assert_eq!(said.at, Timestamp::from_millis(1_000), "now");
        for (key, wrong) in [
            (
                "name",
                serde_json::json!({"name": " ", "answer": "yes", "words": "x"}),
            ),
            (
                "answer",
                serde_json::json!({"name": "R", "answer": "perhaps", "words": "x"}),
            ),
            (
                "words",
                serde_json::json!({"name": "R", "answer": "no", "words": " "}),
            ),
            (
                "answered_at",
                serde_json::json!({"name": "R", "answer": "no", "words": "x", "answered_at": "noon"}),
            ),
        ] {
            assert_eq!(read(wrong).unwrap_err().key, key);
        }
    }
}
