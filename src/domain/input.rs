//! Everything that can happen to a room, as one closed list.

use super::event::{Cut, Event, LinkRefusal, RoomHead};
use super::ids::{NoticeId, OperationId, RoomId, TargetId, UnitId};
use super::measure::{Metres, Position, Span, Timestamp};
use super::operations::channels::Delivery;
use super::operations::handover::speak::Speech;
use super::operations::handover::{Envelope, LeadTold};
use super::operations::trackers::TrackerPermission;
use super::operations::{
    Call, Closing, HostAnswer, OperationCard, OperationChange, SightingSource, SignedReport,
    Statement,
};
use super::registry::{Person, RoomCard, UnitCard};
use super::rights::Role;
use super::tracks::act::Act;
use super::tracks::fix::ReportedFix;
use std::sync::Arc;

/// One cause, and when it reached us.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Our time; never goes back.
    pub at: Timestamp,
    /// What came.
    pub cause: Cause,
}

/// The closed list of causes.
#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// The register changed.
    Register(Register),
    /// A unit posted a fix.
    Fix(ReportedFix),
    /// A fix that names another unit than its sender: kept apart, never judged.
    Foreign {
        /// What was posted.
        fix: ReportedFix,
        /// The unit whose token it came with.
        sender: UnitId,
    },
    /// An officer pressed a button.
    Act(UnitAct),
    /// An aircraft said what ground its camera sees.
    Footprint(Footprint),
    /// A person at a desk ordered something.
    Order(Order),
    /// A person ordered an opening under an id that another room of this service has given to an operation of its own.
    OpeningOfTakenId(Order),
    /// A person at a desk took an alarm, or put it aside.
    AlarmOrder(AlarmOrder),
    /// Another room said something.
    Message(Message),
    /// A room in another service told something: signed bytes.
    Frame {
        /// Which room.
        from: RoomId,
        /// As it came.
        envelope: Envelope,
    },
    /// Something became of the link to a room in another service.
    Link {
        /// Which room.
        partner: RoomId,
        /// What.
        news: LinkNews,
    },
    /// An attempt was made to deliver a notice by a channel.
    Delivery(Delivery),
    /// A person looked, logged in, or took something out.
    Looked(super::event::HouseEvent),
    /// The service decides with the rules of its grounds from now on.
    RulesAdopted,
    /// The service decides with the profiles of its grounds from now on.
    ProfilesAdopted,
    /// The wall clock was stepped by this much.
    ClockJumped(Span),
    /// How much room is left on the disk of the records, when that has become little or is enough again.
    Disk(super::event::DiskRoom),
    /// Time passed.
    Tick,
}

/// A change of the register.
#[derive(Debug, Clone, PartialEq)]
pub enum Register {
    /// A room exists.
    RoomAdded(RoomCard),
    /// A unit exists, or its card changed.
    UnitAdded(UnitCard),
    /// A unit speaks no more.
    UnitRetired(UnitId),
}

/// A unit's own act.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitAct {
    /// Who.
    pub unit: UnitId,
    /// What.
    pub act: Act,
    /// When, by the device.
    pub at: Timestamp,
    /// The same act sent again has the same key.
    pub key: Arc<str>,
}

/// The ground that the camera of an aircraft sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Footprint {
    /// Whose.
    pub unit: UnitId,
    /// When, by the device.
    pub at: Timestamp,
    /// Its corners in turn; none when it sees no ground.
    pub ring: Arc<[Position]>,
}

/// What a person at a desk orders.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Who.
    pub by: Person,
    /// The same order sent again has the same key.
    pub key: Option<OrderKey>,
    /// What.
    pub kind: OrderKind,
}

/// The idempotency key of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderKey {
    /// The key, chosen by who orders.
    pub key: Arc<str>,
    /// A digest of what was asked for, as it was sent: the key belongs to that alone.
    pub asked: Arc<str>,
}

/// The kinds of [`Order`].
#[derive(Debug, Clone, PartialEq)]
pub enum OrderKind {
    /// Open an operation.
    Open(Box<OperationCard>),
    /// Change one.
    Change {
        /// Which.
        operation: OperationId,
        /// The version the person saw; `None` when not stated.
        version: Option<u64>,
        /// What.
        change: OperationChange,
    },
    /// Close one.
    Close {
        /// Which.
        operation: OperationId,
        /// The version the person saw; `None` when not stated.
        version: Option<u64>,
        /// Why, and how it ended.
        closing: Closing,
    },
    /// Send a notice that is ready (XNG, RQA).
    SendNotice {
        /// Of which operation.
        operation: OperationId,
        /// Which.
        notice: NoticeId,
        /// Why it could not be asked for beforehand, when the notice lacks it.
        grounds: Option<Arc<str>>,
    },
    /// Write down that a notice was given by telephone (XNG, RQA by voice).
    GiveByVoice {
        /// Of which operation.
        operation: OperationId,
        /// Which.
        notice: NoticeId,
        /// To whom, under which number, when.
        call: Call,
        /// Why it could not be asked for beforehand, when the notice lacks it.
        grounds: Option<Arc<str>>,
    },
    /// A person of a host room has read a notice (ACK).
    AcknowledgeNotice {
        /// Of which operation.
        operation: OperationId,
        /// Which.
        notice: NoticeId,
    },
    /// Write down what a host said back to a notice.
    HostSaid {
        /// Of which operation.
        operation: OperationId,
        /// Which.
        notice: NoticeId,
        /// What.
        said: HostSaid,
    },
    /// State in the report what no record tells.
    StateInReport {
        /// Of which operation.
        operation: OperationId,
        /// What.
        statement: Statement,
    },
    /// Sign the report.
    SignReport {
        /// Of which operation.
        operation: OperationId,
        /// As it is signed.
        signed: Box<SignedReport>,
    },
    /// Enter what a host state permitted of a technical source: the first person, or the second of two.
    PermitTracker {
        /// In which operation.
        operation: OperationId,
        /// What.
        permission: TrackerPermission,
        /// As what the person enters it.
        role: Role,
    },
    /// Say something to another room.
    Speak {
        /// About which operation.
        operation: OperationId,
        /// What.
        speech: Box<Speech>,
    },
    /// Somebody sees the target.
    Sight {
        /// Of which operation.
        operation: OperationId,
        /// The version the person saw; `None` when not stated.
        version: Option<u64>,
        /// What was seen.
        seen: Box<Seen>,
    },
}

/// What a host says back to a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostSaid {
    /// By this call: that it has read it (ACK by voice).
    Read(Call),
    /// An answer to it.
    Answered(HostAnswer),
}

impl OrderKind {
    /// What is ordered, as one word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Change { .. } => "change",
            Self::Close { .. } => "close",
            Self::SendNotice { .. } => "send_notice",
            Self::GiveByVoice { .. } => "give_by_voice",
            Self::AcknowledgeNotice { .. } => "acknowledge",
            Self::HostSaid { said, .. } => match said {
                HostSaid::Read(_) => "confirm_read",
                HostSaid::Answered(_) => "record_answer",
            },
            Self::StateInReport { .. } => "state_in_report",
            Self::SignReport { .. } => "sign_report",
            Self::PermitTracker { .. } => "permit_tracker",
            Self::Speak { speech, .. } => speech.body.code().as_str(),
            Self::Sight { .. } => "sight",
        }
    }

    /// The operation it speaks of.
    #[must_use]
    pub const fn operation(&self) -> &OperationId {
        match self {
            Self::Open(card) => &card.id,
            Self::Change { operation, .. }
            | Self::Close { operation, .. }
            | Self::SendNotice { operation, .. }
            | Self::GiveByVoice { operation, .. }
            | Self::AcknowledgeNotice { operation, .. }
            | Self::HostSaid { operation, .. }
            | Self::StateInReport { operation, .. }
            | Self::SignReport { operation, .. }
            | Self::PermitTracker { operation, .. }
            | Self::Speak { operation, .. }
            | Self::Sight { operation, .. } => operation,
        }
    }
}

/// What a person does with an alarm.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmOrder {
    /// Who.
    pub by: Person,
    /// As what: how long an alarm may be put aside depends on it.
    pub role: Role,
    /// Which alarm.
    pub alarm: Arc<str>,
    /// What.
    pub kind: AlarmOrderKind,
}

/// The kinds of [`AlarmOrder`].
#[derive(Debug, Clone, PartialEq)]
pub enum AlarmOrderKind {
    /// A screen showed it to the person.
    Annunciate,
    /// The person takes it on.
    Acknowledge,
    /// The person puts it aside.
    Shelve {
        /// For how long.
        span: Span,
        /// Why.
        reason: Arc<str>,
    },
}

impl AlarmOrderKind {
    /// What is ordered, as one word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Annunciate => "annunciate_alarm",
            Self::Acknowledge => "acknowledge_alarm",
            Self::Shelve { .. } => "shelve_alarm",
        }
    }
}

/// The target as a person or unit saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Whom.
    pub target: TargetId,
    /// When.
    pub seen_at: Timestamp,
    /// Where.
    pub position: Position,
    /// How far the true place may be.
    pub accuracy: Metres,
    /// How it is known.
    pub source: SightingSource,
    /// Which unit sees it.
    pub unit: Option<UnitId>,
    /// Course over ground, degrees, when known.
    pub course_deg: Option<f64>,
    /// Speed over ground, metres a second, when known.
    pub speed_mps: Option<f64>,
}

/// What one room tells another. Rooms of one service and rooms of two services speak the same messages.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// From which room.
    pub from: RoomId,
    /// To which room.
    pub to: RoomId,
    /// What.
    pub body: MessageBody,
}

/// What a room tells a partner in another service in one piece: the messages of one commit that speak of one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// From which room.
    pub from: RoomId,
    /// To which room.
    pub to: RoomId,
    /// Its number, counted from 1 without holes for each partner.
    pub number: u64,
    /// When, by the sender's clock.
    pub at: Timestamp,
    /// What is told, in order.
    pub messages: Vec<MessageBody>,
}

/// What became of the link to a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkNews {
    /// The two have met again: the partner's last frame of ours, and the SHA-256 of its bytes.
    Met {
        /// Its number; 0 when it has none.
        taken: u64,
        /// What it hashes to.
        digest: Arc<str>,
        /// The number of the last of our messages that it has.
        said: u64,
    },
    /// The partner has recorded our frames through this one.
    Confirmed(u64),
    /// The partner says that it has told more frames than it still holds: the next one that comes has this number.
    GoesOnWith(u64),
    /// The link is cut so, or whole.
    Cut(Option<Cut>),
    /// Something in the partner's name was refused before it could be taken in.
    Refused(LinkRefusal),
    /// Who leads what, as the partner says.
    Leads {
        /// The last frame that it had told by then.
        sent: u64,
        /// The last one of ours that it had taken in.
        taken: u64,
        /// Of every open operation that it shares with this room.
        leads: Vec<LeadTold>,
    },
    /// How far the partner's record has come.
    Head(RoomHead),
    /// By how much the partner's clock is ahead of ours.
    Clock(Span),
}

/// The bodies of [`Message`].
#[derive(Debug, Clone, PartialEq)]
pub enum MessageBody {
    /// What an operation shares: appended to the receiver's ledger as it is.
    Shared(Vec<Event>),
    /// One of the coded messages about an operation, as it was signed.
    Said(Envelope),
    /// A person of the host room saw the target.
    Sighted {
        /// Who.
        by: Person,
        /// Of which operation.
        operation: OperationId,
        /// What was seen.
        seen: Box<Seen>,
    },
}
