/** Where a host lets a drone of an operation fly: from its document, and as a person types it. */

import type { Airspace, Operation } from "./names";
import { millis } from "./time";

/** The document's number, and what it bounds. */
export interface Permitted { readonly number: string; readonly airspace: Airspace }

/** What holds now; `null` when no document says anything of drones, or its window is not now. */
export function permittedNow(operation: Operation, now: number): Permitted | null {
  const document = operation.authorisation;
  if (document?.drone === undefined || operation.closed !== null) return null;
  return now >= millis(document.from) && now < millis(document.to) ? { number: document.number, airspace: document.drone } : null;
}

/** `46.16170 20.70560`, one corner a line: north first, as everywhere on the page. `null` when it is no ring. */
export function readArea(text: string): [number, number][] | null {
  const corners = text.split("\n").map((line) => line.trim()).filter((line) => line !== "").map((line): [number, number] => {
    const [north, east, ...more] = line.split(/[\s,;]+/).map(Number);
    return more.length === 0 && north !== undefined && east !== undefined && Math.abs(north) <= 90 && Math.abs(east) <= 180 ? [east, north] : [NaN, NaN];
  });
  return corners.length >= 3 && corners.every((corner) => corner.every(Number.isFinite)) ? corners : null;
}
