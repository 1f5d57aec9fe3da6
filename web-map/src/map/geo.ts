/** Small geometry for drawing: good to a pixel over a few kilometres, never used for any decision. */

export type Point = [number, number];
const METRES_PER_DEGREE = 111_195;

/** The place that many metres from `from` on that course. */
export function ahead(from: Point, courseDeg: number, metres: number): Point {
  const course = (courseDeg * Math.PI) / 180;
  const north = (metres * Math.cos(course)) / METRES_PER_DEGREE;
  const east = (metres * Math.sin(course)) / (METRES_PER_DEGREE * Math.max(0.05, Math.cos((from[1] * Math.PI) / 180)));
  return [from[0] + east, from[1] + north];
}

/** A circle as separate dashes, for circles that say "somewhere within". */
export function dashes(centre: Point, metres: number, count = 48): [Point, Point][] {
  const out: [Point, Point][] = [];
  for (let i = 0; i < count; i++) {
    const start = (i * 360) / count;
    const middle = ahead(centre, start + 90 / count, metres), end = ahead(centre, start + 180 / count, metres), begin = ahead(centre, start, metres);
    out.push([begin, middle], [middle, end]);
  }
  return out;
}

/** Metres on the ground under one pixel of a 512-pixel world at that zoom and latitude. */
export function metresPerPixel(zoom: number, lat: number): number {
  return (40_075_016.7 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom);
}
