/** The alarms as they are read: the most pressing that nobody has taken first; what is put aside waits. */

import type { Alarm } from "./names";
import type { Picture } from "./picture";
import { stopOf, stops } from "./strips";
import { millis } from "./time";

/** Whether somebody put it aside, and the time is not over. */
export const isAside = (alarm: Alarm, now: number): boolean => alarm.shelved !== null && now < millis(alarm.shelved.until);

/** Not taken by anybody, and not put aside: it asks for a person. */
export const asks = (alarm: Alarm, now: number): boolean => alarm.acknowledged === null && !isAside(alarm, now);

const rank = (alarm: Alarm, now: number): number => (isAside(alarm, now) ? 2 : alarm.acknowledged === null ? 0 : 1);

/** All of them: what asks for a person, then what somebody has taken, then what is put aside; in each the most pressing, then the newest. */
export function inOrder(picture: Picture, now: number): Alarm[] {
  return [...picture.alarms].sort((a, b) => rank(a, now) - rank(b, now) || a.priority - b.priority || millis(b.raised_at) - millis(a.raised_at) || (a.id < b.id ? -1 : 1));
}

/** The first of a burst: what came first is likely what made the others come. A burst is three or more within so many ms of each other. */
const BURST_MS = 10_000;
const BURST = 3;
export function firstUp(picture: Picture): ReadonlySet<string> {
  const first = new Set<string>();
  const byTime = [...picture.alarms].sort((a, b) => millis(a.raised_at) - millis(b.raised_at) || (a.id < b.id ? -1 : 1));
  let burst: Alarm[] = [];
  const end = (): void => { if (burst.length >= BURST && burst[0] !== undefined) first.add(burst[0].id); };
  for (const alarm of byTime) {
    const last = burst.at(-1);
    if (last !== undefined && millis(alarm.raised_at) - millis(last.raised_at) > BURST_MS) { end(); burst = []; }
    burst.push(alarm);
  }
  end();
  return first;
}

/** The reason the rules give, where the alarm is about a stop. */
export function grounds(picture: Picture, alarm: Alarm): string {
  if (alarm.priority !== 1) return "";
  const unit = alarm.unit === null ? undefined : picture.units.get(alarm.unit);
  if (alarm.operation === null) return unit === undefined ? "" : (stopOf(unit)?.because ?? "");
  const operation = picture.operations.get(alarm.operation);
  if (operation === undefined) return "";
  return stops(picture, operation).find((stop) => stop.unit === alarm.unit)?.because ?? "";
}

/** The name of the operation an alarm is about, or nothing. */
export const operationOf = (picture: Picture, alarm: Alarm): string => (alarm.operation === null ? "" : (picture.operations.get(alarm.operation)?.name ?? alarm.operation));

/** What to look at for an alarm. */
export const placeOf = (alarm: Alarm): { operation: string | null; unit: string | null } => (alarm.operation === null ? { operation: null, unit: alarm.unit } : { operation: alarm.operation, unit: null });
