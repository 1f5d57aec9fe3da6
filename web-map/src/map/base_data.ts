/** The offline base map's files, and where a state's name can stand in a view without standing on the wrong side. */

import type { Feature, FeatureCollection, MultiLineString, MultiPolygon, Point as GeoPoint, Position } from "geojson";
import type { Bounds } from "./frontier";
import { type Point, ahead } from "./geo";
import { type Towns, townPoints } from "./style";

interface StateFeature extends Feature<MultiPolygon, { iso: string }> { }
interface NameFeature extends Feature<GeoPoint, { iso: string; name: string; rank: number; box: [number, number, number, number] }> { }

export interface BaseData {
  readonly states: { readonly type: "FeatureCollection"; readonly features: StateFeature[] };
  readonly borders: Feature<MultiLineString>;
  readonly names: { readonly type: "FeatureCollection"; readonly features: NameFeature[] };
  readonly towns: FeatureCollection;
  readonly water: FeatureCollection;
}

async function file<T>(name: string): Promise<T> {
  const response = await fetch(`basemap/${name}`);
  if (!response.ok) throw new Error(`the base map file ${name} is missing`);
  return (await response.json()) as T;
}

export async function loadBase(): Promise<BaseData> {
  const [states, borders, names, towns, water] = await Promise.all([
    file<BaseData["states"]>("states.json"), file<BaseData["borders"]>("borders.json"), file<BaseData["names"]>("names.json"), file<Towns>("towns.json"), file<FeatureCollection>("water.json"),
  ]);
  return { states, borders, names, towns: townPoints(towns), water };
}

function inRing(ring: readonly Position[], [x, y]: Point): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax = 0, ay = 0] = ring[i] ?? [], [bx = 0, by = 0] = ring[j] ?? [];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** The approximate base map's outlines are off by up to this much. */
const OFF_BY_M = 4_500;
const COLUMNS = 9, ROWS = 7;

/** The state whose approximate outline holds all of the place's surroundings, so that the name cannot stand beyond the true line. */
function surely(states: readonly StateFeature[], at: Point): string | null {
  const around = [at, ...[0, 45, 90, 135, 180, 225, 270, 315].map((course) => ahead(at, course, OFF_BY_M))];
  const holds = (state: StateFeature, p: Point): boolean => state.geometry.coordinates.some((rings) => { const [outer, ...holes] = rings; return outer !== undefined && inRing(outer, p) && !holes.some((hole) => inRing(hole, p)); });
  return states.find((state) => around.every((p) => holds(state, p)))?.properties.iso ?? null;
}

/** One name for each state in the view that has room for it, as near to the middle as is sure. */
export function namesIn(base: BaseData, view: Bounds): FeatureCollection {
  const best = new Map<string, { at: Point; far: number }>();
  const near = base.states.features.filter((state) => {
    const box = base.names.features.find((name) => name.properties.iso === state.properties.iso)?.properties.box;
    return box !== undefined && box[0] < view.east && box[2] > view.west && box[1] < view.north && box[3] > view.south;
  });
  for (let c = 1; c < COLUMNS; c++) {
    for (let r = 1; r < ROWS; r++) {
      const at: Point = [view.west + ((view.east - view.west) * c) / COLUMNS, view.south + ((view.north - view.south) * r) / ROWS];
      const iso = surely(near, at), far = Math.hypot(c / COLUMNS - 0.5, r / ROWS - 0.5);
      if (iso !== null && far < (best.get(iso)?.far ?? Infinity)) best.set(iso, { at, far });
    }
  }
  const features = [...best].map(([iso, { at }]): Feature => ({ type: "Feature", properties: { name: base.names.features.find((name) => name.properties.iso === iso)?.properties.name ?? iso }, geometry: { type: "Point", coordinates: at } }));
  return { type: "FeatureCollection", features };
}

/** The box of a state, for the overview. */
export function boxOf(base: BaseData, iso: string): [number, number, number, number] | null {
  return base.names.features.find((name) => name.properties.iso === iso)?.properties.box ?? null;
}
