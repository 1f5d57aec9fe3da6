/** Taking the position: who, and whether this machine and the service are fit for it. */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import type { Refused } from "../orders";
import type { Actions } from "./context";
import { icon } from "./icons";
import { refusal } from "./refusal";

export interface Check { readonly name: string; readonly state: "wait" | "ok" | "bad"; readonly words: string }

export class LoginPage extends LitElement {
  static override properties = { act: { attribute: false }, checks: { attribute: false }, reason: { type: String }, busy: { state: true }, refused: { state: true } };
  declare act: Actions;
  declare checks: readonly Check[];
  declare reason: string;
  declare busy: boolean;
  declare refused: Refused | null;

  constructor() {
    super();
    this.checks = [];
    this.reason = "";
    this.busy = false;
    this.refused = null;
  }
  protected override createRenderRoot(): this { return this; }
  protected override firstUpdated(): void { this.querySelector<HTMLInputElement>("input[name=account]")?.focus(); }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const form = event.target as HTMLFormElement, data = new FormData(form);
    const [account, password] = [data.get("account"), data.get("password")];
    if (typeof account !== "string" || typeof password !== "string") return;
    this.busy = true;
    this.refused = null;
    const answer = await this.act.logIn(account.trim(), password);
    this.busy = false;
    if (answer.ok) return;
    this.refused = answer.refused;
    const field = form.elements.namedItem("password");
    if (field instanceof HTMLInputElement) { field.value = ""; field.focus(); }
  }

  protected override render(): TemplateResult {
    return html`<main class="login"><form @submit=${(e: Event) => void this.submit(e)}>
        <p class="over">Limes · control room</p><h1>Take position</h1>
        <label class="field">Account<input name="account" autocomplete="username" required maxlength="64" spellcheck="false" autocapitalize="none" /></label>
        <label class="field">Password<input name="password" type="password" autocomplete="current-password" required maxlength="1024" /></label>
        ${this.refused === null ? nothing : refusal(this.refused)}
        ${this.reason === "" ? nothing : html`<p class="sub">${this.reason}</p>`}
        <button class="b pri commit" ?disabled=${this.busy}>${this.busy ? "Logging in" : "Log in"}</button>
        <p class="sub">Each log-in is recorded with name and time.</p></form>
      <section class="checks"><h2 class="head">Checked now</h2>${this.checks.map((check) => html`<div class="check ${check.state}">${icon(check.state === "ok" ? "tick" : check.state === "bad" ? "cross" : "hourglass", "l", check.state)}<b>${check.name}</b><span>${check.words}</span></div>`)}</section></main>`;
  }
}
customElements.define("login-page", LoginPage);
