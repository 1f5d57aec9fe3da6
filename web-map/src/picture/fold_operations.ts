/** What each kind of event does to one operation. */

import type { Clock, Event, EventOf, Notice, Operation } from "./names";

type Folds = { readonly [K in Event["kind"]]?: (operation: Operation, event: EventOf<K>) => Operation };

/** An operation as it was opened: the room that opened it leads. */
export function operationFrom(event: EventOf<"operation.opened">): Operation {
  return {
    ...event.card, lead: event.card.room, sighting: null, opened_at: event.at, version: 1, closed: null, shared_with: [], eyes: null,
    assessments: [], notices: [], clocks: [], must_stop: null,
  };
}

const BLANK: Omit<Notice, "id" | "duty" | "to"> = {
  status: "owed", owed_since: null, fields: null, drafted_at: null, sent_at: null, sent_by: null, delivered_at: null, seen_at: null, seen_by: null,
};

function withNotice(operation: Operation, id: string, change: Partial<Notice>): Operation {
  const known = operation.notices.some((notice) => notice.id === id);
  const notices = known ? operation.notices : [...operation.notices, { ...BLANK, id, duty: change.duty ?? "", to: change.to ?? "" }];
  return { ...operation, notices: notices.map((notice) => (notice.id === id ? { ...notice, ...change } : notice)) };
}

const isThe = (clock: Clock, event: { clock: string; host: string }): boolean => clock.clock === event.clock && clock.host === event.host;

function withClock(operation: Operation, event: EventOf<"clock.started" | "clock.revised">): Operation {
  const clock: Clock = {
    clock: event.clock, host: event.host, starts: event.starts, ends: event.ends, citation: event.citation, status: "running",
    because: event.kind === "clock.revised" ? event.because : null,
  };
  const known = operation.clocks.some((other) => isThe(other, event));
  return { ...operation, clocks: known ? operation.clocks.map((other) => (isThe(other, event) ? clock : other)) : [...operation.clocks, clock] };
}

function endClock(operation: Operation, event: EventOf<"clock.expired" | "clock.stopped">, status: string): Operation {
  const clocks = operation.clocks.map((clock) => (isThe(clock, event) ? { ...clock, status, because: event.because } : clock));
  return { ...operation, clocks };
}

export const OPERATION_FOLDS: Folds = {
  "operation.changed": (operation, event) => ({
    ...operation,
    units: event.units ?? operation.units,
    authorisation: event.authorisation ?? operation.authorisation,
    version: operation.version + 1,
  }),
  "operation.closed": (operation, event) => ({
    ...operation,
    closed: { at: event.at, by: event.by, reason: event.reason },
    version: operation.version + 1,
  }),
  "operation.shared": (operation, event) => ({
    ...operation,
    shared_with: operation.shared_with.includes(event.with) ? operation.shared_with : [...operation.shared_with, event.with],
  }),
  "law.assessed": (operation, event) => {
    const assessment = { at: event.at, unit: event.unit, crossing: event.crossing, verdict: event.verdict, findings: event.findings, duties: event.duties };
    return { ...operation, assessments: [...operation.assessments.filter((other) => other.unit !== event.unit), assessment] };
  },
  "notice.owed": (operation, event) => {
    const status = operation.notices.find((notice) => notice.id === event.notice)?.status ?? "owed";
    return withNotice(operation, event.notice, { duty: event.duty, to: event.to, status, owed_since: event.since });
  },
  "notice.drafted": (operation, event) => withNotice(operation, event.notice, { duty: event.duty, to: event.to, fields: event.fields, status: "draft", drafted_at: event.at }),
  "notice.ready": (operation, event) => withNotice(operation, event.notice, { status: "ready" }),
  "notice.sent": (operation, event) => withNotice(operation, event.notice, { status: "sent", sent_at: event.at, sent_by: event.by }),
  "notice.delivered": (operation, event) => withNotice(operation, event.notice, { status: "delivered", delivered_at: event.at }),
  "notice.seen": (operation, event) => withNotice(operation, event.notice, { status: "seen", seen_at: event.at, seen_by: event.by }),
  "clock.started": withClock,
  "clock.revised": withClock,
  "clock.expired": (operation, event) => ({ ...endClock(operation, event, "expired"), must_stop: event.because }),
  "clock.stopped": (operation, event) => endClock(operation, event, "stopped"),
  "target.sighted": (operation, event) => ({
    ...operation,
    sighting: {
      seen_at: event.seen_at, lat: event.lat, lon: event.lon, accuracy_m: event.accuracy_m, source: event.source, by_unit: event.by_unit,
      course_deg: event.course_deg, speed_mps: event.speed_mps, states: event.states, certainty: event.certainty,
      frontier: event.frontier, distance_m: event.distance_m,
    },
  }),
  "eyes.moved": (operation, event) => ({ ...operation, eyes: event.to_unit }),
};
