/** The page against the scripted feed: everything about the line to the service, and what a person can do. */

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Desk, Service, launch } from "./driver";

let browser: Browser, service: Service | null = null;
const desks: Desk[] = [];

beforeAll(async () => { browser = await launch(); });
afterAll(async () => { await browser.close(); });
afterEach(async () => {
  const broken = desks.flatMap((desk) => desk.broken);
  for (const desk of desks.splice(0)) await desk.leave();
  await service?.stop();
  service = null;
  expect(broken).toEqual([]);
});

async function given(scene = "operation", ...args: string[]): Promise<Service> {
  service = await Service.feed(scene, ...args);
  return service;
}
async function at(account: string, size?: { width: number; height: number }): Promise<Desk> {
  if (service === null) throw new Error("no service was given");
  const desk = await Desk.at(browser, service, size);
  desks.push(desk);
  return desk.takePosition(account);
}

describe("the picture", () => {
  it("freezes on a dead feed, says so, and comes back", async () => {
    const feed = await given(), desk = await at("budapest");
    await desk.label("HU-1").waitFor();
    await feed.misbehave("hush", 12);
    // A busy machine may have frozen the picture before, because it came late: what is asked is what silence says.
    await desk.sees("No data from the service", ".banner", 10_000);
    const word = await desk.sees(/PICTURE FROZEN \d\d:\d\d:\d\dZ/, ".frozen-word", 1_000);
    await desk.label("HU-1").filter({ hasText: "distance unknown" }).waitFor({ timeout: 5_000 });
    await word.waitFor({ state: "detached", timeout: 30_000 });
    await desk.page.waitForFunction(() => document.querySelector(".status .link")?.textContent?.includes("no data") === false);
  });

  it("goes on after a broken socket without losing or repeating an event", async () => {
    const feed = await given("operation", "--auto"), desk = await at("budapest");
    await desk.event("crossed HU to RO").first().waitFor();
    await feed.misbehave("cut", 4);
    await desk.event("sent by budapest").waitFor({ timeout: 40_000 });
    await desk.event("read by arad").waitFor({ timeout: 60_000 });
    expect(desk.sockets.some((url) => /since=\d+/.test(url))).toBe(true);
    for (const words of ["crossed HU to RO", "sent by budapest", "delivered", "read by arad"]) expect(await desk.event(words).count(), words).toBe(1);
    const { seq } = await feed.misbehave("seq");
    await desk.page.waitForFunction((least) => Number(document.querySelector(".app")?.getAttribute("data-seq")) >= least, seq);
  });

  it("notices a bulletin that was lost on an open socket", async () => {
    const feed = await given(), desk = await at("budapest");
    await desk.label("HU-1").waitFor();
    await feed.misbehave("skip");
    const { seq } = await feed.misbehave("seq");
    await desk.page.waitForFunction((least) => Number(document.querySelector(".app")?.getAttribute("data-seq")) > least, seq, { timeout: 15_000 });
    expect(desk.sockets.some((url) => /since=\d+/.test(url))).toBe(true);
  });

  it("says that nothing is recorded when the journal fails", async () => {
    const feed = await given(), desk = await at("budapest");
    await feed.misbehave("failing");
    await desk.sees("The journal is failing", ".banner");
  });

  it("gives way to the log-in when the session is over", async () => {
    const feed = await given(), desk = await at("budapest");
    await feed.misbehave("logout");
    await feed.misbehave("cut", 1);
    await desk.page.waitForSelector("input[name=account]");
  });
});

describe("a second log-in in the same browser", () => {
  it("ends the first room's picture instead of folding the other room into it", async () => {
    const feed = await given(), desk = await at("budapest", { width: 1280, height: 720 });
    const other = await desk.page.context().newPage();
    await other.goto(`${feed.url}/api/v1/live`);
    // The same cookie, another room.
    await other.evaluate(() => fetch("/api/v1/sessions", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ account: "arad", password: "exercise" }) }));
    await feed.misbehave("cut", 1);
    await desk.sees("logged in to room ARD in another window");
    expect(await desk.page.locator(".app").count()).toBe(0);
  });
});

describe("what is begun for one operation", () => {
  it("does not pass on to the next", async () => {
    await given("overview");
    const desk = await at("budapest", { width: 1280, height: 720 });
    await desk.page.click(".strip:has-text('NAGYLAK-27')");
    await desk.page.click("button:has-text('Close…')");
    await desk.page.fill(".act.open input", "all units are home");
    await desk.page.click(".strip:has-text('MAKÓ-11')");
    await desk.page.waitForSelector(".side[aria-label*='MAKÓ-11']");
    expect(await desk.page.locator(".act.open").count()).toBe(0);
    await desk.page.click("button:has-text('Close…')");
    expect(await desk.page.inputValue(".act.open input")).toBe("");
  });
});

describe("a crossing", () => {
  // Two maps at once are much for a small machine: small pages, and time.
  const SMALL = { width: 1280, height: 720 };
  it("is shown with its grounds, owes a notice, which one room sends by holding and the other reads by name", { timeout: 240_000 }, async () => {
    await given();
    const budapest = await at("budapest", SMALL);
    const crossed = budapest.event("crossed HU to RO").first();
    await crossed.waitFor();
    // With the pointer on the list nothing in it moves.
    await budapest.page.hover(".log .rows");
    await budapest.page.waitForTimeout(500);
    await crossed.click();
    await budapest.sees("Beyond the line", ".why");
    await budapest.sees("send crossing notice", ".strip .nx");
    await budapest.page.click(".act .commit");
    await budapest.hold(250);
    await budapest.page.waitForTimeout(600);
    expect(await budapest.event("sent by budapest").count(), "a short press sends nothing").toBe(0);
    await budapest.hold(1_100);
    await budapest.event("sent by budapest").waitFor();
    const arad = await at("arad", SMALL);
    await arad.page.click(".act .commit");
    await arad.hold(1_100);
    await arad.sees("read by arad (ARD)", ".notice");
    await budapest.sees("read by arad (ARD)", ".notice");
  });
});

describe("a person held abroad", () => {
  it("is held by the unit with eyes, at this minute, until somebody says otherwise", async () => {
    await given();
    const desk = await at("budapest", { width: 1280, height: 720 });
    await desk.page.click("button:has-text('Person held…')");
    expect(await desk.page.inputValue("select[name=unit]")).toBe("hu-1");
    expect(await desk.page.inputValue("select[name=host]")).toBe("RO");
    expect(await desk.page.inputValue("input[name=since]")).toMatch(/^11:3\d$/);
    await desk.page.fill("input[name=since]", "noon");
    await desk.page.click("button:has-text('Record')");
    await desk.sees("Enter the time of day in UTC", ".act.open");
  });
});

describe("what a host answered", () => {
  it("is a document, or a no with who said it and when", async () => {
    await given();
    const desk = await at("budapest", { width: 1280, height: 720 });
    await desk.page.click("button:has-text('s answer…')");
    await desk.page.waitForSelector(".act.open input[name=number]");
    await desk.page.selectOption(".act.open select[name=kind]", "withdrawn");
    await desk.sees("What was granted does not hold", ".act.open");
    expect(await desk.page.locator(".act.open input[name=number]").count()).toBe(0);
    expect(await desk.page.inputValue(".act.open input[name=at]")).toMatch(/^11:3\d$/);
    await desk.page.fill(".act.open input[name=at]", "noon");
    await desk.page.fill(".act.open input[name=said_by]", "A. Pop");
    await desk.page.click(".act.open button:has-text('Record')");
    await desk.sees("Enter the time of day in UTC", ".act.open");
    await desk.page.click(".act.open button:has-text('Back')");
    await desk.page.waitForSelector("button:has-text('Person held…')");
  });

  it("is asked for a patrol and a host's request alone, and nobody is followed there", async () => {
    await given();
    const desk = await at("budapest", { width: 1280, height: 720 });
    await desk.page.keyboard.press("Control+k");
    await desk.page.waitForSelector("select[name=offence]");
    await desk.page.selectOption("select[name=basis]", "transit_road");
    await desk.sees("Nobody is followed", ".dialog");
    for (const field of ["offence", "person", "target", "number"]) expect(await desk.page.locator(`.dialog [name=${field}]`).count(), field).toBe(0);
    await desk.page.selectOption("select[name=basis]", "assistance");
    await desk.sees("Request of the host state", ".dialog");
    await desk.page.keyboard.press("Escape");
  });
});

describe("alarms", () => {
  it("ask for a person until one has taken each, the most pressing in the banner, and are put aside within rights", { timeout: 120_000 }, async () => {
    await given("alarms");
    const desk = await at("budapest", { width: 1280, height: 720 });
    await desk.sees("the crossing notice to ARD is not sent", ".banner");
    await desk.page.keyboard.press("a");
    await desk.page.waitForSelector(".alarms");
    expect(await desk.page.locator(".alarm").count()).toBe(3);
    await desk.sees("3 raised in ten minutes · 5 in an hour", ".alarms");
    expect(await desk.page.locator(".alarm", { hasText: "A02" }).getByText("Put aside").count(), "a first priority is never put aside").toBe(0);
    await desk.page.locator(".banner button", { hasText: "Take" }).click();
    await desk.sees("taken by budapest", ".alarm");
    await desk.sees("HU-3 may have crossed", ".banner");
    const late = desk.page.locator(".alarm", { hasText: "A28" });
    await late.getByText("Put aside").click();
    await late.locator("input").fill("parked under the bridge");
    await late.locator("button", { hasText: "Put aside" }).click();
    await desk.sees("put aside until", ".alarm");
    await desk.event("A28 put aside").waitFor();
    await desk.page.locator(".alarm", { hasText: "A13" }).locator("button", { hasText: "Take" }).click();
    await desk.sees("Every alarm is taken or put aside: 3 stand", ".banner");
    await desk.page.keyboard.press("Escape");
    expect(await desk.page.locator(".alarms").count()).toBe(0);
  });
});

describe("strangers' text", () => {
  it("is shown as text, in every place it comes to", async () => {
    await given("hostile");
    const desk = await at("budapest");
    await desk.sees("<img src=x", ".tag");
    await desk.sees("<img src=x", ".strip");
    await desk.sees("<img src=x", ".side");
    await desk.event("<img src=x").first().waitFor();
    await desk.label("HU\ufffd1-UH\ufffd").waitFor();
    expect(await desk.page.title()).toBe("Limes");
    expect(await desk.page.locator("img, script:not([src])").count()).toBe(0);
    expect(await desk.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight)).toBe(true);
  });
});

describe("the keyboard", () => {
  it("opens the form, shows the refusal with its guard and law, and leaves by Esc", async () => {
    await given();
    const desk = await at("budapest", { width: 1280, height: 720 });
    await desk.page.keyboard.press("Control+k");
    await desk.page.waitForSelector("input[name=name]:focus");
    // Until the list of offences is there the form asks for the offence in words, and Enter waits for it.
    await desk.page.waitForSelector("select[name=offence]");
    await desk.page.keyboard.type("RAJKA-06");
    await desk.page.keyboard.press("Enter");
    const refusal = await desk.sees("authorisation_missing", ".refusal");
    expect(await refusal.textContent()).toContain("CISA Art. 40(1)");
    await desk.page.keyboard.press("Escape");
    await desk.page.waitForSelector(".dialog", { state: "detached" });
  });

  it("works the map, and is off while typing", async () => {
    await given();
    const desk = await at("budapest"), chip = (words: string) => desk.page.locator(".maptools .chip", { hasText: words });
    await desk.page.keyboard.press("t");
    await chip("Tails 30 min").waitFor();
    await desk.page.keyboard.press("ArrowLeft");
    await desk.page.waitForSelector(".chip:not(.on):has-text('Follow')");
    await desk.page.keyboard.press("f");
    await desk.page.waitForSelector(".chip.on:has-text('Follow')");
    await desk.page.keyboard.press("Control+k");
    await desk.page.keyboard.type("tttt");
    expect(await chip("Tails 30 min").count()).toBe(1);
  });

  it("reaches every control with Tab, with the focus on the screen", async () => {
    await given();
    const desk = await at("budapest");
    const reached = new Set<string>();
    for (let i = 0; i < 60; i++) {
      await desk.page.keyboard.press("Tab");
      const name = await desk.page.evaluate(() => { const e = document.activeElement; const box = e?.getBoundingClientRect(); return e === null || box === undefined || e === document.body ? "" : `${e.className.toString().split(" ")[0] ?? ""}|${box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth}`; });
      reached.add(name);
    }
    expect([...reached].some((name) => name.startsWith("strip"))).toBe(true);
    expect([...reached].some((name) => name.startsWith("chip"))).toBe(true);
    expect([...reached].filter((name) => name.endsWith("|false"))).toEqual([]);
  });
});

describe("the log-in", () => {
  it("refuses a wrong password with the reason, and empties the field", async () => {
    const desk = await Desk.at(browser, await given());
    desks.push(desk);
    await desk.logIn("budapest", "wrong");
    await desk.sees("Account or password is wrong.", ".refusal");
    expect(await desk.page.inputValue("input[name=password]")).toBe("");
  });
});

describe("a change of shift", () => {
  it("logs out, and shows another room's picture to the next person", async () => {
    await given();
    const desk = await at("budapest");
    await desk.label("HU-1").waitFor();
    await desk.page.click("text=Log out");
    await desk.page.waitForSelector("input[name=account]");
    await desk.takePosition("arad");
    await desk.sees("ARD", ".status");
    await desk.sees("NAGYLAK-27", ".bay:first-child .strip");
    await desk.label("RO-1").waitFor();
  });

  it("draws the base map again in the other theme", async () => {
    await given();
    const desk = await at("budapest");
    await desk.sees("Frontier as decided on", ".maptools");
    await desk.page.click("[aria-label='Light or dark']");
    await desk.page.waitForFunction(() => document.documentElement.dataset["theme"] === "light");
    await desk.sees("Frontier as decided on", ".maptools");
    await desk.label("HU-1").waitFor();
  });
});

describe("the frontier", () => {
  it("is called approximate as soon as the view is too wide for the service's own line", async () => {
    await given();
    const desk = await at("budapest");
    await desk.sees("Frontier as decided on", ".maptools");
    for (let i = 0; i < 8; i++) await desk.page.keyboard.press("-");
    await desk.sees("Frontier approximate", ".maptools");
    await desk.page.waitForTimeout(1_500);
    await desk.sees("Frontier approximate", ".maptools");
  });
});

describe("an empty installation", () => {
  it("says what to do", async () => {
    await given("none");
    const desk = await at("budapest");
    await desk.sees("limes room add", ".map-empty");
  });
});
