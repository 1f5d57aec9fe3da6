/** The one full-red surface: an order to stop that a person has not read or a unit has not answered, over the whole width, in both rooms. */

import { type TemplateResult, html, nothing } from "lit";
import { type Standing, standingCeases } from "../picture/handover";
import { nameOf } from "../picture/label";
import { may } from "../picture/rights";
import { openOperations } from "../picture/side";
import { age, millis, zulu } from "../picture/time";
import { plain } from "../picture/words";
import type { Context } from "./context";
import { icon } from "./icons";

/** What is still open of it: who has not read it, which unit has not answered. */
function open(context: Context, standing: Standing): string {
  const name = (id: string): string => { const unit = context.picture.units.get(id); return unit === undefined ? plain(id, 20) : nameOf(unit); };
  const { silent, unread, operation } = standing;
  const units = silent.length === 0 ? "" : `${silent.map(name).join(", ")} ${silent.length === 1 ? "has" : "have"} not answered`;
  return [unread ? `nobody of ${plain(operation.room, 12)} has read it` : "", units].filter((part) => part !== "").join(" · ");
}

function band(context: Context, standing: Standing): TemplateResult {
  const { recall, operation, unread } = standing, { picture, act, now } = context, ours = operation.room === picture.room.id;
  const read = (): void => void act.say(operation.id, { code: "ACK", to: recall.room, reply_to: recall.message }).then((answer) => { if (!answer.ok) act.look({ operation: operation.id, card: { partner: recall.room, say: null } }); });
  return html`<div class="cease" role="alert">${icon("p1", "f")}<b class="what">CEASE ordered by ${plain(recall.room, 16)}</b><span class="el">${plain(operation.name, 24)} — ${plain(recall.words, 160)}</span>
    <b class="open">${open(context, standing)}</b><span class="sp"></span><span class="when">${zulu(millis(recall.at))}</span><b class="fig">${age(Math.max(0, (now - millis(recall.at)) / 1000))}</b>
    ${ours && unread && may(picture.me?.role, "read") ? html`<button class="b s" ?disabled=${context.frozen} @click=${read}>I have read it</button>` : nothing}
    ${context.focus?.id === operation.id ? nothing : html`<button class="b s" @click=${() => act.look({ operation: operation.id, unit: null })}>Show</button>`}</div>`;
}

/** Of every open operation, whichever is in focus. */
export function ceaseBands(context: Context): TemplateResult[] {
  const all = openOperations(context.picture).flatMap((operation) => standingCeases(context.picture, operation));
  return all.map((standing) => band(context, standing));
}
