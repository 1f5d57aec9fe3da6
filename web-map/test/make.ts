/** Small parts of a picture for tests: everything has a value, tests say only what they are about. */

import type { Alarm, Citation, Clock, CrossingBrief, Event, Notice, Operation, Position, Snapshot, Unit } from "../src/picture/names";
import { type Picture, fromSnapshot } from "../src/picture/picture";

export const T0 = Date.parse("2027-03-16T11:33:20.000Z");
export const iso = (ms: number): string => new Date(ms).toISOString();
export const at = (seconds: number): string => iso(T0 + seconds * 1000);

export const citation: Citation = { origin: "law", instrument: "CISA Art. 40(2)", sources: ["cisa40"], confidence: "high", rules_version: 3 };

export const position = (more: Partial<Position> = {}): Position => ({
  unit: "hu-1", fixed_at: at(0), received_at: at(0), lat: 46.16, lon: 20.7, accuracy_m: 8, speed_mps: 22.8, course_deg: 104, altitude_m: null,
  battery_pct: null, states: "HU", certainty: "inside", frontier: "HU-RO", distance_m: 240, ...more,
});
export const unit = (more: Partial<Unit> = {}): Unit => ({
  id: "hu-1", callsign: "HU-1", kind: "vehicle", state: "HU", room: "BUD", marks: "covert", retired: false, on_duty: true, duty_at: null, position: position(), located: "HU", located_at: null,
  crossings: [], suspected: null, law: "HU", stray: null, tail: [], silence: null, approach: null, stand_off: null, camera: null, sealed: null, clock_wrong: null, quarantined: {}, ...more,
});
export const crossing = (more: Partial<CrossingBrief> = {}): CrossingBrief => ({
  id: "x1", from: "HU", to: "RO", point: [20.7056, 46.1617], earliest: at(-3), likely: at(-2), latest: at(-1), inferred: false, ...more,
});
export const notice = (more: Partial<Notice> = {}): Notice => ({
  id: "n1", duty: "notice_of_crossing", to: "ARD", status: "ready", owed_since: at(-3), fields: null, drafted_at: at(-60), sent_at: null, sent_by: null,
  delivered_at: null, seen_at: null, seen_by: null, seen_call: null, answers: [], voice: null, channels: [], attempts: [], failed_at: null, failed_because: null, sent_again_at: null, texts: [], ...more,
});
export const clock = (more: Partial<Clock> = {}): Clock => ({ clock: "consent", host: "RO", starts: at(0), ends: at(5 * 3600), citation, status: "running", because: null, ...more });
export const operation = (more: Partial<Operation> = {}): Operation => ({
  id: "op1", name: "NAGYLAK-27", room: "BUD", lead: "BUD", epoch: 1, lead_since: at(-600), dialogues: [], recalls: [], basis: "40(1)", purpose: "criminal_investigation", offence: "drug_trafficking", person_category: "suspect",
  requesting_state: "HU", host_states: ["RO"], host_rooms: ["ARD"], target: { id: "TGT-1", description: "silver estate car" }, sighting: null, units: ["hu-1"],
  authorisation: null, patrol: null, exercise: true, rests_on: null, opened_by: { account: "budapest", room: "BUD" }, opened_at: at(-600), version: 1, closed: null, shared_with: [],
  eyes: "hu-1", eyes_taken_by: null, assessments: [], notices: [], clocks: [], limits: [], recognised: [], held: [], trackers: [], refusals: [], extraditable: null, grounds: null, evaded_check: null, resting_anew: null, report: { owed_since: null, statements: 0, signed: [] }, must_stop: null, ...more,
});
export const alarm = (id: string, priority: number, raised: number, more: Partial<Alarm> = {}): Alarm => ({
  id, alarm: id, code: id.slice(0, 3), priority, operation: "op1", unit: "hu-1", notice: null, host: null, since: at(raised), sentence: `${id} stands`, action: "do it",
  raised_at: at(raised), annunciated: null, acknowledged: null, shelved: null, ...more,
});
export const snapshot = (more: Partial<Snapshot> = {}): Snapshot => ({
  seq: 10, at: at(0), started_at: at(-3600), room: { id: "BUD", state: "HU" }, me: { account: "budapest", role: "operator" }, mode: { exercise: false, name: null, rate: 1 }, border_set: "2026e", rests_on: { rules: null, profiles: [] },
  rooms: [{ id: "BUD", state: "HU" }, { id: "ARD", state: "RO" }], units: [unit()], operations: [operation()], alarms: [], recent: [], ...more,
});
export const picture = (more: Partial<Snapshot> = {}): Picture => fromSnapshot(snapshot(more));

type Body<E> = E extends unknown ? Omit<E, "seq" | "at" | "recorded_at" | "shared_by"> : never;
/** An event with that body, as number `seq`. */
export const event = (seq: number, body: Body<Event>, when = 0): Event => ({ seq, at: at(when), recorded_at: at(when), shared_by: null, ...body }) as Event;
export const crossed = (kind: "crossing.suspected" | "crossing.confirmed" | "crossing.revised", id: string, when: number, to = "RO"): Body<Event> => ({
  kind, crossing: id, unit: "hu-1", from: to === "RO" ? "HU" : "RO", to, point: [20.7056, 46.1617], earliest: at(when - 1), likely: at(when), latest: at(when + 1),
  position_error_m: 6, border_error_m: null, border_set: "2026e", inferred: false, why: { rule: "rule 1", fixes: [] },
});
