/** Operations as strips in bays. */

import { type TemplateResult, html, nothing } from "lit";
import { liveApproach } from "../picture/approach";
import { nameOf } from "../picture/label";
import type { Operation } from "../picture/names";
import { sideOfRoom } from "../picture/side";
import { BAYS, type Bay, inBay, next, partners, standing } from "../picture/strips";
import { age, millis, zulu, zuluMinutes } from "../picture/time";
import { may } from "../picture/rights";
import { crossingsOf, unitsOf } from "../picture/whereabouts";
import { plain } from "../picture/words";
import { basisWord } from "../text/en";
import type { Context } from "./context";
import { icon, sideIcon } from "./icons";

const TITLE: Readonly<Record<Bay, string>> = { coming: "Coming", mine: "Mine", leaving: "Leaving", watching: "Watching" };

function empty(context: Context, bay: Bay): TemplateResult {
  switch (bay) {
    case "coming": return html`No partner room has told us of an operation.`;
    case "leaving": return html`No unit of ours is at or over a frontier.`;
    case "watching": return html`No operation is being watched.`;
    case "mine":
      if (context.picture.rooms.length === 0) return html`No room yet: <code>limes room add BUD --state HU</code>`;
      if (context.picture.units.size === 0) return html`No unit yet: <code>limes unit add HU-1 --room ${plain(context.picture.room.id, 16)} --kind vehicle --state ${context.picture.room.state} --callsign HU-1</code>`;
      return html`No open operation. New: <kbd>Ctrl K</kbd>`;
  }
}

/** The place and time that matter now: the last crossing, else the next one. */
function crossingLine(context: Context, operation: Operation): string {
  const units = unitsOf(context.picture, operation);
  const crossed = crossingsOf(context.picture, operation).at(-1);
  if (crossed !== undefined) return `${nameOf(crossed.unit)} crossed ${zulu(millis(crossed.crossing.likely))}`;
  const suspected = units.find((unit) => unit.suspected !== null);
  if (suspected !== undefined) return `${nameOf(suspected)} crossing suspected`;
  const expected = units.map((unit) => liveApproach(unit, context.now)).filter((one) => one !== null).map((one) => millis(one.at) + one.eta_s * 1000);
  if (expected.length > 0) return `line about ${zulu(Math.min(...expected))}`;
  return units.length === 0 ? "no unit in sight" : "no unit near the line";
}

function strip(context: Context, operation: Operation): TemplateResult {
  const { picture, now } = context;
  const owed = next(picture, operation), selected = context.view.operation === operation.id;
  const names = operation.units.map((id) => { const unit = picture.units.get(id); return unit === undefined ? plain(id, 12) : nameOf(unit); });
  const end = operation.authorisation === null ? "" : ` to ${zuluMinutes(millis(operation.authorisation.to))}`;
  return html`<button class="strip ${selected ? "sel" : ""} ${operation.closed === null ? "" : "done"}" aria-pressed=${selected ? "true" : "false"}
      @click=${() => context.act.look({ operation: operation.id, unit: null })}>
    <span class="r1">${sideIcon(sideOfRoom(operation, operation.lead))}<span class="el">${plain(operation.name, 24)}</span>${owed.weight === "stop" ? icon("p1", "f p1") : nothing}<span class="st">${standing(picture, operation, now).word}</span></span>
    <span class="r2"><span>${basisWord(operation.basis)}${end}</span><span>${partners(picture, operation).map((room) => plain(room, 12)).join(" ")}</span></span>
    <span class="r2"><span class="el what">${crossingLine(context, operation)}</span><span class="el" title=${names.join(" ")}>${names.length > 2 ? `${names.length} units` : names.join(" ")}</span></span>
    <span class="nx due-${owed.weight}"><span>next</span><span class="el"><b>${plain(owed.room, 12)}</b> ${owed.act}</span><span class="c2">${owed.since === null ? "" : age(Math.max(0, (now - owed.since) / 1000))}</span></span>
  </button>`;
}

/** Which strip lies where; held while the pointer is on the strips, so that none moves under it. */
export type Lying = ReadonlyMap<Bay, readonly string[]>;
export const lying = (context: Context): Lying => new Map(BAYS.map((bay) => [bay, inBay(context.picture, bay, context.now).map((operation) => operation.id)]));

export function bays(context: Context, where: Lying, pointer: (on: boolean) => void): TemplateResult {
  return html`<aside class="left" aria-label="Operations" @pointermove=${() => pointer(true)} @pointerleave=${() => pointer(false)}>${BAYS.map((bay) => {
    const operations = (where.get(bay) ?? []).map((id) => context.picture.operations.get(id)).filter((operation) => operation !== undefined);
    return html`<section class="bay"><h2 class="head">${TITLE[bay]}<span class="n">${operations.length}</span>
        ${bay === "mine" && may(context.picture.me?.role, "open") ? html`<button class="b s new" @click=${() => context.act.look({ opening: true })}>${icon("plus")} New…</button>` : nothing}</h2>
      ${operations.length === 0 ? html`<p class="empty">${empty(context, bay)}</p>` : operations.map((operation) => strip(context, operation))}</section>`;
  })}</aside>`;
}
