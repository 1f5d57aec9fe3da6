/** The state of the line to the service, as it is shown: always with figures. */

/** A picture older than this, in real time, is frozen. Heartbeats come every second. */
export const FROZEN_AFTER_MS = 2_500;

export interface Link {
  /** `starting` before the first snapshot, `live`, or `lost` while the socket is being rebuilt. */
  readonly phase: "starting" | "live" | "lost" | "logged_out";
  /** When the service was last heard, on the page's steady clock; `null` before. */
  readonly heard: number | null;
  /** How long what was last heard had been on its way, ms of real time. */
  readonly late: number;
  /** The service's time (ms) of the last message heard. */
  readonly pictureAt: number | null;
  /** Records still to come before the picture is the service's own again. */
  readonly behind: number;
  /** Attempts since the socket was lost. */
  readonly attempt: number;
  /** Positions are being conflated because this viewer is slow; until the next message. */
  readonly lagging: boolean;
  /** Whether the service records: `failing` means nothing new can be kept. */
  readonly recording: "ok" | "failing";
  /** What the service said when it ended the socket. */
  readonly reason: string | null;
}

export const STARTING: Link = { phase: "starting", heard: null, late: 0, pictureAt: null, behind: 0, attempt: 0, lagging: false, recording: "ok", reason: null };

/** How old the picture is, in real seconds: how long nothing was heard, and how late that came. */
export function pictureAge(link: Link, steady: number): number | null {
  return link.heard === null ? null : Math.max(0, steady - link.heard + link.late) / 1000;
}

/** Why the picture is not the present one: nothing is heard, it comes late, or older records are still coming. */
export type NotLive = "silent" | "late" | "catching_up";

export function notLive(link: Link, steady: number): NotLive | null {
  if (link.heard === null) return null;
  const silent = steady - link.heard;
  if (silent + link.late > FROZEN_AFTER_MS) return silent >= link.late ? "silent" : "late";
  return link.behind > 0 ? "catching_up" : null;
}

/** Whether the picture may no longer look live. */
export const isFrozen = (link: Link, steady: number): boolean => notLive(link, steady) !== null;
