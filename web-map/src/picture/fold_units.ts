/** What each kind of event does to one unit. */

import type { CrossingBrief, Event, EventOf, Position, Unit } from "./names";
import { CROSSINGS_KEPT, TAIL_MS, TAIL_POINTS } from "./picture";
import { millis } from "./time";

type Folds = { readonly [K in Event["kind"]]?: (unit: Unit, event: EventOf<K>) => Unit };

/** The unit after a position came: a place older than the one shown changes nothing. */
export function takePosition(unit: Unit, position: Position): Unit {
  const at = millis(position.fixed_at);
  if (unit.position !== null && at < millis(unit.position.fixed_at)) return unit;
  const tail = [...unit.tail, [position.lon, position.lat, at] as [number, number, number]].filter((point) => at - point[2] <= TAIL_MS);
  return { ...unit, position, tail: tail.slice(-TAIL_POINTS) };
}

/** A unit as its card says; a card that changed keeps what is known of the unit's way. */
export function unitFrom(event: EventOf<"unit.added">, known: Unit | undefined): Unit {
  const card = { id: event.unit, callsign: event.callsign, kind: event.unit_kind, state: event.state, room: event.room, marks: event.marks };
  if (known !== undefined) return { ...known, ...card, retired: false };
  return {
    ...card, retired: false, on_duty: true, position: null, located: null, crossings: [], suspected: null, law: null, tail: [],
    silence: null, approach: null, clock_wrong_s: null, quarantined: {},
  };
}

function brief(event: EventOf<"crossing.suspected" | "crossing.confirmed" | "crossing.revised">): CrossingBrief {
  return { id: event.crossing, from: event.from, to: event.to, point: event.point, earliest: event.earliest, likely: event.likely, latest: event.latest, inferred: event.inferred };
}

function withCrossings(unit: Unit, crossings: CrossingBrief[]): Unit {
  const sorted = [...crossings].sort((a, b) => millis(a.likely) - millis(b.likely)).slice(-CROSSINGS_KEPT);
  return { ...unit, crossings: sorted, law: sorted.at(-1)?.to ?? unit.located };
}

const silence = (unit: Unit, event: EventOf<"unit.silent" | "unit.may_have_crossed">): Unit => ({
  ...unit,
  silence: { since: event.since, radius_m: event.radius_m, reach: event.reach, may_have_crossed: event.kind === "unit.may_have_crossed" },
});

/** How many seconds ahead of ours the device's clock was, when the fix kept apart tells it. */
function clockAhead(event: EventOf<"fix.quarantined">): number | null {
  return event.fix === null ? null : (millis(event.fix.fixed_at) - millis(event.at)) / 1000;
}

export const UNIT_FOLDS: Folds = {
  "unit.retired": (unit) => ({ ...unit, retired: true }),
  "unit.signed_on": (unit) => ({ ...unit, on_duty: true }),
  "unit.signed_off": (unit) => ({ ...unit, on_duty: false }),
  "unit.located": (unit, event) => {
    const located = unit.located ?? event.states;
    return { ...unit, located, law: unit.crossings.at(-1)?.to ?? located };
  },
  "unit.back": (unit) => ({ ...unit, silence: null }),
  "unit.left_coverage": (unit) => unit,
  "unit.silent": silence,
  "unit.may_have_crossed": silence,
  "border.approaching": (unit, event) => ({
    ...unit,
    approach: {
      frontier: event.frontier, from: event.from, to: event.to, distance_m: event.distance_m, eta_s: event.eta_s,
      eta_earliest_s: event.eta_earliest_s, eta_latest_s: event.eta_latest_s, point: event.point, at: event.at,
    },
  }),
  "border.receding": (unit) => ({ ...unit, approach: null }),
  "crossing.suspected": (unit, event) => ({ ...unit, suspected: brief(event) }),
  "crossing.confirmed": (unit, event) => {
    const rest = unit.crossings.filter((crossing) => crossing.id !== event.crossing);
    const suspected = unit.suspected?.id === event.crossing ? null : unit.suspected;
    return withCrossings({ ...unit, suspected }, [...rest, brief(event)]);
  },
  "crossing.revised": (unit, event) => {
    if (unit.suspected?.id === event.crossing) return { ...unit, suspected: brief(event) };
    return withCrossings(unit, unit.crossings.map((crossing) => (crossing.id === event.crossing ? brief(event) : crossing)));
  },
  "crossing.retracted": (unit, event) => {
    const suspected = unit.suspected?.id === event.crossing ? null : unit.suspected;
    return withCrossings({ ...unit, suspected }, unit.crossings.filter((crossing) => crossing.id !== event.crossing));
  },
  "fix.quarantined": (unit, event) => ({
    ...unit,
    quarantined: { ...unit.quarantined, [event.reason]: (unit.quarantined[event.reason] ?? 0) + 1 },
    clock_wrong_s: event.reason === "fixed_at_in_future" ? clockAhead(event) : unit.clock_wrong_s,
  }),
};
