/** The page against the real service playing its exercise. Needs LIMES_BIN; says so when it is not there. */

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Desk, LIMES_BIN, Service, launch } from "./driver";

const LAP_MS = 240_000;

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

  it("shows the service's own frontier at high zoom", async () => {
    const desk = await (await Desk.at(browser, service)).takePosition("budapest");
    await desk.sees("Frontier as decided on", ".maptools");
    expect(desk.broken).toEqual([]);
    await desk.leave();
  });
});
