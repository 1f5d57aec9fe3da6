/** What a person says to the other room: the fields that its code needs, and the button that sends it. */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import type { Refused, Saying, VoiceNumber } from "../orders";
import { type Talk, guests } from "../picture/handover";
import { nameOf } from "../picture/label";
import type { ExpectedAt, Terms } from "../picture/names";
import { type Say, isHeldAct } from "../picture/offers";
import { type Typed, baseTerms, canEnter, likelyPoints, sidesOf, termsOf, typedOf } from "../picture/proposing";
import { differences } from "../picture/terms";
import { millis, momentNear, zulu } from "../picture/time";
import { backToWord, codeWord, eyesWord, plain, refusedForWord, withdrawnForWord } from "../picture/words";
import { LANGUAGES, refusedWord } from "../text/en";
import type { Context } from "./context";
import { callOf } from "./notice_call";
import { TIME_PATTERN, fieldOf, utcOf } from "./open_form";
import { refusal } from "./refusal";
import "./hold_button";

/** Codes whose form is one of terms. */
const OF_TERMS: ReadonlySet<string> = new Set(["NTF", "PRO", "RVR", "CDN"]);
export const isOfTerms = (code: string): boolean => OF_TERMS.has(code);
/** The lead passes by voice only with the code that two persons of each room enter. */
const NEVER_BY_VOICE: ReadonlySet<string> = new Set(["HOP", "MAS"]);
const REFUSED_FOR = ["no_unit", "no_basis", "safety", "area", "other"], WITHDRAWN_FOR = ["route", "cancel", "stop", "hold", "target_lost", "other"];
const EYES = ["has", "takes", "hands", "lost"];
/** So long the terms stand beside the form before they can be accepted. */
const READ_MS = 2_000;
const STAND_BY_MS = 3 * 60_000, EXTENDED_MS = 2 * 3_600_000, HOURS = 8 * 3_600_000;

/** What there was when the form was opened: it is answered word for word, and the fields do not run on. */
interface Opened { readonly at: number; readonly steady: number; readonly replyTo: string | null; readonly digest: string | null; readonly base: Terms; readonly typed: Typed; readonly points: readonly ExpectedAt[] }

/** The message that this one answers, as it stands now. */
function answered(talk: Talk, code: Say): string | null {
  const state = talk.dialogue?.state;
  if (state === undefined) return null;
  const proposed = state.proposed !== null && state.proposed.by !== talk.us ? state.proposed.message : null;
  switch (code) {
    case "SBY": case "CDN": case "ACP": return proposed;
    case "MAS": return state.offered?.message ?? null;
    case "HOP": return state.requested;
    case "RJC": return state.offered?.message ?? proposed ?? state.requested;
    case "NTF": case "PRO": case "RVR": case "ABR": case "ROF": case "EYE": case "REL": case "CEASE": case "TXT": case "CLS": case "AUT": case "EXT": return null;
  }
}

export class HandoverForm extends LitElement {
  static override properties = { context: { attribute: false }, talk: { attribute: false }, say: { type: String }, busy: { state: true }, refused: { state: true }, wrong: { state: true }, touched: { state: true }, valid: { state: true }, kind: { state: true }, numbers: { state: true } };
  declare context: Context;
  declare talk: Talk;
  declare say: Say;
  declare busy: boolean;
  declare refused: Refused | null;
  declare wrong: string;
  /** How often something was typed: what is held is what was there when the hold began. */
  declare touched: number;
  declare valid: boolean;
  declare kind: string;
  declare numbers: readonly VoiceNumber[];
  private opened: Opened | null = null;
  private openedFor = "";

  constructor() {
    super();
    this.busy = false;
    this.refused = null;
    this.wrong = "";
    this.touched = 0;
    this.valid = true;
    this.kind = "granted";
    this.numbers = [];
  }
  protected override createRenderRoot(): this { return this; }

  protected override willUpdate(): void {
    const about = `${this.talk.operation.id} ${this.talk.partner} ${this.say}`;
    if (this.openedFor === about) return;
    const { picture, now } = this.context, base = baseTerms(picture, this.talk, this.say, now);
    this.openedFor = about;
    this.opened = { at: now, steady: this.context.steady, replyTo: answered(this.talk, this.say), digest: this.talk.dialogue?.state.proposed?.digest ?? null, base, typed: typedOf(base), points: likelyPoints(picture, this.talk, { base, named: this.context.crossingPoints }, now) };
    Object.assign(this, { busy: false, refused: null, wrong: "", touched: 0, kind: "granted" });
    if (!NEVER_BY_VOICE.has(this.say)) void this.context.act.voiceNumbers().then((numbers) => { this.numbers = numbers; });
  }
  protected override updated(): void {
    const valid = this.querySelector("form")?.checkValidity() ?? true;
    if (valid !== this.valid) this.valid = valid;
  }
  protected override firstUpdated(): void { this.querySelector<HTMLElement>("input:not([type=checkbox]), select, textarea, .b.hold")?.focus(); }

  private done(): void { this.context.act.look({ card: { partner: this.talk.partner, say: null } }); }

  private read(): Saying | null {
    const form = this.querySelector("form"), opened = this.opened;
    if (form === null || opened === null) return null;
    const data = new FormData(form), { now } = this.context;
    const text = (name: string): string => { const value = data.get(name); return typeof value === "string" ? value.trim() : ""; };
    const moment = (name: string): string | null => { const at = momentNear(text(name), now); return at === null ? null : new Date(at).toISOString(); };
    const words = text("words") === "" ? {} : { words: text("words") };
    const saying: Saying = { code: this.say, to: this.talk.partner, ...(opened.replyTo === null ? {} : { reply_to: opened.replyTo }), ...this.voice(text) };
    if (this.wrong !== "") return null;
    switch (this.say) {
      case "NTF": case "PRO": case "RVR": case "CDN": {
        const units = data.getAll("unit").filter((unit): unit is string => typeof unit === "string");
        const terms = termsOf({ point: text("point"), at: text("at"), within: text("within"), transfer: text("transfer"), eyes: text("eyes"), units, km: text("km"), min: text("min"), voice: text("path") }, opened.base, opened.points, now);
        if (typeof terms === "string") { this.wrong = terms; return null; }
        if ((this.say === "CDN" || this.say === "RVR") && differences(opened.base, terms).length === 0) { this.wrong = "Nothing is changed yet."; return null; }
        return { ...saying, terms };
      }
      case "SBY": case "EXT": {
        const until = text("until") === "" ? undefined : moment("until");
        if (until === null) { this.wrong = "Enter the time of day in UTC, such as 11:40."; return null; }
        return { ...saying, ...words, ...(this.say === "SBY" ? { who: text("who") } : {}), ...(until === undefined ? {} : { until }) };
      }
      case "ACP": return { ...saying, accepts: opened.digest ?? "" };
      case "RJC": return { ...saying, reason: text("reason"), ...words };
      case "ABR": return { ...saying, reason: text("reason"), back_to: text("back_to"), ...words };
      case "EYE": return { ...saying, unit: text("unit"), eyes: text("eyes") };
      case "REL": {
        const units = data.getAll("unit").filter((unit): unit is string => typeof unit === "string");
        if (units.length === 0) { this.wrong = "Choose the units that are released."; return null; }
        return { ...saying, units };
      }
      case "TXT": return { ...saying, ...words, language: text("language") };
      case "AUT": return this.kind === "granted"
        ? { ...saying, authorisation: { number: text("number"), from: utcOf(text("from")), to: utcOf(text("to")), conditions: text("conditions") } }
        : { ...saying, decision: this.kind, ...words };
      case "CEASE": case "HOP": case "ROF": case "MAS": case "CLS": return { ...saying, ...words };
    }
  }

  /** The call by which it was said already, when one was entered. */
  private voice(text: (name: string) => string): Partial<Saying> {
    this.wrong = "";
    if (NEVER_BY_VOICE.has(this.say) || (text("name") === "" && text("number") === "")) return {};
    const call = callOf((name) => text(name === "at" ? "called" : name), this.context.now);
    if (call === null || call.name === "" || call.number === "") { this.wrong = "Of a call enter the name, the number, and the time of day in UTC."; return {}; }
    return { voice: call };
  }

  private async send(event?: Event): Promise<void> {
    event?.preventDefault();
    const saying = this.read();
    if (saying === null || this.busy) return;
    this.busy = true;
    this.refused = null;
    const answer = await this.context.act.say(this.talk.operation.id, saying);
    this.busy = false;
    if (answer.ok) this.done();
    else this.refused = answer.refused;
  }

  /** What this form answers is not what stands any more. */
  private isOvertaken(): boolean {
    return this.opened !== null && answered(this.talk, this.say) !== this.opened.replyTo;
  }

  private name(id: string): string { const unit = this.context.picture.units.get(id); return unit === undefined ? plain(id, 20) : nameOf(unit); }

  private terms(opened: Opened): TemplateResult {
    const { picture } = this.context, { typed, base } = opened, { giver, taker } = sidesOf(this.talk, this.say);
    const units = canEnter(picture, this.talk, this.say, base), takers = [...picture.units.values()].filter((unit) => !unit.retired && unit.kind !== "tracker" && unit.room === taker);
    return html`<div class="fields">
      <label class="field f2">Crossing point<input name="point" list="points" maxlength="80" ?required=${this.say !== "NTF"} value=${typed.point} autocomplete="off" /><datalist id="points">${opened.points.map((one) => html`<option value=${one.name}>${one.percent === null ? "" : `${one.percent} %`}</option>`)}</datalist></label>
      <label class="field">Expected, UTC<input name="at" value=${typed.at} placeholder="11:33" autocomplete="off" /></label>
      <label class="field">± minutes<input name="within" inputmode="decimal" value=${typed.within} autocomplete="off" /></label>
      <label class="field">Lead passes, km beyond<input title="Kilometres beyond the line: 0 at the line, negative before it" name="transfer" inputmode="decimal" value=${typed.transfer} placeholder="0 at the line" autocomplete="off" /></label>
      <label class="field">Takes eyes, of ${plain(taker, 12)}<input name="eyes" list="takers" maxlength="64" value=${typed.eyes} placeholder="unit" autocomplete="off" /><datalist id="takers">${takers.map((unit) => html`<option value=${unit.id}>${nameOf(unit)}</option>`)}</datalist></label>
      <label class="field">Overlap, km<input name="km" inputmode="decimal" value=${typed.km} autocomplete="off" /></label>
      <label class="field">Overlap, min<input name="min" inputmode="decimal" value=${typed.min} autocomplete="off" /></label>
      <fieldset class="field f2 units"><legend>Units of ${plain(giver, 12)} that enter</legend>${units.length === 0 ? html`<span class="c3">none is known</span>` : units.map((id) => html`<label><input type="checkbox" name="unit" value=${id} ?checked=${base.units.includes(id)} /> ${this.name(id)}</label>`)}</fieldset>
      <label class="field f2">Voice path<input name="path" maxlength="80" value=${typed.voice} placeholder="joint centre line 1, group 7" autocomplete="off" /></label></div>`;
  }

  private reason(all: readonly string[], word: (code: string) => string): TemplateResult {
    return html`<label class="field">Reason<select name="reason" required><option value="">choose</option>${all.map((one) => html`<option value=${one}>${word(one)}</option>`)}</select></label>`;
  }
  private words(label: string, required = false): TemplateResult {
    return html`<label class="field">${label}<textarea name="words" rows="2" maxlength="2000" ?required=${required}></textarea></label>`;
  }

  private fields(opened: Opened): TemplateResult | typeof nothing {
    const { talk, context } = this, { picture } = context, partner = plain(talk.partner, 12), { operation } = talk;
    switch (this.say) {
      case "NTF": case "PRO": case "RVR": case "CDN": return this.terms(opened);
      case "ACP": return html`<p class="sub">Accepts exactly what is shown, and binds both rooms. The lead stays with ${plain(operation.lead, 12)}.</p>`;
      case "SBY": return html`<div class="two"><label class="field">Who is deciding<input name="who" required maxlength="80" value=${picture.me?.account ?? ""} autocomplete="off" /></label><label class="field">By, UTC<input name="until" required value=${zulu(opened.at + STAND_BY_MS).slice(0, 5)} autocomplete="off" /></label></div>`;
      case "RJC": return html`${this.reason(REFUSED_FOR, refusedForWord)}${this.words("In words")}`;
      case "ABR": {
        const left = talk.phase === "transferring" ? ["agreement"] : ["notice", "nothing"];
        return html`${this.reason(WITHDRAWN_FOR, withdrawnForWord)}<label class="field">What is left<select name="back_to">${left.map((one) => html`<option value=${one}>${backToWord(one)}</option>`)}</select></label>${this.words("In words")}<p class="sub">It holds until a person of ${partner} has read that.</p>`;
      }
      case "HOP": return html`<p class="sub">${plain(operation.name, 24)}: offers the lead of epoch e${operation.epoch} to ${partner}. You lead until ${partner} assumes it.</p>`;
      case "MAS": return html`<p class="sub">${plain(operation.name, 24)}: you lead from the moment ${partner} confirms it (e${operation.epoch} to e${operation.epoch + 1}). Until then ${partner} leads.</p>`;
      case "ROF": return html`<p class="sub">Asks ${partner} to offer the lead. ${partner} leads until it is offered and assumed.</p>`;
      case "EYE": {
        const known = [...picture.units.values()].filter((unit) => !unit.retired && (operation.units.includes(unit.id) || unit.room === talk.us)), first = known.find((unit) => unit.room === talk.us);
        return html`<div class="two"><label class="field">Unit<select name="unit" required>${known.map((unit) => html`<option value=${unit.id} ?selected=${unit === first}>${nameOf(unit)}</option>`)}</select></label><label class="field">What of it<select name="eyes">${EYES.map((one) => html`<option value=${one} ?selected=${one === (talk.isHost ? "takes" : "has")}>${eyesWord(one)}</option>`)}</select></label></div>`;
      }
      case "REL": return html`<fieldset class="field units"><legend>Units of ${partner} that are released</legend>${guests(picture, operation, talk.host).map((unit) => html`<label><input type="checkbox" name="unit" value=${unit.id} checked /> ${nameOf(unit)}</label>`)}</fieldset>`;
      case "CEASE": return html`<p class="sub"><b>Every unit of ${partner} that is here must stop and turn back.</b> It needs nobody's consent.</p>${this.words("Why it must stop", true)}`;
      case "TXT": return html`${this.words("Text", true)}<label class="field">Language<select name="language">${LANGUAGES.map(([code, own]) => html`<option value=${code}>${own}</option>`)}</select></label>`;
      case "CLS": return html`<p class="sub">This room takes no further part in the handover of ${plain(operation.name, 24)}. What was said stays in the record.</p>`;
      case "EXT": return html`<label class="field">Until, UTC<input name="until" value=${zulu(opened.at + EXTENDED_MS).slice(0, 5)} autocomplete="off" /></label>${this.words("What is asked for, and why", true)}`;
      case "AUT": return this.authorising(opened);
    }
  }

  private authorising(opened: Opened): TemplateResult {
    return html`<label class="field">Decision<select name="kind" @change=${(e: Event) => { this.kind = (e.target as HTMLSelectElement).value; }}>${["granted", "refused", "withdrawn"].map((kind) => html`<option value=${kind}>${refusedWord(kind)}</option>`)}</select></label>
      ${this.kind !== "granted" ? this.words("Why") : html`<label class="field">Number of the document<input name="number" required maxlength="120" autocomplete="off" /></label>
      <div class="two"><label class="field">From (UTC)<input name="from" required pattern=${TIME_PATTERN} title="2027-03-16 20:00, in UTC" value=${fieldOf(opened.at)} /></label><label class="field">Until (UTC)<input name="to" required pattern=${TIME_PATTERN} title="2027-03-16 20:00, in UTC" value=${fieldOf(opened.at + HOURS)} /></label></div>
      <label class="field">Conditions, as in the document<input name="conditions" maxlength="2000" autocomplete="off" /></label>`}`;
  }

  private byVoice(opened: Opened): TemplateResult | typeof nothing {
    if (NEVER_BY_VOICE.has(this.say)) return nothing;
    const numbers = this.numbers.filter((one) => one.room === this.talk.partner);
    return html`<details class="voice"><summary class="c2">By voice…</summary><p class="sub">Said by telephone already: it holds from then on, and is written down.</p>
      ${numbers.map((one) => html`<p class="sub">${plain(one.desk, 40)}: <span class="mono">${plain(one.number, 40)}</span>, last tried ${plain(one.checked_on, 10)}</p>`)}
      <div class="two"><label class="field">Spoken to<input name="name" maxlength="80" autocomplete="off" /></label><label class="field">Number<input name="number" maxlength="80" inputmode="tel" list="desk-numbers" autocomplete="off" /><datalist id="desk-numbers">${numbers.map((one) => html`<option value=${one.number}></option>`)}</datalist></label>
      <label class="field">At, UTC<input name="called" value=${zulu(opened.at).slice(0, 8)} autocomplete="off" /></label><label class="field">Reference<input name="reference" maxlength="80" autocomplete="off" /></label></div></details>`;
  }

  private verb(): string {
    const partner = plain(this.talk.partner, 12);
    switch (this.say) {
      case "HOP": return `Hand the lead over to ${partner}`;
      case "MAS": return `Assume the lead from ${partner}`;
      case "ROF": return `Ask ${partner} for the lead`;
      case "ACP": return `Send acceptance to ${partner}`;
      case "ABR": return `Take it back from ${partner}`;
      case "CEASE": return `Order ${partner} to cease`;
      case "CLS": return `Close our side to ${partner}`;
      case "EYE": return `Tell ${partner}`;
      case "REL": return `Release them to ${partner}`;
      case "NTF": case "PRO": case "RVR": case "SBY": case "CDN": case "RJC": case "TXT": case "AUT": case "EXT": return `Send ${codeWord(this.say)} to ${partner}`;
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { opened } = this;
    if (opened === null) return nothing;
    const overtaken = this.isOvertaken(), early = this.say === "ACP" && this.context.steady - opened.steady < READ_MS, off = this.busy || overtaken || early || (this.context.frozen && this.say !== "CEASE");
    const told = opened.base.expected === null || !isOfTerms(this.say) ? "" : ` · begun from what was known ${zulu(Math.min(opened.at, this.context.now))}, expected ${zulu(millis(opened.base.expected.likely))}`;
    return html`<form class="say-form ${isOfTerms(this.say) ? "terms-form" : ""}" aria-label=${codeWord(this.say)} @input=${() => { this.touched += 1; this.wrong = ""; }} @submit=${(e: Event) => void (isHeldAct(this.say) ? e.preventDefault() : this.send(e))}>
      <h3 class="head">${codeWord(this.say)} to ${plain(this.talk.partner, 12)}<span class="n">${this.say}${told}</span><button type="button" class="b s" @click=${() => this.done()}>Back</button></h3>
      ${this.fields(opened)}${this.byVoice(opened)}
      ${overtaken ? html`<p class="sub" role="alert"><b>The other room has said something since: go back and look again.</b></p>` : nothing}
      ${this.wrong === "" ? nothing : html`<p class="sub" role="alert">${this.wrong}</p>`}${this.refused === null ? nothing : refusal(this.refused)}
      <div class="go">${isHeldAct(this.say)
        ? html`<hold-button class=${this.say === "CEASE" ? "stop" : ""} .label=${this.verb()} .subject=${`${this.openedFor} ${opened.replyTo} ${opened.digest} ${this.touched}`} .disabled=${off || !this.valid} @held=${() => void this.send()}></hold-button>`
        : html`<button class="b pri" ?disabled=${off}>${this.verb()}</button>`}</div></form>`;
  }
}
customElements.define("handover-form", HandoverForm);
