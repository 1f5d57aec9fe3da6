//! Everything that can follow, as one closed list. An event is decided once and folded for ever.

use super::borders::{Certainty, Frontier, Nearest};
use super::ids::{CrossingId, OperationId, SourceId, StateSet, UnitId};
use super::law::profile::agreed::Adopted;
use super::law::rulebook::kept::RulesVersion;
use super::measure::{Metres, Position, Span, Timestamp};
use super::registry::{Person, RoomCard, UnitCard};
use super::tracks::act::Act;
use super::tracks::fix::{Fix, QuarantineReason, ReportedFix};
use std::sync::Arc;

mod alarm;
mod handover;
mod link;
mod operation;

pub use alarm::{AlarmChange, AlarmEvent};
pub use handover::HandoverEvent;
pub use link::{Cut, LinkEvent, LinkEventKind, LinkRefusal, Missing, RoomHead, SentFrame};
pub use operation::{
    Clock, ClockEvent, ClockKey, LifeEvent, Limit, NoticeEvent, OperationEvent, OperationEventKind,
    Refusal, ReportEvent,
};

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
    /// Something about one alarm of this room.
    Alarm(AlarmEvent),
    /// Something about the link to a partner in another service.
    Link(LinkEvent),
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
    /// Its camera looks at other states than before, apart from where it is.
    CameraOver {
        /// The states over which the ground lies that it sees; none when it sees no ground.
        states: StateSet,
        /// That ground, its corners in turn.
        ring: Arc<[Position]>,
    },
    /// Its device is not well in one respect, or is again.
    Device(DeviceNews),
    /// An unmanned aircraft is nearer than the stand-off to a line that no rule lets it cross.
    StandOffBroken(Box<StandOff>),
    /// ...and will be over it soon.
    BreachPredicted(Box<StandOff>),
    /// It keeps away from every such line again.
    StandOffKept,
    /// A technical source may be outside its legal area: from here on nobody learns where it is.
    Sealed {
        /// The states without a permission that it may be in; none of them is known when it may be in no state at all.
        without: StateSet,
    },
    /// It is inside its legal area again, or that has become wider.
    Unsealed,
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

/// An unmanned aircraft that does not keep away from a line which no rule lets it cross.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandOff {
    /// The states it is in.
    pub from: StateSet,
    /// The states beyond, whose rules do not let it in.
    pub to: StateSet,
    /// How far it is from the line: when it will be over it, straight to where.
    pub distance: Metres,
    /// How far away it is to keep, as was agreed.
    pub stand_off: Metres,
    /// When it will be over the line, as the newest seconds lead on; `None` when it is only near.
    pub over_at: Option<Timestamp>,
    /// What stands against it: the first obstacle in the rules, with its citation.
    pub because: Refusal,
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

/// What the fixes of a unit tell of the device that sent them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceNews {
    /// Its battery is low.
    BatteryLow {
        /// How full it is, per cent.
        percent: u8,
    },
    /// Its battery is not low any more.
    BatteryFine,
    /// What it claims of its accuracy is poor.
    Inaccurate {
        /// The radius of the 68 % circle.
        accuracy: Metres,
    },
    /// Its accuracy is good again.
    Accurate,
    /// It sends what it recorded before, or its clock is behind. Told again as long as that goes on.
    Behind {
        /// When the fix was recorded, by its own clock.
        recorded_at: Timestamp,
    },
}

/// How much room is left on the disk of the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskRoom {
    /// Mebibytes that can still be written.
    pub left_mib: u64,
    /// Whether that is less than the configuration asks for.
    pub is_little: bool,
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
    /// From here on the room rests operations that it opens on these profiles; those opened before keep theirs.
    ProfilesAdopted {
        /// All of them, by pair; none when the last was taken away.
        profiles: Arc<Adopted>,
        /// What changed against those before, for a person.
        changed: Arc<str>,
    },
    /// The wall clock was stepped.
    ClockJumped {
        /// By how much; positive is forward.
        by: Span,
    },
    /// The disk of the records has become nearly full, or has room enough again.
    DiskRoom(DiskRoom),
}

impl Event {
    /// The word of the outside contract for this kind of event.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.what {
            What::Register(event) => match event {
                RegisterEvent::RoomAdded(_) => "room.added",
                RegisterEvent::UnitAdded(_) => "unit.added",
                RegisterEvent::UnitRetired(_) => "unit.retired",
            },
            What::Fix(_) => "positions",
            What::Track(event) => event.kind.word(),
            What::Operation(event) => event.kind.word(),
            What::Alarm(event) => event.change.word(),
            What::Link(event) => event.kind.word(),
            What::House(event) => match event {
                HouseEvent::AccessViewed { .. } => "access.viewed",
                HouseEvent::AccessExported { .. } => "access.exported",
                HouseEvent::Session { .. } => "access.session",
                HouseEvent::OrderTaken { .. } => "order.taken",
                HouseEvent::RulesAdopted { .. } => "rules.adopted",
                HouseEvent::ProfilesAdopted { .. } => "profile.adopted",
                HouseEvent::ClockJumped { .. } => "clock.jumped",
                HouseEvent::DiskRoom(_) => "disk.room",
            },
        }
    }

    /// The unit it speaks of.
    #[must_use]
    pub const fn unit(&self) -> Option<&UnitId> {
        match &self.what {
            What::Register(RegisterEvent::UnitAdded(card)) => Some(&card.id),
            What::Register(RegisterEvent::UnitRetired(unit)) => Some(unit),
            What::Alarm(event) => event.subject.unit.as_ref(),
            What::Link(event) => match &event.kind {
                LinkEventKind::Sent(sent) => sent.unit.as_ref(),
                _ => None,
            },
            What::Register(RegisterEvent::RoomAdded(_)) | What::House(_) => None,
            What::Fix(fix) => Some(&fix.unit),
            What::Track(event) => Some(&event.unit),
            What::Operation(event) => match &event.kind {
                OperationEventKind::Assessed { unit, .. } => unit.as_ref(),
                OperationEventKind::Limit(limit) => Some(&limit.unit),
                _ => None,
            },
        }
    }

    /// What happened to an operation, when it is that.
    #[must_use]
    pub const fn of_operation(&self) -> Option<&OperationEventKind> {
        match &self.what {
            What::Operation(of) => Some(&of.kind),
            What::Register(_)
            | What::Fix(_)
            | What::Track(_)
            | What::Alarm(_)
            | What::Link(_)
            | What::House(_) => None,
        }
    }

    /// The operation it speaks of.
    #[must_use]
    pub const fn operation(&self) -> Option<&OperationId> {
        match &self.what {
            What::Operation(event) => event.operation.as_ref(),
            What::Alarm(event) => event.subject.operation.as_ref(),
            What::Link(event) => match &event.kind {
                LinkEventKind::Sent(sent) => sent.operation.as_ref(),
                _ => None,
            },
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
            Self::CameraOver { .. } => "unit.camera_over",
            Self::Device(_) => "unit.device",
            Self::StandOffBroken(_) => "border.stand_off_broken",
            Self::BreachPredicted(_) => "border.breach_predicted",
            Self::StandOffKept => "border.stand_off_kept",
            Self::Sealed { .. } => "tracker.sealed",
            Self::Unsealed => "tracker.unsealed",
            Self::LeftCoverage => "unit.left_coverage",
            Self::FixQuarantined { .. } => "fix.quarantined",
            Self::FixReleased { .. } => "fix.released",
            Self::Acted { .. } => "unit.acted",
        }
    }
}
