/** A notice in words, in the languages of both states: as it was told, or as its draft would be told now. */

import { LitElement, type TemplateResult, html } from "lit";
import type { Notice, Operation, Written } from "../picture/names";
import { plain } from "../picture/words";
import { LANGUAGES } from "../text/en";
import type { Context } from "./context";

/** The longest line that is shown. */
const LONGEST = 4_000;
const nameOf = (language: string): string => LANGUAGES.find(([tag]) => tag === language)?.[1] ?? language;

/** What a text depends on: it is asked for anew when the draft says something else. */
const subject = (operation: Operation, notice: Notice): string => JSON.stringify([operation.id, notice.id, notice.status, notice.fields]);

export class NoticeText extends LitElement {
  static override properties = { context: { attribute: false }, operation: { attribute: false }, notice: { attribute: false }, texts: { state: true } };
  declare context: Context;
  declare operation: Operation;
  declare notice: Notice;
  /** `null` while they are asked for, `"unknown"` when the service did not answer. */
  declare texts: readonly Written[] | "unknown" | null;
  private asked = "";

  constructor() {
    super();
    this.texts = null;
  }
  protected override createRenderRoot(): this { return this; }

  protected override willUpdate(): void {
    const wanted = subject(this.operation, this.notice);
    if (wanted === this.asked) return;
    this.asked = wanted;
    this.texts = this.notice.texts.length > 0 ? this.notice.texts : null;
    if (this.texts === null) void this.ask(wanted);
  }

  private async ask(wanted: string): Promise<void> {
    const texts = await this.context.act.textsOf(this.operation.id, this.notice.id);
    // An answer to an older question tells what the draft said before.
    if (wanted === this.asked) this.texts = texts ?? "unknown";
  }

  protected override render(): TemplateResult {
    if (this.texts === null) return html`<p class="sub">Being written out…</p>`;
    if (this.texts === "unknown") return html`<p class="sub" role="alert">The service did not answer with the text: what the fields say counts.</p>`;
    if (this.texts.length === 0) return html`<p class="sub">No text was kept of it.</p>`;
    return html`${this.texts.map((one) => html`<section class="text" lang=${one.language}><h3 class="c3">${nameOf(one.language)}</h3>${one.text.split("\n").map((line) => html`<p>${plain(line, LONGEST)}</p>`)}</section>`)}`;
  }
}
customElements.define("notice-text", NoticeText);
