/** Deliveries that failed for good, channel by channel, as the service lists them (`/api/v1/dead-letters`). */

import type { Notice } from "./names";
import { millis } from "./time";

export interface DeadLetter { readonly channel: string; readonly address: string; readonly attempts: number; readonly because: string; readonly since: string }

/** The channels of a notice that had their last attempt, and it was not sent again since. */
export function deadLetters(notice: Notice): DeadLetter[] {
  return notice.channels.flatMap((channel) => {
    const last = notice.attempts.filter((one) => one.channel === channel).at(-1);
    if (last === undefined || last.delivered || last.next_at !== null) return [];
    if (notice.sent_again_at !== null && millis(notice.sent_again_at) >= millis(last.at)) return [];
    return [{ channel, address: last.address, attempts: last.number, because: last.said, since: last.at }];
  });
}
