/** The right column: who leads, who sees, whose law; the clocks; what the rules say; the notices. */

import { type TemplateResult, html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { ageOf } from "../picture/age";
import { type ClockFace, clockFaces } from "../picture/clocks";
import { nameOf, sourceOf } from "../picture/label";
import type { Assessment, Citation, Limit, Operation } from "../picture/names";
import { sideOf, sideOfRoom } from "../picture/side";
import { stops } from "../picture/strips";
import { age, millis, zulu, zuluFull } from "../picture/time";
import { abroad } from "../picture/whereabouts";
import { plain, states } from "../picture/words";
import { answerWord, basisLong, clockWord, conditionWord, dutyWord, personWord } from "../text/en";
import type { Context } from "./context";
import { handovers } from "./handover_summary";
import { heldFacts } from "./held";
import { refusals } from "./host_answer";
import { restsOn } from "./resting";
import { icon, sideIcon } from "./icons";
import { notices } from "./notices";
import "./op_acts";

/** `law, confidence high · CISA Art. 40(2)`: on what a figure rests and how well that is known. */
export function citation(of: Citation): string {
  return `${plain(of.instrument, 160)} · ${of.origin}, confidence ${of.confidence}`;
}

/** This room has said that it assumes the lead, and does not lead before the other machine has that. */
const isAssuming = (operation: Operation, us: string): boolean =>
  operation.lead !== us && operation.dialogues.some((one) => one.state.unreceipted.some((sent) => sent.code === "MAS"));

function who(context: Context, operation: Operation): TemplateResult {
  const { picture, now } = context;
  const eyes = operation.eyes === null ? undefined : picture.units.get(operation.eyes);
  const fix = eyes === undefined ? null : ageOf(eyes, now);
  const out = abroad(picture, operation);
  const seen = operation.sighting;
  const name = (id: string): string => { const unit = picture.units.get(id); return unit === undefined ? plain(id, 16) : nameOf(unit); };
  return html`<section><h2 class="head">Who<span class="n">${plain(operation.name, 28)}</span></h2>
    <div class="fact"><span>LEAD</span><span class="v">${sideIcon(sideOfRoom(operation, operation.lead))} ${plain(operation.lead, 16)}</span><span class="x">${isAssuming(operation, picture.room.id) ? html`<b>assuming, not confirmed</b>` : (operation.disputes ?? []).length > 0 ? html`<b>IN DISPUTE</b>: ${(operation.disputes ?? []).map((one) => `${plain(one.partner, 12)} says ${plain(one.room, 12)} e${one.epoch}`).join(", ")}` : html`<b>e${operation.epoch}</b> <span class="wide">since</span> ${zulu(millis(operation.lead_since))}`}</span></div>
    <div class="fact"><span>EYES</span><span class="v">${eyes === undefined ? (operation.eyes === null ? html`<span class="c2">none</span>` : plain(operation.eyes, 16)) : html`${sideIcon(sideOf(picture, eyes, operation))} ${nameOf(eyes)}`}</span><span class="x">${operation.eyes_taken_by === null ? nothing : html`<b>${name(operation.eyes_taken_by)} wants to take</b>`}${fix === null || (operation.eyes_taken_by !== null && !context.frozen) ? "" : context.frozen ? `${age(fix)} old` : `fix ${age(fix)}`}</span></div>
    <div class="fact"><span>LAW</span><span class="v">${operation.target === null || seen === null
      ? html`<span class="c2">target not placed</span>`
      : html`${icon("target", "side-target", "target")} ${plain(operation.target.id, 12)} ${icon("arrow", "l")} ${states(seen.states)}`}</span>
      <span class="x">${out.slice(0, 3).map((unit) => html`<span>${nameOf(unit)} ${states(unit.law ?? "")}</span>`)}</span></div>
    ${operation.target === null ? nothing : html`<p class="sub">${plain(operation.target.description, 40)}${seen === null ? "" : ` · ${sourceOf(operation, name)}, ${age(Math.max(0, (now - millis(seen.seen_at)) / 1000))} ago`}</p>`}
  </section>`;
}

function clock(face: ClockFace, big: boolean, now: number): TemplateResult {
  const label = face.clock.clock === "authorisation_window" ? `Authorised until ${zuluFull(millis(face.clock.ends), now)}` : `${clockWord(face.clock.clock)} of ${face.clock.host} by ${zuluFull(millis(face.clock.ends), now)}`;
  return html`<div class="clk ${big ? "big" : ""} ${face.level}">
    <div class="a"><span class="k">${label}</span><span class="v">${face.figure} <small>${face.whole}</small></span></div>
    <svg class="bar" aria-hidden="true"><rect class="bed" width="100%" height="6"></rect><rect class="fill" width="${(face.spent * 100).toFixed(2)}%" height="6"></rect><rect class="limit" x="80%" y="-3" width="1" height="12"></rect></svg>
    <p class="cite" title=${citation(face.clock.citation)}>${citation(face.clock.citation)}</p></div>`;
}

function clocks(context: Context, operation: Operation): TemplateResult | typeof nothing {
  const faces = clockFaces(operation, context.now);
  const stopped = operation.clocks.filter((one) => one.status === "stopped");
  const limits = operation.limits.filter((limit) => abroad(context.picture, operation).some((unit) => unit.id === limit.unit));
  if (faces.length === 0 && stopped.length === 0 && limits.length === 0) return nothing;
  return html`<section><h2 class="head">Clocks<span class="n">${operation.requesting_state} in ${operation.host_states.join(" ")} · ${basisLong(operation.basis)}</span></h2>
    ${stops(context.picture, operation).filter((stop) => stop.unit === null).map((stop) => html`<p class="must-stop">${icon("p1", "f p1")}<b>Must stop.</b> ${plain(stop.because, 240)}</p>`)}
    ${faces.map((face, i) => clock(face, i === 0, context.now))}
    ${limits.map((one) => limit(context, one))}
    ${stopped.map((one) => html`<p class="sub">${clockWord(one.clock)} clock for ${one.host} stopped${one.because === null ? "" : `: ${plain(one.because, 120)}`}</p>`)}</section>`;
}

/** How far a unit was from the frontier when it last passed a stage of its limit; the map does not count on between the stages. */
function limit(context: Context, of: Limit): TemplateResult {
  const unit = context.picture.units.get(of.unit), used = Math.min(1, of.measured_m / of.max_m);
  const level = of.percent >= 100 ? "over" : of.percent > 0 ? "near" : "plain";
  const name = unit === undefined ? plain(of.unit, 16) : nameOf(unit);
  return html`<div class="clk ${level}"><div class="a"><span class="k">${name} from the frontier, stage ${of.percent} %</span><span class="v">${(of.measured_m / 1000).toFixed(1)} <small>of ${(of.max_m / 1000).toFixed(0)} km</small></span></div>
    <svg class="bar" aria-hidden="true"><rect class="bed" width="100%" height="6"></rect><rect class="fill" width="${(used * 100).toFixed(2)}%" height="6"></rect><rect class="limit" x="80%" y="-3" width="1" height="12"></rect></svg>
    <p class="cite" title=${citation(of.citation)}>shortest distance to the frontier · ${citation(of.citation)}</p></div>`;
}

const ANSWER_ICON = { met: "tick", not_met: "cross", unknown: "unknown" } as const;

function assessment(context: Context, one: Assessment): TemplateResult {
  const unit = one.unit === null ? null : context.picture.units.get(one.unit);
  const about = one.unit === null ? "Opening" : unit === null || unit === undefined ? plain(one.unit, 16) : nameOf(unit);
  const order = { not_met: 0, unknown: 1, met: 2 } as const;
  const findings = [...one.findings].sort((a, b) => (order[a.answer as keyof typeof order] ?? 1) - (order[b.answer as keyof typeof order] ?? 1));
  if (one.unit !== null && findings.length === 0) return html`<p class="sub">${about} is home since <span class="mono">${zulu(millis(one.at))}</span>${one.duties.map((duty) => html`; owed: ${dutyWord(duty.duty).toLowerCase()} · <span class="cite">${citation(duty.citation)}</span>`)}</p>`;
  return html`<details class="law" ?open=${one.verdict === "stop"}><summary><span class="verdict">${one.verdict === "stop" ? html`${icon("p1", "f p1")} Stop` : "No obstacle found"}</span>
      <span class="c2">${about} <span class="wide">${zulu(millis(one.at))}</span></span><span class="c3">${findings.filter((finding) => finding.answer === "met").length} of ${findings.length} met</span></summary>
    ${findings.map((finding) => html`<div class="finding ${finding.answer}"><span class="ans">${icon(ANSWER_ICON[finding.answer as keyof typeof ANSWER_ICON] ?? "unknown")} ${answerWord(finding.answer)}</span>
      <div><b>${conditionWord(finding.condition)}</b>${finding.warns === true && finding.answer !== "met" ? html` <span class="c3">to be done, stops nothing</span>` : nothing}<p>${plain(finding.sentence, 300)}</p><p class="cite">${citation(finding.citation)}</p></div></div>`)}
    ${one.duties.map((duty) => html`<p class="cite duty">Owed: ${dutyWord(duty.duty).toLowerCase()}${duty.when === "" ? "" : `, ${plain(duty.when, 40)}`} · ${citation(duty.citation)}</p>`)}</details>`;
}

function law(context: Context, operation: Operation): TemplateResult | typeof nothing {
  if (operation.assessments.length === 0) return nothing;
  const newest = [...operation.assessments].sort((a, b) => (a.verdict === b.verdict ? millis(b.at) - millis(a.at) : a.verdict === "stop" ? -1 : 1));
  return html`<section><h2 class="head">Law<span class="n">${personWord(operation.person_category)}${operation.offence === "" ? nothing : html` · ${plain(operation.offence.replaceAll("_", " "), 32)}`}</span></h2>
    ${newest.map((one) => assessment(context, one))}${restsOn(context.picture, operation)}</section>`;
}

export function side(context: Context): TemplateResult | typeof nothing {
  const { focus } = context;
  if (focus === null) return nothing;
  // Made anew for another operation: a form half filled, or a button half held, must not pass on to it.
  return html`${keyed(focus.id, html`<aside class="side" aria-label="Operation ${plain(focus.name, 24)}"><div class="scroll">${who(context, focus)}${clocks(context, focus)}${refusals(focus)}${heldFacts(context.picture, focus)}${law(context, focus)}</div>${handovers(context, focus)}${notices(context, focus)}<operation-acts .context=${context} .operation=${focus}></operation-acts></aside>`)}`;
}
