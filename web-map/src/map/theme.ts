/** The colours of the tokens, as MapLibre and deck.gl want them. */

export type Rgba = [number, number, number, number];

const NAMES = [
  "ground", "text", "text-2", "text-3", "control", "line-strong", "label", "p1", "p2", "req", "host", "target", "req-text", "host-text",
  "map-a", "map-b", "map-water", "map-name", "map-frontier", "map-casing", "map-halo", "map-standoff", "map-road", "map-minor",
] as const;
export type Token = (typeof NAMES)[number];
export interface Theme { readonly css: Readonly<Record<Token, string>>; readonly rgba: Readonly<Record<Token, Rgba>>; readonly ageing: number; readonly frozen: number }

/** `#RRGGBB` or `rgb(a)(…)` as four bytes. */
export function parseColour(text: string): Rgba {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  if (hex !== null) return [hex[1], hex[2], hex[3]].map((pair) => parseInt(pair ?? "0", 16)).concat(255) as Rgba;
  const parts = text.match(/[\d.]+/g)?.map(Number) ?? [];
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0, Math.round((parts[3] ?? 1) * 255)];
}

/** The theme in force on that element. */
export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const css = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--c-${name}`).trim()])) as Record<Token, string>;
  const rgba = Object.fromEntries(NAMES.map((name) => [name, parseColour(css[name])])) as Record<Token, Rgba>;
  const number = (name: string, otherwise: number): number => Number.parseFloat(style.getPropertyValue(name)) || otherwise;
  return { css, rgba, ageing: number("--o-ageing", 0.7), frozen: number("--o-frozen", 0.65) };
}

/** The colour with another opacity (0 to 1). */
export const faded = (colour: Rgba, opacity: number): Rgba => [colour[0], colour[1], colour[2], Math.round(colour[3] * opacity)];
