import { describe, expect, it } from "vitest";
import { answerOf, mayBeAnswered } from "../src/panel/notice_answer";
import { callOf, mayBeRead, mayBeSpoken, numbersFor } from "../src/panel/notice_call";
import { steps } from "../src/panel/notices";
import { deadLetters } from "../src/picture/dead_letters";
import { T0, notice, operation, picture } from "./make";

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

describe("what a host says back", () => {
  it("is an answer with a name, a time and words, once the host has the notice", () => {
    const answer = { name: "Cpt Radu", answer: "no", words: "Stay on your side." };
    expect(answerOf(entered({ ...answer, at: "11:33:05" }), T0)).toEqual({ ...answer, answered_at: "2027-03-16T11:33:05.000Z" });
    expect(answerOf(entered({ ...answer, at: "soon" }), T0)).toBeNull();
    const may = (status: string, room = "BUD"): boolean => mayBeAnswered(notice({ status }), operation(), room);
    expect(["delivered", "seen", "voice", "answered"].every((status) => may(status))).toBe(true);
    expect(["owed", "draft", "ready", "sent", "failed", "withdrawn"].some((status) => may(status))).toBe(false);
    expect(may("seen", "ARD")).toBe(false);
  });
  it("is that a mail was read only where it was sent by one and the host has no room here", () => {
    const may = (to: string, status = "delivered", channels = ["email"]): boolean => mayBeRead(notice({ to, status, channels }), operation(), picture());
    expect(may("SK")).toBe(true);
    expect(may("ARD")).toBe(false);
    expect(may("SK", "delivered", [])).toBe(false);
    expect(may("SK", "seen")).toBe(false);
  });
  it("comes last on the way of a notice, also where nobody said that it was read", () => {
    const call = { by: { account: "kovacs", room: "BUD" }, name: "Pop", number: "112", at: "2027-03-16T11:33:05.000Z", reference: null };
    expect(steps(notice({ status: "answered", sent_at: "2027-03-16T11:33:00.000Z" })).join(" ")).toBe("draft ready sent delivered answered");
    expect(steps(notice({ status: "answered", sent_at: null, voice: call })).join(" ")).toBe("draft ready voice answered");
  });
});

describe("a dead letter", () => {
  const failed = { at: "2027-03-16T11:34:00.000Z", channel: "email", number: 6, address: "a@b.example", delivered: false, said: "550 no such user", next_at: null };
  it("is a channel that had its last attempt, until the notice is sent again", () => {
    const of = (more: Parameters<typeof notice>[0]): number => deadLetters(notice({ channels: ["email", "webhook"], attempts: [failed], ...more })).length;
    expect(deadLetters(notice({ channels: ["email"], attempts: [failed] }))).toEqual([{ channel: "email", address: "a@b.example", attempts: 6, because: "550 no such user", since: failed.at }]);
    expect(of({ sent_again_at: "2027-03-16T11:35:00.000Z" })).toBe(0);
    expect(of({ attempts: [{ ...failed, next_at: "2027-03-16T11:34:04.000Z" }] })).toBe(0);
    expect(of({ attempts: [failed, { ...failed, number: 7, delivered: true }] })).toBe(0);
  });
});
