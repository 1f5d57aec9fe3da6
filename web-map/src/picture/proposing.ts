/** From what is known to the terms a person begins with, and from what was typed back to terms: what was not touched stays word for word. */

import { liveApproach } from "./approach";
import type { Talk } from "./handover";
import type { CrossingPoint, ExpectedAt, Terms, Unit } from "./names";
import type { Picture } from "./picture";
import { millis, momentNear, zulu } from "./time";
import { unitsOf } from "./whereabouts";

/** What a form of terms holds, as text. */
export interface Typed { readonly point: string; readonly at: string; readonly within: string; readonly transfer: string; readonly eyes: string; readonly units: readonly string[]; readonly km: string; readonly min: string; readonly voice: string }

const NOTHING: Terms = { crossing_points: [], expected: null, transfer_at_m: null, takes_eyes: null, units: [], overlap_m: null, overlap_s: null, voice: null };

/** The unit of the operation whose approach to this host counts: the one with eyes, else the first at the line. */
function approaching(picture: Picture, talk: Talk, now: number): Unit | undefined {
  const near = unitsOf(picture, talk.operation).filter((unit) => { const way = liveApproach(unit, now); return way !== null && (talk.host === null || way.to.split("|").includes(talk.host)); });
  return near.find((unit) => unit.id === talk.operation.eyes) ?? near[0];
}

/** What is known of the way to the line, as terms that nobody has chosen yet. */
export function knownTerms(picture: Picture, talk: Talk, now: number): Terms {
  const unit = approaching(picture, talk, now), way = unit === undefined ? null : liveApproach(unit, now);
  if (way === null) return NOTHING;
  const told = millis(way.at), iso = (s: number): string => new Date(told + s * 1000).toISOString();
  const crossing_points = (way.crossings ?? []).map((one) => ({ name: one.name, point: one.point, percent: Math.round(one.probability * 100) }));
  return { ...NOTHING, crossing_points, expected: { earliest: iso(way.eta_earliest_s), likely: iso(way.eta_s), latest: iso(way.eta_latest_s) } };
}

/** Who hands the lead over by these terms: whoever proposes anew, else the side that did; and who takes it. */
export function sidesOf(talk: Talk, code: string): { readonly giver: string; readonly taker: string } {
  const anew = code === "PRO" || code === "NTF";
  return anew ? { giver: talk.us, taker: talk.partner } : { giver: talk.giver, taker: talk.taker };
}

/** The units that can enter by these terms, as far as this room can see them; no technical source. */
export function canEnter(picture: Picture, talk: Talk, code: string, base: Terms): string[] {
  const { giver } = sidesOf(talk, code), known = [...picture.units.values()].filter((unit) => !unit.retired && unit.kind !== "tracker").map((unit) => unit.id);
  const own = giver === talk.operation.room ? known.filter((id) => talk.operation.units.includes(id)) : known.filter((id) => picture.units.get(id)?.room === giver);
  return [...new Set([...base.units, ...own])];
}

/** What a form of terms begins with: what waits for an answer, else what is in force, else what was notified and what is known. */
export function baseTerms(picture: Picture, talk: Talk, code: string, now: number): Terms {
  const state = talk.dialogue?.state, known = knownTerms(picture, talk, now);
  const own = state?.proposed?.by === talk.us ? state.proposed.terms : null;
  if (code === "CDN") return state?.proposed?.terms ?? known;
  if (code === "RVR") return own ?? state?.agreed?.terms ?? known;
  if (code === "PRO" && own !== null) return own;
  const said = state?.giver === talk.us ? state.notified : null;
  const { eyes } = talk.operation, units = eyes !== null && picture.units.get(eyes)?.room === talk.us ? [eyes] : [];
  const begun = said ?? known;
  return { ...begun, crossing_points: begun.crossing_points.length === 0 ? known.crossing_points : begun.crossing_points, expected: known.expected ?? begun.expected, units: begun.units.length === 0 ? units : begun.units };
}

/** The places a person can choose from: what was said, what is predicted, and the named points of the frontier. */
export function likelyPoints(picture: Picture, talk: Talk, { base, named }: { base: Terms; named: readonly CrossingPoint[] }, now: number): ExpectedAt[] {
  const state = talk.dialogue?.state, pair = [talk.operation.requesting_state, talk.host ?? ""].sort().join("-");
  const others = named.filter((one) => one.frontier === pair).map((one) => ({ name: one.name, point: one.point, percent: null }));
  const all = [...base.crossing_points, ...(state?.notified?.crossing_points ?? []), ...(state?.agreed?.terms.crossing_points ?? []), ...knownTerms(picture, talk, now).crossing_points, ...others];
  return all.filter((one, i) => all.findIndex((other) => other.name === one.name) === i);
}

const minutes = (ms: number): number => Math.round(ms / 60_000);
const number = (value: number | null, by: number): string => (value === null ? "" : String(Math.round((value / by) * 100) / 100));

/** Terms as they stand in the fields. */
export function typedOf(terms: Terms): Typed {
  const at = terms.expected, likely = at === null ? NaN : millis(at.likely);
  const moment = at === null ? "" : likely % 60_000 === 0 ? zulu(likely).slice(0, 5) : zulu(likely).slice(0, 8);
  return {
    point: terms.crossing_points[0]?.name ?? "", at: moment, within: at === null ? "" : String(minutes(Math.max(likely - millis(at.earliest), millis(at.latest) - likely))),
    transfer: number(terms.transfer_at_m, 1000), eyes: terms.takes_eyes ?? "", units: terms.units, km: number(terms.overlap_m, 1000), min: number(terms.overlap_s, 60), voice: terms.voice ?? "",
  };
}

/** A figure with a point or a comma; `null` where nothing is typed, `undefined` where it is none. */
function figure(text: string, by: number): number | null | undefined {
  if (text === "") return null;
  const value = Number(text.replace(",", ".").replace("−", "-"));
  return Number.isFinite(value) ? Math.round(value * by) : undefined;
}

/** The terms typed, or one sentence of what is wrong with them. */
export function termsOf(typed: Typed, base: Terms, points: readonly ExpectedAt[], now: number): Terms | string {
  const before = typedOf(base);
  const transfer = typed.transfer === before.transfer ? base.transfer_at_m : figure(typed.transfer, 1000);
  const far = typed.km === before.km ? base.overlap_m : figure(typed.km, 1000), long = typed.min === before.min ? base.overlap_s : figure(typed.min, 60);
  if (transfer === undefined || far === undefined || long === undefined) return "Enter kilometres and minutes as figures, such as 2 or 2.5.";
  if ((far ?? 0) < 0 || (long ?? 0) < 0) return "An overlap is not less than 0.";
  let { expected } = base;
  if (typed.at !== before.at || typed.within !== before.within) {
    const at = typed.at === "" ? null : momentNear(typed.at, now), within = figure(typed.within === "" ? "0" : typed.within, 60_000);
    if (typed.at !== "" && at === null) return "Enter the expected time of day in UTC, such as 11:33.";
    if (within === undefined || within === null || within < 0) return "Enter how sure the time is, in minutes.";
    const iso = (ms: number): string => new Date(ms).toISOString();
    expected = at === null ? null : { earliest: iso(at - within), likely: iso(at), latest: iso(at + within) };
  }
  const known = points.find((one) => one.name === typed.point);
  // One place, once it is proposed; a person chose it.
  const crossing_points = typed.point === "" ? [] : [{ name: typed.point, point: known?.point ?? null, percent: null }];
  return { crossing_points, expected, transfer_at_m: transfer, takes_eyes: typed.eyes === "" ? null : typed.eyes, units: [...typed.units], overlap_m: far, overlap_s: long, voice: typed.voice === "" ? null : typed.voice };
}
