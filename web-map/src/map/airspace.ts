/** The area in which a host lets a drone fly: a ring of short strokes, with the document's number and height. */

import { permittedNow } from "../picture/airspace";
import type { Operation } from "../picture/names";
import { plain } from "../picture/words";
import type { Point } from "./geo";
import type { Scene, Sight } from "./scene";

const STROKE_PX = 4;
/** So many strokes at most a side: far in, they become longer. */
const STROKES_MOST = 120;
const METRES_PER_DEGREE = 111_195;

const between = (a: Point, b: Point, share: number): Point => [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];

export function airspace(scene: Scene, sight: Sight, operation: Operation): void {
  const permitted = sight.frozen ? null : permittedNow(operation, sight.now), ring = permitted?.airspace.area;
  if (permitted === null || ring == null || ring.length < 3) return;
  for (const [i, from] of ring.entries()) {
    const to = ring[(i + 1) % ring.length] ?? from;
    const long = Math.hypot((to[0] - from[0]) * Math.cos((from[1] * Math.PI) / 180), to[1] - from[1]) * METRES_PER_DEGREE;
    const strokes = Math.min(STROKES_MOST, Math.max(1, Math.round(long / (2 * STROKE_PX * sight.metresPerPixel))));
    for (let n = 0; n < strokes; n++) scene.segments.push({ from: between(from, to, n / strokes), to: between(from, to, (n + 0.5) / strokes), tone: "host", strength: 0.9, width: 1.25 });
  }
  const top = ring.reduce((best, corner) => (corner[1] > best[1] ? corner : best)), most = permitted.airspace.altitude_max_m;
  scene.notes.push({ id: `d${operation.id}`, at: top, strong: `drone ${plain(permitted.number, 24)}`, rest: most === null ? "" : `up to ${Math.round(most)} m above the ellipsoid`, sure: true });
}
