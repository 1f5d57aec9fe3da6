/** Keys. No single key ever sends anything to a partner or a unit; all are off while typing. */

import { inOrder, placeOf } from "../picture/alarms";
import { mainTalk } from "../picture/handover";
import { type Say, offers } from "../picture/offers";
import { inBay, BAYS } from "../picture/strips";
import { may } from "../picture/rights";
import { nextLabels, nextTails } from "../picture/view";
import type { Context } from "./context";
import { followable } from "./maptools";

export interface MapKeys { zoomBy(step: number): void; panBy(x: number, y: number): void }

const PAN = 120;

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function escape(context: Context): void {
  const { view, act } = context;
  if (view.opening) act.look({ opening: false });
  else if (view.alarms) act.look({ alarms: false });
  else if (view.card !== null) act.look({ card: view.card.say === null ? null : { ...view.card, say: null } });
  else if (view.event !== null) act.look({ event: null });
  else if (view.unit !== null) act.look({ unit: null });
  else if (view.operation !== null) act.look({ operation: null, follow: null });
}

/** Goes to the strip `step` places on from the one in focus. */
function nextStrip(context: Context, step: number): void {
  const all = BAYS.flatMap((bay) => inBay(context.picture, bay, context.now));
  const at = all.findIndex((operation) => operation.id === context.view.operation);
  const operation = all[(at + step + all.length) % Math.max(1, all.length)];
  if (operation !== undefined) context.act.look({ operation: operation.id, unit: null });
}

/** The messages whose card a key opens; nothing is sent by it. */
const CARDS: Readonly<Record<string, readonly Say[]>> = { p: ["RVR", "PRO"], a: ["MAS"], h: ["HOP"], x: ["CEASE"] };

/** Opens the card of the operation in focus, with the form of that message where it can be said now. */
function openCard(context: Context, codes: readonly Say[]): boolean {
  const { focus, picture, act } = context, talk = focus === null ? null : mainTalk(picture, focus);
  if (talk === null) return false;
  const offer = offers(picture, talk).find((one) => codes.includes(one.code) && one.blocked === null);
  act.look({ card: { partner: talk.partner, say: offer?.code ?? null }, unit: null, event: null, alarms: false });
  return true;
}

/** Does what the key means; whether it meant anything. */
export function press(event: KeyboardEvent, context: Context, map: MapKeys): boolean {
  const { view, act, picture, now } = context;
  if (event.key === "Escape") { escape(context); return true; }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { if (may(picture.me?.role, "open")) act.look({ opening: true }); return true; }
  const card = event.ctrlKey && event.shiftKey && !event.altKey ? CARDS[event.key.toLowerCase()] : undefined;
  if (card !== undefined && !view.opening) return openCard(context, card);
  if (typing(event.target) || event.ctrlKey || event.altKey || event.metaKey || view.opening) return false;
  switch (event.key) {
    case "f": act.look({ follow: view.follow === null ? followable(context) : null }); return true;
    case "h": act.home(); return true;
    case "t": act.look({ tails: nextTails(view.tails) }); return true;
    case "l": act.look({ labels: nextLabels(view.labels) }); return true;
    case "b": act.look({ dim: !view.dim }); return true;
    case "a": act.look({ alarms: !view.alarms }); return true;
    case "c": escape(context); return true;
    case "n": {
      const first = inOrder(picture, now)[0];
      if (first !== undefined) act.look(placeOf(first));
      return true;
    }
    case "j": nextStrip(context, 1); return true;
    case "k": nextStrip(context, -1); return true;
    case "+": case "=": case "e": map.zoomBy(1); return true;
    case "-": case "q": map.zoomBy(-1); return true;
    case "ArrowLeft": map.panBy(-PAN, 0); return true;
    case "ArrowRight": map.panBy(PAN, 0); return true;
    case "ArrowUp": map.panBy(0, -PAN); return true;
    case "ArrowDown": map.panBy(0, PAN); return true;
    default: return false;
  }
}
