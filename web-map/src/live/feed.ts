/** The live feed: one socket at a time, rebuilt when it is silent, closed, out of step, or after the machine slept. */

import { ServiceClock } from "../picture/clock";
import type { Heartbeat, LiveMessage } from "../picture/names";
import { type Picture, fromSnapshot } from "../picture/picture";
import { reduce } from "../picture/reduce";
import { millis } from "../picture/time";
import { plain } from "../picture/words";
import { type Link, STARTING } from "../picture/link";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
/** A socket that says nothing for this long is dead, whatever the system says of it. */
const DEAD_AFTER_MS = 4_000;
const OPENING_MS = 5_000;
const WATCH_MS = 500;
const BEATS_AHEAD = 3;
/** The watch is late by this much only when the machine slept or the tab was put aside. */
const SLEPT_MS = 5_000;

/** What the feed needs from its surroundings; tests give their own. */
export interface Surroundings {
  open(path: string): WebSocket;
  /** Whether a log-in stands: `no` leads to the log-in page, `unknown` keeps trying. */
  loggedIn(): Promise<{ readonly in: "yes" | "no" | "unknown"; readonly reason: string }>;
  steady(): number;
  wall(): number;
  random(): number;
}

export interface FeedHooks {
  picture(picture: Picture): void;
  link(link: Link): void;
}

export class Feed {
  /** The service's time, as far as it is known here. */
  readonly clock = new ServiceClock();
  private socket: WebSocket | null = null;
  private picture: Picture | null = null;
  private state: Link = STARTING;
  private opened = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private watch: ReturnType<typeof setInterval> | null = null;
  private watched = { steady: 0, wall: 0 };
  private running = false;
  private beatsAhead = 0;
  /** The room this page shows: another one in the same browser may have logged in over it. */
  private room: string | null = null;
  /** The record the service is bringing us up to. */
  private head = 0;

  constructor(private readonly around: Surroundings, private readonly hooks: FeedHooks) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.picture = null;
    this.room = null;
    this.say({ ...STARTING });
    this.watched = { steady: this.around.steady(), wall: this.around.wall() };
    this.watch = setInterval(() => this.look(), WATCH_MS);
    this.connect();
  }

  /** Ends the feed and forgets the picture. */
  stop(phase: "starting" | "logged_out", reason = ""): void {
    this.running = false;
    if (this.watch !== null) clearInterval(this.watch);
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.drop();
    this.picture = null;
    this.say({ ...STARTING, phase, reason: reason === "" ? this.state.reason : reason });
  }

  /** Rebuilds the socket now: after sleep, and when the person asks for it. */
  rebuild(): void {
    if (!this.running) return;
    this.drop();
    this.lost(0);
  }

  /** Looks after the socket: at set times, and before the picture is drawn after a pause. */
  look(): void {
    if (!this.running || this.woke() || this.socket === null) return;
    const steady = this.around.steady();
    const since = Math.max(this.opened, this.state.heard ?? 0);
    const limit = this.socket.readyState === 0 ? OPENING_MS : DEAD_AFTER_MS;
    if (steady - since > limit) this.rebuild();
  }

  /** After sleep the picture is at once as old as it is, and whatever still waits on the socket belongs to the past. */
  private woke(): boolean {
    const steady = this.around.steady(), wall = this.around.wall();
    const passed = steady - this.watched.steady, passedOnTheWall = wall - this.watched.wall;
    this.watched = { steady, wall };
    if (Math.max(passed, passedOnTheWall) <= SLEPT_MS) return false;
    const stoodStill = Math.max(0, passedOnTheWall - passed);
    this.clock.slept(stoodStill);
    if (this.state.heard !== null) this.state = { ...this.state, heard: this.state.heard - stoodStill };
    this.rebuild();
    return true;
  }

  private connect(): void {
    this.timer = null;
    this.opened = this.around.steady();
    const { picture } = this;
    const path = picture === null ? "api/v1/live" : `api/v1/live?since=${picture.seq}&room=${encodeURIComponent(picture.room.id)}`;
    const socket = this.around.open(path);
    this.socket = socket;
    this.clock.begin();
    socket.onmessage = (message) => {
      if (socket === this.socket && typeof message.data === "string") this.hear(message.data);
    };
    socket.onclose = () => {
      if (socket !== this.socket) return;
      this.drop();
      this.lost(this.wait());
      void this.askWhy();
    };
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  /** Reconnecting does not wait for the answer: it only ends it. */
  private async askWhy(): Promise<void> {
    const answer = await this.around.loggedIn();
    if (this.running && this.state.phase !== "live" && answer.in === "no") this.stop("logged_out", answer.reason);
  }

  private wait(): number {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.state.attempt, 10));
    return longest * (0.5 + this.around.random() / 2);
  }

  private lost(wait: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.say({ ...this.state, phase: this.picture === null ? "starting" : "lost", attempt: this.state.attempt + 1 });
    this.timer = setTimeout(() => this.connect(), wait);
  }

  private hear(text: string): void {
    if (this.woke()) return;
    let message: LiveMessage;
    try {
      message = JSON.parse(text) as LiveMessage;
    } catch {
      return this.rebuild();
    }
    switch (message.kind) {
      case "snapshot":
        if (!this.isOurs(message.room.id)) break;
        this.head = message.seq;
        this.show(fromSnapshot(message), message.at);
        break;
      case "bulletin":
        if (this.picture === null) break;
        if (message.prev !== this.picture.seq) return this.rebuild();
        this.show(reduce(this.picture, message), message.at);
        break;
      case "heartbeat":
        this.beat(message);
        break;
      case "lagging":
        this.say({ ...this.state, lagging: true });
        break;
      case "goodbye":
        this.say({ ...this.state, reason: message.reason });
        break;
    }
  }

  /** Whether that is the room this page shows. Of another one nothing may be folded in, and the person must know. */
  private isOurs(room: string): boolean {
    this.room ??= room;
    if (this.room === room) return true;
    this.stop("logged_out", `This browser was logged in to room ${plain(room, 16)} in another window. To watch two rooms, use two browser profiles.`);
    return false;
  }

  /** A feed that is taken up again begins with a heartbeat: nothing is folded into a picture of another room or start. */
  private beat({ seq, head, room, started_at, at, recording }: Heartbeat): void {
    if (this.picture === null || !this.isOurs(room)) return;
    if (started_at !== this.picture.startedAt) {
      this.picture = null;
      return this.rebuild();
    }
    this.head = head;
    // Heartbeats that stay ahead of the picture mean that a bulletin was lost on the way; one alone may just overtake it.
    this.beatsAhead = seq > this.picture.seq ? this.beatsAhead + 1 : 0;
    if (this.beatsAhead >= BEATS_AHEAD) return this.rebuild();
    this.heard(at, { recording: recording === "ok" ? "ok" : "failing", lagging: false });
  }

  private show(picture: Picture, at: string): void {
    this.picture = picture;
    this.beatsAhead = 0;
    this.heard(at, {});
    this.hooks.picture(picture);
  }

  private heard(at: string, more: Partial<Link>): void {
    const ms = millis(at), steady = this.around.steady();
    if (this.picture !== null) this.clock.setRate(this.picture.mode.rate);
    this.clock.observe(ms, steady);
    const behind = Math.max(0, this.head - (this.picture?.seq ?? 0));
    this.say({ ...this.state, phase: "live", attempt: 0, reason: null, heard: steady, late: this.clock.lateness(ms, steady), pictureAt: ms, behind, ...more });
  }

  private say(link: Link): void {
    this.state = link;
    this.hooks.link(link);
  }
}
