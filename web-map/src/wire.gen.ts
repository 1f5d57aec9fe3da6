// Generated from src/wire by `LIMES_WRITE_WIRE=1 cargo test --lib wire::typescript`. Never edited by hand.

export type Place = { 
/**
 * `HU`, `DE|LU`, `-`.
 */
states: string, 
/**
 * `inside`, `frontier`, `disputed`, `outside`.
 */
certainty: string, 
/**
 * The nearest land frontier, `HU-RO`.
 */
frontier: string | null, 
/**
 * The distance to it.
 */
distance_m: number | null, };

export type PersonWire = { 
/**
 * The account.
 */
account: string, 
/**
 * Its room.
 */
room: string, };

export type RoomWire = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its state.
 */
state: string, };

export type UnitCardWire = { 
/**
 * Its id.
 */
unit: string, 
/**
 * Its room.
 */
room: string, 
/**
 * Its state.
 */
state: string, 
/**
 * `vehicle`, `officer`, …
 */
unit_kind: string, 
/**
 * Its call sign.
 */
callsign: string, 
/**
 * `uniform`, `marked_car`, `covert`.
 */
marks: string | null, };

export type CitationWire = { 
/**
 * `law`, `treaty`, `profile`, `exercise`.
 */
origin: string, 
/**
 * Instrument and article.
 */
instrument: string, 
/**
 * Source ids of the rule data.
 */
sources: Array<string>, 
/**
 * `high`, `medium`, `low`, `unknown`.
 */
confidence: string, 
/**
 * The version of the rules.
 */
rules_version: number, };

export type FindingWire = { 
/**
 * A stable word.
 */
condition: string, 
/**
 * `met`, `not_met`, `unknown`.
 */
answer: string, 
/**
 * One sentence.
 */
sentence: string, 
/**
 * On what it rests.
 */
citation: CitationWire, 
/**
 * Whether it stops nothing when it is not met, and only warns.
 */
warns?: boolean, };

export type DutyWire = { 
/**
 * `notice_of_crossing`, `request`, `report`.
 */
duty: string, 
/**
 * When, in the law's own word.
 */
when: string, 
/**
 * On what it rests.
 */
citation: CitationWire, };

export type ClockSpecWire = { 
/**
 * `consent`, `authorisation_window`, `pursuit_period`.
 */
clock: string, 
/**
 * From when it counts.
 */
starts: string, 
/**
 * When it is over.
 */
ends: string, 
/**
 * On what it rests.
 */
citation: CitationWire, };

export type AssessmentWire = { 
/**
 * `no_obstacle` or `stop`.
 */
verdict: string, 
/**
 * Every condition looked at.
 */
findings: Array<FindingWire>, 
/**
 * What is owed.
 */
duties: Array<DutyWire>, 
/**
 * Which clocks run.
 */
clocks: Array<ClockSpecWire>, };

export type AirspaceWire = { 
/**
 * A ring of points, or wherever the document holds.
 */
area: Array<[number, number]> | null, 
/**
 * No higher than this above the ellipsoid, as fixes give it.
 */
altitude_max_m: number | null, };

export type AuthorisationWire = { 
/**
 * The document's number.
 */
number: string, 
/**
 * From when, inclusive.
 */
from: string, 
/**
 * Until when, exclusive.
 */
to: string, 
/**
 * Conditions, in the words of the document.
 */
conditions: string, 
/**
 * The host state that granted it; may be left out while the operation names one only.
 */
state: string | null, 
/**
 * Where it lets a drone fly; left out when it says nothing of drones.
 */
drone?: AirspaceWire, };

export type TargetWire = { 
/**
 * Its code.
 */
id: string, 
/**
 * A description fit for the air.
 */
description: string, };

export type PatrolWire = { 
/**
 * The host state.
 */
state: string, 
/**
 * A ring of points, or the whole state.
 */
area: Array<[number, number]> | null, };

export type FrontierDistanceWire = { 
/**
 * The host state.
 */
host: string, 
/**
 * The shortest distance to its frontier with the requesting state; null where the two have none on land.
 */
distance_m: number | null, };

export type EvadedCheckWire = { 
/**
 * Where.
 */
point: [number, number], 
/**
 * By host; empty in an order.
 */
frontiers: Array<FrontierDistanceWire>, };

export type AmendmentWire = { 
/**
 * The offence, by its id in the rule data.
 */
offence?: string | null, 
/**
 * Whether it may lead to extradition, as a person judged.
 */
extraditable?: boolean | null, 
/**
 * `suspect`, `contact`.
 */
person_category?: string | null, 
/**
 * Why the host could not be asked or told before.
 */
grounds?: string | null, 
/**
 * More states that may have to be entered.
 */
more_hosts?: Array<string>, 
/**
 * Why it is corrected.
 */
because: string, };

export type RecognisableWire = { 
/**
 * Which unit.
 */
unit: string, 
/**
 * `uniform`, `armband`, `vehicle_fittings`, `nothing`.
 */
by: string, };

export type HostRefusedWire = { 
/**
 * The host state.
 */
host: string, 
/**
 * `refused`, `withdrawn`.
 */
kind: string, 
/**
 * When it said so; exactly then nothing granted before holds any more.
 */
at: string, 
/**
 * Who said it, by name or office.
 */
said_by: string, 
/**
 * Why, in the words of the host.
 */
because: string, };

export type DetainedWire = { 
/**
 * The host state.
 */
host: string, 
/**
 * From when.
 */
since: string, 
/**
 * Which unit holds the person; null when officers of the host do.
 */
unit: string | null, 
/**
 * Whether the person is a national of the host state; null when nobody said, which counts as no.
 */
host_national: boolean | null, 
/**
 * What the law said of it when it was recorded; empty in an order.
 */
findings: Array<FindingWire>, };

export type DetentionStepWire = { 
/**
 * The host state.
 */
host: string, 
/**
 * `handed_over`, `arrest_requested`, `released`.
 */
step: string, 
/**
 * When.
 */
at: string, 
/**
 * To whom the person was handed, or the number of the request.
 */
note: string, };

export type ChangedWire = { 
/**
 * The units assigned from now on.
 */
units: Array<string> | null, 
/**
 * An authorisation that came in, or changed.
 */
authorisation: AuthorisationWire | null, 
/**
 * A host refused, or took back what it had granted.
 */
host_refused?: HostRefusedWire | null, 
/**
 * How the officers of a unit can be recognised as police.
 */
recognisable?: RecognisableWire | null, 
/**
 * A mistake of the opening, corrected.
 */
amendment?: AmendmentWire | null, 
/**
 * One of two persons wants it to rest on the rules and profiles of then.
 */
resting_anew?: RestingAnewWire | null, 
/**
 * A person is held in a host state.
 */
detained?: DetainedWire | null, 
/**
 * What became of the person held.
 */
detention_step?: DetentionStepWire | null, };

export type AlarmSubjectWire = { 
/**
 * Which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string | null, 
/**
 * Which notice.
 */
notice: string | null, 
/**
 * Which host state.
 */
host: string | null, 
/**
 * Which room in another service; left out of alarms of anything else.
 */
room?: string, };

export type RaisedWire = { 
/**
 * Its id: the code and a number.
 */
alarm: string, 
/**
 * The code of the list, such as `A02`.
 */
code: string, 
/**
 * 1, 2 or 3.
 */
priority: number, 
/**
 * Since when the fact holds.
 */
since: string, 
/**
 * What, who and where, in one sentence.
 */
sentence: string, 
/**
 * What to do.
 */
action: string, 
/**
 * Which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string | null, 
/**
 * Which notice.
 */
notice: string | null, 
/**
 * Which host state.
 */
host: string | null, 
/**
 * Which room in another service; left out of alarms of anything else.
 */
room?: string, };

export type ShelfWire = { 
/**
 * Who.
 */
by: PersonWire, 
/**
 * Until when.
 */
until: string, 
/**
 * Why.
 */
reason: string, };

export type OfAlarmWire = { 
/**
 * Its id.
 */
alarm: string, 
/**
 * The code of the list.
 */
code: string, 
/**
 * Which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string | null, 
/**
 * Which notice.
 */
notice: string | null, 
/**
 * Which host state.
 */
host: string | null, 
/**
 * Which room in another service; left out of alarms of anything else.
 */
room?: string, };

export type OperationCardWire = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The room that opened it.
 */
room: string, 
/**
 * `40(1)`, `40(2)`, `pursuit_flagrante`, `pursuit_escape`, `pursuit_evaded_check`, `joint_patrol`.
 */
basis: string, 
/**
 * `criminal_investigation`, `preventive`, `customs`.
 */
purpose: string, 
/**
 * By its id in the rule data.
 */
offence: string, 
/**
 * `suspect`, `contact`.
 */
person_category: string, 
/**
 * Whose officers.
 */
requesting_state: string, 
/**
 * Where they may have to go.
 */
host_states: Array<string>, 
/**
 * The rooms of those states here.
 */
host_rooms: Array<string>, 
/**
 * Whom it follows.
 */
target: TargetWire | null, 
/**
 * The units assigned.
 */
units: Array<string>, 
/**
 * What the host granted.
 */
authorisation: AuthorisationWire | null, 
/**
 * Of a joint patrol: where.
 */
patrol: PatrolWire | null, 
/**
 * Whether the offence may lead to extradition, as a person judged.
 */
extraditable?: boolean | null, 
/**
 * Why the host could not be asked or told before.
 */
grounds?: string | null, 
/**
 * Of a pursuit after an evaded check: where that was.
 */
evaded_check?: EvadedCheckWire | null, 
/**
 * Whether it belongs to an exercise.
 */
exercise: boolean, 
/**
 * Who opened it.
 */
opened_by: PersonWire, };

export type SightingWire = { 
/**
 * When.
 */
seen_at: string, 
/**
 * Degrees north.
 */
lat: number, 
/**
 * Degrees east.
 */
lon: number, 
/**
 * How far the true place may be.
 */
accuracy_m: number, 
/**
 * `unit`, `voice`, `followed`.
 */
source: string, 
/**
 * Which unit sees it.
 */
by_unit: string | null, 
/**
 * Degrees, when known.
 */
course_deg: number | null, 
/**
 * Metres a second, when known.
 */
speed_mps: number | null, 
/**
 * `HU`, `DE|LU`, `-`.
 */
states: string, 
/**
 * `inside`, `frontier`, `disputed`, `outside`.
 */
certainty: string, 
/**
 * The nearest land frontier, `HU-RO`.
 */
frontier: string | null, 
/**
 * The distance to it.
 */
distance_m: number | null, };

export type NoticeCrossingWire = { 
/**
 * Which unit.
 */
unit: string, 
/**
 * Its call sign.
 */
callsign: string, 
/**
 * What it is.
 */
unit_kind: string, 
/**
 * How it can be recognised.
 */
marks: string | null, 
/**
 * The crossing, once it happened.
 */
crossing: string | null, 
/**
 * Where.
 */
point: [number, number], 
/**
 * Not before.
 */
earliest: string, 
/**
 * Most likely.
 */
likely: string, 
/**
 * Whether it is only expected.
 */
expected: boolean, 
/**
 * Whether it is taken back: it was told, and did not happen.
 */
taken_back: boolean, };

export type NoticeFieldsWire = { 
/**
 * The operation.
 */
operation: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The provision.
 */
basis: string, 
/**
 * Whose officers.
 */
requesting_state: string, 
/**
 * To which state.
 */
host_state: string, 
/**
 * The offence.
 */
offence: string, 
/**
 * Who is followed.
 */
person_category: string, 
/**
 * The authorisation's number.
 */
authorisation: string | null, 
/**
 * Why it could not be asked for beforehand.
 */
grounds: string | null, 
/**
 * Who crossed, or is about to.
 */
crossings: Array<NoticeCrossingWire>, 
/**
 * The notice sent before that this one corrects.
 */
amends: string | null, 
/**
 * What is still missing.
 */
missing: Array<string>, };

export type WrittenWire = { 
/**
 * `en`, `de`, `fr`, `hu`, `ro`, `bg`.
 */
language: string, 
/**
 * The text, of several lines.
 */
text: string, };

export type CallWire = { 
/**
 * The person spoken to, by the name that was given.
 */
name: string, 
/**
 * The number that was called.
 */
number: string, 
/**
 * When they spoke.
 */
at: string, 
/**
 * The call's reference in a log of calls; `null` when nobody noted one.
 */
reference: string | null, };

export type GivenByVoice = { 
/**
 * Who wrote it down.
 */
by: PersonWire, 
/**
 * The person spoken to, by the name that was given.
 */
name: string, 
/**
 * The number that was called.
 */
number: string, 
/**
 * When they spoke.
 */
at: string, 
/**
 * The call's reference in a log of calls; `null` when nobody noted one.
 */
reference: string | null, };

export type HostAnswerWire = { 
/**
 * The person who answered, by the name that was given.
 */
name: string, 
/**
 * When.
 */
answered_at: string, 
/**
 * `yes`, `no`, `other`: as the person who wrote it down understood it.
 */
answer: string, 
/**
 * The words.
 */
words: string, };

export type AnsweredPicture = { 
/**
 * Who wrote it down.
 */
by: PersonWire, 
/**
 * The person who answered, by the name that was given.
 */
name: string, 
/**
 * When.
 */
answered_at: string, 
/**
 * `yes`, `no`, `other`: as the person who wrote it down understood it.
 */
answer: string, 
/**
 * The words.
 */
words: string, };

export type AttemptWire = { 
/**
 * `email` or `webhook`.
 */
channel: string, 
/**
 * The how manyth of this notice by this channel, from 1.
 */
number: number, 
/**
 * To which address: a mail address, or a web address without its path.
 */
address: string, 
/**
 * Whether the far side's machine took it.
 */
delivered: boolean, 
/**
 * What it said, or why it could not be asked.
 */
said: string, 
/**
 * When it is tried again; null when it was delivered, and after the last attempt.
 */
next_at: string | null, };

export type AttemptPicture = { 
/**
 * When it was over.
 */
at: string, 
/**
 * `email` or `webhook`.
 */
channel: string, 
/**
 * The how manyth of this notice by this channel, from 1.
 */
number: number, 
/**
 * To which address: a mail address, or a web address without its path.
 */
address: string, 
/**
 * Whether the far side's machine took it.
 */
delivered: boolean, 
/**
 * What it said, or why it could not be asked.
 */
said: string, 
/**
 * When it is tried again; null when it was delivered, and after the last attempt.
 */
next_at: string | null, };

export type ReachedWire = { 
/**
 * A room, or a state by its code.
 */
to: string, 
/**
 * `email`, `webhook`.
 */
channels: Array<string>, };

export type LikelyCrossingWire = { 
/**
 * Its name.
 */
name: string, 
/**
 * Where it lies on the frontier.
 */
point: [number, number], 
/**
 * How probable it is, from 0 to 1, that the unit, if it crosses this frontier next, does so there.
 */
probability: number, 
/**
 * Straight and at recent motion.
 */
eta_s: number, };

export type ApproachWire = { 
/**
 * Which unit.
 */
unit: string, 
/**
 * The states it is in.
 */
from: string, 
/**
 * The states beyond.
 */
to: string, 
/**
 * Which frontier.
 */
frontier: string, 
/**
 * Along the predicted way.
 */
distance_m: number, 
/**
 * At recent motion.
 */
eta_s: number, 
/**
 * The least.
 */
eta_earliest_s: number, 
/**
 * The most.
 */
eta_latest_s: number, 
/**
 * Where.
 */
point: [number, number], 
/**
 * Of a unit on the road, the named crossing points it may be on its way to, the likeliest first, at most four. Left
 * out when there is none; what is missing to 1 is elsewhere.
 */
crossings?: Array<LikelyCrossingWire>, };

export type WeighedFixWire = { 
/**
 * Device time.
 */
fixed_at: string, 
/**
 * Distance beyond the line; negative is before it.
 */
beyond_m: number, 
/**
 * The accuracy used.
 */
accuracy_m: number, };

export type WhyWire = { 
/**
 * The rule and its version.
 */
rule: string, 
/**
 * The fixes weighed.
 */
fixes: Array<WeighedFixWire>, };

export type CrossingWire = { 
/**
 * Its id.
 */
crossing: string, 
/**
 * Whose.
 */
unit: string, 
/**
 * The states left.
 */
from: string, 
/**
 * The states entered.
 */
to: string, 
/**
 * On the frontier.
 */
point: [number, number], 
/**
 * Not before.
 */
earliest: string, 
/**
 * Most likely.
 */
likely: string, 
/**
 * Not after.
 */
latest: string, 
/**
 * How far the true place may be.
 */
position_error_m: number, 
/**
 * How far the true frontier may be; null is not established.
 */
border_error_m: number | null, 
/**
 * The border data set.
 */
border_set: string, 
/**
 * Whether it lies in a gap between fixes.
 */
inferred: boolean, 
/**
 * Why.
 */
why: WhyWire, };

export type SilenceWire = { 
/**
 * Which unit.
 */
unit: string, 
/**
 * Since its last fix.
 */
since: string, 
/**
 * How far it may have come.
 */
radius_m: number, 
/**
 * The states within that reach.
 */
reach: string, };

export type DeviceWire = { "is": "battery_low", 
/**
 * How full it is, per cent.
 */
percent: number, } | { "is": "battery_fine" } | { "is": "inaccurate", 
/**
 * The radius of the 68 % circle.
 */
accuracy_m: number, } | { "is": "accurate" } | { "is": "behind", 
/**
 * When it recorded the fix that is told of, by its own clock.
 */
recorded_at: string, };

export type StandOffWire = { 
/**
 * Which unit.
 */
unit: string, 
/**
 * The states it is in.
 */
from: string, 
/**
 * The states beyond, whose rules do not let it in.
 */
to: string, 
/**
 * How far from the line; when it will be over it, straight to where.
 */
distance_m: number, 
/**
 * How far away it is to keep, as was agreed.
 */
stand_off_m: number, 
/**
 * When it will be over the line as it goes; null when it is only near.
 */
over_at: string | null, 
/**
 * The first condition that is not met.
 */
condition: string, 
/**
 * What stands against it, in one sentence.
 */
sentence: string, 
/**
 * On what that rests.
 */
citation: CitationWire | null, };

export type TrackerPermissionWire = { 
/**
 * Which source.
 */
unit: string, 
/**
 * Which state.
 */
state: string, 
/**
 * The number of its document.
 */
number: string, 
/**
 * From when, inclusive.
 */
from: string, 
/**
 * Until when, exclusive.
 */
to: string, };

export type PermissionEnteredWire = { 
/**
 * In which operation.
 */
operation: string | null, 
/**
 * What.
 */
permission: TrackerPermissionWire, 
/**
 * Who.
 */
by: PersonWire, 
/**
 * As what: `supervisor` or `legal`.
 */
role: string, };

export type ClockWire = { 
/**
 * Whose.
 */
operation: string | null, 
/**
 * `consent`, `authorisation_window`, `pursuit_period`.
 */
clock: string, 
/**
 * The host state.
 */
host: string, 
/**
 * From when.
 */
starts: string, 
/**
 * Until when.
 */
ends: string, 
/**
 * `law`, `treaty`, `profile`, `exercise`.
 */
origin: string, 
/**
 * On what it rests.
 */
citation: CitationWire, };

export type LimitWire = { 
/**
 * Of which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string, 
/**
 * In which host state.
 */
host: string, 
/**
 * The stage reached: `within`, `near`, `nearly_reached`, `exceeded`; `null` when an earlier version recorded it.
 */
stage: string | null, 
/**
 * The share from which that stage counts, per cent: 0, 80, 95, 100 unless a profile says otherwise.
 */
percent: number, 
/**
 * The shortest distance to the common frontier.
 */
measured_m: number, 
/**
 * The accuracy of the fix it was measured at.
 */
accuracy_m: number, 
/**
 * How far it may be.
 */
max_m: number, 
/**
 * All that in one sentence.
 */
sentence: string, 
/**
 * Where the limit comes from: `law`, `treaty`, `profile`, `exercise`.
 */
origin: string, 
/**
 * Where the share comes from.
 */
stages_origin: string, 
/**
 * Whether a profile says it; else it is the workflow's default.
 */
stages_agreed: boolean, 
/**
 * On what the limit rests.
 */
citation: CitationWire, };

export type ReportedFixWire = { 
/**
 * The unit it names.
 */
unit: string, 
/**
 * The device.
 */
source: string, 
/**
 * Device time.
 */
fixed_at: string, 
/**
 * As posted.
 */
lat: number, 
/**
 * As posted.
 */
lon: number, 
/**
 * As posted.
 */
accuracy_m: number | null, 
/**
 * As posted.
 */
speed_mps: number | null, 
/**
 * As posted.
 */
course_deg: number | null, 
/**
 * As posted.
 */
altitude_m: number | null, 
/**
 * As posted.
 */
battery_pct: number | null, };

export type StatementWire = { 
/**
 * `weapons_used`, `force_used`, `injuries`, `damage`, `objects`, `why_ended`, `remark`.
 */
topic: string, 
/**
 * What, in the person's words.
 */
text: string, 
/**
 * In which language, such as `hu`; `null` when it was not said.
 */
language: string | null, };

export type SignedReportWire = { 
/**
 * The SHA-256 of its facts.
 */
facts: string, 
/**
 * The room's public key: 64 hexadecimal digits (Ed25519).
 */
key: string, 
/**
 * The signature over the bytes of the document: 128 hexadecimal digits.
 */
signature: string, 
/**
 * The document, word for word.
 */
document: string, };

export type ProfileVersionWire = { 
/**
 * Whose: two states, as `HU-RO`.
 */
pair: string, 
/**
 * The version that they gave it.
 */
version: number, 
/**
 * The SHA-256 of the bytes that both signed.
 */
digest: string, };

export type ExpectedAtWire = { 
/**
 * Its name.
 */
name: string, 
/**
 * Where it is, when it is known.
 */
point: [number, number] | null, 
/**
 * In parts of a hundred; `null` when a person chose it.
 */
percent: number | null, };

export type ExpectedWire = { 
/**
 * Not before.
 */
earliest: string, 
/**
 * Most likely.
 */
likely: string, 
/**
 * Not after.
 */
latest: string, };

export type TermsWire = { 
/**
 * Where the crossing is expected; the likeliest first.
 */
crossing_points: Array<ExpectedAtWire>, 
/**
 * When the target is expected over the line.
 */
expected: ExpectedWire | null, 
/**
 * How far beyond the line the lead is to pass, metres along the way: 0 at the line, negative before it.
 */
transfer_at_m: number | null, 
/**
 * The unit of the room that takes the lead which takes the target.
 */
takes_eyes: string | null, 
/**
 * The units of the room that hands over which enter.
 */
units: Array<string>, 
/**
 * How far beyond the line they may stay with the target after the lead has passed, metres.
 */
overlap_m: number | null, 
/**
 * And how long, seconds.
 */
overlap_s: number | null, 
/**
 * By which way rooms and units speak.
 */
voice: string | null, };

export type SaidWire = { 
/**
 * The version of this form.
 */
schema: number, 
/**
 * The same message sent again has the same.
 */
id: string, 
/**
 * About which operation.
 */
operation: string, 
/**
 * `NTF`, `PRO`, `ACP` …
 */
code: string, 
/**
 * How often the lead has passed, as the sender knew it, from 1.
 */
epoch: number, 
/**
 * Which room said it.
 */
from: string, 
/**
 * To which.
 */
to: string, 
/**
 * Which person; `null` when a machine said it.
 */
by: PersonWire | null, 
/**
 * When, by the sender's clock.
 */
at: string, 
/**
 * The message that it answers.
 */
reply_to: string | null, 
/**
 * The how manyth message of this sender to this receiver.
 */
number: number, 
/**
 * The rules that the sender's side of the operation rests on.
 */
rules: RulesVersionWire | null, 
/**
 * The profile of the two states that it rests on.
 */
profile: ProfileVersionWire | null, 
/**
 * The retention class of what it tells.
 */
retention: string, 
/**
 * When it is to be deleted; `null` when that follows from the class.
 */
delete_at: string | null, 
/**
 * The call by which it was said, when it was not sent.
 */
call?: CallWire, 
/**
 * Of `NTF`, `PRO`, `RVN`, `RVR`, `CDN`: the terms.
 */
terms?: TermsWire, 
/**
 * Of `ACP`: the SHA-256 of the bytes of the message that it accepts.
 */
accepts?: string, 
/**
 * Of `SBY`: who is deciding.
 */
who?: string, 
/**
 * Of `SBY`: by when. Of `EXT`: until when it is asked for.
 */
until?: string, 
/**
 * Of `RJC` (`no_unit`, `no_basis`, `safety`, `area`, `other`) and `ABR` (`route`, `cancel`, `stop`, `hold`,
 * `target_lost`, `other`): why. Of `LRM`: the guard.
 */
reason?: string, 
/**
 * The words that go with it.
 */
words?: string, 
/**
 * Of `TXT`: their language, such as `hu`.
 */
language?: string, 
/**
 * Of `ABR`: what is left, `nothing`, `notice`, `agreement`.
 */
back_to?: string, 
/**
 * Of `EYE`: which unit.
 */
unit?: string, 
/**
 * Of `EYE`: `has`, `lost`, `hands`, `takes`.
 */
eyes?: string, 
/**
 * Of `REL`: which units.
 */
units?: Array<string>, 
/**
 * Of `XNG` and `RQA`: which notice.
 */
notice?: string, 
/**
 * What it says.
 */
fields?: NoticeFieldsWire, 
/**
 * The same in the languages of both states.
 */
texts?: Array<WrittenWire>, 
/**
 * Of `AUT`: what is granted.
 */
authorisation?: AuthorisationWire, 
/**
 * Of `AUT`: that it is refused, or taken back.
 */
host_refused?: HostRefusedWire, };

export type AgreementWire = { 
/**
 * The message that was accepted.
 */
message: string, 
/**
 * The SHA-256 of its bytes.
 */
digest: string, 
/**
 * What was agreed.
 */
terms: TermsWire, 
/**
 * Since when.
 */
since: string, };

export type ProposalWire = { 
/**
 * The message.
 */
message: string, 
/**
 * The SHA-256 of its bytes: what an acceptance names.
 */
digest: string, 
/**
 * The room that proposes; the other one answers.
 */
by: string, 
/**
 * Since when.
 */
at: string, 
/**
 * What is proposed.
 */
terms: TermsWire, };

export type StandByWire = { 
/**
 * Who.
 */
who: string, 
/**
 * By when it is promised.
 */
until: string, };

export type WithdrawalWire = { 
/**
 * The message.
 */
message: string, 
/**
 * By which room.
 */
by: string, 
/**
 * What is left then: `nothing`, `notice`, `agreement`.
 */
back_to: string, };

export type OfferWire = { 
/**
 * The message.
 */
message: string, 
/**
 * The epoch that ends when it is assumed.
 */
epoch: number, 
/**
 * Since when.
 */
at: string, };

export type UnreceiptedWire = { 
/**
 * Which.
 */
message: string, 
/**
 * Its code.
 */
code: string, 
/**
 * Since when.
 */
at: string, };

export type HandoverWire = { 
/**
 * The other room.
 */
partner: string, 
/**
 * The room that hands the lead over.
 */
giver: string, 
/**
 * `idle`, `notified`, `proposed`, `stand_by`, `countered`, `agreed`, `transferring`, `passed`.
 */
phase: string, 
/**
 * Since when.
 */
since: string, 
/**
 * What was notified of the crossing to come.
 */
notified: TermsWire | null, 
/**
 * What both agreed on: in force until something else is.
 */
agreed: AgreementWire | null, 
/**
 * What is proposed and waits for an answer.
 */
proposed: ProposalWire | null, 
/**
 * In what the proposed terms differ from the agreed ones.
 */
changes: Array<string>, 
/**
 * How often terms were countered in this round of talks.
 */
counters: number, 
/**
 * Who is deciding.
 */
stand_by: StandByWire | null, 
/**
 * What is being taken back, until a person of the other room has read that.
 */
withdrawing: WithdrawalWire | null, 
/**
 * The message by which the lead is asked for.
 */
requested: string | null, 
/**
 * The lead is offered.
 */
offered: OfferWire | null, 
/**
 * What this room said and the other room's machine has not confirmed.
 */
unreceipted: Array<UnreceiptedWire>, 
/**
 * Which rooms have closed their side.
 */
closed_by: Array<string>, };

export type LeadWire = { 
/**
 * The room.
 */
room: string, 
/**
 * From 1.
 */
epoch: number, 
/**
 * Since when.
 */
since: string, };

export type EnvelopeWire = { 
/**
 * What the signature covers, as it was sent.
 */
bytes: string, 
/**
 * The signature over it (Ed25519, hexadecimal).
 */
signature: string, 
/**
 * By which key it is checked.
 */
key_id: string, 
/**
 * The SHA-256 of the bytes, hexadecimal.
 */
digest: string, };

export type SaidEventWire = { 
/**
 * About which operation.
 */
operation: string | null, 
/**
 * The other room.
 */
partner: string, 
/**
 * `sent`, `received`.
 */
direction: string, 
/**
 * What it says.
 */
message: SaidWire, 
/**
 * The same as it travels.
 */
envelope: EnvelopeWire, 
/**
 * How far the two rooms are after it, as this room knows it.
 */
state: HandoverWire, };

export type LeadMovedWire = { 
/**
 * Of which operation.
 */
operation: string | null, 
/**
 * With which room that was settled.
 */
partner: string, 
/**
 * Who leads from now on.
 */
lead: LeadWire, 
/**
 * Who assumed it.
 */
by: PersonWire | null, 
/**
 * By which message.
 */
message: string, };

export type LeadDisputedWire = { 
/**
 * Of which operation.
 */
operation: string | null, 
/**
 * Which partner.
 */
partner: string, 
/**
 * Which room leads, as it says.
 */
room: string, 
/**
 * In which epoch.
 */
epoch: number, };

export type EyesTakenWire = { 
/**
 * Of which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string | null, };

export type RecallWire = { 
/**
 * Of which operation.
 */
operation: string | null, 
/**
 * The room that ordered it.
 */
room: string, 
/**
 * The message.
 */
message: string, 
/**
 * Who of that room.
 */
by: PersonWire, 
/**
 * Why, in words.
 */
words: string, 
/**
 * The units that must turn.
 */
units: Array<string>, };

export type RecallAnswerWire = { 
/**
 * Of which operation.
 */
operation: string | null, 
/**
 * The message.
 */
message: string, 
/**
 * The person of the units' own room.
 */
by: PersonWire | null, 
/**
 * The unit.
 */
unit: string | null, };

export type HeardPicture = { 
/**
 * `sent`, `received`.
 */
direction: string, 
/**
 * When it was sent, or came.
 */
at: string, 
/**
 * What it says.
 */
message: SaidWire, 
/**
 * The SHA-256 of its bytes.
 */
digest: string, 
/**
 * When the other room's machine confirmed it: of what this room said.
 */
receipted_at: string | null, 
/**
 * Why a machine refused it.
 */
unfit: string | null, 
/**
 * Which person of the room that received it has read it.
 */
read_by: PersonWire | null, 
/**
 * When.
 */
read_at: string | null, };

export type DialoguePicture = { 
/**
 * How far they are.
 */
state: HandoverWire, 
/**
 * What was said, oldest first; without the machines' receipts.
 */
messages: Array<HeardPicture>, };

export type RecalledUnit = { 
/**
 * Which.
 */
unit: string, 
/**
 * When it said that it will; `null`: not yet.
 */
wilco_at: string | null, };

export type RecallPicture = { 
/**
 * `cease`, `release`.
 */
kind: string, 
/**
 * The room that ordered it.
 */
room: string, 
/**
 * The message.
 */
message: string, 
/**
 * Who of that room.
 */
by: PersonWire, 
/**
 * When it came to the units' own room.
 */
at: string, 
/**
 * Why, in words.
 */
words: string, 
/**
 * The person of the units' own room who has read it.
 */
read_by: PersonWire | null, 
/**
 * When.
 */
read_at: string | null, 
/**
 * The units that must turn.
 */
units: Array<RecalledUnit>, };

export type DisputePicture = { 
/**
 * Which partner.
 */
partner: string, 
/**
 * Which room leads, as it says.
 */
room: string, 
/**
 * In which epoch.
 */
epoch: number, 
/**
 * Since when that is known.
 */
since: string, };

export type RulesVersionWire = { 
/**
 * Their version.
 */
version: number, 
/**
 * The SHA-256 of all that they were read from.
 */
digest: string, };

export type CameraPicture = { 
/**
 * Since when.
 */
since: string, 
/**
 * Over which states.
 */
states: string, };

export type RestsOnWire = { 
/**
 * The rules; null before any were recorded.
 */
rules: RulesVersionWire | null, 
/**
 * The profiles, by pair; of every other pair the workflow's defaults hold.
 */
profiles: Array<ProfileVersionWire>, };

export type RestingAnewWire = { 
/**
 * The rules.
 */
rules: RulesVersionWire, 
/**
 * The profiles, by pair.
 */
profiles: Array<ProfileVersionWire>, 
/**
 * Why.
 */
because: string, 
/**
 * Whether this is the second person: from here on it holds.
 */
holds: boolean, };

export type RestingAnewPicture = { 
/**
 * The first person.
 */
by: PersonWire, 
/**
 * The rules.
 */
rules: RulesVersionWire, 
/**
 * The profiles, by pair.
 */
profiles: Array<ProfileVersionWire>, 
/**
 * Why.
 */
because: string, 
/**
 * Whether this is the second person: from here on it holds.
 */
holds: boolean, };

export type LinkSentWire = { 
/**
 * The partner's room.
 */
partner: string, 
/**
 * The number of the frame.
 */
frame: number, 
/**
 * The unit that it speaks of.
 */
unit: string | null, 
/**
 * The operation that it belongs to.
 */
operation: string | null, 
/**
 * The frame as it travels.
 */
envelope: EnvelopeWire, };

export type LinkConfirmedWire = { 
/**
 * The partner's room.
 */
partner: string, 
/**
 * The last frame.
 */
through: number, };

export type LinkTakenWire = { 
/**
 * The partner's room.
 */
partner: string, 
/**
 * The number of its frame.
 */
frame: number, 
/**
 * The SHA-256 of its bytes, hexadecimal.
 */
digest: string, };

export type LinkMissingWire = { 
/**
 * The partner's room.
 */
partner: string, 
/**
 * Whether this room told them; else the partner did.
 */
told_here: boolean, 
/**
 * The first.
 */
from: number, 
/**
 * The last.
 */
through: number, 
/**
 * The number of the last message of this room that the partner has; 0 where the partner told them.
 */
said: number, };

export type LinkCutWire = { 
/**
 * The partner's room.
 */
partner: string, 
/**
 * Since when.
 */
since: string, 
/**
 * Whether the partner is heard.
 */
hears: boolean, 
/**
 * Whether the partner hears this room.
 */
is_heard: boolean, };

export type LinkPicture = { 
/**
 * The partner's room.
 */
partner: string, 
/**
 * How it is cut; `null` while both hear each other.
 */
cut: LinkCutWire | null, };

export type LinkRefusedWire = { 
/**
 * The partner's room.
 */
partner: string, 
/**
 * Why, as one word: `certificate`, `room`, `operation`, `version`, `key`, `signature`, `form`, `code`,
 * `too_long`.
 */
guard: string, 
/**
 * Why, in one sentence.
 */
sentence: string, };

export type LinkHeadWire = { 
/**
 * The partner's room.
 */
partner: string, 
/**
 * The number of its last record.
 */
head_seq: number, 
/**
 * The hash of that record's header, hexadecimal.
 */
hash: string, 
/**
 * When it was told, by the partner's clock.
 */
told_at: string, };

export type LinkClockWire = { 
/**
 * The partner's room.
 */
partner: string, 
/**
 * By how much it is ahead; 0 when the two are as good as equal again.
 */
by_ms: number, };

export type EventBody = { "kind": "room.added" } & RoomWire | { "kind": "unit.added" } & UnitCardWire | { "kind": "unit.retired", unit: string, } | { "kind": "unit.signed_on", unit: string, } | { "kind": "unit.signed_off", unit: string, } | { "kind": "unit.located", unit: string, 
/**
 * `HU`, `DE|LU`, `-`.
 */
states: string, 
/**
 * `inside`, `frontier`, `disputed`, `outside`.
 */
certainty: string, 
/**
 * The nearest land frontier, `HU-RO`.
 */
frontier: string | null, 
/**
 * The distance to it.
 */
distance_m: number | null, } | { "kind": "border.approaching" } & ApproachWire | { "kind": "border.receding", unit: string, frontier: string, } | { "kind": "crossing.suspected" } & CrossingWire | { "kind": "crossing.confirmed" } & CrossingWire | { "kind": "crossing.retracted", because: string, 
/**
 * Its id.
 */
crossing: string, 
/**
 * Whose.
 */
unit: string, 
/**
 * The states left.
 */
from: string, 
/**
 * The states entered.
 */
to: string, 
/**
 * On the frontier.
 */
point: [number, number], 
/**
 * Not before.
 */
earliest: string, 
/**
 * Most likely.
 */
likely: string, 
/**
 * Not after.
 */
latest: string, 
/**
 * How far the true place may be.
 */
position_error_m: number, 
/**
 * How far the true frontier may be; null is not established.
 */
border_error_m: number | null, 
/**
 * The border data set.
 */
border_set: string, 
/**
 * Whether it lies in a gap between fixes.
 */
inferred: boolean, 
/**
 * Why.
 */
why: WhyWire, } | { "kind": "crossing.revised" } & CrossingWire | { "kind": "unit.silent" } & SilenceWire | { "kind": "unit.may_have_crossed" } & SilenceWire | { "kind": "unit.back", unit: string, } | { "kind": "unit.camera_over", unit: string, states: string, 
/**
 * The ground that it sees, its corners in turn.
 */
ring: Array<[number, number]>, } | { "kind": "unit.device", unit: string, device: DeviceWire, } | { "kind": "border.stand_off_broken" } & StandOffWire | { "kind": "border.breach_predicted" } & StandOffWire | { "kind": "border.stand_off_kept", unit: string, } | { "kind": "tracker.sealed", unit: string, without: string, } | { "kind": "tracker.unsealed", unit: string, } | { "kind": "tracker.permission_entered" } & PermissionEnteredWire | { "kind": "tracker.permitted" } & PermissionEnteredWire | { "kind": "unit.left_coverage", unit: string, } | { "kind": "fix.quarantined", unit: string, reason: string, detail: string, 
/**
 * The fix as posted, where it is kept.
 */
fix: ReportedFixWire | null, } | { "kind": "fix.released", unit: string, reason: string, fixed_at: string, source: string | null, } | { "kind": "unit.acted", unit: string, act: string, key: string, } | { "kind": "operation.opened", operation: string, card: OperationCardWire, } | { "kind": "operation.changed", operation: string, by: PersonWire, 
/**
 * The units assigned from now on.
 */
units: Array<string> | null, 
/**
 * An authorisation that came in, or changed.
 */
authorisation: AuthorisationWire | null, 
/**
 * A host refused, or took back what it had granted.
 */
host_refused?: HostRefusedWire | null, 
/**
 * How the officers of a unit can be recognised as police.
 */
recognisable?: RecognisableWire | null, 
/**
 * A mistake of the opening, corrected.
 */
amendment?: AmendmentWire | null, 
/**
 * One of two persons wants it to rest on the rules and profiles of then.
 */
resting_anew?: RestingAnewWire | null, 
/**
 * A person is held in a host state.
 */
detained?: DetainedWire | null, 
/**
 * What became of the person held.
 */
detention_step?: DetentionStepWire | null, } | { "kind": "operation.closed", operation: string, by: PersonWire, reason: string, 
/**
 * How it ended; `null` when nobody said.
 */
outcome: string | null, } | { "kind": "operation.shared", operation: string, with: string, 
/**
 * Which of its units; `null`: all of them.
 */
units: Array<string> | null, } | { "kind": "law.assessed", operation: string | null, unit: string | null, crossing: string | null, 
/**
 * `no_obstacle` or `stop`.
 */
verdict: string, 
/**
 * Every condition looked at.
 */
findings: Array<FindingWire>, 
/**
 * What is owed.
 */
duties: Array<DutyWire>, 
/**
 * Which clocks run.
 */
clocks: Array<ClockSpecWire>, } | { "kind": "order.refused", operation: string | null, by: PersonWire, order: string, guard: string, sentence: string, citation: CitationWire | null, } | { "kind": "alarm.raised" } & RaisedWire | { "kind": "alarm.reopened" } & AlarmWire | { "kind": "alarm.annunciated", by: PersonWire, 
/**
 * Its id.
 */
alarm: string, 
/**
 * The code of the list.
 */
code: string, 
/**
 * Which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string | null, 
/**
 * Which notice.
 */
notice: string | null, 
/**
 * Which host state.
 */
host: string | null, 
/**
 * Which room in another service; left out of alarms of anything else.
 */
room?: string, } | { "kind": "alarm.acknowledged", by: PersonWire, 
/**
 * Its id.
 */
alarm: string, 
/**
 * The code of the list.
 */
code: string, 
/**
 * Which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string | null, 
/**
 * Which notice.
 */
notice: string | null, 
/**
 * Which host state.
 */
host: string | null, 
/**
 * Which room in another service; left out of alarms of anything else.
 */
room?: string, } | { "kind": "alarm.shelved", 
/**
 * Its id.
 */
alarm: string, 
/**
 * The code of the list.
 */
code: string, 
/**
 * Which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string | null, 
/**
 * Which notice.
 */
notice: string | null, 
/**
 * Which host state.
 */
host: string | null, 
/**
 * Which room in another service; left out of alarms of anything else.
 */
room?: string, 
/**
 * Who.
 */
by: PersonWire, 
/**
 * Until when.
 */
until: string, 
/**
 * Why.
 */
reason: string, } | { "kind": "alarm.returned" } & OfAlarmWire | { "kind": "alarm.cleared" } & OfAlarmWire | { "kind": "notice.owed", operation: string | null, notice: string, duty: string, to: string, since: string, citation: CitationWire, } | { "kind": "notice.drafted", operation: string | null, notice: string, duty: string, to: string, fields: NoticeFieldsWire, } | { "kind": "notice.ready", operation: string | null, notice: string, } | { "kind": "notice.withdrawn", operation: string | null, notice: string, because: string, } | { "kind": "notice.sent", operation: string | null, notice: string, by: PersonWire, duty: string, to: string, fields: NoticeFieldsWire, 
/**
 * The same as it was written out, in the languages of both states; left out when an earlier version told it.
 */
texts?: Array<WrittenWire>, 
/**
 * By which channels beside the other room: `email`, `webhook`; left out when by none.
 */
channels?: Array<string>, } | { "kind": "notice.attempted", operation: string | null, notice: string, 
/**
 * `email` or `webhook`.
 */
channel: string, 
/**
 * The how manyth of this notice by this channel, from 1.
 */
number: number, 
/**
 * To which address: a mail address, or a web address without its path.
 */
address: string, 
/**
 * Whether the far side's machine took it.
 */
delivered: boolean, 
/**
 * What it said, or why it could not be asked.
 */
said: string, 
/**
 * When it is tried again; null when it was delivered, and after the last attempt.
 */
next_at: string | null, } | { "kind": "notice.failed", operation: string | null, notice: string, because: string, } | { "kind": "notice.sent_again", operation: string | null, notice: string, by: PersonWire, channels: Array<string>, } | { "kind": "notice.delivered", operation: string | null, notice: string, } | { "kind": "notice.seen", operation: string | null, notice: string, 
/**
 * Who; of a call, who wrote it down.
 */
by: PersonWire, 
/**
 * The call by which the host said so, where it has no room here; left out when a person of a room did.
 */
call?: CallWire, } | { "kind": "notice.answered", operation: string | null, notice: string, by: PersonWire, 
/**
 * The person who answered, by the name that was given.
 */
name: string, 
/**
 * When.
 */
answered_at: string, 
/**
 * `yes`, `no`, `other`: as the person who wrote it down understood it.
 */
answer: string, 
/**
 * The words.
 */
words: string, } | { "kind": "notice.voice", operation: string | null, notice: string, by: PersonWire, duty: string, to: string, call: CallWire, fields: NoticeFieldsWire, 
/**
 * The same as it was written out, in the languages of both states; left out when an earlier version told it.
 */
texts?: Array<WrittenWire>, } | { "kind": "clock.started" } & ClockWire | { "kind": "clock.revised", because: string, 
/**
 * Whose.
 */
operation: string | null, 
/**
 * `consent`, `authorisation_window`, `pursuit_period`.
 */
clock: string, 
/**
 * The host state.
 */
host: string, 
/**
 * From when.
 */
starts: string, 
/**
 * Until when.
 */
ends: string, 
/**
 * `law`, `treaty`, `profile`, `exercise`.
 */
origin: string, 
/**
 * On what it rests.
 */
citation: CitationWire, } | { "kind": "clock.warned", operation: string | null, clock: string, host: string, left_s: number, 
/**
 * Where the stage comes from.
 */
origin: string, 
/**
 * Whether a profile says it; else it is the workflow's default.
 */
agreed: boolean, } | { "kind": "clock.expired", operation: string | null, clock: string, host: string, because: string, } | { "kind": "clock.stopped", operation: string | null, clock: string, host: string, because: string, } | { "kind": "limit.near" } & LimitWire | { "kind": "limit.exceeded" } & LimitWire | { "kind": "limit.within" } & LimitWire | { "kind": "target.sighted", operation: string | null, target: string, 
/**
 * When.
 */
seen_at: string, 
/**
 * Degrees north.
 */
lat: number, 
/**
 * Degrees east.
 */
lon: number, 
/**
 * How far the true place may be.
 */
accuracy_m: number, 
/**
 * `unit`, `voice`, `followed`.
 */
source: string, 
/**
 * Which unit sees it.
 */
by_unit: string | null, 
/**
 * Degrees, when known.
 */
course_deg: number | null, 
/**
 * Metres a second, when known.
 */
speed_mps: number | null, 
/**
 * `HU`, `DE|LU`, `-`.
 */
states: string, 
/**
 * `inside`, `frontier`, `disputed`, `outside`.
 */
certainty: string, 
/**
 * The nearest land frontier, `HU-RO`.
 */
frontier: string | null, 
/**
 * The distance to it.
 */
distance_m: number | null, } | { "kind": "eyes.moved", operation: string | null, to_unit: string | null, from_unit: string | null, } | { "kind": "handover.ntf" } & SaidEventWire | { "kind": "handover.xng" } & SaidEventWire | { "kind": "handover.rqa" } & SaidEventWire | { "kind": "handover.aut" } & SaidEventWire | { "kind": "handover.pro" } & SaidEventWire | { "kind": "handover.rvn" } & SaidEventWire | { "kind": "handover.rvr" } & SaidEventWire | { "kind": "handover.sby" } & SaidEventWire | { "kind": "handover.cdn" } & SaidEventWire | { "kind": "handover.acp" } & SaidEventWire | { "kind": "handover.rjc" } & SaidEventWire | { "kind": "handover.abr" } & SaidEventWire | { "kind": "handover.hop" } & SaidEventWire | { "kind": "handover.rof" } & SaidEventWire | { "kind": "handover.mas" } & SaidEventWire | { "kind": "handover.eye" } & SaidEventWire | { "kind": "handover.rel" } & SaidEventWire | { "kind": "handover.cease" } & SaidEventWire | { "kind": "handover.ext" } & SaidEventWire | { "kind": "handover.cls" } & SaidEventWire | { "kind": "handover.ack" } & SaidEventWire | { "kind": "handover.txt" } & SaidEventWire | { "kind": "handover.lam" } & SaidEventWire | { "kind": "handover.lrm" } & SaidEventWire | { "kind": "lead.moved" } & LeadMovedWire | { "kind": "lead.disputed" } & LeadDisputedWire | { "kind": "lead.settled", operation: string | null, partner: string, } | { "kind": "eyes.taken" } & EyesTakenWire | { "kind": "cease.ordered" } & RecallWire | { "kind": "cease.acknowledged" } & RecallAnswerWire | { "kind": "release.ordered" } & RecallWire | { "kind": "release.acknowledged" } & RecallAnswerWire | { "kind": "report.owed", operation: string | null, } | { "kind": "report.stated", operation: string | null, by: PersonWire, 
/**
 * `weapons_used`, `force_used`, `injuries`, `damage`, `objects`, `why_ended`, `remark`.
 */
topic: string, 
/**
 * What, in the person's words.
 */
text: string, 
/**
 * In which language, such as `hu`; `null` when it was not said.
 */
language: string | null, } | { "kind": "report.signed", operation: string | null, by: PersonWire, 
/**
 * The SHA-256 of its facts.
 */
facts: string, 
/**
 * The room's public key: 64 hexadecimal digits (Ed25519).
 */
key: string, 
/**
 * The signature over the bytes of the document: 128 hexadecimal digits.
 */
signature: string, 
/**
 * The document, word for word.
 */
document: string, } | { "kind": "access.viewed", by: PersonWire, what: string, reason: string, } | { "kind": "access.exported", by: PersonWire, what: string, reason: string, } | { "kind": "access.session", by: PersonWire, act: string, } | { "kind": "order.taken", by: PersonWire, key: string, answer: string, 
/**
 * What was ordered, as one word; `null` when an earlier version recorded it.
 */
order: string | null, 
/**
 * A digest of what was asked for: the key belongs to that alone; `null` when an earlier version recorded it.
 */
asked: string | null, } | { "kind": "rules.adopted", 
/**
 * Version of the rules.
 */
version: number, 
/**
 * The SHA-256 of all that they were read from.
 */
digest: string, 
/**
 * What changed against the rules before.
 */
changed: string, } | { "kind": "profile.adopted", 
/**
 * All of them, by pair.
 */
profiles: Array<ProfileVersionWire>, 
/**
 * What changed against those before.
 */
changed: string, } | { "kind": "link.sent" } & LinkSentWire | { "kind": "link.confirmed" } & LinkConfirmedWire | { "kind": "link.taken" } & LinkTakenWire | { "kind": "link.missing" } & LinkMissingWire | { "kind": "link.lost" } & LinkCutWire | { "kind": "link.restored", partner: string, } | { "kind": "link.refused" } & LinkRefusedWire | { "kind": "link.head" } & LinkHeadWire | { "kind": "link.clock_differs" } & LinkClockWire | { "kind": "clock.jumped", by_s: number, } | { "kind": "disk.room", 
/**
 * Mebibytes that can still be written.
 */
left_mib: bigint, 
/**
 * Whether that is less than is asked for.
 */
is_little: boolean, };

export type EventWire = { 
/**
 * Its number in the room's ledger.
 */
seq: number, 
/**
 * When it happened.
 */
at: string, 
/**
 * When it was recorded.
 */
recorded_at: string, 
/**
 * The room that shared it; absent for the room's own.
 */
shared_by: string | null, } & ({ "kind": "room.added" } & RoomWire | { "kind": "unit.added" } & UnitCardWire | { "kind": "unit.retired", unit: string, } | { "kind": "unit.signed_on", unit: string, } | { "kind": "unit.signed_off", unit: string, } | { "kind": "unit.located", unit: string, 
/**
 * `HU`, `DE|LU`, `-`.
 */
states: string, 
/**
 * `inside`, `frontier`, `disputed`, `outside`.
 */
certainty: string, 
/**
 * The nearest land frontier, `HU-RO`.
 */
frontier: string | null, 
/**
 * The distance to it.
 */
distance_m: number | null, } | { "kind": "border.approaching" } & ApproachWire | { "kind": "border.receding", unit: string, frontier: string, } | { "kind": "crossing.suspected" } & CrossingWire | { "kind": "crossing.confirmed" } & CrossingWire | { "kind": "crossing.retracted", because: string, 
/**
 * Its id.
 */
crossing: string, 
/**
 * Whose.
 */
unit: string, 
/**
 * The states left.
 */
from: string, 
/**
 * The states entered.
 */
to: string, 
/**
 * On the frontier.
 */
point: [number, number], 
/**
 * Not before.
 */
earliest: string, 
/**
 * Most likely.
 */
likely: string, 
/**
 * Not after.
 */
latest: string, 
/**
 * How far the true place may be.
 */
position_error_m: number, 
/**
 * How far the true frontier may be; null is not established.
 */
border_error_m: number | null, 
/**
 * The border data set.
 */
border_set: string, 
/**
 * Whether it lies in a gap between fixes.
 */
inferred: boolean, 
/**
 * Why.
 */
why: WhyWire, } | { "kind": "crossing.revised" } & CrossingWire | { "kind": "unit.silent" } & SilenceWire | { "kind": "unit.may_have_crossed" } & SilenceWire | { "kind": "unit.back", unit: string, } | { "kind": "unit.camera_over", unit: string, states: string, 
/**
 * The ground that it sees, its corners in turn.
 */
ring: Array<[number, number]>, } | { "kind": "unit.device", unit: string, device: DeviceWire, } | { "kind": "border.stand_off_broken" } & StandOffWire | { "kind": "border.breach_predicted" } & StandOffWire | { "kind": "border.stand_off_kept", unit: string, } | { "kind": "tracker.sealed", unit: string, without: string, } | { "kind": "tracker.unsealed", unit: string, } | { "kind": "tracker.permission_entered" } & PermissionEnteredWire | { "kind": "tracker.permitted" } & PermissionEnteredWire | { "kind": "unit.left_coverage", unit: string, } | { "kind": "fix.quarantined", unit: string, reason: string, detail: string, 
/**
 * The fix as posted, where it is kept.
 */
fix: ReportedFixWire | null, } | { "kind": "fix.released", unit: string, reason: string, fixed_at: string, source: string | null, } | { "kind": "unit.acted", unit: string, act: string, key: string, } | { "kind": "operation.opened", operation: string, card: OperationCardWire, } | { "kind": "operation.changed", operation: string, by: PersonWire, 
/**
 * The units assigned from now on.
 */
units: Array<string> | null, 
/**
 * An authorisation that came in, or changed.
 */
authorisation: AuthorisationWire | null, 
/**
 * A host refused, or took back what it had granted.
 */
host_refused?: HostRefusedWire | null, 
/**
 * How the officers of a unit can be recognised as police.
 */
recognisable?: RecognisableWire | null, 
/**
 * A mistake of the opening, corrected.
 */
amendment?: AmendmentWire | null, 
/**
 * One of two persons wants it to rest on the rules and profiles of then.
 */
resting_anew?: RestingAnewWire | null, 
/**
 * A person is held in a host state.
 */
detained?: DetainedWire | null, 
/**
 * What became of the person held.
 */
detention_step?: DetentionStepWire | null, } | { "kind": "operation.closed", operation: string, by: PersonWire, reason: string, 
/**
 * How it ended; `null` when nobody said.
 */
outcome: string | null, } | { "kind": "operation.shared", operation: string, with: string, 
/**
 * Which of its units; `null`: all of them.
 */
units: Array<string> | null, } | { "kind": "law.assessed", operation: string | null, unit: string | null, crossing: string | null, 
/**
 * `no_obstacle` or `stop`.
 */
verdict: string, 
/**
 * Every condition looked at.
 */
findings: Array<FindingWire>, 
/**
 * What is owed.
 */
duties: Array<DutyWire>, 
/**
 * Which clocks run.
 */
clocks: Array<ClockSpecWire>, } | { "kind": "order.refused", operation: string | null, by: PersonWire, order: string, guard: string, sentence: string, citation: CitationWire | null, } | { "kind": "alarm.raised" } & RaisedWire | { "kind": "alarm.reopened" } & AlarmWire | { "kind": "alarm.annunciated", by: PersonWire, 
/**
 * Its id.
 */
alarm: string, 
/**
 * The code of the list.
 */
code: string, 
/**
 * Which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string | null, 
/**
 * Which notice.
 */
notice: string | null, 
/**
 * Which host state.
 */
host: string | null, 
/**
 * Which room in another service; left out of alarms of anything else.
 */
room?: string, } | { "kind": "alarm.acknowledged", by: PersonWire, 
/**
 * Its id.
 */
alarm: string, 
/**
 * The code of the list.
 */
code: string, 
/**
 * Which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string | null, 
/**
 * Which notice.
 */
notice: string | null, 
/**
 * Which host state.
 */
host: string | null, 
/**
 * Which room in another service; left out of alarms of anything else.
 */
room?: string, } | { "kind": "alarm.shelved", 
/**
 * Its id.
 */
alarm: string, 
/**
 * The code of the list.
 */
code: string, 
/**
 * Which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string | null, 
/**
 * Which notice.
 */
notice: string | null, 
/**
 * Which host state.
 */
host: string | null, 
/**
 * Which room in another service; left out of alarms of anything else.
 */
room?: string, 
/**
 * Who.
 */
by: PersonWire, 
/**
 * Until when.
 */
until: string, 
/**
 * Why.
 */
reason: string, } | { "kind": "alarm.returned" } & OfAlarmWire | { "kind": "alarm.cleared" } & OfAlarmWire | { "kind": "notice.owed", operation: string | null, notice: string, duty: string, to: string, since: string, citation: CitationWire, } | { "kind": "notice.drafted", operation: string | null, notice: string, duty: string, to: string, fields: NoticeFieldsWire, } | { "kind": "notice.ready", operation: string | null, notice: string, } | { "kind": "notice.withdrawn", operation: string | null, notice: string, because: string, } | { "kind": "notice.sent", operation: string | null, notice: string, by: PersonWire, duty: string, to: string, fields: NoticeFieldsWire, 
/**
 * The same as it was written out, in the languages of both states; left out when an earlier version told it.
 */
texts?: Array<WrittenWire>, 
/**
 * By which channels beside the other room: `email`, `webhook`; left out when by none.
 */
channels?: Array<string>, } | { "kind": "notice.attempted", operation: string | null, notice: string, 
/**
 * `email` or `webhook`.
 */
channel: string, 
/**
 * The how manyth of this notice by this channel, from 1.
 */
number: number, 
/**
 * To which address: a mail address, or a web address without its path.
 */
address: string, 
/**
 * Whether the far side's machine took it.
 */
delivered: boolean, 
/**
 * What it said, or why it could not be asked.
 */
said: string, 
/**
 * When it is tried again; null when it was delivered, and after the last attempt.
 */
next_at: string | null, } | { "kind": "notice.failed", operation: string | null, notice: string, because: string, } | { "kind": "notice.sent_again", operation: string | null, notice: string, by: PersonWire, channels: Array<string>, } | { "kind": "notice.delivered", operation: string | null, notice: string, } | { "kind": "notice.seen", operation: string | null, notice: string, 
/**
 * Who; of a call, who wrote it down.
 */
by: PersonWire, 
/**
 * The call by which the host said so, where it has no room here; left out when a person of a room did.
 */
call?: CallWire, } | { "kind": "notice.answered", operation: string | null, notice: string, by: PersonWire, 
/**
 * The person who answered, by the name that was given.
 */
name: string, 
/**
 * When.
 */
answered_at: string, 
/**
 * `yes`, `no`, `other`: as the person who wrote it down understood it.
 */
answer: string, 
/**
 * The words.
 */
words: string, } | { "kind": "notice.voice", operation: string | null, notice: string, by: PersonWire, duty: string, to: string, call: CallWire, fields: NoticeFieldsWire, 
/**
 * The same as it was written out, in the languages of both states; left out when an earlier version told it.
 */
texts?: Array<WrittenWire>, } | { "kind": "clock.started" } & ClockWire | { "kind": "clock.revised", because: string, 
/**
 * Whose.
 */
operation: string | null, 
/**
 * `consent`, `authorisation_window`, `pursuit_period`.
 */
clock: string, 
/**
 * The host state.
 */
host: string, 
/**
 * From when.
 */
starts: string, 
/**
 * Until when.
 */
ends: string, 
/**
 * `law`, `treaty`, `profile`, `exercise`.
 */
origin: string, 
/**
 * On what it rests.
 */
citation: CitationWire, } | { "kind": "clock.warned", operation: string | null, clock: string, host: string, left_s: number, 
/**
 * Where the stage comes from.
 */
origin: string, 
/**
 * Whether a profile says it; else it is the workflow's default.
 */
agreed: boolean, } | { "kind": "clock.expired", operation: string | null, clock: string, host: string, because: string, } | { "kind": "clock.stopped", operation: string | null, clock: string, host: string, because: string, } | { "kind": "limit.near" } & LimitWire | { "kind": "limit.exceeded" } & LimitWire | { "kind": "limit.within" } & LimitWire | { "kind": "target.sighted", operation: string | null, target: string, 
/**
 * When.
 */
seen_at: string, 
/**
 * Degrees north.
 */
lat: number, 
/**
 * Degrees east.
 */
lon: number, 
/**
 * How far the true place may be.
 */
accuracy_m: number, 
/**
 * `unit`, `voice`, `followed`.
 */
source: string, 
/**
 * Which unit sees it.
 */
by_unit: string | null, 
/**
 * Degrees, when known.
 */
course_deg: number | null, 
/**
 * Metres a second, when known.
 */
speed_mps: number | null, 
/**
 * `HU`, `DE|LU`, `-`.
 */
states: string, 
/**
 * `inside`, `frontier`, `disputed`, `outside`.
 */
certainty: string, 
/**
 * The nearest land frontier, `HU-RO`.
 */
frontier: string | null, 
/**
 * The distance to it.
 */
distance_m: number | null, } | { "kind": "eyes.moved", operation: string | null, to_unit: string | null, from_unit: string | null, } | { "kind": "handover.ntf" } & SaidEventWire | { "kind": "handover.xng" } & SaidEventWire | { "kind": "handover.rqa" } & SaidEventWire | { "kind": "handover.aut" } & SaidEventWire | { "kind": "handover.pro" } & SaidEventWire | { "kind": "handover.rvn" } & SaidEventWire | { "kind": "handover.rvr" } & SaidEventWire | { "kind": "handover.sby" } & SaidEventWire | { "kind": "handover.cdn" } & SaidEventWire | { "kind": "handover.acp" } & SaidEventWire | { "kind": "handover.rjc" } & SaidEventWire | { "kind": "handover.abr" } & SaidEventWire | { "kind": "handover.hop" } & SaidEventWire | { "kind": "handover.rof" } & SaidEventWire | { "kind": "handover.mas" } & SaidEventWire | { "kind": "handover.eye" } & SaidEventWire | { "kind": "handover.rel" } & SaidEventWire | { "kind": "handover.cease" } & SaidEventWire | { "kind": "handover.ext" } & SaidEventWire | { "kind": "handover.cls" } & SaidEventWire | { "kind": "handover.ack" } & SaidEventWire | { "kind": "handover.txt" } & SaidEventWire | { "kind": "handover.lam" } & SaidEventWire | { "kind": "handover.lrm" } & SaidEventWire | { "kind": "lead.moved" } & LeadMovedWire | { "kind": "lead.disputed" } & LeadDisputedWire | { "kind": "lead.settled", operation: string | null, partner: string, } | { "kind": "eyes.taken" } & EyesTakenWire | { "kind": "cease.ordered" } & RecallWire | { "kind": "cease.acknowledged" } & RecallAnswerWire | { "kind": "release.ordered" } & RecallWire | { "kind": "release.acknowledged" } & RecallAnswerWire | { "kind": "report.owed", operation: string | null, } | { "kind": "report.stated", operation: string | null, by: PersonWire, 
/**
 * `weapons_used`, `force_used`, `injuries`, `damage`, `objects`, `why_ended`, `remark`.
 */
topic: string, 
/**
 * What, in the person's words.
 */
text: string, 
/**
 * In which language, such as `hu`; `null` when it was not said.
 */
language: string | null, } | { "kind": "report.signed", operation: string | null, by: PersonWire, 
/**
 * The SHA-256 of its facts.
 */
facts: string, 
/**
 * The room's public key: 64 hexadecimal digits (Ed25519).
 */
key: string, 
/**
 * The signature over the bytes of the document: 128 hexadecimal digits.
 */
signature: string, 
/**
 * The document, word for word.
 */
document: string, } | { "kind": "access.viewed", by: PersonWire, what: string, reason: string, } | { "kind": "access.exported", by: PersonWire, what: string, reason: string, } | { "kind": "access.session", by: PersonWire, act: string, } | { "kind": "order.taken", by: PersonWire, key: string, answer: string, 
/**
 * What was ordered, as one word; `null` when an earlier version recorded it.
 */
order: string | null, 
/**
 * A digest of what was asked for: the key belongs to that alone; `null` when an earlier version recorded it.
 */
asked: string | null, } | { "kind": "rules.adopted", 
/**
 * Version of the rules.
 */
version: number, 
/**
 * The SHA-256 of all that they were read from.
 */
digest: string, 
/**
 * What changed against the rules before.
 */
changed: string, } | { "kind": "profile.adopted", 
/**
 * All of them, by pair.
 */
profiles: Array<ProfileVersionWire>, 
/**
 * What changed against those before.
 */
changed: string, } | { "kind": "link.sent" } & LinkSentWire | { "kind": "link.confirmed" } & LinkConfirmedWire | { "kind": "link.taken" } & LinkTakenWire | { "kind": "link.missing" } & LinkMissingWire | { "kind": "link.lost" } & LinkCutWire | { "kind": "link.restored", partner: string, } | { "kind": "link.refused" } & LinkRefusedWire | { "kind": "link.head" } & LinkHeadWire | { "kind": "link.clock_differs" } & LinkClockWire | { "kind": "clock.jumped", by_s: number, } | { "kind": "disk.room", 
/**
 * Mebibytes that can still be written.
 */
left_mib: bigint, 
/**
 * Whether that is less than is asked for.
 */
is_little: boolean, });

export type HeldPicture = { 
/**
 * What became of the person, in the order in which it was recorded.
 */
steps: Array<DetentionStepWire>, 
/**
 * The host state.
 */
host: string, 
/**
 * From when.
 */
since: string, 
/**
 * Which unit holds the person; null when officers of the host do.
 */
unit: string | null, 
/**
 * Whether the person is a national of the host state; null when nobody said, which counts as no.
 */
host_national: boolean | null, 
/**
 * What the law said of it when it was recorded; empty in an order.
 */
findings: Array<FindingWire>, };

export type TakenWire = { 
/**
 * Who.
 */
by: PersonWire, 
/**
 * When.
 */
at: string, };

export type AlarmWire = { 
/**
 * Its id: the code and a number.
 */
id: string, 
/**
 * When it was raised.
 */
raised_at: string, 
/**
 * Before whose eyes a screen showed it first, and when.
 */
annunciated: TakenWire | null, 
/**
 * Who has taken it.
 */
acknowledged: TakenWire | null, 
/**
 * Put aside until then; it is shown again after that.
 */
shelved: ShelfWire | null, 
/**
 * Its id: the code and a number.
 */
alarm: string, 
/**
 * The code of the list, such as `A02`.
 */
code: string, 
/**
 * 1, 2 or 3.
 */
priority: number, 
/**
 * Since when the fact holds.
 */
since: string, 
/**
 * What, who and where, in one sentence.
 */
sentence: string, 
/**
 * What to do.
 */
action: string, 
/**
 * Which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string | null, 
/**
 * Which notice.
 */
notice: string | null, 
/**
 * Which host state.
 */
host: string | null, 
/**
 * Which room in another service; left out of alarms of anything else.
 */
room?: string, };

export type AlarmFiguresWire = { 
/**
 * Alarms that stand.
 */
standing: number, 
/**
 * Of them, not taken by anybody.
 */
unacknowledged: number, 
/**
 * Raised in the last ten minutes.
 */
ten_minutes: number, 
/**
 * Raised in the last hour.
 */
hour: number, 
/**
 * Raised in the last 24 hours: priority 1, 2 and 3.
 */
day: [number, number, number], 
/**
 * More than ten in ten minutes: more than a person can take.
 */
flood: boolean, };

export type AlarmsWire = { 
/**
 * Those that stand, the most pressing first, then the oldest.
 */
alarms: Array<AlarmWire>, 
/**
 * How much is asked of the people.
 */
figures: AlarmFiguresWire, };

export type MeWire = { 
/**
 * The account.
 */
account: string, 
/**
 * Its role.
 */
role: string, };

export type ModeWire = { 
/**
 * Whether nothing here is real.
 */
exercise: boolean, 
/**
 * The exercise's name.
 */
name: string | null, 
/**
 * How fast the exercise clock runs; 1 is real time.
 */
rate: number, };

export type PositionWire = { 
/**
 * Whose.
 */
unit: string, 
/**
 * Device time.
 */
fixed_at: string, 
/**
 * Our time on arrival.
 */
received_at: string, 
/**
 * Degrees north.
 */
lat: number, 
/**
 * Degrees east.
 */
lon: number, 
/**
 * Radius of the 68 % circle as posted; null is unknown.
 */
accuracy_m: number | null, 
/**
 * Over ground.
 */
speed_mps: number | null, 
/**
 * From true north.
 */
course_deg: number | null, 
/**
 * Above the ellipsoid.
 */
altitude_m: number | null, 
/**
 * Per cent.
 */
battery_pct: number | null, 
/**
 * `HU`, `DE|LU`, `-`.
 */
states: string, 
/**
 * `inside`, `frontier`, `disputed`, `outside`.
 */
certainty: string, 
/**
 * The nearest land frontier.
 */
frontier: string | null, 
/**
 * The distance to it.
 */
distance_m: number | null, };

export type CrossingBrief = { 
/**
 * Its id.
 */
id: string, 
/**
 * The states left.
 */
from: string, 
/**
 * The states entered.
 */
to: string, 
/**
 * Where.
 */
point: [number, number], 
/**
 * Not before.
 */
earliest: string, 
/**
 * Most likely.
 */
likely: string, 
/**
 * Not after.
 */
latest: string, 
/**
 * Whether it lies in a gap.
 */
inferred: boolean, };

export type SealedPicture = { 
/**
 * Since when.
 */
since: string, 
/**
 * The states that it may be in and that did not permit it; `-` when none is known.
 */
without: string, };

export type PermissionPicture = { 
/**
 * The first person.
 */
first: PersonWire, 
/**
 * As what.
 */
first_role: string, 
/**
 * The second one; null while one is missing, and nothing is permitted.
 */
second: PersonWire | null, 
/**
 * When the second entered it: it counts from then on.
 */
since: string | null, 
/**
 * Which source.
 */
unit: string, 
/**
 * Which state.
 */
state: string, 
/**
 * The number of its document.
 */
number: string, 
/**
 * From when, inclusive.
 */
from: string, 
/**
 * Until when, exclusive.
 */
to: string, };

export type SilencePicture = { 
/**
 * Since its last fix.
 */
since: string, 
/**
 * How far it may have come.
 */
radius_m: number, 
/**
 * The states within that reach.
 */
reach: string, 
/**
 * Whether another state is among them.
 */
may_have_crossed: boolean, };

export type ApproachPicture = { 
/**
 * Which frontier.
 */
frontier: string, 
/**
 * From which states.
 */
from: string, 
/**
 * To which.
 */
to: string, 
/**
 * Along the predicted way.
 */
distance_m: number, 
/**
 * At recent motion, from `at`.
 */
eta_s: number, 
/**
 * The least.
 */
eta_earliest_s: number, 
/**
 * The most.
 */
eta_latest_s: number, 
/**
 * Where.
 */
point: [number, number], 
/**
 * The named crossing points it may be on its way to, as `border.approaching` told them.
 */
crossings?: Array<LikelyCrossingWire>, 
/**
 * When this was predicted.
 */
at: string, };

export type ClockWrongPicture = { 
/**
 * Degrees north.
 */
lat: number, 
/**
 * Degrees east.
 */
lon: number, 
/**
 * Our time on arrival.
 */
received_at: string, 
/**
 * By how many seconds the device is ahead of it.
 */
ahead_s: number, };

export type UnitPicture = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its call sign.
 */
callsign: string, 
/**
 * `vehicle`, `officer`, …
 */
kind: string, 
/**
 * Whose officers.
 */
state: string, 
/**
 * Its room.
 */
room: string, 
/**
 * How it can be recognised.
 */
marks: string | null, 
/**
 * Whether it speaks no more.
 */
retired: boolean, 
/**
 * Whether it is on duty.
 */
on_duty: boolean, 
/**
 * The sign-on or sign-off that says so; null before any.
 */
duty_at: string | null, 
/**
 * The newest admitted fix.
 */
position: PositionWire | null, 
/**
 * The first known states of its shift.
 */
located: string | null, 
/**
 * When it was there.
 */
located_at: string | null, 
/**
 * Confirmed crossings, by likely time, at most 20.
 */
crossings: Array<CrossingBrief>, 
/**
 * A suspicion that stands.
 */
suspected: CrossingBrief | null, 
/**
 * The states whose law holds: of the last confirmed crossing, or the first known ones when they are later.
 */
law: string | null, 
/**
 * What the law says of it while it is abroad in no operation.
 */
stray: AssessmentPicture | null, 
/**
 * The way of the last 30 minutes, at most 360 points, oldest first: `[lon, lat, fixed_at in ms since 1970]`. A
 * snapshot holds about 40,000 points of all units: of long tails the newest six as they are, the rest thinned evenly.
 */
tail: Array<[number, number, number]>, 
/**
 * Not heard.
 */
silence: SilencePicture | null, 
/**
 * On its way to a frontier.
 */
approach: ApproachPicture | null, 
/**
 * Of a drone of this room: the line that it does not keep away from.
 */
stand_off: StandOffWire | null, 
/**
 * Of an aircraft that says what ground its camera sees: over which states that lies; null when it sees none.
 */
camera: CameraPicture | null, 
/**
 * Of a technical source that may be outside its legal area: where it is now nobody learns.
 */
sealed: SealedPicture | null, 
/**
 * Where it was when its clock was last found wrong; null again once a fix with a time that can be right arrives.
 */
clock_wrong: ClockWrongPicture | null, 
/**
 * Fixes kept apart, by reason.
 */
quarantined: { [key in string]: number }, };

export type LimitPicture = { 
/**
 * When.
 */
at: string, 
/**
 * Of which operation.
 */
operation: string | null, 
/**
 * Which unit.
 */
unit: string, 
/**
 * In which host state.
 */
host: string, 
/**
 * The stage reached: `within`, `near`, `nearly_reached`, `exceeded`; `null` when an earlier version recorded it.
 */
stage: string | null, 
/**
 * The share from which that stage counts, per cent: 0, 80, 95, 100 unless a profile says otherwise.
 */
percent: number, 
/**
 * The shortest distance to the common frontier.
 */
measured_m: number, 
/**
 * The accuracy of the fix it was measured at.
 */
accuracy_m: number, 
/**
 * How far it may be.
 */
max_m: number, 
/**
 * All that in one sentence.
 */
sentence: string, 
/**
 * Where the limit comes from: `law`, `treaty`, `profile`, `exercise`.
 */
origin: string, 
/**
 * Where the share comes from.
 */
stages_origin: string, 
/**
 * Whether a profile says it; else it is the workflow's default.
 */
stages_agreed: boolean, 
/**
 * On what the limit rests.
 */
citation: CitationWire, };

export type ClosedWire = { 
/**
 * When.
 */
at: string, 
/**
 * By whom.
 */
by: PersonWire, 
/**
 * Why.
 */
reason: string, 
/**
 * How it ended; `null` when nobody said.
 */
outcome: string | null, };

export type AssessmentPicture = { 
/**
 * When.
 */
at: string, 
/**
 * Which unit crossed; null for the opening.
 */
unit: string | null, 
/**
 * Which crossing.
 */
crossing: string | null, 
/**
 * `no_obstacle` or `stop`.
 */
verdict: string, 
/**
 * Every condition looked at.
 */
findings: Array<FindingWire>, 
/**
 * What is owed.
 */
duties: Array<DutyWire>, };

export type NoticePicture = { 
/**
 * Its id.
 */
id: string, 
/**
 * `notice_of_crossing`, `request`.
 */
duty: string, 
/**
 * To which room.
 */
to: string, 
/**
 * `owed`, `draft`, `ready`, `sent`, `failed`, `delivered`, `seen`; `voice` when it was given by telephone, which counts as read;
 * `answered` once the host answered it; `withdrawn` when what it was owed for did not happen.
 */
status: string, 
/**
 * Since when it is owed; null while the crossing is only expected.
 */
owed_since: string | null, 
/**
 * What it says.
 */
fields: NoticeFieldsWire | null, 
/**
 * When it was last drafted.
 */
drafted_at: string | null, 
/**
 * When it was sent.
 */
sent_at: string | null, 
/**
 * By whom.
 */
sent_by: PersonWire | null, 
/**
 * When the partner's machine had it.
 */
delivered_at: string | null, 
/**
 * When a person of the partner read it.
 */
seen_at: string | null, 
/**
 * Who; of a call, who wrote it down.
 */
seen_by: PersonWire | null, 
/**
 * The call by which the host said that it was read, where it has no room here.
 */
seen_call: CallWire | null, 
/**
 * What the host answered, oldest first.
 */
answers: Array<AnsweredPicture>, 
/**
 * To whom, under which number and when it was given by telephone, and who wrote that down.
 */
voice: GivenByVoice | null, 
/**
 * The channels by which it was sent beside the other room: `email`, `webhook`.
 */
channels: Array<string>, 
/**
 * What was tried by them, oldest first; of a partner's notice, nothing.
 */
attempts: Array<AttemptPicture>, 
/**
 * When every channel had failed, until it is sent again or delivered.
 */
failed_at: string | null, 
/**
 * What the last one said.
 */
failed_because: string | null, 
/**
 * When it was last sent once more after that.
 */
sent_again_at: string | null, 
/**
 * What it says in the languages of both states, the sender's first, as it was told; empty before, and of what an
 * earlier version told. `GET …/notices/{notice}` writes a draft out too.
 */
texts: Array<WrittenWire>, };

export type ClockPicture = { 
/**
 * `consent`, `authorisation_window`, `pursuit_period`.
 */
clock: string, 
/**
 * The host state.
 */
host: string, 
/**
 * From when.
 */
starts: string, 
/**
 * Until when.
 */
ends: string, 
/**
 * On what it rests.
 */
citation: CitationWire, 
/**
 * `running`, `expired`, `stopped`.
 */
status: string, 
/**
 * Why it stopped or what must happen now.
 */
because: string | null, };

export type ReportSignedPicture = { 
/**
 * When.
 */
at: string, 
/**
 * By whom.
 */
by: PersonWire, 
/**
 * The SHA-256 of the facts that were signed.
 */
facts: string, };

export type ReportPicture = { 
/**
 * Since when it is owed: the last unit was home.
 */
owed_since: string | null, 
/**
 * How many statements it has.
 */
statements: number, 
/**
 * Who signed it: the report, then addenda.
 */
signed: Array<ReportSignedPicture>, };

export type OperationPicture = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The room that opened it.
 */
room: string, 
/**
 * The room that leads.
 */
lead: string, 
/**
 * How often the lead has passed, from 1.
 */
epoch: number, 
/**
 * Since when that room leads.
 */
lead_since: string, 
/**
 * What this room says with other rooms about it.
 */
dialogues: Array<DialoguePicture>, 
/**
 * What hosts ordered of its units.
 */
recalls: Array<RecallPicture>, 
/**
 * `40(1)`, `40(2)`, `pursuit_flagrante`, `pursuit_escape`, `pursuit_evaded_check`, `joint_patrol`.
 */
basis: string, 
/**
 * What it is for.
 */
purpose: string, 
/**
 * By its id in the rule data.
 */
offence: string, 
/**
 * Who is followed.
 */
person_category: string, 
/**
 * Whose officers.
 */
requesting_state: string, 
/**
 * Where they may have to go.
 */
host_states: Array<string>, 
/**
 * The rooms of those states here.
 */
host_rooms: Array<string>, 
/**
 * Whom it follows.
 */
target: TargetWire | null, 
/**
 * Where the target was last seen.
 */
sighting: SightingWire | null, 
/**
 * The units assigned.
 */
units: Array<string>, 
/**
 * What the host granted last, while it did not take it back.
 */
authorisation: AuthorisationWire | null, 
/**
 * Where hosts refused, or took back what they had granted, in the order in which it was entered.
 */
refusals: Array<HostRefusedWire>, 
/**
 * Of a joint patrol: where.
 */
patrol: PatrolWire | null, 
/**
 * Whether it belongs to an exercise.
 */
exercise: boolean, 
/**
 * The rules and profiles that it rests on, of one of this room; null of a partner's.
 */
rests_on: RestsOnWire | null, 
/**
 * Who opened it.
 */
opened_by: PersonWire, 
/**
 * When.
 */
opened_at: string, 
/**
 * Grows with each change: the `ETag`.
 */
version: number, 
/**
 * When, by whom and why it was closed.
 */
closed: ClosedWire | null, 
/**
 * The partner rooms that see it.
 */
shared_with: Array<string>, 
/**
 * The unit that has the target in sight.
 */
eyes: string | null, 
/**
 * The unit of the other side that wants to take it from that one.
 */
eyes_taken_by: string | null, 
/**
 * Partners that name another lead; left out when none does.
 */
disputes?: Array<DisputePicture>, 
/**
 * The latest assessment of each unit's crossing, and of the opening.
 */
assessments: Array<AssessmentPicture>, 
/**
 * Its notices.
 */
notices: Array<NoticePicture>, 
/**
 * Its clocks.
 */
clocks: Array<ClockPicture>, 
/**
 * How far its units went of what a pursuit may, by unit and host.
 */
limits: Array<LimitPicture>, 
/**
 * How its units can be recognised as police, as persons ticked.
 */
recognised: Array<RecognisableWire>, 
/**
 * Who is or was held in each host state; the newest of each.
 */
held: Array<HeldPicture>, 
/**
 * What host states permitted of its technical sources, as persons entered it.
 */
trackers: Array<PermissionPicture>, 
/**
 * Whether the offence may lead to extradition, as a person judged.
 */
extraditable: boolean | null, 
/**
 * Why the host could not be asked or told before.
 */
grounds: string | null, 
/**
 * Of a pursuit after an evaded check: where that was.
 */
evaded_check: EvadedCheckWire | null, 
/**
 * What one person wants it to rest on, until a second one wants the same.
 */
resting_anew: RestingAnewPicture | null, 
/**
 * How far its report has come.
 */
report: ReportPicture, 
/**
 * Why everything must stop now.
 */
must_stop: string | null, };

export type Snapshot = { 
/**
 * The last record in it.
 */
seq: number, 
/**
 * The service's time.
 */
at: string, 
/**
 * When this service was started: what it was started with (mode, border data) may be other after the next start.
 */
started_at: string, 
/**
 * Whose picture.
 */
room: RoomWire, 
/**
 * Who looks; null for a program with a token.
 */
me: MeWire | null, 
/**
 * Real or exercise.
 */
mode: ModeWire, 
/**
 * The border data set.
 */
border_set: string, 
/**
 * What operations opened now rest on.
 */
rests_on: RestsOnWire, 
/**
 * All rooms known here.
 */
rooms: Array<RoomWire>, 
/**
 * Who else can be sent a notice, and by which channels; left out when nobody.
 */
reached?: Array<ReachedWire>, 
/**
 * The links to rooms in other services; left out when there are none.
 */
links?: Array<LinkPicture>, 
/**
 * The units this room may see.
 */
units: Array<UnitPicture>, 
/**
 * The operations this room may see.
 */
operations: Array<OperationPicture>, 
/**
 * What needs a person now, the oldest first.
 */
alarms: Array<AlarmWire>, 
/**
 * The last events, oldest first.
 */
recent: Array<EventWire>, };

export type Bulletin = { 
/**
 * The record before the first one covered.
 */
prev: number, 
/**
 * The last record covered.
 */
seq: number, 
/**
 * The service's time.
 */
at: string, 
/**
 * Positions, oldest first.
 */
positions: Array<PositionWire>, 
/**
 * Events, oldest first.
 */
events: Array<EventWire>, };

export type Heartbeat = { 
/**
 * The last record given to this viewer.
 */
seq: number, 
/**
 * The record it is being brought up to: beyond `seq` while it catches up, and until then it is not live.
 */
head: number, 
/**
 * Whose ledger.
 */
room: string, 
/**
 * As in the snapshot.
 */
started_at: string, 
/**
 * The service's time.
 */
at: string, 
/**
 * `ok`, or `failing` when nothing can be recorded.
 */
recording: string, };

export type LiveMessage = { "kind": "snapshot" } & Snapshot | { "kind": "bulletin" } & Bulletin | { "kind": "heartbeat" } & Heartbeat | { "kind": "lagging" } | { "kind": "goodbye", 
/**
 * One sentence.
 */
reason: string, };

export type LiveRequest = { "kind": "resume", 
/**
 * The last seq the map has.
 */
since: number, };

export type CrossingPointWire = { 
/**
 * What the rooms call it.
 */
name: string, 
/**
 * Between which states: `HU-RO`.
 */
frontier: string, 
/**
 * Where it lies, on our line.
 */
point: [number, number], 
/**
 * The direction of the line there, degrees clockwise from north, from 0 to below 180.
 */
line_deg: number, 
/**
 * Whose data it is: `exercise` or `installation`.
 */
origin: string, 
/**
 * Where the place is taken from.
 */
source: string, };

export type CrossingPointsWire = { 
/**
 * By frontier, as they were listed.
 */
crossing_points: Array<CrossingPointWire>, };

export type ExtentWire = { 
/**
 * Whose officers.
 */
from: string, 
/**
 * In which state.
 */
host: string, 
/**
 * `radius`: drawn; `no_limit`, `not_known`, `by_hand` (from where is not on the map), `no_pursuit`: not drawn.
 */
extent: string, 
/**
 * Of a radius: how far.
 */
max_m: number | null, 
/**
 * Of a radius: from where it is measured: `common_frontier`, the shortest distance to it, as each fix is.
 */
measured_from: string | null, 
/**
 * Of a radius: no place of its edge in this answer is farther off than this.
 */
error_m: number | null, 
/**
 * All that in one sentence.
 */
sentence: string, 
/**
 * On what a radius rests.
 */
citation: CitationWire | null, };

export type StripKindWire = { 
/**
 * `area`, the strip, cut at the edges of the box; `edge`, where its radius ends; `stand_off`, the band that a drone is
 * to keep out of before a line that no rule lets it cross.
 */
part: string, 
/**
 * Whose officers; of a band, the state in which it lies.
 */
from: string, 
/**
 * In which state; of a band, the state beyond the line.
 */
host: string, 
/**
 * How far they may go; of a band, how wide it is.
 */
max_m: number, 
/**
 * Of a band: which drone does not keep out of it, or soon will not.
 */
unit: string | null, };

export type StripGeometryWire = { "type": "MultiPolygon", 
/**
 * The rings.
 */
coordinates: Array<Array<Array<[number, number]>>>, } | { "type": "MultiLineString", 
/**
 * The lines.
 */
coordinates: Array<Array<[number, number]>>, };

export type StripPartWire = { 
/**
 * `Feature`.
 */
type: "Feature", 
/**
 * What it is.
 */
properties: StripKindWire, 
/**
 * Where it lies.
 */
geometry: StripGeometryWire, };

export type StripsWire = { 
/**
 * `FeatureCollection`.
 */
type: "FeatureCollection", 
/**
 * The operation.
 */
operation: string, 
/**
 * The border data set.
 */
border_set: string, 
/**
 * How far, by whose officers and host state, drawn or not; empty when the operation is no pursuit.
 */
extents: Array<ExtentWire>, 
/**
 * What of the strips lies in the box.
 */
features: Array<StripPartWire>, };
