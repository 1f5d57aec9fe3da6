/** The page against the real service playing its exercise. Needs LIMES_BIN; says so when it is not there. */

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
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
  let picture = fromSnapshot({ ...start, seq: 0, rooms: [], units: [], operations: [], recent: [] });
  const bySeq = new Map<number, Picture>();
  for (const one of said) {
    if (one.kind !== "bulletin") continue;
    expect(one.prev).toBe(picture.seq);
    picture = reduce(picture, one);
    bySeq.set(picture.seq, picture);
  }
  return bySeq;
}

/** What is folded: the time and the viewer are the socket's, not the picture's. */
const folded = ({ seq, rooms, units, operations, recent }: Snapshot): unknown => ({ seq, rooms, units, operations, recent });

describe.skipIf(LIMES_BIN === undefined)("the exercise (needs LIMES_BIN)", () => {
  let browser: Browser, service: Service;
  beforeAll(async () => {
    browser = await launch();
    service = await Service.demo("--speed", "4");
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  it("shows the crossing in both rooms, and the notice goes from one person to the other", { timeout: LAP_MS }, async () => {
    const budapest = await (await Desk.at(browser, service)).takePosition("budapest");
    await budapest.sees(/EXERCISE/, ".band");
    await budapest.event(/crossed HU to RO/).first().waitFor({ timeout: LAP_MS / 2 });
    const arad = await (await Desk.at(browser, service)).takePosition("arad");
    await arad.event(/crossed HU to RO/).first().waitFor({ timeout: 30_000 });
    await budapest.page.click(".act .commit");
    await budapest.hold(1_100);
    await budapest.event(/sent by budapest/).first().waitFor();
    await arad.page.click(".act .commit");
    await arad.hold(1_100);
    await budapest.sees(/read by arad/, ".notice");
    expect([...budapest.broken, ...arad.broken]).toEqual([]);
    await budapest.leave();
    await arad.leave();
  });

  it.each(["budapest", "arad"])("folds the whole ledger of %s into the picture the service has", async (account) => {
    const token = await tokenOf(service, account), ledger = new Live(service, token, "?since=0");
    let compared = 0;
    // A snapshot may fall inside what one bulletin covers: then the next one is taken.
    for (let tries = 0; tries < 10 && compared === 0; tries++) {
      const fresh = new Live(service, token, "");
      await fresh.until((said) => said.length > 0);
      fresh.close();
      const [snapshot] = fresh.said;
      if (snapshot?.kind !== "snapshot") throw new Error("the first message is no snapshot");
      await ledger.until((said) => said.some((one) => one.kind === "bulletin" && one.seq >= snapshot.seq));
      const picture = foldedBySeq(snapshot, ledger.said).get(snapshot.seq);
      if (picture === undefined) continue;
      expect(folded(toSnapshot(picture))).toEqual(folded(toSnapshot(fromSnapshot(snapshot))));
      compared += 1;
    }
    ledger.close();
    expect(compared).toBe(1);
  });

  it("shows the service's own frontier at high zoom", async () => {
    const desk = await (await Desk.at(browser, service)).takePosition("budapest");
    await desk.sees("Frontier as decided on", ".maptools");
    expect(desk.broken).toEqual([]);
    await desk.leave();
  });
});
