import { describe, expect, it } from "vitest";
import { clockOf, interval, stepOf, stepsFor } from "../src/picture/age";
import { asks, firstUp, inOrder, isAside, placeOf } from "../src/picture/alarms";
import { ServiceClock } from "../src/picture/clock";
import { clockFaces } from "../src/picture/clocks";
import { labelOf, lawLine, motion, sourceOf, targetLabel } from "../src/picture/label";
import { FROZEN_AFTER_MS, STARTING, isFrozen, notLive, pictureAge } from "../src/picture/link";
import { may } from "../src/picture/rights";
import { sideOf } from "../src/picture/side";
import { inBay, next, standing, stopOf, stops } from "../src/picture/strips";
import { age, duration, localTime, momentOf, zulu } from "../src/picture/time";
import { runs, said, timelineOf } from "../src/picture/timeline";
import { crossingsOf } from "../src/picture/whereabouts";
import { distance, plain, speed } from "../src/picture/words";
import { T0, alarm, at, clock, crossing, notice, operation, picture, position, unit } from "./make";

describe("rights", () => {
  it("let an operator send and a legal officer not", () => {
    expect(may("operator", "send")).toBe(true);
    expect(may("legal", "send")).toBe(false);
    expect(may("legal", "open")).toBe(true);
    expect(may("observer", "close")).toBe(false);
    expect(may(undefined, "read")).toBe(false);
  });
});

describe("times", () => {
  it("are read in UTC with a Z", () => expect(zulu(T0)).toBe("11:33:20Z"));
  it("are read in both states' own time", () => {
    expect(localTime(T0, "HU")).toBe("12:33");
    expect(localTime(T0, "RO")).toBe("13:33");
    expect(localTime(Date.parse("2027-07-16T11:33:20Z"), "RO")).toBe("14:33");
    expect(localTime(T0, "??")).toBeNull();
  });
  it.each([[0, "0:00"], [441, "7:21"], [3723, "1:02:03"], [-14, "−0:14"], [-0.4, "0:00"], [59.9, "0:59"], [NaN, "unknown"]])("%d s is the duration %s", (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });
  it.each([[0.4, "0 s"], [9.9, "9 s"], [60, "1:00"], [72, "1:12"], [-3, "0 s"]])("%d s is the age %s", (seconds, words) => {
    expect(age(seconds)).toBe(words);
  });
});

describe("a device's clock", () => {
  const heard = (fixed: number, received: number) => unit({ position: { ...position(), fixed_at: at(fixed), received_at: at(received) } });
  it("that runs ahead is told by a fix that arrives before it was taken", () => {
    expect(clockOf(heard(12, 0))).toEqual({ ahead: 12 });
    expect(clockOf(heard(0.4, 0))).toBeNull();
  });
  it("that is slow cannot be told from a slow way", () => {
    expect(clockOf(heard(0, 40))).toEqual({ late: 40 });
    expect(clockOf(heard(0, 3))).toBeNull();
    expect(clockOf(unit({ position: null }))).toBeNull();
  });
});

describe("figures", () => {
  it.each([[4.4, "4 m"], [240, "240 m"], [246, "250 m"], [7234, "7.2 km"], [994, "990 m"], [996, "1.0 km"], [140_400, "140 km"], [null, "unknown"]])("%s metres is %s", (metres, words) => {
    expect(distance(metres)).toBe(words);
  });
  it("speeds are told in km/h", () => expect(speed(22.8)).toBe("82 km/h"));
});

describe("strangers' text", () => {
  it("keeps letters of every language", () => expect(plain("Őrség șase Руководство")).toBe("Őrség șase Руководство"));
  it("shows direction marks and invisible characters as what they are", () => {
    expect(plain("HU\u202e1-UH")).toBe("HU\ufffd1-UH");
    expect(plain("H\u200bU")).toBe("H\ufffdU");
    expect(plain("a\nb\u0000")).toBe("a\ufffdb\ufffd");
  });
  it("is cut, with a mark that it was", () => {
    expect(plain("x".repeat(10_000), 20)).toBe(`${"x".repeat(19)}…`);
    expect(Array.from(plain("😀".repeat(50), 5))).toHaveLength(5);
  });
});

describe("ages", () => {
  const tail = (every: number): [number, number, number][] => Array.from({ length: 8 }, (_, i) => [20, 46, T0 - (7 - i) * every * 1000]);
  it("step at 5, 15 and 60 s for a unit that reports each second", () => {
    const one = unit({ tail: tail(1) });
    expect([4, 6, 16, 61].map((s) => stepOf(one, T0 + s * 1000))).toEqual(["fresh", "ageing", "stale", "lost"]);
  });
  it("step later for a unit that reports each 10 s", () => {
    const one = unit({ tail: tail(10) });
    expect([19, 21, 41, 121].map((s) => stepOf(one, T0 + s * 1000))).toEqual(["fresh", "ageing", "stale", "lost"]);
  });
  it("take the unit's usual interval, not the last gap", () => {
    const gaps = tail(2);
    gaps.push([20, 46, T0 + 60_000]);
    expect(interval(gaps)).toBe(2);
    expect(stepsFor(null)).toEqual({ ageing: 5, stale: 15, lost: 60 });
  });
  it("count from our own clock for a device whose clock runs ahead", () => {
    const ahead = unit({ position: position({ fixed_at: at(90), received_at: at(0) }) });
    expect(stepOf(ahead, T0 + 10_000)).toBe("ageing");
  });
  it("do not exist without a fix", () => expect(stepOf(unit({ position: null }), T0)).toBe("none"));
});

describe("the service's clock", () => {
  it("believes the message that travelled least", () => {
    const it = new ServiceClock();
    it.observe(T0, 1000);
    it.observe(T0 + 700, 2000);
    expect(it.now(2000)).toBeCloseTo(T0 + 1000, -1);
  });
  it("runs at the exercise's rate", () => {
    const it = new ServiceClock();
    it.setRate(10);
    it.observe(T0, 0);
    expect(it.now(500)).toBe(T0 + 5000);
  });
  it("is not set back by what comes late, for minutes on end", () => {
    const it = new ServiceClock();
    it.observe(T0, 0);
    for (let s = 1; s <= 180; s++) it.observe(T0 + (s - 60) * 1000, s * 1000);
    expect(it.now(180_000)).toBeGreaterThan(T0 + 179_800);
    expect(it.lateness(T0 + 120_000, 180_000)).toBeGreaterThan(59_800);
  });
  it("follows the drift of a slow machine", () => {
    const it = new ServiceClock();
    for (let s = 0; s <= 3600; s++) it.observe(T0 + s * 1000, s * 1000 * 1.0001);
    expect(Math.abs((it.now(3_600_360) ?? 0) - (T0 + 3_600_000))).toBeLessThan(50);
  });
  it("is set back by a new socket only", () => {
    const it = new ServiceClock();
    it.observe(T0, 0);
    it.begin();
    it.observe(T0 - 60_000, 10);
    expect(it.now(10)).toBe(T0 - 60_000);
  });
  it("passes while the machine sleeps", () => {
    const it = new ServiceClock();
    it.setRate(4);
    it.observe(T0, 0);
    it.slept(60_000);
    expect(it.now(0)).toBe(T0 + 240_000);
  });
  it("measures lateness in real time", () => {
    const it = new ServiceClock();
    it.setRate(4);
    it.observe(T0, 0);
    expect(it.lateness(T0 - 8000, 0)).toBe(2000);
  });
  it("says nothing before it heard anything", () => expect(new ServiceClock().now(5)).toBeNull());
});

describe("the link", () => {
  it("is frozen when nothing was heard for two and a half seconds", () => {
    const link = { ...STARTING, phase: "live" as const, heard: 1000 };
    expect(isFrozen(link, 1000 + FROZEN_AFTER_MS)).toBe(false);
    expect(isFrozen(link, 1001 + FROZEN_AFTER_MS)).toBe(true);
  });
  it("is frozen when what is heard comes late, however often", () => {
    const late = { ...STARTING, phase: "live" as const, heard: 1000, late: 2000 };
    expect(notLive(late, 1000)).toBeNull();
    expect(notLive(late, 1501)).toBe("late");
    expect(pictureAge(late, 1500)).toBe(2.5);
    expect(notLive({ ...late, late: 200 }, 3400)).toBe("silent");
  });
  it("is not live while older records are still coming", () => {
    const behind = { ...STARTING, phase: "live" as const, heard: 1000, behind: 40 };
    expect(notLive(behind, 1100)).toBe("catching_up");
    expect(isFrozen(behind, 1100)).toBe(true);
  });
  it("is frozen also while the socket is open", () => expect(isFrozen({ ...STARTING, phase: "live", heard: 0 }, 3000)).toBe(true));
});

describe("labels", () => {
  it("tell speed alone while the fix is fresh, then its age", () => {
    expect(motion(unit(), T0 + 2000, false)).toBe("82 km/h");
    expect(motion(unit(), T0 + 9000, false)).toBe("82 km/h · 9 s old");
    expect(motion(unit(), T0 + 18_000, false)).toBe("82 km/h · no fix 18 s");
    expect(motion(unit(), T0 + 72_000, false)).toBe("last 82 km/h · no fix 1:12");
  });
  it("say last while the picture is frozen, and no distance", () => {
    expect(motion(unit(), T0 + 2000, true)).toBe("last 82 km/h");
    expect(lawLine(unit(), T0, true)).toBe("LAW HU · distance unknown");
  });
  it("name the law and the line", () => {
    expect(lawLine(unit(), T0, false)).toBe("LAW HU · 240 m from HU-RO");
    expect(lawLine(unit({ law: null }), T0, false)).toBe("LAW unknown · 240 m from HU-RO");
  });
  it("say that a crossing is suspected, with the old law", () => {
    expect(lawLine(unit({ suspected: crossing() }), T0, false)).toBe("LAW HU · crossing to RO suspected");
  });
  it("count a prediction down and drop it when its time is past", () => {
    const approach = { frontier: "HU-RO", from: "HU", to: "RO", distance_m: 900, eta_s: 40, eta_earliest_s: 30, eta_latest_s: 60, point: [20.7, 46.16] as [number, number], at: at(0) };
    expect(lawLine(unit({ approach }), T0 + 10_000, false)).toBe("LAW HU · 240 m from RO · there in 0:30");
    expect(lawLine(unit({ approach }), T0 + 50_000, false)).toBe("LAW HU · 240 m from RO · due there");
    expect(lawLine(unit({ approach }), T0 + 61_000, false)).toBe("LAW HU · 240 m from HU-RO");
    expect(lawLine(unit({ approach, position: position({ speed_mps: 0 }) }), T0, false)).toBe("LAW HU · 240 m from HU-RO");
    expect(lawLine(unit({ approach, law: "RO" }), T0, false)).toBe("LAW RO · 240 m from HU-RO");
  });
  it("say who leads and sees, only in an operation", () => {
    expect(labelOf(unit(), operation(), T0, false).lines[1]).toBe("LEAD BUD · EYES yes");
    expect(labelOf(unit(), null, T0, false).lines).toHaveLength(1);
  });
  it("say that a silent unit may have crossed, and how far", () => {
    const silent = unit({ silence: { since: at(-90), radius_m: 1400, reach: "HU|RO", may_have_crossed: true } });
    expect(labelOf(silent, operation(), T0, false).lines[1]).toBe("may have crossed, reach HU or RO · within 1.4 km");
  });
  it("say of a drone that does not keep away from a line when it will be over it, not while the picture is frozen", () => {
    const near = { unit: "hu-1", from: "HU", to: "RO", distance_m: 210, stand_off_m: 300, over_at: null, condition: "carrier_covered", sentence: "Stop.", citation: null };
    expect(labelOf(unit({ stand_off: near }), operation(), T0, false).lines[1]).toBe("stand-off 300 m not kept");
    const ahead = unit({ stand_off: { ...near, over_at: at(24) } });
    expect(labelOf(ahead, null, T0, false).lines[1]).toBe("OVER RO IN 0:24");
    expect(labelOf(ahead, null, T0 + 24_000, false).lines[1]).toBe("OVER RO NOW?");
    expect(labelOf(ahead, operation(), T0, true).lines[1]).toBe("LEAD BUD · EYES yes");
  });
  it("say of a sealed source since when, for want of whose permission, and nothing of its motion", () => {
    const sealed = unit({ kind: "tracker", sealed: { since: at(0), without: "RO" } });
    expect(labelOf(sealed, operation(), T0 + 90_000, false)).toMatchObject({ rest: `SEALED since ${at(0).slice(11, 19)}Z`, lines: ["no permission RO", "here: its last lawful place"], step: "lost" });
    expect(labelOf(unit({ sealed: { since: at(0), without: "-" } }), null, T0, false).lines[0]).toBe("outside its legal area");
  });
  it("say that a wrong clock is not used for law", () => {
    expect(labelOf(unit({ clock_wrong: { lat: 46.2, lon: 20.8, received_at: at(0), ahead_s: 90.4 } }), operation(), T0, false).lines[1]).toBe("clock wrong by 90 s, not used for law");
  });
  it("say of a unit whose backlog arrives that its fixes come late, and not that none came", () => {
    const late = unit({ position: position({ fixed_at: at(-2400), received_at: at(0), speed_mps: null }) });
    expect(motion(late, T0 + 10_000, false)).toBe("its fixes come 40:00 late");
    expect(motion(late, T0 + 61_000, false)).toBe("no fix 41:01");
    expect(motion(unit({ position: position({ fixed_at: at(-2400), received_at: at(-2400), speed_mps: null }) }), T0, false)).toBe("no fix 40:00");
  });
  it("of a unit with a wrong clock tell no distance, and the age since it was heard", () => {
    const wrong = unit({ position: position({ fixed_at: at(-300), received_at: at(-300) }), clock_wrong: { lat: 46.2, lon: 20.8, received_at: at(0), ahead_s: 90 } });
    expect(lawLine(wrong, T0, false)).toBe("LAW HU");
    expect(motion(wrong, T0 + 2000, false)).toBe("");
    expect(stepOf(wrong, T0 + 2000)).toBe("fresh");
  });
  it("tell the source of the target's place", () => {
    const seen = { seen_at: at(0), lat: 46, lon: 20, accuracy_m: 40, by_unit: "hu-1", course_deg: null, speed_mps: null, states: "HU", certainty: "inside", frontier: null, distance_m: null };
    const name = (): string => "HU-1";
    expect(sourceOf(operation({ sighting: { ...seen, source: "unit" } }), name)).toBe("by HU-1");
    expect(sourceOf(operation({ sighting: { ...seen, source: "followed" } }), name)).toBe("where HU-1 stands");
    expect(sourceOf(operation({ sighting: { ...seen, source: "voice", by_unit: null } }), name)).toBe("by voice");
    expect(targetLabel(operation({ sighting: { ...seen, source: "followed" } }), T0 + 20_000, false, name)).toMatchObject({ step: "stale", rest: "not seen 20 s", lines: ["LAW HU · where HU-1 stands", "silver estate car"] });
    expect(targetLabel(operation(), T0, false, name)).toBeNull();
  });
});

describe("sides", () => {
  it("follow the role in the operation, not the flag", () => {
    const host = unit({ id: "ro-1", state: "RO", room: "ARD" });
    const now = picture({ units: [unit(), host] });
    expect(sideOf(now, unit(), operation())).toBe("req");
    expect(sideOf(now, host, operation())).toBe("host");
    const reversed = operation({ room: "ARD", requesting_state: "RO", host_states: ["HU"], host_rooms: ["BUD"], units: ["ro-1"] });
    expect(sideOf(now, host, reversed)).toBe("req");
    expect(sideOf(now, unit(), reversed)).toBe("host");
  });
  it("are neutral outside operations", () => {
    const now = picture({ operations: [], units: [unit(), unit({ id: "ro-1", state: "RO", room: "ARD" })] });
    expect(sideOf(now, unit(), null)).toBe("own");
    expect(sideOf(now, unit({ id: "ro-1", room: "ARD" }), null)).toBe("partner");
  });
});

describe("strips", () => {
  it("lie in Mine until a unit nears or crosses the line", () => {
    const calm = picture();
    expect(standing(calm, operation(), T0)).toEqual({ bay: "mine", word: "IN HU" });
    const abroad = picture({ units: [unit({ law: "RO" })] });
    expect(standing(abroad, operation(), T0)).toEqual({ bay: "leaving", word: "IN RO" });
  });
  it("lie in Coming for the host room", () => {
    const arad = picture({ room: { id: "ARD", state: "RO" } });
    expect(standing(arad, operation(), T0).bay).toBe("coming");
  });
  it("of closed operations go to Watching and leave after an hour", () => {
    const closed = operation({ closed: { at: at(0), by: { account: "a", room: "BUD" }, reason: "done", outcome: null } });
    const now = picture({ operations: [closed] });
    expect(inBay(now, "watching", T0 + 60_000)).toHaveLength(1);
    expect(inBay(now, "watching", T0 + 3_700_000)).toHaveLength(0);
  });
  it("name who owes what next, since when", () => {
    expect(next(picture(), operation())).toEqual({ room: "BUD", act: "nothing due", since: null, weight: "none" });
    expect(next(picture(), operation({ notices: [notice()] }))).toEqual({ room: "BUD", act: "send crossing notice", since: T0 - 3000, weight: "owed" });
    expect(next(picture(), operation({ notices: [notice({ status: "draft" })] })).act).toBe("complete and send crossing notice");
    expect(next(picture(), operation({ notices: [notice({ status: "delivered", sent_at: at(4) })] }))).toEqual({ room: "ARD", act: "read crossing notice", since: T0 + 4000, weight: "owed" });
  });
  it("put the crossing before the request, and a stop before all", () => {
    const both = [notice({ id: "r", duty: "request" }), notice({ id: "n" })];
    expect(next(picture(), operation({ notices: both })).act).toBe("send crossing notice");
    expect(next(picture(), operation({ notices: [notice({ to: "SK" })] }))).toEqual({ room: "BUD", act: "call SK: crossing notice", since: T0 - 3000, weight: "owed" });
    expect(next(picture(), operation({ notices: [notice({ status: "voice", to: "SK" })] })).act).toBe("nothing due");
    const reached = picture({ reached: [{ to: "SK", channels: ["email"] }] });
    expect(next(reached, operation({ notices: [notice({ to: "SK" })] })).act).toBe("send crossing notice");
    expect(next(reached, operation({ notices: [notice({ to: "SK", status: "sent", sent_at: at(4) })] }))).toMatchObject({ act: "crossing notice on its way", weight: "none" });
    expect(next(reached, operation({ notices: [notice({ to: "SK", status: "failed", sent_at: at(4), failed_at: at(9) })] }))).toEqual({ room: "BUD", act: "call SK: crossing notice not delivered", since: T0 + 9000, weight: "owed" });
    expect(next(reached, operation({ notices: [notice({ to: "SK", status: "delivered", sent_at: at(4) })] }))).toMatchObject({ room: "BUD", act: "call SK: crossing notice read?" });
    expect(next(picture(), operation({ notices: [notice({ status: "seen" }), notice({ id: "r", duty: "request" })] })).act).toBe("send request for assistance");
    const abroad = picture({ units: [unit({ law: "RO", crossings: [crossing()] })] }), over = operation({ notices: both, must_stop: "over", clocks: [clock({ status: "expired" })] });
    expect(next(abroad, over)).toMatchObject({ act: "stop and confirm", weight: "stop" });
    expect(next(picture(), over).act).toBe("send crossing notice");
  });
  it("do not press for a notice that is only expected", () => {
    expect(next(picture(), operation({ notices: [notice({ owed_since: null })] }))).toMatchObject({ act: "crossing notice is ready", weight: "none" });
  });
});

describe("a person held abroad", () => {
  it("is entered by the time of day, the last such moment", () => {
    const noon = Date.parse("2027-03-16T12:00:30Z");
    expect([momentOf("11:40", noon), momentOf("11:40:05Z", noon), momentOf("12:01", noon)].map((ms) => new Date(ms ?? 0).toISOString())).toEqual(["2027-03-16T11:40:00.000Z", "2027-03-16T11:40:05.000Z", "2027-03-16T12:01:00.000Z"]);
    expect(new Date(momentOf("23:50", noon) ?? 0).toISOString()).toBe("2027-03-15T23:50:00.000Z");
    for (const wrong of ["", "noon", "24:00", "11:60", "11", "11:40:60", "-1:30"]) expect(momentOf(wrong, noon), wrong).toBeNull();
  });
});

describe("a stop of the law", () => {
  const findings = [{ condition: "authorisation_in_force", answer: "not_met", sentence: "No authorisation is on file.", citation: clock().citation }];
  const stop = { at: at(0), unit: "hu-1", crossing: "x1", verdict: "stop", findings, duties: [] };
  const out = unit({ law: "RO", crossings: [crossing()] });
  const of = (more: Partial<ReturnType<typeof operation>>, one = out) => stops(picture({ units: [one], operations: [operation(more)] }), operation(more));
  it("says why", () => expect(of({ assessments: [stop] })).toEqual([{ unit: "hu-1", because: "No authorisation is on file.", since: T0 }]));
  it("is none once the unit is home, or of an earlier crossing", () => {
    const home = unit({ crossings: [crossing(), crossing({ id: "x2", from: "RO", to: "HU", likely: at(30) })] });
    const again = unit({ law: "RO", crossings: [...home.crossings, crossing({ id: "x3", likely: at(60) })] });
    const taken = unit({ crossings: [] });
    for (const one of [home, again, taken]) expect(of({ assessments: [stop] }, one)).toEqual([]);
  });
  it("comes of a clock that is over only while a unit is abroad, and of no hours of release", () => {
    const over = { must_stop: "No consent came.", clocks: [clock({ status: "expired", ends: at(-5) })] };
    expect(of(over)).toEqual([{ unit: null, because: "No consent came.", since: T0 - 5000 }]);
    expect(of(over, unit())).toEqual([]);
    expect(standing(picture({ operations: [operation(over)] }), operation(over), T0).word).toBe("IN HU");
    expect(of({ clocks: [clock({ clock: "release", status: "expired", ends: at(-5) })] })).toEqual([]);
  });
  it("of a unit that no operation has is its own", () => {
    const stray = { ...out, stray: { ...stop, findings: [{ ...findings[0], sentence: "It belongs to no operation." }] } } as typeof out;
    expect(stopOf(stray)).toMatchObject({ unit: "hu-1", because: "It belongs to no operation." });
    expect(stopOf({ ...stray, law: "HU" })).toBeNull();
  });
  it("is none of a closed operation", () => expect(of({ assessments: [stop], closed: { at: at(0), by: { account: "a", room: "BUD" }, reason: "done", outcome: null } })).toEqual([]));
});

describe("alarms", () => {
  const by = { account: "eva", room: "BUD" };
  const ids = (alarms: readonly ReturnType<typeof alarm>[], now = T0): string[] => inOrder(picture({ alarms: [...alarms] }), now).map((one) => one.id);
  it("nobody has taken come first, the most pressing, then the newest", () => {
    const all = [alarm("A28-1", 3, 0), alarm("A13-2", 2, 5), alarm("A02-3", 1, 1), alarm("A13-4", 2, 9), alarm("A03-5", 1, 8, { acknowledged: { by, at: at(9) } })];
    expect(ids(all)).toEqual(["A02-3", "A13-4", "A13-2", "A28-1", "A03-5"]);
  });
  it("put aside wait at the end until their time is over", () => {
    const aside = alarm("A28-1", 3, 0, { shelved: { by, until: at(60), reason: "known" } }), other = alarm("A28-2", 3, 1);
    expect([isAside(aside, T0 + 59_999), isAside(aside, T0 + 60_000)]).toEqual([true, false]);
    expect(ids([aside, other], T0 + 60_000)).toEqual(["A28-2", "A28-1"]);
    expect([asks(aside, T0), asks(aside, T0 + 60_000), asks(alarm("A02-3", 1, 0, { acknowledged: { by, at: at(1) } }), T0)]).toEqual([false, true, false]);
  });
  it("that come together name the first", () => {
    const burst = [alarm("A13-1", 2, 0), alarm("A02-2", 1, 9), alarm("A14-3", 2, 18), alarm("A28-4", 3, 40), alarm("A28-5", 3, 41)];
    expect([...firstUp(picture({ alarms: burst }))]).toEqual(["A13-1"]);
    expect([...firstUp(picture({ alarms: burst.slice(0, 2) }))]).toEqual([]);
  });
  it("lead to what they are about", () => {
    expect(placeOf(alarm("A02-1", 1, 0))).toEqual({ operation: "op1", unit: null });
    expect(placeOf(alarm("A28-1", 3, 0, { operation: null }))).toEqual({ operation: null, unit: "hu-1" });
  });
});

describe("clocks", () => {
  const face = (seconds: number, more = {}): ReturnType<typeof clockFaces>[number] | undefined => clockFaces(operation({ clocks: [clock(more)] }), T0 + seconds * 1000)[0];
  it("show what is left of the whole, cut downwards", () => {
    expect(face(0.5)).toMatchObject({ figure: "4:59:59", whole: "left of 5 h", level: "plain" });
  });
  it("are near their end after four fifths", () => {
    expect(face(4 * 3600)?.level).toBe("plain");
    expect(face(4 * 3600 + 1)?.level).toBe("near");
  });
  it("count on past their end, with a sign", () => {
    expect(face(5 * 3600 + 14)).toMatchObject({ figure: "−0:14", whole: "over 5 h", spent: 1, level: "over" });
  });
  it("that do not apply have no face", () => {
    expect(clockFaces(operation(), T0)).toEqual([]);
    expect(face(0, { status: "stopped" })).toBeUndefined();
  });
  it("against a person come first", () => {
    const two = [clock({ clock: "authorisation_window", ends: at(60) }), clock()];
    expect(clockFaces(operation({ clocks: two }), T0).map((one) => one.clock.clock)).toEqual(["consent", "authorisation_window"]);
  });
});

describe("the crossings of an operation", () => {
  const ids = (more: Partial<ReturnType<typeof operation>>, ...crossings: ReturnType<typeof crossing>[]): string[] =>
    crossingsOf(picture({ units: [unit({ crossings })] }), operation(more)).map((one) => one.crossing.id);
  const out = crossing({ id: "out", likely: at(-900) }), back = crossing({ id: "back", from: "RO", to: "HU", likely: at(-800) }), now = crossing({ id: "now", likely: at(0) });
  it("are those since it was opened", () => expect(ids({}, out, back, now)).toEqual(["now"]));
  it("and the one that had a unit abroad already", () => expect(ids({}, out, now)).toEqual(["out", "now"]));
  it("and none after it was closed", () => expect(ids({ closed: { at: at(-1), by: { account: "a", room: "BUD" }, reason: "done", outcome: null } }, now)).toEqual([]));
  it("are marked on the timeline, and gone when they are taken back", () => {
    const marks = (...crossings: ReturnType<typeof crossing>[]): number => timelineOf(picture({ units: [unit({ crossings })] }), operation(), T0).ticks.filter((tick) => tick.kind === "cross").length;
    expect([marks(now), marks()]).toEqual([1, 0]);
  });
});

describe("the timeline", () => {
  it("tells a message and its answer left and right of their marks, and what is close together once", () => {
    const tick = (ms: number, word: string, side: "req" | "host"): { at: number; word: string; side: "req" | "host"; kind: "message" } => ({ at: ms, word, side, kind: "message" });
    expect(said([tick(100, "XNG", "req"), tick(103, "ACK", "host"), tick(110, "RQA", "req")], (ms) => ms)).toEqual([
      { x: 96, text: "XNG +1", side: "req" }, { x: 107, text: "ACK", side: "host" },
    ]);
  });
  it("joins equal neighbours and leaves gaps empty", () => {
    const change = (ms: number, label: string): { at: number; label: string; tone: string } => ({ at: ms, label, tone: "req" });
    expect(runs([change(0, "HU-1"), change(5, "HU-1"), change(9, ""), change(12, "RO-1")], 20)).toEqual([
      { from: 0, to: 9, label: "HU-1", tone: "req" }, { from: 12, to: 20, label: "RO-1", tone: "req" },
    ]);
  });
});
