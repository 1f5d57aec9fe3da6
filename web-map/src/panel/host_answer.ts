/** What a host state answered, as it came in: what it granted, or that it refused or took back what it had granted. */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import type { Change, Refused } from "../orders";
import { readArea } from "../picture/airspace";
import type { Airspace, Operation } from "../picture/names";
import { millis, momentOf, zulu } from "../picture/time";
import { plain } from "../picture/words";
import { refusedWord } from "../text/en";
import type { Context } from "./context";
import { TIME_PATTERN, fieldOf, utcOf } from "./open_form";
import { refusal } from "./refusal";

/** Where hosts said no, the newest first. What they granted afterwards stands among the clocks. */
export function refusals(operation: Operation): TemplateResult | typeof nothing {
  if (operation.refusals.length === 0) return nothing;
  return html`<section><h2 class="head">Host said no<span class="n">${[...new Set(operation.refusals.map((one) => one.host))].join(" ")}</span></h2>
    ${[...operation.refusals].reverse().map((one) => html`<p class="sub"><b>${one.host} ${refusedWord(one.kind)}</b> <span class="mono">${zulu(millis(one.at))}</span>, ${plain(one.said_by, 80)}${one.because === "" ? nothing : html`: ${plain(one.because, 200)}`}</p>`)}</section>`;
}

const HOURS_SHOWN = 8;

export class HostAnswer extends LitElement {
  static override properties = { context: { attribute: false }, operation: { attribute: false }, kind: { state: true }, busy: { state: true }, wrong: { state: true }, refused: { state: true } };
  declare context: Context;
  declare operation: Operation;
  declare kind: string;
  declare busy: boolean;
  declare wrong: string;
  declare refused: Refused | null;
  /** When the form was opened: the fields start from there and do not run on. */
  private since = 0;

  constructor() {
    super();
    this.kind = "granted";
    this.busy = false;
    this.wrong = "";
    this.refused = null;
  }
  protected override createRenderRoot(): this { return this; }
  protected override shouldUpdate(changed: Map<string, unknown>): boolean {
    // The picture changes many times a second; what is being typed must stay.
    return !this.hasUpdated || [...changed.keys()].some((key) => key !== "context" && key !== "operation");
  }
  protected override willUpdate(): void { if (this.since === 0) this.since = this.context.now; }

  private order(form: FormData): Change | null {
    const text = (name: string): string => { const value = form.get(name); return typeof value === "string" ? value.trim() : ""; };
    const host = text("host");
    if (this.kind === "granted") {
      const drone = text("drone") === "permitted" ? this.airspace(text("drone_area"), text("drone_height")) : undefined;
      if (drone === null) return null;
      return { authorisation: { state: host, number: text("number"), from: utcOf(text("from")), to: utcOf(text("to")), conditions: text("conditions"), ...(drone === undefined ? {} : { drone }) } };
    }
    const at = momentOf(text("at"), this.context.now);
    return at === null ? null : { host_refused: { host, kind: this.kind, at: new Date(at).toISOString(), said_by: text("said_by"), because: text("because") } };
  }

  /** Where a drone may fly; `null` when what was typed is no area or no height. */
  private airspace(area: string, height: string): Airspace | null {
    const ring = area === "" ? null : readArea(area), most = height === "" ? null : Number(height);
    return (area !== "" && ring === null) || (most !== null && !Number.isFinite(most)) ? null : { area: ring, altitude_max_m: most };
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const order = this.order(new FormData(event.target as HTMLFormElement));
    this.wrong = order !== null ? "" : this.kind === "granted" ? "Enter at least three corners of the area, one a line, such as 46.16170 20.70560, and the height in metres." : "Enter the time of day in UTC, such as 11:40.";
    if (order === null || this.busy) return;
    this.busy = true;
    this.refused = null;
    const answer = await this.context.act.change(this.operation.id, order);
    this.busy = false;
    if (answer.ok) this.dispatchEvent(new CustomEvent("done"));
    else this.refused = answer.refused;
  }

  private granted(): TemplateResult {
    return html`<label class="field">Number of the document<input name="number" required maxlength="120" autocomplete="off" /></label>
      <div class="two"><label class="field">From (UTC)<input name="from" pattern=${TIME_PATTERN} title="2027-03-16 20:00, in UTC" value=${fieldOf(this.since)} /></label>
      <label class="field">Until (UTC)<input name="to" pattern=${TIME_PATTERN} title="2027-03-16 20:00, in UTC" value=${fieldOf(this.since + HOURS_SHOWN * 3_600_000)} /></label></div>
      <label class="field">Conditions, as in the document<input name="conditions" maxlength="2000" autocomplete="off" /></label>${this.hasDrone() ? this.drone() : nothing}`;
  }

  private hasDrone(): boolean { return this.operation.units.some((unit) => this.context.picture.units.get(unit)?.kind === "drone"); }

  private drone(): TemplateResult {
    return html`<label class="field">What it says of drones<select name="drone"><option value="">nothing</option><option value="permitted">lets a drone fly</option></select></label>
      <label class="field">Where, one corner a line, else wherever it holds<textarea name="drone_area" rows="3" placeholder="46.16170 20.70560" autocomplete="off"></textarea></label>
      <label class="field">No higher than, m above the ellipsoid<input name="drone_height" inputmode="decimal" autocomplete="off" /></label>`;
  }

  private said(): TemplateResult {
    return html`<div class="two"><label class="field">At, UTC<input name="at" required value=${fieldOf(this.since).slice(11)} autocomplete="off" placeholder="11:40" /></label>
      <label class="field">Who said it<input name="said_by" required maxlength="80" autocomplete="off" /></label></div>
      <label class="field">Why, in the words of the host<input name="because" maxlength="2000" autocomplete="off" /></label>`;
  }

  protected override render(): TemplateResult {
    return html`<form class="act open" @submit=${(e: Event) => void this.submit(e)}>
      <div class="two"><label class="field">Host<select name="host">${this.operation.host_states.map((host) => html`<option value=${host}>${host}</option>`)}</select></label>
      <label class="field">Answer<select name="kind" @change=${(e: Event) => { this.kind = (e.target as HTMLSelectElement).value; }}>${["granted", "refused", "withdrawn"].map((kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${refusedWord(kind)}</option>`)}</select></label></div>
      ${this.kind === "granted" ? this.granted() : this.said()}
      ${this.kind === "granted" ? nothing : html`<p class="sub">What ${this.kind === "refused" ? "was asked for" : "was granted"} does not hold from that moment on. Units abroad must stop.</p>`}
      ${this.wrong === "" ? nothing : html`<p class="sub" role="alert">${this.wrong}</p>`}${this.refused === null ? nothing : refusal(this.refused)}
      <button class="b pri" ?disabled=${this.busy}>Record</button><button type="button" class="b quiet" @click=${() => this.dispatchEvent(new CustomEvent("done"))}>Back</button></form>`;
  }
}
customElements.define("host-answer", HostAnswer);
