/** The small panes on the map: the unit selected, and why something was decided. */

import { type TemplateResult, html, nothing } from "lit";
import { clockOf, interval } from "../picture/age";
import { likely, liveApproach } from "../picture/approach";
import { nameOf } from "../picture/label";
import type { Event, Unit } from "../picture/names";
import { sideOf } from "../picture/side";
import { age, millis, zulu, zuluFull } from "../picture/time";
import { course, distance, place, plain, speed, states } from "../picture/words";
import { kindWord, marksWord, reasonWord } from "../text/en";
import { told } from "../text/events";
import type { Context } from "./context";
import { icon, sideIcon } from "./icons";
import { citation } from "./side";

const shut = (press: () => void): TemplateResult => html`<button class="quiet shut" aria-label="Close" @click=${press}>${icon("cross")}</button>`;

function fixRows(unit: Unit, now: number): TemplateResult {
  const fix = unit.position;
  if (fix === null) return html`<dt>Position</dt><dd>no fix yet</dd>`;
  const seconds = Math.max(0, (now - millis(fix.fixed_at)) / 1000), every = interval(unit.tail);
  return html`<dt>Last fix</dt><dd>${zulu(millis(fix.fixed_at))}, ${age(seconds)} ago${every === null ? "" : `, one each ${Math.round(every)} s`}</dd>
    <dt>Place</dt><dd class="mono">${place(fix.lat, fix.lon)}</dd>
    <dt>Accuracy</dt><dd>${fix.accuracy_m === null ? "unknown" : distance(fix.accuracy_m)}</dd>
    <dt>Motion</dt><dd>${fix.speed_mps === null ? "speed unknown" : speed(fix.speed_mps)}${fix.course_deg === null ? "" : `, ${course(fix.course_deg)}`}</dd>
    <dt>Stands in</dt><dd>${states(fix.states)}, ${fix.certainty}${fix.frontier === null ? "" : `, ${distance(fix.distance_m)} from ${fix.frontier}`}</dd>
    ${fix.battery_pct === null ? nothing : html`<dt>Battery</dt><dd>${Math.round(fix.battery_pct)} %</dd>`}`;
}

function clockRow(unit: Unit): TemplateResult | typeof nothing {
  const { clock_wrong: wrong } = unit;
  if (wrong !== null) {
    return html`<dt>Clock</dt><dd><b>wrong by ${Math.round(wrong.ahead_s)} s</b>: heard ${zulu(millis(wrong.received_at))} at <span class="mono">${place(wrong.lat, wrong.lon)}</span>, not used for law</dd>`;
  }
  const clock = clockOf(unit);
  if (clock === null) return nothing;
  if ("ahead" in clock) return html`<dt>Clock</dt><dd><b>${age(clock.ahead)} ahead</b> of ours at least: the times of its crossings are that much wider</dd>`;
  return html`<dt>Arrived</dt><dd><b>${age(clock.late)} late</b>: held back on the way, or its clock is slow</dd>`;
}

function approachRows(unit: Unit, now: number): TemplateResult | typeof nothing {
  const approach = unit.clock_wrong === null ? liveApproach(unit, now) : null;
  if (approach === null) return nothing;
  const told = millis(approach.at), at = (s: number): string => zulu(told + s * 1000), where = likely(approach.crossings);
  return html`<dt>On its way</dt><dd>to ${states(approach.to)}, at the line ${at(approach.eta_earliest_s)} to ${at(approach.eta_latest_s)}</dd>
    ${where === "" ? nothing : html`<dt>Crossing at</dt><dd>${where}</dd>`}`;
}

function standOffRows(unit: Unit): TemplateResult | typeof nothing {
  const it = unit.stand_off;
  if (it === null) return nothing;
  const over = it.over_at === null ? nothing : html`, <b>over it at ${zulu(millis(it.over_at))}</b> as it went`;
  return html`<dt>Stand-off</dt><dd>${distance(it.stand_off_m)} not kept: ${distance(it.distance_m)} before ${states(it.to)}${over}. ${plain(it.sentence, 200)}</dd>`;
}

/** Where its camera looks: apart from where it is, and no crossing. */
function cameraRow(unit: Unit): TemplateResult | typeof nothing {
  if (unit.camera === null) return nothing;
  return html`<dt>Camera</dt><dd>looks at ${states(unit.camera.states)} since ${zulu(millis(unit.camera.since))}; no crossing</dd>`;
}

function unitCard(context: Context, unit: Unit): TemplateResult {
  const { now, act, focus, picture } = context;
  const kept = Object.entries(unit.quarantined).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return html`<section class="inset unit-card" aria-label="Unit ${nameOf(unit)}">
    <header>${sideIcon(sideOf(picture, unit, focus))}<b>${nameOf(unit)}</b><span class="c3">${kindWord(unit.kind)} of ${plain(unit.room, 12)}</span>${shut(() => act.look({ unit: null }))}</header>
    <dl class="kv"><dt>Unit</dt><dd>${plain(unit.id, 32)}, ${unit.state}${unit.marks === null ? "" : `, ${marksWord(unit.marks)}`}${unit.on_duty ? "" : ", off duty"}</dd>
    <dt>Law</dt><dd><b>${unit.law === null ? "unknown" : states(unit.law)}</b>${unit.suspected === null ? "" : `, crossing to ${states(unit.suspected.to)} suspected`}</dd>
    ${fixRows(unit, now)}
    ${unit.silence === null ? nothing : html`<dt>Silent</dt><dd>since ${zulu(millis(unit.silence.since))}, within ${distance(unit.silence.radius_m)}${unit.silence.may_have_crossed ? html`, <b>may have crossed</b>` : ""}, reach ${states(unit.silence.reach)}</dd>`}
    ${approachRows(unit, now)}
    ${unit.sealed === null ? nothing : html`<dt>Sealed</dt><dd>since ${zulu(millis(unit.sealed.since))}${unit.sealed.without === "-" ? "" : `, no permission ${states(unit.sealed.without)}`}: where it is is neither kept nor shown</dd>`}
    ${standOffRows(unit)}${cameraRow(unit)}
    ${clockRow(unit)}
    ${[...unit.crossings].reverse().slice(0, 3).map((one) => html`<dt>Crossed</dt><dd>${states(one.from)} to ${states(one.to)} ${zulu(millis(one.likely))}, earliest ${zulu(millis(one.earliest))}${one.inferred ? ", in a gap" : ""}</dd>`)}
    ${kept.map(([reason, count]) => html`<dt>Kept apart</dt><dd>${count} ${count === 1 ? "fix" : "fixes"}: ${reasonWord(reason)}</dd>`)}</dl></section>`;
}

function crossingGrounds(event: Extract<Event, { why: unknown }>): TemplateResult {
  return html`<dl class="kv"><dt>Rule</dt><dd>${plain(event.why.rule, 120)}</dd>
      <dt>When</dt><dd>earliest ${zulu(millis(event.earliest))}, likely <b>${zulu(millis(event.likely))}</b>, latest ${zulu(millis(event.latest))}${event.inferred ? ", in a gap between fixes" : ""}</dd>
      <dt>Where</dt><dd><span class="mono">${place(event.point[1], event.point[0])}</span>, within ${distance(event.position_error_m)}; frontier ${event.border_error_m === null ? "accuracy not established" : `within ${distance(event.border_error_m)}`}, set ${plain(event.border_set, 24)}</dd></dl>
    <table><thead><tr><th>Fix</th><th class="num">Beyond the line</th><th class="num">Accuracy</th></tr></thead><tbody>
      ${event.why.fixes.map((fix) => html`<tr><td>${zulu(millis(fix.fixed_at))}</td><td class="num">${fix.beyond_m < 0 ? "−" : ""}${Math.abs(fix.beyond_m).toFixed(1)} m</td><td class="num">${fix.accuracy_m.toFixed(1)} m</td></tr>`)}</tbody></table>`;
}

function grounds(event: Event): TemplateResult | typeof nothing {
  if ("why" in event) return crossingGrounds(event);
  switch (event.kind) {
    case "law.assessed": return html`${event.findings.map((finding) => html`<p class="sub"><b>${finding.answer.replace("_", " ")}</b> ${plain(finding.sentence, 240)} <span class="c3">${citation(finding.citation)}</span></p>`)}`;
    case "order.refused": return html`<p class="sub">guard <span class="mono">${plain(event.guard, 60)}</span>${event.citation === null ? "" : html` · ${citation(event.citation)}`}</p>`;
    case "notice.owed": return html`<p class="sub">${citation(event.citation)}</p>`;
    case "clock.started":
    case "clock.revised": return html`<p class="sub">${citation(event.citation)}</p>`;
    case "unit.located": return html`<p class="sub">The first known place is never a crossing.</p>`;
    default: return nothing;
  }
}

function why(context: Context, event: Event): TemplateResult {
  const line = told(event, context.picture);
  const point = "point" in event ? event.point : null;
  return html`<section class="inset why" aria-label="Event ${event.seq}"><header><b>${line.code}</b><span class="c3">no. ${event.seq}</span>
      ${point === null ? nothing : html`<button class="b s" @click=${() => context.act.show(point[0], point[1])}>Show place</button>`}${shut(() => context.act.look({ event: null }))}</header>
    <p class="say">${line.words}</p><p class="sub">happened ${zuluFull(millis(event.at), context.now)}, recorded ${zulu(millis(event.recorded_at))}${event.shared_by === null ? "" : `, shared by ${plain(event.shared_by, 16)}`}</p>${grounds(event)}</section>`;
}

export function insets(context: Context): TemplateResult {
  const { view, picture } = context;
  const unit = view.unit === null ? undefined : picture.units.get(view.unit);
  const event = view.event === null ? undefined : picture.recent.find((one) => one.seq === view.event);
  return html`<div class="insets">${unit === undefined ? nothing : unitCard(context, unit)}${event === undefined ? nothing : why(context, event)}</div>`;
}
