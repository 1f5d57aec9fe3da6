/** A link to another room that is lost, over the whole width: who leads meanwhile, and what to do. */

import { type TemplateResult, html } from "lit";
import type { Operation } from "../picture/names";
import { type CutLink, agreedVoice, cutLinks } from "../picture/room_link";
import { age, millis, zulu } from "../picture/time";
import { plain } from "../picture/words";
import type { Context } from "./context";
import { icon } from "./icons";

function lead(operation: Operation, partner: string): string {
  const voice = agreedVoice(operation, partner);
  const way = voice === "" ? "" : ` Agreed way: ${plain(voice, 60)}.`;
  return `${plain(operation.name, 24)}: ${plain(operation.lead, 16)} led (e${operation.epoch}) when the link was lost, as known here since ${zulu(millis(operation.lead_since))}.${way}`;
}

function band(context: Context, cut: CutLink): TemplateResult {
  const [first, ...more] = cut.operations;
  return html`<div class="banner b2 cut" role="alert">${icon("cross", "")}<b class="what">Link to ${plain(cut.partner, 16)} lost</b><span class="c2">${cut.words}</span>
    <span class="el">${first === undefined ? "No open operation is shared with it." : lead(first, cut.partner)}${more.length === 0 ? "" : ` And ${more.length} more.`}</span><b class="do">Speak by telephone</b>
    <span class="sp"></span><span class="c2 wide">since ${zulu(cut.since)}</span><b class="fig">${age(Math.max(0, (context.now - cut.since) / 1000))}</b></div>`;
}

export const linkBands = (context: Context): TemplateResult[] => cutLinks(context.picture).map((cut) => band(context, cut));
