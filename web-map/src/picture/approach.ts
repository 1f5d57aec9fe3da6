/** Which predictions may still be shown. */

import type { Approach, LikelyCrossing, Unit } from "./names";
import { millis } from "./time";
import { plain } from "./words";

/** Slower than this a unit stands: it is on its way to nothing. */
const STANDING_MPS = 1;

/** A prediction that still holds: not of a unit that stands, is silent or has arrived, and not past its own latest moment. */
export function liveApproach(unit: Unit, now: number): Approach | null {
  const { approach } = unit;
  if (approach === null || !unit.on_duty || unit.silence !== null || unit.suspected !== null || approach.to === unit.law) return null;
  const standing = unit.position?.speed_mps != null && unit.position.speed_mps < STANDING_MPS;
  return standing || now > millis(approach.at) + approach.eta_latest_s * 1000 ? null : approach;
}

/** `COP-1 Nagylak–Nădlac I 0.78 · COP-2 0.22`: the likeliest by its whole name, the others by its first word where one has it alone. */
export function likely(crossings: readonly LikelyCrossing[] | undefined): string {
  const first = (name: string): string => name.split(/\s/u)[0] ?? name;
  const names = (crossings ?? []).map((one) => one.name);
  const short = (name: string): string => (names.filter((other) => first(other) === first(name)).length > 1 ? name : first(name));
  return (crossings ?? []).map((one, i) => `${plain(i === 0 ? one.name : short(one.name), 60)} ${one.probability.toFixed(2)}`).join(" · ");
}
