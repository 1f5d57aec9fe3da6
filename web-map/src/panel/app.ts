/** The frame: log-in, or the room's picture with everything around the map. */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import "./alarms";
import { type Lying, bays, lying } from "./bays";
import { ceaseBands } from "./cease_band";
import { linkBands } from "./link_band";
import type { Actions, Context } from "./context";
import "./handover_card";
import { insets } from "./inset";
import "./journal";
import type { Check } from "./login";
import "./login";
import { frozenFrame, mapEdge, mapEmpty, maptools } from "./maptools";
import "./open_form";
import { roomsTable, sourcesTable } from "./overview";
import { side } from "./side";
import { band, banner, status } from "./status";
import { timeline } from "./timeline";

const STRIPS_HELD_MS = 2_000;

export type Stage = "starting" | "login" | "live";

export class LimesApp extends LitElement {
  static override properties = { stage: { attribute: false }, context: { attribute: false }, act: { attribute: false }, checks: { attribute: false }, reason: { attribute: false }, foot: { state: true } };
  declare stage: Stage;
  declare context: Context | null;
  declare act: Actions;
  declare checks: readonly Check[];
  declare reason: string;
  declare foot: { width: number; height: number };
  private strips: { readonly lying: Lying; readonly room: string } | null = null;
  private stripsHeldUntil = 0;
  private sizes: ResizeObserver | null = null;
  /** The element the map lives in: made once, kept through every drawing. */
  readonly mapHost = document.createElement("div");

  constructor() {
    super();
    this.stage = "starting";
    this.context = null;
    this.checks = [];
    this.reason = "";
    this.foot = { width: 1280, height: 180 };
    this.mapHost.className = "map-host";
  }
  protected override createRenderRoot(): this { return this; }

  /** Strips change places only while the pointer is away from them, or has been still for two seconds. */
  private lying(context: Context): Lying {
    const held = this.strips !== null && this.strips.room === context.picture.room.id && context.steady < this.stripsHeldUntil;
    if (!held || this.strips === null) this.strips = { lying: lying(context), room: context.picture.room.id };
    return this.strips.lying;
  }

  protected override updated(): void {
    const foot = this.querySelector(".lanes");
    if (foot === null || this.sizes !== null) return;
    this.sizes = new ResizeObserver(([entry]) => {
      const box = entry?.contentRect;
      if (box !== undefined && (Math.abs(box.width - this.foot.width) > 1 || Math.abs(box.height - this.foot.height) > 1)) this.foot = { width: box.width, height: box.height };
    });
    this.sizes.observe(foot);
  }

  protected override render(): TemplateResult {
    if (this.stage === "login") {
      this.sizes?.disconnect();
      this.sizes = null;
      return html`<login-page .act=${this.act} .checks=${this.checks} .reason=${this.reason}></login-page>`;
    }
    const { context } = this;
    if (context === null) return html`<main class="starting"><p>Fetching the picture</p></main>`;
    const bands = [...ceaseBands(context), ...linkBands(context)];
    return html`<div class="app ${context.focus === null ? "overview" : "operation"} ${context.frozen ? "is-frozen" : ""}" data-seq=${context.picture.seq}>
      ${band(context)}${status(context)}${banner(context)}${bands.length === 0 ? nothing : html`<div class="ceases">${bands}</div>`}
      <div class="body">${bays(context, this.lying(context), (on) => { this.stripsHeldUntil = on ? context.steady + STRIPS_HELD_MS : 0; })}
        <main class="mapbox">${maptools(context)}<div class="map">${this.mapHost}${insets(context)}${mapEmpty(context)}${mapEdge(context)}${context.view.alarms && !context.frozen ? html`<alarm-list .context=${context}></alarm-list>` : nothing}${frozenFrame(context)}</div></main>
        ${context.view.card !== null && context.focus !== null ? html`<handover-card .context=${context}></handover-card>` : nothing}${side(context)}</div>
      <div class="journal"><div class="lanes">${context.focus === null ? html`${roomsTable(context)}${sourcesTable(context)}` : timeline(context, this.foot.width, this.foot.height)}</div><event-list .context=${context}></event-list></div>
      ${context.view.opening ? html`<open-form .context=${context}></open-form>` : nothing}</div>`;
  }
}
customElements.define("limes-app", LimesApp);
