/** Where the units of an operation are, as this room can see them: at home, on their way, abroad. */

import { liveApproach } from "./approach";
import type { CrossingBrief, Operation, Unit } from "./names";
import type { Picture } from "./picture";
import { millis } from "./time";

/** The units of an operation that this room can see. */
export function unitsOf(picture: Picture, operation: Operation): Unit[] {
  return operation.units.map((id) => picture.units.get(id)).filter((unit): unit is Unit => unit !== undefined);
}

/** The units of an operation that are abroad: anywhere but wholly in their own state. */
export function abroad(picture: Picture, operation: Operation): Unit[] {
  return unitsOf(picture, operation).filter((unit) => unit.law !== null && unit.law !== unit.state);
}

/** Where the units are that are abroad: the states entered, each once. */
export function enteredStates(picture: Picture, operation: Operation): string[] {
  return [...new Set(abroad(picture, operation).map((unit) => unit.law as string))].sort();
}

/**
 * The crossings of its units that belong to an operation, by their likely times: those since it was opened, until it was
 * closed, and the one that had a unit abroad when it was opened.
 */
export function crossingsOf(picture: Picture, operation: Operation): { readonly unit: Unit; readonly crossing: CrossingBrief }[] {
  const opened = operation.opened_at, closed = operation.closed?.at ?? null;
  const found = unitsOf(picture, operation).flatMap((unit) => {
    const before = unit.crossings.filter((crossing) => crossing.likely < opened).at(-1);
    const since = unit.crossings.filter((crossing) => crossing.likely >= opened && (closed === null || crossing.likely <= closed));
    const out = before !== undefined && before.to !== unit.state ? [before] : [];
    return [...out, ...since].map((crossing) => ({ unit, crossing }));
  });
  return found.sort((a, b) => millis(a.crossing.likely) - millis(b.crossing.likely));
}

/** The states the units are on their way to. */
export function approachedStates(picture: Picture, operation: Operation, now: number): string[] {
  const ahead = unitsOf(picture, operation).map((unit) => liveApproach(unit, now)?.to).filter((to): to is string => to !== undefined && !to.split("|").includes(operation.requesting_state));
  return [...new Set(ahead)].sort();
}
