/** Clocks as they are read: what is left, of what, and how near the end. A clock that does not apply has no face. */

import type { Clock, Operation } from "./names";
import { duration, millis } from "./time";

export interface ClockFace {
  readonly clock: Clock;
  /** `7:21`, past the end `−0:14`. */
  readonly figure: string;
  /** `left of 5 h`, `over 5 h`. */
  readonly whole: string;
  /** How much is spent, 0 to 1. */
  readonly spent: number;
  readonly level: "plain" | "near" | "over";
}

const WARN_AT = 0.8;

/** A whole as it is said: `5 h`, `15 min`, else `1:02:03`. */
function span(seconds: number): string {
  if (seconds > 0 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds > 0 && seconds < 3600 && seconds % 60 === 0 ? `${seconds / 60} min` : duration(seconds);
}

function face(clock: Clock, now: number): ClockFace {
  const starts = millis(clock.starts), ends = millis(clock.ends);
  const whole = (ends - starts) / 1000, left = (ends - now) / 1000;
  const spent = whole > 0 ? Math.min(1, Math.max(0, (now - starts) / (ends - starts))) : 1;
  const over = clock.status === "expired" || left <= 0;
  return {
    clock, spent: over ? 1 : spent,
    // Cut downwards: what is shown as left is left.
    figure: over && left > 0 ? "ended" : duration(over ? Math.ceil(left) : Math.floor(left)),
    whole: over && left > 0 ? `of ${span(whole)}` : `${over ? "over" : "left of"} ${span(whole)}`,
    level: over ? "over" : spent > WARN_AT ? "near" : "plain",
  };
}

/** The faces of the clocks that apply, the one against a person (consent) first, then the one that ends first. */
export function clockFaces(operation: Operation, now: number): ClockFace[] {
  const rank = (clock: Clock): number => (clock.clock === "consent" ? 0 : 1);
  return operation.clocks
    .filter((clock) => clock.status !== "stopped")
    .sort((a, b) => rank(a) - rank(b) || millis(a.ends) - millis(b.ends))
    .map((clock) => face(clock, now));
}
