// A small scripted world for looking at the page without the service: the road from Makó over Nagylak to Nădlac with
// made-up units. Way-points are approximate. The frontier piece (frontier-nagylak.json) is © OpenStreetMap
// contributors, ODbL 1.0, via timezone-boundary-builder.
import { readFileSync } from "node:fs";

export const frontier = JSON.parse(readFileSync(new URL("./frontier-nagylak.json", import.meta.url), "utf8"));
const lines = frontier.features.filter((f) => f.properties.frontier === "HU-RO").map((f) => f.geometry.coordinates);

const LAT = 46.16, MX = 111_320 * Math.cos((LAT * Math.PI) / 180), MY = 111_195;
const xy = ([lon, lat]) => [lon * MX, lat * MY];
const lonlat = ([x, y]) => [x / MX, y / MY];

export const ROAD = [
  [20.479, 46.214], [20.53, 46.19], [20.582, 46.174], [20.617, 46.172], [20.66, 46.17], [20.69, 46.1665], [20.7065, 46.1615],
  [20.73, 46.165], [20.751, 46.1665], [20.8, 46.163], [20.87, 46.158], [20.95, 46.165], [21.07, 46.172], [21.3, 46.18],
];
const legs = ROAD.slice(1).map((b, i) => { const a = xy(ROAD[i]), c = xy(b); return { a, c, length: Math.hypot(c[0] - a[0], c[1] - a[1]) }; });

/** The point that many metres along the road, and the course there. */
export function along(metres) {
  let left = Math.max(0, metres);
  for (const leg of legs) {
    if (left <= leg.length) {
      const t = left / leg.length;
      return { point: lonlat([leg.a[0] + (leg.c[0] - leg.a[0]) * t, leg.a[1] + (leg.c[1] - leg.a[1]) * t]), course: courseOf(leg.a, leg.c) };
    }
    left -= leg.length;
  }
  const last = legs.at(-1);
  return { point: lonlat(last.c), course: courseOf(last.a, last.c) };
}
const courseOf = (a, b) => ((Math.atan2(b[0] - a[0], b[1] - a[1]) * 180) / Math.PI + 360) % 360;

/** Where a straight way meets the frontier, or null. */
export function meets(from, to) {
  const p = xy(from), q = xy(to);
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) {
      const a = xy(line[i - 1]), b = xy(line[i]);
      const d = (q[0] - p[0]) * (b[1] - a[1]) - (q[1] - p[1]) * (b[0] - a[0]);
      if (d === 0) continue;
      const t = ((a[0] - p[0]) * (b[1] - a[1]) - (a[1] - p[1]) * (b[0] - a[0])) / d;
      const u = ((a[0] - p[0]) * (q[1] - p[1]) - (a[1] - p[1]) * (q[0] - p[0])) / d;
      if (t >= 0 && t <= 1 && u >= 0 && u <= 1) return { point: lonlat([p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t]), t };
    }
  }
  return null;
}

/** Metres to the HU-RO line. */
export function distanceTo(point) {
  const p = xy(point);
  let best = Infinity;
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) {
      const a = xy(line[i - 1]), b = xy(line[i]);
      const l = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2;
      const t = l === 0 ? 0 : Math.min(1, Math.max(0, ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / l));
      best = Math.min(best, Math.hypot(p[0] - a[0] - (b[0] - a[0]) * t, p[1] - a[1] - (b[1] - a[1]) * t));
    }
  }
  return Math.round(best * 10) / 10;
}

/** HU or RO: by the number of times a way from deep in Hungary meets the line. */
const DEEP = [20.2, 46.4];
export function stateAt(point) {
  let n = 0, from = DEEP;
  for (let guard = 0; guard < 40; guard++) {
    const hit = meets(from, point);
    if (hit === null) break;
    n += 1;
    const f = xy(from), t = xy(point), l = Math.hypot(t[0] - f[0], t[1] - f[1]);
    const s = Math.min(1, hit.t + 0.5 / l);
    from = lonlat([f[0] + (t[0] - f[0]) * s, f[1] + (t[1] - f[1]) * s]);
  }
  return n % 2 === 0 ? "HU" : "RO";
}

/** Where the road first meets the line, in metres along it. */
/** The crossing points of the exercise, as the service lists them. */
export const crossingPoints = () => [
  { name: "COP-1 Nagylak–Nădlac I", frontier: "HU-RO", point: along(LINE_AT).point, line_deg: 18, origin: "exercise", source: "exercise" },
  { name: "COP-2 Csanádpalota–Nădlac II", frontier: "HU-RO", point: [20.7572, 46.22], line_deg: 30, origin: "exercise", source: "exercise" },
];

export const LINE_AT = (() => {
  for (let m = 0; m < 40_000; m += 5) if (stateAt(along(m).point) === "RO") return m;
  return 0;
})();
