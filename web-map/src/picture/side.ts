/** Which side a unit stands on. A side is a role in an operation, never a flag. */

import type { Operation, Unit } from "./names";
import type { Picture } from "./picture";

/** `req` and `host` of an operation; `own` and `partner` for units in none. */
export type Side = "req" | "host" | "own" | "partner";

/** Square frames stand for the requesting side and for our own units, round ones for the host and the partner. */
export const isSquare = (side: Side): boolean => side === "req" || side === "own";

/** Open operations, the oldest first. */
export function openOperations(picture: Picture): Operation[] {
  return [...picture.operations.values()]
    .filter((operation) => operation.closed === null)
    .sort((a, b) => (a.opened_at < b.opened_at ? -1 : a.opened_at > b.opened_at ? 1 : a.id < b.id ? -1 : 1));
}

function roleIn(operation: Operation, unit: Unit): Side | null {
  if (operation.units.includes(unit.id)) return unit.state === operation.requesting_state ? "req" : "host";
  return operation.host_rooms.includes(unit.room) ? "host" : null;
}

/** The operation the unit is part of: the one in focus when it is in that, else the first open one. */
export function operationOf(picture: Picture, unit: Unit, focus: Operation | null): Operation | null {
  if (focus !== null && roleIn(focus, unit) !== null) return focus;
  return openOperations(picture).find((operation) => operation.units.includes(unit.id)) ?? null;
}

/** The unit's side, seen from the operation in focus. */
export function sideOf(picture: Picture, unit: Unit, focus: Operation | null): Side {
  const operation = operationOf(picture, unit, focus);
  const role = operation === null ? null : roleIn(operation, unit);
  return role ?? (unit.room === picture.room.id ? "own" : "partner");
}

/** The side a room takes in an operation. */
export function sideOfRoom(operation: Operation, room: string): Side {
  if (room === operation.room) return "req";
  return operation.host_rooms.includes(room) ? "host" : "partner";
}

/** The two states an operator reads the time of: the room's own, and the other side of the operation in focus. */
export function operationStates(picture: Picture, focus: Operation | null): string[] {
  const operation = focus ?? openOperations(picture)[0] ?? null;
  const partner = picture.rooms.filter((room) => room.id !== picture.room.id).map((room) => room.state);
  const others = operation === null ? partner.slice(0, 1) : [operation.requesting_state, ...operation.host_states];
  return [...new Set([picture.room.state, ...others])].slice(0, 3);
}
