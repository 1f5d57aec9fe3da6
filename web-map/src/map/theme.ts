/** The colours of the tokens, as MapLibre and deck.gl want them. */

export type Rgba = [number, number, number, number];

const NAMES = [
  "ground", "text", "text-2", "text-3", "control", "line-strong", "label", "p1", "p2", "req", "host", "target", "req-text", "host-text",
  "map-a", "map-b", "map-water", "map-name", "map-frontier", "map-casing", "map-halo", "map-standoff", "map-road", "map-minor",
] as const;
export type Token = (typeof NAMES)[number];
export interface Theme { readonly css: Readonly<Record<Token, string>>; readonly rgba: Readonly<Record<Token, Rgba>>; readonly ageing: number; readonly frozen: number }

/** `#RGB(A)`, `#RRGGBB(AA)` or `rgb(a)(…)` as four bytes: the build shortens colours to any of them. */
export function parseColour(text: string): Rgba {
  const hex = /^#([0-9a-f]+)$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    const full = hex.length <= 4 ? Array.from(hex, (digit) => digit + digit).join("") : hex;
    const byte = (i: number): number => parseInt(full.slice(i, i + 2), 16);
    return [byte(0), byte(2), byte(4), full.length === 8 ? byte(6) : 255];
  }
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
