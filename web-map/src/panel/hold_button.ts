/**
 * The second step of an act that cannot be taken back: held for 0.8 s, by pointer or with Enter; letting go cancels, and so
 * does a change of what it is about.
 */

import { LitElement, type TemplateResult, html } from "lit";

const HOLD_MS = 800;

export class HoldButton extends LitElement {
  static override properties = { label: { type: String }, subject: { type: String }, disabled: { type: Boolean }, holding: { state: true } };
  declare label: string;
  /** What the act is about, word for word: what was there when the hold began is what is done, or nothing. */
  declare subject: string;
  declare disabled: boolean;
  declare holding: boolean;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    super();
    this.label = "";
    this.subject = "";
    this.disabled = false;
    this.holding = false;
  }

  protected override createRenderRoot(): this { return this; }
  override disconnectedCallback(): void { this.release(); super.disconnectedCallback(); }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("subject") || (changed.has("disabled") && this.disabled)) this.release();
  }

  private press(): void {
    if (this.timer !== null || this.disabled) return;
    this.holding = true;
    this.timer = setTimeout(() => {
      this.release();
      this.dispatchEvent(new CustomEvent("held", { bubbles: true }));
    }, HOLD_MS);
  }
  private release(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.holding = false;
  }
  private key(event: KeyboardEvent, down: boolean): void {
    if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (down && !event.repeat) this.press();
    if (!down) this.release();
  }

  protected override render(): TemplateResult {
    return html`<button type="button" class="b hold ${this.holding ? "holding" : ""}" ?disabled=${this.disabled}
      @pointerdown=${() => this.press()} @pointerup=${() => this.release()} @pointerleave=${() => this.release()} @pointercancel=${() => this.release()}
      @blur=${() => this.release()} @keydown=${(e: KeyboardEvent) => this.key(e, true)} @keyup=${(e: KeyboardEvent) => this.key(e, false)}
      ><span class="fill"></span><span class="lab">${this.label}</span><small>hold 0.8 s</small></button>`;
  }
}
customElements.define("hold-button", HoldButton);
