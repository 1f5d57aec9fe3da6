/** Wires the rooms of the page: the feed gives pictures, the panes and the map draw them, orders go out. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource/ibm-plex-mono/400.css";
import "maplibre-gl/dist/maplibre-gl.css";
import "./styles/tokens.css";
import "./styles/ui.css";
import { Annunciator, shown } from "./live/annunciator";
import { Feed } from "./live/feed";
import { LiveMap } from "./map/live_map";
import * as orders from "./orders";
import { LimesApp } from "./panel/app";
import type { Actions, Context, MapTold } from "./panel/context";
import { press } from "./panel/keys";
import { runChecks } from "./panel/checks";
import type { CrossingPoint } from "./picture/names";
import { type Link, STARTING, isFrozen } from "./picture/link";
import type { Picture } from "./picture/picture";
import { openOperations } from "./picture/side";
import { FIRST_VIEW, type View } from "./picture/view";

/** Ages and clocks are drawn again this often, also when nothing comes. */
const TICK_MS = 250;

class Page {
  private picture: Picture | null = null;
  private view: View = { ...FIRST_VIEW, theme: savedTheme() };
  private link: Link = STARTING;
  private map: LiveMap | null = null;
  private told: MapTold = { hidden: 0, unlabelled: 0, frontier: "approximate", limits: [], scale: { px: 100, text: "" } };
  private frame = 0;
  private readonly annunciator = new Annunciator(orders.tellAnnunciated);
  private chosen = false;
  private crossingPoints: readonly CrossingPoint[] = [];
  private readonly feed: Feed;
  private readonly act: Actions;

  constructor(private readonly app: LimesApp) {
    this.act = this.actions();
    this.feed = new Feed(
      { open: (path) => new WebSocket(socketUrl(path)), loggedIn: orders.loggedIn, steady: () => performance.now(), wall: () => Date.now(), random: Math.random },
      { picture: (picture) => this.take(picture), link: (link) => this.setLink(link) },
    );
    app.act = this.act;
    document.documentElement.dataset["theme"] = this.view.theme;
    addEventListener("keydown", (event) => this.key(event));
    addEventListener("online", () => this.feed.rebuild());
    addEventListener("visibilitychange", () => this.feed.look());
    setInterval(() => { this.feed.look(); this.redraw(); }, TICK_MS);
  }

  async start(): Promise<void> {
    const answer = await orders.loggedIn();
    if (answer.in === "no") this.logInPage(answer.reason);
    else this.feed.start();
  }

  private actions(): Actions {
    return {
      look: (change) => this.look(change),
      show: (lon, lat) => { this.look({ follow: null }); this.map?.centreOn([lon, lat], 14); },
      home: () => this.home(),
      logIn: async (account, password) => {
        const answer = await orders.logIn(account, password);
        if (answer.ok) { this.app.stage = "starting"; this.feed.start(); }
        return answer;
      },
      logOut: () => void orders.logOut().then(() => this.feed.stop("logged_out")),
      sendNotice: (operation, notice, code, grounds) => orders.sendMessage(operation, { code, notice, ...(grounds === null ? {} : { grounds }) }),
      voiceNumbers: orders.voiceNumbers,
      readByCall: (operation, notice, voice) => orders.sendMessage(operation, { code: "ACK", notice, voice }),
      answerNotice: orders.answerNotice,
      giveByVoice: (operation, notice, code, voice, grounds) => orders.sendMessage(operation, { code, notice, voice, ...(grounds === null ? {} : { grounds }) }),
      textsOf: orders.textsOf,
      acknowledge: (operation, notice) => orders.sendMessage(operation, { code: "ACK", notice }),
      say: orders.sayTo,
      open: orders.openOperation,
      close: orders.closeOperation,
      factsOf: orders.factsOf,
      stateInReport: orders.stateInReport,
      permitTracker: orders.permitTracker,
      signReport: orders.signReport,
      change: orders.changeOperation,
      alarmFigures: orders.alarmFigures,
      takeAlarm: orders.takeAlarm,
      shelveAlarm: orders.shelveAlarm,
      sight: orders.sight,
      offences: orders.offences,
      hostStates: orders.hostStates,
    };
  }

  private take(picture: Picture): void {
    const first = this.picture === null || this.picture.room.id !== picture.room.id;
    this.picture = picture;
    if (first) {
      this.view = { ...this.view, operation: null, unit: null, event: null, follow: null };
      this.chosen = false;
      this.app.stage = "live";
    }
    this.attend(picture);
    if (first) {
      this.drawPanes();
      void this.makeMap(picture);
      void orders.crossingPoints().then((points) => { this.crossingPoints = points; this.redraw(); });
    }
    this.redraw();
  }

  /** While nobody has chosen what to look at, the one open operation is in focus, and the next one after it closed. */
  private attend(picture: Picture): void {
    const focus = this.view.operation === null ? undefined : picture.operations.get(this.view.operation);
    if (focus !== undefined && focus.closed === null) return;
    const open = openOperations(picture), only = open[0];
    if (only === undefined || open.length > 1 || (this.chosen && focus === undefined)) return;
    this.chosen = false;
    this.show({ operation: only.id, unit: null, follow: { kind: "target", id: only.id } });
  }

  private async makeMap(picture: Picture): Promise<void> {
    await this.app.updateComplete;
    if (this.map === null) {
      // Made once: its element outlives log-ins.
      this.map = new LiveMap(this.app.mapHost, picture.room.state, {
        pickUnit: (unit) => this.look({ unit }),
        pickTarget: (operation) => this.look({ operation }),
        moved: () => { if (this.view.follow !== null) this.look({ follow: null }); },
        told: (told) => { this.told = told; },
      });
    }
    this.map.setState(picture.room.state);
    this.home();
    this.redraw();
  }

  private home(): void {
    if (this.picture !== null) this.map?.home(this.picture, this.focus());
  }

  private focus(): Context["focus"] {
    return this.view.operation === null ? null : (this.picture?.operations.get(this.view.operation) ?? null);
  }

  /** What a person chose. */
  private look(change: Partial<View>): void {
    if (change.operation !== undefined) this.chosen = true;
    this.show(change);
  }

  private show(change: Partial<View>): void {
    const before = this.view;
    // A card is of the operation in focus.
    const card = change.operation !== undefined && change.operation !== before.operation ? { card: null } : {};
    this.view = { ...before, ...card, ...change };
    if (this.view.theme !== before.theme) {
      document.documentElement.dataset["theme"] = this.view.theme;
      localStorage.setItem("limes.theme", this.view.theme);
    }
    this.drawPanes();
    if (this.view.operation !== before.operation) void this.app.updateComplete.then(() => this.home());
    this.redraw();
  }

  private setLink(link: Link): void {
    this.link = link;
    if (link.phase === "logged_out") {
      this.picture = null;
      this.logInPage(link.reason ?? "");
    }
    this.redraw();
  }

  private logInPage(reason: string): void {
    this.app.reason = reason;
    this.app.stage = "login";
    this.app.context = null;
    runChecks((checks) => { this.app.checks = checks; });
  }

  private context(picture: Picture): Context {
    const steady = performance.now();
    return {
      picture, view: this.view, link: this.link, steady, now: this.feed.clock.now(steady) ?? Date.parse(picture.at), frozen: isFrozen(this.link, steady),
      map: this.told, focus: this.focus(), crossingPoints: this.crossingPoints, act: this.act,
    };
  }

  private drawPanes(): void {
    if (this.picture !== null) this.app.context = this.context(this.picture);
  }

  private redraw(): void {
    if (this.frame !== 0 || this.picture === null) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.picture === null) return;
      const context = this.context(this.picture);
      this.app.context = context;
      if (!context.frozen && !document.hidden) this.annunciator.look(context.picture, shown(context.picture, context.now, context.view.alarms), context.steady);
      this.map?.show({ crossingPoints: this.crossingPoints, picture: context.picture, view: context.view, now: context.now, frozen: context.frozen });
    });
  }

  private key(event: KeyboardEvent): void {
    const { context } = this.app;
    if (context === null || this.map === null || this.app.stage !== "live") return;
    if (press(event, context, this.map)) event.preventDefault();
  }
}

function socketUrl(path: string): string {
  const url = new URL(path, document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

function savedTheme(): View["theme"] {
  return localStorage.getItem("limes.theme") === "light" ? "light" : "dark";
}

/** The map measures and draws text: the fonts must be there first. */
async function begin(): Promise<void> {
  await Promise.allSettled(["400 12px", "500 12px", "600 14px"].map((face) => document.fonts.load(`${face} "Inter Variable"`, "Aőșțșб")).concat(document.fonts.load('400 12px "IBM Plex Mono"')));
  const app = document.querySelector("limes-app");
  if (app instanceof LimesApp) await new Page(app).start();
}
void begin();
