/** Operations as strips in bays: where each one stands, and the one next act with who owes it. */

import { endsTheStay } from "./fold_operations";
import { type Next, mainTalk, nextOfTalk, phaseWord, standingCeases } from "./handover";
import type { Assessment, Notice, Operation, Unit } from "./names";
import type { Picture } from "./picture";
import { millis } from "./time";
import { abroad, approachedStates, enteredStates } from "./whereabouts";

export type Bay = "coming" | "mine" | "leaving" | "watching";
export const BAYS: readonly Bay[] = ["coming", "mine", "leaving", "watching"];

/** How far the operation has come, in one word for its strip. */
export interface Standing { readonly word: string; readonly bay: Bay }

/** Whether an assessment is about where the unit is now: of its last crossing, while that has it abroad. */
function stillHolds(unit: Unit, assessment: Assessment): boolean {
  const last = unit.crossings.at(-1);
  return unit.law !== null && unit.law !== unit.state && (assessment.crossing === null || last?.id === assessment.crossing);
}

/** A standing order of the law to stop, and whom it is about; `null` is the whole operation. */
export interface Stop { readonly unit: string | null; readonly because: string; readonly since: number }

const failing = (assessment: Assessment): string => assessment.findings.find((finding) => finding.answer !== "met" && finding.warns !== true)?.sentence ?? "An obstacle was found.";

/** Why an operation must stop now: a clock is over while a unit is abroad, or a unit is beyond its limit or abroad against the law's answer. */
export function stops(picture: Picture, operation: Operation): Stop[] {
  if (operation.closed !== null) return [];
  const out = abroad(picture, operation);
  const over = operation.clocks.find((clock) => clock.status === "expired" && endsTheStay(clock));
  const found: Stop[] = [];
  if (over !== undefined && out.length > 0) found.push({ unit: null, because: operation.must_stop ?? over.because ?? "A clock is over: stop and return.", since: millis(over.ends) });
  for (const limit of operation.limits) {
    if (limit.percent >= 100 && out.some((one) => one.id === limit.unit)) found.push({ unit: limit.unit, because: limit.sentence, since: millis(limit.at) });
  }
  for (const assessment of operation.assessments) {
    const unit = out.find((one) => one.id === assessment.unit);
    if (unit === undefined || assessment.verdict !== "stop" || !stillHolds(unit, assessment)) continue;
    found.push({ unit: unit.id, because: failing(assessment), since: millis(assessment.at) });
  }
  return found;
}

/** Why a unit that is abroad without an operation must stop. */
export function stopOf(unit: Unit): Stop | null {
  const assessment = unit.stray;
  if (assessment === null || assessment.verdict !== "stop" || !unit.on_duty || unit.retired || !stillHolds(unit, assessment)) return null;
  return { unit: unit.id, because: failing(assessment), since: millis(assessment.at) };
}

const open = (notice: Notice): boolean => !["seen", "voice", "answered"].includes(notice.status) && notice.status !== "withdrawn";

/** Who leads and where units are decide the bay; from the notice on the phase of the handover is the word. */
export function standing(picture: Picture, operation: Operation, now: number): Standing {
  const entered = enteredStates(picture, operation), ahead = approachedStates(picture, operation, now), talk = mainTalk(picture, operation);
  const bay = bayOf(picture, operation, entered.length > 0 || ahead.length > 0);
  if (operation.closed !== null) return { bay, word: "CLOSED" };
  if (standingCeases(picture, operation).length > 0) return { bay, word: "CEASE" };
  if (stops(picture, operation).length > 0) return { bay, word: "MUST STOP" };
  if (talk !== null && talk.phase !== "idle") return { bay, word: phaseWord(talk.phase) };
  if (entered.length > 0) return { bay, word: `IN ${entered.join(" ")}` };
  if (ahead.length > 0) return { bay, word: `NEARS ${ahead.join(" ")}` };
  return { bay, word: `IN ${operation.requesting_state}` };
}

function bayOf(picture: Picture, operation: Operation, atTheLine: boolean): Bay {
  const us = picture.room.id, ours = operation.room === us, talk = mainTalk(picture, operation);
  if (operation.closed !== null) return "watching";
  const passed = talk !== null && (talk.phase === "joint" || talk.phase === "released");
  const givingAway = talk !== null && !passed && talk.phase !== "idle" && talk.giver === us;
  if (operation.lead === us) return givingAway || (ours && !passed && (atTheLine || operation.notices.some(open))) ? "leaving" : "mine";
  // The other room leads: our own units still there are ours to bring home.
  if (ours) return talk?.phase === "joint" ? "leaving" : "watching";
  return operation.host_rooms.includes(us) && !passed ? "coming" : "watching";
}

const NOUN: Readonly<Record<string, string>> = { notice_of_crossing: "crossing notice", request: "request for assistance", report: "report" };

/** What a notice is called in a sentence. */
export const noticeNoun = (duty: string): string => NOUN[duty] ?? duty;

/** Whether a room is known to this service: to one that is not, nothing can be sent. */
export const isRoomHere = (picture: Picture, room: string): boolean => picture.rooms.some((one) => one.id === room);

/** Whether a notice can be sent: to a room of this service, or by mail or webhook to that room or its state. */
export const canBeSent = (picture: Picture, notice: Notice): boolean =>
  isRoomHere(picture, notice.to) || picture.reached.some((one) => one.to === notice.to || one.to === notice.fields?.host_state);

function nextOfNotice(picture: Picture, operation: Operation, notice: Notice): Next | null {
  const owed = notice.owed_since === null ? null : millis(notice.owed_since);
  const noun = noticeNoun(notice.duty);
  if (owed !== null && notice.sent_at === null && open(notice) && !canBeSent(picture, notice)) return { room: operation.room, act: `call ${notice.to}: ${noun}`, since: owed, weight: "owed" };
  switch (notice.status) {
    case "owed":
    case "draft":
      return { room: operation.room, act: owed === null ? `complete ${noun}` : `complete and send ${noun}`, since: owed, weight: owed === null ? "none" : "owed" };
    case "ready":
      return { room: operation.room, act: owed === null ? `${noun} is ready` : `send ${noun}`, since: owed, weight: owed === null ? "none" : "owed" };
    case "failed":
      return { room: operation.room, act: `call ${notice.to}: ${noun} not delivered`, since: notice.failed_at === null ? owed : millis(notice.failed_at), weight: "owed" };
    case "sent":
    case "delivered":
      // Where no room is here nobody can say that it was read: a call does.
      if (!isRoomHere(picture, notice.to)) return { room: operation.room, act: notice.status === "sent" ? `${noun} on its way` : `call ${notice.to}: ${noun} read?`, since: notice.sent_at === null ? owed : millis(notice.sent_at), weight: notice.status === "sent" ? "none" : "owed" };
      return { room: notice.to, act: `read ${noun}`, since: notice.sent_at === null ? owed : millis(notice.sent_at), weight: "owed" };
    default:
      return null;
  }
}

const RANK: Readonly<Record<string, number>> = { notice_of_crossing: 0, request: 1, report: 2 };

/** The one next act of an operation: what stops first, then what the law asks at the line, then the handover. */
export function next(picture: Picture, operation: Operation): Next {
  if (operation.closed !== null) return { room: "", act: "nothing due, closed", since: null, weight: "none" };
  const talk = mainTalk(picture, operation), said = talk === null ? null : nextOfTalk(picture, talk);
  if (said?.weight === "stop") return said;
  if (stops(picture, operation).length > 0) return { room: operation.room, act: "stop and confirm", since: null, weight: "stop" };
  const due = [...operation.notices]
    .sort((a, b) => (RANK[a.duty] ?? 9) - (RANK[b.duty] ?? 9))
    .map((notice) => ({ duty: notice.duty, item: nextOfNotice(picture, operation, notice) }))
    .filter((one): one is { duty: string; item: Next } => one.item !== null);
  const owed = due.filter((one) => one.item.weight === "owed");
  const crossing = owed.find((one) => one.duty === "notice_of_crossing")?.item, first = said?.weight === "owed" ? said : undefined;
  return crossing ?? first ?? owed[0]?.item ?? said ?? due[0]?.item ?? { room: operation.room, act: "nothing due", since: null, weight: "none" };
}

/** The strips of a bay, the oldest operation first; closed ones leave an hour after they closed. */
export function inBay(picture: Picture, bay: Bay, now: number): Operation[] {
  return [...picture.operations.values()]
    .filter((operation) => standing(picture, operation, now).bay === bay)
    .filter((operation) => operation.closed === null || now - millis(operation.closed.at) < 3_600_000)
    .sort((a, b) => (a.opened_at < b.opened_at ? -1 : 1));
}

/** The partner rooms of an operation, as seen from this room. */
export function partners(picture: Picture, operation: Operation): string[] {
  const others = operation.room === picture.room.id ? operation.host_rooms : [operation.room];
  return others.length > 0 ? others : operation.host_states;
}
