// What two rooms of the scripted world say to each other: a short form of the service's table, enough to look at every
// phase. Whoever says something is believed; the other room's machine confirms it after a moment.
const NEGOTIATES = new Set(["NTF", "PRO", "RVN", "RVR", "SBY", "CDN", "ACP", "RJC", "HOP", "ROF", "MAS"]);
const iso = (ms) => new Date(ms).toISOString();
const KEYS = ["terms", "accepts", "who", "until", "reason", "words", "language", "back_to", "unit", "eyes", "units", "authorisation"];
const TERMS = ["crossing_point", "expected", "transfer_at", "takes_eyes", "units", "overlap", "voice"];
const part = (terms, term) => JSON.stringify({ crossing_point: terms.crossing_points[0]?.name, expected: terms.expected?.likely, transfer_at: terms.transfer_at_m, takes_eyes: terms.takes_eyes, units: terms.units, overlap: [terms.overlap_m, terms.overlap_s], voice: terms.voice }[term]);

const fresh = (giver, at) => ({ giver, phase: "idle", since: iso(at), notified: null, agreed: null, proposed: null, changes: [], counters: 0, stand_by: null, withdrawing: null, requested: null, offered: null, closed_by: [] });
const refuse = (guard, sentence) => ({ refused: { guard, sentence } });

export class TwoRooms {
  /** `record(room, at, body)` writes to a room's ledger; `lead(room, epoch, by, message, at)` is told when the lead passes. */
  constructor({ operation, rooms, record }) {
    Object.assign(this, { operation, rooms, record });
    this.state = fresh(rooms[0], 0);
    this.lead = rooms[0];
    this.epoch = 1;
    this.waits = { [rooms[0]]: [], [rooms[1]]: [] };
    this.numbers = { [rooms[0]]: 0, [rooms[1]]: 0 };
    this.messages = new Map();
  }
  other(room) { return this.rooms.find((one) => one !== room); }
  seen(room) { return { partner: this.other(room), ...this.state, unreceipted: this.waits[room] }; }

  /** Says it: the answer of the service to the order. `confirmAfter`: ms until the other machine has it; null: never. */
  say(from, by, saying, at, confirmAfter = 400) {
    const to = this.other(from), number = (this.numbers[from] += 1), id = `${from}-${to}-${number}`, before = structuredClone(this.state);
    const reply = saying.reply_to ?? this.answers(saying.code);
    const message = { schema: 1, id, operation: this.operation, code: saying.code, epoch: this.epoch, from, to, by, at: iso(at), reply_to: reply, number, rules: null, profile: null, retention: "operation", delete_at: null, ...Object.fromEntries(KEYS.filter((key) => saying[key] !== undefined).map((key) => [key, saying[key]])) };
    if (saying.voice) message.call = { reference: null, ...saying.voice };
    const digest = (number * 7919 + from.charCodeAt(0)).toString(16).padStart(8, "0").repeat(8), waiting = this.waits[from].find((one) => NEGOTIATES.has(one.code));
    if (waiting && NEGOTIATES.has(saying.code)) return refuse("awaits_receipt", `${to} has not confirmed ${waiting.code} yet: wait for it, or speak by telephone.`);
    const why = this.step(message, digest, at);
    if (why !== null) { this.numbers[from] -= 1; this.state = before; return why; }
    const after = this.state, envelope = { bytes: JSON.stringify(message), signature: "", key_id: "", digest };
    this.messages.set(id, message);
    const told = (room, direction, what, kind, when) => this.record(room, when, { kind, operation: this.operation, partner: this.other(room), direction, message: what, envelope, state: this.seen(room) });
    this.waits[from] = [...this.waits[from], { message: id, code: saying.code, at: iso(at) }];
    this.state = before;
    told(from, "sent", message, `handover.${saying.code.toLowerCase()}`, at);
    this.state = after;
    if (confirmAfter === null) { this.state = before; return { id }; }
    const then = at + confirmAfter;
    told(to, "received", message, `handover.${saying.code.toLowerCase()}`, then);
    this.follow(message, then);
    const lam = { ...message, id: `${to}-${from}-r${number}`, code: "LAM", from: to, to: from, by: null, at: iso(then), reply_to: id, terms: undefined };
    this.waits[from] = this.waits[from].filter((one) => one.message !== id);
    told(to, "sent", lam, "handover.lam", then);
    told(from, "received", lam, "handover.lam", then);
    if (message.code === "MAS") for (const room of this.rooms) this.record(room, then, { kind: "lead.moved", operation: this.operation, partner: this.other(room), lead: { room: this.lead, epoch: this.epoch, since: iso(then) }, by, message: id });
    return { id };
  }
  answers(code) {
    const { proposed, offered, requested } = this.state;
    if (["SBY", "CDN", "ACP"].includes(code)) return proposed?.message ?? null;
    if (code === "MAS") return offered?.message ?? null;
    if (code === "RJC") return offered?.message ?? proposed?.message ?? requested;
    return code === "HOP" ? requested : null;
  }
  to(phase, at) { if (this.state.phase !== phase) Object.assign(this.state, { phase, since: iso(at) }); }

  /** To where it leads; a refusal where it does not fit. */
  step(message, digest, at) {
    this.state = structuredClone(this.state);
    const s = this.state, { from, code, id, terms } = message, open = s.proposed, proposal = { message: id, digest, by: from, at: iso(at), terms };
    if (["NTF", "PRO"].includes(code) && s.phase === "passed" && from !== s.giver) Object.assign(s, fresh(from, at));
    const before = ["idle", "notified", "proposed", "stand_by"].includes(s.phase);
    if (["SBY", "CDN", "ACP"].includes(code) && (open === null || open.by === from)) return refuse("nothing_proposed", "No terms wait for an answer.");
    if (["SBY", "CDN", "ACP"].includes(code) && message.reply_to !== open.message) return refuse("outdated", "Other terms were proposed since: look again.");
    switch (code) {
      case "NTF": s.notified = terms; this.to("notified", at); break;
      case "PRO": if (!before) return refuse("answer_first", "Terms are agreed: revise them, or take them back."); s.proposed = proposal; s.notified ??= terms; s.counters = 0; s.stand_by = null; this.to("proposed", at); break;
      case "RVR": if (s.phase !== "agreed") return refuse("nothing_agreed", "Nothing is agreed yet: propose first."); s.proposed = proposal; s.counters = 0; s.stand_by = null; break;
      case "SBY": s.stand_by = { who: message.who, until: message.until }; if (s.phase === "proposed") this.to("stand_by", at); break;
      case "CDN": if (s.counters >= 3) return refuse("too_many_counters", "Terms were countered three times: speak by telephone, then accept or refuse."); s.counters += 1; s.proposed = proposal; s.stand_by = null; if (s.agreed === null) this.to(from === s.giver ? "proposed" : "countered", at); break;
      case "ACP": if (message.accepts !== open.digest) return refuse("other_hash", "What is accepted is not what was proposed last: look again."); s.agreed = { message: open.message, digest: open.digest, terms: open.terms, since: iso(at) }; s.proposed = null; s.stand_by = null; s.counters = 0; this.to("agreed", at); break;
      case "RJC": if (s.offered !== null) { s.offered = null; this.to("agreed", at); } else if (s.proposed !== null) { s.proposed = null; s.stand_by = null; if (s.agreed === null) this.to("notified", at); } else s.requested = null; break;
      case "ABR": s.withdrawing = { message: id, by: from, back_to: message.back_to }; break;
      case "ACK": if (s.withdrawing?.message === message.reply_to) { const { back_to } = s.withdrawing; s.withdrawing = null; if (back_to === "agreement") { s.offered = null; this.to("agreed", at); } else { Object.assign(s, { agreed: null, proposed: null, stand_by: null, offered: null, requested: null, counters: 0 }); this.to(back_to === "notice" ? "notified" : "idle", at); } } break;
      case "HOP": if (s.phase !== "agreed" && s.requested === null) return refuse("nothing_agreed", "Nothing is agreed, and the other room did not ask for the lead: propose first."); s.requested = null; s.offered = { message: id, epoch: this.epoch, at: iso(at) }; this.to("transferring", at); break;
      case "ROF": s.requested = id; break;
      case "MAS": if (s.offered === null) return refuse("not_offered", "The lead is not offered: ask for it."); Object.assign(s, { offered: null, proposed: null, stand_by: null, withdrawing: null, requested: null }); this.to("passed", at); break;
      case "CLS": s.closed_by = [...s.closed_by, from]; break;
    }
    s.changes = s.agreed === null || s.proposed === null ? [] : TERMS.filter((term) => part(s.agreed.terms, term) !== part(s.proposed.terms, term));
    return null;
  }
  /** What a message brings about beside the dialogue. */
  follow(message, at) {
    const both = (body) => { for (const room of this.rooms) this.record(room, at, { operation: this.operation, ...body }); };
    if (message.code === "MAS") { this.lead = message.from; this.epoch += 1; }
    if (message.code === "EYE" && message.eyes === "takes") both({ kind: "eyes.taken", unit: message.unit });
    if (message.code === "EYE" && message.eyes === "has") both({ kind: "eyes.moved", to_unit: message.unit, from_unit: null });
    if (message.code === "CEASE" || message.code === "REL") both({ kind: message.code === "CEASE" ? "cease.ordered" : "release.ordered", room: message.from, message: message.id, by: message.by, words: message.words ?? "", units: message.units ?? this.abroad?.() ?? [] });
    if (message.code === "ACK") { const of = this.messages.get(message.reply_to)?.code; if (of === "CEASE" || of === "REL") both({ kind: of === "CEASE" ? "cease.acknowledged" : "release.acknowledged", message: message.reply_to, by: message.by, unit: null }); }
  }
}

/** The exercise, message by message: how long before the page opens, who, and what. `until` names the phase it stops at. */
export function story(points, lineAt, until) {
  const [near, far] = points, expected = (minutes, within) => ({ earliest: iso(lineAt + (minutes - within) * 60_000), likely: iso(lineAt + minutes * 60_000), latest: iso(lineAt + (minutes + within) * 60_000) });
  const at = (one, percent = null) => ({ name: one.name, point: one.point, percent });
  const notified = { crossing_points: [at(far, 78), at(near, 22)], expected: expected(-2, 9), transfer_at_m: null, takes_eyes: null, units: ["hu-1"], overlap_m: null, overlap_s: null, voice: null };
  const proposed = { ...notified, crossing_points: [at(far)], transfer_at_m: 2000, takes_eyes: "ro-1", units: ["hu-1", "hu-2"], overlap_m: 10_000, overlap_s: 900, voice: "direct, BUD line 4 to ARD line 2" };
  const countered = { ...proposed, transfer_at_m: 0, units: ["hu-1"], voice: "joint centre line 1, group 7" };
  const revised = { ...countered, crossing_points: [at(near)], expected: expected(0, 2) };
  const all = [
    ["notified", -760, "BUD", { code: "NTF", terms: notified }, true],
    ["proposed", -520, "BUD", { code: "PRO", terms: proposed }],
    ["standby", -485, "ARD", { code: "SBY", who: "Sgt Pop", until: iso(lineAt - 330_000) }],
    ["countered", -350, "ARD", { code: "CDN", terms: countered }],
    ["agreed", -320, "BUD", { code: "ACP" }],
    ["revision", -180, "BUD", { code: "RVR", terms: revised }],
    ["revised", -130, "ARD", { code: "ACP" }],
    ["text", -90, "ARD", { code: "TXT", words: "RO-1 stands at Nădlac, RO-2 on DN7.", language: "en" }],
    ["offered", 30, "BUD", { code: "HOP" }],
    ["taken", 36, "ARD", { code: "EYE", unit: "ro-1", eyes: "takes" }],
    ["joint", 42, "ARD", { code: "MAS" }],
    ["released", 90, "ARD", { code: "REL", units: ["hu-1"] }],
    ["cease", 100, "ARD", { code: "CEASE", words: "Shots were reported in Nădlac: turn back at once." }],
  ];
  const end = all.findIndex(([name]) => name === until);
  return all.slice(0, end < 0 ? all.length : end + 1).filter(([name]) => name !== "released" || until === "released").map(([, s, from, saying, alone]) => ({ at: lineAt + s * 1000, from, saying, alone: alone === true }));
}
