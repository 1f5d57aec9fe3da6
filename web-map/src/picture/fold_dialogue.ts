/** What each event of a dialogue does to an operation: the same as the service's `live/picture/dialogue`. */

import type { Dialogue, Event, EventOf, Heard, Operation, Recall } from "./names";

type Folds = { readonly [K in Event["kind"]]?: (operation: Operation, event: EventOf<K>) => Operation };

/** Every kind that tells a message. */
export type SaidKind = Extract<Event["kind"], `handover.${string}`>;
export type SaidEvent = EventOf<SaidKind>;

/** Machines' receipts are noted on what they confirm or refuse, and are no messages of the history. */
const OF_MACHINES: ReadonlySet<string> = new Set(["LAM", "LRM"]);

/** What a message says of an earlier one. */
function answered(earlier: Heard, { message, direction, at }: SaidEvent): Heard {
  const { code } = message;
  let after = earlier;
  if (code === "LRM") after = { ...after, unfit: message.words ?? null };
  if (code === "ACK") after = { ...after, read_by: message.by, read_at: at };
  // What answers a message has it.
  return direction === "received" && code !== "LRM" && after.receipted_at === null ? { ...after, receipted_at: at } : after;
}

function heard(dialogue: Dialogue, event: SaidEvent): Dialogue {
  const { message } = event;
  const place = message.reply_to === null ? -1 : dialogue.messages.map((one) => one.message.id).lastIndexOf(message.reply_to);
  const earlier = dialogue.messages.map((one, i) => (i === place ? answered(one, event) : one));
  const messages = OF_MACHINES.has(message.code) ? earlier : [...earlier, {
    direction: event.direction, at: event.at, message, digest: event.envelope.digest, receipted_at: null, unfit: null, read_by: null, read_at: null,
  }];
  return { state: event.state, messages };
}

/** A message was sent, or has come. */
function said(operation: Operation, event: SaidEvent): Operation {
  const known = operation.dialogues.some((one) => one.state.partner === event.partner);
  const dialogues = known ? operation.dialogues : [...operation.dialogues, { state: event.state, messages: [] }];
  return { ...operation, dialogues: dialogues.map((one) => (one.state.partner === event.partner ? heard(one, event) : one)) };
}

/** Two rooms tell that the lead passed, and one of them perhaps late. */
function leadMoved(operation: Operation, { lead }: EventOf<"lead.moved">): Operation {
  return lead.epoch > operation.epoch ? { ...operation, lead: lead.room, epoch: lead.epoch, lead_since: lead.since } : operation;
}

/** Units are told to turn. */
function recalled(operation: Operation, event: EventOf<"cease.ordered" | "release.ordered">): Operation {
  const recall: Recall = {
    kind: event.kind === "cease.ordered" ? "cease" : "release", room: event.room, message: event.message, by: event.by, at: event.at, words: event.words,
    read_by: null, read_at: null, units: event.units.map((unit) => ({ unit, wilco_at: null })),
  };
  return { ...operation, recalls: [...operation.recalls, recall] };
}

/** A person has read that, or a unit said that it will. */
function recallAnswered(operation: Operation, event: EventOf<"cease.acknowledged" | "release.acknowledged">): Operation {
  const place = operation.recalls.findIndex((one) => one.message === event.message);
  const after = (recall: Recall): Recall => ({
    ...recall,
    ...(event.by !== null && recall.read_by === null ? { read_by: event.by, read_at: event.at } : {}),
    units: recall.units.map((one) => (one.unit === event.unit ? { ...one, wilco_at: event.at } : one)),
  });
  return { ...operation, recalls: operation.recalls.map((recall, i) => (i === place ? after(recall) : recall)) };
}

const undisputed = (operation: Operation, partner: string): NonNullable<Operation["disputes"]> => (operation.disputes ?? []).filter((one) => one.partner !== partner);

export const DIALOGUE_FOLDS: Folds = {
  "handover.ntf": said, "handover.aut": said, "handover.pro": said, "handover.rvn": said, "handover.rvr": said, "handover.sby": said, "handover.cdn": said,
  "handover.acp": said, "handover.rjc": said, "handover.abr": said, "handover.hop": said, "handover.rof": said, "handover.mas": said, "handover.eye": said,
  "handover.rel": said, "handover.cease": said, "handover.ext": said, "handover.cls": said, "handover.ack": said, "handover.txt": said, "handover.lam": said,
  "handover.lrm": said, "handover.xng": said, "handover.rqa": said,
  "lead.moved": leadMoved,
  "lead.disputed": (operation, event) => ({ ...operation, disputes: [...undisputed(operation, event.partner), { partner: event.partner, room: event.room, epoch: event.epoch, since: event.at }] }),
  "lead.settled": (operation, event) => {
    const { disputes: _, ...rest } = operation, left = undisputed(operation, event.partner);
    return left.length === 0 ? rest : { ...rest, disputes: left };
  },
  "eyes.taken": (operation, event) => ({ ...operation, eyes_taken_by: event.unit }),
  "cease.ordered": recalled,
  "cease.acknowledged": recallAnswered,
  "release.ordered": recalled,
  "release.acknowledged": recallAnswered,
};
