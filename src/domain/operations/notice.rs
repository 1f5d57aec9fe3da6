//! A notice: what a host state is told, from coded facts, and how far it has come.

use super::channels::Carriage;
use crate::domain::event::NoticeEvent;
use crate::domain::ids::{CrossingId, NoticeId, OperationId, RoomId, State, UnitId};
use crate::domain::law::basis::{Basis, PersonCategory};
use crate::domain::law::finding::Duty;
use crate::domain::measure::{Position, Timestamp};
use crate::domain::registry::{Marks, UnitKind};
use std::sync::Arc;

/// What a notice says: coded facts only, so that it can be written in any language.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeFields {
    /// The operation.
    pub operation: OperationId,
    /// Its name.
    pub name: Arc<str>,
    /// The provision it rests on.
    pub basis: Basis,
    /// Whose officers.
    pub requesting_state: State,
    /// To which state.
    pub host_state: State,
    /// The offence, by its id in the rule data.
    pub offence: Arc<str>,
    /// Who is followed.
    pub person_category: PersonCategory,
    /// The authorisation's number, when there is one.
    pub authorisation: Option<Arc<str>>,
    /// Why it could not be asked for beforehand (40(2)).
    pub grounds: Option<Arc<str>>,
    /// Who crossed, or is about to.
    pub crossings: Vec<NoticeCrossing>,
    /// The notice sent before that this one corrects.
    pub amends: Option<NoticeId>,
    /// What is still missing before it can be sent, as stable words; empty when it is ready.
    pub missing: Vec<Arc<str>>,
}

/// One unit in a notice.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeCrossing {
    /// Which unit.
    pub unit: UnitId,
    /// Its call sign.
    pub callsign: Arc<str>,
    /// What it is.
    pub kind: UnitKind,
    /// How it can be recognised.
    pub marks: Option<Marks>,
    /// The crossing, once it happened.
    pub crossing: Option<CrossingId>,
    /// Where: on the frontier, or where it is expected to be.
    pub point: Position,
    /// Not before.
    pub earliest: Timestamp,
    /// Most likely.
    pub likely: Timestamp,
    /// Whether it is only expected.
    pub expected: bool,
    /// Whether it is taken back: it was told, and did not happen.
    pub taken_back: bool,
}

/// The telephone call by which a notice was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The person spoken to, by the name that was given.
    pub name: Arc<str>,
    /// The number that was called, as it is dialled.
    pub number: Arc<str>,
    /// When they spoke.
    pub at: Timestamp,
    /// The call's reference in a log of calls; `None` when nobody noted one.
    pub reference: Option<Arc<str>>,
}

/// What a host answered to a notice or request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostAnswer {
    /// The person of the host who answered, by the name that was given.
    pub name: Arc<str>,
    /// When.
    pub at: Timestamp,
    /// Whether that is a yes or a no, as the person who wrote it down understood it.
    pub kind: AnswerKind,
    /// The words.
    pub words: Arc<str>,
}

/// What an answer comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerKind {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Neither: a question, a condition, that it is looked into.
    Other,
}

impl AnswerKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::Other];

    /// The word told and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Other => "other",
        }
    }

    /// The answer of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How far a notice has come. Only ever forward; one that failed may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeStatus {
    /// What was owed by it did not happen: nothing is owed now.
    Withdrawn,
    /// It must be given, and there is no draft yet.
    Owed,
    /// A draft that still misses something.
    Draft,
    /// Complete: a person can send it.
    Ready,
    /// Sent by a named person.
    Sent,
    /// No way by which it was sent could deliver it: it is to be sent again, or given by telephone.
    Failed,
    /// The partner's machine has it.
    Delivered,
    /// A named person of the partner has read it.
    Seen,
    /// It was given by telephone: that counts as read.
    Voice,
    /// The host has answered it.
    Answered,
}

impl NoticeStatus {
    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Owed => "owed",
            Self::Draft => "draft",
            Self::Ready => "ready",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
            Self::Seen => "seen",
            Self::Voice => "voice",
            Self::Answered => "answered",
        }
    }
}

/// A notice to one host room, as folded from its events.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// What is owed by it.
    pub duty: Duty,
    /// To which room.
    pub to: RoomId,
    /// How far it has come.
    pub status: NoticeStatus,
    /// Since when it is owed; `None` while the crossing is only expected.
    pub owed_since: Option<Timestamp>,
    /// When it was recorded that it is owed: what is late counts from here, also for a crossing found late.
    pub owed_at: Option<Timestamp>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// What the channels have come to by which it was sent, beside the other room.
    pub carriage: Carriage,
    /// Why it could not be delivered, when it could not.
    pub failed: Option<Arc<str>>,
    /// When a person of the partner read it: also what was given by telephone may be read afterwards.
    pub read_at: Option<Timestamp>,
    /// What it says.
    pub fields: Option<NoticeFields>,
}

impl Notice {
    /// A notice with nothing in it yet.
    #[must_use]
    pub const fn new(duty: Duty, to: RoomId) -> Self {
        Self {
            duty,
            to,
            status: NoticeStatus::Owed,
            owed_since: None,
            owed_at: None,
            sent_at: None,
            carriage: Carriage::NONE,
            failed: None,
            read_at: None,
            fields: None,
        }
    }

    /// Whether it can still be drafted anew: nothing that was sent is ever changed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status < NoticeStatus::Sent
    }

    /// What it says of a crossing.
    #[must_use]
    pub fn entry(&self, crossing: &CrossingId) -> Option<&NoticeCrossing> {
        let entries = self.fields.as_ref().map(|fields| &fields.crossings)?;
        entries
            .iter()
            .find(|entry| entry.crossing.as_ref() == Some(crossing))
    }

    /// Whether a crossing that happened is owed by it and no machine of the far side has it: not sent, on its way, or failed.
    #[must_use]
    pub fn is_due(&self) -> bool {
        let happened = |entry: &NoticeCrossing| entry.crossing.is_some() && !entry.taken_back;
        let fields = self.fields.as_ref();
        self.status < NoticeStatus::Delivered
            && self.owed_since.is_some()
            && fields.is_some_and(|fields| fields.crossings.iter().any(happened))
    }

    /// Whether it must be given: the crossing it tells of happened.
    #[must_use]
    pub const fn is_owed(&self) -> bool {
        self.owed_since.is_some()
    }

    /// Folds one event, that happened at a moment.
    pub fn apply(&mut self, event: &NoticeEvent, at: Timestamp) {
        let reached = match event {
            NoticeEvent::Owed { since, .. } => {
                self.owed_since = Some(self.owed_since.map_or(*since, |before| before.min(*since)));
                self.owed_at.get_or_insert(at);
                NoticeStatus::Owed
            }
            NoticeEvent::Drafted { fields, .. } => {
                self.fields = Some((**fields).clone());
                NoticeStatus::Draft
            }
            NoticeEvent::Ready => NoticeStatus::Ready,
            NoticeEvent::Withdrawn { .. } => {
                self.owed_since = None;
                self.owed_at = None;
                NoticeStatus::Withdrawn
            }
            NoticeEvent::Sent {
                fields, channels, ..
            } => {
                self.sent_at = Some(at);
                self.fields = Some((**fields).clone());
                self.carriage.send(channels, at);
                NoticeStatus::Sent
            }
            NoticeEvent::Attempted(attempt) => {
                self.carriage.take(attempt);
                return;
            }
            NoticeEvent::Failed { because } => {
                self.failed = Some(Arc::clone(because));
                NoticeStatus::Failed
            }
            NoticeEvent::SentAgain { channels, .. } => {
                self.carriage.send(channels, at);
                if self.status == NoticeStatus::Failed {
                    self.status = NoticeStatus::Sent;
                    self.failed = None;
                }
                return;
            }
            NoticeEvent::Delivered => {
                self.failed = None;
                NoticeStatus::Delivered
            }
            NoticeEvent::Seen { .. } => {
                self.read_at.get_or_insert(at);
                NoticeStatus::Seen
            }
            NoticeEvent::Voice { fields, .. } => {
                self.fields = Some((**fields).clone());
                NoticeStatus::Voice
            }
            NoticeEvent::Answered { .. } => NoticeStatus::Answered,
        };
        // A draft made anew may miss something again; what was sent only goes forward.
        if self.is_open() || reached > self.status {
            self.status = reached;
        }
    }
}
