/** The service's own frontier, fetched for the view and a little around it, never twice for the same place. */

import type { FeatureCollection } from "geojson";

export interface Bounds { readonly west: number; readonly south: number; readonly east: number; readonly north: number }

const GRID = 0.5;
const KEPT = 24;

/** The bounds rounded out to a grid, so that neighbouring views ask for the same piece. */
export function pieceFor(view: Bounds): Bounds {
  const down = (v: number): number => Math.floor(v / GRID) * GRID, up = (v: number): number => Math.ceil(v / GRID) * GRID;
  return { west: down(view.west), south: down(view.south), east: up(view.east), north: up(view.north) };
}

const covers = (outer: Bounds, inner: Bounds): boolean => outer.west <= inner.west && outer.south <= inner.south && outer.east >= inner.east && outer.north >= inner.north;

function isLines(value: unknown): value is FeatureCollection {
  return typeof value === "object" && value !== null && (value as { type?: unknown }).type === "FeatureCollection" && Array.isArray((value as { features?: unknown }).features);
}

export class Frontier {
  private readonly pieces = new Map<string, { bounds: Bounds; lines: FeatureCollection }>();
  private asked: AbortController | null = null;

  constructor(private readonly shown: (lines: FeatureCollection | null) => void) {}

  /** No line is wanted any more: one that is on its way is not shown. */
  drop(): void {
    this.asked?.abort();
    this.asked = null;
  }

  /** Whether the line for this view is here already. */
  has(view: Bounds): boolean { return this.known(view) !== undefined; }

  private known(view: Bounds): { bounds: Bounds; lines: FeatureCollection } | undefined {
    return [...this.pieces.values()].find((piece) => covers(piece.bounds, view));
  }

  /** Shows the line for this view; `null` is shown while it is not there or cannot be had. */
  async need(view: Bounds): Promise<void> {
    const bounds = pieceFor(view), known = this.known(view);
    this.drop();
    if (known !== undefined) return this.shown(known.lines);
    const asked = new AbortController();
    this.asked = asked;
    const lines = await this.fetchPiece(bounds, asked.signal);
    if (asked.signal.aborted) return;
    if (lines !== null) this.keep(bounds, lines);
    this.shown(lines);
  }

  private async fetchPiece(bounds: Bounds, signal: AbortSignal): Promise<FeatureCollection | null> {
    const box = [bounds.west, bounds.south, bounds.east, bounds.north].join(",");
    try {
      const response = await fetch(`api/v1/frontiers?bbox=${box}`, { signal, credentials: "same-origin" });
      const body: unknown = response.ok ? await response.json() : null;
      return isLines(body) ? body : null;
    } catch {
      return null;
    }
  }

  private keep(bounds: Bounds, lines: FeatureCollection): void {
    this.pieces.set(JSON.stringify(bounds), { bounds, lines });
    const oldest = this.pieces.keys().next();
    if (this.pieces.size > KEPT && oldest.done === false) this.pieces.delete(oldest.value);
  }
}
