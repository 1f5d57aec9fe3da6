//! What a map receives: one snapshot, then bulletins that say from where to where they lead.

use super::alarm::AlarmWire;
use super::answer::AnsweredPicture;
use super::call::{CallWire, GivenByVoice};
use super::channels::{AttemptPicture, ReachedWire};
use super::detention::HeldPicture;
use super::dialogue::{DialoguePicture, DisputePicture, RecallPicture};
use super::event::{
    EventWire, LikelyCrossingWire, LimitWire, SilenceWire, StandOffWire, TrackerPermissionWire,
};
use super::law::{CitationWire, DutyWire, FindingWire};
use super::letter::WrittenWire;
use super::link::LinkPicture;
use super::operation::{
    AuthorisationWire, EvadedCheckWire, NoticeFieldsWire, PatrolWire, RecognisableWire,
    SightingWire, TargetWire,
};
use super::parts::{PersonWire, Place, Point, RoomWire};
use super::refusal::HostRefusedWire;
use super::report::ReportPicture;
use super::resting::{RestingAnewPicture, RestsOnWire};
use crate::domain::tracks::fix::Fix;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;
use utoipa::ToSchema;

/// Everything the service says on the live socket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LiveMessage {
    /// The whole picture at `seq`.
    Snapshot(Box<Snapshot>),
    /// What happened after `prev`, up to `seq`.
    Bulletin(Bulletin),
    /// Nothing happened; the feed lives.
    Heartbeat(Heartbeat),
    /// The viewer is slower than the events: positions were conflated.
    Lagging,
    /// The service ends this socket, and why.
    Goodbye {
        /// One sentence.
        reason: String,
    },
}

/// Everything a map says on the live socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LiveRequest {
    /// Go on after `since`.
    Resume {
        /// The last seq the map has.
        #[ts(type = "number")]
        since: u64,
    },
}

/// The whole picture of one room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct Snapshot {
    /// The last record in it.
    #[ts(type = "number")]
    pub seq: u64,
    /// The service's time.
    pub at: String,
    /// When this service was started: what it was started with (mode, border data) may be other after the next start.
    pub started_at: String,
    /// Whose picture.
    pub room: RoomWire,
    /// Who looks; null for a program with a token.
    pub me: Option<MeWire>,
    /// Real or exercise.
    pub mode: ModeWire,
    /// The border data set.
    pub border_set: String,
    /// What operations opened now rest on.
    pub rests_on: RestsOnWire,
    /// All rooms known here.
    pub rooms: Vec<RoomWire>,
    /// Who else can be sent a notice, and by which channels; left out when nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<ReachedWire>>", optional)]
    pub reached: Vec<ReachedWire>,
    /// The links to rooms in other services; left out when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<LinkPicture>>", optional)]
    pub links: Vec<LinkPicture>,
    /// The units this room may see.
    pub units: Vec<UnitPicture>,
    /// The operations this room may see.
    pub operations: Vec<OperationPicture>,
    /// What needs a person now, the oldest first.
    pub alarms: Vec<AlarmWire>,
    /// The last events, oldest first.
    pub recent: Vec<EventWire>,
}

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MeWire {
    /// The account.
    pub account: String,
    /// Its role.
    pub role: String,
}

/// Real or exercise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct ModeWire {
    /// Whether nothing here is real.
    pub exercise: bool,
    /// The exercise's name.
    pub name: Option<String>,
    /// How fast the exercise clock runs; 1 is real time.
    pub rate: f64,
}

/// What happened after `prev`, up to `seq`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct Bulletin {
    /// The record before the first one covered.
    #[ts(type = "number")]
    pub prev: u64,
    /// The last record covered.
    #[ts(type = "number")]
    pub seq: u64,
    /// The service's time.
    pub at: String,
    /// Positions, oldest first.
    pub positions: Vec<PositionWire>,
    /// Events, oldest first.
    pub events: Vec<EventWire>,
}

/// The feed lives. Where a feed is taken up again it comes first, and says whether it is still the same picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Heartbeat {
    /// The last record given to this viewer.
    #[ts(type = "number")]
    pub seq: u64,
    /// The record it is being brought up to: beyond `seq` while it catches up, and until then it is not live.
    #[ts(type = "number")]
    pub head: u64,
    /// Whose ledger.
    pub room: String,
    /// As in the snapshot.
    pub started_at: String,
    /// The service's time.
    pub at: String,
    /// `ok`, or `failing` when nothing can be recorded.
    pub recording: String,
}

/// One admitted fix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct PositionWire {
    /// Whose.
    pub unit: String,
    /// Device time.
    pub fixed_at: String,
    /// Our time on arrival.
    pub received_at: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Radius of the 68 % circle as posted; null is unknown.
    pub accuracy_m: Option<f64>,
    /// Over ground.
    pub speed_mps: Option<f64>,
    /// From true north.
    pub course_deg: Option<f64>,
    /// Above the ellipsoid.
    pub altitude_m: Option<f64>,
    /// Per cent.
    pub battery_pct: Option<f64>,
    /// `HU`, `DE|LU`, `-`.
    pub states: String,
    /// `inside`, `frontier`, `disputed`, `outside`.
    pub certainty: String,
    /// The nearest land frontier.
    pub frontier: Option<String>,
    /// The distance to it.
    pub distance_m: Option<f64>,
}

impl From<&Fix> for PositionWire {
    fn from(fix: &Fix) -> Self {
        let place = Place::from(&fix.location);
        Self {
            unit: fix.unit.to_string(),
            fixed_at: fix.fixed_at.to_string(),
            received_at: fix.received_at.to_string(),
            lat: fix.position.lat(),
            lon: fix.position.lon(),
            accuracy_m: fix.measured.accuracy_m,
            speed_mps: fix.measured.speed_mps,
            course_deg: fix.measured.course_deg,
            altitude_m: fix.measured.altitude_m,
            battery_pct: fix.measured.battery_pct,
            states: place.states,
            certainty: place.certainty,
            frontier: place.frontier,
            distance_m: place.distance_m,
        }
    }
}

/// One unit on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct UnitPicture {
    /// Its id.
    pub id: String,
    /// Its call sign.
    pub callsign: String,
    /// `vehicle`, `officer`, …
    pub kind: String,
    /// Whose officers.
    pub state: String,
    /// Its room.
    pub room: String,
    /// How it can be recognised.
    pub marks: Option<String>,
    /// Whether it speaks no more.
    pub retired: bool,
    /// Whether it is on duty.
    pub on_duty: bool,
    /// The sign-on or sign-off that says so; null before any.
    pub duty_at: Option<String>,
    /// The newest admitted fix.
    pub position: Option<PositionWire>,
    /// The first known states of its shift.
    pub located: Option<String>,
    /// When it was there.
    pub located_at: Option<String>,
    /// Confirmed crossings, by likely time, at most 20.
    pub crossings: Vec<CrossingBrief>,
    /// A suspicion that stands.
    pub suspected: Option<CrossingBrief>,
    /// The states whose law holds: of the last confirmed crossing, or the first known ones when they are later.
    pub law: Option<String>,
    /// What the law says of it while it is abroad in no operation.
    pub stray: Option<AssessmentPicture>,
    /// The way of the last 30 minutes, at most 360 points, oldest first: `[lon, lat, fixed_at in ms since 1970]`. A
    /// snapshot holds about 40,000 points of all units: of long tails the newest six as they are, the rest thinned evenly.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub tail: Vec<[f64; 3]>,
    /// Not heard.
    pub silence: Option<SilencePicture>,
    /// On its way to a frontier.
    pub approach: Option<ApproachPicture>,
    /// Of a drone of this room: the line that it does not keep away from.
    pub stand_off: Option<StandOffWire>,
    /// Of an aircraft that says what ground its camera sees: over which states that lies; null when it sees none.
    pub camera: Option<CameraPicture>,
    /// Of a technical source that may be outside its legal area: where it is now nobody learns.
    pub sealed: Option<SealedPicture>,
    /// Where it was when its clock was last found wrong; null again once a fix with a time that can be right arrives.
    pub clock_wrong: Option<ClockWrongPicture>,
    /// Fixes kept apart, by reason.
    pub quarantined: BTreeMap<String, u32>,
}

/// Where a camera looks, apart from where its aircraft is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CameraPicture {
    /// Since when.
    pub since: String,
    /// Over which states.
    pub states: String,
}

/// A technical source that is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SealedPicture {
    /// Since when.
    pub since: String,
    /// The states that it may be in and that did not permit it; `-` when none is known.
    pub without: String,
}

/// What a host state permitted of a technical source, and who entered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PermissionPicture {
    /// What.
    #[serde(flatten)]
    pub permission: TrackerPermissionWire,
    /// The first person.
    pub first: PersonWire,
    /// As what.
    pub first_role: String,
    /// The second one; null while one is missing, and nothing is permitted.
    pub second: Option<PersonWire>,
    /// When the second entered it: it counts from then on.
    pub since: Option<String>,
}

/// A place whose device time lies in the future: shown at the time it arrived, never used for law.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct ClockWrongPicture {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Our time on arrival.
    pub received_at: String,
    /// By how many seconds the device is ahead of it.
    pub ahead_s: f64,
}

/// A crossing as the map shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct CrossingBrief {
    /// Its id.
    pub id: String,
    /// The states left.
    pub from: String,
    /// The states entered.
    pub to: String,
    /// Where.
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub point: Point,
    /// Not before.
    pub earliest: String,
    /// Most likely.
    pub likely: String,
    /// Not after.
    pub latest: String,
    /// Whether it lies in a gap.
    pub inferred: bool,
}

/// Not heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct SilencePicture {
    /// Since its last fix.
    pub since: String,
    /// How far it may have come.
    pub radius_m: f64,
    /// The states within that reach.
    pub reach: String,
    /// Whether another state is among them.
    pub may_have_crossed: bool,
}

impl SilencePicture {
    /// From the event.
    #[must_use]
    pub fn of(event: &SilenceWire, may_have_crossed: bool) -> Self {
        Self {
            since: event.since.clone(),
            radius_m: event.radius_m,
            reach: event.reach.clone(),
            may_have_crossed,
        }
    }
}

/// On its way to a frontier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct ApproachPicture {
    /// Which frontier.
    pub frontier: String,
    /// From which states.
    pub from: String,
    /// To which.
    pub to: String,
    /// Along the predicted way.
    pub distance_m: f64,
    /// At recent motion, from `at`.
    pub eta_s: f64,
    /// The least.
    pub eta_earliest_s: f64,
    /// The most.
    pub eta_latest_s: f64,
    /// Where.
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub point: Point,
    /// The named crossing points it may be on its way to, as `border.approaching` told them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<LikelyCrossingWire>>", optional)]
    pub crossings: Vec<LikelyCrossingWire>,
    /// When this was predicted.
    pub at: String,
}

/// One operation on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct OperationPicture {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The room that opened it.
    pub room: String,
    /// The room that leads.
    pub lead: String,
    /// How often the lead has passed, from 1.
    pub epoch: u32,
    /// Since when that room leads.
    pub lead_since: String,
    /// What this room says with other rooms about it.
    pub dialogues: Vec<DialoguePicture>,
    /// What hosts ordered of its units.
    pub recalls: Vec<RecallPicture>,
    /// `40(1)`, `40(2)`, `pursuit_flagrante`, `pursuit_escape`, `pursuit_evaded_check`, `joint_patrol`.
    pub basis: String,
    /// What it is for.
    pub purpose: String,
    /// By its id in the rule data.
    pub offence: String,
    /// Who is followed.
    pub person_category: String,
    /// Whose officers.
    pub requesting_state: String,
    /// Where they may have to go.
    pub host_states: Vec<String>,
    /// The rooms of those states here.
    pub host_rooms: Vec<String>,
    /// Whom it follows.
    pub target: Option<TargetWire>,
    /// Where the target was last seen.
    pub sighting: Option<SightingWire>,
    /// The units assigned.
    pub units: Vec<String>,
    /// What the host granted last, while it did not take it back.
    pub authorisation: Option<AuthorisationWire>,
    /// Where hosts refused, or took back what they had granted, in the order in which it was entered.
    pub refusals: Vec<HostRefusedWire>,
    /// Of a joint patrol: where.
    pub patrol: Option<PatrolWire>,
    /// Whether it belongs to an exercise.
    pub exercise: bool,
    /// The rules and profiles that it rests on, of one of this room; null of a partner's.
    pub rests_on: Option<RestsOnWire>,
    /// Who opened it.
    pub opened_by: PersonWire,
    /// When.
    pub opened_at: String,
    /// Grows with each change: the `ETag`.
    #[ts(type = "number")]
    pub version: u64,
    /// When, by whom and why it was closed.
    pub closed: Option<ClosedWire>,
    /// The partner rooms that see it.
    pub shared_with: Vec<String>,
    /// The unit that has the target in sight.
    pub eyes: Option<String>,
    /// The unit of the other side that wants to take it from that one.
    pub eyes_taken_by: Option<String>,
    /// Partners that name another lead; left out when none does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<DisputePicture>>", optional)]
    pub disputes: Vec<DisputePicture>,
    /// The latest assessment of each unit's crossing, and of the opening.
    pub assessments: Vec<AssessmentPicture>,
    /// Its notices.
    pub notices: Vec<NoticePicture>,
    /// Its clocks.
    pub clocks: Vec<ClockPicture>,
    /// How far its units went of what a pursuit may, by unit and host.
    pub limits: Vec<LimitPicture>,
    /// How its units can be recognised as police, as persons ticked.
    pub recognised: Vec<RecognisableWire>,
    /// Who is or was held in each host state; the newest of each.
    pub held: Vec<HeldPicture>,
    /// What host states permitted of its technical sources, as persons entered it.
    pub trackers: Vec<PermissionPicture>,
    /// Whether the offence may lead to extradition, as a person judged.
    pub extraditable: Option<bool>,
    /// Why the host could not be asked or told before.
    pub grounds: Option<String>,
    /// Of a pursuit after an evaded check: where that was.
    pub evaded_check: Option<EvadedCheckWire>,
    /// What one person wants it to rest on, until a second one wants the same.
    pub resting_anew: Option<RestingAnewPicture>,
    /// How far its report has come.
    pub report: ReportPicture,
    /// Why everything must stop now.
    pub must_stop: Option<String>,
}

/// How far a unit went of what a pursuit may, and when that was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct LimitPicture {
    /// When.
    pub at: String,
    /// How far.
    #[serde(flatten)]
    pub limit: LimitWire,
}

/// When, by whom and why an operation was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ClosedWire {
    /// When.
    pub at: String,
    /// By whom.
    pub by: PersonWire,
    /// Why.
    pub reason: String,
    /// How it ended; `null` when nobody said.
    pub outcome: Option<String>,
}

/// An assessment on the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AssessmentPicture {
    /// When.
    pub at: String,
    /// Which unit crossed; null for the opening.
    pub unit: Option<String>,
    /// Which crossing.
    pub crossing: Option<String>,
    /// `no_obstacle` or `stop`.
    pub verdict: String,
    /// Every condition looked at.
    pub findings: Vec<FindingWire>,
    /// What is owed.
    pub duties: Vec<DutyWire>,
}

/// A notice on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct NoticePicture {
    /// Its id.
    pub id: String,
    /// `notice_of_crossing`, `request`.
    pub duty: String,
    /// To which room.
    pub to: String,
    /// `owed`, `draft`, `ready`, `sent`, `failed`, `delivered`, `seen`; `voice` when it was given by telephone, which counts as read;
    /// `answered` once the host answered it; `withdrawn` when what it was owed for did not happen.
    pub status: String,
    /// Since when it is owed; null while the crossing is only expected.
    pub owed_since: Option<String>,
    /// What it says.
    pub fields: Option<NoticeFieldsWire>,
    /// When it was last drafted.
    pub drafted_at: Option<String>,
    /// When it was sent.
    pub sent_at: Option<String>,
    /// By whom.
    pub sent_by: Option<PersonWire>,
    /// When the partner's machine had it.
    pub delivered_at: Option<String>,
    /// When a person of the partner read it.
    pub seen_at: Option<String>,
    /// Who; of a call, who wrote it down.
    pub seen_by: Option<PersonWire>,
    /// The call by which the host said that it was read, where it has no room here.
    pub seen_call: Option<CallWire>,
    /// What the host answered, oldest first.
    pub answers: Vec<AnsweredPicture>,
    /// To whom, under which number and when it was given by telephone, and who wrote that down.
    pub voice: Option<GivenByVoice>,
    /// The channels by which it was sent beside the other room: `email`, `webhook`.
    pub channels: Vec<String>,
    /// What was tried by them, oldest first; of a partner's notice, nothing.
    pub attempts: Vec<AttemptPicture>,
    /// When every channel had failed, until it is sent again or delivered.
    pub failed_at: Option<String>,
    /// What the last one said.
    pub failed_because: Option<String>,
    /// When it was last sent once more after that.
    pub sent_again_at: Option<String>,
    /// What it says in the languages of both states, the sender's first, as it was told; empty before, and of what an
    /// earlier version told. `GET …/notices/{notice}` writes a draft out too.
    pub texts: Vec<WrittenWire>,
}

/// A clock on the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ClockPicture {
    /// `consent`, `authorisation_window`, `pursuit_period`.
    pub clock: String,
    /// The host state.
    pub host: String,
    /// From when.
    pub starts: String,
    /// Until when.
    pub ends: String,
    /// On what it rests.
    pub citation: CitationWire,
    /// `running`, `expired`, `stopped`.
    pub status: String,
    /// Why it stopped or what must happen now.
    pub because: Option<String>,
}
