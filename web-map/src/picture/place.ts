/** Where a unit is drawn: where it was last heard from, also when that place's time cannot be right. */

import type { Position, Unit } from "./names";

/**
 * The place to draw. Of a unit whose clock is wrong it is the place as of its arrival, with nothing else that the device
 * said: such a place is shown and never used for law.
 */
export function placeOf(unit: Unit): Position | null {
  const { clock_wrong: wrong } = unit;
  if (wrong === null) return unit.position;
  return {
    unit: unit.id, fixed_at: wrong.received_at, received_at: wrong.received_at, lat: wrong.lat, lon: wrong.lon, accuracy_m: null, speed_mps: null,
    course_deg: null, altitude_m: null, battery_pct: null, states: "", certainty: "", frontier: null, distance_m: null,
  };
}
