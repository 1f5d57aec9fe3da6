/** What two rooms say to each other: the fold, and everything that is read from it. */

import { describe, expect, it } from "vitest";
import { PHASES, type Talk, markOf, mainTalk, nextOfTalk, phaseWord, pressing, seenBy, standingCeases, talkWith, termsBefore, unconfirmed, waiting } from "../src/picture/handover";
import type { Event, Handover, Operation, Said, Terms } from "../src/picture/names";
import { type Say, firstUnread, offers } from "../src/picture/offers";
import type { Picture } from "../src/picture/picture";
import { baseTerms, canEnter, likelyPoints, sidesOf, termsOf, typedOf } from "../src/picture/proposing";
import { reduce } from "../src/picture/reduce";
import { next, standing } from "../src/picture/strips";
import { differences, termText, termsLine, transferText } from "../src/picture/terms";
import { momentNear } from "../src/picture/time";
import { timelineOf } from "../src/picture/timeline";
import { contentOf, saidLine } from "../src/text/dialogue";
import { told } from "../src/text/events";
import { T0, at, crossing, event, notice, operation, picture, snapshot, unit } from "./make";

const terms = (more: Partial<Terms> = {}): Terms => ({
  crossing_points: [{ name: "COP-2 Csanádpalota–Nădlac II", point: [20.7572, 46.22], percent: null }], expected: { earliest: at(-600), likely: at(0), latest: at(600) }, transfer_at_m: 2000,
  takes_eyes: "ro-1", units: ["hu-1", "hu-2"], overlap_m: 10_000, overlap_s: 900, voice: "line 4", ...more,
});
const state = (more: Partial<Handover> = {}): Handover => ({
  partner: "ARD", giver: "BUD", phase: "idle", since: at(-60), notified: null, agreed: null, proposed: null, changes: [], counters: 0, stand_by: null, withdrawing: null, requested: null,
  offered: null, unreceipted: [], closed_by: [], ...more,
});
const message = (code: string, more: Partial<Said> = {}): Said => ({
  schema: 1, id: `${code}-1`, operation: "op1", code, epoch: 1, from: "BUD", to: "ARD", by: { account: "budapest", room: "BUD" }, at: at(0), reply_to: null, number: 1, rules: null, profile: null,
  retention: "operation", delete_at: null, ...more,
});
/** That a message was sent by Budapest, or came from Arad. */
const said = (seq: number, what: Said, after: Partial<Handover> = {}, when = 0): Event => event(seq, {
  kind: `handover.${what.code.toLowerCase()}`, operation: "op1", partner: "ARD", direction: what.from === "BUD" ? "sent" : "received", message: what,
  envelope: { bytes: "", signature: "", key_id: "", digest: `digest of ${what.id}` }, state: state(after),
} as never, when);
const fold = (from: Picture, ...events: Event[]): Picture => reduce(from, { prev: from.seq, seq: from.seq + events.length, at: at(1), positions: [], events });
const op = (from: Picture): Operation => from.operations.get("op1") as Operation;
const proposal = (by: string, more: Partial<NonNullable<Handover["proposed"]>> = {}): NonNullable<Handover["proposed"]> => ({ message: "PRO-1", digest: "d".repeat(64), by, at: at(0), terms: terms(), ...more });
const agreement = { message: "PRO-1", digest: "d".repeat(64), terms: terms(), since: at(0) };
const offer = { message: "HOP-1", epoch: 1, at: at(0) };

/** A picture of that room in which the dialogue stands so. */
const standingAt = (more: Partial<Handover>, room: "BUD" | "ARD" = "BUD", rest: Partial<Operation> = {}, role = "operator"): Picture => picture({
  room: { id: room, state: room === "BUD" ? "HU" : "RO" }, me: { account: room === "BUD" ? "budapest" : "arad", role },
  operations: [operation({ shared_with: ["ARD"], dialogues: [{ state: state({ partner: room === "BUD" ? "ARD" : "BUD", ...more }), messages: [] }], ...rest })],
});
const talkOf = (from: Picture): Talk => mainTalk(from, op(from)) as Talk;
const codes = (from: Picture): Say[] => offers(from, talkOf(from)).filter((one) => one.blocked === null).map((one) => one.code);
const abroadUnit = unit({ law: "RO", located: "HU", crossings: [crossing()] });

describe("what is said", () => {
  it("begins a dialogue with its first message, and keeps the newest state", () => {
    const after = fold(picture(), said(11, message("NTF", { terms: terms() }), { phase: "idle" }), said(12, message("PRO", { terms: terms() }), { phase: "notified" }));
    expect(op(after).dialogues).toHaveLength(1);
    expect(op(after).dialogues[0]?.state.phase).toBe("notified");
    expect(op(after).dialogues[0]?.messages.map((one) => one.message.code)).toEqual(["NTF", "PRO"]);
    expect([...after.unknownKinds]).toEqual([]);
  });
  it("is confirmed by the other machine's receipt, which is no message of the history", () => {
    const after = fold(picture(), said(11, message("PRO")), said(12, message("LAM", { from: "ARD", to: "BUD", by: null, reply_to: "PRO-1" }), { phase: "proposed" }, 1));
    expect(op(after).dialogues[0]?.messages).toMatchObject([{ direction: "sent", receipted_at: at(1), digest: "digest of PRO-1" }]);
  });
  it("is confirmed by an answer that overtakes the receipt, once", () => {
    const after = fold(picture(), said(11, message("PRO")), said(12, message("SBY", { from: "ARD", to: "BUD", reply_to: "PRO-1" }), {}, 3), said(13, message("LAM", { from: "ARD", to: "BUD", reply_to: "PRO-1" }), {}, 5));
    expect(op(after).dialogues[0]?.messages.map((one) => one.receipted_at)).toEqual([at(3), null]);
  });
  it("is not confirmed by our own answer, nor by a refusal, whose sentence stays", () => {
    const theirs = fold(picture(), said(11, message("PRO", { from: "ARD", to: "BUD" })), said(12, message("ACP", { reply_to: "PRO-1" })));
    expect(op(theirs).dialogues[0]?.messages[0]?.receipted_at).toBeNull();
    const refused = fold(picture(), said(11, message("MAS")), said(12, message("LRM", { from: "ARD", to: "BUD", by: null, reply_to: "MAS-1", reason: "stale_epoch", words: "That is not the offer that stands." })));
    expect(op(refused).dialogues[0]?.messages).toMatchObject([{ receipted_at: null, unfit: "That is not the offer that stands." }]);
  });
  it("is read by a named person", () => {
    const by = { account: "arad", room: "ARD" };
    const after = fold(picture(), said(11, message("TXT", { words: "hello" })), said(12, message("ACK", { from: "ARD", to: "BUD", by, reply_to: "TXT-1" }), {}, 4));
    expect(op(after).dialogues[0]?.messages[0]).toMatchObject({ read_by: by, read_at: at(4), receipted_at: at(4) });
  });
  it("of the newest message of an id answers that one", () => {
    const twice = fold(picture(), said(11, message("TXT")), said(12, message("TXT")), said(13, message("LAM", { from: "ARD", to: "BUD", reply_to: "TXT-1" }), {}, 2));
    expect(op(twice).dialogues[0]?.messages.map((one) => one.receipted_at)).toEqual([null, at(2)]);
  });
  it("with one room leaves another room's dialogue alone", () => {
    const other = { ...said(12, message("NTF"), { partner: "BTS" }), partner: "BTS" } as Event;
    const after = fold(picture(), said(11, message("PRO"), { phase: "proposed" }), other);
    expect(op(after).dialogues.map((one) => one.messages.length)).toEqual([1, 1]);
  });
});

describe("the lead", () => {
  const moved = (seq: number, room: string, epoch: number, when: number): Event => event(seq, { kind: "lead.moved", operation: "op1", partner: "ARD", lead: { room, epoch, since: at(when) }, by: null, message: "MAS-1" }, when);
  it("passes with a later epoch only", () => {
    const passed = fold(picture(), moved(11, "ARD", 2, 10));
    expect(op(passed)).toMatchObject({ lead: "ARD", epoch: 2, lead_since: at(10) });
    expect(op(fold(passed, moved(12, "BUD", 2, 20)))).toMatchObject({ lead: "ARD", epoch: 2, lead_since: at(10) });
  });
  it("is drawn from what passed it, and from who leads now", () => {
    const after = fold(picture(), moved(11, "ARD", 2, 10), moved(12, "ARD", 2, 10), moved(13, "BUD", 3, 40));
    expect(timelineOf(after, op(after), T0 + 60_000).lead.map((run) => [run.label, (run.from - T0) / 1000, run.tone])).toEqual([["BUD e1", -600, "req"], ["ARD e2", 10, "host"], ["BUD e3", 40, "req"]]);
  });
  it("is not known between where nothing of it is held, and no run is drawn there", () => {
    const late = picture({ operations: [operation({ lead: "BUD", epoch: 3, lead_since: at(40) })] });
    expect(timelineOf(late, op(late), T0 + 60_000).lead.map((run) => run.label)).toEqual(["BUD e3"]);
  });
  it("carries marks for what was said, each by its side", () => {
    const after = fold(picture(), said(11, message("PRO"), {}, 5), said(12, message("CDN", { from: "ARD", to: "BUD" }), {}, 9), said(13, message("TXT"), {}, 11));
    expect(timelineOf(after, op(after), T0 + 60_000).ticks.map((tick) => [tick.word, tick.side])).toEqual([["PRO", "req"], ["CDN", "host"]]);
  });
});

describe("units that must turn", () => {
  const by = { account: "arad", room: "ARD" };
  const ordered = (kind: "cease.ordered" | "release.ordered"): Event => event(11, { kind, operation: "op1", room: "ARD", message: "CEASE-1", by, words: "stop", units: ["hu-1"] });
  const answer = (seq: number, more: object): Event => event(seq, { kind: "cease.acknowledged", operation: "op1", message: "CEASE-1", by: null, unit: null, ...more } as never, seq - 10);
  const out = picture({ units: [abroadUnit] });
  it("are kept with who has read it, once, and which unit said that it will", () => {
    const after = fold(out, ordered("cease.ordered"), answer(12, { by: { account: "budapest", room: "BUD" } }), answer(13, { by: { account: "other", room: "BUD" } }), answer(14, { unit: "hu-1" }));
    expect(op(after).recalls).toEqual([{ kind: "cease", room: "ARD", message: "CEASE-1", by, at: at(0), words: "stop", read_by: { account: "budapest", room: "BUD" }, read_at: at(2), units: [{ unit: "hu-1", wilco_at: at(4) }] }]);
  });
  it("stand until a person has read it and every unit abroad has answered", () => {
    const stands = (from: Picture): number => standingCeases(from, op(from)).length;
    const now = fold(out, ordered("cease.ordered"));
    expect(standing(now, op(now), T0).word).toBe("CEASE");
    expect(next(now, op(now))).toMatchObject({ room: "BUD", act: "read CEASE of ARD", weight: "stop" });
    const read = fold(now, answer(12, { by }));
    expect(next(read, op(read))).toMatchObject({ room: "BUD", act: "turn HU-1", weight: "stop" });
    expect([stands(now), stands(read), stands(fold(read, answer(13, { unit: "hu-1" })))]).toEqual([1, 1, 0]);
  });
  it("stand for a unit that this room cannot see, and not for one that is home", () => {
    const blind = fold(picture({ units: [] }), ordered("cease.ordered"), answer(12, { by }));
    expect(standingCeases(blind, op(blind))[0]?.silent).toEqual(["hu-1"]);
    const home = fold(picture(), ordered("cease.ordered"), answer(12, { by }));
    expect(standingCeases(home, op(home))).toEqual([]);
  });
  it("are no order to stop when they are released", () => {
    const released = fold(out, ordered("release.ordered"));
    expect(standingCeases(released, op(released))).toEqual([]);
    expect(op(released).recalls[0]?.kind).toBe("release");
  });
  it("are asked of the eyes too: who wants to take the target", () => {
    const taken = fold(picture(), event(11, { kind: "eyes.taken", operation: "op1", unit: "ro-1" }));
    expect(op(taken).eyes_taken_by).toBe("ro-1");
    expect(op(fold(taken, event(12, { kind: "eyes.taken", operation: "op1", unit: null }))).eyes_taken_by).toBeNull();
  });
});

describe("phases and what is next", () => {
  const all: [Partial<Handover>, string, string, string][] = [
    [{ phase: "notified" }, "NOTIFIED", "BUD", "propose the handover"],
    [{ phase: "proposed", proposed: proposal("BUD") }, "PROPOSED", "ARD", "answer the proposal"],
    [{ phase: "stand_by", proposed: proposal("BUD"), stand_by: { who: "Sgt Pop", until: at(180) } }, "STAND-BY", "ARD", "decide: Sgt Pop"],
    [{ phase: "countered", proposed: proposal("ARD"), counters: 1 }, "COUNTERED", "BUD", "answer the counter-proposal"],
    [{ phase: "agreed", agreed: agreement }, "CO-ORDINATED", "BUD", "hand over at the transfer point"],
    [{ phase: "agreed", agreed: agreement, proposed: proposal("BUD") }, "CO-ORDINATED", "ARD", "answer the revision"],
    [{ phase: "agreed", agreed: agreement, requested: "ROF-1" }, "CO-ORDINATED", "BUD", "hand over, as asked, or refuse"],
    [{ phase: "agreed", agreed: agreement, withdrawing: { message: "ABR-1", by: "BUD", back_to: "notice" } }, "CO-ORDINATED", "ARD", "read what is taken back"],
    [{ phase: "transferring", agreed: agreement, offered: offer }, "TRANSFERRING", "ARD", "assume the lead"],
    [{ phase: "passed", agreed: agreement }, "RELEASED", "ARD", "close its side"],
  ];
  it.each(all)("%j is told in one word, with one act and who owes it, alike in both rooms", (more, word, room, act) => {
    for (const us of ["BUD", "ARD"] as const) {
      const now = standingAt(more, us), talk = talkOf(now);
      expect(phaseWord(talk.phase)).toBe(word);
      expect(nextOfTalk(now, talk)).toMatchObject({ room, act });
      expect(standing(now, op(now), T0).word).toBe(word);
    }
  });
  it("is joint while a unit of the operation is there: the host releases it, then it goes home", () => {
    const joint = picture({ units: [abroadUnit], operations: [operation({ lead: "ARD", epoch: 2, dialogues: [{ state: state({ phase: "passed" }), messages: [] }] })] });
    expect(talkOf(joint).phase).toBe("joint");
    expect(nextOfTalk(joint, talkOf(joint))).toMatchObject({ room: "ARD", act: "release HU-1" });
    const released = fold(joint, event(11, { kind: "release.ordered", operation: "op1", room: "ARD", message: "REL-1", by: { account: "arad", room: "ARD" }, words: "", units: ["hu-1"] }));
    expect(nextOfTalk(released, talkOf(released))).toMatchObject({ room: "BUD", act: "read the release of ARD" });
    expect(markOf(joint, op(joint))).toBe("joint");
  });
  it("names the other machine while it has not confirmed what was said", () => {
    const now = standingAt({ phase: "transferring", offered: offer, partner: "BUD", unreceipted: [{ message: "MAS-1", code: "MAS", at: at(0) }] }, "ARD");
    expect(nextOfTalk(now, talkOf(now))).toMatchObject({ room: "BUD", act: "confirm that you lead (machine)" });
    expect(unconfirmed(talkOf(now))).toMatchObject([{ code: "MAS", since: T0, lateAt: T0 + 10_000 }]);
  });
  it("never is empty from the notice to the release, whatever stands", () => {
    for (const phase of PHASES) {
      const known = phase === "joint" || phase === "released" ? "passed" : phase;
      const now = standingAt({ phase: known });
      expect(nextOfTalk(now, talkOf(now))?.act, phase).not.toBe("");
    }
  });
  it("gives way to a crossing notice that is owed, and goes before what is not", () => {
    const owed = standingAt({ phase: "transferring", offered: offer }, "BUD", { notices: [notice()] });
    expect(next(owed, op(owed)).act).toBe("send crossing notice");
    const ready = standingAt({ phase: "notified" }, "BUD", { notices: [notice({ owed_since: null })] });
    expect(next(ready, op(ready)).act).toBe("propose the handover");
  });
  it("lies in the bay of who leads", () => {
    const bay = (more: Partial<Handover>, us: "BUD" | "ARD", rest: Partial<Operation> = {}): string => { const now = standingAt(more, us, rest); return standing(now, op(now), T0).bay; };
    expect(bay({ phase: "proposed", proposed: proposal("BUD") }, "BUD")).toBe("leaving");
    expect(bay({ phase: "proposed", proposed: proposal("BUD") }, "ARD")).toBe("coming");
    expect(bay({ phase: "passed" }, "ARD", { lead: "ARD", epoch: 2 })).toBe("mine");
    expect(bay({ phase: "passed" }, "BUD", { lead: "ARD", epoch: 2 })).toBe("watching");
    const idle = picture();
    expect(standing(idle, op(idle), T0).bay).toBe("mine");
  });
  it("marks an offer by us, to us, and nothing else", () => {
    const mark = (more: Partial<Handover>, us: "BUD" | "ARD"): string | null => { const now = standingAt(more, us); return markOf(now, op(now)); };
    expect([mark({ phase: "transferring", offered: offer }, "BUD"), mark({ phase: "transferring", offered: offer }, "ARD"), mark({ phase: "agreed" }, "BUD")]).toEqual(["by_us", "to_us", null]);
  });
  it("waits for an answer as long as the workflow says, and for a decision until it was promised", () => {
    const asked = waiting(talkOf(standingAt({ phase: "proposed", proposed: proposal("BUD") })));
    expect(asked).toMatchObject({ what: "proposal", room: "ARD", since: T0 });
    expect([59, 60, 120].map((s) => pressing(asked as { warnAt: number; lateAt: number }, T0 + s * 1000))).toEqual(["plain", "near", "over"]);
    expect(waiting(talkOf(standingAt({ phase: "stand_by", proposed: proposal("BUD"), stand_by: { who: "Sgt Pop", until: at(180) } })))).toMatchObject({ what: "decision of Sgt Pop", lateAt: T0 + 180_000 });
    expect(waiting(talkOf(standingAt({ phase: "transferring", offered: offer })))).toMatchObject({ what: "offer of the lead", room: "ARD", lateAt: T0 + 60_000 });
  });
});

describe("what can be said", () => {
  it("follows side and phase", () => {
    expect(codes(standingAt({ phase: "notified" }))).toEqual(expect.arrayContaining(["PRO", "NTF", "ABR"]));
    expect(codes(standingAt({ phase: "notified" }, "ARD"))).not.toContain("PRO");
    expect(codes(standingAt({ phase: "proposed", proposed: proposal("BUD") }, "ARD"))).toEqual(expect.arrayContaining(["ACP", "CDN", "RJC", "SBY", "CEASE"]));
    expect(codes(standingAt({ phase: "proposed", proposed: proposal("BUD") }))).not.toContain("ACP");
    expect(codes(standingAt({ phase: "agreed", agreed: agreement }))).toEqual(expect.arrayContaining(["HOP", "RVR", "ABR"]));
    expect(codes(standingAt({ phase: "agreed", agreed: agreement }, "ARD"))).toEqual(expect.arrayContaining(["ROF", "ABR"]));
    expect(codes(standingAt({ phase: "transferring", offered: offer }, "ARD"))).toEqual(expect.arrayContaining(["MAS", "RJC"]));
    expect(codes(standingAt({ phase: "transferring", offered: offer }))).toEqual(expect.arrayContaining(["ABR"]));
    expect(codes(standingAt({ phase: "transferring", offered: offer }))).not.toContain("MAS");
  });
  it("lets the room that took the lead hand it back, and the other one ask for it", () => {
    expect(codes(standingAt({ phase: "passed" }, "ARD", { lead: "ARD", epoch: 2 }))).toEqual(expect.arrayContaining(["PRO", "NTF"]));
    expect(codes(standingAt({ phase: "passed" }, "BUD", { lead: "ARD", epoch: 2 }))).toContain("ROF");
    expect(codes(standingAt({ phase: "passed" }, "BUD", { lead: "ARD", epoch: 2 }))).not.toContain("PRO");
  });
  it("always lets the host order to stop, and never the requesting side", () => {
    for (const phase of ["idle", "notified", "proposed", "agreed", "transferring", "passed"]) {
      expect(codes(standingAt({ phase, ...(phase === "transferring" ? { offered: offer } : {}) }, "ARD")), phase).toContain("CEASE");
      expect(codes(standingAt({ phase, ...(phase === "transferring" ? { offered: offer } : {}) })), phase).not.toContain("CEASE");
    }
    const waits = standingAt({ phase: "proposed", proposed: proposal("BUD"), unreceipted: [{ message: "SBY-1", code: "SBY", at: at(0) }] }, "ARD");
    expect(codes(waits)).toContain("CEASE");
    expect(codes(waits)).not.toContain("ACP");
  });
  it("keeps its place and says why when a role may not, or a message waits for its receipt", () => {
    const legal = standingAt({ phase: "proposed", proposed: proposal("BUD") }, "ARD", {}, "legal");
    expect(offers(legal, talkOf(legal)).find((one) => one.code === "ACP")?.blocked).toBe("for operator or supervisor");
    expect(codes(legal)).toEqual(expect.arrayContaining(["AUT", "CEASE"]));
    const waits = standingAt({ phase: "agreed", agreed: agreement, unreceipted: [{ message: "RVR-1", code: "RVR", at: at(0) }] });
    expect(offers(waits, talkOf(waits)).find((one) => one.code === "HOP")?.blocked).toBe("ARD has not confirmed RVR yet");
    const thrice = standingAt({ phase: "countered", counters: 3, proposed: proposal("ARD") });
    expect(offers(thrice, talkOf(thrice)).find((one) => one.code === "CDN")?.blocked).toBe("countered three times: speak by telephone");
  });
  it("puts an order to stop before a text among what is to be read", () => {
    const after = fold(picture(), said(11, message("TXT", { id: "T", from: "ARD", to: "BUD" })), said(12, message("CEASE", { id: "C", from: "ARD", to: "BUD" })));
    expect(firstUnread(talkOf(after))?.message.id).toBe("C");
  });
  it("has nobody to speak to where the room is not known here", () => {
    const alone = picture({ rooms: [{ id: "BUD", state: "HU" }] });
    expect(mainTalk(alone, op(alone))).toBeNull();
  });
});

describe("terms", () => {
  const name = (id: string): string => id.toUpperCase();
  it("are told one by one, and what is left open says so", () => {
    expect(termText(terms(), "expected", name)).toBe("11:33:20Z ±10 min");
    expect(termText(terms({ expected: { earliest: at(-100), likely: at(-20), latest: at(400) } }), "expected", name)).toBe("11:33Z, 11:31Z to 11:40Z");
    expect(termText(terms({ units: [] }), "units", name)).toBe("not said");
    expect([transferText(2000), transferText(0), transferText(-500)]).toEqual(["2.0 km beyond the line", "at the line", "500 m before the line"]);
    expect(termsLine(terms({ overlap_m: null, voice: null, expected: null }), name)).toBe("COP-2 Csanádpalota–Nădlac II · 2.0 km beyond the line · RO-1 takes eyes · HU-1, HU-2 enter · overlap 15 min");
  });
  it("differ only in what was changed", () => {
    expect(differences(terms(), terms({ transfer_at_m: 0, units: ["hu-1"], voice: "group 7" }))).toEqual(["transfer_at", "units", "voice"]);
    expect(differences(terms(), terms({ expected: { earliest: "2027-03-16T11:23:20Z", likely: "2027-03-16T11:33:20Z", latest: "2027-03-16T11:43:20Z" } }))).toEqual([]);
  });
  it("go through a form and back word for word where nothing was typed", () => {
    expect(termsOf(typedOf(terms()), terms(), terms().crossing_points, T0)).toEqual(terms());
    const odd = terms({ expected: { earliest: at(-90), likely: at(3), latest: at(611) }, transfer_at_m: 1234.5, overlap_s: 100 });
    expect(termsOf(typedOf(odd), odd, odd.crossing_points, T0)).toEqual(odd);
  });
  it("take what was typed: a place by its name, a time of day near now, figures with a comma", () => {
    const typed = { ...typedOf(terms()), point: "the bridge", at: "11:40", within: "2", transfer: "-0,5", km: "", min: "20" };
    expect(termsOf(typed, terms(), terms().crossing_points, T0)).toMatchObject({
      crossing_points: [{ name: "the bridge", point: null, percent: null }], expected: { earliest: "2027-03-16T11:38:00.000Z", likely: "2027-03-16T11:40:00.000Z", latest: "2027-03-16T11:42:00.000Z" },
      transfer_at_m: -500, overlap_m: null, overlap_s: 1200,
    });
    expect(termsOf({ ...typedOf(terms()), transfer: "two" }, terms(), [], T0)).toContain("figures");
    expect(termsOf({ ...typedOf(terms()), at: "noon" }, terms(), [], T0)).toContain("time of day");
  });
  it("begin with what was notified and what is known of the way", () => {
    const approach = { frontier: "HU-RO", from: "HU", to: "RO", distance_m: 900, eta_s: 60, eta_earliest_s: 30, eta_latest_s: 120, point: [20.7, 46.16] as [number, number], at: at(0), crossings: [{ name: "COP-1", point: [20.7, 46.16] as [number, number], probability: 0.97, eta_s: 60 }] };
    const now = picture({ units: [unit({ approach })] });
    expect(baseTerms(now, talkWith(now, op(now), "ARD"), "PRO", T0)).toMatchObject({ crossing_points: [{ name: "COP-1", percent: 97 }], expected: { likely: at(60) }, units: ["hu-1"] });
    const countering = standingAt({ phase: "proposed", proposed: proposal("BUD") }, "ARD");
    expect(baseTerms(countering, talkOf(countering), "CDN", T0)).toEqual(terms());
  });
  it("are of the room that hands over: the other one, when the lead goes back", () => {
    const back = standingAt({ phase: "passed" }, "ARD", { lead: "ARD", epoch: 2 }), talk = talkOf(back);
    expect(sidesOf(talk, "PRO")).toEqual({ giver: "ARD", taker: "BUD" });
    expect(baseTerms(back, talk, "PRO", T0).units).toEqual([]);
    const two = picture({ units: [unit(), unit({ id: "tr-1", kind: "tracker" })], operations: [operation({ units: ["hu-1", "tr-1", "unseen"] })] });
    expect(canEnter(two, talkOf(two), "PRO", terms({ units: [] }))).toEqual(["hu-1"]);
  });
  it("can name every place of the frontier of the two states, what was said first", () => {
    const named = ["HU-RO", "HU-SK"].map((frontier) => ({ name: `point of ${frontier}`, frontier, point: [20, 46] as [number, number], line_deg: 0, origin: "profile", source: "" }));
    const countering = standingAt({ phase: "proposed", proposed: proposal("BUD") }, "ARD");
    expect(likelyPoints(countering, talkOf(countering), { base: terms(), named }, T0).map((one) => one.name)).toEqual(["COP-2 Csanádpalota–Nădlac II", "point of HU-RO"]);
  });
  it("are read against what is in force, else against what they answer", () => {
    const agreed = standingAt({ phase: "agreed", agreed: agreement, proposed: proposal("BUD") });
    expect(termsBefore(talkOf(agreed))).toMatchObject({ inForce: true, word: "in force" });
    const countered = fold(picture(), said(11, message("PRO", { terms: terms() })), said(12, message("CDN", { from: "ARD", to: "BUD", reply_to: "PRO-1", terms: terms({ transfer_at_m: 0 }) }), { phase: "countered", proposed: proposal("ARD", { message: "CDN-1" }) }));
    expect(termsBefore(talkOf(countered))).toMatchObject({ inForce: false, word: "proposed", by: "BUD" });
  });
  it("know a time of day that lies ahead as well as one that is past", () => {
    expect(momentNear("11:50", T0)).toBe(Date.parse("2027-03-16T11:50:00Z"));
    expect(momentNear("11:20", T0)).toBe(Date.parse("2027-03-16T11:20:00Z"));
    expect(momentNear("00:10", Date.parse("2027-03-16T23:50:00Z"))).toBe(Date.parse("2027-03-17T00:10:00Z"));
    expect(momentNear("25:00", T0)).toBeNull();
  });
});

describe("in words", () => {
  it("a message says who said it to whom, and what", () => {
    expect(saidLine(message("RJC", { reason: "no_unit", words: "all engaged" }), true, (id) => id)).toBe("Refusal to ARD by budapest: no unit can take over: all engaged");
    expect(contentOf(message("ABR", { reason: "route", back_to: "notice" }), (id) => id)).toBe("the target goes another way; what is left: the notice");
    expect(contentOf(message("SBY", { who: "Sgt Pop", until: at(0) }), (id) => id)).toBe("Sgt Pop decides by 11:33:20Z");
  });
  it("every kind of event has a sentence and no unknown word", () => {
    const after = fold(picture(), said(11, message("PRO", { terms: terms() })));
    const line = (one: Event): { code: string; family: string; words: string } => told(one, after);
    expect(line(said(12, message("HOP")))).toMatchObject({ code: "HOP", family: "handover", words: "NAGYLAK-27: Offer of the lead to ARD by budapest: epoch 1" });
    expect(line(said(12, message("LAM", { from: "ARD", to: "BUD", by: null, reply_to: "PRO-1" }))).words).toBe("NAGYLAK-27: ARD has what we said (PRO)");
    expect(line(event(12, { kind: "lead.moved", operation: "op1", partner: "ARD", lead: { room: "ARD", epoch: 2, since: at(0) }, by: { account: "arad", room: "ARD" }, message: "m" })).words).toBe("NAGYLAK-27: ARD leads (e2) since 11:33:20Z, assumed by arad");
    expect(line(event(12, { kind: "cease.ordered", operation: "op1", room: "ARD", message: "m", by: { account: "arad", room: "ARD" }, words: "stop", units: ["hu-1"] }))).toMatchObject({ code: "CEASE", words: "NAGYLAK-27: CEASE ordered by ARD (arad), HU-1: stop" });
    expect(line(event(12, { kind: "eyes.taken", operation: "op1", unit: "hu-1" })).words).toBe("HU-1 wants to take the target");
    for (const code of ["NTF", "AUT", "PRO", "RVN", "RVR", "SBY", "CDN", "ACP", "RJC", "ABR", "HOP", "ROF", "MAS", "EYE", "REL", "CEASE", "EXT", "CLS", "ACK", "TXT", "LAM", "LRM"]) {
      expect(line(said(12, message(code))).words, code).not.toMatch(/undefined|handover\./);
    }
  });
  it("a message is seen by who read it, or by who answered it", () => {
    const after = fold(picture(), said(11, message("PRO")), said(12, message("ACP", { from: "ARD", to: "BUD", by: { account: "arad", room: "ARD" }, reply_to: "PRO-1" }), {}, 7));
    const dialogue = op(after).dialogues[0];
    expect(dialogue === undefined ? null : dialogue.messages.map((one) => seenBy(dialogue, one)?.account ?? null)).toEqual(["arad", null]);
  });
});

it("an operation is opened in the first epoch, with nothing said", () => {
  const opened = fold(picture({ operations: [] }), event(11, { kind: "operation.opened", operation: "op1", card: { ...snapshot().operations[0], target: null } } as never, 5));
  expect(op(opened)).toMatchObject({ epoch: 1, lead_since: at(5), dialogues: [], recalls: [], eyes_taken_by: null });
});
