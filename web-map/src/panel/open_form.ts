/** Opening an operation: what the law needs to know, nothing more. A refusal says which guard held and why. */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import type { Choice, Opening, Refused } from "../orders";
import { nameOf } from "../picture/label";
import { isoDate } from "../picture/time";
import { followsSomebody, isPursuit, plain } from "../picture/words";
import { basisLong, kindWord, personWord, purposeWord } from "../text/en";
import type { Context } from "./context";
import { placeOf } from "./op_acts";
import { refusal } from "./refusal";

const BASES = [
  "40(1)", "40(2)", "pursuit_flagrante", "pursuit_escape", "pursuit_evaded_check", "joint_patrol",
  "imminent_danger", "transit_road", "train_or_ship", "assistance", "transfer_person", "controlled_delivery",
] as const;
/** What the host state gave beforehand, where a basis rests on it. */
const DOCUMENTS: Readonly<Record<string, string>> = { "40(1)": "Authorisation of the host state", joint_patrol: "Agreement on the joint patrol", assistance: "Request of the host state" };
const HOURS_SHOWN = 8;

/** `2027-03-16 20:00` of a field that holds UTC, as an RFC 3339 time; what cannot be read is handed on as it is, to be refused by name. */
export function utcOf(field: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})Z?$/.exec(field.trim());
  const ms = parts === null ? NaN : Date.parse(`${parts[1] ?? ""}T${parts[2] ?? ""}:00Z`);
  return Number.isFinite(ms) ? new Date(ms).toISOString() : field;
}
export const fieldOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace("T", " ");
export const TIME_PATTERN = "\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}Z?";

/** The order in a filled form. */
export function openingOf(form: FormData): Opening {
  const text = (name: string): string => { const value = form.get(name); return typeof value === "string" ? value.trim() : ""; };
  const all = (name: string): string[] => form.getAll(name).filter((value): value is string => typeof value === "string");
  const number = text("number"), target = text("target"), check = placeOf(text("check"));
  // A host is its state, and the room to tell where the state has several: `RO` or `RO ARD`.
  const basis = text("basis"), hosts = all("host").map((host) => host.split(" ")), rooms = hosts.map((host) => host[1]).filter((room): room is string => room !== undefined);
  return {
    name: text("name"), basis, host_states: hosts.map((host) => host[0] ?? ""), ...(rooms.length === 0 ? {} : { host_rooms: rooms }), purpose: text("purpose"),
    ...(followsSomebody(basis) ? { offence: text("offence"), person_category: text("person") } : {}),
    ...(basis === "joint_patrol" ? { patrol: { state: hosts[0]?.[0] ?? "" } } : {}),
    target: target === "" ? null : { id: target, description: text("description") },
    units: all("unit"),
    ...(text("extraditable") === "" ? {} : { extraditable: text("extraditable") === "yes" }),
    ...(text("grounds") === "" ? {} : { grounds: text("grounds") }),
    ...(check === null ? {} : { evaded_check: { point: [check.lon, check.lat] as [number, number] } }),
    authorisation: number === "" ? null : { number, from: utcOf(text("from")), to: utcOf(text("to")), conditions: text("conditions") },
  };
}

/** One choice for a state, or one for each of its rooms when it has several. */
const perRoom = (state: Choice): readonly Choice[] => (state.rooms.length < 2 ? [state] : state.rooms.map((room) => ({ id: `${state.id} ${room}`, label: `${state.label}, ${room}`, rooms: [] })));

export class OpenForm extends LitElement {
  static override properties = { context: { attribute: false }, offences: { state: true }, states: { state: true }, basis: { state: true }, busy: { state: true }, refused: { state: true } };
  declare context: Context;
  declare offences: readonly Choice[];
  declare states: readonly Choice[];
  declare basis: string;
  declare busy: boolean;
  declare refused: Refused | null;

  constructor() {
    super();
    this.offences = [];
    this.states = [];
    this.basis = "40(1)";
    this.busy = false;
    this.refused = null;
  }
  protected override createRenderRoot(): this { return this; }
  protected override shouldUpdate(changed: Map<string, unknown>): boolean {
    // The picture changes many times a second; the form is drawn again only for its own changes.
    return !this.hasUpdated || [...changed.keys()].some((key) => key !== "context");
  }
  protected override firstUpdated(): void {
    void this.context.act.offences().then((list) => { this.offences = list; });
    void this.context.act.hostStates().then((list) => { this.states = list; });
    this.querySelector<HTMLInputElement>("input[name=name]")?.focus();
  }

  private shut(): void { this.context.act.look({ opening: false }); }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.refused = null;
    const opening = openingOf(new FormData(event.target as HTMLFormElement));
    const answer = await this.context.act.open(opening);
    this.busy = false;
    if (!answer.ok) { this.refused = answer.refused; return; }
    this.shut();
  }

  private hosts(): readonly Choice[] {
    const own = this.context.picture.room.state;
    const rooms = new Set(this.context.picture.rooms.map((room) => room.state));
    const known = this.states.length > 0 ? this.states : [...rooms].map((id) => ({ id, label: id, rooms: [] }));
    return known.filter((state) => state.id !== own).flatMap(perRoom).sort((a, b) => Number(rooms.has(b.id.slice(0, 2))) - Number(rooms.has(a.id.slice(0, 2))) || (a.label < b.label ? -1 : 1));
  }

  /** Why the host could not be asked or told before the line: of what is urgent. */
  private grounds(): TemplateResult {
    return html`<label class="field wide-field">Why the host could not ${this.basis === "40(2)" ? "be asked" : "be told, or act,"} in time<input name="grounds" maxlength="2000" autocomplete="off" /></label>`;
  }

  private pursuit(): TemplateResult {
    return html`<p class="sub wide-field">Art. 41: the host state is told at the latest when crossing, every officer can be recognised as police, and the limit of the pair holds. Where the limit is not known, ask the host before crossing.</p>
      ${this.basis === "pursuit_flagrante" ? html`<label class="field">May the offence lead to extradition?<select name="extraditable"><option value="">not judged</option><option value="yes">yes</option><option value="no">no</option></select></label>` : nothing}
      ${this.basis === "pursuit_evaded_check" ? html`<label class="field">Check evaded at (latitude, longitude)<input name="check" autocomplete="off" placeholder="46.15600, 20.70800" /></label>` : nothing}
      ${this.grounds()}`;
  }

  private authorisation(): TemplateResult | typeof nothing {
    if (isPursuit(this.basis)) return this.pursuit();
    if (this.basis === "40(2)") return html`${this.urgent()}${this.grounds()}`;
    if (DOCUMENTS[this.basis] !== undefined) return this.document();
    return html`<p class="sub wide-field">Nobody is followed. The two states need a treaty for this kind of crossing; without one the operation is refused. What it asks of the officers stands in the assessment.</p>`;
  }

  private urgent(): TemplateResult {
    return html`<p class="sub wide-field">Art. 40(2): no authorisation could be asked for. The crossing must be told at once and the request sent without delay; the consent clock runs from the earliest crossing.</p>`;
  }

  private document(): TemplateResult {
    const now = this.context.now;
    return html`<fieldset class="wide-field"><legend>${DOCUMENTS[this.basis]}</legend>
      <label class="field">Number<input name="number" maxlength="120" autocomplete="off" /></label>
      <label class="field">From (UTC)<input name="from" pattern=${TIME_PATTERN} title="2027-03-16 20:00, in UTC" .value=${fieldOf(now)} /></label>
      <label class="field">Until (UTC)<input name="to" pattern=${TIME_PATTERN} title="2027-03-16 20:00, in UTC" .value=${fieldOf(now + HOURS_SHOWN * 3_600_000)} /></label>
      <label class="field wide-field">Conditions, as in the document<input name="conditions" maxlength="2000" autocomplete="off" /></label></fieldset>`;
  }

  private followed(): TemplateResult {
    return html`<label class="field">Offence${this.offences.length > 0 ? html`<select name="offence" required>${this.options(this.offences)}</select>` : html`<input name="offence" required autocomplete="off" />`}</label>
        <label class="field">Person followed<select name="person">${["suspect", "contact"].map((one) => html`<option value=${one}>${personWord(one)}</option>`)}</select></label>`;
  }

  private target(): TemplateResult {
    return html`<label class="field">Target, code only<input name="target" maxlength="32" pattern="[A-Za-z0-9._\\-]*" autocomplete="off" placeholder="TGT-1" /></label>
        <label class="field wide-field">Description of the target, fit for the air<input name="description" maxlength="120" autocomplete="off" placeholder="silver estate car" /></label>`;
  }

  private options(list: readonly Choice[]): TemplateResult {
    return html`${list.map((choice) => html`<option value=${choice.id}>${plain(choice.label, 90)}</option>`)}`;
  }

  protected override render(): TemplateResult {
    const { picture, now } = this.context;
    const own = [...picture.units.values()].filter((unit) => unit.room === picture.room.id && !unit.retired);
    const hosts = this.hosts(), followed = followsSomebody(this.basis);
    return html`<div class="shade"></div><form class="dialog" role="dialog" aria-modal="true" aria-labelledby="open-title" @submit=${(e: Event) => void this.submit(e)}>
      <header><h2 id="open-title">Open an operation</h2><span class="c3">room ${plain(picture.room.id, 16)}, ${picture.room.state} · ${isoDate(now)}</span></header>
      <div class="grid">
        <label class="field">Name<input name="name" required maxlength="40" autocomplete="off" /></label>
        <label class="field">Host state<select name="host" required>${this.options(hosts)}</select></label>
        <label class="field wide-field">Legal basis<select name="basis" @change=${(e: Event) => { this.basis = (e.target as HTMLSelectElement).value; }}>${BASES.map((basis) => html`<option value=${basis} ?selected=${basis === this.basis}>${basisLong(basis)}</option>`)}</select></label>
        ${followed ? this.followed() : nothing}
        <label class="field">Purpose<select name="purpose">${["criminal_investigation", "preventive", "customs"].map((one) => html`<option value=${one}>${purposeWord(one)}</option>`)}</select></label>
        ${followed ? this.target() : nothing}
        ${this.authorisation()}
        <fieldset class="wide-field units"><legend>Units</legend>${own.length === 0 ? html`<span class="c3">This room has no unit.</span>` : own.map((unit) => html`<label><input type="checkbox" name="unit" value=${unit.id} /> ${nameOf(unit)} <span class="c3">${kindWord(unit.kind)}</span></label>`)}</fieldset>
      </div>
      ${this.refused === null ? nothing : refusal(this.refused)}
      <footer><button type="button" class="b quiet" @click=${() => this.shut()}>Back <kbd>Esc</kbd></button><button class="b pri commit" ?disabled=${this.busy || this.context.frozen}>Open operation</button></footer></form>`;
  }
}
customElements.define("open-form", OpenForm);
