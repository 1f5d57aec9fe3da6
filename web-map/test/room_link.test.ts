import { describe, expect, it } from "vitest";
import type { Event } from "../src/picture/names";
import { type Picture, fromSnapshot, toSnapshot } from "../src/picture/picture";
import { reduce } from "../src/picture/reduce";
import { agreedVoice, cutLinks } from "../src/picture/room_link";
import { told } from "../src/text/events";
import { T0, at, event, operation, picture } from "./make";

const fold = (from: Picture, ...events: Event[]): Picture => reduce(from, { prev: from.seq, seq: from.seq + events.length, at: at(1), positions: [], events });
const lost = (seq: number, more: { hears?: boolean; is_heard?: boolean } = {}): Event => event(seq, { kind: "link.lost", partner: "ARD", since: at(-7), hears: false, is_heard: false, ...more });
const restored = (seq: number): Event => event(seq, { kind: "link.restored", partner: "ARD" });

describe("a link to a room in another service", () => {
  it("is not shown before anything was told of it, and without one nothing is written of links", () => {
    expect(cutLinks(picture())).toEqual([]);
    expect("links" in toSnapshot(picture())).toBe(false);
  });
  it("that is lost names since when, which way, and the open operations of both rooms", () => {
    const before = picture({ operations: [operation(), operation({ id: "op2", closed: { at: at(0), by: { account: "b", room: "BUD" }, reason: "", outcome: null } }), operation({ id: "op3", host_rooms: ["SZG"] })] });
    const [cut, ...more] = cutLinks(fold(before, lost(11)));
    expect(more).toEqual([]);
    expect(cut).toMatchObject({ partner: "ARD", since: T0 - 7_000, words: "not heard" });
    expect(cut?.operations.map((one) => one.id)).toEqual(["op1"]);
  });
  it("that is cut one way says which", () => {
    const words = (hears: boolean, is_heard: boolean): string | undefined => cutLinks(fold(picture(), lost(11, { hears, is_heard })))[0]?.words;
    expect(words(true, false)).toBe("heard, but does not hear us");
    expect(words(false, true)).toBe("hears us, but is not heard");
  });
  it("is whole again when that is told, and the page ends where a snapshot would", () => {
    const after = fold(picture(), lost(11), restored(12));
    expect(cutLinks(after)).toEqual([]);
    expect(toSnapshot(after).links).toEqual([{ partner: "ARD", cut: null }]);
    expect(fromSnapshot(toSnapshot(after)).links).toEqual(after.links);
  });
  it("has the way by which the rooms agreed to speak, where they agreed on one", () => {
    expect(agreedVoice(operation(), "ARD")).toBe("");
  });
  it("is told in plain words, also what is missing for good", () => {
    const line = (one: Event): string => told(one, picture()).words;
    expect(line(lost(11))).toBe("Link to ARD lost since 11:33:13Z: it is not heard");
    expect(line(restored(12))).toBe("Link to ARD whole again");
    expect(line(event(13, { kind: "link.missing", partner: "ARD", told_here: true, from: 3, through: 4, said: 2 }))).toContain("this room was set back");
    expect(line(event(14, { kind: "link.clock_differs", partner: "ARD", by_ms: -700 }))).toBe("The clock of ARD is behind by 700 ms");
    expect(line(event(15, { kind: "link.refused", partner: "ARD", guard: "key", sentence: "It is no key." }))).toBe("Refused in the name of ARD: It is no key.");
  });
});
