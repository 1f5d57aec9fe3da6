/** What each kind of event does to one unit. */

import type { CrossingBrief, Event, EventOf, Position, Unit } from "./names";
import { CROSSINGS_KEPT, TAIL_MS, TAIL_POINTS } from "./picture";
import { millis } from "./time";

type Folds = { readonly [K in Event["kind"]]?: (unit: Unit, event: EventOf<K>) => Unit };
type TailPoint = Unit["tail"][number];

/** The unit after a position came: a late one fills the tail and never moves the unit back. */
export function takePosition(unit: Unit, position: Position): Unit {
  const older = unit.position !== null && position.fixed_at < unit.position.fixed_at;
  return { ...unit, position: older ? unit.position : position, tail: lengthened(unit.tail, position), clock_wrong: outdone(unit.clock_wrong, position) };
}

/** A fix arrived whose time can be right: a place that came before it with a wrong time is outdone. */
const outdone = (wrong: Unit["clock_wrong"], by: Position | null): Unit["clock_wrong"] => (wrong !== null && by !== null && wrong.received_at <= by.received_at ? null : wrong);

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
    ...card, retired: false, on_duty: true, duty_at: null, position: null, located: null, located_at: null, crossings: [], suspected: null, law: null, stray: null,
    tail: [], silence: null, approach: null, stand_off: null, camera: null, sealed: null, clock_wrong: null, quarantined: {},
  };
}

function brief(event: EventOf<"crossing.suspected" | "crossing.confirmed" | "crossing.revised">): CrossingBrief {
  return { id: event.crossing, from: event.from, to: event.to, point: event.point, earliest: event.earliest, likely: event.likely, latest: event.latest, inferred: event.inferred };
}

/** The unit with its law: the state last entered, or a first known place that is later than that. */
function withLaw(unit: Unit): Unit {
  const last = unit.crossings.at(-1);
  const placedSince = last === undefined || (unit.located_at !== null && last.likely < unit.located_at);
  return { ...unit, law: placedSince ? unit.located : last.to };
}
const settled = (unit: Unit, crossing: string): CrossingBrief | null => (unit.suspected?.id === crossing ? null : unit.suspected);
const others = (unit: Unit, crossing: string): CrossingBrief[] => unit.crossings.filter((one) => one.id !== crossing);

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A crossing as confirmed or revised: it stands among the others by its likely time. */
function crossed(unit: Unit, event: EventOf<"crossing.confirmed" | "crossing.revised">): Unit {
  const crossings = [...others(unit, event.crossing), brief(event)].sort((a, b) => order(a.likely, b.likely) || order(a.latest, b.latest));
  return withLaw({ ...unit, suspected: settled(unit, event.crossing), crossings: crossings.slice(-CROSSINGS_KEPT) });
}

/** A sign-on or sign-off. Acts arrive late too: the newest by its own time counts, and at one moment the sign-on. */
function duty(unit: Unit, at: string, on: boolean): Unit {
  const free = { ...unit, approach: null, stand_off: null, camera: null, silence: null };
  if (unit.duty_at !== null && at < unit.duty_at) return free;
  return { ...free, on_duty: on || (unit.duty_at === at && unit.on_duty), duty_at: at };
}

const silence = (unit: Unit, event: EventOf<"unit.silent" | "unit.may_have_crossed">): Unit => ({
  ...unit,
  silence: { since: event.since, radius_m: event.radius_m, reach: event.reach, may_have_crossed: event.kind === "unit.may_have_crossed" },
});

/** A drone that does not keep away from a line. */
function standOff(unit: Unit, event: EventOf<"border.stand_off_broken" | "border.breach_predicted">): Unit {
  const { from, to, distance_m, stand_off_m, over_at, condition, sentence, citation } = event;
  return { ...unit, stand_off: { unit: event.unit, from, to, distance_m, stand_off_m, over_at, condition, sentence, citation } };
}

/** A place whose device time lies ahead of its arrival, unless a better fix has arrived since. */
function clockWrong(unit: Unit, event: EventOf<"fix.quarantined">): Unit["clock_wrong"] {
  const { fix } = event;
  if (fix === null || event.reason !== "fixed_at_in_future") return unit.clock_wrong;
  if (!(Math.abs(fix.lat) <= 90 && Math.abs(fix.lon) <= 180)) return null;
  const wrong = { lat: fix.lat, lon: fix.lon, received_at: event.at, ahead_s: (millis(fix.fixed_at) - millis(event.at)) / 1000 };
  return outdone(wrong, unit.position);
}

function quarantined(unit: Unit, event: EventOf<"fix.quarantined">): Unit {
  const counted = { ...unit.quarantined, [event.reason]: (unit.quarantined[event.reason] ?? 0) + 1 };
  return { ...unit, quarantined: counted, clock_wrong: clockWrong(unit, event) };
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
  "unit.signed_on": (unit, event) => duty(unit, event.at, true),
  "unit.signed_off": (unit, event) => duty(unit, event.at, false),
  "unit.located": (unit, event) => withLaw({ ...unit, located: event.states, located_at: event.at }),
  "unit.back": (unit) => ({ ...unit, silence: null }),
  "unit.left_coverage": (unit) => unit,
  "unit.silent": silence,
  "unit.may_have_crossed": silence,
  "border.approaching": (unit, event) => ({
    ...unit,
    approach: {
      frontier: event.frontier, from: event.from, to: event.to, distance_m: event.distance_m, eta_s: event.eta_s,
      eta_earliest_s: event.eta_earliest_s, eta_latest_s: event.eta_latest_s, point: event.point, at: event.at,
      ...(event.crossings === undefined ? {} : { crossings: event.crossings }),
    },
  }),
  "border.receding": (unit) => ({ ...unit, approach: null }),
  "tracker.sealed": (unit, event) => ({ ...unit, approach: null, silence: null, sealed: { since: event.at, without: event.without } }),
  "tracker.unsealed": (unit) => ({ ...unit, sealed: null }),
  "unit.camera_over": (unit, event) => ({ ...unit, camera: event.states === "-" ? null : { since: event.at, states: event.states } }),
  "border.stand_off_broken": standOff,
  "border.breach_predicted": standOff,
  "border.stand_off_kept": (unit) => ({ ...unit, stand_off: null }),
  "crossing.suspected": (unit, event) => ({ ...unit, suspected: brief(event) }),
  "crossing.confirmed": (unit, event) => ({ ...crossed(unit, event), approach: null, stand_off: null }),
  "crossing.revised": crossed,
  "crossing.retracted": (unit, event) => withLaw({ ...unit, suspected: settled(unit, event.crossing), crossings: others(unit, event.crossing) }),
  "fix.quarantined": quarantined,
};
