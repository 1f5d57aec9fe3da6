/** The line of chips over the map, and what stands on the map itself: scale, attribution, the frozen frame. */

import { type TemplateResult, html, nothing } from "lit";
import { notLive, pictureAge } from "../picture/link";
import { placeOf } from "../picture/place";
import { nameOf } from "../picture/label";
import { age, zulu } from "../picture/time";
import { nextLabels, nextTails } from "../picture/view";
import { plain } from "../picture/words";
import { kindPlural } from "../text/en";
import type { Context } from "./context";

const FRONTIER = {
  approximate: "Frontier approximate at this zoom", loading: "Frontier loading, dashed line is approximate",
  own: "Frontier as decided on", missing: "Frontier not available, dashed line is approximate",
} as const;

/** No more lines than this stand on the map of how far pursuits may go. */
const LIMITS_MOST = 3;

export function followed(context: Context): string | null {
  const { follow } = context.view;
  if (follow === null) return null;
  if (follow.kind === "target") return plain(context.picture.operations.get(follow.id)?.target?.id ?? "target", 12);
  const unit = context.picture.units.get(follow.id);
  return unit === undefined ? plain(follow.id, 12) : nameOf(unit);
}

/** What `f` follows: the unit selected, else the target of the operation or who has eyes on it, else nothing. */
export function followable(context: Context): Context["view"]["follow"] {
  if (context.view.unit !== null) return { kind: "unit", id: context.view.unit };
  return context.focus !== null && (context.focus.sighting !== null || context.focus.eyes !== null) ? { kind: "target", id: context.focus.id } : null;
}

function chip(on: boolean, words: string, key: string, press: () => void, wide = false): TemplateResult {
  return html`<button class="chip ${on ? "on" : ""} ${wide ? "wide" : ""}" aria-pressed=${on ? "true" : "false"} @click=${press}>${words} <kbd>${key}</kbd></button>`;
}

function kinds(context: Context): TemplateResult {
  const present = [...new Set([...context.picture.units.values()].map((unit) => unit.kind))].sort();
  const hidden = context.view.hiddenKinds;
  const toggle = (kind: string): void => {
    const next = new Set(hidden);
    if (!next.delete(kind)) next.add(kind);
    context.act.look({ hiddenKinds: next });
  };
  return html`${present.length < 2 ? nothing : present.map((kind) => html`<button class="chip wide ${hidden.has(kind) ? "" : "on"}" aria-pressed=${hidden.has(kind) ? "false" : "true"} @click=${() => toggle(kind)}>${kindPlural(kind)}</button>`)}`;
}

export function maptools(context: Context): TemplateResult {
  const { view, act, map } = context;
  const target = followable(context), following = view.follow ?? target;
  const name = followed({ ...context, view: { ...view, follow: following } });
  return html`<div class="maptools" role="toolbar" aria-label="Map">
    ${chip(view.follow !== null, name === null ? "Follow" : `Follow ${name}`, "f", () => act.look({ follow: view.follow === null ? target : null }))}
    ${chip(false, "Home", "h", () => act.home())}
    ${chip(view.tails > 0, view.tails === 0 ? "Tails off" : `Tails ${view.tails} min`, "t", () => act.look({ tails: nextTails(view.tails) }))}
    ${chip(view.labels !== "off", view.labels === "all" ? "Labels" : view.labels === "names" ? "Labels short" : "Labels off", "l", () => act.look({ labels: nextLabels(view.labels) }))}
    ${chip(view.dim, "Dim", "b", () => act.look({ dim: !view.dim }))}
    <span class="sp"></span>${kinds(context)}
    <span class="t12 ${map.hidden > 0 ? "" : "c3"}">${map.hidden} hidden</span>${map.unlabelled > 0 ? html`<span class="t12">${map.unlabelled} without label</span>` : nothing}
    <span class="t12 c3 wide">${FRONTIER[map.frontier]}${map.frontier === "own" ? ` · ${plain(context.picture.borderSet, 24)}` : ""}</span></div>`;
}

export function mapEdge(context: Context): TemplateResult {
  const { limits } = context.map;
  return html`${limits.length === 0 ? nothing : html`<div class="limits" role="status">${limits.slice(0, LIMITS_MOST).map((said) => html`<p>${plain(said, 160)}</p>`)}${limits.length > LIMITS_MOST ? html`<p>and ${limits.length - LIMITS_MOST} more</p>` : nothing}</div>`}
    <div class="scale"><svg width=${context.map.scale.px + 2} height="8" aria-hidden="true"><path d="M1 0V7H${context.map.scale.px}V0"></path></svg> ${context.map.scale.text}</div>
    <div class="attribution">© OpenStreetMap contributors (ODbL 1.0) — via timezone-boundary-builder / timezonefinder-data; Kosovo line via geo-maps · Natural Earth · GeoNames (CC BY 4.0)</div>`;
}

export function frozenFrame(context: Context): TemplateResult | typeof nothing {
  if (!context.frozen) return nothing;
  const { link, steady } = context, at = link.pictureAt;
  const catchingUp = notLive(link, steady) === "catching_up";
  const word = catchingUp ? "CATCHING UP" : `PICTURE FROZEN ${at === null ? "" : zulu(at)}`;
  const figure = catchingUp ? `${link.behind} ${link.behind === 1 ? "record" : "records"} to come` : `${age(pictureAge(link, steady) ?? 0)} old`;
  return html`<div class="frozen-frame" aria-hidden="true"></div><div class="frozen-word" role="alert"><b>${word}</b><span>${figure}${link.attempt > 0 ? ` · trying again, attempt ${link.attempt}` : ""}</span></div>`;
}

/** The empty map says why it is empty. */
export function mapEmpty(context: Context): TemplateResult | typeof nothing {
  const { picture } = context;
  const placed = [...picture.units.values()].some((unit) => placeOf(unit) !== null);
  if (placed) return nothing;
  const room = plain(picture.room.id, 24);
  if (picture.rooms.length === 0) return html`<div class="map-empty"><b>No room, no unit yet</b><p>Add a room, its units and their tokens at the service:</p><pre>limes room add BUD --state HU
limes unit add HU-1 --room BUD --state HU --kind vehicle --callsign HU-1
limes token create --unit HU-1</pre></div>`;
  if (picture.units.size === 0) return html`<div class="map-empty"><b>Room ${room} has no unit yet</b><pre>limes unit add HU-1 --room ${room} --state ${picture.room.state} --kind vehicle --callsign HU-1
limes token create --unit HU-1</pre></div>`;
  return html`<div class="map-empty"><b>No position yet</b><p>${picture.units.size} ${picture.units.size === 1 ? "unit is" : "units are"} expected. A unit appears with its first fix.</p></div>`;
}
