/** What each kind of event does to one operation. */

import { DIALOGUE_FOLDS } from "./fold_dialogue";
import type { Clock, Event, EventOf, Limit, Notice, Operation } from "./names";

type Folds = { readonly [K in Event["kind"]]?: (operation: Operation, event: EventOf<K>) => Operation };

/** An operation as it was opened: the room that opened it leads. */
export function operationFrom(event: EventOf<"operation.opened">, restsOn: Operation["rests_on"]): Operation {
  const { card } = event;
  return {
    id: card.id, name: card.name, room: card.room, lead: card.room, epoch: 1, lead_since: event.at, dialogues: [], recalls: [], basis: card.basis, purpose: card.purpose, offence: card.offence,
    person_category: card.person_category, requesting_state: card.requesting_state, host_states: card.host_states, host_rooms: card.host_rooms,
    target: card.target, sighting: null, units: card.units, authorisation: card.authorisation, refusals: [], patrol: card.patrol, exercise: card.exercise, rests_on: restsOn,
    opened_by: card.opened_by, opened_at: event.at, version: 1, closed: null, shared_with: [], eyes: null, eyes_taken_by: null, assessments: [], notices: [],
    clocks: [], limits: [], recognised: [], held: [], trackers: [], extraditable: card.extraditable ?? null, grounds: card.grounds ?? null, evaded_check: card.evaded_check ?? null, resting_anew: null,
    report: { owed_since: null, statements: 0, signed: [] }, must_stop: null,
  };
}

const STATUSES = ["withdrawn", "owed", "draft", "ready", "sent", "failed", "delivered", "seen", "voice", "answered"];
const rank = (status: string): number => Math.max(0, STATUSES.indexOf(status));

/** A draft may be written anew; what was sent only goes forward. */
const forward = (notice: Notice, to: string): string => (rank(notice.status) < rank("sent") || rank(to) > rank(notice.status) ? to : notice.status);

type Changed = { readonly notice: string; readonly duty?: string; readonly to?: string };

/** Changes one notice. One that is not known is made when the event says whose duty it is, and left alone otherwise. */
function withNotice(operation: Operation, event: Changed, change: (notice: Notice) => Notice): Operation {
  const known = operation.notices.some((notice) => notice.id === event.notice);
  if (!known && (event.duty === undefined || event.to === undefined)) return operation;
  const blank: Notice = {
    id: event.notice, duty: event.duty ?? "", to: event.to ?? "", status: "owed", owed_since: null, fields: null, drafted_at: null, sent_at: null,
    sent_by: null, delivered_at: null, seen_at: null, seen_by: null, seen_call: null, answers: [], voice: null, channels: [], attempts: [], failed_at: null, failed_because: null, sent_again_at: null, texts: [],
  };
  const notices = known ? operation.notices : [...operation.notices, blank];
  return { ...operation, notices: notices.map((notice) => (notice.id === event.notice ? change(notice) : notice)) };
}

const isThe = (clock: Clock, event: { clock: string; host: string }): boolean => clock.clock === event.clock && clock.host === event.host;

function withClock(operation: Operation, event: EventOf<"clock.started" | "clock.revised">): Operation {
  const before = operation.clocks.find((clock) => isThe(clock, event));
  const clock: Clock = {
    clock: event.clock, host: event.host, starts: event.starts, ends: event.ends, citation: event.citation,
    // Late data only shorten; a later end is a person's, and the clock counts anew.
    status: event.kind === "clock.revised" && before !== undefined && event.ends <= before.ends ? before.status : "running",
    because: event.kind === "clock.revised" ? event.because : null,
  };
  return withStop({ ...operation, clocks: [...operation.clocks.filter((other) => !isThe(other, event)), clock] });
}

function endClock(operation: Operation, event: EventOf<"clock.expired" | "clock.stopped">, status: string): Operation {
  const clocks = operation.clocks.map((clock) => (isThe(clock, event) ? { ...clock, status, because: event.because } : clock));
  return withStop({ ...operation, clocks });
}

/** Whether units leave when a clock is over; of a person held it is the person who must be let go. */
export const endsTheStay = (clock: Clock): boolean => clock.clock !== "release";

/** Everything must stop while a clock is over or a limit exceeded and a unit is abroad: one of which something was found. */
function withStop(operation: Operation): Operation {
  const isAbroad = (one: Operation["assessments"][number]): boolean => one.unit !== null && one.findings.length > 0;
  // Late data may give an expired clock another reason: what must stop keeps the first.
  const first = operation.limits.some((limit) => limit.sentence === operation.must_stop) ? null : operation.must_stop;
  const expired = operation.assessments.some(isAbroad) ? operation.clocks.find((clock) => clock.status === "expired" && endsTheStay(clock)) : undefined;
  const beyond = operation.limits.find((limit) => limit.percent === 100 && operation.assessments.some((one) => one.unit === limit.unit && isAbroad(one)));
  return { ...operation, must_stop: (expired === undefined ? null : first ?? expired.because) ?? beyond?.sentence ?? null };
}

function withLimit(operation: Operation, event: EventOf<"limit.near" | "limit.exceeded" | "limit.within">): Operation {
  const limit: Limit = {
    at: event.at, operation: event.operation, unit: event.unit, host: event.host, stage: event.stage, percent: event.percent, measured_m: event.measured_m, accuracy_m: event.accuracy_m,
    max_m: event.max_m, sentence: event.sentence, origin: event.origin, stages_origin: event.stages_origin, stages_agreed: event.stages_agreed, citation: event.citation,
  };
  const same = (other: Limit): boolean => other.unit === limit.unit && other.host === limit.host;
  // What was said of it before is no reason any more.
  const must_stop = operation.limits.some((other) => same(other) && other.sentence === operation.must_stop) ? null : operation.must_stop;
  return withStop({ ...operation, must_stop, limits: [...operation.limits.filter((other) => !same(other)), limit] });
}

/** What the law answered. At home there is no finding, and only what is still owed is kept. */
function assessed(operation: Operation, event: EventOf<"law.assessed">): Operation {
  const assessment = { at: event.at, unit: event.unit, crossing: event.crossing, verdict: event.verdict, findings: event.findings, duties: event.duties };
  const others = operation.assessments.filter((other) => other.unit !== event.unit);
  return withStop({ ...operation, assessments: event.findings.length > 0 || event.unit === null || event.duties.length > 0 ? [...others, assessment] : others });
}

function changed(operation: Operation, event: EventOf<"operation.changed">): Operation {
  const { units, host_refused: refused, recognisable, amendment, resting_anew: anew, detained, detention_step: step } = event;
  let after: Operation = { ...operation, units: units ?? operation.units, authorisation: event.authorisation ?? operation.authorisation, version: operation.version + 1 };
  if (refused != null) after = { ...after, authorisation: isOver(operation, refused.host) ? null : after.authorisation, refusals: [...after.refusals, refused] };
  if (recognisable != null) after = { ...after, recognised: [...after.recognised.filter((one) => one.unit !== recognisable.unit), recognisable] };
  if (amendment != null) after = amended(after, amendment);
  if (anew != null) after = anew.holds ? { ...after, rests_on: { rules: anew.rules, profiles: anew.profiles }, resting_anew: null } : { ...after, resting_anew: { ...anew, by: event.by } };
  if (detained != null) after = { ...after, held: hold(after.held, detained) };
  if (step != null) after = { ...after, held: after.held.map((held) => (held.host === step.host ? { ...held, steps: [...held.steps, step] } : held)) };
  if (units === null) return after;
  return withStop({
    ...after, assessments: operation.assessments.filter((one) => one.unit === null || units.includes(one.unit)),
    limits: operation.limits.filter((one) => units.includes(one.unit)),
  });
}

/** Whether what was granted last is of this host: when it says no, that is over. */
function isOver({ authorisation, host_states: hosts }: Operation, host: string): boolean {
  return authorisation !== null && (authorisation.state ?? (hosts.length === 1 ? hosts[0] : undefined)) === host;
}

/** A person is held. Told again while it goes on it is the same detention, better known. */
function hold(known: Operation["held"], detained: NonNullable<EventOf<"operation.changed">["detained"]>): Operation["held"] {
  const before = known.find((held) => held.host === detained.host);
  const steps = before === undefined || before.steps.some((step) => step.step === "released") ? [] : before.steps;
  return [...known.filter((held) => held.host !== detained.host), { ...detained, steps }];
}

/** A mistake of the opening is corrected. */
function amended(operation: Operation, amendment: NonNullable<EventOf<"operation.changed">["amendment"]>): Operation {
  const more = (amendment.more_hosts ?? []).filter((host) => !operation.host_states.includes(host));
  return {
    ...operation, offence: amendment.offence ?? operation.offence, person_category: amendment.person_category ?? operation.person_category,
    grounds: amendment.grounds ?? operation.grounds, extraditable: amendment.extraditable ?? operation.extraditable,
    host_states: [...operation.host_states, ...more],
  };
}

function sighted(operation: Operation, event: EventOf<"target.sighted">): Operation {
  if (operation.sighting !== null && operation.sighting.seen_at > event.seen_at) return operation;
  const sighting = {
    seen_at: event.seen_at, lat: event.lat, lon: event.lon, accuracy_m: event.accuracy_m, source: event.source, by_unit: event.by_unit,
    course_deg: event.course_deg, speed_mps: event.speed_mps, states: event.states, certainty: event.certainty, frontier: event.frontier,
    distance_m: event.distance_m,
  };
  return { ...operation, sighting };
}

/** A person entered what a host state permits of a technical source: the second of two from then on. */
function permitted(operation: Operation, event: EventOf<"tracker.permission_entered" | "tracker.permitted">): Operation {
  const { permission, by } = event, granted = event.kind === "tracker.permitted";
  const same = (one: Operation["trackers"][number]): boolean => (["unit", "state", "number", "from", "to"] as const).every((key) => one[key] === permission[key]);
  const second = granted ? by : null, since = granted ? event.at : null;
  const trackers = operation.trackers.some(same)
    ? operation.trackers.map((one) => (same(one) && one.second === null ? { ...one, second, since } : one))
    : [...operation.trackers, { ...permission, first: by, first_role: event.role, second, since }];
  return { ...operation, trackers, version: operation.version + 1 };
}

export const OPERATION_FOLDS: Folds = {
  ...DIALOGUE_FOLDS,
  "tracker.permission_entered": permitted,
  "tracker.permitted": permitted,
  "operation.changed": changed,
  "operation.closed": (operation, event) => ({
    ...operation, closed: { at: event.at, by: event.by, reason: event.reason, outcome: event.outcome }, version: operation.version + 1,
  }),
  "operation.shared": (operation, event) => ({
    ...operation, shared_with: operation.shared_with.includes(event.with) ? operation.shared_with : [...operation.shared_with, event.with],
  }),
  "report.owed": (operation, event) => ({ ...operation, report: { ...operation.report, owed_since: operation.report.owed_since ?? event.at } }),
  "report.stated": (operation) => ({ ...operation, report: { ...operation.report, statements: operation.report.statements + 1 } }),
  "report.signed": (operation, event) => ({
    ...operation, report: { ...operation.report, signed: [...operation.report.signed, { at: event.at, by: event.by, facts: event.facts }] },
  }),
  "law.assessed": assessed,
  "notice.owed": (operation, event) => withNotice(operation, event, (notice) => ({
    ...notice, owed_since: notice.owed_since !== null && notice.owed_since <= event.since ? notice.owed_since : event.since, status: forward(notice, "owed"),
  })),
  "notice.drafted": (operation, event) => withNotice(operation, event, (notice) => ({ ...notice, fields: event.fields, drafted_at: event.at, status: forward(notice, "draft") })),
  "notice.ready": (operation, event) => withNotice(operation, event, (notice) => ({ ...notice, status: forward(notice, "ready") })),
  "notice.withdrawn": (operation, event) => withNotice(operation, event, (notice) => ({ ...notice, owed_since: null, status: forward(notice, "withdrawn") })),
  "notice.sent": (operation, event) => withNotice(operation, event, (notice) => ({ ...notice, fields: event.fields, texts: event.texts ?? [], channels: event.channels ?? [], sent_at: event.at, sent_by: event.by, status: forward(notice, "sent") })),
  "notice.attempted": (operation, event) => withNotice(operation, event, (notice) => ({
    ...notice, attempts: [...notice.attempts, { at: event.at, channel: event.channel, number: event.number, address: event.address, delivered: event.delivered, said: event.said, next_at: event.next_at }],
  })),
  "notice.failed": (operation, event) => withNotice(operation, event, (notice) => ({ ...notice, failed_at: event.at, failed_because: event.because, status: forward(notice, "failed") })),
  "notice.sent_again": (operation, event) => withNotice(operation, event, (notice) => ({
    ...notice, sent_again_at: event.at, channels: [...notice.channels, ...event.channels.filter((one) => !notice.channels.includes(one))],
    ...(notice.status === "failed" ? { status: "sent", failed_at: null, failed_because: null } : {}),
  })),
  "notice.delivered": (operation, event) => withNotice(operation, event, (notice) => ({ ...notice, delivered_at: event.at, failed_at: null, failed_because: null, status: forward(notice, "delivered") })),
  "notice.seen": (operation, event) => withNotice(operation, event, (notice) => ({ ...notice, seen_at: event.at, seen_by: event.by, seen_call: event.call ?? null, status: forward(notice, "seen") })),
  "notice.answered": (operation, event) => withNotice(operation, event, (notice) => ({
    ...notice, answers: [...notice.answers, { by: event.by, name: event.name, answered_at: event.answered_at, answer: event.answer, words: event.words }], status: forward(notice, "answered"),
  })),
  "notice.voice": (operation, event) => withNotice(operation, event, (notice) => ({ ...notice, fields: event.fields, texts: notice.texts.length > 0 ? notice.texts : (event.texts ?? []), voice: { by: event.by, ...event.call }, status: forward(notice, "voice") })),
  "clock.started": withClock,
  "clock.revised": withClock,
  "clock.expired": (operation, event) => endClock(operation, event, "expired"),
  "clock.stopped": (operation, event) => endClock(operation, event, "stopped"),
  "limit.near": withLimit,
  "limit.exceeded": withLimit,
  "limit.within": withLimit,
  "target.sighted": sighted,
  "eyes.moved": (operation, event) => ({ ...operation, eyes: event.to_unit }),
};
