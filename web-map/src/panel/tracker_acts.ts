/** What host states permit of the technical sources of an operation: a supervisor and the legal desk enter it together. */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import type { Refused, TrackerPermission } from "../orders";
import { nameOf } from "../picture/label";
import type { Operation } from "../picture/names";
import type { Picture } from "../picture/picture";
import { may } from "../picture/rights";
import { millis, zuluFull } from "../picture/time";
import { plain } from "../picture/words";
import type { Context } from "./context";
import { TIME_PATTERN, fieldOf, utcOf } from "./open_form";
import { refusal } from "./refusal";
import "./hold_button";

type Entered = Operation["trackers"][number];

/** The technical sources of an operation. */
const sourcesOf = (picture: Picture, operation: Operation): string[] => operation.units.filter((id) => picture.units.get(id)?.kind === "tracker");
/** Whether one is in it, or was when a permission was entered for it. */
export const hasSource = (picture: Picture, operation: Operation): boolean => sourcesOf(picture, operation).length > 0 || operation.trackers.length > 0;

export class TrackerActs extends LitElement {
  static override properties = { context: { attribute: false }, operation: { attribute: false }, busy: { state: true }, refused: { state: true } };
  declare context: Context;
  declare operation: Operation;
  declare busy: boolean;
  declare refused: Refused | null;
  /** When the form was opened: what a person types is not written over a minute later. */
  private begun: number | null = null;

  constructor() {
    super();
    this.busy = false;
    this.refused = null;
  }
  protected override createRenderRoot(): this { return this; }

  /** Whether it was entered. */
  private async enter(permission: TrackerPermission): Promise<boolean> {
    this.busy = true;
    const answer = await this.context.act.permitTracker(this.operation.id, permission);
    this.busy = false;
    this.refused = answer.ok ? null : answer.refused;
    return answer.ok;
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const filled = event.currentTarget as HTMLFormElement, form = new FormData(filled);
    const text = (name: string): string => { const value = form.get(name); return typeof value === "string" ? value.trim() : ""; };
    if (await this.enter({ unit: text("unit"), state: text("state"), number: text("number"), from: utcOf(text("from")), to: utcOf(text("to")) })) filled.reset();
  }

  private row(entered: Entered): TemplateResult {
    const { context, operation } = this, unit = context.picture.units.get(entered.unit), role = context.picture.me?.role;
    const window = `${zuluFull(millis(entered.from), context.now)} to ${zuluFull(millis(entered.to), context.now)}`;
    const missing = entered.first_role === "legal" ? "a supervisor" : "the legal desk";
    const second = entered.second === null && operation.room === context.picture.room.id && may(role, "unseal") && role !== entered.first_role && operation.closed === null && !context.frozen;
    return html`<p class="sub"><b>${unit === undefined ? plain(entered.unit, 16) : nameOf(unit)} in ${entered.state}</b>, ${plain(entered.number, 32)}, ${window}: entered by ${plain(entered.first.account, 24)}${entered.second === null ? html`, <b>and by ${missing} not yet</b>` : ` and ${plain(entered.second.account, 24)}`}</p>
      ${second ? html`<hold-button .label=${`Permit it too`} .subject=${JSON.stringify(entered)} .disabled=${this.busy} @held=${() => { const { unit, state, number, from, to } = entered; void this.enter({ unit, state, number, from, to }); }}></hold-button>` : nothing}`;
  }

  private form(trackers: readonly string[]): TemplateResult {
    const name = (id: string): string => { const unit = this.context.picture.units.get(id); return unit === undefined ? plain(id, 16) : nameOf(unit); };
    return html`<form @submit=${(e: Event) => void this.submit(e)}>
      <div class="two"><label class="field">Source<select name="unit">${trackers.map((id) => html`<option value=${id}>${name(id)}</option>`)}</select></label>
      <label class="field">Permitted by<select name="state">${this.operation.host_states.map((state) => html`<option value=${state}>${state}</option>`)}</select></label></div>
      <label class="field">Number of its document<input name="number" required maxlength="80" autocomplete="off" /></label>
      <div class="two"><label class="field">From (UTC)<input name="from" required pattern=${TIME_PATTERN} title="2027-03-16 20:00, in UTC" .value=${fieldOf(this.begun ??= this.context.now)} autocomplete="off" /></label>
      <label class="field">Until (UTC)<input name="to" required pattern=${TIME_PATTERN} title="2027-03-16 20:00, in UTC" autocomplete="off" /></label></div>
      ${this.refused === null ? nothing : refusal(this.refused)}
      <button class="b pri" ?disabled=${this.busy}>Enter it</button></form>`;
  }

  protected override render(): TemplateResult {
    const { operation, context } = this, enters = operation.closed === null && !context.frozen && may(context.picture.me?.role, "unseal");
    return html`${operation.trackers.map((entered) => this.row(entered))}${enters ? this.form(sourcesOf(context.picture, operation)) : nothing}`;
  }
}
customElements.define("tracker-acts", TrackerActs);
