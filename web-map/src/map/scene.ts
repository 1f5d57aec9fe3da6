/** What is to be drawn on the map now: from the picture, as plain values. Nothing here knows how it is drawn. */

import { type AgeStep, stepOf } from "../picture/age";
import { liveApproach } from "../picture/approach";
import { markOf as handoverMark } from "../picture/handover";
import { type Label, labelOf, nameOf, operationLabel, targetLabel } from "../picture/label";
import type { CrossingBrief, CrossingPoint, Operation, Unit } from "../picture/names";
import type { Picture } from "../picture/picture";
import { placeOf } from "../picture/place";
import { type Side, isSquare, openOperations, operationOf, sideOf } from "../picture/side";
import { duration, millis, zulu } from "../picture/time";
import type { View } from "../picture/view";
import { states } from "../picture/words";
import { airspace } from "./airspace";
import { crossingPoints } from "./crossing_points";
import { type Point, ahead, dashes } from "./geo";
import { type SymbolName, markOf, turns } from "./symbols";

export type Tone = Side | "target" | "plain";
export interface UnitMark { id: string; at: Point; tone: Tone; square: boolean; mark: SymbolName; turn: number; step: AgeStep; hollow: boolean; selected: boolean; size: number }
export interface TargetMark { operation: string; at: Point; turn: number | null; step: AgeStep; hollow: boolean }
export interface Segment { from: Point; to: Point; tone: Tone; strength: number; width: number }
export interface Disc { at: Point; metres: number; tone: Tone }
export interface Dot { at: Point; tone: Tone; strength: number; radius: number }
/** A label's text and what it hangs on. */
export interface Tag { id: string; at: Point; tone: Tone; square: boolean; target: boolean; priority: number; course: number | null; label: Label; unit: string | null }
/** A short note at a place: where and when a frontier was crossed. */
export interface Note { id: string; at: Point; strong: string; rest: string; sure: boolean }
export interface Scene {
  units: UnitMark[]; targets: TargetMark[]; segments: Segment[]; discs: Disc[]; trail: Dot[]; tags: Tag[]; notes: Note[]; hidden: number;
}

export interface Sight { readonly crossingPoints: readonly CrossingPoint[]; readonly picture: Picture; readonly view: View; readonly now: number; readonly frozen: boolean; readonly metresPerPixel: number }

/** Further out than this an operation is one label, not one for each unit. */
const FAR_M_PER_PX = 90;
/** With more units than this, those in no operation carry no label far out. */
const CROWD = 60;
const isFar = (sight: Sight): boolean => sight.metresPerPixel > FAR_M_PER_PX;
const VECTOR_S = 20;
const FRAME_PX = 8;

/** Whether the unit is drawn: on duty, placed, and not filtered away; a unit of an open operation is never filtered away. */
function isDrawn(sight: Sight, unit: Unit, matters: boolean): "drawn" | "hidden" | "absent" {
  if (unit.retired || placeOf(unit) === null || !unit.on_duty) return "absent";
  return sight.view.hiddenKinds.has(unit.kind) && !matters && unit.id !== sight.view.unit ? "hidden" : "drawn";
}

function tail(scene: Scene, sight: Sight, unit: Unit, tone: Tone): void {
  const since = sight.now - sight.view.tails * 60_000;
  const points = unit.tail.filter((point) => point[2] >= since);
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1], b = points[i];
    if (a === undefined || b === undefined) continue;
    const strength = 0.15 + 0.65 * (i / points.length);
    scene.segments.push({ from: [a[0], a[1]], to: [b[0], b[1]], tone, strength, width: 1.5 });
  }
}

/** Two short bars across the way of the unit at the place of a crossing, or one open bar while it is only suspected. */
function crossingBars(scene: Scene, crossing: CrossingBrief, course: number, sight: Sight, sure: boolean): void {
  const half = 7 * sight.metresPerPixel, gap = 2.5 * sight.metresPerPixel;
  for (const offset of sure ? [-gap, gap] : [0]) {
    const middle = ahead(crossing.point, course, offset);
    scene.segments.push({ from: ahead(middle, course + 90, half), to: ahead(middle, course - 90, half), tone: "plain", strength: sure ? 1 : 0.6, width: 1.75 });
  }
}

function crossings(scene: Scene, sight: Sight, unit: Unit): void {
  const course = unit.position?.course_deg ?? 90;
  const last = unit.crossings.at(-1);
  if (last !== undefined && sight.now - millis(last.likely) < 3_600_000) {
    crossingBars(scene, last, course, sight, true);
    scene.notes.push({ id: `x${last.id}`, at: last.point, strong: `${states(last.from)} to ${states(last.to)}`, rest: `${zulu(millis(last.likely))}${last.inferred ? " inferred" : ""}`, sure: true });
  }
  if (unit.suspected !== null) {
    crossingBars(scene, unit.suspected, course, sight, false);
    scene.notes.push({ id: `s${unit.suspected.id}`, at: unit.suspected.point, strong: "suspected", rest: `${states(unit.suspected.from)} to ${states(unit.suspected.to)}`, sure: false });
  }
}

/** The predicted meeting with the frontier, dotted, with its time as a range. */
function approach(scene: Scene, sight: Sight, unit: Unit, at: Point, told: boolean): void {
  const expected = liveApproach(unit, sight.now);
  if (expected === null || sight.frozen || unit.clock_wrong !== null) return;
  const steps = 24, to = expected.point;
  for (let i = 0; i <= steps; i++) scene.trail.push({ at: [at[0] + ((to[0] - at[0]) * i) / steps, at[1] + ((to[1] - at[1]) * i) / steps], tone: "plain", strength: 0.55, radius: 1.25 });
  if (!told) return;
  const gone = (sight.now - millis(expected.at)) / 1000;
  const left = (s: number): string => duration(Math.max(0, s - gone));
  scene.notes.push({ id: `a${unit.id}`, at: to, strong: `${nameOf(unit)} at the line`, rest: gone < expected.eta_earliest_s ? `in ${left(expected.eta_earliest_s)} to ${left(expected.eta_latest_s)}` : `within ${left(expected.eta_latest_s)}`, sure: false });
}

function addUnit(scene: Scene, sight: Sight, unit: Unit, operation: Operation | null, focus: Operation | null, firstAtLine: string | null): void {
  const fix = placeOf(unit);
  if (fix === null) return;
  const at: Point = [fix.lon, fix.lat];
  const side = sideOf(sight.picture, unit, focus), step = stepOf(unit, sight.now);
  const hollow = sight.frozen || step === "stale" || step === "lost";
  const selected = sight.view.unit === unit.id, matters = operation !== null || selected;
  scene.units.push({ id: unit.id, at, tone: side, square: isSquare(side), mark: markOf(unit.kind, hollow), turn: turns(unit.kind) ? (fix.course_deg ?? 0) : 0, step, hollow, selected, size: matters || !isFar(sight) ? 1 : 0.55 });
  if (!hollow && fix.course_deg !== null && fix.speed_mps !== null && fix.speed_mps > 0.5) {
    scene.segments.push({ from: at, to: ahead(at, fix.course_deg, fix.speed_mps * VECTOR_S), tone: side, strength: 1, width: 1.5 });
  }
  if (fix.accuracy_m !== null && fix.accuracy_m / sight.metresPerPixel > FRAME_PX) scene.discs.push({ at, metres: fix.accuracy_m, tone: side });
  // A silence is about the last lawful fix; a unit heard with a wrong clock stands elsewhere.
  if (((unit.silence !== null && unit.clock_wrong === null) || step === "lost") && unit.sealed === null) {
    const radius = unit.silence === null ? 14 * sight.metresPerPixel : Math.max(unit.silence.radius_m, 14 * sight.metresPerPixel);
    for (const [from, to] of dashes(at, radius)) scene.segments.push({ from, to, tone: side, strength: 0.9, width: 1.25 });
  }
  if (matters && sight.view.tails > 0) tail(scene, sight, unit, side);
  crossings(scene, sight, unit);
  if (matters) approach(scene, sight, unit, at, unit.id === firstAtLine);
  const odd = unit.silence?.may_have_crossed === true || unit.suspected !== null;
  const priority = selected ? 5 : operation !== null && (!isFar(sight) || odd) ? 3 : side === "own" ? 1 : 0;
  if (operation !== null && isFar(sight) && operation.sighting !== null && priority < 3) return;
  if (!matters && isFar(sight) && sight.picture.units.size > CROWD) return;
  scene.tags.push({ id: `u${unit.id}`, at, tone: side, square: isSquare(side), target: false, priority, course: fix.course_deg, label: { ...labelOf(unit, operation, sight.now, sight.frozen), mark: operation?.eyes === unit.id ? handoverMark(sight.picture, operation) : null }, unit: unit.id });
}

/** The target's trail: the places it was seen at, each a dot. */
function sightings(scene: Scene, sight: Sight, operation: Operation): void {
  const since = sight.now - sight.view.tails * 60_000;
  let last = 0;
  for (const event of sight.picture.recent) {
    if (event.kind !== "target.sighted" || event.operation !== operation.id) continue;
    const seen = millis(event.seen_at);
    if (seen < since || seen - last < 8_000) continue;
    last = seen;
    scene.trail.push({ at: [event.lon, event.lat], tone: "target", strength: 0.9, radius: 1.75 });
  }
}

function addTarget(scene: Scene, sight: Sight, operation: Operation): void {
  const seen = operation.sighting;
  const name = (id: string): string => { const unit = sight.picture.units.get(id); return unit === undefined ? id : nameOf(unit); };
  const label = isFar(sight) ? operationLabel(sight.picture, operation, sight.now) : targetLabel(operation, sight.now, sight.frozen, name);
  if (seen === null || label === null) return;
  const at: Point = [seen.lon, seen.lat], hollow = sight.frozen || label.step === "stale" || label.step === "lost";
  scene.targets.push({ operation: operation.id, at, turn: seen.course_deg, step: label.step, hollow });
  if (!hollow && seen.course_deg !== null && seen.speed_mps !== null && seen.speed_mps > 0.5) {
    scene.segments.push({ from: at, to: ahead(at, seen.course_deg, seen.speed_mps * VECTOR_S), tone: "target", strength: 1, width: 1.5 });
  }
  if (seen.accuracy_m / sight.metresPerPixel > FRAME_PX + 2) scene.discs.push({ at, metres: seen.accuracy_m, tone: "target" });
  if (sight.view.tails > 0) sightings(scene, sight, operation);
  scene.tags.push({ id: `t${operation.id}`, at, tone: "target", square: false, target: true, priority: 4, course: seen.course_deg, label: { ...label, mark: handoverMark(sight.picture, operation) }, unit: null });
}

/** The unit that is predicted to reach a frontier first: only its time is written at the line. */
function firstToArrive(sight: Sight): string | null {
  let first: { id: string; at: number } | null = null;
  for (const unit of sight.picture.units.values()) {
    const expected = liveApproach(unit, sight.now);
    if (expected === null) continue;
    const at = millis(expected.at) + expected.eta_s * 1000;
    if (first === null || at < first.at) first = { id: unit.id, at };
  }
  return first?.id ?? null;
}

export function sceneOf(sight: Sight): Scene {
  const scene: Scene = { units: [], targets: [], segments: [], discs: [], trail: [], tags: [], notes: [], hidden: 0 };
  const focus = sight.view.operation === null ? null : (sight.picture.operations.get(sight.view.operation) ?? null);
  const open = openOperations(sight.picture), firstAtLine = firstToArrive(sight);
  for (const unit of sight.picture.units.values()) {
    const operation = operationOf(sight.picture, unit, focus?.closed === null ? focus : null);
    const drawn = isDrawn(sight, unit, operation !== null);
    if (drawn === "hidden") scene.hidden += 1;
    if (drawn === "drawn") addUnit(scene, sight, unit, operation, focus, firstAtLine);
  }
  crossingPoints(scene, sight);
  for (const operation of open) airspace(scene, sight, operation);
  for (const operation of open) if (operation.target !== null) addTarget(scene, sight, operation);
  return scene;
}
