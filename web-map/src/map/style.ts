/** The base map: land, water, few names, and the frontier as the brightest line. Nothing is fetched from elsewhere. */

import type { Feature, FeatureCollection } from "geojson";
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Theme } from "./theme";

/** From this zoom on the frontier drawn is the service's own line. */
export const OWN_LINE_ZOOM = 7;
/** From this zoom on the names of states are placed for the view, well away from the line. */
export const NAMED_ZOOM = 8;
export const EMPTY = { type: "FeatureCollection" as const, features: [] };
const FONT = ["Inter Variable"];

/** Towns by size: the further out, the fewer. Population stands in hundreds. */
const TOWN_SIZE: ExpressionSpecification = ["step", ["zoom"], 12_000, 5, 5_000, 6, 2_000, 7, 600, 8, 220, 9, 80, 10, 30, 11, 10];
const townShown: ExpressionSpecification = ["any", [">=", ["get", "pop"], TOWN_SIZE], ["all", ["==", ["get", "seat"], 1], [">=", ["zoom"], 3.5]]];

const nearer: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], 7.75, 1, 8.75, 0];

function land(theme: Theme, state: string): LayerSpecification[] {
  return [
    { id: "water", type: "background", paint: { "background-color": theme.css["map-water"] } },
    { id: "land", type: "fill", source: "states", paint: { "fill-color": theme.css["map-b"], "fill-antialias": false } },
    {
      // The approximate outline would lie beside the true line further in, so the own state's tone fades out before.
      id: "own-land", type: "fill", source: "states", filter: ["==", ["get", "iso"], state],
      paint: { "fill-color": theme.css["map-a"], "fill-antialias": false, "fill-opacity": ["interpolate", ["linear"], ["zoom"], 6.5, 1, 7.5, 0] },
    },
    // Rivers and lakes are good to a few kilometres only: they help to find one's way far out and are gone nearer in.
    { id: "lake", type: "fill", source: "water", maxzoom: 9, filter: ["==", ["get", "kind"], "lakes"], paint: { "fill-color": theme.css["map-water"], "fill-opacity": nearer } },
    { id: "river", type: "line", source: "water", maxzoom: 9, filter: ["==", ["get", "kind"], "rivers"], layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": theme.css["map-water"], "line-width": ["interpolate", ["linear"], ["zoom"], 4, 1, 8, 2.5], "line-opacity": nearer } },
    { id: "coast", type: "line", source: "states", paint: { "line-color": theme.css["map-casing"], "line-width": 1, "line-opacity": ["interpolate", ["linear"], ["zoom"], 6.5, 0.8, 8, 0] } },
  ];
}

function lines(theme: Theme, state: string): LayerSpecification[] {
  const dashed = { "line-dasharray": [4, 2] as [number, number] };
  return [
    { id: "approximate", type: "line", source: "borders", paint: { "line-color": theme.css["map-standoff"], "line-opacity": 0.7, "line-width": 1, ...dashed } },
    { id: "approximate-own", type: "line", source: "states", maxzoom: OWN_LINE_ZOOM, filter: ["==", ["get", "iso"], state], paint: { "line-color": theme.css["map-frontier"], "line-width": 1.25, ...dashed } },
    { id: "frontier-casing", type: "line", source: "frontier", minzoom: OWN_LINE_ZOOM, layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": theme.css["map-casing"], "line-width": 5 } },
    { id: "frontier", type: "line", source: "frontier", minzoom: OWN_LINE_ZOOM, filter: ["==", ["get", "kind"], "land"], layout: { "line-join": "round" }, paint: { "line-color": theme.css["map-frontier"], "line-width": 1.75 } },
    { id: "frontier-sea", type: "line", source: "frontier", minzoom: OWN_LINE_ZOOM, filter: ["==", ["get", "kind"], "maritime"], paint: { "line-color": theme.css["map-frontier"], "line-opacity": 0.6, "line-width": 1.25, "line-dasharray": [6, 3] } },
    { id: "frontier-claim", type: "line", source: "frontier", minzoom: OWN_LINE_ZOOM, filter: ["==", ["get", "kind"], "claim"], paint: { "line-color": theme.css["map-frontier"], "line-width": 1.75, "line-dasharray": [2, 2] } },
  ];
}

/** How far pursuits may go: a light ground, and an edge of dashes and dots with its kilometres, as no other line has. */
function strips(theme: Theme): LayerSpecification[] {
  const part = (name: string): ["==", ["get", "part"], string] => ["==", ["get", "part"], name];
  return [
    { id: "strip-area", type: "fill", source: "strips", minzoom: OWN_LINE_ZOOM, filter: part("area"), paint: { "fill-color": theme.css["map-standoff"], "fill-opacity": 0.13, "fill-antialias": false } },
    { id: "stand-off-band", type: "fill", source: "strips", minzoom: OWN_LINE_ZOOM, filter: part("stand_off"), paint: { "fill-color": theme.css["map-standoff"], "fill-opacity": 0.22, "fill-antialias": false } },
    { id: "stand-off-edge", type: "line", source: "strips", minzoom: 9, filter: part("stand_off"), paint: { "line-color": theme.css["map-standoff"], "line-width": 1, "line-dasharray": [1, 2] } },
    { id: "strip-edge", type: "line", source: "strips", minzoom: OWN_LINE_ZOOM, filter: part("edge"), layout: { "line-join": "round" }, paint: { "line-color": theme.css["text-2"], "line-width": 1.75, "line-dasharray": [6, 2.5, 1, 2.5] } },
  ];
}

/** Along the edge, on the far side of it. */
function stripNames(theme: Theme): LayerSpecification {
  return {
    id: "strip-name", type: "symbol", source: "strips", minzoom: OWN_LINE_ZOOM, filter: ["any", ["==", ["get", "part"], "edge"], ["all", ["==", ["get", "part"], "stand_off"], [">=", ["zoom"], 12]]],
    layout: { "symbol-placement": "line", "symbol-spacing": 360, "text-field": ["get", "label"], "text-font": FONT, "text-size": 12, "text-offset": [0, -0.9], "text-max-angle": 45 },
    paint: { "text-color": theme.css["text-2"], "text-halo-color": theme.css["map-halo"], "text-halo-width": 1.5 },
  };
}

function names(theme: Theme): LayerSpecification[] {
  const halo = { "text-color": theme.css["map-name"], "text-halo-color": theme.css["map-halo"], "text-halo-width": 1.5 };
  return [
    { id: "town-dot", type: "circle", source: "towns", minzoom: 4, filter: townShown, paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 5, 1.5, 10, 2.5], "circle-color": theme.css["map-name"], "circle-stroke-color": theme.css["map-halo"], "circle-stroke-width": 1 } },
    {
      id: "town", type: "symbol", source: "towns", minzoom: 4, filter: townShown,
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "text-anchor": "left", "text-offset": [0.6, 0], "text-max-width": 12, "symbol-sort-key": ["-", 0, ["get", "pop"]], "text-padding": 6 }, paint: halo,
    },
    {
      id: "near-state", type: "symbol", source: "near", minzoom: NAMED_ZOOM,
      layout: { "text-field": ["upcase", ["get", "name"]], "text-font": FONT, "text-size": 12, "text-letter-spacing": 0.16, "text-allow-overlap": true }, paint: halo,
    },
    {
      id: "state", type: "symbol", source: "names", maxzoom: NAMED_ZOOM, filter: ["<=", ["get", "rank"], ["step", ["zoom"], 1, 4.5, 2, 6, 3]],
      layout: { "text-field": ["upcase", ["get", "name"]], "text-font": FONT, "text-size": 12, "text-letter-spacing": 0.16, "text-max-width": 10, "text-padding": 8 }, paint: halo,
    },
  ];
}

/** The whole style in that theme, seen from that state. */
export function baseStyle(theme: Theme, state: string): StyleSpecification {
  return {
    version: 8,
    sources: {
      states: { type: "geojson", data: EMPTY, tolerance: 0.4 },
      borders: { type: "geojson", data: EMPTY, tolerance: 0.4 },
      names: { type: "geojson", data: EMPTY },
      near: { type: "geojson", data: EMPTY },
      water: { type: "geojson", data: EMPTY },
      towns: { type: "geojson", data: EMPTY },
      strips: { type: "geojson", data: EMPTY, tolerance: 0.1, maxzoom: 18 },
      frontier: { type: "geojson", data: EMPTY, tolerance: 0.1, maxzoom: 18 },
    },
    layers: [...land(theme, state), ...strips(theme), ...lines(theme, state), ...names(theme), stripNames(theme)],
  };
}

export interface Towns { name: string[]; iso: string[]; lon: number[]; lat: number[]; pop: number[]; seat: number[] }

/** The towns' columns as points, the largest first. */
export function townPoints(towns: Towns): FeatureCollection {
  const features = towns.name.map((name, i): Feature => ({
    type: "Feature",
    properties: { name, pop: towns.pop[i] ?? 0, seat: towns.seat[i] ?? 0 },
    geometry: { type: "Point", coordinates: [towns.lon[i] ?? 0, towns.lat[i] ?? 0] },
  }));
  return { type: "FeatureCollection", features };
}
