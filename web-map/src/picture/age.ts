/** How old a unit's place is, in steps that follow the unit's own reporting interval. */

import type { Unit } from "./names";
import { placeOf } from "./place";
import { millis } from "./time";

/** The steps, in order. */
export type AgeStep = "fresh" | "ageing" | "stale" | "lost" | "none";

/** Where the steps end: at the least 5, 15 and 60 s, and two, four and twelve times the unit's own interval. */
export interface Steps { readonly ageing: number; readonly stale: number; readonly lost: number }

/** So many of the newest points of a tail are never thinned out: see the snapshot. */
const WINDOW = 6;

/** The unit's usual time between fixes, seconds: the median of its last gaps; `null` with fewer than three fixes. */
export function interval(tail: readonly (readonly [number, number, number])[]): number | null {
  const recent = tail.slice(-WINDOW);
  const gaps: number[] = [];
  for (let i = 1; i < recent.length; i++) {
    const [earlier, later] = [recent[i - 1], recent[i]];
    if (earlier !== undefined && later !== undefined && later[2] > earlier[2]) gaps.push((later[2] - earlier[2]) / 1000);
  }
  if (gaps.length < 2) return null;
  gaps.sort((a, b) => a - b);
  return gaps[Math.floor((gaps.length - 1) / 2)] ?? null;
}

/** The steps for that interval. */
export function stepsFor(every: number | null): Steps {
  const own = every ?? 1;
  return { ageing: Math.max(5, 2 * own), stale: Math.max(15, 4 * own), lost: Math.max(60, 12 * own) };
}

/** Seconds since the unit was where it is drawn; a clock that runs ahead counts from when we received the fix. */
export function ageOf(unit: Unit, now: number): number | null {
  const at = placeOf(unit);
  if (at === null) return null;
  const fixed = millis(at.fixed_at), received = millis(at.received_at);
  return Math.max(0, (now - Math.min(fixed, received)) / 1000);
}

/** A fix that arrives this many seconds after it was taken came late. */
const LATE_S = 15;
/** A unit of which nothing arrived for this many seconds is not heard: the least patience of the service. */
const HEARD_S = 60;

/**
 * What the newest fix says of its device's clock: how far it is ahead of ours at least, or how late the fix came, which
 * is a slow clock or a slow way, and cannot be told apart. Seconds; `null` when there is nothing to say.
 */
export function clockOf(unit: Unit): { readonly ahead: number } | { readonly late: number } | null {
  if (unit.position === null) return null;
  const lag = (millis(unit.position.received_at) - millis(unit.position.fixed_at)) / 1000;
  if (lag <= -1) return { ahead: -lag };
  return lag >= LATE_S ? { late: lag } : null;
}

/**
 * How late the fixes of a unit come that is heard nevertheless, seconds: its backlog is arriving, or its clock is slow;
 * `null` when they do not, or nothing arrived within the last minute.
 */
export function lateNow(unit: Unit, now: number): number | null {
  const clock = clockOf(unit);
  if (clock === null || !("late" in clock) || unit.position === null) return null;
  return (now - millis(unit.position.received_at)) / 1000 <= HEARD_S ? clock.late : null;
}

/** The step the unit is in. */
export function stepOf(unit: Unit, now: number): AgeStep {
  if (unit.sealed !== null) return "lost";
  const seconds = ageOf(unit, now);
  if (seconds === null) return "none";
  const steps = stepsFor(interval(unit.tail));
  if (seconds > steps.lost) return "lost";
  if (seconds > steps.stale) return "stale";
  return seconds > steps.ageing ? "ageing" : "fresh";
}
