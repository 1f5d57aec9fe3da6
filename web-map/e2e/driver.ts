/**
 * Given a service and a browser, when a person does something, then the page shows it.
 *
 * The service is the real one when LIMES_BIN names its binary (`limes demo`, a folder of its own, any free port), else the
 * scripted feed of dev/, which can also be silenced and cut. Both serve the built page, so build it first.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type Locator, type Page, chromium } from "playwright-core";

const WEB_MAP = join(import.meta.dirname, "..");
const STARTED = /Listening on (http:\/\/[^\s]+)/;
const START_MS = 60_000;

export const LIMES_BIN = process.env["LIMES_BIN"];

export class Service {
  private constructor(readonly url: string, private readonly child: ChildProcess, private readonly folder: string | null) {}

  /** The scripted feed, with this scene. */
  static feed(scene = "operation", ...args: string[]): Promise<Service> {
    return Service.start(process.execPath, [join(WEB_MAP, "dev/feed.mjs"), "--port", "0", "--scene", scene, ...args], null);
  }

  /** The real service playing the exercise in a folder of its own. */
  static demo(...args: string[]): Promise<Service> {
    if (LIMES_BIN === undefined) throw new Error("set LIMES_BIN to the limes binary");
    const folder = mkdtempSync(join(tmpdir(), "limes-e2e-"));
    return Service.start(LIMES_BIN, ["demo", "--listen", "127.0.0.1:0", "--data", join(folder, "data"), ...args], folder);
  }

  private static async start(command: string, args: string[], folder: string | null): Promise<Service> {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    const url = await new Promise<string>((resolve, reject) => {
      let said = "";
      const late = setTimeout(() => reject(new Error(`${command} did not say where it listens: ${said}`)), START_MS);
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        const found = STARTED.exec(said)?.[1];
        if (found !== undefined) { clearTimeout(late); resolve(found.replace(/\/$/, "")); }
      });
      child.on("exit", (code) => { clearTimeout(late); reject(new Error(`${command} ended with ${code}: ${said}`)); });
    });
    return new Service(url, child, folder);
  }

  /** Tells the scripted feed to misbehave: `hush` it, `cut` its sockets, `skip` a bulletin, fail its journal, end all log-ins. */
  async misbehave(how: "hush" | "cut" | "skip" | "failing" | "logout" | "seq", seconds = 10): Promise<{ seq: number }> {
    const answer = await fetch(`${this.url}/dev/${how}`, { method: "POST", body: JSON.stringify({ seconds }) });
    return (await answer.json()) as { seq: number };
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 10_000))]);
    this.child.kill("SIGKILL");
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
  }
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
}

/** One person at one desk, and everything the page did that it must not do. */
export class Desk {
  readonly broken: string[] = [];
  readonly sockets: string[] = [];
  private constructor(readonly page: Page, readonly service: Service) {}

  static async at(browser: Browser, service: Service, size = { width: 1920, height: 1080 }): Promise<Desk> {
    const context = await browser.newContext({ viewport: size, reducedMotion: "reduce" });
    const page = await context.newPage(), desk = new Desk(page, service);
    page.on("pageerror", (error) => desk.broken.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => { desk.broken.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
    page.on("console", (line) => { if (/Content Security Policy|Uncaught/.test(line.text())) desk.broken.push(`console: ${line.text()}`); });
    page.on("request", (request) => { if (!request.url().startsWith(service.url) && !/^(data|blob):/.test(request.url())) desk.broken.push(`third party: ${request.url()}`); });
    page.on("websocket", (socket) => desk.sockets.push(socket.url()));
    await page.goto(`${service.url}/`);
    return desk;
  }

  async logIn(account: string, password = "exercise"): Promise<this> {
    await this.page.fill("input[name=account]", account);
    await this.page.fill("input[name=password]", password);
    await this.page.keyboard.press("Enter");
    return this;
  }
  async takePosition(account: string): Promise<this> {
    await this.logIn(account);
    await this.page.waitForSelector(".app", { timeout: 90_000 });
    return this;
  }

  async sees(text: string | RegExp, where = "body", within = 30_000): Promise<Locator> {
    const found = this.page.locator(where).filter({ hasText: text }).first();
    await found.waitFor({ timeout: within });
    return found;
  }
  label(name: string): Locator { return this.page.locator(".tag", { has: this.page.locator("b", { hasText: name }) }); }
  event(words: string | RegExp): Locator { return this.page.locator(".log .e", { hasText: words }); }
  /** The last record this page has folded. */
  async seq(): Promise<number> { return Number(await this.page.locator(".app").getAttribute("data-seq")); }

  /** Presses the act of a notice and holds it for that long. */
  async hold(milliseconds: number): Promise<void> {
    const button = this.page.locator(".b.hold").first();
    await button.hover();
    await this.page.mouse.down();
    await this.page.waitForTimeout(milliseconds);
    await this.page.mouse.up();
  }
  async leave(): Promise<void> { await this.page.context().close(); }
}
