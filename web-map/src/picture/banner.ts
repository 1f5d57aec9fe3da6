/** What needs a person first: the line above everything. */

import type { Operation } from "./names";
import { endsTheStay } from "./fold_operations";
import { nameOf } from "./label";
import type { Picture } from "./picture";
import { openOperations } from "./side";
import { type Stop, noticeNoun, stopOf, stops } from "./strips";
import { millis } from "./time";
import { states } from "./words";

/** A notice is overdue for the banner when it was not sent, or not read by a person, for this long. The rooms' figures: the law says "immediately". */
export const OVERDUE_S: Readonly<Record<string, number>> = { notice_of_crossing: 60, request: 900 };

export interface Line {
  readonly key: string;
  readonly priority: 1 | 2 | 3;
  /** What to look at: the operation, or the unit that is in none. */
  readonly operation: string | null;
  readonly unit: string | null;
  readonly what: string;
  readonly detail: string;
  readonly act: string;
  /** When it came up, ms. */
  readonly raised: number;
}

const name = (picture: Picture, id: string): string => { const unit = picture.units.get(id); return unit === undefined ? id : nameOf(unit); };

function stopLine(picture: Picture, operation: Operation, stop: Stop, now: number): Line {
  const where = stop.unit === null ? "" : `, ${name(picture, stop.unit)} in ${states(picture.units.get(stop.unit)?.law ?? "")}`;
  const key = `${operation.id}:${stop.unit ?? ""}:stop`;
  return { key, priority: 1, operation: operation.id, unit: null, what: `${operation.name}: must stop${where}`, detail: stop.because, act: `${operation.room}: stop, and confirm with each unit`, raised: Math.min(stop.since, now) };
}

/** Our own units that are abroad in no operation: nobody else watches them. */
function strays(picture: Picture): Line[] {
  const busy = new Set(openOperations(picture).flatMap((operation) => operation.units));
  const lines: Line[] = [];
  for (const unit of picture.units.values()) {
    const stop = busy.has(unit.id) ? null : stopOf(unit);
    if (stop === null) continue;
    const what = `${nameOf(unit)} is in ${states(unit.law ?? "")} without an operation: must stop`;
    lines.push({ key: `${unit.id}:stray`, priority: 1, operation: null, unit: unit.id, what, detail: stop.because, act: `${unit.room}: stop, and confirm with the unit`, raised: stop.since });
  }
  return lines;
}

function overdue(operation: Operation, now: number): Line[] {
  const lines: Line[] = [];
  for (const notice of operation.notices) {
    const noun = noticeNoun(notice.duty);
    const unsent = notice.status === "owed" || notice.status === "draft" || notice.status === "ready";
    const since = unsent ? notice.owed_since : notice.status === "seen" ? null : notice.sent_at;
    const within = OVERDUE_S[notice.duty];
    if (since === null || within === undefined || now - millis(since) < within * 1000) continue;
    const to = notice.to === "" ? operation.host_states.join(" ") : notice.to;
    const first = notice.duty === "notice_of_crossing";
    lines.push({
      key: `${operation.id}:${notice.id}:${unsent ? "unsent" : "unseen"}`, priority: first ? 1 : 2, operation: operation.id, unit: null, raised: millis(since) + within * 1000,
      what: unsent ? `${operation.name}: ${noun} to ${to} not sent` : `${operation.name}: ${noun} not read in ${to}`,
      detail: unsent ? `owed since ${since.slice(11, 19)}Z` : `sent ${since.slice(11, 19)}Z`,
      act: unsent ? `${operation.room}: send it, or phone` : `${operation.room}: phone ${to}`,
    });
  }
  return lines;
}

/** Within this the host's officers are to be with a person whom our unit holds. The rooms' figure. */
export const ON_SCENE_S = 600;

/** A person held abroad: past the hours of release, or still with our unit and none of the host's officers. */
function holding(picture: Picture, operation: Operation, now: number): Line[] {
  const line = (host: string, priority: 1 | 2, raised: number, what: string, detail: string, act: string): Line =>
    ({ key: `${operation.id}:${host}:held${priority}`, priority, operation: operation.id, unit: null, what: `${operation.name}: ${what}`, detail, act: `${operation.room}: ${act}`, raised });
  const over = operation.clocks.filter((clock) => clock.status === "expired" && !endsTheStay(clock));
  const late = operation.held.filter((held) => held.unit !== null && !held.steps.some((step) => step.step === "handed_over" || step.step === "released") && now - millis(held.since) >= ON_SCENE_S * 1000);
  return [
    ...over.map((clock) => line(clock.host, 1, millis(clock.ends), `the hours of release in ${clock.host} are over`, clock.because ?? "", `phone ${clock.host}: request for arrest, or release`)),
    ...late.map((held) => line(held.host, 2, millis(held.since) + ON_SCENE_S * 1000, `person held in ${held.host} by ${name(picture, held.unit ?? "")}, no officer of ${held.host} recorded there`, `held since ${held.since.slice(11, 19)}Z`, `phone ${held.host}, and record the handing over`)),
  ];
}

/** Everything that stands now, the most pressing first, then the newest. */
export function lines(picture: Picture, now: number): Line[] {
  const ofOperations = openOperations(picture).flatMap((operation) => [...stops(picture, operation).map((stop) => stopLine(picture, operation, stop, now)), ...overdue(operation, now), ...holding(picture, operation, now)]);
  return [...ofOperations, ...strays(picture)].sort((a, b) => a.priority - b.priority || b.raised - a.raised);
}

/** What to look at for a line. */
export const placeOfLine = (line: Line): { operation: string | null; unit: string | null } | { unit: string } =>
  line.operation === null && line.unit !== null ? { unit: line.unit } : { operation: line.operation, unit: null };
