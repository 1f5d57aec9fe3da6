/** Says to the service, once, that the words of an alarm were on this screen before somebody who may take it. */

import { asks, inOrder } from "../picture/alarms";
import type { Alarm } from "../picture/names";
import type { Picture } from "../picture/picture";
import { may } from "../picture/rights";

/** Several screens show an alarm in the same moment: each waits up to this long, and then mostly finds that another one has told it. */
const SPREAD_MS = 1500;

/** The alarms whose words are on the screen: all of them with the list open, else the first that asks for a person. */
export function shown(picture: Picture, now: number, listed: boolean): Alarm[] {
  const alarms = inOrder(picture, now).filter((alarm) => asks(alarm, now));
  return listed ? alarms : alarms.slice(0, 1);
}

export class Annunciator {
  /** When each alarm that is on this screen is told; infinite once it was. */
  private readonly due = new Map<string, number>();
  constructor(private readonly tell: (id: string) => Promise<{ readonly ok: boolean }>, private readonly chance: () => number = Math.random) {}

  /** Looks at what is on the screen now; `steady` is the time of a clock that never goes back. */
  look(picture: Picture, on: readonly Alarm[], steady: number): void {
    const standing = new Set(picture.alarms.map((alarm) => alarm.id));
    for (const id of this.due.keys()) if (!standing.has(id)) this.due.delete(id);
    if (!may(picture.me?.role, "alarm")) return;
    for (const { id, annunciated } of on) {
      if (annunciated !== null) { this.due.delete(id); continue; }
      const due = this.due.get(id);
      if (due === undefined) this.due.set(id, steady + this.chance() * SPREAD_MS);
      else if (due <= steady) {
        this.due.set(id, Infinity);
        // What could not be told is told by the next look after a while.
        void this.tell(id).then((answer) => { if (!answer.ok && this.due.get(id) === Infinity) this.due.set(id, steady + 10 * SPREAD_MS); });
      }
    }
  }
}
