//! Events of every kind, made by chance from a seed: few names, so that they meet each other.

use limes::wire::event::EventWire;
use limes::wire::live::PositionWire;
use serde_json::{Value, json};

/// A seeded sequence of numbers (`SplitMix64`).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) const fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    pub(crate) fn one_in(&mut self, most: u64) -> bool {
        self.below(most) == 0
    }

    pub(crate) fn of_these<'t>(&mut self, these: &[&'t str]) -> &'t str {
        these[self.below(these.len() as u64) as usize]
    }

    fn perhaps(&mut self, value: Value) -> Value {
        if self.one_in(3) { Value::Null } else { value }
    }

    /// A moment of the same hour.
    pub(crate) fn time(&mut self) -> String {
        let (minute, second) = (self.below(60), self.below(60));
        format!("2027-03-16T11:{minute:02}:{second:02}.000Z")
    }

    fn unit(&mut self) -> &'static str {
        self.of_these(&["HU-1", "HU-2", "RO-1"])
    }

    fn operation(&mut self) -> &'static str {
        self.of_these(&["op-1", "op-2"])
    }

    fn states(&mut self) -> &'static str {
        self.of_these(&["HU", "RO", "HU|RO", "-"])
    }
}

/// The numbers that the events of one bulletin take.
pub(crate) struct Making(u64);

impl Making {
    pub(crate) const fn after(seq: u64) -> Self {
        Self(seq)
    }

    pub(crate) const fn seq(&self) -> u64 {
        self.0
    }
}

const KINDS: [&str; 70] = [
    "room.added",
    "unit.added",
    "unit.added",
    "unit.retired",
    "unit.signed_on",
    "unit.signed_off",
    "unit.located",
    "border.approaching",
    "border.receding",
    "crossing.suspected",
    "crossing.confirmed",
    "crossing.retracted",
    "crossing.revised",
    "unit.silent",
    "unit.may_have_crossed",
    "unit.back",
    "unit.device",
    "unit.camera_over",
    "unit.left_coverage",
    "border.stand_off_broken",
    "border.breach_predicted",
    "border.stand_off_kept",
    "tracker.sealed",
    "tracker.unsealed",
    "tracker.permission_entered",
    "tracker.permitted",
    "fix.quarantined",
    "fix.released",
    "unit.acted",
    "operation.opened",
    "operation.opened",
    "operation.changed",
    "operation.closed",
    "operation.shared",
    "law.assessed",
    "order.refused",
    "notice.owed",
    "notice.drafted",
    "notice.ready",
    "notice.sent",
    "notice.delivered",
    "notice.seen",
    "notice.voice",
    "notice.withdrawn",
    "clock.started",
    "clock.revised",
    "clock.warned",
    "clock.expired",
    "clock.stopped",
    "target.sighted",
    "eyes.moved",
    "handover.pro",
    "handover.acp",
    "handover.mas",
    "handover.ack",
    "handover.lam",
    "handover.lrm",
    "lead.moved",
    "lead.disputed",
    "lead.settled",
    "cease.ordered",
    "cease.acknowledged",
    "rules.adopted",
    "profile.adopted",
    "link.lost",
    "link.restored",
    "link.missing",
    "link.refused",
    "link.head",
    "link.clock_differs",
];

fn citation() -> Value {
    json!({ "origin": "law", "instrument": "CISA Art. 40", "sources": ["cisa40"], "confidence": "high", "rules_version": 3 })
}

fn person() -> Value {
    json!({ "account": "budapest", "room": "budapest" })
}

/// Any event, as the wire has it.
pub(crate) fn any_event(chance: &mut Chance, making: &mut Making) -> EventWire {
    making.0 += 1;
    let kind = chance.of_these(&KINDS);
    let mut event =
        json!({ "seq": making.0, "at": chance.time(), "recorded_at": chance.time(), "kind": kind });
    let body = if kind.starts_with("tracker.") {
        of_a_tracker(kind, chance)
    } else if kind.starts_with("unit.") || kind.starts_with("border.") {
        of_a_unit(kind, chance)
    } else if kind.starts_with("crossing.") || kind.starts_with("fix.") {
        of_a_fix(kind, chance)
    } else if kind.starts_with("notice.") || kind.starts_with("clock.") {
        of_a_duty(kind, chance)
    } else if kind.starts_with("link.") {
        of_a_link(chance)
    } else {
        of_an_operation(kind, chance)
    };
    let (Value::Object(event_keys), Value::Object(body)) = (&mut event, body) else {
        unreachable!("both are written as objects here");
    };
    event_keys.extend(body);
    serde_json::from_value(event).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

fn of_a_unit(kind: &str, chance: &mut Chance) -> Value {
    let unit = chance.unit();
    match kind {
        "unit.added" => {
            let home = if unit == "RO-1" {
                ("arad", "RO")
            } else {
                ("budapest", "HU")
            };
            json!({ "unit": unit, "room": home.0, "state": home.1, "unit_kind": chance.of_these(&["vehicle", "drone"]),
                "callsign": unit, "marks": chance.perhaps(json!("covert")) })
        }
        "unit.located" => {
            json!({ "unit": unit, "states": chance.states(), "certainty": "inside", "frontier": null, "distance_m": null })
        }
        "unit.silent" | "unit.may_have_crossed" => {
            json!({ "unit": unit, "since": chance.time(), "radius_m": 400.5, "reach": chance.states() })
        }
        "border.approaching" => {
            json!({ "unit": unit, "from": "HU", "to": "RO", "frontier": "HU-RO", "distance_m": 740.2, "eta_s": 60.5,
                "eta_earliest_s": 30.0, "eta_latest_s": 90.0, "point": [20.7, 46.2] })
        }
        "border.stand_off_broken" | "border.breach_predicted" => {
            let over_at = json!(chance.time());
            json!({ "unit": unit, "from": "HU", "to": "RO", "distance_m": 210.4, "stand_off_m": 300.0, "over_at": chance.perhaps(over_at),
                "condition": "carrier_covered", "sentence": "Stop.", "citation": chance.perhaps(citation()) })
        }
        "unit.camera_over" => {
            json!({ "unit": unit, "states": chance.states(), "ring": [[20.7, 46.2], [20.8, 46.2], [20.7, 46.3]] })
        }
        "unit.device" => {
            let device = chance.of_these(&[
                "battery_low",
                "battery_fine",
                "inaccurate",
                "accurate",
                "behind",
            ]);
            json!({ "unit": unit, "device": { "is": device, "percent": 12, "accuracy_m": 80.0, "recorded_at": chance.time() } })
        }
        "border.receding" => json!({ "unit": unit, "frontier": "HU-RO" }),
        "unit.acted" => json!({ "unit": unit, "act": "crossed", "key": "k" }),
        _ => json!({ "unit": unit }),
    }
}

fn of_a_tracker(kind: &str, chance: &mut Chance) -> Value {
    let unit = chance.unit();
    match kind {
        "tracker.sealed" => json!({ "unit": unit, "without": chance.states() }),
        "tracker.unsealed" => json!({ "unit": unit }),
        _ => {
            let permission = json!({ "unit": unit, "state": "RO", "number": chance.of_these(&["1", "2"]), "from": "2027-03-16T08:00:00.000Z",
                "to": "2027-03-16T20:00:00.000Z" });
            json!({ "operation": chance.operation(), "permission": permission, "by": person(), "role": chance.of_these(&["supervisor", "legal"]) })
        }
    }
}

fn of_a_fix(kind: &str, chance: &mut Chance) -> Value {
    let unit = chance.unit();
    if kind == "fix.released" {
        return json!({ "unit": unit, "reason": "implausible_jump", "fixed_at": chance.time() });
    }
    if kind == "fix.quarantined" {
        let fix = json!({ "unit": unit, "source": "phone", "fixed_at": chance.time(), "lat": 46.2, "lon": if chance.one_in(4) { 400.0 } else { 20.7 },
            "accuracy_m": null, "speed_mps": null, "course_deg": null, "altitude_m": null, "battery_pct": null });
        return json!({ "unit": unit, "reason": chance.of_these(&["fixed_at_in_future", "null_island"]), "detail": "", "fix": chance.perhaps(fix) });
    }
    let likely = chance.time();
    json!({ "unit": unit, "crossing": format!("{unit}.{}", chance.below(4)), "from": chance.states(), "to": chance.states(), "point": [20.7, 46.2],
        "earliest": likely, "likely": likely, "latest": chance.time(), "position_error_m": 12.0, "border_error_m": null, "border_set": "test",
        "inferred": chance.one_in(2), "why": { "rule": "1", "fixes": [] }, "because": "late" })
}

fn of_a_link(chance: &mut Chance) -> Value {
    json!({ "partner": chance.of_these(&["arad", "timisoara"]), "since": chance.time(), "hears": chance.one_in(2), "is_heard": chance.one_in(2),
        "told_here": true, "from": 3, "through": 4, "said": 2, "guard": "key", "sentence": "It is no key.", "head_seq": 12, "hash": "ab",
        "told_at": chance.time(), "by_ms": -700 })
}

fn of_a_duty(kind: &str, chance: &mut Chance) -> Value {
    let operation = chance.operation();
    if kind.starts_with("clock.") {
        return json!({ "operation": operation, "clock": chance.of_these(&["consent", "authorisation_window"]), "host": "RO",
            "starts": chance.time(), "ends": chance.time(), "origin": "law", "citation": citation(), "because": "late", "left_s": 60.0 });
    }
    let fields = json!({ "operation": operation, "name": "N", "basis": "40(1)", "requesting_state": "HU", "host_state": "RO", "offence": "x",
        "person_category": "suspect", "authorisation": null, "grounds": chance.perhaps(json!("why")), "crossings": [], "missing": [] });
    let call = json!({ "name": "Sgt Pop", "number": "+40 257 1", "at": chance.time(), "reference": chance.perhaps(json!("7")) });
    let texts = json!([{ "language": "hu", "text": "Értesítés\na határátlépésről" }]);
    let texts = if chance.one_in(3) { json!([]) } else { texts };
    json!({ "operation": operation, "notice": format!("{operation}.{}", chance.below(3)), "call": call, "texts": texts, "duty": chance.of_these(&["notice_of_crossing", "request"]),
        "to": "arad", "since": chance.time(), "citation": citation(), "fields": fields, "by": person(), "because": "It did not happen." })
}

fn of_an_operation(kind: &str, chance: &mut Chance) -> Value {
    let (operation, unit) = (chance.operation(), chance.unit());
    match kind {
        "room.added" => json!({ "id": chance.of_these(&["arad", "budapest"]), "state": "RO" }),
        "operation.opened" => {
            let card = json!({ "id": operation, "name": "N", "room": "budapest", "basis": "40(1)", "purpose": "criminal_investigation", "offence": "x",
                "person_category": "suspect", "requesting_state": "HU", "host_states": ["RO"], "host_rooms": ["arad"],
                "target": chance.perhaps(json!({ "id": "TGT-1", "description": "estate car" })), "units": ["HU-1", "RO-1"],
                "authorisation": null, "patrol": null, "exercise": true, "opened_by": person() });
            json!({ "operation": operation, "card": card })
        }
        "operation.changed" => {
            let authorisation = json!({ "number": "1", "from": chance.time(), "to": chance.time(), "conditions": "" });
            let rules =
                json!({ "version": 1 + chance.below(3), "digest": chance.of_these(&["a", "b"]) });
            let anew = json!({ "rules": rules, "profiles": [], "because": "newer", "holds": chance.one_in(2) });
            json!({ "operation": operation, "units": chance.perhaps(json!([unit])), "authorisation": chance.perhaps(authorisation),
                "resting_anew": chance.perhaps(anew), "by": person() })
        }
        "operation.closed" => json!({ "operation": operation, "by": person(), "reason": "done" }),
        "operation.shared" => json!({ "operation": operation, "with": "arad" }),
        "law.assessed" => {
            json!({ "operation": chance.perhaps(json!(operation)), "unit": chance.perhaps(json!(unit)), "crossing": chance.perhaps(json!(format!("{unit}.1"))),
                "verdict": chance.of_these(&["stop", "no_obstacle"]), "findings": [], "duties": [], "clocks": [] })
        }
        "order.refused" => {
            json!({ "operation": operation, "by": person(), "order": "close", "guard": "units_abroad", "sentence": "no", "citation": null })
        }
        "lead.moved" => {
            let lead = json!({ "room": chance.of_these(&["arad", "budapest"]), "epoch": 1 + chance.below(4), "since": chance.time() });
            json!({ "operation": operation, "partner": "arad", "lead": lead, "by": person(), "message": "arad:budapest:1" })
        }
        "lead.disputed" | "lead.settled" => {
            let (partner, room) = (
                chance.of_these(&["arad", "timisoara"]),
                chance.of_these(&["arad", "budapest"]),
            );
            json!({ "operation": operation, "partner": partner, "room": room, "epoch": 1 + chance.below(4) })
        }
        "cease.ordered" => {
            json!({ "operation": operation, "room": "arad", "message": a_message(chance), "by": person(), "words": "stop", "units": [unit] })
        }
        "cease.acknowledged" => {
            json!({ "operation": operation, "message": a_message(chance), "by": chance.perhaps(person()), "unit": unit })
        }
        of_dialogue if of_dialogue.starts_with("handover.") => said(of_dialogue, operation, chance),
        "target.sighted" => {
            json!({ "operation": operation, "target": "TGT-1", "seen_at": chance.time(), "lat": 46.2, "lon": 20.7, "accuracy_m": 40.0, "source": "unit",
                "by_unit": unit, "course_deg": null, "speed_mps": null, "states": chance.states(), "certainty": "inside", "frontier": null, "distance_m": null })
        }
        "rules.adopted" => {
            json!({ "version": 1 + chance.below(3), "digest": chance.of_these(&["a", "b"]), "changed": "No row differs." })
        }
        "profile.adopted" => {
            let profile = json!({ "pair": "HU-RO", "version": 1 + chance.below(3), "digest": chance.of_these(&["a", "b"]) });
            json!({ "profiles": if chance.below(2) == 0 { vec![] } else { vec![profile] }, "changed": "It is new." })
        }
        _ => {
            json!({ "operation": operation, "to_unit": chance.perhaps(json!(unit)), "from_unit": null })
        }
    }
}

fn a_message(chance: &mut Chance) -> String {
    format!("arad:budapest:{}", 1 + chance.below(4))
}

/// Any message of a dialogue: what it tells need not fit, a fold takes it over.
fn said(kind: &str, operation: &str, chance: &mut Chance) -> Value {
    let code = kind.trim_start_matches("handover.").to_uppercase();
    let terms = json!({ "crossing_points": [{ "name": "COP-1", "point": [20.7, 46.2], "percent": 78 }], "expected": null, "transfer_at_m": 0.0,
        "takes_eyes": "RO-1", "units": ["HU-1"], "overlap_m": 10_000.0, "overlap_s": 900.0, "voice": "group 7" });
    let answered = json!(a_message(chance));
    let mut message = json!({ "schema": 1, "id": a_message(chance), "operation": operation, "code": code, "epoch": 1 + chance.below(3),
        "from": "arad", "to": "budapest", "by": chance.perhaps(person()), "at": chance.time(), "reply_to": chance.perhaps(answered),
        "number": 1 + chance.below(9), "rules": null, "profile": null, "retention": "operation", "delete_at": null });
    let more = match &*code {
        "PRO" => json!({ "terms": terms }),
        "ACP" => json!({ "accepts": "ab" }),
        "LRM" => json!({ "reason": "stale_epoch", "words": "no" }),
        _ => json!({}),
    };
    message
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let proposed = json!({ "message": a_message(chance), "digest": "ab", "by": "arad", "at": chance.time(), "terms": terms });
    let state = json!({ "partner": "arad", "giver": "budapest", "phase": chance.of_these(&["proposed", "agreed", "transferring"]), "since": chance.time(),
        "notified": chance.perhaps(terms), "agreed": null, "proposed": chance.perhaps(proposed), "changes": [], "counters": 0, "stand_by": null,
        "withdrawing": null, "requested": null, "offered": null, "unreceipted": [], "closed_by": [] });
    json!({ "operation": operation, "partner": "arad", "direction": chance.of_these(&["sent", "received"]), "message": message,
        "envelope": { "bytes": "{}", "signature": "", "key_id": "", "digest": "ab" }, "state": state })
}

/// Any position.
pub(crate) fn any_position(chance: &mut Chance) -> PositionWire {
    let unit = chance.unit();
    let position = json!({ "unit": unit, "fixed_at": chance.time(), "received_at": chance.time(), "lat": 46.2, "lon": 20.7, "accuracy_m": 5.0,
        "speed_mps": null, "course_deg": null, "altitude_m": null, "battery_pct": null, "states": "HU", "certainty": "inside", "frontier": null, "distance_m": null });
    serde_json::from_value(position).unwrap()
}
