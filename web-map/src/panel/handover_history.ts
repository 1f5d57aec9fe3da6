/** What two rooms said to each other, newest first: when, who, what, and whether a machine has it and a person has seen it. */

import { type TemplateResult, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type Talk, seenBy } from "../picture/handover";
import { nameOf } from "../picture/label";
import type { Heard } from "../picture/names";
import { mayBeRead } from "../picture/offers";
import { may } from "../picture/rights";
import { sideOfRoom } from "../picture/side";
import { age, millis, zulu } from "../picture/time";
import { codeWord, plain } from "../picture/words";
import { contentOf } from "../text/dialogue";
import type { Context } from "./context";
import { icon, sideIcon } from "./icons";

/** So many of the newest are drawn; all of them are in the journal. */
const SHOWN = 100;

/** `✓ 0.4 s` once the other machine has it. */
function delivered(heard: Heard, now: number): TemplateResult {
  if (heard.direction === "received") return html`<span title="received by this room">${icon("tick", "", "delivered")}</span>`;
  if (heard.unfit !== null) return html`<b>${icon("cross")} refused</b>`;
  if (heard.receipted_at === null) return html`<b>not confirmed ${age(Math.max(0, (now - millis(heard.at)) / 1000))}</b>`;
  return html`<span>${icon("tick", "", "delivered")} ${((millis(heard.receipted_at) - millis(heard.at)) / 1000).toFixed(1)} s</span>`;
}

function seen(context: Context, talk: Talk, heard: Heard, read: (heard: Heard) => void): TemplateResult | typeof nothing {
  const by = talk.dialogue === null ? null : seenBy(talk.dialogue, heard);
  if (by !== null) return html`<span>${icon("ticks", "", "seen")} ${plain(by.account, 16)} ${zulu(millis(by.at))}</span>`;
  if (!mayBeRead(heard) || context.frozen) return nothing;
  return may(context.picture.me?.role, "read") ? html`<button class="b s" title="Says by name that you have read it; agrees to nothing" @click=${() => read(heard)}>I have read it</button>` : html`<span>not read yet</span>`;
}

function row(context: Context, talk: Talk, heard: Heard, read: (heard: Heard) => void): TemplateResult {
  const { message } = heard, name = (id: string): string => { const unit = context.picture.units.get(id); return unit === undefined ? plain(id, 20) : nameOf(unit); };
  const content = contentOf(message, name);
  const who = message.by === null ? "by itself" : plain(message.by.account, 20);
  return html`<li class=${heard.unfit === null ? "" : "unfit"}>
    <div class="l1"><time>${zulu(millis(heard.at))}</time><span class="from">${sideIcon(sideOfRoom(talk.operation, message.from))} ${plain(message.from, 10)}</span><b class="mono">${message.code}</b><span class="el">${codeWord(message.code)} <span class="c3">${who}</span></span><span class="ticks">${delivered(heard, context.now)}${seen(context, talk, heard, read)}</span></div>
    ${content === "" ? nothing : html`<p>${content}</p>`}
    ${message.call === undefined ? nothing : html`<p>By telephone with ${plain(message.call.name, 60)}, <span class="mono">${plain(message.call.number, 30)}</span>, ${zulu(millis(message.call.at))}</p>`}
    ${heard.unfit === null ? nothing : html`<p class="why">${plain(heard.unfit, 300)}</p>`}</li>`;
}

/** The history; `read` says by name that a message was read. */
export function history(context: Context, talk: Talk, read: (heard: Heard) => void): TemplateResult {
  const messages = [...(talk.dialogue?.messages ?? [])].reverse();
  return html`<section class="said" aria-label="Dialogue"><h3 class="head">Dialogue<span class="n">${messages.length === 0 ? "" : `${messages.length} message${messages.length === 1 ? "" : "s"}, newest first`}</span></h3>
    ${messages.length === 0 ? html`<p class="empty">Nothing was said yet.</p>` : html`<ol tabindex="0">${repeat(messages.slice(0, SHOWN), (heard) => heard.message.id, (heard) => row(context, talk, heard, read))}</ol>`}</section>`;
}
