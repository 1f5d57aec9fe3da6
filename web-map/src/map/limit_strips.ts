/** How far pursuits may go and drones are to keep away, as the service measures it: fetched for the view, and never shown from what may have changed since. */

import type { Feature, FeatureCollection } from "geojson";
import type { Extent, Operation, StripAnswer } from "../picture/names";
import type { Picture } from "../picture/picture";
import { openOperations } from "../picture/side";
import { distance } from "../picture/words";
import type { Bounds } from "./frontier";

/** What is asked for again after this long although nothing changed: rules begin and end by date. */
const KEPT_MS = 600_000;
/** What could not be had is asked for again after this long. */
const AGAIN_MS = 5_000;
/** Drawn more coarsely than this many pixels it is asked for again, in a smaller box. */
const COARSE_PX = 6;

/** One operation whose strips are wanted; `state` is all that the answer hangs on. */
export interface WantedStrips { readonly operation: string; readonly state: string }
/** What is shown: the strips, and the sentences of what has none, or whose strip is not here. */
export interface ShownStrips { readonly strips: FeatureCollection; readonly said: readonly string[] }

interface Piece { readonly state: string; readonly bounds: Bounds; readonly at: number; readonly answer: StripAnswer | null }

const covers = (outer: Bounds, inner: Bounds): boolean => outer.west <= inner.west && outer.south <= inner.south && outer.east >= inner.east && outer.north >= inner.north;

/** The view and some way around it, on a grid that fits its size, so that neighbouring views ask for the same. */
export function stripBox(view: Bounds): Bounds {
  const size = Math.max(view.east - view.west, view.north - view.south, 0.001), grid = 2 ** Math.floor(Math.log2(size)) / 2;
  const down = (v: number): number => Math.floor((v - grid / 4) / grid) * grid, up = (v: number): number => Math.ceil((v + grid / 4) / grid) * grid;
  return { west: Math.max(-180, down(view.west)), south: Math.max(-90, down(view.south)), east: Math.min(180, up(view.east)), north: Math.min(90, up(view.north)) };
}

const isPursuit = (operation: Operation): boolean => operation.basis.startsWith("pursuit");

/** The operations of which something is drawn: the pursuit in focus, each of which a unit has come near its limit, and each with a drone that does not keep away from a line. */
export function wantedStrips(picture: Picture, focus: string | null): WantedStrips[] {
  const isNear = (operation: Operation): boolean => operation.limits.some((limit) => limit.percent > 0);
  const standOff = (id: string): string => { const told = picture.units.get(id)?.stand_off; return told == null ? "" : `${told.from}>${told.to}:${told.stand_off_m}`; };
  const isDrawn = (operation: Operation): boolean => (isPursuit(operation) && (operation.id === focus || isNear(operation))) || operation.units.some((id) => standOff(id) !== "");
  return openOperations(picture).filter(isDrawn).map((operation) => {
    const units = operation.units.map((id) => `${id}:${picture.units.get(id)?.law ?? "-"}:${standOff(id)}`);
    return { operation: operation.id, state: [operation.version, operation.basis, ...operation.host_states, ...units].join(" ") };
  });
}

const frontierOf = (from: string, host: string): string => [from, host].sort().join("-");

/** How wide a strip is and from where, as it stands along its edge. */
export const edgeLabel = (from: string, host: string, metres: number): string => `limit ${distance(metres)} from ${frontierOf(from, host)}`;

/** What stands in the band before a line. */
const bandLabel = (host: string, metres: number): string => `stand-off ${distance(metres)} before ${host}`;

function said(extent: Extent): string {
  if (extent.extent !== "radius" || extent.max_m === null) return extent.sentence;
  return `Limit ${distance(extent.max_m)} into ${extent.host} · shortest distance to ${frontierOf(extent.from, extent.host)}${extent.error_m === null ? "" : ` · drawn to ${distance(extent.error_m)}`}`;
}

function isAnswer(value: unknown): value is StripAnswer {
  const body = value as { type?: unknown; extents?: unknown; features?: unknown } | null;
  return typeof body === "object" && body !== null && body.type === "FeatureCollection" && Array.isArray(body.extents) && Array.isArray(body.features);
}

export class LimitStrips {
  private readonly pieces = new Map<string, Piece>();
  private readonly asked = new Map<string, { readonly key: string; readonly stop: AbortController }>();
  private lastShown = "";
  private last: { readonly view: Bounds | null; readonly metresPerPixel: number; readonly wanted: readonly WantedStrips[] } = { view: null, metresPerPixel: 1, wanted: [] };

  constructor(private readonly show: (shown: ShownStrips) => void, private readonly steady: () => number = () => performance.now()) {}

  /** Nothing is shown any more, and nothing that is known or on its way counts: the service may say something else by now. */
  drop(): void {
    for (const { stop } of this.asked.values()) stop.abort();
    this.asked.clear();
    this.pieces.clear();
    this.last = { view: null, metresPerPixel: 1, wanted: [] };
    this.put([], []);
  }

  /** Shows the strips of these operations in this view; `null` when the view is too wide for them. Asks for what is not here. */
  need(view: Bounds | null, metresPerPixel: number, wanted: readonly WantedStrips[]): void {
    this.last = { view, metresPerPixel, wanted };
    for (const known of [...this.pieces.keys(), ...this.asked.keys()]) if (!wanted.some((one) => one.operation === known)) this.forget(known);
    if (view === null) return this.put([], wanted.length === 0 ? [] : ["Limits of pursuits are drawn nearer in"]);
    for (const one of wanted) this.ask(one, view, metresPerPixel);
    const here = wanted.map((one) => ({ one, piece: this.fit(one, view) }));
    const answers = here.map(({ piece }) => piece?.answer ?? null).filter((answer): answer is StripAnswer => answer !== null);
    const missing = here.filter(({ piece }) => piece !== null && piece.answer === null).map(({ one }) => `Limit of ${one.operation} not available: not drawn`);
    this.put(answers, [...answers.flatMap((answer) => answer.extents.map(said)), ...missing]);
  }

  private forget(operation: string): void {
    this.pieces.delete(operation);
    this.asked.get(operation)?.stop.abort();
    this.asked.delete(operation);
  }

  /** What is known of an operation as it is now, for all of the view: a piece that ends within the view would seem to end there. */
  private fit(wanted: WantedStrips, view: Bounds): Piece | null {
    const piece = this.pieces.get(wanted.operation);
    return piece !== undefined && piece.state === wanted.state && covers(piece.bounds, view) && this.steady() - piece.at < KEPT_MS ? piece : null;
  }

  /** Whether what is here is as good as what would be answered for that box. */
  private isGood(piece: Piece | null, bounds: Bounds, metresPerPixel: number): boolean {
    if (piece === null) return false;
    if (piece.answer === null) return this.steady() - piece.at < AGAIN_MS;
    return covers(bounds, piece.bounds) || piece.answer.extents.every((extent) => extent.error_m === null || extent.error_m <= COARSE_PX * metresPerPixel);
  }

  private ask(wanted: WantedStrips, view: Bounds, metresPerPixel: number): void {
    const bounds = stripBox(view), key = JSON.stringify([wanted, bounds]);
    if (this.isGood(this.fit(wanted, view), bounds, metresPerPixel) || this.asked.get(wanted.operation)?.key === key) return;
    this.asked.get(wanted.operation)?.stop.abort();
    const stop = new AbortController();
    this.asked.set(wanted.operation, { key, stop });
    void this.fetch(wanted.operation, bounds, stop.signal).then((answer) => {
      if (stop.signal.aborted) return;
      this.asked.delete(wanted.operation);
      this.pieces.set(wanted.operation, { state: wanted.state, bounds, at: this.steady(), answer });
      this.need(this.last.view, this.last.metresPerPixel, this.last.wanted);
    });
  }

  private async fetch(operation: string, bounds: Bounds, signal: AbortSignal): Promise<StripAnswer | null> {
    const box = [bounds.west, bounds.south, bounds.east, bounds.north].join(",");
    try {
      const response = await fetch(`api/v1/operations/${encodeURIComponent(operation)}/strips?bbox=${box}`, { signal, credentials: "same-origin", cache: "no-store" });
      const body: unknown = response.ok ? await response.json() : null;
      return isAnswer(body) ? body : null;
    } catch {
      return null;
    }
  }

  private put(answers: readonly StripAnswer[], said: readonly string[]): void {
    const key = JSON.stringify([answers.map((answer) => [answer.operation, this.pieces.get(answer.operation)?.at]), said]);
    if (key === this.lastShown) return;
    this.lastShown = key;
    const features = answers.flatMap((answer) => answer.features).map((part): Feature => {
      const { part: what, from, host, max_m } = part.properties;
      return { type: "Feature", properties: { part: what, label: what === "stand_off" ? bandLabel(host, max_m) : edgeLabel(from, host, max_m) }, geometry: part.geometry };
    });
    this.show({ strips: { type: "FeatureCollection", features }, said: [...new Set(said)] });
  }
}
