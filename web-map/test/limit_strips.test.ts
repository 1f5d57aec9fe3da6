import { afterEach, describe, expect, it, vi } from "vitest";
import { LimitStrips, type ShownStrips, edgeLabel, stripBox, wantedStrips } from "../src/map/limit_strips";
import type { Extent, Limit, StripAnswer } from "../src/picture/names";
import { at, citation, operation, picture, unit } from "./make";

const VIEW = { west: 2.8, south: 42.4, east: 3.0, north: 42.5 };
const radius: Extent = { from: "ES", host: "FR", extent: "radius", max_m: 10_000, measured_from: "common_frontier", error_m: 12, sentence: "At most 10 km into FR.", citation };
const unknown: Extent = { ...radius, extent: "not_known", max_m: null, measured_from: null, error_m: null, sentence: "How far ES may go in FR is not known: ask FR.", citation: null };
const answer = (extent: Extent, operation = "op1"): StripAnswer => ({
  type: "FeatureCollection", operation, border_set: "2026e", extents: [extent],
  features: extent.max_m === null ? [] : [{ type: "Feature", properties: { part: "edge", from: "ES", host: "FR", max_m: extent.max_m, unit: null }, geometry: { type: "MultiLineString", coordinates: [[[2.8, 42.5], [2.9, 42.5]]] } }],
});
const limit = (percent: number): Limit => ({ at: at(0), operation: "op1", unit: "hu-1", host: "FR", stage: percent === 0 ? "within" : "near", percent, measured_m: 8_100, accuracy_m: 5, max_m: 10_000, sentence: "8.1 of 10 km", origin: "treaty", stages_origin: "profile", stages_agreed: false, citation });

function service(reply: (path: string) => Response): { asked: string[]; shown: ShownStrips[]; strips: LimitStrips; time: { now: number } } {
  const asked: string[] = [], shown: ShownStrips[] = [], time = { now: 0 };
  vi.stubGlobal("fetch", (path: string) => { asked.push(path); return Promise.resolve(reply(path)); });
  return { asked, shown, strips: new LimitStrips((one) => shown.push(one), () => time.now), time };
}
const says = (body: unknown, status = 200) => (): Response => new Response(JSON.stringify(body), { status });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const one = { operation: "op1", state: "1" };

afterEach(() => vi.unstubAllGlobals());

describe("which strips are drawn", () => {
  it("that of the pursuit in focus, and of each that came near its limit; never of what is no pursuit", () => {
    const pursuit = operation({ basis: "pursuit_flagrante" });
    expect(wantedStrips(picture({ operations: [pursuit] }), "op1").map((it) => it.operation)).toEqual(["op1"]);
    expect(wantedStrips(picture({ operations: [pursuit] }), null)).toEqual([]);
    expect(wantedStrips(picture({ operations: [operation({ ...pursuit, limits: [limit(80)] })] }), null)).toHaveLength(1);
    expect(wantedStrips(picture({ operations: [operation({ ...pursuit, limits: [limit(0)] })] }), null)).toEqual([]);
    expect(wantedStrips(picture({ operations: [operation({ basis: "40(2)" })] }), "op1")).toEqual([]);
    expect(wantedStrips(picture({ operations: [operation({ ...pursuit, closed: { at: at(0), by: { account: "a", room: "BUD" }, reason: "over", outcome: null } })] }), "op1")).toEqual([]);
  });
  it("that of any operation with a drone that does not keep away from a line", () => {
    const standOff = { unit: "hu-1", from: "HU", to: "RO", distance_m: 240, stand_off_m: 300, over_at: null, condition: "carrier_covered", sentence: "Carrier drone: rule not known.", citation };
    const of = (units: Parameters<typeof unit>[0]): number => wantedStrips(picture({ operations: [operation()], units: [unit({ kind: "drone", ...units })] }), null).length;
    expect([of({}), of({ stand_off: standOff })]).toEqual([0, 1]);
  });
  it("is asked anew when a unit enters another state or a person changes the operation", () => {
    const of = (version: number, law: string): string => wantedStrips(picture({ operations: [operation({ basis: "pursuit_flagrante", version })], units: [unit({ law })] }), "op1")[0]?.state ?? "";
    expect(new Set([of(1, "HU"), of(1, "RO"), of(2, "HU")]).size).toBe(3);
  });
});

describe("a strip", () => {
  it("is shown with its width and from where it is measured, on the map and in words", async () => {
    const { asked, shown, strips } = service(says(answer(radius)));
    strips.need(VIEW, 10, [one]);
    await settled();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^api\/v1\/operations\/op1\/strips\?bbox=/);
    expect(shown.at(-1)?.strips.features[0]?.properties).toEqual({ part: "edge", label: "limit 10.0 km from ES-FR" });
    expect(shown.at(-1)?.said).toEqual(["Limit 10.0 km into FR · shortest distance to ES-FR · drawn to 12 m"]);
    strips.need(VIEW, 10, [one]);
    await settled();
    expect(asked).toHaveLength(1);
  });
  it("of a drone is a band with its width", async () => {
    const band: StripAnswer = { ...answer(unknown), extents: [], features: [{ type: "Feature", properties: { part: "stand_off", from: "HU", host: "RO", max_m: 300, unit: "HU-D1" }, geometry: { type: "MultiPolygon", coordinates: [] } }] };
    const { shown, strips } = service(says(band));
    strips.need(VIEW, 10, [one]);
    await settled();
    expect(shown.at(-1)?.strips.features[0]?.properties).toEqual({ part: "stand_off", label: "stand-off 300 m before RO" });
  });
  it("that is not known is said and not drawn", async () => {
    const { shown, strips } = service(says(answer(unknown)));
    strips.need(VIEW, 10, [one]);
    await settled();
    expect(shown.at(-1)).toEqual({ strips: { type: "FeatureCollection", features: [] }, said: ["How far ES may go in FR is not known: ask FR."] });
  });
  it("goes when the service does not give it any more, and is asked for again", async () => {
    let ok = true;
    const { asked, shown, strips, time } = service(() => (ok ? says(answer(radius))() : says({}, 503)()));
    strips.need(VIEW, 10, [one]);
    await settled();
    ok = false;
    strips.need(VIEW, 10, [{ ...one, state: "2" }]);
    expect(shown.at(-1)?.strips.features).toEqual([]);
    await settled();
    expect(shown.at(-1)).toMatchObject({ strips: { features: [] }, said: ["Limit of op1 not available: not drawn"] });
    strips.need(VIEW, 10, [{ ...one, state: "2" }]);
    expect(asked).toHaveLength(2);
    time.now = 6_000;
    strips.need(VIEW, 10, [{ ...one, state: "2" }]);
    expect(asked).toHaveLength(3);
  });
  it("is dropped with all that is on its way when the picture freezes", async () => {
    const { shown, strips } = service(says(answer(radius)));
    strips.need(VIEW, 10, [one]);
    strips.drop();
    await settled();
    expect(shown.every((it) => it.strips.features.length === 0 && it.said.length === 0)).toBe(true);
  });
  it("is never shown where its piece ends within the view, and is asked for more finely nearer in", async () => {
    const { asked, shown, strips } = service(says(answer({ ...radius, error_m: 60 })));
    strips.need(VIEW, 20, [one]);
    await settled();
    strips.need({ ...VIEW, east: 9 }, 20, [one]);
    expect(shown.at(-1)?.strips.features).toEqual([]);
    await settled();
    expect(asked).toHaveLength(2);
    strips.need(VIEW, 5, [one]);
    expect(shown.at(-1)?.strips.features).toHaveLength(1);
    expect(asked).toHaveLength(3);
    await settled();
    // The same box again would be drawn no finer.
    strips.need(VIEW, 1, [one]);
    expect(asked).toHaveLength(3);
  });
  it("of several operations stand beside each other, and one that is no longer wanted goes", async () => {
    const { shown, strips } = service((path) => says(answer(radius, path.includes("op2") ? "op2" : "op1"))());
    strips.need(VIEW, 10, [one, { operation: "op2", state: "1" }]);
    await settled();
    expect(shown.at(-1)?.strips.features).toHaveLength(2);
    strips.need(VIEW, 10, [one]);
    expect(shown.at(-1)?.strips.features).toHaveLength(1);
    strips.need(null, 2_000, [one]);
    expect(shown.at(-1)).toMatchObject({ strips: { features: [] }, said: ["Limits of pursuits are drawn nearer in"] });
  });
  it("is asked for in a box that covers the view, the same for neighbouring views", () => {
    const box = stripBox(VIEW);
    expect(box.west < VIEW.west && box.east > VIEW.east && box.south < VIEW.south && box.north > VIEW.north).toBe(true);
    expect(stripBox({ west: 2.801, south: 42.401, east: 3.001, north: 42.501 })).toEqual(box);
    expect(edgeLabel("RO", "BG", 25_000)).toBe("limit 25.0 km from BG-RO");
  });
});
