/** The service and the page fold the same bulletins: both must end in the same picture. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Bulletin, Snapshot } from "../src/picture/names";
import { fromSnapshot, toSnapshot } from "../src/picture/picture";
import { reduce } from "../src/picture/reduce";

/** What the service's tests write: where each ledger started, what it said, and what it ended in. */
interface Case { readonly name: string; readonly start: Snapshot; readonly bulletins: readonly Bulletin[]; readonly expected: Snapshot }

/** What is folded: the time and the viewer are the socket's, not the picture's. */
const folded = ({ seq, rooms, units, operations, alarms, recent }: Snapshot): unknown => ({ seq, rooms, units, operations, alarms, recent });

const path = process.env["LIMES_FOLD_FILE"];

const cases = path === undefined ? [] : (JSON.parse(readFileSync(path, "utf8")) as Case[]);

it.skipIf(path === undefined)("there is something to fold (needs LIMES_FOLD_FILE)", () => expect(cases.length).toBeGreaterThan(2));

it.each(cases)("the page ends in the picture the service ends in: $name", ({ start, bulletins, expected }) => {
  let picture = fromSnapshot(start);
  for (const bulletin of bulletins) {
    expect(bulletin.prev).toBe(picture.seq);
    picture = reduce(picture, bulletin);
  }
  expect([...picture.unknownKinds]).toEqual([]);
  // Sorted by id on both sides: the order of a list of units says nothing.
  expect(folded(toSnapshot(picture))).toEqual(folded(toSnapshot(fromSnapshot(expected))));
});
