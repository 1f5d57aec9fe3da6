// @ts-check
/**
 * The picture of a room before anything happened, as the service would send it: checked against the types of the wire, so
 * that the script cannot fall behind the page.
 * @param {import("../src/wire.gen").RoomWire} room
 * @param {string} at
 * @returns {import("../src/wire.gen").Snapshot}
 */
export function blank(room, at) {
  return {
    seq: 0, at, started_at: at, room, me: null, mode: { exercise: true, name: "NAGYLAK-27", rate: 1 }, border_set: "2026e", rests_on: { rules: null, profiles: [] },
    rooms: [], units: [], operations: [], alarms: [], recent: [],
  };
}
