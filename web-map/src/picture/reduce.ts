/** Folding a bulletin into the picture: one small function for each kind of event. The service folds the same way. */

import { ALARM_FOLDS } from "./fold_alarms";
import { OPERATION_FOLDS, operationFrom } from "./fold_operations";
import { UNIT_FOLDS, takePosition, unitFrom, withStray } from "./fold_units";
import type { Alarm, Bulletin, Event, Operation, Position, Room, RoomLink, Unit } from "./names";
import { EVENTS_KEPT, type Picture } from "./picture";

interface Draft { readonly room: string; units: Map<string, Unit>; operations: Map<string, Operation>; rooms: readonly Room[]; links: readonly RoomLink[]; restsOn: Picture["restsOn"]; alarms: readonly Alarm[]; unknown: Map<string, number> }

/** Kinds that are listed and change nothing else. */
const LISTED_ONLY: ReadonlySet<string> = new Set<Event["kind"]>([
  "access.viewed", "access.exported", "access.session", "order.taken", "order.refused", "clock.jumped", "clock.warned", "disk.room",
  "link.sent", "link.confirmed", "link.taken", "link.missing", "link.refused", "link.head", "link.clock_differs",
  "unit.acted", "unit.device", "fix.released",
]);

/** The picture after a bulletin. The caller has checked that `bulletin.prev` is `picture.seq`. */
export function reduce(picture: Picture, bulletin: Bulletin): Picture {
  const draft: Draft = {
    room: picture.room.id, units: new Map(picture.units), operations: new Map(picture.operations), rooms: picture.rooms, links: picture.links, restsOn: picture.restsOn, alarms: picture.alarms, unknown: new Map(picture.unknownKinds),
  };
  for (const event of bulletin.events) fold(draft, event);
  for (const position of bulletin.positions) place(draft, position);
  const recent = bulletin.events.length === 0 ? picture.recent : [...picture.recent, ...bulletin.events].slice(-EVENTS_KEPT);
  return {
    ...picture, seq: bulletin.seq, at: bulletin.at, rooms: draft.rooms, links: draft.links, restsOn: draft.restsOn, units: draft.units, operations: draft.operations, alarms: draft.alarms,
    unknownKinds: draft.unknown, recent,
  };
}

function place(draft: Draft, position: Position): void {
  const unit = draft.units.get(position.unit);
  if (unit !== undefined) draft.units.set(unit.id, takePosition(unit, position));
}

function fold(draft: Draft, event: Event): void {
  if (event.kind === "room.added") {
    draft.rooms = [...draft.rooms.filter((room) => room.id !== event.id), { id: event.id, state: event.state }];
  } else if (event.kind === "link.lost") {
    foldLink(draft, { partner: event.partner, cut: { partner: event.partner, since: event.since, hears: event.hears, is_heard: event.is_heard } });
  } else if (event.kind === "link.restored") {
    foldLink(draft, { partner: event.partner, cut: null });
  } else if (event.kind === "unit.added") {
    draft.units.set(event.unit, unitFrom(event, draft.units.get(event.unit)));
  } else if (event.kind === "operation.opened") {
    const restsOn = event.card.room === draft.room ? draft.restsOn : null;
    if (!draft.operations.has(event.operation)) draft.operations.set(event.operation, operationFrom(event, restsOn));
  } else if (event.kind === "rules.adopted") {
    adoptRules(draft, { version: event.version, digest: event.digest });
  } else if (event.kind === "profile.adopted") {
    draft.restsOn = { ...draft.restsOn, profiles: event.profiles };
  } else if (event.kind === "law.assessed") {
    const unit = event.unit === null ? undefined : draft.units.get(event.unit);
    if (unit !== undefined) draft.units.set(unit.id, withStray(unit, event));
    foldOperation(draft, event);
  } else if (!foldAlarm(draft, event) && !foldUnit(draft, event) && !foldOperation(draft, event) && !LISTED_ONLY.has(event.kind)) {
    draft.unknown.set(event.kind, (draft.unknown.get(event.kind) ?? 0) + 1);
  }
}

function foldLink(draft: Draft, link: RoomLink): void {
  draft.links = [...draft.links.filter((one) => one.partner !== link.partner), link];
}

/** Operations from before versions were recorded rest on the first rules that were. */
function adoptRules(draft: Draft, rules: NonNullable<Picture["restsOn"]["rules"]>): void {
  if (draft.restsOn.rules === null) {
    for (const operation of draft.operations.values()) {
      if (operation.rests_on?.rules === null) draft.operations.set(operation.id, { ...operation, rests_on: { ...operation.rests_on, rules } });
    }
  }
  draft.restsOn = { ...draft.restsOn, rules };
}

function foldAlarm(draft: Draft, event: Event): boolean {
  const step = ALARM_FOLDS[event.kind];
  if (step === undefined) return false;
  draft.alarms = step(draft.alarms, event as never);
  return true;
}

function foldUnit(draft: Draft, event: Event): boolean {
  const step = UNIT_FOLDS[event.kind];
  if (step === undefined) return false;
  const unit = "unit" in event && event.unit !== null ? draft.units.get(event.unit) : undefined;
  if (unit !== undefined) draft.units.set(unit.id, step(unit, event as never));
  return true;
}

function foldOperation(draft: Draft, event: Event): boolean {
  const step = OPERATION_FOLDS[event.kind];
  if (step === undefined) return false;
  const operation = "operation" in event && event.operation !== null ? draft.operations.get(event.operation) : undefined;
  if (operation !== undefined) draft.operations.set(operation.id, step(operation, event as never));
  if (event.kind === "operation.changed" || event.kind === "operation.closed") forgetGuests(draft);
  return true;
}

/** Sharing ends by itself: a partner's unit that no open operation shows leaves the map. */
function forgetGuests(draft: Draft): void {
  const shown = new Set([...draft.operations.values()].filter((operation) => operation.closed === null).flatMap((operation) => operation.units));
  for (const unit of draft.units.values()) if (unit.room !== draft.room && !shown.has(unit.id)) draft.units.delete(unit.id);
}
