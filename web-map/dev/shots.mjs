// Takes screenshots of every screen from the dev feed: node dev/shots.mjs [OUT] [NAME…]. Build first.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";

const out = process.argv[2] ?? "/tmp/shots", only = process.argv.slice(3);
mkdirSync(out, { recursive: true });
const LARGE = { width: 1920, height: 1080 }, SMALL = { width: 1280, height: 720 };
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function feed(port, ...args) {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./feed.mjs", import.meta.url)), "--port", String(port), ...args], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}
async function page(browser, service, size, theme, account) {
  const context = await browser.newContext({ viewport: size, reducedMotion: "reduce" });
  const tab = await context.newPage();
  tab.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") console.log("  console:", m.text().slice(0, 300)); });
  tab.on("pageerror", (e) => console.log("  page error:", String(e).slice(0, 400)));
  tab.on("request", (r) => { if (!r.url().startsWith(service.url) && !/^(data|blob):/.test(r.url())) console.log("  THIRD PARTY:", r.url()); });
  await tab.addInitScript((t) => localStorage.setItem("limes.theme", t), theme);
  await tab.goto(service.url);
  if (account !== null) {
    await tab.fill("input[name=account]", account);
    await tab.fill("input[name=password]", "exercise");
    await tab.keyboard.press("Enter");
    await tab.waitForSelector(".app");
    await wait(5000);
  }
  return tab;
}

const SHOTS = {
  "operation-dark": { size: LARGE, account: "budapest" },
  "operation-light": { size: LARGE, theme: "light", account: "budapest" },
  "operation-1280-dark": { size: SMALL, account: "budapest" },
  "send-dark": { size: LARGE, account: "budapest", act: async (tab) => { await tab.waitForSelector(".act .pri", { timeout: 30_000 }); await tab.click(".act .pri"); await tab.click(".log .e:has-text('crossed HU')"); await wait(500); } },
  "host-dark": { size: LARGE, account: "arad", feed: ["--auto"], act: async () => wait(16_000) },
  ...Object.fromEntries(["notified", "proposed", "standby", "countered", "agreed", "revision", "offered", "taken", "joint", "cease"].flatMap((phase) => ["budapest", "arad"].flatMap((account) => [["", LARGE], ["-1280", SMALL]].flatMap(([small, size]) => ["dark", "light"].map((theme) =>
    [`handover-${phase}-${account}${small}-${theme}`, { size, theme, account, feed: ["--scene", `handover-${phase}`], act: async (tab) => { await tab.click(".strip:has-text('NAGYLAK')"); await tab.click(".handover button:has-text('Card…')"); await wait(2600); } }]))))),
  "handover-frozen-dark": { size: LARGE, account: "arad", feed: ["--scene", "handover-proposed"], hush: 30, act: async (tab) => { await tab.click(".handover button:has-text('Card…')"); await wait(5000); } },
  "accepting-1280-dark": { size: SMALL, account: "arad", feed: ["--scene", "handover-proposed"], act: async (tab) => { await tab.click(".handover button:has-text('Card…')"); await tab.click(".says button:has-text('by voice')"); await tab.click(".says summary"); await wait(2600); } },
  "proposing-dark": { size: LARGE, account: "budapest", feed: ["--scene", "handover-notified"], act: async (tab) => { await tab.click(".handover .pri"); await wait(600); } },
  "proposing-1280-light": { size: SMALL, theme: "light", account: "budapest", feed: ["--scene", "handover-notified"], act: async (tab) => { await tab.click(".handover .pri"); await wait(600); } },
  "refusing-1280-dark": { size: SMALL, account: "arad", feed: ["--scene", "handover-proposed"], act: async (tab) => { await tab.click(".handover button:has-text('Card…')"); await tab.click(".says button:has-text('Refuse')"); await wait(600); } },
  "ceasing-dark": { size: LARGE, account: "arad", feed: ["--scene", "handover-joint"], act: async (tab) => { await tab.click(".handover .stop"); await wait(600); } },
  "summary-dark": { size: LARGE, account: "budapest", feed: ["--scene", "handover-offered"] },
  "summary-1280-light": { size: SMALL, theme: "light", account: "arad", feed: ["--scene", "handover-offered"] },
  "unit-dark": { size: LARGE, account: "budapest", act: async (tab) => { await tab.click(".tag:has-text('HU-3')"); await wait(500); } },
  "overview-dark": { size: LARGE, account: "budapest", feed: ["--scene", "overview"], act: async (tab) => { await tab.keyboard.press("Escape"); await wait(1500); } },
  "overview-1280-dark": { size: SMALL, account: "budapest", feed: ["--scene", "overview"], act: async (tab) => { await tab.keyboard.press("Escape"); await wait(1500); } },
  "stop-dark": { size: LARGE, account: "budapest", feed: ["--scene", "stop"], act: async (tab) => { await wait(12_000); await tab.click(".strip:has-text('NAGYLAK')"); await wait(1500); } },
  "open-dark": { size: LARGE, account: "budapest", act: async (tab) => { await tab.keyboard.press("Control+k"); await tab.fill("input[name=name]", "RAJKA-06"); await tab.click(".dialog .commit"); await wait(800); } },
  "empty-dark": { size: LARGE, account: "budapest", feed: ["--scene", "none"] },
  "login-dark": { size: LARGE, account: null },
  "login-light": { size: LARGE, theme: "light", account: null },
  "frozen-dark": { size: LARGE, account: "budapest", hush: 30, act: async () => wait(6000) },
  "frozen-1280-dark": { size: SMALL, account: "budapest", hush: 30, act: async () => wait(6000) },
};

const browser = await launch();
let port = 8101;
for (const [name, shot] of Object.entries(SHOTS)) {
  if (only.length > 0 && !only.includes(name)) continue;
  console.log(name);
  const service = await feed(port++, ...(shot.feed ?? []));
  try {
    const tab = await page(browser, service, shot.size, shot.theme ?? "dark", shot.account);
    if (shot.hush) await fetch(`${service.url}/dev/hush`, { method: "POST", body: JSON.stringify({ seconds: shot.hush }) });
    if (shot.act) await shot.act(tab);
    else await wait(500);
    await tab.screenshot({ path: `${out}/${name}.png` });
    const scrolls = await tab.evaluate(() => document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth);
    if (scrolls) console.log("  the page scrolls");
    await tab.context().close();
  } catch (error) { console.log("  failed:", String(error).slice(0, 500)); }
  service.stop();
}
await browser.close();
