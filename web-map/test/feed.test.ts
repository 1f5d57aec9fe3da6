import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Feed } from "../src/live/feed";
import { type Link, isFrozen, notLive, pictureAge } from "../src/picture/link";
import type { Picture } from "../src/picture/picture";
import { T0, at, event, snapshot } from "./make";

class FakeSocket {
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  readyState = 1;
  closed = false;
  constructor(readonly path: string) {}
  close(): void { this.closed = true; }
  say(message: unknown): void { this.onmessage?.({ data: JSON.stringify(message) }); }
  break(): void { this.onclose?.(); }
}

let sockets: FakeSocket[], pictures: Picture[], links: Link[], steady: number, wall: number, login: "yes" | "no" | "unknown" | "never", feed: Feed;
const socket = (): FakeSocket => sockets.at(-1) as FakeSocket;
const link = (): Link => links.at(-1) as Link;
const pass = async (ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 100) {
    steady += 100;
    wall += 100;
    await vi.advanceTimersByTimeAsync(100);
  }
};
const beat = (seq: number, seconds: number, more = {}): unknown => ({ kind: "heartbeat", seq, head: seq, room: "BUD", started_at: at(-3600), at: at(seconds), recording: "ok", ...more });
const bulletin = (prev: number, seq: number): unknown => ({ kind: "bulletin", prev, seq, at: at(1), positions: [], events: [event(seq, { kind: "unit.back", unit: "hu-1" })] });

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  pictures = [];
  links = [];
  steady = 1000;
  wall = 1_000_000;
  login = "yes";
  feed = new Feed(
    { open: (path) => { const made = new FakeSocket(path); sockets.push(made); return made as unknown as WebSocket; }, loggedIn: () => (login === "never" ? new Promise(() => undefined) : Promise.resolve({ in: login, reason: "" })), steady: () => steady, wall: () => wall, random: () => 1 },
    { picture: (picture) => pictures.push(picture), link: (state) => links.push(state) },
  );
  feed.start();
  socket().say({ kind: "snapshot", ...snapshot() });
});
afterEach(() => { feed.stop("starting"); vi.useRealTimers(); });

describe("the feed", () => {
  it("shows the snapshot and folds what follows it", () => {
    socket().say(bulletin(10, 11));
    expect(pictures.map((picture) => picture.seq)).toEqual([10, 11]);
    expect(link().phase).toBe("live");
  });
  it("resumes from what it has when the socket breaks, and loses nothing", async () => {
    socket().say(bulletin(10, 11));
    socket().break();
    await pass(400);
    expect(sockets).toHaveLength(2);
    expect(socket().path).toBe("api/v1/live?since=11&room=BUD");
    socket().say(bulletin(11, 14));
    expect(pictures.at(-1)?.seq).toBe(14);
    expect(pictures.at(-1)?.recent).toHaveLength(2);
  });
  it("takes a gap as loss: nothing of it is folded, and the socket is rebuilt from before it", async () => {
    const first = socket();
    first.say(bulletin(12, 13));
    await pass(400);
    expect(first.closed).toBe(true);
    expect(pictures.at(-1)?.seq).toBe(10);
    expect(socket().path).toBe("api/v1/live?since=10&room=BUD");
  });
  it("ignores what an abandoned socket still says", async () => {
    const first = socket(), say = first.onmessage;
    first.break();
    await pass(400);
    say?.({ data: JSON.stringify(bulletin(10, 11)) });
    expect(pictures.at(-1)?.seq).toBe(10);
  });
  it("rebuilds a socket that is open and says nothing", async () => {
    await pass(5000);
    expect(sockets.length).toBeGreaterThan(1);
    expect(link().phase).toBe("lost");
  });
  it("stays on a quiet socket as long as it beats", async () => {
    for (let i = 0; i < 10; i++) {
      await pass(1000);
      socket().say(beat(10, i + 1));
    }
    expect(sockets).toHaveLength(1);
    expect(link().phase).toBe("live");
  });
  it("rebuilds when the beats stay ahead of the picture: a bulletin was lost", async () => {
    for (let i = 0; i < 3; i++) socket().say(beat(12, i));
    await pass(400);
    expect(sockets).toHaveLength(2);
  });
  it("waits longer with each attempt, up to a limit", async () => {
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      const before = sockets.length, from = steady;
      socket().break();
      while (sockets.length === before) await pass(100);
      waits.push(steady - from);
    }
    expect(waits[0]).toBeLessThan(600);
    expect(waits[3]).toBeGreaterThan(waits[1] ?? 0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(8200);
  });
  it("rebuilds at once after the machine slept, and says how old the picture is", async () => {
    wall += 1_800_000;
    await pass(600);
    expect(sockets).toHaveLength(2);
    expect(isFrozen(link(), steady)).toBe(true);
    expect(pictureAge(link(), steady)).toBeGreaterThan(1799);
    expect(feed.clock.now(steady)).toBeGreaterThan(T0 + 1_800_000);
  });
  it("takes nothing that waited on the socket while the machine slept", () => {
    wall += 1_800_000;
    socket().say(bulletin(10, 11));
    expect(pictures.at(-1)?.seq).toBe(10);
    expect(isFrozen(link(), steady)).toBe(true);
  });
  it("says that it is behind when everything comes late, and freezes", async () => {
    for (let i = 0; i < 8; i++) {
      await pass(1000);
      socket().say(beat(10, i + 1 - Math.min(i, 4)));
    }
    expect(sockets).toHaveLength(1);
    expect(link().late).toBeGreaterThan(3900);
    expect(notLive(link(), steady)).toBe("late");
    expect(feed.clock.now(steady)).toBeGreaterThan(T0 + 7900);
  });
  it("is not live while it catches up", async () => {
    socket().break();
    await pass(400);
    socket().say(beat(10, 1, { head: 14 }));
    expect(notLive(link(), steady)).toBe("catching_up");
    socket().say(bulletin(10, 13));
    expect(link().behind).toBe(1);
    socket().say(bulletin(13, 14));
    expect(notLive(link(), steady)).toBeNull();
  });
  it("begins anew when the service was started anew", async () => {
    socket().break();
    await pass(400);
    socket().say(beat(10, 30, { started_at: at(20) }));
    await pass(400);
    expect(socket().path).toBe("api/v1/live");
    expect(pictures.at(-1)?.seq).toBe(10);
  });
  it("folds nothing of another room, and tells the person", async () => {
    socket().break();
    await pass(400);
    socket().say(beat(10, 30, { room: "ARD" }));
    expect(link().phase).toBe("logged_out");
    expect(link().reason).toContain("room ARD");
    socket().say(bulletin(10, 11));
    expect(pictures.at(-1)?.seq).toBe(10);
  });
  it("takes no snapshot of another room", () => {
    socket().say({ kind: "snapshot", ...snapshot({ room: { id: "ARD", state: "RO" } }) });
    expect(link().phase).toBe("logged_out");
    expect(pictures).toHaveLength(1);
  });
  it("keeps trying while nobody answers why the socket broke", async () => {
    login = "never";
    socket().break();
    expect(link().phase).toBe("lost");
    await pass(1000);
    expect(sockets.length).toBeGreaterThan(1);
  });
  it("goes to the log-in when the session is over, and keeps no picture", async () => {
    login = "no";
    socket().break();
    await pass(100);
    expect(link().phase).toBe("logged_out");
    expect(sockets).toHaveLength(1);
  });
  it("keeps trying while the service cannot be reached", async () => {
    login = "unknown";
    socket().break();
    await pass(1000);
    expect(sockets.length).toBeGreaterThan(1);
    expect(link().attempt).toBeGreaterThan(0);
  });
  it("says that the journal fails, and that positions are thinned out", () => {
    socket().say(beat(10, 0, { recording: "failing" }));
    expect(link().recording).toBe("failing");
    socket().say({ kind: "lagging" });
    expect(link().lagging).toBe(true);
  });
  it("does not trip over what it does not know", () => {
    socket().say({ kind: "weather", rain: true });
    expect(link().phase).toBe("live");
    expect(sockets).toHaveLength(1);
  });
});
