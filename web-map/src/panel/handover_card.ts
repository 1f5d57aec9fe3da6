/**
 * The handover card: the terms in force and what is proposed beside them, what can be said now, and the dialogue. It stands
 * between the map and the right column, which shows it in short (`handover_summary`); on a small screen it lies over the map.
 */

import { LitElement, type TemplateResult, html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Refused } from "../orders";
import { PHASES, type Talk, nextOfTalk, phaseWord, pressing, proposalNoun, talkWith, termsBefore, unconfirmed, waiting } from "../picture/handover";
import { nameOf } from "../picture/label";
import type { Heard } from "../picture/names";
import { COUNTERS_MOST, type Offer, type Say, firstUnread, offers, presses } from "../picture/offers";
import { may } from "../picture/rights";
import { TERMS, differences, termText } from "../picture/terms";
import { age, duration, millis, zulu } from "../picture/time";
import { codeWord, plain, termWord } from "../picture/words";
import type { Context } from "./context";
import { isOfTerms } from "./handover_form";
import { history } from "./handover_history";
import { icon } from "./icons";
import { refusal } from "./refusal";
import "./handover_form";
import "./hold_button";

/** So long the terms are to be seen before they can be accepted. */
const READ_MS = 2_000;

/** `next BUD answer the proposal 0:42`. */
export function nextLine(context: Context, talk: Talk): TemplateResult {
  const next = nextOfTalk(context.picture, talk);
  if (next === null) return html`<p class="nextline"><span class="c3">next</span> <span class="c2">nothing was said yet</span></p>`;
  return html`<p class="nextline due-${next.weight}"><span class="c3">next</span> <b>${plain(next.room, 12)}</b> <span class="el">${next.act}</span><span class="fig">${next.since === null ? "" : age(Math.max(0, (context.now - next.since) / 1000))}</span></p>`;
}

const blockedToRead = (context: Context): boolean => !may(context.picture.me?.role, "read");

/** What is not answered, and what the other machine has not confirmed. */
export function waits(context: Context, talk: Talk): TemplateResult | typeof nothing {
  const { now } = context, found = waiting(talk), more = unconfirmed(talk);
  // The age of the next act says the rest.
  const one = found !== null && (found.warnAt === found.lateAt || pressing(found, now) !== "plain") ? found : null;
  if (one === null && more.length === 0) return nothing;
  const due = one === null ? nothing : one.warnAt === one.lateAt
    ? html`<span class="wait ${pressing(one, now)}">${one.what}: ${now < one.lateAt ? html`promised by ${zulu(one.lateAt)}, <b>${duration((one.lateAt - now) / 1000)}</b> left` : html`promised by ${zulu(one.lateAt)}, <b>${age((now - one.lateAt) / 1000)} over</b>`}</span>`
    : html`<span class="wait ${pressing(one, now)}" title="Late after ${(one.lateAt - one.since) / 1000} s where two states agreed on nothing else">${one.what} unanswered by ${plain(one.room, 12)} <b>${age(Math.max(0, (now - one.since) / 1000))}</b></span>`;
  return html`<p class="waits">${due}${more.map((lost) => html`<span class="wait ${pressing(lost, now)}">${lost.code} not confirmed <b>${age(Math.max(0, (now - lost.since) / 1000))}</b></span>`)}</p>`;
}

export class HandoverCard extends LitElement {
  static override properties = { context: { attribute: false }, busy: { state: true }, refused: { state: true }, atEnd: { state: true } };
  declare context: Context;
  declare busy: boolean;
  declare refused: Refused | null;
  /** Whether the terms were read to their end. */
  declare atEnd: boolean;
  /** Since when the terms that stand for an answer are seen, by this machine's steady clock. */
  private shown: { readonly digest: string; readonly since: number } | null = null;

  constructor() {
    super();
    this.busy = false;
    this.refused = null;
    this.atEnd = true;
  }
  protected override createRenderRoot(): this { return this; }

  private talk(): Talk | null {
    const { focus, view, picture } = this.context;
    return focus === null || view.card === null ? null : talkWith(picture, focus, view.card.partner);
  }
  private say(): Say | null { return (this.context.view.card?.say ?? null) as Say | null; }

  protected override willUpdate(): void {
    const talk = this.talk(), digest = talk?.dialogue?.state.proposed?.digest ?? null, say = this.say();
    const box = this.querySelector<HTMLElement>(".card"), away = box !== null && box.offsetParent === null;
    const visible = digest !== null && !away && !this.context.frozen && !document.hidden && (say === null || !isOfTerms(say));
    if (!visible) this.shown = null;
    else if (this.shown?.digest !== digest) { this.shown = { digest, since: this.context.steady }; this.atEnd = false; }
  }
  protected override updated(): void { this.look(); }
  private look(): void {
    const box = this.querySelector(".terms");
    if (box !== null && !this.atEnd && box.scrollHeight - box.scrollTop - box.clientHeight < 4) this.atEnd = true;
  }

  private open(say: Say | null): void {
    const { view, act } = this.context;
    this.refused = null;
    if (view.card !== null) act.look({ card: { ...view.card, say } });
  }

  private async accept(talk: Talk): Promise<void> {
    const proposed = talk.dialogue?.state.proposed;
    if (proposed == null || this.busy) return;
    this.busy = true;
    this.refused = null;
    const answer = await this.context.act.say(talk.operation.id, { code: "ACP", to: talk.partner, reply_to: proposed.message, accepts: proposed.digest });
    this.busy = false;
    if (!answer.ok) this.refused = answer.refused;
  }
  private async read(talk: Talk, heard: Heard): Promise<void> {
    this.refused = null;
    const answer = await this.context.act.say(talk.operation.id, { code: "ACK", to: talk.partner, reply_to: heard.message.id });
    if (!answer.ok) this.refused = answer.refused;
  }

  private head(talk: Talk): TemplateResult {
    const state = talk.dialogue?.state, round = state !== undefined && state.counters > 0 ? ` · countered ${state.counters} of ${COUNTERS_MOST}` : "";
    const held = state?.agreed == null ? "nothing agreed yet" : `agreed ${zulu(millis(state.agreed.since))}`;
    return html`<header><h2>Handover ${talk.giver === talk.us ? "to" : "from"} ${plain(talk.partner, 16)}</h2><span class="c2 el">${plain(talk.operation.name, 24)} · ${held}${round}</span><span class="sp"></span>
        <span class="c2">lead <b>${plain(talk.operation.lead, 12)}</b> e${talk.operation.epoch}</span><button class="quiet" aria-label="Close the card" title="Close (Esc)" @click=${() => this.context.act.look({ card: null })}>${icon("cross")}</button></header>
      <ol class="phases" aria-label="How far it is">${PHASES.map((phase, i) => html`<li class=${phase === talk.phase ? "now" : i < PHASES.indexOf(talk.phase) ? "past" : ""} aria-current=${phase === talk.phase ? "step" : nothing}>${phaseWord(phase)}</li>`)}</ol>
      ${nextLine(this.context, talk)}${waits(this.context, talk)}`;
  }

  private terms(talk: Talk): TemplateResult {
    const { picture } = this.context, state = talk.dialogue?.state, before = termsBefore(talk), proposed = state?.proposed ?? null;
    const name = (id: string): string => { const unit = picture.units.get(id); return unit === undefined ? plain(id, 20) : nameOf(unit); };
    if (before === null && proposed === null) return html`<p class="empty">Nothing was notified, proposed or agreed yet.</p>`;
    // What the first proposal differs in from the notice is everything a person decides: only what answers something is marked.
    const answers = before !== null && (before.inForce || before.word === "proposed");
    const changed = new Set<string>(proposed === null || before === null || !answers ? [] : before.inForce && state !== undefined ? state.changes : differences(before.terms, proposed.terms));
    const by = (room: string | null): string => (room === null ? "" : `${plain(room, 12)} `);
    const left = before === null ? "nothing before" : `${by(before.by)}${before.word}${before.at === null ? "" : ` ${zulu(millis(before.at))}`}`;
    return html`<table><thead><tr><th>Term</th><th>${left}${before !== null && !before.inForce ? html` <span class="c3">not in force</span>` : nothing}</th>
        <th>${proposed === null ? html`<span class="c3">nothing proposed</span>` : html`<b>${plain(proposed.by, 12)}</b> ${proposalNoun(talk)} ${zulu(millis(proposed.at))}${answers ? html` <span class="c3">${changed.size} of ${TERMS.length} differ</span>` : nothing}`}</th></tr></thead>
      <tbody>${TERMS.map((term) => {
        const differs = changed.has(term);
        return html`<tr class=${differs ? "differs" : ""}><th scope="row">${termWord(term)}</th><td>${before === null ? "" : termText(before.terms, term, name)}</td><td>${proposed === null ? "" : answers && !differs ? html`<span class="c3">same</span>` : termText(proposed.terms, term, name)}</td></tr>`;
      })}</tbody></table>`;
  }

  /** Why terms cannot be accepted just yet. */
  private unread(): string | null {
    if (this.context.frozen) return "no live picture";
    if (this.shown === null) return "not on the screen";
    const seen = this.context.steady - this.shown.since;
    if (seen < READ_MS) return `on screen ${Math.floor(seen / 1000)} s of 2 s`;
    return this.atEnd ? null : "read the terms to the end";
  }

  private accepting(talk: Talk, offer: Offer): TemplateResult {
    const proposed = talk.dialogue?.state.proposed, why = offer.blocked ?? this.unread();
    return html`<hold-button .label=${`Accept ${plain(talk.partner, 12)}'s terms`} .subject=${`${talk.operation.id} ${proposed?.digest ?? ""}`} .disabled=${why !== null || this.busy || this.context.frozen} @held=${() => void this.accept(talk)}></hold-button>
      <p class="sub">${why ?? html`binds both rooms · accepts <span class="mono">${(proposed?.digest ?? "").slice(0, 8)}</span>`}</p>
      ${offer.blocked === null && !this.context.frozen ? html`<button class="b s quiet" @click=${() => this.open("ACP")}>Accepted by voice…</button>` : nothing}`;
  }

  private button(offer: Offer): TemplateResult {
    // An order to stop needs no live picture.
    const off = offer.blocked !== null || (this.context.frozen && offer.code !== "CEASE"), word = offer.weight === "main" ? "b pri" : offer.weight === "stop" ? "b stop" : "b s";
    return html`<button class=${off ? `${offer.weight === "more" ? "b s" : "b"} off` : word} ?disabled=${off} title=${offer.blocked ?? ""} aria-label="${offer.verb}${offer.blocked === null ? "" : `: ${offer.blocked}`}" @click=${() => this.open(offer.code)}>${offer.verb}</button>`;
  }

  /** What can be said now; while terms are being written, only an order to stop. */
  private acts(talk: Talk, writing: boolean): TemplateResult {
    const { picture, frozen } = this.context, all = offers(picture, talk).filter((offer) => !writing || offer.weight === "stop"), unread = firstUnread(talk);
    const main = all.filter((offer) => offer.weight === "main"), more = all.filter((offer) => offer.weight === "more"), stop = all.find((offer) => offer.weight === "stop");
    const off = all.filter((offer) => offer.blocked !== null && offer.code !== "ACP"), word = (offer: Offer): string => offer.verb.replace("…", "");
    const reasons = [...new Set(off.map((offer) => offer.blocked))].map((why) => `${off.filter((offer) => offer.blocked === why).map(word).join(", ")}: ${why}`);
    return html`<section class="says" aria-label="What can be said now"><div class="scroll">
        ${frozen ? html`<p class="sub">No live picture: by voice only.</p>` : nothing}
        ${unread === null || frozen || blockedToRead(this.context) ? nothing : html`<button class=${presses(unread) ? "b pri" : "b"} @click=${() => void this.read(talk, unread)}>I have read ${unread.message.code} of ${plain(talk.partner, 12)}</button>`}
        ${main.map((offer) => (offer.code === "ACP" ? this.accepting(talk, offer) : this.button(offer)))}
        <div class="more">${more.map((offer) => this.button(offer))}</div>
        ${reasons.map((why) => html`<p class="sub">${why}</p>`)}
        ${this.refused === null ? nothing : refusal(this.refused)}</div>
      ${stop === undefined ? nothing : html`<div class="stop-line">${this.button(stop)}</div>`}</section>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const talk = this.talk(), say = this.say();
    if (talk === null) return nothing;
    const form = say === null ? nothing : html`${keyed(`${talk.operation.id} ${talk.partner} ${say}`, html`<handover-form .context=${this.context} .talk=${talk} .say=${say}></handover-form>`)}`;
    const wide = say !== null && isOfTerms(say);
    return html`<section class="card" role="region" aria-label="Handover ${plain(talk.partner, 16)}">${this.head(talk)}
      <div class="terms" @scroll=${() => this.look()}>${wide ? form : this.terms(talk)}</div>
      <div class="low">${history(this.context, talk, (heard) => void this.read(talk, heard))}${say !== null && !wide ? html`<section class="says" aria-label=${codeWord(say)}><div class="scroll">${form}</div></section>` : this.acts(talk, wide)}</div></section>`;
  }
}
customElements.define("handover-card", HandoverCard);
