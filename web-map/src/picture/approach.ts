/** Which predictions may still be shown. */

import type { Approach, Unit } from "./names";
import { millis } from "./time";

/** Slower than this a unit stands: it is on its way to nothing. */
const STANDING_MPS = 1;

/** A prediction that still holds: not of a unit that stands, is silent or has arrived, and not past its own latest moment. */
export function liveApproach(unit: Unit, now: number): Approach | null {
  const { approach } = unit;
  if (approach === null || !unit.on_duty || unit.silence !== null || unit.suspected !== null || approach.to === unit.law) return null;
  const standing = unit.position?.speed_mps != null && unit.position.speed_mps < STANDING_MPS;
  return standing || now > millis(approach.at) + approach.eta_latest_s * 1000 ? null : approach;
}
