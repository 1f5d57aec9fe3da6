/** What stands in a unit's label, and in the target's: at most three lines, each a fact. */

import { liveApproach } from "./approach";
import { type Mark, markOf } from "./handover";
import type { Operation, Unit } from "./names";
import { ageOf, lateNow, stepOf, type AgeStep } from "./age";
import type { Picture } from "./picture";
import { placeOf } from "./place";
import { next, standing } from "./strips";
import { age, duration, millis, zulu } from "./time";
import { distance, plain, speed, states } from "./words";

export interface Label {
  /** Where the lead is between two rooms: left of the name. */
  readonly mark?: Mark | null;
  readonly name: string; readonly rest: string; readonly lines: readonly string[]; readonly step: AgeStep;
}

/** Distances to the line are told within this many metres of it. */
const NEAR_M = 5_000;

/** The name on the screen: the call sign, or the id where it is empty. */
export const nameOf = (unit: Unit): string => plain(unit.callsign.trim() === "" ? unit.id : unit.callsign, 20);

/** Speed and age after the name: `82 km/h`, `58 km/h · 9 s old`, `last 41 km/h · no fix 1:12`. */
export function motion(unit: Unit, now: number, frozen: boolean): string {
  const step = stepOf(unit, now), seconds = ageOf(unit, now), at = placeOf(unit);
  if (at === null || seconds === null) return "no fix yet";
  const parts: string[] = [];
  const known = at.speed_mps;
  if (known !== null) parts.push(`${frozen || step === "lost" ? "last " : ""}${speed(known)}`);
  const late = unit.clock_wrong === null ? lateNow(unit, now) : null;
  if (late !== null && (step === "stale" || step === "lost")) parts.push(`its fixes come ${age(late)} late`);
  else if (step === "stale" || step === "lost") parts.push(`no fix ${age(seconds)}`);
  else if (seconds > 5) parts.push(`${age(seconds)} old`);
  return parts.join(" · ");
}

/** Whose law, and where the line is: `LAW HU · 240 m from HU-RO`. */
export function lawLine(unit: Unit, now: number, frozen: boolean): string {
  const parts = [`LAW ${unit.law === null ? "unknown" : states(unit.law)}`];
  const at = placeOf(unit);
  if (unit.suspected !== null) parts.push(`crossing to ${states(unit.suspected.to)} suspected`);
  else if (at?.certainty === "disputed") parts.push("disputed place");
  if (frozen) return [...parts, "distance unknown"].join(" · ");
  const approach = unit.clock_wrong === null ? liveApproach(unit, now) : null;
  if (approach !== null) {
    const left = approach.eta_s - (now - millis(approach.at)) / 1000;
    // The line is near to one side, and the way leads to it elsewhere: the two figures are said apart.
    const away = distance(at?.frontier === approach.frontier ? at.distance_m : approach.distance_m);
    parts.push(`${away} from ${states(approach.to)}`, left > 0 ? `there in ${duration(left)}` : "due there");
  } else if (at !== null && at.distance_m !== null && at.frontier !== null && at.distance_m < NEAR_M && unit.suspected === null) {
    parts.push(`${distance(at.distance_m)} from ${at.frontier}`);
  }
  return parts.join(" · ");
}

/** A drone that does not keep away from a line: when it will be over it, or how near it may come. */
function standOffLine(it: NonNullable<Unit["stand_off"]>, now: number): string {
  if (it.over_at === null) return `stand-off ${distance(it.stand_off_m)} not kept`;
  const left = (millis(it.over_at) - now) / 1000;
  return left > 0 ? `OVER ${states(it.to)} IN ${duration(left)}` : `OVER ${states(it.to)} NOW?`;
}

function lastLine(unit: Unit, operation: Operation | null, now: number, frozen: boolean): string | null {
  if (unit.clock_wrong !== null) return `clock wrong by ${Math.round(unit.clock_wrong.ahead_s)} s, not used for law`;
  if (unit.silence !== null) {
    const word = unit.silence.may_have_crossed ? `may have crossed, reach ${states(unit.silence.reach)}` : "silent";
    return `${word} · within ${distance(unit.silence.radius_m)}`;
  }
  if (unit.stand_off !== null && !frozen) return standOffLine(unit.stand_off, now);
  if (operation === null) return null;
  return `LEAD ${plain(operation.lead, 16)} · EYES ${operation.eyes === unit.id ? "yes" : "no"}`;
}

/** A unit's label. */
export function labelOf(unit: Unit, operation: Operation | null, now: number, frozen: boolean): Label {
  // Of a sealed source there is no speed, no law and no distance: only where it may last be known.
  if (unit.sealed !== null) {
    const without = unit.sealed.without === "-" ? "outside its legal area" : `no permission ${states(unit.sealed.without)}`;
    return { name: nameOf(unit), rest: `SEALED since ${zulu(millis(unit.sealed.since))}`, lines: [without, "here: its last lawful place"], step: "lost" };
  }
  const lines = [lawLine(unit, now, frozen)];
  const last = lastLine(unit, operation, now, frozen);
  if (last !== null) lines.push(last);
  return { name: nameOf(unit), rest: motion(unit, now, frozen), lines, step: stepOf(unit, now) };
}

/** How the target's place is known: always said, because the place is only as good as its source. */
export function sourceOf(operation: Operation, name: (unit: string) => string): string {
  const seen = operation.sighting;
  if (seen === null) return "place not known";
  if (seen.source === "followed") return `where ${seen.by_unit === null ? "its follower" : name(seen.by_unit)} stands`;
  if (seen.source === "voice") return seen.by_unit === null ? "by voice" : `by voice, ${name(seen.by_unit)}`;
  return seen.by_unit === null ? "by a unit" : `by ${name(seen.by_unit)}`;
}

/** The target's label. */
export function targetLabel(operation: Operation, now: number, frozen: boolean, name: (unit: string) => string): Label | null {
  const { target, sighting } = operation;
  if (target === null || sighting === null) return null;
  const seconds = Math.max(0, (now - millis(sighting.seen_at)) / 1000);
  const step: AgeStep = seconds > 60 ? "lost" : seconds > 15 ? "stale" : seconds > 5 ? "ageing" : "fresh";
  const parts: string[] = [];
  if (sighting.speed_mps !== null) parts.push(`${frozen || step === "lost" ? "last " : ""}${speed(sighting.speed_mps)}`);
  if (seconds > 5) parts.push(step === "fresh" || step === "ageing" ? `${age(seconds)} old` : `not seen ${age(seconds)}`);
  return {
    name: plain(target.id, 20), rest: parts.join(" · "), step,
    lines: [`LAW ${states(sighting.states)} · ${sourceOf(operation, name)}`, plain(target.description, 36)],
  };
}

/** An operation as one label, for a map that shows more than one place. */
export function operationLabel(picture: Picture, operation: Operation, now: number): Label {
  const owed = next(picture, operation), since = owed.since === null ? "" : ` ${age(Math.max(0, (now - owed.since) / 1000))}`;
  const due = owed.weight === "none" ? "" : ` · ${plain(owed.room, 12)}${since}`;
  return { mark: markOf(picture, operation), name: plain(operation.name, 24), rest: "", lines: [`${standing(picture, operation, now).word}${due}`], step: "fresh" };
}
