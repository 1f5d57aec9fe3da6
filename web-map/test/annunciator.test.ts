import { describe, expect, it } from "vitest";
import { Annunciator, shown } from "../src/live/annunciator";
import { alarm, at, picture } from "./make";

const now = Date.parse(at(100));
const me = (role: string) => ({ account: "eva", role });

describe("what is on the screen", () => {
  const first = alarm("A05-1", 1, 1), second = alarm("A28-2", 3, 2);
  const taken = { ...alarm("A02-3", 1, 3), acknowledged: { by: { account: "eva", room: "budapest" }, at: at(4) } };
  it("is the first that asks for a person, or all of them with the list open", () => {
    const with3 = { ...picture(), alarms: [second, taken, first] };
    expect(shown(with3, now, false).map((one) => one.id)).toEqual(["A05-1"]);
    expect(shown(with3, now, true).map((one) => one.id)).toEqual(["A05-1", "A28-2"]);
  });
});

describe("an alarm on the screen", () => {
  const standing = alarm("A05-1", 1, 1);
  const of = (role: string, ...alarms: ReturnType<typeof alarm>[]) => ({ ...picture(), me: me(role), alarms });

  it("is told once, after a moment in which another screen may have told it", () => {
    const told: string[] = [];
    const annunciator = new Annunciator(async (id) => { told.push(id); return { ok: true }; }, () => 0.5);
    annunciator.look(of("operator", standing), [standing], 0);
    annunciator.look(of("operator", standing), [standing], 749);
    expect(told).toEqual([]);
    for (const steady of [750, 751, 100_000]) annunciator.look(of("operator", standing), [standing], steady);
    expect(told).toEqual(["A05-1"]);
  });
  it("is left alone when another screen told it, or nobody here may take it", () => {
    const told: string[] = [];
    const annunciator = new Annunciator(async (id) => { told.push(id); return { ok: true }; }, () => 0);
    const known = { ...standing, annunciated: { by: { account: "pal", room: "budapest" }, at: at(2) } };
    for (const steady of [0, 2_000]) {
      annunciator.look(of("operator", known), [known], steady);
      annunciator.look(of("observer", standing), [standing], steady);
    }
    expect(told).toEqual([]);
  });
  it("is told again after a while when that could not be recorded", async () => {
    const told: number[] = [];
    let steady = 0;
    const annunciator = new Annunciator(async () => { told.push(steady); return { ok: told.length > 1 }; }, () => 0);
    for (steady = 0; steady <= 60_000; steady += 250) {
      annunciator.look(of("operator", standing), [standing], steady);
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(told).toEqual([250, 15_250]);
  });
  it("is told anew when it came back after it was put aside", () => {
    const told: string[] = [];
    const annunciator = new Annunciator(async (id) => { told.push(id); return { ok: true }; }, () => 0);
    const known = { ...standing, annunciated: { by: { account: "eva", room: "budapest" }, at: at(2) } };
    const looks = [standing, standing, known, standing, standing];
    looks.forEach((one, index) => annunciator.look(of("operator", one), [one], index * 1_000));
    expect(told).toEqual(["A05-1", "A05-1"]);
  });
});
