/** The one act this room owes on a notice: opened first, then held. What came of it is said beside it. */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import type { Refused } from "../orders";
import type { Notice, Operation } from "../picture/names";
import type { Picture } from "../picture/picture";
import { canBeSent } from "../picture/strips";
import { plain } from "../picture/words";
import { may } from "../picture/rights";
import { dutyWord, roleWord } from "../text/en";
import type { Context } from "./context";
import { refusal } from "./refusal";
import { message } from "./message";
import "./hold_button";
import "./notice_text";

type Due = "send" | "read" | null;

/** Which act is open to this room. Where the host has neither a room here nor a channel nothing can be sent: it is called. */
export function actOf(notice: Notice, operation: Operation, picture: Picture): Due {
  const room = picture.room.id;
  if (operation.closed !== null) return null;
  if (operation.room === room) {
    if (!canBeSent(picture, notice)) return null;
    if (notice.status === "failed") return "send";
    const onlyGrounds = notice.status === "draft" && notice.fields !== null && notice.fields.missing.every((word) => word === "grounds");
    return notice.status === "ready" || onlyGrounds ? "send" : null;
  }
  return notice.to === room && (notice.status === "sent" || notice.status === "delivered") ? "read" : null;
}

export class NoticeAct extends LitElement {
  static override properties = { context: { attribute: false }, operation: { attribute: false }, notice: { attribute: false }, first: { attribute: false }, open: { state: true }, busy: { state: true }, refused: { state: true }, grounds: { state: true } };
  declare context: Context;
  declare operation: Operation;
  declare notice: Notice;
  /** Whether this is the one primary act of the screen. */
  declare first: boolean;
  declare open: boolean;
  declare busy: boolean;
  declare refused: Refused | null;
  declare grounds: string;

  constructor() {
    super();
    this.first = false;
    this.open = false;
    this.busy = false;
    this.refused = null;
    this.grounds = "";
  }
  protected override createRenderRoot(): this { return this; }

  private async commit(act: Due): Promise<void> {
    this.busy = true;
    this.refused = null;
    const { act: acts } = this.context, code = this.notice.duty === "request" ? "RQA" : "XNG";
    const answer = act === "send"
      ? await acts.sendNotice(this.operation.id, this.notice.id, code, this.grounds.trim() === "" ? null : this.grounds.trim())
      : await acts.acknowledge(this.operation.id, this.notice.id);
    this.busy = false;
    if (answer.ok) this.open = false;
    else this.refused = answer.refused;
  }

  private needsGrounds(): boolean {
    return this.notice.fields?.missing.includes("grounds") === true && this.notice.fields.grounds === null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const act = actOf(this.notice, this.operation, this.context.picture);
    if (act === null) return nothing;
    const noun = dutyWord(this.notice.duty).toLowerCase();
    if (this.context.frozen) return html`<div class="act"><button class="b commit off" disabled>${act === "send" ? `Send ${noun}…` : `Read ${noun}…`}</button><p class="sub">No live picture: by voice only.</p></div>`;
    const role = this.context.picture.me?.role;
    if (!may(role, act)) return html`<div class="act"><button class="b commit off" disabled>${act === "send" ? `Send ${noun}…` : `Read ${noun}…`}</button><p class="sub">For an operator or supervisor${role === undefined ? "" : `; you are ${roleWord(role)}`}.</p></div>`;
    if (!this.open) {
      const words = act === "send" ? `Send ${noun} to ${plain(this.notice.to, 16)}…` : `Read ${noun} from ${plain(this.operation.room, 16)}…`;
      return html`<div class="act"><button class="b commit ${this.first && (act === "read" || this.notice.owed_since !== null) ? "pri" : ""}" @click=${() => { this.open = true; }}>${words}</button></div>`;
    }
    const blocked = act === "send" && this.needsGrounds() && this.grounds.trim() === "";
    return html`<div class="act open">
      ${this.notice.fields === null ? html`<p class="sub">This notice carries no text yet.</p>` : html`${message(this.notice.fields)}<notice-text .context=${this.context} .operation=${this.operation} .notice=${this.notice}></notice-text>`}
      ${act === "send" && this.needsGrounds() ? html`<label class="field">Why it could not be asked for beforehand<textarea rows="2" maxlength="2000" .value=${this.grounds} @input=${(e: InputEvent) => { this.grounds = (e.target as HTMLTextAreaElement).value; }}></textarea></label>` : nothing}
      ${act === "read" ? html`<p class="sub">Says that you have read it, by name. It agrees to nothing.</p>` : nothing}
      ${this.refused === null ? nothing : refusal(this.refused)}
      <hold-button .label=${act === "send" ? `Send ${noun} to ${plain(this.notice.to, 16)}` : "I have read this notice"} .subject=${JSON.stringify([this.operation.id, this.notice.id, this.notice.fields, this.grounds])} .disabled=${this.busy || blocked} @held=${() => void this.commit(act)}></hold-button>
      <button class="b quiet" @click=${() => { this.open = false; this.refused = null; }}>Back</button></div>`;
  }
}
customElements.define("notice-act", NoticeAct);
