//! What must hold after every restart, as plain functions; each is itself checked against planted faults.

use serde_json::Value;
use std::collections::BTreeMap;

/// One fix, as posted and as found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fix {
    pub(crate) unit: String,
    /// Milliseconds since 1970.
    pub(crate) fixed_at: i64,
    pub(crate) lat: f64,
    pub(crate) lon: f64,
}

impl Fix {
    fn name(&self) -> String {
        format!("{} at {}", self.unit, self.fixed_at)
    }
}

/// What is known of the fixes that a track should hold.
pub(crate) struct Expected<'a> {
    /// Answered as durable.
    pub(crate) acknowledged: &'a [Fix],
    /// Sent, and not answered: each batch is there as a whole, or not at all.
    pub(crate) unanswered: &'a [Vec<Fix>],
    /// Shown on a map.
    pub(crate) shown: &'a [Fix],
}

/// What is wrong with the fixes found.
pub(crate) fn track_faults(expected: &Expected<'_>, found: &[Fix]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut kept: BTreeMap<(&str, i64), &Fix> = BTreeMap::new();
    for fix in found {
        if kept.insert((&fix.unit, fix.fixed_at), fix).is_some() {
            faults.push(format!("{} is there twice", fix.name()));
        }
    }
    let is_there = |fix: &Fix| kept.contains_key(&(fix.unit.as_str(), fix.fixed_at));
    let promised = [
        ("acknowledged", expected.acknowledged),
        ("shown", expected.shown),
    ];
    for (promise, fixes) in promised {
        for fix in fixes {
            match kept.get(&(fix.unit.as_str(), fix.fixed_at)) {
                None => faults.push(format!("{} was {promise} and is gone", fix.name())),
                Some(kept) if *kept != fix => {
                    faults.push(format!("{} was {promise} and is another now", fix.name()));
                }
                Some(_) => {}
            }
        }
    }
    for batch in expected.unanswered {
        let there = batch.iter().filter(|fix| is_there(fix)).count();
        if there != 0 && there != batch.len() {
            let of = batch.len();
            faults.push(format!("only {there} of {of} fixes of one batch are there"));
        }
    }
    let posted: BTreeMap<(&str, i64), &Fix> = expected
        .acknowledged
        .iter()
        .chain(expected.unanswered.iter().flatten())
        .map(|fix| ((fix.unit.as_str(), fix.fixed_at), fix))
        .collect();
    for (key, fix) in &kept {
        if posted.get(key) != Some(fix) {
            faults.push(format!("{} was posted by nobody", fix.name()));
        }
    }
    faults
}

/// The events shown on a map, and how far it was told the record goes.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) seq: u64,
    pub(crate) events: BTreeMap<u64, Value>,
}

fn seq(event: &Value) -> u64 {
    event["seq"].as_u64().unwrap_or(0)
}

/// What is wrong with a ledger's events, of which all through `head` were read.
pub(crate) fn ledger_faults(shown: &Shown, events: &[Value], head: u64) -> Vec<String> {
    let mut faults = Vec::new();
    if head < shown.seq {
        faults.push(format!(
            "the record ends at {head} and {} was shown",
            shown.seq
        ));
    }
    for pair in events.windows(2) {
        if seq(&pair[0]) >= seq(&pair[1]) {
            faults.push(format!("{} follows {}", seq(&pair[1]), seq(&pair[0])));
        }
    }
    let kept: BTreeMap<u64, &Value> = events.iter().map(|event| (seq(event), event)).collect();
    for (number, event) in &shown.events {
        match kept.get(number) {
            None => faults.push(format!("event {number} was shown and is gone")),
            Some(kept) if *kept != event => {
                faults.push(format!(
                    "event {number} was shown as {event} and is {kept} now"
                ));
            }
            Some(_) => {}
        }
    }
    faults
}

/// The trace that an order leaves in the ledger: an event of this kind with this value at this place.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    pub(crate) kind: &'static str,
    pub(crate) pointer: &'static str,
    pub(crate) value: String,
}

/// What is wrong with the traces of orders: of an acknowledged one there is exactly one, of another at most one.
pub(crate) fn order_faults(orders: &[(Trace, bool)], events: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    for (trace, acknowledged) in orders {
        let count = events
            .iter()
            .filter(|event| event["kind"] == trace.kind)
            .filter(|event| event.pointer(trace.pointer) == Some(&trace.value.clone().into()))
            .count();
        let (kind, value) = (trace.kind, &trace.value);
        if *acknowledged && count == 0 {
            faults.push(format!("{kind} {value} was acknowledged and is gone"));
        }
        if count > 1 {
            faults.push(format!("{kind} {value} is there {count} times"));
        }
    }
    faults
}

mod tests {
    use super::*;
    use serde_json::json;

    fn fix(fixed_at: i64) -> Fix {
        Fix {
            unit: "HU-1".to_owned(),
            fixed_at,
            lat: 46.1,
            lon: 20.7,
        }
    }

    fn faults(acknowledged: &[Fix], unanswered: &[Vec<Fix>], found: &[Fix]) -> Vec<String> {
        let expected = Expected {
            acknowledged,
            unanswered,
            shown: &acknowledged[..1],
        };
        track_faults(&expected, found)
    }

    #[test]
    fn a_track_that_holds_what_was_promised_is_passed() {
        let (sent, waiting) = ([fix(1), fix(2)], [vec![fix(3), fix(4)]]);
        assert!(faults(&sent, &waiting, &[fix(1), fix(2)]).is_empty());
        assert!(faults(&sent, &waiting, &[fix(1), fix(2), fix(3), fix(4)]).is_empty());
    }

    #[test]
    fn a_lost_doubled_altered_torn_or_invented_fix_is_found() {
        let (sent, waiting) = ([fix(1), fix(2)], [vec![fix(3), fix(4)]]);
        let altered = Fix {
            lat: 46.2,
            ..fix(2)
        };
        let planted = [
            (vec![fix(1)], "HU-1 at 2 was acknowledged and is gone"),
            (vec![fix(2)], "HU-1 at 1 was shown and is gone"),
            (vec![fix(1), fix(2), fix(2)], "HU-1 at 2 is there twice"),
            (
                vec![fix(1), altered],
                "HU-1 at 2 was acknowledged and is another now",
            ),
            (
                vec![fix(1), fix(2), fix(3)],
                "only 1 of 2 fixes of one batch are there",
            ),
            (
                vec![fix(1), fix(2), fix(9)],
                "HU-1 at 9 was posted by nobody",
            ),
        ];
        for (found, fault) in planted {
            let told = faults(&sent, &waiting, &found);
            assert!(told.iter().any(|told| told == fault), "{told:?}");
        }
    }

    #[test]
    fn a_lost_altered_or_doubled_event_is_found() {
        let event = |seq: u64, kind: &str| json!({"seq": seq, "kind": kind});
        let shown = Shown {
            seq: 5,
            events: BTreeMap::from([(2, event(2, "a")), (4, event(4, "b"))]),
        };
        let whole = [event(2, "a"), event(4, "b")];
        assert!(ledger_faults(&shown, &whole, 5).is_empty());
        assert_eq!(ledger_faults(&shown, &whole, 4).len(), 1, "a short record");
        assert_eq!(ledger_faults(&shown, &whole[..1], 5).len(), 1, "a lost one");
        let altered = [event(2, "a"), event(4, "c")];
        assert_eq!(ledger_faults(&shown, &altered, 5).len(), 1, "another one");
        let doubled = [event(2, "a"), event(4, "b"), event(4, "b")];
        assert_eq!(ledger_faults(&shown, &doubled, 5).len(), 1, "one twice");
    }

    #[test]
    fn a_lost_or_doubled_order_is_found() {
        let order = |acknowledged| {
            let trace = Trace {
                kind: "operation.opened",
                pointer: "/operation",
                value: "OP-1".to_owned(),
            };
            [(trace, acknowledged)]
        };
        let event = json!({"seq": 1, "kind": "operation.opened", "operation": "OP-1"});
        let one = [event.clone()];
        assert!(order_faults(&order(true), &one).is_empty());
        assert!(order_faults(&order(false), &[]).is_empty());
        assert_eq!(order_faults(&order(true), &[]).len(), 1);
        let two = [event.clone(), event];
        assert_eq!(order_faults(&order(false), &two).len(), 1);
    }
}
