/** Two rooms hand the lead over, by the buttons and in a real browser: the scripted feed answers for the service. */

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Desk, Service, launch } from "./driver";

const SMALL = { width: 1280, height: 720 };
let browser: Browser, feed: Service;
const desks: Desk[] = [];

beforeAll(async () => { browser = await launch(); });
afterEach(async () => {
  for (const desk of desks.splice(0)) { expect(desk.broken).toEqual([]); await desk.leave(); }
  await feed.stop();
});
afterAll(async () => { await browser.close(); });

async function at(account: string): Promise<Desk> {
  const desk = await (await Desk.at(browser, feed, SMALL)).takePosition(account);
  desks.push(desk);
  await desk.page.click(".strip:has-text('NAGYLAK-27')");
  return desk;
}
const card = (desk: Desk): Promise<void> => desk.page.click(".handover .head button");
async function hold(desk: Desk, words: string): Promise<void> {
  const button = desk.page.locator(".card .b.hold:not(:disabled)", { hasText: words });
  await button.waitFor();
  await button.hover();
  await desk.page.mouse.down();
  await desk.page.waitForTimeout(1_000);
  await desk.page.mouse.up();
}

it("from the proposal over a counter-proposal to the lead, and an order to stop in both rooms", { timeout: 240_000 }, async () => {
  feed = await Service.feed("handover-notified");
  const bud = await at("budapest"), ard = await at("arad");
  // Budapest proposes: what is known stands in the form.
  await bud.page.click(".handover .acts .b:has-text('Propose the handover to ARD')");
  expect(await bud.page.inputValue("input[name=point]")).not.toBe("");
  await bud.page.fill("input[name=transfer]", "2");
  await bud.page.fill("input[name=eyes]", "ro-1");
  await bud.page.check("input[name=unit][value=hu-2]");
  await bud.page.click(".say-form .b.pri");
  await bud.sees("PROPOSED", ".strip .st");
  await bud.sees("ARD answer the proposal", ".strip .nx");
  // Arad reads before it can accept, refuses nothing without a reason, and counters one term.
  await ard.sees("PROPOSED", ".strip .st");
  await card(ard);
  expect(await ard.page.locator(".card .b.hold").isDisabled()).toBe(true);
  await ard.page.click(".says .b:has-text('Refuse the proposal')");
  await ard.page.click(".say-form .b.pri");
  await ard.sees("PROPOSED", ".card .now");
  await ard.page.keyboard.press("Escape");
  await ard.page.click(".says .b:has-text('Counter')");
  await ard.page.fill("input[name=transfer]", "0");
  await ard.page.click(".say-form .b.pri");
  // Budapest, whose card stays open, sees that term alone as changed, and accepts exactly that.
  await bud.sees("COUNTERED", ".card .now");
  expect(await bud.page.locator(".card .differs th").allTextContents()).toEqual(["Lead passes"]);
  await hold(bud, "Accept ARD's terms");
  for (const desk of [bud, ard]) await desk.sees("CO-ORDINATED", ".strip .st");
  // A hold that ends too soon offers nothing.
  await bud.page.click(".says .b:has-text('Hand the lead over to ARD')");
  await bud.page.locator(".card .b.hold").hover();
  await bud.page.mouse.down();
  await bud.page.waitForTimeout(300);
  await bud.page.mouse.up();
  await bud.sees("CO-ORDINATED", ".card .now");
  await hold(bud, "Hand the lead over to ARD");
  await ard.sees("TRANSFERRING", ".strip .st");
  await ard.sees("BUD", ".fact:has-text('LEAD')");
  await ard.page.click(".says .b:has-text('Assume the lead from BUD')");
  await hold(ard, "Assume the lead from BUD");
  for (const desk of [bud, ard]) await desk.sees(/ARD\s*e2/, ".fact:has-text('LEAD')");
  // Cease needs words, and stands over the whole width in both rooms until a person has read it.
  await ard.page.keyboard.press("Control+Shift+X");
  expect(await ard.page.locator(".card .b.hold").isDisabled()).toBe(true);
  await ard.page.fill(".say-form textarea", "Shots were reported: turn back.");
  await hold(ard, "Order BUD to cease");
  for (const desk of [bud, ard]) await desk.sees("CEASE ordered by ARD", ".cease");
  await bud.page.click(".cease .b:has-text('I have read it')");
  for (const desk of [bud, ard]) await desk.page.waitForSelector(".cease", { state: "detached" });
});

it("what was typed stays when the other room says something meanwhile, and is not sent", { timeout: 120_000 }, async () => {
  feed = await Service.feed("handover-proposed");
  const ard = await at("arad");
  await card(ard);
  await ard.page.click(".says .b:has-text('Counter')");
  await ard.page.fill("input[name=transfer]", "1");
  // Meanwhile Budapest proposes something else: the form says that it was overtaken, and sends nothing.
  const bud = await at("budapest");
  await card(bud);
  await bud.page.click(".says .b:has-text('Propose anew')");
  await bud.page.fill("input[name=transfer]", "3");
  await bud.page.click(".say-form .b.pri");
  await ard.sees("has said something since", ".say-form");
  expect(await ard.page.inputValue("input[name=transfer]")).toBe("1");
  expect(await ard.page.locator(".say-form .b.pri").isDisabled()).toBe(true);
});
