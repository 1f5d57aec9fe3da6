// What happens in the scripted world: each room has a ledger of its own, as in the service.
import { blank } from "./blank.mjs";
import { TwoRooms, story } from "./dialogue.mjs";
import { LINE_AT, along, crossingPoints, distanceTo, meets, stateAt } from "./world.mjs";

const START = Date.parse("2027-03-16T11:33:10.000Z");
const CISA = (article) => ({ origin: "law", instrument: `CISA ${article}`, sources: ["cisa40"], confidence: "high", rules_version: 3 });
const EXERCISE = { origin: "exercise", instrument: "Exercise document RO-27-0312", sources: [], confidence: "high", rules_version: 3 };
const iso = (ms) => new Date(ms).toISOString();

/** Metres along the road at a moment, for those who drive it: the target meets the line at 11:33:20Z. */
const LINE_TIME = Date.parse("2027-03-16T11:33:20.000Z");
const speedAt = 23;
const onRoad = (behind, stopAt = Infinity) => (t) => {
  const m = Math.min(LINE_AT + ((t - LINE_TIME) / 1000) * speedAt - behind, stopAt);
  return { ...along(m), speed: m >= stopAt ? 0 : speedAt };
};
const oncoming = (from, kmh) => (t) => { const m = from - ((t - LINE_TIME) / 1000) * (kmh / 3.6); const a = along(Math.max(m, LINE_AT + 3500)); return { point: a.point, course: (a.course + 180) % 360, speed: kmh / 3.6 }; };
const still = (lon, lat, course) => () => ({ point: [lon, lat], course, speed: 0 });
const hover = (lon, lat) => (t) => { const a = (t / 9000) % (2 * Math.PI); return { point: [lon + 0.002 * Math.cos(a), lat + 0.0012 * Math.sin(a)], course: (360 - (a * 180) / Math.PI) % 360, speed: 10 }; };

const UNITS = [
  { id: "hu-1", callsign: "HU-1", kind: "vehicle", state: "HU", room: "BUD", marks: "covert", way: onRoad(90), every: 1, accuracy: 5 },
  { id: "hu-2", callsign: "HU-2", kind: "vehicle", state: "HU", room: "BUD", marks: "covert", way: onRoad(900, LINE_AT - 300), every: 1, accuracy: 6 },
  { id: "hu-3", callsign: "HU-3", kind: "vehicle", state: "HU", room: "BUD", marks: "marked_car", way: onRoad(2600), every: 2, accuracy: 8, until: Date.parse("2027-03-16T11:32:08.000Z") },
  { id: "hu-d1", callsign: "HU-D1", kind: "drone", state: "HU", room: "BUD", marks: null, way: hover(20.7005, 46.1715), every: 1, accuracy: 4 },
  { id: "ro-1", callsign: "RO-1", kind: "vehicle", state: "RO", room: "ARD", marks: "marked_car", way: still(20.7515, 46.1667, 266), every: 2, accuracy: 9 },
  { id: "ro-2", callsign: "RO-2", kind: "vehicle", state: "RO", room: "ARD", marks: "marked_car", way: oncoming(LINE_AT + 14_000, 58), every: 9, accuracy: 30 },
  { id: "ro-d1", callsign: "RO-D1", kind: "drone", state: "RO", room: "ARD", marks: null, way: hover(20.7135, 46.1605), every: 1, accuracy: 4 },
];
const OPERATION = "op-nagylak-27";
/** What stands in the scene "alarms" once HU-1 has crossed. */
const ALARMS = [
  ["A02", 1, { operation: OPERATION, notice: "n-1" }, "HU-1 abroad: the crossing notice to ARD is not sent", "Send it, or call and log the voice contact"],
  ["A13", 2, { unit: "hu-3" }, "HU-3 may have crossed: no fix since 11:32:08Z, within reach of HU RO", "Call the unit"],
  ["A28", 3, { unit: "hu-2" }, "HU-2: no fix since 11:31:00Z", "Call the unit, or sign it off"],
];
const HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
const HOSTILE_NAMES = [HOSTILE, "HU\u202e1-UH\u200b", "\u0421\u041c\u0415\u0420\u0422 " + "x".repeat(10_000), "   "];
/** Many units that nobody follows, for looking at a full map. */
const mass = (count) => Array.from({ length: count }, (_, i) => ({
  id: `m-${i}`, callsign: `M-${i}`, kind: ["vehicle", "officer", "drone", "vehicle"][i % 4], state: "HU", room: "BUD", marks: null, every: 1, accuracy: 8,
  way: (t) => { const a = t / 60_000 + i; return { point: [17 + ((i * 37) % 550) / 100 + 0.01 * Math.cos(a), 46.2 + ((i * 91) % 180) / 100 + 0.01 * Math.sin(a)], course: ((-a * 180) / Math.PI + 3600) % 360, speed: 14 }; },
}));

export class Script {
  startedAt = iso(Date.now());
  constructor({ scene, auto, reduce, fromSnapshot, toSnapshot }) {
    Object.assign(this, { scene, auto, reduce, fromSnapshot, toSnapshot });
    // `handover-PHASE`: the dialogue as far as that phase, and the page opens a little after it.
    this.until = /^handover-(\w+)$/.exec(scene)?.[1] ?? null;
    const told = this.until === null ? [] : story(crossingPoints(), LINE_TIME, this.until);
    this.start = told.length === 0 ? START : told.at(-1).at + 12_000;
    this.recording = "ok";
    this.rooms = [{ id: "ARD", state: "RO" }, { id: "BUD", state: "HU" }];
    this.ledgers = new Map(["BUD", "ARD"].map((room) => [room, { seq: 0, records: [], picture: fromSnapshot(this.blank(room)) }]));
    const units = scene === "empty" || scene === "none" ? [] : scene.startsWith("mass") ? mass(Number(scene.slice(4)) || 1000) : UNITS;
    this.units = units.map((u, i) => ({ ...u, ...(scene === "hostile" && i < 4 ? { callsign: HOSTILE_NAMES[i] } : {}), last: null, next: 0, said: {} }));
    this.shared = scene !== "none";
    this.later = [];
    this.time = Math.min(START, this.start) - (scene.startsWith("mass") ? 20_000 : 14 * 60_000);
    this.open();
    this.rooms2 = this.tells(told);
    this.advance(this.start);
  }
  blank(room) {
    return blank({ id: room, state: room === "BUD" ? "HU" : "RO" }, iso(START));
  }
  ledger(account) { return this.ledgers.get(account === "arad" ? "ARD" : "BUD"); }
  record(room, row) {
    const ledger = this.ledgers.get(room);
    ledger.seq += 1;
    const prev = ledger.seq - 1;
    const record = row.position ? { seq: ledger.seq, position: row.position } : { seq: ledger.seq, event: { seq: ledger.seq, at: iso(row.at), recorded_at: iso(this.time), shared_by: row.shared_by ?? null, ...row.body } };
    ledger.records.push(record);
    ledger.picture = this.reduce(ledger.picture, { prev, seq: ledger.seq, at: iso(this.time), positions: record.position ? [record.position] : [], events: record.event ? [record.event] : [] });
  }
  place(position) {
    if (!this.scene.startsWith("mass")) { for (const room of ["BUD", "ARD"]) this.record(room, { position }); return; }
    this.pile ??= [];
    this.pile.push(position);
  }
  /** All positions of a second as one step: a full map at one bulletin a second. */
  flushPile() {
    if (!this.pile?.length) return;
    const ledger = this.ledgers.get("BUD"), positions = this.pile;
    this.pile = [];
    ledger.seq += 1;
    ledger.records.push({ seq: ledger.seq, positions });
    if (ledger.records.length > 30) for (const old of ledger.records.slice(0, -30)) old.positions = [];
    ledger.picture = this.reduce(ledger.picture, { prev: ledger.seq - 1, seq: ledger.seq, at: iso(this.time), positions, events: [] });
  }
  both(at, body, from = "BUD") { for (const room of ["BUD", "ARD"]) this.record(room, { at, body, shared_by: room === from ? null : from }); }
  after(ms, what) { this.later.push({ at: this.time + ms, what }); }

  /** The two rooms that speak, and when each says what the story has. */
  tells(told) {
    const two = new TwoRooms({ operation: OPERATION, rooms: ["BUD", "ARD"], record: (room, at, body) => this.record(room, { at, body }) });
    two.abroad = () => this.units.filter((unit) => unit.room === "BUD" && unit.law === "RO").map((unit) => unit.id);
    const by = (room) => ({ account: room === "BUD" ? "budapest" : "arad", room });
    for (const { at, from, saying, alone } of told) {
      this.later.push({ at, what: () => two.say(from, alone ? null : by(from), saying.code === "ACP" ? { ...saying, accepts: two.state.proposed.digest } : saying, at) });
    }
    return two;
  }
  open() {
    const t = this.time;
    if (this.scene === "none") return;
    for (const room of this.rooms) this.both(t, { kind: "room.added", ...room });
    for (const u of this.units) this.both(t, { kind: "unit.added", unit: u.id, room: u.room, state: u.state, unit_kind: u.kind, callsign: u.callsign, marks: u.marks }, u.room);
    if (this.scene === "empty" || this.scene.startsWith("mass")) return;
    this.card(t, OPERATION, this.scene === "hostile" ? HOSTILE : "NAGYLAK-27", ["hu-1", "hu-2", "hu-3", "hu-d1"], "40(1)", "RO-27-0312");
    if (this.scene === "overview" || this.scene === "stop") this.card(t + 1000, "op-mako-11", "MAKÓ-11", [], "40(2)", null);
  }
  card(t, id, name, units, basis, number) {
    const by = { account: "budapest", room: "BUD" };
    const authorisation = number === null ? null : { number, from: "2027-03-16T07:00:00.000Z", to: "2027-03-16T20:00:00.000Z", conditions: "at most 3 cars; no drone in RO airspace" };
    const card = { id, name, room: "BUD", basis, purpose: "criminal_investigation", offence: "drug_trafficking", person_category: "suspect", requesting_state: "HU", host_states: ["RO"], host_rooms: ["ARD"], target: { id: id === OPERATION ? "TGT-1" : "TGT-4", description: this.scene === "hostile" ? HOSTILE.repeat(200) : "silver estate car" }, units, authorisation, patrol: null, exercise: true, opened_by: by };
    const to = (body) => (units.length > 0 ? this.both(t, body) : this.record("BUD", { at: t, body }));
    to({ kind: "operation.opened", operation: id, card });
    to({ kind: "law.assessed", operation: id, unit: null, crossing: null, verdict: "no_obstacle", findings: this.findings(number !== null), duties: [], clocks: [] });
    if (number !== null) to({ kind: "clock.started", operation: id, clock: "authorisation_window", host: "RO", starts: authorisation.from, ends: authorisation.to, origin: "exercise", citation: EXERCISE });
    if (units.length > 0) { to({ kind: "operation.shared", operation: id, with: "ARD" }); to({ kind: "eyes.moved", operation: id, to_unit: "hu-1", from_unit: null }); }
  }
  findings(authorised) {
    return [
      { condition: "states_bound", answer: "met", sentence: "Hungary and Romania apply Art. 40.", citation: CISA("Art. 40(1)") },
      { condition: "offence_extraditable", answer: "met", sentence: "Drug trafficking is an extraditable offence.", citation: CISA("Art. 40(1)") },
      { condition: "authorisation_in_force", answer: authorised ? "met" : "not_met", sentence: authorised ? "RO-27-0312 covers this moment, until 20:00Z." : "No authorisation of Romania is on file.", citation: authorised ? EXERCISE : CISA("Art. 40(1)") },
      { condition: "drone_carrier", answer: "unknown", sentence: "Whether a drone may enter is not known for this pair: it stays out.", citation: { origin: "treaty", instrument: "HU-RO agreement", sources: [], confidence: "unknown", rules_version: 3 } },
    ];
  }

  advance(now) {
    while (this.time + 1000 <= now) {
      this.time += 1000;
      for (const due of this.later.filter((item) => item.at <= this.time)) due.what();
      this.later = this.later.filter((item) => item.at > this.time);
      for (const unit of this.units) this.step(unit);
      this.silences();
      this.flushPile();
    }
  }
  step(unit) {
    if (this.time < unit.next || (unit.until !== undefined && this.time > unit.until)) return;
    unit.next = this.time + unit.every * 1000;
    const { point, course, speed } = unit.way(this.time);
    const noise = (unit.accuracy / 6) * 1e-5;
    const lon = point[0] + (Math.random() - 0.5) * noise, lat = point[1] + (Math.random() - 0.5) * noise;
    const many = this.scene.startsWith("mass");
    const state = many ? "HU" : stateAt([lon, lat]), distance = many ? 60_000 : distanceTo([lon, lat]);
    const certainty = distance < unit.accuracy ? "frontier" : "inside";
    const position = { unit: unit.id, fixed_at: iso(this.time), received_at: iso(this.time + 200), lat, lon, accuracy_m: unit.accuracy, speed_mps: Math.round(speed * 10) / 10, course_deg: Math.round(course), altitude_m: null, battery_pct: 80, states: state, certainty, frontier: "HU-RO", distance_m: distance };
    this.place(position);
    this.tell(unit, { point: [lon, lat], state, distance, speed, certainty });
    unit.last = { point: [lon, lat], state, at: this.time };
  }
  tell(unit, now) {
    if (this.scene.startsWith("mass")) { if (unit.last === null) this.record("BUD", { at: this.time, body: { kind: "unit.located", unit: unit.id, states: now.state, certainty: now.certainty, frontier: null, distance_m: null } }); return; }
    const at = this.time, before = unit.last, say = (body) => this.both(at, body, unit.room);
    if (before === null) { say({ kind: "unit.located", unit: unit.id, states: now.state, certainty: now.certainty, frontier: "HU-RO", distance_m: now.distance }); unit.law = now.state; return; }
    const other = now.state === "HU" ? "RO" : "HU";
    if (now.speed > 3 && now.distance < 5000 && unit.room === "BUD" && unit.kind === "vehicle" && unit.law === "HU" && (unit.said.approach ?? 0) + 10_000 < at) {
      unit.said.approach = at;
      const eta = now.distance / now.speed;
      say({ kind: "border.approaching", unit: unit.id, from: now.state, to: other, frontier: "HU-RO", distance_m: now.distance, eta_s: eta, eta_earliest_s: eta * 0.8, eta_latest_s: eta * 1.4, point: along(LINE_AT).point, crossings: crossingPoints().map((one, i) => ({ name: one.name, point: one.point, probability: i === 0 ? 0.78 : 0.18, eta_s: eta * (1 + 2 * i) })) });
      if (unit.id === "hu-1" && !unit.said.draft) { unit.said.draft = true; this.draft(unit, at + eta * 1000); }
    }
    if (now.state !== unit.law) {
      const hit = unit.said.suspected ?? { id: `x-${unit.id}-${at}`, point: meets(before.point, now.point)?.point ?? now.point, at: before.at, to: now.state, from: unit.law };
      const crossing = { crossing: hit.id, unit: unit.id, from: hit.from, to: hit.to, point: hit.point, earliest: iso(hit.at), likely: iso(hit.at + 500), latest: iso(hit.at + 1000), position_error_m: 6, border_error_m: null, border_set: "2026e", inferred: false, why: { rule: "two fixes beyond the line by more than their accuracy, rule 1", fixes: [{ fixed_at: iso(hit.at), beyond_m: -12.4, accuracy_m: unit.accuracy }, { fixed_at: iso(at), beyond_m: now.distance, accuracy_m: unit.accuracy }] } };
      if (!unit.said.suspected) { unit.said.suspected = hit; say({ kind: "crossing.suspected", ...crossing }); }
      else if (at - hit.at > 2000) { unit.law = now.state; unit.said.suspected = null; say({ kind: "crossing.confirmed", ...crossing }); if (unit.room === "BUD") this.crossed(unit, crossing); }
    }
    if (unit.id === "hu-1") this.both(at, { kind: "target.sighted", operation: OPERATION, target: "TGT-1", ...this.sighting() });
  }
  sighting() {
    const { point, course } = onRoad(0)(this.time), state = stateAt(point);
    return { seen_at: iso(this.time), lat: point[1], lon: point[0], accuracy_m: 40, source: "unit", by_unit: "hu-1", course_deg: course, speed_mps: speedAt, states: state, certainty: "inside", frontier: "HU-RO", distance_m: distanceTo(point) };
  }
  fields(unit, crossing, at) {
    return (this.lastFields = { operation: OPERATION, name: "NAGYLAK-27", basis: "40(1)", requesting_state: "HU", host_state: "RO", offence: "drug_trafficking", person_category: "suspect", authorisation: "RO-27-0312", grounds: null, crossings: [{ unit: unit.id, callsign: unit.callsign, unit_kind: unit.kind, marks: unit.marks, crossing: crossing?.crossing ?? null, point: crossing?.point ?? along(LINE_AT).point, earliest: crossing?.earliest ?? iso(at), likely: crossing?.likely ?? iso(at), expected: crossing === undefined, taken_back: false }], amends: null, missing: [] });
  }
  draft(unit, at) {
    this.both(this.time, { kind: "notice.drafted", operation: OPERATION, notice: "n-1", duty: "notice_of_crossing", to: "ARD", fields: this.fields(unit, undefined, at) });
    this.both(this.time, { kind: "notice.ready", operation: OPERATION, notice: "n-1" });
  }
  crossed(unit, crossing) {
    const at = this.time;
    this.both(at, { kind: "law.assessed", operation: OPERATION, unit: unit.id, crossing: crossing.crossing, verdict: this.scene === "stop" ? "stop" : "no_obstacle", findings: this.findings(this.scene !== "stop"), duties: [{ duty: "notice_of_crossing", when: "immediately", citation: CISA("Art. 40(2)(a)") }, { duty: "report", when: "", citation: CISA("Art. 40(3)(g)") }], clocks: [] });
    if (unit.id !== "hu-1") return;
    this.both(at, { kind: "notice.owed", operation: OPERATION, notice: "n-1", duty: "notice_of_crossing", to: "ARD", since: crossing.likely, citation: CISA("Art. 40(2)(a)") });
    this.both(at, { kind: "notice.drafted", operation: OPERATION, notice: "n-1", duty: "notice_of_crossing", to: "ARD", fields: this.fields(unit, crossing, at) });
    this.both(at, { kind: "notice.ready", operation: OPERATION, notice: "n-1" });
    if (this.scene === "alarms") for (const alarm of ALARMS) this.raise(alarm);
    if (this.auto) this.after(4000, () => this.sent("n-1", { account: "budapest", room: "BUD" }));
    if (this.scene === "stop") this.both(at, { kind: "clock.expired", operation: OPERATION, clock: "authorisation_window", host: "RO", because: "The authorisation no longer covers this moment: stop the surveillance (exercise document)." });
  }
  raise([code, priority, about, sentence, action]) {
    const id = `${code}-${(this.raised = (this.raised ?? 0) + 1)}`;
    this.alarms ??= new Map();
    this.alarms.set(id, { alarm: id, code, operation: null, unit: null, notice: null, host: null, ...about });
    this.record("BUD", { at: this.time, body: { kind: "alarm.raised", ...this.alarms.get(id), priority, since: iso(this.time - 60_000), sentence, action } });
  }
  /** Takes an alarm, or puts it aside: the scripted room believes who asks. */
  alarm(me, path, body, now) {
    this.advance(now);
    const by = { account: me.account, room: me.room }, [, , , , id, what] = path.split("/"), of = this.alarms?.get(id);
    if (of === undefined) return { refused: { guard: "no_such_alarm", sentence: `There is no alarm ${id}, or it is over.` } };
    const kind = { shelve: "alarm.shelved", annunciate: "alarm.annunciated", acknowledge: "alarm.acknowledged" }[what];
    this.record(me.room, { at: now, body: { kind, ...of, by, ...(what === "shelve" ? { until: iso(now + body.minutes * 60_000), reason: body.reason } : {}) } });
    return { id };
  }
  sent(notice, by) {
    this.both(this.time, { kind: "notice.sent", operation: OPERATION, notice, by, duty: "notice_of_crossing", to: "ARD", fields: this.lastFields });
    this.both(this.time + 400, { kind: "notice.delivered", operation: OPERATION, notice });
    if (this.auto) this.after(28_000, () => this.both(this.time, { kind: "notice.seen", operation: OPERATION, notice, by: { account: "arad", room: "ARD" } }, "ARD"));
  }
  silences() {
    for (const unit of this.units) {
      if (unit.until === undefined || unit.last === null || this.time - unit.last.at < 16_000 || (this.time - unit.last.at) % 10_000 >= 1000) continue;
      const radius = ((this.time - unit.last.at) / 1000) * 12;
      this.both(this.time, { kind: radius > 2600 ? "unit.may_have_crossed" : "unit.silent", unit: unit.id, since: iso(unit.last.at), radius_m: radius, reach: radius > 2600 ? "HU|RO" : "HU" }, unit.room);
    }
  }

  order(me, path, body, now) {
    this.advance(now);
    const by = { account: me.account, room: me.room };
    const [, , , , id, what] = path.split("/");
    if (id === undefined) {
      if (body.basis === "40(1)" && !body.authorisation) return { refused: { guard: "authorisation_missing", sentence: "Art. 40(1) needs an authorisation of the host state: enter its number and period, or open under 40(2).", citation: CISA("Art. 40(1)") } };
      const operation = `op-${Math.random().toString(36).slice(2, 8)}`;
      const card = { id: operation, room: me.room, requesting_state: me.room === "BUD" ? "HU" : "RO", host_rooms: [me.room === "BUD" ? "ARD" : "BUD"], purpose: "criminal_investigation", target: null, authorisation: null, patrol: null, exercise: true, opened_by: by, ...body };
      this.record(me.room, { at: now, body: { kind: "operation.opened", operation, card } });
      return { id: operation };
    }
    if (what === "messages" && body.code === "XNG") this.sent(body.notice, by);
    if (what === "messages" && body.notice === undefined) return this.rooms2.say(me.room, by, body, now, this.hushed ? null : 400);
    if (what === "messages" && body.code === "ACK") this.both(now, { kind: "notice.seen", operation: id, notice: body.notice, by }, me.room);
    if (what === "sightings") this.both(now, { kind: "target.sighted", operation: id, target: body.target, seen_at: body.seen_at, lat: body.lat, lon: body.lon, accuracy_m: body.accuracy_m, source: body.source, by_unit: body.unit ?? null, course_deg: null, speed_mps: null, states: stateAt([body.lon, body.lat]), certainty: "inside", frontier: "HU-RO", distance_m: distanceTo([body.lon, body.lat]) }, me.room);
    if (what === "close") this.both(now, { kind: "operation.closed", operation: id, by, reason: body.reason });
    return { id };
  }
  snapshot(me, now, rate) {
    this.advance(now);
    const picture = this.ledger(me.account).picture;
    return { ...this.toSnapshot(picture), at: iso(now), started_at: this.startedAt, me: { account: me.account, role: me.role }, mode: { exercise: true, name: "NAGYLAK-27", rate } };
  }
  bulletin(me, since, now) {
    const records = this.ledger(me.account).records.slice(since);
    if (records.length === 0) return null;
    return { prev: since, seq: records.at(-1).seq, at: iso(now), positions: records.flatMap((r) => r.positions ?? (r.position ? [r.position] : [])), events: records.filter((r) => r.event).map((r) => r.event) };
  }
}
