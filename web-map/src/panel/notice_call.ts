/** A call about a notice: it was given by telephone, or the host said that it has read what was sent. Whom, under which number, when. */

import { type TemplateResult, html, nothing } from "lit";
import type { Answer, CallMade, VoiceNumber } from "../orders";
import type { Notice, Operation } from "../picture/names";
import type { Picture } from "../picture/picture";
import { may } from "../picture/rights";
import { isRoomHere } from "../picture/strips";
import { momentOf, zulu } from "../picture/time";
import { plain } from "../picture/words";
import { dutyWord } from "../text/en";
import { message } from "./message";
import "./notice_text";
import { refusal } from "./refusal";
import { type Fields, SpokenForm } from "./spoken_form";

/** Whether a call about it can be written down by this room. */
export const mayBeSpoken = (notice: Notice, operation: Operation, room: string): boolean =>
  operation.closed === null && operation.room === room && notice.fields !== null && ["draft", "ready", "sent", "failed", "delivered"].includes(notice.status);

/** Whether a host without a room here can say by telephone that it has read what was sent by mail or webhook. */
export const mayBeRead = (notice: Notice, operation: Operation, picture: Picture): boolean =>
  operation.closed === null && operation.room === picture.room.id && notice.channels.length > 0 && !isRoomHere(picture, notice.to) && ["sent", "failed", "delivered"].includes(notice.status);

/** The call as entered; `null` when the time is no time of day. */
export function callOf(text: Fields, now: number): CallMade | null {
  const at = momentOf(text("at"), now), reference = text("reference");
  return at === null ? null : { name: text("name"), number: text("number"), at: new Date(at).toISOString(), ...(reference === "" ? {} : { reference }) };
}

/** The numbers agreed with the host of a notice: those of its room when the profile names that, else all but our own. */
export function numbersFor(numbers: readonly VoiceNumber[], notice: Notice, own: string): readonly VoiceNumber[] {
  const fields = notice.fields;
  if (fields === null) return [];
  const pair = [fields.requesting_state, fields.host_state].sort().join("-");
  const agreed = numbers.filter((one) => one.pair === pair && one.room !== own), exact = agreed.filter((one) => one.room === notice.to);
  return exact.length > 0 ? exact : agreed;
}

export class NoticeCall extends SpokenForm<CallMade> {
  static override properties = { ...SpokenForm.properties, read: { state: true }, numbers: { state: true } };
  /** Whether the host says that it has read it; else it was told by the call. */
  declare read: boolean;
  declare numbers: readonly VoiceNumber[];

  constructor() {
    super();
    this.numbers = [];
    this.read = false;
  }

  protected override said(text: Fields, now: number): CallMade | null { return callOf(text, now); }

  protected override send(call: CallMade, text: Fields): Promise<Answer<unknown>> {
    if (this.read) return this.context.act.readByCall(this.operation.id, this.notice.id, call);
    const code = this.notice.duty === "request" ? "RQA" : "XNG", grounds = text("grounds");
    return this.context.act.giveByVoice(this.operation.id, this.notice.id, code, call, grounds === "" ? null : grounds);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { context, notice } = this, to = plain(notice.to, 16);
    if (context.frozen || !may(context.picture.me?.role, "send")) return nothing;
    const only = !isRoomHere(context.picture, notice.to);
    if (this.opened === null) {
      const begin = (read: boolean): void => { this.read = read; this.reset(this.context.now); void this.context.act.voiceNumbers().then((numbers) => { this.numbers = numbers; }); };
      return html`${only ? html`<p class="sub">${to} has no room here: give it by telephone, and write that down.</p>` : nothing}<div class="act"><button class="b ${only ? "commit" : "quiet"}" @click=${() => { begin(false); }}>Given by voice…</button>${mayBeRead(notice, this.operation, context.picture) ? html`<button class="b quiet" @click=${() => { begin(true); }}>They have read it…</button>` : nothing}</div>`;
    }
    const numbers = numbersFor(this.numbers, notice, context.picture.room.id), list = `numbers-${notice.id}`;
    const lacksGrounds = !this.read && notice.fields?.missing.includes("grounds") === true;
    return html`<form class="act open" @submit=${(e: Event) => void this.commit(e)}>
      <p class="sub">${this.read ? html`A person of ${to} said by telephone that the ${dutyWord(notice.duty).toLowerCase()} was read. It agrees to nothing.` : html`${dutyWord(notice.duty)} to ${to}, given by telephone. What the draft said when you spoke counts as told.`}</p>
      ${notice.fields === null ? nothing : html`${message(notice.fields)}<notice-text .context=${context} .operation=${this.operation} .notice=${notice}></notice-text>`}
      ${numbers.map((one) => html`<p class="sub">${plain(one.desk, 40)} of ${plain(one.room, 16)}: <span class="mono">${plain(one.number, 40)}</span>, last tried ${plain(one.checked_on, 10)}</p>`)}
      <datalist id=${list}>${numbers.map((one) => html`<option value=${one.number}></option>`)}</datalist>
      <div class="two"><label class="field">Spoken to<input name="name" required maxlength="80" autocomplete="off" /></label>
      <label class="field">Number<input name="number" list=${list} required maxlength="80" inputmode="tel" autocomplete="off" placeholder="+40 257 000" /></label></div>
      <div class="two"><label class="field">At, UTC<input name="at" required value=${zulu(this.opened).slice(0, 8)} autocomplete="off" placeholder="11:40:05" /></label>
      <label class="field">Reference of the call<input name="reference" maxlength="80" autocomplete="off" /></label></div>
      ${lacksGrounds ? html`<label class="field">Why it could not be asked for beforehand<textarea name="grounds" rows="2" maxlength="2000"></textarea></label>` : nothing}
      ${this.wrong === "" ? nothing : html`<p class="sub" role="alert">${this.wrong}</p>`}${this.refused === null ? nothing : refusal(this.refused)}
      <button class="b pri" ?disabled=${this.busy}>Write it down</button><button type="button" class="b quiet" @click=${() => this.reset(null)}>Back</button></form>`;
  }
}
customElements.define("notice-call", NoticeCall);
