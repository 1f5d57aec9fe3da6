/** What this room can say now in a dialogue, as buttons: by its side, the phase and the person's role. The service decides. */

import { type Talk, guests, pending, proposalNoun, standingCeases } from "./handover";
import type { Heard } from "./names";
import type { Picture } from "./picture";
import { forWhom, may, rightOf } from "./rights";
import { plain } from "./words";

/** The codes that a person says by a button of the card. */
export type Say = "NTF" | "PRO" | "RVR" | "SBY" | "CDN" | "ACP" | "RJC" | "ABR" | "HOP" | "ROF" | "MAS" | "EYE" | "REL" | "CEASE" | "TXT" | "CLS" | "AUT" | "EXT";

export interface Offer {
  readonly code: Say;
  /** What the button says; a second step follows each. */
  readonly verb: string;
  /** `main` moves the dialogue on; `stop` is CEASE. */
  readonly weight: "main" | "more" | "stop";
  /** Why it cannot be said just now; `null` when it can. */
  readonly blocked: string | null;
}

/** Acts that cannot be taken back, and what binds: the second step is held. */
const HELD: ReadonlySet<string> = new Set(["ACP", "HOP", "MAS", "ABR", "CEASE", "CLS"]);
export const isHeldAct = (code: Say): boolean => HELD.has(code);

/** The most often that terms are countered in a round; then the rooms speak by voice. */
export const COUNTERS_MOST = 3;

/** Messages of the other room that a person is to read by name. */
const TO_READ: ReadonlySet<string> = new Set(["ABR", "CEASE", "TXT", "AUT", "REL", "EXT"]);
export const mayBeRead = (heard: Heard): boolean => heard.direction === "received" && heard.read_by === null && TO_READ.has(heard.message.code);
/** Whether it must be read before anything else goes on; a text is not. */
export const presses = (heard: Heard): boolean => heard.message.code !== "TXT";
/** The unread one that presses first: an order to stop, then what is taken back, then the rest. */
export function firstUnread(talk: Talk): Heard | null {
  const rank = (heard: Heard): number => ["CEASE", "ABR", "AUT", "REL", "EXT", "TXT"].indexOf(heard.message.code);
  return [...(talk.dialogue?.messages ?? [])].filter(mayBeRead).sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

type Bare = Omit<Offer, "blocked">;
const main = (code: Say, verb: string): Bare => ({ code, verb, weight: "main" });
const more = (code: Say, verb: string): Bare => ({ code, verb, weight: "more" });

/** What moves the dialogue on from where it is. */
function ofPhase(picture: Picture, talk: Talk): Bare[] {
  const state = talk.dialogue?.state, partner = plain(talk.partner, 12), us = talk.us;
  const fresh = state === undefined || state.phase === "idle" || state.closed_by.length > 1;
  const passed = state?.phase === "passed", giver = talk.giver === us;
  const entered = guests(picture, talk.operation, talk.host).length > 0;
  const mayAsk = entered || !talk.isHost || state?.phase === "agreed";
  const out: Bare[] = [];
  if (fresh || passed) {
    // The room that took the lead can hand it back: then the sides change.
    if (talk.leads && (fresh || !giver)) out.push(more("PRO", `Propose the handover to ${partner}…`), more("NTF", `Notify ${partner}…`));
    if (!talk.leads && (passed ? giver : mayAsk)) out.push(more("ROF", passed ? `Ask ${partner} to give the lead back…` : `Ask ${partner} for the lead…`));
    return out;
  }
  if (state.offered !== null) return giver ? [more("ABR", "Take the offer back…")] : [main("MAS", `Assume the lead from ${partner}…`), more("RJC", "Refuse the offer…")];
  if (state.requested !== null && giver) out.push(main("HOP", `Hand the lead over to ${partner}…`), more("RJC", "Refuse the request…"));
  if (state.proposed !== null && state.proposed.by !== us) {
    const noun = proposalNoun(talk);
    out.push(main("ACP", `Accept the ${noun} of ${partner}…`), more("CDN", "Counter…"));
    if (state.requested === null || !giver) out.push(more("RJC", `Refuse the ${noun}…`));
    if (state.stand_by === null) out.push(more("SBY", "Stand by…"));
  } else if (talk.leads && giver) {
    if (state.phase === "notified") out.push(main("PRO", `Propose the handover to ${partner}…`), more("NTF", `Notify ${partner} anew…`));
    if (state.phase === "proposed" || state.phase === "stand_by") out.push(more("PRO", "Propose anew…"));
    if (state.phase === "agreed") out.push(more("RVR", state.proposed === null ? "Revise…" : "Revise anew…"));
  }
  if (state.phase === "agreed" && talk.leads && giver && state.requested === null) out.unshift(state.proposed !== null && state.proposed.by !== us ? more("HOP", `Hand the lead over to ${partner}…`) : main("HOP", `Hand the lead over to ${partner}…`));
  if (!talk.leads && !giver && state.requested === null && mayAsk) out.push(more("ROF", `Ask ${partner} for the lead…`));
  if (state.withdrawing === null) out.push(more("ABR", "Take back…"));
  return out;
}

/** What can be said in any phase. */
function always(picture: Picture, talk: Talk): Bare[] {
  const partner = plain(talk.partner, 12), there = guests(picture, talk.operation, talk.host);
  const open = talk.operation.closed === null, said = talk.dialogue !== null;
  const out: Bare[] = [];
  if (open && talk.isHost && there.length > 0) out.push({ code: "REL", verb: "Release units…", weight: talk.phase === "joint" && talk.leads && standingCeases(picture, talk.operation).length === 0 ? "main" : "more" });
  if (open && talk.operation.target !== null) out.push(more("EYE", "Eyes…"));
  if (open && talk.isHost) out.push(more("AUT", "Decide the authorisation…"));
  if (open && !talk.isHost) out.push(more("EXT", "Ask for more…"));
  out.push(more("TXT", `Text to ${partner}…`));
  if (said && talk.dialogue?.state.closed_by.includes(talk.us) !== true) out.push(more("CLS", "Close our side…"));
  if (open && talk.isHost) out.push({ code: "CEASE", verb: "Cease…", weight: "stop" });
  return out;
}

/** Codes that stay possible once this side is closed. */
const STAYS: ReadonlySet<string> = new Set(["TXT", "CEASE"]);

function blocked(picture: Picture, talk: Talk, code: Say): string | null {
  const state = talk.dialogue?.state, right = rightOf(code), partner = plain(talk.partner, 12);
  if (!may(picture.me?.role, right)) return `for ${forWhom(right)}`;
  if (code === "CLS" && guests(picture, talk.operation, talk.host).length > 0) return "a unit is still there";
  if (state === undefined) return null;
  if (code === "ABR" && state.unreceipted.some((one) => one.code === "ABR")) return "it is being taken back";
  const waits = pending(state), moves = !["EYE", "REL", "CEASE", "AUT", "EXT", "TXT", "CLS", "ABR"].includes(code);
  if (moves && waits !== null) return `${partner} has not confirmed ${waits.code} yet`;
  if (moves && (state.withdrawing !== null || state.unreceipted.some((one) => one.code === "ABR"))) return "what is taken back must be read first";
  if (code === "CDN" && state.counters >= COUNTERS_MOST) return "countered three times: speak by telephone";
  return null;
}

export function offers(picture: Picture, talk: Talk): Offer[] {
  const open = talk.operation.closed === null, closed = talk.dialogue?.state.closed_by ?? [];
  const ours = closed.includes(talk.us) && closed.length < 2;
  const all = [...(open && !ours ? ofPhase(picture, talk) : []), ...always(picture, talk)];
  // An order to stop keeps its place whatever was closed.
  return all.filter((one) => !ours || STAYS.has(one.code)).map((one) => ({ ...one, blocked: blocked(picture, talk, one.code) }));
}

/** The one act that is first now, where there is one that this person can do. */
export const firstOffer = (picture: Picture, talk: Talk): Offer | null => offers(picture, talk).find((one) => one.weight === "main" && one.blocked === null) ?? null;
