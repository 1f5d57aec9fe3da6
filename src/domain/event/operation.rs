//! What can follow for an operation: its life, its notices, its clocks and limits, what the law answered.

use super::HandoverEvent;
use crate::domain::ids::{CrossingId, NoticeId, OperationId, RoomId, State, TargetId, UnitId};
use crate::domain::law::clocks::LimitStage;
use crate::domain::law::finding::{Assessment, Citation, ClockKind, Duty};
use crate::domain::law::profile::agreed::FigureOrigin;
use crate::domain::measure::{Metres, Span, Timestamp};
use crate::domain::operations::channels::{Attempt, ChannelKind};
use crate::domain::operations::letter::Written;
use crate::domain::operations::sharing::Extent;
use crate::domain::operations::trackers::TrackerEvent;
use crate::domain::operations::{
    Call, Closing, Eyes, HostAnswer, NoticeFields, OperationCard, OperationChange, Sighting,
    SignedReport, Statement,
};
use crate::domain::registry::Person;
use std::sync::Arc;

/// What happens to an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationEvent {
    /// Which operation; `None` for a unit abroad without one.
    pub operation: Option<OperationId>,
    /// What happened.
    pub kind: OperationEventKind,
}

/// The kinds of [`OperationEvent`].
#[derive(Debug, Clone, PartialEq)]
pub enum OperationEventKind {
    /// Its opening, changes, sharing and closing.
    Life(LifeEvent),
    /// One of its notices.
    Notice {
        /// Which notice.
        notice: NoticeId,
        /// What happened to it.
        kind: NoticeEvent,
    },
    /// One of its clocks.
    Clock(ClockEvent),
    /// How far one of its units went of what a pursuit may.
    Limit(Limit),
    /// The law was asked about an opening (`crossing` is `None`) or a crossing.
    Assessed {
        /// Which unit crossed.
        unit: Option<UnitId>,
        /// Which crossing.
        crossing: Option<CrossingId>,
        /// What the law answers.
        assessment: Assessment,
    },
    /// An order was refused: kept, with its citation.
    OrderRefused {
        /// Who asked.
        by: Person,
        /// What was asked, as one word.
        order: Arc<str>,
        /// Why not.
        refusal: Refusal,
    },
    /// Somebody saw the target.
    TargetSighted {
        /// The target.
        target: TargetId,
        /// Who saw it, where, how sure.
        sighting: Box<Sighting>,
    },
    /// Another unit has the target in sight, or none.
    EyesMoved(Eyes),
    /// Something about the report that follows it.
    Report(ReportEvent),
    /// Somebody enters what a host state permitted of a technical source.
    Tracker(TrackerEvent),
    /// Something between this room and another one about it.
    Handover(HandoverEvent),
}

/// The life of the report on an operation.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportEvent {
    /// The last unit is home: the draft can be read, and the report is owed.
    Owed,
    /// A named person stated what no record tells.
    Stated {
        /// What.
        statement: Statement,
        /// Who.
        by: Person,
    },
    /// A named person signed it, or an addendum.
    Signed {
        /// As it was signed.
        signed: Box<SignedReport>,
        /// Who.
        by: Person,
    },
}

/// The life of an operation.
#[derive(Debug, Clone, PartialEq)]
pub enum LifeEvent {
    /// Opened by a named person.
    Opened(Box<OperationCard>),
    /// Changed by a named person; nothing is deleted.
    Changed {
        /// What.
        change: OperationChange,
        /// Who.
        by: Person,
    },
    /// Closed by a named person.
    Closed {
        /// Who.
        by: Person,
        /// Why, and how it ended.
        closing: Closing,
    },
    /// From here on a partner room sees it, or more of it.
    Shared {
        /// With whom.
        with: RoomId,
        /// Which of its units.
        extent: Extent,
    },
}

/// The life of a notice.
#[derive(Debug, Clone, PartialEq)]
pub enum NoticeEvent {
    /// A host room must be told.
    Owed {
        /// What is owed.
        duty: Duty,
        /// To which room.
        to: RoomId,
        /// Since when.
        since: Timestamp,
        /// On what it rests.
        citation: Citation,
    },
    /// It exists as a draft, from coded facts; drafted anew when the facts change.
    Drafted {
        /// What is owed by it.
        duty: Duty,
        /// To which room.
        to: RoomId,
        /// What it says.
        fields: Box<NoticeFields>,
    },
    /// The draft is complete.
    Ready,
    /// The crossings it was owed for did not happen: nothing is owed by it now.
    Withdrawn {
        /// Why.
        because: Arc<str>,
    },
    /// Sent by a named person, as it says here. The receiver never saw the drafts.
    Sent {
        /// Who.
        by: Person,
        /// What is owed by it.
        duty: Duty,
        /// To which room.
        to: RoomId,
        /// What it says.
        fields: Box<NoticeFields>,
        /// The same as it was written out; none when an earlier version sent it.
        texts: Vec<Written>,
        /// By which channels beside the other room, if any.
        channels: Vec<ChannelKind>,
    },
    /// An attempt was made to deliver it by one of its channels.
    Attempted(Box<Attempt>),
    /// Every channel by which it was sent has failed, and no room here has it.
    Failed {
        /// What the last one said.
        because: Arc<str>,
    },
    /// Sent once more by a named person after that, word for word.
    SentAgain {
        /// Who.
        by: Person,
        /// By which channels.
        channels: Vec<ChannelKind>,
    },
    /// The partner's machine has it: the other room's, or the far end of a channel.
    Delivered,
    /// A named person of the partner has read it; it agrees to nothing.
    Seen {
        /// Who; of a call, who wrote it down.
        by: Person,
        /// The call by which the host said so, where no room of it could.
        call: Option<Box<Call>>,
    },
    /// The host answered it.
    Answered {
        /// Who wrote it down.
        by: Person,
        /// Who answered, when and what.
        answer: Box<HostAnswer>,
    },
    /// It was given by telephone, as it said then; that counts as read. It happened when they spoke.
    Voice {
        /// Who wrote it down.
        by: Person,
        /// What is owed by it.
        duty: Duty,
        /// To which room, or to which state when that has no room here.
        to: RoomId,
        /// To whom, under which number, when.
        call: Box<Call>,
        /// What was told.
        fields: Box<NoticeFields>,
        /// The same as it was written out.
        texts: Vec<Written>,
    },
}

impl NoticeEvent {
    /// What is owed by the notice and to which room, where the event says so: the first that does makes the notice.
    #[must_use]
    pub const fn addressed(&self) -> Option<(Duty, &RoomId)> {
        match self {
            Self::Owed { duty, to, .. }
            | Self::Drafted { duty, to, .. }
            | Self::Sent { duty, to, .. }
            | Self::Voice { duty, to, .. } => Some((*duty, to)),
            Self::Ready
            | Self::Withdrawn { .. }
            | Self::Attempted(_)
            | Self::Failed { .. }
            | Self::SentAgain { .. }
            | Self::Delivered
            | Self::Seen { .. }
            | Self::Answered { .. } => None,
        }
    }
}

/// The life of a clock.
#[derive(Debug, Clone, PartialEq)]
pub enum ClockEvent {
    /// It runs.
    Started(Clock),
    /// Its end moved.
    Revised {
        /// The clock as it is now.
        clock: Clock,
        /// Why.
        because: Arc<str>,
    },
    /// It came near its end.
    Warned {
        /// Which.
        clock: ClockKey,
        /// How long is left.
        left: Span,
        /// Where the stage comes from.
        origin: FigureOrigin,
    },
    /// It is over.
    Expired {
        /// Which.
        clock: ClockKey,
        /// What must happen now, and why.
        because: Arc<str>,
    },
    /// It no longer applies.
    Stopped {
        /// Which.
        clock: ClockKey,
        /// Why.
        because: Arc<str>,
    },
}

/// Which clock: one of a kind per operation and host state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockKey {
    /// What it counts towards.
    pub kind: ClockKind,
    /// The host state.
    pub host: State,
}

/// A clock of an operation and host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Which clock.
    pub key: ClockKey,
    /// From when.
    pub starts: Timestamp,
    /// Until when.
    pub ends: Timestamp,
    /// On what it rests.
    pub citation: Citation,
}

/// How far a unit is from the frontier, of what a pursuit may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Which unit.
    pub unit: UnitId,
    /// In which host state.
    pub host: State,
    /// How much of it.
    pub stage: LimitStage,
    /// The share from which that stage counts, per cent.
    pub percent: u8,
    /// The shortest distance to the common frontier.
    pub measured: Metres,
    /// The accuracy of the fix it was measured at.
    pub accuracy: Metres,
    /// How far it may be.
    pub max: Metres,
    /// On what that rests.
    pub citation: Citation,
    /// Where that share comes from.
    pub stages: FigureOrigin,
}

impl Limit {
    /// One sentence for an operator.
    #[must_use]
    pub fn in_words(&self) -> String {
        let (unit, host) = (&self.unit, self.host);
        let (km, max) = (
            self.measured.as_f64() / 1_000.0,
            self.max.as_f64() / 1_000.0,
        );
        let reached = format!("{unit} in {host}: {km:.1} of {max:.0} km from the frontier");
        match self.stage {
            LimitStage::Within => format!("{reached}, well within the limit again."),
            LimitStage::Near | LimitStage::NearlyReached => {
                format!("{reached}, {} % of the limit.", self.percent)
            }
            LimitStage::Exceeded => {
                format!("{reached}, beyond the limit: stop and return, or hand over.")
            }
        }
    }
}

/// Why an order was refused: a value, kept and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The guard that held, as one stable word.
    pub guard: Arc<str>,
    /// One sentence that names what to do.
    pub sentence: Arc<str>,
    /// The law, when it is the law that refuses.
    pub citation: Option<Citation>,
}

impl OperationEventKind {
    /// The word of the outside contract.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Life(event) => match event {
                LifeEvent::Opened(_) => "operation.opened",
                LifeEvent::Changed { .. } => "operation.changed",
                LifeEvent::Closed { .. } => "operation.closed",
                LifeEvent::Shared { .. } => "operation.shared",
            },
            Self::Notice { kind, .. } => match kind {
                NoticeEvent::Owed { .. } => "notice.owed",
                NoticeEvent::Drafted { .. } => "notice.drafted",
                NoticeEvent::Ready => "notice.ready",
                NoticeEvent::Withdrawn { .. } => "notice.withdrawn",
                NoticeEvent::Sent { .. } => "notice.sent",
                NoticeEvent::Attempted(_) => "notice.attempted",
                NoticeEvent::Failed { .. } => "notice.failed",
                NoticeEvent::SentAgain { .. } => "notice.sent_again",
                NoticeEvent::Delivered => "notice.delivered",
                NoticeEvent::Seen { .. } => "notice.seen",
                NoticeEvent::Voice { .. } => "notice.voice",
                NoticeEvent::Answered { .. } => "notice.answered",
            },
            Self::Clock(event) => match event {
                ClockEvent::Started(_) => "clock.started",
                ClockEvent::Revised { .. } => "clock.revised",
                ClockEvent::Warned { .. } => "clock.warned",
                ClockEvent::Expired { .. } => "clock.expired",
                ClockEvent::Stopped { .. } => "clock.stopped",
            },
            Self::Limit(limit) => match limit.stage {
                LimitStage::Within => "limit.within",
                LimitStage::Near | LimitStage::NearlyReached => "limit.near",
                LimitStage::Exceeded => "limit.exceeded",
            },
            Self::Assessed { .. } => "law.assessed",
            Self::OrderRefused { .. } => "order.refused",
            Self::TargetSighted { .. } => "target.sighted",
            Self::EyesMoved(_) => "eyes.moved",
            Self::Tracker(event) => event.word(),
            Self::Handover(event) => event.word(),
            Self::Report(event) => match event {
                ReportEvent::Owed => "report.owed",
                ReportEvent::Stated { .. } => "report.stated",
                ReportEvent::Signed { .. } => "report.signed",
            },
        }
    }
}
