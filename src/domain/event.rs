//! Everything that can follow, as one closed list. An event is decided once and folded for ever.

use super::borders::{Certainty, Frontier, Nearest};
use super::ids::{
    CrossingId, NoticeId, OperationId, RoomId, SourceId, State, StateSet, TargetId, UnitId,
};
use super::law::finding::{Assessment, Citation, ClockKind, Duty, Origin};
use super::law::rulebook::kept::RulesVersion;
use super::measure::{Metres, Position, Span, Timestamp};
use super::operations::{Eyes, NoticeFields, OperationCard, OperationChange, Sighting};
use super::registry::{Person, RoomCard, UnitCard};
use super::tracks::act::Act;
use super::tracks::fix::{Fix, QuarantineReason, ReportedFix};
use std::sync::Arc;

/// Something that happened, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When it happened (not when it was recorded).
    pub at: Timestamp,
    /// What happened.
    pub what: What,
}

/// The closed list of consequences, by the room of the core that brings them forth.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// The register of rooms and units changed.
    Register(RegisterEvent),
    /// A fix was admitted. Kept as a column of positions, not as a record of its own.
    Fix(Fix),
    /// Something about one unit's way.
    Track(TrackEvent),
    /// Something about one operation.
    Operation(OperationEvent),
    /// Something about this house itself.
    House(HouseEvent),
}

/// Changes of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegisterEvent {
    /// A room exists.
    RoomAdded(RoomCard),
    /// A unit exists, or its card changed.
    UnitAdded(UnitCard),
    /// A unit speaks no more.
    UnitRetired(UnitId),
}

/// What a track tells.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackEvent {
    /// Whose track.
    pub unit: UnitId,
    /// What it tells.
    pub kind: TrackEventKind,
}

/// The kinds of [`TrackEvent`].
#[derive(Debug, Clone, PartialEq)]
pub enum TrackEventKind {
    /// The unit signed on.
    SignedOn,
    /// The unit signed off.
    SignedOff,
    /// The first known place: never a crossing.
    Located {
        /// The states it lies in.
        states: StateSet,
        /// How sure that is.
        certainty: Certainty,
        /// The nearest land frontier.
        nearest: Option<Nearest>,
    },
    /// On its way to a frontier.
    Approaching(Approach),
    /// No longer on its way to that frontier.
    Receding {
        /// The frontier it was approaching.
        frontier: Frontier,
    },
    /// It looks as if it crossed.
    CrossingSuspected(Box<Crossing>),
    /// It crossed.
    CrossingConfirmed(Box<Crossing>),
    /// The suspicion, or an earlier confirmation, does not hold.
    CrossingRetracted {
        /// Which crossing.
        crossing: Box<Crossing>,
        /// Why, in one sentence.
        because: Arc<str>,
    },
    /// Late data moved the place or the time.
    CrossingRevised(Box<Crossing>),
    /// No fix for longer than its own interval allows.
    Silent(Silence),
    /// Silent, and another state is within reach.
    MayHaveCrossed(Silence),
    /// Heard again.
    Back,
    /// Beyond all states with polygons.
    LeftCoverage,
    /// A fix was kept apart.
    FixQuarantined {
        /// Why.
        reason: QuarantineReason,
        /// What is wrong with it, in one sentence.
        detail: Arc<str>,
        /// The fix as posted; `None` off duty, when positions are counted and not kept.
        fix: Option<Box<ReportedFix>>,
    },
    /// A fix kept apart as an implausible jump is believed now: later fixes agree with it.
    FixReleased {
        /// Why it had been kept apart.
        reason: QuarantineReason,
        /// Which fix.
        fixed_at: Timestamp,
        /// Of which device; `None` in records of earlier versions.
        source: Option<SourceId>,
    },
    /// The officer pressed a button.
    Acted {
        /// Which.
        act: Act,
        /// The idempotency key it came with.
        key: Arc<str>,
    },
}

/// A predicted arrival at a frontier.
#[derive(Debug, Clone, PartialEq)]
pub struct Approach {
    /// The states it is in.
    pub from: StateSet,
    /// The states beyond.
    pub to: StateSet,
    /// The frontier.
    pub frontier: Frontier,
    /// Distance along the predicted way.
    pub distance: Metres,
    /// Time to the frontier at recent motion.
    pub eta: Span,
    /// The least time, at the interval's lower end.
    pub eta_earliest: Span,
    /// The most time, at the interval's upper end.
    pub eta_latest: Span,
    /// Where it would meet the frontier.
    pub point: Position,
    /// The named crossing points it may be on its way to, the likeliest first, at most four. Their probabilities sum to at
    /// most 1; the rest is "elsewhere". Of a unit on the road alone, and empty where no crossing point is known.
    pub crossings: Vec<LikelyCrossing>,
}

/// A crossing point that a unit may be on its way to.
#[derive(Debug, Clone, PartialEq)]
pub struct LikelyCrossing {
    /// Its name.
    pub name: Arc<str>,
    /// Where it lies.
    pub point: Position,
    /// How probable it is that the unit, if it crosses this frontier next, does so there: in hundredths, rounded down.
    pub probability: f64,
    /// Time to it, straight and at recent motion.
    pub eta: Span,
}

/// One change of state of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossing {
    /// Its id, kept through suspicion, confirmation, revision and retraction.
    pub id: CrossingId,
    /// The states left.
    pub from: StateSet,
    /// The states entered.
    pub to: StateSet,
    /// The place on the frontier.
    pub point: Position,
    /// Not before.
    pub earliest: Timestamp,
    /// Most likely.
    pub likely: Timestamp,
    /// Not after.
    pub latest: Timestamp,
    /// How far the true place may lie from `point`, from the fixes.
    pub position_error: Metres,
    /// How far the true frontier may lie from ours; `None` is not established.
    pub border_error: Option<Metres>,
    /// The border data set.
    pub border_set: Arc<str>,
    /// Whether it lies in a gap between fixes.
    pub inferred: bool,
    /// Why it was decided.
    pub why: Why,
}

/// The grounds of a decision about a crossing, readable by an operator.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The rule and its version.
    pub rule: Arc<str>,
    /// The fixes weighed, oldest first.
    pub fixes: Vec<WeighedFix>,
}

/// One fix as it was weighed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeighedFix {
    /// Device time.
    pub fixed_at: Timestamp,
    /// Distance beyond the line; negative is before it.
    pub beyond: Metres,
    /// The accuracy used.
    pub accuracy: Metres,
}

/// A unit that is not heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Silence {
    /// Since its last fix.
    pub since: Timestamp,
    /// How far it may have come by now.
    pub radius: Metres,
    /// The states within that reach.
    pub reach: StateSet,
}

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
        /// Why.
        reason: Arc<str>,
    },
    /// From here on a partner room sees it.
    Shared {
        /// With whom.
        with: RoomId,
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
    },
    /// The partner's machine has it.
    Delivered,
    /// A named person of the partner has read it; it agrees to nothing.
    Seen {
        /// Who.
        by: Person,
    },
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
        origin: Origin,
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

/// What happens to the house itself.
#[derive(Debug, Clone, PartialEq)]
pub enum HouseEvent {
    /// A person looked at a track or at past events.
    AccessViewed {
        /// Who.
        by: Person,
        /// What.
        what: Arc<str>,
        /// Why, or `not stated`.
        reason: Arc<str>,
    },
    /// A person took something out of the house.
    AccessExported {
        /// Who.
        by: Person,
        /// What.
        what: Arc<str>,
        /// Why, or `not stated`.
        reason: Arc<str>,
    },
    /// A person logged in or out.
    Session {
        /// Who.
        by: Person,
        /// `logged_in` or `logged_out`.
        act: Arc<str>,
    },
    /// An order that came with an idempotency key was carried out: the same key is answered the same way.
    OrderTaken {
        /// Who.
        by: Person,
        /// The key.
        key: Arc<str>,
        /// What was answered: the id of what came of it.
        answer: Arc<str>,
        /// What was ordered, as one word; not written by earlier versions.
        order: Option<Arc<str>>,
        /// A digest of what was asked for; not written by earlier versions.
        asked: Option<Arc<str>>,
    },
    /// From here on the room decides with these rules; operations opened before keep theirs.
    RulesAdopted {
        /// Which.
        rules: RulesVersion,
        /// What changed against the rules before, for a person.
        changed: Arc<str>,
    },
    /// The wall clock was stepped.
    ClockJumped {
        /// By how much; positive is forward.
        by: Span,
    },
}

impl Event {
    /// The word of the outside contract for this kind of event.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match &self.what {
            What::Register(event) => match event {
                RegisterEvent::RoomAdded(_) => "room.added",
                RegisterEvent::UnitAdded(_) => "unit.added",
                RegisterEvent::UnitRetired(_) => "unit.retired",
            },
            What::Fix(_) => "positions",
            What::Track(event) => event.kind.word(),
            What::Operation(event) => event.kind.word(),
            What::House(event) => match event {
                HouseEvent::AccessViewed { .. } => "access.viewed",
                HouseEvent::AccessExported { .. } => "access.exported",
                HouseEvent::Session { .. } => "access.session",
                HouseEvent::OrderTaken { .. } => "order.taken",
                HouseEvent::RulesAdopted { .. } => "rules.adopted",
                HouseEvent::ClockJumped { .. } => "clock.jumped",
            },
        }
    }

    /// The unit it speaks of.
    #[must_use]
    pub const fn unit(&self) -> Option<&UnitId> {
        match &self.what {
            What::Register(RegisterEvent::UnitAdded(card)) => Some(&card.id),
            What::Register(RegisterEvent::UnitRetired(unit)) => Some(unit),
            What::Register(RegisterEvent::RoomAdded(_)) | What::House(_) => None,
            What::Fix(fix) => Some(&fix.unit),
            What::Track(event) => Some(&event.unit),
            What::Operation(event) => match &event.kind {
                OperationEventKind::Assessed { unit, .. } => unit.as_ref(),
                _ => None,
            },
        }
    }

    /// The operation it speaks of.
    #[must_use]
    pub const fn operation(&self) -> Option<&OperationId> {
        match &self.what {
            What::Operation(event) => event.operation.as_ref(),
            What::Register(_) | What::Fix(_) | What::Track(_) | What::House(_) => None,
        }
    }
}

impl TrackEventKind {
    /// The word of the outside contract.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::SignedOn => "unit.signed_on",
            Self::SignedOff => "unit.signed_off",
            Self::Located { .. } => "unit.located",
            Self::Approaching(_) => "border.approaching",
            Self::Receding { .. } => "border.receding",
            Self::CrossingSuspected(_) => "crossing.suspected",
            Self::CrossingConfirmed(_) => "crossing.confirmed",
            Self::CrossingRetracted { .. } => "crossing.retracted",
            Self::CrossingRevised(_) => "crossing.revised",
            Self::Silent(_) => "unit.silent",
            Self::MayHaveCrossed(_) => "unit.may_have_crossed",
            Self::Back => "unit.back",
            Self::LeftCoverage => "unit.left_coverage",
            Self::FixQuarantined { .. } => "fix.quarantined",
            Self::FixReleased { .. } => "fix.released",
            Self::Acted { .. } => "unit.acted",
        }
    }
}

impl OperationEventKind {
    /// The word of the outside contract.
    #[must_use]
    pub const fn word(&self) -> &'static str {
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
                NoticeEvent::Delivered => "notice.delivered",
                NoticeEvent::Seen { .. } => "notice.seen",
            },
            Self::Clock(event) => match event {
                ClockEvent::Started(_) => "clock.started",
                ClockEvent::Revised { .. } => "clock.revised",
                ClockEvent::Warned { .. } => "clock.warned",
                ClockEvent::Expired { .. } => "clock.expired",
                ClockEvent::Stopped { .. } => "clock.stopped",
            },
            Self::Assessed { .. } => "law.assessed",
            Self::OrderRefused { .. } => "order.refused",
            Self::TargetSighted { .. } => "target.sighted",
            Self::EyesMoved(_) => "eyes.moved",
        }
    }
}
