import { describe, expect, it } from "vitest";
import { callOf, mayBeSpoken, numbersFor } from "../src/panel/notice_call";
import { T0, notice, operation } from "./make";

const fields = { operation: "op1", name: "N", basis: "40(2)", requesting_state: "HU", host_state: "RO", offence: "x", person_category: "suspect", authorisation: null, grounds: null, crossings: [], amends: null, missing: [] };
const entered = (of: Readonly<Record<string, string>>) => (name: string): string => of[name] ?? "";

describe("a notice given by telephone", () => {
  it("is written down with whom, under which number and when, to the second", () => {
    const call = { name: "Sgt Pop", number: "+40 257 1", at: "11:33:05" };
    expect(callOf(entered(call), T0)).toEqual({ ...call, at: "2027-03-16T11:33:05.000Z" });
    expect(callOf(entered({ ...call, reference: "27/118" }), T0)).toMatchObject({ reference: "27/118" });
    expect(callOf(entered({ ...call, at: "noon" }), T0)).toBeNull();
  });
  it("can be until somebody has read it, and is the sender's to write down", () => {
    const may = (more: Parameters<typeof notice>[0], room = "BUD"): boolean => mayBeSpoken(notice({ fields, ...more }), operation(), room);
    expect(["draft", "ready", "sent", "delivered"].every((status) => may({ status }))).toBe(true);
    expect(["owed", "seen", "voice", "withdrawn"].some((status) => may({ status }))).toBe(false);
    expect(may({}, "ARD")).toBe(false);
    expect(may({ fields: null })).toBe(false);
  });
  it("is helped by the numbers agreed with that host, never by our own", () => {
    const number = (pair: string, room: string): { pair: string; room: string; desk: string; number: string; checked_on: string } => ({ pair, room, desk: "duty officer", number: "+40 1", checked_on: "2027-01-10" });
    const all = [number("HU-RO", "ARD"), number("HU-RO", "CLJ"), number("HU-RO", "BUD"), number("HU-SK", "ARD")];
    const rooms = (to: string, of = all): string[] => numbersFor(of, notice({ to, fields }), "BUD").map((one) => `${one.pair} ${one.room}`);
    expect(rooms("ARD")).toEqual(["HU-RO ARD"]);
    expect(rooms("RO")).toEqual(["HU-RO ARD", "HU-RO CLJ"]);
    expect(numbersFor(all, notice({ fields: null }), "BUD")).toEqual([]);
  });
});
