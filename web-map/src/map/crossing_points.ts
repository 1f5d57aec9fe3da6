/** The named crossing points: two short bars across the road, with the name; dimmed while nobody is on the way there. */

import { liveApproach } from "../picture/approach";
import { plain } from "../picture/words";
import { ahead } from "./geo";
import type { Scene, Sight } from "./scene";

/** Further out than this the bars would lie over each other, and the names would hide the map. */
const SHOWN_M_PER_PX = 120;
const NAMED_M_PER_PX = 60;
const DIMMED = 0.45;
const HALF_PX = 8;
const GAP_PX = 2.5;
const NAME_MOST = 40;

/** With what probability somebody is on the way there, by name: the greatest of all units drawn here. */
function wanted(sight: Sight): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (sight.frozen) return found;
  for (const unit of sight.picture.units.values()) {
    const approach = unit.clock_wrong === null && !unit.retired ? liveApproach(unit, sight.now) : null;
    for (const one of approach?.crossings ?? []) found.set(one.name, Math.max(found.get(one.name) ?? 0, one.probability));
  }
  return found;
}

export function crossingPoints(scene: Scene, sight: Sight): void {
  if (sight.metresPerPixel > SHOWN_M_PER_PX) return;
  const chances = wanted(sight), half = HALF_PX * sight.metresPerPixel, gap = GAP_PX * sight.metresPerPixel;
  for (const point of sight.crossingPoints) {
    const chance = chances.get(point.name), strength = chance === undefined ? DIMMED : 1;
    for (const offset of [-gap, gap]) {
      const middle = ahead(point.point, point.line_deg + 90, offset);
      scene.segments.push({ from: ahead(middle, point.line_deg, half), to: ahead(middle, point.line_deg, -half), tone: "plain", strength, width: 1.75 });
    }
    if (sight.metresPerPixel > NAMED_M_PER_PX && chance === undefined) continue;
    scene.notes.push({ id: `p${point.name}`, at: point.point, strong: plain(point.name, NAME_MOST), rest: chance === undefined ? "" : chance.toFixed(2), sure: chance !== undefined });
  }
}
