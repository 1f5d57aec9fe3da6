//! How far two rooms are with a hand-over, as one of them knows it.

use super::said::{BackTo, Epoch, Said};
use super::terms::Terms;
use super::{Code, Term};
use crate::domain::ids::{MessageId, OperationId, RoomId, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::registry::Person;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How far a hand-over is (WORKFLOW 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// H0: nothing was said.
    Idle,
    /// H1: the other room knows that a crossing is coming.
    Notified,
    /// H2: terms are proposed.
    Proposed,
    /// H3: somebody of the other room is deciding.
    StandBy,
    /// H4: other terms are proposed.
    Countered,
    /// H5: both rooms hold the same terms.
    Agreed,
    /// H6: the lead is offered.
    Transferring,
    /// H7 and H8: the lead has passed. H7 while units of the other side are still there.
    Passed,
}

impl Phase {
    /// All of them, in their order.
    pub const ALL: [Self; 8] = [
        Self::Idle,
        Self::Notified,
        Self::Proposed,
        Self::StandBy,
        Self::Countered,
        Self::Agreed,
        Self::Transferring,
        Self::Passed,
    ];

    /// The word stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Notified => "notified",
            Self::Proposed => "proposed",
            Self::StandBy => "stand_by",
            Self::Countered => "countered",
            Self::Agreed => "agreed",
            Self::Transferring => "transferring",
            Self::Passed => "passed",
        }
    }

    /// The phase of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.as_str() == word)
    }
}

/// The dialogue of two rooms about one operation, as one of them knows it. Every event of the dialogue carries the whole of
/// it, decided once: a fold only takes it over.
#[derive(Debug, Clone, PartialEq)]
pub struct Handover {
    /// The other room.
    pub partner: RoomId,
    /// The room that hands the lead over; the other one takes it.
    pub giver: RoomId,
    /// How far they are.
    pub phase: Phase,
    /// Since when.
    pub since: Timestamp,
    /// What was notified of the crossing to come, the newest.
    pub notified: Option<Terms>,
    /// What both agreed on: in force until something else is.
    pub agreed: Option<Agreement>,
    /// What is proposed and waits for an answer.
    pub proposed: Option<Proposal>,
    /// How often terms were countered in this round of talks.
    pub counters: u8,
    /// Who is deciding.
    pub stand_by: Option<StandBy>,
    /// What is being taken back, until a person of the other room has read that.
    pub withdrawing: Option<Withdrawal>,
    /// The lead is asked for.
    pub requested: Option<MessageId>,
    /// The lead is offered.
    pub offered: Option<Offer>,
    /// What this room said and the other room's machine has not confirmed.
    pub unreceipted: Vec<Unreceipted>,
    /// Which rooms have closed their side.
    pub closed_by: BTreeSet<RoomId>,
}

/// Terms that both rooms hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// The message that was accepted.
    pub message: MessageId,
    /// The SHA-256 of its bytes.
    pub digest: Arc<str>,
    /// What was agreed.
    pub terms: Terms,
    /// Since when, by the acceptance.
    pub since: Timestamp,
}

/// Terms that wait for an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The message.
    pub message: MessageId,
    /// The SHA-256 of its bytes: what an acceptance must name.
    pub digest: Arc<str>,
    /// The room that proposes; the other one answers.
    pub by: RoomId,
    /// Since when.
    pub at: Timestamp,
    /// What is proposed.
    pub terms: Terms,
}

/// Somebody is deciding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandBy {
    /// Who.
    pub who: Arc<str>,
    /// By when it is promised.
    pub until: Timestamp,
}

/// Something is being taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The message.
    pub message: MessageId,
    /// By which room.
    pub by: RoomId,
    /// What is left then.
    pub back_to: BackTo,
}

/// The lead is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The message.
    pub message: MessageId,
    /// The epoch that ends when it is assumed.
    pub epoch: Epoch,
    /// Since when.
    pub at: Timestamp,
}

/// A message without the other machine's receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreceipted {
    /// Which.
    pub message: MessageId,
    /// Its code.
    pub code: Code,
    /// Since when.
    pub at: Timestamp,
}

impl Handover {
    /// Before anything was said: the room that leads hands over.
    #[must_use]
    pub const fn new(partner: RoomId, giver: RoomId, at: Timestamp) -> Self {
        Self {
            partner,
            giver,
            phase: Phase::Idle,
            since: at,
            notified: None,
            agreed: None,
            proposed: None,
            counters: 0,
            stand_by: None,
            withdrawing: None,
            requested: None,
            offered: None,
            unreceipted: Vec::new(),
            closed_by: BTreeSet::new(),
        }
    }

    /// What this room said that moves the dialogue and is not confirmed yet: one at a time.
    #[must_use]
    pub fn pending(&self) -> Option<&Unreceipted> {
        let mut unreceipted = self.unreceipted.iter();
        unreceipted.find(|one| one.code.negotiates())
    }

    /// Whether this room said a message of this code that is not confirmed yet.
    #[must_use]
    pub fn awaits_receipt_of(&self, code: Code) -> bool {
        self.unreceipted.iter().any(|one| one.code == code)
    }

    /// Whether a revision of what was agreed waits for an answer; the old terms are in force.
    #[must_use]
    pub fn is_revising(&self) -> bool {
        self.phase == Phase::Agreed && self.proposed.is_some()
    }

    /// In what the proposed terms differ from the agreed ones.
    #[must_use]
    pub fn changes(&self) -> Vec<Term> {
        match (&self.agreed, &self.proposed) {
            (Some(agreed), Some(proposed)) => agreed.terms.differences(&proposed.terms),
            _ => Vec::new(),
        }
    }

    /// Whether the dialogue is over for both rooms.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed_by.len() > 1
    }

    pub(super) fn to(&mut self, phase: Phase, at: Timestamp) {
        if self.phase != phase {
            self.phase = phase;
            self.since = at;
        }
    }
}

/// A dialogue and what was said in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Dialogue {
    /// How far it is.
    pub state: Handover,
    /// What was said, oldest first; without the machines' receipts.
    pub said: Vec<Heard>,
}

/// One message of a dialogue, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// What was said.
    pub said: Arc<Said>,
    /// The SHA-256 of its bytes.
    pub digest: Arc<str>,
    /// When the other room's machine confirmed it: of what this room said.
    pub receipted_at: Option<Timestamp>,
    /// Why the other room's machine refused it.
    pub unfit: Option<Arc<str>>,
    /// The person of the room that received it who has read it, and when.
    pub read: Option<(Person, Timestamp)>,
}

impl Dialogue {
    /// The message of this id.
    #[must_use]
    pub fn find(&self, id: &MessageId) -> Option<&Heard> {
        // What is asked for is nearly always among the newest.
        self.said.iter().rev().find(|heard| heard.said.id == *id)
    }

    pub(super) fn find_mut(&mut self, id: &MessageId) -> Option<&mut Heard> {
        let mut said = self.said.iter_mut().rev();
        said.find(|heard| heard.said.id == *id)
    }
}

/// Who leads an operation, and how often the lead has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The room.
    pub room: RoomId,
    /// The epoch.
    pub epoch: Epoch,
    /// Since when.
    pub since: Timestamp,
}

/// What a room says of who leads an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadTold {
    /// Which operation.
    pub operation: OperationId,
    /// The room that leads.
    pub room: RoomId,
    /// In which epoch.
    pub epoch: Epoch,
}

/// A partner names another lead than this room, although each has heard everything that the other one told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Which room leads, as the partner says.
    pub room: RoomId,
    /// In which epoch.
    pub epoch: Epoch,
    /// Since when that is known.
    pub since: Timestamp,
}

/// What a host ordered of units that are abroad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    /// What.
    pub kind: RecallKind,
    /// The room that ordered it.
    pub room: RoomId,
    /// The message.
    pub message: MessageId,
    /// Who of that room.
    pub by: Person,
    /// When it came to the units' own room.
    pub at: Timestamp,
    /// Why, in words.
    pub words: Arc<str>,
    /// The person of the units' own room who has read it, and when.
    pub read: Option<(Person, Timestamp)>,
    /// The units that must turn, and when each said that it will.
    pub units: BTreeMap<UnitId, Option<Timestamp>>,
}

/// The kinds of [`Recall`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecallKind {
    /// Stop now and turn back (Art. 40(3)(a), 41(5)(a) of the Convention).
    Cease,
    /// Released: the host's officers go on.
    Release,
}

impl RecallKind {
    /// The word stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cease => "cease",
            Self::Release => "release",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Cease, Self::Release]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}
