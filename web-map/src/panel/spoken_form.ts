/** A form under a notice by which a person writes down what was said of it: opened by a button, with the time of day filled in. */

import { LitElement } from "lit";
import type { Answer, Refused } from "../orders";
import type { Notice, Operation } from "../picture/names";
import type { Context } from "./context";

/** A field of the form by its name, without blanks around it; empty when there is none. */
export type Fields = (name: string) => string;

export abstract class SpokenForm<Said> extends LitElement {
  static override properties = { context: { attribute: false }, operation: { attribute: false }, notice: { attribute: false }, opened: { state: true }, busy: { state: true }, refused: { state: true }, wrong: { state: true } };
  declare context: Context;
  declare operation: Operation;
  declare notice: Notice;
  /** When the form was opened: what the time is filled in with; `null` while it is not. */
  declare opened: number | null;
  declare busy: boolean;
  declare refused: Refused | null;
  declare wrong: string;

  constructor() {
    super();
    this.reset(null);
  }
  protected override createRenderRoot(): this { return this; }

  protected reset(opened: number | null): void {
    this.opened = opened;
    this.busy = false;
    this.refused = null;
    this.wrong = "";
  }

  /** What was entered; `null` when the time is no time of day. */
  protected abstract said(text: Fields, now: number): Said | null;
  protected abstract send(said: Said, text: Fields): Promise<Answer<unknown>>;

  protected async commit(event: Event): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text: Fields = (name) => { const value = form.get(name); return typeof value === "string" ? value.trim() : ""; };
    const said = this.said(text, this.context.now);
    this.wrong = said === null ? "Enter the time of day in UTC, such as 11:40:05." : "";
    if (said === null) return;
    this.busy = true;
    this.refused = null;
    const answer = await this.send(said, text);
    if (answer.ok) return this.reset(null);
    this.busy = false;
    this.refused = answer.refused;
  }
}
