/** What the host answered to a notice, written down by name: who, when, the words, and whether that is a yes or a no. */

import { type TemplateResult, html, nothing } from "lit";
import type { Answer, HostAnswer } from "../orders";
import type { Notice, Operation } from "../picture/names";
import { may } from "../picture/rights";
import { momentOf, zulu } from "../picture/time";
import { plain } from "../picture/words";
import { dutyWord } from "../text/en";
import { refusal } from "./refusal";
import { type Fields, SpokenForm } from "./spoken_form";

/** Whether an answer to it can be written down by this room: the host has it. */
export const mayBeAnswered = (notice: Notice, operation: Operation, room: string): boolean =>
  operation.closed === null && operation.room === room && ["delivered", "seen", "voice", "answered"].includes(notice.status);

/** The answer as entered; `null` when the time is no time of day. */
export function answerOf(text: Fields, now: number): HostAnswer | null {
  const at = momentOf(text("at"), now);
  return at === null ? null : { name: text("name"), answer: text("answer"), words: text("words"), answered_at: new Date(at).toISOString() };
}

export class NoticeAnswer extends SpokenForm<HostAnswer> {
  protected override said(text: Fields, now: number): HostAnswer | null { return answerOf(text, now); }
  protected override send(said: HostAnswer): Promise<Answer<unknown>> { return this.context.act.answerNotice(this.operation.id, this.notice.id, said); }

  protected override render(): TemplateResult | typeof nothing {
    const { context, notice } = this, to = plain(notice.to, 16);
    if (context.frozen || !may(context.picture.me?.role, "send")) return nothing;
    if (this.opened === null) return html`<div class="act"><button class="b quiet" @click=${() => { this.reset(this.context.now); }}>${notice.answers.length === 0 ? "Answered…" : "Answered again…"}</button></div>`;
    return html`<form class="act open" @submit=${(e: Event) => void this.commit(e)}>
      <p class="sub">What ${to} answered to the ${dutyWord(notice.duty).toLowerCase()}, in its words. It grants nothing: enter what the host grants or refuses as its document.</p>
      <div class="two"><label class="field">Answered by<input name="name" required maxlength="80" autocomplete="off" /></label>
      <label class="field">At, UTC<input name="at" required value=${zulu(this.opened).slice(0, 8)} autocomplete="off" placeholder="11:40:05" /></label></div>
      <fieldset class="field"><legend>That is</legend>${[["yes", "a yes"], ["no", "a no"], ["other", "neither"]].map(([value, label]) => html`<label><input type="radio" name="answer" value=${value ?? ""} required /> ${label}</label> `)}</fieldset>
      <label class="field">The words<textarea name="words" rows="2" required maxlength="2000"></textarea></label>
      ${this.wrong === "" ? nothing : html`<p class="sub" role="alert">${this.wrong}</p>`}${this.refused === null ? nothing : refusal(this.refused)}
      <button class="b pri" ?disabled=${this.busy}>Write it down</button><button type="button" class="b quiet" @click=${() => this.reset(null)}>Back</button></form>`;
  }
}
customElements.define("notice-answer", NoticeAnswer);
