/** The foot of the overview: who is there, and what each kind of source is worth now. */

import { type TemplateResult, html } from "lit";
import { ageOf, stepOf } from "../picture/age";
import { nameOf } from "../picture/label";
import type { Unit } from "../picture/names";
import { placeOf } from "../picture/place";
import { age } from "../picture/time";
import { plain } from "../picture/words";
import { kindPlural } from "../text/en";
import type { Context } from "./context";

function row(context: Context, kind: string, units: readonly Unit[]): TemplateResult {
  const { now } = context;
  const counted = (steps: readonly string[]): number => units.filter((unit) => steps.includes(stepOf(unit, now))).length;
  const fresh = context.frozen ? 0 : counted(["fresh", "ageing"]);
  const oldest = units.map((unit) => ({ unit, seconds: ageOf(unit, now) })).filter((one): one is { unit: Unit; seconds: number } => one.seconds !== null).sort((a, b) => b.seconds - a.seconds)[0];
  const never = units.filter((unit) => placeOf(unit) === null).length;
  return html`<tr><td>${kindPlural(kind)}</td><td class="num">${units.length}</td><td class="num">${fresh}</td><td class="num">${counted(["stale", "lost"])}</td><td class="num">${never}</td>
    <td>${oldest === undefined ? "none yet" : `${age(oldest.seconds)} ${nameOf(oldest.unit)}`}</td></tr>`;
}

export function sourcesTable(context: Context): TemplateResult {
  const units = [...context.picture.units.values()].filter((unit) => unit.on_duty && !unit.retired);
  const kinds = [...new Set(units.map((unit) => unit.kind))].sort();
  return html`<div class="table"><table><thead><tr><th>Sources</th><th class="num">On duty</th><th class="num">Fresh</th><th class="num">Stale</th><th class="num">Never heard</th><th>Oldest fix</th></tr></thead>
    <tbody>${kinds.length === 0 ? html`<tr><td colspan="6" class="c3">No unit on duty.</td></tr>` : kinds.map((kind) => row(context, kind, units.filter((unit) => unit.kind === kind)))}</tbody></table></div>`;
}

export function roomsTable(context: Context): TemplateResult {
  const partners = context.picture.rooms.filter((room) => room.id !== context.picture.room.id);
  const operations = [...context.picture.operations.values()].filter((operation) => operation.closed === null);
  return html`<div class="table"><table><thead><tr><th>Partner room</th><th>State</th><th class="num">Operations with us</th></tr></thead>
    <tbody>${partners.length === 0 ? html`<tr><td colspan="3" class="c3">No partner room on this service.</td></tr>` : partners.map((room) => html`<tr><td><b>${plain(room.id, 24)}</b></td><td>${room.state}</td><td class="num">${operations.filter((one) => one.room === room.id || one.shared_with.includes(room.id) || one.host_rooms.includes(room.id)).length}</td></tr>`)}</tbody></table></div>`;
}
