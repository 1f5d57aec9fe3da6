//! One message between two rooms, and what it says.

use super::code::Code;
use super::terms::Terms;
use crate::domain::ids::{MessageId, NoticeId, OperationId, RoomId, State, UnitId};
use crate::domain::input::Frame;
use crate::domain::law::basis::{Authorisation, HostRefusal};
use crate::domain::law::finding::Duty;
use crate::domain::law::profile::ProfileVersion;
use crate::domain::law::rulebook::kept::RulesVersion;
use crate::domain::measure::Timestamp;
use crate::domain::operations::letter::Written;
use crate::domain::operations::{Call, NoticeFields};
use crate::domain::registry::Person;
use std::fmt;
use std::sync::Arc;

/// How often the lead has passed, counted from 1: whoever speaks of the lead names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub u32);

impl Epoch {
    /// Of the room that opened the operation.
    pub const FIRST: Self = Self(1);

    /// The next one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Epoch {
    /// `e1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "e{}", self.0)
    }
}

/// A message as one room said it to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Unique between the two rooms; the same message sent again has the same.
    pub id: MessageId,
    /// About which operation.
    pub operation: OperationId,
    /// Who said it.
    pub from: RoomId,
    /// To whom.
    pub to: RoomId,
    /// The person; `None` when the room's machine said it by itself.
    pub by: Option<Person>,
    /// When, by the sender's clock.
    pub at: Timestamp,
    /// The how manyth message of this sender to this receiver, from 1.
    pub number: u64,
    /// The epoch that the sender knew.
    pub epoch: Epoch,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// The rules that the sender's side of the operation rests on; a host's rests on none.
    pub rules: Option<RulesVersion>,
    /// The profile of the two states that it rests on.
    pub profile: Option<ProfileVersion>,
    /// The call by which it was said, when it was not sent.
    pub call: Option<Call>,
    /// What it says.
    pub body: Body,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A crossing is coming.
    Notifies(Terms),
    /// A notice of a crossing, or a request for assistance.
    Tells(Box<ToldNotice>),
    /// What the host decided of the authorisation.
    Authorises(Decided),
    /// A hand-over is proposed.
    Proposes(Terms),
    /// A small change of what was agreed.
    Updates(Terms),
    /// A change of what was agreed that needs an answer.
    Revises(Terms),
    /// Somebody is deciding.
    StandsBy {
        /// Who.
        who: Arc<str>,
        /// By when it is promised.
        until: Timestamp,
    },
    /// Other terms.
    Counters(Terms),
    /// Exactly that message is accepted.
    Accepts {
        /// The SHA-256 of its bytes.
        digest: Arc<str>,
    },
    /// What was asked is refused.
    Refuses {
        /// Why, as one word.
        reason: RefusedFor,
        /// Why, in words.
        words: Arc<str>,
    },
    /// What was said is taken back.
    Withdraws {
        /// What is left.
        back_to: BackTo,
        /// Why, as one word.
        reason: WithdrawnFor,
        /// Why, in words.
        words: Arc<str>,
    },
    /// The lead is offered.
    Offers,
    /// The lead is asked for.
    Requests,
    /// The lead is assumed: the epoch of the message is the one that ends.
    Assumes,
    /// Who has the target.
    Eyes {
        /// Which unit.
        unit: UnitId,
        /// What of it.
        what: EyesSaid,
    },
    /// Units are released.
    Releases(Vec<UnitId>),
    /// Stop now.
    Ceases {
        /// Why.
        words: Arc<str>,
    },
    /// More is asked for.
    AsksForMore {
        /// Until when.
        until: Option<Timestamp>,
        /// What and why.
        words: Arc<str>,
    },
    /// This side is closed.
    Closes,
    /// A named person has read it.
    HasRead,
    /// Free text.
    Text {
        /// The words.
        words: Arc<str>,
        /// Their language, such as `hu`.
        language: Option<Arc<str>>,
    },
    /// A machine has it.
    Receipts,
    /// A machine refuses it.
    Unfit {
        /// The guard, as one stable word.
        guard: Arc<str>,
        /// One sentence.
        sentence: Arc<str>,
    },
}

impl Body {
    /// Its code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Notifies(_) => Code::Ntf,
            Self::Tells(told) => match told.duty {
                Duty::Request => Code::Rqa,
                Duty::NoticeOfCrossing | Duty::Report => Code::Xng,
            },
            Self::Authorises(_) => Code::Aut,
            Self::Proposes(_) => Code::Pro,
            Self::Updates(_) => Code::Rvn,
            Self::Revises(_) => Code::Rvr,
            Self::StandsBy { .. } => Code::Sby,
            Self::Counters(_) => Code::Cdn,
            Self::Accepts { .. } => Code::Acp,
            Self::Refuses { .. } => Code::Rjc,
            Self::Withdraws { .. } => Code::Abr,
            Self::Offers => Code::Hop,
            Self::Requests => Code::Rof,
            Self::Assumes => Code::Mas,
            Self::Eyes { .. } => Code::Eye,
            Self::Releases(_) => Code::Rel,
            Self::Ceases { .. } => Code::Cease,
            Self::AsksForMore { .. } => Code::Ext,
            Self::Closes => Code::Cls,
            Self::HasRead => Code::Ack,
            Self::Text { .. } => Code::Txt,
            Self::Receipts => Code::Lam,
            Self::Unfit { .. } => Code::Lrm,
        }
    }

    /// The terms that it gives.
    #[must_use]
    pub const fn terms(&self) -> Option<&Terms> {
        match self {
            Self::Notifies(terms)
            | Self::Proposes(terms)
            | Self::Updates(terms)
            | Self::Revises(terms)
            | Self::Counters(terms) => Some(terms),
            Self::Tells(_)
            | Self::Authorises(_)
            | Self::StandsBy { .. }
            | Self::Accepts { .. }
            | Self::Refuses { .. }
            | Self::Withdraws { .. }
            | Self::Offers
            | Self::Requests
            | Self::Assumes
            | Self::Eyes { .. }
            | Self::Releases(_)
            | Self::Ceases { .. }
            | Self::AsksForMore { .. }
            | Self::Closes
            | Self::HasRead
            | Self::Text { .. }
            | Self::Receipts
            | Self::Unfit { .. } => None,
        }
    }
}

/// A notice as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldNotice {
    /// Which.
    pub notice: NoticeId,
    /// What is owed by it: a notice of a crossing, or a request.
    pub duty: Duty,
    /// What it says.
    pub fields: NoticeFields,
    /// The same in the languages of both states.
    pub texts: Vec<Written>,
}

/// What a host decided of an authorisation.
#[derive(Debug, Clone, PartialEq)]
pub enum Decided {
    /// A document, with what it lets.
    Granted(Box<Authorisation>),
    /// Refused, or taken back.
    Refused(HostRefusal),
}

macro_rules! words {
    ($(#[$of:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$of])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The word stored and shown.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The one of this word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }
    };
}

words! {
    /// Why something is refused.
    RefusedFor {
        /// No unit can take over.
        NoUnit = "no_unit",
        /// The law gives no basis.
        NoBasis = "no_basis",
        /// It would not be safe.
        Safety = "safety",
        /// Not there.
        Area = "area",
        /// Another reason, in words.
        Other = "other",
    }
}

words! {
    /// Why something is taken back.
    WithdrawnFor {
        /// The target goes another way.
        Route = "route",
        /// The operation is not wanted any more.
        Cancel = "cancel",
        /// It was stopped.
        Stop = "stop",
        /// It waits.
        Hold = "hold",
        /// The target is lost.
        TargetLost = "target_lost",
        /// Another reason, in words.
        Other = "other",
    }
}

words! {
    /// What is left when something is taken back.
    BackTo {
        /// Nothing: as if nobody had been notified.
        Nothing = "nothing",
        /// The notice that a crossing is coming.
        Notice = "notice",
        /// What was agreed, without the offer of the lead.
        Agreement = "agreement",
    }
}

words! {
    /// What is said of a unit and the target.
    EyesSaid {
        /// It has the target in sight.
        Has = "has",
        /// It lost it.
        Lost = "lost",
        /// It hands it to the other side: "yours".
        Hands = "hands",
        /// It takes it from the other side: "mine".
        Takes = "takes",
    }
}

/// A message as it travels and is kept: signed bytes, which nobody changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What the signature covers, as it was sent.
    pub bytes: Arc<str>,
    /// The signature over it, hexadecimal.
    pub signature: Arc<str>,
    /// By which key it is checked.
    pub key_id: Arc<str>,
    /// The SHA-256 of the bytes, hexadecimal: what an acceptance names.
    pub digest: Arc<str>,
}

/// Puts what a room says into an envelope, and reads what another room put into one.
pub trait Post {
    /// Writes and signs, in the name of a room of this state.
    ///
    /// # Errors
    /// One sentence, when the room's key cannot be used.
    fn seal(&self, said: &Said, state: State) -> Result<Envelope, Arc<str>>;

    /// Writes and signs what is told to a room in another service.
    ///
    /// # Errors
    /// One sentence, when the room's key cannot be used.
    fn seal_frame(&self, frame: &Frame, state: State) -> Result<Envelope, Arc<str>>;

    /// Reads a frame that this room sealed itself, out of its own record; by which key does not matter.
    fn own_frame(&self, envelope: &Envelope) -> Option<Frame>;

    /// Checks and reads a frame of the room `from`.
    ///
    /// # Errors
    /// [`Unreadable`], with what is wrong with it.
    fn open_frame(&self, from: (&RoomId, State), envelope: &Envelope) -> Result<Frame, Unreadable>;

    /// Checks and reads what the room `from` is said to have sent.
    ///
    /// # Errors
    /// [`Unreadable`], with what is wrong with it.
    fn open(&self, from: (&RoomId, State), envelope: &Envelope) -> Result<Said, Unreadable>;
}

/// Why an envelope is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// One stable word: `signature`, `key`, `form`, `code`, `version`, `too_long`.
    pub guard: Arc<str>,
    /// One sentence.
    pub sentence: Arc<str>,
    /// The message that it says it is, when that could be read.
    pub id: Option<MessageId>,
    /// The operation that it says it is about.
    pub operation: Option<OperationId>,
}

impl Unreadable {
    /// Of which nothing more is known than what is wrong.
    #[must_use]
    pub fn new(guard: &str, sentence: impl Into<Arc<str>>) -> Self {
        Self {
            guard: guard.into(),
            sentence: sentence.into(),
            id: None,
            operation: None,
        }
    }
}
