/** The mode band, the status bar and the banner: the three lines that are never covered. */

import { type TemplateResult, html, nothing } from "lit";
import { stepOf } from "../picture/age";
import { asks, grounds, inOrder, operationOf, placeOf } from "../picture/alarms";
import type { Alarm } from "../picture/names";
import { notLive, pictureAge } from "../picture/link";
import { operationStates } from "../picture/side";
import { may } from "../picture/rights";
import { age, isoDate, localTime, millis, zulu } from "../picture/time";
import { plain } from "../picture/words";
import { roleWord } from "../text/en";
import type { Context } from "./context";
import { icon, priorityIcon } from "./icons";

const rate = (value: number): string => `×${Number.isInteger(value) ? value : value.toFixed(1)}`;

export function band(context: Context): TemplateResult | typeof nothing {
  const { mode } = context.picture;
  if (!mode.exercise) return nothing;
  const name = mode.name === null ? "" : ` ${plain(mode.name, 40)}`;
  const word = `EXERCISE ${rate(mode.rate)}`;
  return html`<div class="band exercise"><span>${word}</span><span>EXERCISE${name} · no real persons or vehicles</span><span>${word}</span></div>`;
}

function sources(context: Context): { fresh: number; of: number } {
  const units = [...context.picture.units.values()].filter((unit) => unit.on_duty && !unit.retired && unit.sealed === null);
  return { of: units.length, fresh: context.frozen ? 0 : units.filter((unit) => ["fresh", "ageing"].includes(stepOf(unit, context.now))).length };
}

function link(context: Context): TemplateResult {
  const { phase, attempt, lagging, behind } = context.link;
  const seconds = pictureAge(context.link, context.steady) ?? 0, why = notLive(context.link, context.steady);
  const dead = context.frozen || phase !== "live";
  const figure = why === "catching_up" ? `catching up, ${behind} to come` : why === "late" ? `${age(seconds)} behind` : dead ? `no data ${age(seconds)}` : `${seconds.toFixed(1)} s`;
  const word = dead && attempt > 0 ? `attempt ${attempt}` : lagging ? "lagging, positions thinned out" : "";
  return html`<span class="link" role="status" aria-live="off">${icon(dead ? "cross" : "dot", dead ? "" : "f")} Picture <b class="fig">${figure}</b>${word === "" ? nothing : html`<span class="c2">${word}</span>`}</span>`;
}

/** The links to rooms in other services: whole, or lost for how long. */
function roomLinks(context: Context): TemplateResult[] {
  return context.picture.links.map(({ partner, cut }) => {
    const lost = cut === null ? null : age(Math.max(0, (context.now - millis(cut.since)) / 1000));
    return html`<span class="link">${icon(lost === null ? "dot" : "cross", lost === null ? "f" : "")} Link ${plain(partner, 12)} <b class="fig">${lost === null ? "ok" : `lost ${lost}`}</b></span>`;
  });
}

export function status(context: Context): TemplateResult {
  const { picture, now } = context;
  const fresh = sources(context), asking = picture.alarms.filter((alarm) => asks(alarm, now));
  const locals = operationStates(picture, context.focus).map((state) => ({ state, time: localTime(now, state) })).filter((local) => local.time !== null);
  const count = (priority: number): number => asking.filter((alarm) => alarm.priority === priority).length;
  const failing = context.link.recording === "failing";
  return html`<header class="status">
    <span><b>${plain(picture.room.id, 16)}</b><span class="c2">${picture.room.state}</span>${picture.me === null ? nothing : html`<span class="c2 who">${roleWord(picture.me.role)} ${plain(picture.me.account, 24)}</span>`}</span>
    <span class="times"><time class="utc" title=${isoDate(now)}>${zulu(now)}</time>${locals.map((local) => html`<span class="c2">${local.time} ${local.state}</span>`)}</span>
    ${link(context)}
    <span class="wide c2">Sources <b class="fig">${fresh.fresh} of ${fresh.of}</b></span>
    <span class=${failing ? "recording bad" : "wide c2"}>${failing ? html`${icon("p1", "f p1")} <b>Not recording</b>` : html`Recording ${icon("tick")}`}</span>
    ${roomLinks(context)}
    <span class="sp"></span>
    <button class="quiet counts" aria-pressed=${context.view.alarms ? "true" : "false"} aria-label="Alarms nobody has taken, of ${picture.alarms.length}" title="Alarms (a)" @click=${() => context.act.look({ alarms: !context.view.alarms })}>${([1, 2, 3] as const).map((n) => html`<span class="row">${icon(`p${n}`, `f p${n}`)}<span class="c3">P${n}</span><b>${count(n)}</b></span>`)}</button>
    <span><button class="quiet" title="Light or dark" aria-label="Light or dark" @click=${() => context.act.look({ theme: context.view.theme === "dark" ? "light" : "dark" })}>${icon(context.view.theme === "dark" ? "moon" : "sun", "l")}</button></span>
    <span><button class="quiet" @click=${() => context.act.logOut()}>Log out</button></span>
  </header>`;
}

function raised(alarm: Alarm, now: number): TemplateResult {
  const at = millis(alarm.raised_at);
  return html`<span class="c2 wide">since ${zulu(at)}</span><b class="fig">${age(Math.max(0, (now - at) / 1000))}</b>`;
}

/** Why the picture is not the present one, in words. */
function notPresent(context: Context): string {
  const seconds = age(pictureAge(context.link, context.steady) ?? 0);
  switch (notLive(context.link, context.steady)) {
    case "catching_up": return `Catching up: ${context.link.behind} older records still to come`;
    case "late": return `The picture comes ${seconds} late`;
    default: return `No data from the service for ${seconds}`;
  }
}

export function banner(context: Context): TemplateResult {
  const { link: line, now } = context;
  if (context.frozen) {
    return html`<div class="banner b2" role="alert"><span>${icon("p2", "f p2 blink")}</span><span class="id">2 · FEED</span><span class="what">${notPresent(context)}</span>
      <span class="c2">positions are from ${line.pictureAt === null ? "unknown" : zulu(line.pictureAt)}</span><span class="do">Do not read positions from this map. Use voice.</span></div>`;
  }
  if (line.recording === "failing") {
    return html`<div class="banner b1" role="alert"><span>${icon("p1", "f p1 blink")}</span><span class="id">1 · A09</span><span class="what">The journal is failing: nothing new is recorded</span><span class="do">Technician, and paper log</span></div>`;
  }
  const alarms = inOrder(context.picture, now).filter((alarm) => asks(alarm, now)), [first, ...more] = alarms;
  if (first === undefined) {
    const taken = context.picture.alarms.length;
    return html`<div class="banner" role="status"><span class="c3">${taken === 0 ? "No alarm stands" : `Every alarm is taken or put aside: ${taken} stand${taken === 1 ? "s" : ""}`}</span><span class="sp"></span>${taken === 0 ? nothing : listButton(context)}</div>`;
  }
  const name = operationOf(context.picture, first), role = context.picture.me?.role;
  return html`<div class="banner b${first.priority}" role="alert"><span>${priorityIcon(first.priority, "blink")}</span><span class="id">${first.priority} · ${plain(first.code, 6)}</span>
    <span class="what">${name === "" ? nothing : `${plain(name, 24)}: `}${plain(first.sentence, 120)}</span><span class="c2 el detail">${plain(grounds(context.picture, first), 200)}</span><span class="do el">${plain(first.action, 80)}</span>
    <span class="sp"></span>${more.length > 0 ? html`<span class="c2">${more.length} more</span>` : nothing}${raised(first, now)}
    ${may(role, "alarm") ? html`<button class="b s pri" @click=${() => void context.act.takeAlarm(first.id)}>Take</button>` : nothing}
    <button class="b s" @click=${() => context.act.look(placeOf(first))}>Show <kbd>n</kbd></button>${listButton(context)}</div>`;
}

function listButton(context: Context): TemplateResult {
  return html`<button class="b s quiet" @click=${() => context.act.look({ alarms: !context.view.alarms })}>List <kbd>a</kbd></button>`;
}
