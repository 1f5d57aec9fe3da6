// A stand-in for the service, for developing and testing the page alone: node dev/feed.mjs [--port 8090] [--scene S]
// [--rate 1] [--auto]. Scenes: operation (default), overview, empty, none, stop,
// alarms, mass, handover-PHASE (notified, proposed, standby, countered, agreed, revision, revised, offered, taken, joint,
// released, cease). Serves dist/ under the policy that
// the service sets, two rooms (accounts `budapest` and `arad`, password `exercise`), and the live feed.
// POST /dev/hush {seconds} silences the feed, /dev/cut {seconds} closes it, /dev/skip loses one bulletin.
import { randomUUID } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { createServer as createVite } from "vite";
import { crossingPoints, frontier } from "./world.mjs";
import { Script } from "./script.mjs";

const flag = (name, otherwise) => { const i = process.argv.indexOf(`--${name}`); return i < 0 ? otherwise : process.argv[i + 1]; };
const port = Number(flag("port", "8090")), rate = Number(flag("rate", "1")), scene = flag("scene", "operation");
const auto = process.argv.includes("--auto");
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const vite = await createVite({ root: fileURLToPath(new URL("..", import.meta.url)), server: { middlewareMode: true, hmr: false, ws: false }, appType: "custom", logLevel: "error" });
const { reduce } = await vite.ssrLoadModule("/src/picture/reduce.ts");
const { fromSnapshot, toSnapshot } = await vite.ssrLoadModule("/src/picture/picture.ts");

const script = new Script({ scene, auto, reduce, fromSnapshot, toSnapshot });
const began = Date.now();
const nowMs = () => script.start + (Date.now() - began) * rate;

const sessions = new Map();
const viewers = new Set();
let hushUntil = 0, cutUntil = 0, skip = false;

const cookieOf = (request) => /limes=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];
const who = (request) => sessions.get(cookieOf(request) ?? "");
const send = (response, status, body, headers = {}) => { response.writeHead(status, { "content-type": status >= 400 ? "application/problem+json" : "application/json", ...headers }); response.end(body === undefined ? "" : JSON.stringify(body)); };
const problem = (response, status, title, detail, more = {}) => send(response, status, { type: `about:blank#${title.replaceAll(" ", "-")}`, title, status, detail, ...more });
const bodyOf = (request) => new Promise((resolve) => { let text = ""; request.on("data", (chunk) => (text += chunk)); request.on("end", () => { try { resolve(JSON.parse(text || "{}")); } catch { resolve({}); } }); });

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".woff": "font/woff" };
function file(response, path) {
  const wanted = normalize(join(dist, path === "/" ? "index.html" : path));
  try {
    if (!wanted.startsWith(dist) || !statSync(wanted).isFile()) throw new Error("no such file");
    response.writeHead(200, { "content-type": TYPES[extname(wanted)] ?? "application/octet-stream", "content-security-policy": POLICY, "x-content-type-options": "nosniff" });
    response.end(readFileSync(wanted));
  } catch { problem(response, 404, "not found", "No such file."); }
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://127.0.0.1");
  if (url.pathname.startsWith("/dev/")) {
    const { seconds = 10 } = await bodyOf(request);
    if (url.pathname === "/dev/hush") hushUntil = Date.now() + seconds * 1000;
    if (url.pathname === "/dev/cut") { cutUntil = Date.now() + seconds * 1000; for (const viewer of viewers) viewer.socket.terminate(); }
    if (url.pathname === "/dev/skip") skip = true;
    if (url.pathname === "/dev/failing") script.recording = "failing";
    if (url.pathname === "/dev/logout") sessions.clear();
    return send(response, 200, { seq: script.ledger("budapest").seq });
  }
  if (!url.pathname.startsWith("/api/")) return file(response, url.pathname);
  if (url.pathname === "/api/v1/sessions" && request.method === "POST") {
    const { account, password } = await bodyOf(request);
    const room = { budapest: "BUD", arad: "ARD" }[account];
    if (room === undefined || password !== "exercise") return problem(response, 401, "log-in refused", "Account or password is wrong.");
    const token = randomUUID();
    sessions.set(token, { account, role: "operator", room });
    return send(response, 201, { token }, { "set-cookie": `limes=${token}; HttpOnly; SameSite=Strict; Path=/` });
  }
  const me = who(request);
  if (me === undefined) return problem(response, 401, "not logged in", "Log in first.");
  if (url.pathname === "/api/v1/sessions" && request.method === "DELETE") { sessions.delete(cookieOf(request)); return send(response, 204); }
  if (url.pathname === "/api/v1/live") return problem(response, 426, "upgrade required", "This address speaks WebSocket.");
  if (url.pathname === "/api/v1/frontiers") {
    const [w, s, e, n] = (url.searchParams.get("bbox") ?? "").split(",").map(Number);
    const features = frontier.features.filter((f) => f.geometry.coordinates.some(([x, y]) => x >= w && x <= e && y >= s && y <= n));
    return send(response, 200, { type: "FeatureCollection", features });
  }
  if (url.pathname === "/api/v1/profiles") return send(response, 200, { profiles: [{ pair: "HU-RO", voice_numbers: [{ room: "ARD", desk: "Operations", number: "+40 257 000", checked_on: "2027-03-01" }, { room: "BUD", desk: "Operations", number: "+36 1 000", checked_on: "2027-03-01" }] }], defaults: [] });
  if (url.pathname === "/api/v1/crossing-points") return send(response, 200, { crossing_points: crossingPoints() });
  if (url.pathname === "/api/v1/offences") return send(response, 200, [{ id: "drug_trafficking", label: "Illicit trafficking in narcotic drugs" }, { id: "smuggling_of_aliens", label: "Smuggling of aliens" }, { id: "murder", label: "Murder" }, { id: "theft", label: "Theft" }]);
  if (url.pathname === "/api/v1/states") return send(response, 200, [{ id: "HU", name: "Hungary" }, { id: "RO", name: "Romania" }, { id: "RS", name: "Serbia" }]);
  const strips = /^\/api\/v1\/operations\/([^/]+)\/strips$/.exec(url.pathname);
  if (strips !== null) return send(response, 200, { type: "FeatureCollection", operation: strips[1], border_set: "2026e", extents: [], features: [] });
  if (request.method === "POST" && url.pathname.startsWith("/api/v1/operations")) {
    const answer = script.order(me, url.pathname, await bodyOf(request), nowMs());
    return answer.refused ? problem(response, 409, answer.refused.guard, answer.refused.sentence, answer.refused) : send(response, 201, answer);
  }
  if (url.pathname === "/api/v1/alarms") return send(response, 200, { alarms: [], figures: { standing: 3, unacknowledged: 3, ten_minutes: 3, hour: 5, day: [2, 4, 9], flood: false } });
  if (request.method === "POST" && url.pathname.startsWith("/api/v1/alarms/")) {
    const answer = script.alarm(me, url.pathname, await bodyOf(request), nowMs());
    return answer.refused ? problem(response, 409, answer.refused.guard, answer.refused.sentence, answer.refused) : send(response, 200, answer);
  }
  return problem(response, 404, "not found", "No such address.");
});

const sockets = new WebSocketServer({ noServer: true });
server.on("upgrade", (request, socket, head) => {
  const url = new URL(request.url, "http://127.0.0.1"), me = who(request);
  if (me === undefined || url.pathname !== "/api/v1/live" || Date.now() < cutUntil) { socket.end(`HTTP/1.1 ${me === undefined ? 401 : 503} Refused\r\n\r\n`); return; }
  sockets.handleUpgrade(request, socket, head, (ws) => {
    const viewer = { socket: ws, me, seq: 0 };
    const since = url.searchParams.get("room") === me.room ? url.searchParams.get("since") : null;
    const start = (from) => { viewer.seq = from; viewers.add(viewer); if (Date.now() >= hushUntil) { beat(viewer, script.ledger(me.account).seq); flush(viewer); } };
    if (since !== null && Number(since) <= script.ledger(me.account).seq) start(Number(since));
    else { const snapshot = script.snapshot(me, nowMs(), rate); ws.send(JSON.stringify({ kind: "snapshot", ...snapshot })); start(snapshot.seq); }
    ws.on("close", () => viewers.delete(viewer));
  });
});

function beat(viewer, head) {
  viewer.socket.send(JSON.stringify({ kind: "heartbeat", seq: viewer.seq, head, room: viewer.me.room, started_at: script.startedAt, at: new Date(nowMs()).toISOString(), recording: script.recording }));
}
function flush(viewer) {
  const bulletin = script.bulletin(viewer.me, viewer.seq, nowMs());
  if (bulletin === null) return;
  viewer.seq = bulletin.seq;
  if (skip) { skip = false; return; }
  viewer.socket.send(JSON.stringify({ kind: "bulletin", ...bulletin }));
}
setInterval(() => {
  script.advance(nowMs());
  if (Date.now() < hushUntil) return;
  for (const viewer of viewers) flush(viewer);
}, 200);
setInterval(() => {
  if (Date.now() < hushUntil) return;
  for (const viewer of viewers) beat(viewer, viewer.seq);
}, 1000);
script.advance(nowMs());
server.listen(port, "127.0.0.1", () => console.log(`Listening on http://127.0.0.1:${server.address().port}`));
