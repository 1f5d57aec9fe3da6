/** The symbols of the panes, as drawings: letters for arrows and ticks differ between machines. */

import { type SVGTemplateResult, type TemplateResult, html, svg } from "lit";
import { type Side, isSquare } from "../picture/side";

const SHAPES = {
  p1: svg`<path d="M6 .8L11.6 11H.4Z"/>`,
  p2: svg`<path d="M6 .4L11.6 6L6 11.6L.4 6Z"/>`,
  p3: svg`<path d="M1.5 1.5h9v9h-9Z"/>`,
  square: svg`<path d="M1.5 1.5h9v9h-9Z"/>`,
  round: svg`<circle cx="6" cy="6" r="4.7"/>`,
  target: svg`<circle cx="6" cy="6" r="5"/><circle cx="6" cy="6" r="1.8"/>`,
  dot: svg`<circle cx="6" cy="6" r="3"/>`,
  tick: svg`<path d="M1.5 6.5L4.5 9.5L10.5 2.5"/>`,
  ticks: svg`<path d="M.5 6.5L3 9.5L8 2.5M5.5 9L6 9.5L11.5 2.5"/>`,
  cross: svg`<path d="M2.5 2.5L9.5 9.5M9.5 2.5L2.5 9.5"/>`,
  unknown: svg`<path d="M3.6 4a2.4 2.4 0 1 1 3.4 2.4C6.3 6.8 6 7.1 6 8M6 9.6v1.2"/>`,
  arrow: svg`<path d="M1 6h9M6.5 2.5L10 6L6.5 9.5"/>`,
  hourglass: svg`<path d="M2.5 1h7M2.5 11h7M3.5 1v2L6 6L3.5 9v2M8.5 1v2L6 6L8.5 9v2"/>`,
  moon: svg`<path d="M10 7.2A4.5 4.5 0 1 1 5 1.8A3.6 3.6 0 0 0 10 7.2Z"/>`,
  sun: svg`<circle cx="6" cy="6" r="2.5"/><path d="M6 .5v1.7M6 9.8v1.7M.5 6h1.7M9.8 6h1.7M2.1 2.1l1.2 1.2M8.7 8.7l1.2 1.2M9.9 2.1L8.7 3.3M3.3 8.7L2.1 9.9"/>`,
  plus: svg`<path d="M6 1.5v9M1.5 6h9"/>`,
} satisfies Record<string, SVGTemplateResult>;
export type IconName = keyof typeof SHAPES;

/** A symbol; `names` are further classes (`f` fills it, `p1` … `req` colour it). */
export function icon(name: IconName, names = "", label = ""): TemplateResult {
  return label === ""
    ? html`<svg class="g ${names}" viewBox="0 0 12 12" aria-hidden="true">${SHAPES[name]}</svg>`
    : html`<svg class="g ${names}" viewBox="0 0 12 12" role="img" aria-label=${label}>${SHAPES[name]}</svg>`;
}

/** A side's frame. */
export function sideIcon(side: Side): TemplateResult {
  const label = side === "req" ? "requesting side" : side === "host" ? "host side" : side === "own" ? "own unit" : "partner";
  return icon(isSquare(side) ? "square" : "round", `side-${side}`, label);
}

/** The mark of a priority: form and colour together. */
export function priorityIcon(priority: number, more = ""): TemplateResult {
  const name = priority === 1 ? "p1" : priority === 2 ? "p2" : "p3";
  return icon(name, `f ${name} ${more}`);
}
