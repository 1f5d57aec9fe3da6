/** On which rules and profiles an operation rests, and how two persons let it rest on newer ones. */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import type { Refused } from "../orders";
import type { Operation } from "../picture/names";
import type { Picture } from "../picture/picture";
import { plain } from "../picture/words";
import type { Context } from "./context";
import { refusal } from "./refusal";

type RestsOn = Picture["restsOn"];

const profilesOf = (on: RestsOn): string => on.profiles.map((profile) => profile.digest).sort().join(" ");

/** Whether the room decides with other rules or profiles now than this operation of its own rests on. */
export function hasNewer(picture: Picture, operation: Operation): boolean {
  const { restsOn: now } = picture, { rests_on: on } = operation;
  return operation.room === picture.room.id && on !== null && now.rules !== null && (on.rules?.digest !== now.rules.digest || profilesOf(on) !== profilesOf(now));
}

const named = (rules: { readonly version: number; readonly digest: string }): string => `rules v${rules.version} (${plain(rules.digest, 8)})`;

/** What it was opened with, or rests on since; of a partner's operation the partner knows. */
export function restsOn(picture: Picture, operation: Operation): TemplateResult | typeof nothing {
  const on = operation.rests_on, anew = operation.resting_anew;
  if (on === null) return nothing;
  const profiles = on.profiles.filter((profile) => profile.pair.split("-").includes(operation.requesting_state)).map((profile) => `profile ${plain(profile.pair, 5)} v${profile.version}`);
  return html`<p class="sub">Rests on ${on.rules === null ? "rules of no version" : named(on.rules)} · ${profiles.length === 0 ? "no signed profile: the workflow's defaults" : profiles.join(", ")}</p>
    ${hasNewer(picture, operation) && picture.restsOn.rules !== null ? html`<p class="sub">The room decides with ${on.rules?.digest === picture.restsOn.rules.digest ? "other profiles" : named(picture.restsOn.rules)} now; this operation keeps what it began with.</p>` : nothing}
    ${anew === null ? nothing : html`<p class="sub"><b>${plain(anew.by.account, 24)} wants it to rest on ${named(anew.rules)}</b>: ${plain(anew.because, 200)}. It holds when a second person enters it too.</p>`}`;
}

export class RestingAnew extends LitElement {
  static override properties = { context: { attribute: false }, operation: { attribute: false }, busy: { state: true }, refused: { state: true } };
  declare context: Context;
  declare operation: Operation;
  declare busy: boolean;
  declare refused: Refused | null;

  constructor() {
    super();
    this.busy = false;
    this.refused = null;
  }
  protected override createRenderRoot(): this { return this; }
  protected override shouldUpdate(changed: Map<string, unknown>): boolean {
    // The picture changes many times a second; what is being typed must stay.
    return !this.hasUpdated || [...changed.keys()].some((key) => key !== "context" && key !== "operation");
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const because = new FormData(event.target as HTMLFormElement).get("because"), rules = this.context.picture.restsOn.rules;
    if (typeof because !== "string" || rules === null || this.busy) return;
    this.busy = true;
    this.refused = null;
    const answer = await this.context.act.change(this.operation.id, { resting_anew: { rules: rules.digest, because: because.trim() } });
    this.busy = false;
    if (answer.ok) this.dispatchEvent(new CustomEvent("done"));
    else this.refused = answer.refused;
  }

  protected override render(): TemplateResult {
    const rules = this.context.picture.restsOn.rules, first = this.operation.resting_anew;
    return html`<form class="act open" @submit=${(e: Event) => void this.submit(e)}>
      <p class="sub">${rules === null ? nothing : named(rules)} and the profiles of now hold for this operation when two persons have entered it. The law is then asked again; a clock that runs is never lengthened by it.</p>
      <label class="field">Why${first === null ? "" : `; ${plain(first.by.account, 24)}: ${plain(first.because, 80)}`}<input name="because" required maxlength="500" autocomplete="off" /></label>
      ${this.refused === null ? nothing : refusal(this.refused)}
      <button class="b pri" ?disabled=${this.busy}>${first === null ? "Enter, first of two" : "Enter too"}</button><button type="button" class="b quiet" @click=${() => this.dispatchEvent(new CustomEvent("done"))}>Back</button></form>`;
  }
}
customElements.define("resting-anew", RestingAnew);
