/** The event list: newest first, times in UTC, filtered by family; a row opens its grounds. */

import { LitElement, type TemplateResult, html } from "lit";
import type { Event } from "../picture/names";
import type { Picture } from "../picture/picture";
import { sideOf } from "../picture/side";
import { millis, zulu } from "../picture/time";
import { plain } from "../picture/words";
import { type Family, REPEATS, type Told, told } from "../text/events";
import type { Context } from "./context";
import { icon, sideIcon } from "./icons";

const SHOWN = 250;
/** Kinds that are many and ordinary: listed under their own filter only. */
const ASKED_FOR: ReadonlySet<string> = new Set(["target.sighted", "access.viewed", "access.session", "order.taken", "handover.lam", "handover.xng", "handover.rqa"]);
const SAME_WITHIN_MS = 180_000;
const FILTERS: readonly (readonly ["all" | Family, string])[] = [["all", "All"], ["crossings", "Crossings"], ["handover", "Handover"], ["law", "Law, notices"], ["units", "Units"], ["sightings", "Target"], ["access", "Access"]];

interface Row { readonly event: Event; readonly told: Told; count: number; oldest: number }

/** Newest first; what only repeats is one row with a count. Sightings, looks and log-ins are listed when asked for. */
export function rowsOf(picture: Picture, recent: readonly Event[], filter: "all" | Family): Row[] {
  const rows: Row[] = [], repeated = new Map<string, Row>();
  for (let i = recent.length - 1; i >= 0 && rows.length < SHOWN; i--) {
    const event = recent[i];
    if (event === undefined) continue;
    const line = told(event, picture);
    if (filter === "all" ? ASKED_FOR.has(event.kind) : line.family !== filter) continue;
    const key = `${event.kind}:${line.unit ?? line.operation ?? ""}`, at = millis(event.at);
    const newer = REPEATS.has(event.kind) ? repeated.get(key) : undefined;
    if (newer !== undefined && newer.oldest - at < SAME_WITHIN_MS) {
      newer.count += 1;
      newer.oldest = at;
      continue;
    }
    const row = { event, told: line, count: 1, oldest: at };
    repeated.set(key, row);
    rows.push(row);
  }
  return rows;
}

export class EventList extends LitElement {
  static override properties = { context: { attribute: false }, filter: { state: true }, held: { state: true } };
  declare context: Context;
  declare filter: "all" | Family;
  /** The events shown while the pointer is on the list: nothing moves under it. */
  declare held: readonly Event[] | null;
  private cache: { recent: readonly Event[]; filter: string; rows: Row[] } | null = null;

  constructor() {
    super();
    this.filter = "all";
    this.held = null;
  }
  protected override createRenderRoot(): this { return this; }

  private rows(): Row[] {
    const recent = this.held ?? this.context.picture.recent;
    if (this.cache === null || this.cache.recent !== recent || this.cache.filter !== this.filter) this.cache = { recent, filter: this.filter, rows: rowsOf(this.context.picture, recent, this.filter) };
    return this.cache.rows;
  }

  private row({ event, told: line, count }: Row): TemplateResult {
    const { picture, focus, view, act } = this.context;
    const unit = line.unit === null ? undefined : picture.units.get(line.unit);
    const operation = line.operation === null ? undefined : picture.operations.get(line.operation);
    const who = unit !== undefined ? html`${sideIcon(sideOf(picture, unit, focus))}` : line.family === "sightings" ? icon("target", "side-target") : operation !== undefined ? icon("square", "c3") : "";
    const heavy = event.kind === "crossing.confirmed" || event.kind === "crossing.retracted" || event.kind === "clock.expired" || event.kind === "lead.moved" || event.kind === "cease.ordered" || (event.kind === "law.assessed" && event.verdict === "stop");
    const shared = event.shared_by === null ? "" : `from ${plain(event.shared_by, 12)}`;
    return html`<button class="e ${view.event === event.seq ? "sel" : ""}" aria-pressed=${view.event === event.seq ? "true" : "false"} @click=${() => act.look({ event: view.event === event.seq ? null : event.seq })}>
      <time>${zulu(millis(event.at))}</time><span class="w">${who}</span><span class="code">${line.code}</span><span class="el ${heavy ? "strong" : ""}">${line.words}${count > 1 ? html` <span class="c3">and ${count - 1} before</span>` : ""}</span><span class="c3">${shared}</span></button>`;
  }

  protected override render(): TemplateResult {
    const rows = this.rows(), newest = this.held?.at(-1)?.seq ?? Infinity;
    const waiting = this.held === null ? 0 : this.context.picture.recent.filter((event) => event.seq > newest && !ASKED_FOR.has(event.kind)).length;
    return html`<section class="log"><h2 class="head"><span>Events${waiting === 0 ? "" : html` <span class="n">${waiting} new, list held</span>`}</span><span class="filters">${FILTERS.map(([id, word]) => html`<button class="chip ${this.filter === id ? "on" : ""}" aria-pressed=${this.filter === id ? "true" : "false"} @click=${() => { this.filter = id; }}>${word}</button>`)}</span></h2>
      <div class="rows" @pointerenter=${() => { this.held = this.context.picture.recent; }} @pointerleave=${() => { this.held = null; }}>${rows.length === 0 ? html`<p class="empty">No event of this kind yet.</p>` : rows.map((row) => this.row(row))}</div></section>`;
  }
}
customElements.define("event-list", EventList);
