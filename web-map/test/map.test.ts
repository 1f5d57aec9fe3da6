import { describe, expect, it, vi } from "vitest";
import { Frontier, pieceFor } from "../src/map/frontier";
import { ahead, metresPerPixel } from "../src/map/geo";
import { type Box, type Held, MUST, type Wanted, place, placeNotes } from "../src/map/placement";
import { sceneOf } from "../src/map/scene";
import { parseColour } from "../src/map/theme";
import { readArea } from "../src/picture/airspace";
import { FIRST_VIEW } from "../src/picture/view";
import { T0, at, crossing, operation, picture, position, unit } from "./make";

const SIZE = { width: 1200, height: 800, taken: [] };
const want = (id: string, x: number, y: number, priority: number): Wanted => ({ id, x, y, w: 150, h: 56, w1: 120, h1: 24, priority, course: 90 });
const meet = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe("label places", () => {
  const crowd = Array.from({ length: 40 }, (_, i) => want(`u${i}`, 500 + (i % 8) * 22, 380 + Math.floor(i / 8) * 20, i < 6 ? MUST : 0));
  it("never lie over one another when they matter, and are all there", () => {
    const placed = place(crowd, SIZE, 0, new Map());
    const must = placed.filter((one) => Number(one.id.slice(1)) < 6);
    expect(must).toHaveLength(6);
    expect(must.every((one) => !one.short)).toBe(true);
    for (const a of must) for (const b of placed) if (a.id !== b.id) expect(meet(a.box, b.box)).toBe(false);
  });
  it("notes keep off symbols, off each other, and off the way that was driven", () => {
    const note = { id: "x", x: 600, y: 400, w: 120, h: 18 };
    const symbols = [{ x: 610, y: 400, w: 24, h: 24 }], way = Array.from({ length: 20 }, (_, i) => ({ x: 470 + i * 6, y: 415 }));
    const [one, other] = placeNotes([note, { ...note, id: "y" }], SIZE, symbols, way) as [Box, Box];
    for (const box of [one, other]) {
      expect(symbols.some((symbol) => meet(box, symbol))).toBe(false);
      expect(way.some((point) => point.x > box.x && point.x < box.x + box.w && point.y > box.y && point.y < box.y + box.h)).toBe(false);
    }
    expect(meet(one, other)).toBe(false);
  });
  it("keep off the panes on the map", () => {
    const pane = { x: 0, y: 0, w: 600, h: 800 };
    const [one] = place([want("a", 620, 400, MUST)], { ...SIZE, taken: [pane] }, 0, new Map());
    expect(one !== undefined && meet(one.box, pane)).toBe(false);
  });
  it("move at most once in two seconds", () => {
    const held = new Map<string, Held>();
    const first = place([want("a", 600, 400, MUST)], SIZE, 0, held)[0];
    const rival = want("b", (first?.box.x ?? 0) + 75, (first?.box.y ?? 0) + 28, MUST + 1);
    const then = place([want("a", 600, 400, MUST), rival], SIZE, 1000, held), [kept, moved] = [then.find((one) => one.id === "a"), then.find((one) => one.id === "b")];
    expect(kept?.slot).toBe(first?.slot);
    expect(kept !== undefined && moved !== undefined && meet(kept.box, moved.box)).toBe(false);
    const later = place([want("a", 600, 400, MUST), rival], SIZE, 4000, held);
    const [a, b] = [later.find((one) => one.id === "a"), later.find((one) => one.id === "b")];
    expect(a !== undefined && b !== undefined && meet(a.box, b.box)).toBe(false);
  });
  it("that stay move on when their units bring them one over the other", () => {
    const held = new Map<string, Held>();
    place([want("a", 400, 400, MUST), want("b", 900, 400, MUST)], SIZE, 0, held);
    const [a, b] = place([want("a", 600, 400, MUST), want("b", 610, 405, MUST)], SIZE, 500, held);
    expect([a?.id, b?.id]).toEqual(["a", "b"]);
    expect(a !== undefined && b !== undefined && meet(a.box, b.box)).toBe(false);
  });
  it("are not made for what is off the screen", () => expect(place([want("a", -400, 10, MUST)], SIZE, 0, new Map())).toEqual([]));
});

describe("the scene", () => {
  const sight = (more: Partial<Parameters<typeof sceneOf>[0]> = {}): Parameters<typeof sceneOf>[0] => ({ crossingPoints: [], picture: picture(), view: { ...FIRST_VIEW, operation: "op1" }, now: T0, frozen: false, metresPerPixel: 5, ...more });
  it("draws a fresh car of the requesting side square, filled, turned to its course, with its next 20 s", () => {
    const scene = sceneOf(sight());
    expect(scene.units).toMatchObject([{ square: true, tone: "req", mark: "vehicle-full", turn: 104, hollow: false }]);
    expect(scene.segments.filter((segment) => segment.tone === "req")).toHaveLength(1);
  });
  it("draws a stale one hollow and without a way ahead", () => {
    const scene = sceneOf(sight({ now: T0 + 20_000 }));
    expect(scene.units).toMatchObject([{ mark: "vehicle-hollow", hollow: true }]);
    expect(scene.segments).toHaveLength(0);
  });
  it("draws nothing as live while the picture is frozen", () => {
    const scene = sceneOf(sight({ frozen: true }));
    expect(scene.units.every((one) => one.hollow)).toBe(true);
    expect(scene.segments).toHaveLength(0);
  });
  it("draws the accuracy only when it is larger than the frame", () => {
    expect(sceneOf(sight()).discs).toHaveLength(0);
    expect(sceneOf(sight({ metresPerPixel: 0.5 })).discs).toHaveLength(1);
  });
  it("hides a filtered kind and counts it, but never a unit of an open operation", () => {
    const other = unit({ id: "hu-7", callsign: "HU-7" });
    const view = { ...FIRST_VIEW, operation: "op1", hiddenKinds: new Set(["vehicle"]) };
    const scene = sceneOf(sight({ view, picture: picture({ units: [unit(), other] }) }));
    expect(scene.units.map((one) => one.id)).toEqual(["hu-1"]);
    expect(scene.hidden).toBe(1);
  });
  it("shows a suspected crossing as suspected and a confirmed one with its time", () => {
    const suspected = sceneOf(sight({ picture: picture({ units: [unit({ suspected: crossing() })] }) }));
    expect(suspected.notes).toMatchObject([{ strong: "suspected", sure: false }]);
    const confirmed = sceneOf(sight({ picture: picture({ units: [unit({ crossings: [crossing()], law: "RO" })] }) }));
    expect(confirmed.notes).toMatchObject([{ strong: "HU to RO", rest: "11:33:18Z", sure: true }]);
  });
  it("draws a crossing point as two bars with its name, dimmed unless somebody is on the way there", () => {
    const points = [{ name: "COP-1 Nagylak", frontier: "HU-RO", point: [20.7168, 46.1725] as [number, number], line_deg: 0, origin: "exercise", source: "test" }];
    const idle = sceneOf(sight({ crossingPoints: points, picture: picture({ units: [] }) }));
    expect(idle.segments.map((one) => one.strength)).toEqual([0.45, 0.45]);
    // Along the line, which runs north there.
    expect(idle.segments.every((one) => Math.abs(one.from[0] - one.to[0]) < 1e-9 && Math.abs(one.from[1] - one.to[1]) > 1e-4)).toBe(true);
    expect(idle.notes).toMatchObject([{ strong: "COP-1 Nagylak", rest: "", sure: false }]);
    const approach = { frontier: "HU-RO", from: "HU", to: "RO", distance_m: 900, eta_s: 60, eta_earliest_s: 40, eta_latest_s: 90, point: [20.71, 46.17] as [number, number], at: at(0), crossings: [{ name: "COP-1 Nagylak", point: [20.7168, 46.1725] as [number, number], probability: 0.78, eta_s: 61 }] };
    const near = picture({ units: [unit({ approach })] });
    const wanted = sceneOf(sight({ crossingPoints: points, picture: near }));
    expect(wanted.notes.find((note) => note.id === "pCOP-1 Nagylak")).toMatchObject({ rest: "0.78", sure: true });
    const later = sceneOf(sight({ crossingPoints: points, picture: near, now: T0 + 120_000 }));
    expect(later.notes.find((note) => note.id === "pCOP-1 Nagylak")).toMatchObject({ rest: "", sure: false });
    expect(sceneOf(sight({ crossingPoints: points, picture: picture({ units: [] }), metresPerPixel: 400 })).segments).toHaveLength(0);
  });
  it("draws where a host lets a drone fly, by its document and while that holds", () => {
    const area: [number, number][] = [[20.70, 46.15], [20.75, 46.15], [20.72, 46.20]];
    const document = { number: "RO-D-7", from: at(-60), to: at(60), conditions: "", state: "RO", drone: { area, altitude_max_m: 250 } };
    const scene = (authorisation: NonNullable<ReturnType<typeof operation>["authorisation"]>, more: Parameters<typeof sight>[0] = {}): ReturnType<typeof sceneOf> => sceneOf(sight({ picture: picture({ units: [], operations: [operation({ authorisation })] }), ...more }));
    expect(scene(document).segments.length).toBeGreaterThan(30);
    expect(scene(document).notes).toMatchObject([{ strong: "drone RO-D-7", rest: "up to 250 m above the ellipsoid", at: [20.72, 46.20] }]);
    const { drone: _, ...silent } = document;
    for (const none of [scene(silent), scene(document, { now: T0 + 61_000 }), scene(document, { frozen: true }), scene({ ...document, drone: { area: null, altitude_max_m: 250 } })]) expect([none.segments, none.notes]).toEqual([[], []]);
  });
  it("reads an area as it is typed, or not at all", () => {
    expect(readArea("46.15 20.70\n46.15, 20.75\n\n46.20;20.72 ")).toEqual([[20.70, 46.15], [20.75, 46.15], [20.72, 46.20]]);
    for (const wrong of ["", "46.15 20.70\n46.15 20.75", "46.15 20.70\nhere\n46.20 20.72", "96 20\n46 20\n46 21", "46 20 1\n46 20\n46 21"]) expect(readArea(wrong)).toBeNull();
  });
  it("does not draw units off duty or never placed", () => {
    const units = [unit({ on_duty: false }), unit({ id: "b", position: null }), unit({ id: "c", retired: true })];
    expect(sceneOf(sight({ picture: picture({ units }) })).units).toHaveLength(0);
  });
  it("folds an operation into one label far out", () => {
    const sighting = { seen_at: at(0), lat: 46.16, lon: 20.7, accuracy_m: 40, source: "unit", by_unit: "hu-1", course_deg: 90, speed_mps: 20, states: "HU", certainty: "inside", frontier: null, distance_m: null };
    const far = sceneOf(sight({ metresPerPixel: 400, picture: picture({ operations: [operation({ sighting })], units: [unit({ position: position() })] }) }));
    expect(far.tags.map((tag) => tag.label.name)).toEqual(["NAGYLAK-27"]);
  });
});

describe("the frontier", () => {
  const view = { west: 20.6, south: 46.1, east: 20.9, north: 46.3 };
  const lines = { type: "FeatureCollection", features: [] };
  it("is asked for in pieces of a grid, and never twice for the same", async () => {
    const asked = vi.fn((_: string) => Promise.resolve(new Response(JSON.stringify(lines))));
    vi.stubGlobal("fetch", asked);
    const shown: unknown[] = [], frontier = new Frontier((piece) => shown.push(piece));
    await frontier.need(view);
    await frontier.need({ ...view, west: 20.7 });
    expect(asked).toHaveBeenCalledTimes(1);
    expect(asked.mock.calls[0]?.[0]).toBe("api/v1/frontiers?bbox=20.5,46,21,46.5");
    expect(shown).toEqual([lines, lines]);
    vi.unstubAllGlobals();
  });
  it("is not here for a view beyond the pieces fetched", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(lines))));
    const frontier = new Frontier(() => undefined);
    expect(frontier.has(view)).toBe(false);
    await frontier.need(view);
    expect(frontier.has({ ...view, west: 20.7 })).toBe(true);
    expect(frontier.has({ ...view, east: 21.2 })).toBe(false);
    vi.unstubAllGlobals();
  });
  it("is said to be missing when the service does not give it", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("no", { status: 503 })));
    const shown: unknown[] = [];
    await new Frontier((piece) => shown.push(piece)).need(view);
    expect(shown).toEqual([null]);
    vi.unstubAllGlobals();
  });
  it("that comes when it is no longer wanted is not shown", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(lines))));
    const shown: unknown[] = [], frontier = new Frontier((piece) => shown.push(piece));
    const asked = frontier.need(view);
    frontier.drop();
    await asked;
    expect(shown).toEqual([]);
    vi.unstubAllGlobals();
  });
  it("covers the view it is asked for", () => expect(pieceFor(view)).toEqual({ west: 20.5, south: 46, east: 21, north: 46.5 }));
});

describe("drawing", () => {
  it.each([["#1E2328", [30, 35, 40, 255]], ["#171b1ff2", [23, 27, 31, 242]], ["#fff", [255, 255, 255, 255]], ["rgba(23,27,31,.95)", [23, 27, 31, 242]]])("reads the colour %s", (text, bytes) => {
    expect(parseColour(text)).toEqual(bytes);
  });
  it("goes ahead on a course", () => {
    const [lon, lat] = ahead([20, 46], 90, 1000);
    expect(lat).toBeCloseTo(46, 5);
    expect((lon - 20) * 111_195 * Math.cos((46 * Math.PI) / 180)).toBeCloseTo(1000, 0);
  });
  it("knows the metres of a pixel", () => expect(metresPerPixel(0, 0)).toBeCloseTo(78_271.5, 0));
});
