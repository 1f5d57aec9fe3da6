import { describe, expect, it } from "vitest";
import type { Event, Unit } from "../src/picture/names";
import { type Picture, TAIL_POINTS, fromSnapshot, toSnapshot } from "../src/picture/picture";
import { reduce } from "../src/picture/reduce";
import { T0, at, citation, crossed, crossing, event, notice, operation, picture, position, snapshot, unit } from "./make";

const fold = (from: Picture, ...events: Event[]): Picture => reduce(from, { prev: from.seq, seq: from.seq + events.length, at: at(1), positions: [], events });
const hu1 = (from: Picture): Unit => from.units.get("hu-1") as Unit;

describe("positions", () => {
  const place = (from: Picture, ...positions: ReturnType<typeof position>[]): Picture => reduce(from, { prev: from.seq, seq: from.seq + 1, at: at(1), positions, events: [] });

  it("move the unit and lengthen its tail", () => {
    const after = place(picture(), position({ fixed_at: at(1), lon: 20.71 }));
    expect(hu1(after).position?.lon).toBe(20.71);
    expect(hu1(after).tail).toEqual([[20.71, 46.16, T0 + 1000]]);
    expect(after.seq).toBe(11);
  });
  it("that are older than the one shown fill the tail and never move the unit back", () => {
    const before = picture({ units: [unit({ tail: [[20.5, 46, T0 - 2000], [20.7, 46.16, T0]] })] });
    const after = place(before, position({ fixed_at: at(-1), lon: 20.6 }));
    expect(hu1(after).position).toEqual(position());
    expect(hu1(after).tail.map((point) => point[0])).toEqual([20.5, 20.6, 20.7]);
  });
  it("of the same moment come again without a second point in the tail", () => {
    const after = place(picture({ units: [unit({ tail: [[20.7, 46.16, T0]] })] }), position({ lon: 20.9 }));
    expect(hu1(after).tail).toEqual([[20.7, 46.16, T0]]);
  });
  it("of a unit nobody told us of change nothing", () => {
    expect(place(picture(), position({ unit: "ghost" })).units.size).toBe(1);
  });
  it("keep a tail of half an hour and of so many points at most", () => {
    const old: [number, number, number][] = [[20, 46, T0 - 1_800_001], [20.1, 46, T0 - 1_799_000]];
    const after = place(picture({ units: [unit({ tail: old })] }), position({ fixed_at: at(0.5) }));
    expect(hu1(after).tail.map((point) => point[0])).toEqual([20.1, 20.7]);
    const long = Array.from({ length: TAIL_POINTS }, (_, i): [number, number, number] => [20, 46, T0 - 1000 * (TAIL_POINTS - i)]);
    expect(hu1(place(picture({ units: [unit({ tail: long })] }), position({ fixed_at: at(1) }))).tail).toHaveLength(TAIL_POINTS);
  });
});

describe("crossings", () => {
  it("that are suspected are not yet law", () => {
    const after = fold(picture(), event(11, crossed("crossing.suspected", "x1", 0)));
    expect(hu1(after).suspected?.id).toBe("x1");
    expect(hu1(after).law).toBe("HU");
    expect(hu1(after).crossings).toEqual([]);
  });
  it("that are confirmed set the law and settle the suspicion", () => {
    const after = fold(picture(), event(11, crossed("crossing.suspected", "x1", 0)), event(12, crossed("crossing.confirmed", "x1", 0)));
    expect(hu1(after).suspected).toBeNull();
    expect(hu1(after).law).toBe("RO");
  });
  it("stand in the order of their likely times, also when one is told late", () => {
    const after = fold(picture(), event(11, crossed("crossing.confirmed", "back", 60, "HU")), event(12, crossed("crossing.confirmed", "there", 0)));
    expect(hu1(after).crossings.map((one) => one.id)).toEqual(["there", "back"]);
    expect(hu1(after).law).toBe("HU");
  });
  it("that are revised are replaced, and sorted again", () => {
    const before = picture({ units: [unit({ crossings: [crossing({ id: "a", likely: at(0) }), crossing({ id: "b", likely: at(10), to: "HU", from: "RO" })], law: "HU" })] });
    const after = fold(before, event(11, crossed("crossing.revised", "a", 20)));
    expect(hu1(after).crossings.map((one) => one.id)).toEqual(["b", "a"]);
    expect(hu1(after).law).toBe("RO");
  });
  it("that are retracted give the law back", () => {
    const confirmed = fold(picture(), event(11, crossed("crossing.confirmed", "x1", 0)));
    const retracted = fold(confirmed, event(12, { ...crossed("crossing.confirmed", "x1", 0), kind: "crossing.retracted", because: "noise" } as never));
    expect(hu1(retracted).crossings).toEqual([]);
    expect(hu1(retracted).law).toBe("HU");
  });
});

describe("units", () => {
  it("appear with their card, unplaced", () => {
    const after = fold(picture(), event(11, { kind: "unit.added", unit: "hu-9", room: "BUD", state: "HU", unit_kind: "drone", callsign: "HU-9", marks: null }));
    expect(after.units.get("hu-9")).toMatchObject({ kind: "drone", position: null, law: null });
  });
  const place = (states: string, seq: number, when: number): Event => event(seq, { kind: "unit.located", unit: "hu-1", states, certainty: "inside", frontier: null, distance_m: null }, when);
  it("stand where they were first seen in a new shift, whatever they crossed before", () => {
    const abroad = fold(picture(), event(11, crossed("crossing.confirmed", "x1", 0)));
    expect(hu1(fold(abroad, place("HU", 12, 60)))).toMatchObject({ located: "HU", law: "HU" });
    expect(hu1(fold(abroad, place("HU", 12, -60))).law).toBe("RO");
  });
  it("whose first place is corrected stand under the law of the right one", () => {
    const after = fold(picture({ units: [unit({ located: null, law: null })] }), place("HU", 11, 0), place("RO", 12, 5));
    expect(hu1(after)).toMatchObject({ located: "RO", law: "RO" });
  });
  it("that sign off are no longer silent nor on their way anywhere", () => {
    const approach = { frontier: "HU-RO", from: "HU", to: "RO", distance_m: 900, eta_s: 40, eta_earliest_s: 30, eta_latest_s: 60, point: [20.7, 46.16] as [number, number], at: at(0) };
    const silence = { since: at(-90), radius_m: 1400, reach: "HU|RO", may_have_crossed: true };
    const after = fold(picture({ units: [unit({ approach, silence })] }), event(11, { kind: "unit.signed_off", unit: "hu-1" }));
    expect(hu1(after)).toMatchObject({ on_duty: false, approach: null, silence: null });
  });
  it("keep their approach when an older crossing is revised", () => {
    const approach = { frontier: "HU-RO", from: "RO", to: "HU", distance_m: 900, eta_s: 40, eta_earliest_s: 30, eta_latest_s: 60, point: [20.7, 46.16] as [number, number], at: at(0) };
    const before = picture({ units: [unit({ crossings: [crossing()], approach })] });
    expect(hu1(fold(before, event(11, crossed("crossing.revised", "x1", -2)))).approach).toEqual(approach);
    expect(hu1(fold(before, event(11, crossed("crossing.confirmed", "x2", 2, "HU")))).approach).toBeNull();
  });
  it("are on duty by the newest act, not by the last to arrive", () => {
    const act = (kind: "unit.signed_on" | "unit.signed_off", seq: number, when: number): Event => event(seq, { kind, unit: "hu-1" }, when);
    expect(hu1(fold(picture(), act("unit.signed_off", 11, 60), act("unit.signed_on", 12, 0))).on_duty).toBe(false);
    expect(hu1(fold(picture(), act("unit.signed_on", 11, 60), act("unit.signed_off", 12, 60))).on_duty).toBe(true);
  });
  it("with a wrong clock are shown where they were heard, until a better fix arrives", () => {
    const fix = { unit: "hu-1", source: "phone", fixed_at: at(390), lat: 46.2, lon: 20.8, accuracy_m: null, speed_mps: null, course_deg: null, altitude_m: null, battery_pct: null };
    const wrong = fold(picture(), event(11, { kind: "fix.quarantined", unit: "hu-1", reason: "fixed_at_in_future", detail: "", fix }, 90));
    expect(hu1(wrong).clock_wrong).toEqual({ lat: 46.2, lon: 20.8, received_at: at(90), ahead_s: 300 });
    const heard = (when: number): Picture => reduce(wrong, { prev: 11, seq: 12, at: at(100), positions: [position({ fixed_at: at(80), received_at: at(when) })], events: [] });
    expect(hu1(heard(89)).clock_wrong).not.toBeNull();
    expect(hu1(heard(91)).clock_wrong).toBeNull();
  });
  it("keep away from a line or not, until they crossed it or went off duty", () => {
    const near = { unit: "hu-1", from: "HU", to: "RO", distance_m: 210, stand_off_m: 300, over_at: null, condition: "carrier_covered", sentence: "Stop.", citation: null };
    const told = fold(picture(), event(11, { kind: "border.stand_off_broken", ...near }));
    expect(hu1(told).stand_off).toEqual(near);
    const ahead = fold(told, event(12, { kind: "border.breach_predicted", ...near, over_at: at(24) }));
    expect(hu1(ahead).stand_off?.over_at).toBe(at(24));
    expect(hu1(fold(ahead, event(13, { kind: "border.stand_off_kept", unit: "hu-1" }))).stand_off).toBeNull();
    expect(hu1(fold(ahead, event(13, { kind: "unit.signed_off", unit: "hu-1" }))).stand_off).toBeNull();
  });
  it("fall silent, may have crossed, and are heard again", () => {
    const quiet = { unit: "hu-1", since: at(-20), radius_m: 400, reach: "HU" };
    const silent = fold(picture(), event(11, { kind: "unit.silent", ...quiet }));
    expect(hu1(silent).silence?.may_have_crossed).toBe(false);
    const reach = fold(silent, event(12, { kind: "unit.may_have_crossed", ...quiet, reach: "HU|RO" }));
    expect(hu1(reach).silence).toMatchObject({ may_have_crossed: true, reach: "HU|RO" });
    expect(hu1(fold(reach, event(13, { kind: "unit.back", unit: "hu-1" }))).silence).toBeNull();
  });
  it("count their fixes kept apart, by reason", () => {
    const apart = (seq: number): Event => event(seq, { kind: "fix.quarantined", unit: "hu-1", reason: "null_island", detail: "at 0, 0", fix: null });
    expect(hu1(fold(picture(), apart(11), apart(12))).quarantined).toEqual({ null_island: 2 });
  });
});

describe("operations", () => {
  const card = { ...operation(), id: "op2" };
  it("open with their room in the lead", () => {
    const after = fold(picture(), event(11, { kind: "operation.opened", operation: "op2", card }));
    expect(after.operations.get("op2")).toMatchObject({ lead: "BUD", version: 1, notices: [], must_stop: null });
  });
  it("carry a notice from owed to seen, with the persons", () => {
    const fields = { operation: "op1", name: "N", basis: "40(1)", requesting_state: "HU", host_state: "RO", offence: "x", person_category: "suspect", authorisation: null, grounds: null, crossings: [], amends: null, missing: [] };
    const by = { account: "budapest", room: "BUD" }, reader = { account: "arad", room: "ARD" };
    const after = fold(
      picture(),
      event(11, { kind: "notice.owed", operation: "op1", notice: "n1", duty: "notice_of_crossing", to: "ARD", since: at(-2), citation }),
      event(12, { kind: "notice.ready", operation: "op1", notice: "n1" }),
      event(13, { kind: "notice.sent", operation: "op1", notice: "n1", by, duty: "notice_of_crossing", to: "ARD", fields }, 4),
      event(14, { kind: "notice.delivered", operation: "op1", notice: "n1" }, 4.4),
      event(15, { kind: "notice.seen", operation: "op1", notice: "n1", by: reader }, 28),
    );
    expect(after.operations.get("op1")?.notices).toMatchObject([{ id: "n1", status: "seen", owed_since: at(-2), sent_by: by, sent_at: at(4), seen_by: reader, seen_at: at(28) }]);
  });
  it("carry what a host said back: that it was read, by a call, and each answer", () => {
    const by = { account: "budapest", room: "BUD" }, of = { operation: "op1", notice: "n1" };
    const call = { name: "Sgt Pop", number: "112", at: at(20), reference: null }, answer = { name: "Cpt Radu", answered_at: at(25), answer: "other", words: "We ask." };
    const after = fold(
      picture({ operations: [operation({ notices: [notice({ status: "delivered" })] })] }),
      event(11, { kind: "notice.seen", ...of, by, call }, 20),
      event(12, { kind: "notice.answered", ...of, by, ...answer }, 26),
      event(13, { kind: "notice.answered", ...of, by, ...answer, answer: "yes" }, 27),
    );
    expect(after.operations.get("op1")?.notices).toMatchObject([{ status: "answered", seen_by: by, seen_call: call, seen_at: at(20), answers: [{ by, ...answer }, { by, ...answer, answer: "yes" }] }]);
  });
  it("carry a notice by its channels: each attempt, a failure, and what came of sending it again", () => {
    const by = { account: "budapest", room: "BUD" }, of = { operation: "op1", notice: "n1" }, channel = "email", address = "room@politia.example";
    const tried = (number: number, delivered: boolean, next_at: string | null) => ({ kind: "notice.attempted" as const, ...of, channel, number, address, delivered, said: delivered ? "250 OK" : "451 later", next_at });
    const sent = picture({ operations: [operation({ notices: [notice({ status: "sent", sent_at: at(1), channels: [channel] })] })] });
    const failed = fold(sent, event(11, tried(1, false, at(4)), 2), event(12, tried(2, false, null), 5), event(13, { kind: "notice.failed", ...of, because: "451 later" }, 5));
    expect(failed.operations.get("op1")?.notices).toMatchObject([{ status: "failed", failed_at: at(5), failed_because: "451 later", attempts: [{ number: 1, at: at(2), next_at: at(4) }, { number: 2, said: "451 later" }] }]);
    const again = fold(failed, event(14, { kind: "notice.sent_again", ...of, by, channels: [channel, "webhook"] }, 9));
    expect(again.operations.get("op1")?.notices).toMatchObject([{ status: "sent", sent_at: at(1), failed_at: null, channels: [channel, "webhook"] }]);
    const delivered = fold(again, event(15, tried(3, true, null), 10), event(16, { kind: "notice.delivered", ...of }, 10));
    expect(delivered.operations.get("op1")?.notices).toMatchObject([{ status: "delivered", delivered_at: at(10), failed_because: null }]);
  });
  it("carry a notice given by telephone, with whom and when", () => {
    const call = { name: "Sgt Pop", number: "+40 257 1", at: at(60), reference: null }, by = { account: "eva", room: "BUD" };
    const fields = { operation: "op1", name: "NAGYLAK-27", basis: "40(2)", requesting_state: "HU", host_state: "RO", offence: "theft", person_category: "suspect", authorisation: null, grounds: null, crossings: [], amends: null, missing: ["grounds"] };
    const texts = [{ language: "hu", text: "Értesítés" }];
    const after = fold(picture({ operations: [operation({ notices: [notice()] })] }), event(11, { kind: "notice.voice", operation: "op1", notice: "n1", by, duty: "notice_of_crossing", to: "ARD", call, fields, texts }, 60), event(12, { kind: "notice.ready", operation: "op1", notice: "n1" }));
    expect(after.operations.get("op1")?.notices).toMatchObject([{ status: "voice", sent_at: null, voice: { ...call, by }, fields, texts }]);
  });
  const owed = (seq: number, since: number): Event => event(seq, { kind: "notice.owed", operation: "op1", notice: "n1", duty: "notice_of_crossing", to: "ARD", since: at(since), citation });
  it("owe a notice since the earliest moment told", () => {
    expect(fold(picture(), owed(11, 5), owed(12, 2), owed(13, 9)).operations.get("op1")?.notices).toMatchObject([{ owed_since: at(2) }]);
  });
  it("never take a notice back that was sent", () => {
    const sent = picture({ operations: [operation({ notices: [notice({ status: "delivered", sent_at: at(1) })] })] });
    const after = fold(sent, owed(11, 0), event(12, { kind: "notice.ready", operation: "op1", notice: "n1" }));
    expect(after.operations.get("op1")?.notices[0]?.status).toBe("delivered");
  });
  it("do not know a notice that only got ready", () => {
    expect(fold(picture(), event(11, { kind: "notice.ready", operation: "op1", notice: "n9" })).operations.get("op1")?.notices).toEqual([]);
  });
  it("that close take the partner's units off the map, and leave our own", () => {
    const guests = picture({ units: [unit(), unit({ id: "ro-1", room: "ARD" })], operations: [operation({ units: ["hu-1", "ro-1"] })] });
    const after = fold(guests, event(11, { kind: "operation.closed", operation: "op1", by: { account: "b", room: "BUD" }, reason: "done", outcome: "arrested" }));
    expect([...after.units.keys()]).toEqual(["hu-1"]);
    expect(guests.units.size).toBe(2);
  });
  const reached = (seq: number, kind: "limit.near" | "limit.exceeded" | "limit.within", percent: number): Event => event(seq, {
    kind, operation: "op1", unit: "hu-1", host: "RO", stage: { "limit.near": "near", "limit.exceeded": "exceeded", "limit.within": "within" }[kind], percent, measured_m: percent * 100, accuracy_m: 5, max_m: 10_000, sentence: `at ${percent} %`, origin: "treaty", stages_origin: "profile", stages_agreed: true, citation,
  }, seq);
  const asked = (findings: number): Event => event(10 + findings, {
    kind: "law.assessed", operation: "op1", unit: "hu-1", crossing: "x1", verdict: "no_obstacle", duties: [], clocks: [],
    findings: Array.from({ length: findings }, () => ({ condition: "limit_known", answer: "met", sentence: "", citation })),
  });
  it("rest on the rules and profiles of the moment they were opened; a partner's on none that we know", () => {
    const profile = (version: number): { pair: string; version: number; digest: string } => ({ pair: "HU-RO", version, digest: `d${version}` });
    const adopted = fold(picture({ operations: [] }),
      event(11, { kind: "rules.adopted", version: 1, digest: "r1", changed: "" }), event(12, { kind: "profile.adopted", profiles: [profile(3)], changed: "" }));
    const card = { ...operation(), opened_by: { account: "budapest", room: "BUD" } };
    const opened = (seq: number, id: string, room: string): Event => event(seq, { kind: "operation.opened", operation: id, card: { ...card, id, room } });
    const later = fold(adopted, opened(13, "own", "BUD"), opened(14, "partners", "ARD"), event(15, { kind: "profile.adopted", profiles: [profile(4)], changed: "" }));
    expect(later.restsOn).toEqual({ rules: { version: 1, digest: "r1" }, profiles: [profile(4)] });
    expect(later.operations.get("own")?.rests_on).toEqual({ rules: { version: 1, digest: "r1" }, profiles: [profile(3)] });
    expect(later.operations.get("partners")?.rests_on).toBeNull();
  });
  it("must stop while a unit abroad is beyond its limit, and no longer when it is within again", () => {
    const abroad = fold(picture(), asked(1), reached(12, "limit.near", 80));
    expect(abroad.operations.get("op1")).toMatchObject({ must_stop: null, limits: [{ percent: 80, at: at(12) }] });
    const beyond = fold(abroad, reached(13, "limit.exceeded", 100));
    expect(beyond.operations.get("op1")?.must_stop).toBe("at 100 %");
    expect(fold(beyond, reached(14, "limit.within", 0)).operations.get("op1")?.must_stop).toBeNull();
    expect(fold(beyond, asked(0)).operations.get("op1")?.must_stop).toBeNull();
  });
  it("give no limit as the reason that does not hold any more, when a clock is over too", () => {
    const expired = event(20, { kind: "clock.expired", operation: "op1", clock: "pursuit_period", host: "RO", because: "the two hours are over" });
    const timed = picture({ operations: [operation({ clocks: [{ clock: "pursuit_period", host: "RO", starts: at(-7200), ends: at(0), citation, status: "running", because: null }] })] });
    const both = fold(fold(timed, asked(1), reached(13, "limit.exceeded", 100)), expired);
    expect(both.operations.get("op1")?.must_stop).toBe("the two hours are over");
    expect(fold(both, reached(14, "limit.within", 0)).operations.get("op1")?.must_stop).toBe("the two hours are over");
    const limitLast = fold(fold(timed, asked(1), expired), reached(15, "limit.exceeded", 100));
    expect(limitLast.operations.get("op1")?.must_stop).toBe("the two hours are over");
  });
  it("keep what was ticked of each unit, and show what was corrected", () => {
    const by = { account: "budapest", room: "BUD" }, changed = { kind: "operation.changed" as const, operation: "op1", units: null, authorisation: null, by };
    const after = fold(
      picture(),
      event(11, { ...changed, recognisable: { unit: "hu-1", by: "nothing" } }),
      event(12, { ...changed, recognisable: { unit: "hu-1", by: "armband" } }),
      event(13, { ...changed, amendment: { person_category: "contact", more_hosts: ["RO", "BG"], because: "only the driver" } }),
    );
    expect(after.operations.get("op1")).toMatchObject({ version: 4, recognised: [{ unit: "hu-1", by: "armband" }], person_category: "contact", offence: "drug_trafficking", host_states: ["RO", "BG"] });
  });
  it("end what a host granted when it says no, and keep who said so", () => {
    const by = { account: "budapest", room: "BUD" }, changed = { kind: "operation.changed" as const, operation: "op1", units: null, authorisation: null, by };
    const document = { number: "RO-1", from: at(0), to: at(600), conditions: "", state: null };
    const said = (host: string) => ({ host, kind: "withdrawn", at: at(60), said_by: "A. Pop", because: "" });
    const granted = fold(picture(), event(11, { ...changed, authorisation: document }));
    expect(fold(granted, event(12, { ...changed, host_refused: said("BG") })).operations.get("op1")).toMatchObject({ authorisation: document, refusals: [said("BG")] });
    const over = fold(granted, event(12, { ...changed, host_refused: said("RO") }));
    expect(over.operations.get("op1")).toMatchObject({ authorisation: null, refusals: [said("RO")] });
    expect(fold(over, event(13, { ...changed, authorisation: { ...document, number: "RO-2" } })).operations.get("op1")?.authorisation?.number).toBe("RO-2");
  });
  it("keep who is held in each state: the same person better known, or another after a release", () => {
    const by = { account: "budapest", room: "BUD" }, changed = { kind: "operation.changed" as const, operation: "op1", units: null, authorisation: null, by };
    const detained = { host: "RO", since: at(60), unit: "hu-1", host_national: null, findings: [] };
    const step = (kind: string) => ({ host: "RO", step: kind, at: at(90), note: "" });
    const held = fold(picture(), event(11, { ...changed, detained }), event(12, { ...changed, detention_step: step("handed_over") }), event(13, { ...changed, detained: { ...detained, since: at(50), host_national: false } }));
    expect(held.operations.get("op1")?.held).toEqual([{ ...detained, since: at(50), host_national: false, steps: [step("handed_over")] }]);
    const again = fold(held, event(14, { ...changed, detention_step: step("released") }), event(15, { ...changed, detained: { ...detained, since: at(500) } }));
    expect(again.operations.get("op1")?.held).toEqual([{ ...detained, since: at(500), steps: [] }]);
    expect(fold(held, event(14, { ...changed, detention_step: { ...step("released"), host: "BG" } })).operations.get("op1")?.held).toEqual(held.operations.get("op1")?.held);
  });
  it("stop no unit when the hours of a release are over", () => {
    const release = { clock: "release", host: "RO" };
    const over = fold(picture(), asked(1), event(12, { kind: "clock.started", operation: "op1", ...release, starts: at(0), ends: at(60), origin: "law", citation }), event(13, { kind: "clock.expired", operation: "op1", ...release, because: "the hours are over" }));
    expect(over.operations.get("op1")).toMatchObject({ must_stop: null, clocks: [{ status: "expired" }] });
  });
  it("raise an alarm once, keep who took it or put it aside, and end it", () => {
    const of = { alarm: "A02-1", code: "A02", operation: "op1", unit: null, notice: "n1", host: null }, by = { account: "eva", room: "BUD" };
    const raised = event(11, { kind: "alarm.raised", ...of, priority: 1, since: at(0), sentence: "not sent", action: "send" });
    const taken = fold(picture(), raised, raised, event(12, { kind: "alarm.acknowledged", ...of, by }), event(13, { kind: "alarm.shelved", ...of, by, until: at(99), reason: "known" }));
    expect(taken.alarms).toMatchObject([{ id: "A02-1", priority: 1, sentence: "not sent", acknowledged: { by }, shelved: { until: at(99) } }]);
    expect(fold(taken, event(14, { kind: "alarm.acknowledged", ...of, alarm: "A02-9", by })).alarms).toEqual(taken.alarms);
    expect(fold(taken, event(14, { kind: "alarm.cleared", ...of })).alarms).toEqual([]);
  });
  it("keep the newest sighting of the target, whatever the order", () => {
    const seen = (seq: number, when: number): Event => event(seq, { kind: "target.sighted", operation: "op1", target: "TGT-1", seen_at: at(when), lat: 46, lon: 20 + seq, accuracy_m: 30, source: "unit", by_unit: "hu-1", course_deg: null, speed_mps: null, states: "HU", certainty: "inside", frontier: null, distance_m: null });
    expect(fold(picture(), seen(11, 9), seen(12, 3)).operations.get("op1")?.sighting?.seen_at).toBe(at(9));
  });
  it("keep a clock over when late data shorten it, and count anew to a later end", () => {
    const body = { operation: "op1", clock: "consent", host: "RO", starts: at(0), ends: at(60), origin: "law", citation };
    const after = fold(picture(), event(11, { kind: "clock.started", ...body }), event(12, { kind: "clock.expired", operation: "op1", clock: "consent", host: "RO", because: "over" }), event(13, { kind: "clock.revised", ...body, ends: at(50), because: "late fix" }));
    expect(after.operations.get("op1")?.clocks).toMatchObject([{ status: "expired", ends: at(50), because: "late fix" }]);
    const longer = fold(after, event(14, { kind: "clock.revised", ...body, ends: at(90), because: "document 2 came in" }));
    expect(longer.operations.get("op1")?.clocks).toMatchObject([{ status: "running", ends: at(90) }]);
  });
  const finding = { condition: "carrier_covered", answer: "met", sentence: "Covered.", citation };
  const assessed = (seq: number, operation: string | null, verdict: string, findings = [finding], duties: readonly { duty: string; when: string; citation: typeof citation }[] = []): Event =>
    event(seq, { kind: "law.assessed", operation, unit: "hu-1", crossing: "x1", verdict, findings, duties: [...duties], clocks: [] });
  it("must stop when a clock is over and a unit is abroad, until it is home or the clock counts anew", () => {
    const started = fold(picture(), assessed(10, "op1", "no_obstacle"), event(11, { kind: "clock.started", operation: "op1", clock: "consent", host: "RO", starts: at(0), ends: at(60), origin: "law", citation }));
    const over = fold(started, event(12, { kind: "clock.expired", operation: "op1", clock: "consent", host: "RO", because: "No consent came." }));
    expect(over.operations.get("op1")).toMatchObject({ must_stop: "No consent came.", clocks: [{ status: "expired" }] });
    const home = fold(over, assessed(13, "op1", "no_obstacle", []));
    expect(home.operations.get("op1")).toMatchObject({ must_stop: null, assessments: [] });
    expect(fold(home, assessed(14, "op1", "no_obstacle")).operations.get("op1")?.must_stop).toBe("No consent came.");
    const anew = fold(over, event(13, { kind: "clock.revised", operation: "op1", clock: "consent", host: "RO", starts: at(0), ends: at(90), origin: "law", citation, because: "it came" }));
    expect(anew.operations.get("op1")?.must_stop).toBeNull();
  });
  it("keep at home what is owed still, and forget a unit that was taken out", () => {
    const report = { duty: "report", when: "", citation };
    const home = fold(picture(), assessed(11, "op1", "no_obstacle", [], [report]));
    expect(home.operations.get("op1")?.assessments).toMatchObject([{ unit: "hu-1", findings: [], duties: [report] }]);
    const changed = fold(home, event(12, { kind: "operation.changed", operation: "op1", units: [], authorisation: null, by: { account: "budapest", room: "BUD" } }));
    expect(changed.operations.get("op1")?.assessments).toEqual([]);
  });
  it("owe nothing by a notice that was withdrawn", () => {
    const after = fold(picture({ operations: [operation({ notices: [notice()] })] }), event(11, { kind: "notice.withdrawn", operation: "op1", notice: "n1", because: "it did not happen" }));
    expect(after.operations.get("op1")?.notices).toMatchObject([{ status: "withdrawn", owed_since: null }]);
  });
  it("keep on a unit what the law says of it in no operation, until it is home or in one", () => {
    const stray = fold(picture(), assessed(11, null, "stop"));
    expect(stray.units.get("hu-1")?.stray).toMatchObject({ verdict: "stop", crossing: "x1" });
    expect(fold(stray, assessed(12, null, "no_obstacle", [])).units.get("hu-1")?.stray).toBeNull();
    expect(fold(stray, assessed(12, "op1", "no_obstacle")).units.get("hu-1")?.stray).toBeNull();
  });
  it("keep the newest assessment of each unit", () => {
    const assess = (seq: number, who: string | null, verdict: string): Event => event(seq, { kind: "law.assessed", operation: "op1", unit: who, crossing: null, verdict, findings: [finding], duties: [], clocks: [] });
    const after = fold(picture(), assess(11, null, "no_obstacle"), assess(12, "hu-1", "no_obstacle"), assess(13, "hu-1", "stop"));
    expect(after.operations.get("op1")?.assessments.map((one) => [one.unit, one.verdict])).toEqual([[null, "no_obstacle"], ["hu-1", "stop"]]);
  });
});

describe("the picture", () => {
  it("keeps every event for the list, and counts kinds it does not know", () => {
    const after = fold(picture(), { ...event(11, { kind: "unit.back", unit: "hu-1" }), kind: "handover.PRO" } as never);
    expect(after.unknownKinds.get("handover.PRO")).toBe(1);
    expect(after.recent).toHaveLength(1);
  });
  it("does not change the one it came from", () => {
    const before = picture(), kept = structuredClone(toSnapshot(before));
    fold(before, event(11, crossed("crossing.confirmed", "x1", 0)));
    expect(toSnapshot(before)).toEqual(kept);
  });
  it("is the same again from the snapshot it gives", () => {
    const after = fold(picture(), event(11, crossed("crossing.confirmed", "x1", 0)));
    expect(toSnapshot(fromSnapshot(toSnapshot(after)))).toEqual(toSnapshot(after));
  });
  it("folded in one bulletin or in many is the same", () => {
    const events = [event(11, crossed("crossing.suspected", "x1", 0)), event(12, crossed("crossing.confirmed", "x1", 0)), event(13, { kind: "notice.ready", operation: "op1", notice: "n1" })];
    const one = fold(fromSnapshot(snapshot()), ...events);
    const many = events.reduce((from, next) => fold(from, next), fromSnapshot(snapshot()));
    expect(toSnapshot(one)).toEqual(toSnapshot(many));
  });
});
