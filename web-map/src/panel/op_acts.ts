/** What a person can do with an operation besides its notices: say where the target was seen, and close it. */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import type { Change, Refused, SightingOrder } from "../orders";
import { nameOf } from "../picture/label";
import type { Held, Operation } from "../picture/names";
import { may } from "../picture/rights";
import { isPursuit, plain } from "../picture/words";
import { OUTCOMES, outcomeWord, personWord, recognisedWord } from "../text/en";
import type { Context } from "./context";
import { type Read, detainedFields, detainedOf, isHeld, stepFields, stepOf } from "./held";
import { refusal } from "./refusal";
import "./hold_button";
import "./host_answer";
import { hasNewer } from "./resting";
import "./report_acts";
import { hasSource } from "./tracker_acts";

type Open = "none" | "seen" | "close" | "marks" | "correct" | "held" | "step" | "source" | "answer" | "rules";

/** `46.156, 20.708` as latitude and longitude; `null` when it is not two numbers in range. */
export function placeOf(text: string): { lat: number; lon: number } | null {
  const parts = text.trim().split(/[\s,;]+/).map(Number);
  const [lat, lon] = parts;
  if (parts.length !== 2 || lat === undefined || lon === undefined || !Number.isFinite(lat) || !Number.isFinite(lon)) return null;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}

export class OperationActs extends LitElement {
  static override properties = { context: { attribute: false }, operation: { attribute: false }, open: { state: true }, busy: { state: true }, refused: { state: true }, reason: { state: true }, outcome: { state: true }, wrong: { state: true } };
  declare context: Context;
  declare operation: Operation;
  declare open: Open;
  declare busy: boolean;
  declare refused: Refused | null;
  declare reason: string;
  declare outcome: string;
  declare wrong: string;
  /** A sighting whose answer did not come: said again unchanged, it keeps its time. */
  private unanswered: SightingOrder | null = null;

  constructor() {
    super();
    this.reset("none");
  }
  protected override createRenderRoot(): this { return this; }

  private reset(open: Open): void {
    this.open = open;
    this.busy = false;
    this.refused = null;
    this.reason = "";
    this.outcome = "";
    this.wrong = "";
    this.unanswered = null;
  }

  private async close(): Promise<void> {
    this.busy = true;
    const answer = await this.context.act.close(this.operation.id, this.reason.trim(), this.outcome === "" ? null : this.outcome);
    if (answer.ok) this.reset("none");
    else { this.busy = false; this.refused = answer.refused; }
  }

  private async sight(event: Event): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => { const value = form.get(name); return typeof value === "string" ? value : ""; };
    const at = placeOf(text("place")), accuracy = Number(text("accuracy"));
    this.wrong = at === null ? "Enter latitude and longitude in degrees, such as 46.156, 20.708." : accuracy > 0 ? "" : "Enter how sure the place is, in metres.";
    if (at === null || this.wrong !== "" || this.operation.target === null) return;
    this.busy = true;
    this.refused = null;
    const unit = text("unit");
    const seen = {
      target: this.operation.target.id, ...at, accuracy_m: accuracy,
      source: unit === "" ? ("voice" as const) : ("unit" as const), ...(unit === "" ? {} : { unit }),
    };
    const before = this.unanswered, again = before !== null && JSON.stringify({ ...before, seen_at: "" }) === JSON.stringify({ seen_at: "", ...seen });
    const order: SightingOrder = again ? before : { seen_at: new Date(this.context.now).toISOString(), ...seen };
    this.unanswered = order;
    const answer = await this.context.act.sight(this.operation.id, order);
    if (answer.ok) return this.reset("none");
    if (answer.refused.status !== 0) this.unanswered = null;
    this.busy = false;
    this.refused = answer.refused;
  }

  private async change(event: Event, read: (text: Read) => Change | null): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const change = read((name) => { const value = form.get(name); return typeof value === "string" ? value.trim() : ""; });
    this.wrong = change === null ? "Enter the time of day in UTC, such as 11:40." : "";
    if (change === null) return;
    this.busy = true;
    this.refused = null;
    const answer = await this.context.act.change(this.operation.id, change);
    if (answer.ok) return this.reset("none");
    this.busy = false;
    this.refused = answer.refused;
  }

  /** Art. 41(5)(d): by what the officers of a unit can be recognised as police. */
  private marking(): TemplateResult {
    const units = this.operation.units.map((id) => ({ id, unit: this.context.picture.units.get(id), by: this.operation.recognised.find((one) => one.unit === id)?.by }));
    return html`<form class="act open" @submit=${(e: Event) => void this.change(e, (text) => ({ recognisable: { unit: text("unit"), by: text("by") } }))}>
      <div class="two"><label class="field">Unit<select name="unit">${units.map((one) => html`<option value=${one.id}>${one.unit === undefined ? plain(one.id, 16) : nameOf(one.unit)}${one.by === undefined ? "" : ` (${recognisedWord(one.by)})`}</option>`)}</select></label>
      <label class="field">Recognisable by<select name="by">${["uniform", "armband", "vehicle_fittings", "nothing"].map((by) => html`<option value=${by}>${recognisedWord(by)}</option>`)}</select></label></div>
      ${this.refused === null ? nothing : refusal(this.refused)}
      <button class="b pri" ?disabled=${this.busy}>Tick</button><button type="button" class="b quiet" @click=${() => this.reset("none")}>Back</button></form>`;
  }

  /** Art. 41(2) and (6): a person is held abroad, and what becomes of the person. */
  private holding(held: Held | undefined): TemplateResult {
    const { picture, now } = this.context;
    return html`<form class="act open" @submit=${(e: Event) => void this.change(e, (text) => (held === undefined ? detainedOf(text, now) : stepOf(text, now)))}>
      ${held === undefined ? detainedFields(picture, this.operation, now) : stepFields(held, now)}
      ${this.wrong === "" ? nothing : html`<p class="sub" role="alert">${this.wrong}</p>`}${this.refused === null ? nothing : refusal(this.refused)}
      <button class="b pri" ?disabled=${this.busy}>Record</button><button type="button" class="b quiet" @click=${() => this.reset("none")}>Back</button></form>`;
  }

  /** A mistake of the opening. Nothing is taken out of the record; the law is asked again. */
  private correcting(): TemplateResult {
    const one = this.operation;
    return html`<form class="act open" @submit=${(e: Event) => void this.change(e, (text) => ({ amendment: {
        because: text("because"), ...(text("person") === one.person_category ? {} : { person_category: text("person") }), ...(text("offence") === one.offence ? {} : { offence: text("offence") }),
        ...(text("extraditable") === "" ? {} : { extraditable: text("extraditable") === "yes" }), ...(text("grounds") === "" || text("grounds") === one.grounds ? {} : { grounds: text("grounds") }),
      } }))}>
      <div class="two"><label class="field">Offence, by its id<input name="offence" maxlength="80" .value=${one.offence} autocomplete="off" /></label>
      <label class="field">Person followed<select name="person">${["suspect", "contact"].map((who) => html`<option value=${who} ?selected=${who === one.person_category}>${personWord(who)}</option>`)}</select></label></div>
      <div class="two"><label class="field">May lead to extradition<select name="extraditable"><option value="">as it was</option><option value="yes">yes</option><option value="no">no</option></select></label>
      <label class="field">Why the host could not act in time<input name="grounds" maxlength="2000" .value=${one.grounds ?? ""} autocomplete="off" /></label></div>
      <label class="field">Why it is corrected<input name="because" required maxlength="500" autocomplete="off" /></label>
      ${this.refused === null ? nothing : refusal(this.refused)}
      <button class="b pri" ?disabled=${this.busy}>Correct</button><button type="button" class="b quiet" @click=${() => this.reset("none")}>Back</button></form>`;
  }

  private report(): TemplateResult {
    return html`<report-acts .context=${this.context} .operation=${this.operation}></report-acts>`;
  }

  /** What host states permit of the technical sources. */
  private source(): TemplateResult {
    return html`<div class="act open"><tracker-acts .context=${this.context} .operation=${this.operation}></tracker-acts><button class="b quiet" @click=${() => this.reset("none")}>Back</button></div>`;
  }

  private closing(): TemplateResult {
    return html`<div class="act open"><label class="field">Why it is closed<input maxlength="500" .value=${this.reason} @input=${(e: InputEvent) => { this.reason = (e.target as HTMLInputElement).value; }} /></label>
      <label class="field">How it ended<select @change=${(e: Event) => { this.outcome = (e.target as HTMLSelectElement).value; }}><option value="">not said</option>${OUTCOMES.map((word) => html`<option value=${word}>${outcomeWord(word)}</option>`)}</select></label>
      ${this.refused === null ? nothing : refusal(this.refused)}
      <hold-button .label=${`Close ${plain(this.operation.name, 24)}`} .subject=${`${this.operation.id} ${this.reason} ${this.outcome}`} .disabled=${this.busy || this.reason.trim() === ""} @held=${() => void this.close()}></hold-button>
      <button class="b quiet" @click=${() => this.reset("none")}>Back</button></div>`;
  }

  private seeing(): TemplateResult {
    const { picture } = this.context, own = [...picture.units.values()].filter((unit) => unit.room === picture.room.id && unit.on_duty && !unit.retired);
    return html`<form class="act open" @submit=${(e: Event) => void this.sight(e)}>
      <label class="field">${plain(this.operation.target?.id ?? "target", 16)} seen now at (latitude, longitude)<input name="place" required autocomplete="off" placeholder="46.15600, 20.70800" /></label>
      <div class="two"><label class="field">Within, metres<input name="accuracy" required inputmode="numeric" value="100" /></label>
      <label class="field">Seen by<select name="unit"><option value="">by voice</option>${own.map((unit) => html`<option value=${unit.id}>${nameOf(unit)}</option>`)}</select></label></div>
      ${this.wrong === "" ? nothing : html`<p class="sub" role="alert">${this.wrong}</p>`}${this.refused === null ? nothing : refusal(this.refused)}
      <button class="b pri" ?disabled=${this.busy}>Report sighting</button><button type="button" class="b quiet" @click=${() => this.reset("none")}>Back</button></form>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { operation, context } = this, room = context.picture.room.id;
    if (operation.closed !== null) return html`<p class="sub">Closed by ${plain(operation.closed.by.account, 24)}${operation.closed.outcome === null ? "" : `, ${outcomeWord(operation.closed.outcome)}`}: ${plain(operation.closed.reason, 200)}</p>${this.report()}`;
    if (context.frozen) return nothing;
    if (this.open === "close") return this.closing();
    if (this.open === "seen") return this.seeing();
    if (this.open === "marks") return this.marking();
    if (this.open === "correct") return this.correcting();
    if (this.open === "source") return this.source();
    if (this.open === "answer") return html`<host-answer .context=${context} .operation=${operation} @done=${() => this.reset("none")}></host-answer>`;
    if (this.open === "rules") return html`<resting-anew .context=${context} .operation=${operation} @done=${() => this.reset("none")}></resting-anew>`;
    if (this.open === "held") return this.holding(undefined);
    const held = operation.held.filter(isHeld).at(-1);
    if (this.open === "step" && held !== undefined) return this.holding(held);
    const role = context.picture.me?.role, own = operation.room === room;
    const mine = own && may(role, "close"), part = (own || operation.host_rooms.includes(room)) && may(role, "sight");
    if (!mine && !part) return this.report();
    return html`<div class="acts">${part && operation.target !== null ? html`<button class="b s" @click=${() => this.reset("seen")}>Target seen…</button>` : nothing}
      ${mine && isPursuit(operation.basis) ? html`<button class="b s" @click=${() => this.reset("marks")}>Recognisable…</button>` : nothing}
      ${!mine || operation.basis === "joint_patrol" ? nothing : html`<button class="b s" @click=${() => this.reset("held")}>Person held…</button>`}
      ${mine && held !== undefined ? html`<button class="b s" @click=${() => this.reset("step")}>What became…</button>` : nothing}
      ${own && hasSource(context.picture, operation) && may(role, "unseal") ? html`<button class="b s" @click=${() => this.reset("source")}>${operation.trackers.some((one) => one.second === null) ? "Source: one to permit…" : "Source…"}</button>` : nothing}
      ${hasNewer(context.picture, operation) && may(role, "rules") ? html`<button class="b s" @click=${() => this.reset("rules")}>${operation.resting_anew === null ? "Newer rules…" : "Newer rules: one to enter…"}</button>` : nothing}
      ${mine ? html`<button class="b s" @click=${() => this.reset("answer")}>Host's answer…</button><button class="b s" @click=${() => this.reset("correct")}>Correct…</button><button class="b s" @click=${() => this.reset("close")}>Close…</button>` : nothing}</div>${this.report()}`;
  }
}
customElements.define("operation-acts", OperationActs);
