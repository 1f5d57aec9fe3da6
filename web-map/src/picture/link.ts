/** The state of the line to the service, as it is shown: always with figures. */

/** No word for this long, in real time, and the picture is frozen. Heartbeats come every second. */
export const FROZEN_AFTER_MS = 2_500;

export interface Link {
  /** `starting` before the first snapshot, `live`, or `lost` while the socket is being rebuilt. */
  readonly phase: "starting" | "live" | "lost" | "logged_out";
  /** When the service was last heard, on the page's steady clock; `null` before. */
  readonly heard: number | null;
  /** The service's time (ms) of the last message heard. */
  readonly pictureAt: number | null;
  /** Attempts since the socket was lost. */
  readonly attempt: number;
  /** Positions are being conflated because this viewer is slow; until the next message. */
  readonly lagging: boolean;
  /** Whether the service records: `failing` means nothing new can be kept. */
  readonly recording: "ok" | "failing";
  /** What the service said when it ended the socket. */
  readonly reason: string | null;
}

export const STARTING: Link = { phase: "starting", heard: null, pictureAt: null, attempt: 0, lagging: false, recording: "ok", reason: null };

/** How long nothing was heard, in real seconds. */
export function silence(link: Link, steady: number): number | null {
  return link.heard === null ? null : Math.max(0, (steady - link.heard) / 1000);
}

/** Whether the picture may no longer look live. */
export function isFrozen(link: Link, steady: number): boolean {
  return link.heard !== null && steady - link.heard > FROZEN_AFTER_MS;
}
