/** A person held abroad: who recorded what, and the two forms that record it. */

import { type TemplateResult, html, nothing } from "lit";
import type { Change } from "../orders";
import { nameOf } from "../picture/label";
import type { Held, Operation } from "../picture/names";
import type { Picture } from "../picture/picture";
import { millis, momentOf, zulu } from "../picture/time";
import { plain } from "../picture/words";
import { answerWord, heldWord } from "../text/en";

export type Read = (name: string) => string;

/** Whether the person is still held, by whomever. */
export const isHeld = (held: Held): boolean => !held.steps.some((step) => step.step === "released");

/** What was recorded of who is held, with what the rules say of it. */
export function heldFacts(picture: Picture, operation: Operation): TemplateResult | typeof nothing {
  if (operation.held.length === 0) return nothing;
  const by = (held: Held): string => { const unit = held.unit === null ? undefined : picture.units.get(held.unit); return held.unit === null ? `officers of ${held.host}` : unit === undefined ? plain(held.unit, 16) : nameOf(unit); };
  const nationality = (held: Held): string => (held.host_national === null ? "nationality not said" : held.host_national ? `national of ${held.host}` : `no national of ${held.host}`);
  return html`<section><h2 class="head">Person held<span class="n">${operation.held.map((held) => held.host).join(" ")}</span></h2>
    ${operation.held.map((held) => html`<p class="sub"><b>${isHeld(held) ? "Held" : "Was held"} in ${held.host}</b> since <span class="mono">${zulu(millis(held.since))}</span> by ${by(held)} · ${nationality(held)}</p>
      ${held.steps.map((step) => html`<p class="sub"><span class="mono">${zulu(millis(step.at))}</span> ${heldWord(step.step)}${step.note === "" ? nothing : `: ${plain(step.note, 80)}`}</p>`)}
      ${held.findings.map((finding) => html`<p class="sub"><span class="c2">${answerWord(finding.answer)}</span> ${plain(finding.sentence, 300)} <span class="c3">${plain(finding.citation.instrument, 80)}, ${finding.citation.origin}, confidence ${finding.citation.confidence}</span></p>`)}`)}</section>`;
}

/** The order of the form of a detention; `null` when the time is none. */
export function detainedOf(text: Read, now: number): Change | null {
  const since = momentOf(text("since"), now), national = text("national");
  if (since === null) return null;
  return { detained: { host: text("host"), since: new Date(since).toISOString(), unit: text("unit") === "" ? null : text("unit"), host_national: national === "" ? null : national === "yes" } };
}

/** The order of the form of what became of the person; `null` when the time is none. */
export function stepOf(text: Read, now: number): Change | null {
  const at = momentOf(text("at"), now);
  return at === null ? null : { detention_step: { host: text("host"), step: text("step"), at: new Date(at).toISOString(), note: text("note") } };
}

const clockOf = (now: number): string => new Date(now).toISOString().slice(11, 16);

export function detainedFields(picture: Picture, operation: Operation, now: number): TemplateResult {
  const unit = (id: string): string => { const known = picture.units.get(id); return known === undefined ? plain(id, 16) : nameOf(known); };
  // Said outright: a browser would choose an option that stood there before the others.
  const likeliest = operation.eyes !== null && operation.units.includes(operation.eyes) ? operation.eyes : operation.units[0];
  return html`<div class="two"><label class="field">Held in<select name="host">${operation.host_states.map((host) => html`<option value=${host}>${host}</option>`)}</select></label>
    <label class="field">Since, UTC<input name="since" required value=${clockOf(now)} autocomplete="off" placeholder="11:40" /></label></div>
    <div class="two"><label class="field">By<select name="unit">${operation.units.map((id) => html`<option value=${id} ?selected=${id === likeliest}>${unit(id)}</option>`)}<option value="">officers of the host</option></select></label>
    <label class="field">National of that state<select name="national"><option value="">not known</option><option value="no">no</option><option value="yes">yes</option></select></label></div>`;
}

export function stepFields(held: Held, now: number): TemplateResult {
  const left = ["handed_over", "arrest_requested", "released"].filter((step) => !held.steps.some((one) => one.step === step));
  return html`<input type="hidden" name="host" value=${held.host} /><p class="sub">Person held in ${held.host} since ${zulu(millis(held.since))}</p>
    <div class="two"><label class="field">What became<select name="step">${left.map((step) => html`<option value=${step}>${heldWord(step)}</option>`)}</select></label>
    <label class="field">At, UTC<input name="at" required value=${clockOf(now)} autocomplete="off" placeholder="11:55" /></label></div>
    <label class="field">To whom, or the number of the request<input name="note" maxlength="80" autocomplete="off" /></label>`;
}
