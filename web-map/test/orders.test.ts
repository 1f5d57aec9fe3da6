import { afterEach, describe, expect, it, vi } from "vitest";
import { closeOperation, loggedIn, openOperation } from "../src/orders";

type Reply = () => Promise<Response>;
const opening = { name: "RAJKA-06", basis: "40(2)", host_states: ["SK"], offence: "theft", person_category: "suspect", purpose: "criminal_investigation", target: null, units: [], authorisation: null };
const lost: Reply = () => Promise.reject(new TypeError("the line broke"));
const answered = (status: number): Reply => () => Promise.resolve(new Response("{}", { status }));

function service(...replies: Reply[]): (string | null)[] {
  const keys: (string | null)[] = [];
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    keys.push(new Headers(init.headers).get("Idempotency-Key"));
    return (replies.shift() ?? answered(201))();
  });
  return keys;
}
afterEach(() => vi.unstubAllGlobals());

describe("an order", () => {
  it("without an answer is not said to be unsent, and sent again it is the same order", async () => {
    const keys = service(lost, answered(503), answered(201), answered(201));
    const first = await openOperation(opening);
    expect(first.ok || first.refused.detail).toContain("not known whether the order was taken");
    for (let i = 0; i < 3; i++) await openOperation(opening);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
  });
  it("that says something else is another order", async () => {
    const keys = service(lost, lost);
    await closeOperation("op1", "done", null);
    await closeOperation("op1", "over", null);
    expect(keys[0]).not.toBe(keys[1]);
  });
  it("that was refused is a new order when it is sent again", async () => {
    const keys = service(answered(409));
    await closeOperation("op2", "done", null);
    await closeOperation("op2", "done", null);
    expect(keys[0]).not.toBe(keys[1]);
  });
});

describe("whether a log-in stands", () => {
  it("is asked for a limited time", async () => {
    vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
      expect(init.signal).toBeInstanceOf(AbortSignal);
      return lost();
    });
    expect((await loggedIn()).in).toBe("unknown");
  });
});
