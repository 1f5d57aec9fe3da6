/** The link to a room in another service: how it is cut, and what that leaves in force. */

import type { Operation, RoomLink } from "./names";
import type { Picture } from "./picture";
import { millis } from "./time";

/** A link that is cut. */
export interface CutLink {
  readonly partner: string;
  /** Since when (ms). */
  readonly since: number;
  /** What of it is cut, in words. */
  readonly words: string;
  /** The open operations that both rooms take part in. */
  readonly operations: readonly Operation[];
}

function cutWords(cut: NonNullable<RoomLink["cut"]>): string {
  if (cut.hears === cut.is_heard) return "not heard";
  return cut.hears ? "heard, but does not hear us" : "hears us, but is not heard";
}

export function cutLinks(picture: Picture): CutLink[] {
  return picture.links.flatMap(({ partner, cut }) => {
    if (cut === null) return [];
    const operations = [...picture.operations.values()].filter((operation) => operation.closed === null && (operation.room === partner || operation.host_rooms.includes(partner)));
    return [{ partner, since: millis(cut.since), words: cutWords(cut), operations }];
  });
}

/** By which way the two rooms agreed to speak when nothing else works; empty when they did not. */
export function agreedVoice(operation: Operation, partner: string): string {
  return operation.dialogues.find((dialogue) => dialogue.state.partner === partner)?.state.agreed?.terms.voice ?? "";
}
