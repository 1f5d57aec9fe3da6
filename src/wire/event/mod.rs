//! One event as it is stored, sent and read: `kind` and the keys that go with it.

mod alarm;
mod change;
mod clock;
mod device;
mod from_domain;
mod handover;
mod in_ledger;
mod report;
mod standoff;
mod to_domain;
mod told;
mod track;
mod tracker;

use super::alarm::{AlarmWire, RaisedWire, ShelfWire};
use super::answer::HostAnswerWire;
use super::call::CallWire;
use super::channels::AttemptWire;
use super::dialogue::{
    EyesTakenWire, LeadDisputedWire, LeadMovedWire, RecallAnswerWire, RecallWire, SaidEventWire,
};
use super::law::{AssessmentWire, CitationWire};
use super::letter::WrittenWire;
use super::link::{
    LinkClockWire, LinkConfirmedWire, LinkCutWire, LinkHeadWire, LinkMissingWire, LinkRefusedWire,
    LinkSentWire, LinkTakenWire,
};
use super::operation::{NoticeFieldsWire, OperationCardWire, SightingWire};
use super::parts::{PersonWire, Place, Point, RoomWire, UnitCardWire};
use super::profile::ProfileVersionWire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

pub use alarm::OfAlarmWire;
pub use change::ChangedWire;
pub use clock::{ClockWire, LimitWire};
pub use device::DeviceWire;
pub use in_ledger::EventWire;
pub use report::{SignedReportWire, StatementWire};
pub use standoff::StandOffWire;
pub use track::{
    ApproachWire, CrossingWire, LikelyCrossingWire, ReportedFixWire, SilenceWire, WeighedFixWire,
    WhyWire,
};
pub use tracker::{PermissionEnteredWire, TrackerPermissionWire};

/// The schema number stored beside every event payload; old numbers are read for ever.
pub const EVENT_SCHEMA: u16 = 1;

/// What happened, by kind. The keys carry the names of the outside contract.
#[expect(missing_docs, reason = "the keys are the outside contract's own words")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind")]
pub enum EventBody {
    /// A room exists.
    #[serde(rename = "room.added")]
    RoomAdded(RoomWire),
    /// A unit exists.
    #[serde(rename = "unit.added")]
    UnitAdded(UnitCardWire),
    /// A unit speaks no more.
    #[serde(rename = "unit.retired")]
    UnitRetired { unit: String },
    /// The unit signed on.
    #[serde(rename = "unit.signed_on")]
    SignedOn { unit: String },
    /// The unit signed off.
    #[serde(rename = "unit.signed_off")]
    SignedOff { unit: String },
    /// The first known place.
    #[serde(rename = "unit.located")]
    Located {
        unit: String,
        #[serde(flatten)]
        place: Place,
    },
    /// On its way to a frontier.
    #[serde(rename = "border.approaching")]
    Approaching(ApproachWire),
    /// No longer on its way to it.
    #[serde(rename = "border.receding")]
    Receding { unit: String, frontier: String },
    /// It looks as if it crossed.
    #[serde(rename = "crossing.suspected")]
    CrossingSuspected(CrossingWire),
    /// It crossed.
    #[serde(rename = "crossing.confirmed")]
    CrossingConfirmed(CrossingWire),
    /// It does not hold.
    #[serde(rename = "crossing.retracted")]
    CrossingRetracted {
        #[serde(flatten)]
        crossing: CrossingWire,
        because: String,
    },
    /// Place or time moved.
    #[serde(rename = "crossing.revised")]
    CrossingRevised(CrossingWire),
    /// No fix for longer than usual.
    #[serde(rename = "unit.silent")]
    Silent(SilenceWire),
    /// Silent, and another state is within reach.
    #[serde(rename = "unit.may_have_crossed")]
    MayHaveCrossed(SilenceWire),
    /// Heard again.
    #[serde(rename = "unit.back")]
    Back { unit: String },
    /// Its camera looks at other states than before, apart from where it is. `states`: `-` when it sees no ground.
    #[serde(rename = "unit.camera_over")]
    CameraOver {
        unit: String,
        states: String,
        /// The ground that it sees, its corners in turn.
        #[schema(value_type = Vec<Vec<f64>>)]
        ring: Vec<Point>,
    },
    /// Its device is not well in one respect, or is again.
    #[serde(rename = "unit.device")]
    Device { unit: String, device: DeviceWire },
    /// A drone is nearer than the stand-off to a line that no rule lets it cross.
    #[serde(rename = "border.stand_off_broken")]
    StandOffBroken(StandOffWire),
    /// ...and will be over it soon.
    #[serde(rename = "border.breach_predicted")]
    BreachPredicted(StandOffWire),
    /// It keeps away from every such line again.
    #[serde(rename = "border.stand_off_kept")]
    StandOffKept { unit: String },
    /// A technical source may be outside its legal area: nobody learns where it is. `without`: the states that it may be in
    /// and that did not permit it.
    #[serde(rename = "tracker.sealed")]
    Sealed { unit: String, without: String },
    /// It is read again.
    #[serde(rename = "tracker.unsealed")]
    Unsealed { unit: String },
    /// The first of two persons entered what a host state permits of a technical source.
    #[serde(rename = "tracker.permission_entered")]
    PermissionEntered(PermissionEnteredWire),
    /// The second entered it: from now on the source is read there.
    #[serde(rename = "tracker.permitted")]
    TrackerPermitted(PermissionEnteredWire),
    /// Beyond all states with polygons.
    #[serde(rename = "unit.left_coverage")]
    LeftCoverage { unit: String },
    /// A fix was kept apart.
    #[serde(rename = "fix.quarantined")]
    FixQuarantined {
        unit: String,
        reason: String,
        detail: String,
        /// The fix as posted, where it is kept.
        fix: Option<ReportedFixWire>,
    },
    /// A fix kept apart is believed now.
    #[serde(rename = "fix.released")]
    FixReleased {
        unit: String,
        reason: String,
        fixed_at: String,
        // Absent in records of earlier versions.
        #[serde(default)]
        source: Option<String>,
    },
    /// The officer pressed a button.
    #[serde(rename = "unit.acted")]
    Acted {
        unit: String,
        act: String,
        key: String,
    },
    /// Opened.
    #[serde(rename = "operation.opened")]
    Opened {
        operation: String,
        card: OperationCardWire,
    },
    /// Changed.
    #[serde(rename = "operation.changed")]
    Changed {
        operation: String,
        #[serde(flatten)]
        change: ChangedWire,
        by: PersonWire,
    },
    /// Closed.
    #[serde(rename = "operation.closed")]
    Closed {
        operation: String,
        by: PersonWire,
        reason: String,
        /// How it ended; `null` when nobody said.
        // Absent in records of earlier versions.
        #[serde(default)]
        outcome: Option<String>,
    },
    /// From here on a partner sees it, or more of it.
    #[serde(rename = "operation.shared")]
    Shared {
        operation: String,
        with: String,
        /// Which of its units; `null`: all of them.
        // Absent in records of earlier versions, which showed all.
        #[serde(default)]
        units: Option<Vec<String>>,
    },
    /// The law was asked.
    #[serde(rename = "law.assessed")]
    Assessed {
        operation: Option<String>,
        unit: Option<String>,
        crossing: Option<String>,
        #[serde(flatten)]
        assessment: AssessmentWire,
    },
    /// An order was refused.
    #[serde(rename = "order.refused")]
    OrderRefused {
        operation: Option<String>,
        by: PersonWire,
        order: String,
        guard: String,
        sentence: String,
        citation: Option<CitationWire>,
    },
    /// A fact needs a person.
    #[serde(rename = "alarm.raised")]
    AlarmRaised(RaisedWire),
    /// The fact holds again within a minute after it ended: it is the same alarm.
    #[serde(rename = "alarm.reopened")]
    AlarmReopened(AlarmWire),
    /// A screen showed an alarm first, before this person's eyes.
    #[serde(rename = "alarm.annunciated")]
    AlarmAnnunciated {
        #[serde(flatten)]
        of: OfAlarmWire,
        by: PersonWire,
    },
    /// A named person has taken an alarm.
    #[serde(rename = "alarm.acknowledged")]
    AlarmAcknowledged {
        #[serde(flatten)]
        of: OfAlarmWire,
        by: PersonWire,
    },
    /// A named person put an alarm aside for a while.
    #[serde(rename = "alarm.shelved")]
    AlarmShelved {
        #[serde(flatten)]
        of: OfAlarmWire,
        #[serde(flatten)]
        shelf: ShelfWire,
    },
    /// The time for which an alarm was put aside is over, and the fact still holds.
    #[serde(rename = "alarm.returned")]
    AlarmReturned(OfAlarmWire),
    /// The fact does not hold any more.
    #[serde(rename = "alarm.cleared")]
    AlarmCleared(OfAlarmWire),
    /// A host room must be told.
    #[serde(rename = "notice.owed")]
    NoticeOwed {
        operation: Option<String>,
        notice: String,
        duty: String,
        to: String,
        since: String,
        citation: CitationWire,
    },
    /// A draft exists.
    #[serde(rename = "notice.drafted")]
    NoticeDrafted {
        operation: Option<String>,
        notice: String,
        duty: String,
        to: String,
        fields: NoticeFieldsWire,
    },
    /// The draft is complete.
    #[serde(rename = "notice.ready")]
    NoticeReady {
        operation: Option<String>,
        notice: String,
    },
    /// What it was owed for did not happen.
    #[serde(rename = "notice.withdrawn")]
    NoticeWithdrawn {
        operation: Option<String>,
        notice: String,
        because: String,
    },
    /// Sent by a named person.
    #[serde(rename = "notice.sent")]
    NoticeSent {
        operation: Option<String>,
        notice: String,
        by: PersonWire,
        duty: String,
        to: String,
        fields: NoticeFieldsWire,
        /// The same as it was written out, in the languages of both states; left out when an earlier version told it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<WrittenWire>>", optional)]
        texts: Vec<WrittenWire>,
        /// By which channels beside the other room: `email`, `webhook`; left out when by none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<String>>", optional)]
        channels: Vec<String>,
    },
    /// An attempt was made to deliver it by one of its channels.
    #[serde(rename = "notice.attempted")]
    NoticeAttempted {
        operation: Option<String>,
        notice: String,
        #[serde(flatten)]
        attempt: AttemptWire,
    },
    /// Every channel by which it was sent has failed, and no room here has it.
    #[serde(rename = "notice.failed")]
    NoticeFailed {
        operation: Option<String>,
        notice: String,
        because: String,
    },
    /// Sent once more by a named person after that, word for word.
    #[serde(rename = "notice.sent_again")]
    NoticeSentAgain {
        operation: Option<String>,
        notice: String,
        by: PersonWire,
        channels: Vec<String>,
    },
    /// The partner's machine has it: the other room's, or the far end of a channel.
    #[serde(rename = "notice.delivered")]
    NoticeDelivered {
        operation: Option<String>,
        notice: String,
    },
    /// A named person has read it.
    #[serde(rename = "notice.seen")]
    NoticeSeen {
        operation: Option<String>,
        notice: String,
        /// Who; of a call, who wrote it down.
        by: PersonWire,
        /// The call by which the host said so, where it has no room here; left out when a person of a room did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        call: Option<CallWire>,
    },
    /// The host answered it, as a named person wrote down.
    #[serde(rename = "notice.answered")]
    NoticeAnswered {
        operation: Option<String>,
        notice: String,
        by: PersonWire,
        #[serde(flatten)]
        answer: HostAnswerWire,
    },
    /// Given by telephone, which counts as read; `at` is when they spoke.
    #[serde(rename = "notice.voice")]
    NoticeVoice {
        operation: Option<String>,
        notice: String,
        by: PersonWire,
        duty: String,
        to: String,
        call: CallWire,
        fields: NoticeFieldsWire,
        /// The same as it was written out, in the languages of both states; left out when an earlier version told it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<WrittenWire>>", optional)]
        texts: Vec<WrittenWire>,
    },
    /// A clock runs.
    #[serde(rename = "clock.started")]
    ClockStarted(ClockWire),
    /// A clock's end moved.
    #[serde(rename = "clock.revised")]
    ClockRevised {
        #[serde(flatten)]
        clock: ClockWire,
        because: String,
    },
    /// A clock came near its end.
    #[serde(rename = "clock.warned")]
    ClockWarned {
        operation: Option<String>,
        clock: String,
        host: String,
        left_s: f64,
        /// Where the stage comes from.
        origin: String,
        /// Whether a profile says it; else it is the workflow's default.
        #[serde(default)]
        agreed: bool,
    },
    /// A clock is over.
    #[serde(rename = "clock.expired")]
    ClockExpired {
        operation: Option<String>,
        clock: String,
        host: String,
        because: String,
    },
    /// A clock no longer applies.
    #[serde(rename = "clock.stopped")]
    ClockStopped {
        operation: Option<String>,
        clock: String,
        host: String,
        because: String,
    },
    /// A unit of a pursuit came near the limit.
    #[serde(rename = "limit.near")]
    LimitNear(LimitWire),
    /// A unit of a pursuit is beyond the limit.
    #[serde(rename = "limit.exceeded")]
    LimitExceeded(LimitWire),
    /// A unit of a pursuit is well within the limit again.
    #[serde(rename = "limit.within")]
    LimitWithin(LimitWire),
    /// Somebody saw the target.
    #[serde(rename = "target.sighted")]
    TargetSighted {
        operation: Option<String>,
        target: String,
        #[serde(flatten)]
        sighting: SightingWire,
    },
    /// Another unit has the target in sight.
    #[serde(rename = "eyes.moved")]
    EyesMoved {
        operation: Option<String>,
        to_unit: Option<String>,
        from_unit: Option<String>,
    },
    /// Notice that a crossing is coming.
    #[serde(rename = "handover.ntf")]
    Ntf(Box<SaidEventWire>),
    /// A notice of a crossing, as it was sent.
    #[serde(rename = "handover.xng")]
    Xng(Box<SaidEventWire>),
    /// A request for assistance, as it was sent.
    #[serde(rename = "handover.rqa")]
    Rqa(Box<SaidEventWire>),
    /// What the host decided of an authorisation.
    #[serde(rename = "handover.aut")]
    Aut(Box<SaidEventWire>),
    /// A hand-over is proposed.
    #[serde(rename = "handover.pro")]
    Pro(Box<SaidEventWire>),
    /// A small change of what was agreed.
    #[serde(rename = "handover.rvn")]
    Rvn(Box<SaidEventWire>),
    /// A change of what was agreed that needs an answer.
    #[serde(rename = "handover.rvr")]
    Rvr(Box<SaidEventWire>),
    /// Somebody is deciding.
    #[serde(rename = "handover.sby")]
    Sby(Box<SaidEventWire>),
    /// Other terms.
    #[serde(rename = "handover.cdn")]
    Cdn(Box<SaidEventWire>),
    /// Exactly that message is accepted.
    #[serde(rename = "handover.acp")]
    Acp(Box<SaidEventWire>),
    /// What was asked is refused.
    #[serde(rename = "handover.rjc")]
    Rjc(Box<SaidEventWire>),
    /// What was said is taken back.
    #[serde(rename = "handover.abr")]
    Abr(Box<SaidEventWire>),
    /// The lead is offered.
    #[serde(rename = "handover.hop")]
    Hop(Box<SaidEventWire>),
    /// The lead is asked for.
    #[serde(rename = "handover.rof")]
    Rof(Box<SaidEventWire>),
    /// The lead is assumed.
    #[serde(rename = "handover.mas")]
    Mas(Box<SaidEventWire>),
    /// Which unit has the target, loses, hands or takes it.
    #[serde(rename = "handover.eye")]
    Eye(Box<SaidEventWire>),
    /// Units are released.
    #[serde(rename = "handover.rel")]
    Rel(Box<SaidEventWire>),
    /// Stop now.
    #[serde(rename = "handover.cease")]
    Cease(Box<SaidEventWire>),
    /// More is asked for.
    #[serde(rename = "handover.ext")]
    Ext(Box<SaidEventWire>),
    /// A room closes its side.
    #[serde(rename = "handover.cls")]
    Cls(Box<SaidEventWire>),
    /// A named person has read it.
    #[serde(rename = "handover.ack")]
    Ack(Box<SaidEventWire>),
    /// Free text.
    #[serde(rename = "handover.txt")]
    Txt(Box<SaidEventWire>),
    /// A machine has it.
    #[serde(rename = "handover.lam")]
    Lam(Box<SaidEventWire>),
    /// A machine refuses it.
    #[serde(rename = "handover.lrm")]
    Lrm(Box<SaidEventWire>),
    /// The lead passed.
    #[serde(rename = "lead.moved")]
    LeadMoved(LeadMovedWire),
    /// A partner names another lead, although each has heard everything that the other one told.
    #[serde(rename = "lead.disputed")]
    LeadDisputed(LeadDisputedWire),
    /// It names the same again.
    #[serde(rename = "lead.settled")]
    LeadSettled {
        operation: Option<String>,
        partner: String,
    },
    /// A unit of the other side wants to take the target.
    #[serde(rename = "eyes.taken")]
    EyesTaken(EyesTakenWire),
    /// Units are told to stop and turn back.
    #[serde(rename = "cease.ordered")]
    CeaseOrdered(RecallWire),
    /// A person of their room has read that, or a unit said that it will.
    #[serde(rename = "cease.acknowledged")]
    CeaseAcknowledged(RecallAnswerWire),
    /// Units are released.
    #[serde(rename = "release.ordered")]
    ReleaseOrdered(RecallWire),
    /// A person of their room has read that, or a unit said that it will.
    #[serde(rename = "release.acknowledged")]
    ReleaseAcknowledged(RecallAnswerWire),
    /// The last unit is home: the report is owed.
    #[serde(rename = "report.owed")]
    ReportOwed { operation: Option<String> },
    /// A named person stated what no record tells.
    #[serde(rename = "report.stated")]
    ReportStated {
        operation: Option<String>,
        #[serde(flatten)]
        statement: StatementWire,
        by: PersonWire,
    },
    /// A named person signed the report, or an addendum.
    #[serde(rename = "report.signed")]
    ReportSigned {
        operation: Option<String>,
        #[serde(flatten)]
        signed: SignedReportWire,
        by: PersonWire,
    },
    /// A person looked.
    #[serde(rename = "access.viewed")]
    AccessViewed {
        by: PersonWire,
        what: String,
        reason: String,
    },
    /// A person took something out.
    #[serde(rename = "access.exported")]
    AccessExported {
        by: PersonWire,
        what: String,
        reason: String,
    },
    /// A person logged in or out.
    #[serde(rename = "access.session")]
    Session { by: PersonWire, act: String },
    /// An order with a key was carried out.
    #[serde(rename = "order.taken")]
    OrderTaken {
        by: PersonWire,
        key: String,
        answer: String,
        /// What was ordered, as one word; `null` when an earlier version recorded it.
        #[serde(default)]
        order: Option<String>,
        /// A digest of what was asked for: the key belongs to that alone; `null` when an earlier version recorded it.
        #[serde(default)]
        asked: Option<String>,
    },
    /// The room decides with these rules from here on; operations opened before keep theirs.
    #[serde(rename = "rules.adopted")]
    RulesAdopted {
        /// Version of the rules.
        version: u32,
        /// The SHA-256 of all that they were read from.
        digest: String,
        /// What changed against the rules before.
        changed: String,
    },
    /// The room rests the operations that it opens on these profiles from here on; those opened before keep theirs.
    #[serde(rename = "profile.adopted")]
    ProfilesAdopted {
        /// All of them, by pair.
        profiles: Vec<ProfileVersionWire>,
        /// What changed against those before.
        changed: String,
    },
    /// Something is to be told to a partner in another service. Kept in the ledger, and shown to nobody.
    #[serde(rename = "link.sent")]
    LinkSent(Box<LinkSentWire>),
    /// The partner has it. Shown to nobody.
    #[serde(rename = "link.confirmed")]
    LinkConfirmed(LinkConfirmedWire),
    /// What a partner told was taken in. Shown to nobody.
    #[serde(rename = "link.taken")]
    LinkTaken(LinkTakenWire),
    /// Something told between two rooms is missing for good.
    #[serde(rename = "link.missing")]
    LinkMissing(LinkMissingWire),
    /// A partner is not heard, or does not hear this room.
    #[serde(rename = "link.lost")]
    LinkLost(LinkCutWire),
    /// Both hear each other again.
    #[serde(rename = "link.restored")]
    LinkRestored { partner: String },
    /// Something in a partner's name was refused.
    #[serde(rename = "link.refused")]
    LinkRefused(LinkRefusedWire),
    /// How far a partner's record had come.
    #[serde(rename = "link.head")]
    LinkHead(LinkHeadWire),
    /// A partner's clock differs from this room's.
    #[serde(rename = "link.clock_differs")]
    LinkClockDiffers(LinkClockWire),
    /// The wall clock was stepped.
    #[serde(rename = "clock.jumped")]
    ClockJumped { by_s: f64 },
    /// The disk of the records has become nearly full, or has room enough again.
    #[serde(rename = "disk.room")]
    DiskRoom {
        /// Mebibytes that can still be written.
        left_mib: u64,
        /// Whether that is less than is asked for.
        is_little: bool,
    },
}
