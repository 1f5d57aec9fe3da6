/** Notices: how far each one has come, what it says, and the one act that is due from this room. */

import { type TemplateResult, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Notice, Operation } from "../picture/names";
import { millis, zulu } from "../picture/time";
import { plain } from "../picture/words";
import { dutyCode, dutyWord, missingWord, statusWord } from "../text/en";
import type { Context } from "./context";
import { actOf } from "./notice_act";

const STEPS = ["draft", "ready", "sent", "delivered", "seen"] as const;

function when(notice: Notice, step: string): string {
  const at = step === "draft" ? notice.drafted_at : step === "sent" ? notice.sent_at : step === "delivered" ? notice.delivered_at : step === "seen" ? notice.seen_at : null;
  return at === null ? "" : zulu(millis(at));
}
function whom(notice: Notice, step: string): string {
  const by = step === "sent" ? notice.sent_by : step === "seen" ? notice.seen_by : null;
  return by === null ? "" : `${plain(by.account, 20)} (${plain(by.room, 12)})`;
}

function chain(notice: Notice): TemplateResult {
  const reached = (STEPS as readonly string[]).indexOf(notice.status);
  return html`<ol class="chain">${STEPS.map((step, i) => html`<li class=${i === reached ? "now" : i < reached ? "past" : "ahead"}>
    <span>${statusWord(step)}</span><small>${when(notice, step)}</small></li>`)}</ol>`;
}

/** Since when it is owed, as far as this room is told: the host learns of a notice when it comes. */
function owed(notice: Notice): string {
  if (notice.owed_since !== null) return `owed ${zulu(millis(notice.owed_since))} · `;
  return notice.sent_at === null && notice.status !== "withdrawn" ? "not owed yet · " : "";
}

function card(context: Context, operation: Operation, notice: Notice, first: boolean): TemplateResult {
  const missing = notice.fields?.missing ?? [];
  const persons = [whom(notice, "sent"), whom(notice, "seen")];
  return html`<article class="notice ${notice.status}">
    <header><b class="el">${dutyWord(notice.duty)} to ${plain(notice.to, 16)}</b><span class="c3">${owed(notice)}${dutyCode(notice.duty)}</span></header>
    ${notice.status === "owed" ? html`<p class="sub">Owed, not drafted yet.</p>` : notice.status === "withdrawn" ? html`<p class="sub">Withdrawn: what it was owed for did not happen.</p>` : chain(notice)}
    ${persons[0] === "" ? nothing : html`<p class="sub">Sent by ${persons[0]}${persons[1] === "" ? ", not read by a person yet" : `, read by ${persons[1]}`}</p>`}
    ${missing.length === 0 || notice.sent_at !== null ? nothing : html`<p class="sub">Missing: ${missing.map((word) => missingWord(word)).join(", ")}</p>`}
    <notice-act .context=${context} .operation=${operation} .notice=${notice} .first=${first}></notice-act>
  </article>`;
}

export function notices(context: Context, operation: Operation): TemplateResult {
  const done = (notice: Notice): number => Number(notice.status === "seen" || notice.status === "withdrawn");
  const order = [...operation.notices].sort((a, b) => done(a) - done(b));
  const first = order.find((notice) => actOf(notice, operation, context.picture.room.id) !== null);
  return html`<section class="notices"><h2 class="head">Notices<span class="n">${operation.notices.length === 0 ? "none owed" : ""}</span></h2>${repeat(order, (notice) => `${operation.id} ${notice.id}`, (notice) => card(context, operation, notice, notice === first))}</section>`;
}
