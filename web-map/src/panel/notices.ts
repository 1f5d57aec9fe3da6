/** Notices: how far each one has come, what it says, and the one act that is due from this room. */

import { type TemplateResult, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Notice, Operation } from "../picture/names";
import { millis, zulu } from "../picture/time";
import { plain } from "../picture/words";
import { channelWord, dutyCode, dutyWord, hostAnswerWord, missingWord, statusWord } from "../text/en";
import type { Context } from "./context";
import { actOf } from "./notice_act";
import { mayBeAnswered } from "./notice_answer";
import { mayBeSpoken } from "./notice_call";

const STEPS = ["draft", "ready", "sent", "delivered", "seen"] as const;
/** What is left of them for a notice given by telephone. */
const SPOKEN = ["draft", "ready", "voice"] as const;
/** What they are for a notice that no channel could deliver. */
const FAILED = ["draft", "ready", "sent", "failed"] as const;

function when(notice: Notice, step: string): string {
  const at = step === "draft" ? notice.drafted_at : step === "sent" ? notice.sent_at : step === "delivered" ? notice.delivered_at : step === "seen" ? notice.seen_at : step === "voice" ? (notice.voice?.at ?? null) : step === "failed" ? notice.failed_at : step === "answered" ? (notice.answers.at(-1)?.answered_at ?? null) : null;
  return at === null ? "" : zulu(millis(at));
}
function whom(notice: Notice, step: string): string {
  const by = step === "sent" ? notice.sent_by : step === "seen" ? notice.seen_by : null;
  return by === null ? "" : `${plain(by.account, 20)} (${plain(by.room, 12)})`;
}

/** How a notice goes, as far as it went: an answer comes last, also where no person had said that it was read. */
export function steps(notice: Notice): readonly string[] {
  const spoken = [...(notice.sent_at === null ? SPOKEN.slice(0, 2) : STEPS.slice(0, 3)), "voice"];
  if (notice.status === "voice") return spoken;
  if (notice.status === "answered") return [...(notice.voice !== null ? spoken : notice.seen_at === null ? STEPS.slice(0, 4) : STEPS), "answered"];
  return notice.status === "failed" ? FAILED : STEPS;
}

function chain(notice: Notice): TemplateResult {
  const all = steps(notice);
  const reached = all.indexOf(notice.status);
  return html`<ol class="chain">${all.map((step, i) => html`<li class=${i === reached ? "now" : i < reached ? "past" : "ahead"}>
    <span>${statusWord(step)}</span><small>${when(notice, step)}</small></li>`)}</ol>`;
}

/** To whom it was given by telephone, and who says so. */
function spoken(notice: Notice): TemplateResult | typeof nothing {
  const call = notice.voice;
  if (call === null) return nothing;
  return html`<p class="sub">Given by telephone to <b>${plain(call.name, 80)}</b>, <span class="mono">${plain(call.number, 40)}</span>, at ${zulu(millis(call.at))}${call.reference === null ? nothing : html`, call <span class="mono">${plain(call.reference, 40)}</span>`}; written down by ${plain(call.by.account, 20)} (${plain(call.by.room, 12)})</p>`;
}

/** By which call the host said that it was read. */
function readByCall(notice: Notice): TemplateResult | typeof nothing {
  const call = notice.seen_call;
  if (call === null) return nothing;
  return html`<p class="sub">Read, as <b>${plain(call.name, 80)}</b>, <span class="mono">${plain(call.number, 40)}</span>, said by telephone at ${zulu(millis(call.at))}; written down by ${plain(notice.seen_by?.account ?? "", 20)}</p>`;
}

/** What the host answered. */
function answered(notice: Notice): TemplateResult | typeof nothing {
  if (notice.answers.length === 0) return nothing;
  return html`<ul class="sub answers">${notice.answers.map((one) => html`<li><b>${hostAnswerWord(one.answer)}</b>, ${plain(one.name, 80)} at ${zulu(millis(one.answered_at))}: <span class="c2">${plain(one.words, 400)}</span> <span class="c3">Written down by ${plain(one.by.account, 20)}</span></li>`)}</ul>`;
}

/** What was tried by mail and webhook, and what each said. */
function carried(notice: Notice): TemplateResult | typeof nothing {
  if (notice.channels.length === 0) return nothing;
  const last = (channel: string): Notice["attempts"][number] | undefined => notice.attempts.filter((one) => one.channel === channel).at(-1);
  const line = (channel: string): TemplateResult => {
    const one = last(channel);
    if (one === undefined) return html`<li>By ${channelWord(channel)}: on its way</li>`;
    const next = one.delivered ? "" : one.next_at === null ? "; no more attempts" : `; again at ${zulu(millis(one.next_at))}`;
    return html`<li>By ${channelWord(channel)} to <span class="mono">${plain(one.address, 60)}</span>: ${one.delivered ? "taken" : "not taken"} at ${zulu(millis(one.at))}, attempt ${one.number}${next}. <span class="c3">${plain(one.said, 160)}</span></li>`;
  };
  return html`<ul class="sub carried">${notice.channels.map(line)}</ul>`;
}

/** Since when it is owed, as far as this room is told: the host learns of a notice when it comes. */
function owed(notice: Notice): string {
  if (notice.owed_since !== null) return `owed ${zulu(millis(notice.owed_since))} · `;
  return notice.sent_at === null && notice.status !== "withdrawn" && notice.voice === null ? "not owed yet · " : "";
}

function card(context: Context, operation: Operation, notice: Notice, first: boolean): TemplateResult {
  const missing = notice.fields?.missing ?? [];
  const persons = [whom(notice, "sent"), whom(notice, "seen")];
  return html`<article class="notice ${notice.status}">
    <header><b class="el">${dutyWord(notice.duty)} to ${plain(notice.to, 16)}</b><span class="c3">${owed(notice)}${dutyCode(notice.duty)}</span></header>
    ${notice.status === "owed" ? html`<p class="sub">Owed, not drafted yet.</p>` : notice.status === "withdrawn" ? html`<p class="sub">Withdrawn: what it was owed for did not happen.</p>` : chain(notice)}
    ${persons[0] === "" ? nothing : html`<p class="sub">Sent by ${persons[0]}${persons[1] === "" ? (notice.voice === null ? ", not read by a person yet" : "") : notice.seen_call === null ? `, read by ${persons[1]}` : ""}</p>`}
    ${carried(notice)}
    ${readByCall(notice)}
    ${spoken(notice)}
    ${answered(notice)}
    ${missing.length === 0 || notice.sent_at !== null ? nothing : html`<p class="sub">${notice.voice === null ? "Missing" : "It lacked"}: ${missing.map((word) => missingWord(word)).join(", ")}</p>`}
    ${notice.sent_at === null && notice.voice === null ? nothing : html`<details class="told"><summary class="c3">As it was told</summary><notice-text .context=${context} .operation=${operation} .notice=${notice}></notice-text></details>`}
    <notice-act .context=${context} .operation=${operation} .notice=${notice} .first=${first}></notice-act>
    ${mayBeSpoken(notice, operation, context.picture.room.id) ? html`<notice-call .context=${context} .operation=${operation} .notice=${notice}></notice-call>` : nothing}
    ${mayBeAnswered(notice, operation, context.picture.room.id) ? html`<notice-answer .context=${context} .operation=${operation} .notice=${notice}></notice-answer>` : nothing}
  </article>`;
}

export function notices(context: Context, operation: Operation): TemplateResult {
  const done = (notice: Notice): number => Number(["seen", "voice", "answered", "withdrawn"].includes(notice.status));
  const order = [...operation.notices].sort((a, b) => done(a) - done(b));
  const first = order.find((notice) => actOf(notice, operation, context.picture) !== null);
  return html`<section class="notices"><h2 class="head">Notices<span class="n">${operation.notices.length === 0 ? "none owed" : ""}</span></h2>${repeat(order, (notice) => `${operation.id} ${notice.id}`, (notice) => card(context, operation, notice, notice === first))}</section>`;
}
