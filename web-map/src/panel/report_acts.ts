/** The report of an operation: read as a page beside the map, added to by statements, signed as it was read. */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import { type Refused, reportOf } from "../orders";
import type { Operation } from "../picture/names";
import { may } from "../picture/rights";
import { millis, zuluMinutes } from "../picture/time";
import { plain } from "../picture/words";
import { LANGUAGES, TOPICS, topicWord } from "../text/en";
import type { Context } from "./context";
import { refusal } from "./refusal";
import "./hold_button";

export class ReportActs extends LitElement {
  static override properties = { context: { attribute: false }, operation: { attribute: false }, stating: { state: true }, busy: { state: true }, refused: { state: true }, facts: { state: true } };
  declare context: Context;
  declare operation: Operation;
  declare stating: boolean;
  declare busy: boolean;
  declare refused: Refused | null;
  /** The digest of the report as it was when the person opened it; `null` before. */
  declare facts: string | null;

  constructor() {
    super();
    this.stating = false;
    this.busy = false;
    this.refused = null;
    this.facts = null;
  }
  protected override createRenderRoot(): this { return this; }

  /** Opening the report is reading it. Its digest is asked for first: what is read is then as new or newer, and the service signs nothing that says something else by then. */
  private async read(event: Event): Promise<void> {
    event.preventDefault();
    this.facts = await this.context.act.factsOf(this.operation.id);
    window.open(reportOf(this.operation.id), "_blank", "noopener");
  }

  private async state(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement, data = new FormData(form);
    await this.done(this.context.act.stateInReport(this.operation.id, String(data.get("topic")), String(data.get("text")).trim(), String(data.get("language")) || null));
    if (this.refused === null) this.stating = false;
  }

  private async sign(): Promise<void> {
    if (this.facts !== null) await this.done(this.context.act.signReport(this.operation.id, this.facts));
  }

  private async done(answer: ReturnType<Context["act"]["signReport"]>): Promise<void> {
    this.busy = true;
    const said = await answer;
    this.busy = false;
    this.refused = said.ok ? null : said.refused;
    // What was read before says less than the report does now.
    this.facts = null;
  }

  private form(): TemplateResult {
    return html`<form class="act open" @submit=${(e: Event) => void this.state(e)}>
      <label class="field">What no record tells<select name="topic">${TOPICS.map((topic) => html`<option value=${topic}>${topicWord(topic)}</option>`)}</select></label>
      <label class="field">In your words<textarea name="text" required maxlength="4000" rows="3"></textarea></label>
      <label class="field">Written in<select name="language"><option value="">not said</option>${LANGUAGES.map(([tag, name]) => html`<option value=${tag}>${name}</option>`)}</select></label>
      <button class="b pri" ?disabled=${this.busy}>State it</button><button type="button" class="b quiet" @click=${() => { this.stating = false; }}>Back</button></form>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { operation, context } = this, role = context.picture.me?.role, own = operation.room === context.picture.room.id, { report } = operation;
    const last = report.signed.at(-1);
    const how = last !== undefined ? `Signed by ${plain(last.by.account, 24)} ${zuluMinutes(millis(last.at))}` : report.owed_since !== null ? `Report owed since ${zuluMinutes(millis(report.owed_since))}` : "Report";
    const read = html`<a class="b s" href=${reportOf(operation.id)} target="_blank" rel="noopener" @click=${(e: Event) => void this.read(e)}>Read the report</a>`;
    const state = own && may(role, "state") && !this.stating ? html`<button class="b s" @click=${() => { this.stating = true; }}>State…</button>` : nothing;
    const sign = own && operation.closed !== null && may(role, "sign")
      ? html`<hold-button .label=${"Sign as read"} .subject=${`${operation.id} ${this.facts ?? ""}`} .disabled=${this.busy || this.facts === null || context.frozen} @held=${() => void this.sign()}></hold-button>` : nothing;
    return html`<div class="report"><p class="sub">${how}</p><div class="acts">${read}${state}${sign}</div>${this.stating ? this.form() : nothing}${this.refused === null ? nothing : refusal(this.refused)}</div>`;
  }
}
customElements.define("report-acts", ReportActs);
