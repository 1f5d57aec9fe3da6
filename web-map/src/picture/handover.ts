/**
 * How far two rooms are with a hand-over, seen from one of them: the phase in words, the one act expected next and who owes
 * it, what waits since when, and what is not confirmed. The service decides; nothing here does.
 */

import type { Dialogue, Handover, Heard, Operation, Recall, Terms } from "./names";
import type { Picture } from "./picture";
import { millis } from "./time";
import { abroad, unitsOf } from "./whereabouts";
import { plain } from "./words";

/** What must happen next, and who owes it. */
export interface Next {
  /** The room that owes it; empty when nothing is due. */
  readonly room: string;
  readonly act: string;
  /** Since when it is owed (ms), when something started it. */
  readonly since: number | null;
  /** How it presses: `stop` must be done at once. */
  readonly weight: "stop" | "owed" | "none";
}

/** H0 to H8 of the workflow. */
export type Phase = "idle" | "notified" | "proposed" | "stand_by" | "countered" | "agreed" | "transferring" | "joint" | "released";
export const PHASES: readonly Phase[] = ["notified", "proposed", "stand_by", "countered", "agreed", "transferring", "joint", "released"];

const WORD: Readonly<Record<Phase, string>> = {
  idle: "NOT NOTIFIED", notified: "NOTIFIED", proposed: "PROPOSED", stand_by: "STAND-BY", countered: "COUNTERED", agreed: "CO-ORDINATED", transferring: "TRANSFERRING",
  joint: "JOINT", released: "RELEASED",
};
export const phaseWord = (phase: Phase): string => WORD[phase];

/** One dialogue of an operation, and which side of it this room is. */
export interface Talk {
  readonly operation: Operation;
  /** `null` before anything was said. */
  readonly dialogue: Dialogue | null;
  readonly us: string;
  readonly partner: string;
  /** The state of this dialogue's host, and whether this room is its room. */
  readonly host: string | null;
  readonly isHost: boolean;
  /** Who hands the lead over, and who takes it. */
  readonly giver: string;
  readonly taker: string;
  readonly leads: boolean;
  readonly phase: Phase;
}

const stateOf = (picture: Picture, room: string): string | null => picture.rooms.find((one) => one.id === room)?.state ?? null;

/** The rooms this one can speak to about an operation; none where it takes no part. */
export function partnerRooms(picture: Picture, operation: Operation): string[] {
  const us = picture.room.id;
  if (operation.room !== us) {
    const takesPart = operation.host_rooms.includes(us) || operation.shared_with.includes(us) || operation.dialogues.length > 0;
    return takesPart ? [operation.room] : [];
  }
  const others = [...operation.host_rooms, ...operation.shared_with, ...operation.dialogues.map((one) => one.state.partner)];
  return [...new Set(others)].filter((room) => room !== us && picture.rooms.some((one) => one.id === room));
}

/** The units of the operation that are on the host's soil. */
export const guests = (picture: Picture, operation: Operation, host: string | null) =>
  (host === null ? [] : abroad(picture, operation).filter((unit) => (unit.law ?? "").split("|").includes(host)));

export function talkWith(picture: Picture, operation: Operation, partner: string): Talk {
  const us = picture.room.id, dialogue = operation.dialogues.find((one) => one.state.partner === partner) ?? null;
  const isHost = operation.room !== us, host = isHost ? picture.room.state : stateOf(picture, partner);
  const giver = dialogue?.state.giver ?? operation.lead;
  const known = dialogue?.state.phase ?? "idle";
  // The lead has passed: both are there until the last guest is home.
  const phase = known === "passed" ? (guests(picture, operation, host).length > 0 ? "joint" : "released") : ((known in WORD ? known : "idle") as Phase);
  return { operation, dialogue, us, partner, host, isHost, giver, taker: giver === us ? partner : us, leads: operation.lead === us, phase };
}

/** Every dialogue of an operation that this room has or can have, the farthest first. */
export function talks(picture: Picture, operation: Operation): Talk[] {
  const rank = (talk: Talk): number => PHASES.indexOf(talk.phase);
  return partnerRooms(picture, operation).map((partner) => talkWith(picture, operation, partner)).sort((a, b) => rank(b) - rank(a));
}

/** The dialogue that an operation is about now: the farthest of them. */
export const mainTalk = (picture: Picture, operation: Operation): Talk | null => talks(picture, operation)[0] ?? null;

/** The codes of which one at a time may wait for its receipt. */
const NEGOTIATES: ReadonlySet<string> = new Set(["NTF", "PRO", "RVN", "RVR", "SBY", "CDN", "ACP", "RJC", "HOP", "ROF", "MAS"]);
export const negotiates = (code: string): boolean => NEGOTIATES.has(code);

/** What this room said that moves the dialogue and the other machine has not confirmed. */
export const pending = (state: Handover): Handover["unreceipted"][number] | null => state.unreceipted.find((one) => negotiates(one.code)) ?? null;

/** What waits for an answer, since when, and by when it is promised or shown as late. */
export interface Waiting { readonly what: string; readonly room: string; readonly since: number; readonly warnAt: number; readonly lateAt: number }

/** What the workflow takes where two states agreed on nothing else; the alarms of the service know the agreed figures. */
const ANSWER_S = { warn: 60, late: 120 }, ASSUME_S = { warn: 30, late: 60 }, RECEIPT_S = { warn: 5, late: 10 };
const other = (talk: Talk, room: string): string => (room === talk.us ? talk.partner : talk.us);

/** What the proposal that stands is called: a revision changes what was agreed, a counter-proposal answers another one. */
export function proposalNoun(talk: Talk): string {
  const state = talk.dialogue?.state;
  if (state?.proposed == null) return "proposal";
  if (state.counters > 0) return "counter-proposal";
  return state.agreed === null ? "proposal" : "revision";
}

export function waiting(talk: Talk): Waiting | null {
  const state = talk.dialogue?.state;
  if (state === undefined) return null;
  const span = (since: number, by: { warn: number; late: number }): Pick<Waiting, "since" | "warnAt" | "lateAt"> => ({ since, warnAt: since + by.warn * 1000, lateAt: since + by.late * 1000 });
  if (state.offered !== null) return { what: "offer of the lead", room: talk.taker, ...span(millis(state.offered.at), ASSUME_S) };
  if (state.proposed === null) return null;
  const room = other(talk, state.proposed.by), since = millis(state.proposed.at);
  if (state.stand_by !== null) { const until = millis(state.stand_by.until); return { what: `decision of ${plain(state.stand_by.who, 24)}`, room, since, warnAt: until, lateAt: until }; }
  return { what: proposalNoun(talk), room, ...span(since, ANSWER_S) };
}

/** How a waiting presses now. */
export const pressing = (one: { warnAt: number; lateAt: number }, now: number): "plain" | "near" | "over" => (now >= one.lateAt ? "over" : now >= one.warnAt ? "near" : "plain");

/** What this room said and the other room's machine has not confirmed. */
export interface Unconfirmed { readonly code: string; readonly since: number; readonly warnAt: number; readonly lateAt: number }
export const unconfirmed = (talk: Talk): Unconfirmed[] =>
  (talk.dialogue?.state.unreceipted ?? []).map((one) => { const since = millis(one.at); return { code: one.code, since, warnAt: since + RECEIPT_S.warn * 1000, lateAt: since + RECEIPT_S.late * 1000 }; });

/** An order to turn, and who has not answered it. */
export interface Standing { readonly recall: Recall; readonly operation: Operation; readonly unread: boolean; readonly silent: readonly string[] }

/** Of a unit that this room cannot see nothing is known: it has not answered. */
function unanswered(picture: Picture, operation: Operation, recall: Recall): string[] {
  const out = new Set(abroad(picture, operation).map((unit) => unit.id)), seen = new Set(unitsOf(picture, operation).map((unit) => unit.id));
  return recall.units.filter((one) => one.wilco_at === null && (out.has(one.unit) || !seen.has(one.unit))).map((one) => one.unit);
}

/** The orders to turn of an operation that a person has not read, or a unit that is abroad has not answered. */
export function standingRecalls(picture: Picture, operation: Operation): Standing[] {
  if (operation.closed !== null) return [];
  return operation.recalls
    .map((recall) => ({ recall, operation, unread: recall.read_by === null, silent: unanswered(picture, operation, recall) }))
    .filter((one) => one.unread || one.silent.length > 0);
}
export const standingCeases = (picture: Picture, operation: Operation): Standing[] => standingRecalls(picture, operation).filter((one) => one.recall.kind === "cease");

const named = (picture: Picture, ids: readonly string[]): string => ids.map((id) => plain(picture.units.get(id)?.callsign || id, 16)).join(", ");

function nextOfRecall(picture: Picture, { recall, operation, unread, silent }: Standing): Next {
  const cease = recall.kind === "cease", since = millis(recall.at), weight = cease ? "stop" : "owed";
  if (unread) return { room: operation.room, act: cease ? `read CEASE of ${plain(recall.room, 12)}` : `read the release of ${plain(recall.room, 12)}`, since, weight };
  return { room: operation.room, act: `${cease ? "turn" : "call back"} ${named(picture, silent)}`, since, weight };
}

/** The one act that the dialogue expects next; `null` before anything was said. Never empty from the notice to the release. */
export function nextOfTalk(picture: Picture, talk: Talk): Next | null {
  const state = talk.dialogue?.state;
  const recall = standingRecalls(picture, talk.operation)[0];
  if (recall !== undefined) return nextOfRecall(picture, recall);
  if (state === undefined) return null;
  const cease = state.unreceipted.find((one) => one.code === "CEASE");
  if (cease !== undefined) return { room: talk.partner, act: "confirm CEASE (machine)", since: millis(cease.at), weight: "stop" };
  const sent = pending(state) ?? state.unreceipted.find((one) => one.code === "ABR") ?? null, owed = (room: string, act: string, since: string): Next => ({ room, act, since: millis(since), weight: "owed" });
  const quiet = (room: string, act: string, since: string): Next => ({ room, act, since: millis(since), weight: "none" });
  if (state.withdrawing !== null) return { room: other(talk, state.withdrawing.by), act: "read what is taken back", since: messageAt(talk, state.withdrawing.message), weight: "owed" };
  if (sent !== null) return owed(talk.partner, sent.code === "MAS" ? "confirm that you lead (machine)" : `confirm ${sent.code} (machine)`, sent.at);
  if (state.requested !== null) return { room: talk.giver, act: "hand over, as asked, or refuse", since: messageAt(talk, state.requested), weight: "owed" };
  if (state.offered !== null) return owed(talk.taker, "assume the lead", state.offered.at);
  if (state.proposed !== null) {
    const room = other(talk, state.proposed.by);
    return state.stand_by === null ? owed(room, `answer the ${proposalNoun(talk)}`, state.proposed.at) : owed(room, `decide: ${plain(state.stand_by.who, 20)}`, state.proposed.at);
  }
  switch (talk.phase) {
    case "idle": return null;
    case "notified": return quiet(talk.giver, "propose the handover", state.since);
    // The phases of a proposal without one: the room that leads says what is next.
    case "proposed": case "stand_by": case "countered": return quiet(talk.giver, "propose the handover", state.since);
    case "agreed": return quiet(talk.giver, "hand over at the transfer point", state.since);
    case "transferring": return owed(talk.taker, "assume the lead", state.since);
    case "joint": return nextWhileJoint(picture, talk, state);
    case "released": return nextOnceReleased(talk, state);
  }
}

/** Both are there: the host releases the guests, and they go home. */
function nextWhileJoint(picture: Picture, talk: Talk, state: Handover): Next {
  const hostRoom = talk.isHost ? talk.us : talk.partner, there = guests(picture, talk.operation, talk.host).map((unit) => unit.id);
  const released = new Set(talk.operation.recalls.flatMap((recall) => recall.units.map((one) => one.unit)));
  const kept = there.filter((id) => !released.has(id)), since = millis(state.since);
  return kept.length > 0
    ? { room: hostRoom, act: `release ${named(picture, kept)}`, since, weight: "none" }
    : { room: talk.operation.room, act: `bring ${named(picture, there)} home`, since, weight: "none" };
}

function nextOnceReleased(talk: Talk, state: Handover): Next {
  const room = [talk.taker, talk.giver].find((one) => !state.closed_by.includes(one));
  return room === undefined ? { room: "", act: "nothing due, both sides closed", since: null, weight: "none" } : { room, act: "close its side", since: millis(state.since), weight: "none" };
}

function messageAt(talk: Talk, id: string): number | null {
  const heard = talk.dialogue?.messages.find((one) => one.message.id === id);
  return heard === undefined ? null : millis(heard.at);
}

/** Where the lead is between two rooms: the mark that stands left of a name on the map. */
export type Mark = "to_us" | "by_us" | "joint";
export function markOf(picture: Picture, operation: Operation): Mark | null {
  if (operation.closed !== null) return null;
  const all = talks(picture, operation), offered = all.find((talk) => talk.phase === "transferring");
  if (offered !== undefined) return offered.giver === picture.room.id ? "by_us" : "to_us";
  return all.some((talk) => talk.phase === "joint") ? "joint" : null;
}

/** The person who has read a message: by name, or because that person answered it. */
export function seenBy(dialogue: Dialogue, heard: Heard): { readonly account: string; readonly room: string; readonly at: string } | null {
  if (heard.read_by !== null && heard.read_at !== null) return { ...heard.read_by, at: heard.read_at };
  const answer = dialogue.messages.find((one) => one.message.reply_to === heard.message.id && one.direction !== heard.direction && one.message.by !== null);
  return answer?.message.by == null ? null : { ...answer.message.by, at: answer.at };
}

/** Against what the terms that are proposed are read: what is in force, else what they answer, else what was notified. */
export function termsBefore(talk: Talk): { readonly terms: Terms; readonly word: string; readonly at: string | null; readonly by: string | null; readonly inForce: boolean } | null {
  const state = talk.dialogue?.state;
  if (state === undefined) return null;
  if (state.agreed !== null) return { terms: state.agreed.terms, word: "in force", at: state.agreed.since, by: null, inForce: true };
  const answers = talk.dialogue?.messages.find((one) => one.message.id === state.proposed?.message)?.message.reply_to ?? null;
  const earlier = talk.dialogue?.messages.find((one) => one.message.id === answers);
  if (earlier?.message.terms !== undefined) return { terms: earlier.message.terms, word: "proposed", at: earlier.at, by: earlier.message.from, inForce: false };
  const notice = state.notified;
  const told = [...(talk.dialogue?.messages ?? [])].reverse().find((one) => one.message.code === "NTF" || one.message.code === "RVN");
  return notice === null ? null : { terms: notice, word: "notified", at: told?.at ?? null, by: talk.giver, inForce: false };
}
