/** What one room knows now: a snapshot, and everything folded into it since. Plain values, never changed in place. */

import type { Alarm, Event, Operation, Reached, Room, RoomLink, Snapshot, Unit } from "./names";

/** How many events the picture keeps for the event list; a snapshot carries the newest 200. */
export const EVENTS_KEPT = 2_000;
/** How many of them a snapshot carries. */
export const EVENTS_IN_SNAPSHOT = 200;
/** How long a tail may be, in time and in points. */
export const TAIL_MS = 30 * 60 * 1000;
export const TAIL_POINTS = 360;
/** How many confirmed crossings of one unit are kept, the newest. */
export const CROSSINGS_KEPT = 20;

export interface Picture {
  readonly seq: number;
  /** The service's time of the last message folded in, as sent. */
  readonly at: string;
  /** When the service that gave the snapshot was started. */
  readonly startedAt: string;
  readonly room: Room;
  readonly me: Snapshot["me"];
  readonly mode: Snapshot["mode"];
  readonly borderSet: string;
  /** What operations opened now rest on. */
  readonly restsOn: Snapshot["rests_on"];
  readonly rooms: readonly Room[];
  /** Whom notices reach by mail or webhook, beside the rooms. */
  readonly reached: readonly Reached[];
  /** The links to rooms in other services. */
  readonly links: readonly RoomLink[];
  readonly units: ReadonlyMap<string, Unit>;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly alarms: readonly Alarm[];
  /** Oldest first. */
  readonly recent: readonly Event[];
  /** Kinds of events this page does not know, and how many came: they change nothing here, and are not lost on the way. */
  readonly unknownKinds: ReadonlyMap<string, number>;
}

/** The picture a snapshot holds. */
export function fromSnapshot(snapshot: Snapshot): Picture {
  return {
    seq: snapshot.seq,
    at: snapshot.at,
    startedAt: snapshot.started_at,
    room: snapshot.room,
    me: snapshot.me,
    mode: snapshot.mode,
    borderSet: snapshot.border_set,
    restsOn: snapshot.rests_on,
    rooms: snapshot.rooms,
    reached: snapshot.reached ?? [],
    links: snapshot.links ?? [],
    units: new Map(snapshot.units.map((unit) => [unit.id, unit])),
    operations: new Map(snapshot.operations.map((operation) => [operation.id, operation])),
    alarms: snapshot.alarms,
    recent: snapshot.recent,
    unknownKinds: new Map(),
  };
}

/** The snapshot this picture would come from: everything by id, the newest events only. */
export function toSnapshot(picture: Picture): Snapshot {
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  return {
    seq: picture.seq,
    at: picture.at,
    started_at: picture.startedAt,
    room: picture.room,
    me: picture.me,
    mode: picture.mode,
    border_set: picture.borderSet,
    rests_on: picture.restsOn,
    rooms: [...picture.rooms].sort(byId),
    ...(picture.reached.length === 0 ? {} : { reached: [...picture.reached] }),
    ...(picture.links.length === 0 ? {} : { links: [...picture.links].sort((a, b) => (a.partner < b.partner ? -1 : 1)) }),
    units: [...picture.units.values()].sort(byId),
    operations: [...picture.operations.values()].sort(byId),
    alarms: [...picture.alarms].sort((a, b) => (a.raised_at < b.raised_at ? -1 : a.raised_at > b.raised_at ? 1 : byId(a, b))),
    recent: picture.recent.slice(-EVENTS_IN_SNAPSHOT),
  };
}
