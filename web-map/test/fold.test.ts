/** The service and the page fold the same bulletins: both must end in the same picture. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Bulletin, Snapshot } from "../src/picture/names";
import { fromSnapshot, toSnapshot } from "../src/picture/picture";
import { reduce } from "../src/picture/reduce";

/** A file the service's tests write: where it started, what it said, and what it ended in. */
interface FoldFile { readonly start: Snapshot; readonly bulletins: readonly Bulletin[]; readonly expected: Snapshot }

/** What is folded: the time and the viewer are the socket's, not the picture's. */
const folded = ({ seq, rooms, units, operations, recent }: Snapshot): unknown => ({ seq, rooms, units, operations, recent });

const path = process.env["LIMES_FOLD_FILE"];

it.skipIf(path === undefined)("the page ends in the picture the service ends in (needs LIMES_FOLD_FILE)", () => {
  const file = JSON.parse(readFileSync(path ?? "", "utf8")) as FoldFile;
  expect(file.bulletins.length).toBeGreaterThan(0);
  let picture = fromSnapshot(file.start);
  for (const bulletin of file.bulletins) {
    expect(bulletin.prev).toBe(picture.seq);
    picture = reduce(picture, bulletin);
  }
  expect([...picture.unknownKinds]).toEqual([]);
  // Sorted by id on both sides: the order of a list of units says nothing.
  expect(folded(toSnapshot(picture))).toEqual(folded(toSnapshot(fromSnapshot(file.expected))));
});
