/** The list of alarms: what stands, who has taken it, and what to do. */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import type { Refused } from "../orders";
import { asks, firstUp, grounds, inOrder, isAside, operationOf, placeOf } from "../picture/alarms";
import { deadLetters } from "../picture/dead_letters";
import type { Alarm, AlarmFigures } from "../picture/names";
import { may } from "../picture/rights";
import { age, millis, zulu } from "../picture/time";
import { plain } from "../picture/words";
import { channelWord } from "../text/en";
import type { Context } from "./context";
import { priorityIcon } from "./icons";
import { refusal } from "./refusal";

const FIGURES_EVERY_MS = 15_000;

/** For how many minutes an alarm may be put aside, by priority and role; the service decides. */
function asideFor(alarm: Alarm, role: string | undefined): number {
  if (alarm.priority === 3 && may(role, "alarm")) return 30;
  return alarm.priority === 2 && role === "supervisor" ? 15 : 0;
}

export class AlarmList extends LitElement {
  static override properties = { context: { attribute: false }, aside: { state: true }, reason: { state: true }, refused: { state: true }, busy: { state: true }, figures: { state: true } };
  declare context: Context;
  /** The alarm that is being put aside. */
  declare aside: string | null;
  declare reason: string;
  declare refused: Refused | null;
  declare busy: boolean;
  /** How much was asked of the people lately, as the service counts it. */
  declare figures: AlarmFigures | null;
  private asked: { readonly of: readonly Alarm[]; readonly at: number } | null = null;

  constructor() {
    super();
    this.aside = null;
    this.reason = "";
    this.refused = null;
    this.busy = false;
    this.figures = null;
  }
  protected override createRenderRoot(): this { return this; }

  /** Asks for the figures when an alarm came or went, and now and then: what was raised long ago counts no more. */
  protected override updated(): void {
    const { picture, steady, act } = this.context;
    if (this.asked !== null && this.asked.of === picture.alarms && steady - this.asked.at < FIGURES_EVERY_MS) return;
    this.asked = { of: picture.alarms, at: steady };
    void act.alarmFigures().then((figures) => { this.figures = figures; });
  }

  private async act(send: () => ReturnType<Context["act"]["takeAlarm"]>): Promise<void> {
    this.busy = true;
    const answer = await send();
    this.busy = false;
    this.refused = answer.ok ? null : answer.refused;
    if (answer.ok) { this.aside = null; this.reason = ""; }
  }

  /** Beside the alarm of a notice that could not be delivered: what each of its channels came to. */
  private undelivered(alarm: Alarm): TemplateResult | typeof nothing {
    const notice = alarm.code === "A52" && alarm.operation !== null ? this.context.picture.operations.get(alarm.operation)?.notices.find((one) => one.id === alarm.notice) : undefined;
    const dead = notice === undefined ? [] : deadLetters(notice);
    if (dead.length === 0) return nothing;
    return html`<ul class="sub carried">${dead.map((one) => html`<li>By ${channelWord(one.channel)} to <span class="mono">${plain(one.address, 60)}</span>: ${one.attempts} attempts, the last at ${zulu(millis(one.since))}. <span class="c3">${plain(one.because, 160)}</span></li>`)}</ul>`;
  }

  private row(alarm: Alarm, first: boolean): TemplateResult {
    const { picture, now, act } = this.context, role = picture.me?.role, minutes = asideFor(alarm, role);
    const why = grounds(picture, alarm), name = operationOf(picture, alarm);
    const state = isAside(alarm, now) && alarm.shelved !== null
      ? html`put aside until ${zulu(millis(alarm.shelved.until))} by ${plain(alarm.shelved.by.account, 24)}: ${plain(alarm.shelved.reason, 80)}`
      : alarm.acknowledged === null ? html`<b>nobody has taken it</b>` : html`taken by ${plain(alarm.acknowledged.by.account, 24)} ${zulu(millis(alarm.acknowledged.at))}`;
    return html`<li class="alarm pri${alarm.priority} ${asks(alarm, now) ? "asks" : ""}">
      <span class="mark">${priorityIcon(alarm.priority, asks(alarm, now) ? "blink" : "")}<span class="id">${alarm.priority} · ${plain(alarm.code, 6)}</span>${first ? html`<span class="first" title="The first of several that came together">first</span>` : nothing}</span>
      <span class="say"><b>${name === "" ? nothing : `${plain(name, 28)}: `}${plain(alarm.sentence, 200)}</b>${why === "" ? nothing : html`<span class="c2">${plain(why, 200)}</span>`}<span class="do">${plain(alarm.action, 100)}</span>${this.undelivered(alarm)}
        <span class="c2">since ${zulu(millis(alarm.since))} · raised ${zulu(millis(alarm.raised_at))}, ${age(Math.max(0, (now - millis(alarm.raised_at)) / 1000))} ago · ${state}</span>
        ${this.aside === alarm.id ? html`<form class="put" @submit=${(e: Event) => { e.preventDefault(); void this.act(() => act.shelveAlarm(alarm.id, minutes, this.reason.trim())); }}>
          <label class="field">Why it is put aside for ${minutes} minutes<input maxlength="500" required .value=${this.reason} @input=${(e: InputEvent) => { this.reason = (e.target as HTMLInputElement).value; }} /></label>
          <button class="b s pri" ?disabled=${this.busy || this.reason.trim() === ""}>Put aside</button><button type="button" class="b s quiet" @click=${() => { this.aside = null; }}>Back</button></form>` : nothing}</span>
      <span class="todo"><button class="b s" @click=${() => act.look({ ...placeOf(alarm), alarms: false })}>Show</button>
        ${alarm.acknowledged === null && may(role, "alarm") ? html`<button class="b s pri" ?disabled=${this.busy} @click=${() => void this.act(() => act.takeAlarm(alarm.id))}>Take</button>` : nothing}
        ${minutes > 0 && !isAside(alarm, now) && this.aside !== alarm.id ? html`<button class="b s quiet" @click=${() => { this.aside = alarm.id; this.reason = ""; this.refused = null; }}>Put aside…</button>` : nothing}</span></li>`;
  }

  protected override render(): TemplateResult {
    const { picture, now, act } = this.context, alarms = inOrder(picture, now), first = firstUp(picture);
    return html`<section class="alarms" role="region" aria-label="Alarms"><h2 class="head">Alarms<span class="n">${alarms.filter((alarm) => asks(alarm, now)).length} of ${alarms.length} not taken</span>
        <button class="b s quiet" @click=${() => act.look({ alarms: false })}>Close <kbd>Esc</kbd></button></h2>
      ${this.figures === null ? nothing : html`<p class="figures ${this.figures.flood ? "flood" : ""}">${this.figures.flood ? html`<b>Flood: more than a person can take.</b> Begin with the first, and get help. ` : nothing}${this.figures.ten_minutes} raised in ten minutes · ${this.figures.hour} in an hour · in a day P1 ${this.figures.day[0]}, P2 ${this.figures.day[1]}, P3 ${this.figures.day[2]}</p>`}
      ${this.refused === null ? nothing : refusal(this.refused)}
      ${alarms.length === 0 ? html`<p class="empty">Nothing stands.</p>` : html`<ul>${alarms.map((alarm) => this.row(alarm, first.has(alarm.id)))}</ul>`}</section>`;
  }
}
customElements.define("alarm-list", AlarmList);
