/** Who led, who saw, whose law, and what was said, on one axis of the last half hour. */

import { type SVGTemplateResult, type TemplateResult, html, svg } from "lit";
import { type Run, type TimelineData, said, timelineOf } from "../picture/timeline";
import { millis, zulu, zuluMinutes } from "../picture/time";
import type { Context } from "./context";

/** The axis grows with the operation between these. */
const LEAST_MS = 10 * 60_000, MOST_MS = 30 * 60_000;
const AHEAD = 0.05;
const LABEL_W = 64;

function lane(runs: readonly Run[], y: number, h: number, x: (ms: number) => number, clip: string): SVGTemplateResult {
  return svg`${runs.map((run, i) => {
    const from = Math.max(LABEL_W, x(run.from)), to = x(run.to);
    if (to <= from) return svg``;
    const id = `${clip}${i}`;
    return svg`<g class="run ${run.tone}"><rect x=${from} y=${y} width=${Math.max(2, to - from)} height=${h}></rect>
      <clipPath id=${id}><rect x=${from} y=${y} width=${Math.max(0, to - from - 4)} height=${h}></rect></clipPath>
      <text x=${from + 6} y=${y + h / 2 + 4} clip-path="url(#${id})">${run.label}</text></g>`;
  })}`;
}

export function timeline(context: Context, width: number, height: number): TemplateResult {
  const data: TimelineData = context.focus === null ? { lead: [], eyes: [], law: [], ticks: [] } : timelineOf(context.picture, context.focus, context.now);
  const opened = context.focus === null ? context.now : millis(context.focus.opened_at);
  const span = Math.min(MOST_MS, Math.max(LEAST_MS, (context.now - opened) * (1 + 2 * AHEAD)));
  const end = context.now + span * AHEAD, start = end - span, step = span > 15 * 60_000 ? 5 * 60_000 : 2 * 60_000;
  const x = (ms: number): number => LABEL_W + ((ms - start) / span) * (width - LABEL_W - 12);
  const tight = height < 150, h = tight ? 14 : 20, gap = tight ? 5 : 6, top = 24;
  const y = (i: number): number => top + i * (h + gap);
  // Two rooms speak in turns: each has a line of its own, so that no word lies over another's.
  const msg = (side: "req" | "host"): number => y(side === "req" ? 3 : 4);
  const marks: number[] = [];
  for (let t = Math.ceil(start / step) * step; t < end; t += step) marks.push(t);
  const now = x(context.now);
  return html`<svg class="timeline" width=${width} height=${height} role="img" aria-label="Who led, who saw, whose law, in the last half hour">
    ${marks.map((t) => svg`<path class="grid" d="M${x(t)} 20V${height}"/>${Math.abs(x(t) - now) > 64 ? svg`<text class="axis" x=${x(t)} y="15" text-anchor="middle">${zuluMinutes(t)}</text>` : ""}`)}
    ${["LEAD", "EYES", "LAW", "MSG"].map((word, i) => svg`<text class="lane" x="12" y=${y(i) + h / 2 + 4}>${word}</text>`)}
    ${lane(data.lead, y(0), h, x, "l")}${lane(data.eyes, y(1), h, x, "e")}${lane(data.law, y(2), h, x, "w")}
    ${data.ticks.filter((tick) => tick.at > start).map((tick) => tick.kind === "cross"
      ? svg`<path class="crossing" d="M${x(tick.at)} 20V${y(4) + h}"/>`
      : svg`<g class="msg ${tick.side}"><path d=${`M${x(tick.at)} ${msg(tick.side) + h / 4}v${h / 2}`}/></g>`)}
    ${said(data.ticks.filter((tick) => tick.at > start), x).map((word) => svg`<g class="msg"><text x=${word.x} y=${msg(word.side) + h / 2 + 4} text-anchor=${word.side === "req" ? "end" : "start"}>${word.text}</text></g>`)}
    <path class="now" d="M${now} 20V${height}"/><rect class="nowbox" x=${now - 32} y="2" width="64" height="17" rx="2"></rect><text class="nowtext" x=${now} y="15" text-anchor="middle">${zulu(context.now)}</text></svg>`;
}
