/** Notices: how far each one has come, what it says, and the one act that is due from this room. */

import { type TemplateResult, html, nothing } from "lit";
import type { Notice, NoticeFields, Operation } from "../picture/names";
import { millis, zulu } from "../picture/time";
import { place, plain } from "../picture/words";
import { basisLong, dutyCode, dutyWord, kindWord, marksWord, missingWord, personWord, statusWord } from "../text/en";
import type { Context } from "./context";
import { icon } from "./icons";
import "./notice_act";

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
    <span>${i <= reached && i > 1 ? icon("tick") : nothing}${statusWord(step)}</span><small>${when(notice, step)}</small></li>`)}</ol>`;
}

/** What the message says, field by field, exactly as coded. */
export function message(fields: NoticeFields): TemplateResult {
  return html`<dl class="kv">
    <dt>Operation</dt><dd>${plain(fields.name, 32)}</dd>
    <dt>Basis</dt><dd>${basisLong(fields.basis)}${fields.authorisation === null ? "" : `, ${plain(fields.authorisation, 32)}`}</dd>
    <dt>From, to</dt><dd>${fields.requesting_state} in ${fields.host_state}</dd>
    <dt>For</dt><dd>${plain(fields.offence.replaceAll("_", " "), 40)}, ${personWord(fields.person_category)}</dd>
    ${fields.grounds === null ? nothing : html`<dt>Grounds</dt><dd>${plain(fields.grounds, 400)}</dd>`}
    ${fields.crossings.map((one) => html`<dt>${plain(one.callsign, 14)}</dt><dd>${kindWord(one.unit_kind)}${one.marks === null ? "" : `, ${marksWord(one.marks)}`}; ${one.expected ? "expected" : "crossed"} ${zulu(millis(one.likely))}, earliest ${zulu(millis(one.earliest))}; <span class="mono">${place(one.point[1], one.point[0])}</span></dd>`)}
  </dl>`;
}

function card(context: Context, operation: Operation, notice: Notice): TemplateResult {
  const missing = notice.fields?.missing ?? [];
  const persons = [whom(notice, "sent"), whom(notice, "seen")];
  return html`<article class="notice ${notice.status}">
    <header><b>${dutyWord(notice.duty)} to ${plain(notice.to, 16)}</b><span class="c3">${dutyCode(notice.duty)}${notice.owed_since === null ? " · not owed yet" : ` · owed since ${zulu(millis(notice.owed_since))}`}</span></header>
    ${notice.status === "owed" ? html`<p class="sub">Owed, not drafted yet.</p>` : chain(notice)}
    ${persons[0] === "" ? nothing : html`<p class="sub">Sent by ${persons[0]}${persons[1] === "" ? ", not read by a person yet" : `, read by ${persons[1]}`}</p>`}
    ${missing.length === 0 || notice.sent_at !== null ? nothing : html`<p class="sub">Missing: ${missing.map((word) => missingWord(word)).join(", ")}</p>`}
    <notice-act .context=${context} .operation=${operation} .notice=${notice}></notice-act>
  </article>`;
}

export function notices(context: Context, operation: Operation): TemplateResult {
  const order = [...operation.notices].sort((a, b) => Number(a.status === "seen") - Number(b.status === "seen"));
  return html`<section class="notices"><h2 class="head">Notices<span class="n">${operation.notices.length === 0 ? "none owed" : ""}</span></h2>${order.map((notice) => card(context, operation, notice))}</section>`;
}
