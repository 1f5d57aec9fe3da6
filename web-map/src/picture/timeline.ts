/** The lanes of an operation over time, from the events this page holds. What came before them is not drawn. */

import { nameOf } from "./label";
import type { Operation, Unit } from "./names";
import type { Picture } from "./picture";
import { sideOf, sideOfRoom } from "./side";
import { millis } from "./time";
import { crossingsOf, unitsOf } from "./whereabouts";
import { plain, states } from "./words";

export interface Run { readonly from: number; readonly to: number; readonly label: string; readonly tone: string }
export interface Tick { readonly at: number; readonly word: string; readonly side: "req" | "host"; readonly kind: "message" | "cross" }
export interface TimelineData { readonly lead: Run[]; readonly eyes: Run[]; readonly law: Run[]; readonly ticks: Tick[] }

interface Change { readonly at: number; readonly label: string; readonly tone: string }

/** Changes as runs: each lasts until the next, the last until `end`; an empty label is a gap. */
export function runs(changes: readonly Change[], end: number): Run[] {
  const out: Run[] = [];
  changes.forEach((change, i) => {
    const last = out.at(-1), to = changes[i + 1]?.at ?? end;
    if (last !== undefined && last.label === change.label && last.to >= change.at) out[out.length - 1] = { ...last, to };
    else if (change.label !== "") out.push({ from: change.at, to, label: change.label, tone: change.tone });
  });
  return out;
}

const CODE: Readonly<Record<string, string>> = { notice_of_crossing: "XNG", request: "RQA", report: "RPT" };

/** Whose law held for the unit that matters most, while the target's place is not known: the one with eyes, else the last to cross. */
function lawOfUnit(picture: Picture, operation: Operation, opened: number): Change[] {
  const units = unitsOf(picture, operation);
  const last = (unit: Unit): number => { const crossing = unit.crossings.at(-1); return crossing === undefined ? 0 : millis(crossing.likely); };
  const unit = units.find((one) => one.id === operation.eyes) ?? [...units].sort((a, b) => last(b) - last(a))[0];
  if (unit === undefined) return [];
  const change = (at: number, set: string | null): Change => ({ at, label: set === null ? "" : `${nameOf(unit)} in ${states(set)}`, tone: set === operation.requesting_state ? "req" : "host" });
  const since = unit.crossings.filter((crossing) => millis(crossing.likely) > opened);
  return [change(opened, since[0]?.from ?? unit.law), ...since.map((crossing) => change(millis(crossing.likely), crossing.to))];
}

/** The codes that say nothing of the way of a handover. */
const UNMARKED: ReadonlySet<string> = new Set(["ACK", "TXT"]);

/** What two rooms said to each other, as far as this page holds it. */
function messages(operation: Operation): Tick[] {
  return operation.dialogues.flatMap((dialogue) => dialogue.messages)
    .filter((heard) => !UNMARKED.has(heard.message.code))
    .map((heard) => ({ at: millis(heard.at), word: heard.message.code, side: heard.message.from === operation.room ? "req" : "host", kind: "message" }));
}

/** Who led from when: the room that opened it, what passed the lead as far as it is held here, and who leads now. */
function leads(picture: Picture, operation: Operation): Change[] {
  const moved = new Map<number, { room: string; at: number }>([[1, { room: operation.room, at: millis(operation.opened_at) }]]);
  for (const heard of operation.dialogues.flatMap((dialogue) => dialogue.messages)) {
    const { code, epoch, from } = heard.message, at = heard.direction === "sent" ? heard.receipted_at : heard.at;
    if (code === "MAS" && heard.unfit === null && at !== null && epoch < operation.epoch) moved.set(epoch + 1, { room: from, at: millis(at) });
  }
  for (const event of picture.recent) {
    if (event.kind === "lead.moved" && event.operation === operation.id) moved.set(event.lead.epoch, { room: event.lead.room, at: millis(event.lead.since) });
  }
  moved.set(operation.epoch, { room: operation.lead, at: millis(operation.lead_since) });
  const epochs = [...moved].sort(([a], [b]) => a - b);
  const changes = epochs.flatMap(([epoch, { room, at }], i) => {
    const label = `${plain(room, 12)} e${epoch}`, tone = sideOfRoom(operation, room);
    // Where a change between is not held here, who led until then is not known.
    return i > 0 && epochs[i - 1]?.[0] !== epoch - 1 ? [{ at: epochs[i - 1]?.[1].at ?? at, label: "", tone: "plain" }, { at, label, tone }] : [{ at, label, tone }];
  });
  return changes.filter((change, i) => changes[i + 1]?.at !== change.at);
}

export function timelineOf(picture: Picture, operation: Operation, now: number): TimelineData {
  const end = operation.closed === null ? now : millis(operation.closed.at), opened = millis(operation.opened_at);
  const eyes: Change[] = [], law: Change[] = [], ticks: Tick[] = [];
  let firstEyes: string | null | undefined;
  const eyesAs = (id: string | null): { label: string; tone: string } => {
    const unit = id === null ? undefined : picture.units.get(id);
    return { label: unit === undefined ? plain(id ?? "", 12) : nameOf(unit), tone: unit === undefined ? "plain" : sideOf(picture, unit, operation) };
  };
  // From the units, not from the events: a crossing taken back is none.
  for (const { crossing } of crossingsOf(picture, operation)) ticks.push({ at: millis(crossing.likely), word: "", side: "req", kind: "cross" });
  for (const event of picture.recent) {
    if (!("operation" in event) || event.operation !== operation.id) continue;
    if (event.kind === "eyes.moved") {
      if (firstEyes === undefined) firstEyes = event.from_unit;
      eyes.push({ at: millis(event.at), ...eyesAs(event.to_unit) });
    }
    if (event.kind === "target.sighted") law.push({ at: millis(event.seen_at), label: `${plain(event.target, 12)} in ${states(event.states)}`, tone: event.states === operation.requesting_state ? "req" : "host" });
    if (event.kind === "notice.sent" || event.kind === "notice.seen" || event.kind === "notice.voice") {
      const duty = operation.notices.find((notice) => notice.id === event.notice)?.duty ?? "";
      const sent = event.kind !== "notice.seen";
      ticks.push({ at: millis(event.at), word: sent ? (CODE[duty] ?? "") : "ACK", side: sent ? "req" : "host", kind: "message" });
    }
  }
  if (law.length === 0) law.push(...lawOfUnit(picture, operation, opened));
  const oldest = Math.max(opened, picture.recent[0] === undefined ? now : millis(picture.recent[0].at));
  // Before the first change held here, the eyes were where that change took them from; without any, where they are now.
  eyes.unshift({ at: oldest, ...eyesAs(firstEyes === undefined ? operation.eyes : firstEyes) });
  return {
    lead: runs(leads(picture, operation), end),
    eyes: runs(eyes, end), law: runs(law, end), ticks: [...ticks, ...messages(operation)],
  };
}

/** How wide a word is held to be. */
const WORD_W = 34;
interface Said { readonly x: number; readonly text: string; readonly side: "req" | "host" }

/**
 * The words of the messages: the requesting side's left of their marks, the host's right; what one side says within a word's
 * width is told once, with its count.
 */
export function said(ticks: readonly Tick[], x: (ms: number) => number): Said[] {
  return (["req", "host"] as const).flatMap((side) => {
    const words: { x: number; until: number; first: string; count: number }[] = [];
    for (const tick of ticks.filter((one) => one.kind === "message" && one.side === side).sort((a, b) => a.at - b.at)) {
      const at = x(tick.at), last = words.at(-1);
      if (last === undefined || at - last.until >= WORD_W) words.push({ x: at, until: at, first: tick.word, count: 1 });
      else { last.count += 1; last.until = at; }
    }
    return words.map((word) => ({ x: side === "req" ? word.x - 4 : word.until + 4, text: word.count === 1 ? word.first : `${word.first} +${word.count - 1}`, side }));
  });
}
