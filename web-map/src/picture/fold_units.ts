/** What each kind of event does to one unit. */

import type { CrossingBrief, Event, EventOf, Position, Unit } from "./names";
import { CROSSINGS_KEPT, TAIL_MS, TAIL_POINTS } from "./picture";
import { millis } from "./time";

type Folds = { readonly [K in Event["kind"]]?: (unit: Unit, event: EventOf<K>) => Unit };
type TailPoint = Unit["tail"][number];

/** The unit after a position came: a late one fills the tail and never moves the unit back. */
export function takePosition(unit: Unit, position: Position): Unit {
  const older = unit.position !== null && position.fixed_at < unit.position.fixed_at;
  return { ...unit, position: older ? unit.position : position, tail: lengthened(unit.tail, position) };
}

/** The tail with a point where it belongs in time; a second one of the same moment changes nothing. */
function lengthened(tail: readonly TailPoint[], position: Position): TailPoint[] {
  const at = millis(position.fixed_at);
  let place = tail.length;
  while (place > 0 && (tail[place - 1]?.[2] ?? 0) >= at) place -= 1;
  if (tail[place]?.[2] === at) return tail as TailPoint[];
  const longer = [...tail.slice(0, place), [position.lon, position.lat, at] as TailPoint, ...tail.slice(place)];
  const newest = longer.at(-1)?.[2] ?? at;
  const firstKept = longer.findIndex((point) => point[2] >= newest - TAIL_MS);
  const from = Math.max(firstKept, longer.length - TAIL_POINTS, 0);
  return from === 0 ? longer : longer.slice(from);
}

/** A unit as its card says; a card that changed keeps what is known of the unit's way. */
export function unitFrom(event: EventOf<"unit.added">, known: Unit | undefined): Unit {
  const card = { id: event.unit, callsign: event.callsign, kind: event.unit_kind, state: event.state, room: event.room, marks: event.marks };
  if (known !== undefined) return { ...known, ...card, retired: false };
  return {
    ...card, retired: false, on_duty: true, position: null, located: null, crossings: [], suspected: null, law: null, stray: null, tail: [],
    silence: null, approach: null, clock_wrong_s: null, quarantined: {},
  };
}

function brief(event: EventOf<"crossing.suspected" | "crossing.confirmed" | "crossing.revised">): CrossingBrief {
  return { id: event.crossing, from: event.from, to: event.to, point: event.point, earliest: event.earliest, likely: event.likely, latest: event.latest, inferred: event.inferred };
}

/** The unit with its law: the state last entered, or the first known one. */
const withLaw = (unit: Unit): Unit => ({ ...unit, law: unit.crossings.at(-1)?.to ?? unit.located });
const settled = (unit: Unit, crossing: string): CrossingBrief | null => (unit.suspected?.id === crossing ? null : unit.suspected);
const others = (unit: Unit, crossing: string): CrossingBrief[] => unit.crossings.filter((one) => one.id !== crossing);

function confirmed(unit: Unit, event: EventOf<"crossing.confirmed" | "crossing.revised">): Unit {
  const crossings = [...others(unit, event.crossing), brief(event)].sort((a, b) => (a.likely < b.likely ? -1 : a.likely > b.likely ? 1 : 0));
  return withLaw({ ...unit, suspected: settled(unit, event.crossing), crossings: crossings.slice(-CROSSINGS_KEPT), approach: null });
}

const silence = (unit: Unit, event: EventOf<"unit.silent" | "unit.may_have_crossed">): Unit => ({
  ...unit,
  silence: { since: event.since, radius_m: event.radius_m, reach: event.reach, may_have_crossed: event.kind === "unit.may_have_crossed" },
});

function quarantined(unit: Unit, event: EventOf<"fix.quarantined">): Unit {
  const counted = { ...unit.quarantined, [event.reason]: (unit.quarantined[event.reason] ?? 0) + 1 };
  const ahead = event.reason === "fixed_at_in_future" && event.fix !== null ? (millis(event.fix.fixed_at) - millis(event.at)) / 1000 : unit.clock_wrong_s;
  return { ...unit, quarantined: counted, clock_wrong_s: ahead };
}

/** What the law says of a unit while it is abroad in no operation. */
export function withStray(unit: Unit, event: EventOf<"law.assessed">): Unit {
  const stray = event.operation === null && event.findings.length > 0
    ? { at: event.at, unit: event.unit, crossing: event.crossing, verdict: event.verdict, findings: event.findings, duties: event.duties }
    : null;
  return { ...unit, stray };
}

export const UNIT_FOLDS: Folds = {
  "unit.retired": (unit) => ({ ...unit, retired: true }),
  "unit.signed_on": (unit) => ({ ...unit, on_duty: true }),
  "unit.signed_off": (unit) => ({ ...unit, on_duty: false }),
  "unit.located": (unit, event) => withLaw({ ...unit, located: unit.located ?? event.states }),
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
  "crossing.confirmed": confirmed,
  "crossing.revised": confirmed,
  "crossing.retracted": (unit, event) => withLaw({ ...unit, suspected: settled(unit, event.crossing), crossings: others(unit, event.crossing) }),
  "fix.quarantined": quarantined,
};
