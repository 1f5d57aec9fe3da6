/** The page against the real service playing its exercise. Needs LIMES_BIN; says so when it is not there. */

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import type { LiveMessage, Snapshot } from "../src/picture/names";
import { type Picture, fromSnapshot, toSnapshot } from "../src/picture/picture";
import { reduce } from "../src/picture/reduce";
import { Desk, LIMES_BIN, Service, launch } from "./driver";

const LAP_MS = 240_000;

/** A live socket of the service, and everything it has said. */
class Live {
  readonly said: LiveMessage[] = [];
  private readonly socket: WebSocket;
  constructor(service: Service, token: string, since: string) {
    this.socket = new WebSocket(`${service.url.replace("http", "ws")}/api/v1/live${since}`, { headers: { authorization: `Bearer ${token}` } });
    this.socket.on("message", (data) => this.said.push(JSON.parse((data as Buffer).toString()) as LiveMessage));
  }
  async until(enough: (said: readonly LiveMessage[]) => boolean): Promise<void> {
    await vi.waitUntil(() => enough(this.said), { timeout: 30_000, interval: 50 });
  }
  close(): void { this.socket.close(); }
}

async function tokenOf(service: Service, account: string): Promise<string> {
  const answer = await fetch(`${service.url}/api/v1/sessions`, { method: "POST", headers: { "content-type": "application/json", origin: service.url }, body: JSON.stringify({ account, password: "exercise" }) });
  return ((await answer.json()) as { token: string }).token;
}

/** The whole ledger folded, by the number each bulletin leads to. */
function foldedBySeq(start: Snapshot, said: readonly LiveMessage[]): Map<number, Picture> {
  let picture = fromSnapshot({ ...start, seq: 0, rooms: [], units: [], operations: [], alarms: [], recent: [] });
  const bySeq = new Map<number, Picture>();
  for (const one of said) {
    if (one.kind !== "bulletin") continue;
    expect(one.prev).toBe(picture.seq);
    picture = reduce(picture, one);
    bySeq.set(picture.seq, picture);
  }
  return bySeq;
}

/**
 * What is folded: the time and the viewer are the socket's, not the picture's. A reader that catches up may be given the
 * newest position of a unit only, so tails are compared where nothing is left out (test/fold.test.ts).
 */
const folded = ({ seq, rooms, units, operations, alarms, recent }: Snapshot): unknown => ({ alarms, seq, rooms, units: units.map(({ tail: _, ...unit }) => unit), operations, recent });

describe.skipIf(LIMES_BIN === undefined)("the exercise (needs LIMES_BIN)", () => {
  let browser: Browser, service: Service;
  const desks: Desk[] = [];
  const at = async (account: string): Promise<Desk> => {
    const desk = await Desk.at(browser, service);
    desks.push(desk);
    return desk.takePosition(account);
  };
  const leave = async (): Promise<void> => {
    const broken = desks.flatMap((desk) => desk.broken);
    for (const desk of desks.splice(0)) await desk.leave();
    expect(broken).toEqual([]);
  };
  afterEach(leave);
  beforeAll(async () => {
    browser = await launch();
    service = await Service.demo("--speed", "4");
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  it("shows the crossing in both rooms, and the notice going from one to the other", { timeout: LAP_MS }, async () => {
    const budapest = await at("budapest");
    await budapest.sees(/EXERCISE/, ".band");
    await budapest.event(/crossed HU to RO/).first().waitFor({ timeout: LAP_MS / 2 });
    await budapest.event(/Crossing notice to .* sent by/).first().waitFor({ timeout: LAP_MS / 4 });
    await leave();
    const arad = await at("arad");
    await arad.event(/crossed HU to RO/).first().waitFor();
    await arad.event(/Crossing notice to .* sent by/).first().waitFor();
    await arad.event(/Crossing notice to .* read by/).first().waitFor({ timeout: LAP_MS / 4 });
  });

  it.each(["budapest", "arad"])("folds the whole ledger of %s into the picture the service has", async (account) => {
    const token = await tokenOf(service, account);
    let compared = 0;
    // A snapshot may fall inside what one bulletin covers: then it is tried again.
    for (let tries = 0; tries < 40 && compared === 0; tries++) {
      const ledger = new Live(service, token, "?since=0"), fresh = new Live(service, token, "");
      await ledger.until((said) => said.some((one) => one.kind === "heartbeat"));
      await fresh.until((said) => said.length > 0);
      const [snapshot] = fresh.said;
      if (snapshot?.kind !== "snapshot") throw new Error("the first message is no snapshot");
      await ledger.until((said) => said.some((one) => one.kind === "bulletin" && one.seq >= snapshot.seq));
      ledger.close();
      fresh.close();
      const picture = foldedBySeq(snapshot, ledger.said).get(snapshot.seq);
      if (picture === undefined) continue;
      expect(folded(toSnapshot(picture))).toEqual(folded(toSnapshot(fromSnapshot(snapshot))));
      compared += 1;
    }
    expect(compared).toBe(1);
  });

  it("shows the service's own frontier at high zoom", async () => {
    const desk = await at("budapest");
    await desk.sees("Frontier as decided on", ".maptools");
  });
});
