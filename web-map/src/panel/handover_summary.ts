/** The handover in short, in the right column: how far it is, the one next act, what is in force, and the first act of this room. */

import { type TemplateResult, html, nothing } from "lit";
import { type Talk, phaseWord, talks } from "../picture/handover";
import { nameOf } from "../picture/label";
import type { Operation } from "../picture/names";
import { type Offer, type Say, firstOffer, firstUnread, offers, presses } from "../picture/offers";
import { NOT_SAID, type Term, termText } from "../picture/terms";
import { millis, zulu } from "../picture/time";
import { plain, termWord } from "../picture/words";
import type { Context } from "./context";
import { nextLine, waits } from "./handover_card";

/** What a person looks for first of what is in force. */
const FIRST: readonly Term[] = ["crossing_point", "expected", "transfer_at", "takes_eyes", "units"];

function inForce(context: Context, talk: Talk): TemplateResult | typeof nothing {
  const agreed = talk.dialogue?.state.agreed ?? null;
  if (agreed === null) return nothing;
  const name = (id: string): string => { const unit = context.picture.units.get(id); return unit === undefined ? plain(id, 20) : nameOf(unit); };
  return html`<dl class="kv wide"><dt>Agreed</dt><dd>${zulu(millis(agreed.since))}</dd>${FIRST.map((term) => html`<dt>${termWord(term)}</dt><dd>${termText(agreed.terms, term, name)}</dd>`)}</dl>
    <p class="sub narrow">In force: ${(["crossing_point", "expected", "transfer_at"] as const).map((term) => termText(agreed.terms, term, name)).filter((text) => text !== NOT_SAID).join(" · ")}</p>`;
}

/** What the age of the next act does not say: a promise, what is not confirmed, a text that nobody has read. */
function more(context: Context, talk: Talk): TemplateResult | typeof nothing {
  const state = talk.dialogue?.state, unread = firstUnread(talk);
  const text = unread !== null && !presses(unread) ? html`<p class="sub">A text of ${plain(talk.partner, 12)} is not read yet.</p>` : nothing;
  return html`${state !== undefined && (state.stand_by !== null || state.unreceipted.length > 0 || state.proposed !== null || state.offered !== null) ? waits(context, talk) : nothing}${text}`;
}

/** The first button: what presses to be read, else what moves the dialogue on. Terms are accepted where they are shown: on the card. */
function first(context: Context, talk: Talk): { readonly verb: string; readonly say: Say | null } | null {
  const unread = firstUnread(talk), offer = firstOffer(context.picture, talk);
  if (unread !== null && presses(unread)) return { verb: `Read ${unread.message.code} of ${plain(talk.partner, 12)}…`, say: null };
  if (offer === null) return null;
  return offer.code === "ACP" ? { verb: `Answer ${plain(talk.partner, 12)}…`, say: null } : { verb: offer.verb, say: offer.code };
}

function one(context: Context, talk: Talk): TemplateResult {
  const { picture, act, frozen, view } = context, begin = first(context, talk);
  const stop: Offer | undefined = offers(picture, talk).find((offer) => offer.weight === "stop");
  const open = (say: Say | null): void => act.look({ card: { partner: talk.partner, say }, unit: null, event: null, alarms: false });
  const shown = view.card?.partner === talk.partner;
  return html`<section class="handover"><h2 class="head"><span><span class="wide">Handover </span>${talk.giver === talk.us ? "to" : "from"} ${plain(talk.partner, 16)}</span><button class="b s" aria-label=${shown ? "Close card" : "Open card"} aria-pressed=${shown ? "true" : "false"} @click=${() => (shown ? act.look({ card: null }) : open(null))}>Card…</button><span class="st">${phaseWord(talk.phase)}</span></h2>
    ${nextLine(context, talk)}${more(context, talk)}${inForce(context, talk)}
    ${begin === null && stop === undefined ? nothing : html`<div class="acts">${begin === null ? nothing : html`<button class="b ${shown ? "" : "pri"}" ?disabled=${frozen} @click=${() => open(begin.say)}>${begin.verb}</button>`}
      ${stop === undefined ? nothing : html`<button class="b ${stop.blocked === null ? "stop" : "off"}" ?disabled=${stop.blocked !== null} title=${stop.blocked ?? ""} @click=${() => open("CEASE")}>${stop.verb}</button>`}</div>`}</section>`;
}

/** One for each room that takes part. */
export function handovers(context: Context, operation: Operation): TemplateResult | typeof nothing {
  const all = talks(context.picture, operation);
  if (all.length === 0 || (operation.closed !== null && all.every((talk) => talk.dialogue === null))) return nothing;
  return html`${all.map((talk) => one(context, talk))}`;
}
